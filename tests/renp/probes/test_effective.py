"""Effective quantities against the generated cross sections and widths, which are derived and tested elsewhere."""

from __future__ import annotations

from math import inf, pi

import numpy as np
import pytest

import renp
from renp.inputs.constants import BOHR_MAGNETON, ELECTRON_CHARGE, ELECTRON_MASS, FERMI_CONSTANT, HBAR_C_EV_CM
from renp.probes.effective import (
    effective_moment,
    effective_radius,
    plasmon_sum,
    radiative_lifetime,
    solar_moment,
    solar_probabilities,
)
from renp_generated.probes import electron_scattering, plasmon_decay
from tests.tolerances import tolerance

U = renp.mixing_matrix("nufit-6.0-no", (0.4, 1.1))
MASSES = renp.masses("nufit-6.0-no", 0.01)
ENERGY = 1e6
RATIO = 731.0
"""L/E [km/GeV]."""
PHASES = np.exp(-0.5j * MASSES**2 * RATIO * 1e5 / HBAR_C_EV_CM / 1e9)
RNG = np.random.default_rng(7)
BEAMS = [(False, "dirac"), (True, "dirac"), (False, "majorana")]
"""Antineutrino or not, and nature; a Majorana neutrino of helicity + is asked for by its helicity."""


def matrix(size: float) -> np.ndarray:
    half = RNG.normal(size=(3, 3)) + 1j * RNG.normal(size=(3, 3))
    return size * (half + half.conj().T)


MU, EPS, RADIUS, ANAPOLE = matrix(1e-11), matrix(1e-11), matrix(1e-32), matrix(1e-33)


def scattered(
    flavour: int, antineutrino: bool, nature: str, T: float, *, weak: bool = False, **values: np.ndarray
) -> float:
    row = U[flavour] if antineutrino else U[flavour].conj()
    none = np.zeros((3, 3))
    return float(
        electron_scattering(
            T,
            energy=ENERGY,
            masses=MASSES,
            axial=renp.axial_couplings(U) if weak else none,
            vector_weak=renp.vector_couplings(U) if weak else none,
            incoming=row * PHASES,
            antineutrino=antineutrino,
            nature=nature,
            helicity="plus" if antineutrino else "minus",
            electromagnetic=values,
        )
    )


@pytest.mark.parametrize(("antineutrino", "nature"), BEAMS)
def test_the_effective_moment_is_that_of_the_cross_section(antineutrino: bool, nature: str) -> None:
    recoil = 1e4
    unit = pi * (ELECTRON_CHARGE**2 / (4 * pi)) ** 2 / ELECTRON_MASS**2 * (1 / recoil - 1 / ENERGY)
    for flavour, name in enumerate(("e", "mu", "tau")):
        found = effective_moment(
            name,
            mixing=U,
            mu=MU,
            eps=EPS,
            masses=MASSES,
            baseline_over_energy=RATIO,
            antineutrino=antineutrino,
            nature=nature,
        )
        expected = scattered(flavour, antineutrino, nature, recoil, mu=MU, eps=EPS) / unit
        assert float(found) == pytest.approx(expected, rel=tolerance("effective-quantity"))


def test_both_helicities_of_majorana_neutrinos() -> None:
    recoil = 1e4
    unit = pi * (ELECTRON_CHARGE**2 / (4 * pi)) ** 2 / ELECTRON_MASS**2 * (1 / recoil - 1 / ENERGY)
    none = np.zeros((3, 3))
    expected = electron_scattering(
        recoil, energy=ENERGY, masses=MASSES, axial=none, vector_weak=none, incoming=U[1] * PHASES, nature="majorana",
        helicity="plus", electromagnetic={"mu": MU, "eps": EPS},
    )  # fmt: skip
    found = effective_moment(
        "mu", mixing=U, mu=MU, eps=EPS, masses=MASSES, baseline_over_energy=RATIO, antineutrino=True, nature="majorana"
    )
    assert float(found) * unit == pytest.approx(float(expected), rel=tolerance("effective-quantity"))


