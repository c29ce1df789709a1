"""What is summed for one set of interactions: lists of terms, the squares that they enter, and what these are weighed with.

The pair has J = 1 in its rest frame by V and E or by A and B, and J = 0 by S or P. With ``d = m_i - m_j``, ``M = m_i + m_j``,
``P = m_i m_j`` and ``t = s - M^2`` a pair ``i <= j`` adds

    sqrt(t (t + 4 P)) [(t + 4 P) H_1 + t H_2],
    H_1 = sum n [2 |V'|^2 + |M V' + t E|^2 / s] + 3 T_zz |P|^2,              V' = V + M E,
    H_2 = sum n [2 |A'|^2 + |d A' + (t + 4 P) B|^2 / s] + 3 T_zz |S|^2,      A' = A + d B,

with ``n = T_xx + T_yy`` for ``plain`` and for ``cross``, which become their sum and their difference in circular light, and
``T_zz / s`` for ``along``. In: :class:`Tables` and what a call switches on. Out: a :class:`Program`, the same for all numbers.

Exchanging the pair conjugates each coupling, up to a sign. Those of a list that have not the sign of the first are taken with a
factor i, and their propagator with a factor -i: then the real parts of all couplings make up one amplitude and the imaginary
parts another, and the two squares stand for both orders of the pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .tables import Tables, Term

QZ, Q0, S, INVERSE_S, INVERSE_Q0, REAL, IMAGINARY, OPPOSITE, PRODUCT = range(9)
"""Operations that make a row of factors: kinematics; of a propagator the real, the imaginary and minus the imaginary part; products."""
UNIT, NONE = -1, -2
"""In place of a row: a factor 1, and a factor 0."""
ALONG, ACROSS, PLUS, MINUS, SCALAR, ONE = range(6)
"""What a weight starts with: T_zz, T_xx + T_yy, half of it plus or minus 2 Im T_xy, 3 T_zz, or 1."""
VECTOR_SQUARE, AXIAL_SQUARE, SCALAR_SQUARE, PSEUDOSCALAR_SQUARE = range(4)
E_EG, MOMENTUM, DIVISOR, TENSOR, DIPOLE, LEVELS = 0, 1, 2, 3, 6, 7
"""Places of the first numbers of a call; levels, masses, mediators, electron couplings and matrices follow."""
MAGIC = 20261


Product = tuple[int, int, int, int]
"""What a product starts with, and powers of q_z, q0 and s."""


@dataclass(frozen=True)
class Layout:
    """Where the numbers of a call stand: counts, and the place of each mediator, electron coupling and matrix."""

    n: int
    levels: int
    crossed: int
    masses: int
    mediators: Mapping[str, int]
    electrons: Mapping[tuple[str, str], int]
    matrices: Mapping[tuple[str, str], int]
    size: int


@dataclass(frozen=True)
class Slot:
    """One term of a channel: its place in the call's numbers and what multiplies it, see :class:`Term`."""

    electron: int
    matrix: int
    imaginary: bool
    eta: int
    mediator: int
    longitudinal: bool
    d: int
    M: int
    constant: tuple[float, float]


@dataclass(frozen=True)
class Channel:
    """Terms with one factor: rows of its real and of its imaginary part."""

    real: int
    imaginary: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Square:
    """Lists of channels that are added and squared; ``flipped`` is E or B, and ``ratio`` its factor over the first list's.

    ``weight`` is that of what is kept, and ``flipped_weight`` of what is flipped.
    """

    kind: int
    weight: int
    flipped_weight: int
    ratio: int
    first: tuple[Channel, ...]
    flipped: tuple[Channel, ...]


@dataclass(frozen=True)
class Switches:
    """What a call switches on, apart from numbers; calls with equal ones run the same program.

    ``matrices`` and ``mediators`` are those that are given, ``unitary`` and ``full`` the groups with that propagator and that
    magnetic operator; ``widths``, ``circular`` and ``moved`` say whether a width, the circular part of the atomic tensor and the
    imprinted momentum are not 0.
    """

    n: int
    levels: int
    crossed: int
    majorana: bool
    widths: bool
    circular: bool
    moved: bool
    matrices: tuple[tuple[str, str], ...]
    mediators: tuple[str, ...]
    unitary: frozenset[str]
    full: frozenset[str]


