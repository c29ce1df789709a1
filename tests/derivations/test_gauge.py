"""Gauge checks: conserved currents, choice of propagator, contact and massless limits, symbolic and numeric."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from derivations.algebra import ring
from derivations.algebra.dirac import METRIC, Q_UPPER, SPACETIME, DiracMatrix, dirac_bar
from derivations.algebra.ring import TRACE
from derivations.atom.nonrelativistic import atomic_operator
from derivations.atom.nonrelativistic import divergence as operator_divergence
from derivations.interactions.language import Bilinear, parse_bilinear
from derivations.interactions.matrices import component
from derivations.interactions.model import Interaction
from derivations.interactions.reader import parse_interaction, shipped_interactions
from derivations.neutrino.form_factors import conservation, divergence, reduced_equals_transverse, vanishes_on_shell
from derivations.neutrino.pair_phase_space import integrated
from derivations.neutrino.spin_sums import SPIN_SUM_I, SPIN_SUM_J, azimuthal_average
from derivations.processes.renp.amplitude import amplitude
from derivations.processes.renp.spectrum import gram_matrix, spectral_function
from renp_generated import GROUPS
from renp_generated import spectral_function as evaluated
from tests.tolerances import tolerance

NATURES = ("dirac", "majorana")
BASE: dict[str, Any] = {"E_eg": 2.14349, "E_vg": 2.23072}


def shipped(name: str) -> Interaction:
    return next(i for i in shipped_interactions() if i.name == name)


def contracted_with_q(bilinear: Bilinear) -> DiracMatrix:
    total = DiracMatrix({})
    for mu in SPACETIME:
        total = total + component(bilinear, {bilinear.free_indices[0]: mu}).scaled(Q_UPPER[mu] * METRIC[mu])
    return total


# ---------------------------------------------------------------- the photon


@pytest.mark.parametrize("coupling", ["mu", "eps", "r2", "anapole"])
def test_every_shipped_form_factor_is_conserved(coupling):
    term = next(t for t in shipped("electromagnetic").neutrino if t.coupling == coupling)
    assert vanishes_on_shell(contracted_with_q(term.bilinear))


def test_a_neutrino_charge_is_conserved_between_equal_masses_alone():
    charge = contracted_with_q(parse_bilinear("gamma(mu)"))
    assert not vanishes_on_shell(charge)
    mass_difference = charge - DiracMatrix({(n, n): ring.d for n in SPACETIME})
    assert vanishes_on_shell(mass_difference)


def test_the_six_form_factors_become_four():
    assert conservation().vector_ratio == "-(m_i - m_j)"
    assert conservation().axial_ratio == "-(m_i + m_j)"
    assert reduced_equals_transverse()
    # with the sign of the scattering convention, q = p_i - p_f, the currents would not be conserved
    assert not vanishes_on_shell(divergence("f_Q").scaled(ring.s) + divergence("f_1").scaled(ring.d))


def test_the_electron_current_is_conserved_in_both_pair_steps():
    """q_mu S^mu = 0 for the reduced operators of ebar gamma^mu e, so gauge terms vanish on the electron side as well."""
    operator = atomic_operator(parse_bilinear("gamma(mu)"))
    assert operator.magnetic
    assert operator.electric
    assert not any(operator_divergence(operator.magnetic))
    assert not any(operator_divergence(operator.electric))
    axial = atomic_operator(parse_bilinear("gamma(mu) gamma5"))
    assert any(operator_divergence(axial.magnetic))


def amplitude_matrices(
    bilinear: Bilinear, operator: Mapping[tuple[int, ...], Any], gauge: Fraction
) -> list[DiracMatrix]:
    """``s S_mu (g^{mu nu} + gauge q^mu q^nu / s) N_nu`` for the three components of an electron operator."""
    result = []
    for k in range(3):
        total = DiracMatrix({})
        for mu, nu in itertools.product(SPACETIME, repeat=2):
            link = ring.s * METRIC[mu] if mu == nu else TRACE.zero
            link += Q_UPPER[mu] * METRIC[mu] * Q_UPPER[nu] * METRIC[nu] * TRACE(gauge.numerator) / gauge.denominator
            if (mu,) in operator and link:
                matrix = component(bilinear, {bilinear.free_indices[0]: nu})
                total = total + matrix.scaled(operator[mu,][k] * link)
        result.append(total)
    return result


@pytest.mark.parametrize("pair_step", ["M1", "E1"])
@pytest.mark.parametrize("coupling", ["mu", "eps", "r2", "anapole"])
def test_a_gauge_term_in_the_photon_propagator_changes_nothing(coupling, pair_step):
    term = next(t for t in shipped("electromagnetic").neutrino if t.coupling == coupling)
    found = atomic_operator(parse_bilinear("gamma(mu)"))
    operator = found.magnetic if pair_step == "M1" else found.electric
    plain, shifted = (amplitude_matrices(term.bilinear, operator, gauge) for gauge in (Fraction(0), Fraction(-7, 3)))
    assert any(plain)
    for left, right in zip(plain, shifted, strict=True):
        assert vanishes_on_shell(left - right)


def test_the_neutrino_side_alone_makes_gauge_terms_vanish():
    # With an electron current that is not conserved (the axial one) the neutrino's conservation has to do it.
    operator = atomic_operator(parse_bilinear("gamma(mu) gamma5")).magnetic
    for term in shipped("electromagnetic").neutrino:
        plain, shifted = (amplitude_matrices(term.bilinear, operator, gauge) for gauge in (Fraction(0), Fraction(1)))
        for left, right in zip(plain, shifted, strict=True):
            assert vanishes_on_shell(left - right)
    charge = parse_bilinear("gamma(mu)")
    plain, shifted = (amplitude_matrices(charge, operator, gauge) for gauge in (Fraction(0), Fraction(1)))
    assert not all(vanishes_on_shell(left - right) for left, right in zip(plain, shifted, strict=True))


# ---------------------------------------------------------------- Feynman and unitary propagators


def test_the_longitudinal_part_vanishes_with_the_divergence_of_either_current():
    """It is (q.S)(q.J): no recoil term from g_V, (m_i - m_j) from the vector and (m_i + m_j) from the axial current."""
    found = amplitude([shipped("vector")])
    longitudinal = [term for term in found.terms if term.coefficient.propagator == "longitudinal"]
    assert {term.electron for term in longitudinal} == {"g_A"}
    for term in longitudinal:
        c = term.coefficient
        odd = {"scalar_along": (1, 0), "pseudoscalar_along": (0, 1)}[found.rows[term.row].name]
        assert (c.d, c.M) == odd
    chiral = {
        name: {found.rows[t.row].name: Fraction(t.coefficient.real, 1) for t in longitudinal if t.neutrino == name}
        for name in ("g_L", "g_R")
    }
    left, right = chiral["g_L"], chiral["g_R"]
    # g_L + g_R: the axial half cancels, and with it (m_i + m_j); g_L - g_R: the vector half
    assert left["scalar_along"] == right["scalar_along"]
    assert left["pseudoscalar_along"] == -right["pseudoscalar_along"]


@pytest.mark.parametrize("pair_step", ["M1", "E1"])
def test_a_conserved_current_file_has_no_longitudinal_part(pair_step):
    dipole = """
