"""``renp spectrum --compare``: the same numbers as in Python, in the table and in files; wrong wishes are one line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from typer.testing import CliRunner

import renp
from renp.cli.main import app

MU, TENSOR = "electromagnetic.mu[1,1]=5e-11", "tensor.t[1,1]=0.05"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["spectrum", *words])


def test_files_and_table_hold_what_python_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(
        "--lightest", "0.05", "--compare", "ordering", "--compare", "nature=majorana,dirac", "--omega", "1.06:1.07:5",
        "--csv", "out.csv", "--json", "out.json", "--plot", "out.svg",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    omega = np.linspace(1.06, 1.07, 5)
    found = renp.compare({"ordering": None, "nature": ["majorana", "dirac"]}, lightest=0.05, omega=omega)
    assert Path("out.csv").read_bytes() == found.to_csv()
    assert Path("out.json").read_bytes() == found.to_json(couplings=[])
    assert [row["nature"] for row in csv.DictReader(io.StringIO(Path("out.csv").read_text()))][::5] == [
        "majorana",
        "dirac",
    ] * 2
    assert result.stdout.startswith(f"{found.common}\n{found.details}\n")
    for values, one in zip(found.values, found.spectra, strict=True):
        (row,) = [line.split() for line in result.stdout.splitlines() if line.split()[:2] == list(values)]
        assert [float(word) for word in row[2:]] == [
            pytest.approx(number, rel=1e-5, abs=0)
            for number in (one.thresholds[0].omega, one.thresholds[-1].omega, one.I.max(), one.omega[one.I.argmax()])
        ]
    assert all(f"wrote out.{suffix}" in result.stdout for suffix in ("csv", "json", "svg"))


def test_couplings_and_lists_are_compared(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    result = run("--set", MU, "--set", TENSOR, "--compare", "model", "--omega", "1.06:1.07:2", "--json", str(target))
    assert result.exit_code == 0, result.stderr
    record = json.loads(target.read_text())
    assert [curve["values"]["model"] for curve in record["curves"]] == ["none", "electromagnetic", "tensor", "all"]
    assert record["couplings"] == ["electromagnetic: mu[1,1] = 5e-11 mu_B", "tensor: t[1,1] = 0.05"]
    result = run("--compare", "majorana-phases=0,0;90,0", "--nature", "majorana", "--compare", "lightest=0.1,0.2")
    assert result.exit_code == 0, result.stderr
    assert [line.split()[:2] for line in result.stdout.splitlines()[2:6]] == [
        [phases, mass] for phases in ("0,0", "90,0") for mass in ("0.1", "0.2")
    ]


def test_what_is_closed_at_these_energies_is_told() -> None:
    result = run("--compare", "lightest=0,0.3", "--omega", "1.06:1.07:3")
    assert result.exit_code == 0, result.stderr
    assert "lightest 0.3 eV: I = 0: all photon energies lie above every pair threshold" in " ".join(
        result.stdout.split()
    )


def test_a_coupling_and_a_mass_are_compared(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    result = run(
        "--set", "vector.g_A=1", "--compare", "vector.g_L[1,2]=0,2e-24j", "--compare", "vector.mass=1,2", "--omega", "1.06:1.07:2",
        "--csv", str(target), "--model", "vector",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    rows = list(csv.DictReader(io.StringIO(target.read_text())))
    assert list(rows[0]) == ["vector.g_L[1,2]", "vector.mass", "omega_eV", "I"]
    for row in rows:
        matrix = np.zeros((3, 3), dtype=complex)
        matrix[0, 1] = complex(row["vector.g_L[1,2]"])
        matrix[1, 0] = matrix[0, 1].conjugate()
        group = {"mass": float(row["vector.mass"]), "g_A": 1.0, "g_L": matrix}
        there = renp.spectrum(omega=[float(row["omega_eV"])], model=renp.Model("vector"), vector=group)
        assert [float(row["I"])] == there.I.tolist()
    assert len({row["I"] for row in rows}) > 2
    assert "off" not in run("--model", "tensor", "--compare", "tensor.t[1,1]=0,0.05").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["vector.mass"], "--compare vector.mass: expected vector.mass=VALUE,VALUE,..."),
        (["vector.mass=1,x"], "--compare 'vector.mass=x': found 'x'; allowed are numbers"),
        (
            ["victor.mass=1,2"],
            "--compare 'victor.mass=1': there is no group 'victor' to set; allowed are electromagnetic",
        ),
        (["vector.maas=1,2"], "--compare 'vector.maas=1': vector has no entry 'maas'; allowed are mass"),
        (["vector.g_L=1,2"], "vector.g_L is a matrix, set its elements"),
        (
            ["vector.mass=1,2", "--set", "vector.mass=3"],
            "--set 'vector.mass=3': --compare vector.mass gives the values, leave one of the two out",
        ),
        (
            ["tensor.t[1,2]=1,2", "--set", "tensor.t[2,1]=0.1"],
            "--set 'tensor.t[2,1]=0.1': --compare tensor.t[1,2] gives the values, leave one of the two out",
        ),
        (["tensor.t[1,2]=1,2", "--compare", "tensor.t[2,1]=1,2"], "are the same parameter, give it once"),
        (["exposure_days=1"], "--compare: unknown setting 'exposure_days', allowed are setup, atom, lightest_mass, "),
        (["natur"], "--compare: unknown setting 'natur', allowed are setup"),
        (["nature="], "--compare nature: expected VALUE,VALUE,..., got ''"),
        (["nature=dirac,dirac"], "--compare nature: a value is given twice in 'dirac,dirac'"),
        (["nature=dirac,x"], "nature=x: nature must be one of dirac, majorana"),
        (["nature", "--compare", "nature"], "--compare: nature is given twice, give all its values at once"),
        (["nature", "--nature", "dirac"], "--nature: --compare nature gives the values, leave one of the two out"),
        (["lightest=0,a"], "--compare lightest_mass: expected a finite number, got 'a'"),
        (["lightest_mass"], "lightest_mass has no usual values, give them; without values go setup, "),
        (["lightest=0,2"], "lightest_mass=2: omega: no photon energy lies below a pair threshold"),
        (["model"], "no new coupling is set, so there is nothing to compare with the weak current alone"),
        (["model=x", "--set", MU], "model: unknown value 'x', allowed are none, electromagnetic"),
        (["mixing=nowhere.txt"], "--compare mixing: nowhere.txt: No such file"),
    ],
)
def test_a_wrong_wish_is_one_line(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("--compare", *words, "--plot", "out.png")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("renp: error: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr
    assert not list(tmp_path.iterdir())
