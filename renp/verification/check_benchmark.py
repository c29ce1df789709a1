"""How large the error of a formula is: printed and derived spectrum on the papers' benchmark, in floating point.

The couplings of the weak current are those of the benchmark. Each other matrix gets one Hermitian pattern, so large that alone
it would give the rate of the weak current: an error in any of them shows.
"""

from __future__ import annotations

import cmath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from derivations.interactions.model import WEAK
from derivations.ledger.check.derived import Comparison, Conditions, derived, ingredients
from derivations.ledger.check.evaluate import Undecided, value
from derivations.ledger.check.formula import Formula
from derivations.ledger.check.judge import NATURES, Setting
from derivations.ledger.check.vocabulary import Symbol, Values, vocabulary
from derivations.written.nodes import ZERO, FormulaError, Node

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ENERGIES", "Size", "error_figure", "relative_errors", "require_spectrum", "spectra"]

ENERGIES: Final = (1.06, 1.069, 1.0708, 1.0716)
"""Photon energies [eV] of the reported errors: below and between the thresholds of the benchmark."""
MEDIATOR_MASS: Final = 10.0
"""Mass of a mediator [eV]: heavier than every pair, so that nothing is resonant."""
LIGHTEST: Final = 0.01
_ROUNDING: Final = 1e-9
"""Relative errors below it are those of floating point."""


@dataclass(frozen=True)
class FloatDomain:
    """Complex floating-point numbers."""

    def number(self, value: Fraction) -> complex:
        """Return a number."""
        return complex(value.numerator / value.denominator)

    @property
    def imaginary(self) -> complex:
        """The imaginary unit."""
        return 1j

    def root(self, value: complex) -> complex:
        """Return the root with the positive real part."""
        return cmath.sqrt(value)

    def step(self, node: Node, names: Mapping[str, Any]) -> complex:
        """Return the step function."""
        return complex(value(node, names, self).real > 0)


@dataclass(frozen=True)
class _Benchmark:
    E_eg: float
    E_vg: float
    masses: list[float]
    plain: dict[str, list[list[complex]]]


def _benchmark() -> _Benchmark:
    from renp.inputs.atoms import ATOMS
    from renp.inputs.benchmarks import BENCHMARK_SET
    from renp.inputs.oscillation import axial_couplings, masses, mixing_matrix, vector_couplings

    atom, mixing = ATOMS["Yb"], mixing_matrix(BENCHMARK_SET)
    matrices = {"axial": axial_couplings(mixing), "vector_weak": vector_couplings(mixing)}
    plain = {name: [[complex(x) for x in row] for row in matrix] for name, matrix in matrices.items()}
    return _Benchmark(atom.E_eg, atom.E_vg, [float(m) for m in masses(BENCHMARK_SET, LIGHTEST)], plain)


def _pattern(i: int, j: int) -> complex:
    return complex(1, 0.4 * ((i < j) - (i > j))) if i != j else complex(1 + 0.2 * i)


def _base(
    data: _Benchmark, omega: float, i: int, j: int, symbols: tuple[Symbol, ...], sizes: Mapping[Symbol, float]
) -> dict[str, complex]:
    from math import pi

    from renp.inputs.constants import ELECTRON_CHARGE, ELECTRON_MASS, FERMI_CONSTANT

    base: dict[str, complex] = {
        "s": data.E_eg * (data.E_eg - 2 * omega), "omega": omega, "q0": data.E_eg - omega, "m_i": data.masses[i],
        "m_j": data.masses[j], "E_vg": data.E_vg, "E_nu": (data.E_eg - omega) / 2, "m_e": ELECTRON_MASS, "G_F": FERMI_CONSTANT,
        "pi": pi, "e": ELECTRON_CHARGE,
    }  # fmt: skip
    for symbol in symbols:
        if symbol.is_matrix:
            for pair, (first, second) in (("ij", (i, j)), ("ji", (j, i))):
                element = (
                    data.plain[symbol.coupling][first][second]
                    if symbol.interaction == WEAK
                    else _pattern(first, second)
                )
                element *= sizes.get(symbol, 1.0)
                base[f"Re {symbol.name}_{pair}"], base[f"Im {symbol.name}_{pair}"] = (
                    complex(element.real),
                    complex(element.imag),
                )
        else:
            base[symbol.name] = {"mass": MEDIATOR_MASS, "width": 0.01 * MEDIATOR_MASS}.get(symbol.kind, 1.0)
    return {name: complex(number) for name, number in base.items()}


