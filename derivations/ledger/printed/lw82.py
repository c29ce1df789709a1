"""LW82: radiative decay of Majorana neutrinos."""

from derivations.ledger.printed.record import Printed

REFERENCES = ("LW82", "Shr82")

PRINTED = (
    Printed(
        id="LW82-isotropic",
        source="LW82",
        equation="in words",
        claim="the photon of $nu_i -> nu_j gamma$ has no preferred direction if $nu_i$ and $nu_j$ are Majorana neutrinos",
        conventions="nu_i polarised and at rest; 1 + A cos theta, theta between the photon and the spin; Hermitian mu and eps",
        domain="m_i > m_j",
        second_hand=True,
    ),
    Printed(
        id="LW82-dirac",
        source="LW82",
        equation="in words",
        claim="Dirac neutrinos have $A != 0$ in general",
        conventions="as above",
        domain="m_i > m_j",
        second_hand=True,
    ),
)
