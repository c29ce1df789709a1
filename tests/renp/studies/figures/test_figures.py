"""Figures: every one draws, carries units and comes out the same; the bounds beside them have references."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from scipy import constants

from renp.inputs.benchmarks import BENCHMARK_SET, MEDIATOR_FREQUENCIES
from renp.inputs.bounds import BOUNDS, bounds_on
from renp.inputs.oscillation import mixing_matrix
from renp.probes.reach import element_limit
from renp.rates.experiment import experiment
from renp.rates.thresholds import pair_thresholds
from renp.studies.figures.form_factors import _mark_bounds
from renp.studies.figures.light_mediators import _masses_near_crossings
from renp.studies.figures.plotting import style
from renp.studies.figures.registry import FIGURES, draw
from renp.studies.sensitivity import sensitivity

SLIM = ("gp22-fig2", "gp22-fig2-derived", "gp23b-fig2-derived", "probes-compare", "threshold-ladder")
SLOW = tuple(name for name in FIGURES if name not in SLIM)


def struck_through(axes: Axes) -> list[str]:
    """Return the straight lines that run through the axes' legend and are not covered by its frame."""
    legend = axes.get_legend()
    if legend is None or legend.get_frame_on():
        return []
    FigureCanvasAgg(axes.figure.figure).draw()
    box = legend.get_window_extent()
    paths = {line: line.get_transform().transform(np.column_stack(line.get_data())) for line in axes.lines}
    straight = {line: points for line, points in paths.items() if len(points) == 2}
    return [
        str(line)
        for line, points in straight.items()
        if (points.max(0) > (box.x0, box.y0)).all() and (points.min(0) < (box.x1, box.y1)).all()
    ]


def numbers_without_unit(figure: Figure) -> list[str]:
    """Return the texts of legends, labels and notes that give a power of ten without a unit."""
    # Matplotlib writes the numbers at the ticks with this command of its own.
    texts = {text.get_text() for text in figure.findobj(Text) if r"\mathdefault" not in text.get_text()}
    power, unit = re.compile(r"10\^\{?-?\d"), re.compile(r"eV|\\mu_B|cm")
    return [text for text in texts if power.search(text) and not unit.search(text)]


def test_numbers_without_a_unit_are_seen() -> None:
    figure = Figure()
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], label=r"$g_A g_L = 10^{-23} M^2$")
    axes.legend(title=r"$M = 10^3$ eV")
    axes.set_yscale("log")
    assert numbers_without_unit(figure) == [r"$g_A g_L = 10^{-23} M^2$"]


def test_bounds_off_the_scale_carry_units() -> None:
    axes = Figure().subplots()
    axes.set_ylim(1e-27, 1e-24)
    _mark_bounds(axes, "r2")
    assert [text.get_text().count(r"\mathrm{cm}^2") for text in axes.texts] == [len(bounds_on("r2"))]


def below(figure: Figure) -> str:
    """Return the caption of a figure in one line."""
    (caption,) = figure.legends
    return " ".join(caption.get_title().get_text().split())


def check_caption(name: str, figure: Figure) -> None:
    """Hold a caption to atom, neutrinos and set-up; for limits to the level and what the figure does not run over."""
    text = below(figure)
    assert re.search(r"\bYb\b", text)
    if name == "threshold-ladder":
        return
    assert "normal ordering" in text
    assert "lightest 0.01 eV" in text or name.startswith("gp22-fig4")
    assert "set-up" in text or name.startswith("probes") or name.endswith("-exact")
    if re.search("fig3|gp22-fig4|gp23b-fig4|probes", name):
        assert "% C.L." in text
        assert "photon energies 1.0" in text
    if re.search("gp22-fig[34]|gp23b-fig2", name):
        assert "days at each photon energy" in text
        assert "target of 100 cm$^{3}$ with $10^{21}$ atoms/cm$^{3}$" in text


def check(name: str, path: Path) -> None:
    with style():
        figure = FIGURES[name].build()
    assert not numbers_without_unit(figure)
    check_caption(name, figure)
    for axes in figure.axes:
        for label in (axes.get_xlabel(), axes.get_ylabel()):
            assert label
        # A photon energy, mass or exposure has a unit; a ratio, a count and a chi^2 have none.
        assert re.search(r"\[(m?eV|day|.*mu_B.*)\]|events|scale", axes.get_xlabel())
        if not axes.lines:
            assert "no limit" in axes.texts[0].get_text()
            continue
        data = np.concatenate([np.asarray(line.get_ydata(), dtype=float) for line in axes.lines])
        assert np.isfinite(data).sum() > 10
        assert not struck_through(axes)
    draw(name, path)
    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("name", SLIM)