@dataclass(frozen=True, eq=False)
class Program:
    """Everything but numbers.

    Attributes
    ----------
    rows : operations that make the rows of factors, in double-double arithmetic.
    weights : sums of products: what each starts with, and powers of q_z, q0, s.
    code, constants : the same for the compiled code, see ``spectral.c``.
    """

    layout: Layout
    on: Switches
    electric: bool
    rows: tuple[tuple[int, int, int], ...]
    weights: tuple[tuple[Product, ...], ...]
    squares: tuple[Square, ...]
    code: NDArray[np.int32]
    constants: NDArray[np.float64]


@lru_cache(maxsize=256)
def program(tables: Tables, on: Switches) -> Program:
    """Return what is to be summed."""
    builder = _Builder(tables, on)
    squares = tuple(builder.squares())
    layout, rows, weights = builder.layout, tuple(builder.rows), tuple(builder.weights)
    electric = tables.pair_step == "E1"
    code, numbers = _packed(on, electric, layout, rows, weights, squares)
    return Program(layout, on, electric, rows, weights, squares, code, numbers)


def _layout(terms: Iterable[Term], on: Switches) -> Layout:
    size = LEVELS + 2 * (on.levels + on.crossed)
    masses, size = size, size + on.n
    mediators = {name: size + 2 * k for k, name in enumerate(on.mediators)}
    size += 2 * len(mediators)
    electrons: dict[tuple[str, str], int] = {}
    for term in terms:
        if term.electron is not None and (term.group, term.electron) not in electrons:
            electrons[term.group, term.electron] = size + len(electrons)
    size += len(electrons)
    matrices = {key: size + 2 * on.n**2 * k for k, key in enumerate(on.matrices)}
    return Layout(
        on.n, on.levels, on.crossed, masses, mediators, electrons, matrices, size + 2 * on.n**2 * len(matrices)
    )


Monomial = tuple[int, int, int]
"""Powers of q_z, q0 and s."""


@dataclass(frozen=True)
class _Weighed:
    """A square with its weight, and its ratio, as products."""

    kind: int
    weight: Product
    ratio: Product | None
    first: tuple[Channel, ...]
    flipped: tuple[Channel, ...]


