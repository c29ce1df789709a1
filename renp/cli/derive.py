"""``renp derive``: the named steps of a derivation."""

from __future__ import annotations

from typing import Annotated

import typer

from renp.cli.models import ModelOption, chosen_model

__all__ = ["derive_command"]

NO_PAIR_STEP = "--pair-step is for --model: NAME is that of an M1 pair step, NAME-E1 that of an E1 pair step"


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
    form: Annotated[
        str | None,
        typer.Option(metavar="papers|threshold", help="Print the formula of one pair alone, in this form."),
    ] = None,
    latex: Annotated[bool, typer.Option("--latex", help="Print a LaTeX document that compiles.")] = False,
) -> None:
    """Derive a result by its name, or the spectral function of a model, and print its named steps.

    Example:  renp derive standard_model

    Example:  renp derive standard_model --latex > standard_model.tex

    Example:  renp derive vector --form papers

    Example:  renp derive --model dark_higgs.toml --pair-step E1

    Example:  renp derive electron_scattering --model vector --form papers
    """
    from derivations.catalogue import PROCESSES, derive
    from derivations.processes.renp.amplitude import PAIR_STEPS

    if name in PROCESSES:
        if pair_step is not None:
            raise ValueError(f"--pair-step is for pair emission by an atom: {name} has none")
        print(_process(name, model, form, latex))
        return
    if name is not None and name.endswith(".toml"):
        raise ValueError(f"NAME is that of a derivation, found {name!r}; an interaction file goes behind --model")
    if (name is None) == (not model):
        found = "neither" if name is None else "both"
        raise ValueError(
            f"renp derive takes the NAME of a derivation or --model, found {found}; renp list shows the names"
        )
    if pair_step not in (None, *PAIR_STEPS):
        raise ValueError(f"--pair-step must be one of {', '.join(PAIR_STEPS)}, found {pair_step!r}")
    if form is not None:
        print(_formulas(name, model, pair_step, form, latex))
        return
    if name is None:
        derivation = chosen_model(model).derivation("M1" if pair_step is None else pair_step)
    elif pair_step is None:
        derivation = derive(name)
    else:
        raise ValueError(NO_PAIR_STEP)
    print(derivation.as_latex() if latex else derivation.as_text())


def _process(name: str, model: list[str] | None, form: str | None, latex: bool) -> str:
    """Return the steps of another process than pair emission, or its formulas alone."""
    from derivations.catalogue import process_derivation, process_formulas
    from renp.generate import formula_document

    chosen = chosen_model(model).interactions
    if form is not None:
        formulas = process_formulas(name, chosen, form)
        return formula_document(formulas[0].title, formulas, latex=latex)
    derivation = process_derivation(name, chosen)
    return derivation.as_latex() if latex else derivation.as_text()


def _formulas(name: str | None, model: list[str] | None, pair_step: str | None, form: str, latex: bool) -> str:
    """Return the threshold and the contribution of one pair to I(omega), with their abbreviations."""
    from derivations.catalogue import spectral_choice
    from renp.generate import formula_document
    from renp.model import Model

    if name is None:
        chosen, step = chosen_model(model), "M1" if pair_step is None else pair_step
    elif pair_step is None:
        interactions, step = spectral_choice(name)
        chosen = Model.of(interactions)
    else:
        raise ValueError(NO_PAIR_STEP)
    found = chosen.formulas(form, step)
    names = ", ".join(interaction.name for interaction in chosen.interactions)
    title = f"RENP spectral function: {names} ({step} pair step)"
    return formula_document(title, (found["threshold"], found["summand"]), latex=latex)
