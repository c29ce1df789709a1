"""What was found, in words: factors, products, calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.ledger.check.vocabulary import Symbol
from renp.testing.black_box.products import Coefficient, Leg
from renp.testing.black_box.questions import SPECTRUM, Question

__all__ = [
    "call_in_words",
    "closed_in_part",
    "common_factor",
    "coupling_word",
    "factor_in_words",
    "in_words",
    "legs_with_constants",
    "other_conjugate",
    "other_part",
    "value_in_words",
]  # fmt: skip


def coupling_word(question: Question, symbol: Symbol) -> str:
    """Return how reports call a coupling."""
    if question.quantity != SPECTRUM:
        return symbol.elements[0]
    return (
        symbol.coupling
        if symbol.interaction == question.known.interactions[0].name
        else f"{symbol.interaction}.{symbol.coupling}"
    )


def legs_with_constants(part: Coefficient) -> list[Leg]:
    """Return the legs of a product that constants stand with: all but the contact term that sets the scale."""
    return [leg for leg in part.legs if leg.electron is not None or leg.matrix.dimension or leg.matrix.name != "a"]


def closed_in_part(parts: Sequence[Coefficient], limit: float) -> bool:
    """Return whether a coefficient is right at some photon energies and exactly zero at all others."""
    zero = [(part.computed == 0) & (np.abs(part.derived) > limit * part.size) for part in parts]
    right = [np.abs(part.computed - part.derived) <= limit * part.size for part in parts]
    return all(np.all(a | b) for a, b in zip(zero, right, strict=True))


def in_words(parts: Sequence[Coefficient], factor: float | None, limit: float) -> str:
    """Return what is wrong with a coefficient."""
    if factor is not None:
        return "missing" if factor == 0 else f"off by a factor {factor_in_words(factor)}"
    if all(np.all(np.abs(part.derived) <= limit * part.size) for part in parts):
        return "there is none, and it has one"
    part = max(parts, key=lambda one: one.deviation)
    k = int(np.argmax(np.abs(part.computed - part.derived) / part.size))
    ratio = part.computed[k] / part.derived[k] if part.derived[k] else np.inf
    return f"wrong, by factors {_span(parts)}" if np.isfinite(ratio) else "wrong"


def _span(parts: Sequence[Coefficient]) -> str:
    ratios = [
        float(a / b)
        for part in parts
        for a, b, size in zip(part.computed, part.derived, part.size, strict=True)
        if abs(b) > 1e-6 * size
    ]
    low, high = (f"{ratio:.4g}" for ratio in (min(ratios), max(ratios)))
    return f"from {low} to {high}" if low != high else f"near {low}"


def common_factor(
    sides: Sequence[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]],
) -> float | None:
    """Return computed over derived where that is one number, 0 where nothing was computed."""
    ratios = []
    for computed, derived, size in sides:
        for a, b, c in zip(computed, derived, size, strict=True):
            if abs(b) > 1e-7 * c:
                ratios.append((float(a / b), 1e-13 * float(c / abs(b))))
            elif abs(a) > 1e-6 * c:
                return None
    if not ratios:
        return None
    middle = float(np.median([ratio for ratio, _ in ratios]))
    if any(abs(ratio - middle) > 1e-7 * max(abs(middle), 1e-3) + 100 * error for ratio, error in ratios):
        return None
    return 0.0 if abs(middle) < 1e-7 else middle


def factor_in_words(value: float) -> str:
    """Return a number as a fraction or a root where it is one.

    Example
    -------
    >>> factor_in_words(-2.0), factor_in_words(0.7071067811865476), factor_in_words(1.234)
    ('-2', 'sqrt(2)/2', '1.234')
    """
    if 1e-9 < abs(abs(value) - 1) < 1e-3:
        return f"{'-' if value < 0 else ''}(1 {abs(value) - 1:+.1e})"
    for root, name in ((1.0, ""), (sqrt(2), "sqrt(2)"), (pi, "pi")):
        for power in (1, -1):
            fraction = Fraction(value / root**power).limit_denominator(64)
            if fraction and abs(float(fraction) * root**power / value - 1) < 1e-7 and abs(fraction.numerator) <= 64:
                if not name:
                    return str(fraction)
                top, bottom = fraction.numerator, fraction.denominator
                if power > 0:
                    above = name if abs(top) == 1 else f"{abs(top)} {name}"
                    return f"{'-' if top < 0 else ''}{above}{f'/{bottom}' if bottom != 1 else ''}"
                below = name if bottom == 1 else f"({bottom} {name})"
                return f"{top}/{below}"
    return f"{value:.8g}"


def other_part(coupling: str) -> str:
    """Return a product with Re and Im exchanged."""
    return coupling.replace("Re(", "Im(") if "Re(" in coupling else coupling.replace("Im(", "Re(")


def other_conjugate(coupling: str) -> str:
    """Return a product of two couplings with one of them conjugated, or no longer so."""
    head, bracket, inner = coupling.partition("(")
    inner = inner.removesuffix(")")
    if " conj(" in inner:
        return f"{head}{bracket}{inner.replace(' conj(', ' ').replace(')', '')})"
    first, _, second = inner.partition(" ")
    return f"{head}{bracket}{first} conj({second}))" if second else coupling


def call_in_words(arguments: Mapping[str, Any]) -> str:
    """Return the numbers of a call; matrices and groups are left out."""
    parts = []
    for name, value in arguments.items():
        if isinstance(value, Mapping) or np.ndim(value) > 1:
            continue
        parts.append(f"{name}={value_in_words(value)}")
    return f"at {', '.join(parts)}"


def value_in_words(value: Any) -> str:
    """Return a value with as many digits as are needed to call a function with it."""
    if np.ndim(value) > 1:
        return f"{' x '.join(map(str, np.shape(value)))} numbers"
    if np.ndim(value) == 1:
        if np.size(value) > 1:
            return f"[{', '.join(f'{float(x):.6g}' for x in value)}]"
        return f"{float(np.ravel(value)[0]):.15g}"
    if isinstance(value, complex):
        return f"{value:.6g}"
    return f"{value:.15g}" if isinstance(value, float) else repr(value)
