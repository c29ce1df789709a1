"""Structure functions before integration: spin-summed traces as polynomials in the neutrino momentum.

In: two rows of the amplitude. Out: ``N^{kl} = Tr[(p_i-slash + m_i) V_n^k (p_j-slash - m_j) Vbar_m^l]`` as a
polynomial in
``E, px, py, pz``, then averaged over the azimuth around q. After the average only three functions survive for any
atomic
tensor ``T_kl``: along q (``zz``), across q (``xx + yy``) and the antisymmetric part across q (``xy - yx``), because q
is
the only direction left.
"""

from __future__ import annotations

from dataclasses import dataclass

from derivations.algebra import ring
from derivations.algebra.dirac import Q_UPPER, DiracMatrix, dirac_bar
from derivations.algebra.ring import TRACE, Poly
from derivations.neutrino.line import Leg, Line
from derivations.neutrino.rows import Row

P_I = (ring.E, ring.px, ring.py, ring.pz)
P_J = (Q_UPPER[0] - ring.E, -ring.px, -ring.py, Q_UPPER[3] - ring.pz)
PAIR = Line(Leg(P_I, ring.m_i), Leg(P_J, ring.m_j, antiparticle=True))
"""The line of pair emission: a neutrino i and an antineutrino j go out."""
SPIN_SUM_I, SPIN_SUM_J = PAIR.end.spin_sum, PAIR.start.spin_sum

PARTS = ("along", "across", "circular")
"""``along`` = N^zz, ``across`` = (N^xx + N^yy)/2, ``circular`` = (N^xy - N^yx)/2."""


@dataclass(frozen=True)
class DressedRow:
    """A row with its spin sums: ``(p_i-slash + m_i) V^k (p_j-slash - m_j)`` and ``Vbar^k``."""

    dressed: tuple[DiracMatrix, DiracMatrix, DiracMatrix]
    barred: tuple[DiracMatrix, DiracMatrix, DiracMatrix]


def dressed(row: Row) -> DressedRow:
    """Return a row with its spin sums, so that every trace is one sparse contraction."""
    first, second, third = (SPIN_SUM_I @ matrix @ SPIN_SUM_J for matrix in row.matrices)
    x, y, z = (dirac_bar(matrix) for matrix in row.matrices)
    return DressedRow((first, second, third), (x, y, z))


def spin_sum(n: DressedRow, m: DressedRow, k: int, l: int) -> Poly:  # noqa: E741
    """Return ``sum_spins (ubar V_n^k v)(ubar V_m^l v)*`` as a polynomial in ``E, px, py, pz``."""
    return n.dressed[k].trace_with(m.barred[l])


def azimuthal_average(polynomial: Poly) -> Poly:
    """Average over the direction of the transverse momentum; ``px^2`` then stands for ``p_T^2 / 2``.

    Example
    -------
    >>> azimuthal_average(ring.px * ring.py + ring.py**2 + ring.px)
    px**2
    """
    x, y = TRACE.gens.index(ring.px), TRACE.gens.index(ring.py)
    result = TRACE.zero
    for monomial, c in polynomial.items():
        powers = list(monomial)
        if powers[x] % 2 or powers[y] % 2:
            continue
        if powers[x] + powers[y] > 2:
            raise ValueError("more than two powers of the transverse momentum cannot occur with two spinors")
        powers[x], powers[y] = powers[x] + powers[y], 0
        result += TRACE.from_dict({tuple(powers): c})
    return result


def structure_functions(n: DressedRow, m: DressedRow) -> tuple[Poly, Poly, Poly]:
    """Return the (along, across, circular) parts of the azimuthally averaged ``N^{kl}`` of two rows."""
    along = spin_sum(n, m, 2, 2)
    across = (spin_sum(n, m, 0, 0) + spin_sum(n, m, 1, 1)) / 2
    circular = (spin_sum(n, m, 0, 1) - spin_sum(n, m, 1, 0)) / 2
    return azimuthal_average(along), azimuthal_average(across), azimuthal_average(circular)
