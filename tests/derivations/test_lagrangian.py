"""Interaction files: what ships, what is checked, and one clear line for everything else."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.interactions.checks import is_hermitian
from derivations.interactions.language import parse_bilinear
from derivations.interactions.model import Interaction, Propagator
from derivations.interactions.reader import (
    MAX_BYTES,
    InteractionError,
    load_interaction,
    parse_interaction,
    shipped_interactions,
)
from derivations.interactions.toml_lines import FieldPath, field_lines

MALFORMED = sorted((Path(__file__).parent / "malformed").glob("*.toml"))
METRIC = np.array([1, -1, -1, -1])
FIXED = settings(max_examples=150, deadline=None, derandomize=True, database=None)
SHIPPED = {
    entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
    for entry in (files("derivations") / "interactions").iterdir()
    if entry.name.endswith(".toml")
}


def shipped(name: str) -> Interaction:
    return next(interaction for interaction in shipped_interactions() if interaction.name == name)


def test_shipped_files_are_short_sorted_and_named_after_their_interaction() -> None:
    names = [interaction.name for interaction in shipped_interactions()]
    assert names == sorted(SHIPPED) == sorted(set(names))
    assert {"standard_model", "vector", "scalar", "electromagnetic", "tensor", "tensor_mediator"} <= set(names)
    assert all(len(text.splitlines()) <= 15 for text in SHIPPED.values())


@pytest.mark.parametrize(
    ("name", "propagator", "couplings"),
    [
        ("standard_model", Propagator("contact", factor="G_F/sqrt(2)"), ("axial", "vector_weak")),
        ("vector", Propagator("massive", 1, "mass", "width"), ("g_V", "g_A", "g_L", "g_R")),
        ("scalar", Propagator("massive", 0, "mass", "width"), ("y_S", "y_P", "y_S_nu", "y_P_nu")),
        ("electromagnetic", Propagator("photon", 1), ("mu", "eps", "r2", "anapole")),
        ("tensor", Propagator("contact", factor="2 G_F/sqrt(2)"), ("t",)),
        ("tensor_mediator", Propagator("massive", 2, "mass", "width"), ("c_T", "d_T")),
    ],
)
def test_shipped_propagators_and_couplings(name: str, propagator: Propagator, couplings: tuple[str, ...]) -> None:
    assert shipped(name).propagator == propagator
    assert shipped(name).couplings == couplings


def test_weak_hamiltonian_is_v_minus_a_on_both_sides(explicit_dirac: Any) -> None:
    axial, vector = shipped("standard_model").terms
    expected = np.array([gamma @ (np.eye(4) - explicit_dirac.gamma5) for gamma in explicit_dirac.gamma])
    for term in (axial, vector):
        assert np.array_equal(explicit_dirac.components(term.neutrino, (0, 0, 0, 0)), expected)
    # physics.md's electron current gamma^mu (v - a gamma5)
    assert str(axial.electron) == "-gamma(mu) gamma5"
    assert str(vector.electron) == "gamma(mu)"


def test_electromagnetic_terms_are_minus_the_vertex_and_conserve_the_current(explicit_dirac: Any) -> None:
    gamma, gamma5 = explicit_dirac.gamma, explicit_dirac.gamma5
    q = np.array([5, 1, -2, 3])
    square = int(q @ (METRIC * q))
    slash = sum(METRIC[a] * q[a] * gamma[a] for a in range(4))
    transverse = np.array([square * gamma[a] - q[a] * slash for a in range(4)])
    sigma_q = np.array(
        [sum(METRIC[b] * q[b] * explicit_dirac.atom("sigma", (a, b), q) for b in range(4)) for a in range(4)]
    )
    vertex = {
        "mu": 1j * sigma_q,
        "eps": 1j * sigma_q @ (1j * gamma5),
        "r2": transverse / 6,
        "anapole": transverse @ gamma5,
    }
    interaction = shipped("electromagnetic")
    assert [term.coupling for term in interaction.neutrino] == list(vertex)
    for term in interaction.neutrino:
        components = explicit_dirac.components(term.bilinear, q)
        np.testing.assert_allclose(components, -vertex[term.coupling], rtol=1e-15, atol=1e-14)
        divergence = np.einsum("m,mab->ab", METRIC * q, components)
        np.testing.assert_allclose(divergence, np.zeros((4, 4)), rtol=0, atol=1e-13)
    (charge,) = interaction.electron
    assert (charge.coupling, charge.constant, str(charge.bilinear)) == ("e", True, "gamma(mu)")
    assert [(term.dimension, term.units) for term in interaction.neutrino] == [(-1, "mu_B")] * 2 + [(-2, "cm^2")] * 2


def test_every_shipped_bilinear_is_hermitian() -> None:
    for interaction in shipped_interactions():
        exchange = [term.bilinear for term in (*interaction.electron, *interaction.neutrino)]
        contact = [bilinear for term in interaction.terms for bilinear in (term.electron, term.neutrino)]
        assert exchange or contact
        assert all(is_hermitian(bilinear) for bilinear in exchange + contact)


def test_results_are_equal_and_hashable() -> None:
    assert shipped_interactions() == shipped_interactions()
    assert len({hash(interaction) for interaction in shipped_interactions()}) == len(SHIPPED)


def test_examples_of_the_manual_are_read_and_its_mistakes_are_found() -> None:
    page = (Path(__file__).parents[2] / "docs" / "interaction_files.md").read_text(encoding="utf-8")
    axion, tensor, dipole = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert parse_interaction(axion).couplings == ("y_e", "f_nu")
    assert parse_interaction(tensor).couplings == ("t",)
    assert [term.conjugate for term in parse_interaction(dipole).neutrino] == [True]
    for old, new, message in (
        ("i qslash gamma5", "qslash gamma5", "not Hermitian, allowed Hermitian bilinears only; multiply it by i"),
        ("i qslash gamma5", "i q(mu)", "allowed no free index for spin 0"),
        (', dimension = -1, units = "eV^-1"', "", "allowed -1, so that the term has mass dimension 4"),
    ):
        with pytest.raises(InteractionError, match=re.escape(message)):
            parse_interaction(axion.replace(old, new))


TABLES = """\
# the same content in TOML's long form
name = "vector"
title = '''Light vector mediator'''
description = "A neutral vector boson, Källén style."
references = [
  "GP22",  # with a comment ]
]

