"""What a black box is asked: the quantities, our names for their arguments, and the right answers.

A :class:`Question` knows which couplings a function takes and asks it and the derivation the same thing: for a spectral function
with arrays of photon energies and matrices, for what stands behind its sum with the numbers of one pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from derivations.interactions.model import WEAK
from derivations.ledger.check.derived import QUANTITIES, dirac_function, ingredients
from derivations.ledger.check.vocabulary import CONSTANTS, KINEMATIC, SPELLINGS, Symbol, Values, Vocabulary, vocabulary
from derivations.processes.renp.kernel import UNITS
from derivations.written.nodes import canonical
from renp.model import Model
from renp.testing.black_box.calls import Box
from renp.testing.black_box.numbers import Couplings, LanesDomain, Point, constants, generators, lanes
from renp.testing.subject import Subject, nature_as
from renp_generated.runtime.arguments import shown

__all__ = ["ALL", "NATURES", "NATURE_NAMES", "SPECTRUM", "Question", "names_of", "spectral_names"]

SPECTRUM: Final = "spectral_function"
ALL: Final = (SPECTRUM, *(name for name, quantity in QUANTITIES.items() if quantity.kinematics is None))
"""The quantities that can be examined."""
NATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "both": ("dirac", "majorana"),
    "dirac": ("dirac",),
    "majorana": ("majorana",),
}
NATURE_NAMES: Final = ("nature", "delta_M", "majorana")
OPTIONS: Final[Mapping[str, Any]] = {
    "pair_step": "M1", "intermediate_amplitudes": None, "atomic_tensor": None, "dipole_length": 1.0, "m1": "spin",
    "imprinted_momentum": 0.0, "crossed": None,
}  # fmt: skip
"""Arguments of a spectral function that are passed as they are when a function requires them."""


@dataclass
class Question:
    """A function and the derivation, asked the same.

    Attributes
    ----------
    box : the function.
    quantity : what it is to be.
    model : the interactions.
    known : their symbols.
    natures : those that the function can be asked for.
    covered : the couplings, masses and widths that it takes.
    held : values that are not varied, by our names.
    right_spectrum : the evaluator that a spectral function is held against.
    """

    box: Box
    quantity: str
    model: Model
    known: Vocabulary
    natures: tuple[str, ...]
    covered: frozenset[Symbol]
    held: Mapping[str, Any]
    right_spectrum: Callable[..., Any]

    @classmethod
    def of(
        cls,
        function: Callable[..., Any],
        model: Model,
        quantity: str,
        nature: str,
        names: Mapping[str, str] | None,
        held: Mapping[str, Any],
    ) -> Question:
        """Return the question that a function can be asked.

        Raises
        ------
        CallError : it needs what nothing is known for.
        ValueError : a name or a held value that there is not; one line.
        """
        known = vocabulary(model.interactions)
        spectral = quantity == SPECTRUM
        where = spectral_names(known) if spectral else pair_names(known, quantity)
        unknown = [name for name in held if name not in where]
        if unknown:
            raise ValueError(f"arguments: {unknown[0]!r} is nothing that can be held; allowed are {', '.join(where)}")
        box = Box(function, names, list(where), "omega" if spectral else "", list(held))
        takes = box.takes
        covered = frozenset(symbol for name in takes if name not in held for symbol in where[name])
        if box.rest:
            covered |= frozenset(known.symbols) - {symbol for name in held for symbol in where[name]}
        asked = NATURES[nature]
        tells = box.rest or not takes.isdisjoint(NATURE_NAMES)
        if "nature" in held:
            asked = (held["nature"],)
        natures = asked if tells or len(asked) == 1 else ("dirac",)
        return cls(box, quantity, model, known, natures, _reachable(covered, known), held, model.spectral_function)

    @property
    def mode(self) -> str:
        """How the ordered pairs are put together, see :func:`~renp.testing.black_box.numbers.lanes`."""
        if self.quantity == SPECTRUM:
            return "sum"
        return "mean" if QUANTITIES[self.quantity].couplings else "one"

    @property
    def tells_nature(self) -> bool:
        """Whether the function can be asked for both natures."""
        return self.box.rest or not self.box.takes.isdisjoint(NATURE_NAMES)

    # ------------------------------------------------------------ the function

    def asked(
        self,
        point: Point,
        couplings: Couplings,
        ordered: tuple[int, int] = (0, 0),
        pair: tuple[int, int] | None = None,
    ) -> Mapping[str, Any]:
        """Return the values of all our names; ``pair`` tells the energy of the neutrino, the ordered pair by default."""
        if self.quantity == SPECTRUM:
            return {**OPTIONS, **spectral_values(self.known, self.model, point, couplings), **self.held}
        return _Held(self.held, _pair_values(self.known, point, couplings, ordered, pair or ordered))

    def spelled(self, point: Point, couplings: Couplings, pair: tuple[int, int] = (0, 0)) -> dict[str, Any]:
        """Return the arguments of a call under the function's own names."""
        values = self.asked(point, couplings, pair)
        return self.box.spelled(values, self._rest())

    def _rest(self) -> list[str]:
        if self.quantity != SPECTRUM:
            return [name for name in pair_names(self.known, self.quantity) if name not in SPELLINGS]
        plain = ["omega", "E_eg", "E_vg", "masses", "nature"]
        return [*plain, *(s.coupling for s in self.known.symbols if s.interaction == WEAK), *self.model.keywords]

    def computed(
        self, point: Point, couplings: Couplings, pair: tuple[int, int], options: Mapping[str, Any] | None = None
    ) -> NDArray[np.float64]:
        """Return what the function gives at each photon energy; for what stands behind a sum, half the sum of ij and ji.

        Raises
        ------
        CallError : it gives no real numbers.
        """
        if self.quantity == SPECTRUM:
            return self.box({**self.asked(point, couplings), **(options or {})}, [*self._rest(), *(options or {})])
        found = []
        ordered = [pair, pair[::-1]] if pair[0] != pair[1] and self.mode == "mean" else [pair]
        for omega in point.omega:
            one = _at(point, float(omega))
            answers = [float(self.box(self.asked(one, couplings, ij, pair), self._rest())) for ij in ordered]
            found.append(sum(answers) / len(answers))
        return np.array(found)

    def subject(self) -> Subject:
        """Return the function as the assertions of physics take it, under our names."""
        canonical_names = names_of(self.model)
        takes = {canonical_names[name] for name in self.box.takes}
        if self.box.rest:
            takes |= {name for name in canonical_names.values() if "." not in name}
        aliases = {name: own for name, own in canonical_names.items() if name in self.box.takes}

        def function(omega: Any, **given: Any) -> Any:
            energies = np.asarray(omega, dtype=float)
            if self.box.rest:
                return self.box({"omega": energies, **given}, list(given))
            nature, masses = given.get("nature", "dirac"), np.atleast_1d(given.get("masses", [0.0]))
            point = Point(energies, given.get("E_eg", 1.0), given.get("E_vg", 1.0), masses, nature, {})
            values = {**OPTIONS, **spectral_values(self.known, self.model, point, {})}
            values |= {name: value for name, value in given.items() if not isinstance(value, Mapping)}
            for name, own in aliases.items():
                group, _, entry = own.partition(".")
                if isinstance(values[name], Mapping):
                    values[name] = {**values[name], **given.get(name, {})}
                elif entry and entry in given.get(group, {}):
                    values[name] = given[group][entry]
                elif own in given and own != "nature":
                    values[name] = given[own]
            return self.box(values)

        return Subject(function, self.model, self.natures, frozenset(takes) - {"omega"})

    # ------------------------------------------------------------ the derivation

    def right(
        self,
        point: Point,
        many: Sequence[Couplings],
        pair: tuple[int, int] | None,
        options: Mapping[str, Any] | None = None,
    ) -> list[NDArray[np.float64]]:
        """Return the right answers for several sets of couplings; ``pair`` None stands for all pairs of a spectrum."""
        if self.quantity == SPECTRUM:
            names = ["omega", "E_eg", "E_vg", "masses", "nature", *self.model.keywords]
            names += [s.coupling for s in self.known.symbols if s.interaction == WEAK]
            found = []
            for couplings in many:
                values = spectral_values(self.known, self.model, point, couplings)
                arguments = {name: values[name] for name in names}
                arguments |= {name: value for name, value in self.held.items() if name in OPTIONS} | dict(options or {})
                found.append(np.asarray(self.right_spectrum(arguments.pop("omega"), **arguments), dtype=float))
            return found
        assert pair is not None
        some = lanes([(point, couplings, [pair]) for couplings in many], self.known, self.mode)
        parts = ingredients(self.model.interactions)
        all_ = some.right(self.quantity, parts, self.known, frozenset(self.known.symbols), point.nature)
        return list(all_.reshape(len(many), -1))


