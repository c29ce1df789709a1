"""``renp verify``: the evaluators against independent routes."""

from __future__ import annotations

from typing import Annotated

import typer

from renp.cli.exit_codes import CHECK_FAILED
from renp.cli.models import ModelOption, chosen_model
from renp.output.terminal import print_json, print_table, print_text, progress

__all__ = ["verify_command"]


def verify_command(
    model: ModelOption = None,
    points: Annotated[int, typer.Option(help="Random points for each combination, 1 to 1000.")] = 2,
    only: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Run the checks alone whose name or kind contains TEXT.", show_default=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Check the evaluators against 30-digit integrals of the spin sums and against the literature.

    With --model those of a model, derived in memory, and against spin sums over explicit spinors too.

    Example:  renp verify

    Example:  renp verify --only literature

    Example:  renp verify --model dark_higgs.toml

    Example:  renp verify --points 10 --json
    """
    from renp.verification.evaluators import verify

    chosen = chosen_model(model) if model else None
    with progress() as display:
        task = display.add_task("verifying")
        report = verify(
            points,
            lambda done, total, name: display.update(task, completed=done, total=total),
            only=only,
            model=chosen,
        )
    if json:
        print_json(report.as_json())
    else:
        rows = [
            (
                check.name,
                check.kind,
                str(check.points),
                f"{check.max_relative_error:.2g}",
                f"{check.tolerance:.2g}",
                "passed" if check.passed else "FAILED",
            )
            for check in report.checks
        ]
        print_table(("check", "kind", "points", "largest relative error", "allowed", "verdict"), rows)
        print_text(f"{sum(check.passed for check in report.checks)} of {len(report.checks)} checks passed")
    if not report.passed:
        raise typer.Exit(CHECK_FAILED)
