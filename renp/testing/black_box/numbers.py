"""The derivation in floating point, at many points at once: lanes of kinematics and couplings for one ordered pair each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import pi
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from derivations.interactions.model import WEAK
from derivations.ledger.check.derived import Comparison, Ingredients, derived
from derivations.ledger.check.evaluate import value
from derivations.ledger.check.vocabulary import Symbol, Values, Vocabulary
from derivations.written.nodes import Node
from renp.inputs.constants import BOHR_MAGNETON, ELECTRON_CHARGE, ELECTRON_MASS, FERMI_CONSTANT, HBAR_C_EV_CM

__all__ = ["Couplings", "Lanes", "LanesDomain", "Point", "constants", "lanes"]

Couplings = Mapping[Symbol, Any]
"""Values of couplings in natural units, powers of eV: numbers, and matrices (n, n); what is left out is zero."""
LONG: Final[Any] = np.clongdouble
"""The longest complex numbers that the machine has; the derivation is evaluated in them."""


@dataclass(frozen=True)
class Point:
    """Everything but the couplings.

    Attributes
    ----------
    omega : photon energies [eV], shape (K,).
    E_eg, E_vg : energies of the atom [eV].
    masses : masses of the neutrinos [eV], shape (n,).
    nature : ``dirac`` or ``majorana``.
    mediators : masses and widths [eV] of mediators, by symbol.
    share : where the energy of the neutrino lies in its range, between 0 and 1.
    """

    omega: NDArray[np.float64]
    E_eg: float
    E_vg: float
    masses: NDArray[np.float64]
    nature: str
    mediators: Mapping[Symbol, float]
    share: float = 0.3

    def threshold(self, i: int, j: int) -> float:
        """Return the highest photon energy [eV] of a pair."""
        return float((self.E_eg - (self.masses[i] + self.masses[j]) ** 2 / self.E_eg) / 2)


class LanesDomain:
    """Complex numbers, one for each lane."""

    def number(self, value: Fraction) -> Any:
        """Return a number."""
        return LONG(value.numerator) / LONG(value.denominator)

    @property
    def imaginary(self) -> Any:
        """The imaginary unit."""
        return LONG(1j)

    def root(self, value: Any) -> Any:
        """Return the root with the positive real part."""
        return np.sqrt(value)

    def step(self, node: Node, names: Mapping[str, Any]) -> Any:
        """Return the step function."""
        return (np.real(value(node, names, self)) > 0).astype(LONG)


def constants() -> Mapping[str, float]:
    """Return the physical constants in natural units of eV, and what converts units of couplings.

    Example
    -------
    >>> sorted(constants())
    ['G_F', 'e', 'hbar_c', 'm_e', 'mu_B']
    """
    return {
        "G_F": FERMI_CONSTANT, "m_e": ELECTRON_MASS, "e": ELECTRON_CHARGE, "mu_B": BOHR_MAGNETON, "hbar_c": HBAR_C_EV_CM,
    }  # fmt: skip


@dataclass(frozen=True)
class Lanes:
    """Values of the generators at every lane, and how lanes add up to answers.

    Attributes
    ----------
    base : generators of :class:`~derivations.ledger.check.vocabulary.Values`.
    answer : the number of the answer that each lane adds to.
    weight : with which weight; zero for a closed channel.
    count : how many answers there are.
    """

    base: Mapping[str, Any]
    answer: NDArray[np.intp]
    weight: NDArray[np.float64]
    count: int

    def added(self, value: Any) -> NDArray[np.float64]:
        """Return the answers of some value at every lane; what is no real number there gives none."""
        numbers = np.broadcast_to(np.asarray(value, dtype=LONG), self.weight.shape)
        numbers = np.where(self.weight == 0, 0, numbers)
        result = np.zeros(self.count, dtype=np.longdouble)
        np.add.at(result, self.answer, numbers.real * self.weight)
        return np.asarray(result, dtype=float)

    def right(
        self, quantity: str, parts: Ingredients, known: Vocabulary, named: frozenset[Symbol], nature: str
    ) -> NDArray[np.float64]:
        """Return the derived answers."""
        values = Values(self.base, known, LanesDomain(), int(nature == "majorana"), {})
        with np.errstate(all="ignore"):
            return self.added(derived(quantity, parts, Comparison(known, named), values))


Ask = tuple[Point, Couplings, Sequence[tuple[int, int]]]
"""A point, couplings, and the pairs whose ordered versions are added."""


def lanes(asked: Sequence[Ask], known: Vocabulary, mode: str) -> Lanes:
    """Return the lanes of some questions, one answer for each photon energy of each of them.

    Parameters
    ----------
    asked : the questions.
    known : the vocabulary, whose symbols all get values.
    mode : ``sum``: ij and ji are added where the channel is open (a spectrum); ``mean``: half of it (what stands behind the sum
        over pairs); ``one``: ij alone.
    """
    columns: dict[str, list[NDArray[Any]]] = {}
    answer, weight, count = [], [], 0
    for point, couplings, pairs in asked:
        ordered = [pair for a, b in pairs for pair in ([(a, b)] if mode == "one" or a == b else [(a, b), (b, a)])]
        size = len(point.omega)
        for i, j in ordered:
            for name, column in generators(point, couplings, (i, j), pairs[0], known).items():
                columns.setdefault(name, []).append(np.broadcast_to(column, (size,)))
            answer.append(np.arange(count, count + size))
            share = 0.5 if mode == "mean" and i != j else 1.0
            closed = (point.omega >= point.threshold(i, j)) & (mode == "sum")
            weight.append(np.where(closed, 0.0, share))
        count += size
    base = {name: np.concatenate(parts).astype(LONG) for name, parts in columns.items()}
    return Lanes(base, np.concatenate(answer), np.concatenate(weight), count)


def generators(
    point: Point, couplings: Couplings, ordered: tuple[int, int], pair: tuple[int, int], known: Vocabulary
) -> dict[str, Any]:
    """Return the values of the generators for an ordered pair at each photon energy; ``pair`` tells the neutrino's energy."""
    long = np.longdouble
    i, j = ordered
    E_eg, omega = long(point.E_eg), point.omega.astype(long)
    m_i, m_j = long(point.masses[i]), long(point.masses[j])
    base: dict[str, Any] = {
        "s": E_eg * (E_eg - 2 * omega), "omega": omega, "q0": E_eg - omega, "m_i": m_i, "m_j": m_j, "E_vg": long(point.E_vg),
        "E_nu": neutrino_energy(point, *pair), "m_e": constants()["m_e"], "G_F": constants()["G_F"], "e": constants()["e"], "pi": pi,
    }  # fmt: skip
    for symbol in known.symbols:
        if symbol.is_matrix:
            matrix = couplings.get(symbol)
            for name, (a, b) in (("ij", (i, j)), ("ji", (j, i))):
                element = 0j if matrix is None else complex(matrix[a][b])
                base[f"Re {symbol.name}_{name}"], base[f"Im {symbol.name}_{name}"] = element.real, element.imag
        elif symbol.kind in ("mass", "width"):
            base[symbol.name] = point.mediators.get(symbol, 1.0 if symbol.kind == "mass" else 0.0)
        else:
            base[symbol.name] = couplings.get(symbol, 0.0)
    return base


def neutrino_energy(point: Point, i: int, j: int) -> NDArray[np.float64]:
    """Return an energy of the neutrino [eV] inside its range at each photon energy, shape (K,)."""
    omega, m_i, m_j = point.omega, point.masses[i], point.masses[j]
    s = point.E_eg * (point.E_eg - 2 * omega)
    root = np.sqrt(np.maximum((s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2), 0.0))
    middle = (point.E_eg - omega) / 2 * (1 + (m_i**2 - m_j**2) / s)
    return np.asarray(middle + (point.share - 0.5) * omega * root / s)


def weak_matrix(known: Vocabulary) -> Symbol:
    """Return the matrix of the weak current that is not suppressed by the electron's mass."""
    return next(symbol for symbol in known.symbols if symbol.interaction == WEAK)
