"""Applies mutants to a copy of the sources and says what killed each.

Every attempt is a child process forked from one parent that has imported the third-party packages and nothing of the
project, so that a mutant costs its own imports, its derivation and its tests, and cannot reach the next one.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("derivations", "codegen", "renp_generated", "renp", "tests", "docs")
PRELOADED = (
    "numpy",
    "scipy.constants",
    "scipy.stats",
    "scipy.optimize",
    "mpmath",
    "sympy",
    "lark",
    "pytest",
    "hypothesis",
)
BEHIND_KERNELS = ("codegen/pair_sums/templates/", "codegen/pair_sums/c_blocks.py")
"""What turns derived kernels into programs."""
FORMULAS = "tests/renp_generated/test_readable_formulas.py"
"""The tests for which the readable formulas are generated anew too; they take as long as everything else."""
PROBES = ("tests/renp_generated/test_probes.py", "tests/renp_generated/test_decay_evaluators.py")
"""The tests for which the other probes are generated anew too."""
REFUSALS = ("ValueError", "ArithmeticError", "AssertionError", "ExactQuotientFailed", "Failed")
"""What derivations and tests raise when they notice that something is wrong; everything else is a broken mutant."""


@dataclass(frozen=True)
class Mutant:
    """One change of the physics.

    Attributes
    ----------
    name : identifier.
    claim : the physics that the change breaks, in words.
    path : file, relative to the project.
    old, new : exact text, which must occur once, and its replacement.
    tests : pytest targets that must notice, relative to the project.
    """

    name: str
    claim: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def regenerates(self) -> bool:
        """Whether the evaluators must be generated anew before the tests run."""
        reaches = not all(test.startswith(("tests/derivations", "tests/codegen")) for test in self.tests)
        return self.keeps_kernels or (self.path.startswith(("derivations/", "codegen/")) and reaches)

    @property
    def keeps_kernels(self) -> bool:
        """Whether the derived kernels are the unchanged ones, because the mutant sits behind them."""
        return self.path.startswith(BEHIND_KERNELS)


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: ``killed``, ``survived`` or ``broken``; by which test or refusal; seconds."""

    name: str
    verdict: str
    by: str
    seconds: float


class HarnessError(Exception):
    """The harness cannot judge: a text that does not match once, a mutant that is no program, a failing baseline."""


def replaced(mutant: Mutant, text: str) -> str:
    """Return the mutated text; raise ``HarnessError`` unless the old text occurs exactly once and differs."""
    found = text.count(mutant.old)
    if found != 1:
        raise HarnessError(f"{mutant.name}: {mutant.old!r} occurs {found} times in {mutant.path}, it must occur once")
    if mutant.old == mutant.new:
        raise HarnessError(f"{mutant.name}: the replacement changes nothing")
    return text.replace(mutant.old, mutant.new)


