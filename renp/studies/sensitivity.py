"""How small a coupling a measured photon spectrum can exclude.

In: the settings of :func:`renp.rates.experiment.experiment` and a named coupling. Out: :class:`renp.statistics.limits.Limit`
and :class:`SensitivityCurve`, and why there is no limit, in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.benchmarks import GP23B_FREQUENCIES, MEDIATOR_FREQUENCIES
from renp.inputs.checks import real_numbers
from renp.model import Model, shipped_model
from renp.rates.emission import EMISSION_SETTINGS, Group, emission, split_settings
from renp.rates.experiment import SETTINGS, Experiment, experiment, placed_energies
from renp.rates.idle import idle_reason
from renp.statistics.couplings import Coupling, as_coupling, as_couplings
from renp.statistics.limits import Limit, expected_limit
from renp.statistics.rate_polynomial import as_group, completed_groups, rate_polynomial, rate_polynomials
from renp_generated.runtime.arguments import shown

__all__ = [
    "CURVE_PARAMETERS",
    "REPLACED",
    "SensitivityCurve",
    "SetUp",
    "default_frequencies",
    "limits",
    "sensitivity",
    "sensitivity_curve",
    "set_up",
    "unbounded_reason",
    "usual_frequencies",
]

FloatArray = NDArray[np.float64]
SetUp = tuple[Experiment, dict[str, Any], list[Coupling]]
"""The experiment, the fixed coupling groups, and the couplings, the one of interest first."""


CURVE_PARAMETERS: Final[dict[str, str]] = {
    "mediator_mass": "eV",
    "lightest_mass": "eV",
    "exposure_days": "day",
    "events": "1",
}
"""What a sensitivity curve can run over, with units; ``events`` is the total expected without new couplings."""

REPLACED: Final[Mapping[str, tuple[str, ...]]] = {
    "mediator_mass": (),
    "lightest_mass": ("lightest_mass", "masses"),
    "exposure_days": ("exposure_days",),
    "events": ("exposure_days", "reference_rate"),
}
"""Settings, and what follows from them, that a parameter of a curve replaces; ``mediator_mass`` the mass of the group."""

_OWN_SETTINGS: Final = ("coupling", "level", "profile", "background")


@dataclass(frozen=True)
class SensitivityCurve:
    """Limits along one parameter.

    Parameters
    ----------
    parameter : one of :data:`CURVE_PARAMETERS`.
    values : values of the parameter, shape (m,).
    limits : one :class:`Limit` for each value.
    run : the experiment at the first value.

    Example
    -------
    >>> curve = sensitivity_curve("electromagnetic.mu[1,1]", "exposure_days", [10, 1000])
    >>> bool(curve.magnitude[1] < curve.magnitude[0])
    True
    """

    parameter: str
    values: FloatArray
    limits: tuple[Limit, ...]
    run: Experiment = field(compare=False, repr=False)

    @property
    def magnitude(self) -> FloatArray:
        """The size of the coupling above which both signs are excluded, shape (m,)."""
        return np.array([limit.magnitude for limit in self.limits])

    @property
    def positive(self) -> FloatArray:
        """Upper ends of the intervals around zero, shape (m,)."""
        return np.array([limit.positive for limit in self.limits])

    @property
    def negative(self) -> FloatArray:
        """Lower ends of the intervals around zero, shape (m,)."""
        return np.array([limit.negative for limit in self.limits])


def sensitivity(
    coupling: str | Coupling,
    *,
    level: float = 0.90,
    profile: Sequence[str | Coupling] = (),
    background: ArrayLike = 0.0,
    model: Model | None = None,
    **settings: Any,
) -> Limit:
    """Return the values of one coupling that an experiment seeing the expected weak spectrum would not exclude.

    Parameters
    ----------
    coupling : for example ``"vector.g_L[1,1]"`` or ``"electromagnetic.mu[1,2].imag"``.
    level : confidence level.
    profile : couplings left free; the others stay at zero.
    background : further counts at each photon energy.
    model : the interactions; all shipped ones by default.
    settings : settings of :func:`renp.rates.experiment.experiment` and coupling groups of the model. Groups with a mediator
        need its mass, and the electron coupling that opens the pair step is 1 if none is set, so that the limit is on the
        product. The photon energies are by default the nine of GP23b for photon exchange and the three of GP22 otherwise.

    Raises
    ------
    ValueError : a coupling is unknown or an argument is out of range.
    TypeError : a setting is unknown.

    Example
    -------
    >>> limit = sensitivity("vector.g_L[1,1]", vector={"mass": 1.0}, level=0.95)
    >>> limit.negative < 0 < limit.positive
    True
    """
    return limits([set_up(coupling, profile, model, settings)], level=level, background=background)[0]


def limits(set_ups: Sequence[SetUp], *, level: float = 0.90, background: ArrayLike = 0.0) -> list[Limit]:
    """Return :func:`sensitivity` of many set-ups, all evaluated together.

    Parameters
    ----------
    set_ups : what :func:`set_up` returns.
    level, background : see :func:`sensitivity`.

    Raises
    ------
    ValueError : see :func:`sensitivity`.

    Example
    -------
    >>> masses = (0.0, 0.01)
    >>> found = limits([set_up("electromagnetic.mu[1,1]", (), None, {"lightest_mass": mass}) for mass in masses])
    >>> found[1] == sensitivity("electromagnetic.mu[1,1]", lightest_mass=0.01)
    True
    """
    forms = rate_polynomials(set_ups, background=background)
    return [
        _explained(expected_limit(form, level), run, groups)
        for form, (run, groups, _) in zip(forms, set_ups, strict=True)
    ]


def sensitivity_curve(
    coupling: str | Coupling,
    parameter: str,
    values: ArrayLike,
    *,
    level: float = 0.90,
    profile: Sequence[str | Coupling] = (),
    background: ArrayLike = 0.0,
    model: Model | None = None,
    **settings: Any,
) -> SensitivityCurve:
    """Return limits along mediator mass, lightest mass, exposure or number of events.

    Parameters
    ----------
    coupling, level, profile, background, model, settings : see :func:`sensitivity`.
    parameter : one of :data:`CURVE_PARAMETERS`.
    values : values of the parameter, shape (m,).

    Raises
    ------
    ValueError : a coupling or parameter is unknown, an argument is out of range, or a setting gives what the curve runs over.
    TypeError : a setting is unknown.

    Example
    -------
    >>> curve = sensitivity_curve("vector.g_L[1,1]", "mediator_mass", [1e-3, 1e3], level=0.95)
    >>> bool(curve.magnitude[0] < curve.magnitude[1])
    True
    """
    if not isinstance(parameter, str) or parameter not in CURVE_PARAMETERS:
        raise ValueError(f"parameter: unknown {shown(parameter)}, allowed are {', '.join(CURVE_PARAMETERS)}")
    target = as_coupling(coupling, model)
    points = np.atleast_1d(real_numbers(parameter, values, CURVE_PARAMETERS[parameter]))
    least = "at least 0" if parameter == "lightest_mass" else "above 0"
    bad = points[(points < 0) if parameter == "lightest_mass" else (points <= 0)]
    if points.ndim != 1 or points.size == 0 or bad.size:
        raise ValueError(f"{parameter}: expected a list of finite values {least}, got {shown(values)}")
    for name in REPLACED[parameter]:
        if settings.get(name) is not None:
            raise ValueError(f"{name}: {parameter} gives the values, leave one of the two out")
    if parameter in ("exposure_days", "events"):
        one_set_up = set_up(target, profile, model, settings)
        run = one_set_up[0]
        found = _along_exposure(parameter, points, level, background, *one_set_up)
    else:
        mass = "" if parameter == "lightest_mass" else _mediator_mass(target, model)
        group = as_group(target.group, settings.get(target.group)) if mass else {}
        if mass in group:
            raise ValueError(f"{target.group}.{mass}: {parameter} gives the values, leave one of the two out")
        moved = (
            {target.group: {**group, mass: value}} if mass else {"lightest_mass": value} for value in points.tolist()
        )
        set_ups = [set_up(target, profile, model, {**settings, **one}) for one in moved]
        run = set_ups[0][0]
        found = limits(set_ups, level=level, background=background)
    return SensitivityCurve(parameter, points, tuple(found), run)


def _mediator_mass(target: Coupling, model: Model | None) -> str:
    """Return what the mediator's mass is called in the group of a coupling; ``ValueError`` if it has none."""
    for coupling in (model or shipped_model()).group(target.group).couplings:
        if coupling.kind == "mass":
            return coupling.name
    raise ValueError(f"parameter: {target.group} couplings have no mediator mass")


