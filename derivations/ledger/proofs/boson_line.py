"""One boson in the place of the pair: where its line stands, what it tests, and what RENP becomes at its pole.

With ``q = (E_eg - omega, 0, 0, omega)`` the pair gives ``I = (Delta/(E_vg-omega)^2) <T_kl A^k A^l*>/4G_F^2``, which is 8 pi times
the two-body phase space; a boson has ``2 pi delta(s - M^2)`` in its place.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, LeviCivita, Matrix, Symbol, cancel, diag, integrate, oo, pi, solve, symbols, sympify

from derivations.ledger.oracle import ISOTROPIC, average, current_spin_sum, gram, over_s_squared, vanishes
from derivations.ledger.proofs.proof import Proof, require
from derivations.symbols import E_EG, M_I, M_J, MEDIATOR, OMEGA, S_OF_OMEGA, S

POSITION = E_EG / 2 - MEDIATOR**2 / (2 * E_EG)
"""Photon energy of the line."""
WIDTH = Symbol("Gamma", positive=True)


def position() -> Proof:
    """Decide which bosons can be emitted."""
    steps = (
        require(solve(S_OF_OMEGA - MEDIATOR**2, OMEGA) == [POSITION] or vanishes(S_OF_OMEGA.subs(OMEGA, POSITION) - MEDIATOR**2),
                "s = M^2 at omega_0 = E_eg/2 - M^2/(2 E_eg): the threshold of a pair with m_i + m_j = M"),
        require(vanishes(POSITION.subs(MEDIATOR, E_EG)), "omega_0 > 0 for M < E_eg, and 0 at M = E_eg"),
        require(
            vanishes((E_EG - POSITION) - MEDIATOR - (E_EG - MEDIATOR) ** 2 / (2 * E_EG)),
            "its energy E_eg - omega_0 = M + (E_eg - M)^2/(2 E_eg) is never below M",
        ),
    )  # fmt: skip
    return Proof("confirmed", "M < E_eg, all of the energy that the two steps emit together.", steps)


def one_photon() -> Proof:
    """Decide where two photons are emitted."""
    steps = (
        require(
            vanishes(POSITION.subs(MEDIATOR, 0) - E_EG / 2), "a photon in the place of the pair, s = 0: omega = E_eg/2"
        ),
        require(
            vanishes(E_EG / 2 - (E_EG / 2 - (M_I + M_J) ** 2 / (2 * E_EG)) - (M_I + M_J) ** 2 / (2 * E_EG)),
            "pairs of massive neutrinos lie below it, by (m_i + m_j)^2/(2 E_eg): 0.1 to 2 meV for the benchmark",
        ),
    )
    return Proof(
        "confirmed",
        "Phase matching leaves one photon energy, E_eg/2, which no pair of massive neutrinos reaches. The distance is that of the"
        " thresholds, so the lasers must be narrower than this. Two photons in the place of the pair have a continuum"
        " (GP23b-more-photon-pairs).",
        steps,
    )


def distinction() -> Proof:
    """Decide whether a boson looks like a pair."""
    pair = gram("L", "L").subs({M_I: 0, M_J: 0})
    steps = (
        require(
            S_OF_OMEGA.diff(OMEGA) == -2 * E_EG, "s falls with omega, so that s = M^2 allows one photon energy: a line"
        ),
        require(
            all(pair.subs({S: S_OF_OMEGA}).subs({E_EG: 2, OMEGA: x}) > 0 for x in (Integer(1) / 4, Integer(3) / 4)),
            "a pair has a continuum at every omega below its threshold",
        ),
    )
    return Proof(
        "refuted",
        "One boson gives a line, a pair gives a continuum: a scan in $omega$ tells them apart. The line is narrower than"
        " any laser, and the continuum ends there or above. At one photon energy, or with a boson so light that its line"
        " merges with the thresholds, it cannot. Axion and dark photon differ by polarisation alone.",
        steps,
        corrected="one boson: a line at $omega_0 = E_eg/2 - M^2/(2 E_eg)$; a pair: a continuum",
    )


@cache
def _tensor(name: str) -> dict[tuple[int, int], Expr]:
    """Return the phase-space average of the pair's tensor, upper indices 0 and 3 and one across."""
    return {(mu, nu): over_s_squared(average(current_spin_sum(name, name, mu, nu))) for mu, nu in ((3, 3), (1, 1))}


