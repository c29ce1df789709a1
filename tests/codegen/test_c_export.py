"""The C export: physical arguments in, the plans and spectral functions of Python out, bit for bit; no Python in between."""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import itertools
import math
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import renp_generated
from codegen.pair_sums.c_export import CODES, FIRST_ENTRY
from renp.generate import c_files, package_files, write_package
from renp.model import Model
from renp_generated import GROUPS, e1, m1
from renp_generated.runtime.compiled import ENGINE
from tests.codegen.test_generate import UNUSUAL, documented_example, exchange

COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C compiler on this machine")
FLAGS = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fPIC", "-DRENP_CLONES=0", "-ffp-contract=off"]
E_EG, E_VG = 2.14349, 2.23072
ROOT = Path(__file__).resolve().parents[2]

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
    a.m1 = (int)next();
    a.imprinted_momentum = next();
    a.n_crossed = (size_t)next();
    a.crossed_E_vg = array();
    a.crossed_amplitudes = array();
@FIELDS@
    const size_t n = (size_t)next();
    double *omega = malloc((n + 1) * sizeof *omega), *out = malloc((n + 1) * sizeof *out);
    for (size_t k = 0; k < n; k++) omega[k] = next();
    const size_t room = renp_plan_room(a.n_masses, a.n_levels + a.n_crossed);
    double *plan = malloc((room + 1) * sizeof *plan);
    plan[room] = 7;
    const int code = renp_prepare(&a, plan, room);
    if (room && plan[room] != 7) return 8;
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

CHOICES = {"spin": 1, "full": 2, "feynman": 0, "unitary": 1, "dirac": 0, "majorana": 1, "M1": 0, "E1": 1}


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


def choice(value: Any) -> Any:
    """Return the number of a word; numbers stay."""
    return CHOICES[value] if isinstance(value, str) else value


def stream(case: Mapping[str, Any], omega: np.ndarray) -> bytes:
    """Return the numbers that the driver reads for one case."""
    levels, masses = np.atleast_1d(case["E_vg"]), np.atleast_1d(case["masses"])
    numbers = [case["E_eg"], levels.size, *array(levels), *array(case.get("intermediate_amplitudes"))]
    numbers += [masses.size, *array(masses), choice(case.get("nature", "dirac"))]
    numbers += [choice(case.get("pair_step", "M1"))]
    numbers += [case.get("dipole_length", 1.0), *array(case.get("atomic_tensor")), choice(case.get("m1", 0))]
    numbers.append(case.get("imprinted_momentum", 0.0))
    crossed = case.get("crossed") or {"E_vg": [], "amplitudes": []}
    numbers += [len(crossed["E_vg"]), *(x for key in ("E_vg", "amplitudes") for x in array(crossed[key] or None))]
    for path, kind in kinds().items():
        group, _, name = path.rpartition(".")
        value = (case.get(group) or {} if group else case).get(name)
        if kind == "matrix":
            numbers += array(value)
        else:
            numbers.append(choice(value or 0.0))
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


@pytest.fixture(scope="session")
def library(export) -> ctypes.CDLL:
    subprocess.run([COMPILER, "-shared", "spectral.o", "-o", "libspectral.so", "-lm"], cwd=export, check=True)
    loaded = ctypes.CDLL(str(export / "libspectral.so"))
    loaded.renp_message.restype = ctypes.c_char_p
    for function in (loaded.renp_plan_room, loaded.renp_plan_length):
        function.restype = ctypes.c_size_t
    return loaded


def answers(driver: Path, cases: list[tuple[Mapping[str, Any], np.ndarray]], instruction_set: str = "") -> list[Answer]:
    data = struct.pack("=d", len(cases)) + b"".join(stream(case, omega) for case, omega in cases)
    own = os.environ | {"RENP_INSTRUCTION_SET": instruction_set}
    found = subprocess.run([driver], input=data, capture_output=True, check=True, env=own).stdout
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
    if rng.random() < 0.3:
        states = int(rng.integers(1, 4))
        case["crossed"] = {
            "E_vg": (E_EG + rng.uniform(0.01, 3, states)).tolist(),
            "amplitudes": rng.normal(size=states).tolist(),
        }
    if rng.random() < 0.5:
        case["m1"] = str(rng.choice(["spin", "full"]))
    if rng.random() < 0.4:
        case["imprinted_momentum"] = float(rng.choice([0.0, 1e-9, *rng.uniform(-2, 2, 2)]))
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


