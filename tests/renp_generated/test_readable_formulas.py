"""Every readable formula against the evaluators, in NumPy and in any other array library."""

from __future__ import annotations

import inspect
import itertools
import math
import random
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest

import renp_generated
from codegen.formulas.formula import identifier
from derivations.algebra.ring import CLOSED
from derivations.processes.renp.couplings import couplings
from derivations.processes.renp.formulas import gram_formulas
from derivations.processes.renp.interference import kinematic_factor
from derivations.processes.renp.kernel import CONTACT
from derivations.processes.renp.spectrum import SpectralFunction, spectral_function
from renp.generate import shipped
from renp.model import Model, shipped_model
from renp_generated import FUNCTIONS, formulas, vertices
from renp_generated.runtime.verify import random_arguments
from tests.renp_generated.readable import (
    NATURES,
    RECORDS,
    STEPS,
    SUMMANDS,
    chosen,
    conventional,
    edges,
    error,
    examples,
    natural,
)
from tests.tolerances import tolerance


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("name", SUMMANDS)
def test_a_summand_gives_the_spectral_function(name: str, nature: str) -> None:
    step = "E1" if "_e1_" in name else "M1"
    interaction, at_threshold = name.partition("_e1_summand" if step == "E1" else "_summand")[0], "_threshold" in name
    model, function = Model(*{interaction} - {"standard_model"}), getattr(formulas, name)
    both = tuple(dict.fromkeys(("standard_model", interaction)))
    for trial in range(3):
        arguments = random_arguments(FUNCTIONS, vertices, f"{name} {trial}", both, nature, step, 3, "averaged")
        arguments = conventional(model, arguments, narrow=not at_threshold)
        for share in (0.3, 0.8):
            assert error(function, model, share * edges(arguments)[0], arguments) < tolerance("formula")
        for edge, k in itertools.product(edges(arguments), (3, 7, 11, 15)) if at_threshold else ():
            assert error(function, model, edge * (1 - 10.0**-k), arguments) < tolerance("formula")


def test_the_papers_form_loses_at_threshold_what_the_other_keeps() -> None:
    arguments = random_arguments(FUNCTIONS, vertices, "edge", ("standard_model",), "majorana", "M1", 1, "averaged")
    near = edges(arguments)[0] * (1 - 1e-13)
    errors = [
        error(getattr(formulas, f"standard_model_summand{e}"), Model(), near, arguments) for e in ("", "_threshold")
    ]
    assert errors[0] > 1e-6 > tolerance("formula") > errors[1]


# ---------------------------------------------------------------- structure functions


def gram(step: str, names: tuple[str, str], part: str, seen: set[str]) -> Callable[..., Any] | None:
    name = f"gram_{step.lower()}_{names[0]}_{names[1]}_{part}"
    function = getattr(formulas, name, None)
    if function is not None:
        seen.add(name)
    return function


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("step", STEPS)
def test_all_structure_functions_together_give_the_spectral_function(step: str, nature: str) -> None:
    names = tuple(interaction.name for interaction in shipped())
    arguments = random_arguments(FUNCTIONS, vertices, f"gram {step} {nature}", names, nature, step, 2, "general")
    arguments = conventional(shipped_model(), arguments, narrow=False)
    values, tensor = natural(shipped_model(), arguments), arguments["atomic_tensor"]
    weights = {"along": tensor[2, 2], "across": tensor[0, 0] + tensor[1, 1], "circular": tensor[0, 1] - tensor[1, 0]}
    seen: set[str] = set()
    for omega in (0.4 * edges(arguments)[0], edges(arguments)[0] * (1 - 1e-6)):
        total = 0.0
        for i, j in itertools.product(range(2), repeat=2):
            pair = {
                "omega": omega,
                "E_eg": arguments["E_eg"],
                "m_i": arguments["masses"][i],
                "m_j": arguments["masses"][j],
            }
            delta = float(formulas.Delta_ij(**pair))
            kinematics = pair | {
                "t": float(formulas.distance_to_threshold(**pair)), "q": omega, "q_0": arguments["E_eg"] - omega,
            }  # fmt: skip
            rows = amplitudes(step, omega, i, j, values)
            for (n, left), (m, right) in itertools.product(enumerate(rows), repeat=2):
                if n > m:
                    continue
                for part, weight in weights.items():
                    function = gram(step, (left[0], right[0]), part, seen)
                    if function is not None:
                        term = left[1] * np.conj(right[1]) * weight * complex(function(**chosen(function, kinematics)))
                        total += delta / 8 * term.real * (1 if n == m else 2)
        total *= (0.5 if nature == "majorana" else 1.0) / (arguments["E_vg"] - omega) ** 2
        expected = renp_generated.spectral_function(omega, **arguments)
        assert abs(total / expected - 1) < tolerance("formula")
    assert seen == {name for name in RECORDS if name.startswith(f"gram_{step.lower()}_")}


@cache
def derived(step: str) -> SpectralFunction:
    return spectral_function(shipped(), step)


