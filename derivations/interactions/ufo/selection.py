"""Which vertices of a model make neutrino pairs, and with what numbers.

In: a :class:`~derivations.interactions.ufo.folder.UfoModel`, its numbers, a mediator, and a mixing matrix. Out:
:class:`Couplings`, in powers of eV: Hermitian matrices of mass states for the bilinears of our language, and the electron's
numbers.

A Feynman rule carries a factor i: the Lagrangian is the vertex over i, and a contact Hamiltonian its negative. For Majorana
neutrinos the rule holds both contractions, ``F = h + eta h^T``, so ``h = F/2``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, Final

from derivations.interactions.ufo.declarations import UfoError, one_line
from derivations.interactions.ufo.expressions import Number, exact_number
from derivations.interactions.ufo.folder import Numbers, Particle, UfoModel, Vertex
from derivations.interactions.ufo.lorentz import (
    PRODUCTS,
    Family,
    bilinear_coordinates,
    contact_coordinates,
    family_of,
    text_of,
    turned,
)

CONTACT: Final = "contact"
"""What names the four-fermion vertices of a model, instead of a mediator."""
GEV: Final = 10**9
"""eV in a GeV."""
ELECTRON: Final = 11
ACTIVE: Final = (12, 14, 16)
"""PDG codes of neutrinos that every calculation holds, if the model has them."""
Z_BOSON: Final = 23
HEAVY: Final = 100
"""Mass in eV above which a further neutral fermion is no neutrino that an atom can emit."""
MAX_NEUTRINOS: Final = 9
"""As many as the names of matrix elements can tell apart."""
SMALLEST: Final = Fraction(1, 10**20)
"""Smallest mass or width in eV that the evaluators take, beside zero widths."""
SMALL: Final = 50
"""A rest below 10^-SMALL of what was added is rounding."""
HERMITIAN: Final = 12
"""Digits in which a Lagrangian must be Hermitian: what complex conjugates that were typed in agree in."""

Matrix = tuple[tuple[Number, ...], ...]


@dataclass(frozen=True)
class Coupling:
    """One Hermitian coupling, or one that comes with its conjugate: a name, bilinears, a number or a matrix, and its sources.

    ``bilinears`` are (bilinear,) of one line, or (electron, neutrino) of a contact term.
    """

    name: str
    bilinears: tuple[str, ...]
    dimension: int
    value: Number | Matrix
    conjugate: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Couplings:
    """What a mediator, or the four-fermion vertices, couple to; mass and width are in eV.

    ``spin`` is ``None`` for four-fermion vertices. ``missing`` says what keeps it from making pairs, if anything does.
    """

    mediator: str
    spin: int | None
    mass: Number
    width: Number
    majorana: bool
    neutrinos: tuple[Particle, ...]
    electron: tuple[Coupling, ...]
    neutrino: tuple[Coupling, ...]
    terms: tuple[Coupling, ...]
    notes: tuple[str, ...]

    @property
    def missing(self) -> str:
        """What is missing, in words; empty if nothing is."""
        if self.spin is None:
            return "" if self.terms else "no four-fermion vertex of electrons and neutrinos"
        lines = (("electrons", self.electron), ("neutrinos", self.neutrino))
        return " and ".join(f"no coupling to {what}" for what, couplings in lines if not couplings)


def mediators(model: UfoModel) -> tuple[Particle, ...]:
    """Return the neutral bosons that couple to a pair of electrons or of neutral fermions, in the order of the model."""
    found: dict[str, Particle] = {}
    for vertex in model.vertices:
        for boson, pair in _bosons(vertex):
            if _is_electrons(pair) or _is_neutral(pair):
                found.setdefault(boson.variable, boson)
    return tuple(found[name] for name in model.particles if name in found)


def has_contact(model: UfoModel) -> bool:
    """Return whether a model has four-fermion vertices of two electrons and two neutral fermions."""
    return any(_contact_legs(vertex) for vertex in model.vertices)


def candidate_names(model: UfoModel) -> tuple[str, ...]:
    """Return what may be named as a mediator."""
    return (*(boson.name for boson in mediators(model)), *((CONTACT,) if has_contact(model) else ()))


def weak_bosons(model: UfoModel) -> frozenset[str]:
    """Return the mediators that the weak current already holds."""
    return frozenset(boson.name for boson in mediators(model) if boson.pdg == Z_BOSON)


def couplings_of(
    model: UfoModel, numbers: Numbers, mediator: str, mixing: Sequence[Sequence[complex]] | None = None
) -> Couplings:
    """Return the couplings of a mediator, or of ``"contact"``.

    Parameters
    ----------
    numbers : of the model, with the parameters that were set.
    mediator : the name of a boson of the model, or ``"contact"``.
    mixing : the matrix U of ``nu_flavour = sum_i U_flavour,i nu_i``, rows in the order of the PDG codes of the model's
        neutrinos; without it they are mass states.

    Raises
    ------
    UfoError : an unknown name, or vertices that are out of scope; one line.
    """
    if mediator == CONTACT and not any(p.name == CONTACT for p in model.particles.values()):
        return _Selection(model, numbers, None, mixing).contact()
    return _Selection(model, numbers, model.particle(mediator), mixing).exchange()


def _bosons(vertex: Vertex) -> Iterator[tuple[Particle, tuple[Particle, Particle]]]:
    """Yield the neutral physical boson of a vertex of three particles, and its two fermions."""
    if len(vertex.particles) != 3:
        return
    bosons = [p for p in vertex.particles if p.spin != 2]
    fermions = [p for p in vertex.particles if p.spin == 2]
    if len(bosons) == 1 and len(fermions) == 2 and not bosons[0].charge and not bosons[0].unphysical:
        yield bosons[0], (fermions[0], fermions[1])


def _is_electrons(pair: Sequence[Particle]) -> bool:
    return sorted(p.pdg for p in pair) == [-ELECTRON, ELECTRON]


def _is_neutral(pair: Sequence[Particle]) -> bool:
    return all(p.spin == 2 and not p.charge and p.color == 1 and not p.unphysical for p in pair)


def _has_pair(vertex: Vertex) -> bool:
    pairs = list(combinations((p for p in vertex.particles if p.spin == 2), 2))
    return any(_is_electrons(pair) or _is_neutral(pair) for pair in pairs)


def _contact_legs(vertex: Vertex) -> tuple[list[int], list[int]] | None:
    """Return the places of the electrons and of the neutral fermions in a vertex of four, counted from 1."""
    if len(vertex.particles) != 4:
        return None
    electrons = [n for n, p in enumerate(vertex.particles, 1) if abs(p.pdg) == ELECTRON]
    others = [n for n in range(1, 5) if n not in electrons]
    legs = vertex.particles
    if _is_electrons([legs[n - 1] for n in electrons]) and _is_neutral([legs[n - 1] for n in others]):
        return electrons, others
    return None


Positions = dict[int, list[list[Number]]]
"""Matrices by position in a basis of coordinates."""


class _Selection:
    """Collects the vertices of one mediator, or those of four fermions, into matrices."""

    def __init__(
        self, model: UfoModel, numbers: Numbers, boson: Particle | None, mixing: Sequence[Sequence[complex]] | None
    ) -> None:
        self.model, self.numbers, self.boson, self.mixing = model, numbers, boson, mixing
        self.m = numbers.arithmetic
        self.half = self.m.mpf(1) / 2
        self.notes: list[str] = []
        self.sources: dict[tuple[str, str], dict[str, None]] = {}

    # ---- which particles

    def neutrinos(self, pairs: Sequence[tuple[Particle, Particle]]) -> tuple[Particle, ...]:
        """Return the neutrinos in the order of their PDG codes: the active ones, and what the pairs connect or make light."""
        known = {abs(p.pdg): p for p in self.model.particles.values() if _is_neutral([p]) and p.pdg < 0}
        known |= {p.pdg: p for p in self.model.particles.values() if _is_neutral([p]) and p.pdg > 0}
        chosen = {pdg for pdg in known if pdg in ACTIVE}
        connected = [{abs(p.pdg) for p in pair} for pair in pairs]
        size = -1
        while size != len(chosen):
            size = len(chosen)
            chosen |= {pdg for codes in connected if codes & chosen for pdg in codes}
        chosen |= {pdg for codes in connected for pdg in codes if self.mass(known[pdg]) <= HEAVY}
        heavy = {pdg for pdg in chosen if pdg not in ACTIVE and self.mass(known[pdg]) > HEAVY}
        self.notes += [f"{known[pdg].name} is heavier than {HEAVY} eV: no atom emits it" for pdg in sorted(heavy)]
        found = tuple(known[pdg] for pdg in sorted(chosen - heavy))
        if len(found) > MAX_NEUTRINOS:
            raise UfoError(f"{self.model.name}: found {len(found)} neutrinos, allowed at most {MAX_NEUTRINOS}")
        natures = {p.own_antiparticle for p in found}
        if len(natures) > 1:
            names = ", ".join(f"{p.name} ({'Majorana' if p.own_antiparticle else 'Dirac'})" for p in found)
            raise UfoError(
                one_line(f"{self.model.name}: found the neutrinos {names}, allowed all Dirac or all Majorana")
            )
        return found

    def mass(self, particle: Particle) -> Number:
        """Return a mass in eV."""
        return self._energy(particle, particle.mass)

    def _energy(self, particle: Particle, parameter: str) -> Number:
        """Return a mass or a width in eV, real and not negative."""
        value = self.numbers.parameter(parameter) * GEV
        if self.m.im(value) or self.m.re(value) < 0:
            shown = f"{parameter!r} = {self.shown(value)} eV of {particle.name!r}"
            particle.place.fail(f"the mass or width {shown}", "a real number that is not negative")
        return self.m.re(value)

    # ---- one boson

    def exchange(self) -> Couplings:
        boson = self.boson
        assert boson is not None
        self._check_boson(boson)
        spin = (boson.spin - 1) // 2
        vertices = [(vertex, pair) for vertex in self.model.vertices for own, pair in _bosons(vertex) if own == boson]
        neutral = [(vertex, pair) for vertex, pair in vertices if _is_neutral(pair)]
        neutrinos = self.neutrinos([pair for _, pair in neutral])
        codes = [p.pdg for p in neutrinos]
        majorana = any(p.own_antiparticle for p in neutrinos)
        electron = self._electron([vertex for vertex, pair in vertices if _is_electrons(pair)], spin)
        chosen = [vertex for vertex, pair in neutral if all(abs(p.pdg) in codes for p in pair)]
        matrices = self._neutrino(chosen, spin, codes, majorana)
        self._note_decays(boson, neutrinos)
        self.notes += [
            f"{vertex.name} has {len(vertex.particles)} particles: only vertices of three are taken"
            for vertex in self.model.vertices
            if boson in vertex.particles and len(vertex.particles) > 3 and _has_pair(vertex)
        ]
        if boson.pdg == Z_BOSON:
            self.notes.append(
                f"the weak current already holds the exchange of {boson.name}: give its matrices without it"
            )
        return Couplings(
            boson.name,
            spin,
            self.mass(boson),
            self._width(boson),
            majorana,
            neutrinos,
            electron,
            matrices,
            (),
            tuple(self.notes),
        )

    def _note_decays(self, boson: Particle, neutrinos: Sequence[Particle]) -> None:
        """Note the width into neutrinos, where the model has it: of a light boson it is all there is."""
        variables = {p.variable for p in self.model.particles.values() if abs(p.pdg) in {n.pdg for n in neutrinos}}
        widths = [width for products, width in self.model.decays.get(boson.variable, ()) if set(products) <= variables]
        try:
            total = sum((self.m.re(self.numbers.number(width)) for width in widths), self.m.mpf(0)) * GEV
        except UfoError:
            return
        if total:
            self.notes.append(f"decays.py has the width {self.shown(total)} eV of {boson.name} into neutrinos")

    def _check_boson(self, boson: Particle) -> None:
        where = f"{boson.place.file}:{boson.place.line}: the mediator {boson.name!r}"
        problems = {
            "is charged": bool(boson.charge),
            "has colour": boson.color != 1,
            f"has spin {Fraction(boson.spin - 1, 2)}": boson.spin not in (1, 3),
            "is a ghost or a Goldstone boson": boson.unphysical,
            "is a dummy particle, which does not propagate": boson.dummy,
            "has a propagator of its own": boson.custom,
            "is not its own antiparticle": not boson.own_antiparticle,
        }
        for problem, found in problems.items():
            if found:
                raise UfoError(
                    one_line(
                        f"{where} {problem}, allowed neutral bosons of spin 0 or 1 that are their own antiparticles"
                    )
                )

    def _width(self, boson: Particle) -> Number:
        width, mass = self._energy(boson, boson.width), self.mass(boson)
        where = f"{boson.place.file}:{boson.place.line}: the mediator {boson.name!r}"
        if boson.spin == 1 and not mass:
            raise UfoError(
                one_line(f"{where} has spin 0 and no mass, allowed a mass: set the parameter {boson.mass!r} (GeV)")
            )
        if 0 < width < self.m.mpf(SMALLEST.numerator) / SMALLEST.denominator:
            self.notes.append(
                f"the width {self.shown(width)} eV of {boson.name} is too small for doubles: taken as zero"
            )
            return self.m.mpf(0)
        if width > mass:
            raise UfoError(
                one_line(
                    f"{where} has the width {self.shown(width)} eV above its mass {self.shown(mass)} eV, allowed a smaller one: "
                    f"set the parameter {boson.width!r} (GeV)"
                )
            )
        return width

    def shown(self, value: Number) -> str:
        """Return a number for a message."""
        return str(self.m.nstr(value, 6))

    def _electron(self, vertices: Sequence[Vertex], spin: int) -> tuple[Coupling, ...]:
        positions = self._matrices(vertices, spin, [ELECTRON], majorana=False, what="electron")
        result = []
        for family, (left, right) in _families(spin, positions, 1, self.m):
            self._check_hermitian(family, left, right, "electrons")
            a, b = left[0][0], right[0][0]
            values = ((b + a) / 2, (b - a) / 2 if not family.flips else (b - a) / self.m.mpc(0, 2))
            texts = (family.text, _times_i_gamma5(family) if family.flips else f"{family.text} gamma5")
            for name, text, value in zip(family.electron, texts, values, strict=True):
                number = self.m.re(value) * self.m.mpf(GEV) ** family.dimension
                if not self._rest(number, (a, b), family.dimension):
                    result.append(
                        Coupling(name, (text,), family.dimension, number, False, self._from("electron", family.text))
                    )
        return tuple(result)

    def _neutrino(
        self, vertices: Sequence[Vertex], spin: int, codes: Sequence[int], majorana: bool
    ) -> tuple[Coupling, ...]:
        positions = self._matrices(vertices, spin, codes, majorana=majorana, what="neutrino")
        result = []
        for family, pair in _families(spin, positions, len(codes), self.m):
            left, right = self._mixed(family, pair, majorana)
            self._check_hermitian(family, left, right, "neutrinos")
            if family.flips:
                i_half = self.m.mpc(0, self.half)
                values = [_combined(left, right, a, b) for a, b in ((self.half, self.half), (i_half, -i_half))]
                texts = [family.text, _times_i_gamma5(family)]
            else:
                values, texts = [left, right], [f"{family.text} {projector}" for projector in ("PL", "PR")]
            size = max(abs(x) for matrix in (left, right) for row in matrix for x in row)
            for name, text, matrix in zip(family.neutrino, texts, values, strict=True):
                hermitian = self._mean(matrix, _adjoint(matrix, self.m))
                value = self._scaled(hermitian, family.dimension, size)
                if any(x for row in value for x in row):
                    result.append(
                        Coupling(name, (text,), family.dimension, value, False, self._from("neutrino", family.text))
                    )
        return tuple(result)

    def _matrices(
        self, vertices: Sequence[Vertex], spin: int, codes: Sequence[int], *, majorana: bool, what: str
    ) -> Positions:
        """Return the matrix of each chiral bilinear: rows are barred fields."""
        n = len(codes)
        total: Positions = {}
        for vertex in vertices:
            place = next(k for k, p in enumerate(vertex.particles, 1) if p.spin != 2)
            fermions = [k for k in (1, 2, 3) if k != place]
            ends = self._ends(vertex, fermions, majorana)
            for color, structure, names in vertex.terms:
                self._check_color(vertex, color)
                text, where = self.model.structures[structure]
                line, found = bilinear_coordinates(text, where, place, ends, spin)
                self._check_line(vertex, line, ends, majorana)
                i, j = (codes.index(abs(vertex.particles[k - 1].pdg)) for k in line)
                for coupling in names:
                    rule = self.numbers.coupling(coupling) / self.m.mpc(0, 1)
                    self._add(
                        total, n, i, j, {p: rule * exact_number(c, self.m) for p, c in found.items()}, spin, majorana
                    )
                    self._note(what, spin, found, vertex, coupling)
        return total

    def _add(
        self, total: Positions, n: int, i: int, j: int, rule: Mapping[int, Number], spin: int | None, majorana: bool
    ) -> None:
        """Add a vertex; for Majorana neutrinos half of it, and the same written with the other field barred."""

        def entry(position: int, row: int, column: int, value: Number) -> None:
            matrix = total.setdefault(position, [[self.m.mpc(0)] * n for _ in range(n)])
            matrix[row][column] += value

        for position, value in rule.items():
            if not majorana:
                entry(position, i, j, value)
                continue
            # h = F/2, and F_ij Gamma = F_ji Gamma^c; a vertex of two equal particles has both in one.
            half = value / (4 if i == j else 2)
            other, sign = turned(spin, position)
            entry(position, i, j, half)
            entry(other, j, i, sign * half)

    def _ends(self, vertex: Vertex, fermions: Sequence[int], majorana: bool) -> tuple[int, int]:
        """Return the places of the field that is barred, an outgoing particle, and of the other."""
        first, second = fermions
        if majorana:
            return second, first
        barred = [k for k in fermions if vertex.particles[k - 1].pdg > 0]
        if len(barred) != 1:
            names = ", ".join(p.name for p in vertex.particles)
            vertex.place.fail(f"the vertex of {names}, which breaks lepton number", "a particle and an antiparticle")
        return barred[0], next(k for k in fermions if k != barred[0])

    def _check_line(self, vertex: Vertex, line: tuple[int, int], ends: tuple[int, int], majorana: bool) -> None:
        if not majorana and line != ends:
            vertex.place.fail(
                f"a structure of {vertex.name!r} with the first spinor index at particle {line[0]} ({vertex.particles[line[0] - 1].name})",
                f"at particle {ends[0]} ({vertex.particles[ends[0] - 1].name}), whose field is barred",
            )

    def _check_color(self, vertex: Vertex, color: str) -> None:
        if color.strip() != "1":
            vertex.place.fail(f"the colour {color[:40]!r} of {vertex.name!r}", "'1', for particles without colour")

    def _note(self, what: str, spin: int | None, found: Iterable[int], vertex: Vertex, coupling: str) -> None:
        """Note where the couplings of some bilinears come from."""
        for position in found:
            listed = self.sources.setdefault((what, text_of(spin, position)), {})
            listed[f"{vertex.name}: {coupling}"] = None

    def _from(self, what: str, text: str) -> tuple[str, ...]:
        return tuple(self.sources.get((what, text), ()))

    # ---- four fermions

    def contact(self) -> Couplings:
        vertices = [(vertex, legs) for vertex in self.model.vertices if (legs := _contact_legs(vertex))]
        pairs = [(v.particles[others[0] - 1], v.particles[others[1] - 1]) for v, (_, others) in vertices]
        neutrinos = self.neutrinos(pairs)
        codes = [p.pdg for p in neutrinos]
        majorana = any(p.own_antiparticle for p in neutrinos)
        total: Positions = {}
        for vertex, (electrons, others) in vertices:
            if all(abs(vertex.particles[k - 1].pdg) in codes for k in others):
                self._contact(vertex, electrons, others, codes, majorana, total)
        terms = self._terms(total, len(codes), majorana)
        zero = self.m.mpf(0)
        return Couplings(CONTACT, None, zero, zero, majorana, neutrinos, (), (), terms, tuple(self.notes))

    def _contact(
        self,
        vertex: Vertex,
        electrons: list[int],
        others: list[int],
        codes: Sequence[int],
        majorana: bool,
        total: Positions,
    ) -> None:
        if any(p.dummy or p.custom for p in vertex.particles):
            vertex.place.fail(f"dummy particles in {vertex.name!r}", "electrons and neutrinos that propagate")
        electron = (
            next(k for k in electrons if vertex.particles[k - 1].pdg > 0),
            next(k for k in electrons if vertex.particles[k - 1].pdg < 0),
        )
        ends = self._ends(vertex, others, majorana)
        # Vertices are given for wave functions, with the fermions 1, 2 and 3, 4 as pairs: other pairs differ by an exchange.
        pairs = ({1, 2}, {3, 4})
        sign = 1
        if set(electrons) not in pairs:
            sign = -1
            for pair in pairs:
                one, other = sorted(pair)
                if (one in electron[:1] or one in ends[:1]) == (
                    other in electron[:1] or other in ends[:1]
                ) and not majorana:
                    vertex.place.fail(
                        f"the order of particles in {vertex.name!r}",
                        "particles 1, 2 and 3, 4 as pairs of a particle and an antiparticle",
                    )
        for color, structure, names in vertex.terms:
            self._check_color(vertex, color)
            text, where = self.model.structures[structure]
            line, found = contact_coordinates(text, where, electron, ends)
            self._check_line(vertex, line, ends, majorana)
            i, j = (codes.index(abs(vertex.particles[k - 1].pdg)) for k in line)
            for coupling in names:
                rule = -sign * self.numbers.coupling(coupling) / self.m.mpc(0, 1)
                numbers = {p: rule * exact_number(c, self.m) for p, c in found.items()}
                self._add(total, len(codes), i, j, numbers, None, majorana)
                self._note(CONTACT, None, found, vertex, coupling)

    def _terms(self, total: Positions, n: int, majorana: bool) -> tuple[Coupling, ...]:
        zero = [[self.m.mpc(0)] * n for _ in range(n)]
        found = {
            (family.text, first, second): self._mixed_one(family, second, total.get(k, zero), majorana)
            for k, (family, first, second) in enumerate(PRODUCTS)
        }
        size = max((abs(x) for matrix in found.values() for row in matrix for x in row), default=self.m.mpf(0))
        terms: list[tuple[str, str, tuple[str, str], Any, bool]] = []
        vector = "gamma(mu)"
        for letter in "LR":
            left, right = found[vector, "PL", f"P{letter}"], found[vector, "PR", f"P{letter}"]
            for name, electron, half in (
                (f"c_V{letter}", vector, self.half),
                (f"c_A{letter}", f"{vector} gamma5", -self.half),
            ):
                matrix = _combined(right, left, self.half, half)
                self._check_adjoint(matrix, matrix, f"[ebar {electron} e] [nubar {vector} P{letter} nu]")
                matrix = self._mean(matrix, _adjoint(matrix, self.m))
                terms.append((vector, name, (electron, f"{vector} P{letter}"), matrix, False))
        for text, letters in (("1", "LR"), ("sigma(mu,nu)", "L")):
            for letter in letters:
                one = found[text, f"P{letter}", "PL"]
                other = found[text, "PL" if letter == "R" else "PR", "PR"]
                self._check_adjoint(one, other, f"[ebar {text} P{letter} e] [nubar {text} PL nu]")
                matrix = self._mean(one, _adjoint(other, self.m))
                if text == "1":
                    terms.append((text, f"s_{letter}L", (f"P{letter}", "PL"), matrix, True))
                else:
                    terms.append((text, "t_LL", (f"{text} PL", f"{text} PL"), matrix, True))
        result = []
        for text, name, texts, matrix, conjugate in terms:
            value = self._scaled(matrix, -2, size)
            if any(x for row in value for x in row):
                result.append(Coupling(name, texts, -2, value, conjugate, self._from(CONTACT, text)))
        return tuple(result)

    # ---- matrices

    def _mean(self, one: Matrix, other: Matrix) -> Matrix:
        return _combined(one, other, self.half, self.half)

    def _mixed(self, family: Family, pair: tuple[Any, Any], majorana: bool) -> tuple[Matrix, Matrix]:
        return (
            self._mixed_one(family, "PL", pair[0], majorana),
            self._mixed_one(family, "PR", pair[1], majorana),
        )

    def _mixed_one(self, family: Family, chirality: str, matrix: Any, majorana: bool) -> Matrix:
        """Return a matrix of mass states.

        Dirac fields mix as ``nu = U nu'``; of Majorana fields the left-handed part with U and the right-handed with its
        conjugate.
        """
        n = len(matrix)
        if self.mixing is None:
            return tuple(tuple(row) for row in matrix)
        rows = [[self.m.mpc(x) for x in row] for row in self.mixing]
        if len(rows) != n or not rows[0] or len({len(row) for row in rows}) != 1:
            raise UfoError(
                f"mixing: found {len(rows)} rows, allowed {n} of one length: a row for each neutrino of the model"
            )
        conjugated = [[self.m.conj(x) for x in row] for row in rows]
        plain = rows if chirality == "PL" or not majorana else conjugated
        # The barred field of a bilinear that keeps chirality has that of the other one, else the opposite.
        same = chirality if not family.flips else "PR" if chirality == "PL" else "PL"
        barred = conjugated if same == "PL" or not majorana else rows
        size = len(rows[0])
        return tuple(
            tuple(
                sum((barred[a][i] * matrix[a][b] * plain[b][j] for a in range(n) for b in range(n)), self.m.mpc(0))
                for j in range(size)
            )
            for i in range(size)
        )

    def _check_hermitian(self, family: Family, left: Any, right: Any, what: str) -> None:
        text = f"{family.text} for {what}"
        if family.flips:
            self._check_adjoint(left, right, text)
        else:
            self._check_adjoint(left, left, text)
            self._check_adjoint(right, right, text)

    def _check_adjoint(self, one: Matrix, other: Matrix, text: str) -> None:
        adjoint = _adjoint(other, self.m)
        size = max(abs(x) for matrix in (one, other) for row in matrix for x in row)
        n = len(one)
        for i in range(n):
            for j in range(n):
                if abs(one[i][j] - adjoint[i][j]) > size * self.m.mpf(10) ** -HERMITIAN:
                    name = self.boson.name if self.boson else CONTACT
                    raise UfoError(
                        one_line(
                            f"{self.model.name}: found vertices of {name!r} that are not Hermitian: {text}, element [{i + 1},{j + 1}] is "
                            f"{self.shown(one[i][j])} and its partner {self.shown(adjoint[i][j])}, allowed equal numbers"
                        )
                    )

    def _rest(self, value: Number, parts: Sequence[Number], dimension: int) -> bool:
        """Return whether a number is the rounding of what was added."""
        size = max(abs(part) for part in parts) * self.m.mpf(GEV) ** dimension
        return bool(abs(value) <= size * self.m.mpf(10) ** -SMALL)

    def _scaled(self, matrix: Matrix, dimension: int, size: Number) -> Matrix:
        scale = self.m.mpf(GEV) ** dimension
        least = size * self.m.mpf(10) ** -SMALL
        return tuple(
            tuple(self.m.mpc(*(part * scale if abs(part) > least else 0 for part in (x.real, x.imag))) for x in row)
            for row in matrix
        )


def _families(
    spin: int, positions: Positions, n: int, m: Any
) -> Iterator[tuple[Family, tuple[list[list[Number]], list[list[Number]]]]]:
    for key in sorted({position // 2 for position in positions}):
        zero = [[m.mpc(0)] * n for _ in range(n)]
        left, right = (positions.get(2 * key + chirality, zero) for chirality in (0, 1))
        yield family_of(spin, 2 * key)[0], (left, right)


def _times_i_gamma5(family: Family) -> str:
    return "i gamma5" if family.text == "1" else f"{family.text} i gamma5"


def _combined(one: Any, other: Any, a: Number, b: Number) -> Matrix:
    return tuple(
        tuple(a * x + b * y for x, y in zip(left, right, strict=True)) for left, right in zip(one, other, strict=True)
    )


def _adjoint(matrix: Matrix, m: Any) -> Matrix:
    return tuple(tuple(m.conj(matrix[j][i]) for j in range(len(matrix))) for i in range(len(matrix)))
