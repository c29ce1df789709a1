"""A figure as a record: what it repeats, what it shows, how it compares, and the function that draws it.

In: a function that returns a Matplotlib figure, of a set-up where two of them are drawn. Out: :class:`StudyFigure`, a function
of a path.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from renp.output.files import write_files
from renp.studies.figures.curves import watched
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
    derived : the same figure for the derived set-up, which a figure of the papers' set-up has beside it.

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
    derived: StudyFigure | None = None

    def __call__(self, path: str | os.PathLike[str], progress: Callable[[int], object] | None = None) -> None:
        """Draw the figure into ``path`` (.png, .pdf or .svg), complete or not at all; raise ``ValueError`` for another suffix.

        ``progress`` is called with the number of curves that are done.
        """
        file_format = figure_format(path)
        with style(), watched(progress or (lambda number: None)):
            figure = self.build()
        write_files({path: figure_bytes(figure, file_format)})


def study_figure(
    name: str, source: str, shows: str, compared: str, *, derived: str = ""
) -> Callable[[Callable[..., Figure]], StudyFigure]:
    """Return the decorator that turns a function that draws into a :class:`StudyFigure`.

    Parameters
    ----------
    name, source, shows, compared : of the figure.
    derived : how the figure for the derived set-up compares. With it the function takes the name of a set-up.

    Example
    -------
    >>> @study_figure("empty", "no paper", "nothing", "It does not.", derived="Nor does it.")
    ... def empty(setup: str) -> Figure:
    ...     return Figure()
    >>> empty.name, empty.derived.name
    ('empty', 'empty-derived')
    """

    def decorate(build: Callable[..., Figure]) -> StudyFigure:
        if not derived:
            return StudyFigure(name, source, shows, compared, build)
        real = StudyFigure(f"{name}-derived", f"{source}, derived set-up", shows, derived, partial(build, "derived"))
        return StudyFigure(name, source, shows, compared, partial(build, "papers"), real)

    return decorate
