"""Plots of what the studies give: counts, chi^2 against a coupling, limits along a parameter, hypotheses compared.

In: an experiment and results. Out: Matplotlib figures; the set-up stands below the axes, so it covers no data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.rates.experiment import Experiment
from renp.rates.spectra import Spectrum
from renp.statistics.couplings import Coupling
from renp.statistics.fit import FitResult
from renp.statistics.limits import Limit, LimitBands
from renp.statistics.poisson import chi2_threshold
from renp.studies.figures.panels import OMEGA_LABEL, WEAK_LABEL, look, subplots
from renp.studies.figures.plotting import COLOURS, Panel, mark_thresholds, plot_spectra, style
from renp.studies.identification import Identification
from renp.studies.sensitivity import SensitivityCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "mathtext",
    "plot_counts",
    "plot_curve",
    "plot_fit",
    "plot_hypotheses",
    "plot_limit",
    "plot_spectrum",
    "set_up",
]

FloatArray = NDArray[np.float64]

_WIDTH: Final = 92
"""Characters of a line below a figure."""
_TITLE: Final = 75
"""Characters of a line above one."""
_GREY: Final = "#555555"
_LIGHT: Final = "#9ecae1"
_LIGHTER: Final = "#deebf7"
_FAR: Final = 10.0
"""Hypotheses that are this many times beyond the level need a logarithmic scale."""
_VISIBLE: Final = 0.01
"""Curves closer than this fraction are one curve to the eye."""
_LOGARITHMIC: Final = ("mediator_mass", "exposure_days", "events")
_AXES: Final = {
    "mediator_mass": "mediator mass $M$ [eV]",
    "lightest_mass": "lightest neutrino mass [eV]",
    "exposure_days": "exposure at each photon energy [days]",
    "events": "events expected of the weak current",
}


def mathtext(text: str) -> str:
    r"""Return a line with its units as they are printed.

    Example
    -------
    >>> print(mathtext("mu[1,1] = 1e-11 mu_B, r2[1,1] = 1e-31 cm^2"))
    mu[1,1] = 1e-11 $\mu_B$, r2[1,1] = 1e-31 cm$^{2}$
    """
    return re.sub(r"\^(-?\d+)", r"$^{\1}$", re.sub(r"\bmu_B\b", r"$\\mu_B$", text))


def set_up(run: Experiment, *more: str, without: Sequence[str] = ()) -> str:
    """Return what was chosen, wrapped for a legend, without the settings that the figure runs over.

    Example
    -------
    >>> from renp import experiment
    >>> print(set_up(experiment(frequencies=[1.07]), "90% C.L. limits", without=["oscillation", "chain", "reference_rate"]))
    Yb, Dirac neutrinos, normal ordering, lightest 0.01 eV, papers' set-up, 40 days at each
    photon energy, photon energies 1.07 eV
    90% C.L. limits
    """
    parts = [text for name, text in run.parts.items() if text and name not in without]
    return "\n".join(mathtext(fill(text, _WIDTH)) for text in (", ".join(parts), *more))


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
        return plot_spectra([Panel((("", result),))], title=fill(result.summary, _TITLE))
    alone = replace(result, I=result.weak, weak=None, couplings={}, notes=())
    with style():
        figure = plot_spectra([Panel((("", result), ("", alone)))])
        figure.set_figheight(figure.get_figheight() + 0.9)
        text = "\n".join(mathtext(fill(label, _WIDTH - 12)) for label in labels)
        for line, name in zip(figure.axes[0].lines, (text, WEAK_LABEL), strict=False):
            line.set_label(name)
        _legend(figure, fill(result.summary, _WIDTH))
    return figure


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
        figure, rows = subplots(2 if labels else 1, height=6.4 if labels else 4.8)
        upper = rows[0]
        if labels:
            _points(upper, omega, weak, None, WEAK_LABEL, 1)
            _points(rows[1], omega, counts - weak, np.sqrt(counts), "", 0)
            rows[1].axhline(0, color=_GREY, linewidth=0.8)
            rows[1].set_ylabel("excess over weak current")
            rows[1].sharex(upper)
            upper.tick_params(labelbottom=False)
        _points(upper, omega, counts, np.sqrt(counts), "\n".join(map(mathtext, labels)) or WEAK_LABEL, 0)
        upper.set_ylim(bottom=0)
        upper.set_ylabel("expected events")
        rows[-1].set_xlabel(OMEGA_LABEL)
        _frame(upper, run)
        _legend(figure, set_up(run, without=["frequencies"]))
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
        figure, (upper, lower) = subplots(2, height=6.4)
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
        fitted = [
            f"{name} = {value} ± {error} {unit if unit != '1' else ''}".strip()
            for name, unit, value, error, _ in found.rows
        ]
        _legend(
            figure, set_up(found.run, mathtext(fill("; ".join(fitted), _WIDTH)), found.quality, without=["frequencies"])
        )
    return figure


def plot_limit(run: Experiment, limit: Limit, bands: LimitBands | None = None, notes: Sequence[str] = ()) -> Figure:
    """Draw ``chi^2`` against the coupling with the line of the level, and the limits of simulated experiments.

    Parameters
    ----------
    run : the experiment.
    limit : a limit that is bounded.
    bands : of simulated experiments.
    notes : lines for the legend.

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
        figure, (axes,) = subplots(height=5.2)
        if bands is not None:
            # What is open ends beyond the frame.
            far = 2 * float(np.abs(scan.values).max())
            _both_sides(axes, bands.two_sigma, far, _LIGHTER, "95% of simulated limits")
            _both_sides(axes, bands.one_sigma, far, _LIGHT, "68% of simulated limits")
            for sign in (1, -1):
                label = f"median of {bands.toys} simulated limits" if sign > 0 else None
                axes.axvline(sign * bands.median, color=_GREY, linestyle=(0, (1.5, 1.5)), linewidth=1.2, label=label)
        axes.plot(scan.values, scan.chi2, label=r"$\chi^2$ of the expected counts", **look(0))
        axes.axhline(limit.threshold, label=rf"{_level(limit)}: $\chi^2 = {limit.threshold:.4g}$", **look(1))
        axes.set_xlim(scan.values[0], scan.values[-1])
        axes.set_ylim(0, 2.5 * limit.threshold)
        axes.set_xlabel(f"{limit.coupling}{_unit(limit.coupling)}")
        axes.set_ylabel(r"$\chi^2$")
        _legend(figure, set_up(run, *notes))
    return figure


