"""Masses and couplings of oscillation parameters, and their slopes, against the mixing matrix in 50 digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import mpmath
import numpy as np
import pytest

from renp.inputs.neutrinos import MASS_PARAMETERS, MIXING_PARAMETERS, NEUTRINO_PARAMETERS, PERIODS, Neutrinos
from renp.inputs.oscillation import OSCILLATION_SETS
from tests.tolerances import tolerance


def masses(values: Mapping[str, mpmath.mpf], ordering: str, splitting: str) -> list[mpmath.mpf]:
    """The three masses from what the splittings mean, the heavier ones from the lightest."""
    low, solar, far = values["lightest_mass"] ** 2, values["solar"], values["atmospheric"]
    if ordering == "normal":
        first, second = low, low + solar
        third = far + (first if splitting == "31" else second)
    else:
        third = low
        first = third - far if splitting == "31" else third - far - solar
        second = first + solar
    return [mpmath.sqrt(square) for square in (first, second, third)]


def axial(values: Mapping[str, mpmath.mpf]) -> mpmath.matrix:
    """The axial couplings from the product of three rotations and the matrix of phases."""
    (s12, c12), (s13, c13), (s23, c23) = (
        (mpmath.sqrt(values[name]), mpmath.sqrt(1 - values[name])) for name in MIXING_PARAMETERS[:3]
    )
    phase = mpmath.expj(values["delta_cp"] * mpmath.pi / 180)
    U = (
        mpmath.matrix([[1, 0, 0], [0, c23, s23], [0, -s23, c23]])
        * mpmath.matrix([[c13, 0, s13 / phase], [0, 1, 0], [-s13 * phase, 0, c13]])
        * mpmath.matrix([[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]])
        * mpmath.diag([1, mpmath.expj(values["alpha21"] / 2), mpmath.expj(values["alpha31"] / 2)])
    )
    return mpmath.matrix(3, 3) + U[0, :].H * U[0, :] - U.H * U / 2


def with_splitting(name: str, splitting: str) -> Neutrinos:
    return Neutrinos(replace(OSCILLATION_SETS[name], splitting=splitting), 0.012, 0.4, -1.1)


@pytest.mark.parametrize("splitting", ["31", "32"])
@pytest.mark.parametrize("name", ["nufit-6.0-no", "nufit-6.0-io"])
@pytest.mark.parametrize("parameter", NEUTRINO_PARAMETERS)
def test_slopes_are_those_of_fifty_digits(parameter: str, name: str, splitting: str) -> None:
    there = with_splitting(name, splitting)
    with mpmath.workdps(50):
        values = {key: mpmath.mpf(there.value(key)) for key in NEUTRINO_PARAMETERS}

        def slope(part: int, index: tuple[int, ...]) -> complex:
            def at(x: mpmath.mpf) -> mpmath.mpf:
                moved = {**values, parameter: x}
                if part == 0:
                    return masses(moved, there.oscillation.ordering, splitting)[index[0]]
                return axial(moved)[index]

            return complex(mpmath.diff(at, values[parameter], h=mpmath.mpf(10) ** -18))

        expected = np.array(
            [slope(0, (i,)) for i in range(3)]
            if parameter in MASS_PARAMETERS
            else [[slope(1, (i, j)) for j in range(3)] for i in range(3)]
        )
    found = there.mass_slopes(parameter) if parameter in MASS_PARAMETERS else there.coupling_slopes(parameter)
    scale = max(float(np.abs(expected).max()), 1e-30)
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance("chain-rule") * scale)
    assert np.abs(found).any() == (parameter != "sin2_theta23")


def test_a_massless_neutrino_moves_with_the_lightest_mass_alone() -> None:
    there = Neutrinos(OSCILLATION_SETS["nufit-6.0-no"], 0.0)
    assert there.mass_slopes("lightest_mass").tolist() == [1.0, 0.0, 0.0]
    assert np.isfinite(there.mass_slopes("solar")).all()


@pytest.mark.parametrize("name", PERIODS)
def test_a_period_leaves_the_couplings(name: str) -> None:
    there = with_splitting("nufit-6.0-no", "31")
    moved = there.moved({name: there.value(name) + PERIODS[name]})
    np.testing.assert_allclose(moved.mixing, there.mixing, rtol=0, atol=tolerance("mixing"))


def test_an_angle_of_zero_has_no_slope() -> None:
    there = Neutrinos(OSCILLATION_SETS["nufit-6.0-no"], 0.0).moved({"sin2_theta13": 0.0})
    with pytest.raises(ValueError, match=r"^sin2_theta13: expected a value between 0 and 1 to vary it, got 0.0$"):
        there.coupling_slopes("sin2_theta13")
