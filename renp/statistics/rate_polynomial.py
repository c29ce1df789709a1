"""Counts as an exact polynomial of the couplings.

In: an :class:`renp.rates.experiment.Experiment` and named couplings. Out: :class:`RatePolynomial`.

The rate is the square of an amplitude that is linear in the couplings, so the counts at each photon energy are exactly
``N(c) = N_0 + b.c + c.Q.c``. :func:`rate_polynomial` finds ``N_0``, ``b`` and ``Q`` from a few evaluations; every limit,
profile, gradient and toy experiment then costs no further evaluation and works at any size of coupling.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.checks import counts as checked_counts
from renp.inputs.checks import extra_counts, positive_number, real_numbers
from renp.rates.batches import Case, counts
from renp.rates.channels import electron_couplings, matrices
from renp.rates.emission import Group
from renp.rates.experiment import Experiment, as_experiment
from renp.rates.idle import without_matrices
from renp.statistics.couplings import Coupling, as_couplings
from renp_generated.runtime.arguments import shown

__all__ = [
    "RatePolynomial",
    "assumed_couplings",
    "assumed_factors",
    "completed_groups",
    "counts_at",
    "rate_polynomial",
    "rate_polynomials",
]

FloatArray = NDArray[np.float64]


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
    >>> from renp import experiment
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
        with np.errstate(over="ignore", invalid="ignore"):
            total = self.constant + c @ self.linear.T + np.einsum("...a,kab,...b->...k", c, self.quadratic, c)
        if not np.isfinite(total).all():
            raise ValueError(f"values: the number of events overflows at {shown(values)}")
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
        that opens the pair step (:func:`renp.rates.channels.electron_couplings`) is 1 if none of them is set, so that a
        limit is one on the product of both.

    Raises
    ------
    ValueError : a coupling is unknown or repeated, or a group lacks its mediator mass.

    Example
    -------
    >>> from renp import experiment
    >>> form = rate_polynomial(experiment(), ["vector.g_L[1,1]"], vector={"mass": 1.0})
    >>> form.quadratic.shape
    (9, 1, 1)
    """
    return rate_polynomials([(run, groups, couplings)], background=background)[0]


def rate_polynomials(
    cases: Sequence[tuple[Experiment, Mapping[str, Group | None], Sequence[str | Coupling]]],
    *,
    background: ArrayLike = 0.0,
) -> list[RatePolynomial]:
    """Return :func:`rate_polynomial` of many experiments, coupling groups and couplings, all evaluated together.

    Parameters
    ----------
    cases : (run, groups, couplings) each.
    background : further counts at each photon energy that no coupling changes, scalar or shape (k,).

    Raises
    ------
    ValueError : see :func:`rate_polynomial`.

    Example
    -------
    >>> from renp import experiment
    >>> names = ["electromagnetic.mu[1,1]", "electromagnetic.mu[2,2]"]
    >>> len(rate_polynomials([(experiment(), {}, [name]) for name in names]))
    2
    """
    unknown = [_polynomial(run, couplings, background, groups) for run, groups, couplings in cases]
    asked = [next(one) for one in unknown]
    answered = _answers(asked)
    further = [one.send(answer) for one, answer in zip(unknown, answered, strict=True)]
    found = []
    for one, answer in zip(unknown, _answers(further), strict=True):
        try:
            one.send(answer)
        except StopIteration as end:
            found.append(end.value)
    return found


def _answers(asked: Sequence[Sequence[Case]]) -> list[list[FloatArray]]:
    """Return the counts of lists of cases, all evaluated together."""
    found = iter(counts([case for cases in asked for case in cases]))
    return [[next(found) for _ in cases] for cases in asked]


def _polynomial(
    run: Experiment, couplings: Sequence[str | Coupling], background: ArrayLike, groups: Mapping[str, Group | None]
) -> Generator[list[Case], list[FloatArray], RatePolynomial]:
    """Yield twice what is to be evaluated, take its counts, and return the polynomial."""
    chosen = as_couplings(couplings, as_experiment(run).model)
    fixed = completed_groups(groups, {c.group for c in chosen}, run)
    bare = {name: without_matrices(run, name, group) for name, group in fixed.items()}
    n = len(run.masses)

    def full(values: Mapping[Coupling, float]) -> Case:
        return Case(run, _with_couplings(fixed, values, n))

    def pure(values: Mapping[Coupling, float]) -> Case:
        used = {name: group for name, group in bare.items() if any(c.group == name for c in values)}
        return Case(run, _with_couplings(used, values, n), weak=False)

    constant, *squares = yield [full({}), *(pure({c: 1.0}) for c in chosen)]
    # Without a weak spectrum any size will do: there is nothing to interfere with but each other.
    total = float(np.sum(constant)) or 1.0
    sizes = [np.sqrt(total / np.sum(square)) if np.sum(square) > 0 else 0.0 for square in squares]
    there = [a for a, size in enumerate(sizes) if size > 0]
    pairs = [(a, b) for a in there for b in there if b < a]
    moved = [full({chosen[a]: sign * sizes[a]}) for a in there for sign in (1, -1)]
    moved += [pure({chosen[a]: sizes[a], chosen[b]: sign * sizes[b]}) for a, b in pairs for sign in (1, -1)]
    found = yield moved
    changes = [plus - minus for plus, minus in zip(found[::2], found[1::2], strict=True)]
    k, p = constant.size, len(chosen)
    linear, quadratic = np.zeros((k, p)), np.zeros((k, p, p))
    for a, square in enumerate(squares):
        quadratic[:, a, a] = square
    for a, change in zip(there, changes[: len(there)], strict=True):
        linear[:, a] = change / (2 * sizes[a])
    for (a, b), change in zip(pairs, changes[len(there) :], strict=True):
        quadratic[:, a, b] = quadratic[:, b, a] = change / (4 * sizes[a] * sizes[b])
    return RatePolynomial(chosen, constant + extra_counts(background, k), linear, quadratic)


