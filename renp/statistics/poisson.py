"""Independent Poisson counts: the test statistic and its inverse.

In: expected and observed counts. Out: ``chi^2 = 2 sum [N_test - N_true + N_true ln(N_true / N_test)]`` (GP22 30, GP23b 4.2)
without cancellation where both agree, the ``chi^2`` of a confidence level, and the most counts that a ``chi^2`` allows.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from renp.inputs.checks import counts as checked_counts
from renp.inputs.checks import real_number

__all__ = [
    "SMALLEST_LEVEL",
    "chi2_threshold",
    "deviance",
    "most_counts",
    "poisson_chi2",
]

FloatArray = NDArray[np.float64]

SMALLEST_LEVEL: Final = 1e-6
"""The smallest confidence level; the counts at the limit of a smaller one differ from those at zero by rounding alone."""

_SMALL: Final = 0.1
_SERIES: Final = np.array([0.0, 0.0, *(1 / k for k in range(2, 18))])
"""Coefficients of ``-u - ln(1 - u)``: the next one adds 1e-17 of the sum at ``u = 0.1``."""
_NEWTON_STEPS: Final = 12
_NO_COUNTS: Final = 1e-100


def chi2_threshold(level: float) -> float:
    """Return the ``chi^2`` of confidence level ``level`` for one degree of freedom.

    Raises
    ------
    ValueError : ``level`` is not between 0 and 1, or below :data:`SMALLEST_LEVEL`.

    Example
    -------
    >>> round(chi2_threshold(0.90), 3), round(chi2_threshold(0.95), 3)
    (2.706, 3.841)
    """
    if not 0 < real_number("level", level) < 1:
        raise ValueError(f"level: expected a confidence level between 0 and 1, got {level!r}")
    if level < SMALLEST_LEVEL:
        raise ValueError(
            f"level: expected at least {SMALLEST_LEVEL:g}, rounding hides the limit below it, got {level!r}"
        )
    return float(stats.chi2.ppf(level, 1))


def poisson_chi2(test: ArrayLike, true: ArrayLike) -> FloatArray:
    """Return ``2 sum [N_test - N_true + N_true ln(N_true / N_test)]`` over the last axis (GP22 30, GP23b 4.2).

    Parameters
    ----------
    test : counts expected by the hypothesis, shape (..., k).
    true : counts observed, or expected in the true world, shape (..., k).

    Returns
    -------
    Array of shape (...): 0 where they agree, ``inf`` where something is observed and nothing expected.

    Raises
    ------
    ValueError : a count is negative or not finite.

    Example
    -------
    >>> float(poisson_chi2([100.0], [100.0])), round(float(poisson_chi2([110.0], [100.0])), 2)
    (0.0, 0.94)
    """
    expected, observed = np.broadcast_arrays(checked_counts("test", test), checked_counts("true", true))
    return np.asarray(2 * np.sum(deviance(expected, observed), axis=-1), dtype=np.float64)


def deviance(expected: FloatArray, observed: FloatArray) -> FloatArray:
    """Return half the ``chi^2`` of each count, unchecked: arrays of one shape, which is that of the result.

    Example
    -------
    >>> deviance(np.array([4.0, 1.0]), np.array([4.0, 0.0])).tolist()
    [0.0, 1.0]
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # With x = N_test/N_true - 1 the term is N_true (x - ln(1 + x)).
        x = (expected - observed) / observed
        near = observed * _excess_over_logarithm(x)
        far = expected - observed - observed * (np.log(expected) - np.log(observed))
    term = np.maximum(np.where(np.abs(x) < 0.5, near, far), 0.0)
    return np.where(observed > 0, np.where(expected > 0, term, np.inf), expected)


def _excess_over_logarithm(x: FloatArray) -> FloatArray:
    """Return ``x - ln(1 + x)`` without the cancellation near zero: there it is ``x^2/2 - x^3/3 + ...``."""
    series = np.polynomial.polynomial.polyval(-np.clip(x, -_SMALL, _SMALL), _SERIES)
    return np.where(np.abs(x) < _SMALL, series, x - np.log1p(x))


def most_counts(observed: FloatArray, threshold: float) -> FloatArray:
    """Return the largest expected counts that each photon energy alone allows, from ``x - ln(1 + x) = threshold/2N``.

    Example
    -------
    >>> most = most_counts(np.array([100.0, 0.0]), 4.0)
    >>> poisson_chi2(most[:, None], [[100.0], [0.0]]).round(9).tolist()
    [4.0, 4.0]
    """
    # So few counts act as none, and would overflow below.
    seen = observed > _NO_COUNTS
    right = threshold / 2 / np.where(seen, observed, 1.0)
    # This start lies above the root, and the left side is convex: Newton's steps come down to it and never pass it.
    x = right + np.sqrt(right) * np.sqrt(right + 2)
    for _ in range(_NEWTON_STEPS):
        x -= (_excess_over_logarithm(x) - right) * (1 + x) / x
    return np.where(seen, observed * (1 + x), threshold / 2)
