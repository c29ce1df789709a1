"""Two roads to scattering: the pipeline's cross sections against two lines of explicit matrices, coupling by coupling.

The pipeline projects on Clifford elements, finds its rows by itself and reads the interaction files. The second road has its
channels, exchange signs and factors written out. They are compared in exact arithmetic at rational points, with both masses.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import cache

import pytest
from sympy import Expr, I, Integer, Rational, Symbol, pi, re, sqrt

from derivations.ledger.crossed import (
    GAMMA,
    GAMMA5,
    IDENTITY,
    SIGNATURE,
    ZERO,
    Channel,
    Line,
    contract,
    decay_contract,
    longitudinal_channel,
    scalar_channel,
    tensor_channel,
    vector_channel,
)
from derivations.ledger.proofs.derived import _derived
from derivations.processes.cross_section import Neutrino
from derivations.symbols import ALPHA, ENERGY, G_F, HELICITY, M_E, M_I, M_J, MEDIATOR, RECOIL, TARGET_MASS

CHARGE = sqrt(4 * pi * ALPHA)
POINT = {ENERGY: Rational(13, 3), RECOIL: Rational(3, 4), M_E: Integer(2), MEDIATOR: Rational(7, 5), G_F: Integer(3)}
MASSES = {M_I: Rational(5, 3), M_J: Rational(3, 2)}
MOMENTUM = Integer(4)
"""E = 13/3 and m_i = 5/3."""
Q2 = -2 * POINT[M_E] * POINT[RECOIL]
PHOTON = CHARGE / Q2
VECTOR, SCALAR = -1 / (Q2 - POINT[MEDIATOR] ** 2), 1 / (Q2 - POINT[MEDIATOR] ** 2)
WEAK = POINT[G_F] / sqrt(2)
INTERACTIONS = ("standard_model", "electromagnetic", "scalar", "vector", "tensor")
ELECTRON = {"g_V": 1, "g_A": Rational(2, 3), "y_S": Rational(4, 5), "y_P": Rational(-3, 7)}

SECOND_ROAD = {
    "v_ij": [(WEAK, vector_channel("L", "V"))],
    "a_ij": [(-WEAK, vector_channel("L", "A"))],
    "mu_ij": [(PHOTON, vector_channel("magnetic", "V"))],
    "eps_ij": [(I * PHOTON, vector_channel("electric", "V"))],
    "r2_ij": [(PHOTON / 6, vector_channel("radius", "V"))],
    "anapole_ij": [(PHOTON, vector_channel("anapole", "V"))],
    "y_S_ij": [
        (SCALAR * ELECTRON["y_S"], scalar_channel("S", "S")),
        (SCALAR * ELECTRON["y_P"] * I, scalar_channel("S", "P")),
    ],
    "y_P_ij": [
        (SCALAR * ELECTRON["y_S"] * I, scalar_channel("P", "S")),
        (SCALAR * ELECTRON["y_P"] * I * I, scalar_channel("P", "P")),
    ],
    "g_L_ij": [
        (VECTOR * ELECTRON["g_V"] / 2, vector_channel("L", "V")),
        (VECTOR * ELECTRON["g_A"] / 2, vector_channel("L", "A")),
    ],
    "g_R_ij": [
        (VECTOR * ELECTRON["g_V"] / 2, vector_channel("R", "V")),
        (VECTOR * ELECTRON["g_A"] / 2, vector_channel("R", "A")),
    ],
    "t_ij": [(2 * WEAK, tensor_channel())],
}
"""Amplitude of each neutrino coupling, with the electron's couplings at their values."""

CASES = {
    "minus": (Neutrino(massless=False, helicity="minus"), Line(massless=False), -1),
    "antineutrino, average": (
        Neutrino(massless=False, antineutrino=True, helicity="average"),
        Line(massless=False, antineutrino=True, helicity=0),
        0,
    ),
    "antineutrino, massless": (Neutrino(antineutrino=True), Line(antineutrino=True, helicity=1), 1),
}
VALUES = [
    {name: Rational(n + 2, 3) + I * Rational(1, n + 1) for n, name in enumerate(SECOND_ROAD)},
    {name: Rational(1, n + 3) - I * Rational(n + 1, 5) * (-1) ** n for n, name in enumerate(SECOND_ROAD)},
]
"""Generic complex couplings, which no square and no interference escapes."""


