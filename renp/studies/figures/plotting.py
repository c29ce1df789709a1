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
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from renp.rates.spectra import Spectrum
from renp.rates.thresholds import Threshold

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "COLOURS",
    "DASHES",
    "FORMATS",
    "Panel",
    "figure_bytes",
    "figure_format",
    "mark_thresholds",
    "plot_spectra",
    "spread",
    "style",
]

COLOURS: Final[tuple[str, ...]] = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Palette of Okabe and Ito: told apart with any common colour blindness."""

DASHES: Final[tuple[Any, ...]] = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)), (0, (3, 1)))
"""Dash patterns to go with the colours, so that curves stay apart in black and white."""

_GREY: Final[str] = "#555555"

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
    """What one set of axes shows: spectra of the same masses, so with the same thresholds.

    Parameters
    ----------
    curves : (legend entry, spectrum) pairs; a single curve may have an empty entry.
    heading : printed inside the axes, may be empty.
    """

    curves: tuple[tuple[str, Spectrum], ...]
    heading: str = ""


def plot_spectra(panels: Sequence[Panel], *, title: str = "") -> Figure:
    """Draw spectra against the photon energy, panels below one another, with every threshold in range marked.

    Parameters
    ----------
    panels : from top to bottom; they share both axes. Each curve of a panel has its own colour and dash pattern.
    title : over the plot, may be empty.

    Raises
    ------
    ValueError : no panel, a panel without a curve, or one whose spectra have different thresholds.

    Example
    -------
    >>> from renp.rates.spectra import spectrum
    >>> figure = plot_spectra([Panel((("", spectrum("Yb", lightest=0.01, omega=[1.06, 1.07])),))])
    >>> figure.axes[0].get_xlabel()
    'photon energy $\\\\omega$ [eV]'
    """
    if not panels or not all(panel.curves for panel in panels):
        raise ValueError("panels must hold at least one curve each, found an empty one or none")
    if any(curve.thresholds != panel.curves[0][1].thresholds for panel in panels for _, curve in panel.curves):
        raise ValueError("the spectra of one panel must have the same thresholds: give other masses their own panel")
    energies = np.concatenate([curve.omega for panel in panels for _, curve in panel.curves])
    highest = max(float(curve.I.max()) for panel in panels for _, curve in panel.curves)
    with style():
        figure = Figure(figsize=(6.4, 1.6 + 2.7 * len(panels)), layout="constrained")
        rows = figure.subplots(len(panels), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for axes, panel in zip(rows, panels, strict=True):
            for index, (label, curve) in enumerate(panel.curves):
                axes.plot(curve.omega, curve.I, color=COLOURS[index], linestyle=DASHES[index], label=label)
            axes.set_xlim(energies.min(), energies.max())
            axes.set_ylim(0, _HEADROOM * highest or 1.0)
            axes.set_ylabel(r"spectral function $I(\omega)$")
            for remark in dict.fromkeys(curve.remark for _, curve in panel.curves if curve.remark):
                axes.text(0.5, 0.5, remark, transform=axes.transAxes, color=_GREY, fontsize=8, ha="center")
            if any(label for label, _ in panel.curves):
                axes.legend(loc="lower left", title=panel.heading or None, alignment="left")
            elif panel.heading:
                axes.text(0.03, 0.06, panel.heading, transform=axes.transAxes)
            mark_thresholds(axes, panel.curves[0][1].thresholds)
        rows[-1].set_xlabel(r"photon energy $\omega$ [eV]")
        if title:
            figure.suptitle(title, fontsize=11)
    return figure


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
            horizontalalignment="center", verticalalignment="bottom",
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
