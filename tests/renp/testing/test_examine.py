"""``renp.testing.examine``: a stranger's slips are found and named, what is right is not blamed, bad code is reported."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

import renp
from derivations.written.text import parse_text
from renp.model import Model
from renp.testing import examine
from renp.testing.black_box import diagnosis
from tests.renp.testing import stranger

NAMES = {
    "w": "omega", "E0": "E_eg", "E1": "E_vg", "m": "masses", "a": "axial", "MZ": "vector.mass", "gA": "vector.g_A",
    "gL": "vector.g_L", "gR": "vector.g_R",
}  # fmt: skip
EXPECTED = {
    "sign": ("sign", {"g_A Re(a_ij conj(g_R_ij))", "g_A^2 Re(g_L_ij conj(g_R_ij))"}),
    "conjugation": ("conjugation", {"g_A Re(a_ij conj(g_R_ij))", "g_A Re(a_ij g_R_ij)"}),
    "mass": ("mass_term", {"Re(a_ij^2)", "g_A Re(a_ij conj(g_R_ij))"}),
    "majorana": ("majorana", {"g_A Re(a_ij g_R_ij)", "g_A^2 Re(g_L_ij g_R_ij)"}),
    "kinematics": ("kinematics", {"abs(a_ij)^2", "Re(a_ij^2)", "g_A^2 abs(g_R_ij)^2"}),
    "closed": ("step_function", {""}),
    "propagator": ("propagator", {"g_A^2 abs(g_L_ij)^2", "g_A Re(a_ij conj(g_R_ij))"}),
    "factor": ("factor", {"g_A^2 abs(g_L_ij)^2", "g_A Re(a_ij conj(g_L_ij))"}),
    "phase": ("phase", {"g_A Re(a_ij conj(g_L_ij))", "g_A^2 Re(g_L_ij^2)"}),
    "chirality": ("chirality", {"g_A Re(a_ij conj(g_L_ij))", "g_A Re(a_ij conj(g_R_ij))"}),
    "index": ("conjugation", {"g_A Re(a_ij conj(g_R_ij))", "g_A Re(a_ij g_R_ij)"}),
}
"""Kind of each slip, and some of the products of couplings that it makes wrong."""


def examined(slip: str | None) -> Any:
    return examine(partial(stranger.spectrum, slip=slip), model=Model("vector"), names=NAMES)


@pytest.mark.parametrize("slip", stranger.SLIPS)
def test_every_slip_of_a_stranger_is_found_and_named(slip: str) -> None:
    report = examined(slip)
    kind, couplings = EXPECTED[slip]
    assert not report.passed
    assert report.verdict == "refuted"
    assert [one["kind"] for one in report.diagnosis] == [kind]
    assert {finding.kind for finding in report.findings} == {kind}
    assert couplings <= {finding.coupling for finding in report.findings}
    assert kind in str(report)


def test_the_right_version_is_confirmed_and_what_it_does_not_take_is_said() -> None:
    report = examined(None)
    assert report.passed
    assert report.findings == ()
    assert report.not_covered == ("vector_weak", "vector.width", "vector.g_V")
    assert any(note.startswith("loses digits below 1e-") for note in report.notes)
    assert all(one.agrees and one.deviation < 1e-12 for one in report.compared)
    assert {"abs(a_ij)^2", "g_A^2 Re(g_L_ij g_R_ij)"} <= {one.coupling for one in report.compared}


# ---------------------------------------------------------------- the weak current, as papers print it


def weak(omega, E_eg, E_vg, masses, axial, nature="dirac", interference=1.0):  # type: ignore[no-untyped-def]
    omega = np.asarray(omega)
    total = np.zeros(omega.shape)
    for i, m_i in enumerate(masses):
        for j, m_j in enumerate(masses):
            s = E_eg * (E_eg - 2 * omega)
            root = np.sqrt(np.maximum((s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2), 0)) / s
            inner = s + omega**2 / 2 - omega**2 * root**2 / 6 - (m_i**2 + m_j**2) / 2
            inner -= (E_eg - omega) ** 2 * (m_i**2 - m_j**2) ** 2 / (2 * s**2)
            a = axial[i, j]
            bracket = abs(a) ** 2 * inner / 3 - (nature == "majorana") * interference * m_i * m_j * (a * a).real
            total += np.where(s > (m_i + m_j) ** 2, root / (E_vg - omega) ** 2 * bracket, 0)
    return total


def dirac(omega, E_eg, E_vg, masses, axial):  # type: ignore[no-untyped-def]
    return weak(omega, E_eg, E_vg, masses, axial)


def majorana(omega, E_eg, E_vg, masses, axial):  # type: ignore[no-untyped-def]
    return weak(omega, E_eg, E_vg, masses, axial, "majorana")


def one_at_a_time(omega, E_eg, E_vg, masses, axial, nature):  # type: ignore[no-untyped-def]
    if omega >= E_eg / 2:
        return 0.0
    return math.sqrt(float(weak(omega, E_eg, E_vg, masses, axial, nature)) ** 2)


def anything(omega, **keywords):  # type: ignore[no-untyped-def]
    return renp.spectral_function(omega, **keywords)


def changed(change: Callable[..., Any]) -> Callable[..., Any]:
    def function(omega, E_eg, E_vg, masses, axial, nature):  # type: ignore[no-untyped-def]
        return change(weak(omega, E_eg, E_vg, masses, axial, nature), omega, masses, axial)

    return function


@pytest.mark.parametrize(
    "function",
    [
        weak, dirac, majorana, one_at_a_time,
        changed(lambda rate, *_: rate.tolist()),
        changed(lambda rate, *_: rate + 0j),
        changed(lambda rate, omega, masses, axial: (rate, masses.fill(0), axial.fill(0))[0]),
        changed(lambda rate, *_: rate.astype(np.float32)),
        lambda omega, *, E_eg, E_vg, masses, axial, delta_M: weak(omega, E_eg, E_vg, masses, axial, ("dirac", "majorana")[delta_M]),
        partial(renp.spectral_function),
        anything,
        renp.spectral_function,
        Model().spectral_function,
    ],
)  # fmt: skip
def test_what_is_right_is_confirmed_however_it_is_called(function: Callable[..., Any]) -> None:
    report = examine(function, examples=0)
    assert report.passed, str(report)
    assert report.natures == {dirac: ("dirac",), majorana: ("majorana",)}.get(function, ("dirac", "majorana"))  # type: ignore[arg-type]


def test_functions_of_jax_are_examined_like_all_others() -> None:
    jax = pytest.importorskip("jax")
    jnp = jax.numpy

    @jax.jit
    def function(omega, E_eg, E_vg, masses, axial, delta_M):  # type: ignore[no-untyped-def]
        w, m_i, m_j = omega[:, None, None], masses[:, None], masses[None, :]
        s = E_eg * (E_eg - 2 * w)
        root = jnp.sqrt(jnp.maximum(s - (m_i + m_j) ** 2, 0) * (s - (m_i - m_j) ** 2)) / s
        inner = s + w**2 / 2 - w**2 * root**2 / 6 - (m_i**2 + m_j**2) / 2
        inner -= (E_eg - w) ** 2 * (m_i**2 - m_j**2) ** 2 / (2 * s**2)
        bracket = jnp.abs(axial) ** 2 * inner / 3 - delta_M * m_i * m_j * jnp.real(axial**2)
        return jnp.sum(root / (E_vg - w) ** 2 * bracket, axis=(1, 2))

    before = jax.config.jax_enable_x64
    try:
        jax.config.update("jax_enable_x64", True)
        report = examine(function, examples=0)
        assert report.passed, str(report)
        jax.config.update("jax_enable_x64", False)
        report = examine(function, examples=0)
        assert "it computes in single precision: everything is compared to 0.0001" in report.notes
    finally:
        jax.config.update("jax_enable_x64", before)


def in_single_precision(omega, E_eg, E_vg, masses, axial, nature):  # type: ignore[no-untyped-def]
    single = [np.float32(value) for value in (omega, E_eg, E_vg, masses)]
    return weak(*single, np.complex64(axial), nature).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_what_single_precision_cannot_resolve_is_no_slip(seed: int) -> None:
    report = examine(in_single_precision, seed=seed)
    assert report.passed, str(report)
    assert "it computes in single precision: everything is compared to 0.0001" in report.notes


def test_a_factor_is_told_with_the_product_and_the_pairs_that_it_belongs_to() -> None:
    def function(omega, E_eg, E_vg, masses, axial, nature):  # type: ignore[no-untyped-def]
        once = np.array(axial) * np.where(np.eye(len(masses)), 1, math.sqrt(2) * 1j)
        return weak(omega, E_eg, E_vg, masses, once, nature)

    report = examine(function)
    texts = {finding.coupling: finding.text for finding in report.findings}
    assert texts["abs(a_ij)^2"] == "off by a factor 2 for i != j"
    assert texts["Re(a_ij^2)"] == "off by a factor -2 for Majorana neutrinos"


def test_a_factor_of_the_whole_is_told_once() -> None:
    report = examine(lambda omega, **arguments: 3 * renp.spectral_function(omega, **arguments))
    assert [one["change"] for one in report.diagnosis] == ["the whole is off by a factor 3"]
    assert {finding.kind for finding in report.findings} == {"factor"}


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda **arguments: 0, "it gives 0 everywhere"),
        (changed(lambda rate, *_: 0 * rate), "it gives 0 everywhere"),
        (lambda omega, E_eg, E_vg, masses, axial, nature: weak(omega, E_eg, E_vg, masses, np.diag(np.diag(axial)), nature),
         "one slip, factor: pairs of different neutrinos are missing"),
        (lambda omega, E_eg, E_vg, masses, axial: weak(omega, E_eg, E_vg, masses, axial * (1 - np.eye(len(masses)))),
         "one slip, factor: pairs of equal neutrinos are missing"),
        (changed(lambda rate, *_: 2 * np.pi * rate), "one slip, factor: the whole is off by a factor 6.2831853 (2 pi)"),
    ],
)  # fmt: skip
def test_what_is_missing_or_off_as_a_whole_is_no_slip_of_a_formula(function: Callable[..., Any], reason: str) -> None:
    assert examine(function, examples=0).reason == reason


def test_a_slip_without_a_name_is_reported_with_the_product() -> None:
    report = examine(changed(lambda rate, omega, *_: rate * (1 + 0.01 * omega**3)))
    assert {finding.coupling for finding in report.findings} == {"abs(a_ij)^2", "Re(a_ij^2)"}
    assert report.diagnosis[0]["kind"] == "several"


def test_a_constant_with_other_digits_is_a_note() -> None:
    model = Model("tensor")

    def function(omega, E_eg, E_vg, masses, axial, nature, t):  # type: ignore[no-untyped-def]
        group = {"t": np.asarray(t) * (1 + 1e-6)}
        return model.spectral_function(
            omega, E_eg=E_eg, E_vg=E_vg, masses=masses, axial=axial, nature=nature, tensor=group
        )

    report = examine(function, model=model)
    assert report.passed, str(report)
    assert any("abs(t_ij)^2 (+2.0e-06)" in note for note in report.notes)


@pytest.mark.parametrize("fermi", [1.1663788e-23, 1.16637e-23])
def test_other_digits_of_a_constant_are_a_note_wherever_products_cancel(fermi: float) -> None:
    def boson(w, E_eg, E_vg, m, a, MZ, gA, gL, nature):  # type: ignore[no-untyped-def]
        contact = gA / (np.sqrt(2) * fermi * (E_eg * (E_eg - 2 * w) - MZ**2))
        rows = [
            renp.spectral_function(omega, E_eg=E_eg, E_vg=E_vg, masses=m, axial=a + factor * gL, nature=nature)
            for omega, factor in zip(w, contact, strict=True)
        ]
        return np.array(rows)

    names = {"w": "omega", "m": "masses", "a": "axial"} | {name: NAMES[name] for name in ("MZ", "gA", "gL")}
    for seed in range(3):
        report = examine(boson, model=Model("vector"), names=names, seed=seed)
        assert report.passed, str(report)
        assert any("other digits of a constant" in note for note in report.notes)


def test_pairs_that_are_counted_wrongly_are_named() -> None:
    def function(omega, E_eg, E_vg, masses, axial, nature):  # type: ignore[no-untyped-def]
        diagonal = np.diag(np.diag(axial))
        both = weak(omega, E_eg, E_vg, masses, axial, nature)
        return (both + weak(omega, E_eg, E_vg, masses, diagonal, nature)) / 2

    report = examine(function)
    assert report.reason == "one slip, factor: pairs of neutrinos with i != j enter with a factor 1/2"


def test_a_wrong_width_is_found() -> None:
    model = Model("vector")

    def function(omega, E_eg, E_vg, masses, axial, nature, vector):  # type: ignore[no-untyped-def]
        vector["width"] *= 2
        return model.spectral_function(
            omega, E_eg=E_eg, E_vg=E_vg, masses=masses, axial=axial, nature=nature, vector=vector
        )

    report = examine(function, model=model)
    assert {finding.kind for finding in report.findings} == {"propagator"}
    assert all(finding.text.endswith("with a width") for finding in report.findings)


def test_a_sum_over_pairs_that_is_wrong_is_found() -> None:
    def second(omega, E_eg, E_vg, masses, axial, nature):  # type: ignore[no-untyped-def]
        more = np.array(axial)
        more[1:2, 2:3] *= 2
        return weak(omega, E_eg, E_vg, masses, more, nature)

    report = examine(second)
    assert [finding.kind for finding in report.findings] == ["index_swap"]
    assert "the pair of neutrinos 2 and 3 is off by a factor 5/2" in report.findings[0].text


def test_what_is_wrong_in_further_arguments_is_found() -> None:
    def function(omega, E_eg, E_vg, masses, axial, nature, imprinted_momentum=0.0):  # type: ignore[no-untyped-def]
        return weak(omega, E_eg, E_vg, masses, axial, nature)

    report = examine(function)
    assert [finding.kind for finding in report.findings] == ["kinematics"]
    assert "with imprinted_momentum=0.01" in report.findings[0].text


# ---------------------------------------------------------------- what stands behind the sum


def bracket(omega, E_eg, m_i, m_j, a_ij, delta_M):  # type: ignore[no-untyped-def]
    s = E_eg * (E_eg - 2 * omega)
    root = np.sqrt((s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2)) / s
    split = (E_eg - omega) ** 2 * (m_i**2 - m_j**2) ** 2 / (2 * s**2)
    inner = s + omega**2 / 2 - omega**2 * root**2 / 6 - (m_i**2 + m_j**2) / 2 - split
    return abs(a_ij) ** 2 * inner / 3 - delta_M * m_i * m_j * (a_ij**2).real


def spin_sum(omega, E_eg, E_nu, m_i, m_j, a_ij, delta_M):  # type: ignore[no-untyped-def]
    inner = (E_eg * (E_eg - 2 * omega) - m_i**2 - m_j**2) / 2
    momenta = E_nu * (E_eg - omega - E_nu) - inner
    return abs(a_ij) ** 2 * (inner + 2 * momenta / 3) - delta_M * m_i * m_j * (a_ij**2).real


def scalar_as_printed(omega, E_eg, m_i, m_j, M, y_P, y_S_ij, y_P_ij, a_ij, delta_M):  # type: ignore[no-untyped-def]
    """GP22 28-29: the interference has lost a factor i of the electron's operator."""
    s, G_F, m_e = E_eg * (E_eg - 2 * omega), 1.1663787e-23, 510998.95
    plus, minus = 1 - (m_i + m_j) ** 2 / s, 1 - (m_i - m_j) ** 2 / s
    squares = abs(y_S_ij) ** 2 * s * plus + (1 - delta_M) * abs(y_P_ij) ** 2 * s * minus
    crossed = (a_ij * np.conj(y_S_ij)).real * (m_i - m_j) * plus
    crossed -= (1 - delta_M) * (a_ij * np.conj(y_P_ij)).imag * (m_i + m_j) * minus
    total = y_P**2 * omega**2 * squares / (24 * m_e**2 * G_F**2 * (s - M**2) ** 2)
    total += y_P * omega**2 * crossed / (6 * np.sqrt(2) * G_F * m_e * (s - M**2))
    return bracket(omega, E_eg, m_i, m_j, a_ij, delta_M) + total


