"""Interactions as text files: a TOML description of Lagrangian terms, checked and frozen.

In: TOML text (format in ``docs/interaction_files.md``). Out: an :class:`Interaction`: propagator, electron bilinears,
neutrino bilinears, couplings with dimension and units.

Exchange of X (``massive`` and ``photon``) stands for Lagrangian terms with real electron couplings g and Hermitian
neutrino matrices h, indices contracted over their full range::

    L = X . ( sum_a g_a  ebar Gamma_a e  +  sum_b h_b,ij  nubar_i Gamma_b nu_j )

A ``contact`` interaction stands for Hamiltonian terms, product by product, with Hermitian matrices c::

    H = factor * sum_a c_a,ij  [nubar_i Gamma_a nu_j] [ebar Gamma'_a e]

A term with ``hermitian = "add conjugate"`` comes with its Hermitian conjugate: its neutrino bilinear (of a contact term, the
product of both) need not be Hermitian, and its coupling is any complex matrix.

Beyond the types of the fields three things are checked by algebra: every term is Hermitian and does not vanish, the
Lorentz indices of both sides fit each other and the propagator, and every term has mass dimension four.

A file is data: it is read by ``tomllib`` and by the grammar of :mod:`derivations.interactions.language`, under bounds on size and
nesting, and nothing in it is evaluated. The line in an error message comes from :mod:`derivations.interactions.toml_lines`.
"""

from __future__ import annotations

import keyword
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NoReturn

from codegen.call import WORDS, hermitian_names
from derivations.interactions.checks import (
    hermitian_parts,
    is_antihermitian,
    is_antisymmetric,
    is_hermitian,
    products_vanish,
    vanishes,
)
from derivations.interactions.language import Bilinear, BilinearError, parse_bilinear
from derivations.interactions.model import (
    CONSTANTS,
    CONTACT_FACTORS,
    KINDS,
    SPINS,
    UNITS,
    WEAK,
    ContactTerm,
    CouplingTerm,
    Interaction,
    Propagator,
)
from derivations.interactions.toml_lines import MAX_BYTES, FieldPath, field_lines, read_text

MAX_COUPLINGS = 8
MAX_PROSE: Mapping[str, int] = {"title": 100, "description": 500, "references": 160}
"""Most characters of a text, and of each of the references."""

NAME = "[a-z][a-z0-9_]{0,30}"
"""Pattern of the name of an interaction."""
IDENTIFIER = "[A-Za-z][A-Za-z0-9_]{0,30}"
"""Pattern of the name of a coupling, a mass or a width."""


ADD_CONJUGATE = "add conjugate"
"""What ``hermitian`` says of a term whose Hermitian conjugate is added."""

Keys = tuple[tuple[str, ...], tuple[str, ...]]
"""Keys that a table must have, and keys that it may have."""

COMMON_KEYS = ("name", "title", "description", "references", "propagator")
"""Keys that every file has beside those of :func:`sides`."""
PROPAGATOR_KEYS: Mapping[str, Keys] = {
    "contact": (("kind", "factor"), ()),
    "massive": (("kind", "spin", "mass"), ("width",)),
    "photon": (("kind",), ()),
}
ENTRY_KEYS: Mapping[str, Keys] = {
    "electron": (("coupling", "bilinear"), ("dimension", "units", "constant")),
    "neutrino": (("coupling", "bilinear"), ("dimension", "units", "hermitian")),
    "terms": (("coupling", "electron", "neutrino"), ("dimension", "units", "hermitian")),
}
"""Keys of the entries of the arrays that a file may have."""

FORBIDDEN_IN_PROSE = ("\\", '"', "`", "*/")
"""What would end a docstring, a C comment or a literal in generated code."""

OPTIONS = ("propagator", "m1")
"""Entries of a group that its file does not name: the numerator of the propagator and the magnetic operator."""

RESERVED_COUPLINGS = frozenset([*CONSTANTS, *OPTIONS])
"""Names that a coupling, a mass or a width may not take. They are keys of a mapping in Python and carry an underscore in C."""


def sides(kind: str) -> tuple[str, ...]:
    """Return the arrays of a file whose propagator is of a kind.

    Example
    -------
    >>> sides("photon"), sides("contact")
    (('electron', 'neutrino'), ('terms',))
    """
    return ("terms",) if kind == "contact" else ("electron", "neutrino")


