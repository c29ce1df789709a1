"""How small a coupling a measured photon spectrum can exclude.

In: an :class:`renp.rates.experiment.Experiment` and named couplings. Out: :class:`Limit` and :class:`SensitivityCurve`.

The rate is the square of an amplitude that is linear in the couplings, so the counts at each photon energy are exactly
``N(c) = N_0 + b.c + c.Q.c``. :func:`rate_polynomial` finds ``N_0``, ``b`` and ``Q`` from a few evaluations; every limit,
profile, gradient and toy experiment then costs no further evaluation and works at any size of coupling.

The test statistic is ``chi^2 = 2 sum [N_test - N_true + N_true ln(N_true / N_test)]`` (GP22 30, GP23b 4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

import renp_generated
from renp.inputs.checks import counts as checked_counts
from renp.inputs.checks import extra_counts, positive_number, real_number, real_numbers, whole_number
from renp.inputs.parameters import ParameterName, check_distinct
from renp.rates.experiment import (
    GP23B_FREQUENCIES,
    GROUPS,
    MEDIATOR_FREQUENCIES,
    Experiment,
    Group,
    check_settings,
    experiment,
)
from renp.rates.spectra import pair_thresholds
from renp.statistics.fisher import poisson_fisher
from renp_generated import e1, m1
from renp_generated.runtime.arguments import choice, shown
from renp_generated.runtime.tables import Contribution

__all__ = [
    "COUPLING_UNITS",
    "CURVE_PARAMETERS",
    "MEDIATORS",
    "SMALLEST_LEVEL",
    "Coupling",
    "Limit",
    "RatePolynomial",
    "SensitivityCurve",
    "allowed_intervals",
    "as_coupling",
    "as_couplings",
    "best_fit",
    "chi2_threshold",
    "electron_couplings",
    "fisher_matrix",
    "poisson_chi2",
    "profile_limit",
    "rate_polynomial",
    "sensitivity",
    "sensitivity_curve",
    "toy_statistics",
    "unbounded_reason",
]

FloatArray = NDArray[np.float64]

COUPLING_UNITS: Final[dict[str, dict[str, str]]] = {
    "vector": {"g_L": "1", "g_R": "1"},
    "scalar": {"y_S_nu": "1", "y_P_nu": "1"},
    "electromagnetic": {"mu": "mu_B", "eps": "mu_B", "r2": "cm^2", "anapole": "cm^2"},
    "tensor": {"t": "1"},
    "tensor_mediator": {"d_T": "1"},
}
"""Neutrino coupling matrices by group, with their units."""

CURVE_PARAMETERS: Final[dict[str, str]] = {
    "mediator_mass": "eV",
    "lightest_mass": "eV",
    "exposure_days": "day",
    "events": "1",
}
"""What a sensitivity curve can run over, with units; ``events`` is the total expected without new couplings."""

MEDIATORS: Final = tuple(
    group.keyword for group in renp_generated.GROUPS if any(argument.kind == "mass" for argument in group.arguments)
)
"""The groups with a mediator, which has a mass and couples to electrons."""

_TABLES: Final = {tables.pair_step: tables for tables in (m1.TABLES, e1.TABLES)}

SMALLEST_LEVEL: Final = 1e-6
"""The smallest confidence level; the counts at the limit of a smaller one differ from those at zero by rounding alone."""

_OWN_SETTINGS: Final = ("level", "profile", "background")
_SMALL: Final = 0.1
_SERIES: Final = np.array([0.0, 0.0, *(1 / k for k in range(2, 18))])
"""Coefficients of ``-u - ln(1 - u)``: the next one adds 1e-17 of the sum at ``u = 0.1``."""
_NEWTON_STEPS: Final = 12
_NO_COUNTS: Final = 1e-100
_RESOLUTION: Final = 1e-10


@dataclass(frozen=True)
class Coupling:
    """One real parameter: the real or imaginary part of one element of a Hermitian coupling matrix.

    Parameters
    ----------
    group : one of :data:`COUPLING_UNITS`.
    name : coupling matrix of the group, for example ``"g_L"``.
    i, j : mass states, counted from 1 as in the papers; the element (j, i) is the complex conjugate.
    part : ``"real"`` or ``"imag"``.

    Raises
    ------
    ValueError : there is no such parameter.

    Example
    -------
    >>> Coupling.parse("vector.g_L[1,2].imag").matrix(2.0, 2).tolist()
    [[0j, 2j], [-2j, 0j]]
    """

    group: str
    name: str
    i: int
    j: int
    part: str = "real"

    def __post_init__(self) -> None:
        if self.group not in COUPLING_UNITS:
            raise ValueError(
                f"coupling: unknown group {self.group!r} in {str(self)!r}, allowed are {', '.join(COUPLING_UNITS)}"
            )
        if self.name not in COUPLING_UNITS[self.group]:
            allowed = ", ".join(COUPLING_UNITS[self.group])
            raise ValueError(f"coupling: unknown matrix {self.name!r} of group {self.group!r}, allowed are {allowed}")
        whole_number("coupling: i", self.i, 1)
        whole_number("coupling: j", self.j, 1)
        if self.part not in ("real", "imag"):
            raise ValueError(f"coupling: expected the part 'real' or 'imag', got {self.part!r}")
        if self.part == "imag" and self.i == self.j:
            raise ValueError(f"coupling: {str(self)!r} is the imaginary part of a diagonal element, which is zero")

    @classmethod
    def parse(cls, text: str) -> Coupling:
        """Read ``"group.name[i,j]"`` or ``"group.name[i,j].imag"``.

        Raises
        ------
        ValueError : the text has another form, or names an unknown group or matrix, or a diagonal imaginary part.
        """
        found = ParameterName.parse(text)
        group, dot, name = found.base.partition(".") if found else ("", "", "")
        if found is None or not dot or len(found.indices) != 2:
            raise ValueError(f"coupling: expected a name like 'vector.g_L[1,1]' or 'tensor.t[1,2].imag', got {text!r}")
        (i, j), part = found.indices, found.part
        return cls(group, name, i, j, part or "real")

    @property
    def parameter(self) -> ParameterName:
        """The coupling as the name of a parameter, whose canonical form is the same for every spelling."""
        return ParameterName(f"{self.group}.{self.name}", (self.i, self.j), self.part)

    @property
    def unit(self) -> str:
        """Unit of the coupling, ``"1"`` if it has none."""
        return COUPLING_UNITS[self.group][self.name]

    def __str__(self) -> str:
        return f"{self.group}.{self.name}[{self.i},{self.j}]" + (".imag" if self.part == "imag" else "")

    def matrix(self, value: float, n: int) -> NDArray[np.complex128]:
        """Return the Hermitian (n, n) matrix with this parameter set to ``value`` and zeros elsewhere.

        Raises
        ------
        ValueError : an index is larger than ``n``, or the value is not finite.
        """
        value = real_number(str(self), value, self.unit)
        if max(self.i, self.j) > n:
            raise ValueError(f"coupling: {self} has an index above the number of neutrinos, {n}")
        out = np.zeros((n, n), dtype=np.complex128)
        entry = complex(0.0, value) if self.part == "imag" else complex(value)
        out[self.j - 1, self.i - 1] = entry.conjugate()
        out[self.i - 1, self.j - 1] = entry
        return out


def as_coupling(given: str | Coupling) -> Coupling:
    """Return a coupling given as a record or by its name.

    Raises
    ------
    ValueError : see :meth:`Coupling.parse`.

    Example
    -------
    >>> as_coupling("tensor.t[1,2].imag").part
    'imag'
    """
    return given if isinstance(given, Coupling) else Coupling.parse(given)


def as_couplings(given: str | Coupling | Iterable[str | Coupling]) -> tuple[Coupling, ...]:
    """Return couplings given as records or by their names; a lone one counts as a list of one.

    Raises
    ------
    ValueError : not couplings, see :meth:`Coupling.parse`, or one of them twice, be it in two spellings.

    Example
    -------
    >>> as_couplings("tensor.t[1,1]") == as_couplings(["tensor.t[1,1]"])
    True
    """
    # A lone name is a sequence of letters to Python, and one coupling to everybody else.
    if isinstance(given, (str, Coupling)):
        return (as_coupling(given),)
    if not isinstance(given, Iterable):
        raise ValueError(f"couplings: expected a name like 'vector.g_L[1,1]' or several, got {given!r}")
    spellings = list(given)
    couplings = tuple(as_coupling(one) for one in spellings)
    check_distinct("couplings", [(str(text), one.parameter) for text, one in zip(spellings, couplings, strict=True)])
    return couplings


def electron_couplings(group: str, name: str | None = None, pair_step: str = "M1") -> tuple[str, ...]:
    """Return the electron couplings that open a pair step for a mediator, the least suppressed first.

    They are those with which the derived amplitude of the step contains the mediator's neutrino couplings; each power of
    the electron mass below suppresses one by the photon energy over that mass.

    Parameters
    ----------
    group : a coupling group.
    name : one of its neutrino coupling matrices; default all of them.
    pair_step : ``"M1"`` or ``"E1"``.

    Raises
    ------
    ValueError : unknown pair step.

    Example
    -------
    >>> electron_couplings("vector"), electron_couplings("scalar", pair_step="E1"), electron_couplings("tensor")
    (('g_A', 'g_V'), ('y_S',), ())
    """
    found: dict[str, int] = {}
    for c in _contributions(group, name, pair_step):
        if c.electron is not None:
            suppression = -dict(c.constants).get("m_e", 0)
            found[c.electron] = min(suppression, found.get(c.electron, suppression))
    return tuple(sorted(found, key=lambda electron: (found[electron], electron)))


def _contributions(group: str, name: str | None, pair_step: str) -> list[Contribution]:
    tables = _TABLES[choice("pair_step", pair_step, tuple(_TABLES))]
    return [
        c for channel in tables.channels for c in channel.contributions if c.group == group and name in (None, c.matrix)
    ]


@dataclass(frozen=True)
class RatePolynomial:
    """Expected counts as an exact quadratic polynomial of the couplings: ``N = constant + linear.c + c.quadratic.c``.

    Parameters
    ----------
    couplings : the P couplings, in the order of the arrays.
    constant : counts without them, shape (k,).
    linear : interference with everything else, shape (k, P).
    quadratic : positive semi-definite, shape (k, P, P).

    Example
    -------
    >>> form = rate_polynomial(experiment(frequencies=(1.069,)), ["electromagnetic.mu[1,1]"])
    >>> bool(form.counts([1e-10])[0] > form.constant[0])
    True
    """

    couplings: tuple[Coupling, ...]
    constant: FloatArray
    linear: FloatArray
    quadratic: FloatArray

    def __post_init__(self) -> None:
        k, p = checked_counts("constant", self.constant).size, len(self.couplings)
        for name, shape in (("constant", (k,)), ("linear", (k, p)), ("quadratic", (k, p, p))):
            found = real_numbers(name, getattr(self, name)).shape
            if found != shape:
                raise ValueError(f"{name}: expected shape {shape}, got {found}")

    def counts(self, values: ArrayLike) -> FloatArray:
        """Return the counts at couplings ``values``, shape (..., P), as an array of shape (..., k)."""
        c = self._values(values)
        total = self.constant + c @ self.linear.T + np.einsum("...a,kab,...b->...k", c, self.quadratic, c)
        # The counts are a square; rounding alone can take them below zero.
        return np.asarray(np.maximum(total, 0.0), dtype=np.float64)

    def gradient(self, values: ArrayLike) -> FloatArray:
        """Return ``dN/dc`` at couplings ``values``, shape (P,), as an array of shape (k, P)."""
        c = self._values(values)
        return np.asarray(self.linear + 2 * self.quadratic @ c, dtype=np.float64)

    def _values(self, values: ArrayLike) -> FloatArray:
        c = real_numbers("values", values)
        if c.shape[-1:] != (len(self.couplings),):
            raise ValueError(f"values: expected one for each of {len(self.couplings)} couplings, got shape {c.shape}")
        return c

    def scaled(self, factor: float) -> RatePolynomial:
        """Return the polynomial for ``factor`` times the exposure.

        Raises
        ------
        ValueError : the factor is not positive, or the number of events is too large for a double.
        """
        factor = positive_number("factor", factor)
        with np.errstate(over="ignore", invalid="ignore"):
            parts = self.constant * factor, self.linear * factor, self.quadratic * factor
        if not all(np.isfinite(part).all() for part in parts):
            raise ValueError(f"the number of events overflows with {factor:g} times the exposure")
        return replace(self, constant=parts[0], linear=parts[1], quadratic=parts[2])

    def single(self, index: int) -> RatePolynomial:
        """Return the polynomial of one coupling, the others at zero."""
        pick = slice(index, index + 1)
        return RatePolynomial(self.couplings[pick], self.constant, self.linear[:, pick], self.quadratic[:, pick, pick])


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


@dataclass(frozen=True)
class SensitivityCurve:
    """Limits along one parameter.

    Parameters
    ----------
    parameter : one of :data:`CURVE_PARAMETERS`.
    values : values of the parameter, shape (m,).
    limits : one :class:`Limit` for each value.

    Example
    -------
    >>> curve = sensitivity_curve("electromagnetic.mu[1,1]", "exposure_days", [10, 1000])
    >>> bool(curve.magnitude[1] < curve.magnitude[0])
    True
    """

    parameter: str
    values: FloatArray
    limits: tuple[Limit, ...]

    @property
    def magnitude(self) -> FloatArray:
        """The size of the coupling above which both signs are excluded, shape (m,)."""
        return np.array([limit.magnitude for limit in self.limits])

    @property
    def positive(self) -> FloatArray:
        """Upper ends of the intervals around zero, shape (m,)."""
        return np.array([limit.positive for limit in self.limits])

    @property
    def negative(self) -> FloatArray:
        """Lower ends of the intervals around zero, shape (m,)."""
        return np.array([limit.negative for limit in self.limits])


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
    return np.asarray(2 * np.sum(_deviance(expected, observed), axis=-1), dtype=np.float64)


def rate_polynomial(
    run: Experiment, couplings: Sequence[str | Coupling], *, background: ArrayLike = 0.0, **groups: Group | None
) -> RatePolynomial:
    """Return the counts of ``run`` as an exact quadratic polynomial of ``couplings``.

    The amplitude is linear in the couplings, so ``N_0`` comes from one evaluation without them, each ``Q_aa`` from one
    without the weak current, each ``b_a`` and ``Q_ab`` from a difference at the size where both terms are comparable.

    Parameters
    ----------
    run : experiment.
    couplings : coupling names or records.
    background : further counts at each photon energy that no coupling changes, scalar or shape (k,).
    groups : the fixed part of the coupling groups (mediator masses, widths, further couplings). The electron coupling
        that opens the pair step (:func:`electron_couplings`) defaults to 1, so that a limit is one on the product of both.

    Raises
    ------
    ValueError : a coupling is unknown or repeated, or a group lacks its mediator mass.

    Example
    -------
    >>> form = rate_polynomial(experiment(), ["vector.g_L[1,1]"], vector={"mass": 1.0})
    >>> form.quadratic.shape
    (9, 1, 1)
    """
    chosen = as_couplings(couplings)
    fixed = _prepared(groups, {c.group for c in chosen}, run)
    bare = {name: _without_matrices(name, group) for name, group in fixed.items()}

    def full(values: Mapping[Coupling, float]) -> FloatArray:
        return _counts(run, True, fixed, values)

    def pure(values: Mapping[Coupling, float]) -> FloatArray:
        used = {name: group for name, group in bare.items() if any(c.group == name for c in values)}
        return _counts(run, False, used, values)

    constant = full({})
    squares = [pure({c: 1.0}) for c in chosen]
    # Without a weak spectrum any size will do: there is nothing to interfere with but each other.
    total = float(np.sum(constant)) or 1.0
    sizes = [np.sqrt(total / np.sum(square)) if np.sum(square) > 0 else 0.0 for square in squares]
    k, p = constant.size, len(chosen)
    linear, quadratic = np.zeros((k, p)), np.zeros((k, p, p))
    for a, (coupling, size) in enumerate(zip(chosen, sizes, strict=True)):
        quadratic[:, a, a] = squares[a]
        if size > 0:
            linear[:, a] = (full({coupling: size}) - full({coupling: -size})) / (2 * size)
        for b in range(a):
            if size > 0 and sizes[b] > 0:
                plus, minus = (pure({coupling: size, chosen[b]: sign * sizes[b]}) for sign in (1, -1))
                quadratic[:, a, b] = quadratic[:, b, a] = (plus - minus) / (4 * size * sizes[b])
    return RatePolynomial(chosen, constant + extra_counts(background, k), linear, quadratic)


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
    ends = []
    for sign, start in ((-1.0, -around[0]), (1.0, around[1])):

        def excess(size: float, sign: float = sign) -> float:
            return _profiled_chi2(form, index, sign * size, observed) - threshold

        low = high = start
        while excess(high) <= 0 and high <= reach * start:
            low, high = high, 1.5 * high
        ends.append(sign * (np.inf if high > reach * start else low if low == high else _crossing(excess, low, high)))
    return float(ends[0]), float(ends[1])


def fisher_matrix(form: RatePolynomial, values: ArrayLike) -> FloatArray:
    """Return the Fisher matrix ``F_ab = sum_k (dN_k/dc_a)(dN_k/dc_b) / N_k`` at couplings ``values``, shape (P, P).

    Raises
    ------
    ValueError : a photon energy with no expected counts has a non-zero gradient.

    Example
    -------
    >>> form = rate_polynomial(experiment(), ["vector.g_L[1,1]", "vector.g_L[2,2]"], vector={"mass": 1.0})
    >>> fisher_matrix(form, [0.0, 0.0]).shape
    (2, 2)
    """
    return poisson_fisher(form.counts(values), form.gradient(values))


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
    >>> form = rate_polynomial(experiment(), ["electromagnetic.mu[1,1]"])
    >>> toy_statistics(form, tested=0.0, true=0.0, toys=3, seed=1).shape
    (3,)
    """
    _check_single(form)
    toys = whole_number("toys", toys, 1)
    tested, true = real_number("tested", tested), real_number("true", true)
    generator = np.random.default_rng(whole_number("seed", seed, 0))
    data = generator.poisson(form.counts([true]), size=(toys, form.constant.size)).astype(np.float64)
    at_tested = poisson_chi2(form.counts([tested]), data)
    best = np.array([best_fit(form, sample)[1] for sample in data])
    return np.asarray(np.maximum(at_tested - best, 0.0), dtype=np.float64)


