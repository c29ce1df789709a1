"""Reproducible random arguments of the evaluators.

In: a name, which is the seed, and what is to be switched on. Out: arguments of ``spectral_function`` of any model in which
every contribution is comparable with the weak one.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from renp_generated import FUNCTIONS
from renp_generated.runtime.functions import SpectralFunctions
from renp_generated.runtime.tables import Argument, Group

__all__ = [
    "E_EG",
    "E_VG",
    "coupling_sizes",
    "random_arguments",
    "random_energies",
    "scaling_powers",
    "seeded",
    "tensor_case",
]

E_EG, E_VG = 2.14349, 2.23072
"""Level differences of ytterbium [eV]."""
WEAK_SIZE: Final = 0.5
"""Size of the weak couplings, the entries of a product of two rows of a unitary matrix."""
_PROBES: Final = (0.2, 0.35, 0.5, 0.65, 0.8)
"""Where contributions are compared, as shares of the lowest threshold: a pole may lie at one of them."""


def random_arguments(
    name: str,
    chosen: Sequence[str],
    nature: str,
    n: int,
    tensor: str,
    pair_step: str,
    *,
    functions: SpectralFunctions | None = None,
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
    functions : those of a model or a package, ``Model.functions``; those of the shipped interactions by default.

    Example
    -------
    >>> random_arguments("example", ("vector",), "dirac", 3, "circular", "M1")["vector"]["g_L"].shape
    (3, 3)
    """
    functions = FUNCTIONS if functions is None else functions
    rng = seeded(name)
    masses = np.sort(rng.uniform(0.005, 0.3, n))
    if n > 1 and rng.uniform() < 0.25:
        masses[1] = masses[0]
    if rng.uniform() < 0.25:
        masses[0] = 0.0
    required = [a.name for group in functions.groups if not group.keyword for a in group.arguments if a.default is None]
    base: dict[str, Any] = {"E_eg": E_EG, "E_vg": E_VG, "masses": masses, "pair_step": pair_step}
    base |= {argument: np.zeros((n, n)) for argument in required}
    arguments = base | {"nature": nature, "atomic_tensor": tensor_case(tensor, rng)}
    for group in functions.groups:
        if group.name not in chosen:
            continue
        entries = {argument.name: _entry(rng, argument, n) for argument in group.arguments}
        if group.keyword:
            arguments[group.keyword] = _comparable(functions, base, group, entries)
        else:
            arguments.update(entries)
    return arguments


def _comparable(
    functions: SpectralFunctions, base: Mapping[str, Any], group: Group, entries: dict[str, Any]
) -> dict[str, Any]:
    """Return a group with its couplings sized so that each contribution alone has the size of the weak rate.

    Sizes are found for Dirac neutrinos and averaged light, where no contribution hides. What contributes nothing keeps
    its size.
    """
    n = len(base["masses"])
    plain = [argument.name for group in functions.groups if not group.keyword for argument in group.arguments]
    weak = _root_of_rate(functions, {**base, **dict.fromkeys(plain, np.full((n, n), WEAK_SIZE))})
    electron = [a.name for a in group.arguments if a.kind == "real"]
    matrices = [a.name for a in group.arguments if a.is_matrix]
    fixed = {name: value for name, value in entries.items() if name not in {*electron, *matrices}}

    def size(coupling: str | None, matrix: str) -> float:
        alone = fixed | ({coupling: 1.0} if coupling else {}) | {matrix: entries[matrix]}
        return float(np.median(_root_of_rate(functions, {**base, group.keyword: alone}) / weak))

    ways: Sequence[str | None] = electron or [None]
    sizes = {coupling: {matrix: size(coupling, matrix) for matrix in matrices} for coupling in ways}
    largest = {coupling: max(found.values()) for coupling, found in sizes.items()}
    # The electron's couplings serve all matrices: they make up for what separates their own largest contributions.
    unit = {coupling: max(largest.values()) / value if value else 1.0 for coupling, value in largest.items()}
    for coupling in electron:
        entries[coupling] *= unit[coupling]
    for matrix in matrices:
        found = max(unit[coupling] * sizes[coupling][matrix] for coupling in sizes)
        entries[matrix] = entries[matrix] / found if found else entries[matrix]
    return entries


def coupling_sizes(functions: SpectralFunctions, pair_step: str, E_eg: float) -> Mapping[str, Mapping[str, float]]:
    """Return for each interaction the size of each coupling at which its contribution is comparable with the weak one: powers of two.

    Those of an exchanged particle are for one much lighter than ``E_eg``; a mass M asks for ``1 + (M/E_eg)^2`` times larger
    matrices. What contributes nothing in the pair step has the size 1.

    Parameters
    ----------
    functions : those of a model or a package.
    pair_step : ``"M1"`` or ``"E1"``.
    E_eg : [eV].

    Example
    -------
    >>> coupling_sizes(FUNCTIONS, "M1", E_EG)["standard_model"]["axial"]
    0.5
    """
    powers = scaling_powers(functions, pair_step)
    factor = E_eg / E_EG
    return {
        group: {name: _rounded(size * factor ** powers.get((group, name), 0)) for name, size in sizes.items()}
        for group, sizes in _sizes(functions, pair_step).items()
    }


