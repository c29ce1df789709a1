"""Verification of the evaluators of a model, by default the generated ones, on three routes.

1. The evaluator (double precision).
2. The un-integrated spin sums of ``derivations.neutrino.spin_sums``, integrated over E_nu by mpmath at 30 digits.
3. The literature formula of D13/S16/GP22 for the Standard Model, typed as printed and evaluated at 30 digits.

A model that is named goes a fourth way as well: spin sums over explicit spinors, see :meth:`renp.model.Model.verify`. Scattering on
electrons and nuclei, decays and lines of bosons, of the generated package and of models, go against explicit spinors:
:mod:`renp.verification.scattering` and :mod:`renp.verification.decays`.

Every interaction, every pair of interactions and all together; Dirac and Majorana; 1, 3 and 5 neutrinos; averaged,
linear, circular and general atomic tensors; random points, points near threshold, and points above every threshold.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from codegen.call import hermitian_names
from derivations.interactions.model import WEAK
from renp.testing.arguments import E_EG, E_VG, random_arguments, random_energies, seeded
from renp.verification.decays import bosons, largest_decay_error, largest_line_error, photon_interactions
from renp.verification.scattering import TOLERANCE, largest_error, scattering_interactions

if TYPE_CHECKING:
    from derivations.interactions.model import ContactTerm, CouplingTerm, Interaction
    from derivations.neutrino.rows import Amplitude, AmplitudeTerm
    from renp.model import Model
    from renp_generated.runtime.arguments import Inputs
    from renp_generated.runtime.functions import SpectralFunctions

DIGITS = 30
TOLERANCES = {
    "integration": (
        1e-13,
        "double rounding of a few dozen positive terms; interferences add where they cancel physically",
    ),
    "literature": (1e-13, "double rounding; both sides are the same function of the same floats"),
    "near threshold": (1e-13, "the threshold variable loses nothing"),
    "closed": (0.0, "above every threshold the answer is exactly zero"),
    "scattering": (
        TOLERANCE,
        "a few hundred products of explicit spinors in doubles, relative to what they lose by cancellation",
    ),
    "decay": (1e-12, "a few hundred products of explicit spinors in doubles, over the largest width of a matrix"),
    "boson": (1e-12, "a spectral function at its peak, where s - M^2 is 0, times a width from explicit spinors"),
}
"""Largest accepted relative error of each kind of check, with its reason."""

_NATURES = ("dirac", "majorana")
_NEUTRINOS = (1, 3, 5)


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    name: str
    kind: str
    points: int
    max_relative_error: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether the largest relative error is within the tolerance (NaN is not)."""
        return bool(self.max_relative_error <= self.tolerance)


@dataclass(frozen=True)
class Report:
    """All checks of one run."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data: ``{"passed", "checks": [{"name", "kind", ...}]}``."""
        return {
            "passed": self.passed,
            "checks": [
                {
                    "name": check.name,
                    "kind": check.kind,
                    "points": check.points,
                    "max_relative_error": check.max_relative_error,
                    "passed": check.passed,
                }
                for check in self.checks
            ],
        }


@dataclass(frozen=True)
class _Subject:
    """What is verified: the interactions that say what is right, and the functions that must agree with them."""

    interactions: tuple[Interaction, ...]
    committed: bool
    model: Model

    @property
    def functions(self) -> SpectralFunctions:
        return self.model.functions

    def arguments(self, *choice: Any) -> dict[str, Any]:
        return random_arguments(*choice, functions=self.functions)

    def found(self, omega: Any, arguments: Mapping[str, Any]) -> Any:
        """Return the spectrum; of the committed package from the function that users call."""
        import renp_generated

        source = renp_generated if self.committed else self.functions
        return source.spectral_function(omega, **arguments)


@dataclass(frozen=True)
class _Plan:
    name: str
    kind: str
    run: Callable[[], Check]


