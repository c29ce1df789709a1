"""The spectral function for JAX: values and derivatives of the other evaluators, finite everywhere, traced as JAX does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import renp
import renp_generated
from renp.testing.arguments import E_EG, E_VG, random_arguments, random_energies, seeded
from tests.tolerances import tolerance

jax = pytest.importorskip("jax")
jax.config.update("jax_enable_x64", True)
jnp = jax.numpy

GROUPS = tuple(group.name for group in renp_generated.GROUPS)
NATURES = ("dirac", "majorana")
ATOM = {"E_eg": E_EG, "E_vg": E_VG}
WEAK = ATOM | {"masses": [0.01, 0.05], "axial": np.array([[0.3, 0.1j], [-0.1j, 0.2]])}
OWN = """
name = "own"
title = "Own"
description = "Own."
references = []
propagator = { kind = "massive", spin = 0, mass = "M" }
electron = [ { coupling = "e_P", bilinear = "i gamma5" } ]
neutrino = [ { coupling = "f", bilinear = "PR", hermitian = "add conjugate" } ]
"""


def arguments(step: str, nature: str = "dirac", tensor: str = "general", n: int = 3, **more: Any) -> dict[str, Any]:
    return random_arguments(f"jax {step} {nature}", GROUPS, nature, n, tensor, step) | more


def relative(found: Any, expected: Any) -> float:
    return float(np.max(np.abs(np.asarray(found) / np.asarray(expected) - 1)))


# ---------------------------------------------------------------- values


@pytest.mark.parametrize("where", ["random", "near threshold"])
@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("step", ["M1", "E1"])
def test_values_are_those_of_the_exact_evaluator(step: str, nature: str, where: str) -> None:
    singles = [((name,), "general") for name in GROUPS[NATURES.index(nature) :: 2]]
    for chosen, tensor in (*singles, (GROUPS, "averaged"), (GROUPS, "general")):
        name = f"jax {chosen} {step} {nature} {tensor}"
        given = random_arguments(name, chosen, nature, 2, tensor, step)
        omega = random_energies(seeded(name), given["masses"], where, 4)
        found = np.asarray(renp_generated.jax.spectral_function(omega, **given))
        expected, sizes = exact(omega, given)
        assert (np.abs(found - expected) <= tolerance("jax-value") * sizes).all(), name


def exact(omega: np.ndarray, given: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Return the values, and the sums of the sizes of all terms, which is what rounding is measured by."""
    with mpmath.workdps(40):
        evaluator = renp_generated.prepare_exact(number=mpmath.mpf, root=mpmath.sqrt, **given)
        pairs = [(float(evaluator(float(w))), float(abs(evaluator.size(float(w))))) for w in omega]
    return tuple(np.array(pairs).T)


@pytest.mark.parametrize("moved", [(), ("E_eg",), ("masses",), ("omega",), ("omega", "masses")])
def test_constants_of_a_compiled_function_cost_no_digits(moved: tuple[str, ...]) -> None:
    """XLA adds up constants that stand in one sum, whatever the rest of the sum is."""
    given = WEAK | {"omega": random_energies(seeded("constants"), np.array(WEAK["masses"]), "near threshold", 8)}
    rest = {name: value for name, value in given.items() if name not in moved}
    found = jax.jit(lambda values: renp_generated.jax.spectral_function(**rest, **values))(
        {name: np.asarray(given[name]) for name in moved}
    )
    expected, sizes = exact(given["omega"], WEAK)
    assert (np.abs(found - expected) <= tolerance("jax-value") * sizes).all()


FURTHER: Mapping[str, dict[str, Any]] = {
    "L + 2S": {"m1": "full"},
    "imprinted momentum": {"imprinted_momentum": -0.4},
    "several states": {"E_vg": [2.3, 2.9], "intermediate_amplitudes": [0.7, -0.2]},
    "photon first": {"crossed": {"E_vg": [2.3, 3.1], "amplitudes": [0.6, -0.2]}},
    "no light across": {"atomic_tensor": np.diag([0.0, 0.0, 1.0])},
}


