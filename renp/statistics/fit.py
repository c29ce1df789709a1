"""Fits of spectra: best values of named parameters, their covariance, profiles, intervals and simulated experiments.

In: a measured spectrum or an experiment, and names of parameters (:mod:`renp.statistics.parameters`). Out: a frozen
:class:`FitResult`. What is minimised is ``chi^2``: of Gaussian errors, or ``-2 ln L`` of Poisson counts up to what no
parameter changes (:mod:`renp.statistics.poisson`), and Gaussian constraints on parameters. Both are sums of squares, the
Poisson one of ``sign(N - n) sqrt(2 [N - n + n ln(n / N)])``, so that SciPy's trust region takes them with exact derivatives.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, nan
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.optimize import brentq

from renp.inputs.checks import extra_counts, positive_number, real_number, real_numbers, whole_number
from renp.inputs.measurement import Measurement, read_measurement
from renp.model import Model
from renp.rates.emission import EMISSION_SETTINGS, emission, photon_energies, split_settings
from renp.rates.experiment import SETTINGS, Experiment, experiment, with_model
from renp.statistics.minimum import (
    THOROUGH,
    Problem,
    check_directions,
    checked_covariance,
    covariance,
    minimise,
    minos,
    minuit_minimum,
)
from renp.statistics.parameters import FreeParameter, Parametrisation, by_name, parametrisation, spelled, spellings
from renp.statistics.poisson import chi2_threshold
from renp.statistics.rate_polynomial import completed_groups
from renp_generated.runtime.arguments import choice, largest_photon_energy, shown

__all__ = ["METHODS", "FitResult", "Profile", "Toys", "fit"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Progress = Callable[[int, int], object]
"""Called with how much is done, and of how much."""

METHODS: Final = ("scipy", "minuit")
"""SciPy's trust region, or the Minuit of the package iminuit."""

ONE_SIGMA: Final = 0.6826894921370859
"""The confidence level of one standard deviation."""

NOT_FIXED, AT_END = "not fixed", "end of its range"
"""What stands in the place of a standard deviation that says nothing."""

_AT_BOUND: Final = 1e-4
"""Parameters this many standard deviations from an end of their range are at it."""
_MOST_TOYS: Final = 10**6
_DOUBLINGS: Final = 60
_FAR: Final = 1e9
"""Where no spectrum allows the data ``chi^2`` is infinite, which a search for a root does not take."""


@dataclass(frozen=True, eq=False)
class Profile:
    """``chi^2`` with one parameter fixed and all others fitted.

    Parameters
    ----------
    parameter : the parameter.
    values : where it was fixed, shape (m,).
    excess : ``chi^2`` above that of the best fit, shape (m,); infinite where no photons are expected and some were counted.
    points : all parameters there, shape (m, P).
    """

    parameter: FreeParameter
    values: FloatArray
    excess: FloatArray
    points: FloatArray


@dataclass(frozen=True, eq=False)
class Toys:
    """Simulated experiments around a best fit, each of them fitted.

    Parameters
    ----------
    truth : what they were simulated from, shape (P,).
    values, errors : best fit and standard deviation of each, shape (number, P).
    chi2 : at each best fit, shape (number,).
    converged : whether the minimum was found, shape (number,).
    """

    truth: FloatArray
    values: FloatArray
    errors: FloatArray
    chi2: FloatArray
    converged: BoolArray

    @property
    def pulls(self) -> FloatArray:
        """Distance of the best fit from the truth in standard deviations, shape (number, P)."""
        return (self.values - self.truth) / self.errors


