"""Plots of what the studies give: counts, chi^2 against a coupling, limits along a parameter, hypotheses compared.

In: an experiment and results. Out: Matplotlib figures; the set-up stands below the axes, so it covers no data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.rates.comparison import Comparison
from renp.rates.experiment import Experiment
from renp.rates.idle import nothing_emitted
from renp.rates.labels import set_up
from renp.rates.spectra import Spectrum
from renp.statistics.couplings import Coupling
from renp.statistics.fit import FitResult
from renp.statistics.limits import Limit, LimitBands
from renp.statistics.poisson import chi2_threshold
from renp.studies.figures.captions import caption, level_in_words, mathtext
from renp.studies.figures.curves import COLOURS, look
from renp.studies.figures.panels import OMEGA_LABEL, WEAK_LABEL, subplots
from renp.studies.figures.plotting import Panel, fit_ticks, mark_thresholds, plot_spectra, say, style
from renp.studies.identification import Identification
from renp.studies.sensitivity import REPLACED, SensitivityCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "plot_comparison",
    "plot_counts",
    "plot_curve",
    "plot_fit",
    "plot_hypotheses",
    "plot_limit",
    "plot_spectrum",
]

FloatArray = NDArray[np.float64]

_ENTRY: Final = 80
"""Characters of a line of a legend."""
_GREY: Final = "#555555"
_LIGHT: Final = "#9ecae1"
_LIGHTER: Final = "#deebf7"
_FAR: Final = 10.0
"""Hypotheses that are this many times beyond the level need a logarithmic scale."""
_VISIBLE: Final = 0.01
"""Curves closer than this fraction are one curve to the eye."""
_MOST_PANELS: Final = 3
"""More sets of thresholds share one panel."""
_WIDE: Final = 3.0
"""A range with a smaller ratio of its ends has too few numbers for a logarithmic scale."""
_LOGARITHMIC: Final = ("mediator_mass", "exposure_days", "events")
_AXES: Final = {
    "mediator_mass": "mediator mass $M$ [eV]",
    "lightest_mass": "lightest neutrino mass [eV]",
    "exposure_days": "exposure at each photon energy [days]",
    "events": "events expected of the weak current",
}


def plot_spectrum(result: Spectrum, labels: Sequence[str] = ()) -> Figure:
    """Draw a spectrum, with new couplings the one of the weak current alone beside it.

    Parameters
    ----------
    result : the spectrum.
    labels : the new couplings in words.

    Example
    -------
    >>> from renp import spectrum
    >>> plot_spectrum(spectrum("Yb", omega=[1.06, 1.07])).axes[0].get_xlabel()
    'photon energy $\\\\omega$ [eV]'
    """
    if result.weak is None:
        return plot_spectra([Panel((("", result),))], result.summary)
    alone = replace(result, I=result.weak, weak=None, couplings={}, notes=())
    return plot_spectra([Panel(((_entry(labels), result), (WEAK_LABEL, alone)))], result.summary, entries=True)


def plot_comparison(found: Comparison, notes: Sequence[str] = ()) -> Figure:
    """Draw compared spectra: those with the same thresholds in one panel, or all in one if there are many thresholds.

    Parameters
    ----------
    found : the spectra.
    notes : lines below the plot: couplings that all have.

    Example
    -------
    >>> from renp import compare
    >>> figure = plot_comparison(compare(["ordering", "nature"], omega=[1.06, 1.07]))
    >>> [axes.get_legend().get_title().get_text() for axes in figure.axes]
    ['normal ordering', 'inverted ordering']
    """
    together: dict[object, list[int]] = {}
    for index, one in enumerate(found.spectra):
        together.setdefault(one.thresholds, []).append(index)
    apart = list(together.values())
    if len(apart) > _MOST_PANELS and _one_range(found):
        apart = [list(range(len(found.spectra)))]
    panels = [_panel(found, members) for members in apart]
    return plot_spectra(panels, found.common, found.details, *notes, entries=len(panels) == 1)


def _one_range(found: Comparison) -> bool:
    return bool(max(one.omega[0] for one in found.spectra) < min(one.omega[-1] for one in found.spectra))


def _panel(found: Comparison, members: Sequence[int]) -> Panel:
    """Return a panel of some spectra: what they share is its heading, what tells them apart their names."""
    rows = [found.words[index] for index in members]
    shared = [len(set(column)) == 1 and len(found.spectra) > 1 for column in zip(*rows, strict=True)]
    heading = ", ".join(word for word, same in zip(rows[0], shared, strict=True) if same)
    names = [", ".join(word for word, same in zip(row, shared, strict=True) if not same) for row in rows]
    return Panel(tuple(zip(names, (found.spectra[index] for index in members), strict=True)), heading)


def plot_counts(run: Experiment, counts: FloatArray, labels: Sequence[str] = ()) -> Figure:
    """Draw expected counts with Poisson errors against the photon energy; with new couplings the weak counts and the excess too.

    Parameters
    ----------
    run : the experiment.
    counts : expected events, shape (k,).
    labels : the new couplings in words; none if there are none.

    Example
    -------
    >>> from renp import experiment
    >>> run = experiment()
    >>> len(plot_counts(run, run.counts()).axes)
    1
    """
    omega, weak = np.array(run.frequencies), run.counts()
    with style():
        figure, rows = subplots(2 if labels else 1, height=5.6 if labels else 4.0)
        upper = rows[0]
        if labels:
            _points(upper, omega, weak, None, WEAK_LABEL, 1)
            _points(rows[1], omega, counts - weak, np.sqrt(counts), "", 0)
            rows[1].axhline(0, color=_GREY, linewidth=0.8)
            rows[1].set_ylabel("excess over weak current")
            rows[1].sharex(upper)
            upper.tick_params(labelbottom=False)
        _points(upper, omega, counts, np.sqrt(counts), _entry(labels) or WEAK_LABEL, 0)
        upper.set_ylim(bottom=0)
        upper.set_ylabel("expected events")
        rows[-1].set_xlabel(OMEGA_LABEL)
        _frame(upper, run)
        if not counts.any() and not weak.any():
            for axes in rows:
                axes.set_ylim(0, 1)
                say(axes, f"no events: {nothing_emitted(run, omega) or 'no pair is emitted at these photon energies'}")
        caption(figure, set_up(run, without=["frequencies"]), entries=True)
    return figure


_SMOOTH: Final = 600
"""Points of a curve with kinks."""
_MEASURED: Final = {"counts": "counts", "rate": "rate [1/s]", "spectral_function": "spectral function $I$"}


def plot_fit(found: FitResult) -> Figure:
    """Draw what was measured with its errors and the best fit, and the distances between the two in standard deviations.

    Example
    -------
    >>> from renp import experiment, fit
    >>> len(plot_fit(fit(experiment(), "amplitude")).axes)
    2
    """
    omega, data = found.data.omega, found.data
    smooth = np.linspace(omega.min(), omega.max(), _SMOOTH)
    errors = np.sqrt(data.values) if data.errors is None else data.errors
    with style():
        figure, (upper, lower) = subplots(2, height=5.6)
        _points(upper, omega, data.values, errors, data.source, 1)
        upper.plot(smooth, found.curve(smooth), color=COLOURS[0], label="best fit")
        lower.axhline(0, color=_GREY, linewidth=0.8)
        _points(lower, omega, found.pulls, np.ones_like(omega), "", 1)
        upper.set_ylabel(_MEASURED[data.quantity])
        lower.set_ylabel(r"pull [$\sigma$]")
        lower.set_xlabel(OMEGA_LABEL)
        lower.sharex(upper)
        upper.tick_params(labelbottom=False)
        _frame(upper, found.run)
        caption(
            figure, set_up(found.run, without=["frequencies"]), "; ".join(found.fitted), found.quality, entries=True
        )
    return figure


def plot_limit(
    run: Experiment, limit: Limit, bands: LimitBands | None = None, notes: Sequence[str] = (), factor: str = ""
) -> Figure:
    """Draw ``chi^2`` against the coupling with the line of the level, and the limits of simulated experiments.

    Parameters
    ----------
    run : the experiment.
    limit : a limit that is bounded.
    bands : of simulated experiments.
    notes : lines for the legend.
    factor : the electron coupling that was taken as 1, so that the limit is one on the product with it.

    Raises
    ------
    ValueError : the coupling is not bounded.

    Example
    -------
    >>> from renp import experiment, sensitivity
    >>> plot_limit(experiment(), sensitivity("tensor.t[1,1]")).axes[0].get_xlabel()
    'tensor.t[1,1]'
    """
    scan = limit.scan()
    with style():
        figure, (axes,) = subplots(height=4.4)
        if bands is not None:
            # What is open ends beyond the frame.
            far = 2 * float(np.abs(scan.values).max())
            _both_sides(axes, bands.two_sigma, far, _LIGHTER, "95% of simulated limits")
            _both_sides(axes, bands.one_sigma, far, _LIGHT, "68% of simulated limits")
            for sign in (1, -1):
                label = f"median of {bands.toys} simulated limits" if sign > 0 else None
                axes.axvline(sign * bands.median, color=_GREY, linestyle=(0, (1.5, 1.5)), linewidth=1.2, label=label)
        axes.plot(scan.values, scan.chi2, label=r"$\chi^2$ of the expected counts", **look(0))
        axes.axhline(
            limit.threshold, label=rf"{level_in_words(limit.level)}: $\chi^2 = {limit.threshold:.4g}$", **look(1)
        )
        axes.set_xlim(scan.values[0], scan.values[-1])
        axes.set_ylim(0, 2.5 * limit.threshold)
        axes.set_xlabel(_product(limit.coupling, factor))
        axes.set_ylabel(r"$\chi^2$")
        caption(figure, set_up(run), *notes, entries=True)
    return figure


def plot_curve(
    run: Experiment,
    curve: SensitivityCurve,
    bands: Sequence[LimitBands] = (),
    notes: Sequence[str] = (),
    factor: str = "",
) -> Figure:
    """Draw limits along a parameter, with the bands of simulated experiments.

    Parameters
    ----------
    run : the experiment at one value of the parameter.
    curve : the limits.
    bands : one for each of them, or none.
    notes : lines for the legend.
    factor : the electron coupling that was taken as 1, so that the limit is one on the product with it.

    Raises
    ------
    ValueError : no limit of the curve is bounded.

    Example
    -------
    >>> from renp import experiment, sensitivity_curve
    >>> curve = sensitivity_curve("tensor.t[1,1]", "exposure_days", [10, 100])
    >>> plot_curve(experiment(), curve).axes[0].get_yscale()
    'log'
    """
    first, x, size = curve.limits[0], curve.values, curve.magnitude
    bounded = np.isfinite(size)
    if not bounded.any():
        raise ValueError(f"{first.coupling} is not bounded anywhere: {first.reason}")
    with style():
        figure, (axes,) = subplots(height=4.4)
        axes.plot(x, np.where(bounded, size, np.nan), label="both signs excluded above", **look(0))
        alone = _without_neighbours(bounded)
        axes.plot(x[alone], size[alone], "o", markersize=5, color=COLOURS[0])
        if bands:
            for name, colour, share in (("two_sigma", _LIGHTER, "95%"), ("one_sigma", _LIGHT, "68%")):
                low, high = np.array([getattr(band, name) for band in bands]).T
                # An open band ends far beyond the frame.
                far = 1e9 * float(size[bounded].max())
                axes.fill_between(
                    x, np.minimum(low, far), np.minimum(high, far), color=colour, label=f"{share} of simulated limits"
                )
            median = np.array([band.median for band in bands])
            label = f"median of {bands[0].toys} simulated limits"
            axes.plot(x, median, color=_GREY, linestyle=(0, (1.5, 1.5)), label=label)
        shown: list[Any] = [size[bounded], *(band.two_sigma for band in bands)]
        for index, (sign, ends) in enumerate((("positive", curve.positive), ("negative", -curve.negative)), 1):
            seen = np.isfinite(ends) & bounded
            if np.any(seen & ~_without_neighbours(seen)) and np.any(
                np.abs(ends[seen] - size[seen]) > _VISIBLE * size[seen]
            ):
                axes.plot(x, np.where(seen, ends, np.nan), label=f"interval around zero, {sign} end", **look(index))
                shown.append(ends[seen])
        if curve.parameter in _LOGARITHMIC and x.max() > _WIDE * x.min():
            axes.set_xscale("log")
        axes.set_yscale("log")
        if len(x) > 1:
            axes.set_xlim(x.min(), x.max())
        if axes.get_xscale() == "linear":
            fit_ticks(axes)
        finite = np.concatenate([np.asarray(numbers)[np.isfinite(numbers)] for numbers in shown])
        axes.set_ylim(finite.min() / 2, finite.max() * 2)
        axes.set_xlabel(_AXES[curve.parameter])
        axes.set_ylabel(f"size of {_product(first.coupling, factor)}")
        caption(
            figure, set_up(run, without=REPLACED[curve.parameter]), f"{level_in_words(first.level)} limits", *notes,
            *_gaps(curve), entries=True,
        )  # fmt: skip
    return figure


def plot_hypotheses(
    run: Experiment,
    found: Identification,
    best: FloatArray,
    level: float,
    observed: str = "observed",
    notes: Sequence[str] = (),
) -> Figure:
    """Draw the counts beside the best hypothesis, and how far each other one is from it.

    Parameters
    ----------
    run : the experiment.
    found : all hypotheses.
    best : expected events of the best one, shape (k,).
    level : hypotheses beyond the ``chi^2`` of this confidence level count as excluded.
    observed : what the counts are, in words.
    notes : lines for the legend.

    Example
    -------
    >>> from renp import experiment, identify
    >>> run = experiment()
    >>> found = identify(run, run.counts() + 5, hypotheses=["electromagnetic.mu[1,1]", "electromagnetic.eps[1,1]"])
    >>> len(plot_hypotheses(run, found, run.counts(), 0.9).axes)
    2
    """
    weak, threshold = run.counts(), chi2_threshold(level)
    names = [str(h.coupling) for h in found.hypotheses]
    places = np.arange(len(names))
    with style():
        figure, (upper, lower) = subplots(2, height=4.8 + 0.16 * len(names))
        heights = (3.2, max(1.2, 0.16 * len(names)))
        upper.get_subplotspec().get_gridspec().set_height_ratios(heights)  # type: ignore[union-attr]
        _points(upper, found.frequencies, found.observed - weak, np.sqrt(found.observed), mathtext(observed), 6)
        _points(upper, found.frequencies, best - weak, None, f"best: {names[0]}", 0)
        upper.axhline(0, color=_GREY, linewidth=0.8)
        upper.set_ylabel("events above weak current")
        upper.set_xlabel(OMEGA_LABEL)
        _frame(upper, run)
        excess = np.array([h.excess for h in found.hypotheses])
        colours = [COLOURS[0] if value <= threshold else COLOURS[1] for value in excess]
        lower.barh(places, excess, height=0.6, color=colours)
        if not excess.any():
            lower.text(
                0.5, 0.5, "all hypotheses fit equally well", transform=lower.transAxes, ha="center", fontsize=9
            )  # fmt: skip
        lower.axvline(
            threshold,
            color="black",
            linewidth=1,
            linestyle=(0, (6, 2)),
            label=f"excluded at {level_in_words(level)} beyond",
        )
        lower.set_yticks(places, names, fontsize=7)
        lower.tick_params(axis="y", length=0)
        lower.yaxis.set_tick_params(which="minor", left=False, right=False)
        lower.set_ylim(len(names) - 0.4, -0.6)
        if excess.max() > _FAR * threshold:
            # Logarithms have no zero, where the best hypothesis stands.
            lower.set_xscale("symlog", linthresh=threshold)
        lower.set_xlim(0, 1.5 * max(float(excess.max()), 2 * threshold))
        lower.set_xlabel(r"$\chi^2$ above that of the best hypothesis")
        caption(figure, set_up(run, without=["frequencies"]), *notes, entries=True)
    return figure


def _points(
    axes: Axes, omega: FloatArray, values: FloatArray, errors: FloatArray | None, label: str, colour: int
) -> None:
    hollow: dict[str, Any] = {} if errors is not None else {"markerfacecolor": "none"}
    marker = "o" if errors is not None else "s"
    axes.errorbar(
        omega, values, yerr=errors, fmt=marker, markersize=5 if errors is not None else 8, capsize=2.5, linewidth=1.2,
        color=COLOURS[colour], label=label or None, clip_on=False, **hollow,
    )  # fmt: skip


def _frame(axes: Axes, run: Experiment) -> None:
    low, high = min(run.frequencies), max(run.frequencies)
    margin = 0.06 * (high - low) or 0.001
    axes.set_xlim(low - margin, high + margin)
    fit_ticks(axes)
    mark_thresholds(axes, run.thresholds)


def _both_sides(axes: Axes, ends: tuple[float, float], far: float, colour: str, label: str) -> None:
    low, high = (min(end, far) for end in ends)
    for sign in (1, -1):
        axes.axvspan(sign * low, sign * high, color=colour, zorder=0, label=label if sign > 0 else None)


def _without_neighbours(bounded: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which points of a curve stand alone, where a line shows nothing."""
    sides: NDArray[np.bool_] = np.concatenate([[False], bounded, [False]])
    return bounded & ~sides[:-2] & ~sides[2:]


def _gaps(curve: SensitivityCurve) -> list[str]:
    """Return where a curve has no limit and why, in a line if there is such a place."""
    missing = [index for index, limit in enumerate(curve.limits) if not np.isfinite(limit.magnitude)]
    if not missing:
        return []
    first = curve.limits[missing[0]]
    return [
        f"no limit at {len(missing)} of {len(curve.limits)} points, first at {curve.values[missing[0]]:.4g}: "
        f"{first.reason or 'no value is allowed'}"
    ]


def _product(coupling: Coupling, factor: str) -> str:
    """Return what a limit is on: a coupling, or its product with the electron's, with the unit."""
    name = str(coupling).removeprefix(f"{coupling.group}.")
    return f"{coupling.group}.{f'{factor} × ' if factor else ''}{name}{_unit(coupling)}"


def _unit(coupling: Coupling) -> str:
    return "" if coupling.unit == "1" else f" [{mathtext(coupling.unit)}]"


def _entry(labels: Sequence[str]) -> str:
    return "\n".join(mathtext(fill(label, _ENTRY)) for label in labels)
