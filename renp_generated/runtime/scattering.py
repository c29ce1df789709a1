"""Scattering of neutrinos on a target at rest, from tables: arguments in, ``d sigma / dT`` [eV^-3] out.

The amplitude of every row is added up first; the Gram matrix of the rows then gives the cross section. Its entries are
polynomials in the energy E, the recoil T and the masses. They and their sum are computed with twice the digits: at the edges of the
range, for light neutrinos of the wrong helicity and where interactions cancel, the result is a small difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import arguments as checks
from .tables import Group
from .two_part import TwoPart

Structure = Callable[..., Any]
"""A function of the process's variables, E, T, m, m_i, m_j in scattering, in any arithmetic that adds and multiplies."""
Structures = Mapping[tuple[int, int], tuple[Structure | None, Structure | None]]
"""Real and imaginary part of each entry ``n <= m`` of a Gram matrix; entries that vanish are absent."""

HELICITIES: Mapping[str, int] = {"minus": -1, "plus": 1, "average": 0}
NATURES = ("dirac", "majorana")
LIGHT = 1e-2
"""Largest mass over energy of a superposition: beyond, mass states part in the kinematics, by the square of it."""
EPSILON = 1e-30
"""What rounding may leave of a sum that is 0, over the sum of absolute values: a few times the last of twice the digits."""
NUCLEONS = ("proton", "neutron")


@dataclass(frozen=True)
class Term:
    """``(real + i imag)/denominator`` times the rest of a term of one row.

    ``factor`` are monomials ``(real, imag, denominator, powers of the process's variables)``; ``matrix`` is an entry of the group, or one of
    the Hermitian parts of a general matrix; ``eta`` its sign under charge conjugation.
    """

    group: str
    coupling: str | None
    matrix: str
    constants: tuple[tuple[str, int], ...]
    propagator: str
    row: int
    eta: int
    factor: tuple[tuple[int, int, int, tuple[int, ...]], ...]


@dataclass(frozen=True)
class ScatteringTables:
    """Everything that distinguishes one target and one set of interactions from another.

    ``spins`` is the number of spin states of the target, ``summed`` and ``polarised`` are the Gram matrices: for the helicity h of the
    incoming neutrino the sum over all spins is ``(summed + h polarised / p) / 2``.
    """

    name: str
    spins: int
    constants: Mapping[str, float]
    rows: tuple[str, ...]
    terms: tuple[Term, ...]
    edges: Structure
    summed: Structures
    polarised: Structures


@dataclass(frozen=True)
class Beam:
    """The checked neutrinos of one call: who comes in, who goes out, how."""

    energy: Any
    masses: tuple[float, ...]
    amplitude: tuple[tuple[int, complex], ...]
    coherent: bool
    outgoing: tuple[int, ...]
    antineutrino: bool
    majorana: bool
    helicity: int

    def pairs(self) -> Iterator[tuple[float, float, tuple[int, ...]]]:
        """Yield the masses of what comes in and goes out, and the outgoing states that have them."""
        if self.coherent:
            yield 0.0, 0.0, self.outgoing
            return
        before = self.masses[self.amplitude[0][0]]
        for after in sorted({self.masses[j] for j in self.outgoing}):
            yield before, after, tuple(j for j in self.outgoing if self.masses[j] == after)

    def element(self, matrix: Any, eta: int, j: int) -> complex:
        """Return the element between the incoming state and j: ``c_jk``, ``eta c_kj`` of antineutrinos, the sum of both."""
        total = 0j
        for k, amplitude in self.amplitude:
            direct, crossed = matrix[j, k], eta * matrix[k, j]
            total += amplitude * (direct + crossed if self.majorana else crossed if self.antineutrino else direct)
        return total