def _reachable(covered: frozenset[Symbol], known: Vocabulary) -> frozenset[Symbol]:
    """Return the symbols without those of a mediator whose mass the function does not take."""
    massive = {symbol.interaction for symbol in known.symbols if symbol.kind == "mass"}
    masses = {symbol.interaction for symbol in covered if symbol.kind == "mass"}
    electrons = {symbol.interaction for symbol in known.symbols if symbol.kind == "electron"}
    some = {symbol.interaction for symbol in covered if symbol.kind == "electron"}
    return frozenset(
        symbol
        for symbol in covered
        if (symbol.interaction not in massive or symbol.interaction in masses)
        and (symbol.interaction not in electrons or symbol.interaction in some)
    )


# ---------------------------------------------------------------- names


def spectral_names(known: Vocabulary) -> dict[str, tuple[Symbol, ...]]:
    """Return our names of the arguments of a spectral function, with the couplings that each brings.

    A group is a mapping under its keyword; each of its entries alone is ``group.entry``, and the entry's name or symbol where
    there is one of that name.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> names = spectral_names(vocabulary([i for i in shipped_interactions() if i.name in ("standard_model", "vector")]))
    >>> [name for name in names if names[name]][:6]
    ['axial', 'vector_weak', 'vector', 'vector.mass', 'vector.width', 'vector.g_V']
    """
    found: dict[str, tuple[Symbol, ...]] = dict.fromkeys(("omega", "E_eg", "E_vg", "masses", *NATURE_NAMES), ())
    for symbol in known.symbols:
        if symbol.interaction == WEAK:
            found[symbol.coupling] = (symbol,)
    for interaction in dict.fromkeys(symbol.interaction for symbol in known.symbols if symbol.interaction != WEAK):
        group = tuple(symbol for symbol in known.symbols if symbol.interaction == interaction)
        found[interaction] = group
        found |= {f"{interaction}.{symbol.coupling}": (symbol,) for symbol in group}
    for attribute in ("coupling", "name"):
        words = [getattr(symbol, attribute) for symbol in known.symbols]
        found |= {
            word: (symbol,)
            for symbol, word in zip(known.symbols, words, strict=True)
            if words.count(word) == 1 and word not in found
        }
    return found | {name: () for name in OPTIONS if name not in found}


