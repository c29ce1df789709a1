"""Exact derivatives of the spectral function by all its real parameters.

The derivatives by the numbers of a program, from reverse accumulation, are sorted to the parameters of the call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import Inputs, photon_energies
from .numbers import numbers, switches
from .numpy_engine import Folded, fold
from .numpy_gradient import pulled_back
from .structure import DIPOLE, E_EG, LEVELS, MOMENTUM, Layout, Program, program
from .tables import Group, Tables

Array = NDArray[np.float64]

BLOCK = 1024
"""Points per block: the derivatives of a block, some hundred rows, stay in a second-level cache."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of the call: its own axes, and its derivative from those by the numbers of the program."""

    shape: tuple[int, ...]
    derivative: Callable[[Callable[[int], Any]], Any]


@dataclass(frozen=True, eq=False)
class SpectralGradient:
    """The derivatives of the spectral function at one set of masses and couplings; call it with photon energies in eV.

    Attributes
    ----------
    inputs : the checked arguments.
    folded : the program with its numbers.
    parameters : the parameters of the call, in the order of the result.
    """

    inputs: Inputs
    folded: Folded
    parameters: Mapping[str, Parameter]

    def __call__(self, omega: ArrayLike) -> dict[str, Any]:
        """Return ``{parameter: dI/d parameter}``, each of the shape of ``omega`` and then that of the parameter.

        Raises ``ValueError`` where the spectral function is not finite, and for photon energies out of range.
        """
        energies = photon_energies(omega, self.inputs.E_eg, self.inputs.imprinted_momentum)
        flat = np.ascontiguousarray(energies).reshape(-1)
        shapes = {"omega": (), **{label: parameter.shape for label, parameter in self.parameters.items()}}
        result = {label: np.zeros((flat.size, *shape)) for label, shape in shapes.items()}
        for start in range(0, flat.size, BLOCK):
            block = slice(start, start + BLOCK)
            with np.errstate(all="ignore"):
                bars, result["omega"][block] = pulled_back(self.folded, flat[block], 1.0)
            for label, parameter in self.parameters.items():
                result[label][block] = parameter.derivative(lambda place: bars.get(place, 0.0))
        for label, values in result.items():
            if not np.isfinite(values).all():
                bad = float(flat[~np.isfinite(values).reshape(flat.size, -1).all(axis=1)][0])
                raise ValueError(
                    f"the derivative with respect to {label} is not finite at omega = {bad!r} eV: s = M^2 is an "
                    "unphysical pole of a mediator without width (give its width), or the couplings overflow"
                )
        return {label: values.reshape(energies.shape + shapes[label])[()] for label, values in result.items()}


def prepared(tables: Tables, groups: Sequence[Group], inputs: Inputs) -> SpectralGradient:
    """Return the derivatives of checked arguments."""
    chosen = gradient_program(tables, groups, inputs)
    with np.errstate(all="ignore"):
        folded = fold(chosen, numbers(chosen, inputs), zeros=True)
    return SpectralGradient(inputs, folded, parameters(groups, inputs, chosen.layout))


def gradient_program(tables: Tables, groups: Sequence[Group], inputs: Inputs) -> Program:
    """Return the program whose derivatives are taken: one with widths, where there are any, be they 0."""
    has_width = any(a.kind == "width" for group in groups if group.name in inputs.mediators for a in group.arguments)
    return program(tables, replace(switches(tables, inputs), widths=has_width))


