"""What fits vary: derivatives by the chain rule against exact functions and differences, and what a name can mean."""

from __future__ import annotations

import re
from math import log10
from typing import Any

import mpmath
import numpy as np
import pytest

from renp.model import Model
from renp.rates.experiment import Experiment, experiment
from renp.statistics.fisher import count_slopes, fisher_information
from renp.statistics.parameters import Parametrisation, parametrisation
from tests.tolerances import tolerance

FREQUENCIES = (1.055, 1.0672, 1.0704)
"""Away from thresholds, whose square roots leave no second derivative for a difference."""
OSCILLATION = (
    "lightest_mass",
    "solar",
    "atmospheric",
    "sin2_theta12",
    "sin2_theta13",
    "delta_cp",
    "alpha21",
    "alpha31",
)
COUPLINGS = (
    "log10(vector.mass)",
    "vector.width",
    "vector.g_A",
    "vector.g_L[1,2].imag",
    "vector.g_R[3,2].imag",
    "log10(vector.g_L[1,1])",
)
SCALES = ("amplitude", "exposure_days", "background")  # fmt: skip


def vector() -> dict[str, Any]:
    g_L = np.diag([3e-24, -1e-24, 2e-24]).astype(complex)
    g_L[0, 1], g_L[1, 0] = 1e-24 + 2e-24j, 1e-24 - 2e-24j
    g_L[1, 2], g_L[2, 1] = -2e-24 + 1e-24j, -2e-24 - 1e-24j
    return {"mass": 0.8, "width": 0.1, "g_A": 0.7, "g_L": g_L, "g_R": 0.5 * g_L.T}


def run(**settings: Any) -> Experiment:
    chosen = {"nature": "majorana", "majorana_phases": (0.3, 0.9), "frequencies": FREQUENCIES, **settings}
    return experiment(**chosen)


def differences(free: Parametrisation, label: str) -> np.ndarray:
    """Central differences of what is expected, over 1e-5 of the parameter or of its unit."""
    k = free.labels.index(label)
    step = np.zeros(len(free.labels))
    step[k] = 1e-5 * (abs(free.start[k]) or 1.0) if not label.startswith("E_") else 1e-7
    return (free.predictions(free.start + step) - free.predictions(free.start - step)) / (2 * step[k])


@pytest.mark.parametrize("quantity", ["counts", "rate", "spectral_function"])
@pytest.mark.parametrize(
    "settings", [{}, {"ordering": "inverted"}, {"setup": "derived"}, {"nature": "dirac", "normalisation": "derived"}]
)
def test_slopes_are_those_of_what_is_expected(settings: dict[str, Any], quantity: str) -> None:
    levels = ["E_vg[1]", "E_vg[2]"] if settings.get("setup") == "derived" else ["E_vg"]
    names = [*OSCILLATION, *COUPLINGS, *SCALES, "E_eg", *levels]
    free = parametrisation(run(**settings), names, groups={"vector": vector()}, quantity=quantity)
    slopes = free.slopes(free.start)
    for label, found in zip(names, slopes.T, strict=True):
        expected = differences(free, label)
        if not found.any():
            assert label in ("delta_cp", "alpha21", "alpha31", "exposure_days"), label
            assert np.abs(expected).max() <= 1e-7 * free.predictions(free.start).max(), label
            continue
        scale = np.abs(expected).max()
        np.testing.assert_allclose(
            found, expected, rtol=0, atol=tolerance("chain-rule-difference") * scale, err_msg=label
        )


@pytest.mark.parametrize("parameter", ["lightest_mass", "solar", "sin2_theta12", "alpha21", "log10(vector.mass)"])
def test_slopes_are_those_of_the_exact_function(parameter: str) -> None:
    free = parametrisation(run(), [parameter], groups={"vector": vector()}, quantity="spectral_function")
    (start,), step = free.start, 1e-6 * abs(free.start[0])

    def exact(value: float, omega: float) -> mpmath.mpf:
        arguments = free.arguments([value])
        return free.run.model.spectral_function_exact(omega, number=mpmath.mpf, root=mpmath.sqrt, **arguments)

    with mpmath.workdps(50):
        expected = [float((exact(start + step, w) - exact(start - step, w)) / (2 * step)) for w in FREQUENCIES]
    found = free.slopes([start])[:, 0]
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance("chain-rule-spectrum") * np.abs(expected).max())


