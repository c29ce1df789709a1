"""Neutrino-electron scattering: printed cross sections against traces in the frame of the target.

Couplings follow the Lagrangians of this project. With ``q^2 = -2 m_e T`` the exchange of a boson of mass M leaves
``H = + J J/(2 m_e T + M^2)`` for a vector and ``H = - J J/(2 m_e T + M^2)`` for a scalar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sympy import Expr, I, Integer, Symbol, cancel, limit, oo, pi, sqrt

from derivations.ledger.crossed import (
    Channel,
    Line,
    azimuthal_asymmetry,
    contract,
    cross_section,
    longitudinal_channel,
    scalar_channel,
    tensor_channel,
    vector_channel,
)
from derivations.ledger.oracle import vanishes
from derivations.ledger.printed.cer16 import PSEUDOSCALAR, SCALAR, VECTOR
from derivations.ledger.printed.dp import UPSCATTERING
from derivations.ledger.printed.gp23b import ELECTRON_SCATTERING, MOMENT_SCATTERING
from derivations.ledger.printed.rxy17 import CROSS, TENSOR
from derivations.ledger.printed.rxy17 import SCALAR as CONTACT_SCALAR
from derivations.ledger.proofs.derived import ANTINEUTRINO as AGAINST
from derivations.ledger.proofs.derived import MASSIVE as MASSIVE_AVERAGE
from derivations.ledger.proofs.derived import NEUTRINO as WITH
from derivations.ledger.proofs.derived import PIPELINE, derived
from derivations.ledger.proofs.proof import Proof, mirrored, parts, proven, require, same
from derivations.processes.cross_section import Neutrino
from derivations.symbols import (
    A_E,
    ALPHA,
    BOHR_MAGNETON,
    C_S,
    C_T,
    CHARGE_NUMBER,
    COUPLING,
    DIPOLE,
    ENERGY,
    FORM_FACTOR,
    G_F,
    HELICITY,
    M_E,
    M_HEAVY,
    M_I,
    M_J,
    MEDIATOR,
    MU_EFF,
    RECOIL,
    TARGET_MASS,
    V_E,
    Y_P,
    Y_S,
)

CHARGE = sqrt(4 * pi * ALPHA)
MAGNETON = {BOHR_MAGNETON: CHARGE / (2 * M_E)}
WEAK = vector_channel("L", "V"), vector_channel("L", "A")
MOMENT = vector_channel("magnetic", "V")
NEUTRINO, ANTINEUTRINO = Line(), Line(antineutrino=True, helicity=1)
MASSIVE = Line(massless=False)
_WEAK = {"v_ij": V_E, "a_ij": A_E}
_HEAVY_SCALAR = {"y_S": G_F / sqrt(2) * C_S * (-2 * M_E * RECOIL - MEDIATOR**2), "y_S_ij": Integer(1)}
"""``H = + J J/(q^2 - M^2)`` with the contact strength ``(G_F/sqrt2) C_S``."""


def on_electron(terms: Sequence[tuple[Expr, Channel]], line: Line = NEUTRINO) -> Expr:
    """Return ``dsigma/dT`` on an electron at rest."""
    return cross_section(terms, line).subs(TARGET_MASS, M_E)


def weak_terms(vector: Expr = V_E, axial: Expr = A_E) -> list[tuple[Expr, Channel]]:
    """Return the weak amplitude of the couplings ``v``, ``a``."""
    return [(G_F / sqrt(2) * vector, WEAK[0]), (-G_F / sqrt(2) * axial, WEAK[1])]


def weak() -> Proof:
    """Decide the standard-model cross section of nu-e scattering."""
    steps = (
        require(
            vanishes(on_electron(weak_terms()) - ELECTRON_SCATTERING),
            "contraction of the two traces, electron at rest: printed - derived = 0",
        ),
        require(
            vanishes(on_electron(weak_terms(), ANTINEUTRINO) - ELECTRON_SCATTERING.subs(A_E, -A_E)),
            "antineutrinos of helicity +, spinors vbar_k and v_j: a -> -a",
        ),
        require(
            vanishes(derived("electron", _WEAK, "standard_model") - ELECTRON_SCATTERING)
            and vanishes(
                derived("electron", _WEAK, "standard_model", neutrino=AGAINST) - ELECTRON_SCATTERING.subs(A_E, -A_E)
            ),
            f"{PIPELINE}, both",
        ),
        require(
            contract(WEAK[0], WEAK[0], Line(helicity=1)) == 0,
            "neutrinos of helicity + do not scatter; one helicity comes in, no factor 1/2",
        ),
    )
    return Proof(
        "confirmed",
        "Identity in E, T, m_e, v and a. For a coherent superposition v and a become the amplitudes sum_k v_jk A_k, and |v|^2,"
        " |a|^2, Re(v a*) stand where v^2, a^2, v a do.",
        steps,
    )


def moment() -> Proof:
    """Decide the magnetic-moment cross section of nu-e scattering."""
    amplitude = CHARGE * MU_EFF / (-2 * TARGET_MASS * RECOIL)
    found = on_electron([(amplitude, MOMENT)])
    steps = (
        require(
            vanishes(found - MOMENT_SCATTERING.subs(MAGNETON)),
            "photon exchange with i sigma q mu on a point of spin 1/2: printed - derived = 0 in E, T, m_e, no higher power of T/E",
        ),
        require(
            vanishes(derived("electron", {"mu_ij": MU_EFF}, "electromagnetic") - MOMENT_SCATTERING.subs(MAGNETON)),
            PIPELINE,
        ),
        require(
            all(contract(MOMENT, other, NEUTRINO) == 0 for other in WEAK),
            "no interference with the weak current: the moment flips the chirality",
        ),
        require(
            not vanishes(contract(MOMENT, WEAK[0], MASSIVE).subs(M_J, M_I)),
            "with masses there is one, proportional to m_i + m_j or m_i - m_j",
        ),
    )
    return Proof("confirmed", "Exact for massless neutrinos on a spin-1/2 target without anomalous moment.", steps)


def _contact(scalar: Expr, tensor: Expr, line: Line = NEUTRINO) -> Expr:
    terms = [(scalar, scalar_channel("S", "S")), (tensor, tensor_channel())]
    return on_electron([(G_F / sqrt(2) * c, channel) for c, channel in terms], line)


def contact_tensor() -> Proof:
    """Decide the coefficients of the tensor operator."""
    steps = (
        require(vanishes(_contact(Integer(0), C_T) - TENSOR), "sigma^{mu nu} x sigma_{mu nu}: printed - derived = 0"),
        require(vanishes(derived("electron", {"t_ij": C_T / 2}, "tensor") - TENSOR), f"{PIPELINE}, with C_T = 2 t"),
    )
    return Proof("confirmed", "(1 + (1-T/E))^2 - m_e T/E^2, identically.", steps)


def contact_scalar() -> Proof:
    """Decide the coefficients of the scalar operator."""
    steps = (
        require(vanishes(_contact(C_S, Integer(0)) - CONTACT_SCALAR), "1 x 1: printed - derived = 0"),
        require(vanishes(derived("electron", _HEAVY_SCALAR, "scalar") - CONTACT_SCALAR), f"{PIPELINE}, by RXY17-map"),
    )
    return Proof("confirmed", "(T/E)^2/8 + m_e T/4E^2, identically.", steps)


def _pipeline_cross(neutrino: Neutrino) -> Expr:
    tensor = {"t_ij": C_T / 2}
    both, one, other = (
        derived("electron", values, "scalar", "tensor", neutrino=neutrino)
        for values in ({**_HEAVY_SCALAR, **tensor}, _HEAVY_SCALAR, tensor)
    )
    return both - one - other


def contact_cross() -> Proof:
    """Decide the scalar-tensor interference."""
    cross, turned = (
        _contact(C_S, C_T, line) - _contact(C_S, Integer(0), line) - _contact(Integer(0), C_T, line)
        for line in (NEUTRINO, ANTINEUTRINO)
    )
    axial = contract(scalar_channel("S", "P"), tensor_channel(), NEUTRINO)
    steps = (
        require(vanishes(cross - CROSS), "printed - derived = 0"),
        require(
            vanishes(_pipeline_cross(WITH) - CROSS) and vanishes(_pipeline_cross(AGAINST) + CROSS),
            f"{PIPELINE}, neutrinos and antineutrinos",
        ),
        require(vanishes(turned + cross), "antineutrinos: the opposite sign"),
        require(
            axial != 0 and contract(scalar_channel("S", "P"), tensor_channel(), ANTINEUTRINO) == axial,
            "a pseudoscalar electron coupling interferes with the tensor too, through i y_P: with the imaginary part of the product",
        ),
    )
    return Proof(
        "confirmed", "Changes sign for antineutrinos, since the tensor is odd under charge conjugation.", steps
    )


def contact_map() -> Proof:
    """Decide the map of tensor and scalar bosons to contact coefficients."""
    tensor = Symbol("t", real=True)
    y_s, y_p = parts(Y_S), parts(Y_P)
    exchange = on_electron([(y_s, scalar_channel("S", "S")), (I * y_p, scalar_channel("P", "S"))])
    left = y_s - I * y_p
    one = _contact(C_S, Integer(0)) / C_S**2 * 2 / G_F**2
    unit = contract(scalar_channel("S", "S"), scalar_channel("S", "S"), NEUTRINO)
    steps = (
        require(
            same(exchange, one * left * mirrored(left)),
            "scalar boson: C_S = - sqrt2 y_S (y_S,ji - i y_P,ji)/[G_F (2 m_e T + M^2)] on a left-handed line",
        ),
        require(
            contract(scalar_channel("P", "S"), scalar_channel("S", "S"), NEUTRINO) == -unit,
            "gamma5 P_L = - P_L: y_S + i y_P gamma5 is one complex number y_S - i y_P",
        ),
        require(
            vanishes(_contact(Integer(0), 2 * tensor) - TENSOR.subs(C_T, 2 * tensor)),
            "tensor operator H = (G_F/sqrt2) 2 t [sigma][sigma]: C_T = 2 t",
        ),
    )
    return Proof(
        "convention",
        "Both depend on $T$ unless $M^2 >> 2 m_e T$, and scalar and tensor have opposite signs. A tensor boson has H = -"
        " J J/(q^2 - M^2). For the contact operator C_T = 2 t.",
        steps,
        corrected="$C_T = sqrt2 g h/[G_F (2 m_e T + M^2)]$, $C_S = - sqrt2 y_S (y_S,ji - i y_P,ji)/[G_F (2 m_e T + M^2)]$",
    )


def light_vector() -> Proof:
    """Decide the cross section of a light vector."""
    amplitude = COUPLING**2 / 2 / (2 * M_E * RECOIL + MEDIATOR**2)
    found = on_electron([(Integer(1), WEAK[0])]) * amplitude**2
    conserved = longitudinal_channel("V", "V")
    axial = longitudinal_channel("V", "A"), longitudinal_channel("A", "A")
    massive = Line(massless=False, helicity=0)
    steps = (
        require(vanishes(found - VECTOR), "nubar gamma P_L nu x ebar gamma e: printed - derived = 0, all T"),
        require(vanishes(derived("electron", {"g_V": COUPLING, "g_L_ij": COUPLING}, "vector") - VECTOR), PIPELINE),
        require(
            contract(conserved, conserved, massive) == 0, "vector electron coupling: q q/M^2 drops, conserved current"
        ),
        require(
            vanishes(contract(axial[0], axial[0], massive).subs(M_J, M_I))
            and not vanishes(contract(axial[1], axial[1], massive).subs(M_J, M_I))
            and contract(axial[1], axial[1], NEUTRINO) == 0,
            "axial electron coupling: q q/M^2 adds 2 m_e (m_j -+ m_i)/M^2 for a vector or axial neutrino current, nothing for m = 0",
        ),
    )
    return Proof(
        "confirmed",
        "Exact, and the same in both propagators, which differ only for g_A and massive neutrinos, by 2 m_e (m_i -+ m_j)/M^2.",
        steps,
    )


def _scalar(target: str) -> Expr:
    channel = scalar_channel("S", target)
    return on_electron([(Integer(1), channel)]) * (COUPLING**2 / (2 * M_E * RECOIL + MEDIATOR**2)) ** 2


def light_scalar() -> Proof:
    """Decide the cross section of a light scalar."""
    found, corrected = _scalar("S"), SCALAR * (1 + RECOIL / (2 * M_E))
    steps = (
        require(vanishes(found - corrected), "derived = printed x (1 + T/2m_e)"),
        require(
            vanishes(derived("electron", {"y_S": COUPLING, "y_S_ij": COUPLING}, "scalar") - corrected),
            "the pipeline derives the same, not the printed formula",
        ),
        require(limit(cancel(found / SCALAR), M_E, oo) == 1, "the printed formula is its limit T << m_e"),
        require(
            cancel((found / SCALAR).subs(RECOIL, 2 * M_E)) == 2,
            "smallest counterexample: T = 2 m_e, where the derived cross section is twice the printed one",
        ),
    )
    return Proof(
        "refuted",
        "As an exact formula it lacks $1 + T/2m_e$. It is the limit T << m_e, and right for a nucleus of spin 0. At T ="
        " 100 keV the factor is 1.1.",
        steps,
        corrected=proven("g^4 m_e^2 T (1 + T/(2 m_e))/(4 pi E^2 (2 m_e T + M^2)^2)", found, "dsigma/dT"),
    )


def light_pseudoscalar() -> Proof:
    """Decide the cross section of a light pseudoscalar."""
    steps = (
        require(vanishes(_scalar("P") - PSEUDOSCALAR), "ebar i gamma5 e: printed - derived = 0, all T"),
        *(
            require(
                vanishes(derived("electron", {"y_P": COUPLING, name: COUPLING}, "scalar") - PSEUDOSCALAR),
                f"{PIPELINE}: {name}",
            )
            for name in ("y_S_ij", "y_P_ij")
        ),
    )
    return Proof(
        "confirmed", "Exact, and the same for scalar and pseudoscalar couplings of a massless neutrino.", steps
    )


def _pipeline_dipole(target: Literal["electron", "nucleus"]) -> Expr:
    found = derived(target, {"mu_ij": DIPOLE}, "electromagnetic", neutrino=MASSIVE_AVERAGE)
    return found.subs({M_I: 0, M_J: M_HEAVY})


def upscattering_half() -> Proof:
    """Decide the dipole portal on a target of spin 1/2."""
    heavy = {M_I: 0, M_J: M_HEAVY}
    amplitude = CHARGE * CHARGE_NUMBER * DIPOLE / (-2 * TARGET_MASS * RECOIL)
    unpolarised = cross_section([(amplitude, MOMENT)], Line(massless=False, helicity=0)).subs(heavy)
    polarised = cross_section([(amplitude, MOMENT)], MASSIVE).subs({**heavy, HELICITY: -1 / ENERGY})
    electric = [(I * amplitude, vector_channel("electric", "V"))]
    average = Line(massless=False, helicity=0)
    both = cross_section([(amplitude, MOMENT)], average)
    steps = (
        require(vanishes(unpolarised - UPSCATTERING), "printed - derived = 0 in E, T, M, M_N"),
        require(
            vanishes(_pipeline_dipole("electron").subs(M_E, TARGET_MASS) * CHARGE_NUMBER**2 - UPSCATTERING), PIPELINE
        ),
        require(vanishes(polarised - UPSCATTERING), "one helicity of a massless neutrino: the same"),
        require(
            vanishes(UPSCATTERING.subs(M_HEAVY, 0) - ALPHA * CHARGE_NUMBER**2 * DIPOLE**2 * (1 / RECOIL - 1 / ENERGY)),
            "M_N = 0: alpha Z^2 d^2 (1/T - 1/E), so that d = mu of (1/2) mu nubar sigma F nu, not of d nubar sigma F N",
        ),
        require(
            vanishes(cross_section(electric, average) - both.subs(M_J, -M_J)),
            "nu_i -> nu_j with both masses: electric = magnetic with m_j -> - m_j",
        ),
    )
    return Proof(
        "confirmed", "Exact for a point of spin 1/2. L = d nubar sigma F N, literally, has a moment 2 d.", steps
    )


def upscattering_zero() -> Proof:
    """Decide the dipole portal on a target of spin 0."""
    heavy = {M_I: 0, M_J: M_HEAVY}
    amplitude = CHARGE * CHARGE_NUMBER * DIPOLE / (-2 * TARGET_MASS * RECOIL)
    channel = vector_channel("magnetic", "nucleus")
    found = cross_section([(amplitude, channel)], Line(massless=False, helicity=0)).subs(heavy)
    m, e, t, n = TARGET_MASS, ENERGY, RECOIL, M_HEAVY
    corrected = (
        1 / t
        - 1 / e
        + t / (4 * e**2)
        - n**2 / (2 * e * t * m) * (1 - t / (4 * e) + m / (2 * e))
        - n**4 / (8 * e**2 * t**2 * m)
    ) * (ALPHA * CHARGE_NUMBER**2 * DIPOLE**2)
    gap = cancel((found - UPSCATTERING) / (ALPHA * CHARGE_NUMBER**2 * DIPOLE**2))
    steps = (
        require(
            vanishes(found - corrected),
            "derived: 1/T - 1/E + T/4E^2 - (M_N^2/2ETM)(1 - T/4E + M/2E) - M_N^4/(8 E^2 T^2 M)",
        ),
        require(
            vanishes(_pipeline_dipole("nucleus") - corrected * FORM_FACTOR**2),
            "the pipeline derives the same, not the printed formula",
        ),
        require(
            cancel(gap.subs(n, 0)) == t / (4 * e**2),
            "smallest counterexample: M_N = 0, where T/4E^2 is missing",
        ),
    )
    return Proof(
        "refuted",
        "The formula is that of spin 1/2. The two differ by terms of relative order T/E and T/M, far below nuclear form"
        " factors for reactor and beam neutrinos.",
        steps,
        corrected=proven(
            "alpha Z^2 d^2 [1/T - 1/E + T/(4 E^2) - (M_N^2/(2 E T M)) (1 - T/(4 E) + M/(2 E)) - M_N^4/(8 E^2 T^2 M)]",
            found,
            "dsigma/dT",
        ),
    )


def azimuth() -> Proof:
    """Decide the azimuthal asymmetry of a transversely polarised beam."""
    value = azimuthal_asymmetry(MOMENT, WEAK[0])
    steps = (
        require(
            value != 0, f"weak-moment interference for a spin in the scattering plane: proportional to {value.factor()}"
        ),
        require(
            azimuthal_asymmetry(WEAK[0], WEAK[0]) == 0 and azimuthal_asymmetry(MOMENT, MOMENT) == 0,
            "weak and moment squared do not see the transverse spin",
        ),
    )
    return Proof(
        "confirmed",
        "The density matrix of a transverse spin links the two chiralities, as the product of a weak and a dipole vertex does. The"
        " asymmetry is linear in mu - i eps and needs no mass.",
        steps,
    )


def recoil_asymmetry() -> Proof:
    """Decide whether the asymmetry survives in the recoil spectrum."""
    once, turned = azimuthal_asymmetry(MOMENT, WEAK[0]), azimuthal_asymmetry(MOMENT, WEAK[0], -1)
    steps = (
        require(once + turned == 0, "a spin turned by 180 degrees about the beam gives the opposite sign"),
        require(
            once != 0,
            "the interference is linear in the transverse spin, so that its average over the azimuth is zero, for any phases",
        ),
    )
    return Proof(
        "refuted",
        "Integrated over the azimuth the interference averages to zero. The spectrum dsigma/dT sees the longitudinal polarisation"
        " alone. It takes the direction of the recoil electron.",
        steps,
        corrected="no asymmetry in $dsigma/dT$",
    )


PROOFS = {
    "GP23b-electron-scattering": weak,
    "GP23b-moment-scattering": moment,
    "RXY17-tensor": contact_tensor,
    "RXY17-scalar": contact_scalar,
    "RXY17-scalar-tensor": contact_cross,
    "RXY17-map": contact_map,
    "CER16-vector": light_vector,
    "CER16-scalar": light_scalar,
    "CER16-pseudoscalar": light_pseudoscalar,
    "DP-spin-half": upscattering_half,
    "DP-spin-zero": upscattering_zero,
    "GSch00-azimuth": azimuth,
    "GSch00-recoil": recoil_asymmetry,
}
