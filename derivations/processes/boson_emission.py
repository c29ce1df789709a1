"""|e> -> |g> + gamma + boson: the mediator itself, on shell, in place of the pair.

In: an interaction that a massive boson of spin 0 or 1 exchanges. Out: a :class:`Line`. The boson has three helicities along q (one for
spin 0), and each meets one helicity component of the atom's vector operator: with ``eps*`` in the place of the neutrinos' current

    sigma^k A^k(eps) = a_h sigma^k e_h^k*,  e_0 = z, e_+- = (x +- i y)/sqrt(2),      I = S delta(omega - omega_0),

and S is a sum of squares ``|a_h|^2 T_h``. The numerator ``-g + q q/M^2`` is the sum over these states, so nothing is left of the gauge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from codegen.probes.record import BosonRecord, BosonTerm
from derivations.algebra import ring
from derivations.algebra.dirac import METRIC, SPACETIME
from derivations.algebra.ring import TRACE, I, Poly
from derivations.atom.nonrelativistic import atomic_operator, reduction_step
from derivations.processes.process import Process
from derivations.processes.renp.amplitude import PAIR_STEPS
from derivations.processes.renp.kernel import UNITS
from derivations.steps.notation import coupling_latex, polynomial_latex, polynomial_text, power_latex
from derivations.steps.step import Derivation, Step

if TYPE_CHECKING:
    from derivations.interactions.model import CouplingTerm, Interaction

PROCESS = Process(
    name="boson_emission",
    title="Emission of one boson in place of the pair",
    reaction="|e> -> |g> + gamma + boson",
    source="atom, in its leading operator of the pair step, with the atomic tensor T_kl",
    exchange="none: the boson is on shell, q^2 = M^2",
    line="none: the sum over the helicities of the boson",
    frame="the atom at rest, q along z: q0 = (E_eg^2 + M^2)/2 E_eg, q_z = omega_0 = (E_eg^2 - M^2)/2 E_eg",
    measure="one-body phase space 2 pi delta(q^2 - M^2); the energy denominator of the photon step",
    latex=(
        r"I(\omega) = S\,\delta(\omega - \omega_0), \qquad S = \frac{2\pi^2}{G_F^2 E_{eg} (E_{vg} - \omega_0)^2} \sum_h T_h |a_h|^2",
    ),
)
HELICITIES = (0, 1, -1)
POLARISATIONS: dict[int, tuple[Poly, ...]] = {
    0: (ring.qz, TRACE.zero, TRACE.zero, ring.q0),
    1: (TRACE.zero, TRACE.one, I, TRACE.zero),
    -1: (TRACE.zero, TRACE.one, -I, TRACE.zero),
}
"""``M eps_0`` and ``sqrt(2) eps_+-``, upper components: orthogonal to q, of norm -1."""


@dataclass(frozen=True)
class HelicityTerm:
    """``coupling * factor(q0, q_z) * M^mass / m_e^order``: what one coupling adds to ``a_h``.

    ``constants`` are names and powers, of the units in which the coupling is given, or of what it is where it is a constant.
    ``orbital`` marks a magnetic operator of a moving charge, which ``L + 2S`` between different levels halves.
    """

    coupling: str
    constants: tuple[tuple[str, int], ...]
    helicity: int
    factor: Poly
    mass: int
    order: int
    orbital: bool


@dataclass(frozen=True)
class BosonLine:
    """The line of one boson in one pair step: terms of the amplitudes ``a_h``."""

    interaction: Interaction
    pair_step: str
    terms: tuple[HelicityTerm, ...]


def emits(interaction: Interaction) -> bool:
    """Return whether an interaction has a boson of its own with states to emit.

    An antisymmetric tensor with the propagator ``1/(q^2 - M^2)`` for all its components has none: some have negative norm.
    """
    return interaction.propagator.kind == "massive" and interaction.propagator.spin in (0, 1)


def boson_line(interaction: Interaction, pair_step: str = "M1") -> BosonLine:
    """Return the helicity amplitudes of the boson of an interaction.

    Raises ``ValueError`` for an interaction without a boson to emit, or an unknown pair step.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> vector = next(i for i in shipped_interactions() if i.name == "vector")
    >>> [(t.coupling, t.helicity, str(t.factor.as_expr()), t.mass) for t in boson_line(vector).terms if t.helicity >= 0]
    [('g_V', 1, '-qz/2', 0), ('g_A', 0, '-q0', -1), ('g_A', 1, '-1', 0)]
    """
    if pair_step not in PAIR_STEPS:
        raise ValueError(f"pair_step must be one of {', '.join(PAIR_STEPS)}, found {pair_step!r}")
    if not emits(interaction):
        raise ValueError(f"{interaction.name} has no boson on shell: it must have a massive mediator of spin 0 or 1")
    terms = [term for e in interaction.electron for term in _terms(e, interaction, pair_step)]
    return BosonLine(interaction, pair_step, tuple(terms))


def _terms(electron: CouplingTerm, interaction: Interaction, pair_step: str) -> Iterable[HelicityTerm]:
    operator = atomic_operator(electron.bilinear)
    constants = ((electron.coupling, 1),) if electron.constant else ()
    magnetic = pair_step == "M1"
    chosen = operator.magnetic if magnetic else operator.electric
    order = (operator.magnetic_order or 0) if magnetic else 0
    orbital = magnetic and order == 1 and operator.convective
    if interaction.propagator.spin == 0:
        amplitudes = {0: (chosen.get((), (TRACE.zero,) * 3), 0)}
    else:
        amplitudes = {}
        for helicity, eps in POLARISATIONS.items():
            starred = [ring.conjugate(component) * METRIC[mu] for mu, component in enumerate(eps)]
            vector = tuple(
                sum((chosen[mu,][k] * starred[mu] for mu in SPACETIME if (mu,) in chosen), TRACE.zero) for k in range(3)
            )
            amplitudes[helicity] = vector, 0 if helicity else -1
    for helicity, (vector, mass) in amplitudes.items():
        factor = _along(vector, helicity)
        masses = 0
        while factor and not factor.rem(ring.s):
            factor, masses = factor.exquo(ring.s), masses + 2
        if factor:
            yield HelicityTerm(
                electron.coupling,
                constants + UNITS.get(electron.units, ()),
                helicity,
                factor,
                mass + masses,
                order,
                orbital,
            )


def _along(vector: Sequence[Poly], helicity: int) -> Poly:
    """Return ``a_h`` of ``A = a_h e_h*``; rotations about q allow no other component."""
    x, y, z = vector
    expected = (TRACE.zero, TRACE.zero, z) if not helicity else (x, -I * x * helicity, TRACE.zero)
    if (x, y, z) != expected:
        raise ValueError(f"the amplitude of helicity {helicity} turns otherwise than its boson: {vector}")
    return x if helicity else z


def boson_record(interaction: Interaction) -> BosonRecord:
    """Return what the code generators need of the line of an interaction's boson, for both pair steps."""
    mass = interaction.propagator.mass or ""
    couplings = tuple(term.coupling for term in interaction.electron if not term.constant)
    terms = {step: tuple(_records(boson_line(interaction, step))) for step in PAIR_STEPS}
    return BosonRecord(interaction.name, mass, couplings, terms)


