"""The couplings that a study varies, by name: ``"vector.g_L[1,1]"``, ``"tensor.t[1,2].imag"``.

In: what a user typed. Out: :class:`Coupling`, which writes its value into the Hermitian matrix of its group, and what the
generated tables say about a group: its units, whether it has a mediator, which electron couplings open a pair step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

import renp_generated
from renp.inputs.checks import real_number, whole_number
from renp.inputs.parameters import ParameterName, check_distinct
from renp_generated import e1, m1
from renp_generated.runtime.arguments import choice, shown
from renp_generated.runtime.tables import Contribution

__all__ = [
    "COUPLING_UNITS",
    "MEDIATORS",
    "Coupling",
    "as_coupling",
    "as_couplings",
    "contributions",
    "electron_couplings",
]

COUPLING_UNITS: Final[dict[str, dict[str, str]]] = {
    "vector": {"g_L": "1", "g_R": "1"},
    "scalar": {"y_S_nu": "1", "y_P_nu": "1"},
    "electromagnetic": {"mu": "mu_B", "eps": "mu_B", "r2": "cm^2", "anapole": "cm^2"},
    "tensor": {"t": "1"},
    "tensor_mediator": {"d_T": "1"},
}
"""Neutrino coupling matrices by group, with their units."""

MEDIATORS: Final = tuple(
    group.keyword for group in renp_generated.GROUPS if any(argument.kind == "mass" for argument in group.arguments)
)
"""The groups with a mediator, which has a mass and couples to electrons."""

_TABLES: Final = {tables.pair_step: tables for tables in (m1.TABLES, e1.TABLES)}


@dataclass(frozen=True)
class Coupling:
    """One real parameter: the real or imaginary part of one element of a Hermitian coupling matrix.

    Parameters
    ----------
    group : one of :data:`COUPLING_UNITS`.
    name : coupling matrix of the group, for example ``"g_L"``.
    i, j : mass states, counted from 1 as in the papers; the element (j, i) is the complex conjugate.
    part : ``"real"`` or ``"imag"``.

    Raises
    ------
    ValueError : there is no such parameter.

    Example
    -------
    >>> Coupling.parse("vector.g_L[1,2].imag").matrix(2.0, 2).tolist()
    [[0j, 2j], [-2j, 0j]]
    """

    group: str
    name: str
    i: int
    j: int
    part: str = "real"

    def __post_init__(self) -> None:
        if self.group not in COUPLING_UNITS:
            raise ValueError(
                f"coupling: unknown group {self.group!r} in {str(self)!r}, allowed are {', '.join(COUPLING_UNITS)}"
            )
        if self.name not in COUPLING_UNITS[self.group]:
            allowed = ", ".join(COUPLING_UNITS[self.group])
            raise ValueError(f"coupling: unknown matrix {self.name!r} of group {self.group!r}, allowed are {allowed}")
        whole_number("coupling: i", self.i, 1)
        whole_number("coupling: j", self.j, 1)
        if self.part not in ("real", "imag"):
            raise ValueError(f"coupling: expected the part 'real' or 'imag', got {self.part!r}")
        if self.part == "imag" and self.i == self.j:
            raise ValueError(f"coupling: {str(self)!r} is the imaginary part of a diagonal element, which is zero")

    @classmethod
    def parse(cls, text: str) -> Coupling:
        """Read ``"group.name[i,j]"`` or ``"group.name[i,j].imag"``.

        Raises
        ------
        ValueError : the text has another form, or names an unknown group or matrix, or a diagonal imaginary part.
        """
        found = ParameterName.parse(text)
        group, dot, name = found.base.partition(".") if found else ("", "", "")
        if found is None or not dot or len(found.indices) != 2:
            raise ValueError(
                f"coupling: expected a name like 'vector.g_L[1,1]' or 'tensor.t[1,2].imag', got {shown(text)}"
            )
        (i, j), part = found.indices, found.part
        return cls(group, name, i, j, part or "real")

    @property
    def parameter(self) -> ParameterName:
        """The coupling as the name of a parameter, whose canonical form is the same for every spelling."""
        return ParameterName(f"{self.group}.{self.name}", (self.i, self.j), self.part)

    @property
    def unit(self) -> str:
        """Unit of the coupling, ``"1"`` if it has none."""
        return COUPLING_UNITS[self.group][self.name]

    def __str__(self) -> str:
        return f"{self.group}.{self.name}[{self.i},{self.j}]" + (".imag" if self.part == "imag" else "")

    def matrix(self, value: float, n: int) -> NDArray[np.complex128]:
        """Return the Hermitian (n, n) matrix with this parameter set to ``value`` and zeros elsewhere.

        Raises
        ------
        ValueError : an index is larger than ``n``, or the value is not finite.
        """
        value = real_number(str(self), value, self.unit)
        if max(self.i, self.j) > n:
            raise ValueError(f"coupling: {self} has an index above the number of neutrinos, {n}")
        out = np.zeros((n, n), dtype=np.complex128)
        entry = complex(0.0, value) if self.part == "imag" else complex(value)
        out[self.j - 1, self.i - 1] = entry.conjugate()
        out[self.i - 1, self.j - 1] = entry
        return out


def as_coupling(given: str | Coupling, argument: str = "coupling") -> Coupling:
    """Return a coupling given in ``argument`` as a record or by its name.

    Raises
    ------
    ValueError : see :meth:`Coupling.parse`.

    Example
    -------
    >>> as_coupling("tensor.t[1,2].imag").part
    'imag'
    """
    try:
        return given if isinstance(given, Coupling) else Coupling.parse(given)
    except ValueError as error:
        raise ValueError(f"{argument}: {str(error).removeprefix('coupling: ')}") from None


def as_couplings(given: str | Coupling | Iterable[str | Coupling], argument: str = "couplings") -> tuple[Coupling, ...]:
    """Return couplings given as records or by their names in ``argument``; a lone one counts as a list of one.

    Raises
    ------
    ValueError : not couplings, see :meth:`Coupling.parse`, or one of them twice, be it in two spellings.

    Example
    -------
    >>> as_couplings("tensor.t[1,1]") == as_couplings(["tensor.t[1,1]"])
    True
    """
    try:
        # A lone name is a sequence of letters to Python, and one coupling to everybody else.
        spellings = [given] if isinstance(given, (str, Coupling)) else list(given)
    except TypeError:
        raise ValueError(f"{argument}: expected a name like 'vector.g_L[1,1]' or several, got {shown(given)}") from None
    couplings = tuple(as_coupling(one, argument) for one in spellings)
    check_distinct(argument, [(str(text), one.parameter) for text, one in zip(spellings, couplings, strict=True)])
    return couplings


def electron_couplings(group: str, name: str | None = None, pair_step: str = "M1") -> tuple[str, ...]:
    """Return the electron couplings that open a pair step for a mediator, the least suppressed first.

    They are those with which the derived amplitude of the step contains the mediator's neutrino couplings; each power of
    the electron mass below suppresses one by the photon energy over that mass.

    Parameters
    ----------
    group : a coupling group.
    name : one of its neutrino coupling matrices; default all of them.
    pair_step : ``"M1"`` or ``"E1"``.

    Raises
    ------
    ValueError : unknown pair step.

    Example
    -------
    >>> electron_couplings("vector"), electron_couplings("scalar", pair_step="E1"), electron_couplings("tensor")
    (('g_A', 'g_V'), ('y_S',), ())
    """
    found: dict[str, int] = {}
    for c in contributions(group, name, pair_step):
        if c.electron is not None:
            suppression = -dict(c.constants).get("m_e", 0)
            found[c.electron] = min(suppression, found.get(c.electron, suppression))
    return tuple(sorted(found, key=lambda electron: (found[electron], electron)))


def contributions(group: str, name: str | None, pair_step: str) -> list[Contribution]:
    """Return what the derived amplitude of a pair step holds of a group, or of one of its matrices.

    Example
    -------
    >>> {c.electron for c in contributions("vector", "g_L", "M1")} == {"g_A", "g_V"}
    True
    """
    tables = _TABLES[choice("pair_step", pair_step, tuple(_TABLES))]
    return [
        c for channel in tables.channels for c in channel.contributions if c.group == group and name in (None, c.matrix)
    ]
