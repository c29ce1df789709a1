"""Both orders of pair and photon: on random atoms in doubles, and the statements about ranks and spins on another road."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy.physics.quantum.cg import CG

from derivations.atom import AtomicState, require_parity
from derivations.atom.both_orders import (
    both_orders_derivation,
    denominators,
    identities,
    one_order_alone,
    spin_dipole_over_dipole,
    spin_dipole_ranks,
)
from derivations.atom.pauli import PAULI
from tests.tolerances import tolerance

RNG = np.random.default_rng(31)
Array = np.ndarray[Any, Any]


class Lattice:
    """An electron with spin on eleven points of space with any Hermitian kinetic energy: coordinates are diagonal."""

    def __init__(self) -> None:
        sites = 11
        raw = RNG.normal(size=(sites, sites)) + 1j * RNG.normal(size=(sites, sites))
        energies, self.modes = np.linalg.eigh(raw + raw.conj().T)
        self.energies = np.repeat(energies, 2)
        self.r = [self._in_levels(np.diag(RNG.normal(size=sites))) for _ in range(3)]
        spins = [np.array(matrix.tolist(), dtype=complex) for matrix in PAULI]
        self.sigma = [np.kron(np.eye(sites), spin) for spin in spins]
        self.H = np.diag(self.energies)

    def _in_levels(self, matrix: Array) -> Array:
        return np.kron(self.modes.conj().T @ matrix @ self.modes, np.eye(2))

    def velocity(self, operator: Array) -> Array:
        return 1j * (self.H @ operator - operator @ self.H)

    def amplitude(self, pair: Array, photon: Array, e: int, g: int, omega: float) -> complex:
        """Return the sum over levels of both orders, from the resolvents."""
        q0 = self.energies[e] - self.energies[g] - omega
        first = photon[g] @ np.linalg.solve((self.energies[e] - q0) * np.eye(len(self.H)) - self.H, pair[:, e])
        last = pair[g] @ np.linalg.solve((self.energies[e] - omega) * np.eye(len(self.H)) - self.H, photon[:, e])
        return complex(first + last)


def test_denominators_are_those_of_the_evaluators() -> None:
    E_vg, omega, q0 = sp.symbols("E_vg omega q0", real=True)
    assert denominators() == (omega - E_vg, q0 - E_vg)


def test_the_sum_of_both_orders_knows_no_gauge_and_no_bare_momentum() -> None:
    atom = Lattice()
    q, J = RNG.normal(size=3), RNG.normal(size=4)
    light = sum(e * r for e, r in zip(np.array([1, 1j, 0.3]), atom.r, strict=True))
    e, g, omega = 16, 4, 0.37
    q0 = atom.energies[e] - atom.energies[g] - omega
    qr = sum(a * r for a, r in zip(q, atom.r, strict=True))
    Jr = sum(a * r for a, r in zip(J[1:], atom.r, strict=True))
    bare = -1j * J[0] * qr - atom.velocity(Jr)
    field = 1j * (q0 * Jr - J[0] * qr)
    gauge = -1j * q0 * qr - atom.velocity(qr)
    sigma_r = sum(s @ r for s, r in zip(atom.sigma, atom.r, strict=True))
    crossed = sum(J[1 + k] * (atom.r[k - 2] @ atom.sigma[k - 1] - atom.r[k - 1] @ atom.sigma[k - 2]) for k in range(3))
    equal = {
        "vector current": (bare, field),
        "axial charge": (atom.velocity(sigma_r), -1j * q0 * sigma_r),
        "tensor": (-atom.velocity(crossed), 1j * q0 * crossed),
    }
    size = abs(atom.amplitude(field, light, e, g, omega))
    assert abs(atom.amplitude(gauge, light, e, g, omega)) < tolerance("both-orders") * size
    for name, (left, right) in equal.items():
        one, other = (atom.amplitude(operator, light, e, g + 1, omega) for operator in (left, right))
        assert abs(one - other) < tolerance("both-orders") * size, name
    photon = [atom.amplitude(field, operator, e, g, omega) for operator in (atom.velocity(light), -1j * omega * light)]
    assert abs(photon[0] - photon[1]) < tolerance("both-orders") * size


def test_one_order_alone_is_not_gauge_invariant() -> None:
    left, right = one_order_alone()
    assert abs(complex(left) / complex(right) - 1) > 0.1
    assert all(sp.expand(a - b) == 0 for a, b in identities().values())
    assert abs(complex(identities()["length"][0])) > 1


@pytest.mark.parametrize("pair", list(product(range(4), repeat=2)))
def test_ranks_are_those_of_clebsch_gordan_coefficients(pair: tuple[int, int]) -> None:
    """A rank acts when some <J_e M; k q|J_v M'> is not zero."""
    J_e, J_v = pair
    found = tuple(
        k
        for k in range(3)
        if any(
            CG(J_e, m, k, q, J_v, m + q).doit() != 0
            for m in range(-J_e, J_e + 1)
            for q in range(-k, k + 1)
            if abs(m + q) <= J_v
        )
    )
    assert spin_dipole_ranks(J_e, J_v) == found


