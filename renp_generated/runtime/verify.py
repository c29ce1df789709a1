"""Verification of the functions of any set of interactions, in a package or in memory, against its Lagrangian.

Three kinds of checks, with random masses, couplings and light that follow from the name of the check:

``spin sums``       the evaluator against amplitudes between explicit spinors, squared, summed over spins and integrated
                    over the neutrino's energy and azimuth by quadrature. The amplitudes come straight from the
                    Lagrangian's Dirac matrices (``vertices.py``); Majorana neutrinos by the second Wick contraction. No
                    trace, no closed form and no weight of the evaluator is used.
``near threshold``  the evaluator against its closed form in 60-digit decimal arithmetic, next to the thresholds.
``closed``          the evaluator is exactly zero above every threshold.

Where there is compiled code, NumPy must give its bits. NumPy and the standard library are all that is needed.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .functions import SpectralFunctions

Array = NDArray[Any]

TOLERANCES = {"spin sums": 1e-10, "near threshold": 1e-12, "closed": 0.0}
"""Largest accepted relative error: doubles lose a few digits in momenta and spinors, none at threshold."""
ROUNDING = 1e-15
"""Accepted difference relative to the sum of all absolute values: what is left when amplitudes cancel is their rounding."""
MOST_POINTS = 1000
"""Most photon energies of a check: more take hours and find nothing new."""

E_EG, E_VG = 2.0, 2.1
CROSSED = {"E_vg": (2.2, 3.0), "amplitudes": (0.4, -0.1)}
"""States that the photon leads to first."""
MOMENTA = (0.4, -0.7)
"""Momenta imprinted on the target. At the photon energy 0.7 the second one leaves the pair at rest."""
ENERGY_NODES, AZIMUTHS = 4, 5
"""Both rules are exact: a spin sum has at most two powers of the energy and two of the transverse momentum."""

METRIC = np.array([1.0, -1.0, -1.0, -1.0])
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
GAMMA0 = np.diag([1.0, 1, -1, -1])
CHARGE = np.array([[0, 0, 0, -1], [0, 0, 1, 0], [0, -1, 0, 0], [1, 0, 0, 0]], dtype=complex)
"""``C = i gamma2 gamma0`` in Dirac's representation; ``v = C ubar^T``."""


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    name: str
    kind: str
    error: float

    @property
    def passed(self) -> bool:
        """Whether the largest relative error is within the tolerance (NaN is not)."""
        return self.error <= TOLERANCES[self.kind]


@dataclass(frozen=True)
class Plan:
    """A check that has not run yet; ``run`` returns its largest relative error."""

    name: str
    kind: str
    run: Callable[[], float]


def verify(functions: SpectralFunctions, vertices: Any, points: int = 3) -> list[Check]:
    """Run every check with ``points`` photon energies each; ``ValueError`` unless they are from 1 to ``MOST_POINTS``."""
    return [Check(plan.name, plan.kind, plan.run()) for plan in plans(functions, vertices, points)]


def plans(functions: SpectralFunctions, vertices: Any, points: int = 3) -> list[Plan]:
    """Return every check with ``points`` photon energies each; ``ValueError`` unless they are from 1 to ``MOST_POINTS``."""
    if not 1 <= points <= MOST_POINTS:
        raise ValueError(f"points must be from 1 to {MOST_POINTS}, found {points}")
    return [*_plans(functions, vertices, points), *_moved_plans(functions, vertices, points)]


def _plans(functions: SpectralFunctions, vertices: Any, points: int) -> Iterator[Plan]:
    groups = tuple(group.name for group in functions.groups)
    chosen = [(name,) for name in groups] + ([groups] if len(groups) > 1 else [])
    for pair_step, nature in product(("M1", "E1"), ("dirac", "majorana")):
        for names in chosen:
            label = names[0] if len(names) == 1 else "everything"
            for n, light in ((1, "averaged"), (3, "general")):
                name = f"{label} {pair_step} {nature} n={n} {light}"
                given = partial(random_arguments, functions, vertices, name, names, nature, pair_step, n, light)
                yield Plan(name, "spin sums", partial(_against_spin_sums, functions, vertices, name, points, given))
        name = f"everything {pair_step} {nature}"
        given = partial(random_arguments, functions, vertices, name, groups, nature, pair_step, 3, "general")
        yield Plan(name, "near threshold", partial(_near_threshold, functions, given))
        yield Plan(name, "closed", partial(_above_every_threshold, functions, points, given))


