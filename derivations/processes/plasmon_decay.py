"""gamma* -> nu_i nubar_j in a medium, for each polarisation of the plasmon.

The source is a vector quantum of momentum ``K = (omega, 0, 0, k)`` and invariant mass ``K^2 = s``, with polarisation vectors of norm
-1. The pair's phase space is integrated; what is left depends on ``t = K^2 - (m_i + m_j)^2`` and the masses, the same for transverse and
longitudinal plasmons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from codegen.formulas.formula import Argument
from codegen.probes.record import Decay
from derivations.algebra import ring
from derivations.algebra.ring import PAIR, SOURCE, TRACE, Poly, normal_form, s_
from derivations.neutrino.line import Leg, Line, Tensor
from derivations.neutrino.pair_phase_space import integrated
from derivations.neutrino.spin_sums import P_I, P_J, azimuthal_average
from derivations.processes.exchange import Amplitude, amplitude
from derivations.processes.process import Process
from derivations.processes.record import (
    Frame,
    amplitude_steps,
    denominator,
    gram_steps,
    step_names,
    structure_functions,
    term_records,
)
from derivations.processes.sources import Quantum
from derivations.steps.step import Derivation, Step
from derivations.symbols import M_I, M_J, T

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction

PROCESS = Process(
    name="plasmon_decay",
    title="Plasmon decay into a neutrino pair",
    reaction="gamma* -> nu_i nubar_j",
    source="plasmon of energy omega and momentum k, transverse or longitudinal, with eps.eps* = -1 and Z = 1",
    exchange="none: q = K, q^2 = K^2 = omega^2 - k^2",
    line="nu_i and nubar_j go out, their spins summed",
    frame="rest frame of the medium; t = K^2 - (m_i + m_j)^2",
    measure="two-body phase space over 2 omega; 1/2 for Majorana neutrinos, as the sum runs over ordered pairs",
    latex=(
        r"\Gamma_{ij} = \frac{\Delta_{ij}}{16\pi\,\omega} \sum_{nm} c_n c_m^* G_{nm}, \qquad"
        r" \Delta_{ij} = \frac{\sqrt{t (t + 4 m_i m_j)}}{K^2}",
    ),
)
_HALF = SOURCE.one / 2
_Q0, _QZ = SOURCE.gens[4:6]
POLARISATIONS: Mapping[str, Tensor] = {
    "transverse": {(1, 1): _HALF, (2, 2): _HALF},
    "longitudinal": {(0, 0): _QZ**2, (3, 3): _Q0**2, (0, 3): _Q0 * _QZ, (3, 0): _Q0 * _QZ},
}
"""``sum eps^mu* eps^nu``: the mean of two transverse ones, and ``K^2`` times the longitudinal one, ``eps = (k, 0, 0, omega)/sqrt(K^2)``."""
FRAME = Frame(
    (
        Argument(T, "eV^2", "distance to threshold, K^2 - (m_i + m_j)^2", Fraction(1, 2)),
        Argument(M_I, "eV", "mass of the neutrino i", Fraction(1, 8)),
        Argument(M_J, "eV", "mass of the antineutrino j", Fraction(1, 4)),
    ),
    {"summed": "summed over spins, averaged over phase space"},
    "ij",
)
_POWER = 2
"""Highest power of ``1/s`` in a spin sum averaged over phase space."""


def plasmon_amplitude(interactions: Sequence[Interaction], polarisation: str = "transverse") -> Amplitude:
    """Return the amplitude; the Gram matrix is ``s^2`` times the spin sums, and ``s^3`` times for longitudinal plasmons.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> found = {name: plasmon_amplitude(shipped_interactions(), name) for name in POLARISATIONS}
    >>> transverse, longitudinal = (found[name].gram["summed"] for name in POLARISATIONS)
    >>> all(longitudinal[place] == value * K_SQUARED for place, value in transverse.items())
    True
    >>> [row.name for row in found["transverse"].rows], [place for place in transverse if place[0] != place[1]]
    (['tensor', 'tensor_2', 'vector', 'axial'], [(0, 2), (1, 3)])
    """
    return _amplitude(tuple(interactions), polarisation)


@lru_cache(maxsize=64)
def _amplitude(interactions: tuple[Interaction, ...], polarisation: str) -> Amplitude:
    line = Line(Leg(P_I, ring.m_i), Leg((P_J[0], P_J[1], P_J[2], P_J[3]), ring.m_j, antiparticle=True))
    return amplitude(interactions, {"summed": line.tensor()}, Quantum(POLARISATIONS[polarisation]), over_phase_space)


_T, _M_I, _M_J = PAIR.gens
K_SQUARED = _T + (_M_I + _M_J) ** 2
_IN_PAIR = (_T, _M_I * _M_J, (_M_I - _M_J) ** 2, None, None, _M_I - _M_J, _M_I + _M_J)
"""What the generators of ``CLOSED`` are in ``PAIR``; an invariant has neither ``qz`` nor ``q0``."""


def over_phase_space(polynomial: Poly) -> Poly:
    """Return ``s^2`` times the phase-space average of an element of ``SOURCE``, in t and the masses.

    Raises ``ValueError`` for what is no invariant.
    """
    closed = integrated(azimuthal_average(TRACE.from_dict({powers[:-1]: c for powers, c in polynomial.items()})))
    total = PAIR.zero
    for powers, c in normal_form(closed.numerator * s_ ** (_POWER - closed.power)).items():
        product = PAIR.one * c
        for value, power in zip(_IN_PAIR, powers, strict=True):
            if power:
                if value is None:
                    raise ValueError(
                        f"no invariant: the plasmon's own energy or momentum is left in {closed.numerator}"
                    )
                product *= value**power
        total += product
    return total


def plasmon_record(interactions: Sequence[Interaction]) -> Decay:
    """Return what the code generators need of the decay."""
    found, power = reduced(plasmon_amplitude(interactions))
    times = denominator(found)
    structures = tuple(structure_functions(FRAME, "plasmon", found, times))
    return Decay(
        PROCESS.name, PROCESS.title, "plasmon", tuple(row.name for row in found.rows), term_records(found, interactions), times,
        power, tuple(argument.symbol.name for argument in FRAME.arguments), structures,
        step_names(found, "frame", "polarisation", "width"),
    )  # fmt: skip


def reduced(found: Amplitude) -> tuple[Amplitude, int]:
    """Return an amplitude with the spin sums over the lowest common power of ``K^2``, and this power."""
    gram, power = dict(found.gram["summed"]), _POWER
    while power and gram and all(not value.rem(K_SQUARED) for value in gram.values()):
        gram, power = {place: value.exquo(K_SQUARED) for place, value in gram.items()}, power - 1
    return replace(found, gram={"summed": gram}), power


def derivation(interactions: Sequence[Interaction]) -> Derivation:
    """Return the derivation of the decay, step by step."""
    names = ", ".join(interaction.name for interaction in interactions)
    found, power = reduced(plasmon_amplitude(interactions))
    return Derivation(PROCESS.name, f"{PROCESS.title}: {names}").then(*steps(found, power))


def steps(found: Amplitude, power: int) -> tuple[Step, ...]:
    """Return the steps: parts, frame, amplitude of each interaction, Gram matrix over ``(K^2)^power``, width."""
    over = f"/(K^2)^{power}" if power else ""
    return (
        PROCESS.step(),
        Step(
            "frame",
            "The pair takes K = (omega, 0, 0, k) of the plasmon; t is the distance to threshold.",
            (r"K^2 = \omega^2 - k^2, \qquad t = K^2 - (m_i + m_j)^2",),
            ("K^2 = omega^2 - k^2,  t = K^2 - (m_i + m_j)^2",),
            "energy and momentum conservation; below t = 0 and for space-like K nothing decays",
        ),
        Step(
            "polarisation",
            "With eps.eps* = -1 transverse and longitudinal plasmons of one K^2 have the same spin sums.",
            (
                r"\epsilon_T = (0, \hat e_\perp), \qquad \epsilon_L = (k, 0, 0, \omega)/\sqrt{K^2}",
                r"\int d\Phi\, N^{\mu\nu} = G\,(-g^{\mu\nu} + K^\mu K^\nu/K^2) + B\, K^\mu K^\nu, \qquad \epsilon\cdot K = 0",
            ),
            ("eps_T = (0, e_perp),  eps_L = (k, 0, 0, omega)/sqrt(K^2)",),
            "both are derived, entry by entry; in the rest frame of K no direction is left. Another norm of eps_L belongs into Z_L",
            "R96",
        ),
        *amplitude_steps(FRAME, found),
        *gram_steps(
            FRAME,
            found,
            f"traces in the Clifford basis, averaged over the phase space of the pair{over and f'; times (K^2)^{power}'}",
        ),
        Step(
            "width",
            "The width of one polarisation state into an ordered pair, in the medium's rest frame.",
            PROCESS.latex,
            (f"Gamma_ij = Delta_ij/(16 pi omega) sum_nm c_n c_m* G_nm{over},  Delta_ij = sqrt(t (t + 4 m_i m_j))/K^2",),
            "two-body phase space Delta/(8 pi) over 2 omega; Majorana neutrinos have c_ij + eta c_ji and a factor 1/2 against double"
            " counting in the sum over ordered pairs",
            "GP23b 2.35; R96; HRW94",
        ),
    )