@cache
def reserved_names() -> frozenset[str]:
    """Return the names that an interaction may not take: arguments of every call, and what Python cannot read as one.

    Example
    -------
    >>> {"masses", "axial", "lambda"} <= reserved_names(), "float" in reserved_names()
    (True, False)
    """
    text = (files("derivations") / "interactions" / f"{WEAK}.toml").read_text(encoding="utf-8")
    return frozenset([*keyword.kwlist, *WORDS, *(term["coupling"] for term in tomllib.loads(text)["terms"])])


class InteractionError(ValueError):
    """An interaction file that cannot be used; the one-line message names file, line, field, found and allowed."""


def load_interaction(path: str | os.PathLike[str]) -> Interaction:
    """Read an interaction file.

    Parameters
    ----------
    path : a regular file of at most 64 KiB, UTF-8.

    Raises
    ------
    InteractionError : the file cannot be read or its content is not allowed; one line.

    Example
    -------
    >>> from importlib.resources import files
    >>> load_interaction(str(files("derivations") / "interactions" / "vector.toml")).couplings
    ('g_V', 'g_A', 'g_L', 'g_R')
    """
    try:
        text = read_text(path, "file")
    except ValueError as error:
        raise InteractionError(_one_line(str(error))) from None
    return parse_interaction(text, os.fspath(path))


def parse_interaction(text: str, filename: str = "<text>") -> Interaction:
    """Read an interaction from TOML text; ``filename`` only appears in messages.

    Raises
    ------
    InteractionError : one line ``file:line: field 'x': found ..., allowed ...``.

    Example
    -------
    >>> text = '''
    ... name = "dark_higgs"
    ... title = "Dark Higgs boson"
    ... description = "A scalar that couples to electrons and neutrinos."
    ... references = []
    ... propagator = { kind = "massive", spin = 0, mass = "mass" }
    ... electron = [ { coupling = "y_e", bilinear = "i gamma5" } ]
    ... neutrino = [ { coupling = "y_nu", bilinear = "1" } ]
    ... '''
    >>> parse_interaction(text).propagator
    Propagator(kind='massive', spin=0, mass='mass', width=None, factor='1')
    """
    return _Reader(text, _one_line(filename)).interaction()


def shipped_interactions() -> tuple[Interaction, ...]:
    """Return the interactions of ``derivations/interactions``, sorted by name.

    Raises
    ------
    InteractionError : a shipped file is not allowed.

    Example
    -------
    >>> [interaction.name for interaction in shipped_interactions()]
    ['electromagnetic', 'scalar', 'standard_model', 'tensor', 'tensor_mediator', 'vector']
    """
    folder = files("derivations") / "interactions"
    found = [
        parse_interaction(entry.read_text(encoding="utf-8"), entry.name)
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda interaction: interaction.name))


_INDEX_COUNTS = ("no free index", "one free index", "two free indices")


