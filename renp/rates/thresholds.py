"""Where neutrino pairs open: thresholds in the photon energy, and energies that show them all.

In: E_eg and the neutrino masses. Out: frozen :class:`Threshold` records, highest first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renp_generated.runtime.arguments import real_number, real_vector, supported

__all__ = ["Threshold", "default_energies", "pair_thresholds"]


@dataclass(frozen=True)
class Threshold:
    """The photon energy below which the pair (i, j) can be emitted.

    Parameters
    ----------
    i, j : mass states, counted from 1, i <= j.
    omega : threshold [eV].

    Example
    -------
    >>> pair_thresholds(2.0, [0.1, 0.2])[0].omega
    0.99
    """

    i: int
    j: int
    omega: float


def pair_thresholds(E_eg: float, neutrino_masses: ArrayLike, imprinted_momentum: float = 0.0) -> tuple[Threshold, ...]:
    """Return ``omega_ij = (E_eg - K)/2 - (m_i + m_j)^2 / (2 (E_eg + K))`` for i <= j, highest first.

    Parameters
    ----------
    E_eg : energy of |e> above |g> [eV].
    neutrino_masses : (n,) masses [eV].
    imprinted_momentum : momentum K of the target along the pair's direction [eV].

    Raises
    ------
    ValueError : an energy that is not positive, or a momentum that is not smaller; masses that are none, negative or not
        finite; either outside the supported range.

    Example
    -------
    >>> [(t.i, t.j) for t in pair_thresholds(2.14349, [0.01, 0.02, 0.03])]
    [(1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3)]
    """
    energy = real_number("E_eg", E_eg, "eV")
    if energy <= 0:
        raise ValueError(f"E_eg must be a positive energy in eV, found {energy!r}")
    supported("E_eg", energy)
    values = real_vector("neutrino_masses", neutrino_masses, "eV", scalar=False)
    if min(values) < 0:
        raise ValueError(f"neutrino_masses must not be negative, found {min(values)!r}")
    supported("neutrino_masses", *values, zero=True)
    K = real_number("imprinted_momentum", imprinted_momentum, "eV")
    if not abs(K) < energy:
        raise ValueError(f"imprinted_momentum must lie between -E_eg and E_eg = {energy!r} eV, found {K!r}")
    found = [
        Threshold(i + 1, j + 1, (energy - K) / 2 - (values[i] + values[j]) ** 2 / (2 * (energy + K)))
        for i in range(len(values))
        for j in range(i, len(values))
    ]
    return tuple(sorted(found, key=lambda threshold: (-threshold.omega, threshold.i, threshold.j)))


def default_energies(
    E_eg: float, thresholds: tuple[Threshold, ...], imprinted_momentum: float = 0.0
) -> NDArray[np.float64]:
    """Return 400 photon energies [eV] that show every threshold: from well below the lowest to just above the highest.

    Where an imprinted momentum closes every pair, they cover the whole range, in which there are zeros alone.

    Parameters
    ----------
    E_eg : energy of |e> above |g> [eV].
    thresholds : of the pairs, highest first; those at or below 0 never open and do not count.
    imprinted_momentum : momentum K of the target along the pair's direction [eV].

    Raises
    ------
    ValueError : no pair ever opens, for the neutrinos are too heavy.

    Example
    -------
    >>> shown = default_energies(2.0, pair_thresholds(2.0, [0.1, 0.2]))
    >>> shown[[0, -1]].round(3).tolist()
    [0.9, 0.995]
    """
    edges = [threshold.omega for threshold in thresholds if threshold.omega > 0]
    end = (E_eg - imprinted_momentum) / 2
    if not edges and imprinted_momentum:
        return np.linspace(0, end, 402)[1:-1]
    if not edges:
        raise ValueError(
            "omega: no photon energy lies below a pair threshold, the neutrinos are too heavy to be emitted"
        )
    start = max(edges[-1] - 1.5 * (end - edges[-1]), edges[-1] / 2)
    # Half-way to the end of the spectrum, but visibly below it: a massless pair has its threshold there. With heavy neutrinos
    # the end is far, and nothing is to be seen on the way.
    stop = min(edges[0] + (end - edges[0]) / 2, end - 0.002 * (end - start), edges[0] + (edges[0] - start) / 2)
    return np.linspace(start, stop, 400)
