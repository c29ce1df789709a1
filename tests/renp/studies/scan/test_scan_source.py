"""The hash of the code of a scan: it depends on every file that a grid point depends on."""

from __future__ import annotations

import shutil
from pathlib import Path

from renp.studies.scan.source import SOURCES, source_hash
from tests.imports import HOME, imported, modules


def needed() -> set[str]:
    """Return the modules that the computation imports, at the start or when it runs."""
    known = modules()
    found, todo = set(), {"renp.studies.scan.compute"}
    while todo:
        found |= todo
        todo = {name for start in todo for name in imported(known[start], known) if name in known} - found
    return found


def copy(home: Path) -> list[Path]:
    """Copy what the hash is made of and return the files."""
    for source in SOURCES:
        target = home / source
        target.parent.mkdir(parents=True, exist_ok=True)
        if (HOME / source).is_dir():
            shutil.copytree(HOME / source, target, ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.pyd"))
        else:
            shutil.copy(HOME / source, target)
    return sorted(path for path in home.rglob("*") if path.is_file())


def test_every_module_of_the_computation_is_in_the_hash(tmp_path: Path) -> None:
    hashed = {path.relative_to(tmp_path).as_posix() for path in copy(tmp_path)}
    known = modules()
    assert len(needed()) > 60
    assert sorted(name for name in needed() if known[name].relative_to(HOME).as_posix() not in hashed) == []


def test_a_change_in_any_file_changes_the_hash(tmp_path: Path) -> None:
    files = [path for path in copy(tmp_path) if path.name != "py.typed" and path.suffix not in (".pyi", ".bib")]
    assert {path.suffix for path in files} == {".py", ".c", ".h", ".toml", ".txt", ".json"}
    before = source_hash(tmp_path)
    assert before == source_hash()
    for path in files:
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        assert source_hash(tmp_path) != before, path
        path.write_bytes(content)


def test_a_file_that_moves_or_is_added_changes_the_hash(tmp_path: Path) -> None:
    copy(tmp_path)
    before = source_hash(tmp_path)
    folder = tmp_path / "renp_generated" / "deeper" / "still"
    folder.mkdir(parents=True)
    (folder / "new.py").write_text("")
    added = source_hash(tmp_path)
    (folder / "new.py").rename(folder.parent / "new.py")
    assert len({before, added, source_hash(tmp_path)}) == 3
