"""Destructive interferences: a rate that is a small rest keeps its digits, and is never negative.

At one photon energy the rate is a quadratic form of the couplings, which the exact function gives. Its null vectors are couplings
whose amplitudes cancel; a step away from one, of any size, suppresses the rate by the square of that size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest

import renp_generated
from tests.tolerances import tolerance

DIGITS = 60
OMEGA = 0.83
RANDOM = np.random.default_rng(12).normal(size=(3, 3, 2)) @ [1, 1j]
LIGHT = {
    "averaged": np.eye(3) / 3,
    "circular": np.array([[0.5, -0.5j, 0], [0.5j, 0.5, 0], [0, 0, 0]]),
    "along": np.diag([0.0, 0.0, 1.0]),
    "general": RANDOM @ RANDOM.conj().T / np.trace(RANDOM @ RANDOM.conj().T).real,
}
MATRICES = {
    "weak": "axial", "weak vector": "vector_weak", "left": "vector.g_L", "right": "vector.g_R", "scalar": "scalar.y_S_nu",
    "pseudoscalar": "scalar.y_P_nu", "tensor": "tensor.t", "tensor mediator": "tensor_mediator.d_T", "mu": "electromagnetic.mu",
    "eps": "electromagnetic.eps", "r2": "electromagnetic.r2", "anapole": "electromagnetic.anapole",
}  # fmt: skip
CONTACT = ("weak", "weak vector", "tensor", "mu", "eps", "r2", "anapole")
MOST = ("weak", "weak vector", "left", "right", "scalar", "pseudoscalar", "tensor", "tensor mediator", "mu")
CASES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "vector mediator": (("weak", "left"), {"parts": 2, "g_V": 0.0}),
    "scalar": (("weak", "left", "right", "scalar", "pseudoscalar"), {"light": "along"}),
    "tensor and its mediator": (("tensor", "tensor mediator"), {"parts": 2}),
    "weak and tensor": (("weak", "weak vector", "tensor", "left", "right"), {}),
    "contact": (CONTACT, {}),
    "width": (MOST, {"width": 0.4, "parts": 2}),
    "Majorana": (MOST, {"nature": "majorana", "propagator": "unitary"}),
    "Majorana, width, circular light": (
        MOST[:6],
        {"nature": "majorana", "width": 0.4, "light": "circular", "parts": 2},
    ),
    "general light": (MOST, {"light": "general", "imprinted_momentum": -0.4}),
    "E1": (MOST, {"pair_step": "E1", "light": "general"}),
    "E1, Majorana, width": (MOST[:6], {"pair_step": "E1", "nature": "majorana", "width": 0.2, "parts": 2}),
}
"""Matrices that interfere, and what else is not as usual."""


def arguments(name: str, x: Any) -> dict[str, Any]:
    """Return arguments with the couplings x: the entry (0, 1) of each matrix in turn, or its real and its imaginary part."""
    matrices, changes = CASES[name]
    change = dict(changes)
    parts, light, width = change.pop("parts", 1), change.pop("light", "averaged"), change.pop("width", 0.0)
    g_V, propagator = change.pop("g_V", 0.9), change.pop("propagator", "feynman")
    zero = np.zeros((2, 2))
    given: dict[str, Any] = {
        "E_eg": 2.0, "E_vg": 2.1, "masses": [0.05, 0.4], "axial": zero, "atomic_tensor": LIGHT[light],
        "vector": {"mass": 3.0, "width": width, "g_A": 0.7, "g_V": g_V, "propagator": propagator, "g_L": zero, "g_R": zero},
        "scalar": {"mass": 2.5, "width": width, "y_P": 0.3, "y_S": 0.8}, "tensor_mediator": {"mass": 4.0, "c_T": 0.3},
        "tensor": {}, "electromagnetic": {},
    }  # fmt: skip
    given |= change
    for k, matrix in enumerate(matrices):
        entry = complex(*x[parts * k : parts * (k + 1)])
        path, _, key = MATRICES[matrix].rpartition(".")
        (given[path] if path else given)[key] = np.array([[0, entry], [np.conj(entry), 0]])
    for group in ("scalar", "tensor_mediator", "tensor", "electromagnetic"):
        if not any(isinstance(entry, np.ndarray) for entry in given[group].values()):
            del given[group]
    return given


def exact(given: Mapping[str, Any]) -> Any:
    return renp_generated.prepare_exact(number=mpmath.mpf, root=mpmath.sqrt, **given)


@cache
def form(name: str) -> tuple[np.ndarray, Any]:
    """Return sizes of couplings that give equal rates, and the quadratic form of the couplings in these units."""
    matrices, changes = CASES[name]
    count = changes.get("parts", 1) * len(matrices)
    axes = np.eye(count)
    with mpmath.workdps(DIGITS):
        alone = [exact(arguments(name, axis))(OMEGA) for axis in axes]
        sizes = np.array([float(2.0 ** -round(float(mpmath.log(rate, 2)) / 2)) if rate else 0.0 for rate in alone])
        squares = [rate * size**2 for rate, size in zip(alone, sizes, strict=True)]
        Q = mpmath.diag(squares)
        for i in range(count):
            for j in range(i):
                both = exact(arguments(name, sizes * (axes[i] + axes[j])))(OMEGA)
                Q[i, j] = Q[j, i] = (both - squares[i] - squares[j]) / 2
    return sizes, Q


def cancelling(name: str) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    """Yield couplings near a zero of all amplitudes, nearer and nearer, and all arguments with them."""
    sizes, Q = form(name)
    on = [k for k in range(len(sizes)) if sizes[k]]
    with mpmath.workdps(DIGITS):
        part = mpmath.matrix([[Q[i, j] for j in on] for i in on])
        values, vectors = mpmath.eigsy(part)
        null = [k for k in range(len(on)) if abs(values[k]) < mpmath.mpf(10) ** (20 - DIGITS)]
        assert null, [float(value) for value in values]
        rng = np.random.default_rng(len(name))
        start = sum((vectors[:, k] * float(rng.normal()) for k in null), mpmath.zeros(len(on), 1))
        for distance in (0.1, 1e-2, *(10.0 ** (-k / 2) for k in range(8, 15)), 1e-10, 1e-15):
            x = np.zeros(len(sizes))
            x[on] = [float(entry) * (1 + distance * rng.normal()) for entry in start]
            yield x * sizes, arguments(name, x * sizes)


@pytest.mark.parametrize("name", CASES)
def test_a_suppressed_rate_keeps_its_digits_and_is_never_negative(name: str) -> None:
    smallest = 1.0
    sets = []
    for _, given in cancelling(name):
        evaluator = renp_generated.prepare(**given)
        value = float(evaluator(OMEGA))
        assert value >= 0
        assert float(evaluator.without_compiled()(OMEGA)) == value
        with mpmath.workdps(DIGITS):
            oracle = exact(given)
            wanted, size = oracle(OMEGA), oracle.size(OMEGA)
            if wanted < 1e-12 * size:
                continue
            assert abs(value / wanted - 1) < tolerance("interference"), float(wanted / size)
            smallest = min(smallest, float(wanted / size))
        sets.append((value, given))
    assert smallest < 2e-11
    batch = [given["axial"] for _, given in sets]
    np.testing.assert_array_equal(renp_generated.spectral_batch(OMEGA, **{**sets[0][1], "axial": batch})[0], sets[0][0])


@pytest.mark.parametrize("name", CASES)
def test_derivatives_of_a_suppressed_rate_keep_their_digits(name: str) -> None:
    """Those by couplings are linear in the rest of the amplitudes, and follow from the same quadratic form."""
    sizes, Q = form(name)
    for x, given in cancelling(name):
        slopes = renp_generated.spectral_gradient(OMEGA, **given)
        with mpmath.workdps(DIGITS):
            oracle = exact(given)
            if oracle(OMEGA) < 1e-12 * oracle.size(OMEGA):
                continue
            units = [mpmath.mpf(float(value)) for value in sizes]
            y = mpmath.matrix([x[k] / units[k] if units[k] else 0 for k in range(len(x))])
            wanted = 2 * (Q * y)
            parts = ("real", "imag")[: CASES[name][1].get("parts", 1)]
            labels = [f"{MATRICES[matrix]}.{part}" for matrix in CASES[name][0] for part in parts]
            found = [float(slopes[label][0, 1]) * size for label, size in zip(labels, sizes, strict=True)]
            largest = max(abs(value) for value in wanted)
            worst = max(abs(a - b) for a, b in zip(found, wanted, strict=True)) / largest
            assert worst < tolerance("interference-gradient"), float(oracle(OMEGA) / oracle.size(OMEGA))


@pytest.mark.parametrize("name", CASES)
def test_no_rate_is_negative_for_any_positive_atomic_tensor(name: str) -> None:
    """On a zero of the amplitudes, up to the rounding of the couplings, with light of every kind."""
    *_, (_, given) = cancelling(name)
    rng = np.random.default_rng(8)
    vectors = rng.normal(size=(40, 3, 3)) + 1j * rng.normal(size=(40, 3, 3))
    vectors[:20, :, 1:] = 0.0
    tensors = vectors @ np.conj(np.swapaxes(vectors, 1, 2))
    tensors /= np.trace(tensors, axis1=1, axis2=2).real[:, None, None]
    tensors = np.concatenate([tensors, list(LIGHT.values())])
    omega = np.append(OMEGA + np.linspace(-1e-6, 1e-6, 9), np.linspace(0.1, 0.99, 9))
    assert (renp_generated.spectral_batch(omega, **{**given, "atomic_tensor": tensors}) >= 0).all()