def set_up(
    coupling: str | Coupling, profile: Sequence[str | Coupling], model: Model | None, settings: Mapping[str, Any]
) -> SetUp:
    """Return the experiment, the fixed coupling groups and the couplings, the one of interest first.

    Parameters
    ----------
    coupling, profile, model, settings : see :func:`sensitivity`.

    Raises
    ------
    ValueError : a coupling is unknown or a setting is out of range.
    TypeError : a setting is unknown.

    Example
    -------
    >>> len(set_up("electromagnetic.mu[1,1]", (), None, {})[0].frequencies)
    9
    """
    own, groups = split_settings(settings, model, SETTINGS, _OWN_SETTINGS)
    target = as_coupling(coupling, model)
    if own.get("frequencies") is None:
        own["frequencies"] = usual_frequencies(target, model, own)
    return experiment(model=model, **own), groups, [target, *as_couplings(profile, model, "profile")]


def _along_exposure(
    parameter: str,
    points: FloatArray,
    level: float,
    background: ArrayLike,
    run: Experiment,
    groups: Mapping[str, Any],
    couplings: Sequence[Coupling],
) -> list[Limit]:
    if np.any(real_numbers("background", background)):
        raise ValueError("background: give none along exposure, where it would have to grow with the exposure")
    form = rate_polynomial(run, couplings, **groups)
    unit = run.exposure_days if parameter == "exposure_days" else float(np.sum(form.constant))
    if unit == 0:
        raise ValueError("events: the weak current expects no events at these photon energies")
    with np.errstate(over="ignore", under="ignore"):
        factors = points / unit
    bad = points[~(np.isfinite(factors) & (factors > 0))]
    if bad.size:
        raise ValueError(f"{parameter}: expected a value that is a finite multiple of {unit!r}, got {float(bad[0])!r}")
    return [_explained(expected_limit(form.scaled(float(f)), level), run, groups) for f in factors]


