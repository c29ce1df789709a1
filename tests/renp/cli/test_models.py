"""The options --model and --set: what they mean, and one line for everything that means nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from renp.cli.models import chosen_model, coupling_groups
from renp.model import Model, shipped_model

OWN = """\
name = "own"
title = "Scalar with a complex coupling"
description = "A scalar whose coupling to neutrinos is any matrix."
references = []
propagator = { kind = "massive", spin = 0, mass = "M" }
electron = [ { coupling = "y", bilinear = "i gamma5" } ]
neutrino = [ { coupling = "f", bilinear = "PR", hermitian = "add conjugate" } ]
"""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_a_model_is_chosen_by_names_files_and_copies(room: Path) -> None:
    assert chosen_model(None) == chosen_model([]) == shipped_model()
    assert chosen_model(["vector", "own.toml"]) == Model("vector", "own.toml")
    assert chosen_model(["two=vector", "three=own.toml"]) == Model(two="vector", three="own.toml")


def test_a_path_with_an_equals_sign_is_a_path(room: Path) -> None:
    deep = room / "a=b"
    deep.mkdir()
    for path in ("x=own.toml", "a=b/own.toml", str(deep / "other=own.toml")):
        Path(path).write_text(OWN.replace('"own"', '"path"'), encoding="utf-8")
        assert chosen_model([path]).groups[1].name == "path"
    # A dot in front makes the path a copy's, or the whole a path.
    assert chosen_model(["x=./own.toml"]).groups[1].name == "x"
    assert chosen_model(["./x=own.toml"]).groups[1].name == "path"
    assert chosen_model(["y=x=own.toml"]).groups[1].name == "y"


@pytest.mark.parametrize(
    ("models", "message"),
    [
        (["vectr"], "--model: unknown interaction 'vectr': allowed are standard_model, electromagnetic"),
        ([""], "--model: unknown interaction ''"),
        (["missing.toml"], "--model: missing.toml: field 'file': found no such file or directory"),
        (["a=missing.toml"], "--model: missing.toml: field 'file': found no such file"),
        (["vector", "vector"], "--model: two interactions have the name 'vector'"),
        (["a=vector", "a=own.toml"], "--model: two interactions have the name 'a'"),
        (["=vector"], "--model: '' is no name for an interaction"),
        (["A B=vector"], "--model: 'A B' is no name for an interaction"),
        (["masses=vector"], "--model: 'masses' is no name for an interaction"),
        (["standard_model=vector"], "--model: the name 'standard_model' is that of the weak current"),
    ],
)
def test_a_wrong_model_gets_one_line(room: Path, models: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        chosen_model(models)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_couplings_become_the_groups_of_a_call(room: Path) -> None:
    model = chosen_model(["vector", "own.toml"])
    groups, notes = coupling_groups(
        ["vector.mass=1.5", "vector.g_V=-1e-3", "vector.propagator=unitary", "vector.g_L[1,1]=2",
         "vector.g_L[1,2]=1+2j", "vector.g_L[3, 2]=3j", " own.M = 2 ", "own.f[1,2]=4", "own.f[2,1].imag=5"],
        model, 3,
    )  # fmt: skip
    assert notes == ()
    vector = groups["vector"]
    assert (vector["mass"], vector["g_V"], vector["propagator"]) == (1.5, -1e-3, "unitary")
    np.testing.assert_array_equal(vector["g_L"], [[2, 1 + 2j, 0], [1 - 2j, 0, -3j], [0, 3j, 0]])
    np.testing.assert_array_equal(groups["own"]["f"], [[0, 4, 0], [5j, 0, 0], [0, 0, 0]])
    assert vector["g_L"].dtype == complex
    base = {"E_eg": 2.0, "E_vg": 2.5, "masses": [0.1] * 3, "axial": np.eye(3)}
    assert model.spectral_function(0.5, **base, **groups) > 0


def test_parts_of_an_element_are_set_alone() -> None:
    model = chosen_model(["vector"])
    apart, _ = coupling_groups(["vector.g_L[1,2].real=1", "vector.g_L[2,1].imag=-2", "vector.mass=1"], model, 2)
    whole, _ = coupling_groups(["vector.mass=1", "vector.g_L[1,2]=1+2j"], model, 2)
    np.testing.assert_array_equal(apart["vector"]["g_L"], whole["vector"]["g_L"])


def test_what_is_off_is_said_of_a_model_that_was_chosen() -> None:
    chosen = chosen_model(["vector", "second=vector"])
    assert coupling_groups(["vector.mass=1"], chosen, 1)[1] == ("second is off: nothing is set in it",)
    assert coupling_groups(None, chosen, 1) == (
        {},
        ("vector is off: nothing is set in it", "second is off: nothing is set in it"),
    )
    assert coupling_groups(["vector.mass=1"], shipped_model(), 1)[1] == ()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("vector.g_L", "must be GROUP.NAME=VALUE, or GROUP.NAME[i,j]=VALUE with mass states i, j counted from 1"),
        ("vector=1", "must be GROUP.NAME=VALUE"),
        ("vector.g_L[0,1]=1", "found the index 0, allowed are 1 to 3"),
        ("vector.g_L[1,0].imag=1", "found the index 0, allowed are 1 to 3"),
        ("g_L[1,1]=1", "counted from 1; did you mean vector.g_L[1,1]"),
        ("mass=1", "counted from 1; did you mean vector.mass"),
        ("vector.g_L[1;2]=1", "must be GROUP.NAME=VALUE"),
        ("", "must be GROUP.NAME=VALUE"),
        ("scalar.y_S=1", "there is no group 'scalar' to set; allowed are vector, own"),
        ("standard_model.axial[1,1]=1", "there is no group 'standard_model' to set; allowed are vector, own"),
        ("vector.g_X=1", "vector has no entry 'g_X'; allowed are mass, width, propagator, m1, g_V, g_A, g_L, g_R"),
        ("vector.g_A=1j", "vector.g_A is real, found '1j'"),
        ("vector.g_A=yes", "found 'yes'; allowed are numbers as 1e-12, 1e-12j or 1+2j"),
        ("vector.g_A=__import__('os')", "allowed are numbers as"),
        ("vector.g_A=nan", "found 'nan'; allowed are finite numbers"),
        ("vector.g_A=1e999", "found '1e999'; allowed are finite numbers"),
        ("vector.g_A[1,1]=1", "vector.g_A is no matrix, it has neither elements nor parts"),
        ("vector.g_A.real=1", "vector.g_A is no matrix"),
        ("vector.propagator=other", "found 'other'; allowed are feynman, unitary"),
        ("vector.g_L=1", "vector.g_L is a matrix, set its elements: vector.g_L[i,j]=VALUE"),
        ("vector.g_L[1]=1", "vector.g_L is a matrix"),
        ("vector.g_L[4,1]=1", "found the index 4, but there are 3 neutrinos"),
        ("vector.g_L[1,1]=1j", "the diagonal of a Hermitian matrix is real, vector.g_L[1,1] has no imaginary part"),
        ("vector.g_L[1,1].imag=0", "vector.g_L[1,1] has no imaginary part"),
        ("vector.g_L[1,2].imag=1j", "vector.g_L[1,2].imag is real, found '1j'"),
        ("vector.mass=1|vector.mass=2", "'vector.mass=1' and 'vector.mass=2' set the same parameter"),
        ("vector.g_L[1,2]=1|vector.g_L[2,1].imag=1", "set the same parameter, give it once"),
        ("vector.g_L[1,2].real=1|vector.g_L[2,1].real=1", "set the same parameter, give it once"),
        ("own.f[1,2]=1|own.f[1,2].imag=1", "set the same parameter, give it once"),
    ],
)
def test_a_wrong_setting_gets_one_line(room: Path, settings: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"^--set") as caught:
        coupling_groups(settings.split("|"), chosen_model(["vector", "own.toml"]), 3)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
