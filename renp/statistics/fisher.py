"""How well an experiment measures parameters: Fisher matrices from the exact derivatives of the evaluator.

In: an :class:`renp.rates.experiment.Experiment`, the coupling groups at their true values and names of parameters. Out: the
derivatives of the counts, and the Fisher matrix of independent Poisson counts. Parameters are those of fits
(:mod:`renp.statistics.parameters`): what oscillation sets hold, masses and couplings themselves, scales and logarithms;
nothing is linearised by finite steps.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.checks import counts as checked_counts
from renp.inputs.checks import extra_counts, real_numbers
from renp.model import Model
from renp.rates.emission import Group
from renp.rates.experiment import Experiment, with_model
from renp.statistics.parameters import parametrisation
from renp.statistics.rate_polynomial import RatePolynomial

__all__ = ["count_slopes", "fisher_information", "fisher_matrix", "poisson_fisher"]

FloatArray = NDArray[np.float64]


def count_slopes(
    run: Experiment, parameters: Sequence[str], *, model: Model | None = None, **groups: Group | None
) -> FloatArray:
    """Return ``dN_k / d parameter`` of the counts at each photon energy, shape (k, P).

    Parameters
    ----------
    run : experiment.
    parameters : for example ``"lightest_mass"`` [1/eV], ``"sin2_theta12"``, ``"alpha21"`` [1/rad], ``"masses[1]"`` [1/eV],
        ``"axial[1,2].imag"``, ``"vector.mass"`` [1/eV], ``"electromagnetic.mu[1,1]"`` [1/mu_B], ``"log10(vector.g_A)"``;
        states are counted from 1, a matrix element without ``.imag`` means its real part, and the element (j, i) of a
        Hermitian matrix follows as the complex conjugate. :mod:`renp.statistics.parameters` lists all.
    model : the interactions, by default those of the experiment.
    groups : the coupling groups of the model as its evaluator takes them, with all parameters at their values.

    Raises
    ------
    ValueError : no name; a name is unknown, lacks its index, or is repeated.
    TypeError : something else than names.

    Example
    -------
    >>> from renp import experiment
    >>> count_slopes(experiment(), ["masses[1]", "masses[3]"]).shape
    (9, 2)
    """
    free = parametrisation(with_model(run, model), parameters, groups=groups)
    return free.slopes(free.start)


def fisher_information(
    run: Experiment,
    parameters: Sequence[str],
    *,
    background: ArrayLike = 0.0,
    model: Model | None = None,
    **groups: Group | None,
) -> FloatArray:
    """Return the Fisher matrix ``F_ab = sum_k (dN_k/da)(dN_k/db) / N_k`` of named parameters, shape (P, P).

    Its inverse is the covariance matrix that an efficient fit to the counts reaches.

    Parameters
    ----------
    run, parameters, model, groups : see :func:`count_slopes`.
    background : further counts at each photon energy that no parameter changes, scalar or shape (k,).

    Raises
    ------
    ValueError : a name is unknown, or a photon energy that expects no counts has changing counts.

    Example
    -------
    >>> import numpy as np
    >>> from renp import experiment
    >>> fisher = fisher_information(experiment(exposure_days=1e4), ["masses[1]", "masses[3]"])
    >>> bool((np.linalg.eigvalsh(fisher) > 0).all())
    True
    """
    run = with_model(run, model)
    extra = extra_counts(background, len(run.frequencies))
    return poisson_fisher(
        run.counts(weak=True, **groups) + extra, count_slopes(run, parameters, model=run.model, **groups)
    )


def poisson_fisher(counts: ArrayLike, slopes: ArrayLike) -> FloatArray:
    """Return the Fisher matrix of independent Poisson counts, shape (P, P).

    Parameters
    ----------
    counts : expected counts, shape (k,).
    slopes : their derivatives, shape (k, P).

    Raises
    ------
    ValueError : counts of zero have a non-zero derivative, a number is not finite or a count negative.

    Example
    -------
    >>> poisson_fisher(np.array([4.0, 0.0]), np.array([[2.0], [0.0]])).tolist()
    [[1.0]]
    """
    counts, slopes = checked_counts("counts", counts), real_numbers("slopes", slopes)
    if slopes.ndim != 2 or counts.shape != slopes.shape[:1]:
        raise ValueError(f"slopes: expected shape (k, P) for (k,) counts, got {slopes.shape} for {counts.shape}")
    seen = counts > 0
    if np.any(slopes[~seen]):
        raise ValueError("counts: a photon energy expects none but its counts change, the Fisher matrix is infinite")
    return np.asarray(slopes[seen].T @ (slopes[seen] / counts[seen, None]), dtype=np.float64)


def fisher_matrix(form: RatePolynomial, values: ArrayLike) -> FloatArray:
    """Return the Fisher matrix ``F_ab = sum_k (dN_k/dc_a)(dN_k/dc_b) / N_k`` at couplings ``values``, shape (P, P).

    Raises
    ------
    ValueError : a photon energy with no expected counts has a non-zero gradient.

    Example
    -------
    >>> from renp import experiment
    >>> from renp.statistics.rate_polynomial import rate_polynomial
    >>> form = rate_polynomial(experiment(), ["vector.g_L[1,1]", "vector.g_L[2,2]"], vector={"mass": 1.0})
    >>> fisher_matrix(form, [0.0, 0.0]).shape
    (2, 2)
    """
    return poisson_fisher(form.counts(values), form.gradient(values))
