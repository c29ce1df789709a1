"""Packages of the same names: another distribution, a folder of the user. Never taken for ours without a word."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from renp import packages
from renp.packages import PACKAGES, SIGNED, check_packages

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str, path: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (path, ROOT)))}
    command = [sys.executable, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_folder_that_hides_a_package_is_named(name, tmp_path):
    (tmp_path / "user" / name).mkdir(parents=True)
    (tmp_path / "user" / name / "__init__.py").write_text("raise SystemExit('executed')\n", encoding="utf-8")
    found = run("-m", "renp", "list", path=tmp_path / "user", cwd=tmp_path)
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert found.stderr.startswith(
        f"renp: error: the package '{name}' found in {tmp_path / 'user' / name} is not the one"
    )
    assert f"pip uninstall {name} and install renp again" in found.stderr
    found = run("-c", "import renp", path=tmp_path / "user", cwd=tmp_path)
    assert found.returncode == 1
    assert found.stderr.splitlines()[-1].startswith(f"ImportError: the package '{name}' found in ")


@pytest.mark.parametrize("name", SIGNED)
def test_a_distribution_that_was_installed_over_a_package_is_named(name, tmp_path):
    """It replaces ``__init__.py`` where it stands and leaves the other modules alone."""
    for room in ("renp", *PACKAGES):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    assert run("-m", "renp", "--version", path=tmp_path, cwd=tmp_path).returncode == 0
    (tmp_path / name / "__init__.py").write_text('"""Code from syntax trees."""\n', encoding="utf-8")
    found = run("-m", "renp", "--version", path=tmp_path, cwd=tmp_path)
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert f"the package '{name}' found in {tmp_path / name} is not the one" in found.stderr


def test_the_command_itself_says_it_too(tmp_path):
    (tmp_path / "codegen.py").write_text("", encoding="utf-8")
    code = "import sys; sys.argv[0] = '/usr/local/bin/renp'; from renp.cli.main import main; main()"
    found = run("-c", code, path=tmp_path, cwd=tmp_path)
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert f"'codegen' found in {tmp_path / 'codegen.py'} is not the one" in found.stderr


def test_a_folder_without_a_module_is_no_package_of_ours(tmp_path, monkeypatch):
    """Before packages of an editable installation Python finds any folder of their name."""
    folder = ModuleSpec("codegen", None, is_package=True)
    folder.submodule_search_locations = [str(tmp_path / "codegen")]
    monkeypatch.setattr(packages, "find_spec", lambda name: folder)
    with pytest.raises(ImportError, match=f"the package 'codegen' found in {tmp_path / 'codegen'} is not the one"):
        check_packages()


def test_what_is_missing_is_left_to_the_import(monkeypatch):
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    check_packages()
