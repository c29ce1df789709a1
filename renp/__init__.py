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
from typing import TYPE_CHECKING, Any

from renp.packages import check_command

if TYPE_CHECKING:
    from renp import testing
    from renp.inputs.atom_files import load_atom
    from renp.inputs.atoms import ATOMS, Atom
    from renp.inputs.measurement import Measurement
    from renp.inputs.oscillation import (
        OSCILLATION_SETS,
        OscillationSet,
        axial_couplings,
        masses,
        mixing_matrix,
        vector_couplings,
    )
    from renp.model import Model
    from renp.probes.blind import blind_directions
    from renp.probes.effective import (
        effective_moment,
        effective_radius,
        plasmon_sum,
        radiative_lifetime,
        solar_moment,
        solar_probabilities,
    )
    from renp.rates.comparison import Comparison, compare
    from renp.rates.experiment import EventCounts, Experiment, events, experiment
    from renp.rates.spectra import Spectrum, spectrum
    from renp.rates.thresholds import pair_thresholds
    from renp.statistics.fisher import fisher_information
    from renp.statistics.fit import FitResult, fit
    from renp.statistics.limits import Limit
    from renp.statistics.parameters import Parametrisation, parametrisation
    from renp.studies.identification import identify
    from renp.studies.scan.run import run_scan
    from renp.studies.scan.study import load_study
    from renp.studies.sensitivity import sensitivity, sensitivity_curve
    from renp.verification.check import Verdict, check
    from renp_generated import (
        prepare,
        prepare_batch,
        spectral_batch,
        spectral_batch_gradient,
        spectral_function,
        spectral_function_exact,
        spectral_gradient,
    )

__all__ = [
    "ATOMS",
    "OSCILLATION_SETS",
    "Atom",
    "Comparison",
    "EventCounts",
    "Experiment",
    "FitResult",
    "Limit",
    "Measurement",
    "Model",
    "OscillationSet",
    "Parametrisation",
    "Spectrum",
    "Verdict",
    "axial_couplings",
    "blind_directions",
    "check",
    "compare",
    "effective_moment",
    "effective_radius",
    "events",
    "experiment",
    "fisher_information",
    "fit",
    "identify",
    "load_atom",
    "load_study",
    "masses",
    "mixing_matrix",
    "pair_thresholds",
    "parametrisation",
    "plasmon_sum",
    "prepare",
    "prepare_batch",
    "radiative_lifetime",
    "run_scan",
    "sensitivity",
    "sensitivity_curve",
    "solar_moment",
    "solar_probabilities",
    "spectral_batch",
    "spectral_batch_gradient",
    "spectral_function",
    "spectral_function_exact",
    "spectral_gradient",
    "spectrum",
    "testing",
    "vector_couplings",
]

_HOMES = {
    "ATOMS": "renp.inputs.atoms",
    "OSCILLATION_SETS": "renp.inputs.oscillation",
    "Atom": "renp.inputs.atoms",
    "Comparison": "renp.rates.comparison",
    "EventCounts": "renp.rates.experiment",
    "Experiment": "renp.rates.experiment",
    "FitResult": "renp.statistics.fit",
    "Limit": "renp.statistics.limits",
    "Measurement": "renp.inputs.measurement",
    "Model": "renp.model",
    "OscillationSet": "renp.inputs.oscillation",
    "Parametrisation": "renp.statistics.parameters",
    "Spectrum": "renp.rates.spectra",
    "Verdict": "renp.verification.check",
    "axial_couplings": "renp.inputs.oscillation",
    "blind_directions": "renp.probes.blind",
    "check": "renp.verification.check",
    "compare": "renp.rates.comparison",
    "effective_moment": "renp.probes.effective",
    "effective_radius": "renp.probes.effective",
    "events": "renp.rates.experiment",
    "experiment": "renp.rates.experiment",
    "fisher_information": "renp.statistics.fisher",
    "fit": "renp.statistics.fit",
    "identify": "renp.studies.identification",
    "load_atom": "renp.inputs.atom_files",
    "load_study": "renp.studies.scan.study",
    "masses": "renp.inputs.oscillation",
    "mixing_matrix": "renp.inputs.oscillation",
    "plasmon_sum": "renp.probes.effective",
    "prepare": "renp_generated",
    "prepare_batch": "renp_generated",
    "radiative_lifetime": "renp.probes.effective",
    "run_scan": "renp.studies.scan.run",
    "sensitivity": "renp.studies.sensitivity",
    "sensitivity_curve": "renp.studies.sensitivity",
    "solar_moment": "renp.probes.effective",
    "solar_probabilities": "renp.probes.effective",
    "spectral_batch": "renp_generated",
    "spectral_batch_gradient": "renp_generated",
    "spectral_function": "renp_generated",
    "spectral_function_exact": "renp_generated",
    "spectral_gradient": "renp_generated",
    "spectrum": "renp.rates.spectra",
    "pair_thresholds": "renp.rates.thresholds",
    "parametrisation": "renp.statistics.parameters",
    "vector_couplings": "renp.inputs.oscillation",
}

check_command()


if not TYPE_CHECKING:
    # A type checker reads the imports above: to it, a misspelled name would be Any.
    def __getattr__(name: str) -> Any:
        if name == "testing":
            return import_module("renp.testing")
        if name not in _HOMES:
            # With these two, Python says which name is near.
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__])
        return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
