"""Other probes of the same interactions: plots of what they measure, and their reach beside that of RENP.

In: tables of :mod:`renp.probes.tables`; published bounds. Out: Matplotlib figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from renp.inputs.benchmarks import BENCHMARK_SET
from renp.inputs.bounds import BOUNDS
from renp.inputs.oscillation import mixing_matrix
from renp.inputs.setups import SETUPS
from renp.probes.reach import element_limit
from renp.probes.tables import LABELS, ProbeTable
from renp.rates.labels import differences, set_up
from renp.statistics.couplings import Coupling
from renp.studies.figures.captions import caption, mathtext
from renp.studies.figures.curves import COLOURS, each, look
from renp.studies.figures.form_factors import SYMBOLS, UNIT_SYMBOLS
from renp.studies.figures.panels import subplots
from renp.studies.figures.plotting import say, spread, style
from renp.studies.figures.study_figure import study_figure
from renp.studies.sensitivity import sensitivity_curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DECADES: Final = 1e-8
"""What is smaller against the highest point is left out: at its end a spectrum falls to nothing."""
_NOTHING: Final = "exactly 0 everywhere"
_CURVES: Final = {
    "electron_scattering": ("T_keV", ("dsigma_dT_cm2_per_keV", "weak_cm2_per_keV")),
    "coherent_scattering": ("T_keV", ("dsigma_dT_cm2_per_keV", "weak_cm2_per_keV")),
    "plasmon_decay": ("energy_eV", ("width_per_s",)),
    "boson_line": ("omega_eV", ("strength_eV",)),
}


def plot_probe(name: str, table: ProbeTable, labels: Sequence[str] = ()) -> Figure:
    """Draw what a probe measures; points that are 0 have no place on a logarithmic scale and are left out.

    Parameters
    ----------
    name : of the probe.
    table : its numbers.
    labels : lines below the figure: what was chosen.

    Example
    -------
    >>> table = ProbeTable({"energy_eV": [300.0, 600.0], "width_per_s": [4e-17, 2e-17]})
    >>> plot_probe("plasmon_decay", table).axes[0].get_xlabel()
    'plasmon energy [eV]'
    """
    with style():
        figure, (axes,) = subplots(height=4.4)
        if name in _CURVES:
            _curves(axes, name, table)
        else:
            _bars(axes, table)
        caption(figure, *labels, *table.notes, entries=len(axes.get_legend_handles_labels()[1]) > 1)
    return figure


def _curves(axes: Axes, name: str, table: ProbeTable) -> None:
    across, up = _CURVES[name]
    x = np.array(table.columns[across], dtype=float)
    drawn = [key for key in up if key in table.columns]
    for index, key in enumerate(drawn):
        y = np.array(table.columns[key], dtype=float)
        if name == "boson_line":
            for k, (at, height) in enumerate(zip(x, y, strict=True)):
                axes.plot([at, at], [0, height], label=table.columns["boson"][k], **look(k))
            axes.set_ylim(0, 1.1 * float(y.max()) or 1.0)
            axes.set_xlim(0, 1.1 * float(x.max()))
        else:
            axes.plot(
                x, np.where(y > 0, y, np.nan), label=LABELS[key].partition(" [")[0] if index else "total", **look(index)
            )
    shown = np.array([table.columns[key] for key in drawn], dtype=float)
    if name != "boson_line":
        if (shown > 0).any():
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.set_ylim(bottom=max(axes.get_ylim()[0], _DECADES * float(shown.max())))
        else:
            say(axes, _NOTHING)
    axes.set_xlabel(mathtext(LABELS[across]))
    axes.set_ylabel(mathtext(LABELS[up[0]]))


def _bars(axes: Axes, table: ProbeTable) -> None:
    names = [
        rf"$\nu_{i} \to$ all" if j == "all" else rf"$\nu_{i} \to \nu_{j}$"
        for i, j in zip(table.columns["parent"], table.columns["daughter"], strict=True)
    ]
    widths = np.array(table.columns["width_per_s"], dtype=float)
    open_ = widths > 0
    if open_.any():
        axes.barh(np.arange(len(names))[open_], widths[open_], height=0.6, color=COLOURS[0])
        axes.set_xscale("log")
        axes.set_xlim(float(widths[open_].min()) / 10, float(widths.max()) * 10)
        for place in np.arange(len(names))[~open_]:
            axes.text(0.01, place, "0", transform=axes.get_yaxis_transform(), va="center", fontsize=9)
    else:
        say(axes, _NOTHING)
    axes.set_yticks(np.arange(len(names)), names)
    axes.yaxis.set_tick_params(which="minor", left=False, right=False)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel(LABELS["width_per_s"])
    axes.set_ylabel("channel, beside the photon")


_DAYS: Final = np.geomspace(1, 1e5, 21)
_KINDS: Final = {
    "reactor": ("scattering of reactor antineutrinos", "#555555", (0, (4, 2))),
    "solar": ("scattering of solar neutrinos", COLOURS[4], (0, (1.5, 1.5))),
    "plasmon": ("plasmon decay in stars", COLOURS[3], (0, (6, 2, 1.5, 2))),
    "universal": ("cosmology, three equal diagonal elements", COLOURS[2], "-"),
}
"""Legend, colour and dashes of a published bound by what sees it."""


def _compare(name: str) -> Figure:
    """Draw the reach of RENP in both set-ups over the exposure beside published bounds, for the elements 11 and 12."""
    figure, panels = subplots(1, 2, width=12.0, height=5.2)
    unit = UNIT_SYMBOLS[Coupling.parse(f"electromagnetic.{name}[1,1]").unit]
    mixing = mixing_matrix(BENCHMARK_SET)
    handles: dict[str, Line2D] = {}
    for axes, (i, j) in zip(panels, ((1, 1), (1, 2)), strict=True):
        target = Coupling.parse(f"electromagnetic.{name}[{i},{j}]")
        sizes = []
        curves = [sensitivity_curve(target, "exposure_days", _DAYS, level=0.90, setup=setup) for setup in each(SETUPS)]
        runs = [curve.run for curve in curves]
        own = differences(*runs, without=["setup"])
        for index, (curve, words) in enumerate(zip(curves, own, strict=True)):
            label = f"RENP, {curve.run.parts['setup']}: {words}"
            (handles[label],) = axes.plot(_DAYS, curve.magnitude, label=label, **look(index))
            sizes += curve.magnitude[np.isfinite(curve.magnitude)].tolist()
        bounds = [
            (size, bound) for bound in BOUNDS if (size := element_limit(bound, name, i, j, mixing=mixing)) is not None
        ]
        sizes += [size for size, _ in bounds]
        low, high = np.log10(min(sizes)) - 0.3, np.log10(max(sizes)) + 0.3
        axes.set(xscale="log", yscale="log", xlim=(_DAYS[0], _DAYS[-1]), ylim=(10**low, 10**high))
        bounds.sort(key=lambda pair: pair[0])
        exact = [(np.log10(size) - low) / (high - low) for size, _ in bounds]
        for (size, bound), at, place in zip(bounds, exact, spread(exact, 0.04), strict=True):
            label, colour, dashes = _KINDS[bound.seen_by]
            handles[label] = axes.axhline(size, color=colour, linestyle=dashes, linewidth=1.2)
            leader = axes.plot([1, 1.03], [at, place], transform=axes.transAxes, color=colour, linewidth=0.6)
            leader[0].set_clip_on(False)
            axes.text(1.035, place, bound.name, fontsize=8, va="center", transform=axes.transAxes)
        axes.set_title(rf"${SYMBOLS[name]}_{{{i}{j}}}$ alone", fontsize=10)
        axes.set_xlabel("exposure of RENP at each of nine photon energies [day]")
        axes.set_ylabel(rf"$|{SYMBOLS[name]}_{{{i}{j}}}|$ [${unit}$] excluded above")
    order = [label for label in handles if label.startswith("RENP")] + [
        label for label, *_ in _KINDS.values() if label in handles
    ]
    caption(
        figure,
        "limits on one real element, all others 0; RENP: 90% C.L., bounds: as published, mapped to the element",
        f"RENP: {set_up(*runs, without=['exposure_days'])}",
        entries={label: handles[label] for label in order},
    )
    return figure


@study_figure(
    "probes-compare",
    "comparison of probes in GP23b 2.2",
    "reach for one magnetic moment: scattering, plasmon decay, cosmology and RENP in both set-ups",
    "For element 11 and the papers' 40 days RENP reaches 1.7e-11 mu_B in their set-up, below GEMMA, Borexino and TEXONO and above "
    "LZ and XENONnT, and 5.7e-11 in the derived one, below TEXONO alone. White dwarfs take 1e4 days and more in the derived "
    "set-up, and red giants are out of reach.",
)
def probes_compare() -> Figure:
    """Draw the reach for a magnetic moment."""
    return _compare("mu")


@study_figure(
    "probes-compare-eps",
    "the same for electric moments",
    "reach for one electric moment: scattering, plasmon decay and RENP in both set-ups",
    "The other probes do not tell electric from magnetic moments, so their bounds are the same; RENP does, and reaches less: 2.7e-11 "
    "mu_B in 40 days for element 11, and 7.2e-11 in the derived set-up. The bound from cosmology is published for magnetic ones.",
)
def probes_compare_eps() -> Figure:
    """Draw the reach for an electric moment."""
    return _compare("eps")


@study_figure(
    "probes-compare-r2",
    "the same for charge radii",
    "reach for one element of the charge radius: scattering, plasmon decay and RENP in both set-ups",
    "Scattering sees charge radii in interference with the weak current, and plasmons by their large mass: both are more than a "
    "million times ahead of RENP at 40 days.",
)
def probes_compare_r2() -> Figure:
    """Draw the reach for a charge radius."""
    return _compare("r2")


@study_figure(
    "probes-compare-anapole",
    "the same for anapoles",
    "reach for one element of the anapole: scattering, plasmon decay and RENP in both set-ups",
    "Scattering and plasmons see six times smaller anapoles than charge radii, and so does RENP: the picture is the same.",
)
def probes_compare_anapole() -> Figure:
    """Draw the reach for an anapole."""
    return _compare("anapole")