@pytest.mark.parametrize(
    ("function", "quantity"),
    [
        (bracket, "bracket"),
        (lambda E_vg, omega, Delta_ij, **rest: Delta_ij / (E_vg - omega) ** 2 * bracket(omega, **{
            name: rest[name] for name in ("E_eg", "m_i", "m_j", "a_ij", "delta_M")
        }), "summand"),
        (spin_sum, "spin_sum"),
        (lambda E_eg, omega: E_eg**2 - 2 * E_eg * omega, "pair_mass_squared"),
        (lambda E_eg, m_i, m_j: E_eg / 2 - (m_i + m_j) ** 2 / (2 * E_eg), "threshold"),
        (lambda q0, s, m_i, m_j, omega, Delta_ij: q0 / 2 * (1 + (m_i**2 - m_j**2) / s) - omega * Delta_ij / 2, "energy_min"),
        (lambda q0, s, m_i, m_j, omega, Delta_ij: q0 / 2 * (1 + (m_i**2 - m_j**2) / s) + omega * Delta_ij / 2, "energy_max"),
    ],
)  # fmt: skip
def test_every_quantity_is_confirmed_where_it_is_right(function: Callable[..., Any], quantity: str) -> None:
    arguments = {"v_ij": 0.0} if quantity == "summand" else None
    report = examine(function, quantity=quantity, arguments=arguments)
    assert report.passed, str(report)


