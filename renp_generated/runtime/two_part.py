"""Numbers with twice the digits: unevaluated sums of two, for differences that would lose all digits of one.

They work elementwise on the arrays of any library that keeps to the array standard and to IEEE arithmetic.
"""

from __future__ import annotations

from typing import Any


class TwoPart:
    """The unevaluated sum of two numbers or arrays.

    Example
    -------
    >>> third = TwoPart(1.0) / TwoPart(3.0)
    >>> (TwoPart(1.0) - 3 * third).rounded() < 1e-32
    True
    """

    __slots__ = ("high", "low")

    def __init__(self, high: Any, low: Any = 0.0) -> None:
        self.high: Any = high
        self.low: Any = low

    @classmethod
    def product(cls, a: Any, b: Any) -> TwoPart:
        """Return the product of two numbers, exactly."""
        value = a * b
        (a1, a2), (b1, b2) = _halves(a), _halves(b)
        return cls(value, a2 * b2 - (((value - a1 * b1) - a2 * b1) - a1 * b2))

    def rounded(self) -> Any:
        """Return the nearest number."""
        return self.high + self.low

    def __neg__(self) -> TwoPart:
        return TwoPart(-self.high, -self.low)

    def __add__(self, other: TwoPart | float) -> TwoPart:
        two = _two(other)
        total = self.high + two.high
        back = total - self.high
        rest = (self.high - (total - back)) + (two.high - back) + (self.low + two.low)
        high = total + rest
        return TwoPart(high, rest - (high - total))

    __radd__ = __add__

    def __sub__(self, other: TwoPart | float) -> TwoPart:
        return self + (-_two(other))

    def __rsub__(self, other: float) -> TwoPart:
        return -self + other

    def __mul__(self, other: TwoPart | float) -> TwoPart:
        two = _two(other)
        first = TwoPart.product(self.high, two.high)
        return TwoPart(first.high, first.low + (self.high * two.low + self.low * two.high))

    __rmul__ = __mul__

    def __truediv__(self, other: TwoPart | float) -> TwoPart:
        two = _two(other)
        quotient = self.high / two.high
        rest = self - two * TwoPart(quotient)
        return TwoPart(quotient) + TwoPart(rest.rounded() / two.high)

    def __pow__(self, power: int) -> TwoPart:
        return self if power == 1 else self ** (power - 1) * self

    def root(self, xp: Any) -> TwoPart:
        """Return the square root of a positive number; ``xp`` is the namespace of its arrays."""
        root = xp.sqrt(self.high)
        return TwoPart(root) + TwoPart((self - TwoPart.product(root, root)).rounded() / (2 * root))


def _two(value: TwoPart | float) -> TwoPart:
    return value if isinstance(value, TwoPart) else TwoPart(float(value))


def _halves(value: Any) -> tuple[Any, Any]:
    """Return the upper and the lower half of the digits of a double."""
    scaled = 134217729.0 * value
    high = scaled - (scaled - value)
    return high, value - high
