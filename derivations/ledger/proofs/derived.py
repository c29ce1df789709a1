"""The pipeline's cross sections and widths in the symbols of printed formulas: the second of the two roads of a proof."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Final, Literal

from sympy import Expr, pi, sqrt, symbols

from derivations.algebra.ring import conjugate
from derivations.interactions.model import Interaction
from derivations.interactions.reader import shipped_interactions
from derivations.processes import coherent_scattering, electron_scattering
from derivations.processes.cross_section import Neutrino, cross_section
from derivations.processes.exchange import Amplitude
from derivations.processes.plasmon_decay import K_SQUARED, plasmon_amplitude
from derivations.processes.radiative_decay import decay_amplitude
from derivations.symbols import (
    ALPHA,
    CHARGE_NUMBER,
    DIMENSIONS,
    ENERGY,
    FORM_FACTOR,
    G_F,
    M_E,
    M_I,
    M_J,
    M_PHI,
    MEDIATOR,
    Q_S,
    Q_V,
    Q_W,
    RECOIL,
    TARGET_MASS,
    S,
    T,
)

__all__ = [
    "ANTINEUTRINO",
    "MASSIVE",
    "NEUTRINO",
    "PIPELINE",
    "derived",
    "derived_decay",
    "derived_plasmon",
    "plasmon_polarisations_agree",
]

NEUTRINO: Final = Neutrino()
ANTINEUTRINO: Final = Neutrino(antineutrino=True)
MASSIVE: Final = Neutrino(massless=False, helicity="average")
PIPELINE: Final = "the pipeline, from the interaction files: printed - derived = 0"
_TARGETS: Final = {"electron": electron_scattering, "nucleus": coherent_scattering}
_OWN: Final[Mapping[str, Mapping[str, Expr]]] = {
    "electron": {"M": MEDIATOR},
    # printed formulas call the nucleus' mass M
    "nucleus": {"m_N": TARGET_MASS, "M": M_PHI, "Z": CHARGE_NUMBER, "F": FORM_FACTOR},
}

_KINEMATICS: Final = {
    ENERGY, RECOIL, M_E, TARGET_MASS, M_PHI, M_I, M_J, G_F, ALPHA, CHARGE_NUMBER, FORM_FACTOR, Q_W, Q_V, Q_S,
}  # fmt: skip


@cache
def _derived(target: str, names: tuple[str, ...], neutrino: Neutrino) -> Expr:
    process = _TARGETS[target]
    chosen = [one for one in shipped_interactions() if one.name in names]
    formula = cross_section(process.PROCESS, process.SOURCE, chosen, neutrino)
    result = formula.result
    for definition in reversed(formula.definitions):
        result = result.subs(definition.symbol, definition.expression)
    known: dict[str, Expr] = {symbol.name: symbol for symbol in DIMENSIONS}
    known |= {"e": sqrt(4 * pi * ALPHA), **_OWN[target]}
    return result.subs({s: known[s.name] for s in result.free_symbols if s.name in known}, simultaneous=True)


def derived(
    target: Literal["electron", "nucleus"], values: Mapping[str, Expr], *names: str, neutrino: Neutrino = NEUTRINO
) -> Expr:
    """Return the pipeline's ``dsigma/dT`` of the interactions ``names``; couplings without a value are zero.

    Parameters
    ----------
    target : what scatters; the mass is ``m_e`` or ``M``, a mediator's mass on a nucleus ``M_phi``.
    values : couplings by their names in the pipeline, ``"mu_ij"``; a printed symbol or a number.
    names : shipped interactions; the weak current is among them if it is named.
    neutrino : what comes in, by default a massless Dirac neutrino of helicity -.

    Example
    -------
    >>> derived("electron", {}, "standard_model")
    0
    """
    found = _derived(target, names, neutrino)
    chosen = {s: values.get(s.name, 0) for s in found.free_symbols if s not in _KINEMATICS}
    return found.subs(chosen, simultaneous=True)


def _products(found: Amplitude) -> dict[str, dict[tuple[str, str], Expr]]:
    """Return, for each tensor of an amplitude, what stands with ``c_a c_b*`` for every two couplings a, b."""
    names = dict(zip(symbols("t m_i m_j"), (T, M_I, M_J), strict=True))
    result: dict[str, dict[tuple[str, str], Expr]] = {}
    for tensor, gram in found.gram.items():
        result[tensor] = {}
        for one, other in product(found.terms, repeat=2):
            n, m = one.row, other.row
            entry = gram.get((min(n, m), max(n, m)))
            if entry:
                entry = entry if n <= m else conjugate(entry)
                value = (one.factor * conjugate(other.factor) * entry).as_expr()
                result[tensor][one.matrix, other.matrix] = value.subs(names, simultaneous=True)
    return result


@cache
def derived_decay() -> dict[str, dict[tuple[str, str], Expr]]:
    """Return the pipeline's widths of ``nu_i -> nu_j gamma`` for every two form factors: in all, and along the spin.

    Example
    -------
    >>> sorted(derived_decay()["along"])
    [('eps', 'mu'), ('mu', 'eps')]
    """
    flux = (M_I**2 - M_J**2) / (32 * pi * M_I**3)
    found = _products(decay_amplitude([_photon()]))
    return {
        label: {pair: (flux * value).cancel() for pair, value in found[tensor].items()}
        for label, tensor in (("all", "summed"), ("along", "polarised"))
    }


@cache
def derived_plasmon() -> dict[tuple[str, str], Expr]:
    """Return the pipeline's spin sums of plasmon decay in ``s = K^2``, averaged over phase space, for every two form factors."""
    found = _products(plasmon_amplitude([_photon()]))["summed"]
    return {pair: value.subs(T, S - (M_I + M_J) ** 2) / S**2 for pair, value in found.items()}


def plasmon_polarisations_agree() -> bool:
    """Return whether the pipeline's spin sums are the same for transverse and longitudinal plasmons, all masses."""
    one, other = (plasmon_amplitude([_photon()], name).gram["summed"] for name in ("transverse", "longitudinal"))
    return set(one) == set(other) and all(other[place] == one[place] * K_SQUARED for place in one)


def _photon() -> Interaction:
    return next(one for one in shipped_interactions() if one.name == "electromagnetic")
