"""GP23a: magnetic and electric moments; known through its successors GP23b and GP23c."""

from derivations.ledger.printed.record import Printed

SOURCE = "GP23a"
REFERENCE = "S.-F. Ge, P. Pasquini, Phys. Lett. B 841 (2023) 137911, arXiv:2206.11717"

SCAN = ("1.069", "1.07", "1.0708", "1.0712", "1.0716", "1.07164")
"""Photon energies of the scan [eV], as printed."""

PRINTED = (
    Printed(
        id="GP23a-scan",
        source="GP23a; GP23b section 4; GP23c section 4",
        equation="text",
        claim="six photon energies (1.069, 1.07, 1.0708, 1.0712, 1.0716, 1.07164) eV separate the six elements ij",
        domain="Yb benchmark, lightest mass 0.01 eV, normal ordering",
    ),
)
