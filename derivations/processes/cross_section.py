"""Scattering cross sections as formulas: one product of couplings after the other, for one channel i -> j.

In: a process, its source, interactions, and what the neutrino is. Out: a ``Formula`` for ``d sigma/dT``. The neutrino ``nu_i`` comes in and
sees ``c_ji``; an antineutrino sees ``eta c_ij``, a Majorana neutrino both. Hermitian matrices are written with ``c_ij`` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Final

from sympy import Abs, Add, Expr, Integer, Mul, Poly, Symbol, conjugate, factor_terms, im, pi, re, sqrt

from codegen.formulas.formula import Argument, Condition, Definition, Formula, Number, Provenance
from derivations.algebra import ring
from derivations.algebra.ring import REST, imaginary_part, real_part
from derivations.algebra.ring import Poly as RingPoly
from derivations.processes.exchange import Amplitude
from derivations.processes.record import step_names
from derivations.processes.renp.couplings import PRINTED_NAMES, Coupling, couplings
from derivations.processes.scattering import ENERGY, MASS_IN, MASS_OUT, recoil_edges, scattering_amplitude
from derivations.processes.scattering_record import FRAME, STEPS, E, M, T
from derivations.processes.sources import CHARGE
from derivations.symbols import G_F, M_E, M_I, M_J

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction
    from derivations.processes.process import Process
    from derivations.processes.sources import Source

FORMS: Final = ("papers", "threshold")
NATURES: Final = ("dirac", "majorana")
HELICITIES: Final[Mapping[str, int]] = {"minus": -1, "plus": 1, "average": 0}
E_CHARGE, M_N = Symbol("e", positive=True), Symbol("m_N", positive=True)
Z, F, Q_W, Q_V, Q_S = (Symbol(name, real=True) for name in ("Z", "F", "Q_W", "Q_V", "Q_S"))
WEAK_MATRIX: Final = Coupling("w", "matrix", "standard_model", "weak", 0, "neutral current of the neutrinos")
"""What a nucleus has for the matrix of the weak current: the identity where mixing is unitary."""
MOMENTUM, SQUARED = Symbol("p", positive=True), Symbol("q2", real=True)
EDGES, DISTANCE = Symbol("Y", real=True), Symbol("D", positive=True)
"""Positive in the range of T; and, for massless neutrinos, ``Y/T``, the distance to the highest recoil."""
TAKEN: Final = PRINTED_NAMES | {"E", "T", "m_N", "Z", "F", "Q_W", "Q_V", "Q_S", "Y", "D", "p", "q2", "w_ij"}


@dataclass(frozen=True)
class Neutrino:
    """What comes in: nature, kind and helicity, and whether the masses of both neutrinos are kept."""

    nature: str = "dirac"
    antineutrino: bool = False
    helicity: str = ""
    massless: bool = True

    def __post_init__(self) -> None:
        if self.nature not in NATURES:
            raise ValueError(f"nature must be one of {', '.join(NATURES)}, found {self.nature!r}")
        if not self.helicity:
            object.__setattr__(self, "helicity", "plus" if self.antineutrino else "minus")
        if self.helicity not in HELICITIES:
            raise ValueError(f"helicity must be one of {', '.join(HELICITIES)}, found {self.helicity!r}")

    @property
    def ways(self) -> tuple[bool, ...]:
        """The contractions: ``False`` for that of the neutrino, ``True`` for that of the antineutrino."""
        return (False, True) if self.nature == "majorana" else (self.antineutrino,)

    def __str__(self) -> str:
        kind = "neutrino" if self.nature == "majorana" or not self.antineutrino else "antineutrino"
        masses = "massless kinematics" if self.massless else "any masses"
        return f"{self.nature.capitalize()} {kind} of helicity {self.helicity}, {masses}"


def cross_section(
    process: Process, source: Source, interactions: Sequence[Interaction], neutrino: Neutrino = Neutrino(), *,
    propagator: str = "feynman",
    form: str = "papers",
) -> Formula:  # fmt: skip
    """Return ``d sigma/dT`` [eV^-3] of one channel ``nu_i -> nu_j`` as a formula.

    Parameters
    ----------
    process, source : what scatters.
    interactions : the weak current and others; their terms interfere.
    neutrino : what comes in.
    propagator : numerator of massive vectors, ``"feynman"`` or ``"unitary"``.
    form : ``"papers"`` in E and T; ``"threshold"`` in the distance D to the highest recoil of massless neutrinos, in which nothing
        cancels at the edges.

    Raises
    ------
    ValueError : an unknown propagator or form, or the threshold form of massive neutrinos; one line.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> from derivations.processes import electron_scattering as here
    >>> weak = [i for i in shipped_interactions() if i.name == "standard_model"]
    >>> found = cross_section(here.PROCESS, here.SOURCE, weak)
    >>> [argument.symbol.name for argument in found.arguments]
    ['E', 'T', 'm_e', 'a_ij', 'v_ij']
    """
    for name, found, allowed in (("propagator", propagator, ("feynman", "unitary")), ("form", form, FORMS)):
        if found not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(allowed)}, found {found!r}")
    if form == "threshold" and not neutrino.massless:
        raise ValueError("the threshold form of a cross section is for massless neutrinos; take the papers' form")
    return _Writer(process, source, interactions, neutrino, propagator == "unitary", form == "threshold").formula()


@dataclass(frozen=True)
class _Part:
    """One coupling with what stands before it, over the rows; ``star`` says that its element is conjugated."""

    scale: Expr
    element: Expr
    rows: Mapping[int, RingPoly]


def _taken(take: type, one: Expr, other: Expr) -> Expr:
    """Return the real or the imaginary part of ``one other*``, with as few conjugates as it takes."""
    if one == other:
        return Abs(conjugate(one) if isinstance(one, conjugate) else one) ** 2 if take is re else Integer(0)
    other = conjugate(other)
    if isinstance(one, conjugate) and (isinstance(other, conjugate) or not one.is_Symbol):
        # Re z* = Re z and Im z* = -Im z.
        sign = 1 if take is re else -1
        return sign * take(conjugate(one) * conjugate(other), evaluate=False)
    return take(one * other, evaluate=False)


def _at_edges(factor: Expr) -> Expr:
    """Return a factor in the distance to the highest recoil, where all its terms are positive in it."""
    polynomial = Poly(factor, E, T, M, DISTANCE)
    reduced = polynomial.rem(Poly(2 * E**2 - 2 * E * T - M * T - DISTANCE, E, T, M, DISTANCE))
    positive = polynomial.degree(E) > 1 and all(c > 0 for c in reduced.coeffs())
    return reduced.as_expr() if positive else factor


class _Writer:
    def __init__(
        self,
        process: Process,
        source: Source,
        interactions: Sequence[Interaction],
        neutrino: Neutrino,
        unitary: bool,
        at_edges: bool,
    ) -> None:
        self.at_edges = at_edges
        self.process, self.source, self.interactions, self.neutrino = process, source, tuple(interactions), neutrino
        self.found: Amplitude = scattering_amplitude(interactions, source)
        self.nucleus = source.spins == 1
        self.target = M_N if self.nucleus else M_E
        self.known = {(c.interaction, c.coupling): c for c in couplings(self.interactions, TAKEN)}
        self.hermitian = {
            (c.interaction, name): pair for c in self.known.values() for name, pair in c.hermitian.items()
        }
        self.terms = [t for t in self.found.terms if unitary or t.propagator != "longitudinal"]
        self.unitary = unitary

    # -- amplitude

    def parts(self) -> list[_Part]:
        """Return every coupling of the amplitude: equal ones in one part, those of both contractions apart."""
        collected: dict[tuple[Expr, Expr], dict[int, RingPoly]] = {}
        for crossed in self.neutrino.ways:
            for term in self.terms:
                element = self.element(term.interaction, term.matrix)
                key = self.scale(term), element if crossed else conjugate(element)
                rows = collected.setdefault(key, {})
                factor = term.factor * term.eta if crossed else term.factor
                rows[term.row] = rows.get(term.row, REST.zero) + factor
        return [_Part(scale, element, rows) for (scale, element), rows in collected.items()]

    def element(self, interaction: str, matrix: str) -> Expr:
        """Return the element ij of a Hermitian matrix."""
        if matrix == WEAK_MATRIX.coupling and self.nucleus:
            return WEAK_MATRIX.symbols[0]
        if (interaction, matrix) in self.hermitian:
            return self.hermitian[interaction, matrix][0]
        return self.known[interaction, matrix].symbols[0]

    def scale(self, term: object) -> Expr:
        """Return constants, coupling of the source and propagator of a term; all of it is real."""
        named = {"sqrt2": sqrt(2), "sqrt2_over_G_F": sqrt(2) / G_F, "e": E_CHARGE}
        result = Mul(*(named[name] ** power for name, power in term.constants))  # type: ignore[attr-defined]
        interaction, coupling, propagator = term.interaction, term.coupling, term.propagator  # type: ignore[attr-defined]
        if coupling is not None:
            result *= self.charge(interaction, coupling)
        if propagator == "photon":
            result /= SQUARED
        elif propagator != "contact":
            mass = next(c.symbols[0] for c in self.known.values() if (c.interaction, c.kind) == (interaction, "mass"))
            result /= SQUARED - mass**2
            if propagator == "longitudinal":
                result /= mass**2
        return result

    def charge(self, interaction: str, coupling: str) -> Expr:
        """Return the coupling of the source."""
        if not self.nucleus:
            return self.known[interaction, coupling].symbols[0]
        spins = {i.name: i.propagator.spin for i in self.interactions}
        own = {"weak_charge": Q_W * F, "electric_charge": -Z * F, CHARGE: (Q_V if spins[interaction] else Q_S) * F}
        return own[coupling]

    # -- cross section

    def products(self) -> Iterable[tuple[Expr, Expr, Expr]]:
        """Yield scale, product of elements and its structure, in the order of the couplings."""
        parts = self.parts()
        for n, m in combinations_with_replacement(range(len(parts)), 2):
            one, other = parts[n], parts[m]
            summed, polarised = (self._sum(name, one.rows, other.rows) for name in ("summed", "polarised"))
            twice = 1 if n == m else 2
            for take, sign, piece in ((re, 1, real_part), (im, -1, imaginary_part)):
                structure = self._structure(piece(summed), piece(polarised))
                product = _taken(take, one.element, other.element)
                if structure != 0 and product != 0:
                    yield one.scale * other.scale * twice * sign, product, structure

    def _sum(self, name: str, one: Mapping[int, RingPoly], other: Mapping[int, RingPoly]) -> RingPoly:
        gram, total = self.found.gram[name], REST.zero
        for n, left in one.items():
            for m, right in other.items():
                entry = gram.get((min(n, m), max(n, m)))
                if entry:
                    total += left * ring.conjugate(right) * (entry if n <= m else ring.conjugate(entry))
        return (
            total.compose([(MASS_IN, REST.zero), (MASS_OUT, REST.zero)]) if self.neutrino.massless and total else total
        )

    def _structure(self, summed: RingPoly, polarised: RingPoly) -> Expr:
        helicity = HELICITIES[self.neutrino.helicity]
        if self.neutrino.massless:
            total = summed + (polarised.exquo(ENERGY) * helicity if helicity and polarised else REST.zero)
            return self._own(total)
        return factor_terms(self._own(summed) + helicity * self._own(polarised) / MOMENTUM)

    def _own(self, polynomial: RingPoly) -> Expr:
        if not polynomial:
            return Integer(0)
        found = FRAME.expression(polynomial)
        if self.at_edges:
            found = Mul(*(_at_edges(factor) for factor in Mul.make_args(found)))
        return found.xreplace({M: self.target})

    def result(self) -> Expr:
        """Return the cross section."""
        momentum = E if self.neutrino.massless else MOMENTUM
        flux = 64 * pi * self.target * momentum**2 * self.source.spins
        # Products of one scale and one structure stand together.
        grouped: dict[Expr, list[Expr]] = {}
        for scale, product, structure in self.products():
            number, rest = (scale * structure / flux).as_coeff_Mul()
            grouped.setdefault(rest, []).append(number * product)
        return Add(*(Mul(rest, factor_terms(Add(*products))) for rest, products in grouped.items()))

    def formula(self) -> Formula:
        """Return the record."""
        names = ", ".join(interaction.name for interaction in self.interactions)
        target = Argument(self.target, "eV", f"mass of the {self.source.name}", Fraction(2))
        masses = () if self.neutrino.massless else (
            Argument(M_I, "eV", "mass of the incoming neutrino", Fraction(1, 8)),
            Argument(M_J, "eV", "mass of the outgoing neutrino", Fraction(1, 4)),
        )  # fmt: skip
        offered = [
            Argument(E, "eV", "total energy of the neutrino", Fraction(3)),
            Argument(T, "eV", "kinetic energy of the target afterwards", Fraction(1, 2)),
            target,
            *masses,
            *self._charges(),
            *self._couplings(),
        ]
        result = self.result()
        definitions = self._definitions()
        used = {symbol for d in definitions for symbol in d.expression.free_symbols} | result.free_symbols
        definitions = [d for d in definitions if d.symbol in used or d.symbol == EDGES]
        symbols = {a.symbol for a in offered}
        return Formula(
            self.process.name,
            f"Cross section dsigma/dT of {self.process.reaction}: {names}",
            Symbol("dsigma_dT"),
            "eV^-3",
            tuple(a for a in offered if a.symbol in used),
            result,
            tuple(s for s in (G_F, E_CHARGE) if s in used - symbols),
            tuple(definitions),
            self._condition(),
            Provenance(tuple(name for name in step_names(self.found, *STEPS) if not name.startswith("gram-"))),
            (f"{self.neutrino}.", *(["Massive vectors have the numerator g - q q / M^2."] if self.unitary else [])),
        )

    def _definitions(self) -> list[Definition]:
        result = []
        if self.neutrino.massless:
            distance = 2 * E**2 - 2 * E * T - T * self.target
            result += [Definition(DISTANCE, distance, two_part=True), Definition(EDGES, T * DISTANCE)]
        else:
            result += [Definition(EDGES, self._own(recoil_edges()), two_part=True)]
            result += [Definition(MOMENTUM, sqrt((E - M_I) * (E + M_I)))]
        result += [Definition(symbol, expanded) for symbol, expanded in self.hermitian.values()]
        return [*result, Definition(SQUARED, -2 * self.target * T, latex="q^2")]

    def _condition(self) -> Condition:
        # Numbers in which nothing is singular, for points outside.
        return Condition(EDGES, Integer(0), inside=((E, 2 + (0 if self.neutrino.massless else M_I)), (T, Integer(1))))

    def _charges(self) -> list[Argument]:
        return [
            Argument(Z, "1", "number of protons", Fraction(3)),
            Argument(F, "1", "form factor at this T", Fraction(1, 2)),
            Argument(Q_W, "1", "weak charge, Z (1/2 - 2 sin^2 theta_W) - N/2", Fraction(-2)),
            Argument(Q_V, "1", "charge of the nucleus under the vector mediator", Fraction(1, 2)),
            Argument(Q_S, "1", "charge of the nucleus under the scalar mediator", Fraction(1, 3)),
        ]

    def _couplings(self) -> Iterable[Argument]:
        if self.nucleus:
            yield Argument(WEAK_MATRIX.symbols[0], "1", WEAK_MATRIX.doc, (Fraction(1), Fraction(1, 2)))
        for place, coupling in enumerate(self.known.values()):
            units = "1" if not coupling.dimension else f"eV^{coupling.dimension}" if coupling.dimension != 1 else "eV"
            for symbol, latex in zip(coupling.symbols, coupling.latex, strict=True):
                real = Fraction(place + 2, 3)
                example: Number = (real, Fraction(1, place + 2)) if coupling.is_matrix else real
                yield Argument(symbol, units, coupling.doc, example, latex)
