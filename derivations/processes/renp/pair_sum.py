"""The spectral function for array languages: amplitudes of rows and the Gram matrix (in: ``SpectralFunction``; out: ``PairSum``).

The Gram matrix is written in the distance to threshold, as in the form ``threshold`` of the readable formulas; the tensor of the
atom, an imprinted momentum and both propagators of massive vectors stay open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sympy import Expr, I, Rational, Symbol, sqrt

from codegen.formulas.pair_sum import KINEMATICS, PairSum, RowTerm, Structure
from derivations.algebra import ring
from derivations.algebra.ring import CLOSED, Poly, imaginary_part, real_part
from derivations.neutrino.pair_phase_space import ClosedForm
from derivations.processes.renp.kernel import CONTACT, UNITS, coupling_units
from derivations.processes.renp.papers import threshold_form
from derivations.processes.renp.spectrum import gram_name
from derivations.symbols import G_F, M_E

if TYPE_CHECKING:
    from derivations.neutrino.rows import AmplitudeTerm
    from derivations.processes.renp.spectrum import GramEntry, SpectralFunction

T, P, D, DIFFERENCE, SUM, Q, Q_0, S, LENGTH = map(Symbol, KINEMATICS)
CHARGE = Symbol("e")


def pair_sum(spectral: SpectralFunction) -> PairSum:
    """Return amplitudes and Gram matrix of a spectral function as expressions.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> from derivations.processes.renp.spectrum import spectral_function
    >>> weak = pair_sum(spectral_function([i for i in shipped_interactions() if i.name == "standard_model"]))
    >>> weak.rows[1], weak.terms[1].row, weak.terms[1].number, weak.terms[1].kinematics
    (('axial', 1), 'axial', -1, 1)
    """
    units = coupling_units(spectral.interactions)
    return PairSum(
        spectral.amplitude.pair_step,
        tuple((row.name, row.eta) for row in spectral.rows),
        tuple(_term(spectral, term, units) for term in spectral.amplitude.terms),
        tuple(structure for entry in spectral.gram for structure in _structures(spectral, entry)),
    )


def _term(spectral: SpectralFunction, term: AmplitudeTerm, units: dict[tuple[str, str], str]) -> RowTerm:
    c = term.coefficient
    contact = c.propagator == "contact"
    number, constants = CONTACT[c.constant] if contact else (1, (("sqrt2_over_G_F", 1),))
    for coupling in filter(None, (term.neutrino, term.electron)):
        constants += UNITS.get(units.get((term.interaction, coupling), "1"), ())
    value: Expr = (Rational(c.real) + I * Rational(c.imag)) * Rational(number) / M_E**c.m_e
    named = {"sqrt2": sqrt(2), "sqrt2_over_G_F": sqrt(2) / G_F}
    for name, power in constants:
        value *= named.get(name, Symbol(name)) ** power
    if not contact and c.constant == "e":
        value *= CHARGE
    photon = c.propagator == "photon"
    kinematics = Q**c.qz * Q_0**c.q0 * S ** (c.s - photon) * DIFFERENCE**c.d * SUM**c.M
    if spectral.amplitude.pair_step == "E1":
        kinematics *= LENGTH
    return RowTerm(
        term.interaction, spectral.rows[term.row].name, term.electron, term.neutrino, value, kinematics,
        c.propagator in ("massive", "longitudinal"), c.propagator == "longitudinal", term.orbital,
    )  # fmt: skip


def _structures(spectral: SpectralFunction, entry: GramEntry) -> Iterator[Structure]:
    """Take the real part of ``c_n c_m* T G``, with ``T_xy - T_yx = 2 i Im T_xy`` for circular light."""
    form, diagonal = entry.closed_form, entry.n == entry.m
    names = spectral.rows[entry.n].name, spectral.rows[entry.m].name
    circular = entry.part == "circular"
    for polynomial, turned in ((real_part(form.numerator), False), (imaginary_part(form.numerator), True)):
        imaginary = turned != circular
        if diagonal and imaginary:
            continue
        # i from one of the two leaves -Im(c_n c_m*), from both -Re.
        factor = (-1 if turned or circular else 1) * (1 if diagonal else 2)
        for odd in (False, True):
            numerator = _half(polynomial, odd) * factor
            if numerator:
                shared = ClosedForm(numerator, form.power)
                expression = threshold_form(shared, (T, P, D, Q, Q_0, DIFFERENCE, SUM)) / S**form.power
                step = gram_name(spectral.rows, entry.n, entry.m)
                yield Structure(*names, entry.part, imaginary, odd, expression, step)


def _half(polynomial: Poly, odd: bool) -> Poly:
    """Return the terms with an odd power of ``m_i - m_j``, or those with an even one."""
    position = CLOSED.gens.index(ring.d_)
    return CLOSED.from_dict({powers: c for powers, c in polynomial.items() if powers[position] % 2 == odd})
