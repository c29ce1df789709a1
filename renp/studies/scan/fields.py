"""The fields of a study: which there are, and what each may hold.

In: plain data, as read. Out: a :class:`renp.studies.scan.grid.Study`, or :class:`FieldError` with the path of the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, Final

import numpy as np

from derivations.interactions.toml_lines import FieldPath
from renp.inputs.atoms import ATOMS
from renp.inputs.oscillation import OSCILLATION_SETS
from renp.statistics.couplings import Coupling, as_couplings
from renp.studies.scan.grid import PLAIN_AXES, QUANTITIES, Axis, Study

__all__ = ["MEDIATOR_NUMBERS", "FieldError", "checked_study", "one_line", "short"]

MEDIATOR_NUMBERS: Final[dict[str, tuple[str, ...]]] = {
    "vector": ("mass", "width", "g_V", "g_A"),
    "scalar": ("mass", "width", "y_S", "y_P"),
    "tensor_mediator": ("mass", "width", "c_T"),
}
"""What a study may set of each mediator besides its neutrino couplings."""

_CHOICES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("", "quantity"): tuple(QUANTITIES),
    ("neutrinos", "nature"): ("dirac", "majorana"),
    ("vector", "propagator"): ("feynman", "unitary"),
    ("vector", "m1"): ("spin", "full"),
    ("electromagnetic", "m1"): ("spin", "full"),
    ("axis", "spacing"): ("linear", "log"),
}

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "": (
        "title",
        "quantity",
        "chunk",
        "atom",
        "neutrinos",
        "exposure",
        "sensitivity",
        "axis",
        "couplings",
        *MEDIATOR_NUMBERS,
        "electromagnetic",
    ),
    "atom": ("name", "E_eg", "E_vg"),
    "neutrinos": ("oscillation", "lightest_mass", "nature", "majorana_phases"),
    "exposure": ("frequencies", "days", "volume_cm3", "density_cm3", "photon_density_cm3", "eta"),
    "sensitivity": ("coupling", "level", "profile"),
    "vector": (*MEDIATOR_NUMBERS["vector"], "propagator", "m1"),
    "scalar": MEDIATOR_NUMBERS["scalar"],
    "tensor_mediator": MEDIATOR_NUMBERS["tensor_mediator"],
    "electromagnetic": ("m1",),
    "axis": ("parameter", "values", "start", "stop", "number", "spacing"),
}

_MOST_POINTS: Final = 10**9
_MOST_ON_AXIS: Final = 10**7
_LONGEST_TITLE: Final = 1000


class FieldError(ValueError):
    """What is wrong with one field of a study."""

    path: FieldPath = ()

    @classmethod
    def at(cls, path: FieldPath, text: str) -> FieldError:
        """Return the error; made here, so that one can be sent from a worker."""
        error = cls(one_line(f"{_label(path)}: {text}"))
        error.path = path
        return error


def _label(path: FieldPath) -> str:
    """Write a path as it stands in a study: ``title``, ``[neutrinos] nature``, ``[[axis]] 1 values``."""
    words = [f"[[axis]] {part + 1}" if isinstance(part, int) else part for part in path]
    if path[0] == "axis" and len(path) > 1:
        words = words[1:]
    elif len(path) > 1 or path[0] in (set(_FIELDS) | {"couplings"}) - {"axis"}:
        words[0] = f"[{path[0]}]"
    return " ".join(words)


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


def checked_study(data: Mapping[str, Any]) -> Study:
    """Return plain data as a study.

    Raises
    ------
    FieldError : a field is unknown, missing or out of range.

    Example
    -------
    >>> checked_study({"quantity": "events"}).points
    1
    """
    _check_names((), data)
    _check_choice(("quantity",), data.get("quantity"))
    for section in _FIELDS:
        if section not in ("", "axis", "couplings") and section in data:
            _check_section(section, _table(data, section))
    if "title" in data:
        _check_title(data["title"])
    if "chunk" in data:
        _check_whole(("chunk",), data["chunk"], _MOST_POINTS)
    for name, value in _table(data, "couplings").items():
        _check_coupling(("couplings", name), name)
        _check_number(("couplings", name), value)
    entries = _list(("axis",), data.get("axis", []))
    axes = tuple(_checked_axis(("axis", i), entry) for i, entry in enumerate(entries))
    study = Study(data, tuple(sorted(axes, key=lambda axis: axis.parameter == "photon_energy")))
    _check_together(study)
    return study


def _check_title(title: object) -> None:
    # Old and new HDF5 layers store a plain line; neither stores a NUL.
    if not isinstance(title, str) or not title.isprintable() or len(title) > _LONGEST_TITLE:
        allowed = f"one line of at most {_LONGEST_TITLE} printable characters"
        raise FieldError.at(("title",), f"expected {allowed}, got {short(title)}")


def _check_together(study: Study) -> None:
    document, names = study.document, [axis.parameter for axis in study.axes]
    if len(set(names)) != len(names):
        raise FieldError.at(("axis",), "a parameter is given twice")
    has_energy = "photon_energy" in names
    if has_energy != (study.quantity == "spectral_function"):
        raise FieldError.at(
            ("axis",), "an axis over 'photon_energy' belongs to the quantity 'spectral_function' and to it alone"
        )
    if (study.quantity == "sensitivity") != ("sensitivity" in document):
        raise FieldError.at(("sensitivity",), "give this table with the quantity 'sensitivity' and with it alone")
    if "sensitivity" in document and "coupling" not in document["sensitivity"]:
        raise FieldError.at(("sensitivity", "coupling"), "missing")
    scanned = {name.split(".")[0] for name in names if "." in name}
    wanted = document.get("sensitivity", {})
    targets = [t for t in (wanted.get("coupling"), *wanted.get("profile", ())) if t]
    _check_given_once(document)
    used = scanned | {Coupling.parse(name).group for name in (*_table(document, "couplings"), *targets)}
    for group in sorted(used & set(MEDIATOR_NUMBERS)):
        if "mass" not in document.get(group, {}) and f"{group}.mass" not in names:
            raise FieldError.at((group, "mass"), f"missing, needed for the couplings of {group!r}")
    if study.points * study.row > _MOST_POINTS:
        raise FieldError.at(("axis",), f"the grid has more than {_MOST_POINTS:.0e} values")


def _check_given_once(document: Mapping[str, Any]) -> None:
    """Refuse one coupling in two places: their values would be added up."""
    wanted = document.get("sensitivity", {})
    given: list[tuple[FieldPath, str]] = [
        *((("couplings", name), name) for name in document.get("couplings", {})),
        *((("axis", i, "parameter"), axis["parameter"]) for i, axis in enumerate(document.get("axis", []))),
        *((("sensitivity", "coupling"), wanted[key]) for key in ("coupling",) if key in wanted),
        *((("sensitivity", "profile"), name) for name in wanted.get("profile", [])),
    ]
    couplings = [(path, name) for path, name in given if "[" in name]
    for count, (path, _) in enumerate(couplings, 1):
        try:
            as_couplings([name for _, name in couplings[:count]])
        except ValueError as error:
            raise FieldError.at(path, str(error)) from None


def _check_section(section: str, table: Mapping[str, Any]) -> None:
    _check_names((section,), table)
    for key, value in table.items():
        path = (section, key)
        if path in _CHOICES:
            _check_choice(path, value)
        elif path == ("atom", "name"):
            _check_member(path, value, ATOMS)
        elif path == ("neutrinos", "oscillation"):
            _check_member(path, value, OSCILLATION_SETS)
        elif path == ("sensitivity", "coupling"):
            _check_coupling(path, value)
        elif path == ("sensitivity", "profile"):
            for entry in _list(path, value):
                _check_coupling(path, entry)
        elif path in (("exposure", "frequencies"), ("neutrinos", "majorana_phases")):
            for entry in _list(path, value, least=1):
                _check_number(path, entry)
        else:
            _check_number(path, value)


def _checked_axis(path: FieldPath, entry: Any) -> Axis:
    if not isinstance(entry, Mapping):
        raise FieldError.at(("axis",), f"expected [[axis]] tables, got {short(entry)}")
    _check_names(path, entry)
    parameter = _checked_parameter((*path, "parameter"), entry.get("parameter"))
    has_values, ends = "values" in entry, [key for key in ("start", "stop", "number") if key in entry]
    if has_values == bool(ends) or len(ends) not in (0, 3):
        raise FieldError.at(path, "give either values or start, stop and number")
    if "spacing" in entry:
        _check_choice(("axis", "spacing"), entry["spacing"], path)
    if has_values:
        where = (*path, "values")
        values = [_check_number(where, value) for value in _list(where, entry["values"], least=1)]
    else:
        start, stop = (_check_number((*path, key), entry[key]) for key in ("start", "stop"))
        number = _check_whole((*path, "number"), entry["number"], _MOST_ON_AXIS)
        if not isfinite(stop - start):
            raise FieldError.at(path, f"start and stop are too far apart, got {start!r} and {stop!r}")
        logarithmic = entry.get("spacing") == "log"
        if logarithmic and not (start > 0 and stop > 0):
            raise FieldError.at(path, f"logarithmic spacing needs positive ends, got {start!r} and {stop!r}")
        values = (np.geomspace if logarithmic else np.linspace)(start, stop, number).tolist()
    if len(set(values)) != len(values):
        raise FieldError.at(path, "a value is given twice")
    return Axis(parameter, tuple(values))


def _checked_parameter(path: FieldPath, parameter: Any) -> str:
    if not isinstance(parameter, str):
        raise FieldError.at(path, f"expected the name of a parameter, got {short(parameter)}")
    if "[" in parameter:
        _check_coupling(path, parameter)
        return parameter
    group, _, entry = parameter.partition(".")
    if parameter not in PLAIN_AXES and entry not in MEDIATOR_NUMBERS.get(group, ()):
        numbers = [f"{g}.{n}" for g, entries in MEDIATOR_NUMBERS.items() for n in entries]
        allowed = ", ".join([*PLAIN_AXES, *numbers])
        raise FieldError.at(
            path, f"unknown {short(parameter)}, allowed are {allowed} and couplings like vector.g_L[1,1]"
        )
    return parameter


def _check_coupling(path: FieldPath, value: Any) -> None:
    if not isinstance(value, str):
        raise FieldError.at(path, f"expected the name of a coupling, got {short(value)}")
    try:
        Coupling.parse(value).matrix(0.0, 3)
    except ValueError as error:
        raise FieldError.at(path, str(error)) from error


def _check_names(path: FieldPath, table: Mapping[str, Any]) -> None:
    allowed = _FIELDS[str(path[0]) if path else ""]
    unknown = sorted(set(table) - set(allowed))
    if unknown:
        raise FieldError.at((*path, unknown[0]), f"unknown field, allowed are {', '.join(allowed)}")


def _check_choice(path: tuple[str, ...], value: object, inside: FieldPath | None = None) -> None:
    allowed = _CHOICES[("", *path)[-2], path[-1]]
    if value not in allowed:
        where = path if inside is None else (*inside, path[-1])
        raise FieldError.at(where, f"expected one of {', '.join(allowed)}, got {short(value)}")


def _check_member(path: FieldPath, value: Any, known: Iterable[str]) -> None:
    names = list(known)
    if value not in names:
        raise FieldError.at(path, f"expected one of {', '.join(names)}, got {short(value)}")


def _check_number(path: FieldPath, value: Any) -> float:
    try:
        number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else float("nan")
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise FieldError.at(path, f"expected a finite number, got {short(value)}")
    return number


def _check_whole(path: FieldPath, value: Any, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise FieldError.at(path, f"expected a whole number from 1 to {most}, got {short(value)}")
    return value


def _list(path: FieldPath, value: Any, *, least: int = 0) -> list[Any]:
    if not isinstance(value, list) or len(value) < least:
        raise FieldError.at(path, f"expected a list{' of at least one' if least else ''}, got {short(value)}")
    return value


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, Mapping):
        raise FieldError.at((name,), f"expected a table, got {short(table)}")
    return table
