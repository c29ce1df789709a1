"""Arithmetic modulo a prime at several random points at once: a screen for identities.

The prime is 7 modulo 8, so that -1 is no square: ``x + i y`` with residues x and y form a field, and of the two roots of a
square exactly one is a square itself. That one plays the part of the positive root: products of squares are squares, as products
of positive numbers are positive. What differs modulo the prime differs; what agrees at random points agrees very likely, and is
then proven by :mod:`derivations.ledger.check.exact`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any, Final

from derivations.ledger.check.evaluate import Undecided
from derivations.written.nodes import Node

PRIME: Final = 2305843009213682039
"""The largest prime below 2^61 that is 7 modulo 8 and has the first eight primes as squares."""
_HALF: Final = (PRIME - 1) // 2
_ROOT: Final = (PRIME + 1) // 4


def is_square(number: int) -> bool:
    """Return whether a number other than zero is a square modulo the prime.

    Example
    -------
    >>> is_square(2), is_square(-2)
    (True, False)
    """
    return pow(number, _HALF, PRIME) == 1


@dataclass(frozen=True)
class Residues:
    """One complex number at each of several points: real and imaginary parts modulo the prime (``None``: all zero)."""

    real: tuple[int, ...]
    imag: tuple[int, ...] | None = None

    def __neg__(self) -> Residues:
        return Residues(tuple(-x for x in self.real), None if self.imag is None else tuple(-y for y in self.imag))

    def __add__(self, other: Residues) -> Residues:
        real = tuple([(a + b) % PRIME for a, b in zip(self.real, other.real, strict=True)])
        if self.imag is None:
            return Residues(real, other.imag)
        if other.imag is None:
            return Residues(real, self.imag)
        return Residues(real, tuple([(a + b) % PRIME for a, b in zip(self.imag, other.imag, strict=True)]))

    def __sub__(self, other: Residues) -> Residues:
        return self + (-other)

    def __mul__(self, other: Residues) -> Residues:
        if self.imag is None and other.imag is None:
            return Residues(tuple([a * b % PRIME for a, b in zip(self.real, other.real, strict=True)]))
        if self.imag is None:
            return other * self
        if other.imag is None:
            return Residues(
                tuple([a * b % PRIME for a, b in zip(self.real, other.real, strict=True)]),
                tuple([a * b % PRIME for a, b in zip(self.imag, other.real, strict=True)]),
            )
        lanes = list(zip(self.real, self.imag, other.real, other.imag, strict=True))
        return Residues(
            tuple([(a * c - b * d) % PRIME for a, b, c, d in lanes]),
            tuple([(a * d + b * c) % PRIME for a, b, c, d in lanes]),
        )

    def __truediv__(self, other: Residues) -> Residues:
        return self * (1 / other)

    def __rtruediv__(self, one: int) -> Residues:
        if self.imag is None:
            if any(a % PRIME == 0 for a in self.real):
                raise ZeroDivisionError
            return Residues(tuple([one * pow(a, -1, PRIME) % PRIME for a in self.real]))
        norms = [(a * a + b * b) % PRIME for a, b in zip(self.real, self.imag, strict=True)]
        if not all(norms):
            raise ZeroDivisionError
        inverse = [one * pow(n, -1, PRIME) % PRIME for n in norms]
        return Residues(
            tuple([a * n % PRIME for a, n in zip(self.real, inverse, strict=True)]),
            tuple([-b * n % PRIME for b, n in zip(self.imag, inverse, strict=True)]),
        )

    def conjugate(self) -> Residues:
        """Return the complex conjugate."""
        return Residues(self.real, None if self.imag is None else tuple([-b % PRIME for b in self.imag]))

    def key(self) -> tuple[int, ...]:
        """Return the parts as one tuple that is equal for equal values."""
        imag = self.imag or (0,) * len(self.real)
        return (*(a % PRIME for a in self.real), *(b % PRIME for b in imag))

    def __bool__(self) -> bool:
        return any(self.key())


@dataclass(frozen=True)
class ModularDomain:
    """The arithmetic of ``lanes`` points; ``steps`` decides step functions, exactly and elsewhere."""

    lanes: int
    steps: Callable[[Node], int]

    def number(self, value: Fraction) -> Residues:
        """Return an exact number, the same at every point."""
        one = value.numerator * pow(value.denominator, -1, PRIME) % PRIME
        return Residues((one,) * self.lanes)

    @property
    def imaginary(self) -> Residues:
        """The imaginary unit."""
        return Residues((0,) * self.lanes, (1,) * self.lanes)

    def root(self, value: Residues) -> Residues:
        """Return the root that is a square itself; raise :class:`Undecided` where there is none."""
        if value.imag is not None and any(b % PRIME for b in value.imag):
            raise Undecided("a root of a complex number")
        if not all(a % PRIME == 0 or is_square(a) for a in value.real):
            raise Undecided("a root of what is no square modulo the prime")
        return Residues(tuple([_principal(a) for a in value.real]))

    def step(self, node: Node, names: Mapping[str, Any]) -> Residues:
        """Return 1 or 0."""
        return self.number(Fraction(self.steps(node)))


def _principal(number: int) -> int:
    root = pow(number, _ROOT, PRIME)
    return root if is_square(root) else -root % PRIME


def stacked(points: Sequence[Mapping[str, tuple[int, int]]]) -> dict[str, Residues]:
    """Return the values of all names at all points, from pairs (real, imaginary) at each."""
    result = {}
    for name in points[0]:
        pairs = [point[name] for point in points]
        imag = tuple(b for _, b in pairs)
        result[name] = Residues(tuple(a for a, _ in pairs), imag if any(imag) else None)
    return result


def kinematic_point(random: Random) -> dict[str, int]:
    """Return random kinematics in which everything that is positive in an open channel is a square.

    ``sqrt(t)`` and ``sqrt(s - (m_i - m_j)^2)`` are drawn first; their squares differ by ``4 m_i m_j``.

    Example
    -------
    >>> point = kinematic_point(Random(1))
    >>> (point["q0"]**2 - point["s"] - point["omega"]**2) % PRIME
    0
    """
    while True:
        a, b, m_i, E_eg = (random.randrange(2, PRIME) ** 2 % PRIME for _ in range(4))
        m_j = (b * b - a * a) * pow(4 * m_i, -1, PRIME) % PRIME
        s = (a * a + (m_i + m_j) ** 2) % PRIME
        omega = (E_eg * E_eg - s) * pow(2 * E_eg, -1, PRIME) % PRIME
        q0 = (E_eg - omega) % PRIME
        if all(map(is_square, (m_j, s, omega, q0, m_i + m_j))):
            return {"s": s, "omega": omega, "q0": q0, "m_i": m_i, "m_j": m_j}
