"""The effective operators of the electron, from explicit slow electrons and from an oscillator.

``pair_vertices`` states which ``sigma^k`` or ``r^k`` each bilinear becomes. Here the same matrix elements come from
four-component electron spinors, without any expansion, and the two must agree up to the next order in ``p / m_e``.
"""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from tests.tolerances import tolerance

from .arithmetic import Arithmetic, Array, arithmetic, codata_constants
from .dirac import METRIC, PAULI, DiracAlgebra, dirac_algebra, levi_civita
from .reference import kinematics, pair_vertices, photon_vertex, read_couplings

SIGMA = [np.array(matrix, dtype=complex) for matrix in PAULI]
SLOW = 1e-4


@pytest.fixture
def system():
    with arithmetic("double") as double:
        yield double


@pytest.fixture
def algebra(system: Arithmetic) -> DiracAlgebra:
    return dirac_algebra(system)


def block(algebra: DiracAlgebra, final: Array, initial: Array, matrix: Array) -> Array:
    """Return the 2 x 2 matrix of ``ubar(p') Gamma u(p)`` between unit-normalised two-spinors, for unit mass."""

    def four(p: Array) -> Array:
        return np.array([np.sqrt(1 + p @ p), *p])

    u_initial, u_final = algebra.u(four(initial), 1.0), algebra.u(four(final), 1.0)
    norm = 2 * np.sqrt(four(initial)[0] * four(final)[0])
    out: Array = algebra.bar(u_final) @ matrix @ u_initial.T / norm
    return out


def dot(a: Any, b: Any) -> Any:
    return sum(x * y for x, y in zip(a, b, strict=True))


def cross(a: Any, b: Any) -> list[Any]:
    return [
        sum(levi_civita(k, l, m) * a[l] * b[m] for l in range(3) for m in range(3))  # noqa: E741
        for k in range(3)
    ]


def test_slow_electrons_reduce_each_bilinear_to_the_stated_operator(algebra: DiracAlgebra):
    rng = np.random.default_rng(20)
    p, q = SLOW * rng.normal(size=(2, 3))
    final = p - q
    one = np.eye(2)
    space = algebra.gamma[1:]
    curl = cross(q, SIGMA)
    # (name, Dirac matrix, operator, power of the slowness at which the difference starts)
    table = [
        ("S", algebra.one, one, 2),
        ("P", 1j * algebra.gamma5, 0.5j * dot(q, SIGMA), 3),
        ("V0", algebra.gamma[0], one, 2),
        ("A0", algebra.gamma[0] @ algebra.gamma5, 0.5 * dot(p + final, SIGMA), 3),
        *((f"V{k}", space[k], 0.5 * (p[k] + final[k]) * one + 0.5j * curl[k], 3) for k in range(3)),
        *((f"A{k}", space[k] @ algebra.gamma5, SIGMA[k], 2) for k in range(3)),
        *((f"T{k}", algebra.sigma(1 + (k + 1) % 3, 1 + (k + 2) % 3), SIGMA[k], 2) for k in range(3)),
    ]
    for name, matrix, operator, power in table:
        difference = np.abs(block(algebra, final, p, matrix) - operator).max()
        assert difference < 8 * SLOW**power + 4e-16, name
        assert np.abs(operator).max() > 100 * difference, name


def test_electric_tensor_components_are_suppressed(algebra: DiracAlgebra):
    p, q = SLOW * np.array([[0.3, 0.5, -0.4], [0.2, -0.9, 0.8]])
    for k in range(3):
        assert np.abs(block(algebra, p - q, p, algebra.sigma(0, 1 + k))).max() < 2 * SLOW


GROUPS: dict[str, dict[str, Any]] = {
    "weak": {"weak": [[0.7]]},
    "vector-axial": {"vector": {"mass": 1.3, "g_A": 0.8, "g_L": [[0.6]], "g_R": [[-0.3]]}},
    "vector-unitary": {"vector": {"mass": 1.3, "g_A": 0.8, "g_L": [[0.6]], "g_R": [[-0.3]], "propagator": "unitary"}},
    "vector-magnetic": {"vector": {"mass": 1.3, "g_A": 0, "g_V": 0.9, "g_L": [[0.6]], "g_R": [[-0.3]], "width": 0.4}},
    "scalar": {"scalar": {"mass": 0.9, "y_P": 0.8, "y_S_nu": [[0.4]], "y_P_nu": [[0.7]], "width": 0.2}},
    "magnetic": {"electromagnetic": {"mu": [[0.5]], "eps": [[-0.8]]}},
    "charge-radius": {"electromagnetic": {"r2": [[0.5e-9]], "anapole": [[-0.8e-9]]}},
    "tensor": {"tensor": {"t": [[0.6]]}},
}


