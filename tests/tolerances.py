"""Every tolerance of the suite in one table: name -> (value, reason).

Tests write ``tolerance("name")``. A budget without a reason is a number that nobody may tighten or loosen. The error in
units in the last place that the project states stands with its reason in ``benchmarks.error_map.BOUND``.
"""

from __future__ import annotations

TOLERANCES: dict[str, tuple[float, str]] = {
    # Random interaction files.
    "random-evaluator": (4e-15, "units in the last place of the sum of all terms: two dozen roundings"),
    "random-rate": (1e-11, "longer doubles lose a few of 19 digits in spinors; where there are none, of 16"),
    "random-rate-size": (
        1e-15,
        "the same digits of what the rate would be if nothing cancelled in bilinears and spin sums",
    ),
    "random-gradient": (1e-10, "a few hundred roundings of terms that cancel; finite differences are good to 1e-20"),
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
    "evaluator-symmetry": (
        3e-14,
        "two evaluations of one function, each a few dozen roundings; the rate is not a small rest",
    ),
    "assertion": (
        1e-13,
        "as evaluator-symmetry, where the light may leave a small rest and a rate is a sum of four others",
    ),
    "evaluator-difference": (1e-12, "an interference of a few percent is the small rest of three rates"),
    "fresh-oracle": (2e-13, "the oracle in doubles: 1e3 products; the couplings leave rates that are no small rest"),
    "oracle-law": (
        1e-10,
        "spinors of slow neutrinos lose a few digits one percent below a threshold, and light may leave a small rest",
    ),
    "oracle-zero": (1e-25, "square of the rounding that two cancelling amplitudes of order one leave"),
    "goldstone": (1e-5, "M^2 / (omega m) = 2e-7 is what the transverse part adds, times numbers of order ten"),
    "threshold-power": (2e-4, "slope between 1e-7 and 1e-9 eV; the next power is suppressed by E_eg 1e-7 eV / m^2"),
    "massless-limit": (1e-8, "interferences are linear in m / E = 1e-9, with a number of order one"),
    "massless-mediator": (1e-5, "M^2 / s = 1e-6 is what a mediator of 1e-3 eV leaves of its mass"),
    "slow-electron": (2e-5, "next order of the expansion in omega / m_e = 1.6e-6"),
    "certified-integral": (1e-50, "200 bits are 60 digits; ten of them for cancellations between terms of both signs"),
    "rank-one": (1e-15, "singular values of a 3x3 matrix of numbers that are exact before they are rounded to doubles"),
    "five-digits": (2e-5, "the textbook's prefactor is typed with five digits"),
    "gauge-sum": (1e-12, "eigenvectors of matrices with at most 13 rows, and sums over them that cancel by one digit"),
    "triplet-share": (
        1e-6,
        "levels are told apart by a tilt of 1e-7, which mixes them at that size over their distance",
    ),
    "borrowed": (1e-8, "next order of the weak mixing, 1e-5 squared, with a number of order one"),
    "dipole": (1e-7, "next order of the expansion in omega times the bound state's length, 1e-4, squared"),
    # Effective quantities against cross sections and widths.
    "effective-quantity": (
        1e-11,
        "phases of 1e3 rad lose three digits, sums of nine complex products of both signs another",
    ),
    "effective-massless": (1e-8, "squares of m / E, 1e-9 and smaller, are neglected on one side"),
    "random-phases": (1e-2, "a mean over 2e5 random phases, five of its own standard deviations"),
    "blind-rank": (1e-9, "singular values that vanish exactly come out at 1e-15, the others are above 1e-6"),
    # Other processes: explicit spinors against closed forms.
    "probe-symmetry": (1e-12, "double sums of a few hundred products of one size, masses and couplings of order one"),
    "probe-light-target": (1e-6, "the target's mass is 1e-7 of the energy, and the next order is linear in it"),
    "probe-slow": (1e-6, "terms of order velocity squared, 4e-8, with numbers of order one"),
    "probes-threshold": (4e-15, "a dozen double roundings: the distance to threshold has twice the digits"),
    "probes-cancelled": (
        1e-12,
        "1e-8 of two squares is left; the couplings are exact, the amplitudes have twice the digits",
    ),
    "probes-constants": (1e-9, "CODATA adjusts alpha, m_e and mu_B together; they agree to their uncertainty of 3e-10"),
    "probes-light-boson": (1e-7, "transverse parts and q0 - q_z are (M / E_eg)^2 = 2e-9 of the longitudinal one"),
    "four-digits": (2e-4, "the printed rate has four digits"),
    "probe-goldstone": (
        1e-9,
        "transverse parts are (M / omega)^2 = 1e-10 of the longitudinal one, with numbers of order one",
    ),
    # Pins of the generated package.
    "pins-30-digits": (1e-29, "one unit of the 30th digit: 15 guard digits carry the summation"),
    "pins-apparent-zero": (1e-20, "couplings are sized so that a value that does not cancel is above 1e-12"),
    "pins-zero-again": (1e-50, "with 60 digits a cancellation leaves 1e-60 of terms of order one, a number stays"),
    "changed-and-back": (
        1e-12,
        "an entry of order one after + 0.5 - 0.5 has lost one rounding; the rate follows linearly",
    ),
    "latex-read-back": (
        1e-12,
        "a double sum of 1e3 products away from thresholds; couplings leave a rate that is no small rest",
    ),
    "generated-oracle": (
        4e-15,
        "a dozen ulp: the pins have 30 digits, all of the error is the evaluator and its constants",
    ),
    "gradient": (1e-12, "a few hundred roundings, and masses enter threshold, root and weights with both signs"),
    "interference": (
        1e-13,
        "the sum of an amplitude has an error of 1e-32 of its terms, of which 1e-6 is left at a suppression of 1e-12",
    ),
    "interference-gradient": (
        5e-12,
        "as gradient, relative to the largest derivative by a coupling; NumPy adds in plain doubles and has 2.3e-12",
    ),
    "weighted-gradient": (
        3e-14,
        "a weight enters before a few hundred roundings and not after them; relative to the sum of absolute values",
    ),
    "gradient-sum-rule": (1e-11, "a sum of a dozen derivatives, each exact to 1e-12 of its own terms"),
    "both-orders": (
        1e-10,
        "resolvents of a random atom lose a few digits where a level is close; the two sides are sums of 22 states",
    ),
    "moved-exact": (1e-28, "30 digits of the integral; 45 working digits inside both"),
    "one-operator": (
        2e-13,
        "the shift and the radius are rounded apart, and the rate is linear in them; a few dozen roundings",
    ),
    "tensor-mediator": (1e-13, "a mediator of 1e5 eV and a width make the propagator in a few roundings more"),
    "interference-absent": (1e-12, "difference of three rates of equal size, each a sum of a few dozen roundings"),
    "interference-present": (1e-7, "smallest allowed interference of the cases is 1e-3; far above the roundings"),
    "model": (
        1e-13,
        "the same amplitude from other files: other splits of the same terms, a few dozen double roundings",
    ),
    "ufo-by-hand": (
        1e-13,
        "the same amplitude from another file: couplings rounded once, other splits of the same terms",
    ),
    "ufo-weak": (
        1e-11,
        "a mixing matrix of doubles, unitary to 1e-15, cancels in sums of nine products; s / M_Z^2 = 1e-21",
    ),
    "ufo-dark-photon": (
        1e-12,
        "a few dozen double roundings by hand in a form where nothing cancels; twelve digits are asked",
    ),
    "chain-identity": (1e-12, "the same structure functions with other weights, a few dozen double roundings"),
    "chain-linear": (1e-9, "difference of two rates that agree to 1 percent, itself 1e-2 of a rate"),
    "ulp-beyond-4": (7e-2, "share of points beyond 4 units in the last place: 3.4 percent of 4e5, twice that in 2500"),
    "ulp-beyond-4-moved": (
        1.2e-1,
        "q_z = omega + K is rounded once for each of its powers: 4.6 percent of 4e5, in sets with a dozen points each",
    ),
    # Readable formulas.
    "formula": (1e-12, "a few hundred roundings; couplings leave a rate that is no small rest"),
    "formula-slope": (1e-7, "a central difference over 1e-6 loses ten digits of 16, and is good to the step squared"),
    # JAX.
    "jax-value": (
        16 * 2.0**-52,
        "16 units in the last place of the sum of all terms, see benchmarks.error_map.JAX_BOUND",
    ),
    "jax": (1e-13, "a few dozen roundings; couplings leave a rate that is no small rest"),
    "jax-amplitude": (2e-15, "the rounding of an amplitude of order one and its propagator, twice in the rate"),
    "jax-gradient": (1e-11, "a few hundred roundings of terms of both signs, relative to the largest derivative"),
    "two-part": (2.3e-16, "rounded once from a sum of two doubles: one unit in the last place"),
    # Other probes.
    "probes-spinors": (
        1e-12,
        "explicit spinors in doubles: a few hundred products of one size, recoils away from the edges",
    ),
    "probes-zero": (
        1e-24,
        "square of the rounding 1e-12 that cancelling amplitudes leave of a helicity that is absent",
    ),
    "probes-edges": (
        2e-15,
        "a dozen double roundings of positive numbers: what cancels is computed with twice the digits",
    ),
    "probes-difference": (1e-12, "couplings 100 times the weak one are added to the rows and drop out of their sum"),
    "probes-basis": (1e-13, "products of three matrices with entries of order one, squared and summed"),
    "two-part-digits": (1e-30, "a few units of the last of 32 digits"),
    # Studies.
    "unit-conversion": (1e-13, "a dozen factors, some cubed, each rounded once"),
    "rate-polynomial": (1e-11, "a difference of counts at couplings where interference is 1e-3 of the rate"),
    # Fits.
    "chain-rule": (1e-13, "a dozen products in doubles against 50 digits; no terms cancel"),
    "chain-rule-spectrum": (
        1e-8,
        "arguments are rounded to 1e-16 and moved by 1e-6 of themselves; the next order is 1e-12 times a number of order 1e3",
    ),
    "chain-rule-difference": (1e-6, "central differences in doubles over 1e-5 of a parameter lose ten digits of 16"),
    "asimov": (1e-6, "standard deviations; where chi^2 falls by less than 1e-8 per standard deviation the search ends"),
    "inverse-fisher": (1e-9, "both are inverses of one matrix with a condition number of 1e4 at most, in doubles"),
    "curvature": (1e-3, "second differences over 0.02 standard deviations; the next order is the square of that"),
    "rephasing": (1e-13, "two evaluations of one function with couplings that differ by roundings"),
    "two-minimisers": (1e-2, "standard deviations; MIGRAD stops where it expects chi^2 to fall by 2e-7"),
    # Counts and statistics.
    "equal-models": (1e-13, "the same terms in another order and grouping: a few dozen roundings, no cancellation"),
    "constants-by-hand": (1e-8, "the constants typed by hand have nine or ten digits and enter with powers up to six"),
    "deviance": (2e-14, "x - ln(1 + x) beyond the series cancels a factor 20 at x = 0.1"),
    "poisson-likelihood": (1e-12, "logarithms of factorials of a few hundred cancel in the likelihood ratio"),
    # Tables of other probes.
    "probe-table": (1e-12, "a few dozen roundings on both sides; edges and thresholds are not compared"),
    "helm": (
        1e-11,
        "3 j_1(x)/x cancels three digits at x = 0.1, where the series takes over with x^6/15120 = 7e-11 x 1e-2 left out",
    ),
    "printed-decay-rate": (2e-4, "5.308 is printed with four digits"),
    "printed-plasma-frequency": (1e-3, "three digits are kept"),
    # The face: units, mixing, thresholds, spectra, plots.
    "wavenumber-unit": (1e-15, "two exact constants of the SI, a few double roundings"),
    "bohr-magneton": (1e-9, "CODATA adjusts alpha, m_e and mu_B together; they agree to their uncertainty of 3e-10"),
    "fine-structure": (1e-6, "137.036 has six digits"),
    "muon-lifetime": (5e-3, "radiative corrections of 0.4 percent are left out"),
    "natural-width": (0.05, "1.15e6 /s of the literature against the 190 kHz width, 4 percent apart"),
    "mixing": (4e-15, "products of three rotations with entries of order one"),
    "mass-splitting": (1e-11, "m_i^2 - m_j^2 cancels 3 digits for 0.3 eV, and the square root has cost one rounding"),
    "threshold-mass": (1e-11, "s = E_eg (E_eg - 2 omega) cancels 4 digits at threshold"),
    "spectrum-symmetry": (1e-13, "both sides are sums of nine pairs of one sign; the couplings differ by roundings"),
    "polarisation-sum": (1e-13, "the two sides group the same positive terms differently"),
    "contact-limit": (1e-3, "s / M^2 is at most 1e-4 for mediators from 100 eV on, twice in the ratio"),
    "layout": (1e-12, "places on the page are sums of a dozen numbers of order one"),
    "splittings": (1e-13, "two splittings are added and subtracted once, one 30 times smaller than the other"),
}


def tolerance(name: str) -> float:
    """Return the value of one row; ``KeyError`` for a name that the table does not have."""
    return TOLERANCES[name][0]
