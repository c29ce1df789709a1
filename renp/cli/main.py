"""The command ``renp``.

In: what a physicist types. Out: tables, files and an exit code: 0 good, 1 a check failed, 2 bad input (one line on
stderr says which argument, what was found and what is allowed). As from any Unix tool, 128 + n says that signal n ended
the command: 130 Ctrl-C, 141 the reader of a pipe had enough (``renp list | head``), 129 and 143 hang-up and termination.

Commands load what they need when they run, so ``renp --help`` is quick.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperGroup

from renp.cli import studies as cli_studies
from renp.output.terminal import print_json, print_table, print_text, progress, status

if TYPE_CHECKING:
    from derivations.interactions.language import Bilinear
    from derivations.interactions.reader import ContactTerm, CouplingTerm, Interaction
    from renp.generate import Comparison
    from renp.model import Model
    from renp.rates.spectra import Spectrum

__all__ = ["app", "main"]

CHECK_FAILED: Final[int] = 1
BAD_INPUT: Final[int] = 2
INTERRUPTED: Final[int] = 130
READER_GONE: Final[int] = 141
_NO_ROOM: Final = (errno.ENOSPC, errno.EFBIG, errno.EIO)

# Typer carries its own copy of click or uses the installed one, depending on its version; either way this is the base.
_UsageProblem: Final[type[BaseException]] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)


class _OneLineErrors(TyperGroup):
    """A command group that reports a user's mistake in one line and exits with code 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command; see the class."""
        if not kwargs.pop("standalone_mode", True):
            return super().main(*args, **{**kwargs, "standalone_mode": False})
        words = kwargs.get("args") or (args[0] if args else None) or sys.argv[1:]
        if sys.stderr is None:
            # Without a stream, print() would write its messages to stdout.
            sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        if sys.stdout is None:
            sys.exit(_complain("standard output is closed: redirect it to /dev/null if it is not wanted"))
        try:
            with _signals_as_exceptions():
                code = super().main(*args, **{**kwargs, "standalone_mode": False})
                sys.stdout.flush()
        except (BrokenPipeError, SystemExit) as stop:
            # Typer and Rich turn a broken pipe into code 1, which here says that a check failed.
            if isinstance(stop, SystemExit) and not isinstance(stop.__context__, BrokenPipeError):
                raise
            code = READER_GONE
        except _Signal as ended:
            code = 128 + ended.number
        except typer.Abort:
            code = INTERRUPTED
        except _UsageProblem as problem:
            code = _complain(problem.format_message())  # type: ignore[attr-defined]
        except (ValueError, TypeError, OSError, ImportError) as problem:
            if "--debug" in words:
                raise
            code = _complain(_sentence(problem))
        if code in (INTERRUPTED, *(128 + number for number in _ENDING)):
            _say("renp: interrupted" + ("; the same command goes on" if "scan" in words[:1] else ""))
        _drop_output()
        sys.exit(code if isinstance(code, int) else 0)


class _Signal(BaseException):
    """A signal that asks the command to end, on its way through the usual clean-up."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


_ENDING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def _signals_as_exceptions() -> Iterator[None]:
    """Let termination and hang-up end a command as Ctrl-C does; a second one kills it. ``nohup`` stays in force."""

    def end(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise _Signal(number)

    taken = []
    # Only the main thread may; tests and notebooks may run commands elsewhere.
    with suppress(ValueError):
        for number in _ENDING:
            if signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, end)
                taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _drop_output() -> None:
    """Drop what cannot be written: Python would complain about it at exit once more."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _sentence(problem: Exception) -> str:
    if isinstance(problem, OSError) and problem.strerror and (problem.filename or problem.errno in _NO_ROOM):
        # Files carry their name (renp.output.files.naming); what is left without one is what was printed.
        return f"{problem.filename or 'standard output'}: {problem.strerror}"
    return str(problem) or type(problem).__name__


def _complain(message: str) -> int:
    _say(f"renp: error: {' '.join(message.split())}")
    return BAD_INPUT


def _say(line: str) -> None:
    # The terminal or the reader of stderr may be gone.
    with suppress(OSError):
        print(line, file=sys.stderr)


