"""The minimum of ``chi^2`` over named parameters, and how well it is known: what fits, profiles and toys share.

In: a :class:`Problem`, data and expectation with constraints and ranges. Out: a :class:`Minimum`, the inverse of the Fisher
matrix, and a line where the data leave a direction open. Everything is a sum of squares with exact derivatives, and
parameters are counted in the standard deviations that the Fisher matrix gives them where the search starts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares

from renp.inputs.measurement import Measurement
from renp.rates.idle import idle_reason
from renp.statistics.couplings import Coupling
from renp.statistics.parameters import FreeParameter, Parametrisation
from renp.statistics.poisson import deviance

__all__ = [
    "THOROUGH",
    "Minimum",
    "Problem",
    "check_directions",
    "checked_covariance",
    "covariance",
    "minimise",
    "minos",
    "minuit_minimum",
]

FloatArray = NDArray[np.float64]

_MOST_STEPS: Final = 300
_GRADIENT: Final = 1e-8
"""A minimum is reached where ``chi^2`` falls by less than this per standard deviation."""
_STEP: Final = 1e-11
THOROUGH: Final = 1e-13
_QUICK: Final = 1e-9
"""Or where a step lowers ``chi^2`` by no more than this share, of a best fit and of one of many (profiles, toys)."""
_BLIND: Final = 1e-9
"""Smaller singular values of the derivatives, in units of each parameter's own, are roundings."""
_TAKES_PART: Final = 1e-4
_SMALL_MOVE: Final = 0.01
"""Standard deviations; ``chi^2`` rises by the square of it,"""
_MOST_RISE: Final = 100.0
"""and by no more than this times that where the standard deviation says anything."""


@dataclass(frozen=True, eq=False)
class Problem:
    """What is minimised: data, expectation, constraints and ranges."""

    free: Parametrisation
    data: Measurement
    centres: FloatArray
    widths: FloatArray
    bounds: tuple[FloatArray, FloatArray]

    def residuals(self, values: FloatArray) -> FloatArray:
        """Return what is squared and summed: one for each datum, and one for each parameter, 0 without a constraint."""
        expected, observed = self.free.predictions(values), self.data.values
        if self.data.errors is not None:
            of_data = (expected - observed) / self.data.errors
        else:
            of_data = np.sign(expected - observed) * np.sqrt(2 * deviance(expected, observed))
        return np.concatenate([of_data, (values - self.centres) / self.widths])

    def slopes(self, values: FloatArray) -> FloatArray:
        """Return the derivatives of :meth:`residuals`, shape (k + P, P)."""
        return self._weighted(values, self.data.values)

    def information(self, values: FloatArray) -> FloatArray:
        """Return the root of the Fisher matrix, constraints included: its transpose times itself is the matrix, (k + P, P)."""
        return self._weighted(values, None)

    def _weighted(self, values: FloatArray, observed: FloatArray | None) -> FloatArray:
        """Return the derivatives of the residuals where ``observed`` was counted, by default what is expected."""
        expected, slopes = self.free.linearised(values)
        if self.data.errors is not None:
            weights = 1 / self.data.errors
        else:
            observed = expected if observed is None else observed
            residual = np.sqrt(2 * deviance(expected, observed))
            with np.errstate(divide="ignore", invalid="ignore"):
                # (1 - n/N) / residual, and its limit where data and expectation agree.
                differing = np.abs(expected - observed) / (expected * residual)
                weights = np.where(residual > 0, differing, 1 / np.sqrt(expected))
            weights = np.where(expected > 0, weights, 0.0)
        return np.concatenate([slopes * weights[:, None], np.diag(1 / self.widths)])


@dataclass(frozen=True, eq=False)
class Minimum:
    """The lowest ``chi^2`` that was found, where, whether it is a minimum, and after how many spectra."""

    values: FloatArray
    chi2: float
    converged: bool
    evaluations: int


