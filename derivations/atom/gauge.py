"""Length and velocity gauge of the photon step: equal for a complete sum over both orderings, not for one state.

In: the second-order amplitude with both orderings. Out: the theorem that the difference of the gauges is
``<g|[r, sigma]|e>/omega = 0``, on two routes, and its corollaries: closure, and the ratio that one state leaves.

In length gauge the photon couples by ``r omega``, in velocity gauge by ``v = i [H, r]``. With the common factor omega
dropped, a matrix element ``<a|r|b>`` becomes ``<a|r|b> (E_b - E_a)/omega``.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivations.atom.intermediate import two_state_amplitudes
from derivations.steps.step import Derivation, Step


def gauge_difference(states: int) -> sp.Expr:
    """Return velocity minus length gauge, minus ``<g|[r, sigma]|e>/omega``, for any ``states`` intermediate states.

    Both orderings are summed: pair first with the denominators ``E_vg - omega``, photon first with ``E_ve + omega``. All
    energies and matrix elements are free symbols; the result is identically zero.

    Parameters
    ----------
    states : number of intermediate states.

    Example
    -------
    >>> gauge_difference(2)
    0
    """
    omega, E_g, E_e = sp.symbols("omega E_g E_e", real=True)
    difference, commutator = sp.S.Zero, sp.S.Zero
    for n in range(states):
        E_v = sp.Symbol(f"E_{n}", real=True)
        r_gv, sigma_ve, sigma_gv, r_ve = sp.symbols(f"r_g{n} sigma_{n}e sigma_g{n} r_{n}e")
        pair_first = r_gv * sigma_ve / (E_v - E_g - omega)
        photon_first = sigma_gv * r_ve / (E_v - E_e + omega)
        difference += pair_first * ((E_v - E_g) / omega - 1) + photon_first * ((E_e - E_v) / omega - 1)
        commutator += r_gv * sigma_ve - sigma_gv * r_ve
    return sp.cancel(sp.together(difference - commutator / omega))


def resolvent_difference() -> sp.Expr:
    """Return velocity minus length gauge for a triplet and a singlet that mix, without diagonalising; it is zero.

    ``|g>`` is a singlet: the photon reaches the singlet row of the ``J = 1`` block, the pair the triplet column, and the
    velocity is ``r (H - E_g)``. No eigenstate is needed, the resolvent sums over all of them.

    Example
    -------
    >>> resolvent_difference()
    0
    """
    a, b, x, omega = sp.symbols("a b x omega", real=True)
    block = sp.Matrix([[a, x], [x, b]])
    photon, pair = sp.Matrix([[0, 1]]), sp.Matrix([1, 0])
    resolvent = (block - omega * sp.eye(2)).inv()
    length, velocity = photon * resolvent * pair, photon * block * resolvent * pair / omega
    return sp.simplify((velocity - length)[0])


def single_state_gauge_ratio(E_vg: Any, omega: Any) -> Any:
    """Return the rate of one state in velocity gauge over that in length gauge, ``(E_vg/omega)^2``.

    Example
    -------
    >>> single_state_gauge_ratio(3, 2)
    9/4
    """
    return (sp.sympify(E_vg) / sp.sympify(omega)) ** 2


def gauge_derivation() -> Derivation:
    """Derive the gauge theorem of the photon step and the closure of the amplitudes.

    Example
    -------
    >>> [step.name for step in gauge_derivation()]
    ['two-gauges', 'theorem', 'closure', 'single-state']
    """
    if any(gauge_difference(number) != 0 for number in (1, 2, 3)) or resolvent_difference() != 0:
        raise ArithmeticError("the two gauges of the photon step differ")
    amplitudes = two_state_amplitudes(sp.Symbol("theta", real=True)).amplitudes
    if sp.simplify(sum(amplitudes)) != 0:
        raise ArithmeticError("the amplitudes of the two levels do not close")
    return Derivation("gauge", "Length and velocity gauge of the photon step").then(
        Step(
            "two-gauges",
            "The photon couples by r.E or by v.A with v = i [H, r]. Between eigenstates the two differ by the atomic energy "
            "over the photon's, and away from the line that is not one.",
            (
                r"\langle a|\vec v|b\rangle = i(E_a-E_b)\langle a|\vec r|b\rangle,\qquad \vec E = i\omega\vec A",
                r"\frac{\text{velocity}}{\text{length}}:\ \frac{E_v-E_g}{\omega}\ (\text{pair first}),\quad"
                r" \frac{E_e-E_v}{\omega}\ (\text{photon first})",
            ),
            (
                "<a|v|b> = i (E_a - E_b) <a|r|b>, E = i omega A",
                "velocity over length: E_vg/omega if the pair goes first, E_ev/omega if the photon goes first",
            ),
            "v is the velocity of the full Hamiltonian, spin-orbit coupling included",
        ),
        Step(
            "theorem",
            "Summed over all states and both orderings the gauges differ by a commutator, and r commutes with the spin.",
            (
                r"\mathcal A_v-\mathcal A_l = \frac1\omega\sum_v\big[\langle g|r|v\rangle\langle v|\sigma|e\rangle"
                r" - \langle g|\sigma|v\rangle\langle v|r|e\rangle\big] = \frac1\omega\langle g|[\vec r,\sigma]|e\rangle = 0",
            ),
            ("A_velocity - A_length = <g|[r, sigma]|e>/omega = 0",),
            "each denominator cancels against the difference of its numerator; free symbols for every energy and element, and "
            "the resolvent of a mixed pair of levels",
        ),
        Step(
            "closure",
            "For a pure singlet |g> the total spin annihilates |g>, photon-first vanishes, and the theorem becomes the closure of "
            "the amplitudes; of two levels the second has the opposite amplitude.",
            (r"S|g\rangle = 0:\quad \sum_v c_v = \langle g|\vec r\,\vec S|e\rangle = 0,\qquad c_1 = -c_2",),
            ("S|g> = 0: sum_v c_v = <g|r S|e> = 0; for 3P1 and 1P1: c_1 = -c_2",),
            "c_v = <g|r|v><v|S|e>; holds for any number of levels and for any mixing",
        ),
        Step(
            "single-state",
            "One state alone violates the closure: its rate depends on the gauge.",
            (r"\frac{\Gamma_v}{\Gamma_l}\Big|_{\text{one state}} = \Big(\frac{E_{vg}}{\omega}\Big)^2",),
            ("rate in velocity gauge over length gauge, one state: (E_vg/omega)^2",),
            "about 4 for ytterbium and xenon near omega = E_eg/2, where E_vg is close to E_eg",
            "GP22, GP23b use one state in length gauge",
        ),
    )
