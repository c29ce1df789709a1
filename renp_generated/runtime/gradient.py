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
from .compiled import ENGINE
from .numbers import numbers, switches
from .numpy_engine import fold
from .numpy_gradient import pulled_back
from .structure import DIPOLE, E_EG, LEVELS, MOMENTUM, Layout, Program, program
from .tables import Group, Tables

Array = NDArray[np.float64]

BLOCK = 1024
"""Points per block: the derivatives of a block, some hundred rows, stay in a second-level cache."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of the call: its own axes, and its derivative from those by the numbers of the program, the last axis."""

    shape: tuple[int, ...]
    derivative: Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class SpectralGradient:
    """The derivatives of the spectral function at one set of masses and couplings; call it with photon energies in eV.

    Attributes
    ----------
    inputs : the checked arguments.
    program, numbers : the program, and the arguments in its order.
    parameters : the parameters of the call, in the order of the result.
    compiled : whether the compiled module runs the program.
    """

    inputs: Inputs
    program: Program
    numbers: Array
    parameters: Mapping[str, Parameter]
    compiled: bool = True

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
            columns = np.repeat(self.numbers[:, None], len(flat[block]), axis=1)
            bars, by_omega = derivatives(self.program, columns, flat[block][:, None], None, compiled=self.compiled)
            result["omega"][block] = by_omega[:, 0]
            for label, parameter in self.parameters.items():
                result[label][block] = parameter.derivative(bars[:, 0])
        for label, values in result.items():
            if not np.isfinite(values).all():
                bad = float(flat[~np.isfinite(values).reshape(flat.size, -1).all(axis=1)][0])
                raise ValueError(
                    f"the derivative with respect to {label} is not finite at omega = {bad!r} eV: s = M^2 is an "
                    "unphysical pole of a mediator without width (give its width), or the couplings overflow"
                )
        return {label: values.reshape(energies.shape + shapes[label])[()] for label, values in result.items()}


def derivatives(
    chosen: Program, columns: Array, omega: Array, weight: Array | None, *, compiled: bool = True
) -> tuple[Array, Array]:
    """Return the derivatives by all numbers, (sets, energies, places), and by the photon energies, (sets, energies).

    Parameters
    ----------
    columns : (places, sets) numbers.
    omega : (sets, energies) photon energies.
    weight : (sets, energies); those by the numbers are then of the weighted sum, (sets, 1, places).
    """
    sets, n = omega.shape
    by_omega = np.empty((sets, n))
    if compiled and ENGINE is not None:
        bars = np.empty((sets, 1 if weight is not None else n, len(columns)))
        energies, columns = np.ascontiguousarray(omega), np.ascontiguousarray(columns)
        ENGINE.gradients(chosen.code, chosen.constants, columns, energies, weight, bars, by_omega, 0, sets)
        return bars, by_omega
    with np.errstate(all="ignore"):
        folded = fold(chosen, columns, zeros=True)
        bars = np.zeros((sets, n, len(columns)))
        for e in range(n):
            found, by_omega[:, e] = pulled_back(folded, omega[:, e], 1.0 if weight is None else weight[:, e])
            for place, bar in found.items():
                bars[:, e, place] = bar
    return bars if weight is None else bars.sum(axis=1, keepdims=True), by_omega


def prepared(tables: Tables, groups: Sequence[Group], inputs: Inputs) -> SpectralGradient:
    """Return the derivatives of checked arguments."""
    chosen = gradient_program(tables, groups, inputs)
    return SpectralGradient(inputs, chosen, numbers(chosen, inputs), parameters(groups, inputs, chosen.layout))


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

    def derivative(bars: Array) -> Array:
        entries = np.where(np.array(places) < 0, 0.0, bars[..., list(places)])
        return entries if shape else entries[..., 0]

    return Parameter(shape, derivative)


def _matrix(layout: Layout, at: int | None) -> Callable[[Array], tuple[Array, Array]]:
    """Return what gives the derivatives by the real and imaginary parts of a Hermitian matrix, in its upper triangle."""
    n = layout.n

    def parts(bars: Array) -> tuple[Array, Array]:
        if at is None:
            return np.zeros((*bars.shape[:-1], n, n)), np.zeros((*bars.shape[:-1], n, n))
        entries = bars[..., at : at + 2 * n**2].reshape((*bars.shape[:-1], n, n, 2))
        return np.triu(entries[..., 0]), np.triu(entries[..., 1], 1)

    return parts


def _hermitian(label: str, key: tuple[str, str], layout: Layout) -> dict[str, Parameter]:
    """Return the real and imaginary parts of the upper triangle of a Hermitian matrix."""
    shape, parts = (layout.n, layout.n), _matrix(layout, layout.matrices.get(key))
    return {
        f"{label}.real": Parameter(shape, lambda bars: parts(bars)[0]),
        f"{label}.imag": Parameter(shape, lambda bars: parts(bars)[1]),
    }


def _general(label: str, keys: Sequence[tuple[str, str]], layout: Layout) -> dict[str, Parameter]:
    """Return the real and imaginary parts of any matrix f, which enters as ``f + f^+`` and ``i (f - f^+)``."""
    shape = (layout.n, layout.n)
    added, turned = (_matrix(layout, layout.matrices.get(key)) for key in keys)

    def real(bars: Array) -> Array:
        (h, _), (_, g) = added(bars), turned(bars)
        return h + g + np.swapaxes(h - g, -1, -2)

    def imag(bars: Array) -> Array:
        (_, h), (g, _) = added(bars), turned(bars)
        return h - g - np.swapaxes(h + g, -1, -2)

    return {f"{label}.real": Parameter(shape, real), f"{label}.imag": Parameter(shape, imag)}
