"""``python -m benchmarks``: measure speed and accuracy, print the ratios, write JSON and plots.

``python -m benchmarks parameters`` measures new parameters instead of new photon energies.

In: installed evaluators and competitors. Out: ``benchmarks/results`` (or ``--out``) and a table of targets. The exit code
is 0 whatever the ratios are: they depend on the machine.
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

from benchmarks import error_map, models, parameters, speed


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("energies", "parameters"), default="energies", help="what is new")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results", help="where to write")
    parser.add_argument("--quick", action="store_true", help="at most 1e5 points per call, fewer turns")
    options = parser.parse_args(arguments)
    if options.what == "parameters":
        found = parameters.report(10_000, 3) if options.quick else parameters.report()
        parameters.write(found, options.out)
        print("\n".join(parameters.lines(found)))
        return
    top = 6 if options.quick else 8
    times = speed.measure(
        tuple(10**k for k in range(top)), lambda line: print(line, flush=True), 0.3 if options.quick else 2
    )
    data = speed.report(times, speed.one_point(2_000 if options.quick else 20_000))
    speed.write(data, options.out)
    _print(data)
    own = models.measure(100_000, 20 if options.quick else 200)
    models.write(own, options.out)
    for line in models.lines(own):
        print(f"  {line}")
    if find_spec("flint"):
        print("error map against ball arithmetic", flush=True)
        error_map.write(error_map.measure(3 if options.quick else 12), options.out)
    else:
        print("error map left out: it needs python-flint")
    print(f"wrote {options.out}")


def _print(data: dict[str, object]) -> None:
    print(data["machine"])
    table = data["nanoseconds_per_point"]
    assert isinstance(table, dict)
    for case, rows in table.items():
        print(f"\n{case}: nanoseconds per photon energy")
        for name, row in rows.items():
            print(f"  {name:28s}" + "".join(f"{value:12.4g}" for value in row.values()))
        print(f"  {'points per call':28s}" + "".join(f"{n:>12s}" for n in next(iter(rows.values()))))
    points = data["one_point_microseconds"]
    assert isinstance(points, dict)
    print("\none photon energy, microseconds per call")
    for name, value in points.items():
        print(f"  {name:28s}{value:12.4g}")
    print("\ntargets")
    targets = data["targets"]
    assert isinstance(targets, list)
    for row in targets:
        word = "at most" if row["at_most"] else "at least"
        print(f"  {row['target']}: {row['ratio']:.3g} ({word} {row['limit']:g}) {'met' if row['met'] else 'NOT met'}")


if __name__ == "__main__":
    main()
