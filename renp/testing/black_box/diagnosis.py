"""Which single slip a black box computes: every slip of the derived formula is evaluated where the function was asked.

The slips, their kinds and words are those of ``renp check`` (:mod:`derivations.ledger.check.slips`), made in the derived formula
instead of undone in a printed one; then come the slips of a derivation (:mod:`derivations.ledger.check.physics`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from itertools import islice
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from derivations.ledger.check.compare import Comparer, Screen
from derivations.ledger.check.derived import QUANTITIES, Conditions, ingredients
from derivations.ledger.check.formula import Formula
from derivations.ledger.check.judge import Judgement, with_terms
from derivations.ledger.check.physics import physics_slips
from derivations.ledger.check.slips import FACTORS, NEAR, USUAL, Slip, Slips
from derivations.ledger.check.vocabulary import SPELLINGS, Symbol, vocabulary
from derivations.written.nodes import (
    ZERO,
    Call,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    at,
    canonical,
    children,
    names,
    product,
    total,
    walk,
    with_children,
)
from derivations.written.sympy_form import from_sympy
from derivations.written.text import parse_text, text_of
from renp.model import Model
from renp.testing.black_box.numbers import Lanes, LanesDomain
from renp.testing.black_box.words import factor_in_words

__all__ = ["MATCH", "NOTHING", "Answers", "Explained", "explain", "factor_of_the_whole"]

MOST: Final = 30_000
"""Most slips that are tried; a count and no time, so that a report is the same on every machine."""
WRITTEN_OUT: Final = 2
"""Most matrices for which the formula is written out product by product, which takes exact arithmetic."""
SHORT: Final = 60
"""Longest formula in a sentence."""
MATCH: Final = 1e-6
"""Largest difference between a slip and a function that makes it: constants are typed with so many digits."""
_PHYSICS_KINDS: Final[Mapping[str, str]] = {
    "majorana-half": "majorana", "eta-flipped": "majorana", "majorana-diagonal": "majorana", "majorana-forgotten": "majorana",
    "interference-half": "factor", "interference-sign": "sign", "no-interference": "factor", "amplitude-conjugate": "conjugation",
    "antineutrino-mass": "mass_term", "neutrino-massless": "mass_term", "massless-pair": "mass_term",
    "dirac-equation-masses": "mass_term", "recoil-factor": "factor", "recoil-sign": "sign", "photon-propagator": "propagator",
    "exchange-sign": "sign",
}  # fmt: skip
"""Kinds of the slips of a derivation; those of one operator tell theirs in their words."""


@dataclass(frozen=True)
class Answers:
    """What a function answered, by nature, at the same lanes for each of them; and what is right there."""

    lanes: Lanes
    computed: Mapping[str, NDArray[np.float64]]
    right: Mapping[str, NDArray[np.float64]]

    def explained_by(self, found: Mapping[str, NDArray[np.float64]]) -> bool:
        """Return whether some values are what the function answered, for the natures that they are given for."""
        for nature, values in found.items():
            computed = self.computed[nature]
            size = np.abs(computed) + np.abs(self.right[nature]) + 1e-300
            if not np.all(np.abs(values - computed) <= MATCH * size):
                return False
        return True


@dataclass(frozen=True)
class Explained:
    """A slip that a function makes: its kinds, the best fitting first, what it is, and the formula without it."""

    kinds: tuple[str, ...]
    change: str
    corrected: str
    place: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return it as an entry of a diagnosis."""
        return {"kind": self.kinds[0], "change": self.change, "corrected": self.corrected}


def factor_of_the_whole(factor: float | None) -> Explained | None:
    """Return that everything enters with one factor, zero included."""
    if factor is None:
        return None
    if factor == 0:
        return Explained(("several",), NOTHING, "")
    words = factor_in_words(factor)
    text = f"{factor:.8g} ({words})" if "pi" in words or "sqrt" in words else words
    return Explained(("sign" if words == "-1" else "factor",), f"the whole is off by a factor {text}", "")


NOTHING: Final = "it gives 0 everywhere"


