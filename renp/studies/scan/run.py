"""Scans over any parameters: a study in, a labelled data set on disk out.

In: a :class:`renp.studies.scan.grid.Study`. Out: an ``xarray`` data set as NetCDF (``.nc``) or Zarr (``.zarr``) with units,
coordinates and provenance. The grid is cut into chunks; each finished chunk is a file beside the output, so a stopped
scan goes on where it was, and the output appears in one step when all chunks are there. The chunks do not depend on who
computes them: one process, several, or a Dask cluster of like machines give the same bits.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from renp.model import Model
from renp.output.files import real_path
from renp.studies.scan.dataset import is_complete, write_dataset
from renp.studies.scan.errors import short
from renp.studies.scan.grid import Study
from renp.studies.scan.parts import MARK, Place, clear, fingerprint_in, load_part, open_parts, save_part, taken
from renp.studies.scan.study import with_model
from renp.studies.scan.workers import computed_chunks

__all__ = ["check_output", "run_scan"]

_ADDRESS: Final = re.compile(r"(tcp|tls|ucx|ws|wss)://\S+:\d+/?|inproc://\S+")


def run_scan(
    study: Study,
    output: str | os.PathLike[str],
    *,
    model: Model | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    fresh: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Compute a study and write it; go on from the finished chunks of an earlier run of the same study.

    Parameters
    ----------
    study : from :func:`load_study`.
    output : ``.nc`` or ``.zarr``, followed if it is a symbolic link. While the scan runs, finished chunks lie in
        ``<output>.parts``.
    model : the interactions, if the study names none.
    workers : number of processes, 0 for one per core; ignored with ``scheduler``. They end with this one, however it ends.
    scheduler : address of a running Dask scheduler, for example ``"tcp://host:8786"``.
    fresh : throw away chunks and output of another study instead of refusing; what no scan has written stays.
    progress : called with the number of finished chunks and of all chunks.

    Returns
    -------
    The path of the output.

    Raises
    ------
    ValueError : the study names other interactions than ``model``, another suffix, a scheduler that is no address, a point
        of the grid that cannot be computed, or the output or its chunks belong to another study, or to an earlier text of
        an interaction.
    TypeError : an argument of another type.
    OSError : a file cannot be written, another scan writes to this output, the scheduler does not answer.
    ImportError : a package for labelled data or for clusters is not installed.
    """
    if not isinstance(study, Study):
        raise TypeError(f"study: expected what load_study returns, got {type(study).__name__}")
    target = check_output(output, workers, scheduler)
    if model is not None:
        study = with_model(study, model)
    place = Place(real_path(target), target.suffix)
    if is_complete(place, study, fresh=fresh) and not place.parts.is_dir():
        return target
    with taken(place):
        # Another scan may have ended in between.
        if not is_complete(place, study, fresh=fresh):
            open_parts(place.parts, study, fresh=fresh)
            missing = [i for i in range(study.chunks) if load_part(place.parts, study, i) is None]
            finished = study.chunks - len(missing)
            if progress is not None:
                progress(finished, study.chunks)
            with closing(computed_chunks(study.document, missing, workers, scheduler)) as chunks:
                for index, rows in chunks:
                    save_part(place.parts, index, rows)
                    finished += 1
                    if progress is not None:
                        progress(finished, study.chunks)
            write_dataset(study, place)
        if fingerprint_in(place.parts / MARK) == study.fingerprint:
            clear(place.parts)
    return target


def check_output(output: object, workers: object = 1, scheduler: object = None) -> Path:
    """Return where a scan writes, if it can write there in this way; nothing is computed or written.

    Raises
    ------
    ValueError, TypeError, ImportError : see :func:`run_scan`.

    Example
    -------
    >>> check_output("study.nc").suffix
    '.nc'
    """
    if not isinstance(output, (str, os.PathLike)):
        raise TypeError(f"output: expected a path, got {type(output).__name__}")
    target = Path(output)
    if target.suffix not in (".nc", ".zarr"):
        raise ValueError(f"output: expected a name ending in .nc or .zarr, got {target.name!r}")
    if scheduler is not None and not (isinstance(scheduler, str) and _ADDRESS.fullmatch(scheduler)):
        raise ValueError(f"scheduler: expected an address like tcp://host:8786, got {short(scheduler)}")
    if isinstance(workers, bool) or not isinstance(workers, int):
        raise TypeError(f"workers: expected a whole number, got {short(workers)}")
    if workers < 0:
        raise ValueError(f"workers: expected 0 (all cores) or more, got {short(workers)}")
    parent = target.parent if not target.is_symlink() else real_path(target).parent
    if not parent.is_dir():
        raise ValueError(f"output: directory {str(parent)!r} does not exist")
    _require("xarray", "h5netcdf" if target.suffix == ".nc" else "zarr", *(("distributed",) if scheduler else ()))
    return target


def _require(*modules: str) -> None:
    for module in modules:
        if find_spec(module) is None:
            source = "zarr" if module == "zarr" else "'renp[scan]'"
            raise ImportError(f"scan: {module} is not installed; pip install {source}")
