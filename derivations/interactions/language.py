"""The language of Dirac bilinears: text in, a frozen normal form out.

In: one line of text such as ``"i sigma(mu,nu) q(nu) gamma5"``. Out: a :class:`Bilinear`, a fully expanded sum of
:class:`Term` objects, each an exact Gaussian rational times an ordered product of :class:`Atom` objects.

The text is data. It is read by an LALR parser with a fixed grammar; no name outside the list below means anything and
nothing is evaluated by Python. Length, nesting, number size and number of expanded terms are bounded, so that every
input ends quickly, in a bilinear or in one :class:`BilinearError` that names the column.

=====================  ==================================================================================
``1``, ``1/6``, ``.5``  exact numbers (no exponent notation)
``i``                  the imaginary unit
``gamma(mu)``          Dirac matrix with upper index
``gamma5``             ``i gamma^0 gamma^1 gamma^2 gamma^3``
``PL``, ``PR``         ``(1 -+ gamma5)/2``
``sigma(mu,nu)``       ``(i/2) [gamma^mu, gamma^nu]``
``q(mu)``              momentum that the line of the bilinear receives, ``q -> -i d/dx`` of the whole bilinear:
                       ``p_i + p_j`` for the created pair, ``-(p_i + p_j)`` for the electron
``qslash``, ``q2``     ``gamma_mu q^mu`` and ``q_mu q^mu``
``g(mu,nu)``           metric, signature (+,-,-,-)
=====================  ==================================================================================

Indices are ``mu nu rho lambda alpha beta``. In every term an index stands once (free) or twice (contracted with the
metric). Products keep their order, because Dirac matrices do not commute; only ``q``, ``q2`` and ``g``, which are
numbers, move to the front of a term. ``*``, ``/`` and juxtaposition have the same precedence and associate to the left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

INDICES: tuple[str, ...] = ("mu", "nu", "rho", "lambda", "alpha", "beta")
"""Allowed Lorentz index names, in the order in which free indices are reported."""

MAX_LENGTH = 400
MAX_DEPTH = 16
MAX_TERMS = 64
MAX_FACTORS = 8
MAX_INDICES = 4
MAX_EXPONENT = 4
MAX_DIGITS = 24

_NUMBERS = ("q2", "q", "g")  # commute with every Dirac matrix; a term lists them first, in this order
_ATOMS = "1, i, gamma(mu), gamma5, PL, PR, sigma(mu,nu), q(mu), qslash, q2, g(mu,nu)"
_INDEX_LIST = ", ".join(INDICES)


class BilinearError(ValueError):
    """A bilinear that cannot be read: where (1-based ``column``), what was ``found``, what is ``allowed``."""

    def __init__(self, column: int, found: str, allowed: str) -> None:
        super().__init__(f"column {column}: found {found}, allowed {allowed}")
        self.column = column
        self.found = found
        self.allowed = allowed


@dataclass(frozen=True)
class GaussianRational:
    """An exact complex number ``real + i imag`` with rational parts.

    Example
    -------
    >>> i = GaussianRational(Fraction(0), Fraction(1))
    >>> str(i * i), str(i.conjugate())
    ('-1', '-i')
    """

    real: Fraction
    imag: Fraction = Fraction(0)

    def __add__(self, other: GaussianRational) -> GaussianRational:
        return GaussianRational(self.real + other.real, self.imag + other.imag)

    def __neg__(self) -> GaussianRational:
        return GaussianRational(-self.real, -self.imag)

    def __mul__(self, other: GaussianRational) -> GaussianRational:
        return GaussianRational(
            self.real * other.real - self.imag * other.imag, self.real * other.imag + self.imag * other.real
        )

    def __bool__(self) -> bool:
        return bool(self.real or self.imag)

    def conjugate(self) -> GaussianRational:
        """Return the complex conjugate."""
        return GaussianRational(self.real, -self.imag)

    def inverse(self) -> GaussianRational:
        """Return ``1/z``; raise ``ZeroDivisionError`` for zero."""
        norm = self.real**2 + self.imag**2
        return GaussianRational(self.real / norm, -self.imag / norm)

    def __str__(self) -> str:
        if not self.imag:
            return str(self.real)
        sign = "-" if self.imag < 0 else ""
        size = "i" if abs(self.imag) == 1 else f"{abs(self.imag)} i"
        return f"({self.real} {sign or '+'} {size})" if self.real else sign + size


ONE = GaussianRational(Fraction(1))


@dataclass(frozen=True)
class Atom:
    """One factor: its ``name`` (gamma, gamma5, PL, PR, sigma, q, qslash, q2 or g) and its Lorentz ``indices``."""

    name: str
    indices: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}({','.join(self.indices)})" if self.indices else self.name


@dataclass(frozen=True)
class Term:
    """``coefficient`` times the ordered product of ``factors`` (none: the unit matrix)."""

    coefficient: GaussianRational
    factors: tuple[Atom, ...]

    @property
    def momentum_power(self) -> int:
        """Return how many powers of the momentum q the term holds."""
        return sum({"q": 1, "qslash": 1, "q2": 2}.get(atom.name, 0) for atom in self.factors)


@dataclass(frozen=True)
class Bilinear:
    """A Dirac matrix with zero, one or two free Lorentz indices, as a fully expanded sum.

    ``text`` is the source text, ``free_indices`` are upper indices in the order of :data:`INDICES`, and no two
    ``terms`` have the same factors.
    """

    text: str
    free_indices: tuple[str, ...]
    terms: tuple[Term, ...]

    def __str__(self) -> str:
        return format_terms(self.terms)

    @property
    def at_opposite_momentum(self) -> Bilinear:
        """Return the bilinear at ``-q``; its ``text`` stays what the user wrote.

        Example
        -------
        >>> str(parse_bilinear("i qslash gamma5").at_opposite_momentum)
        '-i qslash gamma5'
        """
        signed = ((-term.coefficient if term.momentum_power % 2 else term.coefficient, term) for term in self.terms)
        return replace(self, terms=tuple(replace(term, coefficient=coefficient) for coefficient, term in signed))


def format_terms(terms: Sequence[Term]) -> str:
    """Return ``terms`` as text of the grammar; parsing it again gives the same terms.

    Example
    -------
    >>> format_terms(parse_bilinear("(1 - gamma5)/2 * i").terms)
    '1/2 i - 1/2 i gamma5'
    """
    pieces: list[str] = []
    for term in terms:
        number = str(term.coefficient)
        factors = " ".join(str(atom) for atom in term.factors)
        negative = number.startswith("-")
        number = number[1:] if negative else number
        body = factors if factors and number == "1" else f"{number} {factors}".strip()
        sign = "-" if negative else "+"
        pieces.append(f" {sign} {body}" if pieces else f"{'-' if negative else ''}{body}")
    return "".join(pieces)


def parse_bilinear(text: str) -> Bilinear:
    """Read one Dirac bilinear.

    Parameters
    ----------
    text : expression of the grammar in the module's docstring, at most 400 characters.

    Raises
    ------
    BilinearError : one line with the column, what was found and what is allowed.

    Example
    -------
    >>> current = parse_bilinear("gamma(mu) (1 - gamma5)/2")
    >>> current.free_indices, str(current)
    (('mu',), '1/2 gamma(mu) - 1/2 gamma(mu) gamma5')
    """
    _check_surface(text)
    try:
        value: object = _parser().parse(text)
    except UnexpectedCharacters as error:
        raise _unknown_character(text, error.pos_in_stream or 0) from None
    except UnexpectedToken as error:
        raise _unexpected_token(text, error) from None
    assert isinstance(value, _Value)
    return _normal_form(text, value)


_GRAMMAR = r"""
start: sum
sum: SIGN? product (SIGN product)*
product: factor (MUL factor | DIV factor | _beside)*
_beside: matter
?factor: matter | number
?matter: atom | atom POW NUMBER -> power
?number: literal | literal POW NUMBER -> power
literal: NUMBER
?atom: PLAIN -> plain
    | ONE_INDEX "(" INDEX ")" -> indexed
    | TWO_INDICES "(" INDEX "," INDEX ")" -> indexed
    | "(" sum ")" -> group

