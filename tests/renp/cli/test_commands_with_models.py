"""Commands that take any model: the same physics from another file, random files, what they write, and every mistake."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

import renp
from renp.cli.main import app
from renp.model import Model
from tests.random_files.chain import specimen
from tests.renp.studies.test_any_model import AXIAL, GENERAL
from tests.tolerances import tolerance

SAME = tolerance("equal-models")
PNG = b"\x89PNG"
# The axial coupling d of a file is g_R = -g_L = d of the shipped vector.
AXIAL_SET = ("axial_boson.M=0.3", "axial_boson.Gamma=0.01", "axial_boson.c_A=1", "axial_boson.d_A[1,1]=3e-24",
             "axial_boson.d_A[1,2]=1e-24+1e-24j", "axial_boson.d_A[3,3]=-2e-24")  # fmt: skip
VECTOR_SET = ("vector.mass=0.3", "vector.width=0.01", "vector.g_A=1", "vector.g_L[1,1]=-3e-24", "vector.g_R[1,1]=3e-24",
              "vector.g_L[1,2]=-1e-24-1e-24j", "vector.g_R[1,2]=1e-24+1e-24j", "vector.g_L[3,3]=2e-24",
              "vector.g_R[3,3]=-2e-24")  # fmt: skip
OWN = ("--model", "axial.toml", "--model", "electromagnetic")
SHIPPED = ("--model", "vector", "--model", "electromagnetic")
MU = "electromagnetic.mu[1,1]"


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("axial.toml").write_text(AXIAL, encoding="utf-8")
    Path("mixed.toml").write_text(GENERAL, encoding="utf-8")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def sets(*texts: str) -> list[str]:
    return [word for text in texts for word in ("--set", text)]


def answer(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def spectrum(*words: str) -> Any:
    result = run("spectrum", *words, "--json", "spectrum.json")
    assert result.exit_code == 0, result.stderr
    return json.loads(Path("spectrum.json").read_text())


def same(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=SAME)


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_a_boson_from_a_file_gives_the_numbers_of_the_shipped_one(nature: str) -> None:
    own, there = (*OWN, *sets(*AXIAL_SET)), (*SHIPPED, *sets(*VECTOR_SET))
    words = ("--nature", nature, "--chain", "exact", "--polarisation", "circular+")
    spectra = [spectrum(*given, *words, "--omega", "1.06:1.0716:30") for given in (own, there)]
    same(spectra[0]["I"], spectra[1]["I"])
    assert not np.allclose(spectra[0]["I"], spectra[0]["I_weak"], rtol=0.1)
    counts = [answer("events", *given, *words) for given in (own, there)]
    same(counts[0]["counts"], counts[1]["counts"])
    assert counts[0]["weak_counts"] == counts[1]["weak_counts"]
    # Beside the boson, a coupling that both models have.
    mu = MU if nature == "dirac" else "electromagnetic.mu[1,2].imag"
    limits = [answer("sensitivity", mu, *given, *words) for given in (own, there)]
    same(limits[0]["intervals"], limits[1]["intervals"])
    assert limits[0]["intervals"] != answer("sensitivity", mu, *words)["intervals"]
    for along in ("exposure_days=10:100:3", "lightest_mass=0:0.05:3"):
        curves = [answer("sensitivity", mu, *given, *words, "--along", along) for given in (own, there)]
        same(*([record["magnitude"] for record in curve] for curve in curves))
    found = [answer("identify", *given, *words, "--hypothesis", "electromagnetic") for given in (own, there)]
    assert [h["coupling"] for h in found[0]["hypotheses"]] == [h["coupling"] for h in found[1]["hypotheses"]]
    same(*([h["chi2"] for h in one["hypotheses"]] for one in found))
    same(found[0]["weak_chi2"], found[1]["weak_chi2"])


def test_two_copies_with_half_the_product_are_one() -> None:
    name = "first.g_L[1,1]"
    two = ("--model", "first=vector", "--model", "second=vector")
    half = [f"{copy}.{entry}" for copy in ("first", "second") for entry in ("mass=0.3", "g_A=1", "g_L[1,1]=1.5e-24")]
    one = ("--model", "first=vector", *sets("first.mass=0.3", "first.g_A=1", "first.g_L[1,1]=3e-24"))
    for pair_step in ("M1", "E1"):
        words = ("--pair-step", pair_step)
        same(*(spectrum(*given, *words)["I"] for given in ((*two, *sets(*half)), one)))
        same(*(answer("events", *given, *words)["counts"] for given in ((*two, *sets(*half)), one)))
    # From half of it, a limit is half of it away.
    both = answer("sensitivity", name, *two, *sets(*half[:2], *half[3:]))["intervals"]
    alone = answer("sensitivity", name, "--model", "first=vector", *sets("first.mass=0.3", "first.g_A=1"))
    assert both != alone["intervals"]
    assert answer("identify", *two, *sets(*half))["hypotheses"][0]["value"] == pytest.approx(3e-24, rel=1e-6, abs=0)


def test_the_command_line_gives_the_numbers_of_python() -> None:
    model = Model("axial.toml")
    group = {"M": 0.3, "Gamma": 0.01}
    words = (
        "axial_boson.d_A[1,2].imag",
        "--model",
        "axial.toml",
        "--mass",
        "0.3",
        "--width",
        "0.01",
        "--level",
        "0.95",
    )
    more: dict[str, Any] = {"model": model, "level": 0.95}
    limit = renp.sensitivity(words[0], **more, axial_boson=group)
    found = answer("sensitivity", *words)
    assert found["intervals"] == [list(interval) for interval in limit.intervals]
    assert found["notes"] == [
        "axial_boson.c_A = 1, since no electron coupling that opens the M1 pair step is set: numbers are those of the product with it"
    ]
    profiled = answer("sensitivity", *words, "--profile", "axial_boson.d_A[1,1]", "--background", "5,4,3")
    python = renp.sensitivity(
        words[0], **more, axial_boson=group, profile=["axial_boson.d_A[1,1]"], background=[5, 4, 3]
    )
    assert profiled["intervals"] == [list(interval) for interval in python.intervals]
    bands = limit.bands(20, 7)
    shown = answer("sensitivity", *words, "--toys", "20", "--seed", "7")["bands"]
    assert shown == {
        "toys_2.5%": bands.two_sigma[0], "toys_16%": bands.one_sigma[0], "toys_median": bands.median,
        "toys_84%": bands.one_sigma[1], "toys_97.5%": bands.two_sigma[1],
    }  # fmt: skip
    masses = answer(
        "sensitivity", words[0], "--model", "axial.toml", "--width", "0.01", "--along", "mediator_mass=1:9:3"
    )
    curve = renp.sensitivity_curve(words[0], "mediator_mass", [1, 3, 9], model=model, axial_boson={"Gamma": 0.01})
    np.testing.assert_allclose([record["magnitude"] for record in masses], curve.magnitude, rtol=1e-12)
    unitary = answer("sensitivity", "vector.g_R[1,1]", "--mass", "0.01", "--propagator", "unitary")["intervals"]
    there = renp.sensitivity("vector.g_R[1,1]", vector={"mass": 0.01, "propagator": "unitary"})
    assert unitary == [list(interval) for interval in there.intervals]


def test_observed_counts_are_fitted_as_in_python() -> None:
    data = [140.0, 130.0, 95.0]
    words = ("identify", "--frequencies", "1.067,1.069,1.07", "--observed", "140,130,95")
    for hypotheses in (["tensor", "electromagnetic.mu"], ["tensor.t[1,1]"], None):
        typed = [word for name in hypotheses or () for word in ("--hypothesis", name)]
        found = answer(*words, *typed)
        expected = renp.identify(renp.experiment(frequencies=[1.067, 1.069, 1.07]), data, hypotheses=hypotheses)
        assert [h["coupling"] for h in found["hypotheses"]] == [str(h.coupling) for h in expected.hypotheses]
        assert [h["chi2"] for h in found["hypotheses"]] == [h.chi2 for h in expected.hypotheses]
        assert found["discovery_significance"] == expected.discovery_significance
    excluded = {h["coupling"]: h["excluded"] for h in answer(*words, "--level", "0.1")["hypotheses"]}
    assert {str(h.coupling) for h in expected.not_excluded(0.1)} == {name for name, out in excluded.items() if not out}


def test_a_name_of_a_group_stands_for_its_elements() -> None:
    for nature, count in (("dirac", 24), ("majorana", 15)):
        words = ("identify", "--nature", nature, "--observed", "140,130,120,110,100,90,80,70,60")
        whole = answer(*words, "--hypothesis", "electromagnetic")
        assert len(whole["hypotheses"]) == count
        assert whole == answer(*words)
        mu = {h["coupling"] for h in answer(*words, "--hypothesis", "electromagnetic.mu")["hypotheses"]}
        assert mu == {h["coupling"] for h in whole["hypotheses"] if ".mu[" in h["coupling"]}
    # All nine elements of a matrix that is not Hermitian.
    general = answer("identify", "--model", "mixed.toml", "--set", "mixed.M=1", "--set", "mixed.f[1,2]=3e-17")
    assert len(general["hypotheses"]) == 9
    assert {h["coupling"] for h in general["hypotheses"][:2]} == {"mixed.f[1,2]", "mixed.f[2,1]"}


@pytest.mark.parametrize("number", range(3))
def test_a_random_interaction_goes_through_every_command(number: int) -> None:
    Path("random.toml").write_text(specimen(23, number).models[0].text, encoding="utf-8")
    model = Model("random.toml")
    (keyword,) = model.keywords
    offered = model.group(keyword).couplings
    fixed = {c.name: 0.7 for c in offered if c.kind == "mass"} | {c.name: 1.0 for c in offered if c.line == "electron"}
    matrix = next(c for c in offered if c.line == "neutrino")
    pair_step = next(iter(matrix.opens), "M1")
    name = f"{keyword}.{matrix.name}[1,1]"
    words = ("--model", "random.toml", "--pair-step", pair_step)
    held = sets(*(f"{keyword}.{entry}={value}" for entry, value in fixed.items()))
    settings: dict[str, Any] = {"model": model, "pair_step": pair_step}
    limit = renp.sensitivity(name, **settings, **{keyword: fixed})
    found = answer("sensitivity", name, *words, *held)
    # JSON has no infinity.
    assert found["intervals"] == [[end if np.isfinite(end) else None for end in pair] for pair in limit.intervals]
    assert found["reason"] == limit.reason
    size = 2 * limit.magnitude if np.isfinite(limit.magnitude) else 1.0
    there = {**fixed, matrix.name: np.diag([size, 0, 0])}
    given = (*words, *held, *sets(f"{name}={size!r}"))
    counts = renp.events(**settings, **{keyword: there})
    events = answer("events", *given)
    assert events["counts"] == counts.counts.tolist()
    assert events["notes"] == list(counts.notes)
    shown = spectrum(*given, "--omega", "1.06:1.0716:9")
    assert shown["I"] == renp.spectrum(omega=np.linspace(1.06, 1.0716, 9), **settings, **{keyword: there}).I.tolist()
    if np.isfinite(limit.magnitude):
        ranked = answer("identify", *given)["hypotheses"]
        assert ranked[0]["chi2"] < 1e-6
        expected = renp.identify(renp.experiment(**settings), counts.counts, **{keyword: fixed})
        assert [h["coupling"] for h in ranked] == [str(h.coupling) for h in expected.hypotheses]


FILES = [
    ("spectrum --set 'electromagnetic.mu[1,1]=5e-11'", ["omega_eV", "I", "I_weak"], 400),
    ("events --set 'electromagnetic.mu[1,1]=5e-11'", ["omega_eV", "I", "counts", "weak_counts", "excess"], 9),
    ("events", ["omega_eV", "I", "counts", "weak_counts", "excess"], 9),
    ("sensitivity 'vector.g_L[1,1]' --mass 1", ["vector.g_L[1,1]", "chi2"], 201),
    ("sensitivity 'tensor.t[1,1]' --toys 9", ["tensor.t[1,1]", "chi2"], 201),
    (
        "sensitivity 'vector.g_L[1,1]' --along mediator_mass=1e-3:1e3:5",
        ["mediator_mass", "negative", "positive", "magnitude"], 5,
    ),
    (
        "sensitivity 'tensor.t[1,1]' --along lightest_mass=0:0.1:4 --toys 9",
        ["lightest_mass", "negative", "positive", "magnitude", "toys_2.5%", "toys_16%", "toys_median", "toys_84%",
         "toys_97.5%"], 4,
    ),
    (
        "identify --set 'electromagnetic.mu[1,1]=5e-11'",
        ["coupling", "value", "unit", "chi2", "excess", "p_value", "significance", "excluded"], 24,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("line", "columns", "count"), FILES, ids=[line for line, _, _ in FILES])
def test_files_hold_what_is_printed_and_come_out_the_same(
    line: str, columns: list[str], count: int, room: Path
) -> None:
    words = line.replace("'", "").split()
    printed = []
    for name in ("a", "b"):
        result = run(*words, "--plot", f"{name}.svg", "--csv", f"{name}.csv")
        assert result.exit_code == 0, result.stderr
        text, wrote, files = result.stdout.partition("wrote ")
        assert wrote + files == f"wrote {name}.svg\nwrote {name}.csv\n"
        printed.append(text)
    assert printed[0] == printed[1]
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes()
    with open("a.csv", encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == columns
    assert len(rows) == count + 1
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    assert not [path for path in room.iterdir() if path.suffix == ".tmp"]
    if "spectrum" not in line:
        assert json.loads(run(*words, "--json", "--csv", "c.csv").stdout)
        assert Path("c.csv").read_bytes() == Path("a.csv").read_bytes()


def test_the_suffix_of_a_plot_decides_its_format() -> None:
    for suffix, start in (("png", PNG), ("pdf", b"%PDF"), ("SVG", b"<?xml")):
        assert run("events", "--plot", f"a.{suffix}").exit_code == 0
        assert Path(f"a.{suffix}").read_bytes().startswith(start)


def test_what_was_chosen_is_printed() -> None:
    for words in (
        ["events"],
        ["sensitivity", "tensor.t[1,1]"],
        ["identify", "--observed", "1,1,1,1,1,1,1,1,1"],
        ["spectrum"],
    ):
        text = " ".join(run(*words, "--nature", "majorana").stdout.split())
        assert "Yb, Majorana neutrinos, normal ordering, lightest 0.01 eV, desalas-2021-benchmark" in text
        if words != ["spectrum"]:
            assert "40 days at each photon energy, photon energies 1.0" in text
        assert "nufit-6.0-io" in run(*words, "--ordering", "inverted").stdout
    words = ["sensitivity", "vector.g_L[1,1]", "--mass", "2", "--profile", "vector.g_R[1,1]", "--background", "3"]
    assert {"vector: mass = 2 eV", "free: vector.g_R[1,1]", "background: 3 counts"} <= {
        *run(*words).stdout.splitlines()
    }
    text = run("sensitivity", "tensor.t[1,1]", "--along", "lightest_mass=0:0.1:3").stdout
    assert "lightest 0" not in text


def test_a_coupling_that_adds_nothing_is_announced() -> None:
    diagonal = "for Majorana neutrinos it drops out: only the antisymmetric, imaginary part counts"
    words = ("--nature", "majorana", "--set", f"{MU}=1e-11")
    for command in ("spectrum", "events"):
        assert f"note: electromagnetic.mu[1,1]: {diagonal}" in " ".join(run(command, *words).stdout.split())
    limit = run("sensitivity", MU, "--nature", "majorana").stdout
    assert f"no limit: {diagonal}" in limit
    free = run("sensitivity", "electromagnetic.mu[1,2].imag", "--nature", "majorana", "--profile", MU).stdout
    assert f"note: {MU}: {diagonal}" in " ".join(free.split())
    idle = run("identify", "--nature", "majorana", "--observed", "1,1,1,1,1,1,1,1,1", "--hypothesis", MU).stdout
    assert f"note: {MU}: {diagonal}" in " ".join(idle.split())
    assert "note: vector is off: nothing is set in it" in run("events", "--model", "vector").stdout
    text = run("events", *sets("vector.mass=1", "vector.g_L[1,1]=1e-20")).stdout
    assert "note: vector.g_L[1,1]: the electron coupling that opens the M1 pair step, g_A or g_V, is zero" in text
    assert "scalar.y_P = 1, since" in run("sensitivity", "scalar.y_S_nu[1,1]", "--mass", "1").stdout
    idle = run("sensitivity", "scalar.y_S_nu[1,1]", "--mass", "1", "--set", "scalar.y_S=1").stdout
    assert (
        "scalar.y_P = 1, since no electron coupling that opens the M1 pair step is set (y_S opens none): numbers are"
        in " ".join(idle.split())
    )
    assert "since" not in run("sensitivity", "scalar.y_S_nu[1,1]", "--mass", "1", "--set", "scalar.y_P=1").stdout


MISTAKES = [
    ("events surplus", "unexpected extra argument"),
    ("events --set vector.g_A=1 --set vector.g_L[1,1]=1", "--set vector.mass=VALUE is missing: mediator mass [eV]"),
    ("sensitivity axial_boson.d_A[1,1] --mass 1", "coupling: unknown group 'axial_boson'"),
    (
        "sensitivity axial_boson.d_A[1,1] --model axial.toml",
        "--mass: axial_boson couplings need the mediator mass in eV",
    ),
    (
        "sensitivity axial_boson.d_A[1,1] --model axial.toml --mass 1 --propagator landau",
        "--propagator: found 'landau'",
    ),
    (
        "sensitivity scalar.y_S_nu[1,1] --mass 1 --propagator unitary",
        "--propagator: scalar couplings have no mediator prop",
    ),
    (
        "sensitivity axial_boson.d_A --model axial.toml --mass 1",
        "coupling: expected a name like 'axial_boson.d_A[1,2]', allowed are axial_boson.d_A[i,j], got 'axial_boson.d_A'",
    ),
    (
        "sensitivity axial_boson.c_A --model axial.toml --mass 1",
        "coupling: axial_boson.c_A is an electron coupling, limits are on neutrino couplings, allowed are axial_boson.d_A[i,j]",
    ),
    (
        "identify --model axial.toml --set axial_boson.M=1 --observed 1 --frequencies 1 --hypothesis foo",
        "--hypothesis: expected a name like 'axial_boson.d_A[1,2]', a GROUP or a GROUP.NAME for all of its elements, allowed are "
        "axial_boson, axial_boson.d_A, got 'foo'",
    ),
    ("sensitivity tensor.t[1,1] --width 1", "--width: tensor couplings have no mediator width"),
    ("sensitivity vector.g_L[1,1] --mass 1 --set vector.mass=2", "set the same parameter, give it once"),
    ("sensitivity vector.g_L[1,1] --mass x", "--mass: expected a finite number, got 'x'"),
    ("sensitivity vector.g_L[1,1] --mass 1 --width nan", "--width: expected a finite number, got 'nan'"),
    (
        "sensitivity tensor.t[1,1] --profile vector.g_L[1,1]",
        "--set: vector couplings need the mediator mass in eV, as in --set v",
    ),
    ("sensitivity tensor.t[1,1] --profile tensor.x[1,1]", "--profile: unknown matrix 'x'"),
    ("sensitivity tensor.t[1,1] --background a", "--background: expected finite numbers"),
    (
        "sensitivity tensor.t[1,1] --background 1,2",
        "--background: expected one number or 3, one for each photon energy",
    ),
    ("sensitivity tensor.t[1,1] --toys 0", "--toys: expected a whole number from 1"),
    ("sensitivity tensor.t[1,1] --toys 1 --seed -1", "--seed: expected a whole number of at least 0"),
    ("sensitivity tensor.t[1,1] --toys many", "--toys"),
    (
        "sensitivity tensor.t[1,1] --days 3 --along exposure_days=1:9:3",
        "--exposure-days: --along exposure_days gives the",
    ),
    ("sensitivity tensor.t[1,1] --days 3 --along events=1:9:3", "--exposure-days: --along events gives the values"),
    (
        "sensitivity tensor.t[1,1] --lightest 0 --along lightest_mass=0:1:3",
        "--lightest-mass: --along lightest_mass gives",
    ),
    ("sensitivity tensor.t[1,1] --masses 1,2,3 --along lightest_mass=0:1:3", "--masses: --along lightest_mass gives"),
    (
        "sensitivity electromagnetic.mu[1,1] --nature majorana",
        "there is no limit to show: for Majorana neutrinos it drops out",
    ),
    (
        "sensitivity electromagnetic.mu[1,1] --nature majorana --along exposure_days=1:9:3",
        "electromagnetic.mu[1,1] is not bounded anywhere: for Majorana",
    ),
    ("identify", "--observed: give counts, or the neutrino couplings that are really there"),
    ("identify --set vector.mass=1", "--observed: give counts, or the neutrino couplings"),
    ("identify --observed 1,2", "--observed: expected 9 counts, got shape (2,)"),
    ("identify --observed 1,-2 --frequencies 1.06,1.07", "--observed: expected finite counts of at least 0"),
    ("identify --observed few", "--observed: expected finite numbers"),
    (
        "identify --observed 1 --frequencies 1 --set tensor.t[1,1]=1",
        "--set tensor.t: with --observed the neutrino couplings",
    ),
    (
        "identify --set tensor.t[1,1]=1 --hypothesis vector.g_L[1,1]",
        "--set: vector couplings need the mediator mass in eV",
    ),
    ("identify --set tensor.t[1,1]=1 --hypothesis vector", "--set: vector couplings need the mediator mass in eV"),
    (
        "identify --set tensor.t[1,1]=1 --hypothesis tensors",
        "--hypothesis: expected a name like 'electromagnetic.mu[1,2]', a GROUP or a GROUP.NAME",
    ),
    (
        "identify --set tensor.t[1,1]=1 --hypothesis tensor.x",
        "--hypothesis: expected a name like 'electromagnetic.mu[1,2]', a GROUP or a GROUP.NAME",
    ),
    (
        "identify --set tensor.t[1,1]=1 --hypothesis tensor --hypothesis tensor.t[1,1]",
        "are the same parameter, give it once",
    ),
    ("identify --set tensor.t[1,1]=1 --level 1", "between 0 and 1, got 1.0"),
    ("identify --model axial.toml --set axial_boson.d_A[1,1]=1", "--set: axial_boson couplings need the mediator mass"),
    ("identify --model axial.toml --observed 1 --frequencies 1", "--set: axial_boson couplings need the mediator mass"),
]


@pytest.mark.parametrize(("line", "message"), MISTAKES, ids=[line for line, _ in MISTAKES])
def test_a_mistake_is_one_line_and_nothing_is_written(line: str, message: str, room: Path) -> None:
    before = sorted(room.iterdir())
    result = run(*line.split(), "--csv", "out.csv", "--plot", "out.png")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("renp: error: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr
    assert sorted(room.iterdir()) == before


@pytest.mark.parametrize("words", [["events"], ["sensitivity", "tensor.t[1,1]"], ["identify", "--set", f"{MU}=1e-11"]])
def test_wrong_files_are_one_line_before_anything_is_computed(words: list[str], room: Path) -> None:
    before = sorted(room.iterdir())
    for given, message in (
        (["--plot", "a.bmp"], "must end in .png, .pdf, .svg"),
        (["--csv", "missing/a.csv"], "does not exist"),
        (["--csv", "."], "is a directory"),
        (["--csv", "a.png", "--plot", "a.png"], "is given twice"),
        (["--csv", "/dev/null"], "is not a regular file"),
    ):
        result = run(*words, *given)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
        assert message in result.stderr
    assert sorted(room.iterdir()) == before
