"""CER16: light mediators in scattering on electrons and nuclei."""

from derivations.ledger.printed.formula_files import typed
from derivations.ledger.printed.record import Printed

REFERENCES = ("CER16",)

VECTOR = typed("g^4 m_e (2 E^2 + T^2 - 2 T E - m_e T)/(4 pi E^2 (2 m_e T + M^2)^2)")
SCALAR = typed("g^4 m_e^2 T/(4 pi E^2 (2 m_e T + M^2)^2)")
PSEUDOSCALAR = typed("g^4 m_e T^2/(8 pi E^2 (2 m_e T + M^2)^2)")
NUCLEUS_SCALAR = typed("Q_S^2 g^2 M^2 T/(4 pi E^2 (2 M T + M_phi^2)^2)")
WEAK_FACTOR = typed("1 - sqrt2 g^2 Q_V/(G_F Q_v (Q2 + M^2))")

_ELECTRON = "both couplings g, electron at rest; only the boson's own term"

PRINTED = (
    Printed(
        id="CER16-vector",
        source="CER16",
        equation="light vector on electrons",
        claim="$dsigma/dT = g^4 m_e [2E^2 + T^2 - 2TE - m_e T]/(4 pi E^2 (2 m_e T + M^2)^2)$",
        conventions=_ELECTRON + "; vector couplings to electron and neutrino",
        domain="massless left-handed neutrinos",
        expression=VECTOR,
        dimension=-3,
        second_hand=True,
    ),
    Printed(
        id="CER16-scalar",
        source="CER16",
        equation="light scalar on electrons",
        claim="$dsigma/dT = g^4 m_e^2 T/(4 pi E^2 (2 m_e T + M^2)^2)$",
        conventions=_ELECTRON,
        domain="massless left-handed neutrinos, any T",
        expression=SCALAR,
        dimension=-3,
        second_hand=True,
    ),
    Printed(
        id="CER16-pseudoscalar",
        source="CER16",
        equation="light pseudoscalar on electrons",
        claim="$dsigma/dT = g^4 m_e T^2/(8 pi E^2 (2 m_e T + M^2)^2)$",
        conventions=_ELECTRON + "; i gamma5 on the electron",
        domain="massless left-handed neutrinos, any T",
        expression=PSEUDOSCALAR,
        dimension=-3,
        second_hand=True,
    ),
    Printed(
        id="CER16-scalar-nucleus",
        source="CER16",
        equation="scalar mediator on a nucleus",
        claim="$dsigma/dT = Q_S^2 g^2 M^2 T/(4 pi E^2 (2MT + M_phi^2)^2)$",
        conventions="scalar charge Q_S of the nucleus (its couplings included), coupling g of the neutrino; spin 0",
        domain="massless neutrinos, any T",
        expression=NUCLEUS_SCALAR,
        dimension=-3,
        second_hand=True,
    ),
    Printed(
        id="CER16-scalar-nucleus-spin",
        source="CER16",
        equation="scalar mediator on a nucleus",
        claim="the same formula for a nucleus of spin 1/2",
        conventions="scalar charge Q_S of the nucleus (its couplings included), coupling g of the neutrino",
        domain="massless neutrinos, any T",
        expression=NUCLEUS_SCALAR,
        dimension=-3,
        second_hand=True,
    ),
    Printed(
        id="CER16-weak-charge",
        source="CER16 and later papers on coherent scattering",
        equation="vector mediator on a nucleus",
        claim="a vector mediator multiplies the weak charge by $1 - sqrt2 g^2 Q_V/(G_F Q_v (Q^2 + M^2))$",
        conventions="Q^2 = 2 M_nucleus T > 0; the normalisation of Q_v and of the neutrino's current is not said",
        domain="massless left-handed neutrinos",
        expression=WEAK_FACTOR,
        dimension=0,
        second_hand=True,
    ),
)
