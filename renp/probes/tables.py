"""What a probe of the interactions measures, as a table in the units of its field: cm^2/keV, 1/s, s.

In: the evaluators of a model, neutrinos, couplings, a target. Out: :class:`ProbeTable`. Energies are taken in eV.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import pi
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.checks import positive_number, real_numbers
from renp.inputs.constants import ELECTRON_MASS, HBAR_C_EV_CM, HBAR_EV_S
from renp.inputs.oscillation import ACTIVE_FLAVOURS, axial_couplings, vector_couplings
from renp.inputs.targets import Nucleus
from renp_generated.probes import recoil_range, threshold
from renp_generated.runtime.arguments import choice, shown
from renp_generated.runtime.probes import POLARISATIONS, ProbeFunctions

__all__ = [
    "FORM_FACTORS",
    "LABELS",
    "Beam",
    "ProbeTable",
    "boson_table",
    "decay_table",
    "helm_form_factor",
    "plasmon_table",
    "scattering_table",
]

FloatArray = NDArray[np.float64]

CM2_PER_KEV: Final = HBAR_C_EV_CM**2 * 1e3
"""cm^2/keV in an inverse eV^3."""
FORM_FACTORS: Final = ("helm", "point")
"""Nuclear form factors: Helm's, or 1 at all momenta."""
LABELS: Final[Mapping[str, str]] = {
    "T_keV": "recoil T [keV]",
    "dsigma_dT_cm2_per_keV": "d sigma/dT [cm^2/keV]",
    "weak_cm2_per_keV": "weak current alone [cm^2/keV]",
    "parent": "nu_i",
    "daughter": "nu_j",
    "width_per_s": "width [1/s]",
    "lifetime_s": "lifetime [s]",
    "asymmetry": "asymmetry",
    "energy_eV": "plasmon energy [eV]",
    "momentum_eV": "plasmon momentum [eV]",
    "boson": "boson",
    "mass_eV": "mass [eV]",
    "omega_eV": "photon energy omega_0 [eV]",
    "strength_eV": "strength S [eV]",
}
"""Headings of columns."""

_POINTS: Final = 31
_SPAN: Final = 1e4
"""Highest over lowest recoil of a table; the term of a moment grows like 1/T down to T = 0."""
_SKIN_FM: Final = 0.9
_DIFFUSENESS_FM: Final = 0.52
_HELM_FM: Final = (1.23, -0.60)
"""Skin s, diffuseness a, and c = 1.23 A^(1/3) - 0.60, in fm: J. D. Lewin, P. F. Smith, Astropart. Phys. 6 (1996) 87."""
_HBAR_C_EV_FM: Final = HBAR_C_EV_CM * 1e13


