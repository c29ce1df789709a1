"""Batches: every set has the bits that it has alone, whatever runs it, and its derivatives; refusals name the first bad set."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import renp_generated
from renp_generated import FUNCTIONS, spectral_batch, spectral_batch_gradient, vertices
from renp_generated.runtime import batch as batches
from renp_generated.runtime.compiled import ENGINE
from renp_generated.runtime.verify import random_arguments
from tests.tolerances import tolerance

ROOT = Path(__file__).parents[2]
GROUPS = tuple(group.name for group in renp_generated.GROUPS)
SETS = 13
OMEGA = np.array([1e-9, 0.3, 0.7, 0.85, 0.9, 0.95, 0.96, 0.97, 0.999])
"""Photon energies [eV]: those at the end are above some thresholds, or all."""
CIRCULAR = np.array([[0.5, 0.5j, 0], [-0.5j, 0.5, 0], [0, 0, 0]])

CASES: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
    "weak": ("M1", "majorana", 3, ("standard_model",)),
    "one vector": ("M1", "dirac", 2, ("standard_model", "vector")),
    "everything": ("M1", "dirac", 3, GROUPS),
    "everything, Majorana": ("M1", "majorana", 3, GROUPS),
    "everything, E1": ("E1", "majorana", 2, GROUPS),
    "one neutrino": ("M1", "dirac", 1, GROUPS),
    "five neutrinos": ("E1", "dirac", 5, ("standard_model", "scalar", "tensor_mediator")),
}
"""Pair step, nature, number of neutrinos and groups."""


@cache
def alone(name: str) -> list[dict[str, Any]]:
    """Return sets that differ in all numbers; some have a width, circular light or an imprinted momentum, some have not."""
    step, nature, n, groups = CASES[name]
    found = []
    for k in range(SETS):
        light = "general" if k % 3 else "averaged"
        given = random_arguments(FUNCTIONS, vertices, f"batch {name} {k}", groups, nature, step, n, light)
        given |= {
            "E_eg": 2.0 + 0.01 * (k % 2),
            "E_vg": [2.1 + 0.01 * k, 2.6],
            "intermediate_amplitudes": [1.0, 0.1 * k - 0.4],
            "crossed": {"E_vg": [2.3, 3.0 + 0.1 * k], "amplitudes": [0.7, -0.4]},
            "imprinted_momentum": (0.0, 0.0, -0.05, 0.0, -0.7)[k % 5],
            "masses": np.sort(given["masses"])[:: 1 if k % 2 else -1],
            "atomic_tensor": given.get("atomic_tensor", CIRCULAR if k % 2 else np.eye(3) / 3),
        }
        for group in ("vector", "scalar", "tensor_mediator"):
            if group in given:
                given[group]["width"] = (0.0, 0.3, 0.0)[k % 3]
        # Words hold for all sets.
        for entry in ("propagator", "m1"):
            for group in ("vector", "electromagnetic"):
                if entry in given.get(group, {}):
                    given[group][entry] = {"propagator": "unitary", "m1": "full"}[entry]
        found.append(given)
    return found


def together(sets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the arguments of a batch of sets."""

    def stacked(values: Sequence[Any]) -> Any:
        if isinstance(values[0], Mapping):
            return together(values)
        return values[0] if isinstance(values[0], str) else np.stack([np.asarray(value) for value in values])

    return {key: stacked([one[key] for one in sets]) for key in sets[0]}


