"""The slips that people make in formulas, as changes of the printed tree.

Every slip is one change at one place, in the formula or in one of its abbreviations, and undoes one mistake: a sign, a factor, a
lost ``i``, ``Re`` for ``Im``, a conjugate, a mass, an index, a chirality, what Majorana neutrinos add, a propagator, the kinematics,
the step function, a factor that carries a dimension. Which of them is *the* slip is found by trying all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from derivations.ledger.check.formula import Formula
from derivations.ledger.check.vocabulary import CONSTANTS, KINEMATIC, Symbol, Vocabulary
from derivations.written.nodes import (
    ONE,
    ZERO,
    Call,
    Name,
    Negative,
    Node,
    Number,
    Path,
    Power,
    Product,
    Quotient,
    Sum,
    at,
    canonical,
    children,
    names,
    power,
    product,
    replaced,
    total,
    walk,
    with_children,
)
from derivations.written.text import text_of

KINDS: Final = (
    "sign", "factor", "phase", "conjugation", "mass_term", "index_swap", "chirality", "majorana", "dimension", "propagator",
    "kinematics", "step_function", "several",
)  # fmt: skip
"""The kinds of slips, as reports name them."""


@dataclass(frozen=True)
class Slip:
    """One slip.

    Attributes
    ----------
    kinds : of :data:`KINDS`, the best fitting first.
    change : what undoes it, in words and in the text form.
    place : the abbreviation in which it stands, empty for the formula.
    path : where in the tree.
    new : what stands there without the slip.
    tree : the whole tree without the slip.
    rank : how far-fetched it is; of several explanations the least far-fetched comes first.
    """

    kinds: tuple[str, ...]
    change: str
    place: str
    path: Path
    new: Node
    tree: Node
    rank: int


NEAR, USUAL, FAR, FARTHEST = range(4)
_Change = tuple[tuple[str, ...], str, Node, int]
"""Kinds, words, what stands in the place of the node, rank."""


def _number(value: int | Fraction) -> Number:
    return Number(Fraction(value))


_ROOT2: Final = Call("sqrt", _number(2))
_PI: Final = Name("pi")
FACTORS: Final[tuple[tuple[str, Node], ...]] = (
    ("2", _number(2)), ("1/2", _number(Fraction(1, 2))), ("4", _number(4)), ("1/4", _number(Fraction(1, 4))),
    ("3", _number(3)), ("1/3", _number(Fraction(1, 3))), ("sqrt(2)", _ROOT2), ("1/sqrt(2)", Quotient(ONE, _ROOT2)),
    ("pi", _PI), ("1/pi", Quotient(ONE, _PI)), ("8", _number(8)), ("1/8", _number(Fraction(1, 8))),
    ("6", _number(6)), ("1/6", _number(Fraction(1, 6))),
)  # fmt: skip
"""Numbers that get lost or doubled."""
_I: Final = Name("i")


def _squared(name: str) -> Node:
    return Power(Name(name), Fraction(2))


_MASSES: Final[tuple[Node, ...]] = (
    Product((Name("m_i"), Name("m_j"))), Name("m_i"), Name("m_j"), _squared("m_i"), _squared("m_j"),
    Sum((Name("m_i"), Name("m_j"))), Sum((Name("m_i"), Negative(Name("m_j")))),
)  # fmt: skip
_SCALES: Final[tuple[Node, ...]] = (
    Name("s"), Name("omega"), _squared("omega"), Name("m_e"), _squared("m_e"), Name("G_F"), _squared("G_F"), Name("t"),
    Sum((Name("E_eg"), Negative(Name("omega")))), Name("E_eg"), Name("Delta_ij"), _squared("Delta_ij"),
)  # fmt: skip
"""What carries a dimension and gets lost, beside masses of neutrinos and mediators."""

_ENERGIES: Final[tuple[Node, ...]] = (
    Name("omega"), Name("E_eg"), Name("E_vg"), Sum((Name("E_eg"), Negative(Name("omega")))), Name("E_nu"),
)  # fmt: skip
_SQUARES: Final[tuple[Node, ...]] = (Name("s"), Name("t"), _squared("omega"), _squared("E_eg"),
    Sum((Name("s"), Negative(Power(Sum((Name("m_i"), Negative(Name("m_j")))), Fraction(2))))))  # fmt: skip


class Slips:
    """All slips of a formula.

    Parameters
    ----------
    formula : the formula.
    known : its vocabulary.
    named : the symbols that it names.
    quantity : what it is to be; limits of energies make their signs a matter of kinematics.
    inconsistent : whether its dimensions clash.
    both : whether it is to hold for both natures; otherwise ``delta_M`` is a number that no formula needs.
    """

    def __init__(
        self,
        formula: Formula,
        known: Vocabulary,
        named: frozenset[Symbol],
        quantity: str,
        inconsistent: bool,
        both: bool = True,
    ) -> None:
        self.formula = formula
        self.elements = known.elements()
        self.quantity = quantity
        self.inconsistent = inconsistent
        self.both = both
        there = {symbol.interaction for symbol in named}
        self.mediators = {
            symbol.name for symbol in known.symbols if symbol.kind == "mass" and symbol.interaction in there
        }
        self.definitions = {name for name, _ in formula.definitions}
        self.partners = _partners(known, named, {*formula.used(), *formula.named()})

    def __iter__(self) -> Iterator[Slip]:
        found: list[Slip] = []
        for place, tree in self.formula.trees():
            known = {id(node): hash(node) for _, node in walk(tree)}
            alike: dict[int, list[int]] = {}
            for path, node in walk(tree):
                for kinds, change, new, rank in self._at(tree, path, node):
                    changed = replaced(tree, path, new) if new != ZERO else _without(tree, path)
                    if changed == tree:
                        continue
                    places = alike.setdefault(_hash(changed, known), [])
                    same = next((n for n in places if found[n].tree == changed), None)
                    if same is None:
                        places.append(len(found))
                        found.append(Slip(kinds, change, place, path, new, changed, rank))
                    else:  # one change with two names
                        before = found[same]
                        both = tuple(dict.fromkeys((*before.kinds, *kinds)))
                        found[same] = replace(before, kinds=both, rank=min(before.rank, rank))
        yield from found

    def _at(self, tree: Node, path: Path, node: Node) -> Iterator[_Change]:
        parent = at(tree, path[:-1]) if path else None
        whole = parent is None or isinstance(parent, Sum | Negative)
        in_argument = isinstance(parent, Call)
        in_step = any(isinstance(above, Call) and above.function == "theta" for above in _above(tree, path))
        if (whole or in_argument) and not in_step and not isinstance(node, Negative):
            yield from self._of_term(tree, path, node, whole=whole and parent is not None, inside=in_argument)
        yield from self._of_node(tree, path, node, parent)

    # ------------------------------------------------------------ whole terms

    def _of_term(self, tree: Node, path: Path, node: Node, *, whole: bool, inside: bool) -> Iterator[_Change]:
        shown = _short(node)
        holds = self._tags(node)
        near = FAR if inside else NEAR
        yield self._sign_kinds(tree, path, holds), f"the sign of {shown}", Negative(node), near
        factor_kinds = ("majorana", "factor") if "majorana" in holds else ("factor",)
        for name, factor in FACTORS:
            yield factor_kinds, f"a factor {name} of {shown}", times(factor, node), near + 1
        yield ("phase",), f"a factor i of {shown}", product((_I, node)), near + 1
        yield ("phase",), f"a factor -i of {shown}", Negative(product((_I, node))), near + 1
        mediators = [Name(name) for name in sorted(self.mediators)]
        for factor in (*_MASSES, *(_squared(name.text) for name in mediators), *mediators, *_SCALES):
            kinds: tuple[str, ...] = ("mass_term",) if {"m_i", "m_j"} & set(names(factor)) else ("kinematics",)
            kinds = ("dimension", *kinds) if self.inconsistent else (*kinds, "dimension")
            word = text_of(factor)
            yield kinds, f"a lost factor {word} of {shown}", product((factor, node)), FAR
            yield kinds, f"a lost factor -{word} of {shown}", Negative(product((factor, node))), FAR
            yield kinds, f"an extra factor {word} of {shown}", Quotient(node, factor), FAR
        if "matrix" in holds and self.both:
            yield ("majorana",), f"delta_M of {shown} is missing", product((Name("delta_M"), node)), near
            yield (
                ("majorana",),
                f"1 - delta_M of {shown} is missing",
                product((Sum((ONE, Negative(Name("delta_M")))), node)),
                near,
            )
            yield (
                ("majorana",),
                f"1 + delta_M of {shown} is missing",
                product((Sum((ONE, Name("delta_M"))), node)),
                USUAL,
            )
        if "matrix" in holds:
            swapped = self._swapped(node)
            if swapped != node:
                yield ("chirality",), f"the chiralities of {shown} exchanged", swapped, near
        exchanged = _exchanged(node)
        if exchanged != node:
            yield ("index_swap",), f"i and j of {shown} exchanged", exchanged, near
        if whole:
            words = {"majorana": "majorana", "mass": "mass_term"}
            kind = next((words[tag] for tag in words if tag in holds), "kinematics")
            yield (kind,), f"the extra term {shown}", Number(Fraction(0)), FARTHEST

    def _sign_kinds(self, tree: Node, path: Path, holds: set[str]) -> tuple[str, ...]:
        parent = at(tree, path[:-1]) if path else None
        above = at(tree, path[:-2]) if len(path) > 1 and isinstance(parent, Negative) else parent
        if (
            isinstance(above, Sum)
            and self.mediators & set(names(above))
            and not holds & {"matrix"}
            and not _calls(above)
        ):
            return ("propagator", "sign")
        if "majorana" in holds:
            return ("majorana", "sign")
        if self.quantity in ("energy_min", "energy_max", "threshold", "pair_mass_squared"):
            return ("sign", "kinematics")
        return ("sign",)

    def _tags(self, node: Node) -> set[str]:
        found = set()
        for name in map(canonical, names(node)):
            if name == "delta_M":
                found.add("majorana")
            elif name in ("m_i", "m_j"):
                found.add("mass")
            elif name in self.definitions or (name in self.elements and self.elements[name].is_matrix):
                found.add("matrix")
        return found

    # ------------------------------------------------------------ single nodes

    def _of_node(self, tree: Node, path: Path, node: Node, parent: Node | None) -> Iterator[_Change]:
        match node:
            case Name(text):
                yield from self._of_name(tree, path, node, canonical(text), parent)
            case Number(value) if isinstance(parent, Product | Quotient):
                for _, factor in FACTORS:
                    if isinstance(factor, Number):
                        new = Number(value * factor.value)
                        yield ("factor",), f"{new.value} for {value}", new, USUAL
            case Power(base, exponent):
                yield from self._of_power(node, base, exponent)
            case Call():
                yield from self._of_call(node)
            case Product(factors):
                yield from self._of_product(factors)
            case Sum(terms):
                yield from self._of_sum(node, terms, parent)
            case Quotient(top, bottom) if self.mediators & set(names(bottom)):
                yield ("propagator",), f"{_short(bottom)} does not belong below", top, USUAL

    def _of_name(self, tree: Node, path: Path, node: Name, text: str, parent: Node | None) -> Iterator[_Change]:
        symbol = self.elements.get(text)
        matrix = text in self.definitions or (symbol is not None and symbol.is_matrix)
        if matrix:
            if not (isinstance(parent, Call) and parent.function == "conj"):
                yield ("conjugation",), f"{node.text} is to be conjugated", Call("conj", node), NEAR
            if text.endswith(("_ij", "_ji")) and text not in self.definitions:
                swapped = node.text[:-2] + node.text[:-3:-1]
                yield ("index_swap", "conjugation"), f"{swapped} for {node.text}", Name(swapped, node.column), NEAR
            for partner in self.partners.get(text, ()):
                yield ("chirality",), f"{partner} for {node.text}", Name(partner, node.column), NEAR
        if text in ("m_i", "m_j"):
            other = "m_j" if text == "m_i" else "m_i"
            kinds = ("mass_term", "index_swap") if other in _beside(tree, path) else ("index_swap", "mass_term")
            yield kinds, f"{other} for {text}", Name(other), NEAR
        if (text in ("m_i", "m_j", "m_e") or text in self.mediators) and not isinstance(parent, Power):
            kinds = ("propagator", "mass_term") if text in self.mediators else ("mass_term", "dimension")
            yield kinds, f"{node.text}^2 for {node.text}", _squared(node.text), NEAR
        if text == "delta_M":
            yield ("majorana",), "1 - delta_M for delta_M", Sum((ONE, Negative(node))), NEAR
        if text in KINEMATIC or text in CONSTANTS:
            yield from self._kinematic(node, text)

    def _kinematic(self, node: Name, text: str) -> Iterator[_Change]:
        same = (
            _ENERGIES
            if text in ("omega", "E_eg", "E_vg", "E_nu", "omega_ij")
            else _SQUARES
            if text in ("s", "t")
            else ()
        )
        for other in same:
            if "E_nu" not in names(other) or self.quantity == "spin_sum":
                yield ("kinematics",), f"{text_of(other)} for {text}", other, NEAR
        if text == "s":
            for mediator in sorted(self.mediators):
                gap = Sum((node, Negative(_squared(mediator))))
                yield ("propagator",), f"{text_of(gap)} for s", gap, NEAR
        if text in ("omega", "Delta_ij", "E_eg", "s"):
            yield ("kinematics", "dimension"), f"{text}^2 for {text}", _squared(text), USUAL
        elif text in ("G_F", "e", "alpha"):
            yield ("factor", "dimension"), f"{text}^2 for {text}", _squared(text), USUAL

    def _of_power(self, node: Power, base: Node, exponent: Fraction) -> Iterator[_Change]:
        inside = set(map(canonical, names(base)))
        if inside & self.mediators:
            kinds: tuple[str, ...] = ("propagator", "mass_term") if isinstance(base, Name) else ("propagator",)
        else:
            kinds = self._kinds_of_power(inside)
        for other in (exponent - 1, exponent + 1, exponent * 2, exponent / 2, -exponent):
            if other and other != exponent and other.denominator == 1:
                new = power(base, other)
                yield kinds, f"{text_of(new)} for {text_of(node)}", new, NEAR
        if exponent != 2:
            return
        if isinstance(base, Call) and base.function == "abs":
            for function in ("Re", "Im"):
                new = Call(function, Power(base.argument, Fraction(2)))
                yield ("conjugation",), f"{text_of(new)} for {text_of(node)}", new, NEAR
        elif inside and not inside & (set(KINEMATIC) | set(CONSTANTS)):
            new = product((Call("conj", base), base))
            yield ("conjugation",), f"{text_of(new)} for {text_of(node)}", new, NEAR
        if isinstance(base, Name) and base.text in ("m_i", "m_j"):
            yield ("mass_term", "index_swap"), f"m_i m_j for {text_of(node)}", _MASSES[0], NEAR
        if isinstance(base, Sum):
            yield ("mass_term",), f"squares inside {text_of(node)}", _inner_squares(base), USUAL

    def _kinds_of_power(self, inside: set[str]) -> tuple[str, ...]:
        if inside <= {"m_i", "m_j", "m_e"}:
            return ("mass_term", "dimension")
        if "delta_M" in inside:
            return ("majorana",)
        if inside & set(KINEMATIC):
            return ("dimension", "kinematics") if self.inconsistent else ("kinematics", "dimension")
        return ("dimension",)

    def _of_call(self, node: Call) -> Iterator[_Change]:
        inner = node.argument
        if node.function in ("Re", "Im"):
            other = Call("Im" if node.function == "Re" else "Re", inner)
            yield ("phase",), f"{other.function} for {node.function} in {_short(node)}", other, NEAR
            yield ("phase",), f"-{other.function} for {node.function} in {_short(node)}", Negative(other), NEAR
            if isinstance(inner, Power) and inner.exponent == 2:
                new = Power(Call("abs", inner.base), Fraction(2))
                yield ("conjugation",), f"{text_of(new)} for {text_of(node)}", new, NEAR
        elif node.function == "conj":
            yield ("conjugation",), f"{text_of(inner)} is not to be conjugated", inner, NEAR
        elif node.function == "theta":
            words = f"the argument of the step function {text_of(node)} is reversed"
            yield ("step_function",), words, Call("theta", _negated(inner)), NEAR
        elif node.function == "sqrt":
            yield ("kinematics",), f"{_short(inner)} without its root", inner, USUAL

    def _of_product(self, factors: Sequence[Node]) -> Iterator[_Change]:
        for n, factor in enumerate(factors):
            rest = product([*factors[:n], *factors[n + 1 :]])
            inside = set(map(canonical, names(factor)))
            rank = USUAL
            if isinstance(factor, Number) or inside <= {"pi"}:
                kinds: tuple[str, ...] = ("factor",)
            elif inside == {"i"}:
                kinds = ("phase",)
            elif "delta_M" in inside:
                kinds, rank = ("majorana",), NEAR
            elif isinstance(factor, Call) and factor.function == "theta":
                kinds, rank = ("step_function",), FARTHEST
            elif inside & {"m_i", "m_j"}:
                kinds, rank = ("mass_term", "dimension"), FAR
            elif inside & self.mediators:
                kinds = ("propagator", "dimension")
            else:
                kinds, rank = ("kinematics", "dimension"), FAR
            if self.inconsistent and "dimension" in kinds:
                kinds = ("dimension", *(kind for kind in kinds if kind != "dimension"))
            yield kinds, f"the extra factor {_short(factor)} of {_short(rest)}", rest, rank

    def _of_sum(self, node: Sum, terms: Sequence[Node], parent: Node | None) -> Iterator[_Change]:
        if isinstance(parent, Product | Quotient) and not _calls(node):
            inside = set(map(canonical, names(node)))
            kinds = ("propagator",) if inside & self.mediators else self._kinds_of_power(inside)
            yield kinds, f"the square of {text_of(node)}", Power(node, Fraction(2)), NEAR
            if inside & self.mediators:
                new = _negated(node)
                yield ("propagator", "sign"), f"{text_of(new)} for {text_of(node)}", new, NEAR
            if (exchanged := _exchanged(node)) != node:
                yield ("index_swap", "sign"), f"{text_of(exchanged)} for {text_of(node)}", exchanged, USUAL
        if node == _ENERGIES[3]:
            twice = Sum((Name("E_eg"), Negative(Product((_number(2), Name("omega"))))))
            for other in (Name("omega"), Name("E_eg"), twice):
                yield ("kinematics",), f"{text_of(other)} for {text_of(node)}", other, NEAR
        if set(names(node)) <= {"m_i", "m_j"} and len(terms) == 2:
            split = total([terms[0], _negated(terms[1])])
            yield ("mass_term", "sign"), f"{text_of(split)} for {text_of(node)}", split, NEAR

    def _swapped(self, node: Node) -> Node:
        """Return a tree with every chirality exchanged for its partner."""
        if isinstance(node, Name):
            partners = self.partners.get(canonical(node.text), ())
            return Name(partners[0], node.column) if partners else node
        return with_children(node, [self._swapped(child) for child in children(node)])


def _hash(node: Node, known: Mapping[int, int]) -> int:
    """Return a hash of a changed tree, from those of the parts that were there before."""
    if id(node) in known:
        return known[id(node)]
    parts = children(node)
    return hash((type(node), tuple(_hash(part, known) for part in parts))) if parts else hash(node)


def times(factor: Node, node: Node) -> Node:
    """Return a multiple of a node; numbers are multiplied with the numbers that stand there.

    Example
    -------
    >>> text_of(times(Number(Fraction(1, 2)), Quotient(Name("s"), Number(Fraction(3)))))
    's/6'
    """
    if not isinstance(factor, Number):
        return product((factor, node))
    match node:
        case Number(value):
            return Number(value * factor.value)
        case Product(factors):
            for n, part in enumerate(factors):
                if isinstance(part, Number):
                    merged = Number(part.value * factor.value)
                    return product([*factors[:n], *([] if merged.value == 1 else [merged]), *factors[n + 1 :]])
        case Quotient(top, Number(value)):
            rest = factor.value / value
            above = top if rest.numerator == 1 else times(_number(rest.numerator), top)
            return above if rest.denominator == 1 else Quotient(above, _number(rest.denominator))
        case Quotient(top, bottom) if factor.value.numerator == 1:
            return Quotient(top, times(_number(factor.value.denominator), bottom))
    return product((factor, node))


def _without(tree: Node, path: Path) -> Node:
    """Return a tree without the term at ``path``."""
    above = path[:-2] if isinstance(at(tree, path[:-1]), Negative) and len(path) > 1 else path[:-1]
    around = at(tree, above)
    if not isinstance(around, Sum):
        return replaced(tree, path, ZERO)
    rest = [term for n, term in enumerate(around.terms) if n != path[len(above)]]
    return replaced(tree, above, total(rest, around.column))


def _above(tree: Node, path: Path) -> Iterator[Node]:
    for step in path:
        yield tree
        tree = children(tree)[step]


def _partners(known: Vocabulary, named: frozenset[Symbol], used: set[str]) -> Mapping[str, tuple[str, ...]]:
    """Return, for every matrix and abbreviation, those that people take for it.

    The other chirality comes first: the bilinears differ by ``PL`` and ``PR``, or the names by ``L`` and ``R``. Then come the
    other couplings of the same interaction and dimension, which differ by a ``gamma5`` or by more.
    """
    found: dict[str, list[str]] = {}
    mirror = str.maketrans("LR", "RL")
    for name in used:
        other = "_".join(part.translate(mirror) if part in ("L", "R") else part for part in name.split("_"))
        if other != name and other in used:
            found.setdefault(name, []).append(other)
    chosen = {symbol.interaction for symbol in named}
    matrices = [symbol for symbol in known.symbols if symbol.is_matrix and symbol.interaction in chosen]
    exchange = {"PL": "PR", "PR": "PL"}
    for first in matrices:
        for second in sorted(
            matrices,
            key=lambda other: (
                "".join(exchange.get(w, w) for w in first.current.split()) != "".join(other.current.split())
            ),
        ):
            if second is not first and (first.interaction, first.dimension) == (second.interaction, second.dimension):
                for name, other in zip(first.elements, second.elements, strict=True):
                    if other not in found.setdefault(name, []):
                        found[name].append(other)
    return {name: tuple(others) for name, others in found.items()}


def _exchanged(node: Node) -> Node:
    """Return a tree with i and j exchanged in masses and matrices."""
    if isinstance(node, Name):
        text = node.text
        if text in ("m_i", "m_j"):
            return Name("m_j" if text == "m_i" else "m_i", node.column)
        return node
    return with_children(node, [_exchanged(child) for child in children(node)])


def _negated(node: Node) -> Node:
    if isinstance(node, Negative):
        return node.inner
    if isinstance(node, Sum):
        return Sum(tuple(_negated(term) for term in node.terms))
    return Negative(node)


def _inner_squares(node: Sum) -> Node:
    terms = [
        Negative(Power(term.inner, Fraction(2))) if isinstance(term, Negative) else Power(term, Fraction(2))
        for term in node.terms
    ]
    return total(terms)


def _beside(tree: Node, path: Path) -> set[str]:
    """Return the names in the product around a node."""
    for length in range(len(path) - 1, -1, -1):
        above = at(tree, path[:length])
        if isinstance(above, Product | Quotient):
            return set(names(above))
        if isinstance(above, Sum | Call):
            return set()
    return set()


def _calls(node: Node) -> bool:
    return any(isinstance(inner, Call) for _, inner in walk(node))


def _short(node: Node) -> str:
    text = text_of(node)
    return text if len(text) <= 60 else f"{text[:57]}..."
