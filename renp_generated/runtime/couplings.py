"""What multiplies the matrices of channels and the parts of the atomic tensor, in any arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .arguments import AVERAGED, Inputs
from .tables import PARTS, Contribution, Tables


def constants(tables: Tables, c: Contribution, number: Callable[[float], Any]) -> Any:
    """Return the physical constants of a contribution over its denominator."""
    value = number(1.0)
    for name, power in c.constants:
        value = value * number(tables.constants[name]) ** power
    return value / c.denominator


def strength(c: Contribution, inputs: Inputs, constant: Any, number: Callable[[float], Any]) -> Any:
    """Return ``constant`` times what the arguments put before a contribution's matrix; ``None`` when it is switched off.

    The electron coupling and the odd powers of masses are left to the caller.
    """
    entries = inputs.groups.get(c.group)
    if entries is None or entries[c.matrix] is None:
        return None
    if c.longitudinal and entries["propagator"] != "unitary":
        return None
    if inputs.pair_step == "E1":
        constant = constant * number(inputs.dipole_length)
    if c.orbital and (entries.get("m1") or inputs.m1) == "full":
        constant = constant / 2
    if c.longitudinal:
        mass = number(inputs.mediators[c.group][0])
        constant = constant / mass / mass
    return constant


def tensor_parts(tensor: tuple[float, float, float], number: Callable[[float], Any]) -> dict[str, Any]:
    """Return the weights of the parts of an atomic tensor; the averaged one has exact thirds."""
    if tensor == AVERAGED:
        return {"along": number(1.0) / 3, "across": number(2.0) / 3, "circular": number(0.0)}
    return {part: number(value) for part, value in zip(PARTS, tensor, strict=True)}
