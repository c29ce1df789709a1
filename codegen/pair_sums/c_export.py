"""A pair of C files that need nothing else, and their interface for Fortran: physical arguments in, I(omega) out.

In: the M1 and the E1 kernel. Out: ``{file name: text}``. The evaluation is that of the package
(:mod:`codegen.pair_sums.c_files`); what is added is ``templates/preparation.c`` with the kernels' terms, and the structure of
arguments. Deterministic.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from codegen.call import hermitian_names
from codegen.pair_sums.c_files import evaluation_source
from codegen.pair_sums.kernel import M1, Argument, Group, Kernel, Term
from codegen.pair_sums.package import merged_groups, term_row
from codegen.texts import filled, header, template
from renp_generated.runtime.arguments import HERMITIAN_TOLERANCE, LARGEST_ENERGY, SMALLEST_ENERGY, TRACE_TOLERANCE
from renp_generated.runtime.structure import Switches, constants, program
from renp_generated.runtime.tables import Tables
from renp_generated.runtime.tables import Term as TableTerm

NUMBERS = ("real", "mass", "width")
MOST_MASSES, MOST_LEVELS = 1000, 1000000
FIRST_ENTRY = 100
"""The code of the first argument of the interactions."""
INHERITED = "default"
"""The first word of a choice without a default of its own: what the call says, or the default there."""
OWN_ENDING = "_"
"""What a name from a user's file ends in, in C and Fortran: no keyword does, and no macro of a header."""
_ENERGIES = f"from {SMALLEST_ENERGY} to {LARGEST_ENERGY} eV"

CODES = (
    ("BAD_POINTER", "arguments, plan, omega and out must not be NULL"),
    ("NO_ROOM", "room must be at least renp_plan_room(n_masses, n_levels + n_crossed)"),
    ("NO_MEMORY", "no memory for the plan"),
    ("TOO_LARGE", "the matrices have more entries than a plan holds: give fewer of them"),
    ("BAD_OMEGA", "omega must satisfy 0 < omega < (E_eg - imprinted_momentum)/2 [eV]"),
    (
        "NOT_FINITE",
        "the spectral function is not finite: s = M^2 is an unphysical pole of a mediator without width (give its width), "
        "or the couplings overflow",
    ),
    ("BAD_E_EG", f"E_eg must be an energy {_ENERGIES}"),
    ("BAD_N_LEVELS", f"n_levels must be from 1 to {MOST_LEVELS}"),
    ("BAD_E_VG", f"E_vg must hold n_levels energies above E_eg, {_ENERGIES}: the pair step must be virtual"),
    (
        "BAD_INTERMEDIATE_AMPLITUDES",
        "intermediate_amplitudes must hold n_levels finite numbers, and must be given for more than one level",
    ),
    ("BAD_N_MASSES", f"n_masses must be from 1 to {MOST_MASSES}"),
    ("BAD_MASSES", f"masses must hold n_masses masses, 0 or {_ENERGIES}"),
    ("BAD_NATURE", "nature must be RENP_DIRAC or RENP_MAJORANA, the same for all neutrinos"),
    ("BAD_PAIR_STEP", "pair_step must be RENP_M1 or RENP_E1"),
    ("BAD_DIPOLE_LENGTH", "dipole_length must be finite, and not 0 for the E1 pair step [Bohr radii]"),
    ("BAD_ATOMIC_TENSOR", "atomic_tensor must be finite, Hermitian and of unit trace"),
    ("BAD_M1", "m1 must be RENP_SPIN, RENP_FULL or 0"),
    ("BAD_IMPRINTED_MOMENTUM", f"imprinted_momentum must be 0, or of size {_ENERGIES}, and between -E_eg and E_eg"),
    ("BAD_N_CROSSED", f"n_crossed must be at most {MOST_LEVELS} less n_levels"),
    ("BAD_CROSSED", f"crossed must hold n_crossed energies above E_eg, {_ENERGIES}, and n_crossed finite amplitudes"),
)
"""Codes of the arguments that every kernel has, from 1 on, and what ``renp_message`` says about them."""


@dataclass(frozen=True)
class _Entry:
    """An argument of a group with its place in C: ``prefix`` and ``name`` in the structure, ``place`` among its kind."""

    group: Group
    argument: Argument
    prefix: str
    name: str
    place: int
    code: int

    @property
    def path(self) -> str:
        """How the argument is written behind a structure of arguments."""
        return f"{self.prefix}.{self.name}" if self.prefix else self.name


