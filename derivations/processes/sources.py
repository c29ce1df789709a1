"""What a neutrino line exchanges something with: a source, and the currents that it offers to each interaction.

In: an ``Interaction``. Out: its :class:`Current` on this source. Every source has a basis of states of its operators and a tensor
``W[A, B]`` over them, in the ring ``SOURCE``, where ``m`` is its mass. It stands at rest, the line receives ``q = (q0, 0, 0, qz)``
and the source ``-q``.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from derivations.algebra import ring
from derivations.algebra.dirac import SPACETIME, clifford_basis, clifford_coefficients
from derivations.algebra.ring import SOURCE, TRACE, Poly
from derivations.interactions.matrices import component
from derivations.interactions.model import WEAK
from derivations.neutrino.line import Leg, Line, Tensor

if TYPE_CHECKING:
    from derivations.interactions.language import Bilinear
    from derivations.interactions.model import Interaction

Components = Mapping[tuple[int, ...], Mapping[int, Poly]]
"""Upper values of the free indices -> coefficients over the basis of the source."""

CHARGE = "charge"
"""Name of the coupling of a mediator to a source without spin, which is no entry of an interaction file."""
_M, _Q0, _QZ = (TRACE.gens.index(generator) for generator in (ring.M, ring.q0, ring.qz))


@dataclass(frozen=True)
class Current:
    """What one coupling of an interaction does on a source.

    Attributes
    ----------
    coupling : its name, ``None`` where there is none to give; the products of a contact interaction have that of their matrix.
    constants : names of constants that multiply it, with powers.
    sign : that of the operator.
    components : the operator over the basis of the source.
    text : the operator in words.
    """

    coupling: str | None
    constants: tuple[tuple[str, int], ...]
    components: Components
    text: str
    sign: int = 1


@dataclass(frozen=True)
class Product:
    """A current of the source next to a Hermitian bilinear of the neutrinos, with the matrix that multiplies it."""

    current: Current
    matrix: str
    neutrino: Bilinear


class Source(ABC):
    """A source: its states, its tensor and its currents."""

    name: ClassVar[str]
    spins: ClassVar[int]
    """Number of spin states that are averaged."""
    exchanged: ClassVar[bool] = True
    """Whether something is exchanged with it; what is itself the photon has no propagator."""

    @abstractmethod
    def products(self, interaction: Interaction) -> Iterable[Product]:
        """Yield the products of currents that an interaction offers."""

    @abstractmethod
    def tensor(self) -> Tensor:
        """Return ``W[A, B]``, summed over all spins, over the basis of the source."""

    @abstractmethod
    def letter(self, element: int) -> str:
        """Return the class of an element of the basis."""

    @abstractmethod
    def parity(self, element: int) -> int:
        """Return the sign of an element of the basis under parity."""


class FreeElectron(Source):
    """A free electron at rest: a second line, whose bilinears are those of the interaction files."""

    name = "electron"
    spins = 2

    def products(self, interaction: Interaction) -> Iterable[Product]:
        """Yield the electron's bilinears with those of the neutrinos."""
        for product in interaction.terms:
            for matrix, _, sign, electron, neutrino in product.hermitian:
                yield Product(Current(None, (), self._components(electron), electron.text, sign), matrix, neutrino)
        for e, n in itertools.product(interaction.electron, interaction.neutrino):
            constants, name = (((e.coupling, 1),), None) if e.constant else ((), e.coupling)
            current = Current(name, constants, self._components(e.bilinear), e.bilinear.text)
            for matrix, neutrino in n.hermitian:
                yield Product(current, matrix, neutrino)

    @cache  # noqa: B019  (a source holds nothing)
    def tensor(self) -> Tensor:
        """Return the tensor of a line from rest to ``p' = p - q``."""
        zero = TRACE.zero
        mass = ring.M  # stands for the mass of the source here
        rest = Leg((mass, zero, zero, zero), mass, incoming=True)
        struck = Leg((mass - ring.q0, zero, zero, -ring.qz), mass)
        return {key: _own_mass(value) for key, value in Line(rest, struck).tensor().items()}

    def letter(self, element: int) -> str:
        """Return the letter of the Clifford class."""
        return clifford_basis()[element][0]

    def parity(self, element: int) -> int:
        """Return the sign of ``gamma0 G gamma0``."""
        return clifford_parity(element)

    @staticmethod
    @cache
    def _components(bilinear: Bilinear) -> Components:
        """Return a bilinear over the Clifford basis; the momentum that it receives is ``-q``."""
        result: dict[tuple[int, ...], Mapping[int, Poly]] = {}
        for values in itertools.product(SPACETIME, repeat=len(bilinear.free_indices)):
            matrix = component(bilinear, dict(zip(bilinear.free_indices, values, strict=True)))
            found = {n: _received(c) for n, c in enumerate(clifford_coefficients(matrix)) if c}
            if found:
                result[values] = found
        return result


