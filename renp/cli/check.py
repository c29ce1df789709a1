"""``renp check``: is a formula right, and if not, where is it wrong?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from renp.cli.exit_codes import CHECK_FAILED
from renp.output.terminal import print_json, status

if TYPE_CHECKING:
    from renp.verification.check import Verdict

__all__ = ["check_command"]


def check_command(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE.toml]", help="A formula: text or LaTeX, with what it is to be.", show_default=False
        ),
    ] = None,
    formula: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The formula itself, text or LaTeX, in place of a file.", show_default=False),
    ] = None,
    quantity: Annotated[
        str | None, typer.Option(help="What --formula is to be; bracket by default.", show_default=False)
    ] = None,
    nature: Annotated[
        str | None, typer.Option(help="Of --formula: both (default), dirac or majorana.", show_default=False)
    ] = None,
    interaction: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME_OR_FILE", help="Of --formula, beside the weak current; repeatable.", show_default=False
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Plot the error on the benchmark over omega (.png, .pdf, .svg).")
    ] = None,
) -> None:
    """Decide exactly whether a formula is right; of a wrong one say which slip makes it right.

    Example:  renp check my_formula.toml

    Example:  renp check --formula '|a_ij|^2 I_D - m_i m_j Re(a_ij^2)' --nature majorana

    Example:  renp check my_formula.toml --json

    Example:  renp check my_formula.toml --plot error.png
    """
    from renp.output.files import check_output_paths, write_files
    from renp.studies.figures.plotting import figure_bytes, figure_format
    from renp.verification.check_benchmark import error_figure, require_spectrum
    from renp.verification.formula_files import load

    given = {"quantity": quantity, "nature": nature, "interactions": interaction or None}
    settings = {name: value for name, value in given.items() if value is not None}
    _one_of(file, formula, settings)
    printed = None if file is None else load(file)
    picture = None
    if plot is not None:
        require_spectrum(printed.quantity if printed else quantity or "bracket")
        check_output_paths([plot])
        picture = figure_format(plot)
    with status("checking"):
        verdict = printed.check() if printed else _verdict(formula or "", settings)
    if json:
        print_json(verdict.as_json())
    else:
        print(verdict)
        if verdict.size:
            errors = ", ".join(
                f"{100 * error:{'+' if error else ''}.3g}% at {omega} eV" for omega, error in verdict.size.items()
            )
            print(f"  size of the error on the Yb benchmark, {verdict.size_nature.capitalize()} neutrinos: {errors}")
    if plot is not None and picture is not None:
        write_files({plot: figure_bytes(error_figure(verdict.judgement.formula, verdict.setting), picture)})
        if not json:
            print(f"wrote {plot}")
    if not verdict.passed:
        raise typer.Exit(CHECK_FAILED)


def _one_of(file: Path | None, formula: str | None, settings: dict[str, str | list[str]]) -> None:
    """Raise in one line unless there is either a file or a formula, settings with the latter alone."""
    if (file is None) == (formula is None):
        found = "neither" if file is None else "both"
        raise ValueError(f"renp check takes a FILE.toml or --formula TEXT, found {found}: see renp check --help")
    if file is not None and settings:
        name = next(iter(settings))
        raise ValueError(f"--{name.removesuffix('s')} goes with --formula; in {file} it is the field {name!r}")
    if file is not None and file.is_dir():
        raise ValueError(f"{file}: found a folder, allowed a file of one formula; all of a folder: renp ledger {file}")
    if file is not None and file.suffix != ".toml" and not file.exists() and set(str(file)) & set("_^*+=\\|"):
        raise ValueError(f"found no file {str(file)[:60]!r}; a formula on the command line stands behind --formula")


def _verdict(formula: str, settings: dict[str, str | list[str]]) -> Verdict:
    from renp.verification.check import check

    try:
        return check(formula, **settings)  # type: ignore[arg-type]
    except ValueError as error:
        raise ValueError(re.sub(r"interactions = \[\.\.\., '(\w+)'\]", r"--interaction \1", str(error))) from None
