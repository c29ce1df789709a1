"""Every command that prints a spectrum, a count or a limit gives the other set-up's number beside its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import renp
from renp.cli.main import app
from renp.cli.other_setup import other_setup
from renp.inputs.setups import SETUPS
from renp.studies.identification import identify
from tests.tolerances import tolerance

MOMENT = "electromagnetic.mu[1,1]"
BOTH = [("papers", "derived"), ("derived", "papers")]


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.stderr
    return result.stdout


def joined(text: str) -> str:
    return " ".join(text.split())


def report(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


@pytest.mark.parametrize(("setup", "other"), BOTH)
@pytest.mark.parametrize("atom", ["Yb", "Xe"])
def test_events_give_both_totals(setup: str, other: str, atom: str) -> None:
    words = ("events", "--setup", setup, "--atom", atom)
    here, there = (renp.events(setup=name, atom=atom).total for name in (setup, other))
    assert report(*words)["other_setup"] == {"setup": other, "total": there}
    name = "papers'" if other == "papers" else other
    assert f"{name} set-up: {there:.3g} events ({setup}: {here:.3g})" in joined(run(*words))


def test_they_differ_by_orders_of_magnitude() -> None:
    assert "derived set-up: 0.308 events (papers: 791)" in run("events")


@pytest.mark.parametrize(("setup", "other"), BOTH)
def test_a_spectrum_gives_both_largest_values_at_the_same_energies(setup: str, other: str, tmp_path: Path) -> None:
    words = ("spectrum", "--setup", setup, "--atom", "Xe", "--json", str(tmp_path / "out.json"))
    printed = joined(run(*words))
    found = json.loads((tmp_path / "out.json").read_text())
    there = renp.spectrum("Xe", setup=other, omega=found["omega"]).I.max()
    assert found["setup"] == setup
    assert found["other_setup"] == {"setup": other, "I_max": there}
    assert f"set-up: I up to {there:.6g} ({setup}: I up to" not in printed
    assert f"set-up: I up to {there:.6g} ({setup}: {max(found['I']):.6g})" in printed


@pytest.mark.parametrize(("setup", "other"), BOTH)
def test_a_limit_stands_beside_that_of_the_other_set_up(setup: str, other: str) -> None:
    words = ("sensitivity", MOMENT, "--setup", setup, "--atom", "Xe")
    here, there = (renp.sensitivity(MOMENT, setup=name, atom="Xe").magnitude for name in (setup, other))
    assert report(*words)["other_setup"] == {"setup": other, "magnitude": there}
    assert f"both signs excluded above {there:.4g} mu_B ({setup}: {here:.4g})" in joined(run(*words))


def test_a_curve_stands_beside_the_ends_of_the_other_one() -> None:
    words = ("sensitivity", "vector.g_L[1,1]", "--along", "mediator_mass=1e-2:1e2:3")
    first, last = (
        renp.sensitivity("vector.g_L[1,1]", setup="derived", vector={"mass": mass}).magnitude for mass in (1e-2, 1e2)
    )
    found = report(*words)
    assert [record["other_setup"] for record in found] == 3 * [{"setup": "derived", "first": first, "last": last}]
    line = f"derived set-up: both signs excluded above {first:.4g} to {last:.4g}, first and last point (papers:"
    assert line in joined(run(*words))


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (
            ("scalar.y_S_nu[1,1]", "--mass", "1"),
            ["derived set-up: no limit: the atomic tensor lets nothing of it through (papers: {here:.4g})"],
        ),
        (
            ("scalar.y_S_nu[1,1]", "--mass", "1", "--setup", "derived"),
            ["-inf to inf no limit", "papers' set-up: both signs excluded above {there:.4g} (derived: no limit)"],
        ),
        (
            ("scalar.y_S_nu[1,1]", "--along", "mediator_mass=1:2:2"),
            [
                "derived set-up: no limit at the first and last point: the atomic tensor lets nothing of it through (papers: "
            ],
        ),
        (
            (MOMENT, "--nature", "majorana"),
            [
                "no limit: for Majorana neutrinos it drops out: only the antisymmetric, imaginary part counts derived set-up: "
                "no limit: for Majorana neutrinos it drops out: only the antisymmetric, imaginary part counts (papers: no limit)"
            ],
        ),
    ],
)
def test_no_limit_is_said_in_words(words: tuple[str, ...], lines: list[str]) -> None:
    printed, found = joined(run("sensitivity", *words)), report("sensitivity", *words)
    one = found[0] if isinstance(found, list) else found
    numbers = {"here": one["magnitude"], "there": one["other_setup"].get("magnitude")}
    for line in lines:
        assert line.format(**{name: number for name, number in numbers.items() if number is not None}) in printed
    assert "above inf" not in printed
    assert one["reason"] or one["other_setup"]["reason"]


@pytest.mark.parametrize(("setup", "other"), BOTH)
def test_identification_gives_the_discovery_significance_in_both(setup: str, other: str) -> None:
    words = ("identify", "--set", f"{MOMENT}=5e-11", "--hypothesis", "electromagnetic.mu", "--setup", setup)
    there = renp.experiment(setup=other)
    counts = there.counts(electromagnetic={"mu": np.diag([5e-11, 0, 0])})
    expected = identify(there, counts, hypotheses=["electromagnetic.mu"])
    found = report(*words)["other_setup"]
    assert (found["setup"], found["best"]) == (other, MOMENT)
    assert found["discovery_significance"] == pytest.approx(
        expected.discovery_significance, rel=tolerance("rate-polynomial"), abs=0
    )
    assert f"preferred by {expected.discovery_significance:.3g} sigma ({setup}: best" not in run(*words)
    assert f"preferred by {expected.discovery_significance:.3g} sigma ({setup}: {MOMENT} =" in joined(run(*words))


def test_observed_counts_are_fitted_in_both() -> None:
    words = ("identify", "--observed", "100,90", "--frequencies", "1.067,1.07", "--hypothesis", "electromagnetic.mu")
    there = renp.experiment(setup="derived", frequencies=[1.067, 1.07])
    expected = identify(there, [100, 90], hypotheses=["electromagnetic.mu"])
    assert report(*words)["other_setup"]["value"] == expected.best.value


def test_what_was_set_stays_in_the_other_set_up() -> None:
    found = report("events", "--chain", "incoherent", "--frequencies", "1.05,1.06", "--C-ev", "0.5")["other_setup"]
    assert found["total"] == renp.events([1.05, 1.06], chain="incoherent", C_ev=0.5, setup="derived").total


def test_where_there_is_no_other_number_the_line_says_why() -> None:
    words = ("events", "--setup", "derived", "--polarisation", "circular+")
    reason = "polarisation: the averaged chain does not depend on it, give chain = 'exact'"
    assert report(*words)["other_setup"] == {"setup": "papers", "reason": reason}
    assert f"papers' set-up: no number, {reason}" in joined(run(*words))

    def bare(**settings: Any) -> dict[str, float]:
        atom = renp.ATOMS["Yb"]
        own = renp.Atom(**{**vars(atom), "symbol": "bare", "further": ()})
        return {"total": renp.events(atom=own, **settings).total}

    found = other_setup("papers", bare(), {}, bare)
    assert found.line("", "{total} events").startswith("derived set-up: no number, intermediate: 'all' needs the one")
    assert set(found.record) == {"setup", "reason"}


@pytest.mark.parametrize(
    "words",
    [
        ("events",),
        ("spectrum",),
        ("sensitivity", MOMENT),
        ("identify", "--set", f"{MOMENT}=1e-11", "--hypothesis", "electromagnetic.mu"),
    ],
    ids=lambda words: words[0],
)
def test_the_target_is_xenon_in_all_that_is_printed(words: tuple[str, ...], tmp_path: Path) -> None:
    printed = joined(run(*words, "--atom", "Xe"))
    assert printed.count("note: C_ev = 0.667 of xenon is the papers'") == (0 if words[0] == "spectrum" else 1)
    assert printed.startswith("Xe, ")
    assert "papers' set-up" in printed
    if words[0] == "spectrum":
        return
    found = report(*words, "--atom", "Xe")
    energies = renp.experiment(atom="Xe").frequencies
    assert all(f"{energy:.8g}" in printed for energy in energies)
    assert found.get("frequencies", found.get("omega_eV", list(energies))) == list(energies)
    assert any("of xenon is the papers'" in note for note in found["notes"])


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("events",), "note: no events: "),
        (("spectrum", "--omega", "1.0717:1.07174:3"), "I = 0: "),
        (("sensitivity", MOMENT), "note: no weak events to compare with: "),
        (("identify", "--observed", "1", "--hypothesis", MOMENT), "note: no weak events to compare with: "),
    ],
    ids=lambda words: words[0] if isinstance(words, tuple) else "",
)
def test_a_study_that_would_compare_nothing_says_so(words: tuple[str, ...], line: str) -> None:
    where = () if words[0] == "spectrum" else ("--frequencies", "1.0717")
    printed = joined(run(*words, *where))
    assert f"{line}all photon energies lie above every pair threshold, the highest is 1.071653 eV" in printed


def test_a_momentum_that_closes_every_pair_is_said() -> None:
    why = "no pair is ever emitted: the imprinted momentum of 2.1434 eV leaves them too little energy"
    momentum = ("--imprinted-momentum", "2.1434")
    for words in (("events",), ("spectrum",), ("sensitivity", MOMENT)):
        assert why in joined(run(*words, *momentum))
    assert set(report("events", *momentum)["counts"]) == {0.0}
    result = CliRunner().invoke(app, ["identify", "--observed", "1,1,1,1,1,1,1,1,1", *momentum])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert f"--hypothesis: {why}" in result.stderr


def test_there_are_two_set_ups() -> None:
    assert tuple(SETUPS) == ("papers", "derived")
    assert {*SETUPS["papers"]} == {*SETUPS["derived"]}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--setup", "paper"), "setup must be one of papers, derived, found 'paper'"),
        (("--coherence", "rho.txt"), "coherence has shape (2, 1), which is not allowed: it must be a (1, 1) matrix"),
        (("--coherence", "zero.txt"), "coherence = 0 is not allowed"),
        (
            ("--coherence", "end.txt", "--atom", "Xe", "--polarisation", "circular+"),
            "B = 0, this preparation emits nothing",
        ),
        (("--coherence-factor", "0.6"), "--coherence-factor: expected at most 1/2, the bound of |rho_eg|"),
        (("--intermediate", "both"), "intermediate: expected 'single' or 'all', got 'both'"),
        (("--intermediate", "all", "--E-vg", "2.3"), "intermediate: E_vg gives the intermediate states"),
        (
            ("--pair-step", "E1", "--atom", "Xe"),
            "--pair-step: E1 x E1 is not allowed for Xe (rule: each E1 step turns the parity)",
        ),
        (("--C-ev", "papers"), "--C-ev: expected a positive number, 'printed' or 'derived', got 'papers'"),
        (("--E-eg", "0.1"), "frequencies: E_eg = 0.1 eV are too little for the pair masses"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else "",
)
def test_a_set_up_that_cannot_be_is_one_line(
    words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rho.txt").write_text("1\n0\n")
    Path("zero.txt").write_text("0\n")
    Path("end.txt").write_text("1\n0\n0\n0\n0\n")
    result = CliRunner().invoke(app, ["events", *words])
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert message in result.stderr
