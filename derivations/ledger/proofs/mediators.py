"""Light vector and scalar mediators: signs, factors, phases, and what Majorana neutrinos keep."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sympy import QQ_I, Abs, Expr, I, Integer, Symbol, conjugate, im, limit, oo, re, sqrt

from derivations.algebra.dimensions import analyse
from derivations.ledger.oracle import (
    GAMMA5,
    IDENTITY,
    P_J,
    RING,
    Q,
    add,
    bar,
    gram,
    m_i,
    m_j,
    multiply,
    scale,
    slash,
    vanishes,
)
from derivations.ledger.oracle import P as P_VECTOR
from derivations.ledger.printed.gp22 import A_LEFT, MAJORANA_LR, THRESHOLD
from derivations.ledger.printed.nf22 import SCALAR_INTERFERENCE, SCALAR_SQUARE, VECTOR
from derivations.ledger.proofs.proof import Proof, Term, dirac, eta, majorana, parts, proven, require, same
from derivations.ledger.proofs.weak import WEAK_TERMS
from derivations.symbols import (
    A_L,
    A_R,
    DELTA_M,
    DIMENSIONS,
    G_A,
    G_F,
    G_L,
    I_D,
    M_E,
    M_I,
    M_J,
    MEDIATOR,
    OMEGA,
    THRESHOLD_DIFFERENCE,
    THRESHOLD_SUM,
    Y_E,
    Y_P,
    Y_S,
    A,
    S,
)
from derivations.symbols import S_OF_OMEGA as PAIR

CHIRAL_TERMS = (
    Term(G_F / sqrt(2), A_L + A_R, "V"),
    Term(G_F / sqrt(2), A_R - A_L, "A"),
)
"""``A^k = (G_F/sqrt2) ubar gamma^k [a^L (1-gamma5) + a^R (1+gamma5)] v``."""

_EXCHANGE = I * Y_E / (2 * M_E * (S - MEDIATOR**2))
SCALAR_TERMS = (Term(_EXCHANGE, Y_S, "S"), Term(_EXCHANGE, Y_P, "P"))
"""``i ebar gamma5 e -> (i/2m_e) q.sigma``, ``H = + J_e J_nu / (s - M^2)``."""

_UNIT = 4 * G_F**2


def _both(terms: tuple[Term, ...]) -> tuple[Expr, Expr]:
    return dirac(terms) / _UNIT, majorana(terms) / _UNIT


def chiral_couplings() -> Proof:
    """Decide ``a^L`` and ``a^R``."""
    # L_eff = J_e.J_nu/(s-M^2), H = -L_eff; spatial axial part of J_e is +sigma^k, and gamma^k sigma_k = -gamma^k sigma^k
    exchange = G_A * G_L / (S - MEDIATOR**2)
    weak = G_F / sqrt(2) * A
    # g_L P_L = (g_L/2)(1-gamma5)
    derived = (weak + exchange / 2) / (G_F / sqrt(2))
    steps = (
        require(
            vanishes(derived - A_LEFT),
            "coefficient of (G_F/sqrt2) sigma^k nubar gamma^k (1-gamma5) nu: a + g_A g_L/[sqrt2 G_F (s-M^2)]",
        ),
        require(vanishes(derived.subs(A, 0) - (A_LEFT - A)), "the same with (1+gamma5) and g_R: a^R has no weak part"),
    )
    return Proof(
        "confirmed",
        "Sign, $sqrt2$ and $P_L = (1-gamma5)/2$ are right. H = - J_e.J_nu/(s-M^2), with the weak term H ="
        " (G_F/sqrt2)[..](v - a gamma5).",
        steps,
    )


def vector_formula() -> Proof:
    """Decide the vector spectral function of the slide."""
    first, second = _both(CHIRAL_TERMS)
    derived = first + DELTA_M * (second - first)
    bracket = DELTA_M * re(A_L**2 + A_R**2) - 2 * re(conjugate(A_L) * A_R)
    dirac_part = VECTOR - bracket
    dirac_function = gram("L", "L") / 8
    corrected = dirac_part - M_I * M_J * bracket
    report = analyse(VECTOR, DIMENSIONS)
    point = {A_L: Integer(1), A_R: Integer(1), DELTA_M: 0, M_I: 0, M_J: 0}
    steps = (
        require(not report.consistent, f"dimensional analysis: {report.clashes[0]}"),
        require(
            same(corrected.subs(I_D, dirac_function), derived),
            "derived = first bracket I^D - m_i m_j (second bracket), identical for complex a^L, a^R, Dirac and Majorana",
        ),
        require(
            not same(VECTOR.subs(I_D, dirac_function), derived),
            "printed - derived = (1 + m_i m_j) (second bracket), not zero",
        ),
        require(
            VECTOR.subs(point) - 2 * I_D == -2,
            "smallest counterexample: massless Dirac neutrinos, a^L = a^R = 1 (g_L = g_R): derived 2 I^D,"
            " printed 2 I^D - 2",
        ),
        require(
            same(VECTOR.subs(A_R, 0).subs(I_D, 0), DELTA_M * re(A_L**2)),
            "a^R = 0 must give back the standard model, - delta_M m_i m_j Re(a^2); printed: + delta_M Re(a^2)",
        ),
    )
    return Proof(
        "refuted",
        "The last bracket has lost the factor $- m_i m_j$ (its dimension and its sign). The first bracket is right, with"
        " all its signs. A slip of the slide, as far as seen: the text of GP22 below (21) calls it proportional to the"
        " neutrino masses.",
        steps,
        corrected=proven(
            "(abs(a^L_ij)^2 + abs(a^R_ij)^2 - 2*delta_M Re(a^L_ij a^R_ij)) I^D_ij"
            " - m_i m_j (delta_M Re((a^L_ij)^2 + (a^R_ij)^2) - 2*Re(conj(a^L_ij) a^R_ij))",
            corrected,
        ),
    )


def majorana_left_right() -> Proof:
    """Decide the unsuppressed left-right interference of Majorana neutrinos."""
    first, second = _both(CHIRAL_TERMS)
    massless = {M_I: 0, M_J: 0}
    steps = (
        require(
            same(
                (second - first).subs(massless),
                MAJORANA_LR.subs(DELTA_M, 1).subs(I_D, gram("L", "L") / 8).subs(massless),
            ),
            "massless limit: Majorana - Dirac = - 2 Re(a^L a^R) I^D",
        ),
        require(
            same(
                first - gram("L", "L") / 8 * (Abs(A_L) ** 2 + Abs(A_R) ** 2),
                2 * M_I * M_J * re(conjugate(A_L) * A_R),
            ),
            "Dirac: the only left-right interference is 2 m_i m_j Re(a^L* a^R)",
        ),
    )
    return Proof("confirmed", "a^R_ij meets the second contraction of a^L_ji with the same chirality.", steps)


def propagator() -> Proof:
    """Decide whether dropping ``q_mu q_nu / M^2`` is allowed for small ``M``."""
    one = RING.one
    left, right = add(slash(P_VECTOR), scale(m_i, IDENTITY)), add(slash(P_J), scale(-m_j, IDENTITY))
    residual_i = P_VECTOR[0] ** 2 - P_VECTOR[1] ** 2 - P_VECTOR[2] ** 2 - P_VECTOR[3] ** 2 - m_i**2
    residual_j = P_J[0] ** 2 - P_J[1] ** 2 - P_J[2] ** 2 - P_J[3] ** 2 - m_j**2
    vector = multiply(left, add(slash(Q), scale(m_j - m_i, IDENTITY)), right)
    vector_shell = add(scale(residual_i, right), scale(residual_j, left))
    axial = multiply(left, multiply(add(slash(Q), scale(-m_i - m_j, IDENTITY)), GAMMA5), right)
    axial_shell = add(scale(residual_i, multiply(GAMMA5, right)), scale(-residual_j, multiply(left, GAMMA5)))
    # extra amplitude: - g_A q^k/(M^2 (s-M^2)) [ (g_L+g_R)/2 (m_i-m_j) S + (g_R-g_L)/2 (m_i+m_j) gamma5 ]
    factor = -G_A / (2 * MEDIATOR**2 * (S - MEDIATOR**2))
    extra = dirac((Term(factor * THRESHOLD_DIFFERENCE, G_L, "S"), Term(I * factor * THRESHOLD_SUM, G_L, "P")))
    transverse = dirac((Term(factor * MEDIATOR**2, G_L, "V"), Term(-factor * MEDIATOR**2, G_L, "A")))
    mass = Symbol("m", positive=True)
    ratio = (extra / transverse).subs({M_I: mass, M_J: mass}).cancel()
    scaled = (ratio * MEDIATOR**4).cancel()
    steps = (
        require(vector == vector_shell, "ubar_i q-slash v_j = (m_i - m_j) ubar_i v_j on shell"),
        require(axial == axial_shell, "ubar_i q-slash gamma5 v_j = (m_i + m_j) ubar_i gamma5 v_j on shell"),
        require(one != 0 and MEDIATOR not in scaled.free_symbols, "the q_mu q_nu/M^2 part has a squared size"
                " m^2 omega^2/M^4 relative to the rest (exact ratio computed), so it grows without limit as M -> 0"),
        require(same(extra.subs({M_I: 0, M_J: 0}), Integer(0)), "massless neutrinos: it vanishes and the claim holds"),
        require(same(A_LEFT.subs(MEDIATOR, 0), A + G_A * G_L / (sqrt(2) * G_F * S)), "with the printed propagator the limit"
                " M -> 0 is finite, so the printed curve does flatten"),
    )  # fmt: skip
    return Proof(
        "convention",
        "True for the propagator $-g_{mu nu}/(q^2-M^2)$ alone. A massive vector has -g_{mu nu} + q_mu q_nu/M^2, and"
        " neither the axial electron current nor the current of massive neutrinos is conserved: in the unitary propagator"
        " the sensitivity keeps improving as M^2 once M falls below about sqrt(omega m_nu).",
        steps,
        corrected=(
            "add $- g_A q^k/[M^2 (s-M^2)] {(g_L+g_R)/2 (m_i-m_j) ubar v + (g_R-g_L)/2 (m_i+m_j) ubar gamma5 v}$ to the"
            " amplitude"
        ),
    )


def slope_two() -> Proof:
    """Decide the scaling of the sensitivity with a heavy mediator."""
    vector = limit((A_LEFT - A) * MEDIATOR**2, MEDIATOR, oo)
    scalar = limit(_EXCHANGE * MEDIATOR**2, MEDIATOR, oo)
    steps = (
        require(vanishes(vector + G_A * G_L / (sqrt(2) * G_F)), "vector: the rate depends on g_A g_L/M^2 alone"),
        require(vanishes(scalar + I * Y_E / (2 * M_E)), "scalar: the rate depends on y_e y_nu/M^2 alone"),
    )
    return Proof("confirmed", "A fixed rate fixes coupling/M^2, so the coupling grows as M^2.", steps)


def dips() -> Proof:
    """Decide the poles at ``M^2 = q^2(omega)``."""
    steps = (
        require(vanishes((S - MEDIATOR**2).subs(MEDIATOR, sqrt(S))), "the propagator has its pole at M^2 = q^2(omega)"),
        require(
            vanishes(PAIR.subs(OMEGA, THRESHOLD) - (M_I + M_J) ** 2) and PAIR.diff(OMEGA).is_negative is True,
            "q^2 > (m_i+m_j)^2 wherever the channel is open: there the mediator decays into the same pair, so its width"
            " is not zero and the pole is not reached",
        ),
    )
    return Proof("confirmed", "A mediator that can be on shell in an open channel can decay into it.", steps)


def _with(expression: Expr, values: Mapping[Symbol, Expr]) -> Expr:
    """Return an expression (already in real and imaginary parts) with couplings given complex values."""
    replaced: dict[Expr, Expr] = {}
    for symbol, value in values.items():
        real, imaginary = value.as_real_imag()
        split = parts(symbol)
        replaced |= {split.subs(I, 0): real, (split - split.subs(I, 0)) / I: imaginary}
    return expression.subs(replaced, simultaneous=True)


@cache
def _derived_scalar() -> tuple[tuple[Expr, Expr], tuple[Expr, Expr]]:
    together = (*WEAK_TERMS, *SCALAR_TERMS)
    squares = _both(SCALAR_TERMS)
    weak = _both(WEAK_TERMS)
    full = _both(together)
    first, second = (f - w - q for f, w, q in zip(full, weak, squares, strict=True))
    return squares, (first, second)


def scalar_square() -> Proof:
    """Decide the square term of the scalar correction for Dirac neutrinos."""
    squares, _ = _derived_scalar()
    steps = (
        require(
            same(SCALAR_SQUARE.subs(DELTA_M, 0), squares[0]),
            "printed - derived = 0 for complex y_S, y_P, all masses (outer bracket restored)",
        ),
        require(gram("S", "P") == 0, "no interference of y_S with y_P"),
    )
    return Proof("confirmed", "Factor 1/24, m_e^2 and both mass terms are right.", steps)


def scalar_interference() -> Proof:
    """Decide the interference of scalar and weak amplitude for Dirac neutrinos."""
    _, interference = _derived_scalar()
    printed = SCALAR_INTERFERENCE.subs(DELTA_M, 0)
    prefactor = Y_E * OMEGA**2 / (6 * sqrt(2) * G_F * M_E * (S - MEDIATOR**2))
    corrected = prefactor * (
        im(A * conjugate(Y_S)) * THRESHOLD_DIFFERENCE * (1 - THRESHOLD_SUM**2 / S)
        + re(A * conjugate(Y_P)) * THRESHOLD_SUM * (1 - THRESHOLD_DIFFERENCE**2 / S)
    )
    without_i = dirac((*WEAK_TERMS, *(Term(t.factor / I, t.coupling, t.name) for t in SCALAR_TERMS)))
    without_i = without_i / _UNIT - dirac(WEAK_TERMS) / _UNIT - dirac(SCALAR_TERMS) / _UNIT
    diagonal = {M_J: M_I}
    real_a, real_p = Symbol("a_11", real=True), Symbol("y_11", real=True)
    steps = (
        require(same(corrected, interference[0]), "derived: Re -> Im and - Im -> + Re, every other factor as printed"),
        require(same(printed, without_i), "the printed line is what the electron operator (1/2m_e) q.sigma, without its"
                " factor i, would give"),
        require(not same(printed, interference[0]), "printed - derived is not zero"),
        require(
            same(printed.subs(diagonal).subs({A: real_a, Y_P: real_p, Y_S: real_p}), Integer(0))
            and not same(corrected.subs(diagonal).subs({A: real_a, Y_P: real_p, Y_S: real_p}), Integer(0)),
            "smallest counterexample: one diagonal coupling y_P (a_11 and y_P,11 are real): printed 0, derived"
            " proportional to 2 m_1 a_11 y_P,11",
        ),
    )  # fmt: skip
    return Proof(
        "refuted",
        "A lost factor $i$ of the electron's operator: $Re$ must be $Im$, and $-Im$ must be $+Re$. The operator i ebar gamma5 e"
        " reduces to (i/2m_e) q.sigma (GP22 Table 1 omits the i). The printed prefactor is right.",
        steps,
        corrected=proven(
            "(y_e omega^2/(6 sqrt2 G_F m_e (s - M^2))) (Im(a_ij conj(y_S_ij)) (m_i - m_j) [1 - (m_i + m_j)^2/s]"
            " + Re(a_ij conj(y_P_ij)) (m_i + m_j) [1 - (m_i - m_j)^2/s])",
            corrected,
        ),
    )


def scalar_majorana() -> Proof:
    """Decide the weights of ``y_S`` and ``y_P`` for Majorana neutrinos."""
    squares, _ = _derived_scalar()
    printed = SCALAR_SQUARE.subs(DELTA_M, 1)
    y_s, y_p = re(Y_S), re(Y_P)
    corrected = (
        2
        * Y_E**2
        * OMEGA**2
        * (y_s**2 * (S - THRESHOLD_SUM**2) + y_p**2 * (S - THRESHOLD_DIFFERENCE**2))
        / (24 * M_E**2 * G_F**2 * (S - MEDIATOR**2) ** 2)
    )
    steps = (
        require(eta("S") == 1 and eta("P") == 1, "eta(S) = eta(P) = +1: both second contractions add"),
        require(same(corrected, squares[1]), "derived: weights 2 (Re y_S)^2 and 2 (Re y_P)^2"),
        require(not same(printed, squares[1]), "printed: |y_S|^2 and 0"),
        require(
            same(2 * printed.subs({Y_S: Symbol("y", real=True), Y_P: 0}), corrected.subs({Y_S: Symbol("y", real=True), Y_P: 0})),
            "real y_S, y_P = 0: the printed square is half the derived one",
        ),
        require(same(Abs(Y_S) ** 2 + re(Y_S**2), 2 * re(Y_S) ** 2), "(1/2)|y_S,ij + y_S,ji|^2 = |y_S|^2 + Re(y_S^2) ="
                " 2 (Re y_S)^2: the cross term of the two contractions is what is missing"),
    )  # fmt: skip
    return Proof(
        "refuted",
        "The cross term of the two contractions is missing: for real couplings the square is twice the Dirac one. That is"
        " for Majorana fields with the same Lagrangian, y_P included. No normalisation of the Majorana term repairs both:"
        " a Lagrangian with 1/2 gives 1/2, the slide has 1 and 0.",
        steps,
        corrected=proven(
            "y_e^2 omega^2 (2*Re(y_S_ij)^2 (s - (m_i + m_j)^2) + 2*Re(y_P_ij)^2 (s - (m_i - m_j)^2))"
            "/(24 m_e^2 G_F^2 (s - M^2)^2)",
            corrected,
        ),
    )


def pseudoscalar_majorana() -> Proof:
    """Decide whether the pseudoscalar coupling drops out for Majorana neutrinos."""
    squares, _ = _derived_scalar()
    y = Symbol("y", real=True)
    only = {Y_S: Integer(0), Y_P: y}
    steps = (
        require(eta("P") == 1, "C gamma5^T C^-1 = +gamma5: nubar_i i gamma5 nu_j = + nubar_j i gamma5 nu_i"),
        require(
            same(_with(squares[1], only), 2 * _with(squares[0], only)),
            "smallest counterexample: real y_P: the Majorana rate is twice the Dirac one, not zero",
        ),
        require(
            same(_with(squares[1], {Y_S: I * y, Y_P: I * y}), Integer(0)),
            "an imaginary (antisymmetric) y_P does drop out, and so does an imaginary y_S",
        ),
    )
    return Proof(
        "refuted",
        "What drops out is the antisymmetric part of $y_S$ and of $y_P$, and not $y_P$ itself. The sign of the second"
        " contraction is +1 for 1 and for gamma5 alike.",
        steps,
        corrected="$y_P$ enters as $2 (Re y_P)^2 [s-(m_i-m_j)^2]$ and stays when $y_S$ does",
    )


def plus_hermitian_conjugate() -> Proof:
    """Decide the ``+ h.c.`` of the slide's scalar Lagrangian."""
    i_gamma5 = scale(RING(QQ_I(0, 1)), GAMMA5)
    squares, interference = _derived_scalar()
    grown = {s: 2 * s for s in squares[0].free_symbols if s.name.endswith(("y_S_ij", "y_P_ij"))} | {Y_E: 2 * Y_E}
    steps = (
        require(bar(IDENTITY) == IDENTITY and bar(i_gamma5) == i_gamma5, "1 and i gamma5 are self-conjugate, so each term"
                " is Hermitian already for real y_e and Hermitian y_S, y_P"),
        require(same(squares[0].subs(grown, simultaneous=True), 16 * squares[0]), "taken literally, + h.c. doubles both"
                " couplings: the square term grows by 16"),
        require(same(interference[0].subs(grown, simultaneous=True), 4 * interference[0]), "and the interference by 4"),
    )  # fmt: skip
    return Proof(
        "convention",
        "The formulas of the slide are those of the Lagrangian without + h.c., or with half the couplings.",
        steps,
        corrected="$y_e -> 2 y_e$, $y_S -> 2 y_S$, $y_P -> 2 y_P$",
    )


PROOFS = {
    "GP22-a_L": chiral_couplings,
    "NF22-vector": vector_formula,
    "GP22-Majorana-LR": majorana_left_right,
    "GP22-propagator": propagator,
    "GP22-slope-two": slope_two,
    "GP22-dips": dips,
    "NF22-scalar-square": scalar_square,
    "NF22-scalar-interference": scalar_interference,
    "NF22-scalar-majorana": scalar_majorana,
    "GP22-pseudoscalar-majorana": pseudoscalar_majorana,
    "NF22-plus-hc": plus_hermitian_conjugate,
}
