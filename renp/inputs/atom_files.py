"""Atoms of one's own: a TOML file in, checked field by field; out comes a record like those of :data:`renp.ATOMS`.

A file says what the table of shipped atoms says, one atom without its heading. Only the chain is needed::

    symbol = "Ba"
    gamma_vg = { lifetime = 8.4e-9 }                    # of |v> -> |g> [s]
    e = { J = 2, parity = 1, wavenumber = 9215.501 }    # [cm^-1] above the ground state; or energy [eV]
    v = { J = 1, parity = 1, wavenumber = 9500.0 }

A rate is one of ``value`` [1/s], ``lifetime`` [s], ``dipole`` (reduced, atomic units) and ``oscillator_strength``. Without ``g``
the ground state has ``J = 0`` and even parity; without ``C_ev = { value = ... }`` that of LS coupling is taken, and the derived
set-up needs data for intermediate coupling, as ``g_J`` of ``v``. A file is data: nothing in it is evaluated.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any, Final

from derivations.atom.mixing import TRIPLET_SPIN_FACTORS
from derivations.interactions.toml_lines import Document, FieldPath, parse_document, read_document
from renp.inputs.atoms import Atom, atom_of
from renp.inputs.constants import EV_PER_INVERSE_CM

__all__ = ["load_atom", "parse_atom", "read_atom_text"]

Check = Callable[[Document, FieldPath, Any], Any]
"""Returns the value of a field, or raises the error of the document."""


def load_atom(path: str | os.PathLike[str]) -> Atom:
    """Return the atom of a file. Studies take it as ``atom=``, and the path of the file as well.

    Parameters
    ----------
    path : a TOML file of at most 64 KiB; :mod:`renp.inputs.atom_files` says what it holds.

    Raises
    ------
    ValueError : one line with file, line, field, what was found and what is allowed.

    Example
    -------
    >>> load_atom("barium.toml")
    Traceback (most recent call last):
    ...
    ValueError: barium.toml: found no such file or directory, allowed a readable TOML text file
    """
    return _atom(read_document(path))


def read_atom_text(path: str | os.PathLike[str]) -> str:
    """Return the text of a file that holds an atom, checked; raise as :func:`load_atom`."""
    document = read_document(path)
    _atom(document)
    return document.text


def parse_atom(text: str, name: str = "atom") -> Atom:
    """Return the atom of TOML text; ``name`` is how messages call it; raise as :func:`load_atom`.

    Example
    -------
    >>> atom = parse_atom('''
    ... symbol = "X"
    ... gamma_vg = { value = 1e6 }
    ... e = { J = 0, parity = -1, energy = 2.0 }
    ... v = { J = 1, parity = -1, energy = 2.1 }
    ... ''')
    >>> atom.symbol, round(atom.E_vg, 12), round(atom.C_ev, 4)
    ('X', 2.1, 0.6667)
    """
    return _atom(parse_document(text, name))


def _text(document: Document, path: FieldPath, value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable() or len(value) > 1000:
        raise document.error(path, _found(value), "one line of text")
    return value


def _number(least: float, words: str) -> Check:
    def check(document: Document, path: FieldPath, value: Any) -> float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (number and isfinite(value) and value >= least):
            raise document.error(path, _found(value), words)
        return float(value)

    return check


def _one_of(allowed: Sequence[int], words: str) -> Check:
    def check(document: Document, path: FieldPath, value: Any) -> int:
        if type(value) is not int or value not in allowed:
            raise document.error(path, _found(value), words)
        return int(value)

    return check


def _table(fields: Mapping[str, Check], required: Sequence[str] = (), one: Sequence[str] = ()) -> Check:
    """Return the check of a table: ``required`` fields are there, and one of the fields ``one``."""

    def check(document: Document, path: FieldPath, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise document.error(path, _found(value), f"a table of {', '.join(fields)}")
        for key in value:
            if key not in fields:
                raise document.error((*path, key), f"the key {key!r}", ", ".join(fields))
        for key in required:
            if key not in value:
                raise document.error((*path, key), f"no {key}", f"a table with {', '.join(required)}")
        if one and len(given := [key for key in one if key in value]) != 1:
            raise document.error(path, " and ".join(given) or f"none of {', '.join(one)}", f"one of {', '.join(one)}")
        return {key: fields[key](document, (*path, key), entry) for key, entry in value.items()}

    return check


def _list(entry: Check) -> Check:
    def check(document: Document, path: FieldPath, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise document.error(path, _found(value), "a list of tables")
        return [entry(document, (*path, place), inside) for place, inside in enumerate(value)]

    return check


def _found(value: object) -> str:
    return repr(value)[:60] if isinstance(value, int | float | str) else type(value).__name__


_POSITIVE: Final = _number(5e-324, "a positive number")
_WAYS: Final = ("value", "lifetime", "dipole", "oscillator_strength")
_RATE: Final = _table({**dict.fromkeys(_WAYS, _POSITIVE), "source": _text}, one=_WAYS)
_LEVEL: Final = _table(
    {
        "J": _one_of(range(21), "a whole number from 0 to 20"),
        "parity": _one_of((-1, 1), "-1 or 1"),
        "wavenumber": _number(0.0, "a number of cm^-1, 0 or larger"),
        "energy": _number(0.0, "an energy in eV, 0 or larger"),
        "label": _text,
        "source": _text,
        "quoted": _text,
        "rate": _RATE,
        "g_J": _POSITIVE,
        "g_J_source": _text,
    },
    required=("J", "parity"),
    one=("wavenumber", "energy"),
)
_LISTS: Final = ("further", "ladder", "others")
_ATOM: Final = _table(
    {
        "symbol": _text,
        "name": _text,
        **dict.fromkeys("evg", _LEVEL),
        **dict.fromkeys(_LISTS, _list(_LEVEL)),
        "gamma_vg": _RATE,
        "C_ev": _table({"value": _POSITIVE, "source": _text}, required=("value",)),
        "further_widths": _list(_table({"lower": _RATE, "upper": _RATE, "source": _text}, required=("lower", "upper"))),
        "hyperfine": _list(
            _table(
                {"name": _text, "value": _POSITIVE, "unit": _text, "source": _text}, required=("name", "value", "unit")
            )
        ),
    },
    required=("symbol", "e", "v", "gamma_vg"),
)


def _atom(document: Document) -> Atom:
    data = _ATOM(document, (), dict(document.data))
    source = f"given in {document.name}"
    data = {"name": data["symbol"], "g": {"J": 0, "parity": 1, "wavenumber": 0.0}, **data}
    for key in "evg":
        data[key] = _completed(data[key], f"|{key}>", source)
    for key in _LISTS:
        data[key] = [_completed(level, f"{key}[{place}]", source) for place, level in enumerate(data.get(key, ()))]
    for key in ("further_widths", "hyperfine"):
        data[key] = [{"source": source, **entry} for entry in data.get(key, ())]
    g, e, v = (data[key]["wavenumber"] for key in "gev")
    if not g < e < v:
        raise document.error(("v",), f"|g>, |e>, |v> at {g:g}, {e:g}, {v:g} cm^-1", "|g> below |e> below |v>")
    if data["further_widths"] and not data["further"]:
        raise document.error(("further_widths",), "no further level", "widths of |v> and of the first further level")
    data["gamma_vg"] = {"source": source, **data["gamma_vg"]}
    own = data.get("C_ev")
    data["C_ev"] = {"source": source, **(own or _in_ls_coupling(document, data))}
    atom = atom_of(data.pop("symbol"), data)
    if own is None or atom.C_ev_derived is not None:
        return atom
    return replace(atom, C_ev_derived=atom.C_ev, C_ev_derived_source=atom.C_ev_source)


def _completed(level: Mapping[str, Any], label: str, source: str) -> dict[str, Any]:
    """Return a level with all fields of the shipped ones."""
    found = {"label": label, "quoted": "", "source": source, **level}
    if "energy" in found:
        found["wavenumber"] = found.pop("energy") / EV_PER_INVERSE_CM
    if "rate" in found:
        found["rate"] = {"source": source, **found["rate"]}
    return found


def _in_ls_coupling(document: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    J_e, J_v = data["e"]["J"], data["v"]["J"]
    if J_v != 1 or J_e not in TRIPLET_SPIN_FACTORS:
        raise document.error(
            ("C_ev",),
            f"none, with J = {J_e} -> {J_v}",
            "{ value = ... }; LS coupling gives that of J = 0 -> 1 and 2 -> 1",
        )
    return {"value": float(TRIPLET_SPIN_FACTORS[J_e]), "source": "LS coupling, `renp derive ls_coupling`"}
