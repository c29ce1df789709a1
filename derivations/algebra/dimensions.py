"""Dimensional analysis of SymPy expressions in natural units.

A physical formula carries one mass dimension. :func:`analyse` walks an expression, adds the dimensions of products,
asks the terms of every sum to agree, and names the sum in which they do not. No value, no algebra: it catches a lost
factor of mass by itself, and says which terms disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Abs, Add, Expr, Heaviside, Mul, Number, NumberSymbol, Pow, Rational, Symbol, conjugate, im, re
from sympy.core.numbers import ImaginaryUnit

Dimensions = Mapping[Symbol, Rational | int]


@dataclass(frozen=True)
class Clash:
    """A sum whose terms differ in dimension, or a pure number that is not one.

    Attributes
    ----------
    expression : the inconsistent (sub-)expression.
    terms : pairs (mass dimension, sum of the terms that have it), in rising dimension.
    """

    expression: Expr
    terms: tuple[tuple[Rational, Expr], ...]

    def __str__(self) -> str:
        parts = "; ".join(f"dimension {dimension}: {term}" for dimension, term in self.terms)
        return f"terms of different mass dimension are added: {parts}"


@dataclass(frozen=True)
class DimensionReport:
    """Result of :func:`analyse`.

    Attributes
    ----------
    dimension : mass dimension, ``None`` where a clash leaves it undefined.
    clashes : every inconsistent sub-sum, innermost first.
    """

    dimension: Rational | None
    clashes: tuple[Clash, ...]

    @property
    def consistent(self) -> bool:
        """Whether no clash was found."""
        return not self.clashes


def analyse(expression: Expr, dimensions: Dimensions) -> DimensionReport:
    """Return the mass dimension of an expression and every sum in it whose terms disagree.

    Parameters
    ----------
    expression : any SymPy expression of symbols, numbers, sums, products, powers, ``re``, ``im``, ``Abs``,
        ``conjugate`` and ``Heaviside``.
    dimensions : mass dimension of each symbol (energy 1, length -1, G_F -2, pure numbers 0).

    Raises
    ------
    ValueError : a symbol without a dimension, or an unknown function.

    Example
    -------
    >>> from sympy import symbols
    >>> m, s = symbols("m s")
    >>> report = analyse(s + m, {m: 1, s: 2})
    >>> report.consistent
    False
    >>> print(report.clashes[0])
    terms of different mass dimension are added: dimension 1: m; dimension 2: s
    """
    clashes: list[Clash] = []
    dimension = _dimension(expression, dimensions, clashes)
    return DimensionReport(dimension, tuple(clashes))


def _dimension(expression: Expr, dimensions: Dimensions, clashes: list[Clash]) -> Rational | None:
    match expression:
        case Number() | NumberSymbol() | ImaginaryUnit():
            return Rational(0)
        case Symbol():
            if expression not in dimensions:
                raise ValueError(f"dimensions has no entry for the symbol {expression}")
            return Rational(dimensions[expression])
        case Add():
            return _sum(expression, dimensions, clashes)
        case Mul():
            factors = [_dimension(factor, dimensions, clashes) for factor in expression.args]
            known = [factor for factor in factors if factor is not None]
            return sum(known, Rational(0)) if len(known) == len(factors) else None
        case Pow(base=base, exp=exponent):
            _pure_number(exponent, dimensions, clashes)
            inner = _dimension(base, dimensions, clashes)
            if inner is None or inner == 0:
                return inner
            if not exponent.is_Rational:
                clashes.append(Clash(expression, ((inner, base),)))
                return None
            return inner * exponent
        case re() | im() | Abs() | conjugate():
            return _dimension(expression.args[0], dimensions, clashes)
        case Heaviside():
            _dimension(expression.args[0], dimensions, clashes)
            return Rational(0)
    raise ValueError(f"dimensional analysis does not know the function {expression.func.__name__}")


def _sum(expression: Add, dimensions: Dimensions, clashes: list[Clash]) -> Rational | None:
    groups: dict[Rational, list[Expr]] = {}
    for term in expression.args:
        dimension = _dimension(term, dimensions, clashes)
        if dimension is not None:
            groups.setdefault(dimension, []).append(term)
    if len(groups) > 1:
        clashes.append(Clash(expression, tuple((key, Add(*groups[key])) for key in sorted(groups))))
        return None
    return next(iter(groups), None)


def _pure_number(exponent: Expr, dimensions: Dimensions, clashes: list[Clash]) -> None:
    dimension = _dimension(exponent, dimensions, clashes)
    if dimension not in (None, 0):
        clashes.append(Clash(exponent, ((dimension, exponent),)))
