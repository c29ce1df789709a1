"""The last stage of scattering: an ``Amplitude`` becomes a record with formulas and a derivation with named steps."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from sympy import Symbol

from codegen.formulas.formula import Argument, Formula, Provenance
from codegen.probes.record import Scattering
from derivations.processes.exchange import Amplitude
from derivations.processes.record import (
    Frame,
    amplitude_steps,
    gram_steps,
    step_names,
    structure_functions,
    term_records,
)
from derivations.processes.scattering import recoil_edges, scattering_amplitude
from derivations.steps.step import Derivation, Step
from derivations.symbols import M_I, M_J

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction
    from derivations.processes.process import Process
    from derivations.processes.sources import Source

E, T, M = Symbol("E", positive=True), Symbol("T", real=True), Symbol("m", positive=True)
FRAME = Frame(
    (
        Argument(E, "eV", "energy of the incoming neutrino", Fraction(3)),
        Argument(T, "eV", "kinetic energy of the target afterwards", Fraction(1, 2)),
        Argument(M, "eV", "mass of the target", Fraction(2)),
        Argument(M_I, "eV", "mass of the incoming neutrino", Fraction(1, 8)),
        Argument(M_J, "eV", "mass of the outgoing neutrino", Fraction(1, 4)),
    ),
    {"summed": "summed over all spins", "polarised": "what the helicity adds, times p"},
    "ji",
)
STEPS = ("frame", "cross-section")
"""Names of the steps around those of the amplitude."""


def scattering_record(
    process: Process, source: Source, interactions: Sequence[Interaction]
) -> tuple[Scattering, Amplitude]:
    """Return the record of a scattering process, and the amplitude that it was made from."""
    found = scattering_amplitude(interactions, source)
    prefix = process.name.split("_")[0]
    return Scattering(
        process.name,
        process.title,
        prefix,
        source.spins,
        tuple(row.name for row in found.rows),
        term_records(found, interactions),
        Formula(
            f"{prefix}_edges",
            "Positive between the lowest and the highest recoil T, zero at both",
            Symbol("Y"),
            "eV^4",
            FRAME.arguments,
            FRAME.expression(recoil_edges()),
            provenance=Provenance(("frame",)),
        ),
        tuple(structure_functions(FRAME, prefix, found)),
        step_names(found, *STEPS),
    ), found


# ---------------------------------------------------------------- steps


def scattering_derivation(process: Process, source: Source, interactions: Sequence[Interaction]) -> Derivation:
    """Return the derivation of a scattering process, step by step."""
    names = ", ".join(interaction.name for interaction in interactions)
    found = scattering_amplitude(interactions, source)
    return Derivation(process.name, f"{process.title}: {names}").then(*steps(process, found))


def steps(process: Process, found: Amplitude) -> tuple[Step, ...]:
    """Return the steps of a scattering process: parts, frame, amplitude of each interaction, Gram matrix, cross section."""
    return (
        process.step(),
        Step(
            "frame",
            "The neutrino receives q from the target, q^2 = -2 m T for any masses; the recoil lies between two edges.",
            (r"q^2 = -2 m T", r"Y = 4 T (T + 2m) (E^2 - m_i^2) - (2 E T + 2 m T + m_j^2 - m_i^2)^2 > 0"),
            ("q^2 = -2 m T", f"Y = {FRAME.text(recoil_edges())} > 0"),
            "Y is 4 times the squares of q and of the transverse momentum; above the threshold 2 m E + m_i^2 > m_j^2 + 2 m m_j",
        ),
        *amplitude_steps(FRAME, found),
        *gram_steps(FRAME, found, "traces in the Clifford basis"),
        Step(
            "cross-section",
            "The rows of the amplitude with their Gram matrix, for the helicity h of the incoming neutrino.",
            (
                r"\overline{|\mathcal M|^2} = \frac{1}{2 n_s} \sum_{nm} c_n c_m^*"
                r" \left(G^{\mathrm{summed}}_{nm} + \frac hp G^{\mathrm{polarised}}_{nm}\right)",
                *process.latex,
            ),
            (
                "|M|^2 = 1/(2 n_s) sum_nm c_n c_m* (summed + h polarised/p), n_s spin states of the target",
                "d sigma/dT = |M|^2/(32 pi m p^2)",
            ),
            "an antineutrino sees eta c_kj for c_jk, a Majorana neutrino c_jk + eta c_kj; no factor 1/2, as no two legs are alike",
        ),
    )
