"""The options ``--model`` and ``--set``: which interactions a command takes, and what their couplings are.

In: what was typed. Out: a :class:`~renp.model.Model`, and the mappings of its groups as every call takes them; or one line
that says which option, what was found and what is allowed. Texts are read, never evaluated.
"""

from __future__ import annotations

import cmath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from renp.inputs.parameters import ParameterName

if TYPE_CHECKING:
    from renp.model import Model, ModelCoupling, ModelGroup

__all__ = [
    "ModelOption",
    "SetOption",
    "as_options",
    "chosen_model",
    "compared_values",
    "complex_number",
    "coupling_groups",
    "coupling_tables",
]

ModelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="FILE_OR_NAME",
        help="An interaction file, the name of a shipped interaction, or the folder of a UFO model (FOLDER:MEDIATOR where it has "
        "several), whose numbers --set then changes; NAME=FILE gives a copy its own name. May be repeated; all shipped "
        "interactions by default.",
        show_default=False,
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="GROUP.NAME=VALUE",
        help="A coupling, a mass or a choice (renp list --model ... shows them); an element of a matrix is "
        "'GROUP.NAME\\[i,j]=VALUE', and \\[j,i] of a Hermitian one follows. Values are 1e-12, 1e-12j, 1+2j or a word. May be "
        "repeated.",
        show_default=False,
    ),
]

_FORMS: Final = "GROUP.NAME=VALUE, or GROUP.NAME[i,j]=VALUE with mass states i, j counted from 1"
_ZERO: Final = re.compile(r"[\w.]+\[(?:0|0,\d|\d,0)\](?:\.(?:real|imag))?")
"""An element that is counted from 0."""
_MOST_INDEX: Final = 9
"""The largest mass state that a name can hold."""


def chosen_model(models: list[str] | None, given_as: str = "--model") -> Model:
    """Return the model of the options ``--model``; the shipped one without any.

    ``given_as`` is what a message calls them.

    ``NAME=FILE`` is a copy with a name of its own, unless a file has this whole text as its path.

    Raises
    ------
    ValueError : an unknown name, a file that cannot be used, or two interactions of one name; one line.

    Example
    -------
    >>> [group.name for group in chosen_model(["vector", "second=vector"]).groups]
    ['standard_model', 'vector', 'second']
    """
    from renp.model import Model, read_word, shipped_model

    if not models:
        return shipped_model()
    try:
        return Model.of([read_word(text)[1] for text in models])
    except ValueError as problem:
        raise ValueError(f"{given_as}: {problem}") from None


def coupling_groups(
    settings: list[str] | None, model: Model, n: int
) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    """Return the groups of a call from the options ``--set``, and notes: which groups of a chosen model are off.

    Parameters
    ----------
    settings : texts as ``"vector.mass=1.5"``, ``"vector.g_L[1,2]=1e-12j"``, ``"vector.propagator=unitary"``.
    model : whose groups they are; the numbers that came with it from a UFO model are where the settings start.
    n : number of neutrinos; matrices are complex with shape (n, n), and zero where nothing is set.

    Raises
    ------
    ValueError : no such form, group, name, element or value, or a parameter that is set twice; one line.

    Example
    -------
    >>> groups, notes = coupling_groups(["vector.mass=2", "vector.g_L[1,2]=1e-12j"], chosen_model(["vector", "tensor"]), 2)
    >>> groups["vector"]["mass"], groups["vector"]["g_L"].tolist()
    (2.0, [[0j, 1e-12j], [-1e-12j, 0j]])
    >>> notes
    ('tensor is off: nothing is set in it',)
    """
    import numpy as np

    for keyword, entries in model.values.items():
        sizes = {len(value) for value in entries.values() if isinstance(value, np.ndarray)}
        if sizes - {n}:
            raise ValueError(f"--model: {keyword} has the numbers of {sizes.pop()} neutrinos, but there are {n}")
    result: dict[str, dict[str, Any]] = {}
    for setting in _settings(settings, model, n):
        entries = result.setdefault(setting.group, {})
        name, value = setting.coupling.name, setting.value
        if isinstance(value, str):
            entries[name] = value
        elif not setting.coupling.is_matrix:
            entries[name] = value.real
        else:
            matrix = entries.setdefault(name, np.zeros((n, n), dtype=complex))
            i, j = (index - 1 for index in setting.name.indices)
            matrix[i, j] += value
            if i != j and setting.coupling.kind == "matrix":
                matrix[j, i] += value.conjugate()
    off = [] if _is_shipped(model) else [keyword for keyword in model.keywords if keyword not in result]
    return result, tuple(f"{keyword} is off: nothing is set in it" for keyword in off)


