"""From a spectral function to counted photons.

In: an atom, an exposure, photon energies and the coupling groups of :func:`renp_generated.spectral_function`.
Out: :class:`Experiment`, which turns couplings into counts, and :class:`EventCounts`, the counts themselves.

The emission rate is ``Gamma(omega) = Gamma_0 I(omega) eta`` and the number of events ``N = Gamma T``. The reference rate as
the literature prints it (D13; GP22 11; GP23b 3.27) is

``Gamma_0 = (3/2) n_a^2 V G_F^2 gamma_vg n_gamma E_eg / E_vg^3 (2 J_v + 1) C_ev``,

with the number density of atoms ``n_a``, the density of trigger photons ``n_gamma``, the target volume ``V`` and the natural
width ``gamma_vg`` of ``|v> -> |g> + gamma``. All factors are converted to powers of eV once, in :func:`reference_rate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

import renp_generated
from renp.inputs.atoms import ATOMS, Atom
from renp.inputs.benchmarks import BENCHMARK_SET, GP23B_FREQUENCIES
from renp.inputs.checks import positive_number, real_numbers
from renp.inputs.constants import FERMI_CONSTANT, HBAR_C_EV_CM, HBAR_EV_S
from renp.inputs.oscillation import axial_couplings, check_lightest, mixing_matrix
from renp.inputs.oscillation import masses as neutrino_masses
from renp_generated.runtime.arguments import hermitian, real_vector, shown, supported

__all__ = [
    "GROUPS",
    "NORMALISATIONS",
    "OPTIONS",
    "EventCounts",
    "Experiment",
    "as_experiment",
    "check_settings",
    "events",
    "experiment",
    "photon_energies",
    "reference_rate",
]

FloatArray = NDArray[np.float64]
Group = Mapping[str, Any]

SECONDS_PER_DAY: Final = 86400.0

GROUPS: Final = ("vector", "scalar", "electromagnetic", "tensor", "tensor_mediator")
"""The coupling groups of the evaluator besides the weak current."""

OPTIONS: Final = ("vector_weak", "intermediate_amplitudes", "atomic_tensor", "pair_step", "dipole_length")
"""The evaluator's further arguments, which :func:`experiment` hands on to every spectrum."""

NORMALISATIONS: Final = ("printed", "derived")
"""Which ``Gamma_0``: as the literature prints it, or as ``derivations.processes.renp.rate`` derives it."""


