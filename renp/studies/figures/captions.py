"""What stands below a plot: what was computed, and the entries of its legend.

In: paragraphs. Out: lines below the axes of a Matplotlib figure, which cover no data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from renp.studies.figures.curves import merge_coinciding

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["MEASURED", "THRESHOLDS", "caption", "level_in_words", "mathtext", "shared_entries"]

MEASURED: Final = ("exposure_days", "frequencies", "reference_rate", "target", "normalisation", "coherence_factor")
"""What a spectral function does not depend on."""
THRESHOLDS: Final = "thresholds"
"""Mark of what marks the thresholds of pairs, which a caption then explains."""
_PER_INCH: Final = 16.0
"""Characters of a line in an inch."""
_LINE: Final = 0.16
"""Inches of a line."""
_LONG: Final = 45
"""Entries of a legend that are longer stand one to a line."""


def mathtext(text: str) -> str:
    r"""Return a line with its units, powers of ten and symbols as they are printed.

    Example
    -------
    >>> print(mathtext("mu[1,1] = 1e-11 mu_B, r2[1,1] = 2.5e-31 cm^2"))
    mu[1,1] = $10^{-11}$ $\mu_B$, r2[1,1] = $2.5 \times 10^{-31}$ cm$^{2}$
    >>> print(mathtext("nu_e of 1e+06 eV, d sigma/dT"))
    $\nu_e$ of $10^{6}$ eV, $d\sigma/dT$
    """
    parts = re.split(r"(\$[^$]*\$)", text)
    for pattern, printed in _PRINTED:
        parts[::2] = [re.sub(pattern, printed, part) for part in parts[::2]]
        parts = re.split(r"(\$[^$]*\$)", "".join(parts))
    return "".join(parts)


def _power_of_ten(number: re.Match[str]) -> str:
    power = f"10^{{{int(number[2])}}}"
    return f"${power}$" if number[1] == "1" else rf"${number[1]} \times {power}$"


_PRINTED: Final[tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...]] = (
    (r"\bmu_B\b", r"$\\mu_B$"),
    (r"\bnu_(e|mu|tau)\b", lambda found: r"$\nu_e$" if found[1] == "e" else rf"$\nu_\{found[1]}$"),
    (r"\bd sigma/dT\b", r"$d\\sigma/dT$"),
    (r"\bomega_0\b", r"$\\omega_0$"),
    (r"(?<![\w.])(\d+(?:\.\d+)?)e([+-]?\d+)(?=j|\b)", _power_of_ten),
    (r"\^(-?\d+)", r"$^{\1}$"),
)
"""What is printed otherwise than it is typed."""


def level_in_words(level: float) -> str:
    """Return a confidence level in per cent.

    Example
    -------
    >>> level_in_words(0.9)
    '90% C.L.'
    """
    return f"{100 * level:.10g}% C.L."


def shared_entries(panels: Sequence[Axes]) -> dict[str, Any]:
    """Return the entries of one legend for panels that show the same curves in the same look: handles by name.

    Curves that lie close together stay: dashes on top of a line show both.
    """
    handles, names = panels[0].get_legend_handles_labels()
    return dict(zip(names, handles, strict=True))


def caption(
    figure: Figure, *paragraphs: str, entries: bool | Mapping[str, Any] = False, keep_close: bool = False
) -> None:
    """Write paragraphs below the axes, the figure growing by as much, with ``entries`` the legend of all its axes too.

    Parameters
    ----------
    figure : complete but for this.
    paragraphs : lines are broken between words.
    entries : whether the legend of all axes follows, in which curves that coincide have one entry; or its handles by name.
    keep_close : see :func:`renp.studies.figures.curves.merge_coinciding`.

    Example
    -------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure(layout="constrained")
    >>> caption(figure, "a target of 100 cm^3")
    >>> figure.legends[0].get_title().get_text()
    'a target of 100 cm$^{3}$'
    """
    marks = [mark for axes in figure.axes for mark in (*axes.texts, *axes.collections) if mark.get_gid() == THRESHOLDS]
    if marks:
        named = any(mark in axes.texts for axes in figure.axes for mark in marks)
        of_what = r"the pairs $\nu_i \nu_j$" if named else "each curve, in its colour"
        paragraphs = (*paragraphs, f"on top: thresholds of {of_what}")
    width = round(_PER_INCH * figure.get_figwidth())
    text = "\n".join(mathtext(fill(text, width, break_on_hyphens=False)) for text in paragraphs if text)
    shown: dict[str, Any] = {} if isinstance(entries, bool) else dict(entries)
    for axes in figure.axes if entries is True else ():
        merge_coinciding(axes, keep_close=keep_close)
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            shown.setdefault(label, handle)
    columns = 2 if max((len(label) for label in shown), default=0) < _LONG else 1
    lines = text.count("\n") + bool(text) + sum(label.count("\n") + 1 for label in shown) / columns
    figure.set_figheight(figure.get_figheight() + _LINE * lines)
    figure.legend(
        list(shown.values()), list(shown), loc="outside lower left", title=text, alignment="left", fontsize=8,
        title_fontsize=8, ncols=columns,
    )  # fmt: skip
