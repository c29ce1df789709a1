"""On a terminal every command shows that it works before it loads or computes anything heavy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from renp.cli.main import COMMANDS

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX terminals")

WORDS = {
    "check": ["FORMULA"],
    "cite": ["vector"],
    "derive": ["everything"],
    "fit": ["--free", "lightest_mass"],
    "generate": ["--check"],
    "identify": ["--set", "electromagnetic.mu[1,1]=5e-11"],
    "import": ["MODEL", "--list"],
    "probe": ["electron_scattering"],
    "scan": ["STUDY", "--out", "x.nc"],
    "sensitivity": ["electromagnetic.mu[1,1]"],
    "spectrum": ["--plot", "x.png"],
}
"""What is typed after the name of a command; nothing after those that are not here."""

# Every command starts in a fork of one process that has loaded the command line alone, with a terminal as its stderr. It
# ends where it first asks for a heavy module.
CHILD = """
import json, os, pty, sys

HEAVY = ("numpy", "scipy", "sympy", "mpmath", "matplotlib", "hypothesis", "xarray", "lark")

class Mark:
    def find_spec(self, name, path=None, target=None):
        if name in HEAVY:
            os.write(2, b"<heavy>")
            os._exit(0)

from renp.cli.main import app
light = not [name for name in HEAVY if name in sys.modules]
seen = {}
for command, words in json.loads(sys.argv[1]).items():
    child, terminal = pty.fork()
    if child == 0:
        sys.meta_path.insert(0, Mark())
        app([command, *words], prog_name="renp")
        os._exit(0)
    text = b""
    try:
        while piece := os.read(terminal, 4096):
            text += piece
    except OSError:
        pass
    os.waitpid(child, 0)
    seen[command] = text.decode()
print(json.dumps([light, seen]))
"""


def test_every_command_shows_that_it_works_before_anything_heavy(tmp_path: Path) -> None:
    (tmp_path / "MODEL").mkdir()
    for name in ("FORMULA", "STUDY"):
        (tmp_path / name).write_text("")
    typed = {name: WORDS.get(name, []) for name in COMMANDS}
    found = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps(typed)],
        capture_output=True, text=True, check=True, cwd=tmp_path, env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )  # fmt: skip
    light, seen = json.loads(found.stdout)
    assert light
    late = {name: text for name, text in seen.items() if f"renp {name}" not in text.partition("<heavy>")[0]}
    assert late == {}
    assert [name for name, text in seen.items() if "<heavy>" not in text] == []
