"""How small a coupling a measured photon spectrum can exclude.

In: the settings of :func:`renp.rates.experiment.experiment` and a named coupling. Out: :class:`renp.statistics.limits.Limit`
and :class:`SensitivityCurve`, and why there is no limit, in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.benchmarks import GP23B_FREQUENCIES, MEDIATOR_FREQUENCIES
from renp.inputs.checks import real_numbers
from renp.rates.experiment import GROUPS, Experiment, Group, check_settings, experiment
from renp.rates.spectra import pair_thresholds
from renp.statistics.couplings import MEDIATORS, Coupling, as_coupling, as_couplings, contributions, electron_couplings
from renp.statistics.limits import Limit, expected_limit
from renp.statistics.rate_polynomial import as_group, completed_groups, counts_at, rate_polynomial, without_matrices
from renp_generated.runtime.arguments import shown

__all__ = ["CURVE_PARAMETERS", "SensitivityCurve", "sensitivity", "sensitivity_curve", "unbounded_reason"]

FloatArray = NDArray[np.float64]


CURVE_PARAMETERS: Final[dict[str, str]] = {
    "mediator_mass": "eV",
    "lightest_mass": "eV",
    "exposure_days": "day",
    "events": "1",
}
"""What a sensitivity curve can run over, with units; ``events`` is the total expected without new couplings."""


_OWN_SETTINGS: Final = ("level", "profile", "background")


@dataclass(frozen=True)
class SensitivityCurve:
    """Limits along one parameter.

    Parameters
    ----------
    parameter : one of :data:`CURVE_PARAMETERS`.
    values : values of the parameter, shape (m,).
    limits : one :class:`Limit` for each value.

    Example
    -------
    >>> curve = sensitivity_curve("electromagnetic.mu[1,1]", "exposure_days", [10, 1000])
    >>> bool(curve.magnitude[1] < curve.magnitude[0])
    True
    """

    parameter: str
    values: FloatArray
    limits: tuple[Limit, ...]

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
    **settings: Any,
) -> Limit:
    """Return the values of one coupling that an experiment seeing the expected weak spectrum would not exclude.

    Parameters
    ----------
    coupling : for example ``"vector.g_L[1,1]"`` or ``"electromagnetic.mu[1,2].imag"``.
    level : confidence level.
    profile : couplings left free; the others stay at zero.
    background : further counts at each photon energy.
    settings : settings of :func:`renp.rates.experiment.experiment` and coupling groups; ``vector`` and ``scalar`` need their
        ``mass``, and the electron coupling that opens the pair step defaults to 1, so that the limit is on the product.

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
    check_settings(settings, *_OWN_SETTINGS, *GROUPS)
    target = as_coupling(coupling)
    groups: dict[str, Any] = {name: settings.pop(name) for name in GROUPS if name in settings}
    settings.setdefault("frequencies", _default_frequencies(target))
    run = experiment(**settings)
    form = rate_polynomial(run, [target, *as_couplings(profile, "profile")], background=background, **groups)
    return _explained(expected_limit(form, level), run, groups)


