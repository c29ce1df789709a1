"""Couplings that add nothing to a spectrum, and why, in words.

In: an emission, photon energies and coupling groups. Out: sentences. What vanishes is found by evaluating the coupling alone;
why it does, from the thresholds and from the tables of the derivation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renp.rates.channels import contributions, electron_couplings, matrices
from renp.rates.emission import Emission, Group

__all__ = ["idle_couplings", "idle_reason", "nothing_emitted", "without_matrices"]

_MOST_STATES = 8
"""With more neutrinos whole matrices are looked at, not their elements."""


def nothing_emitted(source: Emission, omega: Sequence[float] | NDArray[np.float64]) -> str:
    """Return in words why no pair at all can be emitted at any of the photon energies; empty if one can.

    Parameters
    ----------
    source : atom, neutrinos and model.
    omega : photon energies [eV], shape (k,).

    Example
    -------
    >>> from renp.rates.emission import emission
    >>> nothing_emitted(emission(), [1.0717]), nothing_emitted(emission(), [1.07])
    ('all photon energies lie above every pair threshold, the highest is 1.071653 eV', '')
    """
    highest = source.thresholds[0].omega
    if not np.size(omega) or float(np.min(omega)) < highest:
        return ""
    if highest > 0:
        return f"all photon energies lie above every pair threshold, the highest is {highest:.7g} eV"
    K = source.imprinted_momentum
    cause = (
        f"the imprinted momentum of {K:.7g} eV leaves them too little energy" if K else "the neutrinos are too heavy"
    )
    return f"no pair is ever emitted: {cause}"


def idle_couplings(
    source: Emission, omega: Sequence[float] | NDArray[np.float64], groups: Mapping[str, Group | None]
) -> tuple[str, ...]:
    """Return a sentence for each coupling that is given and adds nothing at any of the photon energies.

    Parameters
    ----------
    source : atom, neutrinos and model.
    omega : photon energies [eV], shape (k,).
    groups : coupling groups, as the evaluator takes them.

    Example
    -------
    >>> from renp.rates.emission import emission
    >>> idle_couplings(emission(nature="majorana"), [1.07], {"electromagnetic": {"mu": 1e-11 * np.eye(3)}})[0]
    'electromagnetic.mu[1,1], mu[2,2]: for Majorana neutrinos it drops out: only the antisymmetric, imaginary part counts'
    """
    energies = np.asarray(omega, dtype=np.float64)
    given = {keyword: entries for keyword, entries in groups.items() if entries is not None}
    if not given or not energies.size:
        return ()
    checked = source.model.functions.checked_inputs(**source.arguments(True, given)).groups
    notes: list[str] = []
    for keyword, entries in given.items():
        values = checked[source.model.group(keyword).name]
        names = [name for name in matrices(source.model, keyword) if values[name] is not None and np.any(values[name])]
        if not names:
            notes.append(f"{keyword}: no neutrino coupling is set, it adds nothing")
            continue
        reasons: dict[str, list[str]] = {}
        for name in names:
            for label, unit in _parts(name, np.asarray(values[name]), _is_hermitian(source, keyword, name)):
                reason = idle_reason(source, energies, keyword, name, unit, entries)
                if reason:
                    reasons.setdefault(reason, []).append(label)
        notes += [f"{keyword}.{', '.join(labels)}: {reason}" for reason, labels in reasons.items()]
        open_here = electron_couplings(source.model, keyword, None, source.pair_step)
        notes += [
            f"{keyword}.{coupling.name} opens no channel of the {source.pair_step} pair step"
            for coupling in source.model.group(keyword).couplings
            if coupling.line == "electron" and values[coupling.name] and coupling.name not in open_here
        ]
    return tuple(notes)


def idle_reason(
    source: Emission,
    omega: NDArray[np.float64],
    keyword: str,
    name: str,
    unit: NDArray[np.complex128],
    entries: Mapping[str, Any],
) -> str:
    """Return why a coupling adds nothing at any of the photon energies; empty if it adds something.

    Parameters
    ----------
    source : atom, neutrinos and model.
    omega : photon energies [eV], shape (k,).
    keyword, name : the group and its neutrino coupling.
    unit : the matrix with this coupling alone, shape (n, n).
    entries : the other entries of the group; its neutrino couplings do not count.

    Example
    -------
    >>> from renp.rates.emission import emission
    >>> group = {"mass": 1.0, "g_A": 0.0}
    >>> idle_reason(emission(), np.array([1.07]), "vector", "g_L", np.eye(3), group)
    'the electron coupling that opens the M1 pair step, g_A or g_V, is zero'
    """
    step, model = source.pair_step, source.model
    bare = without_matrices(source, keyword, entries)

    def matters(there: Emission) -> bool:
        return bool(there.spectral_function(omega, weak=False, **{keyword: {**bare, name: unit}}).any())

    thresholds = source.thresholds
    if nothing := nothing_emitted(source, omega):
        return nothing
    lowest = float(np.min(omega))
    pairs = {tuple(sorted((int(i) + 1, int(j) + 1))) for i, j in np.argwhere(unit)}
    own = max(((t.omega, t.i, t.j) for t in thresholds if (t.i, t.j) in pairs), default=(np.inf, 0, 0))
    if lowest >= own[0]:
        if own[0] <= 0:
            return f"pair {own[1]}{own[2]} is never emitted"
        return f"all photon energies lie above the threshold of pair {own[1]}{own[2]}, {own[0]:.7g} eV"
    if not contributions(model, keyword, name, step):
        return f"it opens no channel of the {step} pair step"
    openers = electron_couplings(model, keyword, name, step)
    if openers and not any(np.any(bare.get(electron, 0)) for electron in openers):
        return f"the electron coupling that opens the {step} pair step, {' or '.join(openers)}, is zero"
    if matters(source):
        return ""
    if source.nature == "majorana" and matters(replace(source, nature="dirac")):
        part = "antisymmetric, imaginary" if np.isreal(unit).all() else "symmetric, real"
        counts = f"only the {part} part counts" if _is_hermitian(source, keyword, name) else "i and j exchanged cancel"
        return f"for Majorana neutrinos it drops out: {counts}"
    options = {key: value for key, value in source.options.items() if key != "atomic_tensor"}
    if matters(replace(source, options=options)):
        return "the atomic tensor lets nothing of it through"
    return "the spectrum does not depend on it"


def without_matrices(source: Emission, keyword: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of a coupling group with all its neutrino couplings at zero.

    Example
    -------
    >>> from renp.rates.emission import emission
    >>> sorted(without_matrices(emission(), "vector", {"mass": 1.0}))
    ['g_L', 'g_R', 'mass']
    """
    n = len(source.masses)
    return {**entries, **{name: np.zeros((n, n)) for name in matrices(source.model, keyword)}}


def _is_hermitian(source: Emission, keyword: str, name: str) -> bool:
    return source.model.group(keyword)[name].kind == "matrix"


def _parts(name: str, values: NDArray[np.complex128], hermitian: bool) -> Iterator[tuple[str, NDArray[np.complex128]]]:
    """Yield every non-zero real or imaginary part of a matrix with a name, as the matrix with this part at one."""
    n = len(values)
    if n > _MOST_STATES:
        yield name, values
        return
    for i in range(n):
        for j in range(i if hermitian else 0, n):
            for part, value, one in (("", values[i, j].real, 1.0), (".imag", values[i, j].imag, 1j)):
                if value:
                    unit = np.zeros((n, n), dtype=np.complex128)
                    if hermitian:
                        unit[j, i] = np.conj(one)
                    unit[i, j] = one
                    yield f"{name}[{i + 1},{j + 1}]{part}", unit
