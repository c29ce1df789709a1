"""Decays and the lines of bosons of a model against explicit spinors, straight from the bilinears of its files.

Decays of a neutrino and of a plasmon are sums over helicities of matrices of numbers between spinors. The line of a boson is met on another
way: pairs of neutrinos through that boson have it for their peak, ``I(omega_0) pi M Gamma/2 E_eg``, times the branching ratio, whatever
the neutrinos; their share of the width is again a sum over helicities.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.testing.arguments import E_EG, E_VG, seeded
from renp.verification.scattering import GAMMA, METRIC, conjugated, elements, matrices, spinors, unit

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction
    from renp.model import Model

Array = NDArray[np.complex128]
Momentum = NDArray[Any]
"""Four real numbers."""
Vertex = Mapping[tuple[int, ...], Array]

NATURES: Final = ("dirac", "majorana")
POLARISATIONS: Final = ("transverse", "longitudinal")


def vertex(
    interactions: Iterable[Interaction], arguments: Mapping[str, Any], q: Momentum, pair: tuple[int, int]
) -> dict[Any, Array]:
    """Return ``X_ab`` of ``nubar_a X_ab nu_b`` by its upper index, for a line that receives ``q = (q0, 0, 0, qz)``."""
    total: dict[Any, Array] = {}
    for interaction in interactions:
        entries = arguments.get(interaction.name) or {}
        for term in interaction.neutrino:
            if (value := entries.get(term.coupling)) is None:
                continue
            for element, conjugate in elements(value, pair, term.conjugate):
                for key, matrix in matrices(term.bilinear, q, conjugate).items():
                    total[key] = total.get(key, 0) + unit(term.units) * element * matrix
    return total


def contracted(found: Vertex, eps: NDArray[Any] | None) -> Array:
    """Return a vertex with its index contracted with a polarisation vector; a scalar one as it is."""
    if eps is None:
        return found.get((), np.zeros((4, 4), dtype=complex))
    return np.asarray(sum((METRIC[key[0]] * eps[key[0]] * matrix for key, matrix in found.items()), np.zeros((4, 4))))


def pair_width(
    K: Momentum,
    masses: tuple[float, float],
    vertices: tuple[Vertex, Vertex],
    polarisations: Sequence[NDArray[Any] | None],
    *,
    majorana: bool,
) -> float:
    """Return ``1/2E int dPhi_2 sum |M|^2`` of what has momentum ``K`` along z, for ``X_ij`` and ``X_ji``."""
    m_i, m_j = masses
    invariant = float(K[0] ** 2 - K[3] ** 2)
    if K[0] <= abs(K[3]) or invariant <= (m_i + m_j) ** 2:
        return 0.0
    root = math.sqrt(invariant)
    momentum = math.sqrt((invariant - (m_i + m_j) ** 2) * (invariant - (m_i - m_j) ** 2)) / (2 * root)
    total = 0.0
    # Two spin-1/2 legs: polynomials of second degree in the direction.
    for (cosine, weight), step in itertools.product(zip(*np.polynomial.legendre.leggauss(3), strict=True), range(4)):
        angle, sine = (step + 0.3) * math.pi / 2, math.sqrt(1 - cosine**2)
        direction = np.array([sine * math.cos(angle), sine * math.sin(angle), cosine]) * momentum
        p_i, p_j = (_boosted(sign * direction, m, K, root) for sign, m in ((1, m_i), (-1, m_j)))
        u_i, u_j = spinors(p_i, m_i), spinors(p_j, m_j)
        for eps in polarisations:
            X_ij, X_ji = (contracted(found, eps) for found in vertices)
            amplitudes = u_i.conj() @ GAMMA[0] @ X_ij @ conjugated(u_j).T
            if majorana:
                amplitudes = amplitudes - (u_j.conj() @ GAMMA[0] @ X_ji @ conjugated(u_i).T).T
            total += float((np.abs(amplitudes) ** 2).sum()) * weight / 8
    return total * momentum / (4 * math.pi * root) / (2 * float(K[0])) * (0.5 if majorana else 1.0)


def _boosted(p: Momentum, mass: float, K: Momentum, root: float) -> Momentum:
    """Return the four-momentum of what has three-momentum ``p`` in the rest frame of ``K``."""
    energy = math.sqrt(float(p @ p) + mass**2)
    gamma, moving = K[0] / root, K[3] / root
    return np.array([gamma * energy + moving * p[2], p[0], p[1], gamma * p[2] + moving * energy])


def plasmon_widths(
    model: Model, energy: float, momentum: float, arguments: Mapping[str, Any], polarisation: str
) -> NDArray[np.float64]:
    """Return the (n, n) widths [eV] of a plasmon of a model from explicit spinors.

    Example
    -------
    >>> from renp.model import Model
    >>> model = Model("electromagnetic")
    >>> given = {"masses": [0.1], "electromagnetic": {"mu": np.array([[1e-11]])}}
    >>> found = plasmon_widths(model, 1.0, 0.5, given, "longitudinal")
    >>> bool(abs(model.probes.plasmon_decay(1.0, 0.5, **given) / found - 1) < 1e-13)
    True
    """
    K = np.array([energy, 0, 0, momentum])
    root = math.sqrt(energy**2 - momentum**2)
    eps = np.array([0, 0.8, 0.6j, 0]) if polarisation == "transverse" else np.array([momentum, 0, 0, energy]) / root
    return _widths(model.interactions, "photon", K, arguments, [eps])


def _widths(
    interactions: Iterable[Interaction],
    kind: str,
    K: Momentum,
    arguments: Mapping[str, Any],
    polarisations: Sequence[NDArray[Any] | None],
) -> NDArray[np.float64]:
    chosen = [interaction for interaction in interactions if interaction.propagator.kind == kind]
    masses = [float(mass) for mass in arguments["masses"]]
    majorana = arguments.get("nature") == "majorana"
    result = np.zeros((len(masses), len(masses)))
    for a, b in np.ndindex(result.shape):
        both = vertex(chosen, arguments, K, (a, b)), vertex(chosen, arguments, K, (b, a))
        result[a, b] = pair_width(K, (masses[a], masses[b]), both, polarisations, majorana=majorana)
    return result


def decay(model: Model, i: int, j: int, arguments: Mapping[str, Any]) -> tuple[float, float]:
    """Return the width [eV] of nu_i -> nu_j gamma and the asymmetry, from explicit spinors: a photon along z, spins along and against it.

    Example
    -------
    >>> from renp.model import Model
    >>> model = Model("electromagnetic")
    >>> given = {"masses": [0.1, 0.3], "electromagnetic": {"mu": np.array([[0, 1e-11], [1e-11, 0]])}}
    >>> bool(abs(model.probes.radiative_decay(1, 0, **given)[0] / decay(model, 1, 0, given)[0] - 1) < 1e-13)
    True
    """
    chosen = [interaction for interaction in model.interactions if interaction.propagator.kind == "photon"]
    heavy, light = (float(arguments["masses"][k]) for k in (i, j))
    energy = (heavy - light) * (heavy + light) / (2 * heavy)
    photon = np.array([energy, 0.0, 0.0, energy])
    rest = np.array([heavy, 0.0, 0.0, 0.0])
    u_in, u_out = spinors(rest, heavy), spinors(rest - photon, light)
    rates = np.zeros(2)
    for eps in (np.array([0, 1, 0, 0]), np.array([0, 0, 1, 0])):
        X_ji, X_ij = (contracted(vertex(chosen, arguments, -photon, pair), eps) for pair in ((j, i), (i, j)))
        amplitudes = u_out.conj() @ GAMMA[0] @ X_ji @ u_in.T
        if arguments.get("nature") == "majorana":
            amplitudes = amplitudes - (conjugated(u_in).conj() @ GAMMA[0] @ X_ij @ conjugated(u_out).T).T
        rates += (np.abs(amplitudes) ** 2).sum(axis=0)
    total = float(rates.sum())
    width = total / 2 * energy / (8 * math.pi * heavy**2)
    return width, float(rates[0] - rates[1]) / total if total else 0.0


# ---------------------------------------------------------------- checks


def photon_interactions(model: Model) -> tuple[str, ...]:
    """Return the interactions through which neutrinos meet a photon.

    Example
    -------
    >>> from renp.model import Model
    >>> photon_interactions(Model("vector", "electromagnetic"))
    ('electromagnetic',)
    """
    return tuple(i.name for i in model.interactions if i.propagator.kind == "photon")


def largest_decay_error(model: Model, name: str, nature: str, points: int) -> float:
    """Return the largest error of a model's widths of neutrinos and plasmons at random points, over the largest one of a matrix."""
    rng = seeded(name)
    worst = 0.0
    for _ in range(points):
        scale = 10 ** rng.uniform(-2, 5)
        masses = np.array([0.0, 0.2, 0.45]) * scale
        energy, momentum = rng.uniform(1.2, 3) * scale, rng.uniform(0, 0.8) * scale
        arguments = _random_photon(model, rng, masses, energy) | {"nature": nature}
        for polarisation in POLARISATIONS:
            expected = plasmon_widths(model, energy, momentum, arguments, polarisation)
            found = model.probes.plasmon_decay(energy, momentum, polarisation=polarisation, **arguments)
            worst = max(worst, float(np.abs(found - expected).max() / expected.max()))
        conserved = arguments | {
            group: {
                name: value
                for name, value in arguments[group].items()
                if (group, name) not in model.probes.decay.unconserved
            }
            for group in photon_interactions(model)
        }
        width, asymmetry = decay(model, 2, 1, conserved)
        found_width, found_asymmetry = model.probes.radiative_decay(2, 1, **conserved)
        if width:
            worst = max(worst, abs(found_width / width - 1), abs(found_asymmetry - asymmetry))
    return worst


