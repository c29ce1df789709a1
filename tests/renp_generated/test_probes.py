"""Scattering as generated: explicit spinors, edges and thresholds, helicities and natures, what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import mpmath
import numpy as np
import pytest

import renp
import renp_generated
from renp_generated import probe_formulas, probes
from renp_generated.runtime.two_part import TwoPart
from tests.brute_force import probes as brute
from tests.tolerances import tolerance

N = 3
WEAK = {"axial": np.diag([0.5, -0.5, -0.5]), "vector_weak": np.diag([0.96, -0.04, -0.04])}
LIGHT = {"masses": [0.0, 0.0, 0.0], **WEAK}
NUCLEUS = {"Z": 3, "N": 4, "form_factor": 0.7, "sin2_theta_w": 0.23}


def hermitian(rng: np.random.Generator, scale: float = 1.0) -> Any:
    found = rng.normal(size=(N, N)) + 1j * rng.normal(size=(N, N))
    return scale * (found + found.conj().T) / 2


def groups(rng: np.random.Generator, energy: float) -> dict[str, dict[str, Any]]:
    """Return couplings of all interactions that are of the size of the weak current at this energy."""
    weak = 1.166e-23 / np.sqrt(2) * energy**2
    moment, length, charge, mass = 2.963e-7, 1.97327e-5, 0.303, energy * rng.uniform(0.3, 3)
    return {
        "electromagnetic": {
            "mu": hermitian(rng, weak / charge / energy / moment),
            "eps": hermitian(rng, weak / charge / energy / moment),
            "r2": hermitian(rng, 6 * weak / charge / energy**2 * length**2),
            "anapole": hermitian(rng, weak / charge / energy**2 * length**2),
        },
        "vector": {
            "mass": mass, "g_V": 1.3, "g_A": 0.7, "g_L": hermitian(rng, weak), "g_R": hermitian(rng, weak),
            "propagator": str(rng.choice(["feynman", "unitary"])),
        },
        "scalar": {
            "mass": 1.7 * mass, "y_S": 0.8, "y_P": 1.1, "y_S_nu": hermitian(rng, weak), "y_P_nu": hermitian(rng, weak),
        },
        "tensor": {"t": hermitian(rng, 0.5)},
        "tensor_mediator": {"mass": 0.6 * mass, "c_T": 0.9, "d_T": hermitian(rng, weak)},
    }  # fmt: skip


CASES = [
    (kind, nature, antineutrino)
    for kind in ("massless", "massive", "heavier outgoing", "flavour")
    for nature in ("dirac", "majorana")
    for antineutrino in (False, True)
]


def close(found: float, expected: float, size: float) -> bool:
    """Return whether two cross sections agree, relative to the expected one or to what rounding leaves of a zero."""
    return abs(found - expected) <= tolerance("probes-spinors") * abs(expected) + tolerance("probes-zero") * size


@pytest.mark.parametrize(("kind", "nature", "antineutrino"), CASES)
def test_cross_sections_are_sums_over_explicit_spinors(kind: str, nature: str, antineutrino: bool) -> None:
    rng = np.random.default_rng([CASES.index((kind, nature, antineutrino)), 17])
    compared = 0
    for helicity in (None, "plus", "minus", "average"):
        scale = 10 ** rng.uniform(-2, 6)
        target, energy = rng.uniform(0.5, 2) * scale, rng.uniform(1, 4) * scale
        masses = {"massive": [0.0, 0.3, 0.7], "heavier outgoing": [0.2, 0.2, 0.9]}.get(kind, [0.0] * N)
        given: dict[str, Any] = {
            "energy": energy,
            "masses": np.array(masses) * scale,
            "incoming": rng.normal(size=N) + 1j * rng.normal(size=N) if kind == "flavour" else int(rng.integers(2)),
            "outgoing": None if rng.random() < 0.5 else int(rng.integers(N)),
            "antineutrino": antineutrino,
            "nature": nature,
        }
        options = groups(rng, energy)
        for names in ((), tuple(options), (str(rng.choice(list(options))),)):
            chosen = {name: options[name] for name in names}
            recoil = rng.uniform(0.02, 0.98) * 2 * energy**2 / (target + 2 * energy)
            weak = {"axial": hermitian(rng), "vector_weak": hermitian(rng)}
            on_electron = {**given, **weak, "target_mass": target, **chosen}
            coherent = {
                name: group for name, group in chosen.items() if name in ("electromagnetic", "vector", "scalar")
            }
            on_nucleus = {
                **given, **NUCLEUS, "nucleus_mass": target, "weak": hermitian(rng), **coherent,
                "nuclear": {name: 1.3 for name in coherent if name != "electromagnetic"},
            }  # fmt: skip
            for name, arguments in (("electron_scattering", on_electron), ("coherent_scattering", on_nucleus)):
                found = float(getattr(probes, name)(recoil, helicity=helicity, **arguments))
                expected = float(getattr(brute, name)(recoil, helicity=helicity, **arguments))
                size = expected
                if abs(found - expected) > tolerance("probes-spinors") * expected:
                    # A helicity that is absent: what is left is small against the other one.
                    size = float(getattr(brute, name)(recoil, helicity="average", **arguments))
                assert close(found, expected, size), (name, names, helicity)
                compared += expected > 1e-10 * size
    assert compared > 10


# ---------------------------------------------------------------- edges


@pytest.mark.parametrize("antineutrino", [False, True])
@pytest.mark.parametrize("name", ["electron", "nucleus"])
@pytest.mark.parametrize("masses", [[0.0, 0.0, 0.0], [1e-3, 2e-3, 0.3]])
def test_all_digits_stay_at_the_edges(masses: list[float], name: str, antineutrino: bool) -> None:
    """A relative distance of 1e-13 to the highest recoil, light neutrinos, both helicities, against 40 digits."""
    energy, target = (3.0, 2.0) if name == "electron" else (3.0, 1e4)
    edge = 2 * energy**2 / (target + 2 * energy)
    for distance in (1e-2, 1e-7, 1e-13):
        recoil = edge * (1 - distance)
        for helicity in ("plus", "minus"):
            given = {"energy": energy, "masses": masses, "incoming": 0, "outgoing": 1, "antineutrino": antineutrino,
                     "helicity": helicity}  # fmt: skip
            if name == "electron":
                given |= {"axial": np.eye(N) + 0.5, "vector_weak": np.eye(N) - 0.3, "target_mass": target}
                pair = probes.electron_scattering, brute.electron_scattering
            else:
                given |= {"Z": 3, "N": 4, "sin2_theta_w": 0.25, "nucleus_mass": target, "weak": np.eye(N) + 0.5}
                pair = probes.coherent_scattering, brute.coherent_scattering
            found, expected = float(pair[0](recoil, **given)), pair[1](recoil, precision=40, **given)
            if expected == 0 or (masses[0] == 0 and helicity != ("plus" if antineutrino else "minus")):
                assert found == 0
            else:
                assert abs(found / expected - 1) < tolerance("probes-edges"), (distance, helicity)


@pytest.mark.parametrize("kind", ["massless", "massive", "flavour"])
def test_any_arithmetic_gives_the_sums_over_spinors(kind: str) -> None:
    rng = np.random.default_rng(len(kind))
    options = groups(rng, 3.0)
    masses = [0.1, 0.3, 0.7] if kind == "massive" else [0.0] * N
    given: dict[str, Any] = {"energy": 3.0, "masses": masses, "helicity": "plus", "nature": "majorana",
                             "incoming": [0.25 + 0.5j, 1.5, -2j] if kind == "flavour" else 1}  # fmt: skip
    coherent = {name: options[name] for name in ("electromagnetic", "vector", "scalar")}
    nucleus = NUCLEUS | {"nucleus_mass": 2.0, "weak": hermitian(rng), "nuclear": {"vector": 1.5, "scalar": -0.5}}
    with mpmath.workdps(40):
        arithmetic = {"number": mpmath.mpf, "root": mpmath.sqrt, "pi": mpmath.pi}
        for name, arguments in (
            (
                "electron_scattering",
                given | options | {"axial": hermitian(rng), "vector_weak": hermitian(rng), "target_mass": 2.0},
            ),
            ("coherent_scattering", given | coherent | nucleus),
        ):
            found = getattr(probes, f"{name}_exact")(0.75, **arithmetic, **arguments)
            expected = getattr(brute, name)(0.75, precision=40, **arguments)
            assert abs(found / expected - 1) < tolerance("probes-constants")
            assert float(abs(getattr(probes, name)(0.75, **arguments) / found - 1)) < tolerance("probes-edges")
            assert getattr(probes, f"{name}_exact")(99.0, **arithmetic, **arguments) == 0


def test_outside_its_range_it_is_exactly_zero():
    for masses in ([0.0, 0.0, 0.0], [0.3, 0.5, 0.7]):
        given = {"energy": 3.0, "masses": masses, **WEAK, "incoming": 0, "target_mass": 2.0}
        edge = 2 * 9.0 / 8.0
        recoil = np.array([-1.0, -1e-300, 0.0, 1e-6, 0.5, edge * (1 + 1e-15), 2.9, 3.0, 1e9, 1e300])
        found = probes.electron_scattering(recoil, **given)
        assert np.isfinite(found).all()
        assert (found[[0, 1, 2, 5, 6, 7, 8, 9]] == 0).all()
        assert found[4] > 0


def test_both_edges_of_massive_neutrinos_and_the_threshold():
    """m_i -> m_j on a target of mass m: edges from the boost out of the centre of mass, threshold (m + m_j)^2."""
    target, heavy, light = 2.0, 0.9, 0.2
    full = np.ones((2, 2))
    for before, after in ((heavy, light), (light, heavy), (heavy, heavy)):
        given = {"masses": [before, after], "axial": full, "vector_weak": full, "incoming": 0, "outgoing": 1,
                 "target_mass": target}  # fmt: skip
        for energy in (1.0, 1.3, 4.0):
            s = target**2 + 2 * target * energy + before**2
            momentum = np.sqrt(energy**2 - before**2)
            if np.sqrt(s) <= target + after:
                assert probes.electron_scattering(0.1, energy=energy, **given) == 0
                assert probes.recoil_range(energy, target, before, after) is None
                continue

            def centre(a: float, s: float = s) -> float:
                return float(np.sqrt((s - (target + a) ** 2) * (s - (target - a) ** 2)) / (2 * np.sqrt(s)))

            struck = (s + target**2 - after**2) / (2 * np.sqrt(s))
            gamma, boost = (energy + target) / np.sqrt(s), momentum / np.sqrt(s)
            low, high = (gamma * struck + sign * boost * centre(after) - target for sign in (-1, 1))
            assert probes.recoil_range(energy, target, before, after) == pytest.approx((low, high), abs=1e-14)
            inside, outside = [low + 1e-9, high - 1e-9], [low - 1e-9, high + 1e-9]
            assert (probes.electron_scattering(inside, energy=energy, **given) > 0).all()
            assert (probes.electron_scattering(outside, energy=energy, **given) == 0).all()
            assert before == after or low > 0
    # Up-scattering opens at E = (m_j^2 - m_i^2 + 2 m m_j)/2m.
    opens = (heavy**2 - light**2 + 2 * target * heavy) / (2 * target)
    assert probes.threshold(target, light, heavy) == pytest.approx(opens, rel=1e-15, abs=0)
    assert probes.threshold(target, heavy, light) == heavy
    given |= {"masses": [light, heavy]}
    momentum = np.sqrt(opens**2 - light**2)
    # At threshold both final particles move with the centre of mass.
    recoil = target * (opens + target) / (target + heavy) - target
    assert probes.electron_scattering(recoil, energy=opens * (1 + 1e-9), **given) > 0
    assert probes.electron_scattering(np.linspace(0, 3, 99), energy=opens * (1 - 1e-9), **given).max() == 0


# ---------------------------------------------------------------- physics


def test_a_nucleus_has_the_sign_of_protons():
    """Charge radius and weak current interfere with opposite signs on electrons and on protons."""
    radius = {"r2": np.eye(N) * 1e-32}
    given = {"energy": 1e6, "incoming": 1}
    plain, shifted = (
        probes.electron_scattering(1e4, **given, **LIGHT, electromagnetic=group) for group in (None, radius)
    )
    # nu_mu on electrons: v < 0 (and small), the radius adds to v.
    assert shifted < plain
    nucleus = {"Z": 40, "N": 0, "nucleus_mass": 4e10, "masses": [0.0] * N, "sin2_theta_w": 0.1, **given}
    plain, shifted = (probes.coherent_scattering(10.0, **nucleus, electromagnetic=group) for group in (None, radius))
    assert shifted < plain


def test_right_handed_couplings_act_on_majorana_neutrinos_alone():
    given = {"energy": 1e6, "incoming": 0, **LIGHT}
    right = {"mass": 1e4, "g_V": 1e-5, "g_L": np.zeros((N, N)), "g_R": np.eye(N) * 1e-5}
    for nature, changes in (("dirac", False), ("majorana", True)):
        with_it, without = (
            probes.electron_scattering(1e5, **given, nature=nature, vector=group) for group in (right, None)
        )
        assert (with_it == pytest.approx(without, rel=tolerance("probes-difference"), abs=0)) != changes


def test_a_flavour_state_needs_no_basis_of_the_final_states():
    """Massless: sum_j |c_jk a_k|^2 is the same in every unitary basis of the final states, and of both."""
    rng = np.random.default_rng(3)
    U, _ = np.linalg.qr(rng.normal(size=(N, N)) + 1j * rng.normal(size=(N, N)))
    group = groups(rng, 1e6)["electromagnetic"]
    state = rng.normal(size=N) + 1j * rng.normal(size=N)

    def turned(matrix: Any) -> Any:
        return U.conj().T @ matrix @ U

    first = probes.electron_scattering(1e5, energy=1e6, incoming=state, electromagnetic=group, **LIGHT)
    second = probes.electron_scattering(
        1e5, energy=1e6, incoming=U.conj().T @ state, masses=[0.0] * N, electromagnetic={k: turned(m) for k, m in group.items()},
        **{name: turned(matrix) for name, matrix in WEAK.items()},
    )  # fmt: skip
    assert abs(first / second - 1) < tolerance("probes-basis")


def test_protons_and_neutrons_may_have_their_own_form_factors():
    given = {"energy": 1e6, "Z": 3, "N": 4, "nucleus_mass": 7e9, "masses": [0.0], "incoming": 0, "sin2_theta_w": 0.25}
    none = probes.coherent_scattering(1.0, form_factor={"proton": 1.0, "neutron": 0.0}, **given)
    assert none == 0  # 1/2 - 2 sin^2 = 0
    recoil = np.array([1.0, 2.0])
    shape = np.array([0.9, 0.8])
    both = probes.coherent_scattering(recoil, form_factor={"proton": shape, "neutron": shape}, **given)
    assert both == pytest.approx(
        probes.coherent_scattering(recoil, form_factor=1.0, **given) * shape**2, rel=1e-15, abs=0
    )


# ---------------------------------------------------------------- readable formulas, models


@pytest.mark.parametrize("process", ["electron_scattering", "coherent_scattering"])
def test_readable_formulas_are_the_evaluators(process: str) -> None:
    rng = np.random.default_rng(11)
    options = groups(rng, 2.0)
    units = {"mu": 2.96304053422659e-07, "eps": 2.96304053422659e-07}
    units |= dict.fromkeys(("r2", "anapole"), 1.9732698045930246e-05**-2)
    T = np.array([-1.0, 0.0, 0.3, 1.2, 5.0])
    functions = {
        name.removeprefix(f"{process}_"): f for name, f in vars(probe_formulas).items() if name.startswith(process)
    }
    assert set(functions) >= {"standard_model", "electromagnetic", "vector", "scalar"}
    for name, function in functions.items():
        group = {k: v for k, v in options.get(name, {}).items() if k != "propagator"}
        weak, neutral = {"axial": hermitian(rng), "vector_weak": hermitian(rng)}, hermitian(rng)
        nucleus = NUCLEUS | {"nucleus_mass": 1.5, "weak": neutral, "nuclear": {name: 1.3} if "mass" in group else {}}
        for j in range(N):
            elements = {
                "a_ij": weak["axial"][1, j], "v_ij": weak["vector_weak"][1, j], "w_ij": neutral[1, j], "Z": 3, "F": 0.7,
                "Q_W": 3 * (0.5 - 2 * 0.23) - 4 / 2, "Q_V": 1.3, "Q_S": 1.3, "m_e": 1.5, "m_N": 1.5,
            }  # fmt: skip
            for key, value in group.items():
                if np.ndim(value):
                    elements[f"{key.removesuffix('_nu')}_ij"] = value[1, j] * units.get(key, 1.0)
                else:
                    elements["M" if key == "mass" else key] = value
            with np.errstate(all="raise"):
                found = function(E=2.0, T=T, **{k: v for k, v in elements.items() if k in function.__annotations__})
            given = {
                "energy": 2.0,
                "masses": [0.0] * N,
                "incoming": 1,
                "outgoing": j,
                **({name: group} if group else {}),
            }
            given |= {**weak, "target_mass": 1.5} if process == "electron_scattering" else nucleus
            expected = getattr(probes, process)(T, **given)
            assert found == pytest.approx(expected, rel=tolerance("formula"), abs=0)


def test_jax_arrays_give_jax_arrays_the_same_numbers_and_slopes():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    # What JAX compiles grows with the pairs of states: two show all that three do.
    weak = {name: matrix[:2, :2] for name, matrix in WEAK.items()}
    given = {"masses": [0.0, 0.2], **weak, "incoming": 1, "electromagnetic": {"mu": np.full((2, 2), 1e-10)}}
    T = np.array([-1.0, 1e3, 1e5, 7e5, 9e5])
    expected = probes.electron_scattering(T, energy=1e6, **given)
    found = jax.jit(lambda T, E: probes.electron_scattering(T, energy=E, **given))(T, 1e6)
    assert np.asarray(found) == pytest.approx(expected, rel=tolerance("probes-edges"), abs=0)
    slope = jax.grad(lambda E: probes.electron_scattering(jax.numpy.asarray(1e5), energy=E, **given))(1e6)
    low, high = (probes.electron_scattering(1e5, energy=1e6 + step, **given) for step in (-10.0, 10.0))
    assert float(slope) == pytest.approx((high - low) / 20, rel=tolerance("formula-slope"), abs=0)


def test_a_model_has_the_probes_of_its_own_interactions():
    given = {"energy": 1e6, "incoming": 0, **LIGHT}
    assert renp.Model("vector", "scalar", "electromagnetic", "tensor", "tensor_mediator").probes is probes.FUNCTIONS
    model = renp.Model("vector", second="vector")
    group = {"mass": 1e5, "g_V": 1e-6, "g_A": 2e-6, "g_L": np.eye(N) * 1e-6}
    twice = model.probes.electron_scattering(1e5, vector=group, second=group, **given)
    doubled = group | {"g_L": np.eye(N) * 2e-6}
    assert twice == pytest.approx(probes.electron_scattering(1e5, vector=doubled, **given), rel=1e-14, abs=0)
    nucleus = {"energy": 1e6, "Z": 3, "N": 4, "nucleus_mass": 7e9, "masses": [0.0] * N, "incoming": 0}
    one = model.probes.coherent_scattering(1.0, second=group, nuclear={"second": 5.0}, **nucleus)
    assert one == probes.coherent_scattering(1.0, vector=group, nuclear={"vector": 5.0}, **nucleus)


def test_numpy_alone_loads_it():
    code = (
        "import json, sys, renp_generated\n"
        "before = 'renp_generated.probes' in sys.modules\n"
        "renp_generated.probes.electron_scattering, renp_generated.probe_formulas.electron_scattering_vector\n"
        "print(json.dumps([before, sorted({'sympy', 'scipy', 'codegen', 'derivations', 'renp'} & set(sys.modules))]))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(found.stdout) == [False, []]
    assert not hasattr(renp_generated, "no_such_module")


def test_twice_the_digits():
    rng = np.random.default_rng(2)
    with mpmath.workdps(50):
        for a, b in rng.normal(size=(50, 2)):
            one, other = TwoPart(a) / TwoPart(3.0), 2 - TwoPart(b) / TwoPart(7.0)
            x, y = mpmath.mpf(a) / 3, 2 - mpmath.mpf(b) / 7
            for found, expected in ((one + other, x + y), (one * other, x * y), (one / other, x / y), (other**3, y**3)):
                value = mpmath.mpf(float(found.high)) + mpmath.mpf(float(found.low))
                assert abs(value - expected) < tolerance("two-part-digits") * max(abs(x), abs(y), 1)
            root = TwoPart(abs(a)).root(np)
            assert abs(mpmath.mpf(float(root.high)) + mpmath.mpf(float(root.low)) - mpmath.sqrt(abs(a))) < 1e-30


# ---------------------------------------------------------------- bad input

ELECTRON = {"energy": 1e6, "incoming": 0, **LIGHT}
NUCLEAR = {"energy": 1e6, "incoming": 0, "Z": 3, "N": 4, "nucleus_mass": 7e9, "masses": [0.0] * N}
SCALAR = {"mass": 1.0, "y_S_nu": np.eye(N)}


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("electron", {"energy": [1e6, 2e6, 3e6]}, r"T, energy and form_factor must broadcast, found shapes \(2,\), \(3,\)"),
        ("nucleus", {"form_factor": np.ones(3)}, r"T, energy and form_factor must broadcast, found shapes \(2,\), \(\), \(3,\)"),
        ("electron", {"energy": -1.0}, "energy must be positive, found -1.0"),
        ("electron", {"energy": float("nan")}, "energy must be finite"),
        ("electron", {"energy": "much"}, "energy must hold real numbers, found 'much'"),
        ("electron", {"masses": [0.1, 2e6, 0.1], "incoming": 1}, "energy is the total energy and must be above the mass 2000000.0"),
        ("electron", {"masses": [-0.1, 0, 0]}, "masses must be non-negative, found -0.1"),
        ("electron", {"masses": [0.1, 0.1]}, r"axial must have shape \(2, 2\) to match masses, found shape \(3, 3\)"),
        ("electron", {"incoming": 3}, "incoming must be a mass index from 0 to 2, found 3"),
        ("electron", {"incoming": True}, "incoming must be a mass index from 0 to 2, found True"),
        ("electron", {"incoming": [1, 0]}, r"incoming must be a mass index from 0 to 2 or a flavour amplitude of shape \(3,\)"),
        ("electron", {"incoming": [1, 0, float("inf")]}, "incoming must be finite"),
        ("electron", {"incoming": [1, 1, 0], "masses": [0, 0, 9e5]}, "a coherent sum for massless kinematics"),
        ("electron", {"outgoing": -1}, "outgoing must be a mass index from 0 to 2, found -1"),
        ("electron", {"outgoing": 1.0}, "outgoing must be a mass index from 0 to 2, found 1.0"),
        ("electron", {"helicity": "left"}, "helicity must be one of minus, plus, average, found 'left'"),
        ("electron", {"nature": "weyl"}, "nature must be one of dirac, majorana, found 'weyl'"),
        ("electron", {"antineutrino": "yes"}, "antineutrino must be True or False, found 'yes'"),
        ("electron", {"target_mass": 0.0}, "target_mass must be positive, found 0.0"),
        ("electron", {"scalar": {"mass": 1.0, "y": 2}}, "scalar has no entry 'y'"),
        ("electron", {"scalar": {"y_S": 2}}, r"scalar\['mass'\] is missing"),
        ("electron", {"axial": np.ones((3, 3)) * 1j}, r"axial must be Hermitian, found \[1,1\] = 0\+1j"),
        ("nucleus", {"Z": 3.5}, "Z must be a whole number of nucleons, found 3.5"),
        ("nucleus", {"Z": 0, "N": 0}, "Z and N must not both be 0"),
        ("nucleus", {"nucleus_mass": -1.0}, "nucleus_mass must be positive, found -1.0"),
        ("nucleus", {"weak": np.eye(2)}, r"weak must have shape \(3, 3\)"),
        ("nucleus", {"form_factor": {"proton": 1.0}}, "form_factor must have the keys proton and neutron, found"),
        ("nucleus", {"scalar": SCALAR}, r"nuclear\['scalar'\] is missing"),
        ("nucleus", {"scalar": SCALAR, "nuclear": {"higgs": 1}}, "nuclear has no entry 'higgs'; allowed are scalar, vector"),
        ("nucleus", {"nuclear": 1.0}, "nuclear must be a mapping of charges by group, found float"),
        ("nucleus", {"tensor": {"t": np.eye(3)}}, "tensor has no coherent current on a nucleus of spin 0: it needs a target of spin 1/2"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_line(name: str, change: dict[str, Any], message: str) -> None:
    function, given = (
        (probes.electron_scattering, ELECTRON) if name == "electron" else (probes.coherent_scattering, NUCLEAR)
    )
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        function([1e4, 2e4], **(given | change))
    assert "\n" not in str(caught.value)


def test_words_that_no_call_has():
    with pytest.raises(TypeError, match="there is no argument 'axial'; allowed are energy, masses"):
        probes.FUNCTIONS.coherent_scattering(1.0, axial=np.eye(3), **NUCLEAR)
    with pytest.raises(TypeError, match="the argument Z is missing"):
        probes.FUNCTIONS.coherent_scattering(1.0, **{k: v for k, v in NUCLEAR.items() if k != "Z"})
    with pytest.raises(TypeError, match="the argument energy is missing"):
        probes.FUNCTIONS.electron_scattering(1.0, masses=[0.0], incoming=0)
    with pytest.raises(ValueError, match="T must be finite"):
        probes.electron_scattering(float("nan"), **ELECTRON)