def minimise(problem: Problem, start: FloatArray, free: Iterable[int], fall: float = _QUICK) -> Minimum:
    """Return the minimum over the parameters of indices ``free``, all others fixed where they start.

    Parameters
    ----------
    problem : what is minimised.
    start : values of all parameters, shape (P,).
    free : indices.
    fall : the search ends where a step lowers ``chi^2`` by less than this share; :data:`THOROUGH` for a best fit.
    """
    chosen = np.array(list(free), dtype=np.intp)
    first = _residuals(problem, start)
    if not chosen.size or not np.isfinite(first).all():
        return Minimum(start, float(first @ first), not chosen.size, 1)
    scale = _scale(problem, start)[chosen]

    def at(moved: FloatArray) -> FloatArray:
        values = start.copy()
        values[chosen] += scale * moved
        # Rounding alone can leave the range.
        return np.clip(values, *problem.bounds)

    def residuals(moved: FloatArray) -> FloatArray:
        return _residuals(problem, at(moved))

    def slopes(moved: FloatArray) -> FloatArray:
        return problem.slopes(at(moved))[:, chosen] * scale

    low, high = ((end[chosen] - start[chosen]) / scale for end in problem.bounds)
    found = least_squares(
        residuals,
        np.zeros(chosen.size),
        slopes,
        bounds=(low, high),
        method="trf",
        x_scale="jac",
        ftol=fall,
        xtol=_STEP,
        gtol=_GRADIENT,
        max_nfev=_MOST_STEPS,
    )
    values = at(found.x)
    for k in chosen:
        period = problem.free.parameters[k].period
        if period and not np.isfinite([problem.bounds[0][k], problem.bounds[1][k], problem.widths[k]]).any():
            values[k] -= period * np.round((values[k] - problem.free.start[k]) / period)
    return Minimum(values, float(2 * found.cost), bool(found.status > 0), int(found.nfev))


def _residuals(problem: Problem, values: FloatArray) -> FloatArray:
    """Return the residuals, infinite where there is no spectrum: for a search a step too far."""
    try:
        return problem.residuals(values)
    except (ValueError, ArithmeticError):
        return np.full(values.size + problem.data.values.size, inf)


def _scale(problem: Problem, values: FloatArray) -> FloatArray:
    """Return the standard deviation of each parameter with all others fixed, 1 where there is none."""
    sizes = np.linalg.norm(problem.information(values), axis=0)
    return np.asarray(1 / np.where(sizes > 0, sizes, 1.0))