class _Reader:
    """Checks one parsed document, field by field, and builds the interaction."""

    def __init__(self, text: str, filename: str) -> None:
        self.filename = filename
        self.text = text
        self.lines: dict[FieldPath, int] = {}
        self.document: dict[str, object] = self._load(text)

    def fail(self, path: FieldPath, found: str, allowed: str) -> NoReturn:
        line = next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), 1)
        self._raise(line, _dotted(path), found, allowed)

    def _raise(self, line: int, field: str, found: str, allowed: str) -> NoReturn:
        raise InteractionError(_one_line(f"{self.filename}:{line}: field '{field}': found {found}, allowed {allowed}"))

    def _load(self, text: str) -> dict[str, object]:
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > MAX_BYTES:
            self._raise(1, "file", f"{size} bytes", f"at most {MAX_BYTES}")
        text = text.replace("\r\n", "\n")
        self.lines, excess = field_lines(text)
        if excess:
            self._raise(excess.line, _key_of_line(text, excess.line), excess.found, excess.allowed)
        try:
            return tomllib.loads(text)
        except ValueError as error:  # TOMLDecodeError, and Python's own limit on the digits of an integer
            message = str(error)
            place = re.search(r" \(at (?:line ([0-9]+), column [0-9]+|end of document)\)$", message)
            if place:
                line = int(place[1]) if place[1] else text.count("\n") + 1
                reason = _shorten(message[: place.start()])
            else:
                digits = re.search(r"[0-9_]{1000,}", text)
                line = text.count("\n", 0, digits.start()) + 1 if digits else 1
                reason = "a number with too many digits"
            self._raise(line, _key_of_line(text, line), f"invalid TOML ({reason})", "a valid TOML document")

    def interaction(self) -> Interaction:
        root = self.document
        # The kind decides which other keys are allowed, so it is looked up before the keys are checked.
        propagator = self._propagator() if "propagator" in root else None
        self._keys((), root, ((*COMMON_KEYS, *sides(propagator.kind if propagator else "")), ()))
        assert propagator is not None
        name = self._name(("name",), root["name"], NAME, reserved_names())
        prose = {key: self._prose((key,), root[key], MAX_PROSE[key]) for key in ("title", "description")}
        references = tuple(
            self._prose(("references", n), entry, MAX_PROSE["references"])
            for n, entry in self._list(("references",), root["references"], 0)
        )
        used = {part for part in (propagator.mass, propagator.width) if part}
        electron: tuple[CouplingTerm, ...] = ()
        neutrino: tuple[CouplingTerm, ...] = ()
        terms: tuple[ContactTerm, ...] = ()
        if propagator.kind == "contact":
            terms = tuple(
                self._contact_term(("terms", n), entry, used, propagator.factor)
                for n, entry in self._list(("terms",), root["terms"], 1)
            )
        else:
            electron, neutrino = (
                tuple(
                    self._coupling_term((side, n), entry, used, propagator)
                    for n, entry in self._list((side,), root[side], 1)
                )
                for side in ("electron", "neutrino")
            )
            self._same_indices(electron, neutrino)
        return Interaction(
            name, prose["title"], prose["description"], references, propagator, electron, neutrino, terms, self.text
        )

    def _propagator(self) -> Propagator:
        path: FieldPath = ("propagator",)
        table = self._table(path, self.document["propagator"])
        if "kind" not in table:
            self.fail(path, "no key 'kind'", f"kind = one of {_listed(KINDS)}")
        kind = self._choice((*path, "kind"), table["kind"], KINDS)
        self._keys(path, table, PROPAGATOR_KEYS[kind])
        if kind == "photon":
            return Propagator(kind, spin=1)
        if kind == "contact":
            return Propagator(kind, factor=self._choice((*path, "factor"), table["factor"], tuple(CONTACT_FACTORS)))
        spin = table["spin"]
        if type(spin) is not int or spin not in SPINS:
            self.fail((*path, "spin"), _show(spin), "0, 1 or 2 (2: antisymmetric tensor exchange)")
        names = {
            key: self._name((*path, key), table[key], IDENTIFIER, RESERVED_COUPLINGS)
            for key in ("mass", "width")
            if key in table
        }
        if names["mass"] == names.get("width"):
            self.fail((*path, "width"), f"the name {_show(names['mass'])} of the mass", "a name of its own")
        return Propagator(kind, spin=spin, mass=names["mass"], width=names.get("width"))

    def _coupling_term(self, path: FieldPath, value: object, used: set[str], propagator: Propagator) -> CouplingTerm:
        table = self._table(path, value)
        on_electron = path[0] == "electron"
        self._keys(path, table, ENTRY_KEYS[str(path[0])])
        constant = self._flag((*path, "constant"), table.get("constant", False))
        coupling = (
            self._choice((*path, "coupling"), table["coupling"], CONSTANTS)
            if constant
            else self._coupling_name(path, table, used)
        )
        conjugate = self._adds_conjugate(path, table)
        bilinear = self._bilinear((*path, "bilinear"), table["bilinear"], conjugate, option=not on_electron)
        if conjugate:
            self._needs_conjugate(path, "bilinear", *map(vanishes, hermitian_parts(bilinear)))
        if len(bilinear.free_indices) != propagator.spin:
            self.fail(
                (*path, "bilinear"),
                f"free indices ({', '.join(bilinear.free_indices)})",
                f"{_INDEX_COUNTS[propagator.spin or 0]} for spin {propagator.spin}",
            )
        if propagator.spin == 2 and not is_antisymmetric(bilinear):
            self.fail(
                (*path, "bilinear"),
                f"{_show(bilinear.text)}, which is not antisymmetric in ({', '.join(bilinear.free_indices)})",
                "an antisymmetric tensor for spin 2, as in sigma(mu,nu)",
            )
        powers = self._momentum_power((*path, "bilinear"), bilinear)
        dimension, units = self._dimension(path, table, 0, powers)
        if constant and dimension:
            self.fail(
                (*path, "bilinear"), f"q beside the constant {_show(coupling)}", "no q: the constant has no dimension"
            )
        return CouplingTerm(coupling, bilinear, dimension, units, constant, conjugate)

    def _contact_term(self, path: FieldPath, value: object, used: set[str], factor: str) -> ContactTerm:
        table = self._table(path, value)
        self._keys(path, table, ENTRY_KEYS["terms"])
        coupling = self._coupling_name(path, table, used)
        conjugate = self._adds_conjugate(path, table)
        electron, neutrino = (
            self._bilinear((*path, side), table[side], conjugate, option=True) for side in ("electron", "neutrino")
        )
        if electron.free_indices != neutrino.free_indices:
            self.fail(
                (*path, "neutrino"),
                f"free indices ({', '.join(neutrino.free_indices)})",
                f"those of the electron bilinear ({', '.join(electron.free_indices)})",
            )
        powers = sum(
            self._momentum_power((*path, side), bilinear)
            for side, bilinear in (("electron", electron), ("neutrino", neutrino))
        )
        dimension, units = self._dimension(path, table, -2 - CONTACT_FACTORS[factor], powers)
        term = ContactTerm(coupling, electron, neutrino, dimension, units, conjugate)
        if conjugate:
            parts: dict[str, list[tuple[int, Bilinear, Bilinear]]] = {name: [] for name in hermitian_names(coupling)}
            for matrix, _, sign, left, right in term.hermitian:
                parts[matrix].append((sign, left, right))
            self._needs_conjugate(path, "product", *map(products_vanish, parts.values()))
        return term

    def _same_indices(self, electron: tuple[CouplingTerm, ...], neutrino: tuple[CouplingTerm, ...]) -> None:
        expected = electron[0].bilinear.free_indices
        for side, terms in (("electron", electron), ("neutrino", neutrino)):
            for n, term in enumerate(terms):
                if term.bilinear.free_indices != expected:
                    self.fail(
                        (side, n, "bilinear"),
                        f"free indices ({', '.join(term.bilinear.free_indices)})",
                        f"those of electron[0] ({', '.join(expected)})",
                    )

    def _adds_conjugate(self, path: FieldPath, table: Mapping[str, object]) -> bool:
        value = table.get("hermitian", True)
        if value is not True and value != ADD_CONJUGATE:
            allowed = f'true or "{ADD_CONJUGATE}"; the Lagrangian would not be Hermitian'
            self.fail((*path, "hermitian"), _show(value), allowed)
        return value == ADD_CONJUGATE

    def _needs_conjugate(self, path: FieldPath, what: str, no_sum: bool, no_difference: bool) -> None:
        """Refuse a term that needs none or one alone of the Hermitian matrices of its coupling."""
        if not (no_sum or no_difference):
            return
        found, allowed = {
            (True, True): (f"a {what} that vanishes", f"a {what} that does not vanish"),
            (False, True): (f"a Hermitian {what}", "no such key here: drop it"),
            (True, False): (f"i times a Hermitian {what}", "no such key here: drop it and multiply by i"),
        }[no_sum, no_difference]
        self.fail((*path, "hermitian"), f'"{ADD_CONJUGATE}" for {found}', allowed)

    def _bilinear(self, path: FieldPath, value: object, conjugate: bool, *, option: bool) -> Bilinear:
        """Read a bilinear that must be Hermitian unless its ``conjugate`` is added, which may be an ``option``."""
        text = self._string(path, value)
        try:
            bilinear = parse_bilinear(text)
        except BilinearError as error:
            self.fail(path, f"{error.found} at column {error.column} of {_show(text)}", error.allowed)
        if vanishes(bilinear):
            self.fail(path, f"{_show(text)}, which is zero for every q", "a bilinear that does not vanish")
        if not conjugate and not is_hermitian(bilinear):
            add = f'; or hermitian = "{ADD_CONJUGATE}" for the term' if option else ""
            hint = "; multiply it by i" if is_antihermitian(bilinear) else add
            self.fail(path, f"{_show(text)}, which is not Hermitian", f"Hermitian bilinears only{hint}")
        return bilinear

    def _momentum_power(self, path: FieldPath, bilinear: Bilinear) -> int:
        powers = sorted({term.momentum_power for term in bilinear.terms})
        if len(powers) > 1:
            self.fail(
                path, f"terms with {' and '.join(map(str, powers))} powers of q", "the same power of q in every term"
            )
        return powers[0]

    def _dimension(self, path: FieldPath, table: Mapping[str, object], plain: int, powers: int) -> tuple[int, str]:
        """Check the dimension and the units of a coupling whose dimension is ``plain`` without powers of q."""
        needed, most = plain - powers, plain - min(UNITS.values())
        if powers > most:
            where = "bilinear" if "bilinear" in table else "neutrino"
            allowed = f"at most {most}, for which a coupling has units; none have dimension {needed}"
            self.fail((*path, where), f"{powers} powers of q", allowed)
        dimension = table.get("dimension", 0)
        if type(dimension) is not int:
            self.fail((*path, "dimension"), _show(dimension), "an integer")
        if dimension != needed:
            found = _show(dimension) if "dimension" in table else "no dimension, which means 0"
            self.fail((*path, "dimension"), found, f"{needed}, so that the term has mass dimension 4")
        fitting = [unit for unit, power in UNITS.items() if power == needed]
        if "units" not in table and needed:
            self.fail(path, "no key 'units'", f"units = one of {_listed(fitting)} for dimension {needed}")
        units = self._choice((*path, "units"), table.get("units", "1"), tuple(UNITS))
        if units not in fitting:
            self.fail((*path, "units"), _show(units), f"{_listed(fitting)} for dimension {needed}")
        return dimension, units

    def _coupling_name(self, path: FieldPath, table: Mapping[str, object], used: set[str]) -> str:
        where = (*path, "coupling")
        name = self._name(where, table["coupling"], IDENTIFIER, RESERVED_COUPLINGS)
        if name in used:
            self.fail(where, f"{_show(name)} a second time", "a different name for every coupling, mass and width")
        used.add(name)
        return name

    def _name(self, path: FieldPath, value: object, pattern: str, reserved: frozenset[str]) -> str:
        text = self._string(path, value)
        if not re.fullmatch(pattern, text):
            self.fail(path, _show(text), f"a name of the form {pattern}")
        if text in reserved:
            self.fail(path, f"the reserved name {_show(text)}", "a name that means nothing in Python or in the call")
        return text

    def _prose(self, path: FieldPath, value: object, limit: int) -> str:
        text = self._string(path, value)
        if not text.strip() or len(text) > limit:
            found = f"{len(text)} characters" if text.strip() else "an empty string"
            self.fail(path, found, f"1 to {limit} characters")
        bad = next((mark for mark in FORBIDDEN_IN_PROSE if mark in text), None)
        bad = bad or next((character for character in text if not character.isprintable()), None)
        if bad:
            self.fail(path, f"{bad!a} in the text", 'printable characters on one line, without \\, ", ` and */')
        return text

    def _string(self, path: FieldPath, value: object) -> str:
        if not isinstance(value, str):
            self.fail(path, _show(value), "a string")
        return value

    def _flag(self, path: FieldPath, value: object) -> bool:
        if not isinstance(value, bool):
            self.fail(path, _show(value), "true or false")
        return value

    def _choice(self, path: FieldPath, value: object, choices: tuple[str, ...]) -> str:
        if not isinstance(value, str) or value not in choices:
            self.fail(path, _show(value), f"one of {_listed(choices)}")
        return value

    def _table(self, path: FieldPath, value: object) -> Mapping[str, object]:
        if not isinstance(value, dict):
            self.fail(path, _show(value), "a table { key = value, ... }")
        return value

    def _list(self, path: FieldPath, value: object, least: int) -> Iterator[tuple[int, object]]:
        if not isinstance(value, list):
            self.fail(path, _show(value), "an array [ ... ]")
        if not least <= len(value) <= MAX_COUPLINGS:
            self.fail(path, f"{len(value)} entries", f"{least} to {MAX_COUPLINGS} entries")
        return enumerate(value)

    def _keys(self, path: FieldPath, table: Mapping[str, object], keys: Keys) -> None:
        required, optional = keys
        for key in table:
            if key not in required + optional:
                self.fail((*path, key), f"unknown key {_show(key)}", f"the keys {', '.join(required + optional)}")
        for key in required:
            if key not in table:
                self.fail(path or ("file",), f"no key '{key}'", f"the keys {', '.join(required + optional)}")


def _listed(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _dotted(path: FieldPath) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{_shorten(part, 40)}"
    return text


def _shorten(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else f"{text[:limit]}..."


def _one_line(text: str) -> str:
    """Escape what would break or disguise a one-line message (control and direction characters)."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def _show(value: object) -> str:
    """Describe a value briefly; long or nested values by their type."""
    if isinstance(value, str):
        return f'"{_shorten(value)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 64 else "a huge integer"
    kinds: tuple[tuple[type, Callable[[], str]], ...] = (
        (float, lambda: f"the number {value}"),
        (dict, lambda: "a table"),
        (list, lambda: "an array"),
    )
    return next((words() for kind, words in kinds if isinstance(value, kind)), "a date or time")


def _key_of_line(text: str, line: int) -> str:
    """Return the field of a syntax error: the word that starts the line, or the key of the nearest line above."""
    head = text.split("\n")[:line]
    word = re.match(r"\s*([A-Za-z0-9_-]{1,40})", head[-1])
    if word:
        return word[1]
    for candidate in reversed(head):
        match = re.match(r"\s*([A-Za-z0-9_-]{1,40})\s*=", candidate)
        if match:
            return match[1]
    return "file"
