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
from renp_generated import checked_inputs, prepare, spectral_function
from renp_generated.m1 import TABLES
from renp_generated.runtime.arguments import LARGEST_ENERGY, SMALLEST_ENERGY
from renp_generated.runtime.evaluator import prepared
from tests.tolerances import tolerance

E_EG, E_VG = 2.14349, 2.23072
NATURES = ("dirac", "majorana")
CIRCULAR = np.array([[0.5, 0.5j, 0], [-0.5j, 0.5, 0], [0, 0, 0]])
ALONG, ACROSS = np.diag([0.0, 0, 1]), np.diag([0.5, 0.5, 0])
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


def mapped(arguments: dict[str, Any], change: Any) -> dict[str, Any]:
    """Apply a function to every coupling matrix."""
    result = dict(arguments)
    result["axial"] = change(np.asarray(arguments["axial"]))
    for group in SIZES:
        if group in arguments:
            result[group] = {
                name: change(np.asarray(value)) if name in MATRICES else value
                for name, value in arguments[group].items()
            }
    return result


seeds = st.integers(0, 2**32 - 1)
fractions = st.floats(0.05, 0.999)


def energy(fraction: float, arguments: dict[str, Any]) -> float:
    """A photon energy below every threshold."""
    return fraction * (E_EG / 2 - (2 * max(arguments["masses"])) ** 2 / (2 * E_EG))


# ---------------------------------------------------------------- field redefinitions and permutations


