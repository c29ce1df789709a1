"""Scattering of a model against amplitudes between explicit spinors, straight from the bilinears of its files.

No Clifford basis, no trace, no row, no sign of charge conjugation: matrices of numbers between spinors, in a frame with q along z,
squared and summed. Antineutrinos are ``v = C ubar^T``, a Majorana neutrino has both contractions.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from derivations.interactions.model import WEAK
from renp.testing.arguments import seeded

if TYPE_CHECKING:
    from derivations.interactions.language import Bilinear
    from derivations.interactions.model import Interaction
    from renp.model import Model

Array = NDArray[np.complex128]

METRIC: Final = np.array([1.0, -1.0, -1.0, -1.0])
HELICITIES: Final[Mapping[str, tuple[int, ...]]] = {"plus": (0,), "minus": (1,), "average": (0, 1)}
NUCLEUS: Final[Mapping[str, float]] = {"Z": 3, "N": 4, "form_factor": 0.7, "sin2_theta_w": 0.23}
CHARGE: Final = 1.3
"""Charge of the nucleus under every mediator."""
FACTORS: Final = {"1": 1.0, "G_F": math.sqrt(2), "G_F/sqrt(2)": 1.0, "2 G_F/sqrt(2)": 2.0}
"""Factor of a contact Hamiltonian in units of ``G_F/sqrt2``; 1 is natural units."""


@dataclass(frozen=True)
class Point:
    """One point of the frame with ``q = (-T, 0, 0, qz)``: momenta of the neutrino and of the target, before and after."""

    before: Array
    after: Array
    rest: Array
    struck: Array
    q: Array
    masses: tuple[float, float]
    target: float


def point(T: float, energy: float, target: float, masses: tuple[float, float]) -> Point | None:
    """Return the momenta at a recoil T, or ``None`` where there are none."""
    m_in, m_out = masses
    along = math.sqrt(T * (T + 2 * target)) if T > 0 else 0.0
    if not along or energy <= m_in or energy - T < m_out:
        return None
    # |k + q|^2 = (E - T)^2 - m_out^2
    k_z = ((energy - T) ** 2 - m_out**2 - (energy**2 - m_in**2) - along**2) / (2 * along)
    across = energy**2 - m_in**2 - k_z**2
    if across <= 0:
        return None
    q = np.array([-T, 0, 0, along])
    k, rest = np.array([energy, math.sqrt(across), 0, k_z]), np.array([target, 0, 0, 0])
    return Point(k, k + q, rest, rest - q, q, masses, target)


def cross_section(model: Model, process: str, T: float, arguments: Mapping[str, Any], *, size: bool = False) -> float:
    """Return ``d sigma/dT`` [eV^-3] of a model from explicit spinors; arguments are those of ``Model.probes``, all of them named.

    With ``size`` the absolute values of everything are added up: what rounding errors are proportional to.

    Example
    -------
    >>> from renp.model import Model
    >>> given = dict(energy=3.0, masses=[0.1, 0.2], axial=np.eye(2), vector_weak=np.eye(2), incoming=0, target_mass=2.0)
    >>> expected = cross_section(Model(), "electron_scattering", 0.5, given)
    >>> bool(abs(Model().probes.electron_scattering(0.5, **given) / expected - 1) < 1e-13)
    True
    """
    incoming, masses = arguments["incoming"], [float(m) for m in arguments["masses"]]
    coherent = np.ndim(incoming) > 0
    states = list(enumerate(incoming)) if coherent else [(int(incoming), 1.0)]
    states = [(k, abs(weight)) for k, weight in states] if size else states
    nucleus = process == "coherent_scattering"
    target = float(arguments["nucleus_mass" if nucleus else "target_mass"])
    anti, majorana = arguments.get("antineutrino", False), arguments.get("nature") == "majorana"
    chosen = HELICITIES[arguments.get("helicity") or ("plus" if anti else "minus")]
    outgoing = arguments.get("outgoing")
    total = 0.0
    for j in range(len(masses)) if outgoing is None else (outgoing,):
        pair = (0.0, 0.0) if coherent else (masses[states[0][0]], masses[j])
        here = point(T, float(arguments["energy"]), target, pair)
        if here is None:
            continue
        amplitude: Any = 0.0
        for k, weight in states:
            if majorana or not anti:
                amplitude += weight * _between(model, nucleus, here, arguments, (j, k), crossed=False, size=size)
            if majorana or anti:
                amplitude += weight * _between(model, nucleus, here, arguments, (k, j), crossed=True, size=size)
        squared = float((np.abs(amplitude[..., list(chosen)]) ** 2).sum())
        momentum = (here.before[1:].real ** 2).sum()
        spins = amplitude.shape[0] * len(chosen)
        total += squared / spins / (32 * math.pi * target * momentum)
    return total


def _between(
    model: Model,
    nucleus: bool,
    here: Point,
    arguments: Mapping[str, Any],
    pair: tuple[int, int],
    *,
    crossed: bool,
    size: bool = False,
) -> Any:
    """Return amplitudes (target', target, nu', nu) of ``nubar_a X_ab nu_b``; crossed: an antineutrino from a to b."""
    pieces = list(_vertices(model, nucleus, here, arguments, pair, size))
    u_in, u_out = (spinors(p, m) for p, m in zip((here.before, here.after), here.masses, strict=True))
    if size:
        return np.einsum("oa,...ab,ib->...oi", np.abs(u_out), sum(map(np.abs, pieces)), np.abs(u_in))
    matrices = sum(pieces)
    if not crossed:
        return np.asarray(np.einsum("oa,...ab,ib->...oi", u_out.conj() @ GAMMA[0], matrices, u_in))
    v_in, v_out = (conjugated(u) for u in (u_in, u_out))
    # Exchanging the two field operators costs a sign.
    return np.asarray(-np.einsum("ia,...ab,ob->...oi", v_in.conj() @ GAMMA[0], matrices, v_out))


def _vertices(
    model: Model, nucleus: bool, here: Point, arguments: Mapping[str, Any], pair: tuple[int, int], size: bool
) -> Iterator[Array]:
    for interaction in model.interactions:
        entries = arguments if interaction.name == WEAK else arguments.get(interaction.name)
        if entries is not None:
            yield from _terms(interaction, nucleus, here, arguments, entries, pair, size)
    spins = 1 if nucleus else 2
    yield np.zeros((spins, spins, 4, 4), dtype=complex)


def _terms(
    interaction: Interaction, nucleus: bool, here: Point, arguments: Mapping[str, Any], entries: Mapping[str, Any],
    pair: tuple[int, int], size: bool,
) -> Iterator[Array]:  # fmt: skip
    constants = _constants()
    propagator = interaction.propagator
    if propagator.kind == "contact":
        if nucleus and interaction.name != WEAK:
            return
        number = FACTORS[propagator.factor] * (1.0 if propagator.factor == "1" else constants["G_F"] / math.sqrt(2))
        if nucleus:
            weak = arguments.get("weak")
            matrix = np.eye(len(arguments["masses"])) if weak is None else np.asarray(weak)
            neutrino = matrices(interaction.terms[0].neutrino, here.q)
            charge = NUCLEUS["Z"] * (0.5 - 2 * NUCLEUS["sin2_theta_w"]) - NUCLEUS["N"] / 2
            current = _nuclear(here, charge * NUCLEUS["form_factor"])
            yield number * matrix[pair] * _contracted(current, neutrino, size)
            return
        for term in interaction.terms:
            if (value := entries.get(term.coupling)) is None:
                continue
            for coupling, conjugate in elements(value, pair, term.conjugate):
                electron = _electron(here, matrices(term.electron, -here.q, conjugate))
                yield (
                    number
                    * unit(term.units)
                    * coupling
                    * _contracted(electron, matrices(term.neutrino, here.q, conjugate), size)
                )
        return
    squared = float(here.q @ (METRIC * here.q))
    mass = float(entries[propagator.mass]) if propagator.mass else 0.0
    sign = 1.0 if propagator.spin == 0 else -1.0
    unitary = mass if entries.get("propagator") == "unitary" else 0.0
    for n in interaction.neutrino:
        if (value := entries.get(n.coupling)) is None:
            continue
        for element, conjugate in elements(value, pair, n.conjugate):
            neutrino = matrices(n.bilinear, here.q, conjugate)
            for current in _currents(interaction, nucleus, here, entries):
                product = _contracted(current, neutrino, size)
                if unitary:
                    product = product - (-1 if size else 1) * _along(here, current, neutrino, size) / unitary**2
                yield sign * unit(n.units) * element * product / (squared - mass**2)


def _currents(
    interaction: Interaction, nucleus: bool, here: Point, entries: Mapping[str, Any]
) -> Iterator[dict[Any, Array]]:
    """Yield the matrix elements of the target's currents, by their indices, with their couplings."""
    kind, spin = interaction.propagator.kind, interaction.propagator.spin
    if nucleus:
        if kind == "photon":
            yield _nuclear(here, -NUCLEUS["Z"] * NUCLEUS["form_factor"] * _constants()["e"])
        elif spin == 1:
            yield _nuclear(here, CHARGE * NUCLEUS["form_factor"])
        elif spin == 0:
            yield {(): np.full((1, 1), 2 * here.target * CHARGE * NUCLEUS["form_factor"], dtype=complex)}
        return
    for e in interaction.electron:
        coupling = _constants()["e"] if e.constant else float(entries.get(e.coupling, 0.0)) * unit(e.units)
        yield {key: coupling * found for key, found in _electron(here, matrices(e.bilinear, -here.q)).items()}


