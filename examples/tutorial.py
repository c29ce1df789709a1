"""Tutorial: from a Lagrangian to a sensitivity: the session of docs/tutorial.md, as one script.

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


# 1. Write the Lagrangian down
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

sh("renp list --model axial_boson.toml")

sh("sed '6s/gamma5/gamma6/' axial_boson.toml > wrong.toml")
sh("renp list --model wrong.toml", code=2)

# 2. See what is derived
import renp

model = renp.Model("axial_boson.toml")
steps = {step.name: step for step in model.derivation()}
print(*steps, sep="\n")


def show(name):
    """Print the formulas of a step as LaTeX."""
    print(r"\begin{aligned}")
    print(*(f"&{line}" for line in steps[name].latex), sep=" \\\\\n")
    print(r"\end{aligned}")


show("amplitude-axial_boson")

show("gram-axial-axial")

# 3. Plot a spectrum
import numpy as np

omega = np.linspace(1.063, 1.0717, 800)


def spectrum(product):
    """Return the spectrum with one element of the product c_A d_A."""
    boson = {"mass": 1.0, "c_A": 1.0, "d_A": np.diag([product, 0, 0])}
    return renp.spectrum("Yb", omega=omega, nature="majorana", model=model, axial_boson=boson)


print(spectrum(1e-24).summary)

import matplotlib.pyplot as plt

plt.style.use("seaborn-v0_8-colorblind")
figure, panel = plt.subplots(figsize=(7, 4), layout="constrained")
for product, line in zip((0.0, 1e-24, -1e-24), ("-", "--", ":"), strict=True):
    panel.plot(omega, spectrum(product).I, line, label=f"{product:g}")
panel.set(xlabel=r"photon energy $\omega$ [eV]", ylabel=r"spectral function $I(\omega)$", ylim=(0, None))
panel.legend(title=r"$c_A\,d_{A,11}$, $M$ = 1 eV")
figure.savefig("spectrum.png", dpi=150)

sh(
    "renp spectrum --model axial_boson.toml --atom Yb --nature majorana --omega 1.063:1.0717:800"
    " --set axial_boson.mass=1 --set axial_boson.c_A=1 --set 'axial_boson.d_A[1,1]=1e-24' --csv spectrum.csv"
)

# 4. Verify it
checks = model.verify()
for kind in sorted({check.kind for check in checks}):
    passed = [check.passed for check in checks if check.kind == kind]
    print(f"{kind}: {sum(passed)} of {len(passed)} passed")

# 5. How small a coupling can be seen?
boson = {"mass": 1.0}
limit = renp.sensitivity("axial_boson.d_A[1,1]", level=0.95, nature="majorana", model=model, axial_boson=boson)
print(f"{limit.magnitude:.3g}")

elements = ("1,1", "1,2", "3,3")
masses = np.geomspace(1e-3, 1e4, 106)
curves = [
    renp.sensitivity_curve(
        f"axial_boson.d_A[{element}]", "mediator_mass", masses, level=0.95, nature="majorana", model=model
    )
    for element in elements
]
for element, curve in zip(elements, curves, strict=True):
    print(f"{element}: {curve.magnitude[0]:.3g} at 1 meV, {curve.magnitude[-1]:.3g} at 10 keV")

figure, panel = plt.subplots(figsize=(7, 4.2), layout="constrained")
for element, curve, line in zip(elements, curves, ("-", "--", ":"), strict=True):
    panel.loglog(curve.values, curve.magnitude, line, label=element.replace(",", ""))
panel.set(xlabel="mediator mass $M$ [eV]", ylabel=r"limit on $|c_A\,d_{A,ij}|$, 95 %")
panel.legend(title="element")
figure.savefig("limits.png", dpi=150)

for mass in (0.2, 1.0):
    limit = renp.sensitivity(
        "axial_boson.d_A[1,2]", level=0.95, nature="majorana", model=model, axial_boson={"mass": mass}
    )
    print(f"M = {mass} eV:", *(f"{low:.3g} to {high:.3g}" for low, high in limit.intervals), sep="  ")

bands = renp.sensitivity("axial_boson.d_A[1,1]", level=0.95, model=model, axial_boson=boson).bands(toys=300)
print(f"median {bands.median:.3g}, 68% from {bands.one_sigma[0]:.3g} to {bands.one_sigma[1]:.3g}")

# 6. Take it with you
sh("renp generate axial_boson.toml --out axial_boson --standalone")
sh("python -m axial_boson.verify | tail -1")
