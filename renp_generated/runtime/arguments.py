"""Checked arguments: what a caller gave, as a frozen record, or one clear line about what is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .tables import Argument, Group

HERMITIAN_TOLERANCE = 1e-12
"""Allowed ``|A - A^+|`` relative to the largest entry: rounding of a matrix product of unitary matrices, with room."""
TRACE_TOLERANCE = 1e-12
SMALLEST_ENERGY, LARGEST_ENERGY = 1e-20, 1e20
"""Range of energies, masses and widths [eV]: all powers and quotients of them in a rate and its derivatives are doubles."""
REQUIRED = ("E_eg", "E_vg", "masses")
FIXED = (*REQUIRED, "nature", "intermediate_amplitudes", "atomic_tensor", "pair_step", "dipole_length", "m1",
         "imprinted_momentum", "crossed")  # fmt: skip
"""The arguments that every spectral function has, whatever its interactions."""
M1 = ("spin", "full")
"""The magnetic operator of every vector current of the electron: 2S, or L + 2S."""
CROSSED = ("E_vg", "amplitudes")
"""What is said about the intermediate states of the chain in which the photon comes first."""
AVERAGED = (1 / 3, 2 / 3, 0.0)
"""The parts of identity/3; what computes takes exact thirds for it."""
UNIT_NAMES = {"electron_volt": "eV", "centimeter": "cm", "radian": "rad", "day": "d", "dimensionless": "1"}
"""What packages for quantities write in full, and in short."""
OWN_UNITS = ("mu_B", "Bohr radii")
"""Units of this package that packages for quantities do not know by these names."""

_PLAIN = frozenset({float, int, complex})
_SUPERSCRIPTS = str.maketrans("\N{SUPERSCRIPT TWO}\N{SUPERSCRIPT THREE}\N{SUPERSCRIPT FOUR}", "234")


@dataclass(frozen=True)
class Inputs:
    """The checked arguments of one call.

    ``crossed`` are energies and amplitudes of the intermediate states that a photon that comes first leads to.
    ``groups`` maps interaction names to their checked entries, ``mediators`` to the mass and width of what they exchange.
    Beside a general matrix stand the Hermitian ones that it is made into, under the names of its parts.
    """

    E_eg: float
    E_vg: tuple[float, ...]
    amplitudes: tuple[float, ...]
    masses: tuple[float, ...]
    majorana: bool
    pair_step: str
    dipole_length: float
    m1: str
    imprinted_momentum: float
    crossed: tuple[tuple[float, float], ...]
    tensor: tuple[float, float, float]
    groups: Mapping[str, Mapping[str, Any]]
    mediators: Mapping[str, tuple[float, float]]


def checked(
    groups: tuple[Group, ...],
    *,
    E_eg: float,
    E_vg: ArrayLike,
    masses: ArrayLike,
    nature: str = "dirac",
    intermediate_amplitudes: ArrayLike | None = None,
    atomic_tensor: ArrayLike | None = None,
    pair_step: str = "M1",
    dipole_length: float = 1.0,
    m1: str = "spin",
    imprinted_momentum: float = 0.0,
    crossed: Mapping[str, Any] | None = None,
    plain: Mapping[str, ArrayLike | None],
    mappings: Mapping[str, Mapping[str, Any] | None],
) -> Inputs:
    """Return the checked arguments; raise ``ValueError`` or ``TypeError`` with one clear line otherwise."""
    energy = real_number("E_eg", E_eg, "eV")
    if energy <= 0:
        raise ValueError(f"E_eg must be a positive energy in eV, found {energy!r}")
    supported("E_eg", energy)
    levels = _levels("E_vg", E_vg, energy, "the pair step must be virtual, and the pole E_vg = omega must stay out of reach")
    amplitudes = (1.0,) * len(levels)
    if intermediate_amplitudes is not None:
        amplitudes = real_vector("intermediate_amplitudes", intermediate_amplitudes)
        if len(amplitudes) != len(levels):
            raise ValueError(
                f"intermediate_amplitudes must have one entry for each of the {len(levels)} E_vg, found {len(amplitudes)}"
            )
    elif len(levels) > 1:
        raise ValueError(f"intermediate_amplitudes must be given for {len(levels)} intermediate states, found None")
    mass_values = real_vector("masses", masses, "eV", scalar=False)
    if any(mass < 0 for mass in mass_values):
        raise ValueError(f"masses must be non-negative, found {min(mass_values)!r}")
    supported("masses", *mass_values, zero=True)
    choice("nature", nature, ("dirac", "majorana"), "for all neutrinos alike (Majorana next to Dirac is out of scope)")
    choice("pair_step", pair_step, ("M1", "E1"))
    n = len(mass_values)
    values: dict[str, Mapping[str, Any]] = {}
    mediators: dict[str, tuple[float, float]] = {}
    for group in groups:
        given: Mapping[str, Any] | None = (
            {key: value for key, value in plain.items() if value is not None}
            if not group.keyword
            else mappings.get(group.keyword)
        )
        if given is not None:
            values[group.name] = entries(group, given, n)
            roles = {argument.kind: values[group.name][argument.name] for argument in group.arguments}
            if "mass" in roles:
                mediators[group.name] = roles["mass"], roles.get("width", 0.0)
    return Inputs(
        energy,
        levels,
        amplitudes,
        mass_values,
        nature == "majorana",
        pair_step,
        real_number("dipole_length", dipole_length, "Bohr radii"),
        choice("m1", m1, M1, "for every vector current of the electron"),
        _imprinted(imprinted_momentum, energy),
        () if crossed is None else _crossed(crossed, energy),
        tensor_weights(atomic_tensor),
        values,
        mediators,
    )


def _levels(label: str, value: ArrayLike, E_eg: float, why: str) -> tuple[float, ...]:
    levels = real_vector(label, value, "eV")
    below = [level for level in levels if level <= E_eg]
    if below:
        raise ValueError(f"{label} must lie above E_eg = {E_eg:.10g} eV: {why}, found {below[0]!r}")
    supported(label, *levels)
    return levels


def _crossed(given: Mapping[str, Any], E_eg: float) -> tuple[tuple[float, float], ...]:
    if not isinstance(given, Mapping):
        raise TypeError(f"crossed must be a mapping with keys {', '.join(CROSSED)}, found {type(given).__name__}")
    unknown = [key for key in given if key not in CROSSED]
    if unknown:
        raise ValueError(f"crossed has no entry {shown(unknown[0])}; allowed are {', '.join(CROSSED)}")
    missing = [key for key in CROSSED if key not in given]
    if missing:
        raise ValueError(f"crossed[{missing[0]!r}] is missing: give one number for each state that the photon leads to first")
    labels = [f"crossed[{key!r}]" for key in CROSSED]
    why = "the photon step must be virtual, and the pole E_vg = q0 must stay out of reach"
    levels, amplitudes = _levels(labels[0], given["E_vg"], E_eg, why), real_vector(labels[1], given["amplitudes"])
    if len(levels) != len(amplitudes):
        raise ValueError(f"{labels[1]} must have one entry for each of the {len(levels)} {labels[0]}, found {len(amplitudes)}")
    return tuple(zip(levels, amplitudes, strict=True))


def _imprinted(value: float, E_eg: float) -> float:
    label = "imprinted_momentum"
    momentum = real_number(label, value, "eV")
    if not abs(momentum) < E_eg:
        raise ValueError(
            f"{label} must lie between -E_eg and E_eg = {E_eg:.10g} eV: beyond, no photon leaves the pair s > 0, found {momentum!r}"
        )
    supported(f"the size of {label}", abs(momentum), zero=True)
    return momentum


def entries(group: Group, given: Mapping[str, Any], n: int) -> Mapping[str, Any]:
    """Return the checked entries of a group for n neutrinos, with the Hermitian parts of general matrices."""
    where = group.keyword
    if not isinstance(given, Mapping):
        raise TypeError(f"{where} must be a mapping with keys {_names(group)}, found {type(given).__name__}")
    unknown = [key for key in given if key not in {argument.name for argument in group.arguments}]
    if unknown:
        raise ValueError(f"{where} has no entry {shown(unknown[0])}; allowed are {_names(group)}")
    result: dict[str, Any] = {}
    for argument in group.arguments:
        result |= dict.fromkeys(argument.parts)
        label = f"{where}[{argument.name!r}]" if where else argument.name
        if argument.name not in given:
            if argument.default is None and argument.kind != "choice":
                units = "" if argument.units in ("", "1") else f" [{argument.units}]"
                raise ValueError(f"{label} is missing: {argument.doc}{units}")
            result[argument.name] = None if argument.is_matrix else argument.default
            continue
        result[argument.name] = entry = _entry(argument, label, given[argument.name], n)
        if argument.parts:
            result |= zip(argument.parts, hermitian_parts(label, entry), strict=True)
    return result


def _entry(argument: Argument, label: str, value: Any, n: int) -> Any:
    if argument.kind == "matrix":
        return hermitian(label, value, n, argument.units)
    if argument.kind == "general":
        return square(label, value, n, argument.units)
    if argument.kind == "choice":
        inherited = argument.default is None and value is None
        return None if inherited else choice(label, value, argument.choices)
    number = real_number(label, value, argument.units)
    if argument.kind == "mass" and number <= 0:
        raise ValueError(f"{label} must be positive, found {number!r}")
    if argument.kind == "width" and number < 0:
        raise ValueError(f"{label} must not be negative, found {number!r}")
    if argument.kind in ("mass", "width"):
        supported(label, number, zero=argument.kind == "width")
    return number


def _names(group: Group) -> str:
    return ", ".join(argument.name for argument in group.arguments)


def choice(label: str, value: object, allowed: tuple[str, ...], note: str = "") -> str:
    """Return ``value`` when it is one of the allowed words; the message may hold a note about them."""
    if not isinstance(value, str) or value not in allowed:
        words = " ".join(filter(None, (", ".join(allowed), note)))
        raise ValueError(f"{label} must be one of {words}, found {shown(value)}")
    return value


def supported(label: str, *energies: float, zero: bool = False) -> None:
    """Refuse energies, masses or widths [eV] outside the supported range; ``zero`` allows 0 as well."""
    for energy in energies:
        if not (SMALLEST_ENERGY <= energy <= LARGEST_ENERGY or (zero and energy == 0)):
            lowest = f"{'0 or ' if zero else ''}from {SMALLEST_ENERGY} to {LARGEST_ENERGY}"
            raise ValueError(f"{label} must be {lowest} eV, found {energy!r}")


def plain_numbers(label: str, value: Any, unit: str = "1") -> Any:
    """Return ``value`` without the unit that it, or an entry of a list, carries; raise ``TypeError`` unless it is ``unit``."""
    if isinstance(value, list | tuple):
        return value if {*map(type, value)} <= _PLAIN else [plain_numbers(label, entry, unit) for entry in value]
    found = getattr(value, "unit", getattr(value, "units", None))
    if found is None:
        return value
    if _spelling(str(found)) != _spelling(unit):
        found = f"found a quantity in {shown(str(found))}"
        if unit == "1":
            raise TypeError(f"{label} must be plain numbers without a unit, {found}")
        way = f'.to("{unit}").magnitude' if hasattr(value, "magnitude") else f'.to_value("{unit}")'
        example = "" if unit in OWN_UNITS else f": convert it, for example with {way}"
        raise TypeError(f"{label} must be plain numbers in {unit}, {found}{example}")
    return np.asarray(getattr(value, "magnitude", value))


def _spelling(unit: str) -> str:
    """Return one spelling of a unit: ``cm-3`` for ``cm^-3``, ``1 / cm3`` and ``1 / centimeter ** 3``."""
    text = re.sub(r"\*\*|[\^ ]", "", unit.translate(_SUPERSCRIPTS))
    for name, short in UNIT_NAMES.items():
        text = text.replace(name, short)
    inverse = re.fullmatch(r"1/([A-Za-z]+)(\d*)", text)
    return f"{inverse[1]}-{inverse[2] or 1}" if inverse else text or "1"


def real_number(label: str, value: Any, unit: str = "1") -> float:
    """Return a finite real number."""
    array = plain_array(label, value, unit)
    if array.dtype.kind not in "iuf" or array.ndim != 0:
        raise TypeError(f"{label} must be one real number, found {_found(array, value)}")
    number = float(array)
    if not math.isfinite(number):
        raise ValueError(f"{label} must be finite, found {number!r}")
    return number


def whole_number(label: str, value: Any) -> int:
    """Return a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise TypeError(f"{label} must be a whole number of at least 1, found {shown(value)}")
    return int(value)


