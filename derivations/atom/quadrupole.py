"""E2 beside the full M1 operator: where it is allowed, and how large it is for xenon.

In: the quadrupole and spin operators of the ``s p`` configuration as explicit matrices. Out: the selection rule, the ratio
of the angular parts, and the ratio of the amplitudes. E2 and ``mu_B (L + 2S)`` are of the same order of ``exp(-i q.x)``.
"""

from __future__ import annotations

from math import isqrt
from typing import Any

import sympy as sp

from derivations.atom.angular import projections
from derivations.atom.intermediate_coupling import TWO, level_state, one_electron_operators
from derivations.atom.ls_coupling import ONE
from derivations.atom.quantum_numbers import angular_momentum
from derivations.steps.step import Derivation, Step


def quadrupole_allowed(J_e: Any, J_v: Any) -> bool:
    """Return whether E2, an operator of rank 2 that keeps parity, connects the two levels of an M1 pair step.

    Its rank 0, ``(q.r)^2 -> q^2 r^2/3``, needs equal J as well and is counted with it.

    Example
    -------
    >>> quadrupole_allowed(0, 1), quadrupole_allowed(2, 1), quadrupole_allowed(0.5, 0.5)
    (False, True, True)
    """
    start, end = angular_momentum(J_e, "J_e"), angular_momentum(J_v, "J_v")
    if (start - end).denominator != 1:
        return False
    return start == end or abs(start - end) <= 2 <= start + end


def angular_ratio() -> sp.Expr:
    """Return the root mean square of ``<v|r_z r_x|e>/<r^2>`` over that of ``<v|S_y|e>`` for ``3P2 -> 3P1``.

    Within a p shell ``r_i r_j - r^2 delta_ij/3 = -(2/5) <r^2> [(l_i l_j + l_j l_i)/2 - (2/3) delta_ij]``; a hole has the opposite
    sign. Both operators see the triplet part of ``|v>`` alone, so the ratio does not depend on the mixing.

    Example
    -------
    >>> angular_ratio()
    3*sqrt(5)/25
    """
    orbital, p_spin, s_spin = one_electron_operators()
    quadrupole = sp.Rational(2, 5) * (orbital[2] * orbital[0] + orbital[0] * orbital[2]) / 2
    spin = p_spin[1] + s_spin[1]
    strengths = []
    for operator in (quadrupole, spin):
        elements = [
            (level_state(ONE, ONE, M_v).T * operator * level_state(ONE, TWO, M_e))[0]
            for M_e in projections(TWO)
            for M_v in projections(ONE)
        ]
        strengths.append(sp.expand(sum((x * sp.conjugate(x) for x in elements), sp.S.Zero)))
    return sp.sqrt(strengths[0] / strengths[1])


def shell_identity_holds() -> bool:
    """Check the equivalent operator of the p shell on Cartesian p functions: angular averages against matrices.

    Example
    -------
    >>> shell_identity_holds()
    True
    """
    # In the basis p_x, p_y, p_z: <p_a|n_i n_j|p_b> = 3 <n_a n_i n_j n_b> = (sum of pairings)/5, (l_k)_ab = -i eps_kab.
    delta = sp.KroneckerDelta
    l_cartesian = [sp.Matrix(3, 3, lambda a, b, k=k: -sp.I * sp.LeviCivita(k, a, b)) for k in range(3)]
    for i in range(3):
        for j in range(3):
            average = sp.Matrix(
                3,
                3,
                lambda a, b, i=i, j=j: (
                    (delta(a, i) * delta(j, b) + delta(a, j) * delta(i, b) + delta(a, b) * delta(i, j)) / sp.Integer(5)
                    - delta(a, b) * delta(i, j) / sp.Integer(3)
                ),
            )
            symmetric = (l_cartesian[i] * l_cartesian[j] + l_cartesian[j] * l_cartesian[i]) / 2
            if average != -sp.Rational(2, 5) * (symmetric - sp.Rational(2, 3) * delta(i, j) * sp.eye(3)):
                return False
    return True


def quadrupole_over_magnetic(pair_energy: Any, hartree: Any, radius_squared: Any) -> Any:
    """Return the E2 amplitude over the M1 amplitude of a vector current for ``3P2 -> 3P1``, root mean square.

    ``(q0 m_e <r_z r_x>)/<S_y> = (q0/E_h) (<r^2>/a_B^2)`` times :func:`angular_ratio`, with ``E_h = alpha^2 m_e``.

    Parameters
    ----------
    pair_energy : ``q^0 = E_eg - omega``, in the unit of ``hartree``.
    hartree : ``alpha^2 m_e``, 27.2 eV.
    radius_squared : ``<r^2>`` of the p shell in ``a_B^2``.

    Example
    -------
    >>> quadrupole_over_magnetic(sp.Rational(1, 5), 1, 5)
    3*sqrt(5)/25
    """
    return sp.sympify(pair_energy) / sp.sympify(hartree) * sp.sympify(radius_squared) * angular_ratio()


