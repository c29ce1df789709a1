"""The settings of a study: which table holds which, and as what :func:`renp.rates.experiment.experiment` takes them.

In: the tables ``[atom]``, ``[neutrinos]`` and ``[exposure]`` of a study as plain data. Out: settings by name, and the place
of each in the study. Their names and kinds are those of the functions that take them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from inspect import signature
from typing import Any, Final

from derivations.interactions.toml_lines import FieldPath
from renp.model import shipped_model
from renp.rates.emission import emission
from renp.rates.experiment import SETTINGS, experiment
from renp.studies.scan.errors import FieldError, checked_list, checked_number, short
from renp_generated.runtime.arguments import checked

__all__ = ["SECTIONS", "check_setting", "places_of", "settings_of"]

_WEAK: Final = [a.name for group in shipped_model().functions.groups if not group.keyword for a in group.arguments]
_NEUTRINOS: Final = (
    *("oscillation", "ordering", "lightest_mass", "masses", "mixing", "majorana_phases", "nature"),
    *_WEAK,
)
_EXPOSURE: Final = [name for name in signature(experiment).parameters if name not in ("C_ev", "settings")]

_OTHER_NAMES: Final[dict[tuple[str, str], str]] = {("atom", "name"): "atom", ("exposure", "days"): "exposure_days"}
"""Short names of settings, which a study may use instead."""


def _section(setting: str) -> str:
    return "neutrinos" if setting in _NEUTRINOS else "exposure" if setting in _EXPOSURE else "atom"


def _fields(section: str) -> tuple[str, ...]:
    own = [name for name in SETTINGS if name != "model" and _section(name) == section]
    return (*(short_name for table, short_name in _OTHER_NAMES if table == section), *own)


SECTIONS: Final = {section: _fields(section) for section in ("atom", "neutrinos", "exposure")}
"""The tables of settings, and the fields of each; what belongs to neither neutrinos nor exposure is the atom's."""


def _kinds() -> Iterator[tuple[str, str]]:
    """Yield every setting and what it is, by the annotations of the functions that take it."""
    parameters: dict[str, Any] = {}
    for function in (checked, emission, experiment):
        parameters |= signature(function).parameters
    for name in SETTINGS:
        words = re.findall(r"\w+", str(parameters[name].annotation)) if name in parameters else []
        yield name, _kind(words)


def _kind(words: list[str]) -> str:
    if "Mapping" in words:
        return "table"
    if words[:1] == ["float"]:
        return "number or word" if "str" in words else "number"
    return "word" if "str" in words else "array"


_KINDS: Final = dict(_kinds())


def check_setting(section: str, field: str, value: Any) -> None:
    """Raise :class:`FieldError` unless a field holds what its setting is made of: a number, a word, lists, a table of lists."""
    kind, path = _KINDS[_setting(section, field)], (section, field)
    if kind == "number or word":
        kind = "word" if isinstance(value, str) else "number"
    if kind == "number":
        checked_number(path, value)
    elif kind in _READ:
        _READ[kind](path, value)
    elif not isinstance(value, str):
        raise FieldError.at(path, f"expected a word, got {short(value)}")


def settings_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a checked study as :func:`renp.rates.experiment.experiment` takes them.

    Example
    -------
    >>> settings_of({"atom": {"name": "Xe"}, "neutrinos": {"masses": [0.0, 0.1], "axial": [[0.5, [0.0, 0.1]], [[0, -0.1], 0]]}})
    {'atom': 'Xe', 'masses': [0.0, 0.1], 'axial': [[0.5, 0.1j], [-0.1j, 0.0]]}
    """
    found = {}
    for setting, path in places_of(document).items():
        value = document[path[0]][path[1]]
        kind = _KINDS[setting]
        found[setting] = _READ[kind](path, value) if kind in _READ else value
    return found


def places_of(document: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return where each setting of a study stands.

    Raises
    ------
    FieldError : one is given twice, or the lightest mass beside all masses.
    """
    found: dict[str, tuple[str, str]] = {}
    for section in SECTIONS:
        for field in document.get(section, {}):
            setting = _setting(section, field)
            if setting in found:
                raise FieldError.at((section, field), f"the same as {found[setting][1]}, give it once")
            found[setting] = (section, field)
    if "masses" in found and "lightest_mass" in found:
        raise FieldError.at(found["lightest_mass"], "all masses are given, leave it out")
    return found


def _setting(section: str, field: str) -> str:
    return _OTHER_NAMES.get((section, field), field)


def _array(path: FieldPath, value: Any) -> Any:
    """Return a number, a list of numbers, or a matrix whose entries are numbers or ``[re, im]``."""
    if not isinstance(value, list):
        return checked_number(path, value, "or a list")
    entries = checked_list(path, value, least=1)
    if not any(isinstance(entry, list) for entry in entries):
        return [checked_number(path, entry) for entry in entries]
    return [[_entry(path, entry) for entry in checked_list(path, row, least=1)] for row in entries]


def _entry(path: FieldPath, entry: Any) -> float | complex:
    if not isinstance(entry, list):
        return checked_number(path, entry, "or [re, im]")
    if len(entry) != 2:
        raise FieldError.at(path, f"expected a number or [re, im] as entry of a matrix, got {short(entry)}")
    return complex(*(checked_number(path, part) for part in entry))


def _table(path: FieldPath, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise FieldError.at(
            path, f"expected a table of lists, as {{E_vg = [3.0], amplitudes = [0.5]}}, got {short(value)}"
        )
    return {name: _array(path, entry) for name, entry in value.items()}


_READ: Final = {"array": _array, "table": _table}
"""What reads the kinds of settings that are made of several numbers."""
