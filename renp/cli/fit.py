"""``renp fit``: named parameters fitted to a measured spectrum, or to what an experiment expects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from renp.cli.notes import print_notes
from renp.cli.outputs import CsvOption, JsonFlag, PlotOption, check_outputs, print_written, write_outputs
from renp.cli.settings import EMISSION, EXPOSURE, Chosen, one_or_more, read_number, takes
from renp.output.terminal import print_json, print_table, print_text

__all__ = ["fit_command"]


@takes(EMISSION, EXPOSURE)
def fit_command(
    chosen: Chosen,
    data: Annotated[
        Path | None,
        typer.Argument(
            metavar="DATA",
            help="CSV file with headings (omega_eV; counts, rate_per_s or I; error), or JSON; without one, the counts that the "
            "experiment expects are fitted.",
            show_default=False,
        ),
    ] = None,
    free: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A parameter to fit: lightest_mass, alpha21, masses\\[1], GROUP.NAME\\[i,j], log10(GROUP.NAME), amplitude, "
            "background, ...; may be repeated.",
        ),
    ] = None,
    prior: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE:SIGMA", help="A Gaussian constraint on a parameter; may be repeated."),
    ] = None,
    start: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Where a parameter starts; may be repeated.")
    ] = None,
    bounds: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=LOW:HIGH", help="The range of a parameter, an end may be left out; may be repeated."
        ),
    ] = None,
    background: Annotated[
        str, typer.Option(metavar="N,N,...", help="Known background at each photon energy, or one number for all.")
    ] = "0",
    method: Annotated[str, typer.Option(metavar="WORD", help="The minimiser, scipy or minuit.")] = "scipy",
    plot: PlotOption = None,
    csv: CsvOption = None,
    json: JsonFlag = False,
) -> None:
    """Fit parameters to a measured spectrum: best fit, errors, correlations.

    Example:  renp fit counts.csv --free lightest_mass --free amplitude --days 40 --plot fit.png --csv fit.csv

    Example:  renp fit --free lightest_mass --free alpha21 --prior alpha21=1:0.5 --nature majorana --alpha21 60 --days 4000

    Example:  renp fit counts.csv --free lightest_mass --model dark_higgs.toml --set dark_higgs.mass=1 --set 'dark_higgs.y_nu[1,1]=1e-16'
    """
    from renp.output.tables import csv_bytes
    from renp.rates.experiment import experiment
    from renp.statistics.fit import fit
    from renp.statistics.rate_polynomial import assumed_couplings
    from renp.studies.figures.results import plot_fit

    check_outputs(plot, csv)
    if not free:
        raise ValueError("--free: give the parameters to fit, as in --free lightest_mass --free amplitude")
    groups, off = chosen.groups()
    common: dict[str, Any] = {
        "background": one_or_more("--background", background),
        "start": {name: read_number(f"--start {name}", text) for name, text in _named("--start", start, "VALUE")},
        "bounds": {
            name: _pair(f"--bounds {name}", text, open_ends=True)
            for name, text in _named("--bounds", bounds, "LOW:HIGH")
        },
        "priors": {name: _pair(f"--prior {name}", text) for name, text in _named("--prior", prior, "VALUE:SIGMA")},
        "method": method,
        "model": chosen.model,
    }
    if data is None:
        found = fit(experiment(model=chosen.model, **chosen.settings), free, **common, **groups)
    else:
        chosen.refuse(["frequencies"], "the photon energies are those of the data, leave them out")
        found = fit(data, free, **common, **chosen.settings, **groups)
    notes = (*off, *found.notes, *assumed_couplings(groups, set(found.problem.free.groups), found.run))
    columns = {
        "omega_eV": found.data.omega.tolist(),
        found.data.quantity: found.data.values.tolist(),
        "expected": found.expected.tolist(),
        "pull": found.pulls.tolist(),
    }
    written = write_outputs({plot: lambda: plot_fit(found), csv: lambda: csv_bytes(columns)})
    if json:
        print_json({**found.record(), "notes": list(notes)})
        return
    print_text(found.summary)
    print_table(found.headings, found.rows)
    print_text(found.quality)
    names = [parameter.label for parameter in found.parameters]
    if len(names) > 1:
        rows = [(name, *(f"{entry:+.2f}" for entry in row)) for name, row in zip(names, found.correlation, strict=True)]
        print_table(("correlation", *names), rows)
    print_notes(notes)
    print_written(written)


def _named(option: str, texts: Sequence[str] | None, form: str) -> list[tuple[str, str]]:
    """Return what was typed as names and the texts after the last ``=``; ``ValueError`` for another form or a name twice."""
    pairs = [(name.strip(), equals, value) for name, equals, value in (text.rpartition("=") for text in texts or ())]
    for (name, equals, _), text in zip(pairs, texts or (), strict=True):
        if not (name and equals):
            raise ValueError(f"{option}: expected NAME={form}, got {text!r}")
        if [pair[0] for pair in pairs].count(name) > 1:
            raise ValueError(f"{option}: {name} is given twice")
    return [(name, value) for name, _, value in pairs]


def _pair(option: str, text: str, *, open_ends: bool = False) -> tuple[float | None, ...]:
    words = text.split(":")
    if len(words) != 2:
        raise ValueError(f"{option}: expected two numbers separated by ':', got {text!r}")
    return tuple(None if open_ends and not word.strip() else read_number(option, word) for word in words)
