"""A callable under test: what it takes, and how it is asked for one number.

In: anybody's function, the interactions that it claims to hold, other names of its arguments. Out: a ``Subject`` that is
called with arguments of ``renp.spectral_function`` and passes those that the function names.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from renp_generated.runtime.arguments import shown

if TYPE_CHECKING:
    from renp.model import Model, ModelCoupling

__all__ = [
    "NO_RATE",
    "Broken",
    "NoRate",
    "Parameter",
    "PhysicsError",
    "Subject",
    "Understood",
    "shown_call",
    "understood",
]

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


class NoRate(Broken):
    """A call that gave no number: nothing is known about physics."""


NO_RATE: Final = "The function gave no number, so that the law is not tested."
"""What a :class:`PhysicsError` says in place of the physics when a call fails."""


# ---------------------------------------------------------------- the function's names


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function: its name there, ours, whether it is passed by position and whether it has no default."""

    theirs: str
    ours: str
    by_position: bool
    required: bool


@dataclass(frozen=True)
class Understood:
    """Which of our arguments a function takes.

    Attributes
    ----------
    parameters : those that are known.
    rest : whether it takes any name.
    left, kept : parameters that are none of ours, without a default and with one, in their order.
    named : whether its parameters can be read; compiled code may not tell them.
    """

    parameters: tuple[Parameter, ...]
    rest: bool
    left: tuple[str, ...]
    kept: tuple[str, ...]
    named: bool


def understood(function: Callable[..., Any], names: Mapping[str, str] | None, offered: Iterable[str]) -> Understood:
    """Return which of the offered arguments a function takes.

    Parameters
    ----------
    function : anything that can be called.
    names : the function's names of arguments with ours; the other way round is understood where it is meant.
    offered : every name of ours that can be passed.

    Raises
    ------
    TypeError, ValueError : ``names`` is no mapping of names, or names what does not exist; one line.

    Example
    -------
    >>> found = understood(lambda w, axial, x=1: 0, {"w": "omega"}, ["omega", "axial"])
    >>> [one.ours for one in found.parameters], found.kept
    (['omega', 'axial'], ('x',))
    """
    offered = list(offered)
    try:
        parameters = list(inspect.signature(function).parameters.values())
        named = True
    except (TypeError, ValueError):
        parameters, named = [], False
    anything = not named or any(one.kind is one.VAR_KEYWORD for one in parameters)
    given = _directed(names, [one.name for one in parameters], anything, offered)
    if not named:
        return Understood(tuple(Parameter(*pair, True, True) for pair in given.items()), not given, (), (), False)
    found: list[Parameter] = []
    left: list[str] = []
    kept: list[str] = []
    for one in parameters:
        if one.kind in (one.VAR_KEYWORD, one.VAR_POSITIONAL):
            continue
        ours, required = given.get(one.name, one.name), one.default is one.empty
        if ours in offered:
            found.append(Parameter(one.name, ours, one.kind is one.POSITIONAL_ONLY, required))
        else:
            (left if required else kept).append(one.name)
    return Understood(tuple(found), anything, tuple(left), tuple(kept), True)


def required_in_words(left: Sequence[str], offered: Iterable[str]) -> str:
    """Return that a function requires what nothing is known for."""
    allowed = ", ".join(name for name in offered if "." not in name)
    return (
        f"the function requires {', '.join(left)}: name it in names={{...}} or give it a default; allowed are {allowed}"
    )


