"""The figures of the papers, drawn from the generated evaluators.

In: a name from :data:`FIGURES`. Out: a Matplotlib figure or a file. Each entry says in words what the paper's figure shows.
Axes carry units, colours are those of Okabe and Ito with a dash pattern each, and the same inputs give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from renp.studies.figures import form_factors, light_mediators, probes, thresholds
from renp.studies.figures.study_figure import StudyFigure

__all__ = ["FIGURES", "draw"]

FIGURES: Final[Mapping[str, StudyFigure]] = MappingProxyType(
    {
        figure.name: figure
        for module in (light_mediators, form_factors, probes, thresholds)
        for papers in vars(module).values()
        if isinstance(papers, StudyFigure)
        for figure in (papers, papers.derived)
        if figure is not None
    }
)
"""All figures by name, that of the derived set-up after that of the papers'; each is a function of a path."""


def draw(name: str, path: str | os.PathLike[str], progress: Callable[[int], object] | None = None) -> None:
    """Draw figure ``name`` into ``path``; ``progress`` is called with the number of curves that are done.

    Raises
    ------
    ValueError : the figure or the file's suffix is unknown.
    OSError : the file cannot be written.
    """
    if name not in FIGURES:
        raise ValueError(f"figure: unknown name {name!r}, known are {', '.join(FIGURES)}")
    FIGURES[name](path, progress)
