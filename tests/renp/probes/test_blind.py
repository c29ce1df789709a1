"""Blind directions: counts, finite moves along them, and the measured numbers against generated cross sections and spectra."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import renp
from renp.inputs.constants import ELECTRON_CHARGE, ELECTRON_MASS, FERMI_CONSTANT, HBAR_C_EV_CM
from renp.probes.blind import Emission, Plasmon, Scattering, blind_directions, measured
from renp.probes.effective import effective_moment
from renp_generated.probes import electron_scattering
from tests.tolerances import tolerance

EVERYWHERE = Scattering(distances="all")
COUNTS = [
    ([Scattering()], ("mu", "eps"), (3, 3)),
    ([Scattering(), Scattering(target="nucleus")], ("mu", "eps"), (3, 3)),
    ([EVERYWHERE], ("mu", "eps"), (9, 5)),
    ([EVERYWHERE, Plasmon()], ("mu", "eps"), (9, 5)),
    ([Emission()], ("mu", "eps"), (12, 6)),
    ([Emission(light="circular")], ("mu", "eps"), (18, 6)),
    ([Emission(), EVERYWHERE], ("mu", "eps"), (18, 6)),
    ([Scattering(flavours=("e",))], ("r2", "anapole"), (2, 2)),
    ([Scattering()], ("r2", "anapole"), (6, 6)),
    ([EVERYWHERE], ("r2", "anapole"), (9, 9)),
    ([EVERYWHERE, Plasmon()], ("r2", "anapole"), (10, 9)),
    ([Emission()], ("r2", "anapole"), (12, 9)),
]
SIZES = {("mu", "eps"): (18, 6), ("r2", "anapole"): (18, 9)}


@pytest.mark.parametrize(("probes", "form_factors", "seen"), COUNTS)
def test_how_many_combinations_a_set_of_probes_fixes(probes, form_factors, seen) -> None:
    for nature, expected, size in zip(("dirac", "majorana"), seen, SIZES[form_factors], strict=True):
        found = blind_directions(probes, form_factors=form_factors, nature=nature)
        assert found.exact
        assert (found.seen, len(found.parameters)) == (expected, size)
        assert len(found.directions) == size - expected


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_measured_angles_give_the_same_counts(nature: str) -> None:
    mixing = renp.mixing_matrix("nufit-6.0-no")
    for probes in ([EVERYWHERE, Plasmon()], [Emission(), EVERYWHERE]):
        exact, floating = (blind_directions(probes, nature=nature, mixing=given) for given in (None, mixing))
        assert not floating.exact
        assert floating.seen == exact.seen


def test_the_blind_direction_of_majorana_neutrinos_turns_mu_into_eps() -> None:
    at = [3, 5, 7, 1, 2, 4]
    found = blind_directions([EVERYWHERE, Plasmon()], nature="majorana", at=at)
    (direction,) = found.directions
    turned = [direction[name] for name in found.parameters]
    ratio = Fraction(str(turned[3])) / at[0]
    assert [Fraction(str(x)) for x in turned] == [-ratio * x for x in at[3:]] + [ratio * x for x in at[:3]]


def test_a_world_of_mu_and_one_of_eps_differ_in_emission_alone() -> None:
    rng = np.random.default_rng(5)
    numbers = [Fraction(int(n), 7) for n in rng.integers(-9, 9, size=9)]
    first, second = [*numbers, *[0] * 9], [*[0] * 9, *numbers]
    others = [EVERYWHERE, Scattering(target="nucleus", distances="all"), Plasmon()]
    assert measured(others, first) == measured(others, second)
    assert measured([Emission()], first) != measured([Emission()], second)
    massless = Emission(masses=(Fraction(0),) * 3)
    assert measured([massless], first) == measured([massless], second)


def test_a_right_handed_charge_radius_is_seen_by_plasmons_and_emission_alone() -> None:
    """r2/6 - a = 0: r2 = 6, a = 1 in the place 11."""
    names = blind_directions([Plasmon()], form_factors=("r2", "anapole")).parameters
    values = [{"r2[1,1]": 6, "anapole[1,1]": 1}.get(name, 0) for name in names]
    nothing = [0] * len(names)
    options = {"form_factors": ("r2", "anapole")}
    for probes, seen in (([EVERYWHERE], False), ([Plasmon()], True), ([Emission()], True)):
        assert (measured(probes, values, **options) != measured(probes, nothing, **options)) == seen


def test_the_measured_moments_are_the_effective_ones() -> None:
    mixing = renp.mixing_matrix("nufit-6.0-no")
    values = [Fraction(n * n % 11 + 1, 3) for n in range(18)]
    names = blind_directions([Plasmon()]).parameters
    matrices = {name: np.zeros((3, 3), dtype=complex) for name in ("mu", "eps")}
    for name, value in zip(names, values, strict=True):
        word, j, k = name.split("[")[0], int(name[name.index("[") + 1]) - 1, int(name[name.index(",") + 1]) - 1
        unit = 1j if name.endswith("imag") else 1
        matrices[word][j, k] += unit * float(value)
        if j != k:
            matrices[word][k, j] += np.conj(unit) * float(value)
    found = measured([Scattering()], values, mixing=mixing)
    for flavour in ("e", "mu", "tau"):
        expected = effective_moment(flavour, mixing=mixing, **matrices)
        assert found[f"electron {flavour} moment"].real == pytest.approx(
            float(expected), rel=tolerance("effective-quantity"), abs=0
        )


def test_the_measured_charge_radius_is_that_of_the_cross_section() -> None:
    mixing, sine = renp.mixing_matrix("nufit-6.0-no"), 0.23
    unit = 2 * np.sqrt(2) * FERMI_CONSTANT / ELECTRON_CHARGE * HBAR_C_EV_CM**2
    names = blind_directions([Plasmon()], form_factors=("r2", "anapole")).parameters
    values = [{"r2[1,1]": 1, "r2[1,2].imag": 2, "anapole[2,3].real": -1}.get(name, 0) for name in names]
    radius, anapole = np.zeros((3, 3), dtype=complex), np.zeros((3, 3), dtype=complex)
    radius[0, 0], radius[0, 1], radius[1, 0] = unit, 2j * unit, -2j * unit
    anapole[1, 2] = anapole[2, 1] = -unit
    found = measured([Scattering()], values, form_factors=("r2", "anapole"), mixing=mixing)
    energy, recoil = 1e7, 4e6
    for row, flavour in enumerate(("e", "mu", "tau")):
        left, right, both = (found[f"electron {flavour} {name}"].real for name in ("left", "right", "left-right"))
        y = recoil / energy
        total = left + right * (1 - y) ** 2 - both * ELECTRON_MASS * y / energy
        expected = electron_scattering(
            recoil, energy=energy, masses=[0.0] * 3, axial=renp.axial_couplings(mixing),
            vector_weak=renp.vector_couplings(mixing, sine), incoming=mixing[row].conj(),
            electromagnetic={"r2": radius, "anapole": anapole},
        )  # fmt: skip
        assert 2 * FERMI_CONSTANT**2 * ELECTRON_MASS / np.pi * total == pytest.approx(
            float(expected), rel=tolerance("effective-quantity"), abs=0
        )


@pytest.mark.parametrize("name", ["mu", "eps", "r2", "anapole"])
@pytest.mark.parametrize(("light", "tensor"), [("averaged", None), ("linear", np.diag([1.0, 0, 0]))])
def test_the_measured_emission_is_that_of_the_spectrum(name: str, light: str, tensor) -> None:
    """Ratios of one form factor at two energies, E_eg = 2, from the exact forms and from the evaluator."""
    masses = (Fraction(1, 10), Fraction(1, 7), Fraction(1, 4))
    names = blind_directions([Plasmon()], form_factors=(name,)).parameters
    values = [int(one == f"{name}[2,2]") for one in names]
    found = measured([Emission(masses, light)], values, form_factors=(name,))
    zero = measured([Emission(masses, light)], [0] * len(names), form_factors=(name,))
    parts = {label: value.x - zero[label].x for label, value in found.items() if label.startswith("pair 22")}
    chosen = {label: float(Fraction(int(part.numerator), int(part.denominator))) for label, part in parts.items()}
    signal = []
    for label in chosen:
        squared = float(Fraction(label.split("s = ")[1]))
        matrix = np.diag([0, 1.0, 0])
        rate = renp.spectral_function(
            (2 - squared / 2) / 2, E_eg=2.0, E_vg=2.5, masses=[float(m) for m in masses], axial=np.zeros((3, 3)),
            electromagnetic={name: matrix}, atomic_tensor=tensor,
        )  # fmt: skip
        threshold, omega = 4 * float(masses[1]) ** 2, (2 - squared / 2) / 2
        signal.append(float(rate) * (2.5 - omega) ** 2 / np.sqrt(1 - threshold / squared))
    ratios = np.array(signal) / np.array(list(chosen.values()))
    assert ratios == pytest.approx(ratios[0], rel=tolerance("effective-quantity"), abs=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: blind_directions([]), "probes must be"),
        (lambda: blind_directions([Plasmon()], form_factors=("charge",)), "form_factors must be"),
        (lambda: blind_directions([Plasmon()], form_factors=("mu", "mu")), "form_factors must be different"),
        (lambda: blind_directions([Plasmon()], nature="weyl"), "nature must be"),
        (lambda: blind_directions([Plasmon()], mixing=[[1, 0], [0, 1]]), r"mixing must be \(3, n\)"),
        (lambda: blind_directions([Plasmon()], mixing="U"), "mixing must"),
        (lambda: blind_directions([Plasmon()], at=[1]), "at must have 18 values"),
        (lambda: blind_directions([Plasmon()], at=[float("nan")] * 18), "at must hold finite"),
        (lambda: blind_directions([Emission((Fraction(1, 9),))]), "masses must be 3"),
        (lambda: blind_directions([Emission(light="white")]), "light must be"),
        (lambda: blind_directions([Scattering(target="muon")]), "target must be"),
        (lambda: blind_directions([Scattering(flavours=("x",))]), "flavours must be"),
        (lambda: blind_directions([Scattering(distances="far")]), "distances must be"),
    ],
)
def test_a_mistake_is_one_line(call, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
