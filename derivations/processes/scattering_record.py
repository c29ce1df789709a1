"""The last stage of scattering: an ``Amplitude`` becomes a record with formulas and a derivation with named steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from sympy import QQ, Expr, Integer, Mul, Rational, Symbol

from codegen.formulas.formula import Argument, Formula, Provenance
from codegen.probes.record import Scattering, StructureFunction, Term
from derivations.algebra.ring import REST, Poly, imaginary_part, real_part
from derivations.processes.exchange import Amplitude
from derivations.processes.renp.kernel import UNITS, coupling_units
from derivations.processes.scattering import TENSORS, recoil_edges, scattering_amplitude
from derivations.processes.sources import CHARGE
from derivations.steps.notation import coupling_latex
from derivations.steps.step import Derivation, Step
from derivations.symbols import M_I, M_J

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction
    from derivations.processes.process import Process
    from derivations.processes.sources import Source

E, T, M = Symbol("E", positive=True), Symbol("T", real=True), Symbol("m", positive=True)
_PLACES = dict(zip(map(Symbol, map(str, REST.gens)), (E, T, M, M_I, M_J), strict=True))
_ARGUMENTS = (
    Argument(E, "eV", "energy of the incoming neutrino", Fraction(3)),
    Argument(T, "eV", "kinetic energy of the target afterwards", Fraction(1, 2)),
    Argument(M, "eV", "mass of the target", Fraction(2)),
    Argument(M_I, "eV", "mass of the incoming neutrino", Fraction(1, 8)),
    Argument(M_J, "eV", "mass of the outgoing neutrino", Fraction(1, 4)),
)
_RATIONAL = REST.clone(domain=QQ)
_WORDS = {"summed": "summed over all spins", "polarised": "what the helicity adds, times p"}


def scattering_record(
    process: Process, source: Source, interactions: Sequence[Interaction]
) -> tuple[Scattering, Amplitude]:
    """Return the record of a scattering process, and the amplitude that it was made from."""
    found = scattering_amplitude(interactions, source)
    prefix = process.name.split("_")[0]
    return Scattering(
        process.name,
        process.title,
        prefix,
        source.spins,
        tuple(row.name for row in found.rows),
        tuple(_term(term, coupling_units(interactions)) for term in found.terms),
        Formula(
            f"{prefix}_edges",
            "Positive between the lowest and the highest recoil T, zero at both",
            Symbol("Y"),
            "eV^4",
            _ARGUMENTS,
            expression(recoil_edges()),
            provenance=Provenance(("frame",)),
        ),
        tuple(_structures(prefix, found)),
        step_names(found),
    ), found


@cache
def expression(polynomial: Poly) -> Expr:
    """Return a real element of ``REST`` as a factored expression.

    Example
    -------
    >>> E, T, m, m_i, m_j = REST.gens
    >>> expression(2 * m * T + (m_i + m_j) ** 2)
    2*T*m + m_i**2 + 2*m_i*m_j + m_j**2
    """
    number, factors = _RATIONAL.from_dict({powers: c.x for powers, c in polynomial.items()}).factor_list()
    return Mul(Rational(number), *(base.as_expr().xreplace(_PLACES) ** power for base, power in factors))


def _structures(prefix: str, found: Amplitude) -> Iterable[StructureFunction]:
    for tensor in TENSORS:
        for (n, m), polynomial in found.gram[tensor].items():
            names = [found.rows[row].name for row in (n, m)]
            for part, imaginary in ((real_part(polynomial), False), (imaginary_part(polynomial), True)):
                if not part:
                    continue
                whole = all(c.x.denominator == 1 for c in part.values())
                if not whole:
                    raise ValueError(f"a structure function has broken coefficients: {part}")
                name = f"{prefix}_{tensor}_{names[0]}_with_{names[1]}{'_imaginary' if imaginary else ''}"
                powers = next(iter(part))
                title = f"{'Imaginary part of ' if imaginary else ''}{names[0]} with {names[1]}, {_WORDS[tensor]}"
                formula = Formula(
                    name,
                    title[0].upper() + title[1:],
                    Symbol("G"),
                    f"eV^{sum(powers)}",
                    _ARGUMENTS,
                    expression(part),
                    provenance=Provenance((gram_name(names[0], names[1]),)),
                )
                yield StructureFunction(n, m, tensor, imaginary, formula)


def gram_name(first: str, second: str) -> str:
    """Return the name of the step of a pair of rows."""
    return f"gram-{first}-{second}"


def _term(term: Any, units: dict[tuple[str, str], str]) -> Term:
    constants = list(term.constants)
    for name in (term.matrix, term.coupling):
        constants += UNITS.get(units.get((term.interaction, name or ""), "1"), ())
    monomials = []
    for powers, c in sorted(term.factor.items()):
        real, imag = (Fraction(int(part.numerator), int(part.denominator)) for part in (c.x, c.y))
        below = real.denominator * imag.denominator
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


def scattering_derivation(process: Process, source: Source, interactions: Sequence[Interaction]) -> Derivation:
    """Return the derivation of a scattering process, step by step."""
    names = ", ".join(interaction.name for interaction in interactions)
    found = scattering_amplitude(interactions, source)
    return Derivation(process.name, f"{process.title}: {names}").then(*steps(process, found))


def step_names(found: Amplitude) -> tuple[str, ...]:
    """Return the names of :func:`steps`, which cost a moment to write."""
    pairs = {pair for gram in found.gram.values() for pair in gram}
    names = [row.name for row in found.rows]
    return (
        "process", "frame", *(f"amplitude-{name}" for name in dict.fromkeys(term.interaction for term in found.terms)),
        *(gram_name(names[n], names[m]) for n, m in sorted(pairs)), "cross-section",
    )  # fmt: skip


def steps(process: Process, found: Amplitude) -> tuple[Step, ...]:
    """Return the steps of a scattering process: parts, frame, amplitude of each interaction, Gram matrix, cross section."""
    parts = ("reaction", "source", "exchange", "line", "frame", "measure")
    result = [
        Step("process", process.title + ".", text=tuple(f"{part}: {getattr(process, part)}" for part in parts)),
        Step(
            "frame",
            "The neutrino receives q from the target, q^2 = -2 m T for any masses; the recoil lies between two edges.",
            (r"q^2 = -2 m T", r"Y = 4 T (T + 2m) (E^2 - m_i^2) - (2 E T + 2 m T + m_j^2 - m_i^2)^2 > 0"),
            ("q^2 = -2 m T", f"Y = {_text(recoil_edges())} > 0"),
            "Y is 4 times the squares of q and of the transverse momentum; above the threshold 2 m E + m_i^2 > m_j^2 + 2 m m_j",
        ),
    ]
    for name in dict.fromkeys(term.interaction for term in found.terms):
        lines = [term for term in found.terms if term.interaction == name]
        result.append(
            Step(
                f"amplitude-{name}",
                f"{name}: terms of the amplitude, each a coupling times the neutrinos' and the source's current.",
                tuple(_term_latex(term, found) for term in lines),
                tuple(_term_text(term, found) for term in lines),
                "split by class and parity; what vanishes on shell is dropped, what is a multiple of another row joins it:"
                " both by the spin sum of its square",
            )
        )
    for n, row in enumerate(found.rows):
        for m in range(n, len(found.rows)):
            text, latex = [], []
            for tensor in TENSORS:
                polynomial = found.gram[tensor].get((n, m))
                if polynomial:
                    text.append(f"{tensor}: {_text(polynomial)}")
                    latex.append(rf"G^{{\mathrm{{{tensor}}}}} = {_latex(polynomial)}")
            if text:
                other = found.rows[m].name
                statement = f"Spin sum of {row.name} with {other}, contracted with the source."
                result.append(
                    Step(
                        gram_name(row.name, other), statement, tuple(latex), tuple(text), "traces in the Clifford basis"
                    )
                )
    result.append(
        Step(
            "cross-section",
            "The rows of the amplitude with their Gram matrix, for the helicity h of the incoming neutrino.",
            (
                r"\overline{|\mathcal M|^2} = \frac{1}{2 n_s} \sum_{nm} c_n c_m^*"
                r" \left(G^{\mathrm{summed}}_{nm} + \frac hp G^{\mathrm{polarised}}_{nm}\right)",
                *process.latex,
            ),
            ("|M|^2 = 1/(2 n_s) sum_nm c_n c_m* (summed + h polarised/p), n_s spin states of the target",
             "d sigma/dT = |M|^2/(32 pi m p^2)"),
            "an antineutrino sees eta c_kj for c_jk, a Majorana neutrino c_jk + eta c_kj; no factor 1/2, as no two legs are alike",
        )
    )  # fmt: skip
    return tuple(result)


def _text(polynomial: Poly) -> str:
    return str(_whole(polynomial)).replace("**", "^").replace("*", " ")


def _latex(polynomial: Poly) -> str:
    from sympy import latex

    return str(latex(_whole(polynomial)))


def _whole(polynomial: Poly) -> Expr:
    from sympy import I

    real, imag = real_part(polynomial), imaginary_part(polynomial)
    return (expression(real) if real else Integer(0)) + (I * expression(imag) if imag else Integer(0))


_PROPAGATORS = {
    "contact": ("", ""),
    "photon": ("1/q^2", r"\frac{1}{q^2}"),
    "massive": ("1/(q^2 - M^2)", r"\frac{1}{q^2 - M^2}"),
    "longitudinal": ("1/(M^2 (q^2 - M^2))", r"\frac{1}{M^2 (q^2 - M^2)}"),
}


def _term_text(term: Any, found: Amplitude) -> str:
    constants = [_constant_text(name, power) for name, power in term.constants]
    pieces = [
        f"({_text(term.factor)})",
        *constants,
        term.coupling or "",
        f"{term.matrix}_ji",
        _PROPAGATORS[term.propagator][0],
    ]
    return " ".join(piece for piece in pieces if piece) + f"  [{found.rows[term.row].name}], eta = {term.eta:+d}"


def _term_latex(term: Any, found: Amplitude) -> str:
    constants = [_constant_latex(name, power) for name, power in term.constants]
    coupling = "" if term.coupling is None else r"Q" if term.coupling == CHARGE else coupling_latex(term.coupling)
    name = found.rows[term.row].name.replace("_", r"\_")
    pieces = [
        rf"\left({_latex(term.factor)}\right)", *constants, coupling, coupling_latex(term.matrix, "ji"),
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
