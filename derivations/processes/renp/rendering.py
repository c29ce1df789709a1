"""Readable text and LaTeX of amplitude terms and rows (for derivation steps)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivations.algebra.dirac import clifford_basis, clifford_coefficients
from derivations.steps.notation import (
    coupling_latex,
    number_latex,
    number_text,
    polynomial_latex,
    polynomial_text,
    power_latex,
)

if TYPE_CHECKING:
    from derivations.neutrino.rows import AmplitudeTerm, Row

_BASIS_TEXT = ("1", "gamma5", *(f"gamma^{mu}" for mu in range(4)), *(f"gamma^{mu} gamma5" for mu in range(4)),
               *(f"sigma^{a}{b}" for a in range(4) for b in range(a + 1, 4)))  # fmt: skip
_BASIS_LATEX = ("1", r"\gamma_5", *(rf"\gamma^{mu}" for mu in range(4)), *(rf"\gamma^{mu}\gamma_5" for mu in range(4)),
                *(rf"\sigma^{{{a}{b}}}" for a in range(4) for b in range(a + 1, 4)))  # fmt: skip


def name_latex(name: str) -> str:
    """Return an identifier as upright LaTeX text."""
    return rf"\mathtt{{{name.replace('_', chr(92) + '_')}}}"


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
            parts.append(f"{render(c)} {name}")  # type: ignore[operator]
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
            ("q_z", c.qz), ("q0", c.q0), ("s", c.s), ("(m_i-m_j)", c.d), ("(m_i+m_j)", c.M), ("m_e", -c.m_e),
        )
        if power
    ]  # fmt: skip
    pieces = [number_text(c.real, c.imag), *powers, term.electron or "", f"{term.neutrino}_ij", propagator]
    return " ".join(piece for piece in pieces if piece) + f"  ubar V[{rows[term.row].name}] v"


def term_latex(term: AmplitudeTerm, rows: Sequence[Row]) -> str:
    """Return one amplitude term as LaTeX."""
    c = term.coefficient
    propagator = {
        "contact": {
            "1": "",
            "G_F": "G_F",
            "G_F/sqrt(2)": r"\frac{G_F}{\sqrt2}",
            "2 G_F/sqrt(2)": r"\sqrt2\,G_F",
        }.get(c.constant, ""),
        "photon": rf"\frac{{{c.constant}}}{{s}}",
        "massive": r"\frac{1}{s - M^2}",
        "longitudinal": r"\frac{1}{M^2(s - M^2)}",
    }[c.propagator]
    powers = (("q_z", c.qz), ("q_0", c.q0), ("s", c.s), ("m_-", c.d), ("m_+", c.M))
    number = number_latex(c.real, c.imag)
    pieces = [
        "" if number == "-" else number,
        *(power_latex(symbol, power) for symbol, power in powers if power),
        rf"\frac{{1}}{{{power_latex('m_e', c.m_e)}}}" if c.m_e else "",
        coupling_latex(term.electron) if term.electron else "",
        coupling_latex(term.neutrino, "ij"),
        propagator,
        rf"\;\bar u_i V_{{{name_latex(rows[term.row].name)}}} v_j",
    ]
    return ("-" if number == "-" else "") + r"\,".join(piece for piece in pieces if piece)