def names_of(model: Model) -> dict[str, str]:
    """Return every name that is understood of an argument of a spectral function, with the one that a call has: ``vector.g_L``.

    Example
    -------
    >>> names = names_of(Model("vector"))
    >>> names["axial"], names["g_L"], names["majorana"]
    ('axial', 'vector.g_L', 'nature')
    """
    found = {}
    for name, symbols in spectral_names(vocabulary(model.interactions)).items():
        found[name] = name
        if symbols and name not in model.keywords:
            (symbol,) = symbols
            weak = symbol.interaction == WEAK
            found[name] = symbol.coupling if weak else f"{symbol.interaction}.{symbol.coupling}"
    words = {f"{group.keyword}.{one.name}" for group in model.groups for one in group.couplings if one.kind == "choice"}
    return found | {word: word for word in sorted(words)} | dict.fromkeys(NATURE_NAMES, "nature")


def spectral_values(known: Vocabulary, model: Model, point: Point, couplings: Couplings) -> dict[str, Any]:
    """Return the values of all names of :func:`spectral_names`; couplings in the units of the evaluators."""
    n = len(point.masses)

    def of(symbol: Symbol) -> Any:
        if symbol.kind in ("mass", "width"):
            return point.mediators.get(symbol, 1.0 if symbol.kind == "mass" else 0.0)
        if symbol.kind == "electron":
            return float(couplings.get(symbol, 0.0)) / unit(model, symbol)
        matrix = couplings.get(symbol)
        return (
            np.zeros((n, n), dtype=complex)
            if matrix is None
            else np.asarray(matrix, dtype=complex) / unit(model, symbol)
        )

    found: dict[str, Any] = {name: nature_as(name, point.nature) for name in NATURE_NAMES} | {
        "omega": point.omega, "E_eg": point.E_eg, "E_vg": point.E_vg, "masses": np.asarray(point.masses),
    }  # fmt: skip
    for name, symbols in spectral_names(known).items():
        if symbols and name in model.keywords:
            found[name] = {symbol.coupling: of(symbol) for symbol in symbols}
        elif symbols:
            found[name] = of(symbols[0])
    return found


