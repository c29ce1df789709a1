"""Radiative decay, plasmon decay and the lines of bosons, as generated, against explicit spinors and known numbers."""

from __future__ import annotations

import inspect
import random
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy import constants as si

import renp
from renp_generated import probe_formulas as formulas
from renp_generated import probes, spectral_function
from tests.brute_force import probes as reference
from tests.brute_force.cases import hermitian, light_tensor
from tests.tolerances import tolerance

NATURES = ("dirac", "majorana")
POLARISATIONS = ("transverse", "longitudinal")
LIGHTS = ("averaged", "linear", "circular", "random")
HBAR = si.hbar / si.e
"""eV s."""


def form_factors(seed: str, n: int) -> dict[str, Any]:
    """Return all form factors with contributions of one size to a plasmon of a few tenths of an eV."""
    draw = random.Random(seed)
    return {
        "mu": hermitian(draw, n, 1e-11),
        "eps": hermitian(draw, n, 1e-11),
        "r2": hermitian(draw, n, 3e-26),
        "anapole": hermitian(draw, n, 5e-27),
    }


# ---------------------------------------------------------------- plasmons


@pytest.mark.parametrize("names", [("mu",), ("eps",), ("r2",), ("anapole",), ("mu", "r2"), ("eps", "anapole"), None])
@pytest.mark.parametrize("polarisation", POLARISATIONS)
@pytest.mark.parametrize("nature", NATURES)
def test_plasmon_widths_are_helicity_sums(nature: str, polarisation: str, names: tuple[str, ...] | None):
    given = form_factors(f"plasmon-{nature}", 3)
    chosen = {name: value for name, value in given.items() if names is None or name in names}
    case: dict[str, Any] = {"masses": [0.0, 0.11, 0.42], "electromagnetic": chosen, "polarisation": polarisation}
    for energy, momentum in ((1.3, 0.4), (0.9, 0.1), (0.6, 0.3)):
        found = probes.plasmon_decay(energy, momentum, **case, nature=nature)
        expected = reference.plasmon_decay(energy, momentum, **case, nature=nature)
        assert not found[expected == 0].any()
        # Diagonal moments of Majorana neutrinos are exactly 0, of which explicit contractions leave their roundings.
        present = expected > tolerance("oracle-zero") * expected.max()
        assert (abs(found[present] / expected[present] - 1) < tolerance("probe-symmetry")).all()
        assert not found[~present].any()


def test_plasmon_widths_at_threshold_keep_their_digits():
    """The first powers of t: a magnetic moment starts with the root of t, an electric one with its cube."""
    masses = [0.3, 0.3 + 1e-9]
    thresholds = 0.6 + 1e-9
    for name, moment in (("mu", {"mu": [[0, 1], [1, 0]]}), ("eps", {"eps": [[0, 1], [1, 0]]})):
        for above in (1e-6, 1e-12):
            energy = thresholds * (1 + above)
            found = probes.plasmon_decay(energy, 0.0, masses=masses, electromagnetic=moment)[0, 1]
            exact = reference.plasmon_decay(energy, 0.0, masses=masses, electromagnetic=moment, precision=40)[0, 1]
            assert abs(found / float(exact) - 1) < tolerance("probes-threshold"), name


def test_destructive_interference_of_moment_and_radius_is_not_lost():
    """Where one combination of mu and r2 nearly cancels, the width is a small rest of two squares."""
    m, K = 0.2, 0.4 * (1 + 1e-9)
    unit = probes.plasmon_decay(K, 0.0, masses=[m], electromagnetic={"mu": [[1e-11]]})
    radius = probes.plasmon_decay(K, 0.0, masses=[m], electromagnetic={"r2": [[3e-26]]})
    size = -float(np.sqrt(unit / radius)[0, 0])
    given = {"mu": [[1e-11]], "r2": [[3e-26 * size]]}
    found = probes.plasmon_decay(K, 0.0, masses=[m], electromagnetic=given)[0, 0]
    exact = reference.plasmon_decay(K, 0.0, masses=[m], electromagnetic=given, precision=40)[0, 0]
    assert 0 < found < 1e-7 * unit[0, 0]
    assert abs(found / float(exact) - 1) < tolerance("probes-cancelled")