def sensitivity_curve(
    coupling: str | Coupling,
    parameter: str,
    values: ArrayLike,
    *,
    level: float = 0.90,
    profile: Sequence[str | Coupling] = (),
    background: ArrayLike = 0.0,
    **settings: Any,
) -> SensitivityCurve:
    """Return limits along mediator mass, lightest mass, exposure or number of events.

    Parameters
    ----------
    coupling, level, profile, background, settings : see :func:`sensitivity`.
    parameter : one of :data:`CURVE_PARAMETERS`.
    values : values of the parameter, shape (m,).

    Raises
    ------
    ValueError : a coupling or parameter is unknown, or an argument is out of range.
    TypeError : a setting is unknown.

    Example
    -------
    >>> curve = sensitivity_curve("vector.g_L[1,1]", "mediator_mass", [1e-3, 1e3], level=0.95)
    >>> bool(curve.magnitude[0] < curve.magnitude[1])
    True
    """
    if not isinstance(parameter, str) or parameter not in CURVE_PARAMETERS:
        raise ValueError(f"parameter: unknown {shown(parameter)}, allowed are {', '.join(CURVE_PARAMETERS)}")
    check_settings(settings, *_OWN_SETTINGS, *GROUPS)
    target = as_coupling(coupling)
    points = np.atleast_1d(real_numbers(parameter, values, CURVE_PARAMETERS[parameter]))
    least = "at least 0" if parameter == "lightest_mass" else "above 0"
    bad = points[(points < 0) if parameter == "lightest_mass" else (points <= 0)]
    if points.ndim != 1 or points.size == 0 or bad.size:
        raise ValueError(f"{parameter}: expected a list of finite values {least}, got {shown(values)}")
    common: dict[str, Any] = {"level": level, "profile": profile, "background": background}
    if parameter in ("exposure_days", "events"):
        limits = _along_exposure(target, parameter, points, level, profile, background, settings)
    elif parameter == "lightest_mass":
        limits = [sensitivity(target, **common, **{**settings, "lightest_mass": float(v)}) for v in points]
    else:
        if target.group not in MEDIATORS:
            raise ValueError(f"parameter: {target.group} couplings have no mediator mass")
        group = as_group(target.group, settings.pop(target.group, None))
        limits = []
        for v in points:
            mediator: dict[str, Any] = {target.group: {**group, "mass": float(v)}}
            limits.append(sensitivity(target, **common, **settings, **mediator))
    return SensitivityCurve(parameter, points, tuple(limits))


def _along_exposure(
    target: Coupling,
    parameter: str,
    points: FloatArray,
    level: float,
    profile: Sequence[str | Coupling],
    background: ArrayLike,
    settings: dict[str, Any],
) -> list[Limit]:
    if np.any(real_numbers("background", background)):
        raise ValueError("background: give none along exposure, where it would have to grow with the exposure")
    groups: dict[str, Any] = {name: settings.pop(name) for name in GROUPS if name in settings}
    settings.setdefault("frequencies", _default_frequencies(target))
    run = experiment(**settings)
    form = rate_polynomial(run, [target, *as_couplings(profile, "profile")], **groups)
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
    'for Majorana neutrinos electromagnetic.mu[1,1] drops out: only the antisymmetric, imaginary part of the matrix counts'
    """
    one = as_coupling(coupling)
    pair = tuple(sorted((one.i, one.j)))
    thresholds = pair_thresholds(run.E_eg, run.masses)
    own = next((t.omega for t in thresholds if (t.i, t.j) == pair), np.inf)
    step = run.options.get("pair_step", "M1")
    openers = electron_couplings(one.group, one.name, step)
    fixed = completed_groups(groups, {one.group}, run)[one.group]
    bare = without_matrices(one.group, fixed)

    def matters(run: Experiment) -> bool:
        return bool(counts_at(run, False, {one.group: bare}, {one: 1.0}).any())

    if min(run.frequencies) >= thresholds[0].omega:
        return f"all photon energies lie above every pair threshold, the highest is {thresholds[0].omega:.7g} eV"
    if min(run.frequencies) >= own:
        return f"all photon energies lie above the threshold of pair {pair[0]}{pair[1]}, {own:.7g} eV"
    if not contributions(one.group, one.name, step):
        return f"{one.group}.{one.name} opens no channel of the {step} pair step"
    if openers and not any(fixed.get(electron) for electron in openers):
        return f"the electron coupling that opens the {step} pair step, {' or '.join(openers)}, is zero"
    if matters(run):
        return "the photon energies do not tell it from the couplings that are left free"
    if run.nature == "majorana" and matters(replace(run, nature="dirac")):
        part = "symmetric, real" if one.part == "imag" else "antisymmetric, imaginary"
        return f"for Majorana neutrinos {one} drops out: only the {part} part of the matrix counts"
    options = {name: value for name, value in run.options.items() if name != "atomic_tensor"}
    if matters(replace(run, options=options)):
        return "the atomic tensor lets nothing of it through"
    return "the expected counts do not depend on it"


def _default_frequencies(target: Coupling) -> tuple[float, ...]:
    return GP23B_FREQUENCIES if target.group == "electromagnetic" else MEDIATOR_FREQUENCIES