def _nuclear(here: Point, charge: float) -> dict[Any, Array]:
    both = here.rest + here.struck
    return {(mu,): np.full((1, 1), charge * both[mu], dtype=complex) for mu in range(4)}


def _electron(here: Point, matrices: Mapping[Any, Array]) -> dict[Any, Array]:
    """Return ``ubar' G u`` between a target at rest and the struck one, shape (final spin, initial spin)."""
    rest, struck = spinors(here.rest, here.target), spinors(here.struck, here.target)
    return {key: struck.conj() @ GAMMA[0] @ matrix @ rest.T for key, matrix in matrices.items()}


def _contracted(current: Mapping[Any, Array], neutrino: Mapping[Any, Array], size: bool) -> Any:
    total: Any = 0.0
    for key, spin in current.items():
        product = math.prod(METRIC[mu] for mu in key) * spin[:, :, None, None] * neutrino[key]
        total = total + (np.abs(product) if size else product)
    return total


def _along(here: Point, current: Mapping[Any, Array], neutrino: Mapping[Any, Array], size: bool) -> Any:
    lower = METRIC * here.q
    parts = ([lower[mu] * found[mu,] for mu in range(4)] for found in (current, neutrino))
    spin, matrix = (sum(map(np.abs, part) if size else part) for part in parts)
    return np.asarray(spin)[:, :, None, None] * matrix


