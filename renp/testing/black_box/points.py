"""Where a black box is asked: energies, masses and mediators, drawn from a seed, the same for every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from derivations.ledger.check.vocabulary import Symbol, vocabulary
from renp.model import Model
from renp.testing.black_box.numbers import Point
from renp.testing.black_box.products import Leg, Sizes
from renp.testing.black_box.questions import Question

__all__ = [
    "ROUNDING", "SINGLE_CLOSEST", "SINGLE_ROUNDING", "Place", "above",
    "near", "places", "random_couplings", "renamed", "single", "spread", "with_mediators",
    "without_width",
]  # fmt: skip

ATOMS: Final = ((2.14349, 2.23072), (3.1, 3.7))
"""E_eg and E_vg [eV]: those of ytterbium, and others, so that no level is taken for another."""
ROUNDING: Final = 1e4 * 2.0**-52
"""What a few dozen roundings of ``s`` make of a rate whose distance to threshold is small beside ``E_eg^2``, times that."""
SINGLE_ROUNDING: Final = ROUNDING * 2.0**29
"""The same in single precision."""
SINGLE_CLOSEST: Final = 5e-5
"""Distance above a threshold, as a share of it, that single precision resolves though ``s`` is a difference."""
FIRST, LAST = 0.1, 0.95
"""Shares of a threshold between which the coefficients are compared."""


@dataclass(frozen=True)
class Place:
    """A point without photon energies, and the pairs that are asked for there."""

    point: Point
    pairs: tuple[tuple[int, int], ...]

    def at(self, omega: Any, nature: str) -> Point:
        """Return the point with photon energies [eV]."""
        return replace(self.point, omega=np.atleast_1d(np.asarray(omega, dtype=float)), nature=nature)

    def inside(self, pair: tuple[int, int], count: int, nature: str, rng: np.random.Generator) -> Point:
        """Return the point with photon energies at which a pair is open."""
        shares = FIRST + (LAST - FIRST) * (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count
        return self.at(shares * self.point.threshold(*pair), nature)


def places(question: Question, rng: np.random.Generator) -> list[Place]:
    """Return two places: heavy mediators and massive neutrinos; light ones, one neutrino massless, mediators with a width."""
    held = question.held
    found = []
    varied = question.box.rest or question.box.takes >= {"E_eg", "E_vg"}
    for number, levels in enumerate(ATOMS if varied else (ATOMS[0], ATOMS[0])):
        E_eg, E_vg = (float(held.get(name, level)) for name, level in zip(("E_eg", "E_vg"), levels, strict=True))
        masses = np.sort(rng.uniform(0.05, 0.35, 3)) * E_eg / ATOMS[0][0]
        if number:
            masses[0] = 0.0
        masses = np.asarray(held.get("masses", masses), dtype=float)
        mediators = _mediators(question, number, E_eg, rng)
        last = len(masses) - 1
        pairs = ((last, last), (0, last)) if number else ((0, 0), (0, min(1, last)))
        found.append(Place(Point(np.array([]), E_eg, E_vg, masses, "dirac", mediators), tuple(dict.fromkeys(pairs))))
    return found


def _mediators(question: Question, number: int, E_eg: float, rng: np.random.Generator) -> dict[Symbol, float]:
    found: dict[Symbol, float] = {}
    for symbol in question.known.symbols:
        if symbol.kind == "mass":
            has_width = any(s.kind == "width" and s.interaction == symbol.interaction for s in question.covered)
            light = E_eg * rng.uniform(0.3, 0.7) if has_width else 0.01
            found[symbol] = light if number else E_eg * rng.uniform(1.3, 1.9)
        elif symbol.kind == "width" and symbol in question.covered and number:
            found[symbol] = E_eg * rng.uniform(0.05, 0.15)
    values: Mapping[str, Any] = question.held
    for symbol, drawn in list(found.items()):
        names = (symbol.coupling, symbol.name, f"{symbol.interaction}.{symbol.coupling}")
        found[symbol] = float(next((values[name] for name in names if name in values), drawn))
    return found


def random_couplings(
    question: Question,
    n: int,
    some: Sequence[Leg],
    scale: Sizes,
    rng: np.random.Generator,
    pair: tuple[int, int] | None = None,
) -> dict[Symbol, Any]:
    """Return random couplings of some legs, for all pairs or for one."""
    found: dict[Symbol, Any] = {}
    for leg in some:
        if leg.electron is not None and leg.electron not in found:
            found[leg.electron] = scale[leg.electron] * rng.uniform(0.6, 1.4) * rng.choice([-1.0, 1.0])
        if leg.matrix not in found:
            matrix = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
            if leg.matrix.kind == "matrix":
                matrix = (matrix + matrix.conj().T) / 2
            if pair is not None:
                chosen = np.zeros((n, n), dtype=bool)
                chosen[pair] = chosen[pair[::-1]] = True
                matrix = np.where(chosen, matrix, 0)
            found[leg.matrix] = matrix * scale[leg.matrix]
    return found


def spread(place: Place, count: int, nature: str) -> Point:
    """Return photon energies from far below all thresholds to above them, with some between every two."""
    point = place.point
    n = len(point.masses)
    edges = sorted({0.0, point.E_eg / 2, *(point.threshold(i, j) for i in range(n) for j in range(i, n))})
    per = max(1, count // (len(edges) - 1))
    energies = [a + (b - a) * (k + 0.5) / per for a, b in pairwise(edges) for k in range(per) if b - a > 1e-3]
    return place.at([energy for energy in energies if energy > 0], nature)


def near(place: Place, pair: tuple[int, int], nature: str) -> Point:
    """Return photon energies that approach the threshold of a pair from below, by powers of ten."""
    return place.at(place.point.threshold(*pair) * (1 - 10.0 ** -np.arange(3.0, 15.0)), nature)


def above(place: Place, pair: tuple[int, int], nature: str, closest: float = 1e-10) -> Point:
    """Return photon energies above the threshold of a pair, by at least a share of it, and below E_eg/2."""
    edge, end = place.point.threshold(*pair), place.point.E_eg / 2
    energies = [
        *(edge * (1 + 10.0 ** -np.array([9.0, 6.0, 4.0, 3.0]))),
        edge + (end - edge) / 3,
        edge + (end - edge) * 0.9,
    ]
    return place.at([energy for energy in energies if edge * (1 + closest) < energy < end * (1 - 1e-12)], nature)


def single(point: Point, k: int) -> Point:
    """Return a point at one of its photon energies."""
    return replace(point, omega=point.omega[k : k + 1])


def without_width(point: Point) -> Point:
    """Return a point whose mediators have no width, and no pole in an open channel."""
    mediators = {}
    for symbol, value in point.mediators.items():
        if symbol.kind != "width":
            width = next(
                (w for s, w in point.mediators.items() if s.kind == "width" and s.interaction == symbol.interaction),
                0.0,
            )
            mediators[symbol] = 0.01 if width and value < point.E_eg else value
    return replace(point, mediators=mediators)


def renamed(named: frozenset[Symbol], model: Model) -> dict[Symbol, Symbol]:
    """Return each symbol as a smaller model calls it: names hold their interaction's name where two would be one."""
    known = vocabulary(model.interactions)
    return {symbol: known.of(symbol.interaction, symbol.coupling) for symbol in named}


def with_mediators(point: Point, model: Model) -> Point:
    """Return a point with the mediators of a smaller model alone, under its names."""
    known = vocabulary(model.interactions)
    there = {one.name for one in model.interactions}
    mediators = {known.of(s.interaction, s.coupling): v for s, v in point.mediators.items() if s.interaction in there}
    return replace(point, mediators=mediators)
