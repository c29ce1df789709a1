"""Random arguments: the same for the same name, for any model, and with nothing too small to be seen."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from derivations.interactions.reader import parse_interaction
from renp.model import Model, shipped_model
from renp.testing.arguments import E_EG, WEAK_SIZE, random_arguments

OWN = """\
name = "own"
title = "Two scalars of different reach"
description = "Couplings in odd units, one of them any matrix, and two of the electron that differ by their order."
references = []
propagator = { kind = "massive", spin = 1, mass = "M" }
electron = [
  { coupling = "a", bilinear = "gamma(mu) gamma5" },
  { coupling = "v", bilinear = "q2 gamma(mu)", dimension = -2, units = "cm^2" },
]
neutrino = [
  { coupling = "d", bilinear = "sigma(mu,nu) q(nu) PR", dimension = -1, units = "cm", hermitian = "add conjugate" },
  { coupling = "g", bilinear = "gamma(mu)" },
]
"""
MODELS = {"shipped": shipped_model(), "own": Model.of([parse_interaction(OWN)])}
GROUPS = [(name, group) for name, model in MODELS.items() for group in model.groups if group.keyword]


@pytest.mark.parametrize("step", ["M1", "E1"])
@pytest.mark.parametrize(("name", "group"), GROUPS, ids=lambda value: getattr(value, "name", value))
def test_what_contributes_is_comparable_with_the_weak_rate(name: str, group: Any, step: str) -> None:
    """Each electron coupling with each matrix, alone: what is far below the rest, no check would see."""
    functions = MODELS[name].functions
    given = random_arguments(f"size {step}", (group.name,), "dirac", 3, "averaged", step, functions=functions)
    base = {key: given[key] for key in ("E_eg", "E_vg", "masses", "axial", "pair_step")}
    omega = np.array([0.2, 0.35, 0.5, 0.65, 0.8]) * E_EG / 2
    ones = np.full((3, 3), WEAK_SIZE)
    weak = functions.spectral_function(omega, **{**base, "axial": ones, "vector_weak": ones})
    entries = given[group.keyword]
    electron = [c.name for c in group.couplings if c.kind == "real"]
    matrices = [c.name for c in group.couplings if c.kind in ("matrix", "general")]
    seen = {}
    for coupling, matrix in product(electron or [None], matrices):
        off = {other for other in (*electron, *matrices) if other not in (coupling, matrix)}
        alone = {key: value for key, value in entries.items() if key not in off}
        rate = functions.spectral_function(omega, **base, **{group.keyword: alone})
        seen[coupling, matrix] = float(np.median(rate / weak))
        possible = matrix in [c.name for c in group.couplings if step in c.opens]
        assert not possible or coupling is None or step not in group[coupling].opens or seen[coupling, matrix] > 0
    found = [ratio for ratio in seen.values() if ratio]
    assert all(1e-3 < ratio < 1e3 for ratio in found), seen
    assert bool(found) == any(step in c.opens for c in group.couplings if c.line)


def test_the_same_name_gives_the_same_arguments() -> None:
    first, again, other = (
        random_arguments(name, ("own",), "majorana", 2, "general", "M1", functions=MODELS["own"].functions)
        for name in ("a", "a", "b")
    )
    assert {"M", "propagator", "a", "v", "d", "g"} <= set(first["own"])
    for key, value in first["own"].items():
        np.testing.assert_array_equal(value, again["own"][key])
    assert (first["masses"] != other["masses"]).any()
    matrix = first["own"]["d"]
    assert np.abs(matrix - matrix.conj().T).max() > 0.1 * np.abs(matrix).max()
