"""The states of the neutrino pair: every row as amplitudes of the pair's total angular momentum (in: ``Row``; out: ``Emission``).

In its rest frame the pair is emitted with J = 1 by the spatial parts of V, A, ``sigma^{0i}`` (E) and ``sigma^{jk}`` (B), and with
J = 0 by S and P; ``q-slash`` and ``q-slash gamma5`` act as ``d`` and ``M gamma5``. With ``d = m_i - m_j`` and ``M = m_i + m_j``
the spin sum of one amplitude, averaged over the directions of the neutrinos, is a sum of squares,

    J = 1, V and E:  2/3 (t + 4 P) [2 |V'|^2 + |M V' + t E|^2 / s],           V' = V + M E
    J = 1, A and B:  2/3 t [2 |A'|^2 + |d A' + (t + 4 P) B|^2 / s],           A' = A + d B
    J = 0:           2 t |S|^2 + 2 (t + 4 P) |P|^2,

so that nothing cancels between squares. Spin projections on q do not interfere: the atom weighs projection 0 with ``T_zz`` (divided
by s here, the amplitudes of J = 1 being multiplied by the root of s) and the two others with ``T_xx + T_yy -+ 2 Im T_xy``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from derivations.algebra import ring
from derivations.algebra.ring import CLOSED, TRACE, Poly, conjugate, gaussian, normal_form, s_
from derivations.neutrino.pair_phase_space import ClosedForm, lowest_terms
from derivations.neutrino.rows import Row

STATES: Final = ("V", "E", "A", "B", "S", "P")
"""What emits a pair, by the class of the neutrino's bilinear in the rest frame of the pair."""
WAYS: Final = ("plain", "cross", "along")
"""How the open index of a row points: ``A^k = V^k``, ``A^k = (V x z)^k`` across q, or ``A^z``."""

_SIGMA: Final = {(0, 1): 10, (0, 2): 11, (0, 3): 12, (1, 2): 13, (1, 3): 14, (2, 3): 15}
_PHASE: Final = {"V": (1, 0), "E": (0, 1), "A": (1, 0), "B": (1, 0), "S": (1, 0), "P": (1, 0)}
"""The phase of each state, as real and imaginary part, that makes the two of one J and parity interfere with one sign."""


@dataclass(frozen=True)
class Emission:
    """``coefficient / s^s`` times a row's amplitude, added to the amplitude of a state; the coefficient is a polynomial.

    ``mass`` is ``"d"`` or ``"M"`` where the Dirac equation brought one, else ``""``.
    """

    state: str
    way: str
    coefficient: Poly
    s: int
    mass: str


def emissions(row: Row) -> tuple[Emission, ...]:
    """Return what a row adds to the amplitudes of the pair's states.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> from derivations.processes.renp.amplitude import amplitude
    >>> vector = next(row for row in amplitude(shipped_interactions()).rows if row.name == "vector")
    >>> [(found.state, found.way, found.coefficient.as_expr(), found.s, found.mass) for found in emissions(vector)]
    [('V', 'plain', 1, 0, ''), ('V', 'along', q0, 0, ''), ('S', 'along', qz, 1, 'd')]
    """
    return tuple(found for found in _emissions(row) if found.coefficient)


def _emissions(row: Row) -> Iterator[Emission]:
    from derivations.algebra.dirac import clifford_coefficients

    q0, qz = ring.q0, ring.qz
    x, _, z = map(clifford_coefficients, row.matrices)
    for state, first, scalar, mass in (("V", 2, "S", "d"), ("A", 6, "P", "M")):
        yield _emission(state, "plain", x[first + 1])
        yield _emission(state, "cross", x[first + 2])
        yield _emission(state, "along", z[first] * qz + z[first + 3] * q0)
        yield _emission(scalar, "along", z[first] * q0 + z[first + 3] * qz, 1, mass)
    e_x, e_y, e_z, b_z, b_y, b_x = (_SIGMA[pair] for pair in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)))
    yield _emission("E", "plain", x[e_x] * q0 - x[b_y] * qz, 1)
    yield _emission("E", "cross", x[e_y] * q0 - x[b_x] * qz, 1)
    yield _emission("E", "along", z[e_z])
    yield _emission("B", "plain", x[b_x] * q0 - x[e_y] * qz, 1)
    yield _emission("B", "cross", x[e_x] * qz - x[b_y] * q0, 1)
    yield _emission("B", "along", z[b_z])
    yield _emission("S", "along", z[0])
    yield _emission("P", "along", z[1])