def assert_same(found: Answer, case: Mapping[str, Any], omega: np.ndarray) -> None:
    """Check that the plan and the values of C are those of Python; without its compiled module Python has no plans."""
    evaluator = renp_generated.prepare(**case)
    assert (found.code, found.call, found.check) == (0, 0, 0), case
    np.testing.assert_array_equal(found.value, evaluator.without_compiled()(omega), str(case))
    if ENGINE is not None:
        assert found.plan.tobytes() == evaluator.plan.tobytes(), case


def test_plans_and_spectra_are_those_of_python(driver):
    rng = np.random.default_rng(2024)
    drawn = [random_case(rng) for _ in range(200)]
    cases = [(case, energies(41) * (1 - case.get("imprinted_momentum", 0.0) / E_EG)) for case in drawn]
    used = set()
    for (case, omega), found in zip(cases, answers(driver, cases), strict=True):
        assert_same(found, case, omega)
        used |= {(case["nature"], case["pair_step"]), *case}
    assert set(itertools.product(("dirac", "majorana"), ("M1", "E1"))) <= used
    assert {group.keyword for group in GROUPS if group.keyword} <= used


@pytest.mark.parametrize("step", ["M1", "E1"])
def test_all_interactions_at_once(driver, step):
    """Six neutrinos with everything on: the longest plan of the kernel fits into its room."""
    rng = np.random.default_rng(4)

    def matrix(size: float) -> np.ndarray:
        entries = rng.normal(size=(6, 6)) + 1j * rng.normal(size=(6, 6))
        return np.asarray(size * (entries + entries.conj().T))

    sizes = {"mass": 2.0, "width": 0.1, "real": 1e-6}
    words = {"m1": "full", "propagator": "unitary"}
    case: dict[str, Any] = {"E_eg": E_EG, "E_vg": E_VG, "masses": np.linspace(0.01, 0.3, 6), "pair_step": step}
    for group in GROUPS:
        own = {
            a.name: matrix(1e-12) if a.kind == "matrix" else sizes.get(a.kind, words.get(a.name))
            for a in group.arguments
        }
        case |= {group.keyword: own} if group.keyword else own
    case["atomic_tensor"] = np.array([[0.4, -0.3j, 0], [0.3j, 0.4, 0], [0, 0, 0.2]])
    (found,) = answers(driver, [(case, energies(41))])
    assert_same(found, case, energies(41))
    terms = {"M1": m1, "E1": e1}[step].TABLES.terms
    assert set(renp_generated.prepare(**case).program.layout.matrices) == {(term.group, term.matrix) for term in terms}


@dataclass(frozen=True)
class Build:
    """A way to compile the export: flags, what is replaced in its text, instruction sets to ask for."""

    flags: str
    plain: bool = False
    sets: tuple[str, ...] = ("",)


BUILDS = {
    "dispatch": Build("-O1", sets=("baseline", "avx2", "avx512", "")),
    "native": Build("-O1 -march=native -DRENP_CLONES=0"),
    "without vectors": Build("-O1", plain=True),
}


@pytest.mark.parametrize("name", BUILDS)
def test_every_build_gives_the_same_bits(driver, files, tmp_path, name):
    """With run-time dispatch, for the processor at hand, and in plain C without vectors of any kind."""
    build = BUILDS[name]
    written(files, tmp_path)
    if build.plain:
        text = files["spectral.c"]
        for macro in ("defined(__x86_64__)", "defined(__aarch64__)"):
            assert macro in text
            text = text.replace(macro, "0")
        (tmp_path / "spectral.c").write_text(text, encoding="utf-8")
    shutil.copy(driver.parent / "driver.c", tmp_path)
    flags = [flag for flag in FLAGS if flag not in ("-O1", "-DRENP_CLONES=0")]
    command = [COMPILER, *flags, *build.flags.split(), "driver.c", "spectral.c", "-o", "driver", "-lm"]
    subprocess.run(command, cwd=tmp_path, check=True)
    rng = np.random.default_rng(17)
    cases = [
        (case, energies(83) * (1 - abs(case.get("imprinted_momentum", 0.0)) / E_EG))
        for case in map(random_case, [rng] * 40)
    ]
    expected = answers(driver, cases)
    for chosen in build.sets:
        for (case, _), found, one in zip(cases, answers(tmp_path / "driver", cases, chosen), expected, strict=True):
            assert found.call == 0, case
            assert found.plan.tobytes() == one.plan.tobytes(), case
            assert found.value.tobytes() == one.value.tobytes(), case


