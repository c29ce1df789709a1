"""The structure of interaction files as a JSON schema, for editors that complete and check while one types.

Made from the tables of :mod:`derivations.interactions.reader`. A schema knows keys, types, words and patterns, no algebra:
what it refuses the reader refuses, and of what it accepts the reader still checks Hermiticity, indices, dimensions and
that names differ. Only keywords of draft 7 are used, which are those of 2020-12 too: some editors know the former alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from derivations.interactions import language
from derivations.interactions.model import CONSTANTS, CONTACT_FACTORS, KINDS, SPINS, UNITS
from derivations.interactions.reader import (
    ADD_CONJUGATE,
    COMMON_KEYS,
    ENTRY_KEYS,
    FORBIDDEN_IN_PROSE,
    IDENTIFIER,
    MAX_COUPLINGS,
    MAX_PROSE,
    NAME,
    PROPAGATOR_KEYS,
    RESERVED_COUPLINGS,
    Keys,
    reserved_names,
    sides,
)

FILE = "interaction.schema.json"
"""Name of the file that ships beside the interactions."""

Schema = dict[str, Any]

_HELP = {
    "name": "keyword of the interaction in spectral_function",
    "title": "one line, for tables and generated code",
    "description": "one line, for generated code",
    "references": "where the interaction is from",
    "propagator": "how the electron and the neutrino current are connected",
    "electron": "bilinears of the electron, with real couplings",
    "neutrino": "bilinears of the neutrinos, with coupling matrices",
    "terms": "products of a neutrino and an electron bilinear, with coupling matrices",
    "kind": "massive: exchange of a particle; photon; contact: no propagator",
    "factor": "prefactor of the Hamiltonian",
    "spin": "of the particle; 2 is an antisymmetric tensor with propagator 1/(s - M^2)",
    "mass": "name of the argument that is the mass",
    "width": "name of the argument that is the width",
    "coupling": "name of the coupling, unique in the file",
    "bilinear": "Dirac matrix between the spinors, such as i gamma5 or gamma(mu) PL",
    "dimension": "mass dimension of the coupling, such that the term has dimension 4",
    "units": "units of the coupling",
    "hermitian": f"{ADD_CONJUGATE}: the term stands for itself plus its Hermitian conjugate, its matrix for any complex one",
    "constant": "a constant of nature in place of an argument",
}


_UNPRINTABLE = r"\u0000-\u001f\u007f-\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff"
"""Control and direction characters and odd spaces. Which other characters are printable changes with Unicode."""
_REFERENCES = {name: {"$ref": f"#/$defs/{name}"} for name in ("identifier", "bilinear")}


def interaction_schema() -> Schema:
    """Return the JSON schema of interaction files.

    Example
    -------
    >>> schema = interaction_schema()
    >>> schema["required"]
    ['name', 'title', 'description', 'references', 'propagator']
    >>> schema["properties"]["neutrino"]["maxItems"]
    8
    """
    kinds = {kind: _table(PROPAGATOR_KEYS[kind], _propagator(kind)) for kind in KINDS}
    properties = {
        "name": _identifier(NAME, reserved_names()),
        **{key: _prose(MAX_PROSE[key]) for key in ("title", "description")},
        "references": _array(_prose(MAX_PROSE["references"]), 0),
        "propagator": {"oneOf": list(kinds.values())},
        **{side: _array(_entry(side), 1) for side in ENTRY_KEYS},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Interaction file of renp",
        **_table((COMMON_KEYS, tuple(ENTRY_KEYS)), properties),
        "allOf": [_sides_of(kind) for kind in KINDS],
        "$defs": {
            "identifier": _identifier(IDENTIFIER, RESERVED_COUPLINGS),
            "bilinear": {
                "type": "string",
                "maxLength": language.MAX_LENGTH,
                "pattern": _whole(f"(?:{language.token_pattern()})*"),
            },
        },
    }


def schema_text() -> str:
    """Return the schema as it stands in :data:`FILE`.

    Example
    -------
    >>> from importlib.resources import files
    >>> (files("derivations") / "interactions" / FILE).read_text(encoding="utf-8") == schema_text()
    True
    """
    return json.dumps(interaction_schema(), indent=1) + "\n"


def _sides_of(kind: str) -> Schema:
    found = {"properties": {"propagator": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}}}
    wanted = sides(kind)
    forbidden = {side: False for side in ENTRY_KEYS if side not in wanted}
    return {"if": {**found, "required": ["propagator"]}, "then": {"required": list(wanted), "properties": forbidden}}


def _table(keys: Keys, properties: Mapping[str, Schema]) -> Schema:
    required, optional = keys
    return {
        "type": "object",
        "properties": {key: {"description": _HELP[key], **properties[key]} for key in (*required, *optional)},
        "required": list(required),
        "additionalProperties": False,
    }


def _array(items: Schema, least: int) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "maxItems": MAX_COUPLINGS}


def _propagator(kind: str) -> Mapping[str, Schema]:
    return {
        "kind": {"const": kind},
        "factor": {"enum": list(CONTACT_FACTORS)},
        "spin": {"type": "integer", "enum": list(SPINS)},
        **dict.fromkeys(("mass", "width"), _REFERENCES["identifier"]),
    }


def _entry(side: str) -> Schema:
    properties: Mapping[str, Schema] = {
        "coupling": {"type": "string"},
        **dict.fromkeys(("bilinear", "electron", "neutrino"), _REFERENCES["bilinear"]),
        "dimension": {"type": "integer", "enum": sorted(set(UNITS.values()))},
        "units": {"enum": list(UNITS)},
        "hermitian": {"enum": [True, ADD_CONJUGATE]},
        "constant": {"type": "boolean"},
    }
    constant = {"properties": {"constant": {"const": True}}, "required": ["constant"]}
    coupling = {
        "if": constant,
        "then": {"properties": {"coupling": {"enum": list(CONSTANTS)}}},
        "else": {"properties": {"coupling": _REFERENCES["identifier"]}},
    }
    # A key that is not there fits every schema: without a dimension units are those of a number.
    dimensions = [_units_of(dimension, None) for dimension in sorted(set(UNITS.values()) - {0})]
    return {**_table(ENTRY_KEYS[side], properties), "allOf": [coupling, *dimensions, _units_of(0, 0)]}


def _units_of(dimension: int, default: int | None) -> Schema:
    fitting = [unit for unit, power in UNITS.items() if power == dimension]
    given = {} if dimension == default else {"required": ["dimension"]}
    needed = {} if dimension == default else {"required": ["units"]}
    return {
        "if": {"properties": {"dimension": {"const": dimension}}, **given},
        "then": {"properties": {"units": {"enum": fitting}}, **needed},
    }


def _identifier(pattern: str, reserved: Iterable[str]) -> Schema:
    return {"type": "string", "pattern": _whole(pattern), "not": {"enum": sorted(reserved)}}


def _whole(pattern: str) -> str:
    # In Python $ also stands before a last line end.
    return rf"^{pattern}$(?!\n)"


def _prose(most: int) -> Schema:
    marks = "|".join("".join(f"\\{c}" if c in "\\*/" else c for c in mark) for mark in FORBIDDEN_IN_PROSE)
    forbidden = rf"{marks}|[{_UNPRINTABLE}]"
    return {"type": "string", "maxLength": most, "pattern": r"\S", "not": {"pattern": forbidden}}
