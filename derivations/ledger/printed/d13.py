"""D13: the spectral function of the standard model, as restated by the later papers."""

from derivations.ledger.printed.formula_files import entry, expression
from derivations.ledger.printed.record import Printed

REFERENCES = ("D13",)

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
        claim="$Gamma = Gamma_0 I(omega) eta$ with"
        " $Gamma_0 = (3/2) n_a^2 V G_F^2 gamma_vg n_gamma (E_eg/E_vg^3) (2J_v+1) C_ev$",
        conventions="as recalled; the printed equation was not seen",
        domain="J_e = 0 -> J_v = 1 -> J_g = 0, fully coherent target",
        second_hand=True,
    ),
    Printed(
        id="D13-Gamma0-field",
        source="D13; S16; GP22 (11)",
        equation="benchmark rate, stimulating field",
        claim="the field that stimulates the photon has the energy density $n_gamma E_eg/2$",
        conventions="our reading of E_eg n_gamma in Gamma_0: the energy of the target shared by two counter-propagating fields",
        domain="photon of energy omega < E_eg/2",
        second_hand=True,
    ),
    Printed(
        id="D13-Gamma0-three",
        source="D13; S16; GP22 (11)",
        equation="benchmark rate, strength of the photon step",
        claim="$Gamma_0$ holds the photon step with the full $|d|^2$ of the width for each of the $2J_v+1$ values of $M_v$, and the pair"
        " step with $(2J_v+1) C_ev delta_kl/3$",
        conventions="our reading of the factor 3 that is left of (3/2) E_eg n_gamma",
        domain="J_e = 0 -> J_v = 1 -> J_g = 0, one polarisation of the laser",
        second_hand=True,
    ),
)
