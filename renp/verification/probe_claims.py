"""Claims about numbers in scattering, decay, plasmons and two-photon emission, decided with CODATA constants.

In: constants and the generated evaluator on the benchmark of the papers. Out: one :class:`derivations.ledger.proofs.Proof` per claim,
and sizes that are printed beside algebraic verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log10, pi, sqrt
from typing import Final

import numpy as np

from derivations.ledger.proofs import Proof
from derivations.ledger.proofs.boson_line import structure
from derivations.ledger.proofs.decays import conversion
from derivations.ledger.proofs.proof import require
from derivations.symbols import M_I, M_J, OMEGA, S
from renp.inputs.atoms import ATOMS
from renp.inputs.benchmarks import BENCHMARK_SET
from renp.inputs.constants import (
    BOHR_MAGNETON,
    ELECTRON_CHARGE,
    ELECTRON_MASS,
    FERMI_CONSTANT,
    FINE_STRUCTURE_CONSTANT,
    HBAR_C_EV_CM,
    HBAR_EV_S,
    SIN2_THETA_W,
)
from renp.inputs.oscillation import axial_couplings, masses, mixing_matrix
from renp_generated import spectral_function

__all__ = ["PROOFS", "SIZES"]

W_MASS: Final = 80.3692e9
"""PDG 2024, Phys. Rev. D 110 (2024) 030001: average of the mass of the W boson [eV]."""
SINES: Final[Mapping[str, float]] = {"on-shell": SIN2_THETA_W, "MS-bar at m_Z": 0.23129, "low energy": 0.23867}
"""CODATA; PDG 2024; J. Erler, M. Ramsey-Musolf, Phys. Rev. D 72 (2005) 073003."""
_PLASMON: Final = 18e3
"""Plasma frequency in the core of a red giant before the helium flash, of the order of 18 keV (R96)."""
_MOMENT: Final = 3e-12


def _radius_shift() -> float:
    """Return sqrt2 pi alpha/(3 G_F) [1/cm^2]."""
    return sqrt(2) * pi * FINE_STRUCTURE_CONSTANT / (3 * FERMI_CONSTANT) / HBAR_C_EV_CM**2


def tree_level() -> Proof:
    """Decide whether the two forms of the shift of g_V are one number."""
    exact = sqrt(2) * pi * FINE_STRUCTURE_CONSTANT / (3 * FERMI_CONSTANT)
    ratios = {name: 2 / 3 * W_MASS**2 * value / exact for name, value in SINES.items()}
    steps = (
        *(
            require(1.03 < ratio < 1.12, f"{name}, sin^2 theta_W = {SINES[name]:.5f}: {ratio:.3f}")
            for name, ratio in ratios.items()
        ),
        require(
            min(ratios.values()) == ratios["on-shell"],
            "equal at tree level only (GS15-radius-unit); nearest for the on-shell value",
        ),
    )
    return Proof(
        "convention",
        "The second is the photon exchange itself; the first has loop corrections of four to eleven percent in it. The second"
        " is exact in alpha(0), and the corrections are those of g^2.",
        steps,
        corrected="the first over the second is "
        + ", ".join(f"{ratio:.3f} ({name})" for name, ratio in ratios.items()),
    )


def radius_number() -> Proof:
    """Decide the number of the shift of sin^2 theta_W."""
    value = _radius_shift()
    step = require(2.375e30 < value < 2.385e30, f"sqrt2 pi alpha/(3 G_F) = {value:.4g} /cm^2; with G_F = 1.16e-5/GeV^2 it is"
                   f" {value * FERMI_CONSTANT / 1.16e-23:.3g}")  # fmt: skip
    return Proof(
        "refuted",
        "The third digit is off by one, 0.4 percent.",
        (step,),
        corrected=f"$sqrt2 pi alpha/(3 G_F) = {value / 1e30:.3g}e30 /cm^2$",
    )


def decay_rate() -> Proof:
    """Decide the number of the radiative decay rate."""
    rate = BOHR_MAGNETON**2 / (8 * pi) / HBAR_EV_S
    step = require(abs(rate - 5.3072) < 1e-4, f"mu_B^2 eV^3/(8 pi hbar) = alpha eV^3/(8 m_e^2 hbar) = {rate:.5f}/s")
    return Proof(
        "refuted",
        f"The last digit is off by one. A lifetime of 1 s at m_i = 1 eV, m_j = 0 is a moment of {1 / sqrt(rate):.3g} mu_B;"
        f" the age of the universe, 4.35e17 s, one of {1 / sqrt(rate * 4.35e17):.2g} mu_B, and for m_i = 0.05 eV"
        f" {1 / sqrt(rate * 4.35e17 * 0.05**3):.2g} mu_B.",
        (step,),
        corrected=f"$Gamma = {rate:.4g}/s (mu/mu_B)^2 (m_i/eV)^3 (1 - m_j^2/m_i^2)^3$",
    )


def photon_pairs() -> Proof:
    """Decide the order of magnitude of two-photon emission in the place of the pair."""
    atom, omega = ATOMS["Yb"], 1.07
    excited, virtual = float(atom.e.quoted), float(atom.v.quoted)
    weak = float(
        spectral_function(
            omega,
            E_eg=excited,
            E_vg=virtual,
            masses=masses(BENCHMARK_SET, 0.01),
            axial=axial_couplings(mixing_matrix(BENCHMARK_SET)),
        )
    )
    dipole = 1 / (FINE_STRUCTURE_CONSTANT * ELECTRON_MASS)
    total = excited - omega
    orders = []
    for level in (1.5, 3.0, 6.0):
        # (e a_B)^2 w_1 w_2 [1/(D - w_1) - 1/(D - w_2)], w_1 - w_2 = omega cos theta, mean of cos^2 theta 1/3, w near q^0/2
        amplitude = ELECTRON_CHARGE**2 * dipole**2 * (total / 2) ** 2 * omega / sqrt(3) / (level - total / 2) ** 2
        photons = amplitude**2 / 2 / (4 * FERMI_CONSTANT**2) / (virtual - omega) ** 2
        orders.append(log10(photons / weak))
    step = require(
        all(order > 20 for order in orders),
        "I(two photons)/I(weak) at 1.07 eV for an intermediate level 1.5, 3 and 6 eV above |e>, d = e a_B: "
        + ", ".join(f"1e{order:.0f}" for order in orders),
    )
    return Proof(
        "confirmed",
        f"By {orders[2]:.0f} to {orders[0]:.0f} orders of magnitude. The suppression of J_e = 0 -> J_v = 1"
        " (YST15-two-photons) is included, for one intermediate level. Signal over background is the inverse of that,"
        " times whatever suppresses the photon modes. Dipole elements and signs of all levels, spin-orbit mixing and the"
        " field modes are not derived here: an order of magnitude, no more.",
        (step,),
    )


def plasmon_conversion() -> Proof:
    """Decide the conversion of moment limits into areas, with numbers."""
    algebraic = conversion()
    anapole = _MOMENT * BOHR_MAGNETON / (sqrt(2) * _PLASMON) * HBAR_C_EV_CM**2
    radius = 6 * anapole
    numbers = (
        f"{_MOMENT:.0e} mu_B at a plasmon mass of 18 keV: |r2| = {radius:.1e} cm^2, |a| = {anapole:.1e} cm^2, literal;"
        f" {radius / ELECTRON_CHARGE:.1e} and {anapole / ELECTRON_CHARGE:.1e} cm^2 in units of e"
    )
    step = require(radius > 5 * anapole, numbers)
    return Proof(algebraic.verdict, f"{algebraic.reason} {numbers}.", (*algebraic.steps, step), algebraic.corrected)


_ARGON, _GERMANIUM, _CAESIUM = (number * 931.494e6 for number in (39.948, 72.64, 132.905))
"""Masses of nuclei [eV], as those of the atoms; rounded."""
_STOPPED: Final = 30e6
"""Neutrino energy of a stopped-pion source [eV]."""


def _largest(mass: float, energy: float = _STOPPED) -> float:
    return 2 * energy**2 / (mass + 2 * energy)


def _size_massive() -> str:
    return f"of relative order m_i m_j/E^2: {(0.05 / 1e6) ** 2:.1e} at E = 1 MeV, m = 0.05 eV; of order one at E near m_e = m"


def _size_solar() -> str:
    mixing = np.abs(mixing_matrix(BENCHMARK_SET)[0]) ** 2
    left = [(2 * mixing[k] - 1 + 2 * SIN2_THETA_W) for k in range(2)]
    rows = ", ".join(
        f"r_{k + 1}{k + 1}: {mixing[k] * left[k]:+.3f}, {mixing[k] * 2 * SIN2_THETA_W:+.3f}, {mixing[k]:.3f}"
        for k in range(2)
    )
    return f"weights of the three numbers at low energy, {rows}"


def _size_scalar() -> str:
    return (
        f"factor 1 + T/2m_e: {1 + 1e3 / (2 * ELECTRON_MASS):.3f} at 1 keV, {1 + 1e6 / (2 * ELECTRON_MASS):.2f} at 1 MeV"
    )


def _size_scalar_nucleus() -> str:
    return f"caesium, T = 20 keV: T/2M = {20e3 / (2 * _CAESIUM):.1e}"


def _size_leading() -> str:
    return f"germanium, E = 30 MeV: T/E is at most {_largest(_GERMANIUM) / _STOPPED:.1e}"


def _size_square() -> str:
    return f"germanium, E = 30 MeV: T^2/2E^2 is at most {(_largest(_GERMANIUM) / _STOPPED) ** 2 / 2:.1e}"


def _size_moment() -> str:
    recoil = _largest(_GERMANIUM)
    return f"germanium, E = 30 MeV: T^2/[4E(E-T)] is at most {recoil**2 / (4 * _STOPPED * (_STOPPED - recoil)):.1e}"


def _size_enhancement() -> str:
    low, high = (1 - recoil / _largest(_GERMANIUM) for recoil in (1e3, 1e4))
    return f"germanium, E = 30 MeV, from T = 10 keV to 1 keV: a moment's term grows 10 times, a charge radius' {low / high:.1f} times"


def _size_plasmon() -> str:
    return f"m/sqrt(K^2) = {0.05 / _PLASMON:.1e} at a plasmon mass of 18 keV, m = 0.05 eV"


def _size_right_handed() -> str:
    return "r2 and a one at a time: half of the pairs are right-handed neutrinos with left-handed antineutrinos"


def _size_line() -> str:
    excited = float(ATOMS["Yb"].e.quoted)
    return (
        "Yb: M = 0.1, 1, 2 eV at omega_0 = "
        + ", ".join(f"{excited / 2 - m**2 / (2 * excited):.4f}" for m in (0.1, 1.0, 2.0))
        + " eV"
    )


def _size_width() -> str:
    excited, mediator, mass = float(ATOMS["Yb"].e.quoted), 0.2, 0.05
    omega = excited / 2 - mediator**2 / (2 * excited)
    across, along = (
        float(value.subs({M_I: mass, M_J: mass, S: mediator**2, OMEGA: omega})) for value in structure("A")
    )
    longitudinal = omega**2 / mediator**2
    gain = along * longitudinal / (across * (3 + longitudinal))
    return f"Yb, M = 0.2 eV, both masses 0.05 eV, axial couplings, averaged tensor: Feynman over unitary at the pole {1 + gain:.2f}"


def _size_weak() -> str:
    return "a factor 2 in the amplitude, 4 in the rate of a moment of the Lagrangian against the weak one"


def _size_dipole() -> str:
    mass, recoil, heavy = _ARGON, 50e3, 10e6
    leading = 1 / recoil - 1 / _STOPPED - heavy**2 / (2 * _STOPPED * recoil * mass) * (1 + mass / (2 * _STOPPED))
    gap = (2 * mass * recoil - heavy**2) ** 2 / (16 * _STOPPED**2 * recoil * mass**2)
    return f"argon, E = 30 MeV, T = 50 keV, M_N = 10 MeV: about {gap / abs(leading):.0e} of the cross section"


def _size_recoil() -> str:
    return "exactly zero in dsigma/dT, for any polarisation across the beam"


PROOFS: Mapping[str, Callable[[], Proof]] = {
    "GS15-shift-tree": tree_level,
    "VE89-shift-number": radius_number,
    "R96-decay-rate": decay_rate,
    "GP23b-plasmon-conversion": plasmon_conversion,
    "GP23b-more-photon-pairs": photon_pairs,
}
SIZES: Mapping[str, Callable[[], str]] = {
    "GP23b-g_V-shift-massive": _size_massive,
    "GP23b-solar-radius": _size_solar,
    "GP23b-coherent-leading": _size_leading,
    "GP23b-coherent-square": _size_square,
    "GP23b-coherent-moment": _size_moment,
    "GP23b-photon-enhancement": _size_enhancement,
    "GP23b-plasmon-sum": _size_plasmon,
    "GP23b-no-right-handed": _size_right_handed,
    "GP22-boson-no-distinction": _size_line,
    "GP22-boson-width": _size_width,
    "GS15-majorana-weak": _size_weak,
    "CER16-scalar": _size_scalar,
    "CER16-scalar-nucleus-spin": _size_scalar_nucleus,
    "DP-spin-zero": _size_dipole,
    "GSch00-recoil": _size_recoil,
}
"""Size of each refuted term in a typical experiment."""
