"""``renp ledger``: verdicts on the printed formulas of the literature."""

from __future__ import annotations

from typing import Annotated

import typer

from renp.output.terminal import print_json, print_text, status

__all__ = ["ledger_command"]


def ledger_command(
    identifier: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Run and print the proof of one entry.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the entries as JSON.")] = False,
) -> None:
    """Decide, by proofs that run now, which printed formulas of the literature are right.

    Example:  renp ledger

    Example:  renp ledger --id NF22-vector
    """
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


def _indented(label: str, text: str) -> str:
    from textwrap import fill

    return fill(text, width=110, initial_indent=f"    {label}", subsequent_indent=" " * (4 + len(label)))
