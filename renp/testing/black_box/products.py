"""What stands in front of each product of couplings, decoded from calls: a rate is exactly quadratic in them.

A leg is a neutrino matrix with the coupling of the electron that it comes with. Two legs have one coefficient for each product of the
real and imaginary parts of their elements, by the polarisation identity ``Q(a + b) - Q(a) - Q(b)``; these are gathered to the
real products ``abs(x)^2``, ``Re(x conj(y))``, ... in which formulas are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from derivations.ledger.check.vocabulary import Symbol
from renp.testing.black_box.numbers import Point, weak_matrix
from renp.testing.black_box.questions import Question

__all__ = ["Coefficient", "Leg", "Sizes", "coefficients", "legs", "sizes"]

Array = NDArray[np.float64]
WEAK_SIZE: Final = 0.5
"""Size of the weak couplings; all others are sized so that alone they give the rate of these."""
FLOOR: Final = 1e-3
"""Share of the weak rate below which no rate is resolved."""


@dataclass(frozen=True)
class Leg:
    """A neutrino matrix and the electron's coupling, ``None`` where there is none to choose."""

    matrix: Symbol
    electron: Symbol | None

    def __str__(self) -> str:
        return f"{self.electron.name} {self.matrix.name}" if self.electron else self.matrix.name


@dataclass(frozen=True)
class Sizes:
    """How large each electron coupling and each matrix is when it is switched on."""

    value: Mapping[Symbol, float]

    def __getitem__(self, symbol: Symbol) -> float:
        return self.value[symbol]


@dataclass(frozen=True)
class Coefficient:
    """One coefficient at several photon energies, in units of the sizes of the couplings.

    Attributes
    ----------
    coupling : the product, in words.
    legs : whose product it is.
    computed, derived : by the function and by the derivation.
    size : the rates of the couplings involved, to which differences are compared.
    """

    coupling: str
    legs: tuple[Leg, Leg]
    computed: Array
    derived: Array
    size: Array

    @property
    def deviation(self) -> float:
        """The largest difference as a share of the rates."""
        return float(np.max(np.abs(self.computed - self.derived) / self.size))


def legs(question: Question) -> tuple[Leg, ...]:
    """Return the legs whose couplings a function takes."""
    found = []
    for symbol in question.known.symbols:
        if not symbol.is_matrix or symbol not in question.covered:
            continue
        electrons = [s for s in question.known.symbols if s.kind == "electron" and s.interaction == symbol.interaction]
        found += (
            [Leg(symbol, one) for one in electrons if one in question.covered] if electrons else [Leg(symbol, None)]
        )
    return tuple(found)


def sizes(question: Question, point: Point, pair: tuple[int, int], some: Sequence[Leg]) -> Sizes:
    """Return sizes with which every leg alone has about the rate of the weak current, for Dirac neutrinos."""
    weak = weak_matrix(question.known)
    many: list[Mapping[Symbol, Any]] = [{weak: _element(len(point.masses), pair, WEAK_SIZE)}]
    for leg in some:
        alone = {leg.matrix: _element(len(point.masses), pair, 1.0)}
        many.append(alone | ({leg.electron: 1.0} if leg.electron else {}))
    rates = [float(np.median(rate)) for rate in question.right(point, many, pair)]
    roots = {leg: sqrt(max(rate, 0.0) / rates[0]) for leg, rate in zip(some, rates[1:], strict=True)}
    largest: dict[Symbol, float] = {}
    of_interaction: dict[str, float] = {}
    for leg, root in roots.items():
        if leg.electron:
            largest[leg.electron] = max(largest.get(leg.electron, 0.0), root)
            of_interaction[leg.matrix.interaction] = max(of_interaction.get(leg.matrix.interaction, 0.0), root)
    # The electron's couplings make up for what separates their own largest contributions.
    found = {one: of_interaction[one.interaction] / root if root else 1.0 for one, root in largest.items()}
    for leg in some:
        rate = max(
            found[other.electron] * root if other.electron else root
            for other, root in roots.items()
            if other.matrix == leg.matrix
        )
        found[leg.matrix] = 1 / rate if rate else 1.0
    return Sizes(found)


def _element(n: int, pair: tuple[int, int], value: complex, other: complex | None = None) -> NDArray[np.complex128]:
    matrix = np.zeros((n, n), dtype=complex)
    matrix[pair[1], pair[0]] = np.conj(value) if other is None else other
    matrix[pair] = value
    return matrix


# ---------------------------------------------------------------- directions


@dataclass(frozen=True)
class _Direction:
    """One real parameter: the real or imaginary part of an element of a matrix."""

    matrix: Symbol
    element: str
    part: str


def _directions(symbol: Symbol, diagonal: bool) -> list[list[_Direction]]:
    """Return the real parameters of each independent element of a matrix for one pair."""
    if symbol.kind == "general":
        elements = symbol.elements[:1] if diagonal else symbol.elements
        return [[_Direction(symbol, element, part) for part in ("Re", "Im")] for element in elements]
    parts = ("Re",) if diagonal else ("Re", "Im")
    return [[_Direction(symbol, symbol.elements[0], part) for part in parts]]


def _matrices(directions: Sequence[_Direction], n: int, pair: tuple[int, int], scale: Sizes) -> dict[Symbol, Any]:
    found: dict[Symbol, Any] = {}
    for one in directions:
        value = scale[one.matrix] * (1 if one.part == "Re" else 1j)
        if one.matrix.kind == "general":
            added = np.zeros((n, n), dtype=complex)
            added[pair if one.element.endswith("_ij") else pair[::-1]] = value
        else:
            added = _element(n, pair, value)
        found[one.matrix] = found.get(one.matrix, 0) + added
    return found


