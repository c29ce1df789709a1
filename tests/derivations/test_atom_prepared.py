"""Prepared targets: rank one on two routes, two-photon coherences on two routes, what the beam's axis forbids, bad input."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy as sp

from derivations.atom import (
    AtomicState,
    atomic_tensor,
    coherence_bound,
    incoherent_tensor,
    preparation_strength,
    prepared_amplitude,
    prepared_coherence,
    two_photon_coherence,
    unit_preparations,
)
from derivations.atom.angular import spin_matrices, vector_operator
from derivations.atom.excitation import (
    PARITIES,
    coherence_by_matrices,
    pair_projections,
    ranks_of_identical_photons,
    require_parity,
    three_photon_coherence,
)
from derivations.atom.prepared import amplitude_by_matrices
from derivations.atom.prepared_states import (
    coherence_along,
    hyperfine_ratio,
    longitudinal_amplitudes,
    longitudinal_angle,
)
from tests.tolerances import tolerance

HALF = Fraction(1, 2)
EVERY_J = [Fraction(n, 2) for n in range(6)]
LEFT, RIGHT, LINEAR = (1, sp.I, 0), (1, -sp.I, 0), (1, 0, 0)


def allowed(start: Fraction, end: Fraction) -> bool:
    return (start - end).denominator == 1 and abs(start - end) <= 1 and start + end >= 1


CHAINS = [c for c in product(EVERY_J, repeat=3) if allowed(c[0], c[1]) and allowed(c[1], c[2])]
SMALL_CHAINS = [c for c in CHAINS if sum(c) <= 3]


class Target:
    def __init__(self, symbol: str, J_e: int) -> None:
        self.symbol, self.e, self.g = symbol, AtomicState(J_e, -1), AtomicState(0, 1)


def whole_coherence(chain: tuple[Fraction, ...], seed: int) -> list[list[sp.Expr]]:
    """Gaussian integers: no entry cancels by chance, and every comparison stays exact."""
    numbers = random.Random(seed)
    return [
        [numbers.randint(1, 5) + sp.I * numbers.randint(-4, 4) for _ in range(int(2 * chain[2]) + 1)]
        for _ in range(int(2 * chain[0]) + 1)
    ]


def parallel(first: sp.Matrix, second: sp.Matrix) -> bool:
    """Equal norm and equal up to a phase, exactly."""
    overlap = (first.H * second).trace()
    norms = [(m.H * m).trace() for m in (first, second)]
    return all(
        sp.radsimp(sp.expand(x)) == 0
        for x in (norms[0] - norms[1], overlap * sp.conjugate(overlap) - norms[0] * norms[1])
    )


@pytest.mark.parametrize("chain", CHAINS, ids=str)
def test_the_amplitude_is_the_same_from_coefficients_and_from_matrices(chain: tuple[Fraction, ...]) -> None:
    rho = whole_coherence(chain, 7)
    assert parallel(*(route(*chain, LEFT, rho) for route in (prepared_amplitude, amplitude_by_matrices)))


@pytest.mark.parametrize("chain", SMALL_CHAINS, ids=str)
def test_the_tensor_of_a_prepared_target_has_rank_one(chain: tuple[Fraction, ...]) -> None:
    rho, epsilon = whole_coherence(chain, 11), (2, 1 + 3 * sp.I, 0)
    tensor = atomic_tensor(*chain, epsilon, coherence=rho)
    amplitude = amplitude_by_matrices(*chain, epsilon, rho)
    dyad = amplitude * amplitude.H / (amplitude.H * amplitude)[0]
    assert (tensor - dyad).applyfunc(lambda x: sp.radsimp(sp.expand(x))).is_zero_matrix
    assert sp.radsimp(tensor.trace()) == 1
    # Every 2x2 minor vanishes.
    assert all(sp.radsimp(sp.expand(m)) == 0 for m in sp.Matrix(tensor).adjugate())


def test_floats_lose_nothing() -> None:
    chain = (Fraction(3, 2), HALF, HALF)
    numbers = np.random.default_rng(3)
    rho = numbers.normal(size=(4, 2)) + 1j * numbers.normal(size=(4, 2))
    tensor = np.array(atomic_tensor(*chain, (1, 0.3 + 0.5j, 0), coherence=rho).evalf(25).tolist(), dtype=complex)
    values = np.linalg.svd(tensor)[1]
    assert abs(values[0] - 1) < tolerance("rank-one")
    assert values[1] < tolerance("rank-one")


@pytest.mark.parametrize("epsilon", [LINEAR, LEFT, (2, 1 + 3 * sp.I, 0)])
def test_one_state_of_each_level_gives_the_polarisation_dyad(epsilon: tuple) -> None:
    vector = sp.Matrix(epsilon)
    expected = (vector.conjugate() * vector.T / (vector.H * vector)[0]).applyfunc(sp.expand)
    assert atomic_tensor(0, 1, 0, epsilon, coherence=[[1]]) == expected
    assert atomic_tensor(0, 1, 0, epsilon, coherence=[[2 - 3j]]) == atomic_tensor(0, 1, 0, epsilon)
    assert preparation_strength(0, 1, 0, epsilon, [[5]]) == 1


@pytest.mark.parametrize("chain", SMALL_CHAINS, ids=str)
def test_a_complete_set_of_preparations_gives_back_the_incoherent_tensor(chain: tuple[Fraction, ...]) -> None:
    for epsilon in (LEFT, (2, 1 + 3 * sp.I, 0)):
        total, strengths = sp.zeros(3, 3), sp.S.Zero
        for rho in unit_preparations(chain[0], chain[2]):
            strength = preparation_strength(*chain, epsilon, rho)
            strengths += strength
            if strength != 0:
                total += strength * sp.Matrix(atomic_tensor(*chain, epsilon, coherence=rho))
        number = sp.Rational(int(2 * chain[0] + 1))
        assert sp.radsimp(strengths) == number
        assert (total / number - incoherent_tensor(*chain, epsilon)).applyfunc(sp.radsimp).is_zero_matrix


def test_the_strength_is_bounded_by_the_number_of_states() -> None:
    for chain in SMALL_CHAINS:
        strength = preparation_strength(*chain, LEFT, whole_coherence(chain, 5))
        assert 0 <= strength <= 2 * chain[0] + 1


def test_xenon_contracts_a_symmetric_matrix_with_the_polarisation() -> None:
    """J = 2 over J = 0 is a symmetric traceless matrix r, and B = r eps*: a third way to the amplitude."""
    half = sp.sqrt(2) / 2
    x, y, z = (sp.eye(3)[:, k] for k in range(3))

    def state(m: int) -> sp.Matrix:
        circular = -(x + sp.I * y) * half if m > 0 else (x - sp.I * y) * half
        if abs(m) == 2:
            return circular * circular.T
        if abs(m) == 1:
            return (circular * z.T + z * circular.T) * half
        return (2 * z * z.T - x * x.T - y * y.T) / sp.sqrt(6)

    rho = [[1], [2 - sp.I], [3 * sp.I], [-1], [1 + 4 * sp.I]]
    matrix = sum((rho[m + 2][0] * state(m) for m in range(-2, 3)), sp.zeros(3, 3))
    for epsilon in (LINEAR, LEFT, (2, 1 + 3 * sp.I, 0)):
        amplitude = matrix * sp.Matrix(epsilon).conjugate()
        expected = amplitude * amplitude.H / sp.expand((amplitude.H * amplitude)[0])
        difference = atomic_tensor(2, 1, 0, epsilon, coherence=rho) - expected
        assert difference.applyfunc(lambda x: sp.radsimp(sp.expand(x))).is_zero_matrix


PAIRS = [
    ((1, -1), (1, 2 * sp.I, 0), (3, 1 - sp.I, 0)),
    (((1, 0, 0), (0, 1, 1)), (0, 1, sp.I), (2, 1, -1)),
]
SPINS = [(0, 0), (1, 0), (2, 0), (1, 1), (HALF, HALF), (3 * HALF, HALF), (5 * HALF, HALF)]


@pytest.mark.parametrize("spins", SPINS, ids=str)
@pytest.mark.parametrize("kinds", [("E1", "E1"), ("E1", "M1"), ("E1", "E2"), ("E2", "M1")], ids=str)
def test_the_two_photon_coherence_is_the_same_on_two_routes(spins: tuple, kinds: tuple[str, str]) -> None:
    compared, refused = 0, []
    for (directions, first, second), rank in product(PAIRS, range(4)):
        try:
            rho = two_photon_coherence(*spins, first, second, kinds, directions, rank=rank)
        except ValueError as refusal:
            refused.append(str(refusal))
            continue
        assert parallel(rho, coherence_by_matrices(*spins, first, second, kinds, directions, rank=rank))
        assert sp.radsimp(sp.expand((rho.H * rho).trace())) == 1
        compared += 1
    assert compared or spins == (0, 0)
    assert all(any(rule in line for rule in ("allow", "triangle", "vanishes")) for line in refused)


def test_two_E1_photons_drive_the_symmetric_traceless_part() -> None:
    for first, second, M in ((LEFT, LEFT, 2), (RIGHT, RIGHT, -2), (LEFT, RIGHT, 0)):
        rho = two_photon_coherence(2, 0, first, second)
        assert [abs(entry) for entry in rho] == [int(m == M) for m in range(-2, 3)]
    assert abs(two_photon_coherence(0, 0, LINEAR, LINEAR)[0]) == 1


def test_the_first_and_the_second_photon_carry_the_multipoles_in_their_order() -> None:
    first, second = LINEAR, (0, 1, 0)
    one = two_photon_coherence(2, 0, first, second, ("E1", "M1"))
    other = two_photon_coherence(2, 0, second, first, ("M1", "E1"), (-1, 1))
    assert parallel(one, other)
    assert not parallel(one, two_photon_coherence(2, 0, first, second, ("M1", "E1")))


def test_rotation_of_both_photons_rotates_the_coherence() -> None:
    """A quarter turn about y takes z to x: the coherence turns with exp(-i pi J_y / 2)."""
    rotation = (-sp.I * sp.pi / 2 * sp.Matrix(spin_matrices(Fraction(2))[1])).exp().applyfunc(sp.simplify)
    along = two_photon_coherence(2, 0, LEFT, LINEAR, ("E1", "M1"))
    turned = two_photon_coherence(2, 0, (0, sp.I, -1), (0, 0, -1), ("E1", "M1"), ((1, 0, 0), (-1, 0, 0)))
    assert parallel(rotation * sp.Matrix(along[::-1, :]), sp.Matrix(turned[::-1, :]))


@pytest.mark.parametrize("kinds", [("E1", "M1"), ("E1", "E2")], ids=str)
def test_photons_of_one_frequency_and_one_sense_drive_no_odd_transition(kinds: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="vanishes"):
        two_photon_coherence(2, 0, LEFT, LEFT, kinds, exchange=True)
    assert abs(two_photon_coherence(2, 0, LEFT, RIGHT, kinds, exchange=True)[2]) == 1


CLOSED = [c for c in CHAINS if sum(c) <= 4 and (c[0] - c[2]).denominator == 1]


@pytest.mark.parametrize("chain", CLOSED, ids=str)
def test_light_along_the_beam_leaves_no_longitudinal_part_for_any_atom(chain: tuple[Fraction, ...]) -> None:
    assert longitudinal_amplitudes(*chain, multipoles=("E1", "M1")) <= {0}


def test_an_odd_number_of_photons_or_a_tilted_axis_opens_the_longitudinal_part() -> None:
    assert (pair_projections(2), pair_projections(3)) == ({1, -1}, {0})
    cosine = sp.sqrt(longitudinal_angle())
    sine = sp.sqrt(1 - longitudinal_angle())
    tilted = coherence_along((sine, 0, cosine))
    assert atomic_tensor(2, 1, 0, LINEAR, coherence=tilted) == sp.diag(0, 0, 1)
    assert preparation_strength(2, 1, 0, LINEAR, tilted) == 1
    assert atomic_tensor(2, 1, 0, LINEAR, coherence=coherence_along((0, 0, 1)))[2, 2] == 0
    assert atomic_tensor(2, 1, 0, LINEAR, coherence=coherence_along((1, 0, 0)))[2, 2] == 0
    assert 0 < atomic_tensor(2, 1, 0, LINEAR, coherence=coherence_along((1, 0, 1)))[2, 2] < 1


def test_three_photons_along_the_beam_leave_the_longitudinal_part_alone() -> None:
    for pair_rank, light in ((2, (LEFT, LEFT, RIGHT)), (2, (LEFT, RIGHT, LINEAR)), (1, (LEFT, RIGHT, LEFT))):
        rho = three_photon_coherence(2, 0, light, pair_rank=pair_rank)
        assert [rho[n] for n in (0, 2, 4)] == [0, 0, 0]
        emitted = next(e for e in (LEFT, RIGHT) if preparation_strength(2, 1, 0, e, rho) != 0)
        assert atomic_tensor(2, 1, 0, emitted, coherence=rho) == sp.diag(0, 0, 1)


def test_three_photons_equal_a_product_of_vector_operators() -> None:
    """The symmetric traceless part of S e3 + e3 S, crossed, on |g>: {{e1 e2}^2 e3}^2 is eps_ikl e3_k S_lj symmetrised."""
    light = ((1, 2 * sp.I, 0), (3, 1 - sp.I, 0), (1, 0, 1))
    ways = (1, -1, (1, 0, -1))
    rho = three_photon_coherence(2, 0, light, ways)
    a, b, c = (sp.Matrix(e) for e in light)
    S = (a * b.T + b * a.T) / 2 - sp.eye(3) * (a.T * b)[0] / 3
    F = sp.Matrix(3, 3, lambda i, j: sum(sp.LeviCivita(i, k, n) * c[k] * S[n, j] for k in range(3) for n in range(3)))
    F = (F + F.T) / 2
    first, second = vector_operator(Fraction(1), Fraction(0)), vector_operator(Fraction(2), Fraction(1))
    expected = sp.zeros(5, 1)
    for i, j in product(range(3), repeat=2):
        expected += F[i, j] * second[i] * first[j]
    expected = expected.applyfunc(sp.expand)[::-1, :]
    expected = sp.Matrix(expected) / sp.sqrt(sp.expand((sp.Matrix(expected).H * sp.Matrix(expected))[0]))
    assert parallel(rho, expected)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pair_rank": 3}, "pair_rank = 3 is not allowed"),
        ({"pair_rank": 0}, "triangle.*rank 2"),
        ({"polarisations": (LEFT, LEFT)}, "it must have 3 entries"),
        ({"polarisations": (LEFT, LEFT, (0, 0, 1))}, r"polarisations\[2\] = .* orthogonal"),
        ({"polarisations": (LEFT, LEFT, LEFT)}, "rank 2 of these E1 E1 E1 fields vanishes"),
    ],
)
def test_a_bad_preparation_by_three_photons_is_refused(changes: dict, words: str) -> None:
    arguments = {"J_e": 2, "J_g": 0, "polarisations": (LEFT, LEFT, RIGHT), **changes}
    with pytest.raises(ValueError, match=words) as error:
        three_photon_coherence(**arguments)
    assert "allowed" in str(error.value)
    assert "\n" not in str(error.value)


def test_directions_in_floats_are_orthogonal_up_to_rounding() -> None:
    way, across = (math.sin(0.3), 0.0, math.cos(0.3)), (math.cos(0.3), 0.0, -math.sin(0.3))
    rho = two_photon_coherence(2, 0, across, (0, 1, 0), ("E1", "M1"), (way, tuple(-x for x in way)))
    assert abs(float(sp.N((rho.H * rho).trace())) - 1) < tolerance("rank-one")
    with pytest.raises(ValueError, match="orthogonal"):
        two_photon_coherence(2, 0, (across[0], 0.0, across[2] + 1e-9), (0, 1, 0), ("E1", "M1"), (way, -1))


def test_identical_photons_have_the_ranks_of_symmetric_tensors() -> None:
    """Counted by the characters of rotations: dimension of symmetric tensors in three dimensions."""
    for number in range(1, 7):
        dimension = (number + 1) * (number + 2) // 2
        assert sum(2 * rank + 1 for rank in ranks_of_identical_photons(number)) == dimension


def test_the_largest_coherence_is_a_half() -> None:
    assert coherence_bound() == sp.Rational(1, 2)
    angle = sp.Symbol("angle", real=True)
    state = sp.Matrix([sp.cos(angle), sp.sin(angle)])
    assert sp.maximum((state * state.T)[0, 1], angle, sp.Interval(0, sp.pi)) == coherence_bound()


def test_the_collective_spin_says_the_same() -> None:
    """The largest eigenvalue of S+ S- for N two-level atoms over N^2 falls to 1/4."""
    for atoms in (1, 2, 5, 8):
        x, y, _ = spin_matrices(Fraction(atoms, 2))
        plus = sp.Matrix(x + sp.I * y)
        largest = max((plus * plus.H).applyfunc(sp.expand).diagonal())
        exact = (
            sp.Rational(atoms, 2) * (sp.Rational(atoms, 2) + 1) if atoms % 2 == 0 else sp.Rational((atoms + 1) ** 2, 4)
        )
        assert largest == exact


def test_the_hyperfine_ratio_is_a_ratio() -> None:
    assert hyperfine_ratio(Fraction(-1, 4), Fraction(1, 2)) == HALF


def test_parity_forbids_two_E1_photons_for_the_papers_atoms() -> None:
    for name, J_e in (("Yb", 0), ("Xe", 2)):
        atom = Target(name, J_e)
        for kinds in product(PARITIES, repeat=2):
            if PARITIES[kinds[0]] * PARITIES[kinds[1]] == -1:
                require_parity(atom, kinds)
                continue
            with pytest.raises(ValueError, match=rf"not allowed for {name} \(rule: parity\)") as error:
                prepared_coherence(atom, LINEAR, LINEAR, kinds)
            assert "\n" not in str(error.value)


def test_a_named_atom_takes_what_parity_allows() -> None:
    assert abs(prepared_coherence(Target("Yb", 0), LINEAR, (0, 1, 0), ("E1", "M1"))[0]) == 1
    with pytest.raises(ValueError, match="triangle"):
        prepared_coherence(Target("Yb", 0), LINEAR, LINEAR, ("E1", "E2"))


@pytest.mark.parametrize(
    ("coherence", "words"),
    [
        ([[1], [0], [0], [0]], r"shape \(4, 1\).*\(5, 1\) matrix"),
        ([[1, 0]] * 5, r"shape \(5, 2\)"),
        ([1, 0, 0, 0, 0], "shape no such matrix"),
        ([[0]] * 5, "coherence = 0"),
        (np.zeros((5, 1)), "coherence = 0"),
        ([[1], [0], [float("nan")], [0], [0]], r"coherence\[2\]\[0\] = nan"),
        ([[sp.sin(1) ** 2 + sp.cos(1) ** 2 - 1], [0], [0], [0], [0]], "coherence = 0"),
    ],
)
def test_a_bad_coherence_is_refused_with_one_clear_line(coherence: object, words: str) -> None:
    for call in (atomic_tensor, preparation_strength):
        with pytest.raises(ValueError, match=words) as error:
            call(2, 1, 0, LINEAR, coherence)
        assert "allowed" in str(error.value)
        assert "\n" not in str(error.value)


def test_a_preparation_that_emits_nothing_is_refused_by_its_rule() -> None:
    """M_e = 2 cannot reach M_g = 0 with a photon of the projection -1 and a vector operator."""
    assert preparation_strength(2, 1, 0, RIGHT, [[0], [0], [0], [0], [1]]) in (0, 3)
    refused = [e for e in (LEFT, RIGHT) if preparation_strength(2, 1, 0, e, [[0], [0], [0], [0], [1]]) == 0]
    assert len(refused) == 1
    with pytest.raises(ValueError, match=r"coherence is not allowed: B = 0.*rule: ") as error:
        atomic_tensor(2, 1, 0, refused[0], coherence=[[0], [0], [0], [0], [1]])
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first": (0, 0, 1)}, "first = .* orthogonal"),
        ({"second": (0, 0, 0)}, "second = .* not be zero"),
        ({"second": (1, 0)}, "second has 2 entries"),
        ({"multipoles": ("E1", "E3")}, "multipoles = .* E1, M1, E2"),
        ({"multipoles": "E1"}, "multipoles = 'E1'"),
        ({"directions": (1, 2)}, r"directions\[1\] = 2"),
        ({"directions": (1,)}, "it must have 2 entries"),
        ({"directions": ((0, 0, 0), 1)}, r"directions\[0\] = \(0, 0, 0\)"),
        ({"rank": 1}, "rank = 1 is not allowed.*allow 2 to 2"),
        ({"J_e": 4}, "triangle.*need 4 to 4"),
        ({"J_e": HALF}, "both must be integer or both half-integer"),
        ({"J_e": -1}, "J_e = -1"),
        ({"first": (1, 1, 0), "second": (1, -1, 0), "J_e": 0}, "rank 0 of these E1 E1 fields vanishes"),
    ],
)
def test_a_bad_preparation_is_refused_with_one_clear_line(changes: dict, words: str) -> None:
    arguments = {"J_e": 2, "J_g": 0, "first": LINEAR, "second": LINEAR, **changes}
    with pytest.raises(ValueError, match=words) as error:
        two_photon_coherence(**arguments)
    assert "allowed" in str(error.value)
    assert "\n" not in str(error.value)


def test_text_is_refused() -> None:
    with pytest.raises(TypeError, match="coherence = 'rho' is not allowed"):
        atomic_tensor(2, 1, 0, LINEAR, coherence="rho")
    with pytest.raises(TypeError, match="first = 'x' is not allowed"):
        two_photon_coherence(2, 0, "x", LINEAR)
