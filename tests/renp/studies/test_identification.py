"""Telling elements and types apart: the strategy of GP23b section 4."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from renp.inputs.benchmarks import GP23B_FREQUENCIES
from renp.rates.experiment import Experiment, experiment
from renp.rates.thresholds import pair_thresholds
from renp.statistics.couplings import Coupling
from renp.statistics.rate_polynomial import rate_polynomial
from renp.studies.identification import (
    candidate_frequencies,
    default_hypotheses,
    exclusion,
    identify,
    optimise_frequencies,
    weakest_separation,
)

TYPES_11 = [f"electromagnetic.{name}[1,1]" for name in ("mu", "eps", "r2", "anapole")]


@pytest.fixture(scope="module")
def run() -> Experiment:
    """The nine photon energies with 1000 weak events together, as in GP23b Fig. 4."""
    base = experiment()
    return replace(base, exposure_days=base.exposure_days * 1000 / float(base.counts().sum()))


def expected(run: Experiment, name: str, value: float) -> np.ndarray:
    return rate_polynomial(run, [name]).counts([value])


@pytest.mark.parametrize(
    ("name", "value"), [("mu[1,1]", 4e-11), ("eps[1,2]", 5e-11), ("r2[3,3]", 4e-25), ("anapole[2,3]", 6e-26)]
)
def test_expected_counts_point_at_the_truth(run: Experiment, name: str, value: float) -> None:
    found = identify(run, expected(run, f"electromagnetic.{name}", value))
    assert str(found.best.coupling) == f"electromagnetic.{name}"
    assert abs(found.best.value) == pytest.approx(value, rel=1e-5, abs=0)
    assert found.best.chi2 == pytest.approx(0, abs=1e-9)
    assert found.discovery_significance > 4
    significances = [h.significance for h in found.hypotheses]
    assert significances == sorted(significances)


def test_a_fluctuating_experiment_keeps_the_truth(run: Experiment) -> None:
    data = np.random.default_rng(7).poisson(expected(run, TYPES_11[0], 6e-11))
    found = identify(run, data)
    assert TYPES_11[0] in {str(h.coupling) for h in found.not_excluded(0.99)}
    assert 0.001 < found.best.p_value < 0.999


def test_the_weak_spectrum_alone_is_no_discovery(run: Experiment) -> None:
    found = identify(run, run.counts())
    assert found.discovery_significance < 1e-6
    assert len(found.not_excluded()) == 24


def test_elements_are_told_apart_by_their_thresholds() -> None:
    # All photon energies above the 33 threshold and below the 11 one: a 33 element cannot fit a 11 signal at all.
    run = experiment(frequencies=(1.0695, 1.07, 1.0705), exposure_days=500)
    found = identify(run, expected(run, TYPES_11[0], 5e-11), hypotheses=[TYPES_11[0], "electromagnetic.mu[3,3]"])
    assert found.hypotheses[1].chi2 == pytest.approx(found.weak_chi2, rel=1e-6, abs=0)
    assert found.hypotheses[1].significance > 4


def test_exclusion_follows_gp23b_fig4(run: Experiment) -> None:
    small, large = (exclusion(run, TYPES_11[0], value, TYPES_11) for value in (1e-11, 3e-11))
    true, *others = large.values()
    # A small moment gives every type an upper limit and none a lower one; a large one leaves the true type alone.
    assert all(len(intervals) == 1 and intervals[0][0] < 0 < intervals[0][1] for intervals in small.values())
    assert [intervals for intervals in others if intervals] == []
    assert [np.sign(low) for low, _ in true] == [-1, 1]
    assert true[1][0] < 3e-11 < true[1][1]
    # The electric moment imitates the magnetic one better than charge radius and anapole do.
    fits = {
        h.coupling.name: h for h in identify(run, expected(run, TYPES_11[0], 3e-11), hypotheses=TYPES_11).hypotheses
    }
    assert 3 < fits["eps"].significance < min(fits["r2"].significance, fits["anapole"].significance)


def test_a_mediator_can_be_a_hypothesis(run: Experiment) -> None:
    group = {"mass": 1.0}
    name = "vector.g_L[1,1]"
    data = rate_polynomial(run, [name], vector=group).counts([2e-23])
    found = identify(run, data, hypotheses=[*TYPES_11, name], vector=group)
    assert str(found.best.coupling) == name
    assert found.hypotheses[1].significance > 3


def test_hypotheses_of_both_natures() -> None:
    dirac, majorana = (default_hypotheses(experiment(nature=nature)) for nature in ("dirac", "majorana"))
    assert (len(dirac), len(majorana)) == (24, 15)
    assert {h.name for h in majorana if h.i == h.j} == {"anapole"}
    run = experiment(nature="majorana")
    assert all(rate_polynomial(run, [h]).quadratic.max() > 0 for h in majorana)
    # The other parts of the matrices add nothing for Majorana neutrinos.
    other = [f"electromagnetic.{name}[1,2]" for name in ("mu", "eps", "r2")]
    assert all(rate_polynomial(run, [h]).quadratic.max() == 0 for h in other)


def test_candidates_keep_away_from_thresholds() -> None:
    run = experiment()
    points = candidate_frequencies(run)
    edges = np.array([threshold.omega for threshold in pair_thresholds(run.E_eg, run.masses)])
    assert np.abs(points[:, None] - edges).min() >= 0.99e-5
    # There is a point in every section between thresholds.
    assert np.all(np.histogram(points, np.unique(edges))[0] > 0)


def test_optimised_frequencies_separate_better() -> None:
    run = experiment(frequencies=GP23B_FREQUENCIES, exposure_days=40)
    choice = optimise_frequencies(run, candidates=candidate_frequencies(run, number=20), hypotheses=TYPES_11)
    assert choice.gain > 1.5
    assert len(choice.frequencies) == len(GP23B_FREQUENCIES)
    chosen = replace(run, frequencies=choice.frequencies)
    assert weakest_separation(chosen, hypotheses=TYPES_11) == pytest.approx(choice.weakest, rel=1e-6, abs=0)
    assert weakest_separation(run, hypotheses=TYPES_11) == pytest.approx(choice.start_weakest, rel=1e-6, abs=0)


def test_separation_agrees_with_the_full_fit() -> None:
    # Many events: Gaussian errors and the Poisson chi^2 then mean the same.
    run = experiment(exposure_days=4e5)
    pair = TYPES_11[:2]
    below = rate_polynomial(replace(run, frequencies=(1.067,)), pair)
    sizes = np.sqrt(0.05 * below.constant[0] / np.diag(below.quadratic[0]))
    fits = [
        identify(run, expected(run, name, float(size)), hypotheses=pair).hypotheses[1].significance
        for name, size in zip(pair, sizes, strict=True)
    ]
    assert weakest_separation(run, hypotheses=pair, excess=0.05) == pytest.approx(min(fits), rel=0.03, abs=0)


def test_bad_input_is_one_clear_line(run: Experiment) -> None:
    with pytest.raises(ValueError, match="observed: expected 9 counts, got shape"):
        identify(run, [1.0])
    with pytest.raises(ValueError, match="hypotheses: expected at least one"):
        identify(run, run.counts(), hypotheses=[])
    with pytest.raises(ValueError, match=r"vector\.g_L\[1,1\] interferes with the weak current"):
        weakest_separation(run, hypotheses=["vector.g_L[1,1]", "vector.g_L[2,2]"], vector={"mass": 1.0})
    with pytest.raises(ValueError, match="lowest: expected a photon energy between"):
        candidate_frequencies(run, lowest=1.2)


def test_a_lone_name_is_one_hypothesis(run: Experiment) -> None:
    name = TYPES_11[0]
    data = expected(run, name, 3e-11)
    for given in (name, Coupling.parse(name)):
        assert identify(run, data, hypotheses=given).hypotheses == identify(run, data, hypotheses=[name]).hypotheses
        with pytest.raises(ValueError, match=r"^hypotheses: expected at least two to tell apart, got 1$"):
            weakest_separation(run, hypotheses=given)
        assert exclusion(run, name, 3e-11, given) == exclusion(run, name, 3e-11, [name])
    with pytest.raises(
        ValueError, match=r"^hypotheses: expected a name like 'electromagnetic\.mu\[1,2\]' or several, got 3$"
    ):
        identify(run, data, hypotheses=3)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, None, "big", [1e-11, 2e-11]])
def test_only_a_number_can_be_excluded(run: Experiment, value: Any) -> None:
    with pytest.raises((ValueError, TypeError), match=r"^value: expected (finite|real|one) number[^\n]*$"):
        exclusion(run, TYPES_11[0], value, [TYPES_11[0]])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"excess": np.nan}, "excess: expected a finite positive number, got nan"),
        ({"excess": -0.3}, "excess: expected a finite positive number, got -0.3"),
        ({"excess": 0.0}, "excess: expected a finite positive number, got 0.0"),
        ({"reference": np.nan}, "reference: expected finite numbers, got nan"),
        ({"reference": 1.5}, "reference: expected 0 < omega < E_eg/2 = 1.071747 eV, got 1.5"),
        (
            {"reference": 1.0717},
            "hypotheses: electromagnetic.mu[1,1] changes nothing at the reference of 1.0717 eV: all photon energies lie"
            " above every pair threshold, the highest is 1.071653 eV",
        ),
        ({"hypotheses": []}, "hypotheses: expected at least two to tell apart, got 0"),
    ],
)
def test_a_separation_of_nothing_is_refused(run: Experiment, settings: dict[str, Any], message: str) -> None:
    for function in (weakest_separation, optimise_frequencies):
        with pytest.raises(ValueError, match=rf"^{re.escape(message)}$"):
            function(run, **settings)


def test_no_separation_above_all_thresholds(run: Experiment) -> None:
    above = replace(run, frequencies=(1.07166, 1.0717))
    with pytest.raises(
        ValueError,
        match=r"^frequencies: all photon energies lie above every pair threshold, the highest is 1.071653 eV$",
    ):
        weakest_separation(above)
    # One photon energy above all thresholds sees nothing, and takes nothing away.
    pair = TYPES_11[:2]
    more = replace(run, frequencies=(*run.frequencies, 1.0717))
    assert weakest_separation(more, hypotheses=pair) == pytest.approx(
        weakest_separation(run, hypotheses=pair), rel=1e-6, abs=0
    )
    without_weak = replace(run, axial=np.zeros((3, 3), dtype=complex))
    with pytest.raises(ValueError, match=r"^reference: the weak current expects no events at 1.067 eV$"):
        weakest_separation(without_weak, hypotheses=pair)


def test_a_hypothesis_is_not_given_twice(run: Experiment) -> None:
    twice = ["electromagnetic.mu[1,2].imag", "electromagnetic.mu[2, 1].imag"]
    message = f": {re.escape(repr(twice[0]))} and {re.escape(repr(twice[1]))} are the same parameter, give it once$"
    for argument, call in (
        ("hypotheses", lambda: identify(run, run.counts(), hypotheses=twice)),
        ("hypotheses", lambda: weakest_separation(run, hypotheses=twice)),
        ("tests", lambda: exclusion(run, twice[0], 1e-11, twice)),
    ):
        with pytest.raises(ValueError, match=f"^{argument}{message}"):
            call()


def test_numbers_of_states_and_points_are_whole(run: Experiment) -> None:
    for number in (0, -1, 2.5, np.nan, True):
        with pytest.raises(ValueError, match=r"^number: expected a whole number from 1 to 1000000, got "):
            candidate_frequencies(run, number=number)  # type: ignore[arg-type]
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match=r"^observed: expected finite numbers, got "):
            identify(run, [bad] * 9)
