"""Accuracy: the error in units in the last place as a function of the distance to the threshold, for each evaluation.

The reference is the exact function of the given floats in ball arithmetic (python-flint), good to far below one ulp.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import renp_generated
from benchmarks.cases import standard_model
from benchmarks.competitors import available

BITS = 256
BOUND = 16
"""Largest error of the shipped evaluators, alone and in batches, in units in the last place, where no interference makes the rate a
small rest.

Read from :data:`SAMPLE`: each unit more is two to three times rarer, which makes 16 a matter of 1e6 to 1e7 points.
"""
SAMPLE = {"points": 770_000, 4: 29_000, 6: 4_600, 8: 705, 10: 91, 12: 16, 14: 2}
"""How many of a large number of random points are beyond so many units in the last place.

Against ball arithmetic, one bilinear or all at once, with masses, atoms, light, pair step and imprinted momentum at random. Of 21 000
points at the last floats below a threshold of massless neutrinos, an edge of its own, none is beyond 10.
"""
SUPPRESSION = 1e-12
"""How far an interference may suppress the rate, relative to the sum of its terms, before its digits go."""
SUPPRESSED = 1e-13
"""Largest relative error of a suppressed rate."""
JAX_BOUND = 16
"""The same for the function for JAX.

Of 3681 random points with one bilinear at a time 5.3 percent are beyond 4 units, 0.8 percent beyond 6 and one, with 8.5, beyond 8: each
unit more is three to five times rarer.
"""
DISTANCES = np.logspace(-16, -0.05, 120)
"""Distances to the threshold, relative to it."""


def ulps(value: float, exact: Any) -> float:
    """Return the distance of a float from a ball in units in the last place of the exact value."""
    middle = float(exact.mid())
    if middle == 0:
        return 0.0 if value == 0 else math.inf
    return float((abs(exact - value) / math.ulp(middle)).mid())


def measure(repeats: int = 12, seed: int = 1) -> dict[str, Any]:
    """Return, for each evaluation and distance, the largest error over ``repeats`` points near it.

    One pair of equal masses, so that the distance to the only threshold is what matters.
    """
    import flint

    flint.ctx.prec = BITS
    arguments = standard_model() | {"masses": [0.05], "axial": [[0.4]], "nature": "dirac"}
    printed = dict(available())
    exact = renp_generated.prepare_exact(number=flint.arb, root=lambda x: x.sqrt(), **arguments)
    evaluator = renp_generated.prepare(**arguments)
    arrays: Mapping[str, Any] = arguments | {"axial": np.array(arguments["axial"], dtype=complex)}
    runs: dict[str, Any] = {
        "NumPy, printed formula": printed["NumPy, printed formula"](arrays),
        "renp, NumPy": evaluator.without_compiled(),
        "renp, batch": renp_generated.prepare_batch(**arguments),
    }
    if "numba, printed formula" in printed:
        runs["numba, printed formula"] = printed["numba, printed formula"](arrays)
    if evaluator.compiled:
        runs["renp, C"] = evaluator
    if find_spec("jax"):
        import jax

        jax.config.update("jax_enable_x64", True)
        runs["renp, JAX"] = jax.jit(partial(renp_generated.jax.spectral_function, **arguments))
    rng = np.random.default_rng(seed)
    threshold = evaluator.thresholds[0]
    worst: dict[str, list[float]] = {name: [] for name in runs}
    for distance in DISTANCES:
        omega = _near(threshold, distance, repeats, rng)
        references = [exact(float(w)) for w in omega]
        for name, run in runs.items():
            values = np.asarray(run(omega), dtype=float)
            worst[name].append(max(ulps(float(v), e) for v, e in zip(values, references, strict=True)))
    return {"distance": DISTANCES.tolist(), "largest_error_ulp": worst, "interference": interference(seed=seed)}


def interference(seed: int = 1) -> dict[str, Any]:
    """Return the relative errors where a weak and a mediator's amplitude cancel, against how far the rate is suppressed.

    One Dirac neutrino; the last curve is the derivative by the weak coupling, relative to its own exact value.
    """
    import flint

    flint.ctx.prec = BITS
    omega, rng = 0.83, np.random.default_rng(seed)
    weak = 0.5 + 0.1 * float(rng.random())

    def arguments(g: float, axial: float = weak) -> dict[str, Any]:
        vector = {"mass": 3.0, "g_A": 1.0, "g_L": [[g]], "g_R": [[0.0]]}
        return {"E_eg": 2.0, "E_vg": 2.1, "masses": [0.05], "axial": [[axial]], "vector": vector}

    def exact(given: Mapping[str, Any]) -> Any:
        return renp_generated.prepare_exact(number=flint.arb, root=lambda x: x.sqrt(), **given)

    # The rate is a square of the coupling's distance to its zero.
    unit = math.ldexp(1.0, -80)
    at = [exact(arguments(g * unit))(omega) for g in (-1.0, 0.0, 1.0)]
    zero = float((at[0] - at[2]) / (at[0] - 2 * at[1] + at[2]) / 2) * unit
    step = 2.0**-30
    found: dict[str, list[float]] = {}
    suppression = []
    for distance in np.logspace(0, -6, 60):
        given = arguments(zero * (1 + distance))
        reference = exact(given)
        value, size = reference(omega), reference.size(omega)
        suppression.append(float((value / size).mid()))
        up, down = (exact(arguments(zero * (1 + distance), weak + sign * step))(omega) for sign in (1, -1))
        slope = (up - down) / (2 * flint.arb(step))
        evaluator = renp_generated.prepare(**given)
        runs: dict[str, tuple[Any, Any]] = {
            "renp": (evaluator(omega), value),
            "renp, NumPy": (evaluator.without_compiled()(omega), value),
            "renp, batch": (renp_generated.spectral_batch(omega, **given), value),
            "renp, derivative": (renp_generated.spectral_gradient(omega, **given)["axial.real"][0, 0], slope),
        }
        if find_spec("jax"):
            import jax

            jax.config.update("jax_enable_x64", True)
            runs["renp, JAX"] = renp_generated.jax.spectral_function(omega, **given), value
        for name, (number, wanted) in runs.items():
            found.setdefault(name, []).append(float(abs(float(number) / wanted - 1).upper()))
    return {"suppression": suppression, "relative_error": found}


def _near(threshold: float, distance: float, repeats: int, rng: np.random.Generator) -> NDArray[np.float64]:
    factors = distance * rng.uniform(0.95, 1.05, repeats)
    return np.minimum(threshold * (1 - factors), np.nextafter(threshold, 0))


def curves(data: Mapping[str, Any]) -> dict[str, list[float]]:
    """Return what to draw: evaluations with the same errors everywhere share a curve, named after all of them.

    Example
    -------
    >>> curves({"largest_error_ulp": {"a": [1.0, 2.0], "b": [3.0, 4.0], "c": [1.0, 2.0]}})
    {'a; c': [1.0, 2.0], 'b': [3.0, 4.0]}
    """
    return _shared(data["largest_error_ulp"])


def suppressed_curves(data: Mapping[str, Any]) -> dict[str, list[float]]:
    """Return the same of the relative errors at a destructive interference."""
    return _shared(data["interference"]["relative_error"])


def _shared(found: Mapping[str, Any]) -> dict[str, list[float]]:
    names: dict[tuple[float, ...], list[str]] = {}
    for name, errors in found.items():
        names.setdefault(tuple(errors), []).append(name)
    return {"; ".join(shared): list(errors) for errors, shared in names.items()}


def write(data: Mapping[str, Any], directory: Path) -> None:
    """Write ``error_map.json`` and ``error_map.png``."""
    from matplotlib.figure import Figure

    from benchmarks.output import write_results

    figure = Figure(figsize=(13, 5), layout="constrained")
    axes, zeros = figure.subplots(1, 2)
    for (name, errors), dash in zip(curves(data).items(), cycle(("-", "--", ":", "-.")), strict=False):
        axes.loglog(data["distance"], np.maximum(errors, 0.1), dash, label=name)
    axes.axhline(BOUND, color="grey", linewidth=0.8, linestyle=":", label=f"{BOUND} ulp")
    axes.set(xlabel="distance to threshold, relative to it", ylabel="largest error [units in the last place]")
    axes.set_title("One pair of 0.05 eV neutrinos, Standard Model, against ball arithmetic", fontsize=10)
    for (name, errors), dash in zip(suppressed_curves(data).items(), cycle(("-", "--", ":", "-.")), strict=False):
        zeros.loglog(data["interference"]["suppression"], np.maximum(errors, 1e-17), dash, label=name)
    zeros.axhline(SUPPRESSED, color="grey", linewidth=0.8, linestyle=":", label=f"{SUPPRESSED:g}")
    zeros.set(xlabel="rate over the sum of its terms", ylabel="relative error")
    zeros.set_title("Weak and mediator's amplitude of opposite sign, against ball arithmetic", fontsize=10)
    for panel in (axes, zeros):
        panel.grid(True, which="major", alpha=0.3)
        panel.legend(fontsize=8)
    write_results(directory, "error_map", data, figure)
