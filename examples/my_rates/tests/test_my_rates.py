"""The spectrum is the derived one, product of couplings by product."""

from my_rates import spectrum
from renp import testing

NAMES = {"w": "omega", "m": "masses", "a": "axial"}  # the function's names of renp's arguments


def test_the_spectrum_is_the_derived_one():
    report = testing.examine(spectrum, names=NAMES)
    assert report.passed, str(report)
