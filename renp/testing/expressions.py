"""Dirac bilinears as trees: their text, their matrices, their Dirac conjugates.

The tree knows the documented language and nothing of the project's reader of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
METRIC = (1, -1, -1, -1)

INDICES = ("mu", "nu", "rho", "lambda", "alpha", "beta")
MAX_LENGTH, MAX_TERMS, MAX_FACTORS, MAX_INDICES, MAX_DEPTH = 400, 64, 8, 4, 16
"""The documented bounds of a bilinear."""


class Numbers(Protocol):
    """A number system: how a number of it is made."""

    real: Any
    complex_: Any


class DiracMatrices(Protocol):
    """Dirac matrices in a number system, ``gamma[mu]`` with upper index; in what precision is up to whoever brings them."""

    @property
    def system(self) -> Numbers: ...  # noqa: D102
    @property
    def one(self) -> Array: ...  # noqa: D102
    @property
    def gamma(self) -> tuple[Array, Array, Array, Array]: ...  # noqa: D102
    @property
    def gamma5(self) -> Array: ...  # noqa: D102
    def sigma(self, mu: int, nu: int) -> Array: ...  # noqa: D102
    def slash(self, p: Array) -> Array: ...  # noqa: D102


_POWERS = {"q": 1, "qslash": 1, "q2": 2}
_ODD = ("i", "gamma5", "q", "qslash")
_SWAPPED = {"PL": "PR", "PR": "PL"}


@dataclass(frozen=True)
class Number:
    """An exact real number, written as ``text``."""

    text: str


@dataclass(frozen=True)
class Atom:
    """``i``, a Dirac matrix, a momentum or the metric."""

    name: str
    indices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Power:
    """A number, ``i`` or ``q2`` with an exponent, written with ``sign`` (``^`` or ``**``)."""

    base: Node
    exponent: int
    sign: str = "^"


@dataclass(frozen=True)
class Product:
    """Factors in their order, each with the text before it: ``" "``, ``"*"``, ``"/"``, ... (the first one's is not used)."""

    factors: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Sum:
    """Terms, each with its sign +1 or -1."""

    terms: tuple[tuple[int, Node], ...]


Node = Number | Atom | Power | Product | Sum
Term = tuple[Fraction, Fraction, tuple[Atom, ...]]
"""Real and imaginary part of the coefficient, and the factors."""


def text(node: Node) -> str:
    """Return the text of a tree.

    Example
    -------
    >>> text(Product(((" ", Number("2")), (" ", Sum(((1, Number("1")), (-1, Atom("gamma5"))))), (" ", Number("3")))))
    '2 (1 - gamma5) * 3'
    """
    match node:
        case Number():
            return node.text
        case Atom():
            return f"{node.name}({','.join(node.indices)})" if node.indices else node.name
        case Power():
            return f"{_factor(node.base)}{node.sign}{node.exponent}"
        case Product():
            out = ""
            for before, child in node.factors:
                piece = _factor(child)
                if not out:
                    out = piece
                elif "/" in before or "*" in before:
                    out += before + piece
                elif piece[0] in ".0123456789":
                    out += " * " + piece
                elif not before and not (out.endswith(")") or piece.startswith("(")):
                    out += " " + piece
                else:
                    out += before + piece
            return out
        case Sum():
            first, *others = node.terms
            out = ("-" if first[0] < 0 else "") + _term(first[1])
            return out + "".join(f" {'-' if sign < 0 else '+'} {_term(child)}" for sign, child in others)


def _factor(node: Node) -> str:
    return f"({text(node)})" if isinstance(node, Sum | Product) else text(node)


def _term(node: Node) -> str:
    return f"({text(node)})" if isinstance(node, Sum) else text(node)


def expand(node: Node) -> list[Term]:
    """Return the sum of products that a tree stands for, nothing collected."""
    one, zero = Fraction(1), Fraction(0)
    out: list[Term] = [(one, zero, ())]
    match node:
        case Number():
            return [(Fraction(node.text), zero, ())]
        case Atom(name="i"):
            return [(zero, one, ())]
        case Atom():
            return [(one, zero, (node,))]
        case Power():
            base = expand(node.base)
            if not any(factors for *_, factors in base):
                base = [(sum((a for a, _, _ in base), zero), sum((b for _, b, _ in base), zero), ())]
            for _ in range(node.exponent):
                out = _times(out, base)
            return out
        case Product():
            for place, (before, child) in enumerate(node.factors):
                factor = expand(child)
                if "/" in before and place:
                    a, b = sum((x for x, _, _ in factor), zero), sum((y for _, y, _ in factor), zero)
                    factor = [(a / (a * a + b * b), -b / (a * a + b * b), ())]
                out = _times(out, factor)
            return out
        case Sum():
            return [(sign * a, sign * b, f) for sign, child in node.terms for a, b, f in expand(child)]


def _times(left: list[Term], right: list[Term]) -> list[Term]:
    return [(a * c - b * d, a * d + b * c, f + g) for a, b, f in left for c, d, g in right]


def within_bounds(node: Node) -> bool:
    """Return whether the tree is allowed by the documented bounds."""
    written = text(node)
    depth = deepest = 0
    for character in written:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    terms = expand(node)
    return (
        len(written) <= MAX_LENGTH
        and deepest <= MAX_DEPTH
        and len(terms) <= MAX_TERMS
        and all(_allowed(factors) for *_, factors in terms)
        and all(max(abs(x.numerator), x.denominator) < 10**20 for a, b, _ in terms for x in (a, b))
    )


def _allowed(factors: tuple[Atom, ...]) -> bool:
    counts = Counter(index for atom in factors for index in atom.indices)
    return len(factors) <= MAX_FACTORS and len(counts) <= MAX_INDICES and max(counts.values(), default=0) <= 2


def momentum_power(node: Node) -> int:
    """Return how many powers of q each term holds; ``ValueError`` when they differ."""
    (power,) = {sum(_POWERS.get(atom.name, 0) for atom in factors) for *_, factors in expand(node)}
    return power


def conjugate(node: Node) -> Node:
    """Return ``gamma0 Gamma(-q)^dagger gamma0`` as a tree."""
    sign, out = _conjugate(node)
    return Sum(((sign, out),)) if sign < 0 else out


def _conjugate(node: Node) -> tuple[int, Node]:
    match node:
        case Number():
            return 1, node
        case Atom():
            return (-1 if node.name in _ODD else 1), Atom(_SWAPPED.get(node.name, node.name), node.indices)
        case Power():
            sign, base = _conjugate(node.base)
            return sign**node.exponent, Power(base, node.exponent, node.sign)
        case Product():
            sign = 1
            divisors: list[tuple[str, Node]] = []
            factors: list[tuple[str, Node]] = []
            for place, (before, child) in enumerate(node.factors):
                own, new = _conjugate(child)
                sign *= own
                (divisors if "/" in before and place else factors).append((before, new))
            reversed_ = [("*" if "/" in before else before, child) for before, child in reversed(factors)]
            return sign, Product((*reversed_, *divisors))
        case Sum():
            return 1, Sum(tuple((sign * own, new) for sign, child in node.terms for own, new in [_conjugate(child)]))


def renamed(node: Node, names: dict[str, str]) -> Node:
    """Return the tree with other index names."""
    match node:
        case Number():
            return node
        case Atom():
            return Atom(node.name, tuple(names.get(index, index) for index in node.indices))
        case Power():
            return Power(renamed(node.base, names), node.exponent, node.sign)
        case Product():
            return Product(tuple((before, renamed(child, names)) for before, child in node.factors))
        case Sum():
            return Sum(tuple((sign, renamed(child, names)) for sign, child in node.terms))


def matrices(node: Node, algebra: DiracMatrices, q: Array) -> Array:
    """Return the matrices for a momentum with upper index: shape (4, ..., 4, 4), one axis for each free (upper) index.

    The free indices are in the order of :data:`INDICES`.
    """
    system = algebra.system
    total: Any = 0
    for real, imag, factors in expand(node):
        number = _number(system, real) + system.complex_(1j) * _number(system, imag)
        current, open_ = number * algebra.one, ""
        for atom in factors:
            current, open_ = _multiplied(current, open_, atom, algebra, q)
        order = "".join(sorted(open_))
        total = total + np.einsum(f"{open_}xy->{order}xy", current)
    return np.asarray(total)


def conjugate_matrices(node: Node, algebra: DiracMatrices, q: Array) -> Array:
    """Return ``gamma0 Gamma(-q)^dagger gamma0`` by its definition, shaped like :func:`matrices`."""
    gamma0 = algebra.gamma[0]
    return np.asarray(gamma0 @ np.conjugate(np.swapaxes(matrices(node, algebra, -q), -1, -2)) @ gamma0)


def _number(system: Any, value: Fraction) -> Any:
    # Integers beyond 2^53 would round twice on their way through a double.
    parts = [
        sum(system.real(part >> k & 0xFFFFFF) * system.real(2) ** k for k in range(0, 96, 24))
        for part in (abs(value.numerator), value.denominator)
    ]
    return parts[0] / parts[1] * (1 if value >= 0 else -1)


def _multiplied(current: Array, open_: str, atom: Atom, algebra: DiracMatrices, q: Array) -> tuple[Array, str]:
    factor, is_matrix = _tensor(atom.name, algebra, q)
    own = "".join("abcdef"[INDICES.index(index)] for index in atom.indices)
    lower = np.array(METRIC)
    if len(own) == 2 and own[0] == own[1]:
        shape = (4, 4) + (1,) * (factor.ndim - 2)
        factor, own = (factor * np.diag(lower).reshape(shape)).sum(axis=(0, 1)), ""
    for place, letter in enumerate(own):
        if letter in open_:
            factor = factor * lower.reshape([4 if axis == place else 1 for axis in range(factor.ndim)])
    kept = "".join(letter for letter in open_ + own if (letter in open_) != (letter in own))
    right, result = ("zy", "xy") if is_matrix else ("", "xz")
    return np.einsum(f"{open_}xz,{own}{right}->{kept}{result}", current, factor), kept


def _tensor(name: str, algebra: DiracMatrices, q: Array) -> tuple[Array, bool]:
    one = algebra.system.complex_(1)
    match name:
        case "gamma":
            return np.stack(algebra.gamma), True
        case "gamma5":
            return algebra.gamma5, True
        case "PL":
            return (algebra.one - algebra.gamma5) / 2, True
        case "PR":
            return (algebra.one + algebra.gamma5) / 2, True
        case "sigma":
            return np.array([[algebra.sigma(mu, nu) for nu in range(4)] for mu in range(4)]), True
        case "q":
            return one * q, False
        case "qslash":
            return algebra.slash(q), True
        case "q2":
            return np.asarray(one * sum(METRIC[mu] * q[mu] * q[mu] for mu in range(4))), False
        case "g":
            return one * np.diag(METRIC), False
    raise ValueError(f"no atom {name!r}")
