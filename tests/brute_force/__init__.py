"""An independent route from the Lagrangians to the spectral function: explicit spinors, helicity sums, quadrature.

Nothing here imports ``derivations``, ``codegen``, ``renp_generated`` or ``renp``, and no closed form is used:
agreement with them is evidence, not a tautology.
"""