def sensitivity(
    coupling: str | Coupling,
    *,
    level: float = 0.90,
    profile: Sequence[str | Coupling] = (),
    background: ArrayLike = 0.0,
    **settings: Any,
) -> Limit:
    """Return the values of one coupling that an experiment seeing the expected weak spectrum would not exclude.

    Parameters
    ----------
    coupling : for example ``"vector.g_L[1,1]"`` or ``"electromagnetic.mu[1,2].imag"``.
    level : confidence level.
    profile : couplings left free; the others stay at zero.
    background : further counts at each photon energy.
    settings : settings of :func:`renp.rates.experiment.experiment` and coupling groups; ``vector`` and ``scalar`` need their
        ``mass``, and the electron coupling that opens the pair step defaults to 1, so that the limit is on the product.

    Raises
    ------
    ValueError : a coupling is unknown or an argument is out of range.
    TypeError : a setting is unknown.

    Example
    -------
    >>> limit = sensitivity("vector.g_L[1,1]", vector={"mass": 1.0}, level=0.95)
    >>> limit.negative < 0 < limit.positive
    True
    """
    check_settings(settings, *_OWN_SETTINGS, *GROUPS)
    target = as_coupling(coupling)
    groups: dict[str, Any] = {name: settings.pop(name) for name in GROUPS if name in settings}
    settings.setdefault("frequencies", _default_frequencies(target))
    run = experiment(**settings)
    form = rate_polynomial(run, [target, *as_couplings(profile)], background=background, **groups)
    return _explained(_limit(form, level), run, groups)


