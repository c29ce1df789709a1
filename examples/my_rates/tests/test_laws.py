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
