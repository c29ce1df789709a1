"""The last stage: a ``SpectralFunction`` becomes a ``Kernel`` that the code generators understand.

Channels collect the amplitude terms that share a row and a factor; every product of two channels with a non-zero
structure function is expanded over one common power of ``s`` in the threshold variable ``t``. Nothing is evaluated here:
all numbers stay exact, and constants stay names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from codegen.pair_sums.kernel import (
    M1,
    Argument,
    Channel,
    Constant,
    Contribution,
    Factor,
    Group,
    Kernel,
    Weight,
    WeightTerm,
)
from derivations.algebra.ring import CLOSED, Poly, imaginary_part, normal_form, real_part, s_
from derivations.interactions.model import WEAK

if TYPE_CHECKING:
    from derivations.interactions.model import ContactTerm, CouplingTerm, Interaction
    from derivations.neutrino.rows import AmplitudeTerm
    from derivations.processes.renp.spectrum import GramEntry, SpectralFunction


_NORMALISATION = Fraction(1, 8)
"""|A|^2 / (4 G_F^2) with coefficients in units of G_F / sqrt(2)."""

CONTACT: dict[str, tuple[Fraction, tuple[tuple[str, int], ...]]] = {
    "G_F/sqrt(2)": (Fraction(1), ()),
    "2 G_F/sqrt(2)": (Fraction(2), ()),
    "G_F": (Fraction(1), (("sqrt2", 1),)),
    "1": (Fraction(1), (("sqrt2_over_G_F", 1),)),
}
"""Factor of a contact Hamiltonian in units of G_F / sqrt(2): an exact number and powers of named constants."""
UNITS: dict[str, tuple[tuple[str, int], ...]] = {
    "mu_B": (("mu_B", 1),),
    "cm": (("hbar_c", -1),),
    "cm^2": (("hbar_c", -2),),
}
"""Units of couplings that are not powers of eV, as powers of named constants."""


def kernel(spectral: SpectralFunction, name: str, constants: Iterable[Constant]) -> Kernel:
    """Return the kernel of a spectral function, with the constants that it uses.

    ``constants`` are named numbers (``sqrt2_over_G_F``, ``m_e``, ``e``, ``mu_B``, ``hbar_c``, ``bohr_radius``, ``sqrt2``).
    """
    channels = _channels(spectral)
    products = list(_products(channels, spectral.gram))
    # The phase space adds one more power. Surplus powers of s stay in the numerators, so that 1/s^p has p >= 0.
    s_power = max([-1, *(product.s_power for product in products)])
    collected: dict[tuple[Factor, int], list[WeightTerm]] = {}
    for product in products:
        numerator = normal_form(product.numerator * s_ ** (s_power - product.s_power))
        for (qz, q0, t), polynomial in _by_point_powers(numerator).items():
            factor = _combined(product.factor, qz, q0)
            term = WeightTerm(product.n, product.m, product.part, product.imaginary, polynomial, product.step)
            collected.setdefault((factor, t), []).append(term)
    factors = sorted({factor for factor, _ in collected}, key=_factor_order)
    weights = sorted(
        (Weight(factors.index(factor), power, tuple(terms)) for (factor, power), terms in collected.items()),
        key=lambda weight: (weight.factor, weight.power),
    )
    used = _used_constants(channels, spectral.amplitude.pair_step)
    text = repr((channels, factors, weights))
    return Kernel(
        name=name,
        title=spectral.title,
        pair_step=spectral.amplitude.pair_step,
        groups=tuple(
            group(interaction, spectral.amplitude.pair_step, channels) for interaction in spectral.interactions
        ),
        constants=tuple(constant for constant in constants if constant.name in used),
        channels=tuple(channels),
        factors=tuple(factors),
        weights=tuple(weights),
        s_power=s_power + 1,
        steps=spectral.step_names,
        source_hash=hashlib.sha256(text.encode()).hexdigest(),
    )


def group(interaction: Interaction, pair_step: str, channels: Sequence[Channel]) -> Group:
    """Return the keyword group of an interaction: its couplings, and what its propagator needs."""
    contributions = [c for channel in channels for c in channel.contributions if c.group == interaction.name]
    reached = {c.matrix for c in contributions} | {c.electron for c in contributions}
    silent = "" if reached else f" (does not contribute to an {pair_step} pair step)"
    arguments: list[Argument] = []
    propagator = interaction.propagator
    if propagator.kind == "massive":
        arguments.append(Argument(propagator.mass or "mass", "mass", "eV", "mediator mass"))
        if propagator.width is not None:
            arguments.append(Argument(propagator.width, "width", "eV", "Breit-Wigner width", 0.0))
        if propagator.spin == 1:
            doc = "numerator of the propagator: -g, or -(g - q q / M^2)"
            arguments.append(Argument("propagator", "choice", "", doc, "feynman", ("feynman", "unitary")))
    if any(c.orbital for c in contributions):
        doc = "M1 operator of the electron current: 2S only, or L + 2S; without it that of the call"
        arguments.append(Argument("m1", "choice", "", doc, None, M1))
    for electron in interaction.electron:
        if not electron.constant:
            note = "" if electron.coupling in reached else f"; no {pair_step} amplitude at this order"
            doc = f"electron {electron.bilinear.text}{note}"
            arguments.append(Argument(electron.coupling, "real", electron.units, doc, 0.0))
    neutrinos = [term.bilinear.text for term in interaction.neutrino]
    neutrinos += [f"{term.neutrino.text}, electron {term.electron.text}" for term in interaction.terms]
    keyword = "" if interaction.name == WEAK else interaction.name
    for position, (term, text) in enumerate(zip(_matrix_terms(interaction), neutrinos, strict=True)):
        required = not keyword and not position
        kind, added = ("general", ", plus its Hermitian conjugate") if term.conjugate else ("matrix", "")
        default = None if required else 0.0
        arguments.append(Argument(term.coupling, kind, term.units, f"neutrino {text}{added}", default))
    return Group(
        keyword,
        interaction.name,
        interaction.title + silent,
        tuple(arguments),
        interaction.references,
        propagator.kind,
        interaction.description,
    )


def coupling_units(interactions: Iterable[Interaction]) -> dict[tuple[str, str], str]:
    """Return ``{(interaction, coupling): units}`` of all couplings and of the Hermitian matrices of general ones."""
    units: dict[tuple[str, str], str] = {}
    for interaction in interactions:
        units |= {(interaction.name, term.coupling): term.units for term in interaction.electron}
        for term in _matrix_terms(interaction):
            names = (term.coupling, *(matrix for matrix, *_ in term.hermitian))
            units |= {(interaction.name, name): term.units for name in names}
    return units


def _matrix_terms(interaction: Interaction) -> tuple[CouplingTerm | ContactTerm, ...]:
    return (*interaction.neutrino, *interaction.terms)


@dataclass
class _ChannelDraft:
    factor: Factor
    row: int
    s: int
    contributions: list[Contribution] = field(default_factory=list)


def _channels(spectral: SpectralFunction) -> list[Channel]:
    units = coupling_units(spectral.interactions)
    dipole = (("bohr_radius", 1),) if spectral.amplitude.pair_step == "E1" else ()
    drafts: dict[tuple[int, Factor, int], _ChannelDraft] = {}
    for term in spectral.amplitude.terms:
        constants = _constants(term) + dipole
        constants += UNITS.get(units[term.interaction, term.neutrino], ())
        constants += UNITS.get(units.get((term.interaction, term.electron or ""), "1"), ())
        for component in ("re", "im") if term.coefficient.propagator in ("massive", "longitudinal") else ("",):
            contribution = _contribution(term, constants, component)
            propagators = ((term.interaction, component),) if component else ()
            factor = Factor(term.coefficient.qz, term.coefficient.q0, propagators)
            s = term.coefficient.s - (term.coefficient.propagator == "photon")
            draft = drafts.setdefault((term.row, factor, s), _ChannelDraft(factor, term.row, s))
            draft.contributions.append(contribution)
    ordered = sorted(drafts.values(), key=lambda draft: (draft.row, draft.s, _factor_order(draft.factor)))
    rows = spectral.rows
    return [
        Channel(_channel_name(rows[c.row].name, c), c.row, rows[c.row].eta, c.factor, c.s, tuple(c.contributions))
        for c in ordered
    ]


def _channel_name(row: str, draft: _ChannelDraft) -> str:
    point = f"qz^{draft.factor.qz} q0^{draft.factor.q0} s^{draft.s}"
    propagators = "".join(f" {part} propagator of {name}" for name, part in draft.factor.propagators)
    return f"{row}, {point}{propagators}"


def _constants(term: AmplitudeTerm) -> tuple[tuple[str, int], ...]:
    coefficient = term.coefficient
    if coefficient.propagator == "contact":
        result = CONTACT[coefficient.constant][1]
    else:
        result = (("sqrt2_over_G_F", 1),)
        if coefficient.constant != "1":
            result += ((coefficient.constant, 1),)
    return result + ((("m_e", -coefficient.m_e),) if coefficient.m_e else ())


def _contribution(term: AmplitudeTerm, constants: tuple[tuple[str, int], ...], component: str) -> Contribution:
    c = term.coefficient
    scale = CONTACT[c.constant][0] if c.propagator == "contact" else Fraction(1)
    real, imag = c.real * scale, c.imag * scale
    if component == "im":
        real, imag = -imag, real
    return Contribution(
        term.interaction, term.electron, term.neutrino, real, imag, constants, c.d, c.M, term.orbital,
        c.propagator == "longitudinal",
    )  # fmt: skip


@dataclass(frozen=True)
class _Product:
    n: int
    m: int
    part: str
    imaginary: bool
    numerator: Poly
    s_power: int
    factor: Factor
    step: str


def _products(channels: Sequence[Channel], gram: Sequence[GramEntry]) -> Iterable[_Product]:
    by_rows: dict[tuple[int, int], list[GramEntry]] = {}
    for entry in gram:
        by_rows.setdefault((entry.n, entry.m), []).append(entry)
    for n, left in enumerate(channels):
        for m in range(n, len(channels)):
            right = channels[m]
            for entry in by_rows.get((left.row, right.row), ()):
                factor = Factor(
                    left.factor.qz + right.factor.qz,
                    left.factor.q0 + right.factor.q0,
                    tuple(sorted(left.factor.propagators + right.factor.propagators)),
                )
                power = entry.closed_form.power - left.s - right.s
                step = f"gram-{left.name.split(',')[0]}-{right.name.split(',')[0]}"
                yield from _signed(entry, n, m, factor, power, step)


def _signed(entry: GramEntry, n: int, m: int, factor: Factor, power: int, step: str) -> Iterable[_Product]:
    """Absorb signs and the factor two of off-diagonal products: the term is ``T * polynomial * Re or Im(c_n c_m*)``.

    ``T_xy - T_yx = 2 i Im T_xy``, so the circular weight is ``2 Im T_xy`` and its structure function carries ``i``.
    """
    numerator = entry.closed_form.numerator
    circular = entry.part == "circular"
    twice = (1 if n == m else 2) * CLOSED.one / _NORMALISATION.denominator
    for polynomial, imaginary in ((real_part(numerator), False), (imaginary_part(numerator), True)):
        if not polynomial:
            continue
        total_imaginary = imaginary != circular
        sign = -1 if total_imaginary or (imaginary and circular) else 1
        if n == m and total_imaginary:
            continue
        yield _Product(n, m, entry.part, total_imaginary, polynomial * twice * sign, power, factor, step)


def _by_point_powers(
    numerator: Poly,
) -> dict[tuple[int, int, int], tuple[tuple[Fraction, tuple[int, int, int, int]], ...]]:
    collected: dict[tuple[int, int, int], list[tuple[Fraction, tuple[int, int, int, int]]]] = {}
    for (t, P, D, qz, q0, d, M), c in sorted(numerator.items()):
        coefficient = Fraction(int(c.x.numerator), int(c.x.denominator))
        collected.setdefault((qz, q0, t), []).append((coefficient, (P, D, d, M)))
    return {key: tuple(value) for key, value in collected.items()}


def _combined(factor: Factor, qz: int, q0: int) -> Factor:
    return Factor(factor.qz + qz, factor.q0 + q0, factor.propagators)


def _factor_order(factor: Factor) -> tuple[object, ...]:
    return (len(factor.propagators), factor.propagators, factor.qz, factor.q0)


def _used_constants(channels: Sequence[Channel], pair_step: str) -> set[str]:
    used = {name for channel in channels for c in channel.contributions for name, _ in c.constants}
    return used | ({"bohr_radius"} if pair_step == "E1" else set())
