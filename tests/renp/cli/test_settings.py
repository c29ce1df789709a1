"""The command line and Python offer the same settings: names, defaults, what they do, and one line for what they are not."""

from __future__ import annotations

import json
from inspect import signature
from math import radians
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

import renp
from renp.cli.main import COMMANDS, app
from renp.cli.settings import EMISSION, EXPOSURE, option_name
from renp.rates.emission import EMISSION_SETTINGS, emission
from renp.rates.experiment import SETTINGS, experiment

OFFERED = {**EMISSION, **EXPOSURE}
U = np.array([[0.8, 0.5, 0.1], [-0.4, 0.7, 0.5 + 0.1j], [0.3, -0.5, 0.8]])
RHO = [[1.0], [0.5j], [0.0], [0.25], [0.0]]
MASSES = [0.01, 0.02, 0.06, 0.5]
WORDS = {
    "events": (),
    "sensitivity": ("tensor.t[1,1]",),
    "identify": ("--observed", "1"),
    "fit": ("--free", "amplitude"),
    "spectrum": ("--omega", "1:1.07:9"),
}
"""What each command with settings needs besides, for a single photon energy."""


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def rows(matrix: Any) -> str:
    return "# a comment\n" + "\n".join(" ".join(str(complex(z)).strip("()") for z in row) for row in matrix) + "\n\n"


def options(command: str) -> dict[str, Any]:
    found = typer.main.get_command(app).commands[command].params  # type: ignore[attr-defined]
    return {option.name: option for option in found}


def test_the_command_line_offers_the_settings_of_python_under_their_names() -> None:
    # The model has options of its own, --model and --set.
    assert {*EMISSION} == {*EMISSION_SETTINGS} - {"model"}
    assert {*OFFERED} == {*SETTINGS} - {"model"}


@pytest.mark.parametrize("command", [*WORDS, "probe"])
def test_every_command_takes_every_setting(command: str) -> None:
    found = options(command)
    expected = EMISSION if command in ("spectrum", "probe") else OFFERED
    assert {*expected, "model", "set_texts", "alpha21", "alpha31"} <= {*found}
    for name in expected:
        assert option_name(name) in found[name].opts
    for alias, name in (("--lightest", "lightest_mass"), ("--days", "exposure_days"), ("--volume", "volume_cm3")):
        assert name not in expected or alias in found[name].opts


def test_no_other_command_has_half_of_the_settings() -> None:
    # A formula that is checked has a nature as well, and nothing else of an experiment.
    for command in {*COMMANDS} - {*WORDS, "probe", "check"}:
        assert not {*options(command)} & {"lightest_mass", "nature", "exposure_days"}


def test_the_help_shows_the_defaults_of_python() -> None:
    text = " ".join(run("events", "--help").stdout.replace("│", " ").split())
    shown = signature(emission).parameters | signature(experiment).parameters
    for name in ("setup", "lightest_mass", "nature", "polarisation", "exposure_days", "eta", "volume_cm3"):
        assert f"[default: {shown[name].default}]" in text, name
    assert "[default: M1]" in text
    # Not swallowed as markup.
    assert "'GROUP.NAME[i,j]=VALUE', and [j,i] of a Hermitian one" in text


