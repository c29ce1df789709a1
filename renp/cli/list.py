"""``renp list``: what can be named on the command line, with sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from renp.cli.models import ModelOption, chosen_model
from renp.output.terminal import print_json, print_table, print_text

if TYPE_CHECKING:
    from derivations.interactions.language import Bilinear
    from derivations.interactions.model import ContactTerm, CouplingTerm, Interaction
    from renp.model import ModelCoupling, ModelGroup

__all__ = ["list_command"]


def list_command(
    model: ModelOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print what a model offers as JSON.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of interaction files instead, for an editor.")
    ] = False,
) -> None:
    """List what can be named, with sources: interactions, atoms, nuclei, oscillation sets, derivations.

    With --model: the groups of a model, their couplings, masses and choices, as --set names them, and which pair steps each
    coupling opens.

    Example:  renp list

    Example:  renp list --model dark_higgs.toml --model zprime=vector
    """
    if schema:
        if model or json:
            raise ValueError("--schema prints the schema alone: it cannot be combined with --model or --json")
        from derivations.interactions.schema import interaction_schema

        print_json(interaction_schema())
        return
    if model or json:
        groups = chosen_model(model).groups
        if json:
            print_json({"groups": [asdict(group) for group in groups]})
        else:
            for group in groups:
                _group_report(group)
        return
    from derivations.catalogue import names
    from derivations.interactions.reader import shipped_interactions
    from renp.inputs.atoms import ATOMS
    from renp.inputs.oscillation import OSCILLATION_SETS
    from renp.inputs.targets import NUCLEI

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
    print_text("\nNuclei (--target of renp probe)")
    print_table(
        ("nucleus", "Z", "N", "spin", "atomic mass [u]", "source"),
        [(n.symbol, str(n.Z), str(n.N), str(n.spin), f"{n.atomic_mass:.10g}", n.source) for n in NUCLEI.values()],
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
    factor = f", {propagator.factor}" if propagator.kind == "contact" else ""
    electron: list[tuple[CouplingTerm | ContactTerm, Bilinear]] = [(e, e.bilinear) for e in interaction.electron]
    electron += [(term, term.electron) for term in interaction.terms]
    neutrino: list[tuple[CouplingTerm | ContactTerm, Bilinear]] = [(n, n.bilinear) for n in interaction.neutrino]
    neutrino += [(term, term.neutrino) for term in interaction.terms]
    rows = [("electron", term.coupling, term.units, shown(term, x), transition(x)) for term, x in electron]
    rows += [("neutrino", term.coupling, term.units, shown(term, x), "") for term, x in neutrino]
    exchange = _exchange(propagator.kind, propagator.spin) + factor
    print_text(_heading(interaction.name, interaction.title, exchange, interaction.references))
    print_table(("current", "coupling", "unit", "bilinear", "atomic transition"), rows)
    print_text("")


def _group_report(group: ModelGroup) -> None:
    exchange = _exchange(group.propagator, group.spin)
    print_text(_heading(group.name, group.title, exchange, group.references))
    rows = [
        (c.name, c.kind, c.line, c.units, c.current, " and ".join(c.opens) or "no step", _default(c))
        for c in group.couplings
    ]
    print_table(("name", "kind", "line", "unit", "what it is", "opens", "default"), rows)
    print_text("")


def _default(coupling: ModelCoupling) -> str:
    if coupling.choices:
        others = ", ".join(choice for choice in coupling.choices if choice != coupling.default)
        # A choice without a default is that of the call's argument of the same name.
        return f"{'that of the call' if coupling.default is None else coupling.default} (or {others})"
    if coupling.default is None:
        return "must be given"
    return "zero" if coupling.is_matrix else f"{coupling.default:g}"


def _exchange(kind: str, spin: int | None) -> str:
    mediator = "antisymmetric tensor mediator" if spin == 2 else f"mediator of spin {spin}"
    return mediator if kind == "massive" else kind


def _heading(name: str, title: str, exchange: str, references: Sequence[str]) -> str:
    return "; ".join([f"{name}: {title}; {exchange}", *([", ".join(references)] if references else [])])