def c_export(m1: Kernel, e1: Kernel, own: Collection[str] = ()) -> Mapping[str, str]:
    """Return ``spectral.c``, ``spectral.f90`` and ``spectral.h``: the spectral function without Python.

    The module in ``spectral.f90`` declares for Fortran what ``spectral.h`` declares for C. ``own`` are the names of groups
    from users' files: all their names end in :data:`OWN_ENDING`. Other names stand as they are.

    Raises ``ValueError`` when numbers of the kernels do not fit their C types.

    Example
    -------
    >>> from dataclasses import replace
    >>> from fractions import Fraction
    >>> group = Group("", "weak", "Weak", (Argument("axial", "matrix", "1", "axial coupling"),), (), "contact")
    >>> term = Term("V", "plain", "weak", None, "axial", Fraction(1), False, (), 0, 0, 0, False, 0, 0, -1, False, False)
    >>> m1 = Kernel("k", "K", "M1", (group,), (), (term,), (), "")
    >>> files = c_export(m1, replace(m1, pair_step="E1"))
    >>> "int renp_spectral_function(" in files["spectral.h"], "const double *axial;" in files["spectral.h"]
    (True, True)
    """
    groups = merged_groups(m1.groups, e1.groups)
    entries = _entries(groups, own)
    sizes = _sizes((m1, e1), entries)
    result = {
        "spectral.c": evaluation_source(_preparation(entries, sizes, _tables((m1, e1), entries))),
        "spectral.f90": _fortran(groups, entries),
        "spectral.h": _header(groups, entries, _stack(sizes)),
    }
    return {name: header(name, command="renp generate --target c") + text for name, text in result.items()}


def _entries(groups: Sequence[Group], own: Collection[str]) -> tuple[_Entry, ...]:
    places = {"matrix": 0, "number": 0, "choice": 0}
    result: list[_Entry] = []
    for group in groups:
        ending = OWN_ENDING if group.name in own else ""
        prefix = f"{group.keyword}{ending}" if group.keyword else ""
        for argument in group.arguments:
            kind = "matrix" if argument.is_matrix else argument.kind if argument.kind in places else "number"
            name, code = argument.name + ending, FIRST_ENTRY + len(result)
            result.append(_Entry(group, argument, prefix, name, places[kind], code))
            places[kind] += 1
    return tuple(result)


def _unused(name: str, taken: set[str]) -> str:
    """Return a name that is not taken in Fortran, where upper and lower case are the same, and take it."""
    while name.lower() in taken:
        name += "_"
    taken.add(name.lower())
    return name


def _header(groups: Sequence[Group], entries: Sequence[_Entry], stack: int) -> str:
    choices: dict[str, int] = {}
    for words in _words(entries):
        for value, choice in enumerate(words):
            if choices.setdefault(choice, value) != value:
                raise ValueError(f"the choice {choice} stands for two numbers")
    structures, fields = [], []
    for group in groups:
        own = [entry for entry in entries if entry.group is group]
        if not group.keyword:
            fields += [_declaration(entry) for entry in own]
            continue
        structures += [
            f"/* {_comment(_title(group))} */",
            "typedef struct {",
            *(_declaration(entry) for entry in own),
            f"}} renp_{group.keyword}_arguments;\n",
        ]
        fields.append(f"  renp_{group.keyword}_arguments {own[0].prefix};")
    text = template("spectral.h")
    evaluation = text.partition('extern "C" {\n#endif\n')[2].rpartition("#ifdef __cplusplus")[0]
    return filled(
        template("preparation.h"),
        {
            "TITLES": _comment(", ".join(group.name for group in groups)),
            "HERMITIAN_TOLERANCE": repr(HERMITIAN_TOLERANCE),
            "MOST_MASSES": str(MOST_MASSES),
            "MOST_LEVELS": str(MOST_LEVELS),
            "FIRST_ENTRY": str(FIRST_ENTRY),
            "CHOICES": "\n".join(_enumerations(entries)),
            "GROUPS": "\n".join(structures),
            "FIELDS": "\n".join(fields),
            "CODES": "\n".join(f"  RENP_{name} = {code}," for code, (name, _) in enumerate(CODES, 1)),
            "ENERGIES": _ENERGIES,
            "STACK": str(stack),
            "EVALUATION": evaluation.strip("\n") + "\n",
        },
    )


