"""The optional compiled module that runs programs; it gives the same bits as NumPy."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from itertools import pairwise
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from ..fingerprint import LAYOUT

Array = NDArray[np.float64]

CHUNK = 1 << 16
"""Fewest points worth a thread of their own."""


PACKAGES = tuple(dict.fromkeys((__package__.rpartition(".")[0], "renp_generated")))
"""Where a compiled module may stand: the package's own, and the installed one.

Programs are data: any module of the same layout runs those of any interactions.
"""


def _candidate(package: str) -> tuple[ModuleType | None, str]:
    """Return the compiled module of a package, if it is built from this code, and what was found in words."""
    name = f"{package}._compiled"
    try:
        module = import_module(name)
        layout = module.layout()
    except ModuleNotFoundError:
        return None, f"there is no {name}: it was installed without a C compiler"
    except (ImportError, AttributeError) as problem:
        return None, f"{name} cannot be used: {problem}"
    if layout != LAYOUT:
        return None, f"{name} was built from other code: install again"
    return module, f"{name} is there and built from this code"


def _engine() -> ModuleType | None:
    return next((module for module, _ in map(_candidate, PACKAGES) if module is not None), None)


ENGINE = _engine()


def backend() -> str:
    """Return which evaluation is active: ``"C (instruction set)"`` or ``"NumPy"``; both give the same bits.

    Example
    -------
    >>> backend().split()[0] in ("C", "NumPy")
    True
    """
    return "NumPy" if ENGINE is None else f"C ({ENGINE.instruction_set()})"


def why() -> str:
    """Return why this evaluation is the active one, in one line.

    Example
    -------
    >>> "_compiled" in why()
    True
    """
    found = [_candidate(package) for package in PACKAGES]
    return next((text for module, text in found if module is not None), "; ".join(text for _, text in found))


@cache
def pool(threads: int) -> ThreadPoolExecutor:
    """Return threads that stay: starting one costs a tenth of a call with 1e6 points."""
    return ThreadPoolExecutor(threads, thread_name_prefix="spectral")


if hasattr(os, "register_at_fork"):
    # A child process has none of its parent's threads.
    os.register_at_fork(after_in_child=pool.cache_clear)


def run(engine: ModuleType, plan: Array, omega: Array, out: Array, threads: int) -> int:
    """Run a plan over contiguous arrays; return 0 or the compiled code's report on the first bad point."""
    pieces = max(1, min(threads, omega.size // CHUNK))
    if pieces == 1:
        return int(engine.many(plan, omega, out))
    edges = [omega.size * piece // pieces for piece in range(pieces + 1)]
    workers = pool(pieces - 1)
    jobs = [workers.submit(engine.many, plan, omega[low:high], out[low:high]) for low, high in pairwise(edges[1:])]
    statuses = [engine.many(plan, omega[: edges[1]], out[: edges[1]]), *(job.result() for job in jobs)]
    for low, status in zip(edges, map(int, statuses), strict=False):
        if status:
            return status + low if status > 0 else status - low
    return 0
