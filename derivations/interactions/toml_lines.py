"""Line numbers for the fields of a TOML text.

In: TOML text. Out: the line of every key and array element, and the first excess of nesting; a :class:`Document`.

``tomllib`` reports no positions, recurses into brackets and slows down quadratically on dotted keys. This scan knows
TOML's tokens and brackets, not its rules (``tomllib`` decides what is valid); it runs first, in linear time and without
recursion, and bounds both.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 64 * 1024
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


@dataclass(frozen=True)
class Document:
    """A TOML file as plain data.

    Attributes
    ----------
    name : how messages call it.
    text : what it holds.
    data : its content.
    lines : the line of each field.
    """

    name: str
    text: str
    data: Mapping[str, Any]
    lines: Mapping[FieldPath, int]

    def error(self, path: FieldPath, found: str, allowed: str) -> ValueError:
        """Return the error of one field: file, line, field, what was found and what is allowed."""
        line = next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), 1)
        dotted = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")
        return ValueError(f"{self.name}:{line}: field {dotted!r}: found {found}, allowed {allowed}")


def read_document(path: str | os.PathLike[str]) -> Document:
    """Read a TOML file of a user: a regular file of at most 64 KiB in UTF-8; nothing in it is evaluated.

    Raises
    ------
    ValueError : one line with file and line.

    Example
    -------
    >>> read_document("no_such_file.toml")
    Traceback (most recent call last):
    ...
    ValueError: no_such_file.toml: found no such file or directory, allowed a readable TOML text file
    """
    return parse_document(read_text(path).replace("\r\n", "\n"), " ".join(os.fspath(path).split()))


def read_text(path: str | os.PathLike[str], field: str = "") -> str:
    """Return the text of a TOML file of a user, without its byte order mark; ``field`` is what messages call the file.

    Raises
    ------
    ValueError : one line: no regular file, one that cannot be read, more than 64 KiB, or no UTF-8.
    """
    shown = " ".join(os.fspath(path).split())
    wanted = "a readable TOML text file"

    def error(found: str, allowed: str, line: int = 0) -> ValueError:
        place = f"{shown}:{line}" if line else shown
        return ValueError(f"{place}: {f'field {field!r}: ' if field else ''}found {found}, allowed {allowed}")

    try:
        # Asked before opening: opening a pipe without a writer would wait forever.
        regular = stat.S_ISREG(os.stat(path).st_mode)
        data = b""
        if regular:
            with open(path, "rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise error((problem.strerror or "an error").lower(), wanted) from None
    except ValueError:
        raise error("an impossible path", wanted) from None
    if not regular:
        raise error("no regular file", wanted)
    if len(data) > MAX_BYTES:
        raise error(f"more than {MAX_BYTES} bytes", f"at most {MAX_BYTES}", 1)
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise error(f"byte 0x{data[problem.start]:02x} outside UTF-8", "UTF-8 text", line) from None


def parse_document(text: str, name: str) -> Document:
    """Return TOML text as plain data; ``name`` is how messages call it.

    Raises
    ------
    ValueError : one line, as of :func:`read_document`.

    Example
    -------
    >>> print(parse_document("a = [1, 2]", "x.toml").error(("a", 1), "2", "1"))
    x.toml:1: field 'a[1]': found 2, allowed 1
    """
    lines, excess = field_lines(text)
    if excess:
        raise ValueError(f"{name}:{excess.line}: found {excess.found}, allowed {excess.allowed}")
    try:
        return Document(name, text, tomllib.loads(text), lines)
    except ValueError as error:
        said = " ".join(str(error).split())[:160]
        allowed = (
            "a backslash, as of LaTeX, between single quotes ('...')"
            if re.search(r"\\|hex value", said)
            else "a valid TOML document"
        )
        raise ValueError(f"{name}: found invalid TOML ({said}), allowed {allowed}") from None


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
