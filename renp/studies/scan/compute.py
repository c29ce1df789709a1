"""The computation of a scan: one chunk of the grid, the same bits wherever it runs.

In: plain data that any worker can be sent. Out: arrays, one row for each grid point.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renp.model import shipped_model
from renp.rates.channels import electron_couplings
from renp.rates.experiment import Experiment, experiment
from renp.statistics.couplings import Coupling
from renp.studies.scan.fields import MEDIATOR_NUMBERS, checked_study, short
from renp.studies.scan.grid import Study
from renp.studies.sensitivity import sensitivity

__all__ = ["compute_chunk", "values_at"]

FloatArray = NDArray[np.float64]


def compute_chunk(document: Mapping[str, Any], index: int) -> FloatArray:
    """Return chunk ``index`` of a study, shape (outer points of the chunk, values per point).

    Parameters
    ----------
    document : :attr:`Study.document`; plain data, so that it can be sent to any worker.
    index : chunk number from 0.

    Raises
    ------
    ValueError : not the document of a study, no such chunk, or a point that cannot be computed.
    TypeError : an argument of another type.

    Example
    -------
    >>> from renp.studies.scan.study import parse_study
    >>> study = parse_study('quantity = "events"\\n[[axis]]\\nparameter = "lightest_mass"\\nvalues = [0.0, 0.01]')
    >>> compute_chunk(study.document, 0).shape
    (2, 3)
    """
    if not isinstance(document, Mapping):
        raise TypeError(f"document: expected the document of a study, got {type(document).__name__}")
    study = checked_study(document)
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < study.chunks:
        raise ValueError(f"index: expected a chunk number from 0 to {study.chunks - 1}, got {short(index)}")
    shape = tuple(len(axis.values) for axis in study.outer)
    first = index * study.chunk_points
    last = min(first + study.chunk_points, study.points)
    rows = []
    for flat in range(first, last):
        place = np.unravel_index(flat, shape) if shape else ()
        values = {axis.parameter: axis.values[int(at)] for axis, at in zip(study.outer, place, strict=True)}
        rows.append(values_at(study, values))
    return np.stack(rows)


def values_at(study: Study, values: Mapping[str, float]) -> FloatArray:
    """Return the values of one grid point, shape (values per point,).

    Raises
    ------
    ValueError : they cannot be computed; the message names the point.

    Example
    -------
    >>> from renp.studies.scan.study import parse_study
    >>> values_at(parse_study('quantity = "events"'), {}).shape
    (3,)
    """
    try:
        return _compute_point(study, values)
    except (ValueError, TypeError) as error:
        where = ", ".join(f"{name} = {value!r}" for name, value in values.items())
        raise ValueError(f"at {where}: {error}" if where else str(error)) from error


def _compute_point(study: Study, values: Mapping[str, float]) -> FloatArray:
    settings, groups = _settings(study.document, values)
    if study.quantity == "sensitivity":
        wanted = study.document["sensitivity"]
        limit = sensitivity(
            wanted["coupling"],
            level=wanted.get("level", 0.90),
            profile=wanted.get("profile", ()),
            frequencies=study.frequencies,
            **settings,
            **groups,
        )
        return np.array([limit.negative, limit.positive, limit.magnitude])
    run: Experiment = experiment(frequencies=study.frequencies, **settings)
    if study.quantity == "events":
        return run.counts(**groups)
    return run.spectrum(np.array(study.axes[-1].values), **groups)


def _settings(document: Mapping[str, Any], values: Mapping[str, float]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings of the experiment and the coupling groups at one grid point."""
    atom, neutrinos = document.get("atom", {}), document.get("neutrinos", {})
    exposure = {key: value for key, value in document.get("exposure", {}).items() if key != "frequencies"}
    settings: dict[str, Any] = {("exposure_days" if key == "days" else key): value for key, value in exposure.items()}
    settings.update({("atom" if key == "name" else key): value for key, value in atom.items()})
    settings.update(neutrinos)
    settings.update({key: value for key, value in values.items() if key in ("lightest_mass", "exposure_days")})
    groups: dict[str, dict[str, Any]] = {
        name: dict(document[name]) for name in (*MEDIATOR_NUMBERS, "electromagnetic") if name in document
    }
    couplings = {**document.get("couplings", {}), **{k: v for k, v in values.items() if "[" in k}}
    for name, value in couplings.items():
        coupling = Coupling.parse(name)
        group = groups.setdefault(coupling.group, {})
        group[coupling.name] = group.get(coupling.name, 0) + coupling.matrix(value, 3)
    for name, value in values.items():
        if "." in name and "[" not in name:
            group_name, entry = name.split(".")
            groups.setdefault(group_name, {})[entry] = value
    for name, group in groups.items():
        for electron in electron_couplings(shipped_model(), name)[:1]:
            group.setdefault(electron, 1.0)
    return settings, groups
