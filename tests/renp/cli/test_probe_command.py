"""``renp probe``: the numbers of Python in text, JSON and CSV, a plot of each probe, one line for every mistake."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from renp.cli.main import app
from renp.cli.probe import PROBES
from renp.inputs.constants import HBAR_C_EV_CM
from renp.inputs.oscillation import axial_couplings, masses, mixing_matrix, vector_couplings
from renp.inputs.targets import NUCLEI
from renp.model import Model
from renp.probes.tables import Beam, scattering_table
from renp_generated import probes
from tests.tolerances import tolerance

SET = "desalas-2021-benchmark"
MOMENT = ("--set", "electromagnetic.mu[1,2]=3e-11j")
WORDS = {
    "electron_scattering": MOMENT,
    "coherent_scattering": MOMENT,
    "radiative_decay": MOMENT,
    "plasmon_decay": MOMENT,
    "boson_line": ("--set", "scalar.mass=0.5", "--set", "scalar.y_P=1e-6"),
}


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["probe", *words])


@pytest.mark.parametrize("name", PROBES)
def test_every_probe_prints_writes_and_draws_the_same_numbers(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = run(name, *WORDS[name], "--csv", "out.csv", "--plot", "out.png")
    assert text.exit_code == 0, text.stderr
    data = json.loads(run(name, *WORDS[name], "--json").stdout)
    with Path("out.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for key in rows[0]:
        column = [row[key] for row in rows]
        if isinstance(data[key][0], float):
            assert [float(x) for x in column] == [np.inf if x is None else x for x in data[key]]
        else:
            assert column == [str(x) for x in data[key]]
    assert len(text.stdout.splitlines()) > len(rows)
    assert Path("out.png").read_bytes()[:4] == b"\x89PNG"
    assert data["probe"] == name
    assert len(data["couplings"]) == 1


@pytest.mark.parametrize("words", [(), ("--antineutrino",), ("--flavour", "tau"), ("--nature", "majorana")])
def test_a_flavour_is_a_coherent_state(words: tuple[str, ...]) -> None:
    U = mixing_matrix(SET)
    row = U[2] if "tau" in words else U[0]
    anti = "--antineutrino" in words
    mu = np.zeros((3, 3), dtype=complex)
    mu[0, 1], mu[1, 0] = 3e-11j, -3e-11j
    expected = probes.electron_scattering(
        [1e4, 1e5],
        energy=2e6,
        masses=masses(SET, 0.01),
        axial=axial_couplings(U),
        vector_weak=vector_couplings(U),
        incoming=row if anti else row.conj(),
        antineutrino=anti,
        nature="majorana" if "majorana" in words else "dirac",
        electromagnetic={"mu": mu},
    )
    data = json.loads(
        run("electron_scattering", *MOMENT, *words, "--energy", "2e6", "--recoil", "1e4,1e5", "--json").stdout
    )
    found = np.divide(data["dsigma_dT_cm2_per_keV"], HBAR_C_EV_CM**2 * 1e3)
    assert found == pytest.approx(expected, rel=tolerance("probe-table"), abs=0)


def test_a_mass_state_of_any_helicity() -> None:
    words = ("--mass-state", "2", "--outgoing", "1", "--helicity", "plus", "--masses", "0.1,2e5,3e5", "--recoil", "1e5")
    data = json.loads(run("electron_scattering", *MOMENT, *words, "--json").stdout)
    expected = scattering_table(
        probes.FUNCTIONS,
        None,
        Beam(1e6, np.array([0.1, 2e5, 3e5]), mixing_matrix(SET), 2, 1, helicity="plus"),
        {"electromagnetic": {"mu": [[0, 3e-11j, 0], [-3e-11j, 0, 0], [0, 0, 0]]}},
        recoil=[1e5],
    )
    assert data["dsigma_dT_cm2_per_keV"] == expected.columns["dsigma_dT_cm2_per_keV"]
    assert data["dsigma_dT_cm2_per_keV"][0] > 0


def test_a_copy_and_the_charge_of_a_nucleus() -> None:
    set_it = [word for text in ("twin.mass=1e7", "twin.g_L[1,1]=1e-4") for word in ("--set", text)]
    result = run(
        "coherent_scattering", "--model", "twin=vector", *set_it, "--nuclear", "twin=0.004", "--target", "40Ar",
        "--mixing", "U.txt", "--recoil", "1e4", "--form-factor", "point", "--json",
    )  # fmt: skip
    assert result.exit_code == 2
    assert result.stderr.startswith("renp: error: --mixing: U.txt")
    words = ("--nuclear", "twin=0.004", "--target", "40Ar", "--recoil", "1e4", "--form-factor", "point", "--json")
    data = json.loads(run("coherent_scattering", "--model", "twin=vector", *set_it, *words).stdout)
    g_L = np.zeros((3, 3))
    g_L[0, 0] = 1e-4
    expected = scattering_table(
        Model(twin="vector").probes,
        NUCLEI["40Ar"],
        Beam(3e7, masses(SET, 0.01), mixing_matrix(SET)),
        {"twin": {"mass": 1e7, "g_L": g_L}},
        coherent=True,
        recoil=[1e4],
        form_factor="point",
        nuclear={"twin": 0.004},
    )
    assert data["dsigma_dT_cm2_per_keV"] == expected.columns["dsigma_dT_cm2_per_keV"]
    assert data["dsigma_dT_cm2_per_keV"] != data["weak_cm2_per_keV"]


def test_below_threshold_and_outside_are_zero_with_a_note() -> None:
    heavy = run("electron_scattering", *MOMENT, "--masses", "0,0,2e6", "--mass-state", "1", "--outgoing", "3")
    assert heavy.exit_code == 0
    assert "is below the threshold of 5.9139e+06 eV: d sigma/dT is exactly 0" in heavy.stdout
    assert json.loads(run("electron_scattering", "--recoil", "9e5", "--json").stdout)["dsigma_dT_cm2_per_keV"] == [0.0]
    cold = json.loads(run("plasmon_decay", *MOMENT, "--plasmon-mass", "0.01", "--lightest", "0.2", "--json").stdout)
    assert set(cold["width_per_s"]) == {0.0}
    assert "below the threshold of every pair" in cold["notes"][-1]


def test_the_derived_set_up_of_an_atom_has_one_intermediate_state() -> None:
    words = ("--set", "vector.mass=0.5", "--set", "vector.g_A=1e-12", "--json")
    found = {
        setup: json.loads(run("boson_line", "--setup", setup, *words).stdout)["strength_eV"][0]
        for setup in ("papers", "derived")
    }
    assert found["papers"] > 0
    assert found["papers"] != found["derived"]


def test_what_parities_forbid_is_said() -> None:
    words = ("boson_line", "--pair-step", "E1", "--set", "vector.mass=0.5", "--set", "vector.g_V=1e-12", "--json")
    assert "parity" in json.loads(run(*words).stdout)["notes"][0]
    refused = run(*words, "--atom", "Yb")
    assert (refused.exit_code, refused.stderr.startswith("renp: error: --pair-step: ")) == (2, True)


WRONG = [
    (("scattering",), "unknown probe 'scattering': allowed are electron_scattering, "),
    (("radiative_decay", "--energy", "1"), "--energy: radiative_decay has none"),
    (("electron_scattering", "--plasmon-mass", "1"), "--plasmon-mass: electron_scattering has none"),
    (("electron_scattering", "--atom", "Yb"), "--atom: no atom takes part in electron_scattering"),
    (("boson_line", "--nature", "dirac"), "--nature: no neutrino takes part in boson_line"),
    (("boson_line", "--imprinted-momentum", "0.1"), "--imprinted-momentum: boson_line has one intermediate state"),
    (("boson_line", "--intermediate", "all", *WORDS["boson_line"]), "--E-vg: boson_line has one intermediate state"),
    (("boson_line",), "boson_line needs a boson with its mass"),
    (("boson_line", "--set", "vector.g_A=1"), "--set: vector couplings need the mediator mass"),
    (
        ("boson_line", "--set", "vector.mass=9", "--set", "vector.g_A=1"),
        "--set vector.mass must lie from 0 to below E_eg",
    ),
    (("electron_scattering", "--axial", "A.txt"), "--axial: A.txt: No such file"),
    (("electron_scattering", "--flavour", "e", "--mass-state", "1"), "--mass-state: --flavour says already"),
    (("electron_scattering", "--flavour", "x"), "flavour must be one of e, mu, tau, found 'x'"),
    (("electron_scattering", "--mass-state", "4"), "mass state: expected a mass state from 1 to 3, got 4"),
    (("electron_scattering", "--mass-state", "one"), "--mass-state: expected a mass state, counted from 1, got 'one'"),
    (("electron_scattering", "--energy", "-1"), "energy: expected a finite positive number, got -1.0"),
    (("electron_scattering", "--energy", "low"), "--energy: expected a finite number, got 'low'"),
    (("electron_scattering", "--recoil", "1:2"), "--recoil"),
    (("electron_scattering", "--helicity", "up"), "helicity must be"),
    (("coherent_scattering", "--target", "Pb"), "--target: unknown 'Pb', allowed are electron, 40Ar"),
    (("coherent_scattering", "--target", "electron"), "target: coherent scattering needs a nucleus"),
    (("coherent_scattering", "--target", "1H"), "target: 1H is one nucleon of spin 1/2"),
    (("coherent_scattering", "--form-factor", "x"), "form_factor must be one of helm, point, found 'x'"),
    (("coherent_scattering", "--nuclear", "vector"), "--nuclear 'vector' must be GROUP=CHARGE"),
    (("coherent_scattering", "--nuclear", "tensor=1"), "nuclear has no entry 'tensor'"),
    (("coherent_scattering", "--set", "vector.mass=1"), "--nuclear: vector needs the charge of the nucleus under it"),
    (("coherent_scattering", "--set", "tensor.t[1,1]=1"), "tensor has no coherent current on a nucleus of spin 0"),
    (
        ("plasmon_decay", "--set", "tensor.t[1,1]=1"),
        "--set: plasmon_decay has a photon, which tensor does not couple to",
    ),
    (
        ("radiative_decay", "--model", "vector", "--set", "vector.mass=1"),
        "--set: radiative_decay has a photon, which vector does not couple to; this model has no group that does",
    ),
    (
        ("boson_line", "--set", "vector.mass=5", "--set", "vector.g_A=1"),
        "--set vector.mass must lie from 0 to below E_eg = 2.143493 eV: a heavier boson is not emitted, found 5.0",
    ),
    (("plasmon_decay", "--energy", "1"), "energy: expected at least the plasmon's mass of 300 eV, got 1.0"),
    (
        ("plasmon_decay", "--plasmon-polarisation", "x"),
        "--plasmon-polarisation must be one of transverse, longitudinal",
    ),
    (("electron_scattering", "--plot", "x.bmp"), "plot 'x.bmp' must end in"),
]


@pytest.mark.parametrize(("words", "message"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_a_mistake_is_one_line(
    words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == 2, result.stdout
    assert result.stderr.startswith(f"renp: error: {message}"), result.stderr
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
