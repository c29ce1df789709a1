"""The study file of a scan: what to compute, and over which parameters.

In: ``study.toml``, data and nothing else. Out: a checked :class:`renp.studies.scan.grid.Study`, or one line that says where
the file is wrong.

A study::

    title = "Sensitivity to a vector mediator"
    quantity = "sensitivity"              # or "spectral_function", "events"
    interactions = ["vector", "my_boson.toml", "second=vector"]   # all shipped ones by default; paths from this file

    [neutrinos]
    lightest_mass = 0.01                  # eV

    [vector]
    mass = 1.0                            # eV

    [sensitivity]
    coupling = "vector.g_L[1,1]"
    level = 0.95

    [couplings]
    "my_boson.g[1,2].imag" = 1e-12        # kept fixed

    [[axis]]
    parameter = "my_boson.mass"
    start = 1e-3
    stop = 1e4
    number = 100
    spacing = "log"

The tables ``[atom]``, ``[neutrinos]`` and ``[exposure]`` hold the settings of :func:`renp.rates.experiment.experiment` under
their names, see :data:`renp.studies.scan.settings.SECTIONS`; matrices are lists of rows, complex entries ``[re, im]``. A table
for each interaction holds its mass, width, electron couplings and choices. In ``[sensitivity]`` may stand ``coupling``,
``level``, ``profile`` and ``background``. An electron coupling that opens the pair step is 1 if none is set.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from derivations.interactions.toml_lines import FieldPath, field_lines
from renp.inputs.atom_files import read_atom_text
from renp.model import Model, read_word, shipped_model
from renp.studies.scan.compute import values_at
from renp.studies.scan.errors import FieldError, checked_list, one_line, short
from renp.studies.scan.fields import checked_study, field_places
from renp.studies.scan.grid import Study

__all__ = ["load_study", "parse_study", "with_model"]

Further = Callable[[Model], Mapping[str, Mapping[str, Any]]]
"""What makes further tables of a study, once its model is known."""

_LONGEST_PATH: Final = 400


def load_study(path: str | os.PathLike[str], model: Model | None = None, *, further: Further | None = None) -> Study:
    """Read and check a study file.

    Parameters
    ----------
    path : the file; paths of interactions in it start from its directory.
    model : the interactions, if the file names none.
    further : see :func:`parse_study`.

    Raises
    ------
    ValueError : the file is not valid TOML, or a field is unknown, missing or out of range; one line with file, line,
        field, what was found and what is allowed.
    TypeError : a model of another type.
    OSError : the file cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not a text file in UTF-8") from error
    return parse_study(text, model, name=str(path), directory=os.path.dirname(path), further=further)


