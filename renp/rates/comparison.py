"""Spectra that differ in a few settings, side by side.

In: the settings of a spectrum, and the values of those that are compared. Out: a frozen :class:`Comparison`, one
:class:`renp.rates.spectra.Spectrum` for each combination, which writes itself as CSV or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.atoms import ATOMS
from renp.inputs.intermediate import INTERMEDIATE
from renp.inputs.oscillation import ORDERINGS, OSCILLATION_SETS
from renp.inputs.parameters import ParameterName, check_distinct
from renp.inputs.setups import SETUPS
from renp.model import Model, ModelCoupling, shipped_model
from renp.output.tables import csv_bytes
from renp.rates.emission import CHAINS, EMISSION_SETTINGS, NATURES, POLARISATIONS, emission, split_settings
from renp.rates.labels import differences, set_up
from renp.rates.spectra import Spectrum, spectrum
from renp.rates.thresholds import default_energies
from renp_generated.runtime.arguments import M1, shown

__all__ = ["USUAL", "Comparison", "compare", "compared_names", "without_entry"]

USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "setup": tuple(SETUPS),
    "atom": tuple(ATOMS),
    "ordering": ORDERINGS,
    "nature": NATURES,
    "oscillation": tuple(OSCILLATION_SETS),
    # The exact chain has two names.
    "chain": tuple(name for name in CHAINS if name != "incoherent"),
    "polarisation": tuple(POLARISATIONS),
    "m1": M1,
    "intermediate": INTERMEDIATE,
}
"""The values that a setting is compared at if none are given."""

MODEL: Final = "model"
NONE, ALL = "none", "all"
"""What is compared of the new couplings: the weak current alone, each group alone beside it, all of them."""

_Result = TypeVar("_Result")
_MOST: Final = 35
"""So many pairs of colour and dashes there are."""
_POINTS: Final = 400


@dataclass(frozen=True, eq=False)
class Comparison:
    """Spectra that differ in a few settings.

    Parameters
    ----------
    compared : names of the settings in which they differ.
    values : what each spectrum has for them, in words, shape (number of spectra, number of settings).
    spectra : one for each combination, the last setting running fastest.

    Example
    -------
    >>> both = compare("nature", lightest=0.01, omega=[1.06, 1.07])
    >>> both.labels, both.spectra[0].I.shape
    (('Dirac neutrinos', 'Majorana neutrinos'), (2,))
    >>> both.common
    "Yb, normal ordering, lightest 0.01 eV, desalas-2021-benchmark, averaged chain, papers' set-up"
    """

    compared: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    spectra: tuple[Spectrum, ...]

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """What each spectrum has for each setting as a legend says it, shape as ``values``."""
        columns = []
        for place, name in enumerate(self.compared):
            texts = [one.parts.get(name, "") for one in self.spectra]
            given = [row[place] for row in self.values]
            if name == MODEL:
                told = [_coupled(word) for word in given]
            elif "." in name:
                units = _entry(name, self.spectra[0].model)[1].units
                told = [f"{name} = {word}{'' if units == '1' else f' {units}'}" for word in given]
            elif all(texts) and len(set(texts)) == len(set(given)):
                told = texts
            else:
                told = [f"{name} {word}" for word in given]
            columns.append(told)
        return tuple(zip(*columns, strict=True))

    @property
    def labels(self) -> tuple[str, ...]:
        """What tells each spectrum from the others, in words."""
        return tuple(", ".join(row) for row in self.words)

    @property
    def common(self) -> str:
        """What was chosen for all spectra alike, in one line."""
        return set_up(*self.spectra, without=self.compared)

    @property
    def details(self) -> str:
        """What comes with the compared settings, as the oscillation set with the ordering, in one line; may be empty."""
        own = differences(*self.spectra, without=self.compared)
        for heads in (*zip(*self.words, strict=True), self.labels):
            told = dict(zip(heads, own, strict=True))
            if all(told[head] == text for head, text in zip(heads, own, strict=True)):
                return "; ".join(f"{head}: {text}" for head, text in told.items() if text)
        return ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What there is to know of the targets and couplings, in words, each once."""
        return tuple(dict.fromkeys(note for one in self.spectra for note in (*one.remarks, *one.notes)))

    def to_csv(self) -> bytes:
        """Return all spectra as CSV in long form: the compared settings, ``omega_eV`` and ``I``, a line per point."""
        sizes = [one.omega.size for one in self.spectra]
        columns: dict[str, Sequence[object]] = {
            name: [row[place] for row, size in zip(self.values, sizes, strict=True) for _ in range(size)]
            for place, name in enumerate(self.compared)
        }
        columns["omega_eV"] = [omega for one in self.spectra for omega in one.omega.tolist()]
        columns["I"] = [value for one in self.spectra for value in one.I.tolist()]
        return csv_bytes(columns)

    def to_json(self, **further: Any) -> bytes:
        """Return all spectra as a JSON object: what is compared, what is common, and ``curves``, each with its inputs."""
        curves = [
            {"label": label, "values": dict(zip(self.compared, row, strict=True)), **one.record()}
            for label, row, one in zip(self.labels, self.values, self.spectra, strict=True)
        ]
        record = {
            "compared": list(self.compared),
            "common": self.common,
            "details": self.details,
            "curves": curves,
            **further,
        }
        return (json.dumps(record, allow_nan=False, indent=1) + "\n").encode("ascii")