def couplings_of(known: Vocabulary, model: Model, held: Mapping[str, Any], n: int) -> dict[Symbol, Any]:
    """Return the couplings among given arguments of a spectral function, in natural units.

    Raises
    ------
    ValueError : what is no matrix of the right size, or an unknown entry of a group; one line.
    """
    found: dict[Symbol, Any] = {}
    for name, value in held.items():
        symbols = spectral_names(known).get(name, ())
        if not symbols or value is None:
            continue
        if name in model.keywords and not isinstance(value, Mapping):
            raise TypeError(f"arguments: {name} must be a mapping of its entries, found {shown(value)}")
        entries = value if isinstance(value, Mapping) else {symbols[0].coupling: value}
        unknown = [
            entry for entry in entries if entry not in {symbol.coupling for symbol in symbols} and entry not in CHOICES
        ]
        if unknown:
            raise ValueError(
                f"arguments: {name} has no entry {unknown[0]!r}; it has {', '.join(s.coupling for s in symbols)}"
            )
        for symbol in symbols:
            if symbol.coupling not in entries or symbol.kind in ("mass", "width"):
                continue
            scale = unit(model, symbol)
            try:
                number = np.asarray(entries[symbol.coupling], dtype=complex) * scale
            except (TypeError, ValueError):
                found_ = shown(entries[symbol.coupling])
                raise TypeError(f"arguments: {name} must hold numbers, found {found_}") from None
            shape = () if symbol.kind == "electron" else (n, n)
            if number.shape != shape:
                raise ValueError(f"arguments: {name} must have the shape {shape}, found {number.shape}")
            found[symbol] = float(number.real) if symbol.kind == "electron" else number
    return found


CHOICES: Final = ("propagator", "m1")
"""Entries of groups that are words, and no couplings."""


def unit(model: Model, symbol: Symbol) -> float:
    """Return the unit in which a coupling is given, in powers of eV."""
    units = {(group.name, one.name): one.units for group in model.groups for one in group.couplings}
    scale = 1.0
    for constant, exponent in UNITS.get(units.get((symbol.interaction, symbol.coupling), "1"), ()):
        scale *= constants()[constant] ** exponent
    return scale


def pair_names(known: Vocabulary, quantity: str) -> dict[str, tuple[Symbol, ...]]:
    """Return our names of the arguments of what stands behind the sum, with the coupling that each brings."""
    found: dict[str, tuple[Symbol, ...]] = dict.fromkeys((*KINEMATIC, *SPELLINGS, *CONSTANTS, "q0", *NATURE_NAMES), ())
    if quantity != "spin_sum":
        del found["E_nu"]
    if QUANTITIES[quantity].couplings:
        found |= {name: (symbol,) for symbol in known.symbols for name in symbol.elements}
    return found


@dataclass(frozen=True)
class _Held(Mapping[str, Any]):
    """Values that are held, before all others."""

    held: Mapping[str, Any]
    others: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.held[name] if name in self.held else self.others[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self.held, *self.others)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _PairValues(Mapping[str, Any]):
    """Values of all names of one pair, as Python's numbers, made when they are asked for."""

    def __init__(self, values: Values, known: Vocabulary, nature: str) -> None:
        self._values, self._nature = values, nature
        self._elements = known.elements()

    def __getitem__(self, name: str) -> Any:
        if name in NATURE_NAMES:
            return nature_as(name, self._nature)
        with np.errstate(all="ignore"):
            number = complex(np.asarray(self._values[name]).ravel()[0])
        symbol = self._elements.get(canonical(name))
        is_complex = name == "i" or (symbol is not None and symbol.is_matrix)
        return number if is_complex else number.real

    def __iter__(self) -> Iterator[str]:
        return iter((*self._values, "q0", "nature", "majorana"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _pair_values(
    known: Vocabulary, point: Point, couplings: Couplings, ordered: tuple[int, int], pair: tuple[int, int]
) -> Mapping[str, Any]:
    base = {
        name: np.asarray(number, dtype=complex)
        for name, number in generators(point, couplings, ordered, pair, known).items()
    }
    values = Values(base, known, LanesDomain(), int(point.nature == "majorana"), {"I_D": dirac_function})
    return _PairValues(values, known, point.nature)


def _at(point: Point, omega: float) -> Point:
    return replace(point, omega=np.array([omega]))
