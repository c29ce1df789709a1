"""Widths and lines as formulas: one product of couplings after the other, for one channel.

In: a process and interactions. Out: ``Formula`` records for the width of nu_i -> nu_j gamma and the photon's asymmetry, for the width of
gamma* -> nu_i nubar_j, and for the strength of a boson's line. Hermitian matrices are written with ``c_ij`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Final

from sympy import Abs, Add, Expr, Integer, Mul, Rational, Symbol, conjugate, factor_terms, im, pi, re, sqrt

from codegen.formulas.formula import Argument, Condition, Definition, Formula, Number, Provenance
from derivations.algebra import ring
from derivations.algebra.ring import Poly, imaginary_part, real_part
from derivations.processes import boson_emission, plasmon_decay, radiative_decay
from derivations.processes.boson_emission import boson_line, emits
from derivations.processes.renp.amplitude import PAIR_STEPS
from derivations.processes.renp.couplings import PRINTED_NAMES, Coupling, couplings
from derivations.symbols import E_EG, E_VG, G_F, M_E, M_I, M_J, OMEGA, T

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction
    from derivations.processes.exchange import Amplitude
    from derivations.processes.record import Frame

NATURES: Final = ("dirac", "majorana")
MOMENTUM, INVARIANT, GAP = Symbol("k", real=True), Symbol("K2", positive=True), Symbol("gap", real=True)
ALONG, ACROSS, CIRCULAR = (Symbol(name, real=True) for name in ("T_along", "T_across", "T_circular"))
LENGTH, MASS, ENERGY = Symbol("r", real=True), Symbol("M", positive=True), Symbol("q_0", positive=True)
POSITION, CHARGE = Symbol("omega_0", positive=True), Symbol("e", positive=True)
PLASMON = (
    Argument(OMEGA, "eV", "energy of the plasmon", Fraction(2)), Argument(MOMENTUM, "eV", "momentum of the plasmon", Fraction(1)),
)  # fmt: skip
MASSES = (Argument(M_I, "eV", "mass of nu_i", Fraction(1, 4)), Argument(M_J, "eV", "mass of nu_j", Fraction(1, 8)))
TAKEN: Final = PRINTED_NAMES | {
    "k", "K2", "gap", "M", "T_along", "T_across", "T_circular", "omega_0",
}  # fmt: skip


# ---------------------------------------------------------------- decays


@dataclass(frozen=True)
class _Part:
    """The element of one matrix with what stands before it, over the rows."""

    element: Expr
    rows: Mapping[int, Poly]


class _Sums:
    """Products of the elements of all matrices with the Gram matrices of a decay."""

    def __init__(self, frame: Frame, found: Amplitude, interactions: Sequence[Interaction], nature: str) -> None:
        if nature not in NATURES:
            raise ValueError(f"nature must be one of {', '.join(NATURES)}, found {nature!r}")
        self.frame, self.found, self.nature = frame, found, nature
        self.known = {(c.interaction, c.coupling): c for c in couplings(interactions, TAKEN)}
        self.hermitian = {
            (c.interaction, name): pair for c in self.known.values() for name, pair in c.hermitian.items()
        }

    def parts(self) -> list[_Part]:
        """Return every element of the amplitude, those of both contractions apart; c_ji is the conjugate of c_ij."""
        collected: dict[Expr, dict[int, Poly]] = {}
        for crossed in (False, True) if self.nature == "majorana" else (False,):
            for term in self.found.terms:
                key = term.interaction, term.matrix
                element = self.hermitian[key][0] if key in self.hermitian else self.known[key].symbols[0]
                rows = collected.setdefault(
                    conjugate(element) if (self.frame.indices == "ji") != crossed else element, {}
                )
                factor = term.factor * term.eta if crossed else term.factor
                rows[term.row] = rows.get(term.row, factor.ring.zero) + factor
        return [_Part(element, rows) for element, rows in collected.items()]

    def total(self, tensor: str) -> Expr:
        """Return ``sum_nm c_n c_m* G_nm``."""
        grouped: dict[Expr, list[Expr]] = {}
        parts = self.parts()
        for n, m in combinations_with_replacement(range(len(parts)), 2):
            one, other = parts[n], parts[m]
            value = self._contracted(tensor, one.rows, other.rows)
            for take, sign, piece in ((re, 1, real_part), (im, -1, imaginary_part)):
                product = product_part(take, one.element, other.element)
                if piece(value) and product != 0:
                    number, structure = self.frame.expression(piece(value)).as_coeff_Mul()
                    grouped.setdefault(structure, []).append(number * sign * (1 if n == m else 2) * product)
        return Add(*(Mul(structure, factor_terms(Add(*products))) for structure, products in grouped.items()))

    def _contracted(self, tensor: str, one: Mapping[int, Poly], other: Mapping[int, Poly]) -> Poly:
        gram = self.found.gram[tensor]
        total = next(iter(gram.values())).ring.zero if gram else ring.PAIR.zero
        for n, left in one.items():
            for m, right in other.items():
                entry = gram.get((min(n, m), max(n, m)))
                if entry:
                    total += left * ring.conjugate(right) * (entry if n <= m else ring.conjugate(entry))
        return total

    def formula(self, draft: Callable[..., Formula], result: Expr, definitions: Iterable[Definition]) -> Formula:
        """Return the formula of a result, with the couplings' definitions and the arguments that it uses."""
        whole = (*definitions, *(Definition(symbol, expression) for symbol, expression in self.hermitian.values()))
        used: set[Symbol] = result.free_symbols.union(*(d.expression.free_symbols for d in whole))
        offered = (*PLASMON, *MASSES, *_couplings(self.known.values()))
        return draft(arguments=tuple(a for a in offered if a.symbol in used), result=result, definitions=whole)


