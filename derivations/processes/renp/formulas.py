"""Formulas of the spectral function as records, in two forms (in: ``SpectralFunction``; out: ``Formula``).

``papers``     in ``s``, ``Delta_ij`` and ``I^D_ij``, as the literature prints it: one product of couplings after the other, those of
               equal structure in one coupling (``a^L``), Majorana terms behind ``delta_M``. Mediators have no width.
``threshold``  in the distance to threshold ``t``: the amplitude of each row first, then the Gram matrix, whose diagonal is a sum
               of positive terms. Nothing cancels where a channel opens.

Both hold for an averaged atom and a pair that takes the photon's momentum, ``|q| = omega``; the Gram matrix holds for any ``q``.
The papers' form of one ordered pair is half the sum of those of ij and ji, which leaves the sum over pairs alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any, Final

from sympy import Abs, Add, Expr, I, Integer, Mul, Rational, Symbol, conjugate, gcd, im, pi, re, sqrt

from codegen.formulas.formula import Argument, Condition, Definition, Formula, Number, Provenance, identifier
from derivations.algebra import ring
from derivations.algebra.ring import CLOSED, Poly, imaginary_part, normal_form, real_part, s_
from derivations.interactions.model import WEAK
from derivations.processes.renp.couplings import Coupling, couplings
from derivations.processes.renp.interference import Product, coupling_product, kinematic_factor
from derivations.processes.renp.kernel import CONTACT
from derivations.processes.renp.papers import (
    DIFFERENCE,
    SUM,
    averaged,
    dirac_expression,
    lowest_terms,
    papers_form,
    threshold_form,
)
from derivations.processes.renp.rendering import name_latex
from derivations.processes.renp.spectrum import GRAM_REASON, gram_name, kinematics_step, spectrum_step
from derivations.symbols import DELTA, DELTA_M, E_EG, E_VG, G_F, I_D, M_E, M_I, M_J, OMEGA, S_OF_OMEGA, S, T

if TYPE_CHECKING:
    from derivations.neutrino.rows import AmplitudeTerm
    from derivations.processes.renp.spectrum import SpectralFunction

FORMS: Final = ("papers", "threshold")
PROPAGATORS: Final = ("feynman", "unitary")
OPERATORS: Final = ("spin", "full")
P, D, Q, Q_0 = Symbol("P"), Symbol("D"), Symbol("q"), Symbol("q_0")
CHARGE, LENGTH = Symbol("e", positive=True), Symbol("r", real=True)
ENERGY_MIN, ENERGY_MAX, THRESHOLD = Symbol("E_min"), Symbol("E_max"), Symbol("omega_ij")
_AT_REST: Final = "The pair takes the photon's momentum, q = omega: no momentum is imprinted on the target."
_AVERAGE: Final = "The atom is averaged over all magnetic numbers."


def formulas(
    spectral: SpectralFunction, form: str = "papers", *, propagator: str = "feynman", m1: str = "spin"
) -> dict[str, Formula]:
    """Return all formulas of a spectral function by name: kinematics, structure functions, ``bracket`` and ``summand``.

    Parameters
    ----------
    spectral : rows, amplitude and Gram matrix.
    form : ``"papers"`` or ``"threshold"``; the structure functions stand in the second alone.
    propagator : numerator of massive vectors, ``"feynman"`` for ``g`` or ``"unitary"`` for ``g - q q / M^2``.
    m1 : the magnetic operator of vector currents, ``"spin"`` for 2S or ``"full"`` for L + 2S.

    Raises
    ------
    ValueError : an unknown form, propagator or magnetic operator; one line.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> from derivations.processes.renp.spectrum import spectral_function
    >>> weak = spectral_function([i for i in shipped_interactions() if i.name == "standard_model"])
    >>> list(formulas(weak, "papers"))[-4:]
    ['phase_space', 'I_D', 'bracket', 'summand']
    """
    writer = _writer(spectral, form, propagator, m1)
    found = [*kinematics(), *([dirac_formula()] if form == "papers" else gram_formulas(spectral))]
    return {formula.name: formula for formula in (*found, writer.formula("bracket"), writer.formula("summand"))}


def summand(
    spectral: SpectralFunction, form: str = "papers", *, propagator: str = "feynman", m1: str = "spin"
) -> Formula:
    """Return one ordered pair's contribution to I(omega) alone; arguments and errors are those of :func:`formulas`."""
    return _writer(spectral, form, propagator, m1).formula("summand")