def test_closed_channels_and_space_like_plasmons_are_exactly_zero():
    case: dict[str, Any] = {"masses": [0.0, 0.2], "electromagnetic": form_factors("closed", 2)}
    energy = np.array([0.19, 0.2, 0.3, 0.4, 0.5])
    for polarisation in POLARISATIONS:
        for nature in NATURES:
            found = probes.plasmon_decay(energy, 0.0, **case, polarisation=polarisation, nature=nature)
            assert found.shape == (5, 2, 2)
            assert (found[:, 0, 1] > 0).tolist() == [False, False, True, True, True]
            assert (found[:, 1, 1] > 0).tolist() == [False, False, False, False, True]
            outside = probes.plasmon_decay(1.0, [[1.0], [1.5]], **case, polarisation=polarisation, nature=nature)
            assert outside.shape == (2, 1, 2, 2)
            assert not outside.any()


def test_the_width_is_that_of_raffelt_and_his_sum_holds_for_light_neutrinos():
    """``(4 pi/3 omega) (mu^2/2) (K^2/4 pi)^2`` with ``mu^2 = sum |mu_ij|^2 + |eps_ij|^2``; Majorana sums the antisymmetric part."""
    given = form_factors("raffelt", 3)
    given = {name: given[name] for name in ("mu", "eps")}
    magneton = np.sqrt(4 * np.pi * si.alpha) / (2 * renp_mass())
    energy, momentum = 500.0, 300.0
    case: dict[str, Any] = {"masses": [0.0, 0.0, 0.0], "electromagnetic": given}
    for nature in NATURES:
        squares = sum(
            abs(np.array(m) - (np.array(m).T if nature == "majorana" else 0)) ** 2 for m in given.values()
        ).sum() / (2 if nature == "majorana" else 1)
        K2 = energy**2 - momentum**2
        expected = 4 * np.pi / (3 * energy) * magneton**2 * squares / 2 * (K2 / (4 * np.pi)) ** 2
        found = probes.plasmon_decay(energy, momentum, **case, nature=nature).sum()
        assert abs(found / expected - 1) < tolerance("probes-constants")


def test_light_neutrinos_have_one_combination_of_all_form_factors():
    """``(|mu|^2 + |eps|^2)/2 + K^2 (|r2|^2/36 + |a|^2)`` in Raffelt's braces, literal coefficients, for both polarisations."""
    given = form_factors("one-combination", 3)
    units = {"mu": probes.CONSTANTS["mu_B"], "r2": probes.CONSTANTS["hbar_c"] ** -2}
    units |= {"eps": units["mu"], "anapole": units["r2"]}
    square = {name: (abs(np.array(value)) ** 2).sum() * units[name] ** 2 for name, value in given.items()}
    energy, momentum = 1.7, 0.6
    K2 = energy**2 - momentum**2
    braces = (square["mu"] + square["eps"]) / 2 + K2 * (square["r2"] / 36 + square["anapole"])
    expected = 4 * np.pi / (3 * energy) * (K2 / (4 * np.pi)) ** 2 * braces
    for polarisation in POLARISATIONS:
        found = probes.plasmon_decay(
            energy, momentum, masses=[0.0] * 3, electromagnetic=given, polarisation=polarisation
        ).sum()
        assert abs(found / expected - 1) < tolerance("formula")


