"""Every example in the help of every command runs as it stands there, in a directory with the files that it names."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from renp.cli.main import COMMANDS, app
from tests.small_ufo import DARK_PHOTON

FORMULA = """\
id = "my-1"
source = "My draft"
equation = "(1)"
quantity = "bracket"
formula = "abs(a_ij)^2 I_D - delta_M m_i m_j Re(a_ij^2)"
"""
FILES = {
    "dark_higgs.toml": """\
name = "dark_higgs"
title = "Dark Higgs boson"
description = "A scalar that couples to electrons and neutrinos."
references = []
propagator = { kind = "massive", spin = 0, mass = "mass", width = "width" }
electron = [ { coupling = "y_e", bilinear = "i gamma5" } ]
neutrino = [ { coupling = "y_nu", bilinear = "1" } ]
""",
    "study.toml": """\
quantity = "spectral_function"
[[axis]]
parameter = "lightest_mass"
values = [0.0, 0.01]
[[axis]]
parameter = "photon_energy"
values = [1.06, 1.07]
""",
    "counts.csv": "omega_eV,counts\n1.067,133\n1.068,121\n1.069,104\n1.07,95\n1.071,80\n",
    "my_formula.toml": FORMULA,
    "my_draft/standard_model.toml": FORMULA,
}
"""Files that examples name."""
ELSEWHERE = {"renp scan study.toml --scheduler tcp://host:8786": "needs a cluster"}
SLOW = (
    "renp figure gp22-fig3 --out sensitivity.pdf",
    "renp generate --check",
    "renp ledger",
    "renp verify",
    "renp verify --points 10 --json",
)
MODELS = (
    "derive",
    "events",
    "fit",
    "generate",
    "identify",
    "list",
    "probe",
    "scan",
    "sensitivity",
    "spectrum",
    "verify",
)
"""Commands whose help shows a model of one's own."""


def examples(command: str) -> list[str]:
    return re.findall(r"^ *Example: +(renp .*)$", COMMANDS[command].__doc__ or "", re.MULTILINE)


LINES = [line for command in COMMANDS for line in examples(command) if line not in ELSEWHERE]


@pytest.mark.parametrize(
    "line", [pytest.param(line, marks=pytest.mark.slow) if line in SLOW else line for line in LINES]
)
def test_an_example_of_the_help_runs(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if line.startswith("renp scan"):
        pytest.importorskip("h5netcdf")
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    DARK_PHOTON.write(Path("dark_photon_UFO"))
    program, *words = shlex.split(line)
    assert program == "renp"
    redirected = words.index(">") if ">" in words else len(words)
    result = CliRunner().invoke(app, words[:redirected])
    assert result.exit_code == 0, result.stderr
    assert result.stdout
    for target in words[redirected + 1 :]:
        Path(target).write_text(result.stdout, encoding="utf-8")
    # What an option names is what it writes.
    written = [word for word in words if word.endswith((".tex", ".png", ".pdf", ".csv", ".json", ".nc"))]
    assert all(Path(name).stat().st_size for name in written)


def test_what_is_left_out_is_in_the_help() -> None:
    assert {*ELSEWHERE, *SLOW} <= {line for command in COMMANDS for line in examples(command)}


@pytest.mark.parametrize("command", MODELS)
def test_the_help_shows_a_model(command: str) -> None:
    assert any("--model dark_higgs.toml" in line for line in examples(command))
    shown = " ".join(CliRunner().invoke(app, [command, "--help"]).stdout.split())
    assert "--model" in shown
