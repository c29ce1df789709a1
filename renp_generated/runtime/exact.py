"""The same function in any arithmetic: mpmath at any precision, interval or ball arithmetic, exact rationals.

Nothing is imported: the caller hands over the number type and its square root. The floats of the checked arguments and the
constants of the tables are taken as exact numbers. Amplitudes are summed for each ordered pair (i, j), as complex numbers, and
squared as ``structure.py`` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .arguments import AVERAGED, Inputs, shown
from .tables import STATES, WAYS, Tables, Term

Complex = tuple[Any, Any]
"""Real and imaginary part."""


@dataclass(frozen=True)
class Pair:
    """One ordered pair (i, j): its masses, and the coefficient of each term that is on."""

    m_i: Any
    m_j: Any
    coefficients: tuple[tuple[Term, Complex], ...]


@dataclass(frozen=True)
class ExactEvaluator:
    """A spectral function in the arithmetic of ``number`` and ``root``: couplings folded, ready for photon energies."""

    tables: Tables
    inputs: Inputs
    number: Callable[[float], Any]
    root: Callable[[Any], Any]
    pairs: tuple[Pair, ...]

    def __call__(self, omega: float) -> Any:
        """Return I(omega) at one photon energy, its float taken as exact."""
        return self._sum(omega, size=False)

    def size(self, omega: float) -> Any:
        """Return I(omega) with the absolute values of all terms of the amplitudes: what interferences are small against."""
        return self._sum(omega, size=True)

    def _sum(self, omega: float, *, size: bool) -> Any:
        number, inputs = self.number, self.inputs
        E_eg, w, K = number(inputs.E_eg), number(omega), number(inputs.imprinted_momentum)
        qz, q0, s = w + K, E_eg - w, (E_eg + K) * (E_eg - K - 2 * w)
        propagators = {name: self._propagator(name, s) for name in inputs.mediators}
        total = number(0.0)
        for pair in self.pairs:
            t = s - (pair.m_i + pair.m_j) ** 2
            if t > 0:
                amplitudes = self._amplitudes(pair, (qz, q0, s), propagators, size=size)
                squares = self._squares(pair, amplitudes, t, s, size=size)
                total += self.root(t * (t + 4 * pair.m_i * pair.m_j)) * squares
        amplitude = self.amplitude(omega, size=size)
        return total * amplitude**2 / (s * (24 if inputs.majorana else 12))

    def amplitude(self, omega: float, *, size: bool = False) -> Any:
        """Return the sum over intermediate states at one photon energy, or with ``size`` over absolute values."""
        number, inputs = self.number, self.inputs
        w, q0 = number(omega), number(inputs.E_eg) - number(omega)
        total = number(0.0)
        for level, coefficient in zip(inputs.E_vg, inputs.amplitudes, strict=True):
            part = number(coefficient) / (number(level) - w)
            total += abs(part) if size else part
        for level, coefficient in inputs.crossed:
            part = number(coefficient) / (number(level) - q0)
            total += abs(part) if size else part
        return total

    def _propagator(self, group: str, s: Any) -> Complex:
        mass, width = (self.number(value) for value in self.inputs.mediators[group])
        distance = s - mass**2
        if not self.inputs.mediators[group][1]:
            return 1 / distance, self.number(0.0)
        below = distance**2 + (mass * width) ** 2
        return distance / below, -mass * width / below

    def _amplitudes(
        self, pair: Pair, point: tuple[Any, Any, Any], propagators: Mapping[str, Complex], *, size: bool
    ) -> dict[tuple[str, str], Complex]:
        zero = self.number(0.0)
        found = dict.fromkeys(((state, way) for state in STATES for way in WAYS), (zero, zero))
        for term, (real, imag) in pair.coefficients:
            factor = product(point, (term.qz, term.q0, term.s), self.number)
            re, im = real * factor, imag * factor
            if term.propagator:
                a, b = propagators[term.group]
                re, im = re * a - im * b, re * b + im * a
            if size:
                re, im = abs(re) + abs(im), zero
            old = found[term.state, term.way]
            found[term.state, term.way] = old[0] + re, old[1] + im
        return found

    def _squares(self, pair: Pair, a: Mapping[tuple[str, str], Complex], t: Any, s: Any, *, size: bool) -> Any:
        along, across, circular = tensor_parts(self.inputs.tensor, self.number)
        d, M, reach = pair.m_i - pair.m_j, pair.m_i + pair.m_j, t + 4 * pair.m_i * pair.m_j
        if size:
            d, along, across, circular = abs(d), abs(along), abs(across), abs(circular)

        def square(z: Complex) -> Any:
            return z[0] ** 2 + z[1] ** 2

        def spin_one(first: Complex, flipped: Complex, mass: Any, slope: Any) -> Any:
            kept = _sum(first, flipped, mass)
            return 2 * square(kept) + square(_sum((mass * kept[0], mass * kept[1]), flipped, slope)) / s

        ways = [("along", 0, along / s)]
        ways += [("across", sign, (across + sign * circular) / 2) for sign in (1, -1)]
        total = 3 * along * (reach * square(a["P", "along"]) + t * square(a["S", "along"]))
        for way, sign, weight in ways:
            V, E, A, B = (
                a[state, way] if way == "along" else _sum(a[state, "plain"], a[state, "cross"], 1 if size else sign) for state in "VEAB"
            )
            total += weight * (reach * spin_one(V, E, M, t) + t * spin_one(A, B, d, reach))
        return total


def _require_arithmetic(number: Any, root: Any) -> None:
    for name, function in (("number", number), ("root", root)):
        if not callable(function):
            raise TypeError(f"{name} must be a function as mpmath.mpf and mpmath.sqrt are, found {shown(function)}")
    try:
        quarter, one = number(0.25), number(1.0)
        right = bool(4 * quarter - one == 0 and one / quarter > one)
    except Exception:
        right = False
    if not right:
        name = getattr(number, "__name__", "it")
        raise TypeError(f"number must make real numbers that keep fractions, as mpmath.mpf does, found {name}")


def prepared(
    tables: Tables, inputs: Inputs, number: Callable[[float], Any], root: Callable[[Any], Any]
) -> ExactEvaluator:
    """Return the evaluator of checked arguments in the arithmetic of ``number`` (float in) and ``root`` (square root).

    Raises ``TypeError`` in one line for what is no arithmetic.
    """
    _require_arithmetic(number, root)
    masses = [number(mass) for mass in inputs.masses]
    scales = [(term, _scale(tables, inputs, term, number)) for term in tables.terms if is_on(term, inputs)]
    n = range(len(masses))
    pairs = tuple(
        Pair(
            masses[i],
            masses[j],
            tuple((term, _coefficient(term, scale, inputs, masses, (i, j), number)) for term, scale in scales),
        )
        for i in n
        for j in n
    )
    return ExactEvaluator(tables, inputs, number, root, pairs)


def is_on(term: Term, inputs: Inputs) -> bool:
    """Return whether the arguments switch a term on."""
    entries = inputs.groups.get(term.group)
    return (
        entries is not None
        and entries[term.matrix] is not None
        and not (term.longitudinal and entries["propagator"] != "unitary")
    )


def tensor_parts(tensor: tuple[float, float, float], number: Callable[[float], Any]) -> tuple[Any, Any, Any]:
    """Return the parts of an atomic tensor; the averaged one has exact thirds."""
    if tensor == AVERAGED:
        return number(1.0) / 3, number(2.0) / 3, number(0.0)
    along, across, circular = map(number, tensor)
    return along, across, circular


def _sum(a: Complex, b: Complex, factor: Any) -> Complex:
    return a[0] + factor * b[0], a[1] + factor * b[1]


def _scale(tables: Tables, inputs: Inputs, term: Term, number: Callable[[float], Any]) -> Any:
    """Return what a term multiplies its matrix with, apart from masses of neutrinos."""
    value = number(float(term.number[0])) / number(float(term.number[1]))
    for name, power in term.constants:
        value = value * number(tables.constants[name]) ** power
    entries = inputs.groups[term.group]
    if term.electron is not None:
        value = value * number(entries[term.electron])
    if inputs.pair_step == "E1":
        value = value * number(inputs.dipole_length)
    if term.orbital and (entries.get("m1") or inputs.m1) == "full":
        value = value / 2
    if term.longitudinal:
        value = value / number(inputs.mediators[term.group][0]) ** 2
    return value


def _coefficient(
    term: Term, scale: Any, inputs: Inputs, masses: list[Any], pair: tuple[int, int], number: Callable[[float], Any]
) -> Complex:
    i, j = pair
    matrix = inputs.groups[term.group][term.matrix]
    real, imag = number(float(matrix[i, j].real)), number(float(matrix[i, j].imag))
    if inputs.majorana:
        real = real + term.eta * number(float(matrix[j, i].real))
        imag = imag + term.eta * number(float(matrix[j, i].imag))
    factor = scale * product((masses[i] - masses[j], masses[i] + masses[j]), (term.d, term.M), number)
    real, imag = factor * real, factor * imag
    return (-imag, real) if term.imaginary else (real, imag)


def product(bases: tuple[Any, ...], powers: tuple[int, ...], number: Callable[[float], Any]) -> Any:
    """Return a product of powers."""
    result = number(1.0)
    for base, power in zip(bases, powers, strict=True):
        if power:
            result = result * base**power
    return result
