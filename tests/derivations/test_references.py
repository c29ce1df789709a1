"""The bibliography: its file is BibTeX, and every short name in code, data and docs is one of its keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from derivations.interactions.reader import shipped_interactions
from derivations.ledger.printed import printed, sources
from derivations.references import cited, keys_in, read, reference, references

HOME = Path(__file__).parents[2]
FILE = HOME / "derivations" / "references" / "references.bib"
KEY_LIKE = re.compile(r"(?<![\w-])[A-Z][A-Za-z]{0,15}[0-9]{2}[a-d]?(?![\w.^])")
NO_KEYS = {"C99", "IC24", "A21", "R23", "R12", "U13"}
"""A standard of C, the name of a data set of NuFIT, and elements of matrices."""


def texts() -> Iterator[tuple[str, str]]:
    for folder in ("derivations", "codegen", "renp", "renp_generated", "docs"):
        for path in sorted((HOME / folder).rglob("*")):
            parts = path.relative_to(HOME).parts
            if path.suffix in (".py", ".toml", ".md", ".html") and not {"generated", "_build"} & set(parts):
                yield "/".join(parts), path.read_text(encoding="utf-8")
    yield "README.md", (HOME / "README.md").read_text(encoding="utf-8")


def unresolved(text: str) -> set[str]:
    return set(KEY_LIKE.findall(text)) - set(references()) - NO_KEYS


def test_the_file_is_what_a_reader_of_bibtex_reads() -> None:
    database = pytest.importorskip("pybtex.database")
    found = database.parse_file(str(FILE), "bibtex", macros={"aug": "aug"})
    assert list(found.entries) == list(references())
    for key, one in references().items():
        entry = found.entries[key]
        people = {role: " and ".join(str(person) for person in persons) for role, persons in entry.persons.items()}
        assert entry.type == one.kind
        assert {**dict(entry.fields), **people}.keys() == one.fields.keys()
        for name, value in entry.fields.items():
            assert value == one.fields[name]
        author = one.fields.get("author", "")
        listed = [author] if author.startswith("{") else author.split(" and ")
        assert len(entry.persons.get("author", [])) == len([name for name in listed if name])


def test_what_is_printed_to_paste_is_bibtex() -> None:
    database = pytest.importorskip("pybtex.database")
    found = database.parse_string(
        "\n\n".join(reference(key).bibtex for key in ("NF22", "GP22", "MillerBertolami14")),
        "bibtex",
        macros={"aug": "aug"},
    )
    assert list(found.entries) == ["NF22", "GP22", "MillerBertolami14"]
    assert "keywords" not in found.entries["GP22"].fields
    assert found.entries["GP22"].fields["eprint"] == "2110.03510"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@misc{A, title = {x}}\n", "found '@misc{A, title = {x}}', allowed entries with one field a line"),
        ("@misc{A,\n  title = {x}\n}\n", "found 'title = {x}', allowed each name"),
        ("@misc{A,\n  title = {x},\n}\n@misc{A,\n  title = {y},\n}\n", "found 'A' twice"),
    ],
)
def test_another_form_of_the_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read(text)


def test_every_entry_says_where_it_stands_and_leads_somewhere() -> None:
    for key, one in references().items():
        assert re.fullmatch(r"[A-Za-z][\w-]*", key)
        assert one.line
        assert one.fields["keywords"]
        if one.kind == "article":
            assert {"author", "journal", "volume", "pages", "year"} <= one.fields.keys(), key
        if "eprint" in one.fields:
            assert re.fullmatch(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}", one.fields["eprint"]), key
            assert one.fields["archiveprefix"] == "arXiv"


def test_no_paper_stands_in_the_file_twice() -> None:
    places = [one.line for one in references().values()]
    assert len(places) == len(set(places))


def test_every_short_name_in_code_data_and_docs_is_a_key() -> None:
    assert {name: found for name, text in texts() if (found := unresolved(text))} == {}


def test_a_misspelt_key_is_found() -> None:
    assert unresolved("as GP25 (7) and S15 say") == {"GP25", "S15"}
    assert unresolved("GP22-T1 and GP23b (2.13)") == set()


def test_the_sources_of_the_ledger_are_keys() -> None:
    for record in printed().values():
        assert record.keys[0] == record.id.partition("-")[0]
        for place in record.source.split(";"):
            first = re.match(r"[A-Za-z][\w-]*", place.strip())
            assert first is not None, record.id
            assert first[0] in references(), record.id
    assert set(sources()) == {record.keys[0] for record in printed().values()}


def test_the_references_of_the_interactions_are_keys() -> None:
    for interaction in shipped_interactions():
        for text in interaction.references:
            assert keys_in(text)[:1] == (text.split()[0],), (interaction.name, text)


def test_the_data_files_cite_by_keys_alone() -> None:
    for path in sorted((HOME / "renp" / "inputs" / "data").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"arXiv:|Phys\. Rev|JHEP|et al\.,", text), path.name
        assert cited(" ".join(re.findall(r"\[[A-Za-z][\w-]*\]", str(tomllib.loads(text)))))


def test_what_users_see_of_the_data_is_the_citation() -> None:
    import renp
    from renp.inputs.bounds import BOUNDS

    assert renp.ATOMS["Yb"].source("E_eg").startswith("NIST Atomic Spectra Database, Yb I")
    assert {bound.reference for bound in BOUNDS} & {
        "F. Capozzi, G. Raffelt, Phys. Rev. D 102 (2020) 083007, arXiv:2007.03694, abstract"
    }
    assert not any("[" in chosen.reference for chosen in renp.OSCILLATION_SETS.values())


def test_the_entry_of_the_software_is_that_of_its_citation_file() -> None:
    citation = (HOME / "CITATION.cff").read_text(encoding="utf-8")
    assert f'title: "{reference("renp").title}"' in citation
    assert reference("renp").fields["author"] == "{The renp developers}"
    assert 'name: "The renp developers"' in citation
