"""Spectra of many parameter sets at once: what scans, curves, hypotheses and fits have in common.

In: many :class:`Case`, an experiment with its coupling groups each. Out: their spectral functions or counts, with the bits and
the errors of single calls. Cases that differ in nothing but numbers are one call of the model's ``spectral_batch``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.rates.emission import Group
from renp.rates.experiment import Experiment

__all__ = ["Case", "counts", "spectra"]

FloatArray = NDArray[np.float64]

_FEWEST: Final = 4
"""Cases that are worth a batch: its checks take the time of three single calls."""

_LISTS: Final = ("E_vg", "amplitudes")
"""Arguments that are one number or a list of them."""


@dataclass(frozen=True, eq=False)
class Case:
    """What :meth:`renp.rates.experiment.Experiment.spectrum` is asked: an experiment, coupling groups, the weak current or not.

    Parameters
    ----------
    run : experiment.
    groups : coupling groups of the model, as its evaluator takes them.
    weak : ``False`` switches the weak current off.
    omega : photon energies [eV] instead of those of the experiment, shape (k,).
    """

    run: Experiment
    groups: Mapping[str, Group | None] = field(default_factory=dict)
    weak: bool = True
    omega: tuple[float, ...] | None = None

    @property
    def energies(self) -> tuple[float, ...]:
        """The photon energies [eV]."""
        return self.run.frequencies if self.omega is None else self.omega

    @property
    def alone(self) -> FloatArray:
        """The spectral function of this case alone, shape (k,)."""
        return self.run.spectrum(self.energies, weak=self.weak, **self.groups)


def spectra(cases: Sequence[Case]) -> list[FloatArray]:
    """Return the spectral function of each case at its photon energies, shape (k,) each.

    Raises
    ------
    ValueError, TypeError : as :meth:`renp.rates.experiment.Experiment.spectrum` of the first case that is wrong.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> runs = [experiment(lightest_mass=mass) for mass in (0.0, 0.01, 0.02, 0.03)]
    >>> len(spectra([Case(run) for run in runs]))
    4
    """
    try:
        if len(cases) >= _FEWEST:
            return _together(cases)
    except (ValueError, TypeError):
        # Whatever is wrong is said below, as it is of one case.
        pass
    return [case.alone for case in cases]


def counts(cases: Sequence[Case]) -> list[FloatArray]:
    """Return the expected number of events of each case at the photon energies of its experiment, shape (k,) each.

    Raises
    ------
    ValueError, TypeError : as :meth:`renp.rates.experiment.Experiment.counts` of a case that is wrong.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> counts([Case(experiment(frequencies=(1.069,)), weak=False)])[0].tolist()
    [0.0]
    """
    return [case.run.counts_of(spectrum) for case, spectrum in zip(cases, spectra(cases), strict=True)]


def _together(cases: Sequence[Case]) -> list[FloatArray]:
    arguments = [case.run.arguments(case.weak, case.groups) for case in cases]
    alike: dict[Any, list[int]] = {}
    for place, (case, given) in enumerate(zip(cases, arguments, strict=True)):
        alike.setdefault((id(case.run.model), case.energies, _form(given)), []).append(place)
    found: dict[int, FloatArray] = {}
    for places in alike.values():
        first = cases[places[0]]
        if len(places) < _FEWEST:
            found |= {place: cases[place].alone for place in places}
            continue
        stacked = _stacked([arguments[place] for place in places])
        values = first.run.model.spectral_batch(np.array(first.energies), **stacked)
        if not np.isfinite(values).all():
            raise ValueError("a spectrum is not finite")
        found |= dict(zip(places, values, strict=True))
    return [found[place] for place in range(len(cases))]


def _form(given: Any) -> Any:
    """Return what cases of one batch have in common: which arguments are given, their words and shapes."""
    if isinstance(given, Mapping):
        return tuple((name, _form(value)) for name, value in given.items())
    return given if given is None or isinstance(given, str) else np.shape(given)


def _stacked(sets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return arguments of several calls as those of one, with a leading axis where they differ."""
    stacked: dict[str, Any] = {}
    for name, first in sets[0].items():
        values = [one[name] for one in sets]
        if isinstance(first, Mapping):
            stacked[name] = _stacked(values)
        elif first is None or isinstance(first, str) or all(value is first for value in values):
            stacked[name] = first
        else:
            # One level of many sets is no list of levels.
            stacked[name] = np.array(values).reshape(len(values), -1) if name in _LISTS else np.array(values)
    return stacked