SINGLE = [
    (("--lightest-mass", "0.03"), {"lightest_mass": 0.03}),
    (("--lightest", "0.03"), {"lightest_mass": 0.03}),
    (("--ordering", "inverted"), {"ordering": "inverted"}),
    (("--nature", "majorana", "--majorana-phases", "90,45"),
     {"nature": "majorana", "majorana_phases": (radians(90), radians(45))}),
    (("--nature", "majorana", "--alpha31", "45"), {"nature": "majorana", "majorana_phases": (0, radians(45))}),
    (("--oscillation", "nufit-6.0-no"), {"oscillation": "nufit-6.0-no"}),
    (("--masses", "0.01,0.02,0.06"), {"masses": MASSES[:3]}),
    (("--mixing", "U.txt"), {"mixing": U}),
    (("--masses", "0.01,0.02,0.06,0.5", "--mixing", "wide.txt"), {"masses": MASSES, "mixing": U[:, [0, 1, 2, 0]]}),
    (("--axial", "A.txt"), {"axial": U + U.conj().T}),
    (("--vector-weak", "A.txt", "--pair-step", "E1", "--dipole-length", "2"),
     {"vector_weak": U + U.conj().T, "pair_step": "E1", "dipole_length": 2.0}),
    (("--chain", "exact", "--polarisation", "circular-"), {"chain": "exact", "polarisation": "circular-"}),
    (("--atomic-tensor", "T.txt"), {"atomic_tensor": np.diag([0.5, 0.25, 0.25])}),
    (("--E-eg", "2.2", "--E-vg", "2.3"), {"E_eg": 2.2, "E_vg": 2.3}),
    (("--E-vg", "2.2,2.3", "--intermediate-amplitudes", "1,-0.3"),
     {"E_vg": [2.2, 2.3], "intermediate_amplitudes": [1, -0.3]}),
    (("--vector-weak", "A.txt", "--m1", "full"), {"vector_weak": U + U.conj().T, "m1": "full"}),
    (("--frequencies", "0.9,1", "--imprinted-momentum", "-0.05"),
     {"frequencies": [0.9, 1.0], "imprinted_momentum": -0.05}),
    (("--crossed", "3:0.25,4:-0.5"), {"crossed": {"E_vg": [3.0, 4.0], "amplitudes": [0.25, -0.5]}}),
    (("--frequencies", "1.06:1.07:5"), {"frequencies": np.linspace(1.06, 1.07, 5)}),
    (("--frequencies", "1.06,1.07", "--days", "3"), {"frequencies": [1.06, 1.07], "exposure_days": 3.0}),
    (("--volume", "2", "--density", "1e20", "--photon-density-cm3", "1e19", "--eta", "0.5"),
     {"volume_cm3": 2.0, "density_cm3": 1e20, "photon_density_cm3": 1e19, "eta": 0.5}),
    (("--setup", "derived"), {"setup": "derived"}),
    (("--setup", "derived", "--chain", "averaged", "--C-ev", "printed"),
     {"setup": "derived", "chain": "averaged", "C_ev": "printed"}),
    (("--intermediate", "all"), {"intermediate": "all"}),
    (("--chain", "prepared", "--polarisation", "circular+"), {"chain": "prepared", "polarisation": "circular+"}),
    (("--chain", "incoherent"), {"chain": "incoherent"}),
    (("--coherence", "rho.txt", "--atom", "Xe", "--coherence-factor", "0.25", "--C-ev", "derived"),
     {"coherence": RHO, "atom": "Xe", "coherence_factor": 0.25, "C_ev": "derived"}),
    (("--C-ev", "0.5", "--normalisation", "derived"), {"C_ev": 0.5, "normalisation": "derived"}),
]  # fmt: skip


def write_matrices() -> None:
    Path("U.txt").write_text(rows(U))
    Path("wide.txt").write_text(rows(U[:, [0, 1, 2, 0]]).replace(" ", ", "))
    Path("A.txt").write_text(rows(U + U.conj().T))
    Path("rho.txt").write_text(rows(RHO))
    Path("T.txt").write_text("0.5 0 0\n0 0.25 0 # along y\n0 0 0.25")