def plot_curve(
    run: Experiment, curve: SensitivityCurve, bands: Sequence[LimitBands] = (), notes: Sequence[str] = ()
) -> Figure:
    """Draw limits along a parameter, with the bands of simulated experiments.

    Parameters
    ----------
    run : the experiment at one value of the parameter.
    curve : the limits.
    bands : one for each of them, or none.
    notes : lines for the legend.

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
        figure, (axes,) = subplots(height=5.2)
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
        axes.plot(x, np.where(bounded, size, np.nan), label="both signs excluded above", **look(0))
        shown: list[Any] = [size[bounded], *(band.two_sigma for band in bands)]
        for index, (sign, ends) in enumerate((("positive", curve.positive), ("negative", -curve.negative)), 1):
            seen = np.isfinite(ends) & bounded
            if np.any(np.abs(ends[seen] - size[seen]) > _VISIBLE * size[seen]):
                axes.plot(x, np.where(seen, ends, np.nan), label=f"interval around zero, {sign} end", **look(index))
                shown.append(ends[seen])
        if curve.parameter in _LOGARITHMIC:
            axes.set_xscale("log")
        axes.set_yscale("log")
        if len(x) > 1:
            axes.set_xlim(x.min(), x.max())
        finite = np.concatenate([np.asarray(numbers)[np.isfinite(numbers)] for numbers in shown])
        axes.set_ylim(finite.min() / 2, finite.max() * 2)
        axes.set_xlabel(_AXES[curve.parameter])
        axes.set_ylabel(f"size of {first.coupling}{_unit(first.coupling)}")
        _legend(figure, set_up(run, f"{_level(first)} limits", *notes, without=_decided_by(curve.parameter)))
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
        figure, (upper, lower) = subplots(2, height=5.6 + 0.16 * len(names))
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
        lower.axvline(
            threshold, color="black", linewidth=1, linestyle=(0, (6, 2)), label=f"excluded at {_percent(level)} beyond"
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
        _legend(figure, set_up(run, *notes, without=["frequencies"]))
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
    mark_thresholds(axes, run.thresholds)


def _both_sides(axes: Axes, ends: tuple[float, float], far: float, colour: str, label: str) -> None:
    low, high = (min(end, far) for end in ends)
    for sign in (1, -1):
        axes.axvspan(sign * low, sign * high, color=colour, zorder=0, label=label if sign > 0 else None)


def _legend(figure: Figure, title: str) -> None:
    entries: dict[str, Any] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    figure.legend(
        list(entries.values()), list(entries), loc="outside lower left", title=title, alignment="left", fontsize=8,
        title_fontsize=8, ncols=2 if max(map(len, entries), default=0) < 45 else 1,
    )  # fmt: skip


def _decided_by(parameter: str) -> tuple[str, ...]:
    return ("exposure_days", "reference_rate") if parameter == "events" else (parameter,)


def _unit(coupling: Coupling) -> str:
    return "" if coupling.unit == "1" else f" [{mathtext(coupling.unit)}]"


def _level(limit: Limit) -> str:
    return _percent(limit.level)


def _percent(level: float) -> str:
    return f"{100 * level:.10g}% C.L."