app = typer.Typer(
    name="renp",
    cls=_OneLineErrors,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Radiative emission of neutrino pairs: derive the formulas, generate and verify the evaluators, use them.",
    epilog="Exit codes: 0 good, 1 a check failed, 2 bad input, 128 + n ended by signal n (130 Ctrl-C, 141 broken pipe).",
)


@app.callback()
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    if version:
        print(_version("renp"))
    elif context.invoked_subcommand is None:
        print(context.get_help())


@app.command("spectrum")
def spectrum_command(
    atom: Annotated[str, typer.Option(help="Target: Yb or Xe.")] = "Yb",
    lightest: Annotated[float, typer.Option(metavar="EV", help="Mass of the lightest neutrino in eV.")] = 0.01,
    ordering: Annotated[str, typer.Option(help="Mass ordering: normal or inverted.")] = "normal",
    nature: Annotated[str, typer.Option(help="Nature of the neutrino: dirac or majorana.")] = "dirac",
    omega: Annotated[
        str | None,
        typer.Option(
            metavar="START:STOP:COUNT",
            help="Photon energies in eV, between 0 and E_eg/2; around all thresholds by default.",
        ),
    ] = None,
    oscillation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Oscillation set (see renp list); NuFIT 6.0 by default.")
    ] = None,
    alpha21: Annotated[float, typer.Option(metavar="DEG", help="Majorana phase alpha_21 in degrees.")] = 0.0,
    alpha31: Annotated[float, typer.Option(metavar="DEG", help="Majorana phase alpha_31 in degrees.")] = 0.0,
    chain: Annotated[
        str, typer.Option(help="Magnetic numbers: averaged, as in the papers, or the exact coherent chain.")
    ] = "averaged",
    polarisation: Annotated[
        str | None,
        typer.Option(help="Photon polarisation for the exact chain: linear (the default), circular+ or circular-."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a plot (.png, .pdf, .svg), thresholds marked.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the points as CSV.")] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write points, inputs and thresholds.")] = None,
) -> None:
    """Compute a photon spectrum, list its thresholds, and plot or store it.

    Example:  renp spectrum --atom Yb --lightest 0.01 --ordering normal --nature majorana --omega 1.06:1.0717:400 --plot out.png

    Example:  renp spectrum --ordering inverted --chain exact --polarisation circular+ --csv out.csv --json out.json
    """
    from math import radians

    from renp.cli.ranges import parse_energy_range
    from renp.output.files import check_output_paths, write_files
    from renp.rates.spectra import spectrum

    if polarisation is not None and chain == "averaged":
        raise ValueError("--polarisation needs --chain exact: the averaged chain does not depend on it")
    energies = None if omega is None else parse_energy_range(omega)
    check_output_paths(path for path in (plot, csv, json) if path is not None)
    picture = None if plot is None else _plot_format(plot)
    result = spectrum(
        atom,
        lightest=lightest,
        omega=None if energies is None else energies.values(),
        ordering=ordering,
        nature=nature,
        oscillation=oscillation,
        majorana_phases=(radians(alpha21), radians(alpha31)),
        chain=chain,
        polarisation="linear" if polarisation is None else polarisation,
    )
    contents: dict[str | os.PathLike[str], bytes] = {}
    if plot is not None and picture is not None:
        contents[plot] = _picture(result, picture)
    if csv is not None:
        contents[csv] = result.to_csv()
    if json is not None:
        contents[json] = result.to_json()
    write_files(contents)
    _spectrum_report(result)
    for path in contents:
        print(f"wrote {path}")


def _plot_format(path: Path) -> str:
    from renp.studies.figures.plotting import figure_format

    return figure_format(path)


def _picture(result: Spectrum, file_format: str) -> bytes:
    from renp.studies.figures.plotting import Panel, figure_bytes, plot_spectra

    title = (
        f"{result.atom}, {result.nature.capitalize()} neutrinos, {result.ordering} ordering, "
        f"lightest {result.lightest:g} eV, {result.chain} chain"
    )
    return figure_bytes(plot_spectra([Panel((("", result),))], title=title), file_format)


