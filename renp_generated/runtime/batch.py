"""Many parameter sets at once: every array argument may have leading axes, which broadcast.

Each block of sets is checked, put in the order of its program and run by itself, so that memory holds a block and the result.
Sets that switch on different things, a width or an imprinted momentum, run different programs; every set has the bits that it
has alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import numpy_engine
from .arguments import (
    AVERAGED,
    CROSSED,
    HERMITIAN_TOLERANCE,
    LARGEST_ENERGY,
    SMALLEST_ENERGY,
    TRACE_TOLERANCE,
    Inputs,
    photon_energies,
    plain_array,
    shown,
    whole_number,
)
from .compiled import ENGINE, pool
from .gradient import derivatives, gradient_program, parameters
from .numbers import DIVISOR, EXACT_THIRDS, switches
from .structure import DIPOLE, E_EG, LEVELS, MOMENTUM, Layout, Program, Switches, program
from .structure import DIVISOR as DIVISOR_PLACE
from .structure import TENSOR as TENSOR_PLACE
from .tables import Group, Tables

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Called with the number of sets that are done, and of all."""

BLOCK = 3000
"""Parameter sets of a block: their numbers stay in a second-level cache. No power of two, whose rows would share cache lines."""
GRADIENT_NUMBERS = 1 << 22
"""Most derivatives of a block."""


@dataclass(frozen=True)
class Stack:
    """Arguments with leading axes.

    Attributes
    ----------
    shape : the leading axes of all arguments together.
    example : the checked arguments of the first set: its words, counts and groups hold for all sets.
    arrays, core : all numbers by name, and how many axes of each are its own, behind the leading ones.
    one : returns the plain arguments of one set.
    """

    shape: tuple[int, ...]
    example: Inputs
    arrays: Mapping[str, NDArray[Any]]
    core: Mapping[str, int]
    one: Callable[[int], dict[str, Any]]

    @property
    def sets(self) -> int:
        """How many parameter sets there are."""
        return int(np.prod(self.shape))


def stacked(groups: Sequence[Group], check: Callable[..., Inputs], arguments: Mapping[str, Any]) -> Stack:
    """Return the arguments of all sets; the words are checked here, the numbers block by block.

    Raises ``ValueError`` or ``TypeError`` in one line for axes that do not broadcast and for what is wrong with all sets.
    """
    arrays, core = _arrays(groups, arguments)
    leading = {name: array.shape[: array.ndim - core[name]] for name, array in arrays.items()}
    try:
        shape = np.broadcast_shapes(*leading.values())
    except ValueError:
        found = ", ".join(f"{name} {axes}" for name, axes in leading.items() if axes)
        raise ValueError(f"the leading axes of the arguments must broadcast, found {found}") from None

    def one(k: int) -> dict[str, Any]:
        place = np.unravel_index(k, shape) if shape else ()
        chosen = {
            name: np.broadcast_to(array, shape + array.shape[array.ndim - core[name] :])[place]
            for name, array in arrays.items()
        }
        return _replaced(arguments, chosen)

    if not np.prod(shape):
        raise ValueError(f"there must be at least one parameter set, found leading axes {shape}")
    try:
        example = check(**one(0))
    except (ValueError, TypeError) as error:
        raise _at(error, shape, 0) from None
    return Stack(shape, example, arrays, core, one)


_CORES = {
    "E_eg": 0,
    "masses": 1,
    "atomic_tensor": 2,
    "dipole_length": 0,
    "imprinted_momentum": 0,
    "intermediate_amplitudes": 1,
}


def _arrays(groups: Sequence[Group], arguments: Mapping[str, Any]) -> tuple[dict[str, NDArray[Any]], dict[str, int]]:
    """Return all numbers among the arguments as arrays, and how many axes of each are its own."""
    found: dict[str, NDArray[Any]] = {}
    core: dict[str, int] = {}

    def put(name: str, value: Any, own: int, unit: str = "1") -> None:
        array = plain_array(name, value, unit)
        if array.dtype.kind not in "iufc":
            raise TypeError(
                f"{name} must hold numbers, found {type(value).__name__ if array.ndim == 0 else array.dtype}"
            )
        if array.ndim < own:
            raise ValueError(f"{name} must have at least {own} axes, found shape {array.shape}")
        found[name], core[name] = array, own

    for name, own in _CORES.items():
        if arguments.get(name) is not None:
            put(name, arguments[name], own)
    if "E_vg" in arguments:
        put("E_vg", arguments["E_vg"], min(1, np.ndim(arguments["E_vg"])))
    crossed = arguments.get("crossed")
    if isinstance(crossed, Mapping):
        for name in CROSSED:
            if name in crossed:
                put(f"crossed.{name}", crossed[name], min(1, np.ndim(crossed[name])))
    for group in groups:
        given = arguments if not group.keyword else arguments.get(group.keyword)
        if not isinstance(given, Mapping):
            continue
        for argument in group.arguments:
            value = given.get(argument.name)
            if value is not None and argument.kind != "choice":
                label = f"{group.keyword}.{argument.name}" if group.keyword else argument.name
                put(label, value, 2 if argument.is_matrix else 0, argument.units or "1")
    return found, core