class SpinZeroNucleus(Source):
    """A nucleus of spin 0 at rest: ``<p'|J^mu|p> = charge F (p + p')^mu``, and ``2 m charge F`` for a scalar current.

    Its basis has one state. The weak current meets it with the weak charge, a photon with ``-Z`` in place of the electron's
    charge, a mediator with a charge that is given in the call. No other current of an interaction file acts coherently on spin 0.
    """

    name = "nucleus"
    spins = 1

    def products(self, interaction: Interaction) -> Iterable[Product]:
        """Yield the currents of the nucleus with the bilinears of the neutrinos."""
        propagator = interaction.propagator
        if interaction.name == WEAK:
            # The neutral current of the file's neutrinos; W exchange needs an electron.
            neutrino = interaction.terms[0].neutrino
            yield Product(Current("weak_charge", (), _summed_momentum(), "(p + p')(mu)"), "weak", neutrino)
        if propagator.kind == "contact" or propagator.spin == 2:
            return
        if propagator.kind == "photon":
            current = Current("electric_charge", (("e", 1),), _summed_momentum(), "(p + p')(mu)")
        elif propagator.spin == 1:
            current = Current(CHARGE, (), _summed_momentum(), "(p + p')(mu)")
        else:
            current = Current(CHARGE, (), {(): {0: 2 * SOURCE.gens[-1]}}, "2 m")
        for n in interaction.neutrino:
            for matrix, neutrino in n.hermitian:
                yield Product(current, matrix, neutrino)

    def tensor(self) -> Tensor:
        """Return 1: the currents are numbers."""
        return {(0, 0): SOURCE.one}

    def letter(self, element: int) -> str:
        """Return one letter: there is one state."""
        return "N"

    def parity(self, element: int) -> int:
        """Return +1: the sign is that of the momenta."""
        return 1


class Quantum(Source):
    """A photon, real or a plasmon, that the line emits or that decays: its current is its polarisation vector.

    ``polarisations`` is ``sum eps^mu* eps^nu``; nothing is exchanged, so there is no propagator and no other interaction than the
    photon's own.
    """

    name = "photon"
    spins = 1
    exchanged = False

    def __init__(self, polarisations: Tensor) -> None:
        self.polarisations = polarisations

    def products(self, interaction: Interaction) -> Iterable[Product]:
        """Yield the neutrinos' bilinears of a photon."""
        if interaction.propagator.kind != "photon":
            return
        current = Current(None, (), {(mu,): {mu: SOURCE.one} for mu in SPACETIME}, "eps(mu)")
        for n in interaction.neutrino:
            for matrix, neutrino in n.hermitian:
                yield Product(current, matrix, neutrino)

    def tensor(self) -> Tensor:
        """Return the sum over polarisations."""
        return self.polarisations

    def letter(self, element: int) -> str:
        """Return one letter: an index of a vector."""
        return "eps"

    def parity(self, element: int) -> int:
        """Return the sign of a vector's component."""
        return -1 if element else 1


def lifted(polynomial: Poly) -> Poly:
    """Return an element of ``TRACE`` as one of ``SOURCE``."""
    return SOURCE.from_dict({(*powers, 0): c for powers, c in polynomial.items()})


def clifford_parity(element: int) -> int:
    """Return the sign of ``gamma0 G gamma0`` of an element of the Clifford basis.

    Example
    -------
    >>> clifford_parity(0), clifford_parity(1)
    (1, -1)
    """
    from derivations.algebra.dirac import GAMMA

    matrix = clifford_basis()[element][1]
    return 1 if GAMMA[0] @ matrix @ GAMMA[0] == matrix else -1


def _summed_momentum() -> Components:
    """Return ``(p + p')^mu`` with ``p = (m, 0)`` and ``p' = p - q``."""
    _, _, _, _, q0, qz, _, _, m = SOURCE.gens
    return {(0,): {0: 2 * m - q0}, (3,): {0: -qz}}


def _own_mass(polynomial: Poly) -> Poly:
    """Return an element of ``TRACE`` as one of ``SOURCE`` with the source's mass in the place of ``M``."""
    moved = {}
    for powers, c in polynomial.items():
        own = list(powers)
        own[_M] = 0
        moved[*own, powers[_M]] = c
    return SOURCE.from_dict(moved)


def _received(polynomial: Poly) -> Poly:
    """Return a coefficient with ``q -> -q``."""
    return lifted(TRACE.from_dict({k: c * (-1) ** (k[_Q0] + k[_QZ]) for k, c in polynomial.items()}))
