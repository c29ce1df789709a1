"""Tables of probes: each column against a formula that is printed in the units of the field, and exact zeros with a note."""

from __future__ import annotations

import re
from math import inf, pi, sqrt

import numpy as np
import pytest
from scipy import constants
from scipy.integrate import quad

from renp.inputs.targets import NUCLEI, nucleus
from renp.probes.tables import (
    Beam,
    boson_table,
    decay_table,
    helm_form_factor,
    plasmon_table,
    scattering_table,
)
from renp_generated import probes
from tests.tolerances import tolerance

HBAR_C_CM = constants.hbar * constants.c / constants.e * 100
G_F = constants.value("Fermi coupling constant") * 1e-18
ALPHA = constants.fine_structure
M_E = constants.value("electron mass energy equivalent in MeV") * 1e6
SINE = constants.value("weak mixing angle")
MU_B = sqrt(4 * pi * ALPHA) / (2 * M_E)
MASSLESS = np.zeros(3)
FUNCTIONS = probes.FUNCTIONS
T = np.array([1e3, 1e5, 5e5])


def beam(energy: float, state: str | int = "e", **more: object) -> Beam:
    return Beam(energy, MASSLESS, np.eye(3), state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("antineutrino", [False, True])
@pytest.mark.parametrize(("flavour", "sign"), [("e", 1), ("mu", -1)])
def test_electrons_are_the_printed_formula_in_cm2_per_kev(flavour: str, sign: int, antineutrino: bool) -> None:
    energy = 1e6
    v, a = sign / 2 + 2 * SINE, sign / 2 * (-1 if antineutrino else 1)
    weak = (v + a) ** 2 + (v - a) ** 2 * (1 - T / energy) ** 2 + (a**2 - v**2) * M_E * T / energy**2
    weak *= G_F**2 * M_E / (2 * pi)
    moment = pi * ALPHA**2 / M_E**2 * (1 / T - 1 / energy) * 3e-11**2
    table = scattering_table(
        FUNCTIONS,
        None,
        beam(energy, flavour, antineutrino=antineutrino),
        {"electromagnetic": {"mu": np.eye(3) * 3e-11}},
        recoil=T,
    )
    units = HBAR_C_CM**2 * 1e3
    close = tolerance("probe-table")
    assert table.columns["weak_cm2_per_keV"] == pytest.approx(units * weak, rel=close, abs=0)
    assert table.columns["dsigma_dT_cm2_per_keV"] == pytest.approx(units * (weak + moment), rel=close, abs=0)
    assert table.columns["T_keV"] == [1.0, 100.0, 500.0]


def test_an_atom_has_z_electrons() -> None:
    one, all_of_them = (
        scattering_table(FUNCTIONS, target, beam(1e6), {}, recoil=T) for target in (None, nucleus("Xe"))
    )
    ratio = np.divide(all_of_them.columns["dsigma_dT_cm2_per_keV"], one.columns["dsigma_dT_cm2_per_keV"])
    assert ratio == pytest.approx(np.full(3, 54.0), rel=tolerance("probe-table"), abs=0)
    assert "54 free electrons of 132Xe" in all_of_them.notes[-1]


@pytest.mark.parametrize("form_factor", ["helm", "point"])
def test_nuclei_are_the_printed_formula_in_cm2_per_kev(form_factor: str) -> None:
    energy, recoil, argon = 3e7, np.array([1e3, 1e4, 4e4]), NUCLEI["40Ar"]
    charge = argon.Z * (0.5 - 2 * SINE) - argon.N / 2
    shape = helm_form_factor(recoil, argon) if form_factor == "helm" else 1.0
    factor = 1 - recoil / energy - argon.mass * recoil / (2 * energy**2)
    expected = G_F**2 * argon.mass / pi * charge**2 * shape**2 * factor * HBAR_C_CM**2 * 1e3
    table = scattering_table(
        FUNCTIONS, argon, beam(energy, "mu"), {}, coherent=True, recoil=recoil, form_factor=form_factor
    )
    assert table.columns["dsigma_dT_cm2_per_keV"] == pytest.approx(expected, rel=tolerance("probe-table"), abs=0)


def test_helms_form_factor_is_a_ball_with_a_gaussian_skin() -> None:
    xenon = NUCLEI["132Xe"]
    recoil = np.array([1e-3, 10.0, 1e3, 3e4])
    radius = sqrt((1.23 * 132 ** (1 / 3) - 0.6) ** 2 + 7 / 3 * (pi * 0.52) ** 2 - 5 * 0.9**2)
    expected = []
    for q in np.sqrt(2 * xenon.mass * recoil) / (HBAR_C_CM * 1e13):
        ball = quad(lambda r, q=q: r**2 * np.sinc(q * r / pi), 0, radius, epsabs=0, epsrel=1e-13)[0] * 3 / radius**3
        expected.append(ball * np.exp(-((0.9 * q) ** 2) / 2))
    assert helm_form_factor(recoil, xenon) == pytest.approx(expected, rel=tolerance("helm"), abs=0)


@pytest.mark.parametrize(("coherent", "energy"), [(False, 1e6), (True, 3e7)])
def test_the_table_covers_what_kinematics_allows(coherent: bool, energy: float) -> None:
    target = NUCLEI["74Ge"] if coherent else None
    mass = NUCLEI["74Ge"].mass if coherent else M_E
    table = scattering_table(FUNCTIONS, target, beam(energy), {}, coherent=coherent)
    highest = 2 * energy**2 / (mass + 2 * energy)
    *inner, last = table.columns["dsigma_dT_cm2_per_keV"]
    assert table.columns["T_keV"][-1] == pytest.approx(highest / 1e3, rel=tolerance("probe-table"), abs=0)
    assert last == 0 < min(inner)
    outside = scattering_table(FUNCTIONS, target, beam(energy), {}, coherent=coherent, recoil=[0.0, 1.001 * highest])
    assert outside.columns["dsigma_dT_cm2_per_keV"] == [0.0, 0.0]
    assert f"{highest / 1e3:.6g} keV" in outside.notes[0]


def test_below_threshold_all_is_zero_and_a_note_says_so() -> None:
    masses, energy = np.array([0.0, 0.0, 2e6]), 1e6
    group = {"electromagnetic": {"mu": np.ones((3, 3)) * 1e-11}}
    below = scattering_table(FUNCTIONS, None, Beam(energy, masses, np.eye(3), 1, 3), group)
    assert set(below.columns["dsigma_dT_cm2_per_keV"]) == {0.0}
    least = 2e6 + 4e12 / (2 * M_E)
    assert below.notes == (f"E = 1e+06 eV is below the threshold of {least:.6g} eV: d sigma/dT is exactly 0",)
    above = scattering_table(FUNCTIONS, None, Beam(1.001 * least, masses, np.eye(3), 1, 3), group)
    assert min(above.columns["dsigma_dT_cm2_per_keV"][1:-1]) > 0
    assert "below" not in above.notes[0]


def test_spins_of_nuclei() -> None:
    odd = scattering_table(FUNCTIONS, NUCLEI["133Cs"], beam(3e7), {}, coherent=True)
    assert "133Cs has spin 7/2, the formula is that of spin 0" in odd.notes[-1]
    even = scattering_table(FUNCTIONS, NUCLEI["132Xe"], beam(3e7), {}, coherent=True)
    assert not any("spin" in note for note in even.notes)
    with pytest.raises(ValueError, match="target: 1H is one nucleon of spin 1/2"):
        scattering_table(FUNCTIONS, NUCLEI["1H"], beam(3e7), {}, coherent=True)
    with pytest.raises(ValueError, match="tensor has no coherent current on a nucleus of spin 0"):
        scattering_table(FUNCTIONS, NUCLEI["40Ar"], beam(3e7), {"tensor": {"t": np.eye(3)}}, coherent=True)


def test_decay_is_the_printed_rate_and_lifetimes_add() -> None:
    mu = np.array([[0, 1, 2], [1, 0, 3], [2, 3, 0]]) * 1e-10
    table = decay_table(FUNCTIONS, [0.0, 0.5, 1.0], {"electromagnetic": {"mu": mu}}).columns
    assert list(zip(table["parent"], table["daughter"], strict=True)) == [(2, "1"), (3, "1"), (3, "2"), (3, "all")]
    rates = [
        5.308 * size**2 * m**3 * (1 - (n / m) ** 2) ** 3
        for size, m, n in ((1e-10, 0.5, 0.0), (2e-10, 1.0, 0.0), (3e-10, 1.0, 0.5))
    ]
    assert table["width_per_s"] == pytest.approx(
        [*rates, rates[1] + rates[2]], rel=tolerance("printed-decay-rate"), abs=0
    )
    assert table["lifetime_s"] == [1 / width for width in table["width_per_s"]]
    still = decay_table(FUNCTIONS, [0.0, 0.5], {})
    assert still.columns["lifetime_s"] == [inf]
    assert still.notes == ("no moment that acts between different masses is set: nothing decays",)
    assert decay_table(FUNCTIONS, [0.5, 0.5], {}).notes == ("all neutrinos have the same mass: none decays",)


def test_plasmons_are_the_printed_width_in_1_per_s() -> None:
    K, energy = 8600.0, np.array([8600.0, 2e4])
    table = plasmon_table(
        FUNCTIONS, MASSLESS, {"electromagnetic": {"mu": np.eye(3) * 1e-12}}, plasmon_mass=K, energy=energy
    )
    moment = 3 * (1e-12 * MU_B) ** 2
    width = 4 * pi / (3 * energy) * moment / 2 * (K**2 / (4 * pi)) ** 2 * constants.e / constants.hbar
    assert table.columns["width_per_s"] == pytest.approx(width, rel=tolerance("probe-table"), abs=0)
    given = {"masses": MASSLESS, "electromagnetic": {"mu": np.eye(3) * 1e-12}}
    moving = probes.plasmon_decay(2e4, sqrt(2e4**2 - K**2), **given).sum() * constants.e / constants.hbar
    assert table.columns["width_per_s"][1] == pytest.approx(moving, rel=tolerance("probe-table"), abs=0)
    with pytest.raises(ValueError, match="energy: expected at least the plasmon's mass of 8600 eV, got 100"):
        plasmon_table(FUNCTIONS, MASSLESS, {}, plasmon_mass=K, energy=[100.0])


def test_a_plasmon_below_every_threshold_and_one_without_form_factor() -> None:
    group = {"electromagnetic": {"mu": np.eye(2) * 1e-12}}
    below = plasmon_table(FUNCTIONS, [0.5, 0.6], group, plasmon_mass=1.0)
    assert set(below.columns["width_per_s"]) == {0.0}
    assert set(below.columns["lifetime_s"]) == {inf}
    assert below.notes[-1] == "K = 1 eV is below the threshold of every pair, the lowest is 1 eV: 0"
    assert plasmon_table(FUNCTIONS, [0.0], {}, plasmon_mass=1.0).notes[-1].startswith("no form factor that acts is set")


def test_a_line_stands_where_a_pair_of_that_mass_would_open() -> None:
    atom = {"E_eg": 2.14349, "E_vg": 2.23072}
    group = {"vector": {"mass": 0.5, "g_A": 1e-12, "g_L": np.eye(3)}, "tensor": {"t": np.eye(3)}}
    table = boson_table(FUNCTIONS, group, atom)
    assert table.columns["boson"] == ["vector"]
    assert table.columns["omega_eV"] == pytest.approx(
        [2.14349 / 2 - 0.5**2 / (2 * 2.14349)], rel=tolerance("probe-table"), abs=0
    )
    assert table.columns["strength_eV"][0] == probes.boson_line("vector", mass=0.5, g_A=1e-12, **atom)[1]
    assert any(note.startswith("tensor is no boson") for note in table.notes)
    with pytest.raises(ValueError, match="boson_line needs a boson with its mass"):
        boson_table(FUNCTIONS, {}, atom)


def test_nuclei_are_what_their_names_say() -> None:
    for name, known in NUCLEI.items():
        number = re.match(r"\d+", name)
        assert number
        assert int(number[0]) == known.A == round(known.atomic_mass)
        assert known.spin.denominator == 1 + known.A % 2
        assert known.spin == 0 or known.Z % 2 or known.N % 2
        assert re.search(r"\d{4}|definition", known.source)
        electrons = known.Z * M_E
        unit = constants.value("atomic mass constant energy equivalent in MeV") * 1e6
        assert (known.mass + electrons) / unit == pytest.approx(known.atomic_mass, rel=tolerance("probe-table"), abs=0)
    assert (nucleus("Ge").symbol, nucleus("72Ge").symbol) == ("74Ge", "72Ge")
    with pytest.raises(ValueError, match="unknown nucleus 'Pb': known are 40Ar"):
        nucleus("Pb")