def _moved_plans(functions: SpectralFunctions, vertices: Any, points: int) -> Iterator[Plan]:
    """Yield the checks with a momentum imprinted on the target, which may stop the pair or turn it around."""
    groups = tuple(group.name for group in functions.groups)
    for pair_step, nature, K in product(("M1", "E1"), ("dirac", "majorana"), MOMENTA):
        name = f"everything {pair_step} {nature} K={K}"
        still = partial(random_arguments, functions, vertices, name, groups, nature, pair_step, 3, "general")
        given = partial(_moved, still, K)
        yield Plan(name, "spin sums", partial(_against_spin_sums, functions, vertices, name, points, given))
        yield Plan(name, "near threshold", partial(_near_threshold, functions, given))
        yield Plan(name, "closed", partial(_above_every_threshold, functions, points, given))


Given = Callable[[], dict[str, Any]]
"""What draws the arguments of a check, when it runs."""


def _moved(still: Given, K: float) -> dict[str, Any]:
    return still() | {"imprinted_momentum": K, "m1": "full", "crossed": CROSSED}


def _momentum(arguments: Mapping[str, Any]) -> float:
    return float(arguments.get("imprinted_momentum", 0.0))


def _against_spin_sums(functions: SpectralFunctions, vertices: Any, name: str, points: int, given: Given) -> float:
    arguments = given()
    K = _momentum(arguments)
    rng = np.random.default_rng(zlib.crc32(f"{name} energies".encode()))
    energies = (rng.uniform(0.1, 0.95, points) * _edges(arguments["masses"], K)[0]).tolist() + ([abs(K)] if K else [])
    errors = []
    for w, value in zip(energies, _spectral_values(functions, energies, arguments), strict=True):
        expected, size = (spin_sums(functions, vertices, w, arguments, size=x) for x in (False, True))
        errors.append(_error("spin sums", value, expected, size))
    return max(errors)


def _near_threshold(functions: SpectralFunctions, given: Given) -> float:
    arguments = given()
    edges = _edges(arguments["masses"], _momentum(arguments))
    energies = [edge * (1 - 10.0**-k) for edge in edges for k in (3, 7, 11, 15)]
    found = _spectral_values(functions, energies, arguments)
    with localcontext() as context:
        context.prec = 60
        exact = functions.prepare_exact(number=Decimal, root=Decimal.sqrt, **arguments)
        pairs = zip(energies, found, strict=True)
        return max(_error("near threshold", value, exact(w), exact.size(w)) for w, value in pairs)


def _above_every_threshold(functions: SpectralFunctions, points: int, given: Given) -> float:
    arguments = given()
    K = _momentum(arguments)
    last = _edges(arguments["masses"], K)[-1]
    closed = np.linspace(last * (1 + 1e-15), (E_EG - K) / 2 * (1 - 1e-15), 10 * points)
    return float("inf") if np.any(functions.spectral_function(closed, **arguments)) else 0.0


def _spectral_values(functions: SpectralFunctions, energies: list[float], arguments: Mapping[str, Any]) -> list[float]:
    """Return I(omega), which NumPy and the compiled code must agree on to the last bit; NaN, which no check passes, otherwise."""
    evaluator = functions.prepare(**arguments)
    found = [float(evaluator(w)) for w in energies]
    plain = evaluator.without_compiled()(np.array(energies)).tolist() if evaluator.compiled else found
    return [value if value == other else float("nan") for value, other in zip(found, plain, strict=True)]


def _error(kind: str, found: Any, expected: Any, size: Any) -> float:
    """Return the relative error; ``size`` is the sum of the absolute values of everything that is added up."""
    if not np.isfinite(found):
        return float("inf")
    number = type(expected)
    difference = abs(number(float(found)) - expected)
    scale = max(abs(expected), number(ROUNDING / TOLERANCES[kind]) * size)
    return float(difference / scale) if scale else float("inf") if difference else 0.0