SIGN: "+" | "-"
MUL: "*"
DIV: "/"
POW.2: "^" | "**"
NUMBER: /[0-9]+(\.[0-9]*)?|\.[0-9]+/
PLAIN: /(gamma5|PL|PR|qslash|q2|i)(?![A-Za-z0-9_])/
ONE_INDEX: /(gamma|q)(?![A-Za-z0-9_])/
TWO_INDICES: /(sigma|g)(?![A-Za-z0-9_])/
INDEX: /(mu|nu|rho|lambda|alpha|beta)(?![A-Za-z0-9_])/
%ignore /[ \t]+/
"""


def token_pattern() -> str:
    """Return a regular expression of a word of the language, a part of a number, a sign or white space.

    Every text has one way through it, so that no repetition of it takes long.

    Example
    -------
    >>> [found.group() for found in re.finditer(token_pattern(), "2 gamma5 foo")]
    ['2', ' ', 'gamma5', ' ']
    """
    words = re.findall(r"^(?!NUMBER)[A-Z_]+: /(.+)/$", _GRAMMAR, re.MULTILINE)
    return "|".join((r"[-+*/^(), \t0-9.]", *words))


class _Placed(NamedTuple):
    atom: Atom
    column: int


class _Product(NamedTuple):
    coefficient: GaussianRational
    factors: tuple[_Placed, ...]
    column: int


class _Value(NamedTuple):
    column: int
    products: tuple[_Product, ...]

    def as_number(self) -> GaussianRational | None:
        if any(product.factors for product in self.products):
            return None
        total = GaussianRational(Fraction(0))
        for product in self.products:
            total = _bounded(total + product.coefficient, self.column)
        return total


def _bounded(number: GaussianRational, column: int) -> GaussianRational:
    bound = 10**MAX_DIGITS
    if any(abs(part.numerator) >= bound or part.denominator >= bound for part in (number.real, number.imag)):
        raise BilinearError(
            column, "a number that grows too large", f"numerators and denominators of at most {MAX_DIGITS} digits"
        )
    return number


def _number(column: int, number: GaussianRational) -> _Value:
    return _Value(column, (_Product(number, (), column),))


def _single(atom: Atom, column: int) -> _Value:
    return _Value(column, (_Product(ONE, (_Placed(atom, column),), column),))


def _multiply(left: _Value, right: _Value) -> _Value:
    if len(left.products) * len(right.products) > MAX_TERMS:
        raise BilinearError(
            right.column, f"more than {MAX_TERMS} terms after expansion", f"at most {MAX_TERMS} terms after expansion"
        )
    products = []
    for a in left.products:
        for b in right.products:
            factors = a.factors + b.factors
            if len(factors) > MAX_FACTORS:
                raise BilinearError(right.column, f"a product of {len(factors)} factors", f"at most {MAX_FACTORS}")
            products.append(_Product(_bounded(a.coefficient * b.coefficient, right.column), factors, a.column))
    return _Value(left.column, tuple(products))


def _column(token: Token) -> int:
    return token.column or 1


class _Build(Transformer[Token, _Value]):
    """Turn each grammar rule into an expanded sum while the parser runs (no recursion on the input's depth)."""

    def start(self, children: list[_Value]) -> _Value:
        return children[0]

    def group(self, children: list[_Value]) -> _Value:
        return children[0]

    def literal(self, children: list[Token]) -> _Value:
        token = children[0]
        if len(token) > MAX_DIGITS:
            raise BilinearError(
                _column(token), f"a number of {len(token)} characters", f"numbers of at most {MAX_DIGITS} characters"
            )
        return _number(_column(token), _bounded(GaussianRational(Fraction(str(token))), _column(token)))

    def plain(self, children: list[Token]) -> _Value:
        token = children[0]
        if token == "i":
            return _number(_column(token), GaussianRational(Fraction(0), Fraction(1)))
        return _single(Atom(str(token)), _column(token))

    def indexed(self, children: list[Token]) -> _Value:
        name, *indices = children
        return _single(Atom(str(name), tuple(str(index) for index in indices)), _column(name))

    def power(self, children: list[_Value | Token]) -> _Value:
        base, _, exponent = children
        assert isinstance(base, _Value)
        assert isinstance(exponent, Token)
        if not exponent.isdecimal() or len(exponent) > 1 or int(exponent) > MAX_EXPONENT:
            shown = exponent if len(exponent) <= 12 else f"{exponent[:12]}..."
            raise BilinearError(_column(exponent), f"exponent {shown}", f"integer exponents from 0 to {MAX_EXPONENT}")
        number = base.as_number()
        if number is None and [[str(f.atom) for f in p.factors] for p in base.products] != [["q2"]]:
            raise BilinearError(base.column, "a power of a matrix or vector", "powers of numbers and of q2 only")
        power = _number(base.column, ONE)
        for _ in range(int(exponent)):
            power = _multiply(power, base if number is None else _number(base.column, number))
        return power

    def product(self, children: list[_Value | Token]) -> _Value:
        result = children[0]
        assert isinstance(result, _Value)
        divide = False
        for child in children[1:]:
            if isinstance(child, Token):
                divide = child.type == "DIV"
                continue
            result = _multiply(result, _reciprocal(child) if divide else child)
            divide = False
        return result

    def sum(self, children: list[_Value | Token]) -> _Value:
        products: list[_Product] = []
        column, negative = 0, False
        for child in children:
            if isinstance(child, Token):
                negative = child == "-"
                column = column or _column(child)
                continue
            column = column or child.column
            products += [p._replace(coefficient=-p.coefficient) if negative else p for p in child.products]
            if len(products) > MAX_TERMS:
                raise BilinearError(
                    child.column,
                    f"more than {MAX_TERMS} terms after expansion",
                    f"at most {MAX_TERMS} terms after expansion",
                )
        return _Value(column, tuple(products))


def _reciprocal(divisor: _Value) -> _Value:
    number = divisor.as_number()
    if number is None:
        raise BilinearError(divisor.column, "division by a matrix or vector", "division by a number only")
    if not number:
        raise BilinearError(divisor.column, "division by zero", "division by a number other than zero")
    return _number(divisor.column, _bounded(number.inverse(), divisor.column))


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Build(), maybe_placeholders=False)