def product_part(take: type, one: Expr, other: Expr) -> Expr:
    """Return the real or the imaginary part of ``one other*`` with as few conjugates as it takes.

    Example
    -------
    >>> product_part(re, conjugate(Symbol("a")), conjugate(Symbol("b")))
    re(a*conjugate(b))
    """
    if one == other:
        return Abs(conjugate(one) if isinstance(one, conjugate) else one) ** 2 if take is re else Integer(0)
    if isinstance(one, conjugate):
        # Re z* = Re z and Im z* = -Im z.
        sign = 1 if take is re else -1
        return sign * take(conjugate(one) * other, evaluate=False)
    return take(one * conjugate(other), evaluate=False)


def _couplings(known: Iterable[Coupling]) -> Iterable[Argument]:
    for place, coupling in enumerate(known):
        units = "1" if not coupling.dimension else f"eV^{coupling.dimension}" if coupling.dimension != 1 else "eV"
        for symbol, latex in zip(coupling.symbols, coupling.latex, strict=True):
            real = Fraction(place + 2, 3)
            example: Number = (real, Fraction(1, place + 2)) if coupling.is_matrix else real
            yield Argument(symbol, units, coupling.doc, example, latex)


def decay_formulas(interactions: Sequence[Interaction], nature: str = "dirac") -> tuple[Formula, Formula]:
    """Return the width of nu_i -> nu_j gamma and the asymmetry of the photon about the spin of nu_i.

    Raises ``ValueError`` for an unknown nature, or interactions without a photon; one line.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> width, asymmetry = decay_formulas(shipped_interactions())
    >>> width.result
    (m_i - m_j)**3*(m_i + m_j)**3*(Abs(eps_ij)**2 + Abs(mu_ij)**2)/(8*pi*m_i**3)
    """
    chosen = _photon(interactions)
    sums = _Sums(radiative_decay.FRAME, radiative_decay.decay_amplitude(chosen), chosen, nature)
    summed, polarised = (sums.total(tensor) for tensor in ("summed", "polarised"))
    gap = (M_I - M_J) * (M_I + M_J)
    kind = f"of nu_i -> nu_j gamma, {nature.capitalize()} neutrinos"
    width = partial(
        Formula, "radiative_decay", f"Width {kind}", Symbol("Gamma_ij"), "eV",
        condition=Condition(GAP, Integer(0)), provenance=Provenance(("frame", "width"), ("GP23b 2.24",)),
    )  # fmt: skip
    asymmetry = partial(
        Formula, "radiative_asymmetry", f"Asymmetry A {kind}", Symbol("A"), "1",
        condition=Condition(GAP, Integer(0), "nan"), provenance=Provenance(("frame", "width")),
        notes=("The photon follows 1 + A cos(theta) about the spin of nu_i.",),
    )  # fmt: skip
    opened = Definition(GAP, gap)
    return (
        sums.formula(width, gap / (32 * pi * M_I**3) * summed, [opened]),
        sums.formula(asymmetry, polarised / summed, [opened]),
    )


def plasmon_formula(interactions: Sequence[Interaction], nature: str = "dirac") -> Formula:
    """Return the width of gamma* -> nu_i nubar_j for one polarisation, in the distance to threshold.

    Raises ``ValueError`` for an unknown nature, or interactions without a photon; one line.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> [argument.symbol.name for argument in plasmon_formula(shipped_interactions()).arguments]
    ['omega', 'k', 'm_i', 'm_j', 'mu_ij', 'eps_ij', 'r2_ij', 'anapole_ij']
    """
    chosen = _photon(interactions)
    found, power = plasmon_decay.reduced(plasmon_decay.plasmon_amplitude(chosen))
    sums = _Sums(plasmon_decay.FRAME, found, chosen, nature)
    factor = Rational(1, 2) if nature == "majorana" else Integer(1)
    phase_space = sqrt(T * (T + 4 * M_I * M_J)) / INVARIANT
    squared = (OMEGA - MOMENTUM) * (OMEGA + MOMENTUM)
    draft = partial(
        Formula, "plasmon_decay", f"Width of gamma* -> nu_i nubar_j, one polarisation, {nature.capitalize()} neutrinos",
        Symbol("Gamma_ij"), "eV", condition=Condition(T, Integer(0)),
        provenance=Provenance(("frame", "polarisation", "width"), ("GP23b 2.35", "R96")),
        notes=("The polarisation vector has eps.eps* = -1, and Z = 1: transverse and longitudinal plasmons then agree.",),
    )  # fmt: skip
    distance = Definition(T, squared - (M_I + M_J) ** 2, two_part=True)
    result = factor * phase_space / (16 * pi * OMEGA) * sums.total("summed") / INVARIANT**power
    return sums.formula(draft, result, [distance, Definition(INVARIANT, T + (M_I + M_J) ** 2, latex="K^2")])


