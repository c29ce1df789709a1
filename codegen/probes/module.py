"""The module ``probes`` of a package: structure functions as readable Python, tables, public functions. Deterministic."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from codegen import texts
from codegen.formulas.layout import wrapped
from codegen.formulas.python import WIDTH, python
from codegen.pair_sums.kernel import Constant, Group
from codegen.pair_sums.package import group_doc
from codegen.probes.record import Scattering, StructureFunction, Term

TEMPLATE = "probes.py.txt"


def module(records: Sequence[Scattering], groups: Sequence[Group], constants: Sequence[Constant]) -> str:
    """Return the text of the module for some scattering processes, the groups of their interactions and all constants."""
    plain = [argument for group in groups if not group.keyword for argument in group.arguments]
    keywords = [group for group in groups if group.keyword]
    used = {name for record in records for term in record.terms for name, _ in term.constants}
    needed = [c for c in constants if c.name in {*used, "m_e", "sin2_theta_w"}]
    return texts.filled(
        texts.template(TEMPLATE, "probes"),
        {
            "HEADER": texts.header("probes.py").rstrip("\n"),
            "VERSION": f"{texts.VERSION_LINE}{version('sympy')}",
            "CONSTANTS": "\n".join(f'    "{c.name}": {c.value},  # {c.units}; {c.source}' for c in needed),
            "STRUCTURES": "\n\n\n".join(
                text
                for record in records
                for text in (_function(record.edges.name, record.edges.title, record.edges.units, python(record.edges.result)),
                             *map(_structure, record.structures))
            ),
            "TABLES": "\n\n".join(map(_tables, records)),
            "MATRICES": "\n".join(f"    {a.name}: ArrayLike{'' if a.default is None else ' | None = None'}," for a in plain),
            "MATRICES_PASSED": "\n".join(f"        {a.name}={a.name}," for a in plain),
            "MATRICES_DOC": "\n".join(f"    {a.name} : (n, n) complex Hermitian; {a.doc}." for a in plain),
            "GROUPS": "\n".join(f"    {g.keyword}: Mapping[str, Any] | None = None," for g in keywords),
            "GROUPS_PASSED": "\n".join(f"        {g.keyword}={g.keyword}," for g in keywords),
            "GROUP_DOC": "\n".join(group_doc(g) for g in keywords),
        },
    )  # fmt: skip


def _structure(s: StructureFunction) -> str:
    formula = s.formula
    return _function(formula.name, formula.title, formula.units, python(formula.result))


def _function(name: str, title: str, units: str, result: str) -> str:
    lines = [f"def {name}(E: Any, T: Any, m: Any, m_i: Any, m_j: Any) -> Any:", f'    """{title} [{units}]."""']
    start = f"    return {result}"
    if len(start) <= WIDTH:
        lines.append(start)
    else:
        lines += ["    return (", *wrapped(f"        {result}", WIDTH - 4), "    )"]
    return "\n".join(lines)


def _tables(record: Scattering) -> str:
    lines = [
        f"_{record.prefix.upper()} = ScatteringTables(",
        f'    "{record.name}",',
        f"    {record.spins},",
        "    CONSTANTS,",
        f"    ({', '.join(map(_quoted, record.rows))},),",
        "    (",
        *(f"        {_term(term)}," for term in record.terms),
        "    ),",
        f"    {record.edges.name},",
    ]
    for tensor in ("summed", "polarised"):
        places: dict[tuple[int, int], list[str]] = {}
        for s in record.structures:
            if s.tensor == tensor:
                places.setdefault((s.n, s.m), ["None", "None"])[s.imaginary] = s.formula.name
        lines += ["    {", *(f"        {place}: ({', '.join(names)})," for place, names in places.items()), "    },"]
    return "\n".join([*lines, ")"])


def _term(term: Term) -> str:
    constants = "".join(f'("{name}", {power}), ' for name, power in term.constants).rstrip()
    factor = ", ".join(map(str, term.factor))
    return (
        f"Term({_quoted(term.group)}, {_quoted(term.coupling)}, {_quoted(term.matrix)}, ({constants}),"
        f" {_quoted(term.propagator)}, {term.row}, {term.eta}, ({factor},))"
    )


def _quoted(text: str | None) -> str:
    return "None" if text is None else f'"{text}"'
