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
BOUND = 12
"""Largest error of the shipped evaluators in units in the last place, where no interference makes the rate a small rest.

Two dozen roundings rarely point one way. Of 4.2 million random points against ball arithmetic, with one bilinear at a time,
19000 are beyond 4 units, 3400 beyond 5, 581 beyond 6, 78 beyond 7, 12 beyond 8 and none beyond 9: each unit more is six times
rarer, which makes 12 a matter of 5e8 points. Another 0.75 million with masses, atoms, light and pair step at random, many of
them within a few floats of a threshold, follow the same distribution; the largest is 8.5.
"""
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
    return {"distance": DISTANCES.tolist(), "largest_error_ulp": worst}


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
    names: dict[tuple[float, ...], list[str]] = {}
    for name, errors in data["largest_error_ulp"].items():
        names.setdefault(tuple(errors), []).append(name)
    return {"; ".join(shared): list(errors) for errors, shared in names.items()}


def write(data: Mapping[str, Any], directory: Path) -> None:
    """Write ``error_map.json`` and ``error_map.png``."""
    from matplotlib.figure import Figure

    from benchmarks.output import write_results

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for (name, errors), dash in zip(curves(data).items(), cycle(("-", "--", ":", "-.")), strict=False):
        axes.loglog(data["distance"], np.maximum(errors, 0.1), dash, label=name)
    axes.axhline(BOUND, color="grey", linewidth=0.8, linestyle=":", label=f"{BOUND} ulp")
    axes.set(xlabel="distance to threshold, relative to it", ylabel="largest error [units in the last place]")
    axes.set_title("One pair of 0.05 eV neutrinos, Standard Model, against ball arithmetic", fontsize=10)
    axes.grid(True, which="major", alpha=0.3)
    axes.legend(fontsize=8)
    write_results(directory, "error_map", data, figure)
