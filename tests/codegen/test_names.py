"""Names and texts of users: whatever is accepted works in Python, C, C++ and Fortran, and means nothing but itself."""

from __future__ import annotations

import builtins
import doctest
import importlib
import inspect
import keyword
import re
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sympy import Add, Symbol
from sympy import im as im_
from sympy import re as re_

import renp_generated.formulas
from codegen import texts
from codegen.call import WORDS
from codegen.constants import natural_constants
from codegen.formulas import c, python
from codegen.formulas.formula import Argument as CodeArgument
from codegen.formulas.formula import Definition, identifier
from codegen.pair_sums.c_export import c_export
from codegen.pair_sums.kernel import Argument, Group
from codegen.pair_sums.package import emit_package
from derivations.interactions.reader import (
    OPTIONS,
    RESERVED_COUPLINGS,
    InteractionError,
    parse_interaction,
    reserved_names,
)
from derivations.processes.renp.couplings import couplings
from renp.generate import c_files, kernels, package_files, shipped
from renp.model import Model
from tests.codegen.test_c_export import E_EG, E_VG, STRICT, written
from tests.codegen.test_generate import exchange

CC, CXX, FORTRAN = (shutil.which(name) for name in ("cc", "c++", "gfortran"))
C_HEADERS = (
    "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdarg stdbool stddef stdint "
    "stdio stdlib string tgmath time wchar wctype"
)
CXX_HEADERS = "algorithm cmath complex cstdint cstdio cstdlib iostream string vector"
WORDS_OF_LANGUAGES = (
    # C and C++
    "alignas alignof and and_eq asm atomic_cancel atomic_commit atomic_noexcept auto bitand bitor bool break case catch char "
    "char8_t char16_t char32_t class co_await co_return co_yield compl concept const const_cast consteval constexpr constinit "
    "continue contract_assert decltype default delete do double dynamic_cast else enum explicit export extern false far float "
    "for friend goto if inline int interface long mutable namespace near new noexcept not not_eq nullptr operator or or_eq "
    "private protected public reflexpr register reinterpret_cast requires restrict return short signed sizeof static "
    "static_assert static_cast struct switch synchronized template this thread_local throw true try typedef typeid typename "
    "typeof typeof_unqual union unsigned using virtual void volatile wchar_t while xor xor_eq small hyper errno stdin "
    # Fortran
    "abstract allocatable allocate associate block call character class close common complex contains contiguous critical "
    "cycle data deallocate deferred dimension elemental end endif entry enumerator equivalence exit external final flush "
    "forall format function generic go implicit import in include inquire integer intent intrinsic kind len logical module "
    "name namelist none nullify only open optional out parameter pass pause pointer print procedure program protected pure "
    "read real recursive result rewind save select sequence stop submodule subroutine target then to type use value where "
    "write "
    # endings and spellings
    "x x_ x__ a__b a__b_ g_l g_L g_L_ G_L_ this THIS n_masses n_levels E_ E_eg"
)
COUPLING = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
INTERACTION = re.compile(r"[a-z][a-z0-9_]{0,30}")


