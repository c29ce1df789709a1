"""All probes of one set of interactions beside pair emission: scattering, decays and the lines of bosons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import arguments as checks
from .boson import BosonTables, Line, line
from .decays import DecayTables, Neutrinos, plasmon_widths, radiative_decay
from .scattering import NATURES, ScatteringFunctions, energies, index, positive

POLARISATIONS = ("transverse", "longitudinal")
LINE = ("mass", "E_eg", "E_vg", "atomic_tensor", "pair_step", "dipole_length", "m1")
"""The arguments of :meth:`ProbeFunctions.boson_line` beside the couplings."""


@dataclass(frozen=True, eq=False)
class ProbeFunctions(ScatteringFunctions):
    """Every process but pair emission for one set of interactions; keywords are those of the groups.

    Attributes
    ----------
    decay, plasmon : the tables of radiative decay and of plasmon decay.
    bosons : the tables of each boson that can be emitted.
    """

    decay: DecayTables
    plasmon: DecayTables
    bosons: tuple[BosonTables, ...]

    def radiative_decay(self, /, i: int, j: int, **given: Any) -> tuple[float, float]:
        """Return the width [eV] of nu_i -> nu_j gamma and the photon's asymmetry; see the generated function."""
        return radiative_decay(self.decay, *self._decaying(i, j, given))

    def radiative_decay_exact(self, /, i: int, j: int, *, number: Any, pi: Any, **given: Any) -> tuple[Any, Any]:
        """Return the same in the arithmetic of ``number`` and ``pi``."""
        from .decays_exact import radiative_decay_exact

        return radiative_decay_exact(self.decay, *self._decaying(i, j, given), number, pi)

    def plasmon_decay(self, /, energy: Any, momentum: Any, **given: Any) -> NDArray[np.float64]:
        """Return the (n, n) widths [eV] of a plasmon into pairs of neutrinos; see the generated function."""
        return plasmon_widths(self.plasmon, *self._plasmon(energy, momentum, given))

    def plasmon_decay_exact(
        self, /, energy: float, momentum: float, *, number: Any, root: Any, pi: Any, **given: Any
    ) -> list[list[Any]]:
        """Return the same for one plasmon, as rows, in the arithmetic of ``number``, ``root`` and ``pi``."""
        from .decays_exact import plasmon_widths_exact

        E, k, neutrinos = self._plasmon(energy, momentum, given)
        if E.shape or k.shape:
            raise ValueError(f"energy and momentum must be one number each, found shapes {E.shape} and {k.shape}")
        return plasmon_widths_exact(self.plasmon, float(E), float(k), neutrinos, number, root, pi)

    def boson_line(self, /, group: str, **given: Any) -> tuple[float, float]:
        """Return omega_0 [eV] and S [eV] of a boson's line ``I = S delta(omega - omega_0)``; see the generated function."""
        return line(self._line(group, given))

    def boson_line_exact(self, /, group: str, *, number: Any, pi: Any, **given: Any) -> tuple[Any, Any]:
        """Return the same in the arithmetic of ``number`` and ``pi``."""
        from .decays_exact import line_exact

        return line_exact(self._line(group, given), number, pi)

    def _decaying(self, i: Any, j: Any, given: Mapping[str, Any]) -> tuple[int, int, Neutrinos]:
        """Return the checked arguments of a decay."""
        neutrinos = self._photon(given, ())
        masses = neutrinos.masses
        first, second = (index(label, value, len(masses)) for label, value in (("i", i), ("j", j)))
        if not masses[first] > masses[second]:
            raise ValueError(
                f"nu_i must be heavier than nu_j to decay into it, found masses[{first}] = {masses[first]!r} and"
                f" masses[{second}] = {masses[second]!r}"
            )
        for group, name in self.decay.unconserved:
            matrix = neutrinos.groups.get(group, {}).get(name)
            if matrix is not None and (matrix[second, first] or (neutrinos.majorana and matrix[first, second])):
                raise ValueError(
                    f"{group}[{name!r}] must be 0 between {first} and {second}: its current is not conserved between neutrinos of"
                    " different masses, and a real photon meets none such"
                )
        return first, second, neutrinos

    def _plasmon(
        self, energy: Any, momentum: Any, given: Mapping[str, Any]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], Neutrinos]:
        """Return the checked arguments of a plasmon's decay."""
        neutrinos = self._photon(given, ("polarisation",))
        # One of two transverse states, and the longitudinal one: their widths differ by Z alone, which stands outside.
        checks.choice("polarisation", given.get("polarisation", "transverse"), POLARISATIONS)
        E, k = (np.asarray(energies(label, value)) for label, value in (("energy", energy), ("momentum", momentum)))
        for label, array, zero in (("energy", E, False), ("momentum", k, True)):
            bad = array[(array < 0) if zero else (array <= 0)]
            if bad.size:
                raise ValueError(f"{label} must {'not be negative' if zero else 'be positive'}, found {float(bad.flat[0])!r}")
            checks.supported(label, *((float(array.min()), float(array.max())) if array.size else ()), zero=zero)
        try:
            np.broadcast_shapes(E.shape, k.shape)
        except ValueError:
            raise ValueError(f"energy and momentum must broadcast, found shapes {E.shape} and {k.shape}") from None
        return E, k, neutrinos

    def _line(self, group: str, given: Mapping[str, Any]) -> Line:
        """Return the checked arguments of a boson's line."""
        names = tuple(boson.group for boson in self.bosons)
        if group not in names:
            allowed = ", ".join(names) or "none: no interaction has a massive boson of spin 0 or 1"
            raise ValueError(f"group must be one of {allowed}, found {checks.shown(group)}")
        boson = self.bosons[names.index(group)]
        unknown = [name for name in given if name not in (*LINE, *boson.couplings)]
        if unknown:
            allowed = ", ".join((*LINE, *boson.couplings))
            raise TypeError(f"there is no argument {unknown[0]!r} for {group}; allowed are {allowed}")
        missing = [name for name in LINE[:3] if name not in given]
        if missing:
            raise TypeError(f"the argument {missing[0]} is missing")
        E_eg, E_vg = (positive(name, given[name]) for name in ("E_eg", "E_vg"))
        checks.supported("E_eg", E_eg)
        if E_vg <= E_eg:
            raise ValueError(f"E_vg must lie above E_eg = {E_eg:.10g} eV: the pair step must be virtual, found {E_vg!r}")
        checks.supported("E_vg", E_vg)
        mass = checks.real_number("mass", given["mass"], "eV")
        if not 0 <= mass < E_eg:
            raise ValueError(f"mass must lie from 0 to below E_eg = {E_eg:.7g} eV: a heavier boson is not emitted, found {mass!r}")
        checks.supported("mass", mass, zero=True)
        return Line(
            boson,
            self.decay.constants,
            mass,
            E_eg,
            E_vg,
            checks.tensor_weights(given.get("atomic_tensor")),
            checks.choice("pair_step", given.get("pair_step", "M1"), ("M1", "E1")),
            checks.real_number("dipole_length", given.get("dipole_length", 1.0), "Bohr radii"),
            checks.choice("m1", given.get("m1", "spin"), checks.M1) == "full",
            {name: checks.real_number(name, given[name]) for name in boson.couplings if name in given},
        )

    def _photon(self, given: Mapping[str, Any], names: tuple[str, ...]) -> Neutrinos:
        """Return the checked masses, their nature, and the groups that a photon couples to."""
        photon = {term.group for term in self.plasmon.terms}
        groups = [group for group in self.groups if group.name in photon]
        allowed = ("masses", *(group.keyword for group in groups), "nature", *names)
        unknown = [name for name in given if name not in allowed]
        if unknown:
            raise TypeError(f"there is no argument {unknown[0]!r}; allowed are {', '.join(allowed)}")
        if given.get("masses") is None:
            raise TypeError("the argument masses is missing")
        masses = checks.real_vector("masses", given["masses"], "eV", scalar=False)
        if any(mass < 0 for mass in masses):
            raise ValueError(f"masses must be non-negative, found {min(masses)!r}")
        checks.supported("masses", *masses, zero=True)
        majorana = checks.choice("nature", given.get("nature", "dirac"), NATURES) == "majorana"
        entries = {
            group.name: checks.entries(group, given[group.keyword], len(masses))
            for group in groups
            if given.get(group.keyword) is not None
        }
        return Neutrinos(masses, majorana, entries)
