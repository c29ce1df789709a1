"""Exact values as formulas that a physicist would write: ``I_D``, ``Delta_ij``, thresholds in brackets, factors in front.

A value is split into what stands in front of each real product of couplings, such as ``abs(a_ij)^2`` or ``Re(a_ij*conj(v_ij))``.
Each coefficient is written as a multiple of ``I_D`` and a rest where that is shorter, and factorised where it is small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from derivations.ledger.check.exact import FACTOR_TERMS, Exact, ExactDomain, Poly, lowered
from derivations.written.nodes import (
    ONE,
    ZERO,
    Call,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    power,
    product,
    total,
)
from derivations.written.text import text_of

LONG: Final = 10 * FACTOR_TERMS
"""Most terms of a polynomial that is divided for the reader's sake."""
SHORT: Final = 12
"""Most terms of a polynomial that is factorised for the reader's sake."""
Monomial = tuple[tuple[int, int], ...]
"""Places of generators of couplings with their powers."""


def by_products(value: Exact, couplings: Mapping[str, tuple[str, str]]) -> dict[str, Exact] | None:
    """Return the coefficient of every real product of couplings, by its text.

    Parameters
    ----------
    value : the value.
    couplings : names of the elements ij of matrices, each with the generators of its real and imaginary part.

    Returns
    -------
    ``None`` where the value is no polynomial in the couplings, or where they are more than two.
    """
    domain = value.domain
    places = {domain.names.index(part): part for pair in couplings.values() for part in pair}
    if any(any(powers[place] for powers in factor for place in places) for factor, _ in value.bottom):
        return None
    parts: dict[Monomial, dict[tuple[int, ...], int]] = {}
    for powers, c in value.top.items():
        key = tuple((place, powers[place]) for place in sorted(places) if powers[place])
        rest = tuple(0 if place in places else power for place, power in enumerate(powers))
        parts.setdefault(key, {})[rest] = c
    found = {key: Exact(domain, domain.ring.from_dict(part), value.bottom, value.scale) for key, part in parts.items()}
    if any(sum(power for _, power in key) not in (0, 2) for key in found):
        return None
    index = {part: domain.names.index(part) for pair in couplings.values() for part in pair}
    zero, half = domain.number(Fraction(0)), domain.number(Fraction(1, 2))

    def at(first: str, second: str) -> Exact:
        a, b = sorted((index[first], index[second]))
        return found.get(((a, 2),) if a == b else ((a, 1), (b, 1)), zero)

    result: dict[str, Exact] = {}
    if () in found:
        result["1"] = found[()]
    names = list(couplings)
    for n, first in enumerate(names):
        real, imag = couplings[first]
        a, b, c = at(real, real), at(imag, imag), at(real, imag)
        result[f"abs({first})^2"] = (a + b) * half
        result[f"Re({first}^2)"] = (a - b) * half
        result[f"Im({first}^2)"] = c * half
        for second in names[n + 1 :]:
            x, y = couplings[second]
            rr, ii, ri, ir = at(real, x), at(imag, y), at(real, y), at(imag, x)
            result[f"Re({first} conj({second}))"] = (rr + ii) * half
            result[f"Re({first} {second})"] = (rr - ii) * half
            result[f"Im({first} conj({second}))"] = (ir - ri) * half
            result[f"Im({first} {second})"] = (ir + ri) * half
    return {name: coefficient for name, coefficient in result.items() if coefficient}


