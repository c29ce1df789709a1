"""RXY17: general scalar, pseudoscalar and tensor interactions in neutrino-electron scattering."""

from derivations.ledger.printed.formula_files import typed
from derivations.ledger.printed.record import Printed

REFERENCES = ("RXY17",)

TEXT = "(G_F^2 m_e/(2 pi)) ({} + 2*({})*(1 - T/E) + ({})*(1 - T/E)^2 + ({})*m_e T/(4 E^2))"
"""The cross section with the places of its four coefficients."""

TENSOR = typed(TEXT.format("C_T^2", "C_T^2", "C_T^2", "-4 C_T^2"))
SCALAR = typed(TEXT.format("C_S^2/8", "-C_S^2/8", "C_S^2/8", "C_S^2"))
CROSS = typed(TEXT.format("-C_S C_T/2", "0", "C_S C_T/2", "0"))

_CONVENTIONS = (
    "H = (G_F/sqrt2) sum_G C_G [nubar G nu][ebar G e], G = 1 and sigma^{mu nu} with both indices summed; left-handed massless"
    " neutrinos, real C_G, no gamma5 on the electron"
)
_EQUATION = "cross section with c0, c1, c2, c3"
_DOMAIN = "nu e -> nu e, electron at rest"

PRINTED = (
    *(
        Printed(
            id=f"RXY17-{name}",
            source="RXY17",
            equation=_EQUATION,
            claim="$dsigma/dT = (G_F^2 m_e/2 pi)[c0 + 2 c1 (1-T/E) + c2 (1-T/E)^2 + c3 m_e T/4E^2]$; " + claim,
            conventions=_CONVENTIONS,
            domain=_DOMAIN,
            expression=expression,
            dimension=-3,
            second_hand=True,
        )
        for name, claim, expression in (
            ("tensor", "the tensor adds $C_T^2 (1, 1, 1, -4)$ to $(c0, c1, c2, c3)$", TENSOR),
            ("scalar", "the scalar adds $C_S^2 (1/8, -1/8, 1/8, 1)$", SCALAR),
            ("scalar-tensor", "the interference adds $C_S C_T (-1/2, 0, 1/2, 0)$", CROSS),
        )
    ),
    Printed(
        id="RXY17-map",
        source="RXY17 (tensor and scalar mediators)",
        equation="definition of C_T, C_S",
        claim="the contact coefficients $C_T$ and $C_S$ describe a tensor operator and the exchange of a tensor or scalar boson",
        conventions="as above",
        domain=_DOMAIN,
        second_hand=True,
    ),
)
