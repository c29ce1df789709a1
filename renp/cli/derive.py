"""``renp derive``: the named steps of a derivation."""

from __future__ import annotations

from typing import Annotated

import typer

from renp.cli.models import ModelOption, chosen_model

__all__ = ["derive_command"]


def derive_command(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Name of a derivation; renp list shows them.", show_default=False),
    ] = None,
    model: ModelOption = None,
    pair_step: Annotated[
        str | None,
        typer.Option(metavar="M1|E1", help="Pair step of the spectral function of --model; M1 by default."),
    ] = None,
    latex: Annotated[bool, typer.Option("--latex", help="Print a LaTeX document that compiles.")] = False,
) -> None:
    """Derive a result by its name, or the spectral function of a model, and print its named steps.

    Example:  renp derive standard_model

    Example:  renp derive standard_model --latex > standard_model.tex

    Example:  renp derive --model dark_higgs.toml --pair-step E1
    """
    from derivations.catalogue import derive

    if (name is None) == (not model):
        found = "neither" if name is None else "both"
        raise ValueError(
            f"renp derive takes the NAME of a derivation or --model, found {found}; renp list shows the names"
        )
    if name is None:
        derivation = chosen_model(model).derivation("M1" if pair_step is None else pair_step)
    elif pair_step is None:
        derivation = derive(name)
    else:
        raise ValueError("--pair-step is for --model: NAME is that of an M1 pair step, NAME-E1 that of an E1 pair step")
    print(derivation.as_latex() if latex else derivation.as_text())