@dataclass(frozen=True, eq=False)
class FitResult:
    """The best fit and what can be asked about it.

    Parameters
    ----------
    parameters : what was fitted, P of them.
    values : best fit, shape (P,).
    covariance : inverse of the Fisher matrix there, shape (P, P); with Minuit, HESSE's. Where the data fix a parameter not
        even to first order, its variance is infinite and a note says so.
    chi2 : at the best fit, constraints included.
    expected : what the best fit expects at each photon energy, shape (k,).
    pulls : data above expectation in standard deviations, shape (k,).
    converged : whether the minimum was found.
    evaluations : how often the spectrum was computed.
    method : one of :data:`METHODS`.
    data : what was fitted.
    summary : the experiment at the best fit in one line.
    notes : what a reader should know, in words.
    problem : what was minimised.

    Example
    -------
    >>> import renp
    >>> run = renp.experiment(exposure_days=4000)
    >>> found = fit(run, ["lightest_mass", "amplitude"], start={"lightest_mass": 0.009})
    >>> round(found["lightest_mass"], 9), bool(found.chi2 < 1e-12)
    (0.01, True)
    """

    parameters: tuple[FreeParameter, ...]
    values: FloatArray
    covariance: FloatArray
    chi2: float
    expected: FloatArray
    pulls: FloatArray
    converged: bool
    evaluations: int
    method: str
    data: Measurement
    summary: str
    notes: tuple[str, ...]
    problem: Problem

    def __getitem__(self, label: str) -> float:
        """Return the best fit of a parameter by its name; ``KeyError`` for another name."""
        for parameter, value in zip(self.parameters, self.values.tolist(), strict=True):
            if parameter.label == label:
                return float(value)
        raise KeyError(label)

    @property
    def errors(self) -> FloatArray:
        """Standard deviations of the parameters, shape (P,)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def correlation(self) -> FloatArray:
        """The correlation matrix, shape (P, P); 0 beside a parameter that the data do not fix."""
        scale = np.where(np.isfinite(self.errors), self.errors, 1.0)
        found = np.where(np.isfinite(self.covariance), self.covariance, 0.0) / np.outer(scale, scale)
        np.fill_diagonal(found, 1.0)
        return np.asarray(found, dtype=np.float64)

    @property
    def degrees_of_freedom(self) -> int:
        """Numbers of data and constraints less that of parameters."""
        return int(self.data.values.size + np.isfinite(self.problem.widths).sum() - len(self.parameters))

    @property
    def p_value(self) -> float:
        """Probability of a larger ``chi^2``, NaN without degrees of freedom; for Poisson counts that of many counts."""
        freedom = self.degrees_of_freedom
        return float(stats.chi2.sf(self.chi2, freedom)) if freedom > 0 else nan

    @property
    def prior_pulls(self) -> dict[str, float]:
        """Best fit above the centre of its constraint in standard deviations, by the names of constrained parameters."""
        pulls = (self.values - self.problem.centres) / self.problem.widths
        return {
            p.label: float(pull)
            for p, pull, width in zip(self.parameters, pulls, self.problem.widths, strict=True)
            if isfinite(width)
        }

    def curve(self, omega: ArrayLike) -> FloatArray:
        """Return what the best fit expects at other photon energies [eV], shape (m,), between those with data.

        A known background is interpolated.

        Raises
        ------
        ValueError : photon energies out of range.

        Example
        -------
        >>> import renp
        >>> fit(renp.experiment(), "amplitude").curve([1.0675, 1.0677]).shape
        (2,)
        """
        free = self.problem.free
        energies = photon_energies("omega", omega, free.run.E_eg, free.run.imprinted_momentum)
        order = np.argsort(self.data.omega, kind="stable")
        background = np.interp(energies, self.data.omega[order], free.background[order])
        there = replace(free.run, frequencies=tuple(energies.tolist()))
        return replace(free, run=there, background=background).predictions(self.values)

    def profile(self, parameter: str, values: ArrayLike, progress: Progress | None = None) -> Profile:
        """Return ``chi^2`` above its minimum with one parameter fixed at ``values``, shape (m,), and all others fitted.

        Each point starts from its neighbour on the side of the best fit. Below zero it has found a better minimum.

        Raises
        ------
        ValueError : an unknown parameter, or a value outside of its range.

        Example
        -------
        >>> import renp
        >>> found = fit(renp.experiment(exposure_days=4000), ["lightest_mass", "amplitude"])
        >>> found.profile("lightest_mass", [0.01, 0.011]).excess.round(3).tolist()[0]
        0.0
        """
        index = self._index(parameter)
        wanted = np.atleast_1d(real_numbers("values", values))
        if wanted.ndim != 1 or not wanted.size:
            raise ValueError(f"values: expected a list of numbers, got shape {wanted.shape}")
        low, high = (end[index] for end in self.problem.bounds)
        for value in wanted.tolist():
            if not low <= value <= high:
                raise ValueError(f"values: {parameter} = {value:.7g} is outside of its range, {low:.7g} to {high:.7g}")
        free = [k for k in range(len(self.parameters)) if k != index]
        points, best = np.empty((wanted.size, len(self.parameters))), self.values[index]
        excess = np.empty(wanted.size)
        done = 0
        for side in (wanted >= best, wanted < best):
            near = self.values
            for k in sorted(np.flatnonzero(side), key=lambda k: (abs(wanted[k] - best), k)):
                start = near.copy()
                start[index] = wanted[k]
                solved = minimise(self.problem, start, free)
                points[k], excess[k], near = solved.values, solved.chi2 - self.chi2, solved.values
                done += 1
                if progress is not None:
                    progress(done, wanted.size)
        return Profile(self.parameters[index], wanted, excess, points)

    def interval(self, parameter: str, level: float = ONE_SIGMA, *, step: float | None = None) -> tuple[float, float]:
        """Return the ends of the interval of a parameter, where the profile reaches the ``chi^2`` of ``level``.

        An end of the parameter's range is one of the interval where the profile stays below. With Minuit this is MINOS.

        Parameters
        ----------
        parameter : its name.
        level : confidence level.
        step : how far to look first; by default the standard deviation.

        Raises
        ------
        ValueError : an unknown parameter, a bad level, or no standard deviation and no step.

        Example
        -------
        >>> import renp
        >>> low, high = fit(renp.experiment(exposure_days=4000), ["lightest_mass"]).interval("lightest_mass")
        >>> low < 0.01 < high
        True
        """
        index, threshold = self._index(parameter), chi2_threshold(level)
        width = float(self.errors[index]) if step is None else positive_number("step", step)
        if not isfinite(width):
            raise ValueError(f"step: the data do not fix {parameter} to first order; give a step to look for the ends")
        if self.method == "minuit":
            return minos(self.problem, self.values, index, level)
        return (self._end(index, -width, threshold), self._end(index, width, threshold))

    def toys(self, number: int, seed: int = 0, progress: Progress | None = None) -> Toys:
        """Return fits to ``number`` experiments simulated from the best fit, with the centres of constraints simulated too.

        Raises
        ------
        ValueError : no number of toys from 1 to a million, no seed of at least 0.

        Example
        -------
        >>> import renp
        >>> fit(renp.experiment(), "amplitude").toys(5, seed=1).pulls.shape
        (5, 1)
        """
        random = np.random.default_rng(whole_number("seed", seed, 0))
        problem, size = self.problem, len(self.parameters)
        values, errors = np.empty((whole_number("number", number, 1, _MOST_TOYS), size)), np.empty((number, size))
        chi2, converged = np.empty(number), np.empty(number, dtype=np.bool_)
        constrained = np.isfinite(problem.widths)
        for k in range(number):
            drawn = (
                random.poisson(self.expected).astype(np.float64)
                if problem.data.errors is None
                else random.normal(self.expected, problem.data.errors)
            )
            centres = problem.centres.copy()
            centres[constrained] = random.normal(self.values, np.where(constrained, problem.widths, 1.0))[constrained]
            data = Measurement(problem.data.omega, drawn, problem.data.errors, problem.data.quantity, "simulated")
            toy = replace(problem, data=data, centres=centres)
            solved = minimise(toy, self.values, range(size))
            values[k], chi2[k], converged[k] = solved.values, solved.chi2, solved.converged
            errors[k] = np.sqrt(np.diag(covariance(toy, solved.values)[0]))
            if progress is not None:
                progress(k + 1, number)
        return Toys(self.values, values, errors, chi2, converged)

    def record(self) -> dict[str, Any]:
        """Return everything as plain data; numbers that are not finite are ``None``."""
        low, high = self.problem.bounds
        pulls = self.prior_pulls
        entries = [
            {
                "name": p.label,
                "unit": p.unit,
                "logarithmic": p.logarithmic,
                "value": _plain(self.values[k]),
                "error": _plain(self.errors[k]),
                "start": p.start,
                "range": [_plain(low[k]), _plain(high[k])],
                "prior": [self.problem.centres[k], self.problem.widths[k]] if p.label in pulls else None,
                "prior_pull": pulls.get(p.label),
            }
            for k, p in enumerate(self.parameters)
        ]
        errors = self.data.errors
        return {
            "parameters": entries,
            "covariance": [[_plain(entry) for entry in row] for row in self.covariance],
            "correlation": self.correlation.tolist(),
            "chi2": self.chi2,
            "degrees_of_freedom": self.degrees_of_freedom,
            "p_value": _plain(self.p_value),
            "converged": self.converged,
            "method": self.method,
            "data": {
                "omega_eV": self.data.omega.tolist(),
                "quantity": self.data.quantity,
                "values": self.data.values.tolist(),
                "errors": None if errors is None else errors.tolist(),
                "source": self.data.source,
            },
            "expected": self.expected.tolist(),
            "pulls": self.pulls.tolist(),
            "summary": self.summary,
            "notes": list(self.notes),
        }

    def to_json(self) -> bytes:
        """Return :meth:`record` as JSON."""
        return (json.dumps(self.record(), allow_nan=False, indent=1) + "\n").encode("ascii")

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The parameters as texts, under :attr:`headings`."""
        pulls = self.prior_pulls
        return tuple(
            (
                p.label,
                p.unit,
                *_digits(value, error, ends),
                f"{round(pulls[p.label], 2) + 0.0:+.2f}" if p.label in pulls else "",
            )
            for p, value, error, ends in zip(
                self.parameters,
                self.values.tolist(),
                self.errors.tolist(),
                np.transpose(self.problem.bounds),
                strict=True,
            )
        )

    @property
    def fitted(self) -> tuple[str, ...]:
        """The parameters with errors and units, as for the caption of a figure.

        Example
        -------
        >>> import renp
        >>> fit(renp.experiment(exposure_days=4000), "amplitude").fitted
        ('amplitude = 1.0000 ± 0.0036',)
        """
        return tuple(
            f"{name} = {value} {'' if error in (NOT_FIXED, AT_END) else f'± {error} '}{unit if unit != '1' else ''}".strip()
            + (f" ({error})" if error in (NOT_FIXED, AT_END) else "")
            for name, unit, value, error, _ in self.rows
        )

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of :attr:`rows`."""
        return "parameter", "unit", "best fit", "error", "from constraint"

    @property
    def run(self) -> Experiment:
        """The experiment at the best fit."""
        return self.problem.free.experiment(self.values)

    @property
    def quality(self) -> str:
        """How good the fit is, in one line."""
        freedom = self.degrees_of_freedom
        degrees = f"{freedom} degree{'s' if freedom != 1 else ''} of freedom"
        return f"chi^2 = {self.chi2:.4g} for {degrees}" + (f", p = {self.p_value:.3g}" if freedom > 0 else "")

    def __str__(self) -> str:
        rows = [self.headings, *self.rows]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        notes = [f"note: {note}" for note in self.notes]
        return "\n".join([self.summary, *lines, self.quality, *notes])

    def _index(self, label: str) -> int:
        labels = [parameter.label for parameter in self.parameters]
        if label not in labels:
            raise ValueError(f"parameter: unknown {shown(label)}, allowed are {', '.join(labels)}")
        return labels.index(label)

    def _end(self, index: int, step: float, threshold: float) -> float:
        """Return where the profile crosses the threshold on the side of ``step``; an end of the range if it does not."""
        free = [k for k in range(len(self.parameters)) if k != index]
        limit = float(self.problem.bounds[int(step > 0)][index])
        best, near = float(self.values[index]), self.values

        def excess(value: float) -> float:
            nonlocal near
            start = near.copy()
            start[index] = value
            solved = minimise(self.problem, start, free)
            near = solved.values
            return min(solved.chi2 - self.chi2 - threshold, _FAR)

        if not isfinite(limit) and self.parameters[index].period:
            limit = best + (self.parameters[index].period if step > 0 else -self.parameters[index].period) / 2
        inner = best
        for doubling in range(_DOUBLINGS):
            outer = best + step * 2.0**doubling
            outer = max(outer, limit) if step < 0 else min(outer, limit)
            if excess(outer) > 0:
                return float(brentq(excess, inner, outer, xtol=1e-7 * abs(step)))
            if outer == limit:
                return limit
            inner = outer
        return limit


def fit(
    source: Experiment | Measurement | str | os.PathLike[str],
    parameters: str | Sequence[str],
    *,
    observed: ArrayLike | Measurement | str | os.PathLike[str] | None = None,
    background: ArrayLike = 0.0,
    start: Mapping[str, float] | None = None,
    bounds: Mapping[str, tuple[float | None, float | None]] | None = None,
    priors: Mapping[str, tuple[float, float]] | None = None,
    method: str = "scipy",
    model: Model | None = None,
    **settings: Any,
) -> FitResult:
    """Fit named parameters to a measured spectrum, or to the counts that an experiment expects.

    Parameters
    ----------
    source : a :class:`~renp.inputs.measurement.Measurement`, the path of a file that holds one, or an experiment.
    parameters : names as ``"lightest_mass"``, ``"alpha21"``, ``"masses[1]"``, ``"log10(vector.mass)"``, ``"vector.g_L[1,2].imag"``
        or ``"amplitude"``; :mod:`renp.statistics.parameters` lists all.
    observed : data of an experiment: counts at its photon energies, shape (k,), a measurement or its file. Without it the data
        are what the experiment expects (Asimov), and the best fit is where they are from.
    background : further events at each photon energy, in the unit of the data, one number or shape (k,).
    start : where the fit starts, by name; elsewhere it starts at what the experiment and the coupling groups hold, and a
        background at what was counted where no signal is expected.
    bounds : range of parameters by name, ``None`` for an end that stays that of the physics.
    priors : Gaussian constraints by name, (centre, standard deviation), for example of oscillation experiments.
    method : ``"scipy"`` (trust region) or ``"minuit"`` (MIGRAD, HESSE and MINOS; ``pip install 'renp[minuit]'``).
    model : the interactions, all shipped ones by default.
    settings : the coupling groups, and for measurements the settings of :func:`renp.experiment` but ``frequencies``. An
        electron coupling that opens the pair step is 1 if none is set, and matrices of a group are zero, as in limits.

    Raises
    ------
    ValueError : a name, a number or a file is wrong; the data leave a parameter or a combination of parameters open, which the
        line names.
    TypeError : an argument of another kind.
    ImportError : Minuit is not installed.

    Example
    -------
    >>> import renp
    >>> run = renp.experiment(nature="majorana", majorana_phases=(1.0, 0.0), exposure_days=4000)
    >>> found = fit(run, ["lightest_mass", "alpha21"], start={"alpha21": 0.5})
    >>> found.values.round(6).tolist()
    [0.01, 1.0]
    """
    choice("method", method, METHODS)
    if isinstance(source, Experiment):
        run = with_model(source, model)
        _, groups = split_settings(settings, run.model)
        data = None if observed is None else _as_measurement(run, observed)
    else:
        if observed is not None:
            raise ValueError("observed: it belongs to an experiment; a measurement holds its data")
        if "frequencies" in settings:
            raise ValueError("frequencies: the photon energies are those of the measurement, leave them out")
        data = _measurement("source", source)
        chosen, groups = split_settings(settings, model, SETTINGS)
        try:
            run = experiment(frequencies=data.omega, model=model, **chosen)
        except ValueError:
            _check_energies(data, chosen)
            raise
    names = [spelled(text)[0] for text in spellings(parameters)]
    needed = {name.base.partition(".")[0] for name in names if name is not None and "." in name.base}
    complete = completed_groups(groups, needed & set(run.model.keywords), run)
    if data is None:
        expected = run.counts(weak=True, **complete) + extra_counts(background, len(run.frequencies))
        data = Measurement(np.array(run.frequencies), expected, source="counts that the experiment expects")
    free = parametrisation(run, parameters, groups=complete, background=background, quantity=data.quantity, start=start)
    free = _with_background(free, data, start)
    problem = _problem(free, data, bounds, priors)
    first = problem.residuals(free.start)
    if not np.isfinite(first).all():
        at = data.omega[int(np.flatnonzero(~np.isfinite(first))[0])]
        raise ValueError(
            f"observed: photons were counted at {at:.8g} eV, where none are expected at the start; start elsewhere or add a "
            "background"
        )
    check_directions(problem)
    return _solved(problem, method)


def _with_background(free: Parametrisation, data: Measurement, start: Mapping[str, float] | None) -> Parametrisation:
    """Return the parameters with a free background that starts at what was counted where no signal is expected."""
    if "background" not in free.labels or "background" in by_name("start", start):
        return free
    dark = (free.predictions(free.start) <= 0) & (data.values > 0)
    if not dark.any():
        return free
    values = free.start
    values[free.labels.index("background")] = data.values[dark].mean()
    return free.with_start(values)


def _problem(
    free: Parametrisation,
    data: Measurement,
    bounds: Mapping[str, tuple[float | None, float | None]] | None,
    priors: Mapping[str, tuple[float, float]] | None,
) -> Problem:
    low, high = free.bounds
    centres, widths = free.start, np.full(len(free.parameters), inf)
    for argument, given in (("bounds", bounds), ("priors", priors)):
        for label, pair in by_name(argument, given).items():
            if label not in free.labels:
                raise ValueError(
                    f"{argument}: {shown(label)} is not among the parameters, allowed are {', '.join(free.labels)}"
                )
            if not isinstance(pair, Sequence | np.ndarray) or len(pair) != 2 or isinstance(pair, str):
                raise ValueError(f"{argument}: expected two numbers for {label}, got {shown(pair)}")
    for label, (lower, upper) in dict(bounds or {}).items():
        k = free.labels.index(label)
        ends = [
            end if one is None else real_number(f"bounds: {label}", one, free.parameters[k].unit)
            for one, end in ((lower, low[k]), (upper, high[k]))
        ]
        if not low[k] <= ends[0] < ends[1] <= high[k]:
            raise ValueError(
                f"bounds: expected an increasing pair within {low[k]:.7g} to {high[k]:.7g} for {label}, got {shown((lower, upper))}"
            )
        if not ends[0] <= free.start[k] <= ends[1]:
            raise ValueError(
                f"start: {label} = {free.start[k]:.7g} is outside of its bounds, {ends[0]:.7g} to {ends[1]:.7g}"
            )
        low[k], high[k] = ends
    for label, (centre, width) in dict(priors or {}).items():
        k = free.labels.index(label)
        centres[k] = real_number(f"priors: {label}", centre, free.parameters[k].unit)
        widths[k] = positive_number(f"priors: {label}", width, free.parameters[k].unit)
    return Problem(free, data, centres, widths, (low, high))


def _solved(problem: Problem, method: str) -> FitResult:
    free = problem.free
    if method == "minuit":
        solved, covariance = minuit_minimum(problem)
    else:
        solved = minimise(problem, free.start, range(len(free.parameters)), THOROUGH)
        covariance = None
    fisher, unbound, steep = checked_covariance(problem, solved)
    if covariance is None or unbound.any():
        covariance = fisher
    expected, data = free.predictions(solved.values), problem.data
    errors = np.sqrt(np.where(expected > 0, expected, 1.0)) if data.errors is None else data.errors
    notes = [] if solved.converged else ["the minimum was not found; start elsewhere, or give bounds or priors"]
    notes += [
        f"{label}: the data do not fix it to first order at the best fit, its standard deviation says nothing; "
        f"see {_profile(label)}"
        for label, is_unbound in zip(free.labels, unbound.tolist(), strict=True)
        if is_unbound
    ]
    if steep.any():
        labels = ", ".join(label for label, is_steep in zip(free.labels, steep.tolist(), strict=True) if is_steep)
        notes.append(
            f"{labels}: chi^2 is far from a parabola, standard deviations say little; see {_profile(labels.split(', ')[0])}"
        )
    low, high = problem.bounds
    deviations = np.sqrt(np.diag(covariance))
    notes += [
        f"{p.label}: its standard deviation is more than half a period, the data do not fix it"
        for p, error in zip(free.parameters, deviations.tolist(), strict=True)
        if p.period / 2 < error < inf and p.period
    ]
    for label, value, error, lower, upper in zip(free.labels, solved.values, deviations, low, high, strict=True):
        for end in (lower, upper):
            if _is_at(end, value, error):
                notes.append(f"{label}: the best fit is at the end of its range, {end:.7g}; see {_profile(label)}")
    return FitResult(
        parameters=free.parameters,
        values=solved.values,
        covariance=covariance,
        chi2=solved.chi2,
        expected=expected,
        pulls=(data.values - expected) / errors,
        converged=solved.converged,
        evaluations=solved.evaluations,
        method=method,
        data=data,
        summary=free.experiment(solved.values).summary,
        notes=(*free.run.remarks, *notes),
        problem=problem,
    )


def _measurement(argument: str, given: Any) -> Measurement:
    if isinstance(given, Measurement):
        return given
    if isinstance(given, str | os.PathLike):
        return read_measurement(given)
    raise TypeError(f"{argument}: expected an experiment, a measurement or the path of a file, got {shown(given)}")


def _check_energies(data: Measurement, settings: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` that names the place of a photon energy which the atom does not emit."""
    target = emission(**{name: value for name, value in settings.items() if name in EMISSION_SETTINGS})
    K = target.imprinted_momentum
    data.check_energies(largest_photon_energy(target.E_eg, K), "(E_eg - imprinted_momentum)/2" if K else "E_eg/2")