@pytest.mark.parametrize(
    ("function", "quantity", "kind", "change"),
    [
        (lambda E_eg, omega: E_eg**2 - 2 * omega, "pair_mass_squared", "kinematics", "a lost factor E_eg of 2*omega"),
        (lambda E_eg, m_i, m_j: E_eg / 2 - (m_i + m_j) ** 2 / E_eg, "threshold", "factor", ""),
        (lambda q0, s, m_i, m_j, omega, Delta_ij: q0 / 2 * (1 + (m_j**2 - m_i**2) / s) - omega * Delta_ij / 2, "energy_min",
         "index_swap", "i and j of"),
        (lambda omega, E_eg, m_i, m_j, a_ij, delta_M: bracket(omega, E_eg, m_i, m_j, a_ij, -delta_M), "bracket", "majorana",
         "the sign of delta_M*m_i*m_j*Re(a_ij^2) is wrong"),
        (lambda omega, E_eg, E_nu, m_i, m_j, a_ij, delta_M: 2 * spin_sum(omega, E_eg, E_nu, m_i, m_j, a_ij, delta_M), "spin_sum",
         "factor", "a factor 2 of"),
    ],
)  # fmt: skip
def test_slips_of_every_quantity_are_named(function: Callable[..., Any], quantity: str, kind: str, change: str) -> None:
    report = examine(function, quantity=quantity)
    assert report.diagnosis[0]["kind"] == kind
    assert change in report.diagnosis[0]["change"]
    assert report.diagnosis[0]["corrected"]


