"""What is measured: the benchmark atom and spectrum, the Standard Model alone and everything on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

E_EG, E_VG = 2.14349, 2.23072
MASSES = (0.01, 0.0132, 0.0515)


def hermitian(seed: int, size: float) -> NDArray[np.complex128]:
    """Return a random Hermitian matrix with entries of order ``size``."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    return np.asarray(size * (matrix + matrix.conj().T) / 2)


def standard_model() -> dict[str, Any]:
    """Return the arguments of the Standard Model with three Majorana neutrinos."""
    return {
        "E_eg": E_EG,
        "E_vg": E_VG,
        "masses": MASSES,
        "axial": hermitian(1, 0.5),
        "nature": "majorana",
    }


def everything() -> dict[str, Any]:
    """Return the Standard Model with a vector and a scalar mediator, all form factors and a tensor current."""
    return standard_model() | {
        "vector": {"mass": 3.0, "g_A": 1e-11, "g_L": hermitian(2, 3e-12), "g_R": hermitian(3, 3e-12)},
        "scalar": {"mass": 2.5, "y_P": 1e-6, "y_S_nu": hermitian(4, 3e-11), "y_P_nu": hermitian(5, 3e-11)},
        "electromagnetic": {
            "mu": hermitian(6, 2e-10),
            "eps": hermitian(7, 2e-10),
            "r2": hermitian(8, 1e-25),
            "anapole": hermitian(9, 2e-26),
        },
        "tensor": {"t": hermitian(10, 0.1)},
    }


def everything_twice() -> dict[str, Any]:
    """Return everything with the vector current of the electron and a tensor mediator on top."""
    arguments = everything()
    arguments["vector"] = arguments["vector"] | {"g_V": 1e-5}
    return arguments | {"tensor_mediator": {"mass": 4.0, "c_T": 1e-11, "d_T": hermitian(11, 1e-12)}}


def everything_real() -> dict[str, Any]:
    """Return everything with the real diagonals of all coupling matrices."""
    return {name: _real_diagonal(value) for name, value in everything().items()}


def _real_diagonal(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _real_diagonal(entry) for name, entry in value.items()}
    return np.diag(np.diag(value).real) if np.ndim(value) == 2 else value


CASES = {
    "standard model": standard_model,
    "everything": everything,
    "everything and g_V, tensor mediator": everything_twice,
    "everything, real diagonal couplings": everything_real,
}


def energies(n: int) -> NDArray[np.float64]:
    """Return ``n`` photon energies below the highest threshold."""
    return np.linspace(0.2, 1.0715, n) if n > 1 else np.array([0.9])
