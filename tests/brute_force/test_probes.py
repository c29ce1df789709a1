"""The brute-force reference of the other processes against what must hold whatever the interaction."""

from __future__ import annotations

import random
from typing import Any

import mpmath
import numpy as np
import pytest

from tests.tolerances import tolerance

from .arithmetic import Array, arithmetic, codata_constants
from .cases import hermitian, light_tensor
from .dirac import dirac_algebra
from .probes import (
    boson_line,
    boson_width,
    coherent_scattering,
    electron_scattering,
    electron_source,
    line_amplitudes,
    line_matrix,
    plasmon_decay,
    radiative_decay,
    read_groups,
    scattering_momenta,
    spinors,
)
from .reference import spectral_function

NATURES = ("dirac", "majorana")
TARGET = 0.7
"""Mass [eV] of a light target, so that masses, energies and recoils are of one size and no term is small."""
PHYSICS = {"G_F": 0.5, "m_e": TARGET, "hbar_c": 1.0}
"""Constants of a world in which every interaction is of order one."""


def couplings(seed: str, n: int = 2, spin: bool = True) -> dict[str, Any]:
    """Return every group of the contract with Hermitian matrices of order one."""
    draw = random.Random(seed)

    def matrix(scale: float = 1.0) -> list[list[complex]]:
        return hermitian(draw, n, scale)

    groups: dict[str, Any] = {
        "electromagnetic": {"mu": matrix(3), "eps": matrix(3), "r2": matrix(9), "anapole": matrix(2)},
        "vector": {"mass": 0.8, "g_V": 0.7, "g_A": -0.9, "g_L": matrix(), "g_R": matrix(), "propagator": "unitary"},
        "scalar": {"mass": 0.6, "y_S": 0.8, "y_P": 0.5, "y_S_nu": matrix(), "y_P_nu": matrix()},
    }
    if not spin:
        return groups
    groups |= {
        "axial": matrix(),
        "vector_weak": matrix(),
        "tensor": {"t": matrix()},
        "tensor_mediator": {"mass": 0.9, "c_T": 0.6, "d_T": matrix()},
    }
    return groups


def electron(T: Any = 0.31, **changes: Any) -> Any:
    case: dict[str, Any] = {"energy": 1.3, "masses": [0.2, 0.45], "incoming": 1, "outgoing": 0, "constants": PHYSICS}
    return electron_scattering(T, **(case | couplings("electron") | changes))


def nucleus(T: Any = 0.31, **changes: Any) -> Any:
    case: dict[str, Any] = {"energy": 1.3, "masses": [0.2, 0.45], "incoming": 1, "outgoing": 0, "constants": PHYSICS}
    case |= {"Z": 2, "N": 3, "nucleus_mass": TARGET, "form_factor": 0.9, "sin2_theta_w": 0.23}
    case |= {"weak": [[1, 0.2j], [-0.2j, 0.8]], "nuclear": {"vector": 0.7, "scalar": -0.4}}
    return coherent_scattering(T, **(case | couplings("nucleus", spin=False) | changes))


def relative(value: Any, reference: Any) -> float:
    return float(abs(value / reference - 1))


# ---------------------------------------------------------------- what must change nothing


@pytest.mark.parametrize("process", [electron, nucleus])
@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("change", [{"photon_gauge": 3.7}, {"representation": "chiral"}, {"precision": 20}])
def test_gauge_representation_and_precision_change_nothing(process: Any, nature: str, change: dict[str, Any]):
    for helicity in ("minus", "plus"):
        case = {"nature": nature, "helicity": helicity}
        assert relative(process(**case, **change), process(**case)) < tolerance("probe-symmetry")


@pytest.mark.parametrize("process", [electron, nucleus])
def test_the_same_number_comes_for_a_coherent_state_with_one_component(process: Any):
    alone = process(masses=[0, 0], incoming=1, outgoing=None)
    assert relative(process(incoming=[0, 1j], outgoing=None), alone) < tolerance("probe-symmetry")
    assert process(incoming=[0.6, 0.8j], outgoing=None) != pytest.approx(alone, rel=1e-2)


# ---------------------------------------------------------------- spinors against matrices


