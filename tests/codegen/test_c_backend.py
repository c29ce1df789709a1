"""The C evaluation: the same bits as NumPy, for every program, chunk, thread and instruction set."""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import renp_generated
from codegen.pair_sums.c_files import evaluation_files, fingerprint
from renp_generated.runtime import compiled, memory
from tests.processes import forked

E_EG, E_VG = 2.14349, 2.23072
PACKAGE = Path(renp_generated.__file__).parent
COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
HEADERS = Path(sysconfig.get_path("include")) / "Python.h"
FLAGS = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-ffp-contract=off", "-fno-math-errno"]

needs_extension = pytest.mark.skipif(
    compiled.ENGINE is None, reason="the extension is not built: no compiler at installation"
)


def matrix(name: str, n: int, size: float) -> np.ndarray:
    """Return a Hermitian matrix that follows from a name."""
    rng = np.random.default_rng(list(name.encode()))
    entries = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    return np.asarray(size * (entries + entries.conj().T) / 2)


def arguments(kind: str, n: int = 3, nature: str = "dirac") -> dict[str, Any]:
    """Return arguments that need few squares or many, constant ones or such as depend on the photon energy."""
    masses = [0.01, 0.0132, 0.0515, 0.2, 0.6][:n]
    base: dict[str, Any] = {
        "E_eg": E_EG,
        "E_vg": E_VG,
        "masses": masses,
        "axial": matrix("a", n, 0.5),
        "nature": nature,
    }
    vector = {"mass": 3.0, "g_L": matrix("L", n, 3e-12), "g_R": matrix("R", n, 3e-12)}
    scalar = {"mass": 0.4, "y_P": 1e-6, "y_S_nu": matrix("S", n, 3e-11), "y_P_nu": matrix("P", n, 3e-11)}
    moments = {"mu": matrix("mu", n, 2e-10), "eps": matrix("eps", n, 2e-10)}
    moments |= {"r2": matrix("r2", n, 1e-25), "anapole": matrix("an", n, 2e-26)}
    tensor = {"t": matrix("t", n, 0.1)}
    mediator = {"tensor_mediator": {"mass": 2.0, "c_T": 1e-11, "d_T": matrix("d", n, 1e-12)}}
    circular = np.array([[0.5, -0.5j, 0], [0.5j, 0.5, 0], [0, 0, 0]])
    own: dict[str, dict[str, Any]] = {
        "weak": {},
        "vector": {"vector": vector | {"g_A": 1e-11}},
        "vector g_V": {"vector": vector | {"g_V": 1e-5}},
        "scalar": {"scalar": scalar},
        "electromagnetic": {"electromagnetic": moments},
        "tensor": {"tensor": tensor},
        "tensor mediator": mediator,
        "all but g_A": {
            "vector": vector | {"g_V": 1e-5},
            "scalar": scalar,
            "electromagnetic": moments,
            "tensor": tensor,
        },
        "all but vector": mediator | {"scalar": scalar, "electromagnetic": moments, "tensor": tensor},
        "all but moments": mediator | {"vector": vector | {"g_V": 1e-5}, "scalar": scalar, "tensor": tensor},
        "circular": {"electromagnetic": moments, "atomic_tensor": circular},
        "wide": {"vector": vector | {"g_A": 1e-11, "width": 0.3, "propagator": "unitary"}, "scalar": scalar},
        "everything": {
            "vector": vector | {"g_A": 1e-11},
            "scalar": scalar,
            "electromagnetic": moments,
            "tensor": tensor,
        },
        "wide and circular": {
            "vector": vector | {"g_A": 1e-11, "g_V": 1e-5, "width": 0.3},
            "scalar": scalar | {"width": 0.2},
            "electromagnetic": moments,
            "tensor": tensor,
            "tensor_mediator": mediator["tensor_mediator"] | {"width": 0.1},
            "atomic_tensor": circular,
        },
        "levels": {"E_vg": [2.23072, 3.1, 5.0], "intermediate_amplitudes": [1.0, -0.3, 0.01]},
        "E1": {"vector": vector | {"g_V": 1e-11}, "pair_step": "E1", "vector_weak": matrix("v", n, 0.5)},
        "nothing": {"axial": np.zeros((n, n))},
        "moved": {
            "electromagnetic": moments, "scalar": scalar, "atomic_tensor": circular, "m1": "full",
            "imprinted_momentum": -0.31,
        },
    }  # fmt: skip
    return base | own[kind]


