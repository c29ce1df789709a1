"""``renp generate``: derive the evaluators and write them as a package, as C files or as formulas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from renp.cli.exit_codes import CHECK_FAILED
from renp.cli.models import ModelOption, chosen_model
from renp.output.terminal import status

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction
    from renp.generate import Comparison

    Chosen = tuple[Interaction, ...] | None

__all__ = ["generate_command"]


def generate_command(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="Interactions of your own, which go into one package; the same as --model FILE. Needs --out.",
            show_default=False,
        ),
    ] = None,
    model: ModelOption = None,
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
            help="What to write: numpy (a package; python means the same), jax (the same with a module jax beside), c (spectral.c, "
            "spectral.h and spectral.f90) or latex (formulas)."
        ),
    ] = "numpy",
    standalone: Annotated[
        bool,
        typer.Option(
            "--standalone",
            help="Write the runtime and the C files into the package of a model, so that it needs nothing but NumPy.",
        ),
    ] = False,
) -> None:
    """Derive the evaluators and write them as a package for NumPy and JAX, as C files or as formulas.

    An orphan is a file in the directory that would not be generated: --check reports it. Writing leaves it alone, unless
    its first line says that an earlier run generated it.

    Example:  renp generate --check

    Example:  renp generate dark_higgs.toml --out dark_higgs

    Example:  renp generate dark_higgs.toml --out dark_higgs --standalone

    Example:  renp generate --model dark_higgs.toml --model zprime=vector --out bosons

    Example:  renp generate dark_higgs.toml --target jax --out dark_higgs

    Example:  renp generate --target c --out evaluators

    Example:  renp generate --target latex --out formulas.tex
    """
    from renp import generate

    target = "numpy" if target == "python" else target
    named = " or ".join(word for word, given in (("FILE", files), ("--model", model)) if given)
    if target not in generate.TARGETS:
        raise ValueError(f"--target must be one of {', '.join(generate.TARGETS)}, found {target!r}")
    package = target in generate.PACKAGES_OF_PYTHON
    if check and not package:
        raise ValueError(f"--check compares a Python package: it cannot be combined with --target {target}")
    if standalone and (not named or not package):
        raise ValueError(
            "--standalone is for the Python package of a FILE or --model: the committed one brings its runtime"
        )
    if named and package and out is None:
        raise ValueError(f"{named} needs --out DIR: the committed package holds the shipped interactions alone")
    chosen = chosen_model([*(files or ()), *(model or ())], named).interactions if named else None
    if target == "latex":
        _generate_latex(chosen, out)
    elif target == "c":
        _generate_c(chosen, out)
    else:
        _generate_package(chosen, out, check=check, jax=target == "jax", standalone=standalone)


def _generate_package(chosen: Chosen, out: Path | None, *, check: bool, jax: bool, standalone: bool) -> None:
    from renp import generate

    directory = generate.default_directory() if out is None else out
    _check_directory(directory, must_exist=check, own=chosen is not None)
    with status("deriving and generating"):
        package = generate.package_files(chosen, jax=jax, standalone=standalone)
    if check:
        _report_comparison(generate.compare(package, directory), directory)
    else:
        generate.write_package(package, directory)
        print(f"wrote {len(package)} files to {directory}")


def _generate_c(chosen: Chosen, out: Path | None) -> None:
    from renp import generate

    if out is None:
        raise ValueError("--target c needs --out DIR, the directory for spectral.c, spectral.h and spectral.f90")
    generate.check_c_target(out)
    with status("deriving and generating"):
        files = generate.c_files(chosen)
    generate.write_c_files(files, out)
    print(f"wrote {', '.join(files)} to {out}")


def _generate_latex(chosen: Chosen, out: Path | None) -> None:
    from renp import generate
    from renp.output.files import check_output_paths, write_files

    if out is not None:
        check_output_paths([out])
    with status("deriving"):
        document = generate.formulas(chosen).as_latex()
    if out is None:
        print(document, end="")
    else:
        write_files({out: document.encode()})
        print(f"wrote {out}")


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
