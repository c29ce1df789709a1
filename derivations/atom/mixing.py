"""How much triplet is in a level: three rules, each from another kind of data. Needs no SymPy.

In: widths, a Lande factor or level energies, exact or not. Out: the weight of ``3P1`` in the lower of the two ``J = 1``
levels of an ``s p`` configuration (Yb ``6s6p``, Xe ``5p5 6s``). The rules follow from explicit matrices in
:mod:`derivations.atom.intermediate_coupling`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

TRIPLET_SPIN_FACTORS = {0: Fraction(2, 3), 2: Fraction(1, 6)}
"""``C_ev`` of ``3P_J -> 3P1`` in LS coupling by ``J``; derived in :mod:`derivations.atom.ls_coupling`."""


def triplet_share_from_widths(rates: tuple[Any, Any], energies: tuple[Any, Any]) -> Any:
    """Return the share from the E1 rates of both levels to the ground state: the dipole sees the singlet alone.

    ``rate ~ |d|^2 E^3``, and the squared dipoles of the lower and the upper level are as their singlet weights.

    Parameters
    ----------
    rates : of the lower and the upper level, in one unit.
    energies : of the two levels above the ground state, in one unit.

    Example
    -------
    >>> triplet_share_from_widths((Fraction(1), Fraction(3)), (1, 1))
    Fraction(3, 4)
    """
    lower, upper = (rate / energy**3 for rate, energy in zip(rates, energies, strict=True))
    return upper / (lower + upper)


def triplet_share_from_lande(g_J: Any, g_S: Any = 2) -> Any:
    """Return the share from the Lande factor of the level, 1 for the singlet and ``(1 + g_S)/2`` for the triplet.

    Parameters
    ----------
    g_J : Lande factor of the lower level.
    g_S : g factor of the electron's spin.

    Example
    -------
    >>> triplet_share_from_lande(Fraction(5, 4))
    Fraction(1, 2)
    """
    return 2 * (g_J - 1) / (g_S - 1)


def triplet_share_from_levels(E_0: Any, E_2: Any, E_lower: Any, E_upper: Any) -> Any:
    """Return the share from the energies of ``3P0``, ``3P2`` and the two ``J = 1`` levels.

    The interval rule puts the unmixed ``3P1`` at ``(2 E_0 + E_2)/3``; its weight in the lower level is its distance
    from the upper one over the distance of the two.

    Example
    -------
    >>> triplet_share_from_levels(Fraction(0), Fraction(3), Fraction(0), Fraction(2))
    Fraction(1, 2)
    """
    return (E_upper - unmixed_triplet(E_0, E_2)) / (E_upper - E_lower)


def unmixed_triplet(E_0: Any, E_2: Any) -> Any:
    """Return the energy of ``3P1`` without mixing, from those of ``3P0`` and ``3P2``.

    Example
    -------
    >>> unmixed_triplet(Fraction(0), Fraction(3))
    Fraction(1, 1)
    """
    return (2 * E_0 + E_2) / 3


def closure_amplitudes() -> tuple[int, int]:
    """Return the amplitudes of the two levels over that of the lower one: the closure ``sum c_v = 0`` leaves (1, -1).

    They do not depend on the mixing (:func:`derivations.atom.intermediate.two_state_amplitudes`).

    Example
    -------
    >>> closure_amplitudes()
    (1, -1)
    """
    return 1, -1


def borrowed_amplitude(strengths: tuple[Any, Any], energies: tuple[Any, Any], unmixed: Any) -> Any:
    """Return the part of the upper level's amplitude that a further level takes if it borrows its dipole from it.

    A level of another configuration that mixes with the singlet shares its dipole and, through the singlet, its link to
    the triplet at the energy ``unmixed``: ``c ~ |d|^2 / (E - unmixed)``. Closure keeps the sum.

    Parameters
    ----------
    strengths : squared dipoles of the upper level and of the further one, in one unit.
    energies : of the two, and ``unmixed`` of the triplet, above the ground state, in one unit.

    Example
    -------
    >>> borrowed_amplitude((Fraction(1), Fraction(1)), (Fraction(2), Fraction(2)), Fraction(1))
    Fraction(1, 2)
    """
    own, further = (square / (energy - unmixed) for square, energy in zip(strengths, energies, strict=True))
    return further / (own + further)