_GLUED_DIVISOR = re.compile(r"/[ \t]*[0-9.]+(?=i(?![A-Za-z0-9_]))")


def _check_surface(text: str) -> None:
    """Bound what the parser sees: length, characters, nesting; refuse the divisor that reads two ways."""
    if len(text) > MAX_LENGTH:
        raise BilinearError(MAX_LENGTH + 1, f"{len(text)} characters", f"at most {MAX_LENGTH} characters")
    depth = 0
    for column, character in enumerate(text, 1):
        if not (" " <= character <= "~" or character == "\t"):
            raise BilinearError(column, f"character {character!a}", "printable ASCII characters")
        depth += (character == "(") - (character == ")")
        if depth > MAX_DEPTH:
            raise BilinearError(column, f"parentheses nested {depth} deep", f"at most {MAX_DEPTH} levels")
    if not text.strip():
        raise BilinearError(1, "an empty expression", f"sums and products of {_ATOMS}")
    glued = _GLUED_DIVISOR.search(text)
    if glued:
        raise BilinearError(
            glued.end(), "a divisor glued to i, which reads two ways", "'1/2 i' for i/2 or '1/(2 i)' for -i/2"
        )


def _unknown_character(text: str, position: int) -> BilinearError:
    word = re.match(r"[A-Za-z_][A-Za-z0-9_]*", text[position:])
    if word is None:
        return BilinearError(position + 1, f"character {text[position]!r}", f"sums and products of {_ATOMS}")
    name = word.group() if len(word.group()) <= 24 else f"{word.group()[:24]}..."
    if position and text[position - 1] in "0123456789." and re.fullmatch(r"[eEjJ][0-9]*", word.group()):
        return BilinearError(position + 1, f"{name!r} after a number", "numbers without exponent, i for sqrt(-1)")
    return BilinearError(position + 1, f"unknown name {name!r}", f"{_ATOMS} with indices {_INDEX_LIST}")


