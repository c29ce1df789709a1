"""Every example in a docstring of the packages runs and shows what it says."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from tests.imports import modules

# What is copied into packages is no module where it stands; importing a command runs it.
MODULES = {
    name: path
    for name, path in modules().items()
    if not name.startswith("codegen.pair_sums.runtime") and not name.endswith("__main__")
}


@pytest.mark.parametrize("name", [name for name, path in MODULES.items() if ">>> " in path.read_text(encoding="utf-8")])
def test_examples_run(name: str) -> None:
    if name.endswith((".jax", ".jax_pairs")) and name.startswith("renp_generated."):
        pytest.importorskip("jax")
    outcome = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert outcome.failed == 0
