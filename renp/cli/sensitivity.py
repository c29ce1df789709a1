"""``renp sensitivity``: the smallest coupling that an experiment would exclude, at one point or along a parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renp.cli.notes import check_masses, couplings_without_effect, no_weak_events, print_notes
from renp.cli.other_setup import OtherSetup, other_setup
from renp.cli.outputs import CsvOption, JsonFlag, PlotOption, check_outputs, print_written, write_outputs
from renp.cli.settings import EMISSION, EXPOSURE, Chosen, one_or_more, read_number, takes
from renp.output.terminal import print_json, print_table, print_text, progress

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from renp.model import ModelGroup
    from renp.rates.experiment import Experiment
    from renp.statistics.limits import Limit, LimitBands
    from renp.studies.sensitivity import SensitivityCurve

__all__ = ["sensitivity_command"]


@takes(EMISSION, EXPOSURE)
def sensitivity_command(
    coupling: Annotated[str, typer.Argument(help="For example 'vector.g_L[1,1]' or 'electromagnetic.mu[1,2].imag'.")],
    chosen: Chosen,
    mass: Annotated[
        str | None, typer.Option(metavar="EV", help="Mediator mass in eV, if the coupling has one.")
    ] = None,
    width: Annotated[str | None, typer.Option(metavar="EV", help="Mediator width in eV.")] = None,
    propagator: Annotated[
        str | None, typer.Option(metavar="WORD", help="Numerator of a vector propagator, feynman or unitary.")
    ] = None,
    level: Annotated[float, typer.Option(help="Confidence level.")] = 0.90,
    profile: Annotated[
        list[str] | None, typer.Option(metavar="COUPLING", help="Leave this coupling free; may be repeated.")
    ] = None,
    background: Annotated[
        str | None, typer.Option(metavar="COUNTS,...", help="Further counts, one number or one for each photon energy.")
    ] = None,
    along: Annotated[
        str | None,
        typer.Option(
            metavar="PARAMETER=START:STOP:COUNT",
            help="Run over mediator_mass, lightest_mass, exposure_days or events; logarithmic but for lightest_mass.",
        ),
    ] = None,
    toys: Annotated[
        int | None, typer.Option(metavar="N", help="Simulate N experiments: median, 68% and 95% of their limits.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", help="Seed of the simulation.")] = 1,
    plot: PlotOption = None,
    csv: CsvOption = None,
    json: JsonFlag = False,
) -> None:
    """Print the smallest coupling that an experiment seeing the weak spectrum would exclude.

    Limits on vector and scalar couplings are limits on the product with the electron's coupling. --csv and --plot hold chi^2
    against the coupling, or the limits along a parameter.

    Example:  renp sensitivity 'electromagnetic.mu[1,1]' --days 50 --toys 50 --plot limit.png

    Example:  renp sensitivity 'vector.g_L[1,1]' --level 0.95 --along mediator_mass=1e-3:1e4:8 --plot curve.pdf --csv curve.csv

    Example:  renp sensitivity 'dark_higgs.y_nu[1,1]' --model dark_higgs.toml --mass 1 --width 0.01
    """
    from renp.rates.experiment import experiment
    from renp.rates.labels import coupling_labels
    from renp.statistics.couplings import Coupling, as_couplings
    from renp.statistics.rate_polynomial import assumed_couplings, assumed_factors
    from renp.studies.sensitivity import REPLACED, sensitivity, sensitivity_curve, usual_frequencies

    model = chosen.model
    target = Coupling.parse(coupling, model)
    free = as_couplings(profile or (), model, "--profile")
    parameter, values = ("", None) if along is None else _run_over(along)
    check_outputs(plot, csv)
    chosen.refuse(REPLACED.get(parameter, ()), f"--along {parameter} gives the values, leave one of the two out")
    group = model.group(target.group)
    groups, off = chosen.groups(*_own_entries(group, mass, width, propagator))
    if parameter == "mediator_mass":
        groups = _without_mass(group, groups, mass, chosen.set_texts)
    somewhere = groups if values is None else {**groups, **_at_mass(group, groups, parameter, float(values[0]))}
    check_masses(model, somewhere, [target.group], "--mass")
    check_masses(model, somewhere, [one.group for one in free])

    settings: dict[str, Any] = {"frequencies": usual_frequencies(target, model, chosen.settings), **chosen.settings}
    study: dict[str, Any] = {**settings, **groups, "model": model, "level": level, "profile": free}
    if background is not None:
        study["background"] = one_or_more("--background", background)
    if values is None:
        curve = None
        limits: tuple[Limit, ...] = (sensitivity(target, **study),)
    else:
        curve = sensitivity_curve(target, parameter, values, **study)
        limits = curve.limits
    ends = None if values is None else values[[0, -1]] if len(values) > 1 else values

    def magnitudes(**other: Any) -> dict[str, Any]:
        if ends is None:
            return _magnitudes([sensitivity(target, **{**study, **other})])
        return _magnitudes(sensitivity_curve(target, parameter, ends, **{**study, **other}).limits, curve=True)

    if values is not None and parameter == "lightest_mass":
        settings[parameter] = float(values[0])
    run = experiment(model=model, **settings)
    held = (
        *coupling_labels(model, groups),
        *([f"free: {', '.join(map(str, free))}"] if free else []),
        *([] if background is None else [f"background: {background} counts"]),
    )
    varied = {target.group, *(one.group for one in free)}
    assumed = assumed_couplings(somewhere, varied, run)
    bands = () if toys is None else _simulated(limits, toys, seed)
    other = other_setup(
        run.setup,
        _magnitudes(limits, curve=values is not None),
        {**chosen.settings, "frequencies": run.frequencies},
        magnitudes,
    )
    factor = assumed_factors(somewhere, varied, run).get(target.group, "")
    found = _Found(run, limits, curve, bands, (*held, *assumed), factor)
    notes = (
        *(note for note in off if note.split()[0] not in varied),
        *run.remarks,
        *no_weak_events(run),
        *assumed,
        *couplings_without_effect(run, free, somewhere),
    )
    written = write_outputs({plot: found.figure, csv: found.csv})
    if json:
        records = [
            {
                **record,
                "summary": found.summary,
                "other_setup": other.record,
                "held": list(held),
                "notes": list(notes),
            }
            for record in found.records()
        ]
        print_json(records if curve else records[0])
        return
    print_text(found.summary)
    for line in held:
        print_text(line)
    print(target)
    print_table(*found.table())
    for reason in found.reasons():
        print_text(reason)
    print_text(_other_limits(other, target.unit))
    print_notes(notes)
    print_written(written)


@dataclass(frozen=True)
class _Found:
    """Limits and all that belongs to them: one, or those of a curve."""

    run: Experiment
    limits: tuple[Limit, ...]
    curve: SensitivityCurve | None
    bands: tuple[LimitBands, ...]
    remarks: tuple[str, ...]
    factor: str

    @property
    def parameter(self) -> str:
        return self.curve.parameter if self.curve else ""

    @property
    def values(self) -> list[float]:
        return [] if self.curve is None else list(map(float, self.curve.values))

    @property
    def summary(self) -> str:
        from renp.studies.sensitivity import REPLACED

        left_out = REPLACED.get(self.parameter, ())
        return ", ".join(text for name, text in self.run.parts.items() if text and name not in left_out)

    def records(self) -> list[dict[str, Any]]:
        """Return the limits as plain data."""
        return [
            {
                **({self.parameter: self.values[index]} if self.curve else {}),
                "coupling": str(limit.coupling),
                "unit": limit.coupling.unit,
                "level": limit.level,
                "chi2": limit.threshold,
                "intervals": [list(interval) for interval in limit.intervals],
                "magnitude": limit.magnitude,
                "reason": limit.reason,
                **({"bands": _band_columns(self.bands[index])} if self.bands else {}),
            }
            for index, limit in enumerate(self.limits)
        ]

    def figure(self) -> Figure:
        """Draw chi^2 against the coupling, or the curve."""
        from renp.studies.figures.results import plot_curve, plot_limit

        if self.curve:
            return plot_curve(self.run, self.curve, self.bands, self.remarks, self.factor)
        self._bounded("--plot")
        return plot_limit(self.run, self.limits[0], self.bands[0] if self.bands else None, self.remarks, self.factor)

    def csv(self) -> bytes:
        """Return chi^2 against the coupling, or the curve, as CSV."""
        from renp.output.tables import csv_bytes

        if self.curve:
            columns = {
                f"{self.parameter}": self.values,
                "negative": self.curve.negative.tolist(),
                "positive": self.curve.positive.tolist(),
                "magnitude": self.curve.magnitude.tolist(),
            }
            for name in _band_columns(self.bands[0]) if self.bands else ():
                columns[name] = [_band_columns(band)[name] for band in self.bands]
            return csv_bytes(columns)
        self._bounded("--csv")
        scan = self.limits[0].scan()
        return csv_bytes({str(scan.coupling): scan.values.tolist(), "chi2": scan.chi2.tolist()})

    def table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Return headings and rows of what is printed."""
        unit = self.limits[0].coupling.unit
        bands = _band_columns(self.bands[0]) if self.bands else {}
        headings = (
            *([self.parameter] if self.curve else []),
            "level",
            f"allowed [{unit}]",
            f"both signs excluded above [{unit}]",
            *(name.replace("_", " ") for name in bands),
        )
        rows = []
        for index, limit in enumerate(self.limits):
            allowed = " and ".join(f"{low:.4g} to {high:.4g}" for low, high in limit.intervals)
            first = [_told_apart(self.values)[index]] if self.curve else []
            band = _band_columns(self.bands[index]).values() if self.bands else ()
            numbers = (limit.magnitude, *band)
            rows.append((*first, repr(float(limit.level)), allowed, *map(_size, numbers)))
        return headings, rows

    def reasons(self) -> list[str]:
        """Return why there is no limit, and where."""
        at = _told_apart(self.values) if self.curve else [""]
        found = []
        for reason in dict.fromkeys(limit.reason for limit in self.limits if limit.reason):
            where = [value for limit, value in zip(self.limits, at, strict=True) if limit.reason == reason]
            among = "" if len(where) == len(at) else f" at {self.parameter} {', '.join(where)}"
            found.append(f"no limit{among}: {reason}")
        return found

    def _bounded(self, option: str) -> None:
        (limit,) = self.limits
        if not isfinite(limit.magnitude):
            raise ValueError(f"{option}: there is no limit to show: {limit.reason or 'no value is allowed'}")


