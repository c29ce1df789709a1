"""Measured spectra: photon energies with counts, rates or values of the spectral function, from arrays or a file.

In: arrays, a CSV or a JSON file of a user. Out: a frozen :class:`Measurement`, or one line that says which file, line and
field, what was found and what is allowed. Files are read as data; nothing in them is evaluated.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.checks import counts, real_numbers
from renp_generated.runtime.arguments import choice, shown

__all__ = ["COLUMNS", "QUANTITIES", "Measurement", "read_measurement"]

FloatArray = NDArray[np.float64]

QUANTITIES: Final[Mapping[str, str]] = {"counts": "counts", "rate": "1/s", "spectral_function": "1"}
"""What is measured at each photon energy, with its unit."""

COLUMNS: Final[Mapping[str, str]] = {"counts": "counts", "rate_per_s": "rate", "I": "spectral_function"}
"""The columns of a file that hold values, and what they measure; of several, the first in this order is the measurement."""

_ENERGY, _ERROR = "omega_eV", "error"
_PASSED_OVER: Final = ("weak_counts", "excess")
"""What ``renp events`` writes besides."""
_NAMES: Final = (_ENERGY, *COLUMNS, _ERROR, *_PASSED_OVER)
_OTHER_SEPARATORS: Final = re.compile(r"[;\t|:]|(?<=\w) (?=\w)")
"""What stands between the headings of files that are not separated by commas."""
_MOST_ROWS: Final = 10**6


@dataclass(frozen=True, eq=False, init=False)
class Measurement:
    """A measured spectrum.

    Parameters
    ----------
    omega : photon energies [eV], shape (k,).
    values : what was measured at each, shape (k,).
    errors : Gaussian standard deviations, shape (k,) or one number; without them the values are counts and Poisson.
    quantity : ``"counts"``, ``"rate"`` [1/s] or ``"spectral_function"``.
    source : where it is from, in words.
    places : of what is from a file, where each photon energy stands in it, in words.

    Raises
    ------
    ValueError : other shapes, numbers that are not finite, negative counts, errors that are not positive, or none for
        something else than counts.

    Example
    -------
    >>> Measurement([1.06, 1.07], [12, 7]).errors is None
    True
    """

    omega: FloatArray
    values: FloatArray
    errors: FloatArray | None = None
    quantity: str = "counts"
    source: str = "own data"
    places: tuple[str, ...] = ()

    def __init__(
        self,
        omega: ArrayLike,
        values: ArrayLike,
        errors: ArrayLike | None = None,
        quantity: str = "counts",
        source: str = "own data",
        places: tuple[str, ...] = (),
    ) -> None:
        unit = QUANTITIES[choice("quantity", quantity, tuple(QUANTITIES))]
        energies = real_numbers("omega", omega, "eV")
        if energies.ndim != 1 or not energies.size:
            raise ValueError(f"omega: expected a non-empty list of photon energies, got shape {energies.shape}")
        found = (
            counts("values", values)
            if quantity == "counts" and errors is None
            else real_numbers("values", values, "1" if quantity == "counts" else unit)
        )
        if found.shape != energies.shape:
            raise ValueError(f"values: expected {energies.size}, one for each photon energy, got shape {found.shape}")
        widths = None if errors is None else real_numbers("errors", errors, "1" if quantity == "counts" else unit)
        if widths is None and quantity != "counts":
            raise ValueError(
                f"errors: a {quantity} needs the standard deviation of each value; counts alone do without"
            )
        if widths is not None:
            if widths.shape not in ((), energies.shape):
                raise ValueError(
                    f"errors: expected one number or {energies.size}, one for each photon energy, got shape {widths.shape}"
                )
            if not (widths > 0).all():
                raise ValueError(f"errors: expected positive numbers, got {float(widths.min())!r} among them")
            widths = np.broadcast_to(widths, energies.shape).copy()
        for name, value in (("omega", energies), ("values", found), ("errors", widths)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "quantity", quantity)
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "places", places)

    def check_energies(self, limit: float, why: str) -> None:
        """Raise ``ValueError`` if a photon energy is not below a limit [eV]; the line says where it stands.

        Example
        -------
        >>> Measurement([1060.0], [12], places=("ev.csv:2: omega_eV",)).check_energies(1.0717, "E_eg/2")
        Traceback (most recent call last):
        ...
        ValueError: ev.csv:2: omega_eV: expected 0 < omega < 1.0717 eV (E_eg/2), found 1060
        """
        for where, energy in zip(self.places or ("omega",) * self.omega.size, self.omega.tolist(), strict=True):
            if not 0 < energy < limit:
                raise ValueError(f"{where}: expected 0 < omega < {limit:.7g} eV ({why}), found {energy:.10g}")


def read_measurement(path: str | os.PathLike[str]) -> Measurement:
    """Read a measured spectrum from a CSV file with headings, or from a JSON object of lists.

    Columns are ``omega_eV``; ``counts``, ``rate_per_s`` or ``I``; and ``error``, which counts do without. ``#`` starts a
    comment line of a CSV file. What ``renp events --csv`` writes can be read.

    Parameters
    ----------
    path : file, JSON if its name ends so and CSV otherwise.

    Raises
    ------
    ValueError : the file cannot be used; one line with file, line and field.
    OSError : it cannot be opened.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as room:
    ...     file = Path(room, "spectrum.csv")
    ...     _ = file.write_text("omega_eV,rate_per_s,error\\n1.06,2e-6,3e-7\\n")
    ...     read_measurement(file).quantity
    'rate'
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{file}: is no text; allowed are CSV and JSON files") from None
    columns = _json_columns(file, text) if file.suffix.lower() == ".json" else _csv_columns(file, text)
    for name in columns:
        if name not in _NAMES:
            raise ValueError(f"{file}: unknown column {shown(name)}; allowed are {', '.join(_NAMES)}")
    measured = next((name for name in COLUMNS if name in columns), None)
    if _ENERGY not in columns or measured is None:
        missing = _ENERGY if _ENERGY not in columns else " or ".join(COLUMNS)
        raise ValueError(f"{file}: the column {missing} is missing; found {', '.join(columns) or 'none'}")
    if measured != "counts" and _ERROR not in columns:
        raise ValueError(
            f"{file}: the column {_ERROR} is missing: {measured} needs the standard deviation of each value"
        )
    poisson = _ERROR not in columns
    for name, least in ((_ENERGY, "positive"), (_ERROR, "positive"), (measured, "zero or positive" if poisson else "")):
        for where, value in columns.get(name, ()):
            if least and (value < 0 or (value == 0 and least == "positive")):
                raise ValueError(f"{where}: {name}: expected a number that is {least}, found {value!r}")
    plain = {name: [value for _, value in column] for name, column in columns.items()}
    places = tuple(f"{where}: {_ENERGY}" for where, _ in columns[_ENERGY])
    return Measurement(plain[_ENERGY], plain[measured], plain.get(_ERROR), COLUMNS[measured], str(file), places)


