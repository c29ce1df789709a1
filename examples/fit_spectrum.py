"""Fit a spectrum: the session of docs/howto/fit_spectrum.md, as one script.

It writes its files into the current directory. Made by ``python docs/sessions.py --write``, like the outputs on the page.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def raises(error: type[Exception]) -> Iterator[None]:
    """Print the message of the error that comes."""
    try:
        yield
    except error as found:
        print(f"{error.__name__}: {found}")
    else:
        sys.exit(f"no {error.__name__} came")


# What the session writes into the current directory can be imported.
sys.path.insert(0, "")

# The data
save(
    "six_parameters.py",
    '''
"""A simulated measurement for fits with six parameters: what is measured, what is free, what is known before."""

import numpy as np

import renp

run = renp.experiment(
    nature="majorana",
    lightest_mass=0.08,
    majorana_phases=(2.0, 0.0),
    volume_cm3=4e4,
    exposure_days=400,
    frequencies=np.linspace(1.0575, 1.0667, 24),
)
"""A large target of ytterbium; the highest photon energies lie above all thresholds and measure the background."""

BACKGROUND = 50.0
FREE = ["lightest_mass", "atmospheric", "sin2_theta12", "alpha21", "amplitude", "background"]
PRIORS = {"atmospheric": (2.55e-3, 0.03e-3), "sin2_theta12": (0.318, 0.016)}
"""Oscillation experiments: de Salas et al. 2021, table 3."""

counts = np.random.default_rng(2026).poisson(run.counts() + BACKGROUND)
''',
)

import numpy as np
from six_parameters import FREE, PRIORS, counts, run

import renp

print(counts)

from pathlib import Path

rows = [f"{omega:.4f},{number}" for omega, number in zip(run.frequencies, counts, strict=True)]
Path("counts.csv").write_text("\n".join(["omega_eV,counts", *rows, ""]), encoding="utf-8")

sh("head -3 counts.csv")

with raises(ValueError):
    Path("typo.csv").write_text("omega_eV,counts\n1.05,twelve\n", encoding="utf-8")
    renp.fit("typo.csv", ["lightest_mass"])

# The fit
found = renp.fit(
    run,
    FREE,
    observed=counts,
    priors=PRIORS,
    start={"lightest_mass": 0.0802, "alpha21": 1.2, "amplitude": 1.1},
)
print(found)

sh(
    "renp fit counts.csv --nature majorana --lightest 0.08 --alpha21 115 --volume 4e4 --days 400"
    " --free lightest_mass --free alpha21 --free amplitude --free background"
)

# How parameters hang together
for name, row in zip(FREE, found.correlation, strict=True):
    print(f"{name:14}", *(f"{value:+.2f}" for value in row))

forecast = renp.fisher_information(run, FREE, background=50.0)
for name, (_, sigma) in PRIORS.items():
    forecast[FREE.index(name), FREE.index(name)] += 1 / sigma**2
size = np.sqrt(np.diag(forecast))
errors = np.sqrt(np.diag(np.linalg.inv(forecast / np.outer(size, size)))) / size
for name, fitted, before in zip(FREE, found.errors, errors, strict=True):
    print(f"{name:14} error of the fit {fitted:.2g}, forecast {before:.2g}")

# A profile
phases = np.linspace(0, 2 * np.pi, 41)
profile = found.profile("alpha21", phases)
low, high = found.interval("alpha21")
print(f"around this solution alpha21 is {low:.2f} to {high:.2f} rad at 68% C.L.")

import matplotlib.pyplot as plt

plt.style.use("seaborn-v0_8-colorblind")
figure, axes = plt.subplots(figsize=(6.4, 4.2), layout="constrained")
parabola = ((phases - found["alpha21"]) / found.errors[FREE.index("alpha21")]) ** 2
axes.plot(phases, profile.excess, "-", phases, parabola, "--")
axes.axhline(1, color="#555555", linewidth=0.8)
axes.axvline(2.0, color="#555555", linewidth=0.8)
axes.text(2.03, 7.9, "truth")
axes.text(3.0, 6, "parabola of\nthe covariance", color="C1")
axes.text(4.75, 6, "profile", color="C0")
axes.text(5.6, 1.15, "68% C.L.")
axes.set(xlim=(0, 2 * np.pi), ylim=(-1, 9), xlabel=r"Majorana phase $\alpha_{21}$ [rad]", ylabel=r"$-2\,\Delta\ln L$")
figure.savefig("profile.png", dpi=150)

second = renp.fit(run, FREE, observed=counts, priors=PRIORS, start={"alpha21": 4.5})
print(f"alpha21 = {found['alpha21']:.2f}: {found.quality}")
print(f"alpha21 = {second['alpha21']:.2f}: {second.quality}")

# What data cannot say
for nature, names in (
    ("dirac", ["alpha21"]),
    ("majorana", ["sin2_theta23"]),
    ("majorana", ["delta_cp", "alpha31"]),
    ("majorana", ["amplitude", "exposure_days"]),
):
    try:
        renp.fit(renp.experiment(nature=nature, majorana_phases=(1.0, 0.5)), names)
    except ValueError as problem:
        print(problem)

# Sample the posterior instead
free = renp.parametrisation(run, FREE)
print(free.predictions(found.values).round()[:3])
print(free.slopes(found.values).shape)
