"""Two-body phase space: from a polynomial in E_nu to a closed form in (t, m_i, m_j, q0, q_z).

In: an azimuthally averaged trace. Out: its average over the kinematic range of ``E_nu`` as a :class:`ClosedForm`.
The pair energy and momentum fix ``p_z = (2 q0 E - s - m_i^2 + m_j^2) / (2 qz)``; ``E`` runs over ``Ebar -+ |qz| Delta/2``
with
``Ebar = q0 (s + m_i^2 - m_j^2) / (2 s)``, so ``<E> = Ebar`` and ``<E^2> = Ebar^2 + qz^2 Delta^2 / 12``,
``Delta^2 = lambda / s^2`` and ``lambda = t (t + 4 m_i m_j)``. Then ``(1/|qz|) int dE_nu = Delta <...>``.
``qz`` may have either sign. Its inverse powers cancel in every average, which is finite at ``qz = 0``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from derivations.algebra import ring
from derivations.algebra.ring import CLOSED, Poly, normal_form, s_

_MASS_SPLIT = ring.M_ * ring.d_
"""``m_i^2 - m_j^2``."""
_KAELLEN = ring.t_ * (ring.t_ + 4 * ring.P_)


@dataclass(frozen=True)
class ClosedForm:
    """``numerator / s^power`` with a numerator in normal form over (t, P, D, qz, q0, d, M)."""

    numerator: Poly
    power: int

    def __bool__(self) -> bool:
        return bool(self.numerator)


def integrated(polynomial: Poly) -> ClosedForm:
    """Return the average of an azimuthally averaged trace over the range of ``E_nu``, in closed form.

    Example
    -------
    >>> integrated(ring.E).numerator.as_expr(), integrated(ring.E).power      # <E> = q0 (s + m_i^2 - m_j^2) / 2 s
    (D*q0/2 + M*d*q0/2 + 2*P*q0 + q0*t/2, 1)
    """
    parts: dict[tuple[int, int, int], dict[tuple[int, ...], Any]] = {}
    for (energy, across, _, along, q0, qz, M, d), c in polynomial.items():
        parts.setdefault((energy, across, along), {})[0, 0, 0, qz, q0, d, M] = c
    total = CLOSED.zero
    for powers, part in parts.items():
        total += _moment(*powers) * CLOSED.from_dict(part)
    numerator = normal_form(total)
    for _ in range(2 if numerator else 0):
        numerator = numerator.exquo(ring.qz_)
    return lowest_terms(numerator, 2)


@cache
def _moment(energy: int, across: int, along: int) -> Poly:
    """Return ``s^2 qz^2 <E^energy px^across pz^along>``; ``px^2`` stands for half the squared transverse momentum."""
    # p_z = (a E + b) / qz with a = q0 and b = (m_j^2 - m_i^2 - s)/2
    offset = -(s_ + _MASS_SPLIT) / 2
    if across == 2:
        m_i = (ring.M_ + ring.d_) / 2
        squared = _energy_moments({2: CLOSED.one, 0: -(m_i**2)}, 2)
        longitudinal = _expanded(offset, 2)
        return (squared - _energy_moments(longitudinal, 0)) / 2
    powers = {n + energy: coefficient for n, coefficient in _expanded(offset, along).items()}
    return _energy_moments(powers, 2 - along)


def _expanded(offset: Poly, power: int) -> dict[int, Poly]:
    """Return ``(q0 E + offset)^power`` as ``{power of E: coefficient}``."""
    if power == 0:
        return {0: CLOSED.one}
    if power == 1:
        return {1: ring.q0_, 0: offset}
    return {2: ring.q0_**2, 1: 2 * ring.q0_ * offset, 0: offset**2}


def _energy_moments(powers: dict[int, Poly], qz_power: int) -> Poly:
    """Return ``s^2 qz^qz_power sum_n coefficient_n <E^n>``."""
    mean = ring.q0_ * (s_ + _MASS_SPLIT) / 2
    moments = {
        0: s_**2,
        1: mean * s_,
        2: mean**2 + ring.qz_**2 * _KAELLEN / 12,
    }
    return sum((moments[n] * coefficient for n, coefficient in powers.items()), CLOSED.zero) * ring.qz_**qz_power


def lowest_terms(numerator: Poly, s_power: int) -> ClosedForm:
    """Return ``numerator / s^s_power`` with common powers of ``s`` divided out, as far as there is a denominator.

    Example
    -------
    >>> lowest_terms(s_ * ring.P_, 2).power
    1
    """
    if not numerator:
        return ClosedForm(numerator, 0)
    while s_power and not numerator.rem(s_):
        numerator = numerator.exquo(s_)
        s_power -= 1
    return ClosedForm(numerator, s_power)
