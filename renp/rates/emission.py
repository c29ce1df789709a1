"""What a photon spectrum depends on besides new couplings: one atom, one set of neutrinos, one model.

In: names and numbers that a physicist chooses, the same for spectra, event counts, limits and scans. Out: a frozen
:class:`Emission`, which turns coupling groups into spectral functions, and the names of what was chosen.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derivations import atom as atom_derivations
from renp.inputs.atom_files import load_atom, parse_atom
from renp.inputs.atoms import ATOMS, Atom
from renp.inputs.checks import positive_number, real_number, real_numbers
from renp.inputs.intermediate import intermediate_states
from renp.inputs.oscillation import (
    axial_couplings,
    check_lightest,
    check_ordering,
    default_set,
    mixing_matrix,
    resolved,
)
from renp.inputs.oscillation import masses as oscillation_masses
from renp.inputs.setups import setup_value
from renp.model import Model, shipped_model
from renp.rates.thresholds import Threshold, pair_thresholds
from renp_generated.runtime.arguments import (
    FIXED,
    choice,
    hermitian,
    largest_photon_energy,
    plain_array,
    real_vector,
    shown,
    supported,
)

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

CHAINS: Final = ("averaged", "exact", "incoherent", "prepared")
"""How magnetic numbers are treated.

``averaged`` independently, as in the papers; ``exact``: summed coherently over |v>, |e> unpolarised, which for ``J_e > 0`` is a
mixture without coherence and has the name ``incoherent`` too; ``prepared``: atoms with a coherence between |e> and |g>.
"""

POLARISATIONS: Final[dict[str, tuple[complex, complex, complex]]] = {
    "linear": (1, 0, 0),
    "circular+": (1, 1j, 0),
    "circular-": (1, -1j, 0),
}
"""Photon polarisations by name, Cartesian with the pair momentum along +z and the photon along -z."""

_OWN: Final = ("E_eg", "E_vg", "masses", "axial", "nature", "m1")
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


_OPTION_UNITS: Final = {"imprinted_momentum": " eV", "dipole_length": " a_0"}
"""Units of those that are numbers."""


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
    setup : ``"papers"`` or ``"derived"``, see :data:`renp.inputs.setups.SETUPS`.
    intermediate : ``"single"``, ``"all"``, or ``"own"`` for states that were given by their energies.
    strength : factor of the rate that the preparation of the atoms gives, 1 without one.
    remarks : what a reader should know of the target, in words.

    Example
    -------
    >>> yb = emission(nature="majorana")
    >>> yb.summary
    "Yb, Majorana neutrinos, normal ordering, lightest 0.01 eV, desalas-2021-benchmark, averaged chain, papers' set-up"
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
    setup: str = "papers"
    intermediate: str = "single"
    strength: float = 1.0
    remarks: tuple[str, ...] = ()

    @property
    def imprinted_momentum(self) -> float:
        """Momentum K of the target along the pair's direction [eV]."""
        return float(self.options.get("imprinted_momentum", 0.0))

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Where the pairs open, highest first."""
        return pair_thresholds(self.E_eg, self.masses, self.imprinted_momentum)

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
        exact = self.chain != "averaged"
        chain = "" if "atomic_tensor" in self.options else f"{self.chain} chain"
        chain = f"{self.chain} chain, {self.polarisation} light" if exact else chain
        said = ("pair_step", *(["atomic_tensor"] if exact else []))
        if self.intermediate == "all":
            said = (*said, "intermediate_amplitudes")
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
            "intermediate": "all intermediate states"
            if self.intermediate == "all"
            else "one intermediate state"
            if self.intermediate == "single" and self.setup == "derived"
            else "",
            "pair_step": f"{self.pair_step} pair step" if self.pair_step != "M1" else "",
            **{name: _in_words(name, value) for name, value in self.options.items() if name not in said},
            "model": f"model {', '.join(self.model.keywords) or 'weak current'}"
            if self.model != shipped_model()
            else "",
            "setup": "derived set-up" if self.setup == "derived" else "papers' set-up",
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
    setup: str = "papers",
    atom: Atom | str | os.PathLike[str] | None = None,
    E_eg: float | None = None,
    E_vg: ArrayLike | None = None,
    intermediate: str | None = None,
    oscillation: str | None = None,
    ordering: str | None = None,
    lightest_mass: float = 0.01,
    masses: ArrayLike | None = None,
    mixing: ArrayLike | None = None,
    axial: ArrayLike | None = None,
    majorana_phases: tuple[float, float] = (0.0, 0.0),
    nature: str = "dirac",
    chain: str | None = None,
    polarisation: str = "linear",
    coherence: ArrayLike | None = None,
    m1: str | None = None,
    model: Model | None = None,
    **options: Any,
) -> Emission:
    """Collect atom, neutrinos and model; the defaults are those of every study.

    Parameters
    ----------
    setup : ``"papers"`` or ``"derived"``: what is chosen where nothing is set, see :data:`renp.inputs.setups.SETUPS`.
    atom : symbol or record of :data:`renp.ATOMS`, or a TOML file (:func:`renp.load_atom`); by default the levels of
        ytterbium, the papers' benchmark. A named atom refuses what the parity of its levels forbids.
    E_eg, E_vg : level differences [eV] instead of the atom's, for example as rounded by a paper. ``E_vg`` may be (k,) with
        ``intermediate_amplitudes``; the first state is the one whose width normalises the rate, so its amplitude is 1.
    intermediate : ``"single"`` intermediate state or ``"all"``, instead of ``E_vg``.
    oscillation : name of an oscillation set; by default that of the papers, and NuFIT 6.0 for the inverted ordering.
    ordering : ``"normal"`` or ``"inverted"``, by default that of the set.
    lightest_mass : lightest neutrino mass [eV].
    masses : explicit masses [eV], shape (n,), instead of those of the oscillation set.
    mixing : explicit mixing matrix, (active flavours, n), rows e, mu, tau, instead of that of the oscillation set.
    axial : explicit axial couplings, (n, n), instead of those that the mixing gives.
    majorana_phases : ``(alpha21, alpha31)`` [rad] of the oscillation set's mixing matrix.
    nature : ``"dirac"`` or ``"majorana"``.
    chain : how magnetic numbers are treated, one of :data:`CHAINS`.
    polarisation : of the photon, a key of :data:`POLARISATIONS`; for all chains but the averaged one.
    coherence : ``<e M_e|rho|g M_g>`` of prepared atoms, (2 J_e + 1, 2 J_g + 1), rows from ``M_e = -J_e``; its norm does not
        matter. Without it the prepared chain takes two photons along the beam that bring no angular momentum about it.
    m1 : ``"spin"`` (2S) or ``"full"`` (L + 2S): the M1 operator of every vector current of the electron.
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
    record = atom_record("Yb" if atom is None else atom)
    own = shipped_model() if model is None else model
    if not isinstance(own, Model):
        raise TypeError(f"model: expected what renp.Model returns, got {shown(own)}")
    nature = choice("nature", nature, NATURES, "for all neutrinos alike (Majorana next to Dirac is out of scope)")
    neutrinos = _neutrinos(oscillation, ordering, lightest_mass, masses, mixing, axial, majorana_phases)
    upper = record.E_eg if E_eg is None else level("E_eg", E_eg)
    if "imprinted_momentum" in options:
        momentum = real_number("imprinted_momentum", options["imprinted_momentum"], "eV")
        options = {**options, "imprinted_momentum": momentum}
        pair_thresholds(upper, neutrinos["masses"], momentum)
    magnetic = setup_value(setup, "m1", m1)
    if m1 is not None or magnetic != "spin":
        options = {**options, "m1": magnetic}
    which, virtual, amplitudes = _intermediate_states(record, setup, E_eg, E_vg, intermediate, options)
    treated, light, strength, options = _chain(record, setup, chain, polarisation, coherence, options)
    own_levels = E_eg is not None and E_vg is not None
    return Emission(
        **neutrinos,
        E_eg=upper,
        E_vg=virtual,
        intermediate=which,
        nature=nature,
        options={**options, **amplitudes},
        model=own,
        atom=record.symbol,
        chain=treated,
        polarisation=light,
        setup=setup,
        strength=strength,
        remarks=_parity_remark(record, options, named=atom is not None, own_levels=own_levels),
    )


