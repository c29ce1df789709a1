"""``renp cite``: BibTeX to paste, asked for by key, by interaction, by model, or for the software."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from derivations.references import references
from renp.cli.main import app
from tests.renp.cli.test_help_examples import FILES


def run(*words: str):
    return CliRunner().invoke(app, ["cite", *words])


SOFTWARE = "% and this software: renp cite renp"


def keys(text: str) -> list[str]:
    return [line.partition("{")[2].rstrip(",") for line in text.splitlines() if line.startswith("@")]


def test_keys_are_printed_as_asked_each_once() -> None:
    result = run("VE89", "GP22", "VE89")
    assert result.exit_code == 0
    assert keys(result.stdout) == ["VE89", "GP22"]
    assert "\n  eprint = {2110.03510},\n" in result.stdout
    assert "keywords" not in result.stdout
    assert result.stdout.endswith(f"}}\n\n{SOFTWARE}\n")


def test_keys_are_known_in_any_case_and_by_near_names() -> None:
    assert keys(run("gp22", "Vector").stdout) == ["GP22", "NF22"]
    for word, near in (("NF22-vector", "NF22"), ("vectro", "vector"), ("GP2", "GP22, GP23c, GP23b")):
        result = run(word)
        assert result.exit_code == 2
        assert f"unknown reference {word!r}: near it are {near}" in result.stderr


def test_alone_it_lists_every_key() -> None:
    listed = run().stdout
    for key in references():
        assert f"\n{key} " in listed
    assert "Stars as Laboratories" in listed
    assert listed.endswith(f"\n{SOFTWARE}\n")


def test_an_interaction_stands_for_its_papers() -> None:
    assert keys(run("vector").stdout) == ["GP22", "NF22"]
    assert keys(run("electromagnetic", "GP22").stdout) == ["GP23b", "GP23a", "GS15", "GP22"]


def test_a_model_stands_for_the_papers_of_its_files(tmp_path: Path) -> None:
    path = tmp_path / "dark_higgs.toml"
    text = FILES["dark_higgs.toml"].replace("references = []", 'references = ["C18 eq. 3", "My draft"]')
    path.write_text(text, encoding="utf-8")
    found = run("--model", str(path)).stdout
    assert found.startswith("% not in the bibliography of renp: My draft\n\n@")
    assert keys(found) == ["D13", "S16", "GP22", "C18"]
    assert found.endswith(f"\n{SOFTWARE}\n")


def test_the_software_is_cited_with_its_version() -> None:
    from importlib.metadata import version

    found = run("renp").stdout
    assert keys(found) == ["renp"]
    assert SOFTWARE not in found
    assert f"version = {{{version('renp')}}}" in found


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("GP2", "unknown reference 'GP2': near it are GP22, GP23c, GP23b; renp cite lists all"),
        ("Einstein", "unknown reference 'Einstein': renp cite lists all"),
        ("tensor", "the interaction 'tensor' is this project's own and names no paper"),
    ],
)
def test_another_word_is_one_clear_line(word: str, message: str) -> None:
    result = run("GP22", word)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