def test_figure(name: str, tmp_path: Path) -> None:
    check(name, tmp_path / "figure.png")


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_further_figure(name: str, tmp_path: Path) -> None:
    check(name, tmp_path / "figure.png")


def test_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        draw("threshold-ladder", tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_every_figure_of_the_papers_is_there() -> None:
    wanted = {
        "gp22-fig2",
        "gp22-fig3",
        "gp22-fig4",
        "gp23a-fig1",
        "gp23b-fig1",
        "gp23b-fig2",
        "gp23b-fig3",
        "gp23b-fig4",
    }
    assert wanted <= set(FIGURES)
    assert all(figure.source and figure.shows and figure.compared for figure in FIGURES.values())


def test_every_spectrum_and_limit_of_the_papers_has_a_sibling_for_the_derived_set_up() -> None:
    both = ("threshold-ladder", *(name for name in FIGURES if name.startswith("probes-compare")))
    papers = [name for name in FIGURES if not name.endswith(("-derived", "-exact", *both))]
    assert [name.removesuffix("-derived") for name in FIGURES if name.endswith("-derived")] == papers
    for name in papers:
        assert FIGURES[name].shows == FIGURES[f"{name}-derived"].shows


def test_both_figures_of_a_pair_say_what_they_show() -> None:
    with style():
        papers, derived = (FIGURES[name].build() for name in ("gp22-fig2", "gp22-fig2-derived"))
    assert "averaged chain, papers' set-up" in below(papers)
    assert "Yb, Dirac neutrinos, normal ordering, lightest 0.01 eV" in below(derived)
    assert "prepared chain, linear light, all intermediate states, m1 full, derived set-up" in below(derived)
    # Scalars add nothing to the derived set-up: their curves are that of the weak current.
    names = [str(line.get_label()).split("\n= ") for line in derived.axes[0].lines[:3]]
    assert [len(name) for name in names] == [3, 1, 1]
    assert [name.partition(",")[0] for name in names[0]] == ["weak current alone", "scalar", "scalar"]
    assert not [line for line in papers.axes[0].lines if "\n" in str(line.get_label())]


def test_each_curve_that_is_done_is_counted(tmp_path: Path) -> None:
    seen: list[int] = []
    draw("gp22-fig2", tmp_path / "figure.png", seen.append)
    assert seen == [1, 2, 3, 4, 5]


def test_what_the_texts_say_of_the_derived_set_up() -> None:
    days = {setup: 40 * 1000 / float(np.sum(experiment(setup=setup).counts())) for setup in ("papers", "derived")}
    text = FIGURES["gp23b-fig3-derived"].compared
    assert (
        f"1000 weak events take {days['derived'] / 365.25:.0f} years at each energy instead of {days['papers']:.0f} days"
        in text
    )
    years = 40 * days["derived"] / days["papers"] / 365.25
    assert f"for {years:.0f} years instead of 40 days" in FIGURES["gp23b-fig2-derived"].compared
    equal = [sensitivity("electromagnetic.mu[1,1]", setup=setup).magnitude for setup in days]
    assert "about 3 times weaker" in text
    assert 2.5 < equal[1] / equal[0] < 3.5
    light, heavy = ({"vector": {"mass": mass}, "level": 0.95} for mass in (1e-3, 1e4))
    for group in (light, heavy):
        for name, nature in (("g_L[1,1]", "dirac"), ("g_R[1,1]", "dirac"), ("g_R[1,1]", "majorana")):
            papers, derived = (
                sensitivity(f"vector.{name}", setup=setup, nature=nature, **group).magnitude for setup in days
            )
            assert 8 < derived / papers < 25
    assert "8 to 25 times weaker" in FIGURES["gp22-fig3-derived"].compared


def test_the_comparison_of_probes_shows_bounds_and_both_set_ups_and_says_what_it_shows() -> None:
    with style():
        figure = FIGURES["probes-compare"].build()
    names = {text.get_text() for text in figure.axes[0].texts}
    assert names == {bound.name for bound in bounds_on("mu")}
    assert {text.get_text() for text in figure.axes[1].texts} == names - {"BBN and CMB"}
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert [text.partition(":")[0] for text in legend[:2]] == ["RENP, papers' set-up", "RENP, derived set-up"]
    assert all("reference rate" in text for text in legend[:2])
    for line, setup in zip(figure.axes[0].lines, ("papers", "derived"), strict=False):
        days, reach = (np.asarray(data, dtype=float) for data in line.get_data())
        limit = sensitivity("electromagnetic.mu[1,1]", setup=setup, exposure_days=float(days[10]))
        assert reach[10] == pytest.approx(limit.magnitude, rel=1e-6, abs=0)


def test_what_the_texts_say_of_other_probes() -> None:
    mixing = mixing_matrix(BENCHMARK_SET)
    for name, figure in (("mu", "probes-compare"), ("eps", "probes-compare-eps")):
        text = FIGURES[figure].compared
        papers, derived = (
            sensitivity(f"electromagnetic.{name}[1,1]", setup=setup).magnitude for setup in ("papers", "derived")
        )
        assert f"{papers:.1e} mu_B" in text
        assert f"{derived:.1e} in the derived" in text
    limits = {bound.name: element_limit(bound, "mu", 1, 1, mixing=mixing) or 0 for bound in bounds_on("mu")}
    papers, derived = (sensitivity("electromagnetic.mu[1,1]", setup=setup).magnitude for setup in ("papers", "derived"))
    assert {name for name, limit in limits.items() if limit > papers} == {"GEMMA", "Borexino", "TEXONO"}
    assert {name for name, limit in limits.items() if limit > derived} == {"TEXONO"}
    late = [
        sensitivity("electromagnetic.mu[1,1]", setup="derived", exposure_days=days).magnitude for days in (1e4, 1e5)
    ]
    assert limits["white dwarfs"] < late[0]
    assert limits["red giants"] < late[1]
    for name in ("r2", "anapole"):
        found = sensitivity(f"electromagnetic.{name}[1,1]").magnitude
        sizes = [element_limit(bound, name, 1, 1, mixing=mixing) for bound in BOUNDS]
        assert all(found > 1e6 * size for size in sizes if size is not None)


def test_threshold_ladder_is_the_printed_formula() -> None:
    with style():
        axes = FIGURES["threshold-ladder"].build().axes[0]
    line = next(line for line in axes.lines if str(line.get_label()).startswith("pair 11"))
    mass, gap = (np.asarray(data, dtype=float) for data in line.get_data())
    # omega_11 = E_eg/2 - (2 m_1)^2/(2 E_eg), in meV.
    assert gap[1:] == pytest.approx(1e3 * (2 * mass[1:]) ** 2 / (2 * 2.1434933), rel=1e-6, abs=0)


def test_the_lightest_mass_has_points_on_both_sides_of_each_crossing() -> None:
    masses = _masses_near_crossings(0.05)
    runs = [experiment(lightest_mass=float(mass)) for mass in masses]
    for omega in MEDIATOR_FREQUENCIES:
        open_pairs = [sum(t.omega > omega for t in pair_thresholds(run.E_eg, run.masses)) for run in runs]
        assert open_pairs == sorted(open_pairs, reverse=True)
        changes = np.flatnonzero(np.diff(open_pairs))
        assert changes.size
        # One pair at a time, within 2e-7 eV: a step of a curve is drawn as a step.
        assert set(np.diff(open_pairs)[changes]) == {-1}
        assert np.diff(masses)[changes] == pytest.approx(2e-7, rel=1e-3, abs=0)


def test_bad_names_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="figure: unknown name 'gp22-fig9', known are gp22-fig2"):
        draw("gp22-fig9", tmp_path / "x.png")
    with pytest.raises(ValueError, match="must end in"):
        draw("threshold-ladder", tmp_path / "x.bmp")
    assert list(tmp_path.iterdir()) == []


def test_bounds_have_references_and_order() -> None:
    assert all(re.search(r"arXiv:|\(\d{4}\)|definition", bound.reference) for bound in BOUNDS)
    assert all(bound.what and bound.magnitude > 0 for bound in BOUNDS)
    assert {b.name for b in bounds_on("mu")} >= {"GEMMA", "Borexino", "XENONnT", "LZ", "red giants", "white dwarfs"}
    sizes = [bound.magnitude for bound in bounds_on("mu")]
    assert sizes == sorted(sizes)
    line = next(iter(bounds_on("vector")))
    assert line.magnitude == pytest.approx(
        2 * np.sqrt(2) * constants.value("Fermi coupling constant") * 1e-18, rel=1e-3, abs=0
    )
    with pytest.raises(ValueError, match="quantity: expected one of mu, r2, vector, got 'x'"):
        bounds_on("x")
