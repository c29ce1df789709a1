"""The hand-off records of the amplitude stage: rows, coefficients, terms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derivations.algebra.dirac import DiracMatrix
from derivations.steps.step import Step


@dataclass(frozen=True)
class Row:
    """One neutrino bilinear ``V^k`` of the Gram matrix.

    Attributes
    ----------
    name : the class of the bilinear and where its open index points, for example ``"axial"`` or ``"vector_cross"``.
    matrices : ``V^x, V^y, V^z`` with q along +z.
    eta : sign of ``C V^T C^-1 = eta V``, the Majorana second contraction.
    """

    name: str
    matrices: tuple[DiracMatrix, DiracMatrix, DiracMatrix]
    eta: int


@dataclass(frozen=True)
class Coefficient:
    """What multiplies the couplings in front of a row: ``number qz^a q0^b s^c d^e M^f / m_e^g``, exact.

    ``d = m_i - m_j`` and ``M = m_i + m_j`` come from the Dirac equation; ``propagator`` is ``"contact"``, ``"photon"``
    (1/s), ``"massive"`` (1/(s - M^2)) or ``"longitudinal"`` (1/(M^2 (s - M^2))).
    """

    real: Fraction
    imag: Fraction
    qz: int
    q0: int
    s: int
    d: int
    M: int
    m_e: int
    propagator: str
    constant: str = "1"


@dataclass(frozen=True)
class AmplitudeTerm:
    """One contribution ``coefficient * electron * neutrino_ij * V_row``.

    ``orbital`` marks a magnetic operator whose electron current also has a convective part: its full M1 operator is
    ``L + 2S``, of which the spin-only form keeps ``2S``.
    """

    interaction: str
    electron: str | None
    neutrino: str
    row: int
    coefficient: Coefficient
    orbital: bool


@dataclass(frozen=True)
class Amplitude:
    """The pair-step amplitude of a set of interactions over its rows."""

    pair_step: str
    rows: tuple[Row, ...]
    terms: tuple[AmplitudeTerm, ...]
    steps: tuple[Step, ...]
