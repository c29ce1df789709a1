"""Limits: the exact quadratic form, every root found, the shapes of GP22 Fig. 3, toys, and the command."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from renp.cli.sensitivity import sensitivity_command
from renp.inputs.benchmarks import MEDIATOR_FREQUENCIES
from renp.model import shipped_model
from renp.rates.channels import electron_couplings
from renp.rates.experiment import experiment
from renp.statistics.couplings import Coupling, as_couplings
from renp.statistics.fisher import fisher_matrix
from renp.statistics.limits import allowed_intervals, best_fit, profile_limit, toy_statistics
from renp.statistics.poisson import SMALLEST_LEVEL, chi2_threshold, poisson_chi2
from renp.statistics.rate_polynomial import RatePolynomial, rate_polynomial
from renp.studies.sensitivity import sensitivity, sensitivity_curve, unbounded_reason
from renp_generated import GROUPS
from tests.tolerances import tolerance

G_L = "vector.g_L[1,1]"
MU = "electromagnetic.mu[1,1]"


def line(constant: Any, linear: Any, quadratic: Any) -> RatePolynomial:
    k = len(constant)
    return RatePolynomial(
        (Coupling.parse("tensor.t[1,1]"),),
        np.array(constant, dtype=float),
        np.array(linear, dtype=float).reshape(k, 1),
        np.array(quadratic, dtype=float).reshape(k, 1, 1),
    )


def test_thresholds_of_one_degree_of_freedom() -> None:
    assert chi2_threshold(0.90) == pytest.approx(2.705543454095404, rel=1e-12, abs=0)
    assert chi2_threshold(0.95) == pytest.approx(3.841458820694124, rel=1e-12, abs=0)
    with pytest.raises(ValueError, match="level: expected a confidence level between 0 and 1, got 1"):
        chi2_threshold(1)


@pytest.mark.parametrize("shift", [1e-12, 1e-9, -1e-6, 1e-3, -0.0999, 0.1, 0.3, -0.9, 50.0])
def test_chi2_keeps_its_digits(shift: float) -> None:
    true = 137.0
    test = true * (1 + shift)
    with mpmath.workdps(40):
        exact = 2 * (mpmath.mpf(test) - true + true * mpmath.log(mpmath.mpf(true) / test))
    assert float(poisson_chi2([test], [true])) == pytest.approx(float(exact), rel=tolerance("deviance"), abs=0)


def test_chi2_at_empty_bins() -> None:
    assert float(poisson_chi2([3.0], [0.0])) == 6
    assert float(poisson_chi2([0.0], [3.0])) == np.inf
    assert float(poisson_chi2([0.0], [0.0])) == 0
    with pytest.raises(ValueError, match="test: expected finite counts of at least 0"):
        poisson_chi2([-1.0], [1.0])


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_rate_is_the_quadratic_polynomial(nature: str) -> None:
    couplings = [
        "vector.g_L[1,2].imag", "vector.g_R[1,1]", "scalar.y_P_nu[1,3].imag", "scalar.y_S_nu[2,2]",
        "electromagnetic.mu[1,2].imag", "electromagnetic.r2[1,2].imag", "tensor.t[1,2].imag",
    ]  # fmt: skip
    groups: dict[str, Any] = {"vector": {"mass": 0.3}, "scalar": {"mass": 0.2}}
    run = experiment(nature=nature, frequencies=(0.9, 1.068, 1.0703))
    form = rate_polynomial(run, couplings, **groups)
    values = np.array([2e-24, -3e-24, 2e-18, -1e-18, 3e-11, 2e-25, 0.3])
    full: dict[str, dict[str, Any]] = {
        "vector": {"mass": 0.3, "g_A": 1.0}, "scalar": {"mass": 0.2, "y_P": 1.0}, "electromagnetic": {}, "tensor": {},
    }  # fmt: skip
    for coupling, value in zip(form.couplings, values, strict=True):
        full[coupling.group][coupling.name] = coupling.matrix(float(value), 3)
    direct = run.counts(**full)
    assert form.counts(values) == pytest.approx(direct, rel=tolerance("rate-polynomial"), abs=0)
    assert np.max(np.abs(direct / form.constant - 1)) > 0.05
    # Each coefficient matrix is a Gram matrix.
    for q in form.quadratic:
        seen = np.diag(q) > 0
        size = np.sqrt(np.diag(q)[seen])
        assert np.linalg.eigvalsh(q[np.ix_(seen, seen)] / np.outer(size, size)).min() > -1e-7


def test_gradient_is_the_difference_quotient() -> None:
    form = rate_polynomial(experiment(), [G_L, "vector.g_R[1,1]"], vector={"mass": 1.0})
    c, h = np.array([3e-24, -2e-24]), 1e-26
    for a in range(2):
        step = h * np.eye(2)[a]
        numeric = (form.counts(c + step) - form.counts(c - step)) / (2 * h)
        assert form.gradient(c)[:, a] == pytest.approx(numeric, rel=1e-9, abs=0)


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(
        st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.05, 3), st.floats(0, 30)), min_size=1, max_size=5
    ),
    exponent=st.integers(-30, 30),
    threshold=st.floats(0.5, 20),
)
def test_every_allowed_interval_is_found(
    parts: list[tuple[float, float, float, float]], exponent: int, threshold: float
) -> None:
    # |u + c v|^2 with complex u, v: the most general rate of one coupling, at any scale of the coupling.
    u = np.array([complex(a, b) for a, b, _, _ in parts]) + 0.1
    v = np.array([complex(c, 0.3) for _, _, c, _ in parts])
    true = np.array([n for _, _, _, n in parts])
    scale = 10.0**exponent
    form = line(np.abs(u) ** 2, 2 * (u * v.conj()).real / scale, np.abs(v) ** 2 / scale**2)
    found = allowed_intervals(form, true, threshold)
    grid = np.linspace(-40, 40, 4001)
    chi2 = poisson_chi2(form.counts((grid * scale)[:, None]), true)
    inside = np.zeros(grid.size, dtype=bool)
    for low, high in found:
        inside |= (grid >= low / scale) & (grid <= high / scale)
        for end in (low, high):
            assert float(poisson_chi2(form.counts([end]), true)) == pytest.approx(threshold, rel=1e-6, abs=0)
    clear = np.abs(chi2 - threshold) > 1e-6
    assert np.array_equal(inside[clear], chi2[clear] < threshold)
    # The best fit is no worse than any point of the grid.
    assert best_fit(form, true)[1] <= chi2.min() * (1 + 1e-9) + 1e-12


def test_two_separate_minima_are_both_reported() -> None:
    form = line([4.0], [-8.0], [4.0])
    assert len(allowed_intervals(form, [4.0], 1.0)) == 2


def test_an_interval_between_search_points_is_found() -> None:
    # Two photon energies prefer slightly different couplings; the threshold is barely above the compromise.
    form = line([1e4, 2e4], [0, 0], [1e4, 2.03e4])
    true = form.counts([1.0]) + np.array([37.0, -23.0])
    value, smallest = best_fit(form, true)
    found = allowed_intervals(form, true, smallest + 1e-7)
    assert len(found) == 2
    low, high = found[1]
    assert low < abs(value) < high < low + 1e-5


def test_plateau_slope_and_poles_of_gp22_fig3() -> None:
    for name in (G_L, "vector.g_R[2,2]", "scalar.y_S_nu[1,1]", "scalar.y_P_nu[3,3]"):
        curve = sensitivity_curve(name, "mediator_mass", [1e-3, 2e-3, 1e2, 1e3, 1e4], level=0.95).magnitude
        assert curve[0] == pytest.approx(curve[1], rel=2e-3, abs=0)
        assert np.diff(np.log10(curve[2:])) == pytest.approx([2, 2], abs=1e-4)
    run = experiment(frequencies=MEDIATOR_FREQUENCIES)
    for omega in MEDIATOR_FREQUENCIES:
        pole = float(np.sqrt(run.E_eg * (run.E_eg - 2 * omega)))
        near = pole * (1 + np.array([-1e-2, -1e-6, 1e-6, 1e-2]))
        dip = sensitivity_curve(G_L, "mediator_mass", near, level=0.95).magnitude
        assert max(dip[1:3]) < 1e-3 * min(dip[0], dip[3])
        # At the pole the amplitude grows as the inverse distance.
        closer = sensitivity(G_L, vector={"mass": pole * (1 + 1e-7)}, level=0.95).magnitude
        assert closer == pytest.approx(dip[2] / 10, rel=0.02, abs=0)


def test_sizes_are_those_of_gp22() -> None:
    vector = sensitivity_curve(G_L, "mediator_mass", [1e-3, 1e4], level=0.95).magnitude
    scalar = sensitivity_curve("scalar.y_P_nu[1,1]", "mediator_mass", [1e-3, 1e4], level=0.95).magnitude
    assert np.log10(vector) == pytest.approx([-26, -15], abs=1)
    assert np.log10(scalar) == pytest.approx([-19, -9], abs=1)


def test_a_width_removes_the_pole() -> None:
    run = experiment(frequencies=MEDIATOR_FREQUENCIES)
    pole = float(np.sqrt(run.E_eg * (run.E_eg - 2 * 1.07)))
    narrow = sensitivity(G_L, vector={"mass": pole * (1 + 1e-9), "width": 0.0}).magnitude
    wide = sensitivity(G_L, vector={"mass": pole * (1 + 1e-9), "width": 1e-3}).magnitude
    assert wide > 1e4 * narrow


def test_longitudinal_propagator_matters_for_light_mediators_alone() -> None:
    def limit(mass: float, propagator: str) -> float:
        return sensitivity(G_L, vector={"mass": mass, "propagator": propagator}, level=0.95).magnitude

    assert limit(1e3, "unitary") == pytest.approx(limit(1e3, "feynman"), rel=1e-6, abs=0)
    # Its amplitude goes as 1/M^2 at small mass, so the limit falls with slope 2 where the papers have a plateau.
    assert limit(1e-3, "unitary") < 0.05 * limit(1e-3, "feynman")
    assert limit(2e-3, "unitary") / limit(1e-3, "unitary") == pytest.approx(4, rel=0.02, abs=0)


def test_majorana_neutrinos() -> None:
    assert sensitivity(MU, nature="majorana").magnitude == np.inf
    # The derived interaction keeps the pseudoscalar coupling, against the statement of GP22.
    assert np.isfinite(sensitivity("scalar.y_P_nu[1,1]", nature="majorana", scalar={"mass": 1.0}).magnitude)
    dirac, majorana = (
        sensitivity(G_L, nature=nature, vector={"mass": 1e-6}, level=0.95).magnitude for nature in ("dirac", "majorana")
    )
    assert majorana == pytest.approx(dirac, rel=0.02, abs=0)


def test_limits_weaken_with_level_mass_and_less_exposure() -> None:
    assert sensitivity(MU, level=0.95).magnitude > sensitivity(MU, level=0.90).magnitude
    masses = sensitivity_curve("scalar.y_S_nu[1,1]", "lightest_mass", [0, 0.02, 0.05], scalar={"mass": 1e-6}).magnitude
    assert np.all(np.diff(masses) > 0)
    assert masses[2] / masses[0] > 3
    # Without interference the limit goes with the fourth root of the exposure.
    days = sensitivity_curve(MU, "exposure_days", [1e4, 1.6e5]).magnitude
    assert days[0] / days[1] == pytest.approx(2, rel=0.02, abs=0)


def test_events_axis_is_exposure_in_other_units() -> None:
    run = experiment(exposure_days=40)
    by_days = sensitivity_curve(MU, "exposure_days", [40]).magnitude
    by_events = sensitivity_curve(MU, "events", [float(run.counts().sum())]).magnitude
    assert by_events == pytest.approx(by_days, rel=1e-6, abs=0)


def test_background_weakens_the_limit() -> None:
    assert sensitivity(MU, background=1000.0).magnitude > 1.2 * sensitivity(MU).magnitude


def test_profile_is_the_minimum_over_the_other_coupling() -> None:
    form = rate_polynomial(experiment(), [MU, "electromagnetic.eps[1,1]"])
    threshold = chi2_threshold(0.90)
    data = form.counts([2e-11, 3e-11])
    low, high = profile_limit(form, 0, data, 8 * threshold)
    second = np.linspace(-8e-11, 8e-11, 4001)

    def brute(value: float) -> float:
        points = np.column_stack([np.full(second.size, value), second])
        return float(poisson_chi2(form.counts(points), data).min())

    assert brute(high) == pytest.approx(8 * threshold, rel=1e-4, abs=0)
    assert brute(low) == pytest.approx(8 * threshold, rel=1e-4, abs=0)
    assert brute(0.5 * high) < 8 * threshold < brute(1.05 * high)


def test_two_couplings_and_one_photon_energy_cannot_be_separated() -> None:
    limit = sensitivity(G_L, vector={"mass": 1.0}, frequencies=(1.069,), profile=["vector.g_L[2,2]"])
    alone = sensitivity(G_L, vector={"mass": 1.0}, frequencies=(1.069,))
    assert limit.positive > alone.positive


def test_fisher_matrix_is_the_curvature() -> None:
    form = rate_polynomial(experiment(exposure_days=4e5), [G_L, "vector.g_R[1,1]"], vector={"mass": 1.0})
    c = np.array([1e-24, 2e-24])
    fisher = fisher_matrix(form, c)
    for step in (np.array([1e-27, 0]), np.array([1e-27, -1e-27]), np.array([0, 2e-27])):
        chi2 = float(poisson_chi2(form.counts(c + step), form.counts(c)))
        assert chi2 == pytest.approx(float(step @ fisher @ step), rel=5e-3, abs=0)


def test_toys_confirm_coverage_and_median_limit() -> None:
    form = rate_polynomial(experiment(exposure_days=60), [MU])
    threshold = chi2_threshold(0.90)
    limit = allowed_intervals(form, form.constant, threshold)[0][1]
    toys = 400
    spread = 3.5 * np.sqrt(0.25 / toys)
    excluded = np.mean(toy_statistics(form, tested=limit, true=0.0, toys=toys, seed=1) > threshold)
    assert excluded == pytest.approx(0.5, abs=spread)
    covered = np.mean(toy_statistics(form, tested=2 * limit, true=2 * limit, toys=toys, seed=2) <= threshold)
    assert covered == pytest.approx(0.90, abs=3.5 * np.sqrt(0.09 / toys))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vector", "expected a name like"),
        ("gravity.h[1,1]", "unknown group 'gravity'"),
        ("vector.mu[1,1]", "unknown matrix 'mu' of group 'vector'"),
        ("tensor.t[2,2].imag", "imaginary part of a diagonal element"),
    ],
)
def test_bad_couplings_are_named(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"^coupling: ") as caught:
        Coupling.parse(text)
    assert message in str(caught.value)


def test_bad_requests_are_one_line() -> None:
    with pytest.raises(ValueError, match="vector: give the mediator mass"):
        sensitivity(G_L)
    with pytest.raises(ValueError, match="index above the number of neutrinos, 3"):
        sensitivity("tensor.t[1,4]")
    with pytest.raises(ValueError, match=r"background: expected one number or 9, .* got shape \(2,\)"):
        sensitivity("electromagnetic.mu[1,1]", background=[1.0, 2.0])
    with pytest.raises(TypeError, match="level: expected real numbers, got 'high'"):
        sensitivity("electromagnetic.mu[1,1]", level="high")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"coupling: expected a name like .* got 3"):
        sensitivity(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="are the same parameter, give it once"):
        sensitivity(MU, profile=[MU])
    with pytest.raises(ValueError, match="electromagnetic couplings have no mediator mass"):
        sensitivity_curve(MU, "mediator_mass", [1.0])
    with pytest.raises(ValueError, match="parameter: unknown 'colour'"):
        sensitivity_curve(MU, "colour", [1.0])


def test_no_expected_events_cannot_be_scaled_to_a_number_of_events() -> None:
    with pytest.raises(ValueError, match=r"^events: the weak current expects no events at these photon energies$"):
        sensitivity_curve(MU, "events", [1.0, 10.0], frequencies=(1.0717,))


@pytest.mark.parametrize("events", [1e22, 1e30, 1e60, 1e150])
@pytest.mark.parametrize(("name", "group"), [(MU, {}), (G_L, {"vector": {"mass": 1.0}})])
def test_a_limit_that_rounding_hides_is_refused(name: str, group: dict[str, Any], events: float) -> None:
    with pytest.raises(
        ValueError, match=r"^[^\n]* counts .* rounding hides [^\n]*: .* fewer events or a higher level$"
    ):
        sensitivity_curve(name, "events", [10.0, events], **group)
    with pytest.raises(ValueError, match="rounding hides"):
        sensitivity(name, exposure_days=events, **group)
    with pytest.raises(ValueError, match="rounding hides"):
        sensitivity(name, profile=[name.replace("[1,1]", "[2,2]")], exposure_days=events, **group)


@pytest.mark.parametrize("events", [1e300, 1e308])
def test_counts_that_overflow_are_refused(events: float) -> None:
    with pytest.raises(ValueError, match=r"^the number of events overflows with [^\n]*$"):
        sensitivity_curve(MU, "events", [1.0, events])
    with pytest.raises(ValueError, match=r"overflows|rounding hides"):
        sensitivity(MU, exposure_days=events)


@pytest.mark.parametrize(("name", "group"), [(MU, {}), (G_L, {"vector": {"mass": 1.0}})])
def test_limits_up_to_the_edge_of_rounding_keep_their_law(name: str, group: dict[str, Any]) -> None:
    # With interference the limit goes with the square root of the exposure, without it with the fourth root.
    power = 2 if group else 4
    limits = sensitivity_curve(name, "events", [1e16, 1e20], **group).magnitude
    assert limits[0] / limits[1] == pytest.approx(10 ** (4 / power), rel=1e-3, abs=0)


def test_levels_below_the_smallest_are_refused() -> None:
    assert sensitivity(MU, level=SMALLEST_LEVEL).magnitude > 0
    assert sensitivity(G_L, level=SMALLEST_LEVEL, vector={"mass": 1.0}).magnitude > 0
    for level in (0.1 * SMALLEST_LEVEL, 1e-14, 1e-300):
        with pytest.raises(ValueError, match=rf"^level: expected at least {SMALLEST_LEVEL:g}, .* got {level!r}$"):
            chi2_threshold(level)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (G_L, "vector.g_L[1, 1]"),
        (G_L, "vector.g_L[1,1].real"),
        ("vector.g_L[1,2]", "vector.g_L[2,1]"),
        ("vector.g_L[1,2].imag", "vector.g_L[2,1].imag"),
    ],
)
def test_two_spellings_of_one_coupling_are_refused(first: str, second: str) -> None:
    message = f"couplings: {first!r} and {second!r} are the same parameter, give it once"
    run, group = experiment(), {"mass": 1.0}
    for call in (
        lambda: as_couplings([first, second]),
        lambda: rate_polynomial(run, [first, second], vector=group),
        lambda: rate_polynomial(run, [Coupling.parse(first), second], vector=group),
    ):
        with pytest.raises(ValueError, match=r"are the same parameter, give it once$"):
            call()
    with pytest.raises(ValueError, match=rf"^{re.escape(message)}$"):
        as_couplings([first, "vector.g_R[1,1]", second])
    with pytest.raises(ValueError, match=r"are the same parameter, give it once$"):
        sensitivity(first, profile=[second], vector=group)


def test_the_canonical_form_is_the_same_parameter() -> None:
    for text in ("vector.g_L[2,1]", "vector.g_L[2,1].imag", "vector.g_L[1,2].imag", "vector.g_L[1,1]"):
        name = Coupling.parse(text).parameter
        (i, j), part = name.canonical.indices, name.canonical.part
        assert i <= j
        there = Coupling("vector", "g_L", i, j, part).matrix(name.sign * 2.0, 2)
        assert Coupling.parse(text).matrix(2.0, 2).tolist() == there.tolist()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("vector", "g_L", 0, 1), "coupling: i: expected a whole number of at least 1, got 0"),
        (("vector", "g_L", 1, -1), "coupling: j: expected a whole number of at least 1, got -1"),
        (("vector", "g_L", 1, 2, "phase"), "expected the part 'real' or 'imag', got 'phase'"),
    ],
)
def test_records_of_no_coupling_are_refused(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Coupling(*arguments)


BAD = [np.nan, np.inf, -np.inf, None, "x"]


@pytest.mark.parametrize("bad", BAD)
def test_numbers_that_are_none_are_refused_and_never_excluded(bad: Any) -> None:
    form = rate_polynomial(experiment(), [MU])
    two = rate_polynomial(experiment(), [MU, "electromagnetic.eps[1,1]"])
    data = [*form.constant[:-1], bad]
    calls = {
        "true": lambda: allowed_intervals(form, data, 2.7),
        "threshold": lambda: allowed_intervals(form, form.constant, bad),
        "observed": lambda: best_fit(form, data),
        "true ": lambda: profile_limit(two, 0, data, 2.7),
        "threshold ": lambda: profile_limit(two, 0, form.constant, bad),
        "reach": lambda: profile_limit(two, 0, form.constant, 2.7, reach=bad),
        "index": lambda: profile_limit(two, bad, form.constant, 2.7),
        "values": lambda: form.counts([bad]),
        "values ": lambda: form.gradient([bad]),
        "values  ": lambda: fisher_matrix(form, [bad]),
        "factor": lambda: form.scaled(bad),
        "tested": lambda: toy_statistics(form, tested=bad, true=0.0, toys=2, seed=1),
        "true  ": lambda: toy_statistics(form, tested=0.0, true=bad, toys=2, seed=1),
        "toys": lambda: toy_statistics(form, tested=0.0, true=0.0, toys=bad, seed=1),
        "seed": lambda: toy_statistics(form, tested=0.0, true=0.0, toys=2, seed=bad),
        "level": lambda: chi2_threshold(bad),
        "test": lambda: poisson_chi2([bad], [1.0]),
        MU: lambda: Coupling.parse(MU).matrix(bad, 3),
        "background": lambda: sensitivity(MU, background=bad),
        "lightest_mass": lambda: sensitivity_curve(MU, "lightest_mass", [0.01, bad]),
        "exposure_days": lambda: sensitivity_curve(MU, "exposure_days", [bad]),
        "constant": lambda: line([bad], [1.0], [1.0]),
    }
    for name, call in calls.items():
        if name == "constant" and not isinstance(bad, float):
            continue
        with pytest.raises((ValueError, TypeError), match=rf"^{re.escape(name.strip())}: expected [^\n]+$"):
            call()


def test_values_out_of_range_are_refused() -> None:
    form = rate_polynomial(experiment(), [MU])
    two = rate_polynomial(experiment(), [MU, "electromagnetic.eps[1,1]"])
    for call, message in (
        (lambda: allowed_intervals(form, form.constant, 0.0), "threshold: expected a finite positive number"),
        (lambda: allowed_intervals(form, form.constant[:3], 2.7), r"true: expected 9 counts, got shape \(3,\)"),
        (lambda: allowed_intervals(form, -form.constant, 2.7), "true: expected finite counts of at least 0"),
        (lambda: allowed_intervals(two, form.constant, 2.7), "form: expected the polynomial of one coupling, got 2"),
        (lambda: best_fit(two, form.constant), "form: expected the polynomial of one coupling, got 2"),
        (
            lambda: profile_limit(two, 2, form.constant, 2.7),
            "index: expected the position of one of 2 couplings, got 2",
        ),
        (lambda: form.counts([1.0, 2.0]), r"values: expected one for each of 1 couplings, got shape \(2,\)"),
        (lambda: sensitivity_curve(MU, "exposure_days", [0.0, 1.0]), "exposure_days: expected .* values above 0"),
        (lambda: sensitivity_curve(MU, "lightest_mass", [-0.1]), "lightest_mass: expected .* values at least 0"),
        (lambda: sensitivity_curve(MU, "events", []), "events: expected a list of finite values above 0"),
        (lambda: replace(experiment(), exposure_days=np.nan), "exposure_days: expected a finite positive number"),
        (lambda: replace(experiment(), frequencies=(np.nan,)), "frequencies: expected finite numbers, got nan"),
    ):
        with pytest.raises(ValueError, match=rf"^{message}"):
            call()


@pytest.mark.parametrize(
    ("parameter", "setting", "name"),
    [
        ("mediator_mass", {"vector": {"mass": 1.0}}, "vector.mass"),
        ("lightest_mass", {"lightest_mass": 0.02, "vector": {"mass": 1.0}}, "lightest_mass"),
        ("lightest_mass", {"masses": [0.0, 0.01, 0.05], "vector": {"mass": 1.0}}, "masses"),
        ("exposure_days", {"exposure_days": 10.0, "vector": {"mass": 1.0}}, "exposure_days"),
        ("events", {"exposure_days": 10.0, "vector": {"mass": 1.0}}, "exposure_days"),
    ],
)
def test_what_a_curve_runs_over_is_not_given_besides(parameter: str, setting: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}: {parameter} gives the values, leave one of the two out$"):
        sensitivity_curve(G_L, parameter, [0.01], **setting)


def test_couplings_interfere_with_each_other_without_a_weak_spectrum() -> None:
    run = experiment(axial=np.zeros((3, 3)))
    form = rate_polynomial(run, [G_L, "vector.g_R[1,1]"], vector={"mass": 1.0})
    values = [2e-24, -3e-24]
    group = {"mass": 1.0, "g_A": 1.0, "g_L": np.diag([values[0], 0, 0]), "g_R": np.diag([values[1], 0, 0])}
    assert form.counts(values) == pytest.approx(run.counts(vector=group), rel=tolerance("rate-polynomial"), abs=0)
    assert np.abs(form.quadratic[:, 0, 1]).max() > 0


@pytest.mark.parametrize(
    ("name", "settings", "reason"),
    [
        (
            MU,
            {"nature": "majorana"},
            "for Majorana neutrinos it drops out: only the antisymmetric, ",
        ),
        (
            "electromagnetic.anapole[1,2].imag",
            {"nature": "majorana"},
            "for Majorana neutrinos it drops out: only the symmetric, real part",
        ),
        (
            MU,
            {"frequencies": (1.07166, 1.0717)},
            "all photon energies lie above every pair threshold, the highest is 1.071653 eV",
        ),
        (
            "electromagnetic.mu[3,3]",
            {"frequencies": (1.07, 1.071)},
            "all photon energies lie above the threshold of pair 33, 1.069274 eV",
        ),
        ("tensor.t[1,1]", {"pair_step": "E1"}, "it opens no channel of the E1 pair step"),
        (
            "scalar.y_S_nu[1,1]",
            {"pair_step": "E1", "scalar": {"mass": 1.0, "y_S": 0.0, "y_P": 1.0}},
            "the electron coupling that opens the E1 pair step, y_S, is zero",
        ),
        (
            "scalar.y_S_nu[1,1]",
            {"atomic_tensor": np.diag([1.0, 0.0, 0.0]), "scalar": {"mass": 1.0}},
            "the atomic tensor lets nothing of it through",
        ),
        (G_L, {"vector": {"mass": 1.0, "g_A": 1e-200}}, "the spectrum does not depend on it"),
        (
            # The same operator twice: one of them takes back what the other does.
            "tensor.t[1,1]",
            {"tensor_mediator": {"mass": 1.0}, "frequencies": (1.069,), "profile": ["tensor_mediator.d_T[1,1]"]},
            "the photon energies do not tell it from the couplings that are left free",
        ),
    ],
)
def test_a_limit_without_an_end_says_why(name: str, settings: dict[str, Any], reason: str) -> None:
    limit = sensitivity(name, **settings)
    assert np.isinf(limit.magnitude)
    assert limit.reason.startswith(reason)
    assert "\n" not in limit.reason


def test_a_bounded_limit_has_no_reason() -> None:
    assert sensitivity(MU).reason == ""
    curve = sensitivity_curve(MU, "exposure_days", [1.0, 10.0], nature="majorana")
    assert {limit.reason for limit in curve.limits} == {unbounded_reason(experiment(nature="majorana"), MU)}


def test_electron_couplings_are_those_that_open_the_step() -> None:
    matrices = {"vector": ("g_L", "g_R"), "scalar": ("y_S_nu", "y_P_nu"), "tensor_mediator": ("d_T",)}
    for step, weak in (("M1", None), ("E1", np.eye(3))):
        run = experiment(pair_step=step, vector_weak=weak)
        for group, names in matrices.items():
            electrons = {argument.name for g in GROUPS if g.keyword == group for argument in g.arguments}
            for electron in sorted(electrons & {"g_V", "g_A", "y_S", "y_P", "c_T"}):
                for name in names:
                    inputs = {group: {"mass": 1.0, electron: 1.0, name: np.eye(3) * 1e-12}}
                    counts = run.counts(weak=False, **inputs) - run.counts(weak=False)
                    assert bool(counts.any()) == (electron in electron_couplings(shipped_model(), group, name, step))
    assert [electron_couplings(shipped_model(), group)[0] for group in matrices] == ["g_A", "y_P", "c_T"]


@pytest.mark.parametrize("name", ["scalar.y_S_nu[1,1]", "scalar.y_P_nu[1,1]", G_L])
def test_the_default_electron_coupling_opens_the_electric_step_too(name: str) -> None:
    group, opener = name.split(".", maxsplit=1)[0], {"scalar": "y_S", "vector": "g_V"}[name.split(".", maxsplit=1)[0]]
    settings: dict[str, Any] = {"pair_step": "E1", "vector_weak": np.eye(3), "frequencies": (1.069, 1.07)}
    limit = sensitivity(name, **settings, **{group: {"mass": 1.0}})
    assert 0 < limit.magnitude < np.inf
    assert limit == sensitivity(name, **settings, **{group: {"mass": 1.0, opener: 1.0}})


def run_command(*words: str) -> str:
    app = typer.Typer()
    app.callback()(lambda: None)
    app.command("sensitivity")(sensitivity_command)
    result = CliRunner().invoke(app, list(words))
    if result.exception is not None:
        raise result.exception
    return result.stdout


def test_command_prints_the_limit() -> None:
    printed = json.loads(run_command("sensitivity", G_L, "--mass", "1", "--level", "0.95", "--json"))
    limit = sensitivity(G_L, vector={"mass": 1.0}, level=0.95)
    assert printed["intervals"] == [[limit.negative, limit.positive]]
    table = run_command("sensitivity", G_L, "--along", "mediator_mass=1e-3:1e4:3")
    curve = sensitivity_curve(G_L, "mediator_mass", [1e-3, 3.1622776601683795, 1e4])
    assert all(f"{value:.4g}" in table for value in curve.magnitude)


def test_command_says_why_there_is_no_limit() -> None:
    printed = run_command("sensitivity", MU, "--nature", "majorana", "--level", "0.999999999999")
    assert "no limit: for Majorana neutrinos it drops out" in printed
    assert "0.999999999999" in printed
    records = json.loads(run_command("sensitivity", MU, "--along", "lightest_mass=0.01:0.05:2", "--json"))
    assert [bool(record["reason"]) for record in records] == [False, False]
    printed = run_command("sensitivity", MU, "--along", "lightest_mass=0.01:0.05:2", "--frequencies", "1.0712")
    assert "no limit at lightest_mass 0.05: all photon energies lie above every pair threshold" in printed
    printed = run_command("sensitivity", MU, "--along", "lightest_mass=0.01:0.010002:3", "--frequencies", "1.07")
    assert "0.010001 " in printed


def test_command_names_a_bad_range() -> None:
    with pytest.raises(ValueError, match="--along mediator_mass must be START:STOP:COUNT in eV"):
        run_command("sensitivity", G_L, "--along", "mediator_mass=1:2")


def test_a_lone_name_is_one_profiled_coupling() -> None:
    alone, listed = (
        sensitivity("electromagnetic.mu[1,1]", frequencies=(1.069, 1.0716), profile=given)
        for given in ("electromagnetic.eps[1,1]", ["electromagnetic.eps[1,1]"])
    )
    assert alone == listed


@pytest.mark.parametrize(("name", "settings"), [(MU, {}), (G_L, {"vector": {"mass": 1.0}})])
def test_the_scan_of_a_limit_crosses_its_threshold_at_its_ends(name: str, settings: dict[str, Any]) -> None:
    limit = sensitivity(name, **settings)
    ends = limit.scan([limit.negative, 0.0, limit.positive])
    assert ends.chi2 == pytest.approx([limit.threshold, 0.0, limit.threshold], rel=1e-9, abs=1e-12)
    whole = limit.scan()
    inside = (whole.values >= limit.negative) & (whole.values <= limit.positive)
    assert np.array_equal(whole.chi2 <= limit.threshold, inside)
    free = sensitivity(name, profile=[name.replace("[1,1]", "[2,2]")], **settings)
    assert (free.scan(whole.values[::25]).chi2 <= whole.chi2[::25] * (1 + 1e-9)).all()


def test_bands_hold_the_expected_limit_and_repeat() -> None:
    limit = sensitivity(G_L, vector={"mass": 1.0})
    calls: list[tuple[int, int]] = []
    bands = limit.bands(200, seed=3, progress=lambda done, total: calls.append((done, total)))
    assert bands == limit.bands(200, seed=3) != limit.bands(200, seed=4)
    assert calls[-1] == (200, 200)
    assert bands.one_sigma[0] < limit.magnitude < bands.one_sigma[1]
    assert bands.two_sigma[0] < bands.one_sigma[0] < bands.median < bands.one_sigma[1] < bands.two_sigma[1]
    # Many events: the limit is |c| + 1.645 sigma with Gaussian c, and 16% to 84% of |c| are 1.2 sigma.
    many = sensitivity(G_L, vector={"mass": 1.0}, exposure_days=4e7)
    wide = many.bands(400, seed=1)
    width = (wide.one_sigma[1] - wide.one_sigma[0]) / 2
    assert width / many.magnitude == pytest.approx(0.6 / 1.645, rel=0.15, abs=0)


def test_bands_with_free_couplings_are_wider() -> None:
    other = "electromagnetic.mu[2,2]"
    alone = sensitivity(MU, frequencies=(1.067, 1.0695, 1.0716)).bands(30, seed=2)
    free = sensitivity(MU, frequencies=(1.067, 1.0695, 1.0716), profile=[other]).bands(30, seed=2)
    assert free.median >= alone.median * (1 - 1e-6)
    assert np.isfinite(free.two_sigma).all()


def test_a_limit_without_ends_needs_values_to_scan() -> None:
    limit = sensitivity(MU, nature="majorana")
    with pytest.raises(
        ValueError, match=r"^values: electromagnetic\.mu\[1,1\] is not bounded, give those to scan: for "
    ):
        limit.scan()
    assert limit.scan([1e-11, 1.0]).chi2.tolist() == [0.0, 0.0]
    assert limit.bands(3).median == np.inf
    with pytest.raises(ValueError, match=r"^form: this limit does not hold the counts"):
        replace(limit, form=None).scan([0.0])
