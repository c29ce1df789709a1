"""Line numbers for the fields of a TOML text.

In: TOML text. Out: the line of every key and array element, and the first excess of nesting.

``tomllib`` reports no positions, recurses into brackets and slows down quadratically on dotted keys. This scan knows
TOML's tokens and brackets, not its rules (``tomllib`` decides what is valid); it runs first, in linear time and without
recursion, and bounds both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_NESTING = 8
MAX_KEY_PARTS = 8

FieldPath = tuple[str | int, ...]
"""Keys and array positions from the root of the document to a field, as in ``("electron", 0, "bilinear")``."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # multi-line strings first: they may hold newlines and quotes
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|\n|[\[\]{}=,.]"
    r"|[^\s\[\]{}=,.#\"']+",
    re.DOTALL,
)


@dataclass(frozen=True)
class Excess:
    """A text nested beyond the bounds: the ``line``, what was ``found``, what is ``allowed``."""

    line: int
    found: str
    allowed: str


def field_lines(text: str) -> tuple[dict[FieldPath, int], Excess | None]:
    """Return the line on which each field starts; the scan stops at the first excess of nesting.

    Example
    -------
    >>> lines, excess = field_lines('a = 1\\nb = [\\n  { c = 2 },\\n]')
    >>> lines["b", 0, "c"], excess
    (3, None)
    """
    scan = _Scan()
    for match in _TOKEN.finditer(text):
        scan.read(match.group())
        if scan.excess:
            break
    return scan.lines, scan.excess


@dataclass
class _Bracket:
    kind: str  # "[" array, "{" inline table, "header" for [table] and [[array of tables]]
    path: FieldPath
    index: int = 0  # position in the array; 1 for the second bracket of a [[header]]


@dataclass
class _Scan:
    lines: dict[FieldPath, int] = field(default_factory=dict)
    excess: Excess | None = None
    line: int = 1
    stack: list[_Bracket] = field(default_factory=list)
    header: FieldPath = ()
    sizes: dict[FieldPath, int] = field(default_factory=dict)  # of arrays of tables
    key: list[str] = field(default_factory=list)
    dots: int = 0  # in the key
    in_value: bool = False

    def read(self, token: str) -> None:
        start = self.line
        self.line += token.count("\n")
        if token == "\n":
            self._newline()
        elif token[0] != "#":
            self._note_element(start)
            if token in "[{":
                self._open(token, start)
            elif token in "]}":
                self._close(start)
            elif token == "=":
                self._equals(start)
            elif token == ",":
                self._comma()
            elif not self.in_value:
                self._key_part(token, start)

    def _newline(self) -> None:
        if self.stack and self.stack[-1].kind == "header":
            self.stack.clear()
        if not self.stack:
            self._expect_key()

    def _note_element(self, start: int) -> None:
        if self.stack and self.stack[-1].kind == "[":
            self.lines.setdefault((*self.stack[-1].path, self.stack[-1].index), start)

    def _open(self, token: str, start: int) -> None:
        inside = self.stack[-1] if self.stack else None
        if inside is None and not self.in_value:
            self.stack.append(_Bracket("header", ()))
        elif inside is not None and inside.kind == "header":
            inside.index = 1
        else:
            self.stack.append(_Bracket(token, self._here()))
            self._expect_key()
            if len(self.stack) > MAX_NESTING:
                found = f"brackets nested {len(self.stack)} deep"
                self.excess = Excess(start, found, f"at most {MAX_NESTING} levels")

    def _here(self) -> FieldPath:
        if self.stack and self.stack[-1].kind == "[":
            return (*self.stack[-1].path, self.stack[-1].index)
        return (*self._base(), *self.key)

    def _base(self) -> FieldPath:
        return self.stack[-1].path if self.stack else self.header

    def _close(self, start: int) -> None:
        if self.stack:
            closed = self.stack.pop()
            if closed.kind == "header":
                self.stack.clear()
                self._enter_table(closed.index == 1, start)
        self._expect_key()
        self.in_value = True

    def _enter_table(self, is_array: bool, start: int) -> None:
        path: FieldPath = ()
        for part in self.key:
            if path in self.sizes:  # a table inside the latest element of an array of tables
                path = (*path, self.sizes[path])
            path = (*path, part)
            self.lines.setdefault(path, start)
        if is_array:
            self.sizes[path] = self.sizes.get(path, -1) + 1
            path = (*path, self.sizes[path])
            self.lines.setdefault(path, start)
        self.header = path

    def _equals(self, start: int) -> None:
        if not self.in_value:
            for n in range(1, len(self.key) + 1):
                self.lines.setdefault((*self._base(), *self.key[:n]), start)
            self.in_value = True

    def _comma(self) -> None:
        if self.stack and self.stack[-1].kind == "[":
            self.stack[-1].index += 1
        self._expect_key()

    def _expect_key(self) -> None:
        self.key, self.dots, self.in_value = [], 0, False

    def _key_part(self, token: str, start: int) -> None:
        if token != ".":
            self.key.append(token.strip("\"'"))
            return
        self.dots += 1
        if self.dots >= MAX_KEY_PARTS:
            self.excess = Excess(start, f"a key of more than {MAX_KEY_PARTS} parts", "keys without dots")
