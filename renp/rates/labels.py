"""What was chosen in words, as legends and reports show it.

In: emissions, or a model and coupling groups. Out: one line of what several emissions have in common, what each has for itself, and a
short line for each group, with units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from renp.rates.emission import Emission, Group

if TYPE_CHECKING:
    from renp.model import Model, ModelCoupling

__all__ = ["coupling_labels", "differences", "set_up"]


def coupling_labels(model: Model, groups: Mapping[str, Group | None]) -> tuple[str, ...]:
    """Return a line for each coupling group that is given: what is set in it and is not zero.

    Parameters
    ----------
    model : the interactions.
    groups : coupling groups, as the evaluator takes them.

    Example
    -------
    >>> from renp import Model
    >>> coupling_labels(Model("vector"), {"vector": {"mass": 1, "g_A": 1, "g_L": [[0, 2e-12j], [-2e-12j, 0]]}})
    ('vector: mass = 1 eV, g_A = 1, g_L[1,2] = 2e-12j',)
    """
    lines = []
    for keyword, entries in groups.items():
        given = entries or {}
        parts = [part for c in model.group(keyword).couplings for part in _parts(c, given.get(c.name))]
        if parts:
            lines.append(f"{keyword}: {', '.join(parts)}")
    return tuple(lines)


def _parts(coupling: ModelCoupling, value: object) -> Iterator[str]:
    unit = "" if coupling.units == "1" else f" {coupling.units}"
    if isinstance(value, str):
        if value != coupling.default:
            yield f"{coupling.name} = {value}"
        return
    numbers = np.asarray(0.0 if value is None else value)
    if numbers.ndim != 2:
        if numbers.any() or (coupling.kind == "mass" and value is not None):
            yield f"{coupling.name} = {numbers:g}{unit}"
        return
    for i, j in np.argwhere(numbers):
        if i <= j or coupling.kind == "general":
            yield f"{coupling.name}[{i + 1},{j + 1}] = {_short(complex(numbers[i, j]))}{unit}"


def _short(z: complex) -> str:
    return f"{z.real:g}" if not z.imag else f"{z.imag:g}j" if not z.real else f"{z:g}"


def set_up(*runs: Emission, without: Sequence[str] = ()) -> str:
    """Return what was chosen for all of these alike, without the settings that the figure runs over.

    Example
    -------
    >>> from renp import experiment
    >>> both = [experiment(frequencies=[1.07], nature=nature) for nature in ("dirac", "majorana")]
    >>> print(set_up(*both, without=["oscillation", "chain", "reference_rate", "target"]))
    Yb, normal ordering, lightest 0.01 eV, papers' set-up, 40 days at each photon energy, photon energies 1.07 eV
    """
    common = _common(runs)
    return ", ".join(text for name, text in runs[0].parts.items() if text and name in common and name not in without)


def differences(*runs: Emission, without: Sequence[str] = ()) -> list[str]:
    """Return what was chosen for each of these but not for all alike.

    Example
    -------
    >>> from renp import experiment
    >>> differences(*(experiment(nature=nature) for nature in ("dirac", "majorana")))
    ['Dirac neutrinos', 'Majorana neutrinos']
    """
    common = {*_common(runs), *without}
    return [", ".join(text for name, text in run.parts.items() if text and name not in common) for run in runs]


def _common(runs: Sequence[Emission]) -> set[str]:
    return {name for name, text in runs[0].parts.items() if all(run.parts.get(name, "") == text for run in runs)}
