"""Neutrino masses, mixing and weak couplings from named, versioned sets of oscillation parameters.

In: ``renp/inputs/data/oscillation.toml``. Out: frozen sets, and from them masses [eV], the mixing matrix and the couplings
``a_ij`` and ``v_ij`` of the weak current to electrons.

Conventions: the PDG's mixing matrix ``U = R23 U13 R12 diag(1, exp(i alpha21/2), exp(i alpha31/2))``; mass states are
always listed as (m1, m2, m3), with m1 lightest in the normal and m3 lightest in the inverted ordering.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from math import hypot, radians, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derivations.references import with_citations
from renp.inputs.benchmarks import BENCHMARK_SET
from renp.inputs.constants import SIN2_THETA_W
from renp_generated.runtime.arguments import plain_array, real_number, real_vector, shown, supported

__all__ = [
    "ORDERINGS",
    "OSCILLATION_SETS",
    "OscillationSet",
    "Parameter",
    "axial_couplings",
    "check_lightest",
    "check_ordering",
    "default_set",
    "masses",
    "mixing_matrix",
    "squares_above",
    "vector_couplings",
]

ORDERINGS: Final[tuple[str, str]] = ("normal", "inverted")
"""The two mass orderings."""

ACTIVE_FLAVOURS: Final = ("e", "mu", "tau")
"""The rows of a mixing matrix: the flavours that W and Z bosons couple to."""

_DEFAULTS: Final[dict[str, str]] = {"normal": BENCHMARK_SET, "inverted": "nufit-6.0-io"}


@dataclass(frozen=True)
class Parameter:
    """One oscillation parameter with its source.

    Example
    -------
    >>> OSCILLATION_SETS["nufit-6.0-no"].sin2_theta13.value
    0.02215
    """

    value: float
    source: str


@dataclass(frozen=True)
class OscillationSet:
    """A named best fit of the oscillation parameters.

    Parameters
    ----------
    name : ``"nufit-6.0-no"``; a set never changes, a newer fit gets a new name.
    title, reference : what the set is and where it is published.
    ordering : ``"normal"`` or ``"inverted"``, the ordering that the fit assumed.
    splitting : ``"31"`` or ``"32"``, the meaning of ``atmospheric``.
    sin2_theta12, sin2_theta13, sin2_theta23 : squared sines of the mixing angles.
    delta_cp : Dirac phase [degrees].
    solar : Delta m^2_21 [eV^2].
    atmospheric : Delta m^2_31 or Delta m^2_32 [eV^2], positive in the normal ordering.

    Example
    -------
    >>> OSCILLATION_SETS["nufit-6.0-io"].ordering
    'inverted'
    """

    name: str
    title: str
    reference: str
    ordering: str
    splitting: str
    sin2_theta12: Parameter
    sin2_theta13: Parameter
    sin2_theta23: Parameter
    delta_cp: Parameter
    solar: Parameter
    atmospheric: Parameter


class _Sets(Mapping[str, OscillationSet]):
    """Read-only table of sets whose missing key is a sentence."""

    def __init__(self, sets: dict[str, OscillationSet]) -> None:
        self._sets = sets

    def __getitem__(self, name: str) -> OscillationSet:
        try:
            return self._sets[name]
        except (KeyError, TypeError):
            raise UnknownSetError(
                f"unknown oscillation set {shown(name)}: known sets are {', '.join(self._sets)}"
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._sets)

    def __len__(self) -> int:
        return len(self._sets)


class UnknownSetError(ValueError, KeyError):
    """The oscillation set asked for is not in the table; the message names those that are."""

    def __str__(self) -> str:
        return str(self.args[0])


def _set(name: str, data: dict[str, Any]) -> OscillationSet:
    fields: dict[str, Any] = {
        key: Parameter(**value) if isinstance(value, dict) else value for key, value in data.items()
    }
    return OscillationSet(name=name, **fields)


def _load() -> _Sets:
    text = files("renp").joinpath("inputs", "data", "oscillation.toml").read_text(encoding="utf-8")
    return _Sets({name: _set(name, data) for name, data in with_citations(tomllib.loads(text)).items()})


OSCILLATION_SETS: Final[Mapping[str, OscillationSet]] = _load()
"""The sets by name. An unknown name raises ``UnknownSetError``, a ``ValueError``."""


def check_ordering(ordering: str) -> str:
    """Return ``ordering`` if it is ``"normal"`` or ``"inverted"``; raise ``ValueError`` otherwise.

    Example
    -------
    >>> check_ordering("normal")
    'normal'
    """
    if not isinstance(ordering, str) or ordering not in ORDERINGS:
        raise ValueError(f"unknown ordering {shown(ordering)}: use 'normal' or 'inverted'")
    return ordering


def default_set(ordering: str) -> OscillationSet:
    """Return the set used when none is named: the papers' benchmark, or NuFIT 6.0 for the inverted ordering.

    Raises
    ------
    ValueError : unknown ordering.

    Example
    -------
    >>> default_set("inverted").name
    'nufit-6.0-io'
    """
    return OSCILLATION_SETS[_DEFAULTS[check_ordering(ordering)]]


def resolved(chosen: str | OscillationSet) -> OscillationSet:
    """Return an oscillation set given as a record or by its name; ``UnknownSetError`` for an unknown name.

    Example
    -------
    >>> resolved("nufit-6.0-io").ordering
    'inverted'
    """
    return chosen if isinstance(chosen, OscillationSet) else OSCILLATION_SETS[chosen]


def masses(chosen: str | OscillationSet, lightest: float, ordering: str | None = None) -> NDArray[np.float64]:
    """Return the three masses (m1, m2, m3) [eV].

    Parameters
    ----------
    chosen : an oscillation set or its name.
    lightest : mass of the lightest state [eV], >= 0.
    ordering : ``"normal"`` or ``"inverted"``; must agree with the set, whose ordering is the default.

    Raises
    ------
    ValueError : unknown set or ordering, an ordering other than the set's, a lightest mass that is negative, not finite or
        outside the supported range.

    Example
    -------
    >>> masses("desalas-2021-benchmark", 0.01).round(5).tolist()
    [0.01, 0.01323, 0.05148]
    """
    parameters = resolved(chosen)
    if ordering is not None and check_ordering(ordering) != parameters.ordering:
        matching = ", ".join(name for name, other in OSCILLATION_SETS.items() if other.ordering == ordering)
        raise ValueError(
            f"oscillation set {parameters.name!r} was fitted in the {parameters.ordering} ordering, found ordering "
            f"{ordering!r}: sets for it are {matching}"
        )
    floor = check_lightest("lightest", lightest)
    squares = squares_above(parameters, parameters.solar.value, parameters.atmospheric.value)
    # hypot neither overflows nor loses a small lightest mass.
    return np.array([hypot(floor, sqrt(square)) for square in squares])


def squares_above(chosen: OscillationSet, solar: float, atmospheric: float) -> tuple[float, float, float]:
    """Return the squared masses above that of the lightest state [eV^2], linear in the two splittings of a set.

    Example
    -------
    >>> squares_above(OSCILLATION_SETS["nufit-6.0-io"], 1.0, -5.0)
    (4.0, 5.0, 0.0)
    """
    if chosen.ordering == "normal":
        return 0.0, solar, atmospheric if chosen.splitting == "31" else atmospheric + solar
    first = -atmospheric if chosen.splitting == "31" else -atmospheric - solar
    return first, first + solar, 0.0


def check_lightest(name: str, mass: float) -> float:
    """Return the mass of the lightest state [eV], given as the argument ``name``.

    Raises
    ------
    TypeError, ValueError : not one finite number, negative, or outside the supported range.

    Example
    -------
    >>> check_lightest("lightest_mass", 0)
    0.0
    """
    floor = real_number(name, mass, "eV")
    if floor < 0:
        raise ValueError(f"{name} must be a mass in eV, zero or positive, found {floor!r}")
    supported(name, floor, zero=True)
    return floor


def mixing_matrix(
    chosen: str | OscillationSet, majorana_phases: tuple[float, float] = (0.0, 0.0)
) -> NDArray[np.complex128]:
    """Return the PMNS matrix ``U`` in the PDG convention; rows e, mu, tau, columns 1, 2, 3.

    Parameters
    ----------
    chosen : an oscillation set or its name.
    majorana_phases : ``(alpha21, alpha31)`` [rad]; columns 2 and 3 carry ``exp(i alpha/2)``.

    Raises
    ------
    ValueError : unknown set, or phases that are not two finite numbers.

    Example
    -------
    >>> U = mixing_matrix("nufit-6.0-no")
    >>> bool(abs(U @ U.conj().T - np.eye(3)).max() < 1e-15)
    True
    """
    parameters = resolved(chosen)
    phases = real_vector("majorana_phases", majorana_phases, "rad")
    if len(phases) != 2:
        raise ValueError(f"majorana_phases must be (alpha21, alpha31) in radians, found {len(phases)} values")
    alpha21, alpha31 = phases
    s12, s13, s23 = (
        sqrt(angle.value) for angle in (parameters.sin2_theta12, parameters.sin2_theta13, parameters.sin2_theta23)
    )
    c12, c13, c23 = (
        sqrt(1 - angle.value) for angle in (parameters.sin2_theta12, parameters.sin2_theta13, parameters.sin2_theta23)
    )
    phase = np.exp(1j * radians(parameters.delta_cp.value))
    rotation23 = np.array([[1, 0, 0], [0, c23, s23], [0, -s23, c23]], dtype=np.complex128)
    rotation13 = np.array([[c13, 0, s13 / phase], [0, 1, 0], [-s13 * phase, 0, c13]], dtype=np.complex128)
    rotation12 = np.array([[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]], dtype=np.complex128)
    majorana = np.exp(0.5j * np.array([0.0, alpha21, alpha31]))
    matrix: NDArray[np.complex128] = rotation23 @ rotation13 @ rotation12 * majorana
    return matrix


def axial_couplings(U: ArrayLike) -> NDArray[np.complex128]:
    """Return the axial couplings ``a_ij = U*_ei U_ej - (U^dagger U)_ij / 2``, Hermitian.

    W exchange gives the first term, Z exchange the second. For a unitary mixing matrix ``U^dagger U`` is the identity;
    with sterile states or non-unitary mixing it is the sum over active flavours.

    Parameters
    ----------
    U : (active flavours, n) complex mixing matrix, rows e, mu, tau in this order; **active rows only**.

    Raises
    ------
    ValueError : not a non-empty matrix of finite numbers, or more than three rows.

    Example
    -------
    >>> a = axial_couplings(mixing_matrix("nufit-6.0-no"))
    >>> round(float(a.trace().real), 12)
    -0.5
    """
    charged, neutral = _weak_currents(U)
    return charged - neutral / 2


def vector_couplings(U: ArrayLike, sin2_theta_w: float = SIN2_THETA_W) -> NDArray[np.complex128]:
    """Return the vector couplings ``v_ij = U*_ei U_ej - (1/2 - 2 sin^2 theta_W) (U^dagger U)_ij``, Hermitian.

    Parameters
    ----------
    U : (active flavours, n) complex mixing matrix, rows e, mu, tau in this order; **active rows only**.
    sin2_theta_w : sin^2 of the weak mixing angle, CODATA's by default.

    Raises
    ------
    ValueError : not a non-empty matrix of finite numbers, more than three rows, or ``sin2_theta_w`` outside 0 to 1.

    Example
    -------
    >>> v = vector_couplings(np.eye(3))
    >>> bool(v[0, 0].real > 0 > v[1, 1].real)
    True
    """
    angle = real_number("sin2_theta_w", sin2_theta_w)
    if not 0 <= angle <= 1:
        raise ValueError(f"sin2_theta_w must lie between 0 and 1, found {angle!r}")
    charged, neutral = _weak_currents(U)
    return charged - (0.5 - 2 * angle) * neutral


def _weak_currents(U: ArrayLike) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    given = plain_array("U", U)
    if given.dtype.kind not in "iufc":
        raise TypeError(f"U must hold numbers, found {shown(U)}")
    matrix = given.astype(np.complex128)
    if matrix.ndim != 2 or 0 in matrix.shape:
        raise ValueError(
            f"U must have the shape (active flavours, mass states), first row the electron's, found {matrix.shape}"
        )
    if matrix.shape[0] > len(ACTIVE_FLAVOURS):
        raise ValueError(
            f"U must have at most 3 rows, the active flavours {', '.join(ACTIVE_FLAVOURS)}: a sterile row does not couple"
            f" to the Z boson, found {matrix.shape[0]} rows; leave the sterile ones out, U[:3]"
        )
    if not np.isfinite(matrix).all():
        raise ValueError("U must be finite, found NaN or infinity")
    with np.errstate(all="ignore"):
        charged = matrix[0].conj()[:, None] * matrix[0]
        neutral = matrix.conj().T @ matrix
    if not (np.isfinite(charged).all() and np.isfinite(neutral).all()):
        raise ValueError("U must be a mixing matrix, found entries whose products overflow")
    return _hermitian(charged), _hermitian(neutral)


def _hermitian(matrix: NDArray[np.complex128]) -> NDArray[np.complex128]:
    # Equal by algebra; rounding (fused multiply-add, BLAS) may break it in the last bit.
    result: NDArray[np.complex128] = (matrix + matrix.conj().T) / 2
    return result