def neutrino_currents(algebra: DiracAlgebra, q: Array, s: float, group: dict[str, Any], m_e: float) -> list[Any]:
    """Return (electron matrix, neutrino matrix) pairs whose product is the covariant Hamiltonian density."""
    with arithmetic("double") as system:
        constants = codata_constants(system)
    fermi = constants.G_F / np.sqrt(2)
    left, right = (algebra.one - algebra.gamma5) / 2, (algebra.one + algebra.gamma5) / 2
    indices = range(4)

    def contract(electron: list[Array], neutrino: list[Array], factor: complex) -> list[Any]:
        return [(factor * METRIC[mu] * electron[mu], neutrino[mu]) for mu in indices]

    if "weak" in group:
        a = group["weak"][0][0]
        electron = [-a * g @ algebra.gamma5 for g in algebra.gamma]
        return contract(electron, [2 * g @ left for g in algebra.gamma], fermi)
    if "vector" in group:
        v = group["vector"]
        D = 1 / (s - v["mass"] ** 2 + 1j * v["mass"] * v.get("width", 0))
        electron = [g @ (v.get("g_V", 0) * algebra.one + v["g_A"] * algebra.gamma5) for g in algebra.gamma]
        neutrino = [g @ (v["g_L"][0][0] * left + v["g_R"][0][0] * right) for g in algebra.gamma]
        out = contract(electron, neutrino, -D)
        if v.get("propagator") == "unitary":
            q_e, q_n = (sum(METRIC[mu] * q[mu] * J[mu] for mu in indices) for J in (electron, neutrino))
            out.append((D / v["mass"] ** 2 * q_e, q_n))
        return out
    if "scalar" in group:
        y = group["scalar"]
        D = 1 / (s - y["mass"] ** 2 + 1j * y["mass"] * y["width"])
        neutrino_matrix = y["y_S_nu"][0][0] * algebra.one + 1j * y["y_P_nu"][0][0] * algebra.gamma5
        return [(D * y["y_P"] * 1j * algebra.gamma5, neutrino_matrix)]
    if "electromagnetic" in group:
        f = {name: group["electromagnetic"].get(name, [[0]])[0][0] for name in ("mu", "eps", "r2", "anapole")}
        mu_B, cm = constants.e / (2 * m_e), 1 / constants.hbar_c
        vertex = photon_vertex(
            algebra, q, mu=f["mu"] * mu_B, eps=f["eps"] * mu_B, r2=f["r2"] * cm**2, anapole=f["anapole"] * cm**2
        )
        return contract([constants.e * g for g in algebra.gamma], vertex, 1 / s)
    t = group["tensor"]["t"][0][0]
    pairs = [(mu, nu) for mu in indices for nu in indices]
    return [
        (2 * fermi * t * METRIC[mu] * METRIC[nu] * algebra.sigma(mu, nu), algebra.sigma(mu, nu)) for mu, nu in pairs
    ]


@pytest.mark.parametrize("K", [0.0, -1.3])
@pytest.mark.parametrize("name", GROUPS)
def test_m1_vertices_follow_from_the_covariant_hamiltonian_with_explicit_electrons(
    algebra: DiracAlgebra, name: str, K: float
):
    system, group = algebra.system, GROUPS[name]
    constants = codata_constants(system)
    kin = kinematics(system, 0.8, 2.1, K)
    couplings = read_couplings(system, constants, 1, **({"weak": [[0]]} | group))
    V = pair_vertices(algebra, constants, kin, couplings, (0, 0), pair_step="M1", dipole=1.0)
    # The electron recoils symmetrically, so that its convection current and its axial charge vanish.
    half = np.array([0, 0, kin.q[3]]) / 2 / constants.m_e
    rng = np.random.default_rng(3)
    bra, ket = rng.normal(size=(2, 4)) + 1j * rng.normal(size=(2, 4))
    full = sum(
        block(algebra, -half, half, electron) * (bra @ neutrino @ ket)
        for electron, neutrino in neutrino_currents(algebra, kin.q, kin.s, group, constants.m_e)
    )
    from_spinors = np.array([np.trace(sigma @ full) / 2 for sigma in SIGMA])
    stated = np.array([bra @ V[k] @ ket for k in range(3)])
    # Next order: omega / m_e = 1.6e-6, through the spin-orbit part of the charge density or sigma^{0k}.
    np.testing.assert_allclose(from_spinors, stated, rtol=0, atol=tolerance("slow-electron") * np.abs(stated).max())
    assert np.abs(stated).max() > 0


