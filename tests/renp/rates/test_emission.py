"""Atom, neutrinos and model of every study: one set of defaults, own masses and mixing, couplings that add nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import renp
from renp.inputs.atoms import ATOMS
from renp.inputs.oscillation import axial_couplings, mixing_matrix, vector_couplings
from renp.rates.emission import emission
from renp.rates.idle import idle_couplings
from renp_generated import spectral_function

OMEGA = np.array([0.9, 1.0, 1.05])
E_1 = np.diag([1.0, 0, 0])


def test_every_study_has_the_same_defaults() -> None:
    source, run, shown = emission(), renp.experiment(), renp.spectrum(omega=OMEGA)
    for name in ("atom", "E_eg", "E_vg", "nature", "oscillation", "ordering", "chain", "model"):
        assert getattr(source, name) == getattr(run, name) == getattr(shown, name)
    assert shown.summary == source.summary
    assert run.summary.startswith(f"{source.summary}, 40 days at each photon energy, ")
    for name in ("masses", "axial"):
        assert np.array_equal(getattr(source, name), getattr(shown, name))
    assert renp.events().summary == run.summary
    assert np.array_equal(run.spectrum(OMEGA), shown.I)


def test_own_masses_and_mixing_are_taken_alike() -> None:
    masses = [0.0, 0.01, 0.05, 0.4]
    mixing = np.array([[0.8, 0.5, 0.15, 0.3], [-0.4, 0.6, 0.7, 0.1], [0.3, -0.6, 0.7, 0.05]])
    settings: dict[str, Any] = {"masses": masses, "mixing": mixing, "nature": "majorana"}
    shown, counts = renp.spectrum(omega=OMEGA, **settings), renp.events(OMEGA, **settings)
    yb = ATOMS["Yb"]
    expected = spectral_function(
        OMEGA, E_eg=yb.E_eg, E_vg=yb.E_vg, masses=masses, axial=axial_couplings(mixing), nature="majorana"
    )
    assert np.array_equal(shown.I, expected)
    assert np.array_equal(counts.spectral_function, expected)
    assert len(shown.thresholds) == 10
    assert "own masses and own mixing" in shown.summary


def test_an_atom_is_a_symbol_or_a_record() -> None:
    other = replace(ATOMS["Yb"], symbol="Yb-like", C_ev=1 / 3)
    assert renp.spectrum(other, omega=OMEGA).atom == "Yb-like"
    assert np.array_equal(renp.spectrum(other, omega=OMEGA).I, renp.spectrum("Yb", omega=OMEGA).I)
    assert renp.events(OMEGA, atom=other).total == pytest.approx(renp.events(OMEGA).total / 2, rel=1e-6, abs=0)


def test_without_the_weak_current_nothing_of_it_is_left() -> None:
    vector_weak = vector_couplings(mixing_matrix("nufit-6.0-no"))
    run = renp.experiment(vector_weak=vector_weak, pair_step="E1")
    assert run.counts().all()
    assert not run.counts(weak=False).any()
    group = {"mass": 1.0, "g_V": 1.0, "g_L": 1e-20 * E_1}
    alone = renp.experiment(pair_step="E1").counts(weak=False, vector=group)
    assert np.array_equal(run.counts(weak=False, vector=group), alone)


def test_the_weak_spectrum_stands_beside_that_with_new_couplings() -> None:
    group = {"mu": 3e-11 * np.eye(3)}
    both = renp.spectrum(omega=OMEGA, electromagnetic=group)
    assert both.weak is not None
    assert np.array_equal(both.weak, renp.spectrum(omega=OMEGA).I)
    assert (both.weak < both.I).all()
    assert both.to_csv().splitlines()[0] == b"omega_eV,I,I_weak"
    assert renp.spectrum(omega=OMEGA).weak is None


E1: dict[str, Any] = {"pair_step": "E1", "E_eg": renp.ATOMS["Yb"].E_eg, "E_vg": renp.ATOMS["Yb"].E_vg}
"""An E1 pair step of levels of one's own, whose parities nobody knows."""


