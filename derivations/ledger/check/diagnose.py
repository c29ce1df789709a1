"""Which single slip makes a printed formula right: all are tried modulo a prime, what passes is proven; pairs come last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from derivations.ledger.check.compare import Comparer, Screen
from derivations.ledger.check.evaluate import Undecided
from derivations.ledger.check.formula import Formula
from derivations.ledger.check.modular import PRIME, Residues
from derivations.ledger.check.slips import Slip, Slips, times
from derivations.ledger.check.vocabulary import Symbol
from derivations.written.nodes import (
    ONE,
    ZERO,
    Call,
    FormulaError,
    Name,
    Negative,
    Node,
    Number,
    Path,
    Power,
    Sum,
    canonical,
    names,
    product,
    replaced,
    walk,
)
from derivations.written.text import parse_text, text_of

MOST: Final = 6
"""Most equivalent explanations that are reported."""
PAIR_SECONDS: Final = 8.0
"""What must be left of the time when pairs are tried, so that they are proven within the limit."""


@dataclass(frozen=True)
class Explanation:
    """Slips that make the formula right, and the formula without them."""

    slips: tuple[Slip, ...]
    formula: Formula

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of a single slip, ``several`` for more."""
        return self.slips[0].kinds if len(self.slips) == 1 else ("several",)


def explanations(formula: Formula, comparer: Comparer, slips: Slips) -> list[Explanation]:
    """Return the single slips that make a formula right, each proven; pairs of slips only where there is none."""
    screen = comparer.screen.prepared(formula)
    # Majorana neutrinos show all that Dirac neutrinos show, so that one nature tells which slips to look at.
    nature, target = comparer.natures[-1], screen.targets[-1]
    tried: list[tuple[Slip, tuple[int, ...]]] = []
    found: list[Explanation] = []
    wider: list[Explanation] = []
    for slip in slips:
        if comparer.seconds_left() < PAIR_SECONDS / 2:
            break
        changed = formula.with_tree(slip.place, slip.tree)
        if comparer.names_more(slip.new):
            wider.append(Explanation((slip,), changed))
            continue
        value = screen.printed(changed, nature)
        if value is not None:
            tried.append((slip, value))
            if value == target and screen.passes(changed):
                found.append(Explanation((slip,), changed))
    found += _with_more(wider, comparer)
    found = _without_vanishing(found)
    found.sort(key=lambda one: one.slips[0].rank)
    proven = _proven(found, comparer)
    return (
        proven
        or _proven(_lost_terms(formula, comparer), comparer)
        or _proven(_pairs(formula, comparer, tried), comparer)
    )


def _without_vanishing(found: Sequence[Explanation]) -> list[Explanation]:
    """Leave out slips within a term that is one too many: they are right since they make it vanish, by antisymmetry for example."""
    slips = [one.slips[0] for one in found]
    extra = [slip for slip in slips if slip.new == ZERO]

    def vanishes(slip: Slip) -> bool:
        return any(
            slip.place == term.place
            and slip.path[: len(term.path)] == term.path
            and (slip.path, slip.new) != (term.path, ZERO)
            for term in extra
        )

    return [one for one, slip in zip(found, slips, strict=True) if not vanishes(slip)]


def _with_more(candidates: Sequence[Explanation], comparer: Comparer) -> Iterator[Explanation]:
    """Yield the formulas that name further couplings and are right at the random points, those couplings not being zero."""
    questions: dict[frozenset[Symbol], Comparer] = {}
    for one in candidates:
        if comparer.seconds_left() < PAIR_SECONDS:
            return
        more = comparer.naming(one.formula)
        more = questions.setdefault(more.named, more)
        if more.screen.prepared(one.formula).passes(one.formula):
            yield one


def _proven(candidates: Iterable[Explanation], comparer: Comparer) -> list[Explanation]:
    proven: list[Explanation] = []
    for candidate in candidates:
        if len(proven) == MOST or comparer.seconds_left() < 2:
            break
        try:
            if comparer.naming(candidate.formula).agrees(candidate.formula):
                proven.append(candidate)
        except (Undecided, FormulaError):
            continue
    return proven


