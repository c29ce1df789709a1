"""Prepared states, step by step: what a coherent target emits, how it is prepared, what the beam's axis forbids.

In: the chains of ytterbium and xenon. Out: a named derivation; every number in it is computed here, on two routes.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import sympy as sp

from derivations.atom.excitation import (
    coherence_by_matrices,
    pair_projections,
    ranks_of_identical_photons,
    two_photon_coherence,
)
from derivations.atom.prepared import (
    amplitude_by_matrices,
    coherence_bound,
    preparation_strength,
    prepared_amplitude,
    prepared_tensor,
    unit_preparations,
)
from derivations.atom.tensor import incoherent_tensor
from derivations.steps.step import Derivation, Step

XENON, YTTERBIUM = (2, 1, 0), (0, 1, 0)
LINEAR, LEFT, RIGHT = (1, 0, 0), (1, sp.I, 0), (1, -sp.I, 0)
"""Light along x and the two circular polarisations."""


def longitudinal_amplitudes(J_e: Any, J_v: Any, J_g: Any, *, multipoles: tuple[str, str]) -> set[sp.Expr]:
    """Return every ``B_z`` that two photons along the beam can prepare; ``{0}``, whatever the angular momenta.

    The four pairs of circular polarisations span all others, for both directions of each photon and both circular
    polarisations of the emitted one.

    Example
    -------
    >>> longitudinal_amplitudes(2, 1, 0, multipoles=("E1", "M1"))
    {0}
    """
    found = set()
    for first, second in ((a, b) for a in (LEFT, RIGHT) for b in (LEFT, RIGHT)):
        for directions in ((1, -1), (1, 1)):
            for rank in range(int(abs(J_e - J_g)), int(J_e + J_g) + 1):
                try:
                    rho = two_photon_coherence(J_e, J_g, first, second, multipoles, directions, rank=rank)
                except ValueError:
                    continue
                found |= {prepared_amplitude(J_e, J_v, J_g, emitted, rho)[2] for emitted in (LEFT, RIGHT)}
    return found


def standard_preparation(J_e: Any, J_g: Any) -> sp.ImmutableMatrix:
    """Return the coherence of the plainest preparation: two photons of one frequency against each other along the beam.

    They act by E1 and M1 and have opposite circular sense about the axis, so that they bring neither momentum nor
    ``J_z``. For ``J_e`` even and ``J_g = 0`` it is ``M_e = 0``: the same light prepares ytterbium and xenon.

    Raises
    ------
    TypeError, ValueError : as :func:`derivations.atom.two_photon_coherence`.

    Example
    -------
    >>> standard_preparation(2, 0).T, abs(standard_preparation(0, 0)[0])
    (Matrix([[0, 0, I, 0, 0]]), 1)
    """
    return two_photon_coherence(J_e, J_g, LEFT, RIGHT, ("E1", "M1"), exchange=True)


def coherence_along(axis: Iterable[Any]) -> sp.ImmutableMatrix:
    """Return the coherence of ``J = 2`` over ``J = 0`` with ``M = 0`` about an axis in the x-z plane.

    Two counter-propagating E1 and M1 photons along the axis drive it, with circular polarisations whose projections on
    the axis cancel; their momenta cancel too, so that no phase is imprinted.

    Example
    -------
    >>> coherence_along((0, 0, 1)).T
    Matrix([[0, 0, I, 0, 0]])
    """
    x, _, z = (sp.sympify(component) for component in axis)
    length = sp.sqrt(x**2 + z**2)
    n = (x / length, sp.S.Zero, z / length)
    across = (n[2], sp.S.Zero, -n[0])
    first, second = ((across[0], sign * sp.I, across[2]) for sign in (1, -1))
    opposite = tuple(-component for component in n)
    return two_photon_coherence(2, 0, first, second, ("E1", "M1"), (n, opposite), exchange=True)


def longitudinal_angle() -> sp.Expr:
    """Return ``cos^2`` of the angle between the exciting axis and the beam at which xenon's T is purely along ``q``.

    With ``rho ~ n n - 1/3`` the amplitude is ``B = n (n.eps*) - eps*/3``. Its part across ``q`` vanishes at this angle for
    light polarised in the plane of the two axes.

    Example
    -------
    >>> longitudinal_angle()
    2/3
    """
    sine, cosine = sp.symbols("sine cosine", positive=True)
    n, epsilon = sp.Matrix([sine, 0, cosine]), sp.Matrix([1, 0, 0])
    amplitude = (n * n.T - sp.eye(3) / 3) * epsilon
    (root,) = sp.solve(amplitude[0], sine)
    return sp.expand(1 - root**2)


def hyperfine_ratio(splitting: Any, defect: Any) -> Any:
    """Return how much of the amplitude the nuclear spin can change: hyperfine splitting over an energy denominator.

    ``sum_F |F><F|`` with one denominator is the unit operator on the nuclear spin, so the nucleus is a spectator; the
    denominators of two ``F`` differ by the splitting. The same ratio with ``E_ve = E_v - E_e`` as the defect is the
    admixture of ``|v>`` that the hyperfine interaction brings into ``|e>``.

    Example
    -------
    >>> hyperfine_ratio(Fraction(1, 40000), Fraction(5, 4))
    Fraction(1, 50000)
    """
    return abs(splitting / defect)


def prepared_states_derivation() -> Derivation:
    """Derive the tensor of prepared targets and what the beam's axis forbids.

    Example
    -------
    >>> [step.name for step in prepared_states_derivation()][0]
    'coherent-sum'
    """
    return Derivation("prepared_states", "Prepared states: the tensor of a coherent target").then(
        *_amplitude_steps(), *_preparation_steps(), *_axis_steps()
    )


def _agree(first: sp.ImmutableMatrix, second: sp.ImmutableMatrix) -> bool:
    """Return whether two vectors or matrices are equal up to a phase."""
    overlap = sp.simplify((first.H * second).trace())
    norms = [sp.simplify((matrix.H * matrix).trace()) for matrix in (first, second)]
    return bool(sp.simplify(overlap * sp.conjugate(overlap) - norms[0] * norms[1]) == 0)


def _amplitude_steps() -> tuple[Step, ...]:
    samples = [
        (XENON, LEFT, [[1], [2], [sp.I], [0], [-1]]),
        ((Fraction(3, 2), Fraction(1, 2), Fraction(1, 2)), LINEAR, [[1, 2], [sp.I, 0], [0, 1], [3, -1]]),
    ]
    for chain, polarisation, rho in samples:
        routes = [route(*chain, polarisation, rho) for route in (prepared_amplitude, amplitude_by_matrices)]
        if not _agree(*routes):
            raise ArithmeticError("the two routes to B disagree")
    total = sp.zeros(3, 3)
    for unit in unit_preparations(2, 0):
        strength = preparation_strength(*XENON, LINEAR, unit)
        if strength != 0:
            total += strength * sp.Matrix(prepared_tensor(*XENON, LINEAR, unit)) / 5
    if total != sp.Matrix(incoherent_tensor(*XENON, LINEAR)):
        raise ArithmeticError("the complete set of preparations does not give the incoherent tensor")
    bound = coherence_bound()
    dyad = prepared_tensor(*YTTERBIUM, LEFT, [[1]])
    return (
        Step(
            "coherent-sum",
            "A target whose rate grows with the square of the density has a coherence rho between |e> and |g> in every "
            "atom. The atoms add in the amplitude, and so do the magnetic numbers that the coherence joins.",
            (
                r"B_l = \sum_{M_eM_vM_g}\rho_{M_eM_g}\langle gM_g|\vec\epsilon^*\!\cdot\vec d|vM_v\rangle"
                r"\langle vM_v|\sigma_l|eM_e\rangle",
            ),
            ("B_l = sum rho_{M_e M_g} <g M_g|eps*.d|v M_v><v M_v|sigma_l|e M_e>",),
            "the expectation value of the operator that takes |e> to |g>; a mixture of the M_e has rho = 0 and emits as n_a",
        ),
        Step(
            "rank-one",
            "The tensor of every prepared target has rank one; the papers' average has rank three, so no preparation gives it.",
            (r"T_{kl} = \frac{B_kB_l^*}{\sum|B|^2}", rf"0\to1\to0:\quad T = \epsilon^*\epsilon^T = {sp.latex(dyad)}"),
            ("T_kl = B_k B_l* / sum |B|^2", f"0 -> 1 -> 0, circular light: T = eps* eps^T = {dyad.tolist()}"),
            "one amplitude squared; checked with Clebsch-Gordan sums and with matrices from commutators, half-integer J included",
            "GP22 9, GP23b 3.21 have delta_kl/3",
        ),
        Step(
            "strength",
            "How much a preparation emits is a factor of the rate: sum |B|^2 over that of unpolarised atoms, from 0 to "
            "2 J_e + 1.",
            (
                r"S = \frac{\sum_l|B_l|^2}{\overline{\sum_l|B_l|^2}},\qquad \Gamma \propto |\rho_{eg}|^2\,S\,T_{kl}A^kA^{l*}",
            ),
            ("S = sum |B|^2 / average, rate ~ |rho_eg|^2 S T_kl A^k A^l*; S = 1 for J_e = J_g = 0",),
            "C_ev and the width of |v> hold the average over M_e; Cauchy-Schwarz bounds each |B_l|^2 by its sum over all pairs",
        ),
        Step(
            "complete-set",
            "Summed over a complete set of preparations, one for each (M_e, M_g), the prepared tensors give the incoherent one.",
            (r"\frac{1}{2J_e+1}\sum_\rho S_\rho\,T^\rho_{kl} = T^{\text{incoherent}}_{kl}",),
            ("sum_rho S_rho T^rho / (2J_e+1) = T incoherent", "xenon, linear light: diag(2/5, 3/10, 3/10)"),
            "the sum over pairs moves out of the square; that tensor belongs to a target without n_a^2",
        ),
        Step(
            "bound",
            f"The coherence of two levels is at most {bound}, so the rate of n_a atoms is at most a quarter of n_a^2.",
            (
                r"\sum|\rho_{M_eM_g}|^2 \le \sum\rho_{M_eM_e}\rho_{M_gM_g} \le p(1-p) \le \tfrac14",
                rf"|\rho_{{eg}}| \le {sp.latex(bound)}",
            ),
            (f"sum |rho_{{M_e M_g}}|^2 <= p (1 - p) <= 1/4, |rho_eg| <= {bound}",),
            "a density matrix is positive; the collective spin says the same, <S+ S-> <= (N/2)(N/2 + 1)",
        ),
    )


def _preparation_steps() -> tuple[Step, ...]:
    rows = []
    for kinds in (("E1", "M1"), ("E1", "E2")):
        for name, pair in (("opposite", (LEFT, RIGHT)), ("equal", (LEFT, LEFT))):
            rho = two_photon_coherence(2, 0, *pair, kinds)
            if not _agree(rho, coherence_by_matrices(2, 0, *pair, kinds)):
                raise ArithmeticError("the two routes to the two-photon coherence disagree")
            rows.append((kinds, name, rho))
        try:
            two_photon_coherence(2, 0, LEFT, LEFT, kinds, exchange=True)
        except ValueError:
            continue
        raise ArithmeticError("two photons of one frequency and one sense drive an odd transition")
    three = ", ".join(str(rank) for rank in sorted(ranks_of_identical_photons(3)))
    return (
        Step(
            "two-photon-operator",
            "Two exciting photons act through a tensor of the rank that J_e and J_g allow: 0 for ytterbium, 2 for xenon. E1 "
            "brings its polarisation, M1 the magnetic field k x e, E2 the symmetric traceless part of k e.",
            (
                r"\rho_{M_eM_g}\propto\sum_Q(-1)^Q F^{K}_{-Q}\,\langle J_gM_g;KQ|J_eM_e\rangle,\quad"
                r" F^K = \{P_1\otimes P_2\}^K",
                r"\text{Yb, E1 M1}:\ F^0\propto\vec e_1\cdot(\vec k_2\times\vec e_2)",
                r"\text{Xe, E1 M1}:\ F^2_{ij}\propto e_{1\{i}(\vec k_2\times\vec e_2)_{j\}}",
            ),
            (
                "rho_{M_e M_g} ~ sum_Q (-1)^Q F^K_{-Q} <J_g M_g; K Q|J_e M_e>, F^K = {P_1 x P_2}^K",
                "Yb, E1 M1: F^0 ~ e1.(k2 x e2); Xe, E1 M1: the symmetric traceless part of e1 (k2 x e2)",
                *(f"Xe, {' '.join(kinds)}, circular, {name} sense: rho = {list(rho)}" for kinds, name, rho in rows),
            ),
            "Wigner-Eckart; the same by Cartesian tensors contracted with products of vector operators",
        ),
        Step(
            "parity",
            "Both atoms of the papers have an odd |e> and an even |g>: two E1 photons cannot prepare them, E1 with M1 or E2 "
            "can. E1 with E2 couples to the ranks 1 to 3, so for ytterbium only E1 M1 is left.",
            (r"\pi_e\pi_g = \pi_1\pi_2,\quad \pi_{E1}=-1,\ \pi_{M1}=\pi_{E2}=+1",),
            ("parity_e parity_g = parity_1 parity_2 with E1: -1, M1 and E2: +1",),
            "an M1 pair step and an E1 photon step need |e> and |g> of opposite parity",
        ),
        Step(
            "one-frequency",
            "Two counter-propagating photons of one frequency that turn the same way about the axis drive no odd transition; "
            f"three equal E1 photons have the ranks {three} alone, so neither atom follows them.",
            (r"P\,|k\epsilon;-k\epsilon\rangle = +|k\epsilon;-k\epsilon\rangle",),
            (
                "E1 M1 or E1 E2 plus the same with the photons exchanged: zero for equal circular polarisations",
                f"three equal vectors: ranks {three}",
            ),
            "parity turns the pair of photons into itself; three different E1 photons can prepare xenon, with odd M_e along "
            "the beam",
        ),
    )


def _axis_steps() -> tuple[Step, ...]:
    zero = {0}
    if any(
        longitudinal_amplitudes(*XENON, multipoles=kinds) != zero for kinds in (("E1", "M1"), ("E1", "E2"))
    ) or pair_projections(2) != {1, -1}:
        raise ArithmeticError("light along the beam leaves a longitudinal amplitude")
    cosine_squared = longitudinal_angle()
    axis = (sp.sqrt(1 - cosine_squared), 0, sp.sqrt(cosine_squared))
    tilted = coherence_along(axis)
    opened, along = prepared_tensor(*XENON, LINEAR, tilted), coherence_along((0, 0, 1))
    if opened != sp.diag(0, 0, 1):
        raise ArithmeticError("the tilted preparation is not purely longitudinal")
    crossed = [[0], [1], [0], [-1], [0]]
    strengths = {
        name: preparation_strength(*XENON, LINEAR, rho)
        for name, rho in (("M = 0 along the beam", along), ("tilted axis", tilted), ("M = +-1", crossed))
    }
    return (
        Step(
            "along-the-beam",
            "With all light along one axis J_z is conserved: two exciting photons bring 0 or +-2, the emitted one takes +-1, "
            "so the pair takes +-1. The part of the pair's current along q has the projection 0: T_zz = 0 for every atom.",
            (r"q = m_1 + m_2 - m_\gamma \in \{\pm1\}\ \Rightarrow\ B_z = 0,\ T_{zz} = 0",),
            ("q = m_1 + m_2 - m_gamma = +-1, so B_z = 0 and T_zz = 0 for all J_e, J_v, J_g",),
            "a photon along the axis has the helicity +-1 whatever its multipole; J_e = J_g = 0 is no exception but the rule",
        ),
        Step(
            "scalar-mediators",
            "A spin-0 mediator couples to q.sigma alone, so it gives no rate in xenon either, with two exciting beams along "
            "the trigger; the T_zz = 3/10 of the incoherent tensor belongs to a target without n_a^2.",
            (r"\vec q\cdot\vec\sigma \to |\vec q|\,\sigma_z:\quad \Gamma\propto|B_z|^2 = 0",),
            ("q.sigma -> |q| sigma_z, rate ~ |B_z|^2 = 0",),
            "the electron operators of a scalar, a pseudoscalar and the q q/M^2 part of a vector are along q",
            "GP22 28-29 and Figs. 3, 4",
        ),
        Step(
            "opening-the-longitudinal-part",
            "An odd number of exciting photons, a given M_e = +-1, or exciting beams at an angle to the trigger open T_zz. At "
            f"cos^2 = {cosine_squared} xenon's T is purely along q; for J_e = 0 nothing opens it.",
            (
                r"\rho\propto nn-\tfrac13:\quad B = n\,(n\cdot\epsilon^*)-\tfrac13\epsilon^*",
                rf"\cos^2\theta = {sp.latex(cosine_squared)}:\quad T = {sp.latex(opened)}",
            ),
            (
                "rho ~ n n - 1/3: B = n (n.eps*) - eps*/3",
                f"cos^2 = {cosine_squared}: T = {opened.tolist()}",
                *(f"strength, {name}: {value}" for name, value in strengths.items()),
            ),
            "two counter-propagating photons along n with total projection 0; their momenta cancel, so the phase matching "
            "stays that of K = 0. Near threshold the part along q is larger by (q^0)^2/s",
        ),
        Step(
            "nuclear-spin",
            "In odd isotopes the nuclear spin is a spectator up to the hyperfine splitting over the energy denominator, a few "
            "10^-5; through the admixture of |v> in |e> it opens T_zz at the square of splitting over E_v - E_e.",
            (
                r"\sum_F\frac{|F\rangle\langle F|}{E_F-\omega} = \frac{1}{E_v-\omega}\Big[1+O\Big(\tfrac{\delta}{E_v-\omega}\Big)\Big]",
            ),
            ("sum_F |F><F|/(E_F - omega) = [1 + O(delta/(E_vg - omega))]/(E_vg - omega)",),
            "the projectors on F add to the unit operator of the nuclear spin; numbers stand on the page of the real atom",
        ),
    )
