"""The C export: physical arguments in, the plans and spectral functions of Python out, bit for bit; no Python in between."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import renp_generated
from renp.generate import c_files
from renp_generated import GROUPS

COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C compiler on this machine")
FLAGS = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic", "-ffp-contract=off"]
E_EG, E_VG = 2.14349, 2.23072

FIELDS = (
    "axial vector_weak electromagnetic.m1 electromagnetic.mu electromagnetic.eps electromagnetic.r2 electromagnetic.anapole "
    "scalar.mass scalar.width scalar.y_S scalar.y_P scalar.y_S_nu scalar.y_P_nu tensor.t "
    "tensor_mediator.mass tensor_mediator.width tensor_mediator.c_T tensor_mediator.d_T "
    "vector.mass vector.width vector.propagator vector.m1 vector.g_V vector.g_A vector.g_L vector.g_R"
)
"""The fields that a user writes, in the order of the header."""

DRIVER = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "spectral.h"

static double next(void)
{
  double value;
  if (fread(&value, sizeof value, 1, stdin) != 1) exit(9);
  return value;
}

/* An array after its length; NULL when that is negative. */
static const double *array(void)
{
  const double length = next();
  if (length < 0) return NULL;
  double *values = malloc(((size_t)length + 1) * sizeof *values);
  for (size_t k = 0; k < (size_t)length; k++) values[k] = next();
  return values;
}

static void put(double value) { fwrite(&value, sizeof value, 1, stdout); }

int main(void)
{
  for (int cases = (int)next(); cases > 0; cases--) {
    renp_arguments a = {0};
    a.E_eg = next();
    a.n_levels = (size_t)next();
    a.E_vg = array();
    a.intermediate_amplitudes = array();
    a.n_masses = (size_t)next();
    a.masses = array();
    a.nature = (int)next();
    a.pair_step = (int)next();
    a.dipole_length = next();
    a.atomic_tensor = array();
@FIELDS@
    const size_t n = (size_t)next();
    double *omega = malloc((n + 1) * sizeof *omega), *out = malloc((n + 1) * sizeof *out);
    for (size_t k = 0; k < n; k++) omega[k] = next();
    const size_t room = renp_plan_room(a.n_masses, a.n_levels);
    double *plan = malloc((room + 1) * sizeof *plan);
    const int code = renp_prepare(&a, plan, room);
    const size_t length = renp_plan_length(plan);
    put(code);
    put(renp_spectral_function(&a, n, omega, out));
    put(code ? 0 : renp_check_plan(plan, length));
    put((double)length);
    for (size_t k = 0; k < length; k++) put(plan[k]);
    for (size_t k = 0; k < n; k++) put(out[k]);
    free(plan);
    free(omega);
    free(out);
  }
  return 0;
}
"""

CHOICES = {"spin": 0, "full": 1, "feynman": 0, "unitary": 1, "dirac": 0, "majorana": 1, "M1": 0, "E1": 1}


@dataclass(frozen=True)
class Answer:
    """What the C code returns for one case: both codes, the check of the plan, the plan, the spectral function."""

    code: int
    call: int
    check: int
    plan: np.ndarray
    value: np.ndarray


def array(values: Any) -> list[float]:
    """Return an array as a stream: its length, -1 for none, and its numbers; complex ones in two parts."""
    if values is None:
        return [-1.0]
    numbers = np.ascontiguousarray(values)
    flat = (
        numbers.astype(complex).view(float).reshape(-1) if numbers.ndim == 2 else np.atleast_1d(numbers).astype(float)
    )
    return [float(flat.size), *flat.tolist()]


def stream(case: Mapping[str, Any], omega: np.ndarray) -> bytes:
    """Return the numbers that the driver reads for one case."""
    levels, masses = np.atleast_1d(case["E_vg"]), np.atleast_1d(case["masses"])
    numbers = [case["E_eg"], levels.size, *array(levels), *array(case.get("intermediate_amplitudes"))]
    numbers += [masses.size, *array(masses), CHOICES[case.get("nature", "dirac")], CHOICES[case.get("pair_step", "M1")]]
    numbers += [case.get("dipole_length", 1.0), *array(case.get("atomic_tensor"))]
    for path, kind in kinds().items():
        group, _, name = path.rpartition(".")
        value = (case.get(group) or {} if group else case).get(name)
        if kind == "matrix":
            numbers += array(value)
        else:
            numbers.append(CHOICES[value] if isinstance(value, str) else value or 0.0)
    numbers += [omega.size, *omega.tolist()]
    return struct.pack(f"={len(numbers)}d", *map(float, numbers))


def kinds() -> dict[str, str]:
    """Return the kind of every field."""
    found = {
        f"{group.keyword}.{argument.name}" if group.keyword else argument.name: argument.kind
        for group in GROUPS
        for argument in group.arguments
    }
    return {path: found[path] for path in FIELDS.split()}


@pytest.fixture(scope="session")
def files() -> Mapping[str, str]:
    return c_files()


def written(files: Mapping[str, str], directory: Path) -> Path:
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


@pytest.fixture(scope="session")
def export(files, tmp_path_factory) -> Path:
    """Write the exported pair and compile it once."""
    directory = written(files, tmp_path_factory.mktemp("export"))
    subprocess.run([COMPILER, *FLAGS, "-c", "spectral.c", "-o", "spectral.o"], cwd=directory, check=True)
    return directory