def sensitivity_curve(
    coupling: str | Coupling,
    parameter: str,
    values: ArrayLike,
    *,
    level: float = 0.90,
    profile: Sequence[str | Coupling] = (),
    background: ArrayLike = 0.0,
    **settings: Any,
) -> SensitivityCurve:
    """Return limits along mediator mass, lightest mass, exposure or number of events.

    Parameters
    ----------
    coupling, level, profile, background, settings : see :func:`sensitivity`.
    parameter : one of :data:`CURVE_PARAMETERS`.
    values : values of the parameter, shape (m,).

    Raises
    ------
    ValueError : a coupling or parameter is unknown, or an argument is out of range.
    TypeError : a setting is unknown.

    Example
    -------
    >>> curve = sensitivity_curve("vector.g_L[1,1]", "mediator_mass", [1e-3, 1e3], level=0.95)
    >>> bool(curve.magnitude[0] < curve.magnitude[1])
    True
    """
    if parameter not in CURVE_PARAMETERS:
        raise ValueError(f"parameter: unknown {parameter!r}, allowed are {', '.join(CURVE_PARAMETERS)}")
    check_settings(settings, *_OWN_SETTINGS, *GROUPS)
    target = as_coupling(coupling)
    points = np.atleast_1d(real_numbers(parameter, values, CURVE_PARAMETERS[parameter]))
    least = "at least 0" if parameter == "lightest_mass" else "above 0"
    bad = points[(points < 0) if parameter == "lightest_mass" else (points <= 0)]
    if points.ndim != 1 or points.size == 0 or bad.size:
        raise ValueError(f"{parameter}: expected a list of finite values {least}, got {shown(values)}")
    common: dict[str, Any] = {"level": level, "profile": profile, "background": background}
    if parameter in ("exposure_days", "events"):
        limits = _along_exposure(target, parameter, points, level, profile, background, settings)
    elif parameter == "lightest_mass":
        limits = [sensitivity(target, **common, **{**settings, "lightest_mass": float(v)}) for v in points]
    else:
        if target.group not in MEDIATORS:
            raise ValueError(f"parameter: {target.group} couplings have no mediator mass")
        group = dict(settings.pop(target.group, None) or {})
        limits = []
        for v in points:
            mediator: dict[str, Any] = {target.group: {**group, "mass": float(v)}}
            limits.append(sensitivity(target, **common, **settings, **mediator))
    return SensitivityCurve(parameter, points, tuple(limits))


