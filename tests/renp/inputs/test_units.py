"""Numbers that carry a unit: taken in the unit that is meant, refused in any other, never read without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import renp
from renp.statistics.couplings import Coupling
from renp.studies.identification import candidate_frequencies, exclusion, optimise_frequencies, weakest_separation

LEVELS: dict[str, Any] = {"E_eg": 2.14349, "E_vg": 2.23072, "masses": [0.01, 0.05], "axial": np.eye(2) * 0.4}
GROUPS: dict[str, Any] = {
    "vector": {"mass": 1.0, "width": 0.1, "g_A": 1e-12, "g_L": np.eye(2) * 1e-12, "g_R": np.zeros((2, 2))},
    "electromagnetic": {"mu": np.eye(2) * 1e-11, "r2": np.eye(2) * 1e-25},
}


class LikeAstropy(np.ndarray):
    """An array with a unit, of which ``np.asarray`` keeps the numbers alone."""

    unit: str


@dataclass(frozen=True)
class LikePint:
    """Numbers beside a unit, which an array of NumPy forgets."""

    magnitude: Any
    units: str

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.asarray(self.magnitude, dtype=dtype)


def like_astropy(numbers: Any, unit: str) -> Any:
    array = np.asarray(numbers).view(LikeAstropy)
    array.unit = unit
    return array


def like_a_list(numbers: Any, unit: str) -> Any:
    return [like_astropy(number, unit) for number in numbers] if np.ndim(numbers) else like_astropy(numbers, unit)


def astropy(numbers: Any, unit: str) -> Any:
    return numbers * pytest.importorskip("astropy.units").Unit(unit)


def pint(numbers: Any, unit: str) -> Any:
    return pytest.importorskip("pint").UnitRegistry().Quantity(numbers, unit)


KINDS: list[Callable[[Any, str], Any]] = [like_astropy, LikePint, like_a_list, astropy, pint]
kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def refused(call: Callable[[], Any], name: str, unit: str = "eV") -> None:
    expected = (
        rf"^{name} must be plain numbers in {unit}, found a quantity in \S+: convert it, for example with \.to\S+$"
    )
    with pytest.raises(TypeError, match=expected.replace("[", r"\[").replace("]", r"\]").replace(r"\[\S", r"[\S")):
        call()


@kinds
@pytest.mark.parametrize("function", [renp.spectral_function, renp.spectral_gradient])
def test_every_energy_of_the_evaluators_keeps_its_unit(kind: Callable[[Any, str], Any], function: Any) -> None:
    milli = kind([1000.0, 1050.0], "meV")
    refused(lambda: function(milli, **LEVELS), "omega")
    for name, numbers in (("E_eg", 2143.49), ("E_vg", 2230.72), ("masses", [10.0, 50.0])):
        refused(lambda name=name, numbers=numbers: function(1.0, **{**LEVELS, name: kind(numbers, "meV")}), name)
    for entry in ("mass", "width"):
        group = {**GROUPS["vector"], entry: kind(500.0, "meV")}
        refused(lambda entry=entry, group=group: function(1.0, **LEVELS, vector=group), f"vector['{entry}']")


@kinds
def test_matrices_and_plain_numbers_have_units_too(kind: Callable[[Any, str], Any]) -> None:
    wrong = kind(np.eye(2) * 0.4, "m")
    for name in ("axial", "vector_weak"):
        with pytest.raises(TypeError, match=rf"^{name} must be plain numbers without a unit, found a quantity in 'm"):
            renp.spectral_function(1.0, **{**LEVELS, name: wrong})
    for name, unit in (("mu", "mu_B"), ("r2", r"cm\^2")):
        group = {**GROUPS["electromagnetic"], name: wrong}
        with pytest.raises(
            TypeError, match=rf"^electromagnetic\['{name}'\] must be plain numbers in {unit}, found a quantity in 'm"
        ):
            renp.spectral_function(1.0, **LEVELS, electromagnetic=group)
    with pytest.raises(
        TypeError, match=r"^vector\['g_A'\] must be plain numbers without a unit, found a quantity in 'm"
    ):
        renp.spectral_function(1.0, **LEVELS, vector={**GROUPS["vector"], "g_A": kind(1.0, "m")})
    with pytest.raises(TypeError, match=r"^dipole_length must be plain numbers in Bohr radii, found a quantity in 'm"):
        renp.spectral_function(1.0, **LEVELS, pair_step="E1", dipole_length=kind(1e-10, "m"))
    with pytest.raises(
        TypeError, match=r"^intermediate_amplitudes must be plain numbers without a unit, found a quantity in 'm"
    ):
        renp.spectral_function(1.0, **LEVELS, intermediate_amplitudes=kind([1.0], "m"))
    with pytest.raises(TypeError, match=r"^atomic_tensor must be plain numbers without a unit, found a quantity in 'm"):
        renp.spectral_function(1.0, **LEVELS, atomic_tensor=kind(np.eye(3) / 3, "m"))


@kinds
def test_the_unit_that_is_meant_is_taken(kind: Callable[[Any, str], Any]) -> None:
    omega = np.array([1.0, 1.05])
    plain = renp.spectral_function(omega, **LEVELS, vector=GROUPS["vector"])
    energies = {name: kind(LEVELS[name], "eV") for name in ("E_eg", "E_vg", "masses")}
    vector = {**GROUPS["vector"], "mass": kind(1.0, "eV")}
    found = renp.spectral_function(kind(omega, "eV"), **{**LEVELS, **energies}, vector=vector)
    assert found.tolist() == plain.tolist()
    assert type(found) is np.ndarray
    no_unit = renp.spectral_function(omega, **{**LEVELS, "axial": kind(LEVELS["axial"], "")}, vector=GROUPS["vector"])
    assert no_unit.tolist() == plain.tolist()


SPELLINGS = {
    "cm^2": ("cm2", "cm ** 2", "centimeter ** 2", "cm\N{SUPERSCRIPT TWO}"),
    "cm^3": ("cm3", "cm ** 3", "centimeter ** 3", "cm\N{SUPERSCRIPT THREE}"),
    "cm^-3": ("1 / cm3", "1 / cm ** 3", "1 / centimeter ** 3", "1/cm\N{SUPERSCRIPT THREE}"),
    "day": ("d", "day"),
    "rad": ("rad", "radian"),
}
"""What astropy and pint write for the units of arguments, in their different formats."""


@pytest.mark.parametrize(("unit", "spelling"), [(unit, text) for unit, texts in SPELLINGS.items() for text in texts])
def test_every_spelling_of_the_unit_that_is_meant_is_taken(unit: str, spelling: str) -> None:
    def carried(numbers: Any) -> LikePint:
        return LikePint(numbers, spelling)

    matrix = np.eye(2) * 1e-30
    found = {
        "cm^2": lambda wrap: renp.spectral_function(1.0, **LEVELS, electromagnetic={"r2": wrap(matrix)}),
        "cm^3": lambda wrap: renp.events(volume_cm3=wrap(50.0)).total,
        "cm^-3": lambda wrap: renp.events(density_cm3=wrap(1e20)).total,
        "day": lambda wrap: renp.events(exposure_days=wrap(3.0)).total,
        "rad": lambda wrap: renp.events(majorana_phases=wrap([0.1, 0.2])).total,
    }[unit]
    assert found(carried) == found(lambda numbers: numbers)
    for wrong in ("m", "1 / m3", "cm4", "1 / cm", "millicm2", "minute", "deg"):
        with pytest.raises(TypeError, match=rf"must be plain numbers in {re.escape(unit)}, found a quantity in"):
            found(lambda numbers, wrong=wrong: LikePint(numbers, wrong))


@pytest.mark.parametrize("kind", [astropy, pint], ids=["astropy", "pint"])
def test_the_packages_spell_units_as_expected(kind: Callable[[Any, str], Any]) -> None:
    for numbers, unit, name in (
        (50.0, "cm**3", "volume_cm3"),
        (1e20, "cm**-3", "density_cm3"),
        (3.0, "day", "exposure_days"),
    ):
        assert renp.events(**{name: kind(numbers, unit)}).total == renp.events(**{name: numbers}).total


@kinds
def test_a_spectrum_stores_plain_numbers(kind: Callable[[Any, str], Any]) -> None:
    found = renp.spectrum("Yb", lightest=kind(0.01, "eV"), majorana_phases=kind([0.1, 0.2], "rad"), omega=[1.0])
    assert (type(found.lightest_mass), found.lightest_mass, found.majorana_phases) == (float, 0.01, (0.1, 0.2))


@kinds
def test_every_argument_of_the_face_keeps_its_unit(kind: Callable[[Any, str], Any]) -> None:
    milli = kind([1069.0, 1070.0], "meV")
    refused(lambda: renp.events(milli), "frequencies")
    for name in ("frequencies", "masses", "E_vg"):
        refused(lambda name=name: renp.experiment(**{name: milli}), name)
    refused(lambda: renp.experiment(E_eg=kind(2143.49, "meV")), "E_eg")
    refused(lambda: renp.experiment(lightest_mass=kind(10.0, "meV")), "lightest_mass")
    refused(lambda: renp.experiment(majorana_phases=kind([10.0, 20.0], "deg")), "majorana_phases", "rad")
    refused(lambda: renp.experiment(exposure_days=kind(40.0, "hour")), "exposure_days", "day")
    refused(lambda: renp.experiment(volume_cm3=kind(1.0, "m")), "volume_cm3", r"cm\^3")
    refused(lambda: renp.experiment(density_cm3=kind(1.0, "m")), "density_cm3", "cm.-3")
    refused(lambda: renp.spectrum("Yb", lightest=0.01, omega=milli), "omega")
    refused(lambda: renp.spectrum("Yb", lightest=kind(10.0, "meV")), "lightest_mass")
    refused(lambda: renp.masses("nufit-6.0-no", kind(10.0, "meV")), "lightest")
    refused(lambda: renp.pair_thresholds(2.0, milli), "neutrino_masses")
    refused(lambda: renp.pair_thresholds(kind(2000.0, "meV"), [0.1]), "E_eg")
    run = renp.experiment()
    refused(lambda: run.spectrum(milli), "omega")
    refused(lambda: candidate_frequencies(run, lowest=kind(1060.0, "meV")), "lowest")
    refused(lambda: optimise_frequencies(run, candidates=milli), "candidates")
    refused(lambda: weakest_separation(run, reference=kind(1067.0, "meV")), "reference")
    refused(lambda: renp.sensitivity_curve("vector.g_L[1,1]", "mediator_mass", kind([1.0], "meV")), "mediator_mass")
    for call in (
        lambda: renp.axial_couplings(kind(np.eye(3), "m")),
        lambda: renp.vector_couplings(np.eye(3), kind(0.2, "m")),
        lambda: renp.sensitivity("tensor.t[1,1]", background=kind(3.0, "m")),
        lambda: renp.identify(run, kind(np.ones(9), "m")),
        lambda: exclusion(run, "electromagnetic.mu[1,1]", kind(1e-11, "m"), ["electromagnetic.mu[1,1]"]),
        lambda: Coupling.parse("tensor.t[1,1]").matrix(kind(1.0, "m"), 3),
    ):
        with pytest.raises(
            TypeError, match=r"^\S+ must be plain numbers (?:in mu_B|without a unit), found a quantity in 'm(?:eter)?'$"
        ):
            call()


def test_labelled_arrays_of_a_data_file_are_read_by_their_unit() -> None:
    xarray = pytest.importorskip("xarray")
    right, wrong = (xarray.DataArray([1.0, 1.05], dims="omega", attrs={"units": unit}) for unit in ("eV", "meV"))
    assert renp.spectral_function(right, **LEVELS).tolist() == renp.spectral_function([1.0, 1.05], **LEVELS).tolist()
    refused(lambda: renp.spectral_function(wrong, **LEVELS), "omega")
