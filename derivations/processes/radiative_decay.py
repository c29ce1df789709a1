"""nu_i -> nu_j gamma, with the photon's direction about the spin of nu_i.

The source is a real photon: two transverse polarisations, ``Q = -k`` with ``Q^2 = 0``. The photon goes along z, and the frame is fixed by
``p^0 - p^z = 1`` of the parent, which no invariant knows of; masses are then all that is left, without a fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from codegen.formulas.formula import Argument
from codegen.probes.record import Decay
from derivations.algebra import ring
from derivations.algebra.ring import MASSES, SOURCE, TRACE, Poly
from derivations.neutrino.line import Leg, Line
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
from derivations.symbols import M_I, M_J

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction

PROCESS = Process(
    name="radiative_decay",
    title="Radiative decay of a neutrino",
    reaction="nu_i -> nu_j gamma",
    source="real photon, summed over its two polarisations",
    exchange="none: the photon is on shell, q^2 = 0",
    line="nu_i comes in at rest with its spin along a direction, nu_j goes out, its spins summed",
    frame="any along the photon's direction: masses alone",
    measure="two-body phase space; theta is the angle between the photon and the spin of nu_i",
    latex=(
        r"\frac{d\Gamma}{d\cos\theta} = \frac{\Gamma}{2} (1 + A \cos\theta), \qquad"
        r" \Gamma = \frac{m_i^2 - m_j^2}{32\pi\, m_i^3} \sum_{nm} c_n c_m^* G^{\mathrm{summed}}_{nm}",
    ),
)
_Q = {0: SOURCE.gens[4], 3: SOURCE.gens[5]}
PHOTON = Quantum({(1, 1): SOURCE.one, (2, 2): SOURCE.one})
FRAME = Frame(
    (
        Argument(M_I, "eV", "mass of the decaying neutrino", Fraction(1, 4)),
        Argument(M_J, "eV", "mass of the lighter neutrino", Fraction(1, 8)),
    ),
    {"summed": "summed over all spins", "polarised": "what the spin of nu_i along the photon adds"},
    "ji",
)
_M_I, _M_J = MASSES.gens
_ENERGY = (_M_I**2 - _M_J**2) / 2
_MOMENTUM = (_M_I**2 - 1) / 2
"""Photon energy and the parent's momentum in the frame ``p^0 - p^z = 1``."""


def decay_amplitude(interactions: Sequence[Interaction]) -> Amplitude:
    """Return the amplitude of a decay; ``polarised`` is the difference of spin along and against the photon.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> found = decay_amplitude(shipped_interactions())
    >>> [(term.matrix, found.rows[term.row].name) for term in found.terms]     # no charge radius, no anapole: Q^2 = 0
    [('mu', 'tensor'), ('eps', 'tensor_2')]
    >>> found.gram["summed"][0, 0].as_expr().factor(), found.gram["polarised"][0, 1].as_expr().factor()
    (4*(m_i - m_j)**2*(m_i + m_j)**2, 4*I*(m_i - m_j)**2*(m_i + m_j)**2)
    """
    return _amplitude(tuple(interactions))


@lru_cache(maxsize=64)
def _amplitude(interactions: tuple[Interaction, ...]) -> Amplitude:
    line = _line()
    tensors = {"summed": line.tensor(), "polarised": line.helicity_tensor()}
    found = amplitude(interactions, tensors, PHOTON, in_masses)
    # helicity_tensor has a factor |p|, and the helicity of a parent along z is its spin along z.
    spin = {place: value.exquo(_MOMENTUM) for place, value in found.gram["polarised"].items()}
    return replace(found, gram={"summed": found.gram["summed"], "polarised": spin})


def _line() -> Line:
    zero = TRACE.zero
    before = Leg((ring.E, zero, zero, ring.pz), ring.d, incoming=True)
    return Line(before, Leg((ring.E + ring.q0, zero, zero, ring.pz + ring.qz), ring.M))


def unconserved(interactions: Sequence[Interaction]) -> tuple[tuple[str, str], ...]:
    """Return the couplings, each with its interaction, whose current a real photon cannot meet: ``Q_mu V^mu`` is not 0 on shell.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> unconserved(shipped_interactions())
    ()
    """
    momentum = {(a, b): _Q[a] * _Q[b] for a in (0, 3) for b in (0, 3)}
    found = amplitude(interactions, {"summed": _line().tensor()}, Quantum(momentum), in_masses)
    return tuple(dict.fromkeys((term.interaction, term.matrix) for term in found.terms))


