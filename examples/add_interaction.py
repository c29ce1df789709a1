"""Add an interaction: the session of docs/howto/add_interaction.md, as one script.

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

# Try it out
save(
    "dark_tensor.toml",
    """
name = "dark_tensor"
title = "Dark tensor"
description = "A four-fermion operator of tensor type with a strength of its own."
references = []
propagator = { kind = "contact", factor = "1" }
terms = [ { coupling = "k_T", electron = "sigma(mu,nu)", neutrino = "sigma(mu,rho)", dimension = -2, units = "eV^-2" } ]
""",
)

sh("renp list --model dark_tensor.toml", code=2)

sh("sed -i.bak 's/rho/nu/' dark_tensor.toml")
sh("renp list --model dark_tensor.toml")

# Look at what it does
from derivations.atom.nonrelativistic import atomic_operator
from derivations.interactions.reader import load_interaction, shipped_interactions
from derivations.processes.renp.interference import interferences, tensor_weights
from derivations.processes.renp.spectrum import spectral_function

interaction = load_interaction("dark_tensor.toml")
operator = atomic_operator(interaction.terms[0].electron)
print("M1 of order", operator.magnetic_order, "in 1/m_e; E1:", bool(operator.electric))

weak = next(shipped for shipped in shipped_interactions() if shipped.name == "standard_model")
for item in interferences(spectral_function([weak, interaction]), tensor_weights(), "dirac"):
    print(f"{item.first} with {item.second}:", ", ".join(item.products) or item.reason)

# Use it at once
import renp

model = renp.Model("dark_tensor.toml", "vector", zprime2="vector")
for group in model.groups:
    print(group.keyword or group.name)
    for coupling in group.couplings:
        opens = " and ".join(coupling.opens) or "no pair step"
        print(f"    {coupling.name} [{coupling.units}] {coupling.kind}: {opens}")

call = {
    "E_eg": 2.14349,
    "E_vg": 2.23072,
    "masses": [0.01, 0.02],
    "axial": [[0.2, 0], [0, -0.3]],
    "dark_tensor": {"k_T": [[0, 1e-24], [1e-24, 0]]},
}
print(model.spectral_function([1.06, 1.07], **call))

checks = model.verify(1)
print(sum(check.passed for check in checks), "of", len(checks), "checks passed")

# Generate a package of your own
sh("renp generate dark_tensor.toml --out dark_tensor --standalone")

import dark_tensor

print(dark_tensor.spectral_function([1.06, 1.07], **call))
