"""Scans of any model: interactions of one's own, copies, and what a data set says of them."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray
from typer.testing import CliRunner

from renp.cli.main import app
from renp.model import Model, shipped_model
from renp.rates.experiment import events
from renp.studies.scan import workers
from renp.studies.scan.compute import compute_chunk
from renp.studies.scan.notes import notes, set_up
from renp.studies.scan.run import run_scan
from renp.studies.scan.study import load_study, parse_study
from renp.studies.sensitivity import sensitivity
from tests.random_files.arguments import random_case
from tests.random_files.chain import specimen
from tests.tolerances import tolerance

AXIAL = """\
name = "axial_boson"
title = "Axial boson"
description = "A boson that couples to the axial currents of electrons and neutrinos."
references = []
propagator = { kind = "massive", spin = 1, mass = "M", width = "G" }
electron = [ { coupling = "c_A", bilinear = "gamma(mu) gamma5" } ]
neutrino = [ { coupling = "d", bilinear = "gamma(mu) gamma5" } ]
"""
LEFT = (
    AXIAL.replace("axial_boson", "left_boson")
    .replace('gamma(mu) gamma5" } ]\n', 'gamma(mu) PL" } ]\n')
    .replace('"c_A", bilinear = "gamma(mu) PL"', '"c_A", bilinear = "gamma(mu) gamma5"')
)
GRIDS = {
    "spectral_function": '[[axis]]\nparameter = "photon_energy"\nvalues = [1.0, 1.06, 1.0715]\n',
    "events": "",
    "sensitivity": '[sensitivity]\ncoupling = "electromagnetic.mu[1,2].imag"\n',
}
LIGHT = '[[axis]]\nparameter = "lightest_mass"\nvalues = [0.0, 0.03]\n'
OWN_STUDY = """\
quantity = "events"
interactions = ["electromagnetic", "own/axial.toml", "second=own/axial.toml"]
chunk = 1
[axial_boson]
M = 0.8
[couplings]
"axial_boson.d[1,2].imag" = 1e-23
[[axis]]
parameter = "axial_boson.d[1,1]"
values = [-1e-23, 2e-23]
"""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "axial.toml").write_text(AXIAL)
    (tmp_path / "left.toml").write_text(LEFT)
    (tmp_path / "study.toml").write_text(OWN_STUDY)
    return tmp_path


def values(text: str, **options: Any) -> np.ndarray:
    study = parse_study(text, **options)
    return np.concatenate([compute_chunk(study.document, index) for index in range(study.chunks)])


def opened(path: Path) -> xarray.Dataset:
    with xarray.open_dataset(path, engine="h5netcdf") as data:
        return data.load()


def agree(found: np.ndarray, expected: np.ndarray) -> None:
    assert np.any(expected)
    assert np.max(np.abs(found - expected)) <= tolerance("model") * np.max(np.abs(expected))
    assert found == pytest.approx(expected, rel=tolerance("model"), abs=0)


# -- numbers ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
@pytest.mark.parametrize("quantity", GRIDS)
def test_an_axial_boson_is_the_shipped_vector_with_opposite_chiralities(quantity: str, nature: str, room: Path) -> None:
    head = f'quantity = "{quantity}"\n'
    tail = f'{GRIDS[quantity]}[neutrinos]\nnature = "{nature}"\n{LIGHT}[couplings]\n'
    own = f'{head}interactions = ["electromagnetic", "own/axial.toml"]\n{tail}"axial_boson.d[1,2].imag" = 3e-24\n'
    own += '"axial_boson.d[1,1]" = 2e-23\n"axial_boson.d[2,3]" = -1e-23\n[axial_boson]\nM = 0.8\nG = 0.1\n'
    shipped = head + tail + "[vector]\nmass = 0.8\nwidth = 0.1\n"
    for sign, matrix in ((-1, "g_L"), (1, "g_R")):
        lines = [("[1,2].imag", 3e-24), ("[1,1]", 2e-23), ("[2,3]", -1e-23)]
        shipped = shipped.replace(
            "[couplings]\n", "[couplings]\n" + "".join(f'"vector.{matrix}{e}" = {sign * v!r}\n' for e, v in lines)
        )
    without = head + tail
    agree(values(own), values(shipped))
    assert not np.allclose(values(own), values(without), rtol=1e-3, atol=0)


def test_limits_on_a_coupling_of_ones_own_are_those_of_the_shipped_one(room: Path) -> None:
    axis = '[[axis]]\nparameter = "{}"\nvalues = [0.1, 1.0, 100.0]\n[sensitivity]\ncoupling = "{}"\nbackground = 2.0\n'
    head = 'quantity = "sensitivity"\n'
    own = values(f'{head}interactions = ["left.toml"]\n' + axis.format("left_boson.M", "left_boson.d[1,1]"))
    agree(own, values(head + axis.format("vector.mass", "vector.g_L[1,1]")))
    limit = sensitivity("left_boson.d[1,1]", model=Model("left.toml"), left_boson={"M": 1.0}, background=2.0)
    assert own[1].tolist() == [limit.negative, limit.positive, limit.magnitude]


@pytest.mark.parametrize("quantity", GRIDS)
def test_two_copies_with_half_the_product_each_are_one(quantity: str) -> None:
    common = f'quantity = "{quantity}"\n{{}}{GRIDS[quantity]}{LIGHT}'
    group = "[{0}]\nmass = 0.5\ng_A = {1}\n[{0}_]\n".replace("[{0}_]\n", "")
    one = common.format("") + group.format("vector", 1.0) + '[couplings]\n"vector.g_L[1,1]" = 2e-23\n'
    two = common.format('interactions = ["electromagnetic", "vector", "other=vector"]\n')
    two += group.format("vector", 0.5) + group.format("other", 1.0)
    two += '[couplings]\n"vector.g_L[1,1]" = 2e-23\n"other.g_L[1,1]" = 1e-23\n'
    agree(values(two), values(one))


def test_defaults_are_those_of_the_functions(room: Path) -> None:
    assert values('quantity = "events"')[0].tolist() == events().counts.tolist()
    text = 'quantity = "sensitivity"\n[sensitivity]\ncoupling = "electromagnetic.mu[1,1]"\n'
    assert values(text)[0, 2] == sensitivity("electromagnetic.mu[1,1]").magnitude
    assert len(parse_study(text).run.frequencies) == 9
    own = text.replace("electromagnetic.mu", "tensor.t")
    assert len(parse_study(own).run.frequencies) == 3
    assert values(own)[0, 2] == sensitivity("tensor.t[1,1]").magnitude


@pytest.mark.parametrize("number", range(4))
def test_a_random_interaction_is_scanned(number: int, tmp_path: Path) -> None:
    """All that a random call has, written into a study, gives what the call gives."""
    drawn = specimen(17, number)
    files = []
    for own in drawn.models:
        files.append(tmp_path / f"{own.name}.toml")
        files[-1].write_text(own.text, encoding="utf-8")
    model = Model(*files)
    choices = {f"{g.keyword}.{c.name}": c.choices for g in model.groups for c in g.couplings if c.choices}
    draw = random.Random(f"scan {number}")
    while True:
        case = random_case(draw, drawn.models, choices, ("dirac", "majorana")[number % 2], ("M1", "E1")[number // 2])
        if model.spectral_function(case.inside[0], **case.arguments):
            break
    text = written(model, [path.name for path in files], case.arguments, case.inside)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    data = opened(run_scan(load_study(tmp_path / "study.toml"), tmp_path / "a.nc"))
    agree(data.spectral_function.values, model.spectral_function(np.array(case.inside), **case.arguments))
    assert Model.from_texts(json.loads(data.attrs["study"])["interactions"]) == model


def written(model: Model, files: list[str], arguments: Mapping[str, Any], energies: tuple[float, ...]) -> str:
    tables: dict[str, dict[str, Any]] = {"atom": {}, "neutrinos": {}, "couplings": {}}
    for name, value in arguments.items():
        if name in model.keywords:
            continue
        table = "neutrinos" if name in ("masses", "axial", "vector_weak", "nature") else "atom"
        if isinstance(value, dict):
            tables[table][name] = {entry: plain(numbers) for entry, numbers in value.items()}
        elif value is not None:
            tables[table][name] = plain(value)
    for keyword in model.keywords:
        # Without any electron coupling a study takes 1 for one of them.
        fields = {c.name: 0.0 for c in model.group(keyword).couplings if c.line == "electron"}
        given = arguments.get(keyword)
        if given is None:
            continue
        for coupling in model.group(keyword).couplings:
            value = given.get(coupling.name)
            if value is None:
                continue
            if coupling.kind not in ("matrix", "general"):
                fields[coupling.name] = value
                continue
            for (i, j), entry in np.ndenumerate(np.asarray(value, dtype=complex)):
                if i <= j or coupling.kind == "general":
                    element = f"{keyword}.{coupling.name}[{i + 1},{j + 1}]"
                    tables["couplings"][element] = entry.real
                    if i != j or coupling.kind == "general":
                        tables["couplings"][f"{element}.imag"] = entry.imag
        if fields:
            tables[keyword] = fields
    lines = ['quantity = "spectral_function"', f"interactions = {json.dumps(files)}"]
    for table, content in tables.items():
        lines += [f"[{table}]", *(f"{json.dumps(k)} = {toml(v)}" for k, v in content.items())]
    return "\n".join([*lines, "[[axis]]", 'parameter = "photon_energy"', f"values = {json.dumps(list(energies))}", ""])


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {json.dumps(entry)}" for name, entry in value.items()) + "}"
    return json.dumps(value)


def plain(value: Any) -> Any:
    """Return an argument as TOML and JSON know it: complex entries are pairs."""
    if isinstance(value, (np.ndarray, list)):
        return [plain(entry) for entry in value]
    return [value.real, value.imag] if isinstance(value, complex) else value


# -- where the model comes from -----------------------------------------------------------------------------------------------


def test_the_data_set_holds_the_model(room: Path) -> None:
    data = opened(run_scan(load_study("study.toml"), room / "a.nc"))
    model = Model("electromagnetic", "own/axial.toml", second="own/axial.toml")
    study = json.loads(data.attrs["study"])
    assert study["interactions"]["axial_boson"] == study["interactions"]["second"] == AXIAL
    assert Model.from_texts(study["interactions"]) == model
    assert data.attrs["interactions"] == "standard_model, axial_boson, electromagnetic, second"
    hashes = json.loads(data.attrs["interaction_hashes"])
    assert hashes["second"] == hashlib.sha256(AXIAL.encode()).hexdigest()
    assert json.loads(data.attrs["files"])["second"] == "own/axial.toml"
    assert data.axial_boson_d_11.attrs == {"units": "1", "long_name": "axial_boson.d[1,1]"}
    # What was computed and recorded is the same wherever the files lie.
    (room / "elsewhere").mkdir()
    for name in ("own", "study.toml"):
        (room / name).rename(room / "elsewhere" / name)
    again = load_study("elsewhere/study.toml")
    assert run_scan(again, room / "b.nc").read_bytes() == (room / "a.nc").read_bytes()


def test_paths_start_from_the_study_file(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (room / "vector").write_text("not an interaction")
    (room / "elsewhere").mkdir()
    monkeypatch.chdir(room / "elsewhere")
    study = load_study("../study.toml")
    assert study.model.keywords == ("axial_boson", "electromagnetic", "second")
    (room / "study.toml").write_text('quantity = "events"\ninteractions = ["vectr"]')
    (room / "elsewhere" / "vectr").write_text(AXIAL)
    with pytest.raises(ValueError, match=r"study\.toml:2: interactions: unknown interaction 'vectr': allowed are"):
        load_study("../study.toml")


def test_no_worker_reads_a_file(room: Path) -> None:
    study = load_study("study.toml")
    serial = run_scan(study, room / "serial.nc").read_bytes()
    # Another boson of that name in its place must not be seen.
    (room / "own" / "axial.toml").write_text(AXIAL.replace("gamma(mu) gamma5", "gamma(mu)"))
    assert run_scan(study, room / "parallel.nc", workers=2).read_bytes() == serial


@pytest.mark.parametrize("change", [AXIAL + "# a word\n", AXIAL.replace("Axial boson", "Boson")])
def test_a_changed_file_is_named(change: str, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_then_stop(document: Any, index: int) -> Any:
        if index == 1:
            raise KeyboardInterrupt
        return compute_chunk(document, index)

    with monkeypatch.context() as patch:
        patch.setattr(workers, "compute_chunk", one_then_stop)
        with pytest.raises(KeyboardInterrupt):
            run_scan(load_study("study.toml"), room / "part.nc")
    run_scan(load_study("study.toml"), room / "whole.nc")
    (room / "own" / "axial.toml").write_text(change)
    before = {path: path.read_bytes() for path in room.rglob("*") if path.is_file()}
    for name in ("part.nc", "whole.nc"):
        result = CliRunner().invoke(app, ["scan", "study.toml", "--out", name])
        assert result.exit_code == 2
        assert result.stderr == (
            "renp: error: interactions: own/axial.toml has changed since the scan began; take another name or ask for a fresh run\n"
        )
    assert {path: path.read_bytes() for path in room.rglob("*") if path.is_file()} == before
    (room / "study.toml").write_text(OWN_STUDY.replace("0.8", "0.9"))
    with pytest.raises(ValueError, match=r"part\.nc\.parts' holds chunks of another study; take"):
        run_scan(load_study("study.toml"), room / "part.nc")


def test_a_model_is_given_from_python(room: Path) -> None:
    text = OWN_STUDY.replace('interactions = ["electromagnetic", "own/axial.toml", "second=own/axial.toml"]\n', "")
    model = Model("electromagnetic", "own/axial.toml", second="own/axial.toml")
    with pytest.raises(ValueError, match=r"^study:3: axial_boson: unknown field"):
        parse_study(text)
    given = parse_study(text, model)
    assert given.fingerprint == load_study("study.toml").fingerprint
    assert load_study("study.toml", model) == load_study("study.toml")
    with pytest.raises(
        ValueError, match=r"^study\.toml:2: interactions: the study names interactions \(electro[^\n]+$"
    ):
        load_study("study.toml", Model("vector"))
    with pytest.raises(TypeError, match=r"^model: expected what renp\.Model returns, got 'vector'$"):
        parse_study(text, "vector")  # type: ignore[arg-type]
    open_study = parse_study('quantity = "events"')
    path = run_scan(open_study, room / "a.nc", model=Model("left.toml"))
    assert opened(path).attrs["interactions"] == "standard_model, left_boson"
    assert open_study.model == shipped_model()
    with pytest.raises(ValueError, match=r"^model: the study names interactions \(axial_boson, electro[^\n]+$"):
        run_scan(given, room / "b.nc", model=Model("vector"))
    assert run_scan(given, room / "b.nc", model=model) == room / "b.nc"


def test_dimensions_of_one_name_are_refused(room: Path) -> None:
    (room / "a.toml").write_text(AXIAL.replace("axial_boson", "a").replace('"d"', '"b_c"'))
    (room / "a_b.toml").write_text(AXIAL.replace("axial_boson", "a_b").replace('"d"', '"c"'))
    (room / "photon.toml").write_text(AXIAL.replace("axial_boson", "photon").replace('"M"', '"energy"'))
    text = 'quantity = "events"\ninteractions = ["a.toml", "a_b.toml", "photon.toml"]\n[a]\nM = 1\n[a_b]\nM = 1\n'
    first, second, third = (
        f'[[axis]]\nparameter = "{name}"\nvalues = [0.5, 1.0]\n'
        for name in ("a.b_c[1,1]", "a_b.c[1,1]", "photon.energy")
    )
    with pytest.raises(
        ValueError, match=r"^study:11: \[\[axis\]\] 2 parameter: 'a_b\.c\[1,1\]' and 'a\.b_c\[1,1\]' would"
    ):
        parse_study(text + first + second)
    with pytest.raises(
        ValueError, match=r"^study:8: \[\[axis\]\] 1 parameter: 'photon\.energy' and 'photon_energy' would"
    ):
        parse_study(text + third)


# -- what is said -----------------------------------------------------------------------------------------------------------


def test_what_adds_nothing_is_said_and_recorded(room: Path) -> None:
    text = 'quantity = "events"\n[neutrinos]\nnature = "majorana"\n[couplings]\n"electromagnetic.mu[1,1]" = 1e-11\n'
    (note,) = notes(parse_study(text))
    assert note.startswith("electromagnetic.mu[1,1]: for Majorana neutrinos it drops out")
    assert opened(run_scan(parse_study(text), room / "a.nc")).attrs["notes"] == note
    assert not notes(parse_study(text.replace("majorana", "dirac")))
    assert "notes" not in opened(run_scan(parse_study(text.replace("majorana", "dirac")), room / "b.nc")).attrs
    step = '[atom]\npair_step = "E1"\n' + text.replace("majorana", "dirac").partition("\n")[2]
    step = 'quantity = "events"\n' + step.replace("electromagnetic.mu", "tensor.t")
    parity, idle = notes(parse_study(step))
    assert parity.startswith("E1 x E1 is not allowed for Yb (rule: each E1 step turns the parity)")
    assert idle == "tensor.t[1,1]: it opens no channel of the E1 pair step"
    # A coupling that an axis starts at zero is none that adds nothing.
    axis = '[[axis]]\nparameter = "tensor.t[1,1]"\nvalues = [0.0, 0.1]\n'
    assert notes(parse_study(f'quantity = "events"\n{axis}')) == ()
    wanted = (
        'quantity = "sensitivity"\n[neutrinos]\nnature = "majorana"\n[sensitivity]\ncoupling = "electromagnetic.{}"\n'
    )
    assert notes(parse_study(wanted.format("mu[1,2].imag"))) == ()
    assert "drops out" in notes(parse_study(wanted.format("mu[1,1]")))[0]


def test_a_scan_without_anything_to_compute_says_so(room: Path) -> None:
    text = 'quantity = "events"\n[exposure]\nfrequencies = [1.0717]\n' + LIGHT
    assert notes(parse_study(text)) == ()
    text = text.replace("0.0, 0.03", "0.02, 0.03")
    (note,) = notes(parse_study(text))
    assert note.startswith(
        "nothing is computed: all photon energies lie above every pair threshold, the highest is 1.071"
    )
    assert not np.any(values(text))
    axis = 'quantity = "spectral_function"\n[neutrinos]\nlightest_mass = 0.02\n[[axis]]\nparameter = "photon_energy"\n'
    assert notes(parse_study(f"{axis}values = [1.0716, 1.0717]")) == (note,)
    assert notes(parse_study(f"{axis}values = [1.0, 1.0717]")) == ()


def test_the_defaults_are_said(room: Path) -> None:
    shown = set_up(
        parse_study('quantity = "sensitivity"\n[vector]\nmass = 1\n[sensitivity]\ncoupling = "vector.g_L[1,1]"')
    )
    assert shown[0].startswith(
        "Yb, Dirac neutrinos, normal ordering, lightest 0.01 eV, desalas-2021-benchmark, averaged"
    )
    assert "40 days at each photon energy, photon energies 1.069, 1.07, 1.0708 eV, reference rate" in shown[0]
    assert shown[2] == (
        "vector.g_A = 1, since no electron coupling that opens the M1 pair step is set: numbers are those of the product with it"
    )
    assert len(set_up(parse_study(f'quantity = "spectral_function"\n{GRIDS["spectral_function"]}'))) == 2
    assert "all shipped interactions: electromagnetic, scalar, tensor" in shown[1]
    assert (
        set_up(parse_study('quantity = "events"\ninteractions = []'))[0].count(
            "chain, model weak current, papers' set-up, 40 days"
        )
        == 1
    )


# -- the command --------------------------------------------------------------------------------------------------------------


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["scan", *words])


def test_a_scan_with_a_model_from_the_command_line(room: Path) -> None:
    words = ["study.toml", "--model", "my_boson.toml", "--set", "my_boson.mass=2", "--out", "boson.nc"]
    (room / "my_boson.toml").write_text(AXIAL.replace("axial_boson", "my_boson").replace('"M"', '"mass"'))
    (room / "study.toml").write_text('quantity = "events"\n[couplings]\n"my_boson.d[1,1]" = 1e-23\n')
    result = run(*words)
    assert result.exit_code == 0, result.stderr
    assert "averaged chain, model my_boson, papers' set-up, 40 days at" in " ".join(result.stdout.split())
    assert "my_boson.c_A = 1, since no electron coupling" in result.stdout
    output = room / words[words.index("--out") + 1]
    counts = opened(output).events.values
    own = {"mass": 2.0, "c_A": 1.0, "d": np.diag([1e-23, 0, 0])}
    assert counts.tolist() == events(model=Model("my_boson.toml"), my_boson=own).counts.tolist()


def test_the_help_shows_elements_of_matrices() -> None:
    assert "'GROUP.NAME[i,j]=VALUE'" in run("--help").stdout


def test_settings_of_the_command_line_are_couplings_of_the_study(room: Path) -> None:
    (room / "bare.toml").write_text('quantity = "events"\n')
    (room / "full.toml").write_text(
        'quantity = "events"\n[vector]\nmass = 2.0\npropagator = "unitary"\n[couplings]\n"vector.g_L[1,2]" = 1e-23\n'
        '"vector.g_L[1,2].imag" = -2e-23\n"vector.g_R[3,3]" = 1e-23\n"vector.g_R[2,3].imag" = 1e-23\n'
    )
    words = [
        *("--set", "vector.mass=2", "--set", "vector.propagator=unitary", "--set", "vector.g_L[1,2]=1e-23-2e-23j"),
        *("--set", "vector.g_R[3,3]=1e-23", "--set", "vector.g_R[2,3].imag=1e-23"),
    ]
    assert run("bare.toml", "--out", "a.nc", *words).exit_code == 0
    assert run("full.toml", "--out", "b.nc").exit_code == 0
    assert opened(room / "a.nc").events.equals(opened(room / "b.nc").events)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--model", "vector"],
            "study.toml:2: interactions: the study names interactions (electromagnetic, axial_boson,",
        ),
        (["--model", "no.toml"], "--model: no.toml: field 'file': found no such file"),
        (
            ["--set", "axial_boson.M=2"],
            "study.toml:5: [axial_boson] M: given in the study and again for this run (--set)",
        ),
        (["--set", "axial_boson.d[1,1]=2"], "study.toml:9: [[axis]] 1 parameter: couplings: 'axial_boson.d[1,1]' and "),
        (["--set", "axial_boson.d[2,1]=2"], "are the same parameter, give it once"),
        (
            ["--set", "axial_boson.d[1,2].imag=2"],
            "study.toml:7: [couplings] axial_boson.d[1,2].imag: given in the study",
        ),
        (["--set", "second.d[1,1]=2"], "[second] M: missing, needed for the couplings of 'second'"),
        (["--set", "second.d[4,4]=2", "--set", "second.M=1"], "index above the number of neutrinos, 3"),
        (
            ["--set", "vector.mass=2"],
            "there is no group 'vector' to set; allowed are electromagnetic, axial_boson, second",
        ),
        (["--out", "x.csv"], "--out: expected a name ending in .nc or .zarr, got 'x.csv'"),
    ],
)
def test_mistakes_of_the_command_line_are_one_line(room: Path, words: list[str], message: str) -> None:
    before = sorted(room.rglob("*"))
    result = run("study.toml", *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert sorted(room.rglob("*")) == before
