"""The formulas as LaTeX, read back and evaluated: they are what the evaluators compute."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

import renp_generated
from codegen.pair_sums.latex import formula_sections
from renp.generate import kernels, shipped
from renp_generated import vertices
from renp_generated.runtime.verify import E_EG, E_VG, random_arguments
from tests.tolerances import tolerance

KERNELS = dict(zip(("M1", "E1"), kernels(shipped()), strict=True))
OMEGA, MASSES = 0.83, (0.05, 0.11, 0.2)
NAMES = tuple(group.name for group in renp_generated.GROUPS)


def entries(line: list[str]) -> dict[str, str]:
    """Return ``{left-hand side: right-hand side}`` of lines whose continuations start with a quad and a plus."""
    joined: list[str] = []
    for row in line:
        if row.startswith(r"\qquad "):
            joined[-1] += row.removeprefix(r"\qquad")
        else:
            joined.append(row)
    return dict(re.fullmatch(r"(\S+) = (.*)", row).groups() for row in joined)  # type: ignore[union-attr]


def python(formula: str) -> str:
    """Return a formula as Python: what a reader of the printed page would type."""
    for pattern, replacement in (
        (r"\\left|\\right", ""),
        (r"2\^\{-\[\\mathtt\{(.*?)\} = \\mathtt\{full\}\]\}", r'(0.5 if v["\1"] == "full" else 1)'),
        (r"\[\\mathtt\{([^}]*?)\} = \\mathtt\{unitary\}\]", r'(v["\1"] == "unitary")'),
        (r"\\Pi_\{\\mathtt\{(.*?)\}\}", r'v["\1.Pi"]'),
        (r"\[([^\[\]]*)\]\^([+-])", r"pair(\1, \g<2>1)"),
        (r"\\mathtt\{(.*?)\}", r'v["\1"]'),
        (r"\\tfrac\{(\d+)\}\{(\d+)\}", r"(\1 / \2)"),
        (r"\|([^|]*)\|\^2", r"abs(\1) ** 2"),
        (r"(\d) P\b", r"\1 * P"),
        (r"([VEABSP]'?)_(?:w|\\parallel|\\circ|\\times)", r'a["\1"]'),
        (r"(m_\+|m_-) a", r"\1 * a"),
        (r"T_\\parallel", "T"),
        (r"\bq_z", 'v["qz"]'),
        (r"\bq_0", 'v["q0"]'),
        (r"\bm_([+-])", r'v["m\1"]'),
        (r"(?<!\")\b([stPT])\b(?![.\"])", r'v["\1"]'),
        (r"\bi\b", "1j"),
        (r"\\_", "_"),
        (r"\^\{(-?\d+)\}", r" ** \1"),
        (r"\\,", " * "),
    ):
        formula = re.sub(pattern, replacement, formula)
    assert "\\" not in formula, formula
    return formula


def value(formula: str, v: Mapping[str, Any], a: Mapping[str, Any] = MappingProxyType({})) -> Any:
    majorana = v["nature"] == "majorana"
    names = {"v": v, "a": a, "pair": lambda f, sign: f + sign * f.T if majorana else f}
    return eval(python(formula), names)


def symbols(kernel: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    masses = np.array(MASSES)
    m_i, m_j = masses[:, None], masses[None, :]
    K = arguments["imprinted_momentum"]
    s = (E_EG + K) * (E_EG - K - 2 * OMEGA)
    tensor = arguments["atomic_tensor"]
    v: dict[str, Any] = {
        "qz": OMEGA + K, "q0": E_EG - OMEGA, "s": s, "P": m_i * m_j, "m-": m_i - m_j, "m+": m_i + m_j,
        "dipole_length": 1.7, "m1": arguments["m1"], "T": tensor[2, 2].real, "t": s - (m_i + m_j) ** 2,
        "nature": arguments["nature"],
    }  # fmt: skip
    for group in renp_generated.GROUPS:
        given = arguments if not group.keyword else arguments[group.keyword]
        prefix = f"{group.keyword}." if group.keyword else ""
        for argument in group.arguments:
            entry = given.get(argument.name, argument.default)
            v[prefix + argument.name] = np.array(entry) if argument.is_matrix else entry
        if prefix and f"{prefix}mass" in v:
            mass, width = v[f"{prefix}mass"], v[f"{prefix}width"]
            v[f"{prefix}Pi"] = 1 / (s - mass**2 + 1j * mass * width)
    return v


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
@pytest.mark.parametrize("step", ["M1", "E1"])
def test_the_printed_formulas_evaluate_to_the_spectral_function(step: str, nature: str) -> None:
    arguments = random_arguments(
        renp_generated.FUNCTIONS, vertices, f"latex {step} {nature}", NAMES, nature, step, 3, "general"
    )
    arguments |= {
        "masses": MASSES,
        "dipole_length": 1.7,
        "E_eg": E_EG,
        "E_vg": E_VG,
        "intermediate_amplitudes": None,
        "m1": "full",
        "imprinted_momentum": 0.13,
        "crossed": {"E_vg": 2.7, "amplitudes": 0.3},
    }
    for keyword, numerator in (("vector", "propagator"), ("vector", "m1"), ("electromagnetic", "m1")):
        arguments[keyword] = arguments[keyword] | {numerator: "unitary" if numerator == "propagator" else "full"}
    kernel = KERNELS[step]
    sections = formula_sections(kernel)
    v = symbols(kernel, arguments)
    lines = entries(list(sections["amplitudes"]))
    for constant in kernel.constants:
        v[constant.name] = float(re.match(r"[-+.\de]+", lines.pop(_shown(constant.name)))[0])  # type: ignore[index]
    amplitudes = {name: value(line, v) for name, line in lines.items()}
    total = np.zeros((3, 3))
    tensor = arguments["atomic_tensor"]
    across, circular = (tensor[0, 0] + tensor[1, 1]).real, 2 * tensor[0, 1].imag
    for way, weight in (
        ("+", (across + circular) / 2),
        ("-", (across - circular) / 2),
        (r"\parallel", v["T"] / v["s"]),
    ):
        total = total + weight * squares(sections["squares"], v, one_way(amplitudes, way), way == r"\parallel")
    total = total * np.sqrt(np.maximum(v["t"], 0) * (v["t"] + 4 * v["P"]))
    if nature == "majorana":
        total = total / 2
    expected = total.sum() / (12 * v["s"]) * (1 / (E_VG - OMEGA) + 0.3 / (2.7 - v["q0"])) ** 2
    np.testing.assert_allclose(
        renp_generated.spectral_function(OMEGA, **arguments), expected, rtol=tolerance("latex-read-back"), atol=0
    )


def _shown(name: str) -> str:
    return rf"\mathtt{{{name}}}".replace("_", r"\_")


def one_way(amplitudes: Mapping[str, Any], way: str) -> dict[str, Any]:
    """Return the amplitudes of the states in one way: along q, or the sum or the difference of those across it."""
    sign = {"+": 1, "-": -1}.get(way)
    if sign is None:
        return {state: amplitudes.get(rf"{state}_\parallel", 0) for state in "VEABSP"}
    return {
        state: amplitudes.get(rf"{state}_\circ", 0) + sign * amplitudes.get(rf"{state}_\times", 0) for state in "VEAB"
    }


def squares(lines: Sequence[str], v: Mapping[str, Any], a: dict[str, Any], along: bool) -> Any:
    """Return ``(t + 4 P) H_1 + t H_2`` of one way, without its weight; J = 0 has a weight of its own, T_zz in place of T_zz / s."""
    primed = re.findall(r"([VA]'_w) = (.*?)(?:, |$)", next(line for line in lines if line.startswith("V'_w")))
    a = a | {name[:2]: value(formula, v, a) for name, formula in primed}
    total: Any = 0.0
    for line, slope in zip(lines, (v["t"] + 4 * v["P"], v["t"]), strict=False):
        spin_one, spin_zero = re.fullmatch(r"H_\d = \\sum_\{w\} n_w (.*) \+ (3\\,.*)", line).groups()  # type: ignore[union-attr]
        total = total + slope * value(spin_one, v, a)
        if along:
            total = total + slope * value(spin_zero, v, a) / v["T"] * v["s"]
    return total


def test_every_term_is_printed() -> None:
    for kernel in KERNELS.values():
        lines = formula_sections(kernel)["amplitudes"]
        assert len(lines) == len(kernel.constants) + len(kernel.terms)
        states = {(term.state, term.way) for term in kernel.terms}
        assert len(entries(list(lines))) == len(kernel.constants) + len(states)


def test_a_mass_is_printed_under_its_own_name() -> None:
    groups = []
    for group in KERNELS["M1"].groups:
        renamed = tuple(replace(a, name="M_X") if a.kind == "mass" else a for a in group.arguments)
        groups.append(replace(group, arguments=renamed))
    printed = "\n".join(formula_sections(replace(KERNELS["M1"], groups=tuple(groups)))["amplitudes"])
    assert r"\mathtt{vector.M\_X}^{-2}" in printed
    assert "mass" not in printed