def _spectrum_report(result: Spectrum) -> None:
    print_text(
        f"{result.atom}, {result.nature}, {result.ordering} ordering, lightest {result.lightest:g} eV, "
        f"{result.oscillation}, {result.chain} chain"
    )
    rows = [
        (
            f"{t.i}{t.j}",
            f"{t.omega:.8f}" if t.omega > 0 else "never opens",
            f"{result.masses[t.i - 1] + result.masses[t.j - 1]:.6f}",
        )
        for t in result.thresholds
    ]
    print_table(("pair", "threshold [eV]", "m_i + m_j [eV]"), rows)
    print_text(
        f"{len(result.omega)} points, {result.omega[0]:.8g} to {result.omega[-1]:.8g} eV, "
        f"I from {result.I.min():.6g} to {result.I.max():.6g}"
    )
    if result.remark:
        print_text(result.remark)


@app.command("generate")
def generate_command(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="An interaction of your own; needs --out.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Directory of the package, the committed one by default; directory of the C files; LaTeX file, stdout "
            "by default.",
            show_default=False,
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; compare byte for byte and exit with 1 on a difference or orphan."),
    ] = False,
    target: Annotated[
        str,
        typer.Option(
            help="What to write: numpy (a package, python for short), c (spectral.c, spectral.h and spectral.f90) or latex "
            "(formulas)."
        ),
    ] = "numpy",
    standalone: Annotated[
        bool,
        typer.Option(
            "--standalone",
            help="Write the runtime and the C files into the package of FILE, so that it needs nothing but NumPy.",
        ),
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Write nothing; print the operations before and after each rewrite rule.")
    ] = False,
) -> None:
    """Derive the evaluators and write them as a NumPy package, as C files or as formulas.

    An orphan is a file in the directory that would not be generated: --check reports it. Writing leaves it alone, unless
    its first line says that an earlier run generated it.

    Example:  renp generate --check

    Example:  renp generate dark_higgs.toml --out dark_higgs

    Example:  renp generate dark_higgs.toml --out dark_higgs --standalone

    Example:  renp generate --target c --out evaluators

    Example:  renp generate --target latex --out formulas.tex

    Example:  renp generate --report
    """
    from renp import generate

    target = "numpy" if target == "python" else target
    if target not in generate.TARGETS:
        raise ValueError(f"--target must be one of {', '.join(generate.TARGETS)}, found {target!r}")
    if check and target != "numpy":
        raise ValueError(f"--check compares a Python package: it cannot be combined with --target {target}")
    if report and (check or target != "numpy" or out is not None):
        raise ValueError("--report writes nothing: it cannot be combined with --check, --target or --out")
    if standalone and (file is None or report or target != "numpy"):
        raise ValueError("--standalone is for the Python package of a FILE: the committed one brings its runtime")
    if report:
        _report_operations(file)
    elif target == "latex":
        _generate_latex(file, out)
    elif target == "c":
        _generate_c(file, out)
    else:
        _generate_package(file, out, check=check, standalone=standalone)


def _model(file: Path | None) -> Model | None:
    from renp.model import Model

    return None if file is None else Model(file)


def _generate_package(file: Path | None, out: Path | None, *, check: bool, standalone: bool) -> None:
    from renp import generate

    if file is not None and out is None:
        raise ValueError("FILE needs --out DIR: the committed package holds the shipped interactions alone")
    directory = generate.default_directory() if out is None else out
    _check_directory(directory, must_exist=check, own=file is not None)
    with status("deriving and generating"):
        package = generate.package_files(_model(file), standalone=standalone)
    if check:
        _report_comparison(generate.compare(package, directory), directory)
    else:
        generate.write_package(package, directory)
        print(f"wrote {len(package)} files to {directory}")


def _generate_c(file: Path | None, out: Path | None) -> None:
    from renp import generate

    if out is None:
        raise ValueError("--target c needs --out DIR, the directory for spectral.c, spectral.h and spectral.f90")
    generate.check_c_target(out)
    with status("deriving and generating"):
        files = generate.c_files(_model(file))
    generate.write_c_files(files, out)
    print(f"wrote {', '.join(files)} to {out}")


def _generate_latex(file: Path | None, out: Path | None) -> None:
    from renp import generate
    from renp.output.files import check_output_paths, write_files

    if out is not None:
        check_output_paths([out])
    with status("deriving"):
        document = generate.formulas(_model(file)).as_latex()
    if out is None:
        print(document, end="")
    else:
        write_files({out: document.encode()})
        print(f"wrote {out}")


