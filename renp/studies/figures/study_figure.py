"""A figure as a record: what it repeats, what it shows, how it compares, and the function that draws it.

In: a function without arguments that returns a Matplotlib figure. Out: :class:`StudyFigure`, a function of a path.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from renp.output.files import write_files
from renp.studies.figures.plotting import figure_bytes, figure_format, style

__all__ = ["StudyFigure", "study_figure"]


@dataclass(frozen=True)
class StudyFigure:
    """One figure; calling it with a path writes the file.

    Parameters
    ----------
    name : for the command line.
    source : the paper's figure that it repeats, or what it adds.
    shows : what is to be seen, in words.
    compared : how it compares with what the paper says.
    build : function that draws it.

    Example
    -------
    >>> from renp.studies.figures.registry import FIGURES
    >>> FIGURES["threshold-ladder"].source
    'six thresholds of GP22 13 against the lightest mass'
    """

    name: str
    source: str
    shows: str
    compared: str
    build: Callable[[], Figure]

    def __call__(self, path: str | os.PathLike[str]) -> None:
        """Draw the figure into ``path`` (.png, .pdf or .svg), complete or not at all; raise ``ValueError`` for another suffix."""
        file_format = figure_format(path)
        with style():
            figure = self.build()
        write_files({path: figure_bytes(figure, file_format)})


def study_figure(name: str, source: str, shows: str, compared: str) -> Callable[[Callable[[], Figure]], StudyFigure]:
    """Return the decorator that turns a function that draws into a :class:`StudyFigure`, whose fields these are.

    Example
    -------
    >>> @study_figure("empty", "no paper", "nothing", "It does not.")
    ... def empty() -> Figure:
    ...     return Figure()
    >>> empty.name
    'empty'
    """
    return lambda build: StudyFigure(name, source, shows, compared, build)
