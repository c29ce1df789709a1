"""``renp spectrum``: a photon spectrum as a table of thresholds, a plot, CSV or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
    plot: PlotOption = None,
    csv: CsvOption = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write points, inputs and thresholds.")] = None,
) -> None:
    """Compute a photon spectrum, list its thresholds, and plot or store it, with and without new couplings.

    Example:  renp spectrum --atom Yb --lightest 0.01 --ordering normal --nature majorana --omega 1.06:1.0717:400 --plot out.png

    Example:  renp spectrum --ordering inverted --chain exact --polarisation circular+ --csv out.csv --json out.json

    Example:  renp spectrum --set 'electromagnetic.mu[1,1]=5e-11' --plot out.png

    Example:  renp spectrum --model dark_higgs.toml --set dark_higgs.mass=1 --set dark_higgs.y_e=1e-6 --set 'dark_higgs.y_nu[1,1]=5e-11'
    """
    from renp.cli.ranges import parse_energy_range
    from renp.rates.labels import coupling_labels
    from renp.rates.spectra import spectrum
    from renp.studies.figures.results import plot_spectrum

    energies = None if omega is None else parse_energy_range(omega)
    check_outputs(plot, csv, json)
    groups, off = chosen.groups()
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
