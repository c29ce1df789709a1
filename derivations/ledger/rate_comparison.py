"""The derived rate beside the printed one.

In: nothing. Out: the derivation of ``Gamma_0``, and what explains its ratio to the formula of the papers.
"""

from __future__ import annotations

import sympy as sp

from derivations.ledger.printed.gamma_0 import GAMMA_0
from derivations.processes.renp.rate import energy_dimension, gamma_0, rate_steps
from derivations.steps.step import Derivation, Step
from derivations.symbols import E_EG, OMEGA


def rate_derivation() -> Derivation:
    """Derive ``Gamma_0`` and compare it with the printed formula.

    Example
    -------
    >>> [step.name for step in rate_derivation()][-1]
    'reading-of-the-printed-formula'
    """
    if energy_dimension(GAMMA_0) != 1:
        raise ArithmeticError("the printed Gamma_0 does not have the dimension of energy")
    ratio = sp.cancel(GAMMA_0 / gamma_0())
    independent, shared_field = sp.Integer(3), E_EG / (2 * OMEGA)
    if sp.cancel(ratio - independent * shared_field) != 0:
        raise ArithmeticError("the two named factors do not explain the ratio to the printed Gamma_0")
    return Derivation("rate", "The rate: Gamma_0 step by step").then(*rate_steps(), *_comparison_steps(GAMMA_0, ratio))


def _comparison_steps(printed: sp.Expr, ratio: sp.Expr) -> tuple[Step, ...]:
    return (
        Step(
            "ratio-to-the-printed-formula",
            "The printed Gamma_0 is larger, by 3 E_eg / (2 omega), which is near 3 at omega = E_eg/2.",
            (
                rf"\Gamma_0^{{printed}} = {sp.latex(printed)}",
                rf"\Gamma_0^{{printed}}/\Gamma_0 = {sp.latex(ratio)}",
            ),
            (f"printed Gamma_0 = {printed}", f"printed / derived = {ratio}"),
            "the printed formula is second-hand: it is quoted as recalled, and its own derivation was not seen",
            "D13, S16, GP22 11",
        ),
        Step(
            "reading-of-the-printed-formula",
            "Two factors explain the ratio. A factor 3 appears when the photon step is given its full strength "
            "|d|^2 for "
            "every M_v, independently of the pair step, while T is averaged to delta_kl/3. A factor E_eg/(2 "
            "omega) appears "
            "when the stored energy E_eg n_gamma is shared equally by the two counter-propagating fields.",
            (r"\frac{3E_{eg}}{2\omega} = 3\cdot\frac{E_{eg}}{2\omega}",),
            ("3 E_eg/(2 omega) = 3 * [E_eg n_gamma/2] / [omega n_gamma]",),
            "this is our reading, not a statement of the papers. The second factor is 1 at omega = E_eg/2 and a "
            "change of "
            "definition of n_gamma; the first is a normalisation that one laser polarisation cannot reach: the "
            "exact chain "
            "with T of unit trace and the derived Gamma_0 must be used together",
        ),
    )