@dataclass(frozen=True)
class Strengths:
    """What multiplies the rows: the checked entries of each group, and numbers that the target brings.

    ``charges`` maps the name of a coupling of the target, or a pair of group and name, to a number or an array like T.
    """

    groups: Mapping[str, Mapping[str, Any]]
    charges: Mapping[Any, Any] = field(default_factory=dict)

    def of(self, term: Term) -> Any:
        """Return the coupling of the target and the matrix of a term, ``None`` where it is off."""
        entries = self.groups.get(term.group)
        if entries is None or entries.get(term.matrix) is None:
            return None
        if term.propagator == "longitudinal" and entries["propagator"] != "unitary":
            return None
        coupling: Any = 1.0
        if term.coupling is not None:
            known = [key for key in ((term.group, term.coupling), term.coupling) if key in self.charges]
            coupling = self.charges[known[0]] if known else entries[term.coupling]
        return coupling, entries[term.matrix], entries


Call = tuple[ScatteringTables, Any, float, Beam, Strengths, Mapping[str, str]]
"""The checked arguments of a cross section, in the order of :func:`cross_section`."""


def cross_section(
    tables: ScatteringTables,
    recoil: Any,
    target_mass: float,
    beam: Beam,
    strengths: Strengths,
    masses: Mapping[str, str],
) -> Any:
    """Return ``d sigma / dT`` [eV^-3], with the shape of T and the energy; exactly 0 outside the range of T.

    ``masses`` names the entry of each group that is the mediator's mass.
    """
    xp = next((v.__array_namespace__() for v in (recoil, beam.energy) if hasattr(v, "__array_namespace__")), np)
    energy, recoil = xp.asarray(beam.energy, dtype=float), xp.asarray(recoil, dtype=float)
    shapes = [np.shape(value) for value in (recoil, energy, *strengths.charges.values())]
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        found = ", ".join(map(str, dict.fromkeys(shapes)))
        raise ValueError(f"T, energy and form_factor must broadcast, found shapes {found}") from None
    energy, recoil = xp.broadcast_arrays(energy, recoil)
    # Points outside may overflow; their values are not returned.
    with np.errstate(all="ignore"):
        return _cross_section(xp, tables, recoil, energy, target_mass, beam, strengths, masses)


def _cross_section(
    xp: Any,
    tables: ScatteringTables,
    recoil: Any,
    energy: Any,
    target_mass: float,
    beam: Beam,
    strengths: Strengths,
    masses: Mapping[str, str],
) -> Any:
    active = [(term, found) for term in tables.terms if (found := strengths.of(term)) is not None]
    total = xp.zeros(recoil.shape)
    for before, after, states in beam.pairs():
        opened = _open(tables, xp, energy, recoil, target_mass, before, after)
        # Any inner point will do where the channel is closed: its value is not returned.
        inside = xp.where(opened, recoil, xp.full(recoil.shape, 1.0))
        outside = xp.where(opened, energy, xp.full(recoil.shape, 2.0 + before))
        point = tuple(map(TwoPart, (outside, inside, target_mass, before, after)))
        gram = _gram(tables, xp, point, beam.helicity, {term.row for term, _ in active})
        momentum = (outside - before) * (outside + before)
        flux = 32 * math.pi * target_mass * momentum * tables.spins
        for j in states:
            rows = _rows(tables, active, beam, j, (outside, inside, target_mass, before, after), masses)
            value = sum_of_squares(xp, rows, gram) / 2 / flux
            total = total + xp.where(opened, value, xp.zeros(value.shape))
    return total


def _open(
    tables: ScatteringTables, xp: Any, energy: Any, recoil: Any, target: float, before: float, after: float
) -> Any:
    """Return where the channel is open: above threshold, between the edges of T, which include neither."""
    E, T, m, m_i, m_j = map(TwoPart, (energy, recoil, target, before, after))
    above = (2 * m * E + (m_i - m_j) * (m_i + m_j) - 2 * m * m_j).rounded() > 0
    between = tables.edges(E, T, m, m_i, m_j).rounded() > 0
    return above & between & (energy > before) & (recoil > 0)


