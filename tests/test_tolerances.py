"""No comparison passes because its numbers are small: ``pytest.approx`` adds 1e-12 unless it is told not to."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def silent(source: str) -> list[int]:
    """Return the lines that call ``approx`` without an absolute tolerance."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) == "approx"]
    return [call.lineno for call in named if all(keyword.arg != "abs" for keyword in call.keywords)]


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.py")), ids=lambda path: str(path.relative_to(HERE)))
def test_every_approximate_comparison_names_its_absolute_tolerance(path: Path) -> None:
    assert silent(path.read_text(encoding="utf-8")) == []


def test_a_silent_one_is_found() -> None:
    assert silent("assert x == pytest.approx(1e-40, rel=1e-3)\nassert y == approx(2, abs=0)") == [1]
