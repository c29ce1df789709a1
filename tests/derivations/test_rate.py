"""Gamma_0: dimensions, phase space by a second road, and the ratio to the printed formula."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from derivations.atom import atomic_tensor
from derivations.atom.angular import vector_operator
from derivations.atom.ls_coupling import magnetic_sum
from derivations.ledger.printed.gamma_0 import GAMMA_0
from derivations.processes.renp.rate import (
    einstein_coefficient,
    energy_dimension,
    gamma_0,
    rate_factors,
    two_body_phase_space,
)
from derivations.symbols import C_EV, DIMENSIONS, E_EG, E_VG, G_F, GAMMA_VG, J_V, N_A, N_GAMMA, OMEGA, VOLUME


def test_gamma_0_is_the_product_of_its_factors() -> None:
    expected = N_A**2 * VOLUME * N_GAMMA * G_F**2 * GAMMA_VG * OMEGA * (2 * J_V + 1) * C_EV / E_VG**3
    assert sp.simplify(gamma_0() / expected) == 1


def test_gamma_0_and_the_printed_formula_are_energies() -> None:
    assert energy_dimension(gamma_0()) == 1 == energy_dimension(GAMMA_0)
    assert energy_dimension(rate_factors().dipole_squared) == -2
    with pytest.raises(ValueError, match="one dimension"):
        energy_dimension(E_EG + E_VG**2)
    assert set(gamma_0().free_symbols) <= set(DIMENSIONS)


def test_ratio_to_the_printed_formula() -> None:
    ratio = sp.simplify(GAMMA_0 / gamma_0())
    assert sp.simplify(ratio - 3 * E_EG / (2 * OMEGA)) == 0
    assert ratio.subs(OMEGA, E_EG / 2) == 3


def test_einstein_coefficient_is_the_textbook_one() -> None:
    alpha, radius, energy = sp.symbols("alpha r E", positive=True)
    charge_squared = 4 * sp.pi * alpha
    textbook = 4 * alpha * energy**3 * radius**2 / 3
    assert sp.simplify(einstein_coefficient(charge_squared * radius**2, energy) - textbook) == 0


def test_phase_space_integrates_to_the_invariant_two_body_volume() -> None:
    """The range of E_nu is omega Delta, so the total is Delta / 8 pi, the standard two-body phase space."""
    delta = sp.Symbol("Delta", positive=True)
    integral = sp.integrate(1, (sp.Symbol("E"), -OMEGA * delta / 2, OMEGA * delta / 2))
    assert two_body_phase_space() * integral / OMEGA == delta / (8 * sp.pi)


def explicit_chain(J_e: Fraction, J_v: Fraction, J_g: Fraction) -> tuple[sp.Expr, sp.Matrix]:
    """Return pair strength times |d|^2 / 3, and the summed |amplitude|^2 for light along x, at unit scale."""
    pair, photon = vector_operator(J_v, J_e), vector_operator(J_g, J_v)
    weight = sp.Rational(int(2 * J_e + 1))
    spin_strength = sum(((s * s.H).trace() for s in pair), sp.S.Zero) / weight
    dipole_squared = sum(((d * d.H).trace() for d in photon), sp.S.Zero) / sp.Rational(int(2 * J_v + 1))
    amplitudes = [photon[0] * s for s in pair]
    summed = sp.Matrix(3, 3, lambda k, n: (amplitudes[k] * amplitudes[n].H).trace() / weight)
    return sp.radsimp(spin_strength * dipole_squared / 3), summed.applyfunc(sp.radsimp)


@pytest.mark.parametrize("chain", [(0, 1, 0), (2, 1, 0), (1, 2, 1), (Fraction(1, 2), Fraction(3, 2), Fraction(1, 2))])
def test_spin_factor_normalises_every_chain(chain: tuple) -> None:
    """The sum over magnetic numbers is |d|^2 times a third of the sigma sum times T."""
    exact = tuple(Fraction(j) for j in chain)
    strength, summed = explicit_chain(*exact)
    assert (summed - strength * atomic_tensor(*exact, (1, 0, 0))).applyfunc(sp.radsimp).is_zero_matrix
    assert rate_factors().spin == sp.Rational(4, 3) * (2 * J_V + 1) * C_EV


def test_sigma_sum_of_ytterbium_is_four_times_the_spin_sum() -> None:
    sigma = magnetic_sum(Fraction(1), Fraction(1), Fraction(0), Fraction(1), g_L=0, g_S=2)
    assert sigma.trace() / 3 == rate_factors().spin.subs({J_V: 1, C_EV: sp.Rational(2, 3)})
