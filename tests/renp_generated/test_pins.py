"""Pinned values of everything generated: a changed value fails, a changed text is only reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import mpmath
import pytest

import renp_generated
from renp_generated import probes
from tests.renp_generated import pins


@pytest.fixture(scope="module")
def values() -> dict[str, str]:
    return pins.current_values()


def test_every_value_is_pinned_and_unchanged(
    values: dict[str, str], record_property: Callable[[str, Any], None]
) -> None:
    report = pins.compare(pins.read(), values, pins.current_texts())
    record_property("pins", report.lines())
    assert report.passed, "\n".join(report.lines())


def test_pins_cover_both_steps_both_natures_each_interaction_and_every_structure_function(
    values: dict[str, str],
) -> None:
    for group in (*(group.name for group in renp_generated.GROUPS), pins.EVERYTHING):
        for step in pins.STEPS:
            for nature in pins.NATURES:
                assert f"{group}/{step}/{nature}" in values
    diagonal = {
        name.split("/")[2] for name in values if name.startswith("gram/M1/") and len(set(name.split("/")[2:4])) == 1
    }
    assert {
        "vector",
        "axial",
        "tensor",
        "scalar_along",
        "pseudoscalar_along",
        "vector_cross",
        "axial_cross",
    } <= diagonal


def test_pins_cover_scattering_and_every_structure_function_of_the_other_probes(values: dict[str, str]) -> None:
    for process in ("electron_scattering", "coherent_scattering"):
        for nature in pins.NATURES:
            for helicity in pins.HELICITIES:
                assert f"{process}/{pins.EVERYTHING}/{nature}/{helicity}" in values
                sizes = [
                    float(v)
                    for name, v in values.items()
                    if name.startswith(process) and name.endswith(f"{nature}/{helicity}")
                ]
                assert max(sizes) < 1e8 * min(sizes)
    for tables in (
        probes.FUNCTIONS.electron,
        probes.FUNCTIONS.nucleus,
        probes.FUNCTIONS.decay,
        probes.FUNCTIONS.plasmon,
    ):
        for structures in (tables.summed, tables.polarised):
            for function in (part for parts in structures.values() for part in parts if part is not None):
                assert f"probes/{function.__name__}" in values


def test_zeros_are_the_ones_that_physics_gives(values: dict[str, str]) -> None:
    # sigma^{mu nu} has no E1 operator at leading order; a Majorana neutrino has no diagonal magnetic moment, and a decaying one
    # emits as much along its spin as against it.
    zeros = {name for name, value in values.items() if value == "0"}
    assert zeros == {
        *(f"{group}/E1/{nature}" for group in ("tensor", "tensor_mediator") for nature in pins.NATURES),
        "electromagnetic/M1/majorana/one-magnetic-moment",
        "radiative_decay/asymmetry/majorana",
    }


def test_interferences_are_visible_at_thirty_digits(values: dict[str, str]) -> None:
    for step in pins.STEPS:
        for nature in pins.NATURES:
            sizes = [float(values[f"{group.name}/{step}/{nature}"]) for group in renp_generated.GROUPS]
            assert max(sizes) < 1e8 * min(size for size in sizes if size)


def test_a_changed_text_with_the_same_values_is_reported_as_such(values: dict[str, str]) -> None:
    texts = pins.current_texts()
    now = {"values": values, "texts": texts}
    assert pins.compare(now, values, texts).lines() == []
    report = pins.compare(now, values, texts | {"m1.py": "other"})
    assert report.passed
    assert report.lines() == ["text changed, values identical to 30 digits: m1.py"]


def test_a_changed_value_a_missing_pin_and_an_orphan_fail(values: dict[str, str]) -> None:
    now: dict[str, Any] = {"values": values, "texts": {}}
    name = "everything/M1/dirac"
    with mpmath.workdps(40):
        moved = mpmath.nstr(mpmath.mpf(values[name]) * (1 + mpmath.mpf("1e-28")), 30)
    changed = pins.compare(now, values | {name: moved}, {})
    assert changed.changed == (f"{name}: pinned {values[name]}, found {moved}",)
    missing = pins.compare(now, values | {"new/M1/dirac": "1.0"}, {})
    assert missing.missing == ("new/M1/dirac",)
    orphan = pins.compare(now, {key: value for key, value in values.items() if key != name}, {})
    assert orphan.orphans == (name,)
    for report in (changed, missing, orphan):
        assert not report.passed
        assert not replace(report, texts=("m1.py",)).passed


def test_an_apparent_zero_is_evaluated_again_with_sixty_digits() -> None:
    asked: list[int] = []

    def cancelling(rest: str) -> Callable[[int], Any]:
        def value(digits: int) -> Any:
            asked.append(digits)
            with mpmath.workdps(digits + pins.GUARD):
                return (1 + mpmath.mpf(10) ** -(digits + 3)) - 1 + mpmath.mpf(rest)

        return value

    assert pins.pinned(cancelling("0")) == "0"
    assert pins.pinned(cancelling("1.5e-40")).startswith("1.50000000000000000000")
    assert asked == [30, 60, 30, 60]


def test_nothing_but_the_update_command_writes(
    values: dict[str, str], tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pins.json"
    monkeypatch.setattr(pins, "FILE", path)
    monkeypatch.setattr(pins, "current_values", lambda: values)
    path.write_text(json.dumps({"values": {}, "texts": {}}), encoding="utf-8")
    before = path.read_bytes()
    assert pins.main([]) == 1
    assert "no pin for standard_model/M1/dirac" in capsys.readouterr().out
    assert path.read_bytes() == before
    assert pins.main(["--update"]) == 0
    assert pins.main([]) == 0
    assert pins.main(["--write"]) == 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["pins.json"]