def _writer(spectral: SpectralFunction, form: str, propagator: str, m1: str) -> _Writer:
    for name, found, allowed in (("form", form, FORMS), ("propagator", propagator, PROPAGATORS), ("m1", m1, OPERATORS)):
        if found not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(allowed)}, found {found!r}")
    return (_Papers if form == "papers" else _Threshold)(spectral, propagator == "unitary", m1 == "full")


def restricted(spectral: SpectralFunction, names: Sequence[str]) -> SpectralFunction:
    """Return a spectral function with the couplings of some of its interactions alone; the rows keep their names.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> from derivations.processes.renp.spectrum import spectral_function
    >>> everything = spectral_function(shipped_interactions())
    >>> formulas(restricted(everything, ["standard_model"]), "papers")["bracket"].title
    'Bracket of the summand of standard_model (M1 pair step, papers form)'
    """
    terms = tuple(term for term in spectral.amplitude.terms if term.interaction in names)
    chosen = tuple(interaction for interaction in spectral.interactions if interaction.name in names)
    return replace(spectral, interactions=chosen, amplitude=replace(spectral.amplitude, terms=terms))


# ---------------------------------------------------------------- kinematics


def _argument(symbol: Symbol, units: str, doc: str, example: str, latex: str = "") -> Argument:
    return Argument(symbol, units, doc, Fraction(example), latex)


_OMEGA = _argument(OMEGA, "eV", "photon energy", "0.5")
_E_EG = _argument(E_EG, "eV", "energy of the excited above the ground state", "2")
_E_VG = _argument(E_VG, "eV", "energy of the intermediate above the ground state", "2.25")
_M_I = _argument(M_I, "eV", "mass of the neutrino i", "0.125")
_M_J = _argument(M_J, "eV", "mass of the antineutrino j", "0.25")
_DELTA_M = _argument(DELTA_M, "1", "0 for Dirac, 1 for Majorana neutrinos", "1")
_PAIR = (_OMEGA, _E_EG, _M_I, _M_J)

_DELTA = sqrt((S - SUM**2) * (S - DIFFERENCE**2)) / S
_MASS_SQUARED = Definition(S, S_OF_OMEGA)
_OPEN = Condition(S, SUM**2)
_DISTANCE = Definition(T, S_OF_OMEGA - SUM**2, two_part=True)


def _kinematic_source() -> Provenance:
    step = kinematics_step()
    return Provenance((step.name,), (step.reference,), step.reason)


def kinematics() -> tuple[Formula, ...]:
    """Return what energies and masses alone decide, the same for every interaction.

    Example
    -------
    >>> [formula.name for formula in kinematics()][:3]
    ['pair_mass_squared', 'threshold', 'distance_to_threshold']
    """
    source = _kinematic_source()
    mean = (E_EG - OMEGA) / 2 * (1 + (M_I**2 - M_J**2) / S)
    delta = Definition(DELTA, _DELTA)
    no_range = Condition(S, SUM**2, "nan")
    short = (_MASS_SQUARED, delta)

    def found(
        name: str,
        title: str,
        symbol: Symbol,
        units: str,
        arguments: tuple[Argument, ...],
        result: Expr,
        definitions: tuple[Definition, ...] = (),
        condition: Condition | None = None,
    ) -> Formula:
        return Formula(name, title, symbol, units, arguments, result, (), definitions, condition, source, (_AT_REST,))

    return (
        found("pair_mass_squared", "Invariant mass squared s of the pair", S, "eV^2", (_OMEGA, _E_EG), S_OF_OMEGA),
        found("threshold", "Threshold omega_ij: the highest photon energy of a pair", THRESHOLD, "eV",
              (_E_EG, _M_I, _M_J), E_EG / 2 - SUM**2 / (2 * E_EG)),
        found("distance_to_threshold", "Distance to threshold t = s - (m_i + m_j)^2, to full precision", T, "eV^2",
              _PAIR, T, (_DISTANCE,)),
        found("Delta_ij", "Factor Delta_ij of the two-body phase space", DELTA, "1", _PAIR, _DELTA, (_MASS_SQUARED,), _OPEN),
        found("energy_min", "Lowest energy of the neutrino i", ENERGY_MIN, "eV", _PAIR, mean - OMEGA * DELTA / 2, short,
              no_range),
        found("energy_max", "Highest energy of the neutrino i", ENERGY_MAX, "eV", _PAIR, mean + OMEGA * DELTA / 2, short,
              no_range),
        found("phase_space", "Two-body phase space, 1/(8 pi q) times the length of the range of E_nu", Symbol("Phi_2"),
              "1", _PAIR, DELTA / (8 * pi), short, _OPEN),
    )  # fmt: skip


