"""The weak Hamiltonian of the pair step, from W and Z exchange (in: mixing matrix; out: ``a_ij`` and ``v_ij``).

``H = (G_F/sqrt2) [nubar_i gamma_mu (1-gamma5) nu_j] [ebar gamma^mu (v_ij - a_ij gamma5) e]`` with
``a_ij = U*_ei U_ej - (U^+ U)_ij / 2`` and ``v_ij = U*_ei U_ej - (1/2 - 2 sin^2 theta_W) (U^+ U)_ij``, where the rows of
``U`` are the active flavours, the electron's first. For a unitary 3 x 3 matrix ``U^+ U = 1``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import ImmutableMatrix, Rational, Symbol

from derivations.algebra.dirac import GAMMA, GAMMA5, IDENTITY, METRIC, SPACETIME, DiracMatrix
from derivations.algebra.ring import TRACE, Poly
from derivations.steps.step import Derivation, Step

SIN2_THETA_W = Symbol("sin2_theta_W", positive=True)


@dataclass(frozen=True)
class ChargedCurrent:
    """Sign of the V-A Fierz identity for anticommuting fields, found with explicit matrices."""

    sign: int


@dataclass(frozen=True)
class NeutralCurrent:
    """Coefficients of ``[nubar gamma (1-gamma5) nu] [ebar gamma e]`` and ``[..][ebar gamma gamma5 e]`` in G_F/sqrt2.

    Each is ``constant + slope * sin^2 theta_W``.
    """

    vector: tuple[Fraction, Fraction]
    axial: tuple[Fraction, Fraction]


def fierz() -> ChargedCurrent:
    """Rearrange ``[ebar G^mu nu][nubar G_mu e]`` with ``G = gamma (1-gamma5)`` into ``[nubar G_mu nu][ebar G^mu e]``.

    Compares all 256 components of ``sum_mu G^mu_ab G_mu,cd`` with ``sum_mu G^mu_ad G_mu,cb``; exchanging the two fields
    in an anticommuting product brings one more sign.

    Raises ``ValueError`` when the matrices are not proportional.

    Example
    -------
    >>> fierz().sign
    1
    """
    chiral = [GAMMA[mu] @ (IDENTITY - GAMMA5) for mu in SPACETIME]
    direct, crossed = _products(chiral), _crossed(_products(chiral))
    for sign in (1, -1):
        if all(
            direct.get(key, TRACE.zero) == crossed.get(key, TRACE.zero) * sign for key in direct.keys() | crossed.keys()
        ):
            return ChargedCurrent(-sign)
    raise ValueError("the V-A products are not proportional: the Dirac matrices are wrong")


def _products(matrices: list[DiracMatrix]) -> dict[tuple[int, int, int, int], Poly]:
    total: dict[tuple[int, int, int, int], Poly] = {}
    for mu, matrix in enumerate(matrices):
        for (a, b), left in matrix.entries.items():
            for (c, d), right in matrix.entries.items():
                total[a, b, c, d] = total.get((a, b, c, d), TRACE.zero) + left * right * METRIC[mu]
    return {key: value for key, value in total.items() if value}


def _crossed(products: dict[tuple[int, int, int, int], Poly]) -> dict[tuple[int, int, int, int], Poly]:
    return {(a, d, c, b): value for (a, b, c, d), value in products.items()}


def neutral_current() -> NeutralCurrent:
    """Return Z exchange between neutrinos and electrons in units of ``(G_F/sqrt2) [nubar gamma (1-gamma5) nu]``.

    ``J_f = fbar gamma (T3 P_L - Q sin^2 theta_W) f`` and ``H = (g^2 / c^2 M_Z^2) J_nu.J_e = (8 G_F/sqrt2) J_nu.J_e``.
    """
    neutrino = Fraction(1, 2) * Fraction(1, 2)  # T3 P_L = (1/4)(1 - gamma5)
    isospin, charge = Fraction(-1, 2), Fraction(-1)
    scale = 8 * neutrino
    return NeutralCurrent(
        vector=(scale * isospin / 2, -scale * charge),
        axial=(-scale * isospin / 2, Fraction(0)),
    )


def weak_couplings(U: Any, sin2_theta_w: Any = SIN2_THETA_W) -> tuple[ImmutableMatrix, ImmutableMatrix]:
    """Return the exact matrices ``(a_ij, v_ij)`` for a mixing matrix with active rows, electron flavour first.

    ``U`` is anything SymPy reads as a matrix, shape (flavours, n); columns beyond three are sterile admixtures.

    Example
    -------
    >>> a, v = weak_couplings([[1, 0], [0, 1]])
    >>> a
    Matrix([
    [1/2,    0],
    [  0, -1/2]])
    """
    mixing = ImmutableMatrix(U)
    charged = mixing[0, :].H * mixing[0, :] * fierz().sign
    overlap = mixing.H * mixing
    neutral = neutral_current()
    vector, slope = (Rational(c.numerator, c.denominator) for c in neutral.vector)
    axial = Rational(neutral.axial[0].numerator, neutral.axial[0].denominator)
    a = charged - axial * overlap
    v = charged + (vector + slope * sin2_theta_w) * overlap
    return ImmutableMatrix(a), ImmutableMatrix(v)


def weak_steps() -> tuple[Step, ...]:
    """Return the steps from W and Z exchange to ``a_ij`` and ``v_ij``."""
    neutral = neutral_current()
    return (
        Step(
            "charged-current",
            "W exchange below the W mass; a Fierz rearrangement puts the neutrinos into one current, "
            f"with sign {fierz().sign:+d} for anticommuting fields.",
            (
                r"\mathcal H_W = \tfrac{G_F}{\sqrt2}[\bar e\gamma^\mu(1-\gamma_5)\nu_e][\bar\nu_e\gamma_\mu(1-\gamma_5)e]",
                r"\phantom{\mathcal H_W} = \tfrac{G_F}{\sqrt2} U^*_{ei}U_{ej}"
                r"[\bar\nu_i\gamma_\mu(1-\gamma_5)\nu_j][\bar e\gamma^\mu(1-\gamma_5)e]",
            ),
            ("H_W = G_F/sqrt2 U*_ei U_ej [nubar_i gamma_mu (1-gamma5) nu_j][ebar gamma^mu (1-gamma5) e]",),
            "G_F/sqrt2 = g^2/(8 M_W^2); all 256 components of the Fierz identity compared with explicit matrices",
            "D13",
        ),
        Step(
            "neutral-current",
            "Z exchange, with the electron's T3 = -1/2 and Q = -1; sterile columns see the Z only through U^+ U.",
            (
                r"\mathcal H_Z = \tfrac{G_F}{\sqrt2}(U^\dagger U)_{ij}[\bar\nu_i\gamma_\mu(1-\gamma_5)\nu_j]"
                r"[\bar e\gamma^\mu(-\tfrac12 + 2\sin^2\theta_W + \tfrac12\gamma_5)e]",
            ),
            (f"vector {neutral.vector[0]} + {neutral.vector[1]} sin^2 theta_W, axial (gamma5) {neutral.axial[0]}",),
            "H = (8 G_F/sqrt2) J_nu.J_e with J_f = fbar gamma (T3 P_L - Q sin^2 theta_W) f",
            "D13; S16",
        ),
        Step(
            "weak-couplings",
            "Both exchanges together: the axial and vector coupling matrices in the mass basis.",
            (
                r"a_{ij} = U^*_{ei}U_{ej} - \tfrac12 (U^\dagger U)_{ij}",
                r"v_{ij} = U^*_{ei}U_{ej} - (\tfrac12 - 2\sin^2\theta_W)(U^\dagger U)_{ij}",
            ),
            ("a_ij = U*_ei U_ej - (U^+ U)_ij / 2", "v_ij = U*_ei U_ej - (1/2 - 2 sin^2 theta_W) (U^+ U)_ij"),
            "sum of the two steps above; U^+ U = 1 for unitary mixing",
            "D13; GP22 4",
        ),
    )


def weak_derivation() -> Derivation:
    """Return the derivation of the weak couplings on its own."""
    return Derivation("weak", "Weak couplings of the electron to neutrino mass eigenstates").then(*weak_steps())