XE_PAIR_ENERGY = sp.Rational(83153, 2 * 10**4)
"""Half the excitation energy of xenon [eV], the least energy of the pair, from the exact decimal of the benchmark."""

HARTREE = sp.Rational(272114, 10**4)
"""``alpha^2 m_e`` [eV], to the digits that an estimate needs."""

XE_RADIUS_SQUARED = 5
"""``<r^2>`` of xenon's 5p shell [a_B^2], rounded: a size for the estimate, known second-hand from Hartree-Fock tables."""


def quadrupole_derivation() -> Derivation:
    """Derive where E2 stands beside the full M1 operator.

    Example
    -------
    >>> [step.name for step in quadrupole_derivation()][-1]
    'what-it-touches'
    """
    if not shell_identity_holds():
        raise ArithmeticError("the quadrupole of a p shell is not its equivalent operator")
    ratio = angular_ratio()
    squared = quadrupole_over_magnetic(XE_PAIR_ENERGY, HARTREE, XE_RADIUS_SQUARED) ** 2
    xenon = f"0.{isqrt(int(100 * squared))}"
    return Derivation("quadrupole", "E2 beside the full M1 operator").then(
        Step(
            "same-order",
            "The first order of exp(-i q.x) in the current has an antisymmetric part, M1 with L + 2S, and a symmetric one, E2.",
            (
                r"\text{M1}:\ -\frac{i}{2m_e}(\vec J\times\vec q)\cdot(\vec L+2\vec S),\qquad"
                r" \text{E2}:\ \tfrac12(\vec q\cdot\vec r)\,\vec r\cdot(q^0\vec J-\vec q\,J^0)",
            ),
            ("M1: -(i/2m_e) (J x q).(L + 2S);  E2: (1/2)(q.r) r.(q0 J - q J0)",),
            "derivation 'multipoles'; both are even under parity",
        ),
        Step(
            "selection",
            "E2 has the ranks 2 and 0: forbidden in 0 -> 1 (ytterbium), allowed in 2 -> 1 (xenon) and between any J >= 1.",
            (r"|J_e-J_v|\le2\le J_e+J_v",),
            (
                f"0 -> 1: {quadrupole_allowed(0, 1)}; 2 -> 1: {quadrupole_allowed(2, 1)}; 1 -> 1: {quadrupole_allowed(1, 1)}",
            ),
            "triangle rule of a tensor of rank 2; rank 0 needs equal J",
        ),
        Step(
            "size",
            "Against M1 the amplitude of E2 has one more power of the pair's energy over the Hartree energy, times <r^2> of "
            f"the p shell in Bohr radii squared, about {XE_RADIUS_SQUARED}: {xenon} for xenon at omega = E_eg/2.",
            (
                r"\frac{\text{E2}}{\text{M1}} = q^0m_e\frac{\langle r_zr_x\rangle}{\langle S_y\rangle}"
                rf" = \frac{{q^0}}{{\alpha^2m_e}}\frac{{\langle r^2\rangle}}{{a_B^2}}\,{sp.latex(ratio)}",
            ),
            (f"E2/M1 = (q0/(alpha^2 m_e)) (<r^2>/a_B^2) {ratio}, root mean square over M; xenon: {xenon}",),
            "<L + 2S> = <S> between different levels; the s electron has no quadrupole, the p hole has; both operators see "
            "the triplet part of |v> alone, so their ratio does not depend on the mixing",
        ),
        Step(
            "what-it-touches",
            "E2 comes with vector currents alone. It leaves the axial and tensor pair steps untouched, which dominate, and "
            "changes the amplitudes of electromagnetic form factors and g_V in xenon by a few tenths; it is stated, not included.",
            (r"\text{axial, tensor}: \sigma\ \text{at order 1};\qquad \text{vector}: \text{M1}+\text{E2}",),
            ("axial, tensor: sigma at order 1; vector: M1 + E2",),
            "with M1 alone the vector currents in xenon are known to the size of E2/M1; for ytterbium M1 is complete at this order",
        ),
    )
