"""Plots that read well in print and by colour-blind readers, and come out the same bytes each time.

In: computed spectra. Out: the bytes of a PNG, PDF or SVG file. Matplotlib's Agg canvas is used directly, so no display,
no window system and no global state is touched.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from renp.spectra import Spectrum, Threshold

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "COLOURS",
    "DASHES",
    "FORMATS",
    "figure_bytes",
    "figure_format",
    "mark_thresholds",
    "plot_spectra",
    "style",
]

COLOURS: Final[tuple[str, ...]] = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Palette of Okabe and Ito: told apart with any common colour blindness."""

DASHES: Final[tuple[Any, ...]] = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)), (0, (3, 1)))
"""Dash patterns to go with the colours, so that curves stay apart in black and white."""

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


def plot_spectra(spectra: Sequence[Spectrum], labels: Sequence[str], *, title: str = "") -> Figure:
    """Draw spectra against the photon energy with every threshold in range marked.

    Parameters
    ----------
    spectra : one or more spectra; each has its own colour and dash pattern.
    labels : legend entries, one per spectrum; a single spectrum needs no legend and may have ``""``.
    title : over the plot, may be empty.

    Raises
    ------
    ValueError : no spectra, or a number of labels other than that of spectra.
    """
    if not spectra or len(labels) != len(spectra):
        raise ValueError(f"expected one label per spectrum and at least one, found {len(spectra)} and {len(labels)}")
    with style():
        figure = Figure(figsize=(6.4, 4.2 + 0.22 * len(spectra)), layout="constrained")
        axes = figure.add_subplot()
        for index, (result, label) in enumerate(zip(spectra, labels, strict=True)):
            colour = COLOURS[index % len(COLOURS)]
            axes.plot(result.omega, result.I, color=colour, linestyle=DASHES[index % len(DASHES)], label=label)
        axes.set_xlim(min(float(s.omega.min()) for s in spectra), max(float(s.omega.max()) for s in spectra))
        axes.set_ylim(bottom=0)
        for index, result in enumerate(spectra):
            mark_thresholds(axes, result.thresholds, COLOURS[index % len(COLOURS)], row=index)
        axes.set_xlabel(r"photon energy $\omega$ [eV]")
        axes.set_ylabel(r"spectral function $I(\omega)$")
        if any(labels):
            axes.legend(loc="lower left")
        if title:
            figure.suptitle(title, fontsize=11)
    return figure


def mark_thresholds(axes: Axes, thresholds: Sequence[Threshold], colour: str, *, row: int = 0) -> None:
    """Mark pair thresholds with thin vertical lines and the pair's name above the axes.

    Parameters
    ----------
    axes : with its final x limits.
    thresholds : those outside the x limits are left out.
    colour : of lines and names.
    row : 0 for the names next to the axes, 1 for a second row above them, and so on.
    """
    low, high = axes.get_xlim()
    inside = sorted((t for t in thresholds if low <= t.omega <= high), key=lambda t: t.omega)
    wanted = [(threshold.omega - low) / (high - low) for threshold in inside]
    base = 1.035 + 0.085 * row
    for threshold, place in zip(inside, _spread(wanted, 0.045), strict=True):
        at = (threshold.omega - low) / (high - low)
        axes.axvline(threshold.omega, color=colour, linewidth=0.7, alpha=0.55, zorder=0)
        axes.plot(
            [at, at, place], [1, base - 0.03, base - 0.005], transform=axes.transAxes, color=colour, linewidth=0.7,
            alpha=0.55, clip_on=False,
        )  # fmt: skip
        axes.text(
            place, base, f"{threshold.i}{threshold.j}", transform=axes.transAxes, color=colour, fontsize=8,
            horizontalalignment="center", verticalalignment="bottom",
        )  # fmt: skip


def _spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Return places at least ``gap`` apart, in order and within 0 to 1 where they fit, close to the wanted ones."""
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
