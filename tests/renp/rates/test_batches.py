"""Studies over parameters evaluate all sets together, with the bits and the errors of single calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from typing import Any

import numpy as np
import pytest

import renp
from renp.model import Model
from renp.rates import batches
from renp.rates.batches import Case, spectra
from renp.rates.experiment import experiment
from renp.statistics.parameters import parametrisation
from renp.statistics.rate_polynomial import rate_polynomial
from renp.studies.identification import chosen_hypotheses, default_hypotheses, exclusion, identify
from renp.studies.scan.compute import compute_chunk
from renp.studies.scan.study import parse_study
from renp.studies.sensitivity import sensitivity_curve

MASSES = np.geomspace(1e-2, 1e2, 6)
MOMENTS = ("electromagnetic.mu[1,1]", "electromagnetic.mu[1,2].imag", "electromagnetic.eps[2,2]")
AXES = '[[axis]]\nparameter = "lightest_mass"\nvalues = [0.0, 0.01, 0.02]\n[[axis]]\nparameter = "vector.mass"\nvalues = [0.5, 2.0]'
SCAN = {
    "events": f'[vector]\ng_A = 0.5\n[couplings]\n"vector.g_L[1,2].imag" = 1e-15\n{AXES}',
    "sensitivity": f'[sensitivity]\ncoupling = "vector.g_L[1,1]"\nprofile = ["vector.g_L[2,2]"]\n{AXES}',
    "spectral_function": f'[vector]\nwidth = 0.1\n{AXES}\n[[axis]]\nparameter = "photon_energy"\nvalues = [1.0, 1.06]',
}


def scanned(quantity: str) -> np.ndarray:
    return compute_chunk(parse_study(f'quantity = "{quantity}"\n{SCAN[quantity]}').document, 0)


def polynomial() -> tuple[Any, ...]:
    form = rate_polynomial(experiment(nature="majorana", majorana_phases=(0.3, 0.9)), MOMENTS)
    return form.constant, form.linear, form.quadratic


def identified() -> list[Any]:
    run = experiment(lightest_mass=0.02)
    found = identify(run, run.counts() * 1.1)
    return [(str(one.coupling), one.value, one.chi2) for one in found.hypotheses]


def predicted() -> np.ndarray:
    free = parametrisation(experiment(nature="majorana"), ["lightest_mass", "alpha21", "E_vg"])
    return free.predictions(free.start + np.linspace(0, 1e-3, 7)[:, None])


STUDIES: dict[str, tuple[Callable[[], Any], int]] = {
    "curve over the mediator": (
        lambda: sensitivity_curve("vector.g_L[1,1]", "mediator_mass", MASSES, level=0.95).magnitude,
        4,
    ),
    "curve over the lightest mass": (
        lambda: sensitivity_curve("electromagnetic.mu[1,1]", "lightest_mass", MASSES[:3] / 10).positive,
        4,
    ),
    "polynomial": (polynomial, 4),
    "identify": (identified, 8),
    "exclusion": (lambda: list(exclusion(experiment(), MOMENTS[0], 1e-10, MOMENTS).values()), 8),
    "hypotheses": (lambda: [astuple(one) for one in chosen_hypotheses(experiment(nature="majorana"))], 1),
    "parameters": (predicted, 1),
    **{f"scan of {quantity}": (lambda quantity=quantity: scanned(quantity), 8) for quantity in SCAN},
}
"""A study of at least a dozen parameter sets, and how many batches it may take at most."""


@pytest.mark.parametrize("study", STUDIES)
def test_studies_make_few_batches_with_the_bits_of_single_calls(study: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compute, most = STUDIES[study]
    calls = {"batch": 0, "alone": 0}
    for name, method in (("batch", "spectral_batch"), ("alone", "spectral_function")):
        own = getattr(Model, method)

        def counted(self: Model, *args: Any, name: str = name, own: Any = own, **kwargs: Any) -> Any:
            calls[name] += 1
            return own(self, *args, **kwargs)

        monkeypatch.setattr(Model, method, counted)
    together = compute()
    batch, few = calls["batch"], calls["alone"]
    assert 1 <= batch <= most
    calls.update(batch=0, alone=0)
    monkeypatch.setattr(batches, "_FEWEST", 10**9)
    alone = compute()
    assert calls["batch"] == 0
    assert calls["alone"] >= few + 4 * batch
    np.testing.assert_equal(together, alone)


def test_cases_of_all_kinds_keep_their_order_and_bits() -> None:
    vector = {"mass": 0.8, "g_A": 0.7, "g_L": 1e-24 * np.eye(3)}
    kinds = [
        Case(experiment(nature=nature, lightest_mass=0.005 * k, **levels), {**group}, weak, omega)
        for k in range(5)
        for nature in ("dirac", "majorana")
        for levels in ({}, {"intermediate": "all"})
        for group in ({}, {"vector": {**vector, "mass": 1.0 + k}}, {"vector": {**vector, "width": 0.1 * k}})
        for weak in (True, False)
        for omega in (None, (0.7, 1.06))
    ]
    for case, found in zip(kinds, spectra(kinds), strict=True):
        assert found.tobytes() == case.alone.tobytes()


def test_a_wrong_case_is_named_as_alone() -> None:
    wrong = Case(experiment(), {"vector": {"mass": -1.0}})
    cases = [*(Case(experiment(), {"vector": {"mass": 1.0 + k}}) for k in range(6)), wrong]
    for compute in (lambda: wrong.alone, lambda: spectra(cases)):
        with pytest.raises(ValueError, match=r"^vector\['mass'\][^(]*$"):
            compute()


def test_a_pole_is_named_as_alone() -> None:
    run = experiment(frequencies=(1.0,), E_eg=2.25, E_vg=2.5)
    at_pole = Case(run, {"vector": {"mass": 0.75, "g_A": 1.0, "g_L": np.eye(3)}})
    near = [Case(run, {"vector": {"mass": 0.8 + k, "g_A": 1.0, "g_L": np.eye(3)}}) for k in range(4)]
    with pytest.raises(ValueError, match="pole"):
        spectra([*near, at_pole])


def test_hypotheses_are_the_couplings_that_add_photons() -> None:
    run = experiment(nature="majorana")
    low = min(one.omega for one in run.thresholds) / 2
    assert default_hypotheses(run)
    for one in default_hypotheses(run):
        group = {one.name: one.matrix(1.0, 3)}
        assert renp.spectral_function(low, **run.arguments(False, {"electromagnetic": group})) > 0
