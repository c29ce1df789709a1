"""Atoms of the RENP chain with a source for each number.

In: ``renp/inputs/data/atoms.toml``. Out: the frozen records ``ATOMS["Yb"]`` and ``ATOMS["Xe"]``. What follows from them for
the real atom, the sum over intermediate states and ``C_ev``, stands in :mod:`renp.inputs.intermediate`.

The chain is ``|e> -> |v> + neutrino pair`` (M1, parity unchanged) and ``|v> -> |g> + photon`` (E1, parity flips), with
``|e>`` metastable. Energies are measured above ``|g>`` and come from spectroscopic wavenumbers, converted with CODATA.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.resources import files
from typing import Any, Final

from derivations.atom.mixing import TRIPLET_SPIN_FACTORS
from derivations.references import with_citations
from renp.inputs.constants import ELECTRON_MASS, EV_PER_INVERSE_CM, FINE_STRUCTURE_CONSTANT, HBAR_EV_S
from renp.inputs.intermediate import spin_shares
from renp_generated.runtime.arguments import shown

__all__ = ["ATOMS", "Atom", "Level", "Quantity", "UnknownAtomError", "Widths"]


class UnknownAtomError(ValueError, KeyError):
    """The atom asked for is not in the table; the message names those that are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Level:
    """One atomic level.

    Parameters
    ----------
    label : configuration and term, for example ``"6s6p 3P1"``.
    J : total angular momentum.
    parity : +1 or -1.
    wavenumber : excitation energy above the ground state [cm^-1].
    quoted : the excitation energy as printed in the RENP literature [eV], digits kept.
    source : where the wavenumber comes from.
    rate : rate of decay to the ground state [1/s], ``None`` where it is not known (for ``|v>`` it is ``gamma_vg``).
    rate_source : where it comes from.
    g_J : Lande factor, ``None`` where it is not known.
    g_J_source : where it comes from.

    Example
    -------
    >>> round(ATOMS["Yb"].v.energy, 5)
    2.23072
    """

    label: str
    J: int
    parity: int
    wavenumber: float
    quoted: str
    source: str
    rate: float | None = None
    rate_source: str = ""
    g_J: float | None = None
    g_J_source: str = ""

    @property
    def energy(self) -> float:
        """Excitation energy above the ground state [eV]."""
        return self.wavenumber * EV_PER_INVERSE_CM


@dataclass(frozen=True)
class Quantity:
    """One number of an atom with its unit and its source.

    Example
    -------
    >>> ATOMS["Yb"].quantity("gamma_vg").unit
    '1/s'
    """

    name: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Widths:
    """One measurement of the rates of ``|v>`` and of the first further level to the ground state.

    Parameters
    ----------
    lower, upper : the two rates [1/s].
    source : where they come from.

    Example
    -------
    >>> round(ATOMS["Xe"].widths[0].lower / 1e8, 2)
    2.67
    """

    lower: float
    upper: float
    source: str


