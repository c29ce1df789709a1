"""Files that are allowed and unusual: every engine against the exact evaluator, gradients, C export, own verification.

Each of them is correct physics that some part once took for granted to look otherwise: no width, a mediator's mass of
another name, momenta in the coupling, vertices that vanish, couplings that cancel each other.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
import pytest

from codegen.pair_sums.latex import formula_sections
from codegen.pair_sums.package import emit_package
from derivations.interactions.reader import parse_interaction
from renp.generate import c_files, kernels, package_files, write_package
from renp.model import Model
from renp_generated.runtime import exact
from renp_generated.runtime.verify import TOLERANCES, random_arguments
from tests.codegen.test_c_export import COMPILER, FLAGS
from tests.codegen.test_generate import exchange
from tests.tolerances import tolerance

ENERGIES = np.array([0.25, 0.6, 0.9])
STEPS = ("M1", "E1")


def with_propagator(name: str, propagator: str, *lines: str) -> str:
    head = f'name = "{name}"\ntitle = "Test interaction"\ndescription = "For the tests."\nreferences = []\n'
    return head + f"propagator = {{ {propagator} }}\n" + "\n".join(lines) + "\n"


def contact(name: str, factor: str, *terms: str) -> str:
    return with_propagator(
        name, f'kind = "contact", factor = "{factor}"', f"terms = [ {', '.join(f'{{ {term} }}' for term in terms)} ]"
    )


NEUTRINO_CURRENT = '{ coupling = "h", bilinear = "gamma(mu)" }'
FILES = {
    "bare": exchange("bare", 0, '{ coupling = "y", bilinear = "i gamma5" }', '{ coupling = "h", bilinear = "1" }'),
    "boson": exchange("boson", 1, '{ coupling = "g", bilinear = "gamma(mu) gamma5" }', NEUTRINO_CURRENT),
    "renamed": exchange(
        "renamed", 1, '{ coupling = "mass", bilinear = "gamma(mu) gamma5" }',
        '{ coupling = "width", bilinear = "gamma(mu)" }', ', width = "Gamma"',
    ),
    "two_momenta": exchange(
        "two_momenta", 0, '{ coupling = "y", bilinear = "i gamma5" }',
        '{ coupling = "h", bilinear = "q2", dimension = -2, units = "eV^-2" }',
    ),
    "four_momenta": exchange(
        "four_momenta", 1, '{ coupling = "g", bilinear = "gamma(mu) gamma5" }',
        '{ coupling = "h", bilinear = "q2^2 gamma(mu)", dimension = -4, units = "eV^-4" }', ', width = "Gamma"',
    ),
    "conserved": with_propagator(
        "conserved", 'kind = "photon"', 'electron = [ { coupling = "e", bilinear = "gamma(mu)", constant = true } ]',
        'neutrino = [ { coupling = "h", bilinear = "i q(mu)", dimension = -1, units = "cm" } ]',
    ),
    "dipole": exchange(
        "dipole", 1, '{ coupling = "g", bilinear = "gamma(mu) (2 + gamma5)" }',
        '{ coupling = "f", bilinear = "sigma(mu,nu) q(nu) PR", dimension = -1, units = "eV^-1", '
        'hermitian = "add conjugate" }, { coupling = "h", bilinear = "gamma(mu) PL" }', ', width = "Gamma"',
    ),
    "fermi": contact(
        "fermi", "2 G_F/sqrt(2)",
        'coupling = "t", electron = "sigma(mu,nu) PR", neutrino = "sigma(mu,nu) PR", hermitian = "add conjugate"',
        'coupling = "s", electron = "PR", neutrino = "PL", hermitian = "add conjugate"',
        'coupling = "u", electron = "gamma5", neutrino = "PL", hermitian = "add conjugate"',
        'coupling = "v", electron = "gamma(mu)", neutrino = "gamma(mu) (1 + 2 i gamma5)", hermitian = "add conjugate"',
    ),
    "nsi": contact(
        "nsi", "2 G_F/sqrt(2)", 'coupling = "eps_L", electron = "gamma(mu) PL", neutrino = "gamma(mu) PL"',
        'coupling = "eps_R", electron = "gamma(mu) PR", neutrino = "gamma(mu) PL"',
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Own:
    """A generated package, its verification, its file, and the name of its interaction."""

    name: str
    package: ModuleType
    verify: Callable[[int], list[Any]]
    path: Path

    def arguments(self, chosen: tuple[str, ...], step: str, nature: str = "dirac", n: int = 2) -> dict[str, Any]:
        label = f"awkward {self.name} {chosen} {step} {nature} {n}"
        vertices = importlib.import_module(f"{self.package.__name__}.vertices")
        return random_arguments(self.package.FUNCTIONS, vertices, label, chosen, nature, step, n, "general")


def generated(name: str, folder: Path) -> Own:
    path = folder / f"{name}.toml"
    path.write_text(FILES[name], encoding="utf-8")
    package = f"{name}_awkward"
    write_package(package_files(Model(path).interactions), folder / package)
    sys.path.insert(0, str(folder))
    try:
        return Own(name, importlib.import_module(package), importlib.import_module(f"{package}.verify").verify, path)
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Own]:
    return {name: generated(name, tmp_path_factory.mktemp("awkward")) for name in FILES}


@pytest.fixture(params=FILES)
def own(request: pytest.FixtureRequest, packages: Mapping[str, Own]) -> Own:
    return packages[request.param]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("weak", [False, True])
def test_every_engine_gives_the_exact_value(own, step, weak):
    for nature in ("dirac", "majorana"):
        arguments = own.arguments(("standard_model", own.name) if weak else (own.name,), step, nature)
        exact = own.package.prepare_exact(number=mpmath.mpf, root=mpmath.sqrt, **arguments)
        with mpmath.workdps(40):
            for name, values in by_engine(own.package.prepare(**arguments)).items():
                for omega, found in zip(ENERGIES.tolist(), values.tolist(), strict=True):
                    off = abs(found - exact(omega))
                    assert off <= tolerance("generated-oracle") * exact.size(omega), (name, nature, omega)


def by_engine(evaluator: Any) -> Mapping[str, np.ndarray]:
    """Return the values of both engines."""
    return {"first": evaluator(ENERGIES), "numpy": evaluator.without_compiled()(ENERGIES)}


@pytest.mark.parametrize("name", ["two_momenta", "four_momenta"])
def test_a_kernel_of_one_interaction_alone_multiplies_by_powers_of_s(name, tmp_path):
    alone = kernels([parse_interaction(FILES[name])])
    assert max(term.s for kernel in alone for term in kernel.terms) > 0
    write_package(emit_package(alone), tmp_path / f"{name}_alone")
    sys.path.insert(0, str(tmp_path))
    try:
        package = importlib.import_module(f"{name}_alone")
    finally:
        sys.path.remove(str(tmp_path))
    group = {"M_X": 5.0, "h": np.eye(2) * 1e-12, "y" if name == "two_momenta" else "g": 1e-3}
    arguments = {"E_eg": 2.0, "E_vg": 2.5, "masses": [0.1, 0.2], name: group}
    exact = package.spectral_function_exact(0.6, number=mpmath.mpf, root=mpmath.sqrt, **arguments)
    for found in by_engine(package.prepare(**arguments)).values():
        assert abs(found[1] - exact) <= tolerance("generated-oracle") * exact


@pytest.mark.parametrize("step", STEPS)
def test_the_gradient_knows_every_number_by_its_name(own, step):
    """Against derivatives of the exact evaluator in 40 digits."""
    arguments = own.arguments(("standard_model", own.name), step)
    group = next(group for group in own.package.GROUPS if group.name == own.name)
    omega = 0.6
    found = own.package.spectral_gradient(omega, **arguments)
    numbers = {
        argument.name: argument.kind for argument in group.arguments if not (argument.is_matrix or argument.choices)
    }
    inputs = own.package.checked_inputs(**arguments)
    size = own.package.prepare_exact(number=float, root=np.sqrt, **arguments).size(omega)
    for name, kind in numbers.items():
        at = arguments[own.name][name]

        def exact(x: Any, name: str = name, kind: str = kind) -> Any:
            return moved(own.package, inputs, own.name, name, kind, x)(omega)

        with mpmath.workdps(40):
            expected = float(mpmath.diff(exact, mpmath.mpf(at), direction=0 if at else 1))
        assert abs(found[f"{own.name}.{name}"] - expected) <= tolerance("gradient") * max(abs(expected), size), name


def moved(package: ModuleType, inputs: Any, group: str, name: str, kind: str, value: Any) -> Any:
    """Return the exact evaluator with one number of a group replaced by a number of many digits."""
    changed = replace(inputs, groups={**inputs.groups, group: {**inputs.groups[group], name: value}})
    if kind in ("mass", "width"):
        mass, width = inputs.mediators[group]
        pair = (value, width) if kind == "mass" else (mass, value)
        changed = replace(inputs, mediators={**inputs.mediators, group: pair})
    tables = importlib.import_module(f"{package.__name__}.{inputs.pair_step.lower()}").TABLES
    return exact.prepared(tables, changed, mpmath.mpf, mpmath.sqrt)


def test_the_package_passes_its_own_check(own):
    checks = own.verify(2)
    assert [check for check in checks if not check.passed] == []
    assert {check.kind for check in checks} == set(TOLERANCES)


def test_the_formulas_name_the_mass_as_the_file_does(own):
    mass = next((a.name for group in own.package.GROUPS for a in group.arguments if a.kind == "mass"), None)
    for kernel in kernels(Model(own.path).interactions):
        text = repr(formula_sections(kernel))
        longitudinal = any(term.longitudinal for term in kernel.terms)
        named = rf"\\mathtt{{{own.name}.{mass}}}^{{-2}}".replace("_", r"\\_")
        assert (named in text) == longitudinal


CALLER = """
#include <stdio.h>
#include "spectral.h"

