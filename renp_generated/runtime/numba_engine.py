"""Plans run by numba: machine code without a C compiler, for installations that have numba and no compiled module.

The operations are those of NumPy and of ``spectral.c``, in the same order, each rounded once: the results have the same
bits. Compiling takes seconds, once per process. It is put off until NumPy has worked about as long as that, so that no
run takes much more than twice the time of the better choice. Nothing imports numba before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from math import sqrt
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..fingerprint import LAYOUT
from .plan import HEADER, IMAGINARY, MAGIC, ONES, PRODUCT, Q0, QZ, REAL, SQUARE, TILE, Y

Array = NDArray[np.float64]
Function = Callable[[Array, Array, Array], int]

BLOCK = 128
"""Points at a time: all temporaries of most plans stay in a first-level cache."""
PATIENCE = 2_000_000_000
"""Work of NumPy, in about nanoseconds, after which compiling pays."""
DECLINED = 1
"""What :func:`many` returns when NumPy is to do the work."""


@dataclass
class _State:
    """What this process knows about numba: the compiled function, why there is none, the work done without it."""

    function: Function | None = None
    failure: str = ""
    work: int = 0


STATE = _State()
_LOCK = RLock()


@cache
def installed() -> bool:
    """Return whether there is a numba to import, without importing it."""
    try:
        return find_spec("numba") is not None
    except (ImportError, ValueError):
        return False


def usable() -> bool:
    """Return whether numba is installed and has not failed yet."""
    return installed() and not STATE.failure


def importable() -> bool:
    """Return whether numba can be imported and compiles; a failure is remembered."""
    if usable():
        try:
            _numba()
        except Exception as error:  # a broken installation fails in any way: libraries that miss, versions that clash
            STATE.failure = _line(error)
    return usable()


def build() -> Function:
    """Return the compiled function, compiled now if it was not yet.

    Raises ``RuntimeError`` in one line when numba is not installed or does not work.
    """
    with _LOCK:
        if STATE.function is None and not STATE.failure:
            if not installed():
                STATE.failure = "not installed"
            else:
                try:
                    STATE.function = _compiled(_numba())
                except Exception as error:
                    STATE.failure = _line(error)
        if STATE.function is None:
            raise RuntimeError(f"numba cannot be used: {STATE.failure}")
        return STATE.function


def one(plan: Array, omega: float) -> float | None:
    """Return the result at one point, or ``None`` when it is not allowed or NumPy is to do the work."""
    out = np.empty(1)
    return None if many(plan, np.array([omega]), out) else float(out[0])


def many(plan: Array, omega: Array, out: Array) -> int:
    """Run a plan over contiguous arrays.

    Returns 0, k > 0 when ``omega[k - 1]`` is not allowed, k < 0 when the result at ``-k - 1`` is not finite, and
    ``DECLINED`` when NumPy is to do the work.
    """
    if plan.size < HEADER or plan[0] != MAGIC or plan[9] != plan.size:
        raise ValueError("not a plan made by prepare()")
    function = STATE.function or _when_it_pays(plan, omega.size)
    if function is None:
        return DECLINED
    flat = omega.reshape(-1)
    return int(function(plan, flat if flat.flags.aligned else flat.copy(), out.reshape(-1)))


def instruction_set() -> str:
    """Return what makes the machine code; it takes every instruction that the processor has."""
    return "LLVM"


def fingerprints() -> tuple[str, str]:
    """Return the fingerprints of the layout of plans and of the straight-line sets: there are none."""
    return LAYOUT, ""


def _when_it_pays(plan: Array, points: int) -> Function | None:
    weights, tiles = int(plan[4]), int(plan[5])
    with _LOCK:
        STATE.work += points * TILE * tiles * (weights + 10)
        if STATE.work < PATIENCE or not usable():
            return None
        try:
            return build()
        except RuntimeError:
            return None


def _line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _numba() -> Any:
    import numba

    if numba.config.DISABLE_JIT:
        raise RuntimeError("its compilation is switched off")
    return numba


def _compiled(numba: Any) -> Function:
    # Without fastmath LLVM neither reorders nor fuses; NumPy's error model divides by zero without raising.
    jit = partial(numba.njit, nogil=True, error_model="numpy")
    rows, pairs, finish = jit(_rows), jit(_pairs), jit(_finish)

    def run(plan: Array, omega: Array, out: Array) -> int:
        n_levels, n_poles, n_rows, n_weights, n_tiles = (
            int(plan[1]), int(plan[2]), int(plan[3]), int(plan[4]), int(plan[5])
        )  # fmt: skip
        edge = plan[13]
        at_poles = HEADER + 2 * n_levels
        at_rows = at_poles + 3 * n_poles
        at_terms = at_rows + 3 * n_rows
        at_tiles = at_terms + 2 * n_weights
        tile = TILE * (3 + n_weights)
        places = np.empty(n_weights, np.int64)
        top = int(plan[at_terms + 1]) if n_weights else 0
        # terms of power a: starts[a + 1] to starts[a]
        starts = np.zeros(top + 2, np.int64)
        for i in range(n_weights):
            places[i] = int(plan[at_terms + 2 * i])
            for a in range(int(plan[at_terms + 2 * i + 1]) + 1):
                starts[a] = i + 1
        room, scratch = np.empty((n_rows + 1, BLOCK)), np.empty((4, TILE * BLOCK))
        block, total = np.empty(BLOCK), np.empty(BLOCK)
        for at in range(0, omega.size, BLOCK):
            m = min(BLOCK, omega.size - at)
            for x in range(m):
                block[x] = omega[at + x]
            for x in range(m, BLOCK):
                block[x] = 0.5 * edge
            outside = 0
            for x in range(BLOCK):
                outside += not (block[x] > 0 and block[x] < edge)
            if outside:
                for x in range(m):
                    if not (block[x] > 0 and block[x] < edge):
                        return at + x + 1
            rows(plan, at_poles, at_rows, n_rows, block, room)
            for x in range(BLOCK):
                total[x] = 0.0
            for k in range(n_tiles if n_weights else 0):
                low = at_tiles + k * tile
                pairs(plan[low : low + tile], places, starts, block, room, scratch, total)
            finish(plan, block, total, scratch[0], scratch[1])
            infinite = 0
            for x in range(BLOCK):
                infinite += total[x] - total[x] != 0
            if infinite:
                for x in range(m):
                    if total[x] - total[x] != 0:
                        return -(at + x + 1)
            for x in range(m):
                out[at + x] = total[x]
        return 0

    constant = numba.types.Array(numba.float64, 1, "C", readonly=True)
    result: Function = jit(numba.int64(constant, constant, numba.float64[::1]))(run)
    return result


def _rows(plan: Array, at_poles: int, at_rows: int, n_rows: int, omega: Array, room: Array) -> None:
    """Fill the rows of a block: products of ``q_z``, ``q0``, ``y`` and propagators."""
    E_eg, K, mass, rest = plan[8], plan[10], plan[11], plan[12]
    for r in range(n_rows):
        operation, a, b = int(plan[at_rows + 3 * r]), int(plan[at_rows + 3 * r + 1]), int(plan[at_rows + 3 * r + 2])
        out = room[r]
        if operation == ONES:
            for x in range(BLOCK):
                out[x] = 1.0
        elif operation == QZ:
            for x in range(BLOCK):
                out[x] = omega[x] + K
        elif operation == Q0:
            for x in range(BLOCK):
                out[x] = E_eg - omega[x]
        elif operation == Y:
            for x in range(BLOCK):
                twice = 2 * omega[x]
                first = mass - twice
                out[x] = first + (((mass - first) - twice) + rest)
        elif operation == PRODUCT:
            left, right = room[a], room[b]
            for x in range(BLOCK):
                out[x] = left[x] * right[x]
        else:
            high, low, width = plan[at_poles + 3 * a], plan[at_poles + 3 * a + 1], plan[at_poles + 3 * a + 2]
            square = width * width
            for x in range(BLOCK):
                first = high - omega[x]
                shadow = first - high
                tail = ((high - (first - shadow)) - (omega[x] + shadow)) + low
                gap = first + tail
                # A width of 0 adds an exact 0 to a square; its quotients are simpler, and rounded once.
                if operation == SQUARE:
                    out[x] = 1 / (gap * (gap + 2 * ((first - gap) + tail)) + square)
                elif operation == REAL:
                    out[x] = gap / (gap * gap + square) if width != 0 else 1 / gap
                elif operation == IMAGINARY:
                    out[x] = -width / (gap * gap + square) if width != 0 else 0.0


def _pairs(
    tile: Array, places: NDArray[np.int64], starts: NDArray[np.int64], omega: Array, room: Array, scratch: Array,
    total: Array,
) -> None:  # fmt: skip
    """Add the pairs of a tile over a block. They run side by side: a value of a row, once loaded, serves all three."""
    d, root, h, part = scratch[0], scratch[1], scratch[2], scratch[3]
    for t in range(TILE):
        high, low, Q = tile[3 * t], tile[3 * t + 1], tile[3 * t + 2]
        own_d, own_root = d[t * BLOCK : (t + 1) * BLOCK], root[t * BLOCK : (t + 1) * BLOCK]
        for x in range(BLOCK):
            first = high - omega[x]
            gap = first + (((high - first) - omega[x]) + low)
            is_open = gap if gap > 0 else 0.0
            own_d[x] = is_open
            own_root[x] = sqrt(is_open * (is_open + Q))
    p, q, r = tile[3 * TILE :], tile[3 * TILE + 1 :], tile[3 * TILE + 2 :]
    top = starts.size - 2
    for a in range(top, -1, -1):
        i, end = starts[a + 1], starts[a]
        # The terms of one power are added among themselves first: fewer roundings of the large sum.
        out = h if a == top else part
        if i == end:
            for x in range(TILE * BLOCK):
                h[x] *= d[x]
            continue
        # Four terms at a time after the first one to four: the sums are loaded and stored less often.
        some = (end - i - 1) % 4 + 1
        f = room[places[i]]
        p0, q0, r0 = p[3 * i], q[3 * i], r[3 * i]
        if some == 1:
            for x in range(BLOCK):
                out[x] = p0 * f[x]
                out[x + BLOCK] = q0 * f[x]
                out[x + 2 * BLOCK] = r0 * f[x]
        else:
            g = room[places[i + 1]]
            p1, q1, r1 = p[3 * i + 3], q[3 * i + 3], r[3 * i + 3]
            if some == 2:
                for x in range(BLOCK):
                    out[x] = p0 * f[x] + p1 * g[x]
                    out[x + BLOCK] = q0 * f[x] + q1 * g[x]
                    out[x + 2 * BLOCK] = r0 * f[x] + r1 * g[x]
            else:
                u = room[places[i + 2]]
                p2, q2, r2 = p[3 * i + 6], q[3 * i + 6], r[3 * i + 6]
                if some == 3:
                    for x in range(BLOCK):
                        out[x] = p0 * f[x] + p1 * g[x] + p2 * u[x]
                        out[x + BLOCK] = q0 * f[x] + q1 * g[x] + q2 * u[x]
                        out[x + 2 * BLOCK] = r0 * f[x] + r1 * g[x] + r2 * u[x]
                else:
                    v = room[places[i + 3]]
                    p3, q3, r3 = p[3 * i + 9], q[3 * i + 9], r[3 * i + 9]
                    for x in range(BLOCK):
                        out[x] = p0 * f[x] + p1 * g[x] + p2 * u[x] + p3 * v[x]
                        out[x + BLOCK] = q0 * f[x] + q1 * g[x] + q2 * u[x] + q3 * v[x]
                        out[x + 2 * BLOCK] = r0 * f[x] + r1 * g[x] + r2 * u[x] + r3 * v[x]
        for j in range(i + some, end, 4):
            f, g, u, v = room[places[j]], room[places[j + 1]], room[places[j + 2]], room[places[j + 3]]
            p0, p1, p2, p3 = p[3 * j], p[3 * j + 3], p[3 * j + 6], p[3 * j + 9]
            q0, q1, q2, q3 = q[3 * j], q[3 * j + 3], q[3 * j + 6], q[3 * j + 9]
            r0, r1, r2, r3 = r[3 * j], r[3 * j + 3], r[3 * j + 6], r[3 * j + 9]
            for x in range(BLOCK):
                out[x] = out[x] + p0 * f[x] + p1 * g[x] + p2 * u[x] + p3 * v[x]
                out[x + BLOCK] = out[x + BLOCK] + q0 * f[x] + q1 * g[x] + q2 * u[x] + q3 * v[x]
                out[x + 2 * BLOCK] = out[x + 2 * BLOCK] + r0 * f[x] + r1 * g[x] + r2 * u[x] + r3 * v[x]
        if a < top:
            for x in range(TILE * BLOCK):
                h[x] = h[x] * d[x] + part[x]
    # A closed channel adds exactly 0, even where a propagator is infinite.
    for x in range(TILE * BLOCK):
        h[x] = root[x] * h[x] if root[x] > 0 else 0.0
    for x in range(BLOCK):
        total[x] = total[x] + h[x] + h[x + BLOCK] + h[x + 2 * BLOCK]


def _finish(plan: Array, omega: Array, total: Array, mass: Array, power: Array) -> None:
    """Multiply by the intermediate states and ``1/y^p``, as :func:`plan._finished`."""
    high, low, s_power, n_levels = plan[11], plan[12], int(plan[7]), int(plan[1])
    for x in range(BLOCK):
        twice = 2 * omega[x]
        first = high - twice
        tail = ((high - first) - twice) + low
        y = first + tail
        mass[x] = y
        power[x] = y + (s_power - 1) * ((first - y) + tail) if s_power else 1.0
    for _ in range(s_power - 1):
        for x in range(BLOCK):
            power[x] *= mass[x]
    if n_levels == 1:
        level = plan[HEADER]
        for x in range(BLOCK):
            gap = level - omega[x]
            total[x] /= power[x] * (gap * (gap + 2 * ((level - gap) - omega[x])))
    else:
        for x in range(BLOCK):
            amplitude = 0.0
            for v in range(n_levels):
                amplitude += plan[HEADER + 2 * v + 1] / (plan[HEADER + 2 * v] - omega[x])
            total[x] = total[x] * (amplitude * amplitude) / power[x]