def test_the_printed_scalar_formula_is_refuted_in_its_interference() -> None:
    report = examine(scalar_as_printed, quantity="bracket", model=Model("scalar"), nature="dirac")
    wrong = {finding.coupling: finding.text for finding in report.findings}
    assert wrong == {"y_P Re(a_ij conj(y_P_ij))": "missing", "y_P Im(a_ij conj(y_S_ij))": "missing"}
    right = {one.coupling for one in report.compared if one.agrees}
    assert {"abs(a_ij)^2", "y_P^2 abs(y_S_ij)^2", "y_P^2 abs(y_P_ij)^2"} <= right


# ---------------------------------------------------------------- tables, and couplings that are built in

BUILT_IN = {
    "E_eg": 2.14349, "E_vg": 2.23072, "masses": [0.01, 0.05, 0.1],
    "axial": np.array([[0.2, 0.1 + 0.1j, 0], [0.1 - 0.1j, -0.2, 0.05], [0, 0.05, -0.5]]),
}  # fmt: skip
ENERGIES = np.linspace(0.3, 1.06, 40)


def test_a_table_is_compared_and_its_slip_is_named() -> None:
    rates = weak(ENERGIES, nature="majorana", **BUILT_IN)
    right = examine({"w": ENERGIES, "values": np.round(rates, 9), **BUILT_IN}, names={"w": "omega"})
    assert right.passed
    assert right.natures == ("majorana",)
    wrong = weak(ENERGIES, nature="majorana", interference=-1.0, **BUILT_IN)
    for report in (
        examine({"omega": ENERGIES, "spectral_function": wrong, "nature": "majorana", **BUILT_IN}),
        examine(np.c_[ENERGIES, wrong], arguments=BUILT_IN, nature="majorana"),
    ):
        assert report.diagnosis[0]["kind"] == "majorana"
        assert report.findings[0].arguments["axial"] is BUILT_IN["axial"]


