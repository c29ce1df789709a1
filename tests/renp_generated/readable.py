"""Arguments of evaluators as arguments of readable formulas, for the tests of both."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from codegen.formulas.formula import Formula, identifier
from derivations.processes.renp.couplings import couplings
from renp.generate import formula_records
from renp.model import Model
from renp_generated import FUNCTIONS, formulas

RECORDS = {formula.name: formula for formula in formula_records()}
SUMMANDS = [name for name in RECORDS if "summand" in name]
UNITS = {"mu_B": formulas.mu_B, "cm^2": formulas.hbar_c**-2, "cm": 1 / formulas.hbar_c}
STEPS = ("M1", "E1")
NATURES = ("dirac", "majorana")


def natural(model: Model, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of an evaluator as those of the model's formulas: an axis for i, one for j, powers of eV."""
    masses = np.asarray(arguments["masses"])
    result = {name: arguments[name] for name in ("E_eg", "E_vg")}
    result |= {"m_i": masses[:, None], "m_j": masses, "delta_M": float(arguments["nature"] == "majorana")}
    result["r"] = formulas.bohr_radius * arguments["dipole_length"]
    groups = {group.name: (group.keyword, {x.name: x for x in group.arguments}) for group in model.functions.groups}
    for coupling in couplings(model.interactions):
        keyword, known = groups[coupling.interaction]
        given = arguments.get(keyword, {}) if keyword else arguments
        value = np.asarray(given.get(coupling.coupling, 0.0)) * UNITS.get(known[coupling.coupling].units, 1.0)
        for symbol, turned in zip(coupling.symbols, (value, value.T), strict=False):
            result[symbol.name] = turned if value.ndim or len(coupling.symbols) == 1 else value
    return result


def chosen(function: Callable[..., Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in inspect.signature(function).parameters if name in values}


def conventional(model: Model, arguments: dict[str, Any], *, narrow: bool) -> dict[str, Any]:
    """Return arguments in the conventions of the formulas; without widths for the papers' form."""
    for group in model.functions.groups:
        given = arguments.get(group.keyword) if group.keyword else None
        for argument in group.arguments if given else ():
            if argument.kind == "choice":
                given.pop(argument.name, None)
            if argument.kind == "width" and narrow:
                given[argument.name] = 0.0
    return arguments


def edges(arguments: Mapping[str, Any]) -> list[float]:
    sums = np.add.outer(arguments["masses"], arguments["masses"])[np.triu_indices(len(arguments["masses"]))]
    return sorted(float(arguments["E_eg"] / 2 - total**2 / (2 * arguments["E_eg"])) for total in sums)


def error(function: Callable[..., Any], model: Model, omega: float, arguments: Mapping[str, Any]) -> float:
    shipped_ones = {group.name for group in FUNCTIONS.groups}
    known = FUNCTIONS if {group.name for group in model.functions.groups} <= shipped_ones else model.functions
    expected = known.spectral_function(omega, **arguments)
    found = function(omega=omega, **chosen(function, natural(model, arguments)))
    assert found.shape == (len(arguments["masses"]),) * 2
    return abs(float(found.sum()) / expected - 1) if expected else abs(float(found.sum()))


def examples(formula: Formula) -> dict[str, Any]:
    return {
        identifier(argument.symbol): complex(argument.value) if argument.is_complex else float(argument.value)
        for argument in formula.arguments
    }
