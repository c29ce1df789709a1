"""Values alone: tables of numbers, and functions whose couplings are built in. Nothing is decoded, a slip can still be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from renp.model import Model
from renp.testing.black_box.diagnosis import NOTHING, Answers, Explained, explain, factor_of_the_whole
from renp.testing.black_box.numbers import Couplings, Point, lanes
from renp.testing.black_box.points import ROUNDING, single
from renp.testing.black_box.questions import NATURES, OPTIONS, SPECTRUM, Question, couplings_of
from renp.testing.black_box.report import BlackBoxReport, Finding, natures_in_words, reported
from renp.testing.black_box.words import call_in_words, common_factor, factor_in_words
from renp_generated.runtime.arguments import shown

__all__ = ["TABLE", "compared_values", "examined_table"]

TABLE: Final = 1e-5
"""Largest relative difference that the digits of a table may make."""
SHOWN: Final = 8
"""Photon energies at which slips are tried."""


def compared_values(
    question: Question,
    asked: Sequence[tuple[Point, Couplings]],
    computed: Mapping[str, Sequence[NDArray[np.float64]]],
    limit: float,
) -> tuple[Finding | None, Explained | None]:
    """Compare sums over all pairs; return what is wrong and the slip that explains it."""
    right = {
        nature: [question.right(replace(point, nature=nature), [couplings], None)[0] for point, couplings in asked]
        for nature in computed
    }
    worst: tuple[float, str, int, int] | None = None
    for nature, parts in computed.items():
        for which, (found, derived) in enumerate(zip(parts, right[nature], strict=True)):
            size = np.abs(derived) + 1e-6 * np.abs(derived).max()
            deviation = np.abs(found - derived) / np.where(size, size, 1.0)
            allowed = np.maximum(limit, ROUNDING / _distance(asked[which][0]))
            k = int(np.argmax(deviation / allowed))
            if deviation[k] > allowed[k] and (worst is None or deviation[k] > worst[0]):
                worst = (float(deviation[k]), nature, which, k)
    if worst is None:
        return None, None
    _, nature, which, k = worst
    point, couplings = asked[which]
    found, derived = computed[nature][which][k], right[nature][which][k]
    call = {**question.held, **question.spelled(replace(single(point, k), nature=nature), couplings)}
    shown_call = call_in_words({"omega": point.omega[k], "nature": nature, **call})
    text = f"it gives {found:.6g} where {derived:.6g} is right, {shown_call}"
    if derived == 0:
        return Finding("step_function", "", f"wrong above threshold: {text}", call), None
    factor = common_factor(
        [(a, b, np.full_like(b, np.abs(b).max())) for n in computed for a, b in zip(computed[n], right[n], strict=True)]
    )
    text = f"off by a factor {factor_in_words(factor)}; {text}" if factor else text
    text = f"{NOTHING}; {text}" if factor == 0 else text
    explained = factor_of_the_whole(factor)
    if not any(name in OPTIONS for name in question.held):
        named = frozenset(symbol for _, couplings in asked for symbol in couplings)
        n = len(point.masses)
        pairs = [(i, j) for i in range(n) for j in range(i, n)]
        chosen = [np.unique(np.linspace(0, len(point.omega) - 1, SHOWN).astype(int)) for point, _ in asked]
        few = [(replace(one, omega=one.omega[at]), c, pairs) for (one, c), at in zip(asked, chosen, strict=True)]
        some = lanes(few, question.known, "sum")
        sides = (
            {
                n: np.concatenate([part[at] for part, at in zip(parts, chosen, strict=True)])
                for n, parts in values.items()
            }
            for values in (computed, right)
        )
        explained = explain(question.model, question.quantity, named, Answers(some, *sides)) or explained
    kind = explained.kinds[0] if explained else "several" if factor is None else "sign" if factor == -1 else "factor"
    return Finding(kind, "", text, call), explained


def _distance(point: Point) -> NDArray[np.float64]:
    """Return the distance of each photon energy to the nearest threshold, as a share of it."""
    n = len(point.masses)
    edges = np.array([point.threshold(i, j) for i in range(n) for j in range(i, n)])
    return np.asarray(np.maximum(np.min(np.abs(1 - point.omega[:, None] / edges), axis=1), 1e-300))


def examined_table(
    given: Any,
    model: Model,
    quantity: str,
    nature: str,
    names: Mapping[str, str] | None,
    held: Mapping[str, Any],
    limit: float,
) -> BlackBoxReport:
    """Examine a table of numbers, see :func:`renp.testing.examine`."""
    if quantity != SPECTRUM:
        raise ValueError(f"a table holds a {SPECTRUM}, found quantity={quantity!r}: give a function for it")
    omega, numbers, held = _columns(given, names or {}, held)
    require_held(held)
    missing = [name for name in ("E_eg", "E_vg", "masses") if name not in held]
    if missing:
        raise ValueError(
            f"a table needs the arguments that it belongs to, {missing[0]} is missing: put it into the table or into arguments={{...}}"
        )
    natures = (held["nature"],) if "nature" in held else NATURES[nature]
    question = Question.of(lambda omega: omega, model, SPECTRUM, natures[0], None, held)
    masses = np.atleast_1d(np.asarray(held["masses"], dtype=float))
    couplings = couplings_of(question.known, model, held, len(masses))
    if not couplings:
        raise ValueError(
            "a table needs the couplings that it belongs to, such as axial: put them into the table or into arguments={...}"
        )
    mediators = {
        symbol: float(held[symbol.interaction].get(symbol.coupling, 0.0))
        for symbol in question.known.symbols
        if symbol.kind in ("mass", "width") and isinstance(held.get(symbol.interaction), Mapping)
    }
    point = Point(omega, float(held["E_eg"]), float(held["E_vg"]), masses, natures[0], mediators)
    bad = np.flatnonzero(~np.isfinite(numbers))
    if bad.size:
        finding = Finding(
            "not_a_number", "", f"the table holds {numbers[bad[0]]} at omega={omega[bad[0]]:.15g}", dict(held)
        )
        return reported([one.name for one in model.interactions], quantity, natures, [finding], [])
    reports = []
    for one in natures:
        found, explained = compared_values(question, [(point, couplings)], {one: [numbers]}, limit)
        notes = [f"a table of {len(omega)} numbers: values are compared to {limit:g}, nothing is decoded"]
        if len(natures) > 1:
            notes.append(f"the table names no nature: examined for {natures_in_words((one,))}")
        findings = [found] if found else []
        diagnosis = (explained.as_dict(),) if explained else ()
        reports.append(
            reported([one.name for one in model.interactions], quantity, (one,), findings, notes, diagnosis=diagnosis)
        )
    return min(reports, key=lambda report: (not report.passed, not report.diagnosis))


def require_held(held: Mapping[str, Any]) -> None:
    """Refuse values of arguments that are no numbers where numbers belong, and an unknown nature.

    Raises
    ------
    TypeError, ValueError : one line.
    """
    for name in ("E_eg", "E_vg", "masses"):
        if name not in held:
            continue
        what = "a list of numbers" if name == "masses" else "a number"
        try:
            numbers = np.asarray(held[name], dtype=float)
        except (TypeError, ValueError):
            raise TypeError(f"arguments: {name} must be {what}, found {shown(held[name])}") from None
        if numbers.size == 0 or numbers.ndim > (name == "masses") or not np.all(np.isfinite(numbers)):
            raise ValueError(f"arguments: {name} must be {what}, found {shown(held[name])}")
    if "nature" in held and (not isinstance(held["nature"], str) or held["nature"] not in NATURES["both"]):
        raise ValueError(
            f"arguments: nature must be one of {', '.join(NATURES['both'])}, found {shown(held['nature'])}"
        )


def _columns(
    given: Any, names: Mapping[str, str], held: Mapping[str, Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[str, Any]]:
    """Return photon energies, values and all other arguments of a table."""
    if isinstance(given, Mapping):
        table = {names.get(key, key): value for key, value in given.items()}
        values = table.pop(SPECTRUM, table.pop("values", None))
        held = {**table, **held}
        omega = held.pop("omega", None)
        if values is None or omega is None:
            raise ValueError(
                f"a table is a mapping with omega and {SPECTRUM} (or values), found {', '.join(map(str, given))}"
            )
    else:
        try:
            array = np.asarray(given, dtype=float)
        except (TypeError, ValueError):
            raise TypeError(f"function must be callable or a table, found {type(given).__name__}") from None
        if array.ndim == 0:
            raise TypeError(f"function must be callable or a table of two columns, found {type(given).__name__}")
        if array.ndim != 2 or 2 not in array.shape:
            raise TypeError(f"a table of numbers has two columns, omega and {SPECTRUM}, found the shape {array.shape}")
        omega, values = array.T if array.shape[1] == 2 else array
    try:
        energies, numbers = (
            np.atleast_1d(np.asarray(omega, dtype=float)),
            np.atleast_1d(np.asarray(values, dtype=float)),
        )
    except (TypeError, ValueError):
        raise ValueError(f"a table holds real numbers, found {shown(values)}") from None
    if energies.size == 0:
        raise ValueError(f"omega of a table must hold photon energies, found {shown(omega)}")
    if energies.shape != numbers.shape or energies.ndim != 1:
        raise ValueError(
            f"omega and {SPECTRUM} of a table must have one shape, found {energies.shape} and {numbers.shape}"
        )
    return energies, numbers, dict(held)
