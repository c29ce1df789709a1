"""Shows below the test report what the pins say about changed texts."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for report in terminalreporter.stats.get("passed", []):
        for key, lines in getattr(report, "user_properties", ()):
            if key == "pins":
                for line in lines:
                    terminalreporter.write_line(f"pins: {line}")
