"""The fields of a study: which there are, and what each may hold.

In: plain data, as read. Out: a :class:`renp.studies.scan.grid.Study`, or :class:`FieldError` with the path of the field. What
a study may hold of an interaction is read from the groups of its model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from inspect import Parameter, signature
from math import isfinite
from typing import Any, Final

import numpy as np

from derivations.interactions.toml_lines import FieldPath
from renp.model import Model, ModelCoupling, shipped_model
from renp.rates.experiment import SETTINGS, Experiment, experiment
from renp.statistics.couplings import Coupling, as_couplings
from renp.statistics.rate_polynomial import rate_polynomial
from renp.studies.scan.errors import FieldError, checked_list, checked_number, checked_whole, label, short
from renp.studies.scan.grid import PLAIN_AXES, QUANTITIES, Axis, Study
from renp.studies.scan.settings import SECTIONS, check_setting, places_of, settings_of
from renp.studies.sensitivity import sensitivity, usual_frequencies

__all__ = ["FieldError", "Groups", "checked_study", "field_places"]

_NUMBERS: Final = ("mass", "width", "real")
"""Kinds of the entries of a group that an axis may run over."""

_ROOT: Final = (
    *("title", "quantity", "chunk", "interactions"),
    *(*SECTIONS, "sensitivity", "axis", "couplings"),
)
_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    **SECTIONS,
    "sensitivity": ("coupling", "level", "profile", "background"),
    "axis": ("parameter", "values", "start", "stop", "number", "spacing"),
}
_WORDS: Final = {
    name
    for function in (Experiment.spectrum, rate_polynomial, sensitivity)
    for name, parameter in signature(function).parameters.items()
    if parameter.kind is not Parameter.VAR_KEYWORD
}
"""What the functions that take coupling groups as keywords call something else."""

_SPACINGS: Final = ("linear", "log")
_TAKEN_DIMENSIONS: Final = (*PLAIN_AXES, *QUANTITIES, "negative", "positive", "magnitude")

_MOST_POINTS: Final = 10**9
_MOST_ON_AXIS: Final = 10**7
_LONGEST_TITLE: Final = 1000


def checked_study(data: Mapping[str, Any], files: Mapping[str, str] | None = None) -> Study:
    """Return plain data as a study.

    Parameters
    ----------
    data : the tables and fields; ``interactions``, a mapping of names to the texts of their files, is completed.
    files : see :class:`Study`.

    Raises
    ------
    FieldError : a field is unknown, missing or out of range.
    ValueError : the settings do not fit each other.

    Example
    -------
    >>> checked_study({"quantity": "events"}).points
    1
    """
    model = _model(data)
    groups = Groups(model)
    _check_names((), data, (*_ROOT, *groups.tables))
    if "quantity" not in data:
        _check_sections(data)
        raise _missing_quantity(data)
    _check_choice(("quantity",), data["quantity"], tuple(QUANTITIES))
    if "title" in data:
        _check_title(data["title"])
    if "chunk" in data:
        checked_whole(("chunk",), data["chunk"], _MOST_POINTS)
    _check_sections(data)
    for keyword in groups.tables:
        _check_group(keyword, _table(data, keyword), groups)
    if "sensitivity" in data:
        _check_sensitivity(_table(data, "sensitivity"), groups)
    for name, value in _table(data, "couplings").items():
        groups.coupling(("couplings", name), name)
        checked_number(("couplings", name), value)
    entries = checked_list(("axis",), data.get("axis", []))
    axes = tuple(_checked_axis(("axis", i), entry, groups) for i, entry in enumerate(entries))
    document = {**data, "interactions": dict(model.sources)}
    _check_together(document, axes, groups)
    axes = tuple(sorted(axes, key=lambda axis: axis.parameter == "photon_energy"))
    study = Study(document, axes, _first_run(document, axes, model), files)
    _check_indices(study)
    if study.points * study.row > _MOST_POINTS:
        raise FieldError.at(("axis",), f"the grid has more than {_MOST_POINTS:.0e} values")
    return study


@dataclass(frozen=True)
class Groups:
    """What a study may hold of the interactions of a model.

    Raises
    ------
    FieldError : a group has the name of something else in a study.

    Example
    -------
    >>> Groups(Model("vector", "tensor")).tables
    {'vector': ('mass', 'width', 'propagator', 'm1', 'g_V', 'g_A')}
    """

    model: Model

    def __post_init__(self) -> None:
        for keyword in self.model.keywords:
            if keyword in (*_ROOT, *SETTINGS, *_WORDS):
                raise FieldError.at(
                    ("interactions",),
                    f"{keyword!r} is a word of studies, give this interaction another name as in interactions = "
                    f"['own_{keyword}=FILE']",
                )

    @cached_property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """The tables of the groups, and the fields of each: all but the neutrino couplings."""
        found = {k: tuple(c.name for c in self.entries(k) if c.line != "neutrino") for k in self.model.keywords}
        return {keyword: fields for keyword, fields in found.items() if fields}

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The numbers that an axis may run over, as ``vector.mass``, with their units."""
        return {f"{k}.{c.name}": c.units for k in self.model.keywords for c in self.entries(k) if c.kind in _NUMBERS}

    def entries(self, keyword: str) -> tuple[ModelCoupling, ...]:
        """Return the entries of a group."""
        return self.model.group(keyword).couplings

    def coupling(self, path: FieldPath, value: Any) -> Coupling:
        """Return the coupling of a name; :class:`FieldError` for something else."""
        if not isinstance(value, str):
            raise FieldError.at(path, f"expected the name of a coupling, got {short(value)}")
        try:
            return Coupling.parse(value, self.model)
        except ValueError as error:
            raise FieldError.at(path, str(error)) from error


