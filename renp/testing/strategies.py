"""Reproducible random arguments of the evaluators.

In: a name, which is the seed, and what is to be switched on. Out: arguments of ``renp_generated.spectral_function`` in which
every contribution is comparable with the weak one.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["E_EG", "E_VG", "random_arguments", "random_energies", "seeded", "tensor_case"]

E_EG, E_VG = 2.14349, 2.23072
"""Level differences of ytterbium [eV]."""
_SIZES = {"g_L": 1e-24, "g_R": 1e-24, "y_S_nu": 1e-18, "y_P_nu": 1e-18, "mu": 1e-11, "eps": 1e-11, "r2": 1e-25,
          "anapole": 2e-26, "d_T": 1e-24}  # fmt: skip
"""Couplings that make each contribution comparable with the weak one, so that interferences count."""


def random_arguments(
    name: str, chosen: Sequence[str], nature: str, n: int, tensor: str, pair_step: str
) -> dict[str, Any]:
    """Return reproducible random arguments of ``spectral_function`` with the chosen interactions switched on.

    Parameters
    ----------
    name : seed.
    chosen : names of interactions, ``"standard_model"`` for the weak current; all others are off.
    nature : ``"dirac"`` or ``"majorana"``.
    n : number of neutrinos.
    tensor : see :func:`tensor_case`.
    pair_step : ``"M1"`` or ``"E1"``.

    Example
    -------
    >>> random_arguments("example", ("vector",), "dirac", 3, "circular", "M1")["vector"]["g_L"].shape
    (3, 3)
    """
    import renp_generated

    rng = seeded(name)
    masses = np.sort(rng.uniform(0.005, 0.3, n))
    if n > 1 and rng.uniform() < 0.25:
        masses[1] = masses[0]
    if rng.uniform() < 0.25:
        masses[0] = 0.0
    arguments: dict[str, Any] = {
        "E_eg": E_EG, "E_vg": E_VG, "masses": masses, "nature": nature, "pair_step": pair_step,
        "axial": np.zeros((n, n)), "atomic_tensor": tensor_case(tensor, rng),
    }  # fmt: skip
    for group in renp_generated.GROUPS:
        if group.name not in chosen:
            continue
        entries: dict[str, Any] = {}
        for argument in group.arguments:
            entries[argument.name] = _entry(rng, argument, n)
        if group.keyword:
            arguments[group.keyword] = entries
        else:
            arguments.update(entries)
    return arguments


def random_energies(
    rng: np.random.Generator, masses: np.ndarray[Any, Any], where: str, points: int
) -> np.ndarray[Any, Any]:
    """Return photon energies [eV] at which all pairs are open, shape (points,): anywhere, or close to the lowest threshold.

    Parameters
    ----------
    rng : generator.
    masses : neutrino masses [eV].
    where : ``"random"`` or ``"near threshold"``.
    points : number of energies.

    Example
    -------
    >>> random_energies(seeded("example"), np.array([0.01]), "random", 3).shape
    (3,)
    """
    lowest = E_EG / 2 - (2 * masses.max()) ** 2 / (2 * E_EG)
    if where == "random":
        return np.asarray(rng.uniform(0.1, 0.98, points) * lowest)
    return np.asarray(lowest * (1 - 10.0 ** rng.uniform(-15, -6, points)))


def tensor_case(name: str, rng: np.random.Generator) -> np.ndarray[Any, Any] | None:
    """Return an atomic tensor: the average (``None``), linear, circular or a random positive one.

    Example
    -------
    >>> tensor_case("linear", seeded("example")).shape
    (3, 3)
    """
    if name == "averaged":
        return None
    if name == "linear":
        return np.diag([1.0, 0.0, 0.0]).astype(complex)
    if name == "circular":
        return np.array([[0.5, 0.5j, 0], [-0.5j, 0.5, 0], [0, 0, 0]])
    matrix = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    positive = matrix @ matrix.conj().T
    return np.asarray(positive / positive.trace().real)


def seeded(name: str) -> np.random.Generator:
    """Return a generator whose seed is a name.

    Example
    -------
    >>> bool(seeded("example").uniform() == seeded("example").uniform())
    True
    """
    return np.random.default_rng(zlib.crc32(name.encode()))


def _entry(rng: np.random.Generator, argument: Any, n: int) -> Any:
    if argument.kind == "matrix":
        return _hermitian(rng, n, _SIZES.get(argument.name, 0.5))
    if argument.kind == "choice":
        return argument.choices[int(rng.integers(len(argument.choices)))]
    if argument.kind == "width":
        return float(rng.choice([0.0, 0.2]))
    return float(rng.uniform(0.3, 3.0))


def _hermitian(rng: np.random.Generator, n: int, scale: float) -> np.ndarray[Any, Any]:
    matrix = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    return np.asarray((matrix + matrix.conj().T) * scale / 2)
