"""What a photon spectrum depends on besides new couplings: one atom, one set of neutrinos, one model.

In: names and numbers that a physicist chooses, the same for spectra, event counts, limits and scans. Out: a frozen
:class:`Emission`, which turns coupling groups into spectral functions, and the names of what was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derivations import atom as atom_derivations
from renp.inputs.atoms import ATOMS, Atom
from renp.inputs.checks import positive_number, real_numbers
from renp.inputs.oscillation import (
    axial_couplings,
    check_lightest,
    check_ordering,
    default_set,
    mixing_matrix,
    resolved,
)
from renp.inputs.oscillation import masses as oscillation_masses
from renp.model import Model, shipped_model
from renp_generated.runtime.arguments import FIXED, choice, hermitian, real_vector, shown, supported

__all__ = [
    "CHAINS",
    "NATURES",
    "OPTIONS",
    "POLARISATIONS",
    "Emission",
    "Group",
    "check_settings",
    "emission",
    "photon_energies",
    "split_settings",
]

FloatArray = NDArray[np.float64]
Group = Mapping[str, Any]

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

_OWN: Final = ("E_eg", "E_vg", "masses", "axial", "nature")
"""Arguments of every spectral function that an emission holds under their own names."""

_WORDS: Final = ("self", "run", "weak", "omega", "model")
"""Arguments of the calls that take coupling groups as keywords."""

OPTIONS: Final = tuple(
    name
    for name in (
        *(a.name for group in shipped_model().functions.groups if not group.keyword for a in group.arguments),
        *FIXED,
    )
    if name not in _OWN
)
"""The evaluator's further arguments, which every spectrum of an emission shares."""


@dataclass(frozen=True, kw_only=True)
class Emission:
    """One atom, one set of neutrinos and one model; the new couplings come with each call.

    Parameters
    ----------
    E_eg, E_vg : level differences [eV]; ``E_vg`` a number, or shape (k,) for k intermediate states.
    masses : neutrino masses [eV], shape (n,).
    axial : weak axial couplings, complex Hermitian, shape (n, n).
    nature : ``"dirac"`` or ``"majorana"``.
    options : further arguments of the evaluator that every spectrum shares, see :data:`OPTIONS`.
    model : the interactions.
    atom, oscillation, ordering, chain, polarisation : names of what was chosen.
    majorana_phases : (alpha21, alpha31) [rad].

    Example
    -------
    >>> yb = emission(nature="majorana")
    >>> yb.summary
    'Yb, Majorana neutrinos, normal ordering, lightest 0.01 eV, desalas-2021-benchmark, averaged chain'
    """

    E_eg: float
    E_vg: float | FloatArray
    masses: FloatArray
    axial: NDArray[np.complex128]
    nature: str = "dirac"
    options: Mapping[str, Any] = field(default_factory=dict)
    model: Model = field(default_factory=shipped_model)
    atom: str = ""
    oscillation: str = ""
    ordering: str = ""
    majorana_phases: tuple[float, float] = (0.0, 0.0)
    chain: str = "averaged"
    polarisation: str = "linear"

    @property
    def lightest_mass(self) -> float:
        """Mass of the lightest neutrino [eV]."""
        return float(np.min(self.masses))

    @property
    def pair_step(self) -> str:
        """``"M1"`` or ``"E1"``."""
        return str(self.options.get("pair_step", "M1"))

    @property
    def parts(self) -> dict[str, str]:
        """What was chosen, in words, by the setting that decides it; empty where there is nothing to say."""
        return self._parts_of_the_source()

    @property
    def summary(self) -> str:
        """What was chosen, in one line."""
        return ", ".join(part for part in self.parts.values() if part)

    @property
    def source_summary(self) -> str:
        """Atom, neutrinos and model in one line."""
        return ", ".join(part for part in self._parts_of_the_source().values() if part)

    def _parts_of_the_source(self) -> dict[str, str]:
        exact = self.chain == "exact"
        chain = "" if "atomic_tensor" in self.options else f"{self.chain} chain"
        chain = f"exact chain, {self.polarisation} light" if exact else chain
        said = ("pair_step", "atomic_tensor") if exact else ("pair_step",)
        return {
            "atom": self.atom,
            "nature": f"{self.nature.capitalize()} neutrinos",
            "ordering": f"{self.ordering} ordering" if self.ordering else "",
            "lightest_mass": f"lightest {self.lightest_mass:g} eV",
            "oscillation": self.oscillation,
            "majorana_phases": "Majorana phases {:.4g} and {:.4g} rad".format(*self.majorana_phases)
            if any(self.majorana_phases)
            else "",
            "chain": chain,
            "pair_step": f"{self.pair_step} pair step" if self.pair_step != "M1" else "",
            **{name: _in_words(name, value) for name, value in self.options.items() if name not in said},
            "model": f"model {', '.join(self.model.keywords) or 'weak current'}"
            if self.model != shipped_model()
            else "",
        }

    def spectral_function(self, omega: ArrayLike, *, weak: bool = True, **groups: Group | None) -> FloatArray:
        """Return the spectral function ``I`` at ``omega`` [eV], same shape.

        Parameters
        ----------
        omega : photon energies [eV], any shape.
        weak : ``False`` switches the weak current off.
        groups : coupling groups of the model, as its evaluator takes them.

        Raises
        ------
        ValueError : the evaluator refuses an argument, or the spectrum is not finite (a mediator exactly on its pole).
        """
        points = real_numbers("omega", omega, "eV")
        values = np.asarray(self.model.spectral_function(points, **self.arguments(weak, groups)), dtype=np.float64)
        if not np.all(np.isfinite(values)):
            at = points[~np.isfinite(values)].ravel()[0]
            raise ValueError(
                f"spectral function is not finite at omega = {at!r} eV: the mediator is on its pole, give a width"
            )
        return values

    def arguments(self, weak: bool, groups: Mapping[str, Group | None]) -> dict[str, Any]:
        """Return the arguments of the model's evaluators; ``ValueError`` for a group that the model has not."""
        for name in groups:
            self.model.group(name)
        return {
            "E_eg": self.E_eg,
            "E_vg": self.E_vg,
            "masses": self.masses,
            "axial": self.axial if weak else np.zeros_like(self.axial),
            "nature": self.nature,
            **groups,
            **{name: value for name, value in self.options.items() if weak or name != "vector_weak"},
        }


