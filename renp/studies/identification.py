"""Which neutrino coupling made the photons: the scan strategy of GP23b section 4 as functions.

In: counts at a few photon energies. Out: :class:`Identification`, every hypothesis (one element of one form factor)
fitted and ranked. A hypothesis whose pair threshold lies below a photon energy cannot change the counts there, which
tells the elements apart; below all thresholds the shape of the spectrum tells the types apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from renp.inputs.checks import counts, positive_number, real_number, whole_number
from renp.model import Model, shipped_model
from renp.rates.batches import Case, spectra
from renp.rates.channels import matrices
from renp.rates.emission import photon_energies
from renp.rates.experiment import Experiment, as_experiment, placed_energies, with_model
from renp.rates.idle import nothing_emitted, without_matrices
from renp.statistics.couplings import Coupling, as_coupling, as_couplings, example
from renp.statistics.limits import allowed_intervals, best_fit
from renp.statistics.poisson import chi2_threshold, poisson_chi2
from renp.statistics.rate_polynomial import completed_groups, rate_polynomial, rate_polynomials
from renp.studies.sensitivity import unbounded_reason
from renp_generated.runtime.arguments import shown

__all__ = [
    "FrequencyChoice",
    "Hypothesis",
    "Identification",
    "candidate_frequencies",
    "chosen_hypotheses",
    "default_hypotheses",
    "exclusion",
    "identify",
    "optimise_frequencies",
    "weakest_separation",
]

FloatArray = NDArray[np.float64]

LASER_PRECISION: Final = 1e-5
"""Precision of the trigger laser [eV] assumed by D13 and GP23b."""

_NO_COUNTS: Final = 1e-100
_MOST_EXCESS: Final = 1e100
"""Counts are squared."""
_MOST_CANDIDATES: Final = 10**6


@dataclass(frozen=True)
class Hypothesis:
    """The best fit of one coupling.

    Parameters
    ----------
    coupling : the coupling.
    value : best-fit value in the coupling's unit; its sign is a convention where there is no interference.
    chi2 : ``chi^2`` at the best fit.
    excess : ``chi^2`` above that of the best hypothesis.
    p_value : probability of a larger ``chi^2`` for as many degrees of freedom as photon energies minus one.

    Example
    -------
    >>> Hypothesis(Coupling.parse("electromagnetic.mu[1,1]"), 3e-11, 4.0, 9.0, 0.8).significance
    3.0
    """

    coupling: Coupling
    value: float
    chi2: float
    excess: float
    p_value: float

    @property
    def significance(self) -> float:
        """Standard deviations by which the best hypothesis is preferred, ``sqrt(excess)``."""
        return sqrt(self.excess)


@dataclass(frozen=True)
class Identification:
    """All hypotheses, best first.

    Parameters
    ----------
    frequencies : photon energies [eV], shape (k,).
    observed : counts, shape (k,).
    weak_chi2 : ``chi^2`` without any new coupling.
    hypotheses : best first.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> run = experiment()
    >>> signal = {"mu": Coupling.parse("electromagnetic.mu[1,1]").matrix(5e-11, 3)}
    >>> str(identify(run, run.counts(electromagnetic=signal)).best.coupling)
    'electromagnetic.mu[1,1]'
    """

    frequencies: FloatArray
    observed: FloatArray
    weak_chi2: float
    hypotheses: tuple[Hypothesis, ...]

    @property
    def best(self) -> Hypothesis:
        """The hypothesis with the smallest ``chi^2``."""
        return self.hypotheses[0]

    @property
    def discovery_significance(self) -> float:
        """Standard deviations by which the best hypothesis is preferred over the weak spectrum alone."""
        return sqrt(max(self.weak_chi2 - self.best.chi2, 0.0))

    def not_excluded(self, level: float = 0.90) -> tuple[Hypothesis, ...]:
        """Return the hypotheses that are less than the ``chi^2`` of ``level`` away from the best."""
        threshold = chi2_threshold(level)
        return tuple(h for h in self.hypotheses if h.excess <= threshold)


@dataclass(frozen=True)
class FrequencyChoice:
    """Photon energies chosen for the weakest pair of hypotheses.

    Parameters
    ----------
    frequencies : chosen photon energies [eV], increasing.
    weakest : significance of the pair of hypotheses that is hardest to tell apart.
    start_weakest : the same for the photon energies that the search started from.

    Example
    -------
    >>> FrequencyChoice((1.0, 1.05), 2.0, 1.0).gain
    2.0
    """

    frequencies: tuple[float, ...]
    weakest: float
    start_weakest: float

    @property
    def gain(self) -> float:
        """Ratio of the weakest significances after and before; its square is the gain in exposure."""
        return self.weakest / self.start_weakest if self.start_weakest else float("inf")


def default_hypotheses(run: Experiment, **groups: Any) -> tuple[Coupling, ...]:
    """Return one coupling for every element of every neutrino coupling matrix that can add photons.

    It is the real part of the element where that counts, and the imaginary part where it alone does: for Majorana neutrinos
    mu, eps and r2 are antisymmetric and the anapole symmetric (GP23b 2.7), which together with hermiticity leaves the
    imaginary parts of off-diagonal elements and the real parts of the anapole. Of the shipped interactions those with photon
    exchange are compared, as in GP23b; of a model of one's own, all.

    Parameters
    ----------
    run : experiment, with its nature, pair step and model.
    groups : the fixed part of the coupling groups, such as the mass of a mediator.

    Raises
    ------
    ValueError : a group lacks its mediator mass, or none of the couplings adds anything.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> len(default_hypotheses(experiment())), len(default_hypotheses(experiment(nature="majorana")))
    (24, 15)
    """
    model = as_experiment(run).model
    of_interest = [
        group.keyword
        for group in model.groups
        if group.keyword and (model != shipped_model() or group.propagator == "photon")
    ]
    chosen = _elements(run, [(keyword, None) for keyword in of_interest], groups)
    if not chosen:
        raise ValueError(
            f"hypotheses: {nothing_emitted(run, _low(run)) or 'no coupling of the model adds photons in this pair step'}; "
            "name them, or another model"
        )
    return tuple(chosen)


def chosen_hypotheses(
    run: Experiment, given: Sequence[str | Coupling] | None = None, **groups: Any
) -> tuple[Coupling, ...]:
    """Return the hypotheses that are meant: a group or one of its matrices stands for its elements that can add photons.

    Parameters
    ----------
    run : experiment.
    given : couplings, groups as ``"electromagnetic"``, matrices as ``"vector.g_L"``; by default :func:`default_hypotheses`.
    groups : the fixed part of the coupling groups, such as the mass of a mediator.

    Raises
    ------
    ValueError : a name is unknown, a coupling is meant twice, or a group has no element that adds photons.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> [str(c) for c in chosen_hypotheses(experiment(lightest_mass=0.02), ["electromagnetic.mu"])][:2]
    ['electromagnetic.mu[1,1]', 'electromagnetic.mu[1,2]']
    """
    if given is None:
        return default_hypotheses(run, **groups)
    # A lone name is a sequence of letters to Python; what is no sequence at all is refused below.
    try:
        spellings = [given] if isinstance(given, (str, Coupling)) else list(given)
    except TypeError:
        return as_couplings(given, run.model, "hypotheses")
    found: list[str | Coupling] = []
    for one in spellings:
        keyword, _, name = one.partition(".") if isinstance(one, str) else ("", "", "")
        known = matrices(run.model, keyword) if keyword in run.model.keywords else {}
        if name not in ("", *known) or not known:
            if isinstance(one, str) and "[" not in one and not _is_entry(run.model, keyword, name):
                named = [f"{k}.{entry}" for k in run.model.keywords for entry in matrices(run.model, k)]
                raise ValueError(
                    f"hypotheses: expected a name like {example(run.model)}, a GROUP or a GROUP.NAME for all of its elements, "
                    f"allowed are {', '.join((*run.model.keywords, *named))}, got {shown(one)}"
                )
            found.append(one)
            continue
        elements = _elements(run, [(keyword, name or None)], groups)
        if not elements:
            why = nothing_emitted(run, _low(run)) or f"no element of {one!r} adds photons in this pair step"
            raise ValueError(f"hypotheses: {why}")
        found += elements
    return as_couplings(found, run.model, "hypotheses")


def _is_entry(model: Model, keyword: str, name: str) -> bool:
    return keyword in model.keywords and name in {coupling.name for coupling in model.group(keyword).couplings}


def identify(
    run: Experiment,
    observed: ArrayLike,
    *,
    hypotheses: Sequence[str | Coupling] | None = None,
    model: Model | None = None,
    **groups: Any,
) -> Identification:
    """Fit every hypothesis to the observed counts and rank them.

    Parameters
    ----------
    run : the experiment that took the data.
    observed : counts at the photon energies of ``run``, shape (k,); expected counts are allowed (no fluctuation).
    hypotheses : couplings, one at a time; by default those of :func:`default_hypotheses`. The name of a group, or of one of
        its matrices as ``"vector.g_L"``, stands for all of its elements that can add photons.
    model : the interactions, by default those of the experiment.
    groups : the fixed part of the coupling groups, such as the mass of a mediator among the hypotheses.

    Raises
    ------
    ValueError : counts of another shape, negative or not finite; no hypotheses.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> run = experiment()
    >>> identify(run, run.counts()).discovery_significance < 1e-6
    True
    """
    run = with_model(run, model)
    data = counts("observed", observed, len(run.frequencies))
    couplings = chosen_hypotheses(run, hypotheses, **groups)
    if not couplings:
        raise ValueError("hypotheses: expected at least one")
    forms = rate_polynomials([(run, groups, [coupling]) for coupling in couplings])
    fits = [(coupling, *best_fit(form, data)) for coupling, form in zip(couplings, forms, strict=True)]
    fits.sort(key=lambda fit: fit[2])
    freedom = max(data.size - 1, 1)
    ranked = tuple(
        Hypothesis(coupling, value, chi2, chi2 - fits[0][2], float(stats.chi2.sf(chi2, freedom)))
        for coupling, value, chi2 in fits
    )
    return Identification(np.array(run.frequencies), data, float(poisson_chi2(run.counts(), data)), ranked)


def exclusion(
    run: Experiment,
    true: str | Coupling,
    value: float,
    tests: Sequence[str | Coupling],
    *,
    level: float = 0.90,
    **groups: Any,
) -> dict[Coupling, tuple[tuple[float, float], ...]]:
    """Return the allowed intervals of each test coupling if ``true`` has ``value`` (GP23b Fig. 4, right).

    Parameters
    ----------
    run : experiment.
    true, value : the coupling that is really there, and its size in its unit.
    tests : couplings fitted one at a time; an empty result means excluded at ``level``, ``(-inf, inf)`` that the
        counts do not depend on it, for the reason of :func:`renp.studies.sensitivity.unbounded_reason`.
    level : confidence level.
    groups : the fixed part of the coupling groups, such as the mass of a mediator.

    Raises
    ------
    ValueError : the value is not a finite number, a test is given twice or unknown, or the level is none.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> run = experiment(exposure_days=50)
    >>> name = "electromagnetic.mu[1,1]"
    >>> intervals = list(exclusion(run, name, 1e-12, [name]).values())[0]
    >>> intervals[0][0] < 1e-12 < intervals[0][1]
    True
    """
    source = as_coupling(true, as_experiment(run).model, "true")
    truth = rate_polynomial(run, [source], **groups).counts([real_number("value", value, source.unit)])
    threshold = chi2_threshold(level)
    couplings = as_couplings(tests, run.model, "tests")
    forms = rate_polynomials([(run, groups, [test]) for test in couplings])
    return {test: allowed_intervals(form, truth, threshold) for test, form in zip(couplings, forms, strict=True)}


def candidate_frequencies(run: Experiment, *, lowest: float | None = None, number: int = 60) -> FloatArray:
    """Return photon energies [eV] worth scanning: an even grid, and points near each pair threshold.

    Points keep the laser precision of 1e-5 eV away from each threshold.

    Parameters
    ----------
    run : experiment, for the level energy and the masses.
    lowest : lower end of the grid [eV]; by default 1.06 eV of ytterbium, placed for the target (:func:`placed_energies`).
    number : points of the even grid.

    Raises
    ------
    ValueError : ``lowest`` is above the highest threshold, or ``number`` is no number of points.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> bool(candidate_frequencies(experiment()).max() < 1.0717)
    True
    """
    run = as_experiment(run)
    edges = np.unique([threshold.omega for threshold in run.thresholds])
    top = float(edges[-1])
    lowest = _placed(run, 1.06) if lowest is None else real_number("lowest", lowest, "eV")
    if not 0 < lowest < top - 2 * LASER_PRECISION:
        raise ValueError(f"lowest: expected a photon energy between 0 and {top:.6f} eV, got {lowest!r}")
    grid = np.linspace(lowest, top - LASER_PRECISION, whole_number("number", number, 1, _MOST_CANDIDATES))
    offsets = LASER_PRECISION * np.array([1, 2, 4, 8, 16, 32])
    points = np.unique(
        np.concatenate([grid, *(edges - offset for offset in offsets), *(edges + offset for offset in offsets)])
    )
    far = np.all(np.abs(points[:, None] - edges) >= 0.999 * LASER_PRECISION, axis=1)
    return np.asarray(points[far & (points >= lowest) & (points < top)], dtype=np.float64)


def weakest_separation(
    run: Experiment,
    *,
    hypotheses: Sequence[str | Coupling] | None = None,
    excess: float = 0.3,
    reference: float | None = None,
    **groups: Any,
) -> float:
    """Return the significance of the pair of hypotheses that is hardest to tell apart.

    Each hypothesis in turn is true, with the size that adds ``excess`` times the weak rate at photon energy
    ``reference``; every other one is fitted to it with Gaussian errors.

    Parameters
    ----------
    run : experiment.
    hypotheses : at least two couplings without interference; default :func:`default_hypotheses`.
    excess : size of the signal relative to the weak rate at ``reference``.
    reference : photon energy [eV] below all thresholds; by default 1.067 eV of ytterbium, placed for the target.
    groups : the fixed part of the coupling groups, such as the mass of a mediator among the hypotheses.

    Raises
    ------
    ValueError : fewer than two hypotheses, one that interferes with the weak current (its signal is not a square) or
        changes nothing at ``reference``; all photon energies above every threshold; an excess that is not positive.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> weakest_separation(experiment()) > 0
    True
    """
    weak, signals = _signals(as_experiment(run), hypotheses, excess, reference, groups)
    return _weakest(weak, signals)


def optimise_frequencies(
    run: Experiment,
    *,
    candidates: ArrayLike | None = None,
    hypotheses: Sequence[str | Coupling] | None = None,
    excess: float = 0.3,
    reference: float | None = None,
    **groups: Any,
) -> FrequencyChoice:
    """Move the photon energies of ``run`` until the weakest pair of hypotheses is separated best.

    One photon energy at a time is exchanged for the best candidate until no exchange helps; the number of photon energies
    and the exposure of each stay. The search is deterministic.

    Parameters
    ----------
    run : experiment to start from.
    candidates : photon energies [eV] to choose from; default :func:`candidate_frequencies`.
    hypotheses, excess, reference, groups : see :func:`weakest_separation`.

    Raises
    ------
    ValueError : see :func:`weakest_separation`; a candidate is no photon energy.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> choice = optimise_frequencies(experiment(), hypotheses=["electromagnetic.mu[1,1]", "electromagnetic.eps[1,1]"])
    >>> choice.gain >= 1
    True
    """
    run = as_experiment(run)
    pool = (
        candidate_frequencies(run)
        if candidates is None
        else photon_energies("candidates", candidates, run.E_eg, run.imprinted_momentum)
    )
    start = np.array(run.frequencies)
    everything = np.concatenate([start, pool])
    wide = replace(run, frequencies=tuple(everything.tolist()))
    weak, signals = _signals(wide, hypotheses, excess, reference, groups)

    def value(chosen: list[int]) -> float:
        return _weakest(weak[chosen], signals[:, chosen])

    chosen = list(range(start.size))
    first = best = value(chosen)
    improved = True
    while improved:
        improved = False
        for place in range(len(chosen)):
            others = chosen[:place] + chosen[place + 1 :]
            options = [k for k in range(everything.size) if k not in others]
            scores = [value([*others, k]) for k in options]
            top = int(np.argmax(scores))
            if scores[top] > best * (1 + 1e-9):
                best, chosen, improved = scores[top], [*others, options[top]], True
    return FrequencyChoice(tuple(sorted(everything[chosen].tolist())), best, first)


def _elements(run: Experiment, wanted: Sequence[tuple[str, str | None]], groups: Mapping[str, Any]) -> list[Coupling]:
    """Return the elements of groups, or of one of their matrices, that can add photons: one part of each."""
    fixed = completed_groups(groups, {keyword for keyword, _ in wanted}, run)
    n = len(run.masses)
    elements = [
        [Coupling(keyword, matrix.name, i, j, part, matrix.units, hermitian) for part in parts]
        for keyword, name in wanted
        for matrix in run.model.group(keyword).couplings
        if matrix.line == "neutrino" and name in (None, matrix.name)
        for hermitian in (matrix.kind == "matrix",)
        for i, j in product(range(1, n + 1), repeat=2)
        if i <= j or not hermitian
        for parts in (("real",) if i == j and hermitian else ("real", "imag"),)
    ]
    bare = {keyword: without_matrices(run, keyword, entries) for keyword, entries in fixed.items()}
    low = tuple(_low(run).tolist())
    alone = {
        one: Case(run, {one.group: {**bare[one.group], one.name: one.matrix(1.0, n)}}, weak=False, omega=low)
        for parts in elements
        for one in parts
    }
    adds = {one: spectrum.any() for one, spectrum in zip(alone, spectra(list(alone.values())), strict=True)}
    return [next(one for one in parts if adds[one]) for parts in elements if any(adds[one] for one in parts)]


def _low(run: Experiment) -> FloatArray:
    """Return a photon energy [eV] below the threshold of every pair that ever opens, shape (1,)."""
    edges = [threshold.omega for threshold in run.thresholds if threshold.omega > 0]
    return np.array([0.5 * min(edges, default=0.5 * (run.E_eg - run.imprinted_momentum))])


def _signals(
    run: Experiment,
    hypotheses: Sequence[str | Coupling] | None,
    excess: float,
    reference: float | None,
    groups: Mapping[str, Any],
) -> tuple[FloatArray, FloatArray]:
    """Return the weak counts, shape (k,), and the counts added by each hypothesis, shape (h, k)."""
    couplings = chosen_hypotheses(run, hypotheses, **groups)
    if len(couplings) < 2:
        raise ValueError(f"hypotheses: expected at least two to tell apart, got {len(couplings)}")
    excess = positive_number("excess", excess)
    if excess > _MOST_EXCESS:
        raise ValueError(f"excess: expected at most {_MOST_EXCESS:g} times the weak rate, got {excess!r}")
    reference = _placed(run, 1.067) if reference is None else _reference(run, reference)
    if nothing := nothing_emitted(run, run.frequencies):
        raise ValueError(f"frequencies: {nothing}")
    weak = run.counts()
    below = replace(run, frequencies=(reference,))
    rows = []
    here, there = (rate_polynomials([(one, groups, [coupling]) for coupling in couplings]) for one in (run, below))
    for coupling, form, at_reference in zip(couplings, here, there, strict=True):
        square = form.quadratic[:, 0, 0]
        if np.any(np.abs(form.linear[:, 0]) > 1e-6 * np.sqrt(square * form.constant + 1e-300)):
            raise ValueError(
                f"hypotheses: {form.couplings[0]} interferes with the weak current, its signal is not a square"
            )
        scale = float(at_reference.quadratic[0, 0, 0])
        if not scale > 0:
            why = unbounded_reason(below, coupling, **groups)
            raise ValueError(f"hypotheses: {coupling} changes nothing at the reference of {reference:.7g} eV: {why}")
        if not at_reference.constant[0] > 0:
            raise ValueError(f"reference: the weak current expects no events at {reference:.7g} eV")
        rows.append(excess * float(at_reference.constant[0]) / scale * square)
    return weak, np.array(rows)


def _reference(run: Experiment, reference: float) -> float:
    at = real_number("reference", reference, "eV")
    return float(photon_energies("reference", at, run.E_eg, run.imprinted_momentum)[0])


def _placed(run: Experiment, of_ytterbium: float) -> float:
    return placed_energies([of_ytterbium], run.E_eg, run.imprinted_momentum)[0]


def _weakest(weak: FloatArray, signals: FloatArray) -> float:
    worst = np.inf
    for a, signal in enumerate(signals):
        # Where this hypothesis expects nothing, another one that expects something is excluded.
        weight = 1 / np.maximum(weak + signal, _NO_COUNTS)
        norms = np.einsum("hk,k,hk->h", signals, weight, signals)
        overlaps = signals @ (weight * signal)
        # The other hypothesis scaled to fit best leaves this much of the signal unexplained.
        left = norms[a] - overlaps**2 / np.where(norms > 0, norms, 1.0)
        left[a] = np.inf
        worst = min(worst, float(np.min(left)))
    return sqrt(max(worst, 0.0))