def _model(data: Mapping[str, Any]) -> Model:
    """Return the model of the texts that a document holds."""
    if "interactions" not in data:
        return shipped_model()
    texts = data["interactions"]
    if not isinstance(texts, Mapping) or not all(isinstance(part, str) for pair in texts.items() for part in pair):
        raise FieldError.at(("interactions",), f"expected a text for each name, got {short(texts)}")
    try:
        # One order for all that were given the same texts: sums in another order have other last bits.
        return _of_texts(tuple(sorted(texts.items())))
    except ValueError as error:
        raise FieldError.at(("interactions",), str(error)) from error


@lru_cache(maxsize=8)
def _of_texts(texts: tuple[tuple[str, str], ...]) -> Model:
    return Model.from_texts(dict(texts))


def _first_run(document: Mapping[str, Any], axes: tuple[Axis, ...], model: Model) -> Experiment:
    """Return the experiment at the first values of the axes.

    Raises
    ------
    FieldError : a setting is out of range.
    ValueError : they do not fit each other.
    """
    settings = settings_of(document)
    for axis in axes:
        if axis.parameter == "photon_energy":
            # The exposure does not matter, and its default belongs to ytterbium.
            settings.setdefault("frequencies", axis.values[:1])
        elif axis.parameter in PLAIN_AXES:
            settings[axis.parameter] = axis.values[0]
    if document["quantity"] == "sensitivity" and "frequencies" not in settings:
        target = Coupling.parse(document["sensitivity"]["coupling"], model)
        settings["frequencies"] = usual_frequencies(target, model, settings)
    try:
        return experiment(model=model, **settings)
    except (ValueError, TypeError) as error:
        text, places = str(error), field_places(document)
        named = next((word for word in re.findall(r"\w+", text) if word in places), None)
        if named is None:
            raise ValueError(text) from error
        raise FieldError.at(places[named], text.removeprefix(named).lstrip(": ")) from error


def field_places(document: Mapping[str, Any]) -> dict[str, FieldPath]:
    """Return where what the functions know by a name stands in a checked study: ``level``, ``vector.mass``, ``frequencies``."""
    places: dict[str, FieldPath] = dict(places_of(document))
    places |= {field: ("sensitivity", field) for field in document.get("sensitivity", {})}
    for keyword in set(document) - set(_ROOT):
        places |= _numbers(document, keyword)
    for place, axis in enumerate(document.get("axis", [])):
        places[axis["parameter"]] = ("axis", place)
    if "photon_energy" in places:
        places.setdefault("frequencies", places["photon_energy"])
    return places


def _check_sections(data: Mapping[str, Any]) -> None:
    for section in SECTIONS:
        table = _table(data, section)
        home = {key: value for key, value in table.items() if key != "quantity" or "quantity" in data}
        _check_names((section,), home, SECTIONS[section])
        for key, value in home.items():
            check_setting(section, key, value)


