"""``renp list``: what can be named on the command line, with sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from renp.output.terminal import print_json, print_table, print_text

if TYPE_CHECKING:
    from derivations.interactions.language import Bilinear
    from derivations.interactions.model import ContactTerm, CouplingTerm, Interaction

__all__ = ["list_command"]


def list_command(
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of interaction files instead, for an editor.")
    ] = False,
) -> None:
    """List what can be named, with sources: interactions, atoms, oscillation sets, derivations.

    Example:  renp list
    """
    if schema:
        from derivations.interactions.schema import interaction_schema

        print_json(interaction_schema())
        return
    from derivations.catalogue import names
    from derivations.interactions.reader import shipped_interactions
    from renp.inputs.atoms import ATOMS
    from renp.inputs.oscillation import OSCILLATION_SETS

    for interaction in shipped_interactions():
        _interaction_report(interaction)
    print_text("Atoms (--atom)")
    print_table(
        ("atom", "quantity", "value", "unit", "source"),
        [
            (symbol, q.name, f"{q.value:.8g}", q.unit, q.source)
            for symbol, atom in ATOMS.items()
            for q in atom.quantities
        ],
    )
    print_text("\nOscillation sets (--oscillation)")
    print_table(
        ("name", "ordering", "what", "reference"),
        [(name, chosen.ordering, chosen.title, chosen.reference) for name, chosen in OSCILLATION_SETS.items()],
    )
    print_text(f"\nDerivations (renp derive NAME): {', '.join(names())}")


def _interaction_report(interaction: Interaction) -> None:
    from derivations.atom.nonrelativistic import atomic_operator

    def transition(bilinear: Bilinear) -> str:
        operator = atomic_operator(bilinear)
        magnetic = {None: [], 0: ["M1"], 1: ["M1 of order q/m_e"]}[operator.magnetic_order]
        return " and ".join([*magnetic, *(["E1"] if operator.electric else [])])

    def shown(term: CouplingTerm | ContactTerm, bilinear: Bilinear) -> str:
        return f"{bilinear.text} + h.c." if term.conjugate else bilinear.text

    propagator = interaction.propagator
    exchange = {
        "contact": f"contact, {propagator.factor}",
        "massive": f"mediator of spin {propagator.spin}" if propagator.spin != 2 else "antisymmetric tensor mediator",
        "photon": "photon",
    }[propagator.kind]
    electron: list[tuple[CouplingTerm | ContactTerm, Bilinear]] = [(e, e.bilinear) for e in interaction.electron]
    electron += [(term, term.electron) for term in interaction.terms]
    neutrino: list[tuple[CouplingTerm | ContactTerm, Bilinear]] = [(n, n.bilinear) for n in interaction.neutrino]
    neutrino += [(term, term.neutrino) for term in interaction.terms]
    rows = [("electron", term.coupling, term.units, shown(term, x), transition(x)) for term, x in electron]
    rows += [("neutrino", term.coupling, term.units, shown(term, x), "") for term, x in neutrino]
    heading = f"{interaction.name}: {interaction.title}; {exchange}"
    print_text("; ".join([heading, ", ".join(interaction.references)] if interaction.references else [heading]))
    print_table(("current", "coupling", "unit", "bilinear", "atomic transition"), rows)
    print_text("")
