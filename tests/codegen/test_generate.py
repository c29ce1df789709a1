"""Packages for a user's own interaction: self-contained, documented, and able to check themselves."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import renp_generated
from derivations.interactions import reader as lagrangian
from renp.generate import check_target, compare, default_directory, package_files, shipped, write_package
from renp.model import Model
from tests.tolerances import tolerance

ROOT = Path(__file__).resolve().parents[2]
BASE: dict[str, Any] = {"E_eg": 2.14349, "E_vg": 2.23072, "masses": [0.02, 0.2], "axial": [[0.3, 0.1j], [-0.1j, 0.2]]}
F_NU = np.array([[1.0, 0.5 + 0.2j], [0.5 - 0.2j, -0.7]])


def documented_example() -> str:
    """The worked example of the page on interaction files."""
    page = (ROOT / "docs" / "interaction_files.md").read_text(encoding="utf-8")
    return next(text for text in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if 'name = "axion"' in text)


def exchange(name: str, spin: int, electron: str, neutrino: str, extra: str = "") -> str:
    return f"""
name = "{name}"
title = "Test interaction"
description = "For the tests."
references = []
propagator = {{ kind = "massive", spin = {spin}, mass = "M_X"{extra} }}
electron = [ {electron} ]
neutrino = [ {neutrino} ]
"""


@pytest.fixture(scope="module")
def axion(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packages")
    (folder / "my.toml").write_text(documented_example(), encoding="utf-8")
    write_package(package_files(Model(folder / "my.toml").interactions, standalone=True), folder / "axion_package")
    return folder / "axion_package"


def imported(package: Path) -> ModuleType:
    sys.path.insert(0, str(package.parent))
    try:
        return importlib.import_module(package.name)
    finally:
        sys.path.remove(str(package.parent))


def run(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    # Isolated mode: nothing of this project is on the path.
    return subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True, check=False, **options)


def test_the_package_stands_alone(axion, tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(axion.parent)!r}); import doctest, axion_package\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print(doctest.testmod(axion_package).failed, doctest.testmod(axion_package).attempted > 3)\n"
        "print(sorted(loaded & {'sympy', 'mpmath', 'scipy', 'renp', 'derivations', 'codegen'}))"
    )
    found = run("-I", "-c", code, cwd=tmp_path)
    assert found.stdout.split("\n")[:2] == ["0 True", "[]"], found.stderr


def test_the_package_says_what_it_is(axion):
    text = imported(axion).__doc__ or ""
    assert "``axion``: Axion-like particle. A light pseudoscalar with a derivative coupling to neutrinos." in text
    assert "``standard_model``" in text
    assert "verify" in text
    call = imported(axion).spectral_function.__doc__
    assert "axion : Axion-like particle; a mapping with" in call
    assert "f_nu [eV^-1] : (n, n) Hermitian; neutrino i qslash gamma5." in call
    assert "width [eV] : not negative; Breit-Wigner width, default 0.0." in call


def test_the_documented_call_works(axion):
    page = (ROOT / "docs" / "interaction_files.md").read_text(encoding="utf-8")
    block = next(text for text in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "axion_package" in text)
    found = run("-I", "-c", f"import sys; sys.path.insert(0, {str(axion.parent)!r})\n{block}")
    assert float(found.stdout) > 0, found.stderr


@pytest.mark.parametrize("way", ["module", "file"])
def test_the_package_checks_itself(axion, tmp_path, way):
    if way == "module":
        code = f"import sys, runpy; sys.path.insert(0, {str(axion.parent)!r}); sys.argv = ['verify', '1']\n"
        found = run("-I", "-c", code + "runpy.run_module('axion_package.verify', run_name='__main__')", cwd=tmp_path)
    else:
        found = run("-I", axion / "verify.py", "1", cwd=tmp_path)
    lines = found.stdout.splitlines()
    assert found.returncode == 0, found.stdout + found.stderr
    assert lines[-1] == "56 of 56 checks passed"
    assert any("axion M1 majorana n=3 general" in line and line.startswith("passed") for line in lines)


MUTANTS = {
    "a Majorana sign": (r'(Term\("A", "plain", .*), 1, (\w+, \w+\))', r"\g<1>, -1, \g<2>"),
    "a coefficient": (r'(Term\("V", "plain", "standard_model", None, "axial", \()1,', r"\g<1>2,"),
    "the propagator": (r"dd\.two_product\(mass, width\)", "dd.two_product(2 * mass, width)"),
    "the Kaellen function": (r"4 \* \(masses\[i\] \* masses\[j\]\)", "2 * (masses[i] * masses[j])"),
    "double counting": (r"0\.5 if program\.on\.majorana", "1.0 if program.on.majorana"),
    "the tensor": (r"2 \* float\(tensor\[0, 1\]\.imag\)", "-2 * float(tensor[0, 1].imag)"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_package_fails_its_own_check(axion, tmp_path, name):
    pattern, replacement = MUTANTS[name]
    copy = tmp_path / "mutant"
    shutil.copytree(axion, copy, ignore=shutil.ignore_patterns("__pycache__"))
    # M1 before E1; the check itself stays as it is
    modules = (path for path in sorted(copy.rglob("*.py")) if path.stem not in ("verify", "e1"))
    candidates = [copy / "m1.py", *modules]
    hit = next(path for path in candidates if re.search(pattern, path.read_text(encoding="utf-8")))
    hit.write_text(re.sub(pattern, replacement, hit.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    found = run("-I", copy / "verify.py", "1")
    assert found.returncode == 1, found.stdout + found.stderr
    assert "FAILED" in found.stdout


@pytest.mark.parametrize("words", [("0",), ("-3",), ("many",), ("1", "2"), ("1001",)])
def test_the_check_refuses_bad_words(axion, words):
    found = run("-I", axion / "verify.py", *words)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == "usage: verify.py [POINTS], POINTS from 1 to 1000\n"


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_a_derivative_coupling_is_a_pseudoscalar_times_the_masses(axion, nature):
    """qslash gamma5 -> (m_i + m_j) gamma5 between spinors, so f_ij acts as y_P,ij = (m_i + m_j) f_ij."""
    masses = np.array(BASE["masses"])
    mediator = {"mass": 1.8, "width": 0.1}
    own = imported(axion).spectral_function(
        [0.4, 0.8], **BASE, nature=nature, axion=mediator | {"y_e": 1e-6, "f_nu": 1e-10 * F_NU}
    )
    y_P = (masses[:, None] + masses) * 1e-10 * F_NU
    shipped = renp_generated.spectral_function(
        [0.4, 0.8], **BASE, nature=nature, scalar=mediator | {"y_P": 1e-6, "y_P_nu": y_P}
    )
    np.testing.assert_allclose(own, shipped, rtol=tolerance("evaluator-symmetry"))
    weak = renp_generated.spectral_function([0.4, 0.8], **BASE, nature=nature)
    np.testing.assert_array_equal(imported(axion).spectral_function([0.4, 0.8], **BASE, nature=nature), weak)
    assert (abs(own / weak - 1) > 0.01).all()


UNUSUAL = {
    # names of arguments that the file chooses, a keyword that is a name of the package, no width
    "checked": exchange("checked", 0, '{ coupling = "width", bilinear = "i gamma5" }', '{ coupling = "c", bilinear = "1" }'),
    # both chiralities and a recoil current, with a width under its own name
    "dark_photon": exchange(
        "dark_photon",
        1,
        '{ coupling = "a", bilinear = "gamma(mu) gamma5" }, { coupling = "v", bilinear = "gamma(mu)" }',
        '{ coupling = "x", bilinear = "gamma(mu) PR" }, '
        '{ coupling = "m", bilinear = "i sigma(mu,nu) q(nu)", dimension = -1, units = "mu_B" }, '
        '{ coupling = "e1", bilinear = "i q(mu)", dimension = -1, units = "eV^-1" }',
        ', width = "G_X"',
    ),
    "spin_two": exchange(
        "spin_two", 2, '{ coupling = "a", bilinear = "sigma(mu,nu)" }',
        '{ coupling = "b", bilinear = "sigma(mu,nu)" }, '
        '{ coupling = "d", bilinear = "i q(mu) gamma(nu) - i q(nu) gamma(mu)", dimension = -1, units = "cm" }',
    ),
    "millicharge": """
