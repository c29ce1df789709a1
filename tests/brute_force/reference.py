"""The spectral function by brute force: explicit spinors, helicity sums, quadrature over the pair's directions.

Route, for one photon energy ``omega``:

1. the effective Hamiltonian of each interaction as an operator ``A^k sigma^k`` (M1 pair step) or ``A^k r^k / d``
   (E1 pair step) on the electron, ``A^k`` a 4 x 4 matrix between neutrino spinors (:func:`pair_vertices`);
2. pair momenta, spanned by the polar angle in the pair's rest frame (Gauss-Legendre nodes) and the azimuth
   around ``q`` (equispaced nodes); both rules are exact here, because a spin sum of two propagators' numerators is
   bilinear in the two momenta (:func:`pair_nodes`);
3. amplitudes between explicit spinors, Majorana by the second Wick contraction with its Fermi sign
   (:func:`pair_amplitudes`);
4. ``T_kl A^k A^l*`` summed over spins, averaged over nodes, summed over ordered pairs (:func:`spectral_function`).

The semantics of the arguments is that of the project's ``spectral_function``; natural units, powers of eV.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import mpmath
import numpy as np

from .arithmetic import Arithmetic, Array, Constants, arithmetic, codata_constants
from .dirac import METRIC, DiracAlgebra, dirac_algebra, levi_civita

AZIMUTHS = 5


@dataclass(frozen=True)
class Kinematics:
    """Total four-momentum ``q = (q0, 0, 0, q_z)`` of the pair and its square ``s`` [eV]."""

    omega: Any
    E_eg: Any
    q: Array
    s: Any


def kinematics(system: Arithmetic, omega: Any, E_eg: Any, imprinted_momentum: Any = 0) -> Kinematics:
    """Return the pair kinematics opposite to a photon of energy ``omega`` along -z, for a target that moves along z."""
    omega, E_eg, K = system.real(omega), system.real(E_eg), system.real(imprinted_momentum)
    zero = system.real(0)
    q = np.array([E_eg - omega, zero, zero, omega + K], dtype=object if system.dtype is object else type(omega))
    return Kinematics(omega, E_eg, q, (E_eg + K) * (E_eg - K - 2 * omega))


@dataclass(frozen=True)
class PairNodes:
    """Momenta ``p_i``, ``p_j`` of shape (4, N), weights that sum to one, and the length of the ``E_nu`` interval over ``|q|``."""

    p_i: Array
    p_j: Array
    weights: Array
    E_nu_range_over_q: Any


def pair_nodes(system: Arithmetic, kin: Kinematics, m_i: Any, m_j: Any) -> PairNodes | None:
    """Return quadrature nodes over ``E_nu`` and azimuth, or ``None`` at and above the pair's threshold."""
    t = kin.s - (m_i + m_j) ** 2
    if not t > 0:
        return None
    root_s = system.sqrt(kin.s)
    momentum = system.sqrt(t * (t + 4 * m_i * m_j)) / (2 * root_s)
    energy_i = (kin.s + (m_i - m_j) * (m_i + m_j)) / (2 * root_s)
    energy_j = (kin.s - (m_i - m_j) * (m_i + m_j)) / (2 * root_s)
    gamma, gamma_beta = kin.q[0] / root_s, kin.q[3] / root_s

    root30, root65 = system.sqrt(system.real(30)), system.sqrt(system.real(6) / 5)
    inner, outer = (system.sqrt((3 + sign * 2 * root65) / 7) for sign in (-1, 1))
    polar = [
        (x, w) for sign in (-1, 1) for x, w in ((sign * inner, (18 + root30) / 72), (sign * outer, (18 - root30) / 72))
    ]
    azimuth = [2 * system.pi * (k + system.real("0.25")) / AZIMUTHS for k in range(AZIMUTHS)]

    p_i, p_j, weights = [], [], []
    for x, weight in polar:
        transverse = momentum * system.sqrt(1 - x * x)
        for phi in azimuth:
            px, py, pz = transverse * system.cos(phi), transverse * system.sin(phi), momentum * x
            p_i.append([gamma * energy_i + gamma_beta * pz, px, py, gamma * pz + gamma_beta * energy_i])
            p_j.append([gamma * energy_j - gamma_beta * pz, -px, -py, -gamma * pz + gamma_beta * energy_j])
            weights.append(weight / AZIMUTHS)
    dtype = kin.q.dtype
    return PairNodes(
        np.array(p_i, dtype=dtype).T,
        np.array(p_j, dtype=dtype).T,
        np.array(weights, dtype=dtype),
        2 * momentum / root_s,
    )


