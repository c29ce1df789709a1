"""Plots of results: they show the numbers that they are given, the level, the bands and the set-up."""

from __future__ import annotations

import re
from dataclasses import replace
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from typer.testing import CliRunner

import renp
from renp.cli.main import app
from renp.probes.tables import ProbeTable
from renp.rates.labels import coupling_labels
from renp.statistics.limits import LimitBands
from renp.statistics.poisson import chi2_threshold
from renp.studies.figures.captions import mathtext
from renp.studies.figures.plotting import figure_bytes
from renp.studies.figures.probes import plot_probe
from renp.studies.figures.results import plot_counts, plot_curve, plot_hypotheses, plot_limit, plot_spectrum

MU = "electromagnetic.mu[1,1]"
GROUP = {"mu": 5e-11 * np.diag([1.0, 0, 0])}


def words(figure: Figure) -> str:
    """Return the legend: its title and its entries, in one line."""
    (legend,) = figure.legends
    return " ".join([*legend.get_title().get_text().split(), *(text.get_text() for text in legend.get_texts())])


def line(axes: Axes, label: str) -> np.ndarray:
    (found,) = [each for each in axes.lines if label in re.split("\n= | and ", str(each.get_label()))]
    return np.asarray(found.get_ydata())


def test_counts_stand_beside_the_weak_ones() -> None:
    run = renp.experiment(nature="majorana", exposure_days=30)
    counts = run.counts(electromagnetic=GROUP)
    figure = plot_counts(run, counts, coupling_labels(run.model, {"electromagnetic": GROUP}))
    upper, lower = figure.axes
    drawn = {tuple(np.asarray(container.lines[0].get_ydata())) for container in upper.containers}
    assert drawn == {tuple(counts), tuple(run.counts())}
    (excess,) = lower.containers
    np.testing.assert_array_equal(excess.lines[0].get_ydata(), counts - run.counts())
    bars = np.asarray(excess.lines[2][0].get_segments())
    np.testing.assert_allclose(bars[:, 1, 1] - bars[:, 0, 1], 2 * np.sqrt(counts), rtol=1e-12)
    text = words(figure)
    assert "Yb, Majorana neutrinos, normal ordering, lightest 0.01 eV" in text
    assert "30 days at each photon energy" in text
    assert r"electromagnetic: mu[1,1] = $5 \times 10^{-11}$ $\mu_B$" in text
    assert len(plot_counts(run, run.counts()).axes) == 1


def test_a_limit_is_where_chi_squared_meets_the_level() -> None:
    run, limit = renp.experiment(), renp.sensitivity(MU, level=0.95)
    bands = limit.bands(9)
    figure = plot_limit(run, limit, bands, ["a note"])
    (axes,) = figure.axes
    curve = next(each for each in axes.lines if "expected" in str(each.get_label()))
    x, y = np.asarray(curve.get_xdata()), np.asarray(curve.get_ydata())
    assert np.interp(limit.positive, x, y) == pytest.approx(chi2_threshold(0.95), rel=1e-2, abs=0)
    assert r"95% C.L.: $\chi^2 = 3.841$" in words(figure)
    assert all(text in words(figure) for text in ("68% of simulated limits", "median of 9 simulated limits", "a note"))
    assert axes.get_xlabel() == rf"{MU} [$\mu_B$]"
    assert figure_bytes(figure, "png") == figure_bytes(plot_limit(run, limit, bands, ["a note"]), "png")
    # A band without an end goes to the frame and beyond.
    opened = plot_limit(run, limit, replace(bands, two_sigma=(bands.two_sigma[0], inf)))
    spans = [patch.get_extents() for patch in opened.axes[0].patches]
    assert max(span.x1 for span in spans) > opened.axes[0].bbox.x1
    assert figure_bytes(opened, "png")


