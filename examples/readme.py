"""renp: the session of README.md, as one script.

It writes its files into the current directory. Made by ``python docs/sessions.py --write``, like the outputs on the page.
"""

import subprocess
import sys
from pathlib import Path


def save(name: str, text: str) -> None:
    """Write a file of the page."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text.removeprefix("\n"), encoding="utf-8")


def sh(command: str, code: int = 0) -> None:
    """Run a line of shell, as one types it."""
    sys.stdout.flush()
    ended = subprocess.run(command, shell=True, check=False).returncode
    if ended != code:
        sys.exit(f"{command}: exit code {ended}, not {code}")


# What the session writes into the current directory can be imported.
sys.path.insert(0, "")

# Four ways in
save(
    "draft.toml",
    r"""
nature = "majorana"
formula = '|a_{ij}|^2 I^D_{ij} + m_i m_j \mathrm{Re}[a_{ij}^2]'
""",
)

sh("renp check draft.toml", code=1)

save(
    "axial_boson.toml",
    """
name = "axial_boson"
title = "Axial boson"
description = "A boson that couples to the axial currents of electrons and neutrinos."
references = []
propagator = { kind = "massive", spin = 1, mass = "mass", width = "width" }
electron = [ { coupling = "c_A", bilinear = "gamma(mu) gamma5" } ]
neutrino = [ { coupling = "d_A", bilinear = "gamma(mu) gamma5" } ]
""",
)

sh("renp sensitivity 'axial_boson.d_A[1,1]' --model axial_boson.toml --set axial_boson.mass=1")

sh("renp generate axial_boson.toml --out axial_boson --standalone")
sh("python -m axial_boson.verify | tail -1")

import time

import numpy as np
from axial_boson import spectral_function, spectral_function_exact
from mpmath import mp

setting = {
    "E_eg": 2.1434933, "E_vg": 2.2307246, "masses": [0.010, 0.013, 0.051], "axial": np.diag([0.2, -0.2, -0.5]),
    "nature": "majorana", "axial_boson": {"mass": 0.5, "c_A": 1e-12, "d_A": np.diag([1e-12, 0, 0])},
}  # fmt: skip
omega = np.linspace(1.06, 1.0717, 1_000_000)
start = time.perf_counter()
spectrum = spectral_function(omega, **setting)
print(f"{(time.perf_counter() - start) * 1e9 / omega.size:.0f} ns per photon energy")

mp.dps = 40
near = 1.071653344  # just below the threshold of the lightest pair
exact = spectral_function_exact(near, number=mp.mpf, root=mp.sqrt, **setting)
print("correct to 15 digits at the threshold:", bool(abs(spectral_function(near, **setting) / exact - 1) < 1e-15))

from renp.testing import examine


def rate(omega, *, E_eg, E_vg, masses, axial, nature="dirac"):
    s, total = E_eg * (E_eg - 2 * omega), 0.0
    for i, m in enumerate(masses):
        for j, n in enumerate(masses):
            if s > (m + n) ** 2:
                delta = np.sqrt((s - (m + n) ** 2) * (s - (m - n) ** 2)) / s
                I_D = s + omega**2 / 2 - (omega * delta) ** 2 / 6 - (m**2 + n**2) / 2
                I_D -= ((E_eg - omega) * (m**2 - n**2) / s) ** 2 / 2
                majorana = m * n * (axial[i][j] ** 2).real if nature == "majorana" else 0.0
                total += delta / (E_vg - omega) ** 2 * (abs(axial[i][j]) ** 2 * I_D / 3 + majorana)
    return total


print(examine(rate))
