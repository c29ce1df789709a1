"""Certificates: every open channel within the stated units in the last place of the exact function of the given floats.

The reference is ball arithmetic: its balls contain the exact value and are far smaller than a unit in the last place.
The bound is that of ``benchmarks.error_map.BOUND``, where it says how it was found; a batch has the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest

import renp_generated
from benchmarks import error_map
from renp_generated.runtime import memory
from renp_generated.runtime.arguments import LARGEST_ENERGY, SMALLEST_ENERGY
from renp_generated.runtime.compiled import ENGINE
from tests.tolerances import tolerance

BITS = 256
MASSES = {
    "degenerate": [0.05, 0.05, 0.05],
    "massless": [0.0, 0.0087, 0.0505],
    "hierarchical": [0.01, 0.0132, 0.0515],
    "heavy": [0.3, 0.31, 0.4],
    "five": [0.0, 1e-4, 0.01, 0.2, 0.5],
    "half closed": [0.01, 0.9, 2.0],
    "barely open": [1.0717, 1.0717449, 1.0717449],
}
ATOMS = {"ytterbium": (2.14349, 2.23072), "xenon": (8.3153, 8.4365), "tiny": (1e-3, 1.1e-3)}


def hermitian(rng: np.random.Generator, n: int, size: float = 1.0) -> np.ndarray:
    entries = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    return np.asarray(size * (entries + entries.conj().T) / 2)


def diagonal(rng: np.random.Generator, n: int) -> dict[str, Any]:
    """Return arguments with one parity eigen-bilinear switched on: a sum of non-negative terms."""
    silent = {"axial": np.zeros((n, n))}
    coupling = hermitian(rng, n)
    mass = float(rng.choice([1e-3, 0.7, 12.0, 1e4]))
    choices: list[dict[str, Any]] = [
        {"axial": coupling},
        silent | {"vector_weak": coupling},
        silent | {"vector": {"mass": mass, "g_A": 1e-11, "g_L": coupling, "g_R": np.zeros((n, n))}},
        silent | {"vector": {"mass": mass, "g_V": 1e-6, "g_L": coupling, "g_R": np.zeros((n, n)), "width": 1e-3}},
        silent | {"scalar": {"mass": mass, "y_P": 1e-5, "y_S_nu": coupling}},
        silent | {"scalar": {"mass": mass, "y_P": 1e-5, "y_P_nu": coupling, "width": 1e-3}},
        silent | {"tensor": {"t": coupling}},
        silent | {"tensor_mediator": {"mass": mass, "c_T": 1e-11, "d_T": coupling}},
        *(silent | {"electromagnetic": {name: coupling}} for name in ("mu", "eps", "r2", "anapole")),
    ]
    return choices[rng.integers(len(choices))]


def interfering(rng: np.random.Generator, n: int) -> dict[str, Any]:
    """Return arguments with everything on at comparable size."""
    width = float(rng.choice([0.0, 0.1]))
    chiral = {"g_L": hermitian(rng, n, 3e-12), "g_R": hermitian(rng, n, 3e-12)}
    result: dict[str, Any] = {
        "axial": hermitian(rng, n),
        "vector": {"mass": 12.0, "width": width, "g_A": 1e-11, "g_V": 1e-5, **chiral},
        "scalar": {
            "mass": 11.0, "y_P": 1e-6, "y_S_nu": hermitian(rng, n, 3e-11), "y_P_nu": hermitian(rng, n, 3e-11)
        },
        "electromagnetic": {"mu": hermitian(rng, n, 2e-10), "r2": hermitian(rng, n, 1e-25)},
        "tensor": {"t": hermitian(rng, n, 0.1)},
    }  # fmt: skip
    if rng.integers(2):
        result["atomic_tensor"] = np.array([[0.5, -0.5j, 0], [0.5j, 0.5, 0], [0, 0, 0]])
    return result


def photon_energies(rng: np.random.Generator, thresholds: tuple[float, ...], E_eg: float, count: int) -> np.ndarray:
    """Return random energies, energies next to nothing, and energies from far to one float below each threshold."""
    found = [*rng.uniform(0, E_eg / 2, count), *(E_eg / 2 * 10 ** -rng.uniform(0, 12, count))]
    for threshold in thresholds:
        if threshold > 0:
            found += list(threshold * (1 - 10 ** -rng.uniform(0, 16, count)))
            below = threshold
            for _ in range(3):
                below = float(np.nextafter(below, 0))
                found.append(below)
            found.append(threshold)
    return np.array([omega for omega in found if 0 < omega < E_eg / 2])


def certificates(
    points: int, seed: int, kind: str, moved: bool = False
) -> Iterator[tuple[float, float, Any, Any, str]]:
    """Yield the compiled value, NumPy's, the ball around the exact value, the size of its terms, and where it was."""
    flint.ctx.prec = BITS
    rng = np.random.default_rng(seed)
    done = 0
    while done < points:
        label, masses = list(MASSES.items())[rng.integers(len(MASSES))]
        atom, (E_eg, E_vg) = list(ATOMS.items())[rng.integers(len(ATOMS))]
        # A momentum imprinted on the target, of any size, leaves the pair less energy.
        K = (
            float(rng.choice([rng.uniform(-0.9, 0.9), *(10 ** -rng.uniform(1, 16) * np.array([1, -1]))])) * E_eg
            if moved
            else 0.0
        )
        scaled = [E_eg / 2.14349 * math.sqrt(1 - abs(K / E_eg)) * mass for mass in masses]
        case = diagonal(rng, len(masses)) if kind == "diagonal" else interfering(rng, len(masses))
        case |= {"E_eg": E_eg, "E_vg": E_vg, "masses": scaled, "nature": ("dirac", "majorana")[rng.integers(2)]}
        case["imprinted_momentum"] = K
        evaluator = renp_generated.prepare(**case)
        exact = renp_generated.prepare_exact(number=flint.arb, root=lambda x: x.sqrt(), **case)
        omega = photon_energies(rng, evaluator.thresholds, E_eg - K, 6)
        if 0 < -K < (E_eg - K) / 2:
            # The pair stands still, or nearly so.
            omega = np.append(omega, [-K, *(-K * (1 + np.array([1e-9, 1e-4, 1e-14])))])
        values = evaluator(omega)
        batch = renp_generated.spectral_batch(omega, **case | {"masses": [scaled, scaled]})
        np.testing.assert_array_equal(batch, [values, values])
        for w, compiled, plain in zip(omega, values, evaluator.without_compiled()(omega), strict=True):
            ball = exact(float(w))
            size = abs(ball) if kind == "diagonal" else exact.size(float(w))
            yield float(compiled), float(plain), ball, size, f"{label} {atom} {sorted(case)} omega={w!r}"
        done += len(omega)


