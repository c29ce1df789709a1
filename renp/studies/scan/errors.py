"""What is wrong with a field of a study, with its place; and the checks of plain values.

In: a value as read, and the path of its field. Out: the value, or :class:`FieldError`.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from derivations.interactions.toml_lines import FieldPath

__all__ = ["FieldError", "checked_list", "checked_number", "checked_whole", "label", "one_line", "short"]


class FieldError(ValueError):
    """What is wrong with one field of a study."""

    path: FieldPath = ()

    @classmethod
    def at(cls, path: FieldPath, text: str, *, table: bool = False) -> FieldError:
        """Return the error of a field, or of a table as a whole; made here, so that one can be sent from a worker."""
        error = cls(one_line(f"{f'[{path[0]}]' if table else label(path)}: {text}"))
        error.path = path
        return error


def label(path: FieldPath) -> str:
    """Write a path as it stands in a study: ``title``, ``[neutrinos] nature``, ``[[axis]] 1 values``.

    Example
    -------
    >>> label(("axis", 0, "values")), label(("vector", "mass")), label(("interactions", 1))
    ('[[axis]] 1 values', '[vector] mass', 'interactions')
    """
    first, *inside = path
    if first == "axis" and inside:
        first, inside = f"[[axis]] {int(inside[0]) + 1}", inside[1:]
    elif inside and isinstance(inside[0], str):
        first = f"[{first}]"
    return " ".join([str(first), *(part for part in inside if isinstance(part, str))])


def one_line(text: str) -> str:
    r"""Return a text with everything escaped that would break its line.

    Example
    -------
    >>> print(one_line("two\nlines"))
    two\nlines
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def short(value: object) -> str:
    """Return what a message shows of a value: something short, even of a number with more digits than Python prints.

    Example
    -------
    >>> short([1.0])
    '[1.0]'
    """
    try:
        text = repr(value)
    except ValueError:
        return "a number with too many digits"
    return text if len(text) <= 80 else f"{text[:60]}... ({len(text)} characters)"


def checked_number(path: FieldPath, value: Any, alternative: str = "") -> float:
    """Return a finite number; :class:`FieldError` for something else, which may name what else is allowed."""
    try:
        number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else float("nan")
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        allowed = " ".join(filter(None, ("a finite number", alternative)))
        raise FieldError.at(path, f"expected {allowed}, got {short(value)}")
    return number


def checked_whole(path: FieldPath, value: Any, most: int) -> int:
    """Return a whole number from 1 to ``most``; :class:`FieldError` for something else."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise FieldError.at(path, f"expected a whole number from 1 to {most}, got {short(value)}")
    return value


def checked_list(path: FieldPath, value: Any, *, least: int = 0) -> list[Any]:
    """Return a list of at least so many entries; :class:`FieldError` for something else."""
    if not isinstance(value, list) or len(value) < least:
        raise FieldError.at(path, f"expected a list{' of at least one' if least else ''}, got {short(value)}")
    return value
