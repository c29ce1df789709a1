"""The exact atomic chain in the spectral function: what ``J_e = J_g = 0`` forbids and what circular light reveals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp

import renp
from derivations.atom import AtomicState, atomic_tensor, averaged_tensor, require_chain
from renp_generated import spectral_function
from tests.tolerances import tolerance

YB = renp.ATOMS["Yb"]
MASSES = renp.masses("desalas-2021-benchmark", 0.01)
AXIAL = renp.axial_couplings(renp.mixing_matrix("desalas-2021-benchmark"))
OMEGA = np.array([0.4, 0.9, 1.05, 1.0712])
ELEMENT = np.diag([1.0, 0.0, 0.0])
NONE = np.zeros((3, 3))
POLARISATIONS = [(1, 0, 0), (1, sp.I, 0), (2, 1 - sp.I, 0)]


def spectrum(chain: Any, **options: Any) -> np.ndarray:
    return spectral_function(
        OMEGA, E_eg=YB.E_eg, E_vg=YB.E_vg, masses=MASSES, **{"axial": NONE, **options}, atomic_tensor=numbers(chain)
    )


def numbers(tensor: Any) -> np.ndarray:
    return np.array(tensor.tolist(), dtype=complex)


@pytest.mark.parametrize("epsilon", POLARISATIONS, ids=str)
def test_the_ytterbium_chain_forbids_a_pseudoscalar_electron_coupling(epsilon: tuple) -> None:
    scalar = {"mass": 2.0, "y_P": 1e-8, "y_S_nu": ELEMENT, "y_P_nu": ELEMENT}
    tensor = atomic_tensor(YB.J_e, YB.J_v, YB.J_g, epsilon)
    assert (spectrum(tensor, scalar=scalar) == 0).all()
    assert (spectrum(tensor, scalar=scalar, axial=AXIAL) == spectrum(tensor, axial=AXIAL)).all()
    assert (spectrum(averaged_tensor(), scalar=scalar) > 0).all()


@pytest.mark.parametrize("epsilon", POLARISATIONS, ids=str)
def test_the_ytterbium_chain_does_not_see_the_longitudinal_propagator(epsilon: tuple) -> None:
    tensor = atomic_tensor(YB.J_e, YB.J_v, YB.J_g, epsilon)
    vector = {"mass": 0.05, "g_A": 1e-12, "g_L": ELEMENT, "g_R": NONE}
    feynman, unitary = (
        spectrum(tensor, axial=AXIAL, vector={**vector, "propagator": name}) for name in ("feynman", "unitary")
    )
    np.testing.assert_allclose(unitary, feynman, rtol=tolerance("chain-identity"))


def test_electromagnetic_moments_are_entirely_across_q() -> None:
    for moment in ("mu", "eps", "r2", "anapole"):
        options = {"electromagnetic": {moment: ELEMENT}}
        exact, averaged = (spectrum(t, **options) for t in (atomic_tensor(0, 1, 0, (1, 0, 0)), averaged_tensor()))
        np.testing.assert_allclose(exact, 1.5 * averaged, rtol=tolerance("chain-identity"))


@pytest.mark.parametrize(
    "options", [{"axial": AXIAL}, {"tensor": {"t": ELEMENT}}, {"axial": AXIAL, "nature": "majorana"}]
)
def test_three_polarisations_give_three_times_the_average(options: dict) -> None:
    transverse = sum(spectrum(atomic_tensor(2, 1, 0, e), **options) for e in ((1, 0, 0), (0, 1, 0)))
    longitudinal = sp.diag(sp.Rational(3, 10), sp.Rational(3, 10), sp.Rational(4, 10))
    np.testing.assert_allclose(
        transverse + spectrum(longitudinal, **options),
        3 * spectrum(averaged_tensor(), **options),
        rtol=tolerance("chain-identity"),
    )


def test_circular_light_shows_weak_electromagnetic_interference_linear_light_does_not() -> None:
    def asymmetry(r2: float) -> np.ndarray:
        left, right = (
            spectrum(atomic_tensor(0, 1, 0, (1, s * sp.I, 0)), axial=AXIAL, electromagnetic={"r2": r2 * ELEMENT})
            for s in (1, -1)
        )
        return left - right

    small, double, opposite = asymmetry(1e-27), asymmetry(2e-27), asymmetry(-1e-27)
    assert (small != 0).all()
    np.testing.assert_allclose(double, 2 * small, rtol=tolerance("chain-linear"))
    np.testing.assert_allclose(opposite, -small, rtol=tolerance("chain-linear"))
    plus, minus = (
        spectrum(atomic_tensor(0, 1, 0, (1, 0, 0)), axial=AXIAL, electromagnetic={"r2": s * 1e-27 * ELEMENT})
        for s in (1, -1)
    )
    np.testing.assert_allclose(plus, minus, rtol=tolerance("chain-identity"))


def test_weak_rate_of_ytterbium_disappears_at_threshold_in_the_exact_chain() -> None:
    first = YB.E_eg / 2 - (2 * MASSES[0]) ** 2 / (2 * YB.E_eg)
    arguments = {"E_eg": YB.E_eg, "E_vg": YB.E_vg, "masses": MASSES, "axial": AXIAL}
    exact = spectral_function(first - 1e-9, atomic_tensor=numbers(atomic_tensor(0, 1, 0, (1, 0, 0))), **arguments)
    averaged = spectral_function(first - 1e-9, **arguments)
    threshold_boost = (2 * MASSES[0] / (YB.E_eg - first)) ** 2  # 1/gamma^2 of the pair
    assert 0 < exact / averaged < 2 * threshold_boost


@pytest.mark.parametrize("symbol", list(renp.ATOMS))
def test_shipped_atoms_form_possible_chains(symbol: str) -> None:
    atom = renp.ATOMS[symbol]
    require_chain(*(AtomicState(level.J, level.parity) for level in (atom.e, atom.v, atom.g)))
