"""Couplings of a UFO model as an ordinary interaction file.

In: :class:`~derivations.interactions.ufo.selection.Couplings`. Out: TOML text that the reader takes, with every number and
where it comes from in its comments, and an :class:`~derivations.interactions.model.Interaction` that carries the numbers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import mpmath

from derivations.interactions.model import Interaction
from derivations.interactions.reader import (
    ADD_CONJUGATE,
    FORBIDDEN_IN_PROSE,
    MAX_COUPLINGS,
    MAX_PROSE,
    NAME,
    parse_interaction,
    reserved_names,
    shipped_interactions,
)
from derivations.interactions.ufo.declarations import UfoError, one_line
from derivations.interactions.ufo.folder import Given, Numbers, Parameter, UfoModel, load_model
from derivations.interactions.ufo.selection import Coupling, Couplings, candidate_names, couplings_of, weak_bosons

WRITTEN_DIGITS: Final = 17
"""Digits of the numbers in comments: those of a double."""


def import_interaction(
    path: str | os.PathLike[str],
    mediator: str | None = None,
    parameters: Mapping[str, Given] | None = None,
    mixing: Sequence[Sequence[complex]] | None = None,
) -> Interaction:
    """Return what a mediator of a UFO model, or its four-fermion vertices, do to electrons and neutrinos.

    Parameters
    ----------
    path : the folder of the model; no line of it is executed.
    mediator : the name of a neutral boson, or ``"contact"``; by default the only one that makes neutrino pairs.
    parameters : values for parameters of the model, in its own units.
    mixing : the matrix U of ``nu_flavour = sum_i U_flavour,i nu_i``; without it the model's neutrinos are mass states.

    Returns
    -------
    An interaction whose ``values`` are its couplings, mass and width as mpmath numbers, in powers of eV.

    Raises
    ------
    UfoError : the model cannot be read or used; one line.
    """
    model = load_model(path)
    numbers = Numbers(model).set(parameters or {})
    chosen = mediator if mediator is not None else _only(model, numbers, mixing)
    found = couplings_of(model, numbers, chosen, mixing)
    if found.missing:
        notes = "".join(f"; {note}" for note in found.notes)[:200]
        raise UfoError(
            one_line(
                f"{os.fspath(path)}: the mediator {found.mediator!r} has {found.missing}{notes}, allowed couplings to both"
            )
        )
    text = interaction_text(model, numbers, found)
    return replace(parse_interaction(text, f"{model.name}: {found.mediator}"), values=values_of(found))


@dataclass(frozen=True)
class Candidate:
    """A mediator of a model, or its four-fermion vertices: its couplings, or the problem that it has."""

    name: str
    couplings: Couplings | None
    problem: str


def candidates(
    model: UfoModel, numbers: Numbers, mixing: Sequence[Sequence[complex]] | None = None
) -> tuple[Candidate, ...]:
    """Return every neutral boson that couples to electrons or to neutral fermions, and what keeps it from making pairs."""
    found = []
    for name in candidate_names(model):
        try:
            couplings = couplings_of(model, numbers, name, mixing)
        except UfoError as problem:
            found.append(Candidate(name, None, str(problem)))
        else:
            found.append(Candidate(name, couplings, couplings.missing))
    return tuple(found)


def parameters_of(model: UfoModel, numbers: Numbers, found: Couplings) -> tuple[Parameter, ...]:
    """Return the external parameters on which couplings, mass and width depend."""
    names = {source.rpartition(": ")[2] for one in _all(found) for source in one.sources}
    used = {parameter for name in names for parameter in model.couplings[name].names}
    if found.spin is not None:
        boson = model.particle(found.mediator)
        used |= {boson.mass, boson.width}
    return numbers.depends_on(sorted(used))


def _only(model: UfoModel, numbers: Numbers, mixing: Sequence[Sequence[complex]] | None) -> str:
    """Return the only mediator of a model that makes neutrino pairs beside those of the weak current."""
    tried = [one for one in candidates(model, numbers, mixing) if one.name not in weak_bosons(model)]
    able = [one.name for one in tried if not one.problem]
    if len(able) == 1:
        return able[0]
    if able:
        raise UfoError(one_line(f"{model.name}: found the mediators {', '.join(able)}, allowed one: name it"))
    reasons = "; ".join(f"{one.name} ({one.problem[:120]})" for one in tried) or "none"
    raise UfoError(
        one_line(
            f"{model.name}: found no mediator between electrons and neutrinos, tried {reasons[:400]}; allowed a model with one"
        )
    )


def interaction_name(mediator: str) -> str:
    """Return a name that an interaction may have, from that of a mediator.

    Example
    -------
    >>> interaction_name("Zd"), interaction_name("Z'"), interaction_name("vector"), interaction_name("~S0")
    ('zd', 'z_prime', 'vector_ufo', 'tilde_s0')
    """
    text = mediator.lower()
    for mark, word in (("'", "_prime"), ("~", "tilde_"), ("+", "_plus"), ("-", "_minus"), ("*", "_star")):
        text = text.replace(mark, word)
    text = re.sub(r"[^a-z0-9_]+", "_", text).strip("_")[:26] or "boson"
    text = text if text[0].isalpha() else f"x_{text}"[:26]
    taken = {*reserved_names(), *(interaction.name for interaction in shipped_interactions())}
    name = f"{text}_ufo" if text in taken else text
    assert re.fullmatch(NAME, name)
    return name


def values_of(found: Couplings) -> Mapping[str, Any]:
    """Return couplings, mass and width by name, and the propagator of a massive vector."""
    values: dict[str, Any] = {}
    if found.spin is not None and (found.mass or found.spin == 0):
        values["mass"] = found.mass
        if found.width:
            values["width"] = found.width
        if found.spin == 1:
            # A model's vectors are massive gauge bosons: in another gauge their Goldstone bosons would have to be added.
            values["propagator"] = "unitary"
    values |= {one.name: one.value for one in _all(found)}
    return {name: value if isinstance(value, str) else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """Return numbers of mpmath's own arithmetic, with all their digits: those of another cannot be pickled."""
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    m = mpmath.mp
    return m.make_mpc(value._mpc_) if hasattr(value, "_mpc_") else m.make_mpf(value._mpf_)


