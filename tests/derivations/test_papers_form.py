"""The papers' form is derived, and comes out in the very terms in which the literature prints it, where that is right."""

from __future__ import annotations

from functools import cache

import pytest
from sympy import Abs, Expr, Integer, Symbol, conjugate, re

from derivations.algebra import ring
from derivations.interactions.reader import shipped_interactions
from derivations.ledger.oracle import vanishes
from derivations.ledger.printed.d13 import I_DIRAC, SPECTRAL
from derivations.ledger.printed.gp22 import A_LEFT, RANGE, THRESHOLD
from derivations.ledger.printed.nf22 import SCALAR_SQUARE
from derivations.ledger.proofs.proof import same
from derivations.neutrino.pair_phase_space import ClosedForm
from derivations.processes.renp.formulas import formulas, kinematics, restricted
from derivations.processes.renp.papers import dirac_expression, papers_form
from derivations.processes.renp.spectrum import spectral_function
from derivations.symbols import A_L, A_R, DELTA, DELTA_M, E_EG, I_D, M_I, M_J, OMEGA, Y_E, A, S

V, V_L, V_R, Y_P_E = Symbol("v_ij"), Symbol("v^L_ij"), Symbol("v^R_ij"), Symbol("y_P", real=True)


@cache
def bracket(interaction: str):
    everything = spectral_function(shipped_interactions())
    return formulas(restricted(everything, ["standard_model", interaction]), "papers")["bracket"]


def without(expression: Expr, *symbols: Symbol) -> Expr:
    return expression.xreplace(dict.fromkeys(symbols, Integer(0)))


def test_the_dirac_function_is_the_printed_one_term_by_term() -> None:
    assert (dirac_expression() - I_DIRAC).expand() == 0


def test_the_standard_model_is_the_printed_one() -> None:
    assert same(without(bracket("standard_model").result, V), SPECTRAL)


def test_the_vector_mediator_is_the_printed_one_with_the_lost_factor() -> None:
    found = bracket("vector")
    lost = DELTA_M * re(A_L**2 + A_R**2) - 2 * re(conjugate(A_L) * A_R)
    corrected = (Abs(A_L) ** 2 + Abs(A_R) ** 2 - 2 * DELTA_M * re(A_L * A_R)) * I_D - M_I * M_J * lost
    assert same(without(found.result, V_L, V_R), corrected)
    short = {definition.symbol: definition.expression for definition in found.definitions}
    assert vanishes(short[A_L] - A_LEFT)
    assert vanishes(short[A_R] - (A_LEFT - A).xreplace({Symbol("g_L_ij"): Symbol("g_R_ij")}))


def test_the_square_of_the_scalar_is_the_printed_one_for_dirac_neutrinos() -> None:
    found = without(bracket("scalar").result, V, A, DELTA_M)
    assert same(found, SCALAR_SQUARE.subs(DELTA_M, 0).xreplace({Y_E: Y_P_E}))


def test_kinematics_are_the_printed_ones() -> None:
    found = {formula.name: formula for formula in kinematics()}
    assert vanishes(found["threshold"].result - THRESHOLD)
    mean = (found["energy_min"].result + found["energy_max"].result) / 2
    assert vanishes(mean - RANGE[0])
    assert vanishes(found["energy_max"].result - found["energy_min"].result - 2 * RANGE[1] * DELTA)


@pytest.mark.parametrize(
    ("numerator", "power"),
    [
        (ring.t_ * (ring.t_ + 4 * ring.P_), 2),
        (ring.t_**2 * (ring.t_ + 4 * ring.P_) * ring.D_ + ring.t_**3, 1),
        (ring.t_ * ring.d_ * ring.M_ * ring.q0_ + ring.P_ * ring.q0_ * ring.d_ * ring.M_, 1),
        (ring.P_**2 - ring.D_ * ring.t_ / 3, 0),
    ],
)
def test_any_function_is_written_without_loss(numerator, power) -> None:
    written = sum(number * function for number, function in papers_form(ClosedForm(numerator, power)))
    values = {
        "t": S - (M_I + M_J) ** 2,
        "P": M_I * M_J,
        "D": (M_I - M_J) ** 2,
        "q0": E_EG - OMEGA,
        "d": M_I - M_J,
        "M": M_I + M_J,
    }
    exact = numerator.as_expr().subs(values) / S**power
    assert vanishes((written - exact).subs(E_EG, OMEGA + Symbol("q0")))


def test_an_imaginary_function_has_no_place_in_front_of_a_real_product() -> None:
    with pytest.raises(ValueError, match="is real, found"):
        papers_form(ClosedForm(ring.CLOSED(ring.I.LC) * ring.t_, 0))
