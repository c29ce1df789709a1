"""Ask other probes: the session of docs/howto/probes.md, as one script.

It writes its files into the current directory. Made by ``python docs/sessions.py --write``, like the outputs on the page.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def sh(command: str, code: int = 0) -> None:
    """Run a line of shell, as one types it."""
    sys.stdout.flush()
    ended = subprocess.run(command, shell=True, check=False).returncode
    if ended != code:
        sys.exit(f"{command}: exit code {ended}, not {code}")


@contextmanager
def raises(error: type[Exception]) -> Iterator[None]:
    """Print the message of the error that comes."""
    try:
        yield
    except error as found:
        print(f"{error.__name__}: {found}")
    else:
        sys.exit(f"no {error.__name__} came")


import numpy as np

from renp_generated import probes

flavour = {"masses": [0.0] * 3, "axial": np.diag([0.5, -0.5, -0.5]), "vector_weak": np.diag([0.96, -0.04, -0.04])}
beam = {"energy": 1e6, "incoming": 1}  # eV, and the state that comes in
recoil = np.array([1e3, 1e4, 1e5, 7e5, 8e5])  # eV
weak = probes.electron_scattering(recoil, **beam, **flavour)  # d sigma / dT in eV^-3
moment = probes.electron_scattering(recoil, **beam, electromagnetic={"mu": np.eye(3) * 3e-11}, **flavour)
for T, before, after in zip(recoil, weak, moment, strict=True):
    print(f"T = {T:6g} eV: {before:.4g} without a moment, {after:.4g} with one")

# Who comes in
from renp import OSCILLATION_SETS, axial_couplings, mixing_matrix, vector_couplings

U = mixing_matrix(OSCILLATION_SETS["nufit-6.0-no"])
matrices = {"masses": [0.01, 0.013, 0.051], "axial": axial_couplings(U), "vector_weak": vector_couplings(U)}
muon = U[1].conj()
print(f"{probes.electron_scattering(1e5, energy=1e6, incoming=muon, **matrices):.4g} eV^-3")

# Nuclei
argon = {"energy": 3e7, "Z": 18, "N": 22, "nucleus_mass": 3.72e10, "masses": [0.0] * 3, "incoming": 1}
boson = {"mass": 1e7, "g_L": np.eye(3) * 1e-4}
both = probes.coherent_scattering(1e4, vector=boson, nuclear={"vector": 40 * 1e-4}, **argon)
print(f"{both / probes.coherent_scattering(1e4, **argon):.4f} times the weak rate")

with raises(ValueError):
    probes.coherent_scattering(1e4, tensor={"t": np.eye(3)}, **argon)

# Decays, plasmons, one boson
moment = {"mu": np.array([[0, 1e-11j], [-1e-11j, 0]])}
width, asymmetry = probes.radiative_decay(1, 0, masses=[0.0, 0.1], electromagnetic=moment)
plasmon = probes.plasmon_decay(100.0, 60.0, masses=[0.0, 0.1], electromagnetic=moment)
omega, strength = probes.boson_line("scalar", mass=0.5, E_eg=2.14349, E_vg=2.23072, y_P=1e-6)
print(f"decay: {width:.3g} eV, asymmetry {asymmetry:.2f}; plasmon: {plasmon.sum():.3g} eV")
print(f"line at {omega:.4f} eV, strength {strength:.3g}")

# On the command line
sh("renp probe electron_scattering --set 'electromagnetic.mu[1,1]=3e-11' --plot moment.png | tail -3")
sh("renp probe coherent_scattering --target 132Xe --flavour mu --recoil 1e3:1e4:4")
sh("renp probe radiative_decay --nature majorana --set 'electromagnetic.mu[1,3]=1e-11j'")
sh("renp probe plasmon_decay --plasmon-mass 8600 --set 'electromagnetic.mu[1,2]=1e-12' | head -5")
sh("renp probe boson_line --set vector.mass=0.5 --set vector.g_A=1e-12")

sh("renp figure probes-compare --out bounds.png")

# Interactions of one's own
import renp

model = renp.Model("vector", second="vector")
group = {"mass": 1e4, "g_V": 1e-6, "g_L": np.eye(3) * 1e-6}
print(f"{model.probes.electron_scattering(1e5, energy=1e6, incoming=0, second=group, **flavour):.4g} eV^-3")

sh("renp derive electron_scattering --model scalar --form papers")
