"""The evaluators against fresh brute-force values: explicit spinors and quadrature at points that nobody pinned."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import renp_generated
from tests.brute_force.cases import E_EG, GROUPS, LIGHTS, VARIANTS, build_case
from tests.brute_force.reference import spectral_function as brute_force
from tests.tolerances import tolerance

COMBINATIONS = [
    *((group,) for group in GROUPS),
    *itertools.combinations(GROUPS, 2),
    tuple(GROUPS),
]


def difference(name: str, **changes: object) -> float:
    """Relative difference, over how much the oracle's ``s - M^2`` magnifies a rounding next to a mediator's pole."""
    case = build_case(name) | changes
    expected = brute_force(**case)
    s = E_EG * (E_EG - 2 * case["omega"])
    masses = [case[group]["mass"] for group in ("vector", "scalar") if group in case]
    magnified = max((mass**2 / abs(s - mass**2) for mass in masses), default=1.0)
    found = float(renp_generated.spectral_function(**case))
    if found == 0:  # one Majorana neutrino has neither moments nor a tensor current; the oracle cancels to rounding
        return 0.0 if abs(expected) < tolerance("oracle-zero") else float("inf")
    return float(abs(found - expected) / expected / max(1.0, magnified))


@pytest.mark.parametrize("groups", COMBINATIONS, ids="+".join)
def test_every_interaction_and_every_pair(groups):
    lights = ("averaged", "random") if "scalar" in groups else LIGHTS
    for nature, light in itertools.product(("dirac", "majorana"), lights):
        name = f"{'+'.join(groups)}/{nature}/{light}/n2"
        assert difference(name) < tolerance("fresh-oracle"), name


@given(
    st.lists(st.sampled_from(GROUPS), min_size=1, unique=True).map("+".join),
    st.sampled_from(("dirac", "majorana")),
    st.sampled_from(("averaged", "random")),
    st.sampled_from((1, 2, 4)),
    st.lists(st.sampled_from([v for v in VARIANTS if v not in ("E1", "threshold")]), unique=True).map("/".join),
)
@settings(max_examples=30, deadline=None)
def test_random_combinations(groups, nature, light, n, variants):
    name = f"{groups}/{nature}/{light}/n{n}{'/' + variants if variants else ''}"
    assert difference(name) < tolerance("fresh-oracle"), name


@pytest.mark.parametrize("groups", ["weak", "vector", "scalar", "em", "weak+vector+scalar+em"])
@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_electric_dipole_pair_step(groups, nature):
    for light, variants in itertools.product(("averaged", "random"), ("E1", "E1/width/levels")):
        name = f"{groups}/{nature}/{light}/n2/{variants}"
        assert difference(name) < tolerance("fresh-oracle"), name


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_near_threshold_the_oracle_loses_digits_and_the_evaluator_does_not(nature):
    # The oracle forms s - (m_i + m_j)^2 as it stands: a relative distance of 10^-k costs it k digits.
    name = f"{'+'.join(GROUPS)}/{nature}/random/n2"
    masses = build_case(name)["masses"]
    edge = E_EG / 2 - (2 * masses[0]) ** 2 / (2 * E_EG)
    for k in (2, 4, 6, 8):
        error = difference(name, omega=float(edge * (1 - 10.0**-k)))
        assert error < tolerance("fresh-oracle") + 10.0**k * np.finfo(float).eps * 10