class Papers:
    """Writes exact values of one arithmetic in the papers' form."""

    def __init__(self, domain: ExactDomain, dirac_function: Exact) -> None:
        self.domain = domain
        self.dirac = dirac_function
        g = domain.generator
        self._pretty: dict[Poly, Node] = {}
        m_i, m_j = Name("m_i"), Name("m_j")
        for sign in (1, -1):
            split = g("m_i") + g("m_j") if sign > 0 else g("m_i") - g("m_j")
            shown = Sum((m_i, m_j)) if sign > 0 else Sum((m_i, Negative(m_j)))
            self._pretty[(g("s") - split * split).top] = Sum((Name("s"), Negative(Power(shown, Fraction(2)))))
        self._pretty[(g("q0") + g("omega")).top] = Name("E_eg")
        self._pretty[g("q0").top] = _PAIR_ENERGY
        self._pretty[(g("E_vg") - g("omega")).top] = Sum((Name("E_vg"), Negative(Name("omega"))))

    def node(self, value: Exact) -> Node:
        """Return a value as a formula."""
        if not value.top:
            return ZERO
        value = self._cancelled(value)
        multiple, rest = self._multiple(value)
        if multiple is not None and not rest.top:
            return _times_name(self.plain(multiple), "I_D")
        plain = self.plain(value)
        if multiple is None:
            return plain
        split = total([_times_name(self.plain(multiple), "I_D"), self.plain(rest)])
        return split if len(text_of(split)) < len(text_of(plain)) else plain

    def _cancelled(self, value: Exact) -> Exact:
        """Return a value with the factors below cancelled that divide the numerator."""
        top, bottom = value.top, {}
        for factor, exponent in value.bottom:
            left = exponent
            while left and len(factor) > 1 and len(top) <= LONG:
                quotient, rest = top.div(factor)
                if rest:
                    break
                top, left = quotient, left - 1
            if left:
                bottom[factor] = left
        return lowered(self.domain, top, bottom, value.scale)

    def _multiple(self, value: Exact) -> tuple[Exact | None, Exact]:
        """Return what stands in front of ``I_D`` and the rest, ``None`` where nothing does."""
        if len(value.top) > LONG:
            return None, value
        quotient, rest = value.top.div(self.dirac.top)
        bottom = dict(value.bottom)
        if not quotient or len(quotient) > FACTOR_TERMS or len(rest) >= len(value.top):
            return None, value
        # value = (quotient * top + rest)/bottom, and I_D = top/its own bottom.
        multiple = Exact(self.domain, quotient, tuple(bottom.items()), value.scale)
        for factor, exponent in self.dirac.bottom:
            for _ in range(exponent):
                multiple = multiple * Exact(self.domain, factor)
        multiple = multiple * self.domain.number(Fraction(self.dirac.scale))
        return self._cancelled(multiple), self._cancelled(Exact(self.domain, rest, value.bottom, value.scale))

    def plain(self, value: Exact) -> Node:
        """Return a value as one fraction."""
        if not value.top:
            return ZERO
        in_energies = self._in_energies(value.top)
        shown = self._shown(value, value.top, self._name)
        if in_energies is None:
            return shown
        other = self._shown(value, in_energies, self._energy_name)
        return other if len(text_of(other)) < len(text_of(shown)) else shown

    def _in_energies(self, polynomial: Poly) -> Poly | None:
        """Return a polynomial with ``E_eg`` in the place of ``q0``, and without ``s``; ``None`` where that is no help."""
        g = dict(zip(self.domain.names, self.domain.ring.gens, strict=False))
        place = self.domain.names.index("q0")
        if len(polynomial) > FACTOR_TERMS or not any(powers[place] for powers in polynomial):
            return None
        changes = [(g["s"], g["q0"] ** 2 - 2 * g["q0"] * g["omega"]), (g["q0"], g["q0"] - g["omega"])]
        return polynomial.compose(changes)

    def _shown(self, value: Exact, top: Poly, name: Callable[[int], Node]) -> Node:
        content, factors = self._factors(top)
        number = Fraction(content, value.scale)
        above: list[Node] = []
        roots = self.domain.radicands()
        shown_roots: list[Node] = []
        for factor, exponent in factors:
            place = self.domain.ring.gens.index(factor) if factor.is_generator else -1
            if place in roots:
                shown_roots.append(Call("sqrt", self._sum(roots[place])))
            else:
                above.append(one := self._signed(factor, exponent, name))
                if isinstance(one, Negative):
                    above[-1], number = one.inner, -number
        below = []
        for factor, exponent in value.bottom:
            below.append(one := self._signed(factor, exponent, self._name))
            if isinstance(one, Negative):
                below[-1], number = one.inner, -number
        above, below = self._with_delta(above, below, shown_roots, roots)
        sign, number = number < 0, abs(number)
        above = ([Number(Fraction(number.numerator))] if number.numerator != 1 else []) + sorted(above, key=_order)
        below = ([Number(Fraction(number.denominator))] if number.denominator != 1 else []) + sorted(below, key=_order)
        shown = product(above) if above else ONE
        if below:
            shown = Quotient(shown, product(below))
        return Negative(shown) if sign else shown

    def _signed(self, factor: Poly, exponent: int, name: Callable[[int], Node]) -> Node:
        """Return a power of a factor, with the sign of an odd one in front."""
        shown = self._sum(factor, name)
        if not isinstance(shown, Negative):
            return power(shown, Fraction(exponent))
        raised = power(shown.inner, Fraction(exponent))
        return Negative(raised) if exponent % 2 else raised

    def _with_delta(
        self, above: list[Node], below: list[Node], shown_roots: list[Node], roots: Mapping[int, Poly]
    ) -> tuple[list[Node], list[Node]]:
        """Write ``sqrt(t) sqrt(s - (m_i - m_j)^2)`` as ``s Delta_ij``."""
        pair = [
            Call("sqrt", shown)
            for radicand, shown in self._pretty.items()
            if radicand in roots.values() and isinstance(shown, Sum)
        ]
        if len(pair) == 2 and all(one in shown_roots for one in pair):
            rest = [one for one in shown_roots if one not in pair]
            above = [*above, *rest, Name("Delta_ij")]
            for n, one in enumerate(below):
                if one == Name("s") or (isinstance(one, Power) and one.base == Name("s")):
                    exponent = (one.exponent if isinstance(one, Power) else Fraction(1)) - 1
                    below = [*below[:n], *([power(Name("s"), exponent)] if exponent else []), *below[n + 1 :]]
                    return above, below
            return [*above, Name("s")], below
        return [*above, *shown_roots], below

    def _factors(self, polynomial: Poly) -> tuple[int, list[tuple[Poly, int]]]:
        """Return the content and the factors that are cheap to find: generators, thresholds, and all of a short rest."""
        self.domain.spend()
        found: list[tuple[Poly, int]] = []
        lowest = [min(powers) for powers in zip(*polynomial, strict=True)]
        ring = self.domain.ring
        rest = ring.from_dict({tuple(a - b for a, b in zip(k, lowest, strict=True)): c for k, c in polynomial.items()})
        found += [(ring.gens[place], exponent) for place, exponent in enumerate(lowest) if exponent]
        for factor in self._pretty if len(rest) <= LONG else ():
            count = 0
            while len(factor) > 1 and len(rest) > 1 and not rest.rem(factor):
                rest, count = rest.exquo(factor), count + 1
            if count:
                found.append((factor, count))
        if 1 < len(rest) <= SHORT:
            content, further = rest.factor_list()
            return int(content), [*found, *further]
        content = int(rest.content()) * (-1 if rest.LC < 0 else 1)
        rest = rest.quo_ground(content)
        return content, found if rest == 1 else [*found, (rest, 1)]

    def _sum(self, polynomial: Poly, name: Callable[[int], Node] | None = None) -> Node:
        name = name or self._name
        for sign in (1, -1):
            if name == self._name and polynomial * sign in self._pretty:
                shown = self._pretty[polynomial * sign]
                return shown if sign > 0 else Negative(shown)
        terms: list[Node] = []
        for powers, c in polynomial.terms():
            factors = [power(name(place), Fraction(exponent)) for place, exponent in enumerate(powers) if exponent]
            size = product(([Number(Fraction(abs(int(c))))] if abs(c) != 1 or not factors else []) + factors)
            terms.append(Negative(size) if c < 0 else size)
        # A leading minus sign reads badly where a positive term could lead.
        terms.sort(key=lambda term: isinstance(term, Negative))
        return total(terms)

    def _energy_name(self, place: int) -> Node:
        return Name("E_eg") if self.domain.names[place : place + 1] == ("q0",) else self._name(place)

    def _name(self, place: int) -> Node:
        roots = self.domain.radicands()
        if place in roots:
            return Call("sqrt", self._sum(roots[place]))
        name = self.domain.names[place]
        if name == "q0":
            return _PAIR_ENERGY
        if name.startswith(("Re ", "Im ")):
            return Call(name[:2], Name(name[3:]))
        return Name(name)


