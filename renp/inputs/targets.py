"""Nuclei that neutrinos scatter on, with a source for each number.

In: ``renp/inputs/data/targets.toml``. Out: frozen :class:`Nucleus` records, by isotope (``"132Xe"``) or by element (``"Xe"``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from typing import Final

from derivations.references import with_citations
from renp.inputs.constants import ATOMIC_MASS_UNIT, ELECTRON_MASS
from renp_generated.runtime.arguments import shown

__all__ = ["NUCLEI", "Nucleus", "nucleus"]


@dataclass(frozen=True)
class Nucleus:
    """One isotope.

    Parameters
    ----------
    symbol : mass number and element, ``"132Xe"``.
    Z, N : numbers of protons and neutrons.
    atomic_mass : mass of the neutral atom [u].
    spin : of the ground state.
    source : where the numbers come from.

    Example
    -------
    >>> f"{NUCLEI['40Ar'].mass / 1e9:.4f} GeV"
    '37.2155 GeV'
    """

    symbol: str
    Z: int
    N: int
    atomic_mass: float
    spin: Fraction
    source: str

    @property
    def A(self) -> int:
        """Mass number."""
        return self.Z + self.N

    @property
    def mass(self) -> float:
        """Mass of the nucleus [eV]; the binding of the electrons, a few 1e-6 of it, is left out."""
        return self.atomic_mass * ATOMIC_MASS_UNIT - self.Z * ELECTRON_MASS


def nucleus(symbol: str) -> Nucleus:
    """Return an isotope by its name, or the usual one of an element.

    Raises
    ------
    ValueError : unknown name.

    Example
    -------
    >>> nucleus("Xe").symbol, nucleus("129Xe").spin
    ('132Xe', Fraction(1, 2))
    """
    if isinstance(symbol, str):
        for name, known in NUCLEI.items():
            if symbol in (name, name.lstrip("0123456789")):
                return known
    raise ValueError(f"unknown nucleus {shown(symbol)}: known are {', '.join(NUCLEI)}")


def _load() -> Mapping[str, Nucleus]:
    text = files("renp").joinpath("inputs", "data", "targets.toml").read_text(encoding="utf-8")
    return {
        name: Nucleus(name, entry["Z"], entry["N"], entry["mass"], Fraction(entry["spin"]), entry["source"])
        for name, entry in with_citations(tomllib.loads(text)).items()
    }


NUCLEI: Final[Mapping[str, Nucleus]] = _load()
"""All nuclei of the data file by isotope."""
