"""Generation of evaluators: interactions in, package, C files or LaTeX out, and the byte-for-byte check."""

from __future__ import annotations

import keyword
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.texts import VERSION_LINE, first_words, header
from renp.output.files import check_output_paths, write_files
from renp.output.trees import write_tree
from renp.packages import PACKAGES, SIGNED

if TYPE_CHECKING:
    from codegen.formulas.formula import Formula
    from codegen.pair_sums.kernel import Kernel
    from codegen.probes.record import Probes, Scattering
    from derivations.interactions.model import Interaction
    from derivations.steps.step import Derivation

TARGETS = ("numpy", "jax", "c", "latex")
"""What the command can write: a package, the same with a module for JAX, the C files, a document."""
PACKAGES_OF_PYTHON = ("numpy", "jax")
"""The targets that are packages."""
REMEMBERED = 64
"""How many sets of interactions stay derived."""
JAX_RUNTIME = "jax_pairs.py"
"""The module of the runtime that needs JAX."""
C_FILES = ("spectral.c", "spectral.f90", "spectral.h")
"""The files for use from C and Fortran."""
EVALUATED = {
    "definition": "What the generated evaluators compute, with the names of their arguments.",
    "squares": "The squares that a pair adds: J = 1 by V and E or by A and B, and J = 0 by S or P, each in its rest frame.",
    "amplitudes": "Amplitudes of the states of the pair, summed before they are squared: across q and along it.",
}
"""The last sections of the formulas: section of a kernel -> statement."""


@dataclass(frozen=True)
class Comparison:
    """How a directory differs from what would be generated; ``version_only`` differs in SymPy's version line alone."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    orphans: tuple[str, ...]
    version_only: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the directory holds exactly what would be generated."""
        return not (self.changed or self.missing or self.orphans)


def default_directory() -> Path:
    """Return the directory of the committed package, which need not be importable: it may be what is to be repaired."""
    spec = find_spec("renp_generated")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package renp_generated is not installed: name a directory with --out")
    return Path(next(iter(spec.submodule_search_locations)))


@lru_cache(maxsize=1)
def shipped() -> tuple[Interaction, ...]:
    """Return the interactions of the committed package, the weak current first.

    Example
    -------
    >>> [interaction.name for interaction in shipped()][:2]
    ['standard_model', 'electromagnetic']
    """
    from derivations.interactions.model import WEAK
    from derivations.interactions.reader import shipped_interactions

    return tuple(sorted(shipped_interactions(), key=lambda interaction: (interaction.name != WEAK, interaction.name)))


@lru_cache(maxsize=REMEMBERED)
def kernel_of(chosen: tuple[Interaction, ...], pair_step: str) -> Kernel:
    """Return the kernel of a set of interactions for one pair step, derived once."""
    from codegen.constants import physical_constants
    from derivations.processes.renp.kernel import kernel
    from derivations.processes.renp.spectrum import spectral_function

    return kernel(spectral_function(chosen, pair_step), pair_step.lower(), physical_constants())


def kernels(chosen: Sequence[Interaction]) -> tuple[Kernel, Kernel]:
    """Return the M1 and the E1 kernel of a set of interactions."""
    return kernel_of(tuple(chosen), "M1"), kernel_of(tuple(chosen), "E1")


def package_files(
    chosen: Sequence[Interaction] | None = None, *, jax: bool = False, standalone: bool = False
) -> Mapping[str, str]:
    """Return the files of the package of some interactions as ``{name: text}``, by default those of the committed package.

    The package of a user's choice imports the installed runtime, or brings its own when it is to be ``standalone``, and has a module
    for JAX when it is to be there; the committed package holds the runtime and that module.
    """
    from codegen.constants import physical_constants
    from codegen.pair_sums.package import OWN_RUNTIME, RUNTIME, emit_package
    from codegen.pair_sums.vertices import emit_verification
    from derivations.processes.renp.vertices import vertices

    committed, chosen = chosen is None, chosen or shipped()
    jax = jax or committed
    runtime = runtime_texts(jax=jax) if standalone or committed else None
    if runtime is not None and not committed:
        runtime = {name: header(name, "runtime module") + text for name, text in runtime.items()}
    home = RUNTIME if runtime is None else OWN_RUNTIME
    further: dict[str, str] = {}
    if committed:
        further = {"formulas": formulas_text(), "probe_formulas": probe_formulas_text(), "probes": probes_text()}
    package = emit_package(kernels(chosen), runtime, further | ({"jax": jax_text(chosen, home)} if jax else {}))
    return {**package, **emit_verification(vertices(chosen), physical_constants(), home)}


