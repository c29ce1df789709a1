"""Plots that read well in print and by colour-blind readers, and come out the same bytes each time.

In: computed spectra. Out: the bytes of a PNG, PDF or SVG file. Matplotlib's Agg canvas is used directly, so no display,
no window system and no global state is touched.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil, log10
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from renp.rates.spectra import Spectrum
from renp.rates.thresholds import Threshold
from renp.studies.figures.captions import THRESHOLDS, caption
from renp.studies.figures.curves import legend, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "FORMATS",
    "Panel",
    "figure_bytes",
    "figure_format",
    "fit_ticks",
    "mark_thresholds",
    "plot_spectra",
    "say",
    "spread",
    "style",
]

_GREY: Final[str] = "#555555"

_FAR_APART: Final = 20.0
"""Curves whose heights differ by more need a logarithmic scale."""
_DEPTH: Final = 300.0
"""How far such a scale goes below the lowest curve, all of which end at zero."""
_TICK: Final = 0.03
"""Height of the marks of one curve's own thresholds, of that of the axes."""
_TICKS: Final = 6
_SHORT: Final = 7
_DIGIT: Final = 0.09
"""About as many numbers stand below axes; the digits of a short one; the width of a digit in inches."""
_SAID: Final = 60
"""Characters of a line inside axes."""
_HEADROOM: Final[float] = 1.08
"""Room above the highest point of a spectrum: a flat one must not run along the frame."""

FORMATS: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": None},
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
    "svg": {"Creator": None, "Date": None},
}
"""File formats by suffix, each with the metadata that must be left out to get the same bytes at any time."""

_STYLE: Final[dict[Any, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.linewidth": 0.8,
    "axes.labelsize": 11,
    "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-4, 5),
    "axes.formatter.use_mathtext": True,
    "lines.linewidth": 1.8,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.major.pad": 6,
    "ytick.major.pad": 6,
    "xtick.minor.visible": True,
    "ytick.minor.visible": True,
    "legend.frameon": False,
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "svg.hashsalt": "renp",
    "svg.fonttype": "path",
    "text.usetex": False,
}


@contextmanager
def style() -> Iterator[None]:
    """Apply this project's plot style, and nothing of the user's own, inside a ``with`` block.

    Example
    -------
    >>> with style():
    ...     mpl.rcParams["legend.frameon"]
    False
    """
    # Backend keys are left alone: a session's own plots must go on working.
    with mpl.rc_context():
        mpl.rcdefaults()
        for key, value in _STYLE.items():
            mpl.rcParams[key] = value
        yield


def figure_format(path: str | os.PathLike[str]) -> str:
    """Return the format that a path's suffix asks for; raise ``ValueError`` for one that is not known.

    Example
    -------
    >>> figure_format("spectrum.PDF")
    'pdf'
    """
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise ValueError(f"plot {str(path)!r} must end in {', '.join('.' + known for known in FORMATS)}")
    return suffix


def figure_bytes(figure: Figure, file_format: str) -> bytes:
    """Return a figure as the bytes of a file, the same bytes for the same figure.

    Parameters
    ----------
    figure : a Matplotlib figure, drawn with :func:`style`.
    file_format : ``"png"``, ``"pdf"`` or ``"svg"``.

    Example
    -------
    >>> figure_bytes(Figure(), "png")[1:4]
    b'PNG'
    """
    buffer = io.BytesIO()
    with style():
        FigureCanvasAgg(figure)
        figure.savefig(buffer, format=file_format, metadata=FORMATS[file_format])
    return buffer.getvalue()


@dataclass(frozen=True)
class Panel:
    """What one set of axes shows: spectra, best of the same masses, so with the same thresholds.

    Parameters
    ----------
    curves : (legend entry, spectrum) pairs; a single curve may have an empty entry.
    heading : printed inside the axes, may be empty.
    """

    curves: tuple[tuple[str, Spectrum], ...]
    heading: str = ""


def plot_spectra(panels: Sequence[Panel], *paragraphs: str, entries: bool = False) -> Figure:
    """Draw spectra against the photon energy, panels below one another, with every threshold in range marked.

    Where curves differ by more than a factor of 20 the scale is logarithmic.

    Parameters
    ----------
    panels : from top to bottom; they share both axes, or the vertical one if their photon energies have none in common. Each
        curve of a panel has its own colour and dash pattern; equal curves are one, named after all of them, and one that is
        close to another says how close.
    paragraphs : below the plot.
    entries : whether the legend stands below the plot too, not in the panels.

    Raises
    ------
    ValueError : no panel, or a panel without a curve.

    Example
    -------
    >>> from renp.rates.spectra import spectrum
    >>> figure = plot_spectra([Panel((("", spectrum("Yb", lightest=0.01, omega=[1.06, 1.07])),))])
    >>> figure.axes[0].get_xlabel()
    'photon energy $\\\\omega$ [eV]'
    """
    if not panels or not all(panel.curves for panel in panels):
        raise ValueError("panels must hold at least one curve each, found an empty one or none")
    ranges = [_range(panel) for panel in panels]
    shared = max(low for low, _ in ranges) < min(high for _, high in ranges)
    highest = [float(curve.I.max()) for panel in panels for _, curve in panel.curves]
    seen = [height for height in highest if height > 0]
    logarithmic = bool(seen) and max(seen) > _FAR_APART * min(seen)
    with style():
        figure = Figure(figsize=(6.4, 1.0 + 2.7 * len(panels) + (0 if shared else 0.3)), layout="constrained")
        rows = figure.subplots(len(panels), 1, sharex=shared, sharey=True, squeeze=False)[:, 0]
        for axes, panel, (low, high) in zip(rows, panels, ranges, strict=True):
            for index, (label, curve) in enumerate(panel.curves):
                axes.plot(curve.omega, curve.I, label=label or None, **look(index))
            both = (min(r[0] for r in ranges), max(r[1] for r in ranges)) if shared else (low, high)
            axes.set_xlim(*both)
            fit_ticks(axes)
            if logarithmic:
                axes.set_yscale("log")
                axes.set_ylim(min(seen) / _DEPTH, _HEADROOM**4 * max(seen))
            else:
                axes.set_ylim(0, _HEADROOM * max(highest) or 1.0)
            axes.set_ylabel(r"spectral function $I(\omega)$")
            if not any(curve.I.any() for _, curve in panel.curves):
                say(axes, "\n".join(dict.fromkeys(curve.remark for _, curve in panel.curves)))
            _mark(axes, panel)
            if not entries and any(label for label, _ in panel.curves):
                legend(axes, loc="best", title=panel.heading or None, alignment="left", keep_close=True)
            elif panel.heading:
                axes.text(0.03, 0.06, panel.heading, transform=axes.transAxes)
            if axes is rows[-1] or not shared:
                axes.set_xlabel(r"photon energy $\omega$ [eV]")
        if paragraphs or entries:
            caption(figure, *paragraphs, entries=entries, keep_close=True)
    return figure


def _range(panel: Panel) -> tuple[float, float]:
    energies = np.concatenate([curve.omega for _, curve in panel.curves])
    return float(energies.min()), float(energies.max())


def _mark(axes: Axes, panel: Panel) -> None:
    """Mark the thresholds of a panel, with the names of the pairs where all its curves have the same."""
    thresholds = [curve.thresholds for _, curve in panel.curves]
    if all(one == thresholds[0] for one in thresholds):
        mark_thresholds(axes, thresholds[0])
        return
    for index, one in enumerate(thresholds):
        top = 1 - _TICK * index
        axes.vlines(
            [t.omega for t in one], top - _TICK, top, transform=axes.get_xaxis_transform(), color=look(index)["color"],
            linewidth=1.2, gid=THRESHOLDS,
        )  # fmt: skip


def say(axes: Axes, words: str) -> None:
    """Write into axes with nothing to be seen why there is nothing, and take away their vertical scale.

    Example
    -------
    >>> axes = Figure().subplots()
    >>> say(axes, "no limit")
    >>> axes.texts[0].get_text(), len(axes.get_yticks())
    ('no limit', 0)
    """
    # A logarithmic scale of nothing has no finite ends.
    axes.text(
        0.5, 0.5, "\n".join(fill(line, _SAID) for line in words.splitlines()), transform=axes.transAxes,
        ha="center", va="center", fontsize=10,
    )  # fmt: skip
    axes.yaxis.set_major_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())


