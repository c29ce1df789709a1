"""What stands below a plot: what was computed, from the records themselves, and the entries of its legend.

In: experiments, spectra or other emissions. Out: lines below the axes of a Matplotlib figure, which cover no data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from renp.rates.emission import Emission
from renp.studies.figures.curves import merge_coinciding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MEASURED", "caption", "differences", "level_in_words", "mathtext", "set_up"]

MEASURED: Final = ("exposure_days", "frequencies", "reference_rate", "target", "normalisation", "coherence_factor")
"""What a spectral function does not depend on."""
_PER_INCH: Final = 16.0
"""Characters of a line in an inch."""
_LINE: Final = 0.16
"""Inches of a line."""
_LONG: Final = 45
"""Entries of a legend that are longer stand one to a line."""


def mathtext(text: str) -> str:
    r"""Return a line with its units as they are printed.

    Example
    -------
    >>> print(mathtext("mu[1,1] = 1e-11 mu_B, r2[1,1] = 1e-31 cm^2"))
    mu[1,1] = 1e-11 $\mu_B$, r2[1,1] = 1e-31 cm$^{2}$
    """
    parts = re.split(r"(\$[^$]*\$)", text)
    parts[::2] = [re.sub(r"\^(-?\d+)", r"$^{\1}$", re.sub(r"\bmu_B\b", r"$\\mu_B$", part)) for part in parts[::2]]
    return "".join(parts)


def level_in_words(level: float) -> str:
    """Return a confidence level in per cent.

    Example
    -------
    >>> level_in_words(0.9)
    '90% C.L.'
    """
    return f"{100 * level:.10g}% C.L."


def set_up(*runs: Emission, without: Sequence[str] = ()) -> str:
    """Return what was chosen for all of these alike, without the settings that the figure runs over.

    Example
    -------
    >>> from renp import experiment
    >>> both = [experiment(frequencies=[1.07], nature=nature) for nature in ("dirac", "majorana")]
    >>> print(set_up(*both, without=["oscillation", "chain", "reference_rate", "target"]))
    Yb, normal ordering, lightest 0.01 eV, papers' set-up, 40 days at each photon energy, photon energies 1.07 eV
    """
    common = _common(runs)
    return ", ".join(text for name, text in runs[0].parts.items() if text and name in common and name not in without)


def differences(*runs: Emission, without: Sequence[str] = ()) -> list[str]:
    """Return what was chosen for each of these but not for all alike.

    Example
    -------
    >>> from renp import experiment
    >>> differences(*(experiment(nature=nature) for nature in ("dirac", "majorana")))
    ['Dirac neutrinos', 'Majorana neutrinos']
    """
    common = {*_common(runs), *without}
    return [", ".join(text for name, text in run.parts.items() if text and name not in common) for run in runs]


def _common(runs: Sequence[Emission]) -> set[str]:
    return {name for name, text in runs[0].parts.items() if all(run.parts.get(name, "") == text for run in runs)}


def caption(figure: Figure, *paragraphs: str, entries: bool | Mapping[str, Any] = False) -> None:
    """Write paragraphs below the axes, the figure growing by as much, with ``entries`` the legend of all its axes too.

    Parameters
    ----------
    figure : complete but for this.
    paragraphs : lines are broken between words.
    entries : whether the legend of all axes follows, in which curves that coincide have one entry; or its handles by name.

    Example
    -------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure(layout="constrained")
    >>> caption(figure, "a target of 100 cm^3")
    >>> figure.legends[0].get_title().get_text()
    'a target of 100 cm$^{3}$'
    """
    width = round(_PER_INCH * figure.get_figwidth())
    text = "\n".join(mathtext(fill(text, width, break_on_hyphens=False)) for text in paragraphs if text)
    shown: dict[str, Any] = {} if isinstance(entries, bool) else dict(entries)
    for axes in figure.axes if entries is True else ():
        merge_coinciding(axes)
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            shown.setdefault(label, handle)
    columns = 2 if max((len(label) for label in shown), default=0) < _LONG else 1
    lines = text.count("\n") + bool(text) + sum(label.count("\n") + 1 for label in shown) / columns
    figure.set_figheight(figure.get_figheight() + _LINE * lines)
    figure.legend(
        list(shown.values()), list(shown), loc="outside lower left", title=text, alignment="left", fontsize=8,
        title_fontsize=8, ncols=columns,
    )  # fmt: skip
