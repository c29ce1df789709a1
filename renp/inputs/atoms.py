"""Atoms of the RENP chain with a source for each number.

In: ``renp/inputs/data/atoms.toml``. Out: the frozen records ``ATOMS["Yb"]`` and ``ATOMS["Xe"]``.

The chain is ``|e> -> |v> + neutrino pair`` (M1, parity unchanged) and ``|v> -> |g> + photon`` (E1, parity flips), with
``|e>`` metastable. Energies are measured above ``|g>`` and come from spectroscopic wavenumbers, converted with CODATA.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from typing import Any, Final

from renp.inputs.constants import EV_PER_INVERSE_CM
from renp_generated.runtime.arguments import shown

__all__ = ["ATOMS", "Atom", "Level", "Quantity", "UnknownAtomError"]


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
                f"unknown atom {shown(name)}: known atoms are {', '.join(sorted(self._atoms))}"
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._atoms)

    def __len__(self) -> int:
        return len(self._atoms)

    def __repr__(self) -> str:
        return f"ATOMS({', '.join(self._atoms)})"


def _atom(symbol: str, data: dict[str, Any]) -> Atom:
    rate = data["gamma_vg"]
    spin = data["C_ev"]
    return Atom(
        symbol=symbol,
        name=data["name"],
        e=Level(**data["e"]),
        v=Level(**data["v"]),
        g=Level(**data["g"]),
        further=tuple(Level(**level) for level in data.get("further", ())),
        gamma_vg=rate["value"] if "value" in rate else 1 / rate["lifetime"],
        gamma_vg_source=rate["source"],
        C_ev=float(Fraction(spin["numerator"], spin["denominator"])),
        C_ev_source=spin["source"],
    )


def _load() -> _Atoms:
    text = files("renp").joinpath("inputs", "data", "atoms.toml").read_text(encoding="utf-8")
    return _Atoms({symbol: _atom(symbol, data) for symbol, data in tomllib.loads(text).items()})


ATOMS: Final[Mapping[str, Atom]] = _load()
"""The atoms by symbol: ``"Yb"`` and ``"Xe"``. An unknown symbol raises ``UnknownAtomError``, a ``ValueError``."""
