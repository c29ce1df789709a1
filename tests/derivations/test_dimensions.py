"""Dimensional analysis finds lost factors by itself, and finds nothing where nothing is wrong."""

from __future__ import annotations

import pytest
from sympy import Abs, Heaviside, Symbol, cos, im, re, sqrt, symbols

from derivations.algebra.dimensions import analyse
from derivations.ledger.printed import printed
from derivations.ledger.printed.nf22 import VECTOR
from derivations.symbols import A_L, A_R, DELTA_M, DIMENSIONS, I_D, M_I, M_J

M, S, G = symbols("m s g")
TABLE = {M: 1, S: 2, G: 0}


@pytest.mark.parametrize(
    ("expression", "dimension"),
    [
        (M**2 + S, 2),
        (sqrt(S) * M / (S + M**2), 0),
        (re(G * S) + Abs(M) ** 2 - im(S), 2),
        (Heaviside(S - M**2) * M, 1),
        (3 * G + 1, 0),
    ],
)
def test_consistent_expressions_have_one_dimension(expression, dimension):
    report = analyse(expression, TABLE)
    assert report.consistent
    assert report.dimension == dimension


@pytest.mark.parametrize("expression", [M + S, M * (S + 1), sqrt(S + M), Heaviside(S + M), G**M])
def test_a_wrong_sum_is_found_wherever_it_hides(expression):
    assert not analyse(expression, TABLE).consistent


def test_the_clash_names_the_terms_that_disagree():
    (clash,) = analyse(G * (S + 3 * M), TABLE).clashes
    assert clash.terms == ((1, 3 * M), (2, S))


def test_a_symbol_without_dimension_is_refused():
    with pytest.raises(ValueError, match="no entry for the symbol x"):
        analyse(Symbol("x") + M, TABLE)


def test_an_unknown_function_is_refused():
    with pytest.raises(ValueError, match="does not know the function cos"):
        analyse(cos(M), TABLE)


def test_only_the_vector_formula_of_the_slide_fails():
    failing = {
        record.id
        for record in printed().values()
        if record.expression is not None and analyse(record.expression, DIMENSIONS).dimension != record.dimension
    }
    assert failing == {"NF22-vector"}


def test_the_vector_formula_lacks_two_powers_of_mass_in_its_last_bracket():
    (clash,) = analyse(VECTOR, DIMENSIONS).clashes
    (low, lost), (high, kept) = clash.terms
    assert high - low == 2
    assert kept.has(I_D)
    assert not lost.has(I_D)
    repaired = kept + M_I * M_J * lost
    assert analyse(repaired, DIMENSIONS).dimension == 2
    assert lost.free_symbols == {A_L, A_R, DELTA_M}
