"""Pages that are typed along: what is run, what a run is compared with, and what is refused."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs import load

ROOT = Path(__file__).parents[2]

SESSION = """\
# A page

At the end of this page you have a picture.

Write `numbers.csv`:

<!-- file: numbers.csv -->
```csv
1,2
3,4
```

```python
from pathlib import Path

rows = Path("numbers.csv").read_text().split()
print(*rows, 2 / 3)
```

## The shell

```sh
cat numbers.csv | head -1   # the first line
echo --a-long-option-with-a-value=0.1234567890 --a-long-option-with-a-value=0.1234567890 \\
    'and one more "value"' > /dev/null
echo 'a "b"'
```

A wrong turn:

<!-- exit: 2 -->
```sh
ls missing.csv 2> /dev/null
```

<!-- raises: ValueError -->
```python
float("1.2.3")
```

<!-- varies: the clock -->
```python
import time


def now():
    return time.time()


print("now", now())
```

```text
now 12.5
```

<details><summary>Code of the picture</summary>

```python
from PIL import Image

Image.new("RGB", (2, 1), "red").save("line.png")
```

</details>

![A line](_static/page-line.png)

<!-- shown: needs a cluster -->
```sh
false
```
"""

OUTPUTS = [
    "",
    "1,2 3,4 0.6666666666666666\n",
    '1,2\na "b"\n',
    "",
    "ValueError: could not convert string to float: '1.2.3'\n",
]


@pytest.fixture(scope="module")
def sessions() -> ModuleType:
    return load("sessions")


@pytest.fixture
def place(sessions: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project whose pages are to be written."""
    monkeypatch.setattr(sessions, "ROOT", tmp_path)
    for name, folder in (("STATIC", tmp_path / "docs" / "_static"), ("EXAMPLES", tmp_path / "examples")):
        folder.mkdir(parents=True)
        monkeypatch.setattr(sessions, name, folder)
    return tmp_path


def page_of(sessions: ModuleType, place: Path, text: str) -> object:
    path = place / "docs" / "page.md"
    path.write_text(text, encoding="utf-8")
    return sessions.read(path)


