"""The same cross sections in any arithmetic: mpmath at any precision, intervals, balls. Floats are taken as exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .scattering import Beam, ScatteringTables, Strengths, Term

Complex = tuple[Any, Any]
"""Real and imaginary part, each a number."""


def cross_section_exact(
    tables: ScatteringTables,
    recoil: Any,
    target_mass: Any,
    beam: Beam,
    strengths: Strengths,
    masses: Mapping[str, str],
    number: Callable[[float], Any],
    root: Callable[[Any], Any],
    pi: Any,
) -> Any:
    """Return ``d sigma / dT`` at one recoil and one energy in the arithmetic of ``number``, ``root`` and ``pi``.

    Charges of the target that ``strengths`` holds are numbers of it already; all else is floats.
    """
    energy, T, target = number(float(beam.energy)), number(float(recoil)), number(target_mass)
    active = [(term, found) for term in tables.terms if (found := strengths.of(term)) is not None]
    total = number(0.0)
    for before, after, states in beam.pairs():
        m_i, m_j = number(before), number(after)
        above = 2 * target * energy + (m_i - m_j) * (m_i + m_j) - 2 * target * m_j
        point = (energy, T, target, m_i, m_j)
        if not (energy > m_i and T > 0 and above > 0 and tables.edges(*point) > 0):
            continue
        squared = (energy - m_i) * (energy + m_i)
        momentum = root(squared)
        flux = 64 * pi * target * squared * tables.spins
        for j in states:
            rows = _rows(tables, active, beam, j, point, masses, number)
            for (n, m), real, imag in _entries(tables, point, beam.helicity, momentum, number):
                if n in rows and m in rows:
                    (a, b), (c, d) = rows[n], rows[m]
                    twice = 1 if n == m else 2
                    total += twice * ((a * c + b * d) * real + (a * d - b * c) * imag) / flux
    return total


def _entries(
    tables: ScatteringTables, point: tuple[Any, ...], helicity: int, momentum: Any, number: Callable[[float], Any]
) -> Iterator[tuple[tuple[int, int], Any, Any]]:
    zero = number(0.0)
    for structures, scale in ((tables.summed, None), (tables.polarised, momentum)):
        if scale is not None and not helicity:
            continue
        for place, parts in structures.items():
            real, imag = (zero if part is None else part(*point) for part in parts)
            yield place, *((real, imag) if scale is None else (real * helicity / scale, imag * helicity / scale))


def _rows(
    tables: ScatteringTables, active: list[Any], beam: Beam, j: int, point: tuple[Any, ...], masses: Mapping[str, str],
    number: Callable[[float], Any],
) -> dict[int, Complex]:  # fmt: skip
    rows: dict[int, Complex] = {}
    squared = -2 * point[2] * point[1]
    for term, (coupling, matrix, entries) in active:
        value = _element(beam, matrix, term.eta, j, number)
        scale = number(coupling) if isinstance(coupling, float) else coupling
        for name, power in term.constants:
            scale = scale * number(tables.constants[name]) ** power
        if term.propagator == "photon":
            scale = scale / squared
        elif term.propagator != "contact":
            mass = number(entries[masses[term.group]])
            scale = scale / (squared - mass * mass)
            scale = scale / (mass * mass) if term.propagator == "longitudinal" else scale
        a, b = times(value, factor(term, point, number))
        known = rows.get(term.row, (number(0.0), number(0.0)))
        rows[term.row] = known[0] + a * scale, known[1] + b * scale
    return rows


def _element(beam: Beam, matrix: Any, eta: int, j: int, number: Callable[[float], Any]) -> Complex:
    total = number(0.0), number(0.0)
    for k, amplitude in beam.amplitude:
        ways = (
            (matrix[j, k], 1, beam.majorana or not beam.antineutrino),
            (matrix[k, j], eta, beam.majorana or beam.antineutrino),
        )
        for element, sign, seen in ways:
            if not seen:
                continue
            a, b = times(complex_number(amplitude, number), complex_number(element, number))
            total = total[0] + sign * a, total[1] + sign * b
    return total


def factor(term: Term, point: tuple[Any, ...], number: Callable[[float], Any]) -> Complex:
    """Return the factor of a term at a point."""
    total = number(0.0), number(0.0)
    for real, imag, below, powers in term.factor:
        part = number(1.0) / below
        for value, power in zip(point, powers, strict=True):
            part = part * value**power if power else part
        total = total[0] + real * part, total[1] + imag * part
    return total


def times(one: Complex, other: Complex) -> Complex:
    """Return the product of two complex numbers."""
    (a, b), (c, d) = one, other
    return a * c - b * d, a * d + b * c


def complex_number(value: complex, number: Callable[[float], Any]) -> Complex:
    """Return a complex double as two numbers."""
    return number(float(value.real)), number(float(value.imag))
