"""A stranger's module: weak current and a vector boson as the papers print them, in plain NumPy, with slips to switch on.

It is written from the formulas of the literature (and the sign of the last bracket that they need), shares no code with this
project and has names of its own: energies ``w``, ``E0``, ``E1``, masses ``m``, the boson ``MZ`` with ``gA``, ``gL`` and ``gR``.
"""

import numpy as np

GF = 1.1663787e-23  # eV^-2


def bracket(s, w, q0, mi, mj, D, L, R, dM, slip):
    cross = np.real(np.conj(L) * R)
    squares = np.real(L**2 + R**2)
    mixed = 2 * dM * np.real(L * R)
    mass = mi * mj
    if slip == "sign":
        cross = -cross
    if slip == "conjugation":
        cross = np.real(L * R)
    if slip == "mass":
        mass = mi * mi
    if slip == "majorana":
        mixed = 0
    split = (mi**2 - mj**2) ** 2 * q0**2 / (2 * s**2)
    kinetic = s + w**2 / 2 - w**2 * D**2 / 6 - (mi**2 + mj**2) / 2 - split
    return (abs(L) ** 2 + abs(R) ** 2 - mixed) * kinetic / 3 - mass * (dM * squares - 2 * cross)


def spectrum(w, E0, E1, m, a, MZ, gA, gL, gR, majorana=False, slip=None):
    total = 0 * w
    for i in range(len(m)):
        for j in range(len(m)):
            s = E0 * (E0 - 2 * w)
            if slip == "kinematics":
                s = E0 * (E0 - w)
            threshold = (m[i] + m[j]) ** 2
            if slip == "closed":
                threshold = 4 * max(m) ** 2
            root = (s - (m[i] + m[j]) ** 2) * (s - (m[i] - m[j]) ** 2)
            D = np.sqrt(np.where(root > 0, root, 0)) / s
            P = gA / (np.sqrt(2) * GF * (s - MZ**2))
            if slip == "propagator":
                P = gA / (np.sqrt(2) * GF * (s + MZ**2))
            if slip == "factor":
                P = gA / (GF * (s - MZ**2))
            if slip == "phase":
                P = 1j * P
            L, R = a[i, j] + P * gL[i, j], P * gR[i, j]
            if slip == "chirality":
                L, R = a[i, j] + P * gR[i, j], P * gL[i, j]
            if slip == "index":
                R = P * gR[j, i]
            rate = D / (E1 - w) ** 2 * bracket(s, w, E0 - w, m[i], m[j], D, L, R, int(majorana), slip)
            total = total + np.where(s > threshold, rate, 0)
    return total


SLIPS = (
    "sign",
    "conjugation",
    "mass",
    "majorana",
    "kinematics",
    "closed",
    "propagator",
    "factor",
    "phase",
    "chirality",
    "index",
)