def test_the_weak_vector_coupling_follows_the_mixing() -> None:
    from renp.inputs.oscillation import mixing_matrix, vector_couplings

    weak = vector_couplings(mixing_matrix("desalas-2021-benchmark", (0.3, 0.9)))
    free = parametrisation(run(vector_weak=weak, m1="full", pair_step="E1"), ["sin2_theta12", "alpha21"])
    slopes = free.slopes(free.start)
    for k, label in enumerate(free.labels):
        expected = differences(free, label)
        np.testing.assert_allclose(
            slopes[:, k], expected, rtol=0, atol=tolerance("chain-rule-difference") * np.abs(expected).max()
        )
    with pytest.raises(
        ValueError, match=r"'sin2_theta12' belongs to an oscillation set, but the experiment has its own vector_weak;"
    ):
        parametrisation(run(vector_weak=np.eye(3)), ["sin2_theta12"])


def test_direct_and_physical_parameters_are_one_chain() -> None:
    own = run()
    direct = count_slopes(own, ["masses[1]", "masses[2]", "masses[3]"])
    expected = direct @ (own.lightest_mass / own.masses)
    found = count_slopes(own, ["lightest_mass"])[:, 0]
    np.testing.assert_allclose(found, expected, rtol=tolerance("gradient"), atol=0)


def test_a_logarithm_is_the_value_times_ln_ten() -> None:
    own, group = run(), vector()
    value = count_slopes(own, ["vector.mass"], vector=group)
    decades = count_slopes(own, ["log10(vector.mass)"], vector=group)
    np.testing.assert_allclose(decades, value * 0.8 * np.log(10), rtol=1e-14, atol=0)


def test_information_on_physical_parameters_is_the_transformed_matrix() -> None:
    own = run(frequencies=None, exposure_days=1e4)
    masses = fisher_information(own, ["masses[1]", "masses[2]", "masses[3]"])
    jacobian = np.stack([own.lightest_mass / own.masses, [0, 0.5 / own.masses[1], 0]], axis=1)
    found = fisher_information(own, ["lightest_mass", "solar"])
    np.testing.assert_allclose(found, jacobian.T @ masses @ jacobian, rtol=tolerance("gradient-sum-rule"), atol=0)


def test_phases_of_dirac_neutrinos_have_no_slope_and_those_of_majorana_neutrinos_only_two() -> None:
    phases = ["delta_cp", "alpha21", "alpha31"]
    assert not count_slopes(run(nature="dirac"), phases).any()
    slopes = count_slopes(run(), phases)
    assert slopes.all()
    # U_e3 carries alpha31/2 - delta alone.
    np.testing.assert_allclose(slopes[:, 0], -2 * np.radians(1) * slopes[:, 2], rtol=tolerance("gradient"), atol=0)


def test_rephasing_leaves_the_counts() -> None:
    free = parametrisation(run(), ["delta_cp", "alpha21", "alpha31"])
    here = free.predictions(free.start)
    moved = free.start + np.array([25.0, 0.0, 2 * np.radians(25.0)])
    np.testing.assert_allclose(free.predictions(moved), here, rtol=tolerance("rephasing"), atol=0)
    assert np.abs(free.predictions(free.start + np.array([25.0, 0.0, 0.0])) / here - 1).max() > 1e-6


def test_predictions_of_many_points_are_those_of_each() -> None:
    free = parametrisation(run(), ["lightest_mass", "background"], background=2.0)
    points = np.array([[[0.01, 0.0], [0.02, 1.0]], [[0.005, 3.0], [0.01, 0.0]]])
    found = free.predictions(points)
    assert found.shape == (2, 2, 3)
    assert found[0, 0].tolist() == (run().counts() + 2).tolist() == found[1, 1].tolist()
    assert found[1, 0].tolist() == (run(lightest_mass=0.005).counts() + 5).tolist()


@pytest.mark.parametrize("setup", ["papers", "derived"])
def test_many_points_have_the_bits_of_each(setup: str) -> None:
    level = "E_vg[2]" if setup == "derived" else "E_vg"
    names = [*OSCILLATION, *COUPLINGS, *SCALES, "E_eg", level]
    free = parametrisation(run(setup=setup), names, groups={"vector": vector()})
    points = free.start * (1 + 1e-9 * np.arange(5)[:, None])
    np.testing.assert_array_equal(free.predictions(points), [free.predictions(one) for one in points])


def test_arguments_are_those_of_another_experiment() -> None:
    free = parametrisation(run(), ["lightest_mass", "vector.g_L[2,1].imag"], groups={"vector": {"mass": 1.0}})
    found = free.arguments([0.03, 2e-12])
    assert found["masses"].tolist() == run(lightest_mass=0.03).masses.tolist()
    assert found["vector"]["g_L"][1, 0] == 2e-12j == np.conj(found["vector"]["g_L"][0, 1])


