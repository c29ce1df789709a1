"""The same widths and lines in any arithmetic: mpmath at any precision, intervals, balls. Floats are taken as exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .boson import Line
from .decays import DecayTables, Neutrinos
from .scattering_exact import Complex, complex_number, factor, times

Number = Callable[[float], Any]


def radiative_decay_exact(
    tables: DecayTables, i: int, j: int, neutrinos: Neutrinos, number: Number, pi: Any
) -> tuple[Any, Any]:
    """Return the width [eV] of nu_i -> nu_j gamma and the asymmetry of the photon in the arithmetic of ``number`` and ``pi``."""
    heavy, light = (number(neutrinos.masses[k]) for k in (i, j))
    rows = _rows(tables, neutrinos, j, i, (heavy, light), number)
    summed = _contracted(tables.summed, rows, (heavy, light), number)
    if summed == 0:
        return number(0.0), number(0.0)
    width = summed * (heavy - light) * (heavy + light) / (32 * pi * heavy**3 * tables.denominator)
    return width, _contracted(tables.polarised, rows, (heavy, light), number) / summed


def plasmon_widths_exact(
    tables: DecayTables, energy: float, momentum: float, neutrinos: Neutrinos, number: Number, root: Callable[[Any], Any], pi: Any
) -> list[list[Any]]:
    """Return the widths [eV] of one plasmon polarisation as rows in the arithmetic of ``number``, ``root`` and ``pi``."""
    E, k = number(energy), number(momentum)
    squared = (E - k) * (E + k)
    result = []
    for a, mass in enumerate(neutrinos.masses):
        widths = []
        for b, other in enumerate(neutrinos.masses):
            m_i, m_j = number(mass), number(other)
            t = squared - (m_i + m_j) ** 2
            if not t > 0:
                widths.append(number(0.0))
                continue
            point = (t, m_i, m_j)
            total = _contracted(tables.summed, _rows(tables, neutrinos, a, b, point, number), point, number)
            below = 16 * pi * E * tables.denominator * squared ** (1 + tables.power) * (2 if neutrinos.majorana else 1)
            widths.append(total * root(t * (t + 4 * m_i * m_j)) / below)
        result.append(widths)
    return result


def line_exact(given: Line, number: Number, pi: Any) -> tuple[Any, Any]:
    """Return omega_0 and S [eV] of a boson's line in the arithmetic of ``number`` and ``pi``."""
    E_eg, mass = number(given.E_eg), number(given.mass)
    omega, energy = (E_eg - mass) * (E_eg + mass) / (2 * E_eg), (E_eg * E_eg + mass * mass) / (2 * E_eg)
    along, across, circular = given.exact_tensor(number)
    total = number(0.0)
    for helicity, weight in ((0, along), (1, (across - circular) / 2), (-1, (across + circular) / 2)):
        real, imag = number(0.0), number(0.0)
        for term, scale in given.active(helicity):
            value = number(scale) * energy**term.q0 * omega**term.qz / term.denominator
            value = value * mass**term.mass if term.mass > 0 else value / mass**-term.mass if term.mass else value
            for name, power in (*term.constants, ("m_e", -term.order)):
                constant = number(given.constants[name])
                value = value * constant**power if power > 0 else value / constant**-power if power else value
            value = value / 2 if term.orbital and given.full else value
            real, imag = real + term.real * value, imag + term.imag * value
        total = total + weight * (real * real + imag * imag)
    if given.pair_step == "E1":
        total = total * (number(given.dipole_length) * number(given.constants["bohr_radius"])) ** 2
    strength = pi**2 * number(given.constants["sqrt2_over_G_F"]) ** 2 * total / (E_eg * (number(given.E_vg) - omega) ** 2)
    return omega, strength


def _rows(tables: DecayTables, neutrinos: Neutrinos, first: int, second: int, point: Any, number: Number) -> dict[int, Complex]:
    rows: dict[int, Complex] = {}
    zero = number(0.0), number(0.0)
    for term in tables.terms:
        matrix = neutrinos.groups.get(term.group, {}).get(term.matrix)
        if matrix is None:
            continue
        a, b = complex_number(matrix[first, second], number)
        if neutrinos.majorana:
            c, d = complex_number(matrix[second, first], number)
            a, b = a + term.eta * c, b + term.eta * d
        a, b = times((a, b), factor(term, point, number))
        scale = number(1.0)
        for name, power in term.constants:
            scale = scale * number(tables.constants[name]) ** power
        known = rows.get(term.row, zero)
        rows[term.row] = known[0] + a * scale, known[1] + b * scale
    return rows


def _contracted(structures: Mapping[Any, Any], rows: Mapping[int, Complex], point: Any, number: Number) -> Any:
    total = number(0.0)
    for (n, m), (real, imag) in structures.items():
        if n in rows and m in rows:
            (a, b), (c, d) = rows[n], rows[m]
            twice = 1 if n == m else 2
            if real is not None:
                total = total + twice * (a * c + b * d) * real(*point)
            if imag is not None:
                total = total + twice * (a * d - b * c) * imag(*point)
    return total
