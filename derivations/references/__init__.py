"""The literature: one BibTeX file, in which every paper, data base and set of numbers has the short name that is used throughout.

In: ``references.bib``. Out: :class:`Reference` records by key, a citation in one line, texts with ``[KEY]`` resolved, and BibTeX to
paste. The file keeps to one field a line, so that a few lines read it; the tests hold that to a reader of BibTeX.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, Final

__all__ = ["Reference", "cited", "keys_in", "read", "reference", "references", "with_citations"]

_ENTRY: Final = re.compile(r"@(?P<kind>\w+)\{(?P<key>[\w-]+),\n(?P<fields>(?:  .*\n)+)\}\n")
_FIELD: Final = re.compile(r"  (\w+) = (?:\{(.*)\}|(\w+)),")
_PLACE: Final = re.compile(r"\[([A-Za-z][\w-]*)\]")
_OURS: Final = ("keywords", "annotation")
"""Fields for the bibliography page: where an entry stands there, and what this project uses it for."""


@dataclass(frozen=True)
class Reference:
    """One entry of the bibliography.

    Attributes
    ----------
    key : the short name, ``"GP22"``.
    kind : of BibTeX, ``"article"``.
    fields : its fields in the order of the file; months are BibTeX's own abbreviations.

    Example
    -------
    >>> reference("GP22").line
    'S.-F. Ge, P. Pasquini, Eur. Phys. J. C 82 (2022) 208, arXiv:2110.03510'
    """

    key: str
    kind: str
    fields: Mapping[str, str]

    @property
    def authors(self) -> str:
        """The authors as they are written in a citation; empty for a collection or a data base."""
        names = self.fields.get("author", "")
        if names.startswith("{"):
            return ""
        listed = [name.replace("{", "").replace("}", "") for name in names.split(" and ") if name]
        shown = f"{listed[0]} et al." if listed[1:] == ["others"] or len(listed) > 6 else ", ".join(listed)
        return f"{shown} ({self.fields['collaboration']})" if "collaboration" in self.fields else shown

    @property
    def title(self) -> str:
        """The title; empty where the file has none."""
        return self.fields.get("title", "")

    @property
    def place(self) -> str:
        """Journal or publisher, volume, year and page, and what else leads to the text."""
        get, year = self.fields.get, self.fields.get("year")
        where = " ".join(
            filter(None, (get("journal"), get("volume"), f"({year})" if get("journal") else "", get("pages")))
        )
        other = get("number") or get("howpublished") or get("publisher")
        if other:
            where = f"{other} ({year})" if year and year not in other else other
        number = get("eprint", "")
        preprint = number if "/" in number else f"arXiv:{number}" if number else ""
        link = get("url", "").removeprefix("https://") or (f"doi:{get('doi')}" if "doi" in self.fields else "")
        return ", ".join(filter(None, (where, get("note"), preprint, link)))

    @property
    def line(self) -> str:
        """The citation in one line; with the title only where no journal leads to the text."""
        title = "" if "journal" in self.fields and self.authors else self.title
        return ", ".join(filter(None, (self.authors, title, self.place)))

    @property
    def link(self) -> str:
        """An address of the text; empty where the file has none."""
        if "eprint" in self.fields:
            return f"https://arxiv.org/abs/{self.fields['eprint']}"
        return self.fields.get("url") or (f"https://doi.org/{self.fields['doi']}" if "doi" in self.fields else "")

    @property
    def bibtex(self) -> str:
        """The entry to paste, without the fields of the bibliography page."""
        lines = [
            f"  {name} = {value if name == 'month' else '{' + value + '}'},"
            for name, value in self.fields.items()
            if name not in _OURS
        ]
        return "\n".join([f"@{self.kind}{{{self.key},", *lines, "}"])


@cache
def references() -> Mapping[str, Reference]:
    """Return the whole bibliography by key, in the order of the file.

    Raises
    ------
    ValueError : the file is not in its form, or a key stands in it twice.

    Example
    -------
    >>> references()["R96"].title
    'Stars as Laboratories for Fundamental Physics'
    """
    return read((files(__name__) / "references.bib").read_text(encoding="utf-8"))


def read(text: str) -> dict[str, Reference]:
    """Return the entries of a BibTeX text in the form of ``references.bib``.

    Raises
    ------
    ValueError : the text is not in this form, or a key stands in it twice.
    """
    found: dict[str, Reference] = {}
    rest = _ENTRY.sub("", text).strip()
    if rest:
        raise ValueError(f"references.bib: found {rest.splitlines()[0]!r}, allowed entries with one field a line")
    for entry in _ENTRY.finditer(text):
        fields: dict[str, str] = {}
        for line in entry["fields"].splitlines():
            field = _FIELD.fullmatch(line)
            if field is None or field[1] in fields:
                raise ValueError(
                    f"references.bib, {entry['key']}: found {line.strip()!r}, allowed each name = {{value}}, once"
                )
            fields[field[1]] = field[2] if field[3] is None else field[3]
        if entry["key"] in found:
            raise ValueError(f"references.bib: found {entry['key']!r} twice, allowed each key once")
        found[entry["key"]] = Reference(entry["key"], entry["kind"], fields)
    return found


def reference(key: str) -> Reference:
    """Return one entry.

    Raises
    ------
    ValueError : no such key; one line with near ones.

    Example
    -------
    >>> reference("GP2")
    Traceback (most recent call last):
    ...
    ValueError: unknown reference 'GP2': near it are GP22, GP23c, GP23b; renp cite lists all
    """
    found = references()
    if key not in found:
        names = {name.lower(): name for name in found}
        near = [names[name] for name in get_close_matches(key.lower(), names, n=3, cutoff=0.65)]
        hint = f"near it are {', '.join(near)}; " if near else ""
        raise ValueError(f"unknown reference {key!r}: {hint}renp cite lists all")
    return found[key]


def cited(text: str) -> str:
    """Return a text with each ``[KEY]`` replaced by the citation in one line.

    Raises
    ------
    ValueError : no such key.

    Example
    -------
    >>> cited("[CR20], abstract")
    'F. Capozzi, G. Raffelt, Phys. Rev. D 102 (2020) 083007, arXiv:2007.03694, abstract'
    """
    return _PLACE.sub(lambda place: reference(place[1]).line, text)


def with_citations(data: Any) -> Any:
    """Return the content of a data file with each ``[KEY]`` in its texts replaced by the citation in one line.

    Raises
    ------
    ValueError : no such key.

    Example
    -------
    >>> with_citations({"level": 0.9, "references": ["[VE89]"]})
    {'level': 0.9, 'references': ['P. Vogel, J. Engel, Phys. Rev. D 39 (1989) 3378']}
    """
    if isinstance(data, dict):
        return {name: with_citations(value) for name, value in data.items()}
    if isinstance(data, list):
        return [with_citations(value) for value in data]
    return cited(data) if isinstance(data, str) else data


def keys_in(text: str) -> tuple[str, ...]:
    """Return the keys that stand in a text as words, in its order, each once.

    Example
    -------
    >>> keys_in("GP22 (13); NF22; GP23b (3.12)")
    ('GP22', 'NF22', 'GP23b')
    """
    return tuple(dict.fromkeys(word for word in re.findall(r"[A-Za-z][\w-]*", text) if word in references()))