def _emission(state: str, way: str, coefficient: Poly, s: int = 0, mass: str = "") -> Emission:
    """Return an emission with its phase, and with powers of s divided out.

    Another phase, i, makes the projections +1 and -1 on q the sum and the difference of plain and cross.
    """
    real, imag = _PHASE[state]
    if way == "cross":
        real, imag = -imag, real
    while coefficient and not coefficient.rem(ring.s):
        coefficient, s = coefficient.exquo(ring.s), s - 1
    return Emission(state, way, coefficient * (TRACE.one * real + ring.I * imag), s, mass)


def squares(rows: Sequence[Row]) -> dict[tuple[int, int, str], ClosedForm]:
    """Return all structure functions by rows ``n <= m`` and part of the atomic tensor, from the squares of the states.

    They must be those that the traces give, integrated over the neutrino's energy.
    """
    amplitudes = [_amplitudes(row) for row in rows]
    return {
        (n, m, part): closed
        for n, left in enumerate(amplitudes)
        for m in range(n, len(rows))
        for part, closed in _parts(left, amplitudes[m])
        if closed
    }


def _parts(left: _Amplitudes, right: _Amplitudes) -> Iterator[tuple[str, ClosedForm]]:
    # Amplitudes carry _COMMON powers of s each, and J = 1 one inverse power.
    power = 2 * _COMMON + 1
    along = _spin_one(left["along"], right["along"]) + s_ * _spin_zero(left["along"], right["along"])
    yield "along", lowest_terms(normal_form(along), power + 1)
    across = _spin_one(left["plain"], right["plain"]) + _spin_one(left["cross"], right["cross"])
    yield "across", lowest_terms(normal_form(across), power)
    # 2 T_circular Re(plain cross*), and T_xy - T_yx is i T_circular.
    circular = _spin_one(left["cross"], right["plain"]) + _spin_one(left["plain"], right["cross"])
    yield (
        "circular",
        lowest_terms(normal_form(circular * CLOSED.ground_new(gaussian(Fraction(0), Fraction(-1)))), power),
    )


_Amplitudes = dict[str, dict[str, Poly]]
_COMMON: Final = 2
"""Powers of s over which amplitudes are written: more than any row needs."""


def _amplitudes(row: Row) -> _Amplitudes:
    """Return ``{way: {state: amplitude * s^_COMMON}}``; states without an amplitude are 0."""
    result = {way: dict.fromkeys(STATES, CLOSED.zero) for way in WAYS}
    for found in emissions(row):
        number = CLOSED.zero
        for (*_, q0, qz, M, d), c in found.coefficient.items():
            number += CLOSED.from_dict({(0, 0, 0, qz, q0, d, M): c})
        mass = {"": CLOSED.one, "d": ring.d_, "M": ring.M_}[found.mass]
        result[found.way][found.state] += number * mass * s_ ** (_COMMON - found.s)
    return result


def _spin_one(a: dict[str, Poly], b: dict[str, Poly]) -> Poly:
    """Return ``s`` times the squares of J = 1, as a Hermitian form of two sets of amplitudes."""
    t, P, d, M = ring.t_, ring.P_, ring.d_, ring.M_
    parts = [(a["V"] + M * a["E"], a["E"], b["V"] + M * b["E"], b["E"], M, t, t + 4 * P)]
    parts.append((a["A"] + d * a["B"], a["B"], b["A"] + d * b["B"], b["B"], d, t + 4 * P, t))
    total = CLOSED.zero
    for first, a_flip, second, b_flip, mass, reach, weight in parts:
        flip = (mass * first + reach * a_flip) * conjugate(mass * second + reach * b_flip)
        total += weight * (2 * s_ * first * conjugate(second) + flip)
    return total * 2 / 3


def _spin_zero(a: dict[str, Poly], b: dict[str, Poly]) -> Poly:
    """Return ``s`` times the squares of J = 0."""
    return 2 * s_ * (ring.t_ * a["S"] * conjugate(b["S"]) + (ring.t_ + 4 * ring.P_) * a["P"] * conjugate(b["P"]))
