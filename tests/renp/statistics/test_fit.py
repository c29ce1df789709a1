"""Fits: the truth from data without noise, covariances, pulls of simulated experiments, open directions, bad input."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import renp
from renp.inputs.measurement import Measurement
from renp.rates.experiment import Experiment, experiment
from renp.statistics.fisher import fisher_information
from renp.statistics.fit import FitResult, fit
from renp.statistics.minimum import minimise
from renp.statistics.parameters import parametrisation
from tests.tolerances import tolerance

OMEGA = np.linspace(1.055, 1.07, 12)
"""Below all thresholds of the masses that the fits below pass through."""
FREE = ["lightest_mass", "sin2_theta12", "amplitude"]
PRIORS = {"sin2_theta12": (0.318, 0.016)}


def target(**settings: Any) -> Experiment:
    chosen = {
        "nature": "majorana",
        "majorana_phases": (1.0, 0.3),
        "frequencies": OMEGA,
        "exposure_days": 4e4,
        **settings,
    }
    return experiment(**chosen)  # fmt: skip


@cache
def noisy() -> FitResult:
    """A fit to data with noise, of a fixed seed."""
    data = np.random.default_rng(5).poisson(target().counts() + 20)
    return fit(target(), FREE, observed=data, background=20.0, priors=PRIORS)


@pytest.mark.parametrize(
    ("settings", "free", "start", "groups"),
    [
        ({}, [*FREE, "background"], {"lightest_mass": 0.03, "amplitude": 1.3, "background": 5.0}, {}),
        ({"nature": "dirac"}, ["masses[3]", "amplitude"], {"masses[3]": 0.06, "amplitude": 0.8}, {}),
        ({"ordering": "inverted"}, ["log10(lightest_mass)", "solar"], {"log10(lightest_mass)": -1.6}, {}),
        ({"setup": "derived", "exposure_days": 1e8}, ["lightest_mass", "atmospheric"], {"lightest_mass": 0.02}, {}),
        ({}, ["alpha21", "amplitude"], {"alpha21": 1.4}, {}),
        (
            {"nature": "dirac"},
            ["vector.g_L[1,1]", "vector.g_L[1,2].imag", "vector.mass"],
            {"vector.g_L[1,1]": 2e-22, "vector.mass": 0.3},
            {"vector": {"mass": 0.4, "g_L": np.array([[1e-22, 2e-22j, 0], [-2e-22j, 0, 0], [0, 0, 0]])}},
        ),
    ],
)
def test_data_without_noise_give_the_truth_back(
    settings: dict[str, Any], free: list[str], start: dict[str, float], groups: dict[str, Any]
) -> None:
    run = target(**settings)
    found = fit(run, free, start=start, priors={k: v for k, v in PRIORS.items() if k in free}, **groups)
    truth = parametrisation(run, free, groups=groups).start
    assert found.converged
    assert found.chi2 < tolerance("asimov")
    np.testing.assert_allclose((found.values - truth) / found.errors, 0, rtol=0, atol=tolerance("asimov"))


def test_the_covariance_is_the_inverse_of_the_fisher_matrix() -> None:
    found = fit(target(), FREE, background=20.0, priors=PRIORS)
    information = fisher_information(target(), FREE, background=20.0) + np.diag([0.0, 1 / 0.016**2, 0.0])
    scale = np.outer(found.errors, found.errors)
    np.testing.assert_allclose(
        found.covariance / scale, np.linalg.inv(information) / scale, rtol=0, atol=tolerance("inverse-fisher")
    )
    np.testing.assert_allclose(found.correlation, found.covariance / scale, rtol=1e-15, atol=0)


def test_the_covariance_is_that_of_the_curvature_of_chi2() -> None:
    found = fit(target(), FREE, background=20.0, priors=PRIORS)
    steps = 0.02 * np.diag(found.errors)

    def chi2(move: np.ndarray) -> float:
        return float(np.sum(found.problem.residuals(found.values + move) ** 2))

    curvature = np.array([[chi2(a + b) - chi2(a - b) - chi2(b - a) + chi2(-a - b) for a in steps] for b in steps]) / 8
    expected = np.linalg.inv(curvature / 0.02**2)
    np.testing.assert_allclose(
        found.covariance / np.outer(found.errors, found.errors), expected, rtol=0, atol=tolerance("curvature")
    )


def test_gaussian_data_of_each_quantity_weigh_by_their_errors() -> None:
    run = target()
    scales = {"counts": run.counts(), "rate": run.counts() / (4e4 * 86400), "spectral_function": run.spectrum()}
    for quantity, values in scales.items():
        data = Measurement(OMEGA, values, 0.01 * values, quantity)
        found = fit(run, ["lightest_mass", "amplitude"], observed=data, start={"lightest_mass": 0.02})
        slopes = parametrisation(run, ["lightest_mass", "amplitude"], quantity=quantity).slopes([0.01, 1.0])
        expected = np.linalg.inv((slopes / data.errors[:, None] ** 2).T @ slopes)
        scale = np.outer(found.errors, found.errors)
        assert found.values == pytest.approx([0.01, 1.0], rel=1e-8, abs=0)
        assert found.toys(2).converged.all()
        np.testing.assert_allclose(found.covariance / scale, expected / scale, rtol=0, atol=tolerance("inverse-fisher"))


def test_the_best_fit_of_noisy_data_is_a_minimum_with_its_parabola() -> None:
    found = noisy()
    problem = found.problem
    gradient = 2 * problem.slopes(found.values).T @ problem.residuals(found.values)
    assert np.abs(gradient * found.errors).max() < 1e-4
    assert found.chi2 == pytest.approx(float(np.sum(problem.residuals(found.values) ** 2)), abs=0)
    assert found.degrees_of_freedom == 12 + 1 - 3
    assert 1e-3 < found.p_value < 1
    assert found["lightest_mass"] == found.values[0]
    with pytest.raises(KeyError):
        found["alpha21"]


def test_poisson_residuals_are_the_likelihood() -> None:
    found = noisy()
    data, expected = found.data.values, found.expected
    best = stats.poisson.logpmf(data, expected).sum()
    saturated = stats.poisson.logpmf(data, np.maximum(data, 1e-300)).sum()
    prior = found.prior_pulls["sin2_theta12"] ** 2
    assert found.chi2 == pytest.approx(2 * (saturated - best) + prior, rel=1e-9, abs=0)


def test_pulls_of_simulated_experiments_are_standard_normal() -> None:
    number = 80
    toys = noisy().toys(number, seed=11)
    assert toys.converged.all()
    # Four standard deviations of a mean, and of a variance, of normal numbers.
    assert np.abs(toys.pulls.mean(axis=0)).max() < 4 / np.sqrt(number)
    assert np.abs(toys.pulls.var(axis=0) - 1).max() < 4 * np.sqrt(2 / number)
    # The chi^2 of the minima is that of so many degrees of freedom.
    freedom = noisy().degrees_of_freedom
    assert abs(toys.chi2.mean() - freedom) < 4 * np.sqrt(2 * freedom / number)
    assert min(stats.kstest(column, "norm").pvalue for column in toys.pulls.T) > 1e-4


def test_simulated_experiments_follow_their_seed() -> None:
    calls: list[tuple[int, int]] = []
    first = noisy().toys(3, seed=2, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 3), (2, 3), (3, 3)]
    np.testing.assert_array_equal(first.values, noisy().toys(3, seed=2).values)
    assert (noisy().toys(3, seed=3).values != first.values).all()


def test_profiles_and_intervals_are_those_of_the_parabola_and_of_minos() -> None:
    found, calls = noisy(), []
    error = found.errors[0]
    profile = found.profile(
        "lightest_mass", found.values[0] + error * np.array([0, 1, -1, 2]), lambda *a: calls.append(a)
    )
    assert calls[-1] == (4, 4)
    # The parabola is that of one standard deviation, to the next order.
    assert profile.excess == pytest.approx([0, 1, 1, 4], rel=0.5, abs=1e-6)
    assert profile.excess[1:3].mean() == pytest.approx(1, rel=0.05, abs=0)
    assert (profile.points[:, 0] == profile.values).all()
    low, high = found.interval("lightest_mass")
    assert found.profile("lightest_mass", [low, high]).excess == pytest.approx(1, rel=1e-4, abs=0)
    assert found.interval("lightest_mass", 0.95)[0] < low
    # Where the data say nothing beyond the range, its end is that of the interval.
    ends = {"lightest_mass": (found.values[0] - 0.1 * error, None)}
    bounded = fit(target(), FREE, observed=found.data, background=20.0, priors=PRIORS, bounds=ends)
    assert bounded.interval("lightest_mass")[0] == found.values[0] - 0.1 * error


def test_minuit_finds_the_same() -> None:
    pytest.importorskip("iminuit")
    found = noisy()
    other = fit(target(), FREE, observed=found.data, background=20.0, priors=PRIORS, method="minuit")
    assert other.converged
    budget = tolerance("two-minimisers")
    np.testing.assert_allclose((other.values - found.values) / found.errors, 0, rtol=0, atol=budget)
    np.testing.assert_allclose(other.errors / found.errors, 1, rtol=0, atol=0.1)
    ends = np.array([other.interval("lightest_mass"), found.interval("lightest_mass")])
    np.testing.assert_allclose(ends[0], ends[1], rtol=0, atol=budget * found.errors[0])


def test_without_minuit_the_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "iminuit", None)
    with pytest.raises(ImportError, match=r"^method='minuit' needs the package iminuit: pip install 'renp\[minuit\]'$"):
        fit(target(), "amplitude", method="minuit")


@pytest.mark.parametrize(
    ("settings", "free", "line"),
    [
        ({"nature": "dirac"}, ["alpha21"], "do not depend on 'alpha21' at 1: phases of Dirac neutrinos drop out; fix it or give a prior"),
        ({}, ["sin2_theta23"], "do not depend on 'sin2_theta23' at 0.574: it enters no coupling to electrons; fix it or give a prior"),
        ({}, ["amplitude", "exposure_days"], "do not change when one moves amplitude by +1, exposure_days by -4e+04: fix one of them or "),
        ({}, ["delta_cp", "alpha31"], "do not change when one moves delta_cp by +1, alpha31 by +0.0349: fix one of them or give a prior"),
        ({}, ["electromagnetic.mu[1,1]"], "do not depend on 'electromagnetic.mu[1,1]' at 0: for Majorana neutrinos it drops out: only "),
        ({"nature": "dirac"}, ["electromagnetic.mu[1,1]"], "do not depend on 'electromagnetic.mu[1,1]' at 0; fix it, give a prior, or "),
        ({"nature": "dirac", "lightest_mass": 0.0}, ["lightest_mass"], "do not depend on 'lightest_mass' at 0; fix it, give a prior, or "),
        ({"frequencies": (1.06,)}, ["lightest_mass", "amplitude"], "do not change when one moves "),
    ],
)  # fmt: skip
def test_open_directions_are_one_line(settings: dict[str, Any], free: list[str], line: str) -> None:
    with pytest.raises(ValueError, match=rf"^parameters: the data {re.escape(line)}[^\n]*\Z"):
        fit(target(**settings), free)


def test_phases_come_back_to_the_turn_that_they_started_from() -> None:
    found = fit(target(), ["alpha21", "amplitude"])
    away = minimise(found.problem, found.values + np.array([8 * np.pi, 0.0]), [0, 1])
    assert away.values == pytest.approx(found.values, abs=0)


def test_a_prior_closes_an_open_direction() -> None:
    found = fit(target(), ["delta_cp", "alpha31"], priors={"delta_cp": (194.4, 30.0)})
    assert found.errors[0] == pytest.approx(30.0, abs=0)
    alone = fit(target(), "alpha31").errors[0]
    # What the constraint leaves of delta_cp is all that alpha31 is less known by.
    assert found.errors[1] ** 2 == pytest.approx(alone**2 + (2 * np.radians(30.0)) ** 2, rel=1e-9, abs=0)
    theta = fit(target(), ["sin2_theta23", "amplitude"], priors={"sin2_theta23": (0.574, 0.014)})
    assert (theta["sin2_theta23"], theta.errors[0]) == pytest.approx((0.574, 0.014), abs=0)


def test_a_coupling_without_interference_at_zero_has_no_standard_deviation_but_an_interval() -> None:
    name, run = "electromagnetic.mu[1,1]", experiment(exposure_days=400)
    found = fit(run, [name, "amplitude"], observed=run.counts() * 0.97, start={name: 1e-11})
    assert np.isinf(found.errors[0])
    assert np.isfinite(found.errors[1])
    assert found.correlation.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert sum(note.startswith(f"{name}: the data do not fix it to first order") for note in found.notes) == 1
    assert any(f"see found.profile({name!r}, values) in Python" in note for note in found.notes)
    assert json.loads(found.to_json())["parameters"][0]["error"] is None
    assert re.fullmatch(r"\S+ = \S+ mu_B \(not fixed\)", found.fitted[0])
    assert re.fullmatch(r"amplitude = \S+ ± \S+", found.fitted[1])
    with pytest.raises(
        ValueError, match=r"^step: the data do not fix electromagnetic.mu\[1,1\] to first order; give a step"
    ):
        found.interval(name)
    low, high = found.interval(name, 0.9, step=1e-12)
    assert -low == pytest.approx(high, rel=1e-3, abs=0)
    assert 1e-12 < high < 1e-10


def test_a_background_starts_where_no_signal_is_expected() -> None:
    run = target(frequencies=[*OMEGA, 1.0717])
    found = fit(run, ["amplitude", "background"], observed=run.counts() + 40)
    assert found.problem.free.start.tolist() == [1.0, 40.0]
    assert found.values == pytest.approx([1.0, 40.0], abs=0)


def test_a_best_fit_at_the_end_of_its_range_says_so() -> None:
    run = target()
    found = fit(
        run,
        ["amplitude", "background"],
        observed=run.counts() * np.linspace(1.001, 0.999, 12),
        start={"background": 5.0},
    )
    low = fit(run, ["background"], observed=run.counts() * 0.99, start={"background": 5.0})
    assert low["background"] == pytest.approx(0.0, abs=1e-2 * low.errors[0])
    assert any("background: the best fit is at the end of its range, 0;" in note for note in low.notes)
    assert any("see found.profile('background', values) in Python" in note for note in low.notes)
    assert low.rows[0][3] == "end of its range"
    assert re.fullmatch(r"background = \S+ counts \(end of its range\)", low.fitted[0])
    assert found.converged


def test_results_are_written_and_printed() -> None:
    found = noisy()
    record = json.loads(found.to_json())
    assert [entry["name"] for entry in record["parameters"]] == FREE
    assert record["parameters"][0]["value"] == found.values[0]
    assert record["parameters"][1]["prior"] == [0.318, 0.016]
    assert record["parameters"][0]["range"] == [0.0, None]
    assert record["data"]["values"] == found.data.values.tolist()
    lines = str(found).splitlines()
    assert lines[0] == found.run.summary
    assert f"lightest {found['lightest_mass']:g} eV" in lines[0]
    assert lines[1].split("  ")[0] == "parameter"
    assert [line.split()[0] for line in lines[2:5]] == FREE
    assert lines[5].startswith(f"chi^2 = {found.chi2:.4g} for 10 degrees of freedom, p = ")


def test_the_curve_goes_through_what_is_expected() -> None:
    found = noisy()
    np.testing.assert_array_equal(found.curve(OMEGA), found.expected)
    between = found.curve([OMEGA[3:5].mean()])[0]
    assert found.expected[4] < between < found.expected[3]
    assert found.run.lightest_mass == found["lightest_mass"]


def test_a_file_is_fitted_as_its_experiment(tmp_path: Path) -> None:
    found = noisy()
    rows = "".join(f"{omega!r},{count:.0f}\n" for omega, count in zip(OMEGA.tolist(), found.data.values, strict=True))
    file = tmp_path / "counts.csv"
    file.write_text(f"omega_eV,counts\n{rows}")
    settings: dict[str, Any] = {"nature": "majorana", "majorana_phases": (1.0, 0.3), "exposure_days": 4e4}
    other = fit(file, FREE, background=20.0, priors=PRIORS, **settings)
    np.testing.assert_array_equal(other.values, found.values)
    assert other.data.source == str(file)
    with pytest.raises(ValueError, match=r"^observed: the photon energies are not those of the experiment"):
        fit(experiment(), FREE, observed=file)


def test_the_same_bits_with_any_hash_seed() -> None:
    code = (
        "import renp; run = renp.experiment(exposure_days=4000); "
        "found = renp.fit(run, ['lightest_mass', 'amplitude'], observed=[round(n) for n in run.counts()]); "
        "print(found.to_json())"
    )
    there = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": "1"}, capture_output=True, check=True
    )
    run = experiment(exposure_days=4000)
    here = fit(run, ["lightest_mass", "amplitude"], observed=[round(n) for n in run.counts()])
    assert there.stdout.decode().strip() == str(here.to_json())


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"priors": {"solar": (1, 1)}}, "priors: 'solar' is not among the parameters, allowed are amplitude"),
        ({"priors": {"amplitude": (1, 0)}}, "priors: amplitude: expected a finite positive number, got 0"),
        ({"priors": {"amplitude": 1}}, "priors: expected two numbers for amplitude, got 1"),
        ({"bounds": {"amplitude": (2, 1)}}, "bounds: expected an increasing pair within 0 to inf for amplitude, got (2, 1)"),
        ({"bounds": {"amplitude": (-1, 3)}}, "bounds: expected an increasing pair within 0 to inf for amplitude, got (-1, 3)"),
        ({"bounds": {"amplitude": (2, 3)}}, "start: amplitude = 1 is outside of its bounds, 2 to 3"),
        ({"bounds": {"amplitude": (None, "x")}}, "bounds: amplitude: expected real numbers, got 'x'"),
        ({"method": "magic"}, "method must be one of scipy, minuit, found 'magic'"),
        ({"observed": [1.0]}, "observed: expected 12 counts, got shape (1,)"),
        ({"observed": [-1.0] * 12}, "values: expected finite counts of at least 0, got -1.0 among them"),
        ({"background": -1}, "background: expected finite counts of at least 0, got -1.0 among them"),
        ({"atom": "Yb"}, "unknown setting 'atom': allowed are "),
        ({"priors": 3}, "priors: expected a mapping from names of parameters, got 3"),
        ({"start": [1]}, "start: expected a mapping from names of parameters, got [1]"),
        ({"model": "vector"}, "model: expected what renp.Model returns, got 'vector'"),
        ({"vector": {}}, "vector: give the mediator mass, for example vector={'mass': 1.0}"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(arguments: dict[str, Any], line: str) -> None:
    with pytest.raises((ValueError, TypeError), match=rf"^{re.escape(line)}[^\n]*\Z"):
        fit(target(), ["amplitude"], **arguments)


@pytest.mark.parametrize("free", [3, [3], [], None])
def test_parameters_are_names(free: Any) -> None:
    with pytest.raises(
        (ValueError, TypeError), match=r"^parameters: expected (names|at least one name) like 'masses\[1\]'"
    ):
        fit(target(), free)


def test_other_sources_are_one_line(tmp_path: Path) -> None:
    data = Measurement(OMEGA, np.ones(12))
    for source, more, line in (
        (3, {}, "source: expected an experiment, a measurement or the path of a file, got 3"),
        (data, {"observed": [1]}, "observed: it belongs to an experiment; a measurement holds its data"),
        (data, {"frequencies": [1]}, "frequencies: the photon energies are those of the measurement, leave them out"),
        (Measurement([2.0], [1.0]), {}, "omega: expected 0 < omega < 1.071747 eV (E_eg/2), found 2"),
        (Measurement([1.0717], [1.0]), {}, "observed: photons were counted at 1.0717 eV, where none are expected at the start"),
    ):  # fmt: skip
        with pytest.raises((ValueError, TypeError), match=rf"^{re.escape(line)}[^\n]*\Z"):
            fit(source, "amplitude", **more)  # type: ignore[arg-type]


def test_bad_questions_to_a_result_are_one_line() -> None:
    found = noisy()
    for ask, line in (
        (lambda: found.profile("x", [1]), "parameter: unknown 'x', allowed are lightest_mass, sin2_theta12, amplitude"),
        (lambda: found.profile("amplitude", [-1]), "values: amplitude = -1 is outside of its range, 0 to inf"),
        (lambda: found.profile("amplitude", []), "values: expected a list of numbers, got shape (0,)"),
        (lambda: found.interval("amplitude", 2), "level: expected a confidence level between 0 and 1, got 2"),
        (lambda: found.interval("amplitude", step=0), "step: expected a finite positive number, got 0"),
        (lambda: found.toys(0), "number: expected a whole number from 1 to 1000000, got 0"),
        (lambda: found.toys(1, seed=-1), "seed: expected a whole number of at least 0, got -1"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=rf"^{re.escape(line)}\Z"):
            ask()


def test_it_is_at_the_front_door() -> None:
    assert renp.fit is fit
    assert renp.Measurement is Measurement
