"""The bilinear language: meaning against explicit matrices, normal form, bounds and errors."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.interactions.language import (
    MAX_LENGTH,
    Atom,
    Bilinear,
    BilinearError,
    GaussianRational,
    Term,
    format_terms,
    parse_bilinear,
)

Q = (3, 1, -2, 5)
FIXED = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def outcome(text: str) -> Bilinear | BilinearError:
    try:
        return parse_bilinear(text)
    except BilinearError as error:
        return error


@pytest.mark.parametrize(
    ("text", "normal_form"),
    [
        ("1", "1"),
        ("-i", "-i"),
        ("0.25", "1/4"),
        ("gamma(mu) (1 - gamma5)", "gamma(mu) - gamma(mu) gamma5"),
        ("gamma5 gamma(mu)", "gamma5 gamma(mu)"),
        ("-(q2 gamma(mu) - q(mu) qslash) gamma5", "-q2 gamma(mu) gamma5 + q(mu) qslash gamma5"),
        ("-i sigma(mu,nu) q(nu) i gamma5", "q(nu) sigma(mu,nu) gamma5"),
        ("1/2 i", "1/2 i"),
        ("1/(2 i)", "-1/2 i"),
        ("1/2*3", "3/2"),
        ("6/2/3 gamma5", "gamma5"),
        ("- 1 + 3 gamma5 - gamma5", "-1 + 2 gamma5"),
        ("(1 + 2 i)^2 PL", "(-3 + 4 i) PL"),
        ("q2**2", "q2 q2"),
        ("qslash q2 g(mu,nu) q(nu)", "q2 q(nu) g(mu,nu) qslash"),
        ("2gamma5 - gamma5 * 2. + PL", "PL"),
    ],
)
def test_normal_form(text: str, normal_form: str) -> None:
    assert str(parse_bilinear(text)) == normal_form


def test_product_order_is_kept() -> None:
    assert str(parse_bilinear("gamma5 PL gamma(mu) qslash")) == "gamma5 PL gamma(mu) qslash"


def test_terms_are_exact_and_frozen() -> None:
    bilinear = parse_bilinear("-(q2 gamma(mu) - q(mu) qslash)/6")
    assert bilinear.free_indices == ("mu",)
    assert bilinear.terms == (
        Term(GaussianRational(Fraction(-1, 6)), (Atom("q2"), Atom("gamma", ("mu",)))),
        Term(GaussianRational(Fraction(1, 6)), (Atom("q", ("mu",)), Atom("qslash"))),
    )
    assert [term.momentum_power for term in bilinear.terms] == [2, 2]
    with pytest.raises(AttributeError):
        bilinear.text = "1"  # type: ignore[misc]


def test_free_indices_are_reported_in_one_order() -> None:
    assert parse_bilinear("sigma(nu,mu)").free_indices == parse_bilinear("sigma(mu,nu)").free_indices == ("mu", "nu")
    assert parse_bilinear("gamma(beta)").free_indices == ("beta",)


@pytest.mark.parametrize(
    ("text", "column", "found", "allowed"),
    [
        ("", 1, "an empty expression", "gamma(mu)"),
        ("gamma(mu) + foo", 13, "unknown name 'foo'", "PL"),
        ("gamma(mu", 9, "the end of the expression", "')'"),
        ("gamma(mu))", 10, "')'", "the end"),
        ("gamma5 +", 9, "the end of the expression", "'('"),
        ("2 * -1", 5, "'-'", "a number"),
        ("gamma5 2", 8, "number '2' without '*'", "'*' between"),
        ("1/2i", 3, "a divisor glued to i", "'1/2 i'"),
        ("3e7", 2, "'e7' after a number", "without exponent"),
        ("gamma5^2", 1, "a power of a matrix", "q2 only"),
        ("q2^5", 4, "exponent 5", "0 to 4"),
        ("2^2^2", 4, "'^'", "'*'"),
        ("1/(gamma5 - gamma5 + 0)", 4, "division by a matrix", "a number only"),
        ("1/(2 - 2)", 4, "division by zero", "other than zero"),
        ("gamma(mu) + qslash", 13, "free indices () after one with (mu)", "the same free indices"),
        ("q(mu) q(mu) gamma(mu)", 13, "index mu three times", "once (free) or twice"),
        ("q(mu) q(nu) q(rho)", 13, "3 free indices (mu, nu, rho)", "1 (vector)"),
        ("gamma5 - gamma5", 1, "equal to zero", "does not vanish"),
        ("gamma(mu)\x00", 10, "character '\\x00'", "ASCII"),
        ("(" * 17 + "1" + ")" * 17, 17, "nested 17 deep", "16 levels"),
        ("1" + " " * MAX_LENGTH, MAX_LENGTH + 1, "401 characters", "400"),
        ("(1 + gamma5)" * 7, 74, "more than 64 terms", "64 terms"),
        ("gamma5 " * 9, 57, "a product of 9 factors", "at most 8"),
        ("(((9^4)^4)^4)^4", 4, "grows too large", "24 digits"),
        ("1" * 25, 1, "a number of 25 characters", "24 characters"),
    ],
)
def test_errors_name_column_found_and_allowed(text: str, column: int, found: str, allowed: str) -> None:
    with pytest.raises(BilinearError) as caught:
        parse_bilinear(text)
    error = caught.value
    assert error.column == column
    assert found in error.found
    assert allowed in error.allowed
    assert str(error) == f"column {column}: found {error.found}, allowed {error.allowed}"
    assert "\n" not in str(error)


Node = tuple[str, Callable[[Any], Any]]


def _leaves() -> st.SearchStrategy[Node]:
    def atom(name: str) -> Node:
        return name, lambda dirac: dirac.atom(name, (), Q)

    def number(value: Fraction) -> Node:
        return f"({value})", lambda dirac: float(value) * np.eye(4)

    # Denominators are powers of two, so that the floating-point comparison below is exact.
    numbers = st.builds(Fraction, st.integers(-4, 4), st.sampled_from([1, 2, 4])).map(number)
    unit: Node = ("i", lambda dirac: 1j * np.eye(4))
    return st.one_of(st.sampled_from(["gamma5", "PL", "PR", "qslash", "q2"]).map(atom), numbers, st.just(unit))


def _grown(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def joined(left: Node, operator: str, right: Node) -> Node:
        match operator:
            case "+":
                return f"({left[0]} + {right[0]})", lambda dirac: left[1](dirac) + right[1](dirac)
            case "-":
                return f"({left[0]} - {right[0]})", lambda dirac: left[1](dirac) - right[1](dirac)
            case "/":
                return f"{left[0]} / 2 {right[0]}", lambda dirac: left[1](dirac) / 2 @ right[1](dirac)
        return f"{left[0]}{operator}{right[0]}", lambda dirac: left[1](dirac) @ right[1](dirac)

    return st.builds(joined, children, st.sampled_from(["+", "-", " * ", " ", "/"]), children)


@FIXED
@given(st.recursive(_leaves(), _grown, max_leaves=5), st.recursive(_leaves(), _grown, max_leaves=4))
def test_meaning_agrees_with_explicit_matrices(explicit_dirac: Any, left: Node, right: Node) -> None:
    text = f"{left[0]} gamma(mu) {right[0]}"
    expected = np.array([left[1](explicit_dirac) @ g @ right[1](explicit_dirac) for g in explicit_dirac.gamma])
    result = outcome(text)
    if isinstance(result, BilinearError):
        bounded = "factors" in result.found or "64 terms" in result.found
        assert bounded or ("equal to zero" in result.found and not np.any(expected))
    else:
        assert np.array_equal(explicit_dirac.components(result, Q), expected)


_FACTORS = st.lists(st.sampled_from(["gamma5", "PL", "PR", "qslash", "q2"]), max_size=3).map(" ".join)
_CONTRACTED = st.sampled_from(["", "gamma(nu) q(nu)", "g(mu,nu) gamma(nu)", "q(rho) sigma(nu,rho) gamma(nu)"])
_FRACTIONS = st.fractions(min_value=-9, max_value=9, max_denominator=12)
_TERMS = st.lists(st.tuples(_FRACTIONS, _FRACTIONS, _FACTORS, _CONTRACTED), min_size=1, max_size=5)


@FIXED
@given(_TERMS)
def test_printed_form_parses_to_itself(raw: list[tuple[Fraction, Fraction, str, str]]) -> None:
    pieces = [
        f"({real} + ({imag}) i) {factors} {contracted} {'gamma(mu)' if 'mu' not in contracted else ''}"
        for real, imag, factors, contracted in raw
    ]
    result = outcome(" + ".join(pieces))
    if isinstance(result, BilinearError):
        assert result.found == "an expression equal to zero"
    else:
        assert parse_bilinear(str(result)).terms == result.terms
        assert format_terms(result.terms) == str(result)


_NAMES = ["gamma", "sigma", "q", "g", "gamma5", "PL", "qslash", "q2", "i", "mu", "nu", "lambda", "__import__"]
_MARKS = ["(", ")", "(mu)", "(mu,nu)", ",", "+", "-", "*", "/", "^", "**", "1", "2", ".5", "0", "99999", ".", ";", "\0"]
_WORDS = st.sampled_from(_NAMES + _MARKS)


@FIXED
@given(st.text(max_size=60) | st.lists(_WORDS, max_size=25).map(" ".join) | st.lists(_WORDS, max_size=40).map("".join))
def test_garbage_raises_only_bilinear_errors(text: str) -> None:
    result = outcome(text)
    if isinstance(result, BilinearError):
        assert "\n" not in str(result)
        assert 1 <= result.column <= len(text) + 1
    else:
        assert result.terms
