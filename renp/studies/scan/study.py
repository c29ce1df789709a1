"""The study file of a scan: what to compute, and over which parameters.

In: ``study.toml``, data and nothing else. Out: a checked :class:`renp.studies.scan.grid.Study`, or one line that says where
the file is wrong.

A study::

    title = "Sensitivity to a vector mediator"
    quantity = "sensitivity"              # or "spectral_function", "events"

    [neutrinos]
    lightest_mass = 0.01                  # eV

    [vector]
    mass = 1.0                            # eV

    [sensitivity]
    coupling = "vector.g_L[1,1]"
    level = 0.95

    [[axis]]
    parameter = "vector.mass"
    start = 1e-3
    stop = 1e4
    number = 100
    spacing = "log"
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from pathlib import Path

from derivations.interactions.toml_lines import FieldPath, field_lines
from renp.studies.scan.compute import values_at
from renp.studies.scan.fields import FieldError, checked_study, one_line
from renp.studies.scan.grid import Study

__all__ = ["load_study", "parse_study"]


def load_study(path: str | os.PathLike[str]) -> Study:
    """Read and check a study file.

    Raises
    ------
    ValueError : the file is not valid TOML, or a field is unknown, missing or out of range; one line with file, line,
        field, what was found and what is allowed.
    OSError : the file cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not a text file in UTF-8") from error
    return parse_study(text, name=str(path))


def parse_study(text: str, *, name: str = "study") -> Study:
    """Check a study given as text; see :func:`load_study`.

    Parameters
    ----------
    text : TOML.
    name : how messages call the file.

    Example
    -------
    >>> parse_study('quantity = "events"\\ncolour = 1')
    Traceback (most recent call last):
    ...
    ValueError: study:2: colour: unknown field, allowed are title, quantity, chunk, atom, neutrinos, exposure, ...
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: not valid TOML: {one_line(str(error))}") from error
    except RecursionError:
        raise ValueError(f"{name}: not valid TOML: nested too deeply") from None
    except ValueError:
        # Python reads integers of at most some thousand digits.
        raise ValueError(f"{name}: not valid TOML: a number with too many digits") from None
    try:
        study = checked_study(data)
        _check_ends(study)
    except ValueError as error:
        place = f":{_line(text, error.path)}" if isinstance(error, FieldError) else ""
        raise ValueError(f"{name}{place}: {error}") from error
    return study


def _line(text: str, path: FieldPath) -> int:
    """Return the line of a field, or of what should hold it."""
    lines, _ = field_lines(text.replace("\r\n", "\n"))
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)


def _check_ends(study: Study) -> None:
    """Compute the first and the last corner of the grid, so that a value out of range shows before the work is done."""
    for end in (min, max):
        corner = tuple(replace(axis, values=(end(axis.values),)) for axis in study.axes)
        values = {axis.parameter: axis.values[0] for axis in corner}
        values_at(replace(study, axes=corner), values)