class _Builder:
    """Collects rows and weights while the squares are made.

    The common factor of a list is fixed by all terms of the tables, those that are off included: what is switched on does
    not change a bit of what the others add.
    """

    def __init__(self, tables: Tables, on: Switches) -> None:
        self.tables, self.on = tables, on
        given = set(on.matrices)
        self.active = [
            (place, term)
            for place, term in enumerate(tables.terms)
            if (term.group, term.matrix) in given and not (term.longitudinal and term.group not in on.unitary)
        ]
        self.layout = _layout((term for _, term in self.active), on)
        self.rows: list[tuple[int, int, int]] = []
        self.weights: list[tuple[Product, ...]] = []
        self._known: dict[tuple[object, ...], int] = {}

    def squares(self) -> Iterable[Square]:
        """Yield all squares; the weights of ways with equal lists are added."""
        found: dict[tuple[object, ...], list[_Weighed]] = {}
        for square in self._weighed():
            found.setdefault((square.kind, square.ratio, square.first, square.flipped), []).append(square)
        for same in found.values():
            square = same[0]
            kept = self._weight(tuple(one.weight for one in same))
            flips = NONE
            if square.kind in (VECTOR_SQUARE, AXIAL_SQUARE):
                flips = self._weight(tuple((start, qz, q0, s - 1) for start, qz, q0, s in (one.weight for one in same)))
            ratio = UNIT if square.ratio is None else self._weight((square.ratio,))
            yield Square(square.kind, kept, flips, ratio, square.first, square.flipped)

    def _weighed(self) -> Iterable[_Weighed]:
        ways = (("plain", ACROSS), ("cross", ACROSS), ("along", ALONG))
        if self.on.circular:
            ways = (("plus", PLUS), ("minus", MINUS), ("along", ALONG))
        # Without widths, terms of opposite signs under exchange do not interfere.
        signs = (None,) if self.on.widths else (0, 1)
        for kind, first, flipped in ((VECTOR_SQUARE, "V", "E"), (AXIAL_SQUARE, "A", "B")):
            for way, start in ways:
                for sign in signs:
                    yield from self._spin_one(kind, first, flipped, way, start, sign)
        for kind, state in ((SCALAR_SQUARE, "S"), (PSEUDOSCALAR_SQUARE, "P")):
            for sign in signs:
                everything, own = self._terms(state, "along", sign)
                if own:
                    qz, q0, s = common = _common(everything)
                    channels = self._channels(own, common, _exchange(everything[0]))
                    yield _Weighed(kind, (SCALAR, 2 * qz, 2 * q0, 2 * s), None, channels, ())

    def _spin_one(
        self, kind: int, first: str, flipped: str, way: str, start: int, exchange: int | None
    ) -> Iterable[_Weighed]:
        mass = "M" if first == "V" else "d"
        # A further factor d turns the sign under exchange.
        turned = exchange if exchange is None else exchange ^ (mass == "d")
        everything, own = self._terms(first, way, exchange)
        all_flips, flips = self._terms(flipped, way, turned)
        if not own and not flips:
            return
        heavier = [(place, _heavier(term, mass), sign) for place, term, sign in flips]
        together = [*everything, *(_heavier(term, mass) for term in all_flips)]
        common, own_common, reference = _common(together), _common(all_flips), _exchange(together[0])
        qz, q0, s = common
        ratio = None
        if flips and own_common != common:
            ratio = (ONE, own_common[0] - qz, own_common[1] - q0, own_common[2] - s)
        yield _Weighed(
            kind,
            (start, 2 * qz, 2 * q0, 2 * s - (way == "along")),
            ratio,
            self._channels([*own, *heavier], common, reference),
            self._channels(flips, own_common, reference ^ (mass == "d")),
        )

    def _terms(
        self, state: str, way: str, exchange: int | None
    ) -> tuple[list[Term], list[tuple[int, Term, int]]]:
        """Return all terms of a list of one sign under exchange, or of both, and the active ones with their sign in it."""
        signs = {"plus": {"plain": 1, "cross": 1}, "minus": {"plain": 1, "cross": -1}}.get(way, {way: 1})

        def belongs(term: Term) -> bool:
            return term.state == state and term.way in signs and exchange in (None, _exchange(term))

        everything = [term for term in self.tables.terms if belongs(term)]
        return everything, [(place, term, signs[term.way]) for place, term in self.active if belongs(term)]

    def _channels(
        self, terms: Iterable[tuple[int, Term, int]], common: Monomial, exchange: int
    ) -> tuple[Channel, ...]:
        found: dict[tuple[int, int], list[Slot]] = {}
        for place, term, sign in terms:
            qz, q0, s = (power - shared for power, shared in zip(_monomial(term), common, strict=True))
            kinematics = ((QZ,),) * qz + ((Q0,),) * q0 + ((INVERSE_Q0,),) * -q0 + ((S,),) * s + ((INVERSE_S,),) * -s
            odd = _exchange(term) != exchange
            found.setdefault(self._parts(kinematics, term, odd), []).append(self._slot(place, term, sign, odd))
        return tuple(Channel(*rows, tuple(slots)) for rows, slots in found.items())

    def _parts(self, kinematics: tuple[tuple[int, ...], ...], term: Term, odd: bool) -> tuple[int, int]:
        """Return the rows of the real and of the imaginary part of a factor, which is multiplied by i for an odd term."""
        if not term.propagator:
            row = self._row(kinematics)
            return (NONE, row) if odd else (row, NONE)
        mediator = self.on.mediators.index(term.group)
        real, imaginary = self._row((*kinematics, (REAL, mediator))), NONE
        if self.on.widths:
            imaginary = self._row((*kinematics, (OPPOSITE if odd else IMAGINARY, mediator)))
        return (imaginary, real) if odd else (real, imaginary)

    def _slot(self, place: int, term: Term, sign: int, odd: bool) -> Slot:
        high, low = constants(self.tables)[place]
        scale = sign * (0.5 if term.orbital and term.group in self.on.full else 1.0)
        if odd and not term.imaginary:
            scale = -scale
        return Slot(
            self.layout.electrons[term.group, term.electron] if term.electron is not None else NONE,
            self.layout.matrices[term.group, term.matrix],
            term.imaginary != odd,
            term.eta,
            self.layout.mediators[term.group] if term.propagator else NONE,
            term.longitudinal,
            term.d,
            term.M,
            (scale * high, scale * low),
        )

    def _row(self, pieces: tuple[tuple[int, ...], ...]) -> int:
        """Return the row of a product of factors, and make it and all shorter products once."""
        if not pieces:
            return UNIT
        if pieces not in self._known:
            if len(pieces) == 1:
                operation, *which = pieces[0]
                entry = (operation, *(which or (0,)), 0)
            else:
                entry = (PRODUCT, self._row(pieces[:-1]), self._row(pieces[-1:]))
            self._known[pieces] = len(self.rows)
            self.rows.append((entry[0], entry[1], entry[2]))
        return self._known[pieces]

    def _weight(self, products: tuple[Product, ...]) -> int:
        if products not in self.weights:
            self.weights.append(products)
        return self.weights.index(products)


