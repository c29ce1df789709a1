"""The line of one boson in place of the pair, from tables: electron couplings in, position and strength [eV] out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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


def line(
    tables: BosonTables,
    constants: Mapping[str, float],
    *,
    mass: float,
    E_eg: float,
    E_vg: float,
    tensor: tuple[float, float, float],
    pair_step: str,
    dipole_length: float,
    full: Any,
    couplings: Mapping[str, float],
) -> tuple[float, float]:
    """Return omega_0 and S of ``I = S delta(omega - omega_0)``; ``tensor`` holds ``T_zz``, ``T_xx + T_yy`` and ``2 Im T_xy``."""
    along, across, circular = tensor
    weights = {0: along, 1: (across - circular) / 2, -1: (across + circular) / 2}
    omega = (E_eg - mass) * (E_eg + mass) / (2 * E_eg)
    energy = (E_eg * E_eg + mass * mass) / (2 * E_eg)
    amplitudes = dict.fromkeys(weights, 0j)
    for term in tables.terms[pair_step]:
        coupling = 1.0 if term.coupling is None else couplings.get(term.coupling, 0.0)
        if coupling == 0:
            continue
        for name, power in term.constants:
            coupling *= constants[name] ** power
        value = coupling * complex(term.real, term.imag) / term.denominator * energy**term.q0 * omega**term.qz
        if term.mass < 0 == mass:
            raise ValueError(
                f"mass must be positive for {term.coupling or 'this boson'}, whose current is not conserved: the longitudinal boson has no massless limit"
            )
        amplitudes[term.helicity] += value * mass**term.mass / constants["m_e"] ** term.order / (2 if term.orbital and full else 1)
    total = sum(weight * abs(amplitudes[helicity]) ** 2 for helicity, weight in weights.items())
    if pair_step == "E1":
        total *= (dipole_length * constants["bohr_radius"]) ** 2
    # 2 pi^2 / G_F^2 with sqrt(2)/G_F as the constant at hand.
    return omega, math.pi**2 * constants["sqrt2_over_G_F"] ** 2 * total / (E_eg * (E_vg - omega) ** 2)