def explain(model: Model, quantity: str, named: frozenset[Symbol], answers: Answers) -> Explained | None:
    """Return the least far-fetched slip that gives the answers of a function; ``None`` where no single one does.

    Parameters
    ----------
    model : the interactions.
    quantity : what the function is to be; for a spectral function the summand is what is wrong.
    named : the couplings that are not zero.
    answers : what it answered.
    """
    behind = "summand" if quantity == "spectral_function" else quantity
    if answers.explained_by(answers.right) or not any(values.any() for values in answers.computed.values()):
        return None  # zero everywhere tells no slip
    natures = {nature: int(nature == "majorana") for nature in answers.computed}

    comparer = Comparer(
        vocabulary(model.interactions), QUANTITIES[behind], named, tuple(natures.values()), ingredients(model.interactions),
        Conditions(), inf,
    )  # fmt: skip
    for formula in _formulas(model, behind, comparer):
        found: list[_Made] = []
        for made in _matching(formula, comparer, answers, natures):
            found.append(made)
            if made.rank == NEAR:
                break
        if found:
            best = min(found, key=lambda made: made.rank)
            # One slip of a derivation is likelier than the same slip of a formula in several places.
            derivation = _of_the_derivation(comparer, answers, natures, behind) if best.repeated else None
            return derivation or best.explained()
    return _of_the_derivation(comparer, answers, natures, behind)


# ---------------------------------------------------------------- slips of formulas


class _LanesScreen(Screen):
    """The formula and its slips in floating point, where a function was asked."""

    def __init__(self, comparer: Comparer, base: Mapping[str, Any]) -> None:
        self.comparer = comparer
        self.base = dict(base)
        self.domain = LanesDomain()  # type: ignore[assignment]


@dataclass(frozen=True)
class _Made:
    """A formula with a slip in it, at one place or wherever the same stands."""

    formula: Formula
    rank: int
    explained: Callable[[], Explained]
    repeated: bool = False


def _matching(formula: Formula, comparer: Comparer, answers: Answers, natures: Mapping[str, int]) -> Iterator[_Made]:
    with np.errstate(all="ignore"):
        screen = _LanesScreen(comparer, answers.lanes.base).prepared(formula)
        # Majorana neutrinos show all that Dirac neutrinos show, so that one nature tells which slips to look at.
        last = list(natures)[-1]

        def value(some: Formula, nature: str) -> NDArray[np.float64] | None:
            found: Any = screen.lanes(some, natures[nature])
            return None if found is None else answers.lanes.added(found)

        def gives(some: Formula) -> bool:
            first = value(some, last)
            if first is None or not answers.explained_by({last: first}):
                return False
            others = {nature: value(some, nature) for nature in natures if nature != last}
            return all(found is not None and answers.explained_by({nature: found}) for nature, found in others.items())

        if gives(formula):
            return
        for made in islice(_made(formula, comparer, len(natures) == 2), MOST):
            if gives(made.formula):
                yield made


def _made(formula: Formula, comparer: Comparer, both: bool) -> Iterator[_Made]:
    """Yield the formula with every slip, then with those that are made wherever the same stands."""
    circular = _dependents(formula)
    trees = dict(formula.trees())
    places: dict[Node, list[str]] = {}
    for place, tree in trees.items():
        for _, node in walk(tree):
            places.setdefault(node, []).append(place)
    everywhere: dict[tuple[Node, Node], Slip] = {}
    for slip in Slips(formula, comparer.known, comparer.named, comparer.quantity.name, False, both):
        if slip.place and not circular[slip.place].isdisjoint(map(canonical, names(slip.new))):
            continue
        yield _Made(formula.with_tree(slip.place, slip.tree), slip.rank, partial(_explained, slip, formula))
        old = at(trees[slip.place], slip.path)
        if len(places[old]) > 1:
            everywhere.setdefault((old, slip.new), slip)
    for (old, new), slip in everywhere.items():
        inside = set(map(canonical, names(new)))
        if any(place and not circular[place].isdisjoint(inside) for place in places[old]):
            continue
        changed = formula
        for place in dict.fromkeys(places[old]):
            changed = changed.with_tree(place, _everywhere(trees[place], {old: new}))
        yield _Made(changed, slip.rank, partial(_explained_everywhere, slip, formula), True)
    yield from _of_couplings(formula, comparer)


def _of_couplings(formula: Formula, comparer: Comparer) -> Iterator[_Made]:
    """Yield the formula with a coupling taken for another one, or with a factor or a phase that is none of its own."""
    elements = comparer.known.elements()
    there = [name for name in formula.named() if name in elements and elements[name] in comparer.named]
    matrices = [name for name in there if len(elements[name].elements) == 2]

    trees = formula.trees()

    def made(change: Mapping[Node, Node], kinds: tuple[str, ...], words: str) -> _Made:
        changed = formula
        for place, tree in trees:
            changed = changed.with_tree(place, _everywhere(tree, change))
        return _Made(changed, USUAL, lambda: Explained(kinds, words, _shown(formula, "")))

    for n, first in enumerate(matrices):
        for second in matrices[n + 1 :]:
            swap: dict[Node, Node] = {Name(first): Name(second), Name(second): Name(first)}
            yield made(swap, ("chirality",), f"{first} and {second} are exchanged")
    for name in there:
        one = Name(name)
        yield made({one: Negative(one)}, ("sign",), f"the sign of {name}")
        yield made({one: product((Name("i"), one))}, ("phase",), f"a factor i or -i of {name}")
        for words, factor in FACTORS:
            yield made({one: product((factor, one))}, ("factor",), f"a factor {words} of {name} too many")