@pytest.mark.parametrize("name", CASES)
def test_every_set_has_the_bits_that_it_has_alone(name: str) -> None:
    """From C and from NumPy, in blocks of any size, with any number of threads."""
    sets = alone(name)
    expected = np.array([renp_generated.spectral_function(OMEGA, **one) for one in sets])
    assert (expected > 0).any(axis=1).all()
    assert not expected.all()
    batch = renp_generated.prepare_batch(**together(sets))
    np.testing.assert_array_equal(batch(OMEGA), expected)
    np.testing.assert_array_equal(batch(OMEGA, compiled=False), expected)
    np.testing.assert_array_equal(batch(OMEGA[::-1].reshape(3, 3)), expected[:, ::-1].reshape(-1, 3, 3))
    for size in (1, 2, 5):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(batches, "BLOCK", size)
            done: list[tuple[int, int]] = []
            values = batch(OMEGA, threads=size, progress=lambda *at, done=done: done.append(at))
            np.testing.assert_array_equal(values, expected)
            assert done[-1] == (SETS, SETS)
            assert len(done) == -(-SETS // size)


@pytest.mark.parametrize("name", CASES)
def test_derivatives_of_every_set_have_the_bits_that_they_have_alone(name: str) -> None:
    sets = alone(name)
    omega = OMEGA[[1, 3, 5]]
    one_by_one = [renp_generated.spectral_gradient(omega, **one) for one in sets]
    batch = renp_generated.prepare_batch(**together(sets))
    jacobian = batch.gradient(omega)
    assert list(jacobian) == list(one_by_one[0])
    for size in (1, 3, batches.BLOCK):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(batches, "BLOCK", size)
            found = batch.gradient(omega, threads=2)
        for label, values in found.items():
            np.testing.assert_array_equal(values, [slopes[label] for slopes in one_by_one], err_msg=label)
    for label, values in batch.gradient(omega, compiled=False).items():
        # NumPy adds the same terms in another order.
        axes = tuple(range(2, values.ndim))
        error = np.abs(values - jacobian[label]).max(axis=axes)
        assert (error <= tolerance("gradient") * np.abs(values).max(axis=axes)).all(), label
    weights = np.random.default_rng(4).normal(size=(SETS, len(omega)))
    products = batch.gradient(omega, weights=weights)
    np.testing.assert_allclose(products["omega"], weights * jacobian["omega"], rtol=tolerance("gradient"), atol=0)
    for label in list(jacobian)[1:]:
        parts = weights.reshape(weights.shape + (1,) * (jacobian[label].ndim - 2)) * jacobian[label]
        error = np.abs(products[label] - parts.sum(axis=1))
        assert (error <= tolerance("weighted-gradient") * np.abs(parts).sum(axis=1)).all(), label


CODE = """
import sys
from tests.renp_generated.test_batch import CASES, OMEGA, alone, together
from renp_generated import backend, prepare_batch
for name in ("everything", "everything, E1"):
    batch = prepare_batch(**together(alone(name)))
    sys.stdout.buffer.write(batch(OMEGA).tobytes())
    for values in batch.gradient(OMEGA[:2]).values():
        sys.stdout.buffer.write(values.tobytes())
print(backend(), file=sys.stderr)
"""


@pytest.mark.skipif(ENGINE is None, reason="no compiled module")
@pytest.mark.parametrize("wanted", ["baseline", "avx2", "avx512"])
def test_every_instruction_set_gives_the_same_bits(wanted: str) -> None:
    environment = os.environ | {"RENP_INSTRUCTION_SET": wanted, "PYTHONPATH": str(ROOT)}
    found = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True, env=environment, cwd=ROOT)
    expected = b""
    for name in ("everything", "everything, E1"):
        batch = renp_generated.prepare_batch(**together(alone(name)))
        expected += batch(OMEGA, compiled=False).tobytes()
        expected += b"".join(values.tobytes() for values in batch.gradient(OMEGA[:2]).values())
    assert found.stdout == expected
    ladder = ["C (baseline)", "C (avx2)", "C (avx512)"]
    assert ladder.index(found.stderr.decode().strip()) <= ladder.index(f"C ({wanted})")


def test_general_matrices_of_own_files_have_the_bits_that_they_have_alone(tmp_path: Path) -> None:
    # Imported here: the processes that ask for an instruction set import this module and need no derivations.
    from renp.model import Model
    from tests.codegen.test_added_conjugates import FILES

    path = tmp_path / "boson.toml"
    path.write_text(FILES["boson"], encoding="utf-8")
    functions = Model("standard_model", path).functions
    rng = np.random.default_rng(6)

    def matrices(*shape: int) -> Any:
        return rng.normal(size=(*shape, 2, 2)) + 1j * rng.normal(size=(*shape, 2, 2))

    def hermitian(*shape: int) -> Any:
        f = matrices(*shape)
        return f + np.swapaxes(f, -1, -2).conj()

    boson = {"M_X": rng.uniform(3, 5, 6), "Gamma": np.array([0, 0.1] * 3), "g": 1e-3, "h": 1e-12 * hermitian(6)}
    boson |= {"f": 1e-12 * matrices(6), "d": 1e-12 * hermitian(), "m": 1e-12 * hermitian(6)}
    case = {
        "E_eg": 2.0, "E_vg": 2.1, "masses": rng.uniform(0.01, 0.3, (6, 2)), "axial": hermitian(6),
        "boson": boson,
    }  # fmt: skip
    batch = functions.prepare_batch(**case)
    found, slopes = batch(OMEGA), batch.gradient(OMEGA[:3])
    np.testing.assert_array_equal(batch(OMEGA, compiled=False), found)
    for k in range(6):
        one = batch.stack.one(k)
        np.testing.assert_array_equal(found[k], functions.spectral_function(OMEGA, **one))
        for label, values in functions.spectral_gradient(OMEGA[:3], **one).items():
            np.testing.assert_array_equal(slopes[label][k], values, err_msg=label)