int main(void)
{
  const double E_vg[] = {@E_vg@}, masses[] = {@masses@}, tensor[] = {@tensor@}, omega[] = {@omega@};
@MATRICES@
  double out[@COUNT@];
  renp_arguments a = {0};
  a.E_eg = @E_eg@, a.n_levels = 1, a.E_vg = E_vg, a.n_masses = 2, a.masses = masses, a.atomic_tensor = tensor;
  a.nature = @nature@, a.pair_step = @step@, a.dipole_length = @dipole@;
@FIELDS@
  const int code = renp_spectral_function(&a, @COUNT@, omega, out);
  if (code) puts(renp_message(code));
  for (int k = 0; k < @COUNT@; k++) printf("%a\\n", out[k]);
  return code;
}
"""


def caller(own: Own, arguments: Mapping[str, Any]) -> str:
    """Return a C program that prints the spectral function of the arguments."""
    choices = {"spin": 0, "full": 1, "feynman": 0, "unitary": 1}
    declared, fields = [], []
    for group in own.package.GROUPS:
        given = arguments.get(group.keyword, {}) if group.keyword else arguments
        for argument in group.arguments:
            value = given.get(argument.name)
            if value is None:
                continue
            path = f"{group.keyword}_.{argument.name}_" if group.keyword else argument.name
            if argument.is_matrix:
                declared.append(f"  const double matrix_{len(declared)}[] = {{{flat(value)}}};")
                value = f"matrix_{len(declared) - 1}"
            fields.append(f"  a.{path} = {choices.get(value, value) if argument.kind == 'choice' else value};")
    texts = {
        "E_vg": arguments["E_vg"], "masses": flat(arguments["masses"]), "tensor": flat(arguments["atomic_tensor"]),
        "omega": flat(ENERGIES), "MATRICES": "\n".join(declared), "FIELDS": "\n".join(fields), "COUNT": len(ENERGIES),
        "E_eg": arguments["E_eg"], "nature": f"RENP_{arguments['nature'].upper()}",
        "step": f"RENP_{arguments['pair_step']}", "dipole": arguments["dipole_length"],
    }  # fmt: skip
    text = CALLER
    for marker, new in texts.items():
        text = text.replace(f"@{marker}@", str(new))
    return text


def flat(values: Any) -> str:
    numbers = np.ascontiguousarray(values)
    parts = numbers.astype(complex).view(float) if numbers.ndim == 2 else numbers
    return ", ".join(map(repr, parts.reshape(-1).tolist()))


@pytest.fixture(scope="module")
def sanitizers(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the compiler's options that stop at a wrong address and at undefined behaviour, as far as it has them."""
    flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    folder = tmp_path_factory.mktemp("sanitizers")
    (folder / "main.c").write_text("int main(void) { return 0; }\n", encoding="utf-8")
    built = subprocess.run([COMPILER, *flags, "main.c", "-o", "main"], cwd=folder, capture_output=True, check=False)
    works = not built.returncode and not subprocess.run([folder / "main"], capture_output=True, check=False).returncode
    return flags if works else []


@pytest.mark.skipif(COMPILER is None, reason="no C compiler on this machine")
@pytest.mark.parametrize("name", ["bare", "four_momenta"])
def test_the_export_gives_the_bits_of_python_and_touches_nothing_else(packages, name, tmp_path, sanitizers):
    own = packages[name]
    for file, text in c_files(Model(own.path).interactions).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    command = [COMPILER, *FLAGS, "-O0", *sanitizers]
    subprocess.run([*command, "-c", "spectral.c"], cwd=tmp_path, check=True)
    for step in STEPS:
        arguments = own.arguments((own.name,), step, "majorana")
        (tmp_path / "main.c").write_text(caller(own, arguments), encoding="utf-8")
        subprocess.run([*command, "main.c", "spectral.o", "-o", "main", "-lm"], cwd=tmp_path, check=True)
        printed = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=False)
        assert printed.returncode == 0, printed.stdout + printed.stderr
        found = [float.fromhex(word) for word in printed.stdout.split()]
        np.testing.assert_array_equal(found, own.package.prepare(**arguments).without_compiled()(ENERGIES))
