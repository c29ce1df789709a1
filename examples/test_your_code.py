"""Test your own code: the session of docs/howto/test_your_code.md, as one script.

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


import numpy as np


def spectrum(w, E_eg, E_vg, m, a, majorana):
    """Return I(w), wrong."""
    total = np.zeros_like(w)
    s = E_eg * (E_eg - 2 * w)
    for i in range(len(m)):
        for j in range(len(m)):
            t = s - (m[i] + m[j]) ** 2
            delta = np.sqrt(np.maximum(t, 0) * (s - (m[i] - m[j]) ** 2)) / s
            kinetic = s + w**2 / 2 - w**2 * delta**2 / 6 - (m[i] ** 2 + m[j] ** 2) / 2
            kinetic -= (E_eg - w) ** 2 * (m[i] ** 2 - m[j] ** 2) ** 2 / (2 * s**2)
            bracket = abs(a[i, j]) ** 2 * kinetic / 3 + majorana * m[i] * m[j] * (a[i, j] ** 2).real
            total += delta / (E_vg - w) ** 2 * bracket
    return total


from renp import testing

names = {"w": "omega", "m": "masses", "a": "axial"}
print(testing.examine(spectrum, names=names))

report = testing.examine(spectrum, names=names)
call = report.findings[0].arguments
print(spectrum(**call), call["m"], call["majorana"])


def mended(w, E_eg, E_vg, m, a, majorana):
    dirac = spectrum(w, E_eg, E_vg, m, a, False)
    return dirac - majorana * (spectrum(w, E_eg, E_vg, m, a, True) - dirac)


print(testing.examine(mended, names=names))

# What is asked
import renp


def with_a_boson(w, E_eg, E_vg, m, a, MZ, gA, gL):
    G_F = 1.1663787e-23
    propagator = gA / (np.sqrt(2) * G_F * (E_eg * (E_eg - 2 * w) + MZ**2))
    rows = [
        renp.spectral_function(omega, E_eg=E_eg, E_vg=E_vg, masses=m, axial=a + factor * gL)
        for omega, factor in zip(w, propagator, strict=True)
    ]
    return np.array(rows)


names = {"w": "omega", "m": "masses", "a": "axial", "MZ": "vector.mass", "gA": "vector.g_A", "gL": "vector.g_L"}
print(testing.examine(with_a_boson, model=renp.Model("vector"), names=names))


def threshold(E_eg, m_i, m_j):
    return E_eg / 2 - (m_i**2 + m_j**2) / (2 * E_eg)


print(testing.examine(threshold, quantity="threshold"))

omega = np.linspace(0.5, 1.0, 30)
couplings = np.array([[0.2, 0.1], [0.1, -0.5]])
setting = {"E_eg": 2.14349, "E_vg": 2.23072, "masses": np.array([0.01, 0.05]), "axial": couplings}
values = spectrum(omega, *setting.values(), True)
print(testing.examine({"omega": omega, "spectral_function": values, "nature": "majorana", **setting}))

# A test-suite of your own
save(
    "my_rates/tests/test_my_rates.py",
    '''
"""The spectrum is the derived one, product of couplings by product."""

from my_rates import spectrum
from renp import testing

NAMES = {"w": "omega", "m": "masses", "a": "axial"}  # the function's names of renp's arguments


def test_the_spectrum_is_the_derived_one():
    report = testing.examine(spectrum, names=NAMES)
    assert report.passed, str(report)
''',
)

save(
    "my_rates/my_rates.py",
    '''
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
''',
)

save(
    "my_rates/pyproject.toml",
    """
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "my-rates"
version = "0.1"
dependencies = ["numpy"]

[project.optional-dependencies]
test = ["pytest>=8", "renp[testing]"]

[tool.setuptools]
py-modules = ["my_rates"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
""",
)

save(
    "my_rates/README.rst",
    """
my-rates
========

The photon spectrum of the weak current. Set up and test with::

    python -m pip install -e ".[test]" && python -m pytest
""",
)

save(
    "my_rates/.github/workflows/test.yml",
    """
name: test
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install -e ".[test]"
      - run: python -m pytest
""",
)

sh("cd my_rates && python -m pytest -q")

sh("sed -i.bak 's,/ 3 - majorana,/ 3 + majorana,' my_rates/my_rates.py")
sh("cd my_rates && python -m pytest -q > report.txt || (grep '^E.*slip' report.txt && exit 1)", code=1)

sh("mv my_rates/my_rates.py.bak my_rates/my_rates.py")

# Strategies and assertions one by one
save(
    "my_rates/tests/test_laws.py",
    '''
"""Laws of physics, and a property of my own."""

import numpy as np
from hypothesis import given, settings
from my_rates import spectrum
from renp import testing

NAMES = {"w": "omega", "m": "masses", "a": "axial"}


def test_mass_states_have_no_order():
    testing.relabelling(spectrum, names=NAMES)


def test_every_law():
    assert all(record.passed for record in testing.check_physics(spectrum, names=NAMES, examples=3))


@given(testing.hermitian_couplings(2))
@settings(max_examples=20, derandomize=True, database=None)
def test_dirac_neutrinos_have_no_phases(a):
    call = {"w": np.array([0.5]), "E_eg": 2.14349, "E_vg": 2.23072, "m": [0.01, 0.05], "majorana": False}
    np.testing.assert_allclose(spectrum(a=a, **call), spectrum(a=abs(a), **call))
''',
)

sh("cd my_rates && python -m pytest -q tests/test_laws.py")