def _directed(
    names: Mapping[str, str] | None, own: Sequence[str], anything: bool, offered: Sequence[str]
) -> dict[str, str]:
    """Return ``names`` as a mapping from the function's names to ours."""
    if names is not None and not isinstance(names, Mapping):
        raise TypeError(
            f"names must be a mapping of the function's names to ours, such as {{'w': 'omega'}}, found {shown(names)}"
        )
    found: dict[str, str] = {}
    for pair in (names or {}).items():
        if not all(isinstance(name, str) for name in pair):
            raise ValueError(f"names maps names to names, found {shown(pair[0])}: {shown(pair[1])}")
        backwards = not anything and pair[0] not in own and pair[0] in offered and pair[1] in own
        first, second = pair[::-1] if backwards else pair
        if not anything and first not in own:
            raise ValueError(f"names: the function has no argument {first!r}; it has {', '.join(own)}")
        if second not in offered:
            raise ValueError(f"names: {second!r} is nothing that can be passed; allowed are {', '.join(offered)}")
        if second in found.values():
            raise ValueError(f"names: two arguments of the function stand for {second!r}")
        found[first] = second
    return found


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
    natures_as : the function's names of the nature, each with the form in which it is told: ``nature``, ``delta_M`` or ``majorana``.
    omega : the function's name of the photon energy, which is its first argument where this is empty.
    by_position : names that are passed by position.
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
    natures_as: Mapping[str, str] = field(default_factory=dict)
    omega: str = ""
    by_position: tuple[str, ...] = ()
    digits: float = 0.0

    @classmethod
    def of(
        cls,
        function: Callable[..., Any],
        model: Model | str | None = None,
        nature: str = "both",
        names: Mapping[str, str] | None = None,
    ) -> Subject:
        """Return the subject of a function.

        Parameters
        ----------
        function : called as ``function(omega, **arguments)``.
        model : what it claims to hold, or the name of one interaction; the weak current by default.
        nature : ``"dirac"``, ``"majorana"`` or ``"both"``; a function that takes no ``nature`` (``delta_M``, ``majorana``) is one of
            Dirac neutrinos unless ``"majorana"`` is said.
        names : the function's names of arguments with ours, ``{"w": "omega", "a": "axial", "gL": "vector.g_L"}``; a first argument
            that nothing is known of is the photon energy.

        Raises
        ------
        TypeError, ValueError : not a callable, an unknown nature, a name that the function or the model does not have, or an
            argument that the function requires and nothing is known for; one line.

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
        model = Model() if model is None else Model(model) if isinstance(model, str) else model
        if not isinstance(model, Model):
            raise TypeError(f"model must be a renp.Model, the name of an interaction or None, found {shown(model)}")
        from renp.testing.black_box.questions import NATURE_NAMES, names_of

        meant = names_of(model)
        read = understood(function, names, meant)
        parameters, left, omega = read.parameters, read.left, ""
        for one in parameters:
            omega = one.theirs if one.ours == "omega" else omega
        if not omega:
            first = _first_name(function)
            if first in {one.theirs for one in parameters} or (read.named and first is None and not read.rest):
                raise ValueError("the function takes no omega: name its argument in names={...: 'omega'}")
            omega = "omega" if read.named and first is None else ""
            left = tuple(name for name in left if name != first)
        if left:
            raise ValueError(required_in_words(left, meant))
        takes = {meant[one.ours] for one in parameters}
        if read.rest or not read.named:
            takes |= {name for name in meant.values() if "." not in name}
        if nature == "both" and "nature" not in takes:
            nature = "dirac"
        return cls(
            function,
            model,
            NATURES if nature == "both" else (nature,),
            frozenset(takes) - {"omega"},
            {meant[one.ours]: one.theirs for one in parameters if one.ours not in NATURE_NAMES},
            frozenset(meant[one.ours] for one in parameters if one.required) - {"omega"},
            {one.theirs: one.ours for one in parameters if one.ours in NATURE_NAMES},
            omega,
            tuple(one.theirs for one in parameters if one.by_position),
        )

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
            if name == "nature" and self.natures_as:
                out |= {theirs: nature_as(form, value) for theirs, form in self.natures_as.items()}
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
            found = self._asked(omega, keywords)
            if np.shape(found) == ():
                return _number(found)
        except (Broken, Exception) as error:
            alone: Exception | None = error
        else:
            alone = None
        # What works on arrays alone, or makes one of a number, gets an array.
        try:
            whole = self._asked(np.array([omega]), keywords)
        except Exception:
            whole = None
        if whole is not None and np.shape(whole) == (1,):
            return _number(whole)
        if alone is None:
            shape = np.shape(found)
            text = f"{type(found).__name__} where one number belongs"
            raise NoRate(
                f"it returned the shape {shape} for one photon energy"
                if math.prod(shape) == 1
                else f"it returned {text}"
            )
        if isinstance(alone, Broken):
            raise alone
        words = " ".join(str(alone).split())
        raise NoRate(f"it raised {type(alone).__name__}{f': {words}' if words else ''}") from alone

    def _asked(self, omega: Any, keywords: Mapping[str, Any]) -> Any:
        given = dict(keywords)
        if self.omega:
            given[self.omega] = omega
        first = [given.pop(name) for name in self.by_position if name in given]
        return self.function(*first, **given) if self.omega else self.function(omega, *first, **given)


def _number(found: Any) -> float:
    try:
        value = complex(np.asarray(found).reshape(()))
    except (TypeError, ValueError):
        raise NoRate(f"it returned {type(found).__name__} where one number belongs") from None
    if abs(value.imag) > IMAGINARY * abs(value.real):
        raise Broken(f"it returned {value}: a rate is real")
    if not np.isfinite(value.real):
        raise NoRate(f"it returned {value.real}")
    return value.real


def nature_as(form: str, nature: str) -> Any:
    """Return the nature as a word, as 0 or 1, or as true or false.

    Example
    -------
    >>> nature_as("delta_M", "majorana"), nature_as("majorana", "dirac")
    (1, False)
    """
    majorana = nature == "majorana"
    return {"nature": nature, "delta_M": int(majorana), "majorana": majorana}[form]


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
    if coupling.is_matrix:
        return np.zeros((n, n))
    if coupling.kind == "choice":
        return coupling.default or coupling.choices[0]
    return 2 * E_eg if coupling.kind == "mass" else 0.0


def _first_name(function: Callable[..., Any]) -> str | None:
    """Return the name of the first argument that can be passed by position, ``None`` where there is none or it is not told."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    able = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL")
    return next((one.name for one in parameters[:1] if one.kind.name in able), None)