def _everywhere(node: Node, change: Mapping[Node, Node]) -> Node:
    if node in change:
        return change[node]
    before = children(node)
    after = [_everywhere(child, change) for child in before]
    # What is not changed stays the same object, whose value is known.
    return node if all(a is b for a, b in zip(after, before, strict=True)) else with_children(node, after)


def _dependents(formula: Formula) -> dict[str, set[str]]:
    """Return, for every abbreviation, the names that are made of it and that it can therefore not name itself."""
    uses = {name: set(map(canonical, names(tree))) for name, tree in formula.definitions}
    uses |= {name: {"s", *inside} for name, inside in _MADE_OF_S.items() if name not in uses}
    found = {}
    for place, _ in formula.definitions:
        above = {place}
        while more := {name for name, inside in uses.items() if name not in above and inside & above}:
            above |= more
        found[place] = above
    return found


_MADE_OF_S: Final[Mapping[str, set[str]]] = {
    "t": set(), "lambda_ij": {"t"}, "Delta_ij": {"lambda_ij"}, "I_D": {"Delta_ij"},
}  # fmt: skip
"""Names of the process that are made of ``s`` and of others."""


_REVERSED: Final = (
    ("a lost factor", "an extra factor"), ("an extra factor", "a lost factor"), ("the extra factor", "the lost factor"),
    ("the extra term", "the lost term"), ("is to be conjugated", "is conjugated where it is not to be"),
    ("is not to be conjugated", "is not conjugated where it is to be"),
)  # fmt: skip
"""Words of slips are about what undoes them; here the slip is made."""


def _explained(slip: Slip, formula: Formula) -> Explained:
    place = f"in {formula.spelled(slip.place)}, " if slip.place else ""
    return Explained(_kinds(slip, formula), f"{place}{_words(slip, formula)}", _shown(formula, slip.place), slip.place)


def _explained_everywhere(slip: Slip, formula: Formula) -> Explained:
    return Explained(_kinds(slip, formula), f"{_words(slip, formula)}, wherever it stands", _shown(formula, ""))


def _shown(formula: Formula, place: str) -> str:
    text = text_of(dict(formula.trees())[place])
    return f"{formula.spelled(place)} = {text}" if place else text


def _kinds(slip: Slip, formula: Formula) -> tuple[str, ...]:
    """Return the kinds of a slip with the best fitting first, where the function is all that is known."""
    kinds = slip.kinds
    if (
        kinds[0] == "majorana"
        and len(kinds) > 1
        and not _majorana_alone(at(dict(formula.trees())[slip.place], slip.path))
    ):
        kinds = (*kinds[1:], kinds[0])
    if not names(at(dict(formula.trees())[slip.place], slip.path)) and kinds[0] != "phase":
        kinds = ("factor",)
    if slip.place == "s" and "kinematics" not in kinds:
        kinds = ("kinematics", *kinds)
    return kinds


def _words(slip: Slip, formula: Formula) -> str:
    words, tree = slip.change, dict(formula.trees())[slip.place]
    old = at(tree, slip.path)
    if words.startswith(("1 - delta_M", "1 + delta_M", "delta_M")) and words.endswith(" is missing"):
        if words.startswith("1 -") and _majorana_alone(old):
            return f"the term {_short(old)} is missing"
        return words.replace(" is missing", " is one too many")
    for before, after in _REVERSED:
        if words.startswith(before):
            return after + words.removeprefix(before)
        if words.endswith(before):
            return words.removesuffix(before) + after
    if words.startswith("a factor"):
        return f"{words} too many"
    if words.startswith("the sign of"):
        return f"{words} is wrong"
    if " for " in words and " of " not in words.partition(" for ")[0]:
        given, _, derived = words.partition(" for ")
        words = f"it has {given} for {derived}"
    above = [at(tree, slip.path[:length]) for length in range(len(slip.path) - 1, -1, -1)]
    around = next((node for node in above if isinstance(node, Call | Product | Quotient)), None)
    return words if around is None or " in " in words else f"{words} in {_short(around)}"


def _short(node: Node) -> str:
    """Return a formula, cut at a whole factor or term where it is long."""
    text = text_of(node)
    if len(text) <= SHORT:
        return text
    ends = [k for k in range(SHORT) if text[k] in "*/+- " and text[k - 1] not in "*/+-^( "]
    return f"{text[: max(ends, default=SHORT)].rstrip(' *')} ..."