@pytest.mark.parametrize("antineutrino", [False, True])
def test_majorana_is_the_transposed_vertex_between_the_same_spinors(antineutrino: bool):
    """Two contractions with their Fermi sign are one amplitude with ``X_jk + C X_kj^T C^-1``; one contraction one term."""
    with arithmetic("double") as system:
        algebra, constants = dirac_algebra(system), codata_constants(system)
        groups = read_groups(system, constants, 2, **couplings("transposed"))
        k, k_out, p_out = scattering_momenta(system, 0.31, 1.3, TARGET, 0.45, 0.2) or pytest.fail("no momenta")
        source = electron_source(algebra, constants, groups, TARGET, p_out)
        X_jk, X_kj = (line_matrix(algebra, constants, groups, source, k_out - k, pair) for pair in ((0, 1), (1, 0)))
        bra, ket = algebra.bar(spinors(algebra.u, k_out, 0.2)), spinors(algebra.u, k, 0.45).T
        transposed = algebra.C @ np.swapaxes(X_kj, -1, -2) @ np.linalg.inv(algebra.C)
        scale = abs(bra @ X_jk @ ket).max()
        for nature, matrix in (("majorana", X_jk + transposed), ("dirac", transposed if antineutrino else X_jk)):
            amplitudes = line_amplitudes(
                algebra, (k, k_out), (0.45, 0.2), (X_jk, X_kj), antineutrino=antineutrino, nature=nature
            )
            assert abs(amplitudes - bra @ matrix @ ket).max() < tolerance("probe-symmetry") * scale


def test_scattering_is_pair_emission_with_one_momentum_reversed():
    """``sum |ubar_j X v|^2`` over explicit spinors is a trace in the momenta; at ``p = - k`` minus it is that of ``u``."""
    with arithmetic("double") as system:
        algebra, constants = dirac_algebra(system), codata_constants(system)
        groups = read_groups(system, constants, 2, **couplings("crossing"))
        k, k_out, p_out = scattering_momenta(system, 0.31, 1.3, TARGET, 0.45, 0.2) or pytest.fail("no momenta")
        source = electron_source(algebra, constants, groups, TARGET, p_out)
        X = line_matrix(algebra, constants, groups, source, k_out - k, (0, 1))
        X_bar = algebra.gamma[0] @ np.conjugate(np.swapaxes(X, -1, -2)) @ algebra.gamma[0]

        def trace(p_i: Array, p_j: Array) -> Any:
            line = (algebra.slash(p_i) + 0.2 * algebra.one) @ X @ (algebra.slash(p_j) - 0.45 * algebra.one) @ X_bar
            return np.trace(line, axis1=-2, axis2=-1).sum().real

        bra = algebra.bar(spinors(algebra.u, k_out, 0.2))
        pair = bra @ X @ spinors(algebra.v, k, 0.45).T
        line = bra @ X @ spinors(algebra.u, k, 0.45).T
        assert relative((abs(pair) ** 2).sum(), trace(k_out, k)) < tolerance("probe-symmetry")
        assert relative((abs(line) ** 2).sum(), -trace(k_out, -k)) < tolerance("probe-symmetry")


def test_the_cross_section_is_the_flux_and_phase_space_of_the_rest_frame_of_all():
    """``d sigma / d Omega* = |M|^2 p'* / (64 pi^2 s p*)`` integrates to the same total as ``d sigma / dT`` for constant M."""
    energy, m_in, m_out = 1.3, 0.45, 0.2
    s = TARGET**2 + m_in**2 + 2 * energy * TARGET
    p, p_out = (np.sqrt((s - (m + TARGET) ** 2) * (s - (m - TARGET) ** 2)) / (2 * np.sqrt(s)) for m in (m_in, m_out))
    edges = [
        (np.sqrt((p**2 + TARGET**2) * (p_out**2 + TARGET**2)) + sign * p * p_out) / TARGET - TARGET for sign in (-1, 1)
    ]
    with arithmetic("double") as system:
        for edge, inwards in zip(edges, (1, -1), strict=True):
            for step in (1e-9, -1e-9):
                inside = scattering_momenta(system, edge + inwards * step, energy, TARGET, m_in, m_out) is not None
                assert inside == (step > 0)
    per_T = (edges[1] - edges[0]) / (32 * np.pi * TARGET * (energy**2 - m_in**2))
    assert relative(per_T, p_out / (16 * np.pi * s * p)) < tolerance("probe-symmetry")


# ---------------------------------------------------------------- known limits


