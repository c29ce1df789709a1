r"""LaTeX of formulas: ``|a_{ij}|^2 I^D_{ij} - \delta_M m_i m_j \mathrm{Re}[a_{ij}^2]``.

The usual spellings of the symbols and functions of the text form are read: Greek letters by their commands, labels and indices
as scripts (``g_{L,ij}``, ``a^{L}_{ij}``), ``^*`` or ``\overline`` for conjugates, ``|...|``, ``\frac``, ``\sqrt``, ``\mathrm{Re}``,
``\theta(...)``, ``q^2`` for ``s``, and a leading ``\sum_{ij}``. Spaces and the sizes of brackets do not count. No macro is
expanded and none can be defined.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from typing import Any, Final

from lark import Lark

from derivations.written.grammar import (
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
    power,
)

__all__ = ["latex_name", "latex_of", "parse_latex"]

_RULES = """
    | FRAC AOPEN sum ACLOSE AOPEN sum ACLOSE -> fraction
    | SQRT AOPEN sum ACLOSE -> root
    | OVER AOPEN sum ACLOSE -> bar
    | atom CONJ -> star
"""
_FURTHER: Final = ("FRAC", "SQRT", "OVER", "AOPEN", "ACLOSE", "CONJ")

GREEK: Final[Mapping[str, str]] = {
    **{name: name for name in (
        "alpha", "beta", "gamma", "delta", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma",
        "tau", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega",
    )},
    "epsilon": "eps", "varepsilon": "eps", "vartheta": "theta", "varphi": "phi", "ell": "l", "imath": "i",
}  # fmt: skip
"""Letters by their commands, and the names that they have in the text form."""

_SKIPPED: Final = frozenset([
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm",
    "quad", "qquad", "displaystyle", "textstyle", "limits", "nonumber", "notag", "middle", "thinspace", "negthinspace", "hspace*",
])  # fmt: skip
_FONTS: Final = frozenset(
    ["mathrm", "mathit", "mathsf", "mathtt", "mathbf", "text", "textrm", "operatorname", "rm", "mathfrak"]
)
_FUNCTIONS: Final = {
    "Re": "Re",
    "Im": "Im",
    "theta": "theta",
    "Theta": "theta",
    "vartheta": "theta",
    "conj": "conj",
    "abs": "abs",
}
_BRACKETS: Final = {"lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "{": "{", "}": "}"}
_DEFINING: Final = re.compile(
    r"\\((?:re)?newcommand|providecommand|(?:e|g|x)?def|let|futurelet|catcode|csname|input|include|write\d*|openout|read|"
    r"DeclareMathOperator|newenvironment|expandafter|loop|usepackage|immediate|special)(?![A-Za-z])"
)
_KNOWN: Final = (
    *GREEK, *_FONTS, "frac", "dfrac", "tfrac", "sqrt", "overline", "bar", "cdot", "times", "left", "right", "Re", "Im", "sum",
    "langle", "rangle", "lvert", "rvert",
)  # fmt: skip
_OLD_FONT = re.compile(r"\{\s*\\(?:rm|it|tt|sf|bf)(?![A-Za-z])\s*([A-Za-z]+)\s*\}")
_RADIUS = re.compile(r"\\langle\s*r\s*\^\s*(?:2|\{\s*2\s*\})\s*\\rangle")
_SUM_SIGN = re.compile(r"\\sum(?:\\limits)?\s*_\s*(?:\{\s*i\s*,?\s*j\s*\}|i\s*j|\{\s*i\s*\})\s*")


def parse_latex(text: str) -> Node:
    r"""Read a formula in LaTeX.

    Raises
    ------
    FormulaError : with the column, what was found and what is allowed.

    Example
    -------
    >>> from derivations.written.text import text_of
    >>> text_of(parse_latex(r"\frac{1}{2}\,\omega^2 |a_{ij}|^2 + \mathrm{Re}\left[a_{ij}^{*} g_{L,ij}\right]"))
    '1/2*omega^2*abs(a_ij)^2 + Re(conj(a_ij)*g_L_ij)'
    """
    text = plain(checked_length(text))
    defining = _DEFINING.search(text)
    if defining:
        raise FormulaError(
            defining.start() + 1,
            f"\\{defining[1]}, which defines or reads",
            "a formula; write abbreviations under [define]",
        )
    reader = _Reader(text)
    return tree(_parser(), reader.tokens().finished(len(text)), len(text))


class _LatexBuild(Build):
    def fraction(self, parts: list[Any]) -> Node:
        return Quotient(parts[2], parts[5], parts[0].column or 1)

    def root(self, parts: list[Any]) -> Node:
        return Call("sqrt", parts[2], parts[0].column or 1)

    def bar(self, parts: list[Any]) -> Node:
        return Call("conj", parts[2], parts[0].column or 1)

    def star(self, parts: list[Any]) -> Node:
        return Call("conj", parts[0], parts[0].column)

    def name(self, parts: list[Any]) -> Node:
        text, column = str(parts[0]), parts[0].column or 1
        if text.startswith("q^"):  # the pair's momentum stands in its even powers
            return power(Name("s", column), Fraction(int(text[2:]) // 2), column)
        return Name(text, column)

    # In LaTeX spaces do not count, so that a number, a slash, a number and a factor read two ways.
    def _beside(self, fraction: Node | None, operator: Any, right: Node) -> None:
        column = operator.column or 1
        if isinstance(right, Number) and not isinstance(fraction, Quotient):
            raise FormulaError(column, "a number beside a factor", r"'\cdot' between a factor and a number")
        if isinstance(fraction, Quotient) and operator != "bracket":
            raise FormulaError(
                column,
                "a factor beside a divisor, which reads two ways",
                r"'\frac{a}{b} c' or '\frac{a}{b c}' for 'a/b c'",
            )


@cache
def _parser() -> Lark:
    return parser(_RULES, _FURTHER, _LatexBuild())


class _Reader:
    """The lexer: it walks the text once and hands tokens over."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.found = Tokens()
        self.expecting = 0
        """Arguments of a command that must come now."""
        self.pending: list[int] = []
        """For every argument that is open, how many more its command takes."""

    def tokens(self) -> Tokens:
        self._skip_ends()
        while self.offset < self.stop:
            self._token()
        if self.expecting:
            self._fail(self.offset, "the end of the formula", "an argument in braces")
        return self.found

    def _skip_ends(self) -> None:
        text = self.text.rstrip()
        while text.endswith(("$", ".", ",", ";")):
            text = text[: -2 if text.endswith((r"\,", r"\;")) else -1].rstrip()
        self.stop = len(text)
        while self.offset < self.stop and (self.text[self.offset] in "$" or self.text[self.offset].isspace()):
            self.offset += 1
        sign = _SUM_SIGN.match(self.text, self.offset)
        if sign:
            self.offset = sign.end()

    def _fail(self, offset: int, found: str, allowed: str) -> None:
        raise FormulaError(offset + 1, found, allowed)

    def _token(self) -> None:
        start, character = self.offset, self.text[self.offset]
        if character.isspace() or character in "~&":
            self.offset += 1
        elif self.expecting and character not in "{\\":
            self._short_argument()
        elif character in "0123456789.":
            match = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+").match(self.text, start)
            if match is None:
                self._fail(start, repr(character), "a number")
                return
            self.offset = match.end()
            self.found.add("NUMBER", match.group(), start)
        elif character == "\\":
            self._command()
        elif character.isalpha() and character.isascii():
            self._bare_word(start)
            self.offset += 1
            self._symbol(character, start)
        elif character == "{" and not self.expecting and (old := _OLD_FONT.match(self.text, start)):
            word = "{" + old[1].rjust(old.end() - start - 2) + "}"
            self.text = self.text[:start] + word + self.text[old.end() :]
            self._word(start)
        elif character in "{}":
            self._brace(character)
        elif character in "([":
            self.offset += 1
            self.found.opened("LPAR", character, start)
        elif character in ")]":
            self.offset += 1
            self.found.closed("RPAR", character, start)
        elif character == "|":
            self.offset += 1
            self.found.bar(start)
        elif character in "+-/":
            self.offset += 1
            self.found.add({"+": "PLUS", "-": "MINUS", "/": "DIV"}[character], character, start)
        elif character == "^":
            self._superscript()
        elif character == "*":
            self.offset += 1
            self.found.add("MUL", character, start)
        elif relation := RELATION.match(self.text, start):
            self._fail(start, repr(relation[0]), RIGHT_SIDE)
        elif letter := greek(character):
            self.offset += 1
            self._symbol(letter, start)
        else:
            raise stranger(character, start + 1, "LaTeX of a formula")

    def _bare_word(self, start: int) -> None:
        """Refuse a function or a Greek letter without its backslash: LaTeX takes each letter for a symbol."""
        match = re.compile(r"[A-Za-z]{2,}").match(self.text, start)
        word = match[0] if match and not self.text[start - 1 : start].isalpha() else ""
        if word in _FUNCTIONS and self.text[start + len(word) :].lstrip()[:1] in ("(", "[", "{"):
            spelled = f"\\{word}" if word in GREEK else f"\\mathrm{{{word}}}"
            self._fail(start, f"the letters {word}", f"{spelled}(...) in LaTeX")
        if word == "sqrt" or word in GREEK:
            self._fail(start, f"the letters {word}", f"\\{word} in LaTeX")

    def _short_argument(self) -> None:
        start = self.offset
        self.found.add("AOPEN", "", start, end=start)
        character = self.text[start]
        if character.isdigit():
            self.found.add("NUMBER", character, start)
        elif character.isalpha() and character.isascii():
            self.found.add("NAME", character, start)
        else:
            self._fail(start, repr(character), "an argument in braces")
        self.offset += 1
        self.found.add("ACLOSE", "", self.offset, end=self.offset)
        self.expecting -= 1

    def _brace(self, character: str) -> None:
        start = self.offset
        self.offset += 1
        if character == "{":
            if self.expecting:
                self.found.opened("AOPEN", "{", start)
                self.pending.append(self.expecting - 1)
            else:
                self.found.opened("LPAR", "{", start)
                self.pending.append(-1)
            self.expecting = 0
            return
        if not self.pending or not self.found.open or self.found.open[-1][0] != "{":
            self.found.closed("RPAR", "}", start)  # says what does not fit
        rest = self.pending.pop()
        self.found.closed("RPAR" if rest < 0 else "ACLOSE", "}", start)
        self.expecting = max(rest, 0)

    def _command(self) -> None:
        start = self.offset
        radius = _RADIUS.match(self.text, start)
        if radius:
            self.offset = radius.end()
            self._symbol("r2", start)
            return
        match = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL).match(self.text, start)
        if match is None:
            self._fail(start, "'\\' at the end", "a command")
            return
        word = match[1]
        self.offset = match.end()
        if word in _SKIPPED or word in tuple(",;:! \\\n>"):
            if self.text[self.offset : self.offset + 1] == "." and word in ("left", "right"):
                self.offset += 1
        elif word in ("frac", "dfrac", "tfrac", "sqrt", "overline", "bar"):
            self._takes_arguments(word, start)
        elif self.expecting and (word in GREEK):
            self.found.add("AOPEN", "", start, end=start)
            self.found.add("NAME", GREEK[word], start, end=self.offset)
            self.found.add("ACLOSE", "", self.offset, end=self.offset)
            self.expecting -= 1
        elif self.expecting:
            self._fail(start, f"\\{word}", "an argument in braces")
        elif word in _FONTS:
            self._word(start)
        elif word in _FUNCTIONS and self._bracket_follows():
            self.found.add("FUNCTION", _FUNCTIONS[word], start, end=self.offset)
        elif word in GREEK:
            self._symbol(GREEK[word], start)
        elif word in ("cdot", "times", "ast"):
            self.found.add("MUL", f"\\{word}", start)
        elif word in _BRACKETS:
            self._escaped_bracket(_BRACKETS[word], start)
        elif word in ("vert", "lvert", "rvert", "mid"):
            self.found.bar(start, end=self.offset)
        elif word in ("Re", "Im"):
            self._fail(start, f"\\{word} without brackets", f"\\{word}[...]")
        elif word in ("equiv", "approx", "simeq", "sim", "propto", "coloneqq"):
            self._fail(start, f"\\{word}", RIGHT_SIDE)
        elif word == "sum":
            self._sum(start)
        else:
            near = get_close_matches(word, _KNOWN, n=3)
            hint = " or ".join(f"\\{name}" for name in near)
            self._fail(start, f"the command \\{word[:24]}", hint or r"symbols, \frac, \sqrt, \mathrm{Re}, brackets")

    def _sum(self, start: int) -> None:
        over = re.compile(r"\s*(?:\\limits)?\s*_\s*(\{[^{}]*\}|\S)").match(self.text, self.offset)
        if self.found.found:
            self._fail(start, r"\sum inside the formula", r"one leading \sum_{ij}")
        self._fail(
            start,
            f"the sum over {over[1].strip('{}')[:24]}" if over else "a sum",
            r"\sum_{ij}, over all ordered pairs, or no sum",
        )

    def _takes_arguments(self, word: str, start: int) -> None:
        if self.expecting:
            self._fail(start, f"\\{word}", "an argument in braces")
        kind = {"sqrt": "SQRT", "overline": "OVER", "bar": "OVER"}.get(word, "FRAC")
        if kind == "SQRT" and self.text[self.offset :].lstrip()[:1] == "[":
            self._fail(self.offset, "another root than the square root", r"\sqrt{...}")
        self.found.add(kind, f"\\{word}", start)
        self.expecting = 2 if kind == "FRAC" else 1

    def _word(self, start: int) -> None:
        content = self._braced()
        if content is None:
            self._fail(start, "a font command without braces", r"\mathrm{...}")
            return
        word = re.sub(r"\\_", "_", content).strip()
        if word in _FUNCTIONS and self._bracket_follows():
            self.found.add("FUNCTION", _FUNCTIONS[word], start, end=self.offset)
        elif word in ("Re", "Im"):
            self._fail(start, f"{word} without brackets", f"\\mathrm{{{word}}}[...]")
        elif re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", word):
            self._symbol(word, start)
        else:
            self._fail(start, f"the word {word[:24]!r}", "letters and digits")

    def _bracket_follows(self) -> bool:
        rest = re.sub(
            r"^(?:\s|\\[,;:!]|\\(?:left|[bB]ig{1,2}l?)(?![A-Za-z]))+", "", self.text[self.offset : self.offset + 60]
        )
        return rest.startswith(("(", "[", "{", r"\{", r"\lbrace", r"\lbrack"))

    def _escaped_bracket(self, bracket: str, start: int) -> None:
        if bracket in "([{":
            self.found.opened("LPAR", bracket, start, end=self.offset)
            if bracket == "{":
                self.found.open[-1] = ("\\{", start)
            return
        if bracket == "}" and self.found.open and self.found.open[-1][0] == "\\{":
            self.found.open[-1] = ("{", self.found.open[-1][1])
        elif bracket == "}":
            self._fail(start, r"'\}' that closes nothing", "brackets in pairs")
        self.found.closed("RPAR", bracket, start, end=self.offset)

    def _braced(self) -> str | None:
        """Return the content of the braces that come next, without reading it."""
        match = re.compile(r"\s*\{([^{}]*)\}").match(self.text, self.offset)
        if match is None:
            return None
        self.offset = match.end()
        return match[1]

    # ------------------------------------------------------------ symbols and their scripts

    def _symbol(self, base: str, start: int) -> None:
        labels: list[str] = []
        indices = ""
        exponents: list[tuple[str, int]] = []
        stars = 0
        seen: set[str] = set()
        while True:
            match = re.compile(r"\s*([_^])\s*").match(self.text, self.offset)
            if match is None:
                break
            place, kind = self.offset, match[1]
            if kind in seen and kind == "_":
                self._fail(place, "a second subscript", "one subscript")
            self.offset = match.end()
            content, where = self._script()
            if kind == "^" and re.fullmatch(r"[-+]?[0-9]+(/[0-9]+)?", content):
                if "number" in seen:
                    self._fail(place, "a power of a power, which reads two ways", "parentheses around the base")
                seen.add("number")
                exponents.append((content.lstrip("+"), place))
                continue
            seen.add(kind)
            if kind == "^":
                count = content.count("*")
                stars += count
                content = content.replace("*", "").strip(",")
                number = re.fullmatch(r"(.*?)([0-9]+)", content)
                if count and number and not number[1]:
                    exponents.append((number[2], place))
                    content = ""
            label, own = _split(content)
            if own and indices and own != indices:
                self._fail(where, f"the indices {own}", "one pair of indices")
            indices = indices or own
            labels += [("^" if kind == "^" else "_") + part for part in label]
        self._emit(base, labels, indices, exponents, stars, start)

    def _emit(
        self, base: str, labels: list[str], indices: str, exponents: list[tuple[str, int]], stars: int, start: int
    ) -> None:
        if base == "r" and indices and exponents and exponents[0][0] == "2":
            base, exponents = "r2", exponents[1:]
        if base == "q" and not labels and not indices and exponents and exponents[0][0] in ("2", "4", "6", "8"):
            self.found.add("NAME", f"q^{exponents[0][0]}", start, end=self.offset)
            return
        name = base + "".join(labels) + (f"_{indices}" if indices else "")
        self.found.add("NAME", name, start, end=self.offset)
        if stars % 2:
            self.found.add("CONJ", "*", start, end=self.offset)
        for text, place in exponents:
            self.found.add("POW", text, place, end=self.offset)

    def _script(self) -> tuple[str, int]:
        """Return the content of a script, its commands turned into words."""
        start = self.offset
        if self.text[start : start + 1] == "{":
            depth, end = 0, start
            while end < self.stop:
                depth += (self.text[end] == "{") - (self.text[end] == "}")
                end += 1
                if not depth:
                    break
            if depth:
                self._fail(start, "'{' that is never closed", "braces in pairs")
            content = self.text[start + 1 : end - 1]
            self.offset = end
        else:
            match = re.compile(r"\\[A-Za-z]+|[A-Za-z0-9*Α-Ωα-ω]").match(self.text, start)
            if match is None:
                self._fail(start, repr(self.text[start : start + 1]) if start < self.stop else "the end", "a script")
                return "", start
            content = match.group()
            self.offset = match.end()
            if content.lstrip("\\") in _FONTS:
                content = self._braced() or ""
        content = re.sub(r"\\(?:" + "|".join(sorted(_FONTS)) + r")(?![A-Za-z])", " ", content)
        content = re.sub(r"\\[,;:!]", " ", content).replace("{", " ").replace("}", " ").replace(r"\_", "_")
        content = re.sub(r"\\(?:ast|star)(?![A-Za-z])", "*", content)
        content = re.sub("[Α-Ωα-ω]", lambda letter: f" {greek(letter[0])} ", content)

        def letter(found: re.Match[str]) -> str:
            if found[1] not in GREEK:
                self._fail(start, f"the command \\{found[1][:24]} in a script", "letters, digits, Greek letters, *")
            return f" {GREEK.get(found[1], '')} "

        content = re.sub(r"\\([A-Za-z]+)", letter, content)
        content = re.sub(r"\s+", " ", content).strip()
        joined = content.replace(" ", "") if re.fullmatch(r"[-+]?\s*[0-9]+(\s*/\s*[0-9]+)?", content) else content
        if not re.fullmatch(r"[-+]?[0-9]+(/[0-9]+)?|[A-Za-z0-9*,_ ]*", joined):
            self._fail(start, f"the script {content[:24]!r}", "letters, digits, indices, * or an exact exponent")
        return joined, start

    def _superscript(self) -> None:
        start = self.offset
        self.offset += 1
        while self.text[self.offset : self.offset + 1].isspace():
            self.offset += 1
        content, _ = self._script()
        last = self.found.found[-1] if self.found.found else None
        if last is None or last.type not in ("RPAR", "RBAR", "NUMBER", "ACLOSE", "CONJ", "POW"):
            self._fail(start, "'^' behind nothing", "a factor before a power")
        if "*" in content:
            self.found.add("CONJ", "*", start, end=self.offset)
            content = content.replace("*", "").strip(" ,")
        if content:
            self.found.add("POW", content, start, end=self.offset)


