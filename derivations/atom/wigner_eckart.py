"""The selection rules derived: commutators of a vector operator, the Wigner-Eckart theorem, parity, metastability.

In: nothing but the angular-momentum algebra. Out: a named derivation, each rule checked on explicit matrices.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import sympy as sp

from derivations.atom.angular import projections
from derivations.atom.selection import AtomicState, transition_type
from derivations.steps.step import Derivation, Step


def vector_operator_dimension(j_final: Fraction, j_initial: Fraction) -> int:
    """Return how many independent vector operators connect two angular momenta: 1 or 0.

    Solves ``[J_a, V_b] = i eps_abc V_c`` for all matrix elements by linear algebra over the rationals, in a basis where
    the ladder operators have rational entries; no theorem is used.

    Parameters
    ----------
    j_final, j_initial : non-negative multiples of 1/2.

    Example
    -------
    >>> [vector_operator_dimension(Fraction(n), Fraction(1)) for n in range(4)]
    [1, 1, 1, 0]
    """
    size = len(projections(j_final)) * len(projections(j_initial))
    unit_left, unit_right = sp.eye(len(projections(j_final))), sp.eye(len(projections(j_initial)))
    commutators = [
        sp.kronecker_product(a, unit_right) - sp.kronecker_product(unit_left, b.T)
        for a, b in zip(_rational_ladder(j_final), _rational_ladder(j_initial), strict=True)
    ]
    blocks = []
    for generator, component in product(range(3), repeat=2):
        block = [sp.zeros(size, size) for _ in range(3)]
        block[component] += commutators[generator]
        target, factor = _LADDER_ON_VECTOR[generator][component]
        block[target] -= factor * sp.eye(size)
        blocks.append(sp.Matrix.hstack(*block))
    return int(3 * size - sp.Matrix.vstack(*blocks).to_DM().to_field().rank())


def triangle_rule_residual() -> sp.Expr:
    """Return the difference of the two sides of Dirac's identity behind the ``J`` rule; it is zero.

    The double commutator of ``J^2`` with a vector operator, between levels ``J`` and ``J'``, reads
    ``(a - b)^2 - 2 (a + b) = [(J'-J)^2 - 1] [(J'+J+1)^2 - 1]`` with ``a = J'(J'+1)``, ``b = J(J+1)``.

    Example
    -------
    >>> triangle_rule_residual()
    0
    """
    j, k = sp.symbols("J J_prime", nonnegative=True)
    a, b = k * (k + 1), j * (j + 1)
    return sp.expand((a - b) ** 2 - 2 * (a + b) - ((k - j) ** 2 - 1) * ((k + j + 1) ** 2 - 1))


def selection_rules_derivation() -> Derivation:
    """Derive the selection rules and, from them, that ``|e>`` of Yb and of Xe is metastable.

    Example
    -------
    >>> len(selection_rules_derivation())
    6
    """
    if triangle_rule_residual() != 0:
        raise ArithmeticError("the identity behind the triangle rule fails")
    yb = (AtomicState(0, -1), AtomicState(1, -1), AtomicState(0, +1))
    xe = (AtomicState(2, -1), AtomicState(1, -1), AtomicState(0, +1))
    chains = []
    for name, (excited, virtual, ground) in (("Yb", yb), ("Xe", xe)):
        chains += [
            f"{name} |e> -> |v>: {transition_type(excited, virtual).sentence}",
            f"{name} |v> -> |g>: {transition_type(virtual, ground).sentence}",
            f"{name} |e> -> |g>: {transition_type(excited, ground).sentence}",
        ]
    return Derivation("selection_rules", "Selection rules of E1 and M1 steps").then(
        Step(
            "vector-operator",
            "The dipole r, the spin, L + 2S: every E1 or M1 operator is a vector operator.",
            (r"[J_a, V_b] = i\epsilon_{abc}V_c",),
            ("[J_a, V_b] = i eps_abc V_c",),
            "V turns like a vector under rotations, which J generates",
        ),
        Step(
            "wigner-eckart",
            "Between two levels these commutators fix all matrix elements up to one number, the reduced matrix "
            "element.",
            (r"\langle J'M'|V_q|JM\rangle = \langle JM;1q|J'M'\rangle\,\langle J'\|V\|J\rangle",),
            ("<J' M'|V_q|J M> = <J M; 1 q|J' M'> <J'||V||J>",),
            "Wigner-Eckart theorem; counted by linear algebra: one solution if the triangle rule holds, none otherwise",
        ),
        Step(
            "M-rule",
            "The magnetic number changes by q = 0, +1 or -1; M = 0 -> 0 is closed when J stays the same.",
            (r"[J_z,V_q] = qV_q\ \Rightarrow\ \Delta M = q",),
            ("[J_z, V_q] = q V_q, so Delta M = q = 0, +-1", "<J 0; 1 0|J 0> = 0"),
            "the Clebsch-Gordan coefficient; within one level V_z is proportional to J_z",
        ),
        Step(
            "J-rule",
            "J changes by 0 or +-1, and 0 -> 0 is closed.",
            (
                r"[J^2,[J^2,\vec V]] = 2(J^2\vec V+\vec V J^2) - 4\vec J(\vec J\cdot\vec V)",
                r"\big[(J'-J)^2-1\big]\big[(J'+J+1)^2-1\big]\langle J'|\vec V|J\rangle = 0\quad(J'\neq J)",
            ),
            (
                "[J^2,[J^2,V]] = 2 (J^2 V + V J^2) - 4 J (J.V)",
                "[(J'-J)^2 - 1] [(J'+J+1)^2 - 1] <J'|V|J> = 0 for J' != J",
            ),
            "J.V is a scalar, so it has no matrix element between different J; for J' = J = 0 V is proportional "
            "to J, "
            "which is zero",
        ),
        Step(
            "parity-rule",
            "Parity decides the kind: r and p are odd (E1), spin and angular momentum are even (M1).",
            (r"P\vec r P = -\vec r,\quad P\vec\sigma P = \vec\sigma,\quad P\vec L P = \vec L",),
            ("E1: parity flips.  M1: parity kept.",),
            "parity of the operators, asserted on the expanded bilinears (derivation 'bilinears')",
            "GP23b Table 1",
        ),
        Step(
            "metastability",
            "|e> is metastable when |e> -> |g> is neither E1 nor M1: J_e = J_g = 0, as in Yb, or |J_e - J_g| >= "
            "2, as in Xe.",
            (r"J_e = J_g = 0\quad\text{or}\quad|J_e-J_g|\ge2",),
            tuple(chains),
            "the rules above applied to the levels of the two elements; a pair step carries the same vector operators",
            "GP22 II.1, GP23b 3.1",
        ),
    )


# Rows: J_+, J_z, J_-; columns: V_+ = V_x + i V_y, V_z, V_-. Entry: the component and factor of the commutator.
_LADDER_ON_VECTOR = (((0, 0), (0, -1), (1, 2)), ((0, 1), (1, 0), (2, -1)), ((1, -2), (2, 1), (2, 0)))


def _rational_ladder(j: Fraction) -> tuple[sp.Matrix, sp.Matrix, sp.Matrix]:
    ms = projections(j)
    raising, lowering = sp.zeros(len(ms), len(ms)), sp.zeros(len(ms), len(ms))
    for column in range(1, len(ms)):
        weight = j * (j + 1) - ms[column] * (ms[column] + 1)
        raising[column - 1, column] = sp.Rational(weight.numerator, weight.denominator)
        lowering[column, column - 1] = 1
    return raising, sp.diag(*[sp.Rational(m.numerator, m.denominator) for m in ms]), lowering
