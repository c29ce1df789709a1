"""The repository that the how-to tells people to copy: its five files, and its suite passes and fails where it should."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TEMPLATE = Path(__file__).parents[2] / "docs" / "howto" / "test_your_code"
FILES = {"my_rates.py", "tests/test_my_rates.py", "pyproject.toml", "README.rst", ".github/workflows/test.yml"}


def suite(directory: Path) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(call, cwd=directory, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
    return Path(shutil.copytree(TEMPLATE, tmp_path / "my-rates", ignore=ignored))


def test_the_template_has_five_files_and_an_installable_set_up(copy: Path) -> None:
    assert {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()} == FILES
    settings = tomllib.loads((copy / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["dependencies"] == ["numpy"]
    assert "renp[testing]" in settings["project"]["optional-dependencies"]["test"]


def test_the_suite_of_the_template_passes_and_finds_a_slip(copy: Path) -> None:
    result = suite(copy)
    assert result.returncode == 0, result.stdout + result.stderr
    module = copy / "my_rates.py"
    text = module.read_text(encoding="utf-8")
    assert text.count("/ 3 - majorana") == 1
    module.write_text(text.replace("/ 3 - majorana", "/ 3 + majorana"), encoding="utf-8")
    result = suite(copy)
    assert result.returncode == 1
    assert "one slip, majorana: the sign of delta_M*m_i*m_j*Re(a_ij^2) is wrong" in result.stdout
