"""Names of real parameters: ``"masses[1]"``, ``"vector.g_A"``, ``"vector.g_L[1,2].imag"``. One grammar for all studies.

In: what a user typed. Out: :class:`ParameterName`, and its canonical form, which is the same for every spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["ParameterName", "check_distinct"]

_PATTERN: Final = re.compile(r"([A-Za-z_0-9]+(?:\.[A-Za-z_0-9]+?)?)(?:\[([1-9])(?:,([1-9]))?\])?(?:\.(real|imag))?")


@dataclass(frozen=True)
class ParameterName:
    """A parameter, or one element of it.

    Parameters
    ----------
    base : ``"masses"``, ``"vector.g_A"``, ``"vector.g_L"``.
    indices : none, one or two mass states, counted from 1.
    part : ``"real"``, ``"imag"`` or ``""`` where none was named.
    hermitian : whether a matrix is Hermitian, so that the elements (i, j) and (j, i) hold the same two parameters.

    Example
    -------
    >>> ParameterName.parse("vector.g_L[2, 1].imag")
    ParameterName(base='vector.g_L', indices=(2, 1), part='imag', hermitian=True)
    """

    base: str
    indices: tuple[int, ...]
    part: str
    hermitian: bool = True

    @classmethod
    def parse(cls, text: object) -> ParameterName | None:
        """Read a name; ``None`` if it is none."""
        found = _PATTERN.fullmatch(text.replace(" ", "")) if isinstance(text, str) else None
        if found is None:
            return None
        base, first, second, part = found.groups()
        return cls(base, tuple(int(index) for index in (first, second) if index), part or "")

    @property
    def canonical(self) -> ParameterName:
        """The same parameter with its part named, and i <= j if the matrix is Hermitian.

        The elements (i, j) and (j, i) of a Hermitian matrix hold the same two parameters, up to the sign of the imaginary
        part.
        """
        part = self.part or ("real" if len(self.indices) == 2 else "")
        indices = tuple(sorted(self.indices)) if self.hermitian else self.indices
        return ParameterName(self.base, indices, part, self.hermitian)

    @property
    def sign(self) -> float:
        """The parameter over its canonical form: -1 for ``[j,i].imag`` with i < j, else 1."""
        return -1.0 if self.part == "imag" and self.indices != self.canonical.indices else 1.0


def check_distinct(argument: str, names: Iterable[tuple[str, ParameterName]]) -> None:
    """Raise ``ValueError`` if two names, given with their spellings, are one parameter.

    Example
    -------
    >>> check_distinct("parameters", [("masses[1]", ParameterName("masses", (1,), ""))])
    """
    spellings: dict[ParameterName, str] = {}
    for spelling, name in names:
        if name.canonical in spellings:
            raise ValueError(
                f"{argument}: {spellings[name.canonical]!r} and {spelling!r} are the same parameter, give it once"
            )
        spellings[name.canonical] = spelling