def _report_operations(file: Path | None) -> None:
    from itertools import pairwise

    from renp.generate import operation_counts

    with status("deriving and counting"):
        counts = operation_counts(_model(file))
    print_text("Operations per photon energy before -> after each rewrite rule, everything on, three neutrinos\n")
    for step, (derived, *_) in counts.items():
        print_text(f"{step} pair step: {derived.rule}, {derived.reason}")
        rows = [
            (
                after.rule,
                f"{before.mul_add} -> {after.mul_add}",
                f"{before.divisions} -> {after.divisions}",
                f"{before.roots} -> {after.roots}",
                after.reason,
            )
            for before, after in pairwise(counts[step])
        ]
        print_table(("rule", "multiplications, additions", "divisions", "square roots", "reason"), rows)
        print_text("")


def _check_directory(directory: Path, *, must_exist: bool, own: bool) -> None:
    from renp.generate import check_target
    from renp.output.files import check_output_paths

    if must_exist and not directory.is_dir():
        raise FileNotFoundError(f"--out {str(directory)!r} is no directory: nothing to check")
    if not must_exist:
        check_target(directory, own=own)
        check_output_paths([directory / "__init__.py" if directory.is_dir() else directory])


def _report_comparison(comparison: Comparison, directory: Path) -> None:
    for what, names in (
        ("changed", comparison.changed),
        ("missing", comparison.missing),
        ("orphan", comparison.orphans),
        ("only the SymPy version differs", comparison.version_only),
    ):
        for name in names:
            print(f"{what}: {directory / name}")
    print(f"{directory} {'is' if comparison.passed else 'is NOT'} what would be generated")
    if not comparison.passed:
        raise typer.Exit(CHECK_FAILED)


@app.command("derive")
def derive_command(
    name: Annotated[str, typer.Argument(help="Name of a derivation; renp list shows them.")],
    latex: Annotated[bool, typer.Option("--latex", help="Print a LaTeX document that compiles.")] = False,
) -> None:
    """Derive a result and print its named steps.

    Example:  renp derive standard_model

    Example:  renp derive standard_model --latex > standard_model.tex
    """
    from derivations.catalogue import derive

    derivation = derive(name)
    print(derivation.as_latex() if latex else derivation.as_text())


