"""The verdict on a formula: dimensions, equality, what is wrong, under which conditions it would be right, a counterexample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from itertools import product as product_of
from time import monotonic
from typing import Final, Literal

from sympy import Expr

from derivations.algebra.dimensions import DimensionReport, analyse
from derivations.interactions.model import Interaction
from derivations.ledger.check.abbreviations import Shorthand, shorthand
from derivations.ledger.check.compare import EQUAL, LIMIT, LONG, MASSLESS, REAL, Comparer
from derivations.ledger.check.conventions import CONVENTIONS, Convention
from derivations.ledger.check.conventions import chosen as chosen_conventions
from derivations.ledger.check.derived import (
    QUANTITIES,
    Quantity,
    Tensor,
    dirac_function,
    parts_of,
    require_known,
    vocabulary_of,
)
from derivations.ledger.check.diagnose import Explanation, explanations, kinds_of_term
from derivations.ledger.check.evaluate import Undecided
from derivations.ledger.check.exact import Exact, ExactDomain
from derivations.ledger.check.formula import Formula, checked
from derivations.ledger.check.papers_form import Papers, by_products, with_nature
from derivations.ledger.check.physics import PhysicsSlip, physics_slips
from derivations.ledger.check.slips import Slip, Slips
from derivations.ledger.check.vocabulary import SCATTERING, Vocabulary
from derivations.written.nodes import (
    ONE,
    ZERO,
    FormulaError,
    Negative,
    Node,
    Product,
    Sum,
    canonical,
    names,
    product,
    total,
)
from derivations.written.sympy_form import from_sympy, to_sympy
from derivations.written.text import parse_text, text_of

Verdict = Literal["confirmed", "refuted", "convention", "undecided"]
NATURES: Final[Mapping[str, tuple[int, ...]]] = {"both": (0, 1), "dirac": (0,), "majorana": (1,)}


@dataclass(frozen=True)
class ComparedTerm:
    """What stands in front of one product of couplings, printed and derived."""

    coupling: str
    printed: Node
    derived: Node
    difference: Node

    @property
    def agrees(self) -> bool:
        """Whether there is no difference."""
        return self.difference == ZERO


@dataclass(frozen=True)
class Judgement:
    """What was found out about a formula.

    Attributes
    ----------
    verdict : ``confirmed``, ``refuted``, ``convention`` or ``undecided``.
    reason : why, in one sentence.
    formula : what was understood.
    consistent, clash : whether the dimensions fit, and where they do not.
    terms : printed and derived, product by product.
    explanations : single slips (or pairs) that make it right.
    physics : slips of a derivation that give the printed formula.
    conventions : conventions under which it is right.
    right_when : conditions under which it is right.
    counterexample : a point where printed and derived differ.
    derived : the derived formula in the user's symbols.
    zero : couplings that the formula never names.
    """

    verdict: Verdict
    reason: str
    formula: Formula
    consistent: bool = True
    clash: str = ""
    terms: tuple[ComparedTerm, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    physics: tuple[PhysicsSlip, ...] = ()
    conventions: tuple[Convention, ...] = ()
    right_when: tuple[str, ...] = ()
    counterexample: Mapping[str, str] = field(default_factory=dict)
    derived: Node = ZERO
    zero: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What a formula is held against.

    Attributes
    ----------
    quantity, nature : of the contract.
    interactions : with the weak current.
    conventions : a convention block.
    tensor : the atomic tensor, ``None`` for the average.
    elsewhere : couplings of interactions that were not chosen, with the name of each.
    limit : seconds.
    """

    quantity: str
    interactions: tuple[Interaction, ...]
    nature: str = "both"
    conventions: Mapping[str, str] = field(default_factory=dict)
    tensor: Tensor | None = None
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    limit: float = LIMIT


def judge(formula: Formula, setting: Setting) -> Judgement:
    """Decide a formula.

    Raises
    ------
    FormulaError : the formula names what is unknown, or cannot be what it is to be.
    ValueError : an unknown quantity, nature or convention; one line.
    """
    comparer = _comparer(formula, setting, monotonic() + setting.limit)
    known, quantity = comparer.known, comparer.quantity
    right, undecided = False, ""
    try:
        right = comparer.agrees(formula)
    except Undecided as reason:
        undecided = f"undecided within the limit: {reason}"
    report = dimensions(formula, known)
    consistent = report.consistent and report.dimension == quantity.dimension
    clash = "" if consistent else _clash(report, quantity)
    result = Judgement("undecided", undecided, formula, consistent, clash, zero=_zero(comparer))
    if undecided:
        return result
    result = with_terms(result, comparer)
    if right:
        return replace(result, verdict="confirmed", reason=f"identical to the derivation: {quantity.words}")
    found = _refuted(result, comparer)
    nature = _other_nature(formula, setting, comparer)
    words = f"; the formula is right for {nature.capitalize()} neutrinos" if nature else ""
    further = (*([f"nature = {nature!r}"] if nature else []), *_other_quantities(formula, setting, comparer))
    return replace(found, reason=found.reason + words, right_when=(*found.right_when, *further))


