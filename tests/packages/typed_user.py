"""A user's program, for the user's type checker: ``mypy --strict`` against the installed renp, which this file never runs.

Each ``type: ignore`` stands on a line that must be an error: mypy warns about those that are not.
"""

from __future__ import annotations

from typing import assert_type

import numpy as np
from numpy.typing import NDArray

import renp
import renp.testing
import renp_generated
from renp_generated import formulas
from renp_generated.runtime.evaluator import SpectralEvaluator

atom = renp.ATOMS["Yb"]
assert_type(atom, renp.Atom)
assert_type(atom.E_eg, float)
assert_type(renp.masses("NuFIT-5.2-NO", 0.01), NDArray[np.float64])

spectrum = renp.spectrum("Yb", lightest_mass=0.01, omega=[1.06, 1.07])
assert_type(spectrum, renp.Spectrum)
assert_type(spectrum.I, NDArray[np.float64])
assert_type(renp.pair_thresholds(atom.E_eg, [0.01])[0].omega, float)

limit = renp.sensitivity("electromagnetic.mu[1,1]", level=0.95)
assert_type(limit, renp.Limit)
assert_type(limit.magnitude, float)

verdict = renp.check("abs(a_ij)^2 I_D")
assert_type(verdict, renp.Verdict)
assert_type(verdict.passed, bool)

model = renp.Model("vector", zprime="vector")
assert_type(model.prepare(E_eg=2.0, E_vg=2.1, masses=[0.01], axial=[[0.2]]), SpectralEvaluator)

evaluator = renp_generated.prepare(E_eg=2.0, E_vg=2.1, masses=[0.01], axial=[[0.2]])
assert_type(evaluator, SpectralEvaluator)
assert_type(renp_generated.backend(), str)
assert_type(formulas.m_e, float)
assert_type(renp.testing.examine(lambda omega: omega, quantity="spectral_function"), renp.testing.BlackBoxReport)

renp.spectrun("Yb")  # type: ignore[attr-defined]
print(renp.ATOMS["Yb"].E_ge)  # type: ignore[attr-defined]
renp.spectrum("Yb", lightest="heavy")  # type: ignore[arg-type]
print(renp.testing.examin)  # type: ignore[attr-defined]
renp_generated.prepare(E_eg="2.0", E_vg=2.1, masses=[0.01], axial=[[0.2]])  # type: ignore[arg-type]
renp_generated.spectral_function(1.06, E_eg=2.0, E_vg=2.1, masses=[0.01])  # type: ignore[call-arg]
renp_generated.spectral_function(1.06, E_eg=2.0, E_vg=2.1, masses=[1], axial=[[1]], axail=1)  # type: ignore[call-arg]
limit.magnitude = 2.0  # type: ignore[misc]
