"""C18: charge radii from coherent scattering; the first version and the revised one of 2020."""

from derivations.ledger.printed.formula_files import typed
from derivations.ledger.printed.record import Printed

REFERENCES = ("C18", "KS17")

SHIFT = typed("sqrt2 pi alpha r2/(3 G_F)")
LOGARITHM = typed("-G_F/(2 sqrt2 pi^2)")
"""Factor of ``3 - 2 ln(m_l^2/m_W^2)``."""

PRINTED = (
    Printed(
        id="C18-shift",
        source="C18 (revised); KS17",
        equation="charge radius",
        claim="$g_V -> g_V + sqrt2 pi alpha <r2>/(3 G_F)$",
        conventions="form factor in units of e on gamma^mu, no anapole of its own: the vertex acts on nu_L",
        domain="q^2 -> 0, left-handed neutrinos",
        expression=SHIFT,
        dimension=0,
        second_hand=True,
    ),
    Printed(
        id="C18-radius",
        source="C18 (revised)",
        equation="charge radius of the standard model",
        claim="$<r2> = -(G_F/2 sqrt2 pi^2)[3 - 2 ln(m_l^2/m_W^2)]$",
        conventions="units of e; the vertex of <r2> is gamma^mu on left-handed neutrinos",
        domain="one loop, coefficient of the logarithm",
        expression=LOGARITHM,
        dimension=-2,
        second_hand=True,
    ),
    Printed(
        id="C18-revision",
        source="C18, first and revised version",
        equation="limits on <r2>",
        claim="the same data give limits that differ between the two versions",
        conventions="the shift of sin^2 theta_W as in VE89 (first), the shift of g_V as in C18-shift (revised)",
        domain="coherent scattering, left-handed neutrinos",
        second_hand=True,
    ),
)
