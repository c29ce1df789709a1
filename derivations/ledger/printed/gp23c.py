"""GP23c: proceedings on mediators and moments."""

from derivations.ledger.printed.record import Printed

REFERENCES = ("GP23c",)

PRINTED = (
    Printed(
        id="GP23c-scalar-suppression",
        source="GP23c, section 3.2",
        equation="text",
        claim="pseudoscalar electron couplings are suppressed by $q/(2 m_e)$, so the scalar sensitivity is five orders"
        " weaker than the vector one",
        domain="Yb benchmark",
    ),
)