def verify(
    points: int = 2,
    progress: Callable[[int, int, str], None] | None = None,
    *,
    only: str | None = None,
    model: Model | None = None,
) -> Report:
    """Run every check with ``points`` random points per combination and return the report.

    Parameters
    ----------
    points : random points per combination, from 1 to 1000.
    progress : called with (done, total, name) before each check.
    only : run the checks alone whose name or kind contains this text, for example ``"literature"`` or ``"scalar"``.
    model : whose evaluators are checked; those of the generated package by default.

    Raises
    ------
    ValueError : too few or too many points, or no check contains the text.

    Example
    -------
    >>> verify(points=1, only="printed standard_model dirac n=3").passed
    True
    """
    from renp.model import shipped_model
    from renp_generated.runtime.verify import MOST_POINTS

    if not 1 <= points <= MOST_POINTS:
        raise ValueError(f"points must be from 1 to {MOST_POINTS}, found {points}")

    def wanted(check: _Plan) -> bool:
        return only is None or only in check.name or only in check.kind

    chosen = shipped_model() if model is None else model
    subject = _Subject(chosen.interactions, committed=model is None, model=chosen)
    plans = [plan for plan in _plans(subject, points) if wanted(plan)]
    if model is not None:
        plans += [plan for plan in _spinor_plans(model, points) if wanted(plan)]
    if not plans:
        kinds = ", ".join(TOLERANCES)
        raise ValueError(f"only: no check contains {only!r}; kinds are {kinds}, names hold interactions and natures")
    checks = []
    for done, plan in enumerate(plans):
        if progress is not None:
            progress(done, len(plans), plan.name)
        checks.append(plan.run())
    return Report(tuple(checks))


def _spinor_plans(model: Model, points: int) -> Iterator[_Plan]:
    from renp.model import vertex_tables_of
    from renp_generated.runtime import verify as runtime

    for plan in runtime.plans(model.functions, vertex_tables_of(model.interactions), points):

        def run(plan: runtime.Plan = plan) -> Check:
            return Check(plan.name, plan.kind, points, plan.run(), runtime.TOLERANCES[plan.kind])

        yield _Plan(plan.name, plan.kind, run)


def _plans(subject: _Subject, points: int) -> Iterator[_Plan]:
    names = tuple(interaction.name for interaction in subject.interactions)
    for nature, n in itertools.product(_NATURES, _NEUTRINOS):
        for where in ("random", "near threshold"):
            name = f"printed {WEAK} {nature} n={n}, {where}"
            yield _plan(name, "literature", _literature, subject, nature, n, where, points)
    sets: list[tuple[str, ...]] = [(name,) for name in names]
    sets += list(itertools.combinations(names, 2))
    sets.append(names)
    exact_tensors = itertools.cycle(("linear", "circular", "general"))
    counts = itertools.cycle((3, 1, 5, 3, 5, 1, 3))
    # Of one or two interactions all together are one of these sets already.
    for chosen in dict.fromkeys(sets):
        label = "everything" if chosen == names and len(names) > 2 else " + ".join(chosen)
        exact = next(exact_tensors)
        for nature, tensor in itertools.product(_NATURES, ("averaged", exact)):
            n = next(counts)
            name = f"{label} {nature} n={n} {tensor}"
            yield _plan(
                name, "integration", _integration, subject, chosen, nature, n, tensor, "random", points, "M1", name
            )
    near = ("averaged", "near threshold", points, "M1")
    for alone, nature in itertools.product(names, _NATURES):
        name = f"{alone} {nature} n=3 averaged at threshold"
        yield _plan(name, "near threshold", _integration, subject, (alone,), nature, 3, *near, name)
    for nature, tensor in itertools.product(_NATURES, ("averaged", "circular")):
        name = f"everything {nature} n=3 {tensor}"
        for title, kind, where, step in (
            (f"{name} at threshold", "near threshold", "near threshold", "M1"),
            (f"{name} E1", "integration", "random", "E1"),
        ):
            yield _plan(title, kind, _integration, subject, names, nature, 3, tensor, where, points, step, title)
    for nature in _NATURES:
        yield _plan(f"everything {nature} above every threshold", "closed", _closed, subject, names, nature, points)
    for process, acting in scattering_interactions(subject.model).items():
        for chosen, nature in itertools.product(dict.fromkeys([*((name,) for name in acting), acting]), _NATURES):
            label = chosen[0] if len(chosen) == 1 else "everything"
            name = f"{process} {label} {nature} n=3"
            yield _plan(name, "scattering", largest_error, subject.model, process, chosen, nature, name, points)
    for nature in _NATURES:
        if photon_interactions(subject.model):
            name = f"radiative_decay and plasmon_decay {nature} n=3"
            yield _plan(name, "decay", largest_decay_error, subject.model, name, nature, points)
        for group, step in itertools.product(bosons(subject.model), ("M1", "E1")):
            name = f"boson_line {group} {step} against pairs, {nature} n=2"
            yield _plan(name, "boson", largest_line_error, subject.model, group, step, nature, name, points)


def _plan(name: str, kind: str, function: Callable[..., float], *arguments: Any) -> _Plan:
    points = next(value for value in reversed(arguments) if isinstance(value, int))
    return _Plan(name, kind, lambda: Check(name, kind, points, function(*arguments), TOLERANCES[kind][0]))


