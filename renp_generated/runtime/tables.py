"""The shape of the generated tables: what a kernel module hands to the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("along", "across", "circular")
"""The parts of an atomic tensor, in the order of ``Inputs.tensor``: ``T_zz``, ``T_xx + T_yy`` and ``2 Im T_xy``."""


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
class Contribution:
    """``(real + i imag)/denominator * constants * electron coupling * matrix * d^d * M^M`` inside one channel."""

    group: str
    electron: str | None
    matrix: str
    real: int
    imag: int
    denominator: int
    constants: tuple[tuple[str, int], ...]
    d: int
    M: int
    orbital: bool
    longitudinal: bool


@dataclass(frozen=True)
class Channel:
    """A matrix coefficient; ``eta`` is its sign under exchange of the pair (Majorana)."""

    name: str
    eta: int
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True)
class Factor:
    """``q_z^qz q0^q0 s^s`` times propagators ``(group, "re" | "im" | "abs2")``; ``abs2`` is ``re^2 + im^2``."""

    qz: int
    q0: int
    propagators: tuple[tuple[str, str], ...]
    s: int


@dataclass(frozen=True)
class Product:
    """A product of channels ``Re or Im(c_n c_m*)`` times a tensor weight, and what it adds to the weights.

    ``entries`` are ``(weight, ((monomial, coefficient), ...))``; coefficients are integers over ``Tables.denominator``.
    """

    n: int
    m: int
    part: str
    imaginary: bool
    entries: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True)
class Tables:
    """Everything that distinguishes one kernel from another.

    ``straight`` lists the sets of weights that the compiled module has straight-line code for, each with its number.
    """

    pair_step: str
    constants: Mapping[str, float]
    channels: tuple[Channel, ...]
    factors: tuple[Factor, ...]
    weights: tuple[tuple[int, int], ...]
    monomials: tuple[tuple[int, int, int, int], ...]
    products: tuple[Product, ...]
    denominator: int
    s_power: int
    straight: tuple[tuple[int, tuple[int, ...]], ...] = ()
