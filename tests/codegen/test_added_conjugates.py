"""Terms that come with their conjugate, in numbers: against Hermitian terms written by hand, and their derivatives."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import mpmath
import numpy as np
import pytest

from codegen.pair_sums.latex import formula_sections
from renp import generate
from renp.model import Model
from tests.codegen.test_awkward_files import ENERGIES, Own, caller, contact
from tests.codegen.test_c_export import COMPILER, FLAGS
from tests.codegen.test_generate import exchange
from tests.tolerances import tolerance

ADDED = 'hermitian = "add conjugate"'
MOMENT = 'dimension = -1, units = "eV^-1"'
FILES = {
    "boson": exchange(
        "boson", 1, '{ coupling = "g", bilinear = "gamma(mu) (3 + gamma5)" }',
        f'{{ coupling = "f", bilinear = "sigma(mu,nu) q(nu) PR", {MOMENT}, {ADDED} }}, '
        f'{{ coupling = "d", bilinear = "sigma(mu,nu) q(nu) gamma5", {MOMENT} }}, '
        f'{{ coupling = "m", bilinear = "i sigma(mu,nu) q(nu)", {MOMENT} }}, {{ coupling = "h", bilinear = "gamma(mu) PL" }}',
        ', width = "Gamma"',
    ),
    "fermi": contact(
        "fermi", "2 G_F/sqrt(2)", f'coupling = "f", electron = "PR", neutrino = "PL", {ADDED}',
        'coupling = "ss", electron = "1", neutrino = "1"',
        'coupling = "pp", electron = "i gamma5", neutrino = "i gamma5"',
        'coupling = "ps", electron = "i gamma5", neutrino = "1"',
        'coupling = "sp", electron = "1", neutrino = "i gamma5"',
        f'coupling = "t", electron = "sigma(mu,nu)", neutrino = "sigma(mu,nu) PR", {ADDED}',
    ),
}  # fmt: skip
F = np.array([[0.4 - 0.3j, 1.2 + 0.5j], [-0.7j, -0.2 + 0.6j]])
SCALES = {"boson": 1e-11, "fermi": 1e6}
MASSES = [0.05, 0.2]


def by_hand(name: str, f: np.ndarray) -> dict[str, np.ndarray]:
    """Return the matrices of Hermitian terms that are ``f Gamma + h.c.``, worked out on paper."""
    plus, minus = f + f.conj().T, f - f.conj().T
    if name == "boson":  # sigma.q (1 + gamma5)/2: sigma.q gamma5 is Hermitian and sigma.q is i times a Hermitian one
        return {"d": plus / 2, "m": -0.5j * minus}
    # (1 + gamma5)(1 - gamma5)/4 with gamma5 = -i (i gamma5)
    return {"ss": plus / 4, "pp": plus / 4, "ps": -0.25j * minus, "sp": 0.25j * minus}


def others(name: str) -> dict[str, Any]:
    hermitian = F + F.conj().T
    return {"M_X": 4.0, "Gamma": 0.5, "g": 1e-2, "h": 1e-12 * hermitian} if name == "boson" else {"t": 0.1 * F}


def called(name: str, step: str, nature: str, **entries: Any) -> dict[str, Any]:
    common = {"E_eg": 2.0, "E_vg": 2.3, "masses": MASSES, "nature": nature, "pair_step": step, "dipole_length": 1.0}
    T = np.array([[0.3, 0.1j, 0], [-0.1j, 0.3, 0.05], [0, 0.05, 0.4]])
    return {**common, "atomic_tensor": T, "axial": 0.1 * (F + F.conj().T), name: others(name) | entries}


def loaded(folder: Path, name: str) -> ModuleType:
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="module", params=FILES)
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Own:
    name, folder = request.param, tmp_path_factory.mktemp("conjugates")
    path = folder / f"{name}.toml"
    path.write_text(FILES[name], encoding="utf-8")
    generate.write_package(generate.package_files(Model(path).interactions), folder / f"{name}_added")
    return Own(name, loaded(folder, f"{name}_added"), loaded(folder, f"{name}_added.verify").verify, path)


@pytest.mark.parametrize("step", ["M1", "E1"])
@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_a_term_and_its_conjugate_are_the_hermitian_terms_written_by_hand(own, step, nature):
    f = SCALES[own.name] * F
    found = own.package.spectral_function(ENERGIES, **called(own.name, step, nature, f=f))
    expected = own.package.spectral_function(ENERGIES, **called(own.name, step, nature, **by_hand(own.name, f)))
    without = own.package.spectral_function(ENERGIES, **called(own.name, step, nature))
    np.testing.assert_allclose(found, expected, rtol=tolerance("evaluator-symmetry"))
    assert (np.abs(found - without) > 1e-3 * found).all()
    in_memory = Model(own.path).spectral_function(ENERGIES, **called(own.name, step, nature, f=f))
    np.testing.assert_array_equal(in_memory, found)


@pytest.mark.parametrize("step", ["M1", "E1"])
@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_derivatives_are_those_of_every_entry(own, step, nature):
    """Against derivatives of the exact evaluator in 40 digits, all entries independent."""
    f, omega = SCALES[own.name] * F, 0.6
    gradient = own.package.spectral_gradient(omega, **called(own.name, step, nature, f=f))
    assert not [label for label in gradient if "sum" in label or "difference" in label]
    for part, unit in (("real", 1), ("imag", 1j)):
        for index in np.ndindex(f.shape):

            def exact(x: float, index: tuple[int, ...] = index, unit: complex = unit) -> Any:
                moved = f.copy()
                moved[index] += x * SCALES[own.name] * unit
                arguments = called(own.name, step, nature, f=moved)
                return own.package.prepare_exact(number=mpmath.mpf, root=mpmath.sqrt, **arguments)(omega)

            with mpmath.workdps(40):
                # I is quadratic in f: the symmetric difference is exact but for the rounding of f.
                slope = (exact(0.25) - exact(-0.25)) / 0.5
            found = gradient[f"{own.name}.f.{part}"][index] * SCALES[own.name]
            size = own.package.spectral_function(omega, **called(own.name, step, nature, f=f))
            assert abs(found - slope) <= tolerance("gradient") * max(abs(slope), size), (part, index)


def test_the_symmetric_part_of_a_dipole_drops_out_for_majorana_neutrinos(own):
    arguments = called(own.name, "M1", "majorana", f=SCALES[own.name] * (F + F.T))
    change = own.package.spectral_function(ENERGIES, **arguments) / own.package.spectral_function(
        ENERGIES, **called(own.name, "M1", "majorana")
    )
    assert (np.abs(change - 1) < tolerance("evaluator-symmetry")).all() == (own.name == "boson")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (F[:1], r"\['f'\] must have shape \(2, 2\) to match masses, found shape \(1, 2\)"),
        (np.diag([1, np.nan]), r"\['f'\] must be finite, found NaN or infinity"),
        (np.diag([1e308, 0]), r"\['f'\] must be finite, found an entry whose absolute value overflows"),
    ],
)
def test_a_general_matrix_must_be_square_and_finite(own, value, message):
    with pytest.raises(ValueError, match=message):
        own.package.spectral_function(0.5, **called(own.name, "M1", "dirac", f=value))


def test_what_is_said_of_a_general_matrix(own):
    (argument,) = [a for group in own.package.GROUPS for a in group.arguments if a.name == "f"]
    assert (argument.kind, argument.doc.endswith(", plus its Hermitian conjugate")) == ("general", True)
    assert f"f{' [eV^-1]' if own.name == 'boson' else ''} : (n, n); neutrino" in own.package.spectral_function.__doc__
    m1, _ = generate.kernels(Model(own.path).interactions)
    coupling = Model(own.path).groups[1]["f"]
    assert (coupling.kind, coupling.line, "M1" in coupling.opens) == ("general", "neutrino", True)
    lines = " ".join(formula_sections(m1)["amplitudes"])
    f = rf"\mathtt{{{own.name}.f}}"
    assert rf"[{f} + {f}^\dagger]" in lines
    assert rf"i\,({f} - {f}^\dagger)" in lines


def test_the_own_check_knows_nothing_of_the_split(own, tmp_path):
    """With the wrong sign of one part, in all engines alike, only what takes f and Gamma as they stand can tell."""
    right, wrong = "-(matrix.imag + matrix.imag.T)", "(matrix.imag + matrix.imag.T)"
    files = dict(generate.package_files(Model(own.path).interactions, standalone=True))
    assert right in files["runtime/arguments.py"]
    files["runtime/arguments.py"] = files["runtime/arguments.py"].replace(right, wrong)
    generate.write_package(files, tmp_path / f"{own.name}_wrong")
    with mock.patch.dict(sys.modules):
        checks = loaded(tmp_path, f"{own.name}_wrong.verify").verify(1)
    failed = {check.kind for check in checks if not check.passed}
    assert failed == {"spin sums"}
    assert all(check.passed for check in own.verify(1))


@pytest.mark.skipif(COMPILER is None, reason="no C compiler on this machine")
def test_the_export_takes_the_general_matrix_and_gives_the_same_bits(own, tmp_path):
    for file, text in generate.c_files(Model(own.path).interactions).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    subprocess.run([COMPILER, *FLAGS, "-O0", "-c", "spectral.c"], cwd=tmp_path, check=True)

    def run(arguments: dict[str, Any]) -> str:
        (tmp_path / "caller.c").write_text(caller(own, arguments), encoding="utf-8")
        words = [COMPILER, *FLAGS, "-O0", "caller.c", "spectral.o", "-lm", "-o", "caller"]
        subprocess.run(words, cwd=tmp_path, check=True)
        return subprocess.run([tmp_path / "caller"], capture_output=True, text=True, check=False).stdout

    for step, nature in (("M1", "dirac"), ("E1", "majorana")):
        arguments = called(own.name, step, nature, f=SCALES[own.name] * F)
        found = [float.fromhex(line) for line in run(arguments).splitlines()]
        assert found == own.package.prepare(**arguments).without_compiled()(ENERGIES).tolist()
    overflowing = called(own.name, "M1", "dirac", f=np.diag([1e308, 0]))
    assert f"{own.name}_.f_ must be finite" in run(overflowing)