_LOST: Final = tuple(
    parse_text(text)
    for text in (
        "1", "omega^2", "s", "t", "m_i^2", "m_j^2", "m_i^2 + m_j^2", "m_i^2 - m_j^2", "m_i m_j", "(m_i + m_j)^2", "(m_i - m_j)^2",
        "m_i", "m_j", "m_i + m_j", "m_i - m_j", "omega", "E_eg", "E_eg - omega", "omega Delta_ij", "omega^2 Delta_ij^2", "I_D",
        "(E_eg - omega)^2 (m_i^2 - m_j^2)^2/s^2", "(m_i^2 - m_j^2)/s", "(m_i^2 - m_j^2)^2/s", "(m_i + m_j)^2/s", "(m_i - m_j)^2/s",
        "(m_i + m_j)^2/E_eg", "E_eg omega", "E_eg^2", "m_i m_j/s", "(m_i^2 - m_j^2)^2/s^2", "(E_eg - omega) (m_i^2 - m_j^2)/s",
    )
)  # fmt: skip
"""Terms that stand in sums of these formulas, up to a number."""
MOST_DIGITS: Final = 200
"""Largest numerator and denominator of the number in front of a lost term."""


def _lost_terms(formula: Formula, comparer: Comparer) -> Iterator[Explanation]:
    """Yield terms that are missing in a sum: the one number times one term that the sum would need at every point."""
    screen = comparer.screen.prepared(formula)
    rights = {nature: screen.right(comparer.parts, comparer.question, nature) for nature in comparer.natures}
    products = [ONE, *_coupling_products(formula, comparer)]
    for place, tree in formula.trees():
        # The whole comes last: a term that a bracket lacks is named there.
        for path, node in sorted(walk(tree), key=lambda found: not found[0]):
            if not (isinstance(node, Sum) or not path) or comparer.seconds_left() < PAIR_SECONDS:
                continue
            needed = {
                nature: _needed(formula, screen, place, tree, path, node, rights[nature], nature)
                for nature in comparer.natures
            }
            for coupling in products if not path else [ONE]:
                if comparer.seconds_left() < PAIR_SECONDS:
                    return
                for term in _LOST:
                    for nature_factor in (ONE, Name("delta_M"), Sum((ONE, Negative(Name("delta_M"))))):
                        whole = product([x for x in (nature_factor, term, coupling) if x != ONE])
                        number = _common_ratio(needed, {n: screen.of(whole, n) for n in comparer.natures})
                        if number is None:
                            continue
                        lost = times(Number(abs(number)), whole) if abs(number) != 1 else whole
                        extra = Negative(lost) if number < 0 else lost
                        terms = (*node.terms, extra) if isinstance(node, Sum) else (node, extra)
                        new = Sum(terms, node.column)
                        kinds = kinds_of_term(lost)
                        changed = replaced(tree, path, new)
                        slip = Slip(kinds, f"the lost term {text_of(extra)}", place, path, new, changed, 0)
                        yield Explanation((slip,), formula.with_tree(place, changed))


def kinds_of_term(term: Node) -> tuple[str, ...]:
    """Return the kind of slip that a lost term is."""
    inside = names(term)
    if "delta_M" in inside:
        return ("majorana",)
    return ("mass_term",) if {"m_i", "m_j"} & set(inside) else ("kinematics",)


def _coupling_products(formula: Formula, comparer: Comparer) -> list[Node]:
    """Return the real products of the couplings and abbreviations that the formula itself names."""
    elements, own = comparer.known.elements(), dict(formula.definitions)
    matrices = [
        Name(name)
        for name in names(formula.root)
        if canonical(name) in own or (canonical(name) in elements and len(elements[canonical(name)].elements) == 2)
    ]
    found: list[Node] = []
    for n, first in enumerate(matrices):
        found += [Power(Call("abs", first), Fraction(2)), Call("Re", Power(first, Fraction(2)))]
        for second in matrices[n + 1 :]:
            for function in ("Re", "Im"):
                found += [
                    Call(function, product((first, second))),
                    Call(function, product((first, Call("conj", second)))),
                ]
    return found


