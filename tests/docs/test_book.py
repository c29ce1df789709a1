"""The book's own code, and that its pages hang together; the pages themselves run when the book is built."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import tomllib
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from derivations import catalogue
from derivations.steps.step import Derivation, Step
from tests.docs import load

DOCS = Path(__file__).parents[2] / "docs"
NAMES = catalogue.names()
PAGES = sorted(path for path in DOCS.rglob("*.md") if not {"_build", "generated"} & set(path.parts))
OWN = ("derivations", "codegen", "renp", "renp_generated")
CELL = re.compile(r"^```\{code-cell\} python\n(?::tags: [^\n]*\n)?(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, with derivations of one step: the real ones run when the book is built."""
    monkeypatch.setattr(catalogue, "derive", lambda name: Derivation(name, f"About {name}").then(Step("one", "First.")))
    return load("book")


def test_every_derivation_has_a_page_in_one_list(book: ModuleType) -> None:
    pages = dict(book.derivation_pages())
    lists = "\n".join(text for name, text in pages.items() if name.startswith("index-"))
    for name in NAMES:
        assert f"`renp derive {name}`" in pages[f"{name}.md"]
        assert lists.splitlines().count(name) == 1
    assert len(pages) == len(NAMES) + len(book.GROUPS)


def test_the_gallery_shows_every_figure(book: ModuleType) -> None:
    from renp.studies.figures.registry import FIGURES

    page = book.figures_page()
    for name in FIGURES:
        assert page.count(f'show_figure("{name}")') == 1


def test_the_page_of_laws_lists_every_strategy_and_assertion(book: ModuleType) -> None:
    from renp.testing import assertions, strategies

    rows = [line for line in book.laws_page().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [*strategies.__all__, *assertions.ASSERTIONS]
    assert all(row.count(".") for row in rows)


def test_the_bibliography_is_that_of_the_file(book: ModuleType) -> None:
    from derivations.references import references

    page = (DOCS / "bibliography.md").read_text(encoding="utf-8")
    assert page == book.bibliography_page(), (
        "docs/bibliography.md is stale; python -m tests.docs.test_book writes it anew"
    )
    for key in references():
        assert (f"\n**{key}**: " in page) == (key != "renp")


def test_the_book_holds_the_ledger_with_filters_and_leads_to_it(book: ModuleType, tmp_path: Path) -> None:
    from renp.verification.ledger_pages import as_html, as_markdown

    book.write_ledger(tmp_path / "extra")
    assert (tmp_path / "extra" / "verdicts.html").read_text(encoding="utf-8") == as_html()
    text = [as_markdown()]
    book.link_ledger(None, "index", text)
    assert text == [as_markdown()]
    book.link_ledger(None, "ledger", text)
    assert 'writes <a href="verdicts.html">all of them as one page with filters</a> by source' in " ".join(
        text[0].split()
    )


def test_generated_pages_are_written_once_and_stale_ones_removed(book: ModuleType, tmp_path: Path) -> None:
    stale = tmp_path / "derivations" / "gone.md"
    stale.parent.mkdir()
    stale.write_text("old")
    book.write_generated(tmp_path)
    assert not stale.exists()
    written = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.md")}
    book.write_generated(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.md")} == written


def test_steps_reach_the_page_literally() -> None:
    step = Step("a_b", "U*_ei <f|i> [x] 2 < 3", ("x", "y"), (), "a*b*c", "X_1")
    page = Derivation("demo", "T*").then(step).as_myst()
    assert r"U\*\_ei \<f\|i\> \[x\] 2 \< 3" in page
    assert "&x \\\\\n&y\n\\end{aligned}" in page
    assert r"*Because:* a\*b\*c." in page


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "$0$"),
        (0.25, "$0.25$"),
        (-0.0026, "$-0.0026$"),
        (3.2e-7, r"$3.2\times 10^{-7}$"),
        (76000.0, r"$7.6\times 10^{4}$"),
    ],
)
def test_numbers_of_the_tables(book: ModuleType, value: float, expected: str) -> None:
    assert book.number(value) == expected


