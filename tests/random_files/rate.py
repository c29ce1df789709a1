"""The spectral function of random interactions by brute force, from their trees.

What a bilinear of a slow electron does to an atom is worked out here from two-component spinors; neutrinos, phase space and
spin sums are those of :mod:`tests.brute_force`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from renp.testing.expressions import Atom, Node, Number, Product, Sum, conjugate_matrices, matrices
from renp.testing.sampling import ContactTerm, Model
from tests.brute_force.arithmetic import Array, Constants, arithmetic, codata_constants
from tests.brute_force.dirac import METRIC, PAULI, DiracAlgebra, dirac_algebra, levi_civita
from tests.brute_force.reference import Kinematics, kinematics, pair_amplitudes, pair_nodes

ELECTRON_Q = -1
"""What ``q`` stands for in a bilinear of the electron, in units of ``p_i + p_j``: the momentum that its line receives."""
PRECISION: str | int = "longdouble" if np.finfo(np.longdouble).eps < 1e-18 else 20
"""Spinors lose a few digits, which a double cannot spare."""
_LOST, _LOST_IN_DOUBLES = 1e-15, 1e-12
"""Part of a matrix that is rounding: below it a number counts as zero."""

WEAK = Model(
    "",
    "contact",
    factor="G_F/sqrt(2)",
    terms=tuple(
        ContactTerm(
            name,
            electron,
            Product((("", Atom("gamma", ("mu",))), (" ", Sum(((1, Number("1")), (-1, Atom("gamma5"))))))),
            "1",
        )
        for name, electron in (
            ("axial", Sum(((-1, Product((("", Atom("gamma", ("mu",))), (" ", Atom("gamma5"))))),))),
            ("vector_weak", Atom("gamma", ("mu",))),
        )
    ),
)
"""The weak interaction: ``H = (G_F/sqrt2) [nubar gamma_mu (1 - gamma5) nu] [ebar gamma^mu (v - a gamma5) e]``."""


@dataclass(frozen=True)
class Operator:
    """What an electron bilinear does in a pair step: an axis for each of its indices, and ``sigma^k`` or ``r^k`` last.

    ``orbital`` is what the orbital motion takes away from the magnetic one when ``L + 2S`` stands for ``2S``.
    """

    vector: Array
    orbital: Array


def electron_operator(algebra: DiracAlgebra, gamma: Array, q: Array, m_e: Any, pair_step: str) -> Operator:
    """Return the leading operator of ``ebar Gamma e`` between slow electrons that lose the momentum ``q``.

    ``gamma`` are the matrices, shape (..., 4, 4), in the Dirac representation. With ``u(p) = (1, sigma.p / 2m)`` and
    ``p, p' = K +- q/2`` an electron of momentum K has spin part and unit part

    - M1: ``sigma^k`` at K = 0, of the lowest power of 1/m that is there;
    - E1: the unit matrix, whose first moment in ``exp(-i q.x)`` is ``-i q.r``, and ``K/m``, which is ``-i q0 r`` between
      levels whose energies differ by ``q0``. The moment of ``c.K/m`` along ``exp(-i q.x)`` also holds the orbital partner
      ``(i/2m) (c x q).L`` of the magnetic ``(i/2m) (c x q).sigma``; between such levels ``L + S`` vanishes.
    """
    system = algebra.system
    i = system.complex_(1j)
    pauli = [system.array(matrix) for matrix in PAULI]
    full = algebra.gamma[0] @ gamma
    upper, right, left = full[..., :2, :2], full[..., :2, 2:], full[..., 2:, :2]
    size = np.abs(full).max()

    def unit(block: Array) -> Array:
        return (block[..., 0, 0] + block[..., 1, 1]) / 2

    def spin(block: Array) -> Array:
        return np.stack([np.trace(block @ sigma, axis1=-2, axis2=-1) / 2 for sigma in pauli], axis=-1)

    current = np.stack([unit(right @ sigma + sigma @ left) / 2 for sigma in pauli], axis=-1)
    if pair_step == "E1":
        density = unit(upper)
        dipole = np.stack([-i * (q[1 + k] * density + q[0] * current[..., k]) for k in range(3)], axis=-1)
        return Operator(_cleaned(dipole, size * q[0]), 0 * dipole)
    leading = _cleaned(spin(upper), size)
    if leading.any():
        return Operator(leading, 0 * leading)
    recoil = sum(spin(q[1 + k] * (right @ pauli[k] - pauli[k] @ left)) for k in range(3)) / (4 * m_e)
    crossed = [
        sum(levi_civita(k, l, m) * current[..., l] * q[1 + m] for l in range(3) for m in range(3))  # noqa: E741
        for k in range(3)
    ]
    magnetic = i / (2 * m_e) * np.stack(crossed, axis=-1)
    return Operator(_cleaned(recoil, size * q[0] / m_e), magnetic / 2)


def _cleaned(values: Array, size: Any) -> Array:
    """Return the values with exact zeros where only rounding is left of numbers of a size."""
    lost = _LOST_IN_DOUBLES if values.dtype == np.complex128 else _LOST
    return np.where(np.abs(values) > lost * size, values, 0 * values)


def vertex(operator: Array, neutrino: Array, q: Array, numerator_mass: Any = None) -> Array:
    """Return ``V^k``, shape (3, 4, 4): all indices contracted; with a mass by ``g - q q / M^2`` instead of ``g``."""
    indices = operator.ndim - 1
    lowered = neutrino
    for axis in range(indices):
        shape = [4 if place == axis else 1 for place in range(neutrino.ndim)]
        lowered = lowered * np.array(METRIC).reshape(shape)
    letters = "ab"[:indices]
    out = np.einsum(f"{letters}k,{letters}xy->kxy", operator, lowered)
    if numerator_mass is not None:
        lower_q = np.array(METRIC) * q
        along = np.einsum("ak,a->k", operator, lower_q), np.einsum("axy,a->xy", neutrino, lower_q)
        out = out - np.einsum("k,xy->kxy", *along) / numerator_mass**2
    return _cleaned(out, np.abs(operator).max() * np.abs(neutrino).max())


def pieces(
    algebra: DiracAlgebra,
    constants: Constants,
    kin: Kinematics,
    models: Sequence[Model],
    values: Mapping[str, Mapping[str, Any]],
    pair_step: str,
    dipole: Any,
    m1: str = "spin",
) -> Iterator[tuple[str, str, Array, Array]]:
    """Yield for each product of two bilinears the model, the matrix coupling, ``c_ij`` and ``V^k``.

    ``values`` maps a model's name to its entries; couplings that are missing are zero. ``m1`` is the magnetic operator of the
    models that do not choose their own.
    """
    system = algebra.system
    units = {"mu_B": constants.bohr_magneton, "cm": 1 / constants.hbar_c, "cm^2": 1 / constants.hbar_c**2}
    fermi = constants.G_F
    factors = {
        "1": system.real(1),
        "G_F": fermi,
        "G_F/sqrt(2)": fermi / system.sqrt(system.real(2)),
        "2 G_F/sqrt(2)": 2 * fermi / system.sqrt(system.real(2)),
    }
    for model in models:
        entries = values.get(model.name)
        if entries is None:
            continue
        products: list[tuple[Any, Node, str, Any, Node, bool]] = []
        for term in model.terms:
            unit = units.get(term.units, 1)
            products.append((factors[model.factor], term.electron, term.name, unit, term.neutrino, term.conjugate))
        numerator_mass = None
        if model.kind != "contact":
            sign = 1 if model.spin == 0 else -1
            denominator = system.complex_(kin.s)
            if model.kind == "massive":
                mass, width = system.real(entries[model.mass]), system.real(entries.get(model.width, 0.0))
                denominator = kin.s - mass * mass + system.complex_(1j) * mass * width
                if entries.get("propagator") == "unitary":
                    numerator_mass = mass
            for e in model.electron:
                strength = constants.e if e.constant else system.real(entries.get(e.name, 0.0)) * units.get(e.units, 1)
                for n in model.neutrino:
                    number = sign * strength / denominator
                    products.append((number, e.bilinear, n.name, units.get(n.units, 1), n.bilinear, n.conjugate))
        for number, electron, name, unit, neutrino, added in products:
            matrix = entries.get(name)
            if matrix is None or not number:
                continue
            for factor, bilinear in electron_parts(electron, algebra, ELECTRON_Q * kin.q):
                operator = electron_operator(algebra, bilinear, kin.q, constants.m_e, pair_step)
                vector = operator.vector - (operator.orbital if (entries.get("m1") or m1) == "full" else 0)
                coupling = number * unit * (dipole if pair_step == "E1" else 1) * system.array(matrix)
                V = vertex(vector, matrices(neutrino, algebra, kin.q), kin.q, numerator_mass)
                yield model.name, name, factor * coupling, V
                if added:
                    # Propagators are not conjugated: the mediator is emitted and absorbed by either term.
                    coupling = number * unit * (dipole if pair_step == "E1" else 1) * system.array(matrix).conj().T
                    V = vertex(vector, conjugate_matrices(neutrino, algebra, kin.q), kin.q, numerator_mass)
                    yield model.name, name, np.conjugate(factor) * coupling, V


def electron_parts(electron: Node, algebra: DiracAlgebra, q: Array) -> Iterator[tuple[Any, Array]]:
    """Yield Hermitian matrices and what they are multiplied with, 1 and i, to give the bilinear; none that vanish.

    Each of them is an operator of its own, of its own lowest power of 1/m.
    """
    here, back = matrices(electron, algebra, q), conjugate_matrices(electron, algebra, q)
    i = algebra.system.complex_(1j)
    for factor, part in ((algebra.system.complex_(1), (here + back) / 2), (i, (here - back) / (2 * i))):
        cleaned = _cleaned(part, np.abs(here).max())
        if cleaned.any():
            yield factor, cleaned


@dataclass(frozen=True)
class Rate:
    """The spectral function, and the same with everything added in absolute value: what rounding is proportional to."""

    value: Any
    size: Any


def rate(omega: float, models: Sequence[Model], arguments: Mapping[str, Any], precision: str | int = PRECISION) -> Rate:
    """Return I(omega); ``arguments`` are those of the project's ``spectral_function``, ``precision`` that of the reference."""
    with arithmetic(precision) as system:
        algebra, constants = dirac_algebra(system), codata_constants(system)
        kin = kinematics(system, omega, arguments["E_eg"], arguments.get("imprinted_momentum", 0.0))
        step = arguments["pair_step"]
        dipole = system.real(arguments["dipole_length"]) * constants.bohr_radius
        weak = {name: arguments[name] for name in ("axial", "vector_weak") if arguments.get(name) is not None}
        values = {"": weak} | {model.name: arguments[model.name] for model in models if model.name in arguments}
        found = list(
            pieces(algebra, constants, kin, [WEAK, *models], values, step, dipole, arguments.get("m1", "spin"))
        )
        masses = [system.real(mass) for mass in arguments["masses"]]
        given = arguments.get("atomic_tensor")
        T = system.array(np.eye(3)) / 3 if given is None else system.array(given)
        total, size = system.complex_(0), system.real(0)
        for i, m_i in enumerate(masses):
            for j, m_j in enumerate(masses):
                nodes = pair_nodes(system, kin, m_i, m_j)
                if nodes is None:
                    continue
                both = [sum((c[a, b] * V for *_, c, V in found), system.zeros(3, 4, 4)) for a, b in ((i, j), (j, i))]
                A = pair_amplitudes(algebra, nodes, (m_i, m_j), (both[0], both[1]), nature=arguments["nature"])
                flat = np.swapaxes(A, 1, 0).reshape(3, len(nodes.weights), 4)
                squares = np.einsum("kl,kns,lns->n", T, flat, np.conjugate(flat))
                total = total + (squares * nodes.weights).sum() * nodes.E_nu_range_over_q
                bound = sum((max(abs(c[i, j]), abs(c[j, i])) * np.abs(V).max() for *_, c, V in found), system.real(0))
                size = size + 16 * bound**2 * kin.q[0] ** 2 * nodes.E_nu_range_over_q
        levels = [system.real(E) for E in np.atleast_1d(arguments["E_vg"])]
        strengths = arguments.get("intermediate_amplitudes")
        strengths = [1] * len(levels) if strengths is None else [system.real(c) for c in strengths]
        parts = [c / (level - kin.omega) for c, level in zip(strengths, levels, strict=True)]
        if crossed := arguments.get("crossed"):
            both = zip(crossed["amplitudes"], crossed["E_vg"], strict=True)
            parts += [system.real(c) / (system.real(level) - kin.q[0]) for c, level in both]
        common = system.real(1) / (4 * constants.G_F**2) / (2 if arguments["nature"] == "majorana" else 1)
        return Rate((common * sum(parts) ** 2 * total).real, common * sum(abs(x) for x in parts) ** 2 * size)


def unit_sizes(
    omega: float, E_eg: float, models: Sequence[Model], values: Mapping[str, Mapping[str, Any]], pair_step: str
) -> dict[tuple[str, str], float]:
    """Return the largest entry of ``c V`` for each matrix coupling, in units of the weak axial one."""
    with arithmetic("double") as system:
        algebra, constants = dirac_algebra(system), codata_constants(system)
        kin = kinematics(system, omega, E_eg)
        fermi = constants.G_F / system.sqrt(system.real(2))
        sizes: dict[tuple[str, str], float] = {}
        for model, name, c, V in pieces(algebra, constants, kin, models, values, pair_step, constants.bohr_radius):
            here = float(np.abs(c).max() * np.abs(V).max() / fermi)
            sizes[model, name] = max(here, sizes.get((model, name), 0.0))
        return sizes
