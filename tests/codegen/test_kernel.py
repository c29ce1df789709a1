"""What every backend reads off a kernel: terms that are exact and say where they come from, and the texts of arguments."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from codegen.pair_sums.kernel import Argument, Group
from derivations.neutrino.pair_states import STATES, WAYS
from derivations.processes.renp import kernel as stage
from derivations.processes.renp.spectrum import spectral_function
from renp.generate import kernels, shipped
from renp_generated.runtime import tables


@pytest.mark.parametrize("step", [0, 1])
def test_terms_are_exact_and_sorted_by_states_and_ways(step):
    kernel = kernels(shipped())[step]
    assert all(isinstance(term.number, Fraction) and term.number for term in kernel.terms)
    places = [(STATES.index(term.state), WAYS.index(term.way)) for term in kernel.terms]
    assert places == sorted(places)
    arguments = {(group.name, argument.name) for group in kernel.groups for argument in group.arguments}
    for term in kernel.terms:
        assert (term.group, term.matrix) in arguments
        assert term.electron is None or (term.group, term.electron) in arguments
        assert {name for name, _ in term.constants} <= {constant.name for constant in kernel.constants}


def test_the_runtime_knows_the_states_and_ways_of_the_derivation():
    assert (tables.STATES, tables.WAYS) == (STATES, WAYS)


def test_traces_that_are_not_squares_of_states_are_refused():
    """The wrong sign of one structure function, and a kernel would sum squares that are not its rate."""
    spectral = spectral_function(shipped(), "M1")
    first, *rest = spectral.gram
    turned = replace(first, closed_form=replace(first.closed_form, numerator=-first.closed_form.numerator))
    with pytest.raises(ValueError, match="the traces are not the squares of the pair's states"):
        stage.kernel(replace(spectral, gram=(turned, *rest)), "m1", ())
    with pytest.raises(ValueError, match="the traces are not the squares"):
        stage.kernel(replace(spectral, gram=tuple(rest)), "m1", ())


def test_amplitudes_that_interfere_turn_by_one_sign_when_the_pair_is_exchanged():
    terms = kernels(shipped())[0].terms
    stage._check_exchange(terms)
    wrong = next(term for term in terms if term.state == "E")
    with pytest.raises(ValueError, match="states V, E have different signs under exchange"):
        stage._check_exchange([replace(term, eta=-term.eta) if term is wrong else term for term in terms])


@pytest.mark.parametrize(("units", "text"), [("eV", " [eV]"), ("1/eV", " [1/eV]"), ("1", ""), ("", "")])
def test_plain_numbers_have_no_units(units, text):
    assert Argument("g", "real", units, "a coupling").unit_text == text


def test_references_follow_a_title_in_brackets():
    cited = Group("x", "x", "X", (Argument("m", "mass", "eV", "a mass"),), ("first", "second"), "massive")
    bare = Group("y", "y", "Y", (Argument("g", "matrix", "1", "a coupling"),), (), "contact")
    assert (cited.cited(), cited.cited("[]"), bare.cited()) == (" (first; second)", " [first; second]", "")
    assert (cited.mediated, bare.mediated) == (True, False)
