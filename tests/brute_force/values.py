"""Pinned values: the cases of :mod:`cases` with outputs to 30 digits, as a JSON file.

Run ``python -m tests.brute_force.values FILE [PINS]`` to write it, and with ``PINS`` also the table of names and
outputs that the tests compare with (``values.json`` here). Complex numbers are ``[re, im]``; every input is
the shortest decimal of a double and means that double exactly; outputs and constants are decimal strings.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from typing import Any

import mpmath

from .arithmetic import arithmetic, codata_constants
from .cases import build_case, case_names
from .reference import spectral_function

DIGITS = 30


def encode(value: Any) -> Any:
    """Turn a case into JSON types."""
    if isinstance(value, dict):
        return {key: encode(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [encode(entry) for entry in value]
    return [value.real, value.imag] if isinstance(value, complex) else value


_MATRICES = frozenset(
    "axial vector_weak atomic_tensor g_L g_R y_S_nu y_P_nu mu eps r2 anapole t".split()  # noqa: SIM905
)


def decode(value: Any, key: str = "") -> Any:
    """Turn the JSON form of a case back into keyword arguments of ``spectral_function``."""
    if isinstance(value, dict):
        return {name: decode(entry, name) for name, entry in value.items()}
    if key in _MATRICES and value is not None:
        return [[complex(*entry) for entry in row] for row in value]
    return value


def document() -> dict[str, Any]:
    """Evaluate every case and return the JSON document."""
    with arithmetic(DIGITS) as system:
        constants = {name: mpmath.nstr(value, DIGITS) for name, value in asdict(codata_constants(system)).items()}
    cases = {}
    for name in case_names():
        case = build_case(name)
        value = spectral_function(**case, precision=DIGITS)
        cases[name] = {"arguments": encode(case), "value": mpmath.nstr(value, DIGITS)}
    return {"constants": constants, "cases": cases}


def write(path: str, content: dict[str, Any]) -> None:
    """Write JSON to ``path`` through a temporary file."""
    with open(path + ".tmp", "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
        stream.write("\n")
    os.replace(path + ".tmp", path)


def main(path: str, pins: str | None = None) -> None:
    """Write the document to ``path`` and, where given, the table {name: value} to ``pins``."""
    content = document()
    write(path, content)
    if pins is not None:
        write(pins, {name: case["value"] for name, case in content["cases"].items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
