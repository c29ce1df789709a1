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

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from inspect import signature
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.atoms import ATOMS, Atom
from renp.inputs.benchmarks import GP23B_FREQUENCIES
from renp.inputs.checks import positive_number
from renp.inputs.constants import FERMI_CONSTANT, HBAR_C_EV_CM, HBAR_EV_S
from renp.inputs.setups import setup_value
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
from renp.rates.idle import idle_couplings, nothing_emitted
from renp_generated.runtime.arguments import shown

__all__ = [
    "NORMALISATIONS",
    "SETTINGS",
    "EventCounts",
    "Experiment",
    "as_experiment",
    "events",
    "experiment",
    "placed_energies",
    "reference_rate",
    "with_model",
]

FloatArray = NDArray[np.float64]

SECONDS_PER_DAY: Final = 86400.0

_ROUNDED_LEVEL: Final = 1e-5
"""Papers print levels with six digits."""

NORMALISATIONS: Final = ("printed", "derived")
"""Which ``Gamma_0``: as the literature prints it, or as ``derivations.processes.renp.rate`` derives it."""

_MOST_LISTED: Final = 12
"""More photon energies are not listed one by one."""


@dataclass(frozen=True, kw_only=True)
class Experiment(Emission):
    """An emission that is measured: everything but the new couplings.

    Its further fields are those of :class:`renp.rates.emission.Emission`.

    Parameters
    ----------
    frequencies : photon energies [eV], each with the same exposure.
    exposure_days : exposure at each photon energy [day].
    reference_rate : ``Gamma_0 eta`` [1/s].
    normalisation : ``"printed"`` or ``"derived"``, see :func:`experiment`.
    coherence_factor : ``|rho_eg|``; the reference rate holds its square.
    target : size and density of the target in words; empty if they are not known.

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
    coherence_factor: float = 1.0
    target: str = ""

    def __post_init__(self) -> None:
        highest = level("E_eg", self.E_eg)
        positive_number("exposure_days", self.exposure_days, "day")
        positive_number("reference_rate", self.reference_rate, "1/s")
        photon_energies("frequencies", self.frequencies, highest, self.imprinted_momentum)

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
            "target": self.target,
            "normalisation": "" if self.normalisation == "printed" else f"{self.normalisation} normalisation",
            "coherence_factor": "" if self.coherence_factor == 1 else f"coherence factor {self.coherence_factor:g}",
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
    notes : what there is to know of the target, couplings that add nothing, or why there are no events, in words.

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
    atom: Atom | str | os.PathLike[str] = "Yb",
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
    frequencies: ArrayLike | None = None,
    exposure_days: float = 40.0,
    C_ev: float | str | None = None,
    volume_cm3: float = 100.0,
    density_cm3: float = 1e21,
    photon_density_cm3: float | None = None,
    eta: float = 1.0,
    coherence_factor: float | None = None,
    normalisation: str | None = None,
    **settings: Any,
) -> Experiment:
    """Collect the set-up of the papers, with any part replaced.

    Parameters
    ----------
    frequencies : photon energies [eV], 0 < omega < E_eg/2; by default the nine of GP23b, see :func:`placed_energies`.
    exposure_days : exposure at each photon energy [day].
    C_ev : atomic spin factor, or one of the atom's: ``"printed"``, the papers', or ``"derived"``, that of intermediate coupling
        (``C_ev_derived`` of the atom).
    volume_cm3, density_cm3, photon_density_cm3, eta : see :func:`reference_rate`.
    coherence_factor : ``|rho_eg|`` of every atom; the rate goes with its square. At most 1/2 for a real atom; 1, the papers'
        choice, stands for the rate as they print it.
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
    source = emission(**settings)
    normalised = setup_value(source.setup, "normalisation", normalisation)
    if not isinstance(normalised, str) or normalised not in NORMALISATIONS:
        raise ValueError(f"normalisation: expected one of {', '.join(NORMALISATIONS)}, got {shown(normalised)}")
    record = atom_record(settings.get("atom") or "Yb")
    factor = _coherence_factor(setup_value(source.setup, "coherence_factor", coherence_factor))
    spin, remarks = _spin_factor(record, setup_value(source.setup, "C_ev", C_ev))
    if frequencies is None:
        frequencies = placed_energies(GP23B_FREQUENCIES, source.E_eg, source.imprinted_momentum)
    energies = photon_energies("frequencies", frequencies, source.E_eg, source.imprinted_momentum)
    rate = reference_rate(
        record,
        volume_cm3=volume_cm3,
        density_cm3=density_cm3,
        photon_density_cm3=photon_density_cm3,
        eta=eta,
        E_eg=source.E_eg,
        E_vg=float(np.ravel(source.E_vg)[0]),
        C_ev=spin,
    ) * (factor**2 * source.strength)
    if not rate > 0:
        raise ValueError(f"coherence_factor: too small, no rate is left of {factor!r}")
    return Experiment(
        **{**vars(source), "remarks": (*source.remarks, *remarks)},
        frequencies=tuple(energies.tolist()),
        exposure_days=positive_number("exposure_days", exposure_days, "day"),
        reference_rate=rate,
        normalisation=normalised,
        coherence_factor=factor,
        target=_target(volume_cm3, density_cm3, photon_density_cm3, eta),
    )


