"""``renp identify``: which coupling made the photons; every hypothesis fitted to the counts and ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renp.cli.notes import check_masses, couplings_without_effect, no_weak_events, print_notes
from renp.cli.other_setup import other_setup
from renp.cli.outputs import CsvOption, JsonFlag, PlotOption, check_outputs, print_written, write_outputs
from renp.cli.settings import EMISSION, EXPOSURE, Chosen, read_numbers, takes
from renp.output.terminal import print_json, print_table, print_text

if TYPE_CHECKING:
    from renp.model import Model
    from renp.rates.experiment import Experiment
    from renp.studies.identification import Identification

__all__ = ["identify_command"]


@takes(EMISSION, EXPOSURE)
def identify_command(
    chosen: Chosen,
    observed: Annotated[
        str | None,
        typer.Option(
            metavar="N,N,...",
            help="Observed counts; without them those that the couplings of --set are expected to give.",
        ),
    ] = None,
    hypothesis: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COUPLING",
            help="A coupling, or a GROUP or GROUP.NAME for all of its elements; may be repeated. By default every coupling "
            "with photon exchange, or every coupling of --model.",
        ),
    ] = None,
    level: Annotated[float, typer.Option(help="Confidence level of an exclusion.")] = 0.90,
    plot: PlotOption = None,
    csv: CsvOption = None,
    json: JsonFlag = False,
) -> None:
    """Fit one coupling at a time to counts and rank them: which one made the photons, which ones are excluded.

    Of --set, masses, widths and electron couplings hold for every hypothesis; neutrino couplings are the truth to be found.

    Example:  renp identify --set 'electromagnetic.mu[1,1]=5e-11' --plot identified.png --csv identified.csv

    Example:  renp identify --frequencies 1.067,1.069,1.07 --observed 140,130,95 --hypothesis electromagnetic.mu --hypothesis tensor

    Example:  renp identify --model dark_higgs.toml --set dark_higgs.mass=1 --set 'dark_higgs.y_nu[1,1]=5e-17' --level 0.95
    """
    from renp.output.tables import csv_bytes
    from renp.rates.experiment import experiment
    from renp.rates.labels import coupling_labels
    from renp.statistics.poisson import chi2_threshold
    from renp.statistics.rate_polynomial import assumed_couplings, completed_groups, counts_at
    from renp.studies.figures.results import plot_hypotheses
    from renp.studies.identification import chosen_hypotheses, identify

    check_outputs(plot, csv)
    threshold = chi2_threshold(level)
    model = chosen.model
    groups, off = chosen.groups()
    fixed, truth = _split(model, groups)
    if truth and observed is not None:
        raise ValueError(
            f"--set {truth[0]}: with --observed the neutrino couplings are what is looked for; leave one of the two out"
        )
    if not truth and observed is None:
        raise ValueError(
            "--observed: give counts, or the neutrino couplings that are really there, as in --set 'GROUP.NAME[i,j]=VALUE'"
        )
    run = experiment(model=model, **chosen.settings)
    check_masses(model, groups, _hypothesis_groups(hypothesis, model))
    tested = chosen_hypotheses(run, hypothesis or None, **fixed)
    needed = {one.group for one in tested} | set(groups)

    def fitted(source: Experiment) -> tuple[list[float], Identification]:
        if observed is not None:
            data = read_numbers("--observed", observed)
        else:
            data = counts_at(source, True, completed_groups(groups, set(groups), source), {}).tolist()
        return data, identify(source, data, hypotheses=tested, **fixed)

    data, found = fitted(run)
    other = other_setup(
        run.setup,
        _told(found),
        {**chosen.settings, "frequencies": run.frequencies},
        lambda **settings: _told(fitted(experiment(model=model, **settings))[1]),
    )
    best = counts_at(run, True, completed_groups(fixed, needed, run), {found.best.coupling: found.best.value})
    labels = coupling_labels(model, groups)
    assumed = assumed_couplings(groups, set(needed), run)
    notes = (*off, *run.remarks, *no_weak_events(run), *assumed, *couplings_without_effect(run, tested, fixed))
    records = [
        {
            "coupling": str(h.coupling),
            "value": h.value,
            "unit": h.coupling.unit,
            "chi2": h.chi2,
            "excess": h.excess,
            "p_value": h.p_value,
            "significance": h.significance,
            "excluded": h.excess > threshold,
        }
        for h in found.hypotheses
    ]
    what = "observed" if observed is not None else f"counts expected of {'; '.join(labels)}"
    written = write_outputs(
        {
            plot: lambda: plot_hypotheses(run, found, best, level, what, assumed if truth else (*labels, *assumed)),
            csv: lambda: csv_bytes({name: [record[name] for record in records] for name in records[0]}),
        }
    )
    summary = {"weak_chi2": found.weak_chi2, "discovery_significance": found.discovery_significance}
    if json:
        print_json(
            {
                "observed": list(data),
                "frequencies": list(run.frequencies),
                **summary,
                "level": level,
                "hypotheses": records,
                "summary": run.summary,
                "other_setup": other.record,
                "couplings": list(labels),
                "notes": list(notes),
            }
        )
        return
    print_text(run.summary)
    for label in labels:
        print_text(label)
    rows = [
        (
            str(h.coupling),
            f"{h.value:.4g}",
            h.coupling.unit,
            f"{h.chi2:.4g}",
            f"{h.p_value:.3g}",
            f"{h.significance:.3g}",
            "excluded" if h.excess > threshold else "",
        )
        for h in found.hypotheses
    ]
    print_table(
        ("coupling", "best fit", "unit", "chi^2", "p-value", "sigma below the best", f"at {100 * level:.10g}% C.L."),
        rows,
    )
    print_text(
        f"weak current alone: chi^2 {found.weak_chi2:.4g}; the best hypothesis is preferred by "
        f"{found.discovery_significance:.3g} sigma"
    )
    print_text(other.line("best fit ", "{best} = {value:.4g}, preferred by {discovery_significance:.3g} sigma"))
    print_notes(notes)
    print_written(written)


def _told(found: Identification) -> dict[str, Any]:
    return {
        "best": str(found.best.coupling),
        "value": found.best.value,
        "discovery_significance": found.discovery_significance,
    }


def _split(model: Model, groups: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Return the groups without their neutrino couplings, and the names of those."""
    fixed: dict[str, Any] = {}
    names = []
    for keyword, entries in groups.items():
        neutrino = [c.name for c in model.group(keyword).couplings if c.line == "neutrino"]
        fixed[keyword] = {name: value for name, value in entries.items() if name not in neutrino}
        names += [f"{keyword}.{name}" for name in entries if name in neutrino]
    return fixed, names


def _hypothesis_groups(hypotheses: Sequence[str] | None, model: Model) -> list[str]:
    """Return the groups whose mediator needs a mass: those of the hypotheses that are named."""
    from renp.model import shipped_model

    if hypotheses:
        return [keyword for text in hypotheses if (keyword := text.partition(".")[0].strip()) in model.keywords]
    return [] if model == shipped_model() else list(model.keywords)
