"""Mutants as black boxes: each becomes a package of evaluators that ``renp.testing.examine`` is asked about.

The mutated sources derive and write the package in a child process; here it is imported beside the unchanged project, which does
not know where it comes from. ``python -m tests.mutants.black_boxes [NAME ...]`` says what is found in each.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tests.mutants import harness
from tests.mutants.catalogue import MUTANTS
from tests.mutants.harness import ROOT, HarnessError, Mutant, replaced

REACHED: Final = (
    "derivations/algebra/", "derivations/interactions/", "derivations/neutrino/", "derivations/atom/nonrelativistic.py",
    "derivations/processes/renp/amplitude.py", "derivations/processes/renp/kernel.py", "codegen/constants.py",
    "renp_generated/runtime/",
)  # fmt: skip
"""Where a mutant reaches the rate of given couplings."""
MODELS: Final[tuple[tuple[str, ...], ...]] = (
    (), ("vector",), ("scalar",), ("electromagnetic",), ("tensor",), ("tensor_mediator",), ("electromagnetic", "vector"),
)  # fmt: skip
"""What a black box is held against, one after the other, until something is found."""


@dataclass(frozen=True)
class Found:
    """What was found in a mutant: the model, the report (why there is none, for one that makes no other evaluators), seconds."""

    name: str
    model: tuple[str, ...]
    report: Any
    seconds: float


def reachable() -> list[Mutant]:
    """Return the mutants that change the rate of given couplings."""
    return [
        mutant
        for mutant in MUTANTS
        if mutant.path.startswith(REACHED)
        and "/ufo/" not in mutant.path
        and mutant.path not in ("renp_generated/runtime/gradient.py", "renp_generated/runtime/exact.py")
    ]


@contextmanager
def package(mutant: Mutant) -> Iterator[ModuleType | str]:
    """Give the package that the mutated sources write, or why they write none."""
    harness._preload()
    with tempfile.TemporaryDirectory(prefix="renp-black-box-") as name:
        room = Path(name)
        word = "box_" + "".join(c if c.isalnum() else "_" for c in mutant.name)
        with harness._copy(room) as tree:
            path = tree / mutant.path
            path.write_text(replaced(mutant, path.read_text(encoding="utf-8")), encoding="utf-8")
            refusal, log = harness.in_child(room, lambda: _written(tree, room / word))
        if refusal is None:
            raise HarnessError(f"{mutant.name}: the child process failed:\n{log}")
        if refusal:
            yield refusal
            return
        sys.path.insert(0, str(room))
        importlib.import_module("renp_generated")
        compiled = sys.modules.pop("renp_generated._compiled", None)
        # A package borrows the compiled module of the unchanged sources, which would hide a mutant of the runtime.
        sys.modules["renp_generated._compiled"] = None  # type: ignore[assignment]
        try:
            module = importlib.import_module(word)
            del sys.modules["renp_generated._compiled"]
            if compiled is not None:
                sys.modules["renp_generated._compiled"] = compiled
            yield module
        finally:
            sys.path.remove(str(room))
            for module in [module for module in sys.modules if module.partition(".")[0] == word]:
                del sys.modules[module]


def _written(tree: Path, directory: Path) -> str:
    """In the child: derive and write the package; return why it cannot be done."""
    harness._enter(tree)
    from renp.generate import shipped, write

    try:
        write(shipped(), directory, "numpy", standalone=True)
    except Exception as error:
        if harness._refused(error):
            return f"refused while deriving: {harness._line(error)}"
        raise
    return ""


def found(mutant: Mutant, models: Sequence[tuple[str, ...]] = MODELS) -> Found:
    """Examine a mutant against one model after the other, until something is wrong."""
    from renp.model import Model
    from renp.testing import examine

    start = time.perf_counter()
    with package(mutant) as module:
        if isinstance(module, str):
            return Found(mutant.name, (), module, time.perf_counter() - start)
        if _unchanged(module):
            return Found(mutant.name, (), "the evaluators are the unchanged ones", time.perf_counter() - start)
        # The model that a mutant is named after comes first.
        for names in sorted(
            models, key=lambda names: not any(name in f"{mutant.path} {mutant.name}" for name in names)
        ):
            report = examine(module.spectral_function, model=Model(*names))
            if not report.passed:
                break
    return Found(mutant.name, names, report, time.perf_counter() - start)


def _unchanged(module: ModuleType) -> bool:
    """Return whether a package has the tables and the runtime of the committed one."""
    assert module.__file__ is not None
    mine, committed = Path(module.__file__).parent, ROOT / "renp_generated"
    files = ["m1.py", "e1.py", *(f"runtime/{path.name}" for path in (committed / "runtime").glob("*.py"))]
    return all(_code(mine / name) == _code(committed / name) for name in files)


def _code(path: Path) -> list[str]:
    """Return the lines of a file without comments, which hold a hash of the sources."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def main(names: Sequence[str]) -> int:
    """Examine the named mutants, or all that reach the rate; return how many were not found."""
    chosen = [mutant for mutant in reachable() if not names or mutant.name in names]
    if names and len(chosen) != len(names):
        raise HarnessError(f"unknown or out of reach: {', '.join(set(names) - {one.name for one in chosen})}")
    missed = 0
    for mutant in chosen:
        one = found(mutant)
        if isinstance(one.report, str):
            print(f"{'silent':9} {one.name:28} {one.seconds:5.1f} s  {one.report}", flush=True)
            continue
        missed += one.report.passed
        words = f"{'+'.join(one.model) or 'weak current'}: {one.report.reason}"
        print(f"{'MISSED' if one.report.passed else 'found':9} {one.name:28} {one.seconds:5.1f} s  {words}", flush=True)
    print(f"{len(chosen)} mutants as black boxes, {missed} missed")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
