"""Numbers of twice the precision as unevaluated sums ``high + low`` of doubles, in NumPy: the operations of ``spectral.c``.

Each takes and returns arrays, or numbers, and rounds exactly as the compiled code does: the product's error is found with Dekker's
splitting here and with fused multiply-adds there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Pair = tuple[Any, Any]

_SPLITTER = 134217729.0
"""2^27 + 1."""


def two_sum(a: Any, b: Any) -> Pair:
    """Return a sum and its rounding error."""
    s = a + b
    shadow = s - a
    return s, (a - (s - shadow)) + (b - shadow)


def quick_two_sum(a: Any, b: Any) -> Pair:
    """Return a sum and its rounding error, for ``|a| >= |b|``."""
    s = a + b
    return s, b - (s - a)


def two_product(a: Any, b: Any) -> Pair:
    """Return a product and its rounding error.

    Example
    -------
    >>> two_product(1 + 2.0**-30, 1 + 2.0**-30) == (1 + 2.0**-29, 2.0**-60)
    True
    """
    p = a * b
    a_high, a_low = _split(a)
    b_high, b_low = _split(b)
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def _split(a: Any) -> Pair:
    scaled = _SPLITTER * a
    high = scaled - (scaled - a)
    return high, a - high


def fused(a: Any, b: Any, c: Any) -> Any:
    """Return ``a b + c``, rounded once; in array libraries other than NumPy up to an error of the error.

    With the sum's last part rounded to odd, which the final rounding cannot mistake for a tie: Boldo and Melquiond,
    IEEE Transactions on Computers 57 (2008) 462.

    Example
    -------
    >>> float(fused(1 + 2.0**-30, 1 - 2.0**-30, -1.0)) == -(2.0**-60)
    True
    """
    high, low = two_product(a, b)
    if not all(isinstance(x, np.ndarray | np.generic | float) for x in (a, b, c)):
        s, e = two_sum(high, c)
        return s + (e + low)
    t_high, t_low = two_sum(c, low)
    v_high, v_low = two_sum(high, t_high)
    s, e = two_sum(t_low, v_low)
    bits = np.asarray(s, dtype=np.float64).view(np.int64)
    step = np.where((e != 0) & (bits % 2 == 0), np.where((e > 0) == (s > 0), 1, -1), 0)
    return v_high + (bits + step).view(np.float64)


def add(a: Pair, b: Pair) -> Pair:
    """Return the sum of two numbers."""
    s, e = two_sum(a[0], b[0])
    t, f = two_sum(a[1], b[1])
    s, e = quick_two_sum(s, e + t)
    return quick_two_sum(s, e + f)


def times(a: Pair, b: Any) -> Pair:
    """Return the product of a number with a double."""
    p, e = two_product(a[0], b)
    return quick_two_sum(p, e + a[1] * b)


def product(a: Pair, b: Pair) -> Pair:
    """Return the product of two numbers."""
    p, e = two_product(a[0], b[0])
    return quick_two_sum(p, e + (a[0] * b[1] + a[1] * b[0]))


def quotient(a: Pair, b: Pair) -> Pair:
    """Return the quotient of two numbers."""
    q = a[0] / b[0]
    p, e = two_product(q, b[0])
    rest = ((a[0] - p) - (e + q * b[1])) + a[1]
    return quick_two_sum(q, rest / b[0])
