"""What fits and forecasts vary: named parameters, from physical ones to the arguments of an evaluator, with exact derivatives.

In: an :class:`renp.rates.experiment.Experiment`, coupling groups and names of parameters. Out: a :class:`Parametrisation`:
values of the parameters to what the experiment is expected to see, and its derivatives by the chain rule on the
derivatives of the evaluator. Nothing is linearised by finite steps. Names are

- ``"lightest_mass"``, ``"solar"``, ``"atmospheric"``, ``"sin2_theta12"``, ``"sin2_theta13"``, ``"sin2_theta23"``,
  ``"delta_cp"`` [degrees], ``"alpha21"``, ``"alpha31"`` [rad]: what oscillation sets hold, and what moves masses and couplings;
- ``"masses[1]"``, ``"axial[1,2].imag"``: masses and couplings themselves;
- ``"vector.mass"``, ``"vector.g_A"``, ``"vector.g_L[1,2].imag"``: those of the model's groups, as in ``--set``;
- ``"E_eg"``, ``"E_vg"``: levels [eV], with the reference rate that depends on them;
- ``"amplitude"``, ``"exposure_days"``, ``"background"``: a factor of the signal, the exposure, further events everywhere;
- ``"log10(NAME)"``: the logarithm of any of these that is positive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite, log, log10
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.checks import extra_counts, real_number, real_numbers
from renp.inputs.measurement import QUANTITIES
from renp.inputs.neutrinos import MASS_PARAMETERS, NEUTRINO_PARAMETERS, PERIODS, Neutrinos
from renp.inputs.oscillation import OSCILLATION_SETS
from renp.inputs.parameters import ParameterName, check_distinct
from renp.rates.batches import Case, spectra
from renp.rates.emission import Group
from renp.rates.experiment import SECONDS_PER_DAY, Experiment, as_experiment
from renp.statistics.couplings import example
from renp_generated.runtime.arguments import plain_array, shown

__all__ = ["FreeParameter", "Parametrisation", "by_name", "parametrisation", "spelled", "spellings"]

FloatArray = NDArray[np.float64]

_LOGARITHM: Final = re.compile(r"log10\((.*)\)")
_SCALES: Final[Mapping[str, tuple[str, float]]] = {
    "amplitude": ("1", 1.0),
    "background": ("", 0.0),
    "exposure_days": ("day", 0.0),
}
"""What scales or lifts the whole spectrum: unit, and the value without it; the background has the unit of the data."""
_LEVELS: Final = ("E_eg", "E_vg")
_COMMON: Final = (
    "omega", "intermediate_amplitudes", "dipole_length", "imprinted_momentum", "crossed.E_vg", "crossed.amplitudes",
)  # fmt: skip
"""What the reference rate or the photon energies depend on as well."""
_OWN_ROUNDING: Final = 1e-12
"""Spectra that a parameter changes by no more than this share, wherever it goes, do not depend on it."""
_MOST_DECADES: Final = 300.0
"""Powers of ten that are doubles, with room."""
_AS_THE_SET: Final = 1e-12
"""Masses and couplings that are those of an oscillation set agree to roundings."""


@dataclass(frozen=True)
class FreeParameter:
    """One real parameter that is varied.

    Parameters
    ----------
    label : as it was named.
    name : what it is; for a logarithm, what it is the logarithm of.
    unit : its unit; for a logarithm, that of what it is the logarithm of.
    start : its value where a fit starts and derivatives are asked for; a logarithm if it is one.
    lower, upper : the range that makes sense.
    logarithmic : whether it is the logarithm to the base of ten.
    period : of a phase, 0 for anything else.

    Example
    -------
    >>> from renp import experiment
    >>> parametrisation(experiment(), ["log10(lightest_mass)"]).parameters[0].start
    -2.0
    """

    label: str
    name: ParameterName
    unit: str
    start: float
    lower: float
    upper: float
    logarithmic: bool = False
    period: float = 0.0

    @property
    def title(self) -> str:
        """Name and unit, as for the axis of a figure."""
        return self.label if self.unit in ("", "1") else f"{self.label} [{self.unit}]"

    def physical(self, value: float) -> float:
        """Return what a value of the parameter stands for: itself, or ten to its power."""
        return 10.0**value if self.logarithmic else float(value)


@dataclass(frozen=True, eq=False)
class Parametrisation:
    """Values of named parameters to what an experiment is expected to see; see :func:`parametrisation`.

    Parameters
    ----------
    run : the experiment, with all that does not move.
    groups : the coupling groups, likewise.
    parameters : what moves, P of them.
    background : fixed background at each photon energy, in the unit of the quantity, shape (k,).
    quantity : what is measured, one of :data:`renp.inputs.measurement.QUANTITIES`.
    neutrinos : where the masses and couplings are from, ``None`` where they are somebody's own.

    Example
    -------
    >>> from renp import experiment
    >>> free = parametrisation(experiment(nature="majorana"), ["lightest_mass", "alpha21", "amplitude"])
    >>> free.predictions(free.start).shape, free.slopes(free.start).shape
    ((9,), (9, 3))
    """

    run: Experiment
    groups: Mapping[str, Group | None]
    parameters: tuple[FreeParameter, ...]
    background: FloatArray
    quantity: str
    neutrinos: Neutrinos | None

    @property
    def labels(self) -> tuple[str, ...]:
        """The parameters as they were named."""
        return tuple(parameter.label for parameter in self.parameters)

    @property
    def start(self) -> FloatArray:
        """The values that the parameters have where they are not varied, shape (P,)."""
        return np.array([parameter.start for parameter in self.parameters])

    @property
    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """The lower and the upper ends of the ranges that make sense, shape (P,) each."""
        return (np.array([p.lower for p in self.parameters]), np.array([p.upper for p in self.parameters]))

    def arguments(self, values: ArrayLike) -> dict[str, Any]:
        """Return the arguments of the model's evaluators at values of the parameters, shape (P,).

        Example
        -------
        >>> from renp import experiment
        >>> parametrisation(experiment(), ["lightest_mass"]).arguments([0.02])["masses"].round(4).tolist()
        [0.02, 0.0218, 0.0543]
        """
        point = self._at(values)
        return point.run.arguments(True, point.groups)

    def experiment(self, values: ArrayLike) -> Experiment:
        """Return the experiment at values of the parameters, shape (P,); amplitude and background are not part of it.

        Example
        -------
        >>> from renp import experiment
        >>> parametrisation(experiment(), ["lightest_mass"]).experiment([0.02]).lightest_mass
        0.02
        """
        return self._at(values).run

    def predictions(self, values: ArrayLike) -> FloatArray:
        """Return what is expected at each photon energy, shape (..., k), for values of the parameters, shape (..., P).

        Raises
        ------
        ValueError : a value is not finite or outside of what the evaluator takes.
        """
        points = self._values(values)
        there = [self._at(one) for one in points.reshape(-1, points.shape[-1])]
        found = spectra([Case(point.run, point.groups) for point in there])
        expected = [point.expected(spectrum) for point, spectrum in zip(there, found, strict=True)]
        return np.array(expected).reshape(*points.shape[:-1], len(self.run.frequencies))

    def slopes(self, values: ArrayLike) -> FloatArray:
        """Return the derivatives of :meth:`predictions` at values of the parameters, shape (P,), as (k, P).

        Columns of parameters that change nothing are exactly 0.
        """
        return self.linearised(values)[1]

    def linearised(self, values: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return :meth:`predictions` and :meth:`slopes` at values of the parameters, shape (P,), together.

        Example
        -------
        >>> from renp import experiment
        >>> expected, slopes = parametrisation(experiment(), ["lightest_mass", "amplitude"]).linearised([0.02, 1.0])
        >>> expected.shape, slopes.shape
        ((9,), (9, 2))
        """
        point = self._at(values)
        derivatives = point.run.gradient(weak=True, **point.groups)
        columns = [
            self._column(parameter, point, derivatives) * (log(10) * physical if parameter.logarithmic else 1.0)
            for parameter, physical in zip(self.parameters, point.physical, strict=True)
        ]
        return point.expected(point.spectrum), np.array(columns).T.reshape(len(self.run.frequencies), len(columns))

    def with_start(self, values: ArrayLike) -> Parametrisation:
        """Return the same with other values of the parameters to start from, shape (P,)."""
        moved = zip(self.parameters, self._values(values).tolist(), strict=True)
        return replace(self, parameters=tuple(replace(parameter, start=value) for parameter, value in moved))

    def _values(self, values: ArrayLike) -> FloatArray:
        found = real_numbers("values", values)
        if found.shape[-1:] != (len(self.parameters),):
            raise ValueError(f"values: expected one for each of {len(self.parameters)} parameters, got {found.shape}")
        return found

    def _at(self, values: ArrayLike) -> _Point:
        physical = [p.physical(value) for p, value in zip(self.parameters, self._values(values).tolist(), strict=True)]
        given = {p.name.canonical: p.name.sign * value for p, value in zip(self.parameters, physical, strict=True)}
        of_the_set = {name.base: given.pop(name) for name in tuple(given) if name.base in NEUTRINO_PARAMETERS}
        there = self.neutrinos.moved(of_the_set) if self.neutrinos else None
        fields: dict[str, Any] = {} if there is None else _moved_neutrinos(self.run, there, of_the_set)
        groups = {name: dict(group) for name, group in self.groups.items() if group is not None}
        amplitude, background = 1.0, self.background
        for name, value in given.items():
            base = name.base
            keyword, _, entry = base.partition(".")
            if base == "amplitude":
                amplitude = value
            elif base == "background":
                background = background + value
            elif base == "exposure_days":
                fields[base] = value
            elif base in _LEVELS:
                old = np.array(self.run.E_vg if base == "E_vg" else self.run.E_eg)
                fields[base] = _with_entry(fields.get(base, old), name, value)
            elif base in ("masses", "axial"):
                fields[base] = _with_entry(fields.get(base, getattr(self.run, base)), name, value)
            elif base == "vector_weak":
                options = fields.get("options", self.run.options)
                fields["options"] = {**options, base: _with_entry(options[base], name, value)}
            else:
                n = len(self.run.masses)
                given_entry = groups[keyword].get(entry)
                full = np.zeros((n, n)) if given_entry is None else given_entry
                groups[keyword][entry] = _with_entry(full, name, value)
        run = _with_levels(self.run, fields) if fields else self.run
        return _Point(run, groups, there, amplitude, background, self.quantity, tuple(physical))

    def _column(self, parameter: FreeParameter, point: _Point, derivatives: Mapping[str, Any]) -> FloatArray:
        base, k = parameter.name.base, len(self.run.frequencies)
        if base == "background":
            return np.ones(k)
        if base == "amplitude":
            return point.scale * point.spectrum
        of_the_scale = point.relative_slope(parameter.name)
        signal = point.scale * point.amplitude
        slope = np.zeros(k) if base == "exposure_days" else self._slope(parameter.name, point, derivatives)
        natural = _natural_size(parameter.name, point.run)
        if isfinite(natural) and np.abs(slope).max() * natural <= _OWN_ROUNDING * point.spectrum.max():
            slope = np.zeros(k)
        column = signal * slope
        return column + signal * point.spectrum * of_the_scale if of_the_scale else column

    def _slope(self, name: ParameterName, point: _Point, derivatives: Mapping[str, Any]) -> FloatArray:
        """Return the derivative of the spectral function, shape (k,)."""
        if point.neutrinos is not None and name.base in NEUTRINO_PARAMETERS:
            return _neutrino_slope(name.base, point.neutrinos, derivatives)
        element = name.canonical
        label = f"{element.base}.{element.part}" if len(element.indices) == 2 else element.base
        indices = tuple(state - 1 for state in element.indices) or ((0,) if element.base == "E_vg" else ())
        return np.asarray(name.sign * derivatives[label][(slice(None), *indices)], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Point:
    """An experiment and its couplings at one set of values of the parameters."""

    run: Experiment
    groups: Mapping[str, Group | None]
    neutrinos: Neutrinos | None
    amplitude: float
    background: FloatArray
    quantity: str
    physical: tuple[float, ...]

    @cached_property
    def spectrum(self) -> FloatArray:
        return self.run.spectrum(None, weak=True, **self.groups)

    @property
    def scale(self) -> FloatArray:
        """What the spectral function is multiplied by in the quantity that is measured."""
        if self.quantity == "spectral_function":
            return np.ones(len(self.run.frequencies))
        exposure = self.run.exposure_days * SECONDS_PER_DAY if self.quantity == "rate" else 1.0
        return self.run.events_per_unit / exposure

    def expected(self, spectrum: FloatArray) -> FloatArray:
        return self.amplitude * self.scale * spectrum + self.background

    def relative_slope(self, name: ParameterName) -> float:
        """Return ``d ln scale / d parameter``: the reference rate goes with E_eg / E_vg^3 of the first state."""
        if name.base == "exposure_days":
            return 1 / self.run.exposure_days if self.quantity == "counts" else 0.0
        if self.quantity == "spectral_function" or name.base not in _LEVELS:
            return 0.0
        if name.base == "E_eg":
            return 0.0 if self.run.normalisation == "derived" else 1 / self.run.E_eg
        return -3 / float(np.ravel(self.run.E_vg)[0]) if name.indices in ((), (1,)) else 0.0


def parametrisation(
    run: Experiment,
    parameters: str | Iterable[str],
    *,
    groups: Mapping[str, Group | None] | None = None,
    background: ArrayLike = 0.0,
    quantity: str = "counts",
    start: Mapping[str, float] | None = None,
) -> Parametrisation:
    """Return the named parameters of an experiment, each at the value that it has there.

    Parameters
    ----------
    run : experiment.
    parameters : names, see the head of this module; a lone one counts as a list of one.
    groups : the coupling groups as the model's evaluator takes them.
    background : fixed background at each photon energy, one number or shape (k,).
    quantity : ``"counts"``, ``"rate"`` [1/s] or ``"spectral_function"``.
    start : other values to start from, by name as it stands in ``parameters``.

    Raises
    ------
    ValueError : no name; a name is unknown, lacks its index or is repeated; two parameters move the same thing; a logarithm
        of something that is not positive; a start value out of range.
    TypeError : something else than names.

    Example
    -------
    >>> from renp import experiment
    >>> free = parametrisation(experiment(), ["sin2_theta12", "vector.g_L[1,1]"], groups={"vector": {"mass": 1.0}})
    >>> free.start.tolist()
    [0.318, 0.0]
    """
    run, given = as_experiment(run), dict(groups or {})
    texts = spellings(parameters)
    offered = _offered(run, given)
    named = [_named(spelling, run, offered) for spelling in texts]
    check_distinct("parameters", [(spelling, name) for spelling, (name, _) in zip(texts, named, strict=True)])
    neutrinos = _neutrinos(run, [name.base for name, _ in named])
    own = by_name("start", start)
    for label in own:
        if label not in texts:
            raise ValueError(f"start: {shown(label)} is not among the parameters, allowed are {', '.join(texts)}")
    found = [
        _parameter(run, given, neutrinos, offered, spelling, name, logarithmic, own.get(spelling), quantity)
        for spelling, (name, logarithmic) in zip(texts, named, strict=True)
    ]
    fixed = np.broadcast_to(extra_counts(background, len(run.frequencies)), (len(run.frequencies),))
    return Parametrisation(run, given, tuple(found), np.array(fixed), quantity, neutrinos)


@dataclass(frozen=True)
class _Offer:
    """What a name can stand for: how many indices it takes up to which, its unit, its range, and whether (j, i) follows."""

    indices: int = 0
    states: int = 0
    unit: str = "1"
    lower: float = -inf
    upper: float = inf
    hermitian: bool = True


def _offered(run: Experiment, groups: Mapping[str, Group | None]) -> dict[str, _Offer]:
    n = len(run.masses)
    offered = {"masses": _Offer(1, n, "eV", 0.0), "axial": _Offer(2, n)}
    if "vector_weak" in run.options:
        offered["vector_weak"] = _Offer(2, n)
    for keyword, entries in groups.items():
        if entries is None:
            continue
        for coupling in run.model.group(keyword).couplings:
            lower = 0.0 if coupling.kind in ("mass", "width") else -inf
            matrix = coupling.is_matrix
            if coupling.kind != "choice":
                shape = (2, n) if matrix else (0, 0)
                offered[f"{keyword}.{coupling.name}"] = _Offer(
                    *shape, coupling.units, lower, hermitian=coupling.kind != "general"
                )
    offered |= {name: _Offer(0, 0, *rest) for name, rest in NEUTRINO_PARAMETERS.items()}
    highest = max(run.frequencies)
    above = 2 * highest + run.imprinted_momentum
    offered["E_eg"] = _Offer(0, 0, "eV", above, float(np.min(run.E_vg)))
    states = np.size(run.E_vg) if np.ndim(run.E_vg) else 0
    offered["E_vg"] = _Offer(1 if states else 0, states, "eV", run.E_eg)
    return offered | {name: _Offer(0, 0, unit, 0.0) for name, (unit, _) in _SCALES.items()}


def spellings(given: Any) -> list[str]:
    """Return names of parameters as a list; a lone one counts as a list of one.

    Raises
    ------
    TypeError, ValueError : something else than names, or none.

    Example
    -------
    >>> spellings("amplitude")
    ['amplitude']
    """
    try:
        # A lone name is a sequence of letters to Python, and one parameter to everybody else.
        names = [given] if isinstance(given, str) else list(given)
    except TypeError:
        names = [given]
    if not names:
        raise ValueError("parameters: expected at least one name like 'masses[1]'")
    if not all(isinstance(name, str) for name in names):
        raise TypeError(f"parameters: expected names like 'masses[1]', got {shown(given)}")
    return names


def by_name(argument: str, given: Any) -> dict[str, Any]:
    """Return a mapping of names of parameters, given as an argument; nothing for ``None``.

    Raises
    ------
    TypeError : something else than a mapping.

    Example
    -------
    >>> by_name("start", {"amplitude": 1.0}), by_name("start", None)
    ({'amplitude': 1.0}, {})
    """
    if given is not None and not isinstance(given, Mapping):
        raise TypeError(f"{argument}: expected a mapping from names of parameters, got {shown(given)}")
    return dict(given or {})


def spelled(text: object) -> tuple[ParameterName | None, bool]:
    """Return which parameter a text names, ``None`` if it is no name, and whether its logarithm is meant.

    Example
    -------
    >>> spelled("log10(vector.mass)")[0].base
    'vector.mass'
    """
    if not isinstance(text, str):
        return None, False
    logarithm = _LOGARITHM.fullmatch(text.replace(" ", ""))
    return ParameterName.parse(logarithm[1] if logarithm else text), logarithm is not None


def _named(spelling: str, run: Experiment, offered: Mapping[str, _Offer]) -> tuple[ParameterName, bool]:
    """Return what a name stands for, and whether its logarithm is meant."""
    name, logarithmic = spelled(spelling)
    if name is None:
        raise ValueError(f"parameters: expected a name like 'masses[1]' or {example(run.model)}, got {shown(spelling)}")
    if name.base in _COMMON:
        raise ValueError(f"parameters: {name.base} also changes the reference rate, which has no derivative here")
    offer = offered.get(name.base)
    # A matrix is no parameter, and what is none has no parts.
    bare = offer is not None and offer.indices == 2 and not name.indices
    parted = offer is not None and offer.indices < 2 and bool(name.part)
    if offer is None or bare or parted:
        allowed = [f"{base}{('', '[i]', '[i,j]')[found.indices]}" for base, found in offered.items()]
        further = [keyword for keyword in run.model.keywords if f"{keyword}." not in "".join(allowed)]
        groups = f" and entries of {', '.join(further)}, as GROUP.NAME or GROUP.NAME[i,j]" if further else ""
        raise ValueError(f"parameters: unknown {shown(spelling)}, allowed are {', '.join(allowed)}{groups}")
    if len(name.indices) != offer.indices or max(name.indices, default=0) > offer.states:
        needs = f"{offer.indices} indices from 1 to {offer.states}" if offer.indices else "no index"
        raise ValueError(f"parameters: {spelling!r} needs {needs}")
    name = replace(name, hermitian=offer.hermitian)
    if name.part == "imag" and name.hermitian and name.indices[0] == name.indices[1]:
        raise ValueError(f"parameters: {spelling!r} is the imaginary part of a diagonal element, which is zero")
    return name, logarithmic


def _neutrinos(run: Experiment, bases: Sequence[str]) -> Neutrinos | None:
    """Return where masses and couplings are from; ``ValueError`` where parameters of a set would move what is not the set's."""
    of_masses = [base for base in bases if base in MASS_PARAMETERS]
    of_mixing = [base for base in bases if base in NEUTRINO_PARAMETERS and base not in MASS_PARAMETERS]
    if not (of_masses or of_mixing):
        return None
    for free, own in ((of_masses, "masses"), (of_mixing, "axial"), (of_mixing, "vector_weak")):
        if free and own in bases:
            raise ValueError(f"parameters: {free[0]!r} moves what {own!r} sets itself, give one of the two")
    chosen = OSCILLATION_SETS.get(run.oscillation.partition(" and ")[0])
    found = Neutrinos(chosen, run.lightest_mass, *run.majorana_phases) if chosen is not None else None
    for free, own, mine in (
        (of_masses, "masses", run.masses),
        (of_mixing, "axial", run.axial),
        (of_mixing, "vector_weak", run.options.get("vector_weak")),
    ):
        if not free or mine is None:
            continue
        theirs = None if found is None else {"masses": found.masses, "axial": found.axial}.get(own, found.vector)
        if (
            theirs is None
            or np.shape(mine) != theirs.shape
            or not np.allclose(mine, theirs, rtol=_AS_THE_SET, atol=_AS_THE_SET)
        ):
            raise ValueError(
                f"parameters: {free[0]!r} belongs to an oscillation set, but the experiment has its own {own}; vary {own} itself"
            )
    return found


def _parameter(
    run: Experiment,
    groups: Mapping[str, Group | None],
    neutrinos: Neutrinos | None,
    offered: Mapping[str, _Offer],
    spelling: str,
    name: ParameterName,
    logarithmic: bool,
    start: Any,
    quantity: str,
) -> FreeParameter:
    offer = offered[name.base]
    lower, upper, unit = offer.lower, offer.upper, offer.unit
    if name.base == "background":
        unit = QUANTITIES[quantity]
    if start is None:
        value = _value(run, groups, neutrinos, name)
        if logarithmic and not value > 0:
            raise ValueError(
                f"parameters: {spelling!r} is the logarithm of {value!r}; give it another start value, as in start={{{spelling!r}: -12}}"
            )
        value = log10(value) if logarithmic else value
    else:
        value = real_number(f"start: {spelling}", start, "1" if logarithmic else unit)
    if logarithmic:
        ends = (
            log10(end) if 0 < end < inf else -_MOST_DECADES if end <= 0 else _MOST_DECADES for end in (lower, upper)
        )
        lower, upper = ends
    if not lower <= value <= upper:
        raise ValueError(f"start: {spelling} = {value:.7g} is outside of its range, {lower:.7g} to {upper:.7g}")
    period = 0.0 if logarithmic else PERIODS.get(name.base, 0.0)
    return FreeParameter(spelling, name, unit, value, lower, upper, logarithmic, period)


def _value(
    run: Experiment, groups: Mapping[str, Group | None], neutrinos: Neutrinos | None, name: ParameterName
) -> float:
    """Return the value that a parameter has where nothing is varied."""
    base, indices = name.base, tuple(state - 1 for state in name.indices)
    if base in NEUTRINO_PARAMETERS and neutrinos is not None:
        return neutrinos.value(base)
    if base == "exposure_days":
        return run.exposure_days
    if base in _SCALES:
        return _SCALES[base][1]
    keyword, _, entry = base.partition(".")
    if entry:
        given = (groups[keyword] or {}).get(entry)
        given = run.model.group(keyword)[entry].default if given is None and not indices else given
        if given is None and not indices:
            raise ValueError(f"{keyword}: give {entry!r}, for example {keyword}={{{entry!r}: 1.0}}")
        given = 0.0 if given is None else plain_array(base, given, run.model.group(keyword)[entry].units)
    else:
        given = run.options[base] if base == "vector_weak" else getattr(run, base)
    element = np.asarray(given)[indices] if indices and np.ndim(given) else np.asarray(given)
    return float(element.imag if name.part == "imag" else element.real)


def _with_entry(old: Any, name: ParameterName, value: float) -> Any:
    """Return a number, vector or matrix with one real parameter at another value."""
    if not name.indices:
        return value
    array = np.array(old, dtype=np.complex128 if len(name.indices) == 2 else np.float64)
    place = tuple(state - 1 for state in name.indices)
    if len(place) == 1:
        array[place] = value
        return array
    entry = complex(array[place].real, value) if name.part == "imag" else complex(value, array[place].imag)
    array[place] = entry
    if name.hermitian:
        array[place[::-1]] = entry.conjugate()
    return array


def _neutrino_slope(base: str, there: Neutrinos, derivatives: Mapping[str, Any]) -> FloatArray:
    """Return the derivative of the spectral function by a parameter of an oscillation set, shape (k,)."""
    if base in MASS_PARAMETERS:
        pieces = derivatives["masses"] * there.mass_slopes(base)
    else:
        upper = np.triu(there.coupling_slopes(base))
        labels = [label for label in ("axial", "vector_weak") if f"{label}.real" in derivatives]
        parts = [(f"{label}.{part}", getattr(upper, part)) for label in labels for part in ("real", "imag")]
        pieces = np.concatenate(
            [(derivatives[label] * along).reshape(-1, upper.size) for label, along in parts], axis=1
        )
    return np.asarray(pieces.sum(axis=1), dtype=np.float64)


def _natural_size(name: ParameterName, run: Experiment) -> float:
    """Return how far a parameter could possibly move, infinite where that is not known."""
    energy = float(run.E_eg)
    sizes = {"masses": energy, "lightest_mass": energy, "solar": energy**2, "atmospheric": energy**2}
    return sizes.get(name.base, PERIODS.get(name.base, 1.0 if name.base in NEUTRINO_PARAMETERS else inf))


def _moved_neutrinos(run: Experiment, there: Neutrinos, names: Iterable[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if any(name in MASS_PARAMETERS for name in names):
        fields["masses"] = there.masses
    if any(name not in MASS_PARAMETERS for name in names):
        fields |= {"axial": there.axial, "majorana_phases": (there.alpha21, there.alpha31)}
        if "vector_weak" in run.options:
            fields["options"] = {**run.options, "vector_weak": there.vector}
    return fields


def _with_levels(run: Experiment, fields: Mapping[str, Any]) -> Experiment:
    """Return an experiment with other fields, and the reference rate that belongs to its levels."""
    moved = replace(run, **fields)
    if not any(level in fields for level in _LEVELS):
        return moved
    old, new = (float(np.ravel(one.E_vg)[0]) for one in (run, moved))
    return replace(moved, reference_rate=run.reference_rate * (moved.E_eg / run.E_eg) * (old / new) ** 3)
