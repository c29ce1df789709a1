"""Photon spectrum of the weak current for Dirac and Majorana neutrinos."""

import numpy as np


def spectrum(w, E_eg, E_vg, m, a, majorana):
    """Return I(w) at photon energies w [eV], for masses m [eV] and the axial couplings a."""
    total = np.zeros_like(w)
    s = E_eg * (E_eg - 2 * w)
    for i in range(len(m)):
        for j in range(len(m)):
            t = s - (m[i] + m[j]) ** 2
            delta = np.sqrt(np.maximum(t, 0) * (s - (m[i] - m[j]) ** 2)) / s
            kinetic = s + w**2 / 2 - w**2 * delta**2 / 6 - (m[i] ** 2 + m[j] ** 2) / 2
            kinetic -= (E_eg - w) ** 2 * (m[i] ** 2 - m[j] ** 2) ** 2 / (2 * s**2)
            bracket = abs(a[i, j]) ** 2 * kinetic / 3 - majorana * m[i] * m[j] * (a[i, j] ** 2).real
            total += delta / (E_vg - w) ** 2 * bracket
    return total
