"""Readers that have had enough, closed streams and full disks behind them: a quiet end or one line, and never code 1."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from renp.cli.main import app

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX pipes")

# Printed by Rich, by typer, by print().
PRINTING = (
    ("list",),
    ("--help",),
    ("scan", "--help"),
    ("derive", "weak"),
    ("--version",),
    ("spectrum", "--omega", "1:1.07:3"),
)


def run(words: tuple[str, ...], redirections: str = "") -> subprocess.CompletedProcess[str]:
    command = f'exec "$@" {redirections}'
    return subprocess.run(
        ["sh", "-c", command, "sh", sys.executable, "-m", "renp", *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("words", PRINTING, ids=" ".join)
def test_a_reader_that_has_had_enough_is_no_failure(words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = subprocess.run(
            [sys.executable, "-m", "renp", *words], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(writer)
    assert (result.returncode, result.stderr) == (141, "")


def test_a_mistake_with_nobody_to_read_about_it_stays_a_mistake() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = subprocess.run(
            [sys.executable, "-m", "renp", "spectrum", "--atom", "Cs"], stdout=writer, stderr=writer, check=False
        )
    finally:
        os.close(writer)
    assert result.returncode == 2


@pytest.mark.parametrize("words", PRINTING[:2], ids=" ".join)
def test_closed_streams_are_one_line(words: tuple[str, ...]) -> None:
    closed = run(words, ">&-")
    assert (closed.returncode, closed.stdout) == (2, "")
    assert closed.stderr == "renp: error: standard output is closed: redirect it to /dev/null if it is not wanted\n"
    assert run(words, ">&- 2>&-").returncode == 2


def test_messages_do_not_move_to_stdout_when_stderr_is_closed() -> None:
    result = run(("spectrum", "--atom", "Cs"), "2>&-")
    assert (result.returncode, result.stdout) == (2, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", PRINTING[:4], ids=" ".join)
def test_a_full_disk_behind_stdout_is_one_line(words: tuple[str, ...]) -> None:
    result = run(words, ">/dev/full")
    assert (result.returncode, result.stderr) == (2, "renp: error: standard output: No space left on device\n")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_command_that_is_told_to_end_cleans_up_and_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number, cleaned = getattr(signal, name), []

    def told() -> None:
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        finally:
            cleaned.append(name)

    monkeypatch.setattr("derivations.interactions.reader.shipped_interactions", told)
    before = signal.signal(number, signal.SIG_DFL)
    try:
        result = CliRunner().invoke(app, ["list"])
    finally:
        after = signal.signal(number, before)
    assert (result.exit_code, result.stderr, cleaned) == (128 + number, "renp: interrupted\n", [name])
    assert after == signal.SIG_DFL


def test_nohup_stays_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "derivations.interactions.reader.shipped_interactions", lambda: os.kill(os.getpid(), signal.SIGHUP) or ()
    )
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert CliRunner().invoke(app, ["list"]).exit_code == 0
    finally:
        signal.signal(signal.SIGHUP, before)
