"""The derivatives of a program's result by all its numbers, by reverse accumulation in NumPy.

Each step of ``numpy_engine.py`` is undone in turn; ``x_bar`` is the derivative of the weighted result by ``x``. Doubles suffice:
nothing cancels that does not cancel in the derivative itself. The distance to threshold is ``t = s - (m_i + m_j)^2`` here, whose
slopes are known. In closed pairs everything, poles included, counts as exactly 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .numpy_engine import (
    Coefficients,
    Folded,
    PairOfMasses,
    kinematics_of,
    rows_of,
    scale_of,
    starts_of,
    sum_of,
    weights_of,
)
from .structure import (
    AXIAL_SQUARE,
    DIPOLE,
    DIVISOR,
    E_EG,
    IMAGINARY,
    INVERSE_Q0,
    INVERSE_S,
    LEVELS,
    MOMENTUM,
    NONE,
    OPPOSITE,
    PRODUCT,
    Q0,
    QZ,
    REAL,
    SCALAR_SQUARE,
    UNIT,
    VECTOR_SQUARE,
    Channel,
    S,
    Slot,
)

Array = NDArray[np.float64]
Bars = defaultdict[int, Any]
"""Derivatives by place or by row; those that are not there are 0."""


def pulled_back(folded: Folded, omega: Any, weight: Any) -> tuple[dict[int, Any], Any]:
    """Return the derivatives of ``weight * I`` by the numbers, by place, and by the photon energies.

    ``folded`` must hold the coefficients that are 0 as well.
    """
    return _Reverse(folded, omega).run(weight)


class _Reverse:
    """One pass forward at construction, and one back."""

    def __init__(self, folded: Folded, omega: Any) -> None:
        self.folded, self.omega = folded, omega
        self.numbers, self.layout = folded.numbers, folded.program.layout
        self.exact = kinematics_of(folded, omega)
        self.rows = rows_of(folded, omega, self.exact)
        self.weights = weights_of(folded, self.exact)
        self.kinematics = {which: value[0] for which, value in self.exact.items()}
        self.bars: Bars = defaultdict(float)
        self.row_bars: Bars = defaultdict(float)
        self.weight_bars: Bars = defaultdict(float)
        self.kinematic_bars: Bars = defaultdict(float)
        self.scale_bars: defaultdict[Slot, Any] = defaultdict(float)
        self._scales: dict[Slot, Any] = {}
        self.E_bar: Any = 0.0
        self.omega_bar: Any = 0.0

    def run(self, weight: Any) -> tuple[dict[int, Any], Any]:
        s = self.kinematics[S]
        amplitude = self._amplitude()
        factor = weight * amplitude**2 / (self.numbers[DIVISOR] * s)
        total: Any = 0.0
        n = self.layout.n
        pairs = [(i, j) for i in range(n) for j in range(i, n)]
        for place, pair in zip(pairs, self.folded.pairs, strict=True):
            total = total + self._pair(place, pair, factor)
        value = factor * total
        self.kinematic_bars[S] += -value / s
        self._pull_amplitude(2 * weight * amplitude * total / (self.numbers[DIVISOR] * s))
        self._pull_weights()
        self._pull_rows()
        self._pull_scales()
        self._pull_kinematics()
        return dict(self.bars), self.omega_bar

    def _levels(self) -> list[tuple[int, Any, int]]:
        """Return for each intermediate state its place, what its amplitude is divided by, and the slope of that in omega."""
        found = []
        for k in range(self.layout.levels + self.layout.crossed):
            at, level = LEVELS + 2 * k, self.numbers[LEVELS + 2 * k]
            if k < self.layout.levels:
                found.append((at, level - self.omega, -1))
            else:
                found.append((at, (level - self.numbers[E_EG]) + self.omega, 1))
        return found

    def _amplitude(self) -> Any:
        return sum(self.numbers[at + 1] / gap for at, gap, _ in self._levels())

    def _pull_amplitude(self, bar: Any) -> None:
        for at, gap, slope in self._levels():
            by_gap = -bar * self.numbers[at + 1] / gap**2
            self.bars[at] += by_gap
            self.bars[at + 1] += bar / gap
            self.omega_bar = self.omega_bar + slope * by_gap
            if slope > 0:
                self.bars[E_EG] += -by_gap

    def _pair(self, place: tuple[int, int], pair: PairOfMasses, factor: Any) -> Any:
        """Pull back one pair and return what it adds."""
        high, low = pair.threshold
        gap = (high - self.omega) + low
        is_open = gap > 0
        t = 2 * self.folded.E[0] * np.where(is_open, gap, 1.0)
        reach = pair.P4 + t
        root = np.sqrt(t * reach)
        rows, weights = [row[0] for row in self.rows], self.weights
        if not np.all(is_open):
            rows = [np.where(is_open, row, 0.0) for row in rows]
            weights = [np.where(is_open, w, 0.0) for w in weights]
        scale = np.where(is_open, pair.count * root * factor, 0.0)
        local = _Pair(self, place, pair, t, reach, rows, weights, scale)
        H_1, H_2 = local.squares()
        value = np.where(is_open, pair.count * root * (reach * H_1 + t * H_2), 0.0)
        by_root = np.where(is_open, factor * pair.count * (reach * H_1 + t * H_2) / (2 * root), 0.0)
        reach_bar = local.reach_bar + scale * H_1 + by_root * t
        t_bar = local.t_bar + scale * H_2 + by_root * reach + reach_bar
        self.kinematic_bars[S] += t_bar
        M_bar, d_bar = local.M_bar - 2 * pair.M * t_bar, local.d_bar
        i, j = (self.layout.masses + k for k in place)
        self.bars[i] += M_bar + d_bar + 4 * self.numbers[j] * reach_bar
        self.bars[j] += M_bar - d_bar + 4 * self.numbers[i] * reach_bar
        return value

    def _pull_weights(self) -> None:
        for k, products in enumerate(self.folded.program.weights):
            for start, *powers in products:
                own = _with_one_less(self.kinematics, powers)
                first = starts_of(self.folded)[start]
                for which, slope in zip((QZ, Q0, S), own, strict=True):
                    self.kinematic_bars[which] += self.weight_bars[k] * first * slope

    def pull_common(self, channel: Channel, value: Any) -> None:
        """Pull back what all slots of a channel share, the dipole and E_eg + K of a mediator, from its coefficient's share."""
        if channel.slots[0].mediator != NONE:
            self.E_bar = self.E_bar - value / self.folded.E[0]
        if self.folded.program.electric:
            self.bars[DIPOLE] += value / self.numbers[DIPOLE]

    def scale(self, slot: Slot) -> Any:
        """Return what a slot multiplies its matrix with, apart from masses of neutrinos."""
        if slot not in self._scales:
            self._scales[slot] = scale_of(self.folded, slot)[0]
        return self._scales[slot]

    def _pull_rows(self) -> None:
        twice = 2 * self.folded.E[0]
        entries = self.folded.program.rows
        for k in reversed(range(len(entries))):
            (operation, a, b), bar = entries[k], self.row_bars[k]
            if operation == PRODUCT:
                self.row_bars[a] += bar * self.rows[b][0]
                self.row_bars[b] += bar * self.rows[a][0]
            elif operation in (INVERSE_S, INVERSE_Q0):
                which = S if operation == INVERSE_S else Q0
                self.kinematic_bars[which] += -bar / self.kinematics[which] ** 2
            elif operation in (REAL, IMAGINARY, OPPOSITE):
                self._pull_pole(operation, a, bar, twice)
            else:
                self.kinematic_bars[operation] += bar

    def _pull_pole(self, operation: int, mediator: int, bar: Any, twice: Any) -> None:
        (high, low), (width, _) = self.folded.poles[mediator]
        gap = (high - self.omega) + low
        square = 1 / (gap + 1j * width) ** 2
        if operation == REAL:
            gap_bar, width_bar = -bar * square.real, bar * square.imag
        else:
            sign = 1 if operation == IMAGINARY else -1
            gap_bar, width_bar = -sign * bar * square.imag, -sign * bar * square.real
        at = [*self.layout.mediators.values()][mediator]
        mass, gamma = self.numbers[at], self.numbers[at + 1]
        self.kinematic_bars[S] += gap_bar / twice
        self.bars[at] += (-2 * mass * gap_bar + gamma * width_bar) / twice
        self.bars[at + 1] += mass * width_bar / twice
        self.E_bar = self.E_bar - 2 * (gap_bar * gap + width_bar * width) / twice

    def _pull_scales(self) -> None:
        for slot, bar in self.scale_bars.items():
            high, _ = slot.constant
            rest, E = high, self.folded.E[0]
            if slot.mediator != NONE:
                mass = self.numbers[slot.mediator]
                rest = rest / (2 * E) / (mass**2 if slot.longitudinal else 1.0)
            electron = 1.0 if slot.electron == NONE else self.numbers[slot.electron]
            dipole = self.numbers[DIPOLE] if self.folded.program.electric else 1.0
            if slot.electron != NONE:
                self.bars[slot.electron] += bar * rest * dipole
            if slot.longitudinal:
                self.bars[slot.mediator] += -2 * bar * rest * electron * dipole / self.numbers[slot.mediator]

    def _pull_kinematics(self) -> None:
        qz_bar, q0_bar, s_bar = (self.kinematic_bars[which] for which in (QZ, Q0, S))
        qz, q0 = self.kinematics[QZ], self.kinematics[Q0]
        self.omega_bar = self.omega_bar + qz_bar - q0_bar - 2 * self.folded.E[0] * s_bar
        self.bars[E_EG] += q0_bar + 2 * q0 * s_bar + self.E_bar
        self.bars[MOMENTUM] += qz_bar - 2 * qz * s_bar + self.E_bar


