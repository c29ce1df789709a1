"""Radiative decay, plasmon decay and the line of one boson: exact statements about what is derived."""

from __future__ import annotations

import pytest
from sympy import I, Symbol, expand, factor, simplify

from derivations.algebra import ring
from derivations.algebra.ring import MASSES, PAIR, TRACE, Poly
from derivations.catalogue import derive
from derivations.interactions.model import Interaction
from derivations.interactions.reader import parse_interaction, shipped_interactions
from derivations.processes.boson_emission import boson_line, emits
from derivations.processes.plasmon_decay import (
    K_SQUARED,
    POLARISATIONS,
    over_phase_space,
    plasmon_amplitude,
    plasmon_record,
    reduced,
)
from derivations.processes.plasmon_decay import derivation as plasmon_derivation
from derivations.processes.process import processes
from derivations.processes.radiative_decay import decay_amplitude, decay_record, derivation, in_masses, unconserved

T, M_I, M_J = PAIR.gens
MILLICHARGE = """
name = "millicharge"
title = "Milli-charge"
description = "A tiny charge of the neutrinos."
references = []
propagator = { kind = "photon" }
electron = [ { coupling = "e", bilinear = "gamma(mu)", constant = true } ]
neutrino = [ { coupling = "q_nu", bilinear = "-gamma(mu)" } ]
"""


def form_factors() -> dict[str, tuple[int, object]]:
    """Return the row and the factor of each electromagnetic form factor in a plasmon's amplitude."""
    found = plasmon_amplitude(shipped_interactions())
    return {term.matrix: (term.row, term.factor) for term in found.terms}


def plasmon_sum(first: str, second: str) -> Poly:
    """Return ``sum A A'*`` of two form factors, averaged over phase space, for one transverse plasmon."""
    found, power = reduced(plasmon_amplitude(shipped_interactions()))
    assert power == 0
    (n, left), (m, right) = (form_factors()[name] for name in (first, second))
    entry = found.gram["summed"].get((min(n, m), max(n, m)), PAIR.zero)
    entry = entry if n <= m else ring.conjugate(entry)
    return left * ring.conjugate(right) * entry


def interaction(name: str) -> Interaction:
    return next(found for found in shipped_interactions() if found.name == name)


# ---------------------------------------------------------------- plasmons


def test_massless_neutrinos_give_squares_alone():
    """``(2/3) s^2 (|mu|^2 + |eps|^2) + (s^3/27) (|r2|^2 + 36 |a|^2)``: the two moments alike, anapole 6 times the radius."""
    expected = {"mu": 2 * T**2 / 3, "eps": 2 * T**2 / 3, "r2": T**3 / 27, "anapole": 4 * T**3 / 3}
    for first, value in expected.items():
        for second in expected:
            found = plasmon_sum(first, second).compose([(M_I, 0), (M_J, 0)])
            assert found == (value if first == second else PAIR.zero), (first, second)


def test_two_interferences_survive_with_their_mass_factors():
    """Magnetic moment with charge radius and ``m_i + m_j``; electric moment with anapole, ``m_i - m_j`` and a phase of 90 degrees."""
    names = ("mu", "eps", "r2", "anapole")
    found = {(a, b): plasmon_sum(a, b) for n, a in enumerate(names) for b in names[n + 1 :]}
    assert {pair for pair, value in found.items() if value} == {("mu", "r2"), ("eps", "anapole")}
    assert found["mu", "r2"] == (M_I + M_J) * (T + 4 * M_I * M_J) * K_SQUARED / 3
    assert found["eps", "anapole"] == PAIR(ring.gaussian(0, 2)) * (M_I - M_J) * T * K_SQUARED


def test_electric_from_magnetic_and_anapole_from_charge_radius_by_the_sign_of_one_mass():
    """``t -> t + 4 m_i m_j`` with it: K^2 stays. A chiral rotation of one neutrino is all that tells them apart."""
    turned = [(T, T + 4 * M_I * M_J), (M_J, -M_J)]
    assert plasmon_sum("mu", "mu").compose(turned) == plasmon_sum("eps", "eps")
    assert 36 * plasmon_sum("r2", "r2").compose(turned) == plasmon_sum("anapole", "anapole")


def test_both_polarisations_agree_at_equal_invariant_mass():
    found = {name: plasmon_amplitude(shipped_interactions(), name).gram["summed"] for name in POLARISATIONS}
    assert found["transverse"]
    assert {place: value * K_SQUARED for place, value in found["transverse"].items()} == found["longitudinal"]