def test_a_curve_shows_limits_and_bands_and_leaves_gaps() -> None:
    curve = renp.sensitivity_curve("vector.g_L[1,1]", "mediator_mass", [0.01, 1.0, 100.0], level=0.95)
    bands = [limit.bands(9) for limit in curve.limits]
    run = renp.experiment(frequencies=(1.069, 1.07))
    figure = plot_curve(run, curve, bands, ["vector.g_A = 1"])
    (axes,) = figure.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_xlabel() == "mediator mass $M$ [eV]"
    np.testing.assert_array_equal(line(axes, "both signs excluded above"), curve.magnitude)
    np.testing.assert_array_equal(line(axes, "interval around zero, negative end"), -curve.negative)
    np.testing.assert_array_equal(line(axes, "median of 9 simulated limits"), [band.median for band in bands])
    assert all(
        text in words(figure) for text in ("95% C.L. limits", "photon energies 1.069, 1.07 eV", "vector.g_A = 1")
    )
    free = replace(curve.limits[0], intervals=((-inf, inf),), reason="for a test")
    gap = plot_curve(run, replace(curve, limits=(free, *curve.limits[1:])), [open_band(bands[0]), *bands[1:]])
    np.testing.assert_array_equal(line(gap.axes[0], "both signs excluded above"), [nan, *curve.magnitude[1:]])
    assert figure_bytes(gap, "png")
    low, high = gap.axes[0].get_ylim()
    assert low < curve.magnitude[1] < curve.magnitude[2] < high < 1e3 * curve.magnitude[2]
    with pytest.raises(ValueError, match=r"vector\.g_L\[1,1\] is not bounded anywhere: for a test"):
        plot_curve(run, replace(curve, limits=(free,) * 3))


def test_a_lone_limit_is_a_point_and_the_gap_is_told() -> None:
    curve = renp.sensitivity_curve("vector.g_L[1,1]", "lightest_mass", [0.0, 0.3, 0.6], vector={"mass": 1.0})
    figure = plot_curve(curve.run, curve)
    points = [each for each in figure.axes[0].lines if each.get_marker() == "o"]
    assert [(list(each.get_xdata()), list(each.get_ydata())) for each in points] == [([0.0], [curve.magnitude[0]])]
    assert "no limit at 2 of 3 points, first at 0.3: all photon energies lie above every pair threshold" in words(
        figure
    )


@pytest.mark.parametrize("frequencies", [(1.0717, 1.07172), None])
def test_counts_of_nothing_say_why(frequencies: tuple[float, ...] | None) -> None:
    run = renp.experiment(frequencies=frequencies, lightest_mass=0.01 if frequencies else 2.0)
    axes = plot_counts(run, run.counts()).axes[0]
    assert axes.texts[0].get_text().startswith("no events: ")
    assert axes.get_ylim() == (0, 1)
    labels = [text for text in axes.get_xticklabels() if text.get_text()]
    assert len(labels) <= 8


def test_the_axis_names_the_product_that_a_limit_is_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    curve = renp.sensitivity_curve("scalar.y_S_nu[1,2]", "mediator_mass", [1.0, 2.0])
    assert plot_curve(curve.run, curve).axes[0].get_ylabel() == "size of scalar.y_S_nu[1,2]"
    drawn = []
    monkeypatch.setattr("renp.cli.sensitivity.write_outputs", lambda made: drawn.append(made) or [])
    words = ["sensitivity", "scalar.y_S_nu[1,2]", "--plot", str(tmp_path / "out.svg")]
    for more in (["--mass", "1"], ["--mass", "1", "--set", "scalar.y_P=1"], ["--along", "mediator_mass=1:2:2"]):
        assert CliRunner().invoke(app, [*words, *more]).exit_code == 0
    single, fixed, along = (next(iter(made.values()))().axes[0] for made in drawn)
    assert single.get_xlabel() == "scalar.y_P × y_S_nu[1,2]"
    assert fixed.get_xlabel() == "scalar.y_S_nu[1,2]"
    assert along.get_ylabel() == "size of scalar.y_P × y_S_nu[1,2]"


def test_a_cross_section_is_labelled_in_symbols() -> None:
    table = ProbeTable(
        {"T_keV": [1.0, 2.0], "dsigma_dT_cm2_per_keV": [2e-47, 1e-47], "weak_cm2_per_keV": [1e-47, 0.5e-47]}
    )
    figure = plot_probe("electron_scattering", table, ["electron_scattering: anti-nu_mu of 1e+06 eV"])
    assert figure.axes[0].get_ylabel() == r"$d\sigma/dT$ [cm$^{2}$/keV]"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["total", "weak current alone"]
    assert words(figure).startswith(r"electron_scattering: anti-$\nu_\mu$ of $10^{6}$ eV")


def test_the_caption_holds_exposure_and_target() -> None:
    run = renp.experiment(volume_cm3=7, density_cm3=2e20, eta=0.5, exposure_days=3)
    limit = renp.sensitivity(MU, volume_cm3=7, density_cm3=2e20, eta=0.5, exposure_days=3)
    for figure in (plot_counts(run, run.counts()), plot_limit(run, limit)):
        text = words(figure)
        assert "3 days at each photon energy" in text
        assert r"target of 7 cm$^{3}$ with $2 \times 10^{20}$ atoms/cm$^{3}$, 0.5 of it coherent" in text


