"""The text form of formulas: ``abs(a_ij)^2 I_D - delta_M m_i m_j Re(a_ij^2)``.

=======================  ==============================================================================
``1``, ``2.5``           exact numbers (no exponent notation)
``i``, ``pi``            the imaginary unit and pi
``m_i``, ``a^L_ij``      symbols and abbreviations; labels follow ``_`` or ``^``
``+ - * /``              as usual; factors may stand side by side
``^``, ``**``            powers with integer or half-integer exponents
``( ) [ ] { }``          brackets, all alike
``|x|``                  the modulus
``Re Im conj abs``       parts, conjugate and modulus of a complex number
``δ_M``, ``a_ij²``       Greek letters, exponents and signs as characters, as papers have them
``sqrt``, ``theta``      the square root and the step function; ``sqrt2`` is ``sqrt(2)``
=======================  ==============================================================================

What people read in two ways is refused with both readings: a factor beside a divisor (``a/b c``), a power of a power, a star that
may be a conjugate (``a* b``).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from lark import Lark

from derivations.written.grammar import (
    OPERANDS,
    RAISED,
    RELATION,
    RIGHT_SIDE,
    Build,
    Tokens,
    checked_length,
    greek,
    parser,
    plain,
    stranger,
    tree,
)
from derivations.written.nodes import (
    Call,
    FormulaError,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    children,
)

__all__ = ["parse_text", "text_of"]

_SPELLINGS: Final = {
    "Re": "Re", "re": "Re", "Im": "Im", "im": "Im", "conj": "conj", "conjugate": "conj", "abs": "abs", "Abs": "abs",
    "sqrt": "sqrt", "theta": "theta", "Theta": "theta", "Heaviside": "theta",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"|(?P<name>(?:[A-Za-z][A-Za-z0-9]*|[Α-Ωα-ω])(?:[_^](?:[A-Za-z][A-Za-z0-9]*|[Α-Ωα-ω])|_[0-9]+)*)"
    r"|(?P<power>\^|\*\*)[ \t]*(?P<exponent>[0-9]+|-[ \t]*[0-9]+|\([ \t]*-?[ \t]*[0-9]+[ \t]*(?:/[ \t]*[0-9]+[ \t]*)?\))?"
    r"|(?P<raised>⁻?[⁰¹²³⁴-⁹]+)|(?P<sign>[-+/])|(?P<star>\*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<bar>\|)"
)
_ROOT = re.compile(r"sqrt([0-9]+)")
_SIGNS: Final = {"+": "PLUS", "-": "MINUS", "/": "DIV"}


def parse_text(text: str) -> Node:
    """Read a formula in its text form.

    Raises
    ------
    FormulaError : with the column, what was found and what is allowed.

    Example
    -------
    >>> text_of(parse_text("E_eg (E_eg - 2 omega)"))
    'E_eg*(E_eg - 2*omega)'
    >>> parse_text("1/2 omega^2 (s")
    Traceback (most recent call last):
    ...
    derivations.written.nodes.FormulaError: column 15: found the end, allowed ')' for '(' of column 13
    """
    text = plain(checked_length(text))
    return tree(_parser(), _tokens(text).finished(len(text)), len(text))


@cache
def _parser() -> Lark:
    return parser("", (), Build())


def _tokens(text: str) -> Tokens:
    tokens, offset = Tokens(), 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            relation = RELATION.match(text, offset)
            if relation:
                raise FormulaError(offset + 1, repr(relation[0]), RIGHT_SIDE)
            raise stranger(text[offset], offset + 1, "numbers, symbols, + - * / ^ and brackets")
        end = match.end()
        kind, word = match.lastgroup, match.group()
        if kind == "exponent":
            kind = "power"
        if kind == "number":
            tokens.add("NUMBER", word, offset)
        elif kind == "name":
            _name(tokens, text, word, offset)
        elif kind == "power":
            if match["exponent"] is None:
                raise FormulaError(
                    end + 1, repr(text[end : end + 12]) if text[end:] else "the end", "an exact exponent"
                )
            tokens.add("POW", re.sub(r"[() \t]", "", match["exponent"]), offset, end=end)
        elif kind == "raised":
            tokens.add("POW", word.translate(RAISED), offset, end=end)
        elif kind == "sign":
            tokens.add(_SIGNS[word], word, offset)
        elif kind == "star":
            _star(tokens, text, offset)
        elif kind == "open":
            tokens.opened("LPAR", word, offset)
        elif kind == "close":
            tokens.closed("RPAR", word, offset)
        elif kind == "bar":
            tokens.bar(offset)
        offset = end
    return tokens


def _name(tokens: Tokens, text: str, word: str, offset: int) -> None:
    end = offset + len(word)
    after = text[end:].lstrip(" \t")
    word = re.sub("[Α-Ωα-ω]", lambda letter: greek(letter[0]), word)
    if word in _SPELLINGS and after[:1] in ("(", "[", "{"):
        tokens.add("FUNCTION", _SPELLINGS[word], offset, end=end)
        return
    if word in _SPELLINGS:
        raise FormulaError(offset + 1, f"the function {word} without an argument", f"{word}(...)")
    last = tokens.found[-1] if tokens.found else None
    if last is not None and last.type == "NUMBER" and tokens.end == offset and re.fullmatch(r"[eEjJ][0-9]*", word):
        raise FormulaError(offset + 1, f"{word!r} after a number", "numbers without exponent, i for the imaginary unit")
    root = _ROOT.fullmatch(word)
    if root:
        tokens.add("FUNCTION", "sqrt", offset, end=offset + 4)
        tokens.opened("LPAR", "(", offset + 4, end=offset + 4)
        tokens.add("NUMBER", root[1], offset + 4)
        tokens.closed("RPAR", ")", end, end=end)
    else:
        tokens.add("NAME", word, offset, end=end)


def _star(tokens: Tokens, text: str, offset: int) -> None:
    before, after = text[offset - 1 : offset], text[offset + 1 : offset + 2]
    factor = bool(tokens.found) and tokens.found[-1].type in OPERANDS
    follows = text[offset + 1 :].lstrip()[:1]
    ends = ")]}+-/*^|" if tokens.open and tokens.open[-1][0] == "|" else ")]}+-/*^"
    if factor and before.strip() and (after in (" ", "\t", "") or follows in tuple(ends)):
        raise FormulaError(
            offset + 1,
            "'*' behind a factor, which reads two ways",
            "'conj(x)' for a conjugate or 'x * y' for a product",
        )
    tokens.add("MUL", "*", offset)


# ---------------------------------------------------------------- printing

_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def text_of(node: Node) -> str:
    """Return a formula in its text form; :func:`parse_text` reads it back.

    Example
    -------
    >>> text_of(parse_text("|a^L_ij|^2/2"))
    'abs(a^L_ij)^2/2'
    """
    return _written(node)[0]


def _written(node: Node) -> tuple[str, int]:
    match node:
        case Number(value):
            return _number(value)
        case Sum(terms):
            return " ".join(_term(term, first=not n) for n, term in enumerate(terms)), _SUM
        case Negative():
            return _term(node, first=True), _SUM
        case Product(factors):
            return "*".join(_tight(factor, _POWER if n else _PRODUCT) for n, factor in enumerate(factors)), _PRODUCT
        case Quotient(top, bottom):
            return f"{_tight(top, _PRODUCT)}/{_tight(bottom, _POWER)}", _PRODUCT
        case Power(base, exponent):
            shown = str(exponent) if exponent.denominator == 1 and exponent > 0 else f"({exponent})"
            return f"{_tight(base, _ATOM)}^{shown}", _POWER
        case Call(function, argument):
            return f"{function}({text_of(argument)})", _ATOM
        case Name(text):
            return text, _ATOM
    raise TypeError(f"no formula: {type(node).__name__}")


def _number(value: object) -> tuple[str, int]:
    shown = str(value)
    return shown, _SUM if shown.startswith("-") else _PRODUCT if "/" in shown else _ATOM


def _term(term: Node, *, first: bool) -> str:
    minus = isinstance(term, Negative)
    inner = children(term)[0] if minus else term
    shown = _tight(inner, _PRODUCT)
    if first:
        return f"-{shown}" if minus else shown
    return f"- {shown}" if minus else f"+ {shown}"


def _tight(node: Node, least: int) -> str:
    shown, strength = _written(node)
    return shown if strength >= least else f"({shown})"