def compared_names() -> tuple[str, ...]:
    """Return the names of what can be compared: every setting of a spectrum, and ``"model"``, the new couplings.

    Example
    -------
    >>> "nature" in compared_names(), "exposure_days" in compared_names()
    (True, False)
    """
    return (*(name for name in EMISSION_SETTINGS if name != MODEL), MODEL)


def compare(
    over: str | Iterable[str] | Mapping[str, Iterable[Any] | Mapping[str, Any] | None],
    *,
    omega: ArrayLike | None = None,
    model: Model | None = None,
    **settings: Any,
) -> Comparison:
    """Compute spectra that differ in a few settings, one for each combination of their values.

    Parameters
    ----------
    over : names of settings of :func:`renp.rates.emission.emission`; as a mapping each with its values, or with a mapping from
        words to values; ``None`` stands for the usual ones, see :data:`USUAL`. A coupling, mass or choice of a group goes by its
        name, ``"vector.mass"``, ``"vector.g_L[1,2]"`` or ``"vector.g_L[1,2].imag"``.
        ``"model"`` compares the new couplings: ``"none"``, the
        name of each group that is set, ``"all"``.
    omega : photon energies [eV] of every spectrum, shape (count,). By default 400 that show all thresholds of all spectra; if
        these have no photon energies in common, as with other atoms, each has its own.
    model : the interactions; all shipped ones by default.
    settings : what all have in common, see :func:`renp.spectrum`. Each mass ordering takes its own oscillation set where none is named.

    Raises
    ------
    ValueError, TypeError : a name cannot be compared, a setting is given twice or has no usual values, or an input is outside of what
        is allowed; the message names it.

    Example
    -------
    >>> four = compare({"ordering": None, "nature": ["dirac", "majorana"]}, lightest=0.01)
    >>> four.labels[-1], four.spectra[-1].oscillation
    ('inverted ordering, Majorana neutrinos', 'nufit-6.0-io')
    >>> compare({"vector.g_L[1,1]": [0, 2e-24]}, vector={"mass": 1.0, "g_A": 1.0}).labels
    ('vector.g_L[1,1] = 0', 'vector.g_L[1,1] = 2e-24')
    """
    asked = {over: None} if isinstance(over, str) else over if isinstance(over, Mapping) else dict.fromkeys(over)
    settings, groups = split_settings(settings, model, EMISSION_SETTINGS, ["lightest", "omega"])
    if "lightest" in settings:
        settings["lightest_mass"] = settings.pop("lightest")
    groups = {name: group for name, group in groups.items() if group is not None}
    entries = [name for name in asked if isinstance(name, str) and "." in name]
    parsed = {name: _entry(name, model) for name in entries}
    check_distinct("compare", [(name, one) for name, (one, _) in parsed.items()])
    for name in entries:
        if _is_set(groups, parsed[name][0]):
            raise ValueError(f"{name}: compare gives the values, leave one of the two out")
    known = {**{name.partition(".")[0]: None for name in entries}, **groups}
    axes = {name: _values(name, values, known) for name, values in asked.items()}
    if not axes:
        raise ValueError(f"compare: give a setting to compare, allowed are {', '.join(compared_names())}")
    for name in axes:
        if name in settings:
            raise ValueError(f"{name}: compare gives the values, leave one of the two out")
    if (number := prod(len(values) for values in axes.values())) > _MOST:
        raise ValueError(f"compare: {number} spectra are too many for one picture, at most {_MOST} can be told apart")
    chosen = [dict(zip(axes, combination, strict=True)) for combination in product(*axes.values())]
    own = [_settings(axes, one, settings, groups, parsed) for one in chosen]
    grids = [omega] * len(own) if omega is not None else _energies(chosen, own, model)
    spectra = [
        _named(one, spectrum, omega=grid, model=model, **kept)
        for one, grid, kept in zip(chosen, grids, own, strict=True)
    ]
    return Comparison(tuple(axes), tuple(tuple(one.values()) for one in chosen), tuple(spectra))


