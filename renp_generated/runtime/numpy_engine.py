"""A program run by NumPy: the operations of ``spectral.c`` in their order, so that both give the same bits.

The numbers of a call have their place first, see :class:`Layout`; parameter sets may follow as a second axis, against which the
photon energies broadcast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import double_double as dd
from .double_double import Pair
from .structure import (
    ACROSS,
    ALONG,
    AXIAL_SQUARE,
    DIPOLE,
    DIVISOR,
    E_EG,
    IMAGINARY,
    INVERSE_Q0,
    INVERSE_S,
    LEVELS,
    MINUS,
    MOMENTUM,
    NONE,
    ONE,
    OPPOSITE,
    PLUS,
    PRODUCT,
    Q0,
    QZ,
    REAL,
    SCALAR,
    SCALAR_SQUARE,
    TENSOR,
    UNIT,
    VECTOR_SQUARE,
    Channel,
    Program,
    S,
    Slot,
)

Array = NDArray[np.float64]
BLOCK = 4096
"""Photon energies times parameter sets per block: its temporaries stay in a second-level cache."""

Coefficients = tuple[tuple[int, int, Pair, tuple[bool, bool]], ...]
"""Rows of the real and of the imaginary part of a channel's factor, its coefficient, and whether it is the last of its list."""


@dataclass(frozen=True)
class Part:
    """The real or the imaginary parts of the coefficients of one square."""

    first: Coefficients
    flipped: Coefficients


@dataclass(frozen=True)
class PairOfMasses:
    """One pair ``i <= j``: its two-part threshold, masses and coefficients."""

    threshold: Pair
    P4: Any
    M: Any
    d: Any
    count: float
    squares: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True)
class Folded:
    """A program with its numbers: what does not depend on the photon energy."""

    program: Program
    numbers: Array
    E: Pair
    poles: tuple[tuple[Pair, Pair], ...]
    pairs: tuple[PairOfMasses, ...]


def fold(program: Program, numbers: Array, *, zeros: bool = False) -> Folded:
    """Return a program with its numbers; coefficients that are 0 are left out, or kept with ``zeros``."""
    layout, on = program.layout, program.on
    E_eg, K = numbers[E_EG], numbers[MOMENTUM]
    with np.errstate(all="ignore"):
        E = dd.two_sum(E_eg, K)
        twice = 2 * E[0], 2 * E[1]
        zero = 0.0 * E_eg
        poles = []
        for at in layout.mediators.values():
            mass, width = numbers[at], numbers[at + 1]
            poles.append((threshold(on.moved, E_eg, K, (mass, zero)), dd.quotient(dd.two_product(mass, width), twice)))
        scales = {
            slot: _scale(program, slot, numbers, twice)
            for square in program.squares
            for channel in (*square.first, *square.flipped)
            for slot in channel.slots
        }
        masses = numbers[layout.masses : layout.masses + layout.n]
        pairs = tuple(
            _pair(program, numbers, scales, masses, (i, j), zeros) for i in range(layout.n) for j in range(i, layout.n)
        )
    return Folded(program, numbers, E, tuple(poles), pairs)


def threshold(moved: bool, E_eg: Any, K: Any, M: Pair) -> Pair:
    """Return the photon energy at which s is M^2, ``(E_eg^2 - K^2 - M^2) / 2 (E_eg + K)``: the nearest double and the rest.

    The rest has all its digits, however small it is: at a photon energy next to it nothing else is left of the distance.

    Example
    -------
    >>> threshold(False, 2.0, 0.0, (1.0, 0.0)), threshold(True, 2.0, -1.0, (1.0, 0.0))
    ((0.75, 0.0), (1.0, 0.0))
    """
    zero = 0.0 * E_eg
    a, b = (dd.two_sum(E_eg, -K), dd.two_sum(E_eg, K)) if moved else ((E_eg, zero), (E_eg, zero))
    products = [(a[0], b[0]), (-M[0], M[0]), (-2 * M[0], M[1]), (-M[1], M[1])]
    if moved:
        products += [(a[0], b[1]), (a[1], b[0]), (a[1], b[1])]
    terms = [part for pair in products for part in reversed(dd.two_product(*pair))]
    below = 2 * b[0], 2 * b[1]
    high = (a[0] - M[0]) * (b[0] + M[0]) / below[0] if not moved else (a[0] * b[0] - M[0] * M[0]) / below[0]
    high = high + _rest(terms, high, below, moved) / below[0]
    return dd.quick_two_sum(high, _rest(terms, high, below, moved) / below[0])