def dirac_formula() -> Formula:
    """Return ``I^D_ij`` as papers print it."""
    return Formula(
        "I_D",
        "Spectral function I^D_ij of one pair of Dirac neutrinos with a_ij = 1",
        I_D,
        "eV^2",
        _PAIR,
        dirac_expression(),
        definitions=(_MASS_SQUARED, Definition(DELTA, _DELTA)),
        condition=_OPEN,
        provenance=Provenance(
            ("gram-vector-vector", "gram-axial-axial", "spectral-function"), (spectrum_step().reference,)
        ),
        notes=(_AVERAGE, _AT_REST),
    )


# ---------------------------------------------------------------- structure functions


def gram_formulas(spectral: SpectralFunction) -> tuple[Formula, ...]:
    """Return every structure function in closed form, in ``t``; names start with the pair step.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> from derivations.processes.renp.spectrum import spectral_function
    >>> weak = spectral_function([i for i in shipped_interactions() if i.name == "standard_model"])
    >>> gram_formulas(weak)[-1].name, gram_formulas(weak)[-1].expression
    ('gram_m1_axial_cross_axial_cross_across', 2*t*(8*m_i*m_j + 2*t + 3*(m_i - m_j)**2)/(3*(t + (m_i + m_j)**2)))
    """
    prefix = f"gram_{spectral.amplitude.pair_step.lower()}"
    meanings = {"along": "N^zz", "across": "(N^xx + N^yy)/2", "circular": "(N^xy - N^yx)/2"}
    result = []
    for entry in spectral.gram:
        left, right = spectral.rows[entry.n].name, spectral.rows[entry.m].name
        form = entry.closed_form
        expression = threshold_form(form, (T, P, D, Q, Q_0, DIFFERENCE, SUM)) / S**form.power
        offered = (
            _argument(T, "eV^2", "distance to threshold, s - (m_i + m_j)^2", "0.5"),
            _M_I,
            _M_J,
            _argument(Q, "eV", "momentum of the pair along z; omega where none is imprinted", "0.5"),
            _argument(Q_0, "eV", "energy of the pair, E_eg - omega", "1.5"),
        )
        short = (Definition(P, M_I * M_J), Definition(D, DIFFERENCE**2), Definition(S, T + SUM**2))
        definitions = tuple(d for d in short if expression.has(d.symbol))
        needed = expression.free_symbols.union(*(d.expression.free_symbols for d in definitions))
        result.append(
            Formula(
                f"{prefix}_{left}_{right}_{entry.part}",
                f"Structure function of {left} with {right}, {meanings[entry.part]} averaged over E_nu"
                f" ({spectral.amplitude.pair_step})",
                Symbol("G"),
                _units(_dimension(entry)),
                tuple(argument for argument in offered if argument.symbol in needed),
                expression,
                definitions=definitions,
                provenance=Provenance((gram_name(spectral.rows, entry.n, entry.m),), (), GRAM_REASON),
            )
        )
    return tuple(result)


def _dimension(entry: Any) -> int:
    """Return the mass dimension of a structure function, from its first monomial."""
    t, P_, D_, *single = next(iter(entry.closed_form.numerator))
    return int(2 * (t + P_ + D_) + sum(single) - 2 * entry.closed_form.power)


def _units(dimension: int) -> str:
    return {0: "1", 1: "eV"}.get(dimension, f"eV^{dimension}")