def amplitudes(step: str, omega: float, i: int, j: int, values: Mapping[str, Any]) -> list[tuple[str, complex]]:
    """Return each row with its amplitude in units of ``G_F/sqrt(2)``, both contractions for Majorana neutrinos."""
    spectral = derived(step)
    symbols = {(c.interaction, c.coupling): str(c.symbols[0]) for c in couplings(shipped())}
    poles = {c.interaction: (c.kind, str(c.symbols[0])) for c in couplings(shipped()) if c.kind == "mass"}
    widths = {c.interaction: str(c.symbols[0]) for c in couplings(shipped()) if c.kind == "width"}
    masses = [values["m_i"][k, 0] for k in range(2)]
    result = [0j] * len(spectral.rows)
    for term in spectral.amplitude.terms:
        coefficient = term.coefficient
        for (a, b), sign in (((i, j), 1), ((j, i), spectral.rows[term.row].eta * values["delta_M"])):
            difference, total = masses[a] - masses[b], masses[a] + masses[b]
            s = values["E_eg"] * (values["E_eg"] - 2 * omega)
            point = [
                s - total**2,
                masses[a] * masses[b],
                difference**2,
                omega,
                values["E_eg"] - omega,
                difference,
                total,
            ]
            number = complex(0)
            for monomial, c_ in kinematic_factor(term).items():
                assert len(monomial) == len(CLOSED.gens) == len(point)
                factor = complex(
                    int(c_.x.numerator) / int(c_.x.denominator), int(c_.y.numerator) / int(c_.y.denominator)
                )
                number += factor * math.prod(x**p for x, p in zip(point, monomial, strict=True))
            number *= formulas.m_e**-coefficient.m_e * (values["r"] if step == "E1" else 1.0)
            if coefficient.propagator == "contact":
                number *= float(CONTACT[coefficient.constant][0])
            else:
                number *= math.sqrt(2) / formulas.G_F * (formulas.e if coefficient.constant == "e" else 1.0)
            if coefficient.propagator == "photon":
                number /= s
            elif coefficient.propagator == "massive":
                mass, width = values[poles[term.interaction][1]], values[widths[term.interaction]]
                number /= s - mass**2 + 1j * mass * width
            elif coefficient.propagator == "longitudinal":
                continue
            if term.electron is not None:
                number *= values[symbols[term.interaction, term.electron]]
            matrix = np.asarray(values[symbols[term.interaction, term.neutrino]])
            result[term.row] += sign * number * (matrix[a, b] if matrix.ndim else 0.0)
    return [(row.name, value) for row, value in zip(spectral.rows, result, strict=True)]


def test_diagonal_structure_functions_are_sums_of_positive_terms() -> None:
    for step in STEPS:
        spectral = derived(step)
        for entry, formula in zip(spectral.gram, gram_formulas(spectral), strict=True):
            if entry.n == entry.m:
                names = {d.symbol: d.symbol for d in formula.definitions}
                coefficients = formula.result.xreplace(names).expand().as_coefficients_dict()
                assert all(number > 0 for number in coefficients.values()), formula.name


# ---------------------------------------------------------------- kinematics


PAIRS = [(0.4, 2.1, 0.05, 0.3), (0.95, 2.1, 0.2, 0.01), (0.9, 2.14349, 0.1, 0.1)]


@pytest.mark.parametrize(("omega", "E_eg", "m_i", "m_j"), PAIRS)
def test_the_limits_of_the_energy_are_those_of_momentum_conservation(
    omega: float, E_eg: float, m_i: float, m_j: float
) -> None:
    pair = {"omega": omega, "E_eg": E_eg, "m_i": m_i, "m_j": m_j}
    ends = [float(function(**pair)) for function in (formulas.energy_min, formulas.energy_max)]
    for energy in ends:
        p_i, p_j = math.sqrt(energy**2 - m_i**2), math.sqrt((E_eg - omega - energy) ** 2 - m_j**2)
        assert min(abs(p_i + p_j - omega), abs(abs(p_i - p_j) - omega)) < tolerance("formula") * E_eg
    length = (ends[1] - ends[0]) / (8 * math.pi * omega)
    assert float(formulas.phase_space(**pair)) == pytest.approx(length, rel=tolerance("formula"), abs=0)
    assert float(formulas.pair_mass_squared(omega=omega, E_eg=E_eg)) == pytest.approx(
        E_eg**2 - 2 * E_eg * omega, rel=1e-6, abs=0
    )


def test_the_distance_to_threshold_keeps_every_digit() -> None:
    rng = random.Random(1)
    for _ in range(300):
        E_eg, m_i, m_j = rng.uniform(1, 9), rng.uniform(0, 0.3), rng.uniform(1e-6, 0.3)
        edge = float(formulas.threshold(E_eg=E_eg, m_i=m_i, m_j=m_j))
        omega = edge * (1 - 10.0 ** -rng.uniform(0, 16))
        E, w, m = Fraction(E_eg), Fraction(omega), Fraction(m_i) + Fraction(m_j)
        exact = E * (E - 2 * w) - m**2
        found = float(formulas.distance_to_threshold(omega=omega, E_eg=E_eg, m_i=m_i, m_j=m_j))
        assert abs(Fraction(found) - exact) <= abs(exact) * Fraction(tolerance("two-part"))


