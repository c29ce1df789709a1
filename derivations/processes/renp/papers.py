"""Structure functions as papers write them: in ``s``, omega, masses, ``Delta_ij`` and ``I^D_ij`` (in: closed forms in ``t``).

``I^D_ij`` is the averaged structure function of the left-handed current over 8. A function whose double pole in ``s`` is a rational
multiple of that of ``I^D_ij`` is written as this multiple and a rest; the rest, and every other function, is factored.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from typing import TYPE_CHECKING

from sympy import QQ, Add, Expr, I, Integer, Mul, Rational, Symbol, factor_list, linsolve, symbols
from sympy import Poly as SymbolicPoly

from derivations.algebra import ring
from derivations.algebra.ring import CLOSED, Poly, imaginary_part, normal_form, real_part, s_
from derivations.interactions.model import WEAK
from derivations.neutrino.pair_phase_space import ClosedForm
from derivations.neutrino.spin_sums import PARTS
from derivations.symbols import DELTA, E_EG, I_D, M_I, M_J, OMEGA, S

if TYPE_CHECKING:
    from derivations.processes.renp.spectrum import GramEntry

SUM, DIFFERENCE = M_I + M_J, M_I - M_J
_T, _P, _D, _K, _Q0, _d, _M = (Symbol(str(generator)) for generator in CLOSED.gens)
_SQUARE, _TRACE, _SPLIT = symbols("_square _trace _split")
"""``(m_i + m_j)^2``, ``m_i^2 + m_j^2`` and ``(m_i^2 - m_j^2)^2`` while the shortest way to write masses is looked for."""
AVERAGED = dict(zip(PARTS, (Rational(1, 3), Rational(2, 3), Integer(0)), strict=True))
"""Weights of the parts of the atomic tensor, averaged over all magnetic numbers."""

_RATIONAL = CLOSED.clone(domain=QQ)

Pieces = tuple[tuple[Rational, Expr], ...]
"""A sum of numbers times functions without a number."""


def averaged(entries: Sequence[GramEntry]) -> ClosedForm:
    """Return the structure function of one pair of rows for an averaged atom, ``(along + 2 across)/3``."""
    power = max((entry.closed_form.power for entry in entries), default=0)
    total = CLOSED.zero
    for entry in entries:
        closed = entry.closed_form
        weight = AVERAGED[entry.part]
        total += closed.numerator * s_ ** (power - closed.power) * CLOSED.domain.from_sympy(weight)
    return lowest_terms(normal_form(total), power)


def lowest_terms(numerator: Poly, power: int) -> ClosedForm:
    """Return ``numerator / s^power`` with common factors of ``s`` divided out.

    Example
    -------
    >>> lowest_terms(s_**2, 3).power
    1
    """
    if not numerator:
        return ClosedForm(numerator, 0)
    while power and not numerator.rem(s_):
        numerator, power = numerator.exquo(s_), power - 1
    return ClosedForm(numerator, power)


@cache
def dirac_function() -> ClosedForm:
    """Return ``I^D_ij`` in closed form: the averaged ``gamma^k (1 - gamma5)`` with itself, over 8."""
    from derivations.interactions.reader import shipped_interactions
    from derivations.processes.renp.spectrum import spectral_function

    weak = spectral_function([i for i in shipped_interactions() if i.name == WEAK])
    leading = [term for term in weak.amplitude.terms if not term.coefficient.m_e]
    rows = {term.row: term.coefficient.real for term in leading}
    total, power = CLOSED.zero, 2
    for (n, one), (m, other) in product(rows.items(), repeat=2):
        found = averaged([e for e in weak.gram if (e.n, e.m) == (min(n, m), max(n, m))])
        number = CLOSED.domain.from_sympy(Rational(one * other) / 8)
        total += found.numerator * s_ ** (power - found.power) * number
    return lowest_terms(normal_form(total), power)


@cache
def dirac_expression() -> Expr:
    """Return ``I^D_ij`` as it is printed: its poles in ``s`` are those of ``Delta_ij^2`` and of ``(m_i^2 - m_j^2)^2 / s^2``.

    Example
    -------
    >>> dirac_expression()
    (-Delta_ij**2*omega**2/6 - m_i**2/2 - m_j**2/2 + omega**2/2 + s - (E_eg - omega)**2*(m_i**2 - m_j**2)**2/(2*s**2))/3
    """
    found = dirac_function()
    momentum = CLOSED.gens[3]
    basis = (
        momentum**2 * ring.t_ * (ring.t_ + 4 * ring.P_),
        normal_form(ring.q0_**2 * ring.d_**2 * ring.M_**2),
    )
    modulus = s_**found.power
    unknowns = symbols("x y")
    rests = [polynomial.rem(modulus) for polynomial in (found.numerator, *basis)]
    monomials = {monomial for rest in rests for monomial in rest}
    equations = [
        _number(rests[0], k) - sum(x * _number(rest, k) for x, rest in zip(unknowns, rests[1:], strict=True))
        for k in sorted(monomials)
    ]
    ((delta, split),) = linsolve(equations, unknowns)
    domain = CLOSED.domain
    rest = found.numerator - sum(
        (b * domain.from_sympy(x) for b, x in zip(basis, (delta, split), strict=True)), CLOSED.zero
    )
    plain = rest.exquo(modulus).as_expr().subs({_T: S - _TRACE - 2 * _P, _D: _TRACE - 2 * _P}).expand()
    number = plain.coeff(S)
    inner = (
        (plain / number).expand().subs({_TRACE: M_I**2 + M_J**2, _K: OMEGA}).expand()
        + delta / number * OMEGA**2 * DELTA**2
        + split / number * (E_EG - OMEGA) ** 2 * (M_I**2 - M_J**2) ** 2 / S**2
    )
    return Mul(number, inner, evaluate=False)


def _number(polynomial: Poly, monomial: tuple[int, ...]) -> Rational:
    value = polynomial.get(monomial)
    return Integer(0) if value is None else Rational(int(value.x.numerator), int(value.x.denominator))


def papers_form(form: ClosedForm) -> Pieces:
    """Return a real structure function as papers write it.

    Raises ``ValueError`` when it is not real.

    Example
    -------
    >>> papers_form(dirac_function())
    ((1, I^D_ij),)
    >>> papers_form(ClosedForm(ring.t_ * (ring.t_ + ring.D_), 1))
    ((1, (s - (m_i + m_j)**2)*(-4*m_i*m_j + s)/s),)
    """
    numerator, power = form.numerator, form.power
    if numerator != real_part(numerator):
        raise ValueError(f"a structure function in front of real products is real, found {numerator}")
    if not numerator:
        return ()
    number, key = _factored(numerator)
    factored = ((number, key / S**power),)
    content, stripped = _content(numerator)
    model = dirac_function()
    ratio = _ratio(stripped.rem(s_), model.numerator.rem(s_)) if power == model.power else None
    if ratio is None:
        return factored
    with_dirac: Pieces = ((ratio, _factored(content)[1] * I_D),)
    rest = lowest_terms(stripped - model.numerator * CLOSED.domain.from_sympy(ratio), power)
    if rest.numerator:
        number, key = _factored(rest.numerator * content)
        with_dirac += ((number, key / S**rest.power),)
    return min((with_dirac, factored), key=lambda pieces: sum(function.count_ops() for _, function in pieces))


def threshold_form(form: ClosedForm, names: Sequence[Expr]) -> Expr:
    """Return the numerator of a structure function: factored, a long factor as a sum over powers of ``t``.

    ``names`` are what the generators of the ring are called, in their order.

    Example
    -------
    >>> threshold_form(ClosedForm(ring.t_**2 / 3 + 4 * ring.P_ * ring.t_ / 3, 1), symbols("t P D q q_0 d M"))
    t*(4*P + t)/3
    """
    called = dict(zip((_T, _P, _D, _K, _Q0, _d, _M), names, strict=True))
    result: Expr = Integer(0)
    for part, unit in ((real_part(form.numerator), Integer(1)), (imaginary_part(form.numerator), I)):
        if part:
            number, factors = _factors(part)
            result += Mul(unit, number, *(_by_powers(base).xreplace(called) ** exponent for base, exponent in factors))
    return result


@lru_cache(maxsize=512)
def _factors(polynomial: Poly) -> tuple[Rational, tuple[tuple[Expr, int], ...]]:
    """Return a polynomial with real coefficients as a number and factors, which many formulas share."""
    rational = _RATIONAL.from_dict({monomial: c.x for monomial, c in polynomial.items()})
    number, factors = rational.factor_list()
    return QQ.to_sympy(number), tuple((base.as_expr(), exponent) for base, exponent in factors)


@lru_cache(maxsize=512)
def _by_powers(base: Expr) -> Expr:
    """Return a polynomial as a sum over powers of ``t``, each coefficient factored."""
    if not base.has(_T) or len(Add.make_args(base)) < 4:
        return base
    terms = []
    for (power,), coefficient in SymbolicPoly(base, _T).terms():
        number, factors = factor_list(coefficient)
        terms.append(Mul(number, *(b**e for b, e in factors), _T**power))
    return Add(*terms)


def _content(polynomial: Poly) -> tuple[Poly, Poly]:
    """Return the largest monomial that divides a polynomial, and the quotient."""
    powers = tuple(min(monomial[n] for monomial in polynomial) for n in range(len(CLOSED.gens)))
    monomial = CLOSED.from_dict({powers: CLOSED.domain.one})
    return monomial, polynomial.exquo(monomial)


def _ratio(polynomial: Poly, model: Poly) -> Rational | None:
    if not polynomial or set(polynomial) != set(model):
        return None
    first = next(iter(model))
    ratio = _number(polynomial, first) / _number(model, first)
    same = all(_number(polynomial, k) == ratio * _number(model, k) for k in model)
    return ratio if same else None


def _factored(polynomial: Poly) -> tuple[Rational, Expr]:
    number, factors = _factors(polynomial)
    result: Expr = Integer(1)
    for base, exponent in factors:
        sign, written = _written(base)
        number *= sign**exponent
        result *= written**exponent
    return number, result


@lru_cache(maxsize=512)
def _written(base: Expr) -> tuple[Rational, Expr]:
    """Return a factor in ``s`` and masses, in as few terms as possible, with a leading sign or number taken out."""
    in_s = base.subs(_T, S - _D - 4 * _P)
    ways = [
        in_s,
        in_s.subs(_D, _SQUARE - 4 * _P),
        in_s.subs(_P, (_SQUARE - _D) / 4),
        in_s.subs(_D, _TRACE - 2 * _P),
    ]
    even = SymbolicPoly(ways[-1], _P)
    if all(power % 2 == 0 for (power,) in even.monoms()):
        ways.append(Add(*(c * ((_TRACE**2 - _SPLIT) / 4) ** (power // 2) for (power,), c in even.terms())))
    best = min((way.expand() for way in ways), key=lambda way: len(Add.make_args(way)))
    number, terms = best.as_content_primitive()
    if SymbolicPoly(terms, S, _SQUARE, _TRACE, _SPLIT, _D, _P, _K, _Q0, _d, _M).LC() < 0:
        number, terms = -number, -terms
    named = {
        _P: M_I * M_J, _D: DIFFERENCE**2, _SQUARE: SUM**2, _TRACE: M_I**2 + M_J**2,
        _SPLIT: (M_I**2 - M_J**2) ** 2, _K: OMEGA, _Q0: E_EG - OMEGA,
        _d: DIFFERENCE, _M: SUM,
    }  # fmt: skip
    return number, terms.xreplace(named)