def _target(volume_cm3: float, density_cm3: float, photon_density_cm3: float | None, eta: float) -> str:
    # Numbers may come with their unit.
    volume = positive_number("volume_cm3", volume_cm3, "cm^3")
    atoms = positive_number("density_cm3", density_cm3, "cm^-3")
    given = photon_density_cm3 is not None
    light = positive_number("photon_density_cm3", photon_density_cm3, "cm^-3") if given else atoms
    photons = "" if light == atoms else f" and {light:g} photons/cm^3"
    coherent = "" if eta == 1 else f", {eta:g} of it coherent"
    return f"target of {volume:g} cm^3 with {atoms:g} atoms/cm^3{photons}{coherent}"


def _coherence_factor(value: float) -> float:
    factor = positive_number("coherence_factor", value)
    if factor > 0.5 and factor != 1:
        raise ValueError(
            "coherence_factor: expected at most 1/2, the bound of |rho_eg| (|rho_eg|^2 <= p (1 - p) for a fraction p of the "
            f"atoms in |e>), or 1 for the rate as the papers print it, got {value!r}"
        )
    return factor


def _spin_factor(record: Atom, C_ev: float | str) -> tuple[float, tuple[str, ...]]:
    """Return C_ev, and what a reader should know of it."""
    if C_ev == "derived":
        if record.C_ev_derived is None:
            raise ValueError(f"C_ev: {record.symbol} has no C_ev of intermediate coupling (C_ev_derived); give C_ev")
        return record.C_ev_derived, ()
    if isinstance(C_ev, str) and C_ev != "printed":
        raise ValueError(f"C_ev: expected a positive number, 'printed' or 'derived', got {shown(C_ev)}")
    if C_ev != "printed":
        return positive_number("C_ev", C_ev), ()
    low, high = record.C_ev_range or (record.C_ev, record.C_ev)
    if record.C_ev < 2 * high:
        return record.C_ev, ()
    return record.C_ev, (
        f"C_ev = {record.C_ev:.3g} of {record.name} is the papers'; its levels give {low:.3g} to {high:.3g}, so that the rate is "
        f"{record.C_ev / high:.1f} to {record.C_ev / low:.1f} times too large (the ledger refutes it: S16-C_ev-{record.symbol})",
    )


def placed_energies(energies: Sequence[float], E_eg: float, imprinted_momentum: float = 0.0) -> tuple[float, ...]:
    """Return photon energies [eV] at which a target emits the pair masses that ytterbium emits at ``energies``.

    The papers choose photon energies between the pair thresholds of ytterbium, that is pair masses between the sums of two
    neutrino masses. ``s = (E_eg + K) (E_eg - K - 2 omega)`` says at which photon energy another target, or one with an
    imprinted momentum K, emits them.

    Parameters
    ----------
    energies : photon energies of ytterbium [eV].
    E_eg : energy of |e> above |g> of the target [eV]; that of ytterbium, rounded or not, leaves the energies as they are.
    imprinted_momentum : K [eV]. Where it leaves energy for none of these pair masses, the energies cover the whole range.

    Raises
    ------
    ValueError : the target has too little energy for one of the pair masses.

    Example
    -------
    >>> placed_energies([1.07], 2.14349), [round(omega, 5) for omega in placed_energies([1.07], 8.31531)]
    ((1.07,), [4.1572])
    """
    there = ATOMS["Yb"].E_eg
    if not imprinted_momentum and abs(E_eg / there - 1) < _ROUNDED_LEVEL:
        return tuple(energies)
    K = imprinted_momentum
    placed = tuple((E_eg - K) / 2 - (there / 2 - omega) * there / (E_eg + K) for omega in energies)
    if K and max(placed) <= 0:
        return tuple(np.linspace(0, (E_eg - K) / 2, len(placed) + 2)[1:-1].tolist())
    if min(placed) <= 0:
        target = f"E_eg = {E_eg:.7g} eV" + (f" and an imprinted momentum of {K:.7g} eV" if K else "")
        raise ValueError(
            f"frequencies: {target} are too little for the pair masses of the papers' photon energies; give photon energies "
            f"between 0 and {(E_eg - K) / 2:.7g} eV"
        )
    return placed


SETTINGS: Final = (*(name for name in signature(experiment).parameters if name != "settings"), *EMISSION_SETTINGS)
"""Names of the settings of :func:`experiment`."""


def events(
    frequencies: ArrayLike | None = None, *, weak: bool = True, model: Model | None = None, **settings: Any
) -> EventCounts:
    """Return the expected photons at each photon energy: ``N = Gamma_0 I(omega) eta T`` (GP22 31, GP23b 4.1).

    Parameters
    ----------
    frequencies : photon energies [eV], each with the same exposure; by default the nine of GP23b, see :func:`placed_energies`.
    weak : ``False`` leaves the weak current out.
    model : the interactions; all shipped ones by default.
    settings : the settings of :func:`experiment` (target, exposure, masses) and the coupling groups of the model as its
        evaluator takes them. Xenon's ``C_ev`` of the papers is about ten times too large; the notes say so.

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
        notes=(*run.remarks, *_nothing(run, spectrum), *idle_couplings(run, run.frequencies, groups)),
    )


def _nothing(run: Experiment, spectrum: FloatArray) -> tuple[str, ...]:
    if spectrum.any():
        return ()
    return (f"no events: {nothing_emitted(run, run.frequencies) or 'no pair is emitted at these photon energies'}",)


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
