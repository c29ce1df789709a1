"""Speed of new parameters: many sets of masses and couplings, nine photon energies each, as fits, scans and toys need them.

Each number of threads is measured in a process of its own, which may use so many processors and no more. All evaluations take turns, and
each keeps its fastest turn.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import renp_generated
from benchmarks import set_competitors
from benchmarks.cases import CASES, hermitian
from benchmarks.output import write_data

ENERGIES = np.linspace(0.9, 1.0, 9)
"""Photon energies [eV] below all thresholds of the sets: no evaluation saves what is closed."""
SETS = 100_000
LOOPED = 1_000
"""Sets of those evaluations that take them one by one: the time per set is the same."""
AGREEMENT = 1e-9
"""Largest accepted relative difference from our evaluator: all compute the same function."""
SM, ALL, *_ = CASES
REFERENCE, BATCH = "renp, one call per set", "renp, batch"
PRODUCT, JACOBIAN = "renp, product with weights", "renp, Jacobian"
PIECE = 9_000
"""Sets whose Jacobian is taken at once."""

OVER_SETS, PRINTED_JAX = "NumPy, printed formula over sets", "JAX, printed formula"
PER_SET = f"NumPy, printed formula {set_competitors.LOOP}"
Place = tuple[str, str, str]
"""Values or gradients, case and evaluation."""
TARGETS: tuple[tuple[str, Place, Place, float, bool], ...] = (
    ("NumPy over sets against our batch", ("values", SM, OVER_SETS), ("values", SM, BATCH), 20, False),
    ("JAX against our batch", ("values", SM, PRINTED_JAX), ("values", SM, BATCH), 2, False),
    ("everything on over the Standard Model, batch", ("values", ALL, BATCH), ("values", SM, BATCH), 10, True),
    ("one call over the physicist's loop", ("values", SM, REFERENCE), ("values", SM, PER_SET), 0.5, True),
    ("product with weights over the value", ("gradients", SM, PRODUCT), ("values", SM, BATCH), 4, True),
    ("the same with everything on", ("gradients", ALL, PRODUCT), ("values", ALL, BATCH), 4, True),
)
"""Text, numerator, denominator, limit, and whether the limit is the largest accepted ratio."""
Sets = Mapping[str, NDArray[Any]]
Run = Callable[[int], Any]
"""Evaluates so many sets."""


def sets(n: int) -> Sets:
    """Return masses (n, 3) [eV] and axial couplings (n, 3, 3) of random sets."""
    rng = np.random.default_rng(1)
    lightest = rng.uniform(0.001, 0.1, (n, 1))
    masses = np.sqrt(lightest**2 + np.array([0.0, 7.5e-5, 2.5e-3]))
    axial = CASES[SM]()["axial"] + rng.normal(size=(n, 1, 1)) * hermitian(20, 0.05)
    return {"masses": masses, "axial": axial}


def evaluations(given: Sets, threads: int) -> dict[str, dict[str, Run]]:
    """Return ``{case: {evaluation: run}}`` for what is installed; ``run(n)`` gives I of the first n sets, shape (n, 9)."""
    fixed = {case: {k: v for k, v in make().items() if k not in given} for case, make in CASES.items()}
    runs: dict[str, dict[str, Run]] = {SM: set_competitors.values(ENERGIES, fixed[SM], given, threads)}
    for case in (SM, ALL):
        ours = runs.setdefault(case, {})
        ours[REFERENCE] = partial(_one_by_one, fixed[case], given)
        ours |= set_competitors.our_jax(ENERGIES, fixed[case], given)
        ours[BATCH] = partial(_batch, fixed[case], given, threads)
    return runs


def gradients(given: Sets, threads: int) -> dict[str, dict[str, Run]]:
    """Return the evaluations of the derivatives of the sum over the energies by the masses, shape (n, 3).

    Ours give the derivatives by all parameters at once: of the sum, or at each energy.
    """
    fixed = {case: {k: v for k, v in make().items() if k not in given} for case, make in CASES.items()}
    runs = {SM: set_competitors.gradients(ENERGIES, fixed[SM], given, threads), ALL: {}}
    for case, ours in runs.items():
        ours[JACOBIAN] = partial(_jacobian, fixed[case], given, threads)
        ours[PRODUCT] = partial(_product, fixed[case], given, threads)
    return runs


def _one_by_one(fixed: Mapping[str, Any], given: Sets, n: int) -> Any:
    return [
        renp_generated.spectral_function(ENERGIES, **fixed, masses=given["masses"][k], axial=given["axial"][k])
        for k in range(n)
    ]


def _batch(fixed: Mapping[str, Any], given: Sets, threads: int, n: int) -> Any:
    some: dict[str, Any] = {name: values[:n] for name, values in given.items()}
    return renp_generated.spectral_batch(ENERGIES, **fixed, **some, threads=threads)


def _jacobian(fixed: Mapping[str, Any], given: Sets, threads: int, n: int) -> Any:
    """Evaluate in pieces, whose derivatives by all matrices at each energy fit into memory."""
    batch = renp_generated.spectral_batch_gradient
    pieces = [{k: v[at : min(at + PIECE, n)] for k, v in given.items()} for at in range(0, n, PIECE)]
    return np.concatenate([batch(ENERGIES, **fixed, **some, threads=threads)["masses"].sum(axis=1) for some in pieces])


def _product(fixed: Mapping[str, Any], given: Sets, threads: int, n: int) -> Any:
    some = {name: values[:n] for name, values in given.items()}
    return renp_generated.spectral_batch_gradient(ENERGIES, weights=1.0, **fixed, **some, threads=threads)["masses"]


def measure(threads: int, n: int = SETS, turns: int = 5) -> dict[str, Any]:
    """Return microseconds per set: ``{"values" or "gradients": {case: {evaluation: time}}}``."""
    given = sets(n)
    runs = evaluations(given, threads)
    _agree(runs)
    slopes = gradients(given, threads)
    _agree(slopes, 1e-5)
    return {
        "values": {case: _fastest(found, n, turns) for case, found in runs.items()},
        "gradients": {case: _fastest(found, n, turns) for case, found in slopes.items()},
    }


def _agree(runs: Mapping[str, Mapping[str, Run]], most: float = AGREEMENT) -> None:
    for found in runs.values():
        reference = np.asarray(next(run for name, run in reversed(list(found.items())) if name.startswith("renp"))(20))
        for name, run in found.items():
            values = np.asarray(run(20))
            worst = float((np.abs(values - reference) / np.abs(reference).max()).max())
            if not worst < most:
                raise RuntimeError(f"{name} does not compute the same function: relative difference {worst:.2g}")


def _fastest(runs: Mapping[str, Run], n: int, turns: int) -> dict[str, float]:
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(turns):
        for name, run in runs.items():
            count = min(n, LOOPED) if name.endswith(set_competitors.LOOP) else n
            start = time.perf_counter()
            run(count)
            best[name] = min(best[name], 1e6 * (time.perf_counter() - start) / count)
    return best


def in_a_process(threads: int, n: int, turns: int) -> dict[str, Any]:
    """Return what :func:`measure` finds in a new process that may use so many processors."""
    # Libraries count the processors when they are imported.
    code = (
        "import os, sys, json\n"
        "threads, n, turns = map(int, sys.argv[1:])\n"
        "os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])\n"
        "from benchmarks.parameters import measure\n"
        "print(json.dumps(measure(threads, n, turns)))"
    )
    words = [sys.executable, "-c", code, *map(str, (threads, n, turns))]
    root = Path(__file__).parents[1]
    printed = subprocess.run(words, cwd=root, stdout=subprocess.PIPE, text=True, check=True).stdout
    return dict(json.loads(printed.splitlines()[-1]))


def report(n: int = SETS, turns: int = 5, threads: tuple[int, ...] = (1, 2)) -> dict[str, Any]:
    """Return everything measured as plain data."""
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, {renp_generated.backend()}",
        "instruction_set": instruction_set(),
        "sets": n,
        "energies": len(ENERGIES),
        "microseconds_per_set": {str(count): in_a_process(count, n, turns) for count in threads},
    }


def verdicts(found: Mapping[str, Any]) -> list[tuple[str, float, float, bool, bool]]:
    """Return text, ratio, limit, whether it is the largest, and whether it is met, of those targets that were measured."""
    result = []
    for text, *places, limit, at_most in TARGETS:
        try:
            top, bottom = (found[what][case][name] for what, case, name in places)
        except KeyError:
            continue
        ratio = top / bottom
        result.append((text, ratio, limit, at_most, ratio <= limit if at_most else ratio >= limit))
    return result


def instruction_set() -> str:
    """Return the widest vector instructions of this processor, for which compilers at run time make code."""
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").is_file() else ""
    widest = {" avx512f ": "AVX-512", " avx2 ": "AVX2", " sse2 ": "SSE2"}
    return next((name for flag, name in widest.items() if flag in flags), platform.machine())


def lines(data: Mapping[str, Any]) -> list[str]:
    """Return the report as text."""
    result = [
        data["machine"],
        f"{data['instruction_set']}; {data['sets']:g} sets of parameters x {data['energies']} energies, microseconds per set",
    ]
    for threads, found in data["microseconds_per_set"].items():
        for what, cases in found.items():
            for case, row in cases.items():
                result.append(f"{case}, {what}, {threads} thread{'s' if threads != '1' else ''}")
                result += [f"  {name:46s}{value:12.4g}" for name, value in row.items()]
        for text, ratio, limit, at_most, met in verdicts(found):
            word, judged = "at most" if at_most else "at least", "met" if met else "NOT met"
            result.append(f"  {text}: {ratio:.3g} ({word} {limit:g}) {judged}")
    return result


def write(data: Mapping[str, Any], directory: Path) -> None:
    """Write ``parameters_SET.json``, a file for each instruction set."""
    name = "".join(character for character in data["instruction_set"].lower() if character.isalnum())
    write_data(directory, f"parameters_{name}", data)
