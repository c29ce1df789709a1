"""The JSON schema of interaction files: made from the reader, and never of another opinion where a schema can have one."""

from __future__ import annotations

import copy
import json
import random
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from derivations.interactions.reader import InteractionError, parse_interaction
from derivations.interactions.schema import FILE, interaction_schema, schema_text
from renp.testing.sampling import Sampler

FOLDER = files("derivations") / "interactions"
SHIPPED = {entry.name: entry.read_text(encoding="utf-8") for entry in FOLDER.iterdir() if entry.name.endswith(".toml")}
MALFORMED = {path.stem: path.read_bytes() for path in (Path(__file__).parent / "malformed").glob("*.toml")}
VALIDATOR = Draft202012Validator(interaction_schema())

BEYOND = re.compile(
    r"found (?:"
    r"(?!unknown name|character).* at column \d+ of "  # the grammar of a bilinear, of which a schema has the words
    r"|free indices \(|.*which is not (?:Hermitian|antisymmetric)|.*which is zero for every q|\"add conjugate\" for "
    r"|q beside the constant|\d+ powers of q|terms with |-?\d+, allowed -?\d+, so that|no dimension, which means 0"
    r"|\".*\" a second time|the name \".*\" of the mass"
    r"|the number -?\d+\.0, "  # which JSON does not tell from an integer
    r")"
)
"""What only the reader can say: grammar and algebra of bilinears, dimensions, names that are the same."""


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def refused(document: dict[str, Any]) -> str:
    """Return the reader's message about a document, ``""`` when it is allowed."""
    try:
        parse_interaction("\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in document.items()))
    except InteractionError as error:
        return str(error)
    return ""


def test_the_committed_schema_is_that_of_the_reader():
    committed = (FOLDER / FILE).read_text(encoding="utf-8")
    assert committed == schema_text(), f"run: renp list --schema > derivations/interactions/{FILE}"


def test_it_is_a_schema_for_old_editors_too():
    Draft202012Validator.check_schema(interaction_schema())
    Draft7Validator.check_schema(interaction_schema())
    old = Draft7Validator(interaction_schema())
    for content in SHIPPED.values():
        assert old.is_valid(tomllib.loads(content))
        assert not old.is_valid(tomllib.loads(content) | {"spin": 1})


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_shipped_files_fit_and_the_first_line_for_editors_is_a_comment(name):
    document = tomllib.loads(f"#:schema {FILE}\n{SHIPPED[name]}")
    VALIDATOR.validate(document)
    assert not refused(document)


def test_random_files_fit():
    draw = random.Random("schema")
    for _ in range(40):
        VALIDATOR.validate(tomllib.loads(Sampler(draw).model(set()).text))


def parsed(content: bytes) -> dict[str, Any] | None:
    """Return a document that both can read, ``None`` for what is no TOML or holds numbers that no JSON holds."""
    try:
        document = tomllib.loads(content.decode())
        json.dumps(document, default=str)
    except (ValueError, RecursionError):
        return None
    return document


STRUCTURES = {name: document for name, content in MALFORMED.items() if (document := parsed(content)) is not None}


@pytest.mark.parametrize("name", sorted(STRUCTURES))
def test_malformed_files_are_refused_unless_it_takes_algebra(name):
    with pytest.raises(InteractionError) as caught:
        parse_interaction(MALFORMED[name].decode())
    assert not VALIDATOR.is_valid(STRUCTURES[name]) or BEYOND.search(str(caught.value)), str(caught.value)


def test_most_malformed_files_are_refused_in_the_editor():
    assert sum(not VALIDATOR.is_valid(document) for document in STRUCTURES.values()) >= len(STRUCTURES) / 2


_KEYS = st.sampled_from(
    ["name", "kind", "spin", "mass", "width", "factor", "coupling", "bilinear", "electron", "neutrino", "terms",
     "dimension", "units", "hermitian", "constant", "references", "title", "extra", ""]
)  # fmt: skip
_SCALARS = st.sampled_from(
    [True, False, 0, 1, 2, 3, -1, -2, -5, 1.5, "", " ", "e", "m1", "propagator", "lambda", "axial", "nature", "ok", "Ok", "_x",
     "x\n", "a b", "a`b", "a*/b", "é", "tab\there", "gamma(mu)", "i gamma5", "gamma6", "sigma(mu,nu) PR", "1.5.", "x" * 31, "x" * 32,
     "x" * 101, "x" * 501, "1" * 401, "add conjugate", "massive", "photon", "contact", "1", "eV^-1", "cm", "G_F", "eV^2"]
)  # fmt: skip
_VALUES = st.one_of(
    _SCALARS,
    st.lists(_SCALARS, max_size=9),
    st.dictionaries(_KEYS, _SCALARS, max_size=4),
    st.lists(st.dictionaries(_KEYS, _SCALARS, max_size=4), max_size=9),
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every container of a document with each of its keys."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, child in inner for place in ((value, key), *places(child))]


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(sorted(SHIPPED)), st.data())
def test_schema_and_reader_agree_about_changed_structures(name: str, data: st.DataObject) -> None:
    document = copy.deepcopy(tomllib.loads(SHIPPED[name]))
    for _ in range(data.draw(st.integers(1, 2))):
        container, key = data.draw(st.sampled_from(places(document)))
        change = data.draw(st.sampled_from(["drop", "replace", "replace", "add", "repeat"]))
        if change == "drop":
            del container[key]
        elif change == "replace":
            container[key] = data.draw(_VALUES)
        elif isinstance(container, dict):
            container[data.draw(_KEYS)] = data.draw(_VALUES)
        elif change == "repeat":
            container *= data.draw(st.sampled_from([2, 5, 9]))
        if not document:
            break
    message = refused(document)
    if VALIDATOR.is_valid(document):
        assert not message or BEYOND.search(message), message
    else:
        assert message, [error.message for error in VALIDATOR.iter_errors(document)]


def test_texts_lose_no_character_that_the_reader_takes():
    title = interaction_schema()["properties"]["title"]
    forbidden = re.compile(title["not"]["pattern"])
    assert not [
        chr(n) for n in range(0x10000) if forbidden.search(chr(n)) and chr(n).isprintable() and chr(n) not in '\\"`'
    ]
    assert forbidden.search("*/")


def test_the_words_of_bilinears_are_checked_in_one_pass():
    pattern = re.compile(interaction_schema()["$defs"]["bilinear"]["pattern"])
    assert not pattern.search("1" * 399 + "!")
    assert not pattern.search("1." * 199 + "!")
    assert not pattern.search("gamma(mu)\n")
    assert pattern.search("i sigma(mu,nu) q(nu) * (1 - gamma5)/2")