def as_options(message: str, model: Model, options: Mapping[str, str] | None = None) -> str:
    """Return a message of Python in the words of the command line: arguments as options, entries of groups as ``--set``.

    Parameters
    ----------
    message : what a function of Python says.
    model : whose groups they are.
    options : arguments that a message may start with, and what they are called here.

    Example
    -------
    >>> vector = chosen_model(["vector"])
    >>> as_options("vector['mass'] must be positive, found -1.0", vector)
    '--set vector.mass must be positive, found -1.0'
    >>> as_options("vector: give the mediator mass, for example vector={'mass': 1.0}", vector)
    'vector: give the mediator mass, for example --set vector.mass=1.0'
    >>> as_options("E_eg must be a positive energy in eV, found -1.0", vector, {"E_eg": "--E-eg"})
    '--E-eg must be a positive energy in eV, found -1.0'
    """
    first = re.match(r"(\w+)(?=:| must )", message)
    if first and options and first[1] in options:
        message = options[first[1]] + message[first.end() :]
    message = re.sub(r"\bstart={(['\"])(.*?)\1: (.*?)}", r"--start '\2=\3'", message)
    groups = "|".join(map(re.escape, model.keywords))
    if not groups:
        return message
    entry = rf"\b({groups})\['(\w+)'\]"
    message = re.sub(rf"{entry} is missing", r"--set \1.\2=VALUE is missing", message)
    message = re.sub(entry, r"--set \1.\2", message)
    return re.sub(rf"\b({groups})={{'(\w+)': ([^}}]*)}}", r"--set \1.\2=\3", message)


def coupling_tables(settings: list[str] | None, model: Model) -> dict[str, dict[str, float | str]]:
    """Return the options ``--set`` as tables of a study: one for each group, and ``couplings`` for elements of matrices.

    Raises
    ------
    ValueError : see :func:`coupling_groups`; the number of neutrinos is the study's.

    Example
    -------
    >>> coupling_tables(["vector.mass=2", "vector.g_L[1,2]=1e-12j"], chosen_model(["vector"]))
    {'vector': {'mass': 2.0}, 'couplings': {'vector.g_L[1,2]': 0.0, 'vector.g_L[1,2].imag': 1e-12}}
    """
    tables: dict[str, dict[str, float | str]] = {}
    for setting in _settings(settings, model, _MOST_INDEX):
        value = setting.value
        if isinstance(value, str) or not setting.coupling.is_matrix:
            table = tables.setdefault(setting.group, {})
            table[setting.coupling.name] = value if isinstance(value, str) else value.real
            continue
        i, j = setting.name.indices
        element = f"{setting.name.base}[{i},{j}]"
        parts = {element: value.real, f"{element}.imag": value.imag}
        if i == j and setting.coupling.kind == "matrix":
            parts.pop(f"{element}.imag")
        if setting.name.part:
            parts = {
                name: number
                for name, number in parts.items()
                if name.endswith(".imag") == (setting.name.part == "imag")
            }
        tables.setdefault("couplings", {}).update(parts)
    return tables


def compared_values(
    name: str, words: Iterable[str], model: Model, n: int, set_texts: Iterable[str]
) -> dict[str, complex | str]:
    """Return the values that a coupling, mass or choice is compared at, by the words for them.

    Parameters
    ----------
    name : as ``"vector.mass"`` or ``"vector.g_L[1,1]"``.
    words : as in ``--set``.
    model, n : see :func:`coupling_groups`.
    set_texts : the options ``--set``, which must not set it too.

    Raises
    ------
    ValueError : see :func:`coupling_groups`.

    Example
    -------
    >>> compared_values("vector.mass", ["1", "2e3"], chosen_model(None), 3, ())
    {'1': 1.0, '2e3': 2000.0}
    """
    offered = {group.keyword: group for group in model.groups if group.keyword}
    values: dict[str, complex | str] = {}
    for word in words:
        setting = _setting(f"{name}={word}", offered, n, "--compare")
        for text in set_texts:
            if {*_setting(text, offered, n).parameters} & {*setting.parameters}:
                raise ValueError(f"--set {text!r}: --compare {name} gives the values, leave one of the two out")
        part, value = setting.name.part, setting.value
        values[word] = getattr(value, part) if part else value
    return values


def _settings(texts: list[str] | None, model: Model, n: int) -> Iterator[_Setting]:
    """Yield what is set, first what came with the model; ``ValueError`` for a parameter that is set twice."""
    offered = {group.keyword: group for group in model.groups if group.keyword}
    taken: dict[ParameterName, str] = {}
    chosen = []
    for text in texts or ():
        setting = _setting(text, offered, n)
        for parameter in setting.parameters:
            if parameter in taken:
                raise ValueError(f"--set: {taken[parameter]!r} and {text!r} set the same parameter, give it once")
            taken[parameter] = text
        chosen.append(setting)
    for text in _came_with(model):
        setting = _setting(text, offered, _MOST_INDEX)
        if not taken.keys() & set(setting.parameters):
            yield setting
    yield from chosen


