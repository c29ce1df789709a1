"""All intermediate states: the gauge theorem, closure, intermediate coupling and E2, each against brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy as sp

from derivations.atom import (
    gauge_difference,
    mixed_spin_factor,
    quadrupole_allowed,
    quadrupole_over_magnetic,
    single_state_gauge_ratio,
    single_state_ratio,
    spin_factor,
)
from derivations.atom.angular import projections
from derivations.atom.gauge import resolvent_difference
from derivations.atom.intermediate_coupling import (
    configuration_hamiltonian,
    level_block,
    mixed_strength,
    one_electron_operators,
    rules_hold,
)
from derivations.atom.mixing import (
    TRIPLET_SPIN_FACTORS,
    borrowed_amplitude,
    triplet_share_from_lande,
    triplet_share_from_levels,
    triplet_share_from_widths,
)
from derivations.atom.prepared import coefficient
from derivations.atom.quadrupole import angular_ratio, shell_identity_holds
from tests.tolerances import tolerance

FREE = {"spin_orbit": 0.4, "exchange": 0.7}


def numbers(matrix: sp.Matrix) -> np.ndarray:
    return np.array(matrix.tolist(), dtype=complex)


def configuration(exchange: float, spin_orbit: float) -> dict[str, np.ndarray]:
    """Levels and operators of ``s^2`` (one state, first) and ``s p`` (12 states): H, the dipole along x, the spins."""
    block = numbers(configuration_hamiltonian(sp.Integer(5), sp.Float(exchange), sp.Float(spin_orbit)))
    hamiltonian = np.zeros((13, 13), dtype=complex)
    hamiltonian[1:, 1:] = block
    spins = np.zeros((3, 13, 13), dtype=complex)
    _, p_spin, s_spin = one_electron_operators()
    for k in range(3):
        spins[k, 1:, 1:] = numbers(p_spin[k] + s_spin[k])
    dipole = np.zeros((13, 13), dtype=complex)
    singlet = np.array([0, 1, -1, 0]) / np.sqrt(2)
    p_x = np.array([-1, 0, 1]) / np.sqrt(2)
    dipole[0, 1:] = np.kron(p_x, singlet)
    dipole[1:, 0] = dipole[0, 1:].conj()
    return {"H": hamiltonian, "r": dipole, "S": spins}


def amplitudes(system: dict[str, np.ndarray], e: int, omega: float, component: int) -> tuple[complex, complex, complex]:
    """Length, velocity, and length with the lowest contributing state alone; both orderings, by diagonalisation."""
    energies, states = np.linalg.eigh(system["H"])
    r = states.conj().T @ system["r"] @ states
    sigma = states.conj().T @ system["S"][component] @ states
    g = 0
    pair_first = r[g] * sigma[:, e] / (energies - energies[g] - omega)
    photon_first = sigma[g] * r[:, e] / (energies - energies[e] + omega)
    length = pair_first + photon_first
    velocity = pair_first * (energies - energies[g]) / omega + photon_first * (energies[e] - energies) / omega
    groups: dict[float, complex] = {}
    for energy, part in zip(energies, length, strict=True):
        groups[round(float(energy), 9)] = groups.get(round(float(energy), 9), 0) + part
    first = next(value for value in groups.values() if abs(value) > 1e-6)
    return complex(length.sum()), complex(velocity.sum()), complex(first)


def test_length_equals_velocity_gauge_for_a_complete_set_of_levels() -> None:
    """The whole s^2 and s p space, spin-orbit coupling included; |e> is the level of J = 0."""
    system = configuration(FREE["exchange"], FREE["spin_orbit"])
    omega = 1.3
    length, velocity, single = amplitudes(system, 1, omega, 0)
    assert abs(length) > 0.01
    assert abs(velocity / length - 1) < tolerance("gauge-sum")
    energies = np.linalg.eigvalsh(numbers(level_block(sp.Integer(5), sp.Float(0.7), sp.Float(0.4))))
    ratio = single_state_ratio(sp.Float(energies[0]), sp.Float(energies[1]), sp.Float(omega))
    assert abs(length / single - float(ratio)) < tolerance("gauge-sum")


def test_length_equals_velocity_gauge_without_a_singlet_ground_state() -> None:
    """Any Hamiltonian on orbital x spin, both orderings needed; r acts on the orbital, sigma on the spin alone."""
    draw = np.random.default_rng(11)
    matrix = draw.normal(size=(8, 8)) + 1j * draw.normal(size=(8, 8))
    orbital = draw.normal(size=(4, 4))
    spin = np.array([[0, 1], [1, 0]])
    system = {
        "H": matrix + matrix.conj().T,
        "r": np.kron(orbital + orbital.T, np.eye(2)),
        "S": np.array([np.kron(np.eye(4), spin)]),
    }
    length, velocity, single = amplitudes(system, 3, 0.37, 0)
    assert abs(velocity / length - 1) < tolerance("gauge-sum")
    assert abs(single / length - 1) > 0.1


@pytest.mark.parametrize("states", [1, 2, 4])
def test_the_gauges_differ_by_a_commutator_for_free_symbols(states: int) -> None:
    assert gauge_difference(states) == 0
    assert resolvent_difference() == 0


def test_one_state_depends_on_the_gauge() -> None:
    assert single_state_gauge_ratio(sp.Rational(223072, 10**5), sp.Rational(107, 100)) == sp.Rational(27884, 13375) ** 2


def test_the_rules_for_the_triplet_share_hold_on_explicit_matrices() -> None:
    assert rules_hold() == dict.fromkeys(("levels", "lande", "widths", "LS coupling", "C_ev"), True)


@pytest.mark.parametrize(("exchange", "spin_orbit"), [(0.7, 0.4), (0.3, -1.1), (2.0, 0.01)])
def test_the_three_rules_agree_on_a_diagonalised_configuration(exchange: float, spin_orbit: float) -> None:
    """Energies, Lande factors and dipoles of the eigenstates, found numerically; a p electron and a p hole."""
    system = configuration(exchange, spin_orbit)
    orbital, p_spin, s_spin = (tuple(numbers(x) for x in operator) for operator in one_electron_operators())
    total = [a + b + c for a, b, c in zip(orbital, p_spin, s_spin, strict=True)]
    tilt = 1e-7 * total[2]
    energies, states = np.linalg.eigh(system["H"][1:, 1:] + tilt)
    square = sum(j @ j for j in total)

    def level(J: int) -> list[int]:
        return [n for n in range(12) if abs((states[:, n].conj() @ square @ states[:, n]).real - J * (J + 1)) < 0.1]

    def top(indices: list[int]) -> list[int]:
        """The states of the largest M, one for each level."""
        projection = [(states[:, n].conj() @ total[2] @ states[:, n]).real for n in indices]
        return [n for n, m in zip(indices, projection, strict=True) if m > max(projection) - 0.1]

    lower, upper = top(level(1))
    zero, two = top(level(0))[0], top(level(2))[0]
    # The tilt shifts a level of projection M by 1e-7 M.
    clean = [energies[zero], energies[two] - 2e-7, energies[lower] - 1e-7, energies[upper] - 1e-7]
    g_S = 2.5
    moment = orbital[2] + g_S * (p_spin[2] + s_spin[2])
    g_J = (states[:, lower].conj() @ moment @ states[:, lower]).real
    dipoles = [abs(system["r"][0, 1:] @ states[:, n]) ** 2 for n in (lower, upper)]
    heights = (float(clean[2]), float(clean[3]))
    rates = tuple(d * e**3 for d, e in zip(dipoles, heights, strict=True))
    shares = [
        triplet_share_from_levels(*clean),
        triplet_share_from_lande(g_J, g_S),
        triplet_share_from_widths((rates[0], rates[1]), heights),
    ]
    assert max(shares) - min(shares) < tolerance("triplet-share")
    spins = [a + b for a, b in zip(p_spin, s_spin, strict=True)]
    strength = sum(
        abs(states[:, v].conj() @ s @ states[:, n]) ** 2 for s in spins for v in level(1)[:3] for n in level(2)
    )
    expected = 5 * 3 * float(TRIPLET_SPIN_FACTORS[2]) * shares[1]
    assert abs(strength - expected) < tolerance("triplet-share")


def test_C_ev_of_the_limits() -> None:
    assert mixed_spin_factor(0, Fraction(1)) == Fraction(2, 3)
    assert mixed_spin_factor(2, Fraction(1)) == spin_factor(J_e=Fraction(2), J_v=Fraction(1))
    assert mixed_strength(Fraction(2), sp.S.Zero) == 3 * spin_factor(J_e=Fraction(2), J_v=Fraction(1))


@pytest.mark.parametrize(("J_e", "share", "words"), [(1, 1, "J_e = 1"), (0, Fraction(3, 2), "triplet_share = 3/2")])
def test_a_bad_share_is_refused(J_e: int, share: Fraction, words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        mixed_spin_factor(J_e, share)
    assert "allowed" in str(error.value)


def test_a_borrowing_level_takes_the_part_that_three_levels_have() -> None:
    """A weakly mixed triplet, and a singlet that is split over two levels: the amplitudes by diagonalisation."""
    triplet, weak = 1.0, 1e-5
    singlets = np.array([[2.0, 0.3], [0.3, 3.0]])
    matrix = np.zeros((3, 3))
    matrix[0, 0], matrix[1:, 1:] = triplet, singlets
    matrix[0, 1] = matrix[1, 0] = weak
    energies, states = np.linalg.eigh(matrix)
    amplitude = states[0] * states[1]
    strengths = (float(states[1, 1] ** 2), float(states[1, 2] ** 2))
    part = borrowed_amplitude(strengths, (float(energies[1]), float(energies[2])), triplet)
    assert abs(amplitude.sum()) < tolerance("gauge-sum")
    assert abs(-amplitude[2] / amplitude[0] - part) < tolerance("borrowed")


def test_E2_obeys_the_triangle_rule() -> None:
    spins = [Fraction(n, 2) for n in range(6)]
    for start, end in product(spins, repeat=2):
        if (start - end).denominator != 1:
            assert not quadrupole_allowed(start, end)
            continue
        connected = start == end or any(
            coefficient(start, m, 2, int(n - m), end, n) != 0
            for m in projections(start)
            for n in projections(end)
            if abs(n - m) <= 2
        )
        assert quadrupole_allowed(start, end) == connected, (start, end)


def test_the_size_of_E2_by_a_second_road() -> None:
    """Sums over all components: rank 2 spreads over five, the spin over three, and S maps to S by the 6j symbol."""
    from sympy.physics.wigner import wigner_6j

    quadrupole = sp.Rational(2, 5) ** 2 * _sum_of_squares()
    to_one = 3 * wigner_6j(1, 2, 1, 1, 1, 2) ** 2 * quadrupole * 5
    spin = 3 * 5 * wigner_6j(1, 2, 1, 1, 1, 1) ** 2 * 6
    # zx is one of five normalised components with the weight 1/2, y one of three.
    assert angular_ratio() ** 2 == sp.nsimplify((to_one / 5 / 2) / (spin / 3))
    assert shell_identity_holds()
    assert quadrupole_over_magnetic(2, 1, 3) == 6 * angular_ratio()


def _sum_of_squares() -> sp.Rational:
    """``sum_ij tr(T_ij T_ij)`` for ``T_ij = (L_i L_j + L_j L_i)/2 - (2/3) delta_ij`` and L = 1."""
    from derivations.atom.angular import spin_matrices

    L = spin_matrices(Fraction(1))
    total = sp.S.Zero
    for i, j in product(range(3), repeat=2):
        T = (L[i] * L[j] + L[j] * L[i]) / 2 - sp.Rational(2, 3) * int(i == j) * sp.eye(3)
        total += (T * T).trace()
    return sp.nsimplify(sp.expand(total))