KINDS = (
    "weak", "vector", "vector g_V", "scalar", "electromagnetic", "tensor", "tensor mediator", "circular", "wide",
    "wide and circular", "everything", "levels", "E1", "nothing", "all but g_A", "all but vector",
    "all but moments", "moved",
)  # fmt: skip


def energies(count: int, seed: int = 1) -> np.ndarray:
    """Return photon energies with every threshold between them, and a few next to nothing and to E_eg/2."""
    omega = np.random.default_rng(seed).uniform(0.05, E_EG / 2, count)
    special = [5e-324, 1e-300, 1e-12, np.nextafter(E_EG / 2, 0)]
    omega[: min(count, len(special))] = special[:count]
    return omega


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """Compile the committed C file for the lowest common instruction set."""
    if COMPILER is None:
        pytest.skip("no C compiler on this machine")
    target = tmp_path_factory.mktemp("c") / "libspectral.so"
    command = [COMPILER, *FLAGS, "-DRENP_CLONES=0", str(PACKAGE / "spectral.c"), "-o", str(target), "-lm"]
    subprocess.run(command, check=True)
    loaded = ctypes.CDLL(str(target))
    loaded.renp_length_of_plan.restype = ctypes.c_size_t
    loaded.renp_evaluate.restype = ctypes.c_ssize_t
    loaded.renp_instruction_set.restype = ctypes.c_char_p
    return loaded


def pointer(array: np.ndarray) -> Any:
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))


def check(library: ctypes.CDLL, numbers: np.ndarray) -> int:
    return int(library.renp_check_plan(pointer(numbers), ctypes.c_size_t(numbers.size)))


def folded(library: ctypes.CDLL, evaluator: Any) -> np.ndarray:
    """Return the plan of an evaluator, folded by the library."""
    code = evaluator.program.code.ctypes.data_as(ctypes.POINTER(ctypes.c_int))
    constants, numbers = (np.array(part) for part in (evaluator.program.constants, evaluator.numbers))
    plan = np.zeros(library.renp_length_of_plan(code))
    assert library.renp_fold(code, pointer(constants), pointer(numbers), pointer(plan)) == 0
    return plan


def evaluate(library: ctypes.CDLL, numbers: np.ndarray, omega: np.ndarray) -> tuple[int, np.ndarray]:
    out = np.empty(omega.shape)
    assert check(library, numbers) == 0
    status = library.renp_evaluate(pointer(numbers), ctypes.c_size_t(omega.size), pointer(omega), pointer(out))
    return int(status), out


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
@pytest.mark.parametrize("kind", KINDS)
def test_c_gives_the_bits_of_numpy(library, kind, nature):
    assert library.renp_instruction_set() == b"baseline"
    for n in (1, 2, 3, 5):
        evaluator = renp_generated.prepare(**arguments(kind, n, nature))
        omega = energies(301)
        status, out = evaluate(library, folded(library, evaluator), omega)
        assert status == 0
        np.testing.assert_array_equal(out, evaluator.without_compiled()(omega))


@needs_extension
@pytest.mark.parametrize("kind", KINDS)
def test_every_instruction_set_gives_the_same_bits(library, kind):
    evaluator = renp_generated.prepare(**arguments(kind))
    omega = energies(1000)
    np.testing.assert_array_equal(evaluator(omega), evaluate(library, folded(library, evaluator), omega)[1])


@needs_extension
def test_a_plan_does_not_depend_on_who_folds_it(library):
    for kind in KINDS:
        evaluator = renp_generated.prepare(**arguments(kind))
        assert folded(library, evaluator).tobytes() == evaluator.plan.tobytes(), kind


