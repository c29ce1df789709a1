"""The packages that belong to this one: found where they belong, or one line that says what hides them.

``codegen`` and ``derivations`` are names that others use too: a distribution of the package index, a folder beside a
user's script. Either would be imported without a word, and what follows would be anything.
"""

from __future__ import annotations

import re
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import Final

PACKAGES: Final = ("codegen", "derivations", "renp_generated")
"""The packages that are installed beside this one."""
SIGNED: Final = ("codegen", "derivations")
"""Those that name this project in their first line; the third one is generated, and repaired where it stands."""


def check_packages() -> None:
    """Check that the packages of this project are its own, without importing them.

    Raises ``ImportError`` in one line that names the package, where it was found and the way out.

    Example
    -------
    >>> check_packages()
    """
    home = Path(__file__).parent.parent
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is not None and not _is_own(spec, home):
            raise ImportError(
                f"the package {name!r} found in {_place(spec)} is not the one that belongs to renp in {home}: leave or "
                f"rename a folder of that name, or pip uninstall {name} and install renp again",
                name=name,
            )


def check_command() -> None:
    """Check the packages where the command is about to start, or ``import renp``.

    Raises ``SystemExit`` with code 2 after one line on stderr when this is the command ``renp``, else ``ImportError``.
    """
    try:
        check_packages()
    except ImportError as problem:
        # Nothing of the command is imported yet, which would turn a user's mistake into one line.
        if sys.argv[:1] != ["-m"] and Path(*sys.argv[:1]).stem != "renp":
            raise
        print(f"renp: error: {problem}", file=sys.stderr)
        raise SystemExit(2) from None


def _place(spec: ModuleSpec) -> Path:
    """Return the folder of a package; a module is its own place."""
    found = next(iter(spec.submodule_search_locations or ()), None)
    return Path(found if found is not None else spec.origin or spec.name)


def _is_own(spec: ModuleSpec, home: Path) -> bool:
    place = _place(spec)
    if place.parent != home and place.resolve().parent != home.resolve():
        return False
    if spec.name not in SIGNED:
        return True
    source = getattr(spec.loader, "get_source", lambda name: None)(spec.name) or ""
    return re.search(r"\brenp\b", source.partition("\n")[0]) is not None
