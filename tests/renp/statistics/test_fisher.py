"""Fisher matrices: the exact derivatives against the quadratic form of the counts, and against the chi^2 itself."""

from __future__ import annotations

import re

import numpy as np
import pytest

from renp.rates.experiment import experiment
from renp.statistics.fisher import count_slopes, fisher_information, fisher_matrix, poisson_fisher
from renp.statistics.poisson import poisson_chi2
from renp.statistics.rate_polynomial import rate_polynomial
from tests.tolerances import tolerance

VECTOR = ["vector.g_L[1,1]", "vector.g_R[1,2]", "vector.g_L[2,3].imag"]
MOMENTS = ["electromagnetic.mu[1,1]", "electromagnetic.eps[1,2]", "electromagnetic.r2[3,3]"]


def hermitian(i: int, j: int, entry: complex) -> np.ndarray:
    matrix = np.zeros((3, 3), dtype=complex)
    matrix[j, i], matrix[i, j] = np.conj(entry), entry
    return matrix


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_derivatives_of_counts_are_those_of_the_quadratic_form(nature: str) -> None:
    run = experiment(nature=nature)
    values = [1e-24, -2e-24, 5e-25]
    form = rate_polynomial(run, VECTOR, vector={"mass": 1.0})
    g_L = hermitian(0, 0, values[0]) + hermitian(1, 2, 1j * values[2])
    group = {"mass": 1.0, "g_A": 1.0, "g_L": g_L, "g_R": hermitian(0, 1, values[1])}
    slopes = count_slopes(run, VECTOR, vector=group)
    expected = form.gradient(values)
    for found, column in zip(slopes.T, expected.T, strict=True):
        np.testing.assert_allclose(found, column, rtol=0, atol=tolerance("rate-polynomial") * np.abs(column).max())
    information = fisher_information(run, VECTOR, vector=group)
    scale = np.sqrt(np.outer(np.diag(information), np.diag(information)))
    np.testing.assert_allclose(information / scale, fisher_matrix(form, values) / scale, rtol=0, atol=1e-10)


def test_background_and_moments_enter_like_in_the_quadratic_form() -> None:
    run = experiment(exposure_days=100)
    background = np.linspace(1, 9, 9)
    group = {"mu": hermitian(0, 0, 1e-10), "eps": np.zeros((3, 3)), "r2": np.zeros((3, 3))}
    form = rate_polynomial(run, MOMENTS, background=background)
    information = fisher_information(run, MOMENTS, background=background, electromagnetic=group)
    np.testing.assert_allclose(
        np.diag(information)[:1], np.diag(fisher_matrix(form, [1e-10, 0, 0]))[:1], rtol=1e-10, atol=0
    )
    without = fisher_information(run, MOMENTS, electromagnetic=group)
    assert (np.diag(without) >= np.diag(information)).all()
    assert without[0, 0] > information[0, 0]


def test_information_on_masses_and_mediator_is_the_curvature_of_chi2() -> None:
    names = ["masses[1]", "masses[3]", "vector.mass"]
    group = {"mass": 1.0, "g_A": 1.0, "g_L": hermitian(0, 0, 3e-24), "g_R": np.zeros((3, 3))}
    start = experiment(exposure_days=1e6, masses=[0.01, 0.0132, 0.0515])
    information = fisher_information(start, names, vector=group)
    true = start.counts(vector=group)
    for step in (np.array([1e-7, 0, 0]), np.array([0, -1e-7, 0]), np.array([1e-7, 1e-7, 1e-4])):
        moved = experiment(exposure_days=1e6, masses=[0.01 + step[0], 0.0132, 0.0515 + step[1]])
        chi2 = float(poisson_chi2(moved.counts(vector={**group, "mass": 1.0 + step[2]}), true))
        assert chi2 == pytest.approx(float(step @ information @ step), rel=2e-2, abs=0)
    assert (np.linalg.eigvalsh(information / np.sqrt(np.outer(*[np.diag(information)] * 2))) > 0).all()


def test_derived_normalisation_scales_the_derivatives_like_the_counts() -> None:
    runs = [experiment(normalisation=name) for name in ("printed", "derived")]
    slopes = [count_slopes(run, "masses[2]")[:, 0] for run in runs]
    assert slopes[0].any()
    np.testing.assert_allclose(slopes[1] * runs[0].counts(), slopes[0] * runs[1].counts(), rtol=1e-12, atol=0)


def test_a_phase_of_dirac_neutrinos_cannot_be_measured() -> None:
    names = [f"axial[{i},{j}]{part}" for i, j in ((1, 2), (1, 3), (2, 3)) for part in ("", ".imag")]
    for nature in ("dirac", "majorana"):
        run = experiment(nature=nature, majorana_phases=(0.7, 1.1))
        phase = np.array([1j * run.axial[0, 1], 1j * run.axial[0, 2], 0j])
        direction = np.stack([phase.real, phase.imag], axis=1).reshape(-1)
        pieces = count_slopes(run, names) * direction
        seen, total = np.abs(pieces.sum(axis=1)), np.abs(pieces).sum(axis=1)
        assert total.any()
        assert (seen <= 1e-13 * total).all() if nature == "dirac" else (seen > 1e-4 * total).any()
        information = fisher_information(run, names)
        gain = float(direction @ information @ direction)
        assert gain < 1e-12 * np.trace(information) if nature == "dirac" else gain > 1e-9 * np.trace(information)