def _rest(terms: list[Any], quotient: Any, below: Pair, moved: bool) -> Any:
    """Return ``sum(terms) - quotient * below``: three passes leave a sum with the digits of a fourfold double."""
    parts = [*terms, *reversed(dd.two_product(-quotient, below[0]))]
    if moved:
        parts += reversed(dd.two_product(-quotient, below[1]))
    for _ in range(3):
        for k in range(1, len(parts)):
            parts[k], parts[k - 1] = dd.two_sum(parts[k], parts[k - 1])
    rest = parts[0]
    for part in parts[1:]:
        rest = rest + part
    return rest


def scale_of(folded: Folded, slot: Slot) -> Pair:
    """Return what a slot multiplies its matrix with, apart from masses of neutrinos."""
    return _scale(folded.program, slot, folded.numbers, (2 * folded.E[0], 2 * folded.E[1]))


def _scale(program: Program, slot: Slot, numbers: Array, twice: Pair) -> Pair:
    scale: Pair = slot.constant
    if slot.electron != NONE:
        scale = dd.times(scale, numbers[slot.electron])
    if program.electric:
        scale = dd.times(scale, numbers[DIPOLE])
    if slot.mediator != NONE:
        scale = dd.quotient(scale, twice)
        if slot.longitudinal:
            mass = numbers[slot.mediator]
            for _ in range(2):
                scale = dd.quotient(scale, (mass, 0.0 * mass))
    return scale


def _pair(
    program: Program, numbers: Array, scales: dict[Slot, Pair], masses: Array, pair: tuple[int, int], zeros: bool
) -> PairOfMasses:
    i, j = pair
    M, d = dd.two_sum(masses[i], masses[j]), dd.two_sum(masses[i], -masses[j])
    high, low = threshold(program.on.moved, numbers[E_EG], numbers[MOMENTUM], M)

    def coefficient(channel: Channel, part: int) -> Pair:
        total: Pair | None = None
        for slot in channel.slots:
            scale = scales[slot]
            for _ in range(slot.d):
                scale = dd.product(scale, d)
            for _ in range(slot.M):
                scale = dd.product(scale, M)
            entry = dd.times(scale, _entry(program, slot, numbers, pair, part))
            total = entry if total is None else dd.add(total, entry)
        assert total is not None
        return total

    def coefficients(channels: tuple[Channel, ...], part: int) -> Coefficients:
        last = [max((k for k, rows in enumerate(parts) if rows != NONE), default=-1) for parts in _rows_of_parts(channels)]
        found = [
            (channel.real, channel.imaginary, coefficient(channel, part), (k == last[0], k == last[1]))
            for k, channel in enumerate(channels)
        ]
        return tuple(entry for entry in found if zeros or np.any(entry[2][0]))

    squares = []
    for square in program.squares:
        parts = [Part(coefficients(square.first, part), coefficients(square.flipped, part)) for part in (0, 1)]
        squares.append(tuple(part for part in parts if part.first or part.flipped))
    count = (0.5 if program.on.majorana else 1.0) * (1 if i == j else 2)
    return PairOfMasses((high, low), 4 * (masses[i] * masses[j]), M[0], d[0], count, tuple(squares))


def _rows_of_parts(channels: tuple[Channel, ...]) -> tuple[list[int], list[int]]:
    return [channel.real for channel in channels], [channel.imaginary for channel in channels]


def _entry(program: Program, slot: Slot, numbers: Array, pair: tuple[int, int], part: int) -> Any:
    """Return the real (0) or imaginary (1) part of a matrix element, turned by the phase of its slot."""
    i, j = pair
    at = slot.matrix + 2 * (program.layout.n * i + j)
    real, imaginary = numbers[at], numbers[at + 1]
    if program.on.majorana:
        # The exchanged pair has the complex conjugate, with the sign eta.
        real, imaginary = (2 * real, 0.0 * real) if slot.eta > 0 else (0.0 * real, 2 * imaginary)
    if slot.imaginary:
        return -imaginary if part == 0 else real
    return real if part == 0 else imaginary


