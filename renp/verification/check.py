"""Check a formula that is not ours: text, LaTeX, a SymPy expression or a file in, a :class:`Verdict` out.

The decision is exact and made by :mod:`derivations.ledger.check`; here are the front door, the files, the JSON, the report in
words and the size of an error on the benchmark. A formula is data: it is read by a grammar, and nothing in it is executed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from inspect import signature
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from derivations.interactions.model import Interaction
from derivations.ledger.check.conventions import CONVENTIONS
from derivations.ledger.check.formula import Formula
from derivations.ledger.check.judge import Judgement, Setting, judge
from derivations.ledger.check.vocabulary import vocabulary
from derivations.steps.step import markdown_text
from derivations.written.latex import latex_name, latex_of, parse_latex
from derivations.written.nodes import ZERO, FormulaError, Node, canonical
from derivations.written.sympy_form import from_sympy
from derivations.written.text import parse_text, text_of

if TYPE_CHECKING:
    from sympy import Expr

    from derivations.ledger.check.diagnose import Explanation
    from renp.verification.check_benchmark import Size

__all__ = ["Verdict", "check", "read_formula"]

TENSORS: Final[Mapping[str, tuple[Fraction, Fraction, tuple[Fraction, Fraction]]]] = {
    "averaged": (Fraction(1, 3), Fraction(2, 3), (Fraction(0), Fraction(0))),
    "linear": (Fraction(0), Fraction(1), (Fraction(0), Fraction(0))),
    "circular+": (Fraction(0), Fraction(1), (Fraction(0), Fraction(1))),
    "circular-": (Fraction(0), Fraction(1), (Fraction(0), Fraction(-1))),
}
"""Atomic tensors by name: along q, across q, and ``T_xy - T_yx``; all but the first are the chain 0 -> 1 -> 0."""


@dataclass(frozen=True, repr=False)
class Verdict:
    """The outcome of a check; it prints as a referee's remark, and a notebook shows its formulas.

    Attributes
    ----------
    judgement : everything that was found out, see :class:`derivations.ledger.check.judge.Judgement`.
    setting : what the formula was held against.
    in_latex : whether the formula came as LaTeX, in which it is corrected then.

    Example
    -------
    >>> verdict = check("abs(a_ij)^2 I_D + delta_M m_i m_j Re(a_ij^2)")
    >>> verdict.verdict, verdict.diagnosis[0]["kind"], verdict.diagnosis[0]["corrected"]
    ('refuted', 'majorana', 'abs(a_ij)^2*I_D - delta_M*m_i*m_j*Re(a_ij^2)')
    """

    judgement: Judgement
    setting: Setting
    in_latex: bool = False

    @property
    def verdict(self) -> str:
        """``confirmed``, ``refuted``, ``convention`` or ``undecided``."""
        return self.judgement.verdict

    @property
    def passed(self) -> bool:
        """Whether the formula is confirmed."""
        return self.verdict == "confirmed"

    @property
    def reason(self) -> str:
        """Why, in one sentence."""
        return self.judgement.reason

    @property
    def dimension(self) -> dict[str, Any]:
        """Whether the dimensions fit, and which terms clash."""
        return {"consistent": self.judgement.consistent, "clash": self.judgement.clash}

    @property
    def terms(self) -> list[dict[str, Any]]:
        """Printed and derived, product of couplings by product."""
        return [
            {
                "coupling": term.coupling,
                "printed": text_of(term.printed),
                "derived": text_of(term.derived),
                "difference": text_of(term.difference),
                "agrees": term.agrees,
            }
            for term in self.judgement.terms
        ]

    @property
    def diagnosis(self) -> list[dict[str, str]]:
        """What makes the formula right: each slip with its kind, what changes and the corrected formula or abbreviation.

        All entries are proven and equivalent, the most natural one first. A slip that fits two kinds stands under both. Where
        no slip was found, the derived formula is the correction.
        """
        entries = [self._entry(one, one.kinds[0]) for one in self.judgement.explanations]
        entries += [self._entry(one, kind) for one in self.judgement.explanations for kind in one.kinds[1:]]
        if not entries:
            entries = [
                {"kind": "several", "change": slip.claim, "corrected": self._shown(self.judgement.derived)}
                for slip in self.judgement.physics
            ]
        if not entries and self.verdict == "refuted" and self.judgement.derived != ZERO:
            entries = [{"kind": "several", "change": self.reason, "corrected": self._shown(self.judgement.derived)}]
        return entries

    def _entry(self, one: Explanation, kind: str) -> dict[str, str]:
        spelled = self.judgement.formula.spelled
        changes = [f"{spelled(slip.place)}: {slip.change}" if slip.place else slip.change for slip in one.slips]
        before = dict(self.judgement.formula.trees())
        changed = [(place, tree) for place, tree in one.formula.trees() if before.get(place) != tree]
        corrected = "; ".join(
            f"{self._name(place)} = {self._shown(tree)}" if place else self._shown(tree) for place, tree in changed
        )
        return {"kind": kind, "change": "; ".join(changes), "corrected": corrected}

    def _shown(self, node: Node) -> str:
        return latex_of(node) if self.in_latex else text_of(node)

    def _name(self, name: str) -> str:
        spelled = self.judgement.formula.spelled(name)
        return latex_name(spelled) if self.in_latex else spelled

    @property
    def counterexample(self) -> dict[str, str]:
        """A point of small numbers at which printed and derived differ; empty for a formula that is right."""
        return dict(self.judgement.counterexample)

    @property
    def right_when(self) -> list[str]:
        """Conditions under which a formula that is wrong in general is right."""
        return list(self.judgement.right_when)

    @property
    def latex(self) -> str:
        """The derived formula in the user's symbols, as LaTeX."""
        return latex_of(self.judgement.derived)

    @property
    def right(self) -> str:
        """The formula without its slip, or the derived one where the slip stands in an abbreviation or there is none; LaTeX."""
        printed = self.judgement.formula.root
        trees = [one.formula.root for one in self.judgement.explanations[:1]]
        return next((latex_of(tree) for tree in trees if tree != printed), self.latex)

    @property
    def understood(self) -> dict[str, str]:
        """The formula as it was understood, in both forms."""
        root = self.judgement.formula.root
        return {"text": text_of(root), "latex": latex_of(root)}

    @cached_property
    def _size(self) -> Size | None:
        from renp.verification.check_benchmark import relative_errors

        return None if self.passed else relative_errors(self.judgement.formula, self.setting)

    @property
    def size(self) -> dict[str, float]:
        """The relative error of the spectrum on the benchmark, by photon energy [eV]; empty where there is none.

        Of the natures that were asked for it is that of :attr:`size_nature`.
        """
        return self._size.errors if self._size else {}

    @property
    def size_nature(self) -> str:
        """The nature in which :attr:`size` is the error: Majorana neutrinos, or Dirac where the formula fails for them alone."""
        return ("dirac", "majorana")[self._size.nature] if self.size and self._size else ""

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "dimension": self.dimension,
            "terms": self.terms,
            "diagnosis": self.diagnosis,
            "counterexample": self.counterexample,
            "latex": self.latex,
            "right_when": self.right_when,
            "conventions": [{"name": one.name, "meaning": one.words} for one in self.judgement.conventions],
            "physics": [{"name": one.name, "claim": one.claim} for one in self.judgement.physics],
            "zero": list(self.judgement.zero),
            "size": self.size,
            "size_nature": self.size_nature,
            "understood": self.understood,
            "quantity": self.setting.quantity,
            "nature": self.setting.nature,
            "interactions": [one.name for one in self.setting.interactions],
        }

    def __repr__(self) -> str:
        return f"<Verdict {self.verdict}: {self.reason}>"

    def _repr_markdown_(self) -> str:
        lines = [f"**{self.verdict.capitalize()}**: {markdown_text(self.reason)}.", f"$${self.understood['latex']}$$"]
        if not self.passed and self.judgement.derived != ZERO:
            lines += ["*Right:*", f"$${self.right}$$"]
        return "\n\n".join([*lines, *(f"*Right when:* {markdown_text(condition)}" for condition in self.right_when)])

    def __str__(self) -> str:
        found = self.judgement
        lines = [f"{self.verdict.capitalize()}: {self.reason}.", ""]
        lines.append(_line("understood as", text_of(found.formula.root)))
        if not found.consistent:
            lines.append(_line("dimensions", found.clash))
        for term in found.terms:
            if not term.agrees:
                what = "the whole" if term.coupling == "1" else f"the coefficient of {term.coupling}"
                lines.append(_line(what, f"printed {text_of(term.printed)}, derived {text_of(term.derived)}"))
        if found.explanations:
            first, *others = found.explanations
            entry = self._entry(first, first.kinds[0])
            lines.append(_line("corrected", entry["corrected"]))
            if not self.in_latex:
                lines.append(_line("in LaTeX", _in_latex(first, found.formula)))
            if others:
                lines.append(_line("the same", "; or ".join(self._entry(one, "")["change"] for one in others)))
        elif self.diagnosis:
            lines.append(_line("corrected", self.diagnosis[0]["corrected"]))
            if not self.in_latex:
                lines.append(_line("in LaTeX", self.latex))
        for convention in found.conventions:
            lines.append(_line("convention", f"it is right where {convention.words}"))
        for slip in found.physics:
            lines.append(_line("the same comes out when", slip.claim))
        for condition in found.right_when:
            lines.append(_line("right when", condition))
        if found.counterexample:
            lines.append(
                _line("counterexample", ", ".join(f"{name} = {value}" for name, value in found.counterexample.items()))
            )
        if found.zero:
            lines.append(_line("taken as zero", ", ".join(found.zero)))
        return "\n".join(lines)


