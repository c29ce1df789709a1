"""Both orders of the two steps: the denominators of time-ordered perturbation theory in the evaluators."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

import renp_generated
from renp.verification.evaluators import integrated_spin_sums
from renp_generated import vertices
from renp_generated.runtime.verify import random_arguments
from tests.tolerances import tolerance

GROUPS = tuple(group.name for group in renp_generated.GROUPS)
OMEGA = np.linspace(0.05, 0.9, 40)
CROSSED = {"E_vg": [2.3, 3.1], "amplitudes": [0.6, -0.2]}


def arguments(step: str, nature: str = "dirac", **more: Any) -> dict[str, Any]:
    name = f"crossed {step} {nature}"
    return random_arguments(renp_generated.FUNCTIONS, vertices, name, GROUPS, nature, step, 3, "general") | more


@pytest.mark.parametrize("K", [0.0, -0.4])
@pytest.mark.parametrize("step", ["M1", "E1"])
def test_a_photon_that_comes_first_adds_its_own_denominators(step: str, K: float) -> None:
    given = arguments(step, imprinted_momentum=K)
    alone = renp_generated.spectral_function(OMEGA, **given)
    both = renp_generated.spectral_function(OMEGA, **given, crossed=CROSSED)
    first = 1 / (given["E_vg"] - OMEGA)
    last = sum(c / (level - (given["E_eg"] - OMEGA)) for level, c in zip(*CROSSED.values(), strict=True))
    np.testing.assert_allclose(both, alone * (1 + last / first) ** 2, rtol=tolerance("evaluator-symmetry"), atol=0)
    with mpmath.workdps(45):
        case = given | {"crossed": CROSSED}
        exact = renp_generated.prepare_exact(number=mpmath.mpf, root=mpmath.sqrt, **case)
        assert abs(exact(0.5) / integrated_spin_sums(0.5, case) - 1) < tolerance("moved-exact")


@pytest.mark.parametrize("step", ["M1", "E1"])
def test_all_engines_give_the_same_bits(step: str) -> None:
    evaluator = renp_generated.prepare(**arguments(step, "majorana"), crossed=CROSSED)
    plain = evaluator.without_compiled()(OMEGA)
    np.testing.assert_array_equal(evaluator(OMEGA), plain)


def test_without_crossed_states_nothing_changes() -> None:
    given = arguments("E1")
    alone = renp_generated.spectral_function(OMEGA, **given)
    np.testing.assert_array_equal(renp_generated.spectral_function(OMEGA, **given, crossed=None), alone)
    silent = {"E_vg": [2.5], "amplitudes": [0.0]}
    np.testing.assert_allclose(
        renp_generated.spectral_function(OMEGA, **given, crossed=silent),
        alone,
        rtol=tolerance("evaluator-symmetry"),
        atol=0,
    )


def test_equal_energies_do_not_tell_the_orders_apart() -> None:
    """At omega = E_eg/2 - x and E_eg/2 + x the two denominators change places."""
    base = {"E_eg": 2.0, "E_vg": 2.5, "masses": [0.0], "axial": [[0.5]], "crossed": {"E_vg": 2.5, "amplitudes": 1.0}}
    evaluator = renp_generated.prepare_exact(number=Fraction, root=lambda x: x, **base)
    for x in (0.25, 0.5, 0.75):
        one, other = (evaluator.amplitude(1 - x), evaluator.amplitude(1 + x))
        assert one == other


def test_both_orders_of_two_dipoles_are_four_times_one_near_the_thresholds() -> None:
    """There the photon and the pair share the energy equally: q0 = omega."""
    base = {"E_eg": 2.0, "E_vg": 2.1, "masses": [0.0], "axial": [[0.0]], "vector_weak": [[0.5]], "pair_step": "E1"}
    both = base | {"crossed": {"E_vg": 2.1, "amplitudes": 1.0}}
    omega = 1 - 1e-12
    one, two = (renp_generated.spectral_function(omega, **given) for given in (base, both))
    assert abs(two / one - 4) < tolerance("both-orders")
