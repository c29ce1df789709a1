"""The command line: what it prints and writes, and one line with exit code 2 for every mistake."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path
from unittest import mock

import pytest
from typer.testing import CliRunner, Result

import renp
from derivations.catalogue import derive, names
from derivations.interactions.reader import parse_interaction, shipped_interactions
from derivations.ledger.printed import Printed
from derivations.ledger.proofs import Proof
from renp.cli.main import COMMANDS, app
from renp.generate import c_files, check_c_target, check_target
from renp.model import Model
from renp.studies.figures.registry import FIGURES
from renp.verification.evaluators import Check, Report
from renp.verification.ledger import Account
from tests.tolerances import tolerance

SPECTRUM = ("spectrum", "--lightest", "0.01", "--nature", "majorana", "--omega", "1.06:1.0717:40")

OWN = """
name = "dark"
title = "Dark boson"
description = "For the tests."
references = []
propagator = { kind = "massive", spin = 1, mass = "M_X" }
electron = [ { coupling = "g_V", bilinear = "gamma(mu)" }, { coupling = "g_A", bilinear = "gamma(mu) gamma5" } ]
neutrino = [ { coupling = "g_L", bilinear = "gamma(mu) PL" } ]
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_each_command_stands_in_the_module_of_its_name() -> None:
    assert {name: command.__module__ for name, command in COMMANDS.items()} == {
        name: f"renp.cli.{name}_" if iskeyword(name) else f"renp.cli.{name}" for name in COMMANDS
    }


def test_help_names_every_command_and_its_exit_codes() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in (
        "check",
        "derive",
        "events",
        "figure",
        "generate",
        "identify",
        "info",
        "ledger",
        "list",
        "scan",
        "sensitivity",
        "spectrum",
        "verify",
    ):
        assert f" {command} " in result.stdout
    assert "2 bad input" in result.stdout
    assert run().stdout == result.stdout


@pytest.mark.parametrize("command", [info.name for info in app.registered_commands])
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"renp {command}" in result.stdout.replace("Usage: renp", "")


def test_spectrum_writes_plot_csv_and_json_and_lists_six_thresholds(tmp_path: Path) -> None:
    plot, table, record = tmp_path / "out.png", tmp_path / "out.csv", tmp_path / "out.json"
    result = run(*SPECTRUM, "--plot", str(plot), "--csv", str(table), "--json", str(record))
    assert result.exit_code == 0, result.stderr
    assert plot.read_bytes().startswith(b"\x89PNG")
    lines = table.read_text().splitlines()
    assert lines[0] == "omega_eV,I"
    assert len(lines) == 41
    data = json.loads(record.read_text())
    assert data["nature"] == "majorana"
    assert len(data["thresholds"]) == 6
    for threshold in data["thresholds"]:
        assert f"{threshold['omega']:.8f}" in result.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "out.json", "out.png"]


def test_a_pair_too_heavy_to_be_emitted_has_no_threshold() -> None:
    result = run("spectrum", "--lightest", "1.07174", "--omega", "0.1:0.2:3")
    rows = [line.split() for line in result.stdout.splitlines()[2:8]]
    assert [row[0] for row in rows] == ["11", "12", "22", "13", "23", "33"]
    assert float(rows[0][1]) > 0
    assert all(row[1:3] == ["never", "opens"] for row in rows[1:])
    assert "-0." not in result.stdout


@pytest.mark.parametrize(
    "words", [(), ("--atom", "Xe"), ("--lightest", "0.3"), ("--lightest", "0", "--ordering", "inverted")]
)
def test_the_default_range_shows_every_threshold(words: tuple[str, ...], tmp_path: Path) -> None:
    record = tmp_path / "out.json"
    result = run("spectrum", *words, "--json", str(record))
    assert result.exit_code == 0, result.stderr
    data = json.loads(record.read_text())
    thresholds = [threshold["omega"] for threshold in data["thresholds"]]
    below, above = min(thresholds) - data["omega"][0], data["omega"][-1] - max(thresholds)
    assert below > 0.1 * (max(thresholds) - min(thresholds))
    # A massless pair has its threshold at the end of the spectrum, which is left out.
    assert above > 0 or 0 in data["masses"]
    assert sum(value > 0 for value in data["I"]) > 200
    assert "I = 0" not in result.stdout


