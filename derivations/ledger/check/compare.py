"""Printed against derived, exactly and modulo a prime; i and j are symmetrised, Dirac and Majorana neutrinos are two questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from random import Random
from time import monotonic
from typing import Any, Final

from derivations.ledger.check.derived import Comparison, Conditions, Ingredients, Quantity, derived
from derivations.ledger.check.evaluate import Undecided, Value, VanishingDivisorError, value
from derivations.ledger.check.exact import Exact, ExactDomain
from derivations.ledger.check.formula import Formula
from derivations.ledger.check.modular import PRIME, ModularDomain, Residues, kinematic_point, stacked
from derivations.ledger.check.other_processes import ProcessParts
from derivations.ledger.check.vocabulary import Symbol, Values, Vocabulary, exchanged, generators
from derivations.written.nodes import ZERO, FormulaError, Node, canonical, names, walk

LIMIT: Final = 20.0
"""Seconds after which a check says that it is undecided."""
POINTS: Final = 2
_SEED: Final = 20221
REAL, MASSLESS, EQUAL, LONG = "real", "massless", "equal", "long"
"""Special cases: real couplings, massless neutrinos, equal masses of the neutrinos, massless mediators (a long range)."""


@dataclass(frozen=True)
class Sides:
    """A printed and a derived value, both symmetrised in i and j."""

    printed: Exact
    derived: Exact

    @property
    def difference(self) -> Exact:
        """Printed minus derived."""
        return self.printed - self.derived


@dataclass(frozen=True)
class Comparer:
    """One question: a formula's symbols, the derivation, and the time that there is.

    Attributes
    ----------
    known : the vocabulary.
    quantity : what the formula is to be.
    named : the symbols that the formula names.
    natures : values of ``delta_M`` to be decided.
    parts : what the derivation hands over.
    conditions : the conventions.
    deadline : as of ``time.monotonic``.
    """

    known: Vocabulary
    quantity: Quantity
    named: frozenset[Symbol]
    natures: tuple[int, ...]
    parts: Ingredients | ProcessParts
    conditions: Conditions
    deadline: float

    def under(self, conditions: Conditions) -> Comparer:
        """Return the same question under other conventions."""
        return replace(self, conditions=conditions)

    def of(self, parts: Ingredients | ProcessParts) -> Comparer:
        """Return the same question to another derivation."""
        return replace(self, parts=parts)

    @cached_property
    def question(self) -> Comparison:
        """The question as the derivation takes it."""
        return Comparison(self.known, self.named, self.conditions)

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols that the formula names, and the masses of the mediators of their interactions."""
        there = {symbol.interaction for symbol in self.named}
        return tuple(
            symbol
            for symbol in self.known.symbols
            if symbol in self.named or (symbol.kind == "mass" and symbol.interaction in there)
        )

    @cached_property
    def mediators(self) -> tuple[str, ...]:
        """The masses of the mediators."""
        return tuple(symbol.name for symbol in self.symbols if symbol.kind == "mass")

    def names_more(self, node: Node) -> bool:
        """Return whether a part of a formula names a coupling that the question has not."""
        elements = self.known.elements()
        return any(elements[name] not in self.named for name in map(canonical, names(node)) if name in elements)

    def naming(self, formula: Formula) -> Comparer:
        """Return the question with the couplings that a formula names, if those are more."""
        elements = self.known.elements()
        further = {elements[name] for name in formula.named() if name in elements} - self.named
        return replace(self, named=self.named | further) if further else self

    # ------------------------------------------------------------ exactly

    def domain(self, further: Sequence[str] = ()) -> ExactDomain:
        """Return a fresh arithmetic of the symbols of the question."""
        positive = [*self.quantity.plain, *(symbol.name for symbol in self.symbols if symbol.kind in ("mass", "width"))]
        return ExactDomain([*self.quantity.plain, *generators(self.symbols), *further], positive, self.deadline)

    def base(self, domain: ExactDomain, special: Sequence[str] = ()) -> dict[str, Exact]:
        """Return the values of the generators, in general or in special cases."""
        base = {name: domain.generator(name) for name in domain.names if name != "i"}
        zero = domain.number(Fraction(0))
        if REAL in special:
            base |= {name: zero for name in base if name.startswith("Im ")}
        if MASSLESS in special:
            base |= {"m_i": zero, "m_j": zero}
        if EQUAL in special:
            base["m_j"] = base["m_i"]
        if LONG in special:
            base |= dict.fromkeys(self.mediators, zero)
        return base

    def values(
        self, base: Mapping[str, Value], domain: ExactDomain | ModularDomain, nature: int, formula: Formula
    ) -> Values:
        """Return the values of all names."""
        return Values(base, self.known, domain, nature, formula.further())

    def both(self, base: Mapping[str, Value]) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
        """Return the values of the generators for the pair ij and for the pair ji, over which couplings are summed."""
        summed = self.quantity.couplings and self.quantity.summed
        return base, exchanged(base, self.symbols) if summed else base

    def printed(self, formula: Formula, domain: ExactDomain, base: Mapping[str, Value], nature: int) -> Exact:
        """Return the printed value, symmetrised."""
        pairs = [formula.value(self.values(one, domain, nature, formula), domain) for one in self.both(base)]
        result: Exact = (pairs[0] + pairs[1]) * domain.number(Fraction(1, 2))
        return result

    def right(self, domain: ExactDomain, base: Mapping[str, Value], nature: int) -> Exact:
        """Return the derived value, symmetrised."""
        empty = Formula(ZERO)
        pairs = [
            derived(self.quantity.name, self.parts, self.question, self.values(one, domain, nature, empty))
            for one in self.both(base)
        ]
        result: Exact = (pairs[0] + pairs[1]) * domain.number(Fraction(1, 2))
        return result

    def sides(self, formula: Formula, nature: int, special: Sequence[str] = ()) -> Sides:
        """Return printed and derived value for one nature of the neutrinos."""
        domain = self.domain()
        base = self.base(domain, special)
        return Sides(self.printed(formula, domain, base, nature), self.right(domain, base, nature))

    def agrees(self, formula: Formula, special: Sequence[str] = (), natures: Sequence[int] | None = None) -> bool:
        """Return whether printed and derived are identical."""
        chosen = self.natures if natures is None else natures
        return all(not self.sides(formula, nature, special).difference for nature in chosen)

    # ------------------------------------------------------------ modulo a prime

    @cached_property
    def screen(self) -> Screen:
        """The question at random points modulo a prime."""
        return Screen(self)

    def seconds_left(self) -> float:
        """Return how much time there is."""
        return self.deadline - monotonic()


