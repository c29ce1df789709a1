"""What experiments measure of the form-factor matrices: effective moments and charge radii, plasmon sums, lifetimes.

In: the matrices of the Lagrangian, literally and in the mass basis, ``mu`` and ``eps`` in mu_B, ``r2`` and ``anapole`` in cm^2; a
mixing matrix. Out: the numbers that papers quote limits on. Majorana neutrinos have the element ``c_jk + eta c_kj`` for ``c_jk``.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.checks import positive_number, real_numbers
from renp.inputs.constants import BOHR_MAGNETON, HBAR_C_EV_CM, HBAR_EV_S
from renp.probes.form_factors import ETA, FLAVOURS, UNITS
from renp_generated.probes import radiative_decay
from renp_generated.runtime.arguments import choice, hermitian, plain_array, real_vector, shown, whole_number

__all__ = [
    "effective_moment",
    "effective_radius",
    "plasmon_sum",
    "radiative_lifetime",
    "solar_moment",
    "solar_probabilities",
]

NATURES: Final = ("dirac", "majorana")
_KILOMETRE_PER_GEV: Final = 1e5 / HBAR_C_EV_CM / 1e9
"""km/GeV in eV^-2."""


def effective_moment(
    flavour: str,
    *,
    mixing: ArrayLike,
    mu: ArrayLike | None = None,
    eps: ArrayLike | None = None,
    masses: ArrayLike | None = None,
    baseline_over_energy: ArrayLike = 0.0,
    antineutrino: bool = False,
    nature: str = "dirac",
) -> NDArray[np.float64]:
    """Return ``mu_eff^2`` [mu_B^2] of a neutrino born in a flavour, ``sum_j |sum_k (mu - i eps)_jk U*_ak exp(-i m_k^2 L/2E)|^2``.

    Parameters
    ----------
    flavour : "e", "mu" or "tau".
    mixing : (3, n) mixing matrix U, rows e, mu, tau.
    mu, eps : (n, n) Hermitian [mu_B]; zero if left out.
    masses : (n,) masses [eV]; needed where the baseline is not zero.
    baseline_over_energy : L/E [km/GeV], a number or an array.
    antineutrino : the antineutrino of this flavour; for Majorana neutrinos the state of helicity +.
    nature : "dirac" or "majorana".

    Returns
    -------
    an array of the shape of L/E.

    Raises
    ------
    ValueError, TypeError : one line that names the argument.

    Example
    -------
    >>> moments = [[0, 2e-11j, 0], [-2e-11j, 0, 0], [0, 0, 0]]
    >>> [f"{effective_moment('e', mixing=np.eye(3), mu=moments, nature=nature):.2g}" for nature in ("dirac", "majorana")]
    ['4e-22', '1.6e-21']
    """
    states = _mixing(mixing)
    n = states.shape[1]
    elements = _element("mu", mu, n, nature) - 1j * _element("eps", eps, n, nature)
    beam = _beam(flavour, states, masses, baseline_over_energy)
    # Hermitian matrices: the antineutrino's (mu + i eps)_kj is the complex conjugate, and so is its flavour state
    outgoing = (elements.conj() if antineutrino else elements) @ (beam.turned if antineutrino else beam.direct)
    return np.asarray(np.sum(np.abs(outgoing) ** 2, axis=0).reshape(beam.shape))


def effective_radius(
    initial: str,
    final: str,
    *,
    mixing: ArrayLike,
    r2: ArrayLike | None = None,
    anapole: ArrayLike | None = None,
    masses: ArrayLike | None = None,
    baseline_over_energy: ArrayLike = 0.0,
    antineutrino: bool = False,
    nature: str = "dirac",
) -> NDArray[np.complex128]:
    """Return the effective charge radius [cm^2] between two flavours, ``sum_jk U_bj U*_ak (r2_jk - 6 a_jk) exp(-i m_k^2 L/2E)``.

    It shifts the electron's vector coupling by ``e/(6 sqrt2 G_F)`` times this, in the amplitude from ``initial`` to ``final``, and the
    weak charge of a nucleus of charge Z by -Z times that. The coefficients are literal; in units of e divide by 0.303.

    Parameters
    ----------
    initial, final : "e", "mu" or "tau"; the flavour that the neutrino is born in and that it leaves with.
    mixing, masses, baseline_over_energy, antineutrino, nature : as of :func:`effective_moment`.
    r2, anapole : (n, n) Hermitian [cm^2]; zero if left out.

    Raises
    ------
    ValueError, TypeError : one line that names the argument.

    Example
    -------
    >>> radius = [[6e-33, 0, 0], [0, 0, 0], [0, 0, 0]]
    >>> anapole = [[1e-33, 0, 0], [0, 0, 0], [0, 0, 0]]
    >>> bool(abs(effective_radius("e", "e", mixing=np.eye(3), r2=radius, anapole=anapole)) < 1e-48)
    True
    """
    states = _mixing(mixing)
    n = states.shape[1]
    elements = _element("r2", r2, n, nature) - 6 * _element("anapole", anapole, n, nature)
    beam = _beam(initial, states, masses, baseline_over_energy)
    leaving = states[_row(final, "final")]
    direct, turned = leaving @ elements @ beam.direct, leaving.conj() @ elements.conj() @ beam.turned
    found = turned if antineutrino else direct
    return np.asarray(found.reshape(beam.shape))


def solar_probabilities(limit: str, mixing: ArrayLike) -> NDArray[np.float64]:
    """Return the probabilities of (nu_1, nu_2, nu_3) in solar neutrinos at the earth, adiabatic conversion.

    Parameters
    ----------
    limit : "low" (vacuum, pp neutrinos) or "high" (nu_e born as the heavier of nu_1, nu_2 in matter, boron neutrinos).
    mixing : (3, 3) mixing matrix, rows e, mu, tau.

    Raises
    ------
    ValueError, TypeError : one line that names the argument.

    Example
    -------
    >>> solar_probabilities("high", np.eye(3)).tolist()
    [0.0, 1.0, 0.0]
    """
    electron = np.abs(_mixing(mixing)[0]) ** 2
    if electron.size != 3:
        raise ValueError(f"mixing must be (3, 3) for the sun, found {electron.size} mass states")
    if choice("limit", limit, ("low", "high")) == "low":
        return np.asarray(electron)
    return np.array([0.0, 1 - electron[2], electron[2]])


def solar_moment(
    probabilities: ArrayLike, *, mu: ArrayLike | None = None, eps: ArrayLike | None = None, nature: str = "dirac"
) -> float:
    """Return ``mu_eff^2 = sum_k P_k sum_j |mu_jk - i eps_jk|^2`` [mu_B^2] of incoherent mass states.

    Parameters
    ----------
    probabilities : (n,) probabilities P_k of the mass states, which sum up to 1.
    mu, eps : (n, n) Hermitian [mu_B]; zero if left out.
    nature : "dirac" or "majorana".

    Raises
    ------
    ValueError, TypeError : one line that names the argument.

    Example
    -------
    >>> f"{solar_moment([0.5, 0.5], mu=[[2e-11, 0], [0, 0]]):.2g}"
    '2e-22'
    """
    shares = np.array(real_vector("probabilities", probabilities))
    if shares.min() < 0 or abs(shares.sum() - 1) > 1e-9:
        raise ValueError(f"probabilities must not be negative and sum up to 1, found {shown(probabilities)}")
    n = shares.size
    elements = _element("mu", mu, n, nature) - 1j * _element("eps", eps, n, nature)
    return float(np.sum(np.abs(elements) ** 2, axis=0) @ shares)


def plasmon_sum(
    n: int,
    *,
    plasmon_mass: float,
    mu: ArrayLike | None = None,
    eps: ArrayLike | None = None,
    r2: ArrayLike | None = None,
    anapole: ArrayLike | None = None,
    nature: str = "dirac",
) -> float:
    """Return ``sum_ij |mu_ij|^2 + |eps_ij|^2 + 2 K^2 (|r2_ij|^2/36 + |a_ij|^2)`` [mu_B^2], neutrino masses far below K.

    Parameters
    ----------
    n : number of neutrinos.
    plasmon_mass : K [eV], about the plasma frequency for transverse plasmons.
    mu, eps, r2, anapole : (n, n) Hermitian [mu_B; cm^2]; zero if left out.
    nature : "dirac", or "majorana" with the elements c_ij + eta c_ji and half of the sum over ordered pairs.

    Raises
    ------
    ValueError, TypeError : one line that names the argument.

    Example
    -------
    >>> f"{plasmon_sum(1, plasmon_mass=1e4, mu=[[3e-12]]):.2g}"
    '9e-24'
    """
    count = whole_number("n", n)
    # an area in cm^2 is this many mu_B for a plasmon of this mass
    area = np.sqrt(2) * positive_number("plasmon_mass", plasmon_mass, "eV") / HBAR_C_EV_CM**2 / BOHR_MAGNETON
    scales = {"mu": 1.0, "eps": 1.0, "r2": area / 6, "anapole": area}
    given = {"mu": mu, "eps": eps, "r2": r2, "anapole": anapole}
    total = sum(
        float(np.sum(np.abs(s * _element(name, given[name], count, nature)) ** 2)) for name, s in scales.items()
    )
    return total / 2 if nature == "majorana" else total


def radiative_lifetime(
    i: int,
    *,
    masses: ArrayLike,
    mu: ArrayLike | None = None,
    eps: ArrayLike | None = None,
    nature: str = "dirac",
) -> float:
    """Return the lifetime [s] of nu_i against ``nu_i -> nu_j gamma`` with all lighter nu_j, infinite without moments.

    Parameters
    ----------
    i : index of the decaying neutrino, from 0.
    masses : (n,) masses [eV].
    mu, eps : (n, n) Hermitian [mu_B]; zero if left out.
    nature : "dirac" or "majorana".

    Raises
    ------
    ValueError, TypeError : one line that names the argument; also where nu_i is the lightest.

    Example
    -------
    >>> round(1 / radiative_lifetime(1, masses=[0.0, 1.0], mu=[[0, 1], [1, 0]]), 4)
    5.3073
    """
    known = real_vector("masses", masses, "eV")
    n, parent = len(known), _index(i, len(known))
    given = {"mu": _matrix("mu", mu, n), "eps": _matrix("eps", eps, n)}
    lighter = [j for j in range(n) if known[j] < known[parent]]
    if not lighter:
        raise ValueError(
            f"i must be a neutrino with a lighter one to decay into, found {parent} of masses {shown(masses)}"
        )
    width = sum(radiative_decay(parent, j, masses=known, electromagnetic=given, nature=nature)[0] for j in lighter)
    return float("inf") if width == 0 else HBAR_EV_S / width


def _index(given: Any, n: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or not 0 <= given < n:
        raise ValueError(f"i must be an index from 0 to {n - 1}, found {shown(given)}")
    return int(given)


class _Beam:
    """A flavour state after a distance: amplitudes of the mass states, one column for each L/E."""

    def __init__(self, row: NDArray[np.complex128], phases: NDArray[np.complex128], shape: tuple[int, ...]) -> None:
        self.direct, self.turned, self.shape = row.conj()[:, None] * phases, row[:, None] * phases, shape


def _beam(flavour: str, states: NDArray[np.complex128], masses: Any, baseline_over_energy: Any) -> _Beam:
    row = states[_row(flavour, "initial")]
    distance = real_numbers("baseline_over_energy", baseline_over_energy, "km/GeV")
    if masses is None:
        if np.any(distance):
            raise ValueError("masses is missing: with a baseline the masses [eV] give the phases of the beam")
        squares = np.zeros(row.size)
    else:
        squares = np.array(real_vector("masses", masses, "eV")) ** 2
        if squares.size != row.size:
            raise ValueError(f"masses must have {row.size} entries like the columns of mixing, found {squares.size}")
    phases = np.exp(-0.5j * np.multiply.outer(squares, distance.ravel()) * _KILOMETRE_PER_GEV)
    return _Beam(row, phases, distance.shape)


def _row(flavour: str, name: str) -> int:
    return FLAVOURS.index(choice(name, flavour, FLAVOURS))


def _mixing(mixing: Any) -> NDArray[np.complex128]:
    given = plain_array("mixing", mixing)
    if given.dtype.kind not in "iufc" or given.ndim != 2 or given.shape[0] != len(FLAVOURS) or not given.shape[1]:
        raise ValueError(f"mixing must be a (3, n) matrix of numbers, rows e, mu, tau, found {shown(mixing)}")
    matrix = given.astype(np.complex128)
    if not np.all(np.isfinite(matrix)):
        raise ValueError("mixing must hold finite numbers")
    return matrix


def _matrix(name: str, value: Any, n: int) -> NDArray[np.complex128]:
    return np.zeros((n, n), dtype=np.complex128) if value is None else hermitian(name, value, n, UNITS[name])


def _element(name: str, value: Any, n: int, nature: str) -> NDArray[np.complex128]:
    """Return the elements of the vertex: the matrix itself, or ``c_jk + eta c_kj``."""
    matrix = _matrix(name, value, n)
    return matrix + ETA[name] * matrix.T if choice("nature", nature, NATURES) == "majorana" else matrix
