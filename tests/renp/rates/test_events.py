"""Event counts: units, scaling and the printed numbers of the moment study."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy import constants as si

from derivations import symbols
from derivations.ledger.printed.gamma_0 import GAMMA_0
from derivations.ledger.printed.gp23b import EVENTS, EVENTS_TOTAL
from derivations.processes.renp import rate
from renp.inputs.atoms import ATOMS
from renp.inputs.benchmarks import ELEMENT_FREQUENCIES, GP23B_FREQUENCIES
from renp.model import shipped_model
from renp.rates.emission import OPTIONS
from renp.rates.experiment import events, experiment, reference_rate
from renp.studies.sensitivity import sensitivity, sensitivity_curve
from renp_generated import spectral_function
from tests.tolerances import tolerance

# The paper rounds the level energy to five decimals; at 1e-5 eV from a threshold that rounding is visible.
PRINTED_LEVELS = {"E_eg": 2.14349, "E_vg": 2.23072}


def scaled_to_total() -> dict[float, float]:
    """Counts at the nine photon energies with the exposure that gives the printed total."""
    counts = events(GP23B_FREQUENCIES, **PRINTED_LEVELS)
    return dict(zip(GP23B_FREQUENCIES, (counts.counts * EVENTS_TOTAL / counts.total).tolist(), strict=True))


def test_reference_rate_in_si_units() -> None:
    yb = ATOMS["Yb"]
    # The same formula with all lengths in metres and energies in joules, and G_F/(hbar c)^3 as tabulated.
    fermi = si.value("Fermi coupling constant") / (1e9 * si.e) ** 2  # J^-2
    hc = si.hbar * si.c
    n = 1e27  # m^-3
    per_energy_cubed = hc**3
    expected = (
        1.5 * (n * per_energy_cubed) ** 3 * (1e-4 / per_energy_cubed) * fermi**2 * yb.gamma_vg * yb.E_eg / yb.E_vg**3
    ) * (3 * yb.C_ev / si.e**2)
    assert reference_rate("Yb") == pytest.approx(expected, rel=tolerance("unit-conversion"), abs=0)


def test_reference_rate_scales_as_its_formula() -> None:
    base = reference_rate()
    assert reference_rate(volume_cm3=200) == pytest.approx(2 * base, rel=1e-6, abs=0)
    assert reference_rate(density_cm3=2e21) == pytest.approx(8 * base, rel=1e-6, abs=0)
    assert reference_rate(density_cm3=2e21, photon_density_cm3=1e21) == pytest.approx(4 * base, rel=1e-6, abs=0)
    assert reference_rate(eta=0.25) == pytest.approx(base / 4, rel=1e-6, abs=0)


def test_derived_normalisation_is_that_of_the_derivation() -> None:
    ratio = sp.lambdify([symbols.OMEGA, symbols.E_EG], sp.cancel(rate.gamma_0() / GAMMA_0))
    printed, derived = (events(normalisation=name).counts for name in ("printed", "derived"))
    expected = [ratio(omega, ATOMS["Yb"].E_eg) for omega in GP23B_FREQUENCIES]
    assert derived / printed == pytest.approx(expected, rel=tolerance("unit-conversion"), abs=0)


@pytest.mark.parametrize("omega", [1.069, 1.07, 1.0708, 1.0712, 1.0716])
def test_printed_counts_between_thresholds_come_out_within_rounding(omega: float) -> None:
    assert abs(scaled_to_total()[omega] - EVENTS[f"{omega:g}"]) < 0.5


def test_printed_total_holds_for_the_lowest_energy_we_read() -> None:
    # 1.067 eV is our reading. With it, one exposure gives the total and five counts at once; 1.066 eV would not.
    other = events((1.066, *GP23B_FREQUENCIES[1:]), **PRINTED_LEVELS)
    ours = scaled_to_total()
    exposure = ours[1.069] / other.counts[3]
    assert abs(other.total * exposure - EVENTS_TOTAL) > 2


def test_printed_counts_that_do_not_come_out() -> None:
    ours = scaled_to_total()
    # Below all thresholds the printed counts rise faster than the spectrum that fits the other five.
    assert ours[1.0678] == pytest.approx(121.5, abs=0.5)
    assert EVENTS["1.0678"] - ours[1.0678] > 14
    assert ours[1.0684] == pytest.approx(116.8, abs=0.5)
    assert EVENTS["1.0684"] - ours[1.0684] > 3
    # What is left of the total for the lowest energy is less than at the next one, though the spectrum falls.
    assert EVENTS_TOTAL - sum(EVENTS.values()) - 2.5 < EVENTS["1.0678"]
    # 1.2e-5 eV below the highest threshold a shift of the level energy within its rounding moves 2.3 to 2.5.
    assert ours[1.07164] == pytest.approx(2.27, abs=0.01)
    shifted = events((1.069, 1.07164), E_eg=2.143495, E_vg=2.23072).counts
    assert 107 * shifted[1] / shifted[0] > 2.45


def test_six_ratios_with_the_spectroscopic_levels() -> None:
    counts = events(ELEMENT_FREQUENCIES).counts
    assert 107 * counts / counts[0] == pytest.approx([107, 87.1, 81.9, 79.5, 40.8, 2.405], rel=2e-3, abs=0)


def test_counts_follow_exposure_and_spectrum() -> None:
    short, long = events(exposure_days=10), events(exposure_days=30)
    assert long.counts == pytest.approx(3 * short.counts, rel=1e-6, abs=0)
    assert short.counts == pytest.approx(short.spectral_function * short.reference_rate * 10 * 86400, rel=1e-6, abs=0)


def test_a_spin_factor_of_ones_own_scales_the_counts() -> None:
    paper, core = (events((4.0,), atom="Xe", C_ev=value) for value in (None, 1 / 18))
    assert paper.counts == pytest.approx(12 * core.counts, rel=1e-6, abs=0)
    assert paper.spectral_function == pytest.approx(core.spectral_function, rel=1e-6, abs=0)


def test_no_photons_above_the_highest_threshold() -> None:
    run = experiment(lightest_mass=0.05, frequencies=(1.0, 1.0710))
    counts = run.counts()
    assert counts[0] > 0
    assert counts[1] == 0


def test_a_moment_adds_only_below_its_pair_threshold() -> None:
    mu = np.zeros((3, 3))
    mu[2, 2] = 1e-10
    weak, signal = events((1.068, 1.07)), events((1.068, 1.07), electromagnetic={"mu": mu})
    assert signal.counts[0] > 1.1 * weak.counts[0]
    assert signal.counts[1] == weak.counts[1]


def test_a_second_intermediate_state_changes_every_count_by_its_amplitude() -> None:
    yb, singlet = ATOMS["Yb"], ATOMS["Yb"].further[0].energy
    one = events()
    both = events(E_vg=(yb.E_vg, singlet), intermediate_amplitudes=(1, -1))
    factor = (singlet - yb.E_vg) / (singlet - one.frequencies)
    # gamma_vg is the width of the first state, so the reference rate knows that state alone.
    assert both.reference_rate == one.reference_rate
    assert both.counts / one.counts == pytest.approx(factor**2, rel=tolerance("unit-conversion"), abs=0)


def test_without_the_weak_current_nothing_is_left() -> None:
    assert events(weak=False).total == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"frequencies": (1.2,)}, "frequencies: expected 0 < omega < E_eg/2 = 1.07"),
        ({"frequencies": (1.2,), "E_eg": 1e-19}, "frequencies: expected 0 < omega < E_eg/2 = 5e-20 eV, got 1.2"),
        ({"E_eg": 1e-80}, "E_eg must be from 1e-20 to 1e+20 eV, found 1e-80"),
        ({"E_vg": [3.0, 1e80], "intermediate_amplitudes": [1, 1]}, "E_vg must be from 1e-20 to 1e+20 eV, found 1e+80"),
        ({"lightest_mass": 1e-30}, "lightest_mass must be 0 or from 1e-20 to 1e+20 eV, found 1e-30"),
        ({"frequencies": ()}, "frequencies: expected a non-empty list"),
        ({"exposure_days": 0}, "exposure_days: expected a finite positive number, got 0"),
        ({"density_cm3": float("nan")}, "density_cm3: expected a finite positive number, got nan"),
        ({"eta": 1.5}, "eta: expected a fraction in (0, 1], got 1.5"),
        ({"normalisation": "x"}, "normalisation: expected one of printed, derived, got 'x'"),
        ({"atom": "He"}, "unknown atom 'He'"),
        ({"atom": 3}, "atom: expected a symbol, a TOML file or a record of renp.ATOMS, got int"),
        ({"exposure_days": "long"}, "exposure_days: expected real numbers, got 'long'"),
        ({"exposure_days": None}, "exposure_days: expected real numbers, got None"),
        ({"C_ev": 0}, "C_ev: expected a finite positive number, got 0"),
        ({"frequencies": "1.069"}, "frequencies: expected real numbers, got '1.069'"),
        ({"density_cm3": 1e200}, "E_vg or C_ev: too large or too small, the reference rate"),
        ({"density_cm3": 1e-200}, "E_vg or C_ev: too large or too small, the reference rate"),
        ({"E_vg": 1e200}, "E_vg must be from 1e-20 to 1e+20 eV, found 1e+200"),
        ({"E_vg": ()}, "E_vg: expected one energy or a non-empty list, got shape (0,)"),
        ({"E_vg": (2.2, -3.1)}, "E_vg: expected a finite positive number, got -3.1"),
    ],
)
def test_bad_input_is_one_clear_line(settings: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=r"^[^\n]+$") as caught:
        experiment(**settings)
    assert message in str(caught.value)


def test_counts_that_overflow_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^exposure_days: the number of events overflows, got 1e\+308$"):
        events(exposure_days=1e308)
    with pytest.raises(ValueError, match=r"^exposure_days: the number of events overflows, got 1e\+300$"):
        sensitivity("scalar.y_S_nu[1,1]", scalar={"mass": 1.0}, exposure_days=1e300)


def test_a_mediator_exactly_on_its_pole_is_refused() -> None:
    run = experiment(E_eg=2.0, frequencies=(0.75,))
    group = {"mass": 1.0, "g_A": 1.0, "g_L": np.eye(3)}
    with pytest.raises(ValueError, match=r"^[^\n]*(pole|width)[^\n]*$"):
        run.counts(vector=group)
    assert np.isfinite(run.counts(vector={**group, "width": 1e-3})).all()


def test_the_options_are_what_the_evaluator_takes_beyond_the_set_up() -> None:
    own = {"omega", "E_eg", "E_vg", "masses", "axial", "nature", "m1"}
    assert {*OPTIONS, *shipped_model().keywords, *own} == set(signature(spectral_function).parameters)


@pytest.mark.parametrize(
    ("call", "further"),
    [
        (lambda: experiment(colour=1), "dipole_length"),
        (lambda: events(colour=1), "weak, electromagnetic"),
        (lambda: sensitivity("electromagnetic.mu[1,1]", colour=1), "level, profile, background, electromagnetic"),
        (lambda: sensitivity_curve("electromagnetic.mu[1,1]", "events", [100.0], colour=1), "level, profile"),
    ],
)
def test_unknown_setting_is_named_with_the_allowed_ones(call: Callable[[], object], further: str) -> None:
    with pytest.raises(
        TypeError, match=r"^unknown setting 'colour': allowed are frequencies, exposure_days, [^\n]+$"
    ) as caught:
        call()
    assert further in str(caught.value)


def test_unknown_group_is_named() -> None:
    with pytest.raises(ValueError, match="unknown coupling group 'gravity'"):
        experiment().counts(gravity={})