@dataclass(frozen=True)
class Couplings:
    """All couplings in powers of eV, as arrays of the number system; an absent group is ``None``."""

    axial: Array
    vector_weak: Array
    m1: str
    vector: Mapping[str, Any] | None
    scalar: Mapping[str, Any] | None
    electromagnetic: Mapping[str, Any] | None
    tensor: Mapping[str, Any] | None


def _cross_q(system: Arithmetic, J: list[Array], q: Array) -> list[Array]:
    """Return ``(J x q)^k`` for a list of three matrices."""
    return [
        sum((levi_civita(k, l, m) * J[l] * q[1 + m] for l in range(3) for m in range(3)), system.zeros(4, 4))  # noqa: E741
        for k in range(3)
    ]


def _propagator(system: Arithmetic, s: Any, group: Mapping[str, Any]) -> Any:
    mass, width = group["mass"], group["width"]
    return 1 / (s - mass * mass + system.complex_(1j) * mass * width)


def photon_vertex(algebra: DiracAlgebra, q: Array, *, mu: Any, eps: Any, r2: Any, anapole: Any) -> list[Array]:
    """Return ``Lambda^mu`` (upper index) for a pair of total momentum ``q``; form factors in powers of eV."""
    system = algebra.system
    i = system.complex_(1j)
    s = sum(METRIC[nu] * q[nu] * q[nu] for nu in range(4))
    moment = mu * algebra.one + i * eps * algebra.gamma5
    charge = r2 / 6 * algebra.one + anapole * algebra.gamma5
    out = []
    for index in range(4):
        sigma_q = sum((METRIC[nu] * q[nu] * algebra.sigma(index, nu) for nu in range(4)), system.zeros(4, 4))
        out.append((s * algebra.gamma[index] - q[index] * algebra.slash(q)) @ charge + i * sigma_q @ moment)
    return out


