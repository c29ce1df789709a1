"""Plans: an evaluator as a flat array of doubles, and the optional compiled module that runs them.

The layout is that of ``spectral.c``. With the imprinted momentum K all powers of ``E_eg + K`` are folded into the weights: the
compiled code works with ``d = t / 2 (E_eg + K)`` and ``y = s / (E_eg + K) = E_eg - K - 2 omega``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..fingerprint import LAYOUT, SETS
from .arguments import Inputs, largest_photon_energy, pair_mass
from .fold import Folded
from .tables import Factor, Tables

Array = NDArray[np.float64]

MAGIC, HEADER, TILE = 20250.0, 14, 3
MAX_WEIGHTS, MAX_ROWS, MAX_POWER = 512, 192, 7
ONES, QZ, Q0, Y, REAL, IMAGINARY, SQUARE, PRODUCT = range(8)
BLOCK, MIN_BLOCK = 16384, 512
"""Points times pairs per block of the NumPy evaluation, and fewest points: its temporaries stay in a second-level cache."""
CHUNK = 1 << 16
"""Fewest points worth a thread of their own."""


def _engine() -> tuple[ModuleType | None, bool]:
    """Return the compiled module, and whether it has this package's straight-line sets.

    Plans of any kernel run in the general block of any compiled module with the same layout: a freshly generated package
    borrows the installed one. A module built from other code is not used.
    """
    for package in (__package__.rpartition(".")[0], "renp_generated"):
        try:
            module = import_module(f"{package}._compiled")
            layout, sets = module.fingerprints()
        except (ImportError, AttributeError):
            continue
        if layout == LAYOUT:
            return module, sets == SETS
    return None, False


ENGINE, OWN_SETS = _engine()


def backend() -> str:
    """Return which evaluation is active: ``"C (instruction set)"``, ``"numba (LLVM)"`` or ``"NumPy"``.

    All three give the same bits. Without the compiled module numba takes over from NumPy once there is enough work to pay
    for its compilation; this function imports numba to see whether it can.

    Example
    -------
    >>> backend().split()[0] in ("C", "numba", "NumPy")
    True
    """
    from . import numba_engine

    if ENGINE is not None:
        return f"C ({ENGINE.instruction_set()})"
    return f"numba ({numba_engine.instruction_set()})" if numba_engine.importable() else "NumPy"


@dataclass(frozen=True)
class Pole:
    """A mediator: ``s - M^2 = 2 (E_eg + K) ((high - omega) + low)`` and ``width = M Gamma / 2 (E_eg + K)``."""

    group: str
    high: float
    low: float
    width: float


def plan_of(
    tables: Tables, inputs: Inputs, folded: Folded, thresholds: Array, poles: tuple[Pole, ...]
) -> tuple[Array, bool]:
    """Return the plan of folded weights, and whether the compiled code has room for it.

    ``thresholds`` are (pairs, 2) two-part thresholds. Pairs that are too heavy to be emitted are left out.
    """
    active = {term: row for row, term in enumerate(folded.terms)}
    # A power of s that all factors share cancels against 1/s^p: fewer roundings, but no straight-line code has it.
    # Beyond p it stays in the factors: no engine divides by a negative power.
    spare = min(tables.s_power, min((tables.factors[factor].s for factor, _ in active), default=0))
    # Straight-line code has no imprinted momentum either.
    kind, terms = (0, list(active)) if spare or inputs.imprinted_momentum else _kind(tables, poles, active)
    used = _groups(tables.factors[factor] for factor, _ in terms)
    needed = sorted((pole for pole in poles if pole.group in used), key=lambda pole: pole.group)
    factors = [replace(tables.factors[factor], s=tables.factors[factor].s - spare) for factor, _ in terms]
    rows, places = _rows(factors, [pole.group for pole in needed])
    openable = thresholds[:, 0] > 0
    pairs = int(openable.sum())
    tiles = -(-pairs // TILE)
    block = np.zeros((3 + len(terms), TILE * tiles))
    block[:2, :pairs] = thresholds[openable].T
    block[2, :pairs] = folded.Q[openable]
    for i, term in enumerate(terms):
        if term in active:
            block[3 + i, :pairs] = folded.weights[active[term], openable]
    tiled = block.reshape(3 + len(terms), tiles, TILE)
    body = [
        np.array(inputs.levels).reshape(-1),
        np.array([(pole.high, pole.low, pole.width) for pole in needed]).reshape(-1),
        np.array(rows, dtype=float).reshape(-1),
        np.array([(place, power) for place, (_, power) in zip(places, terms, strict=True)], dtype=float).reshape(-1),
        np.concatenate(
            [tiled[:3].transpose(1, 2, 0).reshape(tiles, 3 * TILE), tiled[3:].transpose(1, 0, 2).reshape(tiles, len(terms) * TILE)], 1)
        .reshape(-1),
    ]  # fmt: skip
    length = HEADER + sum(part.size for part in body)
    numbers = [len(inputs.levels), len(needed), len(rows), len(terms), tiles, kind, tables.s_power - spare]
    E_eg, K = inputs.E_eg, inputs.imprinted_momentum
    kinematics = [K, *pair_mass(E_eg, K), largest_photon_energy(E_eg, K)]
    plan = np.concatenate([[MAGIC, *numbers, E_eg, length, *kinematics], *body])
    plan.setflags(write=False)
    top = max((power for _, power in terms), default=0)
    return plan, len(terms) <= MAX_WEIGHTS and len(rows) <= MAX_ROWS and top <= MAX_POWER


def _kind(
    tables: Tables, poles: tuple[Pole, ...], active: Mapping[tuple[int, int], int]
) -> tuple[int, list[tuple[int, int]]]:
    """Return the number of the smallest straight-line set that holds all active weights, or 0, and the weights."""
    narrow = {pole.group for pole in poles if not pole.width}
    for number, indices in tables.straight if OWN_SETS else ():
        terms = [tables.weights[index] for index in indices]
        if active.keys() <= set(terms) and _groups(tables.factors[factor] for factor, _ in terms) <= narrow:
            return number, terms
    return 0, list(active)


def _groups(factors: Iterable[Factor]) -> set[str]:
    return {group for factor in factors for group, _ in factor.propagators}


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
    return ("qz",) * factor.qz + ("s",) * factor.s + ("q0",) * factor.q0 + propagators


def _single(pieces: tuple[str, ...], poles: list[str]) -> tuple[int, int, int]:
    if not pieces:
        return (ONES, 0, 0)
    simple = {"qz": QZ, "s": Y, "q0": Q0}
    if pieces[0] in simple:
        return (simple[pieces[0]], 0, 0)
    part, _, group = pieces[0].partition(":")
    return ({"re": REAL, "im": IMAGINARY, "abs2": SQUARE}[part], poles.index(group), 0)


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Return threads that stay: starting one costs a tenth of a call with 1e6 points."""
    return ThreadPoolExecutor(threads, thread_name_prefix="spectral")


