"""The options ``--plot`` and ``--csv``, and how files are written: checked before the work, all of them or none.

In: paths and functions that make the contents. Out: files, and a line for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CsvOption", "JsonFlag", "PlotOption", "check_outputs", "print_written", "write_outputs"]

PlotOption = Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it into this file (.png, .pdf, .svg).")]
CsvOption = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the numbers as CSV.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def check_outputs(plot: Path | None, *others: Path | None) -> None:
    """Raise ``ValueError`` or ``OSError`` if a file cannot be written, or a plot has an unknown suffix.

    Example
    -------
    >>> check_outputs(None)
    """
    from renp.output.files import check_output_paths

    check_output_paths(path for path in (plot, *others) if path is not None)
    if plot is not None:
        from renp.studies.figures.plotting import figure_format

        figure_format(plot)


def write_outputs(contents: Mapping[Path | None, Callable[[], bytes | Figure]]) -> tuple[Path, ...]:
    """Make and write the files whose path is given, all of them or none, and return their paths.

    Example
    -------
    >>> write_outputs({None: lambda: b""})
    ()
    """
    from renp.output.files import write_files

    paths = tuple(path for path in contents if path is not None)
    write_files({path: _bytes(path, contents[path]()) for path in paths})
    return paths


def print_written(paths: Iterable[Path]) -> None:
    """Print which files were written.

    Example
    -------
    >>> print_written([Path("a.csv")])
    wrote a.csv
    """
    for path in paths:
        print(f"wrote {path}")


def _bytes(path: Path, content: bytes | Figure) -> bytes:
    if isinstance(content, bytes):
        return content
    from renp.studies.figures.plotting import figure_bytes, figure_format

    return figure_bytes(content, figure_format(path))
