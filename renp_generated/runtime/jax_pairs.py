"""Sums over pairs of neutrinos in JAX: arguments, kinematics, both natures. Amplitudes and Gram matrix are generated.

Arrays have the pairs i <= j in front of the photon energies. Closed channels are cut out before anything is evaluated there, so that
derivatives stay finite as well. The threshold of a pair is a number and its rest, as in the other engines; XLA may contract products
and sums into fused operations, but all products of that rest are exact, so that this changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from .arguments import photon_energies, plain_numbers
from .functions import SpectralFunctions
from .tables import Group

try:
    import jax
    import jax.numpy as jnp
except ImportError as _error:
    raise ImportError(f'JAX is missing, install it with python -m pip install "renp[jax]": {_error}') from None

Array: TypeAlias = Any
"""An array of JAX, traced or not."""

DOUBLE = 'call jax.config.update("jax_enable_x64", True) before arrays are made'
"""How JAX is made to compute in double precision."""
ENERGIES = frozenset(["omega", "E_eg", "E_vg", "masses", "imprinted_momentum"])
"""The arguments in eV, beside those of groups."""
LEVELS = ("E_eg", "E_vg", "imprinted_momentum", "crossed")
"""The arguments whose ranges depend on each other."""
STAND_INS = {"E_eg": 1.0, "E_vg": 2.0, "mass": 1.0}
"""Allowed values that stand for traced ones while names and shapes are checked; 0 for the others."""
HALF = 25
"""Bits behind the leading one in the upper half of a double: products of two halves are exact."""


class Kinematics(NamedTuple):
    """What amplitudes and structure functions depend on.

    ``t = s - M^2``, ``P = m_i m_j``, ``D = d^2``, ``d = m_i - m_j``, ``M = m_i + m_j``; momentum q along z, energy q_0 and invariant mass
    squared s of the pair, length r of the dipole [1/eV].
    """

    t: Array
    P: Array
    D: Array
    d: Array
    M: Array
    q: Array
    q_0: Array
    s: Array
    r: Array


class Light(NamedTuple):
    """``T_zz``, ``T_xx + T_yy`` and ``2 Im T_xy`` of the atomic tensor; the last one ``None`` where light is averaged."""

    along: Array
    across: Array
    circular: Array | None


class Exchange(NamedTuple):
    """One interaction: couplings of the pairs by name, and what multiplies them; ``None`` for what it does not have."""

    couplings: Mapping[str, Array]
    propagator: Array
    longitudinal: Array
    orbital: float


class Amplitudes(dict[str, Array]):
    """Amplitudes of one order of the pair by row; a row that nothing adds to is not there."""

    def add(self, row: str, factor: Array, exchange: Exchange, electron: str | None, matrix: str) -> None:
        """Add ``factor * electron coupling * matrix`` to a row, unless one of them is switched off."""
        coupling = 1.0 if electron is None else exchange.couplings.get(electron)
        if coupling is not None and matrix in exchange.couplings:
            self[row] = self.get(row, 0.0) + factor * (coupling * exchange.couplings[matrix])


@dataclass(frozen=True)
class Rows:
    """Products of amplitudes, the sum over both orders of the pair; ``odd`` takes the difference instead.

    Majorana neutrinos have the same product twice, with a factor 1/2 against double counting: ``other`` is then ``None``.
    """

    direct: Amplitudes
    other: Amplitudes | None

    def __contains__(self, row: str) -> bool:
        return row in self.direct

    def square(self, row: str) -> Array:
        """Return ``|c|^2``, with derivatives that are finite at 0."""
        return self._both(lambda c: c[row].real ** 2 + c[row].imag ** 2, False)

    def re(self, first: str, second: str, odd: bool = False) -> Array:
        """Return ``Re(c_n c_m*)``."""
        return self._both(lambda c: c[first].real * c[second].real + c[first].imag * c[second].imag, odd)

    def im(self, first: str, second: str, odd: bool = False) -> Array:
        """Return ``Im(c_n c_m*)``."""
        return self._both(lambda c: c[first].imag * c[second].real - c[first].real * c[second].imag, odd)

    def _both(self, product: Callable[[Amplitudes], Array], odd: bool) -> Array:
        if self.other is None:
            return product(self.direct)
        return product(self.direct) - product(self.other) if odd else product(self.direct) + product(self.other)


@dataclass(frozen=True, eq=False)
class PairStep:
    """The generated functions of a pair step, the sign of each row under exchange of the pair, the unit of the dipole [1/eV]."""

    amplitudes: Callable[[Kinematics, Mapping[str, Exchange]], Amplitudes]
    contracted: Callable[[Kinematics, Rows, Light], Array]
    signs: Mapping[str, int]
    unit: float = 1.0


@dataclass(frozen=True)
class Fixed:
    """What is fixed when a function is traced; ``unitary`` and ``full`` are the groups with those choices."""

    step: PairStep
    groups: tuple[Group, ...]
    majorana: bool
    unitary: frozenset[str]
    full: frozenset[str]


def evaluated(
    functions: SpectralFunctions, steps: Mapping[str, PairStep], omega: Any, arguments: Mapping[str, Any]
) -> Array:
    """Return I(omega) for a package's functions and pair steps; see the package's ``jax.spectral_function``."""
    if not jax.config.jax_enable_x64:
        raise TypeError(f"JAX must compute in double precision: {DOUBLE}, found jax_enable_x64 = False")
    energies = _array("omega", omega, "eV")
    groups = {group.keyword: group for group in functions.groups}
    values = {name: _converted(name, value, groups.get(name)) for name, value in arguments.items()}
    hidden = _traced([arguments.get(name) for name in LEVELS])
    inputs = functions.checked_inputs(
        **{
            name: _checkable(name, arguments[name], value, groups.get(name), hidden and name in LEVELS)
            for name, value in values.items()
        }
    )
    if not (hidden or _traced(omega)):
        photon_energies(omega, inputs.E_eg, inputs.imprinted_momentum)
    on = tuple(group for group in functions.groups if group.name in inputs.groups)
    chosen = {group.name: inputs.groups[group.name] for group in on}
    fixed = Fixed(
        steps[inputs.pair_step],
        on,
        inputs.majorana,
        frozenset(name for name, entries in chosen.items() if entries.get("propagator") == "unitary"),
        frozenset(name for name, entries in chosen.items() if (entries.get("m1") or inputs.m1) == "full"),
    )
    arrays = {name: value for name, value in values.items() if value is not None and not isinstance(value, str)}
    couplings = {
        group.name: {a.name: given[a.name] for a in group.arguments if a.kind != "choice" and given.get(a.name) is not None}
        for group in on
        for given in [arrays[group.keyword] if group.keyword else arrays]
    }
    others = {name: value for name, value in arrays.items() if name not in groups}
    return _spectrum(fixed, energies.reshape(-1), others, couplings).reshape(energies.shape)


# ---------------------------------------------------------------- arguments


def _array(label: str, value: Any, unit: str = "1") -> Any:
    """Return a double precision array, or the value itself where it is none: the check of arguments then says so."""
    value = plain_numbers(label, value, unit)
    if any(isinstance(leaf, str | bytes) for leaf in jax.tree.leaves(value)):
        return value
    try:
        array = jnp.asarray(value)
    except (TypeError, ValueError, OverflowError):
        exact = np.asarray(value) if label == "atomic_tensor" else None
        return value if exact is None else jnp.asarray(exact.astype(np.complex128))
    if array.dtype.kind not in "fiuc":
        return array
    if array.dtype.kind in "fc" and array.dtype not in (jnp.float64, jnp.complex128):
        raise TypeError(f"{label} must be in double precision: {DOUBLE}, found {array.dtype}")
    # Python's own numbers would be of a weaker type, and another one compiles again.
    return array.astype(jnp.complex128 if array.dtype.kind == "c" else jnp.float64)


def _converted(name: str, value: Any, group: Group | None) -> Any:
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return _array(name, value, "eV" if name in ENERGIES else "1")
    units = {a.name: a.units for a in group.arguments} if group else {"E_vg": "eV"}
    return {
        key: entry if entry is None or isinstance(entry, str) else _array(f"{name}[{key!r}]", entry, units.get(key) or "1")
        for key, entry in value.items()
    }


def _traced(tree: Any) -> bool:
    return any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves(tree))


def _checkable(name: str, given: Any, value: Any, group: Group | None, hidden: bool) -> Any:
    """Return what was given, with allowed values of the same shape in place of what is traced or ``hidden``."""
    if isinstance(value, Mapping):
        kinds = {a.name: a.kind for a in group.arguments} if group else {}
        return {
            key: _checkable(kinds.get(key, str(key)), given[key], entry, None, hidden) for key, entry in value.items()
        }
    if not (_traced(given) or (hidden and hasattr(value, "dtype"))):
        return given
    if name == "atomic_tensor" and value.shape == (3, 3):
        return np.eye(3) / 3
    return np.full(value.shape, STAND_INS.get(name, 0.0), value.dtype)


# ---------------------------------------------------------------- the sum over pairs


@partial(jax.jit, static_argnums=0)
def _spectrum(fixed: Fixed, omega: Array, given: Mapping[str, Array], couplings: Mapping[str, Mapping[str, Array]]) -> Array:
    """Return I(omega), shape (points,)."""
    step, E_eg, masses = fixed.step, given["E_eg"], given["masses"]
    K = given.get("imprinted_momentum", jnp.float64(0.0))
    i, j = np.triu_indices(len(masses))
    m_i, m_j = _picked(masses, i), _picked(masses, j)
    total_mass, difference = m_i + m_j, m_i - m_j
    gap = partial(_gap, omega, E_eg, K)
    distance = gap(m_i, m_j)
    is_open = distance > 0
    t = jnp.where(is_open, distance, 1.0)
    s = t + total_mass**2
    P = m_i * m_j
    r = step.unit * given.get("dipole_length", 1.0)
    pair = Kinematics(t, P, difference**2, difference, total_mass, omega + K, E_eg - omega, s, r)
    any_open = is_open.any(axis=0)
    exchanges = {
        group.name: _exchange(fixed, group, couplings[group.name], (i, j), gap, any_open) for group in fixed.groups
    }
    light = _light(given.get("atomic_tensor"))
    direct = step.amplitudes(pair, exchanges)
    # The pair (j, i): Hermitian matrices are conjugate there.
    other = step.amplitudes(
        pair._replace(d=-difference), {name: _conjugate(exchange) for name, exchange in exchanges.items()}
    )
    if fixed.majorana:
        both = {row: amplitude + step.signs[row] * other[row] for row, amplitude in direct.items()}
        contracted = step.contracted(pair, Rows(Amplitudes(both), None), light)
    else:
        contracted = step.contracted(pair, Rows(direct, other), light)
    weight = np.where(i == j, 1 / 16, 1 / 8)[:, None]
    rate = jnp.where(is_open, weight * jnp.sqrt(t * (t + 4 * P)) / s * contracted, 0.0)
    return _levels(omega, given) ** 2 * rate.sum(axis=0)


def _levels(omega: Array, given: Mapping[str, Any]) -> Array:
    """Return ``sum_v c_v / (E_vg,v - omega)`` with the states that the photon leads to first."""
    energies = jnp.atleast_1d(given["E_vg"])[:, None]
    amplitudes = given.get("intermediate_amplitudes", jnp.float64(1.0))
    total = (jnp.atleast_1d(amplitudes)[:, None] / (energies - omega)).sum(axis=0)
    if "crossed" in given:
        first = {name: jnp.atleast_1d(value)[:, None] for name, value in given["crossed"].items()}
        total += (first["amplitudes"] / ((first["E_vg"] - given["E_eg"]) + omega)).sum(axis=0)
    return total


def _light(tensor: Array | None) -> Light:
    if tensor is None:
        return Light(1 / 3, 2 / 3, None)
    return Light(tensor[2, 2].real, (tensor[0, 0] + tensor[1, 1]).real, 2 * tensor[0, 1].imag)


def _exchange(
    fixed: Fixed,
    group: Group,
    given: Mapping[str, Array],
    pairs: tuple[Any, Any],
    gap: Callable[[Array, Array], Array],
    any_open: Array,
) -> Exchange:
    couplings: dict[str, Array] = {}
    role = {a.kind: given[a.name] for a in group.arguments if a.name in given}
    i, j = pairs
    for a in group.arguments:
        if a.name not in given:
            continue
        value = given[a.name]
        if a.kind == "general":
            upper, lower = _picked(value, i, j), _picked(value, j, i).conj()
            couplings |= zip(a.parts, (upper + lower, 1j * (upper - lower)), strict=True)
        elif a.is_matrix:
            upper = _picked(value, i, j)
            couplings[a.name] = jnp.where((i == j)[:, None], upper.real, upper)
        elif a.kind == "real":
            couplings[a.name] = value
    propagator = longitudinal = None
    if "mass" in role:
        mass = role["mass"]
        distance = jnp.where(any_open, gap(mass, jnp.zeros_like(mass)), 1.0)
        propagator = 1 / distance
        if "width" in role:
            loss = mass * role["width"]
            propagator = (distance - 1j * loss) / (distance**2 + loss**2)
        if group.name in fixed.unitary:
            longitudinal = propagator / mass**2
    return Exchange(couplings, propagator, longitudinal, 0.5 if group.name in fixed.full else 1.0)


def _picked(array: Array, *index: Any) -> Array:
    """Return the entries of the pairs, shape (pairs, 1). Slices have a faster transpose than an array of indices."""
    flat, places = array.reshape(-1), np.ravel_multi_index(index, array.shape)
    return jnp.stack([jax.lax.index_in_dim(flat, int(k), keepdims=False) for k in places])[:, None]


def _conjugate(exchange: Exchange) -> Exchange:
    return exchange._replace(couplings={name: value.conj() for name, value in exchange.couplings.items()})


# ---------------------------------------------------------------- distances to thresholds


def _gap(omega: Array, E_eg: Array, K: Array, first: Array, second: Array) -> Array:
    """Return ``s - (first + second)^2`` to full precision, however small it is."""
    high, low = _threshold(E_eg, K, first, second)
    return 2 * (E_eg + K) * ((high - omega) + low)


def _two_part(E_eg: Array, K: Array, first: Array, second: Array) -> tuple[Array, Array]:
    """Return ``(E_eg - K)/2 - (first + second)^2 / 2 (E_eg + K)`` as the nearest float and the rest."""
    # XLA would add up two constants in (x + 1.0) - 1.0: what is constant is hidden.
    E_eg, K, first, second = jax.lax.optimization_barrier((E_eg, K, first, second))
    over, over_rest = _sum(E_eg, K)
    room, room_rest = _sum(E_eg, -K)
    mass, mass_rest = _sum(first, second)
    guess = (room - mass * mass / over) / 2
    # What the guess misses is (over * left - mass^2) / (2 over), with left = room - 2 guess.
    left, left_rest = _sum(room, -2 * guess)
    left_rest += room_rest
    a, b, c = _halves(over), _halves(left), _halves(mass)
    terms = (a[0] * b[0], -c[0] * c[0], a[0] * b[1], a[1] * b[0], -2 * c[0] * c[1], a[1] * b[1], -c[1] * c[1])
    total, rest = terms[0], over * left_rest + over_rest * left - 2 * mass * mass_rest
    for term in terms[1:]:
        total, lost = _sum(total, term)
        rest += lost
    high, low = _sum(guess, (total + rest) / (2 * over))
    return tuple(jax.lax.optimization_barrier((high, low)))


def _two_part_slope(
    values: tuple[Array, ...], moves: tuple[Array, ...]
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    E_eg, K, first, second = values
    by_E, by_K, by_first, by_second = moves
    share = (first + second) / (E_eg + K)
    moved = (by_E - by_K) / 2 + share**2 / 2 * (by_E + by_K) - share * (by_first + by_second)
    return _threshold(*values), (moved, jnp.zeros_like(moved))


_threshold = jax.custom_jvp(_two_part)
_threshold.defjvp(_two_part_slope)


def _sum(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the rounded sum and what it has lost, exactly."""
    total = x + y
    back = total - x
    return total, (x - (total - back)) + (y - back)


def _halves(x: Array) -> tuple[Array, Array]:
    high = jax.lax.reduce_precision(x, 11, HALF)
    return high, x - high
