"""What is printed: nothing cut in pipes, no markup read into user text, valid JSON."""

from __future__ import annotations

import io
import json
import sys

import pytest

from renp.output.terminal import print_json, print_table, print_text, progress, status, waiting


def test_a_table_keeps_every_cell_and_every_bracket(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("coupling [1]", "what"), [("mu[1,1]", "[red]not a colour[/red]"), ("long", "word " * 100)])
    shown = capsys.readouterr().out
    assert "coupling [1]" in shown
    assert "mu[1,1]" in shown
    assert "[red]not a colour[/red]" in shown
    assert shown.count("word") == 100


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
    with status("working"), waiting("working"):
        pass
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_spinner_turns_until_something_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(sys, "stdout", screen)
    with waiting("computing"):
        print_text("done")
        # The cursor is back and the line of the spinner is gone before the first word.
        before, _, after = screen.getvalue().partition("done")
        assert "computing" in before
        assert before.rstrip().endswith("\x1b[2K")
        assert "computing" not in after
        print_text("more")
    assert "computing" not in screen.getvalue().partition("done")[2]
