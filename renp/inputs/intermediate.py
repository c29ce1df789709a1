"""The intermediate states of an atom: which are summed over, with which amplitudes, and how much triplet is in ``|v>``.

In: an :class:`renp.inputs.atoms.Atom`. Out: energies and amplitudes as the evaluators take them (``E_vg`` and
``intermediate_amplitudes``), and ``C_ev`` in intermediate coupling from every kind of data there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, sqrt
from typing import TYPE_CHECKING, Literal

from derivations.atom.mixing import (
    TRIPLET_SPIN_FACTORS,
    borrowed_amplitude,
    closure_amplitudes,
    triplet_share_from_lande,
    triplet_share_from_levels,
    triplet_share_from_widths,
    unmixed_triplet,
)
from renp.inputs.constants import ELECTRON_G_FACTOR
from renp_generated.runtime.arguments import shown

if TYPE_CHECKING:
    from renp.inputs.atoms import Atom

__all__ = [
    "INTERMEDIATE",
    "IntermediateStates",
    "SpinShare",
    "borrowed_states",
    "intermediate_states",
    "measured_ratios",
    "spin_shares",
]

Intermediate = Literal["single", "all"]

INTERMEDIATE: tuple[Intermediate, ...] = ("single", "all")
"""``"single"``: ``|v>`` alone, as the papers have it. ``"all"``: every level that both steps reach, with closure."""


@dataclass(frozen=True)
class IntermediateStates:
    """The intermediate states that are summed over, as the evaluators take them.

    Parameters
    ----------
    labels : one for each state.
    E_vg : energies above the ground state [eV], shape (k,).
    amplitudes : product of the two steps over that of the first state, shape (k,); their sum is 0 for all states.

    Example
    -------
    >>> from renp.inputs.atoms import ATOMS
    >>> intermediate_states(ATOMS["Yb"], "all").amplitudes
    (1.0, -1.0)
    """

    labels: tuple[str, ...]
    E_vg: tuple[float, ...]
    amplitudes: tuple[float, ...]


def intermediate_states(atom: Atom, intermediate: str = "single") -> IntermediateStates:
    """Return the intermediate states by one word; hand ``E_vg`` and ``amplitudes`` to the evaluators.

    Parameters
    ----------
    atom : a record of :data:`renp.inputs.atoms.ATOMS`, or one of one's own with ``further`` levels for ``"all"``.
    intermediate : ``"single"``, the papers' choice, or ``"all"``: the two ``J = 1`` levels of ``|e>``'s configuration.

    Raises
    ------
    ValueError : another word, or an atom without further levels for ``"all"``.

    Example
    -------
    >>> from renp.inputs.atoms import ATOMS
    >>> [round(energy, 4) for energy in intermediate_states(ATOMS["Xe"], "all").E_vg]
    [8.4365, 9.5697]
    """
    if intermediate not in INTERMEDIATE:
        raise ValueError(f"intermediate: expected 'single' or 'all', got {shown(intermediate)}")
    if intermediate == "single":
        return IntermediateStates((atom.v.label,), (atom.E_vg,), (1.0,))
    if len(atom.further) != 1:
        raise ValueError(
            f"intermediate: 'all' needs the one further J = 1 level of |e>'s configuration, {atom.symbol} has "
            f"{len(atom.further)} in 'further'; use 'single', or give its level"
        )
    upper = atom.further[0]
    first, second = closure_amplitudes()
    return IntermediateStates(
        (atom.v.label, upper.label), (atom.E_vg, upper.energy - atom.g.energy), (float(first), float(second))
    )


def borrowed_states(atom: Atom) -> IntermediateStates:
    """Return the states of ``"all"`` and the first level of ``others``, which takes a part of the upper one's amplitude.

    An estimate of what the two levels miss: the third is taken to borrow all of its dipole from the upper level, so the
    part of the amplitude that it takes is the largest that closure and its width allow.

    Raises
    ------
    ValueError : the atom has no such level, or a width is missing.

    Example
    -------
    >>> from renp.inputs.atoms import ATOMS
    >>> [round(amplitude, 2) for amplitude in borrowed_states(ATOMS["Yb"]).amplitudes]
    [1.0, -0.86, -0.14]
    """
    two = intermediate_states(atom, "all")
    levels = (atom.further[0], *atom.others[:1])
    strengths = [level.rate / level.energy**3 for level in levels if level.rate is not None]
    triplet = {level.J: level.energy for level in (atom.e, *atom.ladder)}
    if len(strengths) != 2 or not {0, 2} <= set(triplet):
        raise ValueError(
            f"{atom.symbol}: the estimate needs a level in 'others', its width and that of the upper level"
        )
    unmixed = unmixed_triplet(triplet[0], triplet[2])
    part = borrowed_amplitude((strengths[0], strengths[1]), (levels[0].energy, levels[1].energy), unmixed)
    return IntermediateStates(
        (*two.labels, levels[1].label), (*two.E_vg, levels[1].energy - atom.g.energy), (1.0, part - 1.0, -part)
    )


def measured_ratios(atom: Atom) -> tuple[float, ...]:
    """Return ``|c_2/c_1|`` from measured numbers alone, for each entry of ``widths``; the closure of two levels says 1.

    The dipoles come from the widths, the triplet weights from both Lande factors.

    Raises
    ------
    ValueError : the widths or a Lande factor are missing.

    Example
    -------
    >>> from renp.inputs.atoms import ATOMS
    >>> [f"{ratio:.2f}" for ratio in measured_ratios(ATOMS["Xe"])]
    ['1.20', '0.97', '1.14']
    """
    factors = [level.g_J for level in (atom.v, *atom.further[:1]) if level.g_J is not None]
    if len(factors) != 2 or not atom.widths:
        raise ValueError(f"{atom.symbol}: the ratio needs the widths and the Lande factors of both levels")
    triplet = [triplet_share_from_lande(g, ELECTRON_G_FACTOR) for g in factors]
    energies = (atom.v.energy, atom.further[0].energy)
    dipoles = [(pair.lower / energies[0] ** 3, pair.upper / energies[1] ** 3) for pair in atom.widths]
    return tuple(float((upper * triplet[1] / (lower * triplet[0])) ** 0.5) for lower, upper in dipoles)


@dataclass(frozen=True)
class SpinShare:
    """The weight of ``3P1`` in ``|v>`` from one kind of data, and the ``C_ev`` that follows.

    Parameters
    ----------
    data : ``"widths"``, ``"Lande factor"`` or ``"level energies"``.
    triplet : the weight, from 0 to 1.
    C_ev : spin factor of the pair step.
    source : where the data come from.

    Example
    -------
    >>> from renp.inputs.atoms import ATOMS
    >>> [share.data for share in spin_shares(ATOMS["Yb"])]
    ['widths', 'Lande factor', 'level energies']
    """

    data: str
    triplet: float
    C_ev: float
    source: str

    @property
    def mixing_angle(self) -> float:
        """Angle of ``|v> = cos |3P1> + sin |1P1>`` [rad]."""
        return acos(sqrt(self.triplet))


def spin_shares(atom: Atom) -> tuple[SpinShare, ...]:
    """Return every determination of the triplet share of ``|v>`` that the levels of an atom allow.

    The rules are derived in ``renp derive intermediate_coupling``; ``C_ev`` is the share times the value of LS coupling,
    2/3 for ``J_e = 0`` and 1/6 for ``J_e = 2``.

    Parameters
    ----------
    atom : a record with levels of an ``s p`` configuration; data that it lacks give no determination.

    Raises
    ------
    ValueError : ``J_e`` is neither 0 nor 2.

    Example
    -------
    >>> from renp.inputs.atoms import ATOMS
    >>> [f"{share.C_ev:.3f}" for share in spin_shares(ATOMS["Xe"])]
    ['0.080', '0.063', '0.075', '0.068', '0.074']
    """
    if atom.J_e not in TRIPLET_SPIN_FACTORS:
        raise ValueError(
            f"{atom.symbol}: J_e = {atom.J_e}, but the metastable levels of an s p configuration have 0 and 2"
        )
    found: list[tuple[str, float, str]] = []
    for pair in atom.widths:
        share = triplet_share_from_widths((pair.lower, pair.upper), (atom.v.energy, atom.further[0].energy))
        found.append(("widths", share, pair.source))
    if atom.v.g_J is not None:
        found.append(("Lande factor", triplet_share_from_lande(atom.v.g_J, ELECTRON_G_FACTOR), atom.v.g_J_source))
    triplet = {level.J: level for level in (atom.e, *atom.ladder)}
    if atom.further and {0, 2} <= set(triplet):
        energies = [level.energy for level in (triplet[0], triplet[2], atom.v, atom.further[0])]
        share = triplet_share_from_levels(energies[0], energies[1], energies[2], energies[3])
        found.append(("level energies", share, "; ".join(level.source for level in atom.ladder)))
    factor = float(TRIPLET_SPIN_FACTORS[atom.J_e])
    return tuple(SpinShare(data, share, factor * share, source) for data, share, source in found)
