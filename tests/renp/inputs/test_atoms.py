"""Atoms: levels against printed energies and known lines, the selection rules of the chain, sources, bad names."""

from __future__ import annotations

import dataclasses
import pickle
from itertools import chain
from math import pi

import pytest

from renp.inputs.atoms import ATOMS, Atom, Level, _rate
from renp.inputs.constants import HBAR_C_EV_CM
from tests.tolerances import tolerance

LEVELS = [
    pytest.param(level, id=f"{atom.symbol} {level.label}")
    for atom in ATOMS.values()
    for level in chain((atom.e, atom.v, atom.g), atom.further)
    if level.quoted
]
EVERY_ATOM = pytest.mark.parametrize("atom", ATOMS.values(), ids=list(ATOMS))


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_agrees_with_its_printed_energy_to_all_digits(level: Level) -> None:
    digits = len(level.quoted.partition(".")[2])
    assert f"{level.energy:.{digits}f}" == level.quoted


@pytest.mark.parametrize(
    ("level", "vacuum_wavelength"),
    [
        # Lines that every spectroscopist knows, rounded to what is remembered; independent of the level tables.
        (ATOMS["Yb"].e, 578.42),  # clock transition
        (ATOMS["Yb"].v, 555.80),  # green cooling line
        (ATOMS["Yb"].further[0], 398.91),  # blue cooling line
        (ATOMS["Xe"].v, 146.96),  # vacuum-ultraviolet resonance line
        (ATOMS["Xe"].further[0], 129.56),  # the second one
        (ATOMS["Xe"].others[0], 119.20),  # the strongest one, to 5d
        (ATOMS["Xe"].others[1], 117.04),  # the one to 7s
        (ATOMS["Yb"].ladder[0], 507.35),  # magnetic quadrupole line
        (ATOMS["Yb"].others[0], 346.54),  # ultraviolet line of the 4f shell, 346.44 nm in air
    ],
)
def test_a_level_has_the_wavelength_of_its_line(level: Level, vacuum_wavelength: float) -> None:
    centimetres = 2 * pi * HBAR_C_EV_CM / level.energy
    assert f"{centimetres * 1e7:.2f}" == f"{vacuum_wavelength:.2f}"


def test_the_contract_values_are_there() -> None:
    yb, xe = ATOMS["Yb"], ATOMS["Xe"]
    assert (yb.J_e, yb.J_v, yb.J_g) == (0, 1, 0)
    assert (xe.J_e, xe.J_v, xe.J_g) == (2, 1, 0)
    assert (yb.C_ev, xe.C_ev) == (2 / 3, 2 / 3)
    assert yb.gamma_vg == 1.15e6
    assert xe.gamma_vg == 1 / 3.74e-9


def test_the_ytterbium_rate_is_near_the_measured_natural_width() -> None:
    assert abs(ATOMS["Yb"].gamma_vg / (2 * pi * 190e3) - 1) < tolerance("natural-width")


@EVERY_ATOM
def test_the_pair_step_is_magnetic_and_the_photon_step_electric_dipole(atom: Atom) -> None:
    assert atom.e.parity == atom.v.parity == -atom.g.parity
    for upper, lower in ((atom.e, atom.v), (atom.v, atom.g)):
        assert abs(upper.J - lower.J) <= 1
        assert upper.J + lower.J >= 1


@EVERY_ATOM
def test_the_upper_level_is_metastable(atom: Atom) -> None:
    assert abs(atom.J_e - atom.J_g) >= 2 or atom.J_e == atom.J_g == 0


@EVERY_ATOM
def test_the_pole_lies_above_every_photon_energy(atom: Atom) -> None:
    assert atom.E_vg > atom.E_eg > 0


@EVERY_ATOM
def test_every_number_has_a_unit_and_a_source(atom: Atom) -> None:
    names = [quantity.name for quantity in atom.quantities]
    assert names == ["E_eg", "E_vg", "gamma_vg", "J_e", "J_v", "J_g", "C_ev"]
    for quantity in atom.quantities:
        assert quantity.value == getattr(atom, quantity.name)
        assert quantity.unit
        assert len(atom.source(quantity.name)) > 10
    for level in (atom.e, atom.v, atom.g, *atom.further, *atom.ladder, *atom.others):
        assert len(level.source) > 10
        for number, source in ((level.rate, level.rate_source), (level.g_J, level.g_J_source)):
            assert (number is None) == (source == "")
    for record in (*atom.widths, *atom.hyperfine):
        assert len(record.source) > 10
    assert atom.C_ev_derived_source


def test_an_unknown_atom_is_a_sentence_that_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"^unknown atom 'Cs': known atoms are Xe, Yb, and files \*\.toml$"):
        ATOMS["Cs"]
    with pytest.raises(ValueError, match="unknown atom"):
        ATOMS[["Yb"]]  # type: ignore[index]
    assert "Cs" not in ATOMS
    assert ATOMS.get("Cs") is None
    with pytest.raises(ValueError, match="unknown quantity 'mass' of Yb: known ones are E_eg"):
        ATOMS["Yb"].quantity("mass")


def test_records_are_frozen_hashable_and_travel_to_other_processes() -> None:
    yb = ATOMS["Yb"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        yb.gamma_vg = 1.0  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(yb)) == yb
    assert hash(yb) == hash(dataclasses.replace(yb))


def test_rates_agree_with_widths_that_everybody_remembers() -> None:
    """The blue line of ytterbium is 29 MHz wide; each way to give a rate means the same."""
    yb, xe = ATOMS["Yb"], ATOMS["Xe"]
    assert yb.further[0].rate is not None
    assert abs(yb.further[0].rate / (2 * pi * 29.1e6) - 1) < tolerance("natural-width")
    dipoles = {"6s6p 3P1": 0.543, "6s6p 1P1": 4.148}  # reduced, in e a_B, of the tables that give the other levels'
    for rate, energy, dipole in (
        (yb.gamma_vg, yb.v.energy, dipoles["6s6p 3P1"]),
        (yb.further[0].rate, yb.further[0].energy, dipoles["6s6p 1P1"]),
    ):
        assert abs(_rate({"dipole": dipole}, energy) / rate - 1) < tolerance("natural-width")
    # f = 0.273 at 147 nm is 2.8e8 /s by the textbook's A = 6.67e13 f g/(g' lambda^2) with lambda in nm.
    wavelength = 2e7 * pi * HBAR_C_EV_CM / xe.v.energy
    assert abs(xe.widths[1].lower / (6.6702e13 * 0.273 / 3 / wavelength**2) - 1) < tolerance("five-digits")


def test_a_record_of_ones_own_needs_none_of_the_new_fields() -> None:
    yb = ATOMS["Yb"]
    old = {field.name: getattr(yb, field.name) for field in dataclasses.fields(Atom)[:10]}
    own = Atom(**old)
    assert own.C_ev_derived is None
    assert (own.ladder, own.others, own.widths) == ((), (), ())