def _records(line: BosonLine) -> Iterable[BosonTerm]:
    names = {"q0": TRACE.gens.index(ring.q0), "qz": TRACE.gens.index(ring.qz)}
    for term in line.terms:
        for powers, c in sorted(term.factor.items()):
            real, imag = (Fraction(int(part.numerator), int(part.denominator)) for part in (c.x, c.y))
            below = lcm(real.denominator, imag.denominator)
            own = (
                None
                if any(e.constant and e.coupling == term.coupling for e in line.interaction.electron)
                else term.coupling
            )
            yield BosonTerm(
                own, term.constants, term.helicity, int(real * below), int(imag * below), below, powers[names["q0"]],
                powers[names["qz"]], term.mass, term.order, term.orbital,
            )  # fmt: skip


# ---------------------------------------------------------------- steps


def derivation(interactions: Sequence[Interaction]) -> Derivation:
    """Return the derivation of the lines of all bosons of some interactions, in both pair steps.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> [step.name for step in derivation(shipped_interactions())][-3:]
    ['amplitude-vector-M1', 'amplitude-vector-E1', 'line']
    """
    chosen = [interaction for interaction in interactions if emits(interaction)]
    names = ", ".join(interaction.name for interaction in chosen) or "none of the interactions has a boson of its own"
    return Derivation(PROCESS.name, f"{PROCESS.title}: {names}").then(*_steps(chosen))


