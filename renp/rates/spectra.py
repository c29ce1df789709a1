"""The spectrum study: one target, one set of neutrino parameters, the spectral function over photon energies.

In: names and numbers that a physicist chooses. Out: a frozen ``Spectrum`` that knows its thresholds and inputs, and
writes itself as CSV or JSON. The physics is in ``renp_generated.spectral_function``; nothing is derived here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derivations import atom as atom_derivations
from renp.inputs.atoms import ATOMS, Atom
from renp.inputs.checks import real_numbers
from renp.inputs.oscillation import (
    axial_couplings,
    check_lightest,
    check_ordering,
    default_set,
    masses,
    mixing_matrix,
)
from renp_generated import spectral_function
from renp_generated.runtime.arguments import real_number, real_vector, shown, supported

__all__ = [
    "CHAINS",
    "NATURES",
    "POLARISATIONS",
    "Spectrum",
    "Threshold",
    "default_energies",
    "pair_thresholds",
    "spectrum",
]

NATURES: Final[tuple[str, str]] = ("dirac", "majorana")
"""The two natures of the neutrino."""

CHAINS: Final[tuple[str, str]] = ("averaged", "exact")
"""How magnetic numbers are treated: averaged independently as in the papers, or summed coherently over |v>."""

POLARISATIONS: Final[dict[str, tuple[complex, complex, complex]]] = {
    "linear": (1, 0, 0),
    "circular+": (1, 1j, 0),
    "circular-": (1, -1j, 0),
}
"""Photon polarisations by name, Cartesian with the pair momentum along +z and the photon along -z."""


@dataclass(frozen=True)
class Threshold:
    """The photon energy below which the pair (i, j) can be emitted.

    Parameters
    ----------
    i, j : mass states, counted from 1, i <= j.
    omega : threshold [eV].

    Example
    -------
    >>> pair_thresholds(2.0, [0.1, 0.2])[0].omega
    0.99
    """

    i: int
    j: int
    omega: float


def pair_thresholds(E_eg: float, neutrino_masses: ArrayLike) -> tuple[Threshold, ...]:
    """Return ``omega_ij = E_eg/2 - (m_i + m_j)^2 / (2 E_eg)`` for i <= j, highest first.

    Parameters
    ----------
    E_eg : energy of |e> above |g> [eV].
    neutrino_masses : (n,) masses [eV].

    Raises
    ------
    ValueError : an energy that is not positive; masses that are none, negative or not finite; either outside the supported
        range.

    Example
    -------
    >>> [(t.i, t.j) for t in pair_thresholds(2.14349, [0.01, 0.02, 0.03])]
    [(1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3)]
    """
    energy = real_number("E_eg", E_eg, "eV")
    if energy <= 0:
        raise ValueError(f"E_eg must be a positive energy in eV, found {energy!r}")
    supported("E_eg", energy)
    values = real_vector("neutrino_masses", neutrino_masses, "eV", scalar=False)
    if min(values) < 0:
        raise ValueError(f"neutrino_masses must not be negative, found {min(values)!r}")
    supported("neutrino_masses", *values, zero=True)
    found = [
        Threshold(i + 1, j + 1, energy / 2 - (values[i] + values[j]) ** 2 / (2 * energy))
        for i in range(len(values))
        for j in range(i, len(values))
    ]
    return tuple(sorted(found, key=lambda threshold: (-threshold.omega, threshold.i, threshold.j)))


def default_energies(E_eg: float, thresholds: tuple[Threshold, ...]) -> NDArray[np.float64]:
    """Return 400 photon energies [eV] that show every threshold: from well below the lowest to just above the highest.

    Parameters
    ----------
    E_eg : energy of |e> above |g> [eV].
    thresholds : of the pairs, highest first; those at or below 0 never open and do not count.

    Raises
    ------
    ValueError : no pair ever opens.

    Example
    -------
    >>> shown = default_energies(2.0, pair_thresholds(2.0, [0.1, 0.2]))
    >>> shown[[0, -1]].round(3).tolist()
    [0.9, 0.995]
    """
    edges = [threshold.omega for threshold in thresholds if threshold.omega > 0]
    if not edges:
        raise ValueError(
            "omega: no photon energy lies below a pair threshold, the neutrinos are too heavy to be emitted"
        )
    end = E_eg / 2
    start = max(edges[-1] - 1.5 * (end - edges[-1]), edges[-1] / 2)
    # Half-way to the end of the spectrum, but visibly below it: a massless pair has its threshold there.
    stop = min(edges[0] + (end - edges[0]) / 2, end - 0.002 * (end - start))
    return np.linspace(start, stop, 400)


@dataclass(frozen=True, eq=False)
class Spectrum:
    """A computed spectrum and everything that it was computed from.

    Parameters
    ----------
    omega : photon energies [eV], shape (count,), read-only.
    I : spectral function, dimensionless, same shape, read-only.
    thresholds : pair thresholds, highest first.
    masses : (m1, m2, m3) [eV].
    atom, ordering, nature, oscillation, chain, polarisation : names of what was chosen.
    lightest : lightest mass [eV].
    majorana_phases : (alpha21, alpha31) [rad].

    Example
    -------
    >>> result = spectrum("Yb", lightest=0.01, omega=[1.06, 1.07])
    >>> result.I.shape, len(result.thresholds)
    ((2,), 6)
    """

    omega: NDArray[np.float64]
    I: NDArray[np.float64]  # noqa: E741 - the spectral function's symbol in every paper
    thresholds: tuple[Threshold, ...]
    masses: tuple[float, ...]
    atom: str
    ordering: str
    nature: str
    oscillation: str
    chain: str
    polarisation: str
    lightest: float
    majorana_phases: tuple[float, float]

    @property
    def remark(self) -> str:
        """What a curve of zeros means, in words; empty if there is a spectrum to see."""
        if self.I.any() or not self.omega.size:
            return ""
        top = self.thresholds[0].omega
        if top > 0 and float(self.omega.min()) >= top:
            return f"I = 0: all photon energies lie above every pair threshold, the highest is {top:.7g} eV"
        return "I = 0: no pair is emitted at these photon energies"

    def to_csv(self) -> bytes:
        """Return the spectrum as CSV: header ``omega_eV,I``, one line per point, numbers that read back exactly."""
        rows = zip(self.omega.tolist(), self.I.tolist(), strict=True)
        lines = ["omega_eV,I", *(f"{omega!r},{value!r}" for omega, value in rows), ""]
        return "\n".join(lines).encode("ascii")

    def to_json(self) -> bytes:
        """Return the spectrum as a JSON object with inputs, thresholds and units."""
        record = {
            "omega": self.omega.tolist(),
            "I": self.I.tolist(),
            "units": {"omega": "eV", "I": "1", "masses": "eV", "lightest": "eV", "majorana_phases": "rad"},
            "thresholds": [{"i": t.i, "j": t.j, "omega": t.omega} for t in self.thresholds],
            "masses": list(self.masses),
            "atom": self.atom,
            "ordering": self.ordering,
            "nature": self.nature,
            "oscillation": self.oscillation,
            "chain": self.chain,
            "polarisation": self.polarisation,
            "lightest": self.lightest,
            "majorana_phases": list(self.majorana_phases),
        }
        return (json.dumps(record, allow_nan=False, indent=1) + "\n").encode("ascii")


def spectrum(
    atom: str,
    *,
    lightest: float,
    omega: ArrayLike | None = None,
    ordering: str = "normal",
    nature: str = "dirac",
    oscillation: str | None = None,
    majorana_phases: tuple[float, float] = (0.0, 0.0),
    chain: str = "averaged",
    polarisation: str = "linear",
    **interactions: Any,
) -> Spectrum:
    """Compute the spectral function of one target over photon energies.

    Parameters
    ----------
    atom : symbol in ``ATOMS``, for example ``"Yb"``.
    lightest : mass of the lightest neutrino [eV].
    omega : photon energies [eV], each strictly between 0 and E_eg/2, shape (count,); default :func:`default_energies`.
    ordering : ``"normal"`` or ``"inverted"``.
    nature : ``"dirac"`` or ``"majorana"``.
    oscillation : name of an oscillation set; NuFIT 6.0 of the ordering by default.
    majorana_phases : (alpha21, alpha31) [rad]; they matter for Majorana neutrinos alone.
    chain : ``"averaged"`` over all magnetic numbers as in the papers, or the ``"exact"`` coherent chain.
    polarisation : of the photon, a key of ``POLARISATIONS``; used by the exact chain.
    **interactions : passed on to ``spectral_function``, for example ``vector={...}``.

    Raises
    ------
    ValueError, TypeError : an input outside what is allowed; the message names it.

    Example
    -------
    >>> result = spectrum("Yb", lightest=0.01, nature="majorana", omega=[1.06])
    >>> bool(result.I[0] > 0)
    True
    """
    target = ATOMS[atom]
    _choose(nature, NATURES, "nature")
    _choose(chain, CHAINS, "chain")
    _choose(polarisation, tuple(POLARISATIONS), "polarisation")
    parameters = default_set(ordering) if oscillation is None else oscillation
    floor = check_lightest("lightest", lightest)
    neutrino_masses = masses(parameters, floor, check_ordering(ordering))
    mixing = mixing_matrix(parameters, majorana_phases)
    alpha21, alpha31 = real_vector("majorana_phases", majorana_phases, "rad")
    thresholds = pair_thresholds(target.E_eg, neutrino_masses)
    energies = check_energies(default_energies(target.E_eg, thresholds) if omega is None else omega, target)
    values = spectral_function(
        energies,
        E_eg=target.E_eg,
        E_vg=target.E_vg,
        masses=neutrino_masses,
        axial=axial_couplings(mixing),
        nature=nature,
        atomic_tensor=_exact_tensor(target, polarisation) if chain == "exact" else None,
        **interactions,
    )
    energies.setflags(write=False)
    values.setflags(write=False)
    return Spectrum(
        omega=energies,
        I=values,
        thresholds=thresholds,
        masses=tuple(neutrino_masses.tolist()),
        atom=atom,
        ordering=ordering,
        nature=nature,
        oscillation=parameters if isinstance(parameters, str) else parameters.name,
        chain=chain,
        polarisation=polarisation,
        lightest=floor,
        majorana_phases=(alpha21, alpha31),
    )


def check_energies(omega: ArrayLike, target: Atom) -> NDArray[np.float64]:
    """Return a copy of ``omega`` if every energy lies strictly between 0 and E_eg/2; raise ``ValueError`` otherwise.

    Example
    -------
    >>> check_energies([1.06], ATOMS["Yb"]).tolist()
    [1.06]
    """
    energies = np.array(real_numbers("omega", omega, "eV"))
    if energies.ndim != 1:
        raise ValueError(f"omega must be one-dimensional, found shape {energies.shape}")
    outside = ~((energies > 0) & (energies < target.E_eg / 2))
    if outside.any():
        raise ValueError(
            f"omega must lie strictly between 0 and E_eg/2 = {target.E_eg / 2:.7g} eV of {target.symbol}, "
            f"found {float(energies[outside][0])!r}"
        )
    return energies


def _choose(value: str, allowed: tuple[str, ...], name: str) -> None:
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"unknown {name} {shown(value)}: use {' or '.join(repr(choice) for choice in allowed)}")


def _exact_tensor(target: Atom, polarisation: str) -> NDArray[np.complex128]:
    tensor = atom_derivations.atomic_tensor(target.J_e, target.J_v, target.J_g, POLARISATIONS[polarisation])
    return np.array([[complex(entry) for entry in row] for row in tensor.tolist()])
