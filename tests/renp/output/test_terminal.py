"""What is printed: nothing cut in pipes, no markup read into user text, valid JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress

import pytest

from renp.output.terminal import print_json, print_table, print_text, progress, status


def test_a_table_keeps_every_cell_and_every_bracket(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("coupling [1]", "what"), [("mu[1,1]", "[red]not a colour[/red]"), ("long", "word " * 100)])
    shown = capsys.readouterr().out
    assert "coupling [1]" in shown
    assert "mu[1,1]" in shown
    assert "[red]not a colour[/red]" in shown
    assert shown.count("word") == 100


def test_the_lines_of_a_table_end_where_their_words_end(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("short", "a long heading"), [("a", "b"), ("c", ""), ("a", "word " * 100)])
    lines = capsys.readouterr().out.splitlines()
    assert lines == [line.rstrip() for line in lines]
    assert max(map(len, lines)) <= 160


def test_text_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    print_text("eps[1,2] in [mu_B]")
    assert capsys.readouterr().out == "eps[1,2] in [mu_B]\n"


def test_json_has_no_nan(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [1.0, float("nan"), (float("-inf"), "NaN")]})
    assert json.loads(capsys.readouterr().out) == {"a": [1.0, None, [None, "NaN"]]}


@pytest.mark.parametrize("forced", ["", "1"])
def test_progress_is_silent_where_nobody_watches(
    forced: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Notebooks and CI services set FORCE_COLOR for files that nobody watches.
    monkeypatch.setenv("FORCE_COLOR", forced)
    with progress() as display:
        display.update(display.add_task("working"), completed=1, total=2)
    with status("working"):
        pass
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


WATCHED = """
from renp.output.terminal import print_text, progress, status

with status("outer"):
    with status("inner"):
        pass
    print("first")
    print_text("second")
    with progress() as display:
        display.update(display.add_task("further"), completed=1, total=2)
    with status("again"):
        pass
    print("third")
"""


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX terminals")
def test_a_spinner_ends_before_anything_is_printed_and_takes_nothing_of_it() -> None:
    terminal, end = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], stdout=subprocess.PIPE, stderr=end, text=True, check=True, env=environment
    )
    os.close(end)
    # A terminal hands over what was written piece by piece, and ends with an error.
    pieces = []
    with suppress(OSError):
        while piece := os.read(terminal, 1 << 16):
            pieces.append(piece)
    seen = b"".join(pieces).decode()
    os.close(terminal)
    assert done.stdout == "first\nsecond\nthird\n"
    assert all(word in seen for word in ("outer", "inner", "further", "again"))
    assert not [word for word in ("first", "second", "third") if word in seen]
    # The last thing drawn is erased again, and the cursor shown.
    assert seen.endswith("\x1b[2K")
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l")
