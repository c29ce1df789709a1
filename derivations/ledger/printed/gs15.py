"""GS15: electromagnetic properties of neutrinos (review); equations known through the papers that use them."""

from derivations.ledger.printed.formula_files import typed
from derivations.ledger.printed.record import Printed

REFERENCES = ("GS15",)

SHIFT = typed("(2/3) m_W^2 sin2 r2")
SINE_SHIFT = typed("sin2 m_W^2 r2/3")

PRINTED = (
    Printed(
        id="GS15-sigma-sign",
        source="GS15; GP23b (2.3)",
        equation="dipole part of the vertex",
        claim="$Lambda^mu$ contains $- i sigma^{mu nu} q_nu (mu + i eps gamma5)$ with $q = p_i - p_f$",
        conventions="scattering momentum transfer; pair emission has q = p_i + p_j and the opposite sign",
        domain="nu_i -> nu_f gamma*",
        second_hand=True,
    ),
    Printed(
        id="GS15-radius-unit",
        source="GS15; GP23b (2.3), (2.9)",
        equation="charge radius",
        claim="the charge radius shifts $g_V$ by $(2/3) m_W^2 sin^2(theta_W) <r^2> = sqrt2 pi alpha <r^2> / (3 G_F)$",
        conventions="form factor in units of e",
        domain="q^2 -> 0, left-handed neutrinos",
        second_hand=True,
    ),
    Printed(
        id="GS15-shift-sine",
        source="GS15 and papers that use it",
        equation="charge radius",
        claim="$sin^2 theta_W -> sin^2 theta_W (1 + m_W^2 <r2>/3)$",
        conventions="form factor in units of e on gamma^mu, no anapole of its own",
        domain="q^2 -> 0, left-handed neutrinos, tree level",
        expression=SINE_SHIFT,
        dimension=0,
        second_hand=True,
    ),
    Printed(
        id="GS15-shift-tree",
        source="GS15; C18 (revised)",
        equation="charge radius",
        claim="$(2/3) m_W^2 sin^2 theta_W <r2>$ and $sqrt2 pi alpha <r2>/(3 G_F)$ are the same number",
        domain="sin^2 theta_W on-shell, MS-bar or at low energy",
        expression=SHIFT,
        dimension=0,
        second_hand=True,
    ),
    Printed(
        id="GS15-texono",
        source="GS15, tables; GP23b (2.14)",
        equation="limits on the charge radius",
        claim="the limit of TEXONO is doubled, from $(-2.1, 3.3)$ to $(-4.2, 6.6) 1e-32 cm^2$",
        conventions="as published: shift of sin^2 theta_W as in VE89-shift",
        domain="90% C.L.",
        second_hand=True,
    ),
    Printed(
        id="GS15-majorana-map",
        source="GS15 and papers on Majorana moments",
        equation="Majorana form factors",
        claim="the formulas of Dirac neutrinos hold with the Majorana matrices mu, eps, r2 antisymmetric, a symmetric",
        conventions="there the matrices are the elements of the vertex itself; here they stand in the Lagrangian, used unchanged",
        domain="scattering, decay, plasmon decay",
        second_hand=True,
    ),
    Printed(
        id="GS15-majorana-weak",
        source="GS15 and papers on Majorana neutrinos",
        equation="weak current",
        claim="the weak matrix of Majorana neutrinos takes the same factor 2 as their moments",
        conventions="element c_ji -> c_ji + eta c_ij of the rule for Majorana fields",
        domain="massless neutrinos of given helicity",
        second_hand=True,
    ),
    Printed(
        id="GS15-antineutrino-helicity",
        source="GS15; GP23b (2.8)",
        equation="antineutrinos",
        claim="an antineutrino of helicity + sees of a form factor what a neutrino of helicity - does, transposed",
        conventions="nubar_j c_ji nu_i; v = C ubar^T",
        domain="massless neutrinos",
        second_hand=True,
    ),
)
