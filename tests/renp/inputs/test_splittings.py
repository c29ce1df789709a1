"""Both meanings of the larger splitting give the same masses, in both orderings."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from renp.inputs.oscillation import OSCILLATION_SETS, Parameter, masses
from tests.tolerances import tolerance


@pytest.mark.parametrize("name", OSCILLATION_SETS)
@pytest.mark.parametrize("lightest", [0.0, 0.02])
def test_the_same_splitting_in_its_other_meaning_gives_the_same_masses(name: str, lightest: float) -> None:
    given = OSCILLATION_SETS[name]
    # Delta m^2_31 - Delta m^2_32 = Delta m^2_21
    shift = given.solar.value if given.splitting == "32" else -given.solar.value
    other = dataclasses.replace(
        given,
        splitting={"31": "32", "32": "31"}[given.splitting],
        atmospheric=Parameter(given.atmospheric.value + shift, "the other splitting of the same fit"),
    )
    np.testing.assert_allclose(masses(other, lightest), masses(given, lightest), rtol=tolerance("splittings"), atol=0)
