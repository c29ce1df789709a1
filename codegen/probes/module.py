"""The module ``probes`` of a package: structure functions as readable Python, tables, public functions. Deterministic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version

from codegen import texts
from codegen.formulas.formula import Formula, identifier
from codegen.formulas.layout import wrapped
from codegen.formulas.python import WIDTH, python
from codegen.pair_sums.kernel import Constant, Group
from codegen.pair_sums.package import group_doc
from codegen.probes.record import BosonRecord, Decay, Probes, Scattering, StructureFunction, Term

TEMPLATE = "probes.py.txt"


def module(probes: Probes, groups: Sequence[Group], constants: Sequence[Constant]) -> str:
    """Return the text of the module for all processes of some interactions, the groups of these and all constants."""
    plain = [argument for group in groups if not group.keyword for argument in group.arguments]
    keywords = [group for group in groups if group.keyword]
    decays = (probes.decay, probes.plasmon)
    records: tuple[Scattering | Decay, ...] = (*probes.scattering, *decays)
    photon = [group for group in keywords if group.name in {term.group for term in probes.plasmon.terms}]
    used = {name for record in records for term in record.terms for name, _ in term.constants}
    needed = [c for c in constants if c.name in {*used, "m_e", "sin2_theta_w", "bohr_radius", "sqrt2_over_G_F"}]
    return texts.filled(
        texts.template(TEMPLATE, "probes"),
        {
            "HEADER": texts.header("probes.py").rstrip("\n"),
            "VERSION": f"{texts.VERSION_LINE}{version('sympy')}",
            "CONSTANTS": "\n".join(f'    "{c.name}": {c.value},  # {c.units}; {c.source}' for c in needed),
            "STRUCTURES": "\n\n\n".join(
                _function(formula)
                for record in records
                for formula in (
                    *((record.edges,) if isinstance(record, Scattering) else ()), *(s.formula for s in record.structures)
                )
            ),
            "TABLES": "\n\n".join([*map(_tables, probes.scattering), *map(_decay, decays), _bosons(probes.bosons)]),
            "MATRICES": "\n".join(f"    {a.name}: ArrayLike{'' if a.default is None else ' | None = None'}," for a in plain),
            "MATRICES_PASSED": "\n".join(f"        {a.name}={a.name}," for a in plain),
            "MATRICES_DOC": "\n".join(f"    {a.name} : (n, n) complex Hermitian; {a.doc}." for a in plain),
            "GROUPS": _declared(keywords),
            "GROUPS_PASSED": _passed(keywords),
            "GROUP_DOC": "\n".join(group_doc(g) for g in keywords),
            "PHOTON": _declared(photon),
            "PHOTON_PASSED": _passed(photon),
            "PHOTON_DOC": "\n".join(group_doc(g) for g in photon),
            "BOSONS": " or ".join(f'"{boson.group}"' for boson in probes.bosons),
            "BOSON_COUPLINGS": "; ".join(f"{', '.join(boson.couplings)} of {boson.group}" for boson in probes.bosons),
        },
    )  # fmt: skip


def _declared(groups: Sequence[Group]) -> str:
    return "\n".join(f"    {group.keyword}: Mapping[str, Any] | None = None," for group in groups)


def _passed(groups: Sequence[Group]) -> str:
    return "\n".join(f"        {group.keyword}={group.keyword}," for group in groups)


def _function(formula: Formula) -> str:
    given = ", ".join(f"{identifier(argument.symbol)}: Any" for argument in formula.arguments)
    lines = [f"def {formula.name}({given}) -> Any:", f'    """{formula.title} [{formula.units}]."""']
    result = python(formula.result)
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
    return "\n".join([*lines, *_places(record.structures), ")"])


def _places(structures: Sequence[StructureFunction]) -> Iterable[str]:
    """Yield the lines of both Gram matrices."""
    for tensor in ("summed", "polarised"):
        places: dict[tuple[int, int], list[str]] = {}
        for s in structures:
            if s.tensor == tensor:
                places.setdefault((s.n, s.m), ["None", "None"])[s.imaginary] = s.formula.name
        yield from ("    {", *(f"        {place}: ({', '.join(names)})," for place, names in places.items()), "    },")


def _decay(record: Decay) -> str:
    return "\n".join([
        f"_{record.prefix.upper()} = DecayTables(", f'    "{record.name}",', "    CONSTANTS,",
        f"    ({', '.join(map(_quoted, record.rows))},)," if record.rows else "    (),",
        "    (", *(f"        {_term(term)}," for term in record.terms), "    ),",
        f"    {record.denominator},", f"    {record.power},", *_places(record.structures),
        f"    ({''.join(f'{pair}, ' for pair in record.unconserved).rstrip()}),", ")",
    ])  # fmt: skip


def _bosons(records: Sequence[BosonRecord]) -> str:
    lines = ["_BOSONS = ("]
    for record in records:
        lines += [
            "    BosonTables(",
            f'        "{record.group}",',
            f"        ({', '.join(map(_quoted, record.couplings))},),",
            "        {",
        ]
        for step, terms in record.terms.items():
            values = (", ".join(repr(value) for value in vars(term).values()) for term in terms)
            lines += [
                f'            "{step}": (',
                *(f"                HelicityTerm({value})," for value in values),
                "            ),",
            ]
        lines += ["        },", "    ),"]
    return "\n".join([*lines, ")"]).replace("'", '"')


def _term(term: Term) -> str:
    constants = "".join(f'("{name}", {power}), ' for name, power in term.constants).rstrip()
    factor = ", ".join(map(str, term.factor))
    return (
        f"Term({_quoted(term.group)}, {_quoted(term.coupling)}, {_quoted(term.matrix)}, ({constants}),"
        f" {_quoted(term.propagator)}, {term.row}, {term.eta}, ({factor},))"
    )


def _quoted(text: str | None) -> str:
    return "None" if text is None else f'"{text}"'
