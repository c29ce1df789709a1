"""GP23a: magnetic and electric moments; known through its successors GP23b and GP23c."""

from derivations.ledger.printed.record import Printed

REFERENCES = ("GP23a",)

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
