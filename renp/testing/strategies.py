"""Hypothesis strategies named after the physics; they shrink towards few, light neutrinos, real couplings and one interaction.

Energies, masses and widths are in eV. Everything is drawn as ``renp.spectral_function`` takes it.

Example
-------
>>> from hypothesis import given, settings
>>> import renp
>>> @given(argument_sets(), shares(0.1, 0.9))
... @settings(max_examples=5, database=None, derandomize=True)
... def test_no_rate_is_negative(arguments, share):
...     assert renp.spectral_function(share * edges(arguments)[0], **arguments) >= 0
>>> test_no_rate_is_negative()
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from renp.testing.arguments import E_EG, coupling_sizes
from renp_generated.runtime.arguments import FIXED, shown

if TYPE_CHECKING:
    from renp.model import Model, ModelGroup
    from renp.testing.sampling import Model as Interaction

__all__ = [
    "argument_sets",
    "atomic_tensors",
    "atoms",
    "dirac_products",
    "edges",
    "general_couplings",
    "hermitian_bilinears",
    "hermitian_couplings",
    "interaction_files",
    "interaction_models",
    "masses",
    "mixing_matrices",
    "photon_energies",
    "polarisations",
    "preparations",
    "recoil_range",
    "scattering_kinematics",
    "shares",
    "simplest",
]

Strategy = st.SearchStrategy[Any]
FEW: Final[Strategy] = st.integers(1, 3)
"""How many neutrinos there are when nothing is said."""
HEAVIEST: Final = 0.14
"""The largest neutrino mass that is drawn, as a share of E_eg: all pairs open over most of the spectrum."""
MEDIATORS: Final = (2.0, 0.5, 0.05, 20.0)
"""Mediator masses that are drawn, give or take a tenth, as shares of E_eg: beyond the spectrum, a pole in it, light, heavy."""
KEPT: Final = 1024
"""Strategies that are kept: to make one takes longer than to draw from it."""
STEPS: Final = 8
"""Entries of matrices are drawn in steps of one eighth: an example is read at a glance, and no product of two is rounded."""


def simplest(strategy: Strategy) -> Any:
    """Return the first thing that a strategy draws, which is about what a failure shrinks to when it does not depend on it.

    Example
    -------
    >>> simplest(masses()), simplest(polarisations())
    (array([0.]), (1, 0, 0))
    """
    # To shrink further could take minutes where each draw is a derivation.
    quiet = settings(
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        deadline=None,
        phases=[Phase.generate],
    )
    return find(strategy, lambda _: True, settings=quiet)


def _whole(name: str, value: Any, least: int, most: int | None = None) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, found {shown(value)}")
    if value < least or (most is not None and value > most):
        allowed = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {allowed}, found {shown(value)}")


def _count(value: Any, name: str = "n") -> None:
    """Refuse what is no number of neutrinos, nor a strategy for one."""
    if not isinstance(value, st.SearchStrategy):
        _whole(name, value, 1)


def _positive(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise TypeError(f"{name} must be a number, found {shown(value)}")
    if not (value > 0 and math.isfinite(value)):
        raise ValueError(f"{name} must be positive and finite, found {shown(value)}")


def _word(name: str, value: Any, allowed: Sequence[str]) -> None:
    if value is not None and (not isinstance(value, str) or value not in allowed):
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, found {shown(value)}")


def _words(name: str, values: Any, allowed: Collection[str]) -> None:
    if isinstance(values, str) or not isinstance(values, Collection):
        raise TypeError(f"{name} must be a list of names, found {shown(values)}")
    unknown = [value for value in values if value not in allowed]
    if unknown:
        raise ValueError(f"{name} has {shown(unknown[0])}; allowed are {', '.join(sorted(allowed)) or 'none'}")


def _of_a_call(arguments: Any) -> tuple[float, list[float], float]:
    """Return level difference, masses and imprinted momentum of a call."""
    if not isinstance(arguments, Mapping):
        raise TypeError(f"arguments must be a mapping with E_eg and masses, found {shown(arguments)}")
    missing = [name for name in ("E_eg", "masses") if name not in arguments]
    if missing:
        raise ValueError(f"arguments must hold E_eg and masses, {missing[0]} is missing")
    momentum = arguments.get("imprinted_momentum", 0.0)
    try:
        energy, moved = float(arguments["E_eg"]), float(momentum)
        values = [float(mass) for mass in np.atleast_1d(arguments["masses"])]
    except (TypeError, ValueError):
        raise TypeError(
            f"arguments must hold numbers, found E_eg={shown(arguments['E_eg'])}, masses={shown(arguments['masses'])}, "
            f"imprinted_momentum={shown(momentum)}"
        ) from None
    if not (
        all(map(math.isfinite, (energy, moved, *values))) and energy > abs(moved) and min(values, default=0.0) >= 0
    ):
        raise ValueError(
            f"arguments must hold E_eg above imprinted_momentum and masses of at least 0, found E_eg={energy}, masses={values}, "
            f"imprinted_momentum={moved}"
        )
    return energy, values, moved


@lru_cache(maxsize=KEPT)
def shares(least: float = 0.0, largest: float = 1.0) -> Strategy:
    """Return a strategy for a share, such as of a threshold: any number from ``least`` to ``largest``, simple ones first.

    Those below a millionth are zero.

    Example
    -------
    >>> 0.25 <= simplest(shares(0.25, 0.75)) <= 0.75
    True
    """
    return st.floats(least, largest, allow_nan=False).map(lambda share: share if abs(share) > 1e-6 else 0.0)


def masses(
    n: int | Strategy = FEW, kind: str | None = None, *, largest: float = HEAVIEST * E_EG, s: float | None = None
) -> Strategy:
    """Return a strategy for neutrino masses [eV], in ascending order, shape (n,).

    Parameters
    ----------
    n : how many, or a strategy for it.
    kind : ``"massless"``, ``"degenerate"``, ``"hierarchical"`` (each a quarter of the next) or ``"any"``, all of them by default;
        or ``"threshold"``, where a pair of the heaviest stands within four units in the last place of its threshold.
    largest : upper bound [eV].
    s : square of the pair's mass [eV^2], needed for ``"threshold"``.

    Raises
    ------
    TypeError, ValueError : no number of neutrinos, no bound, an unknown kind, or ``"threshold"`` without ``s``; one line.

    Example
    -------
    >>> simplest(masses(3, "massless"))
    array([0., 0., 0.])
    >>> bool(abs(2 * simplest(masses(2, "threshold", s=0.25))[-1] - 0.5) < 1e-15)
    True
    """
    kinds = ("massless", "degenerate", "hierarchical", "any", "threshold")
    _word("kind", kind, kinds)
    _count(n)
    _positive("largest", largest)
    if kind == "threshold":
        if s is None:
            raise ValueError("s must be given for masses at a threshold")
        _positive("s", s)
        return _masses_at(n, s)
    return _masses(n, kinds[:-1] if kind is None else (kind,), largest)


@st.composite
def _masses(draw: st.DrawFn, n: int | Strategy, kinds: Sequence[str], largest: float) -> NDArray[np.float64]:
    count = n if isinstance(n, int) else draw(n)
    kind = draw(st.sampled_from(kinds))
    if kind == "massless":
        return np.zeros(count)
    top = largest * draw(shares(1e-3, 1.0))
    if kind == "degenerate":
        return np.full(count, top)
    if kind == "hierarchical":
        return np.array([top / 4.0**k for k in range(count)][::-1])
    others = draw(st.lists(shares(), min_size=count - 1, max_size=count - 1))
    return np.array(sorted([*(top * share for share in others), top]))


@st.composite
def _masses_at(draw: st.DrawFn, n: int | Strategy, s: float) -> NDArray[np.float64]:
    count = n if isinstance(n, int) else draw(n)
    top = _stepped(math.sqrt(s) / 2, draw(st.integers(-4, 4)))
    return np.array([*sorted(top * draw(shares()) for _ in range(count - 1)), top])


@lru_cache(maxsize=KEPT)
def hermitian_couplings(n: int, scale: float = 1.0, *, real: bool = False) -> Strategy:
    """Return a strategy for Hermitian matrices, shape (n, n), whose entries are of the size ``scale``.

    They shrink towards zero: the diagonal last, imaginary parts first.

    Example
    -------
    >>> matrix = simplest(hermitian_couplings(2, 1e-12))
    >>> bool((matrix == matrix.conj().T).all()), bool(abs(matrix).max() <= 1.5e-12)
    (True, True)
    """
    _whole("n", n, 1)
    _positive("scale", scale)
    count = n * (n + 1) // 2 if real else n * n
    entries = st.lists(st.integers(-STEPS, STEPS), min_size=count, max_size=count)

    def made(numbers: list[int]) -> NDArray[np.complex128]:
        upper = np.triu_indices(n, 1)
        matrix = np.zeros((n, n), dtype=complex)
        pairs = len(upper[0])
        matrix[upper] = numbers[n : n + pairs]
        if not real:
            matrix[upper] += 1j * np.array(numbers[n + pairs :])
        matrix += matrix.conj().T
        matrix[np.diag_indices(n)] = numbers[:n]
        return np.asarray(matrix * (scale / STEPS))

    return entries.map(made)


@lru_cache(maxsize=KEPT)
def general_couplings(n: int, scale: float = 1.0) -> Strategy:
    """Return a strategy for any complex matrices, shape (n, n): couplings of terms that come with their conjugate.

    Example
    -------
    >>> simplest(general_couplings(2)).shape
    (2, 2)
    """
    _whole("n", n, 1)
    _positive("scale", scale)
    entries = st.lists(st.integers(-STEPS, STEPS), min_size=2 * n * n, max_size=2 * n * n)
    return entries.map(
        lambda numbers: (
            np.array(numbers[: n * n]).reshape(n, n) * (scale / STEPS)
            + 1j * np.array(numbers[n * n :]).reshape(n, n) * (scale / STEPS)
        )
    )


def mixing_matrices(active: int = 3, states: int | None = None, kind: str = "unitary") -> Strategy:
    """Return a strategy for mixing matrices U, rows of flavours and columns of mass states, shape (active, states).

    Parameters
    ----------
    active : number of flavours that couple.
    states : number of mass states, ``active`` by default; more give the upper rows of a larger unitary matrix: sterile states.
    kind : ``"unitary"``; ``"pdg"``, three angles and a phase as the PDG orders them, with two Majorana phases;
        or ``"non-unitary"``, a unitary matrix times a lower triangle close to one.

    Example
    -------
    >>> U = simplest(mixing_matrices(3, 4))
    >>> U.shape, bool(abs(U @ U.conj().T - np.eye(3)).max() < 1e-14)
    ((3, 4), True)
    """
    states = active if states is None else states
    _word("kind", kind, ("unitary", "pdg", "non-unitary"))
    _whole("active", active, 1)
    _whole("states", states, 1)
    if not 1 <= active <= states:
        raise ValueError(f"states must be at least active = {active}, found {states}")
    if kind == "pdg" and (active, states) != (3, 3):
        raise ValueError(f"kind 'pdg' is of 3 flavours and 3 states, found {active} and {states}")
    return _mixing(active, states, kind)


@st.composite
def _mixing(draw: st.DrawFn, active: int, states: int, kind: str) -> NDArray[np.complex128]:
    pairs = [(1, 2), (0, 2), (0, 1)] if kind == "pdg" else [(a, b) for b in range(states) for a in range(b)]
    U = np.eye(states, dtype=complex)
    for a, b in pairs:
        angle = draw(shares(0.0, math.pi / 2))
        phase = draw(shares(0.0, 2 * math.pi)) if kind != "pdg" or (a, b) == (0, 2) else 0.0
        turn = np.eye(states, dtype=complex)
        turn[a, a] = turn[b, b] = math.cos(angle)
        turn[a, b] = math.sin(angle) * np.exp(-1j * phase)
        turn[b, a] = -turn[a, b].conj()
        U = U @ turn
    if kind == "pdg":
        U = U * np.exp(0.5j * np.array([0.0, *(draw(shares(0.0, 2 * math.pi)) for _ in range(2))]))
    U = U[:active]
    if kind == "non-unitary":
        lower = np.tril(draw(general_couplings(active, 0.1)), -1)
        loss = np.diag([1 - 0.1 * draw(shares()) for _ in range(active)])
        U = (loss + lower) @ U
    return np.asarray(U)


# ---------------------------------------------------------------- the atom


@lru_cache(maxsize=KEPT)
def atoms(kind: str | None = None) -> Strategy:
    """Return a strategy for the levels of an atom: ``{"E_eg", "E_vg"}`` [eV], as keywords of every call.

    Parameters
    ----------
    kind : ``"shipped"`` (those of ``renp.ATOMS``), ``"any"`` (E_eg from 0.1 to 20 eV) or ``"several"`` (two or three intermediate
        states, with ``intermediate_amplitudes``); the first two by default.

    Example
    -------
    >>> levels = simplest(atoms("any"))
    >>> 0.1 <= levels["E_eg"] < levels["E_vg"]
    True
    """
    from renp.inputs.atoms import ATOMS

    shipped = st.sampled_from([{"E_eg": ATOMS[name].E_eg, "E_vg": ATOMS[name].E_vg} for name in ("Yb", "Xe")])
    own = st.tuples(shares(0.1, 20.0), shares(1e-2, 3.0)).map(lambda e: {"E_eg": e[0], "E_vg": e[0] + e[1]})
    several = st.tuples(shares(0.1, 20.0), st.lists(shares(1e-2, 3.0), min_size=2, max_size=3)).flatmap(
        lambda e: st.lists(st.integers(1, STEPS).map(lambda k: k / STEPS), min_size=len(e[1]), max_size=len(e[1])).map(
            lambda c: {"E_eg": e[0], "E_vg": [e[0] + gap for gap in e[1]], "intermediate_amplitudes": c}
        )
    )
    known = {"shipped": shipped, "any": own, "several": several}
    if kind not in (None, *known):
        raise ValueError(f"kind must be one of {', '.join(known)}, found {kind!r}")
    return shipped | own if kind is None else known[kind]


@lru_cache(maxsize=KEPT)
def polarisations() -> Strategy:
    """Return a strategy for polarisations (e_x, e_y, 0) of light along the beam, exact: linear first, then circular, then any.

    Example
    -------
    >>> len(simplest(polarisations()))
    3
    """
    from sympy import I

    whole = st.integers(-2, 2)
    general = st.tuples(whole, whole, whole, whole).filter(any).map(lambda c: (c[0] + I * c[1], c[2] + I * c[3], 0))
    return st.sampled_from([(1, 0, 0), (0, 1, 0), (1, 1, 0), (1, I, 0), (1, -I, 0)]) | general


def preparations() -> Strategy:
    """Return a strategy for preparations by two photons: keywords of ``derivations.atom.two_photon_coherence``.

    Photons run along the beam, both ways; the pairs of multipoles and spins are such that a coherence comes about or the combination
    is refused in one line.

    Example
    -------
    >>> sorted(simplest(preparations()))
    ['J_e', 'J_g', 'directions', 'first', 'multipoles', 'second']
    """
    return st.fixed_dictionaries(
        {
            "J_e": st.integers(0, 2),
            "J_g": st.just(0),
            "first": polarisations(),
            "second": polarisations(),
            "multipoles": st.sampled_from([("E1", "E1"), ("E1", "M1"), ("E1", "E2")]),
            "directions": st.sampled_from([(1, -1), (1, 1)]),
        }
    )


_LINEAR = np.diag([1.0, 0.0, 0.0]).astype(complex)
_CIRCULAR = np.array([[0.5, 0.5j, 0], [-0.5j, 0.5, 0], [0, 0, 0]])
_CHAINS = ((0, 1, 0), (2, 1, 0), (1, 1, 0))


@lru_cache(maxsize=KEPT)
def atomic_tensors(kind: str | None = None) -> Strategy:
    """Return a strategy for atomic tensors of unit trace, complex, shape (3, 3); q runs along +z.

    Parameters
    ----------
    kind : ``"averaged"``; ``"along"`` or ``"across"`` q; ``"pure"``, of rank one; ``"positive"``; ``"real"``, positive and
        without a circular part; ``"chain"``, of ``J_e -> J_v -> J_g`` and a polarisation; or ``"general"``, Hermitian and
        of no sign. All that are positive by default.

    Example
    -------
    >>> tensor = simplest(atomic_tensors("positive"))
    >>> bool(np.linalg.eigvalsh(tensor).min() > -1e-15), bool(abs(tensor.trace() - 1) < 1e-15)
    (True, True)
    """
    known = {
        "averaged": st.just(np.eye(3, dtype=complex) / 3),
        "along": st.just(np.diag([0, 0, 1.0 + 0j])),
        "across": st.just(np.diag([0.5, 0.5, 0j])),
        "pure": general_couplings(3).map(lambda m: np.outer(m[0], m[0].conj())).filter(np.any).map(_unit_trace),
        "positive": general_couplings(3).map(lambda m: m @ m.conj().T).filter(np.any).map(_unit_trace),
        "real": general_couplings(3).map(lambda m: (m @ m.conj().T).real + 0j).filter(np.any).map(_unit_trace),
        "chain": st.tuples(st.sampled_from(_CHAINS), polarisations()).map(lambda c: _chain(*c[0], c[1])),
        "general": hermitian_couplings(3).map(lambda m: m + np.eye(3) * (1 - m.trace()) / 3),
    }
    if kind is None:
        return st.sampled_from([np.eye(3, dtype=complex) / 3, _LINEAR, _CIRCULAR]) | known["positive"]
    if kind not in known:
        raise ValueError(f"kind must be one of {', '.join(known)}, found {kind!r}")
    return known[kind]


def _unit_trace(matrix: NDArray[np.complex128]) -> NDArray[np.complex128]:
    return np.asarray(matrix / matrix.trace().real)


@lru_cache(maxsize=256)
def _chain(J_e: int, J_v: int, J_g: int, polarisation: tuple[Any, ...]) -> NDArray[np.complex128]:
    from derivations.atom import atomic_tensor

    return np.array(atomic_tensor(J_e, J_v, J_g, polarisation).tolist(), dtype=complex)


# ---------------------------------------------------------------- kinematics


def edges(arguments: Mapping[str, Any]) -> list[float]:
    """Return the thresholds [eV] of all pairs in ascending order, those in the physical range 0 < omega < (E_eg - K)/2.

    Parameters
    ----------
    arguments : of a call: ``E_eg``, ``masses``, and ``imprinted_momentum`` where there is one.

    Example
    -------
    >>> edges({"E_eg": 2.0, "masses": [0.0, 0.5]})
    [0.75, 0.9375, 1.0]
    """
    E_eg, masses, K = _of_a_call(arguments)
    energy, moved, values = Fraction(E_eg), Fraction(K), [*map(Fraction, masses)]
    found = {(energy - moved) / 2 - (a + b) ** 2 / (2 * (energy + moved)) for a in values for b in values}
    return sorted(float(edge) for edge in found if edge > 0)


def photon_energies(
    arguments: Mapping[str, Any], where: str = "open", *, margin: float = 0.0, ulps: int = 4, mass: float | None = None
) -> Strategy:
    """Return a strategy for one photon energy [eV] of a call.

    Parameters
    ----------
    arguments : of the call; its ``E_eg``, ``masses`` and ``imprinted_momentum`` are read.
    where : ``"open"``, below the thresholds of all pairs; ``"closed"``, above all of them and in the physical range;
        ``"any"``, in the physical range; ``"threshold"``, within ``ulps`` units in the last place of a threshold; ``"pole"``, where
        s is the square of ``mass``.
    margin : distance that is kept from the thresholds: as a share of them below, of what is left of the spectrum above.
    ulps : units in the last place.
    mass : of a mediator [eV]; needed for ``"pole"``.

    Raises
    ------
    ValueError : an unknown place, or one that these arguments do not have.

    Example
    -------
    >>> atom = {"E_eg": 2.0, "masses": [0.5]}
    >>> simplest(photon_energies(atom, "open")) < 0.75 < simplest(photon_energies(atom, "closed"))
    True
    >>> simplest(photon_energies(atom, "pole", mass=1.0))
    0.75
    """
    E_eg, _, K = _of_a_call(arguments)
    end = (E_eg - K) / 2
    found = edges(arguments)
    places = ("open", "closed", "any", "threshold", "pole")
    _word("where", where or "", places)
    if not isinstance(margin, int | float | np.number) or not 0 <= margin < 1:
        raise ValueError(f"margin must be a number from 0 to below 1, found {shown(margin)}")
    _whole("ulps", ulps, 0)
    if where == "any":
        return shares(1e-3, 1 - 1e-3).map(lambda share: share * end)
    if where == "pole":
        if mass is None:
            raise ValueError("mass must be given for a photon energy on a pole")
        _positive("mass", mass)
        omega = end - mass**2 / (2 * (E_eg + K))
        if not omega > 0:
            raise ValueError(f"mass must be below {math.sqrt(E_eg**2 - K**2)!r} eV for a pole, found {mass!r}")
        return st.just(omega)
    if where == "closed":
        start = found[-1] if found else 0.0
        start = start + margin * (end - start) if margin else math.nextafter(start, end)
        last = math.nextafter(end, 0.0)
        if not start <= last:
            raise ValueError(
                "there is no photon energy above all thresholds: a pair of massless neutrinos is open everywhere"
            )
        return shares(start, last)
    if not found:
        raise ValueError("all pairs are too heavy to be emitted")
    if where == "threshold":
        steps = st.integers(-ulps, ulps)
        inside = [edge for edge in found if edge < end] or found
        return st.tuples(st.sampled_from(inside[::-1]), steps).map(lambda e: _stepped(*e)).filter(lambda w: 0 < w < end)
    lowest = found[0] * (1 - margin)
    return shares(0.05, 1 - 2.0**-52).map(lambda share: share * lowest)


def _stepped(value: float, steps: int) -> float:
    for _ in range(abs(steps)):
        value = math.nextafter(value, math.inf if steps > 0 else -math.inf)
    return value


# ---------------------------------------------------------------- complete calls


def argument_sets(
    model: Model | None = None,
    *,
    n: int | Strategy = FEW,
    nature: str | None = None,
    groups: Collection[str] | None = None,
    always: Collection[str] = (),
    most_groups: int | None = None,
    pair_step: str | None = None,
    light: str | None = None,
    only: Collection[str] | None = None,
) -> Strategy:
    """Return a strategy for complete arguments of ``model.spectral_function`` but the photon energy.

    Each coupling has the size at which its contribution is comparable with the weak one, so that interferences show. Argument sets
    shrink towards ytterbium, massless neutrinos, averaged light and no coupling but the weak ones.

    Parameters
    ----------
    model : any interactions; the shipped ones by default.
    n : number of neutrinos, or a strategy for it.
    nature : ``"dirac"`` or ``"majorana"``; both by default.
    groups : keywords of the coupling groups that may be on; all by default.
    always : keywords of groups that are on in every set.
    most_groups : how many of them are on at once; all may be by default.
    pair_step : ``"M1"`` or ``"E1"``; both by default.
    light : a kind of :func:`atomic_tensors`; all that are positive by default.
    only : the arguments that are drawn; all others keep their defaults, and ``axial`` is zero.

    Raises
    ------
    TypeError, ValueError : what is no model, number, nature, group or argument; one line, at once.

    Example
    -------
    >>> arguments = simplest(argument_sets(n=2, groups=["vector"]))
    >>> arguments["axial"].shape, set(arguments) <= {*CALL, "axial", "vector_weak", "vector"}
    ((2, 2), True)
    """
    from renp.model import Model, shipped_model

    chosen = shipped_model() if model is None else model
    if not isinstance(chosen, Model):
        raise TypeError(f"model must be a renp.Model or None, found {shown(model)}")
    _count(n)
    _word("nature", nature, ("dirac", "majorana"))
    _word("pair_step", pair_step, ("M1", "E1"))
    for name, some in (("groups", groups), ("always", always)):
        _words(name, () if some is None else some, chosen.keywords)
    if most_groups is not None:
        _whole("most_groups", most_groups, 0)
    if only is not None:
        entries = {f"{g.keyword}.{c.name}" if g.keyword else c.name for g in chosen.groups for c in g.couplings}
        _words("only", only, {*FIXED, *chosen.keywords, *entries})
    atomic_tensors(light)
    allowed = chosen.keywords if groups is None else tuple(key for key in chosen.keywords if key in groups)
    most = len(allowed) if most_groups is None else min(most_groups, len(allowed))
    return _argument_sets(
        chosen, n, nature, allowed, tuple(always), most, pair_step, light, None if only is None else frozenset(only)
    )


CALL: Final = ("E_eg", "E_vg", "masses", "nature", "intermediate_amplitudes", "atomic_tensor", "pair_step", "dipole_length", "m1",
               "imprinted_momentum")  # fmt: skip
"""The arguments of a call that are not couplings, of those that are drawn."""


@st.composite
def _argument_sets(
    draw: st.DrawFn,
    model: Model,
    n: int | Strategy,
    nature: str | None,
    allowed: Sequence[str],
    always: Sequence[str],
    most: int,
    pair_step: str | None,
    light: str | None,
    only: frozenset[str] | None,
) -> dict[str, Any]:
    def taken(name: str) -> bool:
        return only is None or name in only

    several = taken("intermediate_amplitudes") and draw(st.integers(0, 7)) == 7
    arguments: dict[str, Any] = dict(draw(atoms("several" if several else None)))
    E_eg = arguments["E_eg"]
    arguments["masses"] = draw(masses(n, largest=HEAVIEST * E_eg))
    count = len(arguments["masses"])
    arguments["nature"] = draw(st.sampled_from(("dirac", "majorana"))) if nature is None else nature
    step = "M1"
    if taken("pair_step"):
        step = draw(st.sampled_from(("M1", "E1"))) if pair_step is None else pair_step
        if step != "M1":
            arguments |= {"pair_step": step, "dipole_length": draw(st.integers(1, 3)) * 1.0}
    if taken("atomic_tensor") and (light or draw(st.booleans())):
        arguments["atomic_tensor"] = draw(atomic_tensors(light))
    if taken("m1") and draw(st.booleans()):
        arguments["m1"] = draw(st.sampled_from(("spin", "full")))
    if taken("imprinted_momentum") and draw(st.integers(0, 3)) == 3:
        arguments["imprinted_momentum"] = E_eg * draw(st.integers(-2, 2)) / 8
    on = [*always, *(draw(st.lists(st.sampled_from(allowed), max_size=most, unique=True)) if allowed else [])]
    sizes = coupling_sizes(model.functions, step, E_eg)
    for group in model.groups:
        if group.keyword:
            if group.keyword in on:
                arguments[group.keyword] = draw(_entries(group, sizes[group.name], count, E_eg, only))
            continue
        for coupling in group.couplings:
            if taken(coupling.name):
                arguments[coupling.name] = draw(hermitian_couplings(count, sizes[group.name][coupling.name]))
            elif coupling.default is None:
                arguments[coupling.name] = np.zeros((count, count))
    return arguments


@st.composite
def _entries(
    draw: st.DrawFn, group: ModelGroup, sizes: Mapping[str, float], n: int, E_eg: float, only: frozenset[str] | None
) -> dict[str, Any]:
    """Draw what belongs into the mapping of a group; a heavier mediator gets larger couplings."""
    whole = only is None or group.keyword in only
    entries: dict[str, Any] = {}
    reach = 1.0
    for coupling in group.couplings:
        if not whole and only is not None and f"{group.keyword}.{coupling.name}" not in only:
            continue
        size = sizes.get(coupling.name, 1.0)
        match coupling.kind:
            case "mass":
                mass = E_eg * draw(st.sampled_from(MEDIATORS)) * draw(shares(0.9, 1.1))
                entries[coupling.name] = mass
                reach = 1 + (mass / E_eg) ** 2
            case "width":
                entries[coupling.name] = draw(st.sampled_from((0.0, 0.125))) * E_eg
            case "choice":
                word = draw(st.sampled_from((None, *coupling.choices)))
                entries |= {} if word is None else {coupling.name: word}
            case "real":
                entries[coupling.name] = size * draw(st.sampled_from((8, 4, -6, 3))) / STEPS
            case "matrix":
                entries[coupling.name] = draw(hermitian_couplings(n, size * reach))
            case _:
                entries[coupling.name] = draw(general_couplings(n, size * reach))
    return entries


# ---------------------------------------------------------------- interactions


def dirac_products() -> Strategy:
    """Return a strategy for bilinears as texts, products of the language's matrices and sums of two; not all of them are allowed.

    Example
    -------
    >>> simplest(dirac_products())
    'gamma5'
    """
    phases = st.sampled_from(["", "i ", "-", "(1 + i) ", "1/2 "])
    atoms = ["gamma5", "PL", "PR", "qslash", "q2", "gamma(mu)", "gamma(nu)", "q(nu)", "sigma(mu,nu)"]
    products = st.builds(
        lambda phase, factors: phase + " ".join(factors),
        phases,
        st.lists(st.sampled_from(atoms), min_size=1, max_size=4),
    )
    return products | st.builds(lambda first, second: f"{first} + {second}", products, products)


def hermitian_bilinears(indices: int = 0, power: int = 0) -> Strategy:
    """Return a strategy for Hermitian bilinears that do not vanish, as texts.

    Parameters
    ----------
    indices : number of free indices, from 0 to 2.
    power : powers of q in each term, from 0 to 4.

    Raises
    ------
    TypeError, ValueError : numbers that there are none of; one line.

    Example
    -------
    >>> from derivations.interactions.checks import is_hermitian
    >>> from derivations.interactions.language import parse_bilinear
    >>> is_hermitian(parse_bilinear(simplest(hermitian_bilinears(1, 2))))
    True
    """
    from renp.testing.expressions import INDICES, text
    from renp.testing.sampling import Sampler

    _whole("indices", indices, 0, 2)
    _whole("power", power, 0, 4)

    def drawn(size: int, seed: int) -> str:
        samplers = (Sampler(random.Random(f"{seed} {n}")) for n in range(LONGEST + 1 - size))
        return min((text(sampler.bilinear(INDICES[:indices], power)) for sampler in samplers), key=len)

    return _seeds().map(lambda one: drawn(*one))


def interaction_files() -> Strategy:
    """Return a strategy for interaction files, as texts: all that the grammar allows, with Hermitian bilinears.

    They shrink towards short files.

    Example
    -------
    >>> from derivations.interactions.reader import parse_interaction
    >>> text = simplest(interaction_files())
    >>> parse_interaction(text).name in text
    True
    """
    return _seeds().map(lambda drawn: _sampled(*drawn).text)


def interaction_models(most: int = 2) -> Strategy:
    """Return a strategy for models of one to ``most`` interactions drawn from the grammar; each takes a second to derive.

    Example
    -------
    >>> len(simplest(interaction_models()).interactions)
    2
    """
    from renp.model import Model

    def made(seeds: list[tuple[int, int]]) -> Model:
        drawn = [_sampled(*one) for one in seeds]
        return Model.from_texts({interaction.name: interaction.text for interaction in drawn})

    _whole("most", most, 1)
    return st.lists(_seeds(), min_size=1, max_size=most, unique=True).map(made)


LONGEST: Final = 5
"""Sizes of interaction files: of the smallest size is the shortest of as many files as there are sizes."""


def _seeds() -> Strategy:
    return st.tuples(st.integers(1, LONGEST), st.integers(0, 2**20))


@lru_cache(maxsize=KEPT)
def _sampled(size: int, seed: int) -> Interaction:
    """Return a file that follows from its numbers: the shortest of more, the smaller ``size`` is."""
    from renp.testing.sampling import Sampler

    draws = (Sampler(random.Random(f"{seed} {n}"), uncommon=False).model(set()) for n in range(LONGEST + 1 - size))
    return min(draws, key=lambda interaction: len(interaction.text))


# ---------------------------------------------------------------- other processes


def scattering_kinematics(
    where: str = "inside", *, target_mass: float | None = None, largest_energy: float = 1e7
) -> Strategy:
    """Return a strategy for scattering, ``nu_i + target -> nu_j + target`` at rest, as keywords of ``probes.electron_scattering``.

    Parameters
    ----------
    where : ``"inside"``, the kinetic energy ``T`` of the target is in its range; ``"outside"``, it is above or below.
    target_mass : [eV]; the electron's by default.
    largest_energy : of the neutrino [eV].

    Returns
    -------
    A strategy for mappings with ``T`` and ``energy`` [eV], ``masses`` (2,) [eV], ``incoming`` and ``outgoing`` (indices of mass states) and
    ``target_mass`` [eV].

    Example
    -------
    >>> found = simplest(scattering_kinematics())
    >>> least, largest = recoil_range(found["energy"], *found["masses"], found["target_mass"])
    >>> least <= found["T"] <= largest
    True
    """
    _word("where", where or "", ("inside", "outside"))
    _positive("largest_energy", largest_energy)
    if target_mass is not None:
        _positive("target_mass", target_mass)
    from renp.inputs.constants import ELECTRON_MASS

    return _scattering(where, ELECTRON_MASS if target_mass is None else target_mass, largest_energy)


@st.composite
def _scattering(draw: st.DrawFn, where: str, target: float, largest: float) -> dict[str, Any]:
    energy = largest * draw(shares(1e-3, 1.0))
    incoming, outgoing = (draw(st.sampled_from((0.0, 0.01, 0.3))) * energy for _ in range(2))
    span = recoil_range(energy, incoming, outgoing, target)
    if span is None:
        outgoing = 0.0
        span = recoil_range(energy, incoming, outgoing, target)
    assert span is not None
    least, top = span
    if where == "inside":
        T = least + (top - least) * draw(shares(1e-3, 1 - 1e-3))
    else:
        T = (
            top * draw(shares(1.001, 10.0))
            if least < 1e-9 * top or draw(st.booleans())
            else least * draw(shares(0.01, 0.99))
        )
    return {
        "T": T,
        "energy": energy,
        "masses": np.array([incoming, outgoing]),
        "incoming": 0,
        "outgoing": 1,
        "target_mass": target,
    }


def recoil_range(energy: float, incoming: float, outgoing: float, target: float) -> tuple[float, float] | None:
    """Return least and largest kinetic energy [eV] of a target at rest that a neutrino of one mass hits and leaves with another.

    ``None`` below the threshold of the heavier one. From the momenta in the frame where the sum of all is zero.

    Example
    -------
    >>> least, largest = recoil_range(1.0, 0.0, 0.0, 2.0)
    >>> least, round(largest, 12)
    (0.0, 0.5)
    """
    s = incoming**2 + target**2 + 2 * target * energy
    root = math.sqrt(s)
    if energy < incoming or root < target + outgoing:
        return None
    before = target * math.sqrt(energy**2 - incoming**2) / root
    after = math.sqrt(max(0.0, (s - (target + outgoing) ** 2) * (s - (target - outgoing) ** 2))) / (2 * root)
    starts, ends = math.sqrt(target**2 + before**2), math.sqrt(target**2 + after**2)
    # T is the invariant momentum transfer over twice the target's mass; both momenta lie on one line at its ends.
    sides = [((before + sign * after) ** 2 - (starts - ends) ** 2) / (2 * target) for sign in (-1, 1)]
    return max(0.0, sides[0]), sides[1]
