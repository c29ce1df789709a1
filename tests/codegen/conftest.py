"""Tests here swap engines, sets and tables: what one of them prepared must not answer in another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from renp_generated.runtime import memory


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()