Column = list[tuple[str, float]]
"""The numbers of a column, each with the place where it stands."""


def _csv_columns(file: Path, text: str) -> dict[str, Column]:
    rows = _csv_rows(file, text)
    try:
        first, headings = next(rows)
    except StopIteration:
        raise ValueError(f"{file}: holds nothing; expected headings as {_ENERGY},counts and rows of numbers") from None
    if len(set(headings)) < len(headings):
        twice = next(name for name in headings if headings.count(name) > 1)
        raise ValueError(f"{file}: the column {shown(twice)} stands there twice")
    other = _OTHER_SEPARATORS.search(headings[0]) if len(headings) == 1 else None
    if other:
        raise ValueError(
            f"{file}:{first}: found {shown(headings[0])}; columns are separated by ',', not by {other[0]!r}"
        )
    columns: dict[str, Column] = {name: [] for name in headings}
    for line, cells in rows:
        where = f"{file}:{line}"
        if len(cells) != len(headings):
            raise ValueError(f"{where}: found {len(cells)} cells; expected {len(headings)}: {', '.join(headings)}")
        for name, cell in zip(headings, cells, strict=True):
            columns[name].append((where, _number(where, name, cell)))
    if not columns[headings[0]]:
        raise ValueError(f"{file}: holds headings and no numbers")
    return columns


def _csv_rows(file: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each line that holds something, and its cells."""
    for line, content in enumerate(text.splitlines(), 1):
        if not content.strip() or content.lstrip().startswith("#"):
            continue
        if line > _MOST_ROWS:
            raise ValueError(f"{file}:{line}: too many rows, allowed are {_MOST_ROWS}")
        try:
            (cells,) = csv.reader([content], strict=True)
        except csv.Error as problem:
            raise ValueError(f"{file}:{line}: cannot be read as cells separated by commas: {problem}") from None
        yield line, [cell.strip() for cell in cells]


def _json_columns(file: Path, text: str) -> dict[str, Column]:
    try:
        record = json.loads(text, object_pairs_hook=lambda pairs: _object(file, pairs))
    except json.JSONDecodeError as problem:
        raise ValueError(f"{file}:{problem.lineno}: cannot be read as JSON: {problem.msg}") from None
    except RecursionError:
        raise ValueError(f"{file}: cannot be read as JSON: too many brackets") from None
    if not isinstance(record, dict) or not all(isinstance(value, list) for value in record.values()):
        raise ValueError(f'{file}: expected an object of lists, as {{"{_ENERGY}": [1.06], "counts": [12]}}')
    sizes = {name: len(values) for name, values in record.items()}
    for name, size in sizes.items():
        if size != max(sizes.values()) or not size:
            raise ValueError(
                f"{file}: {shown(name)} holds {size} numbers; the longest list holds {max(sizes.values())}"
            )
    return {
        name: [(f"{file}: entry {k}", _number(f"{file}: entry {k}", name, value)) for k, value in enumerate(values, 1)]
        for name, values in record.items()
    }


def _object(file: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError(f"{file}: {shown(next(name for name in names if names.count(name) > 1))} stands there twice")
    return dict(pairs)


def _number(where: str, name: str, given: Any) -> float:
    try:
        # Python reads 1_000 as a number, a table of data does not.
        value = float("nan" if isinstance(given, bool) or "_" in str(given) else given)
    except (TypeError, ValueError, OverflowError):
        value = float("nan")
    if not isfinite(value):
        raise ValueError(f"{where}: {name}: expected a finite number, found {shown(given)}")
    return value
