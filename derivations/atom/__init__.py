"""The electron in the atom: non-relativistic operators, E1 and M1, and the chain ``J_e -> J_v -> J_g``.

Stage: atomic states and a photon polarisation in, exact SymPy matrices, rationals and named derivations out.
The modules are loaded on first use, so that importing this package does not import SymPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derivations.atom.tensor import atomic_tensor, averaged_tensor, tensor_coefficients

__all__ = ["atomic_tensor", "averaged_tensor", "tensor_coefficients"]

_HOMES = {
    "atomic_tensor": "tensor",
    "averaged_tensor": "tensor",
    "tensor_coefficients": "tensor",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
