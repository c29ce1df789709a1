"""The two set-ups: what each chooses, what every choice does to the rate, and which atoms refuse one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import renp
from derivations.atom import preparation_strength, unit_preparations
from renp.inputs.setups import SETUPS
from renp.rates.emission import POLARISATIONS, emission
from renp.rates.experiment import EventCounts, placed_energies
from renp.statistics.fisher import fisher_information
from renp.studies.identification import (
    candidate_frequencies,
    identify,
    optimise_frequencies,
    weakest_separation,
)
from renp.studies.scan.compute import compute_chunk
from renp.studies.scan.notes import notes, set_up
from renp.studies.scan.study import parse_study
from tests.tolerances import tolerance

YB, XE = renp.ATOMS["Yb"], renp.ATOMS["Xe"]
EVEN = replace(YB, symbol="even", e=replace(YB.e, parity=YB.g.parity))
BARE = replace(YB, symbol="bare", further=())
RHO = [[1.0], [0.5j], [0.0], [0.25], [0.0]]
CLOSING = 2.1434
"""An imprinted momentum [eV] that leaves ytterbium less energy than two of the lightest neutrinos have mass."""
MOMENT, SIGNAL = "electromagnetic.mu[1,1]", {"mu": np.diag([3e-11, 0.0, 0.0])}


def test_the_papers_set_up_is_the_default_and_has_its_numbers() -> None:
    counts = renp.events()
    assert counts.total == pytest.approx(790.7165074905647, rel=tolerance("evaluator-symmetry"), abs=0)
    assert counts.counts.tolist() == renp.events(setup="papers").counts.tolist()
    assert counts.summary.count("papers' set-up") == 1


@pytest.mark.parametrize("setup", SETUPS)
@pytest.mark.parametrize("atom", ["Yb", "Xe"])
def test_a_set_up_is_its_choices_set_one_by_one(setup: str, atom: str) -> None:
    (other,) = {*SETUPS} - {setup}
    settings: dict[str, Any] = {"atom": atom, "electromagnetic": SIGNAL}
    by_name, one_by_one = renp.events(setup=setup, **settings), renp.events(setup=other, **settings, **SETUPS[setup])
    assert by_name.counts.tolist() == one_by_one.counts.tolist()
    # Nothing in either is without effect.
    for name in SETUPS[setup]:
        changed = {**SETUPS[setup], name: SETUPS[other][name]}
        assert renp.events(**settings, **changed).counts.tolist() != by_name.counts.tolist(), name


def test_the_rate_goes_with_the_square_of_the_coherence_factor() -> None:
    full, half, least = (renp.events(coherence_factor=factor) for factor in (1, 0.5, 0.125))
    assert half.counts.tolist() == (full.counts / 4).tolist()
    assert least.counts.tolist() == (full.counts / 64).tolist()


@pytest.mark.parametrize("polarisation", POLARISATIONS)
def test_the_rate_goes_with_the_strength_of_the_preparation(polarisation: str) -> None:
    run = renp.experiment(atom="Xe", coherence=RHO, polarisation=polarisation)
    strength = float(preparation_strength(2, 1, 0, POLARISATIONS[polarisation], RHO))
    assert run.strength == pytest.approx(strength, rel=tolerance("evaluator-symmetry"), abs=0)
    assert run.reference_rate == pytest.approx(
        strength * renp.experiment(atom="Xe").reference_rate, rel=tolerance("evaluator-symmetry"), abs=0
    )
    doubled = renp.experiment(atom="Xe", coherence=2j * np.array(RHO), polarisation=polarisation)
    np.testing.assert_allclose(doubled.counts(), run.counts(), rtol=tolerance("chain-identity"))


@pytest.mark.parametrize("polarisation", POLARISATIONS)
@pytest.mark.parametrize(
    "atom", [YB, XE, replace(YB, g=replace(YB.g, J=1), e=replace(YB.e, J=1))], ids=["0-1-0", "2-1-0", "1-1-1"]
)
def test_all_preparations_together_are_the_incoherent_chain(atom: renp.Atom, polarisation: str) -> None:
    settings: dict[str, Any] = {"atom": atom, "polarisation": polarisation}
    group = {"mass": 1.0, "g_V": 1e-12, "g_A": 1e-12, "g_L": np.eye(3), "g_R": 0.3 * np.eye(3)}
    units = unit_preparations(atom.J_e, atom.J_g)
    total, silent = 0.0, 0
    for unit in units:
        try:
            run = renp.experiment(coherence=np.array(unit.tolist(), dtype=float), **settings)
        except ValueError as error:
            assert "B = 0" in str(error)  # noqa: PT017 - some of a complete set emit nothing
            silent += 1
        else:
            total = total + run.counts(vector=group)
    assert silent < len(units)
    incoherent = renp.experiment(chain="incoherent", **settings).counts(vector=group)
    np.testing.assert_allclose(total, (2 * atom.J_e + 1) * incoherent, rtol=tolerance("chain-identity"))


def test_every_study_takes_the_derived_set_up() -> None:
    run = renp.experiment(setup="derived")
    derived = {"setup": "derived"}
    assert renp.spectrum(omega=run.frequencies, **derived).I.tolist() == run.spectrum().tolist()
    assert renp.events(**derived).counts.tolist() == run.counts().tolist()
    limit = renp.sensitivity(MOMENT, **derived)
    curve = renp.sensitivity_curve(MOMENT, "exposure_days", [run.exposure_days, 4 * run.exposure_days], **derived)
    assert curve.magnitude[0] == pytest.approx(limit.magnitude, rel=tolerance("evaluator-symmetry"), abs=0)
    assert limit.magnitude > curve.magnitude[1] > renp.sensitivity(MOMENT).magnitude
    found = identify(run, run.counts(electromagnetic=SIGNAL))
    assert str(found.best.coupling) == MOMENT
    assert abs(found.best.value) == pytest.approx(3e-11, rel=1e-6, abs=0)
    # Fisher information goes with the exposure, and so with everything that scales the counts.
    full, half = (
        fisher_information(renp.experiment(**derived, coherence_factor=factor), ["masses[3]"]) for factor in (0.5, 0.25)
    )
    np.testing.assert_allclose(full, 4 * half, rtol=tolerance("evaluator-symmetry"))


def test_a_scan_takes_the_derived_set_up() -> None:
    study = parse_study(
        f'quantity = "sensitivity"\n[atom]\nname = "Xe"\nsetup = "derived"\n[sensitivity]\ncoupling = "{MOMENT}"\n'
        "[[axis]]\nparameter = 'lightest_mass'\nvalues = [0.0, 0.01]"
    )
    expected = [renp.sensitivity(MOMENT, atom="Xe", setup="derived", lightest_mass=m).magnitude for m in (0.0, 0.01)]
    assert compute_chunk(study.document, 0)[:, 2].tolist() == expected
    assert "derived set-up" in set_up(study)[0]
    assert notes(study) == ()
    printed = parse_study('quantity = "events"\n[atom]\nname = "Xe"')
    assert notes(printed)[0].startswith("C_ev = 0.667 of xenon is the papers'")


def test_the_papers_factor_of_xenon_is_said_wherever_it_is_taken() -> None:
    for counts, said in (
        (renp.events(atom="Xe"), True),
        (renp.events(atom="Xe", C_ev=1 / 18), False),
        (renp.events(atom="Xe", setup="derived"), False),
        (renp.events(atom="Xe", setup="derived", C_ev="printed"), True),
        (renp.events(atom="Yb"), False),
    ):
        assert any(note.startswith("C_ev = 0.667 of xenon") for note in counts.notes) == said, counts.summary
    ratio = renp.events(atom="Xe").total / renp.events(atom="Xe", C_ev="derived").total
    assert ratio == pytest.approx(XE.C_ev / XE.C_ev_derived, rel=tolerance("evaluator-symmetry"), abs=0)  # type: ignore[operator]


@pytest.mark.parametrize(
    "settings", [{"atom": "Xe"}, {"imprinted_momentum": -0.8}, {"E_eg": 3.1, "E_vg": 3.2}], ids=str
)
def test_default_photon_energies_are_those_of_the_target(settings: dict[str, Any]) -> None:
    run, ytterbium = renp.experiment(**settings), renp.experiment()

    def pair_masses(one: renp.Experiment, energies: Any) -> Any:
        K = one.imprinted_momentum
        return (one.E_eg + K) * (one.E_eg - K - 2 * np.array(energies))

    def same(energies: Any, of_ytterbium: Any) -> None:
        np.testing.assert_allclose(
            pair_masses(run, energies), pair_masses(ytterbium, of_ytterbium), rtol=tolerance("threshold-mass")
        )

    same(run.frequencies, ytterbium.frequencies)
    same(candidate_frequencies(run)[0], 1.06)
    names = ["electromagnetic.mu[1,1]", "electromagnetic.mu[1,2]", "electromagnetic.eps[1,1]"]
    (reference,) = placed_energies([1.067], run.E_eg, run.imprinted_momentum)
    assert weakest_separation(run, hypotheses=names) == weakest_separation(run, hypotheses=names, reference=reference)
    assert optimise_frequencies(run, hypotheses=names).gain > 1
    shown = renp.spectrum(**settings)
    assert shown.omega[0] < shown.thresholds[-1].omega < shown.thresholds[0].omega < shown.omega[-1]
    assert np.isfinite(renp.sensitivity(MOMENT, **settings).magnitude)


def test_a_target_without_energy_for_the_papers_pairs_needs_photon_energies() -> None:
    with pytest.raises(ValueError, match=r"^frequencies: E_eg = 0\.1 eV are too little .*between 0 and 0\.05 eV$"):
        renp.events(E_eg=0.1, E_vg=0.2)
    assert renp.events([0.01], E_eg=0.1, E_vg=0.2, lightest_mass=0.0).total > 0


def test_a_momentum_that_closes_every_pair_gives_zeros_and_says_so() -> None:
    why = "no pair is ever emitted: the imprinted momentum of 2.1434 eV leaves them too little energy"
    counts, shown = renp.events(imprinted_momentum=CLOSING), renp.spectrum(imprinted_momentum=CLOSING)
    assert counts.counts.tolist() == 9 * [0.0]
    assert counts.notes == (f"no events: {why}",)
    assert not shown.I.any()
    assert shown.remark == f"I = 0: {why}"
    assert renp.sensitivity(MOMENT, imprinted_momentum=CLOSING).reason == why
    with pytest.raises(ValueError, match=f"^hypotheses: {why}"):
        identify(renp.experiment(imprinted_momentum=CLOSING), 9 * [0.0])
    study = parse_study(f'quantity = "events"\n[atom]\nimprinted_momentum = {CLOSING}')
    assert notes(study) == (f"nothing is computed: {why}",)


def test_no_events_at_all_are_said_whatever_the_reason() -> None:
    def said(counts: EventCounts) -> str:
        assert not counts.counts.any()
        return counts.notes[0]

    assert said(renp.events([1.0717])).startswith("no events: all photon energies lie above every pair threshold")
    assert said(renp.events(axial=np.zeros((3, 3)))) == "no events: no pair is emitted at these photon energies"
    assert (
        said(renp.events([0.01], masses=[2.0, 2.0, 2.0]))
        == "no events: no pair is ever emitted: the neutrinos are too heavy"
    )
    assert renp.events().notes == ()


def test_levels_of_ones_own_are_a_single_state_in_either_set_up() -> None:
    assert emission(setup="derived").intermediate == "all"
    assert emission(setup="derived", E_eg=2.0, E_vg=2.2).intermediate == "own"
    assert emission(setup="derived", E_eg=2.0).intermediate == "single"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"setup": "paper"}, "setup must be one of papers, derived, found 'paper'"),
        ({"setup": None}, "setup must be one of papers, derived"),
        ({"intermediate": "both"}, "intermediate: expected 'single' or 'all', got 'both'"),
        ({"intermediate": "all", "E_vg": 2.3}, "intermediate: E_vg gives the intermediate states"),
        (
            {"intermediate": "all", "intermediate_amplitudes": [1]},
            "intermediate: intermediate_amplitudes belong to E_vg",
        ),
        (
            {"intermediate": "all", "atom": BARE},
            "'all' needs the one further J = 1 level of |e>'s configuration, bare has 0",
        ),
        ({"setup": "derived", "atom": BARE}, "use 'single', or give its level"),
        ({"coherence": [[1], [0]]}, "coherence has shape (2, 1), which is not allowed: it must be a (1, 1) matrix"),
        ({"coherence": [[1]], "atom": "Xe"}, "it must be a (5, 1) matrix, rows M_e = -J_e ... J_e"),
        ({"coherence": [1.0]}, "coherence has shape"),
        ({"coherence": 1.0}, "coherence"),
        ({"coherence": [[0.0]]}, "coherence = 0 is not allowed"),
        ({"coherence": [[float("nan")]]}, "coherence"),
        ({"coherence": [["x"]]}, "coherence"),
        ({"coherence": [[1]], "chain": "averaged"}, "coherence: the averaged chain has none, give chain = 'prepared'"),
        ({"coherence": [[1]], "atomic_tensor": np.eye(3) / 3}, "atomic_tensor: give either a tensor or chain"),
        (
            {"coherence": [[1], [0], [0], [0], [0]], "atom": "Xe", "polarisation": "circular+"},
            "B = 0, this preparation emits nothing (rule: M_e = M_v - q",
        ),
        (
            {"chain": "prepared", "atom": EVEN},
            "coherence: give one, the plainest preparation does not exist: multipoles",
        ),
        ({"setup": "derived", "atom": EVEN}, "(rule: parity): |g> is even and |e> is even, and E1 M1 flips parity"),
        (
            {"pair_step": "E1", "atom": "Yb"},
            "pair_step: E1 x E1 is not allowed for Yb (rule: each E1 step turns the parity)",
        ),
        (
            {"pair_step": "E1", "atom": XE},
            "pair_step: E1 x E1 is not allowed for Xe (rule: each E1 step turns the parity)",
        ),
        ({"imprinted_momentum": 3.0}, "imprinted_momentum must lie between -E_eg and E_eg"),
        ({"chain": "mixed"}, "chain must be one of averaged, exact, incoherent, prepared"),
    ],
    ids=str,
)
def test_a_set_up_that_cannot_be_is_one_line(settings: dict[str, Any], words: str) -> None:
    studies: tuple[Callable[..., object], ...] = (emission, renp.spectrum, renp.events)
    for study in studies:
        with pytest.raises((ValueError, TypeError), match=r"^[^\n]+$") as caught:
            study(**settings)
        assert words in str(caught.value)


@pytest.mark.parametrize("factor", [0.5000001, 0.75, 1.0000001, 2, 0, -0.5, float("nan"), "half", None])
def test_a_coherence_above_its_bound_is_refused(factor: Any) -> None:
    if factor is None:
        assert renp.experiment(coherence_factor=None).coherence_factor == 1
        return
    with pytest.raises((ValueError, TypeError), match=r"^coherence_factor[^\n]*$") as caught:
        renp.experiment(coherence_factor=factor)
    if factor in (0.5000001, 0.75, 2):
        assert "at most 1/2, the bound of |rho_eg|" in str(caught.value)
        assert "or 1 for the rate as the papers print it" in str(caught.value)


def test_what_a_record_does_not_know_is_refused() -> None:
    unknown = replace(YB, symbol="new", C_ev_derived=None)
    with pytest.raises(ValueError, match=r"^C_ev: new has no C_ev of intermediate coupling"):
        renp.experiment(atom=unknown, setup="derived")
    assert renp.experiment(atom=unknown, setup="derived", C_ev=0.5).counts().all()
    with pytest.raises(ValueError, match=r"^C_ev: expected a positive number, 'printed' or 'derived', got 'papers'$"):
        renp.experiment(C_ev="papers")


def test_own_levels_and_even_atoms_emit_in_an_electric_step() -> None:
    group = {"mass": 1.0, "g_V": 1.0, "g_L": 1e-20 * np.eye(3)}
    for settings in ({"atom": EVEN}, {"atom": "Yb", "E_eg": YB.E_eg, "E_vg": YB.E_vg}):
        run = renp.experiment(pair_step="E1", **settings)
        assert run.counts(vector=group).all()
        assert run.remarks == ()
    assert "(rule: each E1 step turns the parity)" in renp.experiment(pair_step="E1").remarks[0]