name = "hidden_photon"
title = "Massive photon with a dipole"
description = "For the tests."
references = []
propagator = { kind = "massive", spin = 1, mass = "M_X" }
electron = [ { coupling = "a", bilinear = "gamma(mu) gamma5" }, { coupling = "v", bilinear = "gamma(mu)" } ]
neutrino = [ { coupling = "m", bilinear = "i sigma(mu,nu) q(nu)", dimension = -1, units = "eV^-1" } ]
"""
    terms = amplitude([parse_interaction(dipole)], pair_step).terms
    assert terms
    assert not [term for term in terms if term.coefficient.propagator == "longitudinal"]


def hermitian(seed: int, n: int) -> Any:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    return (matrix + matrix.conj().T) / 2


def both_propagators(masses: Iterable[float], vector: dict[str, Any], nature: str) -> list[float]:
    return [
        float(
            evaluated(
                0.8, **BASE, masses=masses, nature=nature, axial=0 * vector["g_L"], vector=vector | {"propagator": kind}
            )
        )
        for kind in ("feynman", "unitary")
    ]


@pytest.mark.parametrize("nature", NATURES)
def test_unitary_equals_feynman_for_conserved_currents(nature):
    g = 1e-12 * hermitian(1, 3)
    masses = [0.02, 0.1, 0.25]
    conserved = {
        "massless neutrinos": ([0.0, 0.0, 0.0], {"g_A": 1.0, "g_L": g, "g_R": 0 * g}),
        "recoil of the electron's vector current": (masses, {"g_V": 1.0, "g_L": g, "g_R": 0 * g}),
    }
    if nature == "dirac":
        # Majorana masses break every U(1): the second contraction brings the axial current back
        conserved["vector current, diagonal"] = (
            masses,
            {"g_A": 1.0, "g_L": np.diag(np.diag(g)), "g_R": np.diag(np.diag(g))},
        )
        conserved["vector current, equal masses"] = ([0.1] * 3, {"g_A": 1.0, "g_L": g, "g_R": g})
    for name, (chosen, couplings) in conserved.items():
        for mass in (0.1, 3.0):
            feynman, unitary = both_propagators(chosen, couplings | {"mass": mass}, nature)
            assert unitary == pytest.approx(feynman, rel=tolerance("evaluator-symmetry"), abs=0), name
            assert feynman > 0
    for couplings in ({"g_L": g, "g_R": 0 * g}, {"g_L": g, "g_R": g}, {"g_L": g, "g_R": -g}):
        feynman, unitary = both_propagators(masses, couplings | {"g_A": 1.0, "mass": 0.1}, nature)
        assert abs(unitary / feynman - 1) > 1e-3


@pytest.mark.parametrize("nature", NATURES)
def test_the_longitudinal_part_is_a_goldstone_exchange(nature):
    """q q / M^2 is a scalar of mass M with Yukawa couplings 2 m_e g_A / M and (m g - g m) / M, (m g + g m) / M."""
    masses = np.array([0.05, 0.3])
    g_A, mass = 1e-9, 1e-4
    g_L, g_R = 1e-12 * hermitian(2, 2), 1e-12 * hermitian(3, 2)
    m_e = electron_mass()
    vector, axial = (g_L + g_R) / 2, (g_R - g_L) / 2
    difference, total = masses[:, None] - masses, masses[:, None] + masses
    # L = (d phi / M).J: i q.J gives i (m_i - m_j) V_ij for 1 and (m_i + m_j) A_ij for i gamma5, up to a common sign
    goldstone = {
        "mass": mass,
        "y_P": 2 * m_e * g_A / mass,
        "y_S_nu": 1j * difference * vector / mass,
        "y_P_nu": total * axial / mass,
    }
    gauge = {"mass": mass, "g_A": g_A, "g_L": g_L, "g_R": g_R, "propagator": "unitary"}
    along = np.diag([0.0, 0.0, 1.0])  # the scalar acts along q, where it stands alone when M is small
    arguments = BASE | {"masses": masses, "nature": nature, "axial": np.zeros((2, 2)), "atomic_tensor": along}
    whole = evaluated(0.8, **arguments, vector=gauge)
    scalar = evaluated(0.8, **arguments, scalar=goldstone)
    assert whole == pytest.approx(scalar, rel=tolerance("goldstone"), abs=0)


def electron_mass() -> float:
    from renp_generated.m1 import CONSTANTS

    return CONSTANTS["m_e"]


# ---------------------------------------------------------------- heavy and massless mediators

CONTACTS = {
    # mediator: (electron coupling, neutrino coupling, electron and neutrino bilinear)
    "vector": ("g_A", "g_L", "gamma(mu) gamma5", "gamma(mu) PL"),
    "scalar": ("y_P", "y_P_nu", "i gamma5", "i gamma5"),
    "tensor_mediator": ("c_T", "d_T", "sigma(mu,nu)", "sigma(mu,nu)"),
}


@pytest.mark.parametrize("pair_step", ["M1", "E1"])
@pytest.mark.parametrize("name", CONTACTS)
def test_a_heavy_mediator_is_a_contact_term(name, pair_step):
    """Integrating X out of X.(g j + h J) - and + M^2 X^2/2 leaves H = -(g h/M^2) j J for spin 0, + for spins 1 and 2."""
    electron, neutrino, left, right = CONTACTS[name]
    contact = parse_interaction(f"""
