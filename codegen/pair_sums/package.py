"""Emission of a Python package from kernels: tables, runtime and public functions, as ``{file name: text}``.

Deterministic: the text depends on the kernels, on this package's version and on SymPy's version, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from importlib.metadata import version
from typing import Any

from codegen import texts
from codegen.call import BETWEEN, FIRST, LAST, parameter_name
from codegen.pair_sums.c_files import evaluation_files
from codegen.pair_sums.kernel import Argument, Group, Kernel, Term

RUNTIME = "renp_generated.runtime"
"""The installed runtime, which a package imports unless it brings its own."""
OWN_RUNTIME = ".runtime"
"""The runtime of a package that brings its own."""


def emit_package(
    kernels: Sequence[Kernel],
    own_runtime: Mapping[str, str] | None = None,
    further: Mapping[str, str] | None = None,
) -> Mapping[str, str]:
    """Return the files of a package for an M1 and an E1 kernel.

    ``own_runtime`` are the modules of the runtime, ``{name: text}``: with them the package needs nothing but NumPy and
    brings the C files of its own compiled evaluation; without them it imports the installed runtime. ``further`` are the texts of
    modules by name, which the package loads when it is asked for one of them.

    Raises ``ValueError`` when the kernels do not hold one M1 and one E1 kernel.
    """
    by_step = {kernel.pair_step: kernel for kernel in kernels}
    if set(by_step) != {"M1", "E1"} or len(kernels) != 2:
        raise ValueError(f"a package needs one M1 and one E1 kernel, found {[kernel.pair_step for kernel in kernels]}")
    m1 = by_step["M1"]
    home = RUNTIME if own_runtime is None else OWN_RUNTIME
    further = further or {}
    result = {"__init__.py": _public(m1, by_step["E1"], home, sorted(further)), "py.typed": ""}
    result |= {f"{name}.py": text for name, text in further.items()}
    for step, kernel in sorted(by_step.items()):
        result[f"{step.lower()}.py"] = _tables(kernel, home)
    if own_runtime is None:
        return result
    return {**result, **evaluation_files(), **{f"runtime/{name}": text for name, text in own_runtime.items()}}


def header(kernel: Kernel) -> str:
    """Return the comment block of a generated module: versions, source hash, derivation steps."""
    lines = [
        texts.header("__init__.py").rstrip("\n"),
        f"{texts.VERSION_LINE}{version('sympy')}",
        f"# source hash {kernel.source_hash}",
        "# derivation steps:",
        *(f"#   {step}" for step in kernel.steps),
    ]
    return "\n".join(lines) + "\n"


def _tables(kernel: Kernel, home: str) -> str:
    lines = [
        header(kernel).rstrip("\n"),
        f'"""{kernel.title}: the terms of the amplitude."""',
        "",
        f"from {home}.tables import Tables, Term",
        "",
        "CONSTANTS = {",
        *(f'    "{c.name}": {c.value},  # {c.units}; {c.source}' for c in kernel.constants),
        "}",
        "",
        "# state, way, group, electron coupling, matrix, number, imaginary, constants, powers of qz, q0 and s, propagator, powers of",
        "# m_i - m_j and m_i + m_j, eta, orbital, longitudinal",
        "TERMS = (",
        *(f"    Term({', '.join(map(_shown, term_row(term)))})," for term in kernel.terms),
        ")",
        "",
        f'TABLES = Tables("{kernel.pair_step}", CONSTANTS, TERMS)',
        "",
    ]
    return "\n".join(lines)


def term_row(term: Term) -> tuple[Any, ...]:
    """Return a term as the runtime's record takes it: its number as a quotient of whole numbers.

    Example
    -------
    >>> from fractions import Fraction
    >>> term_row(Term("V", "plain", "weak", None, "axial", Fraction(1, 2), False, (), 0, 0, 0, False, 0, 0, -1, False, False))[5]
    (1, 2)
    """
    row = [getattr(term, field.name) for field in fields(term)]
    row[5] = (term.number.numerator, term.number.denominator)
    return tuple(row)


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"({', '.join(map(_shown, value))}{',' if len(value) == 1 else ''})"
    return str(value)


_LOADED = """
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        \"\"\"Load a further module when it is first asked for.\"\"\"
        if name not in (@NAMES@):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return import_module(f".{name}", __name__)


