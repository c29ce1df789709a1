"""The ledger: which printed formulas of the literature are right, decided by proofs that run.

In: the printed formulas (:mod:`derivations.ledger.printed`), their proofs (:mod:`derivations.ledger.proofs`) and the numerical
claims (:mod:`renp.verification.benchmark_claims`, :mod:`renp.verification.probe_claims`). Out: frozen :class:`LedgerEntry`
records, the transcript of any proof, and the docs page. No verdict is stored anywhere: each call proves again, once per process.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from derivations.steps.step import markdown_text

if TYPE_CHECKING:
    from derivations.ledger.printed import Printed
    from derivations.ledger.proofs import Proof

__all__ = ["VERDICTS", "LedgerEntry", "as_markdown", "as_records", "entry", "ledger_entries", "transcript"]

VERDICTS = ("confirmed", "refuted", "convention")
"""``confirmed``: proven as printed. ``refuted``: a counterexample exists. ``convention``: right under stated others."""


@dataclass(frozen=True)
class LedgerEntry:
    """One printed formula or statement with its verdict.

    Parameters
    ----------
    id : short identifier, for example ``"NF22-vector"``.
    source : where it is printed; says so if it is known second-hand.
    claim : the formula or statement as printed, in ASCII, with the conventions that it assumes and its domain.
    verdict : one of :data:`VERDICTS`.
    reason : why; for ``refuted`` the corrected formula, what went wrong and its size on the papers' benchmark; where the
        verdict belongs to the averaged atom, what the real one changes.
    evidence : one command that runs the proof again.

    Example
    -------
    >>> LedgerEntry("X-1", "X (1)", "1 = 1", "confirmed", "identity", "renp ledger --id X-1").verdict
    'confirmed'
    """

    id: str
    source: str
    claim: str
    verdict: str
    reason: str
    evidence: str


def ledger_entries() -> list[LedgerEntry]:
    """Return the whole ledger, proven now, in the order of the sources.

    Raises
    ------
    derivations.ledger.proofs.proof.ProofError : a step of a proof does not hold any more.

    Example
    -------
    >>> len(ledger_entries()) > 30                                        # doctest: +SKIP
    True
    """
    from derivations.ledger.printed import printed

    return [entry(identifier) for identifier in printed()]


@cache
def entry(identifier: str) -> LedgerEntry:
    """Return one entry, proven now.

    Raises
    ------
    ValueError : no such entry.

    Example
    -------
    >>> entry("NF22-vector").verdict
    'refuted'
    """
    record, proof = _record(identifier), _proof(identifier)
    size = _size(identifier)
    caveat = _caveat(identifier)
    reason = proof.reason + "".join(
        (f" {caveat}." if caveat else "", f" Size on the benchmark: {size}." if size else "")
    )
    return LedgerEntry(record.id, _source(record), _claim(record), proof.verdict, reason, _evidence(identifier))


def transcript(identifier: str) -> str:
    """Return the proof of one entry, step by step, as plain text.

    Raises
    ------
    ValueError : no such entry.

    Example
    -------
    >>> print(transcript("GP22-q2").splitlines()[0])
    GP22-q2: confirmed
    """
    found, record, proof = entry(identifier), _record(identifier), _proof(identifier)
    lines = [f"{found.id}: {found.verdict}", "", f"source      {found.source}", f"equation    {record.equation}"]
    lines.append(f"claim       {record.claim}")
    if record.conventions:
        lines.append(f"conventions {record.conventions}")
    lines += [f"domain      {record.domain}", f"dimensions  {_dimension_line(record)}", ""]
    lines += [f"{number:2d}. {step}" for number, step in enumerate(proof.steps, 1)]
    return "\n".join([*lines, "", found.reason])


def as_records(entries: list[LedgerEntry]) -> list[dict[str, str]]:
    """Return entries as dictionaries with the six keys of the JSON output.

    Example
    -------
    >>> sorted(as_records([entry("GP22-q2")])[0])
    ['claim', 'evidence', 'id', 'reason', 'source', 'verdict']
    """
    return [asdict(one) for one in entries]


def as_markdown(entries: list[LedgerEntry]) -> str:
    """Return the docs page of the ledger: a summary, then every entry by source.

    Example
    -------
    >>> "### GP22-q2" in as_markdown([entry("GP22-q2")])
    True
    """
    from derivations.ledger.printed import sources

    counts = Counter(one.verdict for one in entries)
    lines = [
        "---",
        "orphan: true",
        "---",
        "",
        "# The ledger: which printed formulas are right",
        "",
        f"{len(entries)} formulas and statements of the literature: {counts['confirmed']} confirmed,"
        f" {counts['refuted']} refuted, {counts['convention']} right under other conventions.",
        "",
        "Each verdict is the outcome of a proof that runs when this page is made. *Confirmed* algebraic claims are"
        " identities proven for all values of their symbols; claims about sizes are decided by numbers on the benchmark"
        " of the papers (ytterbium, normal ordering, lightest mass 0.01 eV). *Refuted* claims come with a counterexample,"
        " the corrected formula and the size of the error. *Convention* means that a stated map makes it right. Some"
        " equations were seen only through a second text; their entries say so, and a verdict on them is a verdict on"
        " what was seen.",
        "",
        "| entry | source | verdict |",
        "|---|---|---|",
        *(f"| [{one.id}](#{_anchor(one.id)}) | {markdown_text(one.source)} | {one.verdict} |" for one in entries),
        "",
    ]
    for name, reference in sources().items():
        chosen = [one for one in entries if one.id.startswith(f"{name}-")]
        if chosen:
            lines += [f"## {name}", "", f"{reference}.", ""]
        for one in chosen:
            lines += _section(one)
    return "\n".join(lines)


def _section(one: LedgerEntry) -> list[str]:
    steps = [f"{number}. {markdown_text(step)}" for number, step in enumerate(_proof(one.id).steps, 1)]
    return [
        f"({_anchor(one.id)})=",
        f"### {one.id}",
        "",
        f"**{one.verdict.capitalize()}.** {markdown_text(one.reason)}",
        "",
        f"*Printed* in {markdown_text(one.source)}: {markdown_text(one.claim)}",
        "",
        *steps,
        "",
        f"Run it again: `{one.evidence}`",
        "",
    ]


def _record(identifier: str) -> Printed:
    from derivations.ledger.printed import printed

    records = printed()
    if identifier not in records:
        near = get_close_matches(identifier, records, n=3) or [*records][:3]
        raise ValueError(f"unknown ledger entry {identifier!r}: near it are {', '.join(near)}; renp ledger lists all")
    return records[identifier]


@cache
def _proof(identifier: str) -> Proof:
    from derivations.ledger.proofs import proofs
    from renp.verification import probe_claims
    from renp.verification.benchmark_claims import BENCHMARK_PROOFS

    return {**proofs(), **BENCHMARK_PROOFS, **probe_claims.PROOFS}[identifier]()


def _size(identifier: str) -> str:
    from renp.verification import probe_claims
    from renp.verification.benchmark_claims import SIZES

    sizes = {**SIZES, **probe_claims.SIZES}
    return sizes[identifier]() if identifier in sizes else ""


def _caveat(identifier: str) -> str:
    from derivations.ledger.proofs.real_chain import CAVEATS

    return CAVEATS[identifier]() if identifier in CAVEATS else ""


def _source(record: Printed) -> str:
    return record.source + (" [known second-hand]" if record.second_hand else "")


def _claim(record: Printed) -> str:
    parts = [record.claim]
    if record.conventions:
        parts.append(f"Assumed: {record.conventions}")
    return ". ".join([*parts, f"Domain: {record.domain}"]) + "."


def _evidence(identifier: str) -> str:
    return f"renp ledger --id {identifier}"


def _dimension_line(record: Printed) -> str:
    if record.expression is None:
        return "a statement in words"
    from derivations.algebra.dimensions import analyse
    from derivations.symbols import DIMENSIONS

    report = analyse(record.expression, DIMENSIONS)
    if not report.consistent:
        return "; ".join(str(clash) for clash in report.clashes)
    agreement = "as it must be" if report.dimension == record.dimension else f"but must be {record.dimension}"
    return f"mass dimension {report.dimension}, {agreement}"


def _anchor(identifier: str) -> str:
    return "ledger-" + identifier.lower().replace("_", "-")