@given(seeds, fractions, st.sampled_from(NATURES), st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_the_numbering_of_the_neutrinos_is_free(seed, fraction, nature, n):
    arguments = everything(seed, n, nature)
    order = np.random.default_rng(seed + 1).permutation(n)
    renumbered = mapped(arguments, lambda matrix: matrix[np.ix_(order, order)])
    renumbered["masses"] = arguments["masses"][order]
    omega = energy(fraction, arguments)
    expected = spectral_function(omega, **arguments)
    assert spectral_function(omega, **renumbered) == pytest.approx(expected, rel=tolerance("evaluator-symmetry"), abs=0)


@given(seeds, fractions, st.integers(2, 4))
@settings(max_examples=25, deadline=None)
def test_phases_of_dirac_fields_change_nothing(seed, fraction, n):
    arguments = everything(seed, n)
    phase = np.exp(1j * np.random.default_rng(seed + 1).uniform(0, 2 * np.pi, n))
    rephased = mapped(arguments, lambda matrix: phase.conj()[:, None] * matrix * phase)
    omega = energy(fraction, arguments)
    expected = spectral_function(omega, **arguments)
    assert spectral_function(omega, **rephased) == pytest.approx(expected, rel=tolerance("evaluator-symmetry"), abs=0)


def test_majorana_phases_are_seen_by_majorana_neutrinos_alone():
    arguments = everything(7)
    phase = np.exp(1j * np.array([0.0, 0.7, 1.9]))
    rephased = mapped(arguments, lambda matrix: phase.conj()[:, None] * matrix * phase)
    for nature, moves in zip(NATURES, (False, True), strict=True):
        before, after = (spectral_function(1.0, **(a | {"nature": nature})) for a in (arguments, rephased))
        assert bool(abs(after / before - 1) > 1e-3) == moves
    signs = np.array([1, -1, -1])  # nu -> -nu is a redefinition that respects nu = nu^c
    flipped = mapped(arguments, lambda matrix: signs[:, None] * matrix * signs) | {"nature": "majorana"}
    assert spectral_function(1.0, **flipped) == spectral_function(1.0, **(arguments | {"nature": "majorana"}))


@given(seeds, fractions, st.sampled_from(("averaged", "general")))
@settings(max_examples=20, deadline=None)
def test_dirac_and_majorana_agree_for_massless_neutrinos_in_a_chiral_current(seed, fraction, light):
    # A massless chiral current cannot tell: nu_L and its conjugate are the two helicities. Circular light could.
    rng = np.random.default_rng(seed)
    arguments = {"E_eg": E_EG, "E_vg": E_VG, "masses": np.zeros(3), "axial": hermitian(rng, 3)}
    if light == "general":
        arguments["atomic_tensor"] = positive_tensor(rng).real
    arguments["vector"] = SIZES["vector"] | {"g_L": 3e-12 * hermitian(rng, 3), "g_R": np.zeros((3, 3))}
    omega = fraction * E_EG / 2
    dirac, majorana = (spectral_function(omega, **arguments, nature=nature) for nature in NATURES)
    assert majorana == pytest.approx(dirac, rel=tolerance("evaluator-symmetry"), abs=0)


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("groups", [*((g,) for g in SIZES), tuple(SIZES)], ids="+".join)
def test_the_pair_and_its_mirror_image_have_equal_rates(nature, groups):
    """I_ij = I_ji: two neutrinos of different masses with one off-diagonal coupling, masses exchanged."""
    rng = np.random.default_rng(11)
    full = couplings(rng, 2, groups)
    base = {"E_eg": E_EG, "E_vg": E_VG, "nature": nature, "axial": np.zeros((2, 2))} | full
    arguments = mapped(base, lambda matrix: matrix * (1 - np.eye(2)))
    mirrored = mapped(arguments, lambda matrix: matrix.T)
    one = spectral_function(0.9, **arguments, masses=[0.1, 0.25])
    other = spectral_function(0.9, **mirrored, masses=[0.25, 0.1])
    assert one == pytest.approx(other, rel=tolerance("evaluator-symmetry"), abs=0)
    assert one > 0


# ---------------------------------------------------------------- positivity, closed channels, thresholds


@given(seeds, st.sampled_from(NATURES), st.integers(1, 4), st.sampled_from(("averaged", "general", "pure")))
@settings(max_examples=40, deadline=None)
def test_the_rate_is_never_negative(seed, nature, n, light):
    arguments = everything(seed, n, nature)
    rng = np.random.default_rng(seed + 1)
    if light == "averaged":
        del arguments["atomic_tensor"]
    elif light == "pure":
        vector = rng.normal(size=3) + 1j * rng.normal(size=3)
        arguments["atomic_tensor"] = np.outer(vector, vector.conj()) / np.vdot(vector, vector).real
    edges = E_EG / 2 - np.add.outer(arguments["masses"], arguments["masses"]) ** 2 / (2 * E_EG)
    near = np.outer(edges.reshape(-1), 1 - np.array([0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3])).reshape(-1)
    near = near[(near > 0) & (near < E_EG / 2)]
    values = spectral_function(np.concatenate([near, rng.uniform(0, E_EG / 2, 50)]), **arguments)
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


OPENING = {
    # channel: (couplings of one neutrino, half-powers of omega_ij - omega along q and across q)
    "vector": ({"vector": {"mass": 2.0, "g_A": 1.0, "g_L": [[1e-23]], "g_R": [[1e-23]]}}, 1, 1),
    "axial": ({"vector": {"mass": 2.0, "g_A": 1.0, "g_L": [[1e-23]], "g_R": [[-1e-23]]}}, 1, 3),
    "scalar": ({"scalar": {"mass": 2.0, "y_P": 1.0, "y_S_nu": [[1e-17]]}}, 3, None),
    "pseudoscalar": ({"scalar": {"mass": 2.0, "y_P": 1.0, "y_P_nu": [[1e-17]]}}, 1, None),
    "recoil vector": ({"vector": {"mass": 2.0, "g_V": 1.0, "g_L": [[1e-17]], "g_R": [[1e-17]]}}, None, 1),
    "recoil axial": ({"vector": {"mass": 2.0, "g_V": 1.0, "g_L": [[1e-17]], "g_R": [[-1e-17]]}}, None, 3),
    "magnetic": ({"electromagnetic": {"mu": [[1e-10]]}}, None, 1),
    "electric": ({"electromagnetic": {"eps": [[1e-10]]}}, None, 3),
    "charge radius": ({"electromagnetic": {"r2": [[1e-25]]}}, None, 1),
    "anapole": ({"electromagnetic": {"anapole": [[1e-25]]}}, None, 3),
    "tensor": ({"tensor": {"t": [[1.0]]}}, 3, 1),
}


@pytest.mark.parametrize("channel", OPENING)
@pytest.mark.parametrize("light", ["along", "across"])
def test_each_channel_opens_with_its_power(channel, light):
    """S waves open with (omega_ij - omega)^(1/2), P waves with ^(3/2)."""
    groups, along, across = OPENING[channel]
    power = along if light == "along" else across
    mass = 0.2
    arguments = {"E_eg": E_EG, "E_vg": E_VG, "masses": [mass], "axial": [[0.0]], **groups}
    arguments["atomic_tensor"] = ALONG if light == "along" else ACROSS
    edge = E_EG / 2 - (2 * mass) ** 2 / (2 * E_EG)
    near, nearer = spectral_function(edge - np.array([1e-7, 1e-9]), **arguments)
    if power is None:
        assert near == nearer == 0
        return
    slope = np.log(near / nearer) / np.log(100)
    assert slope == pytest.approx(power / 2, abs=tolerance("threshold-power"))


@pytest.mark.parametrize("nature", NATURES)
def test_a_diagonal_majorana_pair_has_no_s_wave_across_q(nature):
    # Two identical fermions in an S wave have spin 0: the weak current's vector part drops out.
    mass = 0.2
    arguments = {"E_eg": E_EG, "E_vg": E_VG, "masses": [mass], "axial": [[0.5]], "atomic_tensor": ACROSS}
    edge = E_EG / 2 - (2 * mass) ** 2 / (2 * E_EG)
    near, nearer = spectral_function(edge - np.array([1e-7, 1e-9]), **arguments, nature=nature)
    power = {"dirac": 0.5, "majorana": 1.5}[nature]
    assert np.log(near / nearer) / np.log(100) == pytest.approx(power, abs=tolerance("threshold-power"))


# ---------------------------------------------------------------- scaling

SCALING = {
    # Powers of the factor that keep a coupling's contribution fixed. A mediator's g g'/(s - M^2) stands beside G_F;
    # g_V and y_P come with omega/m_e; the charge radius is an area and its electron current is of order omega/m_e.
    "vector": {"mass": 1, "g_V": -1, "g_L": 2, "g_R": 2},
    "scalar": {"mass": 1, "y_S_nu": 1, "y_P_nu": 1},
    "electromagnetic": {"r2": -1, "anapole": -1},
    "tensor_mediator": {"mass": 1, "d_T": 2},
}


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("factor", [2.0**-7, 2.0**10])
def test_scaling_every_energy_and_mass_leaves_the_spectral_function_alone(nature, factor):
    """I is dimensionless; G_F and m_e are not, so couplings that need them are scaled. Powers of two round nothing."""
    arguments = everything(5, 3, nature)
    scaled = dict(arguments)
    for name in ("E_eg", "E_vg", "masses"):
        scaled[name] = arguments[name] * factor
    for group, powers in SCALING.items():
        scaled[group] = {name: v * factor ** powers.get(name, 0) for name, v in arguments[group].items()}
    omega = np.linspace(0.3, 1.0, 7)
    np.testing.assert_array_equal(spectral_function(omega * factor, **scaled), spectral_function(omega, **arguments))


# ---------------------------------------------------------------- atomic side


def test_intermediate_states_add_in_the_amplitude():
    arguments = everything(9) | {"E_vg": [E_VG, 3.1, 4.4]}
    strengths, levels = np.array([0.9, -0.3, 0.2]), np.array(arguments["E_vg"])
    omega = np.linspace(0.2, 0.9, 5)
    found = spectral_function(omega, **arguments, intermediate_amplitudes=strengths)
    one = spectral_function(omega, **(arguments | {"E_vg": E_VG}))
    weight = (strengths / (levels - omega[:, None])).sum(axis=1) * (E_VG - omega)
    np.testing.assert_allclose(found, one * weight**2, rtol=tolerance("evaluator-symmetry"))
    split = arguments | {"E_vg": [E_VG, E_VG]}  # one level counted in two halves
    halves = spectral_function(omega, **split, intermediate_amplitudes=[0.25, 0.75])
    np.testing.assert_allclose(halves, one, rtol=tolerance("evaluator-symmetry"))


def test_a_tensor_that_is_not_positive_is_contracted_as_given():
    arguments = {"E_eg": E_EG, "E_vg": E_VG, "masses": [0.01], "axial": [[0.5]]}
    assert spectral_function(1.0, **arguments, atomic_tensor=np.diag([2.0, 2.0, -3.0])) < 0


def test_the_rate_is_linear_in_the_atomic_tensor():
    rng = np.random.default_rng(2)
    arguments = everything(13)
    first, second = positive_tensor(rng), positive_tensor(rng)
    values = [
        spectral_function(0.8, **(arguments | {"atomic_tensor": T}))
        for T in (first, second, 0.3 * first + 0.7 * second)
    ]
    assert 0.3 * values[0] + 0.7 * values[1] == pytest.approx(values[2], rel=tolerance("evaluator-symmetry"), abs=0)


def test_rotating_the_light_around_the_beam_changes_nothing():
    arguments = everything(17)
    T, angle = arguments["atomic_tensor"], 0.77
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    turned = spectral_function(0.8, **(arguments | {"atomic_tensor": turn @ T @ turn.T}))
    assert turned == pytest.approx(spectral_function(0.8, **arguments), rel=tolerance("evaluator-symmetry"), abs=0)


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


def test_the_dipole_length_enters_squared():
    arguments = everything(23) | {"pair_step": "E1"}
    arguments["scalar"] = arguments["scalar"] | {"y_S": 1e-8}
    one, two = (spectral_function(0.8, **arguments, dipole_length=length) for length in (1.0, -2.0))
    assert two == pytest.approx(4 * one, rel=tolerance("evaluator-symmetry"), abs=0)


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


@pytest.mark.parametrize("nature", NATURES)
def test_massless_limits_are_finite_and_reached_smoothly(nature):
    for group, sizes in SIZES.items():
        matrices = {k: v * np.eye(2) if k in MATRICES else v for k, v in sizes.items()}
        values = []
        for mass in (0.0, 1e-9):
            arguments = {"E_eg": E_EG, "E_vg": E_VG, "masses": [mass, mass], "axial": np.eye(2) * 0.5, group: matrices}
            values.append(spectral_function(0.8, **arguments, nature=nature))
        assert values[0] > 0
        assert values[1] == pytest.approx(values[0], rel=tolerance("massless-limit"), abs=0)


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


@pytest.mark.parametrize("heavy", [2.0, 1e6, LARGEST_ENERGY])
def test_neutrinos_too_heavy_to_be_emitted_change_nothing(heavy):
    arguments = everything(29, 3)
    arguments["masses"] = np.array([0.1, 0.2, heavy])
    light = mapped(arguments, lambda matrix: matrix[:2, :2]) | {"masses": [0.1, 0.2]}
    omega = np.linspace(0.2, 1.07, 5)
    np.testing.assert_array_equal(spectral_function(omega, **arguments), spectral_function(omega, **light))


def test_zero_couplings_switch_a_group_off():
    arguments = everything(37)
    for group in SIZES:
        silent = {k: np.zeros((3, 3)) if k in MATRICES else v for k, v in arguments[group].items()}
        without = {k: v for k, v in arguments.items() if k != group}
        assert spectral_function(0.8, **(arguments | {group: silent})) == spectral_function(0.8, **without)


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
