"""Effective moments: what scattering, the sun and plasmons see of the moment matrices, and what they cannot see.

With ``D = mu - i eps`` a left-handed neutrino sees ``D`` and a right-handed antineutrino its complex conjugate. ``D`` is any
complex matrix: its Hermitian part is mu, its anti-Hermitian part - i eps.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    QQ,
    QQ_I,
    Expr,
    I,
    Integer,
    LeviCivita,
    Matrix,
    Rational,
    Symbol,
    cos,
    diag,
    limit,
    oo,
    simplify,
    sin,
    sqrt,
    symbols,
)
from sympy.polys.matrices import DomainMatrix

from derivations.ledger.crossed import Line, contract, vector_channel
from derivations.ledger.proofs.proof import Proof, require, unitary_matrix

MAGNETIC, ELECTRIC = vector_channel("magnetic", "V"), vector_channel("electric", "V")
NEUTRINO, ANTINEUTRINO = Line(), Line(antineutrino=True, helicity=1)

MIXING = unitary_matrix()
GENERIC = Matrix([[2 + I, 1 - 3 * I, 4], [-1 + 2 * I, 3, 1 + I], [5 * I, 2 - I, -3 + 2 * I]])
"""A moment matrix ``mu - i eps`` without special relations."""
VECTOR = Matrix([1 + 2 * I, 3 - I, 2 + I])


def antisymmetric(vector: Matrix) -> Matrix:
    """Return ``eps_jkn d_n``; ``mu`` and ``eps`` of Majorana neutrinos are i times real antisymmetric matrices.

    Example
    -------
    >>> antisymmetric(Matrix([0, 0, 1]))[0, 1]
    1
    """
    return Matrix(3, 3, lambda j, k: sum(vector[n] * LeviCivita(j, k, n) for n in range(3)))


def dagger(matrix: DomainMatrix) -> DomainMatrix:
    """Return the Hermitian conjugate of a matrix of Gaussian rationals."""
    rows = [[QQ_I.new(entry.x, -entry.y) for entry in row] for row in matrix.transpose().to_list()]
    return DomainMatrix(rows, (matrix.shape[1], matrix.shape[0]), QQ_I)


def exact(matrix: Matrix) -> DomainMatrix:
    """Return a SymPy matrix of Gaussian rationals in exact arithmetic, without simplification."""
    return DomainMatrix([[QQ_I.from_sympy(x.expand()) for x in row] for row in matrix.tolist()], matrix.shape, QQ_I)


def _directions(majorana: bool) -> list[DomainMatrix]:
    """Return a basis of the real directions of ``mu - i eps``."""
    found = []
    for j in range(3):
        for k in range(3):
            unit = Matrix(3, 3, lambda a, b, j=j, k=k: Integer(int((a, b) == (j, k))))
            if not majorana:
                found += [unit, I * unit]
            elif j < k:
                found += [unit - unit.T, I * (unit - unit.T)]
    return [exact(matrix) for matrix in found]


def _rank(point: Matrix, state: DomainMatrix | None = None, majorana: bool = False) -> tuple[int, int]:
    """Return the rank of ``D^dagger D`` in the real parameters of D, and their number; with states, of its mean values."""
    centre, rows = exact(point), []
    for direction in _directions(majorana):
        change = dagger(direction) * centre + dagger(centre) * direction
        if state is not None:
            rotated = state * change * dagger(state)
            entries = [rotated.to_list()[a][a] for a in range(3)]
        else:
            entries = [entry for row in change.to_list() for entry in row]
        rows.append([part for entry in entries for part in (entry.x, entry.y)])
    return DomainMatrix(rows, (len(rows), len(rows[0])), QQ).rank(), len(rows)


def effective_moment() -> Proof:
    """Decide the effective moment of scattering."""
    unit = contract(MAGNETIC, MAGNETIC, NEUTRINO)
    steps = (
        require(
            contract(ELECTRIC, MAGNETIC, NEUTRINO) == -unit and contract(ELECTRIC, ELECTRIC, NEUTRINO) == unit,
            "mu + i eps gamma5 on a left-handed neutrino: mu - i eps, as printed",
        ),
        require(
            contract(ELECTRIC, MAGNETIC, ANTINEUTRINO) == unit,
            "on a right-handed antineutrino: mu + i eps, with the element kj and U in place of U*",
        ),
    )
    return Proof("confirmed", "Sum over the unseen final states j, coherent sum over the incoming k.", steps)


def _evolved(matrix: DomainMatrix, state: DomainMatrix, phases: tuple[Expr, ...] = (Integer(1),) * 3) -> Any:
    """Return the norm of the outgoing state when mass state k of the beam carries ``phases[k]``."""
    outgoing = matrix * exact(diag(*phases)) * state
    return (dagger(outgoing) * outgoing).to_list()[0][0]


def oscillation() -> Proof:
    """Decide the effective moment after a distance."""
    phases = symbols("z_1:4")
    inverse = symbols("y_1:4")
    state = MIXING[0, :].H
    hermitian = (exact(GENERIC).to_Matrix().H * GENERIC).expand()
    amplitudes = [[GENERIC[j, k] * state[k] for k in range(3)] for j in range(3)]
    squared = sum(
        (
            sum(a * z for a, z in zip(row, phases, strict=True))
            * sum(a.conjugate() * y for a, y in zip(row, inverse, strict=True))
        )
        for row in amplitudes
    )
    expected = sum(
        state[k].conjugate() * hermitian[k, l] * state[l] * inverse[k] * phases[l]
        for k in range(3)
        for l in range(3)  # noqa: E741
    )
    steps = (
        require(
            (squared - expected).expand() == 0,
            "sum_j |sum_k D_jk U*_alpha,k z_k|^2 = sum_kl (D^dagger D)_kl U_alpha,k U*_alpha,l z*_k z_l, z_k = exp(-i m_k^2 L/2E)",
        ),
        require(
            _evolved(exact(GENERIC), exact(state))
            != _evolved(exact(GENERIC), exact(state), (I, Integer(1), Integer(1))),
            "it depends on L through the elements k != l of D^dagger D",
        ),
    )
    return Proof(
        "confirmed",
        "The mass states of the beam carry their phases into the amplitude, the unseen final states do not. NF22-mu_eff is its"
        " value at L = 0.",
        steps,
    )


def antineutrinos() -> Proof:
    """Decide whether neutrinos and antineutrinos have the same effective moment."""
    magnetic, electric = (GENERIC + GENERIC.H) / 2, I * (GENERIC - GENERIC.H) / 2
    matrix, element = exact(GENERIC), exact((magnetic + I * electric).T)
    here, there = exact(MIXING[0, :].H), exact(MIXING[0, :].T)
    phases = (I, Integer(1), Integer(1))
    one, other = _evolved(matrix, here, phases), _evolved(element, there, phases)
    steps = (
        require(
            exact(electric) == exact(electric.H) and element == exact(GENERIC.conjugate()),
            "Hermitian mu, eps: the matrix of antineutrinos, (mu + i eps)_kj, is the complex conjugate of (mu - i eps)_jk",
        ),
        require(
            _evolved(matrix, here) == _evolved(element, there),
            "L = 0: every amplitude is the complex conjugate of the other one, the same mu_eff for each flavour",
        ),
        require(
            one != other and other == _evolved(matrix, here, (-I, Integer(1), Integer(1))),
            f"L > 0, exp(-i m_1^2 L/2E) = i: {one.x} and {other.x} for one matrix; antineutrinos at L are neutrinos at - L",
        ),
    )
    return Proof(
        "convention",
        "Equal at $L = 0$, for any matrices; beyond, the two differ by the sine terms. The phases exp(-i m^2 L/2E) are"
        " not conjugated, as in any CP-violating oscillation.",
        steps,
        corrected="sine terms with $Im[(D^dagger D)_kl U_alpha,k U*_alpha,l]$ of opposite signs",
    )


def mu_and_eps() -> Proof:
    """Decide whether scattering tells mu from eps."""
    matrix, mixing = exact(GENERIC), exact(MIXING)
    squared = dagger(matrix) * matrix
    turned, swapped = mixing * matrix, exact(I * GENERIC)
    steps = (
        require(
            dagger(swapped) * swapped == squared,
            "mu - i eps -> i (mu - i eps), that is mu -> eps, eps -> - mu: no change of any mu_eff",
        ),
        require(
            dagger(turned) * turned == squared,
            "nor by any unitary matrix from the left: every mu_eff is a value of D^dagger D",
        ),
        require(
            _rank(GENERIC) == (9, 18),
            "Dirac: D^dagger D fixes 9 of the 18 real parameters; 9 directions i X D, X Hermitian, are blind",
        ),
        require(_rank(GENERIC, mixing) == (3, 18), "all flavours at L = 0, neutrinos and antineutrinos: 3 of 18"),
        require(
            _rank(antisymmetric(VECTOR), majorana=True) == (5, 6),
            "Majorana: 5 of 6; the blind direction is the common phase that turns mu into eps",
        ),
    )
    return Proof(
        "confirmed",
        "Not by any flavour, distance or antineutrino. Dirac neutrinos leave 9 of 18 real parameters unseen, Majorana"
        " ones 1 of 6.",
        steps,
    )


def blind_spots() -> Proof:
    """Decide whether the effective moment has blind spots."""
    state = exact(MIXING[0, :].H)
    none = exact(Matrix.zeros(3, 1))
    matrix = exact(GENERIC) * (exact(Matrix.eye(3)) - state * dagger(state))
    whole = _trace(dagger(matrix) * matrix)
    sympy_matrix = matrix.to_Matrix()
    parts = [exact((sympy_matrix + sympy_matrix.H) / 2), exact(I * (sympy_matrix - sympy_matrix.H) / 2)]
    rotated = exact(MIXING) * dagger(matrix) * matrix * dagger(exact(MIXING))
    steps = (
        require(
            matrix * state == none and whole.x > 0,
            f"Dirac: D = X (1 - a a^dagger), a_k = U*_alpha,k, has mu_eff = 0 and a plasmon sum of {whole.x}",
        ),
        require(
            whole == sum((_trace(dagger(part) * part) for part in parts), QQ_I.zero) == _trace(rotated),
            "that sum is sum_ij |mu_ij|^2 + |eps_ij|^2, and the sum of mu_eff^2 at L = 0 over the flavours",
        ),
        require(
            exact(antisymmetric(MIXING[0, :].H)) * state == none,
            "Majorana: D_jk = eps_jkn d_n has mu_eff = 0 for the state along d; every antisymmetric 3 x 3 matrix has one",
        ),
    )
    return Proof(
        "confirmed",
        "A matrix with the flavour in its null space. It takes mu and eps together or off-diagonal elements; the plasmon sum, which"
        " is the sum of mu_eff^2 over the three flavours, sees all of it.",
        steps,
    )


def _trace(matrix: DomainMatrix) -> Any:
    return sum((matrix.to_list()[k][k] for k in range(3)), QQ_I.zero)


def solar() -> Proof:
    """Decide the effective moment of solar neutrinos."""
    matrix, state = exact(GENERIC), exact(MIXING[0, :].H)
    squared = (dagger(matrix) * matrix).to_list()
    incoherent = sum(
        (squared[k][k] * (dagger(state) * exact(diag(*_unit(k))) * state).to_list()[0][0] for k in range(3)), QQ_I.zero
    )
    corners = [(Integer(1), I**a, I**b) for a in range(4) for b in range(4)]
    mean = sum((_evolved(matrix, state, phases) for phases in corners), QQ_I.zero) / QQ_I(16, 0)
    theta, potential = symbols("theta A", positive=True)
    level = cos(2 * theta) - potential
    upper = Rational(1, 2) * (1 - level / sqrt(level**2 + sin(2 * theta) ** 2))
    steps = (
        require(
            mean == incoherent,
            "the mean of GS97-oscillation over the phases is sum_k |U_alpha,k|^2 sum_j |mu_jk - i eps_jk|^2",
        ),
        require(
            simplify(upper.subs(potential, 0) - sin(theta) ** 2) == 0,
            "no matter, low energy: nu_e is nu_2 by sin^2 theta_12, hence P_e1 = cos^2 theta_12 cos^2 theta_13",
        ),
        require(
            limit(upper, potential, oo) == 1,
            "dense matter, high energy: nu_e is born as the upper state, P_e2 = cos^2 theta_13",
        ),
    )
    return Proof(
        "confirmed",
        "P_e3 = sin^2 theta_13 in both limits. The k-th column of mu - i eps counts with the probability of nu_k at the earth.",
        steps,
    )


def _unit(k: int) -> list[int]:
    return [int(n == k) for n in range(3)]


def solar_radius() -> Proof:
    """Decide whether solar neutrinos measure one charge radius."""
    weights = (Rational(1, 2), Rational(1, 2))
    weak_left = Matrix([[Rational(3, 4), Rational(1, 4)], [Rational(1, 4), Rational(3, 4)]])
    weak_right = Matrix.eye(2)
    x = Symbol("x", real=True)

    def rates(radius: Matrix) -> list[tuple[Expr, Expr]]:
        found = []
        for weak in (weak_left, weak_right):
            total = sum(
                (weights[k] * (weak + x * radius)[j, k] ** 2 for j in range(2) for k in range(2)), Integer(0)
            ).expand()
            found.append((total.coeff(x, 1), total.coeff(x, 2)))
        return found

    diagonal, across = rates(Matrix([[1, 0], [0, -1]])), rates(Matrix([[0, 1], [1, 0]]))
    steps = (
        require(
            diagonal[0][0] == diagonal[1][0] == 0 and diagonal[0][1] == 1,
            "r2 = diag(1, -1), P_1 = P_2: no interference, a square: the linear and the quadratic number are independent",
        ),
        require(
            across[0][0] != 0 and across[1][0] == 0,
            "off-diagonal r2_12: interferes with the left-handed electron (W exchange is off-diagonal in the mass basis), not with"
            " the right-handed one",
        ),
    )
    return Proof(
        "refuted",
        "Three numbers stand with three functions of $T/E$, and one cannot take their place. The second is that of"
        " right-handed electrons. One number it is when one element is on, or when the squares are neglected and T/E is"
        " fixed.",
        steps,
        corrected="$sum_k P_ek sum_j Re[(v+a)*_jk r_jk]$, $sum_k P_ek r_kk$ and $sum_k P_ek sum_j |r_jk|^2$ with $r = r2 - 6 a$",
    )


PROOFS = {
    "NF22-mu_eff": effective_moment,
    "NF22-blind-spots": blind_spots,
    "GS97-oscillation": oscillation,
    "GS97-antineutrinos": antineutrinos,
    "GP23b-mu-eps-scattering": mu_and_eps,
    "GP23b-solar": solar,
    "GP23b-solar-radius": solar_radius,
}
