"""Pages of the ledger: one HTML file that can be sent and filtered, and the Markdown page of the repository and the book.

In: the entries in their parts (:class:`renp.verification.ledger.Account`). Out: text, the same bytes each time. The HTML file needs
nothing else: formulas are MathML, and without JavaScript all of it can still be read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Final

from derivations.references import reference
from derivations.steps.step import markdown_text
from derivations.written.prose import pieces, symbols, typeset
from renp.verification.ledger import CORRECTED, ORDER, Account, selected, source_keys, transcript

__all__ = ["as_html", "as_markdown"]

_HEADINGS: Final = {
    "refuted": "Refuted",
    "convention": "Right under other conventions",
    "confirmed": "Confirmed",
}
_COUNTED: Final = {"refuted": "refuted", "convention": "right under other conventions", "confirmed": "confirmed"}


def as_html(accounts: Sequence[Account] | None = None) -> str:
    """Return the ledger as one HTML file: refuted first, with filters by source and verdict.

    Parameters
    ----------
    accounts : the entries; all of them by default.

    Example
    -------
    >>> 'id="ledger-gp22-q2"' in as_html(selected("GP22", "confirmed"))
    True
    """
    from importlib.metadata import version

    chosen = selected() if accounts is None else accounts
    counts = Counter(one.verdict for one in chosen)
    keys = [key for key in source_keys() if any(key in one.record.keys for one in chosen)]
    page = (files("renp.verification") / "ledger_page.html").read_text(encoding="utf-8")
    return Template(page).substitute(
        total=len(chosen),
        version=version("renp"),
        counts="\n".join(
            f'<li class="{v}"><strong>{counts[v]}</strong> {_COUNTED[v]}</li>' for v in ORDER if counts[v]
        ),
        options="\n".join(f'<option value="{key}">{key} ({_entries_of(chosen, key)})</option>' for key in keys),
        verdicts="\n".join(f'<option value="{v}">{v} ({counts[v]})</option>' for v in ORDER if counts[v]),
        sections="\n".join(_html_section(v, [one for one in chosen if one.verdict == v]) for v in ORDER if counts[v]),
        sources="\n".join(f'<dt id="source-{key.lower()}">{key}</dt><dd>{_html_citation(key)}</dd>' for key in keys),
    )


def _entries_of(accounts: Sequence[Account], key: str) -> int:
    return sum(key in one.record.keys for one in accounts)


def _html_citation(key: str) -> str:
    found = reference(key)
    line = escape(", ".join(part for part in (found.authors, found.title, found.place) if part))
    return f'<a href="{escape(found.link)}">{line}</a>' if found.link else line


def _html_section(verdict: str, accounts: Sequence[Account]) -> str:
    entries = "\n".join(_html_entry(one) for one in accounts)
    return f'<section aria-labelledby="{verdict}">\n<h2 id="{verdict}" class="{verdict}">{_HEADINGS[verdict]}</h2>\n{entries}\n</section>'


def _html_entry(one: Account) -> str:
    record = one.record
    place = "" if record.equation in one.source else f"; {escape(record.equation)}"
    rows = [("Printed", _html_text(record.claim))]
    if one.proof.corrected:
        rows.append((CORRECTED[one.verdict], _html_text(one.proof.corrected)))
    if one.size:
        rows.append(("Size", _html_text(one.size)))
    rows += [("Assumed", _html_text(record.conventions))] if record.conventions else []
    rows.append(("Domain", _html_text(record.domain)))
    return "\n".join(
        [
            f'<article id="{one.anchor}" class="{one.verdict}" data-verdict="{one.verdict}" data-sources="{" ".join(record.keys)}">',
            f'<header><h3><a href="#{one.anchor}">{one.id}</a></h3> <span class="verdict">{one.verdict}</span>'
            f' <span class="source">{escape(one.source)}{place}</span></header>',
            f'<p class="line">{_html_text(one.line)}</p>',
            "<dl>",
            *(f"<dt>{name}</dt><dd>{content}</dd>" for name, content in rows),
            "</dl>",
            *([f'<p class="details">{_html_text(one.details)}</p>'] if one.details else []),
            f'<p class="run"><code>{one.command}</code> <button type="button" class="copy" hidden>Copy as text</button></p>',
            f"<details><summary>The proof of {one.id}, as text to send</summary>",
            f"<pre>{escape(transcript(one.id))}</pre></details>",
            "</article>",
        ]
    )


def _html_text(text: str) -> str:
    found = pieces(text)
    whole = len(found) == 1
    return "".join(_mathml(content, whole) if formula else _html_words(content) for formula, content in found)


def _html_words(text: str) -> str:
    parts = [
        _mathml(content, False) if symbol else escape(_ARROWS.sub(lambda sign: _SIGNS[sign[0]], content), quote=False)
        for symbol, content in symbols(text)
    ]
    return _POWER.sub(r"<sup>\1</sup>", _CODE.sub(r"<code>\1</code>", "".join(parts)))


_CODE: Final = re.compile("`([^`]*)`")
_POWER: Final = re.compile(r"(?<=[)\]|0-9])\^(-?[0-9])")
_SIGNS: Final = {"->": "\u2192", "<=": "\u2264", ">=": "\u2265", "-+": "\u2213", "+-": "\u00b1", "!=": "\u2260"}
_ARROWS: Final = re.compile("|".join(map(re.escape, _SIGNS)))


@cache
def _mathml(formula: str, displayed: bool) -> str:
    from latex2mathml.converter import convert

    shown: str = convert(typeset(formula), display="block" if displayed else "inline")
    return shown.replace("<math ", f'<math alttext="{escape(formula)}" ', 1)


def as_markdown(accounts: Sequence[Account] | None = None) -> str:
    """Return the page of the repository and the book: a summary, then every entry, refuted first.

    Parameters
    ----------
    accounts : the entries; all of them by default.

    Example
    -------
    >>> "### GP22-q2" in as_markdown(selected("GP22", "confirmed"))
    True
    """
    chosen = selected() if accounts is None else accounts
    counts = Counter(one.verdict for one in chosen)
    lines = [
        "---", "orphan: true", "---", "",
        "# The ledger: which printed formulas are right", "",
        f"{len(chosen)} formulas and statements of the literature: "
        + ", ".join(f"[{counts[v]} {_COUNTED[v]}](#{_slug(_HEADINGS[v])})" for v in ORDER if counts[v]) + ".", "",
        "Each verdict is the outcome of a proof that runs when this page is made. *Refuted* claims come with a counterexample, the"
        " corrected formula and the size of the error on the benchmark of the papers (ytterbium, normal ordering, lightest mass 0.01"
        " eV). A *convention* is right when it is read as said. *Confirmed* algebraic claims are identities proven for all values of"
        " their symbols; claims about sizes are decided by numbers on the benchmark. Some equations were seen only through a second"
        " text; their entries say so, and a verdict on them is a verdict on what was seen.", "",
        "`renp ledger --id ID` prints a proof step by step, `renp ledger --html ledger.html` writes all of them as one page with filters"
        " by source and verdict, `renp cite KEY` prints a source as BibTeX.", "",
    ]  # fmt: skip
    for verdict in ORDER:
        group = [one for one in chosen if one.verdict == verdict]
        if group:
            lines += [
                f"## {_HEADINGS[verdict]}",
                "",
                "| entry | source | why |",
                "|---|---|---|",
            ]
            lines += [
                f"| [{one.id}](#{_slug(one.id)}) | {markdown_text(one.source)} | {_markdown(one.line)} |"
                for one in group
            ]
            lines.append("")
        for one in group:
            lines += _markdown_entry(one)
    keys = [key for key in source_keys() if any(key in one.record.keys for one in chosen)]
    lines += ["## Sources", "", *(f"- **{key}**: {_markdown_citation(key)}" for key in keys), ""]
    return "\n".join(lines)


def _slug(heading: str) -> str:
    """Return the anchor that git hosts and the book give to a heading."""
    return heading.lower().replace(" ", "-")


def _markdown_citation(key: str) -> str:
    found = reference(key)
    line = markdown_text(", ".join(part for part in (found.authors, found.title, found.place) if part))
    return f"[{line}]({found.link})" if found.link else line


def _markdown_entry(one: Account) -> list[str]:
    corrected = one.proof.corrected
    return [
        f"({one.anchor})=", f"### {one.id}", "",
        f"**{one.verdict.capitalize()}.** {_markdown(one.line)}", "",
        *_markdown_shown(f"*Printed* in {markdown_text(one.source)}", one.record.claim),
        *(_markdown_shown(f"*{CORRECTED[one.verdict]}*", corrected) if corrected else []),
        *([f"*Size*: {_markdown(one.size)}", ""] if one.size else []),
        *([_markdown(one.details), ""] if one.details else []),
        f"Run it again: `{one.command}`", "",
    ]  # fmt: skip


def _markdown_shown(label: str, text: str) -> list[str]:
    found = pieces(text)
    if len(found) == 1 and found[0][0]:
        return [f"{label}:", "", f"$${_plain_commands(typeset(found[0][1]))}$$", ""]
    return [f"{label}: {_markdown(text)}", ""]


def _markdown(text: str) -> str:
    return "".join(
        f"${_plain_commands(typeset(content))}$" if formula else _outside_code(content)
        for formula, content in pieces(text)
    )


def _outside_code(text: str) -> str:
    parts = text.split("`")
    return "`".join(part if number % 2 else markdown_text(part) for number, part in enumerate(parts))


_COMMANDS: Final = {
    r"\,": r"\thinspace ", r"\{": r"\lbrace ", r"\}": r"\rbrace ",
    "*": r"\ast ", "|": r"\vert ", "<": r"\lt ", ">": r"\gt ",
}  # fmt: skip
"""Signs that git hosts read as Markdown inside a formula, and the commands that they do not."""


def _plain_commands(latex: str) -> str:
    latex = latex.replace(r"\, ", r"\,")
    for sign, command in _COMMANDS.items():
        latex = (
            latex.replace(f"\\left{sign}", f"\\left{command}")
            .replace(f"\\right{sign}", f"\\right{command}")
            .replace(sign, command)
        )
    return latex
