"""Decays of a neutrino and of a plasmon, from tables: arguments in, widths [eV] out.

The amplitude of every row is added up first; the Gram matrix of the rows then gives the width. What is left of two rows that cancel, and
the distance to a threshold, are computed with twice the digits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .scattering import Structures, Term, contracted, polynomial, sum_of_squares
from .two_part import TwoPart


@dataclass(frozen=True)
class Neutrinos:
    """The checked neutrinos of one call: masses [eV], nature, and the entries of each group."""

    masses: tuple[float, ...]
    majorana: bool
    groups: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class DecayTables:
    """Everything that distinguishes one decay and one set of interactions from another.

    The Gram matrices ``summed`` and ``polarised`` are to be divided by ``denominator``, and by ``power`` powers of the invariant mass
    squared. ``unconserved`` are groups and matrices whose current a real photon cannot meet between different masses.
    """

    name: str
    constants: Mapping[str, float]
    rows: tuple[str, ...]
    terms: tuple[Term, ...]
    denominator: int
    power: int
    summed: Structures
    polarised: Structures
    unconserved: tuple[tuple[str, str], ...] = ()

    def amplitudes(self, neutrinos: Neutrinos, first: int, second: int, point: Any) -> dict[int, Any]:
        """Return the amplitude of each row for ``c_first,second``; Majorana neutrinos add ``eta c_second,first``."""
        rows: dict[int, Any] = {}
        for term in self.terms:
            matrix = neutrinos.groups.get(term.group, {}).get(term.matrix)
            if matrix is None:
                continue
            value: Any = matrix[first, second] + (term.eta * matrix[second, first] if neutrinos.majorana else 0)
            if value == 0:
                continue
            for name, power in term.constants:
                value = value * self.constants[name] ** power
            rows[term.row] = rows.get(term.row, 0) + value * polynomial(term.factor, point)
        return rows



def gram(structures: Structures, rows: Mapping[int, Any], point: Any) -> Mapping[tuple[int, int], Any]:
    """Return the Gram matrix of the rows at a point, real and imaginary parts."""
    return {
        place: tuple(None if part is None else part(*point) for part in parts)
        for place, parts in structures.items()
        if place[0] in rows and place[1] in rows
    }


def radiative_decay(tables: DecayTables, i: int, j: int, neutrinos: Neutrinos) -> tuple[float, float]:
    """Return the width [eV] of nu_i -> nu_j gamma and the asymmetry of the photon about the spin of nu_i.

    Without a coupling between the two the width is 0, and so is the asymmetry.
    """
    heavy, light = neutrinos.masses[i], neutrinos.masses[j]
    point = TwoPart(heavy), TwoPart(light)
    rows = tables.amplitudes(neutrinos, j, i, (heavy, light))
    summed = float(sum_of_squares(np, rows, gram(tables.summed, rows, point))) / tables.denominator
    if summed == 0:
        return 0.0, 0.0
    polarised = float(contracted(np, rows, gram(tables.polarised, rows, point))[0].rounded()) / tables.denominator
    return summed * (heavy - light) * (heavy + light) / (32 * math.pi * heavy**3), polarised / summed


def plasmon_widths(
    tables: DecayTables, energy: NDArray[np.float64], momentum: NDArray[np.float64], neutrinos: Neutrinos
) -> NDArray[np.float64]:
    """Return the widths [eV] of one plasmon polarisation, shape (..., n, n); exactly 0 below threshold."""
    n = len(neutrinos.masses)
    energy, momentum = np.broadcast_arrays(energy, momentum)
    squared = (TwoPart(energy) - TwoPart(momentum)) * (TwoPart(energy) + TwoPart(momentum))
    result = np.zeros((*energy.shape, n, n))
    for a, m_i in enumerate(neutrinos.masses):
        for b, m_j in enumerate(neutrinos.masses):
            distance = squared - (TwoPart(m_i) + m_j) ** 2
            opened = distance.rounded() > 0
            # Any point will do where the channel is closed: its value is not returned.
            t = TwoPart(np.where(opened, distance.high, 1.0), np.where(opened, distance.low, 0.0))
            rows = tables.amplitudes(neutrinos, a, b, (t.rounded(), m_i, m_j))
            if not rows:
                continue
            squares = sum_of_squares(np, rows, gram(tables.summed, rows, (t, TwoPart(m_i), TwoPart(m_j))))
            invariant = (t + (TwoPart(m_i) + m_j) ** 2).rounded()
            root = np.sqrt(t.rounded() * (t.rounded() + 4 * m_i * m_j))
            below = 16 * math.pi * energy * tables.denominator * (2 if neutrinos.majorana else 1)
            result[..., a, b] = np.where(opened, squares * root / invariant ** (1 + tables.power) / below, 0.0)
    return result
