"""What every process with a neutrino line hands over: terms and structure functions as records, and their steps.

In: an ``Amplitude`` in the ring of a frame, and how the frame's variables are called. Out: records for the code generators, and
named steps. The frames themselves stand with their processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import lcm
from typing import TYPE_CHECKING

from sympy import QQ, Expr, I, Integer, Mul, Rational, Symbol, latex

from codegen.formulas.formula import Argument, Formula, Provenance
from codegen.probes.record import StructureFunction, Term
from derivations.algebra.ring import Poly, imaginary_part, real_part
from derivations.processes.renp.kernel import UNITS, coupling_units
from derivations.processes.sources import CHARGE
from derivations.steps.notation import coupling_latex
from derivations.steps.step import Step

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction
    from derivations.processes.exchange import Amplitude
    from derivations.processes.exchange import Term as AmplitudeTerm


@dataclass(frozen=True)
class Frame:
    """How the variables of a process are called.

    Attributes
    ----------
    arguments : of its structure functions, in the order of the generators of its ring.
    tensors : the Gram matrices by name, each with what it is in words.
    indices : of the neutrinos' matrices in front of a row, ``ji`` or ``ij``.
    """

    arguments: tuple[Argument, ...]
    tensors: Mapping[str, str]
    indices: str

    def expression(self, polynomial: Poly) -> Expr:
        """Return a real polynomial as a factored expression."""
        number, factors = _factors(polynomial)
        symbols = [Symbol(str(generator)) for generator in polynomial.ring.gens]
        places = dict(zip(symbols, (argument.symbol for argument in self.arguments), strict=True))
        return Mul(number, *(base.xreplace(places) ** power for base, power in factors))

    def whole(self, polynomial: Poly) -> Expr:
        """Return any polynomial as an expression."""
        real, imag = real_part(polynomial), imaginary_part(polynomial)
        return (self.expression(real) if real else Integer(0)) + (I * self.expression(imag) if imag else Integer(0))

    def text(self, polynomial: Poly) -> str:
        """Return a polynomial as readable text."""
        return str(self.whole(polynomial)).replace("**", "^").replace("*", " ")

    def latex(self, polynomial: Poly) -> str:
        """Return a polynomial as LaTeX."""
        return str(latex(self.whole(polynomial)))


@cache
def _factors(polynomial: Poly) -> tuple[Rational, tuple[tuple[Expr, int], ...]]:
    """Return a number and the factors of a polynomial with real coefficients."""
    rational = polynomial.ring.clone(domain=QQ)
    number, factors = rational.from_dict({powers: c.x for powers, c in polynomial.items()}).factor_list()
    return Rational(number), tuple((base.as_expr(), power) for base, power in factors)


def denominator(found: Amplitude) -> int:
    """Return the number that makes all coefficients of the Gram matrices whole."""
    numbers = (part for gram in found.gram.values() for p in gram.values() for c in p.values() for part in (c.x, c.y))
    return lcm(*(int(number.denominator) for number in numbers))


def structure_functions(frame: Frame, prefix: str, found: Amplitude, times: int = 1) -> Iterable[StructureFunction]:
    """Yield the entries of all Gram matrices, ``times`` a number that makes their coefficients whole."""
    for tensor, words in frame.tensors.items():
        for (n, m), polynomial in found.gram[tensor].items():
            names = [found.rows[row].name for row in (n, m)]
            for part, imaginary in ((real_part(polynomial), False), (imaginary_part(polynomial), True)):
                if not part:
                    continue
                if any((c.x * times).denominator != 1 for c in part.values()):
                    raise ValueError(f"a structure function has broken coefficients: {part}")
                title = f"{'Imaginary part of ' if imaginary else ''}{names[0]} with {names[1]}, {words}"
                formula = Formula(
                    f"{prefix}_{tensor}_{names[0]}_with_{names[1]}{'_imaginary' if imaginary else ''}",
                    title[0].upper() + title[1:],
                    Symbol("G"),
                    f"eV^{dimension(frame, part)}",
                    frame.arguments,
                    frame.expression(part * times),
                    provenance=Provenance((gram_name(names[0], names[1]),)),
                )
                yield StructureFunction(n, m, tensor, imaginary, formula)


def dimension(frame: Frame, polynomial: Poly) -> int:
    """Return the mass dimension of a polynomial, from its first monomial."""
    weights = (2 if argument.units == "eV^2" else 1 for argument in frame.arguments)
    return sum(power * weight for power, weight in zip(next(iter(polynomial)), weights, strict=True))


def gram_name(first: str, second: str) -> str:
    """Return the name of the step of a pair of rows."""
    return f"gram-{first}-{second}"


def term_records(found: Amplitude, interactions: Sequence[Interaction]) -> tuple[Term, ...]:
    """Return the terms of all rows, with constants for the units in which couplings are given."""
    units = coupling_units(interactions)
    return tuple(_term(term, units) for term in found.terms)


def _term(term: AmplitudeTerm, units: Mapping[tuple[str, str], str]) -> Term:
    constants = list(term.constants)
    for name in (term.matrix, term.coupling):
        constants += UNITS.get(units.get((term.interaction, name or ""), "1"), ())
    monomials = []
    for powers, c in sorted(term.factor.items()):
        real, imag = (Fraction(int(part.numerator), int(part.denominator)) for part in (c.x, c.y))
        below = lcm(real.denominator, imag.denominator)
        monomials.append((int(real * below), int(imag * below), below, tuple(powers)))
    return Term(
        term.interaction,
        term.coupling,
        term.matrix,
        tuple(constants),
        term.propagator,
        term.row,
        term.eta,
        tuple(monomials),
    )


# ---------------------------------------------------------------- steps


def step_names(found: Amplitude, *others: str) -> tuple[str, ...]:
    """Return the names of the amplitude's steps between others, which cost a moment to write: the last one comes last."""
    pairs = {pair for gram in found.gram.values() for pair in gram}
    names = [row.name for row in found.rows]
    *before, last = others
    return (
        "process", *before, *(f"amplitude-{name}" for name in dict.fromkeys(term.interaction for term in found.terms)),
        *(gram_name(names[n], names[m]) for n, m in sorted(pairs)), last,
    )  # fmt: skip


