"""Physics that every evaluator has to respect: symmetries, limits, thresholds, signs of interferences."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import I

from derivations.atom import atomic_tensor
from renp import testing
from renp.model import shipped_model
from renp.testing.arguments import scaling_powers
from renp_generated import FUNCTIONS, checked_inputs, prepare, spectral_function
from renp_generated.m1 import TABLES
from renp_generated.runtime.arguments import SMALLEST_ENERGY
from renp_generated.runtime.evaluator import prepared
from tests.tolerances import tolerance

E_EG, E_VG = 2.14349, 2.23072
NATURES = ("dirac", "majorana")
CIRCULAR = np.array([[0.5, 0.5j, 0], [-0.5j, 0.5, 0], [0, 0, 0]])
SIZES = {
    "vector": {"mass": 2.0, "g_A": 1e-11, "g_V": 1e-5, "g_L": 3e-12, "g_R": 2e-12},
    "scalar": {"mass": 1.8, "y_P": 1e-6, "y_S_nu": 3e-11, "y_P_nu": 2e-11},
    "electromagnetic": {"mu": 2e-10, "eps": 1e-10, "r2": 1e-25, "anapole": 1e-26},
    "tensor": {"t": 0.3},
    "tensor_mediator": {"mass": 1.9, "c_T": 1e-11, "d_T": 2e-12},
}
"""Couplings that make every group comparable with the weak interaction."""
MATRICES = frozenset({"g_L", "g_R", "y_S_nu", "y_P_nu", "mu", "eps", "r2", "anapole", "t", "d_T"})


def hermitian(rng: np.random.Generator, n: int) -> Any:
    matrix = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    return (matrix + matrix.conj().T) / 2


def positive_tensor(rng: np.random.Generator) -> Any:
    matrix = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    product = matrix @ matrix.conj().T
    return product / product.trace().real


def couplings(rng: np.random.Generator, n: int, groups: tuple[str, ...] = tuple(SIZES)) -> dict[str, Any]:
    """Random couplings of the given groups, mediators included."""
    return {
        group: {name: size * (hermitian(rng, n) if name in MATRICES else 1.0) for name, size in SIZES[group].items()}
        for group in groups
    }


def everything(seed: int, n: int = 3, nature: str = "dirac") -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "E_eg": E_EG,
        "E_vg": E_VG,
        "masses": np.sort(rng.uniform(0.0, 0.3, n)),
        "nature": nature,
        "axial": hermitian(rng, n) * 0.6,
        "atomic_tensor": positive_tensor(rng),
        **couplings(rng, n),
    }


# ---------------------------------------------------------------- what holds for any function

EXACT = frozenset({"zero_above_threshold", "positivity", "majorana_signs", "scaling_of_energies"})
"""Laws that hold bit for bit: a sign and a power of two round nothing, what is off takes no part."""


@pytest.mark.parametrize("law", testing.ASSERTIONS)
def test_the_evaluators_keep_every_law(law):
    """In all their digits, and as close to a threshold as doubles go; :mod:`renp.testing` says what the laws are."""
    rtol = 0.0 if law in EXACT else tolerance("assertion")
    record = testing.ASSERTIONS[law](spectral_function, model=shipped_model(), rtol=rtol, margin=0.0, examples=40)
    assert record.passed
    assert not record.skipped
    assert record.examples >= 6


# ---------------------------------------------------------------- positivity, closed channels, thresholds


@given(st.data())
@settings(max_examples=80)
def test_the_rate_is_never_negative_next_to_a_threshold(data):
    arguments = data.draw(testing.argument_sets(n=st.integers(1, 4), light=data.draw(st.sampled_from((None, "pure")))))
    omega = data.draw(testing.photon_energies(arguments, "threshold", ulps=3))
    shares = 1 - np.array([0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3])
    values = spectral_function(omega * shares, **arguments)
    assert np.isfinite(values).all()
    assert (values >= 0).all()


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("mass", [0.01, 0.1, 0.3, 1.0])
def test_above_every_threshold_the_answer_is_exactly_zero(nature, mass):
    arguments = everything(3, 1, nature) | {"masses": [mass]}
    energy_gap, m = Fraction(E_EG), Fraction(mass)
    exact = energy_gap / 2 - (2 * m) ** 2 / (2 * energy_gap)
    step = float(exact)
    points = [step]
    for direction in (0.0, 10.0):
        point = step
        for _ in range(40):
            point = float(np.nextafter(point, direction))
            points.append(point)
    values = spectral_function(points, **arguments)
    for point, value in zip(points, values, strict=True):
        assert bool(value > 0) == (Fraction(point) < exact), point
    inside = np.linspace(float(np.nextafter(step, 10)), np.nextafter(E_EG / 2, 0), 50)
    assert not spectral_function(inside, **arguments).any()


# ---------------------------------------------------------------- scaling

SCALING = {
    # Powers of the factor that keep a coupling's contribution fixed. A mediator's g g'/(s - M^2) stands beside G_F;
    # g_V and y_P come with omega/m_e; the charge radius is an area and its electron current is of order omega/m_e.
    "standard_model": {"axial": 0, "vector_weak": -1},
    "vector": {"g_A": 0, "g_V": -1, "g_L": 2, "g_R": 2},
    "scalar": {"y_P": 0, "y_S_nu": 1, "y_P_nu": 1},
    "electromagnetic": {"mu": 0, "eps": 0, "r2": -1, "anapole": -1},
    "tensor": {"t": 0},
    "tensor_mediator": {"c_T": 0, "d_T": 2},
}


def test_couplings_scale_as_their_dimension_and_order_say():
    found = scaling_powers(FUNCTIONS, "M1")
    assert found == {(group, name): power for group, powers in SCALING.items() for name, power in powers.items()}


# ---------------------------------------------------------------- atomic side


def test_a_tensor_that_is_not_positive_is_contracted_as_given():
    arguments = {"E_eg": E_EG, "E_vg": E_VG, "masses": [0.01], "axial": [[0.5]]}
    assert spectral_function(1.0, **arguments, atomic_tensor=np.diag([2.0, 2.0, -3.0])) < 0


def test_circular_light_tells_the_transposed_tensor_only_through_interference():
    base = {"E_eg": E_EG, "E_vg": E_VG, "masses": [0.05, 0.2], "nature": "dirac"}
    off = np.array([[0.3, 0.2j], [-0.2j, 0.1]])
    weak, moment = {"axial": off}, {"axial": 0 * off, "electromagnetic": {"mu": 1e-9 * off}}
    for groups in (weak, moment):  # the parity-odd part of |weak|^2 is odd under i <-> j
        alone = [spectral_function(0.8, **base, **groups, atomic_tensor=T) for T in (CIRCULAR, CIRCULAR.T)]
        assert alone[0] == pytest.approx(alone[1], rel=tolerance("evaluator-symmetry"), abs=0)
    both = [spectral_function(0.8, **base, **(moment | weak), atomic_tensor=T) for T in (CIRCULAR, CIRCULAR.T)]
    assert abs(both[0] / both[1] - 1) > 0.1


def test_the_tensor_of_the_derivation_is_accepted_as_it_is():
    arguments = everything(19)
    for chain in ((0, 1, 0), (2, 1, 0)):
        for polarisation in ((1, 0, 0), (1, I, 0)):
            tensor = atomic_tensor(*chain, polarisation)
            expected = spectral_function(
                0.8, **(arguments | {"atomic_tensor": np.array(tensor.tolist(), dtype=complex)})
            )
            assert spectral_function(0.8, **(arguments | {"atomic_tensor": tensor})) == expected
    circular = atomic_tensor(0, 1, 0, (1, I, 0))
    np.testing.assert_allclose(np.array(circular.tolist(), dtype=complex), CIRCULAR, atol=0)


# ---------------------------------------------------------------- interferences and limits


def rate(omega: float = 0.8, **groups: Any) -> float:
    base = {"E_eg": E_EG, "E_vg": E_VG, "masses": [0.05], "axial": [[0.0]]}
    return float(spectral_function(omega, **(base | groups)))


def test_magnetic_moment_and_charge_radius_of_one_sign_interfere_constructively():
    # As F_2 and F_1 of a charged lepton do; the interference comes with the mass, which flips helicity.
    for sign in (1, -1):
        both = rate(electromagnetic={"mu": [[1e-9]], "r2": [[sign * 1e-24]]})
        apart = rate(electromagnetic={"mu": [[1e-9]]}) + rate(electromagnetic={"r2": [[1e-24]]})
        assert (both - apart) * sign > 1e-3 * apart


def test_the_factor_i_of_the_pseudoscalar_decides_which_scalar_interferences_survive():
    # i ebar gamma5 e -> (i/2m) q.sigma: left are Im(a y_S*) (m_i - m_j) and Re(a y_P*) (m_i + m_j), the same for (j, i).
    base = {"E_eg": E_EG, "E_vg": E_VG, "masses": [0.02, 0.2]}
    real, imaginary = np.array([[0, 1], [1, 0]]), np.array([[0, 1j], [-1j, 0]])

    def interference(axial: Any, name: str, matrix: Any, masses: tuple[float, float] = (0.02, 0.2)) -> float:
        scalar = {"mass": 2.0, "y_P": 1e-6, name: 3e-11 * matrix}
        base["masses"] = masses
        both = spectral_function(0.8, **base, axial=0.5 * axial, scalar=scalar)
        weak = spectral_function(0.8, **base, axial=0.5 * axial)
        alone = spectral_function(0.8, **base, axial=0 * real, scalar=scalar)
        return float((both - weak - alone) / (weak + alone))

    absent = tolerance("evaluator-symmetry")
    for axial, turned in ((real, imaginary), (imaginary, real)):
        assert abs(interference(axial, "y_S_nu", axial)) < absent
        assert abs(interference(axial, "y_P_nu", turned)) < absent
        assert abs(interference(axial, "y_P_nu", axial)) > 0.05
        assert abs(interference(axial, "y_S_nu", turned)) > 0.05
        assert abs(interference(axial, "y_S_nu", turned, (0.1, 0.1))) < absent
    exchanged = interference(real, "y_S_nu", imaginary, (0.2, 0.02))
    assert exchanged == pytest.approx(
        -interference(real, "y_S_nu", imaginary), rel=tolerance("evaluator-difference"), abs=0
    )


def test_the_pseudoscalar_coupling_of_majorana_neutrinos_does_not_drop_out():
    scalar = {"mass": 2.0, "y_P": 1e-6, "y_P_nu": [[3e-11]]}
    assert rate(scalar=scalar, nature="majorana") > rate(scalar=scalar, nature="dirac") > 0


@pytest.mark.parametrize("group", ["vector", "scalar", "tensor_mediator"])
def test_a_massless_mediator_is_a_photon_like_exchange(group):
    rng = np.random.default_rng(31)
    base = {"E_eg": E_EG, "E_vg": E_VG, "masses": [0.02, 0.2], "axial": hermitian(rng, 2) * 0.5}
    light = couplings(rng, 2, (group,))[group]
    values = [
        spectral_function(0.8, **base, **{group: light | {"mass": mass}}) for mass in (1e-3, 1e-9, SMALLEST_ENERGY)
    ]
    assert values[0] == pytest.approx(values[2], rel=tolerance("massless-mediator"), abs=0)
    assert values[1] == pytest.approx(values[2], rel=tolerance("evaluator-symmetry"), abs=0)


def test_the_prepared_evaluator_is_the_function():
    arguments = everything(41)
    omega = np.linspace(0.1, 1.07, 9)
    evaluator = prepare(**arguments)
    np.testing.assert_array_equal(evaluator(omega), spectral_function(omega, **arguments))
    np.testing.assert_array_equal(prepared(TABLES, checked_inputs(**arguments))(omega), evaluator(omega))


def test_every_point_is_computed_alone():
    # Blocks, shapes and neighbours must not matter.
    arguments = everything(43)
    omega = np.random.default_rng(1).uniform(0.1, 1.07, 9001)
    together = spectral_function(omega, **arguments)
    for n, m in itertools.pairwise((0, 4095, 4096, 4097, 9000)):
        assert together[n] == spectral_function(omega[n], **arguments)
        np.testing.assert_array_equal(together[n:m], spectral_function(omega[n:m].reshape(1, -1), **arguments)[0])
