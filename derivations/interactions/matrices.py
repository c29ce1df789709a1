"""Parsed bilinears as explicit Dirac matrices.

In: a :class:`~derivations.interactions.language.Bilinear` and values of its free indices. Out: a
:class:`~derivations.algebra.dirac.DiracMatrix`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from derivations.algebra import ring
from derivations.algebra.dirac import GAMMA, GAMMA5, IDENTITY, METRIC, Q_SLASH, Q_UPPER, SPACETIME, DiracMatrix, sigma
from derivations.algebra.ring import TRACE, Poly
from derivations.interactions.language import Atom, Bilinear


def _values(atom: Atom, index: Mapping[str, int]) -> tuple[Poly, DiracMatrix | None]:
    """Return the scalar and the matrix factor of an atom for fixed (upper) index values."""
    positions = tuple(index[name] for name in atom.indices)
    match atom.name:
        case "gamma":
            return TRACE.one, GAMMA[positions[0]]
        case "gamma5":
            return TRACE.one, GAMMA5
        case "PL":
            return TRACE.one / 2, IDENTITY - GAMMA5
        case "PR":
            return TRACE.one / 2, IDENTITY + GAMMA5
        case "sigma":
            return TRACE.one, sigma(*positions)
        case "q":
            return Q_UPPER[positions[0]], None
        case "qslash":
            return TRACE.one, Q_SLASH
        case "q2":
            return ring.s, None
        case "g":
            return TRACE.one * (METRIC[positions[0]] if positions[0] == positions[1] else 0), None
    raise ValueError(f"unknown Dirac atom {atom.name!r}")


def component(bilinear: Bilinear, free: Mapping[str, int]) -> DiracMatrix:
    """Return the matrix of a parsed bilinear for given upper values of its free indices.

    Contracted indices are summed with the metric.

    Example
    -------
    >>> from derivations.interactions.language import parse_bilinear
    >>> component(parse_bilinear("gamma(mu) gamma5"), {"mu": 3}) == GAMMA[3] @ GAMMA5
    True
    """
    total = DiracMatrix({})
    for term in bilinear.terms:
        used = {name for atom in term.factors for name in atom.indices}
        for index, sign in _assignments(sorted(used - set(free))):
            values = {**free, **index}
            scalar = TRACE(ring.gaussian(term.coefficient.real, term.coefficient.imag)) * sign
            matrix = IDENTITY
            for atom in term.factors:
                factor, gamma = _values(atom, values)
                scalar *= factor
                if not scalar:
                    break
                if gamma is not None:
                    matrix = matrix @ gamma
            if scalar:
                total = total + matrix.scaled(scalar)
    return total


def _assignments(contracted: list[str]) -> Iterator[tuple[dict[str, int], int]]:
    for values in itertools.product(SPACETIME, repeat=len(contracted)):
        sign = 1
        for value in values:
            sign *= METRIC[value]
        yield dict(zip(contracted, values, strict=True)), sign
