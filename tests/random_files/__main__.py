"""Take random interaction files through the whole chain: ``python -m tests.random_files --files 200 --seed 7``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from .chain import Report, examined, explained, smaller


def reports(seed: int, numbers: Sequence[int], workers: int, *, everything: bool) -> Iterator[Report]:
    """Yield the report of every draw, in their order."""
    tasks = [seed] * len(numbers), numbers, [everything] * len(numbers)
    if workers == 1:
        yield from map(examined, *tasks)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(examined, *tasks)


def main(words: list[str]) -> int:
    """Return 0 when nothing was found, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.random_files", description=__doc__)
    parser.add_argument("--files", type=int, default=20, help="how many draws, each of one to three files")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="the number of one draw, which goes through every link")
    parser.add_argument("--shrink", action="store_true", help="look for a part of the files that fails in the same way")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args(words)
    numbers = range(given.files) if given.only is None else [given.only]
    found = reports(given.seed, numbers, given.workers, everything=given.only is not None)
    start, bad, refused = time.monotonic(), 0, 0
    for done, report in enumerate(found, 1):
        bad += bool(report.failures)
        refused += bool(report.refused)
        if report.failures:
            print("\n" + explained(report), flush=True)
            if given.shrink:
                print("\nA part of it, with arguments of its own:\n" + explained(smaller(report)), flush=True)
        if sys.stderr.isatty() or done % 10 == 0 or done == len(numbers):
            line = f"{done} of {len(numbers)} draws, {bad} with failures, {refused} refused for a name"
            print(f"{line}, {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
