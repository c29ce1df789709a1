"""Folding of couplings, nature and atomic tensor into per-pair weights: exact integer arithmetic, rounded once at the end.

Every float is an integer over a power of two, so a weight is a quotient of integers. Python divides integers with one
correct rounding; a weight of one product of channels is the double nearest to its exact value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .arguments import Inputs
from .couplings import constants, strength, tensor_parts
from .tables import Channel, Tables

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Folded:
    """Weights ``(terms, pairs)`` with all powers of ``E_eg + K`` inside, and ``Q = 2 m_i m_j / (E_eg + K)`` of each pair."""

    terms: tuple[tuple[int, int], ...]
    weights: Array
    Q: Array


@dataclass(frozen=True)
class _Matrix:
    """A channel's coefficient ``(real + i imag) / denominator`` for each ordered pair."""

    real: list[list[int]]
    imag: list[list[int]]
    denominator: int


@dataclass(frozen=True)
class _Entry:
    """A polynomial in the masses of one weight: its even and odd monomials under exchange of the pair, its degree."""

    weight: int
    even: tuple[tuple[int, int], ...]
    odd: tuple[tuple[int, int], ...]
    degree: int


@dataclass(frozen=True)
class _Products:
    """The products of channels for one atomic tensor, with its parts merged over a common denominator."""

    groups: tuple[tuple[int, int, bool, tuple[_Entry, ...]], ...]
    denominator: int


def fold(tables: Tables, inputs: Inputs) -> Folded:
    """Return the weights of checked arguments."""
    n = len(inputs.masses)
    masses, shift = dyadic(inputs.masses)
    (energy, momentum), e = dyadic((inputs.E_eg, inputs.imprinted_momentum))
    E = energy + momentum
    matrices = _matrices(tables, inputs, masses, shift)
    products = _products(_Handle(tables), inputs.tensor)
    narrow = {(name, "im") for name, (_, width) in inputs.mediators.items() if not width}
    scales: dict[int, tuple[int, int]] = {}
    pairs = [(i, j) for i in range(n) for j in range(i, n)]
    monomials = [_monomials(tables.monomials, masses[i], masses[j]) for i, j in pairs]
    common = products.denominator * (2 if inputs.majorana else 1)
    collected: dict[int, list[list[float]]] = {}
    for left, right, imaginary, entries in products.groups:
        a, b = matrices[left], matrices[right]
        if a is None or b is None or not narrow.isdisjoint(_propagators(tables, entries)):
            continue
        numbers = [_number(a, b, i, j, imaginary) for i, j in pairs]
        denominator = common * a.denominator * b.denominator
        for entry in entries:
            if entry.weight not in scales:
                scales[entry.weight] = _energy_scale(tables, inputs, tables.weights[entry.weight], E, e)
            over, under = scales[entry.weight]
            below = (denominator * under) << (shift * entry.degree)
            rows = collected.setdefault(entry.weight, [[] for _ in pairs])
            for row, values, (even, odd) in zip(rows, monomials, numbers, strict=True):
                total = even * sum([values[k] * c for k, c in entry.even]) if even else 0
                if entry.odd and odd:
                    total += odd * sum([values[k] * c for k, c in entry.odd])
                if total:
                    row.append(quotient(total * over, below))
    order = sorted(collected, key=lambda index: (-tables.weights[index][1], tables.weights[index][0]))
    sums = [[_sum(row) for row in collected[index]] for index in order]
    keep = [any(row) for row in sums]
    return Folded(
        tuple(tables.weights[index] for index, kept in zip(order, keep, strict=True) if kept),
        np.array([row for row, kept in zip(sums, keep, strict=True) if kept]).reshape(sum(keep), len(pairs)),
        np.array([quotient(2 * masses[i] * masses[j] << e, E << 2 * shift) for i, j in pairs]),
    )


def dyadic(values: Sequence[float]) -> tuple[list[int], int]:
    """Return integers and one exponent with ``value = integer / 2^exponent``.

    Example
    -------
    >>> dyadic([0.5, 3.0])
    ([1, 6], 1)
    """
    ratios = [value.as_integer_ratio() for value in values]
    top = max(under.bit_length() for _, under in ratios)
    return [over << (top - under.bit_length()) for over, under in ratios], top - 1


def quotient(over: int, under: int) -> float:
    """Return ``over / under`` rounded once; infinity when it is too large."""
    try:
        return over / under
    except OverflowError:
        return math.inf if over > 0 else -math.inf


def _sum(row: list[float]) -> float:
    if len(row) < 2:
        return row[0] if row else 0.0
    try:
        return math.fsum(row) if all(map(math.isfinite, row)) else sum(row)
    except OverflowError:
        total = sum(map(Fraction, row))
        return quotient(total.numerator, total.denominator)


def _energy_scale(tables: Tables, inputs: Inputs, term: tuple[int, int], E: int, e: int) -> tuple[int, int]:
    """Return what a weight is multiplied with, as a quotient: ``2^n (E_eg + K)^m``, and ``c^2`` of a single level."""
    factor = tables.factors[term[0]]
    twos = 1 + term[1] - sum(2 if part == "abs2" else 1 for _, part in factor.propagators)
    energies = twos + factor.s - tables.s_power
    over, under = (E**energies, 1 << e * energies) if energies >= 0 else (1 << -e * energies, E**-energies)
    over, under = (over << twos, under) if twos >= 0 else (over, under << -twos)
    if len(inputs.levels) == 1:
        (c,), k = dyadic(inputs.amplitudes)
        over, under = over * c * c, under << 2 * k
    return over, under


