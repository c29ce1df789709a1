"""GSch00: transversely polarised neutrinos on electrons."""

from derivations.ledger.printed.record import Printed

REFERENCES = ("GSch00",)

PRINTED = (
    Printed(
        id="GSch00-azimuth",
        source="GSch00",
        equation="in words",
        claim="a transversely polarised beam shows the weak-moment interference as an azimuthal asymmetry, even for $m = 0$",
        conventions="superposition of left- and right-handed neutrinos",
        domain="nu e -> nu e, unpolarised electron at rest",
        second_hand=True,
    ),
    Printed(
        id="GSch00-recoil",
        source="GSch00",
        equation="in words",
        claim="the asymmetry shows in $dsigma/dT$ too",
        conventions="superposition of left- and right-handed neutrinos; integrated over the azimuth",
        domain="nu e -> nu e, unpolarised electron at rest",
        second_hand=True,
    ),
)
