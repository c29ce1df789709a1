"""``renp ledger``: verdicts on the printed formulas of the literature, or on those of a folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from renp.cli.exit_codes import BAD_INPUT, CHECK_FAILED
from renp.output.terminal import print_json, print_text, status

if TYPE_CHECKING:
    from renp.verification.ledger import Account

__all__ = ["ledger_command"]


def ledger_command(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="Formula files of one's own instead of the literature.", show_default=False
        ),
    ] = None,
    identifier: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Run and print the proof of one entry.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the entries as JSON.")] = False,
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY",
            help="Only what this source prints, GP22 for example; renp cite lists the keys; repeatable.",
            show_default=False,
        ),
    ] = None,
    verdict: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VERDICT", help="Only these: refuted, convention or confirmed; repeatable.", show_default=False
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with filters, to read or to send.")
    ] = None,
    format: Annotated[  # noqa: A002
        str, typer.Option("--format", help="Of a folder: text, markdown or latex.")
    ] = "text",
) -> None:
    """Decide, by proofs that run now, which printed formulas are right: those of the literature, or those of a folder.

    Example:  renp ledger

    Example:  renp ledger --id NF22-vector

    Example:  renp ledger --source GP22 --verdict refuted

    Example:  renp ledger --source GP23c --html ledger.html

    Example:  renp ledger my_draft/ --format latex
    """
    chosen = {"--source": source or None, "--verdict": verdict or None, "--html": html}
    given = [name for name, value in chosen.items() if value is not None]
    if folder is not None:
        if given:
            instead = "; a folder prints with --format markdown or latex" if html is not None else ""
            raise ValueError(
                f"{given[0]} is for the ledger of the literature, found the FOLDER {str(folder)!r}{instead}"
            )
        _folder(folder, identifier, json, format)
        return
    if format != "text":
        raise ValueError(
            "--format is for a FOLDER of formula files; the ledger of the literature prints as text, with --json or with --html"
        )
    if identifier is not None and (source or verdict):
        raise ValueError(f"{given[0]} is for a list of entries, found --id {identifier}, which is one")
    if html is not None and json:
        raise ValueError("--html and --json: found both, allowed one of them")
    _literature(identifier, source or (), verdict or (), html, json)


def _literature(
    identifier: str | None, sources: Sequence[str], verdicts: Sequence[str], html: Path | None, json: bool
) -> None:
    from renp.output.files import check_output_paths, write_files
    from renp.verification import ledger

    if html is not None:
        check_output_paths([html])
    if identifier is None:
        with status("running the proofs"):
            accounts = ledger.selected(sources, verdicts)
    else:
        accounts = [ledger.account(identifier)]
    if json:
        everything = identifier is None and not sources and not verdicts
        print_json(ledger.as_records(ledger.ledger_entries() if everything else [one.entry for one in accounts]))
    elif html is not None:
        from renp.verification.ledger_pages import as_html

        write_files({html: as_html(accounts).encode()})
        print_text(f"{html}: {_counts(accounts)}.")
    elif identifier is not None:
        print(ledger.transcript(identifier))
    else:
        for one in accounts:
            print(_listed(one))
        print_text(f"{_counts(accounts)}. Run a proof again with renp ledger --id ID.")


def _counts(accounts: Sequence[Account]) -> str:
    from renp.verification.ledger import ORDER, counted

    counts = ", ".join(f"{sum(one.verdict == v for one in accounts)} {v}" for v in ORDER)
    return f"{counted(len(accounts))}: {counts}"


def _listed(one: Account) -> str:
    from derivations.written.prose import plain
    from renp.verification.ledger import CORRECTED

    lines = [f"{one.id}: {one.verdict} ({one.source})", _indented("claim:   ", plain(one.record.claim))]
    if one.proof.corrected:
        lines.append(_indented(f"{CORRECTED[one.verdict].lower()}:".ljust(9), plain(one.proof.corrected)))
    lines.append(_indented("why:     ", plain(one.line)))
    if one.size:
        lines.append(_indented("size:    ", plain(one.size)))
    return "\n".join(lines) + "\n"


def _folder(folder: Path, identifier: str | None, json: bool, form: str) -> None:
    from renp.verification.ledger import as_records
    from renp.verification.user_ledger import FORMATS, user_ledger

    if form not in FORMATS:
        raise ValueError(f"--format must be one of {', '.join(FORMATS)}, found {form!r}")
    with status("checking the formulas"):
        entries, problems = user_ledger(folder, identifier)
    if json:
        print_json(as_records([one.entry for one in entries]))
    elif entries:
        print(FORMATS[form](entries))
    if problems:
        for problem in problems:
            print(f"renp: error: {problem}", file=sys.stderr)
        raise typer.Exit(BAD_INPUT)
    if not all(one.verdict.passed for one in entries):
        raise typer.Exit(CHECK_FAILED)


def _indented(label: str, text: str) -> str:
    from textwrap import fill

    return fill(text, width=110, initial_indent=f"    {label}", subsequent_indent=" " * (4 + len(label)))
