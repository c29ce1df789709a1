"""Amplitude: every interaction as coefficients times neutrino bilinears with one open index (in: ``Interaction``).

``A^k_ij = sum_n c_n,ij ubar_i V_n^k v_j`` multiplies the electron's ``sigma^k`` (M1 pair step) or ``r^k`` (E1 pair step).
The rows ``V_n`` are not listed anywhere: each interaction's matrices are split into parity eigen-bilinears of one
Clifford class, reduced by the Dirac equation (``q-slash -> m_i - m_j``, ``q-slash gamma5 -> (m_i + m_j) gamma5``) and
stripped of common factors; what is left is a row, shared with every other interaction that produces it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from derivations.algebra import ring
from derivations.algebra.dirac import (
    GAMMA,
    METRIC,
    Q_UPPER,
    SPACETIME,
    DiracMatrix,
    charge_conjugated,
    clifford_basis,
    clifford_coefficients,
)
from derivations.algebra.ring import TRACE, Poly
from derivations.atom.nonrelativistic import (
    AtomicOperator,
    Indices,
    atomic_operator,
    contracted,
    divergence,
    reduction_step,
)
from derivations.interactions.matrices import component
from derivations.neutrino.rows import Amplitude, AmplitudeTerm, Coefficient, Row
from derivations.processes.renp.rendering import term_latex, term_text
from derivations.steps.step import Step

if TYPE_CHECKING:
    from derivations.interactions.language import Bilinear
    from derivations.interactions.model import Interaction

PAIR_STEPS = ("M1", "E1")
_CLASS_NAMES = {"S": "scalar", "P": "pseudoscalar", "V": "vector", "A": "axial", "T": "tensor"}
_Coefficients = tuple[tuple[Poly, ...], ...]


def amplitude(interactions: Sequence[Interaction], pair_step: str = "M1") -> Amplitude:
    """Return the amplitude of all interactions for an M1 or E1 pair step.

    Raises ``ValueError`` for an unknown pair step.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> sm = [i for i in shipped_interactions() if i.name == "standard_model"]
    >>> [row.name for row in amplitude(sm).rows]
    ['vector', 'axial', 'vector_cross', 'axial_cross']
    """
    if pair_step not in PAIR_STEPS:
        raise ValueError(f"pair_step must be one of {', '.join(PAIR_STEPS)}, found {pair_step!r}")
    builder = _Builder(pair_step)
    for interaction in interactions:
        builder.add(interaction)
    return Amplitude(pair_step, tuple(builder.rows), tuple(builder.terms), tuple(builder.steps))


class _Builder:
    """Collects rows and terms while the interactions are walked in their given order."""

    def __init__(self, pair_step: str) -> None:
        self.pair_step = pair_step
        self.rows: list[Row] = []
        self.terms: list[AmplitudeTerm] = []
        self.steps: list[Step] = []
        self._known: dict[object, int] = {}

    def add(self, interaction: Interaction) -> None:
        kind = interaction.propagator.kind
        start = len(self.terms)
        if kind == "contact":
            factor = interaction.propagator.factor
            for product in interaction.terms:
                for matrix, label, sign, electron, neutrino in product.hermitian:
                    self._product(interaction.name, None, matrix, label, electron, neutrino, "contact", sign, factor)
        else:
            sign = 1 if interaction.propagator.spin == 0 else -1
            for e in interaction.electron:
                constant = e.coupling if e.constant else "1"
                name = None if e.constant else e.coupling
                for n in interaction.neutrino:
                    label = name or n.coupling
                    for matrix, neutrino in n.hermitian:
                        self._product(interaction.name, name, matrix, label, e.bilinear, neutrino, kind, sign, constant)
        self.steps.append(self._step(interaction, self.terms[start:]))

    def _product(
        self,
        interaction: str,
        electron_name: str | None,
        neutrino_name: str,
        electron_label: str,
        electron: Bilinear,
        neutrino: Bilinear,
        propagator: str,
        sign: int,
        constant: str,
    ) -> None:
        operator = atomic_operator(electron)
        label = f"{interaction}-{electron_label}"
        if not any(step.name == f"nonrelativistic-{label}" for step in self.steps):
            self.steps.append(reduction_step(label, electron, operator))
        chosen, order = self._chosen(operator)
        if not chosen:
            return
        orbital = order == 1 and operator.convective
        matrices = {
            values: component(neutrino, dict(zip(neutrino.free_indices, values, strict=True)))
            for values in itertools.product(SPACETIME, repeat=len(neutrino.free_indices))
        }
        self._emit(
            interaction,
            electron_name,
            neutrino_name,
            contracted(chosen, matrices),
            sign,
            order,
            propagator,
            constant,
            orbital,
        )
        if propagator == "massive" and len(neutrino.free_indices) == 1:
            source = divergence(chosen)
            current = DiracMatrix({})
            for mu in SPACETIME:
                current = current + matrices[mu,].scaled(Q_UPPER[mu] * METRIC[mu])
            along = tuple(current.scaled(source[k]) for k in range(3))
            self._emit(interaction, electron_name, neutrino_name, along, 1, order, "longitudinal", constant, orbital)

    def _chosen(self, operator: AtomicOperator) -> tuple[dict[Indices, tuple[Poly, Poly, Poly]], int]:
        if self.pair_step == "M1":
            return dict(operator.magnetic), operator.magnetic_order or 0
        return dict(operator.electric), 0

    def _emit(
        self,
        interaction: str,
        electron: str | None,
        neutrino: str,
        matrices: tuple[DiracMatrix, ...],
        sign: int,
        order: int,
        propagator: str,
        constant: str,
        orbital: bool,
    ) -> None:
        for part, mass in _parity_parts(matrices):
            stripped, powers, number = _stripped(part)
            row = self._row(stripped)
            real, imag = number
            coefficient = Coefficient(sign * real, sign * imag, *powers, *mass, order, propagator, constant)
            self.terms.append(AmplitudeTerm(interaction, electron, neutrino, row, coefficient, orbital))

    def _row(self, coefficients: _Coefficients) -> int:
        key = tuple(tuple(str(c) for c in index) for index in coefficients)
        if key not in self._known:
            matrices = tuple(_matrix(index) for index in coefficients)
            self._known[key] = len(self.rows)
            row = Row(self._name(coefficients), (matrices[0], matrices[1], matrices[2]), _eta(matrices))
            self.rows.append(row)
        return self._known[key]

    def _name(self, coefficients: _Coefficients) -> str:
        letter = next(clifford_basis()[n][0] for index in coefficients for n, c in enumerate(index) if c)
        across = any(any(index) for index in coefficients[:2])
        along = any(coefficients[2])
        name = _CLASS_NAMES[letter] + ("" if across and along else "_cross" if across else "_along")
        taken = [row.name for row in self.rows]
        if name not in taken:
            return name
        return next(f"{name}_{n}" for n in itertools.count(2) if f"{name}_{n}" not in taken)

    def _step(self, interaction: Interaction, terms: Sequence[AmplitudeTerm]) -> Step:
        lines = tuple(term_text(term, self.rows) for term in terms)
        return Step(
            f"amplitude-{interaction.name}",
            f"{interaction.title}: contributions to A^k = sum_n c_n ubar_i V_n^k v_j ({self.pair_step} pair step).",
            text=lines or ("no contribution at this order",),
            latex=tuple(term_latex(term, self.rows) for term in terms),
            reason="neutrino bilinears split by Clifford class and parity, Dirac equation used on q-slash",
            reference="; ".join(interaction.references),
        )


def _parity_parts(matrices: tuple[DiracMatrix, ...]) -> list[tuple[_Coefficients, tuple[int, int]]]:
    """Split ``V^k`` into parity eigen-bilinears of one class; apply the Dirac equation where ``V^k`` is along q.

    Each part comes with the powers of ``d`` and ``M`` that the Dirac equation produced.
    """
    all_coefficients = tuple(clifford_coefficients(matrix) for matrix in matrices)
    parts: dict[tuple[str, int], list[list[Poly]]] = {}
    for k, coefficients in enumerate(all_coefficients):
        for n, coefficient in enumerate(coefficients):
            for sign, polynomial in _by_parity(coefficient, n):
                key = (clifford_basis()[n][0], sign)
                empty = [[TRACE.zero] * 16 for _ in range(3)]
                parts.setdefault(key, empty)[k][n] += polynomial
    result = []
    for (letter, _), part in parts.items():
        frozen: _Coefficients = tuple(tuple(index) for index in part)
        along = _along_q(frozen, letter)
        result.append((frozen, (0, 0)) if along is None else along)
    return result


def _by_parity(coefficient: Poly, n: int) -> list[tuple[int, Poly]]:
    """Split a coefficient by the parity of ``coefficient(q) * basis[n]``: ``gamma0 . gamma0`` and q -> -q."""
    if not coefficient:
        return []
    element = clifford_basis()[n][1]
    intrinsic = 1 if not (GAMMA[0] @ element @ GAMMA[0] - element) else -1
    halves: dict[int, Poly] = {}
    position = TRACE.gens.index(ring.qz)
    for monomial, c in coefficient.items():
        sign = intrinsic * (-1) ** monomial[position]
        halves[sign] = halves.get(sign, TRACE.zero) + TRACE.from_dict({monomial: c})
    return list(halves.items())


def _along_q(part: _Coefficients, letter: str) -> tuple[_Coefficients, tuple[int, int]] | None:
    """Return the part after the Dirac equation when every ``V^k`` is ``alpha^k q-slash (gamma5)``, else ``None``."""
    if letter not in "VA":
        return None
    first = 2 if letter == "V" else 6
    result = []
    for index in part:
        upper = [index[first + mu] * METRIC[mu] for mu in SPACETIME]
        if any(upper[1:3]) or upper[0] * ring.qz != upper[3] * ring.q0:
            return None
        alpha = upper[0].exquo(ring.q0) if upper[0] else TRACE.zero
        new = [TRACE.zero] * 16
        new[0 if letter == "V" else 1] = alpha
        result.append(tuple(new))
    return tuple(result), (1, 0) if letter == "V" else (0, 1)


def _stripped(part: _Coefficients) -> tuple[_Coefficients, tuple[int, int, int], tuple[Fraction, Fraction]]:
    """Divide out common powers of ``qz, q0, s`` and the first number; return the row, the powers and the number."""
    current = [list(index) for index in part]
    powers = [0, 0, 0]
    for position, factor in enumerate((ring.qz, ring.q0, ring.s)):
        while all(not c or not c.rem(factor) for index in current for c in index):
            current = [[c.exquo(factor) if c else c for c in index] for index in current]
            powers[position] += 1
    number = next(c for index in current for c in index if c).LC
    current = [[c.quo_ground(number) if c else c for c in index] for index in current]
    value = (_fraction(number.x), _fraction(number.y))
    return tuple(tuple(index) for index in current), (powers[0], powers[1], powers[2]), value


def _fraction(rational: object) -> Fraction:
    return Fraction(int(rational.numerator), int(rational.denominator))  # type: ignore[attr-defined]


def _matrix(coefficients: Sequence[Poly]) -> DiracMatrix:
    total = DiracMatrix({})
    for (_, element), coefficient in zip(clifford_basis(), coefficients, strict=True):
        if coefficient:
            total = total + element.scaled(coefficient)
    return total


def _eta(matrices: Sequence[DiracMatrix]) -> int:
    for eta in (1, -1):
        if all(not (charge_conjugated(m) - m.scaled(TRACE.one * eta)) for m in matrices):
            return eta
    raise ValueError("a row is not an eigenstate of charge conjugation")
