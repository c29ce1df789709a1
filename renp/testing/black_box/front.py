"""The front door of the examination of code that is not ours; what it needs is loaded when it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from renp.model import Model
    from renp.testing.black_box.report import BlackBoxReport

__all__ = ["examine"]

TOLERANCE: Final = 1e-9
"""Largest difference that rounding may make away from thresholds, as a share of the rates of the couplings involved."""


def examine(
    function: Callable[..., Any] | Mapping[str, Any] | ArrayLike,
    *,
    model: Model | None = None,
    quantity: str = "spectral_function",
    nature: str = "both",
    names: Mapping[str, str] | None = None,
    arguments: Mapping[str, Any] | None = None,
    points: int = 5,
    tolerance: float = TOLERANCE,
    seed: int = 0,
    examples: int = 4,
) -> BlackBoxReport:
    """Decode a function or a table, and say for each product of couplings whether it is right.

    It covers the photon spectrum of radiative emission of neutrino pairs and what stands behind it; other processes (scattering, decays)
    have their formulas checked by ``renp check``. Values of a table are compared to 1e-5, nothing in it is decoded. Where nothing tells
    the nature, the function or the table passes when it is right for Dirac or for Majorana neutrinos, and a note says for which.

    Parameters
    ----------
    function : what is examined: NumPy, JAX or compiled, for arrays of photon energies or one at a time; or a table, a mapping
        of our names of arguments to values in which the quantity's own name (or ``values``) holds the numbers, or an array of two
        columns, photon energy [eV] and spectral function.
    model : the interactions that it claims to hold; the weak current by default.
    quantity : ``spectral_function``, or what stands behind its sum over pairs: ``summand``, ``bracket``, ``spin_sum``; or
        ``pair_mass_squared``, ``threshold``, ``energy_min``, ``energy_max``.
    nature : ``dirac``, ``majorana`` or ``both``; a function that takes no ``nature`` (``delta_M``, ``majorana``) has one.
    names : the function's names of arguments with ours, ``{"a": "axial", "gL": "vector.g_L"}``.
    arguments : values [eV] of arguments that are built into the function, or are not to be varied.
    points : photon energies at which each coefficient is compared.
    tolerance : largest relative difference that counts as rounding, away from thresholds.
    seed : of energies, masses and couplings.
    examples : argument sets of each assertion of physics, which are run where all products agree; 0 for none.

    Raises
    ------
    ValueError, TypeError : one line about the arguments of this function. What the examined function does wrong is a finding.

    Example
    -------
    >>> def threshold(E_eg, m_i, m_j):
    ...     return E_eg / 2 - (m_i - m_j) ** 2 / (2 * E_eg)
    >>> report = examine(threshold, quantity="threshold")
    >>> report.passed, report.diagnosis[0]["kind"], report.diagnosis[0]["change"]
    (False, 'mass_term', 'it has m_i - m_j for m_i + m_j in (m_i + m_j)^2/(2*E_eg)')
    """
    from renp.testing.black_box.examination import Options, examined

    return examined(
        function, model, quantity, nature, names, arguments or {}, Options(points, tolerance, seed, examples)
    )
