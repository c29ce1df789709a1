"""How well an experiment measures parameters: Fisher matrices from the exact derivatives of the evaluator.

In: an :class:`renp.rates.experiment.Experiment`, the coupling groups at their true values and names of parameters. Out: the
derivatives of the counts, and the Fisher matrix of independent Poisson counts. Every parameter that the spectral
function depends on can be asked for, couplings, neutrino masses, mediator masses and widths; nothing is linearised by
finite steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.checks import counts as checked_counts
from renp.inputs.checks import extra_counts, real_numbers
from renp.inputs.parameters import ParameterName, check_distinct
from renp.model import Model
from renp.rates.emission import Group
from renp.rates.experiment import Experiment, with_model
from renp.statistics.rate_polynomial import RatePolynomial
from renp_generated.runtime.arguments import shown

__all__ = ["count_slopes", "fisher_information", "fisher_matrix", "poisson_fisher"]

FloatArray = NDArray[np.float64]

_COMMON: Final = (
    "omega", "E_eg", "E_vg", "intermediate_amplitudes", "dipole_length", "imprinted_momentum", "crossed.E_vg", "crossed.amplitudes",
)  # fmt: skip
"""What the reference rate depends on as well, so that the spectral function's derivative is not that of the counts."""


def count_slopes(
    run: Experiment, parameters: Sequence[str], *, model: Model | None = None, **groups: Group | None
) -> FloatArray:
    """Return ``dN_k / d parameter`` of the counts at each photon energy, shape (k, P).

    Parameters
    ----------
    run : experiment.
    parameters : for example ``"masses[1]"`` [1/eV], ``"axial[1,2].imag"``, ``"vector.mass"`` [1/eV], ``"vector.g_A"`` or
        ``"electromagnetic.mu[1,1]"`` [1/mu_B]; states are counted from 1, a matrix element without ``.imag`` means its
        real part, and the element (j, i) of a Hermitian matrix follows as the complex conjugate.
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
    run = with_model(run, model)
    spellings = _spellings(parameters)
    names = [_name(spelling, run.model) for spelling in spellings]
    check_distinct("parameters", zip(spellings, names, strict=True))
    slopes = run.gradient(weak=True, **groups)
    columns = [_column(slopes, spelling, name) for spelling, name in zip(spellings, names, strict=True)]
    return np.asarray(np.array(columns).T.reshape(-1, len(names)) * run.events_per_unit[:, None], dtype=np.float64)


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


def _spellings(given: Any) -> list[str]:
    try:
        # A lone name is a sequence of letters to Python, and one parameter to everybody else.
        names = [given] if isinstance(given, str) else list(given)
    except TypeError:
        names = [given]
    if not names:
        raise ValueError("parameters: expected at least one name like 'masses[1]'")
    if not all(isinstance(name, str) for name in names):
        raise TypeError(f"parameters: expected names like 'masses[1]', got {shown(given)}")
    return names


def _name(spelling: str, model: Model) -> ParameterName:
    name = ParameterName.parse(spelling)
    if name is None:
        raise ValueError(
            f"parameters: expected a name like 'masses[1]' or 'vector.g_L[1,2].imag', got {shown(spelling)}"
        )
    if name.base in _COMMON:
        raise ValueError(f"parameters: {name.base} also changes the reference rate, which has no derivative here")
    group, _, matrix = name.base.partition(".")
    general = group in model.keywords and any(
        c.name == matrix and c.kind == "general" for c in model.group(group).couplings
    )
    return replace(name, hermitian=not general)


def _column(slopes: Mapping[str, Any], spelling: str, name: ParameterName) -> FloatArray:
    element = name.canonical
    index = tuple(state - 1 for state in element.indices)
    is_element = len(index) == 2
    values = slopes.get(f"{element.base}.{element.part}" if is_element else element.base)
    if values is None or (element.part and not is_element):
        raise ValueError(f"parameters: unknown {shown(spelling)}, allowed are {', '.join(_allowed(slopes))}")
    if values.ndim != 1 + len(index) or (index and max(index) >= values.shape[-1]):
        needs = f"{values.ndim - 1} indices from 1 to {values.shape[-1]}" if values.ndim > 1 else "no index"
        raise ValueError(f"parameters: {spelling!r} needs {needs}")
    if element.part == "imag" and index[0] == index[1] and element.hermitian:
        raise ValueError(f"parameters: {spelling!r} is the imaginary part of a diagonal element, which is zero")
    return np.asarray(name.sign * values[(slice(None), *index)])


def _allowed(slopes: Mapping[str, Any]) -> list[str]:
    shown = []
    for label, values in slopes.items():
        base, _, part = label.rpartition(".")
        if label in _COMMON or (values.ndim == 3 and part == "imag"):
            continue
        shown.append(f"{base}[i,j]" if values.ndim == 3 else f"{label}[i]" if values.ndim == 2 else label)
    return shown