def test_full_m1_operator_of_the_photon_is_half_of_the_spin_only_one(algebra: DiracAlgebra):
    system = algebra.system
    constants = codata_constants(system)
    kin = kinematics(system, 0.8, 2.1)
    spin, full = (
        pair_vertices(
            algebra,
            constants,
            kin,
            read_couplings(system, constants, 1, weak=[[0]], electromagnetic={"mu": [[0.4]], "m1": m1}),
            (0, 0),
            pair_step="M1",
            dipole=1.0,
        )
        for m1 in ("spin", "full")
    )
    assert np.array_equal(2 * full, spin)
    # 3P0 -> 3P1 in LS coupling: L + S annihilates J = 0, so (L + 2S)|3P0> = S|3P0>, from explicit matrices.
    S = np.array([[[0, 1, 0], [1, 0, 1], [0, 1, 0]], [[0, -1j, 0], [1j, 0, -1j], [0, 1j, 0]]]) / np.sqrt(2)
    spin_one = [S[0], S[1], np.diag([1.0, 0.0, -1.0])]
    L, spins = [np.kron(m, np.eye(3)) for m in spin_one], [np.kron(np.eye(3), m) for m in spin_one]
    J2 = sum((a + b) @ (a + b) for a, b in zip(L, spins, strict=True))
    state = np.linalg.eigh(J2)[1][:, 0]
    for a, b in zip(L, spins, strict=True):
        np.testing.assert_allclose((a + 2 * b) @ state, b @ state, rtol=0, atol=tolerance("spinor-algebra"))
        assert np.linalg.norm(b @ state) > 0.5


def oscillator(size: int) -> tuple[Array, Array]:
    """Return position and momentum matrices of an oscillator of unit mass, frequency and length."""
    lower = np.diag(np.sqrt(np.arange(1.0, size)), 1)
    return (lower + lower.T) / np.sqrt(2), (lower - lower.T) / (1j * np.sqrt(2))


@pytest.mark.parametrize("K", [0.0, -1.3])
@pytest.mark.parametrize("coupling", ["weak", "vector", "electromagnetic", "scalar"])
def test_e1_vertices_follow_from_a_bound_particle_emitting_the_pair(algebra: DiracAlgebra, coupling: str, K: float):
    # A slow charge bound along z (or x) emits the plane wave exp(-i q z): density and convection current, no expansion.
    system = algebra.system
    constants = codata_constants(system)
    groups: dict[str, dict[str, Any]] = {
        "weak": {"weak": [[0]], "vector_weak": [[0.7]]},
        "vector": {"weak": [[0]], "vector": {"mass": 1.3, "g_A": 0.8, "g_V": 0.9, "g_L": [[0.6]], "g_R": [[-0.3]]}},
        "electromagnetic": {"weak": [[0]], "electromagnetic": {"mu": [[0.5]], "eps": [[0.2]], "r2": [[1e-10]]}},
        "scalar": {"weak": [[0]], "scalar": {"mass": 0.9, "y_S": 0.8, "y_S_nu": [[0.4]], "y_P_nu": [[0.7]]}},
    }
    kin = kinematics(system, 0.8, 2.1, K)
    couplings = read_couplings(system, constants, 1, **groups[coupling])
    # The level spacing must be the energy of the pair; the oscillator is small, its length 1e-4 / spacing.
    q0, length = kin.q[0], 1e-4
    x, p = oscillator(40)
    position, velocity = length * x, q0 * length * p
    wave = np.eye(40) + sum(
        np.linalg.matrix_power(-1j * kin.q[3] * position, n) / float(mpmath.factorial(n)) for n in range(1, 6)
    )
    density = wave[0, 1]
    current_z = ((velocity @ wave + wave @ velocity) / 2)[0, 1]
    current_x = velocity[0, 1]
    dipole = position[0, 1]
    V = pair_vertices(algebra, constants, kin, couplings, (0, 0), pair_step="E1", dipole=dipole)
    left, right = (algebra.one - algebra.gamma5) / 2, (algebra.one + algebra.gamma5) / 2
    if coupling == "scalar":
        factor = 0.8 / (kin.s - 0.81)
        expected_z = factor * density * (0.4 * algebra.one + 0.7j * algebra.gamma5)
        expected_x = 0 * algebra.one
    else:
        if coupling == "weak":
            factor, J = constants.G_F / np.sqrt(2) * 0.7, [2 * g @ left for g in algebra.gamma]
        elif coupling == "vector":
            factor, J = -0.9 / (kin.s - 1.69), [g @ (0.6 * left - 0.3 * right) for g in algebra.gamma]
        else:
            mu_B = constants.bohr_magneton
            J = photon_vertex(algebra, kin.q, mu=0.5 * mu_B, eps=0.2 * mu_B, r2=1e-10 / constants.hbar_c**2, anapole=0)
            factor = constants.e / kin.s
        expected_z = factor * (density * J[0] - current_z * J[3])
        expected_x = -factor * current_x * J[1]
    for k, expected in ((2, expected_z), (0, expected_x)):
        np.testing.assert_allclose(V[k], expected, rtol=0, atol=tolerance("dipole") * np.abs(V).max())
    assert np.abs(V[2]).max() > 0