def _as_measurement(run: Experiment, observed: Any) -> Measurement:
    if isinstance(observed, Measurement | str | os.PathLike):
        data = _measurement("observed", observed)
        if data.omega.tolist() != list(run.frequencies):
            raise ValueError("observed: the photon energies are not those of the experiment; give both the same")
        return data
    values = real_numbers("observed", observed)
    if values.shape != (len(run.frequencies),):
        raise ValueError(f"observed: expected {len(run.frequencies)} counts, got shape {values.shape}")
    return Measurement(np.array(run.frequencies), values)


def _is_at(end: float, value: float, error: float) -> bool:
    """Return whether a best fit is at an end of its range."""
    return abs(value - end) <= _AT_BOUND * error < inf


def _profile(label: str) -> str:
    """Return how Python is asked for the profile of a parameter."""
    return f"found.profile({label!r}, values) in Python"


def _digits(value: float, error: float, ends: Iterable[float]) -> tuple[str, str]:
    """Return a value and its standard deviation with two digits of the latter, or why that says nothing."""
    if not (isfinite(error) and error > 0):
        return f"{value:.6g}", NOT_FIXED
    if any(_is_at(end, value, error) for end in ends):
        return f"{value:.6g}", AT_END
    exponent = int(np.floor(np.log10(error)))
    size = int(np.floor(np.log10(max(abs(value), error))))
    digits = min(max(size - exponent + 2, 2), 16)
    return f"{value:#.{digits}g}".rstrip("."), f"{error:.2g}"


def _plain(value: float) -> float | None:
    return float(value) if isfinite(value) else None
