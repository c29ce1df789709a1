"""The atomic tensor ``T_kl`` of the chain ``J_e -> J_v -> J_g + photon``, exact.

In: three angular momenta, the photon polarisation and, for a prepared target, its coherence. Out: an exact Hermitian
3x3 matrix of unit trace.

The pair step is a vector operator contracted with the neutrino current, ``sigma^k A^k``; the photon step is
``eps*.d``. With ``B_k(M_g, M_e) = sum_{M_v} <g M_g| eps*.d |v M_v> <v M_v| sigma_k |e M_e>`` a target with the coherence
``rho`` emits with the amplitude ``sum rho B_k``, and T has rank one (:mod:`derivations.atom.prepared`). Atoms without
coherence emit one by one: for an unpolarised ``|e>`` their ``T_kl`` is proportional to ``sum_{M_e, M_g} B_k B_l*``.
Rotational invariance leaves three numbers, ``T = alpha 1 + beta eps* eps^T + gamma eps eps^dagger``, and all three are
sums of squared Clebsch-Gordan coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from derivations.atom.angular import projections, vector_coefficient_squared
from derivations.atom.arguments import require_vector_steps, tidy, transverse
from derivations.atom.prepared import prepared_tensor
from derivations.atom.quantum_numbers import angular_momentum
from derivations.steps.step import Derivation, Step


@dataclass(frozen=True)
class TensorCoefficients:
    """The three rational numbers of ``T_kl = isotropic delta_kl + direct eps*_k eps_l + exchanged eps_k eps*_l``.

    They obey ``3 isotropic + direct + exchanged = 1``. ``direct`` alone survives for ``0 -> 1 -> 0``.
    """

    isotropic: Fraction
    direct: Fraction
    exchanged: Fraction


def atomic_tensor(J_e: Any, J_v: Any, J_g: Any, polarisation: Any, coherence: Any = None) -> sp.ImmutableMatrix:
    """Return the exact atomic tensor ``T_kl`` for a chain of angular momenta and a photon polarisation.

    The rate is ``T_kl A^k A^l*`` with ``q`` along ``+z`` and the photon along ``-z``; emission of polarisation ``eps``
    has the amplitude ``eps*.d``, and the sum over ``M_v`` is coherent. With a coherence the amplitudes of the pairs
    ``(M_e, M_g)`` add and T has rank one; without one it is :func:`incoherent_tensor`. For ``J_e = J_g = 0`` the two agree.

    Parameters
    ----------
    J_e, J_v, J_g : int, Fraction, SymPy rational or float that is exactly a multiple of 1/2.
    polarisation : Cartesian 3-vector, orthogonal to z, real or complex, numeric or SymPy; it is normalised here.
        Linear along x is ``(1, 0, 0)``, circular is ``(1, I, 0)``.
    coherence : matrix ``rho_{M_e M_g} = <e M_e|rho|g M_g>``, shape (2J_e+1, 2J_g+1), rows ``M_e = -J_e ... J_e``, columns
        ``M_g = -J_g ... J_g``, numeric or SymPy; its norm drops out. For example
        :func:`derivations.atom.two_photon_coherence`. ``None``: no coherence, a mixture of all ``M_e``.

    Returns
    -------
    sympy.ImmutableMatrix : 3x3, Hermitian, positive semi-definite, unit trace.

    Raises
    ------
    TypeError : an angular momentum, a polarisation entry or an entry of the coherence is not a number.
    ValueError : an angular momentum is negative or no multiple of 1/2; the chain mixes integer and half-integer
        values; a step has ``|Delta J| > 1`` or is ``0 -> 0``; the polarisation is zero, longitudinal, not finite or
        not of length 3; the coherence has another shape, is zero or not finite, or emits nothing.

    Example
    -------
    >>> import sympy
    >>> atomic_tensor(0, 1, 0, (1, sympy.I, 0))
    Matrix([
    [ 1/2, I/2, 0],
    [-I/2, 1/2, 0],
    [   0,   0, 0]])
    >>> atomic_tensor(2, 1, 0, (1, 0, 0), coherence=[[0], [1], [0], [-1], [0]])[2, 2]
    1
    """
    if coherence is None:
        return incoherent_tensor(J_e, J_v, J_g, polarisation)
    return prepared_tensor(J_e, J_v, J_g, polarisation, coherence)


def incoherent_tensor(J_e: Any, J_v: Any, J_g: Any, polarisation: Any) -> sp.ImmutableMatrix:
    """Return ``T_kl`` of atoms without coherence: a mixture of all ``M_e``, ``M_g`` not observed.

    Such atoms emit one by one, so the rate goes with their number and not with its square: a target that gains
    ``n_a^2`` has a coherence, and the tensor of :func:`atomic_tensor` with it. For ``J_e = J_g = 0`` there is one
    state of each level and the two are the same.

    Raises
    ------
    TypeError, ValueError : as :func:`atomic_tensor`.

    Example
    -------
    >>> incoherent_tensor(2, 1, 0, (1, 0, 0))
    Matrix([
    [2/5,    0,    0],
    [  0, 3/10,    0],
    [  0,    0, 3/10]])
    """
    chain = (angular_momentum(J_e, "J_e"), angular_momentum(J_v, "J_v"), angular_momentum(J_g, "J_g"))
    coefficients = tensor_coefficients(*chain)
    epsilon = transverse(polarisation)
    outer, norm = _dyad(epsilon)
    alpha, beta, gamma = (
        sp.Rational(value.numerator, value.denominator)
        for value in (coefficients.isotropic, coefficients.direct, coefficients.exchanged)
    )

    def entry(k: int, n: int) -> sp.Expr:
        return tidy(alpha * int(k == n) + (beta * outer[k][n] + gamma * outer[n][k]) / norm)

    return sp.ImmutableMatrix(3, 3, entry)


def averaged_tensor() -> sp.ImmutableMatrix:
    """Return the papers' average over all magnetic numbers, ``delta_kl / 3``.

    Three times it is the sum of the exact tensor over two transverse polarisations and the longitudinal one, for
    every chain.

    Example
    -------
    >>> averaged_tensor()[2, 2]
    1/3
    """
    return sp.ImmutableMatrix(sp.eye(3) / 3)


def tensor_coefficients(J_e: Any, J_v: Any, J_g: Any) -> TensorCoefficients:
    """Return the three rational coefficients of the atomic tensor of a chain.

    Let the photon step be ``d_{+1}``, that is ``eps* = (1, i, 0)/sqrt2`` up to a sign, and let ``P(q)`` be the
    weight of the pair step ``sigma_q``. ``M_v = M_e + q`` is then fixed, so ``P(q)`` is a sum of products of two
    squared Clebsch-Gordan coefficients. The pair vector is along ``eps*`` for ``q = -1``, along ``z`` for ``q =
    0``, along ``eps`` for ``q = +1``; normalised to unit sum, ``P(-1), P(0), P(+1) = alpha + beta, alpha, alpha +
    gamma``.

    Raises
    ------
    TypeError, ValueError : as :func:`atomic_tensor`.

    Example
    -------
    >>> tensor_coefficients(2, 1, 0).direct
    Fraction(-1, 5)
    """
    chain = (angular_momentum(J_e, "J_e"), angular_momentum(J_v, "J_v"), angular_momentum(J_g, "J_g"))
    require_vector_steps(*chain)
    return _coefficients(*chain)


def atomic_tensor_derivation() -> Derivation:
    """Derive the tensor of atoms without coherence: sum over ``M_v``, three rational numbers, Yb and Xe, the average.

    Example
    -------
    >>> [step.name for step in atomic_tensor_derivation()][-1]
    'three-structures'
    """
    linear, circular = (1, 0, 0), (1, sp.I, 0)
    yb, xe = tensor_coefficients(0, 1, 0), tensor_coefficients(2, 1, 0)

    def row(name: str, tensor: sp.ImmutableMatrix) -> tuple[str, str]:
        return rf"T^{{\text{{{name}}}}} = {sp.latex(tensor)}", f"{name}: T = {tensor.tolist()}"

    shown = [
        row("Yb, linear", incoherent_tensor(0, 1, 0, linear)),
        row("Yb, circular", incoherent_tensor(0, 1, 0, circular)),
        row("Xe, linear", incoherent_tensor(2, 1, 0, linear)),
        row("Xe, circular", incoherent_tensor(2, 1, 0, circular)),
    ]
    return Derivation("atomic_tensor", "The atomic tensor of the chain J_e -> J_v -> J_g, without coherence").then(
        Step(
            "coherent-sum",
            "The magnetic number of |v> is not observed, so its amplitudes add; |e> is a mixture of all M_e and M_g is "
            "summed over. Such atoms emit one by one; with a coherence their amplitudes add too (derivation "
            "'prepared_states').",
            (
                r"B_k(M_g,M_e) = \sum_{M_v}\langle g M_g|\vec\epsilon^*\!\cdot\vec d\,|v M_v\rangle"
                r"\langle v M_v|\sigma_k|e M_e\rangle,\quad T_{kl}\propto\sum_{M_e M_g}B_k B_l^*",
            ),
            (
                "B_k(M_g, M_e) = sum_Mv <g M_g|eps*.d|v M_v><v M_v|sigma_k|e M_e>",
                "T_kl = sum_{M_e, M_g} B_k B_l* / trace, rate = T_kl A^k A^l*",
            ),
            "second-order amplitude with one level |v>; the photon is emitted with polarisation eps, so eps* "
            "multiplies d",
        ),
        Step(
            "three-numbers",
            "Rotational invariance leaves three structures, whose weights are sums of squared Clebsch-Gordan "
            "coefficients.",
            (
                r"T = \alpha\,1 + \beta\,\epsilon^*\epsilon^T + \gamma\,\epsilon\epsilon^\dagger,\quad"
                r" 3\alpha+\beta+\gamma = 1",
                r"(\alpha+\beta,\alpha,\alpha+\gamma) \propto \sum_{M_e}\langle J_eM_e;1q|J_vM_v\rangle^2"
                r"\langle J_vM_v;1{+}1|J_gM_g\rangle^2\big|_{q=-1,0,1}",
            ),
            (
                "T = alpha 1 + beta eps* eps^T + gamma eps eps^dagger, 3 alpha + beta + gamma = 1",
                "(alpha + beta, alpha, alpha + gamma) ~ sum_Me <J_e M_e; 1 q|J_v M_v>^2 <J_v M_v; 1 +1|J_g M_g>^2 "
                "for q = -1, 0, +1",
            ),
            "T is bilinear in eps* and eps; with one spherical component of d and of sigma, M_v is fixed by M_e. "
            "The second route sums explicit matrices built from commutators alone",
        ),
        Step(
            "chains",
            f"0 -> 1 -> 0 (Yb): (alpha, beta, gamma) = {_shown(yb)}. 2 -> 1 -> 0 (Xe): {_shown(xe)}.",
            tuple(latex for latex, _ in shown),
            tuple(text for _, text in shown),
            "for J_e = J_g = 0 the tensor is a pure dyad: the pair must undo exactly the spin projection that the "
            "photon took",
        ),
        Step(
            "average",
            "Averaging M_v independently in the two steps gives delta_kl/3. It is also what the exact tensor "
            "gives when "
            "summed over three orthogonal polarisations, the longitudinal one included, and divided by three.",
            (r"\tfrac13\sum_{a=x,y,z}T(\epsilon_a) = \tfrac13\delta_{kl}",),
            ("(T(x) + T(y) + T(z))/3 = delta_kl/3",),
            "3 alpha + beta + gamma = 1; a real photon has only two polarisations, so the average is not what a "
            "laser selects",
            "GP22 9, GP23b 3.21",
        ),
        Step(
            "three-structures",
            "After the integral over the azimuth of the neutrino only three structure functions survive: across "
            "q, along q "
            "and the part antisymmetric in x, y. For linear light T has no antisymmetric part.",
            (
                r"\langle N^{kl}\rangle_\phi T_{kl} = \tfrac12(T_{xx}+T_{yy})(N^{xx}+N^{yy}) + T_{zz}N^{zz}"
                r" + \tfrac12(T_{xy}-T_{yx})(N^{xy}-N^{yx})",
            ),
            ("T_kl N^kl -> (T_xx + T_yy)(N_xx + N_yy)/2 + T_zz N_zz + (T_xy - T_yx)(N_xy - N_yx)/2",),
            "N^kl is averaged over rotations about q. T_zz = alpha: for J_e = J_g = 0 everything along q drops "
            "out, so the "
            "pseudoscalar electron coupling q.sigma gives no rate at all, exactly",
        ),
    )


def _shown(coefficients: TensorCoefficients) -> str:
    return f"({coefficients.isotropic}, {coefficients.direct}, {coefficients.exchanged})"


@cache
def _coefficients(J_e: Fraction, J_v: Fraction, J_g: Fraction) -> TensorCoefficients:
    weights = {
        q: sum(
            (
                vector_coefficient_squared(J_e, m, q, J_v) * vector_coefficient_squared(J_v, m + q, 1, J_g)
                for m in projections(J_e)
            ),
            Fraction(0),
        )
        for q in (-1, 0, 1)
    }
    total = sum(weights.values())
    isotropic = weights[0] / total
    return TensorCoefficients(isotropic, weights[-1] / total - isotropic, weights[1] / total - isotropic)


def _dyad(epsilon: tuple[sp.Expr, sp.Expr]) -> tuple[list[list[sp.Expr]], sp.Expr]:
    """Return ``eps*_k eps_l`` (3x3, not normalised) and ``|eps|^2``."""
    vector = (*epsilon, sp.S.Zero)
    outer = [[tidy(sp.conjugate(a) * b) for b in vector] for a in vector]
    return outer, tidy(outer[0][0] + outer[1][1])
