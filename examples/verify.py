"""Verify a formula: the session of docs/howto/verify.md, as one script.

It writes its files into the current directory. Made by ``python docs/sessions.py --write``, like the outputs on the page.
"""

import subprocess
import sys


def sh(command: str, code: int = 0) -> None:
    """Run a line of shell, as one types it."""
    sys.stdout.flush()
    ended = subprocess.run(command, shell=True, check=False).returncode
    if ended != code:
        sys.exit(f"{command}: exit code {ended}, not {code}")


# 1. Compare numbers
import numpy as np

import renp

atom, random = renp.ATOMS["Yb"], np.random.default_rng(1)


def printed(omega, masses, a, nature):
    """Sum Delta / (E_vg - omega)^2 [|a|^2 I_D - delta_M m_i m_j Re a^2] (D13)."""
    total = 0.0
    for i, j in np.ndindex(a.shape):
        m, n = masses[i], masses[j]
        s = atom.E_eg * (atom.E_eg - 2 * omega)
        if s <= (m + n) ** 2:
            continue
        delta = np.sqrt((s - (m + n) ** 2) * (s - (m - n) ** 2)) / s
        dirac = s + omega**2 / 2 - omega**2 * delta**2 / 6 - (m**2 + n**2) / 2
        dirac -= (atom.E_eg - omega) ** 2 * (m**2 - n**2) ** 2 / (2 * s**2)
        majorana = m * n * (a[i, j] ** 2).real if nature == "majorana" else 0.0
        total += delta * (abs(a[i, j]) ** 2 * dirac / 3 - majorana) / (atom.E_vg - omega) ** 2
    return total


def worst(formula, nature, points=200):
    """Return the largest relative difference over random arguments."""
    errors = []
    for _ in range(points):
        masses, omega = random.uniform(0, 0.3, 3), random.uniform(0.2, 1.0)
        a = random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3))
        a = a + a.conj().T
        call = {"E_eg": atom.E_eg, "E_vg": atom.E_vg, "masses": masses, "axial": a, "nature": nature}
        errors.append(abs(formula(omega, masses, a, nature) / renp.spectral_function(omega, **call) - 1))
    return max(errors)


for nature in ("dirac", "majorana"):
    print(nature, worst(printed, nature) < 1e-11)


def exchanged(omega, masses, a, nature):
    """Sum as printed, for the other nature."""
    return printed(omega, masses, a, "majorana" if nature == "dirac" else "dirac")


print(f"{worst(exchanged, 'dirac'):.1f}")

# 2. Ask for more digits
import mpmath

from renp_generated import spectral_function_exact

mpmath.mp.dps = 40
value = spectral_function_exact(
    1.07,
    number=mpmath.mpf,
    root=mpmath.sqrt,
    E_eg=atom.E_eg,
    E_vg=atom.E_vg,
    masses=[0.02],
    axial=[[0.3]],
)
print(mpmath.nstr(value, 35))

# 3. Ask for the derivation
sh("renp derive standard_model | head -24")

# 4. Run the whole verification
sh("renp verify --points 1 | tail -12")
