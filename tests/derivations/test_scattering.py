"""Scattering derived: crossing, spin-1/2 against spin 0, helicity projectors, rows that join and rows that vanish."""

from __future__ import annotations

import itertools

import pytest
from sympy import I, Symbol, cancel, pi, simplify

from derivations.algebra import ring
from derivations.algebra.dirac import clifford_basis
from derivations.algebra.ring import REST, SOURCE, TRACE
from derivations.interactions.reader import parse_interaction, shipped_interactions
from derivations.neutrino.line import Leg, Line, conjugation_signs
from derivations.neutrino.spin_sums import PAIR
from derivations.processes import coherent_scattering, electron_scattering
from derivations.processes.cross_section import Neutrino, cross_section
from derivations.processes.process import processes
from derivations.processes.record import step_names
from derivations.processes.scattering import (
    ENERGY,
    MASS,
    MASS_IN,
    MASS_OUT,
    Q_SQUARED,
    RECOIL,
    at_rest,
    recoil_edges,
    scattering_amplitude,
    scattering_line,
)
from derivations.processes.scattering_record import STEPS, scattering_derivation, scattering_record
from derivations.processes.sources import Current, FreeElectron, Product, SpinZeroNucleus

SHIPPED = {interaction.name: interaction for interaction in shipped_interactions()}
EVERYTHING = tuple(sorted(SHIPPED.values(), key=lambda i: (i.name != "standard_model", i.name)))
PROCESSES = {process.PROCESS.name: process for process in (electron_scattering, coherent_scattering)}


def test_pair_emission_is_one_process_among_others():
    assert {"renp", *PROCESSES} <= set(processes())
    for process in processes().values():
        assert all((process.reaction, process.source, process.exchange, process.line, process.frame, process.measure))


# ---------------------------------------------------------------- the line


def test_crossing_maps_every_structure_function_of_a_pair_onto_scattering():
    """p_j -> -k: the antineutrino that goes out becomes the neutrino that comes in, and the tensor changes its sign."""
    pair, scattered = PAIR.tensor(), scattering_line().tensor()
    # p_i = k + q and, in the scattering line, M and d stand for the masses of what goes out and comes in.
    moved = [
        (ring.E, ring.E + ring.q0), (ring.py, TRACE.zero), (ring.pz, ring.pz + ring.qz),
        (ring.M, ring.M + ring.d), (ring.d, ring.M - ring.d),
    ]  # fmt: skip
    assert set(scattered) <= set(pair)
    for key, value in pair.items():
        assert -value.compose(moved) == scattered.get(key, TRACE.zero), key


def test_an_antineutrino_is_the_neutrino_with_the_signs_of_charge_conjugation():
    neutrino, antineutrino = scattering_line(), scattering_line(antineutrino=True)
    signs = conjugation_signs()
    # vbar_k G v_j is minus ubar_j C G^T C^-1 u_k; the bilinears stand in the same places of |A|^2.
    for one, other in (
        (neutrino.tensor(), antineutrino.tensor()),
        (neutrino.helicity_tensor(), antineutrino.helicity_tensor()),
    ):
        assert set(one) == set(other)
        assert all(value == signs[a] * signs[b] * one[a, b] for (a, b), value in other.items())


def test_the_helicity_projector_is_one():
    """[(spin_sum + h part/p)/2] squares to 2 m-ish multiples of itself: P slash-e-0 P = 2 E P for both helicities."""
    zero, momentum = TRACE.zero, ring.pz
    squared = ring.E**2 - ring.d**2
    for antiparticle in (False, True):
        leg = Leg((ring.E, zero, zero, momentum), ring.d, incoming=True, antiparticle=antiparticle)
        gamma0 = clifford_basis()[2][1]
        plus, minus = (leg.spin_sum.scaled(momentum) + leg.helicity_part.scaled(TRACE.one * h) for h in (1, -1))
        for one, other in itertools.product((plus, minus), repeat=2):
            found = one @ gamma0 @ other
            expected = one.scaled(4 * ring.E * momentum) if one is other else one.scaled(zero)
            left = {key: _on_shell(value, squared) for key, value in (found - expected).entries.items()}
            assert not any(left.values())