def _needed(
    formula: Formula, screen: Screen, place: str, tree: Node, path: Path, node: Node, right: Residues, nature: int
) -> Residues | None:
    """Return what a sum lacks at every point; ``None`` where the formula does not depend on it linearly."""
    found = []
    for extra in (0, 1, 2):
        new = Sum((node, Number(Fraction(extra))))
        value = screen.lanes(formula.with_tree(place, replaced(tree, path, new)), nature)
        if value is None:
            return None
        found.append(value)
    slope = found[1] - found[0]
    if (found[2] - found[1] - slope).key() != (slope - slope).key():
        return None
    try:
        return (right - found[0]) / slope
    except ZeroDivisionError:
        return None


def _common_ratio(needed: Mapping[int, Residues | None], given: Mapping[int, Residues]) -> Fraction | None:
    """Return the one small rational number that turns a term into what is needed, for every nature and at every point."""
    ratios = set()
    for nature, value in needed.items():
        term = given[nature]
        if value is None or (not any(term.key()) and any(value.key())):
            return None
        if not any(term.key()):
            continue
        if any(b % PRIME for part in (term, value) for b in part.imag or ()):
            return None
        try:
            ratios |= set((Residues(value.real) / Residues(term.real)).real)
        except ZeroDivisionError:
            return None
    if len(ratios) != 1:
        return None
    ratio = ratios.pop()
    for bottom in range(1, MOST_DIGITS):
        top = ratio * bottom % PRIME
        for candidate in (top, top - PRIME):
            if 0 < abs(candidate) <= MOST_DIGITS:
                return Fraction(candidate, bottom)
    return None


def _pairs(formula: Formula, comparer: Comparer, tried: list[tuple[Slip, tuple[int, ...]]]) -> Iterator[Explanation]:
    """Yield pairs of slips whose changes of the value add up to what is missing, found through a table."""
    screen = comparer.screen.prepared(formula)
    start, goal = screen.printed(formula, comparer.natures[-1]), screen.targets[-1]
    if start is None:
        return
    changes: dict[tuple[int, ...], list[Slip]] = {}
    for slip, value in tried:
        change = tuple((x - y) % PRIME for x, y in zip(value, start, strict=True))
        if any(change):
            changes.setdefault(change, []).append(slip)
    done = set()
    for change, first in changes.items():
        if comparer.seconds_left() < PAIR_SECONDS / 2:
            return
        missing = tuple((z - y - x) % PRIME for x, y, z in zip(change, start, goal, strict=True))
        if missing in changes and (missing, change) not in done:
            done.add((change, missing))
            pair = _joined(formula, first, changes[missing], comparer)
            if pair is not None:
                yield pair


def _joined(formula: Formula, first: list[Slip], second: list[Slip], comparer: Comparer) -> Explanation | None:
    """Return two slips at different places as one explanation, if the formula without them is right."""
    for one in first[:4]:
        for other in second[:4]:
            shorter = min(len(one.path), len(other.path))
            if one.place == other.place and one.path[:shorter] == other.path[:shorter]:
                continue
            tree = dict(formula.trees())[other.place]
            both = (
                [(one.path, one.new), (other.path, other.new)]
                if one.place == other.place
                else [(other.path, other.new)]
            )
            # Later places first: a product that is joined with the one around it moves those behind it.
            for path, new in sorted(both, key=lambda change: change[0], reverse=True):
                tree = replaced(tree, path, new)
            changed = formula.with_tree(one.place, one.tree).with_tree(other.place, tree)
            if comparer.screen.passes(changed):
                return Explanation((one, other), changed)
    return None