def macros() -> set[str]:
    """Return the names of all macros of the C compiler with the headers of the standard."""
    if CC is None:
        return {"M_E", "M_PI", "HUGE_VAL", "SIZE_MAX", "I", "unix", "linux"}
    source = "".join(f"#include <{name}.h>\n" for name in C_HEADERS.split())
    found = subprocess.run([CC, "-dM", "-E", "-"], input=source, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^#define (\w+)", found, re.MULTILINE))


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Return names that mean something somewhere: in a language, in a header, in the generated files themselves."""
    generated = "\n".join({**package_files(), **c_files()}.values())
    templates = "\n".join(path.read_text(encoding="utf-8") for path in runtime_files())
    found = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *WORDS_OF_LANGUAGES.split(), *macros(), *WORDS}
    found |= set(re.findall(r"\w+", generated + templates))
    return sorted(name for name in found if COUPLING.fullmatch(name) and name not in RESERVED_COUPLINGS)


def runtime_files() -> list[Path]:
    folder = Path(texts.__file__).parent / "pair_sums" / "templates"
    return sorted(path for path in folder.iterdir() if path.suffix in (".txt", ".c", ".h", ".py"))


@pytest.fixture(scope="module")
def keywords(names) -> list[str]:
    taken = reserved_names() | {interaction.name for interaction in shipped()}
    return [name for name in names if INTERACTION.fullmatch(name) and name not in taken]


@pytest.fixture(scope="module")
def named(names, keywords):
    """Return the weak kernels with one more group for every name, and one that has every name as an entry."""
    markers = sorted({m for path in runtime_files() for m in re.findall("@[A-Z_]+@", path.read_text(encoding="utf-8"))})
    assert {"@PLAIN_DOC@", "@FIELDS@", "@EVALUATION@"} <= set(markers)
    text = " ".join(markers) + " /* {0} %s $x '''"
    own = [
        Group(name, name, text, (Argument(name, "real", "1", "a number", 0.0),), (text,), "contact", text)
        for name in keywords
    ]
    entries = tuple(Argument(name, "matrix", "1", "a matrix", 0.0) for name in names)
    own.append(Group("every_name", "every_name", text, entries, (), "contact", text))
    return [replace(kernel, groups=kernel.groups + tuple(own)) for kernel in kernels(shipped()[:1])]


def test_the_words_come_from_everywhere(names, keywords):
    assert {"inputs", "made", "prepare", "np", "float", "match", "new", "mass", "unix"} <= set(keywords)
    assert {"M_E", "HUGE_VAL", "SIZE_MAX", "RENP_CLONES", "class", "lambda", "I", "THIS", "omega"} <= set(names)


def test_every_accepted_name_works_in_python(named, names, keywords, tmp_path, monkeypatch):
    package = tmp_path / "package_of_names"
    package.mkdir()
    written(emit_package(named), package)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module(package.name)
    common = {"E_eg": E_EG, "E_vg": E_VG, "masses": [0.2], "axial": [[0.3]]}
    own = {name: {name: 1.0} for name in keywords} | {"every_name": {name: [[1.0]] for name in names}}
    expected = module.spectral_function(0.7, **common)
    assert module.spectral_function(0.7, **common, **own) == expected > 0
    assert module.prepare(**common, **own)(0.7) == expected
    assert module.spectral_function_exact(0.7, number=float, root=np.sqrt, **common, **own) > 0
    assert set(module.checked_inputs(**common, **own).groups) == {"standard_model", *own}
    slopes = module.spectral_gradient(0.7, **common, **own)
    assert {f"{name}.{name}" for name in keywords} <= set(slopes)
    assert "@PLAIN_DOC@" in module.__doc__
    assert "@GROUPS@" in module.spectral_function.__doc__
    assert doctest.testmod(module).failed == 0


def compiled(compiler: str, standard: str, source: str, directory: Path) -> None:
    path = directory / ("caller.cpp" if "++" in standard else "caller.c")
    path.write_text(source, encoding="utf-8")
    command = [compiler, f"-std={standard}", *STRICT, "-O0", "-c", path.name]
    subprocess.run(command, cwd=directory, check=True)


def caller(headers: list[str], fields: list[str]) -> str:
    """Return a program that includes the headers first and sets every field, so that a macro would meet its name."""
    lines = [*(f"#include <{name}>" for name in headers), '#include "spectral.h"', "void set(renp_arguments *a);"]
    return "\n".join([*lines, "void set(renp_arguments *a)", "{", *(f"  a->{field} = 0;" for field in fields), "}\n"])


@pytest.mark.parametrize("whose", ["users", "shipped"])
def test_every_accepted_name_works_in_c_and_its_relatives(named, names, keywords, tmp_path, whose):
    if CC is None:
        pytest.skip("no C compiler on this machine")
    if whose == "users":
        own = {*keywords, "every_name"}
        files = c_export(*named, own=own)
        fields = [f"{name}_.{name}_" for name in keywords] + [f"every_name_.{name}_" for name in names]
    else:
        files = c_files()
        groups = [group for group in kernels(shipped())[0].groups if group.keyword]
        fields = [f"{group.keyword}.{argument.name}" for group in groups for argument in group.arguments]
    written(files, tmp_path)
    flags = ["-std=c99", *STRICT, "-O0", "-DRENP_CLONES=0"]
    subprocess.run([CC, *flags, "-c", "spectral.c"], cwd=tmp_path, check=True)
    headers = [f"{name}.h" for name in C_HEADERS.split()]
    compiled(CC, "gnu17", caller(headers, fields), tmp_path)
    if CXX is not None:
        compiled(CXX, "gnu++20", caller(CXX_HEADERS.split(), fields), tmp_path)
    if FORTRAN is not None:
        command = [FORTRAN, "-std=f2003", *STRICT, "-O0", "-c", "spectral.f90"]
        subprocess.run(command, cwd=tmp_path, check=True)


@pytest.mark.parametrize("name", ["inputs", "vector"])
def test_a_file_keeps_its_own_names(tmp_path, name):
    """Also when it has the name of a shipped one."""
    text = exchange(name, 0, '{ coupling = "M_PI", bilinear = "i gamma5" }', '{ coupling = "linux", bilinear = "1" }')
    written(c_files(Model.of([parse_interaction(text)]).interactions), tmp_path)
    fields = [f"{name}_.{coupling}_" for coupling in ("M_PI", "linux", "M_X")]
    if CC is None:
        pytest.skip("no C compiler on this machine")
    compiled(CC, "gnu17", caller(["math.h"], fields), tmp_path)


def test_every_name_that_means_nothing_is_accepted(names):
    text = exchange(
        "NAME", 0, '{ coupling = "COUPLING", bilinear = "i gamma5" }', '{ coupling = "other_one", bilinear = "1" }'
    )
    for name in filter(INTERACTION.fullmatch, names):
        own = text.replace("NAME", name).replace("COUPLING", name)
        if name in reserved_names():
            with pytest.raises(InteractionError, match=f"field 'name': found the reserved name \"{name}\""):
                parse_interaction(own)
        else:
            assert parse_interaction(own).couplings == (name, "other_one")


def test_every_accepted_name_works_in_readable_formulas(names, tmp_path, monkeypatch):
    """All names as couplings of one interaction, in one formula with the abbreviations of every other."""
    (scalar,) = (interaction for interaction in shipped() if interaction.name == "scalar")
    electron = tuple(replace(scalar.electron[0], coupling=name) for name in names)
    neutrino = tuple(replace(scalar.neutrino[0], coupling=name) for name in names)
    found = couplings([replace(scalar, name="own", electron=electron, neutrino=neutrino), *shipped()[:1]])
    symbols = [coupling.symbols[0] for coupling in found]
    assert len({identifier(symbol) for symbol in symbols}) == len(symbols) > 2 * len(names)
    record = Model("scalar").formulas("threshold")["summand"]
    own = {argument.symbol for argument in record.arguments}
    # The abbreviations of a formula avoid the couplings of its own model, of which these are none.
    kept = {identifier(definition.symbol) for definition in record.definitions} | {identifier(a) for a in own}
    further = tuple(
        CodeArgument(symbol, "1", "a number", Fraction(1) if symbol.is_real else (Fraction(1), Fraction(0)))
        for symbol in symbols
        if identifier(symbol) not in kept
    )
    terms = [re_(a.symbol) + im_(a.symbol) if a.is_complex else a.symbol for a in further]
    sums = tuple(Definition(Symbol(f"sum_of_names_{n}"), Add(*terms[n : n + 50])) for n in range(0, len(terms), 50))
    total = record.result + Add(*(one.symbol for one in sums))
    everything = replace(
        record, arguments=record.arguments + further, definitions=record.definitions + sums, result=total
    )
    text = python.module((everything,), natural_constants(), "renp_generated")
    (tmp_path / "formulas_of_names.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("formulas_of_names")
    values = {identifier(a.symbol): complex(a.value) if a.is_complex else float(a.value) for a in everything.arguments}
    expected = float(
        renp_generated.formulas.scalar_summand_threshold(**{identifier(a): values[identifier(a)] for a in own})
    )
    assert float(module.summand(**values)) == pytest.approx(len(further) + expected, rel=1e-6, abs=0)
    if CC is not None:
        numbers = ", ".join(
            f"{v.real!r} + {v.imag!r}*I" if isinstance(v, complex) else repr(v) for v in values.values()
        )
        main = f'#include <stdio.h>\nint main(void)\n{{ printf("%.17g", summand({numbers})); return 0; }}\n'
        (tmp_path / "names.c").write_text(c.source((everything,), natural_constants(), "Names") + main)
        for standard in ("c99", "gnu17"):
            flags = [f"-std={standard}", "-O0", "-Wall", "-Werror", "-Wno-unused-function"]
            subprocess.run([CC, *flags, "names.c", "-o", "names", "-lm"], cwd=tmp_path, check=True)
            printed = subprocess.run([str(tmp_path / "names")], capture_output=True, text=True, check=True).stdout
            assert float(printed) == pytest.approx(len(further) + expected, rel=1e-6, abs=0)


def test_the_reserved_names_are_those_of_the_call():
    """Nothing is kept by hand: these are the parameters of the generated functions, and the entries of their own."""
    import renp_generated

    parameters = {
        name
        for function in renp_generated.__all__
        if inspect.isfunction(getattr(renp_generated, function)) and function != "backend"
        for name, parameter in inspect.signature(getattr(renp_generated, function)).parameters.items()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }
    own = {interaction.name for interaction in shipped()}
    assert reserved_names() - set(keyword.kwlist) == parameters - own
    entries = {a.name for group in renp_generated.GROUPS for a in group.arguments if a.kind == "choice"}
    assert entries == set(OPTIONS)


def test_a_parameter_hides_no_name_in_a_generated_function(named):
    """Functions that have the names of interactions as parameters use names with an underscore inside."""
    import ast

    tree = ast.parse(emit_package(named)["__init__.py"])
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    with_names = [f for f in functions if "every_name" in {a.arg for a in f.args.kwonlyargs}]
    assert len(with_names) == 5
    for function in with_names:
        parameters = {a.arg for a in (*function.args.args, *function.args.kwonlyargs)}
        body = [node for statement in function.body for node in ast.walk(statement)]
        used = {node.id for node in body if isinstance(node, ast.Name)} - parameters
        assert all(re.match("[A-Z_]", name) for name in used), used


def test_a_template_is_read_once():
    assert texts.filled("@A@ @B@ @A@", {"A": "@B@", "B": "@C@"}) == "@B@ @C@ @B@"
    for template, values in (("@A@", {}), ("", {"A": ""}), ("@A@", {"A": "", "B": ""})):
        with pytest.raises(ValueError, match="markers and values differ"):
            texts.filled(template, values)


def test_no_template_is_filled_in_another_way():
    folder = Path(texts.__file__).parent
    for path in folder.rglob("*.py"):
        assert not re.search(r"\.replace\(.?[\"']@|marker,", path.read_text(encoding="utf-8")), path.name
