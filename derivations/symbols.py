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

DIMENSIONS: Final[Mapping[Symbol, Rational | int]] = {
    E_EG: 1, E_VG: 1, OMEGA: 1, M_I: 1, M_J: 1, M_E: 1, G_F: -2, MEDIATOR: 1, S: 2, T: 2, DELTA: 0, DELTA_M: 0, I_D: 2,
    A: 0, A_L: 0, A_R: 0, G_A: 0, G_L: 0, Y_E: 0, Y_S: 0, Y_P: 0, MU: -1, EPS: -1, RADIUS: -2, ANAPOLE: -2,
    N_A: 3, N_GAMMA: 3, VOLUME: -3, GAMMA_VG: 1, J_V: 0, C_EV: 0,
}  # fmt: skip
"""Mass dimension of every symbol."""
