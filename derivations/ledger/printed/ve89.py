"""VE89: neutrino electromagnetic form factors in scattering."""

from derivations.ledger.printed.formula_files import typed
from derivations.ledger.printed.record import Printed

REFERENCES = ("VE89",)

SINE_SHIFT = typed("sqrt2 pi alpha r2/(3 G_F)")
MOMENT_NUCLEUS = typed("pi alpha^2 Z^2 F^2 mu_eff^2/(m_e^2 mu_B^2) * (1/T - 1/E + T/(4 E^2))")

PRINTED = (
    Printed(
        id="VE89-shift",
        source="VE89; TEXONO10",
        equation="charge radius",
        claim="$sin^2 theta_W -> sin^2 theta_W + sqrt2 pi alpha <r2>/(3 G_F)$ (quoted as $2.39e30 <r2>/cm^2$)",
        conventions="g_V = 1/2 + 2 sin^2 theta_W of the electron; the vertex of <r2> is not said",
        domain="q^2 -> 0, left-handed neutrinos",
        expression=SINE_SHIFT,
        dimension=0,
        second_hand=True,
    ),
    Printed(
        id="VE89-shift-number",
        source="VE89; TEXONO10",
        equation="charge radius",
        claim="$sqrt2 pi alpha/(3 G_F) = 2.39e30 /cm^2$",
        domain="units",
        second_hand=True,
    ),
    Printed(
        id="VE89-moment-nucleus",
        source="VE89",
        equation="moment on a nucleus",
        claim="$dsigma/dT = (pi alpha^2 Z^2 F^2/m_e^2)(mu_eff/mu_B)^2 [1/T - 1/E + T/4E^2]$",
        conventions="spin-0 nucleus, massless neutrinos",
        domain="any T",
        expression=MOMENT_NUCLEUS,
        dimension=-3,
        second_hand=True,
    ),
)
