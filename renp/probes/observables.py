"""Which numbers an experiment measures, as Hermitian forms in the real parameters of the form-factor matrices, exactly.

In: probes and the mixing matrix. Out: :class:`Observable` records ``sum_ab W_ab (V x)_a (V x)_b*`` with ``x`` the parameters and a last
entry 1, which stands for the weak current. Scales that all elements share are left out: form factors are in units in which photon
exchange and the weak current are of one size.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Final

from numpy.typing import NDArray

from derivations.interactions.reader import shipped_interactions
from derivations.processes.renp.spectrum import SpectralFunction, spectral_function
from renp.probes.form_factors import ETA, FLAVOURS
from renp.probes.gaussian import Numbers
from renp_generated.runtime.arguments import choice

__all__ = ["Emission", "Observable", "Parameters", "Plasmon", "Probe", "Scattering"]

SINE: Final = Fraction(23, 100)
"""sin^2 theta_W; blind directions do not depend on it."""


@dataclass(frozen=True)
class Parameters:
    """Real parameters of Hermitian n x n matrices; of Majorana neutrinos those that the rule ``c + eta c^T`` leaves.

    Example
    -------
    >>> Parameters(("mu",), 2, "majorana").names
    ('mu[1,2].imag',)
    """

    form_factors: tuple[str, ...]
    n: int
    nature: str

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, mass states counted from 1."""
        return tuple(f"{name}[{j + 1},{k + 1}]{'' if j == k else '.' + part}" for name, j, k, part in self.places())

    def places(self) -> Iterator[tuple[str, int, int, str]]:
        """Yield form factor, element and part of each parameter."""
        for name in self.form_factors:
            for j in range(self.n):
                for k in range(j, self.n):
                    for part in ("real",) if j == k else ("real", "imag"):
                        kept = "imag" if ETA[name] < 0 else "real"
                        if self.nature == "dirac" or part == kept:
                            yield name, j, k, part

    def element(self, name: str, j: int, k: int, numbers: Numbers, eta: int = 0) -> NDArray[Any]:
        """Return the element jk of the vertex as a vector over the parameters and 1; ``eta`` of a row, if not that of the name."""
        found = numbers.zeros(len(self.names) + 1)
        for place, (other, a, b, part) in enumerate(self.places()):
            if other != name:
                continue
            unit = numbers.one if part == "real" else numbers.i
            direct = unit * int((j, k) == (a, b)) + numbers.conjugate(unit) * int((k, j) == (a, b) and a != b)
            if self.nature == "majorana":
                sign = eta or ETA[name]
                direct += unit * (sign * int((k, j) == (a, b))) + numbers.conjugate(unit) * (
                    sign * int((j, k) == (a, b) and a != b)
                )
            found[place] = direct
        return found


@dataclass(frozen=True)
class Observable:
    """``sum_ab weights_ab (vectors x)_a (vectors x)_b*``, a real number for Hermitian weights."""

    label: str
    vectors: NDArray[Any]
    weights: NDArray[Any]

    def value(self, x: NDArray[Any], numbers: Numbers) -> Any:
        """Return its value; the last entry of ``x`` is 1."""
        amplitudes = self.vectors.dot(x)
        return numbers.real(amplitudes.dot(self.weights).dot(numbers.conjugate(amplitudes)))

    def gradient(self, x: NDArray[Any], numbers: Numbers) -> NDArray[Any]:
        """Return its derivatives with respect to the parameters."""
        partner = self.weights.dot(numbers.conjugate(self.vectors.dot(x)))
        slope: NDArray[Any] = numbers.real(2 * self.vectors.T.dot(partner))[:-1]
        return slope


class Probe(ABC):
    """Something that measures observables of given parameters."""

    @abstractmethod
    def observables(self, parameters: Parameters, mixing: NDArray[Any], numbers: Numbers) -> Iterator[Observable]:
        """Yield what it measures."""


