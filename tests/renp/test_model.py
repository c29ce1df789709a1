"""Models of one's own: the same numbers as the shipped interactions that they equal, in every engine, without a file."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import renp
from derivations.interactions.reader import parse_interaction
from renp.generate import shipped
from renp.model import Model, shipped_model
from renp_generated import FUNCTIONS
from renp_generated.runtime.functions import SpectralFunctions
from renp_generated.runtime.verify import random_arguments
from tests.tolerances import tolerance

AXIAL = """\
name = "axial_boson"
title = "Axial boson"
description = "A boson that couples to the axial currents of electrons and neutrinos."
references = []
propagator = { kind = "massive", spin = 1, mass = "M", width = "Gamma" }
electron = [ { coupling = "c_A", bilinear = "gamma(mu) gamma5" } ]
neutrino = [ { coupling = "d_A", bilinear = "gamma(mu) gamma5" } ]
"""
D = np.array([[1, 0.3 + 0.2j, -0.1j], [0.3 - 0.2j, -0.5, 0.4], [0.1j, 0.4, 0.7]]) * 1e-11
BASE: Mapping[str, Any] = {
    "E_eg": 2.14349,
    "E_vg": 2.23072,
    "masses": [0.01, 0.013, 0.051],
    "axial": np.array([[0.2, 0.1j, 0], [-0.1j, -0.2, 0.05], [0, 0.05, -0.5]]),
    "atomic_tensor": np.array([[0.3, 0.1j, 0], [-0.1j, 0.3, 0], [0, 0, 0.4]]),
}
OMEGA = np.linspace(0.3, 1.071, 40)
ENGINES = ["compiled", "numpy"]


@pytest.fixture(scope="module")
def axial() -> Model:
    return Model.of([parse_interaction(AXIAL)])


def evaluated(functions: Any, engine: str, arguments: Mapping[str, Any]) -> Any:
    evaluator = functions.prepare(**BASE, **arguments)
    return (evaluator.without_compiled() if engine == "numpy" else evaluator)(OMEGA)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("nature", ["dirac", "majorana"])
@pytest.mark.parametrize("numerator", ["feynman", "unitary"])
@pytest.mark.parametrize("width", [0.0, 0.3])
def test_an_axial_boson_from_a_file_is_the_shipped_vector_boson(
    axial: Model, engine: str, nature: str, numerator: str, width: float
) -> None:
    common = {"propagator": numerator}
    own = {"M": 0.8, "Gamma": width, "c_A": 1e-12, "d_A": D, **common}
    vector = {"mass": 0.8, "width": width, "g_A": 1e-12, "g_L": -D, "g_R": D, **common}
    found = evaluated(axial, engine, {"nature": nature, "axial_boson": own})
    expected = evaluated(FUNCTIONS, engine, {"nature": nature, "vector": vector})
    np.testing.assert_allclose(found, expected, rtol=tolerance("model"))
    assert (np.abs(found / evaluated(FUNCTIONS, engine, {"nature": nature}) - 1) > 1e-3).any()


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_gradient_and_any_precision_agree_too(axial: Model, nature: str) -> None:
    own = {"axial_boson": {"M": 0.8, "c_A": 1e-12, "d_A": D}}
    vector = {"vector": {"mass": 0.8, "g_A": 1e-12, "g_L": -D, "g_R": D}}
    slopes, expected = (
        functions.spectral_gradient(OMEGA, **BASE, nature=nature, **given)
        for functions, given in ((axial, own), (FUNCTIONS, vector))
    )
    np.testing.assert_allclose(slopes["axial_boson.c_A"], expected["vector.g_A"], rtol=tolerance("gradient"))
    np.testing.assert_allclose(slopes["axial_boson.M"], expected["vector.mass"], rtol=tolerance("gradient"))
    with mpmath.workdps(30):
        found, other = (
            functions.spectral_function_exact(0.9, number=mpmath.mpf, root=mpmath.sqrt, **BASE, nature=nature, **given)
            for functions, given in ((axial, own), (FUNCTIONS, vector))
        )
    assert abs(found - other) <= tolerance("oracle-30-digits") * abs(other)


def test_two_vector_bosons_with_half_the_product_are_one() -> None:
    half, whole = ({"mass": 0.8, "g_A": 1e-12, "g_V": 1e-9, "g_L": D / n, "g_R": D @ D * 1e11 / n} for n in (2, 1))
    found = Model("vector", zprime2="vector").spectral_function(OMEGA, **BASE, vector=half, zprime2=half)
    np.testing.assert_allclose(found, renp.spectral_function(OMEGA, **BASE, vector=whole), rtol=tolerance("model"))


def test_own_and_shipped_interactions_interfere(axial: Model) -> None:
    """Opposite amplitudes of an own and a shipped boson cancel, off their pole: the weak rate is left."""
    model = Model.of([*axial.interactions, *Model("vector").interactions])
    own = {"M": 3.0, "c_A": 1e-11, "d_A": D}
    vector = {"mass": 3.0, "g_A": -1e-11, "g_L": -D, "g_R": D}
    found = model.spectral_function(OMEGA, **BASE, nature="majorana", axial_boson=own, vector=vector)
    weak = renp.spectral_function(OMEGA, **BASE, nature="majorana")
    np.testing.assert_allclose(found, weak, rtol=tolerance("evaluator-difference"))
    assert (np.abs(model.spectral_function(OMEGA, **BASE, nature="majorana", axial_boson=own) / weak - 1) > 1e-3).any()


def test_the_package_level_functions_are_the_shipped_model() -> None:
    assert shipped_model().functions is FUNCTIONS
    assert Model(*(interaction.name for interaction in reversed(shipped()))).functions is FUNCTIONS
    assert [group.name for group in shipped_model().groups] == [group.name for group in FUNCTIONS.groups]


def test_a_model_says_what_its_couplings_are() -> None:
    groups = {group.name: group for group in Model("scalar", "electromagnetic", second="vector").groups}
    assert list(groups) == ["standard_model", "scalar", "electromagnetic", "second"]
    assert {group.keyword for group in groups.values()} == {"", "scalar", "electromagnetic", "second"}
    scalar = groups["scalar"]
    # 1 and i gamma5 of the electron are an E1 and an M1 operator; both neutrino couplings serve either.
    assert (scalar["y_S"].opens, scalar["y_P"].opens, scalar["y_S_nu"].opens) == (("E1",), ("M1",), ("M1", "E1"))
    assert (scalar["y_S"].line, scalar["y_S_nu"].line, scalar["mass"].line) == ("electron", "neutrino", "")
    assert (scalar["mass"].default, scalar["width"].default, scalar["y_S_nu"].kind) == (None, 0.0, "matrix")
    assert (groups["electromagnetic"]["mu"].units, groups["second"]["propagator"].choices) == (
        "mu_B",
        ("feynman", "unitary"),
    )
    with pytest.raises(KeyError):
        scalar["g_L"]


def test_what_is_said_to_open_a_step_is_what_changes_the_rate() -> None:
    """Every electron coupling of every shipped interaction, in both pair steps, against the evaluator."""
    for group in shipped_model().groups:
        electron = [coupling for coupling in group.couplings if coupling.line == "electron"]
        matrices = {coupling.name: np.eye(1) for coupling in group.couplings if coupling.line == "neutrino"}
        for coupling in electron:
            for step in ("M1", "E1"):
                base = {"E_eg": 2.0, "E_vg": 2.5, "masses": [0.1], "axial": [[0.0]], "pair_step": step}
                given = {group.keyword: {"mass": 3.0, **matrices, coupling.name: 1.0}}
                assert (renp.spectral_function(0.5, **base, **given) > 0) == (step in coupling.opens), coupling


def test_a_model_is_derived_once_and_known_by_its_content(axial: Model) -> None:
    again = Model.of([parse_interaction(AXIAL)])
    assert (again, hash(again)) == (axial, hash(axial))
    assert again.functions is axial.functions
    assert Model.of([parse_interaction(AXIAL.replace('"c_A"', '"c"'))]) != axial
    assert pickle.loads(pickle.dumps(axial)).functions is axial.functions
    with pytest.raises(AttributeError, match="does not change"):
        axial.interactions = ()  # type: ignore[misc]


def test_a_pickled_model_works_in_another_process(axial: Model, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(pickle.dumps(axial))
    code = (
        "import pickle, sys; model = pickle.load(open(sys.argv[1], 'rb'))\n"
        "print(model.spectral_function(0.9, E_eg=2.0, E_vg=2.5, masses=[0.1], axial=[[0.5]],"
        " axial_boson={'M': 0.5, 'c_A': 1e-5, 'd_A': [[1e-6]]}).hex())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "model")]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout.strip()
    own = {"M": 0.5, "c_A": 1e-5, "d_A": [[1e-6]]}
    here = axial.spectral_function(0.9, E_eg=2.0, E_vg=2.5, masses=[0.1], axial=[[0.5]], axial_boson=own)
    assert found == here.hex()


def test_a_model_checks_itself_and_a_wrong_one_fails(axial: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(check.passed for check in axial.verify(1))
    right = axial.functions
    terms = tuple(replace(term, eta=-term.eta) for term in right.tables["M1"].terms)
    wrong = SpectralFunctions(right.groups, {**right.tables, "M1": replace(right.tables["M1"], terms=terms)})
    monkeypatch.setitem(vars(axial), "functions", wrong)
    failed = {tuple(check.name.split()[1:3]) for check in axial.verify(1) if not check.passed}
    assert failed == {("M1", "majorana")}


def test_a_written_package_gives_the_bits_of_the_model(axial: Model, tmp_path: Path) -> None:
    axial.generate(tmp_path / "axial_package")
    code = (
        "import numpy, sys; sys.path.insert(0, '.'); import axial_package as own\n"
        "given = {'M': 0.8, 'c_A': 1e-12, 'd_A': [[1e-11, 0], [0, 2e-11]]}\n"
        "base = dict(E_eg=2.0, E_vg=2.5, masses=[0.1, 0.2], axial=[[0.5, 0], [0, 0.3]])\n"
        "print(own.spectral_function(0.8, **base, axial_boson=given).hex())"
    )
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout.strip()
    base = {"E_eg": 2.0, "E_vg": 2.5, "masses": [0.1, 0.2], "axial": [[0.5, 0], [0, 0.3]]}
    given = {"M": 0.8, "c_A": 1e-12, "d_A": [[1e-11, 0], [0, 2e-11]]}
    assert found == axial.spectral_function(0.8, **base, axial_boson=given).hex()
    axial.generate(tmp_path / "c", target="c")
    axial.generate(tmp_path / "formulas.tex", target="latex")
    assert (tmp_path / "c" / "spectral.h").exists()
    assert "axial" in (tmp_path / "formulas.tex").read_text(encoding="utf-8")


def test_a_wrong_model_gets_one_line_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text(AXIAL, encoding="utf-8")
    Path("vector.toml").write_text(AXIAL.replace("axial_boson", "vector"), encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    wrong: list[tuple[Any, str]] = [
        (lambda: Model("vectr"), "unknown interaction 'vectr': allowed are standard_model, electromagnetic"),
        (lambda: Model("missing.toml"), "missing.toml: field 'file': found no such file or directory"),
        (lambda: Model("own.toml", "own.toml"), "two interactions have the name 'axial_boson'"),
        (lambda: Model("own.toml", axial_boson="vector"), "two interactions have the name 'axial_boson'"),
        (lambda: Model("vector.toml"), "field 'name': found 'vector', which is a shipped interaction"),
        (lambda: Model(masses="vector"), "'masses' is no name for an interaction"),
        (lambda: Model(standard_model="vector"), "the name 'standard_model' is that of the weak current"),
        (lambda: Model(Zprime="vector"), "'Zprime' is no name for an interaction"),
        (lambda: Model(3), "an interaction is given by its name or its file, found int"),  # type: ignore[arg-type]
        (lambda: Model("own.toml").spectral_function(1.0, **BASE, vector={}), "there is no argument 'vector'"),
        (lambda: Model("own.toml").spectral_function(1.0, E_eg=2.0), "the argument E_vg is missing"),
        (lambda: Model("own.toml").derivation("E2"), "pair_step must be one of"),
        (lambda: Model("own.toml").verify(0), "points must be from 1 to 1000, found 0"),
        (lambda: Model("own.toml").generate("out", target="fortran"), "target must be one of numpy, jax, c, latex"),
        (lambda: Model("own.toml").generate("out", target="c", standalone=True), "standalone is for a NumPy package"),
        (lambda: Model("own.toml").generate("own.toml"), "is a file: name a directory"),
    ]
    for call, message in wrong:
        with pytest.raises((ValueError, TypeError)) as caught:
            call()
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
    assert sorted(tmp_path.iterdir()) == before


def test_any_selection_of_shipped_interactions_gives_the_shipped_numbers() -> None:
    """Random arguments for each interaction alone, in both steps: the derivation knows nothing of what is left out."""
    from renp_generated import vertices

    for name in (interaction.name for interaction in shipped()[1:]):
        for step in ("M1", "E1"):
            given = random_arguments(
                FUNCTIONS, vertices, f"model {name} {step}", (name,), "majorana", step, 2, "general"
            )
            omega = [0.3, 0.8]
            expected = FUNCTIONS.spectral_function(omega, **given)
            found = Model(name).spectral_function(omega, **given)
            np.testing.assert_allclose(found, expected, rtol=tolerance("model"))


def test_a_model_keeps_the_texts_of_its_files_and_comes_back_from_them(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xef\xbb\xbf# caf\xc3\xa9\r\n" + AXIAL.encode())
    model = Model("vector", path, second=path, third="tensor")
    texts = model.sources
    assert list(texts) == ["vector", "axial_boson", "second", "third"]
    assert texts["second"] == texts["axial_boson"] == "# caf\u00e9\r\n" + AXIAL
    assert all(interaction.text for interaction in shipped())
    path.unlink()
    again = Model.from_texts(texts)
    assert (again, hash(again), again.sources) == (model, hash(model), texts)
    assert pickle.loads(pickle.dumps(again)).sources == texts
    assert Model.from_texts({}) == Model()


def test_the_text_of_an_interaction_decides_nothing(axial: Model) -> None:
    """A comment makes another text: the interaction, its hash, its shown form and what was derived stay the same."""
    own, again = axial.interactions[1], parse_interaction("# a comment\n" + AXIAL)
    assert own.text != again.text
    assert (own, hash(own), repr(own)) == (again, hash(again), repr(again))
    assert Model.of([again]).functions is axial.functions


def test_texts_that_are_no_model_get_one_line(axial: Model) -> None:
    changed = shipped()[1].text.replace("mu_B", "eV^-1")
    assert Model.from_texts({"electromagnetic": changed}) != Model("electromagnetic")
    assert Model.from_texts({"electromagnetic": changed}).functions is not FUNCTIONS
    wrong: list[tuple[Any, str]] = [
        (lambda: Model.from_texts({"own": "name = 3"}), "own:1: field 'file': found no key 'title'"),
        (lambda: Model.from_texts({"masses": AXIAL}), "'masses' is no name for an interaction"),
        (lambda: Model.from_texts({"standard_model": AXIAL}), "the name 'standard_model' is that of the weak current"),
        (lambda: Model.of([replace(axial.interactions[1], text="")]).sources, "'axial_boson' was not read from a file"),
    ]
    for call, message in wrong:
        with pytest.raises(ValueError, match=r".") as caught:
            call()
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
