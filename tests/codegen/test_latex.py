"""The formulas as LaTeX, read back and evaluated: they are what the evaluators compute."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
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
        (r"2\^\{-\[\\mathtt\{(.*?)\} = \\mathtt\{full\}\]\}", r'(0.5 if v["\1"] == "full" else 1)'),
        (r"\[\\mathtt\{(.*?)\} = \\mathtt\{unitary\}\]", r'(v["\1"] == "unitary")'),
        (r"\|\\Pi_\{\\mathtt\{(.*?)\}\}\|\^2", r'abs(v["\1.Pi"]) ** 2'),
        (r"\\mathrm\{(Re|Im)\}\\,\\Pi_\{\\mathtt\{(.*?)\}\}", r'\1(v["\2.Pi"])'),
        (r"\\mathtt\{(.*?)\}", r'v["\1"]'),
        (r"\\tfrac\{(\d+)\}\{(\d+)\}", r"(\1 / \2)"),
        (r"\\mathrm\{(Re|Im)\}\(X_\{(\d+)\} X_\{(\d+)\}\^\*\)", r"\1(X[\2] * X[\3].conj())"),
        (r"T_\\(\w+)", r'v["T_\1"]'),
        (r"\bq_z", 'v["qz"]'),
        (r"\bq_0", 'v["q0"]'),
        (r"\bm_([+-])", r'v["m\1"]'),
        (r"\b([sPD])\b(?!\.)", r'v["\1"]'),
        (r"\bi\b", "1j"),
        (r"\\_", "_"),
        (r"\^\{(-?\d+)\}", r" ** \1"),
        (r"\\,", " * "),
    ):
        formula = re.sub(pattern, replacement, formula)
    assert "\\" not in formula, formula
    return formula


def value(formula: str, v: Mapping[str, Any], X: Any = ()) -> Any:
    return eval(python(formula), {"v": v, "X": X, "Re": np.real, "Im": np.imag})


def symbols(kernel: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    masses = np.array(MASSES)
    m_i, m_j = masses[:, None], masses[None, :]
    K = arguments["imprinted_momentum"]
    s = (E_EG + K) * (E_EG - K - 2 * OMEGA)
    tensor = arguments["atomic_tensor"]
    v: dict[str, Any] = {
        "qz": OMEGA + K, "q0": E_EG - OMEGA, "s": s, "P": m_i * m_j, "m-": m_i - m_j, "m+": m_i + m_j,
        "D": (m_i - m_j) ** 2, "dipole_length": 1.7, "m1": arguments["m1"], "T_parallel": tensor[2, 2].real,
        "T_perp": (tensor[0, 0] + tensor[1, 1]).real, "T_circ": 2 * tensor[0, 1].imag,
    }  # fmt: skip
    v |= {constant.name: float(constant.value) for constant in kernel.constants}
    for group in renp_generated.GROUPS:
        given = arguments if not group.keyword else arguments[group.keyword]
        prefix = f"{group.keyword}." if group.keyword else ""
        for argument in group.arguments:
            v[prefix + argument.name] = given.get(argument.name, argument.default)
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
    X = []
    for name, line in entries(list(sections["channels"])).items():
        matrix = value(line, v) * np.ones((3, 3))
        sign = 1 if name.endswith("+") else -1
        X.append(matrix + sign * matrix.T if nature == "majorana" else matrix)
    F = {name: value(line, v) for name, line in entries(list(sections["factors"])).items()}
    t = v["s"] - v["m+"] ** 2
    total: Any = 0.0
    for name, line in entries(list(sections["weights"])).items():
        factor, power = re.fullmatch(r"K_\{(\d+),(\d+)\}", name).groups()  # type: ignore[union-attr]
        total = total + value(line, v, X) * F[f"F_{{{factor}}}"] * t ** int(power)
    total = total * np.sqrt(np.maximum(t, 0) * (t + 4 * v["P"]))
    if nature == "majorana":
        total = total / 2
    # The sum over i <= j of both orders is the sum over all ordered pairs.
    expected = total.sum() / v["s"] ** kernel.s_power * (1 / (E_VG - OMEGA) + 0.3 / (2.7 - v["q0"])) ** 2
    np.testing.assert_allclose(
        renp_generated.spectral_function(OMEGA, **arguments), expected, rtol=tolerance("latex-read-back"), atol=0
    )


def test_every_weight_factor_and_channel_is_printed() -> None:
    for kernel in KERNELS.values():
        sections = formula_sections(kernel)
        assert len(entries(list(sections["channels"]))) == len(kernel.channels)
        assert len(entries(list(sections["factors"]))) == len(kernel.factors)
        assert len(entries(list(sections["weights"]))) == len(kernel.weights)


def test_a_mass_is_printed_under_its_own_name() -> None:
    groups = []
    for group in KERNELS["M1"].groups:
        renamed = tuple(replace(a, name="M_X") if a.kind == "mass" else a for a in group.arguments)
        groups.append(replace(group, arguments=renamed))
    printed = "\n".join(formula_sections(replace(KERNELS["M1"], groups=tuple(groups)))["channels"])
    assert r"\mathtt{vector.M\_X}^{-2}" in printed
    assert "mass" not in printed
