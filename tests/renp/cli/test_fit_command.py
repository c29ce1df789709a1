"""``renp fit``: the same numbers as in Python, and one line for each slip."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import renp
from renp.cli.main import app

ROWS = "omega_eV,counts\n1.067,133\n1.068,121\n1.069,104\n1.07,95\n1.071,80\n"
WORDS = ["fit", "counts.csv", "--free", "lightest_mass", "--free", "amplitude", "--days", "40"]

LOGARITHM = (
    "--free: 'log10(vector.g_L[1,1])' is the logarithm of 0.0; give it another start value, as in "
    "--start 'log10(vector.g_L[1,1])=-12'"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("counts.csv").write_text(ROWS, encoding="utf-8")


def test_the_numbers_are_those_of_python() -> None:
    more = ["--prior", "amplitude=1:0.1", "--bounds", "lightest_mass=:0.5", "--start", "lightest_mass=0.02", "--json"]
    result = CliRunner().invoke(app, [*WORDS, *more])
    found = renp.fit(
        "counts.csv",
        ["lightest_mass", "amplitude"],
        exposure_days=40,
        priors={"amplitude": (1, 0.1)},
        bounds={"lightest_mass": (None, 0.5)},
        start={"lightest_mass": 0.02},
    )
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout) == found.record()


def test_an_unknown_parameter_is_answered_with_the_groups_of_the_model() -> None:
    result = CliRunner().invoke(app, ["fit", "counts.csv", "--free", "x", "--model", "tensor"])
    assert result.stderr.endswith(" and entries of tensor, as GROUP.NAME or GROUP.NAME[i,j]\n")


def test_tables_and_files() -> None:
    result = CliRunner().invoke(app, [*WORDS, "--csv", "out.csv"])
    for text in ("lightest_mass", "chi^2 = ", "correlation", "wrote out.csv"):
        assert text in result.stdout
    assert Path("out.csv").read_text().splitlines()[0] == "omega_eV,counts,expected,pull"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["counts.csv"], "--free: give the parameters to fit, as in --free lightest_mass --free amplitude"),
        (["counts.csv", "--free", "x"], "--free: unknown 'x', allowed are masses[i], "),
        (["counts.csv", "--free", "vector.g_L[1,1]"], "vector: give the mediator mass, for example --set vector.mass=1.0"),
        (["counts.csv", "--free", "log10(vector.g_L[1,1])", "--set", "vector.mass=1"], LOGARITHM),
        (["counts.csv", "--free", "amplitude", "--start", "amplitude=-1"], "--start: amplitude = -1 is outside of its range"),
        (["milli.csv", "--free", "amplitude"], "milli.csv:3: omega_eV: expected 0 < omega < 1.071747 eV (E_eg/2), found 1060"),
        (["semicolon.csv", "--free", "amplitude"], "semicolon.csv:1: found 'omega_eV;counts'; columns are separated by ',', not by ';'"),
        (["counts.csv", "--free", "x[1", "--model", "tensor"], "--free: expected a name like 'masses[1]' or 'tensor.t[1,2]', got 'x[1'"),
        (["no.csv", "--free", "amplitude"], "no.csv: No such file or directory"),
        (["bad.csv", "--free", "amplitude"], "bad.csv:2: counts: expected a finite number, found 'x'"),
        (["counts.csv", "--free", "amplitude", "--frequencies", "1.06"], "--frequencies: the photon energies are those of the data"),
        (["counts.csv", "--free", "amplitude", "--bounds", "amplitude"], "--bounds: expected NAME=LOW:HIGH, got 'amplitude'"),
        (["counts.csv", "--free", "amplitude", "--bounds", "amplitude=1"], "--bounds amplitude: expected two numbers separated by ':'"),
        (["counts.csv", "--free", "amplitude", "--prior", "amplitude=1:"], "--prior amplitude: expected a finite number, got ''"),
        (["counts.csv", "--free", "amplitude", "--start", "amplitude=x"], "--start amplitude: expected a finite number, got 'x'"),
        (["counts.csv", "--free", "amplitude", "--start", "amplitude=1", "--start", "amplitude=2"], "--start: amplitude is given twice"),
        (["counts.csv", "--free", "alpha21"], "--free: the data do not depend on 'alpha21' at 0: phases of Dirac neutrinos drop out"),
        (["counts.csv", "--free", "amplitude", "--method", "x"], "--method must be one of scipy, minuit, found 'x'"),
    ],
)  # fmt: skip
def test_slips_are_one_line(words: list[str], line: str) -> None:
    Path("bad.csv").write_text("omega_eV,counts\n1.06,x\n", encoding="utf-8")
    Path("milli.csv").write_text("omega_eV,counts\n1.06,5\n1060,7\n", encoding="utf-8")
    Path("semicolon.csv").write_text("omega_eV;counts\n1.06;5\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["fit", *words])
    assert result.exit_code == 2
    assert re.fullmatch(rf"renp: error: {re.escape(line)}[^\n]*\n", result.stderr)
