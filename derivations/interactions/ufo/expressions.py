"""Expression strings of a UFO model, as numbers of any precision.

In: trees of expressions and the names of parameters. Out: mpmath numbers. The grammar is arithmetic, comparisons in
conditions, the functions of ``cmath`` and those of ``function_library``; nothing else is read, and nothing is executed.
Every number is bounded in size, so that no power runs away.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from derivations.interactions.language import GaussianRational
from derivations.interactions.ufo.declarations import Place, exact, parse_expression, shown, written_number

Number = Any
"""A real or complex number of mpmath."""
Context = Any
"""An arithmetic of mpmath."""

MAX_NODES: Final = 20_000
MAX_SIZE: Final = 5_000
"""Powers of ten within which every number stays."""
MAX_ARGUMENT: Final = 10_000
"""Largest argument of an exponential or a periodic function."""

_MODULES: Final = ("cmath", "math")
CONSTANTS: Final[Mapping[str, Callable[[Context], Number]]] = {"pi": lambda m: +m.pi, "e": lambda m: +m.e}
"""Constants of ``cmath``; ``pi`` may stand alone as well."""


def _power(m: Context, a: Number, b: Number) -> Number:
    if a and abs(b) * abs(m.log10(abs(a))) > MAX_SIZE:
        raise OverflowError
    if not a and m.re(b) < 0:
        raise ZeroDivisionError
    return m.power(a, b)


_PLAIN: Final = (
    *("sqrt", "exp", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    *("log10", "atan2"),
)
FUNCTIONS: Final[Mapping[str, tuple[tuple[int, ...], Callable[..., Number]]]] = {
    **{name: ((2 if name == "atan2" else 1,), lambda m, *z, _name=name: getattr(m, _name)(*z)) for name in _PLAIN},
    "log": ((1, 2), lambda m, z, *base: m.log(z) / m.log(base[0]) if base else m.log(z)),
    "abs": ((1,), lambda m, z: abs(z)),
    "fabs": ((1,), lambda m, z: abs(z)),
    "re": ((1,), lambda m, z: m.re(z)),
    "im": ((1,), lambda m, z: m.im(z)),
    "complexconjugate": ((1,), lambda m, z: m.conj(z)),
    "complex": ((1, 2), lambda m, a, b=0: m.mpc(a) + m.mpc(0, 1) * b),
    "pow": ((2,), _power),
    "sec": ((1,), lambda m, z: 1 / m.cos(z)),
    "csc": ((1,), lambda m, z: 1 / m.sin(z)),
    "cot": ((1,), lambda m, z: 1 / m.tan(z)),
    "asec": ((1,), lambda m, z: m.acos(1 / z)),
    "acsc": ((1,), lambda m, z: m.asin(1 / z)),
    "acot": ((1,), lambda m, z: m.atan(1 / z)),
    "theta_function": ((3,), lambda m, x, y, z: y if x else z),
    "cond": ((3,), lambda m, x, y, z: z if x else y),
    "reglog": ((1,), lambda m, z: m.log(z) if z else m.mpf(0)),
}
"""Functions by name: the numbers of arguments that they take, and what they are."""

_BOUNDED: Final = ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sec", "csc", "cot")

_PARTS: Final[Mapping[str, Callable[[Context, Number], Number]]] = {
    "real": lambda m, z: m.re(z),
    "imag": lambda m, z: m.im(z),
}
_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[Number, Number], bool]]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}


@dataclass(frozen=True)
class Expression:
    """A checked expression: its tree and the number of its parts, its text, the parameters that it names and functions that
    only its model knows.
    """

    tree: ast.expr
    size: int
    text: str
    names: frozenset[str]
    private: frozenset[str]
    place: Place


def read_expression(node: ast.expr, place: Place, declared: frozenset[str]) -> Expression:
    """Return the expression that a field holds, as a string or as code.

    Parameters
    ----------
    node : the field.
    declared : functions that the model's own ``function_library`` declares; they are noted, not known.

    Raises
    ------
    UfoError : it is no expression of the grammar.

    Example
    -------
    >>> found = read_expression(ast.Constant("2*cmath.sqrt(aEW)*cmath.pi"), Place("parameters.py", 3), frozenset())
    >>> sorted(found.names)
    ['aEW']
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = " ".join(node.value.split())
        node = parse_expression(text, place)
    else:
        number = exact(node)
        text = "an expression" if number is None else str(number)
    names, private = set(), set()
    size = 0
    for part in _parts(node, place):
        size += 1
        if size > MAX_NODES:
            place.fail("an expression that is too long", f"at most {MAX_NODES} parts")
        match part:
            case ast.Name(id=name) if name != "pi":
                names.add(name)
            case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
                if name not in declared or name in dir(builtins):
                    place.fail(f"the function {name[:40]!r}", f"the functions {', '.join(FUNCTIONS)}")
                private.add(name)
    return Expression(node, size, text, frozenset(names), frozenset(private), place)


