"""Cross sections and widths as quantities of a comparison, one channel ij, in any arithmetic.

In scattering and in radiative decay ``nu_i`` comes in and ``nu_j`` goes out: Dirac neutrinos see the element ji of each matrix,
Majorana neutrinos both. Such a channel stands for itself, and is not symmetrised in i and j. A plasmon decays to ``nu_i`` and the
antineutrino ``nu_j``, and a formula is summed over both. In scattering neutrinos are massless, of helicity minus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from derivations.algebra.ring import REST
from derivations.interactions.model import WEAK, Interaction
from derivations.ledger.check.vocabulary import Symbol, Vocabulary
from derivations.processes.exchange import Amplitude, Term
from derivations.processes.plasmon_decay import plasmon_amplitude, reduced
from derivations.processes.radiative_decay import decay_amplitude
from derivations.processes.scattering import ENERGY, MASS_IN, MASS_OUT, scattering_amplitude
from derivations.processes.sources import CHARGE

if TYPE_CHECKING:
    from derivations.ledger.check.derived import Comparison
    from derivations.ledger.check.evaluate import Value
    from derivations.ledger.check.vocabulary import Values

PROCESSES: Final = ("electron_scattering", "coherent_scattering", "radiative_decay", "plasmon_decay")
TARGETS: Final[Mapping[str, str]] = {"electron_scattering": "m_e", "coherent_scattering": "m_N"}
"""Symbol of the mass of each target."""
GENERATORS: Final[Mapping[str, tuple[str, ...]]] = {
    "electron_scattering": ("T",),
    "coherent_scattering": ("T", "m_N", "Z", "F", "Q_W"),
}
"""What a comparison has beside the kinematics of pair emission, constants and couplings."""
_MASSLESS: Final = "what a cross section of massless neutrinos has: E, T and the mass of the target"
KINEMATICS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "electron_scattering": (("E", "E_nu", "T"), _MASSLESS),
    "coherent_scattering": (("E", "E_nu", *GENERATORS["coherent_scattering"]), _MASSLESS),
    "radiative_decay": (("m_i", "m_j"), "what a width in vacuum has: the masses of both neutrinos"),
    "plasmon_decay": (
        ("omega", "s", "t", "lambda_ij", "Delta_ij", "m_i", "m_j"),
        "what the decay of a plasmon has: its energy omega, its invariant mass squared s, and the masses of both neutrinos",
    ),
}
"""The kinematic symbols of each process, and what is allowed in words."""


@dataclass(frozen=True)
class ProcessParts:
    """What the derivation hands over, and the places where physics can go wrong.

    Attributes
    ----------
    process : its name.
    terms : contributions to the amplitude, with factors for massless neutrinos.
    rows : number of rows.
    gram : Gram matrix of the rows ``n <= m``, polynomials in the frame's own quantities.
    spins : number of spin states that are averaged over.
    swapped : whether Dirac neutrinos see the element ji.
    half : what makes up for the double counting of Majorana pairs.
    second : whether Majorana neutrinos have the second contraction, and its sign.
    interference : weight of the products of different rows.
    conjugate : whether the amplitude is squared with its conjugate.
    """

    process: str
    terms: tuple[Term, ...]
    rows: int
    gram: Mapping[tuple[int, int], Any]
    spins: int
    swapped: bool = True
    half: Fraction = Fraction(1)
    second: int = 1
    interference: Fraction = Fraction(1)
    conjugate: bool = True


@cache
def process_parts(process: str, interactions: tuple[Interaction, ...]) -> ProcessParts:
    """Return what the derivation of a process hands over; in scattering for massless neutrinos of helicity minus."""
    first = sorted(interactions, key=lambda interaction: interaction.name != WEAK)
    if process == "radiative_decay":
        decay = decay_amplitude(first)
        return ProcessParts(process, decay.terms, len(decay.rows), decay.gram["summed"], spins=2)
    if process == "plasmon_decay":
        plasmon, power = reduced(plasmon_amplitude(first))
        if power:
            raise ValueError(f"the decay of a plasmon keeps a power {power} of 1/s, which a comparison cannot have")
        gram = plasmon.gram["summed"]
        return ProcessParts(
            process, plasmon.terms, len(plasmon.rows), gram, spins=1, swapped=False, half=Fraction(1, 2)
        )
    source = import_module(f"derivations.processes.{process}").SOURCE
    found: Amplitude = scattering_amplitude(first, source)
    massless = [(MASS_IN, REST.zero), (MASS_OUT, REST.zero)]
    gram = {}
    for pair in sorted({*found.gram["summed"], *found.gram["polarised"]}):
        summed, polarised = (
            entry.compose(massless) if (entry := found.gram[name].get(pair)) else REST.zero
            for name in ("summed", "polarised")
        )
        entry = summed - polarised.exquo(ENERGY) if polarised else summed
        if entry:
            gram[pair] = entry
    terms = (replace(term, factor=term.factor.compose(massless)) for term in found.terms)
    return ProcessParts(process, tuple(term for term in terms if term.factor), len(found.rows), gram, source.spins)


def nuclear_symbols(known: Vocabulary) -> Vocabulary:
    """Return a vocabulary for a nucleus: the weak current has the matrix w, and a mediator a charge in place of the electron's couplings.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> from derivations.ledger.check.vocabulary import vocabulary
    >>> chosen = [i for i in shipped_interactions() if i.name in ("standard_model", "scalar")]
    >>> [symbol.name for symbol in nuclear_symbols(vocabulary(chosen)).symbols]
    ['w', 'M', 'y_S', 'y_P', 'Q_S']
    """
    kept = [x for x in known.symbols if x.interaction != WEAK and x.kind not in ("electron", "width")]
    taken = {name for symbol in kept for name in symbol.elements}
    charges = []
    for interaction in known.interactions:
        if interaction.propagator.kind == "massive" and interaction.propagator.spin in (0, 1):
            name = "Q_V" if interaction.propagator.spin == 1 else "Q_S"
            while name in taken:
                name = f"{name}_{interaction.name}"
            taken.add(name)
            charges.append(Symbol(name, "electron", interaction.name, CHARGE, 0, "charge of the nucleus"))
    weak = Symbol("w", "matrix", WEAK, "weak", 0, "neutral current of the neutrinos")
    return Vocabulary(known.interactions, (weak, *kept, *charges))


def process_value(parts: ProcessParts, question: Comparison, values: Values) -> Value:
    """Return the cross section or the width of one channel."""
    from derivations.ledger.check.derived import polynomial

    domain = values.domain
    point = _point(parts.process, values)
    amplitudes: list[Value | None] = [None] * parts.rows
    for term in parts.terms:
        scale = _scale(term, parts, question, values, point)
        if scale is None:
            continue
        factor = polynomial(term.factor, point, domain)
        value = scale * factor * _element(term, question, values, swapped=parts.swapped)
        if values.nature and parts.second:
            other = scale * factor * _element(term, question, values, swapped=not parts.swapped)
            value = value + other * domain.number(Fraction(term.eta * parts.second))
        known = amplitudes[term.row]
        amplitudes[term.row] = value if known is None else known + value
    total = domain.number(Fraction(0))
    for (n, m), entry in parts.gram.items():
        left, right = amplitudes[n], amplitudes[m]
        if left is None or right is None:
            continue
        product = left * (right.conjugate() if parts.conjugate else right) * polynomial(entry, point, domain)
        if n != m:
            product = (product + product.conjugate()) * domain.number(parts.interference)
        total = total + product
    if values.nature:
        total = total * domain.number(parts.half)
    return _measured(total / domain.number(Fraction(16 * parts.spins)) / values["pi"], parts.process, values)


def _point(process: str, values: Values) -> dict[str, Value]:
    """Return the values of what the Gram matrix and the factors are polynomials in."""
    if process in TARGETS:
        zero = values.domain.number(Fraction(0))
        return {"E": values["E"], "T": values["T"], "m": values[TARGETS[process]], "m_i": zero, "m_j": zero}
    return {name: values[name] for name in ("t", "m_i", "m_j")}


def _measured(summed: Value, process: str, values: Values) -> Value:
    """Return a spin sum over 16 pi times phase space over flux."""
    m_i, m_j = values["m_i"], values["m_j"]
    if process == "radiative_decay":
        return summed * (m_i * m_i - m_j * m_j) / (m_i * m_i * m_i)
    if process == "plasmon_decay":
        return summed * values["Delta_ij"] / values["omega"]
    return summed / (values[TARGETS[process]] * values["E"] * values["E"] * values.domain.number(Fraction(4)))


def _scale(
    term: Term, parts: ProcessParts, question: Comparison, values: Values, point: Mapping[str, Value]
) -> Value | None:
    """Return constants, coupling of the target and propagator; ``None`` for what the formula does not name."""
    domain, known = values.domain, question.known
    if known.of(term.interaction, term.matrix.partition(".")[0]) not in question.named:
        return None
    if term.propagator == "longitudinal" and not question.conditions.unitary:
        return None
    root2 = domain.root(domain.number(Fraction(2)))
    named = {"sqrt2": root2, "sqrt2_over_G_F": root2 / values["G_F"]}
    value = domain.number(Fraction(1))
    for name, exponent in term.constants:
        constant = named[name] if name in named else values[name]
        for _ in range(abs(exponent)):
            value = value * constant if exponent > 0 else value / constant
    if term.coupling == "weak_charge":
        value = value * values["Q_W"] * values["F"]
    elif term.coupling == "electric_charge":
        value = -value * values["Z"] * values["F"]
    elif term.coupling is not None:
        symbol = known.of(term.interaction, term.coupling)
        if symbol not in question.named:
            return None
        value = value * values[symbol.name] * (values["F"] if term.coupling == CHARGE else domain.number(Fraction(1)))
    if term.propagator == "none":
        return value
    squared = -(point["m"] * point["T"] * domain.number(Fraction(2)))
    if term.propagator == "photon":
        return value / squared
    if term.propagator == "contact":
        return value
    mass = next(x for x in known.symbols if (x.interaction, x.kind) == (term.interaction, "mass"))
    square = values[mass.name] * values[mass.name]
    value = value / (squared - square)
    return value / square if term.propagator == "longitudinal" else value


def _element(term: Term, question: Comparison, values: Values, *, swapped: bool) -> Value:
    """Return the element ij (or ji) of the Hermitian matrix of a term."""
    symbol = question.known.of(term.interaction, term.matrix.partition(".")[0])
    first, second = symbol.elements[::-1] if swapped else symbol.elements
    if symbol.kind == "matrix":
        return values[first]
    value, other = values[first], values[second].conjugate()
    return value + other if term.matrix.endswith(".sum") else values.domain.imaginary * (value - other)


# ---------------------------------------------------------------- slips of the derivation

Change = Callable[[ProcessParts], ProcessParts]


def process_slips(parts: ProcessParts) -> Iterator[tuple[str, str, Change]]:
    """Yield slips of the derivation of a cross section or a width: name, claim, change."""
    exchanged = dict.fromkeys(t.interaction for t in parts.terms if t.interaction != WEAK and t.propagator != "none")
    for interaction in exchanged:
        yield "exchange-sign", f"the sign of the exchange of {interaction}", partial(_turned, interaction)
    yield "interference-half", "interferences are counted once", lambda p: replace(p, interference=Fraction(1, 2))
    yield "interference-sign", "the sign of interferences", lambda p: replace(p, interference=Fraction(-1))
    yield "no-interference", "interferences are left out", lambda p: replace(p, interference=Fraction(0))
    yield "amplitude-conjugate", "A^2 in the place of |A|^2", lambda p: replace(p, conjugate=False)
    if parts.spins > 1:
        averaged = "target" if parts.process in TARGETS else "decaying neutrino"
        yield "spins", f"the spins of the {averaged} are summed, not averaged", lambda p: replace(p, spins=1)
    if parts.process in TARGETS:
        claim = "an average over helicities that neutrinos do not have"
        yield "helicity-half", claim, lambda p: replace(p, spins=2 * p.spins)
    if parts.half != 1:
        claim = "1/2 against double counting of Majorana pairs left out"
        yield "majorana-half", claim, lambda p: replace(p, half=Fraction(1))
    yield "eta-flipped", "the sign of the second contraction of Majorana neutrinos", lambda p: replace(p, second=-1)
    claim = "the second contraction of Majorana neutrinos is left out"
    yield "majorana-forgotten", claim, lambda p: replace(p, second=0, half=Fraction(1))


def _turned(interaction: str, parts: ProcessParts) -> ProcessParts:
    terms: Sequence[Term] = [replace(t, factor=-t.factor) if t.interaction == interaction else t for t in parts.terms]
    return replace(parts, terms=tuple(terms))
