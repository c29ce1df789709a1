"""The numba evaluation: the same bits as NumPy, compiled when it pays and not before, and never in the way."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import renp_generated
from renp_generated.runtime import numba_engine, plan
from tests.renp_generated.pins import DIPOLE_SIZES, SIZES

E_EG = 2.14349
PACKAGE = Path(renp_generated.__file__).parent

needs_numba = pytest.mark.skipif(not numba_engine.installed(), reason="numba is not installed")


def hermitian(rng: np.random.Generator, n: int, size: float) -> np.ndarray:
    entries = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    return np.asarray(size * (entries + entries.conj().T) / 2)


def tensor(rng: np.random.Generator) -> np.ndarray:
    """Return a positive ``T_kl`` of unit trace without any symmetry."""
    root = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    square = root @ root.conj().T
    return np.asarray(square / np.trace(square).real)


def entry(rng: np.random.Generator, argument: Any, n: int, step: str) -> Any:
    size = SIZES.get(argument.name, 0.5) * (DIPOLE_SIZES.get(argument.name, 1.0) if step == "E1" else 1.0)
    if argument.choices:
        return str(rng.choice(argument.choices))
    if argument.kind == "matrix":
        return hermitian(rng, n, size)
    if argument.kind == "mass":
        return float(rng.choice([1e-3, 0.4, 3.0, 1e4]))
    if argument.kind == "width":
        return float(rng.choice([0.0, 0.2]))
    return float(size * rng.uniform(0.5, 1.5))


def random_arguments(rng: np.random.Generator, n: int, step: str, nature: str) -> dict[str, Any]:
    """Return arguments with about half of all interactions on, or all of them, and up to three levels."""
    levels = int(rng.integers(1, 4))
    found: dict[str, Any] = {
        "E_eg": E_EG,
        "E_vg": E_EG + rng.uniform(0.05, 3, levels),
        "intermediate_amplitudes": rng.normal(size=levels),
        "masses": rng.uniform(0, 0.6, n),
        "axial": np.zeros((n, n)),
        "nature": nature,
        "pair_step": step,
        "dipole_length": 1.3,
    }
    if rng.integers(2):
        found["atomic_tensor"] = tensor(rng)
    share = rng.choice([0.5, 1.0])
    for group in renp_generated.GROUPS:
        if rng.random() < share:
            entries = {argument.name: entry(rng, argument, n, step) for argument in group.arguments}
            found |= {group.keyword: entries} if group.keyword else entries
    return found


def energies(count: int, seed: int = 1) -> np.ndarray:
    """Return photon energies with every threshold between them, and some next to nothing and to E_eg/2."""
    omega = np.random.default_rng(seed).uniform(0.05, E_EG / 2, count)
    special = [5e-324, 1e-300, 1e-12, np.nextafter(E_EG / 2, 0)]
    omega[: min(count, len(special))] = special[:count]
    return omega


def everything() -> Any:
    return renp_generated.prepare(**random_arguments(np.random.default_rng(7), 3, "M1", "majorana"))


@needs_numba
@pytest.mark.parametrize("nature", ["dirac", "majorana"])
@pytest.mark.parametrize("step", ["M1", "E1"])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_numba_gives_the_bits_of_numpy(n, step, nature):
    rng = np.random.default_rng([n, len(step), ord(step[0]), ord(nature[0])])
    counts = set()
    for seed in range(12):
        evaluator = renp_generated.prepare(**random_arguments(rng, n, step, nature))
        omega = np.concatenate([energies(301, seed), [np.nextafter(w, 0) for w in evaluator.thresholds if w > 0]])
        out = np.empty(omega.shape)
        numba_engine.build()
        assert numba_engine.many(evaluator.plan, omega, out) == 0
        np.testing.assert_array_equal(out, evaluator.without_compiled()(omega))
        assert evaluator.with_numba()(float(omega[9])) == out[9]
        # how many terms each power of the distance to threshold has: all ways to add them up are taken
        levels, poles, rows, terms = map(int, evaluator.plan[1:5])
        powers = evaluator.plan[plan.HEADER + 2 * levels + 3 * poles + 3 * rows + 1 :][: 2 * terms : 2]
        counts |= {int((powers == a).sum()) for a in range(plan.MAX_POWER + 1)}
    if n > 1 and step == "M1":
        assert max(counts) > 8
        assert {count % 4 for count in counts if count} == {0, 1, 2, 3}


@needs_numba
def test_chunks_and_threads_do_not_matter():
    evaluator = everything().with_numba()
    omega = energies(2 * plan.CHUNK + 17)
    whole = evaluator(omega)
    np.testing.assert_array_equal(evaluator(omega, threads=3), whole)
    cuts = [0, 1, 2, 127, 128, 129, 400, 1003]
    pieces = [evaluator(omega[a:b]) for a, b in itertools.pairwise(cuts)]
    np.testing.assert_array_equal(np.concatenate(pieces), whole[:1003])


def unaligned(omega: np.ndarray) -> np.ndarray:
    return np.frombuffer(b"-" + omega.tobytes(), dtype=np.uint8)[1:].view(np.float64)


LAYOUTS = {
    "number": lambda w: float(w[7]),
    "0-d": lambda w: np.array(w[7]),
    "list": lambda w: w.tolist(),
    "integer": lambda w: 1,
    "empty": lambda w: w[:0],
    "grid": lambda w: w[:60].reshape(3, 4, 5),
    "transposed": lambda w: w[:60].reshape(6, 10).T,
    "every other": lambda w: w[::2],
    "read-only": lambda w: np.frombuffer(w.tobytes()),
    "unaligned": unaligned,
    "single precision": lambda w: w[4:].astype(np.float32),
    "big-endian": lambda w: w.astype(">f8"),
}


@needs_numba
@pytest.mark.parametrize("layout", LAYOUTS)
def test_arrays_of_every_layout(layout):
    evaluator = everything()
    omega = LAYOUTS[layout](energies(99))
    fast, slow = evaluator.with_numba()(omega), evaluator.without_compiled()(omega)
    assert type(fast) is type(slow)
    assert np.shape(fast) == np.shape(omega)
    np.testing.assert_array_equal(fast, slow)


@needs_numba
def test_bad_points_are_reported_by_index_and_refused_with_numpys_words():
    evaluator = everything().with_numba()
    for bad in (0.0, -0.1, E_EG / 2, 3.0, np.nan, np.inf, -np.inf):
        for index in (0, 40, 130, 299):
            omega = energies(300)
            omega[index] = bad
            assert numba_engine.many(evaluator.plan, omega, np.empty(300)) == index + 1
        with pytest.raises(ValueError, match="omega must satisfy"):
            evaluator(omega)
        with pytest.raises(ValueError, match="omega must satisfy"):
            evaluator(bad)
    for malformed in (evaluator.plan[:-1], evaluator.plan[:5], np.zeros(30)):
        with pytest.raises(ValueError, match="not a plan"):
            numba_engine.many(malformed, np.ones(3), np.empty(3))


@needs_numba
def test_a_pole_is_reported_by_index_unless_the_channel_is_closed():
    # E_eg = 4, M = 2: s = M^2 at omega = 1.5 exactly, below the threshold of light neutrinos.
    vector = {"mass": 2.0, "g_A": 1e-11, "g_L": [[1e-12]], "g_R": [[0]]}
    case = {"E_eg": 4.0, "E_vg": 4.5, "masses": [0.01], "axial": [[0.5]], "vector": vector}
    omega = np.full(200, 1.0)
    omega[145] = 1.5
    evaluator = renp_generated.prepare(**case).with_numba()
    assert numba_engine.many(evaluator.plan, omega, np.empty(200)) == -146
    with pytest.raises(ValueError, match=r"not finite at omega = 1\.5"):
        evaluator(omega)
    heavy, out = renp_generated.prepare(**case | {"masses": [1.1]}), np.ones(200)
    assert numba_engine.many(heavy.plan, omega, out) == 0
    assert out[145] == 0


@needs_numba
def test_compilation_waits_until_it_pays(monkeypatch):
    monkeypatch.setattr("renp_generated.runtime.evaluator.ENGINE", None)
    evaluator = everything()
    omega = energies(1000)
    function, expected = numba_engine.build(), evaluator.without_compiled()(omega)
    monkeypatch.setattr(numba_engine, "_compiled", lambda numba: function)
    monkeypatch.setattr(numba_engine, "STATE", numba_engine._State())
    evaluator(omega)
    once = numba_engine.STATE.work
    assert numba_engine.STATE.function is None
    assert 0 < once < numba_engine.PATIENCE
    monkeypatch.setattr(numba_engine, "PATIENCE", 3 * once)
    evaluator(omega)
    assert numba_engine.STATE.function is None
    np.testing.assert_array_equal(evaluator(omega), expected)
    assert numba_engine.STATE.function is function
    # NumPy, asked for by name, is not replaced.
    monkeypatch.setattr(numba_engine, "many", None)
    np.testing.assert_array_equal(evaluator.without_compiled()(omega), expected)


def alone(package: Path, code: str, **environment: str) -> str:
    """Run a program with a package from elsewhere, as if no compiled module were there; return what it prints."""
    program = (
        f"import sys; sys.path[:0] = {[str(package.parent), environment.pop('path', str(package.parent))]!r}\n"
        "sys.modules['renp_generated._compiled'] = None\n"
        f"import {package.name} as own\n"
        f"from {package.name}.runtime import numba_engine as engine\n"
        "import numpy as np\n"
        "case = dict(E_eg=2.14349, E_vg=2.23072, masses=[0.01, 0.05], axial=[[0.5, 0.1j], [-0.1j, 0.3]])\n"
        "evaluator, omega = own.prepare(**case), np.linspace(0.1, 1.07, 2000)\n"
    )
    found = subprocess.run(
        [sys.executable, "-W", "error", "-B", "-c", program + code],
        capture_output=True, text=True, check=False, env=os.environ | environment,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the package without its compiled module to a directory that nobody may write to."""
    target = tmp_path_factory.mktemp("elsewhere") / "my_package"
    shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
    target.chmod(0o555)
    return target


