"""Spectra compared: each is the single one, files hold all of them, wrong names and values are one clear line."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest

import renp
from renp.rates.comparison import USUAL, Comparison
from renp.studies.figures.plotting import figure_bytes
from renp.studies.figures.results import plot_comparison

MU = {"electromagnetic": {"mu": 5e-11 * np.diag([1.0, 0, 0])}}
TENSOR = {"tensor": {"t": 0.05 * np.diag([1.0, 0, 0])}}


@pytest.fixture(scope="module")
def four() -> Comparison:
    return renp.compare(["ordering", "nature"], lightest=0.05)


def test_each_spectrum_is_the_single_one_to_the_bit(four: Comparison) -> None:
    assert four.values == (("normal", "dirac"), ("normal", "majorana"), ("inverted", "dirac"), ("inverted", "majorana"))
    for (ordering, nature), one in zip(four.values, four.spectra, strict=True):
        single = renp.spectrum(lightest=0.05, ordering=ordering, nature=nature, omega=one.omega)
        np.testing.assert_array_equal(one.I, single.I)
        assert one.oscillation == {"normal": "desalas-2021-benchmark", "inverted": "nufit-6.0-io"}[ordering]
    assert four.common == "Yb, lightest 0.05 eV, averaged chain, papers' set-up"
    assert four.details == "normal ordering: desalas-2021-benchmark; inverted ordering: nufit-6.0-io"


def test_one_range_shows_the_thresholds_of_all(four: Comparison) -> None:
    first = four.spectra[0].omega
    assert all(np.array_equal(one.omega, first) for one in four.spectra)
    assert all(first[0] < threshold.omega < first[-1] for one in four.spectra for threshold in one.thresholds)
    atoms = renp.compare("atom")
    assert [one.atom for one in atoms.spectra] == list(USUAL["atom"])
    for one in atoms.spectra:
        np.testing.assert_array_equal(one.omega, renp.spectrum(one.atom).omega)


def test_files_hold_every_curve_exactly(four: Comparison) -> None:
    rows = list(csv.DictReader(io.StringIO(four.to_csv().decode())))
    assert list(rows[0]) == ["ordering", "nature", "omega_eV", "I"]
    record = json.loads(four.to_json(couplings=[]))
    assert (record["compared"], record["common"], record["couplings"]) == (["ordering", "nature"], four.common, [])
    for values, one, curve in zip(four.values, four.spectra, record["curves"], strict=True):
        own = [row for row in rows if (row["ordering"], row["nature"]) == values]
        assert [float(row["omega_eV"]) for row in own] == one.omega.tolist() == curve["omega"]
        assert [float(row["I"]) for row in own] == one.I.tolist() == curve["I"]
        assert tuple(curve["values"].values()) == values == (curve["ordering"], curve["nature"])


def test_the_couplings_are_compared_without_each_alone_and_all() -> None:
    omega = [1.06, 1.07]
    found = renp.compare("model", omega=omega, **MU, **TENSOR)
    assert found.values == (("none",), ("electromagnetic",), ("tensor",), ("all",))
    expected: list[dict[str, Any]] = [{}, MU, TENSOR, {**MU, **TENSOR}]
    for one, groups in zip(found.spectra, expected, strict=True):
        np.testing.assert_array_equal(one.I, renp.spectrum(omega=omega, **groups).I)
    assert found.labels == ("weak current alone", "electromagnetic", "tensor", "all new couplings")
    assert renp.compare({"model": ["none", "tensor"]}, omega=omega, **TENSOR).values == (("none",), ("tensor",))


def test_values_may_have_words_of_their_own() -> None:
    mixing = renp.mixing_matrix("nufit-6.0-no")
    found = renp.compare({"mixing": {"NuFIT": mixing, "none": np.eye(3)}}, omega=[1.06])
    assert found.labels == ("mixing NuFIT", "mixing none")
    np.testing.assert_array_equal(found.spectra[0].I, renp.spectrum(omega=[1.06], mixing=mixing).I)


def test_the_picture_has_a_panel_for_each_set_of_thresholds(four: Comparison) -> None:
    figure = plot_comparison(four)
    assert [axes.get_legend().get_title().get_text() for axes in figure.axes] == [
        "normal ordering",
        "inverted ordering",
    ]
    for axes, pair in zip(figure.axes, (four.spectra[:2], four.spectra[2:]), strict=True):
        drawn = {str(line.get_label()): np.asarray(line.get_ydata()) for line in axes.lines}
        for name, one in zip(("Dirac neutrinos", "Majorana neutrinos"), pair, strict=True):
            np.testing.assert_array_equal(drawn[name], one.I)
    assert four.common in figure.legends[0].get_title().get_text()
    assert figure_bytes(figure, "png") == figure_bytes(plot_comparison(four), "png")
    # At a small mass the natures are one to the eye but not equal, and the legend says so.
    light = plot_comparison(renp.compare("nature", lightest=0.001))
    assert [text.get_text() for text in light.legends[0].get_texts()] == [
        "Dirac neutrinos",
        "Majorana neutrinos\n≈ Dirac neutrinos, within 0.48% of the largest value",
    ]
    # Many sets of thresholds share a panel, and mark their own.
    masses = plot_comparison(renp.compare({"lightest_mass": [0.0, 0.005, 0.01, 0.015]}))
    assert len(masses.axes) == 1
    assert len(masses.axes[0].collections) == 4
    assert len(plot_comparison(renp.compare("atom")).axes) == 2


@pytest.mark.parametrize(
    ("over", "settings", "message"),
    [
        ("exposure_days", {}, "compare: unknown setting 'exposure_days', allowed are setup, atom, "),
        ("lightest_mass", {}, "compare: lightest_mass has no usual values, give them; without values go setup, atom"),
        ([], {}, "compare: give a setting to compare, allowed are setup"),
        ("nature", {"nature": "dirac"}, "nature: compare gives the values, leave one of the two out"),
        ({"lightest_mass": [0.1]}, {"lightest": 0.0}, "lightest_mass: compare gives the values"),
        ({"nature": ["dirac", "x"]}, {}, "nature=x: nature must be one of dirac, majorana"),
        ({"nature": []}, {}, "compare: nature: expected a list of values, got an empty one"),
        ({"nature": ["dirac", "dirac"]}, {}, "compare: nature: dirac is given twice"),
        ({"lightest_mass": [0.0, 2.0]}, {}, r"lightest_mass=2.0: omega: no photon energy lies below a pair threshold"),
        (
            {"lightest_mass": np.linspace(0, 0.1, 36)},
            {},
            "compare: 36 spectra are too many for one picture, at most 35",
        ),
        ("model", {}, "compare: model: no new coupling is set"),
        ({"model": ["x"]}, MU, "compare: model: unknown value 'x', allowed are none, electromagnetic"),
        ({"model": ["none", "none"]}, MU, "compare: model: none is given twice"),
    ],
)
def test_wrong_wishes_are_one_clear_line(over: Any, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        renp.compare(over, **settings)
    assert "\n" not in str(caught.value)


def test_a_lone_word_is_no_list() -> None:
    with pytest.raises(TypeError, match="compare: nature: expected a list of values, got 'dirac'"):
        renp.compare({"nature": "dirac"})


def test_an_entry_of_a_group_is_compared_as_it_is_set() -> None:
    group: dict[str, Any] = {"mass": 1.0, "g_A": 1.0, "g_L": np.diag([0, 0, 3e-24])}
    found = renp.compare(
        {"vector.g_L[2,1].imag": [0.0, 2e-24], "vector.propagator": ["feynman", "unitary"]}, vector=group
    )
    assert found.labels[3] == "vector.g_L[2,1].imag = 2e-24, vector.propagator = unitary"
    matrix = np.diag([0, 0, 3e-24]).astype(complex)
    matrix[1, 0], matrix[0, 1] = 2e-24j, -2e-24j
    there = renp.spectrum(omega=found.spectra[3].omega, vector={**group, "g_L": matrix, "propagator": "unitary"})
    np.testing.assert_array_equal(found.spectra[3].I, there.I)
    assert not group["g_L"][1, 0]
    alone = renp.compare({"model": ["none", "tensor"], "tensor.t[1,1]": [0.05]}, omega=[1.06])
    assert alone.spectra[0].I < alone.spectra[1].I


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({"vector.mass": [1, 2]}, "vector.mass: compare gives the values, leave one of the two out"),
        ({"vector.g_L[1,1]": [1e-24]}, "vector.g_L[1,1]: compare gives the values, leave one of the two out"),
        ({"vector.g_L": [1e-24]}, "compare: vector.g_L is a matrix, compare an element, vector.g_L[i,j]"),
        ({"vector.g_A[1,1]": [1.0]}, "compare: vector.g_A is no matrix, it has neither elements nor parts"),
        ({"vector.x": [1.0]}, "compare: vector has no entry 'x', allowed are mass, "),
        ({"x.y": [1.0]}, "unknown coupling group 'x': allowed are electromagnetic, "),
        ({"vector.": [1.0]}, "compare: expected GROUP.NAME or GROUP.NAME[i,j], got 'vector.'"),
        ({"vector.g_V": [float("nan")]}, "vector.g_V: expected finite numbers, got nan"),
        ({"vector.g_V": [1j]}, "vector.g_V: it is real, got 1j"),
        ({"vector.g_V": [None]}, "vector.g_V: expected finite numbers, got None"),
        ({"vector.g_L[2,2]": [1j]}, "vector.g_L[2,2]: it is real, got 1j"),
        ({"vector.g_L[5,1]": [1.0]}, "vector.g_L[5,1]: there are 3 neutrinos"),
        ({"vector.propagator": ["x"]}, "vector.propagator: found 'x', allowed are feynman, unitary"),
        ({"vector.g_V": None}, "vector.g_V has no usual values, give them"),
    ],
)
def test_a_wrong_entry_is_one_line(over: Any, message: str) -> None:
    group = {"mass": 1.0, "g_A": 1.0, "g_L": np.diag([1e-24, 0, 0])}
    with pytest.raises(ValueError, match=r"^[^\n]+$") as found:
        renp.compare(over, vector=group, omega=[1.06])
    assert message in str(found.value)
