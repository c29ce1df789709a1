"""Measured spectra: what is read, and one line for each fault."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from renp.inputs.measurement import Measurement, read_measurement
from renp.rates.experiment import events

CSV = "# a run\nomega_eV,counts\n1.06, 12\n\n1.07,7\n"


def written(tmp_path: Path, text: str, name: str = "data.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_counts_rates_and_spectral_functions_are_read(tmp_path: Path) -> None:
    found = read_measurement(written(tmp_path, CSV))
    assert (found.omega.tolist(), found.values.tolist(), found.errors) == ([1.06, 1.07], [12.0, 7.0], None)
    rate = read_measurement(written(tmp_path, "omega_eV,rate_per_s,error\n1.06,-1e-7,2e-7\n"))
    assert (rate.quantity, rate.values.tolist()) == ("rate", [-1e-7])
    text = '{"omega_eV": [1.06], "I": [2.5], "error": [0.1]}'
    assert read_measurement(written(tmp_path, text, "data.json")).quantity == "spectral_function"
    gaussian = read_measurement(written(tmp_path, "omega_eV,counts,error\n1.06,3,2\n"))
    assert gaussian.errors is not None


def test_what_the_command_events_writes_is_read(tmp_path: Path) -> None:
    from renp.output.tables import csv_bytes

    run = events()
    columns = {
        "omega_eV": run.frequencies.tolist(),
        "I": run.spectral_function.tolist(),
        "counts": run.counts.tolist(),
        "weak_counts": run.weak_counts.tolist(),
        "excess": run.excess.tolist(),
    }
    file = tmp_path / "events.csv"
    file.write_bytes(csv_bytes(columns))
    np.testing.assert_array_equal(read_measurement(file).values, run.counts)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("d.csv", "", "d.csv: holds nothing; expected headings as omega_eV,counts and rows of numbers"),
        ("d.csv", "omega_eV,counts\n", "d.csv: holds headings and no numbers"),
        ("d.csv", "omega_eV,counts\n1.06,x\n", "d.csv:2: counts: expected a finite number, found 'x'"),
        ("d.csv", "omega_eV,counts\n1.06,1_0\n", "d.csv:2: counts: expected a finite number, found '1_0'"),
        ("d.csv", "omega_eV,counts\n#\n1.06,nan\n", "d.csv:3: counts: expected a finite number, found 'nan'"),
        ("d.csv", "omega_eV,counts\n1.06,-3\n", "d.csv:2: counts: expected a number that is zero or positive, found -3.0"),
        ("d.csv", "omega_eV,counts\n-1,3\n", "d.csv:2: omega_eV: expected a number that is positive, found -1.0"),
        ("d.csv", "omega_eV,counts\n1.06\n", "d.csv:2: found 1 cells; expected 2: omega_eV, counts"),
        ("d.csv", "omega_eV,counts,counts\n1,1,1\n", "d.csv: the column 'counts' stands there twice"),
        ("d.csv", "omega_eV,eror\n1,1\n", "d.csv: unknown column 'eror'; allowed are omega_eV, counts, rate_per_s, I, error,"),
        ("d.csv", "omega_eV,error\n1,1\n", "d.csv: the column counts or rate_per_s or I is missing; found omega_eV, error"),
        ("d.csv", "counts\n1\n", "d.csv: the column omega_eV is missing; found counts"),
        ("d.csv", "omega_eV,I\n1,1\n", "d.csv: the column error is missing: I needs the standard deviation of each value"),
        ("d.csv", "omega_eV,I,error\n1,1,0\n", "d.csv:2: error: expected a number that is positive, found 0.0"),
        ("d.csv", 'omega_eV,counts\n"1,1\n', "d.csv:2: cannot be read as cells separated by commas: "),
        ("d.json", '{"omega_eV": [1,\n}', "d.json:2: cannot be read as JSON: "),
        ("d.json", "[" * 100000, "d.json: cannot be read as JSON: too many brackets"),
        ("d.json", "[1]", "d.json: expected an object of lists, as "),
        ("d.json", '{"omega_eV": [1], "counts": 3}', "d.json: expected an object of lists, as "),
        ("d.json", '{"omega_eV": [1, 2], "counts": [3]}', "d.json: 'counts' holds 1 numbers; the longest list holds 2"),
        ("d.json", '{"omega_eV": [], "counts": []}', "d.json: 'omega_eV' holds 0 numbers; the longest list holds 0"),
        ("d.json", '{"omega_eV": [1], "counts": ["x"]}', "d.json: entry 1: counts: expected a finite number, found 'x'"),
        ("d.json", '{"omega_eV": [1], "counts": [true]}', "d.json: entry 1: counts: expected a finite number, found True"),
        ("d.json", '{"omega_eV": [1], "counts": [NaN]}', "d.json: entry 1: counts: expected a finite number, found nan"),
        ("d.json", '{"omega_eV": [1], "omega_eV": [2]}', "d.json: 'omega_eV' stands there twice"),
    ],
)  # fmt: skip
def test_faults_of_a_file_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, line: str
) -> None:
    written(tmp_path, text, name)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=rf"^{re.escape(line)}[^\n]*\Z"):
        read_measurement(name)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"d.csv: is no text; allowed are CSV and JSON files$"):
        read_measurement(file)
    with pytest.raises(FileNotFoundError):
        read_measurement(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (([], []), "omega: expected a non-empty list of photon energies, got shape (0,)"),
        (([1.0], [1.0, 2.0]), "values: expected 1, one for each photon energy, got shape (2,)"),
        (([1.0], [-1.0]), "values: expected finite counts of at least 0, got -1.0 among them"),
        (([1.0], [np.nan]), "values: expected finite numbers, got nan"),
        (([1.0], [1.0], [0.0]), "errors: expected positive numbers, got 0.0 among them"),
        (([1.0], [1.0], [1.0, 2.0]), "errors: expected one number or 1, one for each photon energy, got shape (2,)"),
        (([1.0], [1.0], None, "rate"), "errors: a rate needs the standard deviation of each value; counts alone do without"),
        (([1.0], [1.0], 1.0, "flux"), "quantity must be one of counts, rate, spectral_function, found 'flux'"),
    ],
)  # fmt: skip
def test_faults_of_arrays_are_one_line(arguments: tuple[Any, ...], line: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(line)}\Z"):
        Measurement(*arguments)
