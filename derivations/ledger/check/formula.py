"""A user's formula with its abbreviations, and which symbols it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from derivations.ledger.check.derived import Quantity, dirac_function
from derivations.ledger.check.evaluate import Domain, Value, VanishingDivisorError, value
from derivations.ledger.check.vocabulary import (
    CONSTANTS,
    KINEMATIC,
    SCATTERING,
    SPELLINGS,
    Symbol,
    Values,
    Vocabulary,
    nearest,
)
from derivations.written.nodes import FormulaError, Node, canonical, names
from derivations.written.text import text_of

MAX_DEFINITIONS = 40


@dataclass(frozen=True)
class Formula:
    """A formula and its abbreviations, by canonical name and in the order in which they were given."""

    root: Node
    definitions: tuple[tuple[str, Node], ...] = ()

    def with_tree(self, place: str, tree: Node) -> Formula:
        """Return the formula with another tree for itself (empty ``place``) or for an abbreviation."""
        if not place:
            return replace(self, root=tree)
        return replace(self, definitions=tuple((n, tree if n == place else old) for n, old in self.definitions))

    def trees(self) -> tuple[tuple[str, Node], ...]:
        """Return the formula (with an empty name) and the abbreviations that it uses, directly or not."""
        used = self.used()
        return (("", self.root), *((name, tree) for name, tree in self.definitions if name in used))

    def used(self) -> set[str]:
        """Return the abbreviations that the formula uses."""
        known = dict(self.definitions)
        waiting, found = [self.root], set()
        while waiting:
            for name in map(canonical, names(waiting.pop())):
                if name in known and name not in found:
                    found.add(name)
                    waiting.append(known[name])
        return found

    def spelled(self, name: str) -> str:
        """Return an abbreviation as the formula spells it."""
        return next((one for _, tree in self.trees() for one in names(tree) if canonical(one) == name), name)

    def named(self) -> dict[str, tuple[str, int, str]]:
        """Return every name that stands for no abbreviation: where it first stands, and how it is spelled there."""
        known = dict(self.definitions)
        found: dict[str, tuple[str, int, str]] = {}
        for place, tree in self.trees():
            for name, column in names(tree).items():
                if canonical(name) not in known:
                    found.setdefault(canonical(name), (place, column, name))
        return found

    def further(self) -> dict[str, Callable[[Values], Value]]:
        """Return the values of the abbreviations, and of what belongs to the derivation, as functions of all values."""
        made: dict[str, Callable[[Values], Value]] = {"I_D": dirac_function}
        for name, tree in self.definitions:
            made[name] = _tree_value(tree, name)
        return made

    def value(self, values: Values, domain: Domain, known: Mapping[int, Value] | None = None) -> Value:
        """Return the value of the formula; raise :class:`FormulaError` for a divisor that vanishes everywhere."""
        try:
            return value(self.root, values, domain, known)
        except VanishingDivisorError as error:
            raise _vanishing(error) from None


def _tree_value(tree: Node, name: str) -> Callable[[Values], Value]:
    def found(values: Values) -> Value:
        try:
            return value(tree, values, values.domain, values.nodes)
        except VanishingDivisorError as error:
            raise _vanishing(error, name) from None

    return found


def _vanishing(error: VanishingDivisorError, abbreviation: str = "") -> FormulaError:
    return FormulaError(
        error.node.column,
        f"the divisor {text_of(error.node)}, which vanishes everywhere",
        "a divisor that does not",
        abbreviation,
    )


def checked(formula: Formula, known: Vocabulary, quantity: Quantity, elsewhere: Mapping[str, str]) -> frozenset[Symbol]:
    """Return the symbols that a formula names, after all of its names are found to mean something.

    Parameters
    ----------
    elsewhere : names of couplings of interactions that were not chosen, with the interaction of each.

    Raises
    ------
    FormulaError : an unknown symbol, a circular or forbidden abbreviation, or couplings where none or some are needed.
    """
    elements = known.elements()
    _circular(formula)
    built_in = {*KINEMATIC, *CONSTANTS, *SPELLINGS}
    for name, tree in formula.definitions:
        if name in built_in or name in elements:
            raise FormulaError(tree.column, f"the abbreviation {name!r}, which is a symbol", "a name of its own", name)
    if len(formula.definitions) > MAX_DEFINITIONS:
        raise FormulaError(1, f"{len(formula.definitions)} abbreviations", f"at most {MAX_DEFINITIONS}")
    found: set[Symbol] = set()
    for name, (place, column, spelled) in formula.named().items():
        if name in elements:
            found.add(elements[name])
        elif name not in built_in:
            raise _unknown(name, spelled, column, place, formula, known, elsewhere)
    _energies(formula, quantity)
    matrices = {symbol for symbol in known.symbols if symbol.is_matrix}
    if quantity.couplings and not found & matrices:
        allowed = f"some of {', '.join(_shown(known)[:6])}, ..., or a quantity other than {quantity.name!r}"
        raise FormulaError(formula.root.column or 1, "no coupling of the neutrinos", allowed)
    if not quantity.couplings and found:
        place, column, spelled = next(at for name, at in formula.named().items() if name in elements)
        raise FormulaError(
            column, f"the coupling {spelled}", f"kinematics alone, which is all that {quantity.name} has", place
        )
    return frozenset(found)


def _energies(formula: Formula, quantity: Quantity) -> None:
    for name, (place, column, spelled) in formula.named().items():
        if quantity.kinematics is not None:
            allowed, words = quantity.kinematics
            if name in KINEMATIC and name not in (*allowed, "delta_M"):
                raise FormulaError(column, spelled, words, place)
        elif name in SCATTERING:
            raise FormulaError(column, spelled, f"symbols of pair emission: {spelled} belongs to scattering", place)
    if quantity.kinematics is not None:
        return
    at = formula.named().get("E_nu")
    if at is not None and quantity.name != "spin_sum":
        raise FormulaError(at[1], "E_nu", "energies of the atom: E_nu is integrated over or what is asked for", at[0])


def _shown(known: Vocabulary) -> list[str]:
    return [symbol.elements[0] for symbol in known.symbols if symbol.is_matrix]


def _unknown(
    name: str, spelled: str, column: int, place: str, formula: Formula, known: Vocabulary, elsewhere: Mapping[str, str]
) -> FormulaError:
    longer = [one for one in known.elements() if one.startswith(f"{name}_")]
    if name in elsewhere and not longer:
        return FormulaError(
            column, f"{spelled}, a symbol of the interaction {elsewhere[name]!r}", f"it beside interactions = [..., {elsewhere[name]!r}]",
            place,
        )  # fmt: skip
    everything = [*known.elements(), *KINEMATIC, *CONSTANTS, *(n for n, _ in formula.definitions)]
    near = longer[:3] or nearest(name, everything)
    hint = " or ".join(near) if near else "a symbol or an abbreviation under [define]"
    return FormulaError(column, f"unknown symbol {spelled!r}", hint, place)


def _circular(formula: Formula) -> None:
    known = dict(formula.definitions)
    done: set[str] = set()
    for start, first in known.items():
        way = [start]
        branches = [[name for name in map(canonical, names(first)) if name in known]]
        while way:
            if not branches[-1]:
                done.add(way.pop())
                branches.pop()
                continue
            name = branches[-1].pop()
            if name in way:
                circle = " -> ".join([*way[way.index(name) :], name])
                raise FormulaError(
                    known[name].column or 1, f"a circular definition, {circle}", "abbreviations of symbols", name
                )
            if name not in done:
                way.append(name)
                branches.append([n for n in map(canonical, names(known[name])) if n in known])