name = "millicharge"
title = "Neutrino charge"
description = "For the tests."
references = []
propagator = { kind = "photon" }
electron = [ { coupling = "e", bilinear = "gamma(mu)", constant = true } ]
neutrino = [ { coupling = "charge", bilinear = "gamma(mu)" } ]
""",
    "contact": """
name = "four_fermion"
title = "Contact terms"
description = "For the tests."
references = []
propagator = { kind = "contact", factor = "1" }
terms = [
  { coupling = "mass", electron = "i gamma5", neutrino = "1", dimension = -2, units = "eV^-2" },
  { coupling = "axial_axial", electron = "gamma(mu) gamma5", neutrino = "gamma(mu) gamma5", dimension = -2, units = "cm^2" },
  { coupling = "tensor", electron = "sigma(mu,nu)", neutrino = "sigma(mu,nu)", dimension = -2, units = "eV^-2" },
]
""",
}  # fmt: skip


SLOW = ("spin_two", "millicharge")


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in UNUSUAL])
def test_unusual_interactions_pass_their_own_check(name, tmp_path):
    (tmp_path / "my.toml").write_text(UNUSUAL[name], encoding="utf-8")
    package = tmp_path / f"package_of_{name}"
    write_package(package_files(Model(tmp_path / "my.toml").interactions), package)
    module = imported(package)
    checks = importlib.import_module(f"{package.name}.verify").verify(1)
    assert [check for check in checks if not check.passed] == []
    group = module.GROUPS[-1]
    entries = {a.name: [[1e-20]] if a.kind == "matrix" else 1.5 for a in group.arguments if not a.choices}
    one = {"E_eg": 2.0, "E_vg": 2.1, "masses": [0.1], "axial": [[0.0]], group.keyword: entries}
    assert module.spectral_function(0.5, **one) > 0


def test_a_file_among_the_interactions_is_all_that_a_new_interaction_needs(tmp_path, monkeypatch, request):
    folder = tmp_path / "derivations" / "interactions"
    shutil.copytree(ROOT / "derivations" / "interactions", folder)
    (folder / "axion.toml").write_text(documented_example(), encoding="utf-8")
    monkeypatch.setattr(lagrangian, "files", lambda package: tmp_path / package)
    shipped.cache_clear()
    request.addfinalizer(shipped.cache_clear)

    from derivations.interactions.reader import shipped_interactions
    from derivations.processes.renp.amplitude import amplitude
    from derivations.processes.renp.spectrum import gram_matrix

    found = amplitude(shipped_interactions())
    assert "axion" in {term.interaction for term in found.terms}
    pseudoscalar = {row.name: n for n, row in enumerate(found.rows)}["pseudoscalar_along"]
    axial = {row.name: n for n, row in enumerate(found.rows)}["axial"]
    assert {(entry.n, entry.m) for entry in gram_matrix(found.rows)} >= {tuple(sorted((axial, pseudoscalar)))}

    write_package(package_files(), tmp_path / "larger_package")
    module = imported(tmp_path / "larger_package")
    assert [group.name for group in module.GROUPS] == [
        "standard_model", "axion", "electromagnetic", "scalar", "tensor", "tensor_mediator", "vector",
    ]  # fmt: skip
    # coherent with the shipped scalar: equal and opposite amplitudes cancel
    masses = np.array(BASE["masses"])
    y_P = (masses[:, None] + masses) * 1e-10 * F_NU
    silent = module.spectral_function(
        0.8,
        **BASE,
        axion={"mass": 1.8, "y_e": 1e-6, "f_nu": 1e-10 * F_NU},
        scalar={"mass": 1.8, "y_P": 1e-6, "y_P_nu": -y_P},
    )
    weak = module.spectral_function(0.8, **BASE)
    assert silent == pytest.approx(weak, rel=tolerance("evaluator-difference"), abs=0)
    checks = importlib.import_module("larger_package.verify").verify(1)
    assert all(check.passed for check in checks)


# ---------------------------------------------------------------- directories


def test_directories_that_are_refused(tmp_path):
    foreign = tmp_path / "thesis"
    foreign.mkdir()
    (foreign / "chapter1.tex").write_text("irreplaceable", encoding="utf-8")
    own_code = tmp_path / "code"
    own_code.mkdir()
    (own_code / "__init__.py").write_text("x = 1\n", encoding="utf-8")
    for directory, words in (
        (foreign, "found other files"),
        (own_code, "name of a package in use"),
        (tmp_path / "my-package", "name that Python can import, found 'my-package'"),
        (tmp_path / "class", "'class'"),
        (tmp_path / "ünicode", "'ünicode'"),
        (tmp_path / "numpy", "name of a package in use"),
    ):
        with pytest.raises(ValueError, match=words) as caught:
            check_target(directory)
        assert "\n" not in str(caught.value)
    (tmp_path / "own").mkdir()
    check_target(tmp_path / "own")
    (tmp_path / "own" / "__init__.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="found other files"):
        check_target(tmp_path / "own")


def test_a_generated_package_may_be_written_again(axion):
    check_target(axion)
    check_target(axion.parent / "new_name")
    check_target(default_directory())
    with pytest.raises(ValueError, match="name of a package in use, found 'renp_generated'"):
        check_target(default_directory(), own=True)


def test_the_command_line_reports_a_refusal_in_one_line(tmp_path):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "my.toml").write_text(documented_example(), encoding="utf-8")
    found = run("-m", "renp", "generate", tmp_path / "my.toml", "--out", tmp_path / "pkg", cwd=ROOT)
    assert found.returncode == 2
    assert found.stderr.count("\n") == 1
    assert "found other files" in found.stderr
    assert sorted(path.name for path in (tmp_path / "pkg").iterdir()) == ["notes.txt"]


def test_differences_are_told_apart(axion, tmp_path):
    (tmp_path / "my.toml").write_text(documented_example(), encoding="utf-8")
    files = package_files(Model(tmp_path / "my.toml").interactions, standalone=True)
    copy = tmp_path / "copy"
    shutil.copytree(axion, copy)
    assert compare(files, copy).passed
    (copy / "extra.py").write_text("", encoding="utf-8")
    (copy / "runtime" / "exact.py").unlink()
    (copy / "m1.py").write_text(files["m1.py"].replace("# SymPy ", "# SymPy 9", 1), encoding="utf-8")
    (copy / "e1.py").write_text(files["e1.py"].replace("TERMS", "TERM"), encoding="utf-8")
    found = compare(files, copy)
    assert (found.changed, found.missing, found.orphans) == (("e1.py",), ("runtime/exact.py",), ("extra.py",))
    assert found.version_only == ("m1.py",)
    assert not found.passed
