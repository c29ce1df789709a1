"""``renp import``: a mediator of a UFO model as an interaction file, read as data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renp.output.terminal import print_json, print_table, print_text

if TYPE_CHECKING:
    from derivations.interactions.ufo.folder import Numbers, UfoModel
    from derivations.interactions.ufo.writing import Candidate

__all__ = ["import_command"]


def import_command(
    path: Annotated[str, typer.Argument(metavar="PATH", help="The folder of a UFO model. No line of it is executed.")],
    mediator: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help='A neutral boson of the model, or "contact" for its four-fermion vertices; by default the only one that couples '
            "to electrons and to neutrinos.",
            show_default=False,
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="A parameter of the model, in its units (GeV). May be repeated.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the interaction file; stdout by default.", show_default=False),
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Show the mediators of the model, their couplings and what is missing.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the list, or the interaction and its numbers, as JSON.")
    ] = False,
) -> None:
    """Turn a mediator of a UFO model into an interaction file, with its numbers in comments, without executing the model.

    Example:  renp import dark_photon_UFO --list

    Example:  renp import dark_photon_UFO --mediator Zd --parameter MZd=1e-9 --out zd.toml

    Example:  renp import dark_photon_UFO --json
    """
    from derivations.interactions.ufo.folder import Numbers, load_model
    from derivations.interactions.ufo.writing import candidates, import_interaction
    from renp.output.files import check_output_paths, write_files

    parameters = _parameters(parameter or [])
    if list_:
        if mediator is not None or out is not None:
            raise ValueError("--list shows all mediators: it cannot be combined with --mediator or --out")
        model = load_model(path)
        numbers = Numbers(model).set(parameters)
        found = candidates(model, numbers)
        if json:
            print_json({"model": model.name, "mediators": [_plain(one) for one in found]})
        else:
            _report(model, numbers, found)
        return
    if out is not None:
        check_output_paths([out])
    interaction = import_interaction(path, mediator, parameters)
    if out is not None:
        write_files({out: interaction.text.encode()})
    if json:
        values = {name: _value(value) for name, value in interaction.values.items()}
        print_json({"interaction": interaction.text, "values": {interaction.name: values}})
    elif out is None:
        print(interaction.text, end="")
    else:
        print(f"wrote {out}")


def _parameters(settings: list[str]) -> dict[str, str]:
    result: dict[str, str] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise ValueError(f"--parameter must be NAME=VALUE, found {text!r}")
        if name.strip() in result:
            raise ValueError(f"--parameter: {name.strip()!r} is given twice, give it once")
        result[name.strip()] = value
    return result


def _report(model: UfoModel, numbers: Numbers, found: tuple[Candidate, ...]) -> None:
    from derivations.interactions.ufo.writing import parameters_of

    print_text(f"{model.name}: {len(found)} mediators that couple to electrons or to neutral fermions")
    print_table(
        ("mediator", "spin", "mass [eV]", "width [eV]", "electrons", "neutrinos", "makes pairs"),
        [_row(one) for one in found],
    )
    for one in found:
        if one.couplings is None or one.problem:
            continue
        nature = "Majorana" if one.couplings.majorana else "Dirac"
        names = ", ".join(p.name for p in one.couplings.neutrinos)
        print_text(f"\n{one.name}: {nature} neutrinos {names}")
        for note in one.couplings.notes:
            print_text(f"  {note}")
        rows = [
            (p.name, "" if p.name in numbers.given else "default", _shown(numbers.parameter(p.name)))
            for p in parameters_of(model, numbers, one.couplings)
        ]
        print_table(("parameter (--parameter)", "", "value in the model's units"), rows)


def _row(one: Candidate) -> tuple[str, ...]:
    found = one.couplings
    if found is None:
        return (one.name, "", "", "", "", "", one.problem)
    exchange = found.spin is not None
    electron, neutrino = (found.electron, found.neutrino) if exchange else (found.terms, found.terms)
    return (
        one.name,
        str(found.spin) if exchange else "contact",
        _shown(found.mass) if exchange else "",
        _shown(found.width) if exchange else "",
        "; ".join(f"{c.name} {_size(c.value)} [{c.bilinears[0]}]" for c in electron),
        "; ".join(f"{c.name} {_size(c.value)} [{c.bilinears[-1]}]" for c in neutrino),
        one.problem or "yes",
    )


def _size(value: Any) -> str:
    if isinstance(value, tuple):
        return f"<= {float(max(abs(entry) for row in value for entry in row)):.6g}"
    return _shown(value)


def _shown(value: Any) -> str:
    number = complex(value)
    return f"{number:.6g}" if number.imag else f"{number.real:.6g}"


def _plain(one: Candidate) -> dict[str, Any]:
    found = one.couplings
    if found is None:
        return {"mediator": one.name, "problem": one.problem}
    return {
        "mediator": one.name,
        "spin": found.spin,
        "mass": float(found.mass),
        "width": float(found.width),
        "nature": "majorana" if found.majorana else "dirac",
        "neutrinos": [p.name for p in found.neutrinos],
        "couplings": {
            c.name: {"bilinears": list(c.bilinears), "value": _value(c.value), "sources": list(c.sources)}
            for c in (*found.electron, *found.neutrino, *found.terms)
        },
        "notes": list(found.notes),
        "problem": one.problem,
    }


def _value(value: Any) -> Any:
    """Return a number as JSON has it; complex ones as pairs."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [[[float(entry.real), float(entry.imag)] for entry in row] for row in value]
    return float(value)
