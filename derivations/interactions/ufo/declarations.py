"""Files of declarations: what a module of a UFO model declares, without running it.

In: the text of ``particles.py``, ``vertices.py``, ... Out: :class:`Declaration` objects, their fields as syntax trees. A file
may hold imports of the model's own modules, constants, calls of the classes of ``object_library`` with plain data, and
``x.anti()``; anything else is refused with its line. Numbers are exact: a decimal is what its digits say, not the nearest
double. Size and depth are bounded, so that every text ends quickly in declarations or in one :class:`UfoError`.
"""

from __future__ import annotations

import ast
import os
import re
import stat
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NoReturn

from derivations.interactions.language import GaussianRational

MAX_BYTES: Final = 8 * 1024 * 1024
"""Most bytes of one file."""
MAX_DECLARATIONS: Final = 50_000
MAX_DIGITS: Final = 400
MAX_EXPONENT: Final = 400
MAX_BITS: Final = 10_000
"""Bounds on a number that is written down."""

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "Particle": (
        *("pdg_code", "name", "antiname", "spin", "color", "mass", "width", "texname", "antitexname", "charge"),
        *("line", "propagating", "counterterm", "goldstoneboson", "propagator"),
    ),
    "Parameter": ("name", "nature", "type", "value", "texname", "lhablock", "lhacode"),
    "CTParameter": ("name", "type", "value", "texname"),
    "Coupling": ("name", "value", "order"),
    "Lorentz": ("name", "spins", "structure"),
    "Vertex": ("name", "particles", "color", "lorentz", "couplings"),
    "CouplingOrder": ("name", "expansion_order", "hierarchy", "perturbative_expansion"),
    "Propagator": ("name", "numerator", "denominator"),
    "Decay": ("particle", "partial_widths"),
    "FormFactor": ("name", "type", "value"),
}
"""The classes of ``object_library`` and their fields in the order in which a call may give them without names."""

MODULES: Final = (
    *(
        "__future__",
        "cmath",
        "math",
        "object_library",
        "function_library",
        "particles",
        "parameters",
        "couplings",
        "lorentz",
    ),
    *(
        "vertices",
        "coupling_orders",
        "decays",
        "propagators",
        "form_factors",
        "CT_parameters",
        "CT_couplings",
        "CT_vertices",
    ),
)
"""Modules that a file of declarations may name in an import."""

_NAMES: Final[Mapping[type[ast.AST], str]] = {
    ast.For: "a for loop", ast.While: "a while loop", ast.FunctionDef: "a function", ast.ClassDef: "a class",
    ast.If: "an if", ast.With: "a with", ast.Delete: "a del", ast.Lambda: "a lambda", ast.Call: "a call",
    ast.ListComp: "a comprehension", ast.GeneratorExp: "a comprehension", ast.DictComp: "a comprehension",
    ast.SetComp: "a comprehension", ast.JoinedStr: "a formatted string", ast.Subscript: "a subscript", ast.Assert: "an assert",
    ast.AugAssign: "an assignment that changes a value", ast.NamedExpr: "an assignment inside an expression",
    ast.Raise: "a raise", ast.Global: "a global", ast.AsyncFunctionDef: "a function", ast.Await: "an await", ast.Starred: "a star",
}  # fmt: skip


class UfoError(ValueError):
    """A UFO model that cannot be read or used; one line that says where, what was found and what is allowed."""


