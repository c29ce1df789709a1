"""Which code has computed a scan.

In: the installed packages. Out: one hash over every file that a grid point depends on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

__all__ = ["source_hash"]

SOURCES: Final = (
    "derivations",
    "codegen",
    "renp_generated",
    "renp/generate.py",
    "renp/model.py",
    "renp/output",
    "renp/packages.py",
    "renp/inputs",
    "renp/rates",
    "renp/statistics",
    "renp/studies/scan",
    "renp/studies/sensitivity.py",
)
"""The files and folders of which :mod:`renp.studies.scan.compute` is made, and what they import of these packages."""
_SUFFIXES: Final = (".py", ".c", ".h", ".toml", ".txt", ".json")


def source_hash(home: Traversable | None = None) -> str:
    """Return the SHA-256 of the code that derives evaluators, of the evaluators, and of the modules that turn them into results.

    Parameters
    ----------
    home : the folder that holds the packages; the installed ones by default.

    Example
    -------
    >>> len(source_hash())
    64
    """
    digest = hashlib.sha256()
    for source in SOURCES:
        package, *inside = source.split("/")
        root = files(package) if home is None else home.joinpath(package)
        for name, entry in _walk(source, root.joinpath(*inside)):
            digest.update(f"{name}\n".encode())
            digest.update(entry.read_bytes())
    return digest.hexdigest()


def _walk(name: str, entry: Traversable) -> Iterator[tuple[str, Traversable]]:
    if entry.is_dir():
        for inside in sorted(entry.iterdir(), key=lambda inside: inside.name):
            yield from _walk(f"{name}/{inside.name}", inside)
    elif name.endswith(_SUFFIXES):
        yield name, entry