def _in_latex(one: Explanation, before: Formula) -> str:
    """Return what a correction changed, as LaTeX."""
    old = dict(before.trees())
    changed = [(place, tree) for place, tree in one.formula.trees() if old.get(place) != tree]
    return ", ".join(
        (f"{latex_name(before.spelled(place))} = " if place else "") + latex_of(tree) for place, tree in changed
    )


def _line(label: str, text: str) -> str:
    return fill(f"{label}: {text}", width=118, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def read_formula(formula: str | Expr, define: Mapping[str, str | Expr] | None = None) -> Formula:
    """Return a formula with its abbreviations, read and not evaluated.

    Parameters
    ----------
    formula : text, LaTeX (it holds a backslash, or a script in braces) or a SymPy expression.
    define : abbreviations by name, in the same forms.

    Raises
    ------
    FormulaError : with the column, what was found and what is allowed.
    """
    definitions = []
    for name, given in (define or {}).items():
        known = _abbreviation(name)
        try:
            definitions.append((known, _tree(given)))
        except FormulaError as error:
            raise FormulaError(error.column, error.found, error.allowed, known) from None
    twice = [name for name, _ in definitions if [n for n, _ in definitions].count(name) > 1]
    if twice:
        raise FormulaError(1, f"the abbreviation {twice[0]!r} twice", "one definition for each", twice[0])
    return Formula(_tree(formula), tuple(definitions))


def is_latex(text: str) -> bool:
    """Return whether a text is LaTeX: it holds a backslash, or a script in braces.

    Example
    -------
    >>> is_latex("a_{ij}"), is_latex("a_ij")
    (True, False)
    """
    return "\\" in text or re.search(r"[_^]\s*\{", text) is not None


_BRACED: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]*?)([_^])\s*\{\s*([A-Za-z0-9]+)\s*\}")
_BARE: Final = re.compile(r"([A-Za-z]+)_([A-Za-z0-9]{2,})")


