"""Pauli and Dirac matrices in the Dirac representation, as exact SymPy matrices.

Used by the atomic derivations alone, on purpose: the amplitude's own Dirac algebra lives in another module and
another representation of polynomials, so that the two can be compared.
"""

from __future__ import annotations

import sympy as sp

PAULI = (
    sp.ImmutableMatrix([[0, 1], [1, 0]]),
    sp.ImmutableMatrix([[0, -sp.I], [sp.I, 0]]),
    sp.ImmutableMatrix([[1, 0], [0, -1]]),
)
"""The three Pauli matrices."""

_KRON = sp.kronecker_product

GAMMA = (
    sp.ImmutableMatrix(_KRON(PAULI[2], sp.eye(2))),
    *(sp.ImmutableMatrix(_KRON(sp.I * PAULI[1], sigma)) for sigma in PAULI),
)
"""``gamma^0 .. gamma^3`` in the Dirac representation."""

GAMMA5 = sp.ImmutableMatrix(sp.I * GAMMA[0] * GAMMA[1] * GAMMA[2] * GAMMA[3])
"""``gamma5 = i gamma^0 gamma^1 gamma^2 gamma^3``."""


def sigma_tensor(mu: int, nu: int) -> sp.ImmutableMatrix:
    """Return ``sigma^{mu nu} = (i/2) [gamma^mu, gamma^nu]``.

    Example
    -------
    >>> sigma_tensor(1, 2) == sp.ImmutableMatrix(sp.kronecker_product(sp.eye(2), PAULI[2]))
    True
    """
    return sp.ImmutableMatrix(sp.I / 2 * (GAMMA[mu] * GAMMA[nu] - GAMMA[nu] * GAMMA[mu]))


def spin_dot(vector: tuple[sp.Expr, ...]) -> sp.Matrix:
    """Return ``sigma . vector`` as a 2x2 matrix.

    Example
    -------
    >>> spin_dot((0, 0, 1)) == PAULI[2]
    True
    """
    return sum((component * sigma for component, sigma in zip(vector, PAULI, strict=True)), sp.zeros(2, 2))
