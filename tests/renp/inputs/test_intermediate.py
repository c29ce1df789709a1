"""Intermediate states by one word, closure against data, C_ev from every kind of data."""

from __future__ import annotations

import dataclasses
from math import degrees

import numpy as np
import pytest

from derivations.atom import single_state_ratio
from renp.inputs.atoms import ATOMS, Atom
from renp.inputs.intermediate import (
    INTERMEDIATE,
    borrowed_states,
    intermediate_states,
    measured_ratios,
    spin_shares,
)
from renp_generated import spectral_function
from tests.tolerances import tolerance

EVERY_ATOM = pytest.mark.parametrize("atom", ATOMS.values(), ids=list(ATOMS))


def bare(symbol: str) -> Atom:
    """The record as it was before it knew more than one state."""
    return dataclasses.replace(ATOMS[symbol], further=(), ladder=(), others=(), widths=())


@EVERY_ATOM
def test_the_first_state_normalises_and_all_states_close(atom: Atom) -> None:
    single, both = (intermediate_states(atom, word) for word in INTERMEDIATE)
    assert (single.E_vg, single.amplitudes) == ((atom.E_vg,), (1.0,))
    assert both.E_vg[0] == atom.E_vg < both.E_vg[1]
    assert both.amplitudes[0] == 1.0
    assert sum(both.amplitudes) == 0
    assert abs(sum(borrowed_states(atom).amplitudes)) < tolerance("oracle-symmetry")


@EVERY_ATOM
def test_the_evaluator_takes_them_and_gives_the_derived_ratio(atom: Atom) -> None:
    omega = np.linspace(0.1, 0.49, 4) * atom.E_eg
    both = intermediate_states(atom, "all")
    common = {"E_eg": atom.E_eg, "masses": [0.01], "axial": [[0.3]]}
    single = spectral_function(omega, E_vg=atom.E_vg, **common)
    closed = spectral_function(omega, E_vg=both.E_vg, intermediate_amplitudes=both.amplitudes, **common)
    expected = [float(single_state_ratio(*both.E_vg, w)) ** 2 for w in omega]
    np.testing.assert_allclose(closed / single, expected, rtol=tolerance("evaluator-symmetry"))


def test_what_a_third_level_changes_is_small_for_ytterbium() -> None:
    """A strong level of another configuration changes the rate of the closed sum by less than a tenth."""
    for symbol, most in (("Yb", 0.1), ("Xe", 0.5)):
        atom = ATOMS[symbol]
        omega = atom.E_eg / 2
        two, three = (
            sum(a / (E - omega) for a, E in zip(states.amplitudes, states.E_vg, strict=True))
            for states in (intermediate_states(atom, "all"), borrowed_states(atom))
        )
        assert 0 < (three / two) ** 2 - 1 < most


def test_measured_dipoles_and_lande_factors_close_for_xenon() -> None:
    """Widths and g factors are independent of each other; within their spread c_2 = -c_1."""
    ratios = measured_ratios(ATOMS["Xe"])
    assert min(ratios) < 1 < max(ratios)
    assert max(ratios) < 1.25


def test_C_ev_of_ytterbium_is_the_papers_within_two_per_cent() -> None:
    shares = spin_shares(ATOMS["Yb"])
    assert {share.data for share in shares} == {"widths", "Lande factor", "level energies"}
    for share in shares:
        assert 0.98 < share.triplet < 0.99
        assert 6.5 < degrees(share.mixing_angle) < 7.6
        assert 0.98 < share.C_ev / ATOMS["Yb"].C_ev < 1


def test_C_ev_of_xenon_is_a_tenth_of_the_papers() -> None:
    atom = ATOMS["Xe"]
    shares = spin_shares(atom)
    assert {share.data for share in shares} == {"widths", "Lande factor", "level energies"}
    for share in shares:
        assert 1 / 18 < share.C_ev < 1 / 6  # between core and LS coupling
        assert 8 < atom.C_ev / share.C_ev < 11
    assert atom.C_ev_range == (min(s.C_ev for s in shares), max(s.C_ev for s in shares))
    assert atom.C_ev_range[0] < atom.C_ev_derived < atom.C_ev_range[1]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: intermediate_states(ATOMS["Yb"], "both"), "intermediate: expected 'single' or 'all', got 'both'"),
        (lambda: intermediate_states(bare("Xe"), "all"), "'all' needs the one further J = 1 level.*Xe has 0"),
        (lambda: borrowed_states(dataclasses.replace(ATOMS["Xe"], others=())), "Xe: the estimate needs"),
        (lambda: measured_ratios(bare("Yb")), "Yb: the ratio needs"),
        (
            lambda: spin_shares(dataclasses.replace(ATOMS["Yb"], e=dataclasses.replace(ATOMS["Yb"].e, J=1))),
            "Yb: J_e = 1",
        ),
    ],
)
def test_missing_data_is_one_line(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        call()  # type: ignore[operator]
    assert "\n" not in str(error.value)


def test_data_that_an_atom_lacks_give_no_determination() -> None:
    assert [share.data for share in spin_shares(bare("Yb"))] == ["Lande factor"]
    no_factor = dataclasses.replace(bare("Yb"), v=dataclasses.replace(ATOMS["Yb"].v, g_J=None))
    assert spin_shares(no_factor) == ()