def test_plasmons_make_right_handed_pairs_of_charge_radius_plus_anapole():
    """``r2/6 + a gamma5`` is ``(r2/6 - a) P_L + (r2/6 + a) P_R``: chirality is kept, and both hands are produced."""
    text = """
name = "hands"
title = "Form factors of either hand"
description = "Charge radius and anapole in other words."
references = []
propagator = { kind = "photon" }
electron = [ { coupling = "e", bilinear = "gamma(mu)", constant = true } ]
neutrino = [
  { coupling = "left", bilinear = "-(q2 gamma(mu) - q(mu) qslash) PL", dimension = -2, units = "cm^2" },
  { coupling = "right", bilinear = "-(q2 gamma(mu) - q(mu) qslash) PR", dimension = -2, units = "cm^2" },
]
"""
    hands = renp.Model.from_texts({"hands": text}).probes
    r2, a = 3e-26, 2e-27
    case: dict[str, Any] = {"masses": [0.0]}
    left, right = (
        hands.plasmon_decay(1.0, 0.0, **case, hands={name: [[value]]})
        for name, value in (("left", r2 / 6 - a), ("right", r2 / 6 + a))
    )
    both = probes.plasmon_decay(1.0, 0.0, **case, electromagnetic={"r2": [[r2]], "anapole": [[a]]})
    assert right > left > 0
    assert abs((left + right) / both - 1) < tolerance("formula")
    standard = probes.plasmon_decay(1.0, 0.0, **case, electromagnetic={"r2": [[r2]], "anapole": [[-r2 / 6]]})
    alone = hands.plasmon_decay(1.0, 0.0, **case, hands={"left": [[r2 / 3]]})
    assert abs(standard / alone - 1) < tolerance("formula")


def renp_mass() -> float:
    """Return the electron mass [eV] of the evaluators."""
    return float(probes.CONSTANTS["m_e"])


def test_a_milli_charge_of_ones_own_decays_plasmons_and_no_neutrino():
    text = """
name = "millicharge"
title = "Milli-charge"
description = "A tiny charge of the neutrinos."
references = []
propagator = { kind = "photon" }
electron = [ { coupling = "e", bilinear = "gamma(mu)", constant = true } ]
neutrino = [ { coupling = "q_nu", bilinear = "-gamma(mu)" } ]
"""
    model = renp.Model.from_texts({"millicharge": text, "electromagnetic": shipped_text("electromagnetic")})
    given = form_factors("milli", 2)
    charge = np.array([[2e-9, 1e-9j], [-1e-9j, 1e-9]])
    case: dict[str, Any] = {"masses": [0.1, 0.3]}
    for nature in NATURES:
        found = model.probes.plasmon_decay(
            1.2, 0.3, **case, nature=nature, electromagnetic=given, millicharge={"q_nu": charge}
        )
        expected = reference.plasmon_decay(1.2, 0.3, **case, nature=nature, electromagnetic=given | {"charge": charge})
        # The reference adds both contractions of a milli-charge, which cancel; what is left beside them has lost digits.
        assert abs(found - expected).max() < tolerance("probe-symmetry") * expected.max()
    with pytest.raises(
        ValueError, match=r"millicharge\['q_nu'\] must be 0 between 1 and 0: its current is not conserved"
    ):
        model.probes.radiative_decay(1, 0, **case, millicharge={"q_nu": charge})
    diagonal = {"q_nu": np.diag([1e-9, 2e-9])}
    alone = model.probes.radiative_decay(1, 0, **case, electromagnetic=given)
    assert model.probes.radiative_decay(1, 0, **case, electromagnetic=given, millicharge=diagonal) == alone


def shipped_text(name: str) -> str:
    """Return the text of a shipped interaction file."""
    return renp.Model(name).sources[name]


# ---------------------------------------------------------------- decay


@pytest.mark.parametrize("nature", NATURES)
def test_decays_are_helicity_sums(nature: str):
    masses, given = [0.0, 0.11, 0.42], form_factors(f"decay-{nature}", 3)
    for i, j in ((1, 0), (2, 0), (2, 1)):
        width, asymmetry = probes.radiative_decay(i, j, masses=masses, electromagnetic=given, nature=nature)
        expected = reference.radiative_decay(i, j, masses=masses, electromagnetic=given, nature=nature)
        assert abs(width / expected[0] - 1) < tolerance("probe-symmetry")
        assert abs(asymmetry - expected[1]) < tolerance("probe-symmetry")
        if nature == "majorana":
            assert abs(asymmetry) < tolerance("probe-symmetry")
        else:
            assert abs(asymmetry) > 1e-2