def certify(points: int, seed: int, kind: str, moved: bool = False) -> None:
    far = total = 0
    for compiled, plain, ball, size, where in certificates(points, seed, kind, moved):
        if ball.contains(0):
            # One Majorana neutrino has no moments: an exact zero, up to the radius of intermediate balls.
            assert compiled == plain == 0, where
            continue
        ulp = math.ulp(float(size.mid()))
        assert float(ball.rad()) < 1e-20 * ulp, where
        assert compiled == plain, where
        error = float(abs(ball - compiled).upper()) / ulp
        assert error <= error_map.BOUND, (error, where)
        far += error > 4
        total += 1
    assert total > 0.9 * points
    assert far <= tolerance("ulp-beyond-4-moved" if moved else "ulp-beyond-4") * total


@pytest.mark.parametrize("kind", ["diagonal", "interfering"])
def test_certificates(kind):
    certify(2500, 20, kind)


@pytest.mark.parametrize("kind", ["diagonal", "interfering"])
def test_certificates_with_an_imprinted_momentum(kind):
    certify(1500, 21, kind, moved=True)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["diagonal", "interfering"])
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_hundred_thousand_certificates(kind, seed):
    certify(10_000, seed, kind)


def test_the_last_float_below_a_threshold_is_open_and_the_threshold_itself_is_decided_exactly():
    flint.ctx.prec = BITS
    rng = np.random.default_rng(3)
    seen = set()
    for _ in range(60):
        mass = float(rng.uniform(0.001, 0.9))
        case = {"E_eg": 2.14349, "E_vg": 2.23072, "masses": [mass], "axial": [[0.5]]}
        evaluator = renp_generated.prepare(**case)
        exact = renp_generated.prepare_exact(number=flint.arb, root=lambda x: x.sqrt(), **case)
        threshold = evaluator.thresholds[0]
        for omega in (np.nextafter(threshold, 0), threshold, np.nextafter(threshold, 2)):
            is_open = bool(exact(float(omega)) > 0)
            assert (evaluator(float(omega)) > 0) is np.True_ if is_open else evaluator(float(omega)) == 0
            seen.add((float(omega) == threshold, is_open))
    assert seen == {(False, True), (False, False), (True, True), (True, False)}