# ---------------------------------------------------------------- axes

BASE: dict[str, Any] = {"E_eg": 2.0, "E_vg": 2.1, "masses": [[0.01, 0.05], [0.02, 0.06], [0.03, 0.07]]}
BASE |= {"axial": [[0.3, 0.1j], [-0.1j, 0.2]]}
VECTOR: dict[str, Any] = {"mass": 3.0, "g_A": 1e-11, "g_L": np.eye(2) * 1e-12}


def test_leading_axes_of_all_arguments_broadcast() -> None:
    tensors = np.stack([np.eye(3) / 3, CIRCULAR])[:, None, None]
    given = BASE | {"atomic_tensor": tensors, "vector": VECTOR | {"g_A": np.array([[0.0], [1e-11], [1e-10], [3e-10]])}}
    found = spectral_batch([0.5, 0.9], **given)
    assert found.shape == (2, 4, 3, 2)
    slopes = spectral_batch_gradient([0.5, 0.9], **given)
    assert slopes["vector.g_A"].shape == (2, 4, 3, 2)
    assert slopes["axial.real"].shape == (2, 4, 3, 2, 2, 2)
    assert spectral_batch_gradient([0.5, 0.9], weights=[1, 2], **given)["masses"].shape == (2, 4, 3, 2)
    for a in range(2):
        for b in range(4):
            for c in range(3):
                one = BASE | {"masses": BASE["masses"][c], "atomic_tensor": tensors[a, 0, 0]}
                one["vector"] = VECTOR | {"g_A": given["vector"]["g_A"][b, 0]}
                np.testing.assert_array_equal(found[a, b, c], renp_generated.spectral_function([0.5, 0.9], **one))


def test_no_leading_axes_are_one_set_and_no_energies_give_nothing() -> None:
    plain = BASE | {"masses": [0.01, 0.05]}
    assert spectral_batch(0.9, **plain) == renp_generated.spectral_function(0.9, **plain)
    assert spectral_batch([], **BASE).shape == (3, 0)
    assert spectral_batch_gradient([], **BASE)["masses"].shape == (3, 0, 2)


def of_second(value: float, others: float) -> Any:
    return np.array([others, value, value])


