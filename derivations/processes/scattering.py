"""Scattering of a neutrino on a target at rest: the frame, and the amplitude in it.

The neutrino ``k = (E, px, 0, pz)`` receives ``q = (-T, 0, 0, qz)`` from the target and leaves with ``k + q``; the target of mass
m ends with the kinetic energy T. ``q^2 = - 2 m T`` for any neutrino masses.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from derivations.algebra import ring
from derivations.algebra.ring import REST, SOURCE, TRACE, Poly
from derivations.neutrino.line import Leg, Line
from derivations.processes.exchange import Amplitude, amplitude

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction
    from derivations.processes.sources import Source

ENERGY, RECOIL, MASS, MASS_IN, MASS_OUT = REST.gens
Q_SQUARED = -2 * MASS * RECOIL
TENSORS = ("summed", "polarised")
"""The Gram matrices: over all spins, and what the helicity h of the incoming neutrino adds; ``(summed + h polarised/p) / 2``."""


def scattering_line(*, antineutrino: bool = False) -> Line:
    """Return the line of a neutrino, or of an antineutrino, that scatters.

    The generators ``d`` and ``M`` of ``TRACE`` stand for the masses of the incoming and of the outgoing one.
    """
    zero = TRACE.zero
    before = Leg((ring.E, ring.px, zero, ring.pz), ring.d, incoming=True, antiparticle=antineutrino)
    after = Leg((ring.E + ring.q0, ring.px, zero, ring.pz + ring.qz), ring.M, antiparticle=antineutrino)
    return Line(before, after)


def scattering_amplitude(interactions: Sequence[Interaction], source: Source) -> Amplitude:
    """Return the amplitude of neutrinos of any mass on a target at rest.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> from derivations.processes.sources import FreeElectron
    >>> weak = [i for i in shipped_interactions() if i.name == "standard_model"]
    >>> [row.name for row in scattering_amplitude(weak, FreeElectron()).rows]
    ['vector_axial', 'axial_axial', 'vector_vector', 'axial_vector']
    """
    return _amplitude(tuple(interactions), source)


@lru_cache(maxsize=64)
def _amplitude(interactions: tuple[Interaction, ...], source: Source) -> Amplitude:
    line = scattering_line()
    tensors = dict(zip(TENSORS, (line.tensor(), line.helicity_tensor()), strict=True))
    return amplitude(interactions, tensors, source, at_rest)


def at_rest(polynomial: Poly) -> Poly:
    """Return an element of ``SOURCE`` in ``REST``: a scalar in the variables that are left on shell.

    ``px^2 = E^2 - m_i^2 - pz^2`` by the mass of the incoming and ``pz qz = [m_i^2 - m_j^2 + q^2 - 2 E T]/2`` by that of the outgoing
    neutrino.

    Raises
    ------
    ValueError : an expression that is no scalar: a power of ``pz`` without one of ``qz``.
    """
    if not polynomial:
        return REST.zero
    # Powers of px^2 first: those of pz that they leave must cancel against others.
    by_powers: dict[tuple[int, int], Poly] = {}
    for (e, px, py, pz, q0, qz, m_out, m_in, m), c in polynomial.items():
        if px % 2 or py:
            raise ValueError(f"no scalar: odd in the transverse momentum, found {polynomial}")
        rest = REST.from_dict({(e, q0, m, m_in, m_out): c * (-1) ** q0})
        for n, (binomial, left) in enumerate(_across(px // 2)):
            place = (pz + 2 * n, qz)
            by_powers[place] = by_powers.get(place, REST.zero) + rest * left * binomial
    result = REST.zero
    for (pz, qz), value in by_powers.items():
        if not value:
            continue
        if qz < pz or (qz - pz) % 2:
            raise ValueError(f"no scalar: pz^{pz} qz^{qz} is left of {polynomial}")
        result += value * _along(pz) * (RECOIL**2 - Q_SQUARED) ** ((qz - pz) // 2)
    return result


@cache
def _across(power: int) -> tuple[tuple[int, Poly], ...]:
    """Return the powers of ``pz^2`` in ``(E^2 - m_i^2 - pz^2)^power``, each as a number and the rest."""
    from math import comb

    squared = ENERGY**2 - MASS_IN**2
    return tuple(
        (comb(power, n) * (-1) ** n, squared ** (power - n) if power > n else REST.one) for n in range(power + 1)
    )


@cache
def _along(power: int) -> Poly:
    """Return ``(pz qz)^power``."""
    product = (MASS_IN**2 - MASS_OUT**2 + Q_SQUARED) / 2 - ENERGY * RECOIL
    return product**power if power else REST.one


def recoil_edges() -> Poly:
    """Return ``4 px^2 qz^2``, which is positive between the lowest and the highest T and zero at both.

    It is ``4 T (T + 2 m) (E^2 - m_i^2) - (2 E T + 2 m T + m_j^2 - m_i^2)^2``.

    Example
    -------
    >>> recoil_edges().compose([(MASS_IN, 0), (MASS_OUT, 0)]).as_expr().factor()
    -4*T*m*(-2*E**2 + 2*E*T + T*m)
    """
    _, px, _, _, _, qz, *_ = SOURCE.gens
    return at_rest(4 * px**2 * qz**2)