def _neutrinos(
    oscillation: str | None,
    ordering: str | None,
    lightest_mass: float,
    masses: ArrayLike | None,
    mixing: ArrayLike | None,
    axial: ArrayLike | None,
    majorana_phases: tuple[float, float],
) -> dict[str, Any]:
    """Return what an emission holds of the neutrinos: masses, weak couplings, and where they are from."""
    phases = real_vector("majorana_phases", majorana_phases, "rad")
    if any(phases) and (mixing is not None or axial is not None):
        raise ValueError(
            "majorana_phases: they belong to an oscillation set; own mixing or axial couplings hold theirs"
        )
    if mixing is not None and axial is not None:
        raise ValueError("mixing: give either the mixing matrix or the axial couplings")
    chosen = default_set("normal" if ordering is None else ordering) if oscillation is None else resolved(oscillation)
    hierarchy = check_ordering(chosen.ordering if ordering is None else ordering)
    of_the_set = oscillation_masses(chosen, check_lightest("lightest_mass", lightest_mass), hierarchy)
    states = np.array(real_vector("masses", of_the_set if masses is None else masses, "eV", scalar=False))
    own = [
        name
        for name, given in (("own masses", masses), ("own mixing", mixing if axial is None else axial))
        if given is not None
    ]
    if axial is None:
        axial = axial_couplings(mixing_matrix(chosen, majorana_phases) if mixing is None else mixing)
    return {
        "masses": states,
        "axial": hermitian("axial", axial, states.size),
        "oscillation": " and ".join(([] if len(own) == 2 else [chosen.name]) + own),
        "ordering": "" if masses is not None else hierarchy,
        "majorana_phases": (phases[0], phases[1]),
    }


