"""The mutants are well formed, the suite kills them, and the harness notices when it would not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import black_boxes, harness
from tests.mutants.__main__ import _summary, main
from tests.mutants.catalogue import MUTANTS, SLIM
from tests.mutants.harness import ROOT, HarnessError, Mutant, Outcome, replaced

SNAPSHOTS = ("pins", "/test_cli.py", "/test_generation_robustness.py")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_mutant_is_one_change_with_a_claim_and_tests(mutant: Mutant) -> None:
    text = (ROOT / mutant.path).read_text(encoding="utf-8")
    assert replaced(mutant, text) != text
    assert len(mutant.claim) > 8
    assert mutant.tests
    for test in mutant.tests:
        assert (ROOT / test.partition("::")[0]).is_file()
        assert not any(word in test for word in SNAPSHOTS)


def test_there_are_enough_mutants_with_names_of_their_own() -> None:
    names = [mutant.name for mutant in MUTANTS]
    assert len(set(names)) == len(names) >= 60
    assert len(set(SLIM)) >= 10
    assert set(SLIM) <= set(names)
    rooms = {mutant.path.partition("/")[0] for mutant in MUTANTS}
    assert rooms == {"derivations", "codegen", "renp", "renp_generated"}


def test_the_suite_kills_the_slim_form() -> None:
    result = command("--slim")
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(SLIM)} mutants, 0 survivors, 0 broken" in result.stdout


@pytest.mark.slow
def test_the_suite_kills_every_mutant() -> None:
    result = command()
    assert result.returncode == 0, result.stdout + result.stderr


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "tests.mutants", *arguments]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)


HARNESS_TEST = """
from tests.mutants import __main__, catalogue
from tests.mutants.harness import Mutant
path, tests = "renp/inputs/constants.py", ("tests/renp/inputs/test_physical_constants.py::test_a_wavenumber_is_a_momentum",)
def mutant(name, old, new):
    return Mutant(name, "a claim", path, old, new, tests)
__main__.MUTANTS = (
    mutant("harmless", "Natural units with energies in eV", "Energies in eV"),
    mutant("no-program", "from math import pi, sqrt", "from math import pi"),
    mutant("factor", "_si.h * _si.c * 100 / _si.e", "_si.h * _si.c * 10 / _si.e"),
)
print("exit", __main__.main([]))
"""


def test_the_harness_tells_killed_survivors_and_broken_mutants_apart() -> None:
    result = subprocess.run([sys.executable, "-c", HARNESS_TEST], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    verdicts = {
        line.split()[1]: line.split()[0] for line in lines if line.startswith(("killed", "survived", "broken  "))
    }
    assert verdicts == {"harmless": "survived", "no-program": "broken", "factor": "killed"}
    assert "survivor: harmless: a claim" in lines
    assert [line for line in lines if line.startswith("exit")] == ["exit 2"]


def test_a_survivor_is_listed_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    killed, survived = (Outcome(MUTANTS[k].name, word, "", 0.0) for k, word in enumerate(("killed", "survived")))
    assert _summary(MUTANTS[:2], [killed]) == 0
    assert _summary(MUTANTS[:2], [killed, survived]) == 1
    assert f"survivor: {MUTANTS[1].name}: {MUTANTS[1].claim}" in capsys.readouterr().out


def test_a_text_that_does_not_match_exactly_once_is_refused() -> None:
    constants = (ROOT / "renp/inputs/constants.py").read_text(encoding="utf-8")
    for old, new, message in (
        ("not there", "x", "occurs 0 times"),
        ("_si", "x", "it must occur once"),
        ("EV_S: F", "EV_S: F", "changes nothing"),
    ):
        with pytest.raises(HarnessError, match=message):
            replaced(Mutant("m", "claim", "renp/inputs/constants.py", old, new, ("t",)), constants)


def test_tests_that_fail_without_a_mutant_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = {"verdict": "killed", "by": "tests/x.py::test_y", "log": ""}
    monkeypatch.setattr(harness, "_attempt", lambda *arguments: (failing, 0.0))
    monkeypatch.setattr(harness, "_preload", lambda: None)
    with pytest.raises(HarnessError, match=r"the unchanged sources do not pass: tests/x\.py::test_y"):
        harness.run(MUTANTS[:1], lambda outcome: None)


def test_the_command_lists_and_refuses_unknown_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(MUTANTS)
    assert main(["--fast"]) == main(["no-such-mutant"]) == 2
    assert capsys.readouterr().err.startswith("unknown '--fast': give --slim, --list or names of mutants")


BLACK_BOXES = {
    "vector-exchange-sign": "vector: one slip, sign: g_L_ij enters with a factor -1, g_R_ij enters with a factor -1",
    "anapole-sign": "electromagnetic: one slip, sign: anapole_ij enters with a factor -1",
}
"""Mutants as functions that are examined, and what is found in each."""


def examined(*names: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "tests.mutants.black_boxes", *names]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)


def test_mutants_as_black_boxes_are_found_and_named() -> None:
    result = examined(*BLACK_BOXES)
    assert result.returncode == 0, result.stdout + result.stderr
    for name, words in BLACK_BOXES.items():
        (line,) = [line for line in result.stdout.splitlines() if f" {name} " in line]
        assert line.startswith("found")
        assert line.endswith(words)


@pytest.mark.slow
def test_every_mutant_of_the_rate_is_found_as_a_black_box() -> None:
    result = examined()
    assert result.returncode == 0, result.stdout + result.stderr


def test_unknown_black_boxes_are_refused() -> None:
    with pytest.raises(HarnessError, match="unknown or out of reach: chi2-factor"):
        black_boxes.main(["chi2-factor"])
