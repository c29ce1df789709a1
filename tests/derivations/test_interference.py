"""Which interferences survive: the exact table against numbers from the evaluator."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from sympy import I

import renp_generated
from derivations.atom import atomic_tensor
from derivations.interactions.reader import shipped_interactions
from derivations.processes.renp.interference import (
    OUT_OF_PHASE,
    Interference,
    Product,
    interferences,
    products,
    tensor_weights,
)
from derivations.processes.renp.spectrum import SpectralFunction, spectral_function
from tests.tolerances import tolerance

TENSORS = {
    "averaged": None,
    "Yb linear": atomic_tensor(0, 1, 0, (1, 0, 0)),
    "Yb circular": atomic_tensor(0, 1, 0, (1, I, 0)),
    "Xe circular": atomic_tensor(2, 1, 0, (1, I, 0)),
}
REAL = np.array([[0.0, 1.0], [1.0, 0.0]])
IMAGINARY = np.array([[0.0, 1j], [-1j, 0.0]])
CHAIN = {"E_eg": 2.0, "E_vg": 2.2, "masses": [0.15, 0.32]}
OMEGA = 0.7


@cache
def everything() -> SpectralFunction:
    return spectral_function(shipped_interactions())


@cache
def table(light: str, nature: str) -> tuple[Interference, ...]:
    return interferences(everything(), tensor_weights(TENSORS[light]), nature)


def arguments(couplings: dict[Product, np.ndarray]) -> dict[str, object]:
    """Return evaluator arguments with these couplings alone."""
    found: dict[str, object] = {"axial": np.zeros((2, 2))}
    for product, matrix in couplings.items():
        if product.interaction == "standard_model":
            found[product.neutrino] = matrix
            continue
        group = found.setdefault(product.interaction, {})
        assert isinstance(group, dict)
        if product.electron:
            group["mass"] = 0.4
            group[product.electron] = 1.0
        group[product.neutrino] = matrix
    return found


def rate(light: str, nature: str, couplings: dict[Product, np.ndarray]) -> float:
    tensor = TENSORS[light]
    exact = None if tensor is None else np.array(tensor.tolist(), dtype=complex)
    found = renp_generated.spectral_function(OMEGA, **CHAIN, nature=nature, atomic_tensor=exact, **arguments(couplings))
    return float(found)


MATRICES = {"Re": REAL, "Im": IMAGINARY, "diagonal": np.diag([1.0, 0.0])}


@cache
def alone(light: str, nature: str, product: Product, kind: str) -> float:
    return rate(light, nature, {product: MATRICES[kind]})


def coherence(light: str, nature: str, found: Interference, left: str, right: str) -> float:
    """Return the cross term over twice the geometric mean of the two rates; 0 when a coupling has no rate at all."""
    rates = alone(light, nature, found.first, left), alone(light, nature, found.second, right)
    if not all(rates):
        return 0.0
    a, b = (MATRICES[kind] / np.sqrt(single) for kind, single in zip((left, right), rates, strict=True))
    return abs(rate(light, nature, {found.first: a, found.second: b}) / 2 - 1)


def comparable(found: Interference) -> bool:
    """Whether the two products can be switched on one without the other."""
    first, second = found.first, found.second
    if first.longitudinal or second.longitudinal:
        return False
    shared = first.interaction == second.interaction
    return not shared or (first.electron == second.electron and first.neutrino != second.neutrino)


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
@pytest.mark.parametrize("light", TENSORS)
def test_the_table_says_what_the_evaluator_does(light: str, nature: str) -> None:
    compared = 0
    for found in table(light, nature):
        if not comparable(found):
            continue
        for left in ("Re", "Im"):
            for right in ("Re", "Im"):
                dirac = "Re(A B*)" if left == right else "Im(A B*)"
                expected = (dirac if nature == "dirac" else f"{left} {right}") in found.products
                size = coherence(light, nature, found, left, right)
                assert (size > tolerance("interference-present")) == expected, (
                    str(found.first),
                    str(found.second),
                    size,
                )
                assert expected or size < tolerance("interference-absent")
                compared += 1
    assert compared >= 200


def test_the_diagonal_of_the_table_says_what_the_evaluator_does() -> None:
    for found in filter(comparable, table("Yb circular", "majorana")):
        size = coherence("Yb circular", "majorana", found, "diagonal", "diagonal")
        assert (size > tolerance("interference-present")) == found.diagonal, (str(found.first), str(found.second))


def named(light: str, nature: str, first: str, second: str) -> Interference:
    return next(x for x in table(light, nature) if {str(x.first), str(x.second)} == {first, second})


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_weak_and_electromagnetic_amplitudes_interfere_in_circular_light_alone(nature: str) -> None:
    for name in ("mu", "eps", "r2", "anapole"):
        assert not named("averaged", nature, "axial", name)
        assert not named("Yb linear", nature, "axial", name)
        assert named("Yb circular", nature, "axial", name)
        assert named("Yb circular", nature, "axial", name).parts == ("circular",)


def test_the_pseudoscalar_interferes_with_the_weak_current_for_majorana_neutrinos_too() -> None:
    assert named("averaged", "dirac", "axial", "y_P y_P_nu").products == ("Re(A B*)",)
    assert named("averaged", "majorana", "axial", "y_P y_P_nu").diagonal
    assert named("averaged", "dirac", "axial", "y_P y_S_nu").products == ("Im(A B*)",)


def test_a_tensor_is_out_of_phase_with_the_weak_current() -> None:
    assert named("averaged", "majorana", "axial", "t").reason == OUT_OF_PHASE
    assert named("averaged", "majorana", "mu", "eps").reason == "no common structure function"


def test_every_vanishing_interference_has_a_reason() -> None:
    for light in TENSORS:
        for found in table(light, "dirac"):
            assert bool(found.reason) != bool(found)


def test_an_unknown_nature_is_refused() -> None:
    with pytest.raises(ValueError, match="nature must be 'dirac' or 'majorana', found 'weyl'"):
        interferences(everything(), tensor_weights(), "weyl", products(everything())[:2])