def run(mutants: Sequence[Mutant], report: Callable[[Outcome], None]) -> list[Outcome]:
    """Judge every mutant, after the unchanged sources have passed all tests that will be used.

    Raises ``HarnessError`` when the baseline fails or a mutant does not match.
    """
    for mutant in mutants:
        replaced(mutant, (ROOT / mutant.path).read_text(encoding="utf-8"))
    _preload()
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="renp-mutants-") as name:
        room = Path(name)
        kernels = room / "kernels.pickle"
        tests = list(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
        regenerate = any(mutant.regenerates for mutant in mutants)
        with _copy(room) as tree:
            result, seconds = _attempt(room, tree, tests, regenerate, kernels, None)
        if result["verdict"] != "survived":
            raise HarnessError(f"the unchanged sources do not pass: {result['by']}\n{result['log']}")
        report(Outcome("(unchanged sources)", "passed", f"{len(tests)} test targets", seconds))
        for mutant in mutants:
            with _copy(room) as tree:
                path = tree / mutant.path
                path.write_text(replaced(mutant, path.read_text(encoding="utf-8")), encoding="utf-8")
                known = kernels if mutant.keeps_kernels else None
                result, seconds = _attempt(room, tree, mutant.tests, mutant.regenerates, None, known)
            outcome = Outcome(mutant.name, result["verdict"], result["by"], seconds)
            report(outcome)
            outcomes.append(outcome)
    return outcomes


def _preload() -> None:
    # One thread: a process that forks must have no others.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in PRELOADED:
        __import__(name)


@contextmanager
def _copy(room: Path) -> Iterator[Path]:
    """Copy the sources; compiled code stays behind, it would hide a mutant."""
    tree = room / "tree"
    ignored = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd", "*.pyc", ".*")
    for name in ROOMS:
        shutil.copytree(ROOT / name, tree / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tree)
    try:
        yield tree
    finally:
        shutil.rmtree(tree)


def _attempt(
    room: Path, tree: Path, tests: Sequence[str], regenerate: bool, save: Path | None, load: Path | None
) -> tuple[dict[str, Any], float]:
    """Generate and test in ``tree``, in a child; return its verdict and the seconds it took."""
    start = time.perf_counter()
    result, tail = in_child(room, lambda: _judge(tree, tests, regenerate, save, load))
    seconds = time.perf_counter() - start
    if result is None:
        return {"verdict": "broken", "by": "the child process failed:\n" + tail, "log": tail}, seconds
    return {**result, "log": tail}, seconds


def in_child(room: Path, work: Callable[[], Any]) -> tuple[Any, str]:
    """Fork a child that works in ``room``; return its answer, ``None`` where it failed, and the end of what it printed."""
    answer, log = room / "answer.json", room / "log.txt"
    answer.unlink(missing_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _redirect(log)
            answer.write_text(json.dumps(work()), encoding="utf-8")
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    os.waitpid(child, 0)
    tail = log.read_text(encoding="utf-8", errors="replace")[-3000:]
    return json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else None, tail


def _redirect(log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)


def _judge(tree: Path, tests: Sequence[str], regenerate: bool, save: Path | None, load: Path | None) -> dict[str, str]:
    """In the child: make ``tree`` the project, generate, run the tests, and say what happened."""
    _enter(tree)
    if regenerate:
        try:
            _generate(tree, save, load, tests)
        except Exception as error:
            if _refused(error):
                return {"verdict": "killed", "by": f"refused while deriving: {_line(error)}"}
            return {"verdict": "broken", "by": f"does not run: {_line(error)}"}
    return _test(tree, tests)


def _enter(tree: Path) -> None:
    sys.dont_write_bytecode = True
    for name in [name for name in sys.modules if name.partition(".")[0] in ROOMS]:
        del sys.modules[name]
    sys.path[:] = [str(tree), *(entry for entry in sys.path if entry and Path(entry).resolve() != ROOT)]
    # An editable installation would lend the copy the compiled module of the unchanged sources.
    sys.meta_path[:] = [finder for finder in sys.meta_path if not _module_of(finder).startswith("__editable__")]
    os.chdir(tree)
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"


def _generate(tree: Path, save: Path | None, load: Path | None, tests: Sequence[str]) -> None:
    import pickle

    from codegen.pair_sums.package import emit_package
    from renp.generate import formulas_text, kernels, probe_formulas_text, probes_text, runtime_texts, shipped

    found = kernels(shipped()) if load is None else pickle.loads(load.read_bytes())
    if save is not None:
        save.write_bytes(pickle.dumps(found))
    further = {"formulas": formulas_text()} if any(test.startswith(FORMULAS) for test in tests) else {}
    if any(test.startswith(PROBES) for test in tests):
        further |= {"probes": probes_text(), "probe_formulas": probe_formulas_text()}
    for name, text in emit_package(found, runtime_texts(), further).items():
        (tree / "renp_generated" / name).write_text(text, encoding="utf-8")
    for name in [name for name in sys.modules if name.partition(".")[0] == "renp_generated"]:
        del sys.modules[name]


class _Recorder:
    """Remembers the first failure: where, and what was raised."""

    def __init__(self) -> None:
        self.first: tuple[str, BaseException] | None = None

    def pytest_exception_interact(self, node: Any, call: Any, report: Any) -> None:
        del report
        if self.first is None:
            self.first = (node.nodeid, call.excinfo.value)


def _test(tree: Path, tests: Sequence[str]) -> dict[str, str]:
    import pytest

    recorder = _Recorder()
    # Plain assertions: the verdict needs no explanation of operands, and rewriting every module would cost a second.
    options = ["-x", "-q", "--tb=short", "--assert=plain", "-p", "no:cacheprovider"]
    options += ["-c", "pyproject.toml", "--rootdir", str(tree)]
    code = int(pytest.main([*options, *tests], plugins=[recorder]))
    strangers = [name for name in sys.modules if name.partition(".")[0] in ROOMS and not _inside(tree, name)]
    if strangers:
        return {"verdict": "broken", "by": f"not from the copy: {', '.join(strangers)}"}
    if code == 0:
        return {"verdict": "survived", "by": ""}
    if code != 1 or recorder.first is None:
        return {
            "verdict": "broken",
            "by": f"pytest exits with {code}: {_line(recorder.first[1]) if recorder.first else ''}",
        }
    where, error = recorder.first
    if _refused(error):
        return {"verdict": "killed", "by": where}
    return {"verdict": "broken", "by": f"{where} does not run: {_line(error)}"}


def _module_of(finder: Any) -> str:
    return str(getattr(finder, "__module__", ""))


def _inside(tree: Path, name: str) -> bool:
    file = getattr(sys.modules[name], "__file__", None)
    return file is None or Path(file).resolve().is_relative_to(tree.resolve())


def _refused(error: BaseException) -> bool:
    return any(kind.__name__ in REFUSALS for kind in type(error).__mro__)


def _line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0] if text else ''}"[:200]
