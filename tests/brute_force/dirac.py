"""Explicit Dirac matrices and spinors in two representations.

Conventions: metric (+,-,-,-), ``gamma5 = i gamma0 gamma1 gamma2 gamma3``,
``sigma^{mu nu} = (i/2)[gamma^mu, gamma^nu]``, ``C = i gamma2 gamma0``, ``v = C ubar^T``, and spinors normalised to
``sum_s u ubar = pslash + m``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .arithmetic import Arithmetic, Array

METRIC = (1, -1, -1, -1)
PAULI = (
    ((0, 1), (1, 0)),
    ((0, -1j), (1j, 0)),
    ((1, 0), (0, -1)),
)
REPRESENTATIONS = ("dirac", "chiral")
SPIN_BASES = ("rest", "helicity")


def levi_civita(k: int, l: int, m: int) -> int:  # noqa: E741
    """Return the sign of the permutation (k, l, m) of (0, 1, 2), or 0."""
    return (k - l) * (l - m) * (m - k) // 2


@dataclass(frozen=True)
class DiracAlgebra:
    """Dirac matrices of one representation: ``gamma[mu]`` with upper index, and what is built from them."""

    system: Arithmetic
    representation: str
    one: Array
    gamma: tuple[Array, Array, Array, Array]
    gamma5: Array
    C: Array

    def sigma(self, mu: int, nu: int) -> Array:
        """Return ``(i/2)[gamma^mu, gamma^nu]``."""
        half_i = self.system.complex_(1j) / 2
        out: Array = half_i * (self.gamma[mu] @ self.gamma[nu] - self.gamma[nu] @ self.gamma[mu])
        return out

    def spin(self, k: int) -> Array:
        """Return ``Sigma^k = (1/2) eps^{klm} sigma^{lm}`` for k = 0, 1, 2."""
        return self.sigma(1 + (k + 1) % 3, 1 + (k + 2) % 3)

    def slash(self, p: Array) -> Array:
        """Return ``gamma^mu p_mu`` for a contravariant four-vector."""
        return sum((METRIC[mu] * p[mu] * self.gamma[mu] for mu in range(4)), self.system.zeros(4, 4))

    def u(self, p: Array, mass: Any, spin_basis: str = "rest") -> Array:
        """Return the two spinors ``u(p, s)``: an array (..., 2, 4) for momenta of shape (4, ...) and real entries.

        ``spin_basis`` chooses the two-component basis: spin along z in the rest frame, or helicity.
        """
        system = self.system
        one, i = system.complex_(1), system.complex_(1j)
        chi = np.broadcast_to(system.array(np.eye(2)), (*p.shape[1:], 2, 2))
        if spin_basis == "helicity":
            chi = helicity_basis(system, p)
        px, py, pz = (one * p[k][..., None] for k in (1, 2, 3))
        up, down = chi[..., 0], chi[..., 1]
        along = np.stack([pz * up + (px - i * py) * down, (px + i * py) * up - pz * down], axis=-1)
        plus = (one * (p[0] + mass))[..., None, None]
        if self.representation == "dirac":
            root = system.sqrt(plus)
            return np.concatenate([root * chi, along / root], axis=-1)
        root = system.sqrt(2 * plus)
        return np.concatenate([(plus * chi - along) / root, (plus * chi + along) / root], axis=-1)

    def bar(self, spinors: Array) -> Array:
        """Return ``u^dagger gamma0`` for spinors in the rows of an array."""
        out: Array = np.conjugate(spinors) @ self.gamma[0]
        return out

    def v(self, p: Array, mass: Any, spin_basis: str = "rest") -> Array:
        """Return the charge conjugates ``v(p, s) = C ubar(p, s)^T`` as rows of a (2, 4) array."""
        out: Array = self.bar(self.u(p, mass, spin_basis)) @ self.C.T
        return out


def helicity_basis(system: Arithmetic, p: Array) -> Array:
    """Return the helicity eigenstates (+, -) along ``p`` (off the z axis) as rows of an array (..., 2, 2)."""
    px, py, pz = p[1], p[2], p[3]
    pt = system.sqrt(px * px + py * py)
    length = system.sqrt(pt * pt + pz * pz)
    large = system.sqrt((length + abs(pz)) / (2 * length))
    small = pt / (2 * length * large)
    one, i = system.complex_(1), system.complex_(1j)
    cos_half, sin_half = one * np.where(pz >= 0, large, small), one * np.where(pz >= 0, small, large)
    phase = (px + i * py) / pt
    plus = np.stack([cos_half, phase * sin_half], axis=-1)
    minus = np.stack([-np.conjugate(phase) * sin_half, cos_half], axis=-1)
    return np.stack([plus, minus], axis=-2)


def dirac_algebra(system: Arithmetic, representation: str = "dirac") -> DiracAlgebra:
    """Build the matrices of the ``"dirac"`` or ``"chiral"`` representation; ``ValueError`` for another name."""
    if representation not in REPRESENTATIONS:
        raise ValueError(f"representation must be one of {REPRESENTATIONS}, found {representation!r}")
    pauli = [system.array(matrix) for matrix in PAULI]
    two, zero = system.array(np.eye(2)), system.zeros(2, 2)
    gamma0 = (
        np.block([[two, zero], [zero, -two]]) if representation == "dirac" else np.block([[zero, two], [two, zero]])
    )
    space = [np.block([[zero, sigma], [-sigma, zero]]) for sigma in pauli]
    gamma = (gamma0, space[0], space[1], space[2])
    i = system.complex_(1j)
    gamma5 = i * (gamma[0] @ gamma[1] @ gamma[2] @ gamma[3])
    return DiracAlgebra(system, representation, system.array(np.eye(4)), gamma, gamma5, i * (gamma[2] @ gamma[0]))
