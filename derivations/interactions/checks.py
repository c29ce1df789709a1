"""Exact answers about Dirac bilinears: does one vanish, is it Hermitian, is it antisymmetric, what are its Hermitian parts?

In: a :class:`~derivations.interactions.language.Bilinear`. Out: a truth value, or two bilinears. All is exact for every q.

A product of Dirac matrices with given index values is, up to a power of i, one of the sixteen products of distinct
``gamma^a``, written as a four-bit mask. A bilinear with given free indices is then a table from (mask, power of each
component of q) to a Gaussian rational, and it vanishes when every entry does. Only integers and Clifford's
``gamma^a gamma^b + gamma^b gamma^a = 2 g^{ab}`` enter, no matrix representation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache
from itertools import product

from derivations.interactions.language import Atom, Bilinear, GaussianRational, Term, format_terms, ordered

_METRIC = (1, -1, -1, -1)
_GAMMA5_MASK = 0b1111
_POWER_BITS = 8  # one byte per component of q: the grammar allows at most 8 factors, hence powers up to 16

_Key = tuple[int, int]  # mask of gammas, packed powers of (q^0, q^1, q^2, q^3)
_Table = dict[_Key, tuple[int, int]]  # real and imaginary part


def vanishes(bilinear: Bilinear) -> bool:
    """Return whether the bilinear is zero for every q and every value of its free indices.

    Example
    -------
    >>> from derivations.interactions.language import parse_bilinear
    >>> vanishes(parse_bilinear("sigma(mu,nu) q(mu) q(nu)")), vanishes(parse_bilinear("qslash qslash - q2"))
    (True, True)
    """
    return _terms_vanish(bilinear.terms, bilinear.free_indices)


def is_hermitian(bilinear: Bilinear) -> bool:
    """Return whether ``gamma^0 Gamma(-q)^dagger gamma^0 = Gamma(q)``.

    With this, ``psibar_i Gamma_h_ij psi_j`` with a Hermitian matrix h is a Hermitian operator. The momentum changes
    sign because q is minus i times the derivative of the whole bilinear, and conjugation turns the i around.

    Example
    -------
    >>> from derivations.interactions.language import parse_bilinear
    >>> [is_hermitian(parse_bilinear(text)) for text in ("gamma5", "i gamma5", "i sigma(mu,nu) q(nu)")]
    [False, True, True]
    """
    difference = (*bilinear.terms, *(_scaled(term, -1) for term in _dirac_conjugate(bilinear.terms)))
    return _terms_vanish(difference, bilinear.free_indices)


def is_antihermitian(bilinear: Bilinear) -> bool:
    """Return whether i times the bilinear is Hermitian.

    Example
    -------
    >>> from derivations.interactions.language import parse_bilinear
    >>> is_antihermitian(parse_bilinear("gamma5")), is_antihermitian(parse_bilinear("PL"))
    (True, False)
    """
    return _terms_vanish((*bilinear.terms, *_dirac_conjugate(bilinear.terms)), bilinear.free_indices)


def is_antisymmetric(bilinear: Bilinear) -> bool:
    """Return whether the bilinear changes sign when its two free indices are exchanged.

    Raises
    ------
    ValueError : the bilinear does not have two free indices.

    Example
    -------
    >>> from derivations.interactions.language import parse_bilinear
    >>> is_antisymmetric(parse_bilinear("sigma(mu,nu)")), is_antisymmetric(parse_bilinear("gamma(mu) gamma(nu)"))
    (True, False)
    """
    if len(bilinear.free_indices) != 2:
        raise ValueError(f"bilinear: found free indices {bilinear.free_indices}, allowed exactly two")
    first, second = bilinear.free_indices
    swapped = [_renamed(term, {first: second, second: first}) for term in bilinear.terms]
    return _terms_vanish((*bilinear.terms, *swapped), bilinear.free_indices)


def hermitian_parts(bilinear: Bilinear) -> tuple[Bilinear, Bilinear]:
    """Return Hermitian bilinears ``H1, H2`` with ``Gamma = H1 + i H2``; one that vanishes may have no terms.

    Projectors are written out and ``gamma5`` stands last.

    Example
    -------
    >>> from derivations.interactions.language import parse_bilinear
    >>> [str(part) for part in hermitian_parts(parse_bilinear("sigma(mu,nu) PR"))]
    ['1/2 sigma(mu,nu)', '-1/2 i sigma(mu,nu) gamma5']
    """
    conjugate = list(_dirac_conjugate(bilinear.terms))
    sums = (_HALF, bilinear.terms), (_HALF, conjugate)
    differences = (-_HALF_I, bilinear.terms), (_HALF_I, conjugate)
    first, second = (
        _collected(Term(factor * term.coefficient, term.factors) for factor, terms in parts for term in terms)
        for parts in (sums, differences)
    )
    return (
        replace(bilinear, terms=first, text=format_terms(first)),
        replace(bilinear, terms=second, text=format_terms(second)),
    )


def products_vanish(products: Iterable[tuple[int, Bilinear, Bilinear]]) -> bool:
    """Return whether ``sum_k number_k [ebar electron_k e] [nubar neutrino_k nu]`` is zero for all spinors and every q.

    Equal indices are contracted; the electron's q is the opposite of the neutrino's.

    Example
    -------
    >>> from derivations.interactions.language import parse_bilinear
    >>> left, right = (parse_bilinear(f"sigma(mu,nu) {chirality}") for chirality in ("PL", "PR"))
    >>> products_vanish([(1, left, right)]), products_vanish([(1, right, right)])
    (True, False)
    """
    total: dict[tuple[int, int, int], GaussianRational] = {}
    for number, electron, neutrino in products:
        received = electron.at_opposite_momentum
        for values in product(range(4), repeat=len(neutrino.free_indices)):
            sign = GaussianRational(Fraction(number * (-1) ** sum(1 for value in values if value)))
            left, right = (_component(b.terms, b.free_indices, values) for b in (received, neutrino))
            for ((mask_a, powers_a), a), ((mask_b, powers_b), b) in product(left.items(), right.items()):
                key = (mask_a, mask_b, powers_a + powers_b)
                total[key] = total.get(key, _ZERO) + sign * a * b
    return not any(total.values())


_ZERO = GaussianRational(Fraction(0))
_HALF, _HALF_I = GaussianRational(Fraction(1, 2)), GaussianRational(Fraction(0), Fraction(1, 2))


def _collected(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return a sum with projectors written out, ``gamma5`` last and equal products added."""
    total: dict[tuple[Atom, ...], GaussianRational] = {}
    for term in terms:
        for coefficient, factors in _gamma5_last(term):
            total[factors] = total.get(factors, _ZERO) + coefficient
    return tuple(Term(coefficient, factors) for factors, coefficient in total.items() if coefficient)