def test_a_closed_channel_adds_exactly_nothing_and_warns_of_nothing() -> None:
    omega = np.array([0.5, 1.06, 1.0717449, 1.0717450, 1.2])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in SUMMANDS:
            function = getattr(formulas, name)
            arguments = {
                identifier(a.symbol): complex(a.value) if a.is_complex else float(a.value)
                for a in RECORDS[name].arguments
            }
            arguments |= {"omega": omega, "E_eg": 2.14349, "m_i": 0.1, "m_j": 0.1}
            found = function(**arguments)
            assert (found != 0).tolist() == [True, True, False, False, False]
        for function in (formulas.Delta_ij, formulas.phase_space):
            assert function(omega=omega, E_eg=2.14349, m_i=0.1, m_j=0.1)[2:].tolist() == [0, 0, 0]
        assert np.isnan(formulas.energy_min(omega=omega, E_eg=2.14349, m_i=0.1, m_j=0.1)).tolist() == [
            False,
            False,
            True,
            True,
            True,
        ]


def test_what_is_not_a_number_stays_so() -> None:
    for name in SUMMANDS:
        arguments = {
            identifier(a.symbol): complex(a.value) if a.is_complex else float(a.value) for a in RECORDS[name].arguments
        }
        for argument in arguments:
            with np.errstate(invalid="ignore"):
                found = getattr(formulas, name)(**arguments | {argument: math.nan})
            assert np.isnan(found), (name, argument)


# ---------------------------------------------------------------- other array libraries


def test_any_array_namespace_will_do() -> None:
    strict = pytest.importorskip("array_api_strict")
    for formula in RECORDS.values():
        function, values = getattr(formulas, formula.name), examples(formula)
        expected = complex(function(**values))
        first = next(iter(values))
        for given in (
            {name: strict.asarray([value, value]) for name, value in values.items()},
            values | {first: strict.asarray([values[first]] * 2)},
        ):
            found = function(**given)
            assert found.__array_namespace__() is strict
            assert abs(np.asarray(found) / expected - 1).max() < tolerance("formula")


def test_numbers_lists_and_arrays_give_the_same() -> None:
    given = {"omega": 1, "E_eg": 3, "E_vg": 4, "m_i": [0, 0.5], "m_j": 0.25, "delta_M": 0, "a_ij": [1, 2], "v_ij": 0}
    found = formulas.standard_model_summand(**given)
    one = formulas.standard_model_summand(**given | {"m_i": 0.5, "a_ij": 2 + 0j})
    assert found.shape == (2,)
    assert found[1] == one


def test_derivatives_in_jax_are_finite_on_both_sides_of_a_threshold() -> None:
    jax = pytest.importorskip("jax")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jax.config.update("jax_enable_x64", True)
    values = examples(RECORDS["standard_model_summand_threshold"])

    def function(omega: Any) -> Any:
        return formulas.standard_model_summand_threshold(**values | {"omega": omega})

    both = jax.jit(jax.vmap(jax.value_and_grad(function)))
    found, slopes = both(jax.numpy.asarray([0.5, 0.96, 0.97, 0.99, 1.1]))
    expected = np.array([float(function(omega)) for omega in (0.5, 0.96, 0.97, 0.99, 1.1)])
    assert np.allclose(found, expected, rtol=tolerance("formula"), atol=0)
    assert np.isfinite(slopes).all()
    step = 1e-6
    difference = (float(function(0.5 + step)) - float(function(0.5 - step))) / (2 * step)
    assert float(slopes[0]) == pytest.approx(difference, rel=tolerance("formula-slope"), abs=0)


# ---------------------------------------------------------------- the module


def test_the_module_needs_numpy_alone() -> None:
    code = (
        "import sys, importlib.util as u; before = set(sys.modules)\n"
        f"spec = u.spec_from_file_location('formulas', {formulas.__file__!r}); m = u.module_from_spec(spec)\n"
        "spec.loader.exec_module(m)\n"
        "print(sorted({n.partition('.')[0] for n in set(sys.modules) - before} & {'sympy', 'scipy', 'mpmath', 'renp', 'codegen'}))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_package_loads_its_formulas_when_they_are_asked_for() -> None:
    code = (
        "import sys, renp_generated; print('renp_generated.formulas' in sys.modules)\n"
        "print(renp_generated.formulas.threshold(E_eg=2.0, m_i=0.0, m_j=0.0))\n"
        "print(hasattr(renp_generated, 'formula'))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.split() == ["False", "1.0", "False"]


def test_every_function_says_where_it_comes_from() -> None:
    for formula in RECORDS.values():
        docstring = inspect.getdoc(getattr(formulas, formula.name)) or ""
        assert formula.provenance.steps
        for step in formula.provenance.steps:
            assert step in docstring
        for argument in formula.arguments:
            units = "" if argument.units == "1" else f" [{argument.units}]"
            assert f"{identifier(argument.symbol)} : " in docstring
            assert f"{argument.doc}{units}" in docstring
        assert f"{formula.name}(" in docstring.partition("Example")[2]
