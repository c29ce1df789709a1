"""Formulas of cross sections and widths held against the derivation."""

from __future__ import annotations

import pytest

import renp

WEAK = "G_F^2 m_e/(2 pi) (abs(v_ij+a_ij)^2 + abs(v_ij-a_ij)^2 (1-T/E)^2 + (abs(a_ij)^2-abs(v_ij)^2) m_e T/E^2)"
NUCLEUS = "G_F^2 m_N Q_W^2 F^2 (abs(w_ij)^2/pi) (1 - T/E - m_N T/(2 E^2))"
LATEX = (
    r"\frac{G_F^2 m_e}{2\pi}\left(|v_{ij}+a_{ij}|^2 + |v_{ij}-a_{ij}|^2 (1-T/E_\nu)^2"
    r" + (|a_{ij}|^2-|v_{ij}|^2) m_e T/E_\nu^2\right)"
)
PHOTON = {"interactions": ("electromagnetic",), "nature": "dirac"}
MOMENT = "e^2 (1/T - 1/E) abs(mu_ji - i eps_ji)^2/(4 pi)"
WIDTH = "(m_i^2 - m_j^2)^3/(8 pi m_i^3) (abs(mu_ji)^2 + abs(eps_ji)^2)"
PLASMON = (
    "Delta_ij/(24 pi omega) (abs(mu_ij)^2 (s + 2 (m_i + m_j)^2) (s - (m_i - m_j)^2)"
    " + abs(eps_ij)^2 (s + 2 (m_i - m_j)^2) (s - (m_i + m_j)^2))"
)
SCALAR = "abs(y_S_ij)^2 Q_S^2 F^2 m_N^2 T/(4 pi E^2 (2 m_N T + M^2)^2)"


@pytest.mark.parametrize(
    ("quantity", "formula", "options"),
    [
        ("electron_scattering", WEAK, {}),
        ("electron_scattering", LATEX, {}),
        ("electron_scattering", MOMENT, PHOTON),
        # The second contraction: element ji minus element ij.
        (
            "electron_scattering", "e^2 (1/T - 1/E) abs(mu_ij - mu_ji)^2/(4 pi)",
            {"interactions": ("electromagnetic",), "nature": "majorana"},
        ),
        ("coherent_scattering", NUCLEUS, {"nature": "dirac"}),
        (
            "coherent_scattering", "Z^2 F^2 e^2 (1/T - 1/E + T/(4 E^2)) abs(mu_ij)^2/(4 pi)",
            PHOTON,
        ),
        ("coherent_scattering", SCALAR, {"interactions": ("scalar",), "nature": "dirac"}),
        (
            "coherent_scattering", "(Q_V^2 F^2 abs(g_L_ij)^2 m_N/(2 pi (2 m_N T + M^2)^2)) (1 - T/E - m_N T/(2 E^2))",
            {"interactions": ("vector",), "nature": "dirac"},
        ),
        ("radiative_decay", WIDTH, PHOTON),
        ("radiative_decay", "(m_i^2 - m_j^2)^3/(2 pi m_i^3) (Im(mu_ij)^2 + Im(eps_ij)^2)",
         {"interactions": ("electromagnetic",), "nature": "majorana"}),
        ("plasmon_decay", PLASMON, PHOTON),
        # Squares of imaginary parts, four times; 1/2 as the sum runs over ordered pairs.
        ("plasmon_decay", PLASMON.replace("abs(mu_ij)", "2 Im(mu_ij)").replace("abs(eps_ij)", "2 Im(eps_ij)"),
         {"interactions": ("electromagnetic",), "nature": "majorana"}),
    ],
)  # fmt: skip
def test_right_formulas_are_confirmed(quantity: str, formula: str, options: dict[str, object]) -> None:
    verdict = renp.check(formula, quantity=quantity, **options)
    assert verdict.verdict == "confirmed", str(verdict)
    assert verdict.dimension["consistent"]


