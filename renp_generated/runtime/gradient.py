"""Exact derivatives of the spectral function, from the product rule on its closed form.

With ``t = s - (m_i + m_j)^2`` and ``P = m_i m_j`` the closed form is

    I = A^2 s^-p sum_{i<=j} sqrt(t (t + 4 P)) sum_w K_w F_w t^k,    A = sum_v c_v / (E_vg,v - omega).

The weights ``K`` are bilinear in the channel matrices and polynomial in the masses, so their derivatives are weights of
the same shape, and one pass over the same basis ``F_w t^k`` gives all of them. The root has an infinite slope at its
threshold; there and above a pair adds exactly 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import Inputs, pair_mass, photon_energies
from .couplings import constants, strength, tensor_parts
from .evaluator import two_part_threshold
from .tables import Contribution, Factor, Group, Tables

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

BLOCK = 1024
"""Points per block: the basis of a block, a few hundred rows, stays in a second-level cache."""

FIRST, SECOND = "first mass", "second mass"
"""Directions of the masses of a pair ``i <= j``; for ``i = j`` the first varies both and the second nothing."""


@dataclass(frozen=True)
class Pair:
    """A pair ``i <= j`` with its two-part threshold ``omega_ij`` [eV]."""

    i: int
    j: int
    high: float
    low: float


@dataclass(frozen=True)
class Mediator:
    """A mediator ``1/(s - M^2 + i M Gamma)``, with the photon energy where ``s = M^2`` in two parts.

    ``labels`` are the parameters of its mass and of its width, the mass alone where the group has no width.
    """

    labels: tuple[str, ...]
    group: str
    mass: float
    width: float
    high: float
    low: float


@dataclass(frozen=True)
class Direction:
    """A parameter that moves the weights: a scalar, or a Hermitian matrix with one real parameter for each pair ``i <= j``.

    Of a pair's derivative, ``upper`` times it belongs to the entry (i, j) of the ``target`` and ``lower`` times it to (j, i).
    """

    label: str
    target: str
    upper: int = 0
    lower: int = 0

    @property
    def scalar(self) -> bool:
        """Whether the parameter is one number."""
        return not (self.upper or self.lower)


@dataclass(frozen=True)
class SpectralGradient:
    """The derivatives of the spectral function at one set of masses and couplings; call it with photon energies in eV.

    Attributes
    ----------
    inputs : the checked arguments.
    pairs, mediators : kinematics, thresholds and poles in two parts.
    shapes : the shape of each parameter, in the order of the result.
    directions : parameters that move the weights, the two masses of a pair first.
    weights : (pairs, 1 + directions, terms); ``K`` first, then its derivatives.
    terms : factor and power of ``t`` of each weight, sorted.
    """

    inputs: Inputs
    pairs: tuple[Pair, ...]
    mediators: tuple[Mediator, ...]
    shapes: Mapping[str, tuple[int, ...]]
    directions: tuple[Direction, ...]
    weights: Array
    terms: tuple[tuple[int, int], ...]
    factors: tuple[Factor, ...]
    s_power: int

    def __call__(self, omega: ArrayLike) -> dict[str, Any]:
        """Return ``{parameter: dI/d parameter}``, each of the shape of ``omega`` and then that of the parameter.

        Raises ``ValueError`` where the spectral function is not finite, and for photon energies out of range.
        """
        energies = photon_energies(omega, self.inputs.E_eg, self.inputs.imprinted_momentum)
        flat = np.ascontiguousarray(energies).reshape(-1)
        result = {label: np.zeros((flat.size, *shape)) for label, shape in self.shapes.items()}
        for start in range(0, flat.size, BLOCK):
            block = slice(start, start + BLOCK)
            with np.errstate(all="ignore"):
                self._add(flat[block], {label: values[block] for label, values in result.items()})
        for label, values in result.items():
            if not np.isfinite(values).all():
                bad = float(flat[~np.isfinite(values).reshape(flat.size, -1).all(axis=1)][0])
                raise ValueError(
                    f"the derivative with respect to {label} is not finite at omega = {bad!r} eV: s = M^2 is an "
                    "unphysical pole of a mediator without width (give its width), or the couplings overflow"
                )
        return {label: values.reshape(energies.shape + self.shapes[label])[()] for label, values in result.items()}

    def _add(self, omega: Array, out: Mapping[str, Array]) -> None:
        """Add the derivatives at one block of photon energies to ``out``."""
        inputs, E_eg, masses = self.inputs, self.inputs.E_eg, self.inputs.masses
        K, (high, low) = inputs.imprinted_momentum, pair_mass(E_eg, inputs.imprinted_momentum)
        s, q0, qz = (E_eg + K) * ((high - 2 * omega) + low), E_eg - omega, omega + K
        energies, strengths = np.array(inputs.levels).T.copy()
        levels = 1 / (energies - omega[:, None])
        amplitude = levels @ strengths
        common = amplitude**2 / s**self.s_power
        factors = self._factors(omega, qz, q0, s)
        total, along_s = np.zeros(omega.shape), np.zeros(omega.shape)
        partial = {key: np.zeros(omega.shape) for key in factors if key}
        for index, pair in enumerate(self.pairs):
            gap = (pair.high - omega) + pair.low
            is_open = gap > 0
            if not is_open.any():
                continue
            t = 2 * (E_eg + K) * np.where(is_open, gap, 1.0)
            m_i, m_j, P, M = (
                masses[pair.i],
                masses[pair.j],
                masses[pair.i] * masses[pair.j],
                masses[pair.i] + masses[pair.j],
            )
            root = np.sqrt(t) * np.sqrt(t + 4 * P)
            moved, slope, by_factor = self._sums(index, t, factors[""])
            value = moved[0]
            # In closed pairs everything, poles included, counts as exactly 0.
            total += np.where(is_open, root * value, 0.0)
            explicit = {key: root * (table * by_factor).sum(axis=0) for key, table in factors.items() if key}
            for key, piece in explicit.items():
                partial[key] += np.where(is_open, piece, 0.0)
            along_s += np.where(is_open, explicit["s"] + root * slope + (t + 2 * P) / root * value, 0.0)
            moved = np.where(is_open, root * moved, 0.0)
            # Each mass enters the weights, the root and t; d(root)/dm_i = -2 m_i (t + 2 m_j M) / root has one sign.
            ends = ((pair.i, 1, m_i, m_j), (pair.j, 2, m_j, m_i))
            for k, row, own, other in ends:
                bend = -2 * own * (t + 2 * other * M) / root * value - 2 * M * root * slope
                out["masses"][:, k] += common * (moved[row] + np.where(is_open, bend, 0.0))
            for row, direction in enumerate(self.directions[2:], 3):
                piece, where = common * moved[row], out[direction.target]
                if direction.scalar:
                    where += piece
                if direction.upper:
                    where[:, pair.i, pair.j] += direction.upper * piece
                if direction.lower:
                    where[:, pair.j, pair.i] += direction.lower * piece
        by_s = common * (along_s - self.s_power * total / s)
        rest = 2 * amplitude * total / s**self.s_power
        weighted = strengths * levels**2
        out["omega"][:] = common * (partial["qz"] - partial["q0"]) - 2 * (E_eg + K) * by_s + rest * weighted.sum(axis=1)
        first = len(inputs.E_vg)
        out["E_eg"][:] = common * partial["q0"] + 2 * q0 * by_s
        if inputs.crossed:
            # There the photon comes first: (E_eg - E_vg, -c) stands for the state, see Inputs.levels.
            out["E_eg"][:] -= rest * weighted[:, first:].sum(axis=1)
            out["crossed.E_vg"][:] = rest[:, None] * weighted[:, first:]
            out["crossed.amplitudes"][:] = -rest[:, None] * levels[:, first:]
        out["imprinted_momentum"][:] = common * partial["qz"] - 2 * qz * by_s
        out["E_vg"][:] = -rest[:, None] * weighted[:, :first]
        out["intermediate_amplitudes"][:] = rest[:, None] * levels[:, :first]
        if "dipole_length" in out and inputs.dipole_length:
            out["dipole_length"][:] = 2 * common * total / inputs.dipole_length
        for mediator in self.mediators:
            for label in mediator.labels:
                out[label][:] += common * partial[label]

    def _sums(self, pair: int, t: Array, factors: Array) -> tuple[Array, Array, Array]:
        """Return ``sum_w W_w F_w t^k`` for all weights ``W``, and for ``K`` its slope in t and ``sum_k K t^k`` by factor."""
        where = np.array([factor for factor, _ in self.terms], dtype=np.intp)
        powers = np.array([power for _, power in self.terms], dtype=np.intp)
        table = t ** np.arange(powers.max(initial=0) + 1)[:, None]
        moved = self.weights[pair] @ (factors[where] * table[powers])
        K = self.weights[pair, 0, :, None]
        slope = (powers[:, None] * K * factors[where] * table[np.maximum(powers - 1, 0)]).sum(axis=0)
        by_factor = np.zeros(factors.shape)
        np.add.at(by_factor, where, K * table[powers])
        return moved, slope, by_factor

    def _factors(self, omega: Array, qz: Array, q0: Array, s: Array) -> dict[str, Array]:
        """Return the values of all factors under ``""``, and their derivatives by s, q_z, q0, masses and widths.

        A derivative by one of them keeps the others fixed.
        """
        propagators, slopes = self._propagators(omega)
        keys = ["", "s", "qz", "q0", *(label for mediator in self.mediators for label in mediator.labels)]
        tables = {key: np.zeros((len(self.factors), omega.size)) for key in keys}
        for index in sorted({factor for factor, _ in self.terms}):
            factor = self.factors[index]
            simple = qz**factor.qz * q0**factor.q0 * s**factor.s
            product = math.prod((propagators[key] for key in factor.propagators), start=np.ones(omega.shape))
            tables[""][index] = simple * product
            for key, power, base in (("q0", factor.q0, q0), ("s", factor.s, s)):
                tables[key][index] = power * simple / base * product
            # q_z may be 0, where the derivative of its first power is left.
            still = qz == 0
            lowered = q0**factor.q0 * s**factor.s if factor.qz == 1 else 0.0
            slope_z = np.where(still, lowered, factor.qz * simple / np.where(still, 1.0, qz))
            tables["qz"][index] = slope_z * product
            for place, (group, part) in enumerate(factor.propagators):
                others = factor.propagators[:place] + factor.propagators[place + 1 :]
                rest = simple * math.prod((propagators[key] for key in others), start=np.ones(omega.shape))
                for key, slope in slopes[group, part].items():
                    tables[key][index] += rest * slope
        return tables

    def _propagators(
        self, omega: Array
    ) -> tuple[dict[tuple[str, str], Array], dict[tuple[str, str], dict[str, Array]]]:
        """Return the parts re, im and abs2 of ``1/(s - M^2 + i M Gamma)`` and their derivatives by s, M and Gamma."""
        values: dict[tuple[str, str], Array] = {}
        slopes: dict[tuple[str, str], dict[str, Array]] = {}
        for m in self.mediators:
            distance = 2 * (self.inputs.E_eg + self.inputs.imprinted_momentum) * ((m.high - omega) + m.low)
            propagator = (1 / (distance + 1j * m.mass * m.width)).astype(np.complex128)
            by_s = -(propagator**2)
            by_mass_and_width = by_s * complex(-2 * m.mass, m.width), by_s * 1j * m.mass
            moves: dict[str, ComplexArray] = {"s": by_s, **dict(zip(m.labels, by_mass_and_width, strict=False))}
            values[m.group, "re"], values[m.group, "im"] = propagator.real, propagator.imag
            values[m.group, "abs2"] = propagator.real**2 + propagator.imag**2
            slopes[m.group, "abs2"] = {key: 2 * (propagator.conj() * move).real for key, move in moves.items()}
            slopes[m.group, "re"] = {key: move.real for key, move in moves.items()}
            slopes[m.group, "im"] = {key: move.imag for key, move in moves.items()}
        return values, slopes


def prepared(tables: Tables, groups: Sequence[Group], inputs: Inputs) -> SpectralGradient:
    """Return the derivatives of checked arguments: the weights and all their derivatives."""
    n, k, K = len(inputs.masses), len(inputs.E_vg), inputs.imprinted_momentum
    shapes: dict[str, tuple[int, ...]] = {
        "omega": (), "E_eg": (), "E_vg": (k,), "intermediate_amplitudes": (k,), "imprinted_momentum": (), "masses": (n,),
    }  # fmt: skip
    if inputs.crossed:
        shapes |= dict.fromkeys(("crossed.E_vg", "crossed.amplitudes"), (len(inputs.crossed),))
    directions = [Direction(FIRST, "masses"), Direction(SECOND, "masses")]
    mediators = []
    for group in groups:
        if group.name not in inputs.groups:
            continue
        prefix = f"{group.keyword}." if group.keyword else ""
        for argument in group.arguments:
            label = prefix + argument.name
            if argument.is_matrix and inputs.groups[group.name][argument.name] is not None:
                directions += _matrix_directions(label, [prefix + part for part in argument.parts])
                shapes |= {f"{label}.{part}": (n, n) for part in ("real", "imag")}
            elif argument.kind in ("real", "mass", "width"):
                shapes[label] = ()
                if argument.kind != "width":
                    directions.append(Direction(label, label))
        if group.name in inputs.mediators:
            mass, width = inputs.mediators[group.name]
            named = {argument.kind: prefix + argument.name for argument in group.arguments}
            labels = tuple(named[kind] for kind in ("mass", "width") if kind in named)
            mediators.append(Mediator(labels, group.name, mass, width, *two_part_threshold(inputs.E_eg, mass, imprinted_momentum=K)))
    if inputs.pair_step == "E1":
        shapes["dipole_length"] = ()
    prefixes = {group.name: f"{group.keyword}." if group.keyword else "" for group in groups}
    masses = {mediator.group: mediator.labels[0] for mediator in mediators}
    with np.errstate(all="ignore"):
        weights = _weights(tables, inputs, _channels(tables, inputs, directions, prefixes, masses))
    used = np.flatnonzero(weights.any(axis=(0, 2)))
    return SpectralGradient(
        inputs,
        tuple(
            Pair(i, j, *two_part_threshold(inputs.E_eg, inputs.masses[i], inputs.masses[j], imprinted_momentum=K))
            for i, j in _pairs(n)
        ),
        tuple(mediators),
        shapes,
        tuple(directions),
        np.ascontiguousarray(weights[:, used].transpose(2, 0, 1)),
        tuple(tables.weights[index] for index in used),
        tables.factors,
        tables.s_power,
    )


def _matrix_directions(label: str, parts: Sequence[str]) -> list[Direction]:
    """Return the directions of a matrix coupling, or of the Hermitian ones that a general matrix is made into."""
    real, imag = f"{label}.real", f"{label}.imag"
    if not parts:
        return [Direction(real, real, 1), Direction(imag, imag, 1)]
    # For i <= j: S_ij = f_ij + f_ji^* and D_ij = i (f_ij - f_ji^*).
    sums, differences = parts
    return [
        Direction(f"{sums}.real", real, 1, 1),
        Direction(f"{sums}.imag", imag, 1, -1),
        Direction(f"{differences}.real", imag, -1, -1),
        Direction(f"{differences}.imag", real, 1, -1),
    ]


def _pairs(n: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(n) for j in range(i, n)]


@dataclass(frozen=True)
class _MassFactors:
    """Products of powers of mass combinations as (n, n) arrays, with their slopes in the two mass directions."""

    bases: tuple[Array, ...]
    slopes: tuple[tuple[Array, ...], ...]

    def value(self, powers: Sequence[int]) -> Array:
        return math.prod(
            (base**power for base, power in zip(self.bases, powers, strict=True)), start=np.ones(self.bases[0].shape)
        )

    def slope(self, direction: int, powers: Sequence[int]) -> Array:
        total = np.zeros(self.bases[0].shape)
        for place, power in enumerate(powers):
            if power:
                lowered = [*powers[:place], power - 1, *powers[place + 1 :]]
                total += power * self.slopes[direction][place] * self.value(lowered)
        return total


def _mass_factors(masses: Sequence[float]) -> _MassFactors:
    """Return the bases ``P = m_i m_j, D = d^2, d = m_i - m_j, M = m_i + m_j``."""
    own, other = np.meshgrid(np.array(masses), np.array(masses), indexing="ij")
    d = own - other
    row, column = np.indices(d.shape)
    slopes = []
    for by_own, by_other in ((row <= column, column <= row), (row > column, column > row)):
        own_moves, other_moves = by_own.astype(float), by_other.astype(float)
        d_moves = own_moves - other_moves
        slopes.append((own_moves * other + own * other_moves, 2 * d * d_moves, d_moves, own_moves + other_moves))
    return _MassFactors((own * other, d * d, d, own + other), tuple(slopes))


def _channels(
    tables: Tables,
    inputs: Inputs,
    directions: Sequence[Direction],
    prefixes: Mapping[str, str],
    mediator_masses: Mapping[str, str],
) -> ComplexArray:
    """Return the channel matrices and then their derivatives, shape (1 + directions, channels, n, n).

    ``mediator_masses`` are the labels of the masses of mediators by group.
    """
    n = len(inputs.masses)
    rows = {direction.label: index for index, direction in enumerate(directions, 1)}
    result = np.zeros((1 + len(directions), len(tables.channels), n, n), dtype=np.complex128)
    factors = _mass_factors(inputs.masses)
    real = np.ones((n, n))
    imag = 1j * (np.triu(real, 1) - np.tril(real, -1))
    for index, c, number in _active(tables, inputs):
        entries, prefix = inputs.groups[c.group], prefixes[c.group]
        powers = (0, 0, c.d, c.M)
        electron = 1.0 if c.electron is None else entries[c.electron]
        odd = number * factors.value(powers)
        matrix = entries[c.matrix]
        result[0, index] += electron * odd * matrix
        for direction in (0, 1):
            result[1 + direction, index] += electron * number * factors.slope(direction, powers) * matrix
        result[rows[f"{prefix}{c.matrix}.real"], index] += electron * odd * real
        result[rows[f"{prefix}{c.matrix}.imag"], index] += electron * odd * imag
        if c.electron is not None:
            result[rows[f"{prefix}{c.electron}"], index] += odd * matrix
        if c.longitudinal:
            mass = inputs.mediators[c.group][0]
            result[rows[mediator_masses[c.group]], index] += -2 / mass * electron * odd * matrix
    if inputs.majorana:
        signs = np.array([channel.eta for channel in tables.channels])[:, None, None]
        result = result + signs * result.swapaxes(-1, -2)
    return result


def _active(tables: Tables, inputs: Inputs) -> Iterator[tuple[int, Contribution, complex]]:
    """Yield channel, contribution and its number without electron coupling, matrix and odd mass factors."""
    for index, channel in enumerate(tables.channels):
        for c in channel.contributions:
            scale = strength(c, inputs, constants(tables, c, float), float)
            if scale is not None:
                yield index, c, complex(c.real, c.imag) * scale


def _weights(tables: Tables, inputs: Inputs, channels: ComplexArray) -> Array:
    """Return the weights and then their derivatives, shape (1 + directions, weights, pairs)."""
    n = len(inputs.masses)
    factors = _mass_factors(inputs.masses)
    monomials = np.array([factors.value(powers) for powers in tables.monomials]).reshape(-1, n * n)
    slopes = [np.array([factors.slope(k, p) for p in tables.monomials]).reshape(-1, n * n) for k in (0, 1)]
    flat = channels.reshape(*channels.shape[:2], n * n)
    parts = tensor_parts(inputs.tensor, float)
    scale = 1 / (tables.denominator * (2 if inputs.majorana else 1))
    ordered = np.zeros((len(channels), len(tables.weights), n * n))
    live = [bool(channels[:, index].any()) for index in range(len(tables.channels))]
    for product in tables.products:
        if not (live[product.n] and live[product.m] and parts[product.part]):
            continue
        left, right = flat[:, product.n], flat[:, product.m].conj()
        moved = left * right[0] + left[0] * right
        moved[0] /= 2
        numbers = (moved.imag if product.imaginary else moved.real) * (parts[product.part] * scale)
        for weight, polynomial in product.entries:
            indices, coefficients = [k for k, _ in polynomial], np.array([float(c) for _, c in polynomial])
            ordered[:, weight] += numbers * (coefficients @ monomials[indices])
            for row, slope in enumerate(slopes, 1):
                ordered[row, weight] += numbers[0] * (coefficients @ slope[indices])
    square = ordered.reshape(*ordered.shape[:2], n, n)
    upper, lower = np.array(_pairs(n)).T
    both = square[:, :, upper, lower] + square[:, :, lower, upper]
    return np.where(upper == lower, square[:, :, upper, lower], both)
