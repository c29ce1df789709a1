"""Folding of couplings into per-pair weights, and the NumPy evaluator.

A :class:`SpectralEvaluator` holds everything that does not depend on the photon energy. With ``t = 2 E_eg (omega_ij -
omega)`` from a two-part threshold nothing cancels at threshold: every diagonal weight is non-negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import Inputs, photon_energies
from .plan import ENGINE, plan_of, run
from .tables import Channel, Factor, Tables

Array = NDArray[np.float64]

BLOCK = 4096
"""Points per block: the dozen temporaries of a block stay in a second-level cache."""


@dataclass(frozen=True)
class Pole:
    """A mediator: ``s - M^2 = 2 E_eg ((omega_M - omega) + rest)`` in two parts, and ``M Gamma``."""

    group: str
    high: float
    low: float
    mass_width: float


@dataclass(frozen=True)
class SpectralEvaluator:
    """The spectral function of one set of masses and couplings; call it with photon energies in eV.

    Attributes
    ----------
    thresholds_high, thresholds_low : (pairs,) two-part thresholds ``omega_ij`` [eV].
    four_P : (pairs,) ``4 m_i m_j`` [eV^2].
    weights : (active weights, pairs) ``K``.
    terms : factor and power of ``t`` of each active weight, sorted.
    factors, poles : the shared factors and the mediators that they need.
    plan : the same as one array for the compiled evaluation; ``None`` keeps to NumPy.
    """

    E_eg: float
    E_vg: tuple[float, ...]
    amplitudes: tuple[float, ...]
    thresholds_high: Array
    thresholds_low: Array
    four_P: Array
    weights: Array
    terms: tuple[tuple[int, int], ...]
    factors: tuple[Factor, ...]
    poles: tuple[Pole, ...]
    s_power: int
    plan: Array | None = field(default=None, compare=False, repr=False)

    def __call__(self, omega: ArrayLike, *, threads: int = 1) -> Any:
        """Return I(omega), same shape as ``omega``, float64; exactly 0 above every threshold.

        ``threads`` is how many threads the compiled evaluation may use; it does not change a bit of the result.
        """
        if self.plan is not None and ENGINE is not None:
            result = self._compiled(ENGINE, self.plan, omega, threads)
            if result is not None:
                return result
        return self._numpy(omega)

    def without_compiled(self) -> SpectralEvaluator:
        """Return the same evaluator with the NumPy evaluation."""
        return replace(self, plan=None)

    def _compiled(self, engine: ModuleType, plan: Array, omega: Any, threads: int) -> Any:
        """Evaluate numbers and contiguous float64 arrays; ``None`` leaves the rest, and every complaint, to NumPy."""
        if type(omega) is float:
            value = engine.one(plan, omega)
            return None if value is None else np.float64(value)
        if type(omega) is not np.ndarray:
            if _foreign_namespace(omega) is not None:
                return None
            omega = photon_energies(omega, self.E_eg)
        if omega.dtype != np.float64 or not omega.flags.c_contiguous or not omega.dtype.isnative:
            omega = np.ascontiguousarray(photon_energies(omega, self.E_eg))
        result = np.empty(omega.shape)
        if run(engine, plan, omega, result, threads):
            return None
        return result[()] if omega.ndim == 0 else result

    def _numpy(self, omega: Any) -> Any:
        namespace = _foreign_namespace(omega)
        if namespace is not None:
            return evaluate_in(self, omega, namespace)
        energies = photon_energies(omega, self.E_eg)
        flat = np.ascontiguousarray(energies).reshape(-1)
        result = np.empty(flat.shape)
        for start in range(0, flat.size, BLOCK):
            block = slice(start, start + BLOCK)
            _evaluate(self, flat[block], result[block])
        if not np.isfinite(result).all():
            bad = float(flat[~np.isfinite(result)][0])
            raise ValueError(
                f"the spectral function is not finite at omega = {bad!r} eV: s = M^2 is an unphysical pole of a mediator "
                "without width (give its width), or the couplings overflow"
            )
        return result.reshape(energies.shape)[()]


@np.errstate(over="ignore", invalid="ignore")
def fold(tables: Tables, inputs: Inputs) -> SpectralEvaluator:
    """Return the evaluator of checked arguments: couplings, nature, atomic tensor and masses folded into weights.

    Couplings that overflow give weights that are not finite; the evaluator refuses them with a message.
    """
    masses = np.array(inputs.masses)
    n = masses.size
    coefficients = channel_matrices(tables, inputs)
    d = masses[:, None] - masses[None, :]
    P, M = masses[:, None] * masses[None, :], masses[:, None] + masses[None, :]
    compact = _compact(tables)
    monomials = _monomials(compact.powers, (P, d * d, d, M)).reshape(len(tables.monomials), n * n)
    ordered = np.zeros((len(tables.weights), n * n))
    touched = np.zeros(len(tables.weights), dtype=bool)
    parts = dict(zip(("along", "across", "circular"), inputs.tensor, strict=True))
    scale = (0.5 if inputs.majorana else 1.0) / tables.denominator
    narrow = {(name, "im") for name, (_, width) in inputs.mediators.items() if not width}
    vanishing = [not narrow.isdisjoint(factor.propagators) for factor in tables.factors]
    for product, (rows, matrix) in zip(tables.products, compact.products, strict=True):
        left, right, part = coefficients[product.n], coefficients[product.m], parts[product.part]
        if left is None or right is None or not part or vanishing[tables.weights[rows[0]][0]]:
            continue
        squared = left * right.conj()
        number = (squared.imag if product.imaginary else squared.real).reshape(-1) * (part * scale)
        ordered[rows] += (matrix @ monomials) * number
        touched[rows] = True
    upper, lower = np.triu_indices(n)
    cube = ordered[touched].reshape(-1, n, n)
    folded = np.where(upper == lower, cube[:, upper, lower], cube[:, upper, lower] + cube[:, lower, upper])
    active = [bool(row.any()) for row in folded]
    terms = [term for term, keep in zip(tables.weights, touched, strict=True) if keep]
    high, low = _thresholds(inputs.E_eg, inputs.masses)
    poles = tuple(_pole(inputs.E_eg, name, *mediator) for name, mediator in inputs.mediators.items())
    evaluator = SpectralEvaluator(
        inputs.E_eg,
        inputs.E_vg,
        inputs.amplitudes,
        high,
        low,
        4 * P[upper, lower],
        np.ascontiguousarray(folded[active]),
        tuple(term for term, keep in zip(terms, active, strict=True) if keep),
        tables.factors,
        poles,
        tables.s_power,
    )
    return evaluator if ENGINE is None else replace(evaluator, plan=plan_of(tables, evaluator))


def channel_matrices(tables: Tables, inputs: Inputs) -> list[NDArray[np.complex128] | None]:
    """Return the (n, n) coefficient of each channel, symmetrised for Majorana neutrinos; ``None`` when it is switched off."""
    masses = np.array(inputs.masses)
    odd = (masses[:, None] - masses[None, :], masses[:, None] + masses[None, :])
    return [_channel(channel, tables.constants, inputs, odd) for channel in tables.channels]


def _channel(
    channel: Channel, constants: Mapping[str, float], inputs: Inputs, odd: tuple[Array, Array]
) -> NDArray[np.complex128] | None:
    total: NDArray[np.complex128] | None = None
    for c in channel.contributions:
        entries = inputs.groups.get(c.group)
        if entries is None or entries[c.matrix] is None:
            continue
        if c.longitudinal and entries["propagator"] != "unitary":
            continue
        number = 1.0 if c.electron is None else entries[c.electron]
        if number == 0:
            continue
        number = number * complex(c.real, c.imag) / c.denominator
        for name, power in c.constants:
            number = number * constants[name] ** power
        if inputs.pair_step == "E1":
            number = number * inputs.dipole_length
        if c.orbital and entries.get("m1") == "full":
            number = number * 0.5
        if c.longitudinal:
            mass = inputs.mediators[c.group][0]
            number = number / mass / mass
        matrix = entries[c.matrix] * number
        for power, factor in zip((c.d, c.M), odd, strict=True):
            if power:
                matrix = matrix * factor**power
        total = matrix if total is None else total + matrix
    if total is None or not total.any():
        return None
    return total + channel.eta * total.T if inputs.majorana else total


@dataclass(frozen=True)
class _Compact:
    """Tables as arrays, made once per table."""

    powers: NDArray[np.intp]
    products: tuple[tuple[NDArray[np.intp], Array], ...]


@lru_cache(maxsize=8)
def _compact_by_id(key: int, holder: _Holder) -> _Compact:
    tables = holder.tables
    products = []
    for product in tables.products:
        matrix = np.zeros((len(product.entries), len(tables.monomials)))
        for row, (_, polynomial) in enumerate(product.entries):
            for monomial, coefficient in polynomial:
                matrix[row, monomial] = coefficient
        products.append((np.array([weight for weight, _ in product.entries]), matrix))
    return _Compact(np.array(tables.monomials).T, tuple(products))


class _Holder:
    """Carries tables past the cache without hashing them."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def __hash__(self) -> int:
        return id(self.tables)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.tables is self.tables