def test_diagonal_functions_are_those_of_pair_emission():
    """The spin sums ``-g_{mu nu} N^{mu nu}/3`` of pair emission, at rest, with q^2 = K^2 and no atom."""
    from derivations.algebra.dirac import METRIC, SPACETIME, DiracMatrix, dirac_bar
    from derivations.interactions.matrices import component
    from derivations.neutrino.pair_phase_space import integrated
    from derivations.neutrino.spin_sums import SPIN_SUM_I, SPIN_SUM_J, azimuthal_average

    def current(name: str, mu: int) -> DiracMatrix:
        term = next(term for term in interaction("electromagnetic").neutrino if term.coupling == name)
        return component(term.bilinear, {"mu": mu})

    for name in ("mu", "eps", "r2", "anapole"):
        total = TRACE.zero
        for mu in SPACETIME:
            line = (SPIN_SUM_I @ current(name, mu) @ SPIN_SUM_J).trace_with(dirac_bar(current(name, mu)))
            total -= line * METRIC[mu] / 3
        closed = integrated(azimuthal_average(total))
        values = {"t": T.as_expr(), "P": (M_I * M_J).as_expr(), "D": ((M_I - M_J) ** 2).as_expr()}
        expected = closed.numerator.as_expr().subs({Symbol(name): value for name, value in values.items()})
        assert closed.power == 0
        assert expand(expected - plasmon_sum(name, name).as_expr()) == 0


def test_an_expression_that_is_no_invariant_is_refused():
    with pytest.raises(ValueError, match="no invariant"):
        over_phase_space(ring.SOURCE.gens[4])


# ---------------------------------------------------------------- decay


def test_decay_is_plasmon_decay_at_zero_invariant_mass_with_one_leg_turned():
    """Three times the transverse sum at K^2 = 0, with ``m_j -> - m_j`` and a minus for the turned fermion."""
    decay, plasmon = decay_amplitude(shipped_interactions()), plasmon_amplitude(shipped_interactions())
    assert [row.name for row in decay.rows] == [row.name for row in plasmon.rows][:2]
    for place in ((0, 0), (1, 1)):
        turned = reduced(plasmon)[0].gram["summed"][place].compose([(T, -((M_I - M_J) ** 2)), (M_J, -M_J)])
        assert expand(decay.gram["summed"][place].as_expr() + 3 * turned.as_expr()) == 0


def test_the_photon_follows_the_spin_by_the_phase_between_both_moments():
    """``W (|c|^2 + |c'|^2) + S 2 Re(i c c'*)`` with W = S: A is -1 to 1, and 0 for moments that are relatively real."""
    found = decay_amplitude(shipped_interactions())
    m_i, m_j = MASSES.gens
    size = 4 * (m_i**2 - m_j**2) ** 2
    assert found.gram["summed"] == {(0, 0): size, (1, 1): size}
    assert found.gram["polarised"] == {(0, 1): size * ring.gaussian(0, 1)}
    assert {term.eta for term in found.terms} == {-1}


def test_a_photon_spin_is_one_unit_along_its_direction():
    """Helicity states of the photon: their sums over spins differ by what the parent's spin adds, and no more."""
    from derivations.processes.exchange import amplitude
    from derivations.processes.radiative_decay import _line
    from derivations.processes.sources import Quantum

    one, i = ring.SOURCE.one / 2, ring.SOURCE(ring.gaussian(0, 1)) / 2
    both = []
    for sign in (1, -1):
        circular = {(1, 1): one, (2, 2): one, (1, 2): i * sign, (2, 1): -i * sign}
        line = _line()
        tensors = {"summed": line.tensor(), "polarised": line.helicity_tensor()}
        gram = amplitude(shipped_interactions(), tensors, Quantum(circular), in_masses).gram
        momentum = (MASSES.gens[0] ** 2 - 1) / 2
        spin = {place: value.exquo(momentum) for place, value in gram["polarised"].items()}
        # A photon of one helicity takes its spin from a parent of one spin alone: the other one gives nothing.
        assert spin == gram["summed"] or spin == {place: -value for place, value in gram["summed"].items()}
        both.append(next(iter(spin.values())) == next(iter(gram["summed"].values())))
    assert sorted(both) == [False, True]


