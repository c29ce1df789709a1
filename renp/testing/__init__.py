"""Property-based tests for code that is not ours: strategies named after the physics, assertions of physics.

``pip install "renp[testing]"`` brings hypothesis, which nothing else of renp needs. Everything here is loaded on first use.

Example
-------
>>> import renp
>>> from renp import testing
>>> testing.relabelling(renp.spectral_function).examples > 0
True
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from renp.testing.assertions import *  # noqa: F403
    from renp.testing.black_box.front import examine as examine
    from renp.testing.black_box.report import BlackBoxReport as BlackBoxReport
    from renp.testing.black_box.report import Finding as Finding
    from renp.testing.strategies import *  # noqa: F403
    from renp.testing.subject import PhysicsError as PhysicsError
    from renp.testing.subject import Subject as Subject

_HOMES = {
    "Finding": "renp.testing.black_box.report",
    "PhysicsError": "renp.testing.subject",
    "BlackBoxReport": "renp.testing.black_box.report",
    "Subject": "renp.testing.subject",
    "examine": "renp.testing.black_box.front",
}
"""Names whose room is not found by asking the rooms in turn."""
_ROOMS = ("renp.testing.strategies", "renp.testing.assertions")


if not TYPE_CHECKING:
    # A type checker reads the imports above: to it, a misspelled name would be Any.
    def __getattr__(name: str) -> Any:
        if name == "__all__":
            return _public()
        if not name.startswith("_"):
            if name in _HOMES:
                return getattr(import_module(_HOMES[name]), name)
            if find_spec("hypothesis") is None:
                raise ImportError(
                    f'renp.testing.{name} needs hypothesis: pip install "renp[testing]"', name="hypothesis"
                )
            for room in _ROOMS:
                module = import_module(room)
                if name in module.__all__:
                    return getattr(module, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _public() -> list[str]:
    return sorted({*_HOMES, *(name for room in _ROOMS for name in import_module(room).__all__)})


def __dir__() -> list[str]:
    return sorted({*globals(), *_public()})
