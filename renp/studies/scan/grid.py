"""The grid of a scan: its axes, its chunks, its fingerprint.

In: checked data, see :mod:`renp.studies.scan.fields`. Out: frozen :class:`Axis` and :class:`Study`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, Final

import renp_generated
from renp.model import Model
from renp.rates.experiment import Experiment
from renp.studies.scan.source import source_hash

__all__ = ["PLAIN_AXES", "QUANTITIES", "Axis", "Study"]

QUANTITIES: Final[dict[str, str]] = {
    "spectral_function": "dimensionless spectral function I(omega); needs an axis over photon_energy",
    "events": "expected photons at each photon energy of the exposure",
    "sensitivity": "limits on one coupling",
}
"""What a scan can compute."""

PLAIN_AXES: Final[dict[str, str]] = {"photon_energy": "eV", "lightest_mass": "eV", "exposure_days": "day"}
"""Parameters of the experiment that an axis may run over, with units."""

_CHUNK_VALUES: Final = {"spectral_function": 200_000, "events": 20_000, "sensitivity": 100}


@dataclass(frozen=True)
class Axis:
    """One axis of the grid.

    Parameters
    ----------
    parameter : ``photon_energy``, ``lightest_mass``, ``exposure_days``, a number of a coupling group such as
        ``vector.mass``, or a coupling such as ``electromagnetic.mu[1,2]``.
    values : grid points in the parameter's unit.
    unit : unit of the values, ``"1"`` if they have none.

    Example
    -------
    >>> Axis("vector.mass", (0.1, 1.0), "eV").dimension
    'vector_mass'
    """

    parameter: str
    values: tuple[float, ...]
    unit: str

    @property
    def dimension(self) -> str:
        """Name of the dimension in the data set: letters, digits and underscores alone."""
        plain = "".join(c if c.isalnum() else "_" for c in self.parameter.replace(",", ""))
        return "_".join(part for part in plain.split("_") if part)


@dataclass(frozen=True)
class Study:
    """A validated study.

    Parameters
    ----------
    document : the study as plain data, as read and completed; ``interactions`` holds the text of each interaction's file.
    axes : grid axes, outermost first; ``photon_energy`` is always last.
    run : the experiment at the first values of the axes, with the model.
    files : the file or the name that each interaction was read from; ``None`` if the study names no interactions.

    Example
    -------
    >>> from renp.studies.scan.study import parse_study
    >>> study = parse_study('quantity = "events"\\n[[axis]]\\nparameter = "lightest_mass"\\nvalues = [0.0, 0.01]')
    >>> study.quantity, study.shape
    ('events', (2,))
    """

    document: Mapping[str, Any]
    axes: tuple[Axis, ...]
    run: Experiment = field(compare=False)
    files: Mapping[str, str] | None = None

    @property
    def model(self) -> Model:
        """The interactions."""
        return self.run.model

    @property
    def quantity(self) -> str:
        """One of :data:`QUANTITIES`."""
        return str(self.document["quantity"])

    @property
    def outer(self) -> tuple[Axis, ...]:
        """The axes that are cut into chunks: all but ``photon_energy``."""
        return tuple(axis for axis in self.axes if axis.parameter != "photon_energy")

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of points of each axis."""
        return tuple(len(axis.values) for axis in self.axes)

    @property
    def row(self) -> int:
        """Values per outer grid point."""
        if self.quantity == "sensitivity":
            return 3
        return len(self.axes[-1].values if self.quantity == "spectral_function" else self.run.frequencies)

    @property
    def points(self) -> int:
        """Number of outer grid points."""
        return prod(len(axis.values) for axis in self.outer)

    @property
    def chunk_points(self) -> int:
        """Outer grid points of one chunk."""
        chosen = int(self.document.get("chunk", max(1, _CHUNK_VALUES[self.quantity] // self.row)))
        return min(chosen, self.points)

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.points // self.chunk_points)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the study, its model, and of the code and backend that compute it: chunks of another one are never mixed in."""
        parts = {"study": self.document, "source": source_hash(), "backend": renp_generated.backend()}
        text = json.dumps(parts, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def changed_files(self, document: object, files: object) -> tuple[str, ...]:
        """Return what this study names and an earlier scan read with another text, if that is all that tells them apart.

        Parameters
        ----------
        document : the document of the earlier scan, as it was recorded.
        files : the files of its study, likewise.
        """
        if not isinstance(document, dict) or not isinstance(document.get("interactions"), dict):
            return ()
        before, names = document["interactions"], files if isinstance(files, dict) else {}
        now = {name: (self.files or {}).get(name, name) for name in self.document["interactions"]}
        then = {names.get(name, name): text for name, text in before.items()}
        rest = [{key: value for key, value in d.items() if key != "interactions"} for d in (document, self.document)]
        if rest[0] != rest[1] or set(now.values()) != set(then):
            return ()
        texts = self.document["interactions"]
        return tuple(dict.fromkeys(file for name, file in now.items() if texts[name] != then[file]))
