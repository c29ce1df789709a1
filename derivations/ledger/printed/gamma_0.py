"""D13: the benchmark rate ``Gamma_0``, as recalled; the printed equation was not seen.

Symbols are those of :mod:`derivations.symbols`.
"""

from sympy import Rational

from derivations.symbols import C_EV, E_EG, E_VG, G_F, GAMMA_VG, J_V, N_A, N_GAMMA, VOLUME

GAMMA_0 = Rational(3, 2) * N_A**2 * VOLUME * G_F**2 * GAMMA_VG * N_GAMMA * E_EG / E_VG**3 * (2 * J_V + 1) * C_EV
"""``Gamma_0`` of D13, S16 and GP22 (11)."""