def amplitude_steps(frame: Frame, found: Amplitude) -> Iterable[Step]:
    """Yield a step with the amplitude of each interaction."""
    for name in dict.fromkeys(term.interaction for term in found.terms):
        lines = [term for term in found.terms if term.interaction == name]
        yield Step(
            f"amplitude-{name}",
            f"{name}: terms of the amplitude, each a coupling times the neutrinos' and the source's current.",
            tuple(_term_latex(frame, term, found) for term in lines),
            tuple(_term_text(frame, term, found) for term in lines),
            "split by class and parity; what vanishes on shell is dropped, what is a multiple of another row joins it:"
            " both by the spin sum of its square",
        )


def gram_steps(frame: Frame, found: Amplitude, reason: str) -> Iterable[Step]:
    """Yield a step for each pair of rows that interferes, or is diagonal."""
    for n, row in enumerate(found.rows):
        for m in range(n, len(found.rows)):
            text, tex = [], []
            for tensor in frame.tensors:
                polynomial = found.gram[tensor].get((n, m))
                if polynomial:
                    text.append(f"{tensor}: {frame.text(polynomial)}")
                    tex.append(rf"G^{{\mathrm{{{tensor}}}}} = {frame.latex(polynomial)}")
            if text:
                other = found.rows[m].name
                statement = f"Spin sum of {row.name} with {other}, contracted with the source."
                yield Step(gram_name(row.name, other), statement, tuple(tex), tuple(text), reason)


_PROPAGATORS = {
    "contact": ("", ""),
    "none": ("", ""),
    "photon": ("1/q^2", r"\frac{1}{q^2}"),
    "massive": ("1/(q^2 - M^2)", r"\frac{1}{q^2 - M^2}"),
    "longitudinal": ("1/(M^2 (q^2 - M^2))", r"\frac{1}{M^2 (q^2 - M^2)}"),
}


def _term_text(frame: Frame, term: AmplitudeTerm, found: Amplitude) -> str:
    constants = [_constant_text(name, power) for name, power in term.constants]
    matrix = f"{term.matrix}_{frame.indices}"
    pieces = [f"({frame.text(term.factor)})", *constants, term.coupling or "", matrix, _PROPAGATORS[term.propagator][0]]
    return " ".join(piece for piece in pieces if piece) + f"  [{found.rows[term.row].name}], eta = {term.eta:+d}"


def _term_latex(frame: Frame, term: AmplitudeTerm, found: Amplitude) -> str:
    constants = [_constant_latex(name, power) for name, power in term.constants]
    coupling = "" if term.coupling is None else r"Q" if term.coupling == CHARGE else coupling_latex(term.coupling)
    name = found.rows[term.row].name.replace("_", r"\_")
    pieces = [
        rf"\left({frame.latex(term.factor)}\right)", *constants, coupling, coupling_latex(term.matrix, frame.indices),
        _PROPAGATORS[term.propagator][1], rf"\;[\mathtt{{{name}}}]",
    ]  # fmt: skip
    return r"\,".join(piece for piece in pieces if piece)


def _constant_text(name: str, power: int) -> str:
    if (name, power) == ("sqrt2_over_G_F", -1):
        return "G_F/sqrt2"
    return name if power == 1 else f"{name}^{power}"


def _constant_latex(name: str, power: int) -> str:
    if (name, power) == ("sqrt2_over_G_F", -1):
        return r"\frac{G_F}{\sqrt2}"
    known = {"sqrt2_over_G_F": r"\left(\sqrt2/G_F\right)", "sqrt2": r"\sqrt2"}
    base = known.get(name, name)
    return base if power == 1 else f"{base}^{{{power}}}"
