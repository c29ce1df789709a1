"""What the two forms of a formula share: the tokens, the core of the grammar and how trees are built.

The lexers of the two forms tell apart what a grammar cannot: whether a bar opens or closes, where a factor stands beside
another one, which brackets belong together. The LALR grammar then has one reading for each text, and texts that people read in
two ways are refused with both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken

from derivations.written.nodes import (
    Call,
    FormulaError,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Quotient,
    bounded,
    product,
    total,
)

MAX_LENGTH: Final = 20_000
MAX_BRACKETS: Final = 32
MAX_DIGITS: Final = 24
MAX_EXPONENT: Final = 16

CORE: Final = """
start: sum
sum: (PLUS | MINUS)? product ((PLUS | MINUS) product)*
product: factor ((MUL | DIV | BESIDE) factor)*
?factor: atom | factor POW -> power
atom: NUMBER -> number | NAME -> name
    | LPAR sum RPAR -> group
    | LBAR sum RBAR -> modulus
    | FUNCTION LPAR sum RPAR -> call
"""
"""The grammar of both forms; ``BESIDE`` stands between factors without a sign between them, ``POW`` brings its exponent."""

TOKENS: Final = (
    "PLUS", "MINUS", "MUL", "DIV", "BESIDE", "POW", "NUMBER", "NAME", "LPAR", "RPAR", "LBAR", "RBAR", "FUNCTION",
)  # fmt: skip
EXPECTED: Final = {
    "PLUS": "'+' or '-'", "MUL": "'*' or '/'", "POW": "'^'", "NUMBER": "a number", "NAME": "a symbol", "LPAR": "'('",
    "RPAR": "')'", "RBAR": "'|'", "FUNCTION": "a function", "$END": "the end",
    "FRAC": "a fraction", "LBRACE": "'{'", "RBRACE": "'}'",
}  # fmt: skip

OPERANDS: Final = frozenset(["NUMBER", "NAME", "RPAR", "RBAR", "ACLOSE", "POW", "CONJ"])
"""Tokens that end a factor."""
OPENERS: Final = frozenset(["NUMBER", "NAME", "LPAR", "LBAR", "FUNCTION", "FRAC", "SQRT", "OVER"])
"""Tokens that start a factor."""
CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_ESCAPES: Final = {"\a": "a", "\b": "b", "\t": "t", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", "\n": "n"}
_ESCAPED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\t(?=heta|au|ext|imes|frac)|\r(?=ho|ight|angle|m|vert|brac)|(?<=[_^{])\n(?=u(?![A-Za-z0-9]))"
)
"""What commands of LaTeX leave of themselves between double quotes; a tab or an end of a line may also be a space."""
QUOTES: Final = "LaTeX between single quotes ('...'), in Python as r'...'"


RELATION: Final = re.compile(r"[:=]?=|[≡≈≃∝]")
"""What stands behind a left-hand side."""
RIGHT_SIDE: Final = "the right-hand side alone"
RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
"""Exponents as characters of their own."""
_SIGNS_OF_PRINT: Final = str.maketrans(
    {**dict.fromkeys("−–—‐‑", "-"), **dict.fromkeys("·×∗⋅∙•", "*"), **dict.fromkeys("∣❘", "|"), "⁄": "/", "∕": "/"}
)
_OFFERS: Final = {
    "√": "sqrt(...)",
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "∑": "\\sum_{ij}",
    "ℜ": "Re(...)",
    "ℑ": "Im(...)",
}


def plain(text: str) -> str:
    """Return a text with signs, spaces and letters of print as the keyboard has them, character by character.

    Example
    -------
    >>> plain("𝑚_i − ϵ·x²")
    'm_i - ε*x²'
    """
    return "".join(map(_plain, text.translate(_SIGNS_OF_PRINT)))


def _plain(character: str) -> str:
    if character.isascii() or character.translate(RAISED) != character:
        return character
    found = unicodedata.normalize("NFKC", character)
    return found if len(found) == 1 else character


def greek(character: str) -> str:
    """Return the name of a Greek letter, and nothing for another character.

    Example
    -------
    >>> greek("δ"), greek("Γ"), greek("d")
    ('delta', 'Gamma', '')
    """
    name = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (FINAL )?([A-Z]+)", unicodedata.name(character, ""))
    word = {"LAMDA": "LAMBDA", "EPSILON": "EPS"}.get(name[3], name[3]).lower() if name else ""
    return word.capitalize() if name and name[1] == "CAPITAL" else word


def stranger(character: str, column: int, allowed: str) -> FormulaError:
    """Return the error of a character that no formula has."""
    raised = character.translate(RAISED)
    offer = f"^{raised}" if raised != character else _OFFERS.get(character, allowed)
    return FormulaError(column, f"character {character!r}", offer)


class Tokens:
    """A list of tokens under construction: it matches brackets and bars and notes factors that stand side by side."""

    def __init__(self) -> None:
        self.found: list[Token] = []
        self.open: list[tuple[str, int]] = []
        self.end = 0
        """Offset behind the last token."""

    def add(self, kind: str, text: str, offset: int, *, end: int | None = None) -> None:
        """Append a token that starts at ``offset``."""
        last = self.found[-1] if self.found else None
        if last is not None and last.type == "POW" and kind == "POW":
            raise FormulaError(
                offset + 1,
                "a power of a power, which reads two ways",
                "parentheses, or one exponent that is the product",
            )
        if last is not None and last.type in OPERANDS and kind in OPENERS:
            how = "bracket" if self._bracket() else "glued" if self.end == offset else "space"
            self.found.append(Token("BESIDE", how, offset, 1, offset + 1))
        self.found.append(Token(kind, text, offset, 1, offset + 1))
        self.end = offset + len(text) if end is None else end

    def _bracket(self) -> bool:
        last = self.found[-2:]
        return last[-1].type == "RPAR" or [token.type for token in last] == ["RPAR", "POW"]

    def opened(self, kind: str, bracket: str, offset: int, *, end: int | None = None) -> None:
        """Append an opening bracket or bar."""
        self.add(kind, bracket, offset, end=end)
        self.open.append((bracket, offset))
        if len(self.open) > MAX_BRACKETS:
            raise FormulaError(offset + 1, f"brackets nested {len(self.open)} deep", f"at most {MAX_BRACKETS} levels")

    def closed(self, kind: str, bracket: str, offset: int, *, end: int | None = None) -> None:
        """Append a closing bracket or bar; raise :class:`FormulaError` unless it closes the last one that was opened."""
        if not self.open:
            raise FormulaError(offset + 1, f"{bracket!r} that closes nothing", "brackets in pairs")
        start, where = self.open.pop()
        expected = CLOSING.get(start, start)
        if expected != bracket:
            raise FormulaError(
                offset + 1, f"{bracket!r} for {start!r} of column {where + 1}", f"{expected!r} to close {start!r}"
            )
        self.add(kind, bracket, offset, end=end)

    def bar(self, offset: int, *, end: int | None = None) -> None:
        """Append a bar: it closes one that is open right here when a factor stands before it, and opens one otherwise."""
        inside = bool(self.open) and self.open[-1][0] == "|"
        if inside and self.found[-1].type in OPERANDS:
            self.closed("RBAR", "|", offset, end=end)
        else:
            self.opened("LBAR", "|", offset, end=end)

    def finished(self, length: int) -> list[Token]:
        """Return the tokens; raise :class:`FormulaError` for a bracket that was never closed."""
        if self.open:
            bracket, offset = self.open[-1]
            raise FormulaError(
                length + 1, "the end", f"{CLOSING.get(bracket, bracket)!r} for {bracket!r} of column {offset + 1}"
            )
        return self.found


def number(text: str, column: int) -> Fraction:
    """Return an exact number; raise :class:`FormulaError` for too many digits."""
    if len(text) > MAX_DIGITS:
        raise FormulaError(column, f"a number of {len(text)} characters", f"at most {MAX_DIGITS}")
    return Fraction(text)


def exponent(text: str, column: int) -> Fraction:
    """Return an exponent such as ``2``, ``-1`` or ``1/2``.

    Example
    -------
    >>> exponent("-3/2", 1)
    Fraction(-3, 2)
    """
    top, _, bottom = text.partition("/")
    try:
        value = number(top.strip(), column) / number(bottom.strip() or "1", column)
    except (ValueError, ZeroDivisionError):
        raise FormulaError(column, f"the exponent {text[:24]!r}", "an integer or half an integer") from None
    if (2 * value).denominator != 1 or abs(value) > MAX_EXPONENT:
        raise FormulaError(
            column, f"the exponent {text[:24]}", f"an integer or half an integer from -{MAX_EXPONENT} to {MAX_EXPONENT}"
        )
    return value


class Build(Transformer[Token, Any]):
    """Builds the tree while the parser runs; the depth of the input costs no recursion."""

    def start(self, parts: list[Node]) -> Node:
        """Return the formula."""
        return parts[0]

    def sum(self, parts: list[Any]) -> Node:
        """Return a sum of signed terms."""
        terms: list[Node] = []
        sign: Token | None = None
        for part in parts:
            if isinstance(part, Token):
                sign = part
                continue
            minus = sign is not None and sign.type == "MINUS"
            terms.append(Negative(part, (sign and sign.column) or part.column) if minus else part)
            sign = None
        return total(terms, terms[0].column)

    def product(self, parts: list[Any]) -> Node:
        """Return a product read from the left; refuse a factor beside a divisor, which reads two ways."""
        value: Node = parts[0]
        divided = False
        for operator, factor in zip(parts[1::2], parts[2::2], strict=True):
            if operator.type == "BESIDE":
                self._beside(value if divided else None, operator, factor)
            divided = operator.type == "DIV"
            value = Quotient(value, factor, value.column) if divided else product((value, factor), value.column)
        return value

    def _beside(self, fraction: Node | None, operator: Token, right: Node) -> None:
        column = operator.column or 1
        if isinstance(right, Number) or (isinstance(right, Power) and isinstance(right.base, Number)):
            raise FormulaError(column, "a number beside a factor", "'*' between a factor and a number")
        # a/(b) x is what it looks like, and 1/2 x is a half of x; 1/2x and a/b x are read in two ways.
        if (
            isinstance(fraction, Quotient)
            and operator != "bracket"
            and (operator == "glued" or not _is_number(fraction))
        ):
            raise FormulaError(
                column, "a factor beside a divisor, which reads two ways", "'(a/b) c' or 'a/(b c)' for 'a/b c'"
            )

    def power(self, parts: list[Any]) -> Node:
        """Return a power."""
        base, token = parts
        return Power(base, exponent(str(token), token.column or 1), base.column)

    def number(self, parts: list[Token]) -> Node:
        """Return a number."""
        return Number(number(str(parts[0]), parts[0].column or 1), parts[0].column or 1)

    def name(self, parts: list[Token]) -> Node:
        """Return a name."""
        return Name(str(parts[0]), parts[0].column or 1)

    def group(self, parts: list[Any]) -> Node:
        """Return what stands in brackets."""
        inner: Node = parts[1]
        return inner

    def modulus(self, parts: list[Any]) -> Node:
        """Return a modulus."""
        return Call("abs", parts[1], parts[0].column or 1)

    def call(self, parts: list[Any]) -> Node:
        """Return a function of its argument."""
        return Call(str(parts[0]), parts[2], parts[0].column or 1)


def _is_number(fraction: Quotient) -> bool:
    return isinstance(fraction.top, Number) and isinstance(fraction.bottom, Number)


def parser(further: str, tokens: Sequence[str], build: Build) -> Lark:
    """Return the LALR parser of the core and a form's further rules.

    It takes tokens, not text: :func:`tree` hands them over one by one.
    """
    declared = "\n".join(f"%declare {name}" for name in (*TOKENS, *tokens))
    return Lark(f"{CORE}{further}\n{declared}\n", parser="lalr", transformer=build)


def tree(chosen: Lark, tokens: Sequence[Token], length: int) -> Node:
    """Return the tree of a list of tokens; raise :class:`FormulaError` where they make no formula."""
    reading = chosen.parse_interactive()
    end = Token("$END", "", length, 1, length + 1)
    try:
        for token in tokens:
            reading.feed_token(token)
        root: Node = reading.feed_token(end)
    except UnexpectedToken as error:
        raise _unexpected(error.token, error.expected or set()) from None
    return bounded(root)


def _unexpected(token: Token, expected: set[str]) -> FormulaError:
    at_end = token.type == "$END"
    found = "the end of the formula" if at_end else repr(str(token)[:24]) if str(token) else "an argument"
    if token.type == "BESIDE":
        found = "a factor"
    words: Mapping[str, None] = dict.fromkeys(EXPECTED[kind] for kind in EXPECTED if kind in expected)
    return FormulaError(token.column or 1, found, ", ".join(words) or "the end")


def checked_length(text: str) -> str:
    """Return a text of bearable length without control characters; raise :class:`FormulaError` for another one."""
    if not text.strip():
        raise FormulaError(1, "an empty formula", "a formula")
    escaped = _ESCAPED.search(text)
    if escaped:
        made = f"\\{_ESCAPES[escaped[0]]}" if escaped[0] in _ESCAPES else "a code"
        raise FormulaError(escaped.start() + 1, f"the control character that {made} is between double quotes", QUOTES)
    if len(text) > MAX_LENGTH:
        raise FormulaError(MAX_LENGTH, f"a formula of {len(text)} characters", f"at most {MAX_LENGTH}")
    return text