def printed_weak(T: float, energy: float, m: float, G_F: float, v: float, a: float) -> float:
    return (
        G_F**2
        * m
        / (2 * np.pi)
        * ((v + a) ** 2 + (v - a) ** 2 * (1 - T / energy) ** 2 + (a**2 - v**2) * m * T / energy**2)
    )


@pytest.mark.parametrize("nature", NATURES)
def test_heavy_mediators_are_contact_terms_with_all_their_interferences(nature: str):
    """A boson of mass M acts as ``+ g h / M^2`` for spin 1 and for the tensor: beside every other group, with its sign."""
    M, groups, fermi = 1e7, couplings("electron"), 0.5 / np.sqrt(2)
    weak, tensor = np.array(groups["axial"]), np.array(groups["tensor"]["t"])
    vector = {"mass": M, "g_V": 0.8 * M, "g_A": -1.0 * M, "g_L": 2 * fermi * weak * M}
    for helicity in ("minus", "plus"):
        case = {"nature": nature, "helicity": helicity, "vector": None, "tensor_mediator": None}
        contact = electron(vector_weak=0.8 * weak, **case)
        case |= {"axial": None, "vector_weak": None, "tensor": None}
        case |= {"vector": vector, "tensor_mediator": {"mass": M, "c_T": M, "d_T": 2 * fermi * tensor * M}}
        assert relative(electron(**case), contact) < tolerance("probe-symmetry")


def test_equal_charges_attract_through_a_scalar_and_repel_through_a_vector():
    """Between slow particles equal scalar and vector exchange cancel; with an antineutrino their amplitudes are equal."""
    case: dict[str, Any] = {
        "masses": [0.5],
        "incoming": 0,
        "energy": 0.5 + 1e-8,
        "constants": PHYSICS,
        "target_mass": 0.7,
    }
    scalar = {"mass": 0.8, "y_S": 0.6, "y_S_nu": [[0.9]]}
    vector = {"mass": 0.8, "g_V": 0.6, "g_L": [[0.9]], "g_R": [[0.9]]}
    alone = electron_scattering(1e-9, **case, scalar=scalar)
    assert electron_scattering(1e-9, **case, scalar=scalar, vector=vector) < tolerance("probe-slow") * alone
    both = electron_scattering(1e-9, **case, scalar=scalar, vector=vector, antineutrino=True)
    assert relative(both, 4 * alone) < tolerance("probe-slow")


@pytest.mark.parametrize("antineutrino", [False, True])
def test_weak_scattering_is_the_printed_formula_and_counts_helicities(antineutrino: bool):
    v, a, energy, T = 0.96, 0.5, 1.3, 0.4
    case: dict[str, Any] = {"masses": [0], "incoming": 0, "energy": energy, "antineutrino": antineutrino}
    case |= {"axial": [[a]], "vector_weak": [[v]], "constants": PHYSICS, "electromagnetic": None}
    sign = -1 if antineutrino else 1
    value = electron_scattering(T, **case)
    assert relative(value, printed_weak(T, energy, TARGET, 0.5, v, sign * a)) < tolerance("probe-symmetry")
    # Light target: |M| = 4 sqrt2 G_F (g s, h u) for equal and opposite helicities; the equal ones have J_z = 0.
    m = 1e-7
    g, h = (v + sign * a) / 2, (v - sign * a) / 2
    s, u = 2 * m * energy, -2 * m * (energy - T)
    counted = 32 * 0.25 * ((g * s) ** 2 + (h * u) ** 2) / 2 / (32 * np.pi * m * energy**2)
    assert relative(electron_scattering(T, **case, target_mass=m), counted) < tolerance("probe-light-target")


def test_wrong_helicity_of_a_massless_neutrino_is_blind_to_the_weak_current():
    case: dict[str, Any] = {"masses": [0], "incoming": 0, "energy": 1.3, "constants": PHYSICS}
    case |= {"axial": [[0.5]], "vector_weak": [[0.9]]}
    assert electron_scattering(0.3, **case) > 0
    assert electron_scattering(0.3, **case, helicity="plus") < tolerance("oracle-zero")
    assert electron_scattering(0.3, **case, antineutrino=True, helicity="minus") < tolerance("oracle-zero")
    both = electron_scattering(0.3, **case, helicity="average")
    assert relative(2 * both, electron_scattering(0.3, **case)) < tolerance("probe-symmetry")


