"""What the distribution says of itself: one version everywhere, Pythons that are tried, extras that exist."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from renp.cli.info import EXTRAS

HOME = Path(__file__).parents[2]
SETTINGS = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
PYTHONS = [
    found[1] for text in PROJECT["classifiers"] if (found := re.fullmatch(r".*Python :: (3\.\d+)", text)) is not None
]


def test_the_version_is_one() -> None:
    (cited,) = re.findall(r"^version: (.+)$", (HOME / "CITATION.cff").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {cited, version("renp")} == {PROJECT["version"]}


def test_the_oldest_python_is_the_same_everywhere() -> None:
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"
    assert SETTINGS["tool"]["ruff"]["target-version"] == f"py{PYTHONS[0].replace('.', '')}"
    assert f"Python {PYTHONS[0]} or newer" in (HOME / "README.md").read_text(encoding="utf-8")
    policy = (HOME / "docs" / "policy.md").read_text(encoding="utf-8")
    assert f"Python {PYTHONS[0]} to {PYTHONS[-1]}" in policy


def test_wheels_are_built_for_every_python_that_is_named() -> None:
    built = SETTINGS["tool"]["cibuildwheel"]["build"]
    assert built == [f"cp{text.replace('.', '')}-*" for text in PYTHONS]


def test_the_oldest_dependencies_are_those_that_ci_installs() -> None:
    pinned = dict(
        re.findall(r"^([\w-]+)==([\d.]+)$", (HOME / "constraints-oldest.txt").read_text(), flags=re.MULTILINE)
    )
    for text in PROJECT["dependencies"]:
        name, least = text.split(">=")
        assert re.fullmatch(rf"{re.escape(least)}(\.0)*", pinned[name]), text


def test_the_extras_of_info_exist() -> None:
    assert set(EXTRAS) <= set(PROJECT["optional-dependencies"])