def test_a_spectrum_of_zeros_says_why() -> None:
    result = run("spectrum", "--lightest", "0.3", "--omega", "1.06:1.0717:40")
    assert "I = 0: all photon energies lie above every pair threshold, the highest is 0.9877716 eV" in result.stdout
    result = run("spectrum", "--lightest", "2", "--omega", "1.06:1.0717:40")
    assert "I = 0: no pair is ever emitted: the neutrinos are too heavy" in result.stdout
    result = run("spectrum", "--lightest", "2")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "the neutrinos are too heavy to be emitted" in result.stderr


def test_the_same_command_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        outputs = (f"--{kind}={tmp_path / name}.{suffix}" for kind, suffix in (("plot", "svg"), ("json", "json")))
        assert run(*SPECTRUM, *outputs).exit_code == 0
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_majorana_phases_are_given_in_degrees(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert run(*SPECTRUM, "--alpha21", "180", "--json", str(path)).exit_code == 0
    assert json.loads(path.read_text())["majorana_phases"] == pytest.approx(
        [3.141592653589793, 0], rel=tolerance("wavenumber-unit"), abs=0
    )


def test_list_prints_the_schema_of_interaction_files_as_it_ships():
    shipped = files("derivations") / "interactions" / "interaction.schema.json"
    assert run("list", "--schema").stdout == shipped.read_text(encoding="utf-8")


def test_list_marks_a_term_that_comes_with_its_conjugate():
    entry = 'neutrino = [ { coupling = "d", bilinear = "sigma(mu,nu) q(nu) PR", dimension = -1, units = "cm", '
    dipole = OWN[: OWN.index("neutrino")] + entry + 'hermitian = "add conjugate" } ]'
    with mock.patch("derivations.interactions.reader.shipped_interactions", return_value=(parse_interaction(dipole),)):
        text = run("list").stdout
    assert "sigma(mu,nu) q(nu) PR + h.c." in text
    assert text.count("h.c.") == 1


def test_list_shows_atoms_and_sets_with_sources() -> None:
    text = run("list").stdout
    for word in (
        "Yb",
        "Xe",
        "gamma_vg",
        "NIST",
        "nufit-6.0-no",
        "nufit-6.0-io",
        "desalas-2021-benchmark",
        "2410.05380",
    ):
        assert word in text


def test_list_shows_every_interaction_with_its_transition() -> None:
    text = run("list").stdout
    for interaction in shipped_interactions():
        assert interaction.name in text
        assert interaction.title in text
        for coupling in interaction.couplings:
            assert f" {coupling} " in text
    rows = [" ".join(line.replace("│", " ").split()) for line in text.splitlines()]
    assert "electron g_A 1 gamma(mu) gamma5 M1" in rows
    assert "electron y_P 1 i gamma5 M1 of order q/m_e" in rows
    assert "electron y_S 1 1 E1" in rows


def test_the_committed_package_is_what_is_generated() -> None:
    result = run("generate", "--check")
    assert result.exit_code == 0, result.stdout


def test_generate_writes_a_package_and_check_finds_each_difference(tmp_path: Path) -> None:
    directory = tmp_path / "package"
    assert run("generate", "--out", str(directory)).exit_code == 0
    names = sorted(path.name for path in directory.iterdir())
    assert "__init__.py" in names

    (directory / "__init__.py").write_text("edited by hand")
    (directory / "runtime" / "evaluator.py").unlink()
    (directory / "stray.py").write_text("")
    result = run("generate", "--out", str(directory), "--check")
    assert result.exit_code == 1
    for line in (
        f"changed: {directory}/__init__.py",
        f"missing: {directory}/runtime/evaluator.py",
        f"orphan: {directory}/stray",
    ):
        assert line in result.stdout


def test_generate_removes_what_it_wrote_before_and_leaves_other_orphans(tmp_path: Path) -> None:
    directory = tmp_path / "package"
    assert run("generate", "--out", str(directory)).exit_code == 0
    header = (directory / "m1.py").read_text().splitlines()[0]
    (directory / "former.py").write_text(f"{header}\n")
    (directory / "notes.txt").write_text("mine")
    listed = run("generate", "--out", str(directory), "--check").stdout
    assert "former.py" in listed
    assert "notes.txt" in listed
    assert run("generate", "--out", str(directory)).exit_code == 0
    assert not (directory / "former.py").exists()
    assert (directory / "notes.txt").read_text() == "mine"
    assert "An orphan is a file" in run("generate", "--help").stdout


def test_generate_refuses_what_it_cannot_use(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "bad.toml").write_text("name = 3")
    for words, message in (
        (["--out", str(tmp_path / "file")], "is a file: name a directory"),
        (["--out", str(tmp_path / "file"), "--check"], "is no directory: nothing to check"),
        (["--out", str(tmp_path / "none" / "package")], "does not exist"),
        (["--out", str(tmp_path / "none"), "--check"], "nothing to check"),
        (["mine.toml"], "FILE needs --out DIR"),
        (["mine.toml", "--out", str(tmp_path / "package")], "mine.toml: field 'file'"),
        ([str(tmp_path / "bad.toml"), "--out", str(tmp_path / "package")], "bad.toml:1: field"),
    ):
        result = run("generate", *words)
        assert result.exit_code == 2, words
        assert message in result.stderr
        assert result.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.toml", "file"]


def test_a_file_is_no_target(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for check in (check_target, check_c_target):
        with pytest.raises(ValueError, match=r"^--out '.*file' is a file: name a directory$"):
            check(tmp_path / "file")


def test_generate_help_names_the_files_and_the_optional_argument() -> None:
    text = " ".join(run("generate", "--help").stdout.split())
    # Newer versions of typer put brackets around an optional argument by themselves.
    assert "[[FILE]]" not in text
    assert "FILE" in text
    assert all(name in text for name in ("spectral.c", "spectral.h", "spectral.f90"))


def test_generate_writes_the_c_files_and_nothing_else(tmp_path: Path) -> None:
    directory, expected = tmp_path / "evaluators", {name: text.encode() for name, text in c_files().items()}
    assert sorted(expected) == ["spectral.c", "spectral.f90", "spectral.h"]
    for _ in range(2):
        result = run("generate", "--target", "c", "--out", str(directory))
        assert result.exit_code == 0, result.stderr
        found = {path.name: path.read_bytes() for path in directory.iterdir()}
        assert found == expected
    assert [path.name for path in tmp_path.iterdir()] == ["evaluators"]


def test_generate_writes_the_formulas_of_both_pair_steps(tmp_path: Path) -> None:
    own, document = tmp_path / "dark.toml", tmp_path / "formulas.tex"
    own.write_text(OWN)
    result = run("generate", str(own), "--target", "latex")
    assert result.exit_code == 0, result.stderr
    assert run("generate", str(own), "--target", "latex", "--out", str(document)).exit_code == 0
    text = document.read_text()
    assert text == result.stdout
    assert text.startswith(r"\documentclass")
    for word in ("amplitude-standard", "amplitude-dark", "gram-vector-vector", "gram-axial-axial"):
        for step in ("m1", "e1"):
            assert rf"\section*{{{step}-{word}".replace("_", r"\_") in text
    assert text.count("I(\\omega)") == 2
    for section in ("evaluator-definition", "evaluator-squares", "m1-evaluator-amplitudes", "e1-evaluator-amplitudes"):
        assert text.count(rf"\section*{{{section}}}") == 1


def test_generate_refuses_wrong_combinations_and_targets(tmp_path: Path) -> None:
    package, mine, file = tmp_path / "package", tmp_path / "mine", tmp_path / "file"
    package.mkdir()
    (package / "__init__.py").write_text("# Generated by renp 0\n")
    mine.mkdir()
    (mine / "spectral.h").write_text("/* by hand */\n")
    file.write_text("")
    before = sorted(tmp_path.rglob("*"))
    for words, message in (
        (["--target", "fortran"], "--target must be one of numpy, jax, c, latex, found 'fortran'"),
        (["--target", "c"], "--target c needs --out DIR"),
        (["--target", "c", "--check", "--out", str(mine)], "--check compares a Python package"),
        (["--target", "latex", "--check"], "--check compares a Python package"),
        (["--target", "c", "--out", str(package)], "must not be a Python package"),
        (["--target", "c", "--out", str(mine)], "must not hold a spectral.h that was not generated"),
        (["--target", "c", "--out", str(file)], "is a file: name a directory"),
        (["--target", "c", "--out", str(tmp_path / "none" / "c")], "does not exist"),
        (["--target", "latex", "--out", str(mine)], "is a directory: name a file"),
        (["missing.toml", "--target", "latex"], "missing.toml: field 'file'"),
    ):
        result = run("generate", *words)
        assert result.exit_code == 2, words
        assert message in result.stderr
        assert result.stderr.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before
    assert (mine / "spectral.h").read_text() == "/* by hand */\n"


def test_derive_prints_named_steps_as_text_or_latex() -> None:
    text, document = run("derive", "weak"), run("derive", "weak", "--latex")
    assert text.exit_code == document.exit_code == 0
    derivation = derive("weak")
    assert text.stdout == derivation.as_text() + "\n"
    assert document.stdout == derivation.as_latex() + "\n"
    assert all(f"[{step.name}]" in text.stdout for step in derivation)


def test_derive_names_what_it_knows() -> None:
    result = run("derive", "phlogiston")
    assert result.exit_code == 2
    assert "'phlogiston'" in result.stderr
    assert "standard_model" in result.stderr
    listed = " ".join(run("list").stdout.split())
    assert f"(renp derive NAME): {', '.join(names())}" in listed


def test_verify_reports_every_check_and_fails_when_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    good = Check("weak", "integration", 3, 2e-16, 1e-13)
    bad = Check("broken", "integration", 3, float("nan"), 1e-13)

    def fake(
        points: int, progress: Callable[[int, int, str], None], *, only: str | None, model: Model | None
    ) -> Report:
        assert only is model is None
        progress(0, 1, "weak")
        return Report((good,) if points == 1 else (good, bad))

    monkeypatch.setattr("renp.verification.evaluators.verify", fake)
    passed = run("verify", "--points", "1")
    assert passed.exit_code == 0
    assert "1 of 1 checks passed" in passed.stdout
    failed = run("verify", "--points", "2")
    assert failed.exit_code == 1
    assert "FAILED" in failed.stdout
    report = run("verify", "--points", "2", "--json")
    assert report.exit_code == 1
    assert json.loads(report.stdout) == {
        "passed": False,
        "checks": [
            {"name": "weak", "kind": "integration", "points": 3, "max_relative_error": 2e-16, "passed": True},
            {"name": "broken", "kind": "integration", "points": 3, "max_relative_error": None, "passed": False},
        ],
    }


@pytest.mark.parametrize("points", ["0", "1001"])
def test_verify_takes_one_to_a_thousand_points(points: str) -> None:
    result = run("verify", "--points", points)
    assert (result.exit_code, result.stderr) == (2, f"renp: error: points must be from 1 to 1000, found {points}\n")


def test_ledger_prints_every_entry_and_counts_verdicts(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Account(Printed("A-1", "A (1)", "(1)", "$1 = 1$"), Proof("confirmed", "Identity.", ()), "", "")
    wrong = Account(
        Printed("A-2", "A (2)", "(2)", "1 = 2 " * 40),
        Proof("refuted", "1 is not 2. So.", (), "$1 = 1$"),
        "all of it",
        "",
    )
    monkeypatch.setattr("renp.verification.ledger.selected", lambda source, verdict: [wrong, right])
    monkeypatch.setattr("renp.verification.ledger.ledger_entries", lambda: [right.entry, wrong.entry])
    text = run("ledger").stdout
    for part in (
        "A-2: refuted (A (2))", "correct: 1 = 1", "why:     1 is not 2.\n", "size:    all of it", "A-1: confirmed",
        "2 entries: 1 refuted, 0 convention, 1 confirmed",
    ):  # fmt: skip
        assert part in text
    assert " ".join(text.split()).count("1 = 2") == 40
    records = json.loads(run("ledger", "--json").stdout)
    assert [set(record) for record in records] == [{"id", "source", "claim", "verdict", "reason", "evidence"}] * 2


def test_ledger_runs_one_proof_by_its_evidence_command() -> None:
    (record,) = json.loads(run("ledger", "--id", "GP22-q2", "--json").stdout)
    program, *words = record["evidence"].split()
    assert program == "renp"
    assert run(*words).stdout.startswith(f"GP22-q2: {record['verdict']}")


def test_ledger_names_its_entries_when_asked_for_another() -> None:
    result = run("ledger", "--id", "GP22-nothing")
    assert result.exit_code == 2
    assert "unknown ledger entry 'GP22-nothing'" in result.stderr
    assert result.stderr.count("\n") == 1


def test_sensitivity_prints_the_limit_of_the_library() -> None:
    limit = renp.sensitivity("vector.g_L[1,1]", level=0.95, vector={"mass": 1.0})
    words = ("sensitivity", "vector.g_L[1,1]", "--mass", "1", "--level", "0.95")
    ((low, high),) = limit.intervals
    assert f"{low:.4g} to {high:.4g}" in run(*words).stdout
    assert json.loads(run(*words, "--json").stdout)["intervals"] == [[low, high]]


def test_sensitivity_runs_along_a_parameter() -> None:
    result = run("sensitivity", "vector.g_L[1,1]", "--along", "mediator_mass=1e2:1e4:3", "--json")
    assert result.exit_code == 0, result.stderr
    records = json.loads(result.stdout)
    # Far above E_eg the exchange is a contact interaction, g^2/M^2: a decade in mass is two decades in coupling.
    assert [record["mediator_mass"] for record in records] == pytest.approx(
        [1e2, 1e3, 1e4], rel=tolerance("wavenumber-unit"), abs=0
    )
    upper = [record["intervals"][-1][1] for record in records]
    assert upper[1] / upper[0] == pytest.approx(100, rel=tolerance("contact-limit"), abs=0)
    assert upper[2] / upper[1] == pytest.approx(100, rel=tolerance("contact-limit"), abs=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "Missing argument"),
        ("vector.g_L[1,1]", "--mass: vector couplings need the mediator mass in eV"),
        ("vector.g_L[1,1] --along lightest_mass=0:0.1:3", "--mass: vector couplings need the mediator mass in eV"),
        ("vector.g_L[1,1]", "in eV, as in --mass 1 or --set vector.mass=1"),
        ("vector.g_L[1,1] --mass -1", "--set vector.mass must be positive, found -1.0"),
        ("vector.g_L[5,1] --mass 1", "index above the number of neutrinos"),
        ("tensor.t[1,1] --mass 3", "--mass: tensor couplings have no mediator mass"),
        ("tensor.t[1,1] --along mediator_mass=1:3:4", "tensor couplings have no mediator mass"),
        ("vector.g_L[1,1] --mass 1 --along mediator_mass=1:9:3", "--mass: --along mediator_mass gives the masses"),
        (
            "vector.g_L[1,1] --set vector.mass=1 --along mediator_mass=1:9:3",
            "--set vector.mass: --along mediator_mass gives the masses, leave one of the two out",
        ),
        ("nonsense", "expected a name like"),
        ("tensor.t[1,1] --level 2", "between 0 and 1, got 2.0"),
        ("tensor.t[1,1] --along weather=1:2:3", "--along: expected"),
        ("vector.g_L[1,1] --along mass=1:2:3", "--along: expected mediator_mass or lightest_mass or exposure_days or"),
        ("vector.g_L[1,1] --along mediator_masses=1:2:3", "--along: expected mediator_mass or"),
        ("tensor.t[1,2] --profile tensor.t[2,1]", "'tensor.t[1,2]' and 'tensor.t[2,1]' are the same parameter"),
        ("tensor.t[1,1] --along events=3", "--along events must be START:STOP:COUNT, for example"),
        ("tensor.t[1,1] --along events=1:10:1e12", "--along events: COUNT must be a whole number, found '1e12'"),
        ("tensor.t[1,1] --along events=1:10:1000000000000", "--along events: COUNT must lie between 2 and 10000000"),
        ("tensor.t[1,1] --along events=1:10:1", "--along events: COUNT must lie between 2 and 10000000"),
        ("tensor.t[1,1] --along events=10:1:5", "--along events: START must be smaller than STOP"),
        ("vector.g_L[1,1] --along mediator_mass=1:x:5", "START and STOP must be numbers in eV, found 'x'"),
        ("tensor.t[1,1] --along events=0:3:5", "needs positive ends"),
        ("tensor.t[1,1] --along events=1:inf:5", "--along events: START and STOP must be finite, found 'inf'"),
        ("tensor.t[1,1] --frequencies 1,a", "expected finite numbers separated by ','"),
        ("tensor.t[1,1] --frequencies 1.5", "0 < omega < E_eg/2"),
        ("tensor.t[1,1] --days -3", "--exposure-days: expected a finite positive number, got -3.0"),
        ("tensor.t[1,1] --lightest nan", "--lightest-mass: expected a finite number, got 'nan'"),
    ],
)
def test_sensitivity_reports_mistakes_in_one_line(arguments: str, message: str) -> None:
    result = run("sensitivity", *arguments.split())
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_figure_lists_and_draws(tmp_path: Path) -> None:
    listed = run("figure").stdout
    assert all(name in listed for name in FIGURES)
    target = tmp_path / "ladder.svg"
    result = run("figure", "threshold-ladder", "--out", str(target))
    assert result.exit_code == 0, result.stderr
    assert target.read_bytes().startswith(b"<?xml")


def test_figure_reports_mistakes_in_one_line(tmp_path: Path) -> None:
    for words, message in (
        (["--out", str(tmp_path / "a.png")], "--out needs the NAME of a figure"),
        (["starry-night"], "unknown name 'starry-night', known are"),
        (["threshold-ladder", "--out", str(tmp_path / "a.bmp")], "must end in"),
        (["threshold-ladder", "--out", str(tmp_path / "missing" / "a.png")], "does not exist"),
    ):
        result = run("figure", *words)
        assert result.exit_code == 2
        assert message in result.stderr
        assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


STUDY = """
quantity = "spectral_function"
[[axis]]
parameter = "lightest_mass"
values = [0.0, 0.01]
[[axis]]
parameter = "photon_energy"
values = [1.06, 1.07]
"""


def test_scan_writes_a_data_set(tmp_path: Path) -> None:
    pytest.importorskip("h5netcdf")
    study, output = tmp_path / "study.toml", tmp_path / "out.nc"
    study.write_text(STUDY)
    result = run("scan", str(study), "--out", str(output))
    assert result.exit_code == 0, result.stderr
    assert f"wrote {output}: spectral_function, lightest_mass 2 x photon_energy 2" in result.stdout
    assert result.stdout.startswith("Yb, Dirac neutrinos, normal ordering, lightest 0 eV, desalas-2021-benchmark")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.nc", "study.toml"]
    again = run("scan", str(study), "--out", str(output))
    assert again.stdout == result.stdout.replace(f"wrote {output}", f"{output} is complete")


def test_scan_reports_mistakes_in_one_line(tmp_path: Path) -> None:
    study, broken = tmp_path / "study.toml", tmp_path / "broken.toml"
    study.write_text(STUDY)
    broken.write_text("quantity = ")
    for words in (
        [str(tmp_path / "missing.toml")],
        [str(broken)],
        [str(study), "--out", str(tmp_path / "out.txt")],
        [str(study), "--out", str(tmp_path / "missing" / "out.nc")],
    ):
        result = run("scan", *words)
        assert result.exit_code == 2, words
        assert result.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.toml", "study.toml"]


MISTAKES = [
    ("--atom Cs", "unknown atom 'Cs': known atoms are Xe, Yb, and files *.toml"),
    ("--ordering sideways", "unknown ordering 'sideways': use 'normal' or 'inverted'"),
    ("--nature weyl", "nature must be one of dirac, majorana for all neutrinos alike"),
    ("--lightest -0.01", "--lightest-mass must be a mass in eV, zero or positive, found -0.01"),
    ("--lightest nan", "--lightest-mass: expected a finite number, got 'nan'"),
    ("--lightest heavy", "--lightest"),
    ("--omega 1.06:1.07", "omega must be START:STOP:COUNT"),
    ("--omega 1.06:x:5", "must be numbers in eV, found 'x'"),
    ("--omega 1.06:1.2:5", "omega must lie strictly between 0 and E_eg/2 = 1.071747 eV of Yb"),
    ("--omega 0:1:5", "omega must lie strictly between 0 and E_eg/2"),
    ("--chain loose", "chain must be one of averaged, exact, incoherent, prepared, found 'loose'"),
    ("--chain exact --polarisation up", "polarisation must be one of linear, circular+, circular-, found 'up'"),
    ("--polarisation circular+", "polarisation: the averaged chain does not depend on it"),
    ("--chain averaged --polarisation circular-", "polarisation: the averaged chain does not"),
    ("--oscillation mine", "unknown oscillation set 'mine'"),
    ("--ordering inverted --oscillation nufit-6.0-no", "fitted in the normal ordering"),
    ("--csv {tmp}/missing/a.csv", "does not exist"),
    ("--csv {tmp}", "is a directory"),
    ("--json /dev/null", "is not a regular file"),
    ("--plot {tmp}/a.bmp", "must end in .png, .pdf, .svg"),
    ("--csv {tmp}/a --json {tmp}/a", "is given twice"),
    ("--alpha21 nan --nature majorana", "--alpha21: expected a finite number, got 'nan'"),
    ("--colour red", "No such option"),
    ("surplus", "unexpected extra argument"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES, ids=[arguments for arguments, _ in MISTAKES])
def test_a_mistake_is_one_line_and_exit_code_two(arguments: str, message: str, tmp_path: Path) -> None:
    output = tmp_path / "data.csv"
    words = [word.replace("{tmp}", str(tmp_path)) for word in arguments.split()]
    asked = [] if "--csv" in words else [f"--csv={output}"]
    result = run("spectrum", *asked, *words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("renp: error: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_command_is_one_line_and_exit_code_two() -> None:
    result = run("spectra")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_debug_shows_the_traceback() -> None:
    result = run("--debug", "spectrum", "--atom", "Cs")
    assert isinstance(result.exception, ValueError)


def process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("verify own.toml", "Got unexpected extra argument(s) (own.toml); an interaction file goes behind --model; see renp verify --help"),
        ("info more", "Got unexpected extra argument(s) (more); see renp info --help"),
        ("sensitivity", "Missing argument 'coupling'; see renp sensitivity --help"),
        ("derive own.toml", "NAME is that of a derivation, found 'own.toml'; an interaction file goes behind --model"),
        ("sensitivity own.g_L[1,1]", "coupling: unknown group 'own' in 'own.g_L[1,1]', allowed are electromagnetic, scalar, tensor, "
         "tensor_mediator, vector and those of a model (model=, --model)"),
    ],
)  # fmt: skip
def test_a_wrong_turn_gets_a_line_that_leads_back(arguments: str, line: str) -> None:
    result = CliRunner().invoke(app, arguments.split())
    assert result.exit_code == 2
    # Versions of click write "argument" or "argument(s)", and names of arguments in capitals or not.
    assert result.stderr.replace("argument (", "argument(s) (").casefold() == f"renp: error: {line}\n".casefold()


def test_the_real_command_reports_a_mistake_without_a_traceback() -> None:
    result = process("-m", "renp", "spectrum", "--atom", "Cs")
    assert result.returncode == 2
    assert result.stderr == "renp: error: unknown atom 'Cs': known atoms are Xe, Yb, and files *.toml\n"
    assert result.stdout == ""


def test_help_and_the_package_load_nothing_heavy() -> None:
    script = (
        "import sys, renp, renp.cli.main\n"
        "from typer.testing import CliRunner\n"
        "assert CliRunner().invoke(renp.cli.main.app, ['--help']).exit_code == 0\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    loaded = set(process("-c", script).stdout.split())
    assert "renp" in loaded
    assert not loaded & {"numpy", "scipy", "sympy", "mpmath", "matplotlib", "flint", "xarray", "dask"}


def test_every_public_name_loads() -> None:
    for name in renp.__all__:
        assert getattr(renp, name) is not None
        assert name in dir(renp)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        renp.nothing  # noqa: B018


def test_importing_a_module_does_not_hide_the_function_of_its_name() -> None:
    script = (
        "import importlib, importlib.util, renp\n"
        "for name in renp.__all__:\n"
        "    if importlib.util.find_spec(f'renp.{name}'):\n"
        "        importlib.import_module(f'renp.{name}')\n"
        "        assert name == 'testing' or callable(getattr(renp, name)), name\n"
    )
    assert process("-c", script).stderr == ""


@pytest.mark.parametrize(
    ("command", "message"), [("scan", "interrupted; the same command goes on"), ("list", "interrupted")]
)
def test_an_interruption_is_one_line_and_code_130(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, message: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    study = tmp_path / "study.toml"
    study.write_text("")
    monkeypatch.setattr("renp.studies.scan.study.load_study", interrupted)
    monkeypatch.setattr("derivations.interactions.reader.shipped_interactions", interrupted)
    result = run(command, *([str(study)] if command == "scan" else []))
    assert result.exit_code == 130
    assert result.stderr.strip() == f"renp: {message}"