def emission(
    *,
    atom: Atom | str = "Yb",
    E_eg: float | None = None,
    E_vg: ArrayLike | None = None,
    oscillation: str | None = None,
    ordering: str | None = None,
    lightest_mass: float = 0.01,
    masses: ArrayLike | None = None,
    mixing: ArrayLike | None = None,
    axial: ArrayLike | None = None,
    majorana_phases: tuple[float, float] = (0.0, 0.0),
    nature: str = "dirac",
    chain: str = "averaged",
    polarisation: str = "linear",
    model: Model | None = None,
    **options: Any,
) -> Emission:
    """Collect atom, neutrinos and model; the defaults are those of every study.

    Parameters
    ----------
    atom : symbol or record of :data:`renp.ATOMS`.
    E_eg, E_vg : level differences [eV] instead of the atom's, for example as rounded by a paper. ``E_vg`` may be (k,) with
        ``intermediate_amplitudes``; the first state is the one whose width normalises the rate, so its amplitude is 1.
    oscillation : name of an oscillation set; by default that of the papers, and NuFIT 6.0 for the inverted ordering.
    ordering : ``"normal"`` or ``"inverted"``, by default that of the set.
    lightest_mass : lightest neutrino mass [eV].
    masses : explicit masses [eV], shape (n,), instead of those of the oscillation set.
    mixing : explicit mixing matrix, (active flavours, n), rows e, mu, tau, instead of that of the oscillation set.
    axial : explicit axial couplings, (n, n), instead of those that the mixing gives.
    majorana_phases : ``(alpha21, alpha31)`` [rad] of the oscillation set's mixing matrix.
    nature : ``"dirac"`` or ``"majorana"``.
    chain : ``"averaged"`` over all magnetic numbers as in the papers, or the ``"exact"`` coherent chain.
    polarisation : of the photon, a key of :data:`POLARISATIONS`; for the exact chain.
    model : the interactions; all shipped ones by default.
    options : further arguments of the evaluator, see :data:`OPTIONS`.

    Raises
    ------
    ValueError, TypeError : an argument is unknown, out of range, or says again what another one says.

    Example
    -------
    >>> emission(masses=[0.0, 0.01, 0.05, 1.0], mixing=np.eye(3, 4)).axial.shape
    (4, 4)
    """
    check_settings(options, OPTIONS)
    record = atom_record(atom)
    own = shipped_model() if model is None else model
    if not isinstance(own, Model):
        raise TypeError(f"model: expected what renp.Model returns, got {shown(own)}")
    nature = choice("nature", nature, NATURES, "for all neutrinos alike (Majorana next to Dirac is out of scope)")
    phases = real_vector("majorana_phases", majorana_phases, "rad")
    if any(phases) and (mixing is not None or axial is not None):
        raise ValueError(
            "majorana_phases: they belong to an oscillation set; own mixing or axial couplings hold theirs"
        )
    if mixing is not None and axial is not None:
        raise ValueError("mixing: give either the mixing matrix or the axial couplings")
    chosen = default_set("normal" if ordering is None else ordering) if oscillation is None else resolved(oscillation)
    hierarchy = check_ordering(chosen.ordering if ordering is None else ordering)
    floor = check_lightest("lightest_mass", lightest_mass)
    own_masses, own_mixing = masses is not None, mixing is not None or axial is not None
    of_the_set = oscillation_masses(chosen, floor, hierarchy)
    states = np.array(real_vector("masses", of_the_set if masses is None else masses, "eV", scalar=False))
    if axial is None:
        axial = axial_couplings(mixing_matrix(chosen, majorana_phases) if mixing is None else mixing)
    chain = choice("chain", chain, CHAINS)
    light = choice("polarisation", polarisation, tuple(POLARISATIONS))
    if light != "linear" and chain != "exact":
        raise ValueError("polarisation: the averaged chain does not depend on it, give chain = 'exact'")
    if chain == "exact":
        if options.get("atomic_tensor") is not None:
            raise ValueError("atomic_tensor: give either a tensor or chain = 'exact'")
        options = {**options, "atomic_tensor": _exact_tensor(record, light)}
    sources = ["own masses"] * own_masses + ["own mixing"] * own_mixing
    return Emission(
        E_eg=record.E_eg if E_eg is None else level("E_eg", E_eg),
        E_vg=record.E_vg if E_vg is None else _intermediate(E_vg),
        masses=states,
        axial=hermitian("axial", axial, states.size),
        nature=nature,
        options=options,
        model=own,
        atom=record.symbol,
        oscillation=" and ".join(([] if len(sources) == 2 else [chosen.name]) + sources),
        ordering="" if own_masses else hierarchy,
        majorana_phases=(phases[0], phases[1]),
        chain=chain,
        polarisation=light,
    )