def _mixed(error: FormulaError, text: str) -> FormulaError:
    """Return the error of a text that braces alone make LaTeX, with the way back to either form."""
    braced, bare = _BRACED.search(text), _BARE.search(text)
    latex = error.allowed.removesuffix(" in LaTeX")
    if latex == error.allowed:
        latex = f"{bare[1]}_{{{bare[2]}}}" if bare and error.found.startswith("unknown symbol") else ""
    if "\\" in text or not braced or not latex:
        return error
    column = text.index("{", braced.start()) + 1
    found = f"{error.found} in LaTeX, which it is by the braces of column {column}"
    return FormulaError(
        error.column, found, f"{latex} in LaTeX, or {''.join(braced.groups())} in text", error.abbreviation
    )


def _tree(given: str | Expr) -> Node:
    if isinstance(given, str):
        try:
            return parse_latex(given) if is_latex(given) else parse_text(given)
        except FormulaError as error:
            raise _mixed(error, given) from None
    from sympy import Expr

    if not isinstance(given, Expr):
        raise TypeError(f"a formula is text, LaTeX or a SymPy expression, found {type(given).__name__}")
    return from_sympy(given)


def _abbreviation(name: str) -> str:
    from derivations.written.nodes import Name

    try:
        node = _tree(name)
    except FormulaError:
        node = None
    if not isinstance(node, Name):
        raise FormulaError(1, f"the abbreviation {name[:40]!r}", "a name such as a^L_ij", canonical(name[:40]))
    return canonical(node.text)


