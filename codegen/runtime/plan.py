"""Plans: an evaluator as a flat array of doubles, and the optional compiled module that runs them.

The layout is that of ``spectral.c``. All powers of ``E_eg`` are folded into the weights: the compiled code works with
``d = t / 2 E_eg`` and ``y = s / E_eg``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .tables import Factor, Tables

if TYPE_CHECKING:
    from .evaluator import Pole, SpectralEvaluator

Array = NDArray[np.float64]

MAGIC, HEADER, TILE = 20250.0, 10, 3
MAX_WEIGHTS, MAX_ROWS, MAX_POWER = 512, 192, 7
ONES, OMEGA, Q0, Y, REAL, IMAGINARY, PRODUCT = range(7)
CHUNK = 1 << 16
"""Fewest points worth a thread of their own."""


def _engine() -> tuple[ModuleType | None, bool]:
    """Return the compiled module, and whether its straight-line sets are this package's own.

    Plans of any kernel run in the general block of any compiled module; a freshly generated package borrows the
    installed one.
    """
    for package in (__package__, "renp_generated"):
        try:
            return import_module(f"{package}._compiled"), package == __package__
        except ImportError:
            continue
    return None, False


ENGINE, OWN_SETS = _engine()


def backend() -> str:
    """Return which evaluation is active: ``"C (instruction set)"`` or ``"NumPy"``.

    Example
    -------
    >>> backend().split()[0] in ("C", "NumPy")
    True
    """
    return "NumPy" if ENGINE is None else f"C ({ENGINE.instruction_set()})"


def plan_of(tables: Tables, evaluator: SpectralEvaluator) -> Array | None:
    """Return the plan of an evaluator, or ``None`` when it exceeds what the compiled code has room for."""
    active = {term: row for row, term in enumerate(evaluator.terms)}
    kind, terms = _kind(tables, evaluator, active)
    poles = _poles(evaluator, terms)
    rows, places = _rows([tables.factors[factor] for factor, _ in terms], [pole.group for pole in poles])
    if len(terms) > MAX_WEIGHTS or len(rows) > MAX_ROWS or max((power for _, power in terms), default=0) > MAX_POWER:
        return None
    E_eg, single = evaluator.E_eg, len(evaluator.E_vg) == 1
    openable = evaluator.thresholds_high > 0
    pairs = int(openable.sum())
    tiles = -(-pairs // TILE)
    block = np.zeros((3 + len(terms), TILE * tiles))
    block[0, :pairs] = evaluator.thresholds_high[openable]
    block[1, :pairs] = evaluator.thresholds_low[openable]
    block[2, :pairs] = evaluator.four_P[openable] / (2 * E_eg)
    common = evaluator.amplitudes[0] ** 2 if single else 1.0
    for i, term in enumerate(terms):
        if term in active:
            factor = tables.factors[term[0]]
            power = 1 + term[1] - len(factor.propagators)
            scale = 2.0**power * E_eg ** (power + factor.s - evaluator.s_power) * common
            block[3 + i, :pairs] = evaluator.weights[active[term], openable] * scale
    tiled = block.reshape(3 + len(terms), tiles, TILE)
    body = [
        np.array([evaluator.E_vg, evaluator.amplitudes]).T.reshape(-1),
        np.array([(pole.high, pole.low, pole.mass_width / (2 * E_eg)) for pole in poles]).reshape(-1),
        np.array(rows, dtype=float).reshape(-1),
        np.array([(place, power) for place, (_, power) in zip(places, terms, strict=True)], dtype=float).reshape(-1),
        np.concatenate([tiled[:3].transpose(1, 2, 0).reshape(tiles, -1), tiled[3:].transpose(1, 0, 2).reshape(tiles, -1)], 1)
        .reshape(-1),
    ]  # fmt: skip
    length = HEADER + sum(part.size for part in body)
    numbers = [len(evaluator.E_vg), len(poles), len(rows), len(terms), tiles, kind, evaluator.s_power]
    plan = np.concatenate([[MAGIC, *numbers, E_eg, length], *body])
    plan.setflags(write=False)
    return plan


def _kind(
    tables: Tables, evaluator: SpectralEvaluator, active: Mapping[tuple[int, int], int]
) -> tuple[int, list[tuple[int, int]]]:
    """Return the number of the smallest straight-line set that holds all active weights, or 0, and the weights."""
    narrow = {pole.group for pole in evaluator.poles if not pole.mass_width}
    for number, indices in enumerate(tables.straight if OWN_SETS else (), 1):
        terms = [tables.weights[index] for index in indices]
        if active.keys() <= set(terms) and _groups(tables.factors[factor] for factor, _ in terms) <= narrow:
            return number, terms
    return 0, sorted(active, key=lambda term: (-term[1], term[0]))


def _groups(factors: Iterable[Factor]) -> set[str]:
    return {group for factor in factors for group, _ in factor.propagators}


def _poles(evaluator: SpectralEvaluator, terms: list[tuple[int, int]]) -> list[Pole]:
    used = _groups(evaluator.factors[factor] for factor, _ in terms)
    return sorted((pole for pole in evaluator.poles if pole.group in used), key=lambda pole: pole.group)


def _rows(factors: list[Factor], poles: list[str]) -> tuple[list[tuple[int, int, int]], list[int]]:
    """Return the program that makes every factor, and the row in which each ends up."""
    rows: list[tuple[int, int, int]] = []
    known: dict[tuple[str, ...], int] = {}

    def row(pieces: tuple[str, ...]) -> int:
        if pieces not in known:
            entry = _single(pieces, poles) if len(pieces) < 2 else (PRODUCT, row(pieces[:-1]), row(pieces[-1:]))
            known[pieces] = len(rows)
            rows.append(entry)
        return known[pieces]

    return rows, [row(_pieces(factor)) for factor in factors]


def _pieces(factor: Factor) -> tuple[str, ...]:
    propagators = tuple(f"{part}:{group}" for group, part in factor.propagators)
    return ("w",) * factor.w + ("s",) * factor.s + ("q0",) * factor.q0 + propagators


def _single(pieces: tuple[str, ...], poles: list[str]) -> tuple[int, int, int]:
    if not pieces:
        return (ONES, 0, 0)
    simple = {"w": OMEGA, "s": Y, "q0": Q0}
    if pieces[0] in simple:
        return (simple[pieces[0]], 0, 0)
    part, _, group = pieces[0].partition(":")
    return (REAL if part == "re" else IMAGINARY, poles.index(group), 0)


def run(engine: ModuleType, plan: Array, omega: Array, out: Array, threads: int) -> int:
    """Run a plan over contiguous arrays; return 0 or the compiled code's report on the first bad point."""
    pieces = max(1, min(threads, omega.size // CHUNK))
    if pieces == 1:
        return int(engine.many(plan, omega, out))
    edges = [omega.size * piece // pieces for piece in range(pieces + 1)]
    with ThreadPoolExecutor(pieces) as pool:
        jobs = [pool.submit(engine.many, plan, omega[low:high], out[low:high]) for low, high in pairwise(edges)]
        for low, job in zip(edges, jobs, strict=False):
            status = int(job.result())
            if status:
                return status + low if status > 0 else status - low
    return 0