"""


def _public(m1: Kernel, e1: Kernel, home: str, further: Sequence[str]) -> str:
    groups = merged_groups(m1.groups, e1.groups)
    plain = [argument for group in groups if not group.keyword for argument in group.arguments]
    keywords = [group for group in groups if group.keyword]
    mappings = [f"{group.keyword}: Mapping[str, Any] | None = None" for group in keywords]
    matrices = [f"{a.name}: ArrayLike{'' if a.default is None else ' | None = None'}" for a in plain]
    parameters = [*FIRST, *matrices, *BETWEEN, *mappings, *LAST]
    names = list(map(parameter_name, parameters))
    return texts.filled(
        texts.template("public.py.txt"),
        {
            "HEADER": header(m1).rstrip("\n"),
            "IMPORTS": _imports(home),
            "TYPING": "TYPE_CHECKING, Any" if further else "Any",
            "LOADED": _loaded(further) if further else "",
            "PARAMETERS": "\n".join(f"    {parameter}," for parameter in parameters),
            "PASSED": "\n".join(f"        {name}={name}," for name in names),
            "INTERACTIONS": "\n".join(_summary(group) for group in groups),
            "EXAMPLE": _example(keywords[-1]) if keywords else "",
            "GROUPS": "\n".join(_group(group) for group in groups),
            "PLAIN_DOC": "\n".join(f"    {a.name} : (n, n) complex Hermitian; {a.doc}." for a in plain),
            "GROUP_DOC": "\n".join(group_doc(group) for group in keywords),
        },
    )


_TAKEN_FROM_RUNTIME = {
    "arguments": "Inputs",
    "batch": "Batch",
    "compiled": "backend",
    "evaluator": "SpectralEvaluator",
    "exact": "ExactEvaluator",
    "functions": "SpectralFunctions",
    "gradient": "SpectralGradient",
    "tables": "Argument, Group",
}


def _imports(home: str) -> str:
    runtime = [f"from {home}.{module} import {names}" for module, names in _TAKEN_FROM_RUNTIME.items()]
    tables = [f"from .{step} import TABLES as _{step.upper()}" for step in ("e1", "m1")]
    return "\n".join([*tables, *runtime] if home == OWN_RUNTIME else [*runtime, "", *tables])


def merged_groups(first: Sequence[Group], second: Sequence[Group]) -> list[Group]:
    """Return the groups with the arguments of both pair steps, plain arguments first."""
    other = {(group.keyword, argument.name) for group in first for argument in group.arguments}
    result = []
    for group in first:
        twin = next(g for g in second if g.keyword == group.keyword)
        extra = tuple(a for a in twin.arguments if (group.keyword, a.name) not in other)
        arguments = group.arguments + extra
        if not group.keyword:
            arguments = tuple(a for a in arguments if a.is_matrix)
        result.append(replace(group, arguments=arguments))
    return sorted(result, key=lambda group: bool(group.keyword))


def _loaded(names: Sequence[str]) -> str:
    listed = "".join(f'"{name}", ' for name in names).rstrip(" " if len(names) == 1 else ", ")
    return texts.filled(_LOADED, {"NAMES": listed}).rstrip("\n") + "\n\n"


def _summary(group: Group) -> str:
    return f"- ``{group.name}``: {group.title}. {group.description}{group.cited('[]')}"


def _example(group: Group) -> str:
    """Return a doctest that switches a group on."""
    values = {"mass": "3.0", "real": "1e-06", "matrix": "[[1e-12]]", "general": "[[1e-12j]]"}
    entries = ", ".join(f'"{a.name}": {values[a.kind]}' for a in group.arguments if a.kind in values)
    return (
        ">>> spectral_function([0.9, 1.0], E_eg=2.14349, E_vg=2.23072, masses=[0.01], axial=[[0.5]], "
        f"{group.keyword}={{{entries}}}).shape\n(2,)"
    )


def _group(group: Group) -> str:
    lines = [f'    Group("{group.keyword}", "{group.name}", "{group.title}", (']
    lines.extend(f"        {_argument(a)}," for a in group.arguments)
    lines.append("    )),")
    return "\n".join(lines)


def _argument(a: Argument) -> str:
    choices = "".join(f'"{choice}", ' for choice in a.choices)
    parts = f", {a.parts!r}" if a.parts else ""
    return f'Argument("{a.name}", "{a.kind}", "{a.units}", {a.doc!r}, {a.default!r}, ({choices.rstrip()}){parts})'


_SHAPES = {
    "matrix": "(n, n) Hermitian",
    "general": "(n, n)",
    "real": "real",
    "mass": "positive",
    "width": "not negative",
}


def group_doc(group: Group) -> str:
    """Return what a docstring says about a keyword group."""
    entries = []
    for a in group.arguments:
        shape = _SHAPES.get(a.kind, " or ".join(a.choices))
        default = "" if a.default is None or a.is_matrix else f", default {a.default}"
        entries.append(f"        {a.name}{a.unit_text} : {shape}; {a.doc}{default}.")
    return "\n".join([f"    {group.keyword} : {group.title}{group.cited()}; a mapping with", *entries])
