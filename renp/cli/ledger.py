"""``renp ledger``: verdicts on the printed formulas of the literature, or on those of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from renp.cli.exit_codes import CHECK_FAILED
from renp.output.terminal import print_json, print_text, status

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
    format: Annotated[  # noqa: A002
        str, typer.Option("--format", help="Of a folder: text, markdown or latex.")
    ] = "text",
) -> None:
    """Decide, by proofs that run now, which printed formulas are right: those of the literature, or those of a folder.

    Example:  renp ledger

    Example:  renp ledger --id NF22-vector

    Example:  renp ledger my_draft/ --format latex
    """
    if folder is not None:
        _folder(folder, identifier, json, format)
        return
    if format != "text":
        raise ValueError(
            "--format is for a FOLDER of formula files; the ledger of the literature prints as text or with --json"
        )
    from renp.verification import ledger

    with status("running the proofs"):
        entries = ledger.ledger_entries() if identifier is None else [ledger.entry(identifier)]
    if json:
        print_json(ledger.as_records(entries))
    elif identifier is not None:
        print(ledger.transcript(identifier))
    else:
        for one in entries:
            print(f"{one.id}: {one.verdict} ({one.source})")
            print(_indented("claim:  ", one.claim))
            print(_indented("reason: ", one.reason) + "\n")
        counts = ", ".join(f"{sum(one.verdict == v for one in entries)} {v}" for v in ledger.VERDICTS)
        print_text(f"{len(entries)} entries: {counts}. Run a proof again with renp ledger --id ID.")


def _folder(folder: Path, identifier: str | None, json: bool, form: str) -> None:
    from renp.verification.ledger import as_records
    from renp.verification.user_ledger import FORMATS, user_ledger

    if form not in FORMATS:
        raise ValueError(f"--format must be one of {', '.join(FORMATS)}, found {form!r}")
    with status("checking the formulas"):
        entries = user_ledger(folder, identifier)
    if json:
        print_json(as_records([one.entry for one in entries]))
    else:
        print(FORMATS[form](entries))
    if not all(one.verdict.passed for one in entries):
        raise typer.Exit(CHECK_FAILED)


def _indented(label: str, text: str) -> str:
    from textwrap import fill

    return fill(text, width=110, initial_indent=f"    {label}", subsequent_indent=" " * (4 + len(label)))
