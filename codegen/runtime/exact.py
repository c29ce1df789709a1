"""The same function in any arithmetic: mpmath at any precision, interval or ball arithmetic, exact rationals.

Nothing is imported: the caller hands over the number type and its square root. The floats of the checked arguments and
the constants of the tables are taken as exact numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .arguments import Inputs
from .tables import Tables


def evaluate(
    tables: Tables,
    inputs: Inputs,
    omega: float,
    number: Callable[[float], Any],
    root: Callable[[Any], Any],
) -> Any:
    """Return I(omega) at one photon energy, in the arithmetic of ``number`` (float in) and ``root`` (square root)."""
    E_eg, w = number(inputs.E_eg), number(omega)
    masses = [number(mass) for mass in inputs.masses]
    s = E_eg * (E_eg - 2 * w)
    factors = _factors(tables, inputs, s, E_eg, w, number)
    matrices = _channels(tables, inputs, masses, number)
    total = number(0.0)
    for i in range(len(masses)):
        for j in range(len(masses)):
            t = s - (masses[i] + masses[j]) ** 2
            if not t > 0:
                continue
            bases = (masses[i] * masses[j], (masses[i] - masses[j]) ** 2, masses[i] - masses[j], masses[i] + masses[j])
            monomials = [_product(bases, powers, number) for powers in tables.monomials]
            total += root(t * (t + 4 * bases[0])) * _pair(
                tables, inputs, matrices, (i, j), monomials, factors, t, number
            )
    amplitude = number(0.0)
    for level, coefficient in zip(inputs.E_vg, inputs.amplitudes, strict=True):
        amplitude += number(coefficient) / (number(level) - w)
    half = 2 if inputs.majorana else 1
    return total * amplitude**2 / s**tables.s_power / (tables.denominator * half)


def _pair(
    tables: Tables,
    inputs: Inputs,
    matrices: list[Any],
    pair: tuple[int, int],
    monomials: list[Any],
    factors: list[Any],
    t: Any,
    number: Callable[[float], Any],
) -> Any:
    if inputs.tensor == (1 / 3, 2 / 3, 0.0):
        parts = {"along": number(1.0) / 3, "across": number(2.0) / 3, "circular": number(0.0)}
    else:
        parts = {
            name: number(value) for name, value in zip(("along", "across", "circular"), inputs.tensor, strict=True)
        }
    total = number(0.0)
    for product in tables.products:
        left, right = matrices[product.n], matrices[product.m]
        if left is None or right is None or not inputs.tensor[("along", "across", "circular").index(product.part)]:
            continue
        (a, b), (c, d) = left[pair], right[pair]
        value = (b * c - a * d) if product.imaginary else (a * c + b * d)
        value = value * parts[product.part]
        for weight, polynomial in product.entries:
            factor, power = tables.weights[weight]
            coefficient = number(0.0)
            for monomial, integer in polynomial:
                coefficient += monomials[monomial] * integer
            total += value * coefficient * factors[factor] * t**power
    return total


def _channels(tables: Tables, inputs: Inputs, masses: list[Any], number: Callable[[float], Any]) -> list[Any]:
    """Return ``{(i, j): (real, imaginary)}`` for each channel, or ``None`` when it is switched off."""
    result: list[Any] = []
    n = len(masses)
    for channel in tables.channels:
        raw: dict[tuple[int, int], tuple[Any, Any]] = {}
        for c in channel.contributions:
            entries = inputs.groups.get(c.group)
            if entries is None or entries[c.matrix] is None or (c.longitudinal and entries["propagator"] != "unitary"):
                continue
            scale = number(1.0) if c.electron is None else number(entries[c.electron])
            for name, power in c.constants:
                scale = scale * number(tables.constants[name]) ** power
            if inputs.pair_step == "E1":
                scale = scale * number(inputs.dipole_length)
            if c.orbital and entries.get("m1") == "full":
                scale = scale / 2
            if c.longitudinal:
                scale = scale / number(inputs.mediators[c.group][0]) ** 2
            scale = scale / c.denominator
            for i in range(n):
                for j in range(n):
                    entry = complex(entries[c.matrix][i, j])
                    re, im = number(entry.real), number(entry.imag)
                    factor = scale * (masses[i] - masses[j]) ** c.d * (masses[i] + masses[j]) ** c.M
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


def _factors(tables: Tables, inputs: Inputs, s: Any, E_eg: Any, w: Any, number: Callable[[float], Any]) -> list[Any]:
    propagators: dict[tuple[str, str], Any] = {}
    for name, (mass, width) in inputs.mediators.items():
        distance = s - number(mass) ** 2
        if width:
            mass_width = number(mass) * number(width)
            norm = distance * distance + mass_width * mass_width
            propagators[name, "re"], propagators[name, "im"] = distance / norm, -mass_width / norm
        else:
            propagators[name, "re"], propagators[name, "im"] = 1 / distance, number(0.0)
    values = []
    for factor in tables.factors:
        value = w**factor.w * (E_eg - w) ** factor.q0 * s**factor.s
        for key in factor.propagators:
            value = value * propagators.get(key, number(0.0))
        values.append(value)
    return values


def _product(bases: tuple[Any, ...], powers: tuple[int, ...], number: Callable[[float], Any]) -> Any:
    result = number(1.0)
    for base, power in zip(bases, powers, strict=True):
        if power:
            result = result * base**power
    return result
