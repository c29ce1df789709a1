"""The pages of the ledger: one file of HTML that can be sent, and the Markdown page of the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from renp.cli.main import app
from renp.verification.ledger import ORDER, account, selected
from renp.verification.ledger_pages import as_html, as_markdown

ROOT = Path(__file__).parents[3]
REMAKE = "docs/ledger.md is stale; python -m tests.renp.verification.test_ledger_pages writes it anew"
VOID = {"meta", "link", "br", "img", "input", "hr", "mspace"}


class Page(HTMLParser):
    """What the tests look at: nesting, anchors, links, and what is hidden."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def text() -> str:
    return as_html()


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_each_entry_has_its_anchor_once_refuted_first(page: Page) -> None:
    entries = [found for tag, found in page.tags if tag == "article"]
    assert [found["id"] for found in entries] == [one.anchor for one in selected()]
    assert len(page.ids) == len(set(page.ids))
    order = [ORDER.index(str(found["data-verdict"])) for found in entries]
    assert order == sorted(order)
    assert {"ledger-nf22-vector", "ledger-s16-c-ev-yb", "ledger-gs15-majorana-weak"} <= set(page.ids)


def test_the_file_needs_nothing_else(page: Page) -> None:
    for tag, found in page.tags:
        assert not {"src", "srcset", "style"} & found.keys(), (tag, found)
        assert not any(name.startswith("on") for name in found), (tag, found)
        assert tag not in ("link", "iframe", "object", "img")
        if tag == "a":
            assert re.match(r"#|https://(arxiv|doi|hdl)", str(found["href"])), found
        if str(found.get("href", "")).startswith("#"):
            assert str(found["href"])[1:] in page.ids


def test_without_a_script_everything_is_there(text: str, page: Page) -> None:
    hidden = [tag for tag, found in page.tags if "hidden" in found]
    assert set(hidden) == {"form", "button"}
    for one in selected():
        body = text[text.index(f'<article id="{one.anchor}"') :]
        body = body[: body.index("</article>")]
        assert f"<code>{one.command}</code>" in body
        for label, content in (("Printed", True), ("Size", bool(one.size)), ("Domain", True)):
            assert (f"<dt>{label}</dt>" in body) == content, (one.id, label)
        assert ("<dt>Correct</dt>" in body) == (one.verdict == "refuted")
        assert ("<dt>Read as</dt>" in body) == (one.verdict == "convention")
        assert '<p class="line">' in body
        assert "<pre>" in body


def test_the_filters_offer_every_source_and_verdict_with_their_numbers(text: str) -> None:
    for one in selected():
        for key in one.record.keys:
            assert f'<option value="{key}">{key} (' in text
    assert f'<option value="GP22">GP22 ({len(selected("GP22"))})</option>' in text
    assert f'<option value="refuted">refuted ({len(selected(verdict="refuted"))})</option>' in text


def test_formulas_are_well_formed_mathml(text: str) -> None:
    formulas = re.findall(r"<math .*?</math>", text, re.DOTALL)
    assert len(formulas) > 200
    for formula in formulas:
        root = ElementTree.fromstring(formula)
        assert root.get("alttext")
        assert not [item for item in root.iter() if item.tag.endswith("merror")]
        assert "\\" not in "".join(root.itertext()), formula
    shown = text[text.index('<article id="ledger-gp22-q2"') :]
    first = ElementTree.fromstring(re.findall(r"<math .*?</math>", shown, re.DOTALL)[0])
    assert first.get("alttext") == "q^2 = E_eg (E_eg - 2 omega)"


def test_texts_reach_the_page_as_texts(text: str) -> None:
    found = text[text.index('<article id="ledger-gp22-boson-mass"') :]
    assert "|e&gt; \u2192 |g&gt; + " in found[: found.index("</article>")]
    assert "<code>renp derive intermediate_coupling</code>" in text
    assert "<script>" not in re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)


def test_light_dark_narrow_and_print_are_taken_care_of(text: str) -> None:
    for rule in (
        "prefers-color-scheme: dark",
        "max-width: 36rem",
        "@media print",
        'name="viewport"',
        '<html lang="en">',
    ):
        assert rule in text


def test_the_page_of_a_choice_holds_that_choice_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.html"
    result = CliRunner().invoke(app, ["ledger", "--source", "GSch00", "--verdict", "refuted", "--html", str(path)])
    assert result.exit_code == 0, result.stderr
    assert "1 entry: 1 refuted" in " ".join(result.stdout.split())
    found = Page(path.read_text(encoding="utf-8"))
    assert [attrs["id"] for tag, attrs in found.tags if tag == "article"] == ["ledger-gsch00-recoil"]


def test_the_bytes_do_not_depend_on_the_order_of_hashes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.html"
    subprocess.run(
        [sys.executable, "-m", "renp", "ledger", "--source", "GSch00", "--html", str(path)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
    )
    assert path.read_text(encoding="utf-8") == as_html(selected("GSch00"))


def test_the_page_of_the_repository_is_current() -> None:
    assert (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8") == as_markdown(), REMAKE


def test_the_page_of_the_repository_links_every_entry_and_keeps_its_anchors() -> None:
    found = as_markdown()
    slugs = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", found, re.MULTILINE)}
    for link in re.findall(r"\]\(#([^)]*)\)", found):
        assert link in slugs
    for one in selected():
        assert f"({one.anchor})=\n### {one.id}\n" in found
        assert f"| [{one.id}](#{one.id.lower()}) |" in found
        assert one.command in found


def test_formulas_of_the_repository_page_hold_no_sign_that_git_hosts_take_for_markup() -> None:
    for formula in re.findall(r"\$\$?([^$]+)\$\$?", as_markdown()):
        assert not re.search(r"\\[,{}!;|]|[*|<>]", formula), formula


def test_pages_of_other_docs_lead_to_entries() -> None:
    anchors = {one.anchor for one in selected()}
    for path in (ROOT / "docs").rglob("*.md"):
        if not {"generated", "_build"} & set(path.parts):
            for anchor in re.findall(r"ledger\.md#([\w-]+)", path.read_text(encoding="utf-8")):
                assert anchor in anchors, (path.name, anchor)


def test_an_entry_in_its_parts() -> None:
    one = account("NF22-theta")
    assert one.line == "The argument of the step function is reversed."
    assert one.proof.corrected == "each pair is multiplied by $Theta(omega_ij - omega)$"
    assert one.size.startswith("at 1.07 eV the printed spectrum is 0")


if __name__ == "__main__":
    (ROOT / "docs" / "ledger.md").write_text(as_markdown(), encoding="utf-8")