@needs_numba
def test_a_package_without_a_compiled_module_uses_numba(copy):
    code = (
        "value, before = evaluator(0.9), 'numba' in sys.modules\n"
        "plain = evaluator(omega)\n"
        "print(own.backend(), before, engine.STATE.function is None)\n"
        "engine.PATIENCE = 0\n"
        "fast = evaluator(omega)\n"
        "print(engine.STATE.function is not None, (fast == plain).all(), evaluator(0.9) == value)\n"
    )
    assert alone(copy, code).split("\n") == ["numba (LLVM) False True", "True True True"]
    assert sorted(path.name for path in copy.iterdir()) == sorted(
        path.name for path in PACKAGE.iterdir() if path.suffix not in (".so", ".pyd") and path.name != "__pycache__"
    )


UNUSABLE = {
    "absent": ("sys.modules['numba'] = None", "NumPy\nTrue\nnumba cannot be used: not installed"),
    "broken": ("", "NumPy\nTrue\nnumba cannot be used: ImportError: needs another NumPy"),
}
SILENT = (
    "print(own.backend())\n"
    "engine.PATIENCE = 0\n"
    "print((evaluator(omega) == evaluator.without_compiled()(omega)).all())\n"
    "try:\n"
    "    evaluator.with_numba()\n"
    "except RuntimeError as error:\n"
    "    print(error)\n"
)