class _Pair:
    """The squares of one pair; ``scale`` is the derivative of the weighted result by ``reach H_1 + t H_2``."""

    def __init__(
        self,
        reverse: _Reverse,
        place: tuple[int, int],
        pair: PairOfMasses,
        t: Any,
        reach: Any,
        rows: list[Any],
        weights: list[Any],
        scale: Any,
    ) -> None:
        self.reverse, self.place, self.pair = reverse, place, pair
        self.t, self.reach, self.rows, self.weights, self.scale = t, reach, rows, weights, scale
        self.exact = [(row, 0.0) for row in rows]
        self.t_bar: Any = 0.0
        self.reach_bar: Any = 0.0
        self.M_bar: Any = 0.0
        self.d_bar: Any = 0.0

    def squares(self) -> tuple[Any, Any]:
        """Return what multiplies ``t + 4 P`` and ``t``, with everything pulled back."""
        H: list[Any] = [0.0, 0.0]
        for square, parts in zip(self.reverse.folded.program.squares, self.pair.squares, strict=True):
            vector = square.kind == VECTOR_SQUARE
            spin_one = vector or square.kind == AXIAL_SQUARE
            which = 1 if square.kind in (AXIAL_SQUARE, SCALAR_SQUARE) else 0
            H_bar = self.scale * (self.t if which else self.reach)
            w, u = self.weights[square.weight], self.weights[square.flipped_weight] if spin_one else 0.0
            twice = 2 if spin_one else 1
            mass, slope = (self.pair.M, self.t) if vector else (self.pair.d, self.reach)
            ratio = 1.0 if square.ratio == UNIT else self.weights[square.ratio]
            kept: Any = 0.0
            flips: Any = 0.0
            for k, part in enumerate(parts):
                for imaginary in (False, True):
                    value = _value(part.first, self.exact, imaginary)
                    kept = kept + value * value
                    value_bar = H_bar * w * twice * 2 * value
                    if spin_one:
                        flipped = _value(part.flipped, self.exact, imaginary)
                        turned = mass * value + slope * ratio * flipped
                        flips = flips + turned * turned
                        turned_bar = H_bar * u * 2 * turned
                        value_bar = value_bar + mass * turned_bar
                        self._pull_mass(vector, value * turned_bar, ratio * flipped * turned_bar)
                        if square.ratio != UNIT:
                            self.reverse.weight_bars[square.ratio] += slope * flipped * turned_bar
                        self._pull_list(square.flipped, part.flipped, k, imaginary, slope * ratio * turned_bar)
                    self._pull_list(square.first, part.first, k, imaginary, value_bar)
            H[which] = H[which] + w * (twice * kept) + u * flips
            self.reverse.weight_bars[square.weight] += H_bar * twice * kept
            if spin_one:
                self.reverse.weight_bars[square.flipped_weight] += H_bar * flips
        return H[0], H[1]

    def _pull_mass(self, vector: bool, mass_bar: Any, slope_bar: Any) -> None:
        if vector:
            self.M_bar, self.t_bar = self.M_bar + mass_bar, self.t_bar + slope_bar
        else:
            self.d_bar, self.reach_bar = self.d_bar + mass_bar, self.reach_bar + slope_bar

    def _pull_list(
        self, channels: Sequence[Channel], coefficients: Coefficients, part: int, imaginary: bool, bar: Any
    ) -> None:
        for channel, (_, _, (high, _), _) in zip(channels, coefficients, strict=True):
            row = channel.imaginary if imaginary else channel.real
            if row == NONE:
                continue
            factor = 1.0
            if row != UNIT:
                factor = self.rows[row]
                self.reverse.row_bars[row] += high * bar
            self.reverse.pull_common(channel, high * factor * bar)
            for slot in channel.slots:
                self._pull_slot(slot, part, factor * bar)

    def _pull_slot(self, slot: Slot, part: int, bar: Any) -> None:
        """Pull back ``scale d^d M^M`` times a part of a matrix element."""
        reverse, (i, j) = self.reverse, self.place
        numbers, d, M = reverse.numbers, self.pair.d, self.pair.M
        imaginary = part ^ slot.imaginary
        factor = -1.0 if slot.imaginary and not part else 1.0
        if reverse.folded.program.on.majorana:
            factor *= 2.0 if imaginary == (slot.eta < 0) else 0.0
        if not factor or (imaginary and i == j):
            return
        at = slot.matrix + 2 * (reverse.layout.n * i + j) + imaginary
        scale, power = reverse.scale(slot), d**slot.d * M**slot.M
        reverse.bars[at] += factor * scale * power * bar
        element = factor * numbers[at] * bar
        reverse.scale_bars[slot] += power * element
        if slot.d:
            self.d_bar = self.d_bar + slot.d * d ** (slot.d - 1) * M**slot.M * scale * element
        if slot.M:
            self.M_bar = self.M_bar + slot.M * d**slot.d * M ** (slot.M - 1) * scale * element


def _value(coefficients: Coefficients, rows: Any, imaginary: bool) -> Any:
    value = sum_of(coefficients, rows, imaginary)
    return 0.0 if value is None else value


def _with_one_less(kinematics: dict[int, Any], powers: Sequence[int]) -> list[Any]:
    """Return the derivatives of a product of powers by q_z, q0 and s; q_z may be 0."""
    found = []
    for which in (QZ, Q0, S):
        result: Any = powers[(QZ, Q0, S).index(which)]
        if result:
            for base, power in zip((QZ, Q0, S), powers, strict=True):
                result = result * kinematics[base] ** float(power - (base == which))
        found.append(result)
    return found
