"""Coherent scattering on nuclei: which printed brackets belong to spin 0, and signs of the nucleus' charge."""

from __future__ import annotations

from sympy import Expr, Integer, Symbol, cancel, limit, pi, sqrt

from derivations.ledger.crossed import Line, contract, cross_section, scalar_channel, vector_channel
from derivations.ledger.oracle import vanishes
from derivations.ledger.printed.cer16 import NUCLEUS_SCALAR, WEAK_FACTOR
from derivations.ledger.printed.gp23b import COHERENT, MOMENT_NUCLEUS
from derivations.ledger.printed.ve89 import MOMENT_NUCLEUS as SPIN_ZERO_MOMENT
from derivations.ledger.proofs.charge_radius import CHARGE, shift
from derivations.ledger.proofs.derived import PIPELINE, derived
from derivations.ledger.proofs.electron_scattering import MAGNETON
from derivations.ledger.proofs.proof import Proof, proven, require
from derivations.symbols import (
    ANAPOLE,
    CHARGE_NUMBER,
    COUPLING,
    ENERGY,
    FORM_FACTOR,
    G_F,
    M_PHI,
    MEDIATOR,
    MU_EFF,
    Q_S,
    Q_V,
    Q_W,
    Q_WEAK,
    RADIUS,
    RECOIL,
    SINE,
    TARGET_MASS,
    TRANSFER,
)

NEUTRINO = Line()
WEAK = {"0": vector_channel("L", "nucleus"), "1/2": vector_channel("L", "V")}
MOMENT = {"0": vector_channel("magnetic", "nucleus"), "1/2": vector_channel("magnetic", "V")}
DENSITY = {"0": scalar_channel("S", "nucleus"), "1/2": scalar_channel("S", "S")}
_WEAK = {"w_ij": Integer(1)}
SCALAR_CURRENT = {"0": 2 * TARGET_MASS, "1/2": Integer(1)}
"""``<N'|scalar|N> = 2 M Q_S F`` for spin 0; ``ubar u`` has the same limit."""


def bracket(spin: str) -> Expr:
    """Return the weak cross section over ``G_F^2 M Q_W^2/pi``."""
    return cancel(cross_section([(G_F / sqrt(2), WEAK[spin])]) * pi / (G_F**2 * TARGET_MASS))


def moment_bracket(spin: str) -> Expr:
    """Return the cross section of a moment ``mu``, charge ``Z e F``."""
    amplitude = CHARGE * CHARGE_NUMBER * FORM_FACTOR * MU_EFF / (2 * TARGET_MASS * RECOIL)
    return cross_section([(amplitude, MOMENT[spin])])


def weak_linear() -> Proof:
    """Decide ``1 - T/E - M T/2E^2``."""
    steps = (
        require(vanishes(bracket("0") - COHERENT["linear"]), "spin 0, current (p + p')^mu: printed - derived = 0"),
        require(
            vanishes(
                derived("nucleus", _WEAK, "standard_model")
                - G_F**2 * TARGET_MASS / pi * Q_W**2 * FORM_FACTOR**2 * COHERENT["linear"]
            ),
            PIPELINE,
        ),
        require(
            cancel(bracket("0").subs(RECOIL, 2 * ENERGY**2 / (TARGET_MASS + 2 * ENERGY))) == 0,
            "it vanishes at the largest T, 2E^2/(M+2E): backward scattering off spin 0 is forbidden for a left-handed line",
        ),
    )
    return Proof(
        "confirmed", "Exact for spin 0, with G_F^2 M Q_W^2 F^2/pi before it and Q_W = Z g_V^p + N g_V^n.", steps
    )


def weak_leading() -> Proof:
    """Decide ``1 - M T/2E^2``."""
    largest = 2 * ENERGY**2 / (TARGET_MASS + 2 * ENERGY)
    gap = cancel(COHERENT["leading"] - bracket("0"))
    steps = (
        require(gap == RECOIL / ENERGY, "printed - derived = T/E"),
        require(
            cancel(gap.subs(RECOIL, largest)) != 0 and cancel(bracket("0").subs(RECOIL, largest)) == 0,
            "smallest counterexample: T at its largest value, 2E^2/(M+2E), where the derived bracket is 0 and the printed one 2E/(M+2E)",
        ),
    )
    return Proof(
        "refuted",
        "As an exact bracket it lacks $- T/E$. It is the limit E << M; at the end of the spectrum the error is all of it.",
        steps,
        corrected=proven("1 - T/E - M T/(2 E^2)", bracket("0")),
    )