def _edges(masses: Array, K: float = 0.0) -> list[float]:
    sums = np.add.outer(masses, masses)[np.triu_indices(len(masses))]
    return sorted(float(edge) for edge in (E_EG - K) / 2 - sums**2 / (2 * (E_EG + K)))


# ---------------------------------------------------------------- random arguments


def random_arguments(
    functions: SpectralFunctions,
    vertices: Any,
    name: str,
    chosen: tuple[str, ...],
    nature: str,
    pair_step: str,
    n: int,
    light: str,
) -> dict[str, Any]:
    """Return reproducible arguments with the chosen groups switched on, each matrix with amplitudes of order one."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    base: dict[str, Any] = {
        "E_eg": E_EG,
        "E_vg": E_VG,
        "masses": np.sort(rng.uniform(0.02, 0.3, n)),
        "nature": nature,
        "pair_step": pair_step,
        "dipole_length": float(rng.uniform(0.5, 2)),
    }
    required = [argument.name for argument in functions.groups[0].arguments if argument.default is None]
    base |= {argument: np.zeros((n, n)) for argument in required}
    if light == "general":
        matrix = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
        positive = matrix @ matrix.conj().T
        base["atomic_tensor"] = positive / positive.trace().real
    energy = 0.7 * _edges(base["masses"])[0]
    result = dict(base)
    for group in functions.groups:
        if group.name not in chosen:
            continue
        scalars = {argument.name: _entry(rng, argument) for argument in group.arguments if not argument.is_matrix}
        matrices: dict[str, Array] = {}
        for argument in group.arguments:
            if argument.is_matrix:
                matrix = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
                alone = {argument.name: matrix if argument.kind == "general" else matrix + matrix.conj().T}
                inputs = functions.checked_inputs(**(base | _grouped(group, scalars | alone)))
                pieces = _pieces(vertices, inputs, energy, size=True)
                size = max((c.max() * gammas.max().real for c, gammas in pieces), default=0.0)
                # Couplings of one structure must not cancel, which +1 and -1 of a single neutrino would.
                matrices[argument.name] = alone[argument.name] * rng.uniform(0.5, 1) / (size or 1.0)
        result |= _grouped(group, scalars | matrices)
    return result


def _grouped(group: Any, entries: dict[str, Any]) -> dict[str, Any]:
    return {group.keyword: entries} if group.keyword else entries


def _entry(rng: np.random.Generator, argument: Any) -> Any:
    if argument.kind == "choice":
        return argument.choices[int(rng.integers(len(argument.choices)))]
    if argument.kind == "mass":
        return float(rng.uniform(1.2, 2.5) * E_EG)
    if argument.kind == "width":
        return float(rng.choice([0.0, 0.3]))
    return float(rng.uniform(0.5, 2))


# ---------------------------------------------------------------- spin sums


def spin_sums(functions: SpectralFunctions, vertices: Any, omega: float, arguments: Mapping[str, Any], *, size: bool = False) -> float:
    """Return I(omega) by quadrature of ``T_kl A^k A^l*`` summed over explicit spinors.

    With ``size`` the absolute values of everything are added up: what rounding errors are proportional to.
    """
    inputs = functions.checked_inputs(**arguments)
    pieces = _pieces(vertices, inputs, omega, size=size)
    qz, q0, s = _kinematics(inputs, omega)
    tensor = np.asarray(arguments.get("atomic_tensor", np.eye(3) / 3), dtype=complex)
    tensor = np.abs(tensor) if size else tensor
    n, total = len(inputs.masses), 0.0
    for i in range(n):
        for j in range(n):
            m_i, m_j = inputs.masses[i], inputs.masses[j]
            if s <= (m_i + m_j) ** 2:
                continue
            p_i, p_j, weights, length = _momenta(qz, q0, s, m_i, m_j)
            amplitude = _sandwich(_u(p_i, m_i), _total(pieces, i, j), _v(p_j, m_j), size)
            if inputs.majorana:
                # The other contraction creates j with the first field; exchanging the two fermions costs a sign.
                other = np.swapaxes(_sandwich(_u(p_j, m_j), _total(pieces, j, i), _v(p_i, m_i), size), -1, -2)
                amplitude = amplitude + other if size else amplitude - other
            squared = np.einsum("kl,nkab,nlab->n", tensor, amplitude, amplitude.conj()).real
            total += float(squared @ weights) * length
    levels = [c / (level - omega) for c, level in zip(inputs.amplitudes, inputs.E_vg, strict=True)]
    levels += [c / (level - q0) for level, c in inputs.crossed]
    atomic = sum(map(abs, levels)) if size else sum(levels)
    return total * float(atomic) ** 2 / (16 if inputs.majorana else 8)


def _kinematics(inputs: Any, omega: float) -> tuple[float, float, float]:
    """Return ``q_z``, ``q0`` and ``s`` of the pair; a momentum K that is imprinted on the target moves ``q_z``."""
    E_eg, K = inputs.E_eg, inputs.imprinted_momentum
    return omega + K, E_eg - omega, (E_eg + K) * (E_eg - K - 2 * omega)


def _pieces(vertices: Any, inputs: Any, omega: float, *, size: bool = False) -> list[tuple[Array, Array]]:
    """Return for each vertex its coupling matrix with everything in front of it, and its three matrices ``V^k``.

    With ``size`` all of them are sums of absolute values.
    """
    prepared = (
        _prepared(vertices, row, inputs, omega, size, conjugate)
        for row in vertices.VERTICES
        for conjugate in (False, True)
    )
    return [piece for piece in prepared if piece is not None]


def _prepared(
    vertices: Any, row: tuple[Any, ...], inputs: Any, omega: float, size: bool, conjugate: bool
) -> tuple[Array, Array] | None:
    qz, q0, s = _kinematics(inputs, omega)
    group, coupling, matrix, numerator, denominator, powers, propagator, electron, neutrino = row
    entries = inputs.groups.get(group)
    if entries is None or entries[matrix] is None:
        return None
    # Only a general matrix has parts, and a conjugate of its own.
    if conjugate and not any(name.startswith(f"{matrix}.") for name in entries):
        return None
    order, orbital, operator = vertices.OPERATORS[inputs.pair_step, electron]
    number = numerator / denominator * (1.0 if coupling is None else entries[coupling])
    if not operator or not number:
        return None
    for name, power in (*powers, ("m_e", -order), *((("bohr_radius", 1),) if inputs.pair_step == "E1" else ())):
        number *= vertices.CONSTANTS[name] ** power if power else 1.0
    if inputs.pair_step == "E1":
        number *= inputs.dipole_length
    if orbital and (entries.get("m1") or inputs.m1) == "full":
        number /= 2
    mass = None
    if propagator == "photon":
        number /= s
    elif propagator == "massive":
        mass, width = inputs.mediators[group]
        number = number / complex(s - mass**2, mass * width)
    numerator_mass = mass if entries.get("propagator") == "unitary" else None
    gammas = _contracted(operator, vertices.MATRICES[neutrino], qz, q0, numerator_mass, size, conjugate)
    couplings = number * (entries[matrix].conj().T if conjugate else entries[matrix])
    return np.abs(couplings) if size else couplings, gammas


def _contracted(
    operator: Any, matrices: Any, qz: float, q0: float, mass: float | None, size: bool, conjugate: bool
) -> Array:
    """Return ``sum_IJ S_I^k D_IJ N_J`` of shape (3, 4, 4); ``D = g - q q / M^2`` when a mass is given.

    With ``conjugate`` the matrices are ``gamma0 N_J(-q)^+ gamma0``.
    """
    sign = -1 if conjugate else 1
    lower_q = METRIC * np.array([q0, 0, 0, qz])
    total = np.zeros((3, 4, 4), dtype=complex)
    for left, vector in operator.items():
        spin = np.array([_value(polynomial, qz, q0) for polynomial in vector])
        for right, entries in matrices.items():
            link = 1.0 if left == right else 0.0
            for index in left:
                link *= METRIC[index]
            if mass is not None:
                link -= lower_q[left[0]] * lower_q[right[0]] / mass**2
            if link:
                gamma = np.zeros((4, 4), dtype=complex)
                for position, polynomial in entries.items():
                    gamma[position] = _value(polynomial, sign * qz, sign * q0)
                gamma = GAMMA0 @ gamma.conj().T @ GAMMA0 if conjugate else gamma
                product = link * spin[:, None, None] * gamma
                total += np.abs(product) if size else product
    return total


def _value(polynomial: Any, qz: float, q0: float) -> complex:
    return sum((complex(re, im) / denominator * qz**z * q0**power for re, im, denominator, z, power in polynomial), 0j)


def _total(pieces: list[tuple[Array, Array]], i: int, j: int) -> Array:
    return np.asarray(
        sum((couplings[i, j] * gammas for couplings, gammas in pieces), np.zeros((3, 4, 4), dtype=complex))
    )


def _momenta(qz: float, q0: float, s: float, m_i: float, m_j: float) -> tuple[Array, Array, Array, float]:
    """Return nodes ``p_i``, ``p_j`` (nodes, 4), weights of sum one, and the length of the range of energies over ``|q_z|``.

    Energy and momentum along q are those of the pair's frame, boosted: nothing is divided by ``q_z``, which may be 0.
    """
    kaellen = (s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2)
    x, weight = np.polynomial.legendre.leggauss(ENERGY_NODES)
    phi = 2 * np.pi * (np.arange(AZIMUTHS) + 0.25) / AZIMUTHS
    half, share = np.sqrt(kaellen) / (2 * s), (s + m_i**2 - m_j**2) / (2 * s)
    energy, along = (np.repeat(a * share + b * half * x, AZIMUTHS) for a, b in ((q0, qz), (qz, q0)))
    across = np.repeat(np.sqrt(kaellen / (4 * s) * (1 - x**2)), AZIMUTHS)
    angle = np.tile(phi, ENERGY_NODES)
    p_i = np.stack([energy, across * np.cos(angle), across * np.sin(angle), along], axis=-1)
    return p_i, np.array([q0, 0, 0, qz]) - p_i, np.repeat(weight, AZIMUTHS) / (2 * AZIMUTHS), float(2 * half)


def _u(p: Array, mass: float) -> Array:
    """Return the spinors ``u(p, s)`` as rows: (nodes, 2, 4)."""
    root = np.sqrt(p[:, 0] + mass)[:, None, None]
    upper = root * np.eye(2)
    lower = np.einsum("nk,kab->nba", p[:, 1:], PAULI) / root
    return np.concatenate([upper, lower], axis=-1)


def _v(p: Array, mass: float) -> Array:
    return np.asarray(_u(p, mass).conj() @ GAMMA0 @ CHARGE.T)


def _sandwich(u: Array, gammas: Array, v: Array, size: bool) -> Array:
    """Return ``ubar V^k v``: (nodes, 3, 2, 2)."""
    left, right = u.conj() @ GAMMA0, np.swapaxes(v, -1, -2)
    left, right = (np.abs(left), np.abs(right)) if size else (left, right)
    return np.asarray(left[:, None] @ gammas @ right[:, None])


def main(functions: SpectralFunctions, vertices: Any, words: list[str]) -> int:
    """Print the report; return 0 when every check passed, 1 when one failed, 2 for a bad argument."""
    if len(words) > 1 or not all(
        word.isascii() and word.isdecimal() and 0 < int(word) <= MOST_POINTS for word in words
    ):
        print(f"usage: verify.py [POINTS], POINTS from 1 to {MOST_POINTS}", file=sys.stderr)
        return 2
    checks = verify(functions, vertices, *map(int, words))
    for check in checks:
        print(f"{'passed' if check.passed else 'FAILED'}  {check.error:8.1e}  {check.kind:14}  {check.name}")
    passed = sum(check.passed for check in checks)
    print(f"{passed} of {len(checks)} checks passed")
    return 0 if passed == len(checks) else 1
