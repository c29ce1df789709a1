"""The output of a scan: a labelled data set, in place of the former one at once.

In: all chunks. Out: NetCDF or Zarr with units, coordinates and provenance. An output of somebody else is recognised and left.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

import renp_generated
from renp.output.files import check_output_paths, naming
from renp.output.trees import exchange
from renp.statistics.couplings import Coupling
from renp.studies.scan.grid import Study
from renp.studies.scan.notes import notes
from renp.studies.scan.parts import Place, changed, load_part, remove, write_bytes
from renp.studies.scan.source import source_hash

if TYPE_CHECKING:
    import xarray

__all__ = ["fingerprint_of", "is_complete", "write_dataset"]

FloatArray = NDArray[np.float64]

_OWN_ZARR: Final = re.compile(r"zarr\.json|\.z(?:group|attrs|metadata|array)|c|\d+(?:\.\d+)*")
"""Names of the files of a Zarr store, versions 2 and 3."""


def is_complete(place: Place, study: Study, *, fresh: bool) -> bool:
    """Return whether the output is there already.

    Raises
    ------
    ValueError : there is one that must not be replaced: of another study, or of somebody else.
    """
    if not place.output.exists():
        return False
    shown = f"output: {str(place.output)!r}"
    if place.suffix == ".nc":
        check_output_paths([place.output])
    elif not place.output.is_dir():
        raise ValueError(f"{shown} is no directory: take another name")
    stranger = _stranger(place.output, _OWN_ZARR) if place.suffix == ".zarr" else None
    found = None if stranger else fingerprint_of(place.output, place.suffix)
    if not fresh:
        if found == study.fingerprint:
            return True
        recorded = _attributes(place.output, place.suffix)
        reason = changed(study, _json(recorded.get("study")), _json(recorded.get("files")))
        raise ValueError(
            f"{reason or f'{shown} exists and is not this study'}; take another name or ask for a fresh run"
        )
    if found is None and not (place.output.is_dir() and not any(place.output.iterdir())):
        what = f"holds {stranger!r}, which no scan has written" if stranger else "was not written by a scan"
        raise ValueError(f"{shown} {what}: a fresh run does not delete it; take another name")
    return False


def fingerprint_of(path: Path, suffix: str) -> str | None:
    """Return the fingerprint of the study that an output holds; ``None`` if no scan has written it."""
    found = _attributes(path, suffix).get("fingerprint")
    return None if found is None else str(found)


def _attributes(path: Path, suffix: str) -> dict[Any, Any]:
    """Return the attributes of a data set; none of a file that is no data set."""
    import xarray

    try:
        options: dict[str, Any] = {"consolidated": False} if suffix == ".zarr" else {}
        with xarray.open_dataset(path, engine="zarr" if options else "h5netcdf", **options) as data:
            return dict(data.attrs)
    except Exception:  # Libraries raise almost anything over a file of somebody else.
        return {}


def _json(text: object) -> object:
    try:
        return json.loads(str(text))
    except ValueError:
        return None


def write_dataset(study: Study, place: Place) -> None:
    """Write the output from the finished chunks.

    Raises
    ------
    OSError : a chunk has vanished, or a file cannot be written.
    """
    chunks = []
    for index in range(study.chunks):
        rows = load_part(place.parts, study, index)
        if rows is None:
            raise OSError(f"chunk {index} in {str(place.parts)!r} has vanished; run the scan again")
        chunks.append(rows)
    data = _dataset(study, np.concatenate(chunks))
    with naming(place.output):
        try:
            if place.suffix == ".nc":
                write_bytes(place.result, _netcdf(data))
            else:
                data.to_zarr(place.result, mode="w", consolidated=False)
            _install(place)
        finally:
            # What a full disk has no room for, or the old output.
            remove(place.result)


def _stranger(directory: Path, own: re.Pattern[str]) -> str | None:
    """Return a file inside a directory that has another name than a scan gives to files."""
    for parent, _, names in os.walk(directory):
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_symlink() or not own.fullmatch(name):
                return str(path.relative_to(directory))
    return None


def _netcdf(data: xarray.Dataset) -> memoryview:
    """Return a data set as the bytes of a file: the HDF5 library itself takes the process down when a disk is full."""
    import h5netcdf
    from xarray.backends import H5NetCDFStore

    stream = BytesIO()
    with h5netcdf.File(stream, "w") as file:
        data.dump_to_store(H5NetCDFStore(file))
    return stream.getbuffer()


def _install(place: Place) -> None:
    """Put the new output in place of the old one; at each moment one of them is complete under a name that is found again."""
    if place.output.is_dir():
        if exchange(place.result, place.output):
            return
        os.rename(place.output, place.former)
    os.replace(place.result, place.output)


def _dataset(study: Study, values: FloatArray) -> xarray.Dataset:
    # Importing it takes a second, and only the last step needs it.
    import xarray

    shape = tuple(len(axis.values) for axis in study.outer)
    names = tuple(axis.dimension for axis in study.outer)
    coordinates: dict[str, Any] = {
        axis.dimension: (
            axis.dimension,
            np.array(axis.values),
            {"units": axis.unit, "long_name": axis.parameter},
        )
        for axis in study.axes
    }
    variables: dict[str, Any] = {}
    if study.quantity == "spectral_function":
        about = {"units": "1", "long_name": "spectral function"}
        variables["spectral_function"] = ((*names, "photon_energy"), values.reshape(*shape, study.row), about)
    elif study.quantity == "events":
        coordinates["photon_energy"] = (
            "photon_energy",
            np.array(study.run.frequencies),
            {"units": "eV", "long_name": "photon energy of the exposure"},
        )
        about = {"units": "1", "long_name": "expected photons"}
        variables["events"] = ((*names, "photon_energy"), values.reshape(*shape, study.row), about)
    else:
        coupling = Coupling.parse(study.document["sensitivity"]["coupling"], study.model)
        texts = (
            "lower end of the interval around zero",
            "upper end of the interval around zero",
            "both signs excluded above",
        )
        for column, (name, text) in enumerate(zip(("negative", "positive", "magnitude"), texts, strict=True)):
            about = {"units": coupling.unit, "long_name": f"{coupling}: {text}"}
            variables[name] = (names, values[:, column].reshape(shape), about)
    about_all = {
        "title": str(study.document.get("title", "")),
        "quantity": study.quantity,
        "study": json.dumps(study.document, sort_keys=True),
        "interactions": ", ".join(interaction.name for interaction in study.model.interactions),
        "interaction_hashes": json.dumps(_hashes(study), sort_keys=True),
        "files": json.dumps(study.files, sort_keys=True) if study.files else "",
        "notes": "\n".join(notes(study)),
        "fingerprint": study.fingerprint,
        "source_hash": source_hash(),
        "backend": renp_generated.backend(),
        "renp_version": version("renp"),
        "numpy_version": version("numpy"),
        "python_version": platform.python_version(),
    }
    # Old HDF5 layers cannot store an empty text.
    return xarray.Dataset(variables, coordinates, {key: text for key, text in about_all.items() if text})


def _hashes(study: Study) -> dict[str, str]:
    """Return the SHA-256 of the text of each interaction's file."""
    texts: dict[str, str] = study.document["interactions"]
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
