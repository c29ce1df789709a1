"""The literature room: printed formulas and statements, one module per source, typed as printed.

Nothing here is corrected and nothing here is used by the pipeline. Each entry is a :class:`Printed` record with its
source, equation number, the conventions it assumes, its domain, and how it came to be known: some equations were seen
only through a second source, and say so. :mod:`derivations.ledger.proofs` decides which of them are right.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from derivations.ledger.printed.record import Printed
from derivations.references import reference

__all__ = ["Printed", "printed", "sources"]

_MODULES = (
    "d13", "s16", "gs15", "gp22", "nf22", "gp23a", "gp23b", "gp23c",
    "ve89", "r96", "lw82", "gs97", "gsch00", "bcpv00", "yst15", "cer16", "rxy17", "c18", "dp",
)  # fmt: skip


@cache
def printed() -> dict[str, Printed]:
    """Return every printed formula and statement by its identifier, in the order of the sources.

    Raises
    ------
    ValueError : two records share an identifier.

    Example
    -------
    >>> printed()["NF22-vector"].equation
    'backup slide, Z-prime spectral function'
    """
    records: dict[str, Printed] = {}
    for name in _MODULES:
        for record in import_module(f"derivations.ledger.printed.{name}").PRINTED:
            if record.id in records:
                raise ValueError(f"printed formula {record.id!r} is listed twice")
            records[record.id] = record
    return records


def sources() -> dict[str, str]:
    """Return the citation of each short source name, with what belongs to it.

    Example
    -------
    >>> sources()["GP22"].startswith("S.-F. Ge")
    True
    """
    found = {}
    for name in _MODULES:
        key, *further = import_module(f"{__name__}.{name}").REFERENCES
        found[key] = "; ".join([reference(key).line, *(f"{other}: {reference(other).line}" for other in further)])
    return found
