"""Models of one's own beside the shipped evaluator: time per point, and from the text of a file to the first number."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.cases import energies, everything, standard_model
from benchmarks.output import write_data
from derivations.interactions.reader import parse_interaction
from renp.model import Model
from renp_generated import FUNCTIONS

AXIAL = """
name = "axial_boson"
title = "Axial boson"
description = "A boson that couples to the axial currents of electrons and neutrinos."
references = []
propagator = { kind = "massive", spin = 1, mass = "mass", width = "width" }
electron = [ { coupling = "c_A", bilinear = "gamma(mu) gamma5" } ]
neutrino = [ { coupling = "d_A", bilinear = "gamma(mu) gamma5" } ]
"""
MOST_PER_POINT, MOST_SECONDS = 1.2, 2.0
"""What a model may cost: per point against the shipped evaluator, and from the text to the first number [s]."""

_FIRST_NUMBER = """
import sys
from benchmarks.cases import standard_model
from derivations.interactions.reader import parse_interaction
from renp.model import Model
own = {"mass": 3.0, "c_A": 1e-11, "d_A": [[1e-12 * (i == j) for j in range(3)] for i in range(3)]}
print(Model.of([parse_interaction(sys.stdin.read())]).spectral_function(0.9, **standard_model(), axial_boson=own))
"""


def measure(points: int, turns: int) -> dict[str, Any]:
    """Return seconds per call of ``points`` photon energies, in turns, and the seconds to the first number of a file."""
    vector = everything()["vector"]
    d = vector["g_R"]
    shipped = FUNCTIONS.prepare(**standard_model(), vector=vector | {"g_L": -d})
    model = Model.of([parse_interaction(AXIAL)])
    own = model.prepare(**standard_model(), axial_boson={"mass": vector["mass"], "c_A": vector["g_A"], "d_A": d})
    omega = energies(points)
    calls: Mapping[str, Callable[[], Any]] = {"shipped": lambda: shipped(omega), "model": lambda: own(omega)}
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(turns):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return {
        "points": points,
        "nanoseconds_per_point": {name: seconds / points * 1e9 for name, seconds in best.items()},
        "model_over_shipped": best["model"] / best["shipped"],
        "seconds_to_first_number": min(_first_number() for _ in range(3)),
    }


def _first_number() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", _FIRST_NUMBER], input=AXIAL, text=True, capture_output=True, check=True)
    return time.perf_counter() - start


def lines(data: Mapping[str, Any]) -> list[str]:
    """Return the report: each ratio with what was asked for."""
    ratio, seconds = data["model_over_shipped"], data["seconds_to_first_number"]
    return [
        f"a model in memory over the shipped evaluator, N = {data['points']:g}: {ratio:.3g} (at most {MOST_PER_POINT:g})"
        f" {'met' if ratio <= MOST_PER_POINT else 'NOT met'}",
        f"from the text of a file to the first number, start of Python included: {seconds:.2f} s (at most {MOST_SECONDS:g})"
        f" {'met' if seconds <= MOST_SECONDS else 'NOT met'}",
    ]


def write(data: Mapping[str, Any], directory: Path) -> None:
    """Write ``models.json``."""
    write_data(directory, "models", data)
