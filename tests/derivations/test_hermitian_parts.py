"""Terms that come with their Hermitian conjugate: the exact split into Hermitian parts, and what a file may say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from derivations.interactions.checks import hermitian_parts, is_hermitian, products_vanish
from derivations.interactions.language import BilinearError, parse_bilinear
from derivations.interactions.reader import InteractionError, parse_interaction
from renp.testing.strategies import dirac_products

MOMENTA = ((3, 1, -2, 5), (2, -7, 1, 1))


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(dirac_products())
def test_the_parts_are_hermitian_and_add_up(explicit_dirac: Any, text: str) -> None:
    try:
        bilinear = parse_bilinear(text)
    except BilinearError:
        return
    parts = hermitian_parts(bilinear)
    assert all(is_hermitian(part) and part.free_indices == bilinear.free_indices for part in parts)
    for q in MOMENTA:
        left, right = (explicit_dirac.components(part, q) for part in parts)
        assert np.array_equal(left + 1j * right, explicit_dirac.components(bilinear, q))


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("PR", "1/2", "-1/2 i gamma5"),
        ("sigma(mu,nu) q(nu) PR", "1/2 q(nu) sigma(mu,nu) gamma5", "-1/2 i q(nu) sigma(mu,nu)"),
        ("gamma(mu) PL", "1/2 gamma(mu) - 1/2 gamma(mu) gamma5", ""),
        ("gamma5", "", "-i gamma5"),
    ],
)
def test_the_parts_of_textbook_bilinears(text: str, first: str, second: str) -> None:
    assert [part.text for part in hermitian_parts(parse_bilinear(text))] == [first, second]


def test_products_vanish_where_explicit_matrices_do(explicit_dirac: Any) -> None:
    texts = ["sigma(mu,nu) PL", "sigma(mu,nu) PR", "g(mu,nu)", "gamma(mu) q(nu) - gamma(nu) q(mu)", "q(mu) gamma(nu)"]
    metric = np.diag([1, -1, -1, -1])
    found = {}
    for left in texts:
        for right in texts:
            electron, neutrino = parse_bilinear(left), parse_bilinear(right)
            e, n = (
                explicit_dirac.components(b, [s * x for x in MOMENTA[0]]) for b, s in ((electron, -1), (neutrino, 1))
            )
            zero = not np.einsum("abij,ac,bd,cdkl->ijkl", e, metric, metric, n).any()
            found[left, right] = zero
            assert products_vanish([(1, electron, neutrino)]) == zero, (left, right)
            assert products_vanish([(2, electron, neutrino), (-2, electron, neutrino)])
    assert found["sigma(mu,nu) PL", "sigma(mu,nu) PR"]
    assert not found["sigma(mu,nu) PR", "sigma(mu,nu) PR"]


HEAD = 'name = "x"\ntitle = "x"\ndescription = "x"\nreferences = []\n'


def exchange(neutrino: str) -> str:
    return (
        f'{HEAD}propagator = {{ kind = "massive", spin = 1, mass = "M" }}\n'
        f'electron = [ {{ coupling = "g", bilinear = "gamma(mu)" }} ]\nneutrino = [ {{ coupling = "f", {neutrino} }} ]\n'
    )


def contact(electron: str, neutrino: str) -> str:
    return (
        f'{HEAD}propagator = {{ kind = "contact", factor = "G_F" }}\nterms = [ {{ coupling = "f", electron = "{electron}", '
        f'neutrino = "{neutrino}", hermitian = "add conjugate" }} ]\n'
    )


ADDED = 'hermitian = "add conjugate"'
DIPOLE = 'bilinear = "sigma(mu,nu) q(nu) PR", dimension = -1, units = "eV^-1"'


def test_the_key_says_whether_the_conjugate_is_added() -> None:
    assert parse_interaction(exchange(f"{DIPOLE}, {ADDED}")).neutrino[0].conjugate
    assert not parse_interaction(exchange('bilinear = "gamma(mu)", hermitian = true')).neutrino[0].conjugate
    assert parse_interaction(contact("PR", "PL")).terms[0].conjugate
    assert parse_interaction(contact("1", "PL")).terms[0].conjugate


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (exchange(DIPOLE), "which is not Hermitian, allowed Hermitian bilinears only; or hermitian = \"add conjugate\""),
        (exchange(f'bilinear = "gamma(mu) PL", {ADDED}'), '"add conjugate" for a Hermitian bilinear, allowed no such key'),
        (exchange(f'bilinear = "i gamma(mu)", {ADDED}'), '"add conjugate" for i times a Hermitian bilinear, allowed no'),
        (exchange(f'bilinear = "gamma(mu) PL PR", {ADDED}'), "which is zero for every q"),
        (exchange('bilinear = "gamma(mu)", hermitian = false'), 'found false, allowed true or "add conjugate"'),
        (exchange('bilinear = "gamma(mu)", hermitian = 1'), 'found 1, allowed true or "add conjugate"'),
        (exchange('bilinear = "gamma(mu)", hermitian = "no"'), 'found "no", allowed true or "add conjugate"'),
        (contact("1", "1"), '"add conjugate" for a Hermitian product'),
        (contact("gamma5", "gamma5"), '"add conjugate" for a Hermitian product'),
        (contact("gamma5", "1"), '"add conjugate" for i times a Hermitian product, allowed no such key here: drop it'),
        (contact("sigma(mu,nu) PR", "sigma(mu,nu) PL"), '"add conjugate" for a product that vanishes'),
        (
            exchange('bilinear = "gamma(mu)"').replace('"gamma(mu)" } ]\nneutrino', f'"gamma(mu)", {ADDED} }} ]\nneutrino'),
            "field 'electron[0].hermitian': found unknown key",
        ),
    ],
)  # fmt: skip
def test_what_needs_no_conjugate_or_has_none_is_told_so(text: str, message: str) -> None:
    with pytest.raises(InteractionError) as caught:
        parse_interaction(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
