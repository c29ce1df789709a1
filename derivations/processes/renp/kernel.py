"""The last stage: a ``SpectralFunction`` becomes a ``Kernel`` that the code generators understand.

Every term of the amplitude goes to the states of the pair that its row emits. Nothing is evaluated here: all numbers stay
exact, and constants stay names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from codegen.pair_sums.kernel import M1, Argument, Constant, Group, Kernel, Term
from derivations.algebra.ring import Poly
from derivations.interactions.model import WEAK
from derivations.neutrino.pair_states import STATES, WAYS, emissions, squares

if TYPE_CHECKING:
    from derivations.interactions.model import ContactTerm, CouplingTerm, Interaction
    from derivations.neutrino.rows import AmplitudeTerm
    from derivations.processes.renp.spectrum import SpectralFunction


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

    Raises ``ValueError`` when the traces of a row are not the squares of the pair's states, or when amplitudes that interfere
    do not have one sign under exchange of the pair: the evaluators stand on both.
    """
    _check_squares(spectral)
    terms = _terms(spectral)
    _check_exchange(terms)
    used = _used_constants(terms, spectral.amplitude.pair_step)
    return Kernel(
        name=name,
        title=spectral.title,
        pair_step=spectral.amplitude.pair_step,
        groups=tuple(group(interaction, spectral.amplitude.pair_step, terms) for interaction in spectral.interactions),
        constants=tuple(constant for constant in constants if constant.name in used),
        terms=terms,
        steps=spectral.step_names,
        source_hash=hashlib.sha256(repr(terms).encode()).hexdigest(),
    )


def group(interaction: Interaction, pair_step: str, terms: Sequence[Term]) -> Group:
    """Return the keyword group of an interaction: its couplings, and what its propagator needs."""
    contributions = [term for term in terms if term.group == interaction.name]
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


def _terms(spectral: SpectralFunction) -> tuple[Term, ...]:
    """Return the terms of the states' amplitudes; equal ones of one product of couplings are added."""
    units = coupling_units(spectral.interactions)
    dipole = (("bohr_radius", 1),) if spectral.amplitude.pair_step == "E1" else ()
    emitted = [emissions(row) for row in spectral.rows]
    found: list[Term] = []
    for term in spectral.amplitude.terms:
        c, row = term.coefficient, spectral.rows[term.row]
        constants = _constants(term) + dipole
        constants += UNITS.get(units[term.interaction, term.neutrino], ())
        constants += UNITS.get(units.get((term.interaction, term.electron or ""), "1"), ())
        scale = CONTACT[c.constant][0] if c.propagator == "contact" else Fraction(1)
        for emission in emitted[term.row]:
            for (qz, q0), number in _monomials(emission.coefficient):
                real, imag = _times((c.real * scale, c.imag * scale), number)
                if real and imag:
                    raise ValueError(f"the phase of {term.interaction}.{term.neutrino} is not a power of i")
                value = imag or real
                found.append(
                    Term(
                        emission.state,
                        emission.way,
                        term.interaction,
                        term.electron,
                        term.neutrino,
                        value,
                        bool(imag),
                        constants,
                        c.qz + qz,
                        c.q0 + q0,
                        c.s - (c.propagator == "photon") - emission.s,
                        c.propagator in ("massive", "longitudinal"),
                        c.d + (emission.mass == "d"),
                        c.M + (emission.mass == "M"),
                        row.eta * (-1) ** c.d,
                        term.orbital,
                        c.propagator == "longitudinal",
                    )
                )
    return tuple(sorted(found, key=lambda term: (STATES.index(term.state), WAYS.index(term.way))))


def _monomials(coefficient: Poly) -> Iterator[tuple[tuple[int, int], tuple[Fraction, Fraction]]]:
    """Yield the powers of ``qz, q0`` and the complex number of each monomial of a row's coefficient."""
    for (*_, q0, qz, _M, _d), c in sorted(coefficient.items()):
        yield (qz, q0), (_fraction(c.x), _fraction(c.y))


def _fraction(rational: Any) -> Fraction:
    return Fraction(int(rational.numerator), int(rational.denominator))


def _times(a: tuple[Fraction, Fraction], b: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def _check_squares(spectral: SpectralFunction) -> None:
    rows = spectral.rows
    traced = {(entry.n, entry.m, entry.part): entry.closed_form for entry in spectral.gram}
    if traced != squares(rows):
        raise ValueError(f"{spectral.title}: the traces are not the squares of the pair's states")


INTERFERING = (("V", "E"), ("A", "B"), ("S",), ("P",))
"""States whose amplitudes add before they are squared; E with a factor M, B with a factor d."""


def _check_exchange(terms: Sequence[Term]) -> None:
    """Check that exchanging a Majorana pair turns all amplitudes that interfere by one sign: it is the same pair."""
    for states in INTERFERING:
        signs = {t.eta * (-1) ** (t.d + (t.state == "B")) for t in terms if t.state in states}
        if len(signs) > 1:
            raise ValueError(
                f"amplitudes of the states {', '.join(states)} have different signs under exchange of the pair"
            )


def _constants(term: AmplitudeTerm) -> tuple[tuple[str, int], ...]:
    coefficient = term.coefficient
    if coefficient.propagator == "contact":
        result = CONTACT[coefficient.constant][1]
    else:
        result = (("sqrt2_over_G_F", 1),)
        if coefficient.constant != "1":
            result += ((coefficient.constant, 1),)
    return result + ((("m_e", -coefficient.m_e),) if coefficient.m_e else ())


def _used_constants(terms: Sequence[Term], pair_step: str) -> set[str]:
    used = {name for term in terms for name, _ in term.constants}
    return used | ({"bohr_radius"} if pair_step == "E1" else set())
