"""The tree of a formula, as it stands on the page: nothing in it is simplified or evaluated.

Every node knows the column where it starts; columns do not count when trees are compared. Leaves are numbers and names, so that
one tree can be judged in any arithmetic (exact, modulo a prime, floating point) and printed in any form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

FUNCTIONS: Final = ("Re", "Im", "conj", "abs", "sqrt", "theta")
"""Functions of one argument: parts and conjugate of a complex number, its modulus, the square root, the step function."""

MAX_DEPTH: Final = 60
MAX_NODES: Final = 4000
MAX_RAISED: Final = 64
"""Largest product of the exponents above any part of a formula."""


class FormulaError(ValueError):
    """A formula that cannot be read: where (1-based ``column``), what was ``found``, what is ``allowed``.

    ``abbreviation`` names the definition in which it stands, and is empty for the formula itself.
    """

    def __init__(self, column: int, found: str, allowed: str, abbreviation: str = "") -> None:
        place = f"{abbreviation}, column {column}" if abbreviation else f"column {column}"
        super().__init__(f"{place}: found {found}, allowed {allowed}")
        self.column = column
        self.found = found
        self.allowed = allowed
        self.abbreviation = abbreviation


@dataclass(frozen=True)
class Number:
    """An exact number."""

    value: Fraction
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Name:
    """A symbol or an abbreviation, such as ``m_i``, ``g_L_ij`` or ``a^L_ij``."""

    text: str
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Negative:
    """A leading minus sign."""

    inner: Node
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Sum:
    """A sum of two or more terms."""

    terms: tuple[Node, ...]
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Product:
    """A product of two or more factors."""

    factors: tuple[Node, ...]
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Quotient:
    """A fraction."""

    top: Node
    bottom: Node
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Power:
    """A power with an integer or half-integer exponent."""

    base: Node
    exponent: Fraction
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Call:
    """A function of :data:`FUNCTIONS` and its argument."""

    function: str
    argument: Node
    column: int = field(default=0, compare=False)


Node = Number | Name | Negative | Sum | Product | Quotient | Power | Call
Path = tuple[int, ...]
"""The way from the root of a tree to a node: which child, at every level."""

ONE: Final = Number(Fraction(1))
ZERO: Final = Number(Fraction(0))


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes right below a node.

    Example
    -------
    >>> children(Quotient(Name("s"), Number(Fraction(2))))
    (Name(text='s', column=0), Number(value=Fraction(2, 1), column=0))
    """
    match node:
        case Negative(inner):
            return (inner,)
        case Sum(parts) | Product(parts):
            return parts
        case Quotient(top, bottom):
            return (top, bottom)
        case Power(base):
            return (base,)
        case Call(_, argument):
            return (argument,)
    return ()


def with_children(node: Node, parts: Sequence[Node]) -> Node:
    """Return a node with other nodes below it, as many as it had; products in products are joined."""
    match node:
        case Negative():
            return replace(node, inner=parts[0])
        case Sum():
            return replace(node, terms=tuple(parts))
        case Product():
            return product(parts, node.column)
        case Quotient():
            return replace(node, top=parts[0], bottom=parts[1])
        case Power():
            return replace(node, base=parts[0])
        case Call():
            return replace(node, argument=parts[0])
    return node


def replaced(root: Node, path: Path, new: Node) -> Node:
    """Return a tree with the node at ``path`` replaced; everything beside the path is the same object.

    Example
    -------
    >>> replaced(Sum((Name("s"), Name("t"))), (1,), Name("omega")).terms[1].text
    'omega'
    """
    if not path:
        return new
    parts = list(children(root))
    parts[path[0]] = replaced(parts[path[0]], path[1:], new)
    return with_children(root, parts)


def at(root: Node, path: Path) -> Node:
    """Return the node at ``path``."""
    for step in path:
        root = children(root)[step]
    return root


def walk(root: Node) -> Iterator[tuple[Path, Node]]:
    """Yield every node with its path, parents first."""
    waiting: list[tuple[Path, Node]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        below = children(node)
        waiting += [((*path, n), below[n]) for n in reversed(range(len(below)))]


def names(root: Node) -> dict[str, int]:
    """Return every name of a tree with the column where it first stands.

    Example
    -------
    >>> names(Product((Name("m_i", 1), Name("m_j", 5), Name("m_i", 9))))
    {'m_i': 1, 'm_j': 5}
    """
    found: dict[str, int] = {}
    for _, node in walk(root):
        if isinstance(node, Name):
            found.setdefault(node.text, node.column)
    return found


def bounded(root: Node) -> Node:
    """Return a tree that is neither too deep nor too large, nor raised to too high a power.

    Raises
    ------
    FormulaError : it is.
    """
    count = 0
    waiting: list[tuple[Node, int, Fraction]] = [(root, 0, Fraction(1))]
    while waiting:
        node, depth, raised = waiting.pop()
        count += 1
        if depth > MAX_DEPTH:
            raise FormulaError(node.column, f"a formula nested {depth} deep", f"at most {MAX_DEPTH} levels")
        if count > MAX_NODES:
            raise FormulaError(node.column, f"a formula of more than {MAX_NODES} parts", f"at most {MAX_NODES}")
        if isinstance(node, Power):
            raised *= abs(node.exponent)
        if raised > MAX_RAISED:
            raise FormulaError(node.column, f"powers of powers that make {raised}", f"at most {MAX_RAISED} in all")
        waiting += [(child, depth + 1, raised) for child in reversed(children(node))]
    return root


def canonical(name: str) -> str:
    """Return the one spelling of names that differ in where their labels stand.

    Example
    -------
    >>> canonical("a^L_ij") == canonical("a_L_ij")
    True
    """
    return name.replace("^", "_")


def power(base: Node, exponent: Fraction, column: int = 0) -> Node:
    """Return a power; the first power is the base itself."""
    return base if exponent == 1 else Power(base, exponent, column)


def product(factors: Sequence[Node], column: int = 0) -> Node:
    """Return a product; of one factor, the factor, of none, one. Products in products are joined."""
    flat: list[Node] = []
    for factor in factors:
        flat += factor.factors if isinstance(factor, Product) else [factor]
    if not flat:
        return ONE
    return flat[0] if len(flat) == 1 else Product(tuple(flat), column)


def total(terms: Sequence[Node], column: int = 0) -> Node:
    """Return a sum; of one term, the term, of none, zero."""
    if not terms:
        return ZERO
    return terms[0] if len(terms) == 1 else Sum(tuple(terms), column)
