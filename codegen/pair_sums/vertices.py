"""Vertices as integer tables: what a numerical check needs to form an amplitude without any derived closed form.

A vertex is an operator on the atom times a Dirac matrix between two spinors, contracted over Lorentz indices,

    A^k = coupling * propagator * sum_IJ S_I^k D_IJ (ubar N_J v),

with polynomials in ``qz`` and ``q0 = E_eg - omega`` as entries and ``q = (q0, 0, 0, qz)``. ``D`` is the metric for
each index, or the numerator of the propagator. In: :class:`Vertex` objects. Out: the text of two modules.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from codegen.pair_sums.kernel import Constant
from codegen.pair_sums.package import RUNTIME
from codegen.texts import filled, header, template

Indices = tuple[int, ...]
Polynomial = tuple[tuple[Fraction, Fraction, int, int], ...]
"""Terms ``(real, imaginary, power of qz, power of q0)``."""
Terms = tuple[tuple[int, int, int, int, int], ...]
"""The same with integers over a denominator: ``(real, imaginary, denominator, power of qz, power of q0)``."""


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


def emit_verification(vertices: Vertices, constants: Iterable[Constant], home: str = RUNTIME) -> Mapping[str, str]:
    """Return the verification script of a package and its tables as ``{file name: text}``.

    ``constants`` are all named numbers. The tables hold those of every vertex, also of one that vanishes in both pair steps.
    ``home`` is the module that holds the runtime, as the package imports it.
    """
    script = filled(template("verify.py.txt"), {"RUNTIME": home})
    return {
        "verify.py": header("verify.py", "verification script") + script,
        "vertices.py": header("vertices.py", "tables of vertices") + _tables(vertices, constants),
    }


@dataclass(frozen=True)
class VertexTables:
    """Vertices as plain tuples; the names are those of the generated module, which holds the same."""

    CONSTANTS: Mapping[str, float]
    VERTICES: tuple[tuple[Any, ...], ...]
    OPERATORS: Mapping[tuple[str, str], tuple[int, bool, Mapping[Indices, tuple[Terms, Terms, Terms]]]]
    MATRICES: Mapping[str, Mapping[Indices, Mapping[tuple[int, int], Terms]]]


def vertex_tables(vertices: Vertices, constants: Iterable[Constant]) -> VertexTables:
    """Return the tables that a verification takes, without writing them."""
    return VertexTables(
        {constant.name: float(constant.value) for constant in _used(vertices, constants)},
        tuple(_row(vertex) for vertex in vertices.vertices),
        {
            key: (operator.m_e, operator.orbital, {i: _vector(v) for i, v in operator.components.items()})
            for key, operator in vertices.operators.items()
        },
        {
            text: {
                indices: {position: _terms(polynomial) for position, polynomial in entries.items()}
                for indices, entries in matrices.components.items()
            }
            for text, matrices in vertices.matrices.items()
        },
    )


def _used(vertices: Vertices, constants: Iterable[Constant]) -> list[Constant]:
    names = {name for vertex in vertices.vertices for name, _ in vertex.constants} | {"m_e", "bohr_radius"}
    return [constant for constant in constants if constant.name in names]


def _row(v: Vertex) -> tuple[Any, ...]:
    number = (v.number.numerator, v.number.denominator)
    return (v.group, v.coupling, v.matrix, *number, v.constants, v.propagator, v.electron, v.neutrino)


def _vector(vector: tuple[Polynomial, Polynomial, Polynomial]) -> tuple[Terms, Terms, Terms]:
    x, y, z = map(_terms, vector)
    return x, y, z


def _terms(polynomial: Polynomial) -> Terms:
    result = []
    for real, imag, qz, q0 in polynomial:
        common = math.lcm(real.denominator, imag.denominator)
        result.append((int(real * common), int(imag * common), common, qz, q0))
    return tuple(result)


def _tables(vertices: Vertices, constants: Iterable[Constant]) -> str:
    constants = tuple(constants)
    tables = vertex_tables(vertices, constants)
    lines = [
        '"""The Lagrangian as numbers: atomic operators and Dirac matrices of every vertex, for the verification script.',
        "",
        "Polynomial entries are ``(real, imaginary, denominator, power of q_z, power of q0)``, q0 = E_eg - omega.",
        '"""',
        "",
        "from typing import Any",
        "",
        "CONSTANTS = {",
        *(f'    "{c.name}": {c.value},  # {c.units}; {c.source}' for c in _used(vertices, constants)),
        "}",
        "",
        "# (group, electron coupling, neutrino coupling, numerator, denominator, constants, propagator, bilinears)",
        "VERTICES = (",
    ]
    for group, coupling, matrix, above, below, powers, *rest in tables.VERTICES:
        text = "".join(f'("{name}", {power}), ' for name, power in powers)
        last = ", ".join(map(repr, rest))
        lines.append(f"    ({group!r}, {coupling!r}, {matrix!r}, {above}, {below}, ({text.rstrip()}), {last}),")
    lines += [
        ")",
        "",
        "# (pair step, electron bilinear): (power of 1/m_e, has an orbital part, {upper indices: (x, y, z)})",
        "OPERATORS: dict[tuple[str, str], tuple[int, bool, dict[tuple[int, ...], tuple[Any, ...]]]] = {",
    ]
    for key, (m_e, orbital, components) in tables.OPERATORS.items():
        lines.append(f"    {key!r}: ({m_e}, {orbital}, {{")
        for indices, vector in components.items():
            lines.append(f"        {indices!r}: ({', '.join(map(_shown, vector))}),")
        lines.append("    }),")
    lines += [
        "}",
        "",
        "# neutrino bilinear: {upper indices: {(row, column): entry}}",
        "MATRICES: dict[str, dict[tuple[int, ...], dict[tuple[int, int], Any]]] = {",
    ]
    for text, matrices in tables.MATRICES.items():
        lines.append(f"    {text!r}: {{")
        for indices, entries in matrices.items():
            cells = ", ".join(f"{position!r}: {_shown(terms)}" for position, terms in entries.items())
            lines.append(f"        {indices!r}: {{{cells}}},")
        lines.append("    },")
    return "\n".join([*lines, "}", ""])


def _shown(terms: Terms) -> str:
    return f"({', '.join(map(str, terms))}{',' if terms else ''})"
