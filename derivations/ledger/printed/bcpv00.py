"""BCPV00: the charge radius of neutrinos in the standard model."""

from derivations.ledger.printed.formula_files import typed
from derivations.ledger.printed.record import Printed

REFERENCES = ("BCPV00",)

LOGARITHM = typed("-G_F/(4 sqrt2 pi^2)")
"""Factor of ``3 - 2 ln(m_l^2/m_W^2)``."""

PRINTED = (
    Printed(
        id="BCPV00-radius",
        source="BCPV00; GS15",
        equation="charge radius of the standard model",
        claim="$<r2> = -(G_F/4 sqrt2 pi^2)[3 - 2 ln(m_l^2/m_W^2)]$",
        conventions="units of e; the vertex of <r2> is gamma^mu (1 - gamma5)",
        domain="one loop, coefficient of the logarithm",
        expression=LOGARITHM,
        dimension=-2,
        second_hand=True,
    ),
)
