"""Pinned values of everything generated, at points whose every number follows from a name.

``python -m tests.renp_generated.pins`` compares the committed ``pins.json`` with what the generated package and the
derivations give now, and exits with 1 when a value changed, is missing or is an orphan. ``--update`` writes the file; it
is the only thing that does. Values have 30 digits. One that looks like zero is evaluated once more with 60 digits and
is pinned as ``"0"`` only if it keeps vanishing.

Pinned are the spectral functions of every interaction alone and of all together (M1 and E1, Dirac and Majorana, and the
variants that an argument switches on), and every structure function of the Gram matrix; the cross sections of scattering on
electrons and nuclei for each helicity, widths of neutrinos and plasmons, lines of bosons, and every structure function of the other
probes. Files whose text changed while
all values stayed are listed as such: the text of generated code is not physics.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import mpmath

import renp_generated
from renp_generated import probes
from tests.tolerances import tolerance

FILE = Path(__file__).with_name("pins.json")
DIGITS, MORE_DIGITS, GUARD = 30, 60, 15
NATURES, STEPS = ("dirac", "majorana"), ("M1", "E1")
EVERYTHING = "everything"

SIZES = {
    "g_A": 1e-11, "g_V": 1e-5, "g_L": 3e-12, "g_R": 3e-12, "y_P": 1e-6, "y_S": 1e-11, "y_S_nu": 3e-11, "y_P_nu": 3e-11,
    "mu": 2e-10, "eps": 2e-10, "r2": 1e-25, "anapole": 2e-26, "c_T": 1e-11, "d_T": 1e-12,
}  # fmt: skip
"""Couplings that make each interaction comparable with the weak one, so that no interference hides below 30 digits."""
DIPOLE_SIZES = dict.fromkeys(("g_V", "mu", "eps", "r2", "anapole"), 1e-6)
"""What an E1 pair step leaves of them: a dipole of a Bohr radius replaces a recoil of ``q / 2 m_e``."""


PROBE_SIZES = {
    "g_A": 1e-11, "g_V": 1e-11, "y_P": 1e-11, "y_S": 1e-11, "c_T": 1e-11, "g_L": 1e-12, "g_R": 1e-12, "y_S_nu": 1e-12,
    "y_P_nu": 1e-12, "d_T": 1e-12, "mu": 1e-16, "eps": 1e-16, "r2": 1e-32, "anapole": 1e-33,
}  # fmt: skip
"""The same for scattering at energies of a few eV."""
HELICITIES = ("minus", "plus", "average")


def draw(name: str, what: str, low: float, high: float) -> float:
    """Return a number between ``low`` and ``high`` that follows from the two names alone."""
    bits = int(hashlib.sha256(f"{name}/{what}".encode()).hexdigest()[:13], 16)
    return low + (high - low) * (bits / 2**52)


def hermitian(name: str, what: str, n: int, size: float) -> list[list[complex]]:
    """Return a Hermitian matrix with entries of order ``size``."""
    matrix = [
        [complex(size * draw(name, f"{what}{i}{i}", -1, 1)) if i == j else 0j for j in range(n)] for i in range(n)
    ]
    for i in range(n):
        for j in range(i):
            entry = size * complex(draw(name, f"{what}{i}{j} re", -1, 1), draw(name, f"{what}{i}{j} im", -1, 1))
            matrix[i][j], matrix[j][i] = entry, entry.conjugate()
    return matrix


def spectral_names() -> Iterator[str]:
    """Yield ``<interaction>/<step>/<nature>[/<argument>=<choice>]`` for all interactions of the generated package."""
    every = [group.name for group in renp_generated.GROUPS]
    for chosen in (*every, EVERYTHING):
        for step in STEPS:
            for nature in NATURES:
                yield f"{chosen}/{step}/{nature}"
    for group in renp_generated.GROUPS:
        for argument in group.arguments:
            for choice in argument.choices[1:]:
                yield f"{group.name}/M1/dirac/{argument.name}={choice}"
                yield f"{EVERYTHING}/M1/majorana/{argument.name}={choice}"
    yield from (f"{EVERYTHING}/{step}/majorana/width" for step in STEPS)
    yield from (f"{EVERYTHING}/{step}/dirac/levels" for step in STEPS)
    yield from (
        f"{EVERYTHING}/{step}/{nature}/{way}" for step in STEPS for nature in NATURES for way in ("moved", "turned")
    )
    yield from (f"{chosen}/M1/dirac/of-the-call-m1" for chosen in ("standard_model", EVERYTHING))
    yield "electromagnetic/M1/majorana/one-magnetic-moment"


def spectral_arguments(name: str) -> tuple[float, dict[str, Any]]:
    """Return the photon energy and the arguments of ``spectral_function`` for one name."""
    chosen, step, nature, *variant = name.split("/")
    word = variant[0] if variant else ""
    n = 1 if word == "one-magnetic-moment" else 3
    E_eg = draw(name, "E_eg", 2.0, 2.3)
    levels = 2 if word == "levels" else 1
    masses = sorted(draw(name, f"mass {k}", 0.01, 0.25) for k in range(n))
    arguments: dict[str, Any] = {
        "E_eg": E_eg,
        "E_vg": [E_eg + draw(name, f"level {k}", 0.05, 0.1) + k for k in range(levels)],
        "intermediate_amplitudes": [draw(name, f"amplitude {k}", 0.5, 1) * (-1) ** k for k in range(levels)],
        "masses": masses,
        "axial": [[0j] * n for _ in range(n)],
        "nature": nature,
        "pair_step": step,
        "dipole_length": draw(name, "dipole", 0.5, 3),
        "atomic_tensor": _tensor(name),
    }
    if word == "of-the-call-m1":
        arguments["m1"] = "full"
    if word in ("moved", "turned"):
        span = (0.05, 0.4) if word == "moved" else (-1.4, -1.0)
        arguments["imprinted_momentum"] = draw(name, "imprinted momentum", *span)
    for group in renp_generated.GROUPS:
        if chosen not in (group.name, EVERYTHING):
            continue
        entries = {argument.name: _entry(name, word, group.name, argument, n) for argument in group.arguments}
        if word == "one-magnetic-moment":
            entries = {"mu": entries["mu"]}
        if group.keyword:
            arguments[group.keyword] = entries
        else:
            arguments.update(entries)
    return draw(name, "omega", 0.3, 0.9), arguments


def _entry(name: str, word: str, group: str, argument: Any, n: int) -> Any:
    what = f"{group}.{argument.name}"
    if argument.choices:
        if argument.default is None and word == "of-the-call-m1":
            return None
        key, _, choice = word.partition("=")
        return choice if key == argument.name and choice in argument.choices else argument.choices[0]
    size = SIZES.get(argument.name, 0.5)
    if "/E1/" in name:
        size *= DIPOLE_SIZES.get(argument.name, 1.0)
    if argument.kind == "matrix":
        return hermitian(name, what, n, size)
    if argument.name == "mass":
        return draw(name, what, 1.5, 2.5)
    if argument.name == "width":
        return draw(name, what, 0.3, 0.9) if word == "width" else 0.0
    return draw(name, what, 0.5, 1.5) * size


def _tensor(name: str) -> list[list[complex]]:
    """Return a Hermitian, positive ``T_kl`` of unit trace with weight on all three structure functions."""
    along = draw(name, "T_zz", 0.2, 0.4)
    x = draw(name, "T_xx", 0.2, 0.4)
    circular = 1j * draw(name, "T_xy", 0.05, 0.15)
    return [[x, circular, 0], [-circular, 1 - along - x, 0], [0, 0, along]]


def spectral_value(name: str, digits: int) -> Any:
    """Return one pinned spectral function with ``digits`` digits, through the generated package's exact evaluator."""
    omega, arguments = spectral_arguments(name)
    with mpmath.workdps(digits + GUARD):
        return renp_generated.spectral_function_exact(omega, number=mpmath.mpf, root=mpmath.sqrt, **arguments)