def _along_exposure(
    target: Coupling,
    parameter: str,
    points: FloatArray,
    level: float,
    profile: Sequence[str | Coupling],
    background: ArrayLike,
    settings: dict[str, Any],
) -> list[Limit]:
    if np.any(real_numbers("background", background)):
        raise ValueError("background: give none along exposure, where it would have to grow with the exposure")
    groups: dict[str, Any] = {name: settings.pop(name) for name in GROUPS if name in settings}
    settings.setdefault("frequencies", _default_frequencies(target))
    run = experiment(**settings)
    form = rate_polynomial(run, [target, *as_couplings(profile)], **groups)
    unit = run.exposure_days if parameter == "exposure_days" else float(np.sum(form.constant))
    if unit == 0:
        raise ValueError("events: the weak current expects no events at these photon energies")
    return [_explained(_limit(form.scaled(float(v) / unit), level), run, groups) for v in points]


def _limit(form: RatePolynomial, level: float) -> Limit:
    threshold = chi2_threshold(level)
    if len(form.couplings) == 1:
        intervals = allowed_intervals(form, form.constant, threshold)
    else:
        intervals = (profile_limit(form, 0, form.constant, threshold),)
    return Limit(form.couplings[0], level, threshold, intervals)


def _explained(limit: Limit, run: Experiment, groups: Mapping[str, Group | None]) -> Limit:
    unbounded = bool(limit.intervals) and not np.all(np.isfinite(limit.intervals))
    return replace(limit, reason=unbounded_reason(run, limit.coupling, **groups)) if unbounded else limit


