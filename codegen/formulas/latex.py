"""Formulas as LaTeX: single expressions, and a document that compiles. Deterministic."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Symbol
from sympy.printing.latex import LatexPrinter

from codegen.formulas.formula import Formula
from codegen.formulas.layout import PlusFirst, wrapped

WIDTH = 220
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "_": r"\_", "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%",
    "$": r"\$", "#": r"\#", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip


class _Printer(PlusFirst, LatexPrinter):  # type: ignore[misc]
    def _print_re(self, expr: Any, exp: Any = None) -> str:
        return self._part("Re", expr, exp)

    def _print_im(self, expr: Any, exp: Any = None) -> str:
        return self._part("Im", expr, exp)

    def _part(self, name: str, expr: Any, exp: Any) -> str:
        body = rf"\mathrm{{{name}}}\left[{self._print(expr.args[0])}\right]"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"

    def _print_conjugate(self, expr: Any, exp: Any = None) -> str:
        body = f"{{{self._print(expr.args[0])}}}^{{*}}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


def names(formula: Formula) -> dict[Symbol, str]:
    """Return the LaTeX of every symbol of a formula that has one of its own."""
    own = {argument.symbol: argument.latex for argument in formula.arguments}
    own |= {definition.symbol: definition.latex for definition in formula.definitions}
    return {symbol: latex for symbol, latex in own.items() if latex}


def latex(expression: Expr, symbols: dict[Symbol, str] | None = None) -> str:
    r"""Return an expression as LaTeX, some symbols in their own way.

    Example
    -------
    >>> from sympy import conjugate, re
    >>> latex(re(Symbol("a^L_ij") * conjugate(Symbol("x"))), {Symbol("x"): r"\xi"})
    '\\mathrm{Re}[a^{L}_{ij} {\\xi}^{*}]'
    """
    printer = _Printer({"symbol_names": symbols or {}, "long_frac_ratio": 2})
    # Brackets of a fixed size may be parted between lines.
    return str(printer.doprint(expression)).replace(r"\left", "").replace(r"\right", "")


def lines(formula: Formula) -> tuple[str, ...]:
    r"""Return a formula as lines of mathematics: the result, its condition, the abbreviations.

    Example
    -------
    >>> from fractions import Fraction
    >>> from codegen.formulas.formula import Argument
    >>> x = Argument(Symbol("x"), "eV", "a length", Fraction(3), r"\xi")
    >>> lines(Formula("square", "The square", Symbol("y"), "eV^2", (x,), x.symbol**2))
    ('y = \\xi^{2}',)
    """
    own = names(formula)
    result = [f"{latex(formula.symbol, own)} = {latex(formula.result, own)}"]
    if formula.condition is not None:
        result[0] += rf",\quad {latex(formula.condition.symbol, own)} > {latex(formula.condition.above, own)}"
    result += [f"{latex(d.symbol, own)} = {latex(d.expression, own)}" for d in formula.definitions]
    return tuple(result)


def document(title: str, formulas: tuple[Formula, ...]) -> str:
    """Return a complete LaTeX document (compiles with ``pdflatex``, ``amsmath`` and ``geometry``)."""
    body: list[str] = []
    for formula in formulas:
        own = names(formula)
        body.append(rf"\section*{{{_escaped(formula.title)} [{_escaped(formula.units)}]}}")
        rows = [row for line in lines(formula) for row in _rows(line)]
        body.append("\\begin{align*}\n" + "\\\\\n".join(rows) + "\n\\end{align*}")
        body.append(r"\begin{itemize}")
        body += [rf"\item ${latex(a.symbol, own)}$ [{_escaped(a.units)}]: {_escaped(a.doc)}" for a in formula.arguments]
        body.append(r"\end{itemize}")
        body += [_escaped(note) for note in formula.notes]
        if formula.provenance.steps:
            body.append(rf"\emph{{Derived in:}} {_escaped(', '.join(formula.provenance.steps))}.")
        if formula.provenance.references:
            body.append(rf"\emph{{See:}} {_escaped('; '.join(formula.provenance.references))}.")
    return "\n".join(
        [
            r"\documentclass{article}",
            r"\usepackage[utf8]{inputenc}",
            r"\usepackage[margin=2cm]{geometry}",
            r"\usepackage{amsmath}",
            r"\allowdisplaybreaks",
            r"\begin{document}",
            rf"\title{{{_escaped(title)}}}\date{{}}\maketitle",
            *body,
            r"\end{document}",
            "",
        ]
    )


def _rows(line: str) -> list[str]:
    first, *rest = (row.strip() for row in wrapped(line, WIDTH, whole="{"))
    return [f"&{first}", *(rf"&\qquad {row}" for row in rest)]


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)