def _steps(chosen: Sequence[Interaction]) -> Iterable[Step]:
    yield PROCESS.step()
    yield Step(
        "kinematics",
        "The line stands where a pair of m_i + m_j = M has its threshold; every mass below E_eg is emitted.",
        (
            r"\omega_0 = \frac{E_{eg}^2 - M^2}{2 E_{eg}}, \qquad q_0 = \frac{E_{eg}^2 + M^2}{2 E_{eg}}, \qquad q_z = \omega_0",
        ),
        ("omega_0 = (E_eg^2 - M^2)/(2 E_eg),  q0 = E_eg - omega_0,  q_z = omega_0,  q0^2 - q_z^2 = M^2",),
        "s = E_eg (E_eg - 2 omega) is M^2",
    )
    yield Step(
        "helicities",
        "The boson's states, and the components of T that they meet: angular momentum about q is kept.",
        (
            r"\epsilon_0 = (q_z, 0, 0, q_0)/M, \qquad \epsilon_\pm = (0, 1, \pm i, 0)/\sqrt2",
            r"-g^{\mu\nu} + q^\mu q^\nu/M^2 = \sum_h \epsilon_h^\mu \epsilon_h^{\nu*}",
            r"T_0 = T_{zz}, \qquad T_\pm = \tfrac12 [T_{xx} + T_{yy} \pm i (T_{xy} - T_{yx})]",
        ),
        (
            "eps_0 = (q_z, 0, 0, q0)/M,  eps_+- = (0, 1, +-i, 0)/sqrt(2),  -g + q q/M^2 = sum_h eps_h eps_h*",
            "T_0 = T_zz,  T_+- = [T_xx + T_yy +- i (T_xy - T_yx)]/2",
        ),
        "a spin-0 boson has T_0 alone; that of the pair's unitary numerator is the same sum",
    )
    for interaction in chosen:
        for e in interaction.electron:
            yield reduction_step(f"{interaction.name}-{e.coupling}", e.bilinear, atomic_operator(e.bilinear))
        for step in PAIR_STEPS:
            terms = boson_line(interaction, step).terms
            yield Step(
                f"amplitude-{interaction.name}-{step}",
                f"{interaction.title}: helicity amplitudes ({step} pair step{', times the E1 length' if step == 'E1' else ''}).",
                tuple(_latex(term) for term in terms),
                tuple(_text(term) for term in terms) or ("no contribution at this order",),
                "each polarisation in the electron's leading operator; q0^2 - q_z^2 = M^2. 1/M is a current that is not conserved, M one"
                " that is",
                "; ".join(interaction.references),
            )
    yield Step(
        "line",
        "The pair's two-body phase space becomes that of one body; the photon step and the normalisation stay.",
        (
            r"\tfrac{1}{8\pi\omega} \int dE_\nu \to 2\pi\,\delta(s - M^2) = \tfrac{2\pi}{2 E_{eg}} \delta(\omega - \omega_0)",
            *PROCESS.latex,
        ),
        ("S = 2 pi^2/(G_F^2 E_eg (E_vg - omega_0)^2) sum_h T_h |a_h|^2",),
        "(8 pi/4 G_F^2) 2 pi/(2 E_eg); a Breit-Wigner peak of width Gamma has the area pi M Gamma/2 E_eg times its height, which is this"
        " line times the branching ratio",
    )


def _text(term: HelicityTerm) -> str:
    powers = [f"{name}^{power}" if power != 1 else name for name, power in _powers(term)]
    return f"a[{_sign(term)}] from {term.coupling}: " + " ".join([polynomial_text(term.factor), *powers, term.coupling])


def _latex(term: HelicityTerm) -> str:
    powers = [power_latex(name, power) for name, power in _powers(term)]
    factor = polynomial_latex(term.factor)
    sign, factor = ("-", "") if factor == "-1" else ("", factor)
    pieces = [factor, *powers, coupling_latex(term.coupling)]
    return rf"a_{{{_sign(term)}}} \ni {sign}" + r"\,".join(piece for piece in pieces if piece)


def _powers(term: HelicityTerm) -> Iterable[tuple[str, int]]:
    return ((name, power) for name, power in (("M", term.mass), ("m_e", -term.order)) if power)


def _sign(term: HelicityTerm) -> str:
    return f"{term.helicity:+d}" if term.helicity else "0"
