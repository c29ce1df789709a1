"""``python -m tests.mutants [--slim] [--list] [NAME ...]``: exit code 0 when every mutant is killed."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.mutants.catalogue import MUTANTS, SLIM
from tests.mutants.harness import HarnessError, Mutant, Outcome, run

SURVIVOR, UNUSABLE = 1, 2


def main(arguments: Sequence[str]) -> int:
    """Run the chosen mutants and return 0 (all killed), 1 (survivors, listed) or 2 (the harness cannot judge)."""
    flags = {word for word in arguments if word.startswith("-")}
    names = [word for word in arguments if not word.startswith("-")]
    table = {mutant.name: mutant for mutant in MUTANTS}
    unknown = [*sorted(flags - {"--slim", "--list"}), *(name for name in names if name not in table)]
    if unknown:
        print(f"unknown {unknown[0]!r}: give --slim, --list or names of mutants", file=sys.stderr)
        return UNUSABLE
    chosen = [table[name] for name in (names or (SLIM if "--slim" in flags else table))]
    if "--list" in flags:
        for mutant in chosen:
            print(f"{mutant.name:32} {mutant.claim}")
        return 0
    try:
        outcomes = run(chosen, _show)
    except HarnessError as error:
        print(f"harness: {error}", file=sys.stderr)
        return UNUSABLE
    return _summary(chosen, outcomes)


def _show(outcome: Outcome) -> None:
    print(f"{outcome.verdict:9} {outcome.name:32} {outcome.seconds:5.1f} s  {outcome.by}", flush=True)


def _summary(chosen: Sequence[Mutant], outcomes: Sequence[Outcome]) -> int:
    claims = {mutant.name: mutant.claim for mutant in chosen}
    survivors = [outcome.name for outcome in outcomes if outcome.verdict == "survived"]
    broken = [outcome for outcome in outcomes if outcome.verdict == "broken"]
    print(f"{len(outcomes)} mutants, {len(survivors)} survivors, {len(broken)} broken")
    for name in survivors:
        print(f"survivor: {name}: {claims[name]}")
    for outcome in broken:
        print(f"broken: {outcome.name}: {outcome.by}")
    return UNUSABLE if broken else SURVIVOR if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
