"""Formulas as C99: one function for each, with ``double complex`` where an argument or the result may be complex.

The text needs nothing but the C library. Expressions that ask for twice the digits are evaluated as sums of two doubles, which
a compiler must not rearrange (no ``-ffast-math``). Deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, I, Integer, Symbol
from sympy.printing.c import C99CodePrinter

from codegen import texts
from codegen.formulas.formula import Definition, Formula, identifier
from codegen.formulas.layout import PlusFirst, wrapped
from codegen.pair_sums.kernel import Constant

WIDTH = 112
_TAKEN = frozenset(
    [
        "asm",
        "typeof",
        "L_ctermid",
        "L_tmpnam",
        "P_tmpdir",
        "complex",
        "imaginary",
        "linux",
        "math_errhandling",
        "stderr",
        "stdin",
        "stdout",
        "unix",
    ]
)
"""Macros that are not in capitals, and words of GNU C."""


class _Printer(PlusFirst, C99CodePrinter):  # type: ignore[misc]
    def __init__(self) -> None:
        # The macros M_SQRT2, M_PI, ... are no part of C99.
        super().__init__({"math_macros": {}})

    def _print_Pi(self, expr: Any) -> str:
        return "acos(-1.0)"

    def _handle_UnevaluatedExpr(self, expr: Any) -> Any:
        # The expression as it stands: SymPy would rebuild it and write Re(a^2) out.
        return expr

    def _print_Symbol(self, expr: Any) -> str:
        return name_in_c(expr)

    def _print_ImaginaryUnit(self, expr: Any) -> str:
        return "I"

    def _print_re(self, expr: Any) -> str:
        return f"creal({self._print(expr.args[0])})"

    def _print_im(self, expr: Any) -> str:
        return f"cimag({self._print(expr.args[0])})"

    def _print_conjugate(self, expr: Any) -> str:
        return f"conj({self._print(expr.args[0])})"

    def _print_Abs(self, expr: Any) -> str:
        return f"cabs({self._print(expr.args[0])})"

    def _print_Pow(self, expr: Any) -> str:
        if isinstance(expr.exp, Integer) and 2 <= expr.exp <= 4 and not expr.base.is_number:
            base = self.parenthesize(expr.base, 60)
            return "(" + "*".join([base] * int(expr.exp)) + ")"
        return str(super()._print_Pow(expr))


class _TwoPart(_Printer):
    """Nested calls on sums of two doubles."""

    def _print_Symbol(self, expr: Any) -> str:
        return f"two({name_in_c(expr)})"

    def _print_Integer(self, expr: Any) -> str:
        return f"two({expr})"

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        first, *rest = map(self._print, expr.args)
        for term in rest:
            first = f"two_plus({first}, {term})"
        return str(first)

    def _print_Mul(self, expr: Any) -> str:
        first, *rest = map(self._print, expr.args)
        for factor in rest:
            first = f"two_times({first}, {factor})"
        return str(first)

    def _print_Pow(self, expr: Any) -> str:
        base = self._print(expr.base)
        result = base
        for _ in range(int(expr.exp) - 1):
            result = f"two_times({result}, {base})"
        return str(result)


def c(expression: Expr) -> str:
    """Return an expression as C99.

    Example
    -------
    >>> from sympy import Rational, re
    >>> c(Rational(1, 3) * Symbol("s") ** 2 * re(Symbol("a_ij")))
    '(1.0/3.0)*(s*s)*creal(a_ij)'
    """
    return str(_Printer().doprint(expression))


def name_in_c(symbol: Symbol) -> str:
    """Return how a symbol is called in C: names in capitals may be macros of a header and get an underscore.

    Example
    -------
    >>> name_in_c(Symbol("M_PI")), name_in_c(Symbol("m_i"))
    ('M_PI_', 'm_i')
    """
    name = identifier(symbol)
    return f"{name}_" if (len(name) > 1 and name.isupper()) or name in _TAKEN else name


def source(formulas: Sequence[Formula], constants: Sequence[Constant], title: str) -> str:
    """Return a C file with one function for each formula, in the given order, and its prototypes as comments above each.

    Example
    -------
    >>> print(source((), (), "Nothing").splitlines()[1])
    /* Nothing */
    """
    used = {symbol.name for formula in formulas for symbol in formula.constants}
    lines = [texts.header("formulas.c").rstrip("\n"), f"/* {title} */"]
    lines += [texts.template("two_part.c", "formulas").rstrip("\n"), ""]
    lines += [
        f"static const double {name_in_c(Symbol(k.name))} = {k.value}; /* {k.units}; {k.source} */"
        for k in constants
        if k.name in used
    ]
    for formula in formulas:
        lines += ["", *_function(formula)]
    return "\n".join(lines) + "\n"


def _function(formula: Formula) -> list[str]:
    kind = "double complex" if formula.is_complex else "double"
    arguments = ", ".join(
        f"{'double complex' if argument.is_complex else 'double'} {name_in_c(argument.symbol)}"
        for argument in formula.arguments
    )
    lines = [f"/* {formula.title} [{formula.units}]."]
    lines += [f"   {name_in_c(a.symbol)} [{a.units}]: {a.doc}." for a in formula.arguments]
    lines[-1] += " */"
    lines += wrapped_signature(f"{kind} {formula.name}({arguments})")
    lines.append("{")
    complex_names = {a.symbol for a in formula.arguments if a.is_complex}
    for definition in formula.definitions:
        is_complex = _is_complex(definition.expression, complex_names)
        if is_complex:
            complex_names.add(definition.symbol)
        start = f"    const {'double complex' if is_complex else 'double'} {name_in_c(definition.symbol)} = "
        lines += wrapped(f"{start}{_definition(definition)};", WIDTH)
        if formula.condition is not None and definition.symbol == formula.condition.symbol:
            otherwise = {"0": "0.0", "nan": "NAN"}[formula.condition.otherwise]
            held = f"{name_in_c(definition.symbol)} <= {c(formula.condition.above)}"
            lines.append(f"    if ({held}) return {otherwise};")
    lines += wrapped(f"    return {c(formula.result)};", WIDTH)
    lines.append("}")
    return lines


def wrapped_signature(line: str) -> list[str]:
    """Return a long signature broken after its commas."""
    if len(line) <= WIDTH:
        return [line]
    head, _, rest = line.partition("(")
    return [f"{head}(", *(f"    {part}" for part in rest.replace(", ", ",\n").splitlines())]


def _definition(definition: Definition) -> str:
    if definition.two_part:
        return f"two_rounded({_TwoPart().doprint(definition.expression)})"
    return c(definition.expression)


def _is_complex(expression: Expr, complex_names: set[Any]) -> bool:
    """Return whether an expression of complex symbols is complex itself: parts and absolute values of them are not."""
    from sympy import Abs, im, re

    bare = expression.replace(lambda e: isinstance(e, Abs | re | im), lambda e: Integer(1))
    return bool(bare.has(I) or bare.free_symbols & complex_names)
