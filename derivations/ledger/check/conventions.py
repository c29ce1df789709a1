"""Conventions that differ between papers, as maps of couplings and operators; each turns the derivation into that of the other one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from derivations.interactions.model import WEAK, CouplingTerm, Interaction
from derivations.ledger.check.derived import Conditions
from derivations.ledger.check.evaluate import Value
from derivations.ledger.check.vocabulary import Symbol, Values, Vocabulary


@dataclass(frozen=True)
class Convention:
    """A convention that a paper may have and this project has not.

    Attributes
    ----------
    name : the key of a convention block.
    choices : what the block may say, this project's own choice first.
    words : what the other choice means.
    map : the conditions of the derivation under the other choice.
    phase : whether the other choice is known to change signs alone; such a map explains more than a slip does.
    """

    name: str
    choices: tuple[str, str]
    words: str
    map: Callable[[Conditions, Vocabulary], Conditions]
    phase: bool = False


def _by(conditions: Conditions, symbols: Iterable[Symbol], factor: Callable[[Values], Value]) -> Conditions:
    scales: dict[Symbol, Callable[[Values], Value]] = dict(conditions.scales)
    for symbol in symbols:
        scales[symbol] = _both(scales[symbol], factor) if symbol in scales else factor
    return replace(conditions, scales=scales)


def _both(first: Callable[[Values], Value], second: Callable[[Values], Value]) -> Callable[[Values], Value]:
    return lambda values: first(values) * second(values)


def _number(value: Fraction | int) -> Callable[[Values], Value]:
    return lambda values: values.domain.number(Fraction(value))


def _interaction(known: Vocabulary, symbol: Symbol) -> Interaction:
    return next(one for one in known.interactions if one.name == symbol.interaction)


def _matrices(known: Vocabulary) -> list[Symbol]:
    """Return the neutrino matrices that a Lagrangian brings; those of the weak current are fixed by ``G_F``."""
    return [symbol for symbol in known.symbols if symbol.is_matrix and symbol.interaction != WEAK]


def _odd_in_momentum(known: Vocabulary, symbol: Symbol) -> bool:
    terms: tuple[CouplingTerm, ...] = _interaction(known, symbol).neutrino
    return any(
        term.coupling == symbol.coupling and all(part.momentum_power % 2 for part in term.bilinear.terms)
        for term in terms
    )


def _exchanged(known: Vocabulary, kind: str) -> list[Symbol]:
    return [symbol for symbol in _matrices(known) if _interaction(known, symbol).propagator.kind == kind]


def _sigma_q(conditions: Conditions, known: Vocabulary) -> Conditions:
    return _by(conditions, [symbol for symbol in _matrices(known) if _odd_in_momentum(known, symbol)], _number(-1))


def _units_of_e(conditions: Conditions, known: Vocabulary) -> Conditions:
    return _by(conditions, _exchanged(known, "photon"), lambda values: values["e"])


def _majorana(factor: Fraction) -> Callable[[Conditions, Vocabulary], Conditions]:
    def changed(conditions: Conditions, known: Vocabulary) -> Conditions:
        return replace(conditions, majorana_scales=dict.fromkeys(_matrices(known), factor))

    return changed


def _conjugate_added(conditions: Conditions, known: Vocabulary) -> Conditions:
    return _by(conditions, [symbol for symbol in _matrices(known) if symbol.kind == "matrix"], _number(2))


def _conjugate_of_all(conditions: Conditions, known: Vocabulary) -> Conditions:
    electrons = [symbol for symbol in known.symbols if symbol.kind == "electron"]
    return _by(_conjugate_added(conditions, known), electrons, _number(2))


CONVENTIONS: Final[Mapping[str, Convention]] = {
    one.name: one
    for one in (
        Convention(
            "sigma_q", ("emission", "scattering"),
            "q of sigma^{mu nu} q_nu is that of scattering, p_i - p_f, so dipole moments have the other sign", _sigma_q, True,
        ),
        Convention(
            "form_factors", ("natural", "e"), "form factors are given in units of e, the neutrino current carries e", _units_of_e,
        ),
        Convention(
            "majorana", ("unchanged", "half"),
            "the Lagrangian of Majorana neutrinos has a factor 1/2, so their couplings are half as large", _majorana(Fraction(1, 2)),
        ),
        Convention(
            "hermitian_conjugate", ("included", "added"),
            "a Hermitian Lagrangian with + h.c. added, which doubles the couplings of the neutrinos", _conjugate_added,
        ),
        Convention(
            "hermitian_conjugate_of_all", ("included", "added"),
            "a Hermitian Lagrangian with + h.c. added, which doubles the couplings of neutrinos and electrons", _conjugate_of_all,
        ),
        Convention(
            "propagator", ("feynman", "unitary"), "the numerator of a massive vector is g - q q/M^2",
            lambda conditions, known: replace(conditions, unitary=True),
        ),
        Convention(
            "m1", ("spin", "full"), "the magnetic operator is L + 2S, which acts as S between levels",
            lambda conditions, known: replace(conditions, full=True),
        ),
    )
}  # fmt: skip
"""Every known convention, by the key that a convention block uses."""


def chosen(given: Mapping[str, str], known: Vocabulary) -> Conditions:
    """Return the conditions of a convention block.

    Raises
    ------
    ValueError : an unknown key or choice; one line.
    """
    conditions = Conditions()
    for name, choice in given.items():
        if name not in CONVENTIONS:
            raise ValueError(f"unknown convention {name!r}: allowed are {', '.join(CONVENTIONS)}")
        convention = CONVENTIONS[name]
        if choice not in convention.choices:
            raise ValueError(
                f"convention {name!r}: found {choice!r}, allowed {' or '.join(map(repr, convention.choices))}"
            )
        if choice == convention.choices[1]:
            conditions = convention.map(conditions, known)
    return conditions