def _compact(tables: Tables) -> _Compact:
    return _compact_by_id(id(tables), _Holder(tables))


def _monomials(powers: NDArray[np.intp], bases: tuple[Array, ...]) -> Array:
    result: Array | None = None
    for base, exponent in zip(bases, powers, strict=True):
        table = np.ones((int(exponent.max()) + 1, *base.shape))
        for power in range(1, len(table)):
            table[power] = table[power - 1] * base
        result = table[exponent] if result is None else result * table[exponent]
    assert result is not None
    return result


def _two_sum(a: float, b: float) -> tuple[float, float]:
    total = a + b
    shadow = total - a
    return total, (a - (total - shadow)) + (b - shadow)


def _two_product(a: float, b: float) -> tuple[float, float]:
    product = a * b
    a_high, b_high = _upper_half(a), _upper_half(b)
    a_low, b_low = a - a_high, b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def _upper_half(a: float) -> float:
    spread = 134217729.0 * a
    return spread - (spread - a)


def two_part_threshold(E_eg: float, mass: float, rest: float = 0.0) -> tuple[float, float]:
    """Return ``E_eg/2 - (mass + rest)^2 / (2 E_eg)`` as an unevaluated sum of two floats (about 106 bits)."""
    square, error = _two_product(mass, mass)
    error += 2 * mass * rest
    twice = 2 * E_eg
    quotient = square / twice
    product, low = _two_product(quotient, twice)
    correction = (((square - product) - low) + error) / twice
    high, low = _two_sum(0.5 * E_eg, -quotient)
    return _two_sum(high, low - correction)