def _all(found: Couplings) -> tuple[Coupling, ...]:
    return (*found.electron, *found.neutrino, *found.terms)


def interaction_text(model: UfoModel, numbers: Numbers, found: Couplings) -> str:
    """Return the interaction file: its numbers stand in comments, as ``--set`` takes them."""
    for side in (found.electron, found.neutrino, found.terms):
        if len(side) > MAX_COUPLINGS:
            raise UfoError(
                f"{model.name}: found {len(side)} couplings of {found.mediator!r}, allowed at most {MAX_COUPLINGS}"
            )
    name = interaction_name(found.mediator)
    nature = "Majorana" if found.majorana else "Dirac"
    names = ", ".join(p.name for p in found.neutrinos)
    what = "Four-fermion vertices" if found.spin is None else f"{found.mediator} of spin {found.spin}"
    sources = "; ".join(f"{one.name} from {', '.join(one.sources)}" for one in _all(found))
    description = f"Imported from the UFO model {model.name} for {nature} neutrinos ({names}). {sources}"
    lines = [
        f'name = "{name}"',
        f'title = "{_prose(f"{what} from {model.name}", MAX_PROSE["title"])}"',
        f'description = "{_prose(description, MAX_PROSE["description"])}"',
        "references = []",
        f"propagator = {_propagator(found)}",
    ]
    if found.spin is None:
        lines += ["terms = [", *(f"  {_entry(one)}," for one in found.terms), "]"]
    else:
        for line, couplings in (("electron", found.electron), ("neutrino", found.neutrino)):
            lines += [f"{line} = [", *(f"  {_entry(one)}," for one in couplings), "]"]
    comments = (_comment(line) for line in _numbers(name, numbers, found))
    return "\n".join([*lines, "", *comments]) + "\n"


def _propagator(found: Couplings) -> str:
    if found.spin is None:
        return '{ kind = "contact", factor = "1" }'
    if found.spin == 1 and not found.mass:
        return '{ kind = "photon" }'
    return f'{{ kind = "massive", spin = {found.spin}, mass = "mass", width = "width" }}'


def _entry(one: Coupling) -> str:
    keys = ("bilinear",) if len(one.bilinears) == 1 else ("electron", "neutrino")
    fields = {"coupling": one.name, **dict(zip(keys, one.bilinears, strict=True))}
    text = ", ".join(f'{key} = "{value}"' for key, value in fields.items())
    if one.dimension:
        text += f', dimension = {one.dimension}, units = "eV^{one.dimension}"'
    if one.conjugate:
        text += f', hermitian = "{ADD_CONJUGATE}"'
    return f"{{ {text} }}"


def _numbers(name: str, numbers: Numbers, found: Couplings) -> Iterator[str]:
    """Yield the lines that say which number everything has, and from where."""
    m = numbers.arithmetic

    def shown(value: Any) -> str:
        return str(m.nstr(value, WRITTEN_DIGITS, min_fixed=0, max_fixed=0)) if value else "0"

    def complex_shown(value: Any) -> str:
        real, imag = m.re(value), m.im(value)
        if not imag:
            return shown(real)
        return f"{shown(real) if real else ''}{'' if imag < 0 or not real else '+'}{shown(imag)}j"

    yield f"Neutrinos: {', '.join(f'{k} = {p.name}' for k, p in enumerate(found.neutrinos, 1))}. Numbers in powers of eV, for --set:"
    values = values_of(found)
    yield from (f"  {name}.{key}={shown(values[key])}" for key in ("mass", "width") if key in values)
    if "propagator" in values:
        yield f"  {name}.propagator={values['propagator']}"
    for one in _all(found):
        yield f"{one.name}, from {', '.join(one.sources)}:"
        if not isinstance(one.value, tuple):
            yield f"  {name}.{one.name}={shown(one.value)}"
            continue
        for i, row in enumerate(one.value):
            for j, value in enumerate(row):
                # An element of a Hermitian matrix sets its partner as well.
                if value and (one.conjugate or i <= j):
                    yield f"  {name}.{one.name}[{i + 1},{j + 1}]={complex_shown(value)}"
    yield from found.notes


def _prose(text: str, limit: int) -> str:
    """Return a text as the reader takes it."""
    for mark in FORBIDDEN_IN_PROSE:
        text = text.replace(mark, " ")
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= limit else f"{text[: limit - 4].rstrip()} ..."


def _comment(text: str) -> str:
    return "# " + "".join(c if c.isprintable() else " " for c in text)
