r"""Sentences with formulas between dollars: ``the threshold $omega_ij = E_eg/2 - (m_i+m_j)^2/(2 E_eg)$``.

Formulas stand in ASCII as people type them in a mail. On a terminal the dollars fall away; on a page each formula is typeset. What the
text form of formulas reads (:mod:`derivations.written.text`) is set from its tree, with fractions. The rest (spinors, brackets of
states, sums, arrows) is set word by word as it stands; it is for the eye alone, and nothing is evaluated.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from derivations.written.latex import GREEK, latex_of
from derivations.written.nodes import FormulaError, names
from derivations.written.text import parse_text

__all__ = ["pieces", "plain", "symbols", "typeset"]

_LETTERS: Final = {**{name: f"\\{name}" for name in GREEK if name not in ("imath", "ell")}, "eps": r"\epsilon"}
_WORDS: Final = {
    **_LETTERS,
    **{f"{letter}bar": rf"\bar{{{_LETTERS.get(letter, letter)}}}" for letter in ("e", "nu", "u", "v", "E")},
    **{name: f"\\{name} " for name in ("ln", "cos", "sin", "exp", "sum")},
    **{name: rf"\mathrm{{{name}}}" for name in ("Re", "Im", "Tr", "eV", "cm", "MeV", "keV")},
    "gamma5": r"\gamma_5",
    "r2": "r^2",
    "K2": "K^2",
    "sin2": r"\sin^2\theta_W",
    "dsigma": r"d\sigma",
}
_RELATIONS: Final = {
    "=": "=", "->": r"\to", "<=": r"\le", ">=": r"\ge", "!=": r"\ne", "<<": r"\ll", ">>": r"\gg", "<": "<", ">": ">",
}  # fmt: skip
_SIDES: Final = re.compile(
    rf"(?:^|(?<= ))({'|'.join(map(re.escape, sorted(_RELATIONS, key=len, reverse=True)))})(?: |$)"
)
_TOKEN: Final = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<slope>dsigma/dT)"
    r"|(?P<half>\([0-9]/[0-9]\))"
    r"|(?P<term>[0-9][SPD][0-9])"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)(?:e(?P<ten>[-+]?[0-9]+)|(?P<tens>1e-?[0-9]+)(?!.))?"
    r"|sqrt(?P<root>[0-9]+)|sqrt\((?P<radicand>[^()]*)\)"
    r"|(?P<word>[A-Za-z]+[0-9]?)"
    r"|(?P<scripts>(?:\*(?![A-Za-z0-9(])|[_^](?:\{[^}]*\}|\([^)]*\)|[A-Za-z0-9]+(?:,[A-Za-z0-9]+)*|[-+][0-9]))+)"
    r"|(?P<signs>-\+|\+-)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_SCRIPT: Final = re.compile(r"\*|([_^])(\{[^}]*\}|\([^)]*\)|[A-Za-z0-9]+(?:,[A-Za-z0-9]+)*|[-+][0-9])")
_OTHERWISE_READ: Final = re.compile(r"[A-Za-z0-9]\((?:omega|L)\)|[0-9]\.[0-9]")
"""A function of an argument, which the text form reads as a product, and a decimal number."""
_SYMBOL: Final = re.compile(
    r"(?P<code>`[^`]*`)"
    r"|(?P<entry>\b[A-Z]+[a-z]*[0-9]{0,2}[a-z]?-[A-Za-z0-9][\w-]*)"
    r"|(?P<symbol>(?<![\w.])[0-9]+(?:\.[0-9]+)?e[-+]?[0-9]+(?![\w.]*[0-9])"
    rf"|(?<![A-Za-z_^])(?:(?:{'|'.join(sorted(_LETTERS, key=len, reverse=True))}|gamma5|r2|[eE]bar|nubar|ubar|sqrt2)(?![A-Za-z0-9])"
    r"|[A-Za-z]{1,2}(?=\*?[_^])|(?:sum|sin|cos)(?=[_^]))(?:\*(?=[_^])|[_^](?:\{[^}]*\}|[A-Za-z0-9]+(?:,[A-Za-z0-9]+)*))*)"
)
_SHORT: Final = 20
"""A quotient of so few signs stands in the line, with a slash."""
_APART: Final = frozenset(" +-=/([{<>|,;:")
"""What needs no thin space beside it."""
_OTHER: Final = {"{": r"\{", "}": r"\}", "*": r"\,", ".": r"\cdot ", "%": r"\%", "'": "'"}


def pieces(text: str) -> list[tuple[bool, str]]:
    """Return what a text consists of: ``(is a formula, content)``, empty pieces left out.

    Raises
    ------
    ValueError : a dollar without its partner.

    Example
    -------
    >>> pieces("at $omega < omega_ij$ alone")
    [(False, 'at '), (True, 'omega < omega_ij'), (False, ' alone')]
    """
    found = text.split("$")
    if len(found) % 2 == 0:
        raise ValueError(f"text {text[:60]!r}: found an odd number of dollars, allowed one at each end of a formula")
    return [(bool(number % 2), piece) for number, piece in enumerate(found) if piece]


def plain(text: str) -> str:
    """Return a text as it stands on a terminal, without the dollars.

    Example
    -------
    >>> plain("at $omega < omega_ij$ alone")
    'at omega < omega_ij alone'
    """
    return "".join(piece for _, piece in pieces(text))


def symbols(text: str) -> list[tuple[bool, str]]:
    """Return what a sentence without dollars consists of: ``(is a symbol, content)``, symbols and powers of ten as one types them.

    Words are left alone, and so are commands between backquotes and names with hyphens, such as those of the ledger.

    Example
    -------
    >>> symbols("below omega_ij, see GP22-a_L")
    [(False, 'below '), (True, 'omega_ij'), (False, ', see GP22-a_L')]
    """
    found: list[tuple[bool, str]] = []
    last = 0
    for match in _SYMBOL.finditer(text):
        if match.lastgroup == "symbol":
            found += [(False, text[last : match.start()]), (True, match.group())]
            last = match.end()
    return [piece for piece in (*found, (False, text[last:])) if piece[1]]


@cache
def typeset(formula: str) -> str:
    r"""Return the LaTeX of one formula in ASCII.

    Example
    -------
    >>> typeset("q^2 = E_eg (E_eg - 2 omega)")
    'q^{2} = E_{eg}\\,\\left(E_{eg} - 2\\,\\omega\\right)'
    >>> typeset("a_ij = U*_ei U_ej - (1/2)(U^dagger U)_ij")
    'a_{ij} = U^{*}_{ei}\\, U_{ej} - \\tfrac{1}{2}(U^{\\dagger}\\, U)_{ij}'
    """
    sides = _SIDES.split(formula.strip())
    shown = [_RELATIONS[side] if number % 2 else _side(side.strip()) for number, side in enumerate(sides)]
    return " ".join(side for side in shown if side)


def _side(text: str) -> str:
    # A short quotient stands in a line of text; the text form drops a sign before the whole and makes a quotient of a decimal.
    if _OTHERWISE_READ.search(text) or text.startswith("+") or ("/" in text and len(text) <= _SHORT):
        return _word_by_word(text)
    try:
        root = parse_text(text)
    except FormulaError:
        return _word_by_word(text)
    return latex_of(root) if all(_is_symbol(name) for name in names(root)) else _word_by_word(text)


def _is_symbol(name: str) -> bool:
    base, *labels = re.split(r"[_^]", name)
    return (len(base) == 1 or base in _LETTERS) and all(
        (len(label) <= 2 and not label.isdigit()) or label in _LETTERS for label in labels
    )


def _word_by_word(text: str) -> str:
    shown: list[str] = []
    words: list[str] = []

    def finish_words() -> None:
        if words:
            shown.append(rf"\text{{ {' '.join(words)} }}")
            words.clear()

    angles = 0
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "word" and _is_prose(token):
            words.append(token)
            continue
        if kind == "space":
            if not words:
                shown.append(
                    r"\, " if shown and _are_factors(shown[-1], text[: match.start()], text[match.end() :]) else " "
                )
            continue
        finish_words()
        if kind == "slope":
            shown.append(r"\frac{d\sigma}{dT}")
        elif kind == "half":
            shown.append(rf"\tfrac{{{token[1]}}}{{{token[3]}}}")
        elif kind == "term":
            shown.append(rf"{{}}^{token[0]}{token[1]}_{token[2]}")
        elif kind in ("root", "radicand"):
            shown.append(rf"\sqrt{{{typeset(match[kind])}}}")
        elif match["number"] is not None:
            shown.append(_number(match["number"], match["ten"]))
        elif kind == "word":
            cross = token == "x" and text[match.start() - 1 : match.end() + 1] == " x "
            shown.append(r"\times" if cross else _word(token))
        elif kind == "scripts":
            scripts = _scripts(token)
            if shown and "^" in shown[-1] and "^" in scripts:
                shown[-1] = f"{{{shown[-1]}}}"
            shown.append(scripts)
        elif kind == "signs":
            shown.append(r"\mp " if token == "-+" else r"\pm ")
        elif token == "<":
            angles += 1
            shown.append(r"\langle ")
        elif token == ">" and angles:
            angles -= 1
            shown.append(r"\rangle ")
        else:
            shown.append(_OTHER.get(token, token))
    finish_words()
    return re.sub(r" +", " ", "".join(shown)).strip()


def _are_factors(last: str, before: str, after: str) -> bool:
    """Return whether what stands on both sides of a space are factors of a product."""
    cross = before.endswith(" x") or after.startswith("x ")
    return not cross and last[-1:] not in _APART and after[:1] not in _APART


def _is_prose(word: str) -> bool:
    """Return whether a word stands for itself: no symbol, and no product of capitals such as ``MT``."""
    return len(word) > 1 and word not in _WORDS and not re.fullmatch(r"[A-Z]{2,3}|d[A-Z]|[A-Za-z][0-9]", word)


def _word(token: str) -> str:
    if token in _WORDS:
        return _WORDS[token]
    return f"{token[0]}_{token[1]}" if token[-1].isdigit() and len(token) == 2 else " ".join(token)


def _number(digits: str, ten: str | None) -> str:
    if ten is None:
        return digits
    power = f"10^{{{int(ten)}}}"
    return power if digits == "1" else rf"{digits}\times {power}"


def _scripts(token: str) -> str:
    above, below = "", ""
    for match in _SCRIPT.finditer(token):
        if match.group() == "*":
            above += "*"
            continue
        content = match[2].strip("{}()")
        label = ",".join(_label(part) for part in content.split(","))
        if match[1] == "_":
            below += label
        else:
            above += label
    return (f"^{{{above}}}" if above else "") + (f"_{{{below}}}" if below else "")


def _label(text: str) -> str:
    def one(word: str) -> str:
        if word in _LETTERS or word == "dagger":
            return f"{_LETTERS.get(word, chr(92) + 'dagger')} "
        return word if len(word) <= 2 or not word.isalpha() else rf"\mathrm{{{word}}}"

    return " ".join(one(word) for word in text.split()).strip()
