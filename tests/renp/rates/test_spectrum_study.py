"""The spectrum study: energy ranges, thresholds, what opens where, chains, and files that read back exactly."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renp.cli.ranges import parse_energy_range
from renp.inputs.atoms import ATOMS
from renp.inputs.benchmarks import BENCHMARK_SET
from renp.inputs.oscillation import axial_couplings, masses, mixing_matrix
from renp.rates.emission import POLARISATIONS
from renp.rates.spectra import Spectrum, spectrum
from renp.rates.thresholds import pair_thresholds
from renp_generated import spectral_function
from tests.tolerances import tolerance

FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6)


@given(FINITE, FINITE, st.integers(2, 500))
def test_a_range_reads_back_with_both_ends(start: float, stop: float, count: int) -> None:
    text = f"{start!r}:{stop!r}:{count}"
    if start < stop:
        values = parse_energy_range(text).values()
        assert values.shape == (count,)
        assert (values[0], values[-1]) == (start, stop)
    else:
        with pytest.raises(ValueError, match="START must be smaller than STOP"):
            parse_energy_range(text)


@given(st.text(max_size=30) | st.text(alphabet="0123456789.:-+einfa _", max_size=20))
def test_any_text_is_a_range_or_one_sentence(text: str) -> None:
    try:
        parsed = parse_energy_range(text)
    except ValueError as problem:
        message = str(problem)
    else:
        message = "omega"
        assert np.isfinite([parsed.start, parsed.stop]).all()
        assert parsed.start < parsed.stop
        assert parsed.count >= 2
    assert message.startswith("omega")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be START:STOP:COUNT"),
        ("1.06", "must be START:STOP:COUNT"),
        ("1.06:1.07", "must be START:STOP:COUNT"),
        ("1.06:1.07:4:5", "must be START:STOP:COUNT"),
        ("a:1.07:4", "must be numbers in eV, found 'a'"),
        ("1.06::4", "must be numbers in eV, found ''"),
        ("1.06:nan:4", "must be finite, found 'nan'"),
        ("-inf:1.07:4", "must be finite, found '-inf'"),
        ("1.06:1.07:4.5", "COUNT must be a whole number, found '4.5'"),
        ("1.06:1.07:1", "COUNT must lie between 2 and"),
        ("1.06:1.07:-3", "COUNT must lie between 2 and"),
        ("1.06:1.07:100000000000", "COUNT must lie between 2 and"),
        ("1.07:1.06:4", "START must be smaller than STOP"),
    ],
)
def test_malformed_ranges_say_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_energy_range(text)


def test_at_threshold_the_pair_takes_all_of_the_invariant_mass() -> None:
    E_eg, m = 2.0, np.array([0.01, 0.05, 0.3])
    for threshold in pair_thresholds(E_eg, m):
        s = E_eg * (E_eg - 2 * threshold.omega)
        assert abs(s / (m[threshold.i - 1] + m[threshold.j - 1]) ** 2 - 1) < tolerance("threshold-mass")
    omegas = [threshold.omega for threshold in pair_thresholds(E_eg, m)]
    assert omegas == sorted(omegas, reverse=True)
    assert len(omegas) == 6


@pytest.mark.parametrize(
    ("E_eg", "neutrino_masses", "message"),
    [
        (2.0, [0.1, float("nan")], "neutrino_masses must be finite, found nan"),
        (2.0, [-0.1], "neutrino_masses must not be negative, found -0.1"),
        (2.0, [], "neutrino_masses must have shape (n,) with n >= 1, found shape (0,)"),
        (2.0, 0.1, "neutrino_masses must have shape (n,) with n >= 1, found shape ()"),
        (2.0, [0.1, 1e200], "neutrino_masses must be 0 or from 1e-20 to 1e+20 eV, found 1e+200"),
        (1e-80, [0.1], "E_eg must be from 1e-20 to 1e+20 eV, found 1e-80"),
        (-2.0, [0.1], "E_eg must be a positive energy in eV, found -2.0"),
        (float("nan"), [0.1], "E_eg must be finite, found nan"),
    ],
)
def test_thresholds_of_no_possible_pair_are_refused(E_eg: float, neutrino_masses: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        pair_thresholds(E_eg, neutrino_masses)  # type: ignore[arg-type]


def test_an_absurd_lightest_mass_is_refused_in_one_line() -> None:
    assert (spectrum("Yb", lightest=1e19, omega=[1.0]).I == 0).all()
    for lightest in (1e21, 1e300):
        with pytest.raises(ValueError, match=r"^lightest_mass must be 0 or from [^\n]+$"):
            spectrum("Yb", lightest=lightest, omega=[1.0])


@pytest.mark.parametrize("ordering", ["normal", "inverted"])
@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_the_spectrum_is_positive_below_the_highest_threshold_and_zero_above(ordering: str, nature: str) -> None:
    highest = spectrum("Yb", lightest=0.02, omega=[1.0], ordering=ordering).thresholds[0].omega
    omega = np.concatenate([np.linspace(0.1, highest - 1e-9, 40), np.linspace(highest + 1e-12, 1.0717, 9)])
    result = spectrum("Yb", lightest=0.02, omega=omega, ordering=ordering, nature=nature)
    assert (result.I[:40] > 0).all()
    assert np.array_equal(result.I[40:], np.zeros(9))


def test_the_study_hands_the_evaluator_what_the_record_says() -> None:
    omega = np.linspace(1.06, 1.0715, 7)
    result = spectrum("Yb", lightest=0.01, omega=omega, nature="majorana", majorana_phases=(0.5, 1.5))
    yb = ATOMS["Yb"]
    expected = spectral_function(
        omega,
        E_eg=yb.E_eg,
        E_vg=yb.E_vg,
        masses=masses(BENCHMARK_SET, 0.01),
        axial=axial_couplings(mixing_matrix(BENCHMARK_SET, (0.5, 1.5))),
        nature="majorana",
    )
    assert np.array_equal(result.I, expected)
    assert result.oscillation == BENCHMARK_SET
    assert np.array_equal(result.masses, masses(BENCHMARK_SET, 0.01))


def test_majorana_phases_matter_for_majorana_neutrinos_alone() -> None:
    def values(nature: str, phases: tuple[float, float]) -> Any:
        return spectrum("Yb", lightest=0.05, omega=[1.06, 1.068], nature=nature, majorana_phases=phases).I

    rotated = (2.0, 1.0)
    assert np.allclose(
        values("dirac", (0.0, 0.0)), values("dirac", rotated), rtol=tolerance("spectrum-symmetry"), atol=0
    )
    assert (abs(values("majorana", (0.0, 0.0)) / values("majorana", rotated) - 1) > 1e-3).all()


def test_far_from_threshold_the_nature_hardly_matters() -> None:
    dirac, majorana = (
        spectrum("Yb", lightest=0.0, omega=[0.2], nature=nature).I[0] for nature in ("dirac", "majorana")
    )
    assert 0 < abs(dirac / majorana - 1) < 1e-3


@pytest.mark.parametrize("atom", ["Yb", "Xe"])
@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_the_two_circular_polarisations_average_to_the_linear_one(atom: str, nature: str) -> None:
    omega = ATOMS[atom].E_eg * np.array([0.1, 0.3, 0.45, 0.49])
    linear, left, right = (
        spectrum(atom, lightest=0.05, omega=omega, nature=nature, chain="exact", polarisation=name).I
        for name in ("linear", "circular+", "circular-")
    )
    assert np.allclose((left + right) / 2, linear, rtol=tolerance("polarisation-sum"), atol=0)


def test_photon_polarisations_are_transverse_and_the_circular_ones_opposite() -> None:
    vectors = {name: np.array(vector, dtype=complex) for name, vector in POLARISATIONS.items()}
    assert all(vector[2] == 0 and vector.any() for vector in vectors.values())
    # The helicity of a vector e is Im(e* x e).z / |e|^2: none for linear light, opposite for the two circular ones.
    helicity = {
        name: (np.cross(vector.conj(), vector)[2] / (1j * np.vdot(vector, vector))).real
        for name, vector in vectors.items()
    }
    assert helicity == {"linear": 0, "circular+": 1, "circular-": -1}


def test_the_exact_chain_of_ytterbium_sees_no_current_along_the_photon() -> None:
    # 0 -> 1 -> 0 with a transverse photon takes only the current across q, the average takes all three directions.
    yb, omega = ATOMS["Yb"], np.array([0.3, 1.0, 1.07])
    along = spectral_function(
        omega,
        E_eg=yb.E_eg,
        E_vg=yb.E_vg,
        masses=masses(BENCHMARK_SET, 0.01),
        axial=axial_couplings(mixing_matrix(BENCHMARK_SET)),
        atomic_tensor=np.diag([0, 0, 1]),
    )
    averaged = spectrum("Yb", lightest=0.01, omega=omega).I
    exact = spectrum("Yb", lightest=0.01, omega=omega, chain="exact").I
    assert np.allclose(2 * exact + along, 3 * averaged, rtol=tolerance("polarisation-sum"), atol=0)
    assert (abs(exact / averaged - 1) > 1e-3).any()


def test_a_spectrum_is_frozen_and_independent_of_its_input() -> None:
    omega = np.array([1.06, 1.07])
    result = spectrum("Yb", lightest=0.01, omega=omega)
    omega[0] = 0.5
    assert result.omega[0] == 1.06
    for values in (result.omega, result.I):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.nature = "dirac"  # type: ignore[misc]


@pytest.fixture(scope="module")
def example() -> Spectrum:
    return spectrum("Xe", lightest=0.003, omega=np.linspace(4.1, 4.1576, 31), ordering="inverted", nature="majorana")


def test_csv_reads_back_exactly(example: Spectrum) -> None:
    rows = list(csv.DictReader(io.StringIO(example.to_csv().decode())))
    assert [float(row["omega_eV"]) for row in rows] == example.omega.tolist()
    assert [float(row["I"]) for row in rows] == example.I.tolist()


def test_json_reads_back_exactly_with_inputs_and_thresholds(example: Spectrum) -> None:
    record = json.loads(example.to_json())
    assert record["omega"] == example.omega.tolist()
    assert record["I"] == example.I.tolist()
    assert [(t["i"], t["j"], t["omega"]) for t in record["thresholds"]] == [
        (t.i, t.j, t.omega) for t in example.thresholds
    ]
    assert (record["atom"], record["ordering"], record["oscillation"]) == ("Xe", "inverted", "nufit-6.0-io")
    assert record["lightest"] == 0.003


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"atom": "Cs"}, "unknown atom 'Cs'"),
        ({"ordering": "upward"}, "unknown ordering 'upward'"),
        ({"nature": "weyl"}, "nature must be one of dirac, majorana for all neutrinos alike .* found 'weyl'"),
        ({"chain": "loose"}, "chain must be one of averaged, exact, incoherent, prepared, found 'loose'"),
        ({"polarisation": "x"}, "polarisation must be one of linear, circular[+], circular-, found 'x'"),
        ({"oscillation": "mine"}, "unknown oscillation set 'mine'"),
        ({"lightest": -0.1}, "lightest_mass must be a mass"),
        ({"omega": [0.0]}, "omega must lie strictly between 0 and E_eg/2"),
        ({"omega": [-1.0]}, "omega must lie strictly between 0 and E_eg/2"),
        ({"omega": [1.0, 1.08]}, "omega must lie .* found 1.08"),
        ({"omega": [float("nan")]}, "omega: expected finite numbers, got nan"),
        ({"omega": 1.0}, "omega must be one-dimensional"),
    ],
)
def test_bad_input_is_a_sentence(changes: dict[str, Any], message: str) -> None:
    arguments = {"atom": "Yb", "lightest": 0.01, "omega": [1.0], **changes}
    with pytest.raises(ValueError, match=message):
        spectrum(**arguments)


def test_no_energies_give_an_empty_spectrum() -> None:
    assert spectrum("Yb", lightest=0.01, omega=[]).I.shape == (0,)