def _literature(subject: _Subject, nature: str, n: int, where: str, points: int) -> float:
    """Return the largest relative error of the evaluator against the printed formula at 30 digits."""
    import mpmath
    import sympy

    from derivations.ledger.printed.d13 import I_DIRAC
    from derivations.symbols import DELTA, M_I, M_J, OMEGA
    from derivations.symbols import E_EG as E_EG_SYMBOL
    from derivations.symbols import S as S_SYMBOL

    printed = sympy.lambdify((E_EG_SYMBOL, OMEGA, M_I, M_J, S_SYMBOL, DELTA), I_DIRAC, "mpmath")
    name = f"literature {nature} {n} {where}"
    arguments = subject.arguments(name, (WEAK,), nature, n, "averaged", "M1")
    arguments.pop("vector_weak")
    worst = 0.0
    for omega in random_energies(seeded(name), arguments["masses"], where, points):
        with mpmath.workdps(2 * DIGITS):
            w, energy, level = (mpmath.mpf(float(x)) for x in (omega, E_EG, E_VG))
            s = energy * (energy - 2 * w)
            total = mpmath.mpf(0)
            for i, j in itertools.product(range(n), repeat=2):
                m_i, m_j = (mpmath.mpf(float(arguments["masses"][k])) for k in (i, j))
                if s <= (m_i + m_j) ** 2:
                    continue
                delta = mpmath.sqrt((s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2)) / s
                a = mpmath.mpc(complex(arguments["axial"][i, j]))
                term = abs(a) ** 2 * printed(energy, w, m_i, m_j, s, delta)
                if nature == "majorana":
                    term -= m_i * m_j * (a**2).real
                total += delta * term
            expected = total / (level - w) ** 2
            found = subject.found(float(omega), arguments)
            worst = max(worst, _relative(found, expected))
    return worst


def _relative(found: float, expected: Any) -> float:
    if not np.isfinite(found) or found < 0:
        return float("inf")
    return float(abs(found - expected) / abs(expected)) if expected else float(found != 0)


def _closed(subject: _Subject, names: Sequence[str], nature: str, points: int) -> float:
    """Return zero when the evaluator vanishes exactly above every threshold, infinity otherwise."""
    arguments = subject.arguments(f"closed {nature}", names, nature, 3, "circular", "M1")
    masses = np.maximum(arguments["masses"], 0.01)
    arguments["masses"] = masses
    highest = E_EG / 2 - (2 * masses.min()) ** 2 / (2 * E_EG)
    omega = np.linspace(highest * (1 + 1e-15), E_EG / 2 * (1 - 1e-15), 10 * points)
    return 0.0 if not subject.found(omega, arguments).any() else float("inf")


def _integration(
    subject: _Subject,
    chosen: Sequence[str],
    nature: str,
    n: int,
    tensor: str,
    where: str,
    points: int,
    pair_step: str,
    name: str,
) -> float:
    """Return the largest relative error of the evaluator against the integrated spin sums."""
    arguments = subject.arguments(name, chosen, nature, n, tensor, pair_step)
    worst = 0.0
    for omega in random_energies(seeded(name + " energies"), arguments["masses"], where, points):
        expected = _integrated(subject.interactions, float(omega), subject.functions.checked_inputs(**arguments))
        found = float(subject.found(float(omega), arguments))
        worst = max(worst, _relative(found, expected))
    return worst


@lru_cache(maxsize=8)
def _spin_sums(
    interactions: tuple[Interaction, ...], pair_step: str
) -> tuple[Amplitude, Mapping[tuple[int, int, str], Any]]:
    """Return the amplitude of the interactions and its un-integrated, azimuthally averaged traces."""
    from derivations.neutrino.spin_sums import PARTS, dressed, structure_functions
    from derivations.processes.renp.amplitude import amplitude

    full = amplitude(interactions, pair_step)
    prepared = [dressed(row) for row in full.rows]
    traces = {}
    for n, m in itertools.product(range(len(prepared)), repeat=2):
        for part, polynomial in zip(PARTS, structure_functions(prepared[n], prepared[m]), strict=True):
            if polynomial:
                traces[n, m, part] = [
                    (monomial, complex(_float(c.x), _float(c.y))) for monomial, c in polynomial.items()
                ]
    return full, traces


def _float(rational: Any) -> float:
    # The rational of whichever number library SymPy found installed.
    return int(rational.numerator) / int(rational.denominator)


