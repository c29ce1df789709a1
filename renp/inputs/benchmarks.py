"""The set-ups of the papers, by which results are compared: photon energies and the set of oscillation parameters.

In: nothing. Out: named numbers, each with the section of the paper that it is from.
"""

from __future__ import annotations

from typing import Final

__all__ = ["BENCHMARK_SET", "ELEMENT_FREQUENCIES", "GP23B_FREQUENCIES", "MEDIATOR_FREQUENCIES", "TYPE_FREQUENCIES"]

ELEMENT_FREQUENCIES: Final = (1.069, 1.07, 1.0708, 1.0712, 1.0716, 1.07164)
"""Photon energies [eV] between the six thresholds of the benchmark: they tell which element is non-zero (GP23b section 4)."""

TYPE_FREQUENCIES: Final = (1.067, 1.0678, 1.0684)
"""Photon energies [eV] below every threshold: they tell the type (GP23b section 4; the lowest one is our reading)."""

GP23B_FREQUENCIES: Final = TYPE_FREQUENCIES + ELEMENT_FREQUENCIES
"""The nine photon energies [eV] of the moment study."""

MEDIATOR_FREQUENCIES: Final = (1.069, 1.07, 1.0708)
"""Three photon energies [eV] for the mediator study (GP22 section IV also uses three with equal exposure)."""

BENCHMARK_SET: Final = "desalas-2021-benchmark"
"""Name of the oscillation set that the papers use, see :data:`renp.inputs.oscillation.OSCILLATION_SETS`."""
