"""The record of one printed formula or statement, and the symbols that printed formulas are typed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr, Rational, Symbol

from derivations.ledger.oracle import E_EG, M_I, M_J, OMEGA, S_OF_OMEGA, S


@dataclass(frozen=True)
class Printed:
    """One printed formula or checkable statement.

    Attributes
    ----------
    id : short identifier, ``"NF22-vector"``.
    source : short name of the source, with the equation it stands in.
    equation : equation number or place.
    claim : the statement in plain words and ASCII formulas, as printed.
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


E_VG = Symbol("E_vg", positive=True)
G_F = Symbol("G_F", positive=True)
M_E = Symbol("m_e", positive=True)
MEDIATOR = Symbol("M", positive=True)
DELTA_M = Symbol("delta_M", real=True)
"""0 for Dirac and 1 for Majorana neutrinos."""
DELTA = Symbol("Delta_ij", positive=True)
I_D = Symbol("I^D_ij", positive=True)
"""The Dirac spectral function of one pair; mass dimension two."""

A = Symbol("a_ij")
A_L = Symbol("a^L_ij")
A_R = Symbol("a^R_ij")
G_A = Symbol("g_A", real=True)
G_L = Symbol("g_L_ij")
Y_E = Symbol("y_e", real=True)
Y_S = Symbol("y_S_ij")
Y_P = Symbol("y_P_ij")
MU = Symbol("mu_ij")
EPS = Symbol("eps_ij")
RADIUS = Symbol("r2_ij")
ANAPOLE = Symbol("anapole_ij")

THRESHOLD_SUM = M_I + M_J
THRESHOLD_DIFFERENCE = M_I - M_J

DIMENSIONS: Mapping[Symbol, Rational | int] = {
    E_EG: 1, S: 2, E_VG: 1, OMEGA: 1, M_I: 1, M_J: 1, M_E: 1, MEDIATOR: 1, G_F: -2, I_D: 2, MU: -1, EPS: -1, RADIUS: -2,
    ANAPOLE: -2, DELTA_M: 0, DELTA: 0, A: 0, A_L: 0, A_R: 0, G_A: 0, G_L: 0, Y_E: 0, Y_S: 0, Y_P: 0,
}  # fmt: skip
"""Mass dimension of every symbol that a printed formula may contain."""

__all__ = [
    "ANAPOLE",
    "A_L",
    "A_R",
    "DELTA",
    "DELTA_M",
    "DIMENSIONS",
    "EPS",
    "E_EG",
    "E_VG",
    "G_A",
    "G_F",
    "G_L",
    "I_D",
    "MEDIATOR",
    "MU",
    "M_E",
    "M_I",
    "M_J",
    "OMEGA",
    "RADIUS",
    "S_OF_OMEGA",
    "THRESHOLD_DIFFERENCE",
    "THRESHOLD_SUM",
    "Y_E",
    "Y_P",
    "Y_S",
    "A",
    "Printed",
    "S",
]  # fmt: skip
