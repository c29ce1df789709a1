"""``renp probe``: scattering, decays and the lines of bosons, as a table in the units of their field, a plot, CSV or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from renp.cli.notes import check_masses, print_notes
from renp.cli.outputs import CsvOption, JsonFlag, PlotOption, check_outputs, print_written, write_outputs
from renp.cli.settings import EMISSION, Chosen, option_name, read_number, read_numbers, takes
from renp.output.terminal import print_json, print_table, print_text

if TYPE_CHECKING:
    from renp.probes.tables import Beam, ProbeTable
    from renp.rates.emission import Emission
    from renp_generated.runtime.probes import ProbeFunctions

__all__ = ["PROBES", "probe_command"]

_BEAM: Final = ("energy", "flavour", "mass_state", "outgoing", "antineutrino", "helicity", "target", "recoil")
PROBES: Final[Mapping[str, tuple[str, ...]]] = {
    "electron_scattering": _BEAM,
    "coherent_scattering": (*_BEAM, "form_factor", "nuclear"),
    "radiative_decay": (),
    "plasmon_decay": ("energy", "plasmon_mass", "plasmon_polarisation"),
    "boson_line": (),
}
"""Each probe, and the options that it takes besides model, neutrinos and atom."""

_NEUTRINOS: Final = ("lightest_mass", "ordering", "nature", "oscillation", "majorana_phases", "masses", "mixing")
_WEAK: Final = ("axial", "vector_weak")
_NO_LINE: Final = ("imprinted_momentum", "crossed", "intermediate_amplitudes")
_SEVERAL: Final = ("intermediate", "E_vg")
_ENERGY: Final[Mapping[str, float]] = {"electron_scattering": 1e6, "coherent_scattering": 3e7}
"""Default energies [eV], close to those of reactors, and of pions that decay at rest."""
_TARGET: Final[Mapping[str, str]] = {"electron_scattering": "electron", "coherent_scattering": "Ar"}
_NO_PHOTON: Final = (
    "this model has no group that does, one with the propagator of a photon as the shipped electromagnetic "
    "(--model electromagnetic)"
)
_PLASMON_MASS: Final = 300.0
"""Plasma frequency [eV] at the centre of the sun."""


@takes(EMISSION)
def probe_command(
    chosen: Chosen,
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"Which probe: {', '.join(PROBES)}.")],
    energy: Annotated[
        str | None,
        typer.Option(
            metavar="EV",
            help="Energy of the neutrino in eV, 1e6 on electrons and 3e7 on nuclei by default; of plasmons also several by ',', or "
            "START:STOP:COUNT, and K to 10 K by default.",
            show_default=False,
        ),
    ] = None,
    flavour: Annotated[
        str | None,
        typer.Option(
            metavar="WORD",
            help="A neutrino born as e (by default), mu or tau; all mass states coherently.",
            show_default=False,
        ),
    ] = None,
    mass_state: Annotated[
        str | None,
        typer.Option(metavar="NUMBER", help="A mass state instead of a flavour, counted from 1.", show_default=False),
    ] = None,
    outgoing: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="One outgoing mass state; by default the sum over all.", show_default=False
        ),
    ] = None,
    antineutrino: Annotated[bool, typer.Option("--antineutrino", help="An antineutrino comes in.")] = False,
    helicity: Annotated[
        str | None,
        typer.Option(
            metavar="WORD",
            help="Helicity of what comes in: minus, plus or average; by default minus, and plus for antineutrinos.",
            show_default=False,
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            metavar="SYMBOL",
            help="What is struck: electron, or an element or isotope as Ar, Ge, 132Xe; on electrons all Z of the atom, taken as free.",
            show_default=False,
        ),
    ] = None,
    recoil: Annotated[
        str | None,
        typer.Option(
            metavar="EV,...",
            help="Recoils T in eV, or START:STOP:COUNT; by default the range that kinematics allows, over four decades.",
            show_default=False,
        ),
    ] = None,
    form_factor: Annotated[
        str | None,
        typer.Option(
            metavar="WORD", help="Form factor of the nucleus: helm (by default) or point.", show_default=False
        ),
    ] = None,
    nuclear: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GROUP=CHARGE",
            help="Charge of the nucleus under a mediator, in the place of the electron's coupling. May be repeated.",
            show_default=False,
        ),
    ] = None,
    plasmon_mass: Annotated[
        str | None,
        typer.Option(
            metavar="EV",
            help=f"Invariant mass K of the plasmon in eV; {_PLASMON_MASS:g}, as in the sun, by default.",
            show_default=False,
        ),
    ] = None,
    plasmon_polarisation: Annotated[
        str | None,
        typer.Option(
            metavar="WORD",
            help="Polarisation of the plasmon: transverse (by default) or longitudinal.",
            show_default=False,
        ),
    ] = None,
    plot: PlotOption = None,
    csv: CsvOption = None,
    json: JsonFlag = False,
) -> None:
    """Ask another probe of the same interactions: a cross section in cm^2/keV, a width in 1/s, a line in eV.

    Energies are typed in eV. A point that kinematics forbids gives exactly 0, and a note says so.

    Example:  renp probe electron_scattering --set 'electromagnetic.mu[1,1]=3e-11' --plot moment.png

    Example:  renp probe coherent_scattering --target 132Xe --flavour mu --energy 3e7 --recoil 1e3:1e4:4 --csv xenon.csv

    Example:  renp probe coherent_scattering --target Ge --set vector.mass=1e7 --set 'vector.g_L[1,1]=1e-5' --nuclear vector=1e-3

    Example:  renp probe radiative_decay --nature majorana --set 'electromagnetic.mu[1,3]=1e-11j'

    Example:  renp probe plasmon_decay --plasmon-mass 8600 --set 'electromagnetic.mu[1,2]=1e-12' --json

    Example:  renp probe boson_line --set vector.mass=0.5 --set vector.g_A=1e-12

    Example:  renp probe boson_line --model dark_higgs.toml --set dark_higgs.mass=1 --set dark_higgs.y_e=1e-6
    """
    typed = {
        "energy": energy, "flavour": flavour, "mass_state": mass_state, "outgoing": outgoing, "antineutrino": antineutrino or None,
        "helicity": helicity, "target": target, "recoil": recoil, "form_factor": form_factor, "nuclear": nuclear or None,
        "plasmon_mass": plasmon_mass, "plasmon_polarisation": plasmon_polarisation,
    }  # fmt: skip
    given = {key: value for key, value in typed.items() if value is not None}
    _check_options(name, given, chosen)
    check_outputs(plot, csv)
    from renp.output.tables import csv_bytes
    from renp.rates.emission import emission
    from renp.rates.labels import coupling_labels

    groups, off = chosen.groups()
    check_masses(chosen.model, groups, ())
    settings = dict(chosen.settings)
    if name == "boson_line" and not settings.keys() & {*_SEVERAL}:
        settings["intermediate"] = "single"
    run = emission(model=chosen.model, **settings)
    table = _table(name, given, chosen, groups, run)
    labels = coupling_labels(chosen.model, groups)
    summary = f"{name}: {_summary(name, given, run)}"

    def figure() -> Any:
        from renp.studies.figures.probes import plot_probe

        return plot_probe(name, table, [summary, *labels])

    written = write_outputs({plot: figure, csv: lambda: csv_bytes(table.columns)})
    notes = (*off, *(run.remarks if name == "boson_line" else ()), *table.notes)
    if json:
        print_json(
            {"probe": name, "summary": summary, **table.columns, "couplings": list(labels), "notes": list(notes)}
        )
        return
    _report(summary, labels, table)
    print_notes(notes)
    print_written(written)


def _check_options(name: str, given: Mapping[str, Any], chosen: Chosen) -> None:
    if name not in PROBES:
        raise ValueError(f"unknown probe {name!r}: allowed are {', '.join(PROBES)}")
    for key in given:
        if key not in PROBES[name]:
            raise ValueError(f"{option_name(key)}: {name} has none; leave it out")
    if name == "boson_line":
        chosen.refuse((*_NEUTRINOS, *_WEAK), "no neutrino takes part in boson_line; leave it out")
        chosen.refuse(_NO_LINE, "boson_line has one intermediate state and no imprinted momentum; leave it out")
        return
    chosen.refuse(_WEAK, f"{name} takes the weak couplings from the mixing matrix; give --mixing")
    atom = [key for key in EMISSION if key not in (*_NEUTRINOS, *_WEAK)]
    chosen.refuse(atom, f"no atom takes part in {name}, only in boson_line; leave it out")
    if "flavour" in given and "mass_state" in given:
        raise ValueError("--mass-state: --flavour says already what comes in, leave one of the two out")


def _table(name: str, given: Mapping[str, Any], chosen: Chosen, groups: Mapping[str, Any], run: Emission) -> ProbeTable:
    from renp.probes.tables import boson_table, decay_table, plasmon_table, scattering_table
    from renp_generated.runtime.arguments import choice
    from renp_generated.runtime.probes import POLARISATIONS

    functions = chosen.model.probes
    if name in _ENERGY:
        coherent = name == "coherent_scattering"
        return scattering_table(
            functions,
            _nucleus(given.get("target", _TARGET[name])),
            _beam(name, given, chosen, run),
            groups,
            coherent=coherent,
            recoil=_numbers(given, "recoil"),
            form_factor=given.get("form_factor", "helm"),
            nuclear=_charges(given.get("nuclear", ()), groups, chosen) if coherent else None,
        )
    if name == "boson_line":
        atom = {key: value for key, value in run.options.items() if key != "intermediate_amplitudes"}
        if not isinstance(run.E_vg, float):
            raise ValueError("--E-vg: boson_line has one intermediate state; give one, or --intermediate single")
        return boson_table(functions, groups, {"E_eg": run.E_eg, "E_vg": run.E_vg, **atom})
    _only_photons(name, functions, groups)
    if name == "radiative_decay":
        return decay_table(functions, run.masses, groups, run.nature)
    # Emission has a polarisation of its own, so the message names the plasmon's here.
    choice("--plasmon-polarisation", given.get("plasmon_polarisation", "transverse"), POLARISATIONS)
    return plasmon_table(
        functions,
        run.masses,
        groups,
        plasmon_mass=read_number("--plasmon-mass", given.get("plasmon_mass", str(_PLASMON_MASS))),
        energy=_numbers(given, "energy"),
        polarisation=given.get("plasmon_polarisation", "transverse"),
        nature=run.nature,
    )


def _beam(name: str, given: Mapping[str, Any], chosen: Chosen, run: Emission) -> Beam:
    import numpy as np

    from renp.inputs.oscillation import default_set, mixing_matrix
    from renp.probes.tables import Beam

    if "mixing" in chosen.settings:
        mixing = np.array(chosen.settings["mixing"], dtype=complex)
    else:
        named = chosen.settings.get("oscillation") or default_set(chosen.settings.get("ordering", "normal"))
        mixing = mixing_matrix(named, run.majorana_phases)
    return Beam(
        energy=read_number("--energy", given.get("energy", str(_ENERGY[name]))),
        masses=run.masses,
        mixing=mixing,
        state=_state(given, "mass_state") if "mass_state" in given else given.get("flavour", "e"),
        outgoing=_state(given, "outgoing") if "outgoing" in given else None,
        antineutrino="antineutrino" in given,
        helicity=given.get("helicity"),
        nature=run.nature,
    )


def _nucleus(symbol: str) -> Any:
    from renp.inputs.targets import NUCLEI, nucleus

    if symbol == "electron":
        return None
    try:
        return nucleus(symbol)
    except ValueError:
        raise ValueError(f"--target: unknown {symbol!r}, allowed are electron, {', '.join(NUCLEI)}") from None


def _charges(texts: list[str] | tuple[str, ...], groups: Mapping[str, Any], chosen: Chosen) -> dict[str, float]:
    charges = {}
    for text in texts:
        group, equals, number = text.partition("=")
        if not equals or group in charges:
            raise ValueError(f"--nuclear {text!r} must be GROUP=CHARGE, once for each group")
        charges[group] = read_number(f"--nuclear {group}", number)
    for keyword in groups:
        massive = any(coupling.kind == "mass" for coupling in chosen.model.group(keyword).couplings)
        if massive and keyword not in charges and chosen.model.group(keyword).spin in (0, 1):
            raise ValueError(
                f"--nuclear: {keyword} needs the charge of the nucleus under it, as in --nuclear {keyword}=1"
            )
    return charges


def _only_photons(name: str, functions: ProbeFunctions, groups: Mapping[str, Any]) -> None:
    allowed = list(dict.fromkeys(term.group for term in functions.plasmon.terms))
    knows = f"allowed are {', '.join(allowed)}" if allowed else _NO_PHOTON
    for keyword in groups:
        if keyword not in allowed:
            raise ValueError(f"--set: {name} has a photon, which {keyword} does not couple to; {knows}")


def _numbers(given: Mapping[str, Any], key: str) -> list[float] | None:
    return read_numbers(option_name(key), given[key]) if key in given else None


def _state(given: Mapping[str, Any], key: str) -> int:
    try:
        return int(given[key])
    except ValueError:
        raise ValueError(f"{option_name(key)}: expected a mass state, counted from 1, got {given[key]!r}") from None


def _summary(name: str, given: Mapping[str, Any], run: Emission) -> str:
    parts = run.parts
    if name == "boson_line":
        return ", ".join(
            filter(None, [text for key, text in parts.items() if key in ("atom", "chain", "pair_step", "m1", "setup")])
        )
    neutrinos = [parts[key] for key in ("nature", "ordering", "lightest_mass", "oscillation") if parts[key]]
    if name in _ENERGY:
        beam = f"mass state {given['mass_state']}" if "mass_state" in given else f"nu_{given.get('flavour', 'e')}"
        beam = f"anti-{beam}" if "antineutrino" in given else beam
        energy = read_number("--energy", given.get("energy", str(_ENERGY[name])))
        neutrinos = [f"{beam} of {energy:g} eV on {given.get('target', _TARGET[name])}", *neutrinos]
    return ", ".join(neutrinos)


def _report(summary: str, labels: tuple[str, ...], table: ProbeTable) -> None:
    from renp.probes.tables import LABELS

    print_text(summary)
    for label in labels:
        print_text(label)
    columns = [
        [f"{value:.6g}" if isinstance(value, float) else str(value) for value in c] for c in table.columns.values()
    ]
    print_table([LABELS[key] for key in table.columns], list(zip(*columns, strict=True)))
