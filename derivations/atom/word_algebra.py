"""Non-commuting algebra of the Dirac Hamiltonian ``H = beta m + even + odd``: two routes to two components.

In: an order in ``1/m``. Out: a Hamiltonian as a sum of words in the letters ``E`` (even, commutes with ``beta``)
and ``O`` (odd, anticommutes with ``beta``). Words are multiplied exactly; nothing else about ``E`` and ``O`` is
assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import factorial

Key = tuple[int, int, str]


@dataclass(frozen=True)
class Words:
    """A sum of ``coefficient * m^p * beta^b * word``; keys are ``(p, b, word)`` with ``b`` 0 or 1.

    Example
    -------
    >>> (ODD @ BETA + BETA @ ODD).terms
    {}
    """

    terms: Mapping[Key, Fraction] = field(default_factory=dict)

    def __add__(self, other: Words) -> Words:
        total = dict(self.terms)
        for key, value in other.terms.items():
            total[key] = total.get(key, Fraction(0)) + value
        return Words({key: value for key, value in total.items() if value})

    def __sub__(self, other: Words) -> Words:
        return self + other.scaled(Fraction(-1))

    def __matmul__(self, other: Words) -> Words:
        total: dict[Key, Fraction] = {}
        for (p, b, left), x in self.terms.items():
            for (r, c, right), y in other.terms.items():
                sign = -1 if c and left.count("O") % 2 else 1
                key = (p + r, (b + c) % 2, left + right)
                total[key] = total.get(key, Fraction(0)) + sign * x * y
        return Words({key: value for key, value in total.items() if value})

    def scaled(self, factor: Fraction, mass_power: int = 0) -> Words:
        """Return the sum times ``factor * m^mass_power``."""
        return Words({(p + mass_power, b, word): factor * value for (p, b, word), value in self.terms.items()})

    def commutator(self, other: Words) -> Words:
        """Return ``self other - other self``."""
        return self @ other - other @ self

    def truncated(self, order: int) -> Words:
        """Drop every power of ``1/m`` beyond ``order``."""
        return Words({key: value for key, value in self.terms.items() if key[0] >= -order})

    def odd_part(self) -> Words:
        """Return the words that contain ``O`` an odd number of times."""
        return Words({key: value for key, value in self.terms.items() if key[2].count("O") % 2})

    def upper_block(self) -> Words:
        """Return the sum on the upper two components, where ``beta = 1``."""
        total = Words()
        for (p, _, word), value in self.terms.items():
            total += Words({(p, 0, word): value})
        return total


BETA = Words({(0, 1, ""): Fraction(1)})
EVEN = Words({(0, 0, "E"): Fraction(1)})
ODD = Words({(0, 0, "O"): Fraction(1)})


def foldy_wouthuysen(order: int) -> Words:
    """Return ``H = beta m + E + O`` transformed until no odd word is left to the given order in ``1/m``.

    Each pass conjugates by ``exp(X)``, ``X = beta (odd part) / 2m``, because ``[X, beta m] = -(odd part)``.

    Raises
    ------
    ValueError : ``order`` is negative.

    Example
    -------
    >>> foldy_wouthuysen(1).upper_block().terms[(-1, 0, "OO")]
    Fraction(1, 2)
    """
    if order < 0:
        raise ValueError(f"order = {order} is not allowed: it must be a non-negative integer")
    hamiltonian = BETA.scaled(Fraction(1), 1) + EVEN + ODD
    while hamiltonian.odd_part().terms:
        generator = (BETA @ hamiltonian.odd_part()).scaled(Fraction(1, 2), -1)
        term, total = hamiltonian, hamiltonian
        for n in range(1, order + 3):
            term = generator.commutator(term).truncated(order)
            total += term.scaled(Fraction(1, factorial(n)))
        hamiltonian = total.truncated(order)
    return hamiltonian


def eliminated_lower_component() -> Words:
    """Return the two-component Hamiltonian from eliminating ``chi``, renormalised, to order ``1/m^2``, without the
    mass.

    ``chi = (1/2m)(1 - (epsilon - E)/2m) O phi`` with ``epsilon`` the energy; normalising ``phi^+ phi + chi^+ chi`` by
    ``1 - O^2/8m^2`` on both sides turns the ``epsilon`` terms into ``- [O, [O, E]] / 8 m^2``.

    Example
    -------
    >>> eliminated_lower_component() == foldy_wouthuysen(2).upper_block() - Words({(1, 0, ""): Fraction(1)})
    True
    """
    square = ODD @ ODD
    sandwich = (ODD @ EVEN @ ODD).scaled(Fraction(1, 4), -2)
    normalisation = (square @ EVEN + EVEN @ square).scaled(Fraction(1, 8), -2)
    return EVEN + square.scaled(Fraction(1, 2), -1) + sandwich - normalisation
