"""Name-seeded inputs: every number of a case follows from its name alone.

A name is ``<groups>/<nature>/<light>/n<number>[/<variant>...]``, for example ``weak+scalar/majorana/linear/n3``.
Couplings are sized so that each group alone gives a spectral function of the order of the weak one.
"""

from __future__ import annotations

import hashlib
import itertools
import random
from typing import Any

import numpy as np

E_EG, E_VG = 2.14349, 2.23072
MOTIONS = ("moved", "reversed", "stopped")
"""What a momentum imprinted on the target makes of the pair: another s, the other direction, at rest."""
GROUPS = ("weak", "vector", "scalar", "em", "tensor")
LIGHTS = ("averaged", "linear", "circular", "random")
VARIANTS = (
    "unitary", "width", "fullm1", "levels", "light-mediator", "heavy-mediator", "threshold", "E1", "m1", "moved", "reversed",
    "stopped", "crossed",
)  # fmt: skip


def case_names() -> tuple[str, ...]:
    """Return the names of the pinned cases."""
    light = itertools.cycle(LIGHTS)
    size = itertools.cycle((3, 1, 3, 5, 3))
    nature = itertools.cycle(("dirac", "majorana"))
    names = [f"{group}/{kind}/averaged/n3" for group in GROUPS for kind in ("dirac", "majorana")]
    for first, second in itertools.combinations(GROUPS, 2):
        # The scalar's q.sigma needs light with a component along q: none in the two pure polarisations.
        beams = ("averaged", "random") if "scalar" in (first, second) else (next(light), next(light))
        names.append(f"{first}+{second}/{next(nature)}/{beams[0]}/n{next(size)}")
        names.append(f"{first}+{second}/{next(nature)}/{beams[1]}/n3")
        next(nature)
    every = "+".join(GROUPS)
    for kind in ("dirac", "majorana"):
        names += [f"{every}/{kind}/{beam}/n3" for beam in LIGHTS]
        names += [f"{every}/{kind}/random/n1", f"{every}/{kind}/random/n5", f"{every}/{kind}/averaged/n3/threshold"]
        names += [f"weak+vector/{kind}/random/n3/unitary", f"{every}/{kind}/random/n3/unitary/width/levels"]
        names += [f"vector/{kind}/linear/n3/unitary/light-mediator", f"weak+scalar/{kind}/random/n3/heavy-mediator"]
        names += [f"weak+em/{kind}/random/n3/fullm1", f"{every}/{kind}/random/n3/E1", f"em/{kind}/averaged/n3/E1"]
        names += [f"weak+vector+scalar/{kind}/circular/n3/E1/width"]
        names += [f"{every}/{kind}/random/n3/width/{way}/{step}" for way in MOTIONS for step in ("m1", "E1")]
        names += [f"weak+em/{kind}/circular/n3/{way}" for way in MOTIONS] + [f"weak/{kind}/random/n3/m1"]
        names += [f"{every}/{kind}/random/n3/{step}/crossed" for step in ("E1/levels", "moved/m1")] + [
            f"weak/{kind}/random/n3/crossed"
        ]
    return tuple(names)


def hermitian(draw: random.Random, n: int, scale: float) -> list[list[complex]]:
    """Return a random Hermitian matrix with entries of order ``scale``."""
    out = [[0j] * n for _ in range(n)]
    for i in range(n):
        out[i][i] = complex(scale * draw.uniform(-1, 1), 0)
        for j in range(i):
            out[i][j] = scale * complex(draw.uniform(-1, 1), draw.uniform(-1, 1)) / 1.5
            out[j][i] = out[i][j].conjugate()
    return out


def light_tensor(draw: random.Random, light: str) -> list[list[complex]] | None:
    """Return ``T_kl`` of one kind of light; the random one is Hermitian, positive, of unit trace up to rounding."""
    if light == "averaged":
        return None
    if light == "random":
        X = np.array([[complex(draw.gauss(0, 1), draw.gauss(0, 1)) for _ in range(3)] for _ in range(3)])
        T = X @ X.conj().T
        # Rounded far above the last digit, so that no library's summation order shows.
        T = np.round((T + T.conj().T) / (2 * np.trace(T).real), 10)
        T[2, 2] = 1 - (T[0, 0] + T[1, 1])
        return [[complex(z) for z in row] for row in T]
    polarisation = (1, 0, 0) if light == "linear" else (1, 1j, 0)
    norm = 1 if light == "linear" else 2
    return [[complex(np.conjugate(a) * b) / norm for b in polarisation] for a in polarisation]