def weak_square() -> Proof:
    """Decide ``1 - T/E - M T/2E^2 + T^2/2E^2``."""
    steps = (
        require(
            vanishes(bracket("1/2") - COHERENT["square"]),
            "spin 1/2 with a vector coupling alone: printed - derived = 0",
        ),
        require(
            cancel(COHERENT["square"] - bracket("0")) == RECOIL**2 / (2 * ENERGY**2),
            "spin 0: printed - derived = T^2/2E^2",
        ),
    )
    return Proof(
        "refuted",
        "It belongs to spin 1/2 with $g_V$ alone; spin 0 has no $T^2/2E^2$.",
        steps,
        corrected=proven("1 - T/E - M T/(2 E^2)", bracket("0")),
    )


def radius() -> Proof:
    """Decide how the charge radius enters."""
    photon = vector_channel("radius", "nucleus")
    transfer = -2 * TARGET_MASS * RECOIL
    values = {"r2_ij": Symbol("r", real=True), "anapole_ij": Symbol("b", real=True)}
    weak_charge = Q_W - CHARGE_NUMBER * shift(values["r2_ij"], values["anapole_ij"])
    moved = -CHARGE * CHARGE_NUMBER * (RADIUS / 6 - ANAPOLE) / 2
    steps = (
        require(
            vanishes(contract(photon, WEAK["0"], NEUTRINO) - transfer * contract(WEAK["0"], WEAK["0"], NEUTRINO) / 2),
            "the same bracket: r2/6 - a on a left-handed line, the form factor's q^2 over the photon's",
        ),
        require(
            vanishes(
                derived("nucleus", {**_WEAK, **values}, "standard_model", "electromagnetic")
                - derived("nucleus", _WEAK, "standard_model").subs(Q_W, weak_charge)
            ),
            "the pipeline: charge radius and anapole are a shift of the weak charge, and nothing else",
        ),
        require(
            vanishes(moved / (G_F / sqrt(2)) + CHARGE_NUMBER * shift(RADIUS, ANAPOLE)),
            "charge + Z e against - e: Z g_V^p falls by Z x the shift of the electron's g_V, e (r2/6 - a)/(sqrt2 G_F)",
        ),
    )
    return Proof(
        "confirmed",
        "Opposite to the electron: both are the same shift of $sin^2 theta_W$. That is g_V^p -> g_V^p - e (r2/6 -"
        " a)/(sqrt2 G_F), in 1/2 - 2 sin^2 theta_W and 1/2 + 2 sin^2 theta_W. Diagonal elements interfere and off-diagonal"
        " ones square at L = 0 (GP23b-flavour-interference).",
        steps,
    )


def moment_half() -> Proof:
    """Decide the moment term ``1/T - 1/E``."""
    printed = MOMENT_NUCLEUS.subs(MAGNETON)
    gap = cancel((moment_bracket("0") - printed) / printed)
    steps = (
        require(vanishes(moment_bracket("1/2") - printed), "spin 1/2: printed - derived = 0"),
        require(
            vanishes(gap - RECOIL**2 / (4 * ENERGY * (ENERGY - RECOIL))),
            "spin 0: derived/printed - 1 = T^2/[4E(E-T)], the term T/4E^2",
        ),
    )
    return Proof(
        "refuted",
        "$1/T - 1/E$ belongs to spin 1/2; spin 0 has $T/4E^2$ more. For T <= 2E^2/M the difference is of order (E/M)^2.",
        steps,
        corrected=proven(
            "(pi alpha^2 Z^2 F^2/m_e^2) (1/T - 1/E + T/(4 E^2)) (mu_eff/mu_B)^2", moment_bracket("0"), values=MAGNETON
        ),
    )


def moment_zero() -> Proof:
    """Decide the moment term with ``T/4E^2``."""
    printed = SPIN_ZERO_MOMENT.subs(MAGNETON)
    steps = (
        require(vanishes(moment_bracket("0") - printed), "spin 0: printed - derived = 0"),
        require(vanishes(derived("nucleus", {"mu_ij": MU_EFF}, "electromagnetic") - printed), PIPELINE),
    )
    return Proof("confirmed", "(1/T)(1 - T/2E)^2, exact for spin 0.", steps)


def enhancement() -> Proof:
    """Decide which form factors gain from the photon's propagator."""
    photon = {name: vector_channel(name, "nucleus") for name in ("V", "radius", "anapole", "magnetic", "electric")}
    powers = {}
    for name, channel in photon.items():
        value = contract(channel, channel, NEUTRINO) / (2 * TARGET_MASS * RECOIL) ** 2
        powers[name] = next(n for n in range(5) if limit(value * RECOIL**n, RECOIL, 0).is_finite)
    step = require(
        powers == {"V": 2, "radius": 0, "anapole": 0, "magnetic": 1, "electric": 1},
        "dsigma/dT for T -> 0: constant for charge radius and anapole, 1/T for mu and eps, 1/T^2 for a milli-charge",
    )
    return Proof(
        "refuted",
        "True for moments and milli-charges; charge radius and anapole are constant at small $T$. Moments have 1/T,"
        " milli-charges 1/T^2. Charge radius and anapole have q^2 in the vertex, which cancels the propagator: their cross"
        " section is a constant at small T, as the weak one.",
        (step,),
        corrected="$1/T$ for moments, $1/T^2$ for milli-charges, no enhancement for charge radius and anapole",
    )