@pytest.mark.parametrize(
    ("factor", "reason"),
    [(0.0, "it gives 0 everywhere"), (2 * np.pi, "one slip, factor: the whole is off by a factor 6.2831853 (2 pi)")],
)
def test_a_table_that_is_off_as_a_whole_is_told_as_that(factor: float, reason: str) -> None:
    rates = factor * weak(ENERGIES, nature="majorana", **BUILT_IN)
    assert examine({"omega": ENERGIES, "values": rates, **BUILT_IN}).reason == reason


def test_a_function_with_couplings_built_in_is_compared() -> None:
    def function(x):  # type: ignore[no-untyped-def]
        return 2 * weak(x, nature="majorana", **BUILT_IN)

    report = examine(function, names={"x": "omega"}, arguments={**BUILT_IN, "nature": "majorana"})
    assert report.diagnosis[0]["kind"] == "factor"
    assert "off by a factor 2" in report.findings[0].text


# ---------------------------------------------------------------- what a call does wrong


def raises_late(omega, E_eg, masses, axial):  # type: ignore[no-untyped-def]
    if np.max(omega) > E_eg / 4:
        raise KeyError("no such energy")
    return 0.0 * omega


RANDOM = np.random.default_rng(1)


@pytest.mark.parametrize(
    ("function", "kind", "words"),
    [
        (lambda w, Eg, m: w, "arguments", "the function requires w, Eg, m"),
        (lambda E_eg, masses=None: 1.0, "arguments", "the function takes no omega"),
        (lambda omega, axial: omega, "arguments", "the function takes no masses"),
        (lambda omega, masses: omega, "arguments", "the function takes no coupling"),
        (lambda omega, masses, axial: 1 / 0, "raises", "ZeroDivisionError: division by zero"),
        (raises_late, "raises", "KeyError: 'no such energy'"),
        (lambda omega, masses, axial: np.zeros((2, 2)), "shape", "the shape (2, 2)"),
        (changed(lambda rate, *_: rate[:, None]), "shape", "it returns the shape (5, 1) for photon energies of the shape (5,)"),
        (lambda omega, masses, axial: None, "shape", "it returns None"),
        (lambda omega, masses, axial: "much", "shape", "it returns 'much'"),
        (lambda omega, masses, axial: omega * np.nan, "not_a_number", "it gives nan, at omega="),
        (changed(lambda rate, *_: rate * (1 + 1j)), "complex", "it returns a complex number"),
        (changed(lambda rate, *_: rate * RANDOM.normal()), "not_deterministic", "the same call gives"),
        (changed(lambda rate, *_: rate + 1e-3), "not_quadratic", "4 times"),
        (changed(lambda rate, *_: np.sqrt(rate)), "not_quadratic", "4 times"),
    ],
)  # fmt: skip
def test_bad_code_is_a_finding_with_its_arguments(function: Callable[..., Any], kind: str, words: str) -> None:
    report = examine(function)
    assert not report.passed
    assert [finding.kind for finding in report.findings] == [kind]
    assert words in report.findings[0].text
    assert not str(report).splitlines()[0].endswith("..")
    assert "\n" not in report.findings[0].text
    if kind != "arguments":
        assert "axial" in report.findings[0].arguments


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"nature": "both of them"}, ValueError, "nature must be one of"),
        ({"quantity": "rate"}, ValueError, "quantity must be one of"),
        ({"model": "vector"}, TypeError, "model must be a renp.Model"),
        ({"points": 0}, ValueError, "points must be a whole number from 1 to 1000"),
        ({"examples": -1}, ValueError, "examples must be a whole number from 0 to 1000"),
        ({"tolerance": 2.0}, ValueError, "tolerance must lie between 0 and 1"),
        ({"names": {"x": "omega"}}, ValueError, "the function has no argument 'x'"),
        ({"names": {"axial": "charge"}}, ValueError, "'charge' is nothing that can be passed"),
        ({"names": {"axial": 3}}, ValueError, "names maps names to names"),
        ({"arguments": {"charge": 1}}, ValueError, "'charge' is nothing that can be held"),
        ({"arguments": {"axial": [[1.0]]}}, ValueError, "axial must have the shape (3, 3)"),
        ({"function": 3}, TypeError, "function must be callable or a table of two columns, found int"),
        ({"function": None}, TypeError, "function must be callable or a table of two columns, found NoneType"),
        ({"function": [1.0, 2.0]}, TypeError, "two columns"),
        ({"names": ["omega"]}, TypeError, "names must be a mapping"),
        ({"names": "omega", "function": {"omega": [1.0], "values": [1.0]}}, TypeError, "names must be a mapping"),
        ({"arguments": [1]}, TypeError, "arguments must be a mapping of our names to values, found [1]"),
        ({"seed": "a"}, ValueError, "seed must be a whole number of at least 0, found 'a'"),
        ({"seed": 1.5}, ValueError, "seed must be a whole number of at least 0, found 1.5"),
        ({"seed": -1}, ValueError, "seed must be a whole number of at least 0, found -1"),
        ({"tolerance": "a"}, ValueError, "tolerance must lie between 0 and 1, found 'a'"),
        ({"arguments": {"nature": "Majorana"}}, ValueError, "nature must be one of dirac, majorana, found 'Majorana'"),
        ({"arguments": {"masses": "a"}}, TypeError, "masses must be a list of numbers, found 'a'"),
        ({"arguments": {"axial": "a"}}, TypeError, "axial must hold numbers, found 'a'"),
        ({"function": {"omega": [1.0], "values": [1.0], "nature": "Majorana"}}, ValueError, "nature must be one of"),
        ({"function": {"omega": [], "values": []}}, ValueError, "omega of a table must hold photon energies, found []"),
        ({"function": {"omega": [1.0], "values": [1.0], "E_eg": "a"}}, TypeError, "E_eg must be a number, found 'a'"),
        ({"function": "much"}, TypeError, "callable or a table"),
        ({"function": {"omega": [1.0]}}, ValueError, "a table is a mapping with omega and spectral_function"),
        ({"function": {"omega": [1.0], "values": [1.0]}}, ValueError, "E_eg is missing"),
        ({"function": {"omega": [1.0], "values": [1.0], "E_eg": 2.1, "E_vg": 2.2, "masses": [0.1]}}, ValueError, "couplings"),
        ({"function": {"omega": [1.0], "values": [1.0, 2.0]}}, ValueError, "must have one shape"),
        ({"function": {"omega": [1.0], "values": [1.0]}, "quantity": "bracket"}, ValueError, "a table holds a spectral_function"),
    ],
)  # fmt: skip
def test_mistakes_of_the_caller_are_one_line(options: dict[str, Any], error: type[Exception], words: str) -> None:
    options = {"function": weak, **options}
    with pytest.raises(error) as caught:
        examine(options.pop("function"), **options)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------- reports