def _gamma5_last(term: Term) -> Iterator[tuple[GaussianRational, tuple[Atom, ...]]]:
    """Yield ``term`` as products without and with a ``gamma5`` at the end."""
    plain, chiral = term.coefficient, _ZERO  # times what was read so far: X (plain + chiral gamma5)
    factors: list[Atom] = []
    for atom in term.factors:
        if atom.name == "gamma5":
            plain, chiral = chiral, plain
        elif atom.name == "PR":
            plain = chiral = _HALF * (plain + chiral)
        elif atom.name == "PL":
            plain = _HALF * (plain + -chiral)
            chiral = -plain
        else:
            factors.append(atom)
            chiral = -chiral if atom.name in ("gamma", "qslash") else chiral
    yield plain, ordered(factors)
    yield chiral, (*ordered(factors), Atom("gamma5"))


def _scaled(term: Term, factor: int) -> Term:
    return Term(term.coefficient * GaussianRational(Fraction(factor)), term.factors)


def _renamed(term: Term, names: Mapping[str, str]) -> Term:
    atoms = (Atom(atom.name, tuple(names.get(index, index) for index in atom.indices)) for atom in term.factors)
    return Term(term.coefficient, tuple(atoms))


_SWAPPED = {"PL": "PR", "PR": "PL"}
_ODD = ("gamma5", "q", "qslash")  # gamma0 gamma5^dagger gamma0 = -gamma5, and q -> -q


def _dirac_conjugate(terms: Iterable[Term]) -> Iterator[Term]:
    """Yield ``gamma^0 Gamma(-q)^dagger gamma^0`` term by term: reverse the product, conjugate every factor."""
    for term in terms:
        sign = (-1) ** sum(atom.name in _ODD for atom in term.factors)
        factors = tuple(Atom(_SWAPPED.get(atom.name, atom.name), atom.indices) for atom in reversed(term.factors))
        yield _scaled(Term(term.coefficient.conjugate(), factors), sign)


