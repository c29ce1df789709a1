"""Checked quantum numbers: user values in, exact ``Fraction`` out. Needs no SymPy.

Every function raises ``ValueError`` or ``TypeError`` with one line that names the argument, the value and what is
allowed.
"""

from __future__ import annotations

import math
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import Any


def half_integer(value: Any, name: str) -> Fraction:
    """Return ``value`` as an exact multiple of 1/2.

    Parameters
    ----------
    value : int, ``Fraction``, SymPy rational, or a float that is exactly a multiple of 1/2.
    name : the argument's name, used in the error message.

    Raises
    ------
    TypeError : ``value`` is not a number.
    ValueError : ``value`` is not finite or no multiple of 1/2.

    Example
    -------
    >>> half_integer(1.5, "J_e")
    Fraction(3, 2)
    """
    exact = _exact(value, name)
    if (2 * exact).denominator != 1:
        raise ValueError(f"{name} = {value} is not allowed: it must be a multiple of 1/2 (0, 1/2, 1, 3/2, ...)")
    return exact


def angular_momentum(value: Any, name: str) -> Fraction:
    """Return ``value`` as a total angular momentum: a non-negative multiple of 1/2.

    Raises
    ------
    TypeError : ``value`` is not a number.
    ValueError : ``value`` is negative, not finite or no multiple of 1/2.

    Example
    -------
    >>> angular_momentum(2, "J_e")
    Fraction(2, 1)
    """
    exact = half_integer(value, name)
    if exact < 0:
        raise ValueError(f"{name} = {value} is not allowed: it must not be negative (0, 1/2, 1, 3/2, ...)")
    return exact


def _exact(value: Any, name: str) -> Fraction:
    if isinstance(value, bool | str | bytes) or value is None:
        raise TypeError(f"{name} = {value!r} is not allowed: it must be a number, a multiple of 1/2")
    if isinstance(value, Integral):
        return Fraction(int(value))
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if getattr(value, "is_Rational", False):  # a SymPy number whose class is not registered as Rational
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, Real) or getattr(value, "is_Float", False):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"{name} = {value} is not allowed: it must be a finite multiple of 1/2")
        return Fraction(number)
    raise (ValueError if hasattr(value, "free_symbols") else TypeError)(
        f"{name} = {value!r} is not allowed: it must be a number, a multiple of 1/2"
    )
