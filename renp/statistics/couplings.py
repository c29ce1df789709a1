"""The couplings that a study varies, by name: ``"vector.g_L[1,1]"``, ``"tensor.t[1,2].imag"``.

In: what a user typed, and the model that it belongs to. Out: :class:`Coupling`, which writes its value into the matrix of
its group.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renp.inputs.checks import real_number, whole_number
from renp.inputs.parameters import ParameterName, check_distinct
from renp.model import Model, shipped_model
from renp_generated.runtime.arguments import shown

__all__ = ["Coupling", "as_coupling", "as_couplings", "example"]


@dataclass(frozen=True)
class Coupling:
    """One real parameter: the real or imaginary part of one element of a coupling matrix.

    Parameters
    ----------
    group : coupling group of a model.
    name : coupling matrix of the group, for example ``"g_L"``.
    i, j : mass states, counted from 1 as in the papers.
    part : ``"real"`` or ``"imag"``.
    unit : unit of the coupling, ``"1"`` if it has none.
    hermitian : whether the element (j, i) is the complex conjugate; the elements of other matrices are independent.

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
    unit: str = "1"
    hermitian: bool = True

    def __post_init__(self) -> None:
        whole_number("coupling: i", self.i, 1)
        whole_number("coupling: j", self.j, 1)
        if self.part not in ("real", "imag"):
            raise ValueError(f"coupling: expected the part 'real' or 'imag', got {self.part!r}")
        if self.part == "imag" and self.i == self.j and self.hermitian:
            raise ValueError(f"coupling: {str(self)!r} is the imaginary part of a diagonal element, which is zero")

    @classmethod
    def parse(cls, text: str, model: Model | None = None) -> Coupling:
        """Read ``"group.name[i,j]"`` or ``"group.name[i,j].imag"``.

        Parameters
        ----------
        text : the name.
        model : whose couplings are meant; all shipped interactions by default.

        Raises
        ------
        ValueError : the text has another form, or names an unknown group or matrix, or a diagonal imaginary part.
        """
        found = ParameterName.parse(text)
        group, dot, name = found.base.partition(".") if found else ("", "", "")
        own = shipped_model() if model is None else model
        if found is not None and group in own.keywords:
            here = {c.name: c for c in own.group(group).couplings}
            if name in here and here[name].line != "neutrino":
                kind = "an electron coupling" if here[name].line == "electron" else f"a {here[name].kind}"
                raise ValueError(
                    f"coupling: {found.base} is {kind}, limits are on neutrino couplings, {_elements(own, group)}"
                )
        if found is None or not dot or len(found.indices) != 2:
            raise ValueError(f"coupling: expected a name like {example(own)}, {_elements(own)}, got {shown(text)}")
        (i, j), part = found.indices, found.part
        if group not in own.keywords:
            allowed = ", ".join(own.keywords) or "none: the model holds the weak current alone"
            own_file = " and those of a model (model=, --model)" if own == shipped_model() else ""
            raise ValueError(f"coupling: unknown group {group!r} in {text!r}, allowed are {allowed}{own_file}")
        matrices = {c.name: c for c in own.group(group).couplings if c.line == "neutrino"}
        if name not in matrices:
            raise ValueError(f"coupling: unknown matrix {name!r} of group {group!r}, allowed are {', '.join(matrices)}")
        argument = matrices[name]
        return cls(group, name, i, j, part or "real", argument.units, argument.kind == "matrix")

    @property
    def parameter(self) -> ParameterName:
        """The coupling as the name of a parameter, whose canonical form is the same for every spelling."""
        return ParameterName(f"{self.group}.{self.name}", (self.i, self.j), self.part, self.hermitian)

    def __str__(self) -> str:
        return f"{self.group}.{self.name}[{self.i},{self.j}]" + (".imag" if self.part == "imag" else "")

    def matrix(self, value: float, n: int) -> NDArray[np.complex128]:
        """Return the (n, n) matrix with this parameter set to ``value`` and zeros elsewhere.

        Raises
        ------
        ValueError : an index is larger than ``n``, or the value is not finite.
        """
        value = real_number(str(self), value, self.unit)
        if max(self.i, self.j) > n:
            raise ValueError(f"coupling: {self} has an index above the number of neutrinos, {n}")
        out = np.zeros((n, n), dtype=np.complex128)
        entry = complex(0.0, value) if self.part == "imag" else complex(value)
        if self.hermitian:
            out[self.j - 1, self.i - 1] = entry.conjugate()
        out[self.i - 1, self.j - 1] = entry
        return out


def _elements(model: Model, group: str | None = None) -> str:
    """Return which couplings a model, or one of its groups, has to vary."""
    return f"allowed are {', '.join(f'{base}[i,j]' for base in _bases(model, group)) or 'none'}"


def _bases(model: Model, group: str | None = None) -> list[str]:
    keywords = [group] if group else model.keywords
    return [f"{k}.{c.name}" for k in keywords for c in model.group(k).couplings if c.line == "neutrino"]


def example(model: Model) -> str:
    """Return the name of an element of the first neutrino coupling of a model, in quotes.

    Example
    -------
    >>> example(shipped_model())
    "'electromagnetic.mu[1,2]'"
    """
    return next((f"'{base}[1,2]'" for base in _bases(model)), "'GROUP.NAME[1,2]'")


def as_coupling(given: str | Coupling, model: Model | None = None, argument: str = "coupling") -> Coupling:
    """Return a coupling of a model, given in ``argument`` as a record or by its name.

    Raises
    ------
    ValueError : see :meth:`Coupling.parse`; a record that is a coupling of another model.

    Example
    -------
    >>> as_coupling("tensor.t[1,2].imag").part
    'imag'
    """
    try:
        found = Coupling.parse(str(given) if isinstance(given, Coupling) else given, model)
    except ValueError as error:
        raise ValueError(f"{argument}: {str(error).removeprefix('coupling: ')}") from None
    if isinstance(given, Coupling) and found != given:
        raise ValueError(f"{argument}: {given} is a coupling of another model, here it is in units of {found.unit}")
    return found


def as_couplings(
    given: str | Coupling | Iterable[str | Coupling], model: Model | None = None, argument: str = "couplings"
) -> tuple[Coupling, ...]:
    """Return couplings given as records or by their names in ``argument``; a lone one counts as a list of one.

    Raises
    ------
    ValueError : not couplings of the model, see :func:`as_coupling`, or one of them twice, be it in two spellings.

    Example
    -------
    >>> as_couplings("tensor.t[1,1]") == as_couplings(["tensor.t[1,1]"])
    True
    """
    try:
        # A lone name is a sequence of letters to Python, and one coupling to everybody else.
        spellings = [given] if isinstance(given, (str, Coupling)) else list(given)
    except TypeError:
        own = shipped_model() if model is None else model
        raise ValueError(f"{argument}: expected a name like {example(own)} or several, got {shown(given)}") from None
    couplings = tuple(as_coupling(one, model, argument) for one in spellings)
    check_distinct(argument, [(str(text), one.parameter) for text, one in zip(spellings, couplings, strict=True)])
    return couplings
