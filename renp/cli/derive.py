"""``renp derive``: the named steps of a derivation."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["derive_command"]


def derive_command(
    name: Annotated[str, typer.Argument(help="Name of a derivation; renp list shows them.")],
    latex: Annotated[bool, typer.Option("--latex", help="Print a LaTeX document that compiles.")] = False,
) -> None:
    """Derive a result and print its named steps.

    Example:  renp derive standard_model

    Example:  renp derive standard_model --latex > standard_model.tex
    """
    from derivations.catalogue import derive

    derivation = derive(name)
    print(derivation.as_latex() if latex else derivation.as_text())
