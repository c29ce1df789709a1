"""Printed formulas as files: one TOML each, in the form in which ``renp check`` takes those of users.

In: ``formulas/ID.toml``. Out: the formula or one of its abbreviations as a SymPy expression in the symbols of
:mod:`derivations.symbols`, and the record of the entry. The text is read by the grammar of formulas; nothing is evaluated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from sympy import Expr, Symbol

from derivations.ledger.printed.record import Printed
from derivations.symbols import DIMENSIONS
from derivations.written.sympy_form import to_sympy
from derivations.written.text import parse_text

FOLDER: Final = files("derivations") / "ledger" / "printed" / "formulas"


@cache
def formula_file(identifier: str) -> Mapping[str, Any]:
    """Return the content of the file of an entry.

    Example
    -------
    >>> formula_file("GP22-threshold")["quantity"]
    'threshold'
    """
    return tomllib.loads((FOLDER / f"{identifier}.toml").read_text(encoding="utf-8"))


@cache
def expression(identifier: str, abbreviation: str = "") -> Expr:
    """Return the formula of an entry, or one of its abbreviations, as printed: abbreviations stay symbols.

    Raises
    ------
    ValueError : a symbol that is not of :mod:`derivations.symbols`.

    Example
    -------
    >>> expression("GP22-threshold")
    E_eg/2 - (m_i + m_j)**2/(2*E_eg)
    """
    data = formula_file(identifier)
    try:
        return typed(data["define"][abbreviation] if abbreviation else data["formula"])
    except ValueError as error:
        raise ValueError(f"{identifier}: {error}") from None


def typed(text: str) -> Expr:
    """Return a formula typed as printed, read by the grammar of formulas, in the symbols of :mod:`derivations.symbols`.

    Raises
    ------
    ValueError : a symbol that is not of :mod:`derivations.symbols`.

    Example
    -------
    >>> typed("m_e T/E^2")
    T*m_e/E**2
    """
    found, symbols = to_sympy(parse_text(text))
    known = {symbol.name: symbol for symbol in DIMENSIONS}
    unknown = sorted(set(symbols) - set(known))
    if unknown:
        raise ValueError(f"no symbol {', '.join(unknown)} in derivations.symbols")
    result: Expr = found.xreplace({Symbol(name): known[name] for name in symbols})
    return result


def entry(identifier: str, **further: Any) -> Printed:
    """Return the record of an entry; ``further`` are the fields that its file has not."""
    data = formula_file(identifier)
    return Printed(identifier, data["source"], data["equation"], data["claim"], **further)