def _comparer(formula: Formula, setting: Setting, deadline: float) -> Comparer:
    quantity = require_known(setting.quantity)
    if setting.nature not in NATURES:
        raise ValueError(f"nature must be one of {', '.join(NATURES)}, found {setting.nature!r}")
    known = vocabulary_of(setting.quantity, setting.interactions)
    conditions = chosen_conventions(setting.conventions, known)
    if setting.tensor is not None:
        conditions = replace(conditions, tensor=setting.tensor)
    named = checked(formula, known, quantity, setting.elsewhere)
    parts = parts_of(setting.quantity, setting.interactions)
    return Comparer(known, quantity, named, NATURES[setting.nature], parts, conditions, deadline)


def _other_nature(formula: Formula, setting: Setting, comparer: Comparer) -> str:
    """Return the other one of Dirac and Majorana if the formula is right for it, and nothing where both were asked for."""
    other = {"dirac": "majorana", "majorana": "dirac"}.get(setting.nature, "")
    if not other or comparer.seconds_left() < 1:
        return ""
    try:
        right = _comparer(formula, replace(setting, nature=other), comparer.deadline).agrees(formula)
    except (Undecided, ValueError):
        return ""
    return other if right else ""


def _other_quantities(formula: Formula, setting: Setting, comparer: Comparer) -> Iterator[str]:
    """Yield the other quantities that the formula is, as conditions under which it is right, with the nature if for one alone."""
    for name, quantity in QUANTITIES.items():
        if name == setting.quantity or comparer.seconds_left() < 1:
            continue
        try:
            other = _comparer(formula, replace(setting, quantity=name), comparer.deadline)
            report = dimensions(formula, other.known)
            if not report.consistent or report.dimension != quantity.dimension:
                continue
            if other.agrees(formula):
                yield f"quantity = {name!r}: {quantity.words}"
                continue
            for nature in ("dirac", "majorana") if setting.nature == "both" and other.symbols else ():
                one = _comparer(formula, replace(setting, quantity=name, nature=nature), comparer.deadline)
                if one.agrees(formula):
                    yield f"quantity = {name!r} and nature = {nature!r}: {quantity.words}"
        except (Undecided, ValueError):
            continue


# ---------------------------------------------------------------- dimensions


def dimensions(formula: Formula, known: Vocabulary) -> DimensionReport:
    """Return the mass dimension of a formula and the sums whose terms disagree, those of its abbreviations first."""
    listed: dict[str, object] = dict(known.dimensions())
    clashes = []
    result: DimensionReport | None = None
    for _ in formula.definitions:
        for name, tree in formula.definitions:
            report = _analysed(tree, listed)
            if report is not None:
                listed[name] = report.dimension
    for place, tree in (*formula.trees()[1:], formula.trees()[0]):
        report = _analysed(tree, listed)
        if report is not None:
            clashes += list(report.clashes)
            if not place:
                result = report
    assert result is not None
    return DimensionReport(result.dimension, tuple(clashes))


def _analysed(tree: Node, listed: Mapping[str, object]) -> DimensionReport | None:
    """Return the analysis of a tree; ``None`` while the dimension of an abbreviation in it is not known yet."""
    expression, symbols = to_sympy(tree)
    if any(canonical(name) not in listed for name in symbols):
        return None
    unknown = [symbol for name, symbol in symbols.items() if listed[canonical(name)] is None]
    if unknown:  # an abbreviation that clashes itself: what it stands in cannot be judged
        return DimensionReport(None, ())
    return analyse(expression, {symbol: listed[canonical(name)] for name, symbol in symbols.items()})


def _clash(report: DimensionReport, quantity: Quantity) -> str:
    if report.clashes:
        terms = "; ".join(f"dimension {number}: {_in_text(term)}" for number, term in report.clashes[0].terms)
        return f"terms of different mass dimension are added: {terms}"
    return f"the whole has mass dimension {report.dimension}, {quantity.name} has {quantity.dimension}"


def _in_text(term: Expr) -> str:
    """Return an expression in the text form, or as SymPy writes what the text form has not."""
    try:
        return text_of(from_sympy(term))
    except ValueError:
        return str(term)


