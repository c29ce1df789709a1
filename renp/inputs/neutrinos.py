"""Masses and weak couplings as functions of what oscillation experiments quote, with their exact derivatives.

In: an oscillation set and values for some of its parameters. Out: masses [eV] and axial couplings, and the derivative of
both with respect to each parameter, by the chain rule on ``m_i^2 = m_0^2 + Delta m^2`` and on the electron's row of the
mixing matrix, ``U_e = (c12 c13, s12 c13 e^(i alpha21/2), s13 e^(i alpha31/2 - i delta))``. The other rows enter the weak
couplings through ``U^+ U = 1`` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, pi, radians, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.inputs.oscillation import (
    OscillationSet,
    Parameter,
    axial_couplings,
    masses,
    mixing_matrix,
    squares_above,
    vector_couplings,
)

__all__ = ["MASS_PARAMETERS", "MIXING_PARAMETERS", "NEUTRINO_PARAMETERS", "PERIODS", "Neutrinos"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

MASS_PARAMETERS: Final = ("lightest_mass", "solar", "atmospheric")
"""What moves the masses: the lightest mass [eV], and the splittings of the set [eV^2]."""

MIXING_PARAMETERS: Final = ("sin2_theta12", "sin2_theta13", "sin2_theta23", "delta_cp", "alpha21", "alpha31")
"""What moves the weak couplings: squared sines, the Dirac phase [degrees], the Majorana phases [rad]."""

NEUTRINO_PARAMETERS: Final[Mapping[str, tuple[str, float, float]]] = {
    "lightest_mass": ("eV", 0.0, inf),
    "solar": ("eV^2", 0.0, inf),
    "atmospheric": ("eV^2", -inf, inf),
    **dict.fromkeys(MIXING_PARAMETERS[:3], ("1", 0.0, 1.0)),
    "delta_cp": ("degree", -inf, inf),
    "alpha21": ("rad", -inf, inf),
    "alpha31": ("rad", -inf, inf),
}
"""Unit and range of each parameter."""

PERIODS: Final[Mapping[str, float]] = {"delta_cp": 360.0, "alpha21": 4 * pi, "alpha31": 4 * pi}
"""After which a phase leaves the mixing matrix as it was; the couplings may repeat sooner."""

_OF_THE_SET: Final = ("solar", "atmospheric", *MIXING_PARAMETERS[:4])


@dataclass(frozen=True)
class Neutrinos:
    """Three neutrinos: an oscillation set, the lightest mass and the Majorana phases.

    Parameters
    ----------
    oscillation : the set; its ordering and the meaning of its splittings stay what they are.
    lightest_mass : mass of the lightest state [eV].
    alpha21, alpha31 : Majorana phases [rad].

    Example
    -------
    >>> from renp.inputs.oscillation import OSCILLATION_SETS
    >>> found = Neutrinos(OSCILLATION_SETS["nufit-6.0-no"], 0.01)
    >>> found.moved({"sin2_theta12": 0.31}).value("sin2_theta12"), found.value("lightest_mass")
    (0.31, 0.01)
    """

    oscillation: OscillationSet
    lightest_mass: float
    alpha21: float = 0.0
    alpha31: float = 0.0

    def value(self, name: str) -> float:
        """Return the value of a parameter of :data:`NEUTRINO_PARAMETERS` in its unit."""
        if name in _OF_THE_SET:
            return float(getattr(self.oscillation, name).value)
        return float(getattr(self, name))

    def moved(self, values: Mapping[str, float]) -> Neutrinos:
        """Return the neutrinos with some parameters at other values."""
        of_the_set: dict[str, Any] = {
            name: Parameter(value, "") for name, value in values.items() if name in _OF_THE_SET
        }
        own = {name: value for name, value in values.items() if name not in _OF_THE_SET}
        return replace(self, oscillation=replace(self.oscillation, **of_the_set), **own)

    @property
    def masses(self) -> FloatArray:
        """The masses (m1, m2, m3) [eV]."""
        return masses(self.oscillation, self.lightest_mass)

    @property
    def mixing(self) -> ComplexArray:
        """The mixing matrix."""
        return mixing_matrix(self.oscillation, (self.alpha21, self.alpha31))

    @property
    def axial(self) -> ComplexArray:
        """The axial couplings, (3, 3)."""
        return axial_couplings(self.mixing)

    @property
    def vector(self) -> ComplexArray:
        """The vector couplings of the weak current, (3, 3)."""
        return vector_couplings(self.mixing)

    def mass_slopes(self, name: str) -> FloatArray:
        """Return the derivative of the masses with respect to a parameter of :data:`MASS_PARAMETERS`, shape (3,).

        A massless state stays massless where only its own splitting would move it.

        Example
        -------
        >>> from renp.inputs.oscillation import OSCILLATION_SETS
        >>> float(Neutrinos(OSCILLATION_SETS["nufit-6.0-no"], 0.01).mass_slopes("lightest_mass")[0])
        1.0
        """
        found = self.masses
        if name == "lightest_mass":
            still = np.array(squares_above(self.oscillation, *(self.value(key) for key in _OF_THE_SET[:2]))) == 0
            return np.where(still, 1.0, self.lightest_mass / np.where(found > 0, found, 1.0))
        squares = np.array(squares_above(self.oscillation, float(name == "solar"), float(name == "atmospheric")))
        return np.asarray(squares / (2 * np.where(squares != 0, found, 1.0)))

    def coupling_slopes(self, name: str) -> ComplexArray:
        """Return the derivative of the axial couplings by a parameter of :data:`MIXING_PARAMETERS`, Hermitian, shape (3, 3).

        It is that of the vector couplings too: the two differ by a multiple of ``U^+ U = 1``.

        Raises
        ------
        ValueError : a mixing angle of 0 or 90 degrees, where the couplings have an infinite slope in its squared sine.

        Example
        -------
        >>> from renp.inputs.oscillation import OSCILLATION_SETS
        >>> bool(Neutrinos(OSCILLATION_SETS["nufit-6.0-no"], 0.01).coupling_slopes("sin2_theta23").any())
        False
        """
        if name == "sin2_theta23":
            return np.zeros((3, 3), dtype=np.complex128)
        squares = [self.value(key) for key in MIXING_PARAMETERS[:2]]
        if name in MIXING_PARAMETERS[:2] and not 0 < self.value(name) < 1:
            raise ValueError(f"{name}: expected a value between 0 and 1 to vary it, got {self.value(name)!r}")
        sines, cosines = ([sqrt(x) for x in squares], [sqrt(1 - x) for x in squares])
        row = np.array([cosines[0] * cosines[1], sines[0] * cosines[1], sines[1]], dtype=np.complex128)
        row *= np.exp(1j * np.array([0.0, self.alpha21 / 2, self.alpha31 / 2 - radians(self.value("delta_cp"))]))
        # Each parameter multiplies an entry of the row by a number: d ln s = 1/(2 s^2), d ln c = -1/(2 c^2).
        factors: dict[str, list[complex]] = {
            "delta_cp": [0, 0, -1j * radians(1)],
            "alpha21": [0, 0.5j, 0],
            "alpha31": [0, 0, 0.5j],
        }
        if name == "sin2_theta12":
            factors[name] = [-0.5 / (1 - squares[0]), 0.5 / squares[0], 0]
        if name == "sin2_theta13":
            factors[name] = [-0.5 / (1 - squares[1]), -0.5 / (1 - squares[1]), 0.5 / squares[1]]
        moved = row * np.array(factors[name])
        half = moved.conj()[:, None] * row
        return np.asarray(half + half.conj().T)
