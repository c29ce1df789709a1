"""Curves told apart: colour and dashes of each, those that coincide merged into one, the legend, and who watches them come.

In: Matplotlib axes with their curves and limits. Out: the same axes; a curve that lies on another one is gone, and the legend
names both and says how close they are unless they are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

__all__ = ["COLOURS", "DASHES", "each", "joined", "legend", "look", "merge_coinciding", "watched"]

FloatArray = NDArray[np.float64]
_Item = TypeVar("_Item")

COLOURS: Final[tuple[str, ...]] = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Palette of Okabe and Ito: told apart with any common colour blindness."""

DASHES: Final[tuple[Any, ...]] = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)), (0, (3, 1)))
"""Dash patterns to go with the colours, so that curves stay apart in black and white."""

_HIDDEN: Final = 0.5
"""Curves whose middles are nowhere further apart than this part of their width are one to the eye."""
_EQUAL: Final = 1e-9
"""Curves that are nowhere further apart than this fraction are equal: it is far above roundoff, far below what physics tells apart."""
_FEW: Final = 25
"""Points that tell most pairs of curves apart without a look at the others."""
_WATCHER: ContextVar[Callable[[], object]] = ContextVar("_WATCHER", default=lambda: None)


def look(index: int) -> dict[str, Any]:
    """Return colour and dashes of the curve with this number.

    Example
    -------
    >>> look(0) == look(1)
    False
    """
    return {"color": COLOURS[index % len(COLOURS)], "linestyle": DASHES[index % len(DASHES)]}


@contextmanager
def watched(watcher: Callable[[int], object]) -> Iterator[None]:
    """Tell ``watcher`` the number of curves that are done, each time one of :func:`each` is, inside a ``with`` block.

    Example
    -------
    >>> with watched(print):
    ...     for name in each(["one", "two"]):
    ...         print(name)
    one
    1
    two
    2
    """
    numbers = count(1)
    token = _WATCHER.set(lambda: watcher(next(numbers)))
    try:
        yield
    finally:
        _WATCHER.reset(token)


def each(curves: Iterable[_Item]) -> Iterator[_Item]:
    """Yield what is to be drawn, one after the other; see :func:`watched`.

    Example
    -------
    >>> list(each("ab"))
    ['a', 'b']
    """
    for curve in curves:
        yield curve
        _WATCHER.get()()


def legend(axes: Axes, *, keep_close: bool = False, **options: Any) -> None:
    """Draw the legend of axes whose limits are final; curves that coincide have one entry, see :func:`merge_coinciding`.

    Example
    -------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> for name in ("one, Dirac", "one, Majorana"):
    ...     _ = axes.plot([0, 1], [0, 1], label=name)
    >>> legend(axes)
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['one, Dirac and Majorana']
    """
    merge_coinciding(axes, keep_close=keep_close)
    axes.legend(**options)


def merge_coinciding(axes: Axes, *, keep_close: bool = False) -> None:
    """Take away each named curve that lies on an earlier one over the whole of the axes, and name that one after both.

    Curves that are one to the eye but not equal say how close they are.

    Parameters
    ----------
    axes : with their final limits and scales.
    keep_close : whether a curve that is close to an earlier one but not equal stays, and its own name says how close it is.

    Example
    -------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> for name, height in (("a", 1.0), ("b", 1.0), ("c", 0.5), ("d", 0.5004)):
    ...     _ = axes.plot([0, 1], [0, height], label=name)
    >>> merge_coinciding(axes)
    >>> [line.get_label() for line in axes.lines]
    ['a and b', 'c and d, within 0.08% of the largest value']
    """
    kept: list[tuple[Line2D, list[str], float]] = []
    for line in list(axes.lines):
        label = str(line.get_label())
        if label.startswith("_") or line.get_linestyle() in ("None", "none", " ", ""):
            continue
        place = next((index for index, (other, *_) in enumerate(kept) if _coincide(axes, other, line)), None)
        if place is None:
            kept.append((line, [label], 0.0))
            continue
        other, names, furthest = kept[place]
        distance = _distance(axes, other, line)
        if keep_close and distance > _EQUAL:
            line.set_label(f"{label}\n≈ {' '.join(names[0].split())}, {_close(axes, distance)}")
            continue
        kept[place] = (other, [*names, label], max(furthest, distance))
        line.remove()
    for line, names, furthest in kept:
        line.set_label(joined(names, _close(axes, furthest) if furthest > _EQUAL else ""))


