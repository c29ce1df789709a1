"""Abbreviations of couplings, such as ``a^L_ij``, in which the derived formula can be written as well.

An abbreviation that is linear in the neutrino matrices can stand for one of them: the one that it alone holds is replaced by the
abbreviation, the others are set to zero, and the derived form in the abbreviations is what remains. It is used only when
putting the abbreviations back gives the derived formula for all couplings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from derivations.interactions.model import WEAK
from derivations.ledger.check.compare import Comparer, Sides
from derivations.ledger.check.evaluate import Value
from derivations.ledger.check.exact import Exact, ExactDomain
from derivations.ledger.check.formula import Formula
from derivations.ledger.check.vocabulary import Symbol, Values
from derivations.written.nodes import Name, canonical, names


@dataclass(frozen=True)
class Shorthand:
    """Printed and derived in the couplings that a reader of the formula has in mind.

    Attributes
    ----------
    formula : the formula; abbreviations of couplings are symbols of their own in it.
    comparer : the question.
    couplings : names of the couplings with the generators of their parts.
    pivots : for each abbreviation the matrix that it replaces and the factor in front of that.
    """

    formula: Formula
    comparer: Comparer
    couplings: Mapping[str, tuple[str, str]]
    pivots: Mapping[str, tuple[Symbol, Formula]]

    def _base(self, domain: ExactDomain) -> dict[str, Value]:
        base: dict[str, Value] = dict(self.comparer.base(domain))
        if self.pivots:
            _replace(base, self.comparer, domain, self.pivots, {
                name: (domain.generator(f"Re {name}"), domain.generator(f"Im {name}")) for name in self.pivots
            })  # fmt: skip
        return base

    def domain(self) -> ExactDomain:
        """Return an arithmetic with the abbreviations as generators."""
        return self.comparer.domain([f"{part} {name}" for name in self.pivots for part in ("Re", "Im")])

    def sides(self, nature: int) -> Sides:
        """Return printed and derived value."""
        domain = self.domain()
        base = self._base(domain)
        return Sides(
            self.comparer.printed(self.formula, domain, base, nature), self.comparer.right(domain, base, nature)
        )

    def values(self, nature: int) -> Values:
        """Return the values of all names, in an arithmetic that equals that of :meth:`sides`."""
        domain = self.domain()
        return self.comparer.values(self._base(domain), domain, nature, self.formula)


def _replace(
    base: dict[str, Value],
    comparer: Comparer,
    domain: ExactDomain,
    pivots: Mapping[str, tuple[Symbol, Formula]],
    parts: Mapping[str, tuple[Value, Value]],
) -> None:
    """Set the matrices to what makes the abbreviations equal to given values: pivots to these, the others to zero."""
    factors = {name: _factor(formula, symbol, comparer, domain) for name, (symbol, formula) in pivots.items()}
    for symbol in comparer.symbols:
        if symbol.kind == "matrix":
            base[f"Re {symbol.name}_ij"] = base[f"Im {symbol.name}_ij"] = domain.number(Fraction(0))
    for name, (symbol, _) in pivots.items():
        for part, value in zip(("Re", "Im"), parts[name], strict=True):
            base[f"{part} {symbol.name}_ij"] = value / factors[name]


def _factor(formula: Formula, symbol: Symbol, comparer: Comparer, domain: ExactDomain) -> Exact:
    """Return what stands in front of a matrix in an abbreviation: its value where that matrix alone is one."""
    base: dict[str, Value] = dict(comparer.base(domain))
    for other in comparer.symbols:
        if other.kind == "matrix":
            base[f"Re {other.name}_ij"] = domain.number(Fraction(1 if other is symbol else 0))
            base[f"Im {other.name}_ij"] = domain.number(Fraction(0))
    result: Exact = formula.value(comparer.values(base, domain, 0, formula), domain)
    return result


def shorthand(formula: Formula, comparer: Comparer) -> Shorthand:
    """Return printed and derived in the abbreviations of the formula where that is possible, and in the couplings otherwise."""
    plain = {
        symbol.elements[0]: (f"Re {symbol.name}_ij", f"Im {symbol.name}_ij")
        for symbol in comparer.symbols
        if symbol.kind == "matrix"
    }
    plain |= {
        element: (f"Re {element}", f"Im {element}")
        for symbol in comparer.symbols
        if symbol.kind == "general"
        for element in symbol.elements
    }
    without = Shorthand(formula, comparer, plain, {})
    pivots = _pivots(formula, comparer)
    if not pivots:
        return without
    spelled = {canonical(name): name for name in names(formula.root)}
    opened = Formula(formula.root, tuple((n, tree) for n, tree in formula.definitions if n not in pivots))
    couplings = {spelled[name]: (f"Re {name}", f"Im {name}") for name in pivots}
    result = _Opened(opened, comparer, couplings, pivots)
    return result if _holds(result, comparer) else without


@dataclass(frozen=True)
class _Opened(Shorthand):
    def sides(self, nature: int) -> Sides:
        """Return printed and derived value, the abbreviations as symbols."""
        domain = self.domain()
        base = self._base(domain)
        pairs = [
            self._printed(domain, one, nature, sign)
            for one, sign in zip(self.comparer.both(base), (1, -1), strict=True)
        ]
        printed: Exact = (pairs[0] + pairs[1]) * domain.number(Fraction(1, 2))
        return Sides(printed, self.comparer.right(domain, base, nature))

    def _printed(self, domain: ExactDomain, base: Mapping[str, Value], nature: int, sign: int) -> Exact:
        formula = self.formula
        further = dict(formula.further())
        for name in self.pivots:
            real, imag = domain.generator(f"Re {name}"), domain.generator(f"Im {name}")
            value = real + domain.imaginary * (imag if sign > 0 else -imag)
            further[name] = lambda values, value=value: value  # type: ignore[misc]
        result: Exact = formula.value(Values(base, self.comparer.known, domain, nature, further), domain)
        return result


def _pivots(formula: Formula, comparer: Comparer) -> dict[str, tuple[Symbol, Formula]]:
    """Return, for every abbreviation and matrix that the formula itself names, a matrix that it alone holds; else nothing."""
    definitions, elements = dict(formula.definitions), comparer.known.elements()
    if any(symbol.kind == "general" for symbol in comparer.symbols):
        return {}
    held: dict[str, tuple[set[Symbol], Formula]] = {}
    for name in dict.fromkeys(map(canonical, names(formula.root))):
        if name in definitions:
            alone = Formula(definitions[name], formula.definitions)
        elif name in elements and elements[name].kind == "matrix":
            alone = Formula(Name(name), formula.definitions)
        else:
            continue
        inside = {elements[one] for one in alone.named() if one in elements and elements[one].kind == "matrix"}
        if inside:
            held[name] = (inside, alone)
    if definitions.keys().isdisjoint(held) or any(name.endswith("_ji") for name in held):
        return {}
    result = {}
    for name, (inside, alone) in held.items():
        own = inside.difference(*(others for other, (others, _) in held.items() if other != name))
        if not own:
            return {}
        # The weak matrix stands there without a factor.
        result[name] = (min(own, key=lambda symbol: (symbol.interaction != WEAK, symbol.name)), alone)
    return result


def _holds(short: Shorthand, comparer: Comparer) -> bool:
    """Return whether the derived formula depends on the couplings through the abbreviations alone, as linear forms."""
    domain = comparer.domain()
    half = domain.number(Fraction(1, 2))
    base: dict[str, Value] = dict(comparer.base(domain))
    for nature in comparer.natures:
        parts = {}
        for name, (_, formula) in short.pivots.items():
            value = formula.value(comparer.values(base, domain, nature, formula), domain)
            mirror = value.conjugate()
            parts[name] = ((value + mirror) * half, (mirror - value) * domain.imaginary * half)
        through = dict(base)
        _replace(through, comparer, domain, short.pivots, parts)
        if comparer.right(domain, base, nature) - comparer.right(domain, through, nature):
            return False
    return True