def pair_vertices(
    algebra: DiracAlgebra,
    constants: Constants,
    kin: Kinematics,
    couplings: Couplings,
    pair: tuple[int, int],
    *,
    pair_step: str,
    dipole: Any,
    photon_gauge: Any = 0,
) -> Array:
    """Return the (3, 4, 4) matrices ``V^k`` with ``A^k = ubar_i V^k v_j`` for the ordered pair ``(i, j)``.

    ``photon_gauge`` adds ``photon_gauge * q_mu q_nu / s`` to the metric in the photon propagator; ``dipole`` is the
    E1 length [1/eV].
    """
    system, q, s = algebra.system, kin.q, kin.s
    i_unit = system.complex_(1j)
    left_minus = algebra.one - algebra.gamma5
    P_L, P_R = left_minus / 2, (algebra.one + algebra.gamma5) / 2
    fermi = constants.G_F / system.sqrt(system.real(2))
    total = [system.zeros(4, 4) for _ in range(3)]

    def add(matrices: list[Array]) -> None:
        for k in range(3):
            total[k] = total[k] + matrices[k]

    def add_current(coefficient: Any, J: list[Array], m1: str | None = None) -> None:
        """Add ``H = coefficient (ebar gamma_mu e) J^mu`` for a neutrino current with upper index."""
        if pair_step == "M1" and (m1 or couplings.m1) == "full":
            # Between levels of different energy <J> = 0, so L + 2S acts as S: half of the spin-only operator.
            coefficient = coefficient / 2
        if pair_step == "E1":
            add([coefficient * i_unit * dipole * (q[0] * J[1 + k] - q[1 + k] * J[0]) for k in range(3)])
        else:
            # ebar gamma^l e -> (i/2m)(q x sigma)^l and gamma_l = -gamma^l: -(i/2m) J.(q x sigma) = -(i/2m)(J x q).sigma
            crossed = _cross_q(system, J[1:], q)
            add([-coefficient * i_unit / (2 * constants.m_e) * crossed[k] for k in range(3)])

    add_current(fermi * couplings.vector_weak[pair], [gamma @ left_minus for gamma in algebra.gamma])
    if pair_step == "M1":
        # -a_ij gamma5 on the electron and the lower index of gamma_k make two minus signs.
        add([fermi * couplings.axial[pair] * algebra.gamma[1 + k] @ left_minus for k in range(3)])

    if couplings.vector is not None:
        group = couplings.vector
        propagator = _propagator(system, s, group)
        J = [gamma @ (group["g_L"][pair] * P_L + group["g_R"][pair] * P_R) for gamma in algebra.gamma]
        add_current(-group["g_V"] * propagator, J, group["m1"])
        if pair_step == "M1":
            add([group["g_A"] * propagator * J[1 + k] for k in range(3)])
            if group["propagator"] == "unitary":
                q_J = sum((METRIC[mu] * q[mu] * J[mu] for mu in range(4)), system.zeros(4, 4))
                weight = -group["g_A"] * propagator / group["mass"] ** 2
                add([weight * q[1 + k] * q_J for k in range(3)])

    if couplings.scalar is not None:
        group = couplings.scalar
        matrix = group["y_S_nu"][pair] * algebra.one + i_unit * group["y_P_nu"][pair] * algebra.gamma5
        electron = -i_unit * dipole * group["y_S"] if pair_step == "E1" else i_unit * group["y_P"] / (2 * constants.m_e)
        add([electron * q[1 + k] * _propagator(system, s, group) * matrix for k in range(3)])

    if couplings.electromagnetic is not None:
        group = couplings.electromagnetic
        J = photon_vertex(algebra, q, **{name: group[name][pair] for name in ("mu", "eps", "r2", "anapole")})
        q_J = sum((METRIC[mu] * q[mu] * J[mu] for mu in range(4)), system.zeros(4, 4))
        shifted = [J[mu] + photon_gauge / s * q[mu] * q_J for mu in range(4)]
        add_current(constants.e / s, shifted, group["m1"])

    if couplings.tensor is not None and pair_step == "M1":
        # 2 t * (sum over ordered k, l of eps^{klm} sigma^{kl}) = 4 t Sigma^m.
        add([4 * fermi * couplings.tensor["t"][pair] * algebra.spin(k) for k in range(3)])

    return np.stack(total)


def sandwich(bra: Array, matrices: Array, ket: Array) -> Array:
    """Return ``bra_r V^k ket_s`` of shape (N, 3, 2, 2) for spinors (N, 2, 4) and matrices (3, 4, 4)."""
    out: Array = bra[:, None] @ matrices @ np.swapaxes(ket, -1, -2)[:, None]
    return out


def pair_amplitudes(
    algebra: DiracAlgebra,
    nodes: PairNodes,
    masses: tuple[Any, Any],
    vertices: tuple[Array, Array],
    *,
    nature: str,
    spin_basis: str = "rest",
) -> Array:
    """Return ``A^k`` of shape (N, 3, 2, 2): node, component, spin of i, spin of j.

    For Majorana fields both ``nubar_i V_ij nu_j`` and ``nubar_j V_ji nu_i`` create the same final state; exchanging
    the two creation operators costs a minus sign. ``vertices`` are ``(V_ij, V_ji)``.
    """
    (m_i, m_j), (V_ij, V_ji) = masses, vertices
    u_i, u_j = (algebra.u(p, m, spin_basis) for p, m in ((nodes.p_i, m_i), (nodes.p_j, m_j)))
    v_i, v_j = (algebra.v(p, m, spin_basis) for p, m in ((nodes.p_i, m_i), (nodes.p_j, m_j)))
    amplitudes: Array = sandwich(algebra.bar(u_i), V_ij, v_j)
    if nature == "majorana":
        amplitudes = amplitudes - np.swapaxes(sandwich(algebra.bar(u_j), V_ji, v_i), -1, -2)
    return amplitudes


