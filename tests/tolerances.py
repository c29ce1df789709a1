"""Every tolerance of the suite in one table: name -> (value, reason).

Tests write ``tolerance("name")``. A budget without a reason is a number that nobody may tighten or loosen.
"""

from __future__ import annotations

TOLERANCES: dict[str, tuple[float, str]] = {
    # Brute-force oracle: explicit spinors, 20 quadrature nodes, at most 25 pairs.
    "oracle-double": (2e-13, "1e3 products per point, and t = s - (m_i+m_j)^2 cancels 7 digits of 16 near threshold"),
    "oracle-symmetry": (1e-13, "both sides are double sums of a few 1e3 products of one sign"),
    "oracle-closed-form": (1e-14, "double sum away from thresholds against a number that is exact here"),
    "oracle-gauge": (1e-12, "two terms 10 times larger than their sum cancel in every current"),
    "oracle-longitudinal": (1e-12, "q.J / M cancels between terms s / M^2 = 100 times larger than what is left"),
    "oracle-contact": (1e-12, "s / M^2 = 1e-14 is what a mediator of 1e7 eV leaves of its propagator"),
    "oracle-30-digits": (1e-28, "30 digits asked for, 20 guard digits inside: only the printed digits round"),
    "oracle-35-digits": (1e-33, "35 digits asked for, 20 guard digits inside: only the last digits round"),
    "oracle-node": (1e-40, "50 working digits, ten of them for the growth of a few hundred roundings"),
    "spinor-algebra": (4e-15, "a handful of double roundings on entries of order one"),
    "gram-trace": (3e-14, "double sums of 20 traces of four 4 x 4 matrices with entries up to 10"),
    "slow-electron": (2e-5, "next order of the expansion in omega / m_e = 1.6e-6"),
    "dipole": (1e-7, "next order of the expansion in omega times the bound state's length, 1e-4, squared"),
    # Pins of the generated package.
    "pins-30-digits": (1e-29, "one unit of the 30th digit: 15 guard digits carry the summation"),
    "pins-apparent-zero": (1e-20, "couplings are sized so that a value that does not cancel is above 1e-12"),
    "pins-zero-again": (1e-50, "with 60 digits a cancellation leaves 1e-60 of terms of order one, a number stays"),
    "generated-oracle": (3e-15, "at most a dozen ulp: the oracle's pins have 30 digits, all the error is the evaluator's"),
    "chain-identity": (1e-12, "the same structure functions with other weights, a few dozen double roundings"),
    "chain-linear": (1e-9, "difference of two rates that agree to 1 percent, itself 1e-2 of a rate"),
}


def tolerance(name: str) -> float:
    """Return the value of one row; ``KeyError`` for a name that the table does not have."""
    return TOLERANCES[name][0]
