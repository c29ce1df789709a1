"""What is right: every quantity that a formula can be compared with, from the derivation, in any arithmetic.

The spectral derivation hands over its rows, the terms of the amplitude and the Gram matrix of structure functions; here they are
put together for one ordered pair ij. Nothing is printed and nothing is simplified: each arithmetic makes of it what it can.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any, Final

from derivations.interactions.model import WEAK, Interaction
from derivations.ledger.check.evaluate import Domain, Value
from derivations.ledger.check.other_processes import (
    GENERATORS,
    KINEMATICS,
    PROCESSES,
    ProcessParts,
    nuclear_symbols,
    process_parts,
    process_value,
)
from derivations.ledger.check.vocabulary import PLAIN, Symbol, Values, Vocabulary, generators, vocabulary
from derivations.neutrino.pair_phase_space import ClosedForm
from derivations.neutrino.rows import AmplitudeTerm, Row
from derivations.neutrino.spin_sums import PARTS, dressed, structure_functions
from derivations.processes.renp.kernel import CONTACT
from derivations.processes.renp.spectrum import spectral_function

Tensor = tuple[Fraction, Fraction, tuple[Fraction, Fraction]]
"""An atomic tensor: along q, across q, and the real and imaginary part of the antisymmetric part, ``T_xy - T_yx``."""
AVERAGED: Final[Tensor] = (Fraction(1, 3), Fraction(2, 3), (Fraction(0), Fraction(0)))


@dataclass(frozen=True)
class Quantity:
    """A quantity of the contract: its name, its mass dimension, whether it is made of couplings and summed over i and j."""

    name: str
    dimension: int
    couplings: bool
    words: str
    summed: bool = True

    @property
    def kinematics(self) -> tuple[tuple[str, ...], str] | None:
        """The kinematic symbols of a process that is not pair emission by an atom, and what is allowed in words."""
        return KINEMATICS.get(self.name)

    @property
    def plain(self) -> tuple[str, ...]:
        """The generators beside those of pair emission and of the couplings."""
        return (*PLAIN, *GENERATORS.get(self.name, ()))


QUANTITIES: Final[Mapping[str, Quantity]] = {
    quantity.name: quantity
    for quantity in (
        Quantity("summand", 0, True, "the contribution of one ordered pair to I(omega)"),
        Quantity("bracket", 2, True, "what multiplies Delta_ij/(E_vg - omega)^2 in I(omega)"),
        Quantity("spin_sum", 2, True, "T_kl A^k A^l* summed over spins, over 4 G_F^2, a function of E_nu"),
        Quantity("pair_mass_squared", 2, False, "the invariant mass squared of the pair"),
        Quantity("threshold", 1, False, "the highest photon energy of a pair"),
        Quantity("energy_min", 1, False, "the lowest energy of the neutrino"),
        Quantity("energy_max", 1, False, "the highest energy of the neutrino"),
        Quantity("electron_scattering", -3, True, "dsigma/dT of massless nu_i e -> nu_j e, helicity minus", False),
        Quantity(
            "coherent_scattering", -3, True, "dsigma/dT of massless nu_i N -> nu_j N on spin 0, helicity minus", False
        ),
        Quantity("radiative_decay", 1, True, "the width of nu_i -> nu_j gamma in vacuum", False),
        Quantity("plasmon_decay", 1, True, "the width of one polarisation of a plasmon with Z = 1 to nu_i nubar_j"),
    )
}


@dataclass(frozen=True)
class Conditions:
    """Under which conventions a quantity is derived.

    Attributes
    ----------
    tensor : the atomic tensor.
    unitary : whether massive vectors have the numerator ``g - q q / M^2``.
    full : whether the magnetic operator is L + 2S instead of 2S.
    scales : factors of couplings, by symbol; for Majorana neutrinos those of ``majorana_scales`` as well.
    """

    tensor: Tensor = AVERAGED
    unitary: bool = False
    full: bool = False
    scales: Mapping[Symbol, Callable[[Values], Value]] = field(default_factory=dict)
    majorana_scales: Mapping[Symbol, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Ingredients:
    """What the derivation hands over, and the places where physics can go wrong.

    Attributes
    ----------
    terms : contributions to the amplitude.
    rows : the neutrino bilinears.
    closed : structure functions after the ``E_nu`` integral, (along, across, circular) of rows ``n <= m``.
    unintegrated : the same before it, as polynomials in the neutrino's momentum.
    etas : sign of the second contraction of each row.
    second : whether Majorana neutrinos have the second contraction, and whether it transposes.
    half : what makes up for the double counting of Majorana pairs.
    interference : weight of the products of different rows.
    masses : which masses the structure functions see.
    """

    terms: tuple[AmplitudeTerm, ...]
    rows: tuple[Row, ...]
    closed: Mapping[tuple[int, int], tuple[ClosedForm | None, ...]]
    unintegrated: Callable[[int, int], tuple[Any, Any, Any]]
    etas: tuple[int, ...]
    half: Fraction = Fraction(1, 2)
    second: str = "transposed"
    interference: Fraction = Fraction(1)
    masses: tuple[int, int] = (1, 1)
    conjugate: bool = True


def parts_of(quantity: str, interactions: tuple[Interaction, ...]) -> Ingredients | ProcessParts:
    """Return what the derivation of a quantity hands over."""
    return process_parts(quantity, interactions) if quantity in PROCESSES else ingredients(interactions)


def vocabulary_of(quantity: str, interactions: tuple[Interaction, ...]) -> Vocabulary:
    """Return the symbols that a formula for a quantity may name."""
    known = vocabulary(interactions)
    return nuclear_symbols(known) if quantity == "coherent_scattering" else known


@cache
def ingredients(interactions: tuple[Interaction, ...]) -> Ingredients:
    """Return what the spectral derivation of some interactions hands over (M1 pair step)."""
    spectral = spectral_function(interactions, "M1")
    closed: dict[tuple[int, int], dict[str, ClosedForm]] = {}
    for entry in spectral.gram:
        closed.setdefault((entry.n, entry.m), {})[entry.part] = entry.closed_form
    prepared = [dressed(row) for row in spectral.rows]
    return Ingredients(
        spectral.amplitude.terms,
        spectral.rows,
        {pair: tuple(found.get(part) for part in PARTS) for pair, found in closed.items()},
        cache(lambda n, m: structure_functions(prepared[n], prepared[m])),
        tuple(row.eta for row in spectral.rows),
    )


def polynomial(given: Any, values: Mapping[str, Value], domain: Domain, squares: Collection[str] = ()) -> Value:
    """Return the value of a polynomial of the derivation, whose coefficients are Gaussian rational numbers.

    Parameters
    ----------
    given : an element of one of the rings of :mod:`derivations.algebra.ring`.
    values : the values of its generators, by name.
    squares : generators that stand there in even powers alone; their squares are given.
    """
    names = [str(symbol) for symbol in given.ring.symbols]
    total = domain.number(Fraction(0))
    powers: dict[tuple[str, int], Value] = {}
    for monomial, c in sorted(given.items()):
        value = None
        for name, exponent in zip(names, monomial, strict=True):
            raised = exponent // 2 if name in squares else exponent
            if not raised:
                continue
            if (name, raised) not in powers:
                power = values[name]
                for _ in range(raised - 1):
                    power = power * values[name]
                powers[name, raised] = power
            value = powers[name, raised] if value is None else value * powers[name, raised]
        number = _gaussian(c, domain)
        total = total + (number if value is None else value * number)
    return total


def _gaussian(c: Any, domain: Domain) -> Value:
    real = domain.number(Fraction(int(c.x.numerator), int(c.x.denominator)))
    if not c.y:
        return real
    return real + domain.imaginary * domain.number(Fraction(int(c.y.numerator), int(c.y.denominator)))


# ---------------------------------------------------------------- amplitude


@dataclass(frozen=True)
class Comparison:
    """A question to the derivation: which couplings there are, and under which conditions."""

    known: Vocabulary
    named: frozenset[Symbol]
    """The symbols that the formula names; everything else is zero."""
    conditions: Conditions = Conditions()

    def active(self, term: AmplitudeTerm) -> bool:
        """Return whether the formula names the couplings of a term of the amplitude."""
        electron = term.electron is None or self.known.of(term.interaction, term.electron) in self.named
        return electron and self.matrix(term) in self.named

    def matrix(self, term: AmplitudeTerm) -> Symbol:
        """Return the symbol of the neutrino matrix of a term."""
        return self.known.of(term.interaction, term.neutrino.partition(".")[0])


def _coefficient(term: AmplitudeTerm, question: Comparison, values: Values, swapped: bool) -> Value:
    """Return what multiplies the neutrino matrix, in units of ``G_F/sqrt(2)``, for the pair ij or ji."""
    c, domain = term.coefficient, values.domain
    value = domain.number(c.real) + domain.imaginary * domain.number(c.imag)
    if swapped and c.d % 2:
        value = -value
    difference, total = values["m_i"] - values["m_j"], values["m_i"] + values["m_j"]
    for base, exponent in (
        (values["omega"], c.qz), (values["q0"], c.q0), (values["s"], c.s), (difference, c.d), (total, c.M),
    ):  # fmt: skip
        for _ in range(exponent):
            value = value * base
    for _ in range(c.m_e):
        value = value / values["m_e"]
    root2 = domain.root(domain.number(Fraction(2)))
    if c.propagator == "contact":
        scale, constants = CONTACT[c.constant]
        value = value * domain.number(scale)
    else:
        constants = (("sqrt2_over_G_F", 1), *(((c.constant, 1),) if c.constant != "1" else ()))
    named = {"sqrt2": root2, "sqrt2_over_G_F": root2 / values["G_F"]}
    for name, exponent in constants:
        for _ in range(exponent):
            value = value * (named[name] if name in named else values[name])
    value = value * _propagator(term, question, values)
    if term.electron is not None:
        value = value * _scaled(question.known.of(term.interaction, term.electron), question, values)
    if term.orbital and question.conditions.full:
        value = value * domain.number(Fraction(1, 2))
    return value


def _propagator(term: AmplitudeTerm, question: Comparison, values: Values) -> Value:
    kind, domain = term.coefficient.propagator, values.domain
    if kind == "contact":
        return domain.number(Fraction(1))
    if kind == "photon":
        return 1 / values["s"]
    mass = next(x for x in question.known.symbols if x.interaction == term.interaction and x.kind == "mass")
    square = values[mass.name] * values[mass.name]
    gap = values["s"] - square
    for width in question.known.symbols:
        if (width.interaction, width.kind) == (term.interaction, "width") and width in question.named:
            gap = gap + domain.imaginary * values[mass.name] * values[width.name]
    return 1 / gap if kind == "massive" else 1 / (gap * square)


def _scaled(symbol: Symbol, question: Comparison, values: Values, element: str = "") -> Value:
    """Return a coupling, times the factor that the conventions give it."""
    value = values[element or symbol.name]
    scale = question.conditions.scales.get(symbol)
    if scale is not None:
        value = value * scale(values)
    if values.nature and symbol in question.conditions.majorana_scales:
        value = value * values.domain.number(question.conditions.majorana_scales[symbol])
    return value


def _element(term: AmplitudeTerm, question: Comparison, values: Values, swapped: bool) -> Value:
    """Return the element ij (or ji) of the Hermitian matrix of a term."""
    symbol = question.matrix(term)
    first, second = symbol.elements[::-1] if swapped else symbol.elements
    value = _scaled(symbol, question, values, first)
    if symbol.kind == "matrix":
        return value
    other = _scaled(symbol, question, values, second).conjugate()
    return value + other if term.neutrino.endswith(".sum") else values.domain.imaginary * (value - other)


def _amplitudes(parts: Ingredients, question: Comparison, values: Values) -> list[Value | None]:
    """Return the coefficient of every row, with both contractions for Majorana neutrinos."""
    result: list[Value | None] = [None] * len(parts.rows)
    for term in parts.terms:
        longitudinal = term.coefficient.propagator == "longitudinal"
        if not question.active(term) or (longitudinal and not question.conditions.unitary):
            continue
        value = _coefficient(term, question, values, False) * _element(term, question, values, False)
        if values.nature and parts.second:
            swapped = parts.second == "transposed"
            other = _coefficient(term, question, values, swapped) * _element(term, question, values, swapped)
            value = value + other if parts.etas[term.row] > 0 else value - other
        found = result[term.row]
        result[term.row] = value if found is None else found + value
    return result


# ---------------------------------------------------------------- contraction


Structure = Callable[[int, int], tuple[Value | None, Value | None, Value | None]]


def _contracted(parts: Ingredients, question: Comparison, values: Values, structure: Structure) -> Value:
    domain, (along, across, (real, imag)) = values.domain, question.conditions.tensor
    antisymmetric = domain.number(real) + domain.imaginary * domain.number(imag)
    amplitudes = _amplitudes(parts, question, values)
    total = domain.number(Fraction(0))
    for n, left in enumerate(amplitudes):
        for m, right in enumerate(amplitudes[n:], n):
            if left is None or right is None:
                continue
            weights = (domain.number(along), domain.number(across), antisymmetric)
            given = [w * g for w, g in zip(weights, structure(n, m), strict=True) if g is not None]
            if not given:
                continue
            function = given[0]
            for further in given[1:]:
                function = function + further
            entry = left * (right.conjugate() if parts.conjugate else right) * function
            if n != m:
                entry = (entry + entry.conjugate()) * domain.number(parts.interference)
            total = total + entry
    weight = Fraction(1, 8) * (parts.half if values.nature else 1)
    return total * domain.number(weight)


def bracket(parts: Ingredients, question: Comparison, values: Values) -> Value:
    """Return what multiplies ``Delta_ij/(E_vg - omega)^2`` in the spectral function."""
    domain = values.domain
    m_i, m_j = (
        mass * domain.number(Fraction(sign))
        for mass, sign in zip((values["m_i"], values["m_j"]), parts.masses, strict=True)
    )
    difference, total = m_i - m_j, m_i + m_j
    named = {
        "t": values["s"] - total * total, "P": m_i * m_j, "D": difference * difference, "qz": values["omega"],
        "q0": values["q0"], "d": difference, "M": total,
    }  # fmt: skip

    def structure(n: int, m: int) -> tuple[Value | None, Value | None, Value | None]:
        forms = parts.closed.get((n, m), (None, None, None))
        along, across, circular = (form and _closed(form, named, values) for form in forms)
        return along, across, circular

    return _contracted(parts, question, values, structure)


def _closed(form: ClosedForm, named: Mapping[str, Value], values: Values) -> Value:
    value = polynomial(form.numerator, named, values.domain)
    for _ in range(form.power):
        value = value / values["s"]
    return value


def spin_sum(parts: Ingredients, question: Comparison, values: Values) -> Value:
    """Return the spin sum at fixed energy of the neutrino, averaged over the azimuth around q."""
    domain = values.domain
    half = domain.number(Fraction(1, 2))
    energy, m_i, m_j, omega = values["E_nu"], values["m_i"], values["m_j"], values["omega"]
    p_z = (values["q0"] * energy + (m_j * m_j - m_i * m_i - values["s"]) * half) / omega
    across_squared = (energy * energy - m_i * m_i - p_z * p_z) * half
    named = {
        "E": energy, "px": across_squared, "pz": p_z, "q0": values["q0"], "qz": omega, "M": m_i + m_j, "d": m_i - m_j,
    }  # fmt: skip

    def structure(n: int, m: int) -> tuple[Value | None, Value | None, Value | None]:
        # After the average over the azimuth px^2 stands for half the squared transverse momentum.
        along, across, circular = (
            polynomial(found, named, domain, squares=("px",)) if found else None for found in parts.unintegrated(n, m)
        )
        return along, across, circular

    return _contracted(parts, question, values, structure)


# ---------------------------------------------------------------- quantities


def derived(quantity: str, parts: Ingredients | ProcessParts, question: Comparison, values: Values) -> Value:
    """Return the derived value of a quantity for one ordered pair ij.

    Raises
    ------
    ValueError : an unknown quantity.
    """
    if isinstance(parts, ProcessParts):
        return process_value(parts, question, values)
    half = values.domain.number(Fraction(1, 2))
    match quantity:
        case "bracket":
            return bracket(parts, question, values)
        case "summand":
            gap = values["E_vg"] - values["omega"]
            return bracket(parts, question, values) * values["Delta_ij"] / gap / gap
        case "spin_sum":
            return spin_sum(parts, question, values)
        case "pair_mass_squared":
            return values["q0"] * values["q0"] - values["omega"] * values["omega"]
        case "threshold":
            return values["omega_ij"]
        case "energy_min" | "energy_max":
            split = values["m_i"] * values["m_i"] - values["m_j"] * values["m_j"]
            mean = values["q0"] * half * (values.domain.number(Fraction(1)) + split / values["s"])
            width = values["omega"] * values["Delta_ij"] * half
            return mean - width if quantity == "energy_min" else mean + width
    raise ValueError(f"quantity must be one of {', '.join(QUANTITIES)}, found {quantity!r}")


@cache
def _weak() -> tuple[Ingredients, Comparison]:
    from derivations.interactions.reader import shipped_interactions

    chosen = tuple(one for one in shipped_interactions() if one.name == WEAK)
    parts, known = ingredients(chosen), vocabulary(chosen)
    # The matrix of the operator that is not suppressed by 1/m_e.
    leading = next(term.neutrino for term in parts.terms if not term.coefficient.m_e)
    return parts, Comparison(known, frozenset([known.of(WEAK, leading)]))


def dirac_function(values: Values) -> Value:
    """Return ``I^D_ij``: the bracket of the weak current of Dirac neutrinos for ``a_ij = 1``, averaged over the atom."""
    parts, question = _weak()
    one = values.domain.number(Fraction(1))
    (symbol,) = question.named
    real, imag = generators([symbol])
    base = {**values.base, real: one, imag: values.domain.number(Fraction(0))}
    return bracket(parts, question, Values(base, question.known, values.domain, 0, {}))


def require_known(quantity: str) -> Quantity:
    """Return a quantity by its name; ``ValueError`` with the known names otherwise."""
    if quantity not in QUANTITIES:
        raise ValueError(f"quantity must be one of {', '.join(QUANTITIES)}, found {quantity!r}")
    return QUANTITIES[quantity]
