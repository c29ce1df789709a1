"""The same function in any arithmetic: mpmath at any precision, interval or ball arithmetic, exact rationals.

Nothing is imported: the caller hands over the number type and its square root. The floats of the checked arguments and
the constants of the tables are taken as exact numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .arguments import Inputs
from .couplings import constants, strength, tensor_parts
from .tables import PARTS, Factor, Tables


@dataclass(frozen=True)
class ExactEvaluator:
    """A spectral function in the arithmetic of ``number`` and ``root``: couplings folded, ready for photon energies.

    ``pairs`` are ``((m_i + m_j)^2, 4 m_i m_j, weights, sizes)`` of each pair ``i <= j``; weights are
    ``{(factor, power): K}``, sizes the same with the absolute values of everything that is added up.
    """

    tables: Tables
    inputs: Inputs
    number: Callable[[float], Any]
    root: Callable[[Any], Any]
    pairs: tuple[tuple[Any, Any, Mapping[tuple[int, int], Any], Mapping[tuple[int, int], Any]], ...]

    def __call__(self, omega: float) -> Any:
        """Return I(omega) at one photon energy, its float taken as exact."""
        return self._sum(omega, 2)

    def size(self, omega: float) -> Any:
        """Return the sum of the absolute values of all terms of I(omega): what interferences are small against."""
        return self._sum(omega, 3)

    def _sum(self, omega: float, which: int) -> Any:
        number, inputs = self.number, self.inputs
        E_eg, w, K = number(inputs.E_eg), number(omega), number(inputs.imprinted_momentum)
        s, point = (E_eg + K) * (E_eg - K - 2 * w), (w + K, E_eg - w)
        used = {factor for pair in self.pairs for factor, _ in pair[2]}
        factors = {
            index: _factor(self.tables.factors[index], inputs, (*point, s), number, size=which == 3) for index in used
        }
        total = number(0.0)
        for pair in self.pairs:
            t = s - pair[0]
            if not t > 0:
                continue
            inner = number(0.0)
            for (factor, power), weight in pair[which].items():
                inner += weight * factors[factor] * t**power
            total += self.root(t * (t + pair[1])) * inner
        amplitude = number(0.0)
        for level, coefficient in zip(inputs.E_vg, inputs.amplitudes, strict=True):
            part = number(coefficient) / (number(level) - w)
            amplitude += abs(part) if which == 3 else part
        for level, coefficient in inputs.crossed:
            part = number(coefficient) / (number(level) - (E_eg - w))
            amplitude += abs(part) if which == 3 else part
        half = 2 if inputs.majorana else 1
        return total * amplitude**2 / s**self.tables.s_power / (self.tables.denominator * half)


def prepared(
    tables: Tables, inputs: Inputs, number: Callable[[float], Any], root: Callable[[Any], Any]
) -> ExactEvaluator:
    """Return the evaluator of checked arguments in the arithmetic of ``number`` (float in) and ``root`` (square root)."""
    masses = [number(mass) for mass in inputs.masses]
    matrices = _channels(tables, inputs, masses, number)
    pairs = []
    for i in range(len(masses)):
        for j in range(i, len(masses)):
            weights: dict[tuple[int, int], Any] = {}
            sizes: dict[tuple[int, int], Any] = {}
            for a, b in {(i, j), (j, i)}:
                _fold(tables, inputs, matrices, (a, b), masses, number, weights, sizes)
            pairs.append(((masses[i] + masses[j]) ** 2, 4 * masses[i] * masses[j], weights, sizes))
    return ExactEvaluator(tables, inputs, number, root, tuple(pairs))


def _fold(
    tables: Tables,
    inputs: Inputs,
    matrices: list[Any],
    pair: tuple[int, int],
    masses: list[Any],
    number: Callable[[float], Any],
    weights: dict[tuple[int, int], Any],
    sizes: dict[tuple[int, int], Any],
) -> None:
    parts = tensor_parts(inputs.tensor, number)
    m_i, m_j = masses[pair[0]], masses[pair[1]]
    bases = (m_i * m_j, (m_i - m_j) ** 2, m_i - m_j, m_i + m_j)
    monomials = [_product(bases, powers, number) for powers in tables.monomials]
    for product in tables.products:
        left, right = matrices[product.n], matrices[product.m]
        if left is None or right is None or not inputs.tensor[PARTS.index(product.part)]:
            continue
        (a, b), (c, d) = left[pair], right[pair]
        value = (b * c - a * d) if product.imaginary else (a * c + b * d)
        size = (abs(b * c) + abs(a * d)) if product.imaginary else (abs(a * c) + abs(b * d))
        value, size = value * parts[product.part], size * abs(parts[product.part])
        for weight, polynomial in product.entries:
            key = tables.weights[weight]
            coefficient, bound = number(0.0), number(0.0)
            for monomial, integer in polynomial:
                coefficient += monomials[monomial] * integer
                bound += abs(monomials[monomial] * integer)
            weights[key] = weights.get(key, number(0.0)) + value * coefficient
            sizes[key] = sizes.get(key, number(0.0)) + size * bound


def _channels(tables: Tables, inputs: Inputs, masses: list[Any], number: Callable[[float], Any]) -> list[Any]:
    """Return ``{(i, j): (real, imaginary)}`` for each channel, or ``None`` when it is switched off."""
    result: list[Any] = []
    n = len(masses)
    for channel in tables.channels:
        raw: dict[tuple[int, int], tuple[Any, Any]] = {}
        for c in channel.contributions:
            scale = strength(c, inputs, constants(tables, c, number), number)
            if scale is None:
                continue
            entries = inputs.groups[c.group]
            if c.electron is not None:
                scale = scale * number(entries[c.electron])
            for i in range(n):
                for j in range(n):
                    entry = complex(entries[c.matrix][i, j])
                    re, im = number(entry.real), number(entry.imag)
                    factor = scale * _product((masses[i] - masses[j], masses[i] + masses[j]), (c.d, c.M), number)
                    old = raw.get((i, j), (number(0.0), number(0.0)))
                    raw[i, j] = (
                        old[0] + factor * (c.real * re - c.imag * im),
                        old[1] + factor * (c.real * im + c.imag * re),
                    )
        if raw and inputs.majorana:
            raw = {
                (i, j): (raw[i, j][0] + channel.eta * raw[j, i][0], raw[i, j][1] + channel.eta * raw[j, i][1])
                for i, j in raw
            }
        result.append(raw or None)
    return result


def _factor(
    factor: Factor, inputs: Inputs, point: tuple[Any, Any, Any], number: Callable[[float], Any], *, size: bool
) -> Any:
    """Return a factor at ``point = (q_z, q0, s)``."""
    value, s = _product(point, (factor.qz, factor.q0, factor.s), number), point[2]
    for name, part in factor.propagators:
        mass, width = inputs.mediators.get(name, (1.0, 0.0))
        distance = s - number(mass) ** 2
        if not width:
            value = value * {"re": 1 / distance, "im": number(0.0), "abs2": 1 / distance**2}[part]
            continue
        mass_width = number(mass) * number(width)
        above = {"re": distance, "im": -mass_width, "abs2": 1}[part]
        value = value * above / (distance**2 + mass_width**2)
    return abs(value) if size else value


def _product(bases: tuple[Any, ...], powers: tuple[int, ...], number: Callable[[float], Any]) -> Any:
    result = number(1.0)
    for base, power in zip(bases, powers, strict=True):
        if power:
            result = result * base**power
    return result