def _propagators(tables: Tables, entries: tuple[_Entry, ...]) -> tuple[tuple[str, str], ...]:
    return tables.factors[tables.weights[entries[0].weight][0]].propagators


def _monomials(powers: tuple[tuple[int, int, int, int], ...], m_i: int, m_j: int) -> list[int]:
    P, d, M = m_i * m_j, m_i - m_j, m_i + m_j
    return [P**a * d ** (2 * b + c) * M**e for a, b, c, e in powers]


def _number(a: _Matrix, b: _Matrix, i: int, j: int, imaginary: bool) -> tuple[int, int]:
    """Return the sum and the difference of ``Re or Im(a b*)`` at (i, j) and (j, i); at i = j the value itself and 0."""

    def value(k: int, m: int) -> int:
        x, y, u, v = a.real[k][m], a.imag[k][m], b.real[k][m], b.imag[k][m]
        return y * u - x * v if imaginary else x * u + y * v

    first = value(i, j)
    if i == j:
        return first, 0
    second = value(j, i)
    return first + second, first - second


def _matrices(tables: Tables, inputs: Inputs, masses: list[int], shift: int) -> list[_Matrix | None]:
    return [
        _matrix(channel, scales, inputs, masses, shift)
        for channel, scales in zip(tables.channels, _scales(_Handle(tables)), strict=True)
    ]


def _matrix(
    channel: Channel, scales: tuple[Fraction, ...], inputs: Inputs, masses: list[int], shift: int
) -> _Matrix | None:
    pieces = []
    for c, constant in zip(channel.contributions, scales, strict=True):
        scale = strength(c, inputs, constant, Fraction)
        if scale and c.electron is not None:
            scale *= Fraction(inputs.groups[c.group][c.electron])
        if not scale:
            continue
        matrix = inputs.groups[c.group][c.matrix]
        numbers, exponent = dyadic([part for entry in matrix.reshape(-1).tolist() for part in (entry.real, entry.imag)])
        pieces.append((c, scale, numbers, scale.denominator << (exponent + shift * (c.d + c.M))))
    if not pieces:
        return None
    n = len(masses)
    denominator = math.lcm(*(piece[3] for piece in pieces))
    real, imag = ([[0] * n for _ in masses] for _ in range(2))
    for c, scale, numbers, own in pieces:
        factor = scale.numerator * (denominator // own)
        for i in range(n):
            for j in range(n):
                x, y = numbers[2 * (n * i + j)] * factor, numbers[2 * (n * i + j) + 1] * factor
                if c.d or c.M:
                    odd = (masses[i] - masses[j]) ** c.d * (masses[i] + masses[j]) ** c.M
                    x, y = x * odd, y * odd
                real[i][j] += c.real * x - c.imag * y
                imag[i][j] += c.real * y + c.imag * x
    if inputs.majorana:
        real, imag = (
            [[part[i][j] + channel.eta * part[j][i] for j in range(n)] for i in range(n)] for part in (real, imag)
        )
    if not any(map(any, real)) and not any(map(any, imag)):
        return None
    return _Matrix(real, imag, denominator)


class _Handle:
    """Carries tables into a cache by identity: hashing their contents would cost more than folding."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def __hash__(self) -> int:
        return id(self.tables)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Handle) and other.tables is self.tables


@lru_cache(maxsize=16)
def _scales(handle: _Handle) -> tuple[tuple[Fraction, ...], ...]:
    """Return the exact constants of every contribution, channel by channel."""
    tables = handle.tables
    return tuple(tuple(constants(tables, c, Fraction) for c in channel.contributions) for channel in tables.channels)


@lru_cache(maxsize=64)
def _products(handle: _Handle, tensor: tuple[float, float, float]) -> _Products:
    """Return the products of channels with the parts of an atomic tensor merged."""
    tables = handle.tables
    parts = tensor_parts(tensor, Fraction)
    denominator = math.lcm(*(value.denominator for value in parts.values()))
    whole = {part: int(value * denominator) for part, value in parts.items()}
    merged: dict[tuple[int, int, bool], dict[int, dict[int, int]]] = {}
    for product in tables.products:
        if whole[product.part]:
            weights = merged.setdefault((product.n, product.m, product.imaginary), {})
            for weight, polynomial in product.entries:
                row = weights.setdefault(weight, {})
                for monomial, coefficient in polynomial:
                    row[monomial] = row.get(monomial, 0) + coefficient * whole[product.part]
    groups = []
    for (left, right, imaginary), by_weight in merged.items():
        entries = []
        for weight, polynomial_of in sorted(by_weight.items()):
            terms = [(k, c) for k, c in sorted(polynomial_of.items()) if c]
            if not terms:
                continue
            powers = tables.monomials
            degrees = {2 * powers[k][0] + 2 * powers[k][1] + powers[k][2] + powers[k][3] for k, _ in terms}
            if len(degrees) != 1:
                raise ValueError(f"weight {weight} adds masses to different powers: {sorted(degrees)}")
            even = tuple((k, c) for k, c in terms if powers[k][2] % 2 == 0)
            odd = tuple((k, c) for k, c in terms if powers[k][2] % 2)
            entries.append(_Entry(weight, even, odd, degrees.pop()))
        if entries:
            groups.append((left, right, imaginary, tuple(entries)))
    return _Products(tuple(groups), denominator * tables.denominator)
