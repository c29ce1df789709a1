"""``renp info``: versions, what is installed, which evaluator is active and why, and the machine: what a bug report needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from renp.output.terminal import print_json, print_table, print_text, status

__all__ = ["info_command", "information", "installed_version"]

EXTRAS: Final = ("certify", "scan", "jax", "testing", "minuit")
"""The extras of the installation that users may want; what each brings is in the metadata."""
COMPILERS: Final = ("cc", "gcc", "clang")
VARIABLES: Final = (
    "RENP_INSTRUCTION_SET",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "OPENBLAS_CORETYPE",
    "MKL_NUM_THREADS",
    "PYTHONHASHSEED",
    "PYTHONOPTIMIZE",
    "PYTHONUTF8",
    "LC_ALL",
    "LANG",
    "TERM",
    "NO_COLOR",
    "MPLBACKEND",
)
"""The variables of the environment that can change what renp does; no other is told."""
HOW_TO_REPORT: Final = (
    "To report a problem, send the command or the script, what it printed (of a command with --debug after renp), what you "
    "expected, and the output of renp info --json. It holds versions and properties of the machine, no names and no paths."
)


def info_command(
    json: Annotated[bool, typer.Option("--json", help="Print everything that a bug report needs, as JSON.")] = False,
) -> None:
    """Show versions, what is installed, and which evaluator is active and why.

    Example:  renp info

    Example:  renp info --json
    """
    with status("looking around"):
        found = information()
    if json:
        print_json(found)
        return
    evaluator, python, platform = found["evaluator"], found["python"], found["platform"]
    rows = [
        ("renp", f"{found['renp']}, {found['installation']}"),
        ("active evaluator", evaluator["active"]),
        ("why", evaluator["why"]),
        ("C compiler", ", ".join(found["compilers"]) or "none"),
        ("Python", f"{python['version']} ({python['implementation']})"),
        ("platform", f"{platform['system']} {platform['release']}, {platform['machine']}"),
    ]
    rows += [(name, version or "not installed") for name, version in found["packages"].items()]
    for extra, packages in found["extras"].items():
        rows += [
            (name, version or f"not installed (pip install 'renp[{extra}]')") for name, version in packages.items()
        ]
    print_table(("package", "version"), rows)
    print_text(f"\n{HOW_TO_REPORT}")


def information() -> dict[str, Any]:
    """Return what a bug report needs, as plain data: no name of a person, a machine or a folder is among it.

    Example
    -------
    >>> information()["evaluator"]["active"].split()[0] in ("C", "NumPy")
    True
    """
    import locale
    import os
    import platform
    import shutil
    import sys

    import numpy as np

    from renp_generated import backend
    from renp_generated.runtime.compiled import why

    config: Mapping[str, Any] = np.show_config(mode="dicts")
    usable = getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))(0)
    return {
        "renp": installed_version("renp"),
        "installation": _installation(),
        "evaluator": {"active": backend(), "why": why()},
        "compilers": [name for name in COMPILERS if shutil.which(name)],
        "python": {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "compiler": platform.python_compiler(),
            "optimised": sys.flags.optimize,
        },
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "libc": " ".join(platform.libc_ver()).strip(),
            "cpus": os.cpu_count(),
            "usable_cpus": len(usable),
            "instructions": config.get("SIMD Extensions", {}),
            "blas": {key: config.get("Build Dependencies", {}).get("blas", {}).get(key) for key in ("name", "version")},
        },
        "encoding": {
            "locale": locale.setlocale(locale.LC_CTYPE),
            "preferred": locale.getpreferredencoding(False),
            "files": sys.getfilesystemencoding(),
            "output": sys.stdout.encoding,
        },
        "environment": {name: os.environ[name] for name in VARIABLES if name in os.environ},
        "packages": _required(""),
        "extras": {extra: _required(extra) for extra in EXTRAS},
    }


def installed_version(package: str) -> str:
    """Return the version of an installed package, or that it is not installed.

    Example
    -------
    >>> installed_version("no-such-package")
    'not installed'
    """
    return _version(package) or "not installed"


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _required(extra: str) -> dict[str, str | None]:
    """Return the versions of what renp requires, or of what an extra brings."""
    import re
    from importlib.metadata import PackageNotFoundError, requires

    try:
        texts = requires("renp") or []
    except PackageNotFoundError:
        return {}
    found = {}
    for text in texts:
        name, marker = re.match(r"[\w.-]+", text), re.search(r"extra == ['\"](.+?)['\"]", text)
        if name is not None and (marker[1] if marker else "") == extra:
            found[name[0]] = _version(name[0])
    return found


_ORIGINS: Final = {"dir_info": "a folder", "archive_info": "a file", "vcs_info": "a repository"}


def _installation() -> str:
    """Return who installed renp, and from where, in words and without a path."""
    import json
    from importlib.metadata import distributions

    # The metadata that a build leaves in a source tree are found too, where Python was started there.
    for one in distributions(name="renp"):
        installer = (one.read_text("INSTALLER") or "").strip()
        if installer:
            origin = json.loads(one.read_text("direct_url.json") or "{}")
            if origin.get("dir_info", {}).get("editable"):
                return f"an editable installation by {installer}"
            places = [text for key, text in _ORIGINS.items() if key in origin]
            return f"installed by {installer} from {places[0] if places else 'a package index'}"
    return "not installed: a folder on the import path"
