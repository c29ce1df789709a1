"""Bring your own atom: the session of docs/howto/own_atom.md, as one script.

It writes its files into the current directory. Made by ``python docs/sessions.py --write``, like the outputs on the page.
"""

import subprocess
import sys
from pathlib import Path


def save(name: str, text: str) -> None:
    """Write a file of the page."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text.removeprefix("\n"), encoding="utf-8")


def sh(command: str, code: int = 0) -> None:
    """Run a line of shell, as one types it."""
    sys.stdout.flush()
    ended = subprocess.run(command, shell=True, check=False).returncode
    if ended != code:
        sys.exit(f"{command}: exit code {ended}, not {code}")


save(
    "strontium.toml",
    """
symbol = "Sr"
name = "strontium"
gamma_vg = { lifetime = 21.3e-6, source = "lifetime of 3P1" }
e = { J = 0, parity = -1, wavenumber = 14317.507, label = "5s5p 3P0" }
v = { J = 1, parity = -1, wavenumber = 14504.334, label = "5s5p 3P1" }
""",
)

sh("renp spectrum --atom strontium.toml --nature majorana")

import renp

atom = renp.load_atom("strontium.toml")
print(f"E_eg = {atom.E_eg:.6f} eV, E_vg = {atom.E_vg:.6f} eV, C_ev = {atom.C_ev:.3f}: {atom.C_ev_source}")
print(f"{renp.events(atom=atom).total:.4g} weak events in the papers' set-up")

# What the derived set-up asks for
sh("renp events --atom strontium.toml --setup derived", code=2)

import pathlib

lines = """further = [ { J = 1, parity = -1, wavenumber = 21698.452, label = "5s5p 1P1", source = "NIST" } ]
[v]
J = 1
parity = -1
wavenumber = 14504.334
g_J = 1.4997
"""
text = pathlib.Path("strontium.toml").read_text().replace("v = {", "# v = {")
pathlib.Path("strontium.toml").write_text(text + lines)
found = renp.events(atom="strontium.toml", setup="derived")
print(f"{found.total:.4g} weak events in the derived set-up")

# When a line is wrong
sh("sed 's/lifetime/livetime/' strontium.toml > wrong.toml")
sh("renp events --atom wrong.toml", code=2)