def test_the_printed_rate_and_a_near_degenerate_decay():
    """R96: 5.308/s (mu/mu_B)^2 (m_i/eV)^3 (1 - m_j^2/m_i^2)^3."""
    width, _ = probes.radiative_decay(1, 0, masses=[0.3, 0.8], electromagnetic={"mu": [[0, 1e-3], [1e-3, 0]]})
    assert abs(width / HBAR / (5.308e-6 * 0.8**3 * (1 - 0.09 / 0.64) ** 3) - 1) < tolerance("four-digits")
    heavy = 0.3 * (1 + 1e-12)
    width, _ = probes.radiative_decay(1, 0, masses=[0.3, heavy], electromagnetic={"mu": [[0, 1e-3], [1e-3, 0]]})
    moment = {"mu": [[0, 1e-3], [1e-3, 0]]}
    exact, _ = reference.radiative_decay(1, 0, masses=[0.3, heavy], electromagnetic=moment, precision=40)
    assert abs(width / float(exact) - 1) < tolerance("probes-threshold")


def test_antineutrinos_and_opposite_phases_mirror_the_photon():
    given = {"mu": [[0, 1e-11], [1e-11, 0]], "eps": [[0, 1e-11j], [-1e-11j, 0]]}
    width, asymmetry = probes.radiative_decay(1, 0, masses=[0.1, 0.5], electromagnetic=given)
    assert abs(asymmetry - 1) < tolerance("probe-symmetry")
    mirrored = reference.radiative_decay(1, 0, masses=[0.1, 0.5], electromagnetic=given, antineutrino=True)
    assert abs(mirrored[1] + 1) < tolerance("probe-symmetry")
    given["eps"] = np.conj(given["eps"])
    assert probes.radiative_decay(1, 0, masses=[0.1, 0.5], electromagnetic=given) == (width, -asymmetry)


def test_no_coupling_no_decay_and_no_direction():
    assert probes.radiative_decay(1, 0, masses=[0.1, 0.5]) == (0, 0)
    assert probes.radiative_decay(1, 0, masses=[0.1, 0.5], electromagnetic={"r2": [[1, 1], [1, 1]]}) == (0, 0)
    symmetric = {"mu": [[0, 1e-11], [1e-11, 0]]}
    assert probes.radiative_decay(1, 0, masses=[0.1, 0.5], electromagnetic=symmetric, nature="majorana") == (0, 0)


# ---------------------------------------------------------------- one boson


ATOM: dict[str, Any] = {"E_eg": 2.14349, "E_vg": 2.23072}
CHANNELS: dict[str, tuple[str, str, dict[str, float]]] = {
    "pseudoscalar": ("scalar", "M1", {"y_P": 3e-3}),
    "scalar": ("scalar", "E1", {"y_S": 2e-7}),
    "axial": ("vector", "M1", {"g_A": 1e-9}),
    "magnetic": ("vector", "M1", {"g_V": 1e-4}),
    "both": ("vector", "M1", {"g_A": 1e-10, "g_V": 1e-4}),
    "electric": ("vector", "E1", {"g_V": 1e-8}),
}


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_lines_are_sums_over_explicit_polarisations(channel: str, light: str):
    group, pair_step, couplings = CHANNELS[channel]
    draw = random.Random(f"{channel}-{light}")
    case: dict[str, Any] = {**ATOM, "mass": draw.uniform(0.2, 2.0), "atomic_tensor": light_tensor(draw, light)}
    for m1 in ("spin", "full"):
        how: dict[str, Any] = {"pair_step": pair_step, "m1": m1, "dipole_length": 1.4, **couplings}
        found = probes.boson_line(group, **case, **how)
        expected = reference.boson_line(group, **case, **how)
        assert abs(found[0] / expected[0] - 1) < tolerance("probe-symmetry")
        assert abs(found[1] - expected[1]) <= tolerance("probe-symmetry") * expected[1]


