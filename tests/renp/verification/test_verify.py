"""The verification itself: it selects, it passes on the real evaluators, and it fails on wrong ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import renp_generated
from derivations.interactions.reader import parse_interaction
from renp.cli.main import app
from renp.model import Model
from renp.verification.evaluators import TOLERANCES, verify
from renp_generated.runtime.functions import SpectralFunctions
from renp_generated.runtime.verify import TOLERANCES as SPINOR_TOLERANCES
from tests.random_files.chain import specimen

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
    assert {*ONE_OF_EACH, "scattering", "decay", "boson"} == set(TOLERANCES)


@pytest.mark.parametrize("fault", ["a wrong sign of charge conjugation", "a wrong coupling", "a wrong factor"])
def test_a_wrong_cross_section_fails(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = Model("vector").probes

    def changed(term: Any) -> Any:
        if fault == "a wrong sign of charge conjugation" and term.matrix == "g_R" and term.eta < 0:
            return replace(term, eta=1)
        if fault == "a wrong coupling" and term.coupling == "g_A":
            return replace(term, coupling="g_V")
        if fault == "a wrong factor" and term.matrix == "g_L" and term.propagator == "massive":
            (real, imag, below, powers), *rest = term.factor
            return replace(term, factor=((-real, imag, below, powers), *rest))
        return term

    wrong = replace(right, electron=replace(right.electron, terms=tuple(map(changed, right.electron.terms))))
    monkeypatch.setattr("renp.model._probes", lambda interactions, groups: wrong)
    checks = verify(2, only="electron_scattering everything majorana", model=Model("vector")).checks
    assert [check.kind for check in checks if not check.passed] == ["scattering"]


@pytest.mark.parametrize("fault", ["a wrong moment", "a wrong sign of charge conjugation", "a wrong helicity"])
def test_a_wrong_width_or_line_fails(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model("vector", "electromagnetic")
    right = model.probes
    decay, plasmon, bosons = right.decay, right.plasmon, right.bosons
    if fault == "a wrong moment":
        decay = replace(decay, terms=tuple(replace(t, row=1 - t.row) for t in decay.terms))
    if fault == "a wrong sign of charge conjugation":
        plasmon = replace(plasmon, terms=tuple(replace(t, eta=-1) for t in plasmon.terms))
    if fault == "a wrong helicity":
        terms = {step: tuple(replace(t, helicity=-t.helicity) if t.coupling == "g_V" else t for t in found)
                 for step, found in bosons[0].terms.items()}  # fmt: skip
        bosons = (replace(bosons[0], terms=terms),)
    wrong = replace(right, decay=decay, plasmon=plasmon, bosons=bosons)
    only = "boson_line vector M1" if fault == "a wrong helicity" else "_decay"
    assert verify(2, only=only, model=model).passed
    monkeypatch.setattr("renp.model._probes", lambda interactions, groups: wrong)
    changed = Model("vector", "electromagnetic")
    kinds = {check.kind for check in verify(2, only=only, model=changed).checks if not check.passed}
    assert kinds == {"boson" if fault == "a wrong helicity" else "decay"}


UNUSUAL = """\
name = "unusual"
title = "Boson with a dimensionful electron coupling"
description = "Units other than powers of eV on both lines, any matrix, and the elementary charge at a massive boson."
references = []
propagator = { kind = "massive", spin = 1, mass = "M", width = "W" }
electron = [
  { coupling = "e", bilinear = "gamma(mu) gamma5", constant = true },
  { coupling = "x", bilinear = "q2 gamma(mu) gamma5", dimension = -2, units = "cm^2" },
]
neutrino = [
  { coupling = "f", bilinear = "sigma(mu,nu) q(nu) PR", dimension = -1, units = "cm", hermitian = "add conjugate" },
]
"""
RANDOM = (4, pytest.param(10, marks=pytest.mark.slow))
"""Draws of random files: a photon and two contact interactions, a scalar and a tensor boson, some with their conjugates."""


def unusual() -> Model:
    return Model.of([parse_interaction(UNUSUAL)])


def test_a_model_is_verified_on_all_roads() -> None:
    report = verify(points=1, model=unusual())
    assert report.passed, [check for check in report.checks if not check.passed]
    # There is no photon in it.
    assert {check.kind for check in report.checks} == {*TOLERANCES, *SPINOR_TOLERANCES} - {"decay"}
    assert len({(check.name, check.kind) for check in report.checks}) == len(report.checks)
    assert set(report.as_json()["checks"][0]) == {"name", "kind", "points", "max_relative_error", "passed"}


@pytest.mark.parametrize("number", RANDOM)
def test_random_files_are_verified(number: int) -> None:
    model = Model.of([parse_interaction(one.text) for one in specimen(39, number).models])
    report = verify(points=1, only="everything", model=model)
    assert report.passed, [check for check in report.checks if not check.passed]
    assert {"integration", "spin sums"} <= {check.kind for check in report.checks}


def test_no_model_verifies_what_is_committed_and_a_model_itself_alone() -> None:
    names = [check.name for check in verify(1, only="above every threshold", model=Model("vector")).checks]
    assert names == [f"everything {nature} above every threshold" for nature in ("dirac", "majorana")]
    kinds = {check.kind for check in verify(1, only="averaged at threshold").checks}
    assert kinds == {"near threshold"}


def test_what_is_not_asked_for_is_not_computed_and_every_check_is_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[int, int, str]] = []
    report = verify(1, lambda *step: steps.append(step), only="tensor M1 dirac", model=Model("tensor"))
    assert [name for *_, name in steps] == [check.name for check in report.checks]
    assert {total for _, total, _ in steps} == {len(report.checks)}
    assert {check.kind for check in report.checks} == {"spin sums"}
    monkeypatch.delattr("renp_generated.runtime.verify.spin_sums")
    assert verify(1, only="literature", model=Model("tensor")).passed


@pytest.mark.parametrize("fault", ["a wrong sign of the conjugate", "a wrong unit", "a wrong charge"])
def test_a_wrong_model_fails_against_the_integrated_spin_sums(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = unusual().functions

    def changed(term: Any) -> Any:
        if fault == "a wrong sign of the conjugate" and term.matrix == "f.difference":
            return replace(term, number=(-term.number[0], term.number[1]))
        if fault == "a wrong unit" and term.electron == "x":
            return replace(term, constants=tuple(c for c in term.constants if c[0] != "hbar_c"))
        if fault == "a wrong charge" and term.electron is None:
            return replace(term, constants=tuple(c for c in term.constants if c[0] != "e"))
        return term

    tables = right.tables["M1"]
    terms = tuple(map(changed, tables.terms))
    assert terms != tables.terms
    wrong = SpectralFunctions(right.groups, {**right.tables, "M1": replace(tables, terms=terms)})
    monkeypatch.setattr("renp.model._functions", lambda interactions: wrong)
    model = unusual()
    checks = verify(1, only="+ unusual dirac", model=model).checks
    assert {check.kind for check in checks if not check.passed} >= {"integration"}
    assert verify(1, only="literature", model=model).passed


@pytest.mark.slow
def test_every_check_passes() -> None:
    report = verify(points=2)
    assert report.passed
    assert len(report.checks) == 156
    assert len(report.checks) == len({check.name for check in report.checks})
    assert {check.kind for check in report.checks} == set(TOLERANCES)