def _heavier(term: Term, mass: str) -> Term:
    return replace(term, d=term.d + 1) if mass == "d" else replace(term, M=term.M + 1)


def _exchange(term: Term) -> int:
    """Return 0 where exchanging the pair conjugates a term, 1 where it turns its sign besides."""
    return (term.imaginary + term.d) % 2


def _monomial(term: Term) -> Monomial:
    return term.qz, term.q0, term.s


def _common(terms: Iterable[Term]) -> Monomial:
    """Return what is taken out of a list: the powers of its first term without a propagator, which stays without a factor.

    Of q_z, which may be 0, it is the lowest power.
    """
    ordered = sorted(terms, key=lambda term: term.propagator)
    if not ordered:
        return 0, 0, 0
    return min(term.qz for term in ordered), ordered[0].q0, ordered[0].s


@lru_cache(maxsize=64)
def constants(tables: Tables) -> tuple[tuple[float, float], ...]:
    """Return the number and the constants of each term, as the nearest double and the rest."""
    return tuple(_two_parts(exact_constant(tables, term)) for term in tables.terms)


def exact_constant(tables: Tables, term: Term) -> Fraction:
    """Return the number of a term times its constants, whose floats are taken as exact."""
    value = Fraction(*term.number)
    for name, power in term.constants:
        value *= Fraction(tables.constants[name]) ** power
    return value


def _two_parts(value: Fraction) -> tuple[float, float]:
    high = float(value)
    return high, float(value - Fraction(high))


def _packed(
    on: Switches,
    electric: bool,
    layout: Layout,
    rows: tuple[tuple[int, int, int], ...],
    weights: tuple[tuple[Product, ...], ...],
    squares: tuple[Square, ...],
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return a program as whole numbers and constants; ``spectral.c`` says where each stands."""
    channels = [channel for square in squares for channel in (*square.first, *square.flipped)]
    slots = [slot for channel in channels for slot in channel.slots]
    ends = np.cumsum([0, *(len(channel.slots) for channel in channels)])
    header = [
        MAGIC, on.n, on.levels, on.crossed, layout.masses, len(on.mediators), min(layout.mediators.values(), default=0),
        on.majorana, on.widths, on.moved, electric, len(rows), sum(map(len, weights)), len(squares), len(channels), len(slots), layout.size,
    ]  # fmt: skip
    code = [*header]
    for row in rows:
        code += row
    for k, weight in enumerate(weights):
        for place, product in enumerate(weight):
            code += [k, place > 0, *product]
    at = 0
    for square in squares:
        middle, end = at + len(square.first), at + len(square.first) + len(square.flipped)
        code += [square.kind, square.weight, square.flipped_weight, square.ratio, at, middle, end]
        at = end
    for k, channel in enumerate(channels):
        code += [channel.real, channel.imaginary, int(ends[k]), int(ends[k + 1])]
    for slot in slots:
        code += [slot.electron, slot.matrix, slot.imaginary, slot.eta, slot.mediator, slot.longitudinal, slot.d, slot.M]
    packed = np.array(code, dtype=np.int32)
    numbers = np.array([slot.constant for slot in slots], dtype=np.float64).reshape(-1)
    for array in (packed, numbers):
        array.setflags(write=False)
    return packed, numbers