def _thresholds(E_eg: float, masses: tuple[float, ...]) -> tuple[Array, Array]:
    pairs = [
        two_part_threshold(E_eg, *_two_sum(masses[i], masses[j]))
        for i in range(len(masses))
        for j in range(i, len(masses))
    ]
    return np.array([high for high, _ in pairs]), np.array([low for _, low in pairs])


def _pole(E_eg: float, name: str, mass: float, width: float) -> Pole:
    high, low = two_part_threshold(E_eg, mass)
    return Pole(name, high, low, mass * width)


def _prefactor(evaluator: SpectralEvaluator, omega: Any) -> Any:
    total: Any = 0.0
    for level, amplitude in zip(evaluator.E_vg, evaluator.amplitudes, strict=True):
        total = total + amplitude / (level - omega)
    s = evaluator.E_eg * (evaluator.E_eg - 2 * omega)
    return total * total / s**evaluator.s_power


def _propagators(evaluator: SpectralEvaluator, omega: Any) -> dict[tuple[str, str], Any]:
    result = {}
    for pole in evaluator.poles:
        distance = 2 * evaluator.E_eg * ((pole.high - omega) + pole.low)
        if pole.mass_width:
            norm = 1 / (distance * distance + pole.mass_width * pole.mass_width)
            result[pole.group, "re"] = distance * norm
            result[pole.group, "im"] = -pole.mass_width * norm
        else:
            result[pole.group, "re"] = 1 / distance
            result[pole.group, "im"] = 0.0 * distance
    return result