@pytest.mark.parametrize(
    ("settings", "groups", "notes"),
    [
        ({}, {"vector": {"mass": 1.0, "g_A": 1.0, "g_L": E_1}}, ()),
        (
            {"nature": "majorana"},
            {"electromagnetic": {"mu": E_1 + 1j * (np.eye(3, k=1) - np.eye(3, k=-1))}},
            (
                "electromagnetic.mu[1,1]: for Majorana neutrinos it drops out: only the antisymmetric, imaginary part counts",
            ),
        ),
        (
            E1,
            {"vector": {"mass": 1.0, "g_A": 1.0, "g_V": 1.0, "g_L": E_1}},
            ("vector.g_A opens no channel of the E1 pair step",),
        ),
        (E1, {"tensor": {"t": E_1}}, ("tensor.t[1,1]: it opens no channel of the E1 pair step",)),
        (
            {},
            {"vector": {"mass": 1.0, "g_L": E_1, "g_R": 2 * E_1}},
            ("vector.g_L[1,1], g_R[1,1]: the electron coupling that opens the M1 pair step, g_A or g_V, is zero",),
        ),
        ({}, {"vector": {"mass": 1.0, "g_A": 1.0}}, ("vector: no neutrino coupling is set, it adds nothing",)),
        (
            {"chain": "exact"},
            {"scalar": {"mass": 1.0, "y_P": 1.0, "y_S_nu": E_1}},
            ("scalar.y_S_nu[1,1]: the atomic tensor lets nothing of it through",),
        ),
        ({}, {"vector": None}, ()),
    ],
)
def test_couplings_that_add_nothing_are_announced(
    settings: dict[str, Any], groups: dict[str, Any], notes: tuple[str, ...]
) -> None:
    # The axial weak current emits no pair in an E1 step.
    assert idle_couplings(emission(**settings), OMEGA, groups) == notes
    assert renp.spectrum(omega=OMEGA, **settings, **groups).notes == notes
    found = renp.events(OMEGA, **settings, **groups)
    assert found.notes == (
        *(() if found.counts.any() else ("no events: no pair is emitted at these photon energies",)),
        *notes,
    )


def test_energies_above_the_thresholds_are_told_from_couplings_that_vanish() -> None:
    group = {"mu": np.eye(3)}
    nothing, above = renp.events([1.07166, 1.0717], electromagnetic=group).notes
    assert nothing == "no events: all photon energies lie above every pair threshold, the highest is 1.071653 eV"
    assert above.startswith("electromagnetic.mu[1,1], mu[2,2], mu[3,3]: all photon energies lie above every pair")
    some = renp.events([1.0705, 1.071], electromagnetic=group).notes
    assert some == ("electromagnetic.mu[3,3]: all photon energies lie above the threshold of pair 33, 1.069274 eV",)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mixing": np.eye(3), "axial": np.eye(3)}, "mixing: give either the mixing matrix or the axial couplings"),
        ({"mixing": np.eye(3), "majorana_phases": (0.1, 0)}, "majorana_phases: they belong to an oscillation set"),
        ({"masses": [0.1, 0.2]}, "axial "),
        ({"ordering": "inverted", "oscillation": "nufit-6.0-no"}, "oscillation set 'nufit-6.0-no' was fitted"),
        ({"chain": "exact", "atomic_tensor": np.eye(3) / 3}, "atomic_tensor: give either a tensor or chain"),
        ({"polarisation": "circular+"}, "polarisation: the averaged chain does not depend on it"),
        ({"colour": 1}, "unknown setting 'colour': allowed are "),
    ],
)
def test_settings_that_say_the_same_twice_are_refused(settings: dict[str, Any], message: str) -> None:
    for study in (emission, renp.experiment, lambda **given: renp.spectrum(omega=[1.0], **given)):
        with pytest.raises((ValueError, TypeError), match=r"^[^\n]+$") as caught:
            study(**settings)
        assert str(caught.value).startswith(message)


def test_everything_that_was_chosen_is_in_the_summary() -> None:
    plain = emission().summary
    assert plain == (
        "Yb, Dirac neutrinos, normal ordering, lightest 0.01 eV, desalas-2021-benchmark, averaged chain, papers' set-up"
    )
    for settings, words in (
        ({"nature": "majorana", "majorana_phases": (0.5, 0)}, "Majorana phases 0.5 and 0 rad"),
        ({"chain": "exact", "polarisation": "circular+"}, "exact chain, circular+ light"),
        ({"pair_step": "E1", "dipole_length": 2.0}, "E1 pair step, dipole_length 2.0 a_0"),
        ({"atomic_tensor": np.eye(3) / 3}, "own atomic_tensor"),
        ({"vector_weak": np.eye(3)}, "averaged chain, own vector_weak"),
        ({"masses": [0.1, 0.2, 0.3]}, "lightest 0.1 eV"),
        ({"setup": "derived"}, "prepared chain, linear light, all intermediate states, m1 full, derived set-up"),
        # Levels of one's own have no further states that would be known.
        (
            {"setup": "derived", "E_eg": 2.1},
            "prepared chain, linear light, one intermediate state, m1 full, derived set-up",
        ),
        ({"m1": "spin"}, "averaged chain, m1 spin, papers' set-up"),
    ):
        assert words in emission(**settings).summary, settings
    run = renp.experiment(frequencies=[1.0, 1.01], exposure_days=3, normalisation="derived")
    assert run.summary.startswith(f"{plain}, 3 days at each photon energy, photon energies 1, 1.01 eV, reference rate ")
    assert run.summary.endswith(", derived normalisation")
    assert "20 photon energies from 1 to 1.05 eV" in renp.experiment(frequencies=np.linspace(1, 1.05, 20)).summary
