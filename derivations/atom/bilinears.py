"""The five electron bilinears between free spinors, expanded in ``1/m_e``: the table of atomic operators.

In: a Dirac matrix. Out: two-by-two matrices, one for each power of ``1/m_e``, in ``K = (p + p')/2`` and the momentum
``q = p - p'`` that the pair carries away. The operator in the atom is that matrix times ``exp(-i q.x)``,
symmetrised in ``K`` and ``x``. Three-vectors have upper indices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import sympy as sp

from derivations.atom.pauli import GAMMA, GAMMA5, PAULI, sigma_tensor, spin_dot
from derivations.steps.step import Derivation, Step

K = sp.symbols("K1:4", real=True)
Q = sp.symbols("q1:4", real=True)

Verdict = Literal["confirmed", "convention", "refuted"]


@dataclass(frozen=True)
class BilinearRow:
    """One line of the table: a bilinear (or one of its components) and its atomic operators.

    Attributes
    ----------
    name : ``S``, ``P``, ``V0``, ``Vk``, ``A0``, ``Ak``, ``T0k`` or ``Tkl``.
    bilinear : the Hermitian field bilinear, LaTeX.
    operator, operator_latex : expansion to order ``1/m_e^2`` in ``K``, ``q`` and sigma.
    leading, following : leading and next atomic operators with their transition type and order.
    orders : (power of ``q/m_e``, power of ``q a_B``) of the leading atomic operator with a non-zero matrix element.
    parity, time_reversal : intrinsic signs of the operator.
    printed : GP22 Table 1 for the same line, or an empty string.
    verdict, reason : how the printed line compares.
    """

    name: str
    bilinear: str
    operator: str
    operator_latex: str
    leading: str
    following: str
    orders: tuple[int, int]
    parity: int
    time_reversal: int
    printed: str
    verdict: Verdict | None
    reason: str


@cache
def spinor_bilinear(gamma: sp.ImmutableMatrix) -> tuple[sp.ImmutableMatrix, sp.ImmutableMatrix, sp.ImmutableMatrix]:
    """Return ``ubar(p') Gamma u(p)`` between unit-normalised spinors: the coefficients of ``1/m_e^0, 1/m_e,
    1/m_e^2``.

    ``u = ((1 - p^2/8m^2) phi, (sigma.p/2m) phi)`` is exact through order ``1/m_e^2``.

    Example
    -------
    >>> spinor_bilinear(sp.ImmutableMatrix(sp.I * GAMMA5))[1][0, 0]      # i ebar gamma5 e -> (i/2m_e) sigma.q
    I*q3/2
    """
    order = sp.Symbol("order", real=True)
    incoming = tuple(k + q / 2 for k, q in zip(K, Q, strict=True))
    outgoing = tuple(k - q / 2 for k, q in zip(K, Q, strict=True))
    expanded = (_spinor(outgoing, order).H * GAMMA[0] * gamma * _spinor(incoming, order)).applyfunc(sp.expand)
    parts = [sp.ImmutableMatrix(expanded.applyfunc(lambda x, n=n: x.coeff(order, n))) for n in range(3)]
    return parts[0], parts[1], parts[2]


def hermitian(matrix: sp.Matrix) -> bool:
    """Return True when ``f(K, -q)^+ = f(K, q)``: the field operator is Hermitian.

    Example
    -------
    >>> hermitian(sp.I * spin_dot(Q)), hermitian(spin_dot(Q))
    (True, False)
    """
    flipped = matrix.xreplace({q: -q for q in Q}).H
    return bool((flipped - matrix).applyfunc(sp.expand).is_zero_matrix)


def parity_sign(matrix: sp.Matrix) -> int | None:
    """Return the sign under ``K, q -> -K, -q`` with sigma unchanged, or ``None`` when there is none.

    Example
    -------
    >>> parity_sign(spin_dot(Q))
    -1
    """
    return _sign(matrix, matrix.xreplace({x: -x for x in (*K, *Q)}))


def time_reversal_sign(matrix: sp.Matrix) -> int | None:
    """Return the sign under time reversal, ``sigma_y f(-K, -q)* sigma_y``, or ``None`` when there is none.

    Time reversal turns ``K`` into ``-K``, sigma into ``-sigma``, ``i`` into ``-i``; ``exp(-i q.x)`` keeps its form
    when ``q`` becomes ``-q``.

    Example
    -------
    >>> time_reversal_sign(spin_dot((0, 0, 1)))
    -1
    """
    reversed_matrix = PAULI[1] * matrix.xreplace({x: -x for x in (*K, *Q)}).conjugate() * PAULI[1]
    return _sign(matrix, reversed_matrix)


def bilinear_matrices(name: str) -> dict[tuple[int, ...], sp.ImmutableMatrix]:
    """Return the Dirac matrices of a table line by their spatial indices (none, ``(k,)`` or ``(k, l)``).

    Raises
    ------
    ValueError : ``name`` is not a line of the table.

    Example
    -------
    >>> sorted(bilinear_matrices("Ak"))
    [(0,), (1,), (2,)]
    """
    if name not in _BILINEARS:
        raise ValueError(f"name = {name!r} is not allowed: it must be one of {', '.join(_BILINEARS)}")
    return {indices: sp.ImmutableMatrix(matrix) for indices, matrix in _BILINEARS[name].items()}


def closed_form(name: str, indices: tuple[int, ...]) -> tuple[sp.Matrix, sp.Matrix, sp.Matrix]:
    """Return the operator of one line as vectors and Pauli matrices, order by order in ``1/m_e``.

    This is what the table prints; :func:`bilinear_rows` compares it with :func:`spinor_bilinear`.

    Example
    -------
    >>> closed_form("V0", ())[0]
    Matrix([
    [1, 0],
    [0, 1]])
    """
    leading, first, second = _CLOSED[name](indices)
    return leading, first, second


def bilinear_rows() -> tuple[BilinearRow, ...]:
    """Return the table of electron bilinears, every line compared with the expansion of :func:`spinor_bilinear`.

    Raises
    ------
    ArithmeticError : a line is not what the expansion gives, is not Hermitian, or has no definite parity or time
        reversal.

    Example
    -------
    >>> {row.name: row.verdict for row in bilinear_rows()}["P"]
    'refuted'
    """
    return tuple(_checked_row(name, *line) for name, line in _LINES.items())


def bilinear_table() -> Derivation:
    """Return the table of all five electron bilinears as a derivation, one step per line.

    Example
    -------
    >>> [step.name for step in bilinear_table()][:3]
    ['spinors', 'S', 'P']
    """
    steps = [
        Step(
            "spinors",
            "Each bilinear is taken between free spinors of momenta p and p' = p - q and expanded in 1/m_e, with "
            "K = (p + p')/2. The pair carries q away; the operator in the atom is multiplied by exp(-i q.x).",
            (
                r"u(p) = \begin{pmatrix}(1-p^2/8m_e^2)\,\varphi\\ \vec\sigma\cdot\vec p\,\varphi/2m_e\end{pmatrix}"
                r" + O(m_e^{-3})",
            ),
            ("u(p) = ((1 - p^2/8m_e^2) phi, sigma.p phi / 2m_e)",),
            "q.x is of order q a_B = q/(alpha m_e), K/m_e of order alpha, and <K>/m_e = -i q0 <r> for an E1 step",
        )
    ]
    for row in bilinear_rows():
        lines = [
            f"{row.operator}",
            f"leading: {row.leading}",
            f"next:    {row.following}",
            f"parity {row.parity:+d}, time reversal {row.time_reversal:+d}, Hermitian",
        ]
        if row.printed:
            lines.append(f"printed: {row.printed}   -> {row.verdict}")
        steps.append(
            Step(
                row.name,
                f"Leading operator: {row.leading}; order (q/m_e)^{row.orders[0]} (q a_B)^{row.orders[1]}.",
                (rf"{row.bilinear}\ \to\ {row.operator_latex}",),
                tuple(lines),
                row.reason,
                "GP22 Table 1" if row.printed else "",
            )
        )
    return Derivation("bilinears", "Electron bilinears as atomic operators").then(*steps)


def _checked_row(name: str, *line: Any) -> BilinearRow:
    signs: set[tuple[int, int]] = set()
    for indices, gamma in bilinear_matrices(name).items():
        expansion = spinor_bilinear(gamma)
        for derived, stated in zip(expansion, closed_form(name, indices), strict=True):
            if not (derived - stated).applyfunc(sp.expand).is_zero_matrix or not hermitian(derived):
                raise ArithmeticError(
                    f"table line {name}: the stated operator is not the derived one, or not Hermitian"
                )
            if not derived.is_zero_matrix:
                signs.add((parity_sign(derived) or 0, time_reversal_sign(derived) or 0))
    if len(signs) != 1 or 0 in (pair := signs.pop()):
        raise ArithmeticError(f"table line {name}: parity or time reversal is not definite")
    bilinear, operator, operator_latex, leading, following, orders, printed, verdict, reason = line
    return BilinearRow(
        name, bilinear, operator, operator_latex, leading, following, orders, *pair, printed, verdict, reason
    )


_LINES: dict[str, tuple[Any, ...]] = {
    "S": (
        r"\bar e e",
        "1 - K^2/2m_e^2 + i sigma.(q x K)/4m_e^2",
        r"1 - \frac{K^2}{2m_e^2} + \frac{i}{4m_e^2}\vec\sigma\cdot(\vec q\times\vec K)",
        "E1, -i q.r",
        "no M1 at this order; K^2/2m_e^2 and (q.r)^2 keep J (E0) or are E2",
        (0, 1),
        "<f|i>, E1",
        "confirmed",
        "the operator is 1, <f|i> = 0, so E1 starts with exp(-i q.x) -> -i q.r",
    ),
    "P": (
        r"i\bar e\gamma_5 e",
        "(i/2m_e) q.sigma",
        r"\frac{i}{2m_e}\vec q\cdot\vec\sigma",
        "M1, (i/2m_e) q.sigma",
        "order 1/m_e^3, or (q.r)(q.sigma)/2m_e with the other parity",
        (1, 0),
        "(q/2m_e).<f|sigma|i>, M1",
        "refuted",
        "the factor i is missing: without it the operator is not Hermitian; the i decides which interference with "
        "the "
        "weak current survives",
    ),
    "V0": (
        r"\bar e\gamma^0 e",
        "1 - q^2/8m_e^2 - i sigma.(q x K)/4m_e^2",
        r"1 - \frac{q^2}{8m_e^2} - \frac{i}{4m_e^2}\vec\sigma\cdot(\vec q\times\vec K)",
        "E1, -i q.r",
        "E2, -(q.r)^2/2; no M1",
        (0, 1),
        "<f|i>, E1",
        "confirmed",
        "as for the scalar; the charge density has no M1 part, by current conservation q.(q x M) = 0",
    ),
    "Vk": (
        r"\bar e\gamma^k e",
        "K^k/m_e + (i/2m_e) (q x sigma)^k",
        r"\frac{K^k}{m_e} + \frac{i}{2m_e}(\vec q\times\vec\sigma)^k",
        "E1, K^k/m_e -> -i q0 r^k",
        "M1, (i/2m_e) (q x (L + 2S))^k; E2, -(q0/2) (q.r) r^k",
        (0, 1),
        "(q/2m_e).<f|sigma sigma|i>, E1",
        "refuted",
        "sigma^k (q.sigma)/2m_e = q^k/2m_e + (i/2m_e)(q x sigma)^k is the spin part in this order of factors (the "
        "other "
        "order has the opposite sign); q^k multiplies <f|i> = 0; the convection current K^k/m_e, which is the E1 "
        "operator, "
        "is missing",
    ),
    "A0": (
        r"\bar e\gamma^0\gamma_5 e",
        "sigma.K/m_e",
        r"\frac{\vec\sigma\cdot\vec K}{m_e}",
        "parity odd, sigma.K/m_e -> -i (E_i - E_f) sigma.r; between equal parities nothing",
        "M1 with exp(-i q.x): -(i/2m_e) q.(sigma x L), equal to -(1/2) (q/2m_e).sigma for LS-coupled 3P0 -> 3P1",
        (0, 1),
        "(q/2m_e).<f|sigma|i>, M1",
        "refuted",
        "the momentum in the operator is the electron's K, not q; it is odd under parity, so the printed M1 "
        "operator does "
        "not appear at this order; the M1 part is of the printed size with another operator",
    ),
    "Ak": (
        r"\bar e\gamma^k\gamma_5 e",
        "sigma^k + O(1/m_e^2)",
        r"\sigma^k + \frac{1}{m_e^2}\Big[-\frac{K^2\sigma^k}{2} + \frac{K^k\,\vec\sigma\cdot\vec K}{2}"
        r" - \frac{q^k\,\vec\sigma\cdot\vec q}{8} + \frac{i}{4}(\vec q\times\vec K)^k\Big]",
        "M1, sigma^k",
        "order 1/m_e^2: alpha^2 from K^2, (q/m_e)^2 from q^2; retardation -i (q.r) sigma^k has the other parity",
        (0, 0),
        "<f|sigma|i>, M1",
        "confirmed",
        "not suppressed: the leading pair operator of the weak current",
    ),
    "T0k": (
        r"\bar e\sigma^{0k}e",
        "(i/2m_e) q^k - (K x sigma)^k/m_e",
        r"\frac{i}{2m_e}q^k - \frac{1}{m_e}(\vec K\times\vec\sigma)^k",
        "E1, -(K x sigma)^k/m_e -> i (E_i - E_f) (r x sigma)^k",
        "i q^k/2m_e multiplies <f|i> = 0",
        (0, 1),
        "",
        None,
        "suppressed by 1/m_e, and of the other parity than sigma^{kl}",
    ),
    "Tkl": (
        r"\bar e\sigma^{kl}e",
        "eps^{klm} sigma^m + O(1/m_e^2)",
        r"\epsilon^{klm}\Big\{\sigma^m + \frac{1}{m_e^2}\Big[-\frac{K^m\,\vec\sigma\cdot\vec K}{2}"
        r" + \frac{q^m\,\vec\sigma\cdot\vec q - q^2\sigma^m}{8} - \frac{i}{4}(\vec q\times\vec K)^m\Big]\Big\}",
        "M1, eps^{klm} sigma^m",
        "order 1/m_e^2",
        (0, 0),
        "",
        None,
        "an M1 operator that is not suppressed, as strong as the axial one",
    ),
}


def _spinor(p: tuple[sp.Expr, ...], order: sp.Symbol) -> sp.Matrix:
    square = sum((x**2 for x in p), sp.S.Zero)
    return sp.Matrix.vstack(sp.eye(2) * (1 - order**2 * square / 8), spin_dot(p) * order / 2)


def _sign(matrix: sp.Matrix, image: sp.Matrix) -> int | None:
    for sign in (1, -1):
        if (image - sign * matrix).applyfunc(sp.expand).is_zero_matrix:
            return sign
    return None


def _cross(a: Any, b: Any) -> tuple[Any, ...]:
    return tuple(a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3] for k in range(3))


def _dot(a: Any, b: Any) -> Any:
    return sum((x * y for x, y in zip(a, b, strict=True)), sp.S.Zero)


_BILINEARS: dict[str, dict[tuple[int, ...], Any]] = {
    "S": {(): sp.eye(4)},
    "P": {(): sp.I * GAMMA5},
    "V0": {(): GAMMA[0]},
    "Vk": {(k,): GAMMA[k + 1] for k in range(3)},
    "A0": {(): GAMMA[0] * GAMMA5},
    "Ak": {(k,): GAMMA[k + 1] * GAMMA5 for k in range(3)},
    "T0k": {(k,): sigma_tensor(0, k + 1) for k in range(3)},
    "Tkl": {(k, n): sigma_tensor(k + 1, n + 1) for k in range(3) for n in range(3) if k != n},
}

_ONE, _ZERO = sp.eye(2), sp.zeros(2, 2)
_K2, _Q2 = _dot(K, K), _dot(Q, Q)
_SPIN_ORBIT = spin_dot(_cross(Q, K))


def _axial_second_order(k: int) -> Any:
    return -_K2 * PAULI[k] / 2 + K[k] * spin_dot(K) / 2 - Q[k] * spin_dot(Q) / 8 + sp.I * _cross(Q, K)[k] * _ONE / 4


def _magnetic_second_order(k: int) -> Any:
    return Q[k] * spin_dot(Q) / 8 - _Q2 * PAULI[k] / 8 - K[k] * spin_dot(K) / 2 - sp.I * _cross(Q, K)[k] * _ONE / 4


def _dual(form: Any, k: int, n: int) -> Any:
    return sum((sp.LeviCivita(k, n, r) * form(r) for r in range(3)), _ZERO)


_CLOSED: dict[str, Any] = {
    "S": lambda _: (_ONE, _ZERO, -_K2 * _ONE / 2 + sp.I * _SPIN_ORBIT / 4),
    "P": lambda _: (_ZERO, sp.I * spin_dot(Q) / 2, _ZERO),
    "V0": lambda _: (_ONE, _ZERO, -_Q2 * _ONE / 8 - sp.I * _SPIN_ORBIT / 4),
    "Vk": lambda i: (_ZERO, K[i[0]] * _ONE + sp.I * _cross(Q, PAULI)[i[0]] / 2, _ZERO),
    "A0": lambda _: (_ZERO, spin_dot(K), _ZERO),
    "Ak": lambda i: (PAULI[i[0]], _ZERO, _axial_second_order(i[0])),
    "T0k": lambda i: (_ZERO, sp.I * Q[i[0]] * _ONE / 2 - _cross(K, PAULI)[i[0]], _ZERO),
    "Tkl": lambda i: (
        _dual(lambda r: PAULI[r], *i), _ZERO, _dual(_magnetic_second_order, *i),
    ),
}  # fmt: skip
