"""A second, independent road to every structure function: covariant tensor reduction of the pair's phase space.

The pipeline integrates traces over ``E_nu``. Here nothing is integrated: Lorentz covariance alone fixes the
averages over the two-body phase space of the pair,

    <p_i^mu>          = alpha q^mu,                       alpha = (1 + (m_i^2 - m_j^2)/s) / 2,
    <p_i^mu p_i^nu>   = A g^{mu nu} + B q^mu q^nu,        A = -lambda / (12 s),   B = alpha^2 + lambda / (12 s^2),

and ``(1/omega) int dE_nu X = Delta_ij <X>``. The Dirac matrices are those of the chiral representation, the spin sums
are plain 4 x 4 products over a polynomial ring, and the code shares nothing with the pipeline but SymPy and the names of symbols. It is the
oracle of the ledger: what two roads agree on is not a slip of one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from typing import Any

from sympy import QQ_I, Expr, Matrix, Symbol, eye, sympify
from sympy.polys.rings import ring

from derivations.symbols import M_I, M_J, OMEGA, S

Poly = Any
Matrix4 = tuple[tuple[Poly, ...], ...]

RING, p0, px, py, pz, q0, w, m_i, m_j = ring("p0,px,py,pz,q0,w,m_i,m_j", QQ_I)
_I = RING(QQ_I(0, 1))
_ONE, _ZERO = RING.one, RING.zero
_CLOSED, _S_CLOSED, _W_CLOSED, *_ = ring("s,w,m_i,m_j", QQ_I)
METRIC = (1, -1, -1, -1)
P = (p0, px, py, pz)
Q = (q0, _ZERO, _ZERO, w)
P_J = tuple(total - part for total, part in zip(Q, P, strict=True))


def add(first: Matrix4, second: Matrix4) -> Matrix4:
    """Return the sum of two 4 x 4 matrices."""
    return tuple(tuple(a + b for a, b in zip(x, y, strict=True)) for x, y in zip(first, second, strict=True))


def scale(factor: Poly, matrix: Matrix4) -> Matrix4:
    """Return a multiple of a matrix."""
    return tuple(tuple(factor * a for a in row) for row in matrix)


def multiply(*factors: Matrix4) -> Matrix4:
    """Return the product of 4 x 4 matrices, skipping zeros."""
    result = factors[0]
    for factor in factors[1:]:
        rows = []
        for row in result:
            entries = [_ZERO] * 4
            for k, left in enumerate(row):
                if left:
                    for j, right in enumerate(factor[k]):
                        if right:
                            entries[j] += left * right
            rows.append(tuple(entries))
        result = tuple(rows)
    return result


def trace(matrix: Matrix4) -> Poly:
    """Return the trace."""
    return sum((matrix[k][k] for k in range(4)), _ZERO)


def transpose(matrix: Matrix4) -> Matrix4:
    """Return the transpose."""
    return tuple(zip(*matrix, strict=True))


def conjugate_polynomial(polynomial: Poly) -> Poly:
    """Return the complex conjugate; all generators are real."""
    return RING.from_dict({k: QQ_I.new(c.x, -c.y) for k, c in polynomial.items()})


def adjoint(matrix: Matrix4) -> Matrix4:
    """Return the Hermitian conjugate."""
    return tuple(tuple(conjugate_polynomial(a) for a in row) for row in transpose(matrix))


def _blocks(upper_right: tuple[tuple[complex, ...], ...], lower_left: tuple[tuple[complex, ...], ...]) -> Matrix4:
    def entry(value: complex) -> Poly:
        return _ONE * int(value.real) + _I * int(complex(value).imag)

    z = (_ZERO, _ZERO)
    top = tuple((*z, *(entry(complex(v)) for v in row)) for row in upper_right)
    bottom = tuple((*(entry(complex(v)) for v in row), *z) for row in lower_left)
    return top + bottom


IDENTITY: Matrix4 = tuple(tuple(_ONE if i == j else _ZERO for j in range(4)) for i in range(4))
GAMMA: tuple[Matrix4, ...] = (
    _blocks(((1, 0), (0, 1)), ((1, 0), (0, 1))),
    _blocks(((0, 1), (1, 0)), ((0, -1), (-1, 0))),
    _blocks(((0, -1j), (1j, 0)), ((0, 1j), (-1j, 0))),
    _blocks(((1, 0), (0, -1)), ((-1, 0), (0, 1))),
)
GAMMA5: Matrix4 = scale(_I, multiply(*GAMMA))
CHARGE: Matrix4 = scale(_I, multiply(GAMMA[2], GAMMA[0]))
_CHARGE_INVERSE: Matrix4 = scale(-_ONE, CHARGE)


def slash(upper: tuple[Poly, ...]) -> Matrix4:
    """Return ``gamma^mu a_mu`` of a vector with upper components ``a^mu``."""
    result = scale(_ZERO, IDENTITY)
    for mu in range(4):
        result = add(result, scale(upper[mu] * METRIC[mu], GAMMA[mu]))
    return result


def sigma_q(mu: int) -> Matrix4:
    """Return ``i sigma^{mu nu} q_nu = -(1/2) [gamma^mu, q-slash]``."""
    q = slash(Q)
    return scale(-_ONE / 2, add(multiply(GAMMA[mu], q), scale(-_ONE, multiply(q, GAMMA[mu]))))


def bar(matrix: Matrix4) -> Matrix4:
    """Return ``gamma0 Gamma^dagger gamma0``."""
    return multiply(GAMMA[0], adjoint(matrix), GAMMA[0])


def charge_conjugate(matrix: Matrix4) -> Matrix4:
    """Return ``C Gamma^T C^-1``."""
    return multiply(CHARGE, transpose(matrix), _CHARGE_INVERSE)


def _conserved(mu: int) -> Matrix4:
    """Return ``q^2 gamma^mu - q^mu q-slash``."""
    q_squared = q0**2 - w**2
    return add(scale(q_squared, GAMMA[mu]), scale(-Q[mu], slash(Q)))


def current(name: str, mu: int) -> Matrix4:
    """Return a neutrino current with one Lorentz index.

    ``V``, ``A``: gamma^mu, gamma^mu gamma5; ``L``, ``R``: gamma^mu (1 -+ gamma5); ``magnetic``: i sigma^{mu nu} q_nu;
    ``electric``: that times i gamma5; ``radius``: q^2 gamma^mu - q^mu q-slash; ``anapole``: that times gamma5.
    Raises ``ValueError`` for any other name.
    """
    vertex, dirac = _CURRENTS.get(name, (None, None))
    if vertex is None or dirac is None:
        raise ValueError(f"current must be one of {', '.join(_CURRENTS)}, found {name!r}")
    return multiply(vertex(mu), dirac)


_CURRENTS: Mapping[str, tuple[Callable[[int], Matrix4], Matrix4]] = {
    "V": (GAMMA.__getitem__, IDENTITY),
    "A": (GAMMA.__getitem__, GAMMA5),
    "L": (GAMMA.__getitem__, add(IDENTITY, scale(-_ONE, GAMMA5))),
    "R": (GAMMA.__getitem__, add(IDENTITY, GAMMA5)),
    "magnetic": (sigma_q, IDENTITY),
    "electric": (sigma_q, scale(_I, GAMMA5)),
    "radius": (_conserved, IDENTITY),
    "anapole": (_conserved, GAMMA5),
}
WEAK = ("V", "A", "L", "R")
ELECTROMAGNETIC = ("magnetic", "electric", "radius", "anapole")
DENSITIES = ("S", "P")
NAMES = (*WEAK, *DENSITIES, *ELECTROMAGNETIC)


@cache
def bilinear(name: str) -> tuple[Matrix4, Matrix4, Matrix4]:
    """Return the three matrices that multiply the electron's ``sigma^k``.

    Weak currents keep their spatial index. ``S`` and ``P`` are ``q^k`` and ``q^k i gamma5`` (exchange of a scalar with
    a pseudoscalar electron vertex). The electromagnetic ones are ``(Lambda x q)^k`` (photon exchange through the
    electron's magnetic moment). Every common factor, ``i`` included, is left to the amplitude.

    Example
    -------
    >>> len(bilinear("magnetic"))
    3
    """
    if name in WEAK:
        return current(name, 1), current(name, 2), current(name, 3)
    if name in DENSITIES:
        density = IDENTITY if name == "S" else scale(_I, GAMMA5)
        zero = scale(_ZERO, IDENTITY)
        return zero, zero, scale(w, density)
    x, y = current(name, 1), current(name, 2)
    return scale(w, y), scale(-w, x), scale(_ZERO, IDENTITY)


@cache
def _dressed(name: str) -> tuple[Matrix4, ...]:
    left = add(slash(P), scale(m_i, IDENTITY))
    right = add(slash(P_J), scale(-m_j, IDENTITY))
    return tuple(multiply(left, matrix, right) for matrix in bilinear(name))


@cache
def _barred(name: str) -> tuple[Matrix4, ...]:
    return tuple(bar(matrix) for matrix in bilinear(name))


@cache
def spin_sum(first: str, second: str, k: int, l: int) -> Poly:  # noqa: E741
    """Return ``sum_spins (ubar_i V^k v_j)(ubar_i W^l v_j)*`` as a polynomial in ``p_i``, ``q`` and the masses."""
    left, right = _dressed(first)[k], _barred(second)[l]
    total = _ZERO
    for i in range(4):
        for j in range(4):
            if left[i][j] and right[j][i]:
                total += left[i][j] * right[j][i]
    return total


_S = q0**2 - w**2
_SPLIT = m_i**2 - m_j**2
_LAMBDA = (_S - (m_i + m_j) ** 2) * (_S - (m_i - m_j) ** 2)


@cache
def _moment(powers: tuple[int, int, int, int]) -> Poly:
    """Return ``s^2`` times the phase-space average of ``p0^a px^b py^c pz^d`` (total power at most two)."""
    indices = [mu for mu, power in enumerate(powers) for _ in range(power)]
    if not indices:
        return _S**2
    if len(indices) == 1:
        return _S * (_S + _SPLIT) / 2 * Q[indices[0]]
    if len(indices) > 2:
        raise ValueError("two spinors give at most two powers of the momentum")
    mu, nu = indices
    metric = METRIC[mu] if mu == nu else 0
    return -_LAMBDA * _S / 12 * metric + ((_S + _SPLIT) ** 2 / 4 + _LAMBDA / 12) * Q[mu] * Q[nu]


def average(polynomial: Poly) -> Poly:
    """Return ``s^2`` times the average of a spin sum over the two-body phase space, by tensor reduction.

    Example
    -------
    >>> average(p0**2 - px**2 - py**2 - pz**2) == average(m_i**2)
    True
    """
    result = _ZERO
    for (a, b, c, d, *rest), coefficient in polynomial.items():
        result += _moment((a, b, c, d)) * RING.from_dict({(0, 0, 0, 0, *rest): coefficient})
    return result


ISOTROPIC: Matrix = eye(3) / 3
"""Average over all magnetic numbers, unit trace."""
LINEAR: Matrix = Matrix([[1, 0, 0], [0, 0, 0], [0, 0, 0]])
"""``0 -> 1 -> 0`` with linearly polarised light."""


def circular() -> Matrix:
    """Return ``T_kl = eps*_k eps_l`` of ``0 -> 1 -> 0`` with circular light, ``eps = (1, i, 0)/sqrt 2``."""
    i = sympify("I")
    return Matrix([[1, i, 0], [-i, 1, 0], [0, 0, 0]]) / 2


@cache
def _component(first: str, second: str, k: int, l: int) -> Expr:  # noqa: E741
    return over_s_squared(average(spin_sum(first, second, k, l)))


def over_s_squared(polynomial: Poly) -> Expr:
    """Return ``polynomial / s^2`` in ``s``, ``omega`` and the masses, common powers of ``s`` cancelled.

    Raises
    ------
    ValueError : an odd power of ``q^0``, which no average of two spinors leaves.

    Example
    -------
    >>> over_s_squared((q0**2 - w**2) ** 2 * m_i)
    m_i
    """
    total = _CLOSED.zero
    for monomial, coefficient in polynomial.items():
        energy, w_power, i_power, j_power = monomial[4:]
        if energy % 2:
            raise ValueError("an odd power of q^0 cannot be written in s and omega")
        rest = _CLOSED.from_dict({(0, w_power, i_power, j_power): coefficient})
        total += (_S_CLOSED + _W_CLOSED**2) ** (energy // 2) * rest
    power = 2
    while power and total and not total.rem(_S_CLOSED):
        total, power = total.exquo(_S_CLOSED), power - 1
    names = {Symbol("w"): OMEGA, Symbol("m_i"): M_I, Symbol("m_j"): M_J, Symbol("s"): S}
    expression: Expr = total.as_expr().subs(names, simultaneous=True) / S**power
    return expression


def gram(first: str, second: str, tensor: Matrix = ISOTROPIC) -> Expr:
    """Return ``<T_kl sum_spins V^k W^l*>`` over the phase space of the pair, a rational function of the kinematics.

    Parameters
    ----------
    first, second : names of :data:`NAMES`.
    tensor : atomic tensor, 3 x 3 and Hermitian, q along z.

    Example
    -------
    >>> from sympy import factor
    >>> factor(gram("L", "R"))
    8*m_i*m_j
    """
    total: Expr = sympify(0)
    for k in range(3):
        for l in range(3):  # noqa: E741
            if tensor[k, l] != 0:
                total += tensor[k, l] * _component(first, second, k, l)
    return total


def vanishes(expression: Expr) -> bool:
    """Return whether a rational expression is identically zero: its expanded numerator is the zero polynomial."""
    numerator, _ = expression.together().as_numer_denom()
    return bool(numerator.expand() == 0)


def energy_average(powers: tuple[int, int, int, int]) -> Poly:
    """Return ``s^2 w^2`` times the average of ``p0^a px^b py^c pz^d`` by integrating over ``E_nu`` and the azimuth.

    This is the pipeline's road, written out once more so that :func:`average` can be compared with it term by term:
    ``p_z = (2 q0 E - s - m_i^2 + m_j^2) / (2 w)``, ``E`` uniform on ``Ebar -+ w Delta/2``.
    """
    a, b, c, d = powers
    if b % 2 or c % 2:
        return _ZERO
    mean = q0 * (_S + _SPLIT) / 2
    moments = {0: _S**2, 1: mean * _S, 2: mean**2 + w**2 * _LAMBDA / 12}
    offset = -(_S + _SPLIT) / 2
    along = {0: {0: _ONE}, 1: {1: q0, 0: offset}, 2: {2: q0**2, 1: 2 * q0 * offset, 0: offset**2}}
    if b == 2 or c == 2:
        longitudinal = sum((moments[n] * value for n, value in along[2].items()), _ZERO)
        return ((moments[2] - m_i**2 * moments[0]) * w**2 - longitudinal) / 2
    return sum((moments[n + a] * value for n, value in along[d].items()), _ZERO) * w ** (2 - d)


def moments_agree() -> bool:
    """Return whether tensor reduction and the ``E_nu`` integral agree on every monomial up to degree two."""
    monomials = [(a, b, c, d) for a, b, c, d in product(range(3), repeat=4) if a + b + c + d <= 2]
    return all(_moment(m) * w**2 == energy_average(m) for m in monomials)


def sigma_identity_holds() -> bool:
    """Return whether ``(sigma.a)(sigma.b) = a.b + i sigma.(a x b)`` for commuting ``a``, ``b`` (GP23b, appendix A)."""
    i = sympify("I")
    pauli = (Matrix([[0, 1], [1, 0]]), Matrix([[0, -i], [i, 0]]), Matrix([[1, 0], [0, -1]]))
    a = Matrix([Symbol(f"a{k}") for k in range(3)])
    b = Matrix([Symbol(f"b{k}") for k in range(3)])
    left = sum((a[k] * pauli[k] for k in range(3)), Matrix.zeros(2)) * sum(
        (b[k] * pauli[k] for k in range(3)), Matrix.zeros(2)
    )
    cross = a.cross(b)
    right = a.dot(b) * eye(2) + i * sum((cross[k] * pauli[k] for k in range(3)), Matrix.zeros(2))
    return bool((left - right).expand() == Matrix.zeros(2))


@cache
def current_spin_sum(first: str, second: str, mu: int, nu: int) -> Poly:
    """Return ``sum_spins (ubar_i J^mu v_j)(ubar_i K^nu v_j)*`` of two currents with upper Lorentz indices."""
    left = add(slash(P), scale(m_i, IDENTITY))
    right = add(slash(P_J), scale(-m_j, IDENTITY))
    return trace(multiply(left, current(first, mu), right, bar(current(second, nu))))