def _missing_quantity(data: Mapping[str, Any]) -> FieldError:
    """Return that a study does not say what to compute, or that it says so below the heading of a table."""
    allowed = f"expected one of {', '.join(QUANTITIES)}"
    for name, table in data.items():
        if isinstance(table, Mapping) and "quantity" in table:
            text = f"belongs to the top level, where it is missing: put it above all tables; {allowed}"
            return FieldError.at((name, "quantity"), text)
    return FieldError.at(("quantity",), f"missing at the top level, {allowed}")


def _check_title(title: object) -> None:
    # Old and new HDF5 layers store a plain line; neither stores a NUL.
    if not isinstance(title, str) or not title.isprintable() or len(title) > _LONGEST_TITLE:
        allowed = f"one line of at most {_LONGEST_TITLE} printable characters"
        raise FieldError.at(("title",), f"expected {allowed}, got {short(title)}")


def _check_group(keyword: str, table: Mapping[str, Any], groups: Groups) -> None:
    _check_names((keyword,), table, groups.tables[keyword])
    for entry in groups.entries(keyword):
        if entry.name not in table:
            continue
        if entry.kind == "choice":
            _check_choice((keyword, entry.name), table[entry.name], entry.choices)
        else:
            checked_number((keyword, entry.name), table[entry.name])


def _check_sensitivity(table: Mapping[str, Any], groups: Groups) -> None:
    _check_names(("sensitivity",), table, _FIELDS["sensitivity"])
    if "coupling" in table:
        groups.coupling(("sensitivity", "coupling"), table["coupling"])
    for entry in checked_list(("sensitivity", "profile"), table.get("profile", [])):
        groups.coupling(("sensitivity", "profile"), entry)
    if "level" in table:
        checked_number(("sensitivity", "level"), table["level"])
    background = table.get("background", 0.0)
    for count in background if isinstance(background, list) else [background]:
        checked_number(("sensitivity", "background"), count)


def _check_together(document: Mapping[str, Any], axes: tuple[Axis, ...], groups: Groups) -> None:
    names = [axis.parameter for axis in axes]
    if ("photon_energy" in names) != (document["quantity"] == "spectral_function"):
        raise FieldError.at(
            ("axis",), "an axis over 'photon_energy' belongs to the quantity 'spectral_function' and to it alone"
        )
    if (document["quantity"] == "sensitivity") != ("sensitivity" in document):
        raise FieldError.at(
            ("sensitivity",), "give this table with the quantity 'sensitivity' and with it alone", table=True
        )
    if "sensitivity" in document and "coupling" not in document["sensitivity"]:
        raise FieldError.at(("sensitivity", "coupling"), "missing")
    _check_given_once(document, groups)
    _check_dimensions(axes)
    used = {name.split(".")[0] for _, name in _couplings(document)} | {n.split(".")[0] for n in names if "." in n}
    for keyword in sorted(used | (set(groups.tables) & set(document))):
        for entry in groups.entries(keyword):
            if entry.kind == "mass" and f"{keyword}.{entry.name}" not in {*names, *_numbers(document, keyword)}:
                raise FieldError.at((keyword, entry.name), f"missing, needed for the couplings of {keyword!r}")


def _check_given_once(document: Mapping[str, Any], groups: Groups) -> None:
    """Refuse a parameter in two places: one value would be lost, or both would be added up."""
    places: dict[str, FieldPath] = dict(places_of(document))
    for keyword in groups.tables:
        places |= _numbers(document, keyword)
    if "masses" in places:
        places.setdefault("lightest_mass", places["masses"])
    for number, axis in enumerate(document.get("axis", [])):
        path: FieldPath = ("axis", number, "parameter")
        name = axis["parameter"]
        if name in places:
            raise FieldError.at(path, f"{name!r} is given already, {label(places[name])}: give it once")
        if "[" not in name:
            places[name] = path
    couplings = list(_couplings(document))
    for count, (path, _) in enumerate(couplings, 1):
        try:
            as_couplings([name for _, name in couplings[:count]], groups.model)
        except ValueError as error:
            raise FieldError.at(path, str(error)) from None


def _numbers(document: Mapping[str, Any], keyword: str) -> dict[str, FieldPath]:
    return {f"{keyword}.{entry}": (keyword, entry) for entry in document.get(keyword, {})}