def _explained(limit: Limit, run: Experiment, groups: Mapping[str, Group | None]) -> Limit:
    unbounded = bool(limit.intervals) and not np.all(np.isfinite(limit.intervals))
    return replace(limit, reason=unbounded_reason(run, limit.coupling, **groups)) if unbounded else limit


def unbounded_reason(run: Experiment, coupling: str | Coupling, **groups: Group | None) -> str:
    """Return in words why the counts of ``run`` do not bound a coupling.

    Parameters
    ----------
    run : experiment.
    coupling : the coupling.
    groups : the fixed part of the coupling groups, see :func:`rate_polynomial`.

    Raises
    ------
    ValueError : see :func:`rate_polynomial`.

    Example
    -------
    >>> unbounded_reason(experiment(nature="majorana"), "electromagnetic.mu[1,1]")
    'for Majorana neutrinos it drops out: only the antisymmetric, imaginary part counts'
    """
    one = as_coupling(coupling, run.model)
    fixed = completed_groups(groups, {one.group}, run)[one.group]
    unit = one.matrix(1.0, len(run.masses))
    reason = idle_reason(run, np.array(run.frequencies), one.group, one.name, unit, fixed)
    return reason or "the photon energies do not tell it from the couplings that are left free"


def usual_frequencies(target: Coupling, model: Model | None, settings: Mapping[str, Any]) -> tuple[float, ...]:
    """Return the photon energies [eV] that a limit takes if none are given: those of the papers, placed for the target.

    Parameters
    ----------
    target : the coupling.
    model : the interactions; all shipped ones by default.
    settings : of :func:`renp.rates.experiment.experiment`.

    Example
    -------
    >>> len(usual_frequencies(Coupling.parse("tensor.t[1,1]"), None, {"atom": "Xe"}))
    3
    """
    source = emission(**{name: value for name, value in settings.items() if name in EMISSION_SETTINGS})
    return placed_energies(default_frequencies(target, model), source.E_eg, source.imprinted_momentum)


def default_frequencies(target: Coupling, model: Model | None = None) -> tuple[float, ...]:
    """Return the photon energies [eV] of the papers' study of such a coupling in ytterbium: nine for photon exchange, else three.

    Example
    -------
    >>> len(default_frequencies(Coupling.parse("electromagnetic.mu[1,1]")))
    9
    """
    exchange = (model or shipped_model()).group(target.group).propagator
    return GP23B_FREQUENCIES if exchange == "photon" else MEDIATOR_FREQUENCIES
