"""Explicit Dirac matrices for the tests: an independent reading of a parsed bilinear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest

from derivations.interactions.language import Bilinear

Matrix = npt.NDArray[np.complex128]
METRIC = (1, -1, -1, -1)


def _gamma_matrices() -> list[Matrix]:
    pauli = [np.array(rows, dtype=complex) for rows in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])]
    time = np.kron(pauli[2], np.eye(2))
    return [time, *(np.kron(np.array([[0, 1], [-1, 0]], dtype=complex), p) for p in pauli)]


class ExplicitDirac:
    """Matrices in the Dirac representation; integer momenta keep every entry exact in floating point."""

    gamma = _gamma_matrices()
    gamma5: Matrix = 1j * gamma[0] @ gamma[1] @ gamma[2] @ gamma[3]

    def atom(self, name: str, a: Sequence[int], q: Sequence[int]) -> Matrix:
        one = np.eye(4, dtype=complex)
        table: dict[str, Callable[[], Matrix]] = {
            "gamma": lambda: self.gamma[a[0]],
            "gamma5": lambda: self.gamma5,
            "PL": lambda: (one - self.gamma5) / 2,
            "PR": lambda: (one + self.gamma5) / 2,
            "sigma": lambda: 0.5j * (self.gamma[a[0]] @ self.gamma[a[1]] - self.gamma[a[1]] @ self.gamma[a[0]]),
            "q": lambda: q[a[0]] * one,
            "qslash": lambda: sum((METRIC[b] * q[b] * self.gamma[b] for b in range(4)), 0 * one),
            "q2": lambda: sum(METRIC[b] * q[b] ** 2 for b in range(4)) * one,
            "g": lambda: (METRIC[a[0]] if a[0] == a[1] else 0) * one,
        }
        return table[name]()

    def components(self, bilinear: Bilinear, q: Sequence[int]) -> Matrix:
        """Return the bilinear for all values of its free (upper) indices: shape (4, ..., 4, 4)."""
        free = bilinear.free_indices
        result = np.zeros((4,) * len(free) + (4, 4), dtype=complex)
        for term in bilinear.terms:
            summed = sorted({index for atom in term.factors for index in atom.indices} - set(free))
            for values in product(range(4), repeat=len(free) + len(summed)):
                value = dict(zip((*free, *summed), values, strict=True))
                matrix = np.eye(4, dtype=complex) * complex(term.coefficient.real, term.coefficient.imag)
                for atom in term.factors:
                    matrix = matrix @ self.atom(atom.name, [value[index] for index in atom.indices], q)
                sign = np.prod([METRIC[value[index]] for index in summed])
                result[values[: len(free)]] += sign * matrix
        return result


@pytest.fixture(scope="session")
def explicit_dirac() -> ExplicitDirac:
    return ExplicitDirac()
