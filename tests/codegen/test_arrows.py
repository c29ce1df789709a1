"""Code generation knows neither the face of the project, nor the derivations, nor its own output: not even in examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import codegen

FOLDER = Path(codegen.__file__).parent
MODULES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*.py"))
IMPORT = re.compile(r"^[ \t>.]*(?:from|import)[ \t]+(renp|renp_generated|derivations)\b", re.MULTILINE)


@pytest.mark.parametrize("name", MODULES)
def test_no_module_imports_from_the_other_rooms(name):
    assert IMPORT.findall((FOLDER / name).read_text(encoding="utf-8")) == []


def test_imports_in_examples_are_seen():
    assert IMPORT.findall("    >>> from renp.generate import kernels\n") == ["renp"]
    assert IMPORT.findall("import renp_generated\n") == ["renp_generated"]