def structure_functions() -> Mapping[str, Callable[[int], Any]]:
    """Return every structure function of both Gram matrices as ``{name: value with so many digits}``."""
    from derivations.processes.renp.amplitude import amplitude
    from derivations.processes.renp.spectrum import gram_matrix
    from renp.generate import shipped

    found = {}
    for step in STEPS:
        rows = amplitude(shipped(), step).rows
        for entry in gram_matrix(rows):
            name = f"gram/{step}/{rows[entry.n].name}/{rows[entry.m].name}/{entry.part}"
            found[name] = _structure_function(name, entry.closed_form)
    return found


def _structure_function(name: str, closed: Any) -> Callable[[int], Any]:
    def value(digits: int) -> Any:
        E_eg, w, m_i, m_j = (
            Fraction(draw(name, what, *span)).limit_denominator(10**6)
            for what, span in (("E_eg", (2.0, 2.3)), ("w", (0.3, 0.8)), ("m_i", (0.01, 0.3)), ("m_j", (0.01, 0.3)))
        )
        s = E_eg * (E_eg - 2 * w)
        point = (s - (m_i + m_j) ** 2, m_i * m_j, (m_i - m_j) ** 2, w, E_eg - w, m_i - m_j, m_i + m_j)
        with mpmath.workdps(digits + GUARD):
            numbers = [mpmath.mpf(x.numerator) / x.denominator for x in point]
            total = mpmath.mpc(0)
            for monomial, c in closed.numerator.items():
                real, imaginary = (mpmath.mpf(int(x.numerator)) / int(x.denominator) for x in (c.x, c.y))
                factor = mpmath.fprod(x**power for x, power in zip(numbers, monomial, strict=True))
                total += mpmath.mpc(real, imaginary) * factor
            return total / (mpmath.mpf(s.numerator) / s.denominator) ** closed.power

    return value