def _parts(node: ast.expr, place: Place) -> Iterator[ast.expr]:
    """Yield every part of an expression that is a value; refuse all others."""
    waiting: list[ast.expr] = [node]
    while waiting:
        part = waiting.pop()
        yield part
        match part:
            case ast.Constant() if written_number(part) is not None:
                pass
            case ast.Name():
                pass
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow(), right=right):
                waiting += (left, right)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=operand):
                waiting.append(operand)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in _MODULES and name in CONSTANTS:
                pass
            case ast.Attribute(value=value, attr=name) if name in _PARTS:
                waiting.append(value)
            case ast.Call(func=ast.Attribute(value=value, attr="conjugate"), args=[], keywords=[]):
                waiting.append(value)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name), args=given, keywords=[]) if (
                module in _MODULES and name in FUNCTIONS
            ):
                _check_arguments(name, given, place)
                waiting += given
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
                if name in FUNCTIONS:
                    _check_arguments(name, given, place)
                waiting += given
            case ast.IfExp(test=test, body=body, orelse=other):
                waiting += (test, body, other)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                waiting += (left, right)
            case ast.BoolOp(values=values):
                waiting += values
            case _:
                place.fail(f"{shown(part)} in an expression", f"arithmetic and the functions {', '.join(FUNCTIONS)}")


def _check_arguments(name: str, given: list[ast.expr], place: Place) -> None:
    counts = FUNCTIONS[name][0]
    if len(given) not in counts:
        place.fail(f"{name!r} with {len(given)} arguments", " or ".join(map(str, counts)))


def evaluate(expression: Expression, values: Mapping[str, Number], m: Context) -> Number:
    """Return the number of an expression in the arithmetic ``m``; all its names must have values.

    Raises
    ------
    UfoError : a division by zero, a number that is too large or too small, or a function that only the model knows.

    Example
    -------
    >>> import mpmath
    >>> text = ast.Constant("2*cmath.sqrt(aEW)")
    >>> float(evaluate(read_expression(text, Place("f", 1), frozenset()), {"aEW": mpmath.mpf(9)}, mpmath.mp))
    6.0
    """
    place = expression.place
    if expression.private:
        name = sorted(expression.private)[0]
        place.fail(f"the private function {name[:40]!r} of this model", f"the functions {', '.join(FUNCTIONS)}")
    try:
        return _evaluated(expression.tree, values, m, place)
    except ZeroDivisionError:
        place.fail(f"a division by zero in {_short(expression.text)}", "a finite number")
    except RecursionError:
        place.fail("an expression that is nested too deeply", "a shorter one")
    except (ValueError, TypeError, OverflowError) as error:
        if isinstance(error, ValueError) and type(error) is not ValueError:
            raise
        place.fail(f"{_short(expression.text)}, which has no value", "a finite number")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}...")


def _evaluated(node: ast.expr, values: Mapping[str, Number], m: Context, place: Place) -> Number:
    def value(part: ast.expr) -> Number:
        return _evaluated(part, values, m, place)

    match node:
        case ast.Constant() if (number := written_number(node)) is not None:
            return exact_number(number, m)
        case ast.Name(id=name):
            return values[name] if name in values else CONSTANTS[name](m)
        case ast.BinOp(left=left, op=op, right=right):
            result = _operated(op, value(left), value(right), m)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not value(operand)
        case ast.UnaryOp(op=op, operand=operand):
            return -value(operand) if isinstance(op, ast.USub) else value(operand)
        case ast.Call(func=ast.Attribute(value=inner, attr="conjugate")):
            return m.conj(value(inner))
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=given):
            numbers = [value(part) for part in given]
            if name in _BOUNDED and abs(numbers[0]) > MAX_ARGUMENT:
                place.fail(f"an argument of {name!r} beyond {MAX_ARGUMENT}", "a smaller one")
            result = FUNCTIONS[name][1](m, *numbers)
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in _MODULES:
            return CONSTANTS[name](m)
        case ast.Attribute(value=inner, attr=name):
            return _PARTS[name](m, value(inner))
        case ast.IfExp(test=test, body=body, orelse=other):
            return value(body) if value(test) else value(other)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _COMPARISONS[type(op)](_real(value(left), m), _real(value(right), m))
        case ast.BoolOp(op=op, values=parts):
            return (all if isinstance(op, ast.And) else any)(value(part) for part in parts)
        case _:
            raise AssertionError(node)
    return _bounded(result, m, place)


def exact_number(number: GaussianRational, m: Context) -> Number:
    """Return an exact number in the arithmetic ``m``."""
    real = m.mpf(number.real.numerator) / number.real.denominator
    return m.mpc(real, m.mpf(number.imag.numerator) / number.imag.denominator) if number.imag else real


def _operated(op: ast.operator, a: Number, b: Number, m: Context) -> Number:
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div():
            return a / b
    return _power(m, a, b)


def _real(z: Number, m: Context) -> Number:
    return z.real if isinstance(z, m.mpc) and not z.imag else z


def _bounded(z: Number, m: Context, place: Place) -> Number:
    size = abs(z)
    if not m.isfinite(size) or (size and abs(m.mag(size)) > MAX_SIZE * 3.33):
        too_large(place)
    return z


def too_large(place: Place) -> NoReturn:
    """Refuse a number beyond all bounds."""
    place.fail("a number without bounds", f"finite numbers between 1e-{MAX_SIZE} and 1e{MAX_SIZE}")
