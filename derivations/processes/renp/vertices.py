"""Vertices of the interactions as exact tables, for numerical checks that use no closed form (in: ``Interaction``).

Shares with the amplitude only what the Lagrangian says and the non-relativistic operator of the electron: no Clifford
classes, no Dirac equation, no charge conjugation, no traces, no Hermitian parts of the neutrino's bilinear. The conjugate of
a term that comes with it is formed from the tables, by whoever evaluates them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from codegen.pair_sums.vertices import Matrices, Operator, Polynomial, Vertex, Vertices
from derivations.algebra import ring
from derivations.algebra.dirac import SPACETIME
from derivations.algebra.ring import TRACE, Poly
from derivations.atom.nonrelativistic import atomic_operator
from derivations.interactions.language import GaussianRational
from derivations.interactions.matrices import component
from derivations.processes.renp.kernel import CONTACT, UNITS

if TYPE_CHECKING:
    from derivations.interactions.language import Bilinear
    from derivations.interactions.model import Interaction

_QZ, _Q0 = TRACE.gens.index(ring.qz), TRACE.gens.index(ring.q0)


def vertices(interactions: Iterable[Interaction]) -> Vertices:
    """Return the vertices of all interactions with their operators and matrices.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> found = vertices(i for i in shipped_interactions() if i.name == "scalar")
    >>> [(v.coupling, v.matrix, str(v.number)) for v in found.vertices][:2]
    [('y_S', 'y_S_nu', '1'), ('y_S', 'y_P_nu', '1')]
    """
    result: list[Vertex] = []
    electron: dict[str, Bilinear] = {}
    neutrino: dict[str, Bilinear] = {}
    for interaction in interactions:
        for vertex, left, right in _products(interaction):
            result.append(vertex)
            electron[left.text], neutrino[right.text] = left, right
    operators = {
        (step, text): _operator(bilinear, step) for text, bilinear in electron.items() for step in ("M1", "E1")
    }
    return Vertices(tuple(result), operators, {text: _matrices(bilinear) for text, bilinear in neutrino.items()})


def _products(interaction: Interaction) -> Iterable[tuple[Vertex, Bilinear, Bilinear]]:
    name, propagator = interaction.name, interaction.propagator
    for term in interaction.terms:
        number, constants = CONTACT[propagator.factor]
        constants += UNITS.get(term.units, ())
        # A second part of the electron's bilinear stands behind an i, which the neutrino's takes.
        for (_, electron), factor in zip(term.electrons, ("1", "i"), strict=False):
            if not electron.terms:
                continue
            neutrino = term.neutrino if factor == "1" else _times_i(term.neutrino)
            vertex = Vertex(name, None, term.coupling, number, constants, "contact", electron.text, neutrino.text)
            yield vertex, electron, neutrino
    # The numerator of a propagator with Lorentz indices is -g for each of a vector and a tensor field.
    sign = Fraction(1 if propagator.spin == 0 else -1)
    for e, n in itertools.product(interaction.electron, interaction.neutrino):
        constants = (("sqrt2_over_G_F", 1), *(((e.coupling, 1),) if e.constant else UNITS.get(e.units, ())))
        constants += UNITS.get(n.units, ())
        coupling = None if e.constant else e.coupling
        yield (
            Vertex(name, coupling, n.coupling, sign, constants, propagator.kind, e.bilinear.text, n.bilinear.text),
            e.bilinear,
            n.bilinear,
        )


def _times_i(bilinear: Bilinear) -> Bilinear:
    i = GaussianRational(Fraction(0), Fraction(1))
    terms = tuple(replace(term, coefficient=i * term.coefficient) for term in bilinear.terms)
    return replace(bilinear, text=f"i ({bilinear.text})", terms=terms)


def _operator(bilinear: Bilinear, step: str) -> Operator:
    found = atomic_operator(bilinear)
    chosen = found.magnetic if step == "M1" else found.electric
    order = (found.magnetic_order or 0) if step == "M1" else 0
    components = {indices: (_polynomial(x), _polynomial(y), _polynomial(z)) for indices, (x, y, z) in chosen.items()}
    return Operator(components, order, step == "M1" and order == 1 and found.convective)


def _matrices(bilinear: Bilinear) -> Matrices:
    components = {}
    for values in itertools.product(SPACETIME, repeat=len(bilinear.free_indices)):
        matrix = component(bilinear, dict(zip(bilinear.free_indices, values, strict=True)))
        entries = {position: _polynomial(entry) for position, entry in sorted(matrix.entries.items())}
        if entries:
            components[values] = entries
    return Matrices(components)


def _polynomial(polynomial: Poly) -> Polynomial:
    terms = []
    for monomial, c in sorted(polynomial.items()):
        if any(power for n, power in enumerate(monomial) if n not in (_QZ, _Q0)):
            raise ValueError(f"a vertex depends on q_z and q0 alone, found {polynomial}")
        real, imag = (Fraction(int(part.numerator), int(part.denominator)) for part in (c.x, c.y))
        terms.append((real, imag, monomial[_QZ], monomial[_Q0]))
    return tuple(terms)
