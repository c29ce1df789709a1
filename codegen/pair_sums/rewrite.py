"""Rewrite rules between a kernel and its backends: each has a name, a reason, and a count of what it saves.

In: the kernel as derived. Out: the kernel as evaluated. Exact: no rule changes the function, and :func:`report` counts the
operations per photon energy before and after each rule. Rules that only concern how a kernel is run (folding, Horner, one
division) change the count and not the kernel; they are applied by every backend.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from codegen.pair_sums.kernel import Factor, Kernel, Weight, WeightTerm

Powers = tuple[int, int, int, int]
Polynomial = dict[int, dict[Powers, Fraction]]
"""``{power of t: {powers of (P, D, d, M): coefficient}}``."""


@dataclass(frozen=True)
class Count:
    """Operations per photon energy: multiplications and additions, divisions, square roots."""

    rule: str
    reason: str
    mul_add: int
    divisions: int
    roots: int


def rewritten(kernel: Kernel) -> Kernel:
    """Return the kernel with every rule applied that changes its form.

    Example
    -------
    >>> def weight(power, *polynomial):  # s = t + D + 4 P, as one weight for each power of t
    ...     return Weight(0, power, (WeightTerm(0, 0, "along", False, polynomial, "gram"),))
    >>> weights = weight(0, (Fraction(4), (1, 0, 0, 0)), (Fraction(1), (0, 1, 0, 0))), weight(1, (Fraction(1), (0, 0, 0, 0)))
    >>> kernel = Kernel("k", "K", "M1", (), (), (), (Factor(2, 0, ()),), weights, 1, (), "")
    >>> found = rewritten(kernel)
    >>> found.factors, len(found.weights)
    ((Factor(qz=2, q0=0, propagators=(), s=1),), 1)
    """
    return join_squares(share_s(kernel))


def join_squares(kernel: Kernel) -> Kernel:
    """Write ``re^2 + im^2`` of one propagator as ``1 / ((s - M^2)^2 + M^2 Gamma^2)``: one factor in place of two.

    Every channel with an imaginary part is ``i`` times its twin with the real part, so both squares have one weight.
    Raises ``ValueError`` when they do not.
    """
    twins = _twins(kernel)
    joined: dict[int, Factor] = {}
    dropped = set()
    for index, factor in enumerate(kernel.factors):
        if len(factor.propagators) != 2 or factor.propagators[0] != factor.propagators[1]:
            continue
        group, part = factor.propagators[0]
        if part == "re":
            joined[index] = replace(factor, propagators=((group, "abs2"),))
            continue
        real = replace(factor, propagators=((group, "re"), (group, "re")))
        if _signature(kernel, index, twins) != _signature(kernel, kernel.factors.index(real), {}):
            raise ValueError(f"the squares of the real and the imaginary part of {group} have different weights")
        dropped.add(index)
    chosen = [(joined.get(w.factor, kernel.factors[w.factor]), w) for w in kernel.weights if w.factor not in dropped]
    factors = sorted({factor for factor, _ in chosen}, key=_order)
    weights = sorted(
        (replace(weight, factor=factors.index(factor)) for factor, weight in chosen),
        key=lambda weight: (weight.factor, weight.power),
    )
    return replace(kernel, factors=tuple(factors), weights=tuple(weights))


def _twins(kernel: Kernel) -> dict[int, int]:
    """Return, for each channel with an imaginary part, the channel with the real part; it must be ``i`` times that."""
    places = {(c.row, c.s, c.factor): n for n, c in enumerate(kernel.channels)}
    twins = {}
    for n, channel in enumerate(kernel.channels):
        for group, part in channel.factor.propagators:
            if part == "im":
                real = replace(channel.factor, propagators=((group, "re"),))
                twin = places[channel.row, channel.s, real]
                rotated = tuple(replace(c, real=-c.imag, imag=c.real) for c in kernel.channels[twin].contributions)
                if rotated != channel.contributions:
                    raise ValueError(f"channel {channel.name} is not i times its twin")
                twins[n] = twin
    return twins


def _signature(kernel: Kernel, factor: int, twins: dict[int, int]) -> set[tuple[object, ...]]:
    return {
        (weight.power, twins.get(term.n, term.n), twins.get(term.m, term.m), term.part, term.imaginary, term.polynomial)
        for weight in kernel.weights
        if weight.factor == factor
        for term in weight.terms
    }


def share_s(kernel: Kernel) -> Kernel:
    """Divide powers of ``s`` out of the polynomials in ``t`` and put them into the factors that all pairs share.

    A structure function over a low power of ``s`` was expanded to the common power with ``s = t + D + 4 P``: that costs
    a weight per pair and power. Divided out again it costs one multiplication for all pairs.
    """
    products: dict[tuple[object, ...], tuple[Factor, WeightTerm, Polynomial]] = {}
    for weight in kernel.weights:
        for term in weight.terms:
            factor = kernel.factors[weight.factor]
            key = (factor, term.n, term.m, term.part, term.imaginary, term.step)
            _, _, polynomial = products.setdefault(key, (factor, term, {}))
            row = polynomial.setdefault(weight.power, {})
            for coefficient, powers in term.polynomial:
                row[powers] = row.get(powers, Fraction(0)) + coefficient
    collected: dict[tuple[Factor, int], list[WeightTerm]] = {}
    for factor, term, polynomial in products.values():
        quotient, power = _divided(polynomial)
        shared = replace(factor, s=factor.s + power)
        for t, row in sorted(quotient.items()):
            entries = tuple((coefficient, powers) for powers, coefficient in sorted(row.items()))
            collected.setdefault((shared, t), []).append(replace(term, polynomial=entries))
    factors = sorted({factor for factor, _ in collected}, key=_order)
    weights = sorted(
        (Weight(factors.index(factor), power, tuple(terms)) for (factor, power), terms in collected.items()),
        key=lambda weight: (weight.factor, weight.power),
    )
    return replace(kernel, factors=tuple(factors), weights=tuple(weights))


def _order(factor: Factor) -> tuple[object, ...]:
    return (len(factor.propagators), factor.propagators, factor.qz, factor.q0, factor.s)


def _divided(polynomial: Polynomial) -> tuple[Polynomial, int]:
    """Divide by ``s = t + D + 4 P`` as often as it goes without remainder."""
    power = 0
    while True:
        quotient, remainder = _synthetic_division(polynomial)
        if remainder:
            return polynomial, power
        polynomial, power = quotient, power + 1


def _synthetic_division(polynomial: Polynomial) -> tuple[Polynomial, dict[Powers, Fraction]]:
    quotient: Polynomial = {}
    carry: dict[Powers, Fraction] = {}
    for power in range(max(polynomial), -1, -1):
        row = dict(polynomial.get(power, {}))
        for (P, D, d, M), coefficient in carry.items():
            for powers, factor in (((P, D + 1, d, M), 1), ((P + 1, D, d, M), 4)):
                row[powers] = row.get(powers, Fraction(0)) - factor * coefficient
        carry = {powers: coefficient for powers, coefficient in row.items() if coefficient}
        if power and carry:
            quotient[power - 1] = carry
    return quotient, carry


def report(kernel: Kernel, generations: int = 3) -> tuple[Count, ...]:
    """Return operations per photon energy after each rule in turn, for everything on and ``generations`` neutrinos.

    ``kernel`` is the kernel as derived, before :func:`rewritten`.
    """
    ordered, pairs = generations**2, generations * (generations + 1) // 2
    monomials = [
        (weight, sum(2 + sum(powers) for term in weight.terms for _, powers in term.polynomial), len(weight.terms))
        for weight in kernel.weights
    ]
    factors = sum(_factor_cost(factor) for factor in kernel.factors)
    mediators = len({group for factor in kernel.factors for group, _ in factor.propagators})
    naive = sum(cost + 5 * terms + weight.power + 1 for weight, cost, terms in monomials)
    naive_factors = sum(_factor_cost(kernel.factors[weight.factor]) * terms for weight, _, terms in monomials)
    plain = len(kernel.weights)
    shared, joined = share_s(kernel), rewritten(kernel)
    powers = sum(weight.power for weight in kernel.weights)
    horner = 2 * max(weight.power for weight in joined.weights)
    divisions = len(kernel.groups) and 1 + mediators
    rows = [
        ("as derived", "every product of two channels, for every ordered pair, at every photon energy",
         ordered * (naive + naive_factors + 12), ordered * (divisions + 1), ordered),
        ("fold couplings, nature and atomic tensor", "they do not depend on the photon energy: one weight per factor and "
         "power of t", ordered * (2 * plain + powers + 8) + factors, ordered + divisions, ordered),
        ("fold pairs", "(i, j) and (j, i) share their threshold: add their weights",
         pairs * (2 * plain + powers + 8) + factors, pairs + divisions, pairs),
        ("share powers of s", "s is the same for all pairs: divide it out of the polynomials in t",
         pairs * (2 * len(shared.weights) + sum(w.power for w in shared.weights) + 8)
         + sum(_factor_cost(factor) for factor in shared.factors), pairs + divisions, pairs),
        ("join squares", "re^2 + im^2 of a propagator is one number",
         pairs * (2 * len(joined.weights) + sum(w.power for w in joined.weights) + 8)
         + sum(_factor_cost(factor) for factor in joined.factors), pairs + divisions, pairs),
        ("Horner in t", "one polynomial in t per pair, its coefficients summed over factors",
         pairs * (2 * len(joined.weights) + horner + 8) + _chained(joined.factors), pairs + divisions, pairs),
        ("one division", "1/s^p and the intermediate state multiply the sum over pairs once",
         pairs * (2 * len(joined.weights) + horner + 7) + _chained(joined.factors) + 6, divisions, pairs),
        ("two-part threshold", "t = 2 E_eg ((omega_ij - omega) + rest) from a threshold computed once per call: no "
         "cancellation, one more addition", pairs * (2 * len(joined.weights) + horner + 8) + _chained(joined.factors) + 6,
         divisions, pairs),
    ]  # fmt: skip
    return tuple(Count(*row) for row in rows)


def _factor_cost(factor: Factor) -> int:
    return max(0, factor.qz + factor.q0 + factor.s + len(factor.propagators) - 1)


def _chained(factors: Iterable[Factor]) -> int:
    """Multiplications when each factor is an earlier one times one more piece."""
    return len(factor_program(factors)[0])


def factor_program(factors: Iterable[Factor]) -> tuple[tuple[tuple[int, str], ...], tuple[int, ...]]:
    """Return a chain of multiplications that makes every factor, and where each factor ends up.

    A step is ``(earlier step or -1, base)``; -1 is the number 1. Bases are ``qz``, ``q0``, ``s``, ``re:group``, ``im:group``
    and ``abs2:group``.

    Example
    -------
    >>> factor_program([Factor(2, 0, (), 0), Factor(2, 0, (("vector", "re"),), 0)])
    (((-1, 'qz'), (0, 'qz'), (1, 're:vector')), (1, 2))
    """
    steps: list[tuple[int, str]] = []
    known: dict[tuple[str, ...], int] = {(): -1}
    places = []
    for factor in factors:
        pieces = pieces_of(factor)
        for length in range(1, len(pieces) + 1):
            if pieces[:length] not in known:
                known[pieces[:length]] = len(steps)
                steps.append((known[pieces[: length - 1]], pieces[length - 1]))
        places.append(known[pieces])
    return tuple(steps), tuple(places)


def pieces_of(factor: Factor) -> tuple[str, ...]:
    """Return the bases that multiply to a factor, the common ones first."""
    propagators = tuple(f"{part}:{group}" for group, part in factor.propagators)
    return ("qz",) * factor.qz + ("s",) * factor.s + ("q0",) * factor.q0 + propagators