def recoil_range(
    energy: float, target: float, incoming: float = 0.0, outgoing: float = 0.0
) -> tuple[float, float] | None:
    """Return the lowest and the highest recoil T [eV], or ``None`` below the threshold of the channel.

    Parameters
    ----------
    energy : total energy of the incoming neutrino [eV].
    target : mass of the target [eV].
    incoming, outgoing : masses of the neutrinos [eV].

    Example
    -------
    >>> recoil_range(3.0, 2.0)
    (0.0, 2.25)
    >>> threshold(2.0, 0.0, 1.0), recoil_range(1.0, 2.0, 0.0, 1.0)
    (1.25, None)
    """
    split = (outgoing - incoming) * (outgoing + incoming)
    above = 2 * target * energy - split - 2 * target * outgoing
    if energy <= incoming or above <= 0:
        return None
    squared = (energy - incoming) * (energy + incoming)
    total = target * (target + 2 * energy) + incoming**2
    middle = 2 * target * squared - (energy + target) * split
    highest = (middle + math.sqrt(squared * above * (above + 4 * target * outgoing))) / (2 * total)
    return split**2 / (4 * total * highest), highest


def threshold(target: float, incoming: float = 0.0, outgoing: float = 0.0) -> float:
    """Return the energy [eV] above which a neutrino scatters into one of another mass on a target."""
    split = (outgoing - incoming) * (outgoing + incoming)
    return max(incoming, (split + 2 * target * outgoing) / (2 * target))


def _gram(
    tables: ScatteringTables, xp: Any, point: tuple[TwoPart, ...], helicity: int, active: set[int]
) -> dict[tuple[int, int], tuple[TwoPart | None, TwoPart | None]]:
    """Return the Gram matrix of the active rows for the helicity, with both parts."""
    energy, _, _, mass, _ = point
    result: dict[tuple[int, int], tuple[TwoPart | None, TwoPart | None]] = {}
    momentum = ((energy - mass) * (energy + mass)).root(xp) if helicity else None
    for structures, scale in ((tables.summed, None), (tables.polarised, momentum)):
        if structures is tables.polarised and not helicity:
            continue
        for place, parts in structures.items():
            if not active.issuperset(place):
                continue
            found: list[TwoPart | None] = []
            for part, known in zip(parts, result.get(place, (None, None)), strict=True):
                value = None if part is None else part(*point)
                if value is not None and scale is not None:
                    value = value / scale * float(helicity)
                found.append(known if value is None else value if known is None else known + value)
            result[place] = found[0], found[1]
    return result


def _rows(
    tables: ScatteringTables, active: list[Any], beam: Beam, j: int, point: tuple[Any, ...], masses: Mapping[str, str]
) -> dict[int, Any]:
    """Return the amplitude of each row for the outgoing state j."""
    _, recoil, target, *_ = point
    squared = -2 * target * recoil
    rows: dict[int, Any] = {}
    for term, (coupling, matrix, entries) in active:
        value: Any = beam.element(matrix, term.eta, j)
        if value == 0:
            continue
        for name, power in term.constants:
            value = value * tables.constants[name] ** power
        value = value * coupling * polynomial(term.factor, point)
        if term.propagator == "photon":
            value = value / squared
        elif term.propagator != "contact":
            mass = entries[masses[term.group]]
            value = value / (squared - mass * mass)
            if term.propagator == "longitudinal":
                value = value / (mass * mass)
        rows[term.row] = rows[term.row] + value if term.row in rows else value
    return rows


def polynomial(monomials: tuple[Any, ...], point: tuple[Any, ...]) -> Any:
    """Return the factor of a term at a point."""
    total: Any = 0j
    for real, imag, below, powers in monomials:
        part: Any = complex(real, imag) / below
        for value, power in zip(point, powers, strict=True):
            if power:
                part = part * value**power
        total = total + part
    return total


def sum_of_squares(xp: Any, rows: Mapping[int, Any], gram: Mapping[tuple[int, int], Any]) -> Any:
    """Return ``sum_nm c_n c_m* G_nm`` of a positive matrix: 0 where nothing of it is left in twice the digits."""
    total, size = contracted(xp, rows, gram)
    value = xp.asarray(total.rounded())
    return xp.where(value > EPSILON * size, value, xp.zeros(value.shape))