def test_a_current_that_is_not_conserved_meets_no_real_photon():
    own = parse_interaction(MILLICHARGE, "millicharge")
    assert unconserved([own]) == (("millicharge", "q_nu"),)
    assert unconserved(shipped_interactions()) == ()
    for chosen, words in (
        ([own], "q_nu of millicharge must be 0"),
        (shipped_interactions(), "Every current is conserved"),
    ):
        step = next(step for step in derivation(chosen) if step.name == "conservation")
        assert words in step.statement
    assert decay_record([own]).steps == tuple(step.name for step in derivation([own]))
    assert plasmon_record([own]).steps == tuple(step.name for step in plasmon_derivation([own]))


def test_a_milli_charge_shares_its_row_with_the_charge_radius():
    own = parse_interaction(MILLICHARGE, "millicharge")
    found = plasmon_amplitude([own, interaction("electromagnetic")])
    rows = {term.matrix: (term.row, term.factor) for term in found.terms}
    assert rows["r2"][0] == rows["q_nu"][0]
    assert rows["r2"][1] == rows["q_nu"][1] * K_SQUARED / 6


# ---------------------------------------------------------------- one boson


def amplitudes(name: str, pair_step: str) -> dict[tuple[str, int], object]:
    """Return ``a_h`` by coupling and helicity, as an expression in q_z, M and m_e."""
    qz, M, m_e = Symbol("qz", positive=True), Symbol("M", positive=True), Symbol("m_e", positive=True)
    result = {}
    for term in boson_line(interaction(name), pair_step).terms:
        value = term.factor.as_expr().subs({Symbol("qz"): qz, Symbol("q0"): Symbol("q0", positive=True)})
        result[term.coupling, term.helicity] = value * M**term.mass / m_e**term.order
    return result


def test_a_longitudinal_axial_boson_becomes_a_pseudoscalar():
    """``a_0 = - g_A q0/M`` against ``i y_P q_z/2 m_e``: equal size for y_P = 2 m_e g_A/M and M = 0, whatever the light."""
    q0, qz, m_e = (Symbol(name, positive=True) for name in ("q0", "qz", "m_e"))
    M = Symbol("M", positive=True)
    axial, scalar = amplitudes("vector", "M1")["g_A", 0], amplitudes("scalar", "M1")["y_P", 0]
    assert simplify(scalar * (2 * m_e / M) / axial + I * qz / q0) == 0


def test_the_longitudinal_part_of_a_conserved_current_vanishes_with_the_mass():
    M = Symbol("M", positive=True)
    found = amplitudes("vector", "E1")
    assert found["g_V", 0] == I * M
    assert ("g_V", 0) not in amplitudes("vector", "M1")
    assert factor(found["g_V", 1] - found["g_V", -1]) == 0


def test_light_of_one_hand_tells_the_signs_of_g_A_and_g_V():
    found = amplitudes("vector", "M1")
    assert found["g_A", 1] == found["g_A", -1]
    assert found["g_V", 1] == -found["g_V", -1]


def test_a_derivative_coupling_is_the_pseudoscalar_of_twice_the_electron_mass():
    text = """
name = "axion"
title = "Axion"
description = "A pseudoscalar with a derivative coupling to electrons."
references = []
propagator = { kind = "massive", spin = 0, mass = "mass" }
electron = [ { coupling = "f_e", bilinear = "i qslash gamma5", dimension = -1, units = "eV^-1" } ]
neutrino = [ { coupling = "y", bilinear = "i gamma5" } ]
"""
    (derivative,) = boson_line(parse_interaction(text, "axion")).terms
    (plain,) = boson_line(interaction("scalar")).terms
    assert derivative.factor == 2 * plain.factor
    assert (derivative.order, plain.order) == (0, 1)


def test_what_has_no_boson_of_its_own_is_refused():
    assert [i.name for i in shipped_interactions() if emits(i)] == ["scalar", "vector"]
    for name in ("standard_model", "electromagnetic", "tensor", "tensor_mediator"):
        with pytest.raises(ValueError, match=f"{name} has no boson on shell"):
            boson_line(interaction(name))


# ---------------------------------------------------------------- steps


@pytest.mark.parametrize("name", ["radiative_decay", "plasmon_decay", "boson_emission"])
def test_derivations_go_by_name_and_end_with_the_result(name: str):
    found = derive(name)
    assert found.name in processes()
    assert next(iter(found)).name == "process"
    assert [step.name for step in found][-1] in ("width", "line")
    assert found.as_text()
    assert found.as_latex()
    assert found.as_myst()