@pytest.mark.parametrize(("antineutrino", "nature"), BEAMS)
def test_the_effective_radius_shifts_the_vector_coupling(antineutrino: bool, nature: str) -> None:
    """Amplitudes of final flavours, weak current and charge radius, give the whole cross section."""
    recoil = 3e5
    share = ELECTRON_CHARGE / (6 * np.sqrt(2) * FERMI_CONSTANT) / HBAR_C_EV_CM**2
    sine = renp.inputs.constants.SIN2_THETA_W
    for flavour, name in enumerate(("e", "mu", "tau")):
        row = U[flavour] if antineutrino else U[flavour].conj()
        total = 0.0
        for final, other in enumerate(("e", "mu", "tau")):
            leaving = (U[final].conj() if antineutrino else U[final]) @ (row * PHASES)
            shift = share * effective_radius(
                name, other, mixing=U, r2=RADIUS, anapole=ANAPOLE, masses=MASSES, baseline_over_energy=RATIO,
                antineutrino=antineutrino, nature=nature,
            )  # fmt: skip
            v = leaving * ((final == 0) - 0.5 + 2 * sine) + shift
            a = leaving * ((final == 0) - 0.5) * (-1 if antineutrino else 1)
            y = recoil / ENERGY
            total += (
                abs(v + a) ** 2
                + abs(v - a) ** 2 * (1 - y) ** 2
                + (abs(a) ** 2 - abs(v) ** 2) * ELECTRON_MASS * y / ENERGY
            )
        expected = scattered(flavour, antineutrino, nature, recoil, weak=True, r2=RADIUS, anapole=ANAPOLE)
        assert FERMI_CONSTANT**2 * ELECTRON_MASS / (2 * pi) * total == pytest.approx(
            expected, rel=tolerance("effective-quantity")
        )


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_the_plasmon_sum_is_that_of_the_widths(nature: str) -> None:
    energy, mass = 2e4, 1.3e4
    momentum = float(np.sqrt(energy**2 - mass**2))
    values = {"mu": MU, "eps": EPS, "r2": RADIUS * 1e2, "anapole": ANAPOLE * 1e2}
    widths = plasmon_decay(energy, momentum, masses=[0.0] * 3, electromagnetic=values, nature=nature)
    unit = BOHR_MAGNETON**2 * mass**4 / (24 * pi * energy)
    found = plasmon_sum(3, plasmon_mass=mass, nature=nature, **values)
    assert found == pytest.approx(float(widths.sum()) / unit, rel=tolerance("effective-quantity"))
    assert found > 1.1 * plasmon_sum(3, plasmon_mass=mass, nature=nature, mu=MU, eps=EPS)


def test_moments_of_all_flavours_at_the_source_add_up_to_the_plasmon_sum() -> None:
    total = sum(float(effective_moment(name, mixing=U, mu=MU, eps=EPS)) for name in ("e", "mu", "tau"))
    assert total == pytest.approx(plasmon_sum(3, plasmon_mass=1.0, mu=MU, eps=EPS), rel=tolerance("effective-quantity"))


def test_antineutrinos_are_neutrinos_of_the_opposite_distance() -> None:
    common = {"mixing": U, "mu": MU, "eps": EPS, "masses": MASSES}
    here, there = (
        effective_moment("mu", baseline_over_energy=[0.0, RATIO], antineutrino=kind, **common) for kind in (False, True)
    )
    assert here[0] == pytest.approx(there[0], rel=tolerance("effective-quantity"))
    assert abs(here[1] / there[1] - 1) > 1e-2
    back = effective_moment("mu", baseline_over_energy=-RATIO, **common)
    assert float(back) == pytest.approx(float(there[1]), rel=tolerance("effective-quantity"))


def test_solar_neutrinos_are_the_mean_over_phases() -> None:
    rng = np.random.default_rng(3)
    distances = rng.uniform(1e8, 1e9, size=200_000)
    mean = effective_moment("e", mixing=U, mu=MU, eps=EPS, masses=MASSES, baseline_over_energy=distances).mean()
    assert solar_moment(solar_probabilities("low", U), mu=MU, eps=EPS) == pytest.approx(
        mean, rel=tolerance("random-phases")
    )
    assert solar_probabilities("high", U).sum() == pytest.approx(1)


def test_a_lifetime_adds_up_the_widths_and_is_infinite_without_moments() -> None:
    one = radiative_lifetime(2, masses=MASSES, mu=MU, eps=EPS)
    partial = [
        radiative_lifetime(1, masses=MASSES[[j, 2]], mu=MU[np.ix_([j, 2], [j, 2])], eps=EPS[np.ix_([j, 2], [j, 2])])
        for j in (0, 1)
    ]
    assert 1 / one == pytest.approx(sum(1 / t for t in partial), rel=tolerance("effective-quantity"))
    assert radiative_lifetime(1, masses=MASSES) == inf


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: effective_moment("x", mixing=U), "initial must be"),
        (lambda: effective_moment("e", mixing=np.eye(2)), "mixing must be"),
        (lambda: effective_moment("e", mixing=U, mu=np.eye(2)), "mu"),
        (lambda: effective_moment("e", mixing=U, baseline_over_energy=1.0), "masses is missing"),
        (lambda: effective_moment("e", mixing=U, masses=[0.1], baseline_over_energy=1.0), "masses must have 3"),
        (lambda: effective_radius("e", "e", mixing=U, r2=[[0, 1], [2, 0]]), "r2"),
        (lambda: solar_moment([0.4, 0.4]), "probabilities must not be negative"),
        (lambda: solar_probabilities("middle", U), "limit must be"),
        (lambda: plasmon_sum(3, plasmon_mass=0.0), "plasmon_mass"),
        (lambda: plasmon_sum(0, plasmon_mass=1.0), "n must be a whole number of at least 1"),
        (lambda: radiative_lifetime(0, masses=MASSES), "a lighter one to decay into"),
        (lambda: radiative_lifetime(5, masses=MASSES), "i must be an index"),
        (lambda: radiative_lifetime(1, masses=MASSES, nature="weyl"), "nature must be"),
    ],
)
def test_a_mistake_is_one_line(call, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
