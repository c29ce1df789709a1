"""Calls of a function that is not ours: which of our arguments it takes, under which names, and whether it answers with numbers.

It may take all photon energies at once or one at a time; it gets copies. Whatever it does wrong becomes a :class:`CallError`.
"""

from __future__ import annotations

import copy
import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.testing.black_box.report import Finding
from renp_generated.runtime.arguments import shown

__all__ = ["SINGLE", "Box", "CallError"]

SINGLE: Final = 1e-4
"""Largest difference that rounding to single precision may make away from thresholds."""


class CallError(Exception):
    """A call that gave no real number for each photon energy; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True)
class Parameter:
    """One parameter of the function: its name there, ours, and whether it is passed by position."""

    theirs: str
    ours: str
    by_position: bool


class Box:
    """A function with some of our arguments.

    Parameters
    ----------
    function : anything that can be called.
    names : the function's names of arguments with ours; the other way round is understood where it is meant.
    offered : every name of ours that can be passed, with what it stands for.
    varied : the name of what may be passed as an array, ``omega``; empty for a function of single numbers.
    held : values of ours that the function has built in or that are to stay fixed; they go before all others.

    Raises
    ------
    CallError : the function needs an argument that nothing is known for.
    ValueError : ``names`` names what does not exist; one line.

    Example
    -------
    >>> box = Box(lambda w, a: w * a, {"w": "omega", "a": "axial"}, ["omega", "axial", "masses"], "omega")
    >>> box({"omega": np.array([1.0, 2.0]), "axial": 3.0, "masses": None})
    array([3., 6.])
    >>> sorted(box.takes)
    ['axial', 'omega']
    """

    def __init__(
        self,
        function: Callable[..., Any],
        names: Mapping[str, str] | None,
        offered: Sequence[str],
        varied: str,
        held: Sequence[str] = (),
    ) -> None:
        self.function = function
        self.varied = varied
        self.loops: bool = not varied
        self.notes: list[str] = []
        self.single: bool = False
        self.calls: int = 0
        self._asked_whole = False
        parameters = _parameters(function)
        given = _directed(names or {}, parameters, offered)
        self.parameters: list[Parameter] = []
        self.rest: bool = parameters is None and not given
        if parameters is None:
            self.parameters = [Parameter(theirs, ours, True) for theirs, ours in given.items()]
            return
        left: list[str] = []
        kept: list[str] = []
        for one in parameters:
            if one.kind is one.VAR_KEYWORD:
                self.rest = True
            elif one.kind is not one.VAR_POSITIONAL:
                ours = given.get(one.name, one.name)
                if ours in offered:
                    self.parameters.append(Parameter(one.name, ours, one.kind is one.POSITIONAL_ONLY))
                elif one.default is one.empty:
                    left.append(one.name)
                else:
                    kept.append(one.name)
        if kept:
            self.notes.append(f"left at their defaults, as they are none of the model: {', '.join(kept)}")
        if left:
            unknown = ", ".join(left)
            allowed = ", ".join(name for name in offered if "." not in name and name not in held)
            text = (
                f"the function requires {unknown}: name it in names={{...}} or give it a default; allowed are {allowed}"
            )
            raise CallError(Finding("arguments", "", text))
        if varied and not self.rest and varied not in self.takes:
            raise CallError(
                Finding(
                    "arguments", "", f"the function takes no {varied}: name its argument in names={{...: '{varied}'}}"
                )
            )

    @property
    def takes(self) -> frozenset[str]:
        """Our names of what it is passed by name; with ``rest`` it takes everything."""
        return frozenset(one.ours for one in self.parameters)

    def spelled(self, values: Mapping[str, Any], rest: Sequence[str] = ()) -> dict[str, Any]:
        """Return the arguments of a call under the function's own names."""
        found = {one.theirs: values[one.ours] for one in self.parameters}
        if self.rest:
            found |= {name: values[name] for name in rest if name in values and name not in self.takes}
        return found

    def __call__(self, values: Mapping[str, Any], rest: Sequence[str] = ()) -> NDArray[np.float64]:
        """Return a number for each photon energy, NaN where the function gives none.

        Raises
        ------
        CallError : it raises, or gives something else than real numbers of the right shape.
        """
        spelled = self.spelled(values, rest)
        if not self.varied:
            return self._checked(self._answer(spelled, values), (), spelled)
        energies = np.asarray(values[self.varied], dtype=float)
        if not self.loops:
            try:
                return self._checked(self._answer(spelled, values), energies.shape, spelled)
            except CallError as error:
                if self._asked_whole or error.finding.kind not in ("raises", "shape"):
                    raise
                # What fails on arrays may take one photon energy at a time; if it does not, that is what is reported.
                whole = error
        found = []
        for energy in energies.ravel():
            one = {**values, self.varied: float(energy)}
            try:
                answer = self._answer(self.spelled(one, rest), one)
                found.append(float(self._checked(answer, (), self.spelled(one, rest))))
            except CallError as error:
                if self.loops or error.finding.kind != "shape":
                    raise
                raise whole from None
        if not self.loops:
            self.loops = True
            self.notes.append("it takes one photon energy at a time")
        return np.array(found).reshape(energies.shape)

    def _answer(self, spelled: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
        copies = copy.deepcopy(dict(spelled))
        by_position = [copies.pop(one.theirs) for one in self.parameters if one.by_position]
        self.calls += 1
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                return self.function(*by_position, **copies)
            except Exception as error:
                words = " ".join(str(error).split())
                text = f"it raises {type(error).__name__}{f': {words[:160]}' if words else ''}"
                raise CallError(Finding("raises", "", text, dict(spelled))) from None

    def _checked(self, answer: Any, shape: tuple[int, ...], spelled: Mapping[str, Any]) -> NDArray[np.float64]:
        try:
            numbers = np.asarray(answer)
            if numbers.dtype == object and all(isinstance(one, Number) for one in numbers.ravel()):
                numbers = numbers.astype(complex)
        except Exception:
            numbers = np.array("")
        if numbers.dtype.kind not in "fiubc":
            raise CallError(Finding("shape", "", f"it returns {shown(answer)}, which is no number", dict(spelled)))
        if numbers.shape != shape:
            text = f"it returns the shape {numbers.shape} for photon energies of the shape {shape}"
            raise CallError(Finding("shape", "", text, dict(spelled)))
        if numbers.dtype.kind == "c":
            finite = np.isfinite(numbers)
            size = np.max(np.abs(numbers), initial=0.0, where=finite)
            imaginary = np.max(np.abs(numbers.imag), initial=0.0, where=finite)
            if imaginary > 1e-12 * size:
                worst = numbers.ravel()[int(np.argmax(np.where(finite, np.abs(numbers.imag), -1.0)))]
                raise CallError(
                    Finding("complex", "", f"it returns a complex number, {complex(worst):.6g}", dict(spelled))
                )
            self._note("it returns complex numbers, whose imaginary part vanishes")
            numbers = numbers.real
        if numbers.dtype.kind == "f" and numbers.dtype.itemsize < 8:
            self.single = True
            self._note(f"it computes in single precision: everything is compared to {SINGLE:g}")
        if shape:
            self._asked_whole = True
        return np.array(numbers, dtype=float)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter] | None:
    """Return the parameters of a function, ``None`` where compiled code does not tell them."""
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None


def _directed(
    names: Mapping[str, str], parameters: Sequence[inspect.Parameter] | None, offered: Sequence[str]
) -> dict[str, str]:
    """Return ``names`` as a mapping from the function's names to ours."""
    own = None if parameters is None else {one.name for one in parameters}
    anything = own is None or any(one.kind is one.VAR_KEYWORD for one in parameters or ())
    found = {}
    for pair in names.items():
        if not all(isinstance(name, str) for name in pair):
            raise ValueError(f"names maps names to names, found {shown(pair[0])}: {shown(pair[1])}")
        backwards = own and not anything and pair[0] not in own and pair[0] in offered and pair[1] in own
        first, second = pair[::-1] if backwards else pair
        if own is not None and not anything and first not in own:
            raise ValueError(f"names: the function has no argument {first!r}; it has {', '.join(sorted(own))}")
        if second not in offered:
            raise ValueError(f"names: {second!r} is nothing that can be passed; allowed are {', '.join(offered)}")
        found[first] = second
    return found