def unbounded_reason(run: Experiment, coupling: str | Coupling, **groups: Group | None) -> str:
    """Return in words why the counts of ``run`` do not bound a coupling.

    Parameters
    ----------
    run : experiment.
    coupling : the coupling.
    groups : the fixed part of the coupling groups, see :func:`rate_polynomial`.

    Raises
    ------
    ValueError : see :func:`rate_polynomial`.

    Example
    -------
    >>> unbounded_reason(experiment(nature="majorana"), "electromagnetic.mu[1,1]")
    'for Majorana neutrinos electromagnetic.mu[1,1] drops out: only the antisymmetric, imaginary part of the matrix counts'
    """
    one = as_coupling(coupling)
    pair = tuple(sorted((one.i, one.j)))
    thresholds = pair_thresholds(run.E_eg, run.masses)
    own = next((t.omega for t in thresholds if (t.i, t.j) == pair), np.inf)
    step = run.options.get("pair_step", "M1")
    openers = electron_couplings(one.group, one.name, step)
    fixed = _prepared(groups, {one.group}, run)[one.group]
    bare = _without_matrices(one.group, fixed)

    def matters(run: Experiment) -> bool:
        return bool(_counts(run, False, {one.group: bare}, {one: 1.0}).any())

    if min(run.frequencies) >= thresholds[0].omega:
        return f"all photon energies lie above every pair threshold, the highest is {thresholds[0].omega:.7g} eV"
    if min(run.frequencies) >= own:
        return f"all photon energies lie above the threshold of pair {pair[0]}{pair[1]}, {own:.7g} eV"
    if not _contributions(one.group, one.name, step):
        return f"{one.group}.{one.name} opens no channel of the {step} pair step"
    if openers and not any(fixed.get(electron) for electron in openers):
        return f"the electron coupling that opens the {step} pair step, {' or '.join(openers)}, is zero"
    if matters(run):
        return "the photon energies do not tell it from the couplings that are left free"
    if run.nature == "majorana" and matters(replace(run, nature="dirac")):
        part = "symmetric, real" if one.part == "imag" else "antisymmetric, imaginary"
        return f"for Majorana neutrinos {one} drops out: only the {part} part of the matrix counts"
    options = {name: value for name, value in run.options.items() if name != "atomic_tensor"}
    if matters(replace(run, options=options)):
        return "the atomic tensor lets nothing of it through"
    return "the expected counts do not depend on it"


