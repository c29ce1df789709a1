"""The grid of a scan: its axes, its chunks, its fingerprint.

In: checked data, see :mod:`renp.studies.scan.fields`. Out: frozen :class:`Axis` and :class:`Study`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Final

import renp_generated
from renp.inputs.benchmarks import MEDIATOR_FREQUENCIES
from renp.statistics.couplings import Coupling
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

_UNITS: Final[dict[str, str]] = {"mass": "eV", "width": "eV"}

_CHUNK_VALUES: Final = {"spectral_function": 200_000, "events": 20_000, "sensitivity": 100}


@dataclass(frozen=True)
class Axis:
    """One axis of the grid.

    Parameters
    ----------
    parameter : ``photon_energy``, ``lightest_mass``, ``exposure_days``, a mediator's number such as ``vector.mass``, or a
        coupling such as ``electromagnetic.mu[1,2]``.
    values : grid points in the parameter's unit.

    Example
    -------
    >>> axis = Axis("vector.mass", (0.1, 1.0))
    >>> axis.dimension, axis.unit
    ('vector_mass', 'eV')
    """

    parameter: str
    values: tuple[float, ...]

    @property
    def dimension(self) -> str:
        """Name of the dimension in the data set: letters, digits and underscores alone."""
        plain = "".join(c if c.isalnum() else "_" for c in self.parameter.replace(",", ""))
        return "_".join(part for part in plain.split("_") if part)

    @property
    def unit(self) -> str:
        """Unit of the values, ``"1"`` if they have none."""
        if self.parameter in PLAIN_AXES:
            return PLAIN_AXES[self.parameter]
        if "[" in self.parameter:
            return Coupling.parse(self.parameter).unit
        return _UNITS.get(self.parameter.split(".")[1], "1")


@dataclass(frozen=True)
class Study:
    """A validated study.

    Parameters
    ----------
    document : the study as plain data, as read and completed.
    axes : grid axes, outermost first; ``photon_energy`` is always last.

    Example
    -------
    >>> from renp.studies.scan.study import parse_study
    >>> study = parse_study('quantity = "events"\\n[[axis]]\\nparameter = "lightest_mass"\\nvalues = [0.0, 0.01]')
    >>> study.quantity, study.shape
    ('events', (2,))
    """

    document: Mapping[str, Any]
    axes: tuple[Axis, ...]

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
        if self.quantity == "spectral_function":
            return len(self.axes[-1].values)
        return 3 if self.quantity == "sensitivity" else len(self.frequencies)

    @property
    def frequencies(self) -> tuple[float, ...]:
        """Photon energies [eV] of the exposure."""
        return tuple(self.document.get("exposure", {}).get("frequencies", MEDIATOR_FREQUENCIES))

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
        """SHA-256 of the study and of the code and backend that compute it: chunks of another one are never mixed in."""
        parts = {"study": self.document, "source": source_hash(), "backend": renp_generated.backend()}
        text = json.dumps(parts, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
