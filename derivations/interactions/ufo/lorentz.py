"""Lorentz structures of UFO, as exact coordinates in chiral bilinears.

In: a structure such as ``Gamma(3,2,-1)*ProjM(-1,1)`` and which particle is barred. Out: coefficients of bilinears of our
language times ``PL`` and ``PR``, or of products of two of them for four fermions.

All particles of a vertex are outgoing and ``P(mu,n)`` is the momentum with which particle n leaves it. The first spinor
index of a matrix belongs to the barred field, which creates the outgoing particle, normally particle 2; a line therefore
receives ``q``, the sum of the momenta of its two fermions, and a boson leaves with ``-q``. ``Sigma`` is
``(i/2) [Gamma, Gamma]``, as in FeynRules.

A structure is evaluated by explicit spinor components, in integers, at a few integer momenta, and so is every bilinear of the
basis; exact linear algebra then finds the coordinates, or that there are none. For four fermions that is Fierz's
rearrangement: the same components, with the spinor indices paired in the other way.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache, partial
from itertools import product
from typing import Any, Final

from sympy import QQ, QQ_I, ZZ_I
from sympy.polys.matrices import DomainMatrix

from derivations.interactions.language import ONE, GaussianRational, parse_bilinear
from derivations.interactions.ufo.declarations import Place, exact, one_line, parse_expression, shown, within_bounds

MAX_LENGTH: Final = 4_000
MAX_MONOMIALS: Final = 128
MAX_FACTORS: Final = 12
MAX_SUMMED: Final = 4
"""Bounds on a structure: characters, products after expansion, factors of one and summed indices of one."""

CHIRALITIES: Final = ("PL", "PR")


@dataclass(frozen=True)
class Family:
    """Two chiral bilinears, ``X PL`` and ``X PR``.

    Attributes
    ----------
    text : the Hermitian bilinear X.
    flips : whether X joins fields of different chirality, as ``1`` and ``sigma``; ``X PL`` is then the conjugate of ``X PR``.
    eta : the sign of ``C X^T C^-1 = eta X``.
    dimension : mass dimension of its coupling.
    electron, neutrino : names of the two Hermitian couplings: of X and ``X i gamma5`` when it flips; otherwise of X and
        ``X gamma5`` for the electron and of ``X PL`` and ``X PR`` for neutrinos.
    """

    text: str
    flips: bool
    eta: int
    dimension: int
    electron: tuple[str, str]
    neutrino: tuple[str, str]


FAMILIES: Final[Mapping[int, tuple[Family, ...]]] = {
    0: (
        Family("1", True, 1, 0, ("y_S", "y_P"), ("y_S_nu", "y_P_nu")),
        Family("i qslash", False, -1, -1, ("d_V", "d_A"), ("d_L", "d_R")),
    ),
    1: (
        Family("gamma(mu)", False, -1, 0, ("g_V", "g_A"), ("g_L", "g_R")),
        Family("i sigma(mu,nu) q(nu)", True, -1, -1, ("mu_e", "eps_e"), ("mu", "eps")),
        Family("i q(mu)", True, 1, -1, ("s_e", "p_e"), ("s", "p")),
        Family("q2 gamma(mu)", False, -1, -2, ("r_V", "r_A"), ("r_L", "r_R")),
        Family("q(mu) qslash", False, -1, -2, ("l_V", "l_A"), ("l_L", "l_R")),
    ),
}
"""The bilinears that a boson of each spin can couple to."""

PRODUCTS: Final = tuple(
    (Family(text, flips, eta, -2, ("", ""), ("", "")), first, second)
    for text, flips, eta in (("gamma(mu)", False, -1), ("1", True, 1), ("sigma(mu,nu)", True, -1))
    for first, second in product(CHIRALITIES, repeat=2)
    if text != "sigma(mu,nu)" or first == second  # the others vanish
)
"""Products ``[ebar X P e] [nubar X P' nu]``: X, the chirality of the electron and that of the neutrinos."""

Coordinates = Mapping[int, GaussianRational]
"""Coefficients by position in a basis: of ``X PL``, ``X PR`` of every family in turn, or of :data:`PRODUCTS`."""


# ---------------------------------------------------------------- structures as text

Factor = tuple[str, tuple[Any, ...]]
"""A name and its indices: Dirac matrices with Lorentz indices, ``p`` with an index and a particle, ``g`` with two indices."""


@dataclass(frozen=True)
class Monomial:
    """One product: a number, vectors and metrics, and lines of Dirac matrices between open spinor indices (barred, plain)."""

    coefficient: GaussianRational
    numbers: tuple[Factor, ...]
    lines: Mapping[tuple[int, int], tuple[Factor, ...]]


_SPINORS: Final = {"Gamma": 1, "Gamma5": 0, "Identity": 0, "ProjM": 0, "ProjP": 0, "Sigma": 2}
"""How many Lorentz indices stand before the two spinor indices."""
_OURS: Final = {"Gamma": "gamma", "Gamma5": "gamma5", "Identity": "1", "ProjM": "PL", "ProjP": "PR", "Sigma": "sigma"}
_SYMMETRIC: Final = ("gamma5", "1", "PL", "PR")
_KNOWN: Final = "Gamma, Gamma5, Identity, ProjM, ProjP, Sigma, P, PSlash and Metric"

_Sum = list[tuple[GaussianRational, tuple[tuple[str, tuple[int, ...]], ...]]]


def read_structure(text: str, place: Place) -> tuple[Monomial, ...]:
    """Return a structure as a sum of products.

    Raises
    ------
    UfoError : an unknown object, or indices that make no lines; one line.

    Example
    -------
    >>> found = read_structure("Gamma(3,2,-1)*ProjM(-1,1)", Place("lorentz.py", 1))
    >>> found[0].lines
    {(2, 1): (('gamma', (3,)), ('PL', ()))}
    """
    if len(text) > MAX_LENGTH:
        place.fail("a Lorentz structure that is too long", f"at most {MAX_LENGTH} characters")
    words = " ".join(text.split())
    with within_bounds(place):
        expanded = _expanded(parse_expression(words, place), place)
    return tuple(_monomial(number, objects, words, place) for number, objects in expanded)


def _expanded(node: ast.expr, place: Place) -> _Sum:
    number = exact(node)
    if number is not None:
        return [(number, ())]
    match node:
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            inner = _expanded(operand, place)
            return [(-n, objects) for n, objects in inner] if isinstance(sign, ast.USub) else inner
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            second = _expanded(right, place)
            result = _expanded(left, place)
            result += [(-n, objects) for n, objects in second] if isinstance(op, ast.Sub) else second
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            result = _product(_expanded(left, place), _expanded(right, place))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            divisor = exact(right)
            if not divisor:
                place.fail("a division by something else than a number", "numbers below a division")
            result = [(n * divisor.inverse(), objects) for n, objects in _expanded(left, place)]
        case ast.BinOp(left=left, op=ast.Pow(), right=right) if (power := exact(right)) is not None:
            if power.imag or power.real not in (1, 2, 3, 4):
                place.fail(f"the power {power}", "powers from 1 to 4")
            base = result = _expanded(left, place)
            for _ in range(int(power.real) - 1):
                result = _product(result, base)
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
            indices = [exact(part) for part in given]
            if not all(i is not None and not i.imag and i.real.denominator == 1 for i in indices):
                place.fail(f"{name[:40]!r} with what are no indices", f"{_KNOWN} with whole numbers")
            return [(ONE, ((name, tuple(int(i.real) for i in indices if i is not None)),))]
        case _:
            place.fail(f"{shown(node)} in a Lorentz structure", f"sums and products of {_KNOWN}")
    if len(result) > MAX_MONOMIALS or any(len(objects) > MAX_FACTORS for _, objects in result):
        place.fail("a Lorentz structure that is too long", f"{MAX_MONOMIALS} products of at most {MAX_FACTORS} factors")
    return result


def _product(left: _Sum, right: _Sum) -> _Sum:
    if len(left) * len(right) > 4 * MAX_MONOMIALS:
        return left * (MAX_MONOMIALS + 1)  # the caller refuses it
    return [(a * b, x + y) for a, x in left for b, y in right]


def _monomial(
    number: GaussianRational, objects: Iterable[tuple[str, tuple[int, ...]]], text: str, place: Place
) -> Monomial:
    numbers: list[Factor] = []
    joints: list[tuple[int, int, Factor]] = []
    for name, indices in objects:
        match name, indices:
            case "P", (mu, particle):
                numbers.append(("p", (mu, particle)))
            case "Metric", (mu, nu):
                numbers.append(("g", (mu, nu)))
            case "PSlash", (i, j, particle):
                dummy = -1000 - len(numbers)
                numbers.append(("p", (dummy, particle)))
                joints.append((i, j, ("gamma", (dummy,))))
            case _ if name in _SPINORS and len(indices) == _SPINORS[name] + 2:
                *lorentz, i, j = indices
                joints.append((i, j, (_OURS[name], tuple(lorentz))))
            case _:
                place.fail(f"{name[:40]}({','.join(map(str, indices))}) in a Lorentz structure", _KNOWN)
    return Monomial(number, tuple(numbers), _lines(joints, text, place))


def _lines(joints: list[tuple[int, int, Factor]], text: str, place: Place) -> dict[tuple[int, int], tuple[Factor, ...]]:
    """Return the lines that matrices make when each second spinor index meets the same first one."""
    after: dict[int, tuple[int, Factor]] = {}
    for first, second, factor in joints:
        if first in after:
            place.fail(f"spinor indices that make no line in {text[:60]!r}", "each index once first and once second")
        after[first] = (second, factor)
    lines = {}
    for start in sorted(index for index in after if index > 0):
        factors: list[Factor] = []
        index = start
        while index in after:
            index, factor = after.pop(index)
            factors.append(factor)
        if index < 0:
            place.fail(f"spinor indices that make no line in {text[:60]!r}", "each index once first and once second")
        lines[start, index] = tuple(factors)
    if after:
        place.fail(f"a closed line of spinors in {text[:60]!r}", "lines between two fermions")
    return lines


# ---------------------------------------------------------------- explicit components

Matrix = Mapping[tuple[int, int], Any]
_METRIC: Final = (1, -1, -1, -1)
_I: Final = ZZ_I(0, 1)


def _matrix(rows: Sequence[Sequence[complex]]) -> Matrix:
    return {
        (i, j): ZZ_I(int(complex(x).real), int(complex(x).imag))
        for i, row in enumerate(rows)
        for j, x in enumerate(row)
        if x
    }


def _times(left: Matrix, right: Matrix) -> Matrix:
    result: dict[tuple[int, int], Any] = {}
    for (i, k), a in left.items():
        for (same, j), b in right.items():
            if k == same:
                result[i, j] = result.get((i, j), 0) + a * b
    return {place: entry for place, entry in result.items() if entry}


def _added(left: Matrix, right: Matrix, factor: Any) -> Matrix:
    result = dict(left)
    for place, entry in right.items():
        result[place] = result.get(place, ZZ_I(0)) + factor * entry
    return {place: entry for place, entry in result.items() if entry}


# The chiral representation, in which UFO's users compute; Dirac's gives the same coordinates.
_UNIT = _matrix([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
_GAMMA = (
    _matrix([[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]]),
    _matrix([[0, 0, 0, 1], [0, 0, 1, 0], [0, -1, 0, 0], [-1, 0, 0, 0]]),
    _matrix([[0, 0, 0, -1j], [0, 0, 1j, 0], [0, 1j, 0, 0], [-1j, 0, 0, 0]]),
    _matrix([[0, 0, 1, 0], [0, 0, 0, -1], [-1, 0, 0, 0], [0, 1, 0, 0]]),
)
_GAMMA5 = _added({}, _times(_times(_GAMMA[0], _GAMMA[1]), _times(_GAMMA[2], _GAMMA[3])), _I)


@cache
def _twice(name: str, indices: tuple[int, ...]) -> Matrix:
    """Return twice a Dirac matrix with upper indices, which has integer entries."""
    match name:
        case "1":
            return _added({}, _UNIT, ZZ_I(2))
        case "gamma":
            return _added({}, _GAMMA[indices[0]], ZZ_I(2))
        case "gamma5":
            return _added({}, _GAMMA5, ZZ_I(2))
        case "PL":
            return _added(_UNIT, _GAMMA5, ZZ_I(-1))
        case "PR":
            return _added(_UNIT, _GAMMA5, ZZ_I(1))
    first, second = (_GAMMA[index] for index in indices)
    return _added(_added({}, _times(first, second), _I), _times(second, first), -_I)


@lru_cache(maxsize=8192)
def _chain(factors: tuple[tuple[str, tuple[int, ...]], ...]) -> Matrix:
    """Return 2^(number of matrices) times their product."""
    total = _UNIT
    for name, indices in factors:
        total = _times(total, _twice(name, indices))
    return total


_Components = dict[tuple[int, ...], Any]


def _components(
    monomials: Iterable[Monomial],
    lines: Sequence[tuple[int, int]],
    free: Sequence[int],
    momenta: Mapping[Any, tuple[int, ...]],
) -> _Components:
    """Return the components of a sum by values of the free indices and spinor indices of the lines (barred, plain, ...)."""
    order = [index for line in lines for index in line]
    total: _Components = {}
    for monomial in monomials:
        parts = [*monomial.numbers, *(factor for line in monomial.lines.values() for factor in line)]
        labels = {index for name, indices in parts for index in (indices[:1] if name == "p" else indices)}
        summed = sorted(labels - set(free), key=str)
        halves = sum(len(line) for line in monomial.lines.values())
        scale = QQ_I.convert(QQ_I(*_rational(monomial.coefficient * GaussianRational(Fraction(1, 2**halves)))))
        for values in product(range(4), repeat=len(free) + len(summed)):
            at = dict(zip((*free, *summed), values, strict=True))
            number = ZZ_I((-1) ** sum(1 for label in summed if at[label]))
            for name, indices in monomial.numbers:
                if name == "p":
                    number *= momenta[indices[1]][at[indices[0]]]
                else:
                    number *= _METRIC[at[indices[0]]] if at[indices[0]] == at[indices[1]] else 0
            if not number:
                continue
            matrices = [
                (ends, _chain(tuple((name, tuple(at[index] for index in indices)) for name, indices in line)))
                for ends, line in monomial.lines.items()
            ]
            for entries in product(*(matrix.items() for _, matrix in matrices)):
                spinors: dict[int, int] = {}
                entry = number
                for (ends, _), (place, value) in zip(matrices, entries, strict=True):
                    spinors.update(zip(ends, place, strict=True))
                    entry = entry * value
                key = (*values[: len(free)], *(spinors[index] for index in order))
                total[key] = total.get(key, QQ_I(0)) + scale * QQ_I.convert(entry)
    return {key: entry for key, entry in total.items() if entry}


def _rational(number: GaussianRational) -> tuple[Any, Any]:
    return QQ(number.real.numerator, number.real.denominator), QQ(number.imag.numerator, number.imag.denominator)


def _ours(text: str, line: tuple[int, int], names: Mapping[str, int]) -> tuple[Monomial, ...]:
    """Return a bilinear of our language on a line; ``names`` says which label an index has, others are summed."""
    result = []
    for term in parse_bilinear(text).terms:
        numbers: list[Factor] = []
        matrices: list[Factor] = []
        for n, atom in enumerate(term.factors):
            indices = tuple(names.get(index, index) for index in atom.indices)
            match atom.name:
                case "q":
                    numbers.append(("p", (*indices, "q")))
                case "q2":
                    numbers += [("p", (f"q{n}", "q")), ("p", (f"q{n}", "q"))]
                case "qslash":
                    numbers.append(("p", (f"q{n}", "q")))
                    matrices.append(("gamma", (f"q{n}",)))
                case name:
                    matrices.append((name, indices))
        result.append(Monomial(term.coefficient, tuple(numbers), {line: tuple(matrices)}))
    return tuple(result)


_MOMENTA: Final = (((3, 1, -2, 5), (1, -4, 2, 7)), ((-2, 6, 1, 3), (5, 2, -3, 1)), ((4, -1, 3, -2), (2, 3, 7, -5)))
"""Momenta of two fermions, in general position: enough for bilinears with up to two powers."""


def _solved(basis: Sequence[_Components], target: _Components) -> list[GaussianRational] | None:
    """Return the coordinates of ``target``; ``None`` if it is no combination of the basis."""
    keys = sorted({key for components in (*basis, target) for key in components})
    rows = [[*(components.get(key, QQ_I(0)) for components in basis), target.get(key, QQ_I(0))] for key in keys]
    reduced, pivots = DomainMatrix(rows, (len(rows), len(basis) + 1), QQ_I).rref()
    if len(basis) in pivots:
        return None
    found = {pivot: reduced[row, len(basis)].element for row, pivot in enumerate(pivots)}
    return [
        GaussianRational(*(Fraction(int(part.numerator), int(part.denominator)) for part in (number.x, number.y)))
        for number in (found.get(position, QQ_I(0)) for position in range(len(basis)))
    ]


# ---------------------------------------------------------------- coordinates


def family_of(spin: int, position: int) -> tuple[Family, int]:
    """Return the family and the chirality (0 for PL) at a position of the coordinates of a boson's bilinears.

    Example
    -------
    >>> family_of(1, 3)[0].text
    'i sigma(mu,nu) q(nu)'
    """
    return FAMILIES[spin][position // 2], position % 2


def turned(spin: int | None, position: int) -> tuple[int, int]:
    """Return where the coordinates of ``C Gamma^T C^-1`` stand, and with which sign; of :data:`PRODUCTS` without a spin.

    Example
    -------
    >>> turned(1, 0), turned(0, 1), turned(None, 0)
    ((1, -1), (1, 1), (1, -1))
    """
    if spin is not None:
        family, chirality = family_of(spin, position)
        return (position if family.flips else position + 1 - 2 * chirality), family.eta
    family, first, second = PRODUCTS[position]
    other = second if family.flips else next(chirality for chirality in CHIRALITIES if chirality != second)
    return next(n for n, (f, *sides) in enumerate(PRODUCTS) if (f, sides) == (family, [first, other])), family.eta


def text_of(spin: int | None, position: int) -> str:
    """Return the bilinear X at a position of the coordinates of a boson's bilinears, or of :data:`PRODUCTS` without a spin."""
    return (PRODUCTS[position][0] if spin is None else family_of(spin, position)[0]).text


@cache
def _bilinear_basis(spin: int) -> tuple[_Components, ...]:
    texts = [
        f"{family.text} {projector}" if family.text != "1" else projector
        for family in FAMILIES[spin]
        for projector in CHIRALITIES
    ]
    bilinears = [_ours(text, (1, 2), {"mu": 3}) for text in texts]
    return tuple(_at_momenta(partial(_components, bilinear, [(1, 2)], [3][:spin])) for bilinear in bilinears)


def _at_momenta(components: Callable[[Mapping[Any, tuple[int, ...]]], _Components]) -> _Components:
    total: _Components = {}
    for n, (first, second) in enumerate(_MOMENTA):
        q = tuple(a + b for a, b in zip(first, second, strict=True))
        total |= {(n, *key): entry for key, entry in components({"first": first, "second": second, "q": q}).items()}
    return total


@lru_cache(maxsize=4096)
def bilinear_coordinates(
    text: str, place: Place, boson: int, fermions: tuple[int, int], spin: int
) -> tuple[tuple[int, int], Coordinates]:
    """Return which fermions a structure bars and does not, and its coordinates.

    Parameters
    ----------
    text : the structure of two fermions and a boson.
    boson, fermions : their places in the vertex, counted from 1; the fermion that is to be barred first.
    spin : of the boson, 0 or 1.

    Raises
    ------
    UfoError : the structure is no sum of the bilinears of :data:`FAMILIES`; one line.

    Example
    -------
    >>> line, found = bilinear_coordinates("Gamma(3,2,-1)*ProjM(-1,1)", Place("lorentz.py", 1), 3, (2, 1), 1)
    >>> line, [(family_of(1, n)[0].text, str(number)) for n, number in found.items()]
    ((2, 1), [('gamma(mu)', '1')])
    """
    monomials = read_structure(text, place)
    free = (boson,) if spin else ()
    line, monomials = _one_line(monomials, fermions, text, place)
    _check_indices(monomials, free, {*fermions, boson}, text, place)

    def components(momenta: Mapping[str, tuple[int, ...]]) -> _Components:
        own = {
            boson: tuple(-x for x in momenta["q"]),
            **dict(zip(sorted(fermions), (momenta["first"], momenta["second"]), strict=True)),
        }
        return _components(monomials, [line], free, own)

    found = _solved(_bilinear_basis(spin), _at_momenta(components))
    if found is None:
        place.fail(
            f"the Lorentz structure {one_line(text)[:80]!r}",
            f"for a boson of spin {spin} sums of {', '.join(f.text for f in FAMILIES[spin])} with and without gamma5, where q is "
            "the momentum of the boson: no derivative of one fermion alone",
        )
    return line, {position: number for position, number in enumerate(found) if number}


def _one_line(
    monomials: tuple[Monomial, ...], fermions: tuple[int, int], text: str, place: Place
) -> tuple[tuple[int, int], tuple[Monomial, ...]]:
    """Return the ends of the one line that all products have; unit matrices and gamma5 are read in both directions."""
    for line in (fermions, fermions[::-1]):
        turned = tuple(_turned(monomial, line) for monomial in monomials)
        if all(set(monomial.lines) == {line} for monomial in turned):
            return line, turned
    raise place.error(
        f"the Lorentz structure {one_line(text)[:80]!r}", "one line of spinors, from the particle to the antiparticle"
    )


def _turned(monomial: Monomial, line: tuple[int, int]) -> Monomial:
    """Return a product with the line turned that runs from the end of ``line`` to its start, if it may be."""
    back = line[::-1]
    if back not in monomial.lines or any(name not in _SYMMETRIC for name, _ in monomial.lines[back]):
        return monomial
    lines = {(line if ends == back else ends): (f[::-1] if ends == back else f) for ends, f in monomial.lines.items()}
    return Monomial(monomial.coefficient, monomial.numbers, lines)


def _check_indices(
    monomials: Iterable[Monomial], free: tuple[int, ...], particles: set[int], text: str, place: Place
) -> None:
    """Refuse Lorentz indices that are neither free nor stand twice, and momenta of no particle."""
    for monomial in monomials:
        seen: list[Any] = []
        for name, indices in (*monomial.numbers, *(factor for line in monomial.lines.values() for factor in line)):
            seen += indices[:1] if name == "p" else indices
            if name == "p" and indices[1] not in particles:
                place.fail(f"a momentum of particle {indices[1]} in {one_line(text)[:60]!r}", "those of the vertex")
        summed = set(seen) - set(free)
        if any(seen.count(index) != 1 for index in free) or any(seen.count(index) != 2 for index in summed):
            place.fail(
                f"Lorentz indices that do not fit in {one_line(text)[:60]!r}", "free ones once, all others twice"
            )
        if len(summed) > MAX_SUMMED:
            place.fail(f"{len(summed)} summed indices in {one_line(text)[:60]!r}", f"at most {MAX_SUMMED}")


@cache
def _product_basis() -> tuple[_Components, ...]:
    result = []
    for family, first, second in PRODUCTS:
        texts = [projector if family.text == "1" else f"{family.text} {projector}" for projector in (first, second)]
        names = {"mu": -1, "nu": -2}
        electron, neutrino = (_ours(text, line, names) for text, line in zip(texts, ((1, 2), (3, 4)), strict=True))
        both = tuple(
            Monomial(a.coefficient * b.coefficient, (), {**a.lines, **b.lines}) for a in electron for b in neutrino
        )
        result.append(_components(both, [(1, 2), (3, 4)], [], {}))
    return tuple(result)


@lru_cache(maxsize=4096)
def contact_coordinates(
    text: str, place: Place, electrons: tuple[int, int], neutrinos: tuple[int, int]
) -> tuple[tuple[int, int], Coordinates]:
    """Return the barred and the plain neutrino of a structure of four fermions, and its coordinates in :data:`PRODUCTS`.

    The components are compared as those of wave functions: with electrons and neutrinos as the pairs of fermions.

    Parameters
    ----------
    electrons : the places of the outgoing electron and of the outgoing positron.
    neutrinos : the places of the other two, the one that is to be barred first.

    Example
    -------
    >>> crossed = "Gamma(-1,2,-2)*ProjM(-2,3)*Gamma(-1,4,-3)*ProjM(-3,1)"
    >>> line, found = contact_coordinates(crossed, Place("lorentz.py", 1), (2, 1), (4, 3))
    >>> line, [(PRODUCTS[n][0].text, *PRODUCTS[n][1:], str(number)) for n, number in found.items()]
    ((4, 3), [('gamma(mu)', 'PL', 'PL', '-1')])
    """
    monomials = read_structure(text, place)
    _check_indices(monomials, (), set(), text, place)
    for barred, plain in (neutrinos, neutrinos[::-1]):
        firsts, seconds = {electrons[0], barred}, {electrons[1], plain}
        turned = monomials
        for line in product(firsts, seconds):
            turned = tuple(_turned(monomial, line) for monomial in turned)
        if all(
            {line[0] for line in m.lines} == firsts and {line[1] for line in m.lines} == seconds and len(m.lines) == 2
            for m in turned
        ):
            found = _solved(_product_basis(), _components(turned, [electrons, (barred, plain)], [], {}))
            if found is not None:
                return (barred, plain), {position: number for position, number in enumerate(found) if number}
    raise place.error(
        f"the Lorentz structure {one_line(text)[:80]!r}",
        "two lines of spinors without derivatives, each from a particle to an antiparticle",
    )
