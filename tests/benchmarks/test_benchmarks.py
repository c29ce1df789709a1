"""The benchmark measures what it says: every evaluation computes the same function, and the claims are judged on it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import error_map, models, parameters, set_competitors, speed
from benchmarks.cases import CASES

SIZE = 100_000


def test_every_evaluation_is_timed_for_every_case() -> None:
    times = speed.measure((1, 7), lambda line: None, budget=0)
    assert set(times) == set(CASES)
    for measured in times.values():
        assert speed.OURS_NUMPY in measured
        for row in measured.values():
            assert set(row) == {1, 7}
            assert min(row.values()) > 0
    assert speed.PRINTED in times[speed.SM]


def test_an_evaluation_of_another_function_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = speed.available()[speed.PRINTED]
    wrong = {speed.PRINTED: lambda arguments: lambda omega: 2 * printed(arguments)(omega)}
    monkeypatch.setattr(speed, "available", lambda: wrong)
    with pytest.raises(RuntimeError, match="does not compute the same function"):
        speed.measure((1,), lambda line: None, budget=0)


@pytest.mark.parametrize(("seconds", "met"), [(30.0, True), (20.0, False)])
def test_a_claim_is_judged_by_its_ratio(seconds: float, met: bool) -> None:
    times = {speed.SM: {speed.PRINTED: {SIZE: seconds}, speed.OURS_C: {SIZE: 1.0}}}
    (row,) = speed.verdicts(times)
    assert row["ratio"] == seconds
    assert row["met"] is met


def test_results_are_written_as_data_and_pictures(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("flint")
    times = speed.measure((1, 7), lambda line: None, budget=0)
    speed.write(speed.report(times, speed.one_point(10)), tmp_path)
    errors = error_map.measure(1)
    error_map.write(errors, tmp_path)
    assert set(json.loads((tmp_path / "speed.json").read_text())["nanoseconds_per_point"]) == set(CASES)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "error_map.json",
        "error_map.png",
        "speed.json",
        "speed.png",
    ]
    worst = {name: max(row) for name, row in errors["largest_error_ulp"].items()}
    assert worst["renp, NumPy"] < error_map.BOUND < worst["NumPy, printed formula"]
    assert worst.get("renp, JAX", 0) < error_map.JAX_BOUND


def test_a_model_is_timed_beside_the_evaluator_that_it_equals(tmp_path: Path) -> None:
    data = models.measure(7, 1)
    models.write(data, tmp_path)
    assert json.loads((tmp_path / "models.json").read_text()) == data
    assert min(data["nanoseconds_per_point"].values()) > 0
    slow = data | {"model_over_shipped": models.MOST_PER_POINT * 1.01, "seconds_to_first_number": 0.5}
    assert [line.endswith(" met") and not line.endswith("NOT met") for line in models.lines(slow)] == [False, True]


def test_new_parameters_are_timed_for_every_evaluation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "in_a_process", parameters.measure)
    data = parameters.report(20, 1, threads=(1,))
    parameters.write(data, tmp_path)
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text()) == data
    found = data["microseconds_per_set"]["1"]
    assert set(found["values"]) == {speed.SM, speed.ALL}
    assert parameters.REFERENCE in found["values"][speed.ALL]
    assert min(time for row in found["values"].values() for time in row.values()) > 0
    assert min(found["gradients"][speed.SM].values()) > 0
    assert len([line for line in parameters.lines(data) if "printed formula" in line]) >= 3
    for case in (speed.SM, speed.ALL):
        assert {parameters.PRODUCT, parameters.JACOBIAN} <= set(found["gradients"][case])
    assert found["values"][speed.SM][parameters.BATCH] > 0


@pytest.mark.parametrize(("slow", "met"), [(3.9, True), (4.1, False)])
def test_a_claim_about_parameters_is_judged_by_its_ratio(slow: float, met: bool) -> None:
    found = {"values": {speed.SM: {parameters.BATCH: 1.0}}, "gradients": {speed.SM: {parameters.PRODUCT: slow}}}
    assert parameters.verdicts(found) == [("product with weights over the value", slow, 4, True, met)]


def test_parameters_of_another_function_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*arguments: object) -> dict[str, parameters.Run]:
        return {"twice": lambda n: 2 * set_competitors.formula(np, *some, *(given[name][:n] for name in given))}

    given = parameters.sets(20)
    fixed = {key: value for key, value in CASES[speed.SM]().items() if key not in given}
    some = parameters.ENERGIES, fixed
    monkeypatch.setattr(set_competitors, "values", wrong)
    with pytest.raises(RuntimeError, match="twice does not compute the same function"):
        parameters.measure(1, 20, 1)