def mediated(
    channel: str, nature: str, light: str, width_factor: float = 1.0, m1: str = "spin", **more: Any
) -> tuple[dict[str, Any], float, float, float, float]:
    """Return arguments of a spectral function through a mediator into one channel, omega_0, S, its branching ratio and its width.

    The mediator couples to the pair (0, 1) alone; other decays make up for ``1 - 1/width_factor`` of its width.
    """
    group, pair_step, couplings = CHANNELS[channel]
    draw = random.Random(f"{channel}-{nature}-{light}")
    M, masses = 0.9, more.pop("masses", [0.1, 0.35])
    size = more.pop("size", 0.3)
    names = ("y_S_nu", "y_P_nu") if group == "scalar" else ("g_L", "g_R")
    elements = [complex(draw.uniform(-1, 1), draw.uniform(-1, 1)) * size for _ in names]
    matrices = {name: [[0, z], [z.conjugate(), 0]] for name, z in zip(names, elements, strict=True)}
    partial = float(reference.boson_width(group, mass=M, masses=masses, nature=nature, **matrices).sum())
    how: dict[str, Any] = {
        **ATOM,
        "atomic_tensor": light_tensor(draw, light),
        "pair_step": pair_step,
        "dipole_length": 1.4,
        "m1": m1,
    }
    omega, strength = probes.boson_line(group, mass=M, **how, **couplings)
    mediator = {"mass": M, "width": partial * width_factor, **couplings, **matrices, **more}
    if group == "vector":
        mediator.setdefault("propagator", "unitary")
    arguments = {**how, "masses": masses, "axial": np.zeros((2, 2)), "nature": nature, group: mediator}
    return arguments, omega, strength, 1 / width_factor, partial * width_factor


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("channel", CHANNELS)
def test_pairs_at_the_peak_are_the_line_times_the_branching_ratio(channel: str, nature: str, light: str):
    """``I(omega_0) pi M Gamma / 2 E_eg``, at any width: on the peak nothing depends on the neutrinos but the branching ratio."""
    for m1 in ("spin", "full"):
        arguments, omega, strength, ratio, width = mediated(channel, nature, light, width_factor=2.5, m1=m1)
        peak = spectral_function(omega, **arguments) * np.pi * 0.9 * width / (2 * ATOM["E_eg"])
        if strength == 0:
            assert peak == 0
            assert CHANNELS[channel][0] == "scalar"
        else:
            assert abs(peak / (ratio * strength) - 1) < tolerance("probe-symmetry")


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("channel", ["pseudoscalar", "both", "electric"])
def test_the_peak_becomes_a_line_as_the_width_goes_to_zero(channel: str, nature: str):
    """The whole peak, by quadrature: its distance from the line falls with the width."""

    def distance(size: float) -> float:
        arguments, omega, strength, ratio, width = mediated(channel, nature, "random", 1.5, size=size)
        half = 0.9 * width / (2 * ATOM["E_eg"])
        edge = np.arctan(0.1 / half)
        nodes, weights = np.polynomial.legendre.leggauss(120)
        angle = edge * nodes
        peak = spectral_function(omega + half * np.tan(angle), **arguments) * half / np.cos(angle) ** 2
        return abs(float((weights * peak).sum() * edge) / (ratio * strength) - 1)

    distances = [distance(size) for size in (0.1, 0.03)]
    assert distances[0] < 0.1
    assert distances[1] < 0.2 * distances[0]


@pytest.mark.parametrize("nature", NATURES)
def test_the_unitary_numerator_alone_passes_for_the_axial_current_of_massive_neutrinos(nature: str):
    """With ``-g`` alone a spin-0 state of negative norm decays too: into massive neutrinos, through g_A and nothing else."""

    def missed(channel: str, **more: Any) -> float:
        arguments, omega, strength, ratio, width = mediated(channel, nature, "random", propagator="feynman", **more)
        peak = spectral_function(omega, **arguments) * np.pi * 0.9 * width / (2 * ATOM["E_eg"])
        return abs(float(peak) / (ratio * strength) - 1)

    assert missed("axial") > 1e-2
    assert missed("axial", masses=[0.0, 0.0]) < tolerance("probe-symmetry")
    assert missed("magnetic") < tolerance("probe-symmetry")
    assert missed("electric") < tolerance("probe-symmetry")


