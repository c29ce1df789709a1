"""Complex numbers of two kinds with one face: Gaussian rationals for exact answers, double precision for measured mixing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import QQ, QQ_I, sympify
from sympy.polys.matrices import DomainMatrix

__all__ = ["EXACT", "FLOATING", "Numbers"]

_CONJUGATE = np.frompyfunc(lambda z: QQ_I.new(z.x, -z.y), 1, 1)
_REAL = np.frompyfunc(lambda z: QQ_I.new(z.x, QQ.zero), 1, 1)


class Numbers:
    """Arithmetic over one kind of complex numbers, in NumPy arrays.

    Example
    -------
    >>> EXACT.number(Fraction(1, 3)) + EXACT.i
    QQ_I(1/3, 1)
    """

    def __init__(self, exact: bool) -> None:
        self.exact = exact
        self.zero: Any = QQ_I.zero if exact else 0j
        self.one: Any = QQ_I.one if exact else 1 + 0j
        self.i: Any = QQ_I(0, 1) if exact else 1j

    def number(self, value: Fraction | int) -> Any:
        """Return a rational number."""
        rational = Fraction(value)
        return QQ_I.new(QQ(rational.numerator, rational.denominator), QQ.zero) if self.exact else complex(rational)

    def zeros(self, shape: int | tuple[int, ...]) -> NDArray[Any]:
        """Return an array of zeros."""
        return np.full(shape, self.zero, dtype=object if self.exact else np.complex128)

    def constant(self, value: Any, size: int) -> NDArray[Any]:
        """Return a vector with ``value`` in its last place."""
        found = self.zeros(size)
        found[-1] = self.number(value) if isinstance(value, Fraction | int) else value
        return found

    def stack(self, vectors: Iterable[NDArray[Any]]) -> NDArray[Any]:
        """Return vectors as rows of an array."""
        return np.array(list(vectors), dtype=object if self.exact else np.complex128)

    def diagonal(self, blocks: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return square blocks along a diagonal."""
        size = sum(len(block) for block in blocks)
        found, start = self.zeros((size, size)), 0
        for block in blocks:
            found[start : start + len(block), start : start + len(block)] = block
            start += len(block)
        return found

    def conjugate(self, value: Any) -> Any:
        """Return the complex conjugate of a number or an array."""
        return _CONJUGATE(value) if self.exact else np.conj(value)

    def real(self, value: Any) -> Any:
        """Return the real part, as numbers of the same kind."""
        return _REAL(value) if self.exact else np.real(value) + 0j

    def polynomial(self, polynomial: Any, values: Sequence[Fraction]) -> Any:
        """Return the value of a polynomial over the Gaussian rationals at rational numbers."""
        found = polynomial(*(EXACT.number(value) for value in values)) if polynomial else QQ_I.zero
        return found if self.exact else complex(float(Fraction(str(found.x))), float(Fraction(str(found.y))))

    def matrix(self, given: Any) -> NDArray[Any]:
        """Return a matrix of numbers of this kind; ``TypeError`` or ``ValueError`` from what cannot be one."""
        if not self.exact:
            return np.asarray(given, dtype=np.complex128)
        rows = [[QQ_I.from_sympy(sympify(entry).expand()) for entry in row] for row in given]
        return np.array(rows, dtype=object)

    def null_space(self, rows: NDArray[Any], tolerance: float = 1e-9) -> tuple[int, list[list[Any]]]:
        """Return rank and null space of a real matrix: exact rationals, or orthonormal vectors by singular values."""
        if self.exact:
            matrix = DomainMatrix([[entry.x for entry in row] for row in rows], rows.shape, QQ)
            return matrix.rank(), [list(vector) for vector in matrix.nullspace().to_Matrix().tolist()]
        real = np.real(rows)
        norms = np.linalg.norm(real, axis=1)
        real = real[norms > 0] / norms[norms > 0, None]
        if not len(real):
            return 0, np.eye(rows.shape[1]).tolist()
        _, singular, right = np.linalg.svd(real)
        rank = int(np.sum(singular > tolerance * singular[0]))
        return rank, right[rank:].tolist()


EXACT, FLOATING = Numbers(True), Numbers(False)
