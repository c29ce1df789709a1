"""How expressions are laid out in every language: positive terms first, long ones broken before a sign, outside of brackets."""

from __future__ import annotations

from typing import Any

_OPEN, _CLOSE = "([{", ")]}"


def wrapped(line: str, width: int, whole: str = "") -> list[str]:
    """Return a line broken before ``+`` and ``-`` between blanks, further lines indented by four more columns.

    What stands inside brackets that open with a character of ``whole`` is never broken.

    Example
    -------
    >>> wrapped("y = (a + b)*c + d", 14)
    ['y = (a + b)*c', '    + d']
    """
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    lines = []
    while len(line) > width:
        places = _places(line, len(indent), whole)
        fitting = [place for place in places if place[1] <= width] or places[:1]
        if not fitting:
            break
        shallow = min(depth for depth, _ in fitting)
        # A break in the first third of a line gains nothing; then one more level of brackets is opened.
        cut = max(at for depth, at in fitting if depth == shallow)
        if cut < width // 3:
            cut = max(at for _, at in fitting)
        lines.append(line[:cut].rstrip())
        line = indent + line[cut:]
    return [*lines, line]


def _places(line: str, start: int, whole: str) -> list[tuple[int, int]]:
    depth, inside, found = 0, 0, []
    closing = "".join(_CLOSE[_OPEN.index(character)] for character in whole)
    for at, character in enumerate(line):
        depth += (character in _OPEN) - (character in _CLOSE)
        inside += (character in whole) - (character in closing)
        if not inside and at > start and line[at : at + 3] in (" + ", " - "):
            found.append((depth, at + 1))
    return found


class PlusFirst:
    """For printers of SymPy: no sum starts with a minus sign that can stand elsewhere."""

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        terms = super()._as_ordered_terms(expr, order)  # type: ignore[misc]
        return sorted(terms, key=lambda term: term.could_extract_minus_sign())
