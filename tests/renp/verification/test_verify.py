"""The verification itself: it selects, it passes on the real evaluators, and it fails on wrong ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import renp_generated
from renp.cli.main import app
from renp.verification.evaluators import TOLERANCES, verify

RIGHT = renp_generated.spectral_function
ONE_OF_EACH = {
    "literature": "printed standard_model majorana n=3",
    "integration": "scalar + vector majorana",
    "near threshold": "everything dirac n=3 averaged at threshold",
    "closed": "everything majorana above every threshold",
}
"""A cheap check of each kind."""

WRONG: dict[str, Callable[..., Any]] = {
    "a relative error of 1e-12": lambda omega, **given: RIGHT(omega, **given) * (1 + 1e-12) + 1e-300,
    "the other nature": lambda omega, **given: RIGHT(
        omega, **{**given, "nature": "dirac" if given["nature"] == "majorana" else "majorana"}
    ),
    "light of the other handedness": lambda omega, **given: RIGHT(
        omega,
        **{
            **given,
            "atomic_tensor": None if given["atomic_tensor"] is None else np.conj(given["atomic_tensor"]),
        },
    ),
    "not a number": lambda omega, **given: RIGHT(omega, **given) * np.nan,
}


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_a_selected_check_passes(kind: str) -> None:
    report = verify(points=1, only=ONE_OF_EACH[kind])
    assert report.passed
    assert {check.kind for check in report.checks} == {kind}
    assert all(ONE_OF_EACH[kind] in check.name for check in report.checks)


def test_a_kind_selects_its_checks() -> None:
    seen: list[str] = []
    report = verify(1, lambda done, total, name: seen.append(f"{done}/{total} {name}"), only="closed")
    assert seen == [f"{done}/2 {check.name}" for done, check in enumerate(report.checks)]
    assert [check.points for check in report.checks] == [1, 1]


@pytest.mark.parametrize(
    ("fault", "only"),
    [
        *(("a relative error of 1e-12", text) for text in ONE_OF_EACH.values()),
        *(("not a number", text) for text in ONE_OF_EACH.values()),
        ("the other nature", ONE_OF_EACH["literature"]),
        ("light of the other handedness", "everything majorana n=3 circular at threshold"),
    ],
)
def test_a_wrong_evaluator_fails(fault: str, only: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renp_generated, "spectral_function", WRONG[fault])
    report = verify(points=1, only=only)
    assert not any(check.passed for check in report.checks)


def test_the_command_fails_with_1_on_a_wrong_evaluator(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["verify", "--points", "1", "--only", ONE_OF_EACH["literature"]]
    right = CliRunner().invoke(app, arguments)
    assert (right.exit_code, "2 of 2 checks passed" in right.stdout) == (0, True)
    monkeypatch.setattr(renp_generated, "spectral_function", WRONG["the other nature"])
    wrong = CliRunner().invoke(app, arguments)
    assert (wrong.exit_code, "0 of 2 checks passed" in wrong.stdout) == (1, True)
    report = CliRunner().invoke(app, [*arguments, "--json"])
    assert (report.exit_code, json.loads(report.stdout)["passed"]) == (1, False)


def test_a_text_that_selects_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="only: no check contains 'gravity'; kinds are integration, literature"):
        verify(points=1, only="gravity")
    assert set(ONE_OF_EACH) == set(TOLERANCES)


@pytest.mark.slow
def test_every_check_passes() -> None:
    report = verify(points=2)
    assert report.passed
    assert len(report.checks) == len({check.name for check in report.checks})
    assert {check.kind for check in report.checks} == set(TOLERANCES)
