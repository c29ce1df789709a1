"""Readable formulas of any model, in every language that they are printed in."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from sympy import Abs, Symbol, conjugate, im, re, sqrt

from codegen.constants import natural_constants
from codegen.formulas import c, latex, python, text
from codegen.formulas.formula import Argument, Condition, Definition, Formula, identifier
from renp.model import Model
from renp_generated import formulas
from renp_generated.runtime.verify import random_arguments
from tests.renp_generated.readable import NATURES, RECORDS, conventional, edges, error, examples
from tests.tolerances import tolerance

COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


@pytest.mark.skipif(COMPILER is None, reason="no C compiler on this machine")
def test_c_gives_what_python_gives(tmp_path: Path) -> None:
    wanted = tuple(formula for formula in RECORDS.values() if not formula.is_complex)
    lines = [c.source(wanted, natural_constants(), "All real formulas"), "#include <stdio.h>", "int main(void)", "{"]
    for formula in wanted:
        values = [
            f"{value.real!r} + {value.imag!r}*I" if isinstance(value, complex) else repr(value)
            for value in examples(formula).values()
        ]
        lines.append(f'    printf("%.17g\\n", {formula.name}({", ".join(values)}));')
    (tmp_path / "formulas.c").write_text("\n".join([*lines, "    return 0;", "}", ""]))
    flags = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-Wno-unused-variable"]
    subprocess.run([str(COMPILER), *flags, "formulas.c", "-o", "run", "-lm"], cwd=tmp_path, check=True)
    printed = subprocess.run([str(tmp_path / "run")], capture_output=True, text=True, check=True).stdout.split()
    for formula, found in zip(wanted, printed, strict=True):
        expected = float(getattr(formulas, formula.name)(**examples(formula)))
        assert float(found) == pytest.approx(expected, rel=tolerance("formula"), abs=0), formula.name


@pytest.mark.skipif(COMPILER is None, reason="no C compiler on this machine")
def test_c_keeps_every_digit_at_threshold_and_returns_nothing_above(tmp_path: Path) -> None:
    formula = RECORDS["standard_model_summand_threshold"]
    body = c.source((formula,), natural_constants(), "One formula")
    (tmp_path / "f.c").write_text(body)
    subprocess.run(
        [str(COMPILER), "-std=c99", "-O2", "-shared", "-fPIC", "f.c", "-o", "f.so", "-lm"], cwd=tmp_path, check=True
    )
    # Complex numbers do not pass through ctypes: a wrapper in C takes real ones.
    names = [identifier(argument.symbol) for argument in formula.arguments]
    (tmp_path / "g.c").write_text(
        body
        + f"double real_ones({', '.join(f'double {name}' for name in names)})\n{{ return {formula.name}({', '.join(names)}); }}\n"
    )
    subprocess.run(
        [str(COMPILER), "-std=c99", "-O2", "-shared", "-fPIC", "g.c", "-o", "g.so", "-lm"], cwd=tmp_path, check=True
    )
    function = ctypes.CDLL(str(tmp_path / "g.so")).real_ones
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double] * len(names)
    values = {"E_eg": 2.14349, "E_vg": 2.23072, "m_i": 0.1, "m_j": 0.3, "delta_M": 1.0, "a_ij": 0.4, "v_ij": 0.0}
    edge = float(formulas.threshold(E_eg=2.14349, m_i=0.1, m_j=0.3))
    for omega in (edge * (1 - 1e-13), edge * (1 + 1e-13)):
        expected = float(formulas.standard_model_summand_threshold(omega=omega, **values))
        assert function(*(({"omega": omega} | values)[name] for name in names)) == pytest.approx(
            expected, rel=tolerance("formula"), abs=0
        )


# ---------------------------------------------------------------- models of one's own


AWKWARD = """
name = "odd"
title = "Awkward names"
description = "For the tests."
references = []
propagator = { kind = "massive", spin = 1, mass = "m_X", width = "w_X" }
electron = [ { coupling = "s", bilinear = "gamma(mu) gamma5" }, { coupling = "c_axial", bilinear = "gamma(mu)" } ]
neutrino = [ { coupling = "a_L", bilinear = "gamma(mu) PL" }, { coupling = "f", bilinear = "gamma(mu) gamma5" } ]
"""
CONJUGATED = """
name = "pair"
title = "A term with its conjugate"
description = "For the tests."
references = []
propagator = { kind = "contact", factor = "G_F" }
terms = [
  { coupling = "f", electron = "sigma(mu,nu) PR", neutrino = "sigma(mu,nu) PR", hermitian = "add conjugate" },
]
"""


def own(folder: Path, *texts: str) -> Model:
    paths = []
    for number, written in enumerate(texts):
        paths.append(folder / f"{number}.toml")
        paths[-1].write_text(written, encoding="utf-8")
    return Model(*paths)


def printed(folder: Path, records: Mapping[str, Formula]) -> ModuleType:
    path = folder / "own_formulas.py"
    wanted = tuple(formula for name, formula in records.items() if not name.startswith("gram"))
    path.write_text(python.module(wanted, natural_constants(), "renp_generated"), encoding="utf-8")
    specification = importlib.util.spec_from_file_location("own_formulas", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def models(folder: Path) -> Iterator[tuple[str, Model]]:
    yield "awkward names", own(folder, AWKWARD)
    yield "a conjugate", own(folder, CONJUGATED)
    yield "two copies and more", Model("vector", "scalar", "tensor_mediator", second="vector")


@pytest.mark.parametrize("form", ["papers", "threshold"])
@pytest.mark.parametrize("which", range(3))
def test_formulas_of_other_models_give_their_spectral_functions(which: int, form: str, tmp_path: Path) -> None:
    name, model = list(models(tmp_path))[which]
    function = printed(tmp_path, model.formulas(form)).summand
    from renp.model import vertex_tables_of

    names = tuple(interaction.name for interaction in model.interactions)
    for nature in NATURES:
        arguments = random_arguments(
            model.functions,
            vertex_tables_of(model.interactions),
            f"{name} {nature}",
            names,
            nature,
            "M1",
            2,
            "averaged",
        )
        arguments = conventional(model, arguments, narrow=form == "papers")
        assert error(function, model, 0.7 * edges(arguments)[0], arguments) < tolerance("formula")


@pytest.mark.parametrize("form", ["papers", "threshold"])
@pytest.mark.parametrize("nature", NATURES)
def test_the_other_numerator_and_the_other_magnetic_operator(form: str, nature: str, tmp_path: Path) -> None:
    model = Model("vector")
    function = printed(tmp_path, model.formulas(form, propagator="unitary", m1="full")).summand
    from renp.model import vertex_tables_of

    arguments = random_arguments(
        model.functions, vertex_tables_of(model.interactions), "unitary", ("vector",), nature, "M1", 2, "averaged"
    )
    arguments = conventional(model, arguments, narrow=form == "papers")
    arguments["vector"] |= {"propagator": "unitary", "m1": "full"}
    assert error(function, model, 0.7 * edges(arguments)[0], arguments) < tolerance("formula")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"form": "printed"}, "form must be one of papers, threshold, found 'printed'"),
        ({"propagator": "landau"}, "propagator must be one of feynman, unitary, found 'landau'"),
        ({"m1": "orbital"}, "m1 must be one of spin, full, found 'orbital'"),
        ({"pair_step": "M2"}, "pair_step must be one of"),
    ],
)
def test_mistakes_are_one_line(words: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message) as found:
        Model("tensor").formulas(**words)
    assert "\n" not in str(found.value)


# ---------------------------------------------------------------- the record and its printers


x, y, z, t = Symbol("x"), Symbol("y"), Symbol("z"), Symbol("t")
X = Argument(x, "eV", "a length", Fraction(3))
SIMPLE = Formula(
    "simple", "Simple", y, "eV", (X,), z + 1, definitions=(Definition(z, x**2),), condition=Condition(z, x)
)


def test_a_record_knows_all_its_symbols() -> None:
    assert SIMPLE.expression == x**2 + 1
    assert float(SIMPLE.value()) == 10
    assert replace(SIMPLE, condition=Condition(z, 4 * x)).value() == 0
    with pytest.raises(ValueError, match="formula 'simple': 't' is not defined where it is used"):
        replace(SIMPLE, result=t)
    with pytest.raises(ValueError, match="'z' is not defined where it is used"):
        replace(SIMPLE, definitions=(Definition(t, z), Definition(z, x)))
    with pytest.raises(ValueError, match="two symbols are printed as 'x'"):
        replace(SIMPLE, definitions=(Definition(z, x**2), Definition(Symbol("x", real=True), x)))


def test_a_module_needs_names_and_constants() -> None:
    with pytest.raises(ValueError, match="two formulas are named 'simple'"):
        python.module((SIMPLE, SIMPLE), (), "renp_generated")
    with pytest.raises(ValueError, match="constant 't' has no value"):
        python.module((replace(SIMPLE, constants=(t,)),), (), "renp_generated")


def test_expressions_read_well_everywhere() -> None:
    a, b = Symbol("a^L_ij"), Symbol("b_ij")
    expression = 2 * re(a * conjugate(b)) - Abs(a) ** 2 / x**2 + im(b) * sqrt(x - y**2)
    assert text.text(expression) == "sqrt(x - y^2)*Im(b_ij) + 2*Re(a_L_ij*conj(b_ij)) - abs(a_L_ij)^2/x^2"
    assert python.python(expression).startswith("xp.sqrt(x - y**2)*xp.imag(b_ij) + 2*xp.real(a_L_ij*xp.conj(b_ij))")
    assert "creal(a_L_ij*conj(b_ij))" in c.c(expression)
    written = latex.latex(expression, {b: r"\beta"})
    assert r"\mathrm{Im}[\beta]" in written
    assert written.count("{") == written.count("}")


def test_every_document_is_balanced_and_names_its_arguments() -> None:
    for form in ("papers", "threshold"):
        found = Model("scalar").formulas(form)
        document = latex.document("Scalar", tuple(found.values()))
        body = document.replace(r"\{", "").replace(r"\}", "")
        assert body.count("{") == body.count("}")
        assert document.count(r"\begin{") == document.count(r"\end{")
        plain = text.document("Scalar", tuple(found.values()))
        assert all(f"    {identifier(a.symbol)} [" in plain for formula in found.values() for a in formula.arguments)


def test_the_text_is_the_same_whatever_the_hash_seed() -> None:
    code = (
        "import sys; from renp.model import Model; from codegen.formulas import c, latex, python, text\n"
        "found = tuple(Model('scalar').formulas().values())\n"
        "from codegen.constants import natural_constants\n"
        "sys.stdout.write(text.document('', found) + latex.document('', found) + c.source(found, (), ''))\n"
        "sys.stdout.write(python.module(found, natural_constants(), 'p'))\n"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1
    assert len(texts.pop()) > 1000