_PAIR_ENERGY: Final = Sum((Name("E_eg"), Negative(Name("omega"))))


def _times_name(node: Node, name: str) -> Node:
    if node == ONE:
        return Name(name)
    if isinstance(node, Negative):
        return Negative(_times_name(node.inner, name))
    if isinstance(node, Quotient):
        top = Name(name) if node.top == ONE else product((node.top, Name(name)))
        return Quotient(top, node.bottom)
    return product((node, Name(name)))


def _order(node: Node) -> tuple[int, str]:
    return (isinstance(node, Sum) or (isinstance(node, Power) and isinstance(node.base, Sum)), text_of(node))


def with_nature(dirac: Node, majorana: Node, natures: Sequence[int]) -> Node:
    """Return one formula in ``delta_M`` for what holds for Dirac and for Majorana neutrinos.

    Example
    -------
    >>> text_of(with_nature(ZERO, Name("I_D"), (0, 1)))
    'delta_M*I_D'
    """
    if tuple(natures) == (0,):
        return dirac
    if tuple(natures) == (1,) or dirac == majorana:
        return majorana
    delta = Name("delta_M")
    if dirac == ZERO:
        return _multiplied(delta, majorana)
    if majorana == ZERO:
        return _multiplied(Sum((ONE, Negative(delta))), dirac)
    return total([_multiplied(Sum((ONE, Negative(delta))), dirac), _multiplied(delta, majorana)])


def _multiplied(factor: Node, node: Node) -> Node:
    if isinstance(node, Negative):
        return Negative(_multiplied(factor, node.inner))
    if isinstance(node, Product) and isinstance(node.factors[0], Number):
        return product((node.factors[0], factor, *node.factors[1:]))
    return factor if node == ONE else product((factor, node))
