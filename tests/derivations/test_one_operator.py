"""One operator for every vector current of the electron: a left-handed charge radius is a shift of v_ij.

``r2 = -6 a`` makes of charge radius and anapole ``-a (q^2 gamma^mu - q^mu q-slash)(1 - gamma5)``. The electron's vector current
is conserved, so ``q^mu`` drops out, and ``q^2`` cancels the photon's propagator: what is left is the contact interaction of
``v_ij``. No atomic operator can tell the two apart.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import renp
import renp_generated
from derivations.processes.renp.amplitude import amplitude
from renp.generate import shipped
from tests.tolerances import tolerance

STEPS, NATURES, M1 = ("M1", "E1"), ("dirac", "majorana"), ("spin", "full")
RNG = np.random.default_rng(13)


def hermitian(n: int) -> np.ndarray:
    entries = RNG.normal(size=(n, n)) + 1j * RNG.normal(size=(n, n))
    return np.asarray(entries + entries.conj().T)


def contributions(pair_step: str, weights: dict[str, Fraction]) -> dict[tuple[Any, ...], tuple[Fraction, Fraction]]:
    """Return the amplitude of some matrices, one and the same up to its weight, by row and powers; 1/s of a photon included."""
    found: dict[tuple[Any, ...], tuple[Fraction, Fraction]] = defaultdict(lambda: (Fraction(0), Fraction(0)))
    for term in amplitude(shipped(), pair_step).terms:
        if term.neutrino in weights:
            c, weight = term.coefficient, weights[term.neutrino]
            powers = (c.qz, c.q0, c.s - (c.propagator == "photon"), c.d, c.M, c.m_e)
            key = (term.row, *powers, term.orbital)
            real, imag = found[key]
            found[key] = real + weight * c.real, imag + weight * c.imag
    return {key: value for key, value in found.items() if any(value)}


@pytest.mark.parametrize("pair_step", STEPS)
def test_a_left_handed_charge_radius_and_v_have_one_amplitude(pair_step: str) -> None:
    charge = contributions(pair_step, {"r2": Fraction(-6), "anapole": Fraction(1)})
    weak = contributions(pair_step, {"vector_weak": Fraction(1)})
    assert weak
    assert charge.keys() == weak.keys()
    # e a = (number) (G_F/sqrt2) v: the same real number for every row, and the same orbital part.
    ratios = {complex(*map(float, charge[key])) / complex(*map(float, weak[key])) for key in weak}
    assert ratios == {-1}


@pytest.mark.parametrize("light", ["averaged", "circular", "general"])
@pytest.mark.parametrize("m1", M1)
@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("pair_step", STEPS)
def test_a_left_handed_charge_radius_is_a_shift_of_v(pair_step: str, nature: str, m1: str, light: str) -> None:
    n = 3
    general = RNG.normal(size=(3, 3)) + 1j * RNG.normal(size=(3, 3))
    positive = general @ general.conj().T
    circular = np.array([[0.5, 0.5j, 0], [-0.5j, 0.5, 0], [0, 0, 0]])
    tensor = {"averaged": None, "circular": circular, "general": positive / positive.trace().real}[light]
    numbers = renp_generated.e1.CONSTANTS
    shift = 1e-3 * hermitian(n)
    # v = -(sqrt2/G_F) e a, with a in cm^2
    radius = -shift * numbers["hbar_c"] ** 2 / (numbers["sqrt2_over_G_F"] * numbers["e"])
    base = {
        "E_eg": 2.14349, "E_vg": 2.23072, "masses": [0.01, 0.05, 0.2], "nature": nature, "pair_step": pair_step,
        "atomic_tensor": tensor, "m1": m1,
    }  # fmt: skip
    # In an M1 step the axial current is larger by m_e/q: without it the comparison sees the vector current alone.
    for axial in (np.zeros((n, n)), 1e-6 * hermitian(n)):
        weak = {"axial": axial, "vector_weak": 1e-3 * hermitian(n)}
        moved = weak | {"vector_weak": weak["vector_weak"] + shift}
        charge = {"r2": -6 * radius, "anapole": radius}
        for own in (None, m1):
            left = renp_generated.spectral_function([0.3, 1.02], **base, **weak, electromagnetic=charge | {"m1": own})
            right = renp_generated.spectral_function([0.3, 1.02], **base, **moved)
            np.testing.assert_allclose(left, right, rtol=tolerance("one-operator"), atol=0)
        with mpmath.workdps(30):
            exact = renp_generated.spectral_function_exact(
                0.3, number=mpmath.mpf, root=mpmath.sqrt, **base, **weak, electromagnetic=charge
            )
        assert abs(float(exact) / right[0] - 1) < tolerance("one-operator")


def test_a_group_with_its_own_operator_is_told_apart() -> None:
    """The weak current follows the call, the form factors what their group says; without it the call as well."""
    charge = {"r2": 1e-26 * np.eye(2), "mu": 1e-10 * np.eye(2)}
    base = {"E_eg": 2.0, "E_vg": 2.1, "masses": [0.01, 0.1], "axial": np.zeros((2, 2))}
    form = {
        (m1, own): float(renp_generated.spectral_function(0.7, **base, m1=m1, electromagnetic=charge | {"m1": own}))
        for m1 in M1
        for own in (None, *M1)
    }
    assert form["spin", None] == form["spin", "spin"] == form["full", "spin"] == 4 * form["full", None]
    assert form["full", None] == form["full", "full"] == form["spin", "full"]
    weak = {m1: renp_generated.spectral_function(0.7, **base, m1=m1, vector_weak=np.eye(2)) for m1 in M1}
    assert weak["spin"] == 4 * weak["full"] > 0
    axial = base | {"axial": np.eye(2)}
    assert renp_generated.spectral_function(0.7, **axial, m1="full") == renp_generated.spectral_function(0.7, **axial)
    dipole = {
        m1: renp_generated.spectral_function(0.7, **base, m1=m1, pair_step="E1", vector_weak=np.eye(2)) for m1 in M1
    }
    assert dipole["spin"] == dipole["full"] > 0


OWN = """
name = "contact"
title = "Vector contact"
description = "For the tests."
references = []
propagator = { kind = "contact", factor = "G_F/sqrt(2)" }
terms = [ { coupling = "c", electron = "gamma(mu)", neutrino = "gamma(mu) (1 - gamma5)" } ]
"""


@pytest.mark.parametrize("pair_step", STEPS)
def test_a_vector_current_of_a_file_follows_as_well(pair_step: str, tmp_path: Path) -> None:
    """A contact term with the operator of v_ij is a shift of v_ij, whatever m1 says, and its group may say otherwise."""
    path = tmp_path / "contact.toml"
    path.write_text(OWN, encoding="utf-8")
    model = renp.Model(str(path))
    v, c = hermitian(2), hermitian(2)
    base = {"E_eg": 2.0, "E_vg": 2.1, "masses": [0.01, 0.1], "axial": np.zeros((2, 2)), "pair_step": pair_step}
    rates = {}
    for m1 in M1:
        rates[m1] = shifted = renp_generated.spectral_function(0.7, **base, vector_weak=v + c, m1=m1)
        for own in (None, m1):
            found = model.spectral_function(0.7, **base, vector_weak=v, m1=m1, contact={"c": c, "m1": own})
            assert abs(found / shifted - 1) < tolerance("one-operator")
    other = model.spectral_function(0.7, **base, m1="spin", contact={"c": v + c, "m1": "full"})
    assert abs(other / rates["full"] - 1) < tolerance("one-operator")
    assert (rates["spin"] == rates["full"]) == (pair_step == "E1")