def _factor_values(evaluator: SpectralEvaluator, omega: Any) -> dict[int, Any]:
    propagators = _propagators(evaluator, omega)
    q0 = evaluator.E_eg - omega
    s = evaluator.E_eg * (evaluator.E_eg - 2 * omega)
    values: dict[int, Any] = {}
    for index in dict.fromkeys(factor for factor, _ in evaluator.terms):
        factor = evaluator.factors[index]
        pieces = (
            [omega] * factor.w + [q0] * factor.q0 + [s] * factor.s + [propagators[key] for key in factor.propagators]
        )
        value: Any = None
        for piece in pieces:
            value = piece if value is None else value * piece
        values[index] = value
    return values


def _blocks_of_terms(evaluator: SpectralEvaluator) -> dict[int, dict[int, int]]:
    """Return ``{factor: {power: row of the weights}}``."""
    grouped: dict[int, dict[int, int]] = {}
    for row, (factor, power) in enumerate(evaluator.terms):
        grouped.setdefault(factor, {})[power] = row
    return grouped


def _evaluate(evaluator: SpectralEvaluator, omega: Array, out: Array) -> None:
    out[:] = 0.0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        factors = _factor_values(evaluator, omega)
        grouped = _blocks_of_terms(evaluator)
        lowest = omega.min()
        t, root, total, horner = (np.empty(omega.shape) for _ in range(4))
        for pair, high in enumerate(evaluator.thresholds_high):
            if lowest > high:
                continue
            np.subtract(high, omega, out=t)
            t += evaluator.thresholds_low[pair]
            np.maximum(t, 0.0, out=t)
            t *= 2 * evaluator.E_eg
            np.add(t, evaluator.four_P[pair], out=root)
            root *= t
            np.sqrt(root, out=root)
            first = True
            for factor, rows in grouped.items():
                target = total if first else horner
                _horner(evaluator.weights[:, pair], rows, t, target)
                if factors[factor] is not None:
                    target *= factors[factor]
                if not first:
                    total += horner
                first = False
            if first:
                continue
            total *= root
            total[t == 0] = 0.0
            out += total
        out *= _prefactor(evaluator, omega)


def _horner(weights: Array, rows: dict[int, int], t: Array, out: Array) -> None:
    top = max(rows)
    out[:] = weights[rows[top]]
    for power in range(top - 1, -1, -1):
        out *= t
        if power in rows:
            out += weights[rows[power]]


def evaluate_in(evaluator: SpectralEvaluator, omega: Any, namespace: Any) -> Any:
    """Return I(omega) for an array of another array-API namespace (JAX, CuPy, Dask): no blocking, no range check."""
    factors = _factor_values(evaluator, omega)
    total: Any = 0.0 * omega
    for pair in range(evaluator.four_P.size):
        gap = (float(evaluator.thresholds_high[pair]) - omega) + float(evaluator.thresholds_low[pair])
        is_open = gap > 0
        t = 2 * evaluator.E_eg * namespace.where(is_open, gap, 1.0)
        value: Any = 0.0
        for row, (factor, power) in enumerate(evaluator.terms):
            piece = float(evaluator.weights[row, pair]) * t**power
            value = value + (piece if factors[factor] is None else piece * factors[factor])
        root = namespace.sqrt(t * (t + float(evaluator.four_P[pair])))
        total = total + namespace.where(is_open, root * value, 0.0)
    return total * _prefactor(evaluator, omega)


def _foreign_namespace(omega: Any) -> Any:
    if isinstance(omega, np.ndarray | np.generic | float | int):
        return None
    getter = getattr(omega, "__array_namespace__", None)
    if getter is not None:
        return getter()
    if type(omega).__module__.split(".")[0] == "dask":
        return np
    return None