def _zero(comparer: Comparer) -> tuple[str, ...]:
    if not comparer.quantity.couplings:
        return ()
    silent = [symbol for symbol in comparer.known.symbols if symbol not in comparer.named and symbol.kind != "mass"]
    return tuple(symbol.elements[0] for symbol in silent)


# ---------------------------------------------------------------- terms


def with_terms(result: Judgement, comparer: Comparer) -> Judgement:
    """Add printed and derived, product by product; leave them out where there is no time for them."""
    try:
        short = shorthand(result.formula, comparer)
        rows: dict[str, list[tuple[Node, Node, Node]]] = {}
        zero = (ZERO, ZERO, ZERO)
        for position, nature in enumerate(comparer.natures):
            for coupling, row in _rows(short, nature).items():
                rows.setdefault(coupling, [zero] * len(comparer.natures))[position] = row
    except Undecided:
        return result
    terms = tuple(
        ComparedTerm(coupling, *(_merged([row[n] for row in per], comparer.natures) for n in range(3)))
        for coupling, per in rows.items()
    )
    pieces = [_piece(term.derived, term.coupling) for term in terms if term.derived != ZERO]
    return replace(result, terms=terms, derived=total(pieces))


def _merged(nodes: Sequence[Node], natures: Sequence[int]) -> Node:
    return nodes[0] if len(nodes) == 1 else with_nature(nodes[0], nodes[1], natures)


def _rows(short: Shorthand, nature: int) -> dict[str, tuple[Node, Node, Node]]:
    sides = short.sides(nature)
    papers = Papers(sides.printed.domain, dirac_function(short.values(nature)))
    split = [by_products(value, short.couplings) for value in (sides.printed, sides.derived, sides.difference)]
    if split[1] is not None and (split[0] is None or split[2] is None):
        # What is printed is no sum over products of couplings: it stands as it was given.
        whole = total([_piece(papers.node(value), coupling) for coupling, value in split[1].items()])
        given = short.formula.root
        return {"1": (given, whole, total([given, Negative(whole)]) if sides.difference else ZERO)}
    printed, derived, difference = (one or {} for one in split)
    nothing = sides.printed.domain.number(Fraction(0))
    found = {}
    for coupling in {**printed, **derived}:
        first, second = printed.get(coupling, nothing), derived.get(coupling, nothing)
        same = coupling not in difference
        node = papers.node(second)
        found[coupling] = (
            node if same else papers.node(first),
            node,
            ZERO if same else papers.node(difference[coupling]),
        )
    return found


def _piece(coefficient: Node, coupling: str) -> Node:
    if coupling == "1":
        return coefficient
    couplings = parse_text(coupling)
    if isinstance(coefficient, Negative):
        return Negative(_piece(coefficient.inner, coupling))
    if coefficient == ONE:
        return couplings
    parts = coefficient.factors if isinstance(coefficient, Product) else (coefficient,)
    return product([*parts, couplings])


# ---------------------------------------------------------------- what is wrong


def _refuted(result: Judgement, comparer: Comparer) -> Judgement:
    formula = result.formula
    slips = Slips(
        formula,
        comparer.known,
        comparer.named,
        comparer.quantity.name,
        not result.consistent,
        len(comparer.natures) == 2,
    )
    maps = _conventions(formula, comparer)
    try:
        found = tuple(explanations(formula, comparer, slips))
    except Undecided:
        found = ()
    if not found or len(found[0].slips) > 1:
        found = _lost_product(result, comparer) or found
    single = bool(found) and len(found[0].slips) == 1
    result = replace(
        result,
        explanations=found,
        conventions=maps,
        physics=() if single else _physics(formula, comparer),
        right_when=_right_when(formula, comparer),
        counterexample=_counterexample(formula, comparer, _suspects(result)),
    )
    if maps and (not single or any(one.phase for one in maps)):
        return replace(result, verdict="convention", reason=f"right where {maps[0].words}")
    return replace(result, verdict="refuted", reason=_reason(result))


def _lost_product(result: Judgement, comparer: Comparer) -> tuple[Explanation, ...]:
    """Return the one product of couplings that the formula has not and should have, as a lost term."""
    wrong = [term for term in result.terms if not term.agrees]
    if len(wrong) != 1 or wrong[0].printed != ZERO:
        return ()
    lost = _piece(wrong[0].derived, wrong[0].coupling)
    root = Sum((result.formula.root, lost))
    slip = Slip(kinds_of_term(lost), f"the lost term {text_of(lost)}", "", (), root, root, 0)
    corrected = result.formula.with_tree("", root)
    try:
        return (Explanation((slip,), corrected),) if comparer.agrees(corrected) else ()
    except Undecided:
        return ()


