"""The last evaluators are kept; what is kept never answers for other arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import renp_generated
from benchmarks.cases import everything
from renp_generated.runtime import memory
from tests.tolerances import tolerance

ENERGIES = np.array([0.4, 0.9, 1.0])


def arguments() -> dict[str, Any]:
    given = everything()
    given["vector"] = given["vector"] | {"width": 0.1}
    return given | {
        "E_vg": [2.23072, 3.1],
        "intermediate_amplitudes": [1.0, 0.2],
        "atomic_tensor": np.diag([0.25, 0.25, 0.5]),
        "dipole_length": 2.0,
    }


def test_equal_arguments_are_folded_once() -> None:
    assert renp_generated.prepare(**arguments()) is renp_generated.prepare(**arguments())


CHANGES: dict[str, Any] = {
    "E_eg": 2.1,
    "E_vg": [2.23072, 3.2],
    "intermediate_amplitudes": [1.0, 0.3],
    "masses": [0.01, 0.0132, 0.0516],
    "nature": "dirac",
    "atomic_tensor": np.diag([0.2, 0.2, 0.6]),
    "pair_step": "E1",
    "axial": 0.3 * np.eye(3),
    "vector": {"mass": 3.0, "g_A": 1e-11, "g_L": np.eye(3) * 3e-12, "g_R": np.eye(3) * 3e-12, "width": 0.2},
    "scalar": None,
    "tensor": {"t": 0.1 * np.eye(3)},
}


@pytest.mark.parametrize("name", CHANGES)
def test_any_other_argument_makes_another_evaluator(name: str) -> None:
    before = renp_generated.prepare(**arguments())
    after = renp_generated.prepare(**arguments() | {name: CHANGES[name]})
    assert after is not before
    assert not np.array_equal(after(ENERGIES), before(ENERGIES))


def test_a_change_of_one_matrix_in_place_is_seen() -> None:
    given = arguments()
    first = renp_generated.spectral_function(ENERGIES, **given)
    given["axial"][0, 0] += 0.5
    second = renp_generated.spectral_function(ENERGIES, **given)
    assert not np.array_equal(first, second)
    given["axial"][0, 0] -= 0.5
    np.testing.assert_allclose(
        renp_generated.spectral_function(ENERGIES, **given), first, rtol=tolerance("changed-and-back"), atol=0
    )


def test_the_dipole_length_tells_two_dipoles_apart() -> None:
    given = arguments() | {"pair_step": "E1"}
    one, two = (renp_generated.prepare(**given | {"dipole_length": length}) for length in (1.0, 2.0))
    assert not np.array_equal(one(ENERGIES), two(ENERGIES))


@pytest.mark.parametrize("wrong", [{"E_eg": True}, {"E_vg": np.True_}, {"masses": [True]}, {"axial": [["1"]]}])
def test_what_was_remembered_does_not_let_wrong_types_through(wrong: dict[str, Any]) -> None:
    right = {"E_eg": 1.0, "E_vg": 2.0, "masses": [1.0], "axial": [[1.0]]}
    if "E_vg" in wrong:
        right["E_eg"], right["E_vg"] = 0.5, 1.0
    renp_generated.prepare(**right)
    with pytest.raises(TypeError):
        renp_generated.prepare(**right | wrong)


@pytest.mark.parametrize(
    "argument",
    [np.diag(np.arange(1.0, 4.0)).astype(">f8"), np.diag(np.arange(1.0, 4.0)).astype("<f8")],
    ids=["big-endian", "little-endian"],
)
def test_bytes_are_read_in_their_order(argument: np.ndarray) -> None:
    given = arguments() | {"axial": argument}
    np.testing.assert_array_equal(
        renp_generated.prepare(**given)(ENERGIES),
        renp_generated.prepare(**given | {"axial": argument.tolist()})(ENERGIES),
    )


def test_large_and_foreign_arguments_are_folded_anew() -> None:
    given: dict[str, Any] = {"E_eg": 2.0, "E_vg": 2.5, "axial": np.eye(70)}
    large = [given | {"masses": [0.01] * 70} for _ in range(2)]
    assert renp_generated.prepare(**large[0]) is not renp_generated.prepare(**large[1])
    itself: list[Any] = []
    itself.append(itself)
    with pytest.raises(ValueError, match="masses"):
        renp_generated.prepare(**given | {"masses": itself})


def test_what_is_kept_is_bounded() -> None:
    given = arguments() | {"nature": "dirac"}
    first = renp_generated.prepare(**given)
    for k in range(memory.KEPT + 1):
        renp_generated.prepare(**given | {"E_vg": [2.23072, 3.1 + k]})
    again = renp_generated.prepare(**given)
    assert again is not first
    np.testing.assert_array_equal(again(ENERGIES), first(ENERGIES))
