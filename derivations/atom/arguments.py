"""Checked arguments of the atomic tensor: what a user gives in, exact SymPy out.

Every function raises ``ValueError`` or ``TypeError`` with one line that names the argument, the value and what is
allowed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from numbers import Complex, Integral, Rational, Real
from typing import Any

import sympy as sp


def require_vector_steps(J_e: Fraction, J_v: Fraction, J_g: Fraction) -> None:
    """Raise ``ValueError`` unless both steps of the chain can be made by a vector operator (E1 or M1).

    Example
    -------
    >>> require_vector_steps(Fraction(0), Fraction(1), Fraction(0))
    """
    if len({value.denominator for value in (J_e, J_v, J_g)}) > 1:
        raise ValueError(
            f"J_e, J_v, J_g = {J_e}, {J_v}, {J_g} is not allowed: a chain must be all integer or all half-integer"
        )
    for start, end, names in ((J_e, J_v, "J_e -> J_v"), (J_v, J_g, "J_v -> J_g")):
        if abs(start - end) > 1:
            raise ValueError(
                f"{names} = {start} -> {end} is not allowed: an E1 or M1 step changes J by 0 or 1 (triangle rule)"
            )
        if start == end == 0:
            raise ValueError(f"{names} = 0 -> 0 is not allowed: an E1 or M1 step needs J > 0 on one side (no 0 -> 0)")


def transverse(polarisation: Any) -> tuple[sp.Expr, sp.Expr]:
    """Return the x and y components of a polarisation orthogonal to z, exact; raise as :func:`atomic_tensor`.

    Example
    -------
    >>> transverse((1, 0.5j, 0))
    (1, I/2)
    """
    if isinstance(polarisation, str | bytes) or not isinstance(polarisation, Iterable):
        raise TypeError(f"polarisation = {polarisation!r} is not allowed: it must be a Cartesian 3-vector (x, y, 0)")
    entries = list(polarisation)
    shape = getattr(polarisation, "shape", (len(entries),))
    if len(entries) != 3 or tuple(shape) not in {(3,), (3, 1), (1, 3)}:
        raise ValueError(
            f"polarisation has shape {tuple(shape)}, which is not allowed: it must be a 3-vector (x, y, 0)"
        )
    x, y, z = (exact_entry(entry, f"polarisation[{index}]") for index, entry in enumerate(entries))
    if not is_zero(z):
        raise ValueError(
            f"polarisation[2] = {z} is not allowed: the polarisation must be orthogonal to z, so it must be 0"
        )
    if is_zero(x) and is_zero(y):
        raise ValueError("polarisation = (0, 0, 0) is not allowed: it must have a non-zero x or y component")
    return x, y


def exact_entry(entry: Any, name: str) -> sp.Expr:
    """Return a number or a SymPy expression without floats; raise ``TypeError`` or ``ValueError`` that names it.

    Example
    -------
    >>> exact_entry(0.5 + 0.25j, "entry")
    1/2 + I/4
    """
    if isinstance(entry, bool | str | bytes) or entry is None:
        raise TypeError(f"{name} = {entry!r} is not allowed: it must be a number or a SymPy expression")
    if isinstance(entry, sp.Expr):
        if entry.has(sp.nan, sp.oo, -sp.oo, sp.zoo):
            raise ValueError(f"{name} = {entry} is not allowed: it must be finite")
        return entry.xreplace({number: sp.Rational(number) for number in entry.atoms(sp.Float)})
    if isinstance(entry, Integral):
        return sp.Integer(int(entry))
    if isinstance(entry, Rational):
        return sp.Rational(int(entry.numerator), int(entry.denominator))
    if isinstance(entry, Real):
        return _exact_float(float(entry), name)
    if isinstance(entry, Complex):
        value = complex(entry)
        return _exact_float(value.real, name) + sp.I * _exact_float(value.imag, name)
    raise TypeError(f"{name} = {entry!r} is not allowed: it must be a number or a SymPy expression")


def _exact_float(value: float, name: str) -> sp.Rational:
    if not math.isfinite(value):
        raise ValueError(f"{name} = {value} is not allowed: it must be finite")
    exact = Fraction(value)
    return sp.Rational(exact.numerator, exact.denominator)


def is_zero(expression: sp.Expr) -> bool:
    """Return whether an exact expression vanishes.

    Example
    -------
    >>> is_zero(sp.sqrt(8) - 2 * sp.sqrt(2))
    True
    """
    known = expression.is_zero
    return bool(expression.equals(0)) if known is None else bool(known)


def tidy(expression: sp.Expr) -> sp.Expr:
    """Return an exact expression in a short form, with rational denominators where it is a number.

    Example
    -------
    >>> tidy(1 / sp.sqrt(2))
    sqrt(2)/2
    """
    expanded = sp.expand(expression)
    return sp.trigsimp(expanded) if expanded.free_symbols else sp.radsimp(expanded)
