"""The electron's operators: Dirac equation to two components on three routes, the bilinear table, the multipoles."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from derivations.atom import ATOM_DERIVATIONS, bilinear_rows
from derivations.atom.bilinears import (
    K,
    Q,
    bilinear_matrices,
    closed_form,
    hermitian,
    parity_sign,
    spinor_bilinear,
    time_reversal_sign,
)
from derivations.atom.hamiltonian import (
    MASS,
    X,
    generic_fields,
    hamiltonian_terms,
    linear_plane_wave_matrix,
    routes_agree,
)
from derivations.atom.multipoles import axial_charge_ratio, current_is_conserved, identities_hold
from derivations.atom.nonrelativistic import atomic_operator
from derivations.atom.pauli import GAMMA, GAMMA5, PAULI, sigma_tensor, spin_dot
from derivations.atom.word_algebra import BETA, EVEN, ODD, Words, eliminated_lower_component, foldy_wouthuysen
from derivations.catalogue import derive
from derivations.interactions.language import parse_bilinear
from derivations.interactions.reader import parse_interaction
from derivations.processes.renp.amplitude import amplitude

METRIC = sp.diag(1, -1, -1, -1)
ONE = sp.eye(2)


def test_dirac_matrices_obey_the_clifford_algebra() -> None:
    for mu in range(4):
        assert GAMMA5 * GAMMA[mu] + GAMMA[mu] * GAMMA5 == sp.zeros(4, 4)
        for nu in range(4):
            assert GAMMA[mu] * GAMMA[nu] + GAMMA[nu] * GAMMA[mu] == 2 * METRIC[mu, nu] * sp.eye(4)
    assert sp.eye(4) == GAMMA5**2


def test_even_and_odd_parts_of_the_dirac_hamiltonian() -> None:
    for k in range(3):
        sigma = sp.kronecker_product(ONE, PAULI[k])
        assert GAMMA[0] * GAMMA[k + 1] * GAMMA5 == sigma
        assert GAMMA[0] * GAMMA[k + 1] == GAMMA5 * sigma


def test_elimination_equals_its_expansion_for_arbitrary_fields() -> None:
    assert routes_agree()


def test_identity_of_two_sigmas() -> None:
    a, b = sp.symbols("a1:4"), sp.symbols("b1:4")
    cross = sp.Matrix(a).cross(sp.Matrix(b))
    product = spin_dot(a) * spin_dot(b)
    assert sp.expand(product - sp.Matrix(a).dot(sp.Matrix(b)) * ONE - sp.I * spin_dot(tuple(cross))) == sp.zeros(2, 2)


def test_free_spinors_give_the_linear_terms_of_the_hamiltonian() -> None:
    """H_int = V0 f(gamma0) - V^k f(gamma^k) + A0 f(gamma0 gamma5) - A^k f(gamma^k gamma5), to order 1/m_e."""
    v, a = sp.symbols("v0:4"), sp.symbols("a0:4")
    p = tuple(k + q / 2 for k, q in zip(K, Q, strict=True))
    total = sp.zeros(2, 2)
    for mu in range(4):
        sign = METRIC[mu, mu]
        for order in range(2):
            total += sign * v[mu] * spinor_bilinear(GAMMA[mu])[order] / MASS**order
            total += sign * a[mu] * spinor_bilinear(sp.ImmutableMatrix(GAMMA[mu] * GAMMA5))[order] / MASS**order
    assert (linear_plane_wave_matrix(p, Q) - total).applyfunc(sp.expand).is_zero_matrix


@pytest.mark.parametrize("missing", [term.name for term in hamiltonian_terms()])
def test_no_term_of_the_hamiltonian_can_be_left_out(missing: str) -> None:
    fields, phi = generic_fields(), sp.Matrix([sp.Function("f")(*X), sp.Function("g")(*X)])
    term = next(term for term in hamiltonian_terms() if term.name == missing)
    assert not term.operator(fields, phi).applyfunc(lambda e: sp.expand(e.doit())).is_zero_matrix


def test_foldy_wouthuysen_agrees_with_elimination_to_second_order() -> None:
    transformed = foldy_wouthuysen(2)
    assert transformed.odd_part() == Words()
    assert transformed.upper_block() == eliminated_lower_component() + Words({(1, 0, ""): Fraction(1)})


def test_foldy_wouthuysen_third_order_is_the_relativistic_kinetic_term() -> None:
    assert foldy_wouthuysen(3).upper_block().terms[(-3, 0, "OOOO")] == Fraction(-1, 8)


def test_word_algebra_rules() -> None:
    assert Words({(0, 0, ""): Fraction(1)}) == BETA @ BETA
    assert BETA.commutator(EVEN) == Words()
    assert Words() == ODD @ BETA + BETA @ ODD
    with pytest.raises(ValueError, match="order = -1"):
        foldy_wouthuysen(-1)


@pytest.mark.parametrize("name", ["S", "P", "V0", "Vk", "A0", "Ak", "T0k", "Tkl"])
def test_every_operator_is_hermitian_with_the_signs_of_the_field_bilinear(name: str) -> None:
    """Signs of the Dirac field: parity from gamma0 G gamma0, time reversal from (gamma1 gamma3) and conjugation."""
    reversal = GAMMA[1] * GAMMA[3]
    for indices, gamma in bilinear_matrices(name).items():
        parity = next(s for s in (1, -1) if GAMMA[0] * gamma * GAMMA[0] == s * gamma)
        adjoint = GAMMA[0] * gamma
        time = next(s for s in (1, -1) if reversal.inv() * adjoint.conjugate() * reversal == s * adjoint)
        expansion = spinor_bilinear(gamma)
        for stated, derived in zip(closed_form(name, indices), expansion, strict=True):
            assert (stated - derived).applyfunc(sp.expand).is_zero_matrix
        for order in expansion:
            assert hermitian(order)
            if not order.is_zero_matrix:
                assert parity_sign(order) == parity
                assert time_reversal_sign(order) == time


def test_table_rows_and_verdicts_on_the_printed_lines() -> None:
    rows = {row.name: row for row in bilinear_rows()}
    assert {name: row.verdict for name, row in rows.items() if row.printed} == {
        "S": "confirmed", "P": "refuted", "V0": "confirmed", "Vk": "refuted", "A0": "refuted", "Ak": "confirmed",
    }  # fmt: skip
    assert (rows["Ak"].orders, rows["Tkl"].orders, rows["P"].orders) == ((0, 0), (0, 0), (1, 0))


def test_the_printed_pseudoscalar_line_is_not_hermitian() -> None:
    derived = spinor_bilinear(bilinear_matrices("P")[()])[1]
    printed = spin_dot(Q) / 2
    assert (derived - sp.I * printed).applyfunc(sp.expand).is_zero_matrix
    assert not hermitian(printed)
    assert time_reversal_sign(printed) == 1 == -time_reversal_sign(derived)


def test_the_printed_vector_line_misses_the_convection_current_in_either_order() -> None:
    for k in range(3):
        derived = spinor_bilinear(bilinear_matrices("Vk")[(k,)])[1]
        left, right = PAULI[k] * spin_dot(Q) / 2, spin_dot(Q) * PAULI[k] / 2
        assert (derived - left - (K[k] - Q[k] / 2) * ONE).applyfunc(sp.expand).is_zero_matrix
        assert (derived + right - (K[k] + Q[k] / 2) * ONE).applyfunc(sp.expand).is_zero_matrix


def test_the_printed_axial_charge_has_the_wrong_momentum() -> None:
    derived = spinor_bilinear(bilinear_matrices("A0")[()])[1]
    assert derived == spin_dot(K)
    assert not (derived - spin_dot(Q) / 2).is_zero_matrix
    assert axial_charge_ratio() == sp.Rational(-1, 2)


@pytest.mark.parametrize(
    ("text", "values", "gamma"),
    [
        ("1", (), sp.eye(4)),
        ("i gamma5", (), sp.I * GAMMA5),
        *[("gamma(mu)", (mu,), GAMMA[mu]) for mu in range(4)],
        *[("gamma(mu) gamma5", (mu,), GAMMA[mu] * GAMMA5) for mu in range(4)],
        *[("sigma(mu,nu)", (m, n), sigma_tensor(m, n)) for m, n in [(0, 1), (0, 3), (1, 2), (1, 3), (2, 3)]],
    ],
    ids=str,
)
def test_the_amplitude_uses_the_same_operators(text: str, values: tuple[int, ...], gamma: sp.Matrix) -> None:
    """The polynomial reduction of the amplitude (q along z) against the free spinors of this room."""
    w, q0 = sp.symbols("qz q0")
    along_z = {Q[0]: 0, Q[1]: 0, Q[2]: w}
    expansion = [order.xreplace(along_z) for order in spinor_bilinear(sp.ImmutableMatrix(gamma))]
    at_rest = [order.xreplace(dict.fromkeys(K, 0)) for order in expansion]
    operator = atomic_operator(parse_bilinear(text))
    order = 0 if any((at_rest[0] * s).trace() != 0 for s in PAULI) else 1
    spin = [sp.expand((at_rest[order] * s).trace() / 2) for s in PAULI]
    stored = operator.magnetic.get(values)
    assert spin == ([0, 0, 0] if stored is None else [x.as_expr() for x in stored])
    unit = expansion[0].trace() / 2
    convection = [sp.diff(sp.expand(expansion[1].trace() / 2), k) for k in K]
    dipole = [sp.expand(-sp.I * (unit * along_z[Q[k]] + q0 * convection[k])) for k in range(3)]
    electric = operator.electric.get(values)
    assert dipole == ([0, 0, 0] if electric is None else [x.as_expr() for x in electric])


def test_multipole_identities() -> None:
    assert all(identities_hold().values())
    assert current_is_conserved()


@pytest.mark.parametrize(
    ("bilinear", "orbital"),
    [("1 + i gamma5", False), ("1", False), ("i gamma5", False), ("gamma(mu)", True), ("2 q2 gamma(mu)", True)],
)
def test_the_orbital_moment_is_that_of_a_current_alone(bilinear: str, orbital: bool) -> None:
    # What stands beside a scalar density is a pseudoscalar: q.sigma without a partner, so "2S" and "L + 2S" are the same.
    assert atomic_operator(parse_bilinear(bilinear)).convective is orbital
    spin, other = (1, "gamma(mu)") if orbital else (0, "1")
    units = ', dimension = -2, units = "eV^-2"' if "q2" in bilinear else ""
    mediator = parse_interaction(
        f"""
        name = "mediator"
        title = "Test"
        description = "For the test."
        references = []
        propagator = {{ kind = "massive", spin = {spin}, mass = "mass" }}
        electron = [ {{ coupling = "y", bilinear = "{bilinear}"{units} }} ]
        neutrino = [ {{ coupling = "h", bilinear = "{other}" }} ]
        """
    )
    assert {term.orbital for term in amplitude([mediator], "M1").terms} <= {orbital}


def test_an_E1_step_couples_a_field_strength() -> None:
    q0, J0 = sp.symbols("q0 J0")
    J, r = sp.symbols("J1:4"), sp.symbols("r1:4")
    density = -sp.I * sum(q * x for q, x in zip(Q, r, strict=True))
    coupled = J0 * density - sum(j * (-sp.I * q0 * x) for j, x in zip(J, r, strict=True))
    claimed = sp.I * sum(x * (q0 * j - q * J0) for x, j, q in zip(r, J, Q, strict=True))
    assert sp.expand(coupled - claimed) == 0


@pytest.mark.parametrize("name", [*ATOM_DERIVATIONS, "rate"])
def test_every_derivation_prints_and_names_its_steps(name: str) -> None:
    derivation = derive(name)
    assert derivation.name == name
    for step in derivation:
        assert step.statement
        assert step.reason
        assert step.latex
        assert step.text
    assert "nan" not in derivation.as_text()
    assert derivation.as_latex().count(r"\begin{align*}") == len(derivation)