_EXPECTED = {
    "SIGN": "'+' or '-'",
    "MUL": "'*'",
    "DIV": "'/'",
    "POW": "'^'",
    "NUMBER": "a number",
    "PLAIN": "gamma5, PL, PR, qslash, q2 or i",
    "ONE_INDEX": "gamma(mu) or q(mu)",
    "TWO_INDICES": "sigma(mu,nu) or g(mu,nu)",
    "INDEX": f"one of the indices {_INDEX_LIST}",
    "LPAR": "'('",
    "RPAR": "')'",
    "COMMA": "','",
    "$END": "the end",
}


def _unexpected_token(text: str, error: UnexpectedToken) -> BilinearError:
    token = error.token
    at_end = token.type == "$END"
    column = len(text.rstrip()) + 1 if at_end else _column(token)
    found = "the end of the expression" if at_end else repr(str(token)[:24])
    expected = [words for kind, words in _EXPECTED.items() if kind in error.expected]
    if not at_end and token.type == "NUMBER" and "MUL" in error.expected:
        return BilinearError(column, f"number {found} without '*' before it", "'*' between a factor and a number")
    return BilinearError(column, found, "; ".join(expected))


def _normal_form(text: str, value: _Value) -> Bilinear:
    collected: dict[tuple[Atom, ...], GaussianRational] = {}
    free: tuple[str, ...] | None = None
    for product in value.products:
        here = _free_indices(product)
        if free is not None and here != free:
            raise BilinearError(
                product.column,
                f"a term with free indices ({', '.join(here)}) after one with ({', '.join(free)})",
                "the same free indices in every term",
            )
        free = here
        factors = ordered(placed.atom for placed in product.factors)
        total = collected.get(factors, GaussianRational(Fraction(0))) + product.coefficient
        collected[factors] = _bounded(total, value.column)
    terms = tuple(Term(number, factors) for factors, number in collected.items() if number)
    if not terms:
        raise BilinearError(1, "an expression equal to zero", "an expression that does not vanish")
    return Bilinear(text, free or (), terms)