# ---------------------------------------------------------------- couplings and amplitudes


class _Writer(ABC):
    """What both forms share: symbols of couplings, and what multiplies them in units of ``G_F / sqrt(2)``."""

    form = ""
    delta: Expr

    def __init__(self, spectral: SpectralFunction, unitary: bool, full: bool) -> None:
        self.spectral = spectral
        self.full = full
        self.known = {(c.interaction, c.coupling): c for c in couplings(spectral.interactions)}
        self.taken = {identifier(symbol) for c in self.known.values() for symbol in c.symbols}
        self.terms = [t for t in spectral.amplitude.terms if unitary or t.coefficient.propagator != "longitudinal"]
        self.structure: dict[tuple[int, int], Any] = {}
        for n in range(len(spectral.rows)):
            for m in range(n, len(spectral.rows)):
                found = averaged([e for e in spectral.gram if (e.n, e.m) == (n, m)])
                if found:
                    self.structure[n, m] = found
        self.hermitian = {name: pair for coupling in self.known.values() for name, pair in coupling.hermitian.items()}
        self.notes = [
            _AVERAGE,
            _AT_REST,
            *(["Massive vectors have the numerator g - q q / M^2."] if unitary else []),
            *(["The magnetic operator is L + 2S."] if full else []),
        ]

    def own(self, name: str) -> Symbol:
        """Return a symbol of the formula's own, with a name that no coupling has."""
        head, mark, tail = name.partition("^")
        while identifier(Symbol(head + mark + tail)) in self.taken:
            head += "_"
        return Symbol(head + mark + tail)

    # -- what stands in front of a matrix

    def scale(self, term: AmplitudeTerm) -> Expr:
        """Return constants, electron coupling and propagator of a term, in units of ``G_F / sqrt(2)``."""
        c = term.coefficient
        result: Expr = Rational(1, 2) if term.orbital and self.full else Integer(1)
        if c.propagator == "contact":
            number, constants = CONTACT[c.constant]
            result *= Rational(number)
            named = {"sqrt2": sqrt(2), "sqrt2_over_G_F": sqrt(2) / G_F}
            for name, power in constants:
                result *= named[name] ** power
        else:
            result *= sqrt(2) / G_F * (CHARGE if c.constant == "e" else 1)
        if term.electron is not None:
            result *= self.known[term.interaction, term.electron].symbols[0]
        if self.spectral.amplitude.pair_step == "E1":
            result *= LENGTH
        return result * self.propagator(term)

    @abstractmethod
    def propagator(self, term: AmplitudeTerm) -> Expr:
        """Return the propagator of a term."""

    def mass(self, interaction: str) -> Symbol:
        return next(c.symbols[0] for c in self.known.values() if (c.interaction, c.kind) == (interaction, "mass"))

    def matrix(self, name: str, interaction: str) -> Symbol:
        """Return the symbol of a Hermitian matrix, a user's own or one of the two of a general one."""
        if name in self.hermitian:
            return self.hermitian[name][0]
        return self.known[interaction, name].symbols[0]

    # -- the record

    @abstractmethod
    def definitions(self) -> list[Definition]:
        """Return what the bracket abbreviates."""

    @abstractmethod
    def bracket(self) -> Expr:
        """Return what multiplies ``Delta_ij/(E_vg - omega)^2``."""

    def formula(self, name: str) -> Formula:
        """Return ``bracket``, or ``summand``: one ordered pair's contribution to I(omega)."""
        bracket = self.bracket()
        general = [Definition(symbol, expression) for symbol, expression in self.hermitian.values()]
        result = bracket if name == "bracket" else DELTA / (E_VG - OMEGA) ** 2 * bracket
        definitions: list[Definition] = []
        needed = set(result.free_symbols)
        if self.condition is not None:
            needed |= (self.condition.symbol - self.condition.above).free_symbols
        for definition in reversed([*general, *self.definitions()]):
            if definition.symbol in needed:
                definitions.insert(0, definition)
                needed |= definition.expression.free_symbols
        what = "Contribution of the ordered pair ij to I(omega)" if name == "summand" else "Bracket of the summand"
        interactions = ", ".join(interaction.name for interaction in self.spectral.interactions)
        step = self.spectral.amplitude.pair_step
        references = dict.fromkeys(r for i in self.spectral.interactions for r in i.references)
        used = dict.fromkeys(f"amplitude-{term.interaction}" for term in self.terms)
        return Formula(
            name,
            f"{what} of {interactions} ({step} pair step, {self.form} form)",
            Symbol({"summand": "I_ij", "bracket": "B_ij"}[name]),
            "1" if name == "summand" else "eV^2",
            tuple(argument for argument in self.arguments() if argument.symbol in needed),
            result,
            tuple(c for c in (G_F, M_E, CHARGE) if c in needed),
            tuple(definitions),
            self.condition,
            Provenance((*used, "rows", "majorana", spectrum_step().name), tuple(references)),
            tuple(self.notes),
        )

    condition: Condition | None = None

    def arguments(self) -> Iterable[Argument]:
        """Yield every argument that a formula may need, in the order of the printed function."""
        yield from (_OMEGA, _E_EG, _E_VG, _M_I, _M_J, _DELTA_M)
        doc = "dipole length of the pair step; bohr_radius times the argument dipole_length of the evaluators"
        yield _argument(LENGTH, "eV^-1", doc, "0.0003")
        kinds = {i.name: (i.propagator.kind == "contact", i.propagator.spin) for i in self.spectral.interactions}
        for place, coupling in enumerate(sorted(self.known.values(), key=lambda c: c.interaction != WEAK)):
            for symbol, latex in zip(coupling.symbols, coupling.latex, strict=True):
                units = _units(coupling.dimension)
                yield Argument(
                    symbol, units, coupling.doc, _example(coupling, place, *kinds[coupling.interaction]), latex
                )