def check_settings(given: Iterable[str], *allowed: Iterable[str]) -> None:
    """Raise ``TypeError`` if a name is not among those that are allowed.

    Example
    -------
    >>> check_settings(["eta"], ["eta", "vector"])
    """
    names = [name for part in allowed for name in part]
    unknown = [name for name in given if name not in names]
    if unknown:
        raise TypeError(f"unknown setting {unknown[0]!r}: allowed are {', '.join(names)}")


def split_settings(
    settings: Mapping[str, Any], model: Model | None, *allowed: Iterable[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return keywords of a study as its settings and the coupling groups of its model.

    Parameters
    ----------
    settings : as given.
    model : the interactions, all shipped ones by default.
    allowed : the names of the settings.

    Raises
    ------
    TypeError : a name is neither; a model of another type.
    ValueError : a group of the model has the name of a setting.

    Example
    -------
    >>> split_settings({"eta": 0.5, "vector": {"mass": 1.0}}, None, ["eta"])
    ({'eta': 0.5}, {'vector': {'mass': 1.0}})
    """
    own = shipped_model() if model is None else model
    if not isinstance(own, Model):
        raise TypeError(f"model: expected what renp.Model returns, got {shown(own)}")
    names = [name for part in allowed for name in part]
    for keyword in own.keywords:
        if keyword in (*names, *_WORDS):
            raise ValueError(
                f"model: the group {keyword!r} has the name of a setting; give it another one, as in Model(NAME=FILE)"
            )
    check_settings(settings, names, own.keywords)
    groups = {name: value for name, value in settings.items() if name in own.keywords}
    return {name: value for name, value in settings.items() if name not in groups}, groups


EMISSION_SETTINGS: Final = (*(name for name in signature(emission).parameters if name != "options"), *OPTIONS)
"""Names of the settings of :func:`emission`."""


def _in_words(name: str, value: Any) -> str:
    """Return an option of the evaluator in words; a list or matrix is just one's own."""
    return "" if value is None else f"{name} {value}" if np.ndim(value) == 0 else f"own {name}"


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


def level(name: str, energy: float) -> float:
    """Return the energy of a level [eV], positive and in the supported range; raise as :func:`positive_number`."""
    value = positive_number(name, energy, "eV")
    supported(name, value)
    return value


def atom_record(atom: Atom | str) -> Atom:
    """Return the record of an atom given by its symbol or as one; ``TypeError`` or ``ValueError`` for something else."""
    if isinstance(atom, Atom):
        return atom
    if not isinstance(atom, str):
        raise TypeError(f"atom: expected a symbol or a record of renp.ATOMS, got {type(atom).__name__}")
    return ATOMS[atom]


def _intermediate(energies: ArrayLike) -> float | FloatArray:
    """Return the energy of one intermediate state as a number, those of several as an array."""
    values = real_numbers("E_vg", energies, "eV")
    if values.ndim > 1 or values.size == 0:
        raise ValueError(f"E_vg: expected one energy or a non-empty list, got shape {values.shape}")
    checked = [level("E_vg", value) for value in np.atleast_1d(values).tolist()]
    return np.array(checked) if values.ndim else checked[0]


def _exact_tensor(target: Atom, polarisation: str) -> NDArray[np.complex128]:
    tensor = atom_derivations.atomic_tensor(target.J_e, target.J_v, target.J_g, POLARISATIONS[polarisation])
    return np.array([[complex(entry) for entry in row] for row in tensor.tolist()])
