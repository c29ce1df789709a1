"""Formulas and SymPy expressions: SymPy is read symbol by symbol and number by number, and never evaluates a text."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from sympy import (
    Abs,
    Add,
    Expr,
    Heaviside,
    Integer,
    Mul,
    Pow,
    Rational,
    Symbol,
    conjugate,
    im,
    re,
)
from sympy import I as IMAGINARY
from sympy import (
    Number as SymPyNumber,
)
from sympy import pi as PI
from sympy import sqrt as square_root

from derivations.written.nodes import (
    Call,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    bounded,
    product,
    total,
)

_CALLS: Final[dict[str, Any]] = {"Re": re, "Im": im, "conj": conjugate, "abs": Abs, "theta": Heaviside}


def to_sympy(node: Node) -> tuple[Expr, dict[str, Symbol]]:
    """Return a formula as a SymPy expression of plain symbols, with the symbols by name.

    Example
    -------
    >>> from derivations.written.text import parse_text
    >>> to_sympy(parse_text("s/2 + t"))[0]
    s/2 + t
    """
    symbols: dict[str, Symbol] = {}
    return _expression(node, symbols), symbols


def _expression(node: Node, symbols: dict[str, Symbol]) -> Expr:
    match node:
        case Number(value):
            return Rational(value.numerator, value.denominator)
        case Name("pi"):
            return PI
        case Name("i"):
            return IMAGINARY
        case Name(text):
            return symbols.setdefault(text, Symbol(text))
        case Negative(inner):
            return -_expression(inner, symbols)
        case Sum(terms):
            return Add(*(_expression(term, symbols) for term in terms))
        case Product(factors):
            return Mul(*(_expression(factor, symbols) for factor in factors))
        case Quotient(top, bottom):
            return _expression(top, symbols) / _expression(bottom, symbols)
        case Power(base, exponent):
            return Pow(_expression(base, symbols), Rational(exponent.numerator, exponent.denominator))
        case Call("sqrt", argument):
            return square_root(_expression(argument, symbols))
        case Call(function, argument):
            # SymPy would take sums and products apart; what is printed in a report is what was given.
            return _CALLS[function](_expression(argument, symbols), evaluate=False)
    raise TypeError(f"no formula: {type(node).__name__}")


def from_sympy(expression: Expr) -> Node:
    """Return a SymPy expression as a formula.

    Raises
    ------
    ValueError : a function, a power or a number that the language has not; one line.

    Example
    -------
    >>> from sympy import symbols, re
    >>> from derivations.written.text import text_of
    >>> a, m_i = symbols("a_ij m_i")
    >>> text_of(from_sympy(re(a * m_i) / m_i))
    'Re(a_ij*m_i)/m_i'
    """
    return bounded(_node(expression))


def _node(expression: Any) -> Node:
    match expression:
        case SymPyNumber() if expression.is_Rational:
            return Number(Fraction(int(expression.p), int(expression.q)))
        case Symbol():
            return Name(expression.name)
        case Add():
            return total([_signed(term) for term in expression.as_ordered_terms()])
        case Mul():
            return _product(expression)
        case Pow(base=base, exp=exponent) if exponent.is_Rational and (2 * exponent).is_Integer:
            value = Fraction(int(exponent.p), int(exponent.q))
            if value < 0:
                return Quotient(Number(Fraction(1)), _node(base**-exponent))
            return Call("sqrt", _node(base)) if value == Fraction(1, 2) else Power(_node(base), value)
        case re() | im() | conjugate() | Abs() | Heaviside():
            name = next(name for name, function in _CALLS.items() if isinstance(expression, function))
            return Call(name, _node(expression.args[0]))
    if expression == PI:
        return Name("pi")
    if expression == IMAGINARY:
        return Name("i")
    raise ValueError(
        f"formula: found {str(expression)[:60]!r}, allowed symbols, exact numbers, + * **, re, im, conjugate, Abs, Heaviside"
    )


def _signed(term: Any) -> Node:
    return Negative(_node(-term)) if term.could_extract_minus_sign() else _node(term)


def _product(expression: Any) -> Node:
    if expression.could_extract_minus_sign():
        return Negative(_node(-expression))
    top, bottom = expression.as_numer_denom()
    if bottom == Integer(1):
        return product([_node(factor) for factor in expression.as_ordered_factors()])
    return Quotient(_node(top), _node(bottom))
