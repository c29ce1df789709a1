"""The table "What a real ytterbium or xenon atom changes": every factor on a second road, and by its command."""

from __future__ import annotations

import importlib.util
import json
import shlex
from functools import cache
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq
from sympy import Matrix, diag, lambdify
from typer.testing import CliRunner

import renp
from derivations.ledger.oracle import ISOTROPIC, gram
from derivations.symbols import M_I, M_J, OMEGA, S
from renp.cli.main import app
from renp.inputs.intermediate import spin_shares

FloatArray = NDArray[np.float64]

PAGE = Path(__file__).parents[2] / "docs" / "physics" / "real_atom.md"
ATOMS = ("Yb", "Xe")
ACROSS = diag(1, 0, 0)
QUADRUPOLES = (
    np.diag([-1, -1, 2]) / 6**0.5,
    *((np.outer(a, b) + np.outer(b, a)) / 2**0.5 for a, b in (np.eye(3)[[0, 1]], np.eye(3)[[1, 2]], np.eye(3)[[0, 2]])),
    np.diag([1, -1, 0]) / 2**0.5,
)
"""The five states of J = 2 as unit tensors, ``M = 0`` first."""


@pytest.fixture(scope="module")
def book() -> ModuleType:
    spec = importlib.util.spec_from_file_location("book", PAGE.parents[1] / "book.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def structure(name: str, across: bool) -> Any:
    """One structure function of the covariant oracle, for the averaged atom or for one that emits across q along x."""
    tensor: Matrix = ACROSS if across else ISOTROPIC
    return lambdify((S, OMEGA, M_I, M_J), gram(name, name, tensor))


def emitted(run: renp.Experiment, name: str, weights: FloatArray, across: bool) -> FloatArray:
    """The sum over pairs of weight, phase space and structure function, at each photon energy."""
    omega = np.array(run.frequencies)
    s = run.E_eg * (run.E_eg - 2 * omega)
    total = np.zeros_like(omega)
    for i, j in product(range(3), repeat=2):
        a, b = run.masses[i], run.masses[j]
        room = np.clip((s - (a + b) ** 2) * (s - (a - b) ** 2), 0, None) * (s > (a + b) ** 2)
        total += weights[i, j] * np.sqrt(room) / s * structure(name, across)(s, omega, a, b)
    return total


def strength(atom: str) -> float:
    """What M_e = 0 emits over the mean of all states of |e>, for light along x: states as vectors and tensors."""
    if atom == "Yb":
        return 1.0
    emitted_by = [float((quadrupole[0] ** 2).sum()) for quadrupole in QUADRUPOLES]
    return emitted_by[0] / float(np.mean(emitted_by))


def factors(atom: str, choice: str) -> tuple[FloatArray, FloatArray]:
    """What a choice changes at each photon energy: the weak rate and that of the magnetic moment."""
    record, run = renp.ATOMS[atom], renp.experiment(atom=atom)
    omega = np.array(run.frequencies)
    one = np.ones_like(omega)
    if choice == "setup":
        single = [factors(atom, name) for name in ("chain", "intermediate", "m1", "normalisation", "C_ev")]
        single.append(factors(atom, "coherence_factor"))
        weak, moment = (np.prod([pair[which] for pair in single], axis=0) for which in (0, 1))
        return weak, moment
    if choice == "chain":
        weights = {"L": np.abs(run.axial) ** 2, "magnetic": np.diag([1.0, 0, 0])}
        weak, moment = (
            strength(atom) * emitted(run, name, weight, True) / emitted(run, name, weight, False)
            for name, weight in weights.items()
        )
        return weak, moment
    if choice == "m1":
        return one, one / 4
    low, high = record.v.energy, record.further[0].energy
    shares = [share.triplet for share in spin_shares(record)]
    same = {
        "intermediate": (1 - (low - omega) / (high - omega)) ** 2,
        "normalisation": 2 * omega / (3 * record.E_eg),
        # 2/3 of the papers, against p (2/3) for J_e = 0 and p/6 for J_e = 2.
        "C_ev": one * float(np.mean(shares)) * (1.0 if atom == "Yb" else 0.25),
        "coherence_factor": one / 4,
    }[choice]
    return same, same


def numbers(atom: str, choice: str, size: float) -> tuple[float, float, float]:
    """Weak events, events of the moment and the limit on it: the papers' counts times the factors, and a root of chi^2."""
    run = renp.experiment(atom=atom)
    weak, moment = run.counts(), run.counts(weak=False, electromagnetic={"mu": size * np.diag([1.0, 0, 0])})
    if choice:
        weak, moment = (counts * factor for counts, factor in zip((weak, moment), factors(atom, choice), strict=True))

    def excess(coupling: float) -> float:
        expected = weak + moment * coupling**2
        return float(2 * np.sum(expected - weak + weak * np.log(weak / expected))) - 2.7055434540954

    return float(weak.sum()), float(moment.sum()), size * brentq(excess, 1e-6, 1e6, xtol=1e-14)


@pytest.mark.parametrize("atom", ATOMS)
def test_every_factor_of_the_table(book: ModuleType, atom: str) -> None:
    rows = book.setup_rows(atom)
    papers = numbers(atom, "", book.MOMENT_SIZE)
    choices = ["", *book.setup_choices()]
    assert len(rows) == len(choices) == 8
    for row, choice in zip(rows, choices, strict=True):
        found = numbers(atom, choice, book.MOMENT_SIZE)
        ratios = [new / old for new, old in zip(found, papers, strict=True)]
        shown = [book.number(ratio, 3) for ratio in ratios] if choice else ["1", "1", "1"]
        assert (row[0], row[2], list(row[3:6])) == (atom, book.number(found[0], 3), shown), choice


@pytest.mark.parametrize("atom", ATOMS)
def test_the_product_of_the_single_factors_of_a_rate_is_the_whole(book: ModuleType, atom: str) -> None:
    papers = np.array(book.setup_numbers(atom, {}))
    *single, whole = (np.array(book.setup_numbers(atom, chosen)) / papers for chosen in book.setup_choices().values())
    assert np.prod(single, axis=0)[:2] == pytest.approx(whole[:2], rel=2e-2, abs=0)


@pytest.mark.parametrize("atom", ATOMS)
def test_each_command_gives_its_line(book: ModuleType, atom: str) -> None:
    for settings in ({}, *book.setup_choices().values()):
        command = book.setup_command(atom, settings)
        weak, moment, limit = book.setup_numbers(atom, settings)
        found = ask(command)
        assert (found["weak_total"], sum(found["excess"])) == (weak, pytest.approx(moment, rel=1e-6, abs=0)), command
        assert ask(book.limit_command(command))["magnitude"] == limit, command


def ask(command: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, [*shlex.split(command)[1:], "--json"])
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_what_an_imprinted_momentum_gains() -> None:
    for symbol in ATOMS:
        level = renp.ATOMS[symbol].E_eg
        still, moved = (
            renp.experiment(atom=symbol, setup="derived", imprinted_momentum=K) for K in (0.0, -0.9 * level)
        )
        gaps = [
            [edge - run.thresholds[0].omega, run.thresholds[0].omega - run.thresholds[-1].omega]
            for run, edge in ((still, level / 2), (moved, 0.95 * level))
        ]
        assert np.array(gaps[1]) == pytest.approx(10 * np.array(gaps[0]), rel=1e-6, abs=0)
        assert moved.counts().sum() > 100 * still.counts().sum()