REFUSED: dict[str, tuple[dict[str, Any], type[Exception], tuple[str, ...]]] = {
    "axes": ({"E_eg": [2.0, 2.0]}, ValueError, ("leading axes", "broadcast", "masses (3,)", "E_eg (2,)")),
    "axes of a group": (
        {"vector": VECTOR | {"mass": [3.0] * 4}}, ValueError, ("leading axes", "masses (3,)", "vector.mass (4,)"),
    ),
    "no sets": ({"masses": np.zeros((0, 2))}, ValueError, ("at least one parameter set", "(0,)")),
    "masses": ({"masses": [[0.1, 0.2], [0.1, -0.2], [-1, 0.1]]}, ValueError, ("masses", "non-negative", "-0.2", "set [1]")),
    "first set": ({"masses": [[-0.1, 0.2], [0.1, -0.2], [1, 1]]}, ValueError, ("masses", "-0.1", "set [0]")),
    "E_eg": ({"E_eg": of_second(np.nan, 2.0)}, ValueError, ("E_eg", "finite", "nan", "set [1]")),
    "E_vg": ({"E_vg": of_second(1.9, 2.1)[:, None]}, ValueError, ("E_vg", "virtual", "1.9", "set [1]")),
    "inf": ({"axial": of_second(np.inf, 1.0)[:, None, None] * np.ones((2, 2))}, ValueError, ("axial", "finite", "set [1]")),
    "Hermitian": (
        {"axial": np.eye(2) + of_second(1.0, 0.0)[:, None, None] * np.array([[0, 1], [0, 0]])},
        ValueError, ("axial must be Hermitian", "found [1,2] = 1 and [2,1] = 0", "set [1]"),
    ),
    "overflow": ({"axial": of_second(5.7e153, 1.0)[:, None, None] * np.eye(2)}, ValueError, ("overflow", "set [1]")),
    "mediator": (
        {"vector": VECTOR | {"mass": of_second(0.0, 3.0)}}, ValueError, ("vector['mass']", "positive", "set [1]"),
    ),
    "trace": (
        {"atomic_tensor": of_second(1.0, 1 / 3)[:, None, None] * np.eye(3)}, ValueError, ("unit trace", "3.0", "set [1]"),
    ),
    "momentum": ({"imprinted_momentum": of_second(-2.5, 0.0)}, ValueError, ("imprinted_momentum", "-2.5", "set [1]")),
    "energies": ({"E_eg": of_second(1.5, 2.0)}, ValueError, ("omega", "0 < omega < E_eg/2", "0.9", "set [1]")),
    "two axes": (
        {"E_eg": [[2.0], [2.0]], "masses": [[0.1, 0.2], [0.1, 0.2], [0.1, np.nan]]},
        ValueError, ("masses", "nan", "set [0, 2]"),
    ),
    "words": ({"nature": ["dirac"] * 3}, ValueError, ("nature", "for all neutrinos alike")),
    "texts": ({"masses": [["a", "b"]] * 3}, TypeError, ("masses", "numbers")),
    "pole": ({"vector": VECTOR | {"mass": of_second(1.0, 3.0)}, "omega": [0.5, 0.75]}, ValueError, ("not finite", "pole", "set [1]")),
    "threads": ({"threads": 0}, TypeError, ("threads", "0")),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize(
    "function", [spectral_batch, spectral_batch_gradient, partial(spectral_batch_gradient, weights=1)]
)
def test_bad_batches_get_one_line_that_names_the_first_bad_set(name: str, function: Any) -> None:
    changes, kind, words = REFUSED[name]
    with pytest.raises(kind) as caught:
        function(**(BASE | {"omega": [0.5, 0.9]} | changes))
    message = str(caught.value)
    if name == "overflow" and function is not spectral_batch:
        words = ("not finite", "set [1]")
    assert type(caught.value) is kind
    assert "\n" not in message
    assert len(message) < 240
    for word in words:
        assert word in message, message


def test_the_first_bad_set_of_a_later_block_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BLOCK", 7)
    masses = np.full((50, 2), 0.1)
    masses[[24, 47], 1] = np.nan
    for threads in (1, 3):
        with pytest.raises(ValueError, match=r"masses must be finite.*parameter set \[24\]"):
            spectral_batch(0.9, **(BASE | {"masses": masses}), threads=threads)


def test_weights_that_do_not_fit_are_refused() -> None:
    for weights, words in (
        (np.ones((2, 2)), r"broadcast to \(3, 2\), found shape \(2, 2\)"),
        (np.nan, "finite"),
        (1j, "real"),
    ):
        with pytest.raises(ValueError, match=words):
            spectral_batch_gradient([0.5, 0.9], weights=weights, **BASE)


def test_what_does_not_fit_into_memory_is_refused_in_one_line() -> None:
    masses = np.broadcast_to([0.01, 0.02], (1 << 40, 2))
    with pytest.raises(
        MemoryError, match=r"a result of shape \(1099511627776, 300000\) does not fit into memory"
    ) as caught:
        spectral_batch(np.full(300_000, 0.5), **(BASE | {"masses": masses}))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("gradient", [False, True])
def test_memory_holds_a_block_and_the_result(gradient: bool) -> None:
    """What is needed beside the result does not grow with the number of sets: 1e6 sets of 9 energies take 72 MiB and a block."""

    def beside(sets: int) -> int:
        masses = np.broadcast_to([0.01, 0.02, 0.05], (sets, 3)).copy()
        given = BASE | {"masses": masses, "axial": np.eye(3), "vector": VECTOR | {"g_L": 1e-12 * np.eye(3)}}
        batch = renp_generated.prepare_batch(**given)
        tracemalloc.start()
        result = batch.gradient(OMEGA[:4], weights=1.0) if gradient else batch(OMEGA)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        kept = result.values() if gradient else [result]
        return int(peak - sum(values.nbytes for values in kept))

    few, many = beside(2 * batches.BLOCK), beside(12 * batches.BLOCK)
    assert many < 1.1 * few + (1 << 20)
    assert few < 1 << 26