def _replaced(arguments: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments with numbers put in place, those with a point inside their mapping."""
    result = dict(arguments)
    for name, value in chosen.items():
        outer, point, inner = name.partition(".")
        if not point:
            result[name] = value
            continue
        result[outer] = {**result[outer], inner: value}
    return result


def _at(error: Exception, shape: tuple[int, ...], k: int) -> Exception:
    if not shape:
        return error
    place = ", ".join(map(str, np.unravel_index(k, shape)))
    return type(error)(f"{error} (parameter set [{place}])")


@dataclass(frozen=True)
class Batch:
    """Checked stacks of arguments, ready for photon energies; see :meth:`SpectralFunctions.spectral_batch`."""

    tables: Tables
    groups: tuple[Group, ...]
    stack: Stack
    check: Callable[..., Inputs]
    alone: Callable[..., Any]

    def __call__(
        self, omega: ArrayLike, *, threads: int = 1, progress: Progress | None = None, compiled: bool = True
    ) -> Any:
        """Return I(omega) of all sets, shape (leading axes, then those of ``omega``).

        Raises ``MemoryError`` in one line when the result does not fit.
        """
        shape, flat = self._energies(omega)
        result = self._room((self.stack.sets, flat.size))

        def evaluate(block: range) -> None:
            base = replace(switches(self.tables, self.stack.example), widths=False)
            for on, places, numbers in self._programs(block, base, self._flags):
                self._check_energies(flat, numbers, places)
                out = _evaluated(program(self.tables, on), numbers, flat, compiled)
                for k in np.flatnonzero(~np.isfinite(out).all(axis=1)):
                    out[k] = self._one_by_one(self.alone, int(places[k]), flat)
                result[places] = out

        self._run(evaluate, threads, progress)
        return result.reshape(self.stack.shape + shape)[()]

    def gradient(
        self,
        omega: ArrayLike,
        *,
        weights: ArrayLike | None = None,
        threads: int = 1,
        progress: Progress | None = None,
        compiled: bool = True,
    ) -> dict[str, Any]:
        """Return the derivatives of I(omega) of all sets, or with ``weights`` of its weighted sums over omega.

        Shapes are those of :meth:`SpectralFunctions.spectral_gradient` behind the leading axes; with weights, which broadcast
        to (leading axes, then those of ``omega``), the axes of ``omega`` are summed over, but for the derivatives by omega.
        """
        shape, flat = self._energies(omega)
        sets, n = self.stack.sets, flat.size
        chosen = gradient_program(self.tables, self.groups, self.stack.example)
        found = parameters(self.groups, self.stack.example, chosen.layout)
        weight = None if weights is None else self._weights(weights, shape)
        sums = (n,) if weight is None else ()
        result = {"omega": self._room((sets, n))}
        result |= {label: self._room((sets, *sums, *parameter.shape)) for label, parameter in found.items()}
        size = max(1, min(BLOCK, GRADIENT_NUMBERS // (chosen.layout.size * (max(1, n) if weight is None else 1))))

        def evaluate(block: range) -> None:
            for on, places, numbers in self._programs(
                block, chosen.on, lambda rows, _: 6 & self._flags(rows, chosen.layout)
            ):
                self._check_energies(flat, numbers, places)
                own = program(self.tables, on)
                energies = np.repeat(flat[None, :], len(places), axis=0)
                given = None if weight is None else np.ascontiguousarray(weight[places])
                bars, result["omega"][places] = derivatives(own, numbers, energies, given, compiled=compiled)
                for label, parameter in found.items():
                    values = parameter.derivative(bars)
                    result[label][places] = values if weight is None else values[:, 0]

        self._run(evaluate, threads, progress, size)
        own = {"omega": (), **{label: parameter.shape for label, parameter in found.items()}}
        for label, values in result.items():
            bad = np.flatnonzero(~np.isfinite(values).reshape(sets, -1).all(axis=1))
            if bad.size:
                where = _at(
                    ValueError(f"the derivative with respect to {label} is not finite"), self.stack.shape, int(bad[0])
                )
                raise ValueError(
                    f"{where}: s = M^2 is an unphysical pole of a mediator without width, or the couplings overflow"
                )
        inner = {label: shape if weight is None or label == "omega" else () for label in result}
        return {
            label: values.reshape(self.stack.shape + inner[label] + own[label])[()] for label, values in result.items()
        }

    def _energies(self, omega: ArrayLike) -> tuple[tuple[int, ...], Array]:
        first = self.stack.example
        try:
            energies = photon_energies(omega, first.E_eg, first.imprinted_momentum)
        except ValueError as error:
            raise _at(error, self.stack.shape, 0) from None
        return energies.shape, np.ascontiguousarray(energies).reshape(-1)

    def _weights(self, weights: ArrayLike, shape: tuple[int, ...]) -> Array:
        array, full_shape = plain_array("weights", weights), self.stack.shape + shape
        if array.dtype.kind not in "iuf" or not np.isfinite(array).all():
            raise ValueError(f"weights must be finite real numbers, found {shown(weights)}")
        try:
            return np.broadcast_to(array.astype(np.float64), full_shape).reshape(self.stack.sets, -1)
        except ValueError:
            raise ValueError(f"weights must broadcast to {full_shape}, found shape {array.shape}") from None

    def _room(self, shape: tuple[int, ...]) -> Array:
        try:
            return np.empty(shape)
        except (MemoryError, ValueError):
            raise MemoryError(
                f"a result of shape {shape} does not fit into memory: call with fewer sets at once"
            ) from None

    def _run(self, evaluate: Callable[[range], None], threads: int, progress: Progress | None, size: int = 0) -> None:
        if progress is not None and not callable(progress):
            raise TypeError(f"progress must be a function of how many sets are done and of all, found {shown(progress)}")
        threads, size, sets = whole_number("threads", threads), size or BLOCK, self.stack.sets
        blocks = [range(start, min(start + size, sets)) for start in range(0, sets, size)]
        jobs = [pool(threads).submit(evaluate, block) for block in blocks] if threads > 1 and len(blocks) > 1 else None
        done = 0
        try:
            for k, block in enumerate(blocks):
                if jobs is None:
                    evaluate(block)
                else:
                    jobs[k].result()
                done += len(block)
                if progress is not None:
                    progress(done, sets)
        finally:
            for job in jobs or ():
                job.cancel()

    def _programs(
        self, block: range, base: Switches, flags_of: Callable[[Array, Layout], NDArray[np.int64]]
    ) -> Iterator[tuple[Switches, NDArray[np.intp], Array]]:
        """Yield what sets of a block switch on, the sets, and their checked numbers."""
        stack, values = self.stack, _Values(self.stack, block)
        base = replace(base, circular=False, moved=False)
        layout = program(self.tables, base).layout
        rows = _numbers(values, names_of(self.groups), stack.example, layout)
        self._check(values, rows, layout)
        for at in layout.matrices.values():
            # Of a matrix that is Hermitian up to rounding the upper triangle counts, and the diagonal is real.
            rows[at + 1 : at + 2 * layout.n**2 : 2 * (layout.n + 1)] = 0.0
        flags = flags_of(rows, layout)
        for key in np.unique(flags) if flags.any() else (0,):
            places = np.flatnonzero(flags == key)
            on = replace(base, widths=base.widths or bool(key & 1), circular=bool(key & 2), moved=bool(key & 4))
            yield on, places + block.start, rows if len(places) == len(block) else np.ascontiguousarray(rows[:, places])

    @staticmethod
    def _flags(rows: Array, layout: Layout) -> NDArray[np.int64]:
        """Return for each set what is not 0: a width (1), the circular part of the atomic tensor (2), the momentum (4)."""
        flags = 2 * (rows[TENSOR_PLACE + 2] != 0) + 4 * (rows[MOMENTUM] != 0)
        for at in layout.mediators.values():
            flags |= rows[at + 1] != 0
        return np.asarray(flags)

    def _check(self, values: _Values, rows: Array, layout: Layout) -> None:
        for k in np.flatnonzero(_suspicious(values, rows, layout)):
            place = values.block.start + int(k)
            try:
                self.check(**self.stack.one(place))
            except (ValueError, TypeError) as error:
                raise _at(error, self.stack.shape, place) from None

    def _check_energies(self, omega: Array, numbers: Array, places: NDArray[np.intp]) -> None:
        if not omega.size:
            return
        edges = (numbers[E_EG] - numbers[MOMENTUM]) / 2
        if omega.max() < edges.min() * (1 - 1e-12):
            return
        for k in np.flatnonzero(omega.max() >= edges * (1 - 1e-12)):
            try:
                photon_energies(omega, float(numbers[E_EG, k]), float(numbers[MOMENTUM, k]))
            except ValueError as error:
                raise _at(error, self.stack.shape, int(places[k])) from None

    def _one_by_one(self, function: Callable[..., Any], k: int, omega: Array) -> Array:
        try:
            return np.asarray(function(omega, **self.stack.one(k)))
        except ValueError as error:
            raise _at(error, self.stack.shape, k) from None


class _Values:
    """The numbers of a block of sets by name, each (sets, *core) or shared by all, (*core)."""

    def __init__(self, stack: Stack, block: range) -> None:
        self.stack, self.block = stack, block

    def __contains__(self, name: str) -> bool:
        return name in self.stack.arrays

    def __call__(self, name: str) -> NDArray[Any]:
        """Return an argument with its sets as the last axis, or without one where all sets share it."""
        array, own, shape = self.stack.arrays[name], self.stack.core[name], self.stack.shape
        axes = array.shape[: array.ndim - own]
        trailing = array.shape[array.ndim - own :]
        if not np.prod(axes) > 1:
            return np.moveaxis(array.reshape((1, *trailing)), 0, -1)
        if axes == shape and array.flags.c_contiguous:
            chosen = array.reshape((-1, *trailing))[self.block.start : self.block.stop]
        else:
            places = np.unravel_index(np.arange(self.block.start, self.block.stop), shape)
            chosen = np.broadcast_to(array, shape + trailing)[places]
        return np.moveaxis(chosen, 0, -1)


class Names:
    """Where the numbers of groups are among the arguments."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.parts: dict[tuple[str, str], int] = {}
        self.mediators: dict[str, tuple[str, ...]] = {}
        for group in groups:
            prefix = f"{group.keyword}." if group.keyword else ""
            roles = {argument.kind: prefix + argument.name for argument in group.arguments}
            self.mediators[group.name] = tuple(roles.get(kind, "") for kind in ("mass", "width"))
            for argument in group.arguments:
                self.entries |= dict.fromkeys(
                    [(group.name, name) for name in (argument.name, *argument.parts)], prefix + argument.name
                )
                self.parts |= {(group.name, part): k for k, part in enumerate(argument.parts)}


@lru_cache(maxsize=64)
def names_of(groups: tuple[Group, ...]) -> Names:
    """Return where the numbers of groups are among the arguments."""
    return Names(groups)


def _numbers(values: _Values, names: Names, example: Inputs, layout: Layout) -> Array:
    """Return the numbers of a block in the order of a layout, (places, sets)."""
    rows = np.empty((layout.size, len(values.block)))
    rows[E_EG] = values("E_eg")
    rows[MOMENTUM] = values("imprinted_momentum") if "imprinted_momentum" in values else 0.0
    rows[DIPOLE] = values("dipole_length") if "dipole_length" in values else 1.0
    _put_tensor(rows, values)
    at = LEVELS
    for energies, amplitudes, count in (
        ("E_vg", "intermediate_amplitudes", layout.levels),
        ("crossed.E_vg", "crossed.amplitudes", layout.crossed),
    ):
        if count:
            rows[at : at + 2 * count : 2] = values(energies)
            rows[at + 1 : at + 2 * count : 2] = values(amplitudes) if amplitudes in values else 1.0
        at += 2 * count
    rows[layout.masses : layout.masses + layout.n] = values("masses")
    for group, at in layout.mediators.items():
        for k, name in enumerate(names.mediators[group]):
            rows[at + k] = values(name) if name in values else example.mediators[group][k]
    for (group, electron), at in layout.electrons.items():
        name = names.entries[group, electron]
        rows[at] = values(name) if name in values else example.groups[group][electron]
    for (group, matrix), at in layout.matrices.items():
        entries = values(names.entries[group, matrix])
        part = names.parts.get((group, matrix))
        if part is not None:
            entries = _hermitian_parts(entries)[part]
        block = rows[at : at + 2 * layout.n**2].reshape(layout.n, layout.n, 2, -1)
        block[:, :, 0] = entries.real
        block[:, :, 1] = entries.imag
    return rows


def _put_tensor(rows: Array, values: _Values) -> None:
    rows[DIVISOR_PLACE] = 3 * DIVISOR
    parts = rows[TENSOR_PLACE : TENSOR_PLACE + 3]
    parts[:] = np.array(EXACT_THIRDS)[:, None]
    if "atomic_tensor" not in values:
        return
    tensor = values("atomic_tensor")
    found = tensor[2, 2].real, (tensor[0, 0] + tensor[1, 1]).real, 2 * tensor[0, 1].imag
    averaged = np.logical_and.reduce([part == third for part, third in zip(found, AVERAGED, strict=True)])
    for k, part in enumerate(found):
        parts[k] = np.where(averaged, EXACT_THIRDS[k], part)
    rows[DIVISOR_PLACE] = np.where(averaged, 3 * DIVISOR, DIVISOR)


def _suspicious(values: _Values, rows: Array, layout: Layout) -> NDArray[np.bool_]:
    """Return which sets may hold something that is not allowed: they are checked one by one."""
    with np.errstate(all="ignore"):
        bad = ~np.isfinite(rows.sum(axis=0))

        def outside(energies: Array, *, zero: bool = False) -> NDArray[np.bool_]:
            inside = (energies >= SMALLEST_ENERGY) & (energies <= LARGEST_ENERGY)
            return ~(inside | (energies == 0) if zero else inside)

        bad |= outside(rows[E_EG]) | outside(np.abs(rows[MOMENTUM]), zero=True) | (np.abs(rows[MOMENTUM]) >= rows[E_EG])
        for k in range(layout.levels + layout.crossed):
            level = rows[LEVELS + 2 * k]
            bad |= outside(level) | (level <= rows[E_EG])
        bad |= outside(rows[layout.masses : layout.masses + layout.n], zero=True).any(axis=0)
        for at in layout.mediators.values():
            bad |= outside(rows[at]) | outside(rows[at + 1], zero=True)
        for place in layout.matrices.values():
            bad |= _not_hermitian(rows[place : place + 2 * layout.n**2].reshape(layout.n, layout.n, 2, -1))
        if "atomic_tensor" in values:
            tensor = values("atomic_tensor")
            bad |= np.abs(np.trace(tensor).real - 1) > TRACE_TOLERANCE
            bad |= _not_hermitian(np.stack([tensor.real, tensor.imag], axis=2))
    return np.asarray(bad)


def _not_hermitian(matrix: Array) -> NDArray[np.bool_]:
    """Return which matrices (row, column, part, sets) are not exactly Hermitian and not so up to rounding."""
    n = len(matrix)
    worst: Any = 0.0
    for i in range(n):
        worst = np.maximum(worst, np.abs(matrix[i, i, 1]))
        for j in range(i + 1, n):
            worst = np.maximum(worst, np.abs(matrix[i, j, 0] - matrix[j, i, 0]))
            worst = np.maximum(worst, np.abs(matrix[i, j, 1] + matrix[j, i, 1]))
    if not np.any(worst):
        return np.zeros(matrix.shape[3], dtype=np.bool_)
    bad: NDArray[np.bool_] = ~(worst <= HERMITIAN_TOLERANCE / 4 * np.abs(matrix).max(axis=(0, 1, 2)))
    return bad


def _hermitian_parts(entries: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return ``f + f^+`` and ``i (f - f^+)`` of matrices with the sets as their last axis."""
    adjoint = np.swapaxes(entries, 0, 1).conj()
    difference = entries - adjoint
    turned = np.empty(difference.shape, dtype=np.complex128)
    turned.real, turned.imag = -difference.imag, difference.real
    return entries + adjoint, turned


def _evaluated(chosen: Program, numbers: Array, omega: Array, compiled: bool) -> Array:
    if compiled and ENGINE is not None and omega.size:
        out = np.empty((numbers.shape[1], omega.size))
        ENGINE.batch(chosen.code, chosen.constants, numbers, omega, out, 0, numbers.shape[1])
        return out
    folded = numpy_engine.fold(chosen, numbers)
    return np.ascontiguousarray(numpy_engine.run(folded, omega[:, None]).T)
