"""From a spectral function to counted photons.

In: an :class:`renp.rates.emission.Emission`, an exposure and photon energies. Out: :class:`Experiment`, which turns
couplings into counts, and :class:`EventCounts`, the counts themselves.

The emission rate is ``Gamma(omega) = Gamma_0 I(omega) eta`` and the number of events ``N = Gamma T``. The reference rate as
the literature prints it (D13; GP22 11; GP23b 3.27) is

``Gamma_0 = (3/2) n_a^2 V G_F^2 gamma_vg n_gamma E_eg / E_vg^3 (2 J_v + 1) C_ev``,

with the number density of atoms ``n_a``, the density of trigger photons ``n_gamma``, the target volume ``V`` and the natural
width ``gamma_vg`` of ``|v> -> |g> + gamma``. All factors are converted to powers of eV once, in :func:`reference_rate`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from inspect import signature
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.atoms import Atom
from renp.inputs.benchmarks import GP23B_FREQUENCIES
from renp.inputs.checks import positive_number
from renp.inputs.constants import FERMI_CONSTANT, HBAR_C_EV_CM, HBAR_EV_S
from renp.model import Model
from renp.rates.emission import (
    EMISSION_SETTINGS,
    Emission,
    Group,
    atom_record,
    check_settings,
    emission,
    level,
    photon_energies,
    split_settings,
)
from renp.rates.idle import idle_couplings
from renp_generated.runtime.arguments import shown

__all__ = [
    "NORMALISATIONS",
    "SETTINGS",
    "EventCounts",
    "Experiment",
    "as_experiment",
    "events",
    "experiment",
    "reference_rate",
    "with_model",
]

FloatArray = NDArray[np.float64]

SECONDS_PER_DAY: Final = 86400.0

NORMALISATIONS: Final = ("printed", "derived")
"""Which ``Gamma_0``: as the literature prints it, or as ``derivations.processes.renp.rate`` derives it."""

_MOST_LISTED: Final = 12
"""More photon energies are not listed one by one."""


@dataclass(frozen=True, kw_only=True)
class Experiment(Emission):
    """An emission that is measured: everything but the new couplings.

    Parameters
    ----------
    frequencies : photon energies [eV], each with the same exposure.
    exposure_days : exposure at each photon energy [day].
    reference_rate : ``Gamma_0 eta`` [1/s].
    normalisation : ``"printed"`` or ``"derived"``, see :func:`experiment`.

    The further fields are those of :class:`renp.rates.emission.Emission`.

    Example
    -------
    >>> run = experiment(frequencies=(1.069, 1.0716), exposure_days=40)
    >>> run.counts().shape
    (2,)
    """

    frequencies: tuple[float, ...]
    exposure_days: float
    reference_rate: float
    normalisation: str = "printed"

    def __post_init__(self) -> None:
        highest = level("E_eg", self.E_eg)
        positive_number("exposure_days", self.exposure_days, "day")
        positive_number("reference_rate", self.reference_rate, "1/s")
        photon_energies("frequencies", self.frequencies, highest)

    @property
    def parts(self) -> dict[str, str]:
        """What was chosen, in words, see :attr:`renp.rates.emission.Emission.parts`."""
        energies = [f"{omega:.8g}" for omega in self.frequencies]
        many = len(energies) > _MOST_LISTED
        return {
            **self._parts_of_the_source(),
            "exposure_days": f"{self.exposure_days:g} days at each photon energy",
            "frequencies": f"{len(energies)} photon energies from {energies[0]} to {energies[-1]} eV"
            if many
            else f"photon energies {', '.join(energies)} eV",
            "reference_rate": f"reference rate {self.reference_rate:.3g}/s",
            "normalisation": "" if self.normalisation == "printed" else f"{self.normalisation} normalisation",
        }

    @property
    def events_per_unit(self) -> FloatArray:
        """Events at each photon energy for ``I = 1``: ``Gamma_0 eta T``, shape (number of energies,)."""
        rate = np.full(len(self.frequencies), self.reference_rate * self.exposure_days * SECONDS_PER_DAY)
        if self.normalisation == "derived":
            # derivations.processes.renp.rate: the stimulating field and the unit-trace tensor give 2 omega / (3 E_eg) of the printed rate.
            rate *= 2 * np.array(self.frequencies) / (3 * self.E_eg)
        return rate

    def spectrum(self, omega: ArrayLike | None = None, *, weak: bool = True, **groups: Group | None) -> FloatArray:
        """Return the spectral function ``I`` at ``omega`` [eV] (default: the photon energies of the experiment).

        See :meth:`renp.rates.emission.Emission.spectral_function`.
        """
        return self.spectral_function(self.frequencies if omega is None else omega, weak=weak, **groups)

    def gradient(self, *, weak: bool = True, **groups: Group | None) -> dict[str, FloatArray]:
        """Return the exact derivatives of ``I`` at the photon energies, by parameter: :func:`renp.spectral_gradient`.

        Parameters
        ----------
        weak, groups : see :meth:`spectrum`.

        Raises
        ------
        ValueError : the evaluator refuses an argument, or a derivative is not finite.
        """
        return self.model.spectral_gradient(np.array(self.frequencies), **self.arguments(weak, groups))

    def counts(self, *, weak: bool = True, **groups: Group | None) -> FloatArray:
        """Return the expected number of events at each photon energy of the experiment, shape (number of energies,)."""
        return self.counts_of(self.spectrum(None, weak=weak, **groups))

    def counts_of(self, spectrum: FloatArray) -> FloatArray:
        """Return the expected number of events for values of ``I`` at the photon energies, shape (number of energies,).

        Raises
        ------
        ValueError : the number of events is too large for a double.
        """
        with np.errstate(over="ignore"):
            counts = self.events_per_unit * spectrum
        if not np.isfinite(counts).all():
            raise ValueError(f"exposure_days: the number of events overflows, got {self.exposure_days!r}")
        return counts


@dataclass(frozen=True)
class EventCounts:
    """Expected photons at each photon energy.

    Parameters
    ----------
    frequencies : photon energies [eV], shape (k,).
    counts : expected events, shape (k,).
    spectral_function : dimensionless ``I``, shape (k,).
    exposure_days : exposure at each photon energy [day].
    reference_rate : ``Gamma_0 eta`` [1/s].
    weak_counts : expected events of the weak current alone, shape (k,).
    summary : what was chosen, in one line.
    notes : couplings that add nothing, in words.

    Example
    -------
    >>> events(exposure_days=40).total > 0
    True
    """

    frequencies: FloatArray
    counts: FloatArray
    spectral_function: FloatArray
    exposure_days: float
    reference_rate: float
    weak_counts: FloatArray
    summary: str = ""
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Sum of the expected events over all photon energies."""
        return float(np.sum(self.counts))

    @property
    def excess(self) -> FloatArray:
        """Events that the new couplings add or take away, shape (k,)."""
        return self.counts - self.weak_counts


