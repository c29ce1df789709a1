"""Study files with any value in any place: a good scan, or one line with file and field."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renp.rates.experiment import SETTINGS, experiment
from renp.studies.scan.compute import compute_chunk
from renp.studies.scan.settings import SECTIONS
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
background = [1.0, 2.0]
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
    """
quantity = "events"
interactions = ["vector", "second=vector", "tensor"]
[atom]
setup = "derived"
atom = "Xe"
C_ev = 0.05
E_eg = 8.3
E_vg = [9.0, 9.5]
intermediate_amplitudes = [1.0, 0.5]
pair_step = "E1"
dipole_length = 2.0
chain = "exact"
polarisation = "circular+"
[neutrinos]
ordering = "inverted"
masses = [0.01, 0.05, 0.05, 1.0]
mixing = [[1, 0, 0, 0], [0, [0.6, 0.0], 0, 0.8], [0, 0, [0, 1], 0]]
[exposure]
frequencies = [3.0, 4.0]
exposure_days = 10.0
normalisation = "derived"
[second]
mass = 1.0
g_V = 1.0
[[axis]]
parameter = "second.g_R[1,4]"
values = [0.0, 1e-20]
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
@example(f'quantity = "events"\ninteractions = ["{400 * "x"}"]')
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
        ("lightest_mass", "-1", ":11: [neutrinos] lightest_mass: must be a mass in eV, zero or positive, found -1"),
    ],
)
def test_values_that_were_accepted_or_crashed(field: str, value: str, message: str) -> None:
    text = re.sub(rf"^{field} = .*$", lambda _: f"{field} = {value}", STUDIES[0], flags=re.MULTILINE)
    wrong = outcome(text)
    assert wrong is not None
    assert wrong.startswith("study")
    assert message in wrong


EVERY: dict[str, Any] = {
    "setup": "derived",
    "intermediate": "all",
    "coherence": [[1.0]],
    "coherence_factor": 0.25,
    "m1": "full",
    "imprinted_momentum": 0.1,
    "crossed": {"E_vg": [3.0, 4.0], "amplitudes": [0.25, -0.5]},
    "frequencies": [1.0, 1.05],
    "exposure_days": 3.0,
    "C_ev": 0.1,
    "volume_cm3": 2.0,
    "density_cm3": 1e20,
    "photon_density_cm3": 1e19,
    "eta": 0.5,
    "normalisation": "derived",
    "atom": "Xe",
    "E_eg": 2.2,
    "E_vg": 2.3,
    "oscillation": "nufit-6.0-no",
    "ordering": "inverted",
    "lightest_mass": 0.02,
    "masses": [0.01, 0.02, 0.03],
    "mixing": [[1, 0, 0], [0, 0.6, 0.8], [0, 0.8, -0.6]],
    "axial": [[0.5, [0, 0.1], 0], [[0, -0.1], 0.5, 0], [0, 0, 0.5]],
    "majorana_phases": [0.1, 0.2],
    "nature": "majorana",
    "chain": "exact",
    "polarisation": "circular+",
    "vector_weak": [[0.5, 0, 0], [0, 0.4, 0], [0, 0, 0.3]],
    "intermediate_amplitudes": [1.0],
    "atomic_tensor": [[0.5, [0, 0.1], 0], [[0, -0.1], 0.5, 0], [0, 0, 0]],
    "pair_step": "E1",
    "dipole_length": 2.0,
}
WITH = {"ordering": {"oscillation": "nufit-6.0-io"}, "polarisation": {"chain": "exact"}}


