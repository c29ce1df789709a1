"""The independent road of scattering and decay: two lines of explicit matrices, contracted in the frame of the target.

The momenta of these processes lie in a plane. With ``gamma^2 = i rho`` every matrix is real, the Clifford algebra has the
signature (+,-,+,-), and a sum over spins is a trace of integer polynomials; complex couplings stay outside. Therefore
only ``Re(c_a c_b*)`` of two couplings can enter a cross section of unpolarised targets, whatever the interaction.

Scattering: target at rest, ``k = (E, kx, 0, kz)``, ``q = k' - k = (-T, 0, 0, -P)``, ``P^2 = T^2 + 2 M T``. On shell
``2 kz P = m_j^2 - m_i^2 + 2 E T + 2 M T`` for ``nu_i -> nu_j``. Decay: ``nu_i`` at rest with spin ``(sx, 0, sz)``, photon
along z. Nothing is shared with the pipeline but SymPy and the names of symbols.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, Final

from sympy import QQ, ZZ, Expr, Integer, conjugate, factor, pi, re, symbols
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import ring

from derivations.symbols import ENERGY, HELICITY, M_I, M_J, RECOIL, TARGET_MASS

Poly = Any
Matrix = Any

RING, E, T, M, m_i, m_j, kx, kz, P, h = ring("E,T,M,m_i,m_j,kx,kz,P,h", ZZ)
"""``h`` is the helicity of the incoming neutrino over its momentum."""
_DOMAIN = RING.to_domain()
_RATIONAL = RING.clone(domain=QQ)
_NAMES = dict(zip(symbols("E T M m_i m_j h"), (ENERGY, RECOIL, TARGET_MASS, M_I, M_J, HELICITY), strict=True))
SIGNATURE: Final = (1, -1, 1, -1)

ZERO, ONE = RING.zero, RING.one
Vector = tuple[Poly, Poly, Poly, Poly]
TARGET: Vector = (M, ZERO, ZERO, ZERO)
RECOILED: Vector = (M + T, ZERO, ZERO, P)
INCOMING: Vector = (E, kx, ZERO, kz)
OUTGOING: Vector = (E - T, kx, ZERO, kz - P)
TRANSFER: Vector = (-T, ZERO, ZERO, -P)
TRANSFER_SQUARED = -2 * M * T


def _matrix(rows: Sequence[Sequence[int]]) -> Matrix:
    return DomainMatrix([[RING(x) for x in row] for row in rows], (len(rows), len(rows)), _DOMAIN).to_sparse()


IDENTITY = _matrix([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
GAMMA = (
    _matrix([[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]]),
    _matrix([[0, 0, 0, 1], [0, 0, 1, 0], [0, -1, 0, 0], [-1, 0, 0, 0]]),
    _matrix([[0, 0, 0, -1], [0, 0, 1, 0], [0, 1, 0, 0], [-1, 0, 0, 0]]),
    _matrix([[0, 0, 1, 0], [0, 0, 0, -1], [-1, 0, 0, 0], [0, 1, 0, 0]]),
)
"""Chiral representation, the third one divided by i."""
GAMMA5 = -(GAMMA[0] * GAMMA[1] * GAMMA[2] * GAMMA[3])


def slash(vector: Vector) -> Matrix:
    """Return ``gamma^mu a_mu`` of a vector with upper components in the plane of the process."""
    total = IDENTITY * ZERO
    for sign, component, gamma in zip(SIGNATURE, vector, GAMMA, strict=True):
        total = total + gamma * (component * sign)
    return total


def current(name: str, mu: int, q: Vector = TRANSFER) -> Matrix:
    """Return a current with an upper index (that with ``mu = 2`` divided by i).

    ``V``, ``A``: gamma^mu, gamma^mu gamma5; ``L``, ``R``: gamma^mu (1 -+ gamma5); ``magnetic``: i sigma^{mu nu} q_nu;
    ``electric``: that times gamma5, so that its coupling is ``i eps``; ``radius``: q^2 gamma^mu - q^mu q-slash;
    ``anapole``: that times gamma5; ``momentum``: q^mu.
    """
    q_squared = sum((sign * x * x for sign, x in zip(SIGNATURE, q, strict=True)), ZERO)
    gamma = GAMMA[mu]
    vertices = {
        "V": lambda: gamma,
        "A": lambda: gamma * GAMMA5,
        "L": lambda: gamma * (IDENTITY - GAMMA5),
        "R": lambda: gamma * (IDENTITY + GAMMA5),
        "magnetic": lambda: IDENTITY * q[mu] - gamma * slash(q),
        "electric": lambda: (IDENTITY * q[mu] - gamma * slash(q)) * GAMMA5,
        "radius": lambda: gamma * q_squared - slash(q) * q[mu],
        "anapole": lambda: (gamma * q_squared - slash(q) * q[mu]) * GAMMA5,
    }
    return vertices[name]()


def bar(matrix: Matrix) -> Matrix:
    """Return ``gamma0 Gamma^dagger gamma0``."""
    return GAMMA[0] * matrix.transpose() * GAMMA[0] if matrix.shape == (4, 4) else matrix


def trace_of(first: Matrix, second: Matrix) -> Poly:
    """Return ``Tr[first second]``."""
    left, right = first.to_sdm(), second.to_sdm()
    total = ZERO
    for i, row in left.items():
        for j, value in row.items():
            partner = right.get(j, {}).get(i)
            if partner is not None:
                total += value * partner
    return total


@dataclass(frozen=True, eq=False)
class Channel:
    """``sum_I sign_I (neutrino_I)(target_I)``: matrices of the two lines with their common indices contracted."""

    pairs: tuple[tuple[int, Matrix, Matrix], ...]


_NUCLEUS = tuple(DomainMatrix([[a + b]], (1, 1), _DOMAIN).to_sparse() for a, b in zip(TARGET, RECOILED, strict=True))
_UNIT = DomainMatrix([[ONE]], (1, 1), _DOMAIN).to_sparse()
_DENSITIES = {"S": IDENTITY, "P": GAMMA5, "nucleus": _UNIT}
_BACK: Vector = (T, ZERO, ZERO, P)
"""What the target receives."""


@cache
def vector_channel(neutrino: str, target: str) -> Channel:
    """Return ``[neutrino^mu][target_mu]``; a target ``nucleus`` has the current ``(p + p')^mu`` of spin 0."""
    charges = _NUCLEUS if target == "nucleus" else [current(target, mu, _BACK) for mu in range(4)]
    return Channel(tuple((sign, current(neutrino, mu), charges[mu]) for mu, sign in enumerate(SIGNATURE)))


@cache
def longitudinal_channel(neutrino: str, target: str) -> Channel:
    """Return ``[q_mu neutrino^mu][q_mu target^mu]``, what a massive vector's ``q q/M^2`` adds; ``q`` as the neutrino receives it."""
    lines = []
    for name in (neutrino, target):
        total = IDENTITY * ZERO
        for sign, component, mu in zip(SIGNATURE, TRANSFER, range(4), strict=True):
            total = total + current(name, mu) * (component * sign)
        lines.append(total)
    return Channel(((1, lines[0], lines[1]),))


@cache
def scalar_channel(neutrino: str, target: str) -> Channel:
    """Return the product of two densities: ``S`` is 1, ``P`` is gamma5 (i belongs to the coupling), ``nucleus`` is 1."""
    return Channel(((1, _DENSITIES[neutrino], _DENSITIES[target]),))


@cache
def tensor_channel() -> Channel:
    """Return ``[sigma^{mu nu}][sigma_{mu nu}]``, summed over all mu and nu."""
    # sigma^{mu nu} = i gamma^mu gamma^nu: the two factors i give the minus sign
    return Channel(
        tuple(
            (-2 * SIGNATURE[a] * SIGNATURE[b], GAMMA[a] * GAMMA[b], GAMMA[a] * GAMMA[b])
            for a, b in combinations(range(4), 2)
        )
    )


@dataclass(frozen=True)
class Line:
    """The neutrino: massless or not, antineutrino or not, its incoming helicity (0: averaged over both).

    A massless line takes the helicity as a chirality; with masses ``h`` stands for the helicity over the momentum.
    """

    massless: bool = True
    antineutrino: bool = False
    helicity: int = -1

    def incoming(self) -> Matrix:
        """Return twice the sum over the incoming spinors, projected on the helicity."""
        mass = ZERO if self.massless else m_i * (-1 if self.antineutrino else 1)
        momentum = slash(INCOMING)
        total = momentum + IDENTITY * mass
        if not self.helicity:
            return total
        sign = -1 if self.antineutrino else 1
        if self.massless:
            return total + GAMMA5 * momentum * RING(sign * self.helicity)
        # (k-slash + m) gamma5 s-slash with s = (E k - m^2 u)/(m |k|)
        return total + GAMMA5 * (momentum - IDENTITY * mass) * (IDENTITY * E + GAMMA[0] * mass) * (h * sign)

    def outgoing(self) -> Matrix:
        """Return the sum over the outgoing spinors."""
        mass = ZERO if self.massless else m_j * (-1 if self.antineutrino else 1)
        return slash(OUTGOING) + IDENTITY * mass


@cache
def contract(first: Channel, second: Channel, line: Line) -> Expr:
    """Return the sum over spins of ``first second*``: one incoming helicity (or their average), the target's spins summed."""
    return _normal_form(_contracted(first, second, line, line.incoming()), line) / 2


def azimuthal_asymmetry(first: Channel, second: Channel, sign: int = 1) -> Expr:
    """Return what a transverse spin in the scattering plane adds to ``first second*``, massless neutrinos.

    It is odd in the transverse momentum; the result is multiplied by ``kx P``, the spin (of length E) has the given sign.
    """
    line = Line(helicity=0)
    across: Vector = (ZERO, kz, ZERO, -kx)
    density = slash(INCOMING) * GAMMA5 * slash(across) * RING(sign)
    return _normal_form(_contracted(first, second, line, density) * kx * P, line) / 2


def _contracted(first: Channel, second: Channel, line: Line, incoming: Matrix) -> Poly:
    outgoing = line.outgoing()
    spin_half = first.pairs[0][2].shape == (4, 4)
    before, after = (slash(x) + IDENTITY * M for x in (TARGET, RECOILED)) if spin_half else (_UNIT, _UNIT)
    left = [
        (
            sign,
            incoming * a * outgoing if line.antineutrino else outgoing * a * incoming,
            after * b * before,
        )
        for sign, a, b in first.pairs
    ]
    total = ZERO
    for sign, a, b in left:
        for other, c, d in second.pairs:
            neutrino = trace_of(a, bar(c))
            if neutrino:
                total += neutrino * trace_of(b, bar(d)) * (sign * other)
    return total


def _normal_form(polynomial: Poly, line: Line) -> Expr:
    """Return a polynomial in ``E``, ``T``, the masses and ``h``: ``kx`` and ``kz`` by the mass shells, ``P`` by the target's."""
    mass_i, mass_j = (
        (_RATIONAL.zero, _RATIONAL.zero) if line.massless else (m_i.set_ring(_RATIONAL), m_j.set_ring(_RATIONAL))
    )
    energy, recoil, mass = (x.set_ring(_RATIONAL) for x in (E, T, M))
    along = (mass_j**2 - mass_i**2 + 2 * energy * recoil + 2 * mass * recoil) / 2
    squared = recoil**2 + 2 * mass * recoil
    across = (energy**2 - mass_i**2) * squared - along**2
    powers = max((monomial[5] + monomial[6] for monomial in polynomial), default=0)
    powers += powers % 2
    total = _RATIONAL.zero
    for monomial, coefficient in polynomial.items():
        a, b, c = monomial[5:8]
        if a % 2 or (b + c) % 2:
            raise ValueError("an odd power of a momentum is left")
        rest = _RATIONAL.from_dict({(*monomial[:5], 0, 0, 0, *monomial[8:]): QQ(int(coefficient))})
        # kx^2 = across / P^2, kz = along / P
        total += rest * across ** (a // 2) * along**b * squared ** ((powers - a - b + c) // 2)
    quotient: Expr = total.exquo(squared ** (powers // 2)).as_expr()
    return quotient.subs(_NAMES, simultaneous=True)


def cross_section(terms: Sequence[tuple[Expr, Channel]], line: Line | None = None) -> Expr:
    """Return ``dsigma/dT`` of an amplitude ``sum coupling x channel``; the target is unpolarised and at rest.

    Complex couplings are allowed. The result is in ``E``, ``T``, the target's mass ``M``, ``m_i``, ``m_j`` and ``h``.

    Example
    -------
    >>> cross_section([(Integer(1), vector_channel("L", "L"))])
    4*M/pi
    """
    line = line or Line()
    states = 2 if terms[0][1].pairs[0][2].shape == (4, 4) else 1
    momentum = ENERGY**2 - (0 if line.massless else M_I**2)
    total: Expr = Integer(0)
    for c, first in terms:
        for d, second in terms:
            total += re(c * conjugate(d)) * contract(first, second, line)
    return total / (32 * pi * TARGET_MASS * momentum * states)


def decay_contract(first: str, second: str) -> tuple[Expr, Expr]:
    """Return the sum over the photon's polarisations of ``first second*`` in ``nu_i -> nu_j gamma``, ``nu_i`` at rest.

    The first part is that of an unpolarised ``nu_i``, the second multiplies the cosine between its spin and the photon.

    Example
    -------
    >>> decay_contract("radius", "radius")
    (0, 0)
    """
    photon: Vector = (T, ZERO, ZERO, T)
    before, after = (m_i, ZERO, ZERO, ZERO), (m_i - T, ZERO, ZERO, -T)
    density = (
        slash(before) + IDENTITY * m_i,
        (slash(before) + IDENTITY * m_i) * GAMMA5 * slash((ZERO, ZERO, ZERO, ONE)),
    )
    recoil = tuple(-x for x in photon)
    found = []
    for state in density:
        total = ZERO
        for mu in (1, 2):
            left = (slash(after) + IDENTITY * m_j) * current(first, mu, recoil) * state
            total += trace_of(left, bar(current(second, mu, recoil)))
        energy = (M_I**2 - M_J**2) / (2 * M_I)
        found.append(factor(total.as_expr().subs(_NAMES, simultaneous=True).subs(RECOIL, energy)) / 2)
    return found[0], found[1]