@pytest.mark.parametrize("more", FURTHER.values(), ids=FURTHER)
@pytest.mark.parametrize("step", ["M1", "E1"])
def test_every_further_argument_is_heard(step: str, more: dict[str, Any]) -> None:
    given = arguments(step, "majorana", **more) | ({"dipole_length": 1.7} if step == "E1" else {})
    for group in ("vector", "scalar"):
        given[group] = given[group] | {"width": 0.2}
    given["vector"] |= {"propagator": "unitary"}
    omega = np.linspace(0.1, 0.8, 7)
    expected = renp_generated.spectral_function(omega, **given)
    assert relative(renp_generated.jax.spectral_function(omega, **given), expected) < tolerance("jax")


def test_an_exact_tensor_and_units_are_taken_as_elsewhere() -> None:
    import sympy

    exact = sympy.Matrix([[1, sympy.I, 0], [-sympy.I, 1, 0], [0, 0, 0]]) / 2
    given = WEAK | {"vector_weak": np.eye(2), "atomic_tensor": exact}
    found = renp_generated.jax.spectral_function(0.9, **given)
    assert relative(found, renp_generated.spectral_function(0.9, **given)) < tolerance("jax")


def test_an_interference_keeps_the_digits_that_its_amplitude_has() -> None:
    """The amplitude is the small rest of two of order one: its rounding, over the rest, is all that is lost."""
    a, M, g_A, w0 = 0.4, 3.0, 1e-11, 0.7
    case = ATOM | {"masses": [0.02], "axial": [[a]]}
    pole = 2**0.5 / renp_generated.jax.G_F * g_A / (E_EG * (E_EG - 2 * w0) - M**2)
    worst = []
    for rest in (1e-1, 1e-3, 1e-6):
        case["vector"] = {"mass": M, "g_A": g_A, "g_L": [[-2 * a / pole * (1 - rest)]]}
        with mpmath.workdps(40):
            expected = renp_generated.spectral_function_exact(w0, number=mpmath.mpf, root=mpmath.sqrt, **case)
            plain = renp_generated.spectral_function(w0, **case | {"vector": None})
            assert abs(expected / plain / rest**2 - 1) < 0.01
            worst.append(abs(float(renp_generated.jax.spectral_function(w0, **case)) / float(expected) - 1) * rest)
    assert max(worst) < tolerance("jax-amplitude")


# ---------------------------------------------------------------- derivatives


def real_parts(tree: Any) -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{key}", entry) for key, entry in real_parts(value))
        else:
            yield name, value


@pytest.mark.parametrize(
    ("step", "nature"),
    [
        ("M1", "dirac"),
        ("E1", "majorana"),
        pytest.param("M1", "majorana", marks=pytest.mark.slow),
        pytest.param("E1", "dirac", marks=pytest.mark.slow),
    ],
)
def test_derivatives_are_those_of_the_gradient(step: str, nature: str) -> None:
    given = arguments(step, nature, E_vg=np.array([2.3, 2.9]), intermediate_amplitudes=np.array([0.7, -0.2]))
    given |= {"crossed": {"E_vg": np.array([2.4]), "amplitudes": np.array([0.3])}, "imprinted_momentum": 0.1}
    for group in ("vector", "scalar", "tensor_mediator"):
        given[group] = given[group] | {"width": 0.2}
    if step == "E1":
        given["dipole_length"] = 1.3
    omega = np.array([0.3, 0.8])
    fixed, moved = split(given)

    def function(w: Any, values: Any) -> Any:
        return renp_generated.jax.spectral_function(w, **joined(fixed, values))

    by_omega, by_values = jax.jit(jax.jacfwd(function, argnums=(0, 1)))(omega, moved)
    found = dict(real_parts(by_values)) | {"omega": np.diagonal(by_omega)}
    expected = renp_generated.spectral_gradient(omega, **given)
    assert {name for name, value in found.items() if np.any(np.asarray(value))} <= set(expected)
    for name, slope in expected.items():
        scale = np.abs(slope).max() or 1.0
        assert np.allclose(np.asarray(found[name]), slope, rtol=0, atol=tolerance("jax-gradient") * scale), name


