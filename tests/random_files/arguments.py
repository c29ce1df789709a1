"""Random arguments for the spectral function of random interactions, sized so that interferences show."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from renp.testing.sampling import Model

from .rate import unit_sizes

ABSENT = 0.07
"""Share of couplings that are left out, and of those that are zero."""


@dataclass(frozen=True)
class Case:
    """Arguments of one call, and photon energies: ``inside`` all kinematics, ``edges`` next to thresholds, ``closed`` above."""

    arguments: dict[str, Any]
    inside: tuple[float, ...]
    edges: tuple[float, ...]
    closed: tuple[float, ...]

    @property
    def energies(self) -> np.ndarray:
        """All photon energies."""
        return np.array([*self.inside, *self.edges, *self.closed])


def random_case(
    draw: random.Random, models: Sequence[Model], choices: Mapping[str, Sequence[str]], nature: str, pair_step: str
) -> Case:
    """Return a case; ``choices`` are the words of each group that a package offers: ``{"group.m1": ("spin", "full")}``."""
    E_eg = draw.choice((2.14349, 8.3153, 2.0, draw.uniform(0.3, 20)))
    masses = _masses(draw, E_eg)
    n = len(masses)
    # A momentum imprinted on the target: none, any, or the one that leaves the pair at rest.
    K = draw.choice((0.0, 0.0, draw.uniform(-0.6, 0.6) * E_eg))
    half = (E_eg - K) / 2
    edge = half - 2 * min(masses) ** 2 / (E_eg + K)
    inside = tuple(sorted(edge * draw.uniform(0.03, 0.97) for _ in range(3)))
    if -edge < K < 0:
        inside = tuple(sorted((*inside[:2], -K)))
    thresholds = {half - (a + b) ** 2 / (2 * (E_eg + K)) for a in masses for b in masses}
    edges = tuple(t * (1 - 10.0 ** -draw.choice((4, 7, 10, 14))) for t in sorted(thresholds)[-2:] if t > 0)
    closed = tuple(w for w in ((edge + half) / 2,) if edge * (1 + 1e-12) < w < half)
    levels = draw.choice((1, 1, 2, 3))
    arguments: dict[str, Any] = {
        "E_eg": E_eg,
        "E_vg": E_eg + draw.uniform(0.05, 3),
        "masses": masses,
        "axial": _hermitian(draw, n, 0.5) if draw.random() < 0.6 else np.zeros((n, n)),
        "nature": nature,
        "pair_step": pair_step,
        "dipole_length": draw.uniform(0.5, 3) if pair_step == "E1" else 1.0,
        "atomic_tensor": _light(draw),
        "imprinted_momentum": K,
    }
    if levels > 1:
        arguments["E_vg"] = [E_eg + draw.uniform(0.05, 3) for _ in range(levels)]
        arguments["intermediate_amplitudes"] = [
            draw.uniform(0.2, 1),
            *(draw.uniform(-0.1, 0.1) for _ in range(levels - 1)),
        ]
    if draw.random() < 0.3:
        # Small enough not to cancel the other order.
        states = draw.randint(1, 2)
        arguments["crossed"] = {
            "E_vg": [E_eg + draw.uniform(0.05, 3) for _ in range(states)],
            "amplitudes": [draw.uniform(-0.02, 0.02) for _ in range(states)],
        }
    if draw.random() < 0.5:
        arguments["m1"] = draw.choice(("spin", "full"))
    if draw.random() < 0.4:
        arguments["vector_weak"] = _hermitian(draw, n, 0.5)
    probe = inside[1]
    for model in models:
        if len(models) > 1 and draw.random() < 0.15:
            continue
        arguments[model.name] = _entries(draw, model, choices, arguments, (*inside, *edges), probe)
    return Case(arguments, inside, edges, closed)


def _masses(draw: random.Random, E_eg: float) -> list[float]:
    n = draw.randint(1, 4)
    masses = [E_eg * 10 ** draw.uniform(-3, -0.5) for _ in range(n)]
    kind = draw.random()
    if kind < 0.15:
        masses = [masses[0]] * n
    elif kind < 0.3:
        masses[: draw.randint(1, n)] = [0.0] * draw.randint(1, n)
        masses = masses[:n] + [masses[-1]] * (n - len(masses[:n]))
    elif kind < 0.4 and n > 1:
        masses[-1] = 0.7 * E_eg
    if min(masses) > 0.35 * E_eg:
        masses[0] = 0.1 * E_eg
    return masses


def _hermitian(draw: random.Random, n: int, scale: float) -> np.ndarray:
    entries = _matrix(draw, n, scale)
    return (entries + entries.conj().T) / 2


def _matrix(draw: random.Random, n: int, scale: float) -> np.ndarray:
    entries = np.array([[complex(draw.gauss(0, 1), draw.gauss(0, 1)) for _ in range(n)] for _ in range(n)])
    return scale * (entries.real.astype(complex) if draw.random() < 0.2 else entries)


def _light(draw: random.Random) -> np.ndarray | None:
    kind = draw.choice(("averaged", "linear", "circular", "along", "random", "random"))
    if kind == "averaged":
        return None if draw.random() < 0.7 else np.eye(3) / 3
    if kind == "random":
        X = np.array([[complex(draw.gauss(0, 1), draw.gauss(0, 1)) for _ in range(3)] for _ in range(3)])
        T = X @ X.conj().T
        return T / np.trace(T).real
    if kind == "along":
        return np.diag([0, 0, 1.0 + 0j])
    vector = np.array([1, 0, 0]) if kind == "linear" else np.array([1, draw.choice((1j, -1j)), 0]) / np.sqrt(2)
    T = np.outer(vector.conj(), vector).astype(complex)
    return T / np.trace(T).real


def _entries(
    draw: random.Random,
    model: Model,
    choices: Mapping[str, Sequence[str]],
    arguments: Mapping[str, Any],
    energies: Sequence[float],
    probe: float,
) -> dict[str, Any]:
    E_eg, n = arguments["E_eg"], len(arguments["masses"])
    entries: dict[str, Any] = {}
    if model.kind == "massive":
        width = 0.0
        if model.width and draw.random() < 0.6:
            width = entries[model.width] = E_eg * 10 ** draw.uniform(-2, 0)
        elif model.width and draw.random() < 0.5:
            entries[model.width] = 0.0
        while True:
            mass = E_eg * 10 ** draw.uniform(-1.5, 2)
            K = arguments["imprinted_momentum"]
            squares = [(E_eg + K) * (E_eg - K - 2 * w) for w in energies]
            if width or all(abs(s - mass**2) > 0.1 * s for s in squares):
                break
        entries[model.mass] = mass
    for name in ("propagator", "m1"):
        if (words := choices.get(f"{model.name}.{name}")) and draw.random() < 0.8:
            entries[name] = draw.choice(tuple(words))
    for e in model.electron:
        if not e.constant and draw.random() > ABSENT:
            number = draw.choice((-1, 1)) * 10 ** draw.uniform(-1, 1)
            entries[e.name] = 0.0 if draw.random() < ABSENT else number
    couplings = (*model.neutrino, *model.terms)
    names = [c.name for c in couplings]
    matrices = {c.name: (_matrix if c.conjugate else _hermitian)(draw, n, 1.0) for c in couplings}
    # Couplings of the electron that are off count as on: switched on a little, for a slope, they must not outweigh all.
    on = {e.name: entries.get(e.name) or 1.0 for e in model.electron if not e.constant}
    sizes = unit_sizes(probe, E_eg, [model], {model.name: entries | on | matrices}, arguments["pair_step"])
    for name in names:
        if draw.random() < ABSENT:
            continue
        aim = 10 ** draw.uniform(-1, 1) / (sizes.get((model.name, name)) or 1.0)
        if arguments["pair_step"] == "E1":
            # The weak amplitude of an E1 step is E_eg times a Bohr radius.
            aim *= E_eg / 3728.9
        matrix = aim * matrices[name]
        entries[name] = np.zeros((n, n)) if draw.random() < ABSENT else matrix
    return entries