def _blind(root: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the sizes of the columns, the singular vectors of the scaled columns as rows, and their singular values.

    A parameter without any effect has a column of size 0, which is left as it is.
    """
    sizes = np.linalg.norm(root, axis=0)
    _, singular, vectors = np.linalg.svd(root / np.where(sizes > 0, sizes, 1.0), full_matrices=False)
    return sizes, vectors, singular


def covariance(problem: Problem, values: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return the inverse of the Fisher matrix, and which parameters it does not bound: their variance is infinite."""
    return _inverse(problem.information(values), np.zeros(values.size, dtype=np.bool_))


def _inverse(root: FloatArray, unbound: NDArray[np.bool_]) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return the inverse of ``root^T root`` for all but the parameters that are unbound already or turn out to be."""
    _, vectors, singular = _blind(root[:, ~unbound])
    open_directions = np.abs(vectors[singular < _BLIND])
    unbound = unbound.copy()
    unbound[np.flatnonzero(~unbound)[open_directions.max(axis=0, initial=0.0) > _TAKES_PART]] = True
    inverse = np.zeros((unbound.size, unbound.size))
    sizes, vectors, singular = _blind(root[:, ~unbound])
    scaled = vectors / singular[:, None] / sizes
    inverse[np.ix_(~unbound, ~unbound)] = scaled.T @ scaled
    inverse[unbound, unbound] = inf
    return inverse, unbound


def checked_covariance(problem: Problem, solved: Minimum) -> tuple[FloatArray, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the covariance, which parameters it does not bound, and along which ``chi^2`` is far from its parabola.

    A coupling without interference changes counts by its square: at zero the Fisher matrix knows nothing of it, and what it
    says of its rounding is no bound either.
    """
    root = problem.information(solved.values)

    def is_steep(move: FloatArray) -> bool:
        """Return whether ``chi^2`` rises on both sides by far more than by one standard deviation's parabola."""
        rises = []
        for values in (solved.values + _SMALL_MOVE * move, solved.values - _SMALL_MOVE * move):
            moved = _residuals(problem, np.clip(values, *problem.bounds))
            rises.append(float(moved @ moved) - solved.chi2)
        return min(rises) > _MOST_RISE * _SMALL_MOVE**2

    sizes = np.linalg.norm(root, axis=0)
    alone = np.diag(1 / np.where(sizes > 0, sizes, inf))
    inverse, unbound = _inverse(root, np.array([is_steep(move) for move in alone]))
    errors = np.sqrt(np.diag(inverse))
    along = np.where(unbound, 0.0, inverse) / np.where(unbound, 1.0, errors)[:, None]
    return inverse, unbound, ~unbound & np.array([is_steep(move) for move in along])


def check_directions(problem: Problem) -> None:
    """Raise ``ValueError`` if the data and the constraints leave a direction open where the fit starts."""
    free, start = problem.free, problem.free.start
    sizes, vectors, singular = _blind(problem.information(start))
    for parameter, size in zip(free.parameters, sizes.tolist(), strict=True):
        if not size:
            why = _reason(free, parameter)
            raise ValueError(
                f"parameters: the data do not depend on {parameter.label!r} at {parameter.start:.7g}"
                + (f": {why}; fix it or give a prior" if why else "; fix it, give a prior, or start elsewhere")
            )
    if singular[-1] < _BLIND:
        # Rounded, so that of two that take part alike the first is named first.
        direction = vectors[-1].round(6)
        parts = direction / sizes
        largest = int(np.argmax(np.abs(direction)))
        involved = [k for k in np.argsort(-np.abs(direction), kind="stable") if abs(direction[k]) > _TAKES_PART]
        terms = ", ".join(f"{free.labels[k]} by {parts[k] / parts[largest]:+.3g}" for k in involved)
        raise ValueError(f"parameters: the data do not change when one moves {terms}: fix one of them or give a prior")


def _reason(free: Parametrisation, parameter: FreeParameter) -> str:
    """Return why the data do not depend on a parameter, as far as it is known."""
    name, run = parameter.name, free.run
    if name.base == "sin2_theta23":
        return "it enters no coupling to electrons"
    if name.base in ("delta_cp", "alpha21", "alpha31") and run.nature == "dirac":
        return "phases of Dirac neutrinos drop out"
    keyword, _, matrix = name.base.partition(".")
    if matrix and len(name.indices) == 2:
        coupling = Coupling(keyword, matrix, *name.indices, name.part or "real", parameter.unit, name.hermitian)
        unit = coupling.matrix(1.0, len(run.masses))
        return idle_reason(run, np.array(run.frequencies), keyword, matrix, unit, dict(free.groups[keyword] or {}))
    return ""


def _prepared_minuit(problem: Problem, start: FloatArray) -> tuple[Any, FloatArray]:
    """Return Minuit at ``start``, and the size of its unit of each parameter."""
    try:
        from iminuit import Minuit
    except ImportError:
        raise ImportError("method='minuit' needs the package iminuit: pip install 'renp[minuit]'") from None
    scale = _scale(problem, start)

    def at(moved: ArrayLike) -> FloatArray:
        return np.asarray(np.clip(start + scale * np.asarray(moved), *problem.bounds))

    def chi2(moved: ArrayLike) -> float:
        found = _residuals(problem, at(moved))
        return float(found @ found)

    def gradient(moved: ArrayLike) -> FloatArray:
        values = at(moved)
        return np.asarray(2 * scale * (problem.residuals(values) @ problem.slopes(values)))

    minuit = Minuit(chi2, np.zeros(len(start)), grad=gradient, name=problem.free.labels)
    minuit.errordef, minuit.tol = 1.0, 1e-4
    minuit.errors = 1.0
    minuit.limits = [
        ((low - s) / unit, (high - s) / unit) for low, high, s, unit in zip(*problem.bounds, start, scale, strict=True)
    ]
    return minuit, scale


def minuit_minimum(problem: Problem) -> tuple[Minimum, FloatArray | None]:
    """Return the minimum by MIGRAD and the covariance by HESSE, ``None`` where there is none.

    Raises
    ------
    ImportError : iminuit is not installed.
    """
    start = problem.free.start
    minuit, scale = _prepared_minuit(problem, start)
    minuit.migrad()
    minuit.hesse()
    values = np.clip(start + scale * np.array(minuit.values), *problem.bounds)
    solved = Minimum(values, float(minuit.fval), bool(minuit.valid), int(minuit.nfcn))
    return solved, None if minuit.covariance is None else np.array(minuit.covariance) * np.outer(scale, scale)


def minos(problem: Problem, best: FloatArray, index: int, level: float) -> tuple[float, float]:
    """Return the ends of the interval of one parameter by MINOS, those of its range where there is none.

    Raises
    ------
    ImportError : iminuit is not installed.
    ValueError : there is no minimum to start from.
    """
    minuit, scale = _prepared_minuit(problem, best)
    minuit.migrad()
    label = problem.free.labels[index]
    if not minuit.valid:
        raise ValueError(
            f"interval: MIGRAD found no minimum from which MINOS could start for {label}; take method='scipy'"
        )
    minuit.minos(label, cl=level)
    error, at = minuit.merrors[label], minuit.values[index]
    low, high = (float(end[index]) for end in problem.bounds)
    start, unit = float(best[index]), float(scale[index])
    return (
        start + unit * (at + error.lower) if error.lower_valid else low,
        start + unit * (at + error.upper) if error.upper_valid else high,
    )
