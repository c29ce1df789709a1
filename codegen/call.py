"""The call of the generated functions: the parameters that every package has, whatever its interactions."""

from __future__ import annotations

from typing import Final

FIRST: Final = ("E_eg: float", "E_vg: ArrayLike", "masses: ArrayLike")
"""Parameters before the matrices of the plain group."""
BETWEEN: Final = ('nature: str = "dirac"', "intermediate_amplitudes: ArrayLike | None = None")
"""Parameters between those matrices and the keyword groups."""
LAST: Final = (
    "atomic_tensor: ArrayLike | None = None",
    'pair_step: str = "M1"',
    "dipole_length: float = 1.0",
    'm1: str = "spin"',
    "imprinted_momentum: float = 0.0",
    "crossed: Mapping[str, Any] | None = None",
)
"""Parameters after the keyword groups."""
EXACT: Final = ("number: Any", "root: Any")
"""Parameters of the function in any arithmetic."""
BATCH: Final = (
    "threads: int = 1",
    "progress: Callable[[int, int], None] | None = None",
    "weights: ArrayLike | None = None",
)
"""Parameters of the functions of many parameter sets."""


def parameter_name(parameter: str) -> str:
    """Return the name in front of a parameter's type.

    Example
    -------
    >>> parameter_name(FIRST[0])
    'E_eg'
    """
    return parameter.partition(":")[0]


WORDS: Final = frozenset(["omega", *map(parameter_name, (*FIRST, *BETWEEN, *LAST, *EXACT, *BATCH))])
"""Names of parameters, which no keyword group can have. Other names inside the generated functions start with ``_``."""

MATRICES: Final = ("matrix", "general")
"""Kinds of arguments that are matrices: Hermitian, and any complex one whose term comes with its conjugate."""


def hermitian_names(general: str) -> tuple[str, str]:
    """Return the names of the Hermitian matrices ``f + f^+`` and ``i (f - f^+)`` of a general matrix.

    Example
    -------
    >>> hermitian_names("f")
    ('f.sum', 'f.difference')
    """
    return f"{general}.sum", f"{general}.difference"