def _came_with(model: Model) -> Iterator[str]:
    """Yield the numbers that came with a model from UFO folders as texts, one real parameter each."""
    import numpy as np

    for group in model.groups:
        for name, value in model.values.get(group.keyword, {}).items():
            base = f"{group.keyword}.{name}"
            if not isinstance(value, np.ndarray):
                yield f"{base}={value!r}" if isinstance(value, float) else f"{base}={value}"
                continue
            for (i, j), entry in np.ndenumerate(value):
                if group[name].kind == "matrix" and i > j:
                    continue
                element = f"{base}[{i + 1},{j + 1}]"
                yield from (
                    f"{element}.{part}={float(getattr(entry, part))!r}"
                    for part in ("real", "imag")
                    if getattr(entry, part)
                )


def _is_shipped(model: Model) -> bool:
    from renp.model import shipped_model

    return model == shipped_model()


@dataclass(frozen=True)
class _Setting:
    """One ``--set``: whose coupling, under which name, and its value; an imaginary part alone is an imaginary value."""

    group: str
    coupling: ModelCoupling
    name: ParameterName
    value: complex | str

    @property
    def parameters(self) -> tuple[ParameterName, ...]:
        """The real parameters that it sets, each in one spelling."""
        if not self.coupling.is_matrix:
            return (self.name,)
        name = replace(self.name, hermitian=self.coupling.kind == "matrix")
        return tuple(replace(name, part=part).canonical for part in ([name.part] if name.part else ("real", "imag")))


def _setting(text: str, offered: Mapping[str, ModelGroup], n: int, option: str = "--set") -> _Setting:
    where = f"{option} {text!r}"
    left, equals, right = text.partition("=")
    if equals and _ZERO.fullmatch(left.replace(" ", "")):
        raise ValueError(f"{where}: found the index 0, allowed are 1 to {n}")
    name = ParameterName.parse(left)
    if name is None or not equals or "." not in name.base:
        bare = name.base if name is not None and equals else ""
        owners = [keyword for keyword, group in offered.items() if bare in {c.name for c in group.couplings}]
        meant = [f"{keyword}.{left.strip()}" for keyword in owners]
        hint = f"; did you mean {' or '.join(meant)}" if meant else ""
        raise ValueError(f"{where} must be {_FORMS}{hint}")
    keyword, _, key = name.base.partition(".")
    if keyword not in offered:
        raise ValueError(f"{where}: there is no group {keyword!r} to set; {_allowed(offered)}")
    group = offered[keyword]
    try:
        coupling = group[key]
    except KeyError:
        allowed = _allowed(coupling.name for coupling in group.couplings)
        raise ValueError(f"{where}: {keyword} has no entry {key!r}; {allowed}") from None
    if coupling.is_matrix:
        return _Setting(keyword, coupling, name, _element(where, coupling, name, right, n))
    if name.indices or name.part:
        raise ValueError(f"{where}: {name.base} is no matrix, it has neither elements nor parts; set {name.base}=VALUE")
    if coupling.kind == "choice":
        word = right.strip()
        if word not in coupling.choices:
            raise ValueError(f"{where}: found {right!r}; {_allowed(coupling.choices)}")
        return _Setting(keyword, coupling, name, word)
    return _Setting(keyword, coupling, name, _real(where, name.base, right))


def _element(where: str, coupling: ModelCoupling, name: ParameterName, text: str, n: int) -> complex:
    if len(name.indices) != 2:
        raise ValueError(f"{where}: {name.base} is a matrix, set its elements: {name.base}[i,j]=VALUE")
    if max(name.indices) > n:
        neutrinos = "is 1 neutrino" if n == 1 else f"are {n} neutrinos"
        raise ValueError(f"{where}: found the index {max(name.indices)}, but there {neutrinos}: allowed are 1 to {n}")
    shown = f"{name.base}[{name.indices[0]},{name.indices[1]}]"
    value = complex(_real(where, f"{shown}.{name.part}", text)) if name.part else complex_number(where, text)
    # A product with 1j would have a second part, and -0.0 in it.
    value = complex(0.0, value.real) if name.part == "imag" else value
    diagonal = coupling.kind == "matrix" and name.indices[0] == name.indices[1]
    if diagonal and (value.imag or name.part == "imag"):
        raise ValueError(f"{where}: the diagonal of a Hermitian matrix is real, {shown} has no imaginary part")
    return value


def _real(where: str, shown: str, text: str) -> float:
    value = complex_number(where, text)
    if value.imag:
        raise ValueError(f"{where}: {shown} is real, found {text.strip()!r}")
    return value.real


def complex_number(where: str, text: str) -> complex:
    """Read a finite complex number, given in ``where``; ``ValueError`` with one line otherwise.

    Example
    -------
    >>> complex_number("--mixing", "0.5-0.1j")
    (0.5-0.1j)
    """
    try:
        value = complex(text)
    except ValueError:
        raise ValueError(f"{where}: found {text!r}; allowed are numbers as 1e-12, 1e-12j or 1+2j") from None
    if not cmath.isfinite(value):
        raise ValueError(f"{where}: found {text!r}; allowed are finite numbers")
    return value


def _allowed(words: Iterable[str]) -> str:
    return f"allowed are {', '.join(words)}"
