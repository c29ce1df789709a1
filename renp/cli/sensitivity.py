"""``renp sensitivity``: the smallest coupling that an experiment would exclude, at one point or along a parameter."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renp.inputs.benchmarks import BENCHMARK_SET
from renp.output.terminal import print_json, print_table, print_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from renp.statistics.limits import Limit

__all__ = ["sensitivity_command"]


def sensitivity_command(
    coupling: Annotated[str, typer.Argument(help="For example 'vector.g_L[1,1]' or 'electromagnetic.mu[1,2].imag'.")],
    mass: Annotated[
        float | None, typer.Option(metavar="EV", help="Mediator mass in eV, if the coupling has one.")
    ] = None,
    level: Annotated[float, typer.Option(help="Confidence level.")] = 0.90,
    lightest: Annotated[float, typer.Option(metavar="EV", help="Mass of the lightest neutrino in eV.")] = 0.01,
    nature: Annotated[str, typer.Option(help="Nature of the neutrino: dirac or majorana.")] = "dirac",
    atom: Annotated[str, typer.Option(help="Target: Yb or Xe.")] = "Yb",
    oscillation: Annotated[str, typer.Option(metavar="NAME", help="Oscillation set (see renp list).")] = BENCHMARK_SET,
    days: Annotated[float, typer.Option(help="Exposure at each photon energy in days.")] = 40.0,
    frequencies: Annotated[
        str | None, typer.Option(metavar="EV,EV,...", help="Photon energies; those of the papers by default.")
    ] = None,
    profile: Annotated[
        list[str] | None, typer.Option(metavar="COUPLING", help="Leave this coupling free; may be repeated.")
    ] = None,
    along: Annotated[
        str | None,
        typer.Option(
            metavar="PARAMETER=START:STOP:COUNT",
            help="Run over mediator_mass, lightest_mass, exposure_days or events; logarithmic but for lightest_mass.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Print the smallest coupling that an experiment seeing the weak spectrum would exclude.

    Limits on vector and scalar couplings are limits on the product with the electron's coupling.

    Example:  renp sensitivity 'electromagnetic.mu[1,1]' --days 50

    Example:  renp sensitivity 'vector.g_L[1,1]' --level 0.95 --along mediator_mass=1e-3:1e4:8
    """
    from renp.model import shipped_model
    from renp.statistics.couplings import Coupling
    from renp.studies.sensitivity import sensitivity, sensitivity_curve

    target = Coupling.parse(coupling)
    parameter, values = ("", None) if along is None else _run_over(along)
    settings: dict[str, Any] = {
        "level": level,
        "lightest_mass": lightest,
        "nature": nature,
        "atom": atom,
        "oscillation": oscillation,
        "exposure_days": days,
        "profile": tuple(profile or ()),
    }
    if frequencies is not None:
        settings["frequencies"] = _numbers("--frequencies", frequencies)
    over_mass = parameter == "mediator_mass"
    if mass is not None and over_mass:
        raise ValueError("--mass: --along mediator_mass gives the masses, leave one of the two out")
    if mass is not None:
        settings[target.group] = {"mass": mass}
    elif any(c.kind == "mass" for c in shipped_model().group(target.group).couplings) and not over_mass:
        raise ValueError(f"--mass: {target.group} couplings need the mediator mass in eV")
    if values is None:
        _report_limits(target.unit, [("", 0.0, sensitivity(target, **settings))], json)
        return
    curve = sensitivity_curve(target, parameter, values, **settings)
    rows = [(parameter, float(v), limit) for v, limit in zip(curve.values, curve.limits, strict=True)]
    _report_limits(target.unit, rows, json)


def _report_limits(unit: str, rows: list[tuple[str, float, Limit]], as_json: bool) -> None:
    if as_json:
        records = [
            {
                **({parameter: value} if parameter else {}),
                "coupling": str(limit.coupling),
                "unit": unit,
                "level": limit.level,
                "chi2": limit.threshold,
                "intervals": [list(interval) for interval in limit.intervals],
                "reason": limit.reason,
            }
            for parameter, value, limit in rows
        ]
        print_json(records if rows[0][0] else records[0])
        return
    heading = ((rows[0][0],) if rows[0][0] else ()) + (
        "level",
        f"allowed [{unit}]",
        f"both signs excluded above [{unit}]",
    )
    table = []
    at = _told_apart([value for _, value, _ in rows])
    for (parameter, _, limit), value in zip(rows, at, strict=True):
        allowed = " and ".join(f"{low:.4g} to {high:.4g}" for low, high in limit.intervals)
        first = (value,) if parameter else ()
        table.append((*first, repr(float(limit.level)), allowed, f"{limit.magnitude:.4g}"))
    print(rows[0][2].coupling)
    print_table(heading, table)
    for reason in dict.fromkeys(limit.reason for _, _, limit in rows if limit.reason):
        where = [value for (_, _, limit), value in zip(rows, at, strict=True) if limit.reason == reason]
        among = "" if len(where) == len(rows) else f" at {rows[0][0]} {', '.join(where)}"
        print_text(f"no limit{among}: {reason}")


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


def _numbers(option: str, text: str) -> list[float]:
    try:
        numbers = [float(word) for word in text.split(",")]
    except ValueError:
        numbers = [float("nan")]
    if not all(isfinite(number) for number in numbers):
        raise ValueError(f"{option}: expected finite numbers separated by ',', got {text!r}")
    return numbers
