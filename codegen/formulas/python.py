"""Formulas as a readable Python module: NumPy, or whatever array namespace the arguments belong to.

Every function asks its arguments for ``__array_namespace__``, so the same text serves NumPy, JAX and any other library that keeps
to the array standard. A closed channel is cut out before the expression is evaluated, and not after: no warning, no NaN, and
derivatives that stay finite where a library takes them. Deterministic.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

from sympy import Expr, I, Rational
from sympy.printing.pycode import PythonCodePrinter

from codegen import texts
from codegen.formulas.formula import Argument, Definition, Formula, Number, identifier
from codegen.formulas.layout import PlusFirst, wrapped
from codegen.pair_sums.kernel import Constant

WIDTH = 112
TEMPLATE = "formulas.py.txt"


class _Printer(PlusFirst, PythonCodePrinter):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": True})

    def _handle_UnevaluatedExpr(self, expr: Any) -> Any:
        # The expression as it stands: SymPy would rebuild it and write Re(a^2) out.
        return expr

    def _print_Symbol(self, expr: Any) -> str:
        return identifier(expr)

    def _print_ImaginaryUnit(self, expr: Any) -> str:
        return "i"

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        root = "math.sqrt" if expr.base.is_number else "xp.sqrt"
        return str(self._hprint_Pow(expr, rational=rational, sqrt=root))

    def _print_Pi(self, expr: Any) -> str:
        return "math.pi"

    def _print_re(self, expr: Any) -> str:
        return f"xp.real({self._print(expr.args[0])})"

    def _print_im(self, expr: Any) -> str:
        return f"xp.imag({self._print(expr.args[0])})"

    def _print_conjugate(self, expr: Any) -> str:
        return f"xp.conj({self._print(expr.args[0])})"

    def _print_Abs(self, expr: Any) -> str:
        return f"xp.abs({self._print(expr.args[0])})"


def python(expression: Expr) -> str:
    """Return an expression as Python, with ``xp`` for the array namespace and ``i`` for the imaginary unit.

    Example
    -------
    >>> from sympy import Abs, Symbol, sqrt
    >>> python(Abs(Symbol("a^L_ij")) ** 2 * sqrt(2) / (3 * Symbol("s")))
    '(1/3)*math.sqrt(2)*xp.abs(a_L_ij)**2/s'
    """
    return str(_Printer().doprint(expression))


def module(formulas: Sequence[Formula], constants: Sequence[Constant], package: str, template: str = TEMPLATE) -> str:
    """Return the text of the module ``formulas`` of a package, with one function for each formula, in the given order.

    ``template`` is another module of formulas of this room, which takes the helpers of the first one.

    Raises ``ValueError`` when two formulas have one name, or a constant is missing.
    """
    names = [formula.name for formula in formulas]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"two formulas are named {repeated[0]!r}")
    used = {symbol.name for formula in formulas for symbol in formula.constants}
    missing = sorted(used - {constant.name for constant in constants})
    if missing:
        raise ValueError(f"constant {missing[0]!r} has no value")
    values = {c.name: Rational(c.value) for c in constants}
    return texts.filled(
        texts.template(template, "formulas"),
        {
            "HEADER": texts.header(template.removesuffix(".txt")).rstrip("\n"),
            "VERSION": f"{texts.VERSION_LINE}{version('sympy')}",
            "PACKAGE": package,
            "NAMES": "\n".join(f'    "{name}",' for name in sorted([*names, *(c.name for c in constants)], key=_case)),
            "CONSTANTS": "\n".join(f'{c.name}: float = {c.value}\n"""{c.source} [{c.units}]."""' for c in constants),
            "FUNCTIONS": "\n\n\n".join(function(formula, values) for formula in formulas),
        },
    )


def function(formula: Formula, values: dict[str, Rational] | None = None) -> str:
    """Return one function; its example shows the exact value, for which ``values`` holds the constants.

    Example
    -------
    >>> from fractions import Fraction
    >>> from sympy import Symbol
    >>> x = Argument(Symbol("x"), "eV", "a length", Fraction(3))
    >>> text = function(Formula("square", "The square", Symbol("y"), "eV^2", (x,), x.symbol**2))
    >>> print("\\n".join([text.splitlines()[0], *text.splitlines()[-2:]]))
    def square(*, x: Array) -> Any:
        _, x = _arrays(x)
        return x**2
    """
    names = [identifier(argument.symbol) for argument in formula.arguments]
    signature = f"def {formula.name}(*, {', '.join(f'{name}: Array' for name in names)}) -> Any:"
    if len(signature) > WIDTH:
        signature = "\n".join(
            [f"def {formula.name}(", "    *,", *(f"    {name}: Array," for name in names), ") -> Any:"]
        )
    body: list[str] = []
    complex_names = [identifier(argument.symbol) for argument in formula.arguments if argument.is_complex]
    if complex_names:
        left = ", ".join(complex_names)
        body.append(f"{left} = _complex(xp, {left})" if len(complex_names) > 1 else f"({left},) = _complex(xp, {left})")
    if any(expression.has(I) for expression in (formula.result, *(d.expression for d in formula.definitions))):
        body.append("i = xp.asarray(1j)")
    condition = formula.condition
    for definition in formula.definitions:
        body += _assigned(definition)
        if condition is not None and definition.symbol == condition.symbol:
            name, above = identifier(condition.symbol), python(condition.above)
            body.append(f"closed = {name} <= {above}")
            body.append(
                f"{name} = xp.where(closed, {python(condition.above + 1)}, {name})  # any open point: it is not returned"
            )
            for symbol, value in condition.inside:
                given_name = identifier(symbol)
                body.append(f"{given_name} = xp.where(closed, {python(value)}, {given_name})")
    if condition is None:
        last = formula.definitions[-1] if formula.definitions else None
        if last is not None and last.symbol == formula.result:
            body[-1] = f"return {body[-1].partition(' = ')[2]}"
        else:
            body += _statement("return ", python(formula.result))
    else:
        body += _statement("value = ", python(formula.result))
        otherwise = "xp.zeros_like(value)" if condition.otherwise == "0" else "xp.full_like(value, xp.nan)"
        body.append(f"return xp.where(closed, {otherwise}, value)")
    given = ", ".join(names)
    xp = "xp" if any("xp" in line for line in body) else "_"
    body[:0] = _taken(f"{xp}, {given}", given)
    docstring = textwrap.indent("\n".join(_docstring(formula, values)), "    ")
    return "\n".join([signature, docstring, *(f"    {line}" for line in body)])


def _taken(names: str, given: str) -> list[str]:
    """Return the statement that makes arrays of the arguments."""
    line = f"{names} = _arrays({given})"
    if len(line) + 4 <= WIDTH:
        return [line]
    left, right = ([f"    {part}" for part in textwrap.wrap(words, WIDTH - 8)] for words in (names, given))
    return ["(", *left, ") = _arrays(", *right, ")"]


def _case(name: str) -> tuple[bool, bool, str]:
    """Sort as isort does: constants, classes, the rest."""
    return not name.isupper(), not name[0].isupper(), name


def _assigned(definition: Definition) -> list[str]:
    name, text = identifier(definition.symbol), python(definition.expression)
    if not definition.two_part:
        return _statement(f"{name} = ", text)
    needed = ", ".join(sorted(map(identifier, definition.expression.free_symbols)))
    return [f"{name} = _two_part(lambda {needed}: {text}, {needed})"]


def _statement(start: str, text: str) -> list[str]:
    if len(start) + len(text) + 4 <= WIDTH:
        return [start + text]
    return [f"{start}(", *wrapped(f"    {text}", WIDTH - 4), ")"]


def _docstring(formula: Formula, values: dict[str, Rational] | None) -> Iterable[str]:
    yield f'"""{formula.title} [{formula.units}].'
    yield ""
    where, notes = formula.condition, list(formula.notes)
    if where is not None:
        held = f"{identifier(where.symbol)} > {python(where.above)}"
        notes.append(f"Holds for {held}; elsewhere the result is {where.otherwise}.")
    if notes:
        yield from _filled(" ".join(notes))
        yield ""
    yield from ("Parameters", "----------")
    for argument in formula.arguments:
        kind = "complex; " if argument.is_complex else ""
        yield f"{identifier(argument.symbol)} : {kind}{argument.doc}{_units(argument)}."
    yield ""
    source = formula.provenance
    if source.steps:
        reason = f": {source.reason}" if source.reason else ""
        see = f" See {'; '.join(source.references)}." if source.references else ""
        yield from _filled(f"Derived in {_steps(source.steps)}{reason}.{see}")
        yield ""
    yield from ("Example", "-------")
    given = ", ".join(f"{identifier(a.symbol)}={_shown(a.example)}" for a in formula.arguments)
    call = f"{formula.name}({given})"
    shown = f'f"{{{call}:.6g}}"'
    yield f">>> {shown}"
    yield repr(_digits(formula.value(values), formula.is_complex))
    yield '"""'


def _filled(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH - 4, break_on_hyphens=False)


def _steps(names: Sequence[str]) -> str:
    word = "step" if len(names) == 1 else "steps"
    return f"{word} {', '.join(names)}"


def _units(argument: Argument) -> str:
    return "" if argument.units == "1" else f" [{argument.units}]"


def _shown(value: Number) -> str:
    if isinstance(value, tuple):
        return repr(complex(float(value[0]), float(value[1]))).strip("()")
    return repr(float(value))


def _digits(value: Expr, is_complex: bool) -> str:
    return f"{complex(value):.6g}" if is_complex else f"{float(value):.6g}"
