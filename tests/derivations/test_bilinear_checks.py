"""Exact answers about bilinears against explicit matrices and known identities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from derivations.interactions.checks import is_antihermitian, is_antisymmetric, is_hermitian, vanishes
from derivations.interactions.language import BilinearError, parse_bilinear
from renp.testing.strategies import dirac_products

MOMENTA = ((3, 1, -2, 5), (2, -7, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        "PL PR",
        "gamma5 gamma5 - 1",
        "qslash qslash - q2",
        "gamma(nu) gamma(nu) - 4",
        "gamma(nu) gamma(mu) gamma(nu) + 2 gamma(mu)",
        "gamma(mu) gamma(nu) - g(mu,nu) + i sigma(mu,nu)",
        "gamma(mu) qslash + qslash gamma(mu) - 2 q(mu)",
        "i sigma(mu,nu) q(nu) + gamma(mu) qslash - q(mu)",
        "sigma(mu,nu) sigma(mu,nu) - 12",
        "(q2 gamma(mu) - q(mu) qslash) q(mu)",
        "sigma(mu,nu) q(mu) q(nu)",
        "gamma(mu) PL - PR gamma(mu)",
    ],
)
def test_clifford_identities_vanish(text: str) -> None:
    assert vanishes(parse_bilinear(text))


@pytest.mark.parametrize(
    ("text", "hermitian", "antihermitian"),
    [
        ("1", True, False),
        ("gamma5", False, True),
        ("i gamma5", True, False),
        ("gamma(mu)", True, False),
        ("gamma(mu) gamma5", True, False),
        ("gamma5 gamma(mu)", True, False),
        ("i gamma(mu) gamma5", False, True),
        ("gamma(mu) PL", True, False),
        ("PL", False, False),
        ("PL + PR", True, False),
        ("sigma(mu,nu)", True, False),
        ("sigma(mu,nu) gamma5", False, True),
        ("i sigma(mu,nu) q(nu)", True, False),
        ("sigma(mu,nu) q(nu)", False, True),
        ("sigma(mu,nu) q(nu) gamma5", True, False),
        ("i q(mu)", True, False),
        ("q(mu) qslash", True, False),
        ("(q2 gamma(mu) - q(mu) qslash) gamma5", True, False),
        ("gamma(mu) gamma(nu)", False, False),
    ],
)
def test_hermiticity(text: str, hermitian: bool, antihermitian: bool) -> None:
    bilinear = parse_bilinear(text)
    assert (is_hermitian(bilinear), is_antihermitian(bilinear)) == (hermitian, antihermitian)


@settings(max_examples=250, deadline=None, derandomize=True, database=None)
@given(dirac_products())
def test_answers_agree_with_explicit_matrices(explicit_dirac: Any, text: str) -> None:
    try:
        bilinear = parse_bilinear(text)
    except BilinearError:
        return
    time = explicit_dirac.gamma[0]
    zero, hermitian, antihermitian = [], [], []
    for q in MOMENTA:
        here = explicit_dirac.components(bilinear, q)
        opposite = explicit_dirac.components(bilinear, [-x for x in q])
        conjugate = time @ np.conj(np.swapaxes(opposite, -1, -2)) @ time
        zero.append(not np.any(here))
        hermitian.append(np.array_equal(here, conjugate))
        antihermitian.append(np.array_equal(here, -conjugate))
    assert vanishes(bilinear) == all(zero)
    assert is_hermitian(bilinear) == all(hermitian)
    assert is_antihermitian(bilinear) == all(antihermitian)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("sigma(mu,nu)", True),
        ("sigma(mu,nu) gamma5", True),
        ("gamma(mu) q(nu) - gamma(nu) q(mu)", True),
        ("gamma(mu) gamma(nu) - g(mu,nu)", True),
        ("gamma(mu) gamma(nu)", False),
        ("g(mu,nu)", False),
        ("gamma(rho) sigma(mu,nu) gamma(rho) + sigma(mu,nu)", True),
    ],
)
def test_antisymmetry(text: str, answer: bool) -> None:
    assert is_antisymmetric(parse_bilinear(text)) is answer


def test_antisymmetry_needs_two_indices() -> None:
    with pytest.raises(ValueError, match="exactly two"):
        is_antisymmetric(parse_bilinear("gamma(mu)"))
