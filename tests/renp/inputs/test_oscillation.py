"""Oscillation sets: angles and splittings come back from masses and mixing, weak couplings obey their identities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renp.inputs.atoms import ATOMS
from renp.inputs.benchmarks import BENCHMARK_SET
from renp.inputs.oscillation import (
    OSCILLATION_SETS,
    axial_couplings,
    default_set,
    masses,
    mixing_matrix,
    vector_couplings,
)
from renp.testing.strategies import mixing_matrices, shares, simplest
from tests.tolerances import tolerance

EVERY_SET = pytest.mark.parametrize("name", OSCILLATION_SETS)


@EVERY_SET
def test_every_number_has_a_source_that_prints_it_or_names_its_table(name: str) -> None:
    chosen = OSCILLATION_SETS[name]
    for key in ("sin2_theta12", "sin2_theta13", "sin2_theta23", "delta_cp", "solar", "atmospheric"):
        assert len(getattr(chosen, key).source) > 20
    assert "arXiv:" in chosen.reference


@EVERY_SET
def test_the_mixing_matrix_is_unitary_and_gives_back_the_angles(name: str) -> None:
    chosen = OSCILLATION_SETS[name]
    U = mixing_matrix(name, (0.7, -1.9))
    assert abs(U @ U.conj().T - np.eye(3)).max() < tolerance("mixing")
    e3 = abs(U[0, 2]) ** 2
    assert abs(e3 - chosen.sin2_theta13.value) < tolerance("mixing")
    assert abs(abs(U[0, 1]) ** 2 / (1 - e3) - chosen.sin2_theta12.value) < tolerance("mixing")
    assert abs(abs(U[1, 2]) ** 2 / (1 - e3) - chosen.sin2_theta23.value) < tolerance("mixing")


@EVERY_SET
def test_the_dirac_phase_is_the_one_of_the_jarlskog_invariant(name: str) -> None:
    chosen = OSCILLATION_SETS[name]
    U = mixing_matrix(name, (0.3, 1.1))
    jarlskog = (U[0, 0] * U[1, 1] * U[0, 1].conj() * U[1, 0].conj()).imag
    s12, s13, s23 = (np.sqrt(angle.value) for angle in (chosen.sin2_theta12, chosen.sin2_theta13, chosen.sin2_theta23))
    c12, c13, c23 = (np.sqrt(1 - s**2) for s in (s12, s13, s23))
    expected = c12 * s12 * c23 * s23 * c13**2 * s13 * np.sin(np.radians(chosen.delta_cp.value))
    assert abs(jarlskog - expected) < tolerance("mixing")
    assert jarlskog < 0  # every shipped fit has a phase in the lower half plane


def test_majorana_phases_multiply_columns_by_half_the_phase() -> None:
    plain = mixing_matrix("nufit-6.0-no")
    phased = mixing_matrix("nufit-6.0-no", (0.8, 2.2))
    assert np.allclose(phased, plain * np.exp(1j * np.array([0.0, 0.4, 1.1])), rtol=tolerance("mixing"), atol=0)


@EVERY_SET
@pytest.mark.parametrize("lightest", [0.0, 1e-5, 0.01, 0.3])
def test_masses_give_back_the_splittings_in_the_meaning_of_the_source(name: str, lightest: float) -> None:
    chosen = OSCILLATION_SETS[name]
    m1, m2, m3 = masses(name, lightest)
    lower = m1 if chosen.splitting == "31" else m2
    assert abs((m2**2 - m1**2) / chosen.solar.value - 1) < tolerance("mass-splitting")
    assert abs((m3**2 - lower**2) / chosen.atmospheric.value - 1) < tolerance("mass-splitting")
    if chosen.ordering == "normal":
        assert m1 == lightest
        assert m1 < m2 < m3
    else:
        assert m3 == lightest
        assert m3 < m1 < m2


def test_the_scan_frequencies_of_the_moment_study_open_one_channel_after_the_other() -> None:
    # GP23b chose six photon energies so that each separates one more pair: the benchmark must reproduce that.
    m = masses("desalas-2021-benchmark", 0.01)
    E_eg = ATOMS["Yb"].E_eg
    pairs = [(m[i] + m[j]) ** 2 for i in range(3) for j in range(i, 3)]
    opened = [
        sum(omega < E_eg / 2 - pair / (2 * E_eg) for pair in pairs)
        for omega in (1.069, 1.07, 1.0708, 1.0712, 1.0716, 1.07164)
    ]
    assert opened == [6, 5, 4, 3, 2, 1]


@EVERY_SET
def test_axial_couplings_of_a_unitary_matrix_are_half_a_reflection(name: str) -> None:
    # a = P - 1/2 with a projector P of rank one, so a^2 = 1/4 and trace a = 1 - 3/2.
    a = axial_couplings(mixing_matrix(name, (1.0, 2.0)))
    assert np.array_equal(a, a.conj().T)
    assert abs(a @ a - np.eye(3) / 4).max() < tolerance("mixing")
    assert abs(a.trace() + 0.5) < tolerance("mixing")


@given(
    st.integers(1, 5).flatmap(lambda n: mixing_matrices(min(n, 3), n)),
    st.lists(shares(0.0, 6.0), min_size=5, max_size=5),
)
def test_axial_couplings_follow_a_rephasing_of_the_mass_states(U: Any, angles: list[float]) -> None:
    phases = np.exp(1j * np.array(angles[: U.shape[1]]))
    expected = phases.conj()[:, None] * axial_couplings(U) * phases
    assert abs(axial_couplings(U * phases) - expected).max() < tolerance("mixing")


@settings(max_examples=20)
@given(mixing_matrices(5))
def test_sterile_states_leave_the_neutral_current(U: Any) -> None:
    sterile = U[3:]
    a = axial_couplings(U[:3])
    expected = np.outer(U[0].conj(), U[0]) - (np.eye(5) - sterile.conj().T @ sterile) / 2
    assert abs(a - expected).max() < tolerance("mixing")


def test_a_decoupled_sterile_state_changes_nothing() -> None:
    active = mixing_matrix("nufit-6.0-io")
    padded = np.hstack([active, np.zeros((3, 1))])
    a = axial_couplings(padded)
    assert np.array_equal(a[3], np.zeros(4))
    assert abs(a[:3, :3] - axial_couplings(active)).max() < tolerance("mixing")


@pytest.mark.parametrize("couplings", [axial_couplings, vector_couplings])
def test_a_sterile_row_is_refused(couplings: Any) -> None:
    U = simplest(mixing_matrices(4).filter(np.all))
    with pytest.raises(
        ValueError, match=r"^U must have at most 3 rows, the active flavours e, mu, tau: a sterile row [^\n]+$"
    ):
        couplings(U)
    # What it would have changed: the Z boson does not couple to the sterile state.
    assert abs(couplings(U[:3]) - couplings(U[:2])).max() > 0.01


def test_vector_and_axial_couplings_differ_by_the_weak_mixing_angle_times_the_neutral_current() -> None:
    U = simplest(mixing_matrices(3, 4).filter(np.all))
    difference = vector_couplings(U, 0.23) - axial_couplings(U)
    assert abs(difference - 0.46 * U.conj().T @ U).max() < tolerance("mixing")


def test_electron_flavour_alone_has_the_textbook_couplings() -> None:
    # nu_e e: g_V = 1/2 + 2 s^2, g_A = 1/2; nu_mu e: g_V = -1/2 + 2 s^2, g_A = -1/2.
    v, a = vector_couplings(np.eye(3), 0.25), axial_couplings(np.eye(3))
    assert np.array_equal(np.diag(a).real, [0.5, -0.5, -0.5])
    assert np.array_equal(np.diag(v).real, [1.0, 0.0, 0.0])


def test_the_default_set_follows_the_ordering() -> None:
    assert default_set("normal").name == BENCHMARK_SET
    assert default_set("inverted").name == "nufit-6.0-io"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: masses("nufit-9", 0.01), "unknown oscillation set 'nufit-9': known sets are nufit-6.0-no"),
        (lambda: masses("nufit-6.0-no", -1e-9), "lightest must be a mass in eV, zero or positive, found -1e-09"),
        (lambda: masses("nufit-6.0-no", float("nan")), "lightest must be finite, found nan"),
        (lambda: masses("nufit-6.0-no", float("inf")), "lightest must be finite, found inf"),
        (lambda: masses("nufit-6.0-no", 0.1, "inverted"), "fitted in the normal ordering, found ordering 'inverted'"),
        (lambda: masses("nufit-6.0-no", 0.1, "up"), "unknown ordering 'up': use 'normal' or 'inverted'"),
        (lambda: default_set("NO"), "unknown ordering 'NO'"),
        (lambda: mixing_matrix("nufit-6.0-no", (0.0,)), "majorana_phases must be .* found 1 values"),  # type: ignore[arg-type]
        (lambda: mixing_matrix("nufit-6.0-no", (0.0, float("nan"))), "majorana_phases must be finite"),
        (lambda: axial_couplings(np.ones(3)), r"U must have the shape .* found \(3,\)"),
        (lambda: axial_couplings(np.ones((0, 3))), "U must have the shape"),
        (lambda: axial_couplings(np.full((3, 3), np.nan)), "U must be finite"),
        (lambda: vector_couplings(np.eye(3), 1.5), "sin2_theta_w must lie between 0 and 1, found 1.5"),
    ],
)
def test_bad_input_is_a_sentence(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("value", ["0.01", None, True, 1j])
def test_a_mass_that_is_no_real_number_is_a_type_error(value: Any) -> None:
    with pytest.raises(TypeError, match="lightest must be one real number"):
        masses("nufit-6.0-no", value)


def test_small_and_large_elements_of_a_mixing_matrix() -> None:
    with np.errstate(all="raise"):
        assert axial_couplings([[1e-200, 1.0]])[0, 0] == 0
        for function in (axial_couplings, vector_couplings):
            with pytest.raises(ValueError, match=r"^U must be a mixing matrix, found entries whose products overflow$"):
                function([[1e200]])
            with pytest.raises(ValueError, match=r"^U must be a rectangular array, found rows of different lengths$"):
                function([[1], [1, 2]])


def test_a_lightest_mass_lies_in_the_supported_range() -> None:
    assert masses("nufit-6.0-no", 1e20).tolist() == [1e20] * 3
    assert masses("nufit-6.0-no", 1e-20)[0] == 1e-20
    for mass in (1e300, 1e-30, 5e-324):
        with pytest.raises(ValueError, match=r"^lightest must be 0 or from 1e-20 to 1e\+20 eV, found \S+$"):
            masses("nufit-6.0-no", mass)
