"""A callable under test: what it takes, and how it is asked for one number.

In: anybody's function, the interactions that it claims to hold, other names of its arguments. Out: a ``Subject`` that is
called with arguments of ``renp.spectral_function`` and passes those that the function names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from renp_generated.runtime.arguments import FIXED

if TYPE_CHECKING:
    from renp.model import Model, ModelCoupling

__all__ = ["Broken", "PhysicsError", "Subject", "shown_call"]

NATURES: Final = ("dirac", "majorana")
IMAGINARY: Final = 1e-12
"""Imaginary part that complex arithmetic may leave of a real rate, relative to it."""


class PhysicsError(AssertionError):
    """A callable breaks a law of physics.

    Attributes
    ----------
    law : name of the assertion.
    sentence : the physics that is broken, in one sentence.
    found : what was found instead, in one line.
    calls : photon energies and keywords, as the function got them, of the smallest example that was found, in their order.
    """

    def __init__(self, law: str, sentence: str, found: str, calls: tuple[tuple[float, Mapping[str, Any]], ...]) -> None:
        self.law: str = law
        self.sentence: str = sentence
        self.found: str = found
        self.calls: tuple[tuple[float, Mapping[str, Any]], ...] = calls
        shown = dict.fromkeys(f"  {shown_call(*call)}" for call in calls)
        super().__init__("\n".join([f"{law}: {sentence}", found, *shown]))

    def __reduce__(self) -> tuple[Any, ...]:
        return PhysicsError, (self.law, self.sentence, self.found, self.calls)


class Broken(Exception):  # noqa: N818
    """What one trial found; an assertion turns the smallest one into a :class:`PhysicsError`."""


def shown_call(omega: float, arguments: Mapping[str, Any], name: str = "f") -> str:
    """Return a call as one types it; defaults are left out.

    Example
    -------
    >>> shown_call(1.0, {"E_eg": 2.0, "masses": np.array([0.0, 0.1]), "vector": {"g_L": np.array([[1 + 1j]])}})
    'f(1.0, E_eg=2.0, masses=[0.0, 0.1], vector={"g_L": [[1+1j]]})'
    """
    words = [f"{key}={_shown(value)}" for key, value in arguments.items() if value is not None]
    return f"{name}({', '.join([_shown(omega), *words])})"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{key}": {_shown(entry)}' for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple | np.ndarray):
        return "[" + ", ".join(map(_shown, value)) + "]"
    number = complex(value)
    if number.imag:
        plain = f"{number.real:.17g}{number.imag:+.17g}j" if number.real else f"{number.imag:.17g}j"
        return plain if complex(plain) == number else str(number).strip("()")
    return repr(float(number.real)) if not isinstance(value, int) else str(value)


@dataclass(frozen=True)
class Subject:
    """A callable with arguments like those of ``renp.spectral_function``, and the model that says what they are.

    Attributes
    ----------
    function : anything that is called with a photon energy [eV] and keywords and returns I(omega).
    model : the interactions that it claims to hold, with their couplings.
    natures : what it computes, of ``dirac`` and ``majorana``.
    takes : which of our arguments it names: ``axial``, ``vector`` for a whole group, ``vector.g_L`` for one entry of it.
    names : our names with the function's, ``{"vector.g_L": "gL"}``; an entry of a group with a name of its own is passed alone.
    required : which of our arguments it cannot do without: they are passed at their defaults, couplings as zeros, when nothing
        else is given.
    digits : how far products of couplings may be off as the function's constants of nature have other digits.

    Example
    -------
    >>> def mine(w, E_eg, E_vg, masses, a):
    ...     return 0.0
    >>> subject = Subject.of(mine, names={"a": "axial"})
    >>> subject.takes_all("masses", "axial"), subject.takes_all("atomic_tensor"), subject.natures
    (True, False, ('dirac',))
    """

    function: Callable[..., Any]
    model: Model
    natures: tuple[str, ...]
    takes: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    digits: float = 0.0

    @classmethod
    def of(
        cls,
        function: Callable[..., Any],
        model: Model | None = None,
        nature: str = "both",
        names: Mapping[str, str] | None = None,
    ) -> Subject:
        """Return the subject of a function.

        Parameters
        ----------
        function : called as ``function(omega, **arguments)``.
        model : what it claims to hold; the weak current by default.
        nature : ``"dirac"``, ``"majorana"`` or ``"both"``; a function that does not take ``nature`` is one of Dirac neutrinos unless
            ``"majorana"`` is said.
        names : the function's names of arguments with ours, ``{"a": "axial", "gL": "vector.g_L"}``.

        Raises
        ------
        TypeError, ValueError : not a callable, an unknown nature, or a name that the function or the model does not have; one line.

        Example
        -------
        >>> Subject.of(lambda w, a: 0.0, names={"a": "axial"}).passed({"axial": [[0.5]], "masses": [0.0]})
        {'a': [[0.5]]}
        """
        from renp.model import Model

        if not callable(function):
            raise TypeError(f"function must be a callable, found {type(function).__name__}")
        if nature not in (*NATURES, "both"):
            raise ValueError(f"nature must be one of dirac, majorana, both, found {nature!r}")
        model = Model() if model is None else model
        given, known, own = dict(names or {}), _known(model), _own_names(function)
        unknown = [name for name in given.values() if name not in known]
        if unknown:
            raise ValueError(f"names: there is no argument {unknown[0]!r}; allowed are {', '.join(sorted(known))}")
        missing = [name for name in given if own is not None and name not in own]
        if missing and own is not None:
            raise ValueError(f"names: the function has no argument {missing[0]!r}; it has {', '.join(own)}")
        theirs = {name: own_name for own_name, name in given.items()}
        if len(theirs) < len(given):
            twice = [name for name in theirs if list(given.values()).count(name) > 1]
            raise ValueError(f"names: two arguments of the function stand for {twice[0]!r}")
        takes = {name for name in known if name in theirs or ("." not in name and (own is None or name in own))}
        if nature == "both" and "nature" not in takes:
            nature = "dirac"
        natures = NATURES if nature == "both" else (nature,)
        needed = {given.get(name, name) for name in _own_names(function, required=True) or ()}
        return cls(function, model, natures, frozenset(takes), theirs, frozenset(needed & takes))

    def takes_all(self, *names: str) -> bool:
        """Return whether the function takes all these arguments; an entry of a group that is taken whole counts."""
        return all(name in self.takes or name.partition(".")[0] in self.takes for name in names)

    def covers(self, group: str) -> bool:
        """Return whether the function takes a coupling group, whole or in part."""
        return any(name.partition(".")[0] == group for name in self.takes)

    def passed(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the keywords that the function gets, under its own names."""
        out: dict[str, Any] = {}
        for name, value in self._completed(arguments).items():
            if value is None:
                continue
            entries = {f"{name}.{key}": entry for key, entry in value.items()} if isinstance(value, Mapping) else {}
            alone = [key for key in entries if key in self.takes]
            out |= {self.names.get(key, key): entries[key] for key in alone}
            if name in self.takes:
                rest = {key.partition(".")[2]: entry for key, entry in entries.items() if key not in alone}
                out[self.names.get(name, name)] = rest if entries else value
        return out

    def _completed(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        missing = [name for name in self.required if arguments.get(name.partition(".")[0]) is None]
        if not missing:
            return arguments
        n, E_eg = len(arguments.get("masses", (0.0,))), arguments.get("E_eg", 1.0)
        result = dict(arguments)
        for name in missing:
            keyword, _, entry = name.partition(".")
            if keyword in self.model.keywords:
                group = self.model.group(keyword)
                for coupling in group.couplings if not entry else (group[entry],):
                    result[keyword] = (result.get(keyword) or {}) | {coupling.name: _off(coupling, n, E_eg)}
            elif name in _DEFAULTS:
                result[name] = _DEFAULTS[name]
            else:
                result[name] = np.zeros((n, n))
        return result

    def __call__(self, omega: float, arguments: Mapping[str, Any]) -> float:
        """Return I at one photon energy; :class:`Broken` says when that is no finite real number."""
        keywords = self.passed(arguments)
        try:
            found = self.function(omega, **keywords)
        except Exception as error:
            try:  # What works on arrays alone gets an array.
                found = self.function(np.array([omega]), **keywords)
            except Exception:
                text = " ".join(str(error).split())
                raise Broken(f"it raised {type(error).__name__}: {text}") from error
        try:
            number = np.asarray(found)
            value = complex(number.reshape(()) if number.size == 1 else number)
        except (TypeError, ValueError):
            raise Broken(f"it returned {type(found).__name__} where one number belongs") from None
        if abs(value.imag) > IMAGINARY * abs(value.real):
            raise Broken(f"it returned {value}: a rate is real")
        if not np.isfinite(value.real):
            raise Broken(f"it returned {value.real}")
        return value.real


_DEFAULTS: Final[Mapping[str, Any]] = {
    "nature": "dirac",
    "intermediate_amplitudes": [1.0],
    "atomic_tensor": np.eye(3) / 3,
    "pair_step": "M1",
    "dipole_length": 1.0,
    "m1": "spin",
    "imprinted_momentum": 0.0,
    "crossed": {"E_vg": [], "amplitudes": []},
}
"""What a call means when it does not say it, for functions that want it said."""


def _off(coupling: ModelCoupling, n: int, E_eg: float) -> Any:
    """Return an entry of a group that is off; its mediator has no pole in the spectrum."""
    if coupling.kind in ("matrix", "general"):
        return np.zeros((n, n))
    if coupling.kind == "choice":
        return coupling.default or coupling.choices[0]
    return 2 * E_eg if coupling.kind == "mass" else 0.0


def _known(model: Model) -> set[str]:
    names = set(FIXED)
    for group in model.groups:
        entries = [coupling.name for coupling in group.couplings]
        names |= {f"{group.keyword}.{entry}" for entry in entries} | {group.keyword} if group.keyword else set(entries)
    return names


def _own_names(function: Callable[..., Any], *, required: bool = False) -> list[str] | None:
    """Return the names of a function's arguments but its first, those without a default if asked; ``None`` when it takes any."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return None
    return [parameter.name for parameter in parameters[1:] if not required or parameter.default is parameter.empty]