def contracted(xp: Any, rows: Mapping[int, Any], gram: Mapping[tuple[int, int], Any]) -> tuple[TwoPart, Any]:
    """Return ``sum_nm c_n c_m* G_nm``, and the sum of the sizes of its terms."""
    parts = {n: (xp.real(xp.asarray(value)), xp.imag(xp.asarray(value))) for n, value in rows.items()}
    total, size = TwoPart(0.0), xp.asarray(0.0)
    for (n, m), (real, imag) in gram.items():
        if n not in parts or m not in parts:
            continue
        (a, b), (c, d) = parts[n], parts[m]
        twice = 1.0 if n == m else 2.0
        for product, structure in (
            (TwoPart.product(a, c) + TwoPart.product(b, d), real),
            (TwoPart.product(a, d) - TwoPart.product(b, c), None if n == m else imag),
        ):
            if structure is not None:
                added = product * structure * twice
                total, size = total + added, size + xp.abs(added.high)
    return total, size


# ---------------------------------------------------------------- arguments


@dataclass(frozen=True, eq=False)
class ScatteringFunctions:
    """Both kinds of scattering for one set of interactions; keywords are those of the groups.

    Attributes
    ----------
    groups : what the interactions offer; the group without a keyword holds the matrices of the weak current.
    electron, nucleus : the tables of each target.
    """

    groups: tuple[Group, ...]
    electron: ScatteringTables
    nucleus: ScatteringTables

    def electron_scattering(self, /, T: Any, **given: Any) -> Any:
        """Return ``d sigma / dT`` [eV^-3] of neutrinos on free electrons at rest; see the generated function."""
        return cross_section(*self._on_electron(T, given))[()]

    def coherent_scattering(self, /, T: Any, **given: Any) -> Any:
        """Return ``d sigma / dT`` [eV^-3] of neutrinos on a nucleus of spin 0 at rest; see the generated function."""
        return cross_section(*self._on_nucleus(T, given, float))[()]

    def electron_scattering_exact(self, /, T: float, *, number: Any, root: Any, pi: Any, **given: Any) -> Any:
        """Return the cross section on electrons at one T and energy in the arithmetic of ``number``, ``root`` and ``pi``."""
        from .scattering_exact import cross_section_exact

        return cross_section_exact(*self._on_electron(T, given), number, root, pi)

    def coherent_scattering_exact(self, /, T: float, *, number: Any, root: Any, pi: Any, **given: Any) -> Any:
        """Return the cross section on a nucleus at one T and energy in the arithmetic of ``number``, ``root`` and ``pi``."""
        from .scattering_exact import cross_section_exact

        return cross_section_exact(*self._on_nucleus(T, given, number), number, root, pi)

    def _on_electron(self, T: Any, given: Mapping[str, Any]) -> Call:
        own, beam, recoil = self._taken(T, given, ("target_mass",), weak=True)
        target = self.electron.constants["m_e"] if own.get("target_mass") is None else own["target_mass"]
        strengths = Strengths(self._entries(given, len(beam.masses)))
        return self._call(self.electron, recoil, positive("target_mass", target), beam, strengths)

    def _on_nucleus(self, T: Any, given: Mapping[str, Any], number: Callable[[float], Any]) -> Call:
        names = ("Z", "N", "nucleus_mass", "form_factor", "sin2_theta_w", "weak", "nuclear")
        own, beam, recoil = self._taken(T, given, names, weak=False)
        missing = [name for name in ("Z", "N", "nucleus_mass") if own.get(name) is None]
        if missing:
            raise TypeError(f"the argument {missing[0]} is missing")
        n = len(beam.masses)
        groups = dict(self._entries(given, n))
        acting = {term.group for term in self.nucleus.terms}
        silent = [group for group in self.groups if group.name in groups and group.name not in acting]
        if silent:
            raise ValueError(
                f"{silent[0].keyword} has no coherent current on a nucleus of spin 0: it needs a target of spin 1/2,"
                " as in electron_scattering"
            )
        matrix = np.eye(n) if own.get("weak") is None else own["weak"]
        groups[WEAK_GROUP] = {"weak": checks.hermitian("weak", matrix, n)}
        strengths = Strengths(groups, self._charges(own, groups, acting, number))
        return self._call(self.nucleus, recoil, positive("nucleus_mass", own["nucleus_mass"]), beam, strengths)

    def _charges(
        self, own: Mapping[str, Any], groups: Mapping[str, Any], acting: set[str], number: Callable[[float], Any]
    ) -> dict[Any, Any]:
        protons, neutrons = (_count(name, own[name]) for name in ("Z", "N"))
        if not protons + neutrons:
            raise ValueError("Z and N must not both be 0")
        at_protons, at_neutrons = (
            factor if factor.ndim else number(float(factor)) for factor in _form_factors(own.get("form_factor", 1.0))
        )
        sine = own.get("sin2_theta_w")
        sine = self.nucleus.constants["sin2_theta_w"] if sine is None else checks.real_number("sin2_theta_w", sine)
        weak = protons * (number(0.5) - 2 * number(sine)) * at_protons - neutrons * at_neutrons / 2
        charges: dict[Any, Any] = {"weak_charge": weak, "electric_charge": -protons * at_protons}
        given = own.get("nuclear")
        given = {} if given is None else given
        if not isinstance(given, Mapping):
            raise TypeError(f"nuclear must be a mapping of charges by group, found {type(given).__name__}")
        mediated = {g.keyword for g in self.groups if g.name in acting and any(a.kind == "mass" for a in g.arguments)}
        unknown = [key for key in given if key not in mediated]
        if unknown:
            raise ValueError(
                f"nuclear has no entry {checks.shown(unknown[0])}; allowed are {', '.join(sorted(mediated)) or 'none'}"
            )
        shape = (protons * at_protons + neutrons * at_neutrons) / (protons + neutrons)
        for group in self.groups:
            if group.keyword in mediated and group.name in groups:
                if group.keyword not in given:
                    raise ValueError(
                        f"nuclear[{group.keyword!r}] is missing: the charge of the nucleus under {group.name}"
                    )
                label = f"nuclear[{group.keyword!r}]"
                charges[group.name, "charge"] = number(checks.real_number(label, given[group.keyword])) * shape
        return charges

    def _call(self, tables: ScatteringTables, recoil: Any, target: float, beam: Beam, strengths: Strengths) -> Call:
        checks.supported("target mass", target)
        masses = {g.name: a.name for g in self.groups for a in g.arguments if a.kind == "mass"}
        return tables, recoil, target, beam, strengths, masses

    def _taken(
        self, T: Any, given: Mapping[str, Any], names: tuple[str, ...], *, weak: bool
    ) -> tuple[dict[str, Any], Beam, Any]:
        """Return the arguments by these names, the checked beam and the recoil energies; refuse unknown words."""
        plain = [a.name for g in self.groups if not g.keyword for a in g.arguments] if weak else []
        allowed = (*BEAM, *names, *plain, *(g.keyword for g in self.groups if g.keyword))
        unknown = [name for name in given if name not in allowed]
        if unknown:
            raise TypeError(f"there is no argument {unknown[0]!r}; allowed are {', '.join(allowed)}")
        required = ("energy", "masses", "incoming", *(plain[:1]))
        missing = [name for name in required if given.get(name) is None]
        if missing:
            raise TypeError(f"the argument {missing[0]} is missing")
        beam = checked_beam(**{name: given[name] for name in BEAM if name in given})
        return {name: given[name] for name in names if name in given}, beam, energies("T", T)

    def _entries(self, given: Mapping[str, Any], n: int) -> dict[str, Mapping[str, Any]]:
        result: dict[str, Mapping[str, Any]] = {}
        for group in self.groups:
            if group.keyword:
                entries = given.get(group.keyword)
            else:
                entries = {a.name: given[a.name] for a in group.arguments if given.get(a.name) is not None} or None
            if entries is not None:
                result[group.name] = checks.entries(group, entries, n)
        return result


