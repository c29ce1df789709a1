"""Five other processes of the same interactions by brute force: explicit matrices, explicit spinors, explicit momenta.

Every process has one neutrino line. Its vertex is a 4 x 4 matrix ``X``, the sum of all Hamiltonian terms with the source's
matrix elements put in (:func:`line_matrix`), and its amplitudes are written down once (:func:`line_amplitudes`):

* an incoming neutrino k, an outgoing j: ``ubar_j X_jk u_k``;
* an incoming antineutrino k, an outgoing j: ``- vbar_k X_kj v_j``, the sign from exchanging the two operators;
* Majorana: the sum of both, spinors ``v = C ubar^T`` of the same spin;
* a pair i, j from a boson: ``ubar_i X_ij v_j``, Majorana minus ``ubar_j X_ji v_i``.

``X`` depends on the momentum ``Q`` that the line receives, which is the same in both contractions. Phase space is the
two-body formula, support is "are the four-vectors real". Arguments are those of the project's ``probes``, one number for
arrays; natural units, powers of eV.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from scipy import constants as codata

from .arithmetic import Arithmetic, Array, Constants, arithmetic, codata_constants
from .dirac import METRIC, DiracAlgebra, dirac_algebra
from .reference import Couplings, _matrix, _override, photon_vertex, read_couplings

Group = Mapping[str, Any] | None
HELICITIES = {"plus": (0,), "minus": (1,), "average": (0, 1)}
"""Rows of the spinors of a particle along +z: spin along z in the rest frame is helicity."""


# ---------------------------------------------------------------- the vertex of the line


@dataclass(frozen=True)
class Groups:
    """All couplings in powers of eV; beyond :class:`reference.Couplings` a tensor mediator and a milli-charge."""

    weak: Couplings
    tensor_mediator: Mapping[str, Any] | None
    charge: Array


def read_groups(
    system: Arithmetic,
    constants: Constants,
    n: int,
    *,
    axial: Any = None,
    vector_weak: Any = None,
    electromagnetic: Group = None,
    vector: Group = None,
    scalar: Group = None,
    tensor: Group = None,
    tensor_mediator: Group = None,
) -> Groups:
    """Convert all groups to powers of eV; ``electromagnetic["charge"]`` is a literal milli-charge matrix."""
    charge = (electromagnetic or {}).get("charge")
    if electromagnetic is not None:
        electromagnetic = {"mu": None} | {name: value for name, value in electromagnetic.items() if name != "charge"}
    couplings = read_couplings(
        system,
        constants,
        n,
        weak=axial,
        vector_weak=vector_weak,
        vector=vector,
        scalar=scalar,
        electromagnetic=electromagnetic,
        tensor=tensor,
    )
    if unknown := set(tensor_mediator or ()) - {"mass", "width", "c_T", "d_T"}:
        raise ValueError(f"unknown keys in tensor_mediator: {sorted(unknown)}")
    mediator = tensor_mediator and {
        "mass": system.real(tensor_mediator["mass"]),
        "c_T": system.real(tensor_mediator.get("c_T", 0)),
        "d_T": _matrix(system, tensor_mediator.get("d_T"), n),
    }
    return Groups(couplings, mediator, _matrix(system, charge, n))


@dataclass(frozen=True)
class Source:
    """Matrix elements of the source's currents, upper indices first, then the final and the initial spin.

    ``electromagnetic``, ``vector``, ``scalar`` and ``tensor_mediator`` hold the source's coupling, as in ``L = + J A``;
    ``weak_axial``, ``tensor`` and ``tensor_mediator`` are ``None`` for a source without spin.
    """

    weak_vector: Array
    weak_axial: Array | None
    electromagnetic: Array
    vector: Array
    scalar: Array
    tensor: Array | None
    tensor_mediator: Array | None


def square(p: Array) -> Any:
    """Return ``p_mu p^mu``."""
    return sum(METRIC[mu] * p[mu] * p[mu] for mu in range(4))


def _times(elements: Array, matrix: Array) -> Array:
    """Return (..., 4, 4) matrices: each matrix element of the source times one Dirac matrix."""
    product: Array = elements[..., None, None] * matrix
    return product


def electromagnetic_vertex(
    algebra: DiracAlgebra, groups: Groups, Q: Array, pair: tuple[int, int]
) -> list[Array] | None:
    """Return ``Lambda^mu_ab``, milli-charge included, or ``None`` without electromagnetic couplings."""
    group = groups.weak.electromagnetic
    if group is None:
        return None
    Lambda = photon_vertex(algebra, Q, **{name: group[name][pair] for name in ("mu", "eps", "r2", "anapole")})
    charge = groups.charge[pair]
    if charge == 0:
        return Lambda
    return [L + charge * (algebra.gamma[m] - Q[m] * algebra.slash(Q) / square(Q)) for m, L in enumerate(Lambda)]


def line_matrix(
    algebra: DiracAlgebra,
    constants: Constants,
    groups: Groups,
    source: Source,
    Q: Array,
    pair: tuple[int, int],
    photon_gauge: Any = 0,
) -> Array:
    """Return ``X_ab`` of ``H = nubar_a X_ab nu_b`` for exchange at space-like ``Q``: shape (spin', spin, 4, 4).

    ``photon_gauge`` adds ``photon_gauge Q_mu Q_nu / Q^2`` to the metric in the photon propagator.
    """
    system, t = algebra.system, square(Q)
    left = algebra.one - algebra.gamma5
    fermi = constants.G_F / system.sqrt(system.real(2))
    weak = groups.weak
    total: Array = system.zeros(*source.scalar.shape, 4, 4)

    def contract(current: Array, J: list[Array]) -> Array:
        return sum((METRIC[m] * _times(current[m], J[m]) for m in range(4)), total * 0)

    def along(J: list[Array]) -> Array:
        return sum((METRIC[m] * Q[m] * J[m] for m in range(4)), system.zeros(4, 4))

    def contract_twice(current: Array, scale: Any) -> Array:
        return sum(
            (
                METRIC[m] * METRIC[n] * _times(current[m, n], scale * algebra.sigma(m, n))
                for m in range(4)
                for n in range(4)
            ),
            total * 0,
        )

    V_minus_A = [gamma @ left for gamma in algebra.gamma]
    total = total + fermi * weak.vector_weak[pair] * contract(source.weak_vector, V_minus_A)
    if source.weak_axial is not None:
        total = total - fermi * weak.axial[pair] * contract(source.weak_axial, V_minus_A)

    if weak.vector is not None:
        group = weak.vector
        chiral = (group["g_L"][pair] * left + group["g_R"][pair] * (algebra.one + algebra.gamma5)) / 2
        J = [gamma @ chiral for gamma in algebra.gamma]
        numerator = contract(source.vector, J)
        if group["propagator"] == "unitary":
            Q_J = sum(METRIC[m] * Q[m] * source.vector[m] for m in range(4))
            numerator = numerator - _times(Q_J, along(J)) / group["mass"] ** 2
        total = total - numerator / (t - group["mass"] ** 2)

    if weak.scalar is not None:
        group = weak.scalar
        matrix = group["y_S_nu"][pair] * algebra.one + system.complex_(1j) * group["y_P_nu"][pair] * algebra.gamma5
        total = total + _times(source.scalar, matrix) / (t - group["mass"] ** 2)

    Lambda = electromagnetic_vertex(algebra, groups, Q, pair)
    if Lambda is not None:
        Q_J = sum(METRIC[m] * Q[m] * source.electromagnetic[m] for m in range(4))
        # L = + J.A on the source, L = - nubar Lambda nu A on the line, H = - J_1.J_2 / Q^2.
        total = total + (contract(source.electromagnetic, Lambda) + photon_gauge / t * _times(Q_J, along(Lambda))) / t

    if weak.tensor is not None and source.tensor is not None:
        total = total + contract_twice(source.tensor, 2 * fermi * weak.tensor["t"][pair])
    if groups.tensor_mediator is not None and source.tensor_mediator is not None:
        mediator = groups.tensor_mediator
        total = total - contract_twice(source.tensor_mediator, mediator["d_T"][pair]) / (t - mediator["mass"] ** 2)
    return total


# ---------------------------------------------------------------- scattering


def scattering_momenta(
    system: Arithmetic, T: Any, energy: Any, target: Any, m_in: Any, m_out: Any
) -> tuple[Array, Array, Array] | None:
    """Return ``k`` along +z, ``k'`` and the target's ``p'`` for a target at rest, or ``None`` where they do not exist."""
    dtype = object if system.dtype is object else type(system.real(0))
    if not (energy > m_in and T > 0 and energy - T >= m_out):
        return None
    p = system.sqrt((energy - m_in) * (energy + m_in))
    recoil = system.sqrt(T * (T + 2 * target))
    # (k - q)^2 = m_out^2 with q = (T, recoil) and q^2 = -2 M T.
    cosine = (2 * energy * T + 2 * target * T - (m_in - m_out) * (m_in + m_out)) / (2 * p * recoil)
    if not abs(cosine) < 1:
        return None
    sine = system.sqrt((1 - cosine) * (1 + cosine))
    zero = system.real(0)
    k = np.array([energy, zero, zero, p], dtype=dtype)
    q = np.array([T, recoil * sine, zero, recoil * cosine], dtype=dtype)
    target_in = np.array([target, zero, zero, zero], dtype=dtype)
    return k, k - q, target_in + q


def spinors(kind: Callable[[Array, Any], Array], p: Array, mass: Any) -> Array:
    """Return the two spinors ``u`` or ``v`` of one momentum as rows of a (2, 4) array."""
    out: Array = kind(p[:, None], mass)[0]
    return out


def line_amplitudes(
    algebra: DiracAlgebra,
    momenta: tuple[Array, Array],
    masses: tuple[Any, Any],
    matrices: tuple[Array, Array],
    *,
    antineutrino: bool,
    nature: str,
) -> Array:
    """Return amplitudes (spin', spin, s_out, s_in) of k -> j for ``momenta = (k, k')`` and ``matrices = (X_jk, X_kj)``."""
    (k, k_out), (m_in, m_out), (X_jk, X_kj) = momenta, masses, matrices
    total = algebra.system.zeros(*X_jk.shape[:2], 2, 2)
    if nature == "majorana" or not antineutrino:
        total = total + algebra.bar(spinors(algebra.u, k_out, m_out)) @ X_jk @ spinors(algebra.u, k, m_in).T
    if nature == "majorana" or antineutrino:
        crossed = algebra.bar(spinors(algebra.v, k, m_in)) @ X_kj @ spinors(algebra.v, k_out, m_out).T
        total = total - np.swapaxes(crossed, -1, -2)
    return total


def _absolute_square(amplitudes: Array) -> Any:
    return (amplitudes * np.conjugate(amplitudes)).sum().real


def _start(
    system: Arithmetic, representation: str, constants: Mapping[str, Any] | None
) -> tuple[DiracAlgebra, Constants]:
    physical = codata_constants(system)
    return dirac_algebra(system, representation), _override(system, physical, constants) if constants else physical


def _rounded(result: Any, precision: str | int) -> Any:
    with mpmath.workdps(precision) if isinstance(precision, int) else nullcontext():
        return +result


def _scattering(
    algebra: DiracAlgebra,
    constants: Constants,
    groups: Groups,
    source_of: Any,
    spins: int,
    T: Any,
    *,
    energy: Any,
    masses: Any,
    target: Any,
    incoming: Any,
    outgoing: int | None,
    antineutrino: bool,
    helicity: str | None,
    nature: str,
    photon_gauge: Any,
) -> Any:
    """Return ``sum |M|^2 / (32 pi M p^2)``: coherent over the incoming mass states, incoherent over the outgoing ones."""
    if nature not in ("dirac", "majorana"):
        raise ValueError(f"nature must be dirac or majorana, found {nature!r}")
    system = algebra.system
    n = len(masses)
    T, energy, target = system.real(T), system.real(energy), system.real(target)
    coherent = np.ndim(incoming) > 0
    amplitude_in = system.array(incoming) if coherent else system.array(np.eye(n)[incoming])
    mass = [system.real(0 if coherent else m) for m in masses]
    rows = HELICITIES[helicity or ("plus" if antineutrino else "minus")]
    total = system.real(0)
    for j in range(n) if outgoing is None else (outgoing,):
        amplitudes: Any = 0
        flux_momentum = None
        for k in range(n):
            if amplitude_in[k] == 0:
                continue
            momenta = scattering_momenta(system, T, energy, target, mass[k], mass[j])
            if momenta is None:
                continue
            k_in, k_out, p_out = momenta
            flux_momentum = k_in[3]
            source = source_of(p_out)
            X_jk, X_kj = (
                line_matrix(algebra, constants, groups, source, k_out - k_in, pair, photon_gauge)
                for pair in ((j, k), (k, j))
            )
            amplitudes = amplitudes + amplitude_in[k] * line_amplitudes(
                algebra, (k_in, k_out), (mass[k], mass[j]), (X_jk, X_kj), antineutrino=antineutrino, nature=nature
            )
        if flux_momentum is not None:
            chosen = amplitudes[..., list(rows)]
            averaged = _absolute_square(chosen) / (spins * len(rows))
            total = total + averaged / (32 * system.pi * target * flux_momentum**2)
    return total


def electron_source(algebra: DiracAlgebra, constants: Constants, groups: Groups, target: Any, p_out: Array) -> Source:
    """Return the matrix elements between an electron at rest and one of momentum ``p_out``, all spins."""
    system = algebra.system
    p_in = np.array([target, *[system.real(0)] * 3], dtype=p_out.dtype)
    bra, ket = algebra.bar(spinors(algebra.u, p_out, target)), spinors(algebra.u, p_in, target).T

    def element(matrix: Array) -> Array:
        out: Array = bra @ matrix @ ket
        return out

    V = np.stack([element(gamma) for gamma in algebra.gamma])
    A = np.stack([element(gamma @ algebra.gamma5) for gamma in algebra.gamma])
    T = np.stack([np.stack([element(algebra.sigma(m, n)) for n in range(4)]) for m in range(4)])
    vector, scalar, tensor = groups.weak.vector, groups.weak.scalar, groups.tensor_mediator
    zero = element(algebra.one) * 0
    return Source(
        V,
        A,
        constants.e * V,
        vector["g_V"] * V + vector["g_A"] * A if vector else 0 * V,
        scalar["y_S"] * element(algebra.one) + scalar["y_P"] * system.complex_(1j) * element(algebra.gamma5)
        if scalar
        else zero,
        T,
        tensor["c_T"] * T if tensor else 0 * T,
    )


def electron_scattering(
    T: Any,
    *,
    energy: Any,
    masses: Any,
    axial: Any = None,
    vector_weak: Any = None,
    incoming: Any,
    outgoing: int | None = None,
    antineutrino: bool = False,
    helicity: str | None = None,
    nature: str = "dirac",
    target_mass: Any = None,
    precision: str | int = "double",
    constants: Mapping[str, Any] | None = None,
    representation: str = "dirac",
    photon_gauge: Any = 0,
    **groups: Group,
) -> Any:
    """Return ``d sigma / dT`` [eV^-3] of ``nu_k e -> nu_j e``; ``incoming`` an index or amplitudes (then massless)."""
    with arithmetic(precision) as system:
        algebra, physical = _start(system, representation, constants)
        read = read_groups(system, physical, len(masses), axial=axial, vector_weak=vector_weak, **groups)
        target = physical.m_e if target_mass is None else system.real(target_mass)
        result = _scattering(
            algebra,
            physical,
            read,
            lambda p_out: electron_source(algebra, physical, read, target, p_out),
            2,
            T,
            energy=energy,
            masses=masses,
            target=target,
            incoming=incoming,
            outgoing=outgoing,
            antineutrino=antineutrino,
            helicity=helicity,
            nature=nature,
            photon_gauge=system.real(photon_gauge),
        )
    return _rounded(result, precision)


def coherent_scattering(
    T: Any,
    *,
    energy: Any,
    Z: Any,
    N: Any,
    nucleus_mass: Any,
    masses: Any,
    incoming: Any,
    form_factor: Any = 1,
    sin2_theta_w: Any = None,
    weak: Any = None,
    nuclear: Mapping[str, Any] | None = None,
    outgoing: int | None = None,
    antineutrino: bool = False,
    helicity: str | None = None,
    nature: str = "dirac",
    precision: str | int = "double",
    constants: Mapping[str, Any] | None = None,
    representation: str = "dirac",
    photon_gauge: Any = 0,
    electromagnetic: Group = None,
    vector: Group = None,
    scalar: Group = None,
) -> Any:
    """Return ``d sigma / dT`` [eV^-3] on a spin-0 nucleus of charge ``+ Z e``.

    ``form_factor`` is the value at this T, or a pair for protons and neutrons (then without mediators); ``nuclear`` holds
    the literal couplings: ``<N'|J^mu|N> = Q_V F (p + p')^mu`` and ``2 M Q_S F``.
    """
    with arithmetic(precision) as system:
        algebra, physical = _start(system, representation, constants)
        n = len(masses)
        read = read_groups(
            system,
            physical,
            n,
            vector_weak=np.eye(n) if weak is None else weak,
            electromagnetic=electromagnetic,
            vector=vector,
            scalar=scalar,
        )
        M = system.real(nucleus_mass)
        F_p, F_n = (system.real(F) for F in (form_factor if np.ndim(form_factor) else (form_factor, form_factor)))
        s2 = system.real(
            repr(codata.physical_constants["weak mixing angle"][0]) if sin2_theta_w is None else sin2_theta_w
        )
        Z, N = system.real(Z), system.real(N)
        Q_W = Z * F_p * (system.real(1) / 2 - 2 * s2) - N * F_n / 2
        nuclear = nuclear or {}
        Q_V, Q_S = (system.real(nuclear.get(name, 0)) * F_p for name in ("vector", "scalar"))

        def source(p_out: Array) -> Source:
            both = p_out + np.array([M, *[system.real(0)] * 3], dtype=p_out.dtype)
            current = (system.complex_(1) * both)[:, None, None]
            one = system.array([[1]])
            charge = -Z * F_p * physical.e
            return Source(Q_W * current, None, charge * current, Q_V * current, 2 * M * Q_S * one, None, None)

        result = _scattering(
            algebra,
            physical,
            read,
            source,
            1,
            T,
            energy=energy,
            masses=masses,
            target=M,
            incoming=incoming,
            outgoing=outgoing,
            antineutrino=antineutrino,
            helicity=helicity,
            nature=nature,
            photon_gauge=system.real(photon_gauge),
        )
    return _rounded(result, precision)


# ---------------------------------------------------------------- radiative decay


def decay_distribution(
    system: Arithmetic,
    algebra: DiracAlgebra,
    groups: Groups,
    pair: tuple[int, int],
    masses: tuple[Any, Any],
    cosine: Any,
    *,
    nature: str,
    antineutrino: bool,
) -> Any:
    """Return ``d Gamma / d cos theta`` of ``nu_i -> nu_j gamma`` at rest, spin along +z, summed over final spins."""
    (i, j), (m_i, m_j) = pair, masses
    energy = (m_i - m_j) * (m_i + m_j) / (2 * m_i)
    zero = system.real(0)
    sine = system.sqrt(1 - cosine * cosine)
    dtype = object if system.dtype is object else type(zero)
    k = np.array([m_i, zero, zero, zero], dtype=dtype)
    photon = np.array([energy, energy * sine, zero, energy * cosine], dtype=dtype)
    polarisations = ([zero, cosine, zero, -sine], [zero, zero, system.real(1), zero])
    total = system.real(0)
    for polarisation in polarisations:
        X = {}
        for a, b in ((j, i), (i, j)):
            Lambda = electromagnetic_vertex(algebra, groups, -photon, (a, b)) or []
            # H = + nubar Lambda nu A, and the photon is created with eps*, here real.
            X[a, b] = sum((METRIC[m] * polarisation[m] * Lambda[m] for m in range(len(Lambda))), system.zeros(4, 4))[
                None, None
            ]
        amplitudes = line_amplitudes(
            algebra, (k, k - photon), (m_i, m_j), (X[j, i], X[i, j]), antineutrino=antineutrino, nature=nature
        )
        total = total + _absolute_square(amplitudes[..., [0]])
    # |p*| / (8 pi m_i^2) over both angles, half of it per unit of cos theta.
    return total * energy / (16 * system.pi * m_i * m_i)


def radiative_decay(
    i: int,
    j: int,
    *,
    masses: Any,
    electromagnetic: Group,
    nature: str = "dirac",
    antineutrino: bool = False,
    precision: str | int = "double",
    constants: Mapping[str, Any] | None = None,
    representation: str = "dirac",
) -> tuple[Any, Any]:
    """Return the width [eV] and the asymmetry ``A`` of ``1 + A cos theta``, from the distribution at three angles."""
    with arithmetic(precision) as system:
        algebra, physical = _start(system, representation, constants)
        groups = read_groups(system, physical, len(masses), electromagnetic=electromagnetic)
        m = (system.real(masses[i]), system.real(masses[j]))
        back, across, ahead = (
            decay_distribution(
                system, algebra, groups, (i, j), m, system.real(c), nature=nature, antineutrino=antineutrino
            )
            for c in (-1, 0, 1)
        )
        # Simpson's rule is exact for the polynomials of second degree that two spin-1/2 legs allow.
        width = (back + 4 * across + ahead) / 3
        asymmetry = (ahead - back) / width
    return _rounded(width, precision), _rounded(asymmetry, precision)


# ---------------------------------------------------------------- pairs from a boson


def rest_pairs(system: Arithmetic, K: Array, m_i: Any, m_j: Any) -> tuple[Array, Array, Array, Any] | None:
    """Return ``p_i``, ``p_j`` (4, N), weights of sum one, and the two-body phase space, or ``None`` below threshold.

    Three Gauss-Legendre polar nodes around the z axis of the rest frame and four azimuths, boosted along z.
    """
    if not K[0] > abs(K[3]):
        return None
    K2 = (K[0] - K[3]) * (K[0] + K[3])
    t = K2 - (m_i + m_j) ** 2
    if not t > 0:
        return None
    root = system.sqrt(K2)
    momentum = system.sqrt(t * (t + 4 * m_i * m_j)) / (2 * root)
    E_i, E_j = ((K2 + sign * (m_i - m_j) * (m_i + m_j)) / (2 * root) for sign in (1, -1))
    gamma, gamma_beta = K[0] / root, K[3] / root
    node = system.sqrt(system.real(3) / 5)
    p_i, p_j, weights = [], [], []
    for x, weight in ((-node, system.real(5) / 18), (0 * node, system.real(8) / 18), (node, system.real(5) / 18)):
        for step in range(4):
            phi = system.pi * (step + system.real("0.25")) / 2
            px, py = (momentum * system.sqrt(1 - x * x) * f(phi) for f in (system.cos, system.sin))
            pz = momentum * x
            p_i.append([gamma * E_i + gamma_beta * pz, px, py, gamma * pz + gamma_beta * E_i])
            p_j.append([gamma * E_j - gamma_beta * pz, -px, -py, -gamma * pz + gamma_beta * E_j])
            weights.append(weight / 4)
    dtype = K.dtype
    phase_space = momentum / (4 * system.pi * root)
    return np.array(p_i, dtype=dtype).T, np.array(p_j, dtype=dtype).T, np.array(weights, dtype=dtype), phase_space


def pair_width(
    algebra: DiracAlgebra,
    K: Array,
    masses: tuple[Any, Any],
    matrices: tuple[list[Array], list[Array]],
    *,
    nature: str,
) -> Any:
    """Return ``1/2E int dPhi sum |M|^2`` of a boson of momentum ``K``; one pair of ``(X_ij, X_ji)`` per polarisation."""
    system, (m_i, m_j) = algebra.system, masses
    nodes = rest_pairs(system, K, m_i, m_j)
    total = system.real(0)
    if nodes is None:
        return total
    p_i, p_j, weights, phase_space = nodes
    u_i, u_j = algebra.bar(algebra.u(p_i, m_i)), algebra.bar(algebra.u(p_j, m_j))
    v_i, v_j = algebra.v(p_i, m_i), algebra.v(p_j, m_j)
    for X_ij, X_ji in zip(*matrices, strict=True):
        amplitudes = u_i @ X_ij @ np.swapaxes(v_j, -1, -2)
        if nature == "majorana":
            amplitudes = amplitudes - np.swapaxes(u_j @ X_ji @ np.swapaxes(v_i, -1, -2), -1, -2)
        squares = (amplitudes * np.conjugate(amplitudes)).sum(axis=(-1, -2))
        total = total + (squares * weights).sum().real
    factor = system.real(1) / 2 if nature == "majorana" else system.real(1)
    return factor * total * phase_space / (2 * K[0])


def plasmon_polarisation(system: Arithmetic, K: Array, polarisation: str) -> Array:
    """Return one ``eps^mu`` with ``eps.K = 0`` and ``eps.eps* = -1`` in the metric (+,-,-,-), ``K`` along z."""
    zero, one, i = system.complex_(0), system.complex_(1), system.complex_(1j)
    if polarisation == "longitudinal":
        root = system.sqrt((K[0] - K[3]) * (K[0] + K[3]))
        return np.array([one * K[3] / root, zero, zero, one * K[0] / root])
    # Any transverse vector; a general elliptic one, so that nothing rests on a symmetric choice.
    return np.array([zero, one * 3 / 5, i * 4 / 5, zero]) if polarisation == "transverse" else _unknown(polarisation)


def _unknown(polarisation: str) -> Array:
    raise ValueError(f"polarisation must be transverse or longitudinal, found {polarisation!r}")


def plasmon_decay(
    energy: Any,
    momentum: Any,
    *,
    masses: Any,
    electromagnetic: Group,
    polarisation: str = "transverse",
    nature: str = "dirac",
    precision: str | int = "double",
    constants: Mapping[str, Any] | None = None,
    representation: str = "dirac",
) -> Array:
    """Return the (n, n) widths [eV] of ``gamma* -> nu_i nubar_j`` in the medium's rest frame, Z = 1, one polarisation."""
    with arithmetic(precision) as system:
        algebra, physical = _start(system, representation, constants)
        n = len(masses)
        groups = read_groups(system, physical, n, electromagnetic=electromagnetic)
        zero = system.real(0)
        K = np.array(
            [system.real(energy), zero, zero, system.real(momentum)],
            dtype=object if system.dtype is object else type(zero),
        )
        mass = [system.real(m) for m in masses]
        out = np.zeros((n, n), dtype=K.dtype)
        if not K[0] > K[3]:
            return out
        eps = plasmon_polarisation(system, K, polarisation)

        def X(pair: tuple[int, int]) -> Array:
            Lambda = electromagnetic_vertex(algebra, groups, K, pair) or []
            return sum((METRIC[m] * eps[m] * L for m, L in enumerate(Lambda)), system.zeros(4, 4))

        for a in range(n):
            for b in range(n):
                matrices = ([X((a, b))], [X((b, a))])
                out[a, b] = pair_width(algebra, K, (mass[a], mass[b]), matrices, nature=nature)
        for index in np.ndindex(n, n):
            out[index] = _rounded(out[index], precision)
    return out


# ---------------------------------------------------------------- one boson


def boson_polarisations(system: Arithmetic, q: Array, mass: Any) -> list[Array]:
    """Return the three ``eps^mu`` of a vector boson of momentum ``q`` along z."""
    zero, one, i = system.complex_(0), system.complex_(1), system.complex_(1j)
    root_half = system.sqrt(one / 2)
    return [
        np.array([zero, root_half, i * root_half, zero]),
        np.array([zero, root_half, -i * root_half, zero]),
        np.array([one * q[3] / mass, zero, zero, one * q[0] / mass]),
    ]


def boson_width(
    group: str,
    *,
    mass: Any,
    masses: Any,
    nature: str = "dirac",
    precision: str | int = "double",
    **neutrino: Any,
) -> Array:
    """Return the (n, n) partial widths [eV] of a ``vector`` (``g_L``, ``g_R``) or ``scalar`` (``y_S_nu``, ``y_P_nu``) at rest.

    Ordered pairs; the sum over all entries is the width into neutrinos, Dirac or Majorana.
    """
    with arithmetic(precision) as system:
        algebra = dirac_algebra(system)
        n, M = len(masses), system.real(mass)
        coupling = {name: _matrix(system, value, n) for name, value in neutrino.items()}
        zero = system.real(0)
        K = np.array([M, zero, zero, zero], dtype=object if system.dtype is object else type(zero))
        m = [system.real(value) for value in masses]

        def X(pair: tuple[int, int]) -> list[Array]:
            if group == "scalar":
                y_S, y_P = (coupling.get(name, system.zeros(n, n))[pair] for name in ("y_S_nu", "y_P_nu"))
                return [y_S * algebra.one + system.complex_(1j) * y_P * algebra.gamma5]
            g_L, g_R = (coupling.get(name, system.zeros(n, n))[pair] for name in ("g_L", "g_R"))
            chiral = (g_L * (algebra.one - algebra.gamma5) + g_R * (algebra.one + algebra.gamma5)) / 2
            return [
                sum((METRIC[mu] * eps[mu] * algebra.gamma[mu] @ chiral for mu in range(4)), system.zeros(4, 4))
                for eps in boson_polarisations(system, K, M)
            ]

        out = np.zeros((n, n), dtype=K.dtype)
        spins = 1 if group == "scalar" else 3
        for a in range(n):
            for b in range(n):
                width = pair_width(algebra, K, (m[a], m[b]), (X((a, b)), X((b, a))), nature=nature)
                out[a, b] = _rounded(width / spins, precision)
    return out


def boson_line(
    group: str,
    *,
    mass: Any,
    E_eg: Any,
    E_vg: Any,
    atomic_tensor: Any = None,
    pair_step: str = "M1",
    dipole_length: Any = 1,
    m1: str = "spin",
    precision: str | int = "double",
    constants: Mapping[str, Any] | None = None,
    **electron: Any,
) -> tuple[Any, Any]:
    """Return ``(omega_0, S)`` [eV] of ``I = S delta(omega - omega_0)`` for one ``scalar`` (``y_S``, ``y_P``) or ``vector`` boson.

    The boson's amplitude is ``A^k`` of ``H = - L`` with the boson created in its plane wave, for each polarisation; its
    phase space is ``2 pi delta(q^2 - M^2)`` where a pair has ``1/(8 pi omega) int dE_nu``.
    """
    with arithmetic(precision) as system:
        physical = codata_constants(system)
        if constants:
            physical = _override(system, physical, constants)
        M, gap = system.real(mass), system.real(E_eg)
        omega = (gap - M) * (gap + M) / (2 * gap)
        zero, i = system.real(0), system.complex_(1j)
        q = np.array([gap - omega, zero, zero, omega], dtype=object if system.dtype is object else type(zero))
        dipole = system.real(dipole_length) * physical.bohr_radius
        value = {name: system.real(electron.get(name, 0)) for name in ("y_S", "y_P", "g_V", "g_A")}
        T = system.array(np.eye(3)) / 3 if atomic_tensor is None else system.array(atomic_tensor)
        amplitudes = []
        if group == "scalar":
            # exp(-i q.x) between orthogonal states starts with -i q.x; i gamma5 with (i/2m)(sigma.q) up to a phase.
            factor = -i * dipole * value["y_S"] if pair_step == "E1" else i * value["y_P"] / (2 * physical.m_e)
            amplitudes.append([factor * q[1 + k] for k in range(3)])
        elif group == "vector":
            for eps in boson_polarisations(system, q, M):
                created = np.conjugate(eps)
                if pair_step == "E1":
                    row = [
                        i * dipole * value["g_V"] * (q[0] * created[1 + k] - q[1 + k] * created[0]) for k in range(3)
                    ]
                else:
                    moment = value["g_V"] / (2 * physical.m_e) / (2 if m1 == "full" else 1)
                    crossed = [
                        created[1 + (k + 1) % 3] * q[1 + (k + 2) % 3] - created[1 + (k + 2) % 3] * q[1 + (k + 1) % 3]
                        for k in range(3)
                    ]
                    row = [i * moment * crossed[k] + value["g_A"] * created[1 + k] for k in range(3)]
                amplitudes.append(row)
        else:
            raise ValueError(f"group must be scalar or vector, found {group!r}")
        A = np.array(amplitudes)
        contracted = sum((T[a, b] * A[:, a] * np.conjugate(A[:, b])).sum() for a, b in np.ndindex(3, 3)).real
        strength = 2 * system.pi**2 / (physical.G_F**2 * gap) * contracted / (system.real(E_vg) - omega) ** 2
    return _rounded(omega, precision), _rounded(strength, precision)
