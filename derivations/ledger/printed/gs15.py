"""GS15: electromagnetic properties of neutrinos (review); equations known through the papers that use them."""

from derivations.ledger.printed.record import Printed

SOURCE = "GS15"
REFERENCE = "C. Giunti, A. Studenikin, Rev. Mod. Phys. 87 (2015) 531, arXiv:1403.6344"

PRINTED = (
    Printed(
        id="GS15-sigma-sign",
        source="GS15; GP23b (2.3)",
        equation="dipole part of the vertex",
        claim="Lambda^mu contains - i sigma^{mu nu} q_nu (mu + i eps gamma5) with q = p_i - p_f",
        conventions="scattering momentum transfer; pair emission has q = p_i + p_j and the opposite sign",
        domain="nu_i -> nu_f gamma*",
        second_hand=True,
    ),
    Printed(
        id="GS15-radius-unit",
        source="GS15; GP23b (2.3), (2.9)",
        equation="charge radius",
        claim="the charge radius shifts g_V by (2/3) m_W^2 sin^2(theta_W) <r^2> = sqrt2 pi alpha <r^2> / (3 G_F)",
        conventions="form factor in units of e",
        domain="q^2 -> 0, left-handed neutrinos",
        second_hand=True,
    ),
)