def _intermediate_states(
    record: Atom,
    setup: str,
    E_eg: float | None,
    E_vg: ArrayLike | None,
    intermediate: str | None,
    options: Mapping[str, Any],
) -> tuple[str, float | FloatArray, dict[str, Any]]:
    """Return which intermediate states there are, their energies, and the options that give their amplitudes."""
    if E_vg is not None:
        if intermediate is not None:
            raise ValueError("intermediate: E_vg gives the intermediate states, leave one of the two out")
        return "own", _intermediate(E_vg), {}
    word = setup_value(setup, "intermediate", intermediate)
    if intermediate is None and (E_eg is not None or "intermediate_amplitudes" in options):
        # Levels of one's own have no further states that would be known.
        word = "single"
    states = intermediate_states(record, word)
    if len(states.E_vg) == 1:
        return word, states.E_vg[0], {}
    if "intermediate_amplitudes" in options:
        raise ValueError("intermediate: intermediate_amplitudes belong to E_vg, leave one of the two out")
    return word, np.array(states.E_vg), {"intermediate_amplitudes": states.amplitudes}


def _chain(
    record: Atom,
    setup: str,
    chain: str | None,
    polarisation: str,
    coherence: ArrayLike | None,
    options: dict[str, Any],
) -> tuple[str, str, float, dict[str, Any]]:
    """Return how magnetic numbers are treated, the polarisation, the strength of the preparation, and the options."""
    own_tensor = options.get("atomic_tensor") is not None
    if chain is None and coherence is not None:
        chain = "prepared"
    if chain is None and own_tensor:
        chain = "averaged"
    treated = choice("chain", setup_value(setup, "chain", chain), CHAINS)
    light = choice("polarisation", polarisation, tuple(POLARISATIONS))
    if coherence is not None and treated != "prepared":
        raise ValueError(f"coherence: the {treated} chain has none, give chain = 'prepared'")
    if treated == "averaged":
        if light != "linear":
            raise ValueError("polarisation: the averaged chain does not depend on it, give chain = 'exact'")
        return treated, light, 1.0, options
    if own_tensor:
        raise ValueError(f"atomic_tensor: give either a tensor or chain = {treated!r}")
    rho = None
    if treated == "prepared":
        rho = _standard(record) if coherence is None else _own_coherence(coherence)
    tensor, strength = _tensor(record, light, rho)
    return treated, light, strength, {**options, "atomic_tensor": tensor}


def _standard(record: Atom) -> Any:
    """Return the plainest preparation; ``ValueError`` names the rule where it does not exist."""
    from derivations.atom.excitation import require_preparation_parity

    try:
        require_preparation_parity(record, ("E1", "M1"))
        return atom_derivations.standard_preparation(record.J_e, record.J_g)
    except ValueError as error:
        raise ValueError(f"coherence: give one, the plainest preparation does not exist: {error}") from error