def _matrix(system: Arithmetic, values: Any, n: int, scale: Any = 1) -> Array:
    if values is None:
        return system.zeros(n, n)
    out = system.array(values)
    if out.shape != (n, n):
        raise ValueError(f"coupling matrices must have shape ({n}, {n}), found {out.shape}")
    scaled: Array = out * scale
    return scaled


def read_couplings(
    system: Arithmetic,
    constants: Constants,
    n: int,
    *,
    weak: Any,
    vector_weak: Any = None,
    m1: str = "spin",
    vector: Mapping[str, Any] | None = None,
    scalar: Mapping[str, Any] | None = None,
    electromagnetic: Mapping[str, Any] | None = None,
    tensor: Mapping[str, Any] | None = None,
) -> Couplings:
    """Convert the coupling groups of the contract to powers of eV; ``ValueError`` for an unknown key or word."""
    known: dict[str, tuple[Mapping[str, Any] | None, tuple[str, ...]]] = {
        "vector": (vector, ("mass", "g_A", "g_V", "g_L", "g_R", "width", "propagator", "m1")),
        "scalar": (scalar, ("mass", "y_S", "y_P", "y_S_nu", "y_P_nu", "width")),
        "electromagnetic": (electromagnetic, ("mu", "eps", "r2", "anapole", "m1")),
        "tensor": (tensor, ("t",)),
    }
    for name, (group, keys) in known.items():
        if unknown := set(group or ()) - set(keys):
            raise ValueError(f"unknown keys in {name}: {sorted(unknown)}; allowed: {keys}")

    def numbers(group: Mapping[str, Any], *keys: str) -> dict[str, Any]:
        return {key: system.real(group.get(key, 0)) for key in keys}

    def matrices(group: Mapping[str, Any], *keys: str, scale: Any = 1) -> dict[str, Any]:
        return {key: _matrix(system, group.get(key), n, scale) for key in keys}

    def word(group: Mapping[str, Any], key: str, *allowed: str | None) -> dict[str, Any]:
        value = group.get(key, allowed[0])
        if value not in allowed:
            raise ValueError(f"{key} must be one of {allowed}, found {value!r}")
        return {key: value}

    return Couplings(
        _matrix(system, weak, n),
        _matrix(system, vector_weak, n),
        word({"m1": m1}, "m1", "spin", "full")["m1"],
        vector
        and numbers(vector, "mass", "g_A", "g_V", "width")
        | matrices(vector, "g_L", "g_R")
        | word(vector, "propagator", "feynman", "unitary")
        | word(vector, "m1", None, "spin", "full"),
        scalar and numbers(scalar, "mass", "y_S", "y_P", "width") | matrices(scalar, "y_S_nu", "y_P_nu"),
        electromagnetic
        and matrices(electromagnetic, "mu", "eps", scale=constants.bohr_magneton)
        | matrices(electromagnetic, "r2", "anapole", scale=1 / constants.hbar_c**2)
        | word(electromagnetic, "m1", None, "spin", "full"),
        tensor and matrices(tensor, "t"),
    )