def _terms_vanish(terms: Iterable[Term], free: tuple[str, ...]) -> bool:
    listed = list(terms)
    return not any(any(_component(listed, free, values).values()) for values in product(range(4), repeat=len(free)))


def _component(terms: Sequence[Term], free: tuple[str, ...], values: tuple[int, ...]) -> dict[_Key, GaussianRational]:
    """Return the component of a sum with the given values of its free indices."""
    total: dict[_Key, GaussianRational] = {}
    for term in terms:
        scale = term.coefficient * GaussianRational(
            Fraction(1, 2 ** sum(atom.name in _SWAPPED for atom in term.factors))
        )
        for key, (real, imag) in _evaluated(term.factors, free, values).items():
            entry = scale * GaussianRational(Fraction(real), Fraction(imag))
            total[key] = total[key] + entry if key in total else entry
    return total


@lru_cache(maxsize=1024)
def _evaluated(factors: tuple[Atom, ...], free: tuple[str, ...], values: tuple[int, ...]) -> _Table:
    """Return 2^(number of projectors) times the product, with repeated indices summed over the metric."""
    squares = sum(atom.name == "q2" for atom in factors)
    others = tuple(atom for atom in factors if atom.name != "q2")
    summed = sorted({index for atom in others for index in atom.indices} - set(free))
    total: _Table = {}
    for choice in product(range(4), repeat=len(summed)):
        value = dict(zip(free, values, strict=True)) | dict(zip(summed, choice, strict=True))
        sign = (-1) ** sum(1 for index in choice if index)
        table: _Table = {(0, 0): (sign, 0)}
        for atom in others:
            table = _times(table, _atom(atom.name, tuple(value[index] for index in atom.indices)))
            if not table:
                break
        for key, (real, imag) in table.items():
            a, b = total.get(key, (0, 0))
            total[key] = (a + real, b + imag)
    for _ in range(squares):
        total = _times(total, _atom("q2", ()))
    return total


def _times(left: _Table, right: _Table) -> _Table:
    result: _Table = {}
    for (mask_a, powers_a), (real_a, imag_a) in left.items():
        for (mask_b, powers_b), (real_b, imag_b) in right.items():
            sign = _reordering_sign(mask_a, mask_b)
            key = (mask_a ^ mask_b, powers_a + powers_b)
            real, imag = result.get(key, (0, 0))
            real += sign * (real_a * real_b - imag_a * imag_b)
            imag += sign * (real_a * imag_b + imag_a * real_b)
            result[key] = (real, imag)
    return {key: entry for key, entry in result.items() if entry != (0, 0)}


@cache
def _reordering_sign(left: int, right: int) -> int:
    """Return the sign of gamma_left gamma_right relative to the ordered product of the remaining gammas."""
    sign = 1
    for a in range(4):
        if right >> a & 1:
            sign *= (-1) ** (left >> (a + 1)).bit_count()
            sign *= _METRIC[a] if left >> a & 1 else 1
            left ^= 1 << a
    return sign


_Q_POWERS = tuple(1 << (_POWER_BITS * a) for a in range(4))
_ATOMS: Mapping[str, Callable[..., _Table]] = {
    "gamma": lambda a: {(1 << a, 0): (1, 0)},
    "gamma5": lambda: {(_GAMMA5_MASK, 0): (0, 1)},
    "PL": lambda: {(0, 0): (1, 0), (_GAMMA5_MASK, 0): (0, -1)},  # PL and PR without 1/2: _component supplies it
    "PR": lambda: {(0, 0): (1, 0), (_GAMMA5_MASK, 0): (0, 1)},
    "sigma": lambda a, b: {} if a == b else _times({(1 << a, 0): (0, 1)}, {(1 << b, 0): (1, 0)}),
    "q": lambda a: {(0, _Q_POWERS[a]): (1, 0)},
    "qslash": lambda: {(1 << a, _Q_POWERS[a]): (_METRIC[a], 0) for a in range(4)},
    "q2": lambda: {(0, 2 * _Q_POWERS[a]): (_METRIC[a], 0) for a in range(4)},
    "g": lambda a, b: {(0, 0): (_METRIC[a], 0)} if a == b else {},
}


@cache
def _atom(name: str, indices: tuple[int, ...]) -> _Table:
    return _ATOMS[name](*indices)
