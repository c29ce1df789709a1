"""A fermion line: two legs, and the spin-summed tensor of everything that can stand between them.

In: two :class:`Leg`. Out: ``N[A, B] = Tr[rho_bar G_A rho Gbar_B]`` over the 16 matrices of the Clifford basis, from which the
tensor of every bilinear follows. A leg is incoming or outgoing, a particle or an antiparticle; its spin is summed, or it has the helicity
that a frame gives it. The neutrinos of every process are such a line, and so is a free electron.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from derivations.algebra.dirac import GAMMA, GAMMA5, IDENTITY, DiracMatrix, clifford_basis, dirac_bar, slash
from derivations.algebra.ring import Poly

Momentum = tuple[Poly, Poly, Poly, Poly]
Tensor = Mapping[tuple[int, int], Poly]
"""``N[A, B]`` by the numbers of two elements of the Clifford basis; zeros are absent."""


@dataclass(frozen=True)
class Leg:
    """One end of a fermion line.

    Attributes
    ----------
    momentum : physical four-momentum, upper components.
    mass : of the particle.
    incoming : whether it comes in.
    antiparticle : whether it is described by ``v``; the line then runs against its motion.
    """

    momentum: Momentum
    mass: Poly
    incoming: bool = False
    antiparticle: bool = False

    @property
    def starts(self) -> bool:
        """Whether the line starts here (``u`` of an incoming particle, ``v`` of an outgoing antiparticle)."""
        return self.incoming != self.antiparticle

    @property
    def spin_sum(self) -> DiracMatrix:
        """The sum over both spins: ``p-slash + m`` of a particle, ``p-slash - m`` of an antiparticle."""
        return slash(self.momentum) + IDENTITY.scaled(-self.mass if self.antiparticle else self.mass)

    @property
    def helicity_part(self) -> DiracMatrix:
        """``2 |p|`` times the half difference of the projectors on helicity + and -, in the frame of the components.

        With the spin vector ``m s = (|p|, E p/|p|)`` the projector on helicity h is ``[spin_sum + h helicity_part / |p|] / 2``; this
        is the polynomial ``|p| (p-slash + m) gamma5 s-slash``, for antiparticles with ``m -> -m``.

        Example
        -------
        >>> from derivations.algebra import ring
        >>> leg = Leg((ring.E, ring.TRACE.zero, ring.TRACE.zero, ring.E), ring.TRACE.zero, incoming=True)
        >>> leg.helicity_part == (GAMMA5 @ leg.spin_sum).scaled(ring.E)      # massless: helicity is chirality
        True
        """
        sign = -1 if self.antiparticle else 1
        slashed, energy = slash(self.momentum), IDENTITY.scaled(self.momentum[0])
        mass = self.mass * sign
        return (GAMMA5 @ (slashed - IDENTITY.scaled(mass)) @ (energy + GAMMA[0].scaled(mass))).scaled(
            mass.ring.one * sign
        )


@dataclass(frozen=True)
class Line:
    """A fermion line between two legs, of which one starts and one ends it.

    Raises
    ------
    ValueError : both legs start the line, or both end it.
    """

    first: Leg
    second: Leg

    def __post_init__(self) -> None:
        if self.first.starts == self.second.starts:
            raise ValueError("a line has one leg that starts it and one that ends it: particle number is kept")

    @property
    def start(self) -> Leg:
        """The leg on the right of the bilinear."""
        return self.first if self.first.starts else self.second

    @property
    def end(self) -> Leg:
        """The leg on the left of the bilinear."""
        return self.second if self.first.starts else self.first

    def tensor(self) -> Tensor:
        """Return ``N[A, B]`` summed over both spins.

        Example
        -------
        >>> from derivations.algebra import ring
        >>> rest = (ring.M, *[ring.TRACE.zero] * 3)
        >>> Line(Leg(rest, ring.M, incoming=True), Leg(rest, ring.M)).tensor()[0, 0].as_expr()
        8*M**2
        """
        return contracted(self.end.spin_sum, self.start.spin_sum)

    def helicity_tensor(self) -> Tensor:
        """Return what the helicity h of the incoming leg adds: with it N is ``[tensor + h helicity_tensor / |p|] / 2``."""
        ends = (leg.helicity_part if leg.incoming else leg.spin_sum for leg in (self.end, self.start))
        return contracted(*ends)


def contracted(left: DiracMatrix, right: DiracMatrix) -> Tensor:
    """Return ``Tr[left G_A right Gbar_B]`` over the Clifford basis, both for A, B and for B, A."""
    dressed = [left @ element @ right for _, element in clifford_basis()]
    result = {}
    for a, matrix in enumerate(dressed):
        for b, bar in enumerate(_bars()):
            value = matrix.trace_with(bar)
            if value:
                result[a, b] = value
    return MappingProxyType(result)


@cache
def _bars() -> tuple[DiracMatrix, ...]:
    return tuple(dirac_bar(element) for _, element in clifford_basis())


@cache
def conjugation_signs() -> tuple[int, ...]:
    """Return eta of ``C G^T C^-1 = eta G`` for each element of the Clifford basis: +1 for S, P, A and -1 for V, T.

    The second contraction of Majorana neutrinos turns ``c_jk`` into ``c_jk + eta c_kj``, and an antineutrino sees ``eta c_kj``.

    Example
    -------
    >>> sorted({(letter, eta) for (letter, _), eta in zip(clifford_basis(), conjugation_signs())})
    [('A', 1), ('P', 1), ('S', 1), ('T', -1), ('V', -1)]
    """
    from derivations.algebra.dirac import charge_conjugated

    return tuple(1 if charge_conjugated(element) == element else -1 for _, element in clifford_basis())
