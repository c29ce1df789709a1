"""The states of the neutrino pair: their squares are the traces, for shipped and for random rows, and never negative."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from derivations.algebra import ring
from derivations.algebra.ring import CLOSED
from derivations.interactions.model import WEAK
from derivations.interactions.reader import parse_interaction, shipped_interactions
from derivations.neutrino import pair_states
from derivations.neutrino.pair_states import STATES, WAYS, emissions, squares
from derivations.processes.renp.amplitude import amplitude
from derivations.processes.renp.kernel import kernel
from derivations.processes.renp.spectrum import gram_matrix, spectral_function
from tests.random_files.chain import specimen

STEPS = ("M1", "E1")
NUMBERS = range(8)


def traced(rows: Any) -> dict[tuple[int, int, str], Any]:
    return {(entry.n, entry.m, entry.part): entry.closed_form for entry in gram_matrix(rows)}


@pytest.fixture(scope="module", params=STEPS)
def rows(request: pytest.FixtureRequest) -> Any:
    return amplitude(shipped_interactions(), request.param).rows


def test_the_squares_of_the_states_are_the_traces(rows: Any) -> None:
    found = squares(rows)
    assert found == traced(rows)
    assert {part for *_, part in found} >= {"along", "across"}


def test_circular_light_is_among_the_squares() -> None:
    assert "circular" in {part for *_, part in squares(amplitude(shipped_interactions(), "M1").rows)}


@pytest.mark.parametrize("number", NUMBERS)
def test_the_squares_are_the_traces_for_files_drawn_at_random(number: int) -> None:
    weak = [interaction for interaction in shipped_interactions() if interaction.name == WEAK]
    own = [parse_interaction(model.text) for model in specimen(7, number).models]
    for step in STEPS:
        found = amplitude([*weak, *own], step).rows
        assert squares(found) == traced(found), step


def _of_states(emission: Any, which: str, **changes: Any) -> Any:
    return replace(emission, **changes) if emission.state == which else emission


FAULTS = {
    "a sign of E": lambda e: _of_states(e, "E", coefficient=-e.coefficient),
    "a sign of B": lambda e: _of_states(e, "B", coefficient=-e.coefficient),
    "a phase of E": lambda e: _of_states(e, "E", coefficient=e.coefficient * ring.I),
    "twice S": lambda e: _of_states(e, "S", coefficient=2 * e.coefficient),
    "P as S": lambda e: _of_states(e, "P", state="S"),
    "a mass in place of the other": lambda e: replace(e, mass={"d": "M", "M": "d"}.get(e.mass, "")),
    "a power of s": lambda e: _of_states(e, "E", s=e.s + 1),
    "cross as plain": lambda e: replace(e, way="plain") if e.way == "cross" else e,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_emission_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """And a kernel with it is refused."""
    right, fault = pair_states.emissions, FAULTS[name]
    monkeypatch.setattr(pair_states, "emissions", lambda row: tuple(map(fault, right(row))))
    found = amplitude(shipped_interactions(), "M1").rows
    assert squares(found) != traced(found)
    with pytest.raises(ValueError, match="the traces are not the squares of the pair's states"):
        kernel(spectral_function(shipped_interactions(), "M1"), "m1", ())


def test_emissions_name_states_and_ways_of_the_parity_of_their_row(rows: Any) -> None:
    for row in rows:
        found = emissions(row)
        assert found
        assert {(emission.state, emission.way) for emission in found} <= set(product(STATES, WAYS))
        assert all(emission.way == "along" for emission in found if emission.state in "SP")
        # natural parity (V, E and what the vector's q-slash leaves, S) and unnatural parity do not mix
        assert (
            {emission.state for emission in found} <= set("VES")
            or {e.state for e in found} <= set("ABP")
            or ({emission.state for emission in found} <= set("EB"))
        )


@pytest.mark.parametrize("part", ["along", "across"])
def test_every_combination_of_rows_has_a_rate_that_is_not_negative(rows: Any, part: str) -> None:
    """The Gram matrix of a part is positive semidefinite: in exact rationals, by its pivots, at points of phase space."""
    matrix = {(n, m): closed for (n, m, which), closed in squares(rows).items() if which == part}
    points = [
        _point(*map(Fraction, numbers))
        for numbers in (("1e-9", "2/3", "1/7", "2/7"), ("3/5", "5/4", "0", "1/2"), ("7", "1/9", "1/3", "1/3"))
    ]
    for point in points:
        size = range(len(rows))
        numbers = [[_value(matrix, n, m, point) for m in size] for n in size]
        assert _pivots_are_not_negative(numbers), point


def _point(t: Fraction, below: Fraction, m_i: Fraction, m_j: Fraction) -> dict[str, Fraction]:
    """Return a rational point of phase space: ``s = t + M^2 = (q0 - qz) (q0 + qz)`` with ``q0 - qz = below``."""
    above = (t + (m_i + m_j) ** 2) / below
    return {"t": t, "q0": (above + below) / 2, "qz": (above - below) / 2, "m_i": m_i, "m_j": m_j}


Complex = tuple[Fraction, Fraction]


def _value(matrix: Any, n: int, m: int, point: dict[str, Fraction]) -> Complex:
    closed = matrix.get((min(n, m), max(n, m)))
    if closed is None:
        return Fraction(0), Fraction(0)
    d, M = point["m_i"] - point["m_j"], point["m_i"] + point["m_j"]
    values = {"t": point["t"], "P": point["m_i"] * point["m_j"], "D": d**2, "d": d, "M": M}
    values |= {"q0": point["q0"], "qz": point["qz"]}
    names = [str(generator) for generator in CLOSED.gens]
    real = imag = Fraction(0)
    for powers, c in closed.numerator.items():
        factor = Fraction(1)
        for name, power in zip(names, powers, strict=True):
            factor *= values[name] ** power
        real += factor * Fraction(int(c.x.numerator), int(c.x.denominator))
        imag += factor * Fraction(int(c.y.numerator), int(c.y.denominator))
    s = point["t"] + M**2
    return real / s**closed.power, (imag if n <= m else -imag) / s**closed.power


def _pivots_are_not_negative(a: list[list[Complex]]) -> bool:
    """Gauss elimination of a Hermitian matrix; a pivot of zero needs a row of zeros."""
    for k in range(len(a)):
        pivot = a[k][k][0]
        if pivot < 0 or (not pivot and any(any(a[k][m]) for m in range(k, len(a)))):
            return False
        for n in range(k + 1, len(a)):
            if not pivot:
                continue
            x, y = a[n][k][0] / pivot, a[n][k][1] / pivot
            for m in range(k + 1, len(a)):
                u, v = a[k][m]
                a[n][m] = a[n][m][0] - (x * u - y * v), a[n][m][1] - (x * v + y * u)
    return True


def test_exchange_gives_one_sign_to_all_that_interfere() -> None:
    """Charge conjugation: rows of both signs may not feed one state, and all states of one J and parity have one sign."""
    for step in STEPS:
        terms = kernel(spectral_function(shipped_interactions(), step), step.lower(), ()).terms
        signs: dict[str, set[int]] = {}
        for term in terms:
            together = {"V": "VE", "E": "VE", "A": "AB", "B": "AB"}.get(term.state, term.state)
            signs.setdefault(together, set()).add(term.eta * (-1) ** (term.d + (term.state == "B")))
        assert all(len(found) == 1 for found in signs.values()), signs