def elements(value: Any, pair: tuple[int, int], conjugate: bool) -> Iterator[tuple[complex, bool]]:
    """Yield the element ab of a matrix, and of a term that comes with its conjugate that of ``f^+``."""
    matrix = np.asarray(value, dtype=complex)
    yield complex(matrix[pair]), False
    if conjugate:
        yield complex(matrix[pair[::-1]].conj()), True


def matrices(bilinear: Bilinear, q: Array, conjugate: bool = False) -> dict[Any, Array]:
    """Return a bilinear as matrices of numbers by its indices, for a line that receives ``q = (q0, 0, 0, qz)``."""
    sign = -1 if conjugate else 1
    result = {}
    for values, entries in _polynomials(bilinear):
        matrix = np.zeros((4, 4), dtype=complex)
        for position, terms in entries:
            matrix[position] = sum(c * (sign * q[0]) ** a * (sign * q[3]) ** b for c, a, b in terms)
        result[values] = GAMMA[0] @ matrix.conj().T @ GAMMA[0] if conjugate else matrix
    return result


def _float(rational: Any) -> float:
    return float(Fraction(int(rational.numerator), int(rational.denominator)))


@lru_cache(maxsize=256)
def _polynomials(bilinear: Bilinear) -> tuple[Any, ...]:
    from derivations.interactions.matrices import component

    result = []
    for values in itertools.product(range(4), repeat=len(bilinear.free_indices)):
        matrix = component(bilinear, dict(zip(bilinear.free_indices, values, strict=True)))
        entries = []
        for position, polynomial in matrix.entries.items():
            terms = tuple((complex(_float(c.x), _float(c.y)), powers[4], powers[5]) for powers, c in polynomial.items())
            entries.append((position, terms))
        result.append((values, tuple(entries)))
    return tuple(result)


