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

import ast
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
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
            return _open()
        homes = _known() if not name.startswith("_") else {}
        if name not in homes:
            close = get_close_matches(name, homes, 3)
            near = f"; near it {'are' if close[1:] else 'is'} {', '.join(close)}" if close else ""
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}{near}", name=name)
        try:
            return getattr(import_module(homes[name]), name)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "hypothesis":
                raise
            text = f'renp.testing.{name} needs hypothesis: pip install "renp[testing]"'
            raise ImportError(text, name="hypothesis") from None


@cache
def _known() -> dict[str, str]:
    """Return every name with its module; the rooms are read, not loaded, as they need hypothesis."""
    rooms = {name: room for room in _ROOMS for name in _names_of(room)}
    return rooms | _HOMES


def _names_of(room: str) -> list[str]:
    """Return the public names of a room: those of its list, and the functions that a decorator adds to it."""
    path = Path(__file__).parent / f"{room.rpartition('.')[2]}.py"
    found: list[str] = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                found += ast.literal_eval(value)
            case ast.FunctionDef(decorator_list=[ast.Call(func=ast.Name(id="_assertion"))]):
                found.append(node.name)
    return found


def __dir__() -> list[str]:
    hidden = ("ast", "annotations", "cache", "get_close_matches", "import_module", "Path", "TYPE_CHECKING", "Any")
    return sorted({*globals(), *_open()} - {*hidden})


def _open() -> list[str]:
    """Return the names that can be had: ``help`` asks for each of them."""
    try:
        import_module("hypothesis")
    except ModuleNotFoundError:
        return sorted(_HOMES)
    return sorted(_known())
