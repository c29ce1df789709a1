"""Dirac matrices over the exact ring, and charge conjugation.

Matrices are sparse dictionaries ``{(row, column): polynomial}``. The representation is Dirac's, because the
non-relativistic limit reads off its upper components; every result that leaves this module is independent of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from derivations.algebra import ring
from derivations.algebra.ring import TRACE, I, Poly

SPACETIME = range(4)
METRIC = (1, -1, -1, -1)
Q_UPPER = (ring.q0, TRACE.zero, TRACE.zero, ring.qz)


@dataclass(frozen=True)
class DiracMatrix:
    """A 4 x 4 matrix over the trace ring, zero entries absent."""

    entries: Mapping[tuple[int, int], Poly]

    def __add__(self, other: DiracMatrix) -> DiracMatrix:
        total = dict(self.entries)
        for position, value in other.entries.items():
            total[position] = total.get(position, TRACE.zero) + value
        return DiracMatrix({position: value for position, value in total.items() if value})

    def __sub__(self, other: DiracMatrix) -> DiracMatrix:
        return self + other.scaled(-TRACE.one)

    def __matmul__(self, other: DiracMatrix) -> DiracMatrix:
        rows = other.rows()
        total: dict[tuple[int, int], Poly] = {}
        for (i, k), left in self.entries.items():
            for j, right in rows[k]:
                total[i, j] = total.get((i, j), TRACE.zero) + left * right
        return DiracMatrix({position: value for position, value in total.items() if value})

    def __bool__(self) -> bool:
        return bool(self.entries)

    def rows(self) -> list[list[tuple[int, Poly]]]:
        """Return, for each row, its non-zero columns and values."""
        result: list[list[tuple[int, Poly]]] = [[] for _ in SPACETIME]
        for (i, j), value in self.entries.items():
            result[i].append((j, value))
        return result

    def scaled(self, factor: Poly) -> DiracMatrix:
        """Return the matrix times a ring element."""
        return DiracMatrix({position: product for position, v in self.entries.items() if (product := v * factor)})

    def transposed(self) -> DiracMatrix:
        """Return the transpose."""
        return DiracMatrix({(j, i): value for (i, j), value in self.entries.items()})

    def adjoint(self) -> DiracMatrix:
        """Return the Hermitian conjugate."""
        return DiracMatrix({(j, i): ring.conjugate(value) for (i, j), value in self.entries.items()})

    def trace(self) -> Poly:
        """Return the trace."""
        return sum((value for (i, j), value in self.entries.items() if i == j), TRACE.zero)

    def trace_with(self, other: DiracMatrix) -> Poly:
        """Return ``Tr[self other]`` without forming the product."""
        total = TRACE.zero
        for (i, j), value in self.entries.items():
            partner = other.entries.get((j, i))
            if partner is not None:
                total += value * partner
        return total


def _constant(rows: list[list[complex]]) -> DiracMatrix:
    entries = {}
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if value:
                entries[i, j] = TRACE.one * int(value.real) + I * int(value.imag)
    return DiracMatrix(entries)


IDENTITY = _constant([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
GAMMA = (
    _constant([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 0], [0, 0, 0, -1]]),
    _constant([[0, 0, 0, 1], [0, 0, 1, 0], [0, -1, 0, 0], [-1, 0, 0, 0]]),
    _constant([[0, 0, 0, -1j], [0, 0, 1j, 0], [0, 1j, 0, 0], [-1j, 0, 0, 0]]),
    _constant([[0, 0, 1, 0], [0, 0, 0, -1], [-1, 0, 0, 0], [0, 1, 0, 0]]),
)
GAMMA5 = (GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]).scaled(I)
CHARGE = (GAMMA[2] @ GAMMA[0]).scaled(I)
CHARGE_INVERSE = CHARGE.scaled(-TRACE.one)
"""``C = i gamma2 gamma0`` squares to -1 in this representation, so ``C^-1 = -C`` (asserted by the tests)."""


def sigma(mu: int, nu: int) -> DiracMatrix:
    """Return ``sigma^{mu nu} = (i/2) [gamma^mu, gamma^nu]``."""
    return (GAMMA[mu] @ GAMMA[nu] - GAMMA[nu] @ GAMMA[mu]).scaled(I / 2)


def slash(upper: tuple[Poly, ...]) -> DiracMatrix:
    """Return ``gamma^mu p_mu`` for a four-vector with upper components ``upper``."""
    total = DiracMatrix({})
    for mu in SPACETIME:
        if upper[mu]:
            total = total + GAMMA[mu].scaled(upper[mu] * METRIC[mu])
    return total


Q_SLASH = slash(Q_UPPER)


def dirac_bar(matrix: DiracMatrix) -> DiracMatrix:
    """Return ``gamma0 Gamma^dagger gamma0``, so that ``(ubar Gamma v)* = vbar Gammabar u``."""
    return GAMMA[0] @ matrix.adjoint() @ GAMMA[0]


def charge_conjugated(matrix: DiracMatrix) -> DiracMatrix:
    """Return ``C Gamma^T C^-1``: the matrix of the second contraction of a Majorana pair."""
    return CHARGE @ matrix.transposed() @ CHARGE_INVERSE


@cache
def clifford_basis() -> tuple[tuple[str, DiracMatrix], ...]:
    """Return the 16 matrices 1, gamma5, gamma^mu, gamma^mu gamma5, sigma^{mu nu} with the letter of their class."""
    elements = [("S", IDENTITY), ("P", GAMMA5)]
    elements += [("V", GAMMA[mu]) for mu in SPACETIME]
    elements += [("A", GAMMA[mu] @ GAMMA5) for mu in SPACETIME]
    elements += [("T", sigma(mu, nu)) for mu, nu in itertools.combinations(SPACETIME, 2)]
    return tuple(elements)


def clifford_coefficients(matrix: DiracMatrix) -> tuple[Poly, ...]:
    """Return the coefficients of a matrix in :func:`clifford_basis`.

    Example
    -------
    >>> [c.as_expr() for c in clifford_coefficients(GAMMA[0]) if c]
    [1]
    """
    return tuple(
        matrix.trace_with(element) / (4 * square)
        for (_, element), square in zip(clifford_basis(), _clifford_squares(), strict=True)
    )


@cache
def _clifford_squares() -> tuple[int, ...]:
    """Return the squares of the elements of the basis, each 1 or -1."""
    return tuple(-1 if element @ element - IDENTITY else 1 for _, element in clifford_basis())
