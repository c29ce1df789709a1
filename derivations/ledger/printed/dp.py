"""DP: papers on the dipole portal to a heavy neutrino."""

from derivations.ledger.printed.formula_files import typed
from derivations.ledger.printed.record import Printed

REFERENCES = ("DP",)

UPSCATTERING = typed(
    "alpha Z^2 d^2 (1/T - 1/E - M_N^2/(2 E T M) * (1 - T/(2 E) + M/(2 E)) + M_N^4 (T - M)/(8 E^2 T^2 M^2))"
)

_CLAIM = "$dsigma/dT = alpha Z^2 d^2 [1/T - 1/E - (M_N^2/2ETM)(1 - T/2E + M/2E) + M_N^4 (T - M)/(8 E^2 T^2 M^2)]$"

PRINTED = tuple(
    Printed(
        id=f"DP-spin-{name}",
        source="DP",
        equation="upscattering",
        claim=_CLAIM,
        conventions=f"massless neutrino to mass M_N on a target of mass M, charge Z and spin {spin}; d multiplies i sigma q",
        domain="between the two edges of T",
        expression=UPSCATTERING,
        dimension=-3,
        second_hand=True,
    )
    for name, spin in (("half", "1/2, no anomalous moment"), ("zero", "0"))
)