def _magnitudes(limits: Sequence[Limit], curve: bool = False) -> dict[str, Any]:
    """Return the size of a limit, or of the first and last one of a curve, and why there is none."""
    ends = (limits[0], limits[-1])
    reason = next((limit.reason for limit in ends if limit.reason), "")
    sizes = {"first": ends[0].magnitude, "last": ends[1].magnitude} if curve else {"magnitude": ends[0].magnitude}
    return {**sizes, **({"reason": reason} if reason else {})}


def _size(value: float) -> str:
    return f"{value:.4g}" if isfinite(value) else "no limit"


def _other_limits(other: OtherSetup, unit: str) -> str:
    """Return the limits of the other set-up in a line, in words where there is none."""
    if other.reason:
        return other.line("", "")
    found, here = (
        [_size(numbers[name]) for name in numbers if name != "reason"] for numbers in (other.numbers, other.here)
    )
    where = ", first and last point" if len(found) > 1 else ""
    why = f": {reason}" if (reason := other.numbers.get("reason")) else ""
    if "no limit" not in found:
        return other.words(
            f"both signs excluded above {' to '.join(found)}{'' if unit == '1' else f' {unit}'}{where}", _both(here)
        )
    return other.words(f"{_both(found)}{where.replace(',', ' at the')}{why}", _both(here))


