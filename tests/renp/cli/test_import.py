"""``renp import``, and folders of UFO models as ``--model``: tables, files, numbers that ``--set`` changes, one-line errors."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from renp.cli.main import app
from renp.cli.models import chosen_model, coupling_groups, coupling_tables
from renp.model import Model
from tests.small_ufo import B_MINUS_L, DARK_PHOTON, DIPOLE, FOUR_FERMION, PSEUDOSCALAR


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, model in (
        ("dp", DARK_PHOTON),
        ("bl", B_MINUS_L),
        ("dipole", DIPOLE),
        ("ff", FOUR_FERMION),
        ("alp", PSEUDOSCALAR),
    ):
        model.write(tmp_path / name)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_the_list_shows_mediators_and_parameters(room: Path) -> None:
    result = run("import", "dp", "--list")
    assert result.exit_code == 0, result.stderr
    assert re.search(r"^Zd +1 +1 +0\.01 +g_V .* g_A .* g_L <= .*\[gamma\(mu\) PL\] +yes", result.stdout, re.MULTILINE)
    assert "Zd: Dirac neutrinos ve, vm, vt" in result.stdout
    assert re.search(r"^epsilon +default +0.001", result.stdout, re.MULTILINE)
    changed = run("import", "dp", "--list", "--parameter", "epsilon=1e-4").stdout
    assert re.search(r"^epsilon +0.0001", changed, re.MULTILINE)
    found = json.loads(run("import", "bl", "--list", "--json").stdout)
    assert [one["mediator"] for one in found["mediators"]] == ["Zp"]
    assert found["mediators"][0]["nature"] == "majorana"
    assert set(found["mediators"][0]["couplings"]) == {"g_V", "g_L", "g_R"}
    assert "contact" in run("import", "ff", "--list").stdout


@pytest.mark.parametrize("name", ["dp", "bl", "dipole", "ff", "alp"])
def test_the_file_is_an_ordinary_one_and_its_comments_are_its_numbers(name: str, room: Path) -> None:
    result = run("import", name, "--out", "own.toml")
    assert (result.exit_code, result.stdout) == (0, "wrote own.toml\n")
    assert run("import", name).stdout == Path("own.toml").read_text(encoding="utf-8")
    imported, read = Model.from_ufo(name), Model("own.toml")
    assert read == imported
    assert read.values == {}
    lines = re.findall(r"^#   (\S+=\S+)$", Path("own.toml").read_text(encoding="utf-8"), re.MULTILINE)
    groups, _ = coupling_groups(lines, read, 4 if name == "dipole" else 3)
    for group, entries in imported.values.items():
        assert set(groups[group]) == set(entries)
        for key, value in entries.items():
            if isinstance(value, str):
                assert groups[group][key] == value
            else:
                np.testing.assert_allclose(groups[group][key], value, rtol=1e-15, atol=0)


def test_json_holds_file_and_numbers(room: Path) -> None:
    found = json.loads(run("import", "dp", "--mediator", "Zd", "--parameter", "MZd=2e-9", "--json").stdout)
    assert found["values"]["zd"]["mass"] == 2.0
    assert found["values"]["zd"]["propagator"] == "unitary"
    assert np.shape(found["values"]["zd"]["g_L"]) == (3, 3, 2)
    assert 'name = "zd"' in found["interaction"]


def test_a_folder_is_a_model_and_set_changes_its_numbers(room: Path) -> None:
    for words in (["dp"], ["dp:Zd"], ["./dp"]):
        model = chosen_model(words)
        assert model == Model.from_ufo("dp", "Zd")
        groups, notes = coupling_groups(None, model, 3)
        np.testing.assert_equal(groups, model.values)
        assert notes == ()
    model = chosen_model(["dark=bl:Zp", "vector"])
    plain = model.values["dark"]
    groups, notes = coupling_groups(["dark.mass=3", "dark.g_L[1,2]=1e-9j", "dark.g_L[1,3].real=2e-9"], model, 3)
    assert groups["dark"]["mass"] == 3
    expected = plain["g_L"].copy()
    expected[0, 1], expected[1, 0] = 1e-9j, -1e-9j
    expected[0, 2] = expected[2, 0] = 2e-9
    np.testing.assert_array_equal(groups["dark"]["g_L"], expected)
    np.testing.assert_array_equal(groups["dark"]["g_R"], plain["g_R"])
    assert notes == ("vector is off: nothing is set in it",)
    with pytest.raises(ValueError, match="--model: dark has the numbers of 3 neutrinos, but there are 2"):
        coupling_groups(None, model, 2)
    shown = run("list", "--model", "dp").stdout
    assert "zd: Zd of spin 1 from dp" in shown
    assert run("derive", "--model", "dp").exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("import nowhere", "nowhere: found no folder, allowed the folder of a UFO model"),
        ("import dp --mediator Zq", "mediator: found 'Zq', allowed Zd"),
        ("import dp --parameter MZd", "--parameter must be NAME=VALUE, found 'MZd'"),
        ("import dp --parameter MZd=1 --parameter MZd=2", "--parameter: 'MZd' is given twice"),
        ("import dp --parameter Mzd=1", "parameters: found the name 'Mzd', allowed MZd"),
        ("import dp --parameter MZd=__import__('os')", "found MZd = \"__import__('os')\", allowed finite numbers"),
        ("import dp --list --out x.toml", "--list shows all mediators"),
        ("import dp --out no/where.toml", "directory"),
        ("list --model dp:Zq", "--model: mediator: found 'Zq'"),
        ("list --model .", "particles.py: found no such file or directory"),
        ("list --model zd=dp --model zd=bl", "--model: two interactions have the name 'zd'"),
    ],
)
def test_a_mistake_gets_one_line(words: str, message: str, room: Path) -> None:
    result = run(*words.split())
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert message in result.stderr
    assert not list(room.rglob("*.toml"))


def test_studies_take_the_numbers_of_a_folder(room: Path) -> None:
    """A spectrum and a scan of a folder are those of its file with every number set."""
    assert run("import", "bl", "--out", "zp.toml").exit_code == 0
    lines = re.findall(r"^#   (\S+=\S+)$", Path("zp.toml").read_text(encoding="utf-8"), re.MULTILINE)
    common = ("spectrum", "--nature", "majorana", "--omega", "1.0:1.05:3", "--json")
    folder = run(*common, "a.json", "--model", "bl", "--set", "zp.g_V=2e-8")
    assert folder.exit_code == 0, folder.stderr
    settings = [word for line in lines for word in ("--set", "zp.g_V=2e-8" if "g_V" in line else line)]
    file = run(*common, "b.json", "--model", "zp.toml", *settings)
    assert file.exit_code == 0, file.stderr
    one, two = (json.loads(Path(name).read_text(encoding="utf-8")) for name in ("a.json", "b.json"))
    assert one["I"] == two["I"]
    model = chosen_model(["bl"])
    tables = coupling_tables(["zp.g_L[2,1]=1e-9j"], model)
    assert tables["zp"] == {
        "mass": pytest.approx(200, rel=1e-6, abs=0),
        "propagator": "unitary",
        "g_V": pytest.approx(-3e-8, rel=1e-6, abs=0),
    }
    elements = {name: value for name, value in tables["couplings"].items() if name.startswith("zp.g_L")}
    assert {name for name, value in elements.items() if value} == {
        "zp.g_L[1,1]",
        "zp.g_L[2,2]",
        "zp.g_L[3,3]",
        "zp.g_L[2,1].imag",
    }
