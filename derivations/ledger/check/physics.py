"""Slips of a derivation: what one gets with one piece of the physics wrong, as in the mutants of the test-suite.

Where no single slip of the printed formula explains it, one of the derivation may: a lost ``i`` of the electron's operator turns
``Re`` into ``Im`` in several terms at once. The table is published; each entry changes what the derivation hands over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any, Final

from derivations.interactions.model import WEAK
from derivations.ledger.check.derived import Ingredients
from derivations.ledger.check.other_processes import ProcessParts, process_slips
from derivations.neutrino.rows import AmplitudeTerm, Coefficient


@dataclass(frozen=True)
class PhysicsSlip:
    """One mistake in a derivation.

    Attributes
    ----------
    name : as the mutants of the test-suite call it.
    claim : what was got wrong.
    change : from what the derivation hands over to what it would have handed over.
    """

    name: str
    claim: str
    change: Callable[[Any], Any]


def _terms(change: Callable[[AmplitudeTerm], AmplitudeTerm]) -> Callable[[Ingredients], Ingredients]:
    return lambda parts: replace(parts, terms=tuple(change(term) for term in parts.terms))


def _times(term: AmplitudeTerm, real: Fraction, imag: Fraction = Fraction(0)) -> AmplitudeTerm:
    c = term.coefficient
    product = replace(c, real=c.real * real - c.imag * imag, imag=c.real * imag + c.imag * real)
    return replace(term, coefficient=product)


def _where(
    chosen: Callable[[AmplitudeTerm], bool], real: Fraction, imag: Fraction = Fraction(0)
) -> Callable[[Ingredients], Ingredients]:
    return _terms(lambda term: _times(term, real, imag) if chosen(term) else term)


def _coefficients(change: Callable[[Coefficient], Coefficient]) -> Callable[[Ingredients], Ingredients]:
    return _terms(lambda term: replace(term, coefficient=change(term.coefficient)))


_ONE, _ZERO = Fraction(1), Fraction(0)
GENERAL: Final = (
    PhysicsSlip("majorana-half", "1/2 against double counting of Majorana pairs left out", lambda p: replace(p, half=_ONE)),
    PhysicsSlip(
        "eta-flipped", "the sign of the second contraction of Majorana pairs", lambda p: replace(p, etas=tuple(-x for x in p.etas))
    ),
    PhysicsSlip(
        "majorana-diagonal", "the second contraction of Majorana pairs does not transpose", lambda p: replace(p, second="straight")
    ),
    PhysicsSlip(
        "majorana-forgotten", "the second contraction of Majorana pairs is left out", lambda p: replace(p, second="", half=_ONE)
    ),
    PhysicsSlip("interference-half", "interferences are counted once", lambda p: replace(p, interference=Fraction(1, 2))),
    PhysicsSlip("interference-sign", "the sign of interferences", lambda p: replace(p, interference=Fraction(-1))),
    PhysicsSlip("no-interference", "interferences of different bilinears are left out", lambda p: replace(p, interference=_ZERO)),
    PhysicsSlip("amplitude-conjugate", "A^2 in the place of |A|^2", lambda p: replace(p, conjugate=False)),
    PhysicsSlip(
        "antineutrino-mass", "the spin sum of the antineutrino with + m_j", lambda p: replace(p, masses=(1, -1))
    ),
    PhysicsSlip("neutrino-massless", "the mass of the neutrino left out of its spin sum", lambda p: replace(p, masses=(0, 1))),
    PhysicsSlip("massless-pair", "massless neutrinos in the spin sums", lambda p: replace(p, masses=(0, 0))),
    PhysicsSlip(
        "dirac-equation-masses", "q-slash -> m_i - m_j and q-slash gamma5 -> m_i + m_j exchanged",
        _coefficients(lambda c: replace(c, d=c.M, M=c.d)),
    ),
    PhysicsSlip(
        "recoil-factor", "q/2m_e of the electron's recoil taken twice",
        _terms(lambda term: _times(term, Fraction(2) ** term.coefficient.m_e)),
    ),
    PhysicsSlip(
        "recoil-sign", "p' = p + q for the electron, not p - q",
        _terms(lambda term: _times(term, Fraction(-1) ** term.coefficient.m_e)),
    ),
    PhysicsSlip(
        "photon-propagator", "the propagator 1/s of the photon left out",
        _coefficients(lambda c: replace(c, s=c.s + 1) if c.propagator == "photon" else c),
    ),
)  # fmt: skip


"""Slips that are about no coupling in particular."""


def physics_slips(parts: Ingredients | ProcessParts) -> Iterator[PhysicsSlip]:
    """Yield every slip of a derivation: those of each coupling, then those of all interactions."""
    if isinstance(parts, ProcessParts):
        yield from (PhysicsSlip(*slip) for slip in process_slips(parts))
        return
    electrons = dict.fromkeys((term.interaction, term.electron) for term in parts.terms if term.electron)
    for interaction, coupling in electrons:
        yield from _of(
            "electron", f"the electron's operator of {coupling}", partial(_has, interaction, coupling, "electron")
        )
    for interaction, coupling in dict.fromkeys((term.interaction, term.neutrino) for term in parts.terms):
        yield from _of("neutrino", f"the bilinear of {coupling}", partial(_has, interaction, coupling, "neutrino"))
    for interaction in dict.fromkeys(term.interaction for term in parts.terms if term.interaction != WEAK):
        yield PhysicsSlip(
            "exchange-sign", f"the sign of the exchange of {interaction}", _where(partial(_is_of, interaction), -_ONE)
        )
    yield from GENERAL


def _has(interaction: str, coupling: str | None, side: str, term: AmplitudeTerm) -> bool:
    return term.interaction == interaction and getattr(term, side) == coupling


def _is_of(interaction: str, term: AmplitudeTerm) -> bool:
    return term.interaction == interaction


_NUMBERS: Final[Mapping[str, tuple[Fraction, Fraction]]] = {
    "the factor i of {}": (_ZERO, -_ONE),
    "a factor i too many in {}": (_ZERO, _ONE),
    "the sign of {}": (-_ONE, _ZERO),
    "a factor 2 too many in {}": (Fraction(2), _ZERO),
    "a factor 2 too few in {}": (Fraction(1, 2), _ZERO),
}


def _of(side: str, what: str, chosen: Callable[[AmplitudeTerm], bool]) -> Iterator[PhysicsSlip]:
    for words, (real, imag) in _NUMBERS.items():
        lost = " is lost" if words.startswith("the factor") else ""
        yield PhysicsSlip(f"{side}-coefficient", words.format(what) + lost, _where(chosen, real, imag))
