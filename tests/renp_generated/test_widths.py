"""Interferences that a width alone opens: of couplings that exchange of the pair turns by opposite signs."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import renp_generated
from tests.tolerances import tolerance

OMEGA = np.array([0.4, 0.8, 1.0])
WEAK = {
    "E_eg": 2.14349,
    "E_vg": 2.23072,
    "masses": [0.02, 0.3],
    "axial": np.array([[0.4, 0.2 - 0.3j], [0.2 + 0.3j, 0.1]]),
}
MEDIATOR = {"mass": 1.2, "c_T": 1e-11, "d_T": np.array([[1.0, 0.4 + 0.9j], [0.4 - 0.9j, -0.5]]) * 1e-11}


def rate(width: float, weak: float, tensor: float) -> np.ndarray:
    given = WEAK | {"axial": weak * WEAK["axial"]}
    mediator = MEDIATOR | {"width": width, "d_T": tensor * MEDIATOR["d_T"]}
    found = renp_generated.prepare(**given, tensor_mediator=mediator)
    np.testing.assert_array_equal(found(OMEGA), found.without_compiled()(OMEGA))
    with mpmath.workdps(30):
        exact = renp_generated.prepare_exact(number=mpmath.mpf, root=mpmath.sqrt, **given, tensor_mediator=mediator)
        expected = [float(exact(float(w))) for w in OMEGA]
    np.testing.assert_allclose(found(OMEGA), expected, rtol=tolerance("evaluator-symmetry"), atol=0)
    return found(OMEGA)


def interference(width: float) -> np.ndarray:
    """Return what the rate has beyond the rates of both amplitudes alone, relative to it."""
    both, weak, tensor = rate(width, 1.0, 1.0), rate(width, 1.0, 0.0), rate(width, 0.0, 1.0)
    return np.abs(both - weak - tensor) / both


def test_axial_and_tensor_couplings_interfere_through_a_width() -> None:
    """A'_ij and d t_ij have opposite signs under exchange of the pair: without an absorptive part the two orders cancel."""
    assert interference(0.4).max() > 1e-3
    assert interference(0.0) == pytest.approx(0.0, abs=tolerance("evaluator-symmetry"))
