"""How large one element of a form factor may be for a published bound on an effective quantity, all other elements zero.

In: a :class:`renp.inputs.bounds.Bound`, the element, a mixing matrix. Out: the literal coefficient of the Lagrangian.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.inputs.bounds import Bound
from renp.inputs.constants import ELECTRON_CHARGE
from renp.probes.effective import effective_moment, effective_radius, plasmon_sum, solar_moment, solar_probabilities
from renp.probes.form_factors import UNITS
from renp_generated.runtime.arguments import choice

__all__ = ["MOMENTS", "element_limit"]

MOMENTS: Final = tuple(name for name, unit in UNITS.items() if unit == "mu_B")
FORM_FACTORS: Final = tuple(UNITS)


def element_limit(
    bound: Bound, form_factor: str, i: int, j: int, *, mixing: NDArray[np.complex128], nature: str = "dirac"
) -> float | None:
    """Return the size [mu_B; cm^2] of an element that saturates a bound, or None where the bound does not hold for it.

    Parameters
    ----------
    bound : the published number.
    form_factor : ``"mu"``, ``"eps"``, ``"r2"`` or ``"anapole"``.
    i, j : mass states, counted from 1; the element is real, for moments of Majorana neutrinos imaginary.
    mixing : (3, 3) mixing matrix, rows e, mu, tau.
    nature : ``"dirac"`` or ``"majorana"``.

    Raises
    ------
    ValueError : unknown form factor.

    Example
    -------
    >>> from renp.inputs.bounds import bounds_on
    >>> giants = bounds_on("mu")[0]
    >>> [f"{element_limit(giants, 'mu', 1, j, mixing=np.eye(3)):.2g}" for j in (1, 2)]
    ['1.2e-12', '8.5e-13']
    """
    name = choice("form_factor", form_factor, FORM_FACTORS)
    unit = np.zeros((3, 3), dtype=complex)
    unit[i - 1, j - 1], unit[j - 1, i - 1] = _entry(name, i, j, nature)
    one: dict[str, Any] = {name: unit, "nature": nature}
    if bound.seen_by == "plasmon" and (name in MOMENTS or bound.plasma_frequency):
        return _over(bound.magnitude, sqrt(plasmon_sum(3, plasmon_mass=bound.plasma_frequency or 1.0, **one)))
    if name in MOMENTS and bound.quantity == "mu":
        if bound.seen_by == "reactor":
            return _over(bound.magnitude, sqrt(effective_moment("e", mixing=mixing, antineutrino=True, **one)))
        if bound.seen_by == "solar":
            return _over(bound.magnitude, sqrt(solar_moment(solar_probabilities("low", mixing), **one)))
        if bound.seen_by == "universal" and name == "mu" and i == j and nature == "dirac":
            return bound.magnitude
    if name not in MOMENTS and bound.quantity == "r2" and bound.seen_by == "reactor" and bound.literal:
        seen = abs(effective_radius("e", "e", mixing=mixing, antineutrino=True, **one))
        return _over(bound.literal * ELECTRON_CHARGE * bound.magnitude, float(seen))
    return None


def _entry(name: str, i: int, j: int, nature: str) -> tuple[complex, complex]:
    return (1j, -1j) if nature == "majorana" and name != "anapole" and i != j else (1, 1)


def _over(bound: float, seen: float) -> float | None:
    return bound / seen if seen else None
