"""``renp scan``: compute a study over any parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from renp.cli.models import ModelOption, SetOption, as_options, chosen_model, coupling_tables
from renp.output.terminal import print_text, progress

__all__ = ["scan_command"]


def scan_command(
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml", help="Study file.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Output, .nc or .zarr; STUDY.nc by default.")] = None,
    workers: Annotated[int, typer.Option(help="Number of processes; 0 for one per core.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Use the Dask cluster of this scheduler instead.")
    ] = None,
    model: ModelOption = None,
    settings: SetOption = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw away results and chunks of another study.")] = False,
) -> None:
    """Compute a study over any parameters; run it again after an interruption and it goes on where it was.

    Example:  renp scan study.toml --out study.nc --workers 0

    Example:  renp scan study.toml --scheduler tcp://host:8786

    Example:  renp scan study.toml --model dark_higgs.toml --set dark_higgs.mass=2 --set dark_higgs.y_e=1e-12 --out higgs.nc
    """
    from renp.studies.scan.notes import notes, set_up
    from renp.studies.scan.run import check_output, run_scan
    from renp.studies.scan.study import load_study

    chosen = chosen_model(model) if model else None
    loaded = load_study(study, chosen, further=lambda own: coupling_tables(settings, own))
    target = study.with_suffix(".nc") if out is None else out
    try:
        check_output(target, workers, scheduler)
    except (ValueError, TypeError) as problem:
        options = {"output": "--out", "workers": "--workers", "scheduler": "--scheduler"}
        raise type(problem)(as_options(str(problem), loaded.model, options)) from None
    for line in (*set_up(loaded), *(f"note: {note}" for note in notes(loaded))):
        print_text(line)
    computed = False
    with progress() as display:
        task = display.add_task("chunks")

        def report(done: int, total: int) -> None:
            nonlocal computed
            computed = True
            display.update(task, completed=done, total=total)

        run_scan(
            loaded,
            target,
            workers=workers,
            scheduler=scheduler,
            fresh=fresh,
            progress=report,
        )
    shape = " x ".join(f"{axis.dimension} {len(axis.values)}" for axis in loaded.axes) or "one point"
    print(f"{f'wrote {target}' if computed else f'{target} is complete'}: {loaded.quantity}, {shape}")
