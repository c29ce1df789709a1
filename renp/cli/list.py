"""``renp list``: what can be named on the command line, with sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renp.output.terminal import print_table, print_text

if TYPE_CHECKING:
    from derivations.interactions.language import Bilinear
    from derivations.interactions.reader import Interaction

__all__ = ["list_command"]


def list_command() -> None:
    """List what can be named, with sources: interactions, atoms, oscillation sets, derivations.

    Example:  renp list
    """
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

    propagator = interaction.propagator
    exchange = {
        "contact": f"contact, {propagator.factor}",
        "massive": f"mediator of spin {propagator.spin}" if propagator.spin != 2 else "antisymmetric tensor mediator",
        "photon": "photon",
    }[propagator.kind]
    electron = [(term.coupling, term.bilinear, term.units) for term in interaction.electron]
    electron += [(term.coupling, term.electron, term.units) for term in interaction.terms]
    neutrino = [(term.coupling, term.bilinear, term.units) for term in interaction.neutrino]
    neutrino += [(term.coupling, term.neutrino, term.units) for term in interaction.terms]
    rows = [("electron", name, unit, bilinear.text, transition(bilinear)) for name, bilinear, unit in electron]
    rows += [("neutrino", name, unit, bilinear.text, "") for name, bilinear, unit in neutrino]
    heading = f"{interaction.name}: {interaction.title}; {exchange}"
    print_text("; ".join([heading, ", ".join(interaction.references)] if interaction.references else [heading]))
    print_table(("current", "coupling", "unit", "bilinear", "atomic transition"), rows)
    print_text("")
