"""What every backend needs to know to evaluate a scattering cross section: terms, rows and structure functions.

The amplitude of a row is a sum of terms; the cross section is the rows contracted with their structure functions, polynomials in E, T and
the masses m, m_i, m_j, each a ``Formula``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codegen.formulas.formula import Formula

Monomial = tuple[int, int, int, tuple[int, ...]]
"""Real and imaginary numerator, denominator, and the powers of the arguments."""


@dataclass(frozen=True)
class Term:
    """One term of a row; the fields are those of the runtime's record, in its order."""

    group: str
    coupling: str | None
    matrix: str
    constants: tuple[tuple[str, int], ...]
    propagator: str
    row: int
    eta: int
    factor: tuple[Monomial, ...]


@dataclass(frozen=True)
class StructureFunction:
    """Real or imaginary part of the entry ``n <= m`` of a Gram matrix; ``tensor`` names the matrix."""

    n: int
    m: int
    tensor: str
    imaginary: bool
    formula: Formula


@dataclass(frozen=True)
class Scattering:
    """A derived cross section.

    Attributes
    ----------
    name, title : of the process.
    prefix : of the names of its functions in a generated module.
    spins : number of spin states of the target, which are averaged.
    rows : names of the rows.
    terms : of all rows.
    edges : positive between the lowest and the highest recoil.
    structures : all that do not vanish.
    steps : of the derivation, by name.
    """

    name: str
    title: str
    prefix: str
    spins: int
    rows: tuple[str, ...]
    terms: tuple[Term, ...]
    edges: Formula
    structures: tuple[StructureFunction, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Decay:
    """A derived width: rows contracted with structure functions, over a number and a power of the invariant mass squared.

    Attributes
    ----------
    name, title, prefix, rows, terms, structures, steps : as of :class:`Scattering`.
    denominator : what the structure functions are to be divided by.
    power : of the invariant mass squared, likewise.
    arguments : names of the structure functions' arguments, in order.
    unconserved : groups and matrices whose current is not conserved between neutrinos of different masses.
    """

    name: str
    title: str
    prefix: str
    rows: tuple[str, ...]
    terms: tuple[Term, ...]
    denominator: int
    power: int
    arguments: tuple[str, ...]
    structures: tuple[StructureFunction, ...]
    steps: tuple[str, ...]
    unconserved: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class BosonTerm:
    """One term of a helicity amplitude; the fields are those of the runtime's record, in its order."""

    coupling: str | None
    constants: tuple[tuple[str, int], ...]
    helicity: int
    real: int
    imag: int
    denominator: int
    q0: int
    qz: int
    mass: int
    order: int
    orbital: bool


@dataclass(frozen=True)
class BosonRecord:
    """The line of one boson: its group, the group's entry for its mass, electron couplings, and terms by pair step."""

    group: str
    mass: str
    couplings: tuple[str, ...]
    terms: Mapping[str, tuple[BosonTerm, ...]]


@dataclass(frozen=True)
class Probes:
    """Every process of a set of interactions beside pair emission."""

    scattering: tuple[Scattering, ...]
    decay: Decay
    plasmon: Decay
    bosons: tuple[BosonRecord, ...]