def test_extreme_sizes(driver):
    """The smallest masses, couplings far below and above all others: the same bits, and overflows at the same places."""
    rng = np.random.default_rng(11)
    cases = []
    for _ in range(60):
        case = random_case(rng)
        case["masses"] = 10 ** rng.uniform(-20, 0.3, len(case["masses"]))
        case["axial"] = case["axial"] * 10 ** rng.uniform(-290, 170)
        for entries in case.values():
            if isinstance(entries, dict):
                scaled = {name: value for name, value in entries.items() if isinstance(value, np.ndarray)}
                entries |= {name: value * 10 ** rng.uniform(-200, 170) for name, value in scaled.items()}
        cases.append((case, energies(9) * (1 - case.get("imprinted_momentum", 0.0) / E_EG)))
    finite = 0
    for (case, omega), found in zip(cases, answers(driver, cases), strict=True):
        evaluator = renp_generated.prepare(**case)
        assert (found.code, found.check) == (0, 0), case
        if ENGINE is not None:
            np.testing.assert_array_equal(found.plan, evaluator.plan, str(case))
        try:
            expected = evaluator.without_compiled()(omega)
        except ValueError:
            assert CODES[found.call - 1][0] == "NOT_FINITE", case
        else:
            assert found.call == 0, case
            np.testing.assert_array_equal(found.value, expected, str(case))
            finite += 1
    assert 20 < finite < len(cases)


def test_pairs_that_are_too_heavy_add_nothing(driver):
    case = {"E_eg": E_EG, "E_vg": E_VG, "masses": [0.01, 1.5, 2.0], "axial": np.full((3, 3), 0.5)}
    (found,) = answers(driver, [(case, energies(5))])
    assert_same(found, case, energies(5))
    alone = case | {"masses": [0.01], "axial": [[0.5]]}
    heavier = renp_generated.spectral_function(0.9, **case) - renp_generated.spectral_function(0.9, **alone)
    assert heavier == 0


BASE: dict[str, Any] = {"E_eg": E_EG, "E_vg": E_VG, "masses": [0.01, 0.05], "axial": np.diag([0.5, -0.3])}
NONE = {"axial": None}
WRONG: list[tuple[str, dict[str, Any]]] = [
    *(("E_eg", {"E_eg": value}) for value in (0.0, -1.0, math.nan, math.inf, 1e-80)),
    ("E_eg", {"E_eg": 1e80, "E_vg": 1e81}),
    *(("E_vg", {"E_vg": value}) for value in (E_EG, 1.0, math.nan, math.inf, 1e80)),
    ("intermediate_amplitudes", {"E_vg": [2.3, 2.4]}),
    ("intermediate_amplitudes", {"E_vg": [2.3, 2.4], "intermediate_amplitudes": [1.0, math.nan]}),
    *(("masses", {"masses": [0.01, value]}) for value in (-1e-3, math.nan, math.inf, 1e-80, 1e80)),
    ("n_masses", NONE | {"masses": []}),
    ("n_masses", NONE | {"masses": np.zeros(1001)}),
    ("n_levels", {"E_vg": []}),
    *(("nature", {"nature": value}) for value in (2, -1)),
    *(("pair_step", {"pair_step": value}) for value in (2, -1)),
    *(("m1", {"m1": value}) for value in (3, -1)),
    *(
        ("crossed", {"crossed": {"E_vg": [2.5, level], "amplitudes": [1.0, c]}})
        for level, c in ((E_EG, 1.0), (1e80, 1.0), (math.nan, 1.0), (2.6, math.inf))
    ),
    *(("imprinted_momentum", {"imprinted_momentum": value}) for value in (E_EG, -E_EG, 1e-80, math.nan, math.inf)),
    *(("dipole_length", {"pair_step": "E1", "dipole_length": value}) for value in (0.0, math.nan, math.inf)),
    *(
        ("atomic_tensor", {"atomic_tensor": tensor})
        for tensor in (
            np.eye(3),
            np.eye(3) / 3 * (1 + 3e-12),
            np.eye(3) / 3 + np.triu(np.full((3, 3), 0.1), 1),
            np.full((3, 3), math.nan),
        )
    ),
]