def _example(coupling: Coupling, place: int, contact: bool, spin: int | None) -> Number:
    """Return an example that makes an amplitude of the size of the weak one."""
    if coupling.kind in ("mass", "width"):
        return Fraction(3) if coupling.kind == "mass" else Fraction(1, 4)
    if coupling.kind == "electron":
        return Fraction(1, 10**11) if spin else Fraction(1, 10**5)
    if contact:
        size = Fraction(1, 8) / (1 if coupling.dimension > -2 else 10**23)
    else:
        size = Fraction(1, 10**12) if coupling.dimension == 0 else Fraction(1, 10**17)
    return size * (3 + place % 3), size * (2 - place % 5)


# ---------------------------------------------------------------- as papers write it


@dataclass(frozen=True)
class _Class:
    """Coupling products of one structure: ``pattern[row] / (s^power m_e^electron)`` times their sum."""

    pattern: dict[int, Poly]
    power: int
    electron: int
    members: tuple[tuple[Rational, Expr, Symbol], ...]
    """Number, scale and matrix of each product."""
    symbol: Expr
    """The coupling that stands for their sum."""
    scale: Expr
    """What multiplies ``symbol``; 1 for an abbreviation."""
    abbreviated: bool


class _Papers(_Writer):
    form = "papers"
    delta = _DELTA
    condition = _OPEN

    def __init__(self, spectral: SpectralFunction, unitary: bool, full: bool) -> None:
        super().__init__(spectral, unitary, full)
        if any(c.kind == "width" for c in self.known.values()):
            self.notes.append("Mediators have no width.")
        self.notes.append("Half the sum of ij and ji, which leaves the sum over ordered pairs alone.")
        self.classes = self._classes()

    def propagator(self, term: AmplitudeTerm) -> Expr:
        kind = term.coefficient.propagator
        if kind in ("contact", "photon"):
            return Integer(1)
        mass = self.mass(term.interaction)
        return 1 / (S - mass**2) / (mass**2 if kind == "longitudinal" else 1)

    def definitions(self) -> list[Definition]:
        short = [
            Definition(found.symbol, Add(*(number * scale * matrix for number, scale, matrix in found.members)))
            for found in self.classes
            if found.abbreviated
        ]
        return [_MASS_SQUARED, Definition(DELTA, _DELTA), Definition(I_D, dirac_expression()), *short]

    def _classes(self) -> list[_Class]:
        """Collect the products whose patterns over the rows are real multiples of each other."""
        products: dict[Product, list[AmplitudeTerm]] = {}
        for term in self.terms:
            products.setdefault(coupling_product(term), []).append(term)
        drafts: list[tuple[dict[int, Poly], int, int, list[tuple[Rational, Expr, Symbol]]]] = []
        for terms in products.values():
            first = terms[0]
            pattern: dict[int, Poly] = {}
            for term in terms:
                pattern[term.row] = pattern.get(term.row, CLOSED.zero) + kinematic_factor(term)
            pattern = {row: normal_form(value) for row, value in pattern.items() if value}
            power, electron = int(first.coefficient.propagator == "photon"), first.coefficient.m_e
            if power and all(not value.rem(s_) for value in pattern.values()):
                pattern, power = {row: value.exquo(s_) for row, value in pattern.items()}, 0
            scale, matrix = self.scale(first), self.matrix(first.neutrino, first.interaction)
            for known, p, m, members in drafts:
                number = _multiple(pattern, known) if (p, m) == (power, electron) else None
                if number is not None:
                    members.append((number, scale, matrix))
                    break
            else:
                drafts.append((pattern, power, electron, [(Integer(1), scale, matrix)]))
        return self._named(drafts)

    def _named(
        self, drafts: Sequence[tuple[dict[int, Poly], int, int, list[tuple[Rational, Expr, Symbol]]]]
    ) -> list[_Class]:
        """Give a coupling of its own to every class of several products, and to those of the other chirality."""
        hands = [self._chirality(pattern) for pattern, *_ in drafts]
        operators = [frozenset(pattern) for pattern, *_ in drafts]
        long = [len(members) > 1 for *_, members in drafts]
        result = []
        for index, (pattern, power, electron, members) in enumerate(drafts):
            relatives = [
                n for n in range(len(drafts)) if hands[n] and hands[index] and operators[n] == operators[index]
            ]
            if not (long[index] or any(long[n] for n in relatives)):
                _, scale, matrix = members[0]
                result.append(_Class(pattern, power, electron, tuple(members), matrix, scale, False))
                continue
            leading, *_, leaders = drafts[min(relatives, default=index)]
            base = str(leaders[0][2].name).removesuffix("_ij").replace("^", "_")
            # The two chiralities share the coefficient of their vector row.
            row = min(pattern, key=self._eta)
            number = _multiple({row: pattern[row]}, {row: leading[row]}) or Integer(1)
            result.append(
                _Class(
                    {n: value * CLOSED.domain.from_sympy(1 / number) for n, value in pattern.items()},
                    power,
                    electron,
                    tuple((number * factor, scale, matrix) for factor, scale, matrix in members),
                    self.own(f"{base}^{hands[index] or 'eff'}_ij"),
                    Integer(1),
                    True,
                )
            )
        return result

    def _eta(self, row: int) -> int:
        return self.spectral.rows[row].eta

    def _chirality(self, pattern: dict[int, Poly]) -> str:
        """Return ``L`` or ``R`` for ``gamma^mu (1 -+ gamma5)``: rows of opposite sign of conjugation, equal up to a sign."""
        if len(pattern) != 2:
            return ""
        (first, one), (second, other) = sorted(pattern.items(), key=lambda item: self._eta(item[0]))
        names = [self.spectral.rows[row].name for row in (first, second)]
        if names[1] != names[0].replace("vector", "axial") or names[0] == names[1]:
            return ""
        return "L" if not one + other else "R" if not one - other else ""

    def bracket(self) -> Expr:
        """Return the sum over products of two couplings, those in front of one function together."""
        groups: dict[Expr, list[tuple[Rational, Expr]]] = {}
        for first, second in combinations_with_replacement(self.classes, 2):
            for product, form in self._products(first, second):
                outside = first.scale * second.scale / M_E ** (first.electron + second.electron)
                for number, key in papers_form(form):
                    groups.setdefault(key * outside, []).append((number, product))
        return Add(*(_grouped(key, terms) for key, terms in groups.items()))

    def _products(self, first: _Class, second: _Class) -> Iterable[tuple[Expr, Any]]:
        """Yield every real product of two couplings with the function in front of it, for Dirac and for Majorana neutrinos.

        With ``c_n = k_n A`` for ij and ``k'_n A*`` for ji (``k'`` has ``m_i - m_j`` turned), Majorana neutrinos have
        ``|c_n + eta_n c_n,ji|^2 / 2``: products with one star as Dirac neutrinos, and products without.
        """
        a, b = first.symbol, second.symbol
        same = first is second
        starred = self._sum(first, second, False, False)
        mirrored = self._sum(first, second, True, True)
        double = self._sum(first, second, False, True)
        if not same:
            double += self._sum(second, first, False, True)
        times = 1 if same else 2
        dirac = (
            (real_part(starred) + _swapped(real_part(starred))) / 2,
            (imaginary_part(starred) - _swapped(imaginary_part(starred))) / 2,
        )
        kept = ring.conjugate(mirrored)
        majorana = (real_part(starred) + real_part(kept)) / 2, (imaginary_part(starred) + imaginary_part(kept)) / 2
        star = re(a * conjugate(b)) if not same else Abs(a) ** 2
        for product, polynomial in (
            (star, dirac[0] * times),
            (DELTA_M * star, (majorana[0] - dirac[0]) * times),
            *(() if same else (
                (im(a * conjugate(b)), -dirac[1] * times),
                (DELTA_M * im(a * conjugate(b)), (dirac[1] - majorana[1]) * times),
            )),
            (DELTA_M * re(a * b, evaluate=False), real_part(double)),
            (DELTA_M * im(a * b, evaluate=False), -imaginary_part(double)),
        ):  # fmt: skip
            form = lowest_terms(normal_form(polynomial) / 8, 2 + first.power + second.power)
            if form:
                yield product, form

    def _sum(self, first: _Class, second: _Class, left: bool, right: bool) -> Poly:
        """Return ``sum_nm k_n k_m* G_nm`` over ``s^2``, either side turned by the second contraction."""
        rows, total = self.spectral.rows, CLOSED.zero
        for n, one in first.pattern.items():
            for m, other in second.pattern.items():
                found = self.structure.get((min(n, m), max(n, m)))
                if found is None:
                    continue
                entry = found.numerator * s_ ** (2 - found.power)
                entry = entry if n <= m else ring.conjugate(entry)
                one_ = _swapped(one) * rows[n].eta if left else one
                other_ = _swapped(other) * rows[m].eta if right else other
                total += one_ * ring.conjugate(other_) * entry
        return normal_form(total)


