"""Couplings as symbols of formulas (in: interactions; out: one :class:`Coupling` for each argument of a formula).

A neutrino matrix ``g_L`` has the element ``g_L_ij``; the plain matrices of the weak current go by their first letter, the ending
``_nu`` is dropped, and a mediator has ``M`` and ``Gamma``. Where two would share a name, each gets its interaction's name behind
its own. All are in natural units, powers of eV.
"""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sympy import Expr, I, Symbol, conjugate

from codegen.call import MATRICES, hermitian_names
from derivations.interactions.model import WEAK
from derivations.steps.notation import coupling_latex

if TYPE_CHECKING:
    from derivations.interactions.model import ContactTerm, CouplingTerm, Interaction

_FORMULA_NAMES: Final = [
    "s",
    "t",
    "P",
    "D",
    "q",
    "q_0",
    "r",
    "i",
    "I",
    "e",
    "omega",
    "G_F",
    "m_e",
    "mu_B",
    "hbar_c",
    "bohr_radius",
    "E_eg",
    "E_vg",
    "m_i",
    "m_j",
    "delta_M",
    "Delta_ij",
]
_LANGUAGE_NAMES: Final = [
    "xp",
    "np",
    "math",
    "value",
    "closed",
    "dirac",
    "majorana",
    "two",
    "conj",
    "creal",
    "cimag",
    "cabs",
    "sqrt",
    "fma",
    "pow",
    "exp",
    "log",
    "auto",
    "break",
    "case",
    "char",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extern",
    "float",
    "for",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "register",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "switch",
    "typedef",
    "union",
    "unsigned",
    "void",
    "volatile",
    "while",
    "complex",
    "main",
]

PRINTED_NAMES: Final = frozenset([*_FORMULA_NAMES, *_LANGUAGE_NAMES, *keyword.kwlist])
"""Names with a meaning of their own in a formula, or in a language that it is printed in."""


def is_matrix(kind: str) -> bool:
    """Return whether couplings of a kind are matrices of the neutrinos."""
    return kind in MATRICES


@dataclass(frozen=True)
class Coupling:
    """One coupling, mass or width as it stands in formulas.

    Attributes
    ----------
    name : printed, without indices.
    kind : ``electron``, ``matrix`` (Hermitian), ``general`` (any matrix, its conjugate is added), ``mass`` or ``width``.
    interaction, coupling : whose it is, and its name in the file.
    dimension : mass dimension.
    doc : what it multiplies.
    current : the bilinear of its own line that it multiplies, for couplings.
    """

    name: str
    kind: str
    interaction: str
    coupling: str
    dimension: int
    doc: str
    current: str = ""

    @property
    def is_matrix(self) -> bool:
        """Whether it is a matrix of the neutrinos."""
        return is_matrix(self.kind)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols that a user gives: a number, the element ij, or the elements ij and ji."""
        if self.kind == "matrix":
            return (Symbol(f"{self.name}_ij"),)
        if self.kind == "general":
            return Symbol(f"{self.name}_ij"), Symbol(f"{self.name}_ji")
        return (Symbol(self.name, positive=True) if self.kind == "mass" else Symbol(self.name, real=True),)

    @property
    def printed(self) -> tuple[str, ...]:
        """The names of the symbols."""
        return tuple(symbol.name for symbol in self.symbols)

    @property
    def latex(self) -> tuple[str, ...]:
        """How the symbols are written."""
        if self.kind in ("mass", "width"):
            return (rf"\{self.name}" if self.name == "Gamma" else coupling_latex(self.name),)
        indices = {"matrix": ("ij",), "general": ("ij", "ji")}.get(self.kind)
        return tuple(coupling_latex(self.name, pair) for pair in indices) if indices else (coupling_latex(self.name),)

    @property
    def hermitian(self) -> Mapping[str, tuple[Symbol, Expr]]:
        """The Hermitian matrices of a general one: name in the amplitude -> symbol and what it abbreviates."""
        if self.kind != "general":
            return {}
        ij, ji = self.symbols
        sums, differences = hermitian_names(self.coupling)
        return {
            sums: (Symbol(f"{self.name}^sum_ij"), ij + conjugate(ji)),
            differences: (Symbol(f"{self.name}^dif_ij"), I * (ij - conjugate(ji))),
        }


def couplings(interactions: Sequence[Interaction], taken: frozenset[str] = PRINTED_NAMES) -> tuple[Coupling, ...]:
    """Return every coupling, mass and width of some interactions, each with a name of its own.

    Parameters
    ----------
    interactions : whose they are.
    taken : names that have a meaning already.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> chosen = [i for i in shipped_interactions() if i.name in ("standard_model", "scalar")]
    >>> [str(symbol) for coupling in couplings(chosen) for symbol in coupling.symbols]
    ['M', 'Gamma', 'y_S', 'y_P', 'y_S_ij', 'y_P_ij', 'a_ij', 'v_ij']
    """
    found = [coupling for interaction in interactions for coupling in _couplings(interaction)]
    counts = Counter(name for coupling in found for name in coupling.printed)
    plain = [all(counts[n] == 1 and n not in taken for n in c.printed) for c in found]
    taken = taken.union(*(c.printed for c, clear in zip(found, plain, strict=True) if clear))
    result = []
    for coupling, clear in zip(found, plain, strict=True):
        own = coupling if clear else replace(coupling, name=f"{coupling.name}_{coupling.interaction}")
        while not clear and not taken.isdisjoint(own.printed):
            own = replace(own, name=f"{own.name}_")
        taken |= set(own.printed)
        result.append(own)
    return tuple(result)


def _couplings(interaction: Interaction) -> Iterable[Coupling]:
    propagator, name = interaction.propagator, interaction.name
    if propagator.mass is not None:
        yield Coupling("M", "mass", name, propagator.mass, 1, "mass of the mediator")
    if propagator.width is not None:
        yield Coupling("Gamma", "width", name, propagator.width, 1, "Breit-Wigner width of the mediator")
    for term in interaction.electron:
        if not term.constant:
            doc = f"coupling of the electron's {term.bilinear.text}"
            yield Coupling(term.coupling, "electron", name, term.coupling, term.dimension, doc, term.bilinear.text)
    for exchanged in interaction.neutrino:
        current = exchanged.bilinear.text
        yield _matrix(interaction, exchanged, f"coupling of the neutrinos' {current}", current)
    for contact in interaction.terms:
        doc = f"coupling of the neutrinos' {contact.neutrino.text} with the electron's {contact.electron.text}"
        yield _matrix(interaction, contact, doc, contact.neutrino.text)


def _matrix(interaction: Interaction, term: CouplingTerm | ContactTerm, doc: str, current: str) -> Coupling:
    weak = interaction.name == WEAK
    name = term.coupling[0] if weak else term.coupling.removesuffix("_nu")
    kind = "general" if term.conjugate else "matrix"
    return Coupling(name, kind, interaction.name, term.coupling, term.dimension, doc, current)