def as_group(name: str, given: Group | None) -> dict[str, Any]:
    """Return the entries of a coupling group, given as the argument ``name``, as a new dictionary.

    Raises
    ------
    TypeError : something else than a mapping.

    Example
    -------
    >>> as_group("vector", {"mass": 1.0}), as_group("vector", None)
    ({'mass': 1.0}, {})
    """
    if given is not None and not isinstance(given, Mapping):
        raise TypeError(f"{name}: expected a mapping like {{'mass': 1.0}}, got {shown(given)}")
    return dict(given or {})


def completed_groups(
    groups: Mapping[str, Group | None], needed: set[str], run: Experiment
) -> dict[str, dict[str, Any]]:
    """Return the given and the needed coupling groups, complete: matrices of zeros, an electron coupling that opens the step.

    Raises
    ------
    ValueError : unknown group, or one that lacks its mediator mass.

    Example
    -------
    >>> from renp import experiment
    >>> completed_groups({}, {"electromagnetic"}, experiment())["electromagnetic"]["mu"].shape
    (3, 3)
    """
    given = {name: as_group(name, group) for name, group in groups.items() if group is not None}
    for name in sorted(needed | set(given)):
        group = given.setdefault(name, {})
        for coupling in run.model.group(name).couplings:
            if coupling.kind == "mass" and coupling.name not in group:
                example = f"{name}={{{coupling.name!r}: 1.0}}"
                raise ValueError(f"{name}: give the mediator mass, for example {example}")
        openers = electron_couplings(run.model, name, pair_step=run.pair_step)
        if openers and not any(electron in group for electron in openers):
            group[openers[0]] = 1.0
        for matrix in matrices(run.model, name):
            group.setdefault(matrix, np.zeros((len(run.masses), len(run.masses))))
    return given


def assumed_factors(groups: Mapping[str, Group | None], needed: set[str], run: Experiment) -> dict[str, str]:
    """Return the electron coupling that :func:`completed_groups` takes as 1, by the coupling group where there is one.

    Example
    -------
    >>> from renp import experiment
    >>> assumed_factors({"vector": {"mass": 1.0}}, {"vector"}, experiment())
    {'vector': 'g_A'}
    """
    return {
        keyword: coupling.name
        for keyword, entries in completed_groups(groups, needed, run).items()
        for coupling in run.model.group(keyword).couplings
        if coupling.line == "electron" and coupling.name in entries and coupling.name not in (groups.get(keyword) or {})
    }


def assumed_couplings(groups: Mapping[str, Group | None], needed: set[str], run: Experiment) -> tuple[str, ...]:
    """Return a sentence for each electron coupling that :func:`completed_groups` takes as 1.

    Example
    -------
    >>> from renp import experiment
    >>> for text in assumed_couplings({"vector": {"mass": 1.0}}, {"vector"}, experiment()):
    ...     print(text)
    vector.g_A = 1, since no electron coupling that opens the M1 pair step is set: numbers are those of the product with it
    """
    found = []
    for keyword, name in assumed_factors(groups, needed, run).items():
        given = groups.get(keyword) or {}
        set_ones = [c.name for c in run.model.group(keyword).couplings if c.line == "electron" and c.name in given]
        idle = f" ({' and '.join(set_ones)} {'opens' if len(set_ones) == 1 else 'open'} none)" if set_ones else ""
        found.append(
            f"{keyword}.{name} = 1, since no electron coupling that opens the {run.pair_step} pair step is set{idle}: "
            "numbers are those of the product with it"
        )
    return tuple(found)


def counts_at(
    run: Experiment, weak: bool, groups: Mapping[str, Mapping[str, Any]], values: Mapping[Coupling, float]
) -> FloatArray:
    """Return the counts of ``run``, shape (k,), with couplings added to complete groups, with or without the weak current.

    Example
    -------
    >>> from renp import experiment
    >>> counts_at(experiment(frequencies=(1.069,)), False, {}, {}).tolist()
    [0.0]
    """
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
