"""Published bounds to draw beside our sensitivities.

In: ``renp/inputs/data/bounds.toml``. Out: frozen :class:`Bound` records, each with its reference. No calculation uses them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from derivations.references import with_citations
from renp_generated.runtime.arguments import shown

__all__ = ["BOUNDS", "Bound", "bounds_on"]

QUANTITIES: Final[dict[str, str]] = {"mu": "mu_B", "r2": "cm^2", "vector": "eV^-2"}
"""The quantities in the file with their units."""


@dataclass(frozen=True)
class Bound:
    """One published bound.

    Parameters
    ----------
    name : experiment or object.
    quantity : ``"mu"`` [mu_B], ``"r2"`` [cm^2] or ``"vector"`` [eV^-2, a slope over the squared mediator mass].
    level : confidence level; 0 for a guide line that is no bound.
    kind : ``"laboratory"``, ``"astrophysics"`` or ``"cosmology"``.
    what : the combination of couplings that the number bounds.
    reference : where it is published.
    upper, lower, slope : the number; ``lower`` only where the source gives an interval, ``slope`` only for ``"vector"``.
    note : what a reader should know besides.
    seen_by : which effective quantity it bounds: ``"reactor"``, ``"solar"``, ``"plasmon"``, ``"universal"``; empty if none of these.
    literal : of a charge radius: ``|r2 - 6 anapole|`` of the Lagrangian over e times the number; 0 where the vertex is not said.
    plasma_frequency : in the star [eV]; 0 where it is not given.

    Example
    -------
    >>> next(b for b in BOUNDS if b.name == "XENONnT").magnitude
    6.4e-12
    """

    name: str
    quantity: str
    level: float
    kind: str
    what: str
    reference: str
    upper: float | None = None
    lower: float | None = None
    slope: float | None = None
    note: str = ""
    seen_by: str = ""
    literal: float = 0.0
    plasma_frequency: float = 0.0

    @property
    def unit(self) -> str:
        """Unit of the number."""
        return QUANTITIES[self.quantity]

    @property
    def magnitude(self) -> float:
        """The larger of the sizes of the ends, or the slope."""
        return max(abs(value) for value in (self.upper, self.lower, self.slope) if value is not None)


def bounds_on(quantity: str) -> tuple[Bound, ...]:
    """Return the bounds on one quantity, strongest first.

    Raises
    ------
    ValueError : unknown quantity.

    Example
    -------
    >>> [bound.name for bound in bounds_on("mu")][0]
    'red giants'
    """
    if not isinstance(quantity, str) or quantity not in QUANTITIES:
        raise ValueError(f"quantity: expected one of {', '.join(QUANTITIES)}, got {shown(quantity)}")
    return tuple(sorted((b for b in BOUNDS if b.quantity == quantity), key=lambda b: b.magnitude))


def _load() -> tuple[Bound, ...]:
    text = files("renp").joinpath("inputs", "data", "bounds.toml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = with_citations(tomllib.loads(text))["bound"]
    return tuple(Bound(**entry) for entry in entries)


BOUNDS: Final[tuple[Bound, ...]] = _load()
"""All published bounds of the data file."""
