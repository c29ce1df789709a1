"""Output files: refused before the work starts, complete or untouched afterwards."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from renp.output.files import check_output_paths, write_files


def listing(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_files_are_written_and_replaced_and_nothing_is_left_behind(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.json"
    second.write_bytes(b"old")
    check_output_paths([first, second])
    assert listing(tmp_path) == ["b.json"]
    write_files({first: b"one", second: b"two"})
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert listing(tmp_path) == ["a.csv", "b.json"]


def test_a_write_that_fails_half_way_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"old")
    calls = []

    def full_disk(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_files({first: b"new", second: b"new"})
    assert first.read_bytes() == b"old"
    assert listing(tmp_path) == ["a"]


def test_permissions_follow_the_umask(tmp_path: Path) -> None:
    previous = os.umask(0o027)
    try:
        write_files({tmp_path / "a": b""})
    finally:
        os.umask(previous)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_a_symbolic_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_files({link: b"new"})
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_paths_that_cannot_be_written_are_refused_beforehand(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"directory '.*missing' does not exist"):
        check_output_paths([tmp_path / "missing" / "a"])
    with pytest.raises(ValueError, match="is a directory: name a file"):
        check_output_paths([tmp_path])
    with pytest.raises(ValueError, match="is not a regular file"):
        check_output_paths([os.devnull])
    with pytest.raises(ValueError, match="is given twice"):
        check_output_paths([tmp_path / "a", tmp_path / "x" / ".." / "a"])
    assert listing(tmp_path) == []


def test_a_directory_that_takes_no_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*arguments: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "open", read_only)
    with pytest.raises(OSError, match="cannot be written: Read-only file system"):
        check_output_paths([tmp_path / "a"])


def test_a_protected_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"precious")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError, match="write-protected"):
        check_output_paths([tmp_path / "a"])
