"""Spectra and sensitivities with the electromagnetic form factors of the neutrino: the figures of GP23a and GP23b.

In: the name of a set-up. Out: a :class:`renp.studies.figures.study_figure.StudyFigure` each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.figure import Figure

from renp.inputs.benchmarks import ELEMENT_FREQUENCIES, GP23B_FREQUENCIES, TYPE_FREQUENCIES
from renp.inputs.bounds import bounds_on
from renp.rates.experiment import Experiment, experiment
from renp.rates.labels import set_up
from renp.statistics.couplings import Coupling
from renp.statistics.limits import allowed_intervals
from renp.statistics.poisson import chi2_threshold, poisson_chi2
from renp.statistics.rate_polynomial import rate_polynomial
from renp.studies.figures.captions import MEASURED, caption, level_in_words, shared_entries
from renp.studies.figures.curves import COLOURS, each, legend, look
from renp.studies.figures.panels import (
    LEGEND_BOX,
    PAIRS,
    WEAK_LABEL,
    energies,
    exact_tensor,
    frame_spectrum,
    subplots,
)
from renp.studies.figures.study_figure import study_figure
from renp.studies.sensitivity import sensitivity_curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SYMBOLS: Final = {"mu": r"\mu", "eps": r"\epsilon", "r2": r"\langle r^2\rangle", "anapole": "a"}
SIZES: Final = {"mu": 3e-11, "eps": 3e-11, "r2": 2e-25, "anapole": 3e-26}
"""Sizes at which each form factor visibly changes the weak spectrum [mu_B, mu_B, cm^2, cm^2]."""
_REACH: Final = {"papers": 1.0, "derived": 0.2}
"""Sizes over :data:`SIZES` that 1000 weak events tell from nothing."""
_FREE_CORNER: Final[Mapping[str, Any]] = {"papers": "lower left", "derived": "upper right"}
"""Where the spectrum leaves room for a legend."""
_LEVEL: Final = 0.90
UNIT_SYMBOLS: Final = {"mu_B": r"\mu_B", "cm^2": r"\mathrm{cm}^2"}
"""Units of form factors as mathematical text."""


def _form_factor(name: str, i: int, j: int) -> Coupling:
    return Coupling.parse(f"electromagnetic.{name}[{i},{j}]")


def _form_factor_panel(axes: Axes, name: str, *, low: float = 1.063, **options: Any) -> Experiment:
    run = experiment(**options)
    omega = energies(low)
    axes.plot(omega, run.spectrum(omega), color="black", label=WEAK_LABEL)
    for index, (i, j) in enumerate(each(PAIRS)):
        group: dict[str, Any] = {"electromagnetic": {name: _form_factor(name, i, j).matrix(SIZES[name], 3)}}
        axes.plot(omega, run.spectrum(omega, **group), label=f"{i}{j}", linewidth=1.3, **look(index))
    frame_spectrum(axes, omega)
    unit = UNIT_SYMBOLS[_form_factor(name, 1, 1).unit]
    title = rf"$|{SYMBOLS[name]}_{{ij}}| = {_power(SIZES[name])}\,{unit}$"
    axes.set_ylim(0, 1.35 * axes.get_ylim()[1])
    legend(axes, fontsize=8, ncols=3, loc="upper right", title=title, title_fontsize=9, **LEGEND_BOX)
    return run


def _power(value: float) -> str:
    mantissa, exponent = f"{value:.0e}".split("e")
    return rf"{mantissa}\cdot10^{{{int(exponent)}}}"


@study_figure(
    "gp23a-fig1",
    "GP23a spectra",
    "magnetic and electric moment, one element at a time, beside the weak spectrum",
    "Kinks at the six thresholds, the magnetic curves above the electric ones by the sign of m_i m_j, each "
    "element beginning at its own threshold, as the paper says.",
    derived="The same moments stand out by factors instead of per cent: the weak background loses its part along q, "
    "while the moments, across it, keep theirs up to the factor 4 of the full magnetic operator.",
)
def gp23a_fig1(setup: str) -> Figure:
    """Draw the spectra with magnetic and electric moments (GP23a Fig. 1 and 2)."""
    figure, panels = subplots(1, 2, width=10.5, height=4.6)
    for axes, name in zip(panels, ("mu", "eps"), strict=True):
        run = _form_factor_panel(axes, name, setup=setup)
    caption(figure, set_up(run, without=MEASURED))
    return figure


@study_figure(
    "gp23b-fig1",
    "GP23b Fig. 1",
    "the four form factors, one element at a time, beside the weak spectrum",
    "As in the paper: the moments stand out near the thresholds, where s is small, charge radius and anapole "
    "at low photon energy. The charge radius has the factor 1/6 of its definition here, so equal signals need "
    "six times the anapole.",
    derived="Moments, charge radius and anapole are all across q and keep their shape; beside a weak spectrum that vanishes "
    "like s they stand out by factors. All form factors carry L + 2S, a factor 4 less in their squares.",
)
def gp23b_fig1(setup: str) -> Figure:
    """Draw the spectra with each of the four form factors (GP23b Fig. 1)."""
    figure, panels = subplots(2, 2, width=10.5, height=8.6)
    for axes, name in zip(panels, SYMBOLS, strict=True):
        run = _form_factor_panel(axes, name, setup=setup)
    caption(figure, set_up(run, without=MEASURED))
    return figure


@study_figure(
    "gp23b-fig1-exact",
    "GP23b Fig. 1, exact chain",
    "the same with the coherent sum over magnetic numbers",
    "Not in the paper. The coherent chain suppresses the weak background and keeps the moments, so the same "
    "moments stand out by factors instead of per cent.",
)
def gp23b_fig1_exact() -> Figure:
    """Draw the four form factors with the exact chain of angular momenta."""
    figure, panels = subplots(2, 2, width=10.5, height=8.6)
    for axes, name in zip(panels, SYMBOLS, strict=True):
        run = _form_factor_panel(axes, name, atomic_tensor=exact_tensor())
    caption(
        figure, f"{set_up(run, without=[*MEASURED, 'atomic_tensor', 'setup'])}, exact chain 0-1-0 with linear light"
    )
    return figure


@study_figure(
    "gp23b-fig2",
    "GP23b Fig. 2",
    "the nine scan points on the spectrum with their statistical errors",
    "Six points between thresholds and three below all of them, as in the paper; our lowest one is read from "
    "the printed total of events.",
    derived="For the error bars of the paper each photon energy would have to be measured for 281 years instead of 40 days. "
    "The moment is then seen with ease; at the two highest points hardly any weak photon is left.",
)
def gp23b_fig2(setup: str) -> Figure:
    """Draw the scan points on the weak spectrum and on one with a form factor (GP23b Fig. 2)."""
    figure, (axes,) = subplots(height=4.8)
    run = experiment(setup=setup)
    papers = float(np.sum(experiment().counts()))
    days = run.exposure_days * papers / float(np.sum(run.counts()))
    run = replace(run, exposure_days=days)
    omega = energies(1.0665)
    signal: dict[str, Any] = {"electromagnetic": {"mu": _form_factor("mu", 1, 1).matrix(SIZES["mu"], 3)}}
    axes.plot(omega, run.spectrum(omega), color="black", label=WEAK_LABEL)
    axes.plot(omega, run.spectrum(omega, **signal), label=rf"$\mu_{{11}} = {_power(SIZES['mu'])}\,\mu_B$", **look(1))
    for points, marker, label in (
        (ELEMENT_FREQUENCIES, "o", "scan between thresholds: which element"),
        (TYPE_FREQUENCIES, "s", "scan below all thresholds: which type"),
    ):
        values = run.spectrum(points)
        counts = replace(run, frequencies=points).counts()
        errors = values / np.sqrt(counts)
        colour = COLOURS[0 if marker == "o" else 2]
        axes.errorbar(points, values, yerr=errors, fmt=marker, markersize=5, capsize=3, label=label, color=colour)
    frame_spectrum(axes, omega)
    axes.set_ylim(0, 1.2 * axes.get_ylim()[1])
    legend(
        axes,
        loc=_FREE_CORNER[setup],
        fontsize=9,
        title=f"error bars: {papers:.0f} weak events in all",
        title_fontsize=9,
        **LEGEND_BOX,
    )
    caption(figure, set_up(run, without=["frequencies"]))
    return figure


def _mark_bounds(axes: Axes, quantity: str) -> None:
    """Draw published bounds as dotted lines named at the right edge; those off the scale are listed below the frame."""
    low, high = axes.get_ylim()
    last = 0.0
    below = []
    for bound in bounds_on(quantity):
        if not low <= bound.magnitude <= high:
            if bound.magnitude < low:
                below.append(rf"{bound.name} ${_power(bound.magnitude)}\,{UNIT_SYMBOLS[bound.unit]}$")
            continue
        axes.axhline(bound.magnitude, color="#666666", linewidth=0.8, linestyle=(0, (1, 1)))
        last = max(bound.magnitude, 1.21 * last)
        axes.text(1.01, last, bound.name, fontsize=7, va="center", ha="left", transform=axes.get_yaxis_transform())
    if below:
        text = "far below, on combinations of elements:\n" + ", ".join(below)
        axes.text(0.5, 0.97, text, fontsize=8, va="top", ha="center", transform=axes.transAxes)


def _limits_against_events(panels: Sequence[Axes], setup: str) -> Experiment:
    events = np.geomspace(30, 1e4, 26)
    for axes, name in zip(panels, SYMBOLS, strict=True):
        for index, (i, j) in enumerate(each(PAIRS)):
            target = _form_factor(name, i, j)
            curve = sensitivity_curve(target, "events", events, level=_LEVEL, setup=setup)
            axes.plot(events, curve.magnitude, label=f"element {i}{j}", linewidth=1.4, **look(index))
        _frame_limits(axes, name)
        axes.set_xlim(30, 1e4)
        axes.set_xlabel("weak events at the nine photon energies together")
    return curve.run


def _frame_limits(axes: Axes, name: str) -> None:
    moment = name in ("mu", "eps")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(*((5e-13, 1e-9) if moment else (1e-27, 1e-24)))
    unit = UNIT_SYMBOLS[_form_factor(name, 1, 1).unit]
    axes.set_ylabel(rf"$|{SYMBOLS[name]}_{{ij}}|$ [${unit}$] excluded above, 90% C.L.")
    _mark_bounds(axes, "mu" if moment else "r2")


@study_figure(
    "gp23b-fig3",
    "GP23b Fig. 3",
    "90% C.L. on each element against the number of events, with published bounds",
    "For element 12 the electric moment needs about twice the events of the magnetic one, as the paper says; for "
    "11 and 33 it needs more. We need more events to pass the direct-detection bounds than the paper says: 1000 "
    "events reach 1.6e-11 mu_B for the magnetic element 11.",
    derived="At equal numbers of weak events the limits are better by a factor of 4 to 8 for moments and 4 for the others, since "
    "the background is what falls. But 1000 weak events take 356 years at each energy instead of 51 days; at equal "
    "exposure the limits are about 3 times weaker.",
)
def gp23b_fig3(setup: str) -> Figure:
    """Draw the sensitivity to each element against the number of events (GP23b Fig. 3)."""
    figure, panels = subplots(2, 2, width=11.5, height=8.6)
    run = _limits_against_events(panels, setup)
    caption(
        figure,
        set_up(run, without=["exposure_days", "reference_rate", "target"]),
        f"{level_in_words(_LEVEL)} limits",
        entries=shared_entries(panels),
    )
    return figure


@study_figure(
    "gp23b-fig3-exact",
    "GP23b Fig. 3, averaged and exact chain",
    "what the exact chain changes in the reach",
    "Not in the paper. At equal exposure the exact chain improves the reach, most for the moments, since the "
    "weak background falls more than the signal.",
)
def gp23b_fig3_exact() -> Figure:
    """Draw the sensitivity with averaged magnetic numbers beside that of the exact chain."""
    figure, panels = subplots(2, 2, width=11.5, height=8.6)
    days = np.geomspace(1, 1000, 26)
    chains: tuple[tuple[str, dict[str, Any]], ...] = (
        ("averaged", {}),
        ("exact chain", {"atomic_tensor": exact_tensor()}),
    )
    for axes, name in zip(panels, SYMBOLS, strict=True):
        index = 0
        for label, options in chains:
            for i, j in each(((1, 1), (3, 3))):
                target = _form_factor(name, i, j)
                curve = sensitivity_curve(target, "exposure_days", days, level=_LEVEL, **options)
                axes.plot(days, curve.magnitude, label=f"element {i}{j}, {label}", linewidth=1.4, **look(index))
                index += 1
        _frame_limits(axes, name)
        axes.set_xlim(1, 1000)
        axes.set_xlabel("exposure at each of the nine photon energies [day]")
    caption(
        figure,
        set_up(curve.run, without=["exposure_days", "chain", "atomic_tensor", "setup"]),
        f"{level_in_words(_LEVEL)} limits",
        entries=shared_entries(panels),
    )
    return figure


@study_figure(
    "gp23b-fig4",
    "GP23b Fig. 4",
    "chi^2 of each form factor for a true magnetic moment, and upper and lower limits",
    "Two mirrored minima for each type; charge radius and anapole are excluded more strongly than the "
    "electric moment; only the true type has a lower limit once the moment is large. All three as in the "
    "paper.",
    derived="Drawn at a fifth of the sizes of the paper's figure, for 1000 weak events again. The picture is the same: two "
    "minima, the other types excluded, a lower limit for the true type alone.",
)
def gp23b_fig4(setup: str) -> Figure:
    """Draw how a magnetic moment is told from the other form factors (GP23b Fig. 4)."""
    figure, (left, right) = subplots(1, 2, width=10.5, height=4.8)
    sizes = {name: _REACH[setup] * size for name, size in SIZES.items()}
    run = experiment(setup=setup, frequencies=GP23B_FREQUENCIES)
    weak = float(np.sum(run.counts()))
    run = replace(run, exposure_days=run.exposure_days * 1000 / weak)
    forms = {name: rate_polynomial(run, [_form_factor(name, 1, 1)]) for name in SYMBOLS}
    truth = forms["mu"].counts([sizes["mu"]])
    x = np.linspace(-2, 2, 401)
    for index, (name, form) in enumerate(each(forms.items())):
        chi2 = poisson_chi2(form.counts((x * sizes[name])[:, None]), truth)
        left.plot(x, chi2, label=rf"${SYMBOLS[name]}_{{11}}$", **look(index))
    # The coupling of zero is a saddle at the same height for every type; above it there is room for the legend.
    left.set_ylim(0, 2.4 * float(poisson_chi2(forms["mu"].counts([0.0]), truth)))
    left.set_xlim(-2, 2)
    left.axhline(chi2_threshold(_LEVEL), color="#666666", linewidth=0.8)
    left.text(-1.95, chi2_threshold(_LEVEL) + 0.01 * left.get_ylim()[1], "90% C.L.", fontsize=8)
    left.set_xlabel("test value / scale")
    left.set_ylabel(rf"$\chi^2$ for true $\mu_{{11}} = {_power(sizes['mu'])}\,\mu_B$, 1000 weak events")
    legend(left, fontsize=9, loc="upper center", ncols=2)
    scales = ", ".join(rf"${SYMBOLS[name]}$: ${_power(sizes[name])}$" for name in SYMBOLS)
    values = np.linspace(0, 4e-11, 81) * _REACH[setup]
    threshold = chi2_threshold(_LEVEL)
    for index, (name, form) in enumerate(each(forms.items())):
        upper, lower = np.full(values.size, np.nan), np.full(values.size, np.nan)
        for at, value in enumerate(values):
            intervals = allowed_intervals(form, forms["mu"].counts([value]), threshold)
            if intervals:
                upper[at] = intervals[-1][1] / sizes[name]
                lower[at] = max(intervals[-1][0], 0.0) / sizes[name]
        right.plot(values * 1e11, upper, label=rf"${SYMBOLS[name]}_{{11}}$ upper", **look(index))
        right.plot(values * 1e11, np.where(lower > 0, lower, np.nan), linewidth=1.0, **look(index))
        ends = np.flatnonzero(~np.isnan(upper))
        if ends.size and ends[-1] < values.size - 1:
            right.plot(values[ends[-1]] * 1e11, upper[ends[-1]], marker="x", color=COLOURS[index])
    right.set_xlim(0, 4 * _REACH[setup])
    right.set_ylim(0, 2)
    right.set_xlabel(r"true $\mu_{11}$ [$10^{-11}\,\mu_B$]")
    right.set_ylabel("90% C.L. limits on the test value / scale")
    legend(right, fontsize=9, loc="upper left", title="thin: lower limit; cross: excluded beyond", title_fontsize=8)
    caption(
        figure, set_up(run, without=["exposure_days"]), f"1000 weak events, {level_in_words(_LEVEL)} limits",
        f"scales: {scales} (moments in mu_B, the others in cm^2)",
    )  # fmt: skip
    return figure
