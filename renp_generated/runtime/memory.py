"""The last evaluators, kept for the next call with the same arguments: folding takes far longer than one photon energy."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from types import NoneType
from typing import Any

import numpy as np

from .evaluator import SpectralEvaluator

KEPT = 64
"""Most evaluators that are kept; the oldest goes first."""
LONGEST = 64
"""Longest side of an argument that is remembered: larger ones would fill the memory."""

_PLAIN = frozenset({float, int, str, bool, NoneType})
_evaluators: dict[tuple[Any, ...], SpectralEvaluator] = {}
_lock = Lock()


def remembered(
    owner: object, arguments: tuple[Any, ...], make: Callable[[], SpectralEvaluator]
) -> SpectralEvaluator:
    """Return the evaluator that ``owner`` made for the same arguments, by type and value, or make it.

    Arrays are compared by their bytes, so that a change in place is seen. Arguments of other types than numbers, words,
    arrays and lists, tuples and dictionaries of them are never remembered.
    """
    try:
        key = (owner, *map(_key, arguments))
    except (TypeError, RecursionError):
        return make()
    found = _evaluators.get(key)
    if found is None:
        found = make()
        with _lock:
            if len(_evaluators) >= KEPT:
                del _evaluators[next(iter(_evaluators))]
            _evaluators[key] = found
    return found


def forget() -> None:
    """Forget all evaluators."""
    with _lock:
        _evaluators.clear()


def _key(value: Any) -> tuple[Any, ...]:
    kind = type(value)
    if kind in _PLAIN:
        return kind, value
    if kind is np.ndarray and not value.dtype.hasobject and value.size <= LONGEST * LONGEST:
        return value.dtype, value.shape, value.tobytes()
    if (kind is tuple or kind is list) and len(value) <= LONGEST:
        return kind, *map(_key, value)
    if kind is dict:
        return kind, *map(_key, value.items())
    if isinstance(value, np.generic) and not value.dtype.hasobject:
        return value.dtype, value.tobytes()
    raise TypeError(f"{kind.__name__} is not compared by value")