@pytest.mark.parametrize("way", UNUSABLE)
def test_without_a_numba_that_works_numpy_answers(copy, tmp_path, way):
    (tmp_path / "numba").mkdir()
    (tmp_path / "numba" / "__init__.py").write_text("raise ImportError('needs\\nanother NumPy')\n", encoding="utf-8")
    first, expected = UNUSABLE[way]
    assert alone(copy, f"{first}\n{SILENT}", path=str(tmp_path)) == expected


@needs_numba
def test_a_numba_that_does_not_compile_is_not_used(copy):
    expected = "NumPy\nTrue\nnumba cannot be used: RuntimeError: its compilation is switched off"
    assert alone(copy, SILENT, NUMBA_DISABLE_JIT="1") == expected


@needs_numba
def test_a_failure_to_compile_is_silent_and_remembered(monkeypatch):
    def fails(numba: Any) -> None:
        raise OSError("no memory\nto write code to")

    monkeypatch.setattr(numba_engine, "_compiled", fails)
    monkeypatch.setattr(numba_engine, "STATE", numba_engine._State())
    monkeypatch.setattr(numba_engine, "PATIENCE", 0)
    monkeypatch.setattr("renp_generated.runtime.evaluator.ENGINE", None)
    monkeypatch.setattr(plan, "ENGINE", None)
    evaluator = everything()
    omega = energies(50)
    assert renp_generated.backend() == "numba (LLVM)"
    np.testing.assert_array_equal(evaluator(omega), evaluator.without_compiled()(omega))
    assert renp_generated.backend() == "NumPy"
    with pytest.raises(RuntimeError, match=r"numba cannot be used: OSError: no memory to write code to$"):
        evaluator.with_numba()
