"""Replacement of a whole directory of generated files in one step.

In: ``{file name: text}`` and a directory. Out: the directory with exactly these files, or untouched. The files are
written to a staging directory beside the target, which then changes places with it in one system call. A run that is
killed at any moment leaves the old tree or the new one, never a mixture; what it leaves beside the target is removed by
the next run. Runs that write beside each other take turns. Where the system cannot exchange two directories,
``__init__.py`` refuses first and is replaced last, so that a package of mixed files cannot be imported.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Final

from codegen.texts import GENERATED
from renp.output.files import naming, real_path, turn

__all__ = ["exchange", "write_tree"]

COMPILED: Final = (".so", ".pyd")
SOURCES: Final = (".c", ".h")
"""Compiled modules belong to the C files they were built from; other C files start without them."""

_FIRST: Final = "__init__.py"
_FIRST_OF_UNFINISHED: Final = ".unfinished"
_UNFINISHED: Final = f"""\
# {GENERATED}and not finished.
raise ImportError("the generation of this package was interrupted: run it again")
"""
_CANNOT: Final = (errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EBUSY, errno.ENOTSUP, errno.EOPNOTSUPP)
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_RENAME_SWAP = 2


def write_tree(files: Mapping[str, str], directory: Path) -> None:
    """Make ``directory`` hold ``files``; interrupted at any moment, it holds all old files or all new ones.

    Files of the directory that are no output of a generation stay; bytecode does not, nor do compiled modules when a C
    file changes. Nothing is touched when all files are already there.

    Parameters
    ----------
    files : ``{name: text}``; a name may hold a directory, as ``"runtime/plan.py"``.
    directory : created if it does not exist; its parent must be writable.

    Raises
    ------
    OSError : a file or directory could not be written; the old tree is in place.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as room:
    ...     write_tree({"__init__.py": "", "tables.py": "T = 1"}, Path(room, "package"))
    ...     sorted(path.name for path in Path(room, "package").iterdir())
    ['__init__.py', 'tables.py']
    """
    target = real_path(directory)
    target.parent.mkdir(parents=True, exist_ok=True)
    with naming(directory), turn(target.parent) as alone:
        if alone:
            _sweep(target)
        if _outdated(files, target):
            _replace(files, target)


def exchange(first: Path, second: Path) -> bool:
    """Let two directories change places in one step; return ``False`` where the system cannot.

    Raises
    ------
    OSError : it can, but not with these two.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as room:
    ...     for name in "ab":
    ...         Path(room, name, name).mkdir(parents=True)
    ...     done = exchange(Path(room, "a"), Path(room, "b"))
    ...     Path(room, "a", "b").exists() == done
    True
    """
    names = (os.fsencode(first), os.fsencode(second))
    if sys.platform == "linux":
        call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        arguments: tuple[object, ...] = (_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    elif sys.platform == "darwin":
        call = getattr(ctypes.CDLL(None, use_errno=True), "renamex_np", None)
        arguments = (*names, _RENAME_SWAP)
    else:
        return False
    if call is None:
        return False
    if call(*arguments) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(second))


def _replace(files: Mapping[str, str], target: Path) -> None:
    staging = target.with_name(f".{target.name}.new.{token_hex(4)}")
    staging.mkdir()
    try:
        for name, text in files.items():
            _write(staging / name, text)
        _carry_over(target, staging, files)
        if target.is_dir():
            shutil.copymode(target, staging)
        _install(staging, target)
    finally:
        # After an exchange this is the old tree.
        shutil.rmtree(staging, ignore_errors=True)


def _outdated(files: Mapping[str, str], target: Path) -> bool:
    try:
        present = {entry.name for entry in target.iterdir() if entry.is_file() and _is_output(entry)}
        return not present <= set(files) or any(
            (target / name).read_bytes() != text.encode() for name, text in files.items()
        )
    except (FileNotFoundError, NotADirectoryError):
        return True


def _is_output(path: Path) -> bool:
    """Return whether a file's first line says that it was generated."""
    with path.open("rb") as stream:
        return GENERATED.encode() in stream.readline(4096)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _carry_over(target: Path, staging: Path, files: Mapping[str, str]) -> None:
    dropped = () if _same_sources(target, files) else COMPILED
    own_folders = {Path(name).parent for name in files}
    for path in sorted(target.rglob("*")) if target.is_dir() else ():
        name = path.relative_to(target)
        if name.as_posix() in files or "__pycache__" in name.parts or path.suffix in dropped:
            continue
        if path.is_dir() and not path.is_symlink():
            (staging / name).mkdir(exist_ok=True)
        elif path.is_symlink() or name.parent not in own_folders or not _is_output(path):
            shutil.copy2(path, staging / name, follow_symlinks=False)


def _same_sources(target: Path, files: Mapping[str, str]) -> bool:
    sources = {name: text.encode() for name, text in files.items() if name.endswith(SOURCES)}
    present = {path.name: path.read_bytes() for path in target.glob("*.[ch]") if _is_output(path)}
    return sources == present


def _install(staging: Path, target: Path) -> None:
    if not target.is_dir():
        os.rename(staging, target)
    elif not exchange(staging, target):
        _replace_each(staging, target)


def _replace_each(staging: Path, target: Path) -> None:
    """Replace file by file; until the last one is there the package refuses to be imported."""
    new = [name for name in _names(staging) if name != _FIRST]
    _write(staging / _FIRST_OF_UNFINISHED, _UNFINISHED)
    os.replace(staging / _FIRST_OF_UNFINISHED, target / _FIRST)
    for name in _names(target):
        if name not in (*new, _FIRST):
            (target / name).unlink()
    for name in new:
        (target / name).parent.mkdir(exist_ok=True)
        os.replace(staging / name, target / name)
    if (staging / _FIRST).is_file():
        os.replace(staging / _FIRST, target / _FIRST)
    else:
        (target / _FIRST).unlink()


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _sweep(target: Path) -> None:
    """Remove what killed runs left beside ``target``."""
    pattern = re.compile(re.escape(f".{target.name}.new.") + r"[0-9a-f]{8}")
    for entry in target.parent.iterdir():
        if pattern.fullmatch(entry.name) and entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