[propagator]
kind = "massive"
spin = 1
mass = "mass"

[[electron]]
coupling = "g_V"
bilinear = "gamma(mu)"

[[electron]]
coupling = "g_A"
bilinear = "gamma(mu) gamma5"

[[neutrino]]
coupling = "g_L"
bilinear = "gamma(mu) PL"
"""


def test_long_form_of_toml_is_read_with_its_lines() -> None:
    assert parse_interaction(TABLES).couplings == ("g_V", "g_A", "g_L")
    with pytest.raises(
        InteractionError, match=r"^a\.toml:20: field 'electron\[1\]\.bilinear': found unknown name 'gamma7'"
    ):
        parse_interaction(TABLES.replace("gamma5", "gamma7"), "a.toml")
    with pytest.raises(InteractionError, match=r"^a\.toml:11: field 'propagator\.spin': found 4, allowed 0, 1 or 2"):
        parse_interaction(TABLES.replace("spin = 1", "spin = 4"), "a.toml")
    with pytest.raises(InteractionError, match=r"^a\.toml:6: field 'references\[0\]': found an empty string"):
        parse_interaction(TABLES.replace('"GP22"', '""'), "a.toml")


def test_windows_line_ends_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "vector.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SHIPPED["vector"].replace("\n", "\r\n").encode())
    assert load_interaction(path) == shipped("vector")


def test_corpus_is_large() -> None:
    assert len(MALFORMED) >= 60


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.stem)
def test_malformed_file_gets_one_clear_line(path: Path) -> None:
    expectation = path.read_bytes().split(b"\n", 1)[0].decode()
    line, field, found = expectation.removeprefix("# expect ").split(" | ", 2)
    with pytest.raises(InteractionError) as caught:
        load_interaction(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:{line}: field '{field}': found {found}")
    assert re.search(r", allowed .+$", message)
    assert message.isprintable()
    assert len(message) - len(str(path)) < 500


_FORBIDDEN_EVENTS = ("exec", "compile", "os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen")
_seen: list[str] | None = None


def _watch(event: str, _arguments: tuple[object, ...]) -> None:
    if _seen is not None and event in _FORBIDDEN_EVENTS:
        _seen.append(event)


@pytest.fixture
def executed() -> Iterator[list[str]]:
    """Collect what Python compiles, executes or starts; an audit hook cannot be removed, only silenced."""
    global _seen  # noqa: PLW0603
    if not hasattr(sys, "_interaction_audit"):
        sys.addaudithook(_watch)
        sys._interaction_audit = True  # type: ignore[attr-defined]
    _seen = []
    yield _seen
    _seen = None


def test_nothing_in_a_malformed_file_is_executed(executed: list[str]) -> None:
    eval("1")
    assert executed
    for round_number in range(2):  # the first round loads codecs, whose modules are executed once
        executed.clear()
        for path in MALFORMED:
            with pytest.raises(InteractionError):
                load_interaction(path)
        assert round_number == 0 or executed == []


@pytest.mark.parametrize(
    ("write", "found"),
    [
        (lambda path: None, "no such file or directory"),
        (lambda path: path.mkdir(), "no regular file"),
        (os.mkfifo, "no regular file"),
        (lambda path: path.symlink_to(os.devnull), "no regular file"),
        (lambda path: path.write_bytes(b"#" * 2**20), f"more than {MAX_BYTES} bytes"),
        (lambda path: path.write_text(SHIPPED["vector"] + "\n" * 2**21), f"more than {MAX_BYTES} bytes"),
        (lambda path: path.write_bytes(b""), "no key 'name'"),
    ],
    ids=["missing", "directory", "pipe", "device", "megabyte_comment", "megabyte_tail", "empty"],
)
def test_what_is_not_a_small_text_file_is_refused(tmp_path: Path, write: Any, found: str) -> None:
    path = tmp_path / "user.toml"
    write(path)
    with pytest.raises(InteractionError) as caught:
        load_interaction(path)
    # What is no file has no lines.
    line = ":1" if path.is_file() else ""
    assert str(caught.value).startswith(f"{path}{line}: field 'file': found {found}, allowed ")


def test_impossible_path_is_refused() -> None:
    with pytest.raises(InteractionError, match=r"^a\\x00b: field 'file': found an impossible path"):
        load_interaction("a\0b")


def test_megabyte_text_is_refused() -> None:
    with pytest.raises(InteractionError, match="found 5000000 bytes, allowed at most 65536"):
        parse_interaction("a" * 5_000_000)


def test_bilinear_errors_match_the_grammar() -> None:
    text = SHIPPED["vector"].replace('"gamma(mu) PL"', '"gamma(mu) P"')
    with pytest.raises(InteractionError, match="unknown name 'P' at column 11 of \"gamma\\(mu\\) P\""):
        parse_interaction(text)


@pytest.mark.parametrize(
    ("factor", "electron", "neutrino", "dimension", "units"),
    [
        ("1", "1", "1", -2, "eV^-2"),
        ("1", "gamma(mu)", "i q(mu)", -3, "eV^-3"),
        ("1", "gamma(mu)", "q2 gamma(mu)", -4, "eV^-4"),
        ("G_F", "1", "i gamma5", 0, "1"),
        ("G_F", "gamma(mu)", "i sigma(mu,nu) q(nu)", -1, "mu_B"),
        ("G_F/sqrt(2)", "q2", "q2", -4, "eV^-4"),
    ],
)
def test_contact_terms_have_mass_dimension_four(
    factor: str, electron: str, neutrino: str, dimension: int, units: str
) -> None:
    def text(value: int) -> str:
        return (
            'name = "x"\ntitle = "x"\ndescription = "x"\nreferences = []\n'
            f'propagator = {{ kind = "contact", factor = "{factor}" }}\n'
            f'terms = [{{ coupling = "c", electron = "{electron}", neutrino = "{neutrino}", '
            f'dimension = {value}, units = "{units}" }}]\n'
        )

    (term,) = parse_interaction(text(dimension)).terms
    assert (term.dimension, term.units) == (dimension, units)
    assert term.electron == parse_bilinear(electron)
    for wrong in (dimension - 1, dimension + 1):
        with pytest.raises(InteractionError, match=f"found {wrong}, allowed {dimension}, so that"):
            parse_interaction(text(wrong))


def _leaf_paths(value: object, path: FieldPath = ()) -> Iterator[FieldPath]:
    yield path
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _leaf_paths(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _leaf_paths(child, (*path, index))


_SCALARS = st.sampled_from(
    ["1", "-2.5e3", "true", '"a # [ { = , b"', "'x \" y'", '"""\nm\n"x" """', "1979-05-27T07:32:00Z"]
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[\n" + ", # c ]\n".join(items) + "\n]")
        | st.lists(inner.filter(lambda v: "\n" not in v), max_size=3).map(
            lambda items: "{" + ", ".join(f"k{n}.s = {item}" for n, item in enumerate(items)) + "}"
        )
    ),
    max_leaves=6,
)
_DOCUMENTS = st.lists(
    st.tuples(st.sampled_from(["", "[t{n}]\n", "[[u]]\n", "[[u]]\n[u.x]\n", '[v."w{n}"]\n']), _VALUES), max_size=5
).map(lambda parts: "\n".join(f"{head.format(n=n)}key{n} = {value}" for n, (head, value) in enumerate(parts)))


@FIXED
@given(_DOCUMENTS)
def test_every_field_of_a_document_has_a_line_where_it_stands(text: str) -> None:
    lines, excess = field_lines(text)
    document = tomllib.loads(text)
    assert excess is None
    rows = text.split("\n")
    for path in _leaf_paths(document):
        if path:
            assert path in lines
            if isinstance(path[-1], str) and path[-1].startswith("key"):
                assert rows[lines[path] - 1].startswith(path[-1])


@FIXED
@given(st.sampled_from(sorted(SHIPPED)), st.data())
def test_damaged_files_raise_only_interaction_errors(name: str, data: st.DataObject) -> None:
    text = SHIPPED[name]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        removed = data.draw(st.integers(0, 12))
        inserted = data.draw(
            st.text(max_size=4) | st.sampled_from(['"', "[[", "{", "\n", " = ", "'''", "\0", "gamma5"])
        )
        text = text[:start] + inserted + text[start + removed :]
    try:
        interaction = parse_interaction(text, "user.toml")
    except InteractionError as error:
        message = str(error)
    else:
        message = f"user.toml:1: field 'none': found {interaction.name}, allowed it"
    assert re.match(r"user\.toml:[0-9]+: field '.+': found .+, allowed .+$", message)
    assert message.isprintable()