class Screen:
    """Random points, the derived values there, and the printed ones on request."""

    def __init__(self, comparer: Comparer) -> None:
        self.comparer = comparer
        random = Random(_SEED)
        points: list[dict[str, tuple[int, int]]] = []
        for _ in range(POINTS):
            point: dict[str, Any] = kinematic_point(random)
            for name in (*comparer.quantity.plain, *generators(comparer.symbols)):
                point[name] = random.randrange(2, PRIME) ** 2 % PRIME
            points += [{name: (x % PRIME, 0) for name, x in one.items()} for one in comparer.both(point)]
        self.base = stacked(points)
        self._exact = comparer.domain()
        self._exact_base = comparer.base(self._exact)
        self._steps: dict[Node, int] = {}
        self.domain = ModularDomain(len(points), self._step)

    def _step(self, node: Node) -> int:
        if node not in self._steps:
            values = self.comparer.values(self._exact_base, self._exact, 0, self._formula)
            self._steps[node] = int(bool(self._exact.step(node, values).top))
        return self._steps[node]

    def prepared(self, formula: Formula) -> Screen:
        """Remember the values of all parts of a formula, for those that differ from it in one place."""
        self._formula = formula
        self._uses = {name: set(map(canonical, names(tree))) for name, tree in formula.definitions}
        self._values = {
            nature: self.comparer.values(self.base, self.domain, nature, formula) for nature in self.comparer.natures
        }
        self._known = {nature: self._parts(formula, values) for nature, values in self._values.items()}
        self._kept: dict[tuple[frozenset[str], int], dict[int, Residues]] = {}
        return self

    def _parts(self, formula: Formula, values: Values) -> dict[int, Residues]:
        known: dict[int, Residues] = {}
        for _, tree in formula.trees():
            for _, node in reversed(list(walk(tree))):
                # A modulus has no value of its own where only its square has one.
                with suppress(Undecided, FormulaError, ZeroDivisionError, VanishingDivisorError):
                    known[id(node)] = value(node, values, self.domain, known)
        return known

    def _affected(self, formula: Formula) -> frozenset[str]:
        """Return the abbreviations that differ from those of the prepared formula, and those that are made of them."""
        before = dict(self._formula.definitions)
        found = {name for name, tree in formula.definitions if tree is not before[name]}
        while True:
            more = {n for n, uses in self._uses.items() if n not in found and not found.isdisjoint(uses)}
            if not more:
                return frozenset(found)
            found |= more

    def _unaffected(self, affected: frozenset[str], nature: int) -> dict[int, Residues]:
        """Return the known values of the parts that name none of some abbreviations."""
        key = (affected, nature)
        if key not in self._kept:
            kept = {}
            for _, tree in self._formula.trees():
                for _, node in walk(tree):
                    if id(node) in self._known[nature] and affected.isdisjoint(map(canonical, names(node))):
                        kept[id(node)] = self._known[nature][id(node)]
            self._kept[key] = kept
        return self._kept[key]

    @cached_property
    def targets(self) -> tuple[tuple[int, ...], ...]:
        """The derived values, symmetrised, for each nature."""
        return tuple(
            self.target(self.comparer.parts, self.comparer.question, nature) for nature in self.comparer.natures
        )

    def target(self, parts: Ingredients | ProcessParts, question: Comparison, nature: int) -> tuple[int, ...]:
        """Return the derived value of some derivation."""
        return symmetrised(self.right(parts, question, nature))

    def right(self, parts: Ingredients | ProcessParts, question: Comparison, nature: int) -> Residues:
        """Return the derived value of some derivation at every point."""
        values = Values(self.base, self.comparer.known, self.domain, nature, {})
        result: Residues = derived(self.comparer.quantity.name, parts, question, values)
        return result

    def lanes(self, formula: Formula, nature: int) -> Residues | None:
        """Return the printed value at every point; ``None`` where it has none."""
        values, known = self._values[nature], self._known[nature]
        if formula.definitions != self._formula.definitions:
            affected = self._affected(formula)
            known = self._unaffected(affected, nature)
            values = values.beside(formula.further(), affected, known)
        try:
            result: Residues = formula.value(values, self.domain, known)
        except (Undecided, FormulaError, ZeroDivisionError):
            return None
        return result

    def of(self, node: Node, nature: int) -> Residues:
        """Return the value of any formula at every point."""
        result: Residues = value(node, self._values[nature], self.domain)
        return result

    def printed(self, formula: Formula, nature: int) -> tuple[int, ...] | None:
        """Return the printed value, symmetrised; ``None`` where it has none at these points."""
        found = self.lanes(formula, nature)
        return None if found is None else symmetrised(found)

    def may_agree(self, formula: Formula, natures: Sequence[int], special: Sequence[str]) -> bool:
        """Return whether printed and derived can agree in special cases: they do at these points, or have no value there."""
        zero = Residues((0,) * self.domain.lanes)
        base = dict(self.base)
        if REAL in special:
            base |= {name: zero for name in base if name.startswith("Im ")}
        if MASSLESS in special:
            base |= {"m_i": zero, "m_j": zero}
        if EQUAL in special:
            base["m_j"] = base["m_i"] = self._same(base["m_i"])
        if LONG in special:
            base |= dict.fromkeys(self.comparer.mediators, zero)
        for nature in natures:
            try:
                printed = formula.value(self.comparer.values(base, self.domain, nature, formula), self.domain)
                values = Values(base, self.comparer.known, self.domain, nature, {})
                right = derived(self.comparer.quantity.name, self.comparer.parts, self.comparer.question, values)
            except (Undecided, FormulaError, ZeroDivisionError):
                continue
            if symmetrised(printed) != symmetrised(right):
                return False
        return True

    def _same(self, mass: Residues) -> Residues:
        """Return masses that are the same for a pair and for the exchanged one, which is the lane beside it."""
        return Residues(tuple(mass.real[n - n % 2] for n in range(len(mass.real))))

    def passes(self, formula: Formula) -> bool:
        """Return whether printed and derived agree at all points."""
        return all(
            self.printed(formula, nature) == target
            for nature, target in zip(self.comparer.natures, self.targets, strict=True)
        )


def symmetrised(value: Residues) -> tuple[int, ...]:
    """Return the sums over neighbouring lanes, which are a point and the same with i and j exchanged."""
    imag = value.imag or (0,) * len(value.real)
    return tuple((part[n] + part[n + 1]) % PRIME for part in (value.real, imag) for n in range(0, len(part), 2))