def test_light_bosons_longitudinal_limits():
    """As M -> 0: g_A alone grows, as a pseudoscalar of y_P = 2 m_e g_A / M; g_V is left with two polarisations."""
    tensor = np.diag([0.0, 0.0, 1.0])
    light, lighter = (
        probes.boson_line("vector", **ATOM, mass=M, g_A=1e-12, atomic_tensor=tensor)[1] for M in (1e-4, 1e-6)
    )
    assert abs(lighter / light / 1e4 - 1) < tolerance("probes-light-boson")
    scalar = probes.boson_line("scalar", **ATOM, mass=1e-6, y_P=2 * renp_mass() * 1e-6, atomic_tensor=tensor)[1]
    assert abs(lighter / scalar - 1) < tolerance("probes-light-boson")
    for pair_step in ("M1", "E1"):
        along = probes.boson_line("vector", **ATOM, mass=0, g_V=1e-6, atomic_tensor=tensor, pair_step=pair_step)
        assert along == (ATOM["E_eg"] / 2, 0)
        assert probes.boson_line("vector", **ATOM, mass=0, g_V=1e-6, pair_step=pair_step)[1] > 0


def test_the_line_stands_at_the_threshold_of_a_pair_of_its_mass():
    omega, _ = probes.boson_line("scalar", **ATOM, mass=0.7, y_P=1e-3)
    expected = ATOM["E_eg"] / 2 - 0.7**2 / (2 * ATOM["E_eg"])
    assert abs(omega - expected) < tolerance("probe-symmetry")
    pair: dict[str, Any] = {**ATOM, "masses": [0.35], "axial": [[0.5]]}
    assert spectral_function(omega * (1 - 1e-9), **pair) > 0 == spectral_function(omega * (1 + 1e-9), **pair)


# ---------------------------------------------------------------- formulas for reading


@pytest.mark.parametrize("nature", NATURES)
def test_readable_widths_are_those_of_the_evaluators(nature: str):
    masses, given = [0.11, 0.42], form_factors(f"formula-{nature}", 2)
    units = {"mu": formulas.mu_B, "eps": formulas.mu_B, "r2": formulas.hbar_c**-2, "anapole": formulas.hbar_c**-2}
    ending = "" if nature == "dirac" else "_majorana"
    for i, j in ((1, 0), (0, 1), (1, 1)):
        elements = {f"{name}_ij": given[name][i][j] * unit for name, unit in units.items()}
        point = {"omega": np.array([1.3, 0.4]), "k": 0.3, "m_i": masses[i], "m_j": masses[j]}
        found = getattr(formulas, f"plasmon_decay{ending}")(**point, **elements)
        expected = probes.plasmon_decay(point["omega"], 0.3, masses=masses, electromagnetic=given, nature=nature)[
            :, i, j
        ]
        assert (found == 0).tolist() == (expected == 0).tolist() == [False, True]
        assert abs(found[0] / expected[0] - 1) < tolerance("formula")
    moments = {f"{name}_ij": given[name][1][0] * units[name] for name in ("mu", "eps")}
    width, asymmetry = probes.radiative_decay(1, 0, masses=masses, electromagnetic=given, nature=nature)
    case = {"m_i": masses[1], "m_j": masses[0], **moments}
    assert abs(getattr(formulas, f"radiative_decay{ending}")(**case) / width - 1) < tolerance("formula")
    assert getattr(formulas, f"radiative_decay{ending}")(**(case | {"m_j": masses[1]})) == 0
    if nature == "dirac":
        assert abs(formulas.radiative_asymmetry(**case) - asymmetry) < tolerance("formula")


