"""A UFO folder as frozen records, and the numbers of its parameters and couplings.

In: a path. Out: a :class:`UfoModel`. Read are ``particles``, ``parameters``, ``couplings``, ``lorentz`` and ``vertices``, and,
where they are present, ``coupling_orders``, ``propagators``, ``form_factors`` and ``decays``; of ``function_library`` only
the names that it defines. Units are those of the model, GeV.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import mpmath

from derivations.interactions.language import GaussianRational
from derivations.interactions.ufo.declarations import (
    MAX_EXPONENT,
    Declaration,
    Place,
    UfoError,
    exact,
    one_line,
    read_declarations,
    read_text,
    referred,
    within_bounds,
)
from derivations.interactions.ufo.expressions import Expression, Number, evaluate, exact_number, read_expression

NEEDED: Final = ("particles", "parameters", "couplings", "lorentz", "vertices")
OPTIONAL: Final = ("coupling_orders", "propagators", "form_factors", "decays")
MAX_BYTES_OF_A_MODEL: Final = 24 * 1024 * 1024
MAX_WORK: Final = 200_000
"""Most parts of all expressions together that a number may need."""
DIGITS: Final = (100, 200, 400, 800)
"""Working precisions, tried in turn until two of them agree."""
AGREED: Final = 40
"""Digits in which they must agree."""

Given = int | float | complex | str | Fraction | Decimal | Number
"""What a user may set a parameter to."""


@dataclass(frozen=True)
class Particle:
    """A particle: PDG code (negative for an antiparticle), 2s+1, charge, and the parameters that are its mass and width.

    ``custom`` says that it has a propagator of its own, ``dummy`` that it does not propagate, ``unphysical`` that it is a
    ghost or a Goldstone boson.
    """

    variable: str
    name: str
    antiname: str
    pdg: int
    spin: int
    color: int
    charge: Fraction
    mass: str
    width: str
    custom: bool
    dummy: bool
    unphysical: bool
    place: Place

    @property
    def own_antiparticle(self) -> bool:
        """Whether it is its own antiparticle."""
        return self.name == self.antiname


@dataclass(frozen=True)
class Parameter:
    """A parameter: a number of its own (``external``), or an expression in others."""

    name: str
    external: bool
    real: bool
    expression: Expression | None
    place: Place


@dataclass(frozen=True)
class Vertex:
    """A vertex: particles, all outgoing, and (colour, Lorentz structure, couplings) for each of its terms."""

    name: str
    particles: tuple[Particle, ...]
    terms: tuple[tuple[str, str, tuple[str, ...]], ...]
    place: Place


@dataclass(frozen=True)
class UfoModel:
    """A UFO model as data; ``name`` is that of its folder, all else is by the variables of its modules.

    ``structures`` are Lorentz structures, ``decays`` the partial widths of a particle by what it decays into.
    """

    name: str
    particles: Mapping[str, Particle]
    parameters: Mapping[str, Parameter]
    couplings: Mapping[str, Expression]
    structures: Mapping[str, tuple[str, Place]]
    vertices: tuple[Vertex, ...]
    decays: Mapping[str, tuple[tuple[tuple[str, ...], Expression], ...]]

    def particle(self, name: str) -> Particle:
        """Return the particle of a name of the model; ``UfoError`` names what is close to it."""
        for found in self.particles.values():
            if name in (found.name, found.variable):
                return found
        names = [found.name for found in self.particles.values()]
        raise UfoError(one_line(f"mediator: found {name!r}, allowed {_suggested(name, names)}"))


def _suggested(name: str, names: Iterable[str]) -> str:
    known = sorted(names)
    near = get_close_matches(name, known, 3)
    listed = ", ".join(near or known[:12])
    return f"{listed}{'' if near or len(known) <= 12 else ', ...'}"


def load_model(path: str | os.PathLike[str]) -> UfoModel:
    """Read a UFO folder.

    Raises
    ------
    UfoError : a module is missing or holds anything but declarations, or they do not fit together; one line.
    """
    folder = Path(path)
    shown = os.fspath(path)
    if not folder.is_dir():
        Place(shown, 0).fail("no folder", "the folder of a UFO model")
    with within_bounds(Place(shown, 1)):
        modules: dict[str, tuple[Declaration, ...]] = {}
        size = 0
        for name in (*NEEDED, *OPTIONAL):
            file = folder / f"{name}.py"
            if name in OPTIONAL and not os.path.lexists(file):
                continue
            text = read_text(file, os.path.join(shown, file.name))
            size += len(text)
            if size > MAX_BYTES_OF_A_MODEL:
                Place(shown, 1).fail("a model that is too large", f"at most {MAX_BYTES_OF_A_MODEL} characters")
            modules[name] = read_declarations(text, os.path.join(shown, file.name))
        name = one_line(folder.resolve().name)
        return _Builder(name, modules, _private_functions(folder)).model()


def _private_functions(folder: Path) -> frozenset[str]:
    """Return the names that ``function_library`` defines; whatever else it holds does not matter here."""
    file = folder / "function_library.py"
    if not file.is_file():
        return frozenset()
    try:
        text = read_text(file, file.name)
    except UfoError:
        return frozenset()
    return frozenset(
        re.findall(r"^(?:def[ \t]+)?([A-Za-z_]\w{0,60})[ \t]*(?:=[ \t]*Function[ \t]*)?\(", text, re.MULTILINE)
    )


class _Builder:
    """Puts the declarations of a folder together."""

    def __init__(self, name: str, modules: Mapping[str, tuple[Declaration, ...]], private: frozenset[str]) -> None:
        self.name = name
        self.modules = modules
        self.private = private

    def model(self) -> UfoModel:
        parameters = self._parameters()
        particles = self._particles()
        for particle in particles.values():
            for what in (particle.mass, particle.width):
                if what not in parameters:
                    particle.place.fail(
                        f"the parameter {what!r}", f"parameters of the model, as {_suggested(what, parameters)}"
                    )
        couplings = {
            found.variable: read_expression(found.field("value"), found.place, self.private)
            for found in self._declared("couplings", "Coupling")
        }
        for coupling in couplings.values():
            _check_names(coupling, parameters)
        structures = {
            found.variable: (found.text("structure"), found.place) for found in self._declared("lorentz", "Lorentz")
        }
        vertices = tuple(
            self._vertex(found, particles, couplings, structures)
            for found in self.modules["vertices"]
            if found.kind == "Vertex"
        )
        decays = {
            found.reference("particle"): tuple(self._partial_widths(found, parameters))
            for found in self.modules.get("decays", ())
            if found.kind == "Decay"
        }
        return UfoModel(self.name, particles, parameters, couplings, structures, vertices, decays)

    def _partial_widths(
        self, found: Declaration, parameters: Mapping[str, Parameter]
    ) -> Iterator[tuple[tuple[str, ...], Expression]]:
        table = found.field("partial_widths")
        for key, value in zip(table.keys, table.values, strict=True) if isinstance(table, ast.Dict) else ():
            products = [referred(part) for part in key.elts] if isinstance(key, ast.Tuple) else []
            expression = read_expression(value, found.place, self.private)
            _check_names(expression, parameters)
            yield tuple(name for name in products if name), expression

    def _declared(self, module: str, kind: str) -> list[Declaration]:
        """Return the declarations of a kind; one may stand twice when it says the same."""
        seen: dict[str, Declaration] = {}
        for one in self.modules[module]:
            if one.kind == kind and not _same(seen.setdefault(one.variable, one), one):
                one.place.fail(f"another {one.variable!r}", "one declaration of each name")
        return list(seen.values())

    def _parameters(self) -> dict[str, Parameter]:
        result: dict[str, Parameter] = {}
        for found in self._declared("parameters", "Parameter"):
            name = found.text("name")
            value = found.fields.get("value")
            missing = value is None or (isinstance(value, ast.Constant) and value.value in (None, ""))
            expression = None if missing or value is None else read_expression(value, found.place, self.private)
            if name in result:
                found.place.fail(f"another parameter with the name {name!r}", "one declaration of each name")
            external = found.text("nature") == "external"
            result[name] = Parameter(name, external, found.text("type") == "real", expression, found.place)
            if found.variable != name and found.variable:
                result.setdefault(found.variable, result[name])
        result.setdefault("ZERO", Parameter("ZERO", False, True, None, Place("parameters.py", 1)))
        for parameter in result.values():
            if parameter.expression:
                _check_names(parameter.expression, result)
        _ordered(result, result)
        return result

    def _particles(self) -> dict[str, Particle]:
        result: dict[str, Particle] = {}
        for found in self.modules["particles"]:
            if found.kind == "Particle":
                particle = _particle(found)
            elif found.kind == "anti":
                other = referred(found.fields["of"]) or ""
                if other not in result:
                    found.place.fail(f"the antiparticle of {other!r}", "particles that are declared above")
                particle = _antiparticle(result[other], found)
            else:
                continue
            if result.setdefault(found.variable, particle) != replace(particle, place=result[found.variable].place):
                found.place.fail(f"another {found.variable!r}", "one declaration of each name")
        return result

    def _vertex(
        self,
        found: Declaration,
        particles: Mapping[str, Particle],
        couplings: Mapping[str, Expression],
        structures: Mapping[str, tuple[str, Place]],
    ) -> Vertex:
        def known(names: Iterable[str], table: Iterable[str], what: str) -> None:
            for name in names:
                if name not in table:
                    found.place.fail(f"the {what} {name!r}", f"those of the model, as {_suggested(name, table)}")

        legs, lorentz = found.references("particles"), found.references("lorentz")
        known(legs, particles, "particle")
        known(lorentz, structures, "Lorentz structure")
        colors = found.field("color")
        table = found.field("couplings")
        if not isinstance(colors, ast.List | ast.Tuple) or not isinstance(table, ast.Dict):
            found.place.fail(f"colours or couplings of {found.variable!r} of another form", "a list and a dictionary")
        terms = []
        for key, value in zip(table.keys, table.values, strict=True):
            index = [_position(part) for part in key.elts] if isinstance(key, ast.Tuple) else []
            names = [referred(part) for part in (value.elts if isinstance(value, ast.List | ast.Tuple) else [value])]
            if len(index) != 2 or None in index or None in names:
                found.place.fail(f"couplings of {found.variable!r} of another form", "entries as (0,0):C.GC_1")
            color, structure = (part for part in index if part is not None)
            if not (0 <= color < len(colors.elts) and 0 <= structure < len(lorentz)):
                found.place.fail(f"the entry ({color},{structure})", "positions of its colours and Lorentz structures")
            known([name for name in names if name], couplings, "coupling")
            word = colors.elts[color]
            text = str(word.value) if isinstance(word, ast.Constant) and isinstance(word.value, str) else "?"
            terms.append((text, lorentz[structure], tuple(name for name in names if name)))
        return Vertex(found.text("name"), tuple(particles[leg] for leg in legs), tuple(terms), found.place)


def _position(node: ast.expr) -> int | None:
    number = exact(node)
    return int(number.real) if number is not None and not number.imag and number.real.denominator == 1 else None


def _same(one: Declaration, other: Declaration) -> bool:
    return one is other or {name: ast.dump(node) for name, node in one.fields.items()} == {
        name: ast.dump(node) for name, node in other.fields.items()
    }


def _particle(found: Declaration) -> Particle:
    own = found.fields.get("propagator")
    ghost = exact(found.fields["GhostNumber"]) if "GhostNumber" in found.fields else None
    spin = found.whole("spin")
    goldstone = any(found.flag(word, False) for word in ("goldstoneboson", "goldstone", "GoldstoneBoson"))
    return Particle(
        found.variable,
        found.text("name"),
        found.text("antiname"),
        found.whole("pdg_code"),
        spin,
        found.whole("color"),
        found.number("charge"),
        found.reference("mass"),
        found.reference("width"),
        own is not None and not (isinstance(own, ast.Constant) and not own.value),
        not found.flag("propagating", True),
        goldstone or spin < 0 or bool(ghost),
        found.place,
    )


def _antiparticle(particle: Particle, found: Declaration) -> Particle:
    if particle.own_antiparticle:
        found.place.fail(
            f"the antiparticle of {particle.name!r}, which is its own", "particles with another antiparticle"
        )
    return Particle(
        found.variable,
        particle.antiname,
        particle.name,
        -particle.pdg,
        particle.spin,
        -particle.color if particle.color not in (1, 8) else particle.color,
        -particle.charge,
        particle.mass,
        particle.width,
        particle.custom,
        particle.dummy,
        particle.unphysical,
        found.place,
    )


def _check_names(expression: Expression, parameters: Mapping[str, Parameter]) -> None:
    for name in sorted(expression.names):
        if name not in parameters:
            expression.place.fail(
                f"the name {name[:40]!r}", f"parameters of the model, as {_suggested(name, parameters)}"
            )


def _ordered(names: Iterable[str], parameters: Mapping[str, Parameter], given: Iterable[str] = ()) -> list[str]:
    """Return names and all parameters that they depend on, each after those; values that are given depend on none."""
    graph: dict[str, frozenset[str]] = {}
    fixed = set(given)
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in graph:
            expression = parameters[name].expression
            graph[name] = expression.names if expression and name not in fixed else frozenset()
            waiting += graph[name]
    try:
        return list(TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)}).static_order())
    except CycleError as error:
        cycle: list[str] = error.args[1]
        parameters[cycle[0]].place.fail(
            f"parameters that depend on each other: {' -> '.join(name[:40] for name in cycle[:8])}",
            "values without cycles",
        )


@dataclass(frozen=True)
class Numbers:
    """The numbers of a model, with some parameters set by the user, in arbitrary precision.

    Every number is computed with more and more digits until two precisions agree in forty of them; one that shrinks with
    the rounding is zero.
    """

    model: UfoModel
    given: Mapping[str, GaussianRational] = field(default_factory=dict)

    @cached_property
    def arithmetic(self) -> mpmath.MPContext:
        """The arithmetic of results."""
        m = mpmath.mp.clone()
        m.dps = DIGITS[0]
        return m

    def set(self, parameters: Mapping[str, Given]) -> Numbers:
        """Return the numbers with some parameters set; ``UfoError`` for an unknown name or what is no number."""
        given = dict(self.given)
        for name, value in parameters.items():
            if name not in self.model.parameters:
                known = [one.name for one in self.model.parameters.values() if one.external]
                raise UfoError(one_line(f"parameters: found the name {name!r}, allowed {_suggested(name, known)}"))
            given[self.model.parameters[name].name] = _given_number(name, value)
        return Numbers(self.model, given)

    def depends_on(self, expressions: Iterable[str]) -> tuple[Parameter, ...]:
        """Return the external parameters on which parameters depend, in the order of the model."""
        found = set(_ordered(expressions, self.model.parameters, self.given))
        used = (one for name, one in self.model.parameters.items() if one.external and name in found)
        return tuple({one.name: one for one in used}.values())

    def parameter(self, name: str) -> Number:
        """Return the value of a parameter."""
        return self._agreed(frozenset([name]), lambda values, m: values[name])

    def coupling(self, variable: str) -> Number:
        """Return the value of a coupling."""
        return self.number(self.model.couplings[variable])

    def number(self, expression: Expression) -> Number:
        """Return the value of an expression."""
        return self._agreed(expression.names, lambda values, m: evaluate(expression, values, m), expression.place)

    def _agreed(
        self,
        names: frozenset[str],
        value: Callable[[Mapping[str, Number], mpmath.MPContext], Number],
        place: Place | None = None,
    ) -> Number:
        previous: Number = self.arithmetic.inf
        for digits in DIGITS:
            m = mpmath.mp.clone()
            m.dps = digits
            found = value(self._values(names, digits), m)
            if m.isfinite(previous) and abs(found - previous) <= abs(found) * m.mpf(10) ** -AGREED:
                return self.arithmetic.convert(found)
            previous = found
        if abs(previous) < m.mpf(10) ** (-DIGITS[-1] // 2):
            return self.arithmetic.mpf(0)
        raise (place or Place(self.model.name, 1)).error(
            "a number that loses all digits", f"numbers with {AGREED} digits"
        )

    @cached_property
    def _known(self) -> dict[tuple[str, int], Number]:
        return {}

    def _values(self, names: Iterable[str], digits: int) -> Mapping[str, Number]:
        """Return the values of parameters and of all that they depend on, computed with some digits."""
        order = _ordered(names, self.model.parameters, self.given)
        m = mpmath.mp.clone()
        m.dps = digits
        unset = sorted(name for name in order if self._is_unset(name))
        if unset:
            raise UfoError(one_line(f"parameters: found no value for {', '.join(unset)}, allowed a number for each"))
        expressions = [self.model.parameters[name].expression for name in order]
        if sum(one.size for one in expressions if one) > MAX_WORK:
            raise UfoError(f"{self.model.name}: found parameters of more than {MAX_WORK} parts, allowed fewer")
        values: dict[str, Number] = {}
        for name in order:
            if (name, digits) not in self._known:
                self._known[name, digits] = self._value(name, values, m)
            values[name] = self._known[name, digits]
        return values

    def _is_unset(self, name: str) -> bool:
        parameter = self.model.parameters[name]
        return parameter.expression is None and parameter.name not in self.given and parameter.name != "ZERO"

    def _value(self, name: str, values: Mapping[str, Number], m: mpmath.MPContext) -> Number:
        parameter = self.model.parameters[name]
        if parameter.name in self.given:
            return exact_number(self.given[parameter.name], m)
        if parameter.expression is None:
            return m.mpf(0)
        value = evaluate(parameter.expression, values, m)
        if isinstance(value, bool):
            parameter.place.fail(f"the parameter {name!r} that is true or false", "a number")
        if parameter.real and isinstance(value, m.mpc):
            if abs(value.imag) > abs(value) * m.mpf(10) ** -AGREED:
                shown = m.nstr(value, 6)
                parameter.place.fail(
                    f"the real parameter {name!r} with the value {shown}", "a real number; set its parameters"
                )
            value = value.real
        return value


def _given_number(name: str, value: Given) -> GaussianRational:
    if isinstance(value, complex):
        return _given_number(name, value.real) + _given_number(name, value.imag) * GaussianRational(
            Fraction(0), Fraction(1)
        )
    try:
        # A double stands for the shortest decimal that it rounds to: 1e-9 means 1e-9.
        if isinstance(value, bool):
            raise ValueError
        if isinstance(value, Fraction):
            return GaussianRational(value)
        if isinstance(value, mpmath.mpf):
            mantissa, exponent = value.man_exp
            return _given_number(name, Fraction(mantissa) * Fraction(2) ** exponent)
        decimal = Decimal(repr(float(value)) if isinstance(value, float) else str(value).strip())
        if not decimal.is_finite() or abs(decimal.adjusted()) > MAX_EXPONENT:
            raise ValueError
        return GaussianRational(Fraction(decimal))
    except (InvalidOperation, ValueError, TypeError):
        shown = one_line(str(value))[:40]
        raise UfoError(f"parameters: found {one_line(name)} = {shown!r}, allowed finite numbers, as 1e-9") from None
