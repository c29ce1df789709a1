"""The Gram matrix of structure functions: symmetries, positivity, and a second road through phase space."""

import itertools
from fractions import Fraction

import pytest
from sympy import QQ_I

from derivations.algebra import ring
from derivations.algebra.ring import CLOSED, TRACE, normal_form, s_
from derivations.interactions.reader import shipped_interactions
from derivations.neutrino.pair_phase_space import integrated
from derivations.neutrino.spin_sums import azimuthal_average, dressed, spin_sum, structure_functions
from derivations.processes.renp.amplitude import amplitude
from derivations.processes.renp.spectrum import gram_matrix, is_real, spectral_function

STEPS = ("M1", "E1")


@pytest.fixture(scope="module", params=STEPS)
def rows(request):
    return amplitude(shipped_interactions(), request.param).rows


def test_rows_are_shared_between_interactions():
    found = amplitude(shipped_interactions(), "M1")
    assert len(found.rows) == 9
    used = {}
    for term in found.terms:
        used.setdefault(found.rows[term.row].name, set()).add(term.interaction)
    assert used["axial"] == {"standard_model", "vector"}
    assert used["vector_cross"] >= {"electromagnetic", "vector"}


def test_charge_conjugation_signs_of_the_rows(rows):
    for row in rows:
        expected = -1 if row.name.startswith(("vector", "tensor")) else 1
        assert row.eta == expected, row.name


def test_only_three_functions_survive_the_azimuthal_average(rows):
    prepared = [dressed(row) for row in rows]
    for n, m in itertools.product(prepared, repeat=2):
        averaged = {kl: azimuthal_average(spin_sum(n, m, *kl)) for kl in itertools.product(range(3), repeat=2)}
        assert not any(averaged[kl] for kl in ((0, 2), (2, 0), (1, 2), (2, 1)))
        assert averaged[0, 0] == averaged[1, 1]
        assert averaged[0, 1] == -averaged[1, 0]


def test_the_gram_matrix_is_hermitian(rows):
    prepared = [dressed(row) for row in rows]
    for n, m in itertools.combinations(prepared, 2):
        forward, backward = structure_functions(n, m), structure_functions(m, n)
        for part, (left, right) in enumerate(zip(forward, backward, strict=True)):
            sign = -1 if part == 2 else 1
            assert left == ring.conjugate(right) * sign


def test_every_structure_function_is_real_or_imaginary(rows):
    for entry in gram_matrix(rows):
        is_real(entry)


def test_diagonal_structure_functions_are_manifestly_non_negative(rows):
    diagonal = [entry for entry in gram_matrix(rows) if entry.n == entry.m and entry.part != "circular"]
    assert len(diagonal) >= len(rows)
    q0, d, M = (CLOSED.gens.index(g) for g in (ring.q0_, ring.d_, ring.M_))
    for entry in diagonal:
        for monomial, c in entry.closed_form.numerator.items():
            assert c.y == 0
            assert c.x > 0, (entry, monomial)
            assert (monomial[q0], monomial[d], monomial[M]) == (0, 0, 0)


def test_printed_in_s_instead_of_t_the_axial_function_would_cancel():
    entry = next(
        e for e in gram_matrix(amplitude([shipped("standard_model")]).rows) if e.part == "across" and e.n == e.m == 1
    )
    numerator = entry.closed_form.numerator
    S = CLOSED.gens[0]
    in_s = normal_form(numerator.compose(S, S - ring.D_ - 4 * ring.P_))
    assert any(c.x < 0 for c in in_s.values())


def shipped(name):
    return next(i for i in shipped_interactions() if i.name == name)


def covariant_moment(energy, across, along):
    """<E^a px^b pz^c> from <p^mu> = alpha q^mu and <p^mu p^nu> = A g^{mu nu} + B q^mu q^nu, times s^2."""
    q0, w, t, P = ring.q0_, ring.qz_, ring.t_, ring.P_
    alpha_s = (s_ + ring.M_ * ring.d_) / 2  # s alpha
    kaellen = t * (t + 4 * P)
    A_s = -kaellen / 12  # s A
    B_s2 = alpha_s**2 + kaellen / 12  # s^2 B
    table = {
        (0, 0, 0): s_**2,
        (1, 0, 0): alpha_s * s_ * q0,
        (0, 0, 1): alpha_s * s_ * w,
        (2, 0, 0): A_s * s_ + B_s2 * q0**2,
        (1, 0, 1): B_s2 * q0 * w,
        (0, 0, 2): -A_s * s_ + B_s2 * w**2,
        (0, 2, 0): -A_s * s_,
    }
    return normal_form(table[energy, across, along])


@pytest.mark.parametrize(
    "powers", [(0, 0, 0), (1, 0, 0), (0, 0, 1), (2, 0, 0), (1, 0, 1), (0, 0, 2), (0, 2, 0)], ids=str
)
def test_phase_space_moments_on_a_covariant_road(powers):
    energy, across, along = powers
    monomial = ring.E**energy * ring.px**across * ring.pz**along
    closed = integrated(monomial)
    assert normal_form(closed.numerator * s_ ** (2 - closed.power)) == covariant_moment(energy, across, along)


def test_mass_shell_holds_on_average():
    shell = ring.E**2 - 2 * ring.px**2 - ring.pz**2 - ring.m_i**2
    assert not integrated(shell)
    invariant = TRACE(2) * (ring.q0 * ring.E - ring.qz * ring.pz) - ring.s - ring.m_i**2 + ring.m_j**2
    assert not integrated(invariant)


def test_longitudinal_part_follows_from_the_dirac_equation():
    found = amplitude([shipped("vector")], "M1")
    longitudinal = [t for t in found.terms if t.coefficient.propagator == "longitudinal"]
    assert {(found.rows[t.row].name, t.coefficient.d, t.coefficient.M) for t in longitudinal} == {
        ("scalar_along", 1, 0),
        ("pseudoscalar_along", 0, 1),
    }
    assert all(t.electron == "g_A" for t in longitudinal)  # the electron's vector current is conserved


def test_pair_production_thresholds_are_s_wave_or_p_wave():
    """At threshold a pair of opposite intrinsic parity is in a 3S1 or 1S0 state: V, magnetic and P open with t^0."""
    orders = {}
    found = amplitude(shipped_interactions(), "M1")
    for entry in gram_matrix(found.rows):
        if entry.n == entry.m and entry.part == "across":
            orders[found.rows[entry.n].name] = min(m[0] for m in entry.closed_form.numerator)
    assert orders["vector"] == 0
    assert orders["axial"] == 1
    names = [row.name for row in found.rows]
    along = {
        names[e.n]: min(m[0] for m in e.closed_form.numerator)
        for e in gram_matrix(found.rows)
        if e.n == e.m and e.part == "along"
    }
    assert along["scalar_along"] == 1
    assert along["pseudoscalar_along"] == 0


def test_derivation_names_every_stage():
    found = spectral_function([shipped("standard_model")])
    names = [step.name for step in found.derivation]
    assert names == list(found.step_names)
    assert names[0] == "kinematics"
    assert {"amplitude-standard_model", "majorana", "gram-axial-axial", "spectral-function"} <= set(names)


def test_normal_form_rules():
    assert normal_form(ring.q0_**2) == s_ + ring.qz_**2
    assert normal_form(ring.d_**3 * ring.M_) == ring.D_ * ring.d_ * ring.M_
    assert ring.gaussian(Fraction(1, 2), Fraction(-1)) == QQ_I(1, 0) / 2 - QQ_I(0, 1)