def check(
    formula: str | Expr | os.PathLike[str],
    *,
    quantity: str = "bracket",
    interactions: Sequence[str | os.PathLike[str]] = ("standard_model",),
    nature: str = "both",
    define: Mapping[str, str | Expr] | None = None,
    conventions: Mapping[str, str] | None = None,
    atomic_tensor: str = "averaged",
    time_limit: float = 20.0,
) -> Verdict:
    """Decide exactly whether a formula is right, and say where it is wrong.

    Parameters
    ----------
    formula : text, LaTeX (recognised by a backslash) or a SymPy expression; energies and masses in eV, ``hbar = c = 1``. Or the
        path of a formula file (``*.toml``, or a ``Path``), which has the arguments below but the last as its fields.
    quantity : what it is to be: ``summand``, ``bracket``, ``spin_sum``, ``pair_mass_squared``, ``threshold``, ``energy_min``
        or ``energy_max``; or that of another process, ``electron_scattering``, ``coherent_scattering``, ``radiative_decay`` or
        ``plasmon_decay``.
    interactions : names of shipped interactions or paths of interaction files; the weak current is always there.
    nature : ``both`` (with ``delta_M``), ``dirac`` or ``majorana``.
    define : abbreviations, ``{"a^L_ij": "a_ij + ..."}``.
    conventions : choices that differ from ours, such as ``{"sigma_q": "scattering"}``.
    atomic_tensor : ``averaged``, or ``linear``, ``circular+`` or ``circular-`` light on the chain 0 -> 1 -> 0.
    time_limit : seconds after which the verdict is ``undecided``, at most 20.

    Raises
    ------
    ValueError, TypeError : one line: where in the formula, what was found, what is allowed.

    Example
    -------
    >>> check(r"\\frac{E_{eg}}{2} - \\frac{(m_i + m_j)^2}{2 E_{eg}}", quantity="threshold").verdict
    'confirmed'
    """
    if isinstance(formula, os.PathLike) or (isinstance(formula, str) and formula.strip().endswith(".toml")):
        settings = (quantity, tuple(interactions), nature, define, conventions, atomic_tensor)
        return _of_file(formula, settings, time_limit)
    for name, table, example in (
        ("define", define, {"x": "m_i + m_j"}),
        ("conventions", conventions, {one.name: one.choices[1] for one in list(CONVENTIONS.values())[:1]}),
    ):
        if table is not None and not isinstance(table, Mapping):
            raise TypeError(f"{name} must be a dictionary, as {example}, found {table!r}"[:200])
    if atomic_tensor not in TENSORS:
        raise ValueError(f"atomic_tensor must be one of {', '.join(TENSORS)}, found {atomic_tensor!r}")
    if not 0 < time_limit <= 20:
        raise ValueError(f"time_limit must be above 0 and at most 20 seconds, found {time_limit!r}")
    in_latex = isinstance(formula, str) and is_latex(formula)
    setting = Setting(
        quantity.lower() if isinstance(quantity, str) else quantity,
        _model(interactions),
        nature.lower() if isinstance(nature, str) else nature,
        dict(conventions or {}),
        None if atomic_tensor == "averaged" else TENSORS[atomic_tensor],
        _elsewhere(interactions),
        time_limit,
    )
    read = read_formula(formula, define)
    try:
        return Verdict(judge(read, setting), setting, in_latex)
    except FormulaError as error:
        texts = {_abbreviation(name): given for name, given in (define or {}).items()} | {"": formula}
        given = texts.get(error.abbreviation)
        raise (_mixed(error, given) if isinstance(given, str) else error) from None


def _of_file(path: str | os.PathLike[str], given: tuple[object, ...], time_limit: float) -> Verdict:
    from renp.verification.formula_files import load

    names = ("quantity", "interactions", "nature", "define", "conventions", "atomic_tensor")
    defaults = signature(check).parameters
    for name, value in zip(names, given, strict=True):
        if value != defaults[name].default:
            raise ValueError(f"{name}: found it beside the file {os.fspath(path)!r}, allowed as a field of the file")
    return load(path).check(time_limit)


def _model(interactions: Sequence[str | os.PathLike[str]]) -> tuple[Interaction, ...]:
    from renp.model import Model

    if isinstance(interactions, str | os.PathLike):
        raise TypeError(
            f"interactions must be a list of names and paths, as [{os.fspath(interactions)!r}], found one alone"
        )
    names = [os.fspath(one) for one in interactions]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"interactions: found {twice[0]!r} twice, allowed once")
    return Model(*interactions).interactions


def _elsewhere(interactions: Sequence[str | os.PathLike[str]]) -> dict[str, str]:
    """Return the couplings of the shipped interactions that were not chosen, with the interaction of each."""
    from renp.generate import shipped

    chosen = {os.fspath(one) for one in interactions}
    others = [one for one in shipped() if one.name not in chosen]
    return {name: one.name for one in reversed(others) for name in vocabulary([one]).elements()}