def line_formulas(interactions: Sequence[Interaction]) -> tuple[Formula, ...]:
    """Return the strengths of the lines of all bosons in both pair steps, of those that there are.

    Raises ``ValueError`` when there is none.
    """
    chosen = [interaction for interaction in interactions if emits(interaction)]
    if not chosen:
        raise ValueError("none of the interactions has a massive boson of spin 0 or 1: there is no line")
    steps = [(interaction, step) for interaction in chosen for step in PAIR_STEPS]
    return tuple(line_formula(*choice) for choice in steps if boson_line(*choice).terms)


def line_formula(interaction: Interaction, pair_step: str = "M1") -> Formula:
    """Return the strength S of the line of an interaction's boson; ``T_circular`` is ``2 Im T_xy``.

    Raises ``ValueError`` for an interaction without a boson to emit.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> scalar = next(i for i in shipped_interactions() if i.name == "scalar")
    >>> line_formula(scalar).result
    pi**2*T_along*omega_0**2*y_P**2/(2*E_eg*G_F**2*m_e**2*(E_vg - omega_0)**2)
    """
    known = {c.coupling: c for c in couplings([interaction], TAKEN)}
    places = {Symbol("q0"): ENERGY, Symbol("qz"): POSITION}
    amplitudes = dict.fromkeys(boson_emission.HELICITIES, Integer(0))
    for term in boson_line(interaction, pair_step).terms:
        factor = term.factor.as_expr().xreplace(places) * MASS**term.mass / M_E**term.order
        coupling = known[term.coupling].symbols[0] if term.coupling in known else CHARGE
        amplitudes[term.helicity] += coupling * factor * (LENGTH if pair_step == "E1" else 1)
    weights = {0: ALONG, 1: (ACROSS - CIRCULAR) / 2, -1: (ACROSS + CIRCULAR) / 2}
    total = Add(*(weights[h] * Abs(value) ** 2 for h, value in amplitudes.items()))
    masses = (
        Argument(E_EG, "eV", "energy of the excited above the ground state", Fraction(2)),
        Argument(E_VG, "eV", "energy of the intermediate above the ground state", Fraction(9, 4)),
        Argument(MASS, "eV", "mass of the boson", Fraction(1, 2)),
        Argument(ALONG, "1", "T_zz of the atomic tensor", Fraction(1, 4)),
        Argument(ACROSS, "1", "T_xx + T_yy", Fraction(3, 4)),
        Argument(CIRCULAR, "1", "2 Im T_xy", Fraction(1, 3)),
        Argument(LENGTH, "eV^-1", "E1 length of the pair step", Fraction(3)),
    )
    result = 2 * pi**2 * total / (G_F**2 * E_EG * (E_VG - POSITION) ** 2)
    energy = Definition(ENERGY, (E_EG**2 + MASS**2) / (2 * E_EG))
    definitions = (
        Definition(POSITION, (E_EG - MASS) * (E_EG + MASS) / (2 * E_EG)), *((energy,) if result.has(ENERGY) else ()),
    )  # fmt: skip
    used = result.free_symbols.union(*(d.expression.free_symbols for d in definitions))
    ending = "" if pair_step == "M1" else "_e1"
    return Formula(
        f"boson_line_{interaction.name}{ending}",
        f"Strength S of the line of the boson of {interaction.name} ({pair_step} pair step)",
        Symbol("S"),
        "eV",
        tuple(a for a in (*masses, *_couplings(known.values())) if a.symbol in used),
        result,
        tuple(s for s in (G_F, M_E, CHARGE) if s in used),
        definitions,
        Condition(POSITION, Integer(0)),
        Provenance((f"amplitude-{interaction.name}-{pair_step}", "line")),
        ("The line stands at omega_0, I = S delta(omega - omega_0); vector currents act with 2S alone.",),
    )


def _photon(interactions: Sequence[Interaction]) -> tuple[Interaction, ...]:
    chosen = tuple(interaction for interaction in interactions if interaction.propagator.kind == "photon")
    if not chosen:
        raise ValueError(
            "none of the interactions has a photon: there is nothing that decays into one, or that it decays into"
        )
    return chosen