@dataclass(frozen=True)
class Scattering(Probe):
    """Scattering of massless left-handed neutrinos on electrons or nuclei, final states not observed.

    Parameters
    ----------
    target : ``"electron"`` or ``"nucleus"``; nuclei of two ratios of charge to weak charge, so that the linear and the quadratic
        number of a charge radius are seen apart.
    flavours : those of the beams. Antineutrinos add nothing at the source, and at all distances nothing either.
    distances : ``"source"`` (L = 0) or ``"all"``: every oscillating part resolved.
    """

    target: str = "electron"
    flavours: tuple[str, ...] = FLAVOURS
    distances: str = "source"

    def observables(self, parameters: Parameters, mixing: NDArray[Any], numbers: Numbers) -> Iterator[Observable]:
        """Yield mu_eff^2 and, with the weak current, what stands with each function of T/E."""
        choice("target", self.target, ("electron", "nucleus"))
        choice("distances", self.distances, ("source", "all"))
        n = parameters.n
        charge = {(j, k): self._radius(parameters, j, k, numbers) for j in range(n) for k in range(n)}
        moment = {
            (j, k): parameters.element("mu", j, k, numbers) - parameters.element("eps", j, k, numbers) * numbers.i
            for j in range(n)
            for k in range(n)
        }
        tables = [("moment", moment, moment)]
        if self.target == "electron":
            left, right = (self._electron(charge, mixing, chirality, numbers) for chirality in ("left", "right"))
            tables += [("left", left, left), ("right", right, right), ("left-right", left, right)]
        else:
            for ratio in (Fraction(-1), Fraction(-6, 5)):
                nucleus = {place: -vector for place, vector in charge.items()}
                for j in range(n):
                    nucleus[j, j] = nucleus[j, j] + numbers.constant(ratio, nucleus[j, j].size)
                tables.append((f"nucleus {ratio}", nucleus, nucleus))
        for flavour in self.flavours:
            state = numbers.conjugate(mixing[FLAVOURS.index(choice("flavours", flavour, FLAVOURS))])
            for label, one, other in tables:
                yield from self._forms(f"{self.target} {flavour} {label}", one, other, state, numbers)

    def _forms(
        self,
        label: str,
        one: Mapping[Any, NDArray[Any]],
        other: Mapping[Any, NDArray[Any]],
        state: NDArray[Any],
        numbers: Numbers,
    ) -> Iterator[Observable]:
        n = state.size
        vectors = numbers.stack([table[j, k] for table in (one, other) for k in range(n) for j in range(n)])

        def weights(pairs: Mapping[tuple[int, int], Any]) -> NDArray[Any]:
            table = numbers.zeros((2 * n * n, 2 * n * n))
            for (k, l), value in pairs.items():  # noqa: E741
                half = value * numbers.number(Fraction(1, 2))
                for j in range(n):
                    a, b = k * n + j, n * n + l * n + j
                    table[a, b] += half
                    table[b, a] += numbers.conjugate(half)
            return table

        if self.distances == "source":
            whole = {(k, l): state[k] * numbers.conjugate(state[l]) for k in range(n) for l in range(n)}  # noqa: E741
            yield Observable(label, vectors, weights(whole))
            return
        yield Observable(
            f"{label} mean", vectors, weights({(k, k): state[k] * numbers.conjugate(state[k]) for k in range(n)})
        )
        for k in range(n):
            for l in range(k):  # noqa: E741
                product = state[k] * numbers.conjugate(state[l])
                for part, factor in (("cosine", numbers.one), ("sine", numbers.i)):
                    value = factor * product
                    pairs = {(k, l): value, (l, k): numbers.conjugate(value)}
                    yield Observable(f"{label} {part} {k + 1}{l + 1}", vectors, weights(pairs))

    def _radius(self, parameters: Parameters, j: int, k: int, numbers: Numbers) -> NDArray[Any]:
        radius = parameters.element("r2", j, k, numbers) * numbers.number(Fraction(1, 6))
        found: NDArray[Any] = radius - parameters.element("anapole", j, k, numbers)
        return found

    def _electron(
        self, charge: Mapping[tuple[int, int], NDArray[Any]], mixing: NDArray[Any], chirality: str, numbers: Numbers
    ) -> dict[tuple[int, int], NDArray[Any]]:
        """Return the coupling to left- or right-handed electrons: weak current plus charge radius."""
        found = {}
        for (j, k), vector in charge.items():
            weak = numbers.number(SINE if chirality == "right" else SINE - Fraction(1, 2)) * int(j == k)
            if chirality == "left":
                weak += numbers.conjugate(mixing[0, j]) * mixing[0, k]
            shifted = vector.copy()
            shifted[-1] += weak
            found[j, k] = shifted
        return found


@dataclass(frozen=True)
class Plasmon(Probe):
    """Plasmon decay into light neutrinos, at one or several invariant masses squared."""

    squared_masses: tuple[Fraction, ...] = (Fraction(1),)

    def observables(self, parameters: Parameters, mixing: NDArray[Any], numbers: Numbers) -> Iterator[Observable]:
        """Yield the sum over all pairs for each plasmon mass."""
        pairs = [
            (name, j, k) for name in parameters.form_factors for j in range(parameters.n) for k in range(parameters.n)
        ]
        vectors = numbers.stack([parameters.element(*place, numbers) for place in pairs])
        for squared in self.squared_masses:
            share = {"mu": Fraction(1), "eps": Fraction(1), "r2": squared / 18, "anapole": 2 * squared}
            weights = numbers.zeros((len(pairs), len(pairs)))
            for place, (name, _, _) in enumerate(pairs):
                weights[place, place] = numbers.number(share[name])
            yield Observable(f"plasmon {squared}", vectors, weights)


@cache
def _emission() -> SpectralFunction:
    names = ("standard_model", "electromagnetic")
    return spectral_function([one for one in shipped_interactions() if one.name in names])