def _values(name: str, values: Iterable[Any] | Mapping[str, Any] | None, groups: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a compared setting by the words for them."""
    if name not in compared_names() and not (isinstance(name, str) and "." in name):
        allowed = f"{', '.join(compared_names())}, or a coupling or mass as GROUP.NAME"
        raise ValueError(f"compare: unknown setting {shown(name)}, allowed are {allowed}")
    if name == MODEL:
        return _subsets(values, groups)
    if values is None:
        if name not in USUAL:
            raise ValueError(
                f"compare: {name} has no usual values, give them; without values go {', '.join(USUAL)} and {MODEL}"
            )
        values = USUAL[name]
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise TypeError(f"compare: {name}: expected a list of values, got {shown(values)}")
    named = list(values.items()) if isinstance(values, Mapping) else [(_in_words(value), value) for value in values]
    if not named:
        raise ValueError(f"compare: {name}: expected a list of values, got an empty one")
    words = [word for word, _ in named]
    if twice := [word for word in words if words.count(word) > 1]:
        raise ValueError(f"compare: {name}: {twice[0]} is given twice")
    return dict(named)


def _subsets(values: Iterable[Any] | None, groups: Mapping[str, Any]) -> dict[str, Any]:
    """Return which groups are on, by the word for them."""
    if not groups:
        raise ValueError(
            f"compare: {MODEL}: no new coupling is set, so there is nothing to compare with the weak current alone"
        )
    known = {NONE: (), **{name: (name,) for name in groups}, **({ALL: tuple(groups)} if len(groups) > 1 else {})}
    wanted = list(known if values is None else values)
    for word in wanted:
        if not isinstance(word, str) or word not in known:
            raise ValueError(f"compare: {MODEL}: unknown value {shown(word)}, allowed are {', '.join(known)}")
        if wanted.count(word) > 1:
            raise ValueError(f"compare: {MODEL}: {word} is given twice")
    return {word: known[word] for word in wanted}


def _coupled(word: str) -> str:
    return {NONE: "weak current alone", ALL: "all new couplings"}.get(word, word)


_Entries = Mapping[str, tuple[ParameterName, ModelCoupling]]


def _settings(
    axes: Mapping[str, Mapping[str, Any]],
    words: Mapping[str, str],
    settings: Mapping[str, Any],
    groups: Mapping[str, Any],
    entries: _Entries,
) -> dict[str, Any]:
    """Return the settings and coupling groups of one spectrum."""
    values = {name: axes[name][word] for name, word in words.items()}
    compared = {name: values.pop(name) for name in entries}
    on = values.pop(MODEL, tuple({**groups, **{name.partition(".")[0]: None for name in entries}}))
    own = {**settings, **values}
    masses = own.get("masses")
    n = 3 if masses is None else len(masses)
    there = {name: group for name, group in groups.items() if name in on}
    for name, value in compared.items():
        keyword = name.partition(".")[0]
        if keyword in on:
            there[keyword] = _with_entry(name, there.get(keyword) or {}, value, *entries[name], n)
    return {**own, **there}


def _entry(name: str, model: Model | None) -> tuple[ParameterName, ModelCoupling]:
    """Return what the name of a coupling, mass or choice says, and what it names."""
    parsed = ParameterName.parse(name)
    if parsed is None or "." not in parsed.base:
        raise ValueError(f"compare: expected GROUP.NAME or GROUP.NAME[i,j], got {shown(name)}")
    keyword, _, key = parsed.base.partition(".")
    group = (model or shipped_model()).group(keyword)
    try:
        coupling = group[key]
    except KeyError:
        allowed = ", ".join(c.name for c in group.couplings)
        raise ValueError(f"compare: {keyword} has no entry {key!r}, allowed are {allowed}") from None
    if coupling.is_matrix and len(parsed.indices) != 2:
        raise ValueError(f"compare: {parsed.base} is a matrix, compare an element, {parsed.base}[i,j]")
    if not coupling.is_matrix and (parsed.indices or parsed.part):
        raise ValueError(f"compare: {parsed.base} is no matrix, it has neither elements nor parts")
    return replace(parsed, hermitian=coupling.kind == "matrix"), coupling


def _is_set(groups: Mapping[str, Any], parsed: ParameterName) -> bool:
    keyword, _, key = parsed.base.partition(".")
    group = groups.get(keyword) or {}
    if not parsed.indices:
        return key in group
    given = np.asarray(group.get(key, 0.0))
    i, j = (index - 1 for index in parsed.indices)
    if given.ndim != 2 or max(i, j) >= min(given.shape):
        return False
    return bool(getattr(given[i, j], parsed.part) if parsed.part else given[i, j])


def without_entry(groups: Mapping[str, Any], name: str, model: Model | None = None) -> dict[str, Any]:
    """Return coupling groups without an entry, or with zero for an element of a matrix; names of settings change nothing.

    Example
    -------
    >>> without_entry({"vector": {"mass": 1.0, "g_A": 1.0}}, "vector.mass")
    {'vector': {'g_A': 1.0}}
    """
    if "." not in name:
        return dict(groups)
    parsed, coupling = _entry(name, model)
    keyword = parsed.base.partition(".")[0]
    if not _is_set(groups, parsed):
        return dict(groups)
    kept = dict(groups[keyword])
    value = kept.pop(coupling.name)
    if parsed.indices:
        i, j = (index - 1 for index in parsed.indices)
        number = complex(value[i, j])
        rest = {"": 0, "real": 1j * number.imag, "imag": number.real}[parsed.part]
        kept[coupling.name] = _with_element(value, i, j, rest, parsed.hermitian)
    return {**groups, keyword: kept}


def _with_element(matrix: ArrayLike, i: int, j: int, value: complex, hermitian: bool) -> NDArray[np.complex128]:
    changed = np.array(matrix, dtype=complex)
    changed[i, j] = value
    if hermitian:
        changed[j, i] = np.conj(value)
    return changed


def _with_entry(
    name: str, group: Mapping[str, Any], value: Any, parsed: ParameterName, coupling: ModelCoupling, n: int
) -> dict[str, Any]:
    """Return a coupling group with a value for one of its entries."""
    if coupling.kind == "choice":
        if value not in coupling.choices:
            raise ValueError(f"compare: {name}: found {shown(value)}, allowed are {', '.join(coupling.choices)}")
        return {**group, coupling.name: value}
    found = np.asarray(value)
    if found.ndim or found.dtype.kind not in "iufc" or not np.isfinite(found):
        raise ValueError(f"compare: {name}: expected finite numbers, got {shown(value)}")
    number = complex(found)
    real = not coupling.is_matrix or parsed.part or (parsed.hermitian and len({*parsed.indices}) == 1)
    if real and number.imag:
        raise ValueError(f"compare: {name}: it is real, got {shown(value)}")
    if not parsed.indices:
        return {**group, coupling.name: number.real}
    matrix = np.array(group.get(coupling.name, np.zeros((n, n))))
    if max(parsed.indices) > len(matrix):
        raise ValueError(f"compare: {name}: there are {len(matrix)} neutrinos")
    i, j = (index - 1 for index in parsed.indices)
    element = complex(matrix[i, j]) + number * (1j if parsed.part == "imag" else 1)
    return {**group, coupling.name: _with_element(matrix, i, j, element, parsed.hermitian)}


def _energies(
    chosen: Sequence[Mapping[str, str]], own: Sequence[Mapping[str, Any]], model: Model | None
) -> list[NDArray[np.float64]]:
    """Return photon energies for each spectrum: the same for all, unless they have none in common."""
    sources = [
        _named(one, emission, model=model, **{k: v for k, v in kept.items() if k in EMISSION_SETTINGS})
        for one, kept in zip(chosen, own, strict=True)
    ]
    grids = [
        _named(one, default_energies, source.E_eg, source.thresholds, source.imprinted_momentum)
        for one, source in zip(chosen, sources, strict=True)
    ]
    first, last = [grid[0] for grid in grids], [grid[-1] for grid in grids]
    if max(first) >= min(last):
        return grids
    return [np.linspace(min(first), max(last), _POINTS)] * len(grids)


def _named(words: Mapping[str, str], call: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> _Result:
    """Return what a call gives; what it says against its input begins with the combination."""
    try:
        return call(*args, **kwargs)
    except ValueError as problem:
        raise ValueError(f"{', '.join(f'{name}={word}' for name, word in words.items())}: {problem}") from None


def _in_words(value: Any) -> str:
    if isinstance(value, str):
        return value
    if np.ndim(value) == 0:
        return getattr(value, "symbol", None) or getattr(value, "name", None) or f"{value!r}"
    return " ".join(str(number) for number in np.ravel(np.asarray(value)).tolist())
