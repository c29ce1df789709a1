"""What README says in sentences; what it shows is run as a session, see test_pages."""

from __future__ import annotations

import re
from pathlib import Path

import typer

import renp

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_events_of_a_real_atom_are_those_that_the_code_gives() -> None:
    bullet = " ".join(README.partition("- A real atom emits far less")[2].partition("\n- ")[0].split())
    yb, xe = ([renp.events(atom=atom, setup=setup).total for setup in ("papers", "derived")] for atom in ("Yb", "Xe"))
    assert f"they expect {yb[0]:.0f} weak events of ytterbium there are {yb[1]:.2g}, and {xe[1]:.2g} of xenon" in bullet
    assert f"in place of {xe[0]:.0f}." in bullet
    level = renp.ATOMS["Yb"].E_eg
    assert renp.events(atom="Yb", setup="derived", imprinted_momentum=-0.9 * level).total > 100 * yb[1]


def test_the_readme_names_every_command() -> None:
    from renp.cli.main import app

    listed = re.findall(r"`([a-z]+)`", README.partition("lists the commands:")[2].partition("\n")[0])
    assert sorted(listed) == sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
