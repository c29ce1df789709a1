"""Derivation steps: what was done, why, and from which source; and how formulas are written in them."""
