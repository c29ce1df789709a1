"""Six electromagnetic form factors of a neutrino, four after current conservation (GP23b 2.2 -> 2.3), derived.

``Lambda^mu = f_Q gamma^mu + f_A gamma^mu gamma5 + f_1 q^mu + f_2 q^mu gamma5 + i sigma^{mu nu} q_nu (f_M + i f_E gamma5)``
between on-shell spinors. ``q_mu Lambda^mu = 0`` fixes ``f_1`` and ``f_2``; by the Dirac equation the same vertex is
``(gamma^mu - q^mu q-slash / s) (f_Q + f_A gamma5)`` plus the two dipoles.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from derivations.algebra.dirac import GAMMA5, IDENTITY, METRIC, Q_SLASH, Q_UPPER, SPACETIME, DiracMatrix, dirac_bar
from derivations.algebra.ring import M as MASS_SUM
from derivations.algebra.ring import d, s
from derivations.interactions.language import parse_bilinear
from derivations.interactions.matrices import component
from derivations.neutrino.pair_phase_space import ClosedForm, integrated
from derivations.neutrino.spin_sums import SPIN_SUM_I, SPIN_SUM_J, azimuthal_average
from derivations.steps.step import Derivation, Step

STRUCTURES = {
    "f_Q": "gamma(mu)",
    "f_A": "gamma(mu) gamma5",
    "f_1": "q(mu)",
    "f_2": "q(mu) gamma5",
    "f_M": "i sigma(mu,nu) q(nu)",
    "f_E": "i sigma(mu,nu) q(nu) i gamma5",
}
"""The six Lorentz structures of a vertex that depends on q alone."""


@dataclass(frozen=True)
class Conservation:
    """``f_1 = vector_ratio * f_Q / s`` and ``f_2 = axial_ratio * f_A / s``, ratios over the trace ring."""

    vector_ratio: str
    axial_ratio: str


def divergence(structure: str) -> DiracMatrix:
    """Return ``q_mu Lambda^mu`` of one of the six structures as a Dirac matrix.

    Example
    -------
    >>> bool(divergence("f_M"))
    False
    """
    bilinear = parse_bilinear(STRUCTURES[structure])
    total = DiracMatrix({})
    for mu in SPACETIME:
        total = total + component(bilinear, {"mu": mu}).scaled(Q_UPPER[mu] * METRIC[mu])
    return total


def vanishes_on_shell(matrix: DiracMatrix) -> bool:
    """Return whether ``ubar matrix v = 0`` for all spins: the spin-summed square, integrated over phase space, is zero.

    The integrand is non-negative, so its integral vanishes only when every matrix element does.
    """
    return not squared(matrix)


def squared(matrix: DiracMatrix) -> ClosedForm:
    """Return the phase-space average of ``sum_spins |ubar matrix v|^2``."""
    trace = (SPIN_SUM_I @ matrix @ SPIN_SUM_J).trace_with(dirac_bar(matrix))
    return integrated(azimuthal_average(trace))


@cache
def conservation() -> Conservation:
    """Solve ``q_mu Lambda^mu = 0`` between on-shell spinors; raise ``ValueError`` should the solution not hold.

    Example
    -------
    >>> conservation()
    Conservation(vector_ratio='-(m_i - m_j)', axial_ratio='-(m_i + m_j)')
    """
    for charge, scalar, mass in (("f_Q", "f_1", d), ("f_A", "f_2", MASS_SUM)):
        # s q.Lambda with f = 1 for the current and f = -mass/s for its scalar partner
        total = divergence(charge).scaled(s) - divergence(scalar).scaled(mass)
        if not vanishes_on_shell(total):
            raise ValueError(f"current conservation does not hold for {charge} with {scalar}")
        if vanishes_on_shell(divergence(charge)):
            raise ValueError(f"{charge} is conserved by itself")
    for dipole in ("f_M", "f_E"):
        if divergence(dipole):
            raise ValueError(f"{dipole} is not conserved identically")
    if not reduced_equals_transverse():
        raise ValueError("the reduced vertex is not transverse by the Dirac equation")
    return Conservation("-(m_i - m_j)", "-(m_i + m_j)")


def reduced_equals_transverse() -> bool:
    """Return whether ``f_Q`` with its ``f_1`` is ``gamma^mu - q^mu q-slash/s`` on shell: ``q-slash = m_i - m_j`` there."""
    return vanishes_on_shell(Q_SLASH - IDENTITY.scaled(d)) and vanishes_on_shell(
        Q_SLASH @ GAMMA5 - GAMMA5.scaled(MASS_SUM)
    )


def form_factor_derivation() -> Derivation:
    """Return the derivation of the four form factors."""
    found = conservation()
    return Derivation("form_factors", "Electromagnetic form factors: six become four").then(
        Step(
            "six-form-factors",
            "A vertex that depends on q alone has six Lorentz structures.",
            (
                r"\Lambda^\mu = f_Q\gamma^\mu + f_A\gamma^\mu\gamma_5 + f_1 q^\mu + f_2 q^\mu\gamma_5"
                r" + i\sigma^{\mu\nu}q_\nu(f_M + i f_E\gamma_5)",
            ),
            tuple(f"{name}: {text}" for name, text in STRUCTURES.items()),
            "every other structure reduces to these by the Gordon identities between on-shell spinors",
            "GP23b 2.2; GS15",
        ),
        Step(
            "current-conservation",
            "q_mu Lambda^mu = 0 between on-shell spinors fixes f_1 and f_2; the dipoles are conserved identically.",
            (r"f_1 = -(m_i - m_j)\,f_Q/s, \qquad f_2 = -(m_i + m_j)\,f_A/s",),
            (f"f_1 = {found.vector_ratio} f_Q / s", f"f_2 = {found.axial_ratio} f_A / s"),
            "the spin-summed square of q_mu Lambda^mu, integrated over phase space, vanishes identically",
            "GP23b after 2.2",
        ),
        Step(
            "four-form-factors",
            "With the Dirac equation q-slash -> m_i - m_j and q-slash gamma5 -> m_i + m_j four form factors are left; "
            "a neutral particle has f_Q = s r2/6 and f_A = s a at small s.",
            (
                r"\Lambda^\mu = (q^2\gamma^\mu - q^\mu q\!\!\!/)\Big(\frac{\langle r^2\rangle}{6} + a\gamma_5\Big)"
                r" + i\sigma^{\mu\nu}q_\nu(\mu + i\epsilon\gamma_5)",
            ),
            ("Lambda^mu = (q2 gamma^mu - q^mu qslash)(r2/6 + a gamma5) + i sigma^{mu nu} q_nu (mu + i eps gamma5)",),
            "f_Q(0) = 0, first order of the expansion in s",
            "GP23b 2.3",
        ),
    )
