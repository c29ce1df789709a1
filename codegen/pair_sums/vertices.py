"""Vertices as integer tables: what a numerical check needs to form an amplitude without any derived closed form.

A vertex is an operator on the atom times a Dirac matrix between two spinors, contracted over Lorentz indices,

    A^k = coupling * propagator * sum_IJ S_I^k D_IJ (ubar N_J v),

with polynomials in ``w = omega`` and ``q0 = E_eg - omega`` as entries and ``q = (q0, 0, 0, w)``. ``D`` is the metric for
each index, or the numerator of the propagator. In: :class:`Vertex` objects. Out: the text of two modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from codegen.pair_sums.kernel import Constant, over_common_denominator
from codegen.texts import header, runtime

Indices = tuple[int, ...]
Polynomial = tuple[tuple[Fraction, Fraction, int, int], ...]
"""Terms ``(real, imaginary, power of w, power of q0)``."""


@dataclass(frozen=True)
class Operator:
    """An operator on the atom, ``{upper indices: (x, y, z)}``, and the power of ``1/m_e`` in front of it.

    ``orbital`` says that the full magnetic operator is L + 2S instead of 2S.
    """

    components: Mapping[Indices, tuple[Polynomial, Polynomial, Polynomial]]
    m_e: int
    orbital: bool


@dataclass(frozen=True)
class Matrices:
    """A Dirac bilinear, ``{upper indices: {(row, column): entry}}``, in Dirac's representation."""

    components: Mapping[Indices, Mapping[tuple[int, int], Polynomial]]


@dataclass(frozen=True)
class Vertex:
    """One product of an electron and a neutrino bilinear.

    ``number`` times ``constants`` times the couplings multiplies the propagator: ``"contact"`` (1), ``"photon"`` (1/s) or
    ``"massive"`` (1/(s - M^2 + i M Gamma)). ``electron`` and ``neutrino`` are the texts of the bilinears. A general matrix
    stands for the product of the neutrino's bilinear with it plus the Hermitian conjugate of that.
    """

    group: str
    coupling: str | None
    matrix: str
    number: Fraction
    constants: tuple[tuple[str, int], ...]
    propagator: str
    electron: str
    neutrino: str


@dataclass(frozen=True)
class Vertices:
    """All vertices of a package: operators by ``(pair step, electron bilinear)``, matrices by neutrino bilinear."""

    vertices: tuple[Vertex, ...]
    operators: Mapping[tuple[str, str], Operator]
    matrices: Mapping[str, Matrices]


def emit_verification(vertices: Vertices, constants: Iterable[Constant]) -> Mapping[str, str]:
    """Return the verification script of a package and its tables as ``{file name: text}``.

    ``constants`` are all named numbers. The tables hold those of every vertex, also of one that vanishes in both pair steps.
    """
    return {
        "verify.py": header("verify.py", "verification script") + runtime("verify.py"),
        "vertices.py": header("vertices.py", "tables of vertices") + _tables(vertices, constants),
    }


def _tables(vertices: Vertices, constants: Iterable[Constant]) -> str:
    used = {name for vertex in vertices.vertices for name, _ in vertex.constants} | {"m_e", "bohr_radius"}
    lines = [
        '"""The Lagrangian as numbers: atomic operators and Dirac matrices of every vertex, for the verification script.',
        "",
        "Polynomial entries are ``(real, imaginary, denominator, power of omega, power of q0)``, q0 = E_eg - omega.",
        '"""',
        "",
        "CONSTANTS = {",
        *(f'    "{c.name}": {c.value},  # {c.units}; {c.source}' for c in constants if c.name in used),
        "}",
        "",
        "# (group, electron coupling, neutrino coupling, numerator, denominator, constants, propagator, bilinears)",
        "VERTICES = (",
    ]
    for v in vertices.vertices:
        powers = "".join(f'("{name}", {power}), ' for name, power in v.constants)
        lines.append(
            f"    ({v.group!r}, {v.coupling!r}, {v.matrix!r}, {v.number.numerator}, {v.number.denominator}, "
            f"({powers.rstrip()}), {v.propagator!r}, {v.electron!r}, {v.neutrino!r}),"
        )
    lines += [
        ")",
        "",
        "# (pair step, electron bilinear): (power of 1/m_e, has an orbital part, {upper indices: (x, y, z)})",
        "OPERATORS = {",
    ]
    for (step, text), operator in vertices.operators.items():
        lines.append(f"    ({step!r}, {text!r}): ({operator.m_e}, {operator.orbital}, {{")
        for indices, vector in operator.components.items():
            lines.append(f"        {indices!r}: ({', '.join(_polynomial(p) for p in vector)}),")
        lines.append("    }),")
    lines += ["}", "", "# neutrino bilinear: {upper indices: {(row, column): entry}}", "MATRICES = {"]
    for text, matrices in vertices.matrices.items():
        lines.append(f"    {text!r}: {{")
        for indices, entries in matrices.components.items():
            cells = ", ".join(f"{position!r}: {_polynomial(p)}" for position, p in entries.items())
            lines.append(f"        {indices!r}: {{{cells}}},")
        lines.append("    },")
    return "\n".join([*lines, "}", ""])


def _polynomial(polynomial: Polynomial) -> str:
    terms: Sequence[str] = []
    for real, imag, w, q0 in polynomial:
        terms = [*terms, f"({', '.join(map(str, (*over_common_denominator(real, imag), w, q0)))})"]
    return f"({', '.join(terms)}{',' if terms else ''})"
