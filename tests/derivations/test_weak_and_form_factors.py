"""The weak couplings from W and Z exchange, and the four electromagnetic form factors."""

import sympy as sp

from derivations.algebra.dirac import IDENTITY
from derivations.algebra.ring import M, d
from derivations.neutrino.form_factors import conservation, divergence, reduced_equals_transverse, vanishes_on_shell
from derivations.neutrino.weak import SIN2_THETA_W, fierz, neutral_current, weak_couplings


def unitary():
    a, b = sp.Rational(3, 5), sp.Rational(4, 5)
    first = sp.Matrix([[a, b, 0], [-b, a, 0], [0, 0, 1]])
    second = sp.Matrix([[1, 0, 0], [0, a, b * sp.I], [0, b * sp.I, a]])
    return first * second


def test_fierz_sign_is_plus_for_anticommuting_fields():
    assert fierz().sign == 1


def test_neutral_current_couplings_of_the_electron():
    found = neutral_current()
    assert found.vector == (sp.Rational(-1, 2), 2)
    assert found.axial[0] == sp.Rational(1, 2)


def test_unitary_mixing_gives_the_familiar_couplings():
    U = unitary()
    a, v = weak_couplings(U)
    for i in range(3):
        for j in range(3):
            charged = sp.conjugate(U[0, i]) * U[0, j]
            delta = 1 if i == j else 0
            assert sp.expand(a[i, j] - charged + sp.Rational(delta, 2)) == 0
            assert sp.expand(v[i, j] - charged + (sp.Rational(1, 2) - 2 * SIN2_THETA_W) * delta) == 0


def test_couplings_are_hermitian_and_sterile_states_decouple():
    U = unitary().row_join(sp.zeros(3, 1))
    a, v = weak_couplings(U)
    for matrix in (a, v):
        assert (matrix - matrix.H).expand() == sp.zeros(4, 4)
        assert matrix[3, :] == sp.zeros(1, 4)


def test_rephasing_moves_with_the_fields():
    phases = sp.diag(1, sp.I, -1)
    a, _ = weak_couplings(unitary())
    moved, _ = weak_couplings(unitary() * phases)
    assert (moved - phases.H * a * phases).expand() == sp.zeros(3, 3)


def test_current_conservation_fixes_two_form_factors():
    assert conservation().vector_ratio == "-(m_i - m_j)"
    assert conservation().axial_ratio == "-(m_i + m_j)"
    assert reduced_equals_transverse()


def test_dipoles_are_conserved_identically_and_the_charge_only_for_equal_masses():
    assert not divergence("f_M")
    assert not divergence("f_E")
    assert not vanishes_on_shell(divergence("f_Q"))
    assert vanishes_on_shell(divergence("f_Q") - IDENTITY.scaled(d))
    assert not vanishes_on_shell(divergence("f_Q") - IDENTITY.scaled(M))
