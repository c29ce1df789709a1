"""A spectral function as the amplitudes of rows and the Gram matrix that contracts them.

In: expressions of SymPy in the kinematic symbols below and in constants of nature. Out: the record that array languages are
printed from. A row is one neutrino bilinear; its amplitude is the sum of its terms, in units of ``G_F / sqrt(2)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sympy import Expr

KINEMATICS: Final = ("t", "P", "D", "d", "M", "q", "q_0", "s", "r")
"""Symbols of one ordered pair: ``t = s - M^2``, ``P = m_i m_j``, ``D = d^2``, ``d = m_i - m_j``, ``M = m_i + m_j``, momentum, energy and
invariant mass squared of the pair, and the dipole's length."""


@dataclass(frozen=True)
class RowTerm:
    """``number * kinematics * propagator * electron coupling * matrix_ij`` in the amplitude of a row.

    Attributes
    ----------
    group, row : names of the interaction and of the row.
    electron : the electron's coupling; ``None`` where it is fixed.
    matrix : the Hermitian matrix, or one of :func:`codegen.call.hermitian_names` of a general one.
    number : what is the same for every pair and photon energy; it may be complex.
    kinematics : powers of the kinematic symbols.
    mediated : whether it carries the propagator of the interaction's mediator.
    longitudinal : whether it is the part ``q q / M^2`` of that propagator.
    orbital : whether ``L + 2S`` halves it.
    """

    group: str
    row: str
    electron: str | None
    matrix: str
    number: Expr
    kinematics: Expr
    mediated: bool
    longitudinal: bool
    orbital: bool


@dataclass(frozen=True)
class Structure:
    """``part * expression * Re(c_n c_m*)``, or ``Im``: one real structure function of the Gram matrix.

    ``part`` is ``along`` (T_zz), ``across`` (T_xx + T_yy) or ``circular`` (2 Im T_xy). Products of two different rows are
    met once, so that their ``expression`` holds the factor two. ``odd`` says that the expression changes its sign with
    ``d``, between (i, j) and (j, i); otherwise it is the same for both.
    """

    first: str
    second: str
    part: str
    imaginary: bool
    odd: bool
    expression: Expr
    step: str


@dataclass(frozen=True)
class PairSum:
    """All of one pair step: rows with their sign under exchange of the pair, terms of their amplitudes, Gram matrix."""

    pair_step: str
    rows: tuple[tuple[str, int], ...]
    terms: tuple[RowTerm, ...]
    structures: tuple[Structure, ...]
