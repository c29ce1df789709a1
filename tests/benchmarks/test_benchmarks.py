"""The benchmark measures what it says: every evaluation computes the same function, and the claims are judged on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import error_map, models, speed
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


def test_a_model_is_timed_beside_the_evaluator_that_it_equals(tmp_path: Path) -> None:
    data = models.measure(7, 1)
    models.write(data, tmp_path)
    assert json.loads((tmp_path / "models.json").read_text()) == data
    assert min(data["nanoseconds_per_point"].values()) > 0
    slow = data | {"model_over_shipped": models.MOST_PER_POINT * 1.01, "seconds_to_first_number": 0.5}
    assert [line.endswith(" met") and not line.endswith("NOT met") for line in models.lines(slow)] == [False, True]