def formula_records() -> tuple[Formula, ...]:
    """Return every readable formula of the committed package: kinematics, structure functions, summands of each interaction.

    A summand holds the weak current and one more interaction, with their interferences, in the papers' form and in that for
    thresholds; for an E1 pair step as well where the interaction opens one.

    Example
    -------
    >>> [formula.name for formula in formula_records()][:2]
    ['pair_mass_squared', 'threshold']
    """
    from derivations.interactions.model import WEAK
    from derivations.processes.renp import formulas as renp
    from derivations.processes.renp.spectrum import spectral_function

    result = [*renp.kinematics(), renp.dirac_formula()]
    summands = []
    for pair_step in ("M1", "E1"):
        spectral = spectral_function(shipped(), pair_step)
        result += renp.gram_formulas(spectral)
        step = "" if pair_step == "M1" else "_e1"
        for name in dict.fromkeys(term.interaction for term in spectral.amplitude.terms):
            one = renp.restricted(spectral, [WEAK, name])
            summands += [
                replace(renp.summand(one, form), name=f"{name}{step}_summand{ending}")
                for form, ending in (("papers", ""), ("threshold", "_threshold"))
            ]
    return (*result, *summands)


@lru_cache(maxsize=1)
def formulas_text() -> str:
    """Return the text of ``formulas.py``, the readable formulas of the committed package."""
    from codegen.constants import natural_constants
    from codegen.formulas import python

    return python.module(formula_records(), natural_constants(), "renp_generated")


def jax_text(chosen: Sequence[Interaction], runtime: str) -> str:
    """Return the text of ``jax.py``, the spectral function of some interactions for JAX; ``runtime`` is the package of the runtime."""
    from codegen.constants import natural_constants
    from codegen.formulas import jax
    from derivations.processes.renp.pair_sum import pair_sum
    from derivations.processes.renp.spectrum import spectral_function

    sums = [pair_sum(spectral_function(tuple(chosen), step)) for step in ("M1", "E1")]
    return jax.module(sums, natural_constants(), runtime)


@lru_cache(maxsize=REMEMBERED)
def scattering_of(chosen: tuple[Interaction, ...]) -> tuple[Scattering, ...]:
    """Return the scattering cross sections of a set of interactions, derived once: on electrons, and on a nucleus of spin 0."""
    from derivations.processes import coherent_scattering, electron_scattering
    from derivations.processes.scattering_record import scattering_record

    return tuple(
        scattering_record(process.PROCESS, process.SOURCE, chosen)[0]
        for process in (electron_scattering, coherent_scattering)
    )


@lru_cache(maxsize=REMEMBERED)
def probes_of(chosen: tuple[Interaction, ...]) -> Probes:
    """Return all processes of a set of interactions beside pair emission, derived once."""
    from codegen.probes.record import Probes
    from derivations.processes.boson_emission import boson_record, emits
    from derivations.processes.plasmon_decay import plasmon_record
    from derivations.processes.radiative_decay import decay_record

    bosons = tuple(boson_record(interaction) for interaction in chosen if emits(interaction))
    return Probes(scattering_of(chosen), decay_record(chosen), plasmon_record(chosen), bosons)


@lru_cache(maxsize=1)
def probes_text() -> str:
    """Return the text of ``probes.py``, the other probes of the committed package."""
    from codegen.constants import physical_constants, weak_mixing
    from codegen.pair_sums.package import merged_groups
    from codegen.probes import module

    m1, e1 = kernels(shipped())
    constants = (*physical_constants(), weak_mixing())
    return module.module(probes_of(shipped()), merged_groups(m1.groups, e1.groups), constants)