def test_wrong_arguments_have_their_codes_and_messages(driver, library):
    cases = [(BASE | wrong, energies(3)) for _, wrong in WRONG]
    for (name, wrong), found in zip(WRONG, answers(driver, cases), strict=True):
        assert found.code == found.call, wrong
        assert CODES[found.code - 1][0] == f"BAD_{name.upper()}", wrong
        assert library.renp_message(found.code).decode().startswith(f"{name} must "), wrong
        assert np.isnan(found.value).all(), wrong
        # Python refuses the same, but for what has a meaning there alone: no dipole, any number of neutrinos.
        if name != "n_masses" and wrong != {"pair_step": "E1", "dipole_length": 0.0}:
            with pytest.raises(ValueError, match=name.replace("n_levels", "E_vg")):
                renp_generated.prepare(**BASE | wrong)


CODED = {group.keyword: group.arguments for group in GROUPS}


def wrong_entries() -> list[tuple[str, dict[str, Any]]]:
    """Return wrong values of every field of the interactions, each with a mediator's mass where there is one."""
    massive = {group.keyword for group in GROUPS for argument in group.arguments if argument.kind == "mass"}
    lopsided = np.array([[1.0, 0.5], [0.5 + 1e-11, 1.0]])
    overflowing = np.array([[1.0, 1.5e308 * (1 + 1j)], [1.5e308 * (1 - 1j), 1.0]])
    values: dict[str, list[Any]] = {
        "matrix": [lopsided, np.diag([1.0, math.nan]), np.diag([1.0, 1j]), overflowing],
        "choice": [3, -1],
        "mass": [-1.0, math.nan, math.inf, 1e-200, 1e200],
        "width": [-1.0, math.nan, math.inf, 1e-200, 1e200],
        "real": [math.nan, math.inf],
    }
    result = []
    for path, kind in kinds().items():
        group, _, name = path.rpartition(".")
        for value in values[kind]:
            mass = {"mass": 1.0} if group in massive else {}
            result.append((path, {group: mass | {name: value}} if group else {name: value}))
        if group in massive and kind in ("matrix", "real", "width"):
            result.append((path, {group: {name: np.eye(2) if kind == "matrix" else 1.0}}))
    return result


def test_wrong_entries_of_every_interaction_have_their_codes_and_messages(driver, library, files):
    cases = wrong_entries()
    for (path, wrong), found in zip(cases, answers(driver, [(BASE | w, energies(2)) for _, w in cases]), strict=True):
        assert found.code == FIRST_ENTRY + FIELDS.split().index(path) == found.call, (path, wrong)
        assert library.renp_message(found.code).decode().startswith(f"{path} must "), path
        group, _, name = path.rpartition(".")
        assert re.search(rf"; code {found.code} \*/\n  (int |double |const double \*){name};", files["spectral.h"]), (
            path
        )
        # A mediator without a mass is off in C; Python misses the mass.
        missing = group and "mass" in {argument.name for argument in CODED[group]} and "mass" not in wrong[group]
        with pytest.raises(ValueError, match="mass" if missing else name):
            renp_generated.prepare(**BASE | wrong)
    assert {path for path, _ in cases} == set(FIELDS.split())


def test_points_that_cannot_be_evaluated_have_their_codes(driver, library):
    pole = BASE | {"E_eg": 4.0, "E_vg": 4.5, "vector": {"mass": 2.0, "g_A": 1e-11, "g_L": np.eye(2)}}
    cases = [(BASE, np.array([1.0, value])) for value in (0.0, -1.0, E_EG / 2, math.nan)] + [(pole, np.array([1.5]))]
    found = answers(driver, cases)
    assert [answer.code for answer in found] == [0] * 5
    names = [CODES[answer.call - 1][0] for answer in found]
    assert names == ["BAD_OMEGA"] * 4 + ["NOT_FINITE"]
    assert all(np.isnan(answer.value).all() for answer in found)
    assert library.renp_message(found[0].call).startswith(
        b"omega must satisfy 0 < omega < (E_eg - imprinted_momentum)/2"
    )
    assert b"unphysical pole" in library.renp_message(found[4].call)


