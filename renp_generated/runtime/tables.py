"""The shape of the generated tables: what a kernel module hands to the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("along", "across", "circular")
"""The parts of an atomic tensor, in the order of ``Inputs.tensor``: ``T_zz``, ``T_xx + T_yy`` and ``2 Im T_xy``."""
STATES = ("V", "E", "A", "B", "S", "P")
"""What emits a pair: with J = 1 the spatial parts of V, A, sigma^0i (E) and sigma^jk (B) in its rest frame, with J = 0 S and P."""
WAYS = ("plain", "cross", "along")
"""How the atom's index meets the state's: ``A^k = V^k`` or ``(V x z)^k`` across q, or along q."""

MATRICES = ("matrix", "general")
"""Kinds of arguments that are matrices: Hermitian, and any complex one whose term comes with its conjugate."""


@dataclass(frozen=True)
class Argument:
    """One entry of a keyword group; ``kind`` is matrix, general, real, mass, width or choice.

    A choice without a default is that of the call's argument of the same name.

    ``parts`` are the names of the Hermitian matrices ``f + f^+`` and ``i (f - f^+)`` that a general matrix is made into.
    """

    name: str
    kind: str
    units: str
    doc: str
    default: float | str | None = None
    choices: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def is_matrix(self) -> bool:
        """Whether the entry is an (n, n) matrix."""
        return self.kind in MATRICES


@dataclass(frozen=True)
class Group:
    """A keyword argument that is a mapping; the group with an empty keyword holds plain matrix arguments."""

    keyword: str
    name: str
    title: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class Term:
    """What one product of couplings adds to the amplitude of a state of the pair.

    The amplitude of ``state``, in one ``way`` of the atom's index, has ``number * i^imaginary * constants * electron coupling *
    matrix * d^d * M^M`` times ``q_z^qz q0^q0 s^s``, and ``1/(s - M^2 + i M Gamma)`` of the group's mediator where
    ``propagator`` says so; ``longitudinal`` ones of ``g - q q / M^2`` have ``1/M^2`` besides. ``d = m_i - m_j``, ``M = m_i + m_j``.
    ``number`` is a quotient of two integers; ``eta`` is the sign with which the exchanged pair is added for Majorana neutrinos.
    """

    state: str
    way: str
    group: str
    electron: str | None
    matrix: str
    number: tuple[int, int]
    imaginary: bool
    constants: tuple[tuple[str, int], ...]
    qz: int
    q0: int
    s: int
    propagator: bool
    d: int
    M: int
    eta: int
    orbital: bool
    longitudinal: bool


@dataclass(frozen=True, eq=False)
class Tables:
    """Everything that distinguishes one kernel from another: the terms of the amplitude, in order of states and ways.

    What the pair's states add to the rate is the same for all interactions, see ``structure.py``.
    """

    pair_step: str
    constants: Mapping[str, float]
    terms: tuple[Term, ...]