def scattering_names() -> Iterator[str]:
    """Yield ``<process>/<interaction>/<nature>/<helicity>`` for all interactions that act in each process."""
    for tables in (probes.FUNCTIONS.electron, probes.FUNCTIONS.nucleus):
        acting = {term.group for term in tables.terms}
        for chosen in (*(group.name for group in renp_generated.GROUPS if group.name in acting), EVERYTHING):
            for nature, helicity in product(NATURES, HELICITIES):
                yield f"{tables.name}/{chosen}/{nature}/{helicity}"


def scattering_value(name: str, digits: int) -> Any:
    """Return one pinned cross section over ``G_F^2 E``; the incoming neutrino is the second of three with masses, or a flavour."""
    process, chosen, nature, helicity = name.split("/")
    tables = probes.FUNCTIONS.electron if process == "electron_scattering" else probes.FUNCTIONS.nucleus
    acting = {term.group for term in tables.terms}
    energy, target = draw(name, "energy", 2, 4), draw(name, "target", 1, 3)
    flavour = nature == "majorana" and helicity == "average"
    arguments: dict[str, Any] = {
        "energy": energy, "nature": nature, "helicity": helicity, "antineutrino": nature == "dirac" and helicity == "plus",
        "masses": [0.0] * 3 if flavour else [0.1, draw(name, "mass", 0.2, 0.4), 0.5],
        "incoming": [complex(draw(name, f"a{k}", -1, 1), draw(name, f"b{k}", -1, 1)) for k in range(3)] if flavour else 1,
    }  # fmt: skip
    zero = [[0j] * 3 for _ in range(3)]
    if process == "electron_scattering":
        arguments |= {"target_mass": target, "axial": zero, "vector_weak": zero}
    else:
        weak = hermitian(name, "weak", 3, 1.0) if chosen in ("standard_model", EVERYTHING) else zero
        arguments |= {"nucleus_mass": target, "Z": 3, "N": 4, "form_factor": 0.75, "sin2_theta_w": 0.25, "weak": weak}
    for group in renp_generated.GROUPS:
        if group.name not in acting or chosen not in (group.name, EVERYTHING):
            continue
        entries = {a.name: _probe_entry(name, group.name, a) for a in group.arguments if a.name != "m1"}
        if group.keyword:
            arguments[group.keyword] = entries
            if process == "coherent_scattering" and "mass" in entries:
                arguments.setdefault("nuclear", {})[group.keyword] = 1e-11
        elif process == "electron_scattering":
            arguments |= entries
    T = draw(name, "T", 0.2, 0.8) * 2 * energy**2 / (target + 2 * energy)
    exact = getattr(probes, f"{process}_exact")
    with mpmath.workdps(digits + GUARD):
        found = exact(T, number=mpmath.mpf, root=mpmath.sqrt, pi=mpmath.pi, **arguments)
        return found * mpmath.mpf(probes.CONSTANTS["sqrt2_over_G_F"]) ** 2 / (2 * mpmath.mpf(energy))


def _probe_entry(name: str, group: str, argument: Any) -> Any:
    what = f"{group}.{argument.name}"
    if argument.choices:
        return argument.choices[-1]
    if argument.kind == "matrix":
        return hermitian(name, what, 3, PROBE_SIZES.get(argument.name, 0.5))
    if argument.kind in ("mass", "width"):
        return draw(name, what, 1.5, 2.5)
    return draw(name, what, 0.5, 1.5) * PROBE_SIZES[argument.name]