def parse_study(
    text: str,
    model: Model | None = None,
    *,
    name: str = "study",
    directory: str | os.PathLike[str] = "",
    further: Further | None = None,
) -> Study:
    """Check a study given as text; see :func:`load_study`.

    Parameters
    ----------
    text : TOML.
    model : the interactions, if the study names none.
    name : how messages call the file.
    directory : where paths of interaction files start.
    further : returns tables of a model to add to the study, as ``{"vector": {"mass": 1.0}, "couplings": {...}}``.

    Example
    -------
    >>> parse_study('quantity = "events"\\ncolour = 1')
    Traceback (most recent call last):
    ...
    ValueError: study:2: colour: unknown field, allowed are title, quantity, chunk, interactions, atom, neutrinos, ...
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: not valid TOML: {one_line(str(error))}") from error
    except RecursionError:
        raise ValueError(f"{name}: not valid TOML: nested too deeply") from None
    except ValueError:
        # Python reads integers of at most some thousand digits.
        raise ValueError(f"{name}: not valid TOML: a number with too many digits") from None
    chosen = None if model is None else _as_model(model)
    try:
        read, files = _interactions(data, chosen, directory)
        document = {**_with_atom(data, directory), "interactions": dict(read.sources)}
        study = checked_study(document if further is None else _joined(document, further(read)), files)
        _check_ends(study)
    except ValueError as error:
        place = f":{_line(text, error.path)}" if isinstance(error, FieldError) else ""
        raise ValueError(f"{name}{place}: {error}") from error
    return study


def with_model(study: Study, model: Model) -> Study:
    """Return a study that names no interactions as one of a model.

    Raises
    ------
    ValueError : the study names others, or is not one of this model.
    TypeError : a model of another type.

    Example
    -------
    >>> with_model(parse_study('quantity = "events"'), Model("vector")).model
    Model('vector')
    """
    if study.files is not None and _as_model(model) != study.model:
        raise ValueError(f"model: {_named_twice(study.model, model)}")
    return checked_study({**study.document, "interactions": dict(_as_model(model).sources)}, _files(model))


def _interactions(
    data: Mapping[str, Any], model: Model | None, directory: str | os.PathLike[str]
) -> tuple[Model, Mapping[str, str] | None]:
    """Return the model of a study as it was read, and the file or name of each interaction."""
    if "interactions" not in data:
        return (shipped_model(), None) if model is None else (model, _files(model))
    found = []
    for place, word in enumerate(checked_list(("interactions",), data["interactions"])):
        path = ("interactions", place)
        if not isinstance(word, str) or len(word) > _LONGEST_PATH:
            raise FieldError.at(path, f"expected a name or a path of a file, got {short(word)}")
        try:
            found.append(read_word(word, directory))
        except ValueError as error:
            raise FieldError.at(path, str(error)) from error
    try:
        own = Model.of([interaction for _, interaction in found])
    except ValueError as error:
        raise FieldError.at(("interactions",), str(error)) from error
    if model is not None and model != own:
        raise FieldError.at(("interactions",), _named_twice(own, model))
    return own, {interaction.name: file for file, interaction in found}


def _with_atom(data: Mapping[str, Any], directory: str | os.PathLike[str]) -> Mapping[str, Any]:
    """Return a study whose atom is no file any more but the text of it, so that a point depends on nothing else."""
    table = data.get("atom")
    for field in ("name", "atom"):
        word = table.get(field) if isinstance(table, Mapping) else None
        if isinstance(word, str) and word.endswith(".toml"):
            try:
                text = read_atom_text(os.path.join(directory, word))
            except ValueError as error:
                raise FieldError.at(("atom", field), str(error)) from error
            return {**data, "atom": {**data["atom"], field: text}}
    return data


def _named_twice(own: Model, model: Model) -> str:
    shown = [", ".join(one.keywords) or "none" for one in (own, model)]
    return f"the study names interactions ({shown[0]}) and others are given for this run ({shown[1]}), leave one of them out"


def _files(model: Model) -> Mapping[str, str]:
    return {interaction.name: interaction.name for interaction in model.interactions}


def _as_model(model: object) -> Model:
    if not isinstance(model, Model):
        raise TypeError(f"model: expected what renp.Model returns, got {short(model)}")
    return model


def _joined(document: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a document with further fields in its tables; those that it has already stay what they are."""
    joined = dict(document)
    for table, fields in tables.items():
        before = joined.get(table, {})
        if not isinstance(before, Mapping):
            continue
        for field in fields:
            if field in before:
                raise FieldError.at((table, field), "given in the study and again for this run (--set), give it once")
        joined[table] = {**before, **fields}
    return joined


def _line(text: str, path: FieldPath) -> int:
    """Return the line of a field, or of what should hold it."""
    lines, _ = field_lines(text.replace("\r\n", "\n"))
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)


def _check_ends(study: Study) -> None:
    """Compute the first and the last corner of the grid, so that a value out of range shows before the work is done."""
    for end in (min, max):
        corner = tuple(replace(axis, values=(end(axis.values),)) for axis in study.axes)
        values = {axis.parameter: axis.values[0] for axis in corner}
        try:
            values_at(replace(study, axes=corner), values)
        except ValueError as error:
            # The functions call a field ``level`` or ``vector['mass']``.
            found = re.match(r"(\w+)(?:\['(\w+)'\])?", str(error.__cause__ or error))
            path = found and field_places(study.document).get(".".join(filter(None, found.groups())))
            raise FieldError.at(path, str(error)) if path else error from error.__cause__
