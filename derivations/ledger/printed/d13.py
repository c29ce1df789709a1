"""D13: the spectral function of the standard model, as restated by the later papers."""

from derivations.ledger.printed.formula_files import entry, expression
from derivations.ledger.printed.record import Printed

SOURCE = "D13"
REFERENCE = "D. N. Dinh et al., Phys. Lett. B 719 (2013) 154, arXiv:1209.4808"

I_DIRAC = expression("D13-I_D", "I_Dirac")
"""``I^D_ij`` as printed, with ``Delta_ij`` left as a symbol."""

SPECTRAL = expression("D13-spectral")
"""Bracket of the standard-model spectral function."""

PRINTED = (
    entry(
        "D13-I_D",
        conventions="average over all magnetic numbers, T_kl = delta_kl/3; s = E_eg (E_eg - 2 omega)",
        expression=I_DIRAC,
        dimension=2,
        second_hand=True,
    ),
    entry(
        "D13-spectral",
        conventions="axial amplitude (G_F/sqrt2) a_ij sigma^k nubar_i gamma^k (1-gamma5) nu_j; Majorana factor 1/2"
        " with the sum over ordered pairs",
        expression=SPECTRAL,
        dimension=2,
    ),
    Printed(
        id="D13-Gamma0",
        source="D13; S16; GP22 (11)",
        equation="benchmark rate",
        claim="Gamma = Gamma_0 I(omega) eta with"
        " Gamma_0 = (3/2) n_a^2 V G_F^2 gamma_vg n_gamma (E_eg/E_vg^3) (2J_v+1) C_ev",
        conventions="as recalled; the printed equation was not seen",
        domain="J_e = 0 -> J_v = 1 -> J_g = 0, fully coherent target",
        second_hand=True,
    ),
)