def _own_coherence(coherence: ArrayLike) -> Any:
    """Return a coherence as nested lists with the entries as they were given; ``ValueError`` if one is no finite number."""
    array = plain_array("coherence", coherence)
    try:
        finite = array.dtype.kind in "iufcO" and np.isfinite(array.astype(np.complex128)).all()
    except (ValueError, TypeError, OverflowError):
        finite = False
    if not finite:
        raise ValueError(f"coherence: expected a matrix of finite complex numbers, got {shown(coherence)}")
    return array.tolist()


def _tensor(record: Atom, polarisation: str, rho: Any) -> tuple[NDArray[np.complex128], float]:
    chain = (record.J_e, record.J_v, record.J_g, POLARISATIONS[polarisation])
    tensor = atom_derivations.atomic_tensor(*chain, coherence=rho)
    strength = 1.0 if rho is None else float(atom_derivations.preparation_strength(*chain, rho))
    return np.array([[complex(entry) for entry in row] for row in tensor.tolist()]), strength


def _parity_remark(record: Atom, options: Mapping[str, Any], *, named: bool, own_levels: bool) -> tuple[str, ...]:
    """Refuse a pair step that the parities of a named atom forbid; say so where no atom is named."""
    if own_levels:
        return ()
    step = choice("pair_step", options.get("pair_step", "M1"), ("M1", "E1"))
    excited, ground = (atom_derivations.AtomicState(level.J, level.parity) for level in (record.e, record.g))
    try:
        atom_derivations.require_parity(excited, ground, pair="E1" if step == "E1" else "M1", atom=record.symbol)
    except ValueError as forbidden:
        if named:
            raise ValueError(
                f"pair_step: {forbidden}; give an atom that it allows, or E_eg and E_vg of your own"
            ) from None
        return (f"{forbidden}: the numbers are those of an atom with these level energies",)
    return ()


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
    if value is None:
        return ""
    return f"{name} {value}{_OPTION_UNITS.get(name, '')}" if np.ndim(value) == 0 else f"own {name}"


def photon_energies(name: str, values: ArrayLike, E_eg: float, imprinted_momentum: float = 0.0) -> FloatArray:
    """Return photon energies [eV] as an array of shape (k,), a lone one as one of a list.

    Raises
    ------
    TypeError, ValueError : no numbers, none at all, or one outside of 0 < omega < (E_eg - K)/2.

    Example
    -------
    >>> photon_energies("reference", 1.067, 2.14).tolist()
    [1.067]
    """
    energies = np.atleast_1d(real_numbers(name, values, "eV"))
    if energies.ndim != 1 or energies.size == 0:
        raise ValueError(f"{name}: expected a non-empty list of photon energies, got shape {energies.shape}")
    edge = largest_photon_energy(E_eg, imprinted_momentum)
    bad = energies[~((energies > 0) & (energies < edge))]
    if bad.size:
        limit = "(E_eg - imprinted_momentum)/2" if imprinted_momentum else "E_eg/2"
        raise ValueError(f"{name}: expected 0 < omega < {limit} = {edge:.7g} eV, got {float(bad[0])!r}")
    return energies


def level(name: str, energy: float) -> float:
    """Return the energy of a level [eV], positive and in the supported range; raise as :func:`positive_number`."""
    value = positive_number(name, energy, "eV")
    supported(name, value)
    return value


def atom_record(atom: Atom | str | os.PathLike[str]) -> Atom:
    """Return the record of an atom given by its symbol, as a record, as a TOML file, or as the text of one.

    Raises
    ------
    ValueError, TypeError : one line: an unknown symbol, something else, or what is wrong in the file.
    """
    if isinstance(atom, Atom):
        return atom
    if isinstance(atom, os.PathLike) or (isinstance(atom, str) and atom.endswith(".toml")):
        return load_atom(atom)
    if not isinstance(atom, str):
        raise TypeError(f"atom: expected a symbol, a TOML file or a record of renp.ATOMS, got {type(atom).__name__}")
    return parse_atom(atom) if "\n" in atom else ATOMS[atom]


def _intermediate(energies: ArrayLike) -> float | FloatArray:
    """Return the energy of one intermediate state as a number, those of several as an array."""
    values = real_numbers("E_vg", energies, "eV")
    if values.ndim > 1 or values.size == 0:
        raise ValueError(f"E_vg: expected one energy or a non-empty list, got shape {values.shape}")
    checked = [level("E_vg", value) for value in np.atleast_1d(values).tolist()]
    return np.array(checked) if values.ndim else checked[0]