def _couplings(document: Mapping[str, Any]) -> Iterator[tuple[FieldPath, str]]:
    """Yield every coupling that a study names, with its place."""
    wanted = document.get("sensitivity", {})
    yield from ((("couplings", name), name) for name in document.get("couplings", {}))
    for place, axis in enumerate(document.get("axis", [])):
        if "[" in axis["parameter"]:
            yield ("axis", place, "parameter"), axis["parameter"]
    yield from ((("sensitivity", "coupling"), wanted[key]) for key in ("coupling",) if key in wanted)
    yield from ((("sensitivity", "profile"), name) for name in wanted.get("profile", []))


def _check_dimensions(axes: tuple[Axis, ...]) -> None:
    """Refuse names of groups and couplings that would be one dimension, or something else, in the data set."""
    taken = {name: name for name in _TAKEN_DIMENSIONS}
    for place, axis in enumerate(axes):
        if taken.setdefault(axis.dimension, axis.parameter) != axis.parameter:
            raise FieldError.at(
                ("axis", place, "parameter"),
                f"{axis.parameter!r} and {taken[axis.dimension]!r} would both be {axis.dimension!r} in the data set; "
                "give the interaction another name, as in NAME=FILE",
            )


def _check_indices(study: Study) -> None:
    n = len(study.run.masses)
    for path, name in _couplings(study.document):
        try:
            Coupling.parse(name, study.model).matrix(0.0, n)
        except ValueError as error:
            raise FieldError.at(path, str(error)) from error


def _checked_axis(path: FieldPath, entry: Any, groups: Groups) -> Axis:
    if not isinstance(entry, Mapping):
        raise FieldError.at(("axis",), f"expected [[axis]] tables, got {short(entry)}")
    _check_names(path, entry, _FIELDS["axis"])
    axis = _checked_parameter((*path, "parameter"), entry.get("parameter"), groups)
    has_values, ends = "values" in entry, [key for key in ("start", "stop", "number") if key in entry]
    if has_values == bool(ends) or len(ends) not in (0, 3):
        raise FieldError.at(path, "give either values or start, stop and number")
    if "spacing" in entry:
        _check_choice((*path, "spacing"), entry["spacing"], _SPACINGS)
    if has_values:
        where = (*path, "values")
        values = [checked_number(where, value) for value in checked_list(where, entry["values"], least=1)]
    else:
        start, stop = (checked_number((*path, key), entry[key]) for key in ("start", "stop"))
        number = checked_whole((*path, "number"), entry["number"], _MOST_ON_AXIS)
        if not isfinite(stop - start):
            raise FieldError.at(path, f"start and stop are too far apart, got {start!r} and {stop!r}")
        logarithmic = entry.get("spacing") == "log"
        if logarithmic and not (start > 0 and stop > 0):
            raise FieldError.at(path, f"logarithmic spacing needs positive ends, got {start!r} and {stop!r}")
        values = (np.geomspace if logarithmic else np.linspace)(start, stop, number).tolist()
    if len(set(values)) != len(values):
        raise FieldError.at(path, "a value is given twice")
    return replace(axis, values=tuple(values))


def _checked_parameter(path: FieldPath, parameter: Any, groups: Groups) -> Axis:
    """Return the axis of a parameter, without values."""
    if not isinstance(parameter, str):
        raise FieldError.at(path, f"expected the name of a parameter, got {short(parameter)}")
    if "[" in parameter:
        return Axis(parameter, (), groups.coupling(path, parameter).unit)
    units = {**PLAIN_AXES, **groups.numbers}
    if parameter not in units:
        allowed = ", ".join(units)
        raise FieldError.at(
            path, f"unknown {short(parameter)}, allowed are {allowed} and couplings like vector.g_L[1,1]"
        )
    return Axis(parameter, (), units[parameter])


def _check_names(path: FieldPath, table: Mapping[str, Any], allowed: Iterable[str]) -> None:
    unknown = sorted(set(table) - set(allowed))
    if not unknown:
        return
    home = next((section for section in SECTIONS if path and unknown[0] in SECTIONS[section]), None)
    hint = f"belongs to [{home}]" if home else f"unknown field, allowed are {', '.join(allowed)}"
    raise FieldError.at((*path, unknown[0]), hint)


def _check_choice(path: FieldPath, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise FieldError.at(path, f"expected one of {', '.join(allowed)}, got {short(value)}")


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, Mapping):
        raise FieldError.at((name,), f"expected a table, got {short(table)}", table=True)
    return table