def split(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what is fixed, and all numbers as real arrays: ``{name: {"real": ..., "imag": ...}}`` for matrices."""
    fixed: dict[str, Any] = {}
    moved: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, Mapping):
            fixed[name], moved[name] = split(value)
        elif value is None or isinstance(value, str) or name == "atomic_tensor":
            fixed[name] = value
        elif np.iscomplexobj(value):
            moved[name] = {"real": value.real, "imag": value.imag}
        else:
            moved[name] = np.asarray(value, float)
    return fixed, moved


def joined(fixed: Any, moved: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(fixed)
    for name, value in moved.items():
        if set(value if isinstance(value, Mapping) else ()) == {"real", "imag"}:
            result[name] = value["real"] + 1j * value["imag"]
        else:
            result[name] = joined(fixed[name], value) if isinstance(value, Mapping) else value
    return result


def test_the_tensor_of_the_atom_has_a_derivative() -> None:
    tensor = np.array([[0.3, 0.1 - 0.2j, 0], [0.1 + 0.2j, 0.3, 0], [0, 0, 0.4]])
    given = WEAK | {"vector_weak": np.array([[0.4, 0.1], [0.1, 0.2]]) * 1e6, "m1": "spin"}
    slope = jax.grad(lambda T: renp_generated.jax.spectral_function(0.9, **given, atomic_tensor=T))(tensor + 0j)
    whole = renp_generated.spectral_function(0.9, **given, atomic_tensor=tensor)
    assert float((np.asarray(slope) * tensor).real.sum()) == pytest.approx(float(whole), rel=tolerance("jax"), abs=0)


MASSES = ([0.0, 0.0], [0.05, 0.05], [0.0, 0.25])


@pytest.mark.parametrize("nature", [pytest.param("dirac", marks=pytest.mark.slow), "majorana"])
def test_values_and_derivatives_are_finite_at_every_energy(nature: str) -> None:
    chosen = ("standard_model", "vector")
    given = random_arguments(f"jax finite {nature}", chosen, nature, 2, "averaged", "M1")
    given["vector"] |= {"mass": 3.0, "width": 0.0, "propagator": "unitary", "m1": "spin"}
    fixed, moved = split(given)

    def function(w: Any, values: Any) -> Any:
        return renp_generated.jax.spectral_function(w, **joined(fixed, values))

    both = jax.jit(jax.vmap(jax.value_and_grad(function, argnums=(0, 1)), (0, None)))
    for masses in MASSES:
        omega, highest = edges(masses)
        values, slopes = both(omega, moved | {"masses": np.array(masses)})
        assert np.allclose(values, renp_generated.spectral_function(omega, **given | {"masses": masses}), atol=0)
        for leaf in jax.tree.leaves(slopes):
            assert np.isfinite(leaf).all()
            assert not np.asarray(leaf)[omega > highest].any()


def edges(masses: list[float]) -> tuple[np.ndarray, float]:
    """Return photon energies at, around and far from every threshold, fifteen in all, and the highest threshold."""
    thresholds = renp_generated.prepare(**WEAK | {"masses": masses}).thresholds
    near = [w for t in thresholds for w in (np.nextafter(t, 0), t, np.nextafter(t, 9)) if w < E_EG / 2]
    rest = np.linspace(0.1, 0.999 * E_EG / 2, 15 - len(near))
    return np.array([*near, *rest]), max(thresholds)


def test_second_derivatives_are_finite_at_every_energy() -> None:
    def function(w: Any, masses: Any) -> Any:
        return renp_generated.jax.spectral_function(w, **WEAK | {"masses": masses})

    bends = jax.jit(jax.vmap(jax.hessian(function, argnums=(0, 1)), (0, None)))
    for masses in MASSES:
        omega, highest = edges(masses)
        for leaf in jax.tree.leaves(bends(omega, np.array(masses))):
            assert np.isfinite(leaf).all()
            assert not np.asarray(leaf)[omega > highest].any()


def test_a_pole_above_all_thresholds_disturbs_nothing() -> None:
    # E_eg = 4, M = 2: s = M^2 at omega = 1.5 exactly, above the threshold of two neutrinos of 1.5 eV.
    given = {"E_eg": 4.0, "E_vg": 4.5, "masses": [1.5], "axial": [[0.5]]}
    mediator = {"g_A": 1e-12, "g_L": [[1.0]], "g_R": [[0.5]]}

    def function(mass: Any) -> Any:
        return renp_generated.jax.spectral_function(1.5, **given, vector=mediator | {"mass": mass})

    assert jax.value_and_grad(function)(2.0) == (0.0, 0.0)


# ---------------------------------------------------------------- transformations


def test_batches_are_loops() -> None:
    given = arguments("M1", "majorana")
    rng = np.random.default_rng(1)
    masses = rng.uniform(0.01, 0.2, (5, 3))
    omega = np.linspace(0.2, 0.9, 4)

    def function(m: Any) -> Any:
        return renp_generated.jax.spectral_function(omega, **given | {"masses": m})

    found = jax.jit(jax.vmap(function))(masses)
    expected = [renp_generated.spectral_function(omega, **given | {"masses": m}) for m in masses]
    assert relative(found, expected) < tolerance("jax")
    assert relative([function(m) for m in masses], expected) < tolerance("jax")


def test_lists_of_traced_numbers_and_any_shape_of_energies_are_taken() -> None:
    omega = np.full((2, 1, 3), 0.9)

    def function(lightest: Any) -> Any:
        heavy = jnp.sqrt(lightest**2 + 2.5e-3)
        return renp_generated.jax.spectral_function(omega, **WEAK | {"masses": [lightest, heavy]})

    found = jax.jit(function)(0.02)
    expected = renp_generated.spectral_function(omega, **WEAK | {"masses": [0.02, (0.02**2 + 2.5e-3) ** 0.5]})
    assert found.shape == (2, 1, 3)
    assert relative(found, expected) < tolerance("jax")


def test_only_what_is_fixed_compiles_again() -> None:
    from renp_generated.runtime import jax_pairs

    traces = jax_pairs._spectrum
    traces.clear_cache()

    def compiled(**more: Any) -> int:
        renp_generated.jax.spectral_function(jnp.array([0.5, 0.9]), **WEAK | more)
        return int(traces._cache_size())

    assert compiled() == 1
    assert compiled(masses=[0.02, 0.03], E_eg=2, E_vg=2.3, axial=np.eye(2) * (1 + 0j)) == 1
    assert compiled(nature="majorana") == 2
    assert compiled(nature="majorana", vector={"mass": 1.0, "g_A": 1e-12, "g_L": np.eye(2)}) == 3
    assert compiled(nature="majorana", vector={"mass": 5, "g_A": 2e-12, "g_L": np.ones((2, 2))}) == 3
    assert compiled(nature="majorana", vector={"mass": 5, "g_A": 2e-12, "g_R": np.ones((2, 2))}) == 4


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    "call",
    [
        lambda: renp_generated.jax.spectral_function(jnp.float32(0.9), **WEAK),
        lambda: renp_generated.jax.spectral_function(0.9, **WEAK | {"masses": np.array([0.01, 0.05], np.float32)}),
        lambda: jax.jit(lambda a: renp_generated.jax.spectral_function(0.9, **WEAK | {"axial": a}))(
            jnp.eye(2, dtype=jnp.complex64)
        ),
    ],
)
def test_single_precision_is_refused_in_one_line(call: Any) -> None:
    with pytest.raises(
        TypeError, match=r'must be in double precision: call .*"jax_enable_x64".*, found (float32|complex64)'
    ):
        call()


def test_single_precision_throughout_is_refused_in_one_line() -> None:
    code = (
        "import renp_generated, sys\nassert 'jax' not in sys.modules\n"
        "try:\n    renp_generated.jax.spectral_function(0.9, E_eg=2.0, E_vg=2.5, masses=[0.1], axial=[[0.5]])\n"
        "except TypeError as error:\n    print(error)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "jax_enable_x64" in printed
    assert printed.count("\n") == 1


BAD: Mapping[str, tuple[dict[str, Any], str]] = {
    "energy": ({"omega": 1.2}, r"omega must satisfy 0 < omega < E_eg/2"),
    "mass": ({"masses": [-0.1, 0.1]}, "masses must be non-negative, found -0.1"),
    "shape": ({"axial": np.eye(3)}, r"axial must have shape \(2, 2\) to match masses, found shape \(3, 3\)"),
    "Hermitian": ({"axial": [[0, 1], [2, 0]]}, "axial must be Hermitian"),
    "word": ({"masses": ["a", "b"]}, "masses must hold real numbers"),
    "entry": ({"vector": {"mass": 1.0, "g": 1.0}}, "vector has no entry 'g'"),
    "missing": ({"vector": {"g_A": 1.0}}, r"vector\['mass'\] is missing"),
    "group": ({"vectors": {"g_A": 1.0}}, "there is no argument 'vectors'"),
    "nature": ({"nature": "weyl"}, "nature must be one of dirac, majorana"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_arguments_are_refused_as_elsewhere(name: str) -> None:
    more, message = BAD[name]
    given = {"omega": 0.9} | WEAK | more
    with pytest.raises((TypeError, ValueError), match=message):
        renp_generated.jax.spectral_function(**given)


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_traced_is_looked_at_and_of_the_rest_the_shape(name: str) -> None:
    more, message = BAD[name]
    given = {"omega": 0.9} | WEAK | more
    with pytest.raises((TypeError, ValueError), match=message):
        jax.jit(lambda x: renp_generated.jax.spectral_function(**given | {"vector_weak": x}))(np.eye(2))
    if name == "shape":
        with pytest.raises(ValueError, match=message):
            jax.jit(lambda x: renp_generated.jax.spectral_function(**given | {"axial": x}))(np.eye(3))
    levels = {"E_vg": 1.0, "crossed": {"E_vg": [1.0], "amplitudes": [1.0]}}
    assert jax.jit(lambda E: renp_generated.jax.spectral_function(0.3, **WEAK | levels | {"E_eg": E}))(0.8).shape == ()


def test_without_jax_the_module_says_what_to_install() -> None:
    code = (
        "import sys, renp_generated\nsys.modules['jax'] = None\n"
        "try:\n    renp_generated.jax\nexcept ImportError as error:\n    print(error)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert 'python -m pip install "renp[jax]"' in printed
    assert printed.count("\n") == 1


# ---------------------------------------------------------------- models


@cache
def own_model(folder: Path) -> renp.Model:
    path = folder / "own.toml"
    path.write_text(OWN)
    return renp.Model(path, "scalar", second="vector")


@pytest.mark.parametrize("standalone", [False, True])
def test_a_package_of_any_model_has_a_module_for_jax(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standalone: bool
) -> None:
    import importlib

    model = own_model(tmp_path)
    name = f"jax_package_{standalone}"
    model.generate(tmp_path / name, target="jax", standalone=standalone)
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module(name)
    rng = np.random.default_rng(3)
    given = ATOM | {
        "masses": [0.03, 0.1],
        "axial": [[0.4, 0.1j], [-0.1j, 0.3]],
        "own": {"M": 1.5, "e_P": 1e-6, "f": rng.normal(size=(2, 2)) * 1e-11 + 1e-11j * rng.normal(size=(2, 2))},
        "second": {"mass": 2.0, "g_A": 1e-12, "g_V": 1e-6, "g_L": np.eye(2), "propagator": "unitary"},
        "scalar": {"mass": 1.0, "y_P": 1e-6, "y_S_nu": 1e-11 * np.eye(2), "y_P_nu": 1e-11 * np.eye(2)},
    }
    omega = np.array([0.3, 0.9])
    for nature in NATURES:
        for step in ("M1", "E1"):
            case = given | {"nature": nature, "pair_step": step, "vector_weak": np.eye(2)}
            expected = model.spectral_function(omega, **case)
            assert relative(package.jax.spectral_function(omega, **case), expected) < tolerance("jax")


def test_packages_without_jax_do_not_bring_its_runtime(tmp_path: Path) -> None:
    renp.Model("tensor").generate(tmp_path / "plain", standalone=True)
    assert not list((tmp_path / "plain").rglob("*jax*"))