def build_case(name: str) -> dict[str, Any]:
    """Return the keyword arguments of ``spectral_function`` for a name; ``ValueError`` if it is malformed."""
    parts = name.split("/")
    groups, nature, light, variants = parts[0].split("+"), parts[1], parts[2], parts[4:]
    if not set(groups) <= set(GROUPS) or light not in LIGHTS or not set(variants) <= set(VARIANTS):
        raise ValueError(f"malformed case name {name!r}")
    draw = random.Random(hashlib.sha256(name.encode()).hexdigest())
    n = int(parts[3][1:])
    E1 = "E1" in variants
    masses = sorted(draw.uniform(0.0, 0.3) for _ in range(n))
    omega = draw.uniform(0.4, 0.95)
    if "threshold" in variants:
        edge = E_EG / 2 - (masses[0] + masses[1]) ** 2 / (2 * E_EG)
        omega = edge * (1 - 1e-7)
    case: dict[str, Any] = {"omega": omega, "E_eg": E_EG, "E_vg": E_VG, "masses": masses, "nature": nature}
    case["axial"] = hermitian(draw, n, 0.8 if "weak" in groups else 0.0)
    if "levels" in variants:
        case["E_vg"], case["intermediate_amplitudes"] = (
            [E_VG, 3.10806],
            [draw.uniform(0.9, 1), draw.uniform(-0.3, -0.1)],
        )
    mediator = draw.uniform(1.5, 2.5)
    if "light-mediator" in variants:
        mediator = draw.uniform(0.1, 0.2)
    strength = 1.0
    if "heavy-mediator" in variants:
        mediator = draw.uniform(1e4, 3e4)
        strength = mediator**2
    width = {"width": draw.uniform(0.3, 0.9)} if "width" in variants else {}
    if E1:
        case |= {"pair_step": "E1", "dipole_length": draw.uniform(0.5, 3), "vector_weak": hermitian(draw, n, 0.8)}
        if "weak" not in groups:
            case["vector_weak"] = hermitian(draw, n, 0.0)
    if "vector" in groups:
        case["vector"] = {
            "mass": mediator,
            "g_A": draw.uniform(1, 2) * 1e-11,
            "g_V": draw.uniform(1, 2) * (1e-11 if E1 else 1e-5),
            "g_L": hermitian(draw, n, 3e-12 * strength),
            "g_R": hermitian(draw, n, 3e-12 * strength),
            **({"propagator": "unitary"} if "unitary" in variants else {}),
            **width,
        }
    if "scalar" in groups:
        case["scalar"] = {
            "mass": mediator * 0.9,
            "y_P": draw.uniform(1, 2) * 1e-6,
            **({"y_S": draw.uniform(1, 2) * 1e-11} if E1 else {}),
            "y_S_nu": hermitian(draw, n, 3e-11 * (0.1 if E1 else 1.0) * strength),
            "y_P_nu": hermitian(draw, n, 3e-11 * (0.1 if E1 else 1.0) * strength),
            **width,
        }
    if "em" in groups:
        # In the E1 step a dipole of one Bohr radius replaces 1 / 2m, but the weak background is smaller still.
        size = 6e-7 if E1 else 1.0
        case["electromagnetic"] = {
            "mu": hermitian(draw, n, 2e-10 * size),
            "eps": hermitian(draw, n, 2e-10 * size),
            "r2": hermitian(draw, n, 1e-25 * size),
            "anapole": hermitian(draw, n, 1.6e-26 * size),
            **({"m1": "full"} if "fullm1" in variants else {}),
        }
    if "tensor" in groups:
        case["tensor"] = {"t": hermitian(draw, n, 0.3)}
    case["atomic_tensor"] = light_tensor(draw, light)
    if "m1" in variants:
        case |= {"m1": "full", "vector_weak": hermitian(draw, n, 1e5)}
    if set(MOTIONS) & set(variants):
        turned = draw.uniform(0.2, 0.6)
        case["imprinted_momentum"] = {"moved": turned / 3, "reversed": -omega - turned, "stopped": -omega}[
            next(way for way in MOTIONS if way in variants)
        ]
    if "crossed" in variants:
        levels = [E_EG + draw.uniform(0.05, 0.2), E_EG + draw.uniform(0.5, 3)]
        case["crossed"] = {"E_vg": levels, "amplitudes": [draw.uniform(0.3, 0.6), draw.uniform(-0.3, -0.1)]}
    return case


def restrict(case: dict[str, Any], group: str) -> dict[str, Any]:
    """Return the case with one coupling group alone (``weak`` stands for ``axial`` and ``vector_weak``)."""
    keys = {"weak": ("axial", "vector_weak"), "em": ("electromagnetic",)}
    kept = keys.get(group, (group,))
    out = {k: v for k, v in case.items() if k in kept or k not in ("vector", "scalar", "electromagnetic", "tensor")}
    for name in ("axial", "vector_weak"):
        if name in out and name not in kept:
            out[name] = [[0j] * len(row) for row in out[name]]
    return out