@cache
def pipeline(case: str) -> Expr:
    neutrino = CASES[case][0]
    found = _derived("electron", INTERACTIONS, neutrino)
    for name in ("M_scalar", "M_vector"):
        found = found.subs(Symbol(name, positive=True), POINT[MEDIATOR])
    found = found.subs({s: ELECTRON[s.name] for s in found.free_symbols if s.name in ELECTRON})
    return found.subs({**POINT, **MASSES})


@cache
def entry(case: str, first: Channel, second: Channel) -> Expr:
    neutrino, line, helicity = CASES[case]
    point = {TARGET_MASS: POINT[M_E], ENERGY: POINT[ENERGY], RECOIL: POINT[RECOIL], HELICITY: helicity / MOMENTUM}
    masses = {} if neutrino.massless else MASSES
    momentum = POINT[ENERGY] if neutrino.massless else MOMENTUM
    value = contract(first, second, line).subs({**point, **masses}, simultaneous=True)
    return value / (64 * pi * POINT[M_E] * momentum**2)


def second_road(case: str, values: Mapping[str, Expr]) -> Expr:
    # nu_i -> nu_j has the element ji of a Hermitian matrix, an antineutrino the element ij
    against = CASES[case][0].antineutrino
    terms = [
        (factor * (values[name] if against else values[name].conjugate()), channel)
        for name, found in SECOND_ROAD.items()
        for factor, channel in found
    ]
    total = Integer(0)
    for n, (c, a) in enumerate(terms):
        for m, (d, b) in enumerate(terms[: n + 1]):
            total += (1 if n == m else 2) * re((c * d.conjugate()).expand()) * entry(case, a, b)
    return total


@pytest.mark.parametrize("case", CASES)
def test_both_roads_give_the_same_cross_section(case: str) -> None:
    found = pipeline(case)
    for values in VALUES:
        chosen = {s: values[s.name] for s in found.free_symbols if s.name in values}
        assert (found.subs(chosen, simultaneous=True) - second_road(case, values)).expand() == 0, values


def test_every_coupling_of_the_second_road_exists_in_the_pipeline() -> None:
    assert {s.name for s in pipeline("minus").free_symbols} - {"alpha"} == set(SECOND_ROAD)


def test_the_real_matrices_are_a_clifford_algebra() -> None:
    for a, b in itertools.product(range(4), repeat=2):
        metric = 2 * SIGNATURE[a] * (a == b)
        assert GAMMA[a] * GAMMA[b] + GAMMA[b] * GAMMA[a] == IDENTITY * (ZERO + metric)
        assert GAMMA5 * GAMMA[a] == -(GAMMA[a] * GAMMA5)


def test_a_photon_line_is_conserved_and_an_axial_one_is_not() -> None:
    line = Line(massless=False, helicity=0)
    for name in ("V", "magnetic", "electric", "radius", "anapole"):
        channel = longitudinal_channel("L", name)
        assert contract(channel, channel, line) == 0
    axial = longitudinal_channel("L", "A")
    assert contract(axial, axial, line) != 0


def test_a_massless_limit_of_given_helicity_is_a_chirality() -> None:
    for one, other in itertools.combinations_with_replacement(("v_ij", "mu_ij", "y_S_ij", "t_ij"), 2):
        channels = SECOND_ROAD[one][0][1], SECOND_ROAD[other][0][1]
        massive = contract(*channels, Line(massless=False)).subs({M_I: 0, M_J: 0, HELICITY: -1 / ENERGY})
        assert (massive - contract(*channels, Line())).expand() == 0


def test_a_decay_to_an_equal_mass_stops() -> None:
    for pair in itertools.product(("magnetic", "electric"), repeat=2):
        assert all(part.subs(M_J, M_I) == 0 for part in decay_contract(*pair))
