"""Dirac matrices over the exact ring: Clifford algebra, charge conjugation, parsed bilinears."""

import itertools

import pytest

from derivations.algebra.dirac import (
    CHARGE,
    CHARGE_INVERSE,
    GAMMA,
    GAMMA5,
    IDENTITY,
    METRIC,
    Q_SLASH,
    SPACETIME,
    charge_conjugated,
    clifford_basis,
    clifford_coefficients,
    dirac_bar,
    sigma,
)
from derivations.algebra.ring import TRACE, I, s
from derivations.interactions.language import parse_bilinear
from derivations.interactions.matrices import component


def same(left, right):
    return not left - right


@pytest.mark.parametrize(("mu", "nu"), list(itertools.product(SPACETIME, repeat=2)))
def test_clifford_algebra(mu, nu):
    anticommutator = GAMMA[mu] @ GAMMA[nu] + GAMMA[nu] @ GAMMA[mu]
    assert same(anticommutator, IDENTITY.scaled(TRACE.one * (2 * METRIC[mu] if mu == nu else 0)))


def test_gamma5_squares_to_one_and_anticommutes():
    assert same(GAMMA5 @ GAMMA5, IDENTITY)
    assert all(same(GAMMA5 @ g, (g @ GAMMA5).scaled(-TRACE.one)) for g in GAMMA)


def test_trace_of_gamma5_with_four_gammas_is_minus_four_i():
    product = GAMMA5 @ GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]
    assert product.trace() == -4 * I


def test_charge_conjugation_of_every_class():
    assert same(CHARGE @ CHARGE_INVERSE, IDENTITY)
    signs = {"S": 1, "P": 1, "A": 1, "V": -1, "T": -1}
    for letter, element in clifford_basis():
        assert same(charge_conjugated(element), element.scaled(TRACE.one * signs[letter])), letter


def test_clifford_basis_is_complete():
    matrix = GAMMA[0] @ GAMMA5 + sigma(0, 2).scaled(TRACE(3)) + IDENTITY.scaled(I) + GAMMA[3]
    total = IDENTITY.scaled(TRACE.zero)
    for (_, element), c in zip(clifford_basis(), clifford_coefficients(matrix), strict=True):
        total = total + element.scaled(c)
    assert same(total, matrix)


def test_hermitian_lagrangian_bilinears_equal_their_dirac_bar():
    for text in ("1", "i gamma5", "gamma(mu)", "gamma(mu) gamma5", "sigma(mu,nu)"):
        bilinear = parse_bilinear(text)
        for values in itertools.product(SPACETIME, repeat=len(bilinear.free_indices)):
            matrix = component(bilinear, dict(zip(bilinear.free_indices, values, strict=True)))
            assert same(dirac_bar(matrix), matrix), text


def test_slash_squares_to_the_invariant_mass():
    assert same(Q_SLASH @ Q_SLASH, IDENTITY.scaled(s))
    assert same(component(parse_bilinear("gamma(mu) q(mu)"), {}), Q_SLASH)
    assert same(component(parse_bilinear("qslash"), {}), Q_SLASH)
