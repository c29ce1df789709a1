"""A ledger of one's own: a folder of formula files in, verdicts as text, JSON, Markdown or LaTeX out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derivations.steps.step import markdown_text
from derivations.written.text import text_of
from renp.verification.check import Verdict
from renp.verification.formula_files import FormulaFile, load
from renp.verification.ledger import LedgerEntry, anchor, counted

__all__ = ["FORMATS", "UserEntry", "as_latex", "as_markdown", "as_text", "user_ledger"]

VERDICTS: Final = ("confirmed", "refuted", "convention", "undecided")


@dataclass(frozen=True)
class UserEntry:
    """One formula file with its verdict."""

    file: FormulaFile
    verdict: Verdict

    @property
    def id(self) -> str:
        """The identifier that the file gives, or the file's name."""
        return self.file.id or self.file.path.stem

    @property
    def entry(self) -> LedgerEntry:
        """The entry as the shipped ledger has them."""
        place = ", ".join(part for part in (self.file.source, self.file.equation) if part) or str(self.file.path)
        formula = text_of(self.verdict.judgement.formula.root)
        claim = f"{self.file.claim.replace('$', '')}: {formula}" if self.file.claim else formula
        return LedgerEntry(
            self.id, place, claim, self.verdict.verdict, self.verdict.reason, f"renp check {self.file.path}"
        )


def user_ledger(folder: str | os.PathLike[str], only: str | None = None) -> tuple[list[UserEntry], list[str]]:
    """Check every formula of a folder, in the order of the files' names; return the entries, and a line for each bad file.

    Parameters
    ----------
    folder : a directory with files ``*.toml``, one formula each; files of interactions (with ``propagator``) are left out.
    only : the identifier of one entry.

    Raises
    ------
    ValueError : no such folder or entry; one line.
    """
    by_name: dict[str, FormulaFile] = {}
    problems: list[str] = []
    for path in _paths(folder):
        try:
            file = load(path)
        except ValueError as problem:
            problems.append(str(problem))
            continue
        name = file.id or file.path.stem
        if name in by_name:
            problems.append(f"{path}: found the id {name!r} of {by_name[name].path}, allowed an id of its own")
        else:
            by_name[name] = file
    if only is not None:
        if only not in by_name:
            raise ValueError("; ".join([f"unknown entry {only!r}: allowed are {', '.join(by_name)}", *problems]))
        by_name, problems = {only: by_name[only]}, []
    entries = []
    for file in by_name.values():
        try:
            entries.append(UserEntry(file, file.check()))
        except ValueError as problem:
            problems.append(str(problem))
    return entries, problems


def _paths(folder: str | os.PathLike[str]) -> list[Path]:
    if not os.path.isdir(folder):
        if os.path.isfile(folder):
            raise ValueError(
                f"{folder}: found a file, allowed a directory of formula files; one alone: renp check {folder}"
            )
        problem = "no directory" if os.path.lexists(folder) else "no such file or directory"
        raise ValueError(f"{folder}: found {problem}, allowed a directory of formula files")
    found = sorted(path for path in Path(folder).glob("*.toml") if not _is_interaction(path))
    if not found:
        raise ValueError(f"{folder}: found no file *.toml with a formula, allowed one formula in each")
    return found


def _is_interaction(path: Path) -> bool:
    """Return whether a file describes an interaction that formulas of the folder use."""
    try:
        head = path.read_bytes()[:65536]
    except OSError:
        return False
    return b"propagator" in head and b"formula" not in head


def as_text(entries: Sequence[UserEntry]) -> str:
    """Return the entries as plain text, with their corrections."""
    blocks = []
    for one in entries:
        found = one.entry
        lines = [
            f"{found.id}: {found.verdict} ({found.source})",
            f"    claim:  {found.claim}",
            f"    reason: {found.reason}",
        ]
        lines += [f"    right:  {entry['corrected']}" for entry in one.verdict.diagnosis[:1]]
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, _counts(entries)])


def _counts(entries: Sequence[UserEntry]) -> str:
    counts = Counter(one.verdict.verdict for one in entries)
    return f"{counted(len(entries))}: {', '.join(f'{counts[verdict]} {verdict}' for verdict in VERDICTS)}."


def as_markdown(entries: Sequence[UserEntry]) -> str:
    """Return the entries as a page in Markdown: a summary, then every entry."""
    lines = ["# Ledger", "", _counts(entries), "", "| entry | source | verdict |", "|---|---|---|"]
    lines += [
        f"| [{one.id}](#{anchor(one.id)}) | {markdown_text(one.entry.source)} | {one.verdict.verdict} |"
        for one in entries
    ]
    for one in entries:
        found = one.entry
        lines += ["", f'<a id="{anchor(one.id)}"></a>', f"## {one.id}", ""]
        lines += [f"**{found.verdict.capitalize()}.** {markdown_text(found.reason)}", ""]
        lines += [f"*Printed* in {markdown_text(found.source)}:", "", f"$${one.verdict.understood['latex']}$$", ""]
        if one.verdict.diagnosis:
            lines += [f"*Right:* `{one.verdict.diagnosis[0]['corrected']}`", ""]
        if not one.verdict.passed:
            lines += ["*Derived:*", "", f"$${one.verdict.latex}$$", ""]
        lines += [f"Run it again: `{found.evidence}`"]
    return "\n".join(lines)


def as_latex(entries: Sequence[UserEntry]) -> str:
    """Return the entries as a LaTeX document that compiles."""
    lines = [
        r"\documentclass{article}",
        r"\usepackage{amsmath}",
        r"\allowdisplaybreaks",
        r"\begin{document}",
        r"\section*{Ledger}",
    ]
    lines += [_latex_text(_counts(entries)), ""]
    for one in entries:
        found = one.entry
        lines += [rf"\subsection*{{{_latex_text(one.id)}: {found.verdict}}}", f"{_latex_text(found.source)}. Printed:"]
        lines += _displayed(one.verdict.understood["latex"])
        lines += [f"{_latex_text(found.reason[:1].upper() + found.reason[1:])}."]
        if not one.verdict.passed:
            lines += ["Right:", *_displayed(one.verdict.right)]
    return "\n".join([*lines, r"\end{document}"])


def _displayed(formula: str) -> list[str]:
    return [r"\begin{multline*}", formula, r"\end{multline*}"]


_ESCAPED: Final = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}


def _latex_text(text: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in text)


FORMATS: Final = {"text": as_text, "markdown": as_markdown, "latex": as_latex}
"""How a ledger is printed, beside JSON."""