def test_equally_good_hypotheses_say_so() -> None:
    run = renp.experiment(frequencies=[1.07, 1.06])
    found = renp.identify(run, [0, 0], hypotheses=["electromagnetic.mu[1,1]", "electromagnetic.mu[2,2]"])
    lower = plot_hypotheses(run, found, run.counts(), 0.9).axes[1]
    assert ["equally well" in text.get_text() for text in lower.texts] == [True]


def open_band(band: LimitBands) -> LimitBands:
    return replace(band, median=inf, one_sigma=(band.one_sigma[0], inf), two_sigma=(band.two_sigma[0], inf))


def test_a_curve_says_nothing_of_what_it_runs_over() -> None:
    run = renp.experiment(lightest_mass=0.03)
    for parameter, absent in (("lightest_mass", "lightest 0.03"), ("exposure_days", "days at"), ("events", "days at")):
        curve = renp.sensitivity_curve("tensor.t[1,1]", parameter, [0.01, 0.02])
        assert absent not in words(plot_curve(run, curve))
        assert "Yb, Dirac neutrinos" in words(plot_curve(run, curve))


@pytest.mark.parametrize(("size", "scale"), [(5e-11, "symlog"), (1e-11, "linear")])
def test_hypotheses_are_bars_from_the_best(size: float, scale: str) -> None:
    run = renp.experiment()
    counts = run.counts(electromagnetic={"mu": size * np.diag([1.0, 0, 0])})
    found = renp.identify(run, counts)
    figure = plot_hypotheses(run, found, counts, 0.9, "counts of mu_B")
    upper, lower = figure.axes
    bars = [patch.get_width() for patch in lower.patches]
    assert bars == [h.excess for h in found.hypotheses]
    assert [text.get_text() for text in lower.get_yticklabels()] == [str(h.coupling) for h in found.hypotheses]
    colours = {patch.get_facecolor() for patch in lower.patches}
    assert len(colours) == 1 + (scale == "symlog")
    assert lower.get_xscale() == scale
    assert f"best: {MU}" in words(figure)
    assert r"counts of $\mu_B$" in words(figure)
    (data, best) = (np.asarray(container.lines[0].get_ydata()) for container in upper.containers)
    np.testing.assert_array_equal(data, best)


def test_a_spectrum_stands_beside_that_of_the_weak_current() -> None:
    result = renp.spectrum(omega=np.linspace(1.06, 1.0717, 30), electromagnetic=GROUP)
    labels = coupling_labels(result.model, {"electromagnetic": GROUP})
    figure = plot_spectrum(result, labels)
    (axes,) = figure.axes
    assert result.weak is not None
    np.testing.assert_array_equal(line(axes, mathtext(labels[0])), result.I)
    np.testing.assert_array_equal(line(axes, "weak current alone"), result.weak)
    # The legend stands below the axes, where no curve is.
    figure_bytes(figure, "png")
    assert figure.legends[0].get_window_extent().y1 < axes.get_window_extent().y0
    assert result.summary in words(figure)
    # What adds nothing lies on the weak spectrum, and is one with it.
    idle = renp.spectrum(setup="derived", scalar={"mass": 1.0, "y_P": 1.0, "y_S_nu": 1e-15 * np.eye(3)})
    merged = plot_spectrum(idle, ["scalar: y_S_nu"])
    assert "scalar: y_S_nu and weak current alone" in words(merged)
    alone = plot_spectrum(renp.spectrum(omega=[1.06, 1.07]))
    assert words(alone).startswith(renp.spectrum(omega=[1.06, 1.07]).summary)
    assert words(alone).endswith(r"on top: thresholds of the pairs $\nu_i \nu_j$")
    assert len(alone.axes[0].lines) == 1 + 2 * sum(1.06 <= threshold.omega <= 1.07 for threshold in result.thresholds)


def test_labels_name_what_is_set_with_units() -> None:
    groups = {
        "vector": {"mass": 1, "width": 0.0, "propagator": "unitary", "m1": "spin", "g_L": [[0, 1 + 2j], [1 - 2j, 3]]},
        "electromagnetic": {"mu": np.zeros((2, 2)), "r2": np.array([[0, -1e-31j], [1e-31j, 0]])},
        "tensor": None,
    }
    assert coupling_labels(renp.Model("vector", "electromagnetic", "tensor"), groups) == (
        "vector: mass = 1 eV, propagator = unitary, m1 = spin, g_L[1,2] = 1+2j, g_L[2,2] = 3",
        "electromagnetic: r2[1,2] = -1e-31j cm^2",
    )
