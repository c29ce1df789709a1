"""Study files with any value in any place: a good scan, or one line with file and field."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renp.studies.scan.compute import compute_chunk
from renp.studies.scan.study import parse_study

STUDIES = (
    """
title = "Everything"
quantity = "spectral_function"
chunk = 2
[atom]
name = "Yb"
E_eg = 2.14349
E_vg = 2.23072
[neutrinos]
oscillation = "desalas-2021-benchmark"
lightest_mass = 0.01
nature = "majorana"
majorana_phases = [0.1, 0.2]
[exposure]
days = 40.0
volume_cm3 = 100.0
density_cm3 = 1e21
photon_density_cm3 = 1e21
eta = 1.0
[vector]
mass = 0.5
width = 0.1
g_V = 0.1
g_A = 1.0
propagator = "unitary"
m1 = "full"
[scalar]
mass = 0.5
y_P = 1.0
y_S = 1.0
[tensor_mediator]
mass = 2.0
c_T = 1.0
[electromagnetic]
m1 = "spin"
[couplings]
"vector.g_R[1,2].imag" = 1e-24
"electromagnetic.mu[1,1]" = 1e-12
[[axis]]
parameter = "photon_energy"
start = 1.0
stop = 1.07
number = 3
[[axis]]
parameter = "vector.g_L[1,1]"
values = [-1e-23, 0.0, 1e-23]
""",
    """
quantity = "sensitivity"
[exposure]
frequencies = [1.069, 1.07]
[sensitivity]
coupling = "vector.g_L[1,1]"
level = 0.95
profile = ["vector.g_R[1,1]"]
[[axis]]
parameter = "vector.mass"
start = 1e-3
stop = 1e4
number = 2
spacing = "log"
""",
    """
quantity = "events"
[[axis]]
parameter = "exposure_days"
values = [10.0, 20.0]
[[axis]]
parameter = "lightest_mass"
values = [0.0, 0.1]
""",
)
DIGITS = "1" + 400 * "0"
SPECIAL = (
    *(
        "0",
        "-1",
        "1",
        "3",
        DIGITS,
        "-" + DIGITS,
        "0x" + 5000 * "f",
        "1e400",
        "5e-324",
        "1e-300",
        "1.7e308",
        "inf",
        "nan",
    ),
    *("true", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "{}", "{ mass = 1 }", '{ "\\u0000" = 1 }'),
    *(
        "[]",
        "[{}]",
        "[[]]",
        "[[1.0], 2]",
        '[{ parameter = "lightest_mass" }]',
        f"[{DIGITS}]",
        "[0.0, -0.0]",
        '["a", 1]',
    ),
    *('""', '"x"', '"\\u0000"', '"a\\nb"', '"\\u2028"', "'\\'", '"' + 2000 * "x" + '"', '"vector.g_L[1,1]"'),
    *('"photon_energy"', '"lightest_mass"', '"scalar.width"', '"tensor.t[3,3]"', '"events"', '"sensitivity"', '"full"'),
)
NUMBERS = st.one_of(st.floats().map(lambda x: repr(x).replace("+", "")), st.integers(-(10**30), 10**30).map(str))
LISTS = st.lists(st.one_of(NUMBERS, st.sampled_from(SPECIAL)), max_size=3).map(lambda items: f"[{', '.join(items)}]")
VALUES = st.one_of(st.sampled_from(SPECIAL), NUMBERS, LISTS)
KEYS = st.sampled_from(["mass", "colour", "values", '"\\u0000"', '""', "a.b", '"tensor.t[1,2]"', "axis", "title"])


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return a good study with one or two lines replaced: mostly another value; else another key, no line, no table."""
    lines = draw(st.sampled_from(STUDIES)).splitlines()[1:]
    for _ in range(draw(st.integers(1, 2))):
        fields = [place for place, line in enumerate(lines) if " = " in line]
        headers = [place for place, line in enumerate(lines) if line.startswith("[")]
        kind = draw(st.sampled_from(["value"] * 8 + ["key", "nothing", "header"]))
        place = draw(st.sampled_from(headers if kind == "header" and headers else fields))
        key = lines[place].partition(" = ")[0].strip("[]")
        if kind in ("value", "header"):
            lines[place] = f"{key} = {draw(VALUES)}"
        else:
            lines[place] = "" if kind == "nothing" else f"{draw(KEYS)} = 1"
    return "\n".join(lines)


def outcome(text: str) -> str | None:
    """Return what is wrong with a study, or ``None`` after computing its first chunk."""
    try:
        study = parse_study(text)
        assert study.chunks * study.chunk_points >= study.points
        if study.chunk_points * study.row <= 1000:
            rows = compute_chunk(study.document, 0)
            assert rows.dtype == np.float64
            assert rows.shape == (min(study.chunk_points, study.points), study.row)
    except ValueError as error:
        return str(error)
    return None


@pytest.mark.parametrize("text", STUDIES)
def test_the_studies_are_good(text: str) -> None:
    assert outcome(text) is None


@settings(max_examples=200, deadline=None, derandomize=True)
@given(mutated())
@example('quantity = "events"\naxis = 3')
@example(STUDIES[1].replace("[1.069, 1.07]", "[]"))
@example(STUDIES[2].replace("20.0", DIGITS))
def test_any_value_in_any_place_gives_a_scan_or_one_line(text: str) -> None:
    check(text)


@pytest.mark.slow
@settings(max_examples=5000, deadline=None)
@given(mutated())
def test_any_value_in_any_place_often(text: str) -> None:
    check(text)


def check(text: str) -> None:
    wrong = outcome(text)
    if wrong is not None:
        assert re.fullmatch(r"(study(:\d+)?|at [^:]+): .{3,}", wrong), wrong
        assert wrong.isprintable()
        assert len(wrong) < 600


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("lightest_mass", DIGITS, ":11: [neutrinos] lightest_mass: expected a finite number, got 1000"),
        ("E_eg", "0x" + 5000 * "f", ":7: [atom] E_eg: expected a finite number, got a number with too many digits"),
        ("chunk", DIGITS, ":4: chunk: expected a whole number from 1 to 1000000000, got 1000"),
        ("title", '"a\\u0000b"', ":2: title: expected one line of at most 1000 printable characters, got 'a\\x00b'"),
        (
            "title",
            '"' + 2000 * "x" + '"',
            ":2: title: expected one line of at most 1000 printable characters, got 'xxx",
        ),
        ("majorana_phases", "[]", ":13: [neutrinos] majorana_phases: expected a list of at least one, got []"),
        ("lightest_mass", "-1", ": lightest_mass must be a mass in eV, zero or positive, found -1"),
    ],
)
def test_values_that_were_accepted_or_crashed(field: str, value: str, message: str) -> None:
    text = re.sub(rf"^{field} = .*$", lambda _: f"{field} = {value}", STUDIES[0], flags=re.MULTILINE)
    wrong = outcome(text)
    assert wrong is not None
    assert wrong.startswith("study")
    assert message in wrong


def test_empty_frequencies_and_axes_that_are_none() -> None:
    assert outcome('quantity = "events"\n[exposure]\nfrequencies = []') == (
        "study:3: [exposure] frequencies: expected a list of at least one, got []"
    )
    assert outcome('quantity = "events"\naxis = 3') == "study:2: axis: expected a list, got 3"
    assert outcome('quantity = "events"\naxis = [3]') == "study:2: axis: expected [[axis]] tables, got 3"
    assert outcome('quantity = "events"\nvector = 3') == "study:2: [vector]: expected a table, got 3"