def _reason(result: Judgement) -> str:
    if result.explanations and not (result.physics and len(result.explanations[0].slips) > 1):
        slips = result.explanations[0].slips
        places = [result.formula.spelled(slip.place) for slip in slips]
        changes = "; ".join(
            f"in {p}, {slip.change}" if p else slip.change for p, slip in zip(places, slips, strict=True)
        )
        return f"{'one slip' if len(slips) == 1 else 'two slips'}: {changes}"
    if result.physics:
        return f"a slip of the derivation: {result.physics[0].claim}"
    if not result.consistent:
        return f"wrong dimensions: {result.clash}"
    wrong = ", ".join(term.coupling for term in result.terms if not term.agrees)
    return f"more than two slips; the coefficients of {wrong} are wrong" if wrong != "1" else "more than two slips"


def _conventions(formula: Formula, comparer: Comparer) -> tuple[Convention, ...]:
    found: list[Convention] = []
    for convention in CONVENTIONS.values():
        other = comparer.under(convention.map(comparer.conditions, comparer.known))
        if other.conditions == comparer.conditions or comparer.seconds_left() < 4:
            continue
        try:
            if other.screen.prepared(formula).passes(formula) and other.agrees(formula):
                found.append(convention)
        except Undecided:
            continue
    return tuple(found)


def _physics(formula: Formula, comparer: Comparer) -> tuple[PhysicsSlip, ...]:
    screen = comparer.screen.prepared(formula)
    printed = [screen.printed(formula, nature) for nature in comparer.natures]
    found: list[PhysicsSlip] = []
    if comparer.quantity.couplings:
        for slip in physics_slips(comparer.parts):
            if comparer.seconds_left() < 3 or len(found) == 3:
                break
            parts = slip.change(comparer.parts)
            try:
                given = [screen.target(parts, comparer.question, nature) for nature in comparer.natures]
                if given == printed and comparer.of(parts).agrees(formula):
                    found.append(slip)
            except Undecided:
                continue
    return tuple(found)


_WORDS: Final = {
    REAL: "the couplings are real",
    MASSLESS: "the neutrinos are massless",
    EQUAL: "the masses are equal",
    LONG: "the mediator is massless",
}
_NATURE_WORDS: Final = {(0,): "the neutrinos are Dirac (delta_M = 0)", (1,): "the neutrinos are Majorana (delta_M = 1)"}


def _right_when(formula: Formula, comparer: Comparer) -> tuple[str, ...]:
    """Return the smallest sets of conditions under which the formula is right and not empty."""
    comparer.screen.prepared(formula)
    found: list[tuple[frozenset[str], str]] = []
    for conditions, natures, special in _cases(comparer):
        if comparer.seconds_left() < 3:
            break
        if any(smaller <= conditions for smaller, _ in found):
            continue
        if not comparer.screen.may_agree(formula, natures, special):
            continue
        try:
            sides = [comparer.sides(formula, nature, special) for nature in natures]
        except (Undecided, FormulaError, ZeroDivisionError):
            continue
        if all(not one.difference for one in sides) and any(one.derived for one in sides):
            found.append((conditions, " and ".join(sorted(conditions, key=_case_order))))
    return tuple(words for _, words in found)


def _case_order(words: str) -> int:
    return [*_NATURE_WORDS.values(), *_WORDS.values()].index(words)


def _cases(comparer: Comparer) -> Iterator[tuple[frozenset[str], tuple[int, ...], tuple[str, ...]]]:
    specials = (
        ((MASSLESS,), (EQUAL,))
        if not comparer.symbols
        else ((REAL,), (MASSLESS,), (EQUAL,), (REAL, EQUAL), (REAL, MASSLESS))
    )
    if comparer.mediators:
        specials = (*specials, (LONG,))
    natures = [(0,), (1,)] if len(comparer.natures) == 2 and comparer.symbols else []
    for one in natures:
        yield frozenset([_NATURE_WORDS[one]]), one, ()
    for special in specials:
        yield frozenset(_WORDS[name] for name in special), comparer.natures, special
    for one in natures:
        for special in specials:
            yield frozenset([_NATURE_WORDS[one], *(_WORDS[name] for name in special)]), one, special


# ---------------------------------------------------------------- counterexample


