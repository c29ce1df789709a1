"""Compare a source distribution and a wheel with the tree: ``python tests/packages/contents.py renp-1.tar.gz renp-1.whl``.

The source distribution holds every file of the repository with its bytes; the wheel holds every file of the packages and
nothing else but its metadata and the compiled module, so no data file can be forgotten and no test slips in.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

HOME = Path(__file__).parents[2]
PACKAGES = ("codegen", "derivations", "renp", "renp_generated")
COMPILED = re.compile(r"renp_generated/_compiled\.[\w.-]+\.(so|pyd)")
METADATA = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "top_level.txt", "licenses/LICENSE")
WRITTEN = re.compile(r"PKG-INFO|setup\.cfg|renp\.egg-info/.*")
"""What a source distribution adds to the tree."""


def tree() -> dict[str, bytes]:
    """Return the files of the repository, those that git knows or would take."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    found = subprocess.run(words, cwd=HOME, capture_output=True, text=True, check=True).stdout.split("\0")
    return {name: (HOME / name).read_bytes() for name in found if name and (HOME / name).is_file()}


def source_distribution(path: Path) -> dict[str, bytes]:
    """Return the files of a source distribution, without the folder that holds them."""
    with tarfile.open(path) as archive:
        found = {one.name.partition("/")[2]: archive.extractfile(one) for one in archive if one.isfile()}
        return {name: file.read() for name, file in found.items() if file is not None and not WRITTEN.fullmatch(name)}


def wheel(path: Path) -> dict[str, bytes]:
    """Return the files of a wheel."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def differences(what: str, found: Mapping[str, bytes], expected: Mapping[str, bytes]) -> list[str]:
    """Return a line for each file that is missing, additional or another one."""
    return [
        *(f"{what} lacks {name}" for name in sorted(expected.keys() - found.keys())),
        *(f"{what} holds {name}" for name in sorted(found.keys() - expected.keys())),
        *(f"{what} changes {n}" for n in sorted(found.keys() & expected.keys()) if found[n] != expected[n]),
    ]


def faults(sdist: Path, built: Path) -> list[str]:
    """Return a line for everything that the two distributions lack or have too much."""
    files = tree()
    held = wheel(built)
    about = f"renp-{built.name.split('-')[1]}.dist-info/"
    own = {name: data for name, data in held.items() if not name.startswith(about) and not COMPILED.fullmatch(name)}
    found = differences(sdist.name, source_distribution(sdist), files)
    found += differences(built.name, own, {n: data for n, data in files.items() if n.partition("/")[0] in PACKAGES})
    return found + [f"{built.name} lacks {about}{name}" for name in METADATA if about + name not in held]


if __name__ == "__main__":
    lines = faults(*map(Path, sys.argv[1:]))
    print("\n".join(lines) or "both hold what the tree holds")
    sys.exit(1 if lines else 0)