@needs_extension
@pytest.mark.parametrize("wanted", ["baseline", "avx2", "avx512"])
def test_an_instruction_set_can_be_asked_for(wanted):
    """And none that the processor has not: every one gives the same bits."""
    code = (
        "import numpy, renp_generated, sys\n"
        "from tests.codegen.test_c_backend import KINDS, arguments, energies\n"
        "values = [renp_generated.prepare(**arguments(kind))(energies(203)) for kind in KINDS]\n"
        "sys.stdout.buffer.write(numpy.concatenate(values).tobytes())\n"
        "print(renp_generated.backend(), file=sys.stderr)"
    )
    environment = os.environ | {"RENP_INSTRUCTION_SET": wanted, "PYTHONPATH": str(PACKAGE.parent)}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    expected = [renp_generated.prepare(**arguments(kind)).without_compiled()(energies(203)) for kind in KINDS]
    assert found.stdout == np.concatenate(expected).tobytes()
    chosen = found.stderr.decode().strip()
    ladder = ["C (baseline)", "C (avx2)", "C (avx512)"]
    assert ladder.index(chosen) <= ladder.index(f"C ({wanted})")


def test_chunks_do_not_matter(library):
    numbers = folded(library, renp_generated.prepare(**arguments("everything")))
    omega = energies(1003)
    whole = evaluate(library, numbers, omega)[1]
    cuts = [0, 1, 2, 33, 160, 161, 288, 700, 1003]
    pieces = [evaluate(library, numbers, omega[a:b])[1] for a, b in itertools.pairwise(cuts)]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


@needs_extension
def test_threads_do_not_matter_and_report_the_first_bad_point():
    evaluator = renp_generated.prepare(**arguments("weak"))
    omega = energies(5 * compiled.CHUNK + 17)
    np.testing.assert_array_equal(evaluator(omega, threads=3), evaluator(omega))
    omega[[3 * compiled.CHUNK, 5 * compiled.CHUNK]] = [2.0, np.nan]
    out = np.empty(omega.shape)
    assert compiled.run(compiled.ENGINE, evaluator.plan, omega, out, 4) == 3 * compiled.CHUNK + 1
    with pytest.raises(ValueError, match=r"omega must satisfy .* found 2\.0"):
        evaluator(omega, threads=4)


@needs_extension
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork()")
def test_threads_work_in_a_child_process():
    evaluator = renp_generated.prepare(**arguments("weak"))
    omega = energies(2 * compiled.CHUNK)
    expected = evaluator(omega, threads=2)

    def work() -> None:
        signal.alarm(60)  # a child that waits for a thread it does not have would wait for ever
        assert np.array_equal(evaluator(omega, threads=2), expected)

    code = forked(work)
    assert os.waitstatus_to_exitcode(os.waitpid(code, 0)[1]) == 0


def test_bad_points_are_reported_by_index(library):
    numbers = folded(library, renp_generated.prepare(**arguments("weak")))
    for bad in (0.0, -0.1, E_EG / 2, 3.0, np.nan, np.inf, -np.inf):
        for index in (0, 40, 130, 299):
            omega = energies(300)
            omega[index] = bad
            assert evaluate(library, numbers, omega)[0] == index + 1


def test_a_pole_is_reported_by_index(library):
    # E_eg = 4, M = 2: s = M^2 at omega = 1.5 exactly, below the threshold of light neutrinos.
    case = arguments("vector") | {"E_eg": 4.0, "E_vg": 4.5}
    case["vector"] = case["vector"] | {"mass": 2.0}
    omega = np.full(50, 1.0)
    omega[45] = 1.5
    evaluator = renp_generated.prepare(**case)
    assert evaluate(library, folded(library, evaluator), omega)[0] == -46
    with pytest.raises(ValueError, match=r"not finite at omega = 1\.5"):
        evaluator(omega)
    # A channel that is closed there keeps quiet about the pole.
    heavy = renp_generated.prepare(**case | {"masses": [1.1, 1.1, 1.1]})
    status, out = evaluate(library, folded(library, heavy), np.array([1.5]))
    assert status == 0
    assert out == [0.0]


def test_malformed_plans_are_refused(library):
    good = folded(library, renp_generated.prepare(**arguments("everything")))
    assert check(library, good) == 0
    assert check(library, good[:-1].copy()) == 1
    assert check(library, good[:5].copy()) == 1
    for index, value in [(0, 1.0), (0, np.nan), (1, 9.0), (1, good.size + 1.0), (4, 0.0)]:
        bad = good.copy()
        bad[index] = value
        assert check(library, bad) == 1, (index, value)


