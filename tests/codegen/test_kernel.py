"""What every backend reads off a kernel: exact integer tables, and the texts of arguments."""

from __future__ import annotations

from fractions import Fraction

import pytest

from codegen.pair_sums.kernel import (
    Argument,
    Group,
    denominator,
    integer,
    integer_terms,
    monomials,
    over_common_denominator,
)
from renp.generate import kernels
from renp.model import shipped_model


@pytest.mark.parametrize("step", [0, 1])
def test_integers_over_the_denominator_are_the_weights(step):
    kernel = kernels(shipped_model().interactions)[step]
    powers, common = monomials(kernel), denominator(kernel)
    assert powers == sorted(set(powers))
    found = [
        (index, term, tuple((Fraction(c, common), powers[k]) for k, c in polynomial))
        for index, term, polynomial in integer_terms(kernel)
    ]
    assert found == [(n, term, term.polynomial) for n, weight in enumerate(kernel.weights) for term in weight.terms]


def test_the_denominator_is_the_least_one():
    kernel = kernels(shipped_model().interactions)[0]
    coefficients = [c for weight in kernel.weights for term in weight.terms for c, _ in term.polynomial]
    common = denominator(kernel)
    for prime in (2, 3, 5, 7):
        if common % prime == 0:
            assert any((c * common / prime).denominator != 1 for c in coefficients)


@pytest.mark.parametrize("value", [Fraction(1, 2), Fraction(-7, 3)])
def test_what_is_no_integer_is_refused_and_not_cut(value):
    with pytest.raises(ValueError, match="is not an integer over the common denominator"):
        integer(value)


def test_complex_numbers_keep_their_value_over_one_denominator():
    for real, imag in ((Fraction(1, 4), Fraction(-5, 6)), (Fraction(0), Fraction(2, 3)), (Fraction(-3), Fraction(0))):
        x, y, common = over_common_denominator(real, imag)
        assert (Fraction(x, common), Fraction(y, common)) == (real, imag)


@pytest.mark.parametrize(("units", "text"), [("eV", " [eV]"), ("1/eV", " [1/eV]"), ("1", ""), ("", "")])
def test_plain_numbers_have_no_units(units, text):
    assert Argument("g", "real", units, "a coupling").unit_text == text


def test_references_follow_a_title_in_brackets():
    cited = Group("x", "x", "X", (Argument("m", "mass", "eV", "a mass"),), ("first", "second"), "massive")
    bare = Group("y", "y", "Y", (Argument("g", "matrix", "1", "a coupling"),), (), "contact")
    assert (cited.cited(), cited.cited("[]"), bare.cited()) == (" (first; second)", " [first; second]", "")
    assert (cited.mediated, bare.mediated) == (True, False)