def test_docstrings_are_restyled_for_sphinx(book: ModuleType) -> None:
    lines = [
        "Energy of |e>; ``|g>`` stays.",
        "",
        "Parameters",
        "----------",
        "omega : energies [eV],",
        "    any shape.",
        "vector : a mapping with",
        "    mass [eV] : positive.",
        "    g_A : real.",
        "",
        "Example",
        "-------",
        ">>> x : int = 1",
    ]
    book.restyle_docstring(None, "function", "f", None, None, lines)
    assert lines[0] == r"Energy of \|e>; ``|g>`` stays."
    assert lines[4:7] == ["omega", "    energies [eV],", "    any shape."]
    assert lines[7:12] == ["vector", "    a mapping with", "", "    - *mass [eV]*: positive.", "    - *g_A*: real."]
    assert lines[-1] == ">>> x : int = 1"


def test_signatures_name_their_aliases(book: ModuleType) -> None:
    found = book.plain_signature(
        None, "function", "f", None, None, "(x: TypeAliasForwardRef('ArrayLike') | None)", None
    )
    assert found == ("(x: ArrayLike | None)", None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_cells_compile_and_local_links_lead_somewhere(book: ModuleType, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for cell in CELL.findall(text):
        for node in ast.walk(ast.parse(cell, str(page))):
            if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] in OWN:
                assert [one.name for one in node.names if not hasattr(import_module(str(node.module)), one.name)] == []
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    generated = {"generated/figures.md", "generated/laws.md", *(f"generated/derivations/{name}.md" for name in NAMES)}
    for link in re.findall(r"\]\(([^)#:]+\.md)\)", prose):
        target = Path(os.path.normpath(page.parent / link))
        assert target.exists() or target.relative_to(DOCS).as_posix() in generated, link


def anchors(page: Path) -> set[str]:
    """Return the places of a page that links can lead to: headings, as they are called on the web, and labels."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#{1,3} (.*)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r"^\((\S+)\)=$", text, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_links_into_pages_lead_to_a_place(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    lost = [
        f"{link}#{place}"
        for link, place in re.findall(r"\]\(([^)#:\s]*\.md)#([^)\s{]+)\)", text)
        if (target := Path(os.path.normpath(page.parent / link))) in PAGES and place not in anchors(target)
    ]
    assert lost == []


def test_every_page_is_in_the_table_of_contents() -> None:
    named = set()
    for page in PAGES:
        for block in re.findall(
            r"^```\{toctree\}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            named |= {line for line in block.splitlines() if line and not line.startswith(":")}
    missing = {page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES} - named - {"index"}
    assert not missing


PATH_IN_TEXT = re.compile(r"`((?:derivations|codegen|renp|renp_generated|tests|docs|benchmarks)/[\w/.-]*)`")


def paths(page: Path) -> set[str]:
    """Return the paths of the project that a page names."""
    return set(PATH_IN_TEXT.findall(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_paths_in_the_text_exist(page: Path) -> None:
    assert sorted(path for path in paths(page) if not (DOCS.parent / path).exists()) == []


def test_the_page_for_contributors_names_each_room() -> None:
    from tests.test_house import ARROWS

    named = paths(DOCS / "contribute.md")
    assert sorted(room for room in ARROWS if room not in named) == [], "say in docs/contribute.md what brings one there"


def test_the_changelog_begins_with_this_version() -> None:
    home = DOCS.parent
    version = tomllib.loads((home / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    newest = re.search(r"^## \[(.*?)\]", (home / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] in (version, "Unreleased")


def test_findings_lead_into_the_ledger() -> None:
    from renp.verification.ledger import Account

    page, ledger = ((DOCS / name).read_text(encoding="utf-8") for name in ("found.md", "ledger.md"))
    named = re.findall(r'"([^"]+)"', "".join(re.findall(r"^links\((.*)\)$", page, re.MULTILINE)))
    assert len(named) > 20
    for name in named:
        anchor = Account.anchor.fget(SimpleNamespace(id=name))  # type: ignore[attr-defined]
        assert f"({anchor})=" in ledger, name


PHYSICS = ("kinematics", "amplitude", "gram_matrix", "majorana", "atom", "processes")


def test_the_physics_is_told_in_order() -> None:
    contents = (DOCS / "index.md").read_text(encoding="utf-8")
    places = [contents.index(f"\nphysics/{name}\n") for name in PHYSICS]
    assert places == sorted(places)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("name", NAMES)
def test_latex_documents_compile(name: str, tmp_path: Path) -> None:
    (tmp_path / "d.tex").write_text(catalogue.derive(name).as_latex(), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "d.tex"]
    done = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout


if __name__ == "__main__":
    (DOCS / "bibliography.md").write_text(load("book").bibliography_page(), encoding="utf-8")