def joined(names: Sequence[str], close: str = "") -> str:
    r"""Return the name of several curves in one: what they share once, where they differ in one word alone.

    ``close`` says how close they are if they are not equal.

    Example
    -------
    >>> joined(["$g_L$, Dirac", "$g_L$, Majorana"]), joined(["exact chain", "own chain"]), joined(["weak current alone", "scalar, y_S"])
    ('$g_L$, Dirac and Majorana', 'exact and own chain', 'weak current alone\n= scalar, y_S')
    >>> joined(["weak current alone", "scalar, y_S"], "within 1%")
    'weak current alone\n≈ scalar, y_S, within 1%'
    """
    names = list(dict.fromkeys(names))
    words = [name.split(", ") for name in names]
    end = f", {close}" if close else ""
    if len({len(parts) for parts in words}) == 1:
        columns = [list(dict.fromkeys(column)) for column in zip(*words, strict=True)]
        if sum(len(column) > 1 for column in columns) <= 1:
            return ", ".join(_and(column) for column in columns) + end
    return ("\n≈ " if close else "\n= ").join(names) + end


def _close(axes: Axes, distance: float) -> str:
    """Return a distance in words, in per cent with two digits, rounded up."""
    step = 10.0 ** (floor(log10(100 * distance)) - 1)
    of_what = "of each other" if axes.get_yscale() == "log" else "of the largest value"
    return f"within {ceil(100 * distance / step) * step:.2g}% {of_what}"


def _distance(axes: Axes, one: Line2D, other: Line2D) -> float:
    """Return how far apart two curves are in view: as a fraction of each value on a logarithmic scale, else of the largest."""
    (x, first), (x_other, second) = (_in_view(axes, line) for line in (one, other))
    common = np.intersect1d(x, x_other)
    if len(common) < min(len(x), len(x_other)):
        common = max(x, x_other, key=len)
    if not len(common) or not len(x) or not len(x_other):
        return 0.0
    first, second = np.interp(common, x, first), np.interp(common, x_other, second)
    size = np.maximum(np.abs(first), np.abs(second))
    if axes.get_yscale() == "log":
        low, high = axes.get_ylim()
        shown = (size >= low) & (size <= high)
        first, second, size = first[shown], second[shown], size[shown]
    elif len(size):
        size = np.full_like(size, size.max())
    apart = np.abs(first - second)
    return float(np.divide(apart, size, out=np.zeros_like(apart), where=size > 0).max(initial=0.0))


def _in_view(axes: Axes, line: Line2D) -> tuple[FloatArray, FloatArray]:
    """Return the points of a curve within the frame, from left to right; all of a line in coordinates of its own."""
    data: FloatArray = np.ma.filled(np.ma.asarray(line.get_xydata(), dtype=float), np.nan)
    data = data[np.isfinite(data).all(axis=1)]
    if line.get_transform() == axes.transData:
        low, high = sorted(axes.get_xlim())
        data = data[(data[:, 0] >= low) & (data[:, 0] <= high)]
    x, y = data[np.argsort(data[:, 0], kind="stable")].T
    return x, y


def _and(words: Sequence[str]) -> str:
    parts = [word.split(" ") for word in words]
    if len(words) > 1 and min(map(len, parts)) > 1 and len({part[-1] for part in parts}) == 1:
        return f"{_and([' '.join(part[:-1]) for part in parts])} {parts[0][-1]}"
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _coincide(axes: Axes, one: Line2D, other: Line2D) -> bool:
    near = _HIDDEN * min(one.get_linewidth(), other.get_linewidth())
    first, second = _path(axes, one), _path(axes, other)
    if len(first) == 0 or len(second) == 0:
        return len(first) == len(second)
    if first.shape == second.shape and (np.abs(first - second).max() <= near):
        return True
    pairs = ((first, second), (second, first))
    return all(
        _furthest(points[:: max(1, len(points) // _FEW)], path) <= near and _furthest(points, path) <= near
        for points, path in pairs
    )


def _path(axes: Axes, line: Line2D) -> FloatArray:
    """Return the points of a curve in points of print, those beyond the frame on its edge; shape (number, 2)."""
    box = axes.get_window_extent()
    with np.errstate(all="ignore"):
        data: FloatArray = np.ma.filled(np.ma.asarray(line.get_xydata(), dtype=float), np.nan)
        points = np.asarray(line.get_transform().transform(data), dtype=float)
    points = points[np.isfinite(data).all(axis=1)]
    points = points[(points[:, 0] >= box.x0 - 1) & (points[:, 0] <= box.x1 + 1)]
    points[:, 1] = np.clip(np.nan_to_num(points[:, 1], nan=box.y0), box.y0, box.y1)
    return points * 72.0 / axes.figure.dpi  # type: ignore[no-any-return]


def _furthest(points: FloatArray, path: FloatArray) -> float:
    """Return how far the points are from a path at most."""
    start, step = path[:-1], np.diff(path, axis=0)
    if not len(step):
        return float(np.hypot(*(points - path[0]).T).max())
    length = np.maximum((step**2).sum(axis=1), np.finfo(float).tiny)
    offset = points[:, None, :] - start
    along = np.clip((offset * step).sum(axis=2) / length, 0, 1)
    return float(np.sqrt(((offset - along[..., None] * step) ** 2).sum(axis=2).min(axis=1)).max())
