"""``renp figure``: draw a figure of the papers, or list the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from renp.output.terminal import print_table, progress

__all__ = ["figure_command"]


def figure_command(
    name: Annotated[str | None, typer.Argument(help="Name of a figure; without it, all are listed.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File to write (.png, .pdf, .svg); NAME.png by default.")
    ] = None,
) -> None:
    """Draw a figure of the papers, or list the figures.

    Example:  renp figure

    Example:  renp figure gp22-fig3 --out sensitivity.pdf
    """
    from renp.output.files import check_output_paths

    if name is None and out is not None:
        raise ValueError("--out needs the NAME of a figure: renp figure lists them")
    if name is None:
        from renp.studies.figures.registry import FIGURES

        print_table(("figure", "source", "shows"), [(f.name, f.source, f.shows) for f in FIGURES.values()])
        return
    target = Path(f"{name}.png") if out is None else out
    check_output_paths([target])
    with progress() as display:
        task = display.add_task(name, total=None)
        from renp.studies.figures.registry import draw

        draw(
            name,
            target,
            lambda number: display.update(task, description=f"{name}: {number} curve{'s'[: number > 1]} drawn"),
        )
    print(f"wrote {target}")
