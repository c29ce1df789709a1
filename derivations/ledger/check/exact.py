"""Exact arithmetic: rational functions of real quantities, the imaginary unit and square roots of positive quantities.

A value is a polynomial with integer coefficients over a product of powers of polynomials. The relations ``i^2 = -1``,
``q0^2 = s + omega^2`` and ``r^2 = f`` of every square root are used at once, so that every value has one numerator over given
factors, and a value vanishes exactly when its numerator does. Radicands are factorised over ``E_eg`` and ``omega``, where
factors are unique; each irreducible factor has one positive root, so roots of products and products of roots agree.

Work is bounded: a product that is too large or a deadline that has passed raises :class:`~derivations.ledger.check.evaluate.Undecided`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from time import monotonic
from typing import Any, Final

from sympy import ZZ, factorint
from sympy.polys.orderings import lex
from sympy.polys.rings import PolyRing

from derivations.ledger.check.evaluate import Undecided, value
from derivations.written.nodes import Node
from derivations.written.text import text_of

Poly = Any
"""A polynomial with integer coefficients; SymPy's ``PolyElement`` carries no usable type information."""

SLOTS: Final = 10
"""Most square roots of different factors in one comparison."""
MOST_PRODUCTS: Final = 400_000
"""Most products of two terms in one multiplication: about a second."""
FACTOR_TERMS: Final = 40
"""Most terms of a polynomial that is factorised."""
POSITIVE_PARTS: Final = ("s", "omega", "q0", "E_vg")
"""Generators that positivity is about: in an open channel ``s > (m_i + m_j)^2``, ``q0 > omega`` and ``E_vg > omega``."""


