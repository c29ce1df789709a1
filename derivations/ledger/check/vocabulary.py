"""The symbols that a formula may name: those of the kinematics, constants, and the couplings of its interactions.

Nothing about an interaction is listed here: names, dimensions and kinds of couplings come from the interaction itself, named as in
the derived formulas (:mod:`derivations.processes.renp.couplings`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Final

from derivations.interactions.model import Interaction
from derivations.ledger.check.evaluate import Domain, Value
from derivations.processes.renp.couplings import couplings, is_matrix
from derivations.written.nodes import canonical

KINEMATIC: Final[Mapping[str, tuple[int, str]]] = {
    "omega": (1, "photon energy"),
    "E_eg": (1, "energy of |e> above |g>"),
    "E_vg": (1, "energy of |v> above |g>"),
    "E_nu": (1, "energy of the neutrino i"),
    "E": (1, "energy of the incoming neutrino, E_nu, in scattering"),
    "T": (1, "kinetic energy of the struck target, in scattering"),
    "m_N": (1, "mass of the nucleus, in scattering"),
    "Z": (0, "number of protons, in scattering"),
    "F": (0, "form factor of the nucleus, in scattering"),
    "Q_W": (0, "weak charge of the nucleus, in scattering"),
    "s": (2, "invariant mass squared of the pair"),
    "t": (2, "s - (m_i + m_j)^2"),
    "lambda_ij": (4, "(s - (m_i + m_j)^2) (s - (m_i - m_j)^2)"),
    "m_i": (1, "mass of the neutrino i"),
    "m_j": (1, "mass of the antineutrino j"),
    "Delta_ij": (0, "sqrt(lambda_ij)/s"),
    "omega_ij": (1, "threshold of the pair"),
    "I_D": (2, "spectral function of a pair of Dirac neutrinos for a_ij = 1"),
    "delta_M": (0, "0 for Dirac and 1 for Majorana neutrinos"),
}
"""Mass dimension and meaning of the symbols of the processes."""
SCATTERING: Final = ("E", "T", "m_N", "Z", "F", "Q_W")
"""Those that belong to scattering alone."""
CONSTANTS: Final[Mapping[str, tuple[int, str]]] = {
    "G_F": (-2, "Fermi constant"),
    "m_e": (1, "electron mass"),
    "e": (0, "elementary charge, sqrt(4 pi alpha)"),
    "alpha": (0, "fine-structure constant"),
    "mu_B": (-1, "Bohr magneton, e/(2 m_e)"),
    "pi": (0, "pi"),
    "i": (0, "imaginary unit"),
}
SPELLINGS: Final[Mapping[str, str]] = {"I_D_ij": "I_D", "Delta": "Delta_ij", "lambda": "lambda_ij"}
"""Further spellings of symbols of the process."""


@dataclass(frozen=True)
class Symbol:
    """One symbol.

    Attributes
    ----------
    name : as it stands in the text form, without indices for a neutrino matrix.
    kind : ``electron``, ``matrix``, ``general``, ``mass`` or ``width``.
    interaction : whose symbol it is.
    coupling : its name in the interaction's file.
    dimension : its mass dimension.
    current : the bilinear that it multiplies, for couplings.
    """

    name: str
    kind: str
    interaction: str
    coupling: str
    dimension: int
    current: str = ""

    @property
    def is_matrix(self) -> bool:
        """Whether it is a matrix of the neutrinos."""
        return is_matrix(self.kind)

    @property
    def elements(self) -> tuple[str, ...]:
        """The names that formulas use: two elements of a matrix, or the symbol itself."""
        return (f"{self.name}_ij", f"{self.name}_ji") if self.is_matrix else (self.name,)


@dataclass(frozen=True)
class Vocabulary:
    """The interactions of a comparison and their symbols."""

    interactions: tuple[Interaction, ...]
    symbols: tuple[Symbol, ...]

    def elements(self) -> dict[str, Symbol]:
        """Return the symbol of every name of a coupling, a mass or a width."""
        return {canonical(name): symbol for symbol in self.symbols for name in symbol.elements}

    def dimensions(self) -> dict[str, int]:
        """Return the mass dimension of every name."""
        known = {name: dimension for name, (dimension, _) in (*KINEMATIC.items(), *CONSTANTS.items())}
        known |= {spelling: known[name] for spelling, name in SPELLINGS.items()}
        return known | {name: symbol.dimension for name, symbol in self.elements().items()}

    def of(self, interaction: str, coupling: str) -> Symbol:
        """Return the symbol of a coupling of an interaction."""
        return next(x for x in self.symbols if (x.interaction, x.coupling) == (interaction, coupling))


def vocabulary(interactions: Sequence[Interaction]) -> Vocabulary:
    """Return the symbols of some interactions.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> chosen = [i for i in shipped_interactions() if i.name in ("standard_model", "scalar")]
    >>> [name for symbol in vocabulary(chosen).symbols for name in symbol.elements][:6]
    ['M', 'Gamma', 'y_S', 'y_P', 'y_S_ij', 'y_S_ji']
    """
    found = couplings(interactions, frozenset([*KINEMATIC, *CONSTANTS, *SPELLINGS]))
    symbols = (Symbol(c.name, c.kind, c.interaction, c.coupling, c.dimension, c.current) for c in found)
    return Vocabulary(tuple(interactions), tuple(symbols))


def nearest(name: str, known: Sequence[str]) -> list[str]:
    """Return the known names that look most like a name.

    Example
    -------
    >>> nearest("omgea", ["omega", "E_eg"])
    ['omega']
    """
    by_case = {other.lower(): other for other in known}
    found = get_close_matches(name, known, n=3, cutoff=0.5) or get_close_matches(name.lower(), by_case, n=3, cutoff=0.5)
    return [by_case.get(one, one) if one not in known else one for one in found]


# ---------------------------------------------------------------- values


def generators(symbols: Sequence[Symbol]) -> tuple[str, ...]:
    """Return the real quantities that the values of some symbols are made of."""
    return tuple(name for symbol in symbols for name in _parts(symbol))


def _parts(symbol: Symbol) -> tuple[str, ...]:
    if symbol.kind == "matrix":
        return (f"Re {symbol.name}_ij", f"Im {symbol.name}_ij")
    if symbol.kind == "general":
        return tuple(f"{part} {symbol.name}_{pair}" for pair in ("ij", "ji") for part in ("Re", "Im"))
    return (symbol.name,)


PLAIN: Final = ("E_vg", "E_nu", "m_e", "G_F", "pi", "e")
"""Generators beside the kinematic ones that every comparison has."""


class Values(Mapping[str, Value]):
    """The values of all names in some arithmetic, made when they are asked for.

    Parameters
    ----------
    base : values of the generators: kinematic ones, :data:`PLAIN` and those of the symbols.
    known : the vocabulary.
    domain : the arithmetic.
    nature : the value of ``delta_M``.
    further : abbreviations and what belongs to a derivation, as functions of these values.
    """

    def __init__(
        self,
        base: Mapping[str, Value],
        known: Vocabulary,
        domain: Domain,
        nature: int,
        further: Mapping[str, Callable[[Values], Value]],
    ) -> None:
        self.base = base
        self.known = known
        self.domain = domain
        self.nature = nature
        self.further = further
        self.nodes: Mapping[int, Value] = {}
        """Values of parts of abbreviations that were found before, by identity."""
        self._symbols = known.elements()
        self._found: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        name = SPELLINGS.get(canonical(name), canonical(name))
        if name not in self._found:
            self._found[name] = self._made(name)
        return self._found[name]

    def beside(
        self,
        further: Mapping[str, Callable[[Values], Value]],
        changed: Collection[str],
        nodes: Mapping[int, Value],
    ) -> Values:
        """Return the same values with other abbreviations: those in ``changed`` are made again, with parts from ``nodes``."""
        result = Values(self.base, self.known, self.domain, self.nature, further)
        result.nodes = nodes
        result._found = {name: value for name, value in self._found.items() if name not in changed}
        return result

    def __iter__(self) -> Iterator[str]:
        return iter((*KINEMATIC, *CONSTANTS, *self._symbols, *self.further))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _made(self, name: str) -> Value:
        if name in self.further:
            return self.further[name](self)
        if name in self._symbols:
            return self._element(self._symbols[name], name)
        if name in self.base:
            return self.base[name]
        return self._process(name)

    def _process(self, name: str) -> Value:
        number = self.domain.number
        match name:
            case "E":
                return self["E_nu"]
            case "E_eg":
                return self["q0"] + self["omega"]
            case "t":
                total = self["m_i"] + self["m_j"]
                return self["s"] - total * total
            case "lambda_ij":
                split = self["m_i"] - self["m_j"]
                return self["t"] * (self["s"] - split * split)
            case "Delta_ij":
                return self.domain.root(self["lambda_ij"]) / self["s"]
            case "omega_ij":
                total = self["m_i"] + self["m_j"]
                return (self["E_eg"] - total * total / self["E_eg"]) * number(Fraction(1, 2))
            case "delta_M":
                return number(Fraction(self.nature))
            case "alpha":
                return self["e"] * self["e"] / (self["pi"] * number(Fraction(4)))
            case "mu_B":
                return self["e"] / (self["m_e"] * number(Fraction(2)))
            case "i":
                return self.domain.imaginary
        raise KeyError(name)

    def _element(self, symbol: Symbol, name: str) -> Value:
        if not symbol.is_matrix:
            return self.base[symbol.name]
        swapped = name.endswith("_ji")
        pair = "ji" if swapped and symbol.kind == "general" else "ij"
        element = self.base[f"Re {symbol.name}_{pair}"] + self.domain.imaginary * self.base[f"Im {symbol.name}_{pair}"]
        return element.conjugate() if swapped and symbol.kind == "matrix" else element


def exchanged(base: Mapping[str, Value], symbols: Sequence[Symbol]) -> dict[str, Value]:
    """Return the values of the generators with i and j exchanged.

    The masses change places, and so do the elements of the matrices; those of a Hermitian one are conjugated.
    """
    result = {**base, "m_i": base["m_j"], "m_j": base["m_i"]}
    for symbol in symbols:
        if symbol.kind == "matrix":
            result[f"Im {symbol.name}_ij"] = -base[f"Im {symbol.name}_ij"]
        elif symbol.kind == "general":
            for part in ("Re", "Im"):
                first, second = (f"{part} {symbol.name}_{pair}" for pair in ("ij", "ji"))
                result[first], result[second] = base[second], base[first]
    return result
