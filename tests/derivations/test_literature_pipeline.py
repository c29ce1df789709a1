"""Two roads to the same rate: the pipeline's Gram matrix against covariant tensor reduction, coupling by coupling.

The pipeline integrates over E_nu and finds its rows by itself; the second road never integrates and has its bilinears,
operators and exchange signs written out. They are compared as rational functions, for every pair of couplings and for an
averaged atom, along q, and for circular light, which leaves no structure function out.
"""

from __future__ import annotations

import itertools
from functools import cache

import pytest
from sympy import I, Matrix, Rational, Symbol, sqrt, sympify

from derivations.interactions.reader import shipped_interactions
from derivations.ledger.oracle import ISOTROPIC, circular, gram, vanishes
from derivations.processes.renp.spectrum import spectral_function
from derivations.symbols import M_I, M_J, OMEGA, S

ALONG = Matrix([[0, 0, 0], [0, 0, 0], [0, 0, 1]])
TENSORS = {"averaged": ISOTROPIC, "along": ALONG, "circular": circular()}
M_E, G_F, CHARGE, MEDIATOR = (Symbol(name, positive=True) for name in ("m_e", "G_F", "e", "M"))
WEAK, PHOTON = G_F / sqrt(2), -I * CHARGE / (2 * M_E * S)
VECTOR, SCALAR = 1 / (2 * (S - MEDIATOR**2)), I / (2 * M_E * (S - MEDIATOR**2))

SECOND_ROAD = {
    "axial": [(WEAK, "V"), (-WEAK, "A")],
    "mu": [(PHOTON, "magnetic")],
    "eps": [(PHOTON, "electric")],
    "r2": [(PHOTON / 6, "radius")],
    "anapole": [(PHOTON, "anapole")],
    "y_S_nu": [(SCALAR, "S")],
    "y_P_nu": [(SCALAR, "P")],
    "g_L": [(VECTOR, "V"), (-VECTOR, "A")],
    "g_R": [(VECTOR, "V"), (VECTOR, "A")],
}
"""Amplitude of each coupling: weak and vector H = -+J.J, scalar H = +J J, photon -(i e/2m_e s)(Lambda x q)."""

ELECTRON = {"g_L": "g_A", "g_R": "g_A"}
CONSTANTS = {"1": sympify(1), "e": CHARGE, "G_F/sqrt(2)": WEAK}
PROPAGATORS = {"contact": sympify(1), "photon": 1 / S, "massive": 1 / (S - MEDIATOR**2)}


@cache
def pipeline():
    names = {"standard_model", "vector", "scalar", "electromagnetic"}
    return spectral_function([one for one in shipped_interactions() if one.name in names])


def closed(form):
    values = {
        "t": S - (M_I + M_J) ** 2,
        "P": M_I * M_J,
        "D": (M_I - M_J) ** 2,
        "qz": OMEGA,
        "d": M_I - M_J,
        "M": M_I + M_J,
    }
    expression = form.numerator.as_expr()
    assert not expression.has(Symbol("q0"))
    return expression.subs({Symbol(name): value for name, value in values.items()}, simultaneous=True) / S**form.power


@cache
def structure(n, m):
    """Return (along, across, circular) of rows n, m; the lower triangle follows from N_mn^kl = (N_nm^lk)*."""
    if n > m:
        along, across, around = structure(m, n)
        return along.conjugate(), across.conjugate(), -around.conjugate()
    parts = {entry.part: closed(entry.closed_form) for entry in pipeline().gram if (entry.n, entry.m) == (n, m)}
    return tuple(parts.get(part, sympify(0)) for part in ("along", "across", "circular"))


def amplitude(coupling):
    """Return {row: coefficient} of a neutrino coupling in the pipeline, Feynman-like propagator."""
    result = {}
    for term in pipeline().amplitude.terms:
        electron, c = ELECTRON.get(coupling), term.coefficient
        if term.neutrino != coupling or (electron and term.electron != electron) or c.propagator == "longitudinal":
            continue
        number = Rational(c.real.numerator, c.real.denominator) + I * Rational(c.imag.numerator, c.imag.denominator)
        powers = OMEGA**c.qz * S**c.s * (M_I - M_J) ** c.d * (M_I + M_J) ** c.M / M_E**c.m_e
        assert c.q0 == 0
        factor = number * powers * CONSTANTS[c.constant] * PROPAGATORS[c.propagator]
        result[term.row] = result.get(term.row, 0) + factor
    return result


def first_road(a, b, tensor):
    total = sympify(0)
    for n, left in amplitude(a).items():
        for m, right in amplitude(b).items():
            along, across, around = structure(n, m)
            value = (
                tensor[2, 2] * along + (tensor[0, 0] + tensor[1, 1]) * across + (tensor[0, 1] - tensor[1, 0]) * around
            )
            total += left * right.conjugate() * value
    return total


def second_road(a, b, tensor):
    return sum(
        (x * y.conjugate() * gram(n, m, tensor) for x, n in SECOND_ROAD[a] for y, m in SECOND_ROAD[b]), sympify(0)
    )


@pytest.mark.parametrize("tensor", TENSORS)
@pytest.mark.parametrize(("a", "b"), list(itertools.combinations_with_replacement(SECOND_ROAD, 2)))
def test_both_roads_give_the_same_rate(a, b, tensor):
    assert vanishes(first_road(a, b, TENSORS[tensor]) - second_road(a, b, TENSORS[tensor]))


def test_every_coupling_of_the_second_road_exists_in_the_pipeline():
    for coupling in SECOND_ROAD:
        assert amplitude(coupling)