def _both(sizes: Sequence[str]) -> str:
    return " to ".join(sizes) if "no limit" not in sizes else " and ".join(dict.fromkeys(sizes))


def _own_entries(group: ModelGroup, mass: str | None, width: str | None, propagator: str | None) -> list[str]:
    """Return the short options as texts of ``--set`` for the group, whatever its file calls them."""
    given = {"mass": mass, "width": width, "propagator": propagator}
    texts = []
    for word, text in given.items():
        if text is None:
            continue
        here = [c for c in group.couplings if (c.name if c.kind == "choice" else c.kind) == word]
        if not here:
            raise ValueError(f"--{word}: {group.keyword} couplings have no mediator {word}")
        if word != "propagator":
            read_number(f"--{word}", text)
        elif text not in here[0].choices:
            raise ValueError(f"--propagator: found {text!r}; allowed are {', '.join(here[0].choices)}")
        texts.append(f"{group.keyword}.{here[0].name}={text}")
    return texts


def _at_mass(
    group: ModelGroup, groups: Mapping[str, Mapping[str, Any]], parameter: str, value: float
) -> dict[str, dict[str, Any]]:
    """Return the group with the mediator mass of a point of the curve, if that is what it runs over."""
    names = [c.name for c in group.couplings if c.kind == "mass" and parameter == "mediator_mass"]
    return {group.keyword: {**groups.get(group.keyword, {}), **dict.fromkeys(names, value)}} if names else {}


