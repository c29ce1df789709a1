"""``renp check``: is a formula right, and if not, where is it wrong?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from renp.cli.exit_codes import CHECK_FAILED
from renp.output.terminal import print_json, status

__all__ = ["check_command"]


def check_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="A formula: text or LaTeX, with what it is to be.")],
    json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Plot the error on the benchmark over omega (.png, .pdf, .svg).")
    ] = None,
) -> None:
    """Decide exactly whether a formula is right; of a wrong one say which slip makes it right.

    Example:  renp check my_formula.toml

    Example:  renp check my_formula.toml --json

    Example:  renp check my_formula.toml --plot error.png
    """
    from renp.output.files import check_output_paths, write_files
    from renp.studies.figures.plotting import figure_bytes, figure_format
    from renp.verification.check_benchmark import error_figure
    from renp.verification.formula_files import load

    picture = None
    if plot is not None:
        check_output_paths([plot])
        picture = figure_format(plot)
    with status("checking"):
        verdict = load(file).check()
    if json:
        print_json(verdict.as_json())
    else:
        print(verdict)
        if verdict.size:
            errors = ", ".join(f"{100 * error:+.3g}% at {omega} eV" for omega, error in verdict.size.items())
            print(f"  size of the error on the Yb benchmark: {errors}")
    if plot is not None and picture is not None:
        write_files({plot: figure_bytes(error_figure(verdict.judgement.formula, verdict.setting), picture)})
        if not json:
            print(f"wrote {plot}")
    if not verdict.passed:
        raise typer.Exit(CHECK_FAILED)