name = "heavy"
title = "Heavy mediator"
description = "For the tests."
references = []
propagator = {{ kind = "contact", factor = "1" }}
terms = [ {{ coupling = "c", electron = "{left}", neutrino = "{right}", dimension = -2, units = "eV^-2" }} ]
""")
    interaction = shipped(name)
    found = amplitude([interaction, contact], pair_step)
    mediated = {
        found.rows[t.row].name: t.coefficient
        for t in found.terms
        if (t.interaction, t.electron, t.neutrino, t.coefficient.propagator) == (name, electron, neutrino, "massive")
    }
    direct = {found.rows[t.row].name: t.coefficient for t in found.terms if t.interaction == "heavy"}
    assert mediated.keys() == direct.keys()
    assert bool(mediated) == (pair_step == "M1")
    # 1/(s - M^2) -> -1/M^2, so c = -(sign) g h / M^2 with the sign that the mediator's own numerator carries
    sign = 1 if interaction.propagator.spin == 0 else -1
    for row, c in mediated.items():
        other = direct[row]
        assert (c.real, c.imag) == (sign * other.real, sign * other.imag)
        assert (c.qz, c.q0, c.s, c.d, c.M, c.m_e) == (other.qz, other.q0, other.s, other.d, other.M, other.m_e)


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("group", ["vector", "tensor_mediator"])
def test_a_heavy_mediator_approaches_its_contact_term_with_s_over_mass_squared(group, nature):
    from renp_generated.m1 import CONSTANTS

    per_fermi = CONSTANTS["sqrt2_over_G_F"]  # sqrt2 / G_F
    coupling = hermitian(4, 2)
    # circular light, because averaged light does not see the sign of the tensor operator
    circular = [[0.5, 0.5j, 0], [-0.5j, 0.5, 0], [0, 0, 0]]
    base = BASE | {"masses": [0.05, 0.3], "nature": nature, "atomic_tensor": circular}
    omega = 0.8
    s = BASE["E_eg"] * (BASE["E_eg"] - 2 * omega)
    weak = 0.4 * hermitian(5, 2)
    for mass in (1e2, 1e4):
        if group == "vector":
            # H = (g_A g_L/M^2) [ebar gamma_mu gamma5 e][nubar gamma^mu P_L nu], and the weak one is -a [...][... 2 P_L nu]
            size = mass**2 / per_fermi
            found = evaluated(omega, **base, axial=weak, vector={"mass": mass, "g_A": 1.0, "g_L": size * coupling})
            contact = evaluated(omega, **base, axial=weak - coupling / 2)
            shifted = evaluated(omega, **base, axial=weak + coupling / 2)
        else:
            size = 2 * mass**2 / per_fermi
            found = evaluated(
                omega, **base, axial=weak, tensor_mediator={"mass": mass, "c_T": 1.0, "d_T": size * coupling}
            )
            contact = evaluated(omega, **base, axial=weak, tensor={"t": coupling})
            shifted = evaluated(omega, **base, axial=weak, tensor={"t": -coupling})
        assert abs(found / contact - 1) < 3 * s / mass**2
        assert abs(found / shifted - 1) > 0.01


@pytest.mark.parametrize("group", [group for group in GROUPS if any(a.kind == "mass" for a in group.arguments)])
def test_the_vector_mediator_alone_has_a_longitudinal_term(group):
    """The term with 1/M^2; that the others are finite at M = 0 is tested on the evaluators."""
    terms = amplitude([shipped(group.name)]).terms
    kinds = {term.coefficient.propagator for term in terms}
    assert kinds == ({"massive", "longitudinal"} if group.name == "vector" else {"massive"})


def test_structure_functions_are_regular_for_massless_neutrinos():
    """Every denominator is a power of s: nothing divides by a neutrino mass or by omega."""
    for pair_step in ("M1", "E1"):
        spectral = spectral_function(shipped_interactions(), pair_step)
        for entry in spectral.gram:
            assert entry.closed_form.power <= 2
        for n, row in enumerate(spectral.rows):
            diagonal = [e for e in spectral.gram if e.n == e.m == n]
            massless = [
                monomial
                for entry in diagonal
                for monomial in entry.closed_form.numerator
                if not monomial[1] and not monomial[2]
            ]
            assert massless, row.name  # and none of them vanishes with the masses


def test_helicity_suppression_of_the_weak_current():
    """Vector and axial structure functions are equal for massless neutrinos, where chirality is helicity, and only there."""
    rows = amplitude([shipped("standard_model")]).rows
    gram = {(e.n, e.m, e.part): e.closed_form for e in gram_matrix(rows)}
    for part in ("along", "across"):
        vector, axial = gram[0, 0, part], gram[1, 1, part]
        at_zero = [{m: c for m, c in closed.numerator.items() if not m[1] and not m[2]} for closed in (vector, axial)]
        assert at_zero[0] == at_zero[1]
        assert vector.numerator != axial.numerator


def test_on_shell_zero_is_seen_by_the_spin_sum():
    # The test of the tests: a matrix that vanishes on shell and one that does not.
    on_shell = contracted_with_q(parse_bilinear("gamma(mu) gamma5"))
    on_shell = on_shell - component(parse_bilinear("gamma5"), {}).scaled(ring.M)
    assert vanishes_on_shell(on_shell)
    trace = (SPIN_SUM_I @ on_shell @ SPIN_SUM_J).trace_with(dirac_bar(on_shell))
    assert trace  # not zero as a polynomial in E, px, py, pz: the mass shell is needed
    assert not integrated(azimuthal_average(trace))