def _rounded(size: float) -> float:
    return 2.0 ** round(math.log2(size))


@lru_cache(maxsize=64)
def _sizes(functions: SpectralFunctions, pair_step: str) -> Mapping[str, Mapping[str, float]]:
    """Return the sizes at ``E_EG``, found with matrices of ones and a mediator without a pole in the spectrum."""
    n, mass = 2, 2 * E_EG
    plain = [a.name for group in functions.groups if not group.keyword for a in group.arguments]
    base = {"E_eg": E_EG, "E_vg": E_VG, "masses": np.array([0.1, 0.3]), "pair_step": pair_step}
    base |= {name: np.zeros((n, n)) for name in plain}
    found: dict[str, Mapping[str, float]] = {}
    for group in functions.groups:
        if not group.keyword:
            found[group.name] = dict.fromkeys(plain, WEAK_SIZE)
            continue
        entries: dict[str, Any] = {}
        for argument in group.arguments:
            if argument.kind == "choice":
                entries |= {} if argument.default is None else {argument.name: argument.default}
            else:
                entries[argument.name] = {"mass": mass, "width": 0.0, "real": 1.0}.get(argument.kind, _probe(argument))
        sized = _comparable(functions, base, group, entries)
        reach = 5.0 if any(argument.kind == "mass" for argument in group.arguments) else 1.0
        found[group.name] = {
            argument.name: float(np.abs(sized[argument.name]).max()) * WEAK_SIZE / reach
            if argument.is_matrix
            else float(sized[argument.name])
            for argument in group.arguments
            if argument.is_matrix or argument.kind == "real"
        }
    return found


def _probe(argument: Argument) -> Any:
    matrix = np.array([[1.0, 1j], [-1j, 1.0]]) if argument.kind == "matrix" else np.ones((2, 2), dtype=complex)
    return matrix if argument.is_matrix else None


@lru_cache(maxsize=64)
def scaling_powers(functions: SpectralFunctions, pair_step: str) -> Mapping[tuple[str, str], int]:
    """Return the power of a factor, by interaction and coupling, that undoes what the factor does to all energies and masses.

    I(omega) has no dimension. Constants of nature do not scale, so that couplings which stand beside them have to.

    Example
    -------
    >>> powers = scaling_powers(FUNCTIONS, "M1")
    >>> powers["vector", "g_A"], powers["vector", "g_V"], powers["vector", "g_L"], powers["electromagnetic", "r2"]
    (0, -1, 2, -1)
    """
    from codegen.constants import physical_constants

    dimensions = {constant.name: _dimension(constant.units.split()[0]) for constant in physical_constants()}
    units = {(group.name, a.name): _dimension(a.units) for group in functions.groups for a in group.arguments}
    # General matrices stand in the tables under the names of their Hermitian parts.
    whole = {(g.name, part): a.name for g in functions.groups for a in g.arguments for part in (a.parts or (a.name,))}
    needed: dict[tuple[str, str | None, str], int] = {}
    for term in functions.tables[pair_step].terms:
        matrix = whole[term.group, term.matrix]
        power = sum(dimensions[name] * count for name, count in term.constants)
        power += units[term.group, matrix] + (units[term.group, term.electron] if term.electron else 0)
        needed[term.group, term.electron, matrix] = power
    powers: dict[tuple[str, str], int] = {}
    for (group, electron, matrix), power in sorted(needed.items(), key=lambda entry: -entry[1]):
        if electron is None:
            powers[group, matrix] = power
        elif (group, electron) not in powers:
            powers[group, electron] = power - powers.setdefault((group, matrix), power)
        else:
            powers.setdefault((group, matrix), power - powers[group, electron])
    return powers


def _dimension(units: str) -> int:
    base, _, power = units.partition("^")
    return (int(power) if power else 1) if base == "eV" else 0


def _root_of_rate(functions: SpectralFunctions, arguments: Mapping[str, Any]) -> NDArray[np.float64]:
    lowest = _lowest_edge(arguments["masses"])
    return np.asarray(np.sqrt(functions.spectral_function(np.array(_PROBES) * lowest, **arguments)))


def _lowest_edge(masses: NDArray[np.float64]) -> float:
    return float(E_EG / 2 - (2 * masses.max()) ** 2 / (2 * E_EG))


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
    lowest = _lowest_edge(masses)
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


def _entry(rng: np.random.Generator, argument: Argument, n: int) -> Any:
    if argument.is_matrix:
        matrix = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
        return (matrix if argument.kind == "general" else (matrix + matrix.conj().T) / 2) * WEAK_SIZE
    if argument.kind == "choice":
        return argument.choices[int(rng.integers(len(argument.choices)))]
    if argument.kind == "width":
        return float(rng.choice([0.0, 0.2]))
    return float(rng.uniform(0.3, 3.0))