@lru_cache(maxsize=1)
def _constants() -> dict[str, float]:
    from codegen.constants import natural_constants

    return {constant.name: float(constant.value) for constant in natural_constants()}


def unit(units: str) -> float:
    """Return one of the units of a coupling in powers of eV."""
    constants = _constants()
    return {"mu_B": constants["mu_B"], "cm": 1 / constants["hbar_c"], "cm^2": constants["hbar_c"] ** -2}.get(units, 1.0)


# ---------------------------------------------------------------- spinors


def _gamma() -> Array:
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    zero = np.zeros((2, 2))
    gammas = [np.diag([1.0, 1, -1, -1]).astype(complex)]
    gammas += [np.block([[zero, sigma], [-sigma, zero]]) for sigma in pauli]
    return np.array(gammas)


GAMMA: Final = _gamma()
C: Final = 1j * GAMMA[2] @ GAMMA[0]


def spinors(p: Array, mass: float) -> Array:
    """Return ``u`` of helicity + and - as rows; at rest the spin is along z."""
    energy, size = float(p[0]), float(np.linalg.norm(p[1:]))
    cosine = float(p[3]) / size if size else 1.0
    # Half angles from the larger of both: neither cancels.
    half = math.atan2(float(np.hypot(p[1], p[2])), float(p[3])) / 2 if size else 0.0
    phase = np.exp(1j * math.atan2(float(p[2]), float(p[1]))) if size and abs(cosine) < 1 else 1.0
    two = np.array([[math.cos(half), phase * math.sin(half)], [-np.conj(phase) * math.sin(half), math.cos(half)]])
    upper, lower = math.sqrt(energy + mass), size / math.sqrt(energy + mass)
    return np.array([[*(upper * chi), *(h * lower * chi)] for h, chi in zip((1, -1), two, strict=True)])


def conjugated(u: Array) -> Array:
    """Return ``v = C ubar^T`` of each row."""
    return np.asarray((C @ (u.conj() @ GAMMA[0]).T).T)


# ---------------------------------------------------------------- checks

TOLERANCE: Final = 1e-12
ROUNDING: Final = 1e-14
"""What rounding leaves of an amplitude, over the sum of the absolute values of all that is added up in it."""


def scattering_interactions(model: Model) -> dict[str, tuple[str, ...]]:
    """Return the interactions that act in each scattering process, by the names of both, in the order of the model.

    Example
    -------
    >>> from renp.model import Model
    >>> scattering_interactions(Model("tensor", "scalar"))["coherent_scattering"]
    ('standard_model', 'scalar')
    """
    tables = model.probes.electron, model.probes.nucleus
    acting = {table.name: {term.group for term in table.terms} for table in tables}
    return {process: tuple(i.name for i in model.interactions if i.name in found) for process, found in acting.items()}


def largest_error(model: Model, process: str, chosen: Sequence[str], nature: str, name: str, points: int) -> float:
    """Return the largest relative error of a model's cross section at random points, for all helicities and both charges."""
    rng = seeded(name)
    worst = 0.0
    for helicity, anti in itertools.islice(_ways(rng), points):
        scale = 10 ** rng.uniform(-2, 6)
        arguments = random_arguments(model, process, chosen, rng, scale) | {"nature": nature}
        arguments |= {"helicity": helicity, "antineutrino": anti}
        energy, target = (
            arguments["energy"],
            arguments["nucleus_mass" if "nucleus_mass" in arguments else "target_mass"],
        )
        T = rng.uniform(0.02, 0.98) * 2 * energy**2 / (target + 2 * energy)
        expected = cross_section(model, process, T, arguments)
        found = float(getattr(model.probes, process)(T, **arguments))
        size = cross_section(model, process, T, arguments, size=True)
        # Spinors lose digits where amplitudes cancel, and a helicity that is absent is the square of what they leave.
        lost = ROUNDING * math.sqrt(size)
        scale = max(expected, lost * max(math.sqrt(expected), lost) / TOLERANCE)
        error = abs(found - expected) / scale if scale else float(found != 0)
        worst = max(worst, error)
    return worst