@pytest.mark.parametrize(("words", "settings"), SINGLE, ids=[" ".join(words) for words, _ in SINGLE])
def test_a_setting_means_the_same_in_both(
    words: tuple[str, ...], settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_matrices()
    result = run("events", *words, "--json")
    assert result.exit_code == 0, result.stderr
    found, expected = json.loads(result.stdout), renp.events(**settings)
    assert found["counts"] == expected.counts.tolist()
    assert found["summary"] == expected.summary
    assert expected.counts.tolist() != renp.events().counts.tolist()


def test_every_setting_is_tried() -> None:
    assert {*OFFERED} == {name for _, settings in SINGLE for name in settings}
    assert json.loads(run("events", "--atom", "Xe", "--frequencies", "1,2", "--json").stdout)["counts"] == (
        renp.events([1.0, 2.0], atom="Xe").counts.tolist()
    )


WRONG = [
    *((option_name(name), "heavy", "") for name in OFFERED),
    *((option_name(name), "nan", "") for name in OFFERED),
    ("--lightest", "-1", "--lightest-mass must be a mass in eV, zero or positive, found -1.0"),
    ("--majorana-phases", "1", "--majorana-phases must be (alpha21, alpha31) in radians, found 1 values"),
    ("--majorana-phases", "1,2,", "--majorana-phases: expected finite numbers separated by ',', or START:STOP:COUNT"),
    ("--masses", "", "--masses: expected finite numbers separated by ','"),
    ("--masses", "1:2", "--masses must be START:STOP:COUNT"),
    ("--masses", "0.1,0.2", "axial must have shape (2, 2) to match masses"),
    ("--mixing", "none.txt", "--mixing: none.txt: No such file or directory"),
    ("--mixing", "words.txt", "--mixing: words.txt:2: found 'import'; allowed are numbers as"),
    ("--mixing", "ragged.txt", "--mixing: ragged.txt:2: found 1 numbers; allowed are 2, as in the first row"),
    ("--mixing", "empty.txt", "--mixing: empty.txt holds no numbers"),
    ("--mixing", "binary.txt", "--mixing: binary.txt is no text file"),
    ("--mixing", "infinite.txt", "found 'inf'; allowed are finite numbers"),
    ("--mixing", ".", "--mixing: .: Is a directory"),
    ("--atomic-tensor", "ragged.txt", "--atomic-tensor: ragged.txt:2"),
    ("--E-vg", "2.2,2.3", "--intermediate-amplitudes must be given"),
    ("--axial", "skew.txt", "--axial skew.txt must be Hermitian, found [1,3] = 3 and [3,1] = 0 (counted from 1)"),
    ("--eta", "2", "eta: expected a fraction in (0, 1], got 2.0"),
    ("--frequencies", "1.5", "0 < omega < E_eg/2"),
    ("--days", "0", "--exposure-days: expected a finite positive number"),
    ("--density", "1e300", "too large or too small"),
    ("--model", "vectr", "--model: unknown interaction 'vectr'"),
    ("--set", "vector.g_L=1", "--set 'vector.g_L=1'"),
    ("--set", "electromagnetic.mu[4,4]=1", "found the index 4, but there are 3 neutrinos"),
]


SPECTRAL = {*map(option_name, EMISSION), "--lightest", "--model", "--set"}
CASES = [(command, *wrong) for command in WORDS for wrong in WRONG if command != "spectrum" or wrong[0] in SPECTRAL]


@pytest.mark.parametrize(("command", "option", "value", "message"), CASES)
def test_a_wrong_value_is_one_line_and_nothing_is_written(
    command: str, option: str, value: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words.txt").write_text("1 2 3\nimport os # x\n")
    Path("ragged.txt").write_text("1 2\n3\n")
    Path("skew.txt").write_text("0.5 0 3\n0 0.5 0\n0 0 0.5\n")
    Path("empty.txt").write_text("# nothing\n")
    Path("infinite.txt").write_text("1 inf\n")
    Path("binary.txt").write_bytes(b"\xff\xfe\x00")
    before = sorted(path.name for path in tmp_path.iterdir())
    one = () if command == "spectrum" or option == "--frequencies" else ("--frequencies", "1.05")
    result = run(command, *WORDS[command], *one, option, value, "--csv", "out.csv", "--plot", "out.png")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("renp: error: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr
    # The line says which setting it is, in one of its spellings.
    assert message or option.removeprefix("--").replace("-", "_") in result.stderr.replace("-", "_")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_phase_is_given_once() -> None:
    result = run("events", "--nature", "majorana", "--majorana-phases", "1,2", "--alpha21", "3")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "--alpha21: --majorana-phases gives both phases" in result.stderr
