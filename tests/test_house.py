"""Rooms import one way only, as the page of the book says (docs/house.md, whose tables are read here)."""

from __future__ import annotations

import re
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.imports import HOME, PACKAGES, imported, imported_in_examples, modules

PAGE = (HOME / "docs" / "house.md").read_text(encoding="utf-8")
MODULES = modules()


def table(heading: str) -> list[list[str]]:
    """Return the cells of the rows of the table with this heading."""
    lines = PAGE.partition(f"| {heading} |")[2].splitlines()[2:]
    rows = lines[: next(n for n, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows]


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


LIBRARIES = {words(row[0])[0]: set(words(row[-1])) for row in table("Package")}
ARROWS = {words(row[0])[0]: set(words(row[-1])) for row in table("Room")}
EXCEPTIONS = {(words(row[0])[0], words(row[1])[0]) for row in table("Module")}


def place(module: str) -> str:
    return MODULES[module].relative_to(HOME).as_posix()


def room(path: str) -> str:
    """Return the innermost room that holds a file, an empty text if there is none."""
    return max(
        (name for name in ARROWS if path == name or (name[-1] == "/" and path.startswith(name))), key=len, default=""
    )


def allowed(start: str, path: str) -> bool:
    """Return whether a room may import a file."""
    return room(path) == start or bool(ARROWS[start] & {room(path), path.partition("/")[0]})


# A package's own first file is imported with each of its modules; those of two packages hold nothing but a docstring.
DOORSTEPS = {"derivations/__init__.py", "codegen/__init__.py"}
ROOMS = {name: path for name in MODULES if (path := place(name)) not in DOORSTEPS}


def test_the_page_lists_every_room_and_no_other():
    assert set(LIBRARIES) == set(PACKAGES)
    assert sorted(path for path in ROOMS.values() if not room(path)) == []
    assert sorted(set(ARROWS) - {room(path) for path in ROOMS.values()}) == []
    assert sorted(name for name in ARROWS if not (HOME / name).exists()) == []
    assert set().union(*ARROWS.values()) <= {*ARROWS, *PACKAGES}


def test_the_arrows_of_the_page_run_one_way():
    graph = {
        start: {end for end in ARROWS if end in ends or end.partition("/")[0] in ends} for start, ends in ARROWS.items()
    }
    for start, end in EXCEPTIONS:
        graph[room(start)].add(room(end))
    assert len(list(TopologicalSorter(graph).static_order())) == len(ARROWS)


@pytest.mark.parametrize("name", list(ROOMS))
def test_a_module_imports_only_along_the_arrows(name: str) -> None:
    path, start = ROOMS[name], room(ROOMS[name])
    ends = {place(end) for end in imported(MODULES[name], MODULES) if end in ROOMS}
    assert sorted(end for end in ends if not allowed(start, end) and (path, end) not in EXCEPTIONS) == []
    shown = {place(end) for end in imported_in_examples(MODULES[name], MODULES) if end in ROOMS}
    # Examples are what a user types: within a package they may come in through the front door.
    foreign = {end for end in shown if end.partition("/")[0] != path.partition("/")[0]}
    assert sorted(end for end in foreign if not allowed(start, end)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_needs_only_its_libraries(package: str) -> None:
    found = set().union(
        *(imported(path, MODULES) for name, path in MODULES.items() if name.partition(".")[0] == package)
    )
    assert {name for name in found if name not in MODULES} - set(sys.stdlib_module_names) == LIBRARIES[package]


def test_every_exception_is_in_use():
    used = {(place(name), place(end)) for name in MODULES for end in imported(MODULES[name], MODULES) if end in MODULES}
    assert used >= EXCEPTIONS
    assert not [pair for pair in EXCEPTIONS if allowed(room(pair[0]), pair[1])]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("import renp.cli.main as app", "renp.cli.main"),
        ("from renp.cli import main", "renp.cli.main"),
        ("from ..cli.main import app", "renp.cli.main"),
        ("def f():\n    from renp.cli.main import app", "renp.cli.main"),
        ("if TYPE_CHECKING:\n    from renp.cli.main import app", "renp.cli.main"),
        ("HOMES = {'app': 'renp.cli.main'}", "renp.cli.main"),
        ("from numpy.typing import NDArray", "numpy"),
    ],
)
def test_imports_are_seen_wherever_they_stand(line: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "renp" / "rates" / "new.py"
    path.parent.mkdir(parents=True)
    path.write_text(line)
    assert imported(path, MODULES, home=tmp_path) == {expected}
    path.write_text(f'"""A text.\n\n>>> {line.splitlines()[-1].strip()}\n"""\n')
    if not line.startswith("from ."):
        assert imported_in_examples(path, MODULES) == {expected}
    assert not allowed("renp/rates/", "renp/cli/main.py")