class ExactDomain:
    """Rational functions of named real quantities.

    Parameters
    ----------
    names : the generators beside the kinematic ones.
    positive : those of them that are positive.
    deadline : when to give up, as of ``time.monotonic``.
    """

    def __init__(self, names: Sequence[str], positive: Sequence[str], deadline: float) -> None:
        self.deadline = deadline
        kinematic = ("i", "s", "omega", "q0", "m_i", "m_j")
        self.ring = PolyRing([*kinematic, *names, *(f"root{n}" for n in range(SLOTS))], ZZ, lex)
        self.names = (*kinematic, *names)
        self._positive = {"s", "omega", "q0", "m_i", "m_j", *positive}
        gens = dict(zip((*self.names, *(f"root{n}" for n in range(SLOTS))), self.ring.gens, strict=True))
        self._gens = gens
        self.squares: dict[int, Poly] = {
            self._place("i"): -self.ring.one,
            self._place("q0"): gens["s"] + gens["omega"] ** 2,
        }
        self._slots: dict[Poly, int] = {}
        self._root_start = len(self.names)

    def _place(self, name: str) -> int:
        return self.names.index(name)

    def generator(self, name: str) -> Exact:
        """Return a generator as a value."""
        return Exact(self, self._gens[name])

    def number(self, value: Fraction) -> Exact:
        """Return an exact number."""
        return Exact(self, self.ring.one * value.numerator, (), value.denominator)

    @property
    def imaginary(self) -> Exact:
        """The imaginary unit."""
        return self.generator("i")

    def spend(self) -> None:
        """Raise :class:`Undecided` when the time is over."""
        if monotonic() > self.deadline:
            raise Undecided("the limit on time")

    # ------------------------------------------------------------ the ring

    def multiplied(self, first: Poly, second: Poly) -> Poly:
        """Return a product in normal form."""
        if len(first) * len(second) > MOST_PRODUCTS:
            raise Undecided("the limit on size")
        self.spend()
        return self.reduced(first * second)

    def reduced(self, polynomial: Poly) -> Poly:
        """Return the normal form: at most the first power of the imaginary unit, of ``q0`` and of every root."""
        places = tuple(self.squares)
        while any(powers[place] > 1 for powers in polynomial for place in places):
            parts: dict[tuple[int, ...], dict[tuple[int, ...], int]] = {}
            for powers, c in polynomial.items():
                low = list(powers)
                for place in places:
                    low[place] %= 2
                part = parts.setdefault(tuple(powers[place] // 2 for place in places), {})
                part[tuple(low)] = part.get(tuple(low), 0) + c
            polynomial = self.ring.zero
            for halves, part in parts.items():
                factor = self.ring.one
                for place, exponent in zip(places, halves, strict=True):
                    factor *= self.squares[place] ** exponent
                polynomial += self.ring.from_dict({k: c for k, c in part.items() if c}) * factor
        return polynomial

    def mirrored(self, polynomial: Poly) -> Poly:
        """Return the complex conjugate; every generator but the imaginary unit is real."""
        return self.ring.from_dict({k: -c if k[0] else c for k, c in polynomial.items()})

    # ------------------------------------------------------------ signs and roots

    def sign(self, polynomial: Poly) -> int:
        """Return the sign of a polynomial in an open channel, 0 where it is not proven to have one.

        It is proven when all coefficients have one sign after ``s = t + (m_i + m_j)^2``, ``q0 = omega + ...`` and
        ``E_vg = omega + ...``, in which everything left is positive.
        """
        g = self._gens
        changes = [(g["s"], g["s"] + (g["m_i"] + g["m_j"]) ** 2), (g["q0"], g["q0"] + g["omega"])]
        if "E_vg" in g:
            changes.append((g["E_vg"], g["E_vg"] + g["omega"]))
        shifted = polynomial.compose(changes)
        if any(powers[0] for powers in shifted):
            return 0
        allowed = {n for n, name in enumerate(self.names) if name in self._positive}
        allowed |= set(range(self._root_start, self._root_start + SLOTS))
        signs = set()
        for powers, c in shifted.items():
            if any(power % 2 and place not in allowed for place, power in enumerate(powers)):
                return 0
            signs.add(1 if c > 0 else -1)
        return signs.pop() if len(signs) == 1 else 0

    def factors(self, polynomial: Poly) -> tuple[int, list[tuple[Poly, int]]]:
        """Return the content and the irreducible factors over ``E_eg`` and ``omega``, written in ``s``, ``omega`` and ``q0``."""
        self.spend()
        if len(polynomial) > FACTOR_TERMS:
            raise Undecided("the limit on the size of what stands under a root or in a step function")
        g = self._gens
        # q0 stands for E_eg while factors are found: s = E_eg (E_eg - 2 omega), q0 = E_eg - omega.
        there = [(g["s"], g["q0"] ** 2 - 2 * g["q0"] * g["omega"]), (g["q0"], g["q0"] - g["omega"])]
        content, found = polynomial.compose(there).factor_list()
        back = [(g["q0"], g["q0"] + g["omega"])]
        return int(content), [(self.reduced(f.compose(back)), n) for f, n in found]

    def root(self, value: Exact) -> Exact:
        """Return the positive square root of a value that is positive in every open channel."""
        if any(k[0] for k in value.top) or any(any(k[self._root_start :]) for k in value.top):
            raise Undecided("a root of a complex number or of a root")
        if not value.top:
            return value
        number = Fraction(1, value.scale)
        if value.top.is_ground and not value.bottom and value.top.LC > 0:
            return self._number_root(number * int(value.top.LC))
        content, parts = self.factors(value.top)
        number *= content
        below: list[tuple[Poly, int]] = []
        for factor, exponent in value.bottom:
            inner, found = self.factors(factor)
            number /= Fraction(inner) ** exponent
            below += [(f, n * exponent) for f, n in found]
        powers: dict[Poly, int] = {}
        for factor, exponent in (*parts, *((f, -n) for f, n in below)):
            powers[factor] = powers.get(factor, 0) + exponent
        result = self.number(Fraction(1))
        for factor, exponent in powers.items():
            if not exponent:
                continue
            sign = self.sign(factor)
            if not sign:
                raise Undecided("a root of a quantity that may be negative")
            positive = factor if sign > 0 else -factor
            number *= sign ** abs(exponent)
            base = Exact(self, positive)
            for _ in range(abs(exponent) // 2):
                result = result * base if exponent > 0 else result / base
            if exponent % 2:
                root = self._root_of(positive)
                result = result * root if exponent > 0 else result / root
        if number < 0:
            raise Undecided("a root of a negative number")
        return result * self._number_root(number)

    def _number_root(self, number: Fraction) -> Exact:
        result = self.number(Fraction(1))
        for whole, above in ((number.numerator, True), (number.denominator, False)):
            for prime, exponent in factorint(whole).items():
                step = self.number(Fraction(int(prime) ** (int(exponent) // 2)))
                if exponent % 2:
                    step = step * self._root_of(self.ring.one * int(prime))
                result = result * step if above else result / step
        return result

    def _root_of(self, positive: Poly) -> Exact:
        if positive not in self._slots:
            if len(self._slots) == SLOTS:
                raise Undecided("the limit on different roots")
            self._slots[positive] = self._root_start + len(self._slots)
            self.squares[self._slots[positive]] = positive
        return Exact(self, self.ring.gens[self._slots[positive]])

    def radicands(self) -> dict[int, Poly]:
        """Return the place of every root that was used, with what it is the root of."""
        return {place: radicand for radicand, place in self._slots.items()}

    def step(self, node: Node, names: Mapping[str, Any]) -> Exact:
        """Return 1 or 0: the step function of an argument whose sign is proven in an open channel."""
        argument: Exact = value(node, names, self)
        sign = self.sign_of(argument)
        if not sign:
            raise Undecided(f"a step function whose argument may have either sign, theta({text_of(node)})")
        return self.number(Fraction(1 if sign > 0 else 0))

    def sign_of(self, argument: Exact) -> int:
        """Return the sign of a real value in an open channel, 0 where it is not proven to have one."""
        if not argument.top or any(k[0] for k in argument.top):
            return 0
        sign = 1
        content, parts = self.factors(argument.top)
        for factor, exponent in (*parts, *argument.bottom):
            one = self.sign(factor)
            if not one and exponent % 2:
                return 0
            sign *= one**exponent if one else 1
        return sign if content > 0 else -sign


class Exact:
    """A rational function: ``top / (scale * product of factor^power)``."""

    __slots__ = ("bottom", "domain", "scale", "top")

    def __init__(
        self, domain: ExactDomain, top: Poly, bottom: tuple[tuple[Poly, int], ...] = (), scale: int = 1
    ) -> None:
        self.domain = domain
        self.top = top
        self.bottom = bottom if top else ()
        self.scale = scale if top else 1

    def __bool__(self) -> bool:
        return bool(self.top)

    def __neg__(self) -> Exact:
        return Exact(self.domain, -self.top, self.bottom, self.scale)

    def __add__(self, other: Exact) -> Exact:
        if not self.top:
            return other
        if not other.top:
            return self
        first, second = dict(self.bottom), dict(other.bottom)
        scale = math.lcm(self.scale, other.scale)
        left, right = self.top * (scale // self.scale), other.top * (scale // other.scale)
        common: dict[Poly, int] = {}
        for factor in (*first, *(f for f in second if f not in first)):
            a, b = first.get(factor, 0), second.get(factor, 0)
            common[factor] = max(a, b)
            for _ in range(b - a):
                left = self.domain.multiplied(left, factor)
            for _ in range(a - b):
                right = self.domain.multiplied(right, factor)
        return lowered(self.domain, left + right, common, scale)

    def __sub__(self, other: Exact) -> Exact:
        return self + (-other)

    def __mul__(self, other: Exact) -> Exact:
        bottom = dict(self.bottom)
        for factor, exponent in other.bottom:
            bottom[factor] = bottom.get(factor, 0) + exponent
        top = self.domain.multiplied(self.top, other.top)
        return lowered(self.domain, top, bottom, self.scale * other.scale)

    def __truediv__(self, other: Exact) -> Exact:
        return self * (1 / other)

    def __rtruediv__(self, one: int) -> Exact:
        if not self.top:
            raise ZeroDivisionError
        domain = self.domain
        top = domain.ring.one * self.scale
        for factor, exponent in self.bottom:
            for _ in range(exponent):
                top = domain.multiplied(top, factor)
        norm = self.top
        if any(k[0] for k in norm):
            mirror = domain.mirrored(norm)
            top, norm = domain.multiplied(top, mirror), domain.multiplied(norm, mirror)
        # What is a product of generators divides one by one; a root is moved above.
        monomial = [min(powers) for powers in zip(*norm, strict=True)]
        rest = domain.ring.from_dict(
            {tuple(a - b for a, b in zip(k, monomial, strict=True)): c for k, c in norm.items()}
        )
        bottom: dict[Poly, int] = {}
        for place, exponent in enumerate(monomial):
            if not exponent:
                continue
            if place >= domain._root_start:
                top = domain.multiplied(top, domain.ring.gens[place])
                rest = domain.multiplied(rest, domain.squares[place])
            else:
                bottom[domain.ring.gens[place]] = exponent
        content = int(rest.content())
        rest = rest.quo_ground(content)
        if rest.LC < 0:
            content, rest = -content, -rest
        if rest != 1:
            bottom[rest] = bottom.get(rest, 0) + 1
        if content < 0:
            top, content = -top, -content
        return lowered(domain, top * one, bottom, content)

    def conjugate(self) -> Exact:
        """Return the complex conjugate; the factors below are real."""
        return Exact(self.domain, self.domain.mirrored(self.top), self.bottom, self.scale)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exact) and not (self - other).top

    def __hash__(self) -> int:
        return hash((self.top, self.bottom, self.scale))


def lowered(domain: ExactDomain, top: Poly, bottom: Mapping[Poly, int], scale: int) -> Exact:
    """Return ``top / (scale * product of factor^power)`` with numbers and single generators cancelled."""
    if not top:
        return Exact(domain, top)
    left: list[tuple[Poly, int]] = []
    shift = [0] * domain.ring.ngens
    for factor, exponent in bottom.items():
        cancelled = 0
        if factor.is_generator:
            place = domain.ring.gens.index(factor)
            cancelled = min(exponent, *(powers[place] for powers in top))
            shift[place] = cancelled
        if exponent > cancelled:
            left.append((factor, exponent - cancelled))
    if any(shift):
        top = domain.ring.from_dict({tuple(a - b for a, b in zip(k, shift, strict=True)): c for k, c in top.items()})
    if scale != 1:
        common = math.gcd(scale, int(top.content()))
        if common != 1:
            top, scale = top.quo_ground(common), scale // common
    return Exact(domain, top, tuple(left), scale)