@dataclass(frozen=True)
class ProbeTable:
    """What a probe measures.

    Parameters
    ----------
    columns : numbers and words by the name of the column, see :data:`LABELS`.
    notes : what a reader should know besides.
    """

    columns: Mapping[str, Sequence[Any]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Beam:
    """Neutrinos that come in.

    Parameters
    ----------
    energy : total energy [eV].
    masses : (n,) masses [eV].
    mixing : (3, n) mixing matrix, rows e, mu, tau.
    state : a flavour, ``"e"``, ``"mu"`` or ``"tau"``, at its birth; or a mass state, counted from 1.
    outgoing : a mass state that goes out, counted from 1; by default the sum over all.
    antineutrino, helicity, nature : as of ``renp_generated.probes``.
    """

    energy: float
    masses: FloatArray
    mixing: NDArray[np.complex128]
    state: str | int = "e"
    outgoing: int | None = None
    antineutrino: bool = False
    helicity: str | None = None
    nature: str = "dirac"

    @property
    def arguments(self) -> dict[str, Any]:
        """The keywords of a cross section."""
        return {
            "energy": self.energy,
            "masses": self.masses,
            "incoming": self._incoming(),
            "outgoing": None if self.outgoing is None else self._index("outgoing", self.outgoing),
            "antineutrino": self.antineutrino,
            "helicity": self.helicity,
            "nature": self.nature,
        }

    def channels(self) -> list[tuple[float, float]]:
        """Return the masses [eV] of what comes in and goes out; a flavour state has massless kinematics."""
        if isinstance(self.state, str):
            return [(0.0, 0.0)]
        before = float(self.masses[self._index("mass state", self.state)])
        after = self.masses if self.outgoing is None else [self.masses[self._index("outgoing", self.outgoing)]]
        return [(before, float(mass)) for mass in after]

    def _incoming(self) -> Any:
        if not isinstance(self.state, str):
            return self._index("mass state", self.state)
        row = self.mixing[ACTIVE_FLAVOURS.index(choice("flavour", self.state, ACTIVE_FLAVOURS[: len(self.mixing)]))]
        return row if self.antineutrino else row.conj()

    def _index(self, name: str, state: int) -> int:
        n = len(self.masses)
        if not 1 <= state <= n:
            raise ValueError(f"{name}: expected a mass state from 1 to {n}, got {shown(state)}")
        return state - 1


def helm_form_factor(recoil: ArrayLike, target: Nucleus) -> FloatArray:
    """Return Helm's form factor of a nucleus at recoils T [eV], same shape: ``3 j_1(qR)/(qR) exp(-(qs)^2/2)``, q^2 = 2 M T.

    Example
    -------
    >>> from renp.inputs.targets import NUCLEI
    >>> helm_form_factor([0.0, 1e4], NUCLEI["132Xe"]).round(3).tolist()
    [1.0, 0.78]
    """
    q = np.sqrt(2 * target.mass * np.maximum(real_numbers("recoil", recoil, "eV"), 0.0)) / _HBAR_C_EV_FM
    c = _HELM_FM[0] * target.A ** (1 / 3) + _HELM_FM[1]
    x = q * np.sqrt(c**2 + 7 / 3 * (pi * _DIFFUSENESS_FM) ** 2 - 5 * _SKIN_FM**2)
    near = np.where(x > 0.1, x, 1.0)
    # The difference cancels for small x.
    ball = np.where(x > 0.1, 3 * (np.sin(near) - near * np.cos(near)) / near**3, 1 - x**2 / 10 + x**4 / 280)
    return np.asarray(ball * np.exp(-((q * _SKIN_FM) ** 2) / 2))


def scattering_table(
    functions: ProbeFunctions,
    target: Nucleus | None,
    beam: Beam,
    groups: Mapping[str, Mapping[str, Any]],
    *,
    coherent: bool = False,
    recoil: ArrayLike | None = None,
    form_factor: str = "helm",
    nuclear: Mapping[str, float] | None = None,
) -> ProbeTable:
    """Return ``d sigma/dT`` [cm^2/keV] on electrons, or coherently on a nucleus, with and without new couplings.

    Parameters
    ----------
    functions : evaluators of a model.
    target : the nucleus, or the atom whose electrons are struck; None for one electron.
    beam : what comes in.
    groups : couplings, as the evaluators take them.
    coherent : the nucleus is struck as a whole.
    recoil : kinetic energies T [eV]; by default the range that kinematics allows, over four decades.
    form_factor : one of :data:`FORM_FACTORS`, of nuclei.
    nuclear : charges of the nucleus under mediators.

    Raises
    ------
    ValueError, TypeError : one line that names the argument.

    Example
    -------
    >>> from renp_generated.probes import FUNCTIONS
    >>> table = scattering_table(FUNCTIONS, None, Beam(1e6, np.zeros(3), np.eye(3)), {}, recoil=[1e5, 1e6])
    >>> [f"{value:.3g}" for value in table.columns["dsigma_dT_cm2_per_keV"]]
    ['9.56e-48', '0']
    """
    positive_number("energy", beam.energy, "eV")
    struck = _struck(target) if coherent else ELECTRON_MASS
    points, notes = _recoils(beam, struck, recoil)
    given = beam.arguments
    if coherent and target is not None:
        shape = choice("form_factor", form_factor, FORM_FACTORS)
        given |= {"Z": target.Z, "N": target.N, "nucleus_mass": struck, "nuclear": nuclear}
        given |= {"weak": beam.mixing.conj().T @ beam.mixing}
        given["form_factor"] = helm_form_factor(points, target) if shape == "helm" else 1.0
        function, number = functions.coherent_scattering, 1
        if target.spin:
            notes = (
                *notes,
                f"{target.symbol} has spin {target.spin}, the formula is that of spin 0: the axial current and terms of"
                " order T/E are missing",
            )
    else:
        given |= {"axial": axial_couplings(beam.mixing), "vector_weak": vector_couplings(beam.mixing)}
        function, number = functions.electron_scattering, 1 if target is None else target.Z
        if target is not None:
            notes = (*notes, f"{target.Z} free electrons of {target.symbol}: their binding is left out")
    scale = CM2_PER_KEV * number
    columns = {
        "T_keV": (points / 1e3).tolist(),
        "dsigma_dT_cm2_per_keV": (scale * function(points, **given, **groups)).tolist(),
    }
    if groups:
        given.pop("nuclear", None)
        columns["weak_cm2_per_keV"] = (scale * function(points, **given)).tolist()
    return ProbeTable(columns, notes)


def _struck(target: Nucleus | None) -> float:
    """Return the mass of a nucleus that is struck as a whole; ``ValueError`` where it is none."""
    if target is None:
        raise ValueError("target: coherent scattering needs a nucleus, got electron; electron_scattering is for it")
    if target.A == 1:
        raise ValueError(
            f"target: {target.symbol} is one nucleon of spin {target.spin}, and coherent scattering is for nuclei of spin 0"
        )
    return target.mass


def _recoils(beam: Beam, struck: float, recoil: ArrayLike | None) -> tuple[FloatArray, tuple[str, ...]]:
    """Return recoils [eV], and notes on what kinematics allows."""
    channels = beam.channels()
    ranges = [found for pair in channels if (found := recoil_range(beam.energy, struck, *pair)) is not None]
    if ranges:
        low, high = min(r[0] for r in ranges), max(r[1] for r in ranges)
        note = (
            f"T lies between {low / 1e3:.6g} and {high / 1e3:.6g} keV: at both ends and outside d sigma/dT is exactly 0"
        )
    else:
        least = min(threshold(struck, *pair) for pair in channels)
        low, high = recoil_range(beam.energy, struck) or (0.0, beam.energy)
        note = f"E = {beam.energy:.6g} eV is below the threshold of {least:.6g} eV: d sigma/dT is exactly 0"
    if recoil is None:
        return np.geomspace(max(low, high / _SPAN), high, _POINTS), (note,)
    return np.atleast_1d(real_numbers("recoil", recoil, "eV")), (note,)


def decay_table(
    functions: ProbeFunctions, masses: ArrayLike, groups: Mapping[str, Mapping[str, Any]], nature: str = "dirac"
) -> ProbeTable:
    """Return widths [1/s], lifetimes [s] and photon asymmetries of ``nu_i -> nu_j gamma`` for all pairs of masses.

    Parameters
    ----------
    functions : evaluators of a model.
    masses : (n,) masses [eV].
    groups : couplings of the photon.
    nature : ``"dirac"`` or ``"majorana"``.

    Example
    -------
    >>> from renp_generated.probes import FUNCTIONS
    >>> moment = {"electromagnetic": {"mu": [[0, 1], [1, 0]]}}
    >>> round(decay_table(FUNCTIONS, [0.0, 1.0], moment).columns["width_per_s"][0], 4)
    5.3073
    """
    known = real_numbers("masses", masses, "eV")
    rows: list[tuple[int, str, float, float]] = []
    for i in np.argsort(known, kind="stable"):
        below = [
            (int(j), *functions.radiative_decay(int(i), int(j), masses=known, nature=nature, **groups))
            for j in np.flatnonzero(known < known[i])
        ]
        rows += [(int(i) + 1, str(j + 1), width / HBAR_EV_S, asymmetry) for j, width, asymmetry in below]
        if len(below) > 1:
            total = sum(width for _, width, _ in below)
            mean = sum(width * asymmetry for _, width, asymmetry in below) / total if total else 0.0
            rows.append((int(i) + 1, "all", total / HBAR_EV_S, mean))
    notes = () if rows else ("all neutrinos have the same mass: none decays",)
    if rows and not any(row[2] for row in rows):
        notes = ("no moment that acts between different masses is set: nothing decays",)
    return ProbeTable(
        {
            "parent": [row[0] for row in rows],
            "daughter": [row[1] for row in rows],
            "width_per_s": [row[2] for row in rows],
            "lifetime_s": [1 / row[2] if row[2] else float("inf") for row in rows],
            "asymmetry": [row[3] for row in rows],
        },
        notes,
    )


def plasmon_table(
    functions: ProbeFunctions,
    masses: ArrayLike,
    groups: Mapping[str, Mapping[str, Any]],
    *,
    plasmon_mass: float,
    energy: ArrayLike | None = None,
    polarisation: str = "transverse",
    nature: str = "dirac",
) -> ProbeTable:
    """Return widths [1/s] and lifetimes [s] of a plasmon into all pairs, for one polarisation state and Z = 1.

    Parameters
    ----------
    functions : evaluators of a model.
    masses : (n,) masses [eV].
    groups : couplings of the photon.
    plasmon_mass : K [eV]; about the plasma frequency for transverse plasmons.
    energy : energies [eV]; by default from K to 10 K.
    polarisation : ``"transverse"`` or ``"longitudinal"``.
    nature : ``"dirac"`` or ``"majorana"``.

    Example
    -------
    >>> from renp_generated.probes import FUNCTIONS
    >>> moment = {"electromagnetic": {"mu": [[1e-12]]}}
    >>> [f"{w:.3g}" for w in plasmon_table(FUNCTIONS, [0.0], moment, plasmon_mass=300, energy=[300, 600]).columns["width_per_s"]]
    ['4.78e-17', '2.39e-17']
    """
    K = positive_number("plasmon_mass", plasmon_mass, "eV")
    omega = np.geomspace(K, 10 * K, _POINTS) if energy is None else np.atleast_1d(real_numbers("energy", energy, "eV"))
    if energy is None:
        omega[0] = K
    if np.any(omega < K):
        raise ValueError(f"energy: expected at least the plasmon's mass of {K:g} eV, got {float(omega.min())!r}")
    momentum = np.sqrt((omega - K) * (omega + K))
    known = real_numbers("masses", masses, "eV")
    # A moving plasmon lives longer by energy over K; its K^2 from energy and momentum would lose digits and cross thresholds.
    at_rest = functions.plasmon_decay(
        K,
        0.0,
        masses=known,
        nature=nature,
        polarisation=choice("polarisation", polarisation, POLARISATIONS),
        **groups,
    )
    widths = float(at_rest.sum()) / HBAR_EV_S * (K / omega)
    notes: tuple[str, ...] = ("one polarisation state with Z = 1: multiply by the medium's Z_T or Z_L",)
    least = 2 * float(known.min())
    if least >= K:
        notes = (*notes, f"K = {K:g} eV is below the threshold of every pair, the lowest is {least:g} eV: 0")
    elif not widths.any():
        notes = (*notes, "no form factor that acts is set: nothing decays")
    with np.errstate(divide="ignore"):
        lifetimes = 1 / widths
    return ProbeTable(
        {
            "energy_eV": omega.tolist(),
            "momentum_eV": momentum.tolist(),
            "width_per_s": widths.tolist(),
            "lifetime_s": lifetimes.tolist(),
        },
        notes,
    )


def boson_table(
    functions: ProbeFunctions, groups: Mapping[str, Mapping[str, Any]], atom: Mapping[str, Any]
) -> ProbeTable:
    """Return the lines ``I = S delta(omega - omega_0)`` of an atom that emits a boson in the place of the pair.

    Parameters
    ----------
    functions : evaluators of a model.
    groups : each boson with its mass [eV] and couplings; those of neutrinos drop out.
    atom : E_eg, E_vg and the further arguments of ``boson_line``.

    Raises
    ------
    ValueError : no boson that an atom can emit; see ``boson_line``.

    Example
    -------
    >>> from renp_generated.probes import FUNCTIONS
    >>> vector = {"vector": {"mass": 0.5, "g_A": 1e-12}}
    >>> round(boson_table(FUNCTIONS, vector, {"E_eg": 2.14349, "E_vg": 2.23072}).columns["omega_eV"][0], 6)
    1.013429
    """
    bosons = {boson.group: boson for boson in functions.bosons}
    masses = {g.keyword: next((a.name for a in g.arguments if a.kind == "mass"), "") for g in functions.groups}
    chosen = {name: entries for name, entries in groups.items() if name in bosons}
    other = [name for name in groups if name not in bosons]
    if not chosen:
        known = f"allowed are {', '.join(bosons)}" if bosons else "this model has no massive boson of spin 0 or 1"
        raise ValueError(f"boson_line needs a boson with its mass and a coupling to electrons; {known}")
    rows = []
    for name, entries in chosen.items():
        couplings = {key: entries[key] for key in bosons[name].couplings if key in entries}
        mass = entries[masses[name]]
        try:
            line = functions.boson_line(name, mass=mass, **atom, **couplings)
        except ValueError as problem:
            # Its argument is an entry of the group here, under the name that the interaction gives it.
            said = str(problem)
            raise ValueError(
                f"{name}[{masses[name]!r}]{said.removeprefix('mass')}" if said.startswith("mass ") else said
            ) from None
        rows.append((name, mass, *line))
    notes = ["the line is narrower than any laser: average it over the line of the trigger"]
    notes += [f"{name} is no boson that the atom emits: it is left out" for name in other]
    notes += [f"{row[0]}: no coupling to electrons is open in this pair step, S = 0" for row in rows if not row[3]]
    names = ("boson", "mass_eV", "omega_eV", "strength_eV")
    return ProbeTable({name: [row[k] for row in rows] for k, name in enumerate(names)}, tuple(notes))