def spectral_function(
    omega: Any,
    *,
    E_eg: Any,
    E_vg: Any,
    masses: Any,
    axial: Any,
    nature: str,
    vector: Mapping[str, Any] | None = None,
    scalar: Mapping[str, Any] | None = None,
    electromagnetic: Mapping[str, Any] | None = None,
    tensor: Mapping[str, Any] | None = None,
    atomic_tensor: Any = None,
    intermediate_amplitudes: Any = None,
    precision: str | int = "double",
    pair_step: str = "M1",
    dipole_length: Any = 1,
    vector_weak: Any = None,
    m1: str = "spin",
    imprinted_momentum: Any = 0,
    crossed: Mapping[str, Any] | None = None,
    constants: Mapping[str, Any] | None = None,
    representation: str = "dirac",
    spin_basis: str = "rest",
    photon_gauge: Any = 0,
) -> Any:
    """Return ``I(omega)`` (dimensionless) for one photon energy, an ``mpf`` where ``precision`` is a number of digits.

    The weak ``axial`` (n, n) acts in the M1 pair step alone, ``scalar["y_S"]`` in the E1 step. Beyond the contract of the
    project's ``spectral_function``: ``constants`` overrides ``G_F``, ``m_e``, ``alpha``, ``hbar_c``; ``representation``, ``spin_basis`` and
    ``photon_gauge`` must change nothing. Everything is checked by eye, not by the function: it serves tests.
    """
    for name, value, allowed in (("nature", nature, ("dirac", "majorana")), ("pair_step", pair_step, ("M1", "E1"))):
        if value not in allowed:
            raise ValueError(f"{name} must be one of {allowed}, found {value!r}")
    with arithmetic(precision) as system:
        algebra = dirac_algebra(system, representation)
        physical = codata_constants(system)
        if constants:
            physical = _override(system, physical, constants)
        mass = [system.real(m) for m in np.asarray(masses, dtype=object)]
        n = len(mass)
        couplings = read_couplings(
            system,
            physical,
            n,
            weak=axial,
            vector_weak=vector_weak,
            m1=m1,
            vector=vector,
            scalar=scalar,
            electromagnetic=electromagnetic,
            tensor=tensor,
        )
        kin = kinematics(system, omega, E_eg, imprinted_momentum)
        T = system.array(np.eye(3)) / 3 if atomic_tensor is None else system.array(atomic_tensor)
        dipole = system.real(dipole_length) * physical.bohr_radius

        def vertices(i: int, j: int) -> Array:
            return pair_vertices(
                algebra,
                physical,
                kin,
                couplings,
                (i, j),
                pair_step=pair_step,
                dipole=dipole,
                photon_gauge=system.real(photon_gauge),
            )

        total = system.complex_(0)
        for i in range(n):
            for j in range(n):
                nodes = pair_nodes(system, kin, mass[i], mass[j])
                if nodes is None:
                    continue
                A = pair_amplitudes(
                    algebra,
                    nodes,
                    (mass[i], mass[j]),
                    (vertices(i, j), vertices(j, i)),
                    nature=nature,
                    spin_basis=spin_basis,
                )
                flat = np.swapaxes(A, 1, 0).reshape(3, len(nodes.weights), 4)
                contracted = (np.tensordot(T, np.conjugate(flat), axes=(1, 0)) * flat).sum(axis=(0, 2))
                total = total + (contracted * nodes.weights).sum() * nodes.E_nu_range_over_q
        factor = system.real(1) / 2 if nature == "majorana" else system.real(1)
        # Time-ordered perturbation theory: what is emitted first has left when the atom is in its intermediate state.
        weight = _intermediate(system, kin.omega, E_vg, intermediate_amplitudes)
        if crossed is not None:
            weight = weight + _intermediate(system, kin.q[0], crossed["E_vg"], crossed["amplitudes"])
        result = (factor * weight**2 / (4 * physical.G_F**2) * total).real
    if isinstance(precision, int):
        with mpmath.workdps(precision):
            return +result
    return result


def _intermediate(system: Arithmetic, last: Any, E_vg: Any, amplitudes: Any) -> Any:
    """Return ``sum_v c_v / (E_vg,v - last)``: ``last`` is the energy of what is emitted last, on the way to the ground state."""
    levels = [system.real(E) for E in np.atleast_1d(np.asarray(E_vg, dtype=object))]
    strengths = [system.real(1)] * len(levels) if amplitudes is None else [system.real(c) for c in amplitudes]
    if len(strengths) != len(levels):
        raise ValueError(f"intermediate_amplitudes has {len(strengths)} entries for {len(levels)} levels")
    return sum(c / (level - last) for c, level in zip(strengths, levels, strict=True))