def _split(content: str) -> tuple[list[str], str]:
    """Return the labels and the indices of a script: ``"L,ij"`` has the label L and the indices ij."""
    words = [word for word in re.split(r"[ ,]+", content) if word]
    if len(words) >= 2 and words[-1] in ("i", "j") and words[-2] in ("i", "j"):
        words[-2:] = [words[-2] + words[-1]]
    if not words:
        return [], ""
    match = re.fullmatch(r"(.*?)_?(ij|ji)", words[-1])
    if match:
        return words[:-1] + ([match[1]] if match[1] else []), match[2]
    return words, ""


# ---------------------------------------------------------------- printing

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_LETTERS: Final = {name: command for command, name in reversed([*GREEK.items()]) if command not in ("ell", "imath")}
_GROUPS: Final = {"Re": r"\mathrm{Re}", "Im": r"\mathrm{Im}", "theta": r"\theta"}


def latex_name(name: str, star: str = "") -> str:
    r"""Return the LaTeX of a symbol, with a star if it is conjugated.

    Example
    -------
    >>> latex_name("g_L_ij"), latex_name("a^L_ij"), latex_name("E_eg"), latex_name("eps_ij"), latex_name("r2_ij")
    ('g_{L,ij}', 'a^{L}_{ij}', 'E_{eg}', '\\epsilon_{ij}', 'r^2_{ij}')
    """
    if name in ("r2_ij", "r2_ji"):
        radius = f"r^2_{{{name[3:]}}}"
        return rf"\overline{{{radius}}}" if star else radius
    base, *parts = re.split(r"(?=[_^])", name)
    below = [part[1:] for part in parts if part[0] == "_"]
    above = [part[1:] for part in parts if part[0] == "^"]
    shown = rf"\{_LETTERS[base]}" if base in _LETTERS else base if len(base) == 1 else rf"\mathrm{{{base}}}"
    if above or star:
        shown += f"^{{{','.join(map(_label, above))}{star}}}"
    if below:
        content = ",".join(map(_label, below))
        shown += f"_{content}" if len(content) == 1 else f"_{{{content}}}"
    return shown