@dataclass(frozen=True)
class Atom:
    """The levels and couplings of one RENP target.

    Parameters
    ----------
    symbol, name : ``"Yb"``, ``"ytterbium"``.
    e, v, g : metastable, intermediate and ground level.
    further : further intermediate levels that connect ``|e>`` to ``|g>``.
    gamma_vg : rate of ``|v> -> |g>`` [1/s].
    C_ev : atomic spin factor of ``|e> -> |v>``; the strength of the pair step is ``(2 J_v + 1) C_ev``.
    gamma_vg_source, C_ev_source : where they come from.
    ladder : the levels of ``|e>``'s configuration that are no intermediate states.
    others : ``J = 1`` levels of other configurations, which the photon step reaches.
    widths : measurements of the rates of ``|v>`` and ``further[0]``, each a :class:`Widths`.
    hyperfine : hyperfine intervals of odd isotopes.
    C_ev_derived : ``C_ev`` in intermediate coupling, ``None`` where it is not known; ``C_ev`` itself stays the papers'.
    C_ev_range : least and largest value of ``C_ev_derived`` from the kinds of data there are.
    C_ev_derived_source : how they come about.

    Example
    -------
    >>> yb = ATOMS["Yb"]
    >>> (yb.J_e, yb.J_v, yb.J_g), round(yb.E_eg, 5), yb.C_ev
    ((0, 1, 0), 2.14349, 0.6666666666666666)
    """

    symbol: str
    name: str
    e: Level
    v: Level
    g: Level
    further: tuple[Level, ...]
    gamma_vg: float
    gamma_vg_source: str
    C_ev: float
    C_ev_source: str
    ladder: tuple[Level, ...] = ()
    others: tuple[Level, ...] = ()
    widths: tuple[Widths, ...] = ()
    hyperfine: tuple[Quantity, ...] = ()
    C_ev_derived: float | None = None
    C_ev_range: tuple[float, float] | None = None
    C_ev_derived_source: str = ""

    @property
    def E_eg(self) -> float:
        """Energy of ``|e>`` above ``|g>`` [eV]."""
        return self.e.energy - self.g.energy

    @property
    def E_vg(self) -> float:
        """Energy of ``|v>`` above ``|g>`` [eV]."""
        return self.v.energy - self.g.energy

    @property
    def J_e(self) -> int:
        """Total angular momentum of ``|e>``."""
        return self.e.J

    @property
    def J_v(self) -> int:
        """Total angular momentum of ``|v>``."""
        return self.v.J

    @property
    def J_g(self) -> int:
        """Total angular momentum of ``|g>``."""
        return self.g.J

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every number of the record with its unit and its source."""
        spins = tuple(
            Quantity(f"J_{key}", level.J, "1", f"{level.label}: {level.source.split(';')[0]}")
            for key, level in (("e", self.e), ("v", self.v), ("g", self.g))
        )
        return (
            Quantity("E_eg", self.E_eg, "eV", self.e.source),
            Quantity("E_vg", self.E_vg, "eV", self.v.source),
            Quantity("gamma_vg", self.gamma_vg, "1/s", self.gamma_vg_source),
            *spins,
            Quantity("C_ev", self.C_ev, "1", self.C_ev_source),
        )

    def quantity(self, name: str) -> Quantity:
        """Return one number with unit and source; raise ``ValueError`` for a name that the record has not."""
        for quantity in self.quantities:
            if quantity.name == name:
                return quantity
        known = ", ".join(quantity.name for quantity in self.quantities)
        raise ValueError(f"unknown quantity {name!r} of {self.symbol}: known ones are {known}")

    def source(self, name: str) -> str:
        """Return the source of one number, for example ``source("E_eg")``."""
        return self.quantity(name).source


class _Atoms(Mapping[str, Atom]):
    """Read-only table of atoms whose missing key is a sentence."""

    def __init__(self, atoms: dict[str, Atom]) -> None:
        self._atoms = atoms

    def __getitem__(self, name: str) -> Atom:
        try:
            return self._atoms[name]
        except (KeyError, TypeError):
            raise UnknownAtomError(
                f"unknown atom {shown(name)}: known atoms are {', '.join(sorted(self._atoms))}, and files *.toml"
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._atoms)

    def __len__(self) -> int:
        return len(self._atoms)

    def __repr__(self) -> str:
        return f"ATOMS({', '.join(self._atoms)})"


def _rate(data: Mapping[str, Any], energy: float) -> float:
    """Return a rate of decay to a ground state of ``J = 0`` [1/s] from one of the four ways to give it."""
    if "value" in data:
        return float(data["value"])
    if "lifetime" in data:
        return 1 / float(data["lifetime"])
    if "dipole" in data:
        bohr_radius = 1 / (FINE_STRUCTURE_CONSTANT * ELECTRON_MASS)
        squared = (float(data["dipole"]) * bohr_radius) ** 2 / 3
    else:
        squared = 3 * float(data["oscillator_strength"]) / (2 * ELECTRON_MASS * energy) / 3
    return 4 * FINE_STRUCTURE_CONSTANT * energy**3 * squared / 3 / HBAR_EV_S


def _level(data: dict[str, Any]) -> Level:
    rate = data.pop("rate", None)
    level = Level(**data)
    return level if rate is None else replace(level, rate=_rate(rate, level.energy), rate_source=rate["source"])


def _levels(data: dict[str, Any], key: str) -> tuple[Level, ...]:
    return tuple(_level(level) for level in data.get(key, ()))


def _widths(data: dict[str, Any], v: Level, further: tuple[Level, ...], gamma_vg: float) -> tuple[Widths, ...]:
    own = [Widths(gamma_vg, upper.rate, upper.rate_source) for upper in further[:1] if upper.rate is not None]
    more = [
        Widths(_rate(pair["lower"], v.energy), _rate(pair["upper"], further[0].energy), pair["source"])
        for pair in data.get("further_widths", ())
    ]
    return (*own, *more)


def atom_of(symbol: str, data: dict[str, Any]) -> Atom:
    """Return the record of an atom from its table, all fields there."""
    rate = data["gamma_vg"]
    spin = data["C_ev"]
    v, further = _level(data["v"]), _levels(data, "further")
    gamma_vg = _rate(rate, v.energy)
    atom = Atom(
        symbol=symbol,
        name=data["name"],
        e=_level(data["e"]),
        v=v,
        g=_level(data["g"]),
        further=further,
        gamma_vg=gamma_vg,
        gamma_vg_source=rate["source"],
        C_ev=float(spin["value"] if "value" in spin else Fraction(spin["numerator"], spin["denominator"])),
        C_ev_source=spin["source"],
        ladder=_levels(data, "ladder"),
        others=_levels(data, "others"),
        widths=_widths(data, v, further, gamma_vg),
        hyperfine=tuple(Quantity(**interval) for interval in data.get("hyperfine", ())),
    )
    factors = [share.C_ev for share in spin_shares(atom)] if atom.J_e in TRIPLET_SPIN_FACTORS else []
    if not factors:
        return atom
    return replace(
        atom,
        C_ev_derived=sum(factors) / len(factors),
        C_ev_range=(min(factors), max(factors)),
        C_ev_derived_source=(
            f"mean and range of {len(factors)} determinations of the triplet share of |v>: widths, Lande factor, level "
            "energies (renp.inputs.intermediate.spin_shares; `renp derive intermediate_coupling`)"
        ),
    )


def _load() -> _Atoms:
    text = files("renp").joinpath("inputs", "data", "atoms.toml").read_text(encoding="utf-8")
    return _Atoms({symbol: atom_of(symbol, data) for symbol, data in with_citations(tomllib.loads(text)).items()})


ATOMS: Final[Mapping[str, Atom]] = _load()
"""The atoms by symbol: ``"Yb"`` and ``"Xe"``. An unknown symbol raises ``UnknownAtomError``, a ``ValueError``."""
