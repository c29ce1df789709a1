"""``renp spectrum``: a photon spectrum as a table of thresholds, a plot, CSV or JSON."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from renp.output.terminal import print_table, print_text

if TYPE_CHECKING:
    from renp.rates.spectra import Spectrum

__all__ = ["spectrum_command"]


def spectrum_command(
    atom: Annotated[str, typer.Option(help="Target: Yb or Xe.")] = "Yb",
    lightest: Annotated[float, typer.Option(metavar="EV", help="Mass of the lightest neutrino in eV.")] = 0.01,
    ordering: Annotated[str, typer.Option(help="Mass ordering: normal or inverted.")] = "normal",
    nature: Annotated[str, typer.Option(help="Nature of the neutrino: dirac or majorana.")] = "dirac",
    omega: Annotated[
        str | None,
        typer.Option(
            metavar="START:STOP:COUNT",
            help="Photon energies in eV, between 0 and E_eg/2; around all thresholds by default.",
        ),
    ] = None,
    oscillation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Oscillation set (see renp list); NuFIT 6.0 by default.")
    ] = None,
    alpha21: Annotated[float, typer.Option(metavar="DEG", help="Majorana phase alpha_21 in degrees.")] = 0.0,
    alpha31: Annotated[float, typer.Option(metavar="DEG", help="Majorana phase alpha_31 in degrees.")] = 0.0,
    chain: Annotated[
        str, typer.Option(help="Magnetic numbers: averaged, as in the papers, or the exact coherent chain.")
    ] = "averaged",
    polarisation: Annotated[
        str | None,
        typer.Option(help="Photon polarisation for the exact chain: linear (the default), circular+ or circular-."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a plot (.png, .pdf, .svg), thresholds marked.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the points as CSV.")] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write points, inputs and thresholds.")] = None,
) -> None:
    """Compute a photon spectrum, list its thresholds, and plot or store it.

    Example:  renp spectrum --atom Yb --lightest 0.01 --ordering normal --nature majorana --omega 1.06:1.0717:400 --plot out.png

    Example:  renp spectrum --ordering inverted --chain exact --polarisation circular+ --csv out.csv --json out.json
    """
    from math import radians

    from renp.cli.ranges import parse_energy_range
    from renp.output.files import check_output_paths, write_files
    from renp.rates.spectra import spectrum

    if polarisation is not None and chain == "averaged":
        raise ValueError("--polarisation needs --chain exact: the averaged chain does not depend on it")
    energies = None if omega is None else parse_energy_range(omega)
    check_output_paths(path for path in (plot, csv, json) if path is not None)
    picture = None if plot is None else _plot_format(plot)
    result = spectrum(
        atom,
        lightest=lightest,
        omega=None if energies is None else energies.values(),
        ordering=ordering,
        nature=nature,
        oscillation=oscillation,
        majorana_phases=(radians(alpha21), radians(alpha31)),
        chain=chain,
        polarisation="linear" if polarisation is None else polarisation,
    )
    contents: dict[str | os.PathLike[str], bytes] = {}
    if plot is not None and picture is not None:
        contents[plot] = _picture(result, picture)
    if csv is not None:
        contents[csv] = result.to_csv()
    if json is not None:
        contents[json] = result.to_json()
    write_files(contents)
    _spectrum_report(result)
    for path in contents:
        print(f"wrote {path}")


def _plot_format(path: Path) -> str:
    from renp.studies.figures.plotting import figure_format

    return figure_format(path)


def _picture(result: Spectrum, file_format: str) -> bytes:
    from renp.studies.figures.plotting import Panel, figure_bytes, plot_spectra

    return figure_bytes(plot_spectra([Panel((("", result),))], title=result.summary), file_format)


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
