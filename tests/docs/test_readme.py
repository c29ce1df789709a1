"""What README shows runs as it stands there: the interaction file and every line of Python, in one session."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    (interaction,) = blocks("toml")
    (tmp_path / "axial_boson.toml").write_text(interaction, encoding="utf-8")
    code = (
        "\n".join(blocks("python")) + "\nassert all(check.passed for check in model.verify(1))\nprint(spectrum.shape)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (found.returncode, found.stdout) == (0, "(400,)\n"), found.stderr
