"""Which values of a coupling given counts allow.

In: a :class:`renp.statistics.rate_polynomial.RatePolynomial` and counts. Out: intervals, :class:`Limit`, the best fit and
the test statistic of simulated experiments. Nothing is evaluated here but the polynomial.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from renp.inputs.checks import counts as checked_counts
from renp.inputs.checks import positive_number, real_number, real_numbers, whole_number
from renp.statistics.couplings import Coupling
from renp.statistics.poisson import chi2_threshold, deviance, most_counts, poisson_chi2
from renp.statistics.rate_polynomial import RatePolynomial
from renp_generated.runtime.arguments import shown

__all__ = [
    "Limit",
    "LimitBands",
    "LimitScan",
    "allowed_intervals",
    "best_fit",
    "expected_limit",
    "profile_limit",
    "toy_statistics",
]

FloatArray = NDArray[np.float64]

_RESOLUTION: Final = 1e-10
_MOST_TOYS: Final = 10**7
_MOST_DRAWN: Final = 9e18
"""Draws of simulated counts are 64-bit integers."""


@dataclass(frozen=True)
class Limit:
    """The values of one coupling that the expected data do not exclude.

    Parameters
    ----------
    coupling : the coupling.
    level : confidence level, for example 0.90.
    threshold : the ``chi^2`` of that level for one degree of freedom.
    intervals : allowed intervals in increasing order; several if ``chi^2`` has several minima below the threshold.
    reason : why the coupling is not bounded, in words; empty if it is.
    form : the counts that it was made from, the coupling first, which :meth:`scan` and :meth:`bands` need.

    Example
    -------
    >>> Limit(Coupling.parse("tensor.t[1,1]"), 0.9, 2.706, ((-3.0, -2.0), (-1.0, 0.5))).magnitude
    3.0
    """

    coupling: Coupling
    level: float
    threshold: float
    intervals: tuple[tuple[float, float], ...]
    reason: str = ""
    form: RatePolynomial | None = field(default=None, compare=False, repr=False)

    @property
    def positive(self) -> float:
        """End of the allowed interval that starts at zero and goes up; ``nan`` if zero is excluded."""
        return next((hi for lo, hi in self.intervals if lo <= 0 <= hi), float("nan"))

    @property
    def negative(self) -> float:
        """End of the allowed interval that starts at zero and goes down; ``nan`` if zero is excluded."""
        return next((lo for lo, hi in self.intervals if lo <= 0 <= hi), float("nan"))

    @property
    def magnitude(self) -> float:
        """The size of the coupling above which both signs are excluded; ``inf`` if never, ``nan`` if nothing is allowed."""
        if not self.intervals:
            return float("nan")
        return max(abs(self.intervals[0][0]), abs(self.intervals[-1][1]))

    def scan(self, values: ArrayLike | None = None) -> LimitScan:
        """Return ``chi^2`` against the coupling, the couplings left free at their best.

        Parameters
        ----------
        values : where, in the unit of the coupling, shape (m,); by default 201 values out to 1.5 times both limits.

        Raises
        ------
        ValueError : without values, a coupling that is not bounded on both sides.

        Example
        -------
        >>> from renp import sensitivity
        >>> limit = sensitivity("tensor.t[1,1]")
        >>> limit.scan([0.0, limit.positive]).chi2.round(6).tolist()
        [0.0, 2.705543]
        """
        form = self._form()
        if values is None:
            ends = [end for interval in self.intervals for end in interval]
            if not ends or not np.all(np.isfinite(ends)):
                raise ValueError(f"values: {self.coupling} is not bounded, give those to scan: {self.reason}")
            values = np.linspace(1.5 * min(ends), 1.5 * max(ends), 201)
        points = np.atleast_1d(real_numbers("values", values, self.coupling.unit))
        if points.ndim != 1:
            raise ValueError(f"values: expected a list, got shape {points.shape}")
        chi2 = np.array([_profiled_chi2(form, {0: float(c)}, form.constant) for c in points])
        return LimitScan(self.coupling, self.level, self.threshold, points, chi2)

    def bands(self, toys: int = 1000, seed: int = 1, progress: Callable[[int, int], None] | None = None) -> LimitBands:
        """Return how limits scatter over experiments that count what the weak current and the background give.

        Parameters
        ----------
        toys : number of simulated experiments.
        seed : seed of the generator; the same seed gives the same numbers.
        progress : called with the number of finished and of all experiments.

        Raises
        ------
        ValueError : no number of toys or seed, or too many events to simulate.

        Example
        -------
        >>> from renp import sensitivity
        >>> limit = sensitivity("tensor.t[1,1]")
        >>> bands = limit.bands(toys=50)
        >>> bands.two_sigma[0] <= bands.one_sigma[0] <= bands.median <= bands.one_sigma[1] <= bands.two_sigma[1]
        True
        """
        form = self._form()
        data = _simulated(form, np.zeros(len(form.couplings)), toys, seed)
        found = []
        for count, counts in enumerate(data, 1):
            found.append(_magnitude(form, counts, self.threshold))
            if progress is not None:
                progress(count, len(data))
        # Some experiments may bound nothing: the quantile of a list is one of its members, never the mean of a number and infinity.
        low2, low1, median, high1, high2 = np.quantile(
            found, [0.025, 0.16, 0.5, 0.84, 0.975], method="inverted_cdf"
        ).tolist()
        return LimitBands(self.coupling, self.level, len(data), median, (low1, high1), (low2, high2))

    def _form(self) -> RatePolynomial:
        if self.form is None:
            raise ValueError("form: this limit does not hold the counts that it was made from")
        return self.form


@dataclass(frozen=True, eq=False)
class LimitScan:
    """``chi^2`` against one coupling.

    Parameters
    ----------
    coupling, level, threshold : of the limit.
    values : the coupling in its unit, shape (m,).
    chi2 : its ``chi^2``, shape (m,).
    """

    coupling: Coupling
    level: float
    threshold: float
    values: FloatArray
    chi2: FloatArray


@dataclass(frozen=True)
class LimitBands:
    """The limits of simulated experiments: above which size both signs of a coupling are excluded, in its unit.

    Parameters
    ----------
    coupling, level : of the limit.
    toys : number of simulated experiments.
    median : half of the experiments exclude more.
    one_sigma, two_sigma : the central 68% and 95%; ``inf`` where experiments do not bound the coupling.
    """

    coupling: Coupling
    level: float
    toys: int
    median: float
    one_sigma: tuple[float, float]
    two_sigma: tuple[float, float]


def allowed_intervals(form: RatePolynomial, true: ArrayLike, threshold: float) -> tuple[tuple[float, float], ...]:
    """Return every interval of a single coupling in which ``chi^2 <= threshold``.

    ``chi^2 <= threshold`` needs each photon energy alone to pass, which bounds the search exactly by solving a quadratic
    per photon energy; no starting value or bracket is guessed. Inside, the search points contain every place where a
    single photon energy is stationary, and each local minimum is refined.

    Parameters
    ----------
    form : polynomial of one coupling.
    true : true counts, shape (k,).
    threshold : largest allowed ``chi^2``.

    Returns
    -------
    Intervals in increasing order; ``(-inf, inf)`` if the coupling changes nothing, empty if nothing is allowed.

    Raises
    ------
    ValueError : counts or threshold are none, or so many counts that rounding hides the changes that ``threshold`` asks for.

    Example
    -------
    >>> form = RatePolynomial((Coupling.parse("tensor.t[1,1]"),), np.array([4.0]), np.array([[-8.0]]), np.array([[[4.0]]]))
    >>> [(round(lo, 2), round(hi, 2)) for lo, hi in allowed_intervals(form, [4.0], 1.0)]
    [(-0.26, 0.24), (1.76, 2.26)]
    """
    _check_single(form)
    observed, threshold = _data(form, "true", true), positive_number("threshold", threshold)
    most = float(np.max(observed))
    # At a limit chi^2 is about N x^2, with x the relative change of the counts.
    if np.sqrt(threshold) < _RESOLUTION * np.sqrt(most):
        raise ValueError(
            f"{most:.3g} counts and a chi^2 of {threshold:.3g} ask for changes that rounding hides "
            f"(below {_RESOLUTION:g} of the counts): take fewer events or a higher level"
        )
    window = _search_window(form, observed, threshold)
    if window is None:
        return ()
    if not np.all(np.isfinite(window)):
        value = float(poisson_chi2(form.constant, observed))
        return ((-np.inf, np.inf),) if value <= threshold else ()

    def excess(c: float) -> float:
        return _line_chi2(form, c, observed) - threshold

    points = _search_points(form, observed, window)
    values = poisson_chi2(form.counts(points[:, None]), observed) - threshold
    # Only a minimum that the search points see above the threshold can hide an allowed interval.
    points, values = _with_refined_minima(points, values, excess, above=0.0)
    inside = values <= 0
    edges: list[float] = [float(points[0])] if inside[0] else []
    for left in np.flatnonzero(inside[:-1] != inside[1:]):
        edges.append(_crossing(excess, float(points[left]), float(points[left + 1])))
    if inside[-1]:
        edges.append(float(points[-1]))
    return tuple(zip(edges[0::2], edges[1::2], strict=True))


def best_fit(form: RatePolynomial, observed: ArrayLike) -> tuple[float, float]:
    """Return the value of a single coupling with the smallest ``chi^2``, and that ``chi^2``.

    Parameters
    ----------
    form : polynomial of one coupling.
    observed : observed counts, shape (k,).

    Raises
    ------
    ValueError : other counts than that, or several couplings.

    Example
    -------
    >>> form = RatePolynomial((Coupling.parse("tensor.t[1,1]"),), np.array([4.0]), np.array([[0.0]]), np.array([[[1.0]]]))
    >>> round(abs(best_fit(form, [8.0])[0]), 6)
    2.0
    """
    _check_single(form)
    data = _data(form, "observed", observed)

    def statistic(c: float) -> float:
        return _line_chi2(form, c, data)

    # Beyond all of these the counts of every photon energy run away from the data.
    marks = _marks(form, data)
    if not marks:
        return 0.0, statistic(0.0)
    # A margin makes search points inside of a minimum next to the outermost one.
    low, high = min(marks), max(marks)
    margin = 0.01 * (high - low)
    points = _search_points(form, data, (low - margin, high + margin))
    values = poisson_chi2(form.counts(points[:, None]), data)
    points, values = _with_refined_minima(points, values, statistic, lowest=2)
    best = int(np.argmin(values))
    return float(points[best]), float(values[best])


def profile_limit(
    form: RatePolynomial, index: int, true: ArrayLike, threshold: float, *, reach: float = 1e6
) -> tuple[float, float]:
    """Return the allowed interval around zero of one coupling when the others are free.

    Parameters
    ----------
    form : polynomial of several couplings.
    index : position of the coupling of interest.
    true : true counts, shape (k,).
    threshold : largest allowed ``chi^2``.
    reach : a limit more than this many times weaker than the one with the others at zero is reported as infinite: the
        photon energies then do not separate the couplings.

    Raises
    ------
    ValueError : an argument is out of range.

    Example
    -------
    >>> from renp import experiment
    >>> from renp.statistics.rate_polynomial import rate_polynomial
    >>> form = rate_polynomial(experiment(), ["electromagnetic.mu[1,1]", "electromagnetic.eps[1,1]"])
    >>> alone = allowed_intervals(form.single(0), form.constant, 2.706)[0][1]
    >>> bool(profile_limit(form, 0, form.constant, 2.706)[1] >= alone * (1 - 1e-9))
    True
    """
    if whole_number("index", index, 0) >= len(form.couplings):
        raise ValueError(f"index: expected the position of one of {len(form.couplings)} couplings, got {index!r}")
    reach = positive_number("reach", reach)
    observed = _data(form, "true", true)
    alone = allowed_intervals(form.single(index), observed, threshold)
    around = next(((lo, hi) for lo, hi in alone if lo <= 0 <= hi), None)
    if around is None or not np.all(np.isfinite(around)):
        return around if around is not None else (float("nan"), float("nan"))
    ends = (
        _profile_end(form, index, observed, threshold, 0.0, sign * abs(end), reach)
        for sign, end in zip((-1.0, 1.0), around, strict=True)
    )
    low, high = ends
    return low, high


def _profile_end(
    form: RatePolynomial,
    index: int,
    observed: FloatArray,
    threshold: float,
    centre: float,
    step: float,
    reach: float = 1e6,
) -> float:
    """Return where the profiled ``chi^2`` crosses ``threshold``, from ``centre`` in the direction of ``step`` and beyond it."""

    def excess(size: float) -> float:
        return _profiled_chi2(form, {index: centre + size * step}, observed) - threshold

    low, high = 0.0, 1.0
    while excess(high) <= 0 and high <= reach:
        low, high = high, 1.5 * high
    if high > reach:
        return float(np.copysign(np.inf, step))
    return centre + step * _crossing(excess, low, high)


def toy_statistics(form: RatePolynomial, *, tested: float, true: float, toys: int, seed: int) -> FloatArray:
    """Return ``chi^2(tested) - min chi^2`` of simulated experiments, shape (toys,).

    With ``tested == true`` its distribution gives the coverage of the threshold; with ``true = 0`` and ``tested`` at a
    limit, about half of the toys lie above the threshold if the limit is the median one.

    Parameters
    ----------
    form : polynomial of one coupling.
    tested, true : values of the coupling.
    toys : number of experiments.
    seed : seed of the generator; the same seed gives the same numbers.

    Raises
    ------
    ValueError : several couplings, a value that is not finite, or no number of toys or seed.

    Example
    -------
    >>> from renp import experiment
    >>> from renp.statistics.rate_polynomial import rate_polynomial
    >>> form = rate_polynomial(experiment(), ["electromagnetic.mu[1,1]"])
    >>> toy_statistics(form, tested=0.0, true=0.0, toys=3, seed=1).shape
    (3,)
    """
    _check_single(form)
    tested, true = real_number("tested", tested), real_number("true", true)
    data = _simulated(form, [true], toys, seed)
    at_tested = poisson_chi2(form.counts([tested]), data)
    best = np.array([best_fit(form, sample)[1] for sample in data])
    return np.asarray(np.maximum(at_tested - best, 0.0), dtype=np.float64)


def expected_limit(form: RatePolynomial, level: float) -> Limit:
    """Return the limit on the first coupling, the others free, if the data are the counts without couplings.

    Raises
    ------
    ValueError : no confidence level.

    Example
    -------
    >>> from renp import experiment
    >>> from renp.statistics.rate_polynomial import rate_polynomial
    >>> expected_limit(rate_polynomial(experiment(), ["tensor.t[1,1]"]), 0.9).magnitude > 0
    True
    """
    threshold = chi2_threshold(level)
    if len(form.couplings) == 1:
        intervals = allowed_intervals(form, form.constant, threshold)
    else:
        intervals = (profile_limit(form, 0, form.constant, threshold),)
    return Limit(form.couplings[0], level, threshold, intervals, form=form)


def _simulated(form: RatePolynomial, true: ArrayLike, toys: int, seed: int) -> FloatArray:
    """Return the counts of simulated experiments, shape (toys, k)."""
    toys = whole_number("toys", toys, 1, _MOST_TOYS)
    generator = np.random.default_rng(whole_number("seed", seed, 0))
    expected = form.counts(true)
    if expected.max() > _MOST_DRAWN:
        raise ValueError(f"true: expected at most {_MOST_DRAWN:g} events to simulate, got {expected.max():.3g}")
    return generator.poisson(expected, size=(toys, form.constant.size)).astype(np.float64)


def _magnitude(form: RatePolynomial, data: FloatArray, threshold: float) -> float:
    """Return the size of the first coupling above which ``chi^2`` exceeds its minimum by more than ``threshold``."""
    if len(form.couplings) == 1:
        allowed = allowed_intervals(form, data, threshold + best_fit(form, data)[1])
        return max(abs(allowed[0][0]), abs(allowed[-1][1]))
    found = _profile_fit(form, {}, data)
    step = max(abs(end) for end in allowed_intervals(form.single(0), form.constant, threshold)[0])
    if not np.isfinite(step):
        return float("inf")
    ends = (_profile_end(form, 0, data, threshold + found[1], found[0][0], sign * step) for sign in (-1.0, 1.0))
    return max(abs(end) for end in ends)


def _check_single(form: RatePolynomial) -> None:
    if not isinstance(form, RatePolynomial):
        raise TypeError(f"form: expected what rate_polynomial returns, got {shown(form)}")
    if len(form.couplings) != 1:
        raise ValueError(f"form: expected the polynomial of one coupling, got {len(form.couplings)}")


def _data(form: RatePolynomial, name: str, values: ArrayLike) -> FloatArray:
    return checked_counts(name, values, form.constant.size)


def _line_chi2(form: RatePolynomial, c: float, observed: FloatArray) -> float:
    counts = np.maximum(form.constant + c * (form.linear[:, 0] + c * form.quadratic[:, 0, 0]), 0.0)
    return 2 * float(np.sum(deviance(counts, observed)))


def _roots(form: RatePolynomial, k: int, level: float) -> tuple[float, ...]:
    """Return where the counts at photon energy ``k`` equal ``level``: none or two values, smaller first."""
    a, b, c = float(form.quadratic[k, 0, 0]), float(form.linear[k, 0]), float(form.constant[k]) - level
    if a <= 0:
        return ()
    under = b * b - 4 * a * c
    if under < 0:
        return ()
    half = -(b + np.copysign(np.sqrt(under), b)) / 2
    first, second = half / a, (c / half if half else 0.0)
    return (min(first, second), max(first, second))


def _search_window(form: RatePolynomial, observed: FloatArray, threshold: float) -> tuple[float, float] | None:
    low, high = -np.inf, np.inf
    most = most_counts(observed, threshold)
    for k in range(observed.size):
        if form.quadratic[k, 0, 0] <= 0:
            continue
        edges = _roots(form, k, float(most[k]))
        if not edges:
            return None
        low, high = max(low, edges[0]), min(high, edges[1])
    return (low, high) if low <= high else None


def _marks(form: RatePolynomial, observed: FloatArray) -> list[float]:
    """Return where a single photon energy is stationary: it meets its data, or its counts are smallest."""
    marks: list[float] = []
    for k, seen in enumerate(observed):
        if form.quadratic[k, 0, 0] > 0:
            marks.append(-float(form.linear[k, 0]) / (2 * float(form.quadratic[k, 0, 0])))
            marks.extend(_roots(form, k, float(seen)))
    return marks


def _search_points(form: RatePolynomial, observed: FloatArray, window: tuple[float, float]) -> FloatArray:
    low, high = window
    knots = np.unique(np.clip([low, high, 0.0, *_marks(form, observed)], low, high))
    fine = [np.linspace(a, b, 12, endpoint=False) for a, b in pairwise(knots.tolist())]
    return np.unique(np.concatenate([*fine, np.linspace(low, high, 129)]))


def _with_refined_minima(
    points: FloatArray,
    values: FloatArray,
    function: Callable[[float], float],
    *,
    above: float = -np.inf,
    lowest: int | None = None,
) -> tuple[FloatArray, FloatArray]:
    inner = np.arange(1, points.size - 1)
    minima = inner[(values[inner] <= values[inner - 1]) & (values[inner] < values[inner + 1]) & (values[inner] > above)]
    minima = minima[np.argsort(values[minima], kind="stable")][:lowest]
    extra = []
    for at in minima:
        left, right = float(points[at - 1]), float(points[at + 1])
        scale = right - left
        found = optimize.minimize_scalar(
            lambda u, left=left, scale=scale: function(left + scale * u),
            bounds=(0.0, 1.0),
            method="bounded",
            options={"xatol": 1e-9},
        )
        extra.append((left + scale * float(found.x), float(found.fun)))
    if extra:
        points = np.concatenate([points, [p for p, _ in extra]])
        values = np.concatenate([values, [v for _, v in extra]])
    order = np.argsort(points, kind="stable")
    return points[order], values[order]


def _crossing(excess: Callable[[float], float], a: float, b: float) -> float:
    at_a, at_b = excess(a), excess(b)
    if at_a * at_b >= 0:
        # The search points see a change of sign that is rounding: one end already sits on the crossing.
        return a if abs(at_a) < abs(at_b) else b
    # Couplings have no natural absolute size: only the relative tolerance may stop the search.
    return float(optimize.brentq(excess, a, b, xtol=1e-300, rtol=1e-13))


def _profiled_chi2(form: RatePolynomial, fixed: Mapping[int, float], observed: FloatArray) -> float:
    if len(form.couplings) == 1:
        return _line_chi2(form, fixed[0], observed)
    return _profile_fit(form, fixed, observed)[1]


def _profile_fit(form: RatePolynomial, fixed: Mapping[int, float], observed: FloatArray) -> tuple[FloatArray, float]:
    """Return the couplings with the smallest ``chi^2``, some of them fixed, and that ``chi^2``."""
    others = [a for a in range(len(form.couplings)) if a not in fixed]
    weights = np.einsum("kaa->a", form.quadratic)[others]
    total = max(float(np.sum(observed)), 1.0)
    scale = np.where(weights > 0, np.sqrt(total / np.where(weights > 0, weights, 1.0)), 0.0)

    def at(u: FloatArray) -> FloatArray:
        c = np.zeros(len(form.couplings))
        c[list(fixed)], c[others] = list(fixed.values()), scale * u
        return c

    def residuals(u: FloatArray) -> FloatArray:
        counts = np.maximum(form.counts(at(u)), 1e-300)
        return np.asarray(np.sign(counts - observed) * np.sqrt(2 * deviance(counts, observed)), dtype=np.float64)

    def jacobian(u: FloatArray) -> FloatArray:
        c = at(u)
        counts, slope = np.maximum(form.counts(c), 1e-300), form.gradient(c)[:, others] * scale
        root = residuals(u)
        near = np.abs(counts - observed) <= 1e-6 * observed
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(near, 1 / np.sqrt(np.maximum(observed, 1e-300)), (1 - observed / counts) / root)
        return np.asarray(factor[:, None] * slope, dtype=np.float64)

    starts = [np.zeros(len(others))]
    for a in range(len(others)):
        starts.extend(sign * 0.5 * np.eye(len(others))[a] for sign in (1.0, -1.0))
    fits = (
        optimize.least_squares(residuals, start, jac=jacobian, xtol=1e-14, ftol=1e-14, gtol=1e-14) for start in starts
    )
    best = min(fits, key=lambda fit: float(fit.cost))
    return at(best.x), 2 * float(best.cost)