BEAM = ("energy", "masses", "incoming", "outgoing", "antineutrino", "helicity", "nature")
WEAK_GROUP = "standard_model"


def checked_beam(
    *,
    energy: Any,
    masses: Any,
    incoming: Any,
    outgoing: Any = None,
    antineutrino: bool = False,
    helicity: str | None = None,
    nature: str = "dirac",
) -> Beam:
    """Return the checked neutrinos of a call; raise ``ValueError`` or ``TypeError`` with one line otherwise.

    Example
    -------
    >>> checked_beam(energy=1e6, masses=[0.0, 0.1], incoming=1).amplitude
    ((1, 1.0),)
    """
    values = checks.real_vector("masses", masses, "eV", scalar=False)
    if any(mass < 0 for mass in values):
        raise ValueError(f"masses must be non-negative, found {min(values)!r}")
    checks.supported("masses", *values, zero=True)
    if not isinstance(antineutrino, (bool, np.bool_)):
        raise TypeError(f"antineutrino must be True or False, found {checks.shown(antineutrino)}")
    n = len(values)
    energy = energies("energy", energy)
    plain = isinstance(energy, np.ndarray)
    if plain and not bool((energy > 0).all()):
        raise ValueError(f"energy must be positive, found {float(energy.min())!r}")
    amplitude, coherent = _incoming(incoming, n)
    if plain and energy.size:
        lowest, heaviest = float(energy.min()), max(values[k] for k, _ in amplitude)
        if not coherent and lowest <= heaviest:
            raise ValueError(
                f"energy is the total energy and must be above the mass {heaviest!r} of the incoming neutrino, found {lowest!r}"
            )
        if coherent and max(values) > LIGHT * lowest:
            raise ValueError(
                "a flavour amplitude is a coherent sum for massless kinematics: the masses must be below"
                f" {LIGHT} of the energy {lowest!r}, found {max(values)!r}; give a mass index"
            )
    if helicity is None:
        helicity = "plus" if antineutrino else "minus"
    return Beam(
        energy,
        values,
        amplitude,
        coherent,
        tuple(range(n)) if outgoing is None else (index("outgoing", outgoing, n),),
        bool(antineutrino),
        checks.choice("nature", nature, NATURES) == "majorana",
        HELICITIES[checks.choice("helicity", helicity, tuple(HELICITIES))],
    )