def _without_mass(
    group: ModelGroup, groups: Mapping[str, Mapping[str, Any]], mass: str | None, set_texts: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return the groups without the mass that a curve runs over: a mass that was typed is refused, one of a UFO model gives way."""
    names = [c.name for c in group.couplings if c.kind == "mass"]
    typed = {text.partition("=")[0].strip() for text in set_texts}
    options = [] if mass is None else ["--mass"]
    options += [f"--set {name}" for name in (f"{group.keyword}.{name}" for name in names) if name in typed]
    if options:
        raise ValueError(f"{options[0]}: --along mediator_mass gives the masses, leave one of the two out")
    kept = {name: dict(entries) for name, entries in groups.items()}
    for name in names:
        kept.get(group.keyword, {}).pop(name, None)
    return kept


def _simulated(limits: Sequence[Limit], toys: int, seed: int) -> tuple[LimitBands, ...]:
    with progress() as display:
        task = display.add_task("simulated experiments")
        return tuple(
            limit.bands(
                toys,
                seed,
                lambda done, total, before=index: display.update(  # type: ignore[misc]
                    task, completed=before * total + done, total=len(limits) * total
                ),
            )
            for index, limit in enumerate(limits)
        )


def _band_columns(bands: LimitBands) -> dict[str, float]:
    (low2, high2), (low1, high1) = bands.two_sigma, bands.one_sigma
    return {"toys_2.5%": low2, "toys_16%": low1, "toys_median": bands.median, "toys_84%": high1, "toys_97.5%": high2}


def _told_apart(values: list[float]) -> list[str]:
    """Return numbers with four digits, or with as many as it takes to tell them apart."""
    shown = ([f"{value:.{digits}g}" for value in values] for digits in range(4, 18))
    return next((texts for texts in shown if len(set(texts)) == len(set(values))), [repr(value) for value in values])


def _run_over(text: str) -> tuple[str, NDArray[np.float64]]:
    from renp.cli.ranges import parse_range
    from renp.studies.sensitivity import CURVE_PARAMETERS

    parameter, equals, span = text.partition("=")
    if parameter not in CURVE_PARAMETERS or not equals:
        raise ValueError(f"--along: expected {' or '.join(CURVE_PARAMETERS)}, '=' and a range, got {text!r}")
    logarithmic = parameter != "lightest_mass"
    example = "1:1000:7" if logarithmic else "0:0.1:11"
    found = parse_range(span, f"--along {parameter}", unit=CURVE_PARAMETERS[parameter], example=example)
    if logarithmic and not found.start > 0:
        raise ValueError(f"--along: {parameter} runs logarithmically and needs positive ends, got {span!r}")
    return parameter, found.values(logarithmic=logarithmic)
