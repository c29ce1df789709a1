"""The explicit matrices and spinors obey what defines them, in both representations."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.tolerances import tolerance

from .arithmetic import Arithmetic, Array, arithmetic
from .dirac import METRIC, REPRESENTATIONS, SPIN_BASES, DiracAlgebra, dirac_algebra

MOMENTUM = (0.3, -0.7, 0.4)


@pytest.fixture
def system():
    with arithmetic("double") as double:
        yield double


@pytest.fixture(params=REPRESENTATIONS)
def algebra(request: pytest.FixtureRequest, system: Arithmetic) -> DiracAlgebra:
    return dirac_algebra(system, request.param)


def four_momentum(mass: float) -> Array:
    p = np.array(MOMENTUM)
    return np.array([np.sqrt(p @ p + mass**2), *p])


def test_clifford_algebra_and_gamma5(algebra: DiracAlgebra):
    for mu, nu in itertools.product(range(4), repeat=2):
        anticommutator = algebra.gamma[mu] @ algebra.gamma[nu] + algebra.gamma[nu] @ algebra.gamma[mu]
        assert np.array_equal(anticommutator, 2 * (mu == nu) * METRIC[mu] * np.eye(4))
    for gamma in algebra.gamma:
        assert np.array_equal(gamma @ algebra.gamma5, -algebra.gamma5 @ gamma)
    assert np.array_equal(algebra.gamma5 @ algebra.gamma5, np.eye(4))
    assert np.array_equal(algebra.gamma5, algebra.gamma5.conj().T)


def test_gamma5_is_the_left_minus_right_chirality_of_the_weyl_basis(system: Arithmetic):
    assert np.array_equal(dirac_algebra(system, "chiral").gamma5, np.diag([-1, -1, 1, 1]))


def test_spin_matrices_are_sigma_in_both_blocks(algebra: DiracAlgebra):
    for k, sigma in enumerate(([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])):
        assert np.array_equal(algebra.spin(k), np.kron(np.eye(2), sigma))


def test_charge_conjugation_signs_of_the_bilinears(algebra: DiracAlgebra):
    inverse = np.linalg.inv(algebra.C)
    even = [algebra.one, algebra.gamma5, *(g @ algebra.gamma5 for g in algebra.gamma)]
    odd = [*algebra.gamma, *(algebra.sigma(mu, nu) for mu, nu in itertools.combinations(range(4), 2))]
    for sign, matrices in ((1, even), (-1, odd)):
        for matrix in matrices:
            assert np.array_equal(algebra.C @ matrix.T @ inverse, sign * matrix)


@pytest.mark.parametrize("spin_basis", SPIN_BASES)
@pytest.mark.parametrize("mass", [0.0, 0.2, 3.0])
def test_spinors_solve_the_dirac_equation_and_are_complete(algebra: DiracAlgebra, mass: float, spin_basis: str):
    p = four_momentum(mass)
    slash, one = algebra.slash(p), np.eye(4)
    u, v = algebra.u(p, mass, spin_basis), algebra.v(p, mass, spin_basis)
    near = {"rtol": 0, "atol": tolerance("spinor-algebra") * p[0]}
    np.testing.assert_allclose((slash - mass * one) @ u.T, 0, **near)
    np.testing.assert_allclose((slash + mass * one) @ v.T, 0, **near)
    np.testing.assert_allclose(
        sum(np.outer(a, b) for a, b in zip(u, algebra.bar(u), strict=True)), slash + mass * one, **near
    )
    np.testing.assert_allclose(
        sum(np.outer(a, b) for a, b in zip(v, algebra.bar(v), strict=True)), slash - mass * one, **near
    )
    np.testing.assert_allclose(u.conj() @ u.T, 2 * p[0] * np.eye(2), **near)
    np.testing.assert_allclose(u.conj() @ algebra.v(p * METRIC, mass, spin_basis).T, 0, **near)


def test_charge_conjugation_is_an_involution(algebra: DiracAlgebra):
    p = four_momentum(0.2)
    u, v = algebra.u(p, 0.2), algebra.v(p, 0.2)
    np.testing.assert_allclose(algebra.bar(v) @ algebra.C.T, u, rtol=0, atol=tolerance("spinor-algebra"))


def test_helicity_spinors_are_eigenstates_of_the_spin_along_the_momentum(algebra: DiracAlgebra):
    for flip in (1, -1):
        p = four_momentum(0.2) * (1, 1, 1, flip)
        direction = p[1:] / np.linalg.norm(p[1:])
        along = sum(direction[k] * algebra.spin(k) for k in range(3))
        u = algebra.u(p, 0.2, "helicity")
        np.testing.assert_allclose(along @ u.T, u.T * (1, -1), rtol=0, atol=tolerance("spinor-algebra"))


def test_unknown_representation_and_precision_are_refused(system: Arithmetic):
    with pytest.raises(ValueError, match="representation must be one of"):
        dirac_algebra(system, "majorana")
    with pytest.raises(ValueError, match="precision must be"), arithmetic(3):
        pass
