"""The C files of the compiled evaluation: the same for every kernel, whose tables they take as data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from codegen.texts import filled, header, template


def evaluation_files() -> Mapping[str, str]:
    """Return the C files of the optional extension module, and the fingerprint by which the runtime knows them."""
    result = {
        "spectral.h": template("spectral.h"),
        "spectral.c": evaluation_source(),
        "_compiled.c": template("compiled.c"),
        "_compiled.pyi": template("compiled.pyi.txt"),
        "fingerprint.py": filled(template("fingerprint.py.txt"), {"LAYOUT": fingerprint()}),
    }
    return {name: header(name) + text for name, text in result.items()}


def fingerprint() -> str:
    """Return a hash of the C runtime: a compiled module made from other files is not used."""
    text = template("spectral.c") + template("spectral.h") + template("compiled.c")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def evaluation_source(preparation: str = "") -> str:
    """Return the C source of the evaluation, and of what prepares plans from physical arguments where there is one."""
    return filled(template("spectral.c"), {"LAYOUT": f'#define LAYOUT "{fingerprint()}"', "PREPARATION": preparation})
