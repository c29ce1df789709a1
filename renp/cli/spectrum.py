"""``renp spectrum``: a photon spectrum as a table of thresholds, a plot, CSV or JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renp.cli.models import compared_values
from renp.cli.notes import print_notes
from renp.cli.other_setup import other_setup
from renp.cli.outputs import CsvOption, PlotOption, check_outputs, print_written, write_outputs
from renp.cli.settings import EMISSION, Chosen, takes
from renp.output.terminal import print_table, print_text

if TYPE_CHECKING:
    from renp.rates.spectra import Spectrum

__all__ = ["spectrum_command"]


@takes(EMISSION)
def spectrum_command(
    chosen: Chosen,
    omega: Annotated[
        str | None,
        typer.Option(
            metavar="START:STOP:COUNT",
            help="Photon energies in eV, between 0 and E_eg/2; around all thresholds by default.",
        ),
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=VALUE,VALUE,...]",
            help="Compare spectra that differ in a setting, one for each value (lists are separated by ';'); may be repeated for "
            "all combinations. A coupling or mass goes by GROUP.NAME, an element of a matrix by GROUP.NAME\\[i,j]. "
            "Without values go setup, atom, ordering, nature, oscillation, chain, polarisation, m1, intermediate, and "
            "model: the weak current alone, each coupling group alone beside it, all of them.",
        ),
    ] = None,
    plot: PlotOption = None,
    csv: CsvOption = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write points, inputs and thresholds.")] = None,
) -> None:
    """Compute a photon spectrum, list its thresholds, and plot or store it, with and without new couplings.

    With --compare the plot shows all spectra; CSV holds them one below the other, with a column for each compared setting, and JSON as a
    list of curves.

    Example:  renp spectrum --atom Yb --lightest 0.01 --ordering normal --nature majorana --omega 1.06:1.0717:400 --plot out.png

    Example:  renp spectrum --ordering inverted --chain exact --polarisation circular+ --csv out.csv --json out.json

    Example:  renp spectrum --set 'electromagnetic.mu[1,1]=5e-11' --plot out.png

    Example:  renp spectrum --model dark_higgs.toml --set dark_higgs.mass=1 --set dark_higgs.y_e=1e-6 --set 'dark_higgs.y_nu[1,1]=5e-11'

    Example:  renp spectrum --lightest 0.01 --compare ordering --compare nature --plot compared.png

    Example:  renp spectrum --compare lightest_mass=0,0.05,0.1 --csv masses.csv

    Example:  renp spectrum --set 'electromagnetic.mu[1,1]=5e-11' --set 'tensor.t[1,1]=0.05' --compare model

    Example:  renp spectrum --set vector.mass=1 --set vector.g_A=1 --compare 'vector.g_L[1,1]=0,2e-24,4e-24' --plot couplings.png
    """
    from renp.cli.ranges import parse_energy_range
    from renp.rates.labels import coupling_labels
    from renp.rates.spectra import spectrum
    from renp.studies.figures.results import plot_spectrum

    energies = None if omega is None else parse_energy_range(omega)
    check_outputs(plot, csv, json)
    groups, off = chosen.groups()
    if compare:
        values = None if energies is None else energies.values()
        _compare(_asked(compare, chosen), values, chosen, groups, off, {"plot": plot, "csv": csv, "json": json})
        return
    result = spectrum(
        omega=None if energies is None else energies.values(), model=chosen.model, **chosen.settings, **groups
    )
    labels = coupling_labels(chosen.model, groups)
    other = other_setup(
        result.setup,
        {"I_max": float(result.I.max())},
        {**chosen.settings, "omega": result.omega},
        lambda **settings: {"I_max": float(spectrum(model=chosen.model, **settings, **groups).I.max())},
    )
    written = write_outputs(
        {
            plot: lambda: plot_spectrum(result, labels),
            csv: result.to_csv,
            json: lambda: result.to_json(other_setup=other.record),
        }
    )
    _spectrum_report(result)
    for label in labels:
        print_text(label)
    print_text(other.line("I up to ", "{I_max:.6g}"))
    print_notes((*off, *result.remarks, *result.notes))
    print_written(written)


def _asked(texts: Sequence[str], chosen: Chosen) -> dict[str, dict[str, Any] | list[str] | None]:
    """Return what is compared: by name the values by their texts, or ``None`` for the usual ones."""
    from renp.rates.comparison import MODEL

    names = {alias.removeprefix("--"): name for name, one in EMISSION.items() for alias in one.aliases}
    asked: dict[str, dict[str, Any] | list[str] | None] = {}
    for text in texts:
        typed, equals, listed = text.partition("=")
        entry = "." in typed
        name = typed.strip() if entry else names.get(typed.strip(), typed.strip().replace("-", "_"))
        if not entry and name not in EMISSION and name != MODEL:
            allowed = f"{', '.join((*EMISSION, MODEL))}, or a coupling or mass as GROUP.NAME"
            raise ValueError(f"--compare: unknown setting {typed!r}, allowed are {allowed}")
        if name in asked:
            raise ValueError(f"--compare: {name} is given twice, give all its values at once")
        if entry and not equals:
            raise ValueError(f"--compare {name}: expected {name}=VALUE,VALUE,...")
        chosen.refuse([name], f"--compare {name} gives the values, leave one of the two out")
        if not equals:
            asked[name] = None
            continue
        # Where one value is a list, its numbers stand between commas.
        words = [
            word.strip() for word in listed.split(";" if name in EMISSION and "," in EMISSION[name].metavar else ",")
        ]
        if "" in words:
            raise ValueError(f"--compare {name}: expected VALUE,VALUE,..., got {listed!r}")
        if len(set(words)) < len(words):
            raise ValueError(f"--compare {name}: a value is given twice in {listed!r}")
        if entry:
            asked[name] = compared_values(name, words, chosen.model, chosen.number, chosen.set_texts)
        else:
            asked[name] = (
                words if name == MODEL else {word: EMISSION[name].read(f"--compare {name}", word) for word in words}
            )
    return asked


def _compare(
    asked: Mapping[str, Any],
    omega: Any,
    chosen: Chosen,
    groups: Mapping[str, Any],
    off: Sequence[str],
    files: Mapping[str, Path | None],
) -> None:
    from renp.rates.comparison import MODEL, compare, without_entry
    from renp.rates.labels import coupling_labels
    from renp.studies.figures.results import plot_comparison

    for name in asked:
        groups = without_entry(groups, name, chosen.model)
    found = compare(asked, omega=omega, model=chosen.model, **chosen.settings, **groups)
    labels = coupling_labels(chosen.model, groups)
    written = write_outputs(
        {
            files["plot"]: lambda: plot_comparison(found, labels),
            files["csv"]: found.to_csv,
            files["json"]: lambda: found.to_json(couplings=list(labels)),
        }
    )
    for text in filter(None, (found.common, found.details)):
        print_text(text)
    for label in labels:
        print_text(label)
    rows = []
    for values, one in zip(found.values, found.spectra, strict=True):
        edges = [threshold.omega for threshold in one.thresholds]
        highest = int(one.I.argmax())
        ends = [f"{edge:.8f}" if edge > 0 else "never opens" for edge in (edges[0], edges[-1])]
        rows.append((*values, *ends, f"{one.I[highest]:.6g}", f"{one.omega[highest]:.8g}"))
    print_table((*found.compared, "first threshold [eV]", "last threshold [eV]", "highest I", "at [eV]"), rows)
    for label, one in zip(found.labels, found.spectra, strict=True):
        if one.remark:
            print_text(f"{label}: {one.remark}")
    varied = {name.partition(".")[0] for name in found.compared}
    print_notes((*(note for note in off if not {MODEL, note.split()[0]} & varied), *found.notes))
    print_written(written)


def _spectrum_report(result: Spectrum) -> None:
    print_text(result.summary)
    rows = [
        (
            f"{t.i}{t.j}",
            f"{t.omega:.8f}" if t.omega > 0 else "never opens",
            f"{result.masses[t.i - 1] + result.masses[t.j - 1]:.6f}",
        )
        for t in result.thresholds
    ]
    print_table(("pair", "threshold [eV]", "m_i + m_j [eV]"), rows)
    print_text(
        f"{len(result.omega)} points, {result.omega[0]:.8g} to {result.omega[-1]:.8g} eV, "
        f"I from {result.I.min():.6g} to {result.I.max():.6g}"
    )
    if result.remark:
        print_text(result.remark)
