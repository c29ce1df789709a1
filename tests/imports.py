"""What modules import, read from their text; nothing is imported to find out."""

from __future__ import annotations

import ast
import doctest
from collections.abc import Collection, Iterator
from pathlib import Path

HOME = Path(__file__).parent.parent
PACKAGES = ("derivations", "codegen", "renp_generated", "renp")


def modules(home: Path = HOME) -> dict[str, Path]:
    """Return every module of the packages by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((home / package).rglob("*.py")):
            parts = path.relative_to(home).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, known: Collection[str], *, home: Path = HOME) -> set[str]:
    """Return what a module imports anywhere: modules of ours by their full names, libraries by their first word.

    Names of modules in strings count as well; they are imported when they are needed.
    """
    inside = path.relative_to(home).parent.parts
    return set(_names(ast.parse(path.read_text(encoding="utf-8")), inside, known))


def imported_in_examples(path: Path, known: Collection[str]) -> set[str]:
    """Return what the examples in the docstrings of a module import."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
            for example in doctest.DocTestParser().get_examples(text):
                found.update(_names(ast.parse(example.source), (), known))
    return found


def _names(tree: ast.AST, inside: tuple[str, ...], known: Collection[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _module(alias.name, known)
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) + 1 - node.level] if node.level else ()
            start = ".".join((*base, *([node.module] if node.module else [])))
            for alias in node.names:
                yield _module(f"{start}.{alias.name}", known)
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value and node.value in known
        ):
            yield node.value


def _module(name: str, known: Collection[str]) -> str:
    words = name.split(".")
    inner = (".".join(words[:n]) for n in range(len(words), 0, -1))
    return next((one for one in inner if one in known), words[0])