_POINT: Final[Mapping[str, Fraction]] = {
    "s": Fraction(2), "omega": Fraction(1, 2), "q0": Fraction(3, 2), "E_vg": Fraction(3), "E_nu": Fraction(3, 4),
    "m_e": Fraction(3), "G_F": Fraction(1), "e": Fraction(1), "T": Fraction(1, 4), "m_N": Fraction(5), "Z": Fraction(2),
    "F": Fraction(3), "Q_W": Fraction(7),
}  # fmt: skip
"""``E_eg = 2`` and ``omega = 1/2``, so that ``s = 2``; no number that can hide a power is one."""
_MASSES: Final = tuple((Fraction(a, 4), Fraction(b, 4)) for a, b in ((0, 0), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2)))
_SHOWN: Final[tuple[str, ...]] = ("E_eg", "omega", "E_vg", "E_nu", "m_i", "m_j", "G_F", "m_e", "e")


def _suspects(result: Judgement) -> set[str]:
    """Return the names in the first product of couplings whose coefficient is wrong."""
    wrong = [term.coupling for term in result.terms if not term.agrees]
    return set(map(canonical, names(parse_text(wrong[0])))) if wrong else set()


def _counterexample(formula: Formula, comparer: Comparer, suspects: set[str]) -> dict[str, str]:
    """Return the simplest point at which printed and derived differ, all values as text; empty if none was found.

    ``suspects`` are couplings that are not zero where that is possible.
    """
    domain = comparer.domain()
    for nature in comparer.natures:
        for m_i, m_j in _MASSES:
            for values in _couplings(comparer, suspects):
                if comparer.seconds_left() < 2:
                    return {}
                numbers = {**_POINT, "m_i": m_i, "m_j": m_j, **values}
                base = {name: domain.number(numbers[name]) for name in domain.names if name in numbers}
                base["pi"] = domain.generator("pi")
                try:
                    printed = comparer.printed(formula, domain, base, nature)
                    derived = comparer.right(domain, base, nature)
                except (Undecided, FormulaError, ZeroDivisionError):
                    continue
                if printed - derived:
                    return _shown_point(formula, comparer, numbers, nature, printed, derived, domain)
    return {}


def _couplings(comparer: Comparer, suspects: set[str]) -> Iterator[dict[str, Fraction]]:
    """Yield small values of the couplings: few that are not zero come first, then complex ones."""
    plain = {
        symbol.name: Fraction(3 if symbol.kind == "mass" else 1)
        for symbol in comparer.symbols
        if len(symbol.elements) == 1
    }
    matrices = [symbol for symbol in comparer.symbols if len(symbol.elements) == 2]
    if not matrices:
        yield plain
        return
    zero = {f"{part} {name}": Fraction(0) for symbol in matrices for name in symbol.elements for part in ("Re", "Im")}
    for count in range(1, min(len(matrices), 2) + 1):
        for some in sorted(
            combinations(matrices, count), key=lambda some: not suspects.issuperset(x.elements[0] for x in some)
        ):
            for phases in product_of(*[((1, 0), (0, 1), (1, 1))] * count):
                chosen = dict(zero)
                for symbol, (real, imag) in zip(some, phases, strict=True):
                    chosen[f"Re {symbol.name}_ij"], chosen[f"Im {symbol.name}_ij"] = Fraction(real), Fraction(imag)
                yield {**plain, **chosen}


def _shown_point(
    formula: Formula, comparer: Comparer, numbers: Mapping[str, Fraction], nature: int, printed: Exact, derived: Exact,
    domain: ExactDomain,
) -> dict[str, str]:  # fmt: skip
    kinematics = comparer.quantity.kinematics
    always = {"omega", "E_eg", "m_i", "m_j"} if kinematics is None else {*kinematics[0]} - {"E_nu"}
    papers = Papers(domain, domain.number(Fraction(1)))
    point = {"E_eg": numbers["q0"] + numbers["omega"], "E": numbers["E_nu"], **numbers}
    named = always | set(formula.named())
    order = (*_SHOWN[:2], *(("s",) if "s" in always else ()), *_SHOWN[2:], *SCATTERING)
    shown = {name: str(point[name]) for name in order if name in named}
    if len(comparer.natures) == 2 or nature:
        shown["delta_M"] = str(nature)
    for symbol in comparer.symbols:
        if len(symbol.elements) == 1:
            shown[symbol.name] = str(numbers[symbol.name])
            continue
        real, imag = (numbers[f"{part} {symbol.name}_ij"] for part in ("Re", "Im"))
        shown[symbol.elements[0]] = str(real) if not imag else f"{imag}*i" if not real else f"{real} + {imag}*i"
    return {**shown, "printed": text_of(papers.plain(printed)), "derived": text_of(papers.plain(derived))}
