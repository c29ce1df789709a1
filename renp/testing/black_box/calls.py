"""Calls of a function that is not ours: which of our arguments it takes, under which names, and whether it answers with numbers.

It may take all photon energies at once or one at a time; it gets copies. Whatever it does wrong becomes a :class:`CallError`.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping, Sequence
from numbers import Number
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.testing.black_box.report import Finding
from renp.testing.subject import Parameter, required_in_words, understood
from renp_generated.runtime.arguments import shown

__all__ = ["SINGLE", "Box", "CallError"]

SINGLE: Final = 1e-4
"""Largest difference that rounding to single precision may make away from thresholds."""


class CallError(Exception):
    """A call that gave no real number for each photon energy; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


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
        read = understood(function, names, offered)
        self.parameters: tuple[Parameter, ...] = read.parameters
        self.rest: bool = read.rest
        if not read.named:
            return
        if read.kept:
            self.notes.append(f"left at their defaults, as they are none of the model: {', '.join(read.kept)}")
        if read.left:
            text = required_in_words(read.left, [name for name in offered if name not in held])
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
        whole: CallError | None = None
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
                called = error.finding.kind == "shape" or (whole is not None and whole.finding.kind == "shape")
                if self.loops or not called or error.finding.kind not in ("raises", "shape"):
                    raise
                raise (whole or error) from None
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