def _choices(argument: Argument) -> tuple[str, ...]:
    """Return the words of a choice, the default first: a structure of zeros means the default."""
    if not argument.choices:
        return ()
    default = INHERITED if argument.default is None else str(argument.default)
    return (default, *(choice for choice in argument.choices if choice != default))


def _enumerations(entries: Iterable[_Entry]) -> list[str]:
    return [
        "enum { " + ", ".join(f"RENP_{choice.upper()} = {value}" for value, choice in enumerate(choices)) + " };"
        for choices in _words(entries)
    ]


def _words(entries: Iterable[_Entry]) -> list[tuple[str, ...]]:
    """Return the words of every choice, each set once; those of the call's own first."""
    own = (_choices(entry.argument) for entry in entries if entry.argument.choices)
    return list(dict.fromkeys([(INHERITED, *M1), *own]))


def _fortran(groups: Sequence[Group], entries: Sequence[_Entry]) -> str:
    pairs = [("dirac", "majorana"), ("M1", "E1"), *_words(entries)]
    numbers = [(choice.upper(), value) for choices in pairs for value, choice in enumerate(choices)]
    numbers += [(name, code) for code, (name, _) in enumerate(CODES, 1)]
    constants = [f"  integer(c_int), parameter :: RENP_{name} = {value}" for name, value in numbers]
    types, fields = [], []
    taken = set(re.findall(r":: (\w+)", _FORTRAN_FIELDS.lower()))
    for group in groups:
        own = [entry for entry in entries if entry.group is group]
        if not group.keyword:
            fields += [_component(entry, taken) for entry in own]
            continue
        inner: set[str] = set()
        components = [_component(entry, inner) for entry in own]
        types += [f"  type, bind(c) :: renp_{group.keyword}_arguments", *components, "  end type", ""]
        fields.append(f"    type(renp_{group.keyword}_arguments) :: {_unused(own[0].prefix, taken)}")
    types += ["  type, bind(c) :: renp_arguments", *_FORTRAN_FIELDS.splitlines(), *fields, "  end type", ""]
    longest = max(map(len, [text for _, text in CODES] + [_message(entry) for entry in entries]))
    replacements = {"CONSTANTS": "\n".join(constants), "TYPES": "\n".join(types), "LONGEST": str(longest + 1)}
    return filled(template("module.f90.txt"), replacements)


_FORTRAN_FIELDS = """\
    real(c_double) :: E_eg = 0
    integer(c_size_t) :: n_levels = 0
    type(c_ptr) :: E_vg = c_null_ptr
    type(c_ptr) :: intermediate_amplitudes = c_null_ptr
    integer(c_size_t) :: n_masses = 0
    type(c_ptr) :: masses = c_null_ptr
    integer(c_int) :: nature = RENP_DIRAC
    integer(c_int) :: pair_step = RENP_M1
    real(c_double) :: dipole_length = 0
    type(c_ptr) :: atomic_tensor = c_null_ptr
    integer(c_int) :: m1 = RENP_DEFAULT
    real(c_double) :: imprinted_momentum = 0
    integer(c_size_t) :: n_crossed = 0
    type(c_ptr) :: crossed_E_vg = c_null_ptr
    type(c_ptr) :: crossed_amplitudes = c_null_ptr"""


def _component(entry: _Entry, taken: set[str]) -> str:
    name = _unused(entry.name, taken)
    if entry.argument.is_matrix:
        return f"    type(c_ptr) :: {name} = c_null_ptr"
    return f"    {'integer(c_int)' if entry.argument.kind == 'choice' else 'real(c_double)'} :: {name} = 0"


def _title(group: Group) -> str:
    off = "Off while its mass is 0; all other numbers and matrices must be off then." if group.mediated else ""
    return f"{group.title}{group.cited()}. {off}".rstrip()


_SHAPES = {
    "matrix": "n_masses x n_masses Hermitian, NULL: 0",
    "general": "n_masses x n_masses, any, NULL: 0",
    "real": "real",
    "mass": "positive",
    "width": "not negative",
}


def _declaration(entry: _Entry) -> str:
    argument = entry.argument
    allowed = _SHAPES.get(argument.kind, " or ".join(f"RENP_{choice.upper()}" for choice in _choices(argument)))
    kind = "const double *" if argument.is_matrix else "int " if argument.kind == "choice" else "double "
    return f"  /* {_comment(argument.doc)}{argument.unit_text}; {allowed}; code {entry.code} */\n  {kind}{entry.name};"


