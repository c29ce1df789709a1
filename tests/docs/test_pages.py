"""The pages that can be typed along are what their sessions give, and every command that the docs name is one that runs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from renp.cli.main import app
from tests.docs import load

ROOT = Path(__file__).parents[2]


SESSIONS: Any = load("sessions")
PAGES = SESSIONS.pages()
MARKDOWN = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if not {"_build", "generated"} & set(path.parts)
}
COMMANDS: dict[str, click.Command] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def test_the_pages_are_found() -> None:
    assert {
        "tutorial",
        "interaction_files",
        "readme",
        *(path.stem for path in (ROOT / "docs" / "howto").glob("*.md")),
    } == {page.name for page in PAGES}


@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=[pytest.mark.slow] * page.slow) for page in PAGES], ids=lambda page: page.name
)
def test_a_page_shows_what_its_session_gives(page: Any) -> None:
    assert SESSIONS.check(page) == []


def test_examples_are_the_sessions_of_the_pages() -> None:
    kept = {path for page in PAGES for path in SESSIONS.scripts(page)}
    assert [line for page in PAGES for line in SESSIONS.stale_scripts(page)] == []
    # Two samplers are no sessions: their packages are no part of the tests.
    others = {ROOT / "examples" / f"fit_{name}.{suffix}" for name in ("emcee", "numpyro") for suffix in ("py", "txt")}
    found = {path for path in (ROOT / "examples").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert found == kept | others


def test_pictures_are_those_of_the_pages() -> None:
    shown = {path for page in PAGES for path in (SESSIONS.picture_path(page, name) for name in page.pictures)}
    for page in PAGES:
        assert set((ROOT / "docs" / "_static").glob(f"{page.name}-*.png")) <= shown
        for name in page.pictures:
            assert SESSIONS.kept_stamp(SESSIONS.picture_path(page, name)) == SESSIONS.stamp(page, name), name


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "readme"], ids=lambda page: page.name)
def test_a_page_begins_with_what_one_has_at_its_end(page: Any) -> None:
    _, opening, *_ = page.text.split("\n\n")
    assert opening.startswith("At the end of this page you ")
    assert re.search(r"You\s+need ", page.text)
    # What a git host does not render.
    assert not re.findall(r"(?:^|[ (])\{[a-z:]+\}`|^```\{|^:::", page.text, re.MULTILINE)


def lines_of(text: str) -> list[str]:
    return [line.split(" #")[0].strip() for line in re.sub(r"\\\n\s*", "", text).splitlines() if "renp " in line]


def test_commands_that_a_page_shows_without_running_them_run_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    for name, text in MARKDOWN.items():
        if SESSIONS.is_notebook(text):
            assert "\n```sh" not in text, f"{name}: a notebook runs no shell"
            continue
        for block in SESSIONS.read(ROOT / name).shown:
            named = [path for path in re.findall(r"[\w./]+", block.words.get("shown", "")) if (ROOT / path).is_file()]
            elsewhere = "".join((ROOT / path).read_text(encoding="utf-8") for path in named)
            for command in (part.strip() for line in lines_of(block.text) for part in line.split("&&")):
                _, *words = shlex.split(command)
                options = [word for word in words if word.startswith("--")]
                if (
                    command.startswith("renp ")
                    and command not in ci
                    and not (named and all(o in elsewhere for o in options))
                ):
                    result = CliRunner().invoke(app, words)
                    assert result.exit_code == 0, f"{name}: {command}: {result.output}"


def spelled() -> Iterator[tuple[str, list[str]]]:
    """Every command of the docs that stands in a sentence, as words."""
    for name, text in MARKDOWN.items():
        for token in MarkdownIt("commonmark").enable("table").parse(text):
            for child in token.children or []:
                if child.type == "code_inline" and child.content.startswith("renp "):
                    yield f"{name}: {child.content}", shlex.split(child.content)[1:]


def typed() -> Iterator[tuple[str, list[str]]]:
    """Every command of the sessions, the slow ones too, up to what the shell does with it."""
    for page in PAGES:
        for block in page.blocks:
            for line in lines_of(block.text) if block.kind == "sh" else ():
                words = shlex.split(line)
                if words[0] == "renp":
                    ends = [number for number, word in enumerate(words) if word in ("|", ">", "&&", "||")]
                    yield page.at(block.start), words[1 : min(ends, default=None)]


def test_commands_have_the_names_and_options_that_there_are() -> None:
    found = [
        (where, words[0], {word for word in words[1:] if re.match(r"--\w", word)})
        for where, words in (*spelled(), *typed())
        if words and not words[0].startswith("-") and not words[0].isupper() and words[0] != "..."
    ]
    known = {
        name: {"--help", *(option for parameter in command.params for option in parameter.opts)}
        for name, command in COMMANDS.items()
    }
    assert len(found) > 100
    assert [each for each in found if each[2] - known.get(each[1], set()) or each[1] not in known] == []