def test_half_integers_and_refusals() -> None:
    assert spin_dipole_ranks(Fraction(1, 2), Fraction(3, 2)) == (1, 2)
    assert spin_dipole_ranks(Fraction(1, 2), 1) == ()
    with pytest.raises(ValueError, match="J_e"):
        spin_dipole_ranks(-1, 1)
    with pytest.raises(ValueError, match="1/2 and p_3/2"):
        spin_dipole_over_dipole(Fraction(5, 2))


@pytest.mark.parametrize(("j", "ratio"), [(Fraction(3, 2), -1j), (Fraction(1, 2), 2j)])
def test_spin_dipole_from_clebsch_gordan_coefficients(j: Fraction, ratio: complex) -> None:
    """s_1/2 -> p_j from |l m> |1/2 s> and the spherical components of r on an s state: r_q |s> = |p q>."""
    half = sp.Rational(1, 2)
    spherical = {1: [-1 / np.sqrt(2), -1j / np.sqrt(2), 0], 0: [0, 0, 1], -1: [1 / np.sqrt(2), -1j / np.sqrt(2), 0]}
    cartesian = {(k, q): np.conjugate(spherical[q][k]) for k in range(3) for q in (1, 0, -1)}  # r_k|s> = sum_q c |p q>
    pauli = [np.array(matrix.tolist(), dtype=complex) for matrix in PAULI]
    J = sp.Rational(j.numerator, j.denominator)

    def matrix_element(table: Any, M: Any, s: Any) -> complex:
        """<p_j M| operator |s_1/2 s>, the operator's image of |s> given as {(orbital axis, spin matrix): number}."""
        total = 0j
        for axis, spin, number in table:
            for q, end in product((1, 0, -1), (half, -half)):
                weight = float(CG(1, q, half, end, J, M).doit()) if q + end == M else 0.0
                total += weight * cartesian[axis, q] * number * spin[int(half - end), int(half - s)]
        return total

    seen = 0
    for k in range(3):
        dipole = [(k, np.eye(2), 1)]
        crossed = [
            (a, pauli[b], int(sp.LeviCivita(k, a, b))) for a in range(3) for b in range(3) if len({k, a, b}) == 3
        ]
        for s in (half, -half):
            for M in [m - J for m in range(int(2 * J) + 1)]:
                r, rs = matrix_element(dipole, M, s), matrix_element(crossed, M, s)
                assert abs(rs - ratio * r) < tolerance("spinor-algebra")
                seen += abs(r) > 0.1
    assert seen > 4
    assert complex(spin_dipole_over_dipole(j)) == ratio


def test_parities_decide_which_steps_are_open() -> None:
    odd, even = AtomicState(2, -1), AtomicState(0, +1)
    require_parity(odd, even, pair="M1")
    require_parity(AtomicState(2, +1), even, pair="E1", atom="Ba")
    with pytest.raises(
        ValueError, match=r"^E1 x E1 is not allowed for Xe \(rule: each E1 step turns the parity\): .* opposite"
    ):
        require_parity(odd, even, pair="E1", atom="Xe")
    with pytest.raises(
        ValueError, match=r"^M1 x E1 is not allowed \(rule: .* the same parity, it needs opposite ones$"
    ):
        require_parity(AtomicState(2, +1), even, pair="M1")


def test_the_derivation_prints_its_identities() -> None:
    text = both_orders_derivation().as_text()
    for words in ("-E_vg + q0", "same parity", "r x sigma", "J_e = 0 -> J_v = 1: ranks 1\n"):
        assert words in text