def _on_shell(polynomial, squared):  # type: ignore[no-untyped-def]
    place = TRACE.gens.index(ring.pz)
    total = TRACE.zero
    for powers, c in polynomial.items():
        rest = list(powers)
        rest[place] = powers[place] % 2
        total += TRACE.from_dict({tuple(rest): c}) * squared ** (powers[place] // 2)
    return total


def test_a_line_has_two_ends():
    leg = scattering_line().start
    with pytest.raises(ValueError, match="one leg that starts it and one that ends it"):
        Line(leg, leg)


# ---------------------------------------------------------------- frame


def test_momentum_transfer_and_edges():
    _, px, _, _, q0, qz, *_ = SOURCE.gens
    assert at_rest(q0**2 - qz**2) == Q_SQUARED
    edges = recoil_edges()
    highest = 2 * ENERGY**2 - (2 * ENERGY + MASS) * RECOIL
    assert edges.compose([(MASS_IN, REST.zero), (MASS_OUT, REST.zero)]) == 4 * MASS * RECOIL * highest
    with pytest.raises(ValueError, match="no scalar"):
        at_rest(px)
    with pytest.raises(ValueError, match="no scalar"):
        at_rest(SOURCE.gens[3])


# ---------------------------------------------------------------- rows


def test_what_is_a_multiple_on_shell_joins_and_what_vanishes_goes():
    found = scattering_amplitude(EVERYTHING, FreeElectron())
    names = [row.name for row in found.rows]
    assert len(names) == len(set(names)) == 11
    by_matrix = {term.matrix: (names[term.row], term.factor) for term in found.terms}
    # A charge radius on a conserved current is a shift of the vector row by q^2/6, and what is along q has no divergence to meet.
    assert by_matrix["r2"] == ("vector_vector", -Q_SQUARED / 6 * -1)
    longitudinal = {(names[t.row], t.matrix): t.factor for t in found.terms if t.propagator == "longitudinal"}
    assert longitudinal == {
        ("scalar_pseudoscalar", "g_L"): MASS * (MASS_IN - MASS_OUT),
        ("pseudoscalar_pseudoscalar", "g_L"): MASS * (MASS_IN + MASS_OUT),
        ("scalar_pseudoscalar", "g_R"): MASS * (MASS_IN - MASS_OUT),
        ("pseudoscalar_pseudoscalar", "g_R"): -MASS * (MASS_IN + MASS_OUT),
    }
    assert {t.coupling for t in found.terms if t.propagator == "longitudinal"} == {"g_A"}


def test_the_order_of_files_decides_nothing():
    own = parse_interaction(
        'name = "axion"\ntitle = "Axion"\ndescription = "Derivative coupling."\nreferences = []\n'
        'propagator = { kind = "massive", spin = 0, mass = "mass" }\n'
        'electron = [ { coupling = "y_e", bilinear = "i gamma5" } ]\n'
        'neutrino = [ { coupling = "f", bilinear = "i qslash gamma5", dimension = -1, units = "eV^-1" } ]\n',
        "axion",
    )
    weak = SHIPPED["standard_model"]
    for order in ((weak, own, SHIPPED["scalar"]), (weak, SHIPPED["scalar"], own)):
        found = scattering_amplitude(order, FreeElectron())
        names = [row.name for row in found.rows]
        factors = {t.matrix: t.factor for t in found.terms if names[t.row] == "pseudoscalar_pseudoscalar"}
        assert factors == {"f": -(MASS_IN + MASS_OUT), "y_P_nu": -REST.one}


# ---------------------------------------------------------------- spin 1/2 and spin 0


class NoMoment(FreeElectron):
    """A particle of spin 1/2 with the current ``(p + p')^mu ubar' u / 2m``: Gordon's identity without the magnetic moment."""

    def products(self, interaction):  # type: ignore[no-untyped-def]
        for product in SpinZeroNucleus().products(interaction):
            # Element 0 of the Clifford basis is the unit matrix.
            components = {values: {0: found[0]} for values, found in product.current.components.items()}
            yield Product(Current(product.current.coupling, product.current.constants, components, ""), product.matrix,
                          product.neutrino)  # fmt: skip


def test_a_target_of_spin_half_without_its_magnetic_moment_is_one_of_spin_zero():
    """The spin sum of ubar' u is 4 m^2 + 2 m T: times (p + p') it is the form factor sqrt(1 + T/2m) and nothing else."""
    half, zero = (scattering_amplitude(EVERYTHING, source) for source in (NoMoment(), SpinZeroNucleus()))
    assert [(t.matrix, t.propagator, t.eta) for t in half.terms] == [
        (t.matrix, t.propagator, t.eta) for t in zero.terms
    ]
    weight = 2 * (4 * MASS**2 + 2 * MASS * RECOIL)
    for tensor in ("summed", "polarised"):
        for n, m in itertools.combinations_with_replacement(range(len(zero.terms)), 2):
            one, other = (_square(found, tensor, n, m) for found in (half, zero))
            assert one == other * weight, (tensor, zero.terms[n], zero.terms[m])


def _square(found, tensor, n, m):  # type: ignore[no-untyped-def]
    first, second = found.terms[n], found.terms[m]
    a, b = sorted((first.row, second.row))
    entry = found.gram[tensor].get((a, b), REST.zero)
    entry = entry if (first.row, second.row) == (a, b) else ring.conjugate(entry)
    return first.factor * ring.conjugate(second.factor) * entry


# ---------------------------------------------------------------- formulas

LEFT = Neutrino()
G_F, E, T, m_e = (Symbol(name, positive=True) for name in ("G_F", "E", "T", "m_e"))


def _formula(process, names, neutrino=LEFT, **options):  # type: ignore[no-untyped-def]
    found = cross_section(process.PROCESS, process.SOURCE, [SHIPPED[name] for name in names], neutrino, **options)
    return found.expression.subs({Symbol("T", real=True): T})


@pytest.mark.parametrize("antineutrino", [False, True])
def test_the_weak_cross_section_is_the_textbook_one(antineutrino: bool) -> None:
    v, a = Symbol("v", real=True), Symbol("a", real=True)
    found = _formula(electron_scattering, ["standard_model"], Neutrino(antineutrino=antineutrino))
    found = found.subs({Symbol("a_ij"): a, Symbol("v_ij"): v}).doit()
    a = -a if antineutrino else a
    printed = (
        G_F**2 * m_e / (2 * pi) * ((v + a) ** 2 + (v - a) ** 2 * (1 - T / E) ** 2 + (a**2 - v**2) * m_e * T / E**2)
    )
    assert cancel(found - printed) == 0


def test_both_forms_are_one_formula():
    names = ["standard_model", "electromagnetic", "tensor"]
    first, second = (_formula(electron_scattering, names, form=form) for form in ("papers", "threshold"))
    assert cancel(first.subs(Symbol("T", real=True), T) - second.subs(Symbol("T", real=True), T)) == 0


def test_majorana_neutrinos_see_both_elements():
    found = _formula(electron_scattering, ["standard_model", "electromagnetic"], Neutrino("majorana"))
    mu = Symbol("mu_ij")
    dirac = _formula(electron_scattering, ["standard_model", "electromagnetic"])
    zero = {Symbol(name): 0 for name in ("a_ij", "v_ij", "eps_ij", "r2_ij", "anapole_ij")}
    x, y = Symbol("x", real=True), Symbol("y", real=True)
    values = {mu: x + I * y}
    one, two = (f.subs(zero).subs(values).doit() for f in (dirac, found))
    # mu_ji - mu_ij = -2 i Im mu_ij: real elements drop out, imaginary ones count twice in the amplitude.
    assert simplify(two / one - 4 * y**2 / (x**2 + y**2)) == 0


def test_unknown_words_are_refused():
    weak = [SHIPPED["standard_model"]]
    parts = electron_scattering.PROCESS, electron_scattering.SOURCE, weak
    with pytest.raises(ValueError, match="nature must be one of dirac, majorana, found 'weyl'"):
        Neutrino("weyl")
    with pytest.raises(ValueError, match="helicity must be one of"):
        Neutrino(helicity="left")
    with pytest.raises(ValueError, match="propagator must be one of"):
        cross_section(*parts, propagator="landau")
    with pytest.raises(ValueError, match="form must be one of papers, threshold"):
        cross_section(*parts, form="short")
    with pytest.raises(ValueError, match="for massless neutrinos"):
        cross_section(*parts, Neutrino(massless=False), form="threshold")


@pytest.mark.parametrize("name", list(PROCESSES))
def test_the_steps_have_the_names_that_the_record_says(name: str) -> None:
    module = PROCESSES[name]
    derivation = scattering_derivation(module.PROCESS, module.SOURCE, EVERYTHING)
    record, found = scattering_record(module.PROCESS, module.SOURCE, EVERYTHING)
    assert tuple(step.name for step in derivation) == record.steps == step_names(found, *STEPS)
    assert {step for s in record.structures for step in s.formula.provenance.steps} <= set(record.steps)
