"""The amplitude of a process: rows over a neutrino line and its source, what multiplies them, and their Gram matrix.

In: interactions, the tensors of a line, a source, and the normal form of the process's frame. Out: an :class:`Amplitude`. Each
product of currents is split into rows of one class and one parity; rows that vanish on shell are dropped, and rows that are a
multiple of another one on shell join it. Both are decided by the Gram matrix itself, whose diagonal is a sum of squares over all
spins: no Dirac equation is written down.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from derivations.algebra import ring
from derivations.algebra.dirac import METRIC, SPACETIME, clifford_basis, clifford_coefficients
from derivations.algebra.ring import SOURCE, Poly
from derivations.interactions.matrices import component
from derivations.neutrino.line import Tensor, conjugation_signs
from derivations.processes.renp.kernel import CONTACT
from derivations.processes.sources import Current, Source, clifford_parity, lifted

if TYPE_CHECKING:
    from derivations.interactions.language import Bilinear
    from derivations.interactions.model import Interaction

NormalForm = Callable[[Poly], Poly]
Coefficients = Mapping[tuple[int, int], Poly]
"""Coefficient of each pair of an element of the Clifford basis and one of the source's basis."""

Constants = tuple[tuple[str, int], ...]
"""Names of constants, with powers."""
_Head = tuple[str, str | None, str, Constants]

_WORDS = {"S": "scalar", "P": "pseudoscalar", "V": "vector", "A": "axial", "T": "tensor"}
_QZ = SOURCE.symbols.index(ring.qz.as_expr())


@dataclass(frozen=True)
class Row:
    """A product of currents: a name and its coefficients over the two bases."""

    name: str
    coefficients: Coefficients


@dataclass(frozen=True)
class Term:
    """``factor * constants * coupling * matrix_jk * propagator`` in front of a row.

    Attributes
    ----------
    interaction : whose term it is.
    coupling : that of the source, ``None`` where it has none.
    matrix : of the neutrinos, one of the Hermitian ones.
    constants : names of constants, with powers.
    propagator : ``contact``, ``photon`` (1/q^2), ``massive`` (1/(q^2 - M^2)), ``longitudinal`` (1/(M^2 (q^2 - M^2))), or ``none``.
    row : number of the row.
    factor : exact, in the ring of the normal form.
    eta : sign of the term's own bilinear under charge conjugation.
    """

    interaction: str
    coupling: str | None
    matrix: str
    constants: Constants
    propagator: str
    row: int
    factor: Poly
    eta: int


@dataclass(frozen=True)
class Amplitude:
    """Rows, terms, and the Gram matrix of each tensor of the line: ``gram[name][n, m]`` for ``n <= m``; zeros are absent."""

    rows: tuple[Row, ...]
    terms: tuple[Term, ...]
    gram: Mapping[str, Mapping[tuple[int, int], Poly]]


def amplitude(
    interactions: Sequence[Interaction], tensors: Mapping[str, Tensor], source: Source, normal_form: NormalForm
) -> Amplitude:
    """Return the amplitude of all interactions between a line and a source.

    Parameters
    ----------
    interactions : the weak current first, so that others become shifts of it where they can.
    tensors : those of the line by name; the first one is summed over all spins.
    source : what the line exchanges something with.
    normal_form : takes an element of ``SOURCE`` to the frame's ring, where equal things are equal.
    """
    builder = _Builder(tensors, source, normal_form)
    for interaction in interactions:
        builder.add(interaction)
    return builder.result()