@dataclass(frozen=True)
class Experiment:
    """Everything but the new couplings: target, exposure, photon energies, masses and weak couplings.

    Parameters
    ----------
    frequencies : photon energies [eV], each with the same exposure.
    exposure_days : exposure at each photon energy [day].
    reference_rate : ``Gamma_0 eta`` [1/s].
    E_eg, E_vg : level differences [eV]; ``E_vg`` a number, or shape (k,) for k intermediate states.
    masses : neutrino masses [eV], shape (n,).
    axial : weak axial couplings, complex Hermitian, shape (n, n).
    nature : ``"dirac"`` or ``"majorana"``.
    normalisation : ``"printed"`` or ``"derived"``, see :func:`experiment`.
    options : further arguments of the evaluator that every spectrum shares, see :data:`OPTIONS`.

    Example
    -------
    >>> run = experiment(frequencies=(1.069, 1.0716), exposure_days=40)
    >>> run.counts().shape
    (2,)
    """

    frequencies: tuple[float, ...]
    exposure_days: float
    reference_rate: float
    E_eg: float
    E_vg: float | FloatArray
    masses: FloatArray
    axial: NDArray[np.complex128]
    nature: str = "dirac"
    normalisation: str = "printed"
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        level = _level("E_eg", self.E_eg)
        positive_number("exposure_days", self.exposure_days, "day")
        positive_number("reference_rate", self.reference_rate, "1/s")
        photon_energies("frequencies", self.frequencies, level)

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

        Parameters
        ----------
        omega : photon energies [eV], any shape.
        weak : ``False`` switches the weak current off.
        groups : the groups of :data:`GROUPS` as the evaluator takes them.

        Raises
        ------
        ValueError : the evaluator refuses an argument, or the spectrum is not finite (a mediator exactly on its pole).
        """
        points = real_numbers("omega", self.frequencies if omega is None else omega, "eV")
        settings = self._settings(weak, groups)
        values = np.asarray(renp_generated.spectral_function(points, **settings), dtype=np.float64)
        if not np.all(np.isfinite(values)):
            at = points[~np.isfinite(values)].ravel()[0]
            raise ValueError(
                f"spectral function is not finite at omega = {at!r} eV: the mediator is on its pole, give a width"
            )
        return values

    def gradient(self, *, weak: bool = True, **groups: Group | None) -> dict[str, FloatArray]:
        """Return the exact derivatives of ``I`` at the photon energies, by parameter: :func:`renp.spectral_gradient`.

        Parameters
        ----------
        weak, groups : see :meth:`spectrum`.

        Raises
        ------
        ValueError : the evaluator refuses an argument, or a derivative is not finite.
        """
        return renp_generated.spectral_gradient(np.array(self.frequencies), **self._settings(weak, groups))

    def _settings(self, weak: bool, groups: Mapping[str, Group | None]) -> dict[str, Any]:
        unknown = set(groups) - set(GROUPS)
        if unknown:
            raise ValueError(f"unknown coupling group {sorted(unknown)[0]!r}: allowed are {', '.join(GROUPS)}")
        return {
            "E_eg": self.E_eg,
            "E_vg": self.E_vg,
            "masses": self.masses,
            "axial": self.axial if weak else np.zeros_like(self.axial),
            "nature": self.nature,
            **groups,
            **self.options,
        }

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

    @property
    def total(self) -> float:
        """Sum of the expected events over all photon energies."""
        return float(np.sum(self.counts))


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
    record = _record(atom)
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
    upper = record.E_eg if E_eg is None else _level("E_eg", E_eg)
    virtual = record.E_vg if E_vg is None else _level("E_vg", E_vg)
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
    atom: Atom | str = "Yb",
    E_eg: float | None = None,
    E_vg: ArrayLike | None = None,
    C_ev: float | None = None,
    exposure_days: float = 40.0,
    volume_cm3: float = 100.0,
    density_cm3: float = 1e21,
    photon_density_cm3: float | None = None,
    eta: float = 1.0,
    oscillation: str = BENCHMARK_SET,
    lightest_mass: float = 0.01,
    masses: ArrayLike | None = None,
    axial: ArrayLike | None = None,
    majorana_phases: tuple[float, float] = (0.0, 0.0),
    nature: str = "dirac",
    normalisation: str = "printed",
    **options: Any,
) -> Experiment:
    """Collect the set-up of the papers, with any part replaced.

    Parameters
    ----------
    frequencies : photon energies [eV], 0 < omega < E_eg/2.
    atom : symbol or record of :data:`renp.ATOMS`.
    E_eg, E_vg : level differences [eV] instead of the atom's, for example as rounded by a paper. ``E_vg`` may be (k,) with
        ``intermediate_amplitudes``; the first state is the one whose width normalises the rate, so its amplitude is 1.
    C_ev : atomic spin factor instead of the atom's. For xenon the atom's 2/3 is that of the papers, which the ledger
        refutes; give ``C_ev=1/6`` (LS coupling) or ``1/18`` (core coupling), see :func:`reference_rate`.
    exposure_days : exposure at each photon energy [day].
    volume_cm3, density_cm3, photon_density_cm3, eta : see :func:`reference_rate`.
    oscillation : name of an oscillation set; it fixes the ordering.
    lightest_mass : lightest neutrino mass [eV].
    masses, axial : explicit masses [eV] and axial couplings instead of the oscillation set.
    majorana_phases : ``(alpha21, alpha31)`` [rad] of the mixing matrix.
    nature : ``"dirac"`` or ``"majorana"``.
    normalisation : ``"printed"`` takes ``Gamma_0`` of the literature, ``"derived"`` that of ``derivations.processes.renp.rate``, which is
        ``2 omega / (3 E_eg)`` times the printed one, about a third.
    options : further arguments of the evaluator, see :data:`OPTIONS`.

    Raises
    ------
    ValueError : an argument is out of range or an energy is not physical.
    TypeError : an argument is unknown, or not a number where one is needed.

    Example
    -------
    >>> experiment(lightest_mass=0.02).masses.round(4).tolist()
    [0.02, 0.0218, 0.0543]
    """
    check_settings(options)
    record = _record(atom)
    if not isinstance(normalisation, str) or normalisation not in NORMALISATIONS:
        raise ValueError(f"normalisation: expected one of {', '.join(NORMALISATIONS)}, got {shown(normalisation)}")
    level = record.E_eg if E_eg is None else _level("E_eg", E_eg)
    energies = photon_energies("frequencies", frequencies, level)
    if masses is None:
        masses = neutrino_masses(oscillation, check_lightest("lightest_mass", lightest_mass))
    states = np.array(real_vector("masses", masses, "eV", scalar=False))
    if axial is None:
        axial = axial_couplings(mixing_matrix(oscillation, majorana_phases))
    virtual = record.E_vg if E_vg is None else _intermediate(E_vg)
    return Experiment(
        frequencies=tuple(energies.tolist()),
        exposure_days=positive_number("exposure_days", exposure_days, "day"),
        reference_rate=reference_rate(
            record,
            volume_cm3=volume_cm3,
            density_cm3=density_cm3,
            photon_density_cm3=photon_density_cm3,
            eta=eta,
            E_eg=E_eg,
            E_vg=float(np.ravel(virtual)[0]),
            C_ev=C_ev,
        ),
        E_eg=level,
        E_vg=virtual,
        masses=states,
        axial=hermitian("axial", axial, states.size),
        nature=nature,
        normalisation=normalisation,
        options=options,
    )


def check_settings(given: Iterable[str], *further: str) -> None:
    """Raise ``TypeError`` if a name is neither a setting of :func:`experiment` nor one of ``further``.

    Parameters
    ----------
    given : names of settings.
    further : what else the caller takes.

    Example
    -------
    >>> check_settings(["eta", "vector"], *GROUPS)
    """
    allowed = (*(name for name in signature(experiment).parameters if name != "options"), *OPTIONS, *further)
    unknown = [name for name in given if name not in allowed]
    if unknown:
        raise TypeError(f"unknown setting {unknown[0]!r}: allowed are {', '.join(allowed)}")


def events(frequencies: ArrayLike = GP23B_FREQUENCIES, *, weak: bool = True, **settings: Any) -> EventCounts:
    """Return the expected photons at each photon energy: ``N = Gamma_0 I(omega) eta T`` (GP22 31, GP23b 4.1).

    Parameters
    ----------
    frequencies : photon energies [eV], each with the same exposure; default the nine of GP23b.
    weak : ``False`` leaves the weak current out.
    settings : the settings of :func:`experiment` (target, exposure, masses) and the coupling groups of
        :data:`GROUPS` as the evaluator takes them. Xenon needs ``C_ev``: its default is that of the papers, which is 4 or
        12 times too large (see :func:`reference_rate`).

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
    check_settings(settings, "weak", *GROUPS)
    groups = {name: settings.pop(name) for name in GROUPS if name in settings}
    run = experiment(frequencies=frequencies, **settings)
    spectrum = run.spectrum(weak=weak, **groups)
    return EventCounts(
        frequencies=np.array(run.frequencies),
        counts=run.counts_of(spectrum),
        spectral_function=spectrum,
        exposure_days=run.exposure_days,
        reference_rate=run.reference_rate,
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


def photon_energies(name: str, values: ArrayLike, E_eg: float) -> FloatArray:
    """Return photon energies [eV] as an array of shape (k,), a lone one as one of a list.

    Raises
    ------
    TypeError, ValueError : no numbers, none at all, or one outside of 0 < omega < E_eg/2.

    Example
    -------
    >>> photon_energies("reference", 1.067, 2.14).tolist()
    [1.067]
    """
    energies = np.atleast_1d(real_numbers(name, values, "eV"))
    if energies.ndim != 1 or energies.size == 0:
        raise ValueError(f"{name}: expected a non-empty list of photon energies, got shape {energies.shape}")
    bad = energies[~((energies > 0) & (energies < E_eg / 2))]
    if bad.size:
        raise ValueError(f"{name}: expected 0 < omega < E_eg/2 = {E_eg / 2:.7g} eV, got {float(bad[0])!r}")
    return energies


def _level(name: str, energy: float) -> float:
    """Return the energy of a level [eV], positive and in the supported range."""
    level = positive_number(name, energy, "eV")
    supported(name, level)
    return level


def _intermediate(energies: ArrayLike) -> float | FloatArray:
    """Return the energy of one intermediate state as a number, those of several as an array."""
    values = real_numbers("E_vg", energies, "eV")
    if values.ndim > 1 or values.size == 0:
        raise ValueError(f"E_vg: expected one energy or a non-empty list, got shape {values.shape}")
    checked = [_level("E_vg", value) for value in np.atleast_1d(values).tolist()]
    return np.array(checked) if values.ndim else checked[0]


def _record(atom: Atom | str) -> Atom:
    if isinstance(atom, Atom):
        return atom
    if not isinstance(atom, str):
        raise TypeError(f"atom: expected a symbol or a record of renp.ATOMS, got {type(atom).__name__}")
    return ATOMS[atom]
