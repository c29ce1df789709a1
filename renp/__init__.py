"""Radiative emission of neutrino pairs: spectra, event counts, sensitivities and the command line.

This is the front door of the project. Everything here is loaded on first use, so ``import renp`` is quick.

Example
-------
>>> import renp
>>> round(renp.ATOMS["Yb"].E_eg, 5)
2.14349
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from renp.packages import check_command

if TYPE_CHECKING:
    from renp.atoms import ATOMS, Atom
    from renp.events import EventCounts, Experiment, events, experiment
    from renp.fisher import fisher_information
    from renp.identification import identify
    from renp.oscillation import (
        OSCILLATION_SETS,
        OscillationSet,
        axial_couplings,
        masses,
        mixing_matrix,
        vector_couplings,
    )
    from renp.sensitivity import Limit, sensitivity, sensitivity_curve
    from renp.spectra import Spectrum, pair_thresholds, spectrum
    from renp_generated import spectral_function, spectral_gradient

__all__ = [
    "ATOMS",
    "OSCILLATION_SETS",
    "Atom",
    "EventCounts",
    "Experiment",
    "Limit",
    "OscillationSet",
    "Spectrum",
    "axial_couplings",
    "events",
    "experiment",
    "fisher_information",
    "identify",
    "masses",
    "mixing_matrix",
    "pair_thresholds",
    "sensitivity",
    "sensitivity_curve",
    "spectral_function",
    "spectral_gradient",
    "spectrum",
    "vector_couplings",
]

_HOMES = {
    "ATOMS": "renp.atoms",
    "OSCILLATION_SETS": "renp.oscillation",
    "Atom": "renp.atoms",
    "EventCounts": "renp.events",
    "Experiment": "renp.events",
    "Limit": "renp.sensitivity",
    "OscillationSet": "renp.oscillation",
    "Spectrum": "renp.spectra",
    "axial_couplings": "renp.oscillation",
    "events": "renp.events",
    "experiment": "renp.events",
    "fisher_information": "renp.fisher",
    "identify": "renp.identification",
    "masses": "renp.oscillation",
    "mixing_matrix": "renp.oscillation",
    "sensitivity": "renp.sensitivity",
    "sensitivity_curve": "renp.sensitivity",
    "spectral_function": "renp_generated",
    "spectral_gradient": "renp_generated",
    "spectrum": "renp.spectra",
    "pair_thresholds": "renp.spectra",
    "vector_couplings": "renp.oscillation",
}

check_command()


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


class _FrontDoor(ModuleType):
    """Keeps ``renp.events`` the function of that name after the module ``renp.events`` has been imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _FrontDoor


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
