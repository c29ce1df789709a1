"""``renp events``: expected photons at each photon energy, with and without new couplings."""

from __future__ import annotations

from renp.cli.notes import print_notes
from renp.cli.other_setup import other_setup
from renp.cli.outputs import CsvOption, JsonFlag, PlotOption, check_outputs, print_written, write_outputs
from renp.cli.settings import EMISSION, EXPOSURE, Chosen, takes
from renp.output.terminal import print_json, print_table, print_text

__all__ = ["events_command"]


@takes(EMISSION, EXPOSURE)
def events_command(chosen: Chosen, plot: PlotOption = None, csv: CsvOption = None, json: JsonFlag = False) -> None:
    """Print the photons that an experiment expects, those of the weak current alone, and their difference.

    Example:  renp events --days 50

    Example:  renp events --set 'electromagnetic.mu[1,1]=5e-11' --plot events.png --csv events.csv

    Example:  renp events --model dark_higgs.toml --set dark_higgs.mass=1 --set dark_higgs.y_e=1e-6 --set 'dark_higgs.y_nu[1,1]=5e-11'
    """
    from renp.output.tables import csv_bytes
    from renp.rates.experiment import events, experiment
    from renp.rates.labels import coupling_labels
    from renp.studies.figures.results import plot_counts

    check_outputs(plot, csv)
    groups, off = chosen.groups()
    run = experiment(model=chosen.model, **chosen.settings)
    found = events(model=chosen.model, **chosen.settings, **groups)
    labels = coupling_labels(chosen.model, groups)
    other = other_setup(
        run.setup,
        {"total": found.total},
        {**chosen.settings, "frequencies": run.frequencies},
        lambda **settings: {"total": events(model=chosen.model, **settings, **groups).total},
    )
    columns = {
        "omega_eV": found.frequencies.tolist(),
        "I": found.spectral_function.tolist(),
        "counts": found.counts.tolist(),
        "weak_counts": found.weak_counts.tolist(),
        "excess": found.excess.tolist(),
    }
    notes = (*off, *found.notes)
    written = write_outputs({plot: lambda: plot_counts(run, found.counts, labels), csv: lambda: csv_bytes(columns)})
    if json:
        print_json(
            {
                **columns,
                "total": found.total,
                "weak_total": float(found.weak_counts.sum()),
                "exposure_days": found.exposure_days,
                "reference_rate_per_s": found.reference_rate,
                "summary": found.summary,
                "other_setup": other.record,
                "couplings": list(labels),
                "notes": list(notes),
            }
        )
        return
    print_text(found.summary)
    for label in labels:
        print_text(label)
    totals = (found.total, float(found.weak_counts.sum()), float(found.excess.sum()))
    rows = [
        (f"{w:.8g}", f"{value:.6g}", *(f"{n:.6g}" for n in counts))
        for w, value, *counts in zip(*columns.values(), strict=True)
    ]
    rows.append(("total", "", *(f"{n:.6g}" for n in totals)))
    print_table(("photon energy [eV]", "I", "events", "weak current alone", "excess"), rows)
    print_text(other.line("", "{total:.3g}", " events"))
    print_notes(notes)
    print_written(written)
