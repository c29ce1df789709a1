"""Derivatives of the spectral function: against 50-digit differentiation of the exact route, and against its symmetries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
import pytest

import renp_generated
from renp_generated import vertices
from renp_generated.runtime import exact
from renp_generated.runtime.arguments import Inputs
from renp_generated.runtime.verify import E_EG, E_VG, random_arguments
from tests.tolerances import tolerance

DIGITS = 50
GROUPS = {group.name: group for group in renp_generated.GROUPS}
CIRCULAR = np.array([[0.5, 0.5j, 0], [-0.5j, 0.5, 0], [0, 0, 0]])
MASSES = {1: [0.11], 2: [0.07, 0.21], 3: [0.03, 0.11, 0.19]}


def arguments_of(
    names: tuple[str, ...], nature: str, n: int, *, step: str = "M1", light: str = "general"
) -> dict[str, Any]:
    """Return arguments with every entry a multiple of a power of two, so that floats add without rounding."""
    label = f"gradient {names} {nature} {n} {step}"
    light_of_draw = "averaged" if light == "averaged" else "general"
    drawn = random_arguments(renp_generated.FUNCTIONS, vertices, label, names, nature, step, n, light_of_draw)
    drawn["masses"] = MASSES[n]
    if light == "circular":
        drawn["atomic_tensor"] = CIRCULAR
    return {key: _coarse_entries(key, value) for key, value in drawn.items()}


def _coarse_entries(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _coarse(entry) for name, entry in value.items()}
    return _coarse(value) if key in ("axial", "vector_weak") else value


def _coarse(entry: Any) -> Any:
    if not isinstance(entry, np.ndarray) or not entry.any():
        return entry
    unit = binade(entry) / 2**20
    return np.round(entry / unit) * unit


def binade(matrix: Any) -> float:
    """Return the power of two at or below the largest entry, 1 for zeros."""
    largest = np.abs(matrix).max()
    return float(2.0 ** np.floor(np.log2(largest))) if largest else 1.0


def energies(arguments: Mapping[str, Any], *distances: float) -> list[float]:
    """Return photon energies at relative distances below the lowest threshold."""
    lowest = E_EG / 2 - (2 * max(arguments["masses"])) ** 2 / (2 * E_EG)
    return [lowest * (1 - distance) for distance in distances]


# ---------------------------------------------------------------- the oracle: mpmath on the exact route


def exact_value(inputs: Inputs, omega: Any) -> Any:
    tables = renp_generated.FUNCTIONS.tables[inputs.pair_step]
    return exact.prepared(tables, inputs, mpmath.mpf, mpmath.sqrt)(omega)


def with_entry(inputs: Inputs, group: str, name: str, value: Any) -> Inputs:
    return replace(inputs, groups={**inputs.groups, group: {**inputs.groups[group], name: value}})


def with_item(inputs: Inputs, name: str, index: int, value: Any) -> Inputs:
    old = getattr(inputs, name)
    return replace(inputs, **{name: (*old[:index], value, *old[index + 1 :])})


def with_mediator(inputs: Inputs, group: str, index: int, value: Any) -> Inputs:
    old = inputs.mediators[group]
    return replace(inputs, mediators={**inputs.mediators, group: (*old[:index], value, *old[index + 1 :])})


def slopes_of_numbers(inputs: Inputs, omega: float) -> Iterator[tuple[str, tuple[int, ...], Any]]:
    """Yield (parameter, index, derivative) of everything but the matrices."""
    w = mpmath.mpf(omega)

    def slope(change: Callable[[Any], Inputs], at: float) -> Any:
        return mpmath.diff(lambda x: exact_value(change(x), w), mpmath.mpf(at), direction=0 if at else 1)

    yield "omega", (), mpmath.diff(lambda x: exact_value(inputs, x), w)
    yield "E_eg", (), slope(lambda x: replace(inputs, E_eg=x), inputs.E_eg)
    K = mpmath.mpf(inputs.imprinted_momentum)
    yield "imprinted_momentum", (), mpmath.diff(lambda x: exact_value(replace(inputs, imprinted_momentum=x), w), K)
    if inputs.pair_step == "E1":
        yield "dipole_length", (), slope(lambda x: replace(inputs, dipole_length=x), inputs.dipole_length)
    for field, label in (("E_vg", "E_vg"), ("amplitudes", "intermediate_amplitudes"), ("masses", "masses")):
        for k, at in enumerate(getattr(inputs, field)):
            yield label, (k,), slope(lambda x, field=field, k=k: with_item(inputs, field, k, x), at)
    for k, (level, c) in enumerate(inputs.crossed):

        def other(x: Any, y: Any, k: int = k) -> Inputs:
            return replace(inputs, crossed=(*inputs.crossed[:k], (x, y), *inputs.crossed[k + 1 :]))

        yield "crossed.E_vg", (k,), slope(lambda x, c=c, other=other: other(x, c), level)
        yield "crossed.amplitudes", (k,), slope(lambda x, level=level, other=other: other(level, x), c)
    for name in inputs.groups:
        for argument in GROUPS[name].arguments:
            label = f"{GROUPS[name].keyword}.{argument.name}"
            at = inputs.groups[name][argument.name]
            if argument.kind == "real":
                yield label, (), slope(lambda x, g=name, a=argument.name: with_entry(inputs, g, a, x), at)
            elif argument.kind in ("mass", "width"):
                index = ("mass", "width").index(argument.kind)
                yield label, (), slope(lambda x, g=name, k=index: with_mediator(inputs, g, k, x), at)


def slopes_of_matrices(inputs: Inputs, omega: float) -> Iterator[tuple[str, tuple[int, ...], Any]]:
    """Yield (parameter, index, derivative) of each real parameter of each matrix."""
    n = len(inputs.masses)
    for group, name, matrix in matrices(inputs):
        keyword = GROUPS[group].keyword
        step = binade(matrix)
        for i in range(n):
            for j in range(i, n):
                for part, unit in (("real", 1.0), ("imag", 1j))[: 2 if i < j else 1]:
                    move = np.zeros((n, n), dtype=complex)
                    move[j, i], move[i, j] = np.conj(unit) * step, unit * step
                    label = f"{keyword}.{name}.{part}" if keyword else f"{name}.{part}"
                    yield label, (i, j), along({(group, name): move}, inputs, omega) / step


def matrices(inputs: Inputs) -> list[tuple[str, str, Any]]:
    return [
        (group, argument.name, inputs.groups[group][argument.name])
        for group in inputs.groups
        for argument in GROUPS[group].arguments
        if argument.kind == "matrix" and inputs.groups[group][argument.name] is not None
    ]


def along(moves: Mapping[tuple[str, str], Any], inputs: Inputs, omega: float) -> Any:
    """Return the derivative along a direction of matrices: a symmetric difference is exact for a quadratic function."""
    values = []
    for sign in (1, -1):
        there = inputs
        for (group, name), move in moves.items():
            before = inputs.groups[group][name]
            after = before + sign * move
            assert np.array_equal(after - before, sign * move)
            there = with_entry(there, group, name, after)
        values.append(exact_value(there, mpmath.mpf(omega)))
    return (values[0] - values[1]) / 2


def compare(gradient: Mapping[str, Any], wanted: Iterator[tuple[str, tuple[int, ...], Any]], size: float) -> set[str]:
    """Assert agreement relative to the largest entry of each parameter; return the names of the parameters."""
    collected: dict[str, dict[tuple[int, ...], Any]] = {}
    for label, index, value in wanted:
        collected.setdefault(label, {})[index] = value
    for label, entries in collected.items():
        found = np.asarray(gradient[label])
        largest = float(max(abs(value) for value in entries.values()))
        if largest <= 1e-30 * size:
            assert float(np.abs(found).max()) <= 1e-14 * size, label
            continue
        for index, value in entries.items():
            error = float(abs(mpmath.mpf(float(found[index])) - value)) / largest
            assert error <= tolerance("gradient"), (label, index, error)
    return set(collected)


def check_every_parameter(arguments: Mapping[str, Any], omega: float) -> None:
    inputs = renp_generated.checked_inputs(**arguments)
    gradient = renp_generated.spectral_gradient(omega, **arguments)
    with mpmath.workdps(DIGITS):
        size = float(abs(exact_value(inputs, mpmath.mpf(omega))))
        named = compare(gradient, slopes_of_numbers(inputs, omega), size)
        named |= compare(gradient, slopes_of_matrices(inputs, omega), size)
    for name in set(gradient) - named:
        assert name.endswith(".imag"), name
        assert not np.any(gradient[name])
    for label, values in gradient.items():
        if label.endswith((".real", ".imag")):
            assert not np.tril(values, -1).any()


CASES = [
    ("standard_model", "dirac", "M1", "circular"),
    ("standard_model", "majorana", "M1", "averaged"),
    ("electromagnetic", "dirac", "M1", "general"),
    ("scalar", "dirac", "M1", "averaged"),
    ("tensor", "majorana", "M1", "circular"),
    ("tensor_mediator", "dirac", "M1", "circular"),
    ("vector", "majorana", "M1", "general"),
    ("vector", "dirac", "E1", "averaged"),
    ("scalar", "majorana", "E1", "general"),
]


@pytest.mark.parametrize(("name", "nature", "step", "light"), CASES)
def test_every_parameter_of_one_interaction(name: str, nature: str, step: str, light: str) -> None:
    arguments = arguments_of((name,), nature, 2, step=step, light=light)
    far, near = energies(arguments, 0.3, 1e-12)
    check_every_parameter(arguments, near if name in ("standard_model", "tensor", "scalar") else far)


@pytest.mark.parametrize(("nature", "step"), [("dirac", "M1"), ("majorana", "M1"), ("majorana", "E1")])
def test_interferences_along_a_direction_of_all_couplings(nature: str, step: str) -> None:
    arguments = arguments_of(tuple(GROUPS), nature, 2, step=step)
    for name in ("vector", "tensor_mediator"):
        arguments[name]["width"] = 0.3
    arguments["vector"]["propagator"] = "unitary"
    (omega,) = energies(arguments, 1e-12)
    inputs = renp_generated.checked_inputs(**arguments)
    gradient = renp_generated.spectral_gradient(omega, **arguments)
    rng = np.random.default_rng(7)
    moves, total, terms = {}, 0.0, 0.0
    for group, name, matrix in matrices(inputs):
        scale = binade(matrix)
        raw = rng.integers(-8, 8, (2, 2)) + 1j * rng.integers(-8, 8, (2, 2))
        moves[group, name] = move = (raw + raw.conj().T) * scale / 8
        label = f"{GROUPS[group].keyword}.{name}".lstrip(".")
        pieces = gradient[f"{label}.real"] * move.real + gradient[f"{label}.imag"] * move.imag
        total, terms = total + pieces.sum(), terms + np.abs(pieces).sum()
    with mpmath.workdps(DIGITS):
        expected = float(along(moves, inputs, omega))
    assert abs(total - expected) <= tolerance("gradient") * terms
    assert abs(expected) > 1e-3 * terms


@pytest.mark.parametrize(("nature", "step", "light"), [("dirac", "M1", "general"), ("majorana", "E1", "averaged")])
def test_every_number_with_everything_on(nature: str, step: str, light: str) -> None:
    arguments = arguments_of(tuple(GROUPS), nature, 1, step=step, light=light)
    arguments |= {"E_vg": [E_VG, 2.6], "intermediate_amplitudes": [1.0, -0.4]}
    (omega,) = energies(arguments, 0.2)
    inputs = renp_generated.checked_inputs(**arguments)
    gradient = renp_generated.spectral_gradient(omega, **arguments)
    with mpmath.workdps(DIGITS):
        compare(gradient, slopes_of_numbers(inputs, omega), float(exact_value(inputs, mpmath.mpf(omega))))


@pytest.mark.parametrize(("K", "step"), [(0.3, "M1"), (-0.5, "M1"), (-0.5, "E1"), (-1.1, "E1")])
def test_every_number_with_an_imprinted_momentum(K: float, step: str) -> None:
    """The pair goes along, stands still, where the derivative of a first power of q_z is left, or goes back."""
    arguments = arguments_of(tuple(GROUPS), "majorana", 2, step=step) | {"imprinted_momentum": K}
    if step == "E1":
        arguments["crossed"] = {"E_vg": [2.3, 3.0], "amplitudes": [0.7, -0.4]}
    inputs = renp_generated.checked_inputs(**arguments)
    gradient = renp_generated.spectral_gradient(0.5, **arguments)
    with mpmath.workdps(DIGITS):
        size = float(exact_value(inputs, mpmath.mpf(0.5)))
        assert "imprinted_momentum" in compare(gradient, slopes_of_numbers(inputs, 0.5), size)


@pytest.mark.slow
@pytest.mark.parametrize("distance", [0.3, 1e-12])
@pytest.mark.parametrize("light", ["averaged", "circular", "general"])
@pytest.mark.parametrize("nature", ["dirac", "majorana"])
@pytest.mark.parametrize("step", ["M1", "E1"])
@pytest.mark.parametrize("names", [*((name,) for name in GROUPS), tuple(GROUPS)], ids="+".join)
def test_every_parameter_of_everything(
    names: tuple[str, ...], step: str, nature: str, light: str, distance: float
) -> None:
    arguments = arguments_of(names, nature, 2 if len(names) > 1 else 3, step=step, light=light)
    check_every_parameter(arguments, *energies(arguments, distance))


# ---------------------------------------------------------------- what physics demands

VECTOR = {"mass": 3.0, "g_A": 1e-11, "g_L": [[1e-12, 3e-13j], [-3e-13j, 2e-12]], "g_R": [[2e-12, 0], [0, -1e-12]]}
AXIAL = [[0.4, 0.2 - 0.1j], [0.2 + 0.1j, -0.3]]
BASE: dict[str, Any] = {"E_eg": 2.0, "E_vg": [2.1, 2.4], "intermediate_amplitudes": [1.0, 0.3], "masses": [0.05, 0.2]}
NONE: dict[str, Any] = {**BASE, "axial": np.zeros((2, 2))}
OMEGA = np.linspace(0.2, 0.9, 7)

DEGREES = {
    "weak": ({**BASE, "axial": AXIAL}, 0),
    "contact tensor": ({**NONE, "tensor": {"t": AXIAL}}, 0),
    "axial mediator": ({**NONE, "vector": VECTOR}, -4),
    "axial mediator, unitary, wide": ({**NONE, "vector": {**VECTOR, "propagator": "unitary", "width": 0.4}}, -4),
    "magnetic mediator": ({**NONE, "vector": {**VECTOR, "g_A": 0.0, "g_V": 1e-5}}, -2),
    "scalar mediator": ({**NONE, "scalar": {"mass": 2.5, "y_P": 1e-6, "y_S_nu": AXIAL, "y_P_nu": AXIAL}}, -2),
    "moments": ({**NONE, "electromagnetic": {"mu": AXIAL, "eps": AXIAL}}, 0),
    "radii": ({**NONE, "electromagnetic": {"r2": AXIAL, "anapole": AXIAL}}, 2),
}
"""Arguments and the power of energy that is left when all energies and masses grow and the constants stay."""


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
@pytest.mark.parametrize("name", DEGREES)
def test_dimensional_analysis_holds_for_the_derivatives(name: str, nature: str) -> None:
    arguments, degree = DEGREES[name]
    value = renp_generated.spectral_function(OMEGA, **arguments, nature=nature)
    slopes = renp_generated.spectral_gradient(OMEGA, **arguments, nature=nature)
    pieces = [OMEGA * slopes["omega"], arguments["E_eg"] * slopes["E_eg"]]
    pieces += list((slopes["E_vg"] * arguments["E_vg"]).T) + list((slopes["masses"] * arguments["masses"]).T)
    for group in ("vector", "scalar"):
        for entry in ("mass", "width"):
            if group in arguments:
                pieces.append(slopes[f"{group}.{entry}"] * arguments[group].get(entry, 0.0))
    bound = tolerance("gradient-sum-rule") * np.abs(pieces).sum(axis=0)
    assert (np.abs(np.sum(pieces, axis=0) - degree * value) <= bound).all()
    assert (np.abs(pieces).sum(axis=0) > value).all()


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
@pytest.mark.parametrize("name", DEGREES)
def test_the_rate_of_one_interaction_is_quadratic_in_its_couplings(name: str, nature: str) -> None:
    arguments, _ = DEGREES[name]
    value = renp_generated.spectral_function(OMEGA, **arguments, nature=nature)
    slopes = renp_generated.spectral_gradient(OMEGA, **arguments, nature=nature)
    keyword = next((key for key in arguments if isinstance(arguments[key], dict)), "")
    entries = arguments[keyword] if keyword else {"axial": arguments["axial"]}
    total = np.zeros(OMEGA.shape)
    for entry, matrix in entries.items():
        label = f"{keyword}.{entry}".lstrip(".")
        if f"{label}.real" in slopes:
            H = np.asarray(matrix)
            total += (slopes[f"{label}.real"] * H.real + slopes[f"{label}.imag"] * H.imag).sum(axis=(1, 2))
    np.testing.assert_allclose(total, 2 * value, rtol=tolerance("gradient-sum-rule"), atol=0)
    electron = [slopes[f"{keyword}.{entry}"] * entries[entry] for entry in ("g_A", "g_V", "y_P") if entry in entries]
    if electron:
        np.testing.assert_allclose(np.sum(electron, axis=0), 2 * value, rtol=tolerance("gradient-sum-rule"), atol=0)
    squares = (slopes["intermediate_amplitudes"] * arguments["intermediate_amplitudes"]).sum(axis=1)
    np.testing.assert_allclose(squares, 2 * value, rtol=tolerance("gradient-sum-rule"), atol=0)


@pytest.mark.parametrize("light", ["averaged", "general"])
@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_phases_of_the_neutrinos_matter_for_majorana_neutrinos_alone(nature: str, light: str) -> None:
    arguments = arguments_of(tuple(GROUPS), nature, 3, light=light)
    inputs = renp_generated.checked_inputs(**arguments)
    slopes = renp_generated.spectral_gradient(0.7, **arguments)
    for phases in np.eye(3):
        total = terms = 0.0
        for group, name, H in matrices(inputs):
            move = 1j * (phases[:, None] - phases[None, :]) * H
            label = f"{GROUPS[group].keyword}.{name}".lstrip(".")
            pieces = slopes[f"{label}.real"] * move.real + slopes[f"{label}.imag"] * move.imag
            total, terms = total + pieces.sum(), terms + np.abs(pieces).sum()
        assert terms > 0
        if nature == "dirac":
            assert abs(total) <= tolerance("gradient-sum-rule") * terms
        else:
            assert abs(total) > 1e-4 * terms


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_the_derivative_integrates_to_the_function(nature: str) -> None:
    arguments = arguments_of(tuple(GROUPS), nature, 3)
    nodes, weights = np.polynomial.legendre.leggauss(40)
    low, high = 0.3, 0.8
    slopes = renp_generated.spectral_gradient((low + high + (high - low) * nodes) / 2, **arguments)["omega"]
    ends = renp_generated.spectral_function(np.array([low, high]), **arguments)
    assert float(weights @ slopes) * (high - low) / 2 == pytest.approx(ends[1] - ends[0], rel=1e-11, abs=0)


# ---------------------------------------------------------------- thresholds, shapes, complaints


def test_a_pair_adds_exactly_nothing_at_and_above_its_threshold() -> None:
    arguments = {"E_eg": 2.0, "E_vg": 2.1, "masses": [0.25], "axial": [[0.5]]}
    threshold = 1 - 0.5**2 / 4
    above = renp_generated.spectral_gradient(
        [threshold, np.nextafter(threshold, 1), 0.99, np.nextafter(1, 0)], **arguments
    )
    for values in above.values():
        assert not values.any()
    distances = threshold * np.array([1e-6, 1e-10, 1e-14])
    below = renp_generated.spectral_gradient(threshold - distances, **arguments)
    for name in ("omega", "E_eg", "masses"):
        growth = np.abs(below[name].reshape(3, -1)) * np.sqrt(distances)[:, None]
        np.testing.assert_allclose(growth, np.broadcast_to(growth[:1], growth.shape), rtol=1e-2)
    last = renp_generated.spectral_gradient(np.nextafter(threshold, 0), **arguments)
    assert last["omega"] < -1e6
    assert all(np.isfinite(values).all() for values in last.values())


def test_a_closed_pair_leaves_the_derivatives_of_the_others() -> None:
    arguments = {"E_eg": 2.0, "E_vg": 2.1, "axial": AXIAL}
    both = renp_generated.spectral_gradient(0.9, masses=[0.05, 0.6], **arguments)
    one = renp_generated.spectral_gradient(0.9, masses=[0.05], **{**arguments, "axial": [[0.4]]})
    assert both["axial.real"][0, 0] == one["axial.real"][0, 0] != 0
    assert both["masses"].tolist() == [one["masses"][0], 0.0]


@pytest.mark.parametrize("masses", [[0.0, 0.0], [0.0, 0.1], [0.1, 0.1]])
def test_massless_and_degenerate_neutrinos(masses: list[float]) -> None:
    arguments = arguments_of(("standard_model", "vector"), "majorana", 2)
    arguments["masses"] = masses
    arguments["vector"]["propagator"] = "unitary"
    check_every_parameter(arguments, 0.6)


def test_couplings_given_as_zeros_show_their_interference() -> None:
    arguments = {
        **BASE,
        "axial": AXIAL,
        "vector": {"mass": 3.0, "g_A": 1.0, "g_L": np.zeros((2, 2)), "g_R": np.zeros((2, 2))},
    }
    slopes = renp_generated.spectral_gradient(0.5, **arguments)
    assert slopes["vector.g_L.real"][0, 0] != 0
    assert slopes["vector.g_L.imag"][0, 1] != 0
    assert slopes["vector.g_A"] == 0


@pytest.mark.parametrize("omega", [0.5, [0.5, 0.6], np.full((2, 3), 0.5), np.zeros((0, 2)), np.float32(0.5)])
def test_shapes_are_those_of_omega_and_then_of_the_parameter(omega: Any) -> None:
    slopes = renp_generated.spectral_gradient(omega, **{**BASE, "axial": AXIAL, "vector": VECTOR})
    shape = np.shape(omega)
    assert slopes["omega"].shape == slopes["vector.mass"].shape == shape
    assert slopes["E_vg"].shape == slopes["masses"].shape == (*shape, 2)
    assert slopes["vector.g_L.imag"].shape == (*shape, 2, 2)
    single = renp_generated.spectral_gradient(0.5, **{**BASE, "axial": AXIAL, "vector": VECTOR})
    assert list(slopes) == list(single)


def test_blocks_do_not_show() -> None:
    omega = np.linspace(0.1, 0.99, 2500)
    gradient = renp_generated.prepare_gradient(**BASE, axial=AXIAL, vector=VECTOR)
    together = gradient(omega)
    for k in (0, 1023, 1024, 2499):
        alone = gradient(omega[k])
        for name, values in together.items():
            np.testing.assert_allclose(values[k], alone[name], rtol=1e-13, atol=0)


def test_what_spectral_function_refuses_is_refused() -> None:
    with pytest.raises(ValueError, match="omega must satisfy"):
        renp_generated.spectral_gradient(1.2, **BASE, axial=AXIAL)
    with pytest.raises(ValueError, match="axial must be Hermitian"):
        renp_generated.spectral_gradient(0.5, **BASE, axial=[[0, 1], [0, 0]])
    with pytest.raises(ValueError, match=r"not finite at omega = 0.75 eV: s = M\^2"):
        renp_generated.spectral_gradient([0.5, 0.75], **NONE, vector={**VECTOR, "mass": 1.0})
    wide = renp_generated.spectral_gradient([0.5, 0.75], **NONE, vector={**VECTOR, "mass": 1.0, "width": 0.1})
    assert all(np.isfinite(values).all() for values in wide.values())
