"""The kernel: what every backend needs to know to evaluate a pair-summed spectral function.

    f(omega) = prefactor(omega) * sum_{i<=j} sqrt(t (t + 4 P)) * sum of squares of the amplitudes of the pair's states,

with ``s = (E_eg + K) (E_eg - K - 2 omega)``, ``t = s - (m_i + m_j)^2``, ``P = m_i m_j``. The squares are those of
``renp_generated/runtime/structure.py``, the same for all interactions; a kernel holds the terms of the amplitudes, each a
number, constants, couplings, powers of masses and of the kinematics, and perhaps a propagator.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from codegen.call import MATRICES, hermitian_names

M1: Final = ("spin", "full")
"""The magnetic operator of every vector current of the electron: 2S, or L + 2S; the first one by default."""


@dataclass(frozen=True)
class Argument:
    """One coupling or parameter of a group.

    ``kind`` is ``"matrix"`` (n x n complex Hermitian), ``"general"`` (n x n complex, of a term that comes with its
    Hermitian conjugate), ``"real"`` (one real number), ``"mass"`` (of a mediator, positive), ``"width"`` (of a mediator,
    not negative) or ``"choice"``; a choice without a default is that of the call's argument of the same name.
    """

    name: str
    kind: str
    units: str
    doc: str
    default: float | str | None = None
    choices: tuple[str, ...] = ()

    @property
    def is_matrix(self) -> bool:
        """Whether the argument is an (n, n) matrix."""
        return self.kind in MATRICES

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the Hermitian matrices that a general matrix is made into; none for other arguments."""
        return hermitian_names(self.name) if self.kind == "general" else ()

    @property
    def unit_text(self) -> str:
        """The units as they follow a name, ``" [eV]"``; empty for a plain number.

        Example
        -------
        >>> Argument("M", "mass", "eV", "mass").unit_text, Argument("g", "real", "1", "coupling").unit_text
        (' [eV]', '')
        """
        return f" [{self.units}]" if self.units not in ("", "1") else ""


@dataclass(frozen=True)
class Group:
    """A keyword argument of the generated function; ``keyword = ""`` means that its arguments are keywords themselves."""

    keyword: str
    name: str
    title: str
    arguments: tuple[Argument, ...]
    references: tuple[str, ...]
    propagator: str
    description: str = ""

    @property
    def mediated(self) -> bool:
        """Whether the group has a mediator with a mass."""
        return any(argument.kind == "mass" for argument in self.arguments)

    def cited(self, brackets: str = "()") -> str:
        """Return the references as they follow a title, in the given pair of brackets; empty without references.

        Example
        -------
        >>> Group("", "weak", "Weak", (), ("first", "second"), "contact").cited("[]")
        ' [first; second]'
        """
        return f" {brackets[0]}{'; '.join(self.references)}{brackets[1]}" if self.references else ""


@dataclass(frozen=True)
class Constant:
    """A named number: decimal text, units, source."""

    name: str
    value: str
    units: str
    source: str


@dataclass(frozen=True)
class Term:
    """What one product of couplings adds to the amplitude of a state of the pair.

    The amplitude of ``state``, in one ``way`` of the atom's index, has ``number * i^imaginary * constants * electron coupling *
    matrix * d^d * M^M`` times ``q_z^qz q0^q0 s^s``, and ``1/(s - M^2 + i M Gamma)`` of the group's mediator where
    ``propagator`` says so; ``longitudinal`` ones of ``g - q q / M^2`` have ``1/M^2`` besides. ``matrix`` is an argument, or one
    of :func:`hermitian_names` of a general one. ``eta`` is the sign with which the exchanged pair is added for Majorana neutrinos.
    """

    state: str
    way: str
    group: str
    electron: str | None
    matrix: str
    number: Fraction
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


@dataclass(frozen=True)
class Kernel:
    """A complete, frozen description of one evaluator; see the module's docstring."""

    name: str
    title: str
    pair_step: str
    groups: tuple[Group, ...]
    constants: tuple[Constant, ...]
    terms: tuple[Term, ...]
    steps: tuple[str, ...]
    source_hash: str


def integer(value: Fraction) -> int:
    """Return a fraction that must be an integer.

    Raises ``ValueError`` when it is none: a table would lose the rest without a word.

    Example
    -------
    >>> integer(Fraction(6, 2))
    3
    """
    if value.denominator != 1:
        raise ValueError(f"{value} is not an integer over the common denominator")
    return value.numerator


def over_common_denominator(real: Fraction, imag: Fraction) -> tuple[int, int, int]:
    """Return ``real + i imag`` as two numerators and their least common denominator.

    Example
    -------
    >>> over_common_denominator(Fraction(1, 4), Fraction(-1, 6))
    (3, -2, 12)
    """
    common = math.lcm(real.denominator, imag.denominator)
    return integer(real * common), integer(imag * common), common
