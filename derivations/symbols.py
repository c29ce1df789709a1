"""Every symbol of the formulas, once, with its dimension.

They are shared by the derivations, by the printed formulas and by the oracle that judges both; two roads need common names
to be compared, and share nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sympy import Rational, Symbol

E_EG = Symbol("E_eg", positive=True)
E_VG = Symbol("E_vg", positive=True)
OMEGA = Symbol("omega", positive=True)
M_I = Symbol("m_i", nonnegative=True)
M_J = Symbol("m_j", nonnegative=True)
M_E = Symbol("m_e", positive=True)
G_F = Symbol("G_F", positive=True)
MEDIATOR = Symbol("M", positive=True)

S = Symbol("s", positive=True)
"""Invariant mass squared of the pair; results are written in ``s`` and ``omega``, which keeps them short."""
S_OF_OMEGA = E_EG * (E_EG - 2 * OMEGA)
"""``s`` as a function of the photon energy, never expanded."""
T = Symbol("t", real=True)
"""Distance to threshold, ``s - (m_i + m_j)^2``."""
DELTA_SQUARED = (S - (M_I + M_J) ** 2) * (S - (M_I - M_J) ** 2) / S**2
"""``Delta_ij^2 = lambda / s^2``."""
DELTA = Symbol("Delta_ij", positive=True)
DELTA_M = Symbol("delta_M", real=True)
"""0 for Dirac and 1 for Majorana neutrinos."""
I_D = Symbol("I^D_ij", positive=True)
"""The Dirac spectral function of one pair; mass dimension two."""
THRESHOLD_SUM = M_I + M_J
THRESHOLD_DIFFERENCE = M_I - M_J

A = Symbol("a_ij")
A_L = Symbol("a^L_ij")
A_R = Symbol("a^R_ij")
G_A = Symbol("g_A", real=True)
G_L = Symbol("g_L_ij")
Y_E = Symbol("y_e", real=True)
Y_S = Symbol("y_S_ij")
Y_P = Symbol("y_P_ij")
MU = Symbol("mu_ij")
EPS = Symbol("eps_ij")
RADIUS = Symbol("r2_ij")
ANAPOLE = Symbol("anapole_ij")

N_A = Symbol("n_a", positive=True)
N_GAMMA = Symbol("n_gamma", positive=True)
VOLUME = Symbol("V", positive=True)
GAMMA_VG = Symbol("gamma_vg", positive=True)
J_V = Symbol("J_v", positive=True)
C_EV = Symbol("C_ev", positive=True)

ENERGY = Symbol("E", positive=True)
"""Energy of the incoming neutrino; the target is at rest."""
RECOIL = Symbol("T", positive=True)
"""Kinetic energy of the target after scattering."""
TARGET_MASS = MEDIATOR
"""Papers call a target ``M`` too."""
HELICITY = Symbol("h", real=True)
"""Helicity of the incoming neutrino, 1 or -1, over its momentum."""
ALPHA = Symbol("alpha", positive=True)
BOHR_MAGNETON = Symbol("mu_B", positive=True)
MU_EFF = Symbol("mu_eff", positive=True)
V_E, A_E = Symbol("v", real=True), Symbol("a", real=True)
"""Vector and axial coupling of the electron in one cross section."""
C_S, C_T = Symbol("C_S", real=True), Symbol("C_T", real=True)
COUPLING = Symbol("g", positive=True)
DIPOLE = Symbol("d", positive=True)
M_HEAVY = Symbol("M_N", positive=True)
M_PHI = Symbol("M_phi", positive=True)
M_W = Symbol("m_W", positive=True)
M_LEPTON = Symbol("m_l", positive=True)
CHARGE_NUMBER = Symbol("Z", positive=True)
FORM_FACTOR = Symbol("F", positive=True)
Q_S, Q_V = Symbol("Q_S", real=True), Symbol("Q_V", real=True)
Q_W, Q_WEAK = Symbol("Q_W", real=True), Symbol("Q_v", real=True)
TRANSFER = Symbol("Q2", positive=True)
"""``- q^2`` of a scattering."""
SINE = Symbol("sin2", positive=True)
"""``sin^2 theta_W``."""
R2 = Symbol("r2", real=True)
"""A charge radius in units of e."""
K2 = Symbol("K2", positive=True)
"""Invariant mass squared of a plasmon."""
ALPHA_NU = Symbol("alpha_nu", positive=True)
"""Milli-charge squared over 4 pi."""
MU_SUM = Symbol("mu", positive=True)
EPS_SUM = Symbol("eps", positive=True)

DIMENSIONS: Final[Mapping[Symbol, Rational | int]] = {
    E_EG: 1, E_VG: 1, OMEGA: 1, M_I: 1, M_J: 1, M_E: 1, G_F: -2, MEDIATOR: 1, S: 2, T: 2, DELTA: 0, DELTA_M: 0, I_D: 2,
    A: 0, A_L: 0, A_R: 0, G_A: 0, G_L: 0, Y_E: 0, Y_S: 0, Y_P: 0, MU: -1, EPS: -1, RADIUS: -2, ANAPOLE: -2,
    N_A: 3, N_GAMMA: 3, VOLUME: -3, GAMMA_VG: 1, J_V: 0, C_EV: 0,
    ENERGY: 1, RECOIL: 1, HELICITY: -1, ALPHA: 0, BOHR_MAGNETON: -1, MU_EFF: -1, V_E: 0, A_E: 0, C_S: 0, C_T: 0, COUPLING: 0,
    DIPOLE: -1, M_HEAVY: 1, M_PHI: 1, M_W: 1, M_LEPTON: 1, CHARGE_NUMBER: 0, FORM_FACTOR: 0, Q_S: 0, Q_V: 0, Q_W: 0, Q_WEAK: 0,
    TRANSFER: 2, SINE: 0, R2: -2, K2: 2, ALPHA_NU: 0, MU_SUM: -1, EPS_SUM: -1,
}  # fmt: skip
"""Mass dimension of every symbol."""
