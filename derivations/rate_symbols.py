"""The symbols of the rate, shared by its derivation and by the printed formula."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

N_A, VOLUME, N_GAMMA, G_F = sp.symbols("n_a V n_gamma G_F", positive=True)
GAMMA_VG, E_EG, E_VG, OMEGA = sp.symbols("gamma_vg E_eg E_vg omega", positive=True)
J_V, C_EV = sp.symbols("J_v C_ev", positive=True)

ENERGY_POWERS: Mapping[sp.Symbol, int] = {
    N_A: 3, VOLUME: -3, N_GAMMA: 3, G_F: -2, GAMMA_VG: 1, E_EG: 1, E_VG: 1, OMEGA: 1, J_V: 0, C_EV: 0,
}  # fmt: skip
"""Dimension of each symbol as a power of energy."""
