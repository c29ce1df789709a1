"""The ledger: which printed formulas of the literature are right, decided by proofs that run.

In: the printed formulas (:mod:`derivations.ledger.printed`), their proofs (:mod:`derivations.ledger.proofs`) and the numerical
claims (:mod:`renp.verification.benchmark_claims`, :mod:`renp.verification.probe_claims`). Out: frozen :class:`LedgerEntry`
records, the parts of each for a page (:mod:`renp.verification.ledger_pages`) and the transcript of any proof. No verdict is stored
anywhere: each call proves again, once per process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Final

from derivations.written.prose import plain

if TYPE_CHECKING:
    from derivations.ledger.printed import Printed
    from derivations.ledger.proofs import Proof

__all__ = [
    "CORRECTED",
    "ORDER",
    "VERDICTS",
    "Account",
    "LedgerEntry",
    "account",
    "anchor",
    "as_records",
    "entry",
    "ledger_entries",
    "selected",
    "source_keys",
    "transcript",
]

VERDICTS = ("confirmed", "refuted", "convention")
"""``confirmed``: proven as printed. ``refuted``: a counterexample exists. ``convention``: right under stated others."""
ORDER: Final = ("refuted", "convention", "confirmed")
"""The order of a listing for readers: what needs an answer comes first."""
CORRECTED: Final = {"refuted": "Correct", "convention": "Read as", "confirmed": "Here"}
"""What stands before the corrected formula, by verdict."""


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


@dataclass(frozen=True)
class Account:
    """One entry in its parts, for a page; formulas stand between dollars in every text.

    Attributes
    ----------
    record : what is printed, and where.
    proof : the outcome of its proof.
    size : how large the error is on the benchmark; empty where that has no meaning.
    caveat : what the real atom changes; empty where it changes nothing.

    Example
    -------
    >>> account("NF22-theta").line
    'The argument of the step function is reversed.'
    """

    record: Printed
    proof: Proof
    size: str
    caveat: str

    @property
    def id(self) -> str:
        """The identifier of the entry."""
        return self.record.id

    @property
    def verdict(self) -> str:
        """One of :data:`VERDICTS`."""
        return self.proof.verdict

    @property
    def source(self) -> str:
        """Where it is printed; says so if it is known second-hand."""
        return self.record.source + (" [known second-hand]" if self.record.second_hand else "")

    @property
    def line(self) -> str:
        """Why, in one line."""
        return self.proof.line

    @property
    def details(self) -> str:
        """The longer explanation, and what the real atom changes; may be empty."""
        return " ".join(part for part in (self.proof.details, f"{self.caveat}." if self.caveat else "") if part)

    @property
    def command(self) -> str:
        """The command that runs the proof again."""
        return f"renp ledger --id {self.id}"

    @property
    def anchor(self) -> str:
        """The anchor of the entry on every page; it never changes."""
        return anchor(self.id)

    @property
    def entry(self) -> LedgerEntry:
        """The entry as a record of the JSON output."""
        claim = [self.record.claim, *([f"Assumed: {self.record.conventions}"] if self.record.conventions else [])]
        reason = [
            self.proof.reason,
            *([f"{CORRECTED[self.verdict]}: {self.proof.corrected}."] if self.proof.corrected else []),
            *([f"{self.caveat}."] if self.caveat else []),
            *([f"Size on the benchmark: {self.size}."] if self.size else []),
        ]
        return LedgerEntry(
            self.id,
            self.source,
            plain(". ".join([*claim, f"Domain: {self.record.domain}"]) + "."),
            self.verdict,
            plain(" ".join(reason)),
            self.command,
        )


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
    return account(identifier).entry


@cache
def account(identifier: str) -> Account:
    """Return one entry in its parts, proven now.

    Raises
    ------
    ValueError : no such entry.

    Example
    -------
    >>> account("GP22-q2").command
    'renp ledger --id GP22-q2'
    """
    record = _record(identifier)
    return Account(record, _proof(identifier), _size(identifier), _caveat(identifier))


def anchor(identifier: str) -> str:
    """Return the anchor of an entry, which never changes.

    Example
    -------
    >>> anchor("S16-C_ev-Yb")
    'ledger-s16-c-ev-yb'
    """
    return "ledger-" + identifier.lower().replace("_", "-")


def source_keys() -> tuple[str, ...]:
    """Return the key of every source that prints an entry, in the order of the sources.

    Example
    -------
    >>> source_keys()[0]
    'D13'
    """
    from derivations.ledger.printed import printed, sources

    found = {key for record in printed().values() for key in record.keys}
    return tuple(dict.fromkeys([*sources(), *sorted(found)]))


def selected(source: str | Sequence[str] = (), verdict: str | Sequence[str] = ()) -> list[Account]:
    """Return the entries that a source prints, with a verdict: refuted first, then conventions, then confirmed.

    Parameters
    ----------
    source : a key of the bibliography, or several, in any case; an entry belongs to every source that prints it.
    verdict : one of :data:`VERDICTS`, or several; none stands for all, of sources as well.

    Raises
    ------
    ValueError : no such source or verdict.

    Example
    -------
    >>> [one.id for one in selected("YST15", "confirmed")]
    ['YST15-two-photons']
    """
    from derivations.ledger.printed import printed

    keys = {_one_of("source", word, source_keys()) for word in _listed(source)}
    wanted = {_one_of("verdict", word, ORDER) for word in _listed(verdict)}
    chosen = [account(one.id) for one in printed().values() if not keys or keys & set(one.keys)]
    return _in_order(one for one in chosen if not wanted or one.verdict in wanted)


def counted(number: int) -> str:
    """Return how many entries there are.

    Example
    -------
    >>> counted(1), counted(2)
    ('1 entry', '2 entries')
    """
    return f"{number} {'entry' if number == 1 else 'entries'}"


def _listed(words: str | Sequence[str]) -> Sequence[str]:
    return [words] if isinstance(words, str) else words


def _in_order(accounts: Iterable[Account]) -> list[Account]:
    return sorted(accounts, key=lambda one: ORDER.index(one.verdict))


def _one_of(what: str, found: str, allowed: tuple[str, ...]) -> str:
    spelled = {name.lower(): name for name in allowed}
    if found.lower() in spelled:
        return spelled[found.lower()]
    near = [spelled[name] for name in get_close_matches(found.lower(), spelled, n=3)]
    hint = f", near it {' or '.join(near)}" if near else ""
    raise ValueError(f"unknown {what} {found!r}{hint}: allowed are {', '.join(allowed)}")


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
    found = account(identifier)
    record = found.record
    lines = [f"{found.id}: {found.verdict}", "", f"source      {found.source}", f"equation    {record.equation}"]
    lines.append(f"claim       {plain(record.claim)}")
    if found.proof.corrected:
        lines.append(f"{CORRECTED[found.verdict].lower():<11} {plain(found.proof.corrected)}")
    if record.conventions:
        lines.append(f"conventions {plain(record.conventions)}")
    lines += [f"domain      {plain(record.domain)}", f"dimensions  {_dimension_line(record)}", ""]
    lines += [f"{number:2d}. {step}" for number, step in enumerate(found.proof.steps, 1)]
    return "\n".join([*lines, "", found.entry.reason])


def as_records(entries: list[LedgerEntry]) -> list[dict[str, str]]:
    """Return entries as dictionaries with the six keys of the JSON output.

    Example
    -------
    >>> sorted(as_records([entry("GP22-q2")])[0])
    ['claim', 'evidence', 'id', 'reason', 'source', 'verdict']
    """
    return [asdict(one) for one in entries]


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