FORM_FACTORS = {"mu": 1e6, "eps": 1e6, "r2": 1e-9, "anapole": 1e-10}
"""Form factors that give widths of an eV."""
LINE_SIZES = {"y_S": 1e-24, "y_P": 1e-17, "g_V": 1e-22, "g_A": 1e-22}
"""Electron couplings that give lines of the order of one."""


def decay_values() -> Mapping[str, Callable[[int], Any]]:
    """Return widths of neutrinos and plasmons, each form factor alone and all together, and lines of bosons, in any arithmetic."""
    found: dict[str, Callable[[int], Any]] = {}
    for chosen, nature in product((*FORM_FACTORS, EVERYTHING), NATURES):
        name = f"plasmon_decay/{chosen}/{nature}"
        found[name] = lambda digits, name=name: plasmon_value(name, digits)
    for what, nature in product(("width", "asymmetry"), NATURES):
        name = f"radiative_decay/{what}/{nature}"
        found[name] = lambda digits, name=name: decay_value(name, digits)
    for boson, step, m1 in product(probes.FUNCTIONS.bosons, STEPS, ("spin", "full")):
        name = f"boson_line/{boson.group}/{step}/{m1}"
        found[name] = lambda digits, name=name: line_value(name, digits)
    return found


def _neutrinos(name: str, chosen: str, nature: str) -> dict[str, Any]:
    given = {key: hermitian(name, key, 3, size) for key, size in FORM_FACTORS.items() if chosen in (key, EVERYTHING)}
    return {"masses": [0.1, draw(name, "mass", 0.2, 0.4), 0.5], "electromagnetic": given, "nature": nature}


def plasmon_value(name: str, digits: int) -> Any:
    """Return the sum of one row of widths [eV]."""
    _, chosen, nature = name.split("/")
    energy, momentum = draw(name, "energy", 1.5, 2), draw(name, "momentum", 0, 1)
    with mpmath.workdps(digits + GUARD):
        how = {"number": mpmath.mpf, "root": mpmath.sqrt, "pi": mpmath.pi}
        return sum(probes.plasmon_decay_exact(energy, momentum, **how, **_neutrinos(name, chosen, nature))[1])


def decay_value(name: str, digits: int) -> Any:
    """Return the width [eV] or the asymmetry of the heaviest of three neutrinos into the next."""
    _, what, nature = name.split("/")
    with mpmath.workdps(digits + GUARD):
        given = _neutrinos(name, EVERYTHING, nature)
        found = probes.radiative_decay_exact(2, 1, number=mpmath.mpf, pi=mpmath.pi, **given)
        return found[0 if what == "width" else 1]


def line_value(name: str, digits: int) -> Any:
    """Return the strength of one line [eV] for light of no symmetry."""
    _, group, step, m1 = name.split("/")
    couplings = next(boson.couplings for boson in probes.FUNCTIONS.bosons if boson.group == group)
    arguments: dict[str, Any] = {c: draw(name, c, 0.5, 1.5) * LINE_SIZES[c] for c in couplings}
    arguments |= {"mass": draw(name, "mass", 0.3, 1.5), "E_eg": 2.0, "E_vg": 2.125, "pair_step": step, "m1": m1}
    with mpmath.workdps(digits + GUARD):
        found = probes.boson_line_exact(
            group, number=mpmath.mpf, pi=mpmath.pi, atomic_tensor=_tensor(name), dipole_length=1.5, **arguments
        )
        return found[1]


def probe_functions() -> Mapping[str, Callable[[int], Any]]:
    """Return every structure function of the generated probes, at rational numbers: exact."""
    found: dict[str, Callable[[int], Any]] = {}
    for name, function in vars(probes).items():
        if "_with_" not in name and not name.endswith("_edges"):
            continue
        places = list(inspect.signature(function).parameters)

        def value(digits: int, name: str = name, function: Any = function, places: list[str] = places) -> Any:
            numbers = [Fraction(draw(name, place, 0.5, 1.5)).limit_denominator(10**6) for place in places]
            exact = function(*numbers)
            with mpmath.workdps(digits + GUARD):
                return mpmath.mpf(exact.numerator) / exact.denominator

        found[f"probes/{name}"] = value
    return found