def test_a_report_is_plain_data_and_the_same_whatever_the_hash_seed() -> None:
    code = "import json; from tests.renp.testing.test_examine import *; print(json.dumps(examined('sign').as_json()))"
    environment = {"PYTHONHASHSEED": "1", "PATH": ""}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stdout == json.dumps(examined("sign").as_json()) + "\n"
    assert result.stdout.startswith('{"verdict": "refuted", "passed": false')


def test_examine_needs_no_hypothesis() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from renp.testing import examine\n"
        "print(examine(lambda E_eg, omega: E_eg**2 - 2 * E_eg * omega, quantity='pair_mass_squared').passed)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "True\n"


def test_a_long_formula_is_cut_at_a_whole_factor() -> None:
    node = parse_text("Delta_ij/(E_vg - omega)^2*(I_D*abs(a_ij)^2 - delta_M*m_i*m_j*Re(a_ij^2))")
    assert diagnosis._short(node) == "Delta_ij/(E_vg - omega)^2*(I_D*abs(a_ij)^2 - delta_M*m_i ..."


def test_quantities_of_other_processes_are_refused_by_name() -> None:
    with pytest.raises(
        ValueError, match=r"^quantity must be one of spectral_function, [^\n]*energy_max, found 'plasmon_decay'$"
    ):
        examine(lambda omega: 1.0, quantity="plasmon_decay")
