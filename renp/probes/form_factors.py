"""The form factors of the photon vertex as the model has them: their units, and their signs under charge conjugation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from renp_generated import FUNCTIONS

__all__ = ["ETA", "FLAVOURS", "UNITS"]

FLAVOURS: Final = ("e", "mu", "tau")
_GROUP: Final = "electromagnetic"

UNITS: Final[Mapping[str, str]] = {
    argument.name: argument.units
    for group in FUNCTIONS.groups
    if group.name == _GROUP
    for argument in group.arguments
    if argument.is_matrix
}
"""Names of the matrices, with their units."""
_SIGNS: Final = {t.matrix: t.eta for tables in FUNCTIONS.tables.values() for t in tables.terms if t.group == _GROUP}
ETA: Final[Mapping[str, int]] = {name: _SIGNS[name] for name in UNITS}
"""The sign with which the transposed matrix is added for Majorana neutrinos.

Example
-------
>>> dict(ETA)
{'mu': -1, 'eps': -1, 'r2': -1, 'anapole': 1}
"""