def _scalar(spin: str) -> Expr:
    unit = cross_section([(SCALAR_CURRENT[spin], DENSITY[spin])])
    return unit * Q_S**2 * COUPLING**2 / (2 * TARGET_MASS * RECOIL + M_PHI**2) ** 2


def scalar_zero() -> Proof:
    """Decide the scalar mediator on a spin-0 nucleus."""
    pipeline = derived("nucleus", {"y_S_ij": COUPLING}, "scalar").subs(FORM_FACTOR, 1)
    steps = (
        require(vanishes(_scalar("0") - NUCLEUS_SCALAR), "scalar current 2 M Q_S: printed - derived = 0"),
        require(vanishes(pipeline - NUCLEUS_SCALAR), PIPELINE),
    )
    return Proof("confirmed", "Exact for spin 0.", steps)


def scalar_half() -> Proof:
    """Decide the scalar mediator on a spin-1/2 nucleus."""
    step = require(
        vanishes(_scalar("1/2") - NUCLEUS_SCALAR * (1 + RECOIL / (2 * TARGET_MASS))), "derived = printed x (1 + T/2M)"
    )
    return Proof(
        "refuted",
        "Spin 1/2 has a factor $1 + T/2M$, as in CER16-scalar; negligible for nuclei.",
        (step,),
        corrected=proven("Q_S^2 g^2 M^2 T (1 + T/(2 M))/(4 pi E^2 (2 M T + M_phi^2)^2)", _scalar("1/2"), "dsigma/dT"),
    )


def weak_charge() -> Proof:
    """Decide the factor of a vector mediator on the weak charge."""
    other = Symbol("N", positive=True)
    usual = other - (1 - 4 * SINE) * CHARGE_NUMBER
    here = CHARGE_NUMBER * (1 - 4 * SINE) / 2 - other / 2
    # (G_F/sqrt2) Q_W nubar gamma (1-gamma5) nu and + g Q_V/(Q2 + M^2) nubar gamma P_L nu
    factor = 1 + COUPLING**2 * Q_V / (2 * (TRANSFER + MEDIATOR**2)) / (G_F / sqrt(2) * Q_W)
    pipeline = derived("nucleus", {**_WEAK, "g_L_ij": COUPLING**2}, "standard_model", "vector").subs(FORM_FACTOR, 1)
    here_factor = factor.subs({TRANSFER: 2 * TARGET_MASS * RECOIL, MEDIATOR: M_PHI}, simultaneous=True)
    steps = (
        require(
            vanishes(pipeline - G_F**2 * TARGET_MASS / pi * (Q_W * here_factor) ** 2 * COHERENT["linear"]),
            "the pipeline: this factor on Q_W, in the whole cross section",
        ),
        require(vanishes(factor - 1 - COUPLING**2 * Q_V / (sqrt(2) * G_F * Q_W * (TRANSFER + MEDIATOR**2))),
                "derived: 1 + g^2 Q_V/[sqrt2 G_F Q_W (Q^2 + M^2)], Q^2 = 2 M T"),
        require(vanishes(WEAK_FACTOR.subs(Q_WEAK, -2 * Q_W) - factor), "printed - derived = 0 for Q_v = - 2 Q_W"),
        require(vanishes(usual + 2 * here), "that is Q_v = N - (1 - 4 sin^2 theta_W) Z, positive for neutrons"),
        require(not vanishes(WEAK_FACTOR.subs(Q_WEAK, 2 * Q_W) - factor), "the other sign of Q_v turns the sign of the interference"),
    )  # fmt: skip
    return Proof(
        "convention",
        "Right for one sign and size of $Q_v$, which is not said, and a left-handed neutrino current. The current is g"
        " nubar gamma^mu P_L nu (or g nubar gamma^mu nu, the same on a left-handed line).",
        steps,
        corrected="$Q_v = N - (1 - 4 sin^2 theta_W) Z = - 2 Q_W$",
    )


PROOFS = {
    "GP23b-coherent-leading": weak_leading,
    "GP23b-coherent-linear": weak_linear,
    "GP23b-coherent-square": weak_square,
    "GP23b-coherent-radius": radius,
    "GP23b-coherent-moment": moment_half,
    "GP23b-photon-enhancement": enhancement,
    "VE89-moment-nucleus": moment_zero,
    "CER16-scalar-nucleus": scalar_zero,
    "CER16-scalar-nucleus-spin": scalar_half,
    "CER16-weak-charge": weak_charge,
}