def fit_ticks(axes: Axes) -> None:
    """Leave room between the numbers below axes with a narrow range, whose numbers are long.

    Example
    -------
    >>> axes = Figure().subplots()
    >>> _ = axes.set_xlim(1.0717, 1.07172)
    >>> fit_ticks(axes)
    >>> len(axes.get_xticks()) < 6
    True
    """
    low, high = axes.get_xlim()
    digits = len(f"{max(abs(low), abs(high)):.0f}") + 1 + max(0, ceil(-log10((high - low) / _TICKS)))
    if digits > _SHORT:
        width = axes.get_window_extent().width / axes.figure.dpi
        axes.xaxis.set_major_locator(MaxNLocator(max(2, int(width / (_DIGIT * (digits + 2)))), steps=[1, 2, 5, 10]))


def mark_thresholds(axes: Axes, thresholds: Sequence[Threshold]) -> None:
    """Mark pair thresholds with thin vertical lines and the pair's name above the axes.

    Parameters
    ----------
    axes : with its final x limits.
    thresholds : those outside the x limits are left out.
    """
    low, high = axes.get_xlim()
    inside = sorted((t for t in thresholds if low <= t.omega <= high), key=lambda t: t.omega)
    exact = [(threshold.omega - low) / (high - low) for threshold in inside]
    for threshold, at, place in zip(inside, exact, spread(exact, 0.045), strict=True):
        axes.axvline(threshold.omega, color=_GREY, linewidth=0.6, zorder=0)
        leader = axes.plot([at, place], [1, 1.04], transform=axes.transAxes, color=_GREY, linewidth=0.6)
        leader[0].set_clip_on(False)
        axes.text(
            place, 1.05, f"{threshold.i}{threshold.j}", transform=axes.transAxes, color=_GREY, fontsize=8,
            horizontalalignment="center", verticalalignment="bottom", gid=THRESHOLDS,
        )  # fmt: skip


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Return places at least ``gap`` apart, in order and within 0 to 1 where they fit, close to the wanted ones.

    Example
    -------
    >>> spread([0.5, 0.5], 0.25)
    [0.375, 0.625]
    """
    clusters: list[tuple[list[float], float]] = []
    for place in wanted:
        members, centre = [place], _inside(place, gap, 1)
        while clusters and centre - clusters[-1][1] < gap * (len(members) + len(clusters[-1][0])) / 2:
            members = clusters.pop()[0] + members
            centre = _inside(sum(members) / len(members), gap, len(members))
        clusters.append((members, centre))
    return [
        centre + gap * (index - (len(members) - 1) / 2) for members, centre in clusters for index in range(len(members))
    ]


def _inside(centre: float, gap: float, count: int) -> float:
    half = gap * (count - 1) / 2
    return max(half, min(1 - half, centre))