def spectra(
    formula: Formula, setting: Setting, omegas: tuple[float, ...], nature: int
) -> Iterator[tuple[float, float, float]]:
    """Yield photon energy [eV], printed and derived I(omega) for a bracket or a summand.

    Raises
    ------
    Undecided, FormulaError, KeyError : the formula has no value there.
    """
    known = vocabulary(setting.interactions)
    elements = known.elements()
    named = frozenset(elements[name] for name in formula.named() if name in elements)
    symbols = tuple(symbol for symbol in known.symbols if symbol in named)
    data, parts = _benchmark(), ingredients(setting.interactions)
    conditions = Conditions() if setting.tensor is None else Conditions(tensor=setting.tensor)
    question = Comparison(known, named, conditions)

    def total(omega: float, what: Formula | None, sizes: Mapping[Symbol, float], asked: Comparison) -> float:
        result = 0.0
        for i, m_i in enumerate(data.masses):
            for j, m_j in enumerate(data.masses):
                base = _base(data, omega, i, j, symbols, sizes)
                if base["s"].real <= (m_i + m_j) ** 2:
                    continue
                values = Values(base, known, FloatDomain(), nature, (what or Formula(ZERO)).further())
                number = (
                    derived(setting.quantity, parts, asked, values)
                    if what is None
                    else what.value(values, FloatDomain())
                )
                if setting.quantity == "bracket":
                    number *= values["Delta_ij"] / (data.E_vg - omega) ** 2
                result += complex(number).real
        return result

    sizes = _sizes(symbols, question, total)
    for omega in omegas:
        yield omega, total(omega, formula, sizes, question), total(omega, None, sizes, question)


def _sizes(symbols: tuple[Symbol, ...], question: Comparison, total: Any) -> dict[Symbol, float]:
    """Return how large each matrix is to be, so that alone it gives a rate of the size of the weak one."""
    sizes: dict[Symbol, float] = {}
    others = frozenset(symbol for symbol in symbols if not symbol.is_matrix)
    for symbol in symbols:
        if symbol.is_matrix and symbol.interaction != WEAK:
            alone = total(ENERGIES[0], None, {}, Comparison(question.known, others | {symbol}, question.conditions))
            sizes[symbol] = (0.1 / alone) ** 0.5 if alone > 0 else 1.0
    return sizes


@dataclass(frozen=True)
class Size:
    """How large an error is: the ``nature`` in which it shows, 0 Dirac and 1 Majorana, and ``errors`` by photon energy [eV]."""

    nature: int
    errors: dict[str, float]


def relative_errors(formula: Formula, setting: Setting) -> Size:
    """Return (printed - derived)/derived by photon energy [eV], empty without a spectrum.

    Of the natures that are asked for it is the last one in which the formula fails there.
    """
    natures = NATURES[setting.nature][::-1]
    found = [Size(nature, _errors(formula, setting, nature)) for nature in natures]
    return next((one for one in found if any(one.errors.values())), found[0])


def _errors(formula: Formula, setting: Setting, nature: int) -> dict[str, float]:
    if setting.quantity not in ("bracket", "summand"):
        return {}
    try:
        found = list(spectra(formula, setting, ENERGIES, nature))
    except (Undecided, FormulaError, KeyError, ZeroDivisionError, OverflowError):
        return {}
    return {f"{omega:g}": _error(printed, right) for omega, printed, right in found if right}


def _error(printed: float, right: float) -> float:
    error = printed / right - 1 if right else 0.0
    return error if abs(error) > _ROUNDING else 0.0


def require_spectrum(quantity: str) -> None:
    """Raise ``ValueError`` for a quantity that is no spectrum, of which there is no plot."""
    if quantity not in ("bracket", "summand"):
        raise ValueError(f"--plot shows spectra: quantity is to be bracket or summand, found {quantity!r}")


def error_figure(formula: Formula, setting: Setting, points: int = 200) -> Figure:
    """Return a plot of printed and derived spectrum and of the relative error on the benchmark.

    Raises
    ------
    ValueError : a quantity that is no spectrum.
    """
    require_spectrum(setting.quantity)
    from renp.studies.figures.captions import caption
    from renp.studies.figures.curves import look
    from renp.studies.figures.panels import OMEGA_LABEL, energies, subplots
    from renp.studies.figures.plotting import style

    nature = relative_errors(formula, setting).nature
    omegas = tuple(float(x) for x in energies(number=points))
    found = list(spectra(formula, setting, omegas, nature))
    with style():
        figure, (above, below) = subplots(rows=2, height=6.0)
        above.plot(omegas, [right for _, _, right in found], **look(0))
        above.plot(omegas, [printed for _, printed, _ in found], **look(1))
        above.set_ylabel(r"$I(\omega)$")
        # Curves with names of their own merge where they coincide to the eye.
        above.legend(above.lines, ["derived", "printed"])
        below.plot(omegas, [_error(printed, right) for _, printed, right in found])
        below.set_xlabel(OMEGA_LABEL)
        below.set_ylabel("relative error of what is printed")
        caption(
            figure,
            f"the benchmark: Yb, {'Majorana' if nature else 'Dirac'} neutrinos, normal ordering, lightest {LIGHTEST:g} eV; "
            "new couplings of the size of the weak rate",
        )
    return figure
