"""Spin and magnetic matrix elements of ``3P0 -> 3P1`` (Yb) and of ``5p5(2P3/2)6s``, ``J = 2 -> 1`` (Xe), on two routes.

In: quantum numbers ``S, L, J``. Out: exact matrices and rationals. Route one builds ``L`` and ``S`` as explicit
matrices on the product space and diagonalises ``J^2``; route two uses the 6j symbol of the Wigner-Eckart theorem.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import sympy as sp
from sympy.physics.wigner import wigner_6j

from derivations.atom.angular import spin_matrices
from derivations.steps.step import Derivation, Step

ZERO, ONE = Fraction(0), Fraction(1)
Vector = tuple[sp.ImmutableMatrix, sp.ImmutableMatrix, sp.ImmutableMatrix]


@cache
def coupled_operators(L: Fraction, S: Fraction) -> tuple[Vector, Vector]:
    """Return ``L`` and ``S`` as Cartesian matrices on the product space ``|L M_L> x |S M_S>``.

    Example
    -------
    >>> coupled_operators(Fraction(1), Fraction(1))[0][2].shape
    (9, 9)
    """
    orbital, spin = spin_matrices(L), spin_matrices(S)
    unit_l, unit_s = sp.eye(int(2 * L) + 1), sp.eye(int(2 * S) + 1)
    kron = sp.kronecker_product
    return (
        tuple(sp.ImmutableMatrix(kron(component, unit_s)) for component in orbital),
        tuple(sp.ImmutableMatrix(kron(unit_l, component)) for component in spin),
    )


@cache
def level_projector(L: Fraction, S: Fraction, J: Fraction) -> sp.ImmutableMatrix:
    """Return the projector on the level ``J`` of a term, as a polynomial in ``J^2``; no basis is chosen.

    Example
    -------
    >>> level_projector(Fraction(1), Fraction(1), Fraction(0)).trace()
    1
    """
    orbital, spin = coupled_operators(L, S)
    size = orbital[0].shape[0]
    square = sum(((a + b) ** 2 for a, b in zip(orbital, spin, strict=True)), sp.zeros(size, size))
    projector = sp.eye(size)
    levels = [abs(L - S) + n for n in range(int(L + S - abs(L - S)) + 1)]
    for other in levels:
        if other != J:
            gap = _rational(J * (J + 1) - other * (other + 1))
            projector *= (square - _rational(other * (other + 1)) * sp.eye(size)) / gap
    return sp.ImmutableMatrix(projector.applyfunc(sp.expand))


def magnetic_sum(L: Fraction, S: Fraction, J_e: Fraction, J_v: Fraction, *, g_L: int, g_S: int) -> sp.ImmutableMatrix:
    """Return ``sum_{M_e, M_v} <v|O_i|e><e|O_j|v> / (2 J_e + 1)`` for ``O = g_L L + g_S S``, a 3x3 matrix.

    ``g_L, g_S = 0, 1`` is the spin, ``0, 2`` the papers' spin-only M1 operator, ``1, 2`` the full one.

    Example
    -------
    >>> magnetic_sum(Fraction(1), Fraction(1), Fraction(0), Fraction(1), g_L=0, g_S=1)[0, 0]
    2/3
    """
    orbital, spin = coupled_operators(L, S)
    operator = [g_L * a + g_S * b for a, b in zip(orbital, spin, strict=True)]
    start, end = level_projector(L, S, J_e), level_projector(L, S, J_v)
    weight = _rational(2 * J_e + 1)
    return sp.ImmutableMatrix(
        3, 3, lambda i, j: sp.nsimplify(sp.expand((end * operator[i] * start * operator[j]).trace() / weight))
    )


def spin_strength(L: Fraction, S: Fraction, J_e: Fraction, J_v: Fraction) -> sp.Rational:
    """Return ``sum_k sum_{M_e, M_v} |<v|S_k|e>|^2 / (2 J_e + 1)`` from the 6j symbol; this is ``(2 J_v + 1) C_ev``.

    The Wigner-Eckart theorem with a spectator ``L`` gives
    ``(2J_v+1) S(S+1)(2S+1) {S J_v L; J_e S 1}^2``.

    Example
    -------
    >>> spin_strength(Fraction(1), Fraction(1), Fraction(0), Fraction(1))
    2
    """
    symbol = wigner_6j(*(_rational(x) for x in (S, J_v, L, J_e, S, ONE)))
    return _rational((2 * J_v + 1) * S * (S + 1) * (2 * S + 1)) * symbol**2


def spin_factor(L: Fraction = ONE, S: Fraction = ONE, J_e: Fraction = ZERO, J_v: Fraction = ONE) -> sp.Rational:
    """Return ``C_ev`` of two LS-coupled levels.

    It is defined by ``sum <v|S_i|e><e|S_j|v> / (2J_e+1) = (delta_ij/3) (2J_v+1) C_ev`` with ``S`` the total spin.
    The default is ``3P0 -> 3P1``, for which it is 2/3, the value the literature uses for Yb.

    Example
    -------
    >>> spin_factor()
    2/3
    """
    return spin_strength(L, S, J_e, J_v) / _rational(2 * J_v + 1)


def core_coupled_spin_factor(J_e: Fraction = Fraction(2), J_v: Fraction = ONE) -> sp.Rational:
    """Return ``C_ev`` between levels of ``5p5(2P_3/2) 6s``, where the core's ``J_c = 3/2`` couples to the s electron's spin.

    Within the core ``S_c = J_c/3`` (projection theorem), and ``J_c + s = J`` does not connect different levels, so the
    total spin acts as ``(1 - 1/3) s``. The definition is that of :func:`spin_factor`.

    Parameters
    ----------
    J_e, J_v : two different values out of 1 and 2.

    Raises
    ------
    ValueError : the two levels are equal or do not exist.

    Example
    -------
    >>> core_coupled_spin_factor()
    1/18
    """
    if {J_e, J_v} != {ONE, Fraction(2)}:
        raise ValueError(f"J_e, J_v = {J_e}, {J_v} is not allowed: they must be 1 and 2, in either order")
    core, half, orbital, spin = Fraction(3, 2), Fraction(1, 2), Fraction(1), Fraction(1, 2)
    numerator = core * (core + 1) + spin * (spin + 1) - orbital * (orbital + 1)
    projection = _rational(numerator / (2 * core * (core + 1)))
    return (1 - projection) ** 2 * spin_strength(core, half, J_e, J_v) / _rational(2 * J_v + 1)


def magnetic_moment_ratio() -> sp.Rational:
    """Return ``<3P1|L + 2S|3P0> / <3P1|2S|3P0>``, from explicit matrices.

    It is 1/2: ``L + 2S = J + S`` and ``<J> = 0`` between different levels.

    Example
    -------
    >>> magnetic_moment_ratio()
    1/2
    """
    orbital, spin = coupled_operators(ONE, ONE)
    start, end = level_projector(ONE, ONE, ZERO), level_projector(ONE, ONE, ONE)
    full = end * (orbital[2] + 2 * spin[2]) * start
    papers = end * (2 * spin[2]) * start
    ratios = {sp.nsimplify(a / b) for a, b in zip(full, papers, strict=True) if b != 0}
    if len(ratios) != 1 or any(a != 0 for a, b in zip(full, papers, strict=True) if b == 0):
        raise ArithmeticError("the full and the spin-only M1 operators are not proportional between 3P0 and 3P1")
    return ratios.pop()


def ls_coupling_derivation() -> Derivation:
    """Derive ``C_ev`` and the ratio of the full M1 operator to the spin-only one for LS-coupled ``3P0 -> 3P1``.

    Example
    -------
    >>> len(ls_coupling_derivation())
    5
    """
    spin = magnetic_sum(ONE, ONE, ZERO, ONE, g_L=0, g_S=1)
    full = magnetic_sum(ONE, ONE, ZERO, ONE, g_L=1, g_S=2)
    papers = magnetic_sum(ONE, ONE, ZERO, ONE, g_L=0, g_S=2)
    strength, factor, ratio = spin_strength(ONE, ONE, ZERO, ONE), spin_factor(), magnetic_moment_ratio()
    if spin != sp.eye(3) * strength / 3 or full != ratio**2 * papers:
        raise ArithmeticError("explicit matrices and Wigner-Eckart disagree for 3P0 -> 3P1")
    return Derivation("ls_coupling", "Spin matrix elements of 3P0 -> 3P1 in LS coupling").then(
        Step(
            "spin-sum",
            "The total spin between 3P0 and 3P1, summed over magnetic numbers, is isotropic; its trace is S(S+1) "
            "= 2, "
            "because a vector operator takes J = 0 to J = 1 alone and the spin stays within the term 3P.",
            (rf"\sum_{{M_v}} \langle v|S_i|e\rangle\langle e|S_j|v\rangle = {sp.latex(spin[0, 0])}\,\delta_{{ij}}",),
            (f"sum_Mv <v|S_i|e><e|S_j|v> = {spin[0, 0]} delta_ij",),
            "explicit matrices on the product space L = 1, S = 1, projected by polynomials in J^2; "
            "the 6j symbol gives the same number",
        ),
        Step(
            "C_ev",
            "C_ev is the trace of that sum divided by 2J_v+1, with the total spin S, not with sigma = 2S.",
            (
                r"\frac{1}{2J_e+1}\sum \langle v|S_i|e\rangle\langle e|S_j|v\rangle"
                r" = \frac{\delta_{ij}}{3}(2J_v+1)\,C_{ev}",
                rf"C_{{ev}}({{}}^3P_0\to{{}}^3P_1) = {sp.latex(factor)}, \quad (2J_v+1)\,C_{{ev}} = {strength}",
            ),
            (
                "(1/(2J_e+1)) sum <v|S_i|e><e|S_j|v> = (delta_ij/3) (2J_v+1) C_ev",
                f"C_ev(3P0 -> 3P1) = {factor},  (2J_v+1) C_ev = {strength}",
            ),
            "the definition of C_ev; without the 1/3 the same sum would give 2/9, with sigma in place of S it "
            "would give 8/3",
            "GP22 9, D13",
        ),
        Step(
            "sigma-is-twice-the-spin",
            "The axial current couples to the sum of sigma over the electrons, which is 2S: the squared pair step "
            "carries a "
            "factor 4 on top of (2J_v+1) C_ev / 3.",
            (
                r"\sum_{M_e M_v}\frac{\langle\sigma_k\rangle\langle\sigma_l\rangle^*}{2J_e+1}"
                r" = \frac{4}{3}(2J_v+1)\,C_{ev}\,\delta_{kl}",
            ),
            ("(1/(2J_e+1)) sum <sigma_k><sigma_l>* = (4/3) (2J_v+1) C_ev delta_kl",),
            "sigma = 2S; the amplitude A^k is defined as the coefficient of sigma^k, so Gamma_0 needs this 4 (derivation 'rate')",
        ),
        Step(
            "xenon",
            "For the J = 2 -> J = 1 step of xenon the same definition gives a smaller number in either coupling scheme.",
            (
                rf"C_{{ev}}({{}}^3P_2\to{{}}^3P_1) = {sp.latex(spin_factor(ONE, ONE, Fraction(2), ONE))}",
                rf"C_{{ev}}(5p^5({{}}^2P_{{3/2}})6s,\ 2\to1) = {sp.latex(core_coupled_spin_factor())}",
            ),
            (
                f"LS coupling, 3P2 -> 3P1: C_ev = {spin_factor(ONE, ONE, Fraction(2), ONE)}",
                f"5p5(2P3/2)6s 2[3/2], J = 2 -> 1: C_ev = {core_coupled_spin_factor()}",
            ),
            "the core's spin follows its J_c = 3/2 as J_c/3, so the spin between the two levels is 2/3 of the s electron's; "
            "the value 2/3 belongs to 3P0 -> 3P1",
        ),
        Step(
            "orbital-part-of-M1",
            "The magnetic M1 operator is L + 2S. Between 3P0 and 3P1 its matrix element is half that of 2S alone, "
            "so every magnetic M1 rate is a quarter of the spin-only one.",
            (
                r"L + 2S = J + S,\quad \langle {}^3P_1|J|{}^3P_0\rangle = 0",
                rf"\frac{{\langle L+2S\rangle}}{{\langle 2S\rangle}} = {sp.latex(ratio)}",
            ),
            ("L + 2S = J + S and <3P1|J|3P0> = 0", f"<L + 2S> / <2S> = {ratio}"),
            "J commutes with the atomic Hamiltonian, so it has no matrix element between states of different energy",
            "GP23b A.19 keeps 2S alone",
        ),
    )


def _rational(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)