def integrated_spin_sums(omega: float, arguments: Mapping[str, Any], *, model: Model | None = None) -> Any:
    """Return I(omega) at 30 digits: un-integrated |A|^2 from explicit traces, integrated over E_nu by quadrature.

    The variable x from -1 to 1 stands for ``E_nu = Ebar + q_z Delta x / 2``: nothing is divided by ``q_z``, which may be 0.
    Shares the amplitude and the traces with the derivation; no closed form, no threshold variable, no folded weights.

    Parameters
    ----------
    omega : photon energy [eV].
    arguments : those of ``model.spectral_function``.
    model : whose interactions; the shipped ones by default.

    Example
    -------
    >>> atom = {"E_eg": 2.0, "E_vg": 2.5, "masses": [0.1], "axial": [[0.5]]}
    >>> from renp_generated import spectral_function
    >>> bool(abs(spectral_function(0.8, **atom) / integrated_spin_sums(0.8, atom) - 1) < 1e-14)
    True
    """
    from renp.model import shipped_model

    chosen = shipped_model() if model is None else model
    return _integrated(chosen.interactions, omega, chosen.functions.checked_inputs(**arguments))


def _integrated(interactions: tuple[Interaction, ...], omega: float, inputs: Inputs) -> Any:
    import mpmath

    full, traces = _spin_sums(interactions, inputs.pair_step)
    with mpmath.workdps(DIGITS + 15):
        w, energy, K = (mpmath.mpf(x) for x in (omega, inputs.E_eg, inputs.imprinted_momentum))
        q0, qz, s = energy - w, w + K, (energy + K) * (energy - K - 2 * w)
        total = mpmath.mpf(0)
        coefficients = _coefficients(interactions, full, inputs, s, q0, qz)
        for i, j in itertools.product(range(len(inputs.masses)), repeat=2):
            m_i, m_j = mpmath.mpf(inputs.masses[i]), mpmath.mpf(inputs.masses[j])
            kaellen = (s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2)
            if s <= (m_i + m_j) ** 2:
                continue
            integrand = _integrand(traces, inputs, [c[i, j] for c in coefficients], m_i, m_j, s, q0, qz)
            half = mpmath.sqrt(kaellen) / (2 * s)
            total += mpmath.quad(integrand, [-1, 1], method="gauss-legendre") * half
        amplitude = sum(
            (mpmath.mpf(c) / (mpmath.mpf(level) - w) for c, level in zip(inputs.amplitudes, inputs.E_vg, strict=True)),
            mpmath.mpf(0),
        ) + sum((mpmath.mpf(c) / (mpmath.mpf(level) - q0) for level, c in inputs.crossed), mpmath.mpf(0))
        return total * amplitude**2 / (16 if inputs.majorana else 8)


def _coefficients(
    interactions: Sequence[Interaction], full: Amplitude, inputs: Inputs, s: Any, q0: Any, qz: Any
) -> list[Any]:
    """Return the coefficient matrix of each row, in units of G_F / sqrt2, Majorana-symmetrised."""
    import mpmath

    from codegen.constants import physical_constants
    from derivations.interactions.model import UNITS
    from derivations.processes.renp.kernel import coupling_units

    numbers = {constant.name: mpmath.mpf(float(constant.value)) for constant in physical_constants()}
    contact = {
        "G_F/sqrt(2)": mpmath.mpf(1),
        "2 G_F/sqrt(2)": mpmath.mpf(2),
        "G_F": numbers["sqrt2"],
        "1": numbers["sqrt2_over_G_F"],
    }
    in_eV = {"mu_B": numbers["mu_B"], "cm": 1 / numbers["hbar_c"], "cm^2": numbers["hbar_c"] ** -2}
    in_eV |= {unit: mpmath.mpf(1) for unit in UNITS if unit == "1" or unit.startswith("eV")}
    units = coupling_units(interactions)
    matrices = {key: matrix for i in interactions for key, matrix in _matrices(i, inputs).items()}
    n = len(inputs.masses)
    masses = [mpmath.mpf(mass) for mass in inputs.masses]
    result = [mpmath.matrix(n, n) for _ in full.rows]
    for term in full.terms:
        entries = inputs.groups.get(term.interaction)
        matrix = matrices.get((term.interaction, term.neutrino))
        if entries is None or matrix is None:
            continue
        c = term.coefficient
        number = mpmath.mpc(
            mpmath.mpf(c.real.numerator) / c.real.denominator, mpmath.mpf(c.imag.numerator) / c.imag.denominator
        )
        number *= qz**c.qz * q0**c.q0 * s**c.s * numbers["m_e"] ** -c.m_e
        number *= in_eV[units[term.interaction, term.neutrino]]
        if term.electron is not None:
            number *= mpmath.mpf(entries[term.electron]) * in_eV[units[term.interaction, term.electron]]
        if c.propagator == "contact":
            number *= contact[c.constant]
        else:
            number *= numbers["sqrt2_over_G_F"] * _propagator(inputs, term, s)
            number *= 1 if c.constant == "1" else numbers[c.constant]
        if inputs.pair_step == "E1":
            number *= numbers["bohr_radius"] * mpmath.mpf(inputs.dipole_length)
        if term.orbital and (entries.get("m1") or inputs.m1) == "full":
            number /= 2
        for i, j in itertools.product(range(n), repeat=2):
            odd = (masses[i] - masses[j]) ** c.d * (masses[i] + masses[j]) ** c.M
            result[term.row][i, j] += number * odd * matrix[i, j]
    if inputs.majorana:
        result = [matrix + row.eta * matrix.T for matrix, row in zip(result, full.rows, strict=True)]
    return result