def real_vector(label: str, value: Any, unit: str = "1", *, scalar: bool = True) -> tuple[float, ...]:
    """Return a non-empty vector of finite real numbers; a single number counts as one entry when ``scalar``."""
    array = plain_array(label, value, unit)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{label} must hold real numbers, found {_found(array, value)}")
    if array.ndim == 0 and scalar:
        array = array.reshape(1)
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{label} must have shape (n,) with n >= 1, found shape {array.shape}")
    numbers = tuple(float(entry) for entry in array)
    bad = [number for number in numbers if not math.isfinite(number)]
    if bad:
        raise ValueError(f"{label} must be finite, found {bad[0]!r}")
    return numbers


def square(label: str, value: Any, n: int, unit: str = "1") -> NDArray[np.complex128]:
    """Return an (n, n) complex matrix."""
    array = plain_array(label, value, unit)
    if array.dtype.kind not in "iufc":
        raise TypeError(f"{label} must hold numbers, found {_found(array, value)}")
    if array.shape != (n, n):
        raise ValueError(f"{label} must have shape ({n}, {n}) to match masses, found shape {array.shape}")
    with np.errstate(all="ignore"):
        matrix = array.astype(np.complex128)
    if not np.isfinite(matrix).all():
        raise ValueError(f"{label} must be finite, found NaN or infinity")
    return matrix