def _comment(text: str) -> str:
    """Return text that neither ends nor opens a comment."""
    return text.replace("*/", "* /").replace("/*", "/ *")


def _message(entry: _Entry) -> str:
    argument, name, units = entry.argument, entry.path, entry.argument.unit_text
    needs = f", and NULL or 0 while {entry.prefix} has no mass" if entry.group.mediated else ""
    if argument.is_matrix:
        return f"{name} must be finite{' and Hermitian' if argument.kind == 'matrix' else ''}{units}{needs}"
    if argument.kind == "choice":
        return f"{name} must be {' or '.join(f'RENP_{choice.upper()}' for choice in _choices(argument))}"
    if argument.kind == "mass":
        return f"{name} must be a mass {_ENERGIES}, or 0 when the mediator is off"
    allowed = f"0 or {_ENERGIES}" if argument.kind == "width" else f"finite{units}"
    return f"{name} must be {allowed}{needs}"


def _preparation(entries: Sequence[_Entry], sizes: Mapping[str, int], tables: str) -> str:
    kinds = {"matrix": "matrix", "general": "matrix", "choice": "choice"}
    choices = {word: value for words in _words(entries) for value, word in enumerate(words)}
    collect = [
        f"  to->{kinds.get(entry.argument.kind, 'number')}[{entry.place}] = from->{entry.path};" for entry in entries
    ]
    messages = ["  case RENP_OK:", '    return "no error";']
    for name, text in CODES:
        messages += [f"  case RENP_{name}:", f'    return "{text}";']
    return filled(
        template("preparation.c"),
        {
            "HERMITIAN_TOLERANCE": repr(HERMITIAN_TOLERANCE),
            "TRACE_TOLERANCE": repr(TRACE_TOLERANCE),
            "SMALLEST_ENERGY": repr(SMALLEST_ENERGY),
            "LARGEST_ENERGY": repr(LARGEST_ENERGY),
            "MOST_MASSES": str(MOST_MASSES),
            "MOST_LEVELS": str(MOST_LEVELS),
            "SIZES": "\n".join(["enum {", *(f"  {name} = {size}," for name, size in sizes.items()), "};"]),
            "UNITARY": str(choices.get("unitary", 1)),
            "FULL": str(choices["full"]),
            "TABLES": tables,
            "COLLECT": "\n".join(collect),
            "MESSAGES": "\n".join(messages),
        },
    )


def _runtime_tables(kernel: Kernel) -> Tables:
    """Return the tables that the package of a kernel has."""
    numbers = {constant.name: float(constant.value) for constant in kernel.constants}
    return Tables(kernel.pair_step, numbers, tuple(TableTerm(*term_row(term)) for term in kernel.terms))


def _sizes(kernels: Sequence[Kernel], entries: Sequence[_Entry]) -> dict[str, int]:
    """Return the lengths of the arrays in C: what the larger of both kernels needs, and at least 1."""
    kinds = [entry.argument.kind for entry in entries]
    found = {
        "ENTRIES": [len(entries)],
        "GROUPS": [len({entry.group.name for entry in entries})],
        "NUMBERS": [sum(kind in NUMBERS for kind in kinds)],
        "MATRICES": [len(_matrices(kernel)) for kernel in kernels],
        "GIVEN_MATRICES": [sum(entry.argument.is_matrix for entry in entries)],
        "CHOICES": [kinds.count("choice")],
        "TERMS": [len(kernel.terms) for kernel in kernels],
        "MOST_SLOTS": [sum(map(_lists, kernel.terms)) for kernel in kernels],
        "MOST_ROWS": [_most_rows(kernel) for kernel in kernels],
    }
    return {name: max([1, *sizes]) for name, sizes in found.items()}


def _lists(term: Term) -> int:
    """Return in how many lists a term stands at most: E and B also add to V and A, plain and cross to each other."""
    return (2 if term.state in ("E", "B") else 1) * (1 if term.way == "along" else 2)


def _most_rows(kernel: Kernel) -> int:
    tables, everything = _runtime_tables(kernel), frozenset(term.group for term in kernel.terms)
    return max(
        len(
            program(
                tables,
                Switches(
                    1, 1, 0, False, widths, circular, False, tuple(_matrices(kernel)), tuple(_mediators(kernel)), everything,
                    everything,
                ),
            ).rows
        )
        for widths in (False, True)
        for circular in (False, True)
    )  # fmt: skip


