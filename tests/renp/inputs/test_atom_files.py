"""Atoms of one's own: a file gives what the shipped record gives, in every study; each mistake is one line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import renp
from renp.cli.main import app
from renp.inputs.atom_files import parse_atom
from renp.studies.scan.study import parse_study

YB = """\
symbol = "Yb"
gamma_vg = { value = 1.15e6 }
e = { J = 0, parity = -1, wavenumber = 17288.439 }
v = { J = 1, parity = -1, wavenumber = 17992.007, g_J = 1.49282 }
further = [ { J = 1, parity = -1, wavenumber = 25068.222, rate = { lifetime = 5.464e-9 }, g_J = 1.035 } ]
ladder = [ { J = 2, parity = -1, wavenumber = 19710.388 } ]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(YB, encoding="utf-8")
    return path


@pytest.mark.parametrize("setup", ["papers", "derived"])
def test_a_file_with_the_numbers_of_ytterbium_is_ytterbium(file: Path, setup: str) -> None:
    own, shipped = (renp.events(atom=atom, setup=setup) for atom in (str(file), "Yb"))
    assert np.array_equal(own.counts, shipped.counts)
    assert renp.events(atom=file, setup=setup).summary == shipped.summary
    assert renp.load_atom(file).C_ev_range == renp.ATOMS["Yb"].C_ev_range


def test_energies_in_electronvolts_are_those_in_wavenumbers() -> None:
    shipped = renp.ATOMS["Yb"]
    own = parse_atom(YB.replace("wavenumber = 17288.439", f"energy = {shipped.E_eg!r}"))
    assert own.E_eg == pytest.approx(shipped.E_eg, rel=1e-15, abs=0.0)


def test_what_a_file_gives_as_spin_factor_is_that_of_both_set_ups() -> None:
    lines = [line for line in YB.splitlines() if not line.startswith(("further", "ladder"))]
    text = "\n".join(lines).replace(", g_J = 1.49282", "") + "\n"
    assert (parse_atom(text).C_ev, parse_atom(text).C_ev_derived) == (2 / 3, None)
    own = parse_atom(text + "C_ev = { value = 0.25 }\n")
    assert (own.C_ev, own.C_ev_derived) == (0.25, 0.25)
    odd = text.replace("J = 0", "J = 3")
    with pytest.raises(
        ValueError, match=r"^atom:1: field 'C_ev': found none, with J = 3 -> 1, allowed { value = ... }"
    ):
        parse_atom(odd)
    assert parse_atom(odd + "C_ev = { value = 0.25 }\n").J_e == 3


def test_the_command_line_takes_the_file(file: Path) -> None:
    runner = CliRunner()
    own, shipped = (runner.invoke(app, ["spectrum", "--atom", atom]).stdout for atom in (str(file), "Yb"))
    assert own == shipped != ""


def test_a_study_keeps_the_text_of_its_atom(file: Path) -> None:
    text = 'quantity = "events"\n[atom]\nname = "own.toml"\n[[axis]]\nparameter = "lightest_mass"\nvalues = [0.01]\n'
    study = parse_study(text, directory=file.parent)
    file.unlink()
    assert study.document["atom"] == {"name": YB}
    assert study.run.E_eg == renp.ATOMS["Yb"].E_eg
    with pytest.raises(ValueError, match=r"^study:3: \[atom\] name: .*own.toml: found no such file"):
        parse_study(text, directory=file.parent)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("symbol", "symbl", ":1: field 'symbl': found the key 'symbl', allowed symbol, name, e, v, g, further"),
        ('symbol = "Yb"\n', "", ":1: field 'symbol': found no symbol, allowed a table with symbol, e, v, gamma_vg"),
        ("J = 0", "J = 0.5", ":3: field 'e.J': found 0.5, allowed a whole number from 0 to 20"),
        ("parity = -1", "parity = 0", ":3: field 'e.parity': found 0, allowed -1 or 1"),
        ("value = 1.15e6", "value = -1", ":2: field 'gamma_vg.value': found -1, allowed a positive number"),
        ("value = 1.15e6", "value = nan", ":2: field 'gamma_vg.value': found nan, allowed a positive number"),
        ("value = 1.15e6", "", ":2: field 'gamma_vg': found none of value, lifetime, dipole, oscillator_strength"),
        ("{ value = 1.15e6 }", "3", ":2: field 'gamma_vg': found 3, allowed a table of value, lifetime"),
        ("value = 1.15e6", "value = 1, lifetime = 2", ":2: field 'gamma_vg': found value and lifetime, allowed one of"),
        ("wavenumber = 17288.439", "wavenumber = 18000", ":4: field 'v': found |g>, |e>, |v> at 0, 18000, 17992 cm^-1"),
        ("further = [", "further = 3 #", ":5: field 'further': found 3, allowed a list of tables"),
        ("J = 1, parity = -1, wavenumber = 2", "parity = -1, wavenumber = 2", ":5: field 'further[0].J': found no J, allowed a table with"),
        ("g_J = 1.035", "colour = 2", ":5: field 'further[0].colour': found the key 'colour', allowed J, parity"),
        ("symbol =", "symbol = =", ": found invalid TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_line_and_field(file: Path, old: str, new: str, message: str) -> None:
    assert YB.count(old) >= 1
    file.write_text(YB.replace(old, new, 1), encoding="utf-8")
    result = CliRunner().invoke(app, ["events", "--atom", str(file)])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"renp: error: {file}{message}")
    assert len(result.stderr.splitlines()) == 1


def test_an_own_record_is_still_an_atom() -> None:
    record = replace(renp.ATOMS["Yb"], symbol="Own")
    assert renp.spectrum(record).atom == "Own"