def _multiple(pattern: dict[int, Poly], known: dict[int, Poly]) -> Rational | None:
    """Return the real number that turns a known pattern into another one, if there is one."""
    if set(pattern) != set(known):
        return None
    row = next(iter(known))
    monomial = next(iter(known[row]))
    if monomial not in pattern[row]:
        return None
    number = CLOSED.domain.to_sympy(pattern[row][monomial]) / CLOSED.domain.to_sympy(known[row][monomial])
    if not number.is_real:
        return None
    factor = CLOSED.domain.from_sympy(number)
    return number if all(pattern[n] == known[n] * factor for n in known) else None


def _swapped(polynomial: Poly) -> Poly:
    """Return a polynomial with i and j exchanged: odd powers of ``m_i - m_j`` change sign."""
    position = CLOSED.gens.index(ring.d_)
    return CLOSED.from_dict({k: c * (-1) ** k[position] for k, c in polynomial.items()})


def _grouped(key: Expr, terms: Sequence[tuple[Rational, Expr]]) -> Expr:
    """Return ``number * key * (sum of products)`` with whole numbers of both signs in the sum."""
    number, functions = key.as_coeff_Mul()
    common = gcd([factor for factor, _ in terms])
    inner = Add(*(factor / common * product for factor, product in terms))
    return Mul(number * common, *Mul.make_args(functions), inner)


