"""Other probes of the same interactions: plots of what they measure, and their reach beside that of RENP.

In: tables of :mod:`renp.probes.tables`; published bounds. Out: Matplotlib figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Final

import numpy as np

from renp.probes.tables import LABELS, ProbeTable
from renp.studies.figures.panels import look, subplots
from renp.studies.figures.plotting import COLOURS, style
from renp.studies.figures.results import mathtext

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH: Final = 92
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
        figure, (axes,) = subplots(height=5.2)
        if name in _CURVES:
            _curves(axes, name, table)
        else:
            _bars(axes, table)
        handles, names = axes.get_legend_handles_labels()
        if len(names) < 2:
            handles, names = [], []
        lines = [mathtext(fill(text, _WIDTH)) for text in (*labels, *table.notes)]
        figure.legend(
            handles, names, loc="outside lower left", title="\n".join(lines), alignment="left", fontsize=8,
            title_fontsize=8,
        )  # fmt: skip
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
            axes.plot(x, np.where(y > 0, y, np.nan), label=mathtext(LABELS[key]) if index else "total", **look(index))
    shown = np.array([table.columns[key] for key in drawn], dtype=float)
    if name != "boson_line":
        if (shown > 0).any():
            axes.set_xscale("log")
            axes.set_yscale("log")
        else:
            _nothing(axes)
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
    else:
        _nothing(axes)
    axes.set_yticks(np.arange(len(names)), names)
    axes.yaxis.set_tick_params(which="minor", left=False, right=False)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel(LABELS["width_per_s"])
    axes.set_ylabel("channel, beside the photon")


def _nothing(axes: Axes) -> None:
    axes.text(0.5, 0.5, "exactly 0 everywhere", transform=axes.transAxes, ha="center", va="center", fontsize=10)
