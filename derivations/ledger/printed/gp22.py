"""GP22: light vector and scalar mediators."""

from sympy import re

from derivations.ledger.printed.formula_files import entry, expression
from derivations.ledger.printed.record import Printed
from derivations.symbols import A_L, A_R, DELTA_M, I_D, OMEGA

REFERENCES = ("GP22",)

A_LEFT = expression("NF22-vector", "a^L_ij")
"""``a^L_ij`` as printed; ``a^R_ij`` is its second term with ``g_R``."""

THRESHOLD = expression("GP22-threshold")
"""``omega_ij`` as printed."""

RANGE = (expression("GP22-range", "Ebar"), OMEGA / 2)
"""``Ebar`` and the factor of ``Delta_ij`` in ``E_nu = Ebar -+ omega Delta_ij / 2``."""

MAJORANA_LR = -2 * DELTA_M * re(A_L * A_R) * I_D
"""The left-right interference that Majorana neutrinos add, unsuppressed by masses."""


PRINTED = (
    entry(
        "GP22-q2",
        conventions="pair momentum opposite to the photon, atoms recoil-free",
        expression=expression("GP22-q2"),
        dimension=2,
    ),
    entry(
        "GP22-threshold",
        expression=THRESHOLD,
        dimension=1,
    ),
    Printed(
        id="GP22-six-limits",
        source="GP22, text below (17); NF22",
        equation="text",
        claim="three neutrinos give six kinematic upper limits, and the spectrum vanishes above the highest",
        domain="non-degenerate masses",
    ),
    entry(
        "GP22-range",
        expression=RANGE[0],
        dimension=1,
    ),
    Printed(
        id="GP22-majorana-pair",
        source="GP22 (6)-(7); GP23b (3.6)",
        equation="(6)-(7)",
        claim="a Majorana pair adds a second contraction with a relative minus sign and $a_ji = a*_ij$; it flips chirality,"
        " so the interference is proportional to $m_i m_j$, and a factor $1/2$ avoids double counting",
        conventions="v = C ubar^T",
    ),
    Printed(
        id="GP22-T1-scalar",
        source="GP22 Table 1; NF22",
        equation="Table 1, line 1",
        claim="scalar $ebar e -> <f|i>$, type E1",
        domain="leading order in 1/m_e",
    ),
    Printed(
        id="GP22-T1-pseudoscalar",
        source="GP22 Table 1; NF22",
        equation="Table 1, line 2",
        claim="pseudoscalar $i ebar gamma5 e -> (q/2m_e).<f|sigma|i>$, type M1",
        conventions="the electron loses the pair momentum q",
        domain="leading order in 1/m_e",
    ),
    Printed(
        id="GP22-T1-vector",
        source="GP22 Table 1; NF22",
        equation="Table 1, line 3",
        claim="vector $ebar gamma^mu e -> (<f|i>, (q/2m_e).<f|sigma sigma|i>)$, type E1 (alone)",
        domain="leading order in 1/m_e",
    ),
    Printed(
        id="GP22-T1-axial-space",
        source="GP22 Table 1 and text below (5); NF22",
        equation="Table 1, line 4, spatial part",
        claim="axial $ebar gamma^k gamma5 e -> <f|sigma^k|i>$, type M1",
        domain="leading order in 1/m_e",
    ),
    Printed(
        id="GP22-T1-axial-time",
        source="GP22 Table 1; NF22",
        equation="Table 1, line 4, time part",
        claim="axial $ebar gamma^0 gamma5 e -> (q/2m_e).<f|sigma|i>$",
        conventions="q is the momentum that the electron loses",
        domain="leading order in 1/m_e",
    ),
    Printed(
        id="GP22-no-g_V",
        source="GP22, text above (18)",
        equation="text, section III.1",
        claim="a vector coupling of the electron does not contribute: only pseudoscalar and axial couplings are M1",
    ),
    Printed(
        id="GP22-a_L",
        source="GP22 (20); NF22",
        equation="(20)",
        claim="$a^L = a + g_A g_L/[sqrt2 G_F (q^2 - M^2)]$, $a^R = g_A g_R/[sqrt2 G_F (q^2 - M^2)]$",
        conventions="L = Z'_mu [g_A ebar gamma^mu gamma5 e + nubar gamma^mu (g_L P_L + g_R P_R) nu],"
        " propagator -g_{mu nu}/(q^2 - M^2)",
        expression=A_LEFT,
        dimension=0,
    ),
    Printed(
        id="GP22-Majorana-LR",
        source="GP22, text below (22) and section IV",
        equation="text",
        claim="for Majorana neutrinos the interference of $a^L$ and $a^R$ is not suppressed by masses: $- 2 Re(a^L a^R) I^D$;"
        " for Dirac neutrinos it is proportional to $m_i m_j$",
        expression=MAJORANA_LR,
        dimension=2,
    ),
    Printed(
        id="GP22-propagator",
        source="GP22 (19); NF22",
        equation="(19)",
        claim="the mediator enters through $1/(q^2 - M^2)$ alone, so for small $M$ the rate no longer depends on $M$ and the"
        " sensitivity flattens",
        conventions="propagator -g_{mu nu}/(q^2 - M^2), q_mu q_nu/M^2 dropped",
        domain="M^2 << q^2",
    ),
    Printed(
        id="GP22-slope-two",
        source="GP22, section IV, text on Fig. 3; NF22",
        equation="text",
        claim="for large $M$ the sensitivity to the product of couplings grows as $M^2$ (slope 2 in log-log)",
        domain="M^2 >> q^2",
    ),
    Printed(
        id="GP22-dips",
        source="GP22, section IV, text on Fig. 3",
        equation="text",
        claim="each photon energy has a pole at $M^2 = q^2(omega)$; the dips are not physical, a width would fill them",
        conventions="no width",
    ),
    Printed(
        id="GP22-g_L-nature",
        source="GP22, section IV",
        equation="text on Figs. 3 and 4",
        claim="with $g_L$ alone Dirac and Majorana neutrinos give the same sensitivity, because $delta_M m_i m_j Re(a^2)$"
        " is small; with $g_R$ they do not",
        domain="Yb benchmark",
    ),
    Printed(
        id="GP22-same-shape",
        source="GP22, section III.2, text on Fig. 2",
        equation="text",
        claim="scalar and pseudoscalar neutrino couplings give almost the same shape, since they differ by a mass term"
        " that is small against the energy term",
        domain="Dirac neutrinos, Yb benchmark",
    ),
    Printed(
        id="GP22-pseudoscalar-majorana",
        source="GP22, text after (26) and section IV",
        equation="text",
        claim="the pseudoscalar coupling $y_P$ of the neutrinos drops out for Majorana neutrinos",
        conventions="L = phi nubar_i (y_S + i gamma5 y_P)_ij nu_j, Hermitian y_S, y_P",
    ),
    Printed(
        id="GP22-interference-dominates",
        source="GP22, text after (26)",
        equation="text",
        claim="the interference of the scalar amplitude with the weak one dominates over its square, because it has one"
        " power of $q/m_e$ and not two",
        domain="couplings that change the rate by an observable amount",
    ),
    Printed(
        id="GP22-enhancement",
        source="GP22, section III; NF22",
        equation="text",
        claim="an eV mediator beats the weak bosons by 21 orders in the amplitude, more than 40 in the rate",
        domain="M^2, q^2 near 1 eV^2, equal couplings",
    ),
    Printed(
        id="GP22-size-vector",
        source="GP22, section IV and conclusion",
        equation="Fig. 3, left",
        claim="sensitivity to $g_A g_L$ near $1e-15$ for heavy (10 keV) and $1e-26$ for light mediators",
        domain="Yb benchmark, 95% C.L., three equal exposures; the numbers are known second-hand",
        second_hand=True,
    ),
    Printed(
        id="GP22-size-scalar",
        source="GP22, section IV and conclusion",
        equation="Fig. 3, right",
        claim="sensitivity to $y_e y_S$ near $1e-9$ for heavy (10 keV) and $1e-19$ for light mediators",
        domain="Yb benchmark, 95% C.L., three equal exposures; the numbers are known second-hand",
        second_hand=True,
    ),
    Printed(
        id="GP22-averaged-tensor",
        source="GP22 (9); GP23b (3.21)",
        equation="(9)",
        claim="the atomic matrix elements of ytterbium, averaged over magnetic numbers, are $delta_kl/3$ times one number",
        conventions="independent averages over M_e and M_v, photon polarisation not followed",
        domain="6s6p 3P0 -> 6s6p 3P1 -> 6s^2 1S0 with a photon from a laser",
    ),
    Printed(
        id="GP22-scalar-real-chain",
        source="GP22, section IV and conclusion; NF22",
        equation="Figs. 3 and 4, right",
        claim="a spin-0 mediator with a pseudoscalar electron coupling shows in the photon spectrum of ytterbium",
        conventions="two exciting lasers and the trigger along one axis",
        domain="Yb 0 -> 1 -> 0, coherent target, isotopes without nuclear spin; decided for Xe 2 -> 1 -> 0 as well",
    ),
    Printed(
        id="GP22-lightest-mass",
        source="GP22, section IV",
        equation="Fig. 4",
        claim="raising the lightest mass from 0 to 0.05 eV weakens the sensitivity by roughly a factor of 4",
        conventions="massless mediator; the three photon energies were not seen",
        domain="Yb benchmark, normal ordering",
    ),
    *(
        Printed(
            id=f"GP22-{identifier}",
            source="GP22, section IV",
            equation="text",
            claim=claim,
            conventions=conventions,
            domain="|e> -> |g> + gamma + boson, mass M",
        )
        for identifier, claim, conventions in (
            (
                "boson-no-distinction",
                "experimentally there is no distinction whether the final state is a neutrino pair, an axion"
                " or a dark photon",
                "photon spectrum",
            ),
            (
                "boson-electron-only",
                "the emission of a boson can only test its coupling with the electron",
                "boson on shell",
            ),
            ("boson-mass", "the boson cannot be heavier than the emitted energy", "energy E_eg of the two steps"),
            ("boson-poles", "RENP has poles at $s = M^2$", "propagator without a width, either numerator"),
            (
                "boson-width",
                "a width turns RENP at the pole into branching ratio times the line of the boson",
                "Breit-Wigner width, the sum of the partial widths; numerator of the papers, - g_{mu nu}; axial electron coupling",
            ),
        )
    ),
)
