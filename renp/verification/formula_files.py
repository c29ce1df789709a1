"""Files with one formula each: TOML in, a :class:`FormulaFile` out; messages name file, line and column."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from derivations.interactions.toml_lines import field_lines, read_document
from derivations.written.nodes import FormulaError, canonical
from renp.verification.check import Verdict, check, is_latex

__all__ = ["FormulaFile", "load"]

_TEXTS: Final = ("formula", "quantity", "nature", "atomic_tensor", "id", "source", "equation", "claim")
_TABLES: Final = ("define", "conventions")
ALLOWED: Final = (*_TEXTS, "interactions", *_TABLES)


@dataclass(frozen=True)
class FormulaFile:
    """One formula of a user's ledger, as its file gives it.

    Attributes
    ----------
    path : the file.
    formula, quantity, interactions, nature, define, conventions, atomic_tensor : as of :func:`check`.
    id, source, equation, claim : where the formula stands.
    lines : the line of each field.
    """

    path: Path
    formula: str
    quantity: str = "bracket"
    interactions: tuple[str, ...] = ("standard_model",)
    nature: str = "both"
    define: Mapping[str, str] = field(default_factory=dict)
    conventions: Mapping[str, str] = field(default_factory=dict)
    atomic_tensor: str = "averaged"
    id: str = ""
    source: str = ""
    equation: str = ""
    claim: str = ""
    text: str = ""

    def check(self, time_limit: float = 20.0) -> Verdict:
        """Decide the formula within a number of seconds; messages name file, line and column."""
        folder = self.path.parent
        chosen = [str(folder / name) if (folder / name).is_file() else name for name in self.interactions]
        try:
            return check(
                self.formula,
                quantity=self.quantity,
                interactions=chosen,
                nature=self.nature,
                define=self.define,
                conventions=self.conventions,
                atomic_tensor=self.atomic_tensor,
                time_limit=time_limit,
            )
        except FormulaError as error:
            raise _placed(error, self) from None
        except ValueError as error:
            raise ValueError(f"{self._place(str(error))}: {error}") from None

    def _place(self, message: str) -> str:
        """Return file and line of the field that a message is about: the one whose value it quotes, or whose name it starts with."""
        lines, _ = field_lines(self.text)
        values: dict[tuple[str, ...], tuple[str, ...]] = {(name,): (name, getattr(self, name)) for name in _TEXTS}
        values[("interactions",)] = ("interactions", *self.interactions)
        values |= {("conventions", name): (name, value) for name, value in self.conventions.items()}
        named = (
            place
            for place, texts in values.items()
            if place in lines and (message.startswith(texts) or any(repr(text) in message for text in texts))
        )
        return f"{_shown(self.path)}:{lines[next(named, ('formula',))]}"


def load(path: str | os.PathLike[str]) -> FormulaFile:
    """Return a formula file, its fields checked.

    The file holds ``formula`` and may hold ``quantity``, ``interactions`` (names, or paths from the file's folder),
    ``nature``, ``atomic_tensor``, tables ``[define]`` and ``[conventions]``, and ``id``, ``source``, ``equation``, ``claim``.

    Raises
    ------
    ValueError : one line with file, line and column.

    Example
    -------
    >>> load("no_such_file.toml")
    Traceback (most recent call last):
    ...
    ValueError: no_such_file.toml: found no such file or directory, allowed a readable TOML text file
    """
    document = read_document(path)
    data = document.data
    for key in data:
        if key not in ALLOWED:
            near = get_close_matches(key.lower(), ALLOWED, n=1)
            hint = f"{near[0]}, or another of " if near else ""
            raise document.error((key,), f"the key {key!r}", hint + ", ".join(ALLOWED))
    if "formula" not in data:
        raise document.error(("formula",), "no formula", "text or LaTeX")
    for key in _TEXTS:
        if key in data and not isinstance(data[key], str):
            raise document.error((key,), _kind(data[key]), "a string")
    for key in _TABLES:
        table = data.get(key, {})
        if not isinstance(table, dict):
            raise document.error((key,), _kind(table), f"a table [{key}] of strings")
        for name, value in table.items():
            if not isinstance(value, str):
                raise document.error((key, name), _kind(value), "a string")
    chosen = data.get("interactions", ["standard_model"])
    if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
        raise document.error(("interactions",), _kind(chosen), "an array of names and paths, as ['vector']")
    texts: Mapping[str, Any] = {key: data[key] for key in _TEXTS if key in data}
    return FormulaFile(
        Path(path),
        interactions=tuple(chosen),
        **texts,
        **{key: data.get(key, {}) for key in _TABLES},
        text=document.text,
    )


def _kind(value: object) -> str:
    """Return what TOML calls a value.

    Example
    -------
    >>> _kind(True), _kind(3), _kind([1])
    ('true or false', 'the number 3', 'an array')
    """
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return f"the number {value}"
    kinds = ((str, "a string"), (list, "an array"), (dict, "a table"))
    return next((word for kind, word in kinds if isinstance(value, kind)), "a date or time")


def _shown(path: str | os.PathLike[str]) -> str:
    return " ".join(os.fspath(path).split())


def _placed(error: FormulaError, file: FormulaFile) -> ValueError:
    """Return the message of a formula's error with the file's line, and the column in that line."""
    lines, _ = field_lines(file.text)
    key: tuple[str, ...] = ("formula",)
    given = file.formula
    if error.abbreviation:
        name, given = next(
            ((name, text) for name, text in file.define.items() if canonical(_plain(name)) == error.abbreviation),
            (error.abbreviation, ""),
        )
        key = ("define", name)
    line = next((lines[place] for place in (key, key[:1]) if place in lines), 1)
    before = given[: max(error.column - 1, 0)]
    inside, column = before.count("\n"), len(before) - before.rfind("\n")
    rows = file.text.split("\n")
    # The first line break of a multi-line string is not part of it.
    opened = rows[line - 1].rstrip().endswith(('"""', "'''")) if line <= len(rows) else False
    line += inside + opened
    row = rows[line - 1] if line <= len(rows) else ""
    start = row.find(given.split("\n")[inside]) if given else -1
    column += max(start, 0)
    return ValueError(
        f"{_shown(file.path)}:{line}:{column}: field {'.'.join(key)!r}: found {error.found}, allowed {error.allowed}"
    )


def _plain(name: str) -> str:
    from derivations.written.latex import parse_latex
    from derivations.written.nodes import Name

    if not is_latex(name):
        return name
    node = parse_latex(name)
    return node.text if isinstance(node, Name) else name
