"""R96: radiative decay and plasmon decay; HRW94 prints the same plasmon widths."""

from derivations.ledger.printed.formula_files import typed
from derivations.ledger.printed.record import Printed

REFERENCES = ("R96", "HRW94")

CHARGE = typed("4 pi/(3 omega) * alpha_nu K2/(4 pi)")
MOMENT = typed("4 pi/(3 omega) * mu^2/2 * (K2/(4 pi))^2")

PRINTED = (
    Printed(
        id="R96-decay-rate",
        source="R96",
        equation="radiative decay",
        claim="$Gamma = 5.308/s (mu/mu_B)^2 (m_i/eV)^3 (1 - m_j^2/m_i^2)^3$",
        conventions="mu^2 = |mu_ij|^2 + |eps_ij|^2, width as in GP23b-radiative-decay",
        domain="m_i > m_j",
        second_hand=True,
    ),
    Printed(
        id="R96-plasmon-charge",
        source="R96; HRW94",
        equation="plasmon decay",
        claim="$Gamma = (4 pi/3 omega) Z alpha_nu K^2/(4 pi)$",
        conventions="one polarisation, Z its wave-function factor; milli-charge, alpha_nu its square over 4 pi",
        domain="massless neutrinos",
        expression=CHARGE,
        dimension=1,
        second_hand=True,
    ),
    Printed(
        id="R96-plasmon-moment",
        source="R96; HRW94",
        equation="plasmon decay",
        claim="$Gamma = (4 pi/3 omega) Z (mu^2/2) (K^2/4 pi)^2$ with $mu^2 = sum_ij |mu_ij|^2 + |eps_ij|^2$",
        conventions="one polarisation, Z its wave-function factor",
        domain="massless neutrinos",
        expression=MOMENT,
        dimension=1,
        second_hand=True,
    ),
    Printed(
        id="R96-plasmon-polarisations",
        source="R96; HRW94",
        equation="plasmon decay",
        claim="transverse and longitudinal plasmons decay by the same formula",
        conventions="polarisation vectors of four-vector norm -1, orthogonal to K; other normalisations move factors into Z_L",
        domain="equal K^2, any neutrino masses",
        second_hand=True,
    ),
    Printed(
        id="R96-plasmon-majorana",
        source="R96; HRW94",
        equation="plasmon decay",
        claim="the same formula holds for Majorana neutrinos",
        conventions="sum over ordered pairs",
        domain="massless neutrinos",
        second_hand=True,
    ),
)