def reference_rate(
    atom: Atom | str = "Yb",
    *,
    volume_cm3: float = 100.0,
    density_cm3: float = 1e21,
    photon_density_cm3: float | None = None,
    eta: float = 1.0,
    E_eg: float | None = None,
    E_vg: float | None = None,
    C_ev: float | None = None,
) -> float:
    """Return ``Gamma_0 eta`` [1/s] as the literature prints it (D13; GP22 11; GP23b 3.27).

    Parameters
    ----------
    atom : symbol or record of :data:`renp.ATOMS`.
    volume_cm3 : target volume ``V`` [cm^3].
    density_cm3 : number density ``n_a`` of coherent atoms [cm^-3].
    photon_density_cm3 : density ``n_gamma`` of trigger photons [cm^-3]; default ``n_a``, full conversion.
    eta : fraction of the target that is macroscopically coherent, 0 < eta <= 1.
    E_eg, E_vg : level differences [eV] instead of the atom's.
    C_ev : atomic spin factor of ``|e> -> |v>`` instead of the atom's.

    Notes
    -----
    Xenon's ``C_ev = 2/3`` is that of the papers, for comparison with them. The ledger refutes it (``S16-C_ev-Xe``): the
    step from J = 2 to J = 1 has 1/6 in LS and 1/18 in core coupling, so xenon rates are 4 or 12 times too large unless
    ``C_ev`` is given.

    Raises
    ------
    ValueError : a factor is not finite and positive, eta is above 1, or the atom is unknown.

    Example
    -------
    >>> f"{reference_rate('Yb'):.2e}"
    '5.35e-04'
    >>> round(reference_rate("Xe") / reference_rate("Xe", C_ev=1 / 18))
    12
    """
    record = atom_record(atom)
    per_cm3 = HBAR_C_EV_CM**3
    n_a = positive_number("density_cm3", density_cm3, "cm^-3") * per_cm3
    n_gamma = (
        n_a
        if photon_density_cm3 is None
        else positive_number("photon_density_cm3", photon_density_cm3, "cm^-3") * per_cm3
    )
    volume = positive_number("volume_cm3", volume_cm3, "cm^3") / per_cm3
    coherent = positive_number("eta", eta)
    if coherent > 1:
        raise ValueError(f"eta: expected a fraction in (0, 1], got {eta!r}")
    width = record.gamma_vg * HBAR_EV_S
    upper = record.E_eg if E_eg is None else level("E_eg", E_eg)
    virtual = record.E_vg if E_vg is None else level("E_vg", E_vg)
    spin = record.C_ev if C_ev is None else positive_number("C_ev", C_ev)
    try:
        levels = upper / virtual**3 * (2 * record.J_v + 1) * spin
        rate = 1.5 * n_a**2 * volume * FERMI_CONSTANT**2 * width * n_gamma * levels * coherent / HBAR_EV_S
    except ArithmeticError:
        rate = inf
    if not 0 < rate < inf:
        given = "density_cm3, photon_density_cm3, volume_cm3, eta, E_eg, E_vg or C_ev"
        raise ValueError(f"{given}: too large or too small, the reference rate is no finite positive number")
    return rate


