"""The rate ``Gamma = Gamma_0 I(omega) eta``: from the E1 width to ``Gamma_0``, step by step.

In: the width of the photon step, the stimulating photons, the coherent atoms. Out: exact expressions for
``Gamma_0``; the printed one is compared in the ledger. Natural units, Heaviside-Lorentz charge (``e^2 = 4 pi alpha``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sympy as sp

from derivations.steps.step import Step
from derivations.symbols import C_EV, DIMENSIONS, E_VG, G_F, GAMMA_VG, J_V, N_A, N_GAMMA, OMEGA, VOLUME


@dataclass(frozen=True)
class RateFactors:
    """The factors of the rate, each an exact expression.

    Attributes
    ----------
    dipole_squared : ``|d|^2``, summed over components and M_g, from the width.
    field_squared : squared amplitude ``<N+1| E^- |N>`` of the stimulating mode, ``omega n_gamma / 2``.
    coherence : ``n_a^2 V``, from the square of the sum over atoms.
    phase_space : two-body phase space per unit of ``(1/|q|) int dE_nu``.
    spin : factor of the pair step and of the photon step, ``(4/3) (2J_v+1) C_ev``, with the tensor T of unit trace.
    normalisation : ``4 G_F^2``, divided out in ``I(omega)``.
    """

    dipole_squared: sp.Expr
    field_squared: sp.Expr
    coherence: sp.Expr
    phase_space: sp.Expr
    spin: sp.Expr
    normalisation: sp.Expr

    def product(self) -> sp.Expr:
        """Return ``Gamma_0``, the product of all factors."""
        return sp.factor(
            self.dipole_squared
            * self.field_squared
            * self.coherence
            * self.phase_space
            * self.spin
            * self.normalisation
        )


@cache
def rate_factors() -> RateFactors:
    """Return the factors of ``Gamma_0``.

    Example
    -------
    >>> rate_factors().field_squared
    n_gamma*omega/2
    """
    strength = sp.Symbol("d2", positive=True)
    (dipole_squared,) = sp.solve(sp.Eq(einstein_coefficient(strength, E_VG), GAMMA_VG), strength)
    return RateFactors(
        dipole_squared=dipole_squared,
        field_squared=OMEGA * N_GAMMA / 2,
        coherence=N_A**2 * VOLUME,
        phase_space=two_body_phase_space(),
        spin=sp.Rational(4, 3) * (2 * J_V + 1) * C_EV,
        normalisation=4 * G_F**2,
    )


def einstein_coefficient(dipole_squared: sp.Expr, energy: sp.Expr) -> sp.Expr:
    """Return the spontaneous E1 width from Fermi's golden rule, ``|d|^2 E^3 / (3 pi)``.

    One mode of volume V has the squared field ``E/2V``; there are ``V E^2 dE dOmega/(2 pi)^3`` modes; the sum over
    two polarisations and the integral over directions give ``8 pi/3`` for each component of the dipole.

    Parameters
    ----------
    dipole_squared : ``|d|^2``, summed over the components and over M_g.
    energy : photon energy.

    Example
    -------
    >>> einstein_coefficient(sp.Symbol("d2"), E_VG)
    E_vg**3*d2/(3*pi)
    """
    cosine, mode_field, mode_density = sp.Symbol("cosine"), energy / 2, energy**2 / (2 * sp.pi) ** 3
    polarisations = 2 * sp.pi * sp.integrate(1 - cosine**2, (cosine, -1, 1))
    return 2 * sp.pi * mode_field * mode_density * polarisations * dipole_squared


def two_body_phase_space() -> sp.Expr:
    """Return the two-body phase space divided by ``(1/|q|) int dE_nu``, from its definition.

    ``int d^3p_i/((2pi)^3 2E_i) d^3p_j/((2pi)^3 2E_j) (2pi)^4 delta^4``: the momentum delta removes ``p_j``, the
    azimuth gives ``2 pi``, and the energy delta removes ``cos`` with ``dE_j/dcos = p_i |q| / E_j``, ``p_i dp_i =
    E_i dE_i``.

    Example
    -------
    >>> two_body_phase_space()
    1/(8*pi)
    """
    p_i, e_i, e_j, q = sp.symbols("p_i E_i E_j q", positive=True)
    measure = (2 * sp.pi) ** 4 / (2 * sp.pi) ** 6 / (4 * e_i * e_j)
    per_momentum = measure * 2 * sp.pi * p_i**2 * (e_j / (p_i * q))
    per_energy = per_momentum * e_i / p_i
    return sp.cancel(per_energy * q)


def gamma_0() -> sp.Expr:
    """Return the derived ``Gamma_0``; the rate is ``Gamma_0 I(omega)`` with the tensor T of unit trace and full
    coherence.

    Example
    -------
    >>> gamma_0()
    C_ev*G_F**2*V*gamma_vg*n_a**2*n_gamma*omega*(2*J_v + 1)/E_vg**3
    """
    return rate_factors().product()


def rate_steps() -> tuple[Step, ...]:
    """Return the steps that derive ``Gamma_0``.

    Example
    -------
    >>> [step.name for step in rate_steps()][-2:]
    ['gamma-0', 'units']
    """
    factors, derived = rate_factors(), gamma_0()
    if energy_dimension(derived) != 1:
        raise ArithmeticError("Gamma_0 does not have the dimension of energy")
    return (*_atomic_steps(factors), *_collective_steps(factors, derived))


def energy_dimension(expression: sp.Expr) -> int:
    """Return the power of energy of a product of the symbols of this module.

    Raises
    ------
    ValueError : the expression is no monomial in those symbols (apart from dimensionless factors).

    Example
    -------
    >>> energy_dimension(gamma_0())
    1
    """
    scale = sp.Symbol("scale", positive=True)
    rescaled = {symbol: symbol * scale**power for symbol, power in DIMENSIONS.items()}
    ratio = sp.powsimp(sp.cancel(expression.subs(rescaled, simultaneous=True) / expression))
    power = sp.cancel(scale * sp.diff(ratio, scale) / ratio)
    if not power.is_Integer:
        raise ValueError(f"expression = {expression} is not allowed: it must have one dimension")
    return int(power)


def _atomic_steps(factors: RateFactors) -> tuple[Step, ...]:
    return (
        Step(
            "second-order-amplitude",
            "The amplitude of one atom is a pair step times a photon step over the energy defect.",
            (
                r"\mathcal M = \frac{\langle g|{-\vec d\cdot\vec E}|v\rangle\,\langle v|\sigma_k|e\rangle A^k}"
                r"{-(E_{vg}-\omega)}",
            ),
            ("M = <g|-d.E|v> <v|sigma_k|e> A^k / (-(E_vg - omega))",),
            "energy conservation q0 = E_eg - omega makes the defect E_e - E_v - q0 = -(E_vg - omega)",
            "GP23b 3.14",
        ),
        Step(
            "einstein-coefficient",
            "The measured width of |v> -> |g> fixes the dipole; |d|^2 is summed over components and M_g.",
            (
                r"\gamma_{vg} = \frac{|d|^2E_{vg}^3}{3\pi}",
                rf"|d|^2 = {sp.latex(factors.dipole_squared)}",
            ),
            ("gamma_vg = |d|^2 E_vg^3 / (3 pi)", f"|d|^2 = {factors.dipole_squared}"),
            "spontaneous E1 emission: two polarisations, 2 omega^2 domega/(2 pi)^2 modes, field omega/2 per mode "
            "and volume",
        ),
        Step(
            "stimulated-emission",
            "In a mode with N photons emission has the amplitude sqrt(N+1). With n_gamma photons per volume:",
            (
                r"\langle N{+}1|a^\dagger|N\rangle = \sqrt{N+1}",
                rf"|\langle E^-\rangle|^2 = \frac{{\omega}}{{2V}}(N+1) \to {sp.latex(factors.field_squared)}",
            ),
            ("<N+1|a^dagger|N> = sqrt(N+1)", f"|<E^->|^2 = omega (N+1)/(2V) -> {factors.field_squared}"),
            "E = i sqrt(omega/2V) (a eps e^{ikx} - h.c.); N is large; the photon momentum is fixed by the laser, "
            "so no sum "
            "over photon modes remains",
        ),
        Step(
            "atomic-spins",
            "Averaged over M_e and summed over M_g the two steps give the atomic tensor T of unit trace times one "
            "number.",
            (
                r"\frac{1}{2J_e+1}\sum_{M_eM_g}\Big|\sum_{M_v}\langle\epsilon^*\!\cdot d\rangle"
                r"\langle\sigma_k\rangle A^k\Big|^2"
                r" = |d|^2\,\frac{4}{3}(2J_v+1)C_{ev}\;T_{kl}A^kA^{l*}",
            ),
            ("(1/(2J_e+1)) sum |sum_Mv <eps*.d><sigma_k> A^k|^2 = |d|^2 (4/3) (2J_v+1) C_ev T_kl A^k A^l*",),
            "trace of B B^+: 4 (2J_v+1) C_ev from the pair step (sigma = 2S), 1/3 because one photon polarisation "
            "takes a "
            "third of |d|^2 when |v> is summed over M_v; holds for every chain",
        ),
    )


def _collective_steps(factors: RateFactors, derived: sp.Expr) -> tuple[Step, ...]:
    return (
        Step(
            "coherence",
            "Atoms in phase add in the amplitude. The square of the sum is n_a^2 V times a momentum delta function.",
            (
                r"\Big|\sum_a e^{i(\vec K-\vec k-\vec p_i-\vec p_j)\cdot\vec x_a}\Big|^2 \to"
                r" n_a^2\,V\,(2\pi)^3\delta^3(\vec K-\vec k-\vec p_i-\vec p_j)",
            ),
            ("|sum_a exp(i (K - k - p_i - p_j).x_a)|^2 -> n_a^2 V (2 pi)^3 delta^3",),
            "K is the phase that the two excitation lasers imprint; a superposition of |e> and |g> adds "
            "|rho_eg|^2, at most "
            "1/4, which belongs to eta together with the shape of the fields",
        ),
        Step(
            "phase-space",
            "Two neutrinos with fixed total momentum |q| leave one integral; without an imprinted momentum |q| = omega.",
            (rf"\int d\Phi_2 = {sp.latex(factors.phase_space)}\,\frac{{1}}{{|\vec q|}}\int dE_\nu",),
            (f"int dPhi_2 = {factors.phase_space} (1/|q|) int dE_nu",),
            "momentum delta removes p_j, energy delta removes the angle, the azimuth gives 2 pi",
            "GP23b 3.13-3.19",
        ),
        Step(
            "gamma-0",
            "Everything that is not in I(omega) is Gamma_0. It is proportional to the photon energy omega.",
            (rf"\Gamma = \Gamma_0\,I(\omega)\,\eta,\qquad \Gamma_0 = {sp.latex(derived)}",),
            (f"Gamma_0 = {derived}", "Gamma = Gamma_0 I(omega) eta"),
            "product of the factors above times the 4 G_F^2 that I(omega) is divided by",
        ),
        Step(
            "units",
            "Gamma_0 is an energy; with gamma_vg in 1/s it is a rate in 1/s.",
            (r"[n_a^2Vn_\gamma] = 6,\ [G_F^2] = -4,\ [\omega/E_{vg}^3] = -2,\ [\gamma_{vg}] = 1",),
            ("n_a^2 V n_gamma: energy^6, G_F^2: energy^-4, omega/E_vg^3: energy^-2, gamma_vg: energy",),
            "densities are converted with hbar c; the sum of the powers of energy is one",
        ),
    )
