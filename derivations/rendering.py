"""Readable text and LaTeX of polynomials, amplitude terms and rows (for derivation steps)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sympy import Symbol, latex

from derivations.dirac import clifford_basis, clifford_coefficients
from derivations.ring import Poly

if TYPE_CHECKING:
    from derivations.amplitude import AmplitudeTerm, Row

_LATEX_NAMES = {
    "w": r"\omega", "q0": "q^0", "P": "m_im_j", "D": r"(m_i-m_j)^2", "d": r"(m_i-m_j)", "M": r"(m_i+m_j)", "E": r"E_\nu",
}  # fmt: skip
_TEXT_NAMES = {"w": "omega", "d": "(m_i-m_j)", "M": "(m_i+m_j)", "P": "m_i m_j", "D": "(m_i-m_j)^2"}

_BASIS_TEXT = ("1", "gamma5", *(f"gamma^{mu}" for mu in range(4)), *(f"gamma^{mu} gamma5" for mu in range(4)),
               *(f"sigma^{a}{b}" for a in range(4) for b in range(a + 1, 4)))  # fmt: skip
_BASIS_LATEX = ("1", r"\gamma_5", *(rf"\gamma^{mu}" for mu in range(4)), *(rf"\gamma^{mu}\gamma_5" for mu in range(4)),
                *(rf"\sigma^{{{a}{b}}}" for a in range(4) for b in range(a + 1, 4)))  # fmt: skip


def polynomial_text(polynomial: Poly) -> str:
    """Return a polynomial as plain text, factored.

    Example
    -------
    >>> from derivations.ring import q0, w
    >>> polynomial_text(q0 * w / 2)
    'q0*w/2'
    """
    return str(polynomial.as_expr().factor()).replace("I", "i")


def polynomial_latex(polynomial: Poly) -> str:
    """Return a polynomial as LaTeX, factored, with physical names."""
    names = {Symbol(key): value for key, value in _LATEX_NAMES.items()}
    return str(latex(polynomial.as_expr().factor(), symbol_names=names))


def name_latex(name: str) -> str:
    """Return an identifier as upright LaTeX text."""
    return rf"\mathtt{{{name.replace('_', chr(92) + '_')}}}"


def vector_text(vector: Sequence[Poly], symbol: str, suffix: str = "") -> str:
    """Return ``sum_k vector_k symbol^k`` as plain text."""
    parts = [f"({polynomial_text(c)}) {symbol}^{axis}" for c, axis in zip(vector, "xyz", strict=True) if c]
    return " + ".join(parts) + suffix


def vector_latex(vector: Sequence[Poly], symbol: str, denominator: str = "") -> str:
    """Return ``sum_k vector_k symbol^k / denominator`` as LaTeX."""
    parts = [rf"\left({polynomial_latex(c)}\right){symbol}^{axis}" for c, axis in zip(vector, "xyz", strict=True) if c]
    body = " + ".join(parts)
    return rf"\frac{{1}}{{{denominator}}}\left[{body}\right]" if denominator else body


def row_text(row: Row) -> str:
    """Return the three matrices of a row as plain text."""
    return f"V[{row.name}] = (" + ", ".join(_matrix(m, _BASIS_TEXT, polynomial_text) for m in row.matrices) + ")"


def row_latex(row: Row) -> str:
    """Return the three matrices of a row as LaTeX."""
    inner = r",\; ".join(_matrix(m, _BASIS_LATEX, polynomial_latex) for m in row.matrices)
    return rf"V_{{{name_latex(row.name)}}} = \left({inner}\right)"


def _matrix(matrix: object, names: Sequence[str], render: object) -> str:
    parts = []
    for name, (_, _), c in zip(names, clifford_basis(), clifford_coefficients(matrix), strict=True):  # type: ignore[arg-type]
        if not c:
            continue
        if c == c.ring.one:
            parts.append(name)
        elif c == -c.ring.one:
            parts.append(f"-{name}")
        else:
            parts.append(f"({render(c)}) {name}")  # type: ignore[operator]
    return " + ".join(parts).replace("+ -", "- ") or "0"


def term_text(term: AmplitudeTerm, rows: Sequence[Row]) -> str:
    """Return one amplitude term as plain text."""
    c = term.coefficient
    propagator = {
        "contact": "" if c.constant == "1" else c.constant,
        "photon": f"{c.constant}/s",
        "massive": "1/(s - M^2)",
        "longitudinal": "1/(M^2 (s - M^2))",
    }[c.propagator]
    powers = [
        name if power == 1 else f"{name}^{power}"
        for name, power in (
            ("omega", c.w), ("q0", c.q0), ("s", c.s), ("(m_i-m_j)", c.d), ("(m_i+m_j)", c.M), ("m_e", -c.m_e),
        )
        if power
    ]  # fmt: skip
    pieces = [_number_text(c.real, c.imag), *powers, term.electron or "", f"{term.neutrino}_ij", propagator]
    return " ".join(piece for piece in pieces if piece) + f"  ubar V[{rows[term.row].name}] v"


def term_latex(term: AmplitudeTerm, rows: Sequence[Row]) -> str:
    """Return one amplitude term as LaTeX."""
    c = term.coefficient
    propagator = {
        "contact": {
            "1": "",
            "G_F": "G_F",
            "G_F/sqrt(2)": r"\frac{G_F}{\sqrt2}",
            "2 G_F/sqrt(2)": r"\frac{2G_F}{\sqrt2}",
        }.get(c.constant, ""),
        "photon": rf"\frac{{{c.constant}}}{{s}}",
        "massive": r"\frac{1}{s - M^2}",
        "longitudinal": r"\frac{1}{M^2(s - M^2)}",
    }[c.propagator]
    powers = [
        name if power == 1 else f"{name}^{{{power}}}"
        for name, power in (
            (r"\omega", c.w), ("q^0", c.q0), ("s", c.s), ("(m_i-m_j)", c.d), ("(m_i+m_j)", c.M), ("m_e", -c.m_e),
        )
        if power
    ]  # fmt: skip
    electron = name_latex(term.electron) if term.electron else ""
    number = _number_text(c.real, c.imag).strip("()").replace(" i", r"\,i")
    pieces = [
        rf"\left({number}\right)", *powers, electron, rf"{name_latex(term.neutrino)}_{{ij}}", propagator,
        rf"\;\bar u_i V_{{{name_latex(rows[term.row].name)}}} v_j",
    ]  # fmt: skip
    return r"\,".join(piece for piece in pieces if piece)


def _number_text(real: object, imag: object) -> str:
    if not imag:
        return f"({real})"
    return f"({imag} i)" if not real else f"({real} + {imag} i)"