# ---------------------------------------------------------------- coefficients

_Key = tuple[frozenset[Symbol], frozenset[_Direction]]


class _Forms:
    """The values of a quadratic form that are needed, asked for once each."""

    def __init__(self) -> None:
        self.keys: dict[_Key, int] = {}

    def ask(self, electrons: frozenset[Symbol], *directions: _Direction) -> _Key:
        """Remember that a value is needed; return its key."""
        key = (electrons, frozenset(directions))
        self.keys.setdefault(key, len(self.keys))
        return key


def coefficients(
    question: Question, point: Point, pair: tuple[int, int], some: Sequence[Leg], scale: Sizes
) -> list[Coefficient]:
    """Return the coefficients of all products of two legs for one pair.

    Raises
    ------
    CallError : the function gives no real numbers.
    """
    forms, plans = _Forms(), []
    seen = set()
    for first, second in combinations_with_replacement(some, 2):
        key = (
            tuple(sorted(str(leg.electron) for leg in (first, second))),
            tuple(sorted(str(leg.matrix) for leg in (first, second))),
        )
        if key not in seen:
            seen.add(key)
            plans += list(_plans(first, second, pair[0] == pair[1], forms))
    n = len(point.masses)
    many = [
        {**{one: scale[one] for one in electrons}, **_matrices(sorted(directions, key=str), n, pair, scale)}
        for electrons, directions in forms.keys
    ]
    weak = {weak_matrix(question.known): _element(n, pair, WEAK_SIZE)}
    right = question.right(point, [*many, weak], pair)
    floor = FLOOR * np.abs(right.pop())
    computed = [question.computed(point, couplings, pair) for couplings in many]
    found = []
    for name, owners, combination, involved in plans:
        size = sum(np.abs(right[forms.keys[key]]) for key in involved) + floor
        sides = [
            np.asarray(sum(weight * values[forms.keys[key]] for key, weight in combination.items()))
            for values in (computed, right)
        ]
        found.append(Coefficient(name, owners, sides[0], sides[1], np.asarray(size)))
    return found


_Combination = dict[_Key, float]
_Plan = tuple[str, tuple[Leg, Leg], _Combination, list[_Key]]


def _plans(first: Leg, second: Leg, diagonal: bool, forms: _Forms) -> Iterator[_Plan]:
    electrons = [leg.electron for leg in (first, second) if leg.electron is not None]
    active = frozenset(electrons)
    # Two couplings of one electron current multiply the same matrices: what each gives alone is taken off.
    mixed = len(active) == 2 and len({one.interaction for one in active}) == 1
    subtracted = [frozenset([one]) for one in sorted(active, key=lambda one: one.name)] if mixed else []

    def product(a: _Direction, b: _Direction) -> _Combination:
        result: _Combination = {}
        for electrons_on, sign in ((active, 1.0), *((one, -1.0) for one in subtracted)):
            terms = [((a,), 1.0)] if a == b else [((a, b), 1.0), ((a,), -1.0), ((b,), -1.0)]
            for directions, weight in terms:
                key = forms.ask(electrons_on, *directions)
                result[key] = result.get(key, 0.0) + sign * weight
        return result

    prefix = _prefix(electrons)
    lists = [_directions(leg.matrix, diagonal) for leg in (first, second)]
    same = first.matrix == second.matrix
    for m, x in enumerate(lists[0]):
        for k, y in enumerate(lists[1]):
            if same and k < m:
                continue
            involved = [forms.ask(active, one) for one in dict.fromkeys((*x, *y))]
            for name, combination in _products(x, y, product):
                yield f"{prefix}{name}", (first, second), combination, involved


def _prefix(electrons: Sequence[Symbol]) -> str:
    names = sorted(one.name for one in electrons)
    if len(names) == 2 and names[0] == names[1]:
        return f"{names[0]}^2 "
    return "".join(f"{name} " for name in names)


def _products(
    x: Sequence[_Direction], y: Sequence[_Direction], product: Callable[[_Direction, _Direction], _Combination]
) -> Iterator[tuple[str, _Combination]]:
    """Yield the real products of two elements with their coefficients."""
    one, other = x[0].element, y[0].element
    if len(x) == 1 or len(y) == 1:  # real elements: a pair of equal neutrinos
        yield (f"abs({one})^2" if x == y else f"Re({one} conj({other}))"), product(x[0], y[0])
        return
    if x == y:
        a, b, c = product(x[0], x[0]), product(x[1], x[1]), product(x[0], x[1])
        yield f"abs({one})^2", _sum((a, 0.5), (b, 0.5))
        yield f"Re({one}^2)", _sum((a, 0.5), (b, -0.5))
        yield f"Im({one}^2)", _sum((c, 0.5))
        return
    rr, ii, ri, ir = (product(x[p], y[q]) for p, q in ((0, 0), (1, 1), (0, 1), (1, 0)))
    yield f"Re({one} conj({other}))", _sum((rr, 0.5), (ii, 0.5))
    yield f"Re({one} {other})", _sum((rr, 0.5), (ii, -0.5))
    yield f"Im({one} conj({other}))", _sum((ir, 0.5), (ri, -0.5))
    yield f"Im({one} {other})", _sum((ir, 0.5), (ri, 0.5))


def _sum(*parts: tuple[_Combination, float]) -> _Combination:
    result: _Combination = {}
    for combination, factor in parts:
        for key, weight in combination.items():
            result[key] = result.get(key, 0.0) + factor * weight
    return result