def test_room_pointers_and_unknown_codes(library):
    """A caller that passes nothing, or too little room, gets a code and no plan."""
    assert library.renp_plan_room(ctypes.c_size_t(3), ctypes.c_size_t(1)) > 0
    for masses, levels in ((0, 1), (1, 0), (1001, 1), (1, 1000001), (2**64 - 1, 1), (1, 2**64 - 1)):
        assert library.renp_plan_room(ctypes.c_size_t(masses), ctypes.c_size_t(levels)) == 0
    plan = np.ones(40000)
    address, room = plan.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(plan.size)
    names = [name for name, _ in CODES]
    assert names[library.renp_prepare(None, address, room) - 1] == "BAD_POINTER"
    assert (plan[0], library.renp_plan_length(address)) == (0, 0)
    assert names[library.renp_prepare(address, None, room) - 1] == "BAD_POINTER"
    assert names[library.renp_spectral_function(None, ctypes.c_size_t(1), address, address) - 1] == "BAD_POINTER"
    assert names[library.renp_spectral_function(address, ctypes.c_size_t(1), None, address) - 1] == "BAD_POINTER"
    assert library.renp_message(0) == b"no error"
    assert library.renp_message(-1) == library.renp_message(10000) == b"not a code of these functions"


SMALL_ROOM = r"""
#include "spectral.h"

int main(void)
{
  double plan[4000], E_vg = 2.23072, mass = 0.01, axial[2] = {0.5, 0};
  renp_arguments a = {0};
  a.E_eg = 2.14349, a.n_levels = 1, a.E_vg = &E_vg, a.n_masses = 1, a.masses = &mass, a.axial = axial;
  const size_t room = renp_plan_room(1, 1);
  if (room > 4000) return 1;
  plan[room] = 7;
  if (renp_prepare(&a, plan, room - 1) != RENP_NO_ROOM || renp_plan_length(plan)) return 2;
  if (renp_prepare(&a, plan, room) || plan[room] != 7 || renp_plan_length(plan) >= room) return 3;
  return 0;
}
"""


def test_too_little_room_is_refused(export):
    (export / "room.c").write_text(SMALL_ROOM, encoding="utf-8")
    subprocess.run([COMPILER, *FLAGS, "room.c", "spectral.o", "-o", "room", "-lm"], cwd=export, check=True)
    assert subprocess.run([export / "room"], check=False).returncode == 0


def block(language: str) -> str:
    """Return an example of the page on the export."""
    page = (ROOT / "docs" / "howto" / "export_c.md").read_text(encoding="utf-8")
    pattern = rf"```{language}\n(.*?)```"
    found = re.search(pattern, page, re.DOTALL)
    assert found is not None
    return found[1]


def documented() -> list[float]:
    upper = np.array([[0, 0.45 + 0.05j, -0.05 + 0.1j], [0, 0, 0.02 + 0.07j], [0, 0, 0]])
    values = renp_generated.spectral_function(
        [1.05, 1.06, 1.07],
        E_eg=2.14349,
        E_vg=2.23072,
        masses=[0.01, 0.0132, 0.0515],
        axial=upper + upper.conj().T + np.diag([0.2, -0.2, -0.48]),
        nature="majorana",
        vector={"mass": 3.0, "g_A": 1e-11, "g_L": 1e-12 * np.eye(3)},
    )
    return list(values)


STRICT = ["-O1", "-Wall", "-Wextra", "-Werror", "-pedantic"]
LANGUAGES = {
    "c": (("cc", "gcc", "clang"), ["-std=c99", *STRICT], ["main.c"]),
    "cpp": (("c++", "g++", "clang++"), ["-std=c++11", *STRICT], ["main.cpp"]),
    "fortran": (("gfortran",), ["-std=f2003", *STRICT], ["spectral.f90", "main.f90"]),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_documented_callers_give_the_numbers_of_python(export, tmp_path, language):
    compilers, flags, sources = LANGUAGES[language]
    compiler = next(filter(None, map(shutil.which, compilers)), None)
    if compiler is None:
        pytest.skip(f"no compiler for {language} on this machine")
    for name in ("spectral.f90", "spectral.h", "spectral.o"):
        shutil.copy(export / name, tmp_path)
    (tmp_path / sources[-1]).write_text(block(language), encoding="utf-8")
    subprocess.run([compiler, *flags, *sources, "spectral.o", "-o", "main", "-lm"], cwd=tmp_path, check=True)
    printed = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=True).stdout
    np.testing.assert_array_equal([float(word) for word in printed.split()], documented())


