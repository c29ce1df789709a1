"""Limits on one coupling as a table and a plot: what ``renp sensitivity`` prints.

In: a coupling and the settings of ``renp.sensitivity``. Out: a frozen ``Reach`` that writes itself as CSV or as a plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.sensitivity import CURVE_PARAMETERS, ELECTRON_COUPLINGS, Coupling, Limit, sensitivity, sensitivity_curve

__all__ = ["Reach", "parse_logarithmic_values", "parse_photon_energies", "reach"]

_MOST_POINTS: Final[int] = 10_000


@dataclass(frozen=True)
class Reach:
    """Limits on one coupling, at one place or along a parameter.

    Parameters
    ----------
    limits : one for each value.
    parameter : what varies, ``None`` for a single limit.
    values : values of the parameter, empty for a single limit.

    Example
    -------
    >>> reach("tensor.t[1,1]").headings
    ('lower', 'upper', 'excluded above in size')
    """

    limits: tuple[Limit, ...]
    parameter: str | None = None
    values: tuple[float, ...] = ()

    @property
    def title(self) -> str:
        """Coupling, unit, what else is fixed, and confidence level."""
        limit = self.limits[0]
        unit = "" if limit.coupling.unit == "1" else f" [{limit.coupling.unit}]"
        electron = ELECTRON_COUPLINGS.get(limit.coupling.group)
        given = "" if electron is None else f" for {electron} = 1"
        return f"{limit.coupling}{unit}{given}, {100 * limit.level:g} % C.L., weak spectrum expected"

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings of the columns."""
        columns = ("lower", "upper", "excluded above in size")
        return columns if self.parameter is None else (f"{self.parameter} [{self._unit}]", *columns)

    @property
    def rows(self) -> tuple[tuple[float, ...], ...]:
        """One row of numbers for each limit."""
        numbers = [(limit.negative, limit.positive, limit.magnitude) for limit in self.limits]
        if self.parameter is None:
            return tuple(numbers)
        return tuple((value, *row) for value, row in zip(self.values, numbers, strict=True))

    @property
    def _unit(self) -> str:
        return "" if self.parameter is None else CURVE_PARAMETERS[self.parameter]

    def to_csv(self) -> bytes:
        """Return the limits as CSV with a header; numbers read back exactly."""
        names = ("lower", "upper", "magnitude")
        header = names if self.parameter is None else (self.parameter, *names)
        lines = [",".join(header), *(",".join(repr(float(number)) for number in row) for row in self.rows), ""]
        return "\n".join(lines).encode("ascii")

    def to_picture(self, file_format: str) -> bytes:
        """Return the curve as a plot; raise ``ValueError`` if there is no curve or no finite point on it."""
        from renp.plotting import figure_bytes, plot_curve

        if self.parameter is None:
            raise ValueError("a single limit is no curve: nothing to plot")
        sizes = [limit.magnitude for limit in self.limits]
        if not any(isfinite(size) for size in sizes):
            raise ValueError(f"no value of {self.parameter} gives a finite limit: nothing to plot")
        unit = self.limits[0].coupling.unit
        figure = plot_curve(
            self.values,
            sizes,
            x_label=f"{self.parameter.replace('_', ' ')} [{self._unit}]",
            y_label=f"excluded size of {self.limits[0].coupling}" + ("" if unit == "1" else f" [{unit}]"),
            title=self.title,
        )
        return figure_bytes(figure, file_format)


def reach(
    coupling: str,
    *,
    level: float = 0.90,
    mass: float | None = None,
    profile: Sequence[str] = (),
    along: str | None = None,
    values: NDArray[np.float64] | None = None,
    **settings: Any,
) -> Reach:
    """Compute one limit, or limits along a parameter.

    Parameters
    ----------
    coupling : for example ``"vector.g_L[1,1]"``.
    level : confidence level.
    mass : mediator mass [eV]; needed by groups with a mediator unless the curve runs along it.
    profile : couplings left free.
    along, values : a parameter of ``CURVE_PARAMETERS`` and its values.
    **settings : of ``renp.events.experiment``.

    Raises
    ------
    ValueError : an argument is unknown or out of range, a mediator lacks its mass, a contact interaction has one.

    Example
    -------
    >>> reach("vector.g_L[1,1]", mass=1.0).rows[0][1] > 0
    True
    """
    target = Coupling.parse(coupling)
    mediator = target.group in ELECTRON_COUPLINGS
    if mass is not None and not mediator:
        raise ValueError(f"mass: {target.group} couplings have no mediator")
    if mass is not None and along == "mediator_mass":
        raise ValueError("mass: give none, the curve runs along it")
    if mass is None and mediator and along != "mediator_mass":
        raise ValueError(f"mass: {target.group} couplings need the mediator mass in eV")
    groups: dict[str, Any] = {} if mass is None else {target.group: {"mass": mass}}
    if along is None:
        return Reach((sensitivity(target, level=level, profile=profile, **groups, **settings),))
    chosen = np.array([]) if values is None else values
    curve = sensitivity_curve(target, along, chosen, level=level, profile=profile, **groups, **settings)
    return Reach(curve.limits, along, tuple(curve.values.tolist()))


def parse_logarithmic_values(text: str) -> NDArray[np.float64]:
    """Read ``START:STOP:COUNT`` as values evenly spaced in logarithm, both ends included.

    Raises
    ------
    ValueError : not three fields, not positive finite numbers in rising order, fewer than two or too many points.

    Example
    -------
    >>> parse_logarithmic_values("1e-2:1e2:3").tolist()
    [0.01, 1.0, 100.0]
    """
    fields = text.split(":")
    try:
        start, stop, count = float(fields[0]), float(fields[1]), int(fields[2])
    except (ValueError, IndexError):
        count = 0
    if len(fields) != 3 or count == 0:
        raise ValueError(f"values must be START:STOP:COUNT, for example 1e-3:1e4:29, found {text!r}")
    if not (isfinite(stop) and 0 < start < stop):
        raise ValueError(f"values: START and STOP must be positive, finite and in rising order, found {text!r}")
    if not 2 <= count <= _MOST_POINTS:
        raise ValueError(f"values: COUNT must lie between 2 and {_MOST_POINTS}, found {count} in {text!r}")
    return np.geomspace(start, stop, count)


def parse_photon_energies(text: str) -> tuple[float, ...]:
    """Read photon energies [eV] separated by commas.

    Raises
    ------
    ValueError : a field is not a finite number.

    Example
    -------
    >>> parse_photon_energies("1.069, 1.07")
    (1.069, 1.07)
    """
    try:
        energies = tuple(float(field) for field in text.split(","))
    except ValueError:
        energies = ()
    if not energies or not all(isfinite(energy) for energy in energies):
        raise ValueError(f"omega must be energies in eV separated by commas, for example 1.069,1.07, found {text!r}")
    return energies
