"""What an examination found: findings, notes and, product of couplings by product, computed and derived; it prints as a remark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any, Final

__all__ = ["CALL_KINDS", "BlackBoxReport", "Compared", "Finding", "digits", "natures_in_words", "reported"]

CALL_KINDS: Final = ("arguments", "raises", "shape", "complex", "not_a_number", "not_deterministic", "not_quadratic")
"""Kinds of findings about a call; all others are kinds of slips, as ``renp check`` names them."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes
    ----------
    kind : a kind of slip, as of ``renp check``, or one of :data:`CALL_KINDS`.
    coupling : the product of couplings, such as ``Re(a_ij^2)``; empty for what is about no product.
    text : what was found, in one line.
    arguments : a call that shows it, under the function's own names.

    Example
    -------
    >>> str(Finding("sign", "Re(a_ij^2)", "off by a factor -1"))
    'sign: Re(a_ij^2): off by a factor -1'
    """

    kind: str
    coupling: str
    text: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return ": ".join(part for part in (self.kind, self.coupling, self.text) if part)


@dataclass(frozen=True)
class Compared:
    """What stands in front of one product of couplings, computed and derived.

    Attributes
    ----------
    coupling : the product, such as ``Re(a_ij^2)`` or ``g_A^2 abs(g_L_ij)^2``.
    nature : ``dirac`` or ``majorana``.
    pair : ``i = j`` or ``i != j``.
    computed, derived : at the photon energies that were asked for.
    deviation : largest difference, as a share of the rate that the couplings give.
    factor : computed over derived where that is one number, ``None`` otherwise.
    agrees : whether they are the same up to rounding.
    text : the same in words.
    """

    coupling: str
    nature: str
    pair: str
    computed: tuple[float, ...]
    derived: tuple[float, ...]
    deviation: float
    factor: float | None
    agrees: bool
    text: str


@dataclass(frozen=True)
class BlackBoxReport:
    """The outcome of an examination.

    Attributes
    ----------
    quantity, natures, interactions : what the function was held against.
    findings : what is wrong.
    notes : what is worth knowing and is no mistake: digits lost near a threshold, couplings that the function does not take.
    compared : computed and derived, product by product.
    diagnosis : the slip that explains what was computed: ``kind``, ``change`` and the ``corrected`` formula.
    covered, not_covered : couplings that the function takes, and those of the model that it does not.

    Example
    -------
    >>> BlackBoxReport("threshold", (), ("standard_model",), (), ()).verdict
    'confirmed'
    """

    quantity: str
    natures: tuple[str, ...]
    interactions: tuple[str, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    compared: tuple[Compared, ...] = ()
    diagnosis: tuple[Mapping[str, str], ...] = ()
    covered: tuple[str, ...] = ()
    not_covered: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong; notes do not count."""
        return not self.findings

    @property
    def verdict(self) -> str:
        """``confirmed`` or ``refuted``, as of ``renp check``."""
        return "confirmed" if self.passed else "refuted"

    @property
    def reason(self) -> str:
        """Why, in one sentence."""
        if self.passed:
            return f"the derived {self.quantity} for {_natures(self.natures)}, wherever it was asked for"
        if not self.diagnosis:
            return str(self.findings[0])
        slips = "; ".join(f"{one['kind']}: {one['change']}" for one in self.diagnosis)
        if self.diagnosis[0]["kind"] == "several":
            return self.diagnosis[0]["change"]
        return f"{'one slip' if len(self.diagnosis) == 1 else f'{len(self.diagnosis)} slips'}, {slips}"

    @property
    def terms(self) -> list[dict[str, Any]]:
        """Computed and derived, product of couplings by product, as plain data."""
        return [
            {"coupling": one.coupling, "nature": one.nature, "pair": one.pair, "computed": list(one.computed),
             "derived": list(one.derived), "deviation": one.deviation, "factor": one.factor, "agrees": one.agrees, "text": one.text}
            for one in self.compared
        ]  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "verdict": self.verdict,
            "passed": self.passed,
            "reason": self.reason,
            "findings": [
                {"kind": one.kind, "coupling": one.coupling, "text": one.text, "arguments": _plain(one.arguments)}
                for one in self.findings
            ],
            "notes": list(self.notes),
            "terms": _plain(self.terms),
            "diagnosis": [dict(one) for one in self.diagnosis],
            "quantity": self.quantity,
            "natures": list(self.natures),
            "interactions": list(self.interactions),
            "covered": list(self.covered),
            "not_covered": list(self.not_covered),
        }

    def __str__(self) -> str:
        lines = [f"{self.verdict.capitalize()}: {self.reason.rstrip('.')}.", ""]
        lines += [_line("finding", str(one)) for one in self.findings]
        lines += [_line("right is", one["corrected"]) for one in self.diagnosis if one["corrected"]]
        lines += [_line("agrees", text) for text in self._agreeing()]
        lines += [_line("note", note) for note in self.notes]
        return "\n".join(lines)

    def _agreeing(self) -> list[str]:
        """Return the products that agree, gathered by how well."""
        names: dict[str, float] = {}
        wrong = {one.coupling for one in self.compared if not one.agrees}
        for one in self.compared:
            if one.coupling not in wrong:
                names[one.coupling] = max(names.get(one.coupling, 0.0), one.deviation)
        found: dict[str, list[str]] = {}
        for name, deviation in names.items():
            found.setdefault(digits(deviation), []).append(name)
        return [f"to {size}: {', '.join(some)}" for size, some in sorted(found.items(), key=lambda one: float(one[0]))]


def reported(
    interactions: Iterable[str],
    quantity: str,
    natures: Iterable[str],
    findings: Iterable[Finding],
    notes: Iterable[str],
    **more: Any,
) -> BlackBoxReport:
    """Return a report."""
    return BlackBoxReport(quantity, tuple(natures), tuple(interactions), tuple(findings), tuple(notes), **more)


def digits(deviation: float) -> str:
    """Return the power of ten that a deviation stays below, at least 1e-12.

    Example
    -------
    >>> digits(3e-15), digits(2e-8)
    ('1e-12', '1e-07')
    """
    from math import ceil, log10

    return "1e-12" if deviation <= 1e-12 else f"1e{ceil(log10(deviation)):+03d}"


def natures_in_words(natures: tuple[str, ...]) -> str:
    """Return the natures as words: ``Dirac and Majorana neutrinos``."""
    return f"{' and '.join(one.capitalize() for one in natures)} neutrinos"


def _natures(natures: tuple[str, ...]) -> str:
    return natures_in_words(natures) if natures else "every pair"


def _line(label: str, text: str) -> str:
    return fill(f"{label}: {text}", width=118, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _plain(value: Any) -> Any:
    """Return plain data: numbers, texts, lists and mappings; complex numbers as pairs."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, complex):
        return [value.real, value.imag] if value.imag else value.real
    return value
