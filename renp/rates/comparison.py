"""Spectra that differ in a few settings, side by side.

In: the settings of a spectrum, and the values of those that are compared. Out: a frozen :class:`Comparison`, one
:class:`renp.rates.spectra.Spectrum` for each combination, which writes itself as CSV or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.atoms import ATOMS
from renp.inputs.oscillation import ORDERINGS, OSCILLATION_SETS
from renp.inputs.setups import SETUPS
from renp.model import Model
from renp.output.tables import csv_bytes
from renp.rates.emission import EMISSION_SETTINGS, NATURES, POLARISATIONS, emission, split_settings
from renp.rates.labels import differences, set_up
from renp.rates.spectra import Spectrum, spectrum
from renp.rates.thresholds import default_energies
from renp_generated.runtime.arguments import shown

__all__ = ["USUAL", "Comparison", "compare", "compared_names"]

USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "setup": tuple(SETUPS),
    "atom": tuple(ATOMS),
    "ordering": ORDERINGS,
    "nature": NATURES,
    "oscillation": tuple(OSCILLATION_SETS),
    "chain": ("averaged", "exact", "prepared"),
    "polarisation": tuple(POLARISATIONS),
    "m1": ("spin", "full"),
    "intermediate": ("single", "all"),
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
        words to values; ``None`` stands for the usual ones, see :data:`USUAL`. ``"model"`` compares the new couplings: ``"none"``, the
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
    """
    asked = {over: None} if isinstance(over, str) else over if isinstance(over, Mapping) else dict.fromkeys(over)
    settings, groups = split_settings(settings, model, EMISSION_SETTINGS, ["lightest", "omega"])
    if "lightest" in settings:
        settings["lightest_mass"] = settings.pop("lightest")
    groups = {name: group for name, group in groups.items() if group is not None}
    axes = {name: _values(name, values, groups) for name, values in asked.items()}
    if not axes:
        raise ValueError(f"compare: give a setting to compare, allowed are {', '.join(compared_names())}")
    for name in axes:
        if name in settings:
            raise ValueError(f"{name}: compare gives the values, leave one of the two out")
    if (number := prod(len(values) for values in axes.values())) > _MOST:
        raise ValueError(f"compare: {number} spectra are too many for one picture, at most {_MOST} can be told apart")
    chosen = [dict(zip(axes, combination, strict=True)) for combination in product(*axes.values())]
    own = [_settings(axes, one, settings, groups) for one in chosen]
    grids = [omega] * len(own) if omega is not None else _energies(chosen, own, model)
    spectra = [
        _named(one, spectrum, omega=grid, model=model, **kept)
        for one, grid, kept in zip(chosen, grids, own, strict=True)
    ]
    return Comparison(tuple(axes), tuple(tuple(one.values()) for one in chosen), tuple(spectra))


def _values(name: str, values: Iterable[Any] | Mapping[str, Any] | None, groups: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a compared setting by the words for them."""
    if name not in compared_names():
        raise ValueError(f"compare: unknown setting {shown(name)}, allowed are {', '.join(compared_names())}")
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


def _settings(
    axes: Mapping[str, Mapping[str, Any]],
    words: Mapping[str, str],
    settings: Mapping[str, Any],
    groups: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the settings and coupling groups of one spectrum."""
    values = {name: axes[name][word] for name, word in words.items()}
    on = values.pop(MODEL, tuple(groups))
    return {**settings, **values, **{name: group for name, group in groups.items() if name in on}}


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