@app.command("verify")
def verify_command(
    points: Annotated[int, typer.Option(help="Random points for each combination, 1 to 1000.")] = 2,
    only: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Run the checks alone whose name or kind contains TEXT.", show_default=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Check the evaluators against 30-digit integrals of the spin sums and against the literature.

    Example:  renp verify

    Example:  renp verify --only literature

    Example:  renp verify --points 10 --json
    """
    from renp.verification.evaluators import verify

    with progress() as display:
        task = display.add_task("verifying")
        report = verify(points, lambda done, total, name: display.update(task, completed=done, total=total), only=only)
    if json:
        print_json(report.as_json())
    else:
        rows = [
            (
                check.name,
                check.kind,
                str(check.points),
                f"{check.max_relative_error:.2g}",
                f"{check.tolerance:.2g}",
                "passed" if check.passed else "FAILED",
            )
            for check in report.checks
        ]
        print_table(("check", "kind", "points", "largest relative error", "allowed", "verdict"), rows)
        print_text(f"{sum(check.passed for check in report.checks)} of {len(report.checks)} checks passed")
    if not report.passed:
        raise typer.Exit(CHECK_FAILED)


@app.command("ledger")
def ledger_command(
    identifier: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Run and print the proof of one entry.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the entries as JSON.")] = False,
) -> None:
    """Decide, by proofs that run now, which printed formulas of the literature are right.

    Example:  renp ledger

    Example:  renp ledger --id NF22-vector
    """
    from renp.verification import ledger

    with status("running the proofs"):
        entries = ledger.ledger_entries() if identifier is None else [ledger.entry(identifier)]
    if json:
        print_json(ledger.as_records(entries))
    elif identifier is not None:
        print(ledger.transcript(identifier))
    else:
        for one in entries:
            print(f"{one.id}: {one.verdict} ({one.source})")
            print(_indented("claim:  ", one.claim))
            print(_indented("reason: ", one.reason) + "\n")
        counts = ", ".join(f"{sum(one.verdict == v for one in entries)} {v}" for v in ledger.VERDICTS)
        print_text(f"{len(entries)} entries: {counts}. Run a proof again with renp ledger --id ID.")


def _indented(label: str, text: str) -> str:
    from textwrap import fill

    return fill(text, width=110, initial_indent=f"    {label}", subsequent_indent=" " * (4 + len(label)))


@app.command("list")
def list_command(
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of interaction files instead, for an editor.")
    ] = False,
) -> None:
    """List what can be named, with sources: interactions, atoms, oscillation sets, derivations.

    Example:  renp list
    """
    if schema:
        from derivations.interactions.schema import interaction_schema

        print_json(interaction_schema())
        return
    from derivations.catalogue import names
    from derivations.interactions.reader import shipped_interactions
    from renp.inputs.atoms import ATOMS
    from renp.inputs.oscillation import OSCILLATION_SETS

    for interaction in shipped_interactions():
        _interaction_report(interaction)
    print_text("Atoms (--atom)")
    print_table(
        ("atom", "quantity", "value", "unit", "source"),
        [
            (symbol, q.name, f"{q.value:.8g}", q.unit, q.source)
            for symbol, atom in ATOMS.items()
            for q in atom.quantities
        ],
    )
    print_text("\nOscillation sets (--oscillation)")
    print_table(
        ("name", "ordering", "what", "reference"),
        [(name, chosen.ordering, chosen.title, chosen.reference) for name, chosen in OSCILLATION_SETS.items()],
    )
    print_text(f"\nDerivations (renp derive NAME): {', '.join(names())}")


def _interaction_report(interaction: Interaction) -> None:
    from derivations.atom.nonrelativistic import atomic_operator

    def transition(bilinear: Bilinear) -> str:
        operator = atomic_operator(bilinear)
        magnetic = {None: [], 0: ["M1"], 1: ["M1 of order q/m_e"]}[operator.magnetic_order]
        return " and ".join([*magnetic, *(["E1"] if operator.electric else [])])

    def shown(term: CouplingTerm | ContactTerm, bilinear: Bilinear) -> str:
        return f"{bilinear.text} + h.c." if term.conjugate else bilinear.text

    propagator = interaction.propagator
    exchange = {
        "contact": f"contact, {propagator.factor}",
        "massive": f"mediator of spin {propagator.spin}" if propagator.spin != 2 else "antisymmetric tensor mediator",
        "photon": "photon",
    }[propagator.kind]
    electron: list[tuple[CouplingTerm | ContactTerm, Bilinear]] = [(e, e.bilinear) for e in interaction.electron]
    electron += [(term, term.electron) for term in interaction.terms]
    neutrino: list[tuple[CouplingTerm | ContactTerm, Bilinear]] = [(n, n.bilinear) for n in interaction.neutrino]
    neutrino += [(term, term.neutrino) for term in interaction.terms]
    rows = [("electron", term.coupling, term.units, shown(term, x), transition(x)) for term, x in electron]
    rows += [("neutrino", term.coupling, term.units, shown(term, x), "") for term, x in neutrino]
    heading = f"{interaction.name}: {interaction.title}; {exchange}"
    print_text("; ".join([heading, ", ".join(interaction.references)] if interaction.references else [heading]))
    print_table(("current", "coupling", "unit", "bilinear", "atomic transition"), rows)
    print_text("")


@app.command("info")
def info_command() -> None:
    """Show versions, what is installed and which evaluator is active.

    Example:  renp info
    """
    import platform
    from importlib.util import find_spec

    from renp_generated import backend

    rows = [("renp", _version("renp")), ("active evaluator", backend()), ("Python", platform.python_version())]
    rows += [(package, _version(package)) for package in ("numpy", "scipy", "sympy", "mpmath", "matplotlib")]
    for package, module, extra in (
        ("python-flint", "flint", "certify"),
        ("xarray", "xarray", "scan"),
        ("dask", "dask", "scan"),
        ("numba", "numba", "numba"),
    ):
        found = _version(package) if find_spec(module) else f"not installed (pip install 'renp[{extra}]')"
        rows.append((package, found))
    print_table(("package", "version"), rows)


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


cli_studies.register(app)


def main() -> None:
    """Run the command line; the console script ``renp``."""
    app(prog_name="renp")
