"""The computation of a scan: one chunk of the grid, the same bits wherever it runs.

In: plain data that any worker can be sent. Out: arrays, one row for each grid point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renp.rates.batches import Case, counts, spectra
from renp.rates.experiment import Experiment, experiment
from renp.statistics.couplings import Coupling
from renp.statistics.rate_polynomial import completed_groups
from renp.studies.scan.errors import short
from renp.studies.scan.fields import checked_study
from renp.studies.scan.grid import PLAIN_AXES, Study
from renp.studies.scan.settings import settings_of
from renp.studies.sensitivity import limits, set_up

__all__ = ["compute_chunk", "groups_at", "run_at", "values_at"]

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
    (2, 9)
    """
    if not isinstance(document, Mapping):
        raise TypeError(f"document: expected the document of a study, got {type(document).__name__}")
    study = checked_study(document)
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < study.chunks:
        raise ValueError(f"index: expected a chunk number from 0 to {study.chunks - 1}, got {short(index)}")
    shape = tuple(len(axis.values) for axis in study.outer)
    first = index * study.chunk_points
    last = min(first + study.chunk_points, study.points)
    places = [np.unravel_index(flat, shape) if shape else () for flat in range(first, last)]
    points = [
        {axis.parameter: axis.values[int(at)] for axis, at in zip(study.outer, place, strict=True)} for place in places
    ]
    try:
        rows = _computed(study, points)
    except (ValueError, TypeError):
        # Alone, so that the message names the point.
        rows = [values_at(study, point) for point in points]
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
    (9,)
    """
    try:
        return _computed(study, [values])[0]
    except (ValueError, TypeError) as error:
        where = ", ".join(f"{name} = {value!r}" for name, value in values.items())
        raise ValueError(f"at {where}: {error}" if where else str(error)) from error


def _computed(study: Study, points: Sequence[Mapping[str, float]]) -> list[FloatArray]:
    """Return the values of many grid points, all evaluated together."""
    groups = [groups_at(study, values) for values in points]
    if study.quantity == "sensitivity":
        wanted = dict(study.document["sensitivity"])
        coupling, profile = wanted.pop("coupling"), wanted.pop("profile", ())
        set_ups = [
            set_up(coupling, tuple(profile), study.model, {**_settings(study, values), **group})
            for values, group in zip(points, groups, strict=True)
        ]
        return [np.array([found.negative, found.positive, found.magnitude]) for found in limits(set_ups, **wanted)]
    omega = study.axes[-1].values if study.quantity == "spectral_function" else None
    runs: dict[tuple[float, ...], Experiment] = {}
    cases = []
    for values, group in zip(points, groups, strict=True):
        varied = tuple(_varied(values).values())
        run = runs[varied] = runs.get(varied) or run_at(study, values)
        cases.append(Case(run, completed_groups(group, set(), run), omega=omega))
    return counts(cases) if omega is None else spectra(cases)


def run_at(study: Study, values: Mapping[str, float]) -> Experiment:
    """Return the experiment at one grid point."""
    return experiment(model=study.model, **_settings(study, values))


def groups_at(study: Study, values: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    """Return the coupling groups that a study sets at one grid point."""
    groups: dict[str, dict[str, Any]] = {
        name: dict(study.document[name]) for name in study.model.keywords if name in study.document
    }
    couplings = {**study.document.get("couplings", {}), **{k: v for k, v in values.items() if "[" in k}}
    for name, value in couplings.items():
        coupling = Coupling.parse(name, study.model)
        group = groups.setdefault(coupling.group, {})
        group[coupling.name] = group.get(coupling.name, 0) + coupling.matrix(value, len(study.run.masses))
    for name, value in values.items():
        if "." in name and "[" not in name:
            group_name, entry = name.split(".")
            groups.setdefault(group_name, {})[entry] = value
    return groups


def _settings(study: Study, values: Mapping[str, float]) -> dict[str, Any]:
    """Return the settings of the experiment at one grid point, but for the model."""
    return {**settings_of(study.document), "frequencies": study.run.frequencies, **_varied(values)}


def _varied(values: Mapping[str, float]) -> dict[str, float]:
    """Return what an axis changes of the experiment itself."""
    return {key: value for key, value in values.items() if key in PLAIN_AXES and key != "photon_energy"}