@needs_extension
def test_the_extension_refuses_what_is_not_a_plan():
    good = np.array(renp_generated.prepare(**arguments("weak")).plan)
    one, many = compiled.ENGINE.one, compiled.ENGINE.many
    room = np.empty(3)
    for bad in (good[:-1].copy(), good.astype(np.float32), b"12345678", np.zeros(30), good.tobytes()[:-1]):
        with pytest.raises(ValueError, match="not a plan"):
            one(bad, 1.0)
        with pytest.raises(ValueError, match="not a plan"):
            many(bad, np.ones(3), room)
    for omega, out in [(np.ones(2), room), (np.ones(3, dtype=int), room), (np.ones(3), np.empty(3, dtype=np.int64))]:
        with pytest.raises(ValueError, match=r"a contiguous array of format d|the same length"):
            many(good, omega, out)
    with pytest.raises((BufferError, ValueError)):
        many(good, np.ones(6)[::2], room)
    with pytest.raises(TypeError):
        one("text", 1.0)
    with pytest.raises(TypeError):
        one(good)


LAYOUTS = {
    "number": lambda w: float(w[7]),
    "0-d": lambda w: np.array(w[7]),
    "NumPy number": lambda w: w[7],
    "list": lambda w: w.tolist(),
    "integers": lambda w: np.array([1], dtype=np.int8),
    "integer": lambda w: 1,
    "empty": lambda w: w[:0],
    "empty grid": lambda w: np.empty((0, 3)),
    "grid": lambda w: w[:60].reshape(3, 4, 5),
    "transposed": lambda w: w[:60].reshape(6, 10).T,
    "every other": lambda w: w[::2],
    "backwards": lambda w: w[::-1],
    "read-only": lambda w: np.frombuffer(w.tobytes()),
    "single precision": lambda w: w[4:].astype(np.float32),
    "big-endian": lambda w: w.astype(">f8"),
    "subnormal": lambda w: np.array([5e-324, 1e-310]),
}


@needs_extension
@pytest.mark.parametrize("layout", LAYOUTS)
def test_arrays_of_every_layout(layout):
    evaluator = renp_generated.prepare(**arguments("weak"))
    omega = LAYOUTS[layout](energies(99))
    fast, slow = evaluator(omega), evaluator.without_compiled()(omega)
    assert type(fast) is type(slow)
    assert np.shape(fast) == np.shape(omega)
    assert np.asarray(fast).dtype == np.float64
    np.testing.assert_array_equal(fast, slow)


def test_an_extension_built_from_other_code_is_not_used(monkeypatch):
    stale = types.ModuleType("renp_generated._compiled")
    stale.layout = lambda: "another layout"
    monkeypatch.setitem(sys.modules, "renp_generated._compiled", stale)
    monkeypatch.setattr(renp_generated, "_compiled", stale, raising=False)
    assert compiled._engine() is None
    stale.layout = lambda: compiled.LAYOUT
    assert compiled._engine() is stale


def test_without_the_extension_numpy_answers(monkeypatch):
    evaluator = renp_generated.prepare(**arguments("weak"))
    expected = evaluator(energies(50))
    monkeypatch.setattr("renp_generated.runtime.compiled.ENGINE", None)
    monkeypatch.setattr("renp_generated.runtime.evaluator.ENGINE", None)
    memory.forget()
    assert renp_generated.backend() == "NumPy"
    np.testing.assert_array_equal(evaluator(energies(50)), expected)
    assert not renp_generated.prepare(**arguments("weak")).compiled


def test_emission_is_deterministic_and_committed():
    files = evaluation_files()
    assert files == evaluation_files()
    assert files["spectral.c"] == (PACKAGE / "spectral.c").read_text(encoding="utf-8")
    assert fingerprint() == compiled.LAYOUT


@pytest.mark.skipif(not (COMPILER and HEADERS.is_file()), reason="needs a C compiler and Python's headers")
def test_the_extension_module_compiles(tmp_path):
    flags = [flag for flag in FLAGS if flag != "-shared"]
    include = [f"-I{HEADERS.parent}", f"-I{PACKAGE}"]
    command = [COMPILER, *flags, *include, "-c", str(PACKAGE / "_compiled.c"), "-o", str(tmp_path / "compiled.o")]
    subprocess.run(command, check=True)
