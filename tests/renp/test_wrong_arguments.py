"""Arguments of wrong types and impossible sizes: an error in one line that names the argument, or a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import renp
import renp_generated
from renp.studies.scan.compute import compute_chunk
from renp.studies.scan.run import run_scan
from renp.studies.scan.study import parse_study

WRONG: tuple[Any, ...] = (
    "x", "", "1", b"x", None, True, object(), 1j, {}, {"mass": "x"},
    float("nan"), float("inf"), -1, 0, 1e308, 5e-324, 2**63, 10**30, 10**400, -(10**400),
    [], [1], (1, 2), [[1], [1, 2]], [None], [10**400], [1e-3, float("nan")], np.array(["x"]), np.ma.masked,
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
    "electromagnetic": {"mu": COUPLING},
    "vector": {"mass": 1.0, "width": 0.1, "g_A": 1.0, "g_V": 1.0, "g_L": COUPLING, "propagator": "unitary"},
}
STUDY = parse_study('quantity = "events"\n[[axis]]\nparameter = "lightest_mass"\nvalues = [0.01, 0.02]')


def evaluated(threads: Any) -> Any:
    arguments = {name: EVALUATOR[name] for name in ("E_eg", "E_vg", "masses", "axial")}
    return renp_generated.prepare(**arguments)(np.full(3, 1.0), threads=threads)


CASES: Mapping[str, tuple[Callable[..., Any], Mapping[str, Any]]] = {
    "spectral_function": (renp.spectral_function, {"omega": 1.0, **EVALUATOR}),
    "spectral_gradient": (renp.spectral_gradient, {"omega": 1.0, **EVALUATOR}),
    "evaluator": (evaluated, {"threads": 2}),
    "compute_chunk": (compute_chunk, {"document": STUDY.document, "index": 0}),
    "run_scan": (run_scan, {"study": STUDY, "output": "a.nc", "workers": 1, "scheduler": None}),
}
PLACES = [
    (case, name, entry)
    for case, (_, arguments) in CASES.items()
    for name, value in arguments.items()
    for entry in (None, *(value if isinstance(value, dict) and case.startswith("spectral") else ()))
]


@pytest.mark.parametrize("case", CASES)
def test_the_calls_are_good(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    function, arguments = CASES[case]
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
            named = (name, "quantity", "unknown field", "is not finite at omega")
            assert any(word in text for word in named), (wrong, text)
