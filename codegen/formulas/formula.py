"""A formula: one expression with its arguments, the abbreviations that it is written in, and where it comes from.

In: expressions of SymPy. Out: the record that every printer of this room takes. Symbols stand in the expressions by name;
``^`` in a name marks an upper index, as in ``a^L_ij``, and becomes ``_`` where a language has no such names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Expr, I, Rational, Symbol

Number = Fraction | tuple[Fraction, Fraction]
"""An exact example value: a rational number, or the real and the imaginary part of a complex one."""


@dataclass(frozen=True)
class Argument:
    """One argument of a formula: a number, or an array that broadcasts against the others.

    ``example`` is the value that examples and checks take; a pair of numbers makes the argument complex.
    """

    symbol: Symbol
    units: str
    doc: str
    example: Number
    latex: str = ""

    @property
    def is_complex(self) -> bool:
        """Whether the argument may be complex."""
        return isinstance(self.example, tuple)

    @property
    def value(self) -> Expr:
        """The example as an exact number.

        Example
        -------
        >>> Argument(Symbol("a_ij"), "1", "coupling", (Fraction(1, 2), Fraction(-1, 3))).value
        1/2 - I/3
        """
        real, imag = self.example if isinstance(self.example, tuple) else (self.example, Fraction(0))
        return Rational(real.numerator, real.denominator) + I * Rational(imag.numerator, imag.denominator)


@dataclass(frozen=True)
class Definition:
    """An abbreviation. ``two_part`` asks for twice the digits: the expression is a small difference of large numbers."""

    symbol: Symbol
    expression: Expr
    two_part: bool = False
    latex: str = ""


@dataclass(frozen=True)
class Condition:
    """The formula holds where ``symbol > above``; elsewhere its value is ``otherwise``, ``"0"`` or ``"nan"``.

    ``inside`` are arguments with numbers that keep what follows finite there, where arrays are evaluated before the choice.
    """

    symbol: Symbol
    above: Expr
    otherwise: str = "0"
    inside: tuple[tuple[Symbol, Expr], ...] = ()


@dataclass(frozen=True)
class Provenance:
    """Where a formula comes from: the derivation's steps by name, and the equations of the sources."""

    steps: tuple[str, ...]
    references: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Formula:
    """One quantity as an exact expression.

    Attributes
    ----------
    name : an identifier, the name of the printed function.
    title : what it is, in one sentence without a full stop.
    symbol : how the quantity is called in formulas.
    units : of the result.
    arguments : in the order of the printed function.
    constants : symbols that are constants of nature.
    definitions : abbreviations; each may use those before it.
    result : the expression.
    condition : where it holds; ``None`` everywhere.
    provenance : steps, equations and sources.
    notes : what a user must know about conventions, in sentences.

    Raises
    ------
    ValueError : a symbol that is neither argument, constant nor defined before it is used, or two of one printed name.

    Example
    -------
    >>> x, y = Symbol("x"), Symbol("y")
    >>> square = Formula("square", "The square", y, "eV^2", (Argument(x, "eV", "a length", Fraction(3)),), x**2)
    >>> square.value(digits=3)
    9.00
    """

    name: str
    title: str
    symbol: Symbol
    units: str
    arguments: tuple[Argument, ...]
    result: Expr
    constants: tuple[Symbol, ...] = ()
    definitions: tuple[Definition, ...] = ()
    condition: Condition | None = None
    provenance: Provenance = Provenance(())
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = [*(argument.symbol for argument in self.arguments), *self.constants]
        for symbol, expression in self._lines():
            unknown = sorted(free.name for free in expression.free_symbols - set(known))
            if unknown:
                raise ValueError(f"formula {self.name!r}: {unknown[0]!r} is not defined where it is used")
            if symbol is not None:
                known.append(symbol)
        names = [identifier(symbol) for symbol in known]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"formula {self.name!r}: two symbols are printed as {repeated[0]!r}")

    def _lines(self) -> Iterator[tuple[Symbol | None, Expr]]:
        for definition in self.definitions:
            yield definition.symbol, definition.expression
        if self.condition is not None:
            yield None, self.condition.symbol - self.condition.above
        yield None, self.result

    @property
    def is_complex(self) -> bool:
        """Whether the result is a complex number."""
        return bool(self.result.has(I))

    @property
    def expression(self) -> Expr:
        """The result in arguments and constants alone: every abbreviation written out."""
        return self.written_out(self.result)

    def written_out(self, expression: Expr) -> Expr:
        """Return an expression with every abbreviation of this formula written out."""
        for definition in reversed(self.definitions):
            expression = expression.xreplace({definition.symbol: definition.expression})
        return expression

    def value(self, constants: Mapping[str, Any] | None = None, digits: int = 30) -> Expr:
        """Return the value at the examples of the arguments, with so many digits; ``constants`` by name."""
        values = {argument.symbol: argument.value for argument in self.arguments}
        values |= {symbol: (constants or {})[symbol.name] for symbol in self.constants}
        for definition in self.definitions:
            values[definition.symbol] = definition.expression.xreplace(values).evalf(digits)
        if self.condition is not None and not (
            (self.condition.symbol - self.condition.above).xreplace(values).evalf(digits) > 0
        ):
            return Rational(0)
        return self.result.xreplace(values).evalf(digits)


def identifier(symbol: Symbol) -> str:
    """Return how a symbol is called in a program.

    Example
    -------
    >>> identifier(Symbol("a^L_ij"))
    'a_L_ij'
    """
    return re.sub(r"\W", "_", str(symbol.name))