def structure(name: str) -> tuple[Expr, Expr]:
    """Return X and Y of ``N^{mu nu} = - (g - q q/s) X + (q q/s) Y``."""
    found = _tensor(name)
    across = found[1, 1]
    return across, cancel((found[3, 3] - across * (1 + OMEGA**2 / S)) * S / OMEGA**2)


def couplings() -> Proof:
    """Decide what the line tests."""
    first, second = symbols("X_1 X_2", positive=True)
    # X Delta of two pairs: rate of each over M Gamma, and Gamma as their sum
    line = (first + second) / (MEDIATOR * ((first + second) / (16 * pi * MEDIATOR)))
    pairs = (first + second) / MEDIATOR**2
    steps = (
        require(
            not cancel(line).free_symbols,
            "at the pole every pair stands with its branching ratio: with Gamma the sum of the partial widths X Delta/(16 pi M) the"
            " couplings of the neutrinos drop out of the sum",
        ),
        require(bool(cancel(pairs).has(first)), "far from the pole they do not"),
    )
    return Proof(
        "confirmed",
        "The strength of the line is g_e^2 times the sum over polarisations (GP22-boson-width). Away from the line, in the continuum"
        " of pairs, the product with the neutrino's coupling counts.",
        steps,
    )


def poles() -> Proof:
    """Decide the poles of RENP."""
    value = 1 / (S_OF_OMEGA - MEDIATOR**2) ** 2
    x = Symbol("x", positive=True)
    steps = (
        require(
            (value * (OMEGA - POSITION) ** 2 * 4 * E_EG**2).cancel() == 1,
            "1/(s - M^2)^2 = 1/[4 E_eg^2 (omega - omega_0)^2]: a double pole at the line of the boson",
        ),
        require(integrate(1 / x**2, (x, 0, 1)) is oo, "it cannot be integrated: the number of events is infinite"),
        require(
            vanishes(
                POSITION - (E_EG / 2 - (M_I + M_J) ** 2 / (2 * E_EG)) - ((M_I + M_J) ** 2 - MEDIATOR**2) / (2 * E_EG)
            ),
            "it lies in the open range of the pair ij if M > m_i + m_j, when the boson can decay into it",
        ),
    )
    return Proof(
        "confirmed",
        "The pole is the boson itself, emitted on shell, and the width that removes it is its own. 2 pi^2/(E_eg M Gamma)"
        " times the rest of RENP at the pole is the line (GP22-boson-width). The papers' spectra near it are without"
        " meaning.",
        steps,
    )