def pinned(value: Callable[[int], Any]) -> str:
    """Return a value as 30 digits; an apparent zero is ``"0"`` only if 60 digits leave nothing of it."""
    found = value(DIGITS)
    if abs(found) < tolerance("pins-apparent-zero"):
        more = value(MORE_DIGITS)
        if abs(more) < tolerance("pins-zero-again"):
            return "0"
        found = more
    return _text(found)


def _text(value: Any) -> str:
    if isinstance(value, mpmath.mpc):
        if not value.imag:
            return _text(value.real)
        if not value.real:
            return _text(value.imag) + "j"
        return f"{_text(value.real)} {_text(value.imag)}j"
    return str(mpmath.nstr(value, DIGITS))


def _number(text: str) -> Any:
    parts = [mpmath.mpc(0, part[:-1]) if part.endswith("j") else mpmath.mpc(part) for part in text.split()]
    return sum(parts, mpmath.mpc(0))


def current_values() -> dict[str, str]:
    """Return all values as they are now."""
    values = {name: pinned(lambda digits, name=name: spectral_value(name, digits)) for name in spectral_names()}
    values |= {name: pinned(lambda digits, name=name: scattering_value(name, digits)) for name in scattering_names()}
    further = (structure_functions(), decay_values(), probe_functions())
    values |= {name: pinned(value) for found in further for name, value in found.items()}
    return values


def current_texts() -> dict[str, str]:
    """Return a digest of each generated file without its leading comment, which names versions and steps."""
    directory = Path(renp_generated.__file__).parent
    digests = {}
    for path in sorted(directory.iterdir()):
        if path.suffix in (".py", ".c", ".h"):
            lines = path.read_text(encoding="utf-8").splitlines()
            start = next((k for k, line in enumerate(lines) if not line.startswith("#")), len(lines))
            digests[path.name] = hashlib.sha256("\n".join(lines[start:]).encode()).hexdigest()
    return digests


@dataclass(frozen=True)
class Report:
    """How the present values and texts differ from the pinned ones."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    orphans: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every value is pinned and unchanged; texts may differ."""
        return not (self.changed or self.missing or self.orphans)

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        out = [f"value changed: {line}" for line in self.changed]
        out += [f"no pin for {name}: run python -m tests.renp_generated.pins --update" for name in self.missing]
        out += [f"orphan pin {name}: nothing of that name is generated any more" for name in self.orphans]
        if self.texts and self.passed:
            out.append(f"text changed, values identical to {DIGITS} digits: {', '.join(self.texts)}")
        elif self.texts:
            out.append(f"text changed: {', '.join(self.texts)}")
        return out


def compare(pins: Mapping[str, Any], values: Mapping[str, str], texts: Mapping[str, str]) -> Report:
    """Compare present values and texts with pinned ones."""
    old = pins["values"]
    changed = []
    with mpmath.workdps(DIGITS + GUARD):
        for name in sorted(old.keys() & values.keys()):
            was, now = _number(old[name]), _number(values[name])
            if abs(now - was) > tolerance("pins-30-digits") * abs(was):
                changed.append(f"{name}: pinned {old[name]}, found {values[name]}")
    moved = [name for name in sorted(pins["texts"].keys() | texts.keys()) if pins["texts"].get(name) != texts.get(name)]
    return Report(
        tuple(changed),
        tuple(sorted(values.keys() - old.keys())),
        tuple(sorted(old.keys() - values.keys())),
        tuple(moved),
    )


def read() -> dict[str, Any]:
    """Return the committed pins."""
    pins: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return pins


def write(values: Mapping[str, str], texts: Mapping[str, str]) -> None:
    """Write the pins through a temporary file."""
    temporary = FILE.with_suffix(".tmp")
    temporary.write_text(json.dumps({"texts": texts, "values": values}, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, FILE)


def main(arguments: Sequence[str]) -> int:
    """Compare (no arguments) or write (``--update``); return the exit code."""
    if list(arguments) not in ([], ["--update"]):
        print("usage: python -m tests.renp_generated.pins [--update]", file=sys.stderr)
        return 2
    values, texts = current_values(), current_texts()
    if arguments:
        write(values, texts)
        print(f"{len(values)} pins written")
        return 0
    report = compare(read(), values, texts)
    print("\n".join(report.lines()) or f"{len(values)} values identical to {DIGITS} digits, no text changed")
    return 0 if report.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