def probe_formula_records() -> tuple[Formula, ...]:
    """Return the readable formulas of other processes: cross sections of the weak current with one more interaction, widths, lines.

    Example
    -------
    >>> [formula.name for formula in probe_formula_records()][-2:]
    ['boson_line_vector', 'boson_line_vector_e1']
    """
    from derivations.interactions.model import WEAK
    from derivations.processes import coherent_scattering, electron_scattering
    from derivations.processes.cross_section import cross_section
    from derivations.processes.width import decay_formulas, line_formulas, plasmon_formula

    result = []
    for process in (electron_scattering, coherent_scattering):
        weak = next(i for i in shipped() if i.name == WEAK)
        for interaction in shipped():
            chosen = [weak] if interaction == weak else [weak, interaction]
            found = cross_section(process.PROCESS, process.SOURCE, chosen, form="threshold")
            if any(step == f"amplitude-{interaction.name}" for step in found.provenance.steps):
                result.append(replace(found, name=f"{found.name}_{interaction.name}"))
    for nature, ending in (("dirac", ""), ("majorana", "_majorana")):
        width, asymmetry = decay_formulas(shipped(), nature)
        decays = (width, asymmetry, plasmon_formula(shipped(), nature))
        # Two Majorana neutrinos emit as much to both sides: there is no asymmetry to print.
        result += [replace(found, name=f"{found.name}{ending}") for found in decays if found.result != 0]
    return (*result, *line_formulas(shipped()))


@lru_cache(maxsize=1)
def probe_formulas_text() -> str:
    """Return the text of ``probe_formulas.py``, the readable cross sections of the committed package."""
    from codegen.constants import natural_constants
    from codegen.formulas import python

    constants = [c for c in natural_constants() if c.name in ("G_F", "m_e", "e", "mu_B", "hbar_c")]
    return python.module(probe_formula_records(), constants, "renp_generated", "probe_formulas.py.txt")


def formula_document(title: str, formulas: tuple[Formula, ...], *, latex: bool) -> str:
    """Return formulas under a title, as readable text or as a LaTeX document."""
    from codegen.formulas import latex as in_latex
    from codegen.formulas import text

    return in_latex.document(title, formulas) if latex else text.document(title, formulas)


def runtime_texts(*, jax: bool = False) -> Mapping[str, str]:
    """Return the modules of the installed runtime as ``{name: text}``, that for JAX where a package has a use for it.

    Example
    -------
    >>> "evaluator.py" in runtime_texts()
    True
    """
    folder = default_directory() / "runtime"
    paths = [path for path in sorted(folder.glob("*.py")) if jax or path.name != JAX_RUNTIME]
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def c_files(chosen: Sequence[Interaction] | None = None) -> Mapping[str, str]:
    """Return ``spectral.c``, its header and its Fortran module as ``{name: text}``: I(omega) from physical arguments.

    Example
    -------
    >>> sorted(c_files())
    ['spectral.c', 'spectral.f90', 'spectral.h']
    """
    from codegen.pair_sums.c_export import c_export

    chosen = chosen or shipped()
    m1, e1 = kernels(chosen)
    return c_export(m1, e1, own=[i.name for i in chosen if i not in shipped()])


def formulas(chosen: Sequence[Interaction] | None = None) -> Derivation:
    """Return the derivation of both spectral functions, each structure function once, and what the evaluators compute.

    Steps that one pair step alone needs have a name that starts with ``m1-`` or ``e1-``; the others hold for both.

    Example
    -------
    >>> [step.name for step in formulas().steps if "spectral" in step.name or "e1-evaluator" in step.name]
    ['spectral-function', 'e1-evaluator-amplitudes']
    """
    from codegen.constants import physical_constants
    from codegen.pair_sums.latex import formula_sections
    from derivations.processes.renp.kernel import kernel
    from derivations.processes.renp.spectrum import spectral_function
    from derivations.steps.step import Derivation, Step

    chosen = chosen or shipped()
    functions = {step: spectral_function(chosen, step) for step in ("M1", "E1")}
    m1, e1 = (function.derivation.steps for function in functions.values())
    *body, last = (step if step in e1 else replace(step, name=f"m1-{step.name}") for step in m1)
    own = (replace(step, name=f"e1-{step.name}") for step in e1 if step not in m1)
    evaluated: list[Step] = []
    constants = physical_constants()
    for pair_step, function in functions.items():
        sections = formula_sections(kernel(function, pair_step.lower(), constants))
        for name, text in EVALUATED.items():
            common = name != "amplitudes"
            title = f"evaluator-{name}" if common else f"{pair_step.lower()}-evaluator-{name}"
            if not common or pair_step == "M1":
                evaluated.append(Step(title, text, sections[name]))
    names = ", ".join(interaction.name for interaction in chosen)
    title = f"RENP spectral functions (M1 and E1): {names}"
    return Derivation("spectral-functions", title).then(*body, *own, last, *evaluated)


