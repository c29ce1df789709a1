"""What a reader of a scan should know: the set-up with its defaults, and what adds nothing.

In: a :class:`renp.studies.scan.grid.Study`. Out: sentences.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from renp.model import shipped_model
from renp.rates.idle import idle_couplings, nothing_emitted
from renp.statistics.rate_polynomial import assumed_couplings, completed_groups
from renp.studies.scan.compute import groups_at, run_at
from renp.studies.scan.grid import Axis, Study

__all__ = ["notes", "set_up"]

_MOST_ENERGIES: Final = 100
"""Photon energies at which a coupling is looked for."""


def set_up(study: Study) -> tuple[str, ...]:
    """Return what a study computes with, be it given or a default, in lines.

    Example
    -------
    >>> from renp.studies.scan.study import parse_study
    >>> text = 'quantity = "spectral_function"\\n[[axis]]\\nparameter = "photon_energy"\\nvalues = [1.0]'
    >>> print(*set_up(parse_study(text)), sep="\\n")
    Yb, Dirac neutrinos, normal ordering, lightest 0.01 eV, desalas-2021-benchmark, averaged chain, papers' set-up
    all shipped interactions: electromagnetic, scalar, tensor, tensor_mediator, vector
    """
    run, scanned = study.run, {axis.parameter for axis in study.axes}
    first = " (first point)" if scanned & {"lightest_mass", "exposure_days"} else ""
    summary = run.source_summary if study.quantity == "spectral_function" else run.summary
    lines = [f"{summary}{first}"]
    if study.model == shipped_model():
        lines.append(f"all shipped interactions: {', '.join(study.model.keywords)}")
    given = _groups(study, {axis.parameter: axis.values[0] for axis in study.outer})
    return *lines, *assumed_couplings(given, set(), run)


def notes(study: Study) -> tuple[str, ...]:
    """Return what there is to know of the target, and a sentence for each coupling that adds nothing or for nothing at all.

    They belong to the first grid point, but with the largest size of every coupling on an axis, and the lightest mass.

    Example
    -------
    >>> from renp.studies.scan.study import parse_study
    >>> text = 'quantity = "events"\\n[neutrinos]\\nnature = "majorana"\\n[couplings]\\n"electromagnetic.mu[1,1]" = 1e-11'
    >>> notes(parse_study(text))[0]
    'electromagnetic.mu[1,1]: for Majorana neutrinos it drops out: only the antisymmetric, imaginary part counts'
    """
    values = {axis.parameter: _telling(axis) for axis in study.outer}
    run = run_at(study, values)
    energies = np.array(study.axes[-1].values if study.quantity == "spectral_function" else run.frequencies)
    if nothing := nothing_emitted(run, energies):
        return (*run.remarks, f"nothing is computed: {nothing}")
    some = np.sort(energies)[:: -(-energies.size // _MOST_ENERGIES)]
    return *run.remarks, *idle_couplings(run, some, completed_groups(_groups(study, values), set(), run))


def _groups(study: Study, values: dict[str, float]) -> dict[str, dict[str, Any]]:
    """Return the coupling groups of a study, and those that a limit is about with couplings of 1."""
    wanted = study.document.get("sensitivity", {})
    searched = [*([wanted["coupling"]] if wanted else []), *wanted.get("profile", ())]
    return groups_at(study, {**values, **dict.fromkeys(searched, 1.0)})


def _telling(axis: Axis) -> float:
    """Return the value of an axis at which it shows whether something is left of the couplings."""
    if axis.parameter == "lightest_mass":
        return min(axis.values)
    return max(axis.values, key=abs) if axis.unit != "eV" and axis.parameter != "exposure_days" else axis.values[0]
