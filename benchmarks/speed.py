"""Speed, side by side: all evaluations of one size take turns, and each keeps its fastest turn.

Fast evaluations get more turns: they need them on a machine that does other things as well.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import renp_generated
from benchmarks.cases import CASES, energies, standard_model
from benchmarks.competitors import Evaluation, available
from benchmarks.output import write_results

PRINTED = "NumPy, printed formula"
OURS_NUMPY, OURS_C, OURS_C2 = "renp, NumPy", "renp, C", "renp, C, two threads"
AGREEMENT = 1e-9
"""Largest accepted relative difference from our evaluator away from thresholds: all compute the same function."""


@dataclass(frozen=True)
class Target:
    """One claim about a ratio: what it compares, at which size, and the least (or largest) accepted value."""

    text: str
    numerator: tuple[str, str]
    denominator: tuple[str, str]
    n: int
    limit: float
    at_most: bool = False


SM, ALL, _, REAL = CASES
WIDE = "avx512" in renp_generated.backend()
TARGETS = (
    Target("C against NumPy with the printed formula, N = 1e5", (SM, PRINTED), (SM, OURS_C), 100_000, 25),
    Target("C against NumPy with the printed formula, N = 1e7", (SM, PRINTED), (SM, OURS_C), 10_000_000, 40),
    Target(
        "everything on with real diagonal couplings over the Standard Model, C, N = 1e5",
        (REAL, OURS_C),
        (SM, OURS_C),
        100_000,
        3,
        True,
    ),
    Target(
        "everything on over the Standard Model, C, N = 1e5",
        (ALL, OURS_C),
        (SM, OURS_C),
        100_000,
        5 if WIDE else 6,
        True,
    ),
    Target("two threads against one, C, N = 1e6", (SM, OURS_C), (SM, OURS_C2), 1_000_000, 1.7),
)

Times = dict[str, dict[str, dict[int, float]]]
"""case -> evaluation -> number of points -> seconds per call."""


def measure(sizes: tuple[int, ...], progress: Callable[[str], None], budget: float = 2.0) -> Times:
    """Return the fastest time of every evaluation for every size; ``budget`` is about the seconds spent on each."""
    runs: list[tuple[str, str, Evaluation]] = []
    for name, maker in available().items():
        runs.append((SM, name, maker(standard_model())))
    for case, arguments in CASES.items():
        evaluator = renp_generated.prepare(**arguments())
        runs.append((case, OURS_NUMPY, evaluator.without_compiled()))
        if evaluator.compiled:
            runs.append((case, OURS_C, evaluator))
            runs.append((case, OURS_C2, lambda omega, evaluator=evaluator: evaluator(omega, threads=2)))
    _agree(runs)
    times: Times = {}
    for n in sizes:
        omega = energies(n)
        progress(f"N = {n}: {len(runs)} evaluations in turn")
        for case, name, seconds in _turns(runs, omega, budget):
            times.setdefault(case, {}).setdefault(name, {})[n] = seconds
    return times


def _agree(runs: list[tuple[str, str, Evaluation]]) -> None:
    omega = np.linspace(0.2, 1.06, 50)
    reference: dict[str, Any] = {}
    for case, name, run in reversed(runs):
        values = np.asarray(run(omega))
        worst = float(np.abs(values / reference.setdefault(case, values) - 1).max())
        if not worst < AGREEMENT:
            raise RuntimeError(f"{name} does not compute the same function: relative difference {worst:.2g}")


def _turns(runs: list[tuple[str, str, Evaluation]], omega: Any, budget: float) -> list[tuple[str, str, float]]:
    one_call = [_seconds(run, omega, 1) for _, _, run in runs]
    calls = [max(1, int(1e-3 / seconds)) for seconds in one_call]
    turns = [max(3, min(60, int(budget / (c * s)))) for c, s in zip(calls, one_call, strict=True)]
    best = [float("inf")] * len(runs)
    for turn in range(max(turns)):
        for k, (_, _, run) in enumerate(runs):
            if turn < turns[k]:
                best[k] = min(best[k], _seconds(run, omega, calls[k]))
    return [(case, name, seconds) for (case, name, _), seconds in zip(runs, best, strict=True)]


def _seconds(run: Evaluation, omega: Any, calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        run(omega)
    return (time.perf_counter() - start) / calls


def one_point(times: int = 20_000) -> dict[str, float]:
    """Return microseconds per call for one photon energy as a Python float, prepared, and for the whole function."""
    arguments = standard_model()
    evaluator = renp_generated.prepare(**arguments)
    plain = evaluator.without_compiled()
    few = max(10, times // 100)
    omega = np.array([0.9])
    printed = available()[PRINTED](arguments)
    calls: dict[str, tuple[Evaluation, Any, int]] = {
        "prepared evaluator": (evaluator, 0.9, times),
        "prepared evaluator, NumPy": (plain, 0.9, few),
        "spectral_function": (partial(renp_generated.spectral_function, **arguments), 0.9, few),
        "NumPy, printed formula": (printed, omega, few),
    }
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(7):
        for name, (call, energy, repeats) in calls.items():
            best[name] = min(best[name], 1e6 * _seconds(call, energy, repeats))
    return best


def verdicts(times: Times) -> list[dict[str, Any]]:
    """Return the targets whose sizes were measured, with the measured ratio and whether it is met."""
    result = []
    for target in TARGETS:
        try:
            top, bottom = (times[case][name][target.n] for case, name in (target.numerator, target.denominator))
        except KeyError:
            continue
        ratio = top / bottom
        met = ratio <= target.limit if target.at_most else ratio >= target.limit
        result.append(
            {"target": target.text, "limit": target.limit, "at_most": target.at_most, "ratio": ratio, "met": met}
        )
    return result


def report(times: Times, points: Mapping[str, float]) -> dict[str, Any]:
    """Return everything measured as plain data."""
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, {renp_generated.backend()}",
        "nanoseconds_per_point": {
            case: {name: {str(n): 1e9 * s / n for n, s in row.items()} for name, row in rows.items()}
            for case, rows in times.items()
        },
        "one_point_microseconds": dict(points),
        "targets": verdicts(times),
    }


def write(data: Mapping[str, Any], directory: Path) -> None:
    """Write ``speed.json`` and ``speed.png``."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 5.5), layout="constrained")
    others, ours = figure.subplots(1, 2, sharey=True)
    names = list(data["nanoseconds_per_point"][SM])
    markers = dict(zip(names, "ovs^DP*X<>", strict=False))
    colours = {name: f"C{index}" for index, name in enumerate(names)}
    for case, dash in zip(CASES, ("-", "--", ":", "-."), strict=True):
        for name, row in data["nanoseconds_per_point"].get(case, {}).items():
            mine = name in (OURS_NUMPY, OURS_C)
            for panel in [others] * (case == SM) + [ours] * mine:
                panel.loglog(
                    [int(n) for n in row],
                    list(row.values()),
                    dash,
                    marker=markers.get(name, "."),
                    markersize=4,
                    color=colours[name],
                    label=name if panel is others else f"{name}: {case}",
                )
    others.set(xlabel="photon energies per call", ylabel="time per photon energy [ns]")
    others.set_title("Standard Model, three Majorana neutrinos", fontsize=10)
    ours.set(xlabel="photon energies per call")
    ours.set_title("What more interactions cost", fontsize=10)
    for panel in (others, ours):
        panel.grid(True, which="major", alpha=0.3)
        panel.legend(fontsize=7)
    write_results(directory, "speed", data, figure)
