"""``renp info``: what a bug report needs, and nothing that is nobody's business."""

from __future__ import annotations

import getpass
import json
import os
import platform
import subprocess
import sys
import types
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

import renp_generated
from renp.cli.info import HOW_TO_REPORT, information
from renp.cli.main import app
from renp_generated.runtime import compiled


def info(*words: str) -> str:
    result = CliRunner().invoke(app, ["info", *words])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_info_shows_versions_the_active_evaluator_and_how_to_report() -> None:
    text = " ".join(info().split())
    for expected in (renp_generated.backend(), compiled.why(), version("renp"), version("numpy"), HOW_TO_REPORT):
        assert expected in text
    assert platform.python_version() in text


def test_the_json_form_says_the_same_and_more() -> None:
    found = json.loads(info("--json"))
    assert found["renp"] == version("renp")
    assert found["evaluator"] == {"active": renp_generated.backend(), "why": compiled.why()}
    assert found["packages"]["numpy"] == version("numpy")
    assert found["extras"]["testing"] == {"hypothesis": version("hypothesis")}
    assert found["platform"]["usable_cpus"] <= found["platform"]["cpus"]
    assert found["python"]["version"] == platform.python_version()


def test_what_is_not_installed_is_null_in_json_and_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renp.cli.info._version", lambda name: None if name == "iminuit" else "1")
    assert information()["extras"]["minuit"] == {"iminuit": None}
    assert "not installed (pip install 'renp[minuit]')" in info()


def test_neither_names_nor_paths_are_told() -> None:
    text = info() + info("--json")
    told = {str(Path.home()), str(Path.cwd()), sys.prefix, platform.node(), os.path.dirname(renp_generated.__file__)}
    assert not [word for word in told if len(word) > 1 and word in text]
    assert f'"{getpass.getuser()}"' not in text


@pytest.mark.skipif(not renp_generated.backend().startswith("C "), reason="no compiled module")
def test_a_variable_that_changes_the_evaluator_is_told() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "renp", "info", "--json"],
        capture_output=True, text=True, check=True, env={**os.environ, "RENP_INSTRUCTION_SET": "baseline"},
    )  # fmt: skip
    record = json.loads(found.stdout)
    assert record["evaluator"]["active"] == "C (baseline)"
    assert record["environment"]["RENP_INSTRUCTION_SET"] == "baseline"


def test_it_says_why_the_compiled_evaluator_is_not_active(monkeypatch: pytest.MonkeyPatch) -> None:
    stale = types.ModuleType("renp_generated._compiled")
    stale.layout = lambda: "another layout"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, stale.__name__, stale)
    assert compiled.why() == "renp_generated._compiled was built from other code: install again"
    monkeypatch.delattr(stale, "layout")
    assert "cannot be used" in compiled.why()
    monkeypatch.setitem(sys.modules, stale.__name__, None)
    assert compiled.why() == "there is no renp_generated._compiled: it was installed without a C compiler"