def test_a_page_is_filled_in_and_its_script_is_the_session(sessions: ModuleType, place: Path) -> None:
    page = page_of(sessions, place, SESSION)
    changed = sessions.write(page)
    assert sorted(path.name for path in changed) == ["page-line.png", "page.md", "page.py"]
    written = sessions.read(page.path)  # type: ignore[attr-defined]
    *shown, clock, picture = [block.output.text if block.output else "" for block in written.blocks]
    assert (shown, picture) == (OUTPUTS, "")
    # What was there is what it was: an output that varies is written anew when its words change.
    assert clock == "now 12.5\n"
    assert [line for line in SESSION.splitlines() if line not in written.text.splitlines()] == []
    assert sessions.write(written) == []
    assert sessions.check(written) == []
    copy = place / "typed"
    copy.mkdir()
    done = subprocess.run(
        [sys.executable, place / "examples" / "page.py"], cwd=copy, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("".join(OUTPUTS))
    assert (copy / "line.png").exists()


def test_scripts_read_as_the_formatter_writes_them(sessions: ModuleType, place: Path) -> None:
    pytest.importorskip("ruff")
    written = sessions.script(page_of(sessions, place, SESSION))
    command = [sys.executable, "-m", "ruff", "format", "--line-length", "120", "-"]
    done = subprocess.run(command, input=written, capture_output=True, text=True, check=True)
    assert done.stdout == written


def test_a_page_that_its_session_does_not_give_is_found(sessions: ModuleType, place: Path) -> None:
    page = page_of(sessions, place, SESSION)
    sessions.write(page)
    text, given = page.path.read_text(encoding="utf-8"), sessions.run(page)  # type: ignore[attr-defined]
    for old, new, message in (
        (
            "0.6666666666666666",
            "0.2857142857142857",
            "page.md:20: shows '1,2 3,4 0.2857142857142857', the session gives",
        ),
        ('a "b"\n```', "```", "page.md:33: shows 1 lines of output, the session gives 2"),
        ("now ", "then ", "shows 'then"),
        ('"red"', '"blue"', "page.md:1: page-line.png was drawn by other code than the page shows"),
        ("page-line.png", "page-other.png", "page.md:1: shows a picture that no block saves: other.png"),
        ("_static/page-line.png", "_static/other.png", "page.md:1: saves a picture that it does not show: line.png"),
    ):
        assert text.count(old) == 1
        changed = page_of(sessions, place, text.replace(old, new))
        assert message in "\n".join(sessions.differences(changed, given))
        assert bool(sessions.stale_scripts(changed)) == (old == '"red"')
    (place / "docs" / "_static" / "page-line.png").unlink()
    assert "page.md:1: page-line.png is missing" in sessions.differences(page_of(sessions, place, text), given)[0]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("```python\nx = 1\n1 / 0\n```\n", r"page.md:1: the block stopped\n.*ZeroDivisionError"),
        ("```sh\ntrue\nfalse\n```\n", "page.md:1: the block stopped\nfalse: exit code 1, not 0"),
        ("<!-- exit: 2 -->\n```sh\ntrue\n```\n", "page.md:2: the block stopped\ntrue: exit code 0, not 2"),
        ("<!-- raises: ValueError -->\n```python\nx = 1\n```\n", "page.md:2: the block stopped\nno ValueError came"),
        ("<!-- raises: Nothing -->\n```python\nx = 1\n```\n", "page.md:2: found 'Nothing'"),
        ("```python\nx = = 1\n```\n", "page.md:2: invalid syntax"),
        ("<!-- skip: now -->\n```sh\ntrue\n```\n", "page.md:1: found comment 'skip', allowed exit, file"),
        ("<!-- exit: 2 -->\n\nProse.\n", "page.md:1: 'exit' stands above no block"),
        ("```text\n1\n```\n", "page.md:1: a text block is neither run nor an output"),
        ("```sh\ntrue\n```\n\nProse.\n\n```text\n1\n```\n", "page.md:7: a text block is neither run nor an output"),
        ("```toml\na = 1\n```\n", "page.md:1: a toml block is neither"),
        ("- one\n\n  ```python\n  x = 1\n  ```\n", "page.md:3: a block inside a list"),
    ],
)
def test_what_cannot_be_run_is_said_in_place(sessions: ModuleType, place: Path, page: str, message: str) -> None:
    with pytest.raises(sessions.PageError) as found:
        sessions.run(page_of(sessions, place, page))
    assert re.search(message, str(found.value), re.DOTALL), found.value


@pytest.mark.parametrize(
    ("shown", "given", "same"),
    [
        ("x 1.2345678901234567", "x 1.2345678901234", True),
        ("x  0.123 y", "x 0.124   y", True),
        ("x 0.123", "x 0.125", False),
        ("1.0e-24", "2.0e-24", False),
        ("3 of 12", "3 of 13", False),
        ("a 1.0", "b 1.0", False),
        ("1.5\n2.5", "1.5", False),
        ("d_A[1,1]", "d_A[1,2]", False),
        ("nan", "1.0", False),
    ],
)
def test_numbers_may_differ_by_roundoff_alone(sessions: ModuleType, shown: str, given: str, same: bool) -> None:
    assert (sessions.differs(shown, given) == "") == same
    assert sessions.differs(given, given) == ""


def test_a_page_that_is_changed_while_it_runs_stays_as_it_is(sessions: ModuleType, place: Path) -> None:
    page = page_of(sessions, place, "# A page\n\n```python\nprint(1)\n```\n")
    later = "# A page\n\n```python\nprint(2)\n```\n"
    page_of(sessions, place, later)
    with pytest.raises(sessions.PageError, match="changed while its session ran"):
        sessions.write(page)
    assert (place / "docs" / "page.md").read_text(encoding="utf-8") == later
    assert not list((place / "examples").iterdir())
