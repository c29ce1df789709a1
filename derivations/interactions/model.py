"""A checked interaction: the frozen records that the reader makes and every later stage takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from codegen.call import hermitian_names
from derivations.interactions.checks import (
    hermitian_parts,
    is_hermitian,
)
from derivations.interactions.language import Bilinear

KINDS = ("contact", "massive", "photon")

SPINS = (0, 1, 2)
"""Spins of a massive mediator; 2 stands for an antisymmetric tensor."""

CONTACT_FACTORS: Mapping[str, int] = {"1": 0, "G_F": -2, "G_F/sqrt(2)": -2, "2 G_F/sqrt(2)": -2}
"""Allowed prefactors of a contact Hamiltonian and their mass dimension."""

UNITS: Mapping[str, int] = {
    "1": 0,
    "eV": 1,
    "eV^2": 2,
    "eV^-1": -1,
    "eV^-2": -2,
    "eV^-3": -3,
    "eV^-4": -4,
    "cm": -1,
    "cm^2": -2,
    "mu_B": -1,
}
"""Allowed units of a coupling and their mass dimension."""

CONSTANTS = ("e",)
"""Couplings with a fixed value: the elementary charge, in ``constant = true`` electron terms."""

WEAK = "standard_model"
"""The weak current: every spectral function holds it, and its couplings are plain arguments of every call."""


@dataclass(frozen=True)
class Propagator:
    """How the electron and the neutrino current are connected.

    Parameters
    ----------
    kind : ``contact``, ``massive`` or ``photon``.
    spin : 0, 1 or 2 for ``massive`` (2: antisymmetric tensor exchange, ``1/(s - M^2)``), 1 for ``photon``, ``None`` for
        ``contact``.
    mass, width : argument names of a massive mediator; ``width`` is ``None`` where the file offers none.
    factor : prefactor of a contact Hamiltonian, a key of :data:`CONTACT_FACTORS`; ``"1"`` otherwise.
    """

    kind: str
    spin: int | None = None
    mass: str | None = None
    width: str | None = None
    factor: str = "1"


@dataclass(frozen=True)
class CouplingTerm:
    """One exchange term ``coupling * psibar bilinear psi . X``.

    ``dimension`` is the mass dimension of the coupling and ``units`` the units in which users give it. ``constant``
    marks a fixed value (:data:`CONSTANTS`) instead of an argument. Electron couplings are real numbers, neutrino
    couplings Hermitian matrices; with ``conjugate`` they are any matrices, and the term's Hermitian conjugate is added.
    """

    coupling: str
    bilinear: Bilinear
    dimension: int = 0
    units: str = "1"
    constant: bool = False
    conjugate: bool = False

    @property
    def hermitian(self) -> tuple[tuple[str, Bilinear], ...]:
        """Return the term as Hermitian matrices, by name, and Hermitian bilinears.

        Example
        -------
        >>> from derivations.interactions.language import parse_bilinear
        >>> dipole = CouplingTerm("d", parse_bilinear("sigma(mu,nu) PR"), conjugate=True)
        >>> [(name, str(bilinear)) for name, bilinear in dipole.hermitian]
        [('d.sum', '1/2 sigma(mu,nu)'), ('d.difference', '-1/2 i sigma(mu,nu) gamma5')]
        """
        if not self.conjugate:
            return ((self.coupling, self.bilinear),)
        # f Gamma + h.c. = (f + f^+) H1 + i (f - f^+) H2 with Gamma = H1 + i H2.
        return tuple(zip(hermitian_names(self.coupling), hermitian_parts(self.bilinear), strict=True))


@dataclass(frozen=True)
class ContactTerm:
    """One Hamiltonian term ``factor * coupling_ij [nubar_i neutrino nu_j] [ebar electron e]``.

    With ``conjugate`` the coupling is any matrix, and the Hermitian conjugate of the whole product is added.
    """

    coupling: str
    electron: Bilinear
    neutrino: Bilinear
    dimension: int = 0
    units: str = "1"
    conjugate: bool = False

    @property
    def electrons(self) -> tuple[tuple[str, Bilinear], ...]:
        """Return the Hermitian bilinears of the electron that the term needs, each with a label.

        Example
        -------
        >>> from derivations.interactions.language import parse_bilinear
        >>> term = ContactTerm("c", parse_bilinear("PR"), parse_bilinear("PR"), conjugate=True)
        >>> [(label, str(bilinear)) for label, bilinear in term.electrons]
        [('c', '1/2'), ('c-times-i', '-1/2 i gamma5')]
        """
        if not self.conjugate or is_hermitian(self.electron):
            return ((self.coupling, self.electron),)
        # Gamma' = K1 + i K2
        return tuple(zip((self.coupling, f"{self.coupling}-times-i"), hermitian_parts(self.electron), strict=True))

    @property
    def hermitian(self) -> tuple[tuple[str, str, int, Bilinear, Bilinear], ...]:
        """Return the term as Hermitian products: matrix, label of the electron's bilinear, sign, both bilinears.

        Example
        -------
        >>> from derivations.interactions.language import parse_bilinear
        >>> term = ContactTerm("c", parse_bilinear("PR"), parse_bilinear("PR"), conjugate=True)
        >>> [(matrix, sign, str(electron), str(neutrino)) for matrix, _, sign, electron, neutrino in term.hermitian]
        ... # doctest: +NORMALIZE_WHITESPACE
        [('c.sum', 1, '1/2', '1/2'), ('c.difference', 1, '1/2', '-1/2 i gamma5'),
         ('c.sum', -1, '-1/2 i gamma5', '-1/2 i gamma5'), ('c.difference', 1, '-1/2 i gamma5', '1/2')]
        """
        if not self.conjugate:
            return ((self.coupling, self.coupling, 1, self.electron, self.neutrino),)
        # With the neutrino's H1 + i H2 and the electron's K1 + i K2 the product is K1 H1 - K2 H2 + i (K1 H2 + K2 H1).
        sums, differences = hermitian_names(self.coupling)
        first, second = hermitian_parts(self.neutrino)
        ways = (((sums, 1, first), (differences, 1, second)), ((sums, -1, second), (differences, 1, first)))
        return tuple(
            (matrix, label, sign, electron, neutrino)
            for (label, electron), parts in zip(self.electrons, ways, strict=False)
            for matrix, sign, neutrino in parts
            if electron.terms and neutrino.terms
        )


@dataclass(frozen=True)
class Interaction:
    """A checked interaction: ``electron`` and ``neutrino`` terms of an exchange, or ``terms`` of a contact interaction.

    ``name`` becomes the keyword of ``spectral_function``, and the mediator's mass and width and the ``couplings``
    become its entries. ``text`` is what it was read from, and ``values`` are numbers for its entries, where they came with it:
    two interactions that say the same are equal, whatever their texts and values.
    """

    name: str
    title: str
    description: str
    references: tuple[str, ...]
    propagator: Propagator
    electron: tuple[CouplingTerm, ...] = ()
    neutrino: tuple[CouplingTerm, ...] = ()
    terms: tuple[ContactTerm, ...] = ()
    text: str = field(default="", compare=False, repr=False)
    values: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)

    @property
    def couplings(self) -> tuple[str, ...]:
        """Return the names of all couplings that a user gives, in the order of the file."""
        exchange = tuple(term.coupling for term in (*self.electron, *self.neutrino) if not term.constant)
        return exchange + tuple(term.coupling for term in self.terms)
