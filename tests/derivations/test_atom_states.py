"""Selection rules, LS coupling and several intermediate states, each on two routes."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import product

import pytest
import sympy as sp

from derivations.atom import (
    AtomicState,
    core_coupled_spin_factor,
    is_metastable,
    magnetic_moment_ratio,
    require_chain,
    single_state_ratio,
    spin_factor,
    transition_type,
    two_state_amplitudes,
)
from derivations.atom.angular import projections, spin_matrices, vector_coefficient_squared
from derivations.atom.intermediate import YB_1P1, YB_3P1, YB_EXCITED
from derivations.atom.ls_coupling import coupled_operators, level_projector, magnetic_sum, spin_strength
from derivations.atom.wigner_eckart import triangle_rule_residual, vector_operator_dimension

ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)
EVERY_J = [Fraction(n, 2) for n in range(6)]
YB = (AtomicState(0, -1), AtomicState(1, -1), AtomicState(0, 1))
XE = (AtomicState(2, -1), AtomicState(1, -1), AtomicState(0, 1))


def test_rules_equal_a_count_of_vector_operators() -> None:
    for a, b in product(EVERY_J, repeat=2):
        count = vector_operator_dimension(b, a) if (a - b).denominator == 1 else 0
        allowed = transition_type(AtomicState(a, 1), AtomicState(b, 1)).kind != "forbidden"
        assert count == int(allowed), (a, b)
    assert triangle_rule_residual() == 0


def test_rules_with_magnetic_numbers_equal_clebsch_gordan() -> None:
    for a, b in product(EVERY_J, repeat=2):
        for m, n in product(projections(a), projections(b)):
            shift = n - m
            strength = (
                vector_coefficient_squared(a, m, int(shift), b) if shift.denominator == 1 and abs(shift) <= 1 else 0
            )
            kind = transition_type(AtomicState(a, 1, m), AtomicState(b, -1, n)).kind
            assert (kind == "E1") == (strength != 0), (a, m, b, n)


def test_parity_decides_between_E1_and_M1() -> None:
    assert transition_type(AtomicState(1, 1), AtomicState(1, 1)).kind == "M1"
    assert transition_type(AtomicState(1, 1), AtomicState(1, -1)).kind == "E1"


@pytest.mark.parametrize("chain", [YB, XE], ids=["Yb", "Xe"])
def test_ytterbium_and_xenon_are_metastable_chains(chain: tuple[AtomicState, ...]) -> None:
    excited, virtual, ground = chain
    assert is_metastable(excited, ground)
    require_chain(excited, virtual, ground)
    assert transition_type(excited, virtual).kind == "M1"
    assert transition_type(virtual, ground).kind == "E1"


def test_the_rule_that_protects_each_element_is_named() -> None:
    assert transition_type(YB[0], YB[2]).rule == "no 0 -> 0"
    assert transition_type(XE[0], XE[2]).rule == "|Delta J| <= 1"


@pytest.mark.parametrize(
    ("chain", "options", "words"),
    [
        ((AtomicState(0, -1), AtomicState(0, -1), AtomicState(0, 1)), {}, "no 0 -> 0"),
        ((AtomicState(3, -1), AtomicState(1, -1), AtomicState(0, 1)), {}, r"\|Delta J\| <= 1"),
        ((AtomicState(0, -1), AtomicState(HALF, -1), AtomicState(0, 1)), {}, "integer Delta J"),
        ((AtomicState(0, 1), AtomicState(1, -1), AtomicState(0, 1)), {}, "parity flips"),
        ((AtomicState(0, -1), AtomicState(1, -1), AtomicState(0, -1)), {}, "photon step .* parity kept"),
        ((AtomicState(1, -1), AtomicState(1, -1), AtomicState(0, 1)), {}, "not metastable"),
        (YB, {"pair": "E1"}, "not allowed as E1"),
    ],
)
def test_an_impossible_chain_is_refused_and_the_rule_named(
    chain: tuple[AtomicState, AtomicState, AtomicState], options: dict, words: str
) -> None:
    with pytest.raises(ValueError, match=words) as error:
        require_chain(*chain, **options)
    assert "\n" not in str(error.value)


def test_metastability_can_be_waived() -> None:
    require_chain(AtomicState(1, -1), AtomicState(1, -1), AtomicState(0, 1), metastable=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((-1, 1), "J = -1"),
        ((0.3, 1), "J = 0.3"),
        ((float("inf"), 1), "J = inf"),
        ((1, 0), "parity = 0"),
        ((1, 1, 2), "M = 2"),
        ((1, 1, 0.5), "M = 0.5"),
    ],
)
def test_bad_states_are_refused(arguments: tuple, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        AtomicState(*arguments)


def test_rules_need_no_sympy() -> None:
    code = "import sys, derivations.atom as a; a.AtomicState(0, 1); print('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_spin_factor_of_triplet_P_on_two_routes() -> None:
    assert spin_factor() == sp.Rational(2, 3)
    assert magnetic_sum(ONE, ONE, ZERO, ONE, g_L=0, g_S=1) == sp.Rational(2, 3) * sp.eye(3)
    for L, S in ((ONE, ONE), (ONE, HALF), (Fraction(2), ONE)):
        levels = [abs(L - S) + n for n in range(int(L + S - abs(L - S)) + 1)]
        for start in levels:
            for end in levels:
                explicit = magnetic_sum(L, S, start, end, g_L=0, g_S=1)
                assert explicit == sp.eye(3) * spin_strength(L, S, start, end) / 3
            assert sum(spin_strength(L, S, start, end) for end in levels) == S * (S + 1)


def test_full_magnetic_moment_is_half_the_spin_only_one() -> None:
    assert magnetic_moment_ratio() == sp.Rational(1, 2)
    full = magnetic_sum(ONE, ONE, ZERO, ONE, g_L=1, g_S=2)
    assert full * 4 == magnetic_sum(ONE, ONE, ZERO, ONE, g_L=0, g_S=2)
    assert magnetic_sum(ONE, ONE, ZERO, ONE, g_L=1, g_S=1) == sp.zeros(3, 3)


def test_spin_factor_of_xenon_from_explicit_core_and_electron_matrices() -> None:
    """Core 2P_3/2 and an s electron on a 12-dimensional space, both levels cut out by polynomials in J^2."""
    kron = sp.kronecker_product
    core_spin = [kron(sp.eye(3), x, sp.eye(2)) for x in spin_matrices(HALF)]
    core = [kron(a, sp.eye(4)) + b for a, b in zip(spin_matrices(ONE), core_spin, strict=True)]
    electron = [kron(sp.eye(6), x) for x in spin_matrices(HALF)]
    total = [a + b for a, b in zip(core, electron, strict=True)]
    core_square, square = (sum((x * x for x in j), sp.zeros(12, 12)) for j in (core, total))
    upper_core = (core_square - sp.Rational(3, 4) * sp.eye(12)) / 3
    j_two = square * (square - 2 * sp.eye(12)) / 24 * upper_core
    j_one = square * (square - 6 * sp.eye(12)) / -8 * upper_core
    spin = [a + b for a, b in zip(core_spin, electron, strict=True)]
    strength = sum(((j_one * s * j_two * s).trace() for s in spin), sp.S.Zero) / 5
    assert sp.nsimplify(strength) == 3 * core_coupled_spin_factor()
    assert core_coupled_spin_factor() == sp.Rational(1, 18)
    assert spin_factor(ONE, ONE, Fraction(2), ONE) == sp.Rational(1, 6)
    with pytest.raises(ValueError, match="J_e, J_v = 2, 2"):
        core_coupled_spin_factor(Fraction(2), Fraction(2))


def test_level_projectors_are_complete_and_orthogonal() -> None:
    projectors = [level_projector(ONE, ONE, Fraction(j)) for j in range(3)]
    assert sum(projectors, sp.zeros(9, 9)) == sp.eye(9)
    assert [p.trace() for p in projectors] == [1, 3, 5]
    assert all((p * p - p).applyfunc(sp.expand).is_zero_matrix for p in projectors)


def mixed_chain_amplitudes(splitting: sp.Rational, coupling: sp.Rational) -> tuple[sp.Matrix, ...]:
    """``<1S0|d_z P_v S_z|3P0>`` for both J = 1 levels of sp with exchange and spin-orbit, from 12 x 12 matrices."""
    kron = sp.kronecker_product
    orbital = [kron(x, sp.eye(4)) for x in spin_matrices(ONE)]
    s_p = [kron(sp.eye(3), x, sp.eye(2)) for x in spin_matrices(HALF)]
    s_s = [kron(sp.eye(3), sp.eye(2), x) for x in spin_matrices(HALF)]
    spin = [a + b for a, b in zip(s_p, s_s, strict=True)]
    total = [a + b for a, b in zip(orbital, spin, strict=True)]
    square = sum((j * j for j in total), sp.zeros(12, 12))
    singlet = kron(sp.eye(3), sp.Matrix([0, 1, -1, 0]) / sp.sqrt(2))  # 12 x 3
    energy = splitting * sum((s * s for s in spin), sp.zeros(12, 12)) / 2
    energy += coupling * sum((a * b for a, b in zip(orbital, s_p, strict=True)), sp.zeros(12, 12))
    scalar = (square - 2 * sp.eye(12)) * (square - 6 * sp.eye(12)) / 12
    vector = square * (square - 6 * sp.eye(12)) / -8
    (excited,) = scalar.columnspace()
    ground_dipole = (singlet * sp.Matrix([0, 1, 0])).H  # d_z reaches M = 0 of 1P1
    step = spin[2] * excited
    one = (vector * energy * vector).applyfunc(sp.nsimplify)
    levels = [value for value in one.eigenvals() if value != 0]
    low, high = sorted(levels)
    project = [vector * (one - other * sp.eye(12)) / (this - other) for this, other in ((low, high), (high, low))]
    return tuple((ground_dipole * p * step).applyfunc(sp.radsimp) for p in project)


@pytest.mark.parametrize("values", [(1, 1), (-3, 2), (5, sp.Rational(1, 7))])
def test_two_intermediate_states_cancel_by_closure_in_an_explicit_sp_configuration(values: tuple) -> None:
    first, second = mixed_chain_amplitudes(*(sp.Rational(v) for v in values))
    assert sp.simplify(first[0]) != 0
    assert sp.simplify((first + second)[0]) == 0


def test_amplitudes_are_opposite_and_vanish_without_mixing() -> None:
    theta = sp.Symbol("theta", real=True)
    c_1, c_2 = two_state_amplitudes(theta).amplitudes
    assert sp.simplify(c_1 + c_2) == 0
    assert two_state_amplitudes(0).amplitudes == (0, 0)
    assert sp.simplify(c_1 - sp.sin(theta) * sp.cos(theta)) == 0
    with pytest.raises(TypeError, match=r"theta = 0\.1"):
        two_state_amplitudes(0.1)


def test_single_state_formula_overestimates_the_ytterbium_rate() -> None:
    low, high, omega = sp.symbols("E_1 E_2 omega", positive=True)
    assert sp.simplify(single_state_ratio(low, high, omega) - (high - low) / (high - omega)) == 0
    at_threshold = single_state_ratio(YB_3P1, YB_1P1, YB_EXCITED / 2)
    assert sp.Rational(43, 100) < at_threshold < sp.Rational(44, 100)
    assert sp.limit(single_state_ratio(low, high, omega), high, sp.oo) == 1


def test_orbital_and_spin_commute_and_add_to_J() -> None:
    orbital, spin = coupled_operators(ONE, HALF)
    x, y, z = (a + b for a, b in zip(orbital, spin, strict=True))
    assert (x * y - y * x - sp.I * z).applyfunc(sp.expand).is_zero_matrix
