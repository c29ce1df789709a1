"""Arguments of wrong types and impossible sizes: an error in one line that names the argument, or a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import renp
import renp_generated
from renp.inputs.oscillation import mixing_matrix
from renp.statistics.limits import toy_statistics
from renp.statistics.rate_polynomial import rate_polynomial
from renp.studies.identification import (
    candidate_frequencies,
    default_hypotheses,
    exclusion,
    optimise_frequencies,
    weakest_separation,
)
from renp.studies.scan.compute import compute_chunk
from renp.studies.scan.run import run_scan
from renp.studies.scan.study import parse_study

WRONG: tuple[Any, ...] = (
    "x", "", "1", b"x", None, True, object(), 1j, {}, {"mass": "x"},
    float("nan"), float("inf"), -1, 0, 1e308, 5e-324, 2**63, 10**30, 10**400, -(10**400), 10**5000,
    [], [1], (1, 2), [[1], [1, 2]], [None], [10**400], [10**5000], [1e-3, float("nan")], np.array(["x"]), np.ma.masked,
)  # fmt: skip

COUPLING = np.eye(3) * 1e-11
EVALUATOR: Mapping[str, Any] = {
    "E_eg": 2.14349,
    "E_vg": 2.23072,
    "masses": [0.01, 0.013, 0.05],
    "axial": np.eye(3) / 10,
    "nature": "dirac",
    "pair_step": "M1",
    "dipole_length": 1.0,
    "intermediate_amplitudes": None,
    "atomic_tensor": None,
    "m1": "full",
    "imprinted_momentum": 0.01,
    "crossed": {"E_vg": [3.0], "amplitudes": [0.1]},
    "electromagnetic": {"mu": COUPLING},
    "vector": {"mass": 1.0, "width": 0.1, "g_A": 1.0, "g_V": 1.0, "g_L": COUPLING, "propagator": "unitary"},
}
STUDY = parse_study('quantity = "events"\n[[axis]]\nparameter = "lightest_mass"\nvalues = [0.01, 0.02]')


def evaluated(threads: Any) -> Any:
    arguments = {name: EVALUATOR[name] for name in ("E_eg", "E_vg", "masses", "axial")}
    return renp_generated.prepare(**arguments)(np.full(3, 1.0), threads=threads)


SET = "nufit-6.0-no"
TARGET: Mapping[str, Any] = {
    "frequencies": (1.0, 1.05),
    "atom": "Yb",
    "E_eg": None,
    "E_vg": None,
    "exposure_days": 40.0,
    "eta": 1.0,
    "oscillation": SET,
    "lightest_mass": 0.01,
    "masses": None,
    "axial": None,
    "majorana_phases": (0.0, 0.0),
    "nature": "dirac",
    "setup": "papers",
    "intermediate": None,
    "chain": "prepared",
    "polarisation": "linear",
    "coherence": [[1.0]],
    "m1": "spin",
    "imprinted_momentum": 0.01,
    "crossed": {"E_vg": [3.0], "amplitudes": [0.1]},
}
RATE: Mapping[str, Any] = {
    "C_ev": None,
    "volume_cm3": 100.0,
    "density_cm3": 1e21,
    "photon_density_cm3": None,
    "normalisation": "printed",
    "coherence_factor": 0.5,
}
VECTOR: Mapping[str, Any] = {"mass": 1.0, "g_A": 1.0, "g_L": COUPLING}
RUN = renp.experiment(frequencies=(1.0, 1.05))
NAME, OTHER = "vector.g_L[1,1]", "vector.g_L[2,2]"
FORM = rate_polynomial(RUN, [NAME], vector={"mass": 1.0})
MOMENTS = {"hypotheses": ["electromagnetic.mu[1,1]", "electromagnetic.mu[2,2]"], "excess": 0.3, "reference": 1.067}

CASES: Mapping[str, tuple[Callable[..., Any], Mapping[str, Any]]] = {
    "spectral_function": (renp.spectral_function, {"omega": 1.0, **EVALUATOR}),
    "spectral_gradient": (renp.spectral_gradient, {"omega": 1.0, **EVALUATOR}),
    "evaluator": (evaluated, {"threads": 2}),
    "compute_chunk": (compute_chunk, {"document": STUDY.document, "index": 0}),
    "spectrum": (
        renp.spectrum,
        {
            "atom": "Yb",
            "lightest": 0.01,
            "omega": [1.0],
            "ordering": "normal",
            "nature": "dirac",
            "oscillation": None,
            "majorana_phases": (0.0, 0.0),
            "chain": "averaged",
            "polarisation": "linear",
            "vector": VECTOR,
        },
    ),
    "pair_thresholds": (renp.pair_thresholds, {"E_eg": 2.0, "neutrino_masses": [0.1]}),
    "masses": (renp.masses, {"chosen": SET, "lightest": 0.01, "ordering": None}),
    "mixing_matrix": (mixing_matrix, {"chosen": SET, "majorana_phases": (0.0, 0.0)}),
    "axial_couplings": (renp.axial_couplings, {"U": np.eye(3)}),
    "vector_couplings": (renp.vector_couplings, {"U": np.eye(3), "sin2_theta_w": 0.2}),
    "experiment": (renp.experiment, {**TARGET, **RATE}),
    "events": (renp.events, {**TARGET, "weak": True, "vector": VECTOR}),
    "sensitivity": (
        renp.sensitivity,
        {
            "coupling": NAME,
            "level": 0.9,
            "profile": (),
            "background": 0.0,
            "frequencies": (1.0, 1.05),
            "exposure_days": 40.0,
            "lightest_mass": 0.01,
            "vector": {"mass": 1.0},
        },
    ),
    "sensitivity_curve": (
        renp.sensitivity_curve,
        {
            "coupling": NAME,
            "parameter": "exposure_days",
            "values": [10.0, 20.0],
            "level": 0.9,
            "profile": (),
            "background": 0.0,
            "frequencies": (1.0, 1.05),
            "vector": {"mass": 1.0},
        },
    ),
    "curve of masses": (
        renp.sensitivity_curve,
        {"coupling": NAME, "parameter": "mediator_mass", "values": [0.1, 1.0], "vector": {"width": 0.1}},
    ),
    "identify": (
        renp.identify,
        {"run": RUN, "observed": RUN.counts(), "hypotheses": [NAME, OTHER], "vector": {"mass": 1.0}},
    ),
    "exclusion": (
        exclusion,
        {"run": RUN, "true": NAME, "value": 1e-24, "tests": [OTHER], "level": 0.9, "vector": {"mass": 1.0}},
    ),
    "candidate_frequencies": (candidate_frequencies, {"run": RUN, "lowest": 1.06, "number": 6}),
    "weakest_separation": (weakest_separation, {"run": RUN, **MOMENTS}),
    "optimise_frequencies": (optimise_frequencies, {"run": RUN, "candidates": [1.0, 1.02, 1.05], **MOMENTS}),
    "toy_statistics": (toy_statistics, {"form": FORM, "tested": 0.0, "true": 1e-24, "toys": 3, "seed": 1}),
    "default_hypotheses": (default_hypotheses, {"run": RUN}),
    "fisher_information": (
        renp.fisher_information,
        {"run": RUN, "parameters": ["masses[1]", "vector.g_A"], "background": 1.0, "vector": VECTOR},
    ),
    "run_scan": (run_scan, {"study": STUDY, "output": "a.nc", "model": None, "workers": 1, "scheduler": None}),
}
CALLED = {"chosen": ("oscillation set",), "values": ("exposure", "mediator_mass: ", "vector['mass']")}
"""Arguments that messages call by what they hold."""
PLACES = [
    (case, name, entry)
    for case, (_, arguments) in CASES.items()
    for name, value in arguments.items()
    for entry in (None, *(value if isinstance(value, dict) and name != "document" else ()))
]


@pytest.mark.parametrize("case", CASES)
def test_the_calls_are_good(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    function, arguments = CASES[case]
    with np.errstate(all="raise"):
        function(**arguments)


@pytest.mark.parametrize(("case", "name", "entry"), PLACES)
def test_a_wrong_argument_is_named_in_one_line(
    case: str, name: str, entry: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    function, arguments = CASES[case]
    for wrong in WRONG:
        try:
            function(**{**arguments, name: wrong if entry is None else {**arguments[name], entry: wrong}})
        except (ValueError, TypeError) as error:
            text = str(error)
            assert "\n" not in text
            assert len(text) < 600
            # Large numbers are no wrong numbers by themselves: what they make of the result is named instead.
            named = (
                name,
                "quantity",
                "unknown field",
                "is not finite at omega",
                "that rounding hides",
                "the number of events overflows",
                *CALLED.get(name, ()),
            )
            assert any(word in text for word in named), (wrong, text)