def _matrices(interaction: Interaction, inputs: Inputs) -> dict[tuple[str, str], Any]:
    """Return the Hermitian matrices of an interaction by group and name; those of any matrix f are f + f^+ and i (f - f^+)."""
    import mpmath

    entries = inputs.groups.get(interaction.name, {})
    terms: tuple[CouplingTerm | ContactTerm, ...] = (*interaction.neutrino, *interaction.terms)
    result: dict[tuple[str, str], Any] = {}
    for term in terms:
        if (given := entries.get(term.coupling)) is not None:
            matrix = mpmath.matrix(given.tolist())
            made = (matrix + matrix.H, mpmath.mpc(0, 1) * (matrix - matrix.H)) if term.conjugate else (matrix,)
            names = hermitian_names(term.coupling) if term.conjugate else (term.coupling,)
            result |= {(interaction.name, name): one for name, one in zip(names, made, strict=True)}
    return result


def _propagator(inputs: Inputs, term: AmplitudeTerm, s: Any) -> Any:
    import mpmath

    kind = term.coefficient.propagator
    if kind == "photon":
        return 1 / s
    if kind == "longitudinal" and inputs.groups[term.interaction]["propagator"] != "unitary":
        return mpmath.mpf(0)
    mass, width = map(mpmath.mpf, inputs.mediators[term.interaction])
    value = 1 / mpmath.mpc(s - mass**2, mass * width)
    return value / mass**2 if kind == "longitudinal" else value


def _integrand(
    traces: Mapping[tuple[int, int, str], Any],
    inputs: Inputs,
    c: Sequence[Any],
    m_i: Any,
    m_j: Any,
    s: Any,
    q0: Any,
    qz: Any,
) -> Callable[[Any], Any]:
    """Return the contracted spin sum of one ordered pair as a function of ``x = 2 (E_nu - Ebar) / q_z Delta``."""
    import mpmath

    from renp_generated.runtime.arguments import AVERAGED

    averaged = inputs.tensor == AVERAGED
    along, across, twice_imaginary = (
        (mpmath.mpf(1) / 3, mpmath.mpf(2) / 3, mpmath.mpf(0)) if averaged else map(mpmath.mpf, inputs.tensor)
    )
    parts = {"along": along, "across": across, "circular": mpmath.mpc(0, twice_imaginary)}
    collected: dict[tuple[int, int, int], Any] = {}
    for (n, m, part), polynomial in traces.items():
        weight = c[n] * mpmath.conj(c[m]) * parts[part]
        if not weight:
            continue
        for (e, x, _, z, power_q0, power_qz, power_M, power_d), number in polynomial:
            value = (
                weight
                * mpmath.mpc(number)
                * q0**power_q0
                * qz**power_qz
                * (m_i + m_j) ** power_M
                * (m_i - m_j) ** power_d
            )
            collected[e, x, z] = collected.get((e, x, z), mpmath.mpf(0)) + value

    share = (s + m_i**2 - m_j**2) / (2 * s)
    half = mpmath.sqrt((s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2)) / (2 * s)

    def integrand(x: Any) -> Any:
        E, along_q = q0 * share + qz * half * x, qz * share + q0 * half * x
        transverse = (E**2 - m_i**2 - along_q**2) / 2
        return sum(
            (value * E**e * (transverse if across else 1) * along_q**z for (e, across, z), value in collected.items()),
            mpmath.mpf(0),
        ).real

    return integrand