def test_the_order_of_indices_means_the_complex_conjugate() -> None:
    run = experiment(nature="majorana", majorana_phases=(0.7, 1.1))
    pieces = [["axial[1,2]", "axial[1,2].imag"], ["axial[2,1]", "axial[2,1].imag"]]
    slopes = np.concatenate([count_slopes(run, names) for names in pieces], axis=1)[:, [0, 2, 1, 3]]
    np.testing.assert_array_equal(slopes[:, 0], slopes[:, 1])
    np.testing.assert_array_equal(slopes[:, 2], -slopes[:, 3])
    assert slopes[:, 2].any()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("masses", "'masses' needs 1 indices from 1 to 3"),
        ("masses[4]", "needs 1 indices from 1 to 3"),
        ("axial", r"unknown 'axial', allowed are masses\[i\], axial\[i,j\], vector.mass"),
        ("axial[1,4]", "needs 2 indices from 1 to 3"),
        ("axial[2,2].imag", "imaginary part of a diagonal element"),
        ("vector.mass[1]", "'vector.mass[1]' needs no index"),
        ("scalar.mass", "unknown 'scalar.mass'"),
        ("imprinted_momentum", "imprinted_momentum also changes the reference rate"),
        ("vector g", "unknown 'vector g'"),
        ("[1]", "expected a name like"),
    ],
)
def test_bad_names_are_named(name: str, message: str) -> None:
    zeros = np.zeros((3, 3))
    if "[1]' needs no" in message:
        message = r"'vector.mass\[1\]' needs no index"
    with pytest.raises(ValueError, match=rf"^parameters: .*{message}"):
        count_slopes(experiment(), [name], vector={"mass": 1.0, "g_L": zeros, "g_R": zeros})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("vector.g_L[1,1]", "vector.g_L[1, 1]"),
        ("vector.g_L[1,1]", "vector.g_L[1,1].real"),
        ("vector.g_L[1,2]", "vector.g_L[2,1]"),
        ("axial[1,2].imag", "axial[2,1].imag"),
        ("masses[1]", "masses[ 1 ]"),
        ("vector.mass", " vector.mass"),
    ],
)
def test_two_spellings_of_one_parameter_are_refused(first: str, second: str) -> None:
    zeros = np.zeros((3, 3))
    group = {"mass": 1.0, "g_L": zeros, "g_R": zeros}
    message = f"parameters: {first!r} and {second!r} are the same parameter, give it once"
    for function in (count_slopes, fisher_information):
        with pytest.raises(ValueError, match=rf"^{re.escape(message)}$"):
            function(experiment(), [first, "masses[2]", second], vector=group)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_counts_and_slopes_are_numbers(bad: float) -> None:
    with pytest.raises(ValueError, match=r"^counts: expected finite (numbers|counts)"):
        poisson_fisher(np.array([4.0, bad]), np.array([[2.0], [0.0]]))
    if not np.isfinite(bad):
        with pytest.raises(ValueError, match=r"^slopes: expected finite numbers"):
            poisson_fisher(np.array([4.0, 1.0]), np.array([[2.0], [bad]]))
    with pytest.raises(
        ValueError, match=r"^slopes: expected shape \(k, P\) for \(k,\) counts, got \(1, 1\) for \(2,\)$"
    ):
        poisson_fisher(np.array([4.0, 1.0]), np.array([[2.0]]))


def test_parameters_must_be_names() -> None:
    run = experiment(frequencies=(1.069,))
    for function in (count_slopes, fisher_information):
        with pytest.raises(ValueError, match=r"^parameters: expected at least one name like 'masses\[1\]'$"):
            function(run, [])
        for given in ([3], 3, [["masses[1]"]]):
            with pytest.raises(TypeError, match=r"^parameters: expected names like 'masses\[1\]', got "):
                function(run, given)  # type: ignore[arg-type]


def test_counts_of_zero_that_change_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^counts: a photon energy expects none but its counts change, "):
        poisson_fisher(np.array([4.0, 0.0]), np.array([[2.0], [1.0]]))


def test_bad_background_repeated_names_and_empty_bins() -> None:
    run = experiment(frequencies=(1.0717, 1.0))
    with pytest.raises(ValueError, match="background: expected finite counts of at least 0, got -1"):
        fisher_information(run, ["masses[1]"], background=[1.0, -1.0])
    with pytest.raises(ValueError, match=r"^parameters: 'masses\[1\]' and 'masses\[1\]' are the same parameter, "):
        count_slopes(run, ["masses[1]", "masses[1]"])
    # Above every threshold nothing is expected and nothing changes.
    assert run.counts()[0] == 0
    assert fisher_information(run, ["masses[1]"])[0, 0] > 0
