"""Safe output files: checked before the work starts, complete or absent afterwards.

In: bytes and a path. Out: a file. Data goes to a new file beside the target, which then takes the target's place in one
step, so an interrupted run leaves the old file or none, never half of one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

__all__ = ["check_output_paths", "naming", "real_path", "turn", "write_files"]


def real_path(path: str | os.PathLike[str]) -> Path:
    """Return the place that an output really has: through a symbolic link, so that what it points to is replaced and not the link.

    Example
    -------
    >>> real_path("/spectrum.csv").name
    'spectrum.csv'
    """
    return Path(os.path.realpath(path))


@contextmanager
def naming(path: str | os.PathLike[str]) -> Iterator[None]:
    """Let every ``OSError`` inside carry ``path``: a full disk does not say what it had no room for.

    Example
    -------
    >>> with naming("spectrum.csv"):
    ...     raise OSError(28, "No space left on device")
    Traceback (most recent call last):
    ...
    OSError: [Errno 28] No space left on device: 'spectrum.csv'
    """
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), os.fspath(path)) from error


@contextmanager
def turn(directory: Path, *, wait: bool = True) -> Iterator[bool]:
    """Keep other runs out of a directory; yield ``False`` where the system cannot lock one.

    The lock vanishes with the process that holds it, however that ends.

    Parameters
    ----------
    directory : an existing directory.
    wait : for the run that is inside; otherwise it is an error.

    Raises
    ------
    BlockingIOError : another run is inside and ``wait`` is ``False``.
    FileNotFoundError : there is no such directory, or the run that was inside has removed it.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as room, turn(Path(room)) as alone:
    ...     isinstance(alone, bool)
    True
    """
    if sys.platform == "win32":
        yield False
        return
    import fcntl

    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            alone = True
        except BlockingIOError:
            raise
        except OSError:
            alone = False
        if not os.path.samestat(os.stat(directory), os.fstat(descriptor)):
            raise FileNotFoundError(f"{directory} was replaced meanwhile")
        yield alone
    finally:
        os.close(descriptor)


def check_output_paths(paths: Iterable[str | os.PathLike[str]]) -> None:
    """Refuse, before any work is done, output paths that could not be written in the end.

    Parameters
    ----------
    paths : the files that a run is going to write.

    Raises
    ------
    ValueError : two paths name the same file, a path is a directory or a device.
    OSError : the directory is missing or not writable, or the file is write-protected.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     check_output_paths([Path(directory, "spectrum.csv")])
    """
    seen: set[Path] = set()
    for given in paths:
        target = real_path(given)
        if target in seen:
            raise ValueError(f"output path {str(given)!r} is given twice: each output needs its own file")
        seen.add(target)
        if target.is_dir():
            raise ValueError(f"output path {str(given)!r} is a directory: name a file")
        if target.exists() and not target.is_file():
            raise ValueError(f"output path {str(given)!r} is not a regular file")
        if not target.parent.is_dir():
            raise FileNotFoundError(f"output path {str(given)!r}: directory {str(target.parent)!r} does not exist")
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(f"output path {str(given)!r} is write-protected")
        # Permission bits do not tell the truth for every user and file system; creating a file does.
        probe = _scratch(target)
        try:
            os.close(_create(probe))
        except OSError as error:
            raise OSError(f"output path {str(given)!r} cannot be written: {error.strerror}") from error
        probe.unlink()


def write_files(contents: Mapping[str | os.PathLike[str], bytes]) -> None:
    """Write several files; none is replaced before all are complete on disk.

    Parameters
    ----------
    contents : path -> complete content of the file.

    Raises
    ------
    OSError : a file could not be written; the scratch files are removed and no target has changed.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     write_files({Path(directory, "answer.txt"): b"42"})
    ...     Path(directory, "answer.txt").read_bytes()
    b'42'
    """
    pending: list[tuple[Path, Path]] = []
    try:
        for given, data in contents.items():
            target = real_path(given)
            scratch = _scratch(target)
            with naming(given):
                descriptor = _create(scratch)
                pending.append((scratch, target))
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(data)
                    stream.flush()
                    os.fsync(stream.fileno())
        for scratch, target in pending:
            with naming(target):
                os.replace(scratch, target)
    finally:
        for scratch, _ in pending:
            scratch.unlink(missing_ok=True)


def _scratch(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.tmp")


def _create(path: Path) -> int:
    # O_EXCL never follows a planted link; mode 0o666 leaves the permissions to the user's umask.
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