OWN_CALLER = """
#include <cstdio>
#include "spectral.h"

int main() {
  const double E_vg = 2.23072, mass = 0.2, axial[2] = {0.3, 0}, own[2] = {1e-11, 0}, other[2] = {1e-33, 0}, omega = 0.7;
  double value;
  renp_arguments a = {};
  a.E_eg = 2.14349, a.n_levels = 1, a.E_vg = &E_vg, a.n_masses = 1, a.masses = &mass, a.axial = axial;
  (void)other;
@FIELDS@
  const int code = renp_spectral_function(&a, 1, &omega, &value);
  if (code) std::puts(renp_message(code));
  else std::printf("%.17g\\n", value);
}
"""
OWN = {
    "axion": (documented_example(), "  a.axion_.mass_ = 1.8, a.axion_.y_e_ = 1e-6, a.axion_.f_nu_ = own;", "mass y_e f_nu"),
    "template": (
        exchange(
            "template",
            0,
            '{ coupling = "new", bilinear = "i gamma5" }',
            '{ coupling = "this", bilinear = "1" }, { coupling = "THIS", bilinear = "i gamma5" }',
        ).replace("Test interaction", "/* opens a comment"),
        "  a.template_.M_X_ = 1.8, a.template_.new_ = 1e-6, a.template_.this_ = own, a.template_.THIS_ = own;",
        "M_X new this THIS",
    ),
    # integers far above those of C, over denominators of their own
    "long_numbers": (
        exchange(
            "long_numbers",
            1,
            '{ coupling = "a", bilinear = "123456789012345678901/123456789012345678907 gamma(mu) gamma5" }',
            '{ coupling = "b", bilinear = "1.2345678901234567890123 gamma(mu) PL - 1/999999999999999999999989 gamma(mu) PR" }, '
            '{ coupling = "c", bilinear = "333333333333333333333331 gamma(mu) PR" }',
            ', width = "G_X"',
        ),
        "  a.long_numbers_.M_X_ = 1.8, a.long_numbers_.G_X_ = 0.3, a.long_numbers_.a_ = 1e-6;\n"
        "  a.long_numbers_.propagator_ = RENP_UNITARY;\n"
        "  a.long_numbers_.b_ = own, a.long_numbers_.c_ = other;",
        "M_X G_X a b c propagator",
    ),
    # a ratio within one bilinear, whose square comes into the coefficients of the weights and their denominator
    "long_ratio": (
        exchange(
            "long_ratio",
            1,
            '{ coupling = "a", bilinear = "gamma(mu) gamma5" }',
            '{ coupling = "b", bilinear = "q2 gamma(mu) - 314159265/271828183 q(mu) qslash", dimension = -2, units = "eV^-2" }',
        ),
        "  a.long_ratio_.M_X_ = 1.8, a.long_ratio_.a_ = 1e-6, a.long_ratio_.b_ = own;",
        "M_X a b",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OWN)
def test_an_interaction_of_ones_own_is_exported(tmp_path, name):
    """Names from a file end in an underscore: words of C++ too, and names that Fortran cannot tell apart."""
    text, fields, couplings = OWN[name]
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    files = c_files(Model(tmp_path / "own.toml").interactions)
    written(files, tmp_path)
    (tmp_path / "main.cpp").write_text(OWN_CALLER.replace("@FIELDS@", fields), encoding="utf-8")
    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("no C++ compiler on this machine")
    # Compilers look for faults in the text where they optimise.
    for level in ("-O3", "-O1") if name == "axion" else ("-O1",):
        subprocess.run([COMPILER, *FLAGS, level, "-c", "spectral.c"], cwd=tmp_path, check=True)
    command = [compiler, "-std=c++11", *STRICT, "main.cpp", "spectral.o", "-o", "main", "-lm"]
    subprocess.run(command, cwd=tmp_path, check=True)
    printed = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=True).stdout
    sizes = {"mass": 1.8, "M_X": 1.8, "G_X": 0.3, "y_e": 1e-6, "new": 1e-6, "a": 1e-6, "c": [[1e-33]]}
    sizes |= {"propagator": "unitary"}
    group = {coupling: sizes.get(coupling, [[1e-11]]) for coupling in couplings.split()}
    write_package(package_files(Model(tmp_path / "own.toml").interactions), tmp_path / f"{name}_of_c")
    sys.path.insert(0, str(tmp_path))
    try:
        package = importlib.import_module(f"{name}_of_c")
    finally:
        sys.path.remove(str(tmp_path))
    common = {"E_eg": E_EG, "E_vg": E_VG, "masses": [0.2], "axial": [[0.3]]}
    assert float(printed) == package.prepare(**common, **{name: group}).without_compiled()(0.7)
    assert float(printed) != package.prepare(**common).without_compiled()(0.7)
    if shutil.which("gfortran"):
        subprocess.run(["gfortran", "-std=f2003", *STRICT, "-c", "spectral.f90"], cwd=tmp_path, check=True)


