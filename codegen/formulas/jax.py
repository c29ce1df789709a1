"""Amplitudes and Gram matrices as a readable Python module for JAX.

Every line of a printed function is one term: of the amplitude of a row, or of the contraction with the Gram matrix. What is switched off
is left out when a function is traced. Deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from itertools import groupby

from sympy import Expr, I, Symbol

from codegen import texts
from codegen.formulas.layout import wrapped
from codegen.formulas.pair_sum import KINEMATICS, PairSum, RowTerm, Structure
from codegen.formulas.python import WIDTH, python
from codegen.pair_sums.kernel import Constant

TEMPLATE = "jax.py.txt"
LENGTH_UNIT = "bohr_radius"
NAMES = "Amplitudes, Array, Exchange, Kinematics, Light, PairStep, Rows, evaluated"
"""What a module takes from the runtime."""


def module(sums: Sequence[PairSum], constants: Sequence[Constant], runtime: str) -> str:
    """Return the text of the module ``jax`` of a package; ``runtime`` is the package of what is written by hand."""
    used = {symbol.name for one in sums for term in one.terms for symbol in term.number.free_symbols}
    used |= {LENGTH_UNIT for one in sums if _has_length(one)}
    return texts.filled(
        texts.template(TEMPLATE, "formulas"),
        {
            "HEADER": texts.header("jax.py").rstrip("\n"),
            "VERSION": f"{texts.VERSION_LINE}{version('sympy')}",
            "IMPORTS": _imports(runtime),
            "CONSTANTS": "\n".join(
                f'{c.name}: float = {c.value}\n"""{c.source} [{c.units}]."""' for c in constants if c.name in used
            ),
            "STEPS": "\n\n\n".join(text for one in sums for text in (_amplitudes(one), _contraction(one))),
            "TABLE": "\n".join(_entry(one) for one in sums),
        },
    )


def _imports(runtime: str) -> str:
    lines = ["from . import FUNCTIONS", f"from {runtime}.jax_pairs import {NAMES}"]
    return "\n".join(lines if runtime.startswith(".") else [lines[1], "", lines[0]])


def _entry(one: PairSum) -> str:
    step = one.pair_step
    signs = "".join(f'        "{name}": {eta},\n' for name, eta in one.rows)
    functions = f"_amplitudes_{step.lower()}, _contracted_{step.lower()}"
    length = f", {LENGTH_UNIT}" if _has_length(one) else ""
    return f'    "{step}": PairStep({functions}, {{\n{signs}    }}{length}),'


def _amplitudes(one: PairSum) -> str:
    """Return the function that adds up the amplitudes, interaction by interaction."""
    lines = [
        f"def _amplitudes_{one.pair_step.lower()}(k: Kinematics, exchanges: Mapping[str, Exchange]) -> Amplitudes:",
        f'    """Return the amplitude of every row of an {one.pair_step} pair step, in units of G_F / sqrt(2)."""',
        *_unpacked(term.kinematics for term in one.terms),
        "    c = Amplitudes()",
    ]
    for group, terms in groupby(one.terms, key=lambda term: term.group):
        lines.append(f'    if (x := exchanges.get("{group}")) is not None:')
        for longitudinal, found in groupby(sorted(terms, key=_longitudinal), key=_longitudinal):
            indent = "        "
            if longitudinal:
                lines.append(f"{indent}if x.longitudinal is not None:")
                indent += "    "
            lines += [f"{indent}{_term(term)}" for term in found]
    return "\n".join([*lines, "    return c"])


def _longitudinal(term: RowTerm) -> bool:
    return term.longitudinal


def _term(term: RowTerm) -> str:
    factors = [_number(term.number)]
    if term.kinematics != 1:
        factors.append(python(term.kinematics))
    factors += [f"x.{name}" for name, on in _factors(term) if on]
    product = "*".join(factor for factor in factors if factor != "1") or "1"
    electron = "None" if term.electron is None else f'"{term.electron}"'
    return f'c.add("{term.row}", {product.replace("-1*", "-")}, x, {electron}, "{term.matrix}")'


def _factors(term: RowTerm) -> Iterable[tuple[str, bool]]:
    yield "orbital", term.orbital
    yield ("longitudinal" if term.longitudinal else "propagator"), term.mediated


def _number(number: Expr) -> str:
    """Return a constant factor, in brackets where it is a quotient, so that it is one number when a function is traced."""
    size = number / I if number.has(I) else number
    negative = size.could_extract_minus_sign()
    text = python(-size if negative else size)
    unit = ("-" if negative else "") + ("1j" if number.has(I) else "")
    if text == "1":
        text = unit if unit.endswith("j") else f"{unit}1"
    elif unit:
        text = f"{unit}*{text}" if unit.endswith("j") else f"{unit}{text}"
    return f"({text})" if "/" in text else text


def _contraction(one: PairSum) -> str:
    """Return the function that contracts the amplitudes with the Gram matrix."""
    step = one.pair_step
    lines = [
        f"def _contracted_{step.lower()}(k: Kinematics, c: Rows, T: Light) -> Array:",
        f'    """Return sum_nm c_n c_m* T_kl G^kl_nm of an {step} pair step, for (i, j) and (j, i) together."""',
        *_unpacked(structure.expression for structure in one.structures),
        "    total = 0.0",
    ]
    for (first, second, circular), found in groupby(
        one.structures, key=lambda s: (s.first, s.second, s.part == "circular")
    ):
        condition = " and ".join(f'"{row}" in c' for row in dict.fromkeys((first, second)))
        structures = list(found)
        lines.append(f"    if {condition}{' and T.circular is not None' if circular else ''}:  # {structures[0].step}")
        for structure in structures:
            lines += _structure(structure)
    return "\n".join([*lines, "    return total"])


def _structure(s: Structure) -> list[str]:
    product = "square" if s.first == s.second else "im" if s.imaginary else "re"
    given = [f'"{row}"' for row in dict.fromkeys((s.first, s.second))] + ["odd=True"] * s.odd
    rows = f"c.{product}({', '.join(given)})"
    start = f"        total += T.{s.part}*{rows}*("
    line = f"{start}{python(s.expression)})"
    return (
        [line] if len(line) <= WIDTH else [start, *wrapped(f"            {python(s.expression)}", WIDTH), "        )"]
    )


def _unpacked(expressions: Iterable[Expr]) -> list[str]:
    found = _symbols(expressions)
    names = [name for name in KINEMATICS if Symbol(name) in found]
    return [f"    {', '.join(names)} = {', '.join(f'k.{name}' for name in names)}"] if names else []


def _has_length(one: PairSum) -> bool:
    return Symbol("r") in _symbols(term.kinematics for term in one.terms)


def _symbols(expressions: Iterable[Expr]) -> set[Symbol]:
    return {symbol for expression in expressions for symbol in expression.free_symbols}
