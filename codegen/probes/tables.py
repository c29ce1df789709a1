"""Tables of cross sections and widths in memory: expressions become functions by walking them, nothing is executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Add, Expr, Integer, Mul, Pow, Symbol

from codegen.formulas.formula import Formula
from codegen.probes.record import BosonRecord, Decay, Scattering
from renp_generated.runtime.boson import BosonTables, HelicityTerm
from renp_generated.runtime.decays import DecayTables
from renp_generated.runtime.scattering import ScatteringTables, Structure, Structures, Term


def scattering_tables(record: Scattering, constants: Mapping[str, float]) -> ScatteringTables:
    """Return the tables of a record, with the values of the constants by name."""
    return ScatteringTables(
        record.name,
        record.spins,
        constants,
        record.rows,
        tuple(Term(**vars(term)) for term in record.terms),
        function(record.edges),
        structures(record, "summed", {s.formula.name: function(s.formula) for s in record.structures}),
        structures(record, "polarised", {s.formula.name: function(s.formula) for s in record.structures}),
    )


def decay_tables(record: Decay, constants: Mapping[str, float]) -> DecayTables:
    """Return the tables of a decay, with the values of the constants by name."""
    functions = {s.formula.name: function(s.formula) for s in record.structures}
    return DecayTables(
        record.name,
        constants,
        record.rows,
        tuple(Term(**vars(term)) for term in record.terms),
        record.denominator,
        record.power,
        structures(record, "summed", functions),
        structures(record, "polarised", functions),
        record.unconserved,
    )


def boson_tables(record: BosonRecord) -> BosonTables:
    """Return the tables of the line of one boson."""
    terms = {step: tuple(HelicityTerm(**vars(term)) for term in terms) for step, terms in record.terms.items()}
    return BosonTables(record.group, record.couplings, terms)


def structures(record: Scattering | Decay, tensor: str, functions: Mapping[str, Any]) -> Structures:
    """Return the entries of one Gram matrix: ``{(n, m): (real part, imaginary part)}``, what is absent is ``None``."""
    result: dict[tuple[int, int], tuple[Any, Any]] = {}
    for s in record.structures:
        if s.tensor == tensor:
            real, imaginary = result.get((s.n, s.m), (None, None))
            made = functions[s.formula.name]
            result[s.n, s.m] = (real, made) if s.imaginary else (made, imaginary)
    return result


def function(formula: Formula) -> Structure:
    """Return a polynomial formula as a function of its arguments, in any arithmetic.

    Example
    -------
    >>> from fractions import Fraction
    >>> from codegen.formulas.formula import Argument
    >>> x = Argument(Symbol("x"), "eV", "a length", Fraction(3))
    >>> function(Formula("cube", "The cube", Symbol("y"), "eV^3", (x,), 2 * x.symbol**3))(Fraction(1, 2))
    Fraction(1, 4)
    """
    walked = _walked(formula.expression, [argument.symbol for argument in formula.arguments])
    return lambda *values: walked(values)


def _walked(expression: Expr, symbols: list[Symbol]) -> Callable[[tuple[Any, ...]], Any]:
    if isinstance(expression, Integer):
        number = int(expression)
        return lambda values: number
    if isinstance(expression, Symbol):
        place = symbols.index(expression)
        return lambda values: values[place]
    if isinstance(expression, Pow) and isinstance(expression.exp, Integer) and expression.exp > 0:
        base, power = _walked(expression.base, symbols), int(expression.exp)
        return lambda values: base(values) ** power
    if isinstance(expression, Add | Mul):
        parts = [_walked(part, symbols) for part in expression.args]
        if isinstance(expression, Add):
            return lambda values: _folded(lambda a, b: a + b, [part(values) for part in parts])
        return lambda values: _folded(lambda a, b: a * b, [part(values) for part in parts])
    raise ValueError(f"no polynomial with whole coefficients: {expression}")


def _folded(operation: Callable[[Any, Any], Any], values: list[Any]) -> Any:
    first, *rest = values
    for value in rest:
        first = operation(first, value)
    return first