def run(folded: Folded, omega: Array) -> Array:
    """Return I(omega) for flat photon energies, or for (energies, 1) and several parameter sets."""
    sets = folded.numbers.shape[1:]
    result = np.zeros((len(omega), *sets))
    size = max(1, BLOCK // max(1, *sets)) if sets else BLOCK
    with np.errstate(all="ignore"):
        for start in range(0, len(omega), size):
            block = slice(start, start + size)
            result[block] = spectrum(folded, omega[block])
    return result


def spectrum(folded: Folded, omega: Any, namespace: Any = np) -> Any:
    """Return I at one block of photon energies, in the array library that they are of (JAX, CuPy, Dask)."""
    numbers, E = folded.numbers, folded.E
    kinematics = kinematics_of(folded, omega)
    rows = rows_of(folded, omega, kinematics)
    weights = weights_of(folded, kinematics)
    s = kinematics[S][0]
    total: Any = 0.0 * s
    for pair in folded.pairs:
        high, low = pair.threshold
        first = high - omega
        gap = first + (((high - first) - omega) + low)
        is_open = gap > 0
        # The square root sees a harmless 1 where the channel is closed: its derivative stays finite.
        t = (2 * E[0]) * namespace.where(is_open, gap, 1.0)
        reach = pair.P4 + t
        root = namespace.sqrt(t * reach)
        H = _squares(folded, pair, rows, weights, t, reach)
        added = (pair.count * root) * (reach * H[0] + t * H[1])
        # A closed channel adds exactly 0, even where a propagator is infinite.
        total = total + namespace.where(is_open, added, 0.0)
    return _finished(folded, omega, total, numbers[DIVISOR] * s)


def kinematics_of(folded: Folded, omega: Any) -> dict[int, Pair]:
    """Return q_z, q0 and s."""
    E_eg, K = folded.numbers[E_EG], folded.numbers[MOMENTUM]
    y = dd.two_sum(E_eg, -2 * omega)
    if folded.program.on.moved:
        y = dd.add(dd.two_sum(E_eg, -K), (-2 * omega, 0.0 * omega))
    return {QZ: dd.two_sum(omega, K), Q0: dd.two_sum(E_eg, -omega), S: dd.product(y, folded.E)}


def rows_of(folded: Folded, omega: Any, kinematics: dict[int, Pair]) -> list[Pair]:
    """Return the rows of factors."""
    one = 0.0 * omega + 1, 0.0 * omega
    found: list[Pair] = []
    for operation, a, b in folded.program.rows:
        if operation == PRODUCT:
            found.append(dd.product(found[a], found[b]))
        elif operation in (INVERSE_S, INVERSE_Q0):
            found.append(dd.quotient(one, kinematics[S if operation == INVERSE_S else Q0]))
        elif operation in (REAL, IMAGINARY, OPPOSITE):
            (high, low), width = folded.poles[a]
            gap = dd.add(dd.two_sum(high, -omega), (low, 0.0 * low))
            if not folded.program.on.widths:
                found.append(dd.quotient(one, gap))
                continue
            square = dd.add(dd.product(gap, gap), dd.product(width, width))
            above = {REAL: gap, IMAGINARY: (-width[0], -width[1]), OPPOSITE: width}[operation]
            found.append(dd.quotient(above, square))
        else:
            found.append(kinematics[operation])
    return found


def weights_of(folded: Folded, kinematics: dict[int, Pair]) -> list[Any]:
    """Return the weights of squares, and the ratios."""
    qz, q0, s = (kinematics[which][0] for which in (QZ, Q0, S))
    starts = starts_of(folded)
    inverse_s = dd.quotient((0.0 * s + 1, 0.0 * s), kinematics[S])[0]

    def value(start: int, *powers: int) -> Any:
        result = starts[start] + 0.0 * s
        for base, power in zip((qz, q0, s), powers, strict=True):
            factor = base if power > 0 else inverse_s if base is s else 1 / base
            for _ in range(abs(power)):
                result = result * factor
        return result

    return [sum([value(*product) for product in rest], value(*first)) for first, *rest in folded.program.weights]


def starts_of(folded: Folded) -> dict[int, Any]:
    """Return what weights may start with."""
    along, across, circular = folded.numbers[TENSOR : TENSOR + 3]
    halves = {PLUS: 0.5 * (across + circular), MINUS: 0.5 * (across - circular)}
    return {ALONG: along, ACROSS: across, SCALAR: 3 * along, ONE: 1.0, **halves}


def _squares(
    folded: Folded, pair: PairOfMasses, rows: list[Pair], weights: list[Any], t: Any, reach: Any
) -> tuple[Any, Any]:
    """Return what multiplies ``t + 4 P`` and ``t``."""
    H: list[Any] = [0.0, 0.0]
    for square, parts in zip(folded.program.squares, pair.squares, strict=True):
        if not parts:
            continue
        vector = square.kind == VECTOR_SQUARE
        spin_one = vector or square.kind == AXIAL_SQUARE
        mass, slope = (pair.M, t) if vector else (pair.d, reach)
        kept: Any = 0.0
        flips: Any = 0.0
        for part in parts:
            for imaginary in (False, True):
                value = sum_of(part.first, rows, imaginary)
                flipped = sum_of(part.flipped, rows, imaginary)
                if value is None and flipped is None:
                    continue
                value = 0.0 if value is None else value
                kept = kept + value * value
                if not spin_one:
                    continue
                turned = mass * value
                if flipped is not None:
                    ratio = 1.0 if square.ratio == UNIT else weights[square.ratio]
                    turned = turned + (slope * ratio) * flipped
                flips = flips + turned * turned
        which = 0 if square.kind not in (AXIAL_SQUARE, SCALAR_SQUARE) else 1
        added = weights[square.weight] * (2 * kept if spin_one else kept)
        if spin_one:
            added = added + weights[square.flipped_weight] * flips
        H[which] = H[which] + added
    return H[0], H[1]


def sum_of(coefficients: Coefficients, rows: list[Pair], imaginary: bool) -> Any:
    """Return the real or the imaginary part of a list, ``None`` without any: all errors are carried to the end.

    The product of the last term of a list is added without rounding in between. Terms that are 0 do not change a bit.
    """
    total: Any = None
    rest: Any = 0.0
    for real, imaginary_row, (high, low), last in coefficients:
        row = imaginary_row if imaginary else real
        if row == NONE:
            continue
        factor, tail = (1.0, 0.0) if row == UNIT else rows[row]
        e = low if row == UNIT else factor * low + tail * high
        if last[imaginary]:
            old = 0.0 if total is None else total
            total = old + high if row == UNIT else dd.fused(factor, high, old)
            rest = rest + e
            continue
        p, error = (high, 0.0) if row == UNIT else dd.two_product(factor, high)
        if row != UNIT:
            e = error + e
        if total is None:
            total, rest = p, e
        else:
            total, error = dd.two_sum(total, p)
            rest = rest + (error + e)
    return None if total is None else total + rest


def _finished(folded: Folded, omega: Any, total: Any, divisor: Any) -> Any:
    """Multiply by the intermediate states, and divide."""
    layout, numbers = folded.program.layout, folded.numbers
    at = LEVELS
    levels = [(numbers[at + 2 * k], numbers[at + 2 * k + 1]) for k in range(layout.levels + layout.crossed)]
    if len(levels) == 1:
        ((level, c),) = levels
        gap = level - omega
        # The rounding of a difference that enters squared is put back to first order.
        rest = (level - gap) - omega
        return (total * (c * c)) / (divisor * (gap * (gap + 2 * rest)))
    amplitude: Any = 0.0
    for k, (level, c) in enumerate(levels):
        gap = level - omega if k < layout.levels else (level - numbers[E_EG]) + omega
        amplitude = amplitude + c / gap
    return (total * (amplitude * amplitude)) / divisor
