"""A momentum imprinted on the target: another s, another range, and a pair that may stop or turn around."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

import renp_generated
from renp.verification.evaluators import integrated_spin_sums
from renp_generated import vertices
from renp_generated.runtime.arguments import largest_photon_energy, pair_mass
from renp_generated.runtime.verify import random_arguments
from tests.tolerances import tolerance

GROUPS = tuple(group.name for group in renp_generated.GROUPS)
STEPS, NATURES = ("M1", "E1"), ("dirac", "majorana")
OMEGA = 0.61
MOMENTA = {"none": 0.0, "along": 0.35, "slow": -0.4, "stopped": -OMEGA, "reversed": -1.1, "tiny": 1e-15, "far": -1.93}
"""Momenta by what they make of a pair that a photon of energy ``OMEGA`` leaves behind."""


def arguments(label: str, step: str = "M1", nature: str = "dirac", groups: tuple[str, ...] = GROUPS) -> dict[str, Any]:
    name = f"moved {label} {step} {nature}"
    found = random_arguments(renp_generated.FUNCTIONS, vertices, name, groups, nature, step, 3, "general")
    return found | {"imprinted_momentum": MOMENTA[label], "masses": [0.02, 0.05, 0.11]}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("label", MOMENTA)
def test_the_spectrum_is_the_integral_of_the_spin_sums(label: str, nature: str, step: str) -> None:
    given = arguments(label, step, nature)
    omega = min(OMEGA, 0.4 * (2 - MOMENTA[label]))
    with mpmath.workdps(45):
        exact = renp_generated.prepare_exact(number=mpmath.mpf, root=mpmath.sqrt, **given)
        expected, size = integrated_spin_sums(omega, given), exact.size(omega)
        assert abs(exact(omega) - expected) < tolerance("moved-exact") * size
    assert expected > 0
    found = float(renp_generated.spectral_function(omega, **given))
    assert abs(found - float(expected)) < tolerance("random-evaluator") * float(size)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("label", MOMENTA)
def test_all_engines_give_the_same_bits(label: str, step: str) -> None:
    given = arguments(label, step, "majorana")
    evaluator = renp_generated.prepare(**given)
    omega = np.random.default_rng(5).uniform(0, largest_photon_energy(2.0, MOMENTA[label]), 500)
    omega[:3] = [
        OMEGA if label != "far" else 0.1,
        5e-324,
        math.nextafter(largest_photon_energy(2.0, MOMENTA[label]), 0),
    ]
    plain = evaluator.without_compiled()(omega)
    assert np.isfinite(plain).all()
    np.testing.assert_array_equal(evaluator(omega), plain)
    assert [float(evaluator(w)) for w in omega[:5].tolist()] == plain[:5].tolist()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("nature", NATURES)
def test_turning_the_pair_around_turns_circular_light(nature: str, step: str) -> None:
    """Half a turn about x takes q to -q and T_xy to -T_xy, and changes no rate."""
    omega, q = 0.5, 0.375
    turn = np.diag([1.0, -1.0, -1.0])
    given = arguments("none", step, nature) | {"imprinted_momentum": q - omega}
    tensor = np.asarray(given["atomic_tensor"])
    turned = given | {"imprinted_momentum": -q - omega, "atomic_tensor": turn @ tensor @ turn}
    one, other = (renp_generated.spectral_function(omega, **case) for case in (given, turned))
    assert abs(one / other - 1) < tolerance("evaluator-symmetry")
    unturned = renp_generated.spectral_function(omega, **(turned | {"atomic_tensor": tensor}))
    # Only interferences of axial and vector operators of the electron see a handedness, and an E1 step has no axial ones.
    assert (abs(unturned / one - 1) > 1e-3) == (step == "M1")
    # A pair at rest has no direction: nothing tells the two helicities apart.
    still = given | {"imprinted_momentum": -omega}
    left, right = (
        renp_generated.spectral_function(omega, **(still | {"atomic_tensor": T})) for T in (tensor, tensor.T)
    )
    assert abs(left / right - 1) < tolerance("evaluator-symmetry")


@pytest.mark.parametrize("label", MOMENTA)
def test_thresholds_move_with_the_momentum(label: str) -> None:
    K, masses = MOMENTA[label], [0.02, 0.05, 0.11]
    evaluator = renp_generated.prepare(**arguments(label))
    pairs = [(i, j) for i in range(3) for j in range(i, 3)]
    for (i, j), pair, threshold in zip(pairs, evaluator.folded.pairs, evaluator.thresholds, strict=True):
        E, k, M = Fraction(2), Fraction(K), Fraction(masses[i]) + Fraction(masses[j])
        edge = (E**2 - k**2 - M**2) / (2 * (E + k))
        assert threshold == float(edge)
        high, low = (Fraction(float(part)) for part in pair.threshold)
        assert abs(high + low - edge) <= max(abs(low) / 2**50, abs(edge) / 2**150)
        # s - M^2 = (E_eg - omega)^2 - (omega + K)^2 - M^2 vanishes there.
        assert (E - edge) ** 2 - (edge + k) ** 2 == M**2
    last = max(evaluator.thresholds)
    above = [math.nextafter(last, 9), (last + largest_photon_energy(2.0, K)) / 2]
    assert not evaluator(above).any()
    assert evaluator(last * (1 - 1e-12)) > 0


def test_the_energy_that_is_left_is_exact_to_the_last_digit() -> None:
    for K in (*MOMENTA.values(), 0.1, -0.3, 1e-20, -1e-20, 1.9999999999999998):
        high, low = pair_mass(2.0, K)
        assert Fraction(high) + Fraction(low) == Fraction(2) - Fraction(K)
        edge = largest_photon_energy(2.0, K)
        assert Fraction(math.nextafter(edge, 0)) < (Fraction(2) - Fraction(K)) / 2 <= Fraction(edge)


def test_energies_out_of_range_are_refused() -> None:
    base = {"E_eg": 2.0, "E_vg": 2.2, "masses": [0.0], "axial": [[0.5]], "imprinted_momentum": 0.5}
    evaluator = renp_generated.prepare(**base)
    for call in (evaluator, evaluator.without_compiled()):
        assert call(0.7499999) > 0
        for bad in (0.75, 0.9, np.array([0.1, 0.75]), [0.0]):
            with pytest.raises(ValueError, match=r"0 < omega < \(E_eg - imprinted_momentum\)/2 = 0\.75 eV, found"):
                call(bad)
    backwards = base | {"imprinted_momentum": -0.5}
    assert renp_generated.spectral_function(1.2, **backwards) > 0
    with pytest.raises(ValueError, match=r"= 1\.25 eV"):
        renp_generated.spectral_gradient(1.25, **backwards)
    with pytest.raises(ValueError, match=r"= 1\.25 eV"):
        renp_generated.spectral_function_exact(1.3, number=Fraction, root=lambda x: x, **backwards)


def test_a_momentum_that_closes_every_channel_leaves_exact_zeros() -> None:
    base = {"E_eg": 2.0, "E_vg": 2.2, "masses": [0.05, 0.2], "axial": 0.5 * np.eye(2)}
    for K in (1.9999, -1.9999):
        given = base | {"imprinted_momentum": K}
        omega = np.linspace(0, (2 - K) / 2, 12)[1:-1]
        assert not renp_generated.spectral_function(omega, **given).any()
        assert not any(np.any(slope) for slope in renp_generated.spectral_gradient(omega, **given).values())
        assert (
            renp_generated.spectral_function_exact(float(omega[0]), number=mpmath.mpf, root=mpmath.sqrt, **given) == 0
        )


def test_the_lagrangian_is_read_the_same_by_a_model() -> None:
    import renp

    given = arguments("reversed", groups=("standard_model", "vector"))
    model = renp.Model("vector")
    assert model.spectral_function(OMEGA, **given) == renp_generated.spectral_function(OMEGA, **given)
    assert renp.spectral_function(OMEGA, **given) == renp_generated.spectral_function(OMEGA, **given)