@dataclass(frozen=True)
class Place:
    """A line of a file; 0 for what is no file, and has no lines."""

    file: str
    line: int

    def error(self, found: str, allowed: str) -> UfoError:
        """Return the error of what was found here."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return UfoError(one_line(f"{where}: found {found}, allowed {allowed}"))

    def fail(self, found: str, allowed: str) -> NoReturn:
        """Raise the error of what was found here."""
        raise self.error(found, allowed)


@dataclass(frozen=True)
class Declaration:
    """One declared object: the ``variable`` that holds it, its class, its fields, and where it stands.

    ``kind`` is ``"anti"`` for ``variable = other.anti()``; its field ``of`` names the other variable.
    """

    variable: str
    kind: str
    fields: Mapping[str, ast.expr]
    place: Place

    def field(self, name: str) -> ast.expr:
        """Return a field that must be there."""
        if name not in self.fields:
            self.place.fail(
                f"{self.kind} {self.variable!r} without {name!r}", f"the fields {', '.join(FIELDS[self.kind])}"
            )
        return self.fields[name]

    def text(self, name: str) -> str:
        """Return a field that is a string."""
        node = self.field(name)
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            self.place.fail(f"{name!r} of {self.variable!r} that is no string", "a string")
        return node.value

    def number(self, name: str) -> Fraction:
        """Return a field that is a real number."""
        value = exact(self.field(name))
        if value is None or value.imag:
            self.place.fail(f"{name!r} of {self.variable!r} that is no number", "a real number")
        return value.real

    def whole(self, name: str) -> int:
        """Return a field that is a whole number."""
        value = self.number(name)
        if value.denominator != 1:
            self.place.fail(f"{name!r} of {self.variable!r} that is {value}", "a whole number")
        return value.numerator

    def flag(self, name: str, default: bool) -> bool:
        """Return a field that is true or false."""
        node = self.fields.get(name)
        return bool(node.value) if isinstance(node, ast.Constant) else default

    def reference(self, name: str) -> str:
        """Return the variable that a field names, as in ``mass = Param.MZ`` or ``mass = 'MZ'``."""
        node = self.field(name)
        found = referred(node) or (
            node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
        )
        if not found:
            self.place.fail(f"{name!r} of {self.variable!r} that names nothing", "a name, as Param.MZ")
        return found

    def references(self, name: str) -> tuple[str, ...]:
        """Return the variables that a list names."""
        node = self.field(name)
        names = [referred(entry) for entry in node.elts] if isinstance(node, ast.List | ast.Tuple) else [None]
        if not all(names):
            self.place.fail(
                f"{name!r} of {self.variable!r} that is no list of names", "a list, as [ P.e__plus__, P.e__minus__ ]"
            )
        return tuple(found for found in names if found)


@contextmanager
def within_bounds(place: Place) -> Iterator[None]:
    """Turn what is nested too deeply for Python into an error of a place."""
    try:
        yield
    except (RecursionError, MemoryError):
        raise place.error("code that is nested too deeply", "declarations of a UFO model") from None


def referred(node: ast.expr) -> str | None:
    """Return the name that ``Name`` or ``module.Name`` stands for, without the module.

    Example
    -------
    >>> referred(ast.parse("P.e__minus__", mode="eval").body)
    'e__minus__'
    """
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def written_number(node: ast.Constant) -> GaussianRational | None:
    """Return the number that a constant is, ``None`` if it is none."""
    value: Any = node.value
    return value if isinstance(value, GaussianRational) else None


def exact(node: ast.expr) -> GaussianRational | None:
    """Return the number that a tree of numbers stands for, ``None`` for anything else and for one that grows too large.

    Example
    -------
    >>> exact(parse_expression("-2/3", Place("particles.py", 1)))
    GaussianRational(real=Fraction(-2, 3), imag=Fraction(0, 1))
    """
    match node:
        case ast.Constant():
            return written_number(node)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            inner = exact(operand)
            return -inner if inner is not None and isinstance(sign, ast.USub) else inner
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as op, right=right):
            a, b = exact(left), exact(right)
            if a is None or b is None or (isinstance(op, ast.Div) and not b):
                return None
            match op:
                case ast.Add():
                    result = a + b
                case ast.Sub():
                    result = a + -b
                case ast.Mult():
                    result = a * b
                case _:
                    result = a * b.inverse()
            parts = (n for part in (result.real, result.imag) for n in (part.numerator, part.denominator))
            return result if all(part.bit_length() <= MAX_BITS for part in parts) else None
        case ast.Call(func=ast.Name(id="complex"), args=[real, imag], keywords=[]):
            a, b = exact(real), exact(imag)
            return None if a is None or b is None else a + b * GaussianRational(Fraction(0), Fraction(1))
    return None


def one_line(text: str) -> str:
    """Return a text on one line, with what does not print written out."""
    words = " ".join(text.split())
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in words)


def shown(node: ast.AST) -> str:
    """Return what a tree is, in words, for a message."""
    if isinstance(node, ast.Import):
        return f"an import of {node.names[0].name[:40]!r}"
    if isinstance(node, ast.ImportFrom):
        return f"an import from {(node.module or '.')[:40]!r}"
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else referred(node.func)
        return f"a call of {name[:40]!r}" if name else "a call"
    return _NAMES.get(type(node), f"code of the kind {type(node).__name__!r}")


def read_text(path: Path, shown_as: str) -> str:
    """Return the text of one file of a model.

    Raises
    ------
    UfoError : there is no such regular file, it is too large or not UTF-8.
    """
    place = Place(shown_as, 1)
    try:
        # Asked before opening: opening a pipe without a writer would wait forever.
        if not stat.S_ISREG(os.stat(path).st_mode):
            Place(shown_as, 0).fail("no regular file", "a module of a UFO model")
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        Place(shown_as, 0).fail((error.strerror or "an impossible path").lower(), "a readable module of a UFO model")
    if len(data) > MAX_BYTES:
        place.fail(f"more than {MAX_BYTES} bytes", f"at most {MAX_BYTES}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        Place(shown_as, line).fail(f"byte 0x{data[error.start]:02x} outside UTF-8", "UTF-8 text")


def parse_expression(text: str, place: Place) -> ast.expr:
    """Return the tree of an expression, its numbers exact.

    Raises
    ------
    UfoError : it is no expression, or too long or deep for the parser.
    """
    tree = _parsed(f"({text})", place, "eval")
    assert isinstance(tree, ast.Expression)
    _make_exact(tree, f"({text})", place, fixed=True)
    return tree.body


def _parsed(text: str, place: Place, mode: str) -> ast.AST:
    try:
        with within_bounds(place), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # escapes of LaTeX in plain strings
            return ast.parse(text, mode=mode)
    except SyntaxError as error:
        where = place if mode == "eval" else Place(place.file, error.lineno or 1)
        where.fail(f"what Python cannot read ({(error.msg or 'a syntax error')[:80]})", "declarations of a UFO model")
    except ValueError as error:
        place.fail(f"what Python cannot read ({str(error)[:80]})", "declarations of a UFO model")


def _make_exact(tree: ast.AST, text: str, place: Place, *, fixed: bool = False) -> None:
    """Replace the numbers of a tree by what their digits say."""
    lines = re.split(r"\r\n|\r|\n", text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, complex):
            line = lines[node.lineno - 1].encode()
            digits = line[node.col_offset : node.end_col_offset].decode()
            where = place if fixed else Place(place.file, node.lineno)
            node.value = _number(digits, where)  # type: ignore[assignment]


def _number(digits: str, place: Place) -> GaussianRational:
    digits = digits.replace("_", "").lower()
    imaginary = digits.endswith("j")
    found = re.fullmatch(r"([0-9]*\.?[0-9]*)(?:e([+-]?[0-9]+))?", digits.removesuffix("j"))
    if not found or len(found[1]) > MAX_DIGITS or len(found[2] or "") > 6 or abs(int(found[2] or 0)) > MAX_EXPONENT:
        place.fail(
            f"the number {digits[:20]!r}", f"decimals of at most {MAX_DIGITS} digits and exponents up to {MAX_EXPONENT}"
        )
    value = Fraction(digits.removesuffix("j"))
    return GaussianRational(Fraction(0), value) if imaginary else GaussianRational(value)


def read_declarations(text: str, file: str) -> tuple[Declaration, ...]:
    """Return what a module declares, in its order.

    Parameters
    ----------
    text : the module's text.
    file : its name in messages.

    Raises
    ------
    UfoError : the text holds anything but declarations; one line with the file and the line.

    Example
    -------
    >>> found = read_declarations("x = Lorentz('FFV1', [2, 2, 3], structure='Gamma(3,2,1)')", "lorentz.py")
    >>> found[0].variable, found[0].text("structure")
    ('x', 'Gamma(3,2,1)')
    >>> read_declarations("import os", "lorentz.py")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    derivations.interactions.ufo.declarations.UfoError: lorentz.py:1: found an import of 'os', allowed declarations ...
    """
    tree = _parsed(text, Place(file, 1), "exec")
    assert isinstance(tree, ast.Module)
    _make_exact(tree, text, Place(file, 1))
    found = list(_declared(tree.body, file))
    if len(found) > MAX_DECLARATIONS:
        Place(file, 1).fail(f"{len(found)} declarations", f"at most {MAX_DECLARATIONS}")
    return tuple(found)


_ALLOWED: Final = f"declarations ({', '.join(FIELDS)}), x.anti(), constants, and imports of the model's own modules"


def _declared(body: list[ast.stmt], file: str) -> Iterator[Declaration]:
    for statement in body:
        place = Place(file, statement.lineno)
        match statement:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case ast.Import() | ast.ImportFrom():
                _check_import(statement, place)
            case ast.Try(body=tried, handlers=[ast.ExceptHandler(body=[ast.Pass()])], orelse=[], finalbody=[]):
                # As FeynRules writes it around the import of form factors, which a model may lack.
                for inner in tried:
                    if not isinstance(inner, ast.Import | ast.ImportFrom):
                        place.fail(shown(inner), "imports inside try")
                    _check_import(inner, place)
            case ast.Assign(targets=[ast.Name(id=variable)], value=ast.Call() as call):
                yield _declaration(variable, call, place)
            case ast.Expr(value=ast.Call() as call):
                yield _declaration("", call, place)
            case ast.Assign(targets=[ast.Name()], value=value):
                _check_data(value, place)
            case _:
                place.fail(shown(statement), _ALLOWED)


def _check_import(statement: ast.Import | ast.ImportFrom, place: Place) -> None:
    module = statement.module if isinstance(statement, ast.ImportFrom) else None
    for name in [module] if module else [alias.name for alias in statement.names]:
        if name.rpartition(".")[2] not in MODULES or ("." in name and not name.startswith(".")):
            place.fail(shown(statement), _ALLOWED)


def _declaration(variable: str, call: ast.Call, place: Place) -> Declaration:
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name() as other, attr="anti"), args=[], keywords=[]):
            return Declaration(variable, "anti", {"of": other}, place)
        case ast.Call(func=ast.Name(id=kind)) if kind in FIELDS:
            pass
        case _:
            place.fail(shown(call), _ALLOWED)
    names = FIELDS[kind]
    if len(call.args) > len(names):
        place.fail(f"{len(call.args)} values for {kind}", f"at most {len(names)}: {', '.join(names)}")
    fields = dict(zip(names, call.args, strict=False))
    for word in call.keywords:
        if word.arg is None or word.arg in fields:
            place.fail(
                f"the field {word.arg!r} of {variable!r} twice" if word.arg else "a star", "each field once, by name"
            )
        fields[word.arg] = word.value
    for name, value in fields.items():
        if name != "value":  # read as an expression
            _check_data(value, place)
    return Declaration(variable, kind, fields, place)


def _check_data(node: ast.expr, place: Place) -> None:
    """Refuse a tree that is more than names, numbers, strings, lists and dictionaries of them."""
    for part in ast.walk(node):
        match part:
            case ast.Constant(value=bytes()):
                place.fail("bytes", "names, numbers, strings, lists and dictionaries")
            case ast.Constant() | ast.Name() | ast.Attribute(value=ast.Name()) | ast.List() | ast.Tuple() | ast.Dict():
                pass
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()) | ast.BinOp():
                pass
            case ast.Call(func=ast.Name(id="complex"), keywords=[]):
                pass
            case ast.operator() | ast.unaryop() | ast.expr_context():
                pass
            case _:
                Place(place.file, getattr(part, "lineno", place.line)).fail(
                    shown(part), "names, numbers, strings, lists and dictionaries"
                )