def _override(system: Arithmetic, constants: Constants, values: Mapping[str, Any]) -> Constants:
    new = replace(constants, **{name: system.real(value) for name, value in values.items()})
    e = system.sqrt(4 * system.pi * new.alpha)
    return replace(new, e=e, bohr_magneton=e / (2 * new.m_e), bohr_radius=1 / (new.alpha * new.m_e))


def bilinear(algebra: DiracAlgebra, name: str, q: Array) -> Array:
    """Return one named neutrino bilinear with an open spatial index as a (3, 4, 4) array.

    ``V`` gamma^k, ``A`` gamma^k gamma5, ``L``/``R`` gamma^k P_L/P_R, ``T`` Sigma^k, ``S`` q^k, ``P`` i q^k gamma5,
    ``VQ``/``AQ`` q^k qslash (1, gamma5), ``VX``/``AX`` (gamma x q)^k (1, gamma5),
    ``MX``/``EX`` (i sigma^{mu nu} q_nu (1, i gamma5) x q)^k.
    """
    system = algebra.system
    i = system.complex_(1j)
    space = list(algebra.gamma[1:])
    chirality = {"L": (algebra.one - algebra.gamma5) / 2, "R": (algebra.one + algebra.gamma5) / 2}
    moment = {
        "M": photon_vertex(algebra, q, mu=1, eps=0, r2=0, anapole=0)[1:],
        "E": photon_vertex(algebra, q, mu=0, eps=1, r2=0, anapole=0)[1:],
    }
    table = {
        "V": space,
        "A": [g @ algebra.gamma5 for g in space],
        "L": [g @ chirality["L"] for g in space],
        "R": [g @ chirality["R"] for g in space],
        "T": [algebra.spin(k) for k in range(3)],
        "S": [q[1 + k] * algebra.one for k in range(3)],
        "P": [q[1 + k] * i * algebra.gamma5 for k in range(3)],
        "VQ": [q[1 + k] * algebra.slash(q) for k in range(3)],
        "AQ": [q[1 + k] * algebra.slash(q) @ algebra.gamma5 for k in range(3)],
        "VX": _cross_q(system, space, q),
        "AX": [c @ algebra.gamma5 for c in _cross_q(system, space, q)],
        "MX": _cross_q(system, moment["M"], q),
        "EX": _cross_q(system, moment["E"], q),
    }
    if name not in table:
        raise ValueError(f"bilinear must be one of {sorted(table)}, found {name!r}")
    return np.stack(table[name])


def gram(
    bilinear_n: str,
    bilinear_m: str,
    *,
    omega: Any,
    E_eg: Any,
    mass_i: Any,
    mass_j: Any,
    precision: str | int = "double",
    representation: str = "dirac",
    spin_basis: str = "rest",
) -> Array:
    """Return the (3, 3) tensor ``sum_spins (ubar_i V_n^k v_j)(ubar_i V_m^l v_j)*`` averaged over azimuth and ``E_nu``.

    Names as in :func:`bilinear`; multiply by the length ``omega Delta_ij`` of the ``E_nu`` interval for the integral.
    Zero above threshold.
    """
    with arithmetic(precision) as system:
        algebra = dirac_algebra(system, representation)
        kin = kinematics(system, omega, E_eg)
        m_i, m_j = system.real(mass_i), system.real(mass_j)
        nodes = pair_nodes(system, kin, m_i, m_j)
        if nodes is None:
            return system.zeros(3, 3)
        bra = algebra.bar(algebra.u(nodes.p_i, m_i, spin_basis))
        ket = algebra.v(nodes.p_j, m_j, spin_basis)
        left, right = (
            np.swapaxes(sandwich(bra, bilinear(algebra, name, kin.q), ket), 0, 1).reshape(3, -1)
            for name in (bilinear_n, bilinear_m)
        )
        weights = np.repeat(nodes.weights, 4)
        out: Array = (left * weights) @ np.conjugate(right).T
    return out
