"""Numbers that a user gives, checked: finite, real, in the unit that is meant, or one line that says what is wrong.

In: the argument's name and what was given for it. Out: plain floats and arrays. Objects that carry a unit are taken if it
is the unit of the argument and refused otherwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp_generated.runtime.arguments import plain_numbers, shown

__all__ = ["counts", "extra_counts", "positive_number", "real_number", "real_numbers", "whole_number"]

FloatArray = NDArray[np.float64]


def real_numbers(name: str, values: ArrayLike, unit: str = "1") -> FloatArray:
    """Return finite real numbers as an array of the same shape.

    Parameters
    ----------
    name : the argument, for the message.
    values : what was given for it.
    unit : its unit.

    Raises
    ------
    TypeError : something else than real numbers, or numbers with another unit.
    ValueError : NaN or infinity among them.

    Example
    -------
    >>> real_numbers("frequencies", [1.069, 1]).tolist()
    [1.069, 1.0]
    """
    try:
        array = np.asarray(plain_numbers(name, values, unit))
    except (ValueError, RecursionError):
        array = np.asarray(None)
    if array.dtype.kind not in "iuf" and array.size:
        raise TypeError(f"{name}: expected real numbers, got {shown(values)}")
    numbers = array.astype(np.float64)
    bad = numbers[~np.isfinite(numbers)]
    if bad.size:
        raise ValueError(f"{name}: expected finite numbers, got {float(bad[0])!r}")
    return numbers


def real_number(name: str, value: Any, unit: str = "1") -> float:
    """Return one finite real number; raise as :func:`real_numbers`.

    Example
    -------
    >>> real_number("value", 3)
    3.0
    """
    numbers = real_numbers(name, value, unit)
    if numbers.ndim:
        raise ValueError(f"{name}: expected one number, got shape {numbers.shape}")
    return float(numbers)


def positive_number(name: str, value: Any, unit: str = "1") -> float:
    """Return one finite positive number; raise as :func:`real_numbers`.

    Example
    -------
    >>> positive_number("exposure_days", 40)
    40.0
    """
    try:
        number = real_number(name, value, unit)
    except ValueError:
        number = 0.0
    if number <= 0:
        raise ValueError(f"{name}: expected a finite positive number, got {shown(value)}")
    return number


def whole_number(name: str, value: Any, least: int, most: int | None = None) -> int:
    """Return a whole number of at least ``least`` and at most ``most``; raise ``ValueError`` otherwise.

    Example
    -------
    >>> whole_number("toys", 400, 1)
    400
    """
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):
        allowed = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name}: expected a whole number {allowed}, got {shown(value)}")
    return int(value)


def counts(name: str, values: ArrayLike, number: int | None = None) -> FloatArray:
    """Return finite counts of at least 0, shape (..., k); with ``number`` the shape is (number,).

    Raises
    ------
    TypeError, ValueError : something else than such counts, or another shape.

    Example
    -------
    >>> counts("observed", [3, 0], 2).tolist()
    [3.0, 0.0]
    """
    found = real_numbers(name, values)
    if number is not None and found.shape != (number,):
        raise ValueError(f"{name}: expected {number} counts, got shape {found.shape}")
    if np.any(found < 0):
        raise ValueError(f"{name}: expected finite counts of at least 0, got {float(np.min(found))!r} among them")
    return found


def extra_counts(background: ArrayLike, number: int) -> FloatArray:
    """Return background counts: one number for all of ``number`` photon energies, or one for each.

    Raises
    ------
    TypeError, ValueError : something else than such counts, or another shape.

    Example
    -------
    >>> float(extra_counts(3, 9))
    3.0
    """
    found = counts("background", background)
    if found.shape not in ((), (number,)):
        raise ValueError(
            f"background: expected one number or {number}, one for each photon energy, got shape {found.shape}"
        )
    return found
