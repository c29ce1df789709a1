"""Bounds mapped to one element: the effective quantity of the element at its limit is the published number."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest
from scipy import constants

from renp.inputs.bounds import BOUNDS, Bound, bounds_on
from renp.inputs.oscillation import mixing_matrix
from renp.probes.reach import element_limit
from tests.tolerances import tolerance

U = mixing_matrix("desalas-2021-benchmark")


def one(name: str, quantity: str) -> Bound:
    return next(bound for bound in BOUNDS if (bound.name, bound.quantity) == (name, quantity))


@pytest.mark.parametrize("form_factor", ["mu", "eps"])
def test_moments_follow_the_printed_sums(form_factor: str) -> None:
    electron = np.abs(U[0]) ** 2
    shares = {"GEMMA": electron, "XENONnT": electron, "red giants": np.ones(3)}
    for name, weight in shares.items():
        bound = one(name, "mu")
        for i, j in ((1, 1), (3, 3), (1, 2), (2, 3)):
            # A real element of mu or eps takes state k to the other one with its full size, whatever the phases of U.
            expected = bound.magnitude / sqrt(weight[i - 1] + (weight[j - 1] if i != j else 0.0))
            found = element_limit(bound, form_factor, i, j, mixing=U)
            assert found == pytest.approx(expected, rel=tolerance("probe-table"), abs=0)


def test_cosmology_bounds_diagonal_magnetic_moments_of_dirac_neutrinos() -> None:
    cosmic = one("BBN and CMB", "mu")
    assert element_limit(cosmic, "mu", 2, 2, mixing=U) == cosmic.magnitude
    assert element_limit(cosmic, "mu", 1, 2, mixing=U) is None
    assert element_limit(cosmic, "mu", 2, 2, mixing=U, nature="majorana") is None
    assert element_limit(cosmic, "eps", 2, 2, mixing=U) is None


def test_a_charge_radius_is_mapped_to_the_literal_coefficient() -> None:
    texono = one("TEXONO", "r2")
    charge = sqrt(4 * pi * constants.fine_structure)
    seen = abs(U[0, 0]) ** 2
    radius = element_limit(texono, "r2", 1, 1, mixing=U)
    # The published vertex is gamma (1 - gamma5), twice that of a left-handed neutrino.
    assert radius == pytest.approx(2 * charge * 3.3e-32 / seen, rel=tolerance("probe-table"), abs=0)
    anapole = element_limit(texono, "anapole", 1, 1, mixing=U)
    assert radius is not None
    assert anapole == pytest.approx(radius / 6, rel=tolerance("probe-table"), abs=0)
    # Of this one the vertex is not said, so it has no literal coefficient.
    assert element_limit(one("solar r2 (Borexino data)", "r2"), "r2", 1, 1, mixing=U) is None
    assert element_limit(texono, "mu", 1, 1, mixing=U) is None


def test_a_plasmon_bound_on_moments_is_one_on_charge_radii() -> None:
    giants = one("red giants", "mu")
    K = giants.plasma_frequency / (constants.hbar * constants.c / constants.e * 100)
    magneton = sqrt(4 * pi * constants.fine_structure) / (
        2 * constants.value("electron mass energy equivalent in MeV") * 1e6
    )
    moment = giants.magnitude * magneton * constants.hbar * constants.c / constants.e * 100
    # mu^2 -> 2 K^2 r2^2/36: both in cm.
    radius = element_limit(giants, "r2", 1, 1, mixing=U)
    assert radius == pytest.approx(6 * moment / (sqrt(2) * K), rel=tolerance("probe-table"), abs=0)
    assert element_limit(one("white dwarfs", "mu"), "r2", 1, 1, mixing=U) is None


def test_the_plasma_frequency_is_that_of_degenerate_helium() -> None:
    hbar_c = constants.hbar * constants.c / constants.e * 100
    mass = constants.value("electron mass energy equivalent in MeV") * 1e6
    density = 2e5 / 2 / constants.value("atomic mass constant") * 1e-3 * hbar_c**3
    fermi = np.hypot(mass, (3 * pi**2 * density) ** (1 / 3))
    frequency = sqrt(4 * pi * constants.fine_structure * density / fermi)
    assert one("red giants", "mu").plasma_frequency == pytest.approx(
        frequency, rel=tolerance("printed-plasma-frequency"), abs=0
    )


def test_majorana_elements_count_twice() -> None:
    giants, gemma = one("red giants", "mu"), one("GEMMA", "mu")
    dirac, majorana = (element_limit(gemma, "mu", 1, 2, mixing=U, nature=nature) for nature in ("dirac", "majorana"))
    assert dirac is not None
    assert majorana == pytest.approx(dirac / 2, rel=tolerance("probe-table"), abs=0)
    # Half of the sum over ordered pairs of 4 |mu|^2.
    assert element_limit(giants, "mu", 1, 2, mixing=U, nature="majorana") == pytest.approx(
        giants.magnitude / 2, rel=tolerance("probe-table"), abs=0
    )
    assert element_limit(gemma, "mu", 1, 1, mixing=U, nature="majorana") is None


def test_every_bound_on_neutrinos_says_what_sees_it() -> None:
    known = {"reactor", "solar", "plasmon", "universal", ""}
    assert {bound.seen_by for bound in BOUNDS} == known
    assert all(bound.seen_by for bound in bounds_on("mu"))
    with pytest.raises(ValueError, match="form_factor"):
        element_limit(BOUNDS[0], "t", 1, 1, mixing=U)
