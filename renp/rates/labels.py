"""Coupling groups in words, as legends and reports show them.

In: a model and coupling groups. Out: one short line for each group, with units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from renp.rates.emission import Group

if TYPE_CHECKING:
    from renp.model import Model, ModelCoupling

__all__ = ["coupling_labels"]


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