@pytest.mark.parametrize("channel", CHANNELS)
def test_readable_lines_are_those_of_the_evaluators(channel: str):
    group, pair_step, couplings = CHANNELS[channel]
    tensor = light_tensor(random.Random(channel), "random")
    function = getattr(formulas, f"boson_line_{group}{'' if pair_step == 'M1' else '_e1'}")
    offered: dict[str, Any] = {**ATOM, "M": 0.7, **dict.fromkeys(("y_S", "y_P", "g_V", "g_A"), 0.0), **couplings}
    offered |= {"T_along": tensor[2][2].real, "T_across": 1 - tensor[2][2].real, "T_circular": 2 * tensor[0][1].imag}
    offered["r"] = 1.4 * probes.CONSTANTS["bohr_radius"]
    found = function(**{name: offered[name] for name in inspect.signature(function).parameters})
    expected = probes.boson_line(
        group, **ATOM, mass=0.7, atomic_tensor=tensor, pair_step=pair_step, dipole_length=1.4, **couplings
    )
    assert abs(found / expected[1] - 1) < tolerance("formula")


# ---------------------------------------------------------------- any arithmetic


@pytest.mark.parametrize("nature", NATURES)
def test_thirty_digits_are_those_of_the_helicity_sums(nature: str):
    masses, given = [0.0, 0.11, 0.42], form_factors(f"exact-{nature}", 3)
    case: dict[str, Any] = {"masses": masses, "electromagnetic": given, "nature": nature}
    with mpmath.workdps(45):
        exact: dict[str, Any] = {"number": mpmath.mpf, "pi": mpmath.pi}
        rows = probes.plasmon_decay_exact(1.3, 0.4, root=mpmath.sqrt, **exact, **case)
        assert abs(np.array(rows, dtype=float) / probes.plasmon_decay(1.3, 0.4, **case) - 1).max() < tolerance(
            "formula"
        )
        constants = {"hbar_c": probes.CONSTANTS["hbar_c"]}
        pure = case | {"electromagnetic": {name: given[name] for name in ("r2", "anapole")}}
        expected = reference.plasmon_decay(1.3, 0.4, precision=35, constants=constants, **pure)
        found = probes.plasmon_decay_exact(1.3, 0.4, root=mpmath.sqrt, **exact, **pure)
        assert max(abs(found[a][b] / expected[a][b] - 1) for a, b in ((0, 1), (1, 2), (2, 2))) < tolerance(
            "oracle-30-digits"
        )
        width, asymmetry = probes.radiative_decay_exact(2, 0, **exact, **case)
        _, direction = reference.radiative_decay(2, 0, precision=35, **case)
        assert abs(asymmetry - direction) < tolerance("oracle-30-digits")
        assert abs(float(width) / probes.radiative_decay(2, 0, **case)[0] - 1) < tolerance("formula")


@pytest.mark.parametrize("channel", CHANNELS)
def test_lines_to_thirty_digits(channel: str):
    group, pair_step, couplings = CHANNELS[channel]
    # Of random light only the diagonal is exactly normalised in doubles; the averaged tensor has exact thirds.
    case: dict[str, Any] = {**ATOM, "mass": 0.7, "pair_step": pair_step, "m1": "full", **couplings}
    constants = {name: probes.CONSTANTS[name] for name in ("m_e", "hbar_c")}
    with mpmath.workdps(45):
        constants |= {"G_F": mpmath.sqrt(2) / mpmath.mpf(probes.CONSTANTS["sqrt2_over_G_F"])}
        constants |= {"alpha": 1 / (mpmath.mpf(probes.CONSTANTS["bohr_radius"]) * mpmath.mpf(probes.CONSTANTS["m_e"]))}
        found = probes.boson_line_exact(group, number=mpmath.mpf, pi=mpmath.pi, **case)
        expected = reference.boson_line(group, precision=35, constants=constants, **case)
        assert abs(found[0] / expected[0] - 1) < tolerance("oracle-30-digits")
        assert abs(found[1] / expected[1] - 1) < tolerance("oracle-30-digits")
    assert abs(float(found[1]) / probes.boson_line(group, **case)[1] - 1) < tolerance("formula")