def _matrices(kernel: Kernel) -> list[tuple[str, str]]:
    return list(dict.fromkeys((term.group, term.matrix) for term in kernel.terms))


def _mediators(kernel: Kernel) -> list[str]:
    return list(dict.fromkeys(term.group for term in kernel.terms if term.propagator))


def _stack(sizes: Mapping[str, int]) -> int:
    """Return an upper bound of the stack that preparation and evaluation need, in units of 1000 bytes."""
    slots, rows, terms = sizes["MOST_SLOTS"], sizes["MOST_ROWS"], sizes["TERMS"]
    return math.ceil((4 * (2 * 33 * slots + 2 * 3 * rows + 2 * 20 * terms + 1500) + 80_000) / 1000)


def _tables(kernels: Sequence[Kernel], entries: Sequence[_Entry]) -> str:
    groups = sorted({entry.group.name: entry.group for entry in entries}.items())
    names = [name for name, _ in groups]
    lines = _array("Entry", "entries", [_entry(entry, names) for entry in entries])
    lines += _array("Group", "groups", [f"{_group(group, entries)}, /* {name} */" for name, group in groups], comma="")
    for kernel in kernels:
        lines += _kernel(kernel, names, entries)
    return "\n".join(lines)


def _array(kind: str, name: str, rows: Iterable[str], *, comma: str = ",") -> list[str]:
    return [f"static const {kind} {name}[] = {{", *(f"  {row}{comma}" for row in rows), "};", ""]


def _entry(entry: _Entry, groups: Sequence[str]) -> str:
    kind = f"{entry.argument.kind.upper()}_ENTRY"
    group = groups.index(entry.group.name)
    return f'{{{kind}, {entry.place}, {group}, {len(_choices(entry.argument))}, "{_message(entry)}"}}'


def _group(group: Group, entries: Sequence[_Entry]) -> str:
    own = [entry for entry in entries if entry.group.name == group.name]

    def place(**wanted: str) -> int:
        found = [e.place for e in own if all(getattr(e.argument, key) == value for key, value in wanted.items())]
        return found[0] if found else -1

    places = place(kind="mass"), place(kind="width"), place(name="propagator"), place(name="m1")
    return f"{{{', '.join(map(str, places))}}}"


def _kernel(kernel: Kernel, groups: Sequence[str], entries: Sequence[_Entry]) -> list[str]:
    step = kernel.pair_step.lower()
    places = {(entry.group.name, entry.argument.name): (entry.place, "AS_GIVEN") for entry in entries}
    for entry in entries:
        if entry.argument.kind == "general":
            parts = zip(hermitian_names(entry.argument.name), ("SUM", "DIFFERENCE"), strict=True)
            places |= {(entry.group.name, name): (entry.place, part) for name, part in parts}
    matrices, mediators = _matrices(kernel), _mediators(kernel)
    numbers = constants(_runtime_tables(kernel))
    terms = [_term(*one, groups, matrices, places) for one in zip(kernel.terms, numbers, strict=True)]
    shown = ["{{{}, {}, {}}}".format(groups.index(key[0]), *places[key]) for key in matrices]
    lines = _array("Term", f"{step}_term", terms or ["{0}"])
    lines += _array("Matrix", f"{step}_matrix", shown or ["{0}"])
    lines += _array("int", f"{step}_mediator", [str(groups.index(name)) for name in mediators] or ["0"])
    counts = f"{len(terms)}, {len(matrices)}, {len(mediators)}"
    return [
        *lines,
        f"static const Tables {step}_tables = {{{counts}, {step}_term, {step}_matrix, {step}_mediator}};",
        "",
    ]


def _term(
    term: Term,
    constant: tuple[float, float],
    groups: Sequence[str],
    matrices: Sequence[tuple[str, str]],
    places: Mapping[tuple[str, str], tuple[int, str]],
) -> str:
    words = [f"STATE_{term.state}", f"WAY_{term.way.upper()}"]
    numbers = [groups.index(term.group), -1 if term.electron is None else places[term.group, term.electron][0]]
    numbers += [matrices.index((term.group, term.matrix)), term.imaginary, term.qz, term.q0, term.s, term.propagator]
    numbers += [term.d, term.M, term.eta, term.orbital, term.longitudinal]
    high, low = constant
    return f"{{{', '.join([*words, *(str(int(number)) for number in numbers)])}, {{{high!r}, {low!r}}}}}"
