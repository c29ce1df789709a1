"""The kernel: what every backend needs to know to evaluate a pair-summed spectral function.

A kernel describes

    f(omega) = prefactor(omega) / s^p * sum_{i<=j} sqrt(t (t + 4 P)) * sum_F F(omega) * sum_a K[F, a]_ij t^a

with ``s = (E_eg + K) (E_eg - K - 2 omega)``, ``t = s - (m_i + m_j)^2``, ``P = m_i m_j``. The factors ``F`` are shared by all pairs
(powers of ``qz = omega + K``, ``q0 = E_eg - omega`` and ``s``, and propagators); the weights ``K`` depend on the pair alone and are
sums over products of two channels. A channel is a matrix of complex numbers built from the arguments.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
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
class Contribution:
    """``(real + i imag) * product of constants * electron coupling * matrix * d^d * M^M`` inside one channel.

    ``matrix`` is an argument, or one of :func:`hermitian_names` of a general one.
    """

    group: str
    electron: str | None
    matrix: str
    real: Fraction
    imag: Fraction
    constants: tuple[tuple[str, int], ...]
    d: int
    M: int
    orbital: bool
    longitudinal: bool


@dataclass(frozen=True)
class Factor:
    """``qz^qz q0^q0 s^s * product of propagators``, shared by all pairs.

    A propagator is ``(group, "re")`` for ``(s - M^2) / ((s - M^2)^2 + M^2 Gamma^2)`` or ``(group, "im")`` for
    ``-M Gamma / ((s - M^2)^2 + M^2 Gamma^2)``; ``(group, "abs2")`` is the sum of their squares.
    """

    qz: int
    q0: int
    propagators: tuple[tuple[str, str], ...]
    s: int = 0


@dataclass(frozen=True)
class Channel:
    """One row of the Gram matrix together with one factor; ``eta`` is its sign under exchange of the pair."""

    name: str
    row: int
    eta: int
    factor: Factor
    s: int
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True)
class WeightTerm:
    """A contribution to one weight: channels ``n <= m``, tensor part, and a polynomial in ``P, D, d, M``.

    The polynomial is a tuple of ``(coefficient, (P power, D power, d power, M power))``. ``imaginary`` says whether the
    structure function multiplies ``i``. Off-diagonal products count twice, with their real part taken.
    """

    n: int
    m: int
    part: str
    imaginary: bool
    polynomial: tuple[tuple[Fraction, tuple[int, int, int, int]], ...]
    step: str


@dataclass(frozen=True)
class Weight:
    """The weight ``K[factor, power]``: what multiplies ``F(omega) t^power``."""

    factor: int
    power: int
    terms: tuple[WeightTerm, ...]


@dataclass(frozen=True)
class Kernel:
    """A complete, frozen description of one evaluator; see the module's docstring."""

    name: str
    title: str
    pair_step: str
    groups: tuple[Group, ...]
    constants: tuple[Constant, ...]
    channels: tuple[Channel, ...]
    factors: tuple[Factor, ...]
    weights: tuple[Weight, ...]
    s_power: int
    steps: tuple[str, ...]
    source_hash: str


def monomials(kernel: Kernel) -> list[tuple[int, int, int, int]]:
    """Return the powers of ``P, D, d, M`` that occur in the weights, each once, sorted."""
    return sorted({powers for weight in kernel.weights for term in weight.terms for _, powers in term.polynomial})


def denominator(kernel: Kernel) -> int:
    """Return the least common denominator of all coefficients of the weights."""
    return math.lcm(*(c.denominator for w in kernel.weights for term in w.terms for c, _ in term.polynomial))


def integer_terms(kernel: Kernel) -> Iterator[tuple[int, WeightTerm, list[tuple[int, int]]]]:
    """Yield the terms of the weights in order: index of the weight, term, polynomial.

    The polynomial holds ``(index in monomials(kernel), coefficient times denominator(kernel))``.
    """
    places = {powers: index for index, powers in enumerate(monomials(kernel))}
    common = denominator(kernel)
    for index, weight in enumerate(kernel.weights):
        for term in weight.terms:
            yield index, term, [(places[powers], integer(c * common)) for c, powers in term.polynomial]


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