class _Builder:
    def __init__(self, tensors: Mapping[str, Tensor], source: Source, normal_form: NormalForm) -> None:
        self.tensors = {name: {key: lifted(v) for key, v in tensor.items()} for name, tensor in tensors.items()}
        self.summed = next(iter(self.tensors))
        self.source, self.weights, self.normal_form = source, source.tensor(), normal_form
        self.rows: list[Row] = []
        self.terms: list[Term] = []
        self.diagonal: list[Poly] = []
        self.known: dict[frozenset[object], tuple[int, Poly] | None] = {}

    def result(self) -> Amplitude:
        """Return what has been collected, with the whole Gram matrix."""
        gram: dict[str, dict[tuple[int, int], Poly]] = {name: {} for name in self.tensors}
        for (n, one), (m, other) in itertools.combinations_with_replacement(enumerate(self.rows), 2):
            for name in self.tensors:
                value = self.product(name, one.coefficients, other.coefficients)
                if value:
                    gram[name][n, m] = value
        return Amplitude(tuple(self.rows), tuple(self.terms), gram)

    def add(self, interaction: Interaction) -> None:
        """Add the terms of an interaction."""
        propagator = interaction.propagator
        sign = Fraction(1 if propagator.spin in (None, 0) else -1)
        constants: Constants = ()
        if propagator.kind == "contact":
            sign, named = CONTACT[propagator.factor]
            constants = (("sqrt2_over_G_F", -1), *named)
        for product in self.source.products(interaction):
            current = product.current
            neutrino = _components(product.neutrino)
            head = (interaction.name, current.coupling, product.matrix, (*constants, *current.constants))
            kind = propagator.kind if self.source.exchanged else "none"
            self._emit(head, kind, contracted(current, neutrino), sign * current.sign)
            if kind == "massive" and propagator.spin == 1:
                self._emit(head, "longitudinal", along_q(current, neutrino), Fraction(current.sign))

    def _emit(self, head: _Head, propagator: str, coefficients: Coefficients, sign: Fraction) -> None:
        for part in self._parts(coefficients):
            leading = next(iter(part.values())).LC
            scaled = {key: c.quo_ground(leading) for key, c in part.items()}
            found = self._row(scaled)
            if found is not None:
                row, multiple = found
                eta = conjugation_signs()[next(iter(part))[0]]
                factor = multiple * (leading * ring.gaussian(sign))
                self.terms.append(Term(*head, propagator, row, factor, eta))

    def _parts(self, coefficients: Coefficients) -> Iterable[Coefficients]:
        """Split coefficients by the classes of both sides and by parity, which the powers of ``qz`` decide."""
        parts: dict[tuple[str, str, int], dict[tuple[int, int], Poly]] = {}
        for (a, b), polynomial in sorted(coefficients.items()):
            intrinsic = clifford_parity(a) * self.source.parity(b)
            for powers, c in polynomial.items():
                key = (clifford_basis()[a][0], self.source.letter(b), intrinsic * (-1) ** powers[_QZ])
                part = parts.setdefault(key, {})
                part[a, b] = part.get((a, b), SOURCE.zero) + SOURCE.from_dict({powers: c})
        return parts.values()

    def _row(self, coefficients: Coefficients) -> tuple[int, Poly] | None:
        """Return the row and the factor that make these coefficients on shell; ``None`` when they vanish."""
        key = frozenset((pair, str(polynomial)) for pair, polynomial in coefficients.items())
        if key not in self.known:
            self.known[key] = self._found(coefficients)
        return self.known[key]

    def _found(self, coefficients: Coefficients) -> tuple[int, Poly] | None:
        square = self.product(self.summed, coefficients, coefficients)
        if not square:
            return None
        for n, row in enumerate(self.rows):
            mixed = self.product(self.summed, coefficients, row.coefficients)
            if not mixed:
                continue
            # Equality in the inequality of Schwarz: the squared distance, summed over all spins, is zero.
            factor, rest = mixed.div(self.diagonal[n])
            if not rest and square == factor * ring.conjugate(factor) * self.diagonal[n]:
                return n, factor
            factor, rest = ring.conjugate(mixed).div(square)
            if not rest and self.diagonal[n] == factor * ring.conjugate(factor) * square:
                self._replace(n, Row(self._name(coefficients), coefficients), square, factor)
                return n, square.ring.one
        self.rows.append(Row(self._name(coefficients), coefficients))
        self.diagonal.append(square)
        return len(self.rows) - 1, square.ring.one

    def _replace(self, n: int, row: Row, square: Poly, factor: Poly) -> None:
        """Put a simpler row in the place of one that is ``factor`` times as large."""
        self.rows[n], self.diagonal[n] = row, square
        self.terms = [replace(t, factor=t.factor * factor) if t.row == n else t for t in self.terms]
        known = ((key, found) for key, found in self.known.items() if found is not None and found[0] == n)
        self.known |= {key: (n, found[1] * factor) for key, found in list(known) if found is not None}

    def _name(self, coefficients: Coefficients) -> str:
        a, b = next(iter(coefficients))
        name = _WORDS[clifford_basis()[a][0]]
        letter = self.source.letter(b)
        name += f"_{_WORDS[letter]}" if letter in _WORDS else ""
        taken = [row.name for row in self.rows]
        return (
            name if name not in taken else next(f"{name}_{n}" for n in itertools.count(2) if f"{name}_{n}" not in taken)
        )

    def product(self, tensor: str, one: Coefficients, other: Coefficients) -> Poly:
        """Return ``sum A A'*`` of two sets of coefficients, in normal form."""
        line, total = self.tensors[tensor], SOURCE.zero
        starred = [(key, ring.conjugate(c)) for key, c in other.items()]
        for (a, b), left in one.items():
            for (c, d), right in starred:
                if (a, c) in line and (b, d) in self.weights:
                    total += left * right * line[a, c] * self.weights[b, d]
        return self.normal_form(total)


def _components(bilinear: Bilinear) -> Mapping[tuple[int, ...], Mapping[int, Poly]]:
    result = {}
    for values in itertools.product(SPACETIME, repeat=len(bilinear.free_indices)):
        matrix = component(bilinear, dict(zip(bilinear.free_indices, values, strict=True)))
        result[values] = {n: lifted(c) for n, c in enumerate(clifford_coefficients(matrix)) if c}
    return result


def contracted(current: Current, neutrino: Mapping[tuple[int, ...], Mapping[int, Poly]]) -> Coefficients:
    """Return the product of both currents, their indices contracted with the metric."""
    total: dict[tuple[int, int], Poly] = {}
    for values, right in current.components.items():
        sign = 1
        for mu in values:
            sign *= METRIC[mu]
        for (a, x), (b, y) in itertools.product(neutrino[values].items(), right.items()):
            total[a, b] = total.get((a, b), SOURCE.zero) + x * y * sign
    return {key: value for key, value in total.items() if value}


def along_q(current: Current, neutrino: Mapping[tuple[int, ...], Mapping[int, Poly]]) -> Coefficients:
    """Return the product of both currents, each contracted with q."""
    upper = {0: SOURCE.gens[4], 3: SOURCE.gens[5]}
    sides = []
    for components in (neutrino, current.components):
        side: dict[int, Poly] = {}
        for (mu,), found in components.items():
            if mu in upper:
                for n, value in found.items():
                    side[n] = side.get(n, SOURCE.zero) + value * upper[mu] * METRIC[mu]
        sides.append(side)
    total = {(a, b): x * y for (a, x), (b, y) in itertools.product(sides[0].items(), sides[1].items())}
    return {key: value for key, value in total.items() if value}