def _check_single(form: RatePolynomial) -> None:
    if len(form.couplings) != 1:
        raise ValueError(f"form: expected the polynomial of one coupling, got {len(form.couplings)}")


def _data(form: RatePolynomial, name: str, values: ArrayLike) -> FloatArray:
    return checked_counts(name, values, form.constant.size)


def _default_frequencies(target: Coupling) -> tuple[float, ...]:
    return GP23B_FREQUENCIES if target.group == "electromagnetic" else MEDIATOR_FREQUENCIES


def _prepared(groups: Mapping[str, Group | None], needed: set[str], run: Experiment) -> dict[str, dict[str, Any]]:
    unknown = set(groups) - set(GROUPS)
    if unknown:
        raise ValueError(f"unknown coupling group {sorted(unknown)[0]!r}: allowed are {', '.join(GROUPS)}")
    n, step = len(run.masses), run.options.get("pair_step", "M1")
    given = {name: dict(group) for name, group in groups.items() if group is not None}
    for name in sorted(needed | set(given)):
        group = given.setdefault(name, {})
        if name in MEDIATORS and "mass" not in group:
            raise ValueError(f"{name}: give the mediator mass, for example {name}={{'mass': 1.0}}")
        for electron in electron_couplings(name, pair_step=step)[:1]:
            group.setdefault(electron, 1.0)
        for matrix in COUPLING_UNITS[name]:
            group.setdefault(matrix, np.zeros((n, n)))
    return given