@pytest.fixture(scope="session")
def driver(export) -> Path:
    kind = {"matrix": "array()", "choice": "(int)next()"}
    lines = [f"    a.{path} = {kind.get(own, 'next()')};" for path, own in kinds().items()]
    (export / "driver.c").write_text(DRIVER.replace("@FIELDS@", "\n".join(lines)), encoding="utf-8")
    subprocess.run([COMPILER, *FLAGS, "driver.c", "spectral.o", "-o", "driver", "-lm"], cwd=export, check=True)
    return export / "driver"


def answers(driver: Path, cases: list[tuple[Mapping[str, Any], np.ndarray]]) -> list[Answer]:
    data = struct.pack("=d", len(cases)) + b"".join(stream(case, omega) for case, omega in cases)
    found = subprocess.run([driver], input=data, capture_output=True, check=True).stdout
    numbers = np.frombuffer(found)
    result = []
    for _, omega in cases:
        code, call, check, length = (int(number) for number in numbers[:4])
        result.append(Answer(code, call, check, numbers[4 : 4 + length], numbers[4 + length : 4 + length + omega.size]))
        numbers = numbers[4 + length + omega.size :]
    assert not numbers.size
    return result


def random_case(rng: np.random.Generator) -> dict[str, Any]:
    """Return arguments drawn at random: interactions, nature, pair step, tensor, widths, choices, levels, sizes."""
    n = int(rng.integers(1, 5))

    def matrix(size: float) -> np.ndarray:
        entries = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
        if rng.random() < 0.3:
            entries = entries.real
        return size * (entries + entries.conj().T) / 2

    def some(*names: str, size: float) -> dict[str, Any]:
        return {name: matrix(size) for name in names if rng.random() < 0.8}

    def maybe(value: float) -> float:
        return value * float(rng.normal()) if rng.random() < 0.8 else 0.0

    def mediator() -> dict[str, Any]:
        return {"mass": 10 ** rng.uniform(-1, 1.5), "width": 10 ** rng.uniform(-3, 0) if rng.random() < 0.4 else 0.0}

    groups: dict[str, Any] = {
        "electromagnetic": some("mu", "eps", size=2e-10) | some("r2", "anapole", size=1e-26)
        | {"m1": str(rng.choice(["spin", "full"]))},
        "scalar": mediator() | {"y_S": maybe(1e-6), "y_P": maybe(1e-6)} | some("y_S_nu", "y_P_nu", size=1e-11),
        "tensor": some("t", size=0.1),
        "tensor_mediator": mediator() | {"c_T": maybe(1e-11)} | some("d_T", size=1e-12),
        "vector": mediator() | {"g_V": maybe(1e-6), "g_A": maybe(1e-11)} | some("g_L", "g_R", size=1e-12)
        | {"propagator": str(rng.choice(["feynman", "unitary"])), "m1": str(rng.choice(["spin", "full"]))},
    }  # fmt: skip
    share = rng.choice([0.0, 0.3, 1.0])
    case = {name: entries for name, entries in groups.items() if rng.random() < share}
    case |= {"E_eg": E_EG, "E_vg": E_VG, "masses": 10 ** rng.uniform(-3, 0.5, n), "axial": matrix(0.5)}
    if rng.random() < 0.3:
        case["masses"] = np.full(n, float(rng.choice([0.0, 0.05])))
    if rng.random() < 0.4:
        case["vector_weak"] = matrix(0.5)
    if rng.random() < 0.1:
        case["axial"] = np.zeros((n, n))
    if rng.random() < 0.3:
        levels = int(rng.integers(1, 4))
        case |= {"E_vg": E_VG + rng.uniform(0, 3, levels), "intermediate_amplitudes": rng.normal(size=levels)}
    case |= {"nature": str(rng.choice(["dirac", "majorana"])), "pair_step": str(rng.choice(["M1", "E1"]))}
    if case["pair_step"] == "E1":
        case["dipole_length"] = float(rng.uniform(0.1, 3))
    kind = rng.integers(4)
    if kind == 1:
        case["atomic_tensor"] = np.eye(3) / 3
    elif kind == 2:
        case["atomic_tensor"] = np.array([[0.5, -0.5j, 0], [0.5j, 0.5, 0], [0, 0, 0]])
    elif kind == 3:
        root = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
        tensor = root @ root.conj().T
        case["atomic_tensor"] = tensor / tensor.trace().real
    return case


def energies(count: int) -> np.ndarray:
    return np.random.default_rng(1).uniform(0.02, E_EG / 2, count)


def test_plans_and_spectra_are_those_of_python(driver, monkeypatch):
    # Python without the compiled module makes plans without straight-line sets; the export always has them.
    monkeypatch.setattr("renp_generated.plan.OWN_SETS", True)
    rng = np.random.default_rng(2024)
    cases = [(random_case(rng), energies(41)) for _ in range(200)]
    used = set()
    for (case, omega), found in zip(cases, answers(driver, cases), strict=True):
        evaluator = renp_generated.prepare(**case)
        assert (found.code, found.call, found.check) == (0, 0, 0), case
        np.testing.assert_array_equal(found.plan, evaluator.plan, str(case))
        np.testing.assert_array_equal(found.value, evaluator.without_compiled()(omega), str(case))
        used |= {(case["nature"], case["pair_step"], bool(found.plan[6])), *case}
    # straight-line and general code, both natures and pair steps, every group
    assert {(a, b, c) for a in ("dirac", "majorana") for b, c in (("M1", True), ("M1", False), ("E1", False))} <= used
    assert {group.keyword for group in GROUPS if group.keyword} <= used
