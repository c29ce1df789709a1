"""The line of one boson in place of the pair, from tables: electron couplings in, position and strength [eV] out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .arguments import AVERAGED

HELICITIES = (0, 1, -1)


@dataclass(frozen=True)
class HelicityTerm:
    """``(real + i imag)/denominator * q0^q0 q_z^qz M^mass / m_e^order`` times a coupling, in the amplitude of one helicity.

    ``constants`` are names and powers, of its units, or of what it is where there is no coupling to give.
    ``orbital`` marks a magnetic operator that the full ``L + 2S`` between different levels halves.
    """

    coupling: str | None
    constants: tuple[tuple[str, int], ...]
    helicity: int
    real: int
    imag: int
    denominator: int
    q0: int
    qz: int
    mass: int
    order: int
    orbital: bool


@dataclass(frozen=True)
class BosonTables:
    """The terms of one boson for each pair step, and the electron couplings that it has, by name."""

    group: str
    couplings: tuple[str, ...]
    terms: Mapping[str, tuple[HelicityTerm, ...]]


@dataclass(frozen=True)
class Line:
    """The checked arguments of one call; ``tensor`` holds ``T_zz``, ``T_xx + T_yy`` and ``2 Im T_xy``."""

    tables: BosonTables
    constants: Mapping[str, float]
    mass: float
    E_eg: float
    E_vg: float
    tensor: tuple[float, float, float]
    pair_step: str
    dipole_length: float
    full: bool
    couplings: Mapping[str, float]

    def active(self, helicity: int) -> Iterator[tuple[HelicityTerm, float]]:
        """Yield the terms of one helicity with their couplings; refuse a massless boson that has no longitudinal state."""
        for term in self.tables.terms[self.pair_step]:
            coupling = 1.0 if term.coupling is None else self.couplings.get(term.coupling, 0.0)
            if coupling == 0 or term.helicity != helicity:
                continue
            if term.mass < 0 == self.mass:
                raise ValueError(
                    f"mass must be positive for {term.coupling or 'this boson'}, whose current is not conserved: the longitudinal"
                    " boson has no massless limit"
                )
            yield term, coupling

    def exact_tensor(self, number: Callable[[float], Any]) -> tuple[Any, ...]:
        """Return the parts of the tensor in another arithmetic: exact thirds of the averaged one."""
        if self.tensor == AVERAGED:
            return number(1.0) / 3, number(2.0) / 3, number(0.0)
        return tuple(map(number, self.tensor))


def line(given: Line) -> tuple[float, float]:
    """Return omega_0 and S of ``I = S delta(omega - omega_0)``."""
    E_eg, mass = given.E_eg, given.mass
    along, across, circular = given.tensor
    omega, energy = (E_eg - mass) * (E_eg + mass) / (2 * E_eg), (E_eg * E_eg + mass * mass) / (2 * E_eg)
    total = 0.0
    for helicity, weight in zip(HELICITIES, (along, (across - circular) / 2, (across + circular) / 2), strict=True):
        amplitude = 0j
        for term, scale in given.active(helicity):
            value = scale * complex(term.real, term.imag) / term.denominator * energy**term.q0 * omega**term.qz
            for name, power in term.constants:
                value *= given.constants[name] ** power
            value *= mass**term.mass / given.constants["m_e"] ** term.order
            amplitude += value / 2 if term.orbital and given.full else value
        total += weight * abs(amplitude) ** 2
    if given.pair_step == "E1":
        total *= (given.dipole_length * given.constants["bohr_radius"]) ** 2
    # 2 pi^2 / G_F^2 with sqrt(2)/G_F as the constant at hand.
    return omega, math.pi**2 * given.constants["sqrt2_over_G_F"] ** 2 * total / (E_eg * (given.E_vg - omega) ** 2)
