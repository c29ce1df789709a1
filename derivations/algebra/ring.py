"""Exact algebra: one polynomial ring over the Gaussian rationals for every kinematic quantity.

SymPy's sparse polynomial rings do all sums and products; nothing is simplified by pattern matching. Six rings are used:

``TRACE``  un-integrated spin sums: neutrino momentum ``E, px, py, pz``, pair energy ``q0`` and momentum ``qz`` along +z, of
           either sign, and the masses through ``M = m_i + m_j`` and ``d = m_i - m_j``. The photon energy omega is none of
           them: ``q0 = E_eg - omega`` and ``qz = omega + K`` for a momentum K imprinted on the target.
``CLOSED`` integrated structure functions: threshold variable ``t``, ``P = m_i m_j``, ``D = d^2``, ``qz``, ``q0`` and
the odd
           mass factors ``d`` and ``M``. With ``M^2 = D + 4 P`` and ``q0^2 = s + qz^2`` every element has a unique
           normal form.
``SOURCE`` products of a line's tensor with that of its source: ``TRACE`` and the mass ``m`` of the source.
``REST``   squared amplitudes in the rest frame of a target of mass ``m``: energy ``E`` and mass ``m_i`` of what comes in, mass ``m_j``
           of what goes out, kinetic energy ``T`` of the target afterwards. All five are independent: the normal form is unique.
``PAIR``   invariants of a pair alone: ``CLOSED`` without ``qz`` and ``q0``, in t and both masses.
``MASSES`` a decay into two: both neutrino masses.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from sympy import QQ_I
from sympy.polys.rings import ring

TRACE, E, px, py, pz, q0, qz, M, d = ring("E,px,py,pz,q0,qz,M,d", QQ_I)
CLOSED, t_, P_, D_, qz_, q0_, d_, M_ = ring("t,P,D,qz,q0,d,M", QQ_I)
SOURCE = ring("E,px,py,pz,q0,qz,M,d,m", QQ_I)[0]
REST = ring("E,T,m,m_i,m_j", QQ_I)[0]
PAIR = ring("t,m_i,m_j", QQ_I)[0]
MASSES = ring("m_i,m_j", QQ_I)[0]

Poly = Any
"""An element of one of the rings; SymPy's ``PolyElement`` carries no usable type information."""

I = TRACE(QQ_I(0, 1))  # noqa: E741

m_i = (M + d) / 2
m_j = (M - d) / 2
s = q0**2 - qz**2

s_ = t_ + D_ + 4 * P_
"""Pair invariant mass squared in the closed ring: ``s = t + (m_i + m_j)^2``."""


def gaussian(real: Fraction, imag: Fraction = Fraction(0)) -> Any:
    """Return the Gaussian rational ``real + i imag`` as a ring coefficient.

    Example
    -------
    >>> QQ_I.to_sympy(gaussian(Fraction(1, 2), Fraction(-1)))
    1/2 - I
    """
    from sympy import QQ

    return QQ_I.new(QQ(real.numerator, real.denominator), QQ(imag.numerator, imag.denominator))


def conjugate(polynomial: Poly) -> Poly:
    """Return the complex conjugate of a polynomial whose generators are all real."""
    return polynomial.ring.from_dict(
        {monomial: QQ_I.new(c.x, -c.y) for monomial, c in polynomial.items()}, orig_domain=QQ_I
    )


def real_part(polynomial: Poly) -> Poly:
    """Return the part of a polynomial with real coefficients."""
    return polynomial.ring.from_dict(
        {k: QQ_I.new(c.x, c.y - c.y) for k, c in polynomial.items() if c.x}, orig_domain=QQ_I
    )


def imaginary_part(polynomial: Poly) -> Poly:
    """Return the imaginary part of a polynomial, as a polynomial with real coefficients."""
    return polynomial.ring.from_dict(
        {k: QQ_I.new(c.y, c.x - c.x) for k, c in polynomial.items() if c.y}, orig_domain=QQ_I
    )


def normal_form(polynomial: Poly) -> Poly:
    """Return the normal form of an element of ``CLOSED``: degree at most one in ``q0``, ``d`` and ``M``.

    Uses ``q0^2 = s + qz^2``, ``d^2 = D`` and ``M^2 = D + 4 P``.

    Example
    -------
    >>> normal_form(M_**2).as_expr()
    D + 4*P
    """
    parts: dict[tuple[int, int, int], dict[tuple[int, ...], Any]] = {}
    for (*even, a, b, c), number in polynomial.items():
        # Distinct monomials stay distinct within one part: their squares are the same.
        parts.setdefault((a // 2, b // 2, c // 2), {})[*even, a % 2, b % 2, c % 2] = number
    result = CLOSED.zero
    for powers, part in parts.items():
        result += CLOSED.from_dict(part) * _squares(*powers)
    return result


@cache
def _squares(q0_power: int, d_power: int, M_power: int) -> Poly:
    """Return ``q0^2``, ``d^2`` and ``M^2`` to the given powers, in normal form."""
    return (s_ + qz_**2) ** q0_power * D_**d_power * (D_ + 4 * P_) ** M_power
