"""Fingerprints of the C code that belongs to this package: an extension built from other code is not used."""

LAYOUT = "@LAYOUT@"
"""Layout of plans and general block."""
SETS = "@SETS@"
"""Sets of weights with straight-line code."""