def in_masses(polynomial: Poly) -> Poly:
    """Return an element of ``SOURCE`` in the masses; the generators ``d`` and ``M`` of ``TRACE`` are those of parent and daughter."""
    values = ((_M_I**2 + 1) / 2, MASSES.zero, MASSES.zero, _MOMENTUM, -_ENERGY, -_ENERGY, _M_J, _M_I, MASSES.zero)
    total = MASSES.zero
    for powers, c in polynomial.items():
        product = MASSES.domain_new(c) * MASSES.one
        for place, power in enumerate(powers):
            if power:
                product *= _power(values[place], power)
        total += product
    return total


@cache
def _power(base: Poly, exponent: int) -> Poly:
    return base**exponent


def decay_record(interactions: Sequence[Interaction]) -> Decay:
    """Return what the code generators need of the decay."""
    found = decay_amplitude(interactions)
    times = denominator(found)
    structures = tuple(structure_functions(FRAME, "decay", found, times))
    return Decay(
        PROCESS.name, PROCESS.title, "decay", tuple(row.name for row in found.rows), term_records(found, interactions), times, 0,
        tuple(argument.symbol.name for argument in FRAME.arguments), structures,
        step_names(found, "frame", "conservation", "width"), unconserved(interactions),
    )  # fmt: skip


def derivation(interactions: Sequence[Interaction]) -> Derivation:
    """Return the derivation of the decay, step by step."""
    names = ", ".join(interaction.name for interaction in interactions)
    return Derivation(PROCESS.name, f"{PROCESS.title}: {names}").then(
        *steps(decay_amplitude(interactions), unconserved(interactions))
    )


def steps(found: Amplitude, broken: Sequence[tuple[str, str]]) -> tuple[Step, ...]:
    """Return the steps: parts, frame, conserved currents, amplitude of each interaction, Gram matrices, width and distribution."""
    names = ", ".join(f"{name} of {interaction}" for interaction, name in broken)
    return (
        PROCESS.step(),
        Step(
            "frame",
            "The photon takes k = (m_i^2 - m_j^2)/2 m_i from nu_i at rest; the line receives Q = -k with Q^2 = 0 and eps.Q = 0.",
            (r"E_\gamma = \frac{m_i^2 - m_j^2}{2 m_i}, \qquad Q^2 = 0, \qquad \epsilon\cdot Q = 0",),
            ("E_gamma = (m_i^2 - m_j^2)/(2 m_i),  Q^2 = 0,  eps.Q = 0",),
            "so Q^2 gamma^mu - Q^mu Q-slash is zero: of the four form factors the two moments are left",
        ),
        Step(
            "conservation",
            f"A real photon meets no current that is not conserved: {names} must be 0 between different masses."
            if broken
            else "Every current is conserved, as a real photon asks: no matrix is excluded.",
            (r"Q_\mu\, \bar u_j V^\mu u_i = 0",),
            ("Q_mu ubar_j V^mu u_i = 0 on shell",),
            "the spin sum of its square",
        ),
        *amplitude_steps(FRAME, found),
        *gram_steps(FRAME, found, "traces in the Clifford basis, summed over two polarisations of the photon"),
        Step(
            "width",
            "The width, and the asymmetry of the photon about the spin of nu_i.",
            (
                *PROCESS.latex,
                r"A = \sum_{nm} c_n c_m^* G^{\mathrm{polarised}}_{nm} \Big/ \sum_{nm} c_n c_m^* G^{\mathrm{summed}}_{nm}",
            ),
            (
                "Gamma = (m_i^2 - m_j^2)/(32 pi m_i^3) sum_nm c_n c_m* summed",
                "dGamma/dcos(theta) = Gamma/2 (1 + A cos(theta)),  A = sum_nm c_n c_m* polarised / sum_nm c_n c_m* summed",
            ),
            "|M|^2 k/(8 pi m_i^2), averaged over the spin of nu_i; Majorana neutrinos have c_ji + eta c_ij and no factor 1/2, as no two"
            " legs are alike",
            "GP23b 2.24",
        ),
    )
