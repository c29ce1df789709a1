"""Every study takes any model: the same physics in another file gives the same numbers, and nothing is known by name."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import renp
from derivations.interactions.reader import parse_interaction
from renp.model import Model
from renp.statistics.couplings import Coupling
from renp.statistics.limits import expected_limit
from renp.statistics.rate_polynomial import rate_polynomial
from renp.studies.identification import default_hypotheses, exclusion, optimise_frequencies, weakest_separation
from renp.studies.sensitivity import default_frequencies
from tests.random_files.chain import specimen
from tests.tolerances import tolerance

AXIAL = """\
name = "axial_boson"
title = "Axial boson"
description = "A boson that couples to the axial currents of electrons and neutrinos."
references = []
propagator = { kind = "massive", spin = 1, mass = "M", width = "Gamma" }
electron = [ { coupling = "c_A", bilinear = "gamma(mu) gamma5" } ]
neutrino = [ { coupling = "d_A", bilinear = "gamma(mu) gamma5" } ]
"""
GENERAL = """\
name = "mixed"
title = "Chiral scalar"
description = "A scalar whose coupling to neutrinos is any matrix; its conjugate is added."
references = []
propagator = { kind = "massive", spin = 0, mass = "M" }
electron = [ { coupling = "y_e", bilinear = "i gamma5" } ]
neutrino = [ { coupling = "f", bilinear = "PR", hermitian = "add conjugate" } ]
"""
D = np.array([[1, 0.3 + 0.2j, -0.1j], [0.3 - 0.2j, -0.5, 0.4], [0.1j, 0.4, 0.7]]) * 3e-24
OMEGA = np.linspace(1.06, 1.0716, 30)
NATURES = ("dirac", "majorana")
SAME = tolerance("equal-models")


@pytest.fixture(scope="module")
def axial() -> Model:
    return Model.of([parse_interaction(AXIAL)])


@pytest.fixture(scope="module")
def general() -> Model:
    return Model.of([parse_interaction(GENERAL)])


def group(scale: float = 1.0) -> dict[str, Any]:
    return {"M": 0.3, "Gamma": 0.01, "c_A": 1.0, "d_A": scale * D}


def shipped(scale: float = 1.0) -> dict[str, Any]:
    return {"mass": 0.3, "width": 0.01, "g_A": 1.0, "g_L": -scale * D, "g_R": scale * D}


def same(found: Any, expected: Any, **scale: float) -> None:
    np.testing.assert_allclose(found, expected, rtol=SAME, atol=scale.get("atol", 0))


@pytest.mark.parametrize("nature", NATURES)
def test_a_boson_from_a_file_counts_as_the_shipped_one_that_it_is(axial: Model, nature: str) -> None:
    common: dict[str, Any] = {"nature": nature, "chain": "exact", "polarisation": "circular+"}
    own = renp.spectrum(omega=OMEGA, model=axial, axial_boson=group(), **common)
    there = renp.spectrum(omega=OMEGA, vector=shipped(), **common)
    same(own.I, there.I)
    assert np.abs(own.I / own.weak - 1).max() > 0.1
    counts = renp.events(model=axial, axial_boson=group(), **common)
    same(counts.counts, renp.events(vector=shipped(), **common).counts)


@pytest.mark.parametrize("nature", NATURES)
def test_two_copies_with_half_the_product_are_one(nature: str) -> None:
    model = Model("vector", second="vector")
    half = {**shipped(0.5), "g_A": 1.0}
    both = renp.events(model=model, vector=half, second=half, nature=nature).counts
    same(both, renp.events(vector=shipped(), nature=nature).counts)


def test_the_limit_on_a_coupling_of_a_file_is_that_on_the_shipped_ones(axial: Model) -> None:
    # Along g_R = -g_L = d the shipped polynomial is that of d.
    fixed = {"mass": 0.3, "width": 0.01}
    run = renp.experiment(frequencies=(1.069, 1.07, 1.0708))
    there = rate_polynomial(run, ["vector.g_L[1,2]", "vector.g_R[1,2]"], vector=fixed)
    own_run = renp.experiment(frequencies=(1.069, 1.07, 1.0708), model=axial)
    own = rate_polynomial(own_run, ["axial_boson.d_A[1,2]"], axial_boson={"M": 0.3, "Gamma": 0.01})
    along = np.array([-1.0, 1.0])
    same(own.constant, there.constant)
    same(own.quadratic[:, 0, 0], along @ there.quadratic @ along)
    size = np.sqrt(own.constant * own.quadratic[:, 0, 0])
    assert np.abs(own.linear[:, 0] - there.linear @ along).max() < tolerance("rate-polynomial") * size.max()
    limit = renp.sensitivity("axial_boson.d_A[1,2]", model=axial, axial_boson={"M": 0.3, "Gamma": 0.01})
    masses = renp.sensitivity_curve(
        "axial_boson.d_A[1,2]", "mediator_mass", [0.3, 3.0], model=axial, axial_boson={"Gamma": 0.01}
    )
    assert masses.limits[0].intervals == limit.intervals
    assert limit.reason == ""


def test_fisher_matrices_know_the_parameters_of_a_file(axial: Model) -> None:
    run = renp.experiment()
    own = renp.fisher_information(
        run, ["masses[1]", "axial_boson.M", "axial_boson.c_A"], model=axial, axial_boson=group()
    )
    there = renp.fisher_information(run, ["masses[1]", "vector.mass", "vector.g_A"], vector=shipped())
    np.testing.assert_allclose(own, there, rtol=tolerance("rate-polynomial"))


def test_data_of_a_boson_from_a_file_identify_it(axial: Model) -> None:
    run = renp.experiment(model=axial, exposure_days=1e3)
    fixed = {"axial_boson": {"M": 0.3}}
    name = "axial_boson.d_A[1,3]"
    data = rate_polynomial(run, [name], **fixed).counts([5e-24])
    found = renp.identify(run, data, **fixed)
    assert str(found.best.coupling) == name
    assert len(found.hypotheses) == 6
    assert found.best.value == pytest.approx(5e-24, rel=1e-4, abs=0) or found.best.value == pytest.approx(
        -5e-24, rel=1e-4, abs=0
    )
    assert exclusion(run, name, 5e-24, [name], **fixed)


def test_frequencies_are_chosen_for_any_hypotheses() -> None:
    run = renp.experiment(model=Model(own="electromagnetic"))
    given = {"hypotheses": ["own.mu[1,1]", "own.r2[1,1]"], "reference": 1.067}
    before = weakest_separation(run, **given)
    chosen = optimise_frequencies(run, candidates=[1.0, 1.05, 1.0712], **given)
    assert chosen.start_weakest == pytest.approx(before)
    assert chosen.gain >= 1


def test_elements_of_a_general_matrix_are_independent(general: Model) -> None:
    one = Coupling.parse("mixed.f[2,1]", general)
    assert not one.hermitian
    assert one.matrix(2.0, 2).tolist() == [[0, 0], [2, 0]]
    assert Coupling.parse("mixed.f[1,1].imag", general).matrix(1.0, 1).tolist() == [[1j]]
    fixed = {"M": 1.0, "y_e": 1.0}
    run = renp.experiment(model=general)
    names = ["mixed.f[1,2]", "mixed.f[2,1]", "mixed.f[1,1].imag"]
    form = rate_polynomial(run, names, mixed=fixed)
    sizes = np.sqrt(form.constant.sum() / np.einsum("kaa->a", form.quadratic))
    values = sizes * [0.7, -0.4, 0.5]
    matrix = np.array([[1j * values[2], values[0], 0], [values[1], 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(
        form.counts(values), run.counts(mixed={**fixed, "f": matrix}), rtol=tolerance("rate-polynomial")
    )
    # f P_R + f^+ P_L: both off-diagonal elements act alike on pairs that are summed over, and add up to a scalar.
    same(form.quadratic[:, 0, 0], form.quadratic[:, 1, 1])
    assert np.abs(form.quadratic[:, 0, 1]).max() > 0.01 * form.quadratic[:, 0, 0].max()
    limit = renp.sensitivity("mixed.f[1,1].imag", model=general, mixed=fixed, frequencies=run.frequencies)
    assert limit.positive == pytest.approx(expected_limit(form.single(2), 0.9).positive, rel=1e-9)
    slopes = renp.fisher_information(run, names, mixed={**fixed, "f": matrix})
    gradient = form.gradient(values)
    np.testing.assert_allclose(
        slopes, gradient.T @ (gradient / form.counts(values)[:, None]), rtol=tolerance("rate-polynomial")
    )
    with pytest.raises(ValueError, match="are the same parameter"):
        rate_polynomial(run, ["mixed.f[1,2]", "mixed.f[1, 2].real"], mixed=fixed)


def test_a_coupling_of_another_model_is_refused(axial: Model, general: Model) -> None:
    stranger = Coupling.parse("axial_boson.d_A[1,1]", axial)
    for call in (
        lambda: renp.sensitivity(stranger, model=general, mixed={"M": 1.0}),
        lambda: renp.sensitivity("axial_boson.d_A[1,1]"),
        lambda: renp.identify(renp.experiment(), [1.0] * 9, hypotheses=[stranger]),
        lambda: rate_polynomial(renp.experiment(), [stranger]),
    ):
        with pytest.raises(ValueError, match=r"^\w+: unknown group 'axial_boson' in [^\n]+, allowed are [^\n]+$"):
            call()
    # The same name for another matrix.
    hermitian = GENERAL.replace('"PR", hermitian = "add conjugate"', '"1"')
    with pytest.raises(ValueError, match=r"^coupling: mixed\.f\[1,1\] is a coupling of another model[^\n]*$"):
        renp.sensitivity(
            Coupling.parse("mixed.f[1,1]", Model.of([parse_interaction(hermitian)])), model=general, mixed={"M": 1.0}
        )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: renp.spectrum(omega=[1.0], model=m, vector={}), "unknown setting 'vector': allowed are "),
        (lambda m: renp.events(model=m, tensor={}), "unknown setting 'tensor': allowed are "),
        (lambda m: renp.experiment(model="vector"), "model: expected what renp.Model returns, got 'vector'"),
        (
            lambda m: renp.sensitivity("axial_boson.d_A[1,1]", model=m),
            "axial_boson: give the mediator mass, for example",
        ),
        (lambda m: renp.identify(renp.experiment(), [1.0] * 9, model=m), "axial_boson: give the mediator mass"),
        (lambda m: renp.fisher_information(renp.experiment(), ["vector.mass"], model=m), "parameters: unknown 'vector"),
        (
            lambda m: renp.events(model=Model(eta="vector")),
            "model: the group 'eta' has the name of a setting; give it another one",
        ),
    ],
)
def test_what_a_model_has_not_is_one_line(axial: Model, call: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=r"^[^\n]+$") as caught:
        call(axial)
    assert str(caught.value).startswith(message)


def test_photon_exchange_takes_the_nine_energies_and_everything_else_three(axial: Model) -> None:
    assert len(default_frequencies(Coupling.parse("axial_boson.d_A[1,1]", axial), axial)) == 3
    photon = Model(own="electromagnetic")
    assert len(default_frequencies(Coupling.parse("own.mu[1,1]", photon), photon)) == 9


def test_an_electron_coupling_that_is_set_is_not_joined_by_another() -> None:
    only = renp.sensitivity("vector.g_L[1,1]", vector={"mass": 1.0, "g_V": 1.0})
    both = renp.sensitivity("vector.g_L[1,1]", vector={"mass": 1.0, "g_V": 1.0, "g_A": 1.0})
    unset = renp.sensitivity("vector.g_L[1,1]", vector={"mass": 1.0})
    assert only.magnitude > 1e3 * both.magnitude
    same(unset.magnitude, renp.sensitivity("vector.g_L[1,1]", vector={"mass": 1.0, "g_A": 1.0}).magnitude)


@pytest.mark.parametrize("number", range(6))
def test_a_random_interaction_goes_through_every_study(number: int) -> None:
    text = specimen(17, number).models[0].text
    model = Model.of([parse_interaction(text)])
    (keyword,) = model.keywords
    offered = model.group(keyword)
    fixed: dict[str, Any] = {c.name: 0.7 for c in offered.couplings if c.kind == "mass"}
    fixed |= {c.name: 1.0 for c in offered.couplings if c.line == "electron"}
    matrices = [c for c in offered.couplings if c.line == "neutrino"]
    draw = random.Random(number)
    for nature in NATURES:
        for step in ("M1", "E1"):
            run = renp.experiment(model=model, nature=nature, pair_step=step, frequencies=(1.0, 1.02, 1.05))
            names = [f"{keyword}.{c.name}[1,1]" for c in matrices]
            form = rate_polynomial(run, names, **{keyword: fixed})
            values = [draw.uniform(-1, 1) * size(form, a) for a in range(len(names))]
            entries = {c.name: np.diag([v, 0, 0]) for c, v in zip(matrices, values, strict=True)}
            counts = renp.events(
                run.frequencies, model=model, nature=nature, pair_step=step, **{keyword: {**fixed, **entries}}
            )
            np.testing.assert_allclose(form.counts(values), counts.counts, rtol=1e-9)
            limit = renp.sensitivity(
                names[0], model=model, nature=nature, pair_step=step, frequencies=run.frequencies, **{keyword: fixed}
            )
            assert np.isfinite(limit.magnitude) == (limit.reason == "")
            assert np.isfinite(limit.magnitude) == bool(form.quadratic[:, 0, 0].any())
            spectrum = renp.spectrum(
                omega=run.frequencies, model=model, nature=nature, pair_step=step, **{keyword: {**fixed, **entries}}
            )
            same(spectrum.I, counts.spectral_function)
            idle = [name for a, name in enumerate(names) if not form.quadratic[:, a, a].any()]
            assert bool(idle) <= bool(counts.notes)
            if not form.quadratic.any():
                continue
            found = renp.identify(run, counts.counts, hypotheses=names, **{keyword: fixed})
            assert len(found.hypotheses) == len(names)
            assert default_hypotheses(run, **{keyword: fixed})
            label = f"{keyword}.{matrices[0].name}[1,1]"
            slopes = renp.fisher_information(run, [label, "masses[2]"], **{keyword: {**fixed, **entries}})
            assert np.isfinite(slopes).all()


def size(form: Any, a: int) -> float:
    square = float(form.quadratic[:, a, a].sum())
    return float(np.sqrt(form.constant.sum() / square)) if square else 1.0
