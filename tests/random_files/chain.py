"""What the project makes of random files, compared with what it should: one function for each link of the chain."""

from __future__ import annotations

import importlib
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath
import numpy as np

from renp import generate
from renp import model as face
from renp.testing.sampling import Model, Sampler
from tests.tolerances import tolerance

from . import callers
from .arguments import Case, random_case
from .rate import PRECISION, rate

DIGITS = 50
STEP = 2.0**-20
"""Step of the finite differences, relative to the size of the parameter: five points, all errors below its fourth power."""
RARE = {"latex": 3, "Fortran": 3}
"""Costly links -> every how many draws they take part."""
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wshadow", "-Wconversion", "-Wno-sign-conversion"]
C_FLAGS = ["-std=c99", "-ffp-contract=off", "-DRENP_CLONES=0"]
SANITIZERS = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


@dataclass(frozen=True)
class Failure:
    """A link of the chain that broke, and how."""

    link: str
    message: str


@dataclass(frozen=True)
class Specimen:
    """One draw: files that are generated together. Everything follows from ``seed`` and ``number``."""

    seed: int
    number: int
    models: tuple[Model, ...]

    @property
    def label(self) -> str:
        """The words that make the command run this specimen alone."""
        return f"--seed {self.seed} --only {self.number}"


