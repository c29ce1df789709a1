"""Formulas as plain text: ``^`` for powers, ``Re``, ``Im``, ``conj``, ``abs``; every line can be typed as it stands."""

from __future__ import annotations

from typing import Any

from sympy import Expr
from sympy.printing.str import StrPrinter

from codegen.formulas.formula import Formula, identifier
from codegen.formulas.layout import PlusFirst, wrapped

WIDTH = 110


class _Printer(PlusFirst, StrPrinter):  # type: ignore[misc]
    def _print_Symbol(self, expr: Any) -> str:
        return identifier(expr)

    def _print_ImaginaryUnit(self, expr: Any) -> str:
        return "i"

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        return str(super()._print_Pow(expr, rational)).replace("**", "^")

    def _print_Function(self, expr: Any) -> str:
        name = {"re": "Re", "im": "Im", "conjugate": "conj"}.get(type(expr).__name__, type(expr).__name__)
        return f"{name}({self.stringify(expr.args, ', ')})"

    def _print_Abs(self, expr: Any) -> str:
        return f"abs({self._print(expr.args[0])})"

    _print_re = _print_im = _print_conjugate = _print_Function


def text(expression: Expr) -> str:
    """Return an expression as text.

    Example
    -------
    >>> from sympy import Symbol, conjugate, re
    >>> text(re(Symbol("a^L_ij") * conjugate(Symbol("b_ij"))) / Symbol("s") ** 2)
    'Re(a_L_ij*conj(b_ij))/s^2'
    """
    return str(_Printer().doprint(expression))


def formula_text(formula: Formula) -> str:
    """Return a formula with its abbreviations, arguments and sources as readable text.

    Example
    -------
    >>> from fractions import Fraction
    >>> from sympy import Symbol
    >>> from codegen.formulas.formula import Argument
    >>> x = Argument(Symbol("x"), "eV", "a length", Fraction(3))
    >>> print(formula_text(Formula("square", "The square", Symbol("y"), "eV^2", (x,), x.symbol**2)))
    The square [eV^2]
        y = x^2
      with
        x [eV]: a length
    """
    lines = [f"{formula.title} [{formula.units}]"]
    lines += wrapped(f"    {identifier(formula.symbol)} = {text(formula.result)}", WIDTH)
    if formula.condition is not None:
        held = f"{identifier(formula.condition.symbol)} > {text(formula.condition.above)}"
        lines.append(f"    where {held}; elsewhere {formula.condition.otherwise}")
    lines.append("  with")
    for definition in formula.definitions:
        lines += wrapped(f"    {identifier(definition.symbol)} = {text(definition.expression)}", WIDTH)
    lines += [f"    {identifier(a.symbol)} [{a.units}]: {a.doc}" for a in formula.arguments]
    lines += [f"  {note}" for note in formula.notes]
    if formula.provenance.steps:
        lines.append(f"  derived in: {', '.join(formula.provenance.steps)}")
    if formula.provenance.references:
        lines.append(f"  see: {'; '.join(formula.provenance.references)}")
    return "\n".join(lines)


def document(title: str, formulas: tuple[Formula, ...]) -> str:
    """Return formulas under a title."""
    return "\n\n".join([f"{title}\n{'=' * len(title)}", *map(formula_text, formulas)])
