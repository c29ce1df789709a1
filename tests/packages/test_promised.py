"""What the policy promises is kept: public names, their arguments, commands and their options."""

from __future__ import annotations

from tests.packages.promised import LIST, promised


def test_nothing_that_was_promised_is_gone() -> None:
    kept = LIST.read_text(encoding="utf-8").splitlines()
    assert len(kept) > 500
    assert sorted(set(kept) - set(promised())) == []
