"""``renp scan``: compute a study over any parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from renp.output.terminal import progress

__all__ = ["scan_command"]


def scan_command(
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml", help="Study file.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Output, .nc or .zarr; STUDY.nc by default.")] = None,
    workers: Annotated[int, typer.Option(help="Number of processes; 0 for one per core.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Use the Dask cluster of this scheduler instead.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw away results and chunks of another study.")] = False,
) -> None:
    """Compute a study over any parameters; run it again after an interruption and it goes on where it was.

    Example:  renp scan study.toml --out study.nc --workers 0

    Example:  renp scan study.toml --scheduler tcp://host:8786
    """
    from renp.studies.scan.run import run_scan
    from renp.studies.scan.study import load_study

    loaded = load_study(study)
    target = study.with_suffix(".nc") if out is None else out
    with progress() as display:
        task = display.add_task("chunks")
        run_scan(
            loaded,
            target,
            workers=workers,
            scheduler=scheduler,
            fresh=fresh,
            progress=lambda done, total: display.update(task, completed=done, total=total),
        )
    shape = " x ".join(f"{axis.dimension} {len(axis.values)}" for axis in loaded.axes) or "one point"
    print(f"wrote {target}: {loaded.quantity}, {shape}")
