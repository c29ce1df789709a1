"""A parameter set of a batch has the bits that it has alone, whatever its neighbours have switched off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import renp_generated

OMEGA = np.array([0.7, 1.0, 1.069])
FULL = np.array([[0.3, 0.4 + 0.1j, 0.1], [0.4 - 0.1j, -0.2, 0.1j], [0.1, -0.1j, -0.5]])
ONE, NONE = np.diag([1.0, 0, 0]).astype(complex), np.zeros((3, 3), dtype=complex)
MASSES = np.array([[0.0, 0.01, 0.05], [0.01, 0.0132, 0.0515], [0.02, 0.02, 0.05]])
ATOM: dict[str, Any] = {"E_eg": 2.14349, "E_vg": 2.23072}
SETS = [
    (masses, axial, g_L, mass, width)
    for masses in MASSES
    for axial in (FULL, NONE, np.diag(np.diag(FULL)))
    for g_L in (ONE, NONE, FULL)
    for mass, width in ((0.01, 0.0), (0.8, 0.3), (70.0, 0.0))
]


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
@pytest.mark.parametrize("compiled", [True, False])
def test_neighbours_do_not_change_a_bit(nature: str, compiled: bool) -> None:
    masses, axial, g_L, mass, width = map(np.array, zip(*SETS, strict=True))
    vector = {"g_A": 0.7, "g_L": g_L, "mass": mass, "width": width}
    batch = renp_generated.prepare_batch(**ATOM, nature=nature, masses=masses, axial=axial, vector=vector)
    found = batch(OMEGA, compiled=compiled)
    for k, (masses, axial, g_L, mass, width) in enumerate(SETS):
        one = {"g_A": 0.7, "g_L": g_L, "mass": mass, "width": width}
        alone = renp_generated.spectral_function(OMEGA, **ATOM, nature=nature, masses=masses, axial=axial, vector=one)
        assert found[k].tobytes() == alone.tobytes(), k
