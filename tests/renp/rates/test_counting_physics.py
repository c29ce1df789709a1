"""Counts and their statistics against numbers typed by hand, the derived rate, and SciPy's Poisson distribution."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from scipy import stats

from derivations import symbols
from derivations.ledger.printed.gamma_0 import GAMMA_0
from derivations.processes.renp import rate
from renp.inputs.atoms import ATOMS
from renp.rates.experiment import experiment, reference_rate
from renp.statistics.couplings import Coupling
from renp.statistics.poisson import chi2_threshold, poisson_chi2
from renp.statistics.rate_polynomial import rate_polynomial
from tests.tolerances import tolerance

HBAR, HBAR_C, FERMI = 6.582119569e-16, 1.973269804e-5, 1.1663787e-23
"""eV s, eV cm and eV^-2 as everybody remembers them."""


def numbers(symbol: str, omega: float) -> dict[sp.Symbol, float]:
    atom = ATOMS[symbol]
    return {
        symbols.N_A: 3e20 * HBAR_C**3,
        symbols.N_GAMMA: 5e20 * HBAR_C**3,
        symbols.VOLUME: 70 / HBAR_C**3,
        symbols.G_F: FERMI,
        symbols.GAMMA_VG: atom.gamma_vg * HBAR,
        symbols.E_EG: atom.E_eg,
        symbols.E_VG: atom.E_vg,
        symbols.OMEGA: omega,
        symbols.J_V: atom.J_v,
        symbols.C_EV: atom.C_ev,
    }


@pytest.mark.parametrize("symbol", ["Yb", "Xe"])
def test_the_reference_rate_is_the_printed_formula_in_units_typed_by_hand(symbol: str) -> None:
    expected = float(GAMMA_0.subs(numbers(symbol, 0.5))) / HBAR
    found = reference_rate(symbol, density_cm3=3e20, photon_density_cm3=5e20, volume_cm3=70, eta=0.2)
    assert abs(found / (0.2 * expected) - 1) < tolerance("constants-by-hand")


def test_the_derived_rate_counts_what_the_derivation_says() -> None:
    frequencies = (0.4, 1.05, 1.07)
    settings = {"density_cm3": 3e20, "photon_density_cm3": 5e20, "volume_cm3": 70}
    run = experiment(frequencies=frequencies, exposure_days=2.5, normalisation="derived", **settings)
    for omega, events in zip(frequencies, run.events_per_unit, strict=True):
        per_second = float(rate.gamma_0().subs(numbers("Yb", omega))) / HBAR
        assert abs(events / (per_second * 2.5 * 24 * 60 * 60) - 1) < tolerance("constants-by-hand")


def test_chi_squared_is_twice_the_log_likelihood_ratio_of_poisson_counts() -> None:
    observed = np.array([4.0, 17.0, 120.0])
    for test in ([3.1, 20.5, 118.0], [9.0, 10.0, 150.0]):
        logs = stats.poisson.logpmf(observed, np.array(test)) - stats.poisson.logpmf(observed, observed)
        assert abs(float(poisson_chi2(test, observed)) / (-2 * logs.sum()) - 1) < tolerance("poisson-likelihood")


def test_chi_squared_tends_to_the_gaussian_one_and_grows_faster_downwards() -> None:
    for size in (1e4, 1e8):
        up, down = (float(poisson_chi2([size + sign * size**0.5], [size])) for sign in (1, -1))
        assert down > 1 > up
        assert abs((up + down) / 2 - 1) < 1 / size


def test_thresholds_are_the_squares_of_gaussian_quantiles() -> None:
    for level in (0.6826894921370859, 0.9, 0.95):
        assert abs(chi2_threshold(level) / stats.norm.ppf((1 + level) / 2) ** 2 - 1) < tolerance("poisson-likelihood")
    assert abs(chi2_threshold(0.6826894921370859) - 1) < tolerance("poisson-likelihood")


@pytest.mark.parametrize(
    "name", ["electromagnetic.mu[1,2].imag", "electromagnetic.mu[2,3]", "electromagnetic.anapole[1,1]"]
)
def test_one_coupling_is_a_hermitian_matrix_and_the_counts_are_its_exact_polynomial(name: str) -> None:
    coupling = Coupling.parse(name)
    size = {"mu": 4e-11, "anapole": 3e-26}[coupling.name]
    matrix = coupling.matrix(size, 3)
    assert np.array_equal(matrix, matrix.conj().T)
    run = experiment(frequencies=(1.06, 1.07))
    form = rate_polynomial(run, [coupling])
    direct = run.counts(electromagnetic={coupling.name: matrix})
    np.testing.assert_allclose(form.counts([size]), direct, rtol=tolerance("rate-polynomial"), atol=0)


def test_more_exposure_means_proportionally_more_counts() -> None:
    days = [1.0, 10.0, 100.0]
    counts = [experiment(frequencies=(1.069,), exposure_days=d).counts()[0] for d in days]
    for (d, n), (e, m) in pairwise(zip(days, counts, strict=True)):
        assert abs(m / n / (e / d) - 1) < tolerance("constants-by-hand")
