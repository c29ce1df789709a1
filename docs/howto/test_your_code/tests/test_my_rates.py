"""The spectrum is the derived one, and obeys the laws that any spectrum obeys."""

import renp
from my_rates import spectrum
from renp import testing

NAMES = {"w": "omega", "m": "masses", "a": "axial"}  # the function's names of renp's arguments


def test_the_spectrum_is_the_derived_one():
    report = testing.examine(spectrum, names=NAMES)
    assert report.passed, str(report)


def test_it_is_not_that_of_another_model():
    def with_a_boson(w, E_eg, E_vg, m, a, majorana, vector):
        return spectrum(w, E_eg, E_vg, m, a, majorana)

    report = testing.examine(with_a_boson, model=renp.Model("vector"), names=NAMES)
    assert not report.passed
