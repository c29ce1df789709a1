"""Random interactions, a copy and a shipped one through verify, derive, generate and list, and one line for each mistake."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from derivations.steps.step import Derivation
from renp import generate
from renp.cli.main import app
from renp.model import Model
from tests.random_files.chain import specimen

SEED, DRAWS = 39, (10, pytest.param(4, marks=pytest.mark.slow))
"""A scalar and a tensor boson, with the conjugates of their terms; a photon and two contact interactions."""


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture(params=DRAWS)
def paths(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    models = specimen(SEED, request.param).models
    for number, model in enumerate(models):
        Path(f"{number}.toml").write_text(model.text, encoding="utf-8")
    return [f"{number}.toml" for number in range(len(models))]


@pytest.fixture
def options(paths: list[str]) -> list[str]:
    """A model of the random files and a copy of the first one."""
    return [word for given in (*paths, f"twin={paths[0]}") for word in ("--model", given)]


@pytest.fixture
def model(paths: list[str]) -> Model:
    return Model(*paths, twin=paths[0])


def test_verify_takes_a_random_model(options: list[str]) -> None:
    result = run("verify", *options, "--points", "1", "--only", "twin", "--json")
    assert result.exit_code == 0, result.stdout + result.stderr
    report = json.loads(result.stdout)
    assert report["passed"]
    assert all("twin" in check["name"] for check in report["checks"])
    kinds = {check["kind"] for check in report["checks"]}
    assert (
        {"integration", "near threshold", "spin sums"}
        <= kinds
        <= {"integration", "near threshold", "spin sums", "boson", "scattering"}
    )


def test_derive_takes_a_random_model(options: list[str], model: Model) -> None:
    for words, step in (((), "M1"), (("--pair-step", "E1"), "E1")):
        expected: Derivation = model.derivation(step)
        assert run("derive", *options, *words).stdout == expected.as_text() + "\n"
        assert run("derive", *options, *words, "--latex").stdout == expected.as_latex() + "\n"


def test_derive_prints_the_formulas_of_a_random_model(options: list[str], model: Model) -> None:
    for form, words, step in (("papers", (), "M1"), ("threshold", ("--pair-step", "E1"), "E1")):
        found = model.formulas(form, step)
        for latex in (False, True):
            result = run("derive", *options, *words, "--form", form, *(["--latex"] if latex else []))
            assert result.exit_code == 0, result.stderr
            title = result.stdout.partition("\n")[0] if not latex else ""
            shown = (found["threshold"], found["summand"])
            for line in generate.formula_document(title, shown, latex=latex).splitlines()[10:]:
                assert line in result.stdout


def test_derive_prints_the_formula_of_a_name_in_either_form() -> None:
    papers, threshold = (run("derive", "vector", "--form", form).stdout for form in ("papers", "threshold"))
    assert "I_D_ij*(abs(a_L_ij)^2 + abs(a_R_ij)^2 - 2*delta_M*Re(a_L_ij*a_R_ij))" in papers
    assert "a_L_ij = a_ij + sqrt(2)*g_A*g_L_ij/(2*G_F*(s - M^2))" in papers
    assert "where s > (m_i + m_j)^2; elsewhere 0" in papers
    assert "Delta_ij = sqrt(t*(4*P + t))/s" in threshold
    assert "(E1 pair step, papers form)" in run("derive", "vector-E1", "--form", "papers").stdout
    assert r"I^{D}_{ij} (|{a^{L}_{ij}}|^{2}" in run("derive", "vector", "--form", "papers", "--latex").stdout


def test_generate_takes_a_random_model_for_every_target(paths: list[str], options: list[str], model: Model) -> None:
    first, *others = paths
    # Files with and without the option are the same model.
    mixed = [first, *(word for given in (*others, f"twin={first}") for word in ("--model", given))]
    for target, expected in (
        ("numpy", generate.package_files(model.interactions)),
        ("c", generate.c_files(model.interactions)),
        ("latex", {"": generate.formulas(model.interactions).as_latex()}),
    ):
        for words, out in ((options, Path(f"all_{target}")), (mixed, Path(f"mixed_{target}"))):
            result = run("generate", *words, "--target", target, "--out", str(out))
            assert result.exit_code == 0, result.stderr
            assert {name: (out / name).read_text(encoding="utf-8") for name in expected} == expected
    assert run("generate", *mixed, "--out", "all_numpy", "--check").exit_code == 0
    assert run("generate", *paths, "--out", "all_numpy", "--check").exit_code == 1


def test_list_shows_what_a_random_model_offers(options: list[str], model: Model) -> None:
    found = json.loads(run("list", *options, "--json").stdout)["groups"]
    assert [group["name"] for group in found] == [group.name for group in model.groups]
    text = run("list", *options).stdout
    for group, record in zip(model.groups, found, strict=True):
        assert f"{group.name}: {group.title}; " in text.replace("\n", " ")
        assert [c["name"] for c in record["couplings"]] == [c.name for c in group.couplings]
        for coupling, entry in zip(group.couplings, record["couplings"], strict=True):
            assert tuple(entry["opens"]) == coupling.opens
            assert (entry["kind"], entry["units"]) == (coupling.kind, coupling.units)
            row = next(line.split() for line in text.splitlines() if line.split()[:2] == [coupling.name, coupling.kind])
            assert coupling.units in row


def test_list_says_what_is_allowed_and_what_is_taken_without_it() -> None:
    text = " ".join(run("list", "--model", "vector").stdout.split())
    assert (
        "propagator choice 1 numerator of the propagator: -g, or -(g - q q / M^2) M1 and E1 feynman (or unitary)"
        in text
    )
    assert "mass mass eV mediator mass M1 and E1 must be given" in text
    assert "g_A real electron 1 electron gamma(mu) gamma5 M1 0" in text
    shipped = json.loads(run("list", "--json").stdout)["groups"]
    assert [group["keyword"] for group in shipped][:2] == ["", "electromagnetic"]


def test_a_choice_without_a_default_is_that_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    *_, vector = Model("vector").groups
    couplings = tuple(replace(c, default=None) if c.name == "m1" else c for c in vector.couplings)
    monkeypatch.setattr("renp.model._groups", lambda model: (replace(vector, couplings=couplings),))
    row = next(line for line in run("list", "--model", "vector").stdout.splitlines() if line.startswith("m1 "))
    assert row.strip().endswith("that of the call (or spin, full)")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("verify --model missing.toml", "--model: missing.toml: field 'file': found no such file"),
        ("verify --model vectr", "--model: unknown interaction 'vectr'"),
        ("verify --model vector --only gravity", "only: no check contains 'gravity'"),
        ("derive", "takes the NAME of a derivation or --model, found neither"),
        ("derive vector --model vector", "takes the NAME of a derivation or --model, found both"),
        ("derive vector --pair-step E1", "--pair-step is for --model"),
        ("derive --model vector --pair-step E2", "--pair-step must be one of M1, E1, found 'E2'"),
        ("derive vector --form printed", "form must be one of papers, threshold, found 'printed'"),
        ("derive rate --form papers", "no spectral function is derived as 'rate'; known are standard_model, "),
        ("derive phlogiston --form papers", "no spectral function is derived as 'phlogiston'"),
        ("derive --form papers", "takes the NAME of a derivation or --model, found neither"),
        ("derive vector --model vector --form papers", "takes the NAME of a derivation or --model, found both"),
        ("derive vector --pair-step E1 --form papers", "--pair-step is for --model"),
        ("derive --model vectr", "--model: unknown interaction 'vectr'"),
        ("generate --model vector", "--model needs --out DIR"),
        ("generate missing.toml --model vector --out a", "FILE or --model: missing.toml: field 'file'"),
        ("generate missing.toml --target latex", "FILE: missing.toml: field 'file'"),
        ("generate vector --model vector --out a", "FILE or --model: two interactions have the name 'vector'"),
        ("generate --model a=vector --model a=tensor --out a", "--model: two interactions have the name 'a'"),
        ("generate --model vector --out renp_generated", "--out must not end in the name of a package in use"),
        ("list --model vectr", "--model: unknown interaction 'vectr'"),
        ("list --schema --json", "--schema prints the schema alone"),
    ],
)
def test_mistakes_get_one_line_and_nothing_is_written(
    words: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words.split())
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []
