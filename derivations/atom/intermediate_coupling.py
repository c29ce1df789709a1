"""Intermediate coupling of an ``s p`` configuration: levels, Lande factors, spin strength, from explicit matrices.

In: the exchange and spin-orbit parameters of ``6s6p`` (Yb) or ``5p5 6s`` (Xe, a hole: the spin-orbit parameter changes its
sign). Out: the 12 x 12 Hamiltonian, its 2 x 2 block of ``J = 1``, and ``C_ev`` as a function of the triplet weight. The three
rules of :mod:`derivations.atom.mixing` are checked against it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import sympy as sp

from derivations.atom.angular import projections, spin_matrices
from derivations.atom.ls_coupling import ONE, ZERO, core_coupled_spin_factor, spin_factor, spin_strength
from derivations.atom.mixing import (
    TRIPLET_SPIN_FACTORS,
    triplet_share_from_lande,
    triplet_share_from_levels,
    triplet_share_from_widths,
    unmixed_triplet,
)
from derivations.atom.prepared import coefficient
from derivations.steps.step import Derivation, Step

Vector = tuple[sp.ImmutableMatrix, sp.ImmutableMatrix, sp.ImmutableMatrix]
HALF, TWO = Fraction(1, 2), Fraction(2)


@cache
def one_electron_operators() -> tuple[Vector, Vector, Vector]:
    """Return ``l`` and ``s`` of the p electron (or hole) and ``s`` of the s electron on the 12 product states.

    Example
    -------
    >>> one_electron_operators()[0][2].shape
    (12, 12)
    """
    orbital, spin = spin_matrices(ONE), spin_matrices(HALF)
    three, two, kron = sp.eye(3), sp.eye(2), sp.kronecker_product
    return (
        tuple(sp.ImmutableMatrix(kron(x, two, two)) for x in orbital),
        tuple(sp.ImmutableMatrix(kron(three, x, two)) for x in spin),
        tuple(sp.ImmutableMatrix(kron(three, two, x)) for x in spin),
    )


def configuration_hamiltonian(centre: sp.Expr, exchange: sp.Expr, spin_orbit: sp.Expr) -> sp.ImmutableMatrix:
    """Return ``centre - exchange (1/2 + 2 s_p.s_s) + spin_orbit l.s_p``: singlets are ``2 exchange`` above triplets.

    Example
    -------
    >>> configuration_hamiltonian(sp.S.Zero, sp.S.One, sp.S.Zero).trace()
    -6
    """
    orbital, p_spin, s_spin = one_electron_operators()
    unit = sp.eye(12)
    spins = sum((a * b for a, b in zip(p_spin, s_spin, strict=True)), sp.zeros(12, 12))
    orbit = sum((a * b for a, b in zip(orbital, p_spin, strict=True)), sp.zeros(12, 12))
    return sp.ImmutableMatrix(centre * unit - exchange * (unit / 2 + 2 * spins) + spin_orbit * orbit)


@cache
def level_state(S: Fraction, J: Fraction, M: Fraction) -> sp.ImmutableMatrix:
    """Return ``|(l=1, S) J M>`` on the 12 product states.

    Example
    -------
    >>> (level_state(Fraction(1), Fraction(1), Fraction(1)).T * level_state(Fraction(0), Fraction(1), Fraction(1)))[0]
    0
    """
    entries = [
        _two_spins(a, b, S) * coefficient(ONE, m, int(S), int(a + b), J, M) if m + a + b == M else sp.S.Zero
        for m in projections(ONE)
        for a in projections(HALF)
        for b in projections(HALF)
    ]
    return sp.ImmutableMatrix(entries)


def level_block(centre: sp.Expr, exchange: sp.Expr, spin_orbit: sp.Expr) -> sp.ImmutableMatrix:
    """Return the Hamiltonian of ``J = 1`` in the basis ``3P1, 1P1``.

    Example
    -------
    >>> F, G, zeta = sp.symbols("F G zeta")
    >>> level_block(F, G, zeta)[0, 0]
    F - G - zeta/2
    """
    hamiltonian = configuration_hamiltonian(centre, exchange, spin_orbit)
    states = [level_state(S, ONE, ONE) for S in (ONE, ZERO)]
    return sp.ImmutableMatrix(2, 2, lambda i, j: sp.expand((states[i].T * hamiltonian * states[j])[0]))


def rules_hold() -> dict[str, bool]:
    """Check the three rules for the triplet share on the explicit matrices, and ``C_ev`` with them.

    Returns
    -------
    dict : ``levels``, ``lande``, ``widths``, ``LS coupling`` and ``C_ev``, each an identity in the mixing angle or the parameters.

    Example
    -------
    >>> all(rules_hold().values())
    True
    """
    F, G, zeta, theta, g_S = sp.symbols("F G zeta theta g_S", real=True)
    low, high, d = sp.symbols("E_1 E_2 d", positive=True)
    hamiltonian = configuration_hamiltonian(F, G, zeta)
    block = level_block(F, G, zeta)
    unmixed = [sp.expand((s.T * hamiltonian * s)[0]) for s in (level_state(ONE, J, J) for J in (ZERO, TWO))]
    share = sp.cos(theta) ** 2
    turned = share * low + sp.sin(theta) ** 2 * high
    # A block with the eigenvalues E_1, E_2 and the lower eigenvector (cos, sin) has this first diagonal element.
    from_levels = triplet_share_from_levels(turned, turned, low, high)
    lower = sp.cos(theta) * level_state(ONE, ONE, ONE) + sp.sin(theta) * level_state(ZERO, ONE, ONE)
    orbital, p_spin, s_spin = one_electron_operators()
    moment = orbital[2] + g_S * (p_spin[2] + s_spin[2])
    lande = (lower.T * moment * lower)[0]
    rates = (sp.sin(theta) ** 2 * d**2 * low**3, sp.cos(theta) ** 2 * d**2 * high**3)
    return {
        "levels": sp.expand(unmixed_triplet(unmixed[0], unmixed[1]) - block[0, 0]) == 0
        and sp.simplify(from_levels - share) == 0,
        "lande": sp.simplify(triplet_share_from_lande(lande, g_S) - share) == 0,
        "widths": sp.simplify(triplet_share_from_widths(rates, (low, high)) - share) == 0,
        "LS coupling": all(
            spin_factor(ONE, ONE, Fraction(J), ONE) == factor for J, factor in TRIPLET_SPIN_FACTORS.items()
        ),
        "C_ev": all(
            sp.simplify(mixed_strength(J_e, theta) - share * spin_strength(ONE, ONE, J_e, ONE)) == 0
            for J_e in (ZERO, TWO)
        ),
    }


def mixed_strength(J_e: Fraction, theta: sp.Expr) -> sp.Expr:
    """Return ``sum_k sum_{M_e, M_v} |<v|S_k|e>|^2 / (2 J_e + 1)`` for the lower mixed level, from explicit states.

    Example
    -------
    >>> mixed_strength(Fraction(0), sp.S.Zero)
    2
    """
    _, p_spin, s_spin = one_electron_operators()
    total = sp.S.Zero
    for M_e in projections(J_e):
        start = level_state(ONE, J_e, M_e)
        for M_v in projections(ONE):
            end = sp.cos(theta) * level_state(ONE, ONE, M_v) + sp.sin(theta) * level_state(ZERO, ONE, M_v)
            for a, b in zip(p_spin, s_spin, strict=True):
                element = (end.T * (a + b) * start)[0]
                total += element * sp.conjugate(element)
    return sp.simplify(total.subs(sp.conjugate(theta), theta) / int(2 * J_e + 1))


def mixed_spin_factor(J_e: Fraction | int, triplet_share: Fraction) -> Fraction:
    """Return ``C_ev`` of ``|e> = 3P_{J_e}`` and a ``J = 1`` level with a triplet share: the share times the LS value.

    Parameters
    ----------
    J_e : 0 (Yb) or 2 (Xe).
    triplet_share : weight of ``3P1`` in ``|v>``, from 0 to 1.

    Raises
    ------
    ValueError : ``J_e`` is neither 0 nor 2, or the share is outside 0 to 1.

    Example
    -------
    >>> mixed_spin_factor(2, Fraction(1, 3))
    Fraction(1, 18)
    """
    if J_e not in TRIPLET_SPIN_FACTORS:
        raise ValueError(
            f"J_e = {J_e} is not allowed: it must be 0 or 2, the metastable levels of an s p configuration"
        )
    if not 0 <= triplet_share <= 1:
        raise ValueError(f"triplet_share = {triplet_share} is not allowed: a weight is from 0 to 1")
    return triplet_share * TRIPLET_SPIN_FACTORS[int(J_e)]


def intermediate_coupling_derivation() -> Derivation:
    """Derive the triplet share of ``|v>`` from three kinds of data, and ``C_ev`` from it.

    Example
    -------
    >>> [step.name for step in intermediate_coupling_derivation()][-1]
    'limits'
    """
    F, G, zeta = sp.symbols("F G zeta", real=True)
    if not all(rules_hold().values()):
        raise ArithmeticError("a rule for the triplet share fails on the explicit matrices")
    block = level_block(F, G, zeta)
    limit = _share_without_exchange()
    if mixed_spin_factor(2, limit) != Fraction(str(core_coupled_spin_factor())):
        raise ArithmeticError("the limit of a large spin-orbit parameter is not core coupling")
    yb, xe = spin_factor(ONE, ONE, ZERO, ONE), spin_factor(ONE, ONE, TWO, ONE)
    return Derivation("intermediate_coupling", "Intermediate coupling: the triplet share of |v> and C_ev").then(
        Step(
            "configuration",
            "An s and a p electron, or an s electron and a p hole, have four levels: 3P2, 3P0 and two of J = 1, which spin-orbit "
            "coupling mixes. 3P0 and 3P2 have no partner, so |e> is pure.",
            (
                r"H = F - G\,(\tfrac12+2\,\vec s_p\cdot\vec s_s) + \zeta\,\vec l\cdot\vec s_p",
                rf"H_{{J=1}} = {sp.latex(block)}",
            ),
            ("H = F - G (1/2 + 2 s_p.s_s) + zeta l.s_p", f"J = 1, basis 3P1, 1P1: {block.tolist()}"),
            "explicit matrices on the 12 product states; for a hole zeta changes its sign",
        ),
        Step(
            "from-level-energies",
            "3P0 and 3P2 fix where 3P1 would be without mixing; its distance from the upper level over the distance of the two "
            "levels is its weight in the lower one.",
            (r"E({}^3P_1) = \tfrac13(2E_0+E_2),\quad p = \frac{E_{up}-E({}^3P_1)}{E_{up}-E_{low}}",),
            ("E(3P1) = (2 E_0 + E_2)/3, p = (E_up - E(3P1))/(E_up - E_low)",),
            "the trace and the first diagonal element of the block; an identity in F, G and zeta",
        ),
        Step(
            "from-the-Lande-factor",
            "L + g_S S has no matrix element between singlet and triplet, so the Lande factor is the weighted mean.",
            (r"g_J = 1 + p\,\frac{g_S-1}{2}",),
            ("g_J = 1 + p (g_S - 1)/2",),
            "explicit states; g_S = 2.0023",
        ),
        Step(
            "from-the-widths",
            "The dipole does not touch the spin and 1S0 is a singlet, so the squared dipoles are as the singlet weights.",
            (r"\frac{1-p}{p} = \frac{\gamma_{low}/E_{low}^3}{\gamma_{up}/E_{up}^3}",),
            ("(1 - p)/p = (gamma_low/E_low^3)/(gamma_up/E_up^3)",),
            "one radial function for both levels; both decay to the ground state alone",
        ),
        Step(
            "C_ev",
            "The spin reaches the triplet alone: C_ev is the triplet share times its value in LS coupling.",
            (
                rf"C_{{ev}} = \tfrac{{{yb.p}}}{{{yb.q}}}\,p\ (J_e=0),\qquad C_{{ev}} = \tfrac{{{xe.p}}}{{{xe.q}}}\,p\ (J_e=2)",
            ),
            (f"C_ev = {yb} p for J_e = 0, C_ev = {xe} p for J_e = 2",),
            "explicit sum over all magnetic numbers with the mixed level; it equals the share times the 6j value",
            "S16, GP22, GP23b: 2/3 for both",
        ),
        Step(
            "limits",
            f"Without spin-orbit coupling p = 1. Without exchange the lower level of a p hole has p = {limit}, core coupling: "
            f"C_ev = {core_coupled_spin_factor()} for xenon.",
            (rf"p \to 1\ (\zeta\to0),\qquad p\to{sp.latex(sp.Rational(str(limit)))}\ (G\to0,\ \text{{hole}})",),
            (f"p -> 1 for zeta -> 0, p -> {limit} for G -> 0 (hole)",),
            "the eigenvectors of the block; both agree with the derivation 'ls_coupling'",
        ),
    )


def _two_spins(a: Fraction, b: Fraction, S: Fraction) -> sp.Expr:
    """Return ``<1/2 a; 1/2 b|S a+b>``."""
    sign = 1 if a > b else -1
    if S == ONE:
        return sp.S.One if a == b else 1 / sp.sqrt(2)
    return sp.S.Zero if a == b else sign / sp.sqrt(2)


def _share_without_exchange() -> Fraction:
    """Return the triplet share of the lower level of a p hole at ``G = 0``."""
    block = level_block(sp.S.Zero, sp.S.Zero, sp.Integer(-2))
    _, _, vectors = min(block.eigenvects(), key=lambda found: found[0])
    vector = vectors[0]
    share = sp.nsimplify(vector[0] ** 2 / (vector[0] ** 2 + vector[1] ** 2))
    return Fraction(int(share.p), int(share.q))