# ---------------------------------------------------------------- at threshold


class _Threshold(_Writer):
    form = "threshold"
    delta = sqrt(T * (T + 4 * P)) / S
    condition = Condition(T, Integer(0))
    _names = (T, P, D, OMEGA, E_EG - OMEGA, DIFFERENCE, SUM)

    def propagator(self, term: AmplitudeTerm) -> Expr:
        kind = term.coefficient.propagator
        if kind == "contact":
            return Integer(1)
        if kind == "photon":
            return 1 / S
        result = self._pole(term.interaction)
        return result / self.mass(term.interaction) ** 2 if kind == "longitudinal" else result

    def _pole(self, interaction: str) -> Symbol:
        names = [c.interaction for c in self.known.values() if c.kind == "mass"]
        return self.own("propagator" if len(names) == 1 else f"propagator_{interaction}")

    def _poles(self) -> Iterable[Definition]:
        for coupling in self.known.values():
            if coupling.kind != "mass":
                continue
            gap = S - coupling.symbols[0] ** 2
            widths = [c for c in self.known.values() if (c.interaction, c.kind) == (coupling.interaction, "width")]
            value = 1 / gap
            if widths:
                loss = coupling.symbols[0] * widths[0].symbols[0]
                value = (gap - I * loss) / (gap**2 + loss**2)
            pole = self._pole(coupling.interaction)
            yield Definition(pole, value, latex=rf"\Pi_{{{name_latex(coupling.interaction)}}}")

    def _rows(self) -> dict[int, tuple[Expr, Expr]]:
        """Return for each row its amplitude, and that of Majorana neutrinos: ``c_ij + eta c_ji``."""
        result: dict[int, tuple[Expr, Expr]] = {}
        plain = dict(zip(map(Symbol, map(str, CLOSED.gens)), self._names, strict=True))
        for term in self.terms:
            c, row = term.coefficient, self.spectral.rows[term.row]
            factor = kinematic_factor(term).exquo(s_**c.s).as_expr().xreplace(plain) * S**c.s / M_E**c.m_e
            value = factor * self.scale(term)
            matrix = self.matrix(term.neutrino, term.interaction)
            sign = row.eta * (-1) ** c.d
            direct, both = result.get(term.row, (Integer(0), Integer(0)))
            result[term.row] = direct + value * matrix, both + value * (matrix + sign * conjugate(matrix))
        return result

    def definitions(self) -> list[Definition]:
        short = [Definition(P, M_I * M_J), Definition(D, DIFFERENCE**2)]
        rows = self._rows()
        amplitudes = [
            Definition(
                self.own(f"{letter}_{self.spectral.rows[n].name}"),
                values[place],
                latex=f"{letter}_{{{name_latex(self.spectral.rows[n].name)}}}",
            )
            for place, letter in enumerate("cC")
            for n, values in rows.items()
        ]
        gram = [
            Definition(
                self._gram(n, m),
                threshold_form(form, self._names) / S**form.power,
                latex="G_{" + ",".join(name_latex(self.spectral.rows[row].name) for row in (n, m)) + "}",
            )
            for (n, m), form in self.structure.items()
        ]
        sums = [
            Definition(Symbol(name), self._contracted(letter), latex=rf"\Sigma_{{\mathrm{{{name}}}}}")
            for name, letter in (("dirac", "c"), ("majorana", "C"))
        ]
        return [
            _DISTANCE,
            Definition(S, T + SUM**2),
            *short,
            Definition(DELTA, self.delta),
            *self._poles(),
            *amplitudes,
            *gram,
            *sums,
        ]

    def _gram(self, n: int, m: int) -> Symbol:
        names = [self.spectral.rows[row].name for row in (n, m)]
        return self.own(f"G_{names[0]}" if n == m else f"G_{names[0]}_{names[1]}")

    def _contracted(self, letter: str) -> Expr:
        rows = self._rows()
        total: Expr = Integer(0)
        for (n, m), form in self.structure.items():
            if n not in rows or m not in rows:
                continue
            left, right = (self.own(f"{letter}_{self.spectral.rows[row].name}") for row in (n, m))
            function = self._gram(n, m)
            if n == m:
                total += Abs(left) ** 2 * function
            elif imaginary_part(form.numerator):
                total += 2 * re(left * conjugate(right) * function)
            else:
                total += 2 * re(left * conjugate(right)) * function
        return total

    def bracket(self) -> Expr:
        """Return the contraction of amplitudes and Gram matrix, for the nature asked for."""
        return ((1 - DELTA_M) * Symbol("dirac") + DELTA_M * Symbol("majorana") / 2) / 8