def _majorana_alone(node: Node) -> bool:
    """Return whether every term of a part of a formula is one of Majorana neutrinos."""
    match node:
        case Name(text):
            return canonical(text) == "delta_M"
        case Sum(terms):
            return all(map(_majorana_alone, terms))
    return any(map(_majorana_alone, children(node)))


def _formulas(model: Model, quantity: str, comparer: Comparer) -> Iterator[Formula]:
    """Yield the derived formula as it is written in several ways: a slip is one change in one of them."""
    if quantity != "spin_sum":
        records = _records(model)
        bracket = quantity in ("bracket", "summand")
        record = records["bracket" if bracket else quantity]
        there = {definition.symbol.name for definition in record.definitions}
        definitions = [(d.symbol.name, d.expression) for d in record.definitions]
        if not bracket:
            definitions += [
                (d.symbol.name, d.expression) for d in records["bracket"].definitions
                if d.symbol.name in ("s", "Delta_ij") and d.symbol.name not in there
            ]  # fmt: skip
        root = _node(record.result)
        if quantity == "summand":
            root = product([parse_text("Delta_ij/(E_vg - omega)^2"), root])
        zero = {
            x
            for symbol in comparer.known.symbols
            if symbol not in comparer.named and symbol.kind != "mass"
            for x in symbol.elements
        }
        trees = [("", root), *((_known(name), _node(expression)) for name, expression in definitions)]
        yield _without(trees, zero)
    matrices = [symbol for symbol in comparer.named if len(symbol.elements) == 2]
    if comparer.quantity.couplings and len(matrices) <= WRITTEN_OUT:
        derived = _by_products(comparer)
        if derived is not None:
            yield derived


@lru_cache(maxsize=16)
def _records(model: Model) -> dict[str, Any]:
    return dict(model.formulas())


def _without(trees: Sequence[tuple[str, Node]], zero: set[str]) -> Formula:
    """Return a formula without couplings that are zero, and without abbreviations that are."""
    while True:
        left = [(name, _pruned(tree, zero)) for name, tree in trees]
        empty = {name for name, tree in left if tree == ZERO and name}
        if empty <= zero:
            break
        zero = zero | empty
    return Formula(left[0][1], tuple((name, tree) for name, tree in left[1:] if tree != ZERO))


def _pruned(node: Node, zero: set[str]) -> Node:
    match node:
        case Name(text):
            return ZERO if canonical(text) in zero else node
        case Sum(terms):
            left = [one for term in terms if (one := _pruned(term, zero)) != ZERO]
            return total(left) if len(left) > 1 else left[0] if left else ZERO
        case Quotient(top, bottom):
            above = _pruned(top, zero)
            return ZERO if above == ZERO else Quotient(above, bottom)
    parts = [_pruned(child, zero) for child in children(node)]
    if ZERO in parts and children(node):
        return ZERO
    return with_children(node, parts)


def _by_products(comparer: Comparer) -> Formula | None:
    """Return the derived formula as a sum over products of couplings."""
    matrices = [symbol for symbol in comparer.known.symbols if symbol in comparer.named and len(symbol.elements) == 2]
    squares: list[Node] = [Power(Call("abs", Name(symbol.elements[0])), Fraction(2)) for symbol in matrices]
    given = Formula(total(squares) if len(squares) > 1 else squares[0])
    terms = with_terms(Judgement("undecided", "", given), comparer)
    return Formula(terms.derived) if terms.terms else None


def _node(expression: Any) -> Node:
    return _renamed(from_sympy(expression))


def _renamed(node: Node) -> Node:
    if isinstance(node, Name):
        return Name(_known(node.text)) if canonical(node.text) in SPELLINGS else node
    return with_children(node, [_renamed(child) for child in children(node)])


def _known(name: str) -> str:
    return SPELLINGS.get(canonical(name), canonical(name))


# ---------------------------------------------------------------- slips of a derivation


def _of_the_derivation(
    comparer: Comparer, answers: Answers, natures: Mapping[str, int], quantity: str
) -> Explained | None:
    if not comparer.quantity.couplings:
        return None
    for slip in physics_slips(comparer.parts):
        parts = slip.change(comparer.parts)
        found = {
            nature: answers.lanes.right(quantity, parts, comparer.known, comparer.named, nature) for nature in natures
        }
        if answers.explained_by(found):
            return Explained((_kind(slip.name, slip.claim),), slip.claim, "")
    return None


def _kind(name: str, claim: str) -> str:
    if name in _PHYSICS_KINDS:
        return _PHYSICS_KINDS[name]
    return "phase" if "factor i" in claim else "sign" if claim.startswith("the sign") else "factor"
