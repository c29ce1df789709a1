"""What a set of probes cannot see: the null space of all that they measure, by linear algebra.

In: probes (:mod:`renp.probes.observables`), which form factors are on, the mixing matrix and a point. Out: :class:`Blind`, the number
of directions in the space of the real parameters that the probes fix near this point, and a basis of those that no probe sees. With a
mixing matrix of exact numbers (the default is one) the answer is exact; with measured angles it is decided by singular values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.probes.form_factors import ETA, FLAVOURS
from renp.probes.gaussian import EXACT, FLOATING, Numbers
from renp.probes.observables import Emission, Observable, Parameters, Plasmon, Probe, Scattering
from renp_generated.runtime.arguments import choice, shown

__all__ = ["Blind", "Emission", "Plasmon", "Scattering", "blind_directions", "measured"]

NATURES: Final = ("dirac", "majorana")


@dataclass(frozen=True)
class Blind:
    """What a set of probes sees and does not see near one point.

    Attributes
    ----------
    parameters : names of the real parameters, mass states counted from 1.
    seen : number of independent combinations that the probes fix.
    directions : a basis of the others, each a mapping from parameter to component, zeros left out.
    exact : whether the answer is exact.
    """

    parameters: tuple[str, ...]
    seen: int
    directions: tuple[Mapping[str, Any], ...]
    exact: bool


def blind_directions(
    probes: Sequence[Probe],
    *,
    form_factors: Sequence[str] = ("mu", "eps"),
    nature: str = "dirac",
    mixing: Any = None,
    at: Sequence[Any] | None = None,
) -> Blind:
    """Return which directions in the space of form-factor matrices no probe of a set sees.

    Parameters
    ----------
    probes : for example ``[Scattering(distances="all"), Plasmon(), Emission()]``.
    form_factors : those that may differ from zero, among mu, eps, r2 and anapole.
    nature : "dirac" or "majorana".
    mixing : (3, n) mixing matrix, rows e, mu, tau; exact if all its entries are (SymPy numbers, fractions, integers). By
        default exact numbers near the measured ones.
    at : values of the real parameters, in the order of :attr:`Blind.parameters`; by default a point without special relations.
        Units: see :mod:`renp.probes.observables`.

    Raises
    ------
    ValueError, TypeError : one line that names the argument.

    Example
    -------
    >>> blind_directions([Scattering(distances="all")]).seen                         # of 18
    9
    >>> found = blind_directions([Scattering(distances="all"), Plasmon()], nature="majorana")
    >>> found.seen, len(found.parameters)
    (5, 6)
    """
    parameters, numbers, states = _setting(form_factors, nature, mixing)
    x = _point(parameters, at, numbers)
    rows = [one.gradient(x, numbers) for one in _observables(probes, parameters, states, numbers)]
    seen, basis = numbers.null_space(np.array(rows))
    directions = tuple(
        {name: value for name, value in zip(parameters.names, vector, strict=True) if value != 0} for vector in basis
    )
    return Blind(parameters.names, seen, directions, numbers.exact)


def measured(
    probes: Sequence[Probe],
    values: Sequence[Any],
    *,
    form_factors: Sequence[str] = ("mu", "eps"),
    nature: str = "dirac",
    mixing: Any = None,
) -> dict[str, Any]:
    """Return what each probe measures for given parameters, by label; arguments as of :func:`blind_directions`.

    Two points with equal results cannot be told apart by the probes.

    Example
    -------
    >>> mu, eps = [1] + [0] * 17, [0] * 9 + [1] + [0] * 8                            # mu_11 = 1, eps_11 = 1
    >>> measured([Scattering(distances="all")], mu) == measured([Scattering(distances="all")], eps)
    True
    >>> measured([Emission()], mu) == measured([Emission()], eps)
    False
    """
    parameters, numbers, states = _setting(form_factors, nature, mixing)
    x = _point(parameters, values, numbers)
    return {one.label: one.value(x, numbers) for one in _observables(probes, parameters, states, numbers)}


def _observables(
    probes: Sequence[Probe], parameters: Parameters, states: NDArray[Any], numbers: Numbers
) -> list[Observable]:
    if not probes or not all(isinstance(probe, Probe) for probe in probes):
        raise TypeError(f"probes must be a sequence of Scattering, Plasmon and Emission, found {shown(probes)}")
    return [one for probe in probes for one in probe.observables(parameters, states, numbers)]


def _setting(form_factors: Sequence[str], nature: str, mixing: Any) -> tuple[Parameters, Numbers, NDArray[Any]]:
    names = tuple(choice("form_factors", name, tuple(ETA)) for name in form_factors)
    if not names or len(set(names)) < len(names):
        raise ValueError(f"form_factors must be different names, at least one, found {shown(form_factors)}")
    given = _generic_mixing() if mixing is None else mixing
    numbers = EXACT if _is_exact(given) else FLOATING
    try:
        states = numbers.matrix(given)
    except (TypeError, ValueError):
        raise TypeError(f"mixing must hold numbers, found {shown(mixing)}") from None
    if states.ndim != 2 or states.shape[0] != len(FLAVOURS) or not states.shape[1]:
        raise ValueError(f"mixing must be (3, n), rows e, mu, tau, found shape {states.shape}")
    if not numbers.exact and not np.all(np.isfinite(states)):
        raise ValueError("mixing must hold finite numbers")
    return Parameters(names, states.shape[1], choice("nature", nature, NATURES)), numbers, states


def _is_exact(given: Any) -> bool:
    from sympy import Expr, MatrixBase

    entries = (
        given
        if isinstance(given, MatrixBase)
        else [x for row in given for x in row]
        if isinstance(given, list | tuple)
        else []
    )
    return bool(len(entries)) and all(
        isinstance(x, Rational) or (isinstance(x, Expr) and all(part.is_Rational for part in x.expand().as_real_imag()))
        for x in entries
    )


def _point(parameters: Parameters, at: Sequence[Any] | None, numbers: Numbers) -> NDArray[Any]:
    count = len(parameters.names)
    values = [Fraction((7 * n * n + 3 * n + 2) % 23 + 1, n % 5 + 2) for n in range(count)] if at is None else list(at)
    if len(values) != count:
        raise ValueError(f"at must have {count} values, one for each parameter, found {len(values)}")
    try:
        exact = [Fraction(value) for value in values]
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"at must hold finite real numbers, found {shown(at)}") from None
    return np.array([numbers.number(value) for value in (*exact, Fraction(1))])


def _generic_mixing() -> list[list[Any]]:
    """Return a mixing matrix of exact numbers near the measured one: angles of Pythagorean triples, e^{i delta} = (-4 - 3i)/5."""
    from sympy import I, Matrix, Rational

    (s12, c12), (s13, c13), (s23, c23) = (
        (Rational(a, c), Rational(b, c)) for a, b, c in ((3, 4, 5), (13, 84, 85), (20, 21, 29))
    )
    phase = Rational(-4, 5) - Rational(3, 5) * I
    across = Matrix([[c13, 0, s13 * phase.conjugate()], [0, 1, 0], [-s13 * phase, 0, c13]])
    first, last = Matrix([[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]]), Matrix([[1, 0, 0], [0, c23, s23], [0, -s23, c23]])
    found: list[list[Any]] = (last * across * first).expand().tolist()
    return found