@pytest.mark.parametrize("setting", [name for name in SETTINGS if name != "model"])
def test_a_study_holds_every_setting_of_an_experiment(setting: str) -> None:
    (home,) = [section for section, fields in SECTIONS.items() if setting in fields]
    given = {setting: EVERY[setting], **WITH.get(setting, {})}
    tables: dict[str, dict[str, Any]] = {}
    for name, value in given.items():
        section = next(section for section, fields in SECTIONS.items() if name in fields)
        tables.setdefault(section, {})[name] = value
    lines = [f"[{s}]\n" + "\n".join(f"{n} = {toml(v)}" for n, v in t.items()) for s, t in tables.items()]
    found = parse_study("\n".join(['quantity = "events"', *lines])).run
    matrices = {name: as_complex(value) for name, value in given.items() if name in ("axial", "atomic_tensor")}
    expected = experiment(**{**given, **matrices})
    assert found.summary == expected.summary
    assert found.counts().tolist() == expected.counts().tolist()
    other = next(section for section in SECTIONS if section != home)
    wrong = f'quantity = "events"\n[{other}]\n{setting} = {toml(EVERY[setting])}'
    with pytest.raises(ValueError, match=rf"^study:3: \[{other}\] {setting}: belongs to \[{home}\]$"):
        parse_study(wrong)


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {toml(entry)}" for name, entry in value.items()) + "}"
    return json.dumps(value)


def as_complex(rows: list[list[Any]]) -> list[list[complex]]:
    return [[complex(*entry) if isinstance(entry, list) else entry for entry in row] for row in rows]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[neutrinos]\nmixing = [[1, [0, 0, 1]]]", ":3: [neutrinos] mixing: expected a number or [re, im] as entry"),
        ("[neutrinos]\nmixing = [[1], 2]", ":3: [neutrinos] mixing: expected a list of at least one, got 2"),
        ("[neutrinos]\nmixing = [[1, true]]", ":3: [neutrinos] mixing: expected a finite number or [re, im], got True"),
        ("[neutrinos]\nmasses = 'x'", ":3: [neutrinos] masses: expected a finite number or a list, got 'x'"),
        ("[neutrinos]\nordering = 1", ":3: [neutrinos] ordering: expected a word, got 1"),
        ("[neutrinos]\nordering = 'x'", ":3: [neutrinos] ordering: unknown ordering 'x': use 'normal' or 'inverted'"),
        ("[atom]\npolarisation = 'circular+'", ":3: [atom] polarisation: the averaged chain does not depend on it"),
        ("[atom]\nname = 'Yb'\natom = 'Yb'", ":4: [atom] atom: the same as name, give it once"),
        ("[exposure]\ndays = 1\nexposure_days = 1", ":4: [exposure] exposure_days: the same as days, give it once"),
        ("[neutrinos]\nlightest_mass = 0\nmasses = [0.1]", ":3: [neutrinos] lightest_mass: all masses are given"),
        ("[exposure]\nfrequencies = [2.0]", ":3: [exposure] frequencies: expected 0 < omega < E_eg/2"),
        (
            "[neutrinos]\nlightest_mass = 0\n[[axis]]\nparameter = 'lightest_mass'\nvalues = [0.1]",
            ":5: [[axis]] 1 parameter: 'lightest_mass' is given already, [neutrinos] lightest_mass: give it once",
        ),
        (
            "[neutrinos]\nmasses = [0.1]\n[[axis]]\nparameter = 'lightest_mass'\nvalues = [0.1]",
            ":5: [[axis]] 1 parameter: 'lightest_mass' is given already, [neutrinos] masses: give it once",
        ),
        (
            "[exposure]\ndays = 3\n[[axis]]\nparameter = 'exposure_days'\nvalues = [1.0]",
            ":5: [[axis]] 1 parameter: 'exposure_days' is given already, [exposure] days: give it once",
        ),
        (
            "[vector]\nmass = 3\n[[axis]]\nparameter = 'vector.mass'\nvalues = [1.0]",
            ":5: [[axis]] 1 parameter: 'vector.mass' is given already, [vector] mass: give it once",
        ),
        (
            "[[axis]]\nparameter = 'lightest_mass'\nvalues = [1.0]\n[[axis]]\nparameter = 'lightest_mass'\nvalues = [0.0]",
            ":6: [[axis]] 2 parameter: 'lightest_mass' is given already, [[axis]] 1 parameter: give it once",
        ),
        ("[tensor]\nt = 1", ":2: tensor: unknown field, allowed are title, quantity, chunk, interactions, atom"),
        ("[vector]\nmass = 1\npropagator = 'x'", ":4: [vector] propagator: expected one of feynman, unitary, got 'x'"),
        (
            "[neutrinos]\nmasses = [0.1]\nmixing = [[1], [0], [0]]\n[couplings]\n'tensor.t[1,2]' = 1",
            ":6: [couplings] tensor.t[1,2]: coupling: ",
        ),
        (
            "[vector]\nmass = -1\n[couplings]\n'vector.g_L[1,1]' = 1",
            ":3: [vector] mass: vector['mass'] must be positive",
        ),
        (
            "[[axis]]\nparameter = 'vector.mass'\nvalues = [1.0, -1.0]\n[couplings]\n'vector.g_L[1,1]' = 1",
            ":2: [[axis]] 1: at vector.mass = -1.0: vector['mass'] must be positive",
        ),
        ("interactions = 'vector'", ":2: interactions: expected a list, got 'vector'"),
        ("interactions = [1]", ":2: interactions: expected a name or a path of a file, got 1"),
        ("interactions = [\n'vector',\n'vectr']", ":4: interactions: unknown interaction 'vectr': allowed are"),
        ("interactions = ['no.toml']", ":2: interactions: no.toml: field 'file': found no such file"),
        ("interactions = ['tensor', 'tensor']", ":2: interactions: two interactions have the name 'tensor'"),
        ("interactions = ['A=vector']", ":2: interactions: 'A' is no name for an interaction"),
        ("interactions = ['tensor']\n[vector]\nmass = 1", ":3: vector: unknown field, allowed are"),
        (
            "interactions = []\n[couplings]\n'vector.g_L[1,1]' = 1",
            "unknown group 'vector' in 'vector.g_L[1,1]', allowed",
        ),
        *(
            (f"interactions = ['{word}=tensor']", f":2: interactions: {word!r} is a word of studies, give this")
            for word in ("exposure", "atom", "couplings", "eta", "level", "weak", "self", "run", "coupling")
        ),
    ],
)
def test_one_line_says_what_is_wrong_with_models_and_settings(text: str, message: str) -> None:
    wrong = outcome(f'quantity = "events"\n{text}')
    assert wrong is not None
    assert wrong.startswith("study")
    assert message in wrong
    assert wrong.isprintable()


