"""The spectrum study: one target, one set of neutrino parameters, the spectral function over photon energies.

In: names and numbers that a physicist chooses. Out: a frozen ``Spectrum`` that knows its thresholds and inputs, and
writes itself as CSV or JSON. The physics is in the model's spectral function; nothing is derived here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp.inputs.atoms import Atom
from renp.inputs.checks import real_numbers
from renp.model import Model
from renp.output.tables import csv_bytes
from renp.rates.emission import EMISSION_SETTINGS, Emission, emission, split_settings
from renp.rates.idle import idle_couplings, nothing_emitted
from renp.rates.thresholds import default_energies
from renp_generated.runtime.arguments import largest_photon_energy

__all__ = ["Spectrum", "spectrum"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Spectrum(Emission):
    """A computed spectrum and everything that it was computed from.

    Its further fields are those of :class:`renp.rates.emission.Emission`.

    Parameters
    ----------
    omega : photon energies [eV], shape (count,), read-only.
    I : spectral function, dimensionless, same shape, read-only.
    couplings : the coupling groups that are switched on, as plain data.
    weak : the spectral function of the weak current alone, same shape, or ``None`` without new couplings.
    notes : couplings that add nothing, in words.

    Example
    -------
    >>> result = spectrum("Yb", lightest_mass=0.01, omega=[1.06, 1.07])
    >>> result.I.shape, len(result.thresholds)
    ((2,), 6)
    """

    omega: NDArray[np.float64]
    I: NDArray[np.float64]  # noqa: E741 - the spectral function's symbol in every paper
    couplings: Mapping[str, Mapping[str, Any]]
    weak: NDArray[np.float64] | None
    notes: tuple[str, ...]

    @property
    def remark(self) -> str:
        """What a curve of zeros means, in words; empty if there is a spectrum to see."""
        if self.I.any() or not self.omega.size:
            return ""
        return f"I = 0: {nothing_emitted(self, self.omega) or 'no pair is emitted at these photon energies'}"

    def to_csv(self) -> bytes:
        """Return the spectrum as CSV, one line per point, numbers that read back exactly.

        The header is ``omega_eV,I``; with new couplings a column ``I_weak`` holds the weak current alone.
        """
        columns = {"omega_eV": self.omega, "I": self.I} | ({} if self.weak is None else {"I_weak": self.weak})
        return csv_bytes({name: column.tolist() for name, column in columns.items()})

    def to_json(self, **further: Any) -> bytes:
        """Return the spectrum as a JSON object with inputs, thresholds and units, and further entries as plain data."""
        return (json.dumps(self.record() | further, allow_nan=False, indent=1) + "\n").encode("ascii")

    def record(self) -> dict[str, Any]:
        """Return the spectrum with inputs, thresholds and units as plain data."""
        return {
            "omega": self.omega.tolist(),
            "I": self.I.tolist(),
            **({} if self.weak is None else {"I_weak": self.weak.tolist()}),
            "units": {"omega": "eV", "I": "1", "masses": "eV", "lightest": "eV", "majorana_phases": "rad"},
            "thresholds": [{"i": t.i, "j": t.j, "omega": t.omega} for t in self.thresholds],
            "masses": self.masses.tolist(),
            "atom": self.atom,
            "ordering": self.ordering,
            "nature": self.nature,
            "oscillation": self.oscillation,
            "chain": self.chain,
            "polarisation": self.polarisation,
            "setup": self.setup,
            "lightest": self.lightest_mass,
            "majorana_phases": list(self.majorana_phases),
            "model": list(self.model.keywords),
            "couplings": self.couplings,
            "notes": [*self.remarks, *self.notes],
        }


def spectrum(
    atom: Atom | str | os.PathLike[str] | None = None,
    *,
    lightest: float | None = None,
    omega: ArrayLike | None = None,
    model: Model | None = None,
    **settings: Any,
) -> Spectrum:
    """Compute the spectral function of one target over photon energies.

    Parameters
    ----------
    atom : symbol or record of :data:`renp.ATOMS`, for example ``"Yb"``.
    lightest : short for ``lightest_mass``, the mass of the lightest neutrino [eV].
    omega : photon energies [eV], each strictly between 0 and (E_eg - K)/2, shape (count,); by default 400 that show all thresholds.
    model : the interactions; all shipped ones by default.
    settings : the further settings of :func:`renp.rates.emission.emission` (neutrinos, atomic chain) and the coupling groups
        of the model, for example ``vector={...}``.

    Raises
    ------
    ValueError, TypeError : an input outside what is allowed; the message names it.

    Example
    -------
    >>> result = spectrum("Yb", lightest=0.01, nature="majorana", omega=[1.06])
    >>> bool(result.I[0] > 0)
    True
    """
    settings, groups = split_settings(settings, model, EMISSION_SETTINGS, ["lightest", "omega"])
    if lightest is not None:
        if "lightest_mass" in settings:
            raise ValueError("lightest: it is short for lightest_mass, give one of them")
        settings["lightest_mass"] = lightest
    source = emission(atom=atom, model=model, **settings)
    energies = _energies(
        default_energies(source.E_eg, source.thresholds, source.imprinted_momentum) if omega is None else omega, source
    )
    values = source.spectral_function(energies, **groups)
    plain = _plain(source, groups)
    weak = source.spectral_function(energies) if plain else None
    for array in (energies, values, weak):
        if array is not None:
            array.setflags(write=False)
    return Spectrum(
        **vars(source),
        omega=energies,
        I=values,
        couplings=plain,
        weak=weak,
        notes=idle_couplings(source, energies, groups),
    )


def _plain(source: Emission, groups: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return coupling groups as plain data: numbers, words, and matrices as nested lists of [real, imaginary]."""
    given = {keyword: entries for keyword, entries in groups.items() if entries is not None}
    checked = source.model.functions.checked_inputs(**source.arguments(True, given)).groups
    out: dict[str, dict[str, Any]] = {}
    for keyword in given:
        group = source.model.group(keyword)
        values = {c.name: checked[group.name][c.name] for c in group.couplings}
        out[keyword] = {
            name: [[[z.real, z.imag] for z in row] for row in np.asarray(value).tolist()]
            if isinstance(value, np.ndarray)
            else value
            for name, value in values.items()
            if value is not None
        }
    return out


def _energies(omega: ArrayLike, source: Emission) -> NDArray[np.float64]:
    """Return a copy of ``omega`` if every energy leaves the pair s > 0; raise ``ValueError`` otherwise."""
    energies = np.array(real_numbers("omega", omega, "eV"))
    if energies.ndim != 1:
        raise ValueError(f"omega must be one-dimensional, found shape {energies.shape}")
    K = source.imprinted_momentum
    edge = largest_photon_energy(source.E_eg, K)
    outside = ~((energies > 0) & (energies < edge))
    if outside.any():
        raise ValueError(
            f"omega must lie strictly between 0 and {'(E_eg - imprinted_momentum)/2' if K else 'E_eg/2'} = {edge:.7g} eV of {source.atom}, "
            f"found {float(energies[outside][0])!r}"
        )
    return energies