def test_the_error_map_separates_the_printed_form_from_ours():
    data = error_map.measure(repeats=3)
    distance = np.array(data["distance"])
    errors = {name: np.array(values) for name, values in data["largest_error_ulp"].items()}
    for name, values in errors.items():
        if name.startswith("renp"):
            assert values.max() <= error_map.BOUND, name
    printed = errors["NumPy, printed formula"]
    assert printed[distance < 1e-14].max() > 1e8
    assert np.median(printed[distance > 1e-2]) < 1e3
    assert ENGINE is None or "renp, C" in errors
    assert min(data["interference"]["suppression"]) < 2 * error_map.SUPPRESSION
    for name, values in data["interference"]["relative_error"].items():
        assert (max(values) < error_map.SUPPRESSED) is (name != "renp, JAX"), name


def test_coefficients_have_the_digits_of_two_doubles():
    """Constants, couplings and masses are multiplied in double-double arithmetic: what cancels later is known that well."""
    tensor = {"t": [[0.37]]}
    moments = {"mu": [[1e-11]], "eps": [[3e-11]], "r2": [[1e-33]], "anapole": [[7e-33]]}
    case = {"E_eg": 2.14349, "E_vg": 2.23072, "masses": [0.0123], "axial": [[0.21]], "tensor": tensor}
    for own in ({}, {"electromagnetic": moments}):
        evaluator = renp_generated.prepare(**case, **own)
        exact = renp_generated.prepare_exact(number=Fraction, root=Fraction, **case, **own)
        (pair,) = exact.pairs
        parts = {abs(part) for _, number in pair.coefficients for part in number if part}
        allowed = sorted(parts | {part * (pair.m_i + pair.m_j) for part in parts})
        found = [
            abs(Fraction(high) + Fraction(low))
            for square in evaluator.folded.pairs[0].squares
            for part in square
            for _, _, (high, low), _ in (*part.first, *part.flipped)
        ]
        assert len(found) >= len(parts)
        alone = [number for number in found if min(abs(number / right - 1) for right in allowed) < Fraction(1, 2**98)]
        # Terms that share a factor are one coefficient, the sum of some.
        assert len(alone) >= len(parts) - 2


def at_the_edge(rng: np.random.Generator, E_eg: float, mass: float) -> Iterator[dict[str, Any]]:
    """Yield arguments with one mediator or contact term each, for an atom and a mediator of any size."""
    n = 2
    silent = {"axial": np.zeros((n, n))}
    widths = (0.0, SMALLEST_ENERGY, 1.0, LARGEST_ENERGY)
    width = float(widths[rng.integers(len(widths))])
    mediator = {"mass": mass, "width": width}
    masses = [0.0, 0.0] if E_eg == SMALLEST_ENERGY else [0.1 * E_eg, 0.2 * E_eg]
    atom = {"E_eg": E_eg, "E_vg": min(1.1 * E_eg, LARGEST_ENERGY), "masses": masses}
    for own in (
        {"axial": hermitian(rng, n)},
        silent | {"vector": mediator | {"g_A": 1e-6, "g_V": 1e-3, "g_L": hermitian(rng, n)}},
        silent | {"vector": mediator | {"g_A": 1e-6, "g_L": hermitian(rng, n), "propagator": "unitary"}},
        silent | {"scalar": mediator | {"y_S": 1e-6, "y_P": 1e-6, "y_S_nu": hermitian(rng, n)}},
        silent | {"tensor_mediator": mediator | {"c_T": 1e-6, "d_T": hermitian(rng, n)}},
        silent | {"electromagnetic": {"mu": hermitian(rng, n, 1e-10), "eps": hermitian(rng, n, 1e-10)}},
        silent | {"electromagnetic": {"r2": hermitian(rng, n, 1e-30), "anapole": hermitian(rng, n, 1e-30)}},
    ):
        yield atom | own | {"pair_step": ("M1", "E1")[rng.integers(2)]}


