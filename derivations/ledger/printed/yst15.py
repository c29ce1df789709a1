"""YST15: two photons in the place of the pair."""

from derivations.ledger.printed.record import Printed

REFERENCES = ("YST15",)

PRINTED = (
    Printed(
        id="YST15-two-photons",
        source="YST15; GP23b section 3.3",
        equation="in words",
        claim="$J_e = 0 -> J_v = 1$ with two E1 photons is suppressed, and vanishes at equal energies",
        conventions="any intermediate states; the photons' polarisations and directions are free",
        domain="pair step replaced by two photons",
        second_hand=True,
    ),
)
