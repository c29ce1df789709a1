"""Selection rules of a vector operator: "E1, M1 or forbidden, and why". Needs no SymPy.

In: two :class:`AtomicState`. Out: a :class:`Transition` with the rule's name and a sentence. The rules follow from
the Wigner-Eckart theorem for a rank-one operator; :func:`derivations.atom.wigner_eckart.selection_rules_derivation`
derives them from the commutators alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from derivations.atom.quantum_numbers import angular_momentum, half_integer

Kind = Literal["E1", "M1", "forbidden"]


@dataclass(frozen=True)
class AtomicState:
    """Angular momentum, parity and, optionally, magnetic number of an atomic state.

    Parameters
    ----------
    J : non-negative multiple of 1/2 (int, Fraction, SymPy rational or exact float); stored as ``Fraction``.
    parity : +1 (even) or -1 (odd).
    M : magnetic number, ``J, J-1, ..., -J``, or ``None`` for "any M".

    Raises
    ------
    TypeError : ``J`` or ``M`` is not a number.
    ValueError : ``J`` is negative or no multiple of 1/2, ``parity`` is not +-1, or ``M`` does not belong to ``J``.

    Example
    -------
    >>> AtomicState(1.5, -1).J
    Fraction(3, 2)
    """

    J: Any
    parity: int
    M: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "J", angular_momentum(self.J, "J"))
        if self.parity not in (1, -1):
            raise ValueError(f"parity = {self.parity!r} is not allowed: it must be +1 (even) or -1 (odd)")
        if self.M is None:
            return
        m = half_integer(self.M, "M")
        if abs(m) > self.J or (self.J - m).denominator != 1:
            raise ValueError(f"M = {self.M} is not allowed: for J = {self.J} it must be one of J, J-1, ..., -J")
        object.__setattr__(self, "M", m)

    def label(self) -> str:
        """Return ``J = 3/2 odd`` with ``M`` where it is given."""
        magnetic = "" if self.M is None else f", M = {self.M}"
        return f"J = {self.J} {'even' if self.parity > 0 else 'odd'}{magnetic}"


@dataclass(frozen=True)
class Transition:
    """What a single E1 or M1 step can do between two states: its kind, the rule that decides, and a sentence."""

    kind: Kind
    rule: str
    sentence: str


def transition_type(initial: AtomicState, final: AtomicState) -> Transition:
    """Say whether a vector operator connects two states, and by which kind of step.

    Parameters
    ----------
    initial, final : the two states; without ``M`` the rules for ``M`` are not applied.

    Returns
    -------
    Transition : kind ``"E1"`` (parity flips), ``"M1"`` (parity kept) or ``"forbidden"``, with the rule's name.

    Example
    -------
    >>> transition_type(AtomicState(0, -1), AtomicState(1, -1)).kind
    'M1'
    >>> transition_type(AtomicState(0, -1), AtomicState(0, +1)).rule
    'no 0 -> 0'
    """
    broken = _broken_rule(initial, final)
    step = f"{initial.label()} -> {final.label()}"
    if broken is not None:
        rule, why = broken
        return Transition("forbidden", rule, f"{step} is neither E1 nor M1: {why}.")
    if initial.parity == final.parity:
        return Transition("M1", "parity kept", f"{step} is M1: the magnetic moment and the spin are even under parity.")
    return Transition("E1", "parity flips", f"{step} is E1: the dipole operator r is odd under parity.")


def is_metastable(excited: AtomicState, ground: AtomicState) -> bool:
    """Return True when ``|e> -> |g>`` is neither E1 nor M1, as radiative emission of neutrino pairs needs.

    Example
    -------
    >>> is_metastable(AtomicState(0, -1), AtomicState(0, +1)), is_metastable(AtomicState(2, -1), AtomicState(0, +1))
    (True, True)
    """
    return transition_type(excited, ground).kind == "forbidden"


def require_chain(
    excited: AtomicState,
    virtual: AtomicState,
    ground: AtomicState,
    *,
    pair: Literal["E1", "M1"] = "M1",
    photon: Literal["E1", "M1"] = "E1",
    metastable: bool = True,
) -> None:
    """Raise ``ValueError`` unless ``|e> -> |v> + pair``, ``|v> -> |g> + photon`` can happen.

    Parameters
    ----------
    excited, virtual, ground : the three states.
    pair, photon : the kind of step wanted for the neutrino pair and for the photon.
    metastable : also require that ``|e> -> |g>`` is neither E1 nor M1, so that ``|e>`` does not decay first.

    Raises
    ------
    ValueError : one sentence that names the step, what was found, the rule and what is allowed.

    Example
    -------
    >>> require_chain(AtomicState(0, -1), AtomicState(1, -1), AtomicState(0, +1))
    """
    for name, start, end, wanted in (
        ("pair step |e> -> |v>", excited, virtual, pair),
        ("photon step |v> -> |g>", virtual, ground, photon),
    ):
        found = transition_type(start, end)
        if found.kind != wanted:
            raise ValueError(
                f"{name} is not allowed as {wanted} (rule: {found.rule}): {found.sentence} Allowed for {wanted}: "
                f"|Delta J| <= 1, no 0 -> 0, |Delta M| <= 1, parity {'kept' if wanted == 'M1' else 'flips'}."
            )
    direct = transition_type(excited, ground)
    if metastable and direct.kind != "forbidden":
        raise ValueError(
            f"|e> is not metastable (rule: {direct.rule}): {direct.sentence} Allowed: J_e = J_g = 0 or |J_e - "
            f"J_g| >= 2."
        )


def require_parity(
    excited: AtomicState,
    ground: AtomicState,
    *,
    pair: Literal["E1", "M1"],
    photon: Literal["E1", "M1"] = "E1",
    atom: str = "",
) -> None:
    """Raise ``ValueError`` unless the parities of ``|e>`` and ``|g>`` allow a pair step and a photon step, whatever lies between.

    Parameters
    ----------
    excited, ground : the two states.
    pair, photon : the kinds of the two steps, in either order.
    atom : whose states they are, for the message.

    Raises
    ------
    ValueError : one line that names the rule, the parities found and those that are needed.

    Example
    -------
    >>> require_parity(AtomicState(0, -1), AtomicState(0, +1), pair="M1")
    >>> require_parity(AtomicState(0, -1), AtomicState(0, +1), pair="E1", atom="Yb")
    Traceback (most recent call last):
    ...
    ValueError: E1 x E1 is not allowed for Yb (rule: each E1 step turns the parity): |e> (J = 0 odd) and |g> ...
    """
    turns = (pair, photon).count("E1")
    same = excited.parity == ground.parity
    if same != (turns % 2 == 0):
        found, needed = ("the same parity", "opposite ones") if same else ("opposite parities", "the same")
        raise ValueError(
            f"{pair} x {photon} is not allowed{f' for {atom}' if atom else ''} (rule: each E1 step turns the parity): |e> "
            f"({excited.label()}) and |g> ({ground.label()}) have {found}, it needs {needed}"
        )


def _broken_rule(initial: AtomicState, final: AtomicState) -> tuple[str, str] | None:
    shift: Fraction = final.J - initial.J
    if shift.denominator != 1:
        return "integer Delta J", "an integer and a half-integer J cannot be connected by a vector operator"
    if abs(shift) > 1:
        return "|Delta J| <= 1", f"a vector operator changes J by at most 1, here it would change by {abs(shift)}"
    if initial.J == final.J == 0:
        return "no 0 -> 0", "a vector operator has no matrix element between two states of J = 0"
    if initial.M is not None and final.M is not None:
        if abs(final.M - initial.M) > 1:
            return "|Delta M| <= 1", f"a vector operator changes M by at most 1, here by {abs(final.M - initial.M)}"
        if shift == 0 and initial.M == final.M == 0:
            return "no M = 0 -> 0 for Delta J = 0", "within one J, V_z is proportional to J_z, which vanishes at M = 0"
    return None
