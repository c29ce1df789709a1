"""Generation of evaluators: interactions in, committed package out, and the byte-for-byte check."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codegen.kernel import Kernel
    from derivations.lagrangian import Interaction

VERSION_LINE = "# SymPy "


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
    """Return the directory of the committed package."""
    import renp_generated

    return Path(renp_generated.__file__).parent


def interactions(extra: Path | None = None) -> tuple[Interaction, ...]:
    """Return the interactions to generate for: all shipped ones, or the Standard Model and one file."""
    from derivations.lagrangian import load_interaction, shipped_interactions

    shipped = sorted(
        shipped_interactions(), key=lambda interaction: (interaction.name != "standard_model", interaction.name)
    )
    if extra is None:
        return tuple(shipped)
    own = load_interaction(extra)
    if own.name in {interaction.name for interaction in shipped}:
        raise ValueError(
            f"{extra}: field 'name': found {own.name!r}, which is a shipped interaction; choose another name"
        )
    return (shipped[0], own)


def kernels(chosen: Sequence[Interaction]) -> tuple[Kernel, Kernel]:
    """Return the M1 and the E1 kernel of a set of interactions."""
    from codegen.constants import physical_constants
    from derivations.kernels import kernel
    from derivations.spectrum import spectral_function

    constants = physical_constants()
    m1, e1 = (kernel(spectral_function(chosen, step), step.lower(), constants) for step in ("M1", "E1"))
    return m1, e1


def package_files(extra: Path | None = None) -> Mapping[str, str]:
    """Return the files of the generated package as ``{name: text}``."""
    from codegen.emit import emit_package

    return emit_package(kernels(interactions(extra)))


def write_package(files: Mapping[str, str], directory: Path) -> None:
    """Write a package so that an interrupted run leaves each old file or each new one, never a torn one.

    Every file is written to a temporary name in the directory and moved into place; ``__init__.py`` moves last.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name in sorted(files, key=lambda name: (name == "__init__.py", name)):
        replace_text(directory / name, files[name])


def replace_text(path: Path, text: str) -> None:
    """Write text to a temporary file beside ``path`` and move it into place."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


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
        path.name
        for path in (directory.iterdir() if directory.is_dir() else ())
        if path.is_file() and path.suffix not in (".so", ".pyd")
    }
    return Comparison(tuple(changed), tuple(missing), tuple(sorted(present - set(files))), tuple(version_only))


def _without_version(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith(VERSION_LINE))