def write(chosen: Sequence[Interaction], directory: Path, target: str, *, standalone: bool = False) -> None:
    """Write the evaluators of some interactions as a package, as C files or as formulas; see ``Model.generate``."""
    if target not in TARGETS:
        raise ValueError(f"target must be one of {', '.join(TARGETS)}, found {target!r}")
    if standalone and target not in PACKAGES_OF_PYTHON:
        raise ValueError(f"standalone is for a NumPy package, found target {target!r}")
    if target == "c":
        check_c_target(directory)
        write_c_files(c_files(chosen), directory)
    elif target == "latex":
        check_output_paths([directory])
        write_files({directory: formulas(chosen).as_latex().encode()})
    else:
        check_target(directory, own=True)
        write_package(package_files(chosen, jax=target == "jax", standalone=standalone), directory)


def check_target(directory: Path, *, own: bool = False) -> None:
    """Refuse a directory that cannot become a package, or that holds something else than a generated package.

    A package with an interaction of one's ``own`` cannot have the name of the committed one: it would hide it.

    Raises ``ValueError`` in one line.

    Example
    -------
    >>> check_target(Path("dark_higgs"))
    """
    _check_no_file(directory)
    name = directory.resolve().name
    if not (name.isascii() and name.isidentifier()) or keyword.iskeyword(name):
        raise ValueError(f"--out must end in a name that Python can import, found {name!r}")
    if name in {*sys.stdlib_module_names, "numpy", "renp", *(PACKAGES if own else SIGNED)}:
        raise ValueError(f"--out must not end in the name of a package in use, found {name!r}")
    if not directory.is_dir() or not any(directory.iterdir()):
        return
    first = directory / "__init__.py"
    if not first.is_file() or not first.read_bytes().startswith(first_words(first.name).encode()):
        raise ValueError(f"--out must be new, empty or a generated package, found other files in {str(directory)!r}")


def _check_no_file(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise ValueError(f"--out {str(directory)!r} is a file: name a directory")


def check_c_target(directory: Path) -> None:
    """Refuse a directory in which the C files cannot be written or would destroy something.

    Other files may be there; a Python package may not, because its C files belong to its tables.
    Raises ``ValueError`` or ``OSError`` in one line.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as room:
    ...     check_c_target(Path(room, "evaluators"))
    """
    _check_no_file(directory)
    if (directory / "__init__.py").exists():
        raise ValueError(f"--out must not be a Python package with --target c, found {str(directory)!r}")
    for name in C_FILES:
        path = directory / name
        if path.is_file() and not path.read_bytes().startswith(first_words(name).encode()):
            raise ValueError(f"--out must not hold a {name} that was not generated, found one in {str(directory)!r}")
    check_output_paths([directory / name for name in C_FILES] if directory.is_dir() else [directory])


def write_c_files(files: Mapping[str, str], directory: Path) -> None:
    """Write the C files, creating the directory; no file is replaced before all are complete on disk.

    Raises ``OSError`` when they cannot be written.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as room:
    ...     write_c_files({"spectral.h": ""}, Path(room, "evaluators"))
    ...     Path(room, "evaluators", "spectral.h").is_file()
    True
    """
    new = not directory.is_dir()
    directory.mkdir(exist_ok=True)
    try:
        write_files({directory / name: text.encode() for name, text in files.items()})
    except BaseException:
        if new:
            directory.rmdir()
        raise


def write_package(files: Mapping[str, str], directory: Path) -> None:
    """Write a package so that a run that is killed at any moment leaves the old package or the new one, whole.

    Raises ``OSError`` when it cannot be written; the old package is then in place.

    Example
    -------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as room:
    ...     write_package({"__init__.py": ""}, Path(room, "package"))
    ...     Path(room, "package", "__init__.py").is_file()
    True
    """
    write_tree(files, directory)


def compare(files: Mapping[str, str], directory: Path) -> Comparison:
    """Compare a directory with the files that would be generated, byte for byte, file list included."""
    changed, missing, version_only = [], [], []
    for name, text in sorted(files.items()):
        path = directory / name
        if not path.is_file():
            missing.append(name)
            continue
        found = path.read_bytes()
        if found == text.encode():
            continue
        if _without_version(found.decode(errors="replace")) == _without_version(text):
            version_only.append(name)
        else:
            changed.append(name)
    present = {
        path.relative_to(directory).as_posix()
        for path in (directory.rglob("*") if directory.is_dir() else ())
        if path.is_file() and path.suffix not in (".so", ".pyd") and path.parent.name != "__pycache__"
    }
    return Comparison(tuple(changed), tuple(missing), tuple(sorted(present - set(files))), tuple(version_only))


def _without_version(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(VERSION_LINE))
