"""Interaction files: the session of docs/interaction_files.md, as one script.

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

# A worked example
save(
    "axion.toml",
    """
name = "axion"
title = "Axion-like particle"
description = "A light pseudoscalar with a derivative coupling to neutrinos."
references = []
propagator = { kind = "massive", spin = 0, mass = "mass", width = "width" }
electron = [ { coupling = "y_e", bilinear = "i gamma5" } ]
neutrino = [ { coupling = "f_nu", bilinear = "i qslash gamma5", dimension = -1, units = "eV^-1" } ]
""",
)

sh("sed 's/i qslash gamma5/qslash gamma5/' axion.toml > wrong.toml")
sh("renp list --model wrong.toml", code=2)

sh("sed 's/i qslash gamma5/i q(mu)/' axion.toml > wrong.toml")
sh("renp list --model wrong.toml", code=2)

sh("sed 's/, dimension = -1, units = \"eV^-1\"//' axion.toml > wrong.toml")
sh("renp list --model wrong.toml", code=2)

# From the file to numbers
sh("renp generate axion.toml --out axion_package --standalone")

from axion_package import spectral_function

axion = {"mass": 0.5, "y_e": 1e-6, "f_nu": [[1e-10, 0], [0, 1e-10]]}
axial = [[0.3, 0.1j], [-0.1j, 0.2]]
print(spectral_function(1.0, E_eg=2.14349, E_vg=2.23072, masses=[0.01, 0.05], axial=axial, axion=axion))

sh("python -m axion_package.verify | tail -1")

# On the command line
sh("renp list --model axion.toml | tail -6")

sh("renp derive --model axion.toml --pair-step E1 | grep -A 6 spectral-function")

sh("renp verify --model axion.toml --points 1 | tail -1")

# In an editor
sh("renp list --schema > interaction.schema.json")

# Contact
save(
    "tensor_example.toml",
    """
name = "tensor_example"
title = "Tensor contact interaction"
description = "A four-fermion tensor operator of Fermi strength."
references = []
propagator = { kind = "contact", factor = "G_F/sqrt(2)" }
terms = [ { coupling = "t", electron = "sigma(mu,nu)", neutrino = "sigma(mu,nu)" } ]
""",
)

# Terms that come with their conjugate
save(
    "dipole.toml",
    """
name = "dipole"
title = "Transition dipoles to right-handed neutrinos"
description = "A vector boson that couples to the chiral dipole moment of neutrinos."
references = []
propagator = { kind = "massive", spin = 1, mass = "mass" }
electron = [ { coupling = "g", bilinear = "gamma(mu)" } ]
neutrino = [
  { coupling = "d", bilinear = "sigma(mu,nu) q(nu) PR", dimension = -1, units = "eV^-1", hermitian = "add conjugate" },
]
""",
)

sh("renp list --model dipole.toml --model tensor_example.toml")