@pytest.mark.parametrize("name", ["mu", "eps"])
def test_a_moment_on_an_electron_and_on_a_spinless_nucleus(name: str):
    energy, T, mu = 1.3, 0.4, 2.0
    with arithmetic("double") as system:
        alpha = codata_constants(system).alpha
    case: dict[str, Any] = {"masses": [0], "incoming": 0, "energy": energy, "constants": PHYSICS}
    value = electron_scattering(T, **case, electromagnetic={name: [[mu]]})
    expected = np.pi * (alpha * mu / TARGET) ** 2 * (1 / T - 1 / energy)
    assert relative(value, expected) < tolerance("probe-symmetry")
    value = coherent_scattering(
        T, **case, Z=3, N=0, nucleus_mass=TARGET, weak=[[0]], form_factor=0.9, electromagnetic={name: [[mu]]}
    )
    # ubar' Pslash Qslash u = 2 P.k ubar' u with P = p + p' and P.k = M (2 E - T): the square of one charge, without spin.
    spinless = np.pi * (2.7 * alpha * mu / TARGET) ** 2 * (2 * energy - T) ** 2 / (4 * energy**2 * T)
    assert relative(value, spinless) < tolerance("probe-symmetry")


def test_weak_scattering_on_a_spinless_nucleus():
    energy, T, Z, N, s2 = 1.3, 0.3, 4, 5, 0.23
    value = coherent_scattering(
        T,
        energy=energy,
        Z=Z,
        N=N,
        nucleus_mass=TARGET,
        masses=[0],
        incoming=0,
        form_factor=(0.9, 0.8),
        sin2_theta_w=s2,
        constants=PHYSICS,
    )
    charge = 0.9 * Z * (0.5 - 2 * s2) - 0.8 * N * 0.5
    printed = 0.25 * TARGET / np.pi * charge**2 * (1 - T / energy - TARGET * T / (2 * energy**2))
    assert relative(value, printed) < tolerance("probe-symmetry")


def test_proton_and_electron_see_opposite_charges():
    """A neutrino of charge radius r2 > 0 and a nucleus: the terms of first order in r2 have opposite signs."""
    case: dict[str, Any] = {"masses": [0], "incoming": 0, "energy": 1.3, "constants": PHYSICS}
    radius = {"electromagnetic": {"r2": [[1e-6]]}}
    light = case | {"axial": [[0]], "vector_weak": [[1]]}
    heavy = case | {"Z": 1, "N": 0, "nucleus_mass": TARGET, "sin2_theta_w": 0}
    on_electron = electron_scattering(0.3, **light, **radius) - electron_scattering(0.3, **light)
    on_nucleus = coherent_scattering(0.3, **heavy, **radius) - coherent_scattering(0.3, **heavy)
    assert on_electron > 0 > on_nucleus


# ---------------------------------------------------------------- decay


def test_radiative_width_and_angular_distribution():
    m_i, m_j, mu, eps = 0.5, 0.1, 2 - 1j, 0.7 + 0.4j
    moments = {"mu": [[0, mu], [np.conj(mu), 0]], "eps": [[0, eps], [np.conj(eps), 0]]}
    case: dict[str, Any] = {"masses": [m_j, m_i], "constants": PHYSICS}
    width, asymmetry = radiative_decay(1, 0, electromagnetic=moments, **case)
    with arithmetic("double") as system:
        magneton = np.sqrt(4 * np.pi * codata_constants(system).alpha) / (2 * TARGET)
    size = abs(mu) ** 2 + abs(eps) ** 2
    expected = magneton**2 * size / (8 * np.pi) * ((m_i**2 - m_j**2) / m_i) ** 3
    assert relative(width, expected) < tolerance("probe-symmetry")
    # A left-handed photon goes with mu + i eps, a right-handed one with mu - i eps; angular momentum does the rest.
    assert abs(abs(asymmetry) - abs(2 * (mu * np.conj(1j * eps)).real) / size) < tolerance("probe-symmetry")
    mirror = radiative_decay(1, 0, electromagnetic=moments, antineutrino=True, **case)
    assert relative(mirror[0], width) < tolerance("probe-symmetry")
    assert abs(mirror[1] + asymmetry) < tolerance("probe-symmetry")
    charge = moments | {"r2": [[1, 2j], [-2j, 1]], "anapole": [[1, 3], [3, 1]]}
    assert relative(radiative_decay(1, 0, electromagnetic=charge, **case)[0], width) < tolerance("probe-symmetry")


