"""What a proof returns, and the exact comparison of a printed with a derived expression."""

from __future__ import annotations

import re as regex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from sympy import Abs, Expr, I, Matrix, Rational, Symbol, conjugate, im, radsimp, re, sympify

from derivations.ledger.oracle import ISOTROPIC, bilinear, charge_conjugate, gram, scale, vanishes
from derivations.ledger.printed.formula_files import typed

_SENTENCES: Final = regex.compile(r"(?<=\.) (?=[A-Z(`$0-9])")
Verdict = Literal["confirmed", "refuted", "convention"]


@dataclass(frozen=True)
class Proof:
    """Outcome of one proof.

    Attributes
    ----------
    verdict : ``confirmed``, ``refuted`` or ``convention``.
    reason : why, in a few sentences of which the first stands alone (:attr:`line`); formulas stand between dollars.
    steps : what was computed and found, one line each.
    corrected : what is right in the place of what is printed, or the map between the conventions; formulas between dollars.
    """

    verdict: Verdict
    reason: str
    steps: tuple[str, ...]
    corrected: str = ""

    @property
    def line(self) -> str:
        """The reason in one line: its first sentence."""
        return _SENTENCES.split(self.reason, maxsplit=1)[0]

    @property
    def details(self) -> str:
        """The other sentences of the reason."""
        return "".join(_SENTENCES.split(self.reason, maxsplit=1)[1:])


class ProofError(AssertionError):
    """A step of a proof did not come out as the verdict needs it."""


def require(holds: bool, statement: str) -> str:
    """Return the statement as a step of a proof, or raise :class:`ProofError` if it does not hold.

    Example
    -------
    >>> require(1 + 1 == 2, "one and one is two")
    'one and one is two'
    """
    if not holds:
        raise ProofError(f"not proven: {statement}")
    return statement


def proven(formula: str, derived: Expr, name: str = "", values: Mapping[Symbol, Expr] | None = None) -> str:
    """Return a formula in its text form, between dollars and behind its name, once it is proven to be what was derived.

    Parameters
    ----------
    formula : what is right, in the symbols of :mod:`derivations.symbols`.
    derived : what the proof found.
    name : what the formula is equal to.
    values : symbols of the formula that ``derived`` has not, with what they stand for.

    Raises
    ------
    ProofError : the two differ.

    Example
    -------
    >>> from derivations.symbols import RECOIL
    >>> proven("T/2 + T/2", RECOIL, "T")
    '$T = T/2 + T/2$'
    """
    require(same(typed(formula).subs(values or {}), derived), f"{formula} is what was derived")
    return f"${name} = {formula}$" if name else f"${formula}$"


def parts(symbol: Symbol) -> Expr:
    """Return a complex symbol as ``x + i y`` with real symbols, so that complex identities become polynomial ones."""
    return Symbol(f"Re {symbol.name}", real=True) + I * Symbol(f"Im {symbol.name}", real=True)


def mirrored(expression: Expr) -> Expr:
    """Return the complex conjugate of an expression whose symbols are all real."""
    return expression.subs(I, -I)


def in_parts(expression: Expr) -> Expr:
    """Return an expression with every complex symbol split and every ``re``, ``im``, ``Abs``, ``conjugate`` written out.

    Example
    -------
    >>> z = Symbol("z")
    >>> in_parts(re(z**2) - im(z) * im(z))
    -2*Im z**2 + Re z**2
    """
    complex_symbols = [s for s in expression.free_symbols if s.is_real is not True]
    split = expression.subs({s: parts(s) for s in complex_symbols})
    for function, rule in (
        (conjugate, mirrored),
        (Abs, lambda z: (z * mirrored(z)) ** Rational(1, 2)),
        (re, lambda z: (z + mirrored(z)) / 2),
        (im, lambda z: (z - mirrored(z)) / (2 * I)),
    ):
        split = split.replace(function, rule)
    return split.expand()


def same(first: Expr, second: Expr) -> bool:
    """Return whether two expressions are identical as rational functions of real parts, imaginary parts and kinematics."""
    return vanishes(in_parts(sympify(first)) - in_parts(sympify(second)))


@dataclass(frozen=True)
class Term:
    """One contribution ``factor * coupling_ij * ubar V_name v`` to the coefficient of ``sigma^k``."""

    factor: Expr
    coupling: Expr
    name: str


@cache
def unitary_matrix() -> Matrix:
    """Return a 3 x 3 unitary matrix of Gaussian rationals with no zero: the Cayley transform of an anti-Hermitian one.

    Example
    -------
    >>> mixing = unitary_matrix()
    >>> (mixing * mixing.H).expand() == Matrix.eye(3) and 0 not in mixing
    True
    """
    generator = Matrix([[I, 1 + I, 2], [-1 + I, 2 * I, 1], [-2, -1, -I]]) / 3
    one = Matrix.eye(3)
    found: Matrix = ((one - generator) * (one + generator).inv()).applyfunc(radsimp).expand()
    return found


def eta(name: str) -> int:
    """Return the sign of ``C V^T C^-1 = eta V`` for a bilinear, by explicit matrices.

    Example
    -------
    >>> [eta(name) for name in ("S", "P", "A", "V", "magnetic", "electric", "radius", "anapole")]
    [1, 1, 1, -1, -1, -1, -1, 1]
    """
    matrices = bilinear(name)
    flipped = tuple(charge_conjugate(matrix) for matrix in matrices)
    for sign in (1, -1):
        if flipped == tuple(scale(matrix[0][0].ring.one * sign, matrix) for matrix in matrices):
            return sign
    raise ProofError(f"the bilinear {name} is not an eigenstate of charge conjugation")


def dirac(terms: Sequence[Term], tensor: Matrix = ISOTROPIC) -> Expr:
    """Return ``<T_kl A^k A^l*>`` of one pair of Dirac neutrinos, couplings in real and imaginary parts."""
    return _quadratic([(in_parts(t.factor), in_parts(t.coupling), t.name) for t in terms], tensor)


def majorana(terms: Sequence[Term], tensor: Matrix = ISOTROPIC) -> Expr:
    """Return the same for Majorana neutrinos: ``c_ij + eta c_ji``, ``c_ji = c*_ij``, and a factor 1/2."""
    combined = []
    for t in terms:
        coupling = in_parts(t.coupling)
        combined.append((in_parts(t.factor), coupling + eta(t.name) * mirrored(coupling), t.name))
    return _quadratic(combined, tensor) / 2


def _quadratic(terms: Sequence[tuple[Expr, Expr, str]], tensor: Matrix) -> Expr:
    total: Expr = sympify(0)
    grams: Mapping[tuple[str, str], Expr] = {(n, m): gram(n, m, tensor) for _, _, n in terms for _, _, m in terms}
    for factor_n, coupling_n, n in terms:
        for factor_m, coupling_m, m in terms:
            if grams[n, m] != 0:
                total += factor_n * coupling_n * mirrored(factor_m * coupling_m) * grams[n, m]
    return total