@pytest.mark.parametrize("E_eg", [SMALLEST_ENERGY, 1.0, LARGEST_ENERGY / 2])
@pytest.mark.parametrize("mass", [SMALLEST_ENERGY, 1.0, LARGEST_ENERGY])
def test_the_whole_range_of_energies_is_evaluated_to_full_accuracy(E_eg, mass):
    """Values within the bound; derivatives by the matrices add up to twice the value."""
    flint.ctx.prec = 2 * BITS
    rng = np.random.default_rng(17)
    for case in at_the_edge(rng, E_eg, mass):
        exact = renp_generated.prepare_exact(number=flint.arb, root=lambda x: x.sqrt(), **case)
        for omega in (1e-3 * E_eg, 0.3 * E_eg):
            ball, size = exact(omega), exact.size(omega)
            ulp = math.ulp(float(size.mid()))
            for evaluator in (renp_generated.prepare(**case), renp_generated.prepare(**case).without_compiled()):
                assert float(abs(ball - float(evaluator(omega))).upper()) <= error_map.BOUND * ulp, case
            slopes = renp_generated.spectral_gradient(omega, **case)
            twice = sum(flint.arb(float(slopes[name][k])) * float(part[k]) for name, part, k in entries(case, slopes))
            assert float(abs(twice - 2 * ball).upper()) <= tolerance("gradient") * float(size.mid()), case


def entries(case: dict[str, Any], slopes: dict[str, Any]) -> Iterator[tuple[str, np.ndarray, tuple[int, int]]]:
    """Yield the derivatives by the real parameters of each matrix, with the parameters."""
    for name in slopes:
        *path, part = name.split(".")
        if part in ("real", "imag"):
            matrix = case[path[0]] if len(path) == 1 else case[path[0]][path[1]]
            for k in ((0, 0), (0, 1), (1, 1)):
                yield name, np.asarray(getattr(np.asarray(matrix), part)), k


def test_no_evaluator_minds_how_numpy_treats_floating_point_errors():
    """With everything raised: underflow of tiny couplings, overflow of masses that close a channel."""
    rng = np.random.default_rng(23)
    tiny = {"vector": {"mass": 2.0, "g_A": 1e-200, "g_V": 1e-200, "g_L": hermitian(rng, 3, 1e-200)}}
    for step in ("M1", "E1"):
        case = interfering(rng, 3) | tiny | {"pair_step": step}
        case |= {"E_eg": 2.14349, "E_vg": 2.23072, "masses": [1e-20, 0.05, LARGEST_ENERGY]}
        omega = np.array([5e-324, 1e-150, 0.3, 1.0])
        expected = renp_generated.prepare(**case)(omega), renp_generated.spectral_gradient(omega, **case)
        memory.forget()
        with np.errstate(all="raise"):
            evaluator = renp_generated.prepare(**case)
            found = evaluator(omega), evaluator.without_compiled()(omega)
            slopes = renp_generated.spectral_gradient(omega, **case)
            exact = renp_generated.spectral_function_exact(0.3, number=float, root=math.sqrt, **case)
        for values in found:
            np.testing.assert_array_equal(values, expected[0])
        for name, values in slopes.items():
            np.testing.assert_array_equal(values, expected[1][name])
        assert exact == pytest.approx(float(expected[0][2]), rel=tolerance("gradient"), abs=0)
    with np.errstate(all="raise"), pytest.raises(ValueError, match="must be finite"):
        renp_generated.prepare(**case | {"axial": np.full((3, 3), np.longdouble("1e4000"))})