def test_majorana_decay_is_symmetric_and_has_the_antisymmetric_moments_twice():
    moments = {"mu": [[0, 2 - 1j], [2 + 1j, 0]], "eps": [[0, 0.7 + 0.4j], [0.7 - 0.4j, 0]]}
    imaginary = {name: [[0, 2j * np.imag(m[0][1])], [-2j * np.imag(m[0][1]), 0]] for name, m in moments.items()}
    case: dict[str, Any] = {"masses": [0.1, 0.5], "constants": PHYSICS}
    width, asymmetry = radiative_decay(1, 0, electromagnetic=moments, nature="majorana", **case)
    assert relative(width, radiative_decay(1, 0, electromagnetic=imaginary, **case)[0]) < tolerance("probe-symmetry")
    assert abs(asymmetry) < tolerance("probe-symmetry")


# ---------------------------------------------------------------- plasmons


def plasmon(energy: Any, momentum: Any, nature: str, **changes: Any) -> Array:
    groups = couplings("plasmon")["electromagnetic"] | {"charge": [[0.3, 0.2j], [-0.2j, 0.1]]}
    case: dict[str, Any] = {"masses": [0.2, 0.45], "electromagnetic": groups, "constants": PHYSICS, "nature": nature}
    return plasmon_decay(energy, momentum, **(case | changes))


@pytest.mark.parametrize("nature", NATURES)
def test_plasmon_widths_depend_on_the_invariant_mass_and_time_dilation_alone(nature: str):
    rest = plasmon(1.5, 0, nature)
    for polarisation in ("transverse", "longitudinal"):
        moving = plasmon(2.5, 2.0, nature, polarisation=polarisation)
        assert abs(moving * 2.5 / (rest * 1.5) - 1).max() < tolerance("probe-symmetry")
    assert relative(rest[0, 1], rest[1, 0]) < tolerance("probe-symmetry") or nature == "dirac"
    assert abs(plasmon(1.5, 0, nature, representation="chiral") / rest - 1).max() < tolerance("probe-symmetry")


def test_plasmons_below_threshold_and_space_like_ones_do_not_decay():
    widths = plasmon(1.0, 0.8, "dirac")
    assert widths[0, 0] > 0
    assert widths[0, 1] == widths[1, 0] == widths[1, 1] == 0
    for polarisation in ("transverse", "longitudinal"):
        assert not plasmon(1.0, 1.0, "dirac", polarisation=polarisation).any()
        assert not plasmon(1.0, 1.5, "dirac", polarisation=polarisation).any()


def test_plasmon_decay_through_a_charge_and_through_a_moment():
    mass, K = 0.3, 1.7
    charge = plasmon_decay(K, 0, masses=[mass], electromagnetic={"charge": [[0.2]]})[0, 0]
    beta = np.sqrt(1 - 4 * mass**2 / K**2)
    assert relative(charge, 0.04 / (12 * np.pi) * K * beta * (1 + 2 * mass**2 / K**2)) < tolerance("probe-symmetry")
    moment = plasmon_decay(K, 0, masses=[0], electromagnetic={"mu": [[2.0]]}, constants=PHYSICS)[0, 0]
    with arithmetic("double") as system:
        magneton = np.sqrt(4 * np.pi * codata_constants(system).alpha) / (2 * TARGET)
    raffelt = 4 * np.pi / (3 * K) * (2 * magneton) ** 2 / 2 * (K**2 / (4 * np.pi)) ** 2
    assert relative(moment, raffelt) < tolerance("probe-symmetry")


# ---------------------------------------------------------------- the line of one boson


CHANNELS: dict[str, dict[str, Any]] = {
    "pseudoscalar": {"group": "scalar", "electron": {"y_P": 3e-3}, "pair_step": "M1"},
    "scalar": {"group": "scalar", "electron": {"y_S": 2e-7}, "pair_step": "E1"},
    "axial": {"group": "vector", "electron": {"g_A": 1e-9}, "pair_step": "M1"},
    "magnetic": {"group": "vector", "electron": {"g_V": 1e-4}, "pair_step": "M1"},
    "both": {"group": "vector", "electron": {"g_A": 1e-10, "g_V": 1e-4}, "pair_step": "M1"},
    "full": {"group": "vector", "electron": {"g_A": 1e-10, "g_V": 1e-4}, "pair_step": "M1", "m1": "full"},
    "electric": {"group": "vector", "electron": {"g_V": 1e-8}, "pair_step": "E1"},
}
MASSES = (0.1, 0.35)