def _without_matrices(name: str, group: Mapping[str, Any]) -> dict[str, Any]:
    return {key: np.zeros_like(value) if key in COUPLING_UNITS[name] else value for key, value in group.items()}


def _counts(
    run: Experiment, weak: bool, groups: Mapping[str, Mapping[str, Any]], values: Mapping[Coupling, float]
) -> FloatArray:
    with_values: dict[str, Any] = _with_couplings(groups, values, len(run.masses))
    return run.counts(weak=weak, **with_values)


def _with_couplings(
    groups: Mapping[str, Mapping[str, Any]], values: Mapping[Coupling, float], n: int
) -> dict[str, dict[str, Any]]:
    out = {name: dict(group) for name, group in groups.items()}
    for coupling, value in values.items():
        group = out[coupling.group]
        group[coupling.name] = np.asarray(group[coupling.name]) + coupling.matrix(value, n)
    return out


def _line_chi2(form: RatePolynomial, c: float, observed: FloatArray) -> float:
    counts = np.maximum(form.constant + c * (form.linear[:, 0] + c * form.quadratic[:, 0, 0]), 0.0)
    return 2 * float(np.sum(_deviance(counts, observed)))


def _deviance(expected: FloatArray, observed: FloatArray) -> FloatArray:
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
    most = _most_counts(observed, threshold)
    for k in range(observed.size):
        if form.quadratic[k, 0, 0] <= 0:
            continue
        edges = _roots(form, k, float(most[k]))
        if not edges:
            return None
        low, high = max(low, edges[0]), min(high, edges[1])
    return (low, high) if low <= high else None


