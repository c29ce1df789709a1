"""Finished chunks on disk: the directory beside the output of a scan, which one scan at a time may use.

In: where the output goes. Out: files that are complete or not there. What no scan has written is never removed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from renp.output.files import naming, turn
from renp.studies.scan.grid import Study

__all__ = [
    "MARK",
    "Place",
    "changed",
    "clear",
    "fingerprint_in",
    "load_part",
    "open_parts",
    "remove",
    "save_part",
    "taken",
    "write_bytes",
]

FloatArray = NDArray[np.float64]

MARK: Final = "study.json"
"""The file that says which study a directory of chunks belongs to."""

_OWN_PARTS: Final = re.compile(
    r"study\.json|\d{8,}\.npy|\.(?:study\.json|\d{8,}\.npy)\.\d+\.tmp|result\.(?:nc|zarr)|former\.zarr"
)


@dataclass(frozen=True)
class Place:
    """Where a scan writes: the real output, its kind, and the directory of chunks beside it."""

    output: Path
    suffix: str

    @property
    def parts(self) -> Path:
        """The directory of chunks."""
        return self.output.with_name(self.output.name + ".parts")

    @property
    def result(self) -> Path:
        """The new output until it is complete; the old one, once they have changed places."""
        return self.parts / f"result{self.suffix}"

    @property
    def former(self) -> Path:
        """The old output for the moment in which the new one takes its place."""
        return self.parts / f"former{self.suffix}"


@contextmanager
def taken(place: Place) -> Iterator[None]:
    """Keep other scans away from an output; a directory of chunks in which nothing was finished does not stay."""
    with ExitStack() as stack:
        while True:
            place.parts.mkdir(exist_ok=True)
            try:
                stack.enter_context(turn(place.parts, wait=False))
                break
            except BlockingIOError:
                raise OSError(f"output: another scan writes to {str(place.output)!r}") from None
            except FileNotFoundError:
                # Removed by the scan that has just ended.
                continue
        if not place.output.exists() and place.former.is_dir():
            # A scan was killed between the two steps of a replacement.
            os.rename(place.former, place.output)
        try:
            yield
        finally:
            with suppress(OSError):
                place.parts.rmdir()


def open_parts(parts: Path, study: Study, *, fresh: bool) -> None:
    """Make a directory of chunks that of this study: empty, or with what an earlier run of the same study has finished.

    Raises
    ------
    ValueError : it holds chunks of another study and ``fresh`` is not set, or files of somebody else.
    """
    found = fingerprint_in(parts / MARK)
    if found == study.fingerprint:
        return
    entries = sorted(entry.name for entry in parts.iterdir())
    strangers = [name for name in entries if not _OWN_PARTS.fullmatch(name)]
    chunks = [name for name in entries if name.endswith(".npy")]
    shown = f"output: {str(parts)!r}"
    if strangers or (chunks and found is None):
        name = (strangers or chunks)[0]
        raise ValueError(f"{shown} holds {name!r}, which no scan of a known study has written; take another name")
    if chunks and not fresh:
        mark = _mark(parts / MARK)
        reason = changed(study, mark.get("study"), mark.get("files")) or f"{shown} holds chunks of another study"
        raise ValueError(f"{reason}; take another name or ask for a fresh run")
    clear(parts)
    marked = {"fingerprint": study.fingerprint, "study": study.document, "files": study.files}
    text = json.dumps(marked, sort_keys=True, indent=1)
    _replace(parts / MARK, (text + "\n").encode())


def clear(parts: Path) -> None:
    """Remove what scans have written, the mark last."""
    own = [entry for entry in parts.iterdir() if _OWN_PARTS.fullmatch(entry.name)]
    for entry in sorted(own, key=lambda entry: entry.name == MARK):
        remove(entry)


def remove(path: Path) -> None:
    """Remove a file, a link or a directory, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def fingerprint_in(mark: Path) -> object:
    """Return the fingerprint that the mark of a directory of chunks holds; ``None`` if it is no such file."""
    return _mark(mark).get("fingerprint")


def changed(study: Study, document: object, files: object) -> str:
    """Return which interaction files have changed since the scan of a recorded study began; empty if that is not all."""
    found = study.changed_files(document, files)
    verb = "have" if len(found) > 1 else "has"
    return f"interactions: {' and '.join(found)} {verb} changed since the scan began" if found else ""


def _mark(mark: Path) -> dict[str, object]:
    try:
        found = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _part(parts: Path, index: int) -> Path:
    return parts / f"{index:08d}.npy"


def save_part(parts: Path, index: int, rows: FloatArray) -> None:
    """Write a finished chunk, completely or not at all."""
    stream = BytesIO()
    np.save(stream, rows)
    _replace(_part(parts, index), stream.getbuffer())


def load_part(parts: Path, study: Study, index: int) -> FloatArray | None:
    """Return a finished chunk; ``None`` if it is not there or damaged."""
    path = _part(parts, index)
    if not path.is_file():
        return None
    first = index * study.chunk_points
    expected = (min(study.chunk_points, study.points - first), study.row)
    try:
        rows = np.load(path, allow_pickle=False)
    except (ValueError, OSError, EOFError):
        return None
    return rows if rows.shape == expected and rows.dtype == np.float64 else None


def _replace(path: Path, content: bytes | memoryview) -> None:
    scratch = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with naming(path):
        try:
            write_bytes(scratch, content)
            os.replace(scratch, path)
        finally:
            scratch.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes | memoryview) -> None:
    """Write a file through to the disk."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
