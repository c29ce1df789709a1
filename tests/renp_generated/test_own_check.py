"""The verification script that every generated package carries, on the committed package."""

from __future__ import annotations

import numpy as np
import pytest

from renp_generated import FUNCTIONS, GROUPS, vertices
from renp_generated.runtime import verify
from renp_generated.runtime.verify import TOLERANCES, main
from renp_generated.verify import verify as run


def test_the_committed_package_passes_its_own_check():
    checks = run(1)
    assert [check for check in checks if not check.passed] == []
    kinds = {check.kind for check in checks}
    assert kinds == set(TOLERANCES)
    for group in GROUPS:
        assert sum(f"{group.name} M1 " in check.name for check in checks) == 4


def test_report_and_exit_code(monkeypatch, capsys):
    good, bad = verify.Check("one", "spin sums", 1e-15), verify.Check("two", "closed", np.inf)
    for checks, code, last in (((good,), 0, "1 of 1"), ((good, bad), 1, "1 of 2")):
        monkeypatch.setattr(verify, "verify", lambda *_, checks=checks: list(checks))
        assert main(FUNCTIONS, vertices, []) == code
        assert last in capsys.readouterr().out
    assert main(FUNCTIONS, vertices, ["zero"]) == 2
    assert capsys.readouterr().err.startswith("usage")


def test_a_number_that_is_not_one_fails():
    assert not verify.Check("x", "spin sums", float("nan")).passed
    for points in (0, 1001):
        with pytest.raises(ValueError, match=f"points must be from 1 to 1000, found {points}"):
            run(points)