@dataclass(frozen=True)
class Emission(Probe):
    """Radiative emission of pairs with resolved thresholds: for each pair its spectrum at several photon energies.

    Parameters
    ----------
    masses : neutrino masses, exact numbers in units of E_eg/2.
    light : ``"averaged"`` (T = delta/3), ``"linear"`` or ``"circular"`` (both helicities, 0 -> 1 -> 0).
    energies : number of photon energies for each pair; more than there are functions of omega add nothing.
    """

    masses: tuple[Fraction, ...] = (Fraction(1, 10), Fraction(1, 7), Fraction(1, 4))
    light: str = "averaged"
    energies: int = 8

    def observables(self, parameters: Parameters, mixing: NDArray[Any], numbers: Numbers) -> Iterator[Observable]:
        """Yield the rate of each pair at each energy, from the derived structure functions."""
        choice("light", self.light, ("averaged", "linear", "circular"))
        if len(self.masses) != parameters.n:
            raise ValueError(
                f"masses must be {parameters.n} numbers, one for each mass state, found {len(self.masses)}"
            )
        for i in range(parameters.n):
            for j in range(i, parameters.n):
                orders = ((i, j), (j, i))[: 1 + (i != j)]
                vectors = numbers.stack(
                    [v for pair in orders for v in self._amplitudes(parameters, mixing, *pair, numbers)]
                )
                threshold = (self.masses[i] + self.masses[j]) ** 2
                for step in range(self.energies):
                    squared = threshold + (3 - threshold) * Fraction(step + 1, self.energies + 2)
                    for sign in (1, -1) if self.light == "circular" else (1,):
                        blocks = [self._weights(squared, *pair, sign, numbers) for pair in orders]
                        label = f"pair {i + 1}{j + 1}, s = {squared}" + (
                            f", helicity {sign:+d}" if self.light == "circular" else ""
                        )
                        yield Observable(label, vectors, numbers.diagonal(blocks))

    def _terms(self) -> list[Any]:
        return [term for term in _emission().amplitude.terms if term.neutrino != "vector_weak"]

    def _amplitudes(
        self, parameters: Parameters, mixing: NDArray[Any], i: int, j: int, numbers: Numbers
    ) -> Iterator[NDArray[Any]]:
        """Yield what each term multiplies: the element ij of its matrix, with the second contraction of Majorana pairs."""
        rows = _emission().rows
        axial = numbers.conjugate(mixing[0, i]) * mixing[0, j] - numbers.number(Fraction(1, 2)) * int(i == j)
        for term in self._terms():
            eta = rows[term.row].eta
            if term.neutrino == "axial":
                twice = axial + (numbers.conjugate(axial) * eta if parameters.nature == "majorana" else 0)
                yield numbers.constant(twice, len(parameters.names) + 1)
            else:
                yield parameters.element(term.neutrino, i, j, numbers, eta)

    def _weights(self, squared: Fraction, i: int, j: int, sign: int, numbers: Numbers) -> NDArray[Any]:
        """Return the structure functions between the terms at one ``s``, E_eg = 2 and constants of nature 1."""
        first, second = self.masses[i], self.masses[j]
        momentum = (2 - squared / 2) / 2
        kinematics = (
            squared - (first + second) ** 2, first * second, (first - second) ** 2, momentum, 2 - momentum, first - second, first + second
        )  # fmt: skip
        tensors: dict[str, dict[str, Fraction]] = {
            "averaged": {"along": Fraction(1, 3), "across": Fraction(2, 3)},
            "linear": {"across": Fraction(1)},
            "circular": {"across": Fraction(1), "circular": Fraction(sign)},
        }
        tensor = tensors[self.light]
        structure: dict[tuple[int, int], Any] = {}
        for entry in _emission().gram:
            if entry.part in tensor:
                value = numbers.polynomial(entry.closed_form.numerator, kinematics) * numbers.number(
                    1 / squared**entry.closed_form.power
                )
                # T_xy - T_yx = i for light of one helicity
                factor = (
                    numbers.i * tensor[entry.part] if entry.part == "circular" else numbers.number(tensor[entry.part])
                )
                structure[entry.n, entry.m] = structure.get((entry.n, entry.m), numbers.zero) + value * factor
        terms = self._terms()
        coefficients = [self._coefficient(term.coefficient, squared, kinematics, numbers) for term in terms]
        table = numbers.zeros((len(terms), len(terms)))
        for a, one in enumerate(terms):
            for b, other in enumerate(terms):
                n, m = one.row, other.row
                found = structure.get((min(n, m), max(n, m)))
                if found is not None:
                    value = found if n <= m else numbers.conjugate(found)
                    table[a, b] = coefficients[a] * numbers.conjugate(coefficients[b]) * value
        return table

    def _coefficient(self, c: Any, squared: Fraction, kinematics: Sequence[Fraction], numbers: Numbers) -> Any:
        *_, momentum, energy, difference, total = kinematics
        size = momentum**c.qz * energy**c.q0 * squared**c.s * difference**c.d * total**c.M
        if c.propagator == "photon":
            size /= squared
        return numbers.number(c.real * size) + numbers.i * numbers.number(c.imag * size)