if hasattr(os, "register_at_fork"):
    # A child process has none of its parent's threads.
    os.register_at_fork(after_in_child=_pool.cache_clear)


def run(engine: ModuleType, plan: Array, omega: Array, out: Array, threads: int) -> int:
    """Run a plan over contiguous arrays; return 0 or the compiled code's report on the first bad point."""
    pieces = max(1, min(threads, omega.size // CHUNK))
    if pieces == 1:
        return int(engine.many(plan, omega, out))
    edges = [omega.size * piece // pieces for piece in range(pieces + 1)]
    pool = _pool(pieces - 1)
    jobs = [pool.submit(engine.many, plan, omega[low:high], out[low:high]) for low, high in pairwise(edges[1:])]
    statuses = [engine.many(plan, omega[: edges[1]], out[: edges[1]]), *(job.result() for job in jobs)]
    for low, status in zip(edges, map(int, statuses), strict=False):
        if status:
            return status + low if status > 0 else status - low
    return 0


@dataclass(frozen=True)
class _Unpacked:
    """The sections of a plan; ``high + low`` is ``E_eg - K``."""

    E_eg: float
    K: float
    high: float
    low: float
    s_power: int
    levels: Array
    poles: Array
    rows: list[tuple[int, int, int]]
    terms: list[tuple[int, int]]
    pairs: list[tuple[list[float], list[float]]]


def _unpacked(plan: Array) -> _Unpacked:
    levels, poles, rows, terms, tiles = map(int, plan[1:6])
    sizes = (2 * levels, 3 * poles, 3 * rows, 2 * terms)
    edges = [HEADER, *(HEADER + sum(sizes[: k + 1]) for k in range(len(sizes)))]
    parts = [plan[low:high] for low, high in pairwise(edges)]
    pairs = []
    for tile in plan[edges[-1] :].reshape(tiles, 3 + terms, TILE) if terms else ():
        heads, weights = tile[:3].reshape(TILE, 3).tolist(), tile[3:].T.tolist()
        pairs += [(head, row) for head, row in zip(heads, weights, strict=True) if head[0] > 0]
    return _Unpacked(
        float(plan[8]),
        float(plan[10]),
        float(plan[11]),
        float(plan[12]),
        int(plan[7]),
        parts[0].reshape(levels, 2),
        parts[1].reshape(poles, 3),
        [(int(a), int(b), int(c)) for a, b, c in parts[2].reshape(rows, 3)],
        [(int(a), int(b)) for a, b in parts[3].reshape(terms, 2)],
        pairs,
    )


def run_numpy(plan: Array, omega: Array) -> Array:
    """Run a plan over a flat array with NumPy: all pairs at once, in blocks that stay in cache."""
    unpacked = _unpacked(plan)
    result = np.zeros(omega.shape)
    if not unpacked.pairs:
        return result
    columns = np.array([head for head, _ in unpacked.pairs]).T[:, :, None]
    weights = np.array([row for _, row in unpacked.pairs]).T[:, :, None]
    size = max(MIN_BLOCK, BLOCK // len(unpacked.pairs))
    with np.errstate(all="ignore"):
        for start in range(0, omega.size, size):
            block = slice(start, start + size)
            _run_block(unpacked, columns, weights, omega[block], result[block])
    return result


def _run_block(plan: _Unpacked, columns: Array, weights: Array, omega: Array, total: Array) -> None:
    rows = _row_values(plan, omega)
    high, low, Q = columns
    root = high - omega
    d = high - root
    d -= omega
    d += low
    d += root
    np.maximum(d, 0.0, out=d)
    np.add(d, Q, out=root)
    root *= d
    np.sqrt(root, out=root)
    h, own, product = (np.empty(d.shape) for _ in range(3))
    top = plan.terms[0][1]
    # The terms of one power are added among themselves first: fewer roundings of the large sum.
    for power in range(top, -1, -1):
        places = [place for place, (_, at) in enumerate(plan.terms) if at == power]
        target = h if power == top else own
        for place in places:
            if place == places[0]:
                np.multiply(rows[plan.terms[place][0]], weights[place], out=target)
            else:
                np.multiply(rows[plan.terms[place][0]], weights[place], out=product)
                target += product
        if power < top:
            h *= d
            if places:
                h += own
    h *= root
    if not all(np.isfinite(numbers).all() for numbers in (weights, *rows)):
        h[d == 0] = 0.0
    for row_of_pair in h:
        total += row_of_pair
    total[...] = _finished(plan, omega, total)


def _row_values(plan: _Unpacked, omega: Any) -> list[Any]:
    values: list[Any] = []
    for operation, a, b in plan.rows:
        if operation == ONES:
            values.append(omega * 0 + 1)
        elif operation == QZ:
            values.append(omega + plan.K if plan.K else omega)
        elif operation == Q0:
            values.append(plan.E_eg - omega)
        elif operation == Y:
            values.append(_pair_mass(plan, omega)[0])
        elif operation == PRODUCT:
            values.append(values[a] * values[b])
        else:
            high, low, width = map(float, plan.poles[a])
            first = high - omega
            shadow = first - high
            tail = ((high - (first - shadow)) - (omega + shadow)) + low
            gap = first + tail
            if operation == SQUARE:
                square = gap * (gap + 2 * ((first - gap) + tail))
                values.append(1 / (square + width * width) if width else 1 / square)
            elif operation == REAL:
                values.append(gap / (gap * gap + width * width) if width else 1 / gap)
            else:
                values.append(-width / (gap * gap + width * width) if width else omega * 0)
    return values


def _pair_mass(plan: _Unpacked, omega: Any) -> tuple[Any, Any]:
    """Return ``y = s / (E_eg + K)`` and what its rounding left behind."""
    twice = 2 * omega
    first = plan.high - twice
    rest = (plan.high - first) - twice
    if not plan.low:
        return first, rest
    rest = rest + plan.low
    y = first + rest
    return y, (first - y) + rest


def _finished(plan: _Unpacked, omega: Any, total: Any) -> Any:
    """Multiply by the intermediate states and ``1/y^p``.

    The rounding of a difference that enters squared or cubed is put back to first order. Rows with powers of ``y`` share
    its rounding with ``y^p``; putting back ``p - 1`` of it leaves at most one in every term.
    """
    y, rest = _pair_mass(plan, omega)
    power: Any = y + (plan.s_power - 1) * rest if plan.s_power else 1.0
    for _ in range(plan.s_power - 1):
        power = power * y
    if len(plan.levels) == 1:
        level = float(plan.levels[0, 0])
        gap = level - omega
        return total / (power * (gap * (gap + 2 * ((level - gap) - omega))))
    amplitude: Any = 0.0
    for level, c in plan.levels.tolist():
        amplitude = amplitude + c / (level - omega)
    return total * (amplitude * amplitude) / power


def run_in(plan: Array, omega: Any, namespace: Any) -> Any:
    """Run a plan on an array of another array-API namespace (JAX, CuPy, Dask): no blocking, no range check."""
    unpacked = _unpacked(plan)
    rows = _row_values(unpacked, omega)
    total: Any = 0.0 * omega
    for (high, low, Q), weights in unpacked.pairs:
        first = high - omega
        gap = first + (((high - first) - omega) + low)
        is_open = gap > 0
        # The square root sees a harmless 1 where the channel is closed: its derivative stays finite.
        d = namespace.where(is_open, gap, 1.0)
        value: Any = 0.0
        for power in range(unpacked.terms[0][1], -1, -1):
            own = [w * rows[row] for (row, at), w in zip(unpacked.terms, weights, strict=True) if at == power]
            value = value * d + sum(own)
        total = total + namespace.where(is_open, namespace.sqrt(d * (d + Q)) * value, 0.0)
    return _finished(unpacked, omega, total)