def _random_photon(
    model: Model, rng: np.random.Generator, masses: NDArray[np.float64], energy: float
) -> dict[str, Any]:
    """Return masses and every matrix of a photon's interactions, each about as strong as any other."""
    arguments: dict[str, Any] = {"masses": masses}
    n = len(masses)
    for group in model.probes.groups:
        if group.name not in photon_interactions(model):
            continue
        entries = arguments.setdefault(group.keyword, {})
        for argument in group.arguments:
            if argument.is_matrix:
                general = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
                matrix = general if argument.kind == "general" else general + general.conj().T
                alone = {"masses": masses, group.keyword: {argument.name: matrix}}
                entries[argument.name] = matrix / math.sqrt(
                    plasmon_widths(model, energy, 0.0, alone, "transverse").max() / energy
                )
    return arguments


def bosons(model: Model) -> tuple[str, ...]:
    """Return the interactions whose boson can be emitted and decays into neutrinos.

    Example
    -------
    >>> from renp.model import Model
    >>> bosons(Model("vector", "tensor_mediator", "electromagnetic"))
    ('vector',)
    """
    return tuple(table.group for table in model.probes.bosons)


def largest_line_error(model: Model, group: str, pair_step: str, nature: str, name: str, points: int) -> float:
    """Return the largest error of a boson's line against the peak of pairs through it, for random couplings and light."""
    rng = seeded(name)
    interaction = next(i for i in model.interactions if i.name == group)
    table = next(table for table in model.probes.bosons if table.group == group)
    worst = 0.0
    for _ in range(points):
        M = rng.uniform(0.3, 0.9) * E_EG
        masses = np.array([0.1, 0.35]) * M
        electron = {coupling: rng.uniform(0.5, 2) for coupling in table.couplings}
        neutrino = {term.coupling: _matrix(rng, 2, term.conjugate) for term in interaction.neutrino}
        light = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
        tensor = light @ light.conj().T
        tensor = tensor / np.trace(tensor).real
        atom: dict[str, Any] = {
            "E_eg": E_EG,
            "E_vg": E_VG,
            "atomic_tensor": (tensor + tensor.conj().T) / 2,
            "pair_step": pair_step,
        }
        omega, strength = model.probes.boson_line(group, mass=M, **atom, **electron)
        rest = np.array([M, 0.0, 0.0, 0.0])
        states: list[NDArray[Any] | None] = (
            [None] if interaction.propagator.spin == 0 else [np.eye(4)[k] for k in (1, 2, 3)]
        )
        given = {"masses": masses, group: neutrino, "nature": nature}
        width = float(_widths([interaction], "massive", rest, given, states).sum()) / len(states)
        entries: dict[str, Any] = {interaction.propagator.mass or "": M, **electron, **neutrino}
        # Without an entry for a width the pole itself is met: there is no peak to compare with.
        if interaction.propagator.width is None or not width:
            continue
        # Other decays than these have as much of the width: the branching ratio is 1/2.
        entries[interaction.propagator.width] = 2 * width
        if interaction.propagator.spin == 1:
            entries["propagator"] = "unitary"
        zero = np.zeros((2, 2))
        peak = model.spectral_function(omega, masses=masses, axial=zero, nature=nature, **atom, **{group: entries})
        expected = float(peak) * math.pi * M * 2 * width / (2 * E_EG)
        size = max(expected, strength / 2)
        worst = max(worst, abs(strength / 2 - expected) / size if size else 0.0)
    return worst


def _matrix(rng: np.random.Generator, n: int, general: bool) -> Array:
    matrix = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    return np.asarray(matrix if general else matrix + matrix.conj().T)
