"""Atoms: levels against printed energies and known lines, the selection rules of the chain, sources, bad names."""

from __future__ import annotations

import dataclasses
import pickle
from itertools import chain
from math import pi

import pytest

from renp.inputs.atoms import ATOMS, Atom, Level
from renp.inputs.constants import HBAR_C_EV_CM
from tests.tolerances import tolerance

LEVELS = [
    pytest.param(level, id=f"{atom.symbol} {level.label}")
    for atom in ATOMS.values()
    for level in chain((atom.e, atom.v, atom.g), atom.further)
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
    for level in (atom.e, atom.v, atom.g, *atom.further):
        assert len(level.source) > 10


def test_an_unknown_atom_is_a_sentence_that_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"^unknown atom 'Cs': known atoms are Xe, Yb$"):
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