def ordered(atoms: Iterable[Atom]) -> tuple[Atom, ...]:
    """Move the commuting factors to the front in a fixed order; keep the order of the matrices.

    Example
    -------
    >>> " ".join(map(str, ordered([Atom("gamma", ("mu",)), Atom("q2"), Atom("gamma5")])))
    'q2 gamma(mu) gamma5'
    """
    listed = list(atoms)
    numbers = [atom for atom in listed if atom.name in _NUMBERS]
    numbers.sort(key=lambda atom: (_NUMBERS.index(atom.name), [INDICES.index(index) for index in atom.indices]))
    return (*numbers, *(atom for atom in listed if atom.name not in _NUMBERS))


def _free_indices(product: _Product) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    column = product.column
    for placed in product.factors:
        column = placed.column
        for index in placed.atom.indices:
            counts[index] += 1
            if counts[index] > 2:
                raise BilinearError(column, f"index {index} three times in one term", "once (free) or twice (summed)")
        if len(counts) > MAX_INDICES:
            raise BilinearError(
                column, f"{len(counts)} different indices in one term", f"at most {MAX_INDICES} different indices"
            )
    free = tuple(index for index in INDICES if counts[index] == 1)
    if len(free) > 2:
        raise BilinearError(
            column, f"{len(free)} free indices ({', '.join(free)})", "0 (scalar), 1 (vector) or 2 (tensor) free indices"
        )
    return free
