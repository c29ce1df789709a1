"""The atomic tensor: squared Clebsch-Gordan coefficients against explicit matrices, its symmetries, and bad input."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
import sympy as sp
from sympy.physics.quantum.cg import CG

from derivations.atom import atomic_tensor, averaged_tensor, tensor_coefficients
from derivations.atom.angular import projections, spin_matrices, vector_coefficient_squared, vector_operator

HALF = Fraction(1, 2)
EVERY_J = [Fraction(n, 2) for n in range(6)]


def allowed(start: Fraction, end: Fraction) -> bool:
    return (start - end).denominator == 1 and abs(start - end) <= 1 and start + end >= 1


CHAINS = [c for c in product(EVERY_J, repeat=3) if allowed(c[0], c[1]) and allowed(c[1], c[2])]
SMALL_CHAINS = [c for c in CHAINS if sum(c) <= 5]
POLARISATIONS = [(1, 0, 0), (1, sp.I, 0), (1, -sp.I, 0), (2, 1 + 3 * sp.I, 0)]


def brute_force(chain: tuple[Fraction, Fraction, Fraction], epsilon: tuple[sp.Expr, ...]) -> sp.Matrix:
    """Coherent sum over M_v with matrices built from commutators alone; no Clebsch-Gordan coefficient."""
    J_e, J_v, J_g = chain
    dipole, spin = vector_operator(J_g, J_v), vector_operator(J_v, J_e)
    photon = sum((sp.conjugate(e) * d for e, d in zip(epsilon, dipole, strict=True)), sp.zeros(*dipole[0].shape))
    amplitudes = [sp.Matrix(photon * s) for s in spin]
    tensor = sp.Matrix(3, 3, lambda k, n: sp.radsimp(sp.expand((amplitudes[k] * amplitudes[n].H).trace())))
    return (tensor / tensor.trace()).applyfunc(lambda entry: sp.radsimp(sp.expand(entry)))


@pytest.mark.parametrize("j", EVERY_J)
def test_spin_matrices_obey_the_algebra(j: Fraction) -> None:
    x, y, z = spin_matrices(j)
    assert sp.simplify(x * y - y * x - sp.I * z) == sp.zeros(*x.shape)
    assert sp.simplify(x**2 + y**2 + z**2) == j * (j + 1) * sp.eye(int(2 * j) + 1)


def test_closed_coefficients_equal_sympy_clebsch_gordan() -> None:
    for j, shift, q in product(EVERY_J, (-1, 0, 1), (-1, 0, 1)):
        final = j + shift
        for m in projections(j):
            expected = CG(j, m, 1, q, final, m + q).doit() ** 2 if final >= 0 and abs(m + q) <= final else 0
            assert sp.nsimplify(expected) == vector_coefficient_squared(j, m, q, final), (j, m, q, final)


def test_vector_operators_obey_their_commutators() -> None:
    for final, initial in product(EVERY_J, repeat=2):
        if not allowed(initial, final):
            continue
        v = vector_operator(final, initial)
        left, right = spin_matrices(final), spin_matrices(initial)
        for a, b in product(range(3), repeat=2):
            rotated = sum((sp.I * sp.LeviCivita(a, b, c) * v[c] for c in range(3)), sp.zeros(*v[0].shape))
            assert (left[a] * v[b] - v[b] * right[a] - rotated).applyfunc(sp.radsimp).is_zero_matrix


@pytest.mark.parametrize("chain", SMALL_CHAINS, ids=str)
def test_tensor_equals_the_coherent_sum_over_explicit_matrices(chain: tuple[Fraction, Fraction, Fraction]) -> None:
    epsilon = POLARISATIONS[3]
    assert atomic_tensor(*chain, epsilon) == sp.ImmutableMatrix(brute_force(chain, epsilon))


@pytest.mark.parametrize("chain", CHAINS, ids=str)
def test_two_polarisations_and_the_longitudinal_one_give_three_times_the_average(
    chain: tuple[Fraction, Fraction, Fraction],
) -> None:
    c = tensor_coefficients(*chain)
    assert 3 * c.isotropic + c.direct + c.exchanged == 1
    longitudinal = sp.diag(c.isotropic, c.isotropic, c.isotropic + c.direct + c.exchanged)
    for pair in (((1, 0, 0), (0, 1, 0)), ((1, sp.I, 0), (1, -sp.I, 0))):
        transverse = sum((atomic_tensor(*chain, epsilon) for epsilon in pair), sp.zeros(3, 3))
        assert sp.Matrix(transverse + longitudinal) == 3 * sp.Matrix(averaged_tensor())


@pytest.mark.parametrize("chain", CHAINS, ids=str)
def test_tensor_is_hermitian_positive_and_of_unit_trace(chain: tuple[Fraction, Fraction, Fraction]) -> None:
    for epsilon in POLARISATIONS:
        tensor = atomic_tensor(*chain, epsilon)
        assert tensor == tensor.H
        assert tensor.trace() == 1
        block = tensor[:2, :2]
        assert tensor[2, 2] >= 0
        assert block.trace() >= 0
        assert sp.expand(block.det()) >= 0
        assert (tensor[0, 2], tensor[1, 2]) == (0, 0)


def test_ytterbium_chain_is_the_polarisation_dyad() -> None:
    assert atomic_tensor(0, 1, 0, (1, 0, 0)) == sp.diag(1, 0, 0)
    circular = atomic_tensor(0, 1, 0, (1, sp.I, 0))
    assert circular == sp.Matrix([[HALF, sp.I / 2, 0], [-sp.I / 2, HALF, 0], [0, 0, 0]])
    assert atomic_tensor(0, 1, 0, (1, 1j, 0)) == circular


def test_xenon_chain_has_a_longitudinal_part() -> None:
    assert atomic_tensor(2, 1, 0, (1, 0, 0)) == sp.diag(Fraction(2, 5), Fraction(3, 10), Fraction(3, 10))


def test_a_scalar_intermediate_state_forgets_the_photon() -> None:
    assert atomic_tensor(1, 0, 1, (1, sp.I, 0)) == averaged_tensor()


def test_rotation_about_the_photon_rotates_the_tensor() -> None:
    angle = sp.Symbol("angle", real=True)
    c, s = sp.cos(angle), sp.sin(angle)
    rotation = sp.Matrix([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    rotated = rotation * atomic_tensor(2, 1, 0, (1, 0, 0)) * rotation.T
    assert (atomic_tensor(2, 1, 0, (c, s, 0)) - rotated).applyfunc(sp.trigsimp).is_zero_matrix


@pytest.mark.parametrize("half", [HALF, sp.Rational(1, 2), 0.5, sp.Float(0.5)])
def test_every_kind_of_half_integer_is_accepted(half: object) -> None:
    assert atomic_tensor(half, Fraction(3, 2), half, (1, 0, 0)) == atomic_tensor(HALF, 1.5, HALF, (3, 0, 0))


@pytest.mark.parametrize(
    ("chain", "epsilon", "words"),
    [
        ((-1, 1, 0), (1, 0, 0), "J_e = -1"),
        ((0, 0.7, 0), (1, 0, 0), "J_v = 0.7"),
        ((0, 1, float("nan")), (1, 0, 0), "J_g = nan"),
        ((0, 1, sp.Symbol("J")), (1, 0, 0), "J_g = J"),
        ((HALF, 1, 0), (1, 0, 0), "all integer or all half-integer"),
        ((3, 1, 0), (1, 0, 0), "J_e -> J_v = 3 -> 1"),
        ((0, 1, 3), (1, 0, 0), "J_v -> J_g = 1 -> 3"),
        ((0, 0, 1), (1, 0, 0), "no 0 -> 0"),
        ((0, 1, 0), (0, 0, 1), "orthogonal to z"),
        ((0, 1, 0), (1, 0, 1e-3), "orthogonal to z"),
        ((0, 1, 0), (1, 0, sp.Symbol("z")), "orthogonal to z"),
        ((0, 1, 0), (0, 0, 0), "non-zero"),
        ((0, 1, 0), (sp.sin(1) ** 2 + sp.cos(1) ** 2 - 1, 0, 0), "non-zero"),
        ((0, 1, 0), (1, 0), "3-vector"),
        ((0, 1, 0), ((1, 0, 0),), "3-vector"),
        ((0, 1, 0), (float("nan"), 0, 0), "finite"),
        ((0, 1, 0), (sp.nan, 0, 0), "finite"),
        ((0, 1, 0), (complex("inf"), 0, 0), "finite"),
    ],
)
def test_bad_input_is_refused_with_one_clear_line(chain: tuple, epsilon: tuple, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")) as error:
        atomic_tensor(*chain, epsilon)
    assert "allowed" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("chain", "epsilon"), [(("1", 1, 0), (1, 0, 0)), ((0, 1, 0), "x"), ((0, 1, 0), ("1", 0, 0))])
def test_text_is_refused(chain: tuple, epsilon: object) -> None:
    with pytest.raises(TypeError, match="is not allowed"):
        atomic_tensor(*chain, epsilon)
