"""The value of a formula in any arithmetic: exact rational functions, residues modulo a prime, floating point.

An arithmetic (:class:`Domain`) brings numbers, the imaginary unit and square roots; its values add, multiply, divide and
conjugate with Python's operators. The names of a formula are looked up in a mapping, so that nothing in it is ever executed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Protocol

from derivations.written.nodes import Call, Name, Negative, Node, Number, Power, Product, Quotient, Sum
from derivations.written.text import text_of

Value = Any
"""A value of some arithmetic."""


class Undecided(Exception):  # noqa: N818
    """The question is too large for the limits on time and size, or outside what is decided exactly; says why."""


class VanishingDivisorError(ValueError):
    """A divisor that vanishes everywhere."""

    def __init__(self, node: Node) -> None:
        super().__init__(text_of(node))
        self.node = node


class Domain(Protocol):
    """An arithmetic."""

    def number(self, value: Fraction) -> Value:
        """Return an exact number."""

    @property
    def imaginary(self) -> Value:
        """The imaginary unit."""

    def root(self, value: Value) -> Value:
        """Return the positive square root of a positive value; raise :class:`Undecided` without one."""

    def step(self, node: Node, names: Mapping[str, Value]) -> Value:
        """Return the step function of an argument in an open channel; raise :class:`Undecided` where it is not one number."""


def value(node: Node, names: Mapping[str, Value], domain: Domain, known: Mapping[int, Value] | None = None) -> Value:
    """Return the value of a formula.

    Parameters
    ----------
    node : the formula.
    names : the value of every name in it.
    domain : the arithmetic.
    known : values of nodes that were found before, by identity.

    Raises
    ------
    VanishingDivisorError : a divisor vanishes.
    Undecided : a root or a step without a value.
    """
    if known is not None and id(node) in known:
        return known[id(node)]

    def of(inner: Node) -> Value:
        return value(inner, names, domain, known)

    match node:
        case Number(number):
            return domain.number(number)
        case Name(text):
            return names[text]
        case Negative(inner):
            return -of(inner)
        case Sum(terms):
            result = of(terms[0])
            for term in terms[1:]:
                result = result - of(term.inner) if isinstance(term, Negative) else result + of(term)
            return result
        case Product(factors):
            result = of(factors[0])
            for factor in factors[1:]:
                result = result * of(factor)
            return result
        case Quotient(top, bottom):
            return of(top) * _reciprocal(bottom, of)
        case Power(Call("abs", argument), exponent) if (exponent / 2).denominator == 1:
            inner = of(argument)
            return _power(inner * inner.conjugate(), exponent / 2, node, domain)
        case Power(base, exponent):
            return _power(of(base), exponent, node, domain)
        case Call("theta", argument):
            return domain.step(argument, names)
        case Call(function, argument):
            return _function(function, of(argument), domain)
    raise TypeError(f"no formula: {type(node).__name__}")


def _reciprocal(node: Node, of: Callable[[Node], Value]) -> Value:
    """Return one over a node, factor by factor: what is written as a product stays one."""
    match node:
        case Product(factors):
            result = _reciprocal(factors[0], of)
            for factor in factors[1:]:
                result = result * _reciprocal(factor, of)
            return result
        case Power(base, exponent) if exponent > 0 and exponent.denominator == 1 and not isinstance(base, Call):
            one = result = _reciprocal(base, of)
            for _ in range(exponent.numerator - 1):
                result = result * one
            return result
    return _inverse(of(node), node)


def _inverse(divisor: Value, node: Node) -> Value:
    try:
        return 1 / divisor
    except ZeroDivisionError:
        raise VanishingDivisorError(node) from None


def _power(base: Value, exponent: Fraction, node: Node, domain: Domain) -> Value:
    if exponent.denominator == 2:
        base, exponent = domain.root(base), exponent * 2
    result = domain.number(Fraction(1))
    for _ in range(abs(exponent.numerator)):
        result = result * base
    return _inverse(result, node) if exponent < 0 else result


def _function(function: str, argument: Value, domain: Domain) -> Value:
    if function == "conj":
        return argument.conjugate()
    if function == "Re":
        return (argument + argument.conjugate()) * domain.number(Fraction(1, 2))
    if function == "Im":
        return (argument.conjugate() - argument) * domain.imaginary * domain.number(Fraction(1, 2))
    if function == "abs":
        return domain.root(argument * argument.conjugate())
    return domain.root(argument)
