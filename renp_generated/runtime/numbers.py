"""The numbers of a call in the order of its program, and what the call switches on."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .arguments import AVERAGED, Inputs
from .structure import LEVELS, Program, Switches, program
from .tables import Tables

Array = NDArray[np.float64]

EXACT_THIRDS = (1.0, 2.0, 0.0)
"""The parts of identity/3 times 3."""
DIVISOR = 12.0
"""2/3 of the squares over the 8 of the normalisation, see ``structure.py``."""


def prepared_program(tables: Tables, inputs: Inputs) -> tuple[Program, Array]:
    """Return the program of checked arguments and their numbers."""
    chosen = program(tables, switches(tables, inputs))
    return chosen, numbers(chosen, inputs)


def switches(tables: Tables, inputs: Inputs) -> Switches:
    """Return what checked arguments switch on."""
    mediators = given_mediators(tables, inputs)
    return Switches(
        n=len(inputs.masses),
        levels=len(inputs.E_vg),
        crossed=len(inputs.crossed),
        majorana=inputs.majorana,
        widths=any(inputs.mediators[group][1] for group in mediators),
        circular=bool(inputs.tensor[2]),
        moved=bool(inputs.imprinted_momentum),
        matrices=given_matrices(tables, inputs),
        mediators=mediators,
        unitary=unitary(inputs),
        full=full(inputs),
    )


def given_matrices(tables: Tables, inputs: Inputs) -> tuple[tuple[str, str], ...]:
    """Return the matrices that the arguments give, of those that the amplitude knows."""
    found = inputs.groups
    return tuple((group, name) for group, name in _known(tables)[0] if group in found and found[group][name] is not None)


def given_mediators(tables: Tables, inputs: Inputs) -> tuple[str, ...]:
    """Return the groups that are given, of those whose mediator has a mass."""
    return tuple(group for group in _known(tables)[1] if group in inputs.mediators)


def unitary(inputs: Inputs) -> frozenset[str]:
    """Return the groups with the propagator of a massive vector."""
    return frozenset(group for group, entries in inputs.groups.items() if entries.get("propagator") == "unitary")


def full(inputs: Inputs) -> frozenset[str]:
    """Return the groups with the magnetic operator L + 2S."""
    return frozenset(group for group, e in inputs.groups.items() if (e.get("m1") or inputs.m1) == "full")


@lru_cache(maxsize=64)
def _known(tables: Tables) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the matrices of all terms, and the groups whose mediator has a mass."""
    matrices = dict.fromkeys((term.group, term.matrix) for term in tables.terms)
    return tuple(matrices), tuple(dict.fromkeys(term.group for term in tables.terms if term.propagator))


def numbers(program: Program, inputs: Inputs) -> Array:
    """Return the numbers of checked arguments, in the order of ``program.layout``."""
    layout = program.layout
    result = np.empty(layout.size)
    averaged = inputs.tensor == AVERAGED
    tensor, divisor = (EXACT_THIRDS, 3 * DIVISOR) if averaged else (inputs.tensor, DIVISOR)
    result[:LEVELS] = inputs.E_eg, inputs.imprinted_momentum, divisor, *tensor, inputs.dipole_length
    levels = [*zip(inputs.E_vg, inputs.amplitudes, strict=True), *inputs.crossed]
    result[LEVELS : layout.masses] = np.array(levels).reshape(-1)
    result[layout.masses : layout.masses + layout.n] = inputs.masses
    for group, at in layout.mediators.items():
        result[at : at + 2] = inputs.mediators[group]
    for (group, name), at in layout.electrons.items():
        result[at] = inputs.groups[group][name]
    size = 2 * layout.n**2
    for (group, name), at in layout.matrices.items():
        result[at : at + size] = inputs.groups[group][name].view(np.float64).reshape(-1)
    return result
