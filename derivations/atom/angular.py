"""Angular momentum, exactly: squared Clebsch-Gordan coefficients and explicit matrices.

In: quantum numbers as ``Fraction``. Out: rationals, or SymPy matrices whose rows and columns run from ``M = J``
down to ``-J``. Two routes to the same algebra live here on purpose: closed Clebsch-Gordan coefficients for ``j x
1``, and matrices built from the ladder operators alone.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import sympy as sp


def projections(j: Fraction) -> tuple[Fraction, ...]:
    """Return the magnetic numbers ``j, j-1, ..., -j``.

    Example
    -------
    >>> [str(m) for m in projections(Fraction(1, 2))]
    ['1/2', '-1/2']
    """
    return tuple(j - step for step in range(int(2 * j) + 1))


def vector_coefficient_squared(j: Fraction, m: Fraction, q: int, j_final: Fraction) -> Fraction:
    """Return the squared Clebsch-Gordan coefficient ``<j m; 1 q | j_final m+q>^2``, a rational number.

    Zero whenever the triangle rule, ``|m| <= j`` or ``|m+q| <= j_final`` fails. The case ``q = -1`` follows from
    ``q = +1`` by reflection of all magnetic numbers.

    Parameters
    ----------
    j, m : initial angular momentum and its projection.
    q : spherical component of the vector, -1, 0 or 1.
    j_final : final angular momentum.

    Example
    -------
    >>> vector_coefficient_squared(Fraction(0), Fraction(0), 1, Fraction(1))
    Fraction(1, 1)
    """
    if q < 0:
        return vector_coefficient_squared(j, -m, -q, j_final)
    target = m + q
    if abs(m) > j or abs(target) > j_final or abs(j_final - j) > 1 or j == j_final == 0:
        return Fraction(0)
    if j_final > j:
        up, level = (j + target) * (j + target + 1) / 2, (j - target + 1) * (j + target + 1)
        norm = (2 * j + 1) * (j + 1)
    elif j_final == j:
        up, level = (j + target) * (j - target + 1) / 2, target**2
        norm = j * (j + 1)
    else:
        up, level = (j - target) * (j - target + 1) / 2, (j - target) * (j + target)
        norm = j * (2 * j + 1)
    return (up if q == 1 else level) / norm


@cache
def spin_matrices(j: Fraction) -> tuple[sp.ImmutableMatrix, sp.ImmutableMatrix, sp.ImmutableMatrix]:
    """Return the Cartesian angular-momentum matrices ``(J_x, J_y, J_z)`` from the ladder operators.

    ``<m+1|J_+|m> = sqrt(j(j+1) - m(m+1))``; basis order ``m = j, ..., -j``.

    Example
    -------
    >>> spin_matrices(Fraction(1, 2))[2]
    Matrix([
    [1/2,    0],
    [  0, -1/2]])
    """
    ms = projections(j)
    size = len(ms)
    raising = sp.zeros(size, size)
    for column in range(1, size):
        m = ms[column]
        raising[column - 1, column] = sp.sqrt(_rational(j * (j + 1) - m * (m + 1)))
    lowering = raising.T
    diagonal = sp.diag(*[_rational(m) for m in ms])
    return (
        sp.ImmutableMatrix((raising + lowering) / 2),
        sp.ImmutableMatrix((raising - lowering) / (2 * sp.I)),
        sp.ImmutableMatrix(diagonal),
    )


@cache
def vector_operator(j_final: Fraction, j_initial: Fraction) -> tuple[sp.ImmutableMatrix, ...]:
    """Return the Cartesian matrices ``<j_final m'| V_k |j_initial m>`` of a vector operator, from its commutators
    alone.

    ``[J_+, V_+] = 0`` fixes ``V_+ = V_x + i V_y`` up to a factor; ``V_z = -[J_-, V_+]/2`` and ``V_- = [J_-, V_z]``
    follow. No Clebsch-Gordan coefficient is used. The overall factor is not normalised; all three matrices vanish
    when the triangle rule forbids the transition.

    Example
    -------
    >>> vector_operator(Fraction(0), Fraction(0))[2]
    Matrix([[0]])
    """
    raising_final, lowering_final, _ = _ladder(j_final)
    _, lowering_initial, _ = _ladder(j_initial)
    final, initial = projections(j_final), projections(j_initial)
    plus = sp.zeros(len(final), len(initial))
    steps = [m for m in initial if abs(m + 1) <= j_final]
    allowed = abs(j_final - j_initial) <= 1 and j_final + j_initial >= 1
    value = sp.S.One
    for position, m in enumerate(steps if allowed else []):
        row, column = final.index(m + 1), initial.index(m)
        if position > 0:
            value *= _ladder(j_initial)[0][column - 1, column] / raising_final[row - 1, row]
        plus[row, column] = value
    z = -(lowering_final * plus - plus * lowering_initial) / 2
    minus = lowering_final * z - z * lowering_initial
    tidy = [
        sp.ImmutableMatrix(matrix.applyfunc(sp.radsimp))
        for matrix in ((plus + minus) / 2, (plus - minus) / (2 * sp.I), z)
    ]
    return tidy[0], tidy[1], tidy[2]


def _ladder(j: Fraction) -> tuple[sp.ImmutableMatrix, sp.ImmutableMatrix, sp.ImmutableMatrix]:
    x, y, z = spin_matrices(j)
    return x + sp.I * y, x - sp.I * y, z


def _rational(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)