@dataclass
class Report:
    """What happened to a specimen; ``refused`` is a message about a name that may be refused."""

    specimen: Specimen
    failures: list[Failure] = field(default_factory=list)
    refused: str = ""

    @contextmanager
    def link(self, name: str) -> Iterator[Callable[[str], None]]:
        """Collect complaints, and whatever is raised, under the name of a link."""
        try:
            yield lambda message: self.failures.append(Failure(name, message))
        except Exception as problem:
            place = traceback.extract_tb(problem.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            self.failures.append(Failure(name, f"{type(problem).__name__}: {problem} ({where})"))


def specimen(seed: int, number: int) -> Specimen:
    """Return the specimen of a seed and a number: mostly one file, at times several."""
    draw = random.Random(f"files {seed} {number}")
    names: set[str] = set()
    count = draw.choice((1, 1, 1, 1, 2, 3))
    return Specimen(seed, number, tuple(Sampler(draw).model(names) for _ in range(count)))


def examine(subject: Specimen, rare: frozenset[str] = frozenset(RARE)) -> Report:
    """Take a specimen through the whole chain; of its costly links, :data:`RARE`, through those named."""
    report = Report(subject)
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        files = []
        for model in subject.models:
            path = room / f"{model.name}_.toml"
            path.write_text(model.text, encoding="utf-8")
            files.append(path)
            with report.link("read") as complain:
                try:
                    face.Model(path)
                except ValueError as problem:
                    if (
                        model.uncommon
                        and "field" in str(problem)
                        and any(repr(n) in str(problem) or f'"{n}"' in str(problem) for n in model.uncommon)
                    ):
                        report.refused = str(problem)
                    else:
                        complain(str(problem))
        if report.failures or report.refused:
            return report
        chosen = face.Model(*files)
        package = _package(report, chosen, room)
        if package is None:
            return report
        try:
            cases = _cases(subject, package)
            _own_verification(report, package)
            for case in cases:
                _evaluators(report, package, chosen, case)
                _gradient(report, package, case, subject)
            _exports(report, package, cases, chosen, room, rare)
        finally:
            for loaded in [m for m in sys.modules if m.split(".")[0] == package.__name__]:
                del sys.modules[loaded]
    return report


def examined(seed: int, number: int, everything: bool) -> Report:
    """Return the report of a draw: the costly links at times, or ``everything``. Warnings are failures."""
    rare = frozenset(link for link, period in RARE.items() if everything or number % period == period - 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return examine(specimen(seed, number), rare)


def explained(report: Report) -> str:
    """Return what it takes to see a failure again: the command, what broke, the files.

    Example
    -------
    >>> explained(Report(specimen(0, 0))).splitlines()[0]
    'python -m tests.random_files --seed 0 --only 0'
    """
    lines = [f"python -m tests.random_files {report.specimen.label}"]
    lines += [f"  {failure.link}: {failure.message}" for failure in report.failures]
    lines += [line for model in report.specimen.models for line in ("", *model.text.splitlines())]
    return "\n".join(lines)


def smaller(report: Report, *, tries: int = 20) -> Report:
    """Return a report with fewer files and couplings that still fails in one of the same links, after a few tries."""
    links = {failure.link for failure in report.failures}
    rare = frozenset(RARE) if links & {"evaluator", "latex", "Fortran caller"} else frozenset()
    waiting = list(_parts(report.specimen.models))
    while waiting and tries:
        tries -= 1
        found = examine(replace(report.specimen, models=waiting.pop(0)), rare)
        if links & {failure.link for failure in found.failures}:
            report, waiting = found, list(_parts(found.specimen.models))
    return report


def _parts(models: tuple[Model, ...]) -> Iterator[tuple[Model, ...]]:
    """Yield all models but one, and then all with one coupling less."""
    for place, model in enumerate(models):
        before, after = models[:place], models[place + 1 :]
        if before + after:
            yield before + after
        for side in ("electron", "neutrino", "terms"):
            entries = getattr(model, side)
            for n in range(len(entries) if len(entries) > 1 else 0):
                less = replace(model, **{side: entries[:n] + entries[n + 1 :]})
                yield (*before, replace(less, text=Sampler(random.Random(0)).written(less)), *after)


def _package(report: Report, model: face.Model, room: Path) -> ModuleType | None:
    with report.link("generate"):
        name = f"random_{os.getpid()}_{report.specimen.seed}_{report.specimen.number}"
        generate.write_package(generate.package_files(model.interactions), room / name)
        sys.path.insert(0, str(room))
        try:
            importlib.invalidate_caches()
            return importlib.import_module(name)
        finally:
            sys.path.remove(str(room))
    return None


def _cases(subject: Specimen, package: ModuleType) -> list[Case]:
    draw = random.Random(f"cases {subject.seed} {subject.number}")
    choices = {f"{g.keyword}.{a.name}": a.choices for g in package.GROUPS for a in g.arguments if a.choices}
    return [
        random_case(draw, subject.models, choices, nature, step)
        for step in ("M1", "E1")
        for nature in ("dirac", "majorana")
    ]


def _own_verification(report: Report, package: ModuleType) -> None:
    with report.link("own verification") as complain:
        for check in importlib.import_module(f"{package.__name__}.verify").verify(1):
            if not check.passed:
                complain(f"{check.kind}, {check.name}: relative error {check.error:.1e}")


def _shown(case: Case) -> str:
    a = case.arguments
    return f"{a['pair_step']} {a['nature']} n={len(a['masses'])}"


def _exact(package: ModuleType, arguments: dict[str, Any]) -> Any:
    return package.prepare_exact(number=mpmath.mpf, root=mpmath.sqrt, **arguments)


def _evaluators(report: Report, package: ModuleType, chosen: face.Model, case: Case) -> None:
    with report.link("evaluator") as complain, mpmath.workdps(DIGITS):
        evaluator = package.prepare(**case.arguments)
        plain = evaluator.without_compiled()(case.energies)
        exact = _exact(package, case.arguments)
        for omega, value in zip(case.energies.tolist(), plain.tolist(), strict=True):
            expected, size = exact(omega), exact.size(omega)
            if omega in case.closed and (value or expected):
                complain(f"{_shown(case)} omega={omega!r}: {value!r} above all thresholds, exactly {float(expected)!r}")
            if not abs(mpmath.mpf(value) - expected) <= tolerance("random-evaluator") * size:
                complain(
                    f"{_shown(case)} omega={omega!r}: NumPy gives {value!r}, exactly {float(expected)!r}, "
                    f"off by {float(abs(value - expected) / size) if size else 0:.1e} of the size {float(size):.3g}"
                )
        if evaluator.compiled and not np.array_equal(evaluator(case.energies), plain):
            complain(f"{_shown(case)}: the compiled module gives {evaluator(case.energies)}, NumPy {plain}")
        in_memory = chosen.prepare(**case.arguments)(case.energies)
        if not np.array_equal(in_memory, plain):
            complain(f"{_shown(case)}: the model in memory gives {in_memory}, the package {plain}")
    with report.link("brute force") as complain, mpmath.workdps(DIGITS):
        exact = _exact(package, case.arguments)
        for omega in case.inside:
            value, objects = float(exact(omega)), True
            # Where numbers of ten digits cancel, the usual precision may object in error.
            for precision in (PRECISION, DIGITS):
                if objects:
                    found = rate(omega, report.specimen.models, case.arguments, precision)
                    bound = tolerance("random-rate") * abs(found.value) + tolerance("random-rate-size") * found.size
                    objects = not abs(value - found.value) <= bound
            if objects:
                complain(
                    f"{_shown(case)} omega={omega!r}: exact evaluator {value!r}, brute force {float(found.value)!r}, "
                    f"size {float(found.size):.3g}, arguments {case.arguments}"
                )


# ---------------------------------------------------------------- derivatives


def _gradient(report: Report, package: ModuleType, case: Case, subject: Specimen) -> None:
    draw = random.Random(f"gradient {subject.seed} {subject.number}")
    general = {f"{m.name}.{c.name}" for m in subject.models for c in (*m.neutrino, *m.terms) if c.conjugate}
    with report.link("gradient") as complain, mpmath.workdps(DIGITS):
        omega = case.inside[draw.randrange(3)]
        gradient = package.spectral_gradient(omega, **case.arguments)
        size = _exact(package, case.arguments).size(omega)
        entries = [(label, index) for label, values in gradient.items() for index in np.ndindex(np.shape(values))]
        for label, index in draw.sample(entries, min(5, len(entries))):
            found = float(np.asarray(gradient[label])[index])
            hermitian = label.endswith((".real", ".imag")) and label.rpartition(".")[0] not in general
            if hermitian and (index[0] > index[1] or (index[0] == index[1] and label.endswith(".imag"))):
                if found:
                    complain(f"{_shown(case)} {label}{list(index)}: {found!r} below the diagonal")
                continue
            expected, scale, spread, noise = _difference(package, case.arguments, omega, label, index, hermitian)
            bound = tolerance("random-gradient") * (spread + size / scale) + noise
            if not abs(found - expected) <= bound:
                complain(
                    f"{_shown(case)} omega={omega!r} {label}{list(index)}: gradient {found!r}, finite difference "
                    f"{float(expected)!r}, rate {float(size):.3g} per {scale:.3g}"
                )


def _difference(
    package: ModuleType,
    arguments: dict[str, Any],
    omega: float,
    label: str,
    index: tuple[int, ...],
    hermitian: bool,
) -> tuple[Any, float, Any, Any]:
    """Return the derivative by a parameter from five exact values, the parameter's size, the steepest slope, and rounding.

    At zero it is one-sided for a parameter that is not negative. A matrix may have to stay ``hermitian``. The slope between
    the five values is what the neglected orders are small against, also where the derivative vanishes.
    """
    value, scale, one_sided = _parameter(arguments, omega, label, index)
    step = STEP * scale
    nodes = [value + k * step for k in ((0, 1, 2, 3, 4) if one_sided else (-2, -1, 0, 1, 2))]
    values = []
    for node in nodes:
        moved, energy = _moved(arguments, omega, label, index, node, hermitian)
        values.append(_exact(package, moved)(energy))
    total = mpmath.mpf(0)
    x = [mpmath.mpf(node) for node in nodes]
    at = mpmath.mpf(value)
    for j, found in enumerate(values):
        # derivative of the j-th Lagrange polynomial at ``at``
        others = [x[k] for k in range(5) if k != j]
        slope = mpmath.fsum(mpmath.fprod(at - o for o in others if o is not left) for left in others)
        total += found * slope / mpmath.fprod(x[j] - o for o in others)
    spread = abs(total) + (max(values) - min(values)) / step
    return total, scale, spread, max(map(abs, values)) / step * mpmath.mpf(10) ** (8 - DIGITS)


def _parameter(
    arguments: dict[str, Any], omega: float, label: str, index: tuple[int, ...]
) -> tuple[float, float, bool]:
    """Return the value of a parameter, the size to which steps are relative, and whether it may not become negative."""
    name, _, part = label.rpartition(".")
    if part in ("real", "imag"):
        matrix = _looked_up(arguments, name)
        size = float(np.abs(matrix).max()) or 1.0
        return float(getattr(matrix[index], part)), size, False
    if label == "omega":
        return omega, omega, False
    if label == "masses":
        mass = arguments["masses"][index[0]]
        return mass, mass or 0.01 * arguments["E_eg"], not mass
    value = _looked_up(arguments, label)
    if value is None:
        value = 0.0 if label != "intermediate_amplitudes" else [1.0]
    number = float(np.atleast_1d(value)[index or (0,)])
    return number, abs(number) or 1.0, not number and "." in label


def _looked_up(arguments: dict[str, Any], label: str) -> Any:
    group, dot, name = label.partition(".")
    return arguments[group].get(name) if dot else arguments.get(label)


def _moved(
    arguments: dict[str, Any], omega: float, label: str, index: tuple[int, ...], value: float, hermitian: bool
) -> tuple[dict[str, Any], float]:
    if label == "omega":
        return arguments, value
    name, _, part = label.rpartition(".")
    path = name if part in ("real", "imag") else label
    old = _looked_up(arguments, path)
    if part in ("real", "imag"):
        new = np.array(old, dtype=complex)
        entry = complex(value, new[index].imag) if part == "real" else complex(new[index].real, value)
        new[index] = entry
        if hermitian and index[0] != index[1]:
            new[index[::-1]] = entry.conjugate()
    elif index:
        new = np.array(np.atleast_1d(1.0 if old is None else old), dtype=float)
        new[index] = value
    else:
        new = value
    group, dot, key = path.partition(".")
    return (arguments | {group: arguments[group] | {key: new}}) if dot else (arguments | {path: new}), omega


# ---------------------------------------------------------------- other languages


def compiler(*names: str) -> str | None:
    """Return the first compiler of these names that this machine has."""
    return next(filter(None, map(shutil.which, names)), None)


def _run(complain: Callable[[str], None], words: Sequence[Any], room: Path, data: bytes = b"") -> bytes | None:
    found = subprocess.run([*map(str, words)], cwd=room, input=data, capture_output=True, check=False)
    if found.returncode == 0:
        return found.stdout
    lines = found.stderr.decode(errors="replace").splitlines() or [f"code {found.returncode}"]
    telling = [line for word in ("code ", "rror: ", "rror") for line in lines if word in line] or lines
    complain(f"{Path(words[0]).name} {words[-1]}: {' | '.join(telling[:3])[:500]}")
    return None


def _exports(
    report: Report, package: ModuleType, cases: list[Case], model: face.Model, room: Path, rare: frozenset[str]
) -> None:
    if "latex" in rare:
        with report.link("latex") as complain:
            document = generate.formulas(model.interactions).as_latex()
            if not document.rstrip().endswith(r"\end{document}"):
                complain(f"the document ends with {document[-40:]!r}")
    with report.link("C export"):
        written = generate.c_files(model.interactions)
        for name, content in written.items():
            (room / name).write_text(content, encoding="utf-8")
        _callers(report, package, cases, written, room, rare)


def _callers(
    report: Report, package: ModuleType, cases: list[Case], written: Mapping[str, str], room: Path, rare: frozenset[str]
) -> None:
    groups = package.GROUPS
    expected = [package.prepare(**case.arguments).without_compiled()(case.energies) for case in cases]
    twice = np.concatenate([np.tile(values, 2) for values in expected])
    once = np.concatenate(expected)
    data = struct.pack("=d", len(cases)) + b"".join(callers.stream(groups, c.arguments, c.energies) for c in cases)
    languages = {
        "C": (
            compiler("cc", "gcc", "clang"),
            "caller.c",
            callers.caller(callers.C_CALLER, written["spectral.h"], groups),
        ),
        "C++": (
            compiler("c++", "g++", "clang++"),
            "caller.cpp",
            callers.caller(callers.C_CALLER, written["spectral.h"], groups, zero="{}"),
        ),
        "Fortran": (
            compiler("gfortran"),
            "caller.f90",
            callers.caller(callers.FORTRAN_CALLER, written["spectral.f90"], groups),
        ),
    }
    cc = languages["C"][0]
    if cc is None:
        return
    with report.link("C warnings") as complain:
        if _run(complain, [cc, *C_FLAGS, *WARNINGS, "-O1", "-c", "spectral.c"], room) is None:
            _run(lambda _: None, [cc, *C_FLAGS, "-w", "-O1", "-c", "spectral.c"], room)
    for language, (program, source, content) in languages.items():
        if program is None or (language == "Fortran" and "Fortran" not in rare):
            continue
        (room / source).write_text(content, encoding="utf-8")
        if language == "C":
            words = [program, *C_FLAGS, *WARNINGS[:2], *SANITIZERS, "-O0", "spectral.c", source]
        elif language == "C++":
            words = [program, "-std=c++11", *WARNINGS[:4], "-O0", "spectral.o", source]
        else:
            words = [program, "-std=f2008", *WARNINGS[:4], "-O0", "spectral.o", "spectral.f90", source]
        with report.link(f"{language} caller") as complain:
            if _run(complain, [*words, "-lm", "-o", "caller"], room) is None:
                continue
            if language == "Fortran":
                (room / "numbers").write_bytes(data)
            found = _run(complain, [room / "caller"], room, data)
            if found is None:
                continue
            found = (room / "found").read_bytes() if language == "Fortran" else found
            values = np.frombuffer(found)
            right = once if language == "Fortran" else twice
            if values.shape != right.shape or not np.array_equal(values, right):
                complain(f"{language} gives {values[:4]}..., Python {right[:4]}...")