def _most_counts(observed: FloatArray, threshold: float) -> FloatArray:
    """Return the largest expected counts that each photon energy alone allows, from ``x - ln(1 + x) = threshold/2N``."""
    # So few counts act as none, and would overflow below.
    seen = observed > _NO_COUNTS
    right = threshold / 2 / np.where(seen, observed, 1.0)
    # This start lies above the root, and the left side is convex: Newton's steps come down to it and never pass it.
    x = right + np.sqrt(right) * np.sqrt(right + 2)
    for _ in range(_NEWTON_STEPS):
        x -= (_excess_over_logarithm(x) - right) * (1 + x) / x
    return np.where(seen, observed * (1 + x), threshold / 2)


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


def _profiled_chi2(form: RatePolynomial, index: int, value: float, observed: FloatArray) -> float:
    others = [a for a in range(len(form.couplings)) if a != index]
    weights = np.einsum("kaa->a", form.quadratic)[others]
    total = max(float(np.sum(observed)), 1.0)
    scale = np.where(weights > 0, np.sqrt(total / np.where(weights > 0, weights, 1.0)), 0.0)

    def at(u: FloatArray) -> FloatArray:
        c = np.zeros(len(form.couplings))
        c[index], c[others] = value, scale * u
        return c

    def residuals(u: FloatArray) -> FloatArray:
        counts = np.maximum(form.counts(at(u)), 1e-300)
        return np.asarray(np.sign(counts - observed) * np.sqrt(2 * _deviance(counts, observed)), dtype=np.float64)

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
    best = min(
        optimize.least_squares(residuals, start, jac=jacobian, xtol=1e-14, ftol=1e-14, gtol=1e-14).cost
        for start in starts
    )
    return 2 * float(best)
