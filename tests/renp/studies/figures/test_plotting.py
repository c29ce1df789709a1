"""Plots: marked thresholds, labelled axes, the same bytes every time, nothing of the user's own settings."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from renp.rates.spectra import Spectrum, spectrum
from renp.studies.figures.curves import COLOURS, merge_coinciding
from renp.studies.figures.plotting import Panel, figure_bytes, figure_format, plot_spectra, spread
from tests.tolerances import tolerance


@pytest.fixture(scope="module")
def example() -> Spectrum:
    return spectrum("Yb", lightest=0.01, omega=np.linspace(1.06, 1.0717, 50))


@pytest.fixture(scope="module")
def figure(example: Spectrum) -> Figure:
    return plot_spectra([Panel((("", example),))])


def png_chunks(data: bytes) -> Iterator[str]:
    position = 8
    while position < len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        yield data[position + 4 : position + 8].decode()
        position += length + 12


def upright_lines(axes: Axes) -> set[float]:
    ends = [np.asarray(line.get_xdata()) for line in axes.lines if line.get_transform() is not axes.transAxes]
    return {float(x[0]) for x in ends if len(x) == 2}


def test_all_six_thresholds_are_marked_and_named(figure: Figure, example: Spectrum) -> None:
    axes = figure.axes[0]
    assert sorted(text.get_text() for text in axes.texts) == ["11", "12", "13", "22", "23", "33"]
    assert upright_lines(axes) == {threshold.omega for threshold in example.thresholds}


def test_thresholds_outside_the_range_are_left_out() -> None:
    narrow = spectrum("Yb", lightest=0.01, omega=np.linspace(1.0700, 1.0710, 20))
    axes = plot_spectra([Panel((("", narrow),))]).axes[0]
    assert sorted(text.get_text() for text in axes.texts) == ["13", "23"]


def test_axes_are_labelled_with_units(figure: Figure) -> None:
    axes = figure.axes[0]
    assert axes.get_xlabel().endswith("[eV]")
    assert "spectral function" in axes.get_ylabel()
    assert axes.get_ylim()[0] == 0


def test_curves_differ_in_colour_and_in_dashes(example: Spectrum) -> None:
    other = replace(example, I=0.8 * example.I)
    axes = plot_spectra([Panel((("one", example), ("two", other)), heading="both")]).axes[0]
    curves = [line for line in axes.lines if len(np.asarray(line.get_xdata())) == 50]
    assert [line.get_color() for line in curves] == list(COLOURS[:2])
    assert curves[0].get_linestyle() != curves[1].get_linestyle()
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["one", "two"]
    assert legend.get_title().get_text() == "both"


def test_a_flat_curve_does_not_run_along_the_frame() -> None:
    flat = spectrum("Xe", lightest=0.01, omega=np.linspace(1.06, 1.0717, 20))
    axes = plot_spectra([Panel((("", flat),))]).axes[0]
    assert flat.I.max() < 0.95 * axes.get_ylim()[1]
    assert [text.get_text() for text in axes.texts] == []


def test_a_curve_of_zeros_says_why() -> None:
    above = spectrum("Yb", lightest=0.3, omega=np.linspace(1.06, 1.0717, 20))
    axes = plot_spectra([Panel((("one", above), ("two", above)))]).axes[0]
    assert [" ".join(text.get_text().split()) for text in axes.texts] == [above.remark]
    assert above.remark.startswith("I = 0: all photon energies lie above every pair threshold")
    assert axes.get_ylim() == (0, 1)


def test_each_panel_marks_its_own_thresholds(example: Spectrum) -> None:
    inverted = spectrum("Yb", lightest=0.01, omega=example.omega, ordering="inverted")
    panels = plot_spectra([Panel((("", example),), heading="NO"), Panel((("", inverted),), heading="IO")]).axes
    for axes, shown in zip(panels, (example, inverted), strict=True):
        assert upright_lines(axes) == {threshold.omega for threshold in shown.thresholds}


def test_curves_with_thresholds_of_their_own_mark_them_in_their_colour(example: Spectrum) -> None:
    inverted = spectrum("Yb", lightest=0.01, omega=example.omega, ordering="inverted")
    figure = plot_spectra([Panel((("NO", example), ("IO", inverted)))], "two")
    axes = figure.axes[0]
    assert figure.legends[0].get_title().get_text() == "two\non top: thresholds of each curve, in its colour"
    assert not axes.texts
    for marks, curve, line in zip(axes.collections, (example, inverted), axes.lines, strict=True):
        assert {float(ends[0][0]) for ends in marks.get_segments()} == {t.omega for t in curve.thresholds}
        assert to_hex(marks.get_color()[0]) == to_hex(line.get_color())


def test_curves_that_coincide_are_one_with_both_names() -> None:
    x = np.linspace(0.01, 1, 201)
    for scale, moved, close in (
        ("linear", 1e-3, ", within 0.1% of the largest value"),
        ("log", 1e-3, ", within 0.1% of each other"),
        ("linear", 1e-5, ", within 0.001% of the largest value"),
        ("log", 0.0, ""),
        ("linear", 1e-15, ""),
    ):
        axes = Figure().subplots()
        axes.plot(x, 1 / (x + 0.3), label="g, Dirac")
        axes.plot(x[::2], (1 + moved) / (x[::2] + 0.3), label="g, Majorana")
        axes.plot(x, 1.1 / (x + 0.3), label="h")
        axes.plot(x, 1 / (x + 0.3))
        axes.plot(x, 1 / (x + 0.3), "o", label="points")
        axes.set_yscale(scale)
        merge_coinciding(axes)
        # What has no name, and points, stay; a tenth is seen on both scales.
        assert [str(line.get_label()) for line in axes.lines if not str(line.get_label()).startswith("_")] == [
            f"g, Dirac and Majorana{close}",
            "h",
            "points",
        ]
        assert len(axes.lines) == 4


def test_curves_that_part_somewhere_or_have_other_gaps_stay_two() -> None:
    x = np.linspace(0, 1, 100)
    bump, gap = x + 0.2 * (x == x[50]), np.where(x > 0.5, np.nan, x)
    for other in (bump, gap):
        axes = Figure().subplots()
        axes.plot(x, x, label="one")
        axes.plot(x, other, label="two")
        merge_coinciding(axes)
        assert [line.get_label() for line in axes.lines] == ["one", "two"]


def test_curves_of_the_thinner_width_are_told_apart_by_half_of_it() -> None:
    axes = Figure(dpi=72).subplots()
    axes.set(xlim=(0, 1), ylim=(0, axes.get_window_extent().height))
    for height, label in ((100.0, "one"), (100.9, "two"), (101.1, "three")):
        axes.plot([0, 1], [height, height], label=label, linewidth=2)
    merge_coinciding(axes)
    assert [line.get_label() for line in axes.lines] == [
        "one and two, within 0.9% of the largest value",
        "three",
    ]


def test_compared_curves_that_are_close_stay_two_and_only_equal_ones_are_one(example: Spectrum) -> None:
    close, equal = replace(example, I=0.998 * example.I), replace(example, I=example.I.copy())
    panels = [Panel((("weak", example), ("new, Dirac", close), ("idle", equal)))]
    for entries in (False, True):
        figure = plot_spectra(panels, "compared", entries=entries)
        box = figure.legends[0] if entries else figure.axes[0].get_legend()
        assert box is not None
        assert [text.get_text() for text in box.get_texts()] == [
            "weak and idle",
            "new, Dirac\n≈ weak, within 0.2% of the largest value",
        ]
        named = [line for line in figure.axes[0].lines if not str(line.get_label()).startswith("_")]
        assert [line.get_linestyle() for line in named] == ["-", "--"]


def test_spectra_of_very_different_size_stand_on_a_logarithmic_scale(example: Spectrum) -> None:
    for factor, scale in ((0.1, "linear"), (0.01, "log")):
        small = replace(example, I=factor * example.I)
        axes = plot_spectra([Panel((("one", example), ("two", small)))]).axes[0]
        assert axes.get_yscale() == scale
        assert 0 <= axes.get_ylim()[0] < small.I.max() < example.I.max() < axes.get_ylim()[1]


@pytest.mark.parametrize("lightest", [0.0, 0.01, 0.1, 0.5, 1.0, 1.07])
@pytest.mark.parametrize("atom", ["Yb", "Xe"])
def test_the_default_range_shows_every_threshold_and_a_curve(atom: str, lightest: float) -> None:
    result = spectrum(atom, lightest=lightest)
    low, high = result.omega[0], result.omega[-1]
    opened = [t.omega for t in result.thresholds if t.omega > 0]
    # A pair without mass opens at the very end of the spectrum, which is no photon energy of a pair.
    assert all(low < edge for edge in opened)
    assert all(edge < high for edge in opened if edge < result.E_eg / 2 * (1 - 1e-9))
    # The curve takes at least half of the width.
    assert max(opened) - low >= 0.5 * (high - low)
    assert (result.I > 0).sum() >= 200


@pytest.mark.parametrize("file_format", ["png", "pdf", "svg"])
def test_the_same_spectrum_gives_the_same_bytes(
    example: Spectrum, file_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = figure_bytes(plot_spectra([Panel((("", example),))]), file_format)
    monkeypatch.setitem(mpl.rcParams, "lines.linewidth", 9.0)
    monkeypatch.setitem(mpl.rcParams, "axes.facecolor", "red")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert figure_bytes(plot_spectra([Panel((("", example),))]), file_format) == first


def test_a_png_carries_no_software_or_date(figure: Figure) -> None:
    chunks = set(png_chunks(figure_bytes(figure, "png")))
    assert chunks <= {"IHDR", "pHYs", "IDAT", "IEND"}


def test_the_users_settings_survive_a_plot(example: Spectrum) -> None:
    before = dict(mpl.rcParams)
    plot_spectra([Panel((("", example),))])
    assert dict(mpl.rcParams) == before


def test_unknown_formats_and_empty_panels_are_refused() -> None:
    with pytest.raises(ValueError, match=r"plot 'a.bmp' must end in .png, .pdf, .svg"):
        figure_format("a.bmp")
    with pytest.raises(ValueError, match="must end in"):
        figure_format("noending")
    for empty in ([], [Panel(())]):
        with pytest.raises(ValueError, match="at least one curve each"):
            plot_spectra(empty)


@given(st.lists(st.floats(0, 1), max_size=15))
def test_names_never_overlap_and_keep_their_order(places: list[float]) -> None:
    found = spread(sorted(places), 0.05)
    assert len(found) == len(places)
    assert all(after - before >= 0.05 - tolerance("layout") for before, after in pairwise(found))
    assert all(-tolerance("layout") <= place <= 1 + tolerance("layout") for place in found)