def narrow_width() -> Proof:
    """Decide which propagator turns into the line."""
    tensors = {"along q": diag(0, 0, 1), "averaged": ISOTROPIC, "across q": diag(1, 0, 0)}
    failing = set()
    for name in ("V", "A"):
        across, along = structure(name)
        for label, tensor in tensors.items():
            longitudinal = sympify(tensor[2, 2]) * OMEGA**2 / S
            line = across * (sympify(tensor.trace()) + longitudinal)
            feynman = across * (sympify(tensor.trace()) + longitudinal) + along * longitudinal
            if not vanishes(feynman - line):
                failing.add((name, label))
    vector, axial = structure("V")[1], structure("A")[1]
    unit = cancel((16 * pi * MEDIATOR) * (pi / (MEDIATOR * WIDTH)) * WIDTH / (2 * E_EG))
    steps = (
        require(
            vanishes(vector - (M_I - M_J) ** 2 * _mass_ratio("V"))
            and vanishes(axial - (M_I + M_J) ** 2 * _mass_ratio("A")),
            "pair: N = - (g - q q/s) X + (q q/s) Y with Y proportional to (m_i - m_j)^2 for V and (m_i + m_j)^2 for A",
        ),
        require(
            vanishes(unit - 8 * pi**2 / E_EG) and vanishes(16 * pi**2 / (2 * E_EG) - 8 * pi**2 / E_EG),
            "Gamma_ij = X Delta/(16 pi M) and pi/(M Gamma) delta(s - M^2) give Gamma_ij/Gamma x 8 pi^2/E_eg delta(omega - omega_0):"
            " the one-body phase space 8 pi x 2 pi delta(s - M^2)",
        ),
        require(
            failing == {("V", "along q"), ("V", "averaged"), ("A", "along q"), ("A", "averaged")},
            "- g + q q/M^2 projects on X for every atomic tensor, as the sum over polarisations; - g leaves Y along q",
        ),
        require(
            vanishes(axial.subs({M_I: 0, M_J: 0})) and axial.subs({M_I: 1, M_J: 1, S: 5}) != 0,
            "smallest counterexample: two equal masses, axial neutrino coupling, T = delta/3",
        ),
    )
    return Proof(
        "refuted",
        "With $- g_{mu nu}$ it is not, for $g_A$ and massive neutrinos: a fourth, scalar polarisation is emitted. Its"
        " weight is Y, and RENP at the pole is not branching ratio times line. The unitary numerator - g + q q/M^2 passes"
        " for every T_kl, channel by channel, and at s = M^2 without correction in Gamma. Both pass for light across q"
        " (T_zz = 0) and for massless neutrinos; g_V, a conserved current, passes with either.",
        steps,
        corrected="branching ratio times line with the numerator $- g_{mu nu} + q_mu q_nu/M^2$",
    )


def _mass_ratio(name: str) -> Expr:
    """Return ``Y`` over its mass factor."""
    along = structure(name)[1]
    mass = M_I - M_J if name == "V" else M_I + M_J
    return cancel(along / mass**2)


def two_photons() -> Proof:
    """Decide the two-photon background of J_e = 0 -> J_v = 1."""
    first, second = Matrix(symbols("a_1:4")), Matrix(symbols("b_1:4"))
    level, one, other = symbols("D w_1 w_2", positive=True)

    def chain(early: Matrix, late: Matrix) -> Matrix:
        # |0> -> |p_b> -> |v_c>: a vector between two states of J = 1 has the elements eps_abc
        return Matrix(
            [sum(LeviCivita(a, b, c) * late[a] * early[b] for a in range(3) for b in range(3)) for c in range(3)]
        )

    amplitude = (chain(first, second) / (level - one) + chain(second, first) / (level - other)).applyfunc(cancel)
    expected = second.cross(first) * (1 / (level - one) - 1 / (level - other))
    steps = (
        require(
            (amplitude - expected).applyfunc(cancel) == Matrix.zeros(3, 1),
            "both orders of the photons: e_2 x e_1 [1/(D - w_1) - 1/(D - w_2)], for every intermediate level of J = 1",
        ),
        require(
            amplitude.subs(other, one).applyfunc(cancel) == Matrix.zeros(3, 1),
            "rank 1 alone, antisymmetric in the two photons: zero at equal energies",
        ),
        require(
            all(vanishes(x.subs({other: one}, simultaneous=True)) for x in amplitude)
            and vanishes(
                amplitude[2].subs({level: 3, one: 1, other: 2}) - expected[2].subs({level: 3, one: 1, other: 2})
            ),
            "at unequal energies it is proportional to w_1 - w_2",
        ),
    )
    return Proof(
        "confirmed",
        "Suppressed by $(w_1 - w_2)/(D - w)$, not forbidden. The two photons share q^0 = E_eg - omega unequally, w_1 -"
        " w_2 = omega cos theta. J_e = 2 -> J_v = 1 (xenon) has ranks 1 to 3 and no such zero.",
        steps,
    )


PROOFS = {
    "GP22-boson-no-distinction": distinction,
    "GP22-boson-electron-only": couplings,
    "GP22-boson-mass": position,
    "GP22-boson-poles": poles,
    "GP22-boson-width": narrow_width,
    "GP23b-two-photon-line": one_photon,
    "YST15-two-photons": two_photons,
}