# ---------------------------------------------------------------- what cannot be


BAD: dict[str, tuple[Any, str]] = {
    "degenerate": (
        lambda: probes.radiative_decay(1, 0, masses=[0.1, 0.1]),
        r"nu_i must be heavier than nu_j to decay into it, found masses\[1\] = 0.1 and masses\[0\] = 0.1",
    ),
    "massless": (lambda: probes.radiative_decay(1, 0, masses=[0.0, 0.0]), "nu_i must be heavier than nu_j"),
    "upwards": (lambda: probes.radiative_decay(0, 1, masses=[0.1, 0.2]), "nu_i must be heavier than nu_j"),
    "index": (lambda: probes.radiative_decay(2, 0, masses=[0.1, 0.2]), "i must be a mass index from 0 to 1, found 2"),
    "nature": (
        lambda: probes.radiative_decay(1, 0, masses=[0.1, 0.2], nature="weyl"),
        "nature must be one of dirac, majorana",
    ),
    "moments": (
        lambda: probes.radiative_decay(1, 0, masses=[0.1, 0.2], electromagnetic={"mu": [[0, 1], [0, 0]]}),
        r"electromagnetic\['mu'\] must be Hermitian",
    ),
    "polarisation": (
        lambda: probes.plasmon_decay(1.0, 0.1, masses=[0.1], polarisation="circular"),
        "polarisation must be one of transverse, longitudinal, found 'circular'",
    ),
    "energy": (lambda: probes.plasmon_decay([1.0, 0.0], 0.1, masses=[0.1]), "energy must be positive, found 0.0"),
    "momentum": (lambda: probes.plasmon_decay(1.0, -0.1, masses=[0.1]), "momentum must not be negative, found -0.1"),
    "infinite": (lambda: probes.plasmon_decay(np.inf, 0.1, masses=[0.1]), "energy must be finite"),
    "shapes": (
        lambda: probes.plasmon_decay([1, 2], [0.1, 0.2, 0.3], masses=[0.1]),
        "energy and momentum must broadcast",
    ),
    "masses": (lambda: probes.plasmon_decay(1.0, 0.1, masses=[-0.1]), "masses must be non-negative"),
    "group": (
        lambda: probes.boson_line("axion", **ATOM, mass=0.1),
        "group must be one of scalar, vector, found 'axion'",
    ),
    "tensor": (lambda: probes.boson_line("tensor_mediator", **ATOM, mass=0.1), "group must be one of scalar, vector"),
    "heavy": (
        lambda: probes.boson_line("vector", **ATOM, mass=2.2, g_A=1e-12),
        "mass must lie from 0 to below E_eg = 2.14349 eV: a heavier boson is not emitted, found 2.2",
    ),
    "conserved": (
        lambda: probes.boson_line("vector", **ATOM, mass=0, g_A=1e-12),
        "mass must be positive for g_A, whose current is not conserved",
    ),
    "coupling": (
        lambda: probes.boson_line("vector", **ATOM, mass=0.1, y_P=1.0),
        "there is no argument 'y_P' for vector",
    ),
    "level": (lambda: probes.boson_line("vector", mass=0.1, E_eg=2.0, E_vg=1.9), "E_vg must lie above E_eg"),
    "step": (lambda: probes.boson_line("vector", **ATOM, mass=0.1, pair_step="E2"), "pair_step must be one of M1, E1"),
    "trace": (
        lambda: probes.boson_line("vector", **ATOM, mass=0.1, atomic_tensor=np.eye(3)),
        "atomic_tensor must have unit trace",
    ),
    "other group": (
        lambda: probes.FUNCTIONS.plasmon_decay(1.0, 0.1, masses=[0.1], scalar={}),
        "there is no argument 'scalar'; allowed are masses, electromagnetic, nature, polarisation",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line(name: str):
    call, message = BAD[name]
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