def _ways(rng: np.random.Generator) -> Iterable[tuple[str, bool]]:
    while True:
        yield str(rng.choice(list(HELICITIES))), bool(rng.integers(2))


def random_arguments(
    model: Model, process: str, chosen: Sequence[str], rng: np.random.Generator, scale: float
) -> dict[str, Any]:
    """Return arguments of a cross section with the chosen interactions on, each about as strong as the weak current."""
    n = 3
    energy, target = rng.uniform(1, 4) * scale, rng.uniform(0.5, 2) * scale
    arguments: dict[str, Any] = {"energy": energy, "masses": np.array([0.0, 0.2, 0.6]) * rng.integers(2) * scale}
    coherent = not arguments["masses"].any() and rng.integers(2)
    arguments["incoming"] = rng.normal(size=n) + 1j * rng.normal(size=n) if coherent else int(rng.integers(2))
    if process == "coherent_scattering":
        arguments |= {
            **NUCLEUS,
            "nucleus_mass": target,
            "weak": _matrix(rng, n) if WEAK in chosen else np.zeros((n, n)),
        }
    else:
        arguments["target_mass"] = target
        for name in ("axial", "vector_weak"):
            arguments[name] = _matrix(rng, n) if WEAK in chosen else np.zeros((n, n))
    acting = {term.group for term in (model.probes.nucleus if "weak" in arguments else model.probes.electron).terms}
    for group in model.probes.groups:
        if not group.keyword or group.name not in chosen or group.name not in acting:
            continue
        entries: dict[str, Any] = {}
        for argument in group.arguments:
            if argument.is_matrix:
                general = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
                entries[argument.name] = general if argument.kind == "general" else general + general.conj().T
            elif argument.kind == "mass":
                entries[argument.name] = energy * rng.uniform(0.3, 3)
            elif argument.kind == "real":
                entries[argument.name] = rng.uniform(0.5, 2)
            elif argument.name == "propagator":
                entries[argument.name] = str(rng.choice(argument.choices))
        if "weak" in arguments and any(a.kind == "mass" for a in group.arguments):
            arguments.setdefault("nuclear", {})[group.keyword] = CHARGE
        arguments[group.keyword] = entries
        _sized(model, process, arguments, group.keyword, entries)
    return arguments


def _matrix(rng: np.random.Generator, n: int) -> Array:
    general = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    return np.asarray((general + general.conj().T) / 2)


def _sized(model: Model, process: str, arguments: dict[str, Any], keyword: str, entries: dict[str, Any]) -> None:
    """Scale each matrix of a group so that it alone is about as strong as the weak current."""
    matrices = {name: value for name, value in entries.items() if np.ndim(value)}
    energy = arguments["energy"]
    target = arguments["nucleus_mass" if "weak" in arguments else "target_mass"]
    here = point(energy**2 / (target + 2 * energy), energy, target, (0.0, 0.0))
    assert here is not None
    weak = _constants()["G_F"] * energy * target
    for name, matrix in matrices.items():
        alone = arguments | {keyword: {k: v for k, v in entries.items() if k not in matrices or k == name}}
        alone |= {k: np.zeros_like(alone[k]) for k in ("axial", "vector_weak", "weak") if k in alone}
        alone = {k: v for k, v in alone.items() if k == keyword or not isinstance(v, dict) or k == "nuclear"}
        size = float(_between(model, "weak" in arguments, here, alone, (0, 1), crossed=False, size=True).max())
        if size:
            entries[name] = matrix * (weak / size)