@pytest.mark.parametrize("field", ["level = 2.0", "background = [1.0]", "background = -1"])
def test_fields_of_a_limit_are_named_with_their_line(field: str) -> None:
    text = f'quantity = "sensitivity"\n[sensitivity]\ncoupling = "tensor.t[1,1]"\n{field}'
    name = field.partition(" ")[0]
    assert str(outcome(text)).startswith(f"study:4: [sensitivity] {name}: {name}: expected")


def test_empty_frequencies_and_axes_that_are_none() -> None:
    assert outcome('quantity = "events"\n[exposure]\nfrequencies = []') == (
        "study:3: [exposure] frequencies: expected a list of at least one, got []"
    )
    lost = "title = 'x'\n\n[neutrinos]\nquantity = 'events'\n"
    top = "belongs to the top level, where it is missing: put it above all tables; expected one of spectral_function, "
    assert outcome(lost).startswith(f"study:4: [neutrinos] quantity: {top}")
    assert outcome(f"{lost}natur = 'dirac'\n").startswith("study:5: [neutrinos] natur: unknown field")
    assert outcome("title = 'x'").startswith("study:1: quantity: missing at the top level, expected one of spectral")
    assert outcome('quantity = "events"\naxis = 3') == "study:2: axis: expected a list, got 3"
    assert outcome('quantity = "events"\naxis = [3]') == "study:2: axis: expected [[axis]] tables, got 3"
    assert outcome('quantity = "events"\nvector = 3') == "study:2: [vector]: expected a table, got 3"