@pytest.mark.slow
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("name", UNUSUAL)
def test_compilers_have_nothing_to_say_at_any_level(tmp_path, name, compiler):
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler} on this machine")
    (tmp_path / "own.toml").write_text(UNUSUAL[name], encoding="utf-8")
    written(c_files(Model(tmp_path / "own.toml").interactions), tmp_path)
    for level in ("-O0", "-O1", "-O2", "-O3"):
        subprocess.run([compiler, *FLAGS, level, "-c", "spectral.c"], cwd=tmp_path, check=True)


UNSAFE = {
    "-ffast-math": "-fassociative-math",
    "-Ofast": "-fassociative-math",
    "-funsafe-math-optimizations": "-fassociative-math",
    "-fassociative-math -fno-signed-zeros -fno-trapping-math": "-fassociative-math",
    "-freciprocal-math": "divisions must round once",
    "-ffinite-math-only": "results that are not finite must be found",
    "-fsingle-precision-constant": "build_without_single_precision_constants",
}
NEAR = "1.05, 1.0716516514, 1.07164837"
"""Two of these are so close to a threshold that a distance in one number has no digit left."""


def built(compiler: str, directory: Path, words: str, name: str) -> subprocess.CompletedProcess[str]:
    command = [compiler, "-std=c99", "-O1", "-DRENP_CLONES=0", *words.split(), "-c", "spectral.c", "-o", name]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc on this machine")
@pytest.mark.parametrize("flags", UNSAFE)
def test_unsafe_arithmetic_is_refused(files, tmp_path, flags):
    found = built("gcc", written(files, tmp_path), flags, "unsafe.o")
    assert found.returncode != 0
    assert re.search(f"error: .*{UNSAFE[flags]}", found.stderr)


@pytest.mark.skipif(shutil.which("clang") is None, reason="no clang on this machine")
def test_unsafe_arithmetic_that_a_compiler_does_not_tell_changes_nothing(files, tmp_path):
    """Clang has no macro for sums in another order; a pragma keeps it from them."""
    written(files, tmp_path)
    (tmp_path / "main.c").write_text(block("c").replace("1.05, 1.06, 1.07", NEAR), encoding="utf-8")
    printed = []
    for flags in ("-O1", "-O1 -funsafe-math-optimizations"):
        assert built("clang", tmp_path, flags, "spectral.o").returncode == 0
        subprocess.run(["clang", "-std=c99", "main.c", "spectral.o", "-o", "main", "-lm"], cwd=tmp_path, check=True)
        printed.append(subprocess.run([tmp_path / "main"], capture_output=True, check=True).stdout)
    assert printed[0] == printed[1]
    assert built("clang", tmp_path, "-ffinite-math-only", "unsafe.o").returncode != 0


def test_text_does_not_depend_on_the_hash_seed(files):
    code = (
        "from renp.generate import c_files\n"
        "import hashlib\n"
        "print(hashlib.sha256(repr(sorted(c_files().items())).encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT), "LC_ALL": "C"}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.strip() == hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
