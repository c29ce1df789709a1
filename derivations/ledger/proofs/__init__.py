"""Verdicts on printed formulas: each is the outcome of a proof that runs, not an opinion that is stored.

In: the records of :mod:`derivations.ledger.printed` and the independent road of :mod:`derivations.ledger.oracle`. Out: one
:class:`Proof` per record. ``confirmed`` needs an identity proven for all values of its symbols; ``refuted`` comes with the
residual and the corrected formula; ``convention`` with the map between the conventions. Claims about sizes on a benchmark
need numbers and are decided in :mod:`renp.verification.benchmark_claims`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from derivations.ledger.proofs.proof import Proof

__all__ = ["Proof", "proofs"]

_MODULES = (
    "kinematics", "weak", "mediators", "atomic", "electromagnetic", "electron_scattering", "charge_radius", "flavour", "nucleus",
    "decays", "boson_line", "real_chain",
)  # fmt: skip


@cache
def proofs() -> Mapping[str, Callable[[], Proof]]:
    """Return the proof of each algebraic record, by identifier; each runs when first called.

    Example
    -------
    >>> proofs()["NF22-vector"]().verdict
    'refuted'
    """
    found: dict[str, Callable[[], Proof]] = {}
    for name in _MODULES:
        module_proofs: Mapping[str, Callable[[], Proof]] = import_module(f"{__name__}.{name}").PROOFS
        found |= {identifier: cache(proof) for identifier, proof in module_proofs.items()}
    return found