def test_levels_move_the_reference_rate_of_the_experiment() -> None:
    free = parametrisation(run(), ["E_eg", "E_vg"])
    moved = run(E_eg=2.1435, E_vg=2.24)
    np.testing.assert_allclose(free.predictions([2.1435, 2.24]), moved.counts(), rtol=1e-14, atol=0)
    assert free.start.tolist() == [run().E_eg, run().E_vg]


def test_models_of_ones_own_and_general_matrices() -> None:
    model = Model("tensor", second="vector")
    own = run(model=model)
    free = parametrisation(own, ["second.mass", "tensor.t[1,2].imag"], groups={"second": vector(), "tensor": {}})
    assert free.start.tolist() == [0.8, 0.0]
    assert free.slopes(free.start).shape == (3, 2)


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["lightest_mass", "masses[1]"], "parameters: 'lightest_mass' moves what 'masses' sets itself, give one of the two"),
        (["axial[1,2]", "alpha21"], "parameters: 'alpha21' moves what 'axial' sets itself, give one of the two"),
        (["log10(solar)", "solar"], "parameters: 'log10(solar)' and 'solar' are the same parameter, give it once"),
        (["lightest"], "parameters: unknown 'lightest', allowed are masses[i], axial[i,j], vector.mass, vector.width,"),
        (["log10(masses)"], "parameters: 'log10(masses)' needs 1 indices from 1 to 3"),
        (["log10(log10(solar))"], "parameters: expected a name like 'masses[1]' or 'electromagnetic.mu[1,2]', got 'log10(log10(solar))'"),
        (["log10(vector.g_V)"], "parameters: 'log10(vector.g_V)' is the logarithm of 0.0; give it another start value,"),
        (["vector.propagator"], "parameters: unknown 'vector.propagator', allowed are "),
        (["E_vg[1]"], "parameters: 'E_vg[1]' needs no index"),
        (["crossed.E_vg"], "parameters: crossed.E_vg also changes the reference rate, which has no derivative here"),
        (["dipole_length"], "parameters: dipole_length also changes the reference rate, which has no derivative here"),
    ],
)  # fmt: skip
def test_bad_names_are_one_line(names: list[str], line: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(line)}[^\n]*\Z"):
        parametrisation(run(), names, groups={"vector": vector()})


@pytest.mark.parametrize(
    ("start", "line"),
    [
        ({"solar": -1.0}, "start: solar = -1 is outside of its range, 0 to inf"),
        ({"alpha21": 1.0}, "start: 'alpha21' is not among the parameters, allowed are solar"),
        ({"solar": 1e400}, "start: solar: expected finite numbers, got inf"),
        ({"solar": np.nan}, "start: solar: expected finite numbers, got nan"),
    ],
)
def test_bad_starts_are_one_line(start: dict[str, float], line: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(line)}\Z"):
        parametrisation(run(), "solar", start=start)


@pytest.mark.parametrize(
    "settings", [{"masses": [0.01, 0.02, 0.05]}, {"masses": [0.01]}, {"masses": [0.01] * 4, "mixing": np.eye(3, 4)}]
)
def test_own_masses_are_not_moved_by_an_oscillation_set(settings: dict[str, Any]) -> None:
    if len(settings["masses"]) == 1:
        settings = {**settings, "axial": [[0.3]]}
    line = r"'lightest_mass' belongs to an oscillation set, but the experiment has its own masses; vary masses itself$"
    with pytest.raises(ValueError, match=line):
        parametrisation(run(majorana_phases=(0.0, 0.0), **settings), ["lightest_mass"])
    assert parametrisation(run(majorana_phases=(0.0, 0.0), **settings), ["masses[1]"]).start.tolist() == [0.01]


def test_a_logarithm_can_start_elsewhere() -> None:
    with pytest.raises(ValueError, match=r"^start: log10\(lightest_mass\) = 400 is outside of its range, -300 to 300$"):
        parametrisation(run(), "log10(lightest_mass)", start={"log10(lightest_mass)": 400.0})
    free = parametrisation(run(), "log10(lightest_mass)", start={"log10(lightest_mass)": -1.5})
    assert free.parameters[0].physical(-1.5) == 10**-1.5
    assert parametrisation(run(), "log10(lightest_mass)").start.tolist() == [log10(0.01)]
    assert free.parameters[0].title == "log10(lightest_mass) [eV]"