def _label(label: str) -> str:
    return rf"\{_LETTERS[label]}" if label in _LETTERS else label


def latex_of(node: Node) -> str:
    r"""Return the LaTeX of a formula; :func:`parse_latex` reads it back.

    Example
    -------
    >>> from derivations.written.text import parse_text
    >>> latex_of(parse_text("abs(a_ij)^2*s/2 - Re(conj(a_ij)*v_ij)"))
    '\\frac{\\left|a_{ij}\\right|^{2}\\,s}{2} - \\mathrm{Re}\\left(a^{*}_{ij}\\,v_{ij}\\right)'
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
            shown = [_tight(factor, _PRODUCT if not n else _POWER) for n, factor in enumerate(factors)]
            pieces = [shown[0]]
            for factor in shown[1:]:
                pieces.append((r"\cdot " if factor[0].isdigit() else r"\,") + factor)
            return "".join(pieces), _PRODUCT
        case Quotient(top, bottom):
            return rf"\frac{{{latex_of(top)}}}{{{latex_of(bottom)}}}", _POWER
        case Power(base, exponent):
            return f"{_base(base)}^{{{exponent}}}", _POWER
        case Call("abs", argument):
            return rf"\left|{latex_of(argument)}\right|", _ATOM
        case Call("sqrt", argument):
            return rf"\sqrt{{{latex_of(argument)}}}", _ATOM
        case Call("conj", Name(text)):
            return latex_name(text, "*"), _ATOM
        case Call("conj", argument):
            return rf"\overline{{{latex_of(argument)}}}", _ATOM
        case Call(function, argument):
            return rf"{_GROUPS[function]}\left({latex_of(argument)}\right)", _ATOM
        case Name(text):
            return latex_name(text), _ATOM
    raise TypeError(f"no formula: {type(node).__name__}")


def _base(base: Node) -> str:
    # A script behind a name with a superscript or a star would be read as another one.
    plain = isinstance(base, Name) and "^" not in base.text and base.text not in ("r2_ij", "r2_ji")
    closed = isinstance(base, Number) or (isinstance(base, Call) and base.function != "conj")
    shown, strength = _written(base)
    return shown if strength == _ATOM and (plain or closed) else rf"\left({shown}\right)"


def _number(value: Fraction) -> tuple[str, int]:
    if value < 0:
        return f"-{_number(-value)[0]}", _SUM
    if value.denominator == 1:
        return str(value), _ATOM
    return rf"\frac{{{value.numerator}}}{{{value.denominator}}}", _POWER


def _term(term: Node, *, first: bool) -> str:
    minus = isinstance(term, Negative)
    inner = children(term)[0] if minus else term
    shown = _tight(inner, _PRODUCT)
    if first:
        return f"-{shown}" if minus else shown
    return f"- {shown}" if minus else f"+ {shown}"


def _tight(node: Node, least: int) -> str:
    shown, strength = _written(node)
    return shown if strength >= least else rf"\left({shown}\right)"
