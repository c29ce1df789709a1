"""How exact expressions are written in derivation steps, as plain text and as LaTeX.

In: polynomials of ``derivations.algebra.ring`` and names of couplings. Out: strings. One place decides the symbols, so that the
text of ``renp derive`` and the pages of the book agree: ``qz`` prints as q_z, ``d`` and ``M`` as ``m_i - m_j`` and
``m_i + m_j`` (``m_-`` and ``m_+`` in LaTeX); ``P`` stays ``P = m_i m_j``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sympy import Poly, Symbol, factor_list, sympify
from sympy import latex as sympy_latex

from derivations.algebra.ring import Poly as RingPoly
from derivations.algebra.ring import imaginary_part, real_part

_TEXT = {"qz": "q_z", "d": "(m_i-m_j)", "M": "(m_i+m_j)"}
_LATEX = {"qz": "q_z", "q0": "q_0", "d": "m_-", "M": "m_+"}
_GREEK = frozenset({"mu", "nu", "eps", "phi", "chi", "alpha", "beta", "gamma", "delta", "kappa", "lambda", "xi", "eta"})
_LONG = 7
"""Factors with more terms than this are written one power of t per line."""


def number_latex(real: Fraction, imag: Fraction = Fraction(0), below: str = "") -> str:
    """Return a Gaussian rational over ``below`` as a LaTeX factor with its sign; 1 is an empty string.

    Example
    -------
    >>> number_latex(Fraction(-1, 2)), number_latex(Fraction(0), Fraction(2, 3), "s")
    ('-\\\\tfrac{1}{2}', '\\\\tfrac{2i}{3s}')
    """
    if real and imag:
        sign = "+" if imag > 0 else "-"
        sum_ = rf"\left({_fraction(real) or '1'} {sign} {_fraction(abs(imag), 'i')}\right)"
        return rf"\tfrac{{1}}{{{below}}}{sum_}" if below else sum_
    return _fraction(imag, "i", below) if imag else _fraction(real, "", below)


def vector_text(vector: Sequence[RingPoly], symbol: str, suffix: str = "") -> str:
    """Return ``sum_k vector_k symbol^k`` as plain text."""
    parts = [f"{polynomial_text(c)} {symbol}^{axis}" for c, axis in zip(vector, "xyz", strict=True) if c]
    return " + ".join(parts) + suffix


def vector_latex(vector: Sequence[RingPoly], symbol: str, denominator: str = "") -> str:
    """Return ``sum_k vector_k symbol^k / denominator`` as LaTeX."""
    below = rf"\tfrac{{1}}{{{denominator}}}\," if denominator else ""
    parts = [_times(polynomial_latex(c), f"{below}{symbol}^{axis}") for c, axis in zip(vector, "xyz", strict=True) if c]
    return " + ".join(parts).replace("+ -", "- ")


def _fraction(value: Fraction, unit: str = "", below: str = "") -> str:
    sign = "-" if value < 0 else ""
    above = f"{abs(value.numerator)}{unit}" if abs(value.numerator) != 1 or not unit else unit
    under = (str(value.denominator) if value.denominator != 1 else "") + below
    if under:
        return rf"{sign}\tfrac{{{above}}}{{{under}}}"
    return sign + ("" if above == "1" else above)


def number_text(real: Fraction, imag: Fraction = Fraction(0)) -> str:
    """Return a Gaussian rational as text in brackets.

    Example
    -------
    >>> number_text(Fraction(-1, 2)), number_text(Fraction(0), Fraction(1))
    ('(-1/2)', '(1 i)')
    """
    return f"({real})" if not imag else f"({imag} i)" if not real else f"({real} + {imag} i)"


def power_latex(symbol: str, power: int) -> str:
    """Return ``symbol`` to a power; the power 1 is not written.

    Example
    -------
    >>> power_latex("m_e", 2), power_latex("q^0", 2)
    ('m_e^{2}', '(q^0)^{2}')
    """
    base = f"({symbol})" if "^" in symbol and power != 1 else symbol
    return base if power == 1 else f"{base}^{{{power}}}"


def coupling_latex(name: str, *indices: str) -> str:
    """Return a coupling's name as LaTeX: what follows the first underscore becomes a subscript, with the indices.

    Example
    -------
    >>> coupling_latex("y_S_nu", "ij"), coupling_latex("mu", "ij"), coupling_latex("axial")
    ('y_{S\\\\,\\\\nu\\\\,ij}', '\\\\mu_{ij}', '\\\\mathrm{axial}')
    """
    head, *rest = name.split("_")
    subscript = r"\,".join([*(_word(part) for part in rest), *indices])
    return _word(head) + (f"_{{{subscript}}}" if subscript else "")


def _word(word: str) -> str:
    if word in _GREEK:
        return rf"\{'epsilon' if word == 'eps' else word}"
    return word if len(word) == 1 else rf"\mathrm{{{word}}}"


def polynomial_text(polynomial: RingPoly) -> str:
    """Return a polynomial as readable text, factored.

    Example
    -------
    >>> from derivations.algebra.ring import I, qz
    >>> polynomial_text(-I * qz / 2)
    '(-1/2 i) q_z'
    """
    real, imag, factors = _factored(polynomial, _TEXT)
    number = number_text(real, imag)
    words = [_text(base, exponent) for base, exponent in factors]
    return " ".join([*([] if number == "(1)" and words else [number]), *words])


def quotient_text(numerator: RingPoly, power: int) -> str:
    """Return ``numerator / s^power`` as text, the numerator factored."""
    text = polynomial_text(numerator)
    return text if not power else f"{text} / s" if power == 1 else f"{text} / s^{power}"


def polynomial_latex(polynomial: RingPoly) -> str:
    """Return a short polynomial as LaTeX, factored.

    Example
    -------
    >>> from derivations.algebra.ring import I, qz
    >>> polynomial_latex(-I * qz / 2)
    '-\\\\tfrac{i}{2}\\\\,q_{z}'
    """
    return quotient_latex(polynomial, 0)[0]


def quotient_latex(numerator: RingPoly, power: int) -> tuple[str, ...]:
    """Return ``numerator / s^power`` as lines of LaTeX: factored, a long factor split by powers of ``t``.

    Example
    -------
    >>> from derivations.algebra.ring import P_, t_
    >>> quotient_latex(t_**2 / 3 + 4 * P_ * t_ / 3, 1)
    ('\\\\tfrac{1}{3s}\\\\,t \\\\left(4 P + t\\\\right)',)
    """
    real, imag, factors = _factored(numerator, _LATEX)
    below = "" if not power else "s" if power == 1 else f"s^{power}"
    short = [(base, exponent) for base, exponent in factors if not _is_long(base)]
    head = number_latex(real, imag, below)
    body = " ".join(_latex(base, exponent) for base, exponent in short)
    if head not in ("", "-") and body:
        body = r"\,".join((head, body))
    elif body or head not in ("", "-"):
        body = head + body
    elif len(short) == len(factors):
        body = head + "1"
    else:
        body = head
    long = [base for base, _ in factors if _is_long(base)]
    if not long:
        return (body,)
    first, *middle, last = _by_power_of_t(long[0])
    return (
        rf"{body}\Big[{first}",
        *(rf"\qquad {'' if piece.startswith('-') else '+ '}{piece}" for piece in middle),
        rf"\qquad {'' if last.startswith('-') else '+ '}{last}\Big]",
    )


def _factored(polynomial: RingPoly, names: dict[str, str]) -> tuple[Fraction, Fraction, list[tuple[Any, int]]]:
    """Return a polynomial as a Gaussian rational times factors, with printed symbols; ``D`` becomes ``(m_i - m_j)^2``."""
    real, imag = real_part(polynomial), imaginary_part(polynomial)
    if not real and not imag:
        return Fraction(0), Fraction(0), []
    symbols: dict[Any, Any] = {Symbol(old): Symbol(new) for old, new in names.items()}
    symbols[Symbol("D")] = Symbol(names["d"]) ** 2
    if real and imag:
        number, factors = factor_list(polynomial.as_expr().xreplace(symbols), gaussian=True)
        parts = number.as_real_imag()
        return _rational(parts[0]), _rational(parts[1]), factors
    number, factors = factor_list((real or imag).as_expr().xreplace(symbols))
    value = _rational(number)
    return (value, Fraction(0), factors) if real else (Fraction(0), value, factors)


def _by_power_of_t(expression: Any) -> list[str]:
    lines = []
    for (power,), coefficient in Poly(expression, Symbol("t")).terms():
        number, factors = factor_list(coefficient)
        pieces = " ".join(_latex(base, exponent) for base, exponent in factors)
        head = number_latex(_rational(number))
        tail = "" if not power else "t" if power == 1 else f"t^{power}"
        line = r"\,".join(piece for piece in (head, tail, pieces) if piece)
        lines.append(line or "1")
    return lines


def _is_long(expression: Any) -> bool:
    return bool(expression.is_Add and len(expression.args) > _LONG)


def _rational(value: Any) -> Fraction:
    number = sympify(value)
    return Fraction(int(number.p), int(number.q))


def _text(base: Any, exponent: int) -> str:
    body = str(base).replace("**", "^").replace("*", " ")
    body = f"({body})" if base.is_Add else body
    return body if exponent == 1 else f"{body}^{exponent}"


def _latex(base: Any, exponent: int) -> str:
    body = str(sympy_latex(base))
    body = rf"\left({body}\right)" if base.is_Add else body
    return body if exponent == 1 else f"{body}^{{{exponent}}}"


def _times(factor: str, symbol: str) -> str:
    return factor[:-1] + symbol if factor in ("1", "-1") else rf"{factor}\,{symbol}"
