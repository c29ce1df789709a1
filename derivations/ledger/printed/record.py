"""The record of one printed formula or statement; its symbols are those of :mod:`derivations.symbols`."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from derivations.references import keys_in

__all__ = ["Printed"]


@dataclass(frozen=True)
class Printed:
    """One printed formula or checkable statement.

    Attributes
    ----------
    id : short identifier, ``"NF22-vector"``.
    source : the places where it is printed, each with the key of its source first, between semicolons.
    equation : equation number or place.
    claim : the statement in plain words and ASCII formulas, as printed; formulas stand between dollars.
    conventions : what it assumes; empty where nothing is special.
    domain : where it is meant to hold.
    expression : the formula as printed (one neutrino pair ij, without the common sum), or ``None`` for words.
    dimension : mass dimension that the expression must have, ``None`` for words.
    second_hand : true where the equation itself was not seen and is known through another text.
    """

    id: str
    source: str
    equation: str
    claim: str
    conventions: str = ""
    domain: str = "every open channel, 0 < omega < omega_ij"
    expression: Expr | None = None
    dimension: int | None = None
    second_hand: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the sources that print it, its own first."""
        return keys_in(self.source)