def _incoming(incoming: Any, n: int) -> tuple[tuple[tuple[int, complex], ...], bool]:
    array = checks.plain_array("incoming", incoming)
    if array.ndim == 0:
        return ((index("incoming", incoming, n), 1.0),), False
    if array.dtype.kind not in "iufc" or array.shape != (n,):
        raise ValueError(
            f"incoming must be a mass index from 0 to {n - 1} or a flavour amplitude of shape ({n},) to match masses,"
            f" found {checks.shown(incoming)}"
        )
    values = array.astype(complex)
    if not np.isfinite(values).all():
        raise ValueError("incoming must be finite, found NaN or infinity")
    return tuple((k, complex(a)) for k, a in enumerate(values)), True


def index(label: str, value: Any, n: int) -> int:
    """Return the index of a mass state."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or not 0 <= value < n:
        raise ValueError(f"{label} must be a mass index from 0 to {n - 1}, found {checks.shown(value)}")
    return int(value)


def energies(label: str, value: Any) -> Any:
    """Return energies [eV] as float64; arrays of other libraries are taken as they are."""
    if hasattr(value, "__array_namespace__") and not isinstance(value, (np.ndarray, np.generic)):
        return value
    array = checks.plain_array(label, value, "eV")
    if array.dtype.kind not in "iuf" and array.size:
        raise TypeError(f"{label} must hold real numbers, found {checks.shown(value)}")
    with np.errstate(all="ignore"):
        result = array.astype(np.float64)
    if not np.isfinite(result).all():
        raise ValueError(f"{label} must be finite, found NaN or infinity")
    return result


def positive(label: str, value: Any) -> float:
    """Return a positive energy or mass [eV]."""
    number = checks.real_number(label, value, "eV")
    if number <= 0:
        raise ValueError(f"{label} must be positive, found {number!r}")
    return number


def _count(label: str, value: Any) -> int:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or value < 0:
        raise ValueError(f"{label} must be a whole number of nucleons, found {checks.shown(value)}")
    return int(value)


def _form_factors(given: Any) -> tuple[Any, Any]:
    """Return the form factors of protons and neutrons: one for both, or a mapping."""
    if isinstance(given, Mapping):
        if set(given) != set(NUCLEONS):
            raise ValueError(
                f"form_factor must have the keys {' and '.join(NUCLEONS)}, found {checks.shown(list(given))}"
            )
        first, second = (energies(f"form_factor[{name!r}]", given[name]) for name in NUCLEONS)
        return first, second
    both = energies("form_factor", given)
    return both, both