def experiment(
    *,
    frequencies: ArrayLike = GP23B_FREQUENCIES,
    exposure_days: float = 40.0,
    C_ev: float | None = None,
    volume_cm3: float = 100.0,
    density_cm3: float = 1e21,
    photon_density_cm3: float | None = None,
    eta: float = 1.0,
    normalisation: str = "printed",
    **settings: Any,
) -> Experiment:
    """Collect the set-up of the papers, with any part replaced.

    Parameters
    ----------
    frequencies : photon energies [eV], 0 < omega < E_eg/2.
    exposure_days : exposure at each photon energy [day].
    C_ev : atomic spin factor instead of the atom's. For xenon the atom's 2/3 is that of the papers, which the ledger
        refutes; give ``C_ev=1/6`` (LS coupling) or ``1/18`` (core coupling), see :func:`reference_rate`.
    volume_cm3, density_cm3, photon_density_cm3, eta : see :func:`reference_rate`.
    normalisation : ``"printed"`` takes ``Gamma_0`` of the literature, ``"derived"`` that of ``derivations.processes.renp.rate``, which is
        ``2 omega / (3 E_eg)`` times the printed one, about a third.
    settings : atom, neutrinos and model: the settings of :func:`renp.rates.emission.emission`.

    Raises
    ------
    ValueError : an argument is out of range or an energy is not physical.
    TypeError : an argument is unknown, or not a number where one is needed.

    Example
    -------
    >>> experiment(lightest_mass=0.02).masses.round(4).tolist()
    [0.02, 0.0218, 0.0543]
    """
    check_settings(settings, SETTINGS)
    if not isinstance(normalisation, str) or normalisation not in NORMALISATIONS:
        raise ValueError(f"normalisation: expected one of {', '.join(NORMALISATIONS)}, got {shown(normalisation)}")
    source = emission(**settings)
    return Experiment(
        **vars(source),
        frequencies=tuple(photon_energies("frequencies", frequencies, source.E_eg).tolist()),
        exposure_days=positive_number("exposure_days", exposure_days, "day"),
        reference_rate=reference_rate(
            settings.get("atom", "Yb"),
            volume_cm3=volume_cm3,
            density_cm3=density_cm3,
            photon_density_cm3=photon_density_cm3,
            eta=eta,
            E_eg=source.E_eg,
            E_vg=float(np.ravel(source.E_vg)[0]),
            C_ev=C_ev,
        ),
        normalisation=normalisation,
    )


SETTINGS: Final = (*(name for name in signature(experiment).parameters if name != "settings"), *EMISSION_SETTINGS)
"""Names of the settings of :func:`experiment`."""


def events(
    frequencies: ArrayLike = GP23B_FREQUENCIES, *, weak: bool = True, model: Model | None = None, **settings: Any
) -> EventCounts:
    """Return the expected photons at each photon energy: ``N = Gamma_0 I(omega) eta T`` (GP22 31, GP23b 4.1).

    Parameters
    ----------
    frequencies : photon energies [eV], each with the same exposure; default the nine of GP23b.
    weak : ``False`` leaves the weak current out.
    model : the interactions; all shipped ones by default.
    settings : the settings of :func:`experiment` (target, exposure, masses) and the coupling groups of the model as its
        evaluator takes them. Xenon needs ``C_ev``: its default is that of the papers, which is 4 or 12 times too large
        (see :func:`reference_rate`).

    Raises
    ------
    ValueError, TypeError : an argument is unknown or out of range.

    Example
    -------
    >>> weak_only = events((1.069, 1.07), exposure_days=40)
    >>> mu = [[1e-10, 0, 0], [0, 0, 0], [0, 0, 0]]
    >>> bool((events((1.069, 1.07), exposure_days=40, electromagnetic={"mu": mu}).counts > weak_only.counts).all())
    True
    """
    settings, groups = split_settings(settings, model, SETTINGS, ["weak"])
    run = experiment(frequencies=frequencies, model=model, **settings)
    spectrum = run.spectrum(weak=weak, **groups)
    return EventCounts(
        frequencies=np.array(run.frequencies),
        counts=run.counts_of(spectrum),
        spectral_function=spectrum,
        exposure_days=run.exposure_days,
        reference_rate=run.reference_rate,
        weak_counts=run.counts(),
        summary=run.summary,
        notes=idle_couplings(run, run.frequencies, groups),
    )


def as_experiment(run: object) -> Experiment:
    """Return ``run`` if it is an experiment; raise ``TypeError`` otherwise.

    Example
    -------
    >>> as_experiment(experiment()).nature
    'dirac'
    """
    if not isinstance(run, Experiment):
        raise TypeError(f"run: expected what renp.experiment returns, got {shown(run)}")
    return run


def with_model(run: object, model: Model | None) -> Experiment:
    """Return an experiment, with other interactions if a model is given; raise ``TypeError`` for something else.

    Example
    -------
    >>> with_model(experiment(), Model("tensor")).model
    Model('tensor')
    """
    same = as_experiment(run)
    if model is None:
        return same
    if not isinstance(model, Model):
        raise TypeError(f"model: expected what renp.Model returns, got {shown(model)}")
    return replace(same, model=model)