@pytest.mark.parametrize(
    ("quantity", "formula", "kind", "options"),
    [
        ("electron_scattering", WEAK.replace("(abs(a_ij)^2-abs(v_ij)^2) m_e", "(abs(a_ij)^2+abs(v_ij)^2) m_e"), "sign", {}),
        ("electron_scattering", WEAK.replace("(2 pi)", "(4 pi)"), "factor", {}),
        ("electron_scattering", MOMENT.replace("mu_ji - i", "mu_ji + i"), "sign", PHOTON),
        ("coherent_scattering", NUCLEUS.replace("m_N T/(2 E^2)", "m_N T/E^2"), "factor", {"nature": "dirac"}),
        ("coherent_scattering", NUCLEUS.replace(" - T/E", " + T/E"), "sign", {"nature": "dirac"}),
        ("coherent_scattering", SCALAR.replace("2 m_N T + M", "2 m_N T - M"), "sign", {"interactions": ("scalar",), "nature": "dirac"}),
        ("radiative_decay", WIDTH.replace("8 pi", "16 pi"), "factor", PHOTON),
        ("radiative_decay", WIDTH.replace("m_j^2)^3", "m_j^2)^2"), "dimension", PHOTON),
        ("radiative_decay", WIDTH.replace("+ abs(eps", "- abs(eps"), "sign", PHOTON),
        ("plasmon_decay", PLASMON.replace("2 (m_i + m_j)^2", "2 (m_i - m_j)^2"), "sign", PHOTON),
    ],
)  # fmt: skip
def test_single_slips_are_named(quantity: str, formula: str, kind: str, options: dict[str, object]) -> None:
    verdict = renp.check(formula, quantity=quantity, **options)
    assert verdict.verdict == "refuted"
    assert kind in {one["kind"] for one in verdict.diagnosis}, verdict.diagnosis
    shown = {"radiative_decay": {"m_i", "m_j"}, "plasmon_decay": {"omega", "s", "m_i", "m_j"}}.get(quantity, {"E", "T"})
    assert {"printed", "derived", *shown} <= set(verdict.counterexample)


def test_a_forgotten_contraction_of_majorana_neutrinos_is_named() -> None:
    verdict = renp.check(WIDTH, quantity="radiative_decay", interactions=("electromagnetic",))
    assert verdict.reason == "a slip of the derivation: the second contraction of Majorana neutrinos is left out"
    assert verdict.right_when == ["the neutrinos are Dirac (delta_M = 0)"]


def test_a_width_is_right_in_its_limits() -> None:
    massless = renp.check("s^2/(24 pi omega) (abs(mu_ij)^2 + abs(eps_ij)^2)", quantity="plasmon_decay", **PHOTON)
    assert (massless.verdict, massless.right_when) == ("refuted", ["the neutrinos are massless"])
    # A point-like charge of the neutrinos: r2 instead of a moment, with one more power of s.
    radius = "s^3/(12 pi omega) (abs(r2_ij)^2/36 + abs(anapole_ij)^2)"
    assert renp.check(radius, quantity="plasmon_decay", **PHOTON).right_when == ["the neutrinos are massless"]


def test_a_lost_dimension_is_found():
    verdict = renp.check(WEAK.replace("m_e T/E^2", "T/E^2"), quantity="electron_scattering")
    assert not verdict.dimension["consistent"]
    assert verdict.diagnosis[0]["kind"] == "dimension"


def test_a_channel_is_not_symmetrised():
    options = {"quantity": "electron_scattering", "interactions": ("electromagnetic",), "nature": "dirac"}
    assert renp.check(MOMENT, **options).verdict == "confirmed"
    assert renp.check(MOMENT.replace("_ji", "_ij"), **options).verdict == "refuted"


@pytest.mark.parametrize(
    ("quantity", "formula", "message"),
    [
        ("bracket", "abs(a_ij)^2 T", "found T, allowed symbols of pair emission: T belongs to scattering"),
        ("electron_scattering", "abs(a_ij)^2 omega", "found omega, allowed what a cross section of massless neutrinos has"),
        ("electron_scattering", "abs(a_ij)^2 m_i", "found m_i, allowed what a cross section of massless neutrinos has"),
        ("electron_scattering", "abs(a_ij)^2 m_N", "found m_N, allowed what a cross section of massless neutrinos has"),
        ("coherent_scattering", "abs(a_ij)^2", "found unknown symbol 'a_ij'"),
        ("radiative_decay", "abs(mu_ij)^2 omega", "found omega, allowed what a width in vacuum has: the masses of both"),
        ("plasmon_decay", "abs(mu_ij)^2 E_eg", "found E_eg, allowed what the decay of a plasmon has: its energy omega, "),
        ("radiative_decay", "abs(a_ij)^2 T", "found T, allowed what a width in vacuum has"),
        ("electron_scattering", "G_F^2 m_e", "found no coupling of the neutrinos"),
    ],
)  # fmt: skip
def test_symbols_of_another_process_are_refused(quantity: str, formula: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        renp.check(
            formula, quantity=quantity, interactions=("electromagnetic",) if "mu" in formula else ("standard_model",)
        )
    assert "\n" not in str(caught.value)