def hermitian(label: str, value: Any, n: int, unit: str = "1") -> NDArray[np.complex128]:
    """Return an (n, n) Hermitian matrix."""
    matrix = square(label, value, n, unit)
    with np.errstate(all="ignore"):
        apart = np.abs(matrix - matrix.conj().T)
        deviation = float(apart.max())
        largest = float(np.abs(matrix).max())
    _refuse_overflow(label, largest + deviation)
    if deviation > HERMITIAN_TOLERANCE * largest:
        i, j = (int(index) for index in np.unravel_index(apart.argmax(), apart.shape))
        there = " and ".join(f"[{k + 1},{m + 1}] = {_short(matrix[k, m])}" for k, m in dict.fromkeys([(i, j), (j, i)]))
        needed = "a real diagonal" if i == j else "complex conjugates"
        raise ValueError(f"{label} must be Hermitian, found {there} (counted from 1), expected {needed}")
    return _exactly_hermitian(matrix)


def _short(entry: complex) -> str:
    return f"{entry:.7g}" if entry.imag else f"{entry.real:.7g}"


def _exactly_hermitian(matrix: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Return a Hermitian matrix with the upper triangle of one that is so up to rounding."""
    upper = np.triu(matrix, 1)
    result = upper + upper.conj().T
    np.fill_diagonal(result, matrix.diagonal().real)
    return result


def hermitian_parts(
    label: str, matrix: NDArray[np.complex128]
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Return ``f + f^+`` and ``i (f - f^+)`` of an (n, n) matrix f: each number is one sum of two, as in C."""
    with np.errstate(all="ignore"):
        added = matrix + matrix.conj().T
        turned = np.empty_like(matrix)
        turned.real, turned.imag = -(matrix.imag + matrix.imag.T), matrix.real - matrix.real.T
        _refuse_overflow(label, float(np.abs(added).max() + np.abs(turned).max()))
    return added, turned


def _refuse_overflow(label: str, size: float) -> None:
    if not math.isfinite(size):
        raise ValueError(f"{label} must be finite, found an entry whose absolute value overflows")


def tensor_weights(atomic_tensor: Any) -> tuple[float, float, float]:
    """Return ``T_zz``, ``T_xx + T_yy`` and ``2 Im T_xy``; one third, two thirds and zero for the average."""
    if atomic_tensor is None:
        return AVERAGED
    array = plain_array("atomic_tensor", atomic_tensor)
    if array.dtype.kind == "O":
        try:
            array = array.astype(np.complex128)
        except (TypeError, ValueError, OverflowError):
            raise TypeError(
                "atomic_tensor must hold numbers, found symbols or numbers beyond double precision"
            ) from None
    tensor = hermitian("atomic_tensor", array, 3) if array.shape == (3, 3) else None
    if tensor is None:
        raise ValueError(f"atomic_tensor must have shape (3, 3), found shape {array.shape}")
    trace = float(tensor.trace().real)
    if abs(trace - 1) > TRACE_TOLERANCE:
        raise ValueError(f"atomic_tensor must have unit trace, found {trace!r}")
    return float(tensor[2, 2].real), float((tensor[0, 0] + tensor[1, 1]).real), 2 * float(tensor[0, 1].imag)


def pair_mass(E_eg: float, imprinted_momentum: float) -> tuple[float, float]:
    """Return ``E_eg - K`` as the nearest float and the rest, exactly; ``s = (E_eg + K) (E_eg - K - 2 omega)``.

    Example
    -------
    >>> pair_mass(2.0, 0.0), pair_mass(2.0, 2.0**-60)
    ((2.0, 0.0), (2.0, -8.673617379884035e-19))
    """
    high = E_eg - imprinted_momentum
    shadow = high - E_eg
    return high, (E_eg - (high - shadow)) - (imprinted_momentum + shadow)


def largest_photon_energy(E_eg: float, imprinted_momentum: float = 0.0) -> float:
    """Return the float below which lie all photon energies below ``(E_eg - K)/2``: those that leave the pair s > 0.

    Example
    -------
    >>> largest_photon_energy(2.0), largest_photon_energy(2.0, -0.5)
    (1.0, 1.25)
    """
    high, low = pair_mass(E_eg, imprinted_momentum)
    return math.nextafter(high / 2, math.inf) if low > 0 else high / 2


def photon_energies(omega: Any, E_eg: float, imprinted_momentum: float = 0.0) -> NDArray[np.float64]:
    """Return photon energies as float64; all must lie in the open interval (0, (E_eg - imprinted_momentum)/2)."""
    array = plain_array("omega", omega, "eV")
    if array.dtype.kind not in "iuf":
        if array.size == 0 and array.dtype.kind == "O":
            return np.zeros(array.shape)
        raise TypeError(f"omega must hold real numbers, found {_found(array, omega)}")
    with np.errstate(all="ignore"):
        energies = array.astype(np.float64, copy=False)
    edge = largest_photon_energy(E_eg, imprinted_momentum)
    inside = (energies > 0) & (energies < edge)
    if not inside.all():
        bad = float(energies[~inside].flat[0]) if energies.ndim else float(energies)
        name = "(E_eg - imprinted_momentum)/2" if imprinted_momentum else "E_eg/2"
        raise ValueError(f"omega must satisfy 0 < omega < {name} = {edge!r} eV, found {bad!r}")
    return energies


def plain_array(label: str, value: Any, unit: str = "1") -> NDArray[Any]:
    """Return ``value``, in plain numbers of ``unit``, as an array of whatever NumPy takes it for."""
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise ValueError(f"{label} must be a plain array, found masked entries")
    try:
        return np.asarray(plain_numbers(label, value, unit))
    except (ValueError, RecursionError):
        raise ValueError(f"{label} must be a rectangular array, found rows of different lengths") from None


def shown(value: object) -> str:
    """Return how Python writes ``value``, cut to a part of one line."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:
        # Python writes integers of at most some thousand digits.
        return "a number with too many digits"
    return text if len(text) <= 60 else f"{text[:60]}..."


def _found(array: NDArray[Any], value: object) -> str:
    if array.dtype.kind in "iufc":
        return f"{array.dtype} of shape {array.shape}"
    return type(value).__name__ if array.ndim == 0 else f"an array of {array.dtype}"