def at_the_peak(channel: str, nature: str, light: str, **neutrinos: Any) -> tuple[Any, Any]:
    """Return ``I(omega_0) pi M Gamma / 2 E_eg`` through a mediator of finite width, and the line times the branching ratio.

    Both for the pair (0, 1) and (1, 0) together with both diagonal ones: the branching ratio is 1 by the width chosen.
    """
    draw = random.Random(f"{channel}/{nature}/{light}")
    how = CHANNELS[channel]
    M, masses = 0.9, neutrinos.pop("masses", MASSES)
    atom = {"E_eg": 2.14349, "E_vg": 2.23072, "pair_step": how["pair_step"], "m1": how.get("m1", "spin")}
    atom |= {"atomic_tensor": light_tensor(draw, light), "dipole_length": 1.3}
    names = ("y_S_nu", "y_P_nu") if how["group"] == "scalar" else ("g_L", "g_R")
    nu = {name: hermitian(draw, 2, 0.3) for name in names}
    width = boson_width(how["group"], mass=M, masses=masses, nature=nature, **nu).sum()
    omega_0, strength = boson_line(how["group"], mass=M, **atom, **how["electron"])
    group = {"mass": M, "width": width, **how["electron"], **nu}
    if how["group"] == "vector":
        group |= {"propagator": neutrinos.pop("propagator", "unitary")}
    rate = spectral_function(
        omega_0, masses=masses, axial=[[0, 0], [0, 0]], nature=nature, **{how["group"]: group}, **atom
    )
    return rate * np.pi * M * width / (2 * atom["E_eg"]), strength


@pytest.mark.parametrize("light", ["averaged", "linear", "circular", "random"])
@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("channel", CHANNELS)
def test_pairs_through_a_mediator_at_its_peak_are_the_line(channel: str, nature: str, light: str):
    peak, line = at_the_peak(channel, nature, light)
    if CHANNELS[channel]["group"] == "scalar" and light in ("linear", "circular"):
        assert peak == line == 0
    else:
        assert relative(peak, line) < tolerance("probe-symmetry")


@pytest.mark.parametrize("nature", NATURES)
def test_the_feynman_numerator_fails_for_the_axial_current_of_massive_neutrinos(nature: str):
    peak, line = at_the_peak("axial", nature, "random", propagator="feynman")
    assert relative(peak, line) > 1e-3
    peak, line = at_the_peak("axial", nature, "random", propagator="feynman", masses=(0, 0))
    assert relative(peak, line) < tolerance("probe-symmetry")
    peak, line = at_the_peak("magnetic", nature, "random", propagator="feynman")
    assert relative(peak, line) < tolerance("probe-symmetry")


def test_a_longitudinal_axial_boson_is_a_pseudoscalar():
    """As ``M -> 0`` the longitudinal part of g_A acts as ``y_P = 2 m_e g_A / M``, for light of any polarisation."""
    M, g = 1e-5, 1e-12
    atom: dict[str, Any] = {"E_eg": 2.14349, "E_vg": 2.23072, "mass": M}
    atom["atomic_tensor"] = light_tensor(random.Random("goldstone"), "random")
    with arithmetic("double") as system:
        m_e = codata_constants(system).m_e
    vector, scalar = boson_line("vector", g_A=g, **atom), boson_line("scalar", y_P=2 * m_e * g / M, **atom)
    assert relative(vector[1], scalar[1]) < tolerance("probe-goldstone")
    moved = (
        boson_line("vector", g_V=1e-6, **(atom | {"mass": 1e-5})),
        boson_line("vector", g_V=1e-6, **(atom | {"mass": 1e-7})),
    )
    assert relative(moved[0][1], moved[1][1]) < tolerance("probe-goldstone")


def test_thirty_digits_agree_with_doubles():
    with mpmath.workdps(40):
        exact = electron(precision=30)
        assert isinstance(exact, mpmath.mpf)
        assert relative(electron(precision=35), exact) < tolerance("oracle-30-digits")