def parameters(groups: Sequence[Group], inputs: Inputs, layout: Layout) -> dict[str, Parameter]:
    """Return all parameters of a call but omega, in order."""
    found = {
        "E_eg": _numbers((), [E_EG]),
        "E_vg": _numbers((layout.levels,), range(LEVELS, LEVELS + 2 * layout.levels, 2)),
        "intermediate_amplitudes": _numbers((layout.levels,), range(LEVELS + 1, LEVELS + 2 * layout.levels, 2)),
        "imprinted_momentum": _numbers((), [MOMENTUM]),
        "masses": _numbers((layout.n,), range(layout.masses, layout.masses + layout.n)),
    }
    first = LEVELS + 2 * layout.levels
    if layout.crossed:
        end = first + 2 * layout.crossed
        found["crossed.E_vg"] = _numbers((layout.crossed,), range(first, end, 2))
        found["crossed.amplitudes"] = _numbers((layout.crossed,), range(first + 1, end, 2))
    for group in groups:
        if group.name not in inputs.groups:
            continue
        prefix = f"{group.keyword}." if group.keyword else ""
        for argument in group.arguments:
            label, key = prefix + argument.name, (group.name, argument.name)
            if argument.is_matrix and inputs.groups[group.name][argument.name] is not None:
                parts = [(group.name, part) for part in argument.parts]
                found |= _general(label, parts, layout) if parts else _hermitian(label, key, layout)
            elif argument.kind in ("mass", "width"):
                place = layout.mediators.get(group.name)
                found[label] = _numbers((), [-1 if place is None else place + (argument.kind == "width")])
            elif argument.kind == "real":
                found[label] = _numbers((), [layout.electrons.get(key, -1)])
    if inputs.pair_step == "E1":
        found["dipole_length"] = _numbers((), [DIPOLE])
    return found


def _numbers(shape: tuple[int, ...], places: Sequence[int]) -> Parameter:
    """Return a parameter whose entries are numbers of the program; those at -1 are not in it."""

    def derivative(bar: Callable[[int], Any]) -> Any:
        entries = [bar(place) for place in places]
        return np.stack(np.broadcast_arrays(*entries), axis=-1) if shape else entries[0]

    return Parameter(shape, derivative)


def _matrix(layout: Layout, entry: Callable[[Callable[[int], Any], int, int], Any]) -> Parameter:
    n = layout.n

    def derivative(bar: Callable[[int], Any]) -> Any:
        entries = np.broadcast_arrays(*(entry(bar, i, j) for i in range(n) for j in range(n)))
        stacked = np.stack(entries, axis=-1)
        return stacked.reshape((*stacked.shape[:-1], n, n))

    return Parameter((n, n), derivative)


def _hermitian(label: str, key: tuple[str, str], layout: Layout) -> dict[str, Parameter]:
    """Return the real and imaginary parts of the upper triangle of a Hermitian matrix."""
    at = layout.matrices.get(key)

    def part(imaginary: int) -> Parameter:
        def entry(bar: Callable[[int], Any], i: int, j: int) -> Any:
            return 0.0 if at is None or i + imaginary > j else bar(at + 2 * (layout.n * i + j) + imaginary)

        return _matrix(layout, entry)

    return {f"{label}.real": part(0), f"{label}.imag": part(1)}


def _general(label: str, keys: Sequence[tuple[str, str]], layout: Layout) -> dict[str, Parameter]:
    """Return the real and imaginary parts of any matrix f, which enters as ``f + f^+`` and ``i (f - f^+)``."""
    added, turned = (layout.matrices.get(key) for key in keys)

    def bars(bar: Callable[[int], Any], at: int | None, i: int, j: int) -> tuple[Any, Any]:
        if at is None:
            return 0.0, 0.0
        place = at + 2 * (layout.n * min(i, j) + max(i, j))
        return bar(place), bar(place + 1)

    def real(bar: Callable[[int], Any], i: int, j: int) -> Any:
        (h, _), (_, g) = bars(bar, added, i, j), bars(bar, turned, i, j)
        return 2 * h if i == j else h + (g if i < j else -g)

    def imag(bar: Callable[[int], Any], i: int, j: int) -> Any:
        (_, h), (g, _) = bars(bar, added, i, j), bars(bar, turned, i, j)
        return -2 * g if i == j else (h if i < j else -h) - g

    return {f"{label}.real": _matrix(layout, real), f"{label}.imag": _matrix(layout, imag)}
