"""Prepared targets: the amplitude ``B`` of a coherence, its tensor of rank one and its strength, exact, on two routes.

In: three angular momenta, the photon polarisation, the coherence ``rho_{M_e M_g} = <e M_e|rho|g M_g>``. Out:
``B_l = sum rho_{M_e M_g} <g M_g|eps*.d|v M_v><v M_v|sigma_l|e M_e>``, ``T_kl = B_k B_l* / sum |B|^2`` and ``sum |B|^2``.

The atoms of a coherent target add in the amplitude, so the sum over the magnetic numbers of ``|e>`` and ``|g>`` is inside
the square, and what is not prepared does not contribute. One route sums Clebsch-Gordan coefficients, the other multiplies
matrices built from commutators.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp
from sympy.physics.wigner import clebsch_gordan

from derivations.atom.angular import projections, vector_operator
from derivations.atom.arguments import exact_entry, is_zero, require_vector_steps, tidy, transverse
from derivations.atom.quantum_numbers import angular_momentum

Chain = tuple[Fraction, Fraction, Fraction]


def prepared_amplitude(J_e: Any, J_v: Any, J_g: Any, polarisation: Any, coherence: Any) -> sp.ImmutableMatrix:
    """Return ``B`` (3x1) of a coherence of unit norm, from Clebsch-Gordan coefficients.

    Reduced matrix elements are left out, ``<J'M'|V_q|JM> = <JM;1q|J'M'>``, so ``B`` is the geometry alone. Arguments as
    in :func:`derivations.atom.atomic_tensor`.

    Raises
    ------
    TypeError, ValueError : as :func:`derivations.atom.atomic_tensor`, except that ``B = 0`` is returned.

    Example
    -------
    >>> prepared_amplitude(0, 1, 0, (1, sp.I, 0), [[1]]).T
    Matrix([[-sqrt(6)/6, sqrt(6)*I/6, 0]])
    """
    chain, epsilon, rho = _checked(J_e, J_v, J_g, polarisation, coherence)
    return _amplitude(_steps(chain), epsilon, rho)


def amplitude_by_matrices(J_e: Any, J_v: Any, J_g: Any, polarisation: Any, coherence: Any) -> sp.ImmutableMatrix:
    """Return the same ``B`` up to a phase, from matrices that obey the commutators of a vector operator.

    Example
    -------
    >>> amplitude_by_matrices(0, 1, 0, (1, 0, 0), [[1]])[0] ** 2
    1/3
    """
    chain, epsilon, rho = _checked(J_e, J_v, J_g, polarisation, coherence)
    return _amplitude(_steps_by_matrices(chain), epsilon, rho)


def prepared_tensor(J_e: Any, J_v: Any, J_g: Any, polarisation: Any, coherence: Any) -> sp.ImmutableMatrix:
    """Return ``T_kl = B_k B_l* / sum |B|^2``; :func:`derivations.atom.atomic_tensor` with a coherence.

    Raises
    ------
    TypeError, ValueError : as :func:`derivations.atom.atomic_tensor`.

    Example
    -------
    >>> prepared_tensor(2, 1, 0, (1, 0, 0), [[0], [0], [1], [0], [0]])
    Matrix([
    [1, 0, 0],
    [0, 0, 0],
    [0, 0, 0]])
    """
    amplitude = prepared_amplitude(J_e, J_v, J_g, polarisation, coherence)
    norm = _squared(amplitude)
    if is_zero(norm):
        raise ValueError(
            "coherence is not allowed: B = 0, this preparation emits nothing (rule: M_e = M_v - q and M_g = M_v + m with the "
            "pair's q and the photon's m; no pair (M_e, M_g) that is prepared can be joined, or the amplitudes cancel)"
        )
    return sp.ImmutableMatrix(3, 3, lambda k, n: tidy(amplitude[k] * sp.conjugate(amplitude[n]) / norm))


def preparation_strength(J_e: Any, J_v: Any, J_g: Any, polarisation: Any, coherence: Any) -> sp.Expr:
    """Return ``sum |B|^2`` of a coherence of unit norm over that of unpolarised atoms: a factor of the rate.

    The rate of a coherent target is ``coherence_factor^2`` times this factor times what ``C_ev`` and the width of
    ``|v>`` give. It is 1 for ``J_e = J_g = 0``, and its sum over a complete set of preparations of any chain is
    ``2 J_e + 1`` (:func:`unit_preparations`).

    Returns
    -------
    SymPy number from 0 to ``2 J_e + 1``.

    Raises
    ------
    TypeError, ValueError : as :func:`derivations.atom.atomic_tensor`, except that a preparation which emits nothing
        has the strength 0.

    Example
    -------
    >>> preparation_strength(2, 1, 0, (1, 0, 0), [[0], [0], [1], [0], [0]])
    1/2
    """
    chain, epsilon, rho = _checked(J_e, J_v, J_g, polarisation, coherence)
    average = sp.Rational(int(2 * chain[2] + 1), 3 * int(2 * chain[0] + 1))
    return tidy(_squared(_amplitude(_steps(chain), epsilon, rho)) / average)


def unit_preparations(J_e: Any, J_g: Any) -> tuple[sp.ImmutableMatrix, ...]:
    """Return a complete orthonormal set of coherences, one pair ``(M_e, M_g)`` each.

    Example
    -------
    >>> len(unit_preparations(2, 0))
    5
    """
    rows, columns = (int(2 * angular_momentum(J, name)) + 1 for J, name in ((J_e, "J_e"), (J_g, "J_g")))
    return tuple(
        sp.ImmutableMatrix(rows, columns, lambda i, j, at=(row, column): int((i, j) == at))
        for row in range(rows)
        for column in range(columns)
    )


def coherence_bound() -> sp.Rational:
    """Return the largest norm of a coherence, 1/2: ``|rho_eg|^2 <= p (1 - p)`` for a fraction ``p`` of atoms in ``|e>``.

    A density matrix is positive, so ``|rho_{M_e M_g}|^2 <= rho_{M_e M_e} rho_{M_g M_g}`` for each pair; the sum over all
    pairs is ``p (1 - p)`` at most.

    Example
    -------
    >>> coherence_bound()
    1/2
    """
    p = sp.Symbol("p", nonnegative=True)
    squared = sp.maximum(p * (1 - p), p, sp.Interval(0, 1))
    return sp.sqrt(squared)


def checked_coherence(J_e: Fraction, J_g: Fraction, coherence: Any) -> sp.ImmutableMatrix:
    """Return a coherence as an exact matrix of unit norm; raise as :func:`derivations.atom.atomic_tensor`.

    Example
    -------
    >>> checked_coherence(Fraction(1, 2), Fraction(1, 2), [[1, 0], [0, 1]])[0, 0]
    sqrt(2)/2
    """
    rows, columns = int(2 * J_e) + 1, int(2 * J_g) + 1
    allowed = f"it must be a ({rows}, {columns}) matrix, rows M_e = -J_e ... J_e, columns M_g = -J_g ... J_g"
    if isinstance(coherence, str | bytes) or not hasattr(coherence, "__getitem__"):
        raise TypeError(f"coherence = {coherence!r} is not allowed: {allowed}")
    nested = coherence.tolist() if hasattr(coherence, "tolist") else list(coherence)
    lists = [list(row) if isinstance(row, list | tuple) else None for row in nested]
    if len(lists) != rows or any(row is None or len(row) != columns for row in lists):
        widths = sorted({-1 if row is None else len(row) for row in lists})
        found = f"({len(lists)}, {widths[0]})" if len(widths) == 1 and widths[0] >= 0 else "no such matrix"
        raise ValueError(f"coherence has shape {found}, which is not allowed: {allowed}")
    exact = [
        [exact_entry(entry, f"coherence[{m}][{n}]") for n, entry in enumerate(row or ())] for m, row in enumerate(lists)
    ]
    if all(is_zero(entry) for row in exact for entry in row):
        raise ValueError("coherence = 0 is not allowed: without coherence the atoms emit one by one (coherence=None)")
    norm = sp.expand(sum((entry * sp.conjugate(entry) for row in exact for entry in row), sp.S.Zero))
    return sp.ImmutableMatrix(exact) / sp.sqrt(norm)


def _checked(
    J_e: Any, J_v: Any, J_g: Any, polarisation: Any, coherence: Any
) -> tuple[Chain, sp.ImmutableMatrix, sp.ImmutableMatrix]:
    chain = (angular_momentum(J_e, "J_e"), angular_momentum(J_v, "J_v"), angular_momentum(J_g, "J_g"))
    require_vector_steps(*chain)
    x, y = transverse(polarisation)
    norm = tidy(x * sp.conjugate(x) + y * sp.conjugate(y))
    return (
        chain,
        sp.ImmutableMatrix([x, y, 0]) / sp.sqrt(norm),
        checked_coherence(chain[0], chain[2], coherence),
    )


Steps = tuple[tuple[sp.ImmutableMatrix, ...], tuple[sp.ImmutableMatrix, ...]]
"""The Cartesian matrices of the pair step and of the photon step."""


def _amplitude(steps: Steps, epsilon: sp.ImmutableMatrix, rho: sp.ImmutableMatrix) -> sp.ImmutableMatrix:
    pair, photon = steps
    emitted = sum((sp.conjugate(e) * d for e, d in zip(epsilon, photon, strict=True)), sp.zeros(*photon[0].shape))
    ascending = rho[::-1, ::-1]
    return sp.ImmutableMatrix([tidy((emitted * s * ascending).trace()) for s in pair])


def _squared(amplitude: sp.ImmutableMatrix) -> sp.Expr:
    return tidy(sum((sp.expand(b * sp.conjugate(b)) for b in amplitude), sp.S.Zero))


@cache
def _steps(chain: Chain) -> Steps:
    J_e, J_v, J_g = chain
    return _from_coefficients(J_v, J_e), _from_coefficients(J_g, J_v)


@cache
def _steps_by_matrices(chain: Chain) -> Steps:
    J_e, J_v, J_g = chain
    return _of_unit_reduced_element(J_v, J_e), _of_unit_reduced_element(J_g, J_v)


def _from_coefficients(final: Fraction, initial: Fraction) -> tuple[sp.ImmutableMatrix, ...]:
    ends, starts = projections(final), projections(initial)

    def spherical(q: int) -> sp.Matrix:
        return sp.Matrix(len(ends), len(starts), lambda i, j: coefficient(initial, starts[j], 1, q, final, ends[i]))

    plus, level, minus = (spherical(q) for q in (1, 0, -1))
    return (
        sp.ImmutableMatrix((minus - plus) / sp.sqrt(2)),
        sp.ImmutableMatrix(sp.I * (minus + plus) / sp.sqrt(2)),
        sp.ImmutableMatrix(level),
    )


def _of_unit_reduced_element(final: Fraction, initial: Fraction) -> tuple[sp.ImmutableMatrix, ...]:
    operator = vector_operator(final, initial)
    total = sum((sp.expand((v * v.H).trace()) for v in operator), sp.S.Zero)
    scale = sp.sqrt(sp.Rational(int(2 * final + 1)) / total)
    return tuple(sp.ImmutableMatrix((scale * v).applyfunc(sp.radsimp)) for v in operator)


@cache
def coefficient(j: Fraction, m: Fraction, rank: int, q: int, j_final: Fraction, m_final: Fraction) -> sp.Expr:
    """Return the Clebsch-Gordan coefficient ``<j m; rank q|j_final m_final>``, exact.

    Example
    -------
    >>> coefficient(Fraction(1), Fraction(1), 1, -1, Fraction(0), Fraction(0))
    sqrt(3)/3
    """
    numbers = [sp.Rational(x.numerator, x.denominator) for x in (j, j_final, m, m_final)]
    return clebsch_gordan(numbers[0], rank, numbers[1], numbers[2], q, numbers[3])
