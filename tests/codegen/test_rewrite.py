"""Rewrite rules are exact and save what they say."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace
from fractions import Fraction

import pytest
from codegen.pair_sums.rewrite import factor_program, join_squares, pieces_of, report, rewritten, share_s

from codegen.pair_sums.kernel import Kernel
from renp.generate import kernels, shipped


@pytest.fixture(scope="module")
def derived() -> tuple[Kernel, Kernel]:
    return kernels(shipped())


def products(kernel: Kernel, values: dict[str, Fraction]) -> dict[tuple[object, ...], Fraction]:
    """Evaluate every product of two channels at rational kinematics, propagators left as names."""
    P, D, d, M = values["P"], values["d"] ** 2, values["d"], values["M"]
    s = values["t"] + M**2
    result: dict[tuple[object, ...], Fraction] = {}
    for weight in kernel.weights:
        factor = kernel.factors[weight.factor]
        shared = values["qz"] ** factor.qz * values["q0"] ** factor.q0 * s**factor.s * values["t"] ** weight.power
        for term in weight.terms:
            polynomial = sum(c * P**a * D**b * d**e * M**f for c, (a, b, e, f) in term.polynomial)
            key = (term.n, term.m, term.part, term.imaginary, factor.propagators)
            result[key] = result.get(key, Fraction(0)) + shared * polynomial
    return result


def kinematics(draw: random.Random) -> dict[str, Fraction]:
    m_i, m_j = (Fraction(draw.randrange(1, 99), 7) for _ in range(2))
    values = {"P": m_i * m_j, "d": m_i - m_j, "M": m_i + m_j}
    return values | {name: Fraction(draw.randrange(1, 99), 11) for name in ("t", "qz", "q0")}


def total(kernel: Kernel, draw: random.Random) -> Fraction:
    """Evaluate a kernel at rational kinematics, channels and propagators; an imaginary channel is i times its twin."""
    values = kinematics(draw)
    groups = sorted({group for factor in kernel.factors for group, _ in factor.propagators})
    numbers: dict[tuple[str, str], Fraction] = {}
    for group in groups:
        re, im = Fraction(draw.randrange(-9, 9), 5), Fraction(draw.randrange(-9, 9), 5)
        numbers |= {(group, "re"): re, (group, "im"): im, (group, "abs2"): re**2 + im**2}
    rotation = {"re": (1, 0), "im": (0, 1)}
    drawn: dict[object, tuple[int, int]] = {}
    channels = []
    for channel in kernel.channels:
        names = tuple(group for group, _ in channel.factor.propagators)
        x, y = drawn.setdefault(
            (channel.row, channel.s, channel.factor.qz, names), (draw.randrange(-9, 9), draw.randrange(-9, 9))
        )
        for _, part in channel.factor.propagators:
            a, b = rotation[part]
            x, y = a * x - b * y, a * y + b * x
        channels.append((x, y))
    result = Fraction(0)
    for (n, m, part, imaginary, propagators), value in products(kernel, values).items():
        (x, y), (u, v) = channels[n], channels[m]
        number = (y * u - x * v if imaginary else x * u + y * v) * {"along": 2, "across": 3, "circular": 5}[part]
        result += number * value * math.prod((numbers[propagator] for propagator in propagators), start=Fraction(1))
    return result


@pytest.mark.parametrize("step", [0, 1])
def test_sharing_s_leaves_every_product_of_channels_as_it_was(derived, step):
    kernel = derived[step]
    draw = random.Random(20)
    for _ in range(3):
        values = kinematics(draw)
        assert products(share_s(kernel), values) == products(kernel, values)


@pytest.mark.parametrize("step", [0, 1])
def test_rules_do_not_change_the_function(derived, step):
    for seed in range(3):
        expected = total(derived[step], random.Random(seed))
        assert expected
        assert total(rewritten(derived[step]), random.Random(seed)) == expected


def test_squares_with_different_weights_are_not_joined(derived):
    kernel = share_s(derived[0])
    last = next(
        n for n, factor in enumerate(kernel.factors) if factor.propagators == (("vector", "im"), ("vector", "im"))
    )
    lost = replace(kernel, weights=tuple(weight for weight in kernel.weights if weight.factor != last))
    with pytest.raises(ValueError, match="different weights"):
        join_squares(lost)


@pytest.mark.parametrize("step", [0, 1])
def test_diagonal_weights_are_non_negative_term_by_term(derived, step):
    for weight in rewritten(derived[step]).weights:
        for term in weight.terms:
            if term.n == term.m:
                assert all(coefficient > 0 and powers[2] == powers[3] == 0 for coefficient, powers in term.polynomial)


def test_no_power_of_s_is_left_in_a_polynomial(derived):
    # -M^2 is the root of s = t + M^2: a polynomial that vanishes there still has a power of s in it.
    kernel = rewritten(derived[0])
    values = {"P": Fraction(6), "d": Fraction(1), "M": Fraction(5), "t": Fraction(-25)}
    by_product: dict[tuple[object, ...], Fraction] = {}
    for weight in kernel.weights:
        for term in weight.terms:
            polynomial = sum(
                c * values["P"] ** a * values["d"] ** (2 * b + e) * values["M"] ** f
                for c, (a, b, e, f) in term.polynomial
            )
            key = (weight.factor, term.n, term.m, term.part, term.imaginary)
            by_product[key] = by_product.get(key, Fraction(0)) + values["t"] ** weight.power * polynomial
    assert all(by_product.values())


def test_the_report_counts_every_rule_and_only_precision_costs(derived):
    for kernel in derived:
        counts = report(kernel)
        assert [count.rule for count in counts][:2] == ["as derived", "fold couplings, nature and atomic tensor"]
        costs = [count.mul_add + 8 * count.divisions + 16 * count.roots for count in counts]
        assert all(after < before for before, after in itertools.pairwise(costs[:-1]))
        assert costs[-2] < costs[-1] < 1.05 * costs[-2]
        assert counts[0].mul_add > 10 * counts[-1].mul_add


def test_factor_programs_make_their_factors(derived):
    factors = rewritten(derived[0]).factors
    steps, places = factor_program(factors)

    def unrolled(place: int) -> list[str]:
        return [] if place < 0 else [*unrolled(steps[place][0]), steps[place][1]]

    for factor, place in zip(factors, places, strict=True):
        assert unrolled(place) == list(pieces_of(factor))
