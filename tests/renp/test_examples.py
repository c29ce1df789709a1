"""Every example in a docstring of the package runs and shows what it says."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import renp

MODULES = [
    "renp",
    *(info.name for info in pkgutil.walk_packages(renp.__path__, "renp.") if info.name != "renp.__main__"),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    outcome = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert outcome.failed == 0
