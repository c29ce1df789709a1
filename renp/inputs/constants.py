"""Physical constants in the units of this project, all from CODATA through ``scipy.constants``.

Natural units with energies in eV (hbar = c = 1). Nothing is typed in: h, c and e are exact in the SI, the rest are the
CODATA values of the installed SciPy.

Example
-------
>>> from renp.inputs.constants import HBAR_C_EV_CM
>>> round(HBAR_C_EV_CM * 1e7, 3)  # eV nm
197.327
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Final

from scipy import constants as _si

EV_PER_INVERSE_CM: Final[float] = _si.h * _si.c * 100 / _si.e
"""Energy of a wavenumber of 1 cm^-1 [eV]: h c / e, exact."""

HBAR_EV_S: Final[float] = _si.h / (2 * pi) / _si.e
"""Reduced Planck constant [eV s], exact up to rounding."""

HBAR_C_EV_CM: Final[float] = HBAR_EV_S * _si.c * 100
"""hbar c [eV cm], exact up to rounding."""

FERMI_CONSTANT: Final[float] = _si.physical_constants["Fermi coupling constant"][0] * 1e-18
"""Fermi constant G_F [eV^-2], CODATA (given in GeV^-2)."""

FINE_STRUCTURE_CONSTANT: Final[float] = _si.fine_structure
"""Fine-structure constant alpha, CODATA."""

ELECTRON_MASS: Final[float] = _si.physical_constants["electron mass energy equivalent in MeV"][0] * 1e6
"""Electron mass m_e [eV], CODATA."""

ATOMIC_MASS_UNIT: Final[float] = _si.physical_constants["atomic mass constant energy equivalent in MeV"][0] * 1e6
"""Unified atomic mass unit u [eV], CODATA."""

ELECTRON_CHARGE: Final[float] = sqrt(4 * pi * FINE_STRUCTURE_CONSTANT)
"""Positron charge e = sqrt(4 pi alpha), dimensionless."""

BOHR_MAGNETON: Final[float] = ELECTRON_CHARGE / (2 * ELECTRON_MASS)
"""Bohr magneton mu_B = e / (2 m_e) [eV^-1]."""

SIN2_THETA_W: Final[float] = _si.physical_constants["weak mixing angle"][0]
"""sin^2 theta_W, CODATA: on-shell value 1 - (m_W/m_Z)^2. Effective low-energy values are about 7 percent larger."""

ELECTRON_G_FACTOR: Final[float] = -_si.physical_constants["electron g factor"][0]
"""g factor of the electron's spin, positive as in mu_B (L + g S).B, CODATA."""
