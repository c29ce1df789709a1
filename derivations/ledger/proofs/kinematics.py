"""Kinematics: invariant mass, thresholds, the range of ``E_nu``, the step function."""

from __future__ import annotations

from itertools import combinations_with_replacement

from sympy import Heaviside, Rational, Symbol, solve, sqrt, symbols

from derivations.ledger.oracle import moments_agree, vanishes
from derivations.ledger.printed.gp22 import RANGE, THRESHOLD
from derivations.ledger.printed.nf22 import THETA
from derivations.ledger.proofs.proof import Proof, require
from derivations.symbols import DELTA_SQUARED, E_EG, M_I, M_J, OMEGA, S
from derivations.symbols import S_OF_OMEGA as PAIR


def invariant_mass() -> Proof:
    """Decide ``q^2 = E_eg (E_eg - 2 omega)``."""
    step = require(
        vanishes((E_EG - OMEGA) ** 2 - OMEGA**2 - PAIR),
        "q = (E_eg - omega, 0, 0, omega), so q^2 = (E_eg-omega)^2 - omega^2 = E_eg (E_eg - 2 omega)",
    )
    return Proof("confirmed", "Energy and momentum conservation with q opposite to the photon.", (step,))


def threshold() -> Proof:
    """Decide the threshold ``omega_ij``."""
    steps = (
        require(
            vanishes(PAIR.subs(OMEGA, THRESHOLD) - (M_I + M_J) ** 2),
            "q^2(omega_ij) = (m_i + m_j)^2 identically",
        ),
        require(
            PAIR.diff(OMEGA) == -2 * E_EG, "dq^2/domega = -2 E_eg < 0, so the channel is open exactly below omega_ij"
        ),
        require(THRESHOLD.subs({M_I: 0, M_J: 0}) == E_EG / 2, "massless neutrinos: omega_ij = E_eg/2"),
    )
    return Proof("confirmed", "q^2 reaches (m_i + m_j)^2 at omega_ij and falls with omega.", steps)


def six_limits() -> Proof:
    """Decide that three masses give six limits."""
    masses = symbols("m_1:4", nonnegative=True)
    limits = {THRESHOLD.subs({M_I: a, M_J: b}, simultaneous=True) for a, b in combinations_with_replacement(masses, 2)}
    swapped = THRESHOLD.subs({M_I: M_J, M_J: M_I}, simultaneous=True)
    steps = (
        require(swapped == THRESHOLD, "omega_ij = omega_ji"),
        require(len(limits) == 6, "the unordered pairs of three masses give six different expressions"),
        require(THRESHOLD.diff(M_I).subs({M_I: 1, M_J: 1, E_EG: 1}) < 0, "omega_ij falls with each mass: the lightest pair"
                " is the last to close"),
    )  # fmt: skip
    return Proof("confirmed", "omega_ij is symmetric in i, j; nine ordered pairs share six limits.", steps)


def energy_range() -> Proof:
    """Decide the range of ``E_nu`` from the limits of the angle between neutrino and photon."""
    energy, cosine = Symbol("E"), Symbol("c", real=True)
    momentum = sqrt(energy**2 - M_I**2)
    on_shell = (E_EG - OMEGA - energy) ** 2 - (OMEGA**2 + energy**2 - M_I**2 - 2 * OMEGA * momentum * cosine) - M_J**2
    squared = (S + M_I**2 - M_J**2 - 2 * (E_EG - OMEGA) * energy) ** 2 - 4 * OMEGA**2 * (energy**2 - M_I**2)
    linear = S + M_I**2 - M_J**2 - 2 * (E_EG - OMEGA) * energy + 2 * OMEGA * momentum * cosine
    delta = Symbol("Delta", positive=True)
    ends = [RANGE[0] + sign * RANGE[1] * delta for sign in (1, -1)]
    at_ends = [
        squared.subs(energy, end).expand().subs(delta**2, DELTA_SQUARED).expand().coeff(delta, 0) for end in ends
    ]
    linear_in_delta = [squared.subs(energy, end).expand().coeff(delta, 1) for end in ends]
    steps = (
        require(
            vanishes((on_shell - linear).subs(S, PAIR)), "(q - p_i)^2 = m_j^2 fixes cos(theta) as a function of E_nu"
        ),
        require(
            all(vanishes(x.subs(S, PAIR)) for x in (*at_ends, *linear_in_delta)),
            "|cos(theta)| = 1 exactly at E_nu = Ebar -+ omega Delta_ij/2",
        ),
        require(moments_agree(), "uniform E_nu on this range reproduces the covariant averages of p_i and p_i p_i"),
    )
    return Proof("confirmed", "The roots of cos^2(theta) = 1 are the printed limits, identically.", steps)


def step_function() -> Proof:
    """Decide the step function printed on the slides."""
    point = {E_EG: 2, M_I: Rational(1, 100), M_J: Rational(1, 100)}
    open_channel = {**point, OMEGA: Rational(1, 2)}
    closed_channel = {**point, OMEGA: Rational(9999999, 10**7)}
    gap = PAIR - (M_I + M_J) ** 2
    steps = (
        require(
            gap.subs(open_channel) > 0 and THETA.subs(open_channel) == 0,
            "E_eg = 2, omega = 1/2, m = 1/100: pairs can be emitted, the printed step is 0",
        ),
        require(
            gap.subs(closed_channel) < 0 and THETA.subs(closed_channel) == 1,
            "omega just above omega_ij: no phase space is left, the printed step is 1",
        ),
        require(
            Heaviside(THRESHOLD - OMEGA).subs(open_channel) == 1,
            "Theta(omega_ij - omega) does both right",
        ),
        require(len(solve(gap, OMEGA)) == 1, "q^2 = (m_i+m_j)^2 has one root in omega, so nothing else can be meant"),
    )
    return Proof(
        "refuted",
        "The argument of the step function is reversed. The channel is open below its threshold (as the text of GP22 and"
        " GP23b says). A slip of the slide, not of the results.",
        steps,
        corrected="each pair is multiplied by $Theta(omega_ij - omega)$",
    )


PROOFS = {
    "GP22-q2": invariant_mass,
    "GP22-threshold": threshold,
    "GP22-six-limits": six_limits,
    "GP22-range": energy_range,
    "NF22-theta": step_function,
}
