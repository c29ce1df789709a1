"""Two set-ups by name: the atom and the rate as the papers take them, and as the derivations of this project give them.

In: a name. Out: a choice for every setting in which the two differ; each can still be set alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from renp_generated.runtime.arguments import choice

__all__ = ["SETUPS", "setup_value"]

SETUPS: Final[Mapping[str, Mapping[str, Any]]] = {
    "papers": {
        "chain": "averaged",
        "intermediate": "single",
        "m1": "spin",
        "normalisation": "printed",
        "C_ev": "printed",
        "coherence_factor": 1.0,
    },
    "derived": {
        "chain": "prepared",
        "intermediate": "all",
        "m1": "full",
        "normalisation": "derived",
        "C_ev": "derived",
        "coherence_factor": 0.5,
    },
}
"""What each set-up chooses.

The papers average over all magnetic numbers, take one intermediate state, ``2S`` for the magnetic operator, the printed
``Gamma_0`` and ``C_ev``, and a full coherence of every atom. An atom is prepared by light and emits coherently, has all
intermediate states, ``L + 2S``, the derived ``Gamma_0`` and ``C_ev``, and at most half a coherence.
"""


def setup_value(setup: str, name: str, given: Any) -> Any:
    """Return what is given for a setting, and what the set-up chooses where nothing is.

    Raises
    ------
    ValueError : there is no such set-up.

    Example
    -------
    >>> setup_value("derived", "intermediate", None), setup_value("derived", "intermediate", "single")
    ('all', 'single')
    """
    chosen = SETUPS[choice("setup", setup, tuple(SETUPS))]
    return chosen[name] if given is None else given
