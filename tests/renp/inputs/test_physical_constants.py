"""Constants: checked through other measured quantities and other routes through the unit system."""

from __future__ import annotations

from math import pi, sqrt

from scipy import constants as si

from renp.inputs import constants
from tests.tolerances import tolerance


def test_hbar_c_has_its_familiar_value() -> None:
    assert f"{constants.HBAR_C_EV_CM * 1e7:.4f}" == "197.3270"  # eV nm, as MeV fm


def test_a_wavenumber_is_a_momentum() -> None:
    assert abs(constants.EV_PER_INVERSE_CM / (2 * pi * constants.HBAR_C_EV_CM) - 1) < tolerance("wavenumber-unit")


def test_the_fermi_constant_gives_the_muon_lifetime() -> None:
    muon = si.physical_constants["muon mass energy equivalent in MeV"][0] * 1e6
    ratio = (constants.ELECTRON_MASS / muon) ** 2
    phase_space = 1 - 8 * ratio
    rate = constants.FERMI_CONSTANT**2 * muon**5 / (192 * pi**3) * phase_space
    # Radiative corrections are 0.4 percent; the mean life is 2.197 microseconds.
    assert abs(constants.HBAR_EV_S / rate / 2.1970e-6 - 1) < tolerance("muon-lifetime")


def test_the_bohr_magneton_agrees_with_codata_in_eV_per_tesla() -> None:
    # Heaviside-Lorentz: B^2/2 is an energy density, so one tesla is sqrt(1/mu_0) in units of eV^2.
    cubic_metre = (1 / (constants.HBAR_C_EV_CM / 100)) ** 3
    tesla = sqrt(1 / si.mu_0 / si.e / cubic_metre)
    expected = si.physical_constants["Bohr magneton in eV/T"][0]
    assert abs(constants.BOHR_MAGNETON * tesla / expected - 1) < tolerance("bohr-magneton")


def test_the_charge_squared_is_four_pi_alpha() -> None:
    assert abs(constants.ELECTRON_CHARGE**2 / (4 * pi) * 137.036 - 1) < tolerance("fine-structure")


def test_the_weak_mixing_angle_is_the_on_shell_one() -> None:
    assert 0.222 < constants.SIN2_THETA_W < 0.224
